//! Changes that move nothing: the National Bank puts a due date off, the exporter corrects a request.

use futures::future::join_all;
use http::StatusCode;
use uuid::Uuid;

use crate::decisions::submitted;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{Asked, approvals, facts_of, hidden_fields, organization, something_to_ask, walk};

const REASON: &str = "The vessel was delayed at Djibouti for three weeks.";

async fn text(site: &TestSite, query: &'static str, export: Uuid) -> String {
    sqlx::query_scalar(query).bind(export).fetch_one(&mut site.sql().await).await.unwrap()
}

async fn due(site: &TestSite, export: Uuid) -> String {
    text(site, "select settlement_due_date::text from exports where export_id = $1", export).await
}

#[tokio::test]
async fn the_national_bank_puts_the_due_date_off_with_a_reason() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let (page, action) = (format!("/exports/{export}"), format!("/exports/{export}/extension"));
    let mut nbe = site.sign_in("nbe.officer").await;
    assert!(!site.get(&mut nbe, &page).await.text.contains(&action), "before the bank's permit there is no date");
    walk(&site, export, "origin").await;
    let before = due(&site, export).await;
    // The bank's officer has it in hand, and keeps it.
    let mut bank = site.sign_in("bank.officer").await;
    let answer = site.fill_in(&mut bank, &page, &format!("/exports/{export}/claim"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(!site.get(&mut bank, &page).await.text.contains(&action), "the form is the National Bank's alone");

    for (date, reason, field) in
        [(before.as_str(), REASON, "new_due_date"), ("2027-04-01", "too short", "extension_reason")]
    {
        let fields = [("new_due_date", date), ("extension_reason", reason)];
        let answer = site.fill_in(&mut nbe, &page, &action, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{}", answer.text);
        assert_eq!(due(&site, export).await, before);
    }
    let shown = site.get(&mut nbe, &page).await;
    let mut fields = hidden_fields(&shown, &action);
    fields.push(("new_due_date".to_owned(), "2027-04-01".to_owned()));
    fields.push(("extension_reason".to_owned(), REASON.to_owned()));
    let fields = pairs(&fields);
    for _ in 0..2 {
        let answer = site.post(&mut nbe, &action, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    assert_eq!(due(&site, export).await, "2027-04-01");
    assert_eq!(site.state_of(export).await, ("SHIPPED".into(), "SETTLEMENT".into()));
    let record = "select (select count(*) from export_status_history where export_id = $1 and action = 'extend') || ' '
        || (select count(*) from audit.events where entity_id = $1 and event_type = 'SETTLEMENT_EXTENDED') || ' '
        || (select count(*) from exports where export_id = $1 and claimed_by is not null)";
    assert_eq!(text(&site, record, export).await, "1 1 1");
    let told = site.get(&mut bank, &page).await.text;
    assert!(told.contains(REASON) && told.contains("1 Apr 2027"), "{told}");
    // A form of an older version is stale; another organisation's is refused.
    let stale: Vec<(&str, &str)> =
        fields
            .iter()
            .map(|(name, value)| {
                if *name == "idempotency_key" {
                    (*name, "0193e5a0-0000-7000-8000-000000000001")
                } else {
                    (*name, *value)
                }
            })
            .collect();
    assert_eq!(site.post(&mut nbe, &action, &stale).await.status, StatusCode::CONFLICT);
    let csrf = site.get(&mut bank, "/help").await.hidden("csrf");
    let foreign: Vec<(&str, &str)> =
        stale.iter().map(|(name, value)| (*name, if *name == "csrf" { csrf.as_str() } else { *value })).collect();
    assert_eq!(site.post(&mut bank, &action, &foreign).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_overdue_settlement_stands_under_overdue_however_short_it_has_waited() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "origin").await;
    let number = text(&site, "select export_number from exports where export_id = $1", export).await;
    let today = jebena::calendar::eat_date(site.now());
    let mut bank = site.sign_in("bank.officer").await;
    for (days, bucket) in [(-1_i64, "overdue"), (30, "due"), (31, "later")] {
        let due = today + chrono::Duration::days(days);
        site.execute(&format!("update exports set settlement_due_date = '{due}' where export_id = '{export}'")).await;
        for part in ["overdue", "due", "later"] {
            // The only case with a number is opened at once; it is not listed where it does not belong.
            let found = site.get(&mut bank, &format!("/inbox?bucket={part}&q={number}")).await;
            let shown = found.status == StatusCode::SEE_OTHER || found.text.contains(&format!("/exports/{export}\""));
            assert_eq!(shown, part == bucket, "due in {days} days, under {part}: {}", found.text);
        }
    }
}

/// Corrects the request by its form, with `changed` in the place of what the form shows.
async fn correct(
    site: &TestSite,
    browser: &mut Browser,
    export: Uuid,
    asked: &Asked,
    changed: &[(&str, &str)],
) -> Answer {
    let action = format!("/exports/{export}/amendment");
    site.fill_in(browser, &action, &action, &pairs(&asked.correction("600", changed))).await
}

#[tokio::test]
async fn a_returned_request_is_corrected_and_goes_to_the_bank_that_it_names_now() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    let submission = format!("/exports/{export}/submission");
    site.fill_in(&mut owner, &format!("/exports/{export}"), &submission, &[]).await;
    let returned = [("decision", "return"), ("reason", "Your account is with another bank.")];
    let answer = site.decide("bank.officer", export, "bank-check", &returned).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);

    let same = correct(&site, &mut owner, export, &asked, &[]).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", same.text);
    assert!(same.text.contains("Nothing in the form differs"), "{}", same.text);
    let bank = organization(&site, "BANK2").await.to_string();
    let carrier = organization(&site, "SHIPPING2").await.to_string();
    let changed = [
        ("bank_id", bank.as_str()),
        ("shipping_line_id", carrier.as_str()),
        ("port_of_discharge", "BEANR"),
        ("notify_address", "Scheldt Coffee BV, Antwerp"),
    ];
    let answer = correct(&site, &mut owner, export, &asked, &changed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = site.get(&mut owner, &format!("/exports/{export}")).await.text;
    assert!(page.contains("Changed") && page.contains("DEHAM → BEANR"), "{page}");
    assert!(page.contains("Your account is with another bank."), "why it came back is told still");
    site.fill_in(&mut owner, &format!("/exports/{export}"), &submission, &[]).await;
    let mut former = site.sign_in("bank.officer").await;
    assert_eq!(site.get(&mut former, &format!("/exports/{export}")).await.status, StatusCode::NOT_FOUND);
    let (_, kind, facts) = &approvals(jebena::calendar::eat_date(site.now()))[0];
    let facts = facts_of(&site, export, kind, facts).await;
    let facts = pairs(&facts);
    let answer = site.decide("bank2.officer", export, kind, &facts).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await.1, "FX");
}

/// What lot and contract have given, beside what the exports take of them.
async fn balance(site: &TestSite, asked: &Asked) -> (f64, f64) {
    let (lot, taken, contract, under): (f64, f64, f64, f64) = sqlx::query_as(
        "select (select reserved_kg::float8 from coffee_lots where lot_id = $1),
                (select coalesce(sum(x.quantity_kg), 0)::float8 from export_lots x join exports e using (export_id)
                 where x.lot_id = $1 and e.status <> 'CANCELLED'),
                (select reserved_kg::float8 from sales_contracts where contract_id = $2),
                (select coalesce(sum(quantity), 0)::float8 from exports where contract_id = $2 and status <> 'CANCELLED')",
    )
    .bind(asked.lot)
    .bind(asked.contract)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert!((lot - taken).abs() < 0.001 && (contract - under).abs() < 0.001, "{lot} {taken} {contract} {under}");
    (lot, contract)
}

#[tokio::test]
async fn a_corrected_quantity_is_taken_and_given_back_exactly() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 900).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let (lot, contract) = balance(&site, &asked).await;
    let export = site.request(&mut owner, &asked, "600").await;
    for kg in ["900", "120.5", "600"] {
        let answer = correct(&site, &mut owner, export, &asked, &[("quantity_1", kg)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kg}: {}", answer.text);
        let kg: f64 = kg.parse().unwrap();
        assert_eq!(balance(&site, &asked).await, (lot + kg, contract + kg));
    }
    let row = "select quantity::text || ' ' || bags || ' ' || (estimated_value = round(price_per_kg * quantity, 2))
        from exports where export_id = $1";
    assert_eq!(text(&site, row, export).await, "600.000 10 true");
    let much = correct(&site, &mut owner, export, &asked, &[("quantity_1", "999999")]).await;
    assert_eq!(much.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", much.text);
    assert!(much.text.contains("kg left") && much.text.contains("href=\"#quantity_1\""), "{}", much.text);
    assert_eq!(balance(&site, &asked).await, (lot + 600.0, contract + 600.0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn corrections_at_once_never_take_more_than_there_is() {
    let site = TestSite::seeded_for_crowds().await;
    let asked = something_to_ask(&site, "EXPORTER", 2_400).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let mut exports = Vec::new();
    for _ in 0..4 {
        exports.push(site.request(&mut owner, &asked, "600").await);
    }
    // What is left of the lot lets one of them grow to 1,400 kg.
    site.execute(&format!("update coffee_lots set quantity = reserved_kg + 1000 where lot_id = '{}'", asked.lot)).await;
    let answers = join_all(exports.iter().map(|export| {
        let (site, asked, mut browser) = (&site, &asked, owner.clone());
        async move { correct(site, &mut browser, *export, asked, &[("quantity_1", "1400")]).await.status }
    }))
    .await;
    let grown = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
    assert_eq!(grown, 1, "{answers:?}");
    let refused = [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY];
    assert!(answers.iter().all(|status| *status == StatusCode::SEE_OTHER || refused.contains(status)), "{answers:?}");
    balance(&site, &asked).await;
}
