//! The inspection desk: a sample under a blind code, examined, signed by another than who drew it, never changed.

use http::StatusCode;
use jebena::review;
use jebena::sourcing::inspections::rules::WORKFLOW;
use uuid::Uuid;

use crate::lots::fields_of;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::hidden_fields;

/// The sample inspection of domain 8: Sidama, 78.5 points, grade 2.
pub fn sidama() -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = [
        ("raw_primary", "13"),
        ("raw_secondary", "11"),
        ("raw_odour", "9"),
        ("primary_defects", "2"),
        ("secondary_defects", "6"),
        ("moisture", "11.2"),
        ("screen_15", "50"),
        ("screen_16", "38"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    for (row, taster) in [(1, "HG"), (2, "MT"), (3, "AB")] {
        fields.push((format!("cup_60_taster_{row}"), taster.to_owned()));
        for (item, score) in [("cleanliness", "12"), ("acidity", "11.5"), ("body", "11"), ("flavour", "11")] {
            fields.push((format!("cup_60_{item}_{row}"), score.to_owned()));
        }
    }
    fields
}

/// Draws a sample of `lot`; the sample.
pub async fn draw(site: &TestSite, officer: &mut Browser, lot: Uuid, more: &[(&str, &str)]) -> Uuid {
    let mut fields = vec![("center", "Hawassa"), ("grams", "300"), ("drawn_on", "2026-11-18")];
    fields.extend(more);
    let form = format!("/lots/{lot}/samples/new");
    let answer = site.fill_in(officer, &form, &format!("/lots/{lot}/samples"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().strip_prefix("/samples/").unwrap().parse().unwrap()
}

/// Writes down what was found; the answer.
pub async fn write(site: &TestSite, officer: &mut Browser, sample: Uuid, found: &[(String, String)]) -> Answer {
    let page = format!("/samples/{sample}");
    site.fill_in(officer, &page, &page, &pairs(found)).await
}

/// Signs what was written down; the answer.
pub async fn sign(site: &TestSite, supervisor: &mut Browser, sample: Uuid) -> Answer {
    let page = format!("/samples/{sample}/check");
    site.fill_in(supervisor, &page, &format!("/samples/{sample}/signature"), &[]).await
}

/// A lot that its owner has registered and the exchange has verified: itself, its number, whose it is.
async fn verified_lot(site: &TestSite) -> (Uuid, String, String) {
    let mut owner = site.sign_in("exporter.owner").await;
    let fields = fields_of("ECX-2026-777777", jebena::calendar::eat_date(site.now()), 3);
    let lot = site.verified_lot(&mut owner, &fields).await;
    let (number, firm) = sqlx::query_as(
        "select l.ecx_lot_number, p.business_name from coffee_lots l
         join exporter_profiles p on p.exporter_id = l.purchased_by where l.lot_id = $1",
    )
    .bind(lot)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    (lot, number, firm)
}

async fn status(site: &TestSite, lot: Uuid) -> String {
    sqlx::query_scalar("select status from coffee_lots where lot_id = $1")
        .bind(lot)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn a_sample_is_cupped_blind_and_signed_by_another_than_who_drew_it() {
    let site = TestSite::seeded().await;
    let (lot, number, owner) = verified_lot(&site).await;
    let mut officer = site.sign_in("ecta.officer").await;
    let queue = site.get(&mut officer, "/inspections").await.text;
    assert!(queue.contains(&number), "{queue}");
    let sample = draw(&site, &mut officer, lot, &[]).await;
    assert!(!site.get(&mut officer, "/inspections").await.text.contains(&number), "it waits in the laboratory now");
    let page = site.get(&mut officer, &format!("/samples/{sample}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains(&number) && !page.text.contains(&owner), "the sample is blind: {}", page.text);

    // What is wrong is said at its field, and everything typed is kept.
    let mut wrong = sidama();
    wrong.iter_mut().find(|(name, _)| name == "raw_odour").unwrap().1 = "11".into();
    let answer = write(&site, &mut officer, sample, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("href=\"#raw_odour\"") && answer.text.contains("value=\"11.2\""), "{}", answer.text);
    let kept = site.get(&mut officer, &format!("/samples/{sample}")).await.text;
    assert!(kept.contains("value=\"MT\""), "a draft keeps what was typed: {kept}");

    let answer = write(&site, &mut officer, sample, &sidama()).await;
    assert_eq!(answer.location(), format!("/samples/{sample}/check"), "{}", answer.text);
    let check = site.get(&mut officer, answer.location()).await.text;
    assert!(
        check.contains("78.5 / 100") && check.contains("You drew this sample, so another officer has to sign."),
        "{check}"
    );
    assert!(!check.contains("/signature"), "who drew it has no button to sign");

    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let page = format!("/samples/{sample}/check");
    let shown = site.get(&mut supervisor, &page).await;
    let action = format!("/samples/{sample}/signature");
    let form = hidden_fields(&shown, &action);
    let form = pairs(&form);
    let first = site.post(&mut supervisor, &action, &form).await;
    let again = site.post(&mut supervisor, &action, &form).await;
    assert_eq!((first.status, again.status), (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER), "{}", again.text);
    assert_eq!(first.location(), again.location(), "a form has one effect");
    assert_eq!(status(&site, lot).await, "INSPECTED");
    let found = "select count(*) from quality_inspections i join issued_papers p using (inspection_id)
        where i.sample_id = $1 and i.final_grade = '2' and i.total_score = 78.5 and i.panel_spread = 0
          and i.ico_quality_code = 'S' and i.screen_15_pct = 88";
    let count: i64 = sqlx::query_scalar(found).bind(sample).fetch_one(&mut site.sql().await).await.unwrap();
    assert_eq!(count, 1, "one inspection, one certificate");
    let says = "select p.snapshot->'cup'->'panel' || jsonb_build_array(p.snapshot->'raw'->'screens', p.snapshot->'ico_quality')
        from issued_papers p join quality_inspections i using (inspection_id) where i.sample_id = $1";
    let said: serde_json::Value = sqlx::query_scalar(says).bind(sample).fetch_one(&mut site.sql().await).await.unwrap();
    assert_eq!(
        said,
        serde_json::json!(["HG", "MT", "AB", [[15, "50"], [16, "38"]], "S"]),
        "the certificate says who cupped it"
    );
    let recorded = "select (select count(*) from review_history where subject_id = $1)
        + (select count(*) from audit.events where entity_id = $1 and event_type = 'QUALITY_INSPECTED')";
    let count: i64 = sqlx::query_scalar(recorded).bind(sample).fetch_one(&mut site.sql().await).await.unwrap();
    assert_eq!(count, 3, "drawn and signed in the history, the signature on record once");

    // The owner sees what was found, another exporter nothing.
    let mut stranger = site.sign_in("exporter2.owner").await;
    let mut auditor = site.sign_in("auditor").await;
    let inspection = first.location();
    assert!(site.get(&mut auditor, inspection).await.text.contains("Hawassa"));
    assert_eq!(site.get(&mut stranger, inspection).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&mut stranger, &page).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_signed_is_never_changed_and_a_new_inspection_takes_its_place() {
    let site = TestSite::seeded().await;
    let (lot, former): (Uuid, Uuid) = sqlx::query_as(
        "select l.lot_id, i.inspection_id from coffee_lots l join quality_inspections i on i.lot_id = l.lot_id
         where not i.passed and i.superseded_by is null limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    for change in ["update quality_inspections set passed = true", "delete from quality_inspections"] {
        let refused = sqlx::query(change).execute(&mut site.sql().await).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{change}");
    }
    assert_eq!(status(&site, lot).await, "IN_WAREHOUSE");

    // Again takes a reason.
    let mut officer = site.sign_in("ecta.officer").await;
    let form = format!("/lots/{lot}/samples/new");
    let action = format!("/lots/{lot}/samples");
    let answer = site
        .fill_in(
            &mut officer,
            &form,
            &action,
            &[("center", "Jimma"), ("grams", "300"), ("drawn_on", "2026-11-18"), ("again_because", "dried")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("href=\"#again_because\""), "{}", answer.text);
    let sample = draw(&site, &mut officer, lot, &[("again_because", "It was dried to eleven percent.")]).await;
    let second = site.get(&mut officer, &form).await;
    assert!(second.text.contains("A sample of this lot is in the laboratory"), "{}", second.text);

    write(&site, &mut officer, sample, &sidama()).await;
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let signed = sign(&site, &mut supervisor, sample).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    assert_eq!(status(&site, lot).await, "INSPECTED");
    let newer: Uuid = sqlx::query_scalar("select superseded_by from quality_inspections where inspection_id = $1")
        .bind(former)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert_eq!(signed.location(), format!("/inspections/{newer}"));
    assert!(site.get(&mut officer, &format!("/inspections/{former}")).await.text.contains(&newer.to_string()));
}

#[tokio::test]
async fn tasters_far_apart_and_too_few_of_them_are_not_signed() {
    let site = TestSite::seeded().await;
    let (lot, _, _) = verified_lot(&site).await;
    let mut officer = site.sign_in("ecta.officer").await;
    let sample = draw(&site, &mut officer, lot, &[]).await;
    let mut found = sidama();
    found.retain(|(name, _)| !name.ends_with("_3") || !name.starts_with("cup_60"));
    found.iter_mut().find(|(name, _)| name == "cup_60_body_2").unwrap().1 = "14.25".into();
    write(&site, &mut officer, sample, &found).await;
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let check = format!("/samples/{sample}/check");
    let shown = site.get(&mut supervisor, &check).await.text;
    assert!(shown.contains("2 tasters are no panel") && shown.contains("3.25 points apart"), "{shown}");
    assert!(!shown.contains("/signature"));

    found.extend(sidama().into_iter().filter(|(name, _)| name.starts_with("cup_60") && name.ends_with("_3")));
    found.push(("spread_reason".into(), "The second taster found a berry note.".into()));
    write(&site, &mut officer, sample, &found).await;
    // What was seen is what is signed: a page from before the change is stale.
    let stale = site.get(&mut supervisor, &check).await;
    let action = format!("/samples/{sample}/signature");
    let form = hidden_fields(&stale, &action);
    found.iter_mut().find(|(name, _)| name == "moisture").unwrap().1 = "13".into();
    write(&site, &mut officer, sample, &found).await;
    assert_eq!(site.post(&mut supervisor, &action, &pairs(&form)).await.status, StatusCode::CONFLICT);
    assert_eq!(status(&site, lot).await, "IN_WAREHOUSE");

    let signed = sign(&site, &mut supervisor, sample).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    assert_eq!(status(&site, lot).await, "IN_WAREHOUSE", "too moist: it does not pass");
    let page = site.get(&mut supervisor, signed.location()).await.text;
    assert!(page.contains("Moisture 13 %, above 12.5 %"), "{page}");
}

#[tokio::test]
async fn a_sample_is_given_up_with_a_reason() {
    let site = TestSite::seeded().await;
    let (lot, _, _) = verified_lot(&site).await;
    let mut officer = site.sign_in("ecta.officer").await;
    let sample = draw(&site, &mut officer, lot, &[]).await;
    let (page, action) = (format!("/samples/{sample}/check"), format!("/samples/{sample}/abandonment"));
    let short = site.fill_in(&mut officer, &page, &action, &[("abandon_reason", "123456789")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = site.fill_in(&mut officer, &page, &action, &[("abandon_reason", "1234567890")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let waits = "select count(*) from quality_samples where status = 'ABANDONED'";
    assert_eq!(site.count(waits).await, 1);
    draw(&site, &mut officer, lot, &[]).await;
}

#[tokio::test]
async fn the_moves_of_a_sample_are_those_of_its_table() {
    let site = TestSite::start().await;
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select from_state, action, to_state from legal_moves where subject = 'INSPECTION' order by 1, 2, 3",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(rows, review::legal_moves(&WORKFLOW));
}
