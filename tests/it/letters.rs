//! Letters of credit: the bank puts one on record, its check holds the export against it, and an amendment is another
//! version. What the page says is what the service refuses.

use http::StatusCode;
use uuid::Uuid;

use crate::parting::{REASON, loading};
use crate::revisions::text;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{Asked, approvals, facts_of, filled_in, something_to_ask, walk};

/// What an exporter may ask for under a contract that is paid by a letter of credit.
async fn letter_contract(site: &TestSite) -> Asked {
    let asked = something_to_ask(site, "EXPORTER", 1_200).await;
    sqlx::query("update sales_contracts set payment_method = 'LC' where contract_id = $1")
        .bind(asked.contract)
        .execute(&mut site.sql().await)
        .await
        .unwrap();
    asked
}

/// A submitted request of 600 kg that is paid by a letter of credit, with its exporter's browser.
async fn paid_by_letter(site: &TestSite) -> (Uuid, Browser) {
    let asked = letter_contract(site).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    crate::decisions::submit(site, &mut owner, export).await;
    (export, owner)
}

/// Two submitted requests of 600 kg under one contract that is paid by a letter of credit.
pub async fn two_paid_by_letter(site: &TestSite) -> (Uuid, Uuid) {
    let asked = letter_contract(site).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let mut exports = [Uuid::nil(); 2];
    for export in &mut exports {
        *export = site.request(&mut owner, &asked, "600").await;
        crate::decisions::submit(site, &mut owner, *export).await;
    }
    exports.into()
}

/// The letter on which an export draws.
pub async fn drawn_on(site: &TestSite, export: Uuid) -> String {
    text(site, "select letter_id::text from letter_uses where export_id = $1", export).await
}

fn day(site: &TestSite, days: i64) -> String {
    (jebena::calendar::eat_date(site.now()) + chrono::Duration::days(days)).to_string()
}

/// The fields of a letter over `amount` that ends in `days` days, shipment ten days before.
pub fn letter(site: &TestSite, amount: &str, days: i64) -> Vec<(String, String)> {
    let mut fields = terms(site, amount, days);
    fields.extend(
        [("lc_number", "ILC26-118"), ("issuing_bank", "Hanseatische Aussenhandelsbank, Hamburg"), ("currency", "USD")]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
    );
    fields
}

fn terms(site: &TestSite, amount: &str, days: i64) -> Vec<(String, String)> {
    [
        ("dated_on", day(site, 0)),
        ("amount", amount.to_owned()),
        ("amount_tolerance_pct", "10".to_owned()),
        ("quantity_kg", "600".to_owned()),
        ("quantity_tolerance_pct", "5".to_owned()),
        ("latest_shipment_on", day(site, days - 10)),
        ("expires_on", day(site, days)),
        ("expiry_place", "Addis Ababa".to_owned()),
        ("partial_shipments", "yes".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

pub fn amended(site: &TestSite, amount: &str, days: i64, amendment: &str) -> Vec<(String, String)> {
    let mut fields = terms(site, amount, days);
    fields.push(("amendment".to_owned(), amendment.to_owned()));
    fields
}

pub const AMENDMENT: &str = "Advice 3: the expiry is put off and the amount raised.";

async fn send(site: &TestSite, bank: &mut Browser, export: Uuid, what: &str, fields: &[(String, String)]) -> Answer {
    let page = format!("/exports/{export}/letter-of-credit");
    site.fill_in(bank, &page, &format!("{page}{what}"), &pairs(fields)).await
}

/// The bank's approval of its check.
async fn check(site: &TestSite, export: Uuid) -> Answer {
    let step =
        approvals(jebena::calendar::eat_date(site.now())).into_iter().find(|step| step.1 == "bank-check").unwrap();
    let facts = facts_of(site, export, "bank-check", &step.2).await;
    site.decide("bank.officer", export, "bank-check", &pairs(&facts)).await
}

pub async fn value(site: &TestSite, export: Uuid) -> String {
    text(site, "select estimated_value::text from exports where export_id = $1", export).await
}

#[tokio::test]
async fn the_banks_check_holds_the_export_against_the_letter_in_force() {
    let site = TestSite::seeded().await;
    let (export, mut owner) = paid_by_letter(&site).await;
    let case = format!("/exports/{export}");
    let mut bank = site.sign_in("bank.officer").await;
    // Page and service say the same: without a letter there is no approval.
    let none = "No letter of credit is on record for this export";
    assert!(site.get(&mut bank, &case).await.text.contains(none));
    let refused = check(&site, export).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains(none), "{}", refused.text);

    // Over half of the value, and the coffee cannot be on board by the latest day.
    let half: rust_decimal::Decimal = value(&site, export).await.parse().unwrap();
    let half = (half / rust_decimal::Decimal::TWO).round_dp(2).to_string();
    let mut short = letter(&site, &half, 8);
    short.retain(|(name, _)| name != "latest_shipment_on" && name != "dated_on");
    short.extend([("dated_on".to_owned(), day(&site, -9)), ("latest_shipment_on".to_owned(), day(&site, -1))]);
    let answer = send(&site, &mut bank, export, "/new", &short).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = format!("{case}/letter-of-credit");
    assert_eq!(answer.location(), page);
    let reasons =
        ["Ask the buyer for an amendment to a higher amount", "Ask the buyer for an amendment to a later day"];
    let refused = check(&site, export).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = site.get(&mut owner, &page).await;
    for reason in reasons {
        assert!(refused.text.contains(reason), "{reason}: {}", refused.text);
        assert!(shown.text.contains(reason), "{reason}: {}", shown.text);
    }
    assert!(!shown.text.contains("name=\"amendment\""), "the exporter reads it, the bank writes it");
    assert_eq!(site.state_of(export).await.1, "BANK_CHECK");

    // The amendment is a version of its own, and the former one stays.
    let answer = send(&site, &mut bank, export, "", &amended(&site, &value(&site, export).await, 60, AMENDMENT)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let versions = "select string_agg(t.version || ' ' || (t.amendment is not null), ', ' order by t.version)
        from letter_terms t join letter_uses u using (letter_id) where u.export_id = $1";
    assert_eq!(text(&site, versions, export).await, "1 false, 2 true");
    let shown = site.get(&mut owner, &page).await.text;
    for expected in [AMENDMENT, "Amendment 1 of", "Issued on", "→", "Hanseatische Aussenhandelsbank"] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    let recorded = "select count(*) from audit.events where event_type in ('LETTER_RECORDED', 'LETTER_AMENDED')";
    assert_eq!(site.count(recorded).await, 2);
    let approved = check(&site, export).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);
    assert_eq!(site.state_of(export).await.1, "FX");
}

#[tokio::test]
async fn a_letter_is_its_banks_to_write_and_not_the_carriers_to_read() {
    let site = TestSite::seeded().await;
    let (export, mut owner) = paid_by_letter(&site).await;
    let page = format!("/exports/{export}/letter-of-credit");
    let mut bank = site.sign_in("bank.officer").await;
    let value = value(&site, export).await;
    let shown = site.get(&mut bank, &page).await;
    let new = format!("{page}/new");
    let body = filled_in(&shown, &new, "", &pairs(&letter(&site, &value, 40)));

    // What is missing or in the wrong order is said at its field, and what was typed stays.
    for (field, wrong) in [("lc_number", "x"), ("amount", ""), ("expires_on", "2020-01-01"), ("currency", "XXX")] {
        let mut fields = letter(&site, &value, 40);
        fields.retain(|(name, _)| name != field);
        fields.push((field.to_owned(), wrong.to_owned()));
        let answer = send(&site, &mut bank, export, "/new", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(answer.text.contains(&format!("#{field}")), "{field}: {}", answer.text);
        assert!(answer.text.contains("Hanseatische Aussenhandelsbank"), "{field}: {}", answer.text);
    }
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'LETTER_RECORDED'").await, 0);

    // Sent twice it is on record once; shown before, another is stale.
    let first = site.post(&mut bank, &new, &pairs(&body)).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    let again = site.post(&mut bank, &new, &pairs(&body)).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, first.location()));
    let uses = "select count(*)::text from letter_uses where export_id = $1";
    assert_eq!(text(&site, uses, export).await, "1");
    let late = filled_in(&shown, &new, "", &pairs(&letter(&site, &value, 40)));
    let late: Vec<_> = late
        .into_iter()
        .map(|(name, value)| if name == "idempotency_key" { (name, Uuid::new_v4().to_string()) } else { (name, value) })
        .collect();
    assert_eq!(site.post(&mut bank, &new, &pairs(&late)).await.status, StatusCode::CONFLICT);

    // A second letter takes its place; the same number is the same letter.
    let other = site.get(&mut bank, &new).await;
    let same = filled_in(&other, &new, "", &pairs(&letter(&site, &value, 40)));
    let same = site.post(&mut bank, &new, &pairs(&same)).await;
    assert_eq!(same.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(same.text.contains("on record for the contract already"), "{}", same.text);

    // Nothing changes by an amendment that says the same, or that says nothing.
    for (days, amendment, status) in
        [(40, AMENDMENT, StatusCode::UNPROCESSABLE_ENTITY), (50, "short", StatusCode::UNPROCESSABLE_ENTITY)]
    {
        let answer = send(&site, &mut bank, export, "", &amended(&site, &value, days, amendment)).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }

    // The exporter and the authorities read it; the carrier and other banks do not know of it.
    assert_eq!(site.get(&mut owner, &page).await.status, StatusCode::OK);
    assert_eq!(site.get(&mut owner, &new).await.status, StatusCode::FORBIDDEN);
    // In both languages.
    let csrf = site.get(&mut owner, &page).await.hidden("csrf");
    let language = [("csrf", csrf.as_str()), ("language", "am"), ("next", page.as_str())];
    site.post(&mut owner, "/language", &language).await;
    let amharic = site.get(&mut owner, &page).await.text;
    for expected in ["ሌተር ኦፍ ክሬዲቱ የሚለው", "ILC26-118", "የተከፈተው"] {
        assert!(amharic.contains(expected), "{expected}: {amharic}");
    }
    for (username, status) in [
        ("nbe.officer", StatusCode::OK),
        ("auditor", StatusCode::OK),
        ("shipping.officer", StatusCode::NOT_FOUND),
        ("bank2.officer", StatusCode::NOT_FOUND),
    ] {
        let mut reader = site.sign_in(username).await;
        assert_eq!(site.get(&mut reader, &page).await.status, status, "{username}");
    }
    let mut carrier = site.sign_in("shipping.officer").await;
    let case = site.get(&mut carrier, &format!("/exports/{export}")).await.text;
    assert!(!case.contains("ILC26-118") && !case.contains("No letter of credit"), "{case}");
}

#[tokio::test]
async fn the_letter_is_watched_until_the_documents_are_presented_and_covers_what_stayed_behind() {
    let site = TestSite::seeded().await;
    let (export, mut owner) = paid_by_letter(&site).await;
    let mut bank = site.sign_in("bank.officer").await;
    let value = value(&site, export).await;
    let answer = send(&site, &mut bank, export, "/new", &letter(&site, &value, 14)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let case = format!("/exports/{export}");
    assert!(site.get(&mut owner, &case).await.text.contains("in 14 days"));
    // The vessel sails in five days, one after the latest day of shipment: the parties are warned, the walk goes on.
    walk(&site, export, "shipment").await;
    let late = "Ask the buyer for an amendment to a later day";
    assert!(site.get(&mut owner, &case).await.text.contains(late));
    let answer = send(&site, &mut bank, export, "", &amended(&site, &value, 40, AMENDMENT)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(!site.get(&mut owner, &case).await.text.contains(late));
    crate::revisions::approve(&site, export, &["customs"]).await;
    let short = loading(&site, export, ("540", "9"), &[("short_reason", REASON)]).await;
    let answer = site.decide("shipping.supervisor", export, "loading", &pairs(&short)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let shown = site.get(&mut owner, &case).await.text;
    assert!(shown.contains("have to be presented by"), "{shown}");

    // The rest draws on the same letter, of which the rest is left.
    let rest: Uuid =
        text(&site, "select export_id::text from exports where split_from = $1", export).await.parse().unwrap();
    let shown = site.get(&mut owner, &format!("/exports/{rest}/letter-of-credit")).await.text;
    for expected in ["ILC26-118", "one export, 540 kg"] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    assert!(!shown.contains("may be drawn"), "with both of them it is drawn to the full: {shown}");
}

#[tokio::test]
async fn exports_of_a_contract_draw_on_one_letter() {
    let site = TestSite::seeded().await;
    let (first, second) = two_paid_by_letter(&site).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let mut bank = site.sign_in("bank.officer").await;
    let value = value(&site, first).await;
    let answer = send(&site, &mut bank, first, "/new", &letter(&site, &value, 60)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(check(&site, first).await.status, StatusCode::SEE_OTHER);

    // The second is offered it, and nothing that is not the contract's.
    let known = drawn_on(&site, first).await;
    let stranger =
        send(&site, &mut bank, second, "/new", &[("letter_id".to_owned(), Uuid::new_v4().to_string())]).await;
    assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY);
    let answer = send(&site, &mut bank, second, "/new", &[("letter_id".to_owned(), known)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.count("select count(*) from letters_of_credit where lc_number = 'ILC26-118'").await, 1);

    // A tenth of the amount and 30 kg are left for it by the tolerances, and that is refused on both cases.
    let refused = check(&site, second).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for reason in ["30 kg may be shipped under the letter", "of the letter of credit may be drawn"] {
        assert!(refused.text.contains(reason), "{reason}: {}", refused.text);
    }
    let twice: rust_decimal::Decimal = value.parse().unwrap();
    let twice = (twice * rust_decimal::Decimal::TWO).to_string();
    let mut both = amended(&site, &twice, 60, AMENDMENT);
    both.retain(|(name, _)| name != "quantity_kg" && name != "partial_shipments");
    both.push(("quantity_kg".to_owned(), "1200".to_owned()));
    let answer = send(&site, &mut bank, second, "", &both).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let refused = check(&site, second).await;
    assert!(refused.text.contains("which prohibits partial shipments"), "{}", refused.text);
    both.push(("partial_shipments".to_owned(), "yes".to_owned()));
    let answer = send(&site, &mut bank, first, "", &both).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let approved = check(&site, second).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);
    // Whoever gives an export up leaves its part of the letter to the other.
    let page = format!("/exports/{second}/letter-of-credit");
    assert!(site.get(&mut owner, &page).await.text.contains("one export, 600 kg"));
    let cancellation = [("cancel_reason", "The buyer takes only one of them.")];
    let answer = site
        .fill_in(&mut owner, &format!("/exports/{first}"), &format!("/exports/{first}/cancellation"), &cancellation)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(!site.get(&mut owner, &page).await.text.contains("one export, 600 kg"));
}
