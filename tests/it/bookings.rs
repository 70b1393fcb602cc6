//! A booking that changes between scheduling and loading: another vessel leaves the clearance standing, another
//! container asks customs again, and customs reads both.

use http::StatusCode;
use uuid::Uuid;

use crate::revisions::{agreement_on, approve, in_force, requested, text};
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{filled_in, walk};

pub const REASON: &str = "The vessel has omitted Djibouti on this voyage.";

/// The fields of a roll-over to a vessel that sails in `days` days.
pub fn other_vessel(site: &TestSite, days: i64) -> Vec<(String, String)> {
    let day = |days: i64| (jebena::calendar::eat_date(site.now()) + chrono::Duration::days(days)).to_string();
    [
        ("vessel_name", "MV Gulf of Tadjoura".to_owned()),
        ("voyage_number", "043W".to_owned()),
        ("booking_number", "DJ-119-26".to_owned()),
        ("departure_date", day(days)),
        ("arrival_date", day(days + 20)),
        ("reason", REASON.to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// The fields of a change to this container and seal.
pub fn container(number: &str, seal: &str) -> Vec<(String, String)> {
    [
        ("container_number_1", number),
        ("container_type_1", "20DRY"),
        ("seal_number_1", seal),
        ("container_number_2", ""),
        ("container_type_2", "20DRY"),
        ("seal_number_2", ""),
        ("reason", "The container was found to be damaged."),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

async fn fill_in(
    site: &TestSite,
    browser: &mut Browser,
    export: Uuid,
    what: &str,
    fields: &[(String, String)],
) -> Answer {
    let action = format!("/exports/{export}/{what}");
    site.fill_in(browser, &action, &action, &pairs(fields)).await
}

/// What a form sends that was not shown: for who is not offered it.
async fn send_unasked(site: &TestSite, username: &str, export: Uuid, fields: &[(String, String)]) -> StatusCode {
    let mut browser = site.sign_in(username).await;
    let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
    let version = text(site, "select version::text from exports where export_id = $1", export).await;
    let key = Uuid::new_v4().to_string();
    let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("version", version.as_str())];
    sent.extend(pairs(fields));
    site.post(&mut browser, &format!("/exports/{export}/roll-over"), &sent).await.status
}

#[tokio::test]
async fn a_roll_over_leaves_the_clearance_standing_and_customs_reads_it() {
    let site = TestSite::seeded().await;
    let (export, _, _) = requested(&site).await;
    let (page, other) = (format!("/exports/{export}"), other_vessel(&site, 12));
    walk(&site, export, "permit").await;
    let mut carrier = site.sign_in("shipping.officer").await;
    assert_eq!(site.get(&mut carrier, &format!("{page}/roll-over")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send_unasked(&site, "shipping.officer", export, &other).await, StatusCode::CONFLICT, "not booked yet");
    approve(&site, export, &["shipment", "customs"]).await;
    for (username, status) in
        [("shipping2.officer", 404), ("customs.officer", 403), ("exporter.owner", 403), ("bank.officer", 403)]
    {
        assert_eq!(send_unasked(&site, username, export, &other).await.as_u16(), status, "{username}");
    }
    let clearance = "select customs_clearance_number from exports where export_id = $1";
    let cleared = text(&site, clearance, export).await;

    for (field, value) in [("departure_date", "2026-11-01"), ("vessel_name", ""), ("reason", "short")] {
        let mut fields = other.clone();
        fields.iter_mut().filter(|(name, _)| name == field).for_each(|(_, typed)| value.clone_into(typed));
        let answer = fill_in(&site, &mut carrier, export, "roll-over", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text);
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{field}: {}", answer.text);
    }
    let answer = fill_in(&site, &mut carrier, export, "roll-over", &other).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.text);
    let again = fill_in(&site, &mut carrier, export, "roll-over", &other).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing differs: {}", again.text);

    assert_eq!(site.state_of(export).await, ("SHIPMENT_SCHEDULED".into(), "LOADING".into()));
    assert_eq!(text(&site, clearance, export).await, cleared);
    assert_eq!(in_force(&site, export).await, ["bank-check", "fx", "quality", "permit", "shipment", "customs"]);
    let mut customs = site.sign_in("customs.officer").await;
    let shown = site.get(&mut customs, &page).await.text;
    for expected in ["MV Red Sea Trader → MV Gulf of Tadjoura", REASON, "Changed by the carrier after the clearance"]
    {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    approve(&site, export, &["loading"]).await;
    assert_eq!(site.state_of(export).await.0, "SHIPPED");
    let row = "select concat_ws(' ', vessel_name, voyage_number, booking_number) from exports where export_id = $1";
    assert_eq!(text(&site, row, export).await, "MV Gulf of Tadjoura 043W DJ-119-26");
    assert_eq!(site.get(&mut carrier, &format!("{page}/roll-over")).await.status, StatusCode::NOT_FOUND, "on board");
}

#[tokio::test]
async fn while_customs_has_it_the_carrier_changes_the_booking_and_an_open_form_is_stale() {
    let site = TestSite::seeded().await;
    let (export, _, _) = requested(&site).await;
    walk(&site, export, "shipment").await;
    let (page, step) = (format!("/exports/{export}"), format!("/exports/{export}/approvals/customs"));
    let mut customs = site.sign_in("customs.officer").await;
    let opened = site.get(&mut customs, &page).await;
    let mut carrier = site.sign_in("shipping.officer").await;
    let answer = fill_in(&site, &mut carrier, export, "roll-over", &other_vessel(&site, 9)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let answer = fill_in(&site, &mut carrier, export, "containers", &container("CMAU7021139", "SL-7")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "nobody has cleared it: {}", answer.text);
    assert_eq!(site.state_of(export).await.1, "CLEARANCE");
    let facts = [("decision", "approve"), ("declaration_number", "E100-7"), ("inspection", "DOCUMENTS")];
    let stale = site.post(&mut customs, &step, &pairs(&filled_in(&opened, &step, "", &facts))).await;
    assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.text);
    approve(&site, export, &["customs"]).await;
    assert_eq!(site.state_of(export).await.1, "LOADING");
}

#[tokio::test]
async fn another_container_after_the_clearance_is_cleared_anew_and_another_seal_is_not() {
    let site = TestSite::seeded().await;
    let (export, _, _) = requested(&site).await;
    walk(&site, export, "customs").await;
    let page = format!("/exports/{export}");
    let mut carrier = site.sign_in("shipping.officer").await;
    let answer = fill_in(&site, &mut carrier, export, "containers", &container("MSCU1234566", "SL-7")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await.1, "LOADING");
    let mut customs = site.sign_in("customs.officer").await;
    let shown = site.get(&mut customs, &page).await.text;
    assert!(shown.contains("MSCU1234566 – → MSCU1234566 SL-7"), "{shown}");

    let wrong = fill_in(&site, &mut carrier, export, "containers", &container("CMAU7021138", "SL-7")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("it would be 9"), "{}", wrong.text);
    let mut other = container("CMAU7021139", "SL-8");
    let told = fill_in(&site, &mut carrier, export, "containers", &other).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", told.text);
    assert!(told.text.contains("MSCU1234566 20DRY → CMAU7021139 20DRY"), "{}", told.text);
    assert_eq!(site.state_of(export).await.1, "LOADING", "told before it happens");
    other.push((agreement_on(&told), "yes".to_owned()));
    let answer = fill_in(&site, &mut carrier, export, "containers", &other).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await, ("SHIPMENT_SCHEDULED".into(), "CLEARANCE".into()));
    assert_eq!(in_force(&site, export).await, ["bank-check", "fx", "quality", "permit", "shipment"]);
    let row =
        "select concat_ws(' ', customs_clearance_number is null, customs_cleared_at is null, vessel_name is not null,
            (select string_agg(container_number || ' ' || seal_number, ',') from export_containers k
             where k.export_id = e.export_id))
        from exports e where export_id = $1";
    assert_eq!(text(&site, row, export).await, "t t t CMAU7021139 SL-8");
    // The seal that is on record stands in the form of the loading.
    approve(&site, export, &["customs"]).await;
    let mut loading = site.sign_in("shipping.supervisor").await;
    assert!(site.get(&mut loading, &page).await.text.contains("value=\"SL-8\""));
    approve(&site, export, &["loading"]).await;
    assert_eq!(site.state_of(export).await.0, "SHIPPED");
}
