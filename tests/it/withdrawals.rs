//! The life of papers: permits cancelled, certificates of origin revoked and replaced, lost sheets issued anew, and
//! what others have issued put on record.

use http::StatusCode;
use jebena::calendar::eat_date;
use serde_json::Value;
use uuid::Uuid;

use crate::certificates::json;
use crate::decisions::{submit, submitted};
use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{approvals, facts_of, walk};

const REASON: &str = "The buyer's name is written wrongly.";

/// The paper of an export of this kind that was issued last: its id, number and code.
async fn paper(site: &TestSite, export: Uuid, kind: &str) -> (Uuid, String, String) {
    sqlx::query_as(
        "select paper_id, number, verify_code from issued_papers where export_id = $1 and kind = $2
         order by issued_at desc, duplicate desc, paper_id desc limit 1",
    )
    .bind(export)
    .bind(kind)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap()
}

/// Sends a form of the paper's record.
async fn act(site: &TestSite, browser: &mut Browser, paper: Uuid, what: &str, field: &str, reason: &str) -> Answer {
    let page = site.get(browser, &format!("/papers/{paper}/record")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let fields =
        [("csrf", page.hidden("csrf")), ("idempotency_key", Uuid::new_v4().to_string()), (field, reason.into())];
    site.post(browser, &format!("/papers/{paper}/{what}"), &pairs(&fields)).await
}

async fn withdraw(site: &TestSite, username: &str, paper: Uuid, reason: &str) -> Answer {
    let mut browser = site.sign_in(username).await;
    act(site, &mut browser, paper, "revocation", "withdrawal_reason", reason).await
}

async fn text(site: &TestSite, query: &'static str, export: Uuid) -> String {
    sqlx::query_scalar(query).bind(export).fetch_one(&mut site.sql().await).await.unwrap()
}

/// Status, serial, mark, the number of the certificate in its place, why it was withdrawn.
type CertificateRow = (String, i64, String, Option<String>, Option<String>);

#[tokio::test]
async fn a_cancelled_permit_sends_its_export_back_for_another() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "customs").await;
    let (permit, number, code) = paper(&site, export, "EXPORT_PERMIT").await;

    // Neither an officer nor another authority, and not without a reason.
    for (who, status) in [("ecta.officer", StatusCode::FORBIDDEN), ("nbe.supervisor", StatusCode::FORBIDDEN)] {
        assert_eq!(withdraw(&site, who, permit, REASON).await.status, status, "{who}");
    }
    let mut sql = site.sql().await;
    let before = Rows::besides_the_record(&mut sql).await;
    let refused = withdraw(&site, "ecta.supervisor", permit, "too short").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("href=\"#withdrawal_reason\"") && refused.text.contains(">too short<"));
    let after = Rows::besides_the_record(&mut sql).await;
    assert!(
        after.changes_since(&before).keys().all(|table| table.contains("user") || *table == "known_devices"),
        "{:?}",
        after.changes_since(&before)
    );

    let done = withdraw(&site, "ecta.supervisor", permit, REASON).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, format!("/papers/{permit}/record").as_str()));
    assert_eq!(site.state_of(export).await, ("QUALITY_CERTIFIED".into(), "RETURNED".into()));
    let kept = "select status || '|' || cancellation_reason || '|' || (cancelled_by is not null) from export_permits
                where export_id = $1";
    assert_eq!(text(&site, kept, export).await, format!("CANCELLED|{REASON}|true"));
    assert_eq!(
        site.count(
            "select count(*) from export_approvals where superseded_at is not null
               and approval_type in ('EXPORT_PERMIT', 'SHIPMENT_SCHEDULING', 'CUSTOMS_CLEARANCE')
               and export_id = (select export_id from export_status_history where action = 'cancel-permit')"
        )
        .await,
        3
    );
    let answer = json(&site, &code).await;
    assert_eq!((&answer["state"], &answer["since"]), (&"REVOKED".into(), &eat_date(site.now()).to_string().into()));

    // Once: what is cancelled is not cancelled again.
    let again = withdraw(&site, "ecta.supervisor", permit, REASON).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'PERMIT_CANCELLED'").await, 1);

    // The exporter reads why, resubmits, and the export goes to its end under another permit.
    let mut owner = site.sign_in("exporter.owner").await;
    let case = site.get(&mut owner, &format!("/exports/{export}")).await;
    assert!(case.text.contains(&REASON.replace('\'', "&#39;")) && case.text.contains("REVOKED"), "{}", case.text);
    submit(&site, &mut owner, export).await;
    assert_eq!(site.state_of(export).await, ("QUALITY_CERTIFIED".into(), "PERMIT".into()));
    for (username, kind, facts) in &approvals(eat_date(site.now()))[3..] {
        if *kind == "settlement" {
            crate::proceeds::pay(&site, export).await;
        }
        let facts = facts_of(&site, export, kind, facts).await;
        let answer = site.decide(username, export, kind, &pairs(&facts)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}: {}", answer.text);
    }
    assert_eq!(site.state_of(export).await, ("COMPLETED".into(), "CLOSED".into()));
    let (second, other, _) = paper(&site, export, "EXPORT_PERMIT").await;
    assert_ne!(number, other);

    // A permit that has served its export is not called back.
    let used = withdraw(&site, "ecta.supervisor", second, REASON).await;
    assert_eq!(used.status, StatusCode::CONFLICT, "{}", used.text);
}

/// An export whose certificate of origin was issued by the supervisor, and waits for its settlement.
async fn certified(site: &TestSite) -> Uuid {
    let export = submitted(site).await;
    for (username, kind, facts) in approvals(eat_date(site.now())) {
        let who = match (username, kind) {
            (_, "permit") => "ecta.officer2",
            (_, "origin") => "ecta.supervisor",
            (other, _) => other,
        };
        if kind == "settlement" {
            break;
        }
        let facts = facts_of(site, export, kind, &facts).await;
        let answer = site.decide(who, export, kind, &pairs(&facts)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}: {}", answer.text);
    }
    export
}

async fn settle(site: &TestSite, export: Uuid) -> Answer {
    crate::proceeds::pay(site, export).await;
    let (username, kind, facts) = approvals(eat_date(site.now())).pop().unwrap();
    let facts = facts_of(site, export, kind, &facts).await;
    site.decide(username, export, kind, &pairs(&facts)).await
}

/// The form that replaces a certificate, filled in as it is shown but for `changed`.
async fn replace(site: &TestSite, username: &str, paper: Uuid, changed: &[(&str, &str)]) -> Answer {
    let mut browser = site.sign_in(username).await;
    let address = format!("/papers/{paper}/replacement");
    let mut fields = vec![
        ("notify_address", "To order"),
        ("ico_port_code", "02"),
        ("transshipment", "Djibouti"),
        ("shipped_in_bags", "yes"),
        ("green_processing", "WET"),
        ("place", "Addis Ababa"),
        ("replacement_reason", REASON),
    ];
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    fields.extend(changed);
    site.fill_in(&mut browser, &address, &address, &fields).await
}

#[tokio::test]
async fn a_revoked_certificate_holds_the_completion_up_until_it_is_replaced() {
    let site = TestSite::seeded().await;
    let export = certified(&site).await;
    let (old, old_number, old_code) = paper(&site, export, "ICO_CERTIFICATE").await;
    assert_eq!(withdraw(&site, "ecta.officer", old, REASON).await.status, StatusCode::FORBIDDEN);
    let done = withdraw(&site, "ecta.supervisor", old, REASON).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let revoked = json(&site, &old_code).await;
    assert_eq!((&revoked["state"], &revoked["since"]), (&"REVOKED".into(), &eat_date(site.now()).to_string().into()));

    // The case shows it, and nobody completes an export without a certificate.
    let mut owner = site.sign_in("exporter.owner").await;
    assert!(site.get(&mut owner, &format!("/exports/{export}")).await.text.contains("REVOKED"));
    let refused = settle(&site, export).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("no ICO certificate of origin in force"), "{}", refused.text);

    let green: String = text(
        &site,
        "select case processing_method when 'WASHED' then 'WET' else 'DRY' end
                              from exports where export_id = $1",
        export,
    )
    .await;
    let other = if green == "WET" { "DRY" } else { "WET" };
    for (changed, field) in [
        (("place", ""), "place"),
        (("replacement_reason", "short"), "replacement_reason"),
        (("green_processing", other), "green_processing-1"),
    ] {
        // A form says each thing once.
        let right = ("green_processing", green.as_str());
        let said = if changed.0 == right.0 { vec![changed] } else { vec![right, changed] };
        let answer = replace(&site, "ecta.supervisor", old, &said).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text);
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{field}: {}", answer.text);
    }
    let replaced = replace(&site, "ecta.supervisor", old, &[("green_processing", &green)]).await;
    assert_eq!(replaced.status, StatusCode::SEE_OTHER, "{}", replaced.text);
    let (new, new_number, new_code) = paper(&site, export, "ICO_CERTIFICATE").await;
    assert_ne!(old_number, new_number);

    // The old row says by which it is replaced; serial and mark are the next ones; both pages say so.
    let rows: Vec<CertificateRow> = sqlx::query_as(
        "select c.status, c.serial, c.ico_mark, r.certificate_number, c.withdrawal_reason
         from certificates_of_origin c left join certificates_of_origin r on r.certificate_id = c.replaced_by
         where c.export_id = $1 order by c.created_at, c.serial",
    )
    .bind(export)
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(
        (rows[0].0.as_str(), rows[0].3.as_deref(), rows[0].4.as_deref()),
        ("REPLACED", Some(new_number.as_str()), Some(REASON))
    );
    assert_eq!((rows[1].0.as_str(), &rows[1].3, rows[1].1), ("ISSUED", &None, rows[0].1 + 1));
    assert_ne!(rows[0].2, rows[1].2);
    let answer = json(&site, &old_code).await;
    assert_eq!((&answer["state"], &answer["replaced_by"]), (&"REPLACED".into(), &new_number.as_str().into()));
    assert_eq!(json(&site, &new_code).await["state"], "VALID");
    let record = site.get(&mut owner, &format!("/papers/{old}/record")).await;
    assert!(record.text.contains(&new_number) && record.text.contains(&format!("/papers/{new}/record")));
    let sheet = site.get(&mut owner, &format!("/papers/{new}")).await.text;
    assert!(sheet.contains("To order") && sheet.contains("Addis Ababa"), "{sheet}");

    // A certificate in whose place another stands is not replaced again, and the export can be completed.
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let again = site.get(&mut supervisor, &format!("/papers/{old}/replacement")).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    let settled = settle(&site, export).await;
    assert_eq!(settled.status, StatusCode::SEE_OTHER, "{}", settled.text);
    assert_eq!(site.state_of(export).await, ("COMPLETED".into(), "CLOSED".into()));
    // One that is in force is replaced at once, also after the completion.
    let replaced = replace(&site, "ecta.supervisor", new, &[("green_processing", &green)]).await;
    assert_eq!(replaced.status, StatusCode::SEE_OTHER, "{}", replaced.text);
    assert_eq!(json(&site, &new_code).await["state"], "REPLACED");
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'CERTIFICATE_REPLACED'").await, 2);
}

#[tokio::test]
async fn who_issued_the_permit_does_not_issue_the_certificate_in_its_place() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "origin").await;
    let (certificate, ..) = paper(&site, export, "ICO_CERTIFICATE").await;
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let answer = site.get(&mut supervisor, &format!("/papers/{certificate}/replacement")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert!(answer.text.contains("another step"), "{}", answer.text);
    // The page does not offer what would be refused.
    let record = site.get(&mut supervisor, &format!("/papers/{certificate}/record")).await;
    assert!(!record.text.contains("/replacement\"") && record.text.contains("/revocation\""));
}

#[tokio::test]
async fn a_lost_sheet_is_issued_anew_as_a_marked_duplicate() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "permit").await;
    let (lost, number, code) = paper(&site, export, "EXPORT_PERMIT").await;
    let mut officer = site.sign_in("ecta.officer").await;
    let mut owner = site.sign_in("exporter.owner").await;
    const HOW: &str = "The courier's bag was stolen at Modjo.";

    let page = site.get(&mut owner, &format!("/papers/{lost}/record")).await;
    assert!(!page.text.contains("/duplicate\""), "the exporter cannot");
    let fields = [
        ("csrf", page.hidden("csrf")),
        ("idempotency_key", Uuid::new_v4().to_string()),
        ("duplicate_reason", HOW.into()),
    ];
    let answer = site.post(&mut owner, &format!("/papers/{lost}/duplicate"), &pairs(&fields)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let short = act(&site, &mut officer, lost, "duplicate", "duplicate_reason", "stolen").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", short.text);

    let done = act(&site, &mut officer, lost, "duplicate", "duplicate_reason", HOW).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let (duplicate, same_number, new_code) = paper(&site, export, "EXPORT_PERMIT").await;
    assert_eq!((done.location(), &same_number), (format!("/papers/{duplicate}/record").as_str(), &number));
    assert_eq!(
        site.count(
            "select count(*) from issued_papers d join issued_papers p on p.paper_id = d.duplicate_of
             where d.duplicate = 1 and d.content_sha256 = p.content_sha256 and d.snapshot = p.snapshot
               and d.verify_code <> p.verify_code and d.duplicate_reason like '%stolen%'"
        )
        .await,
        1
    );
    // The lost sheet says so, the duplicate says what it is.
    let answer = json(&site, &code).await;
    assert_eq!((&answer["state"], &answer["since"]), (&"LOST".into(), &eat_date(site.now()).to_string().into()));
    let answer = json(&site, &new_code).await;
    assert_eq!((&answer["state"], &answer["duplicate"]), (&Value::from("VALID"), &Value::from(1)));
    let mut stranger = Browser::default();
    let public = site.get(&mut stranger, &format!("/v/{new_code}")).await.text;
    assert!(public.contains("DUPLICATE 1") && public.contains("in place of a sheet that was lost"), "{public}");
    let public = site.get(&mut stranger, &format!("/v/{code}")).await.text;
    assert!(public.contains("LOST") && !public.contains("stolen"), "{public}");

    // Its first print is no original, and each is on record.
    let sheet = format!("/papers/{duplicate}");
    let preview = site.get(&mut owner, &sheet).await;
    let fields = [("csrf", preview.hidden("csrf")), ("idempotency_key", preview.hidden("idempotency_key"))];
    let printed = site.post(&mut owner, &format!("{sheet}/prints"), &pairs(&fields)).await;
    let printed = site.get(&mut owner, printed.location()).await.text;
    assert!(printed.contains("DUPLICATE 1") && !printed.contains("ORIGINAL"), "{printed}");
    assert!(site.get(&mut owner, &format!("/papers/{lost}")).await.text.contains("data-en=\"LOST"));

    // A sheet is lost once; then its duplicate may be.
    let again = act(&site, &mut officer, lost, "duplicate", "duplicate_reason", HOW).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    let second = act(&site, &mut officer, duplicate, "duplicate", "duplicate_reason", HOW).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
    assert_eq!(json(&site, &new_code).await["state"], "LOST");
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'PAPER_REISSUED'").await, 2);
    // What becomes of the permit becomes of every sheet of it.
    let (third, _, third_code) = paper(&site, export, "EXPORT_PERMIT").await;
    assert_eq!(withdraw(&site, "ecta.supervisor", third, REASON).await.status, StatusCode::SEE_OTHER);
    for code in [&code, &new_code, &third_code] {
        assert_eq!(json(&site, code).await["state"], "REVOKED");
    }
}

#[tokio::test]
async fn of_two_who_reissue_a_sheet_at_once_one_does() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "permit").await;
    let (lost, ..) = paper(&site, export, "EXPORT_PERMIT").await;
    let mut officers = [site.sign_in("ecta.officer").await, site.sign_in("ecta.officer2").await];
    let [one, two] = &mut officers;
    let reason = "Left behind at the counter of the bank.";
    let (one, two) = tokio::join!(
        act(&site, one, lost, "duplicate", "duplicate_reason", reason),
        act(&site, two, lost, "duplicate", "duplicate_reason", reason)
    );
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    assert_eq!(site.count("select count(*) from issued_papers where duplicate > 0").await, 1);
}

#[tokio::test]
async fn certificates_of_others_are_recorded_with_their_own_numbers() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let address = format!("/exports/{export}/origin-certificates");
    let mut owner = site.sign_in("exporter.owner").await;
    let today = eat_date(site.now()).to_string();
    let chamber =
        [("kind", "CHAMBER"), ("number", "COO-2026-00417"), ("issuer", "Addis Chamber"), ("issued_on", today.as_str())];
    // It needs a permit.
    let early = site.fill_in(&mut owner, &address, &address, &chamber).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text);
    assert!(early.text.contains("no export permit in force"), "{}", early.text);
    walk(&site, export, "permit").await;

    let tomorrow = (eat_date(site.now()) + chrono::Days::new(1)).to_string();
    for (changed, field) in
        [(("issuer", ""), "issuer"), (("issued_on", tomorrow.as_str()), "issued_on"), (("kind", ""), "kind-1")]
    {
        let mut fields = chamber.to_vec();
        fields.retain(|(name, _)| *name != changed.0);
        fields.push(changed);
        let refused = site.fill_in(&mut owner, &address, &address, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", refused.text);
        assert!(refused.text.contains(&format!("href=\"#{field}\"")), "{field}: {}", refused.text);
        assert!(refused.text.contains("COO-2026-00417"), "what was typed is kept");
    }
    let done = site.fill_in(&mut owner, &address, &address, &chamber).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    // The authority records the exporter's own statement; the same number may stand on another export's.
    let mut officer = site.sign_in("ecta.officer").await;
    let rex = [("kind", "REX"), ("number", "ETREX00017"), ("issued_on", today.as_str())];
    assert_eq!(site.fill_in(&mut officer, &address, &address, &rex).await.status, StatusCode::SEE_OTHER);
    let twice = site
        .fill_in(
            &mut owner,
            &address,
            &address,
            &[("kind", "CHAMBER"), ("number", "COO-2026-00418"), ("issuer", "Addis Chamber"), ("issued_on", &today)],
        )
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT, "{}", twice.text);
    let list = site.get(&mut owner, &format!("/exports/{export}/papers")).await.text;
    for said in ["COO-2026-00417", "Addis Chamber", "ETREX00017", "Chamber of commerce"] {
        assert!(list.contains(said), "{said}: {list}");
    }

    // A chamber gives each number once.
    let second = submitted(&site).await;
    walk(&site, second, "permit").await;
    let other = format!("/exports/{second}/origin-certificates");
    let taken = site.fill_in(&mut owner, &other, &other, &chamber).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", taken.text);
    assert!(taken.text.contains("href=\"#number\""), "{}", taken.text);
    assert_eq!(site.fill_in(&mut owner, &other, &other, &rex).await.status, StatusCode::SEE_OTHER);

    // Who recorded it strikes it out, with a reason, and another takes its place.
    let id: Uuid = sqlx::query_scalar(
        "select certificate_id from certificates_of_origin where kind = 'CHAMBER' and export_id = $1",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let strike = format!("{address}/{id}/withdrawal");
    assert_eq!(site.get(&mut officer, &strike).await.status, StatusCode::FORBIDDEN);
    let reason = [("withdrawal_reason", "It is the number of another shipment.")];
    let short = site.fill_in(&mut owner, &strike, &strike, &[("withdrawal_reason", "wrong")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", short.text);
    assert_eq!(site.fill_in(&mut owner, &strike, &strike, &reason).await.status, StatusCode::SEE_OTHER);
    let again =
        [("kind", "CHAMBER"), ("number", "COO-2026-00500"), ("issuer", "Addis Chamber"), ("issued_on", today.as_str())];
    assert_eq!(site.fill_in(&mut owner, &address, &address, &again).await.status, StatusCode::SEE_OTHER);
    let list = site.get(&mut owner, &format!("/exports/{export}/papers")).await.text;
    assert!(list.contains("It is the number of another shipment.") && list.contains("COO-2026-00500"), "{list}");

    // Nobody else records anything, and other firms do not learn of it.
    for (who, status) in [
        ("bank.officer", StatusCode::FORBIDDEN),
        ("customs.officer", StatusCode::FORBIDDEN),
        ("exporter2.owner", StatusCode::NOT_FOUND),
    ] {
        let mut browser = site.sign_in(who).await;
        assert_eq!(site.get(&mut browser, &address).await.status, status, "{who}");
    }
}
