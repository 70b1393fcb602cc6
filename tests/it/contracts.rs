//! Contracts from the deal to the authority's decision, their price against the week's minimum, amendments, time; and the
//! register of buyers.

use http::StatusCode;
use uuid::Uuid;

use crate::documents::{UploadForm, pdf};
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{filled_in, hidden_fields};

const REASON: &str = "The buyer has agreed to it in writing.";

async fn one(site: &TestSite, query: &'static str, id: Uuid) -> String {
    sqlx::query_scalar(query).bind(id).fetch_one(&mut site.sql().await).await.unwrap()
}

/// The contract's state and version.
pub async fn state_of(site: &TestSite, contract: Uuid) -> String {
    one(site, "select status || ' ' || version from sales_contracts where contract_id = $1", contract).await
}

/// Names a buyer as the owner of an exporting firm; where it is in the register already it is that one.
pub async fn name_buyer(site: &TestSite, owner: &mut Browser, name: &str) -> Uuid {
    let fields = [("name", name), ("country", "DE"), ("address", "Sandtorkai 18, 20457 Hamburg")];
    let answer = site.fill_in(owner, "/buyers/new", "/buyers", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().split('/').find_map(|part| part.parse().ok()).unwrap()
}

/// Hands a paper in with an application.
pub async fn hand_in(site: &TestSite, browser: &mut Browser, subject: &str, id: Uuid, kind: &str) -> Answer {
    let page = format!("/applications/{subject}/{id}/papers");
    let shown = site.get(browser, &page).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    let mut fields = hidden_fields(&shown, &page);
    fields.extend([("document_type", kind), ("reference_number", "")].map(|(n, v)| (n.to_owned(), v.to_owned())));
    let request = UploadForm { fields: pairs(&fields), file_name: "paper.pdf", file: &pdf() }.request(&page);
    site.call(browser, request).await
}

/// What the form of a contract says: 19,200 kg of Sidama, grade 2, at a price in dollars a kilogram.
pub fn terms<'a>(buyer: &'a str, price: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("buyer_id", buyer),
        ("deal_date", "2026-11-18"),
        ("coffee_type", "Sidama"),
        ("processing_method", "WASHED"),
        ("grade", "2"),
        ("quantity", "19200"),
        ("tolerance_pct", "3"),
        ("currency", "USD"),
        ("price_unit", "KG"),
        ("price_quoted", price),
        ("price_basis", "OUTRIGHT"),
        ("contract_value", ""),
        ("payment_method", "CAD"),
        ("incoterm", "FOB"),
        ("named_place", "Djibouti"),
        ("transport_mode", "SEA"),
        ("port_of_loading", "DJJIB"),
        ("port_of_discharge", "DEHAM"),
        ("shipment_month", "2026-12"),
    ];
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

/// Fills the form in, looks at the page that checks it, and hands it in.
pub async fn register(site: &TestSite, owner: &mut Browser, fields: &[(&str, &str)]) -> Uuid {
    let kept = site.fill_in(owner, "/contracts/new", "/contracts/new", fields).await;
    assert_eq!((kept.status, kept.location()), (StatusCode::SEE_OTHER, "/contracts/new/check"), "{}", kept.text);
    let answer = site.fill_in(owner, "/contracts/new/check", "/contracts", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().split('/').find_map(|part| part.parse().ok()).unwrap()
}

/// Decides on a contract by the form of its page.
pub async fn decide(site: &TestSite, username: &str, contract: Uuid, fields: &[(&str, &str)]) -> Answer {
    let mut browser = site.sign_in(username).await;
    let page = format!("/contracts/{contract}");
    site.fill_in(&mut browser, &page, &format!("{page}/decisions"), fields).await
}

/// A contract that was registered by the owner of `exporter` and approved: where the walk may start from.
pub async fn approved_contract(site: &TestSite, owner: &mut Browser, price: &str) -> Uuid {
    let buyer = name_buyer(site, owner, "Hafen Rösterei Altona GmbH").await.to_string();
    let contract = register(site, owner, &terms(&buyer, price, &[])).await;
    for kind in ["contract_document", "buyer_proof_of_business"] {
        let answer = hand_in(site, owner, "contract", contract, kind).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    let answer = decide(site, "ecta.officer", contract, &[("decision", "approve")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    contract
}

/// The minimum price of washed Sidama, grade 2, in the week in which the tests stand.
async fn set_minimum(site: &TestSite, usd: &str) {
    site.execute(&format!(
        "delete from minimum_export_prices where coffee_type = 'Sidama' and grade = '2' and (iso_year, iso_week) >= (2026, 47);
         insert into minimum_export_prices values ('MP-2-SIDAMA-2026-W47', 'Sidama', '2', {usd}, 2026, 47)"
    ))
    .await;
}

#[tokio::test]
async fn a_contract_goes_from_the_deal_to_the_authoritys_approval() {
    let site = TestSite::seeded().await;
    set_minimum(&site, "8.40").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let buyer = name_buyer(&site, &mut owner, "Hafen Rösterei Altona GmbH").await.to_string();

    // Faults stand at their fields, and what was typed stays.
    let faulty = terms(&buyer, "9", &[("transport_mode", "AIR"), ("contract_value", "1"), ("quantity", "19200")]);
    let answer = site.fill_in(&mut owner, "/contracts/new", "/contracts/new", &faulty).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    for field in ["incoterm", "contract_value"] {
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{field}: {}", answer.text);
    }
    assert!(answer.text.contains("value=\"19200\""));

    // The draft is kept; the page that checks it says what is handed in.
    site.fill_in(&mut owner, "/contracts/new", "/contracts/new", &terms(&buyer, "9.6", &[])).await;
    let checked = site.get(&mut owner, "/contracts/new/check").await;
    assert!(checked.text.contains("USD 9.6/kg") && checked.text.contains("435.45 USc/lb"), "{}", checked.text);
    assert!(checked.text.contains("USD 184,320.00"), "the value is worked out: {}", checked.text);
    // Twice the same form is one contract.
    let fields = filled_in(&checked, "/contracts", "", &[]);
    let fields = pairs(&fields);
    let answer = site.post(&mut owner, "/contracts", &fields).await;
    let again = site.post(&mut owner, "/contracts", &fields).await;
    assert_eq!((answer.status, answer.location()), (again.status, again.location()), "{}", again.text);
    let contract: Uuid = answer.location().split('/').find_map(|part| part.parse().ok()).unwrap();
    assert_eq!(state_of(&site, contract).await, "REGISTERED 1");
    let number = one(&site, "select contract_number from sales_contracts where contract_id = $1", contract).await;
    assert!(number.starts_with("SC-2026-"), "{number}");

    // Without the papers nothing is approved.
    let bare = decide(&site, "ecta.officer", contract, &[("decision", "approve")]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.text);
    assert!(bare.text.contains("Papers are missing"), "{}", bare.text);
    for kind in ["contract_document", "buyer_proof_of_business"] {
        hand_in(&site, &mut owner, "contract", contract, kind).await;
    }
    let answer = decide(&site, "ecta.officer", contract, &[("decision", "approve")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(state_of(&site, contract).await, "APPROVED 2");
    let kept = "select minimum_price_number || ' ' || minimum_usd_per_kg || ' ' || price_gap_pct
        from sales_contracts where contract_id = $1";
    assert_eq!(one(&site, kept, contract).await, "MP-2-SIDAMA-2026-W47 8.4000 14.29");
    let record = "select (select count(*) from review_history where subject = 'CONTRACT' and subject_id = $1) || ' '
        || (select count(*) from audit.events where entity_id = $1 and event_type like 'CONTRACT\\_%')";
    assert_eq!(one(&site, record, contract).await, "2 2");
    let ready = "select count(*)::text from export_ready_lots where contract_id = $1";
    assert_ne!(one(&site, ready, contract).await, "0", "exports can be requested under it");
}

/// Domain 13, check 7.
#[tokio::test]
async fn a_contract_at_the_minimum_less_one_cent_is_not_approved_and_an_equal_one_is() {
    let site = TestSite::seeded().await;
    set_minimum(&site, "8.40").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let equal = approved_contract(&site, &mut owner, "8.40").await;
    assert_eq!(state_of(&site, equal).await, "APPROVED 2");

    let buyer = name_buyer(&site, &mut owner, "Hafen Rösterei Altona GmbH").await.to_string();
    let below = register(&site, &mut owner, &terms(&buyer, "8.39", &[])).await;
    for kind in ["contract_document", "buyer_proof_of_business"] {
        hand_in(&site, &mut owner, "contract", below, kind).await;
    }
    let refused = decide(&site, "ecta.officer", below, &[("decision", "approve")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("0.12 % below the minimum of 8.4 (MP-2-SIDAMA-2026-W47)"), "{}", refused.text);
    assert_eq!(state_of(&site, below).await, "REGISTERED 1");

    // Below it only a supervisor approves, and says why.
    let fields = [("decision", "approve-below"), ("reason_approve_below", REASON)];
    let page = format!("/contracts/{below}");
    let mut officer = site.sign_in("ecta.officer").await;
    let shown = site.get(&mut officer, &page).await;
    assert!(!shown.text.contains("approve-below"), "an officer finds no such form");
    let decisions = format!("{page}/decisions");
    let sent = filled_in(&shown, &decisions, "", &fields);
    assert_eq!(site.post(&mut officer, &decisions, &pairs(&sent)).await.status, StatusCode::FORBIDDEN);
    let silent = [("decision", "approve-below"), ("reason_approve_below", "why not")];
    let refused = decide(&site, "ecta.supervisor", below, &silent).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let answer = decide(&site, "ecta.supervisor", below, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let kept = "select status || ' ' || minimum_overridden || ' ' || price_gap_pct from sales_contracts where contract_id = $1";
    assert_eq!(one(&site, kept, below).await, "APPROVED true -0.12");
    assert!(site.get(&mut owner, &page).await.text.contains(REASON));
}

#[tokio::test]
async fn another_currency_is_held_against_the_minimum_by_the_rates_of_the_day_which_are_named() {
    let site = TestSite::seeded().await;
    set_minimum(&site, "8.80").await;
    site.execute(
        "delete from fx_rates where rate_date >= '2026-11-17';
         insert into fx_rates values ('USD', '2026-11-17', 150), ('EUR', '2026-11-17', 165)",
    )
    .await;
    let mut owner = site.sign_in("exporter.owner").await;
    let buyer = name_buyer(&site, &mut owner, "Hafen Rösterei Altona GmbH").await.to_string();
    let contract = register(&site, &mut owner, &terms(&buyer, "8", &[("currency", "EUR")])).await;
    let shown = site.get(&mut owner, &format!("/contracts/{contract}")).await.text;
    assert!(shown.contains("8.8 USD/kg keeps the minimum of"), "{shown}");
    assert!(shown.contains("1 EUR = 165 ETB (17 Nov 2026)") && shown.contains("1 USD = 150 ETB"), "{shown}");
    // A week without a figure goes by the last known, and says so.
    site.execute("update minimum_export_prices set iso_week = 46, price_number = 'MP-X' where price_number = 'MP-2-SIDAMA-2026-W47'
                  and not exists (select from minimum_export_prices where coffee_type = 'Sidama' and grade = '2' and iso_year = 2026 and iso_week = 46)").await;
    site.execute("delete from minimum_export_prices where price_number = 'MP-2-SIDAMA-2026-W47'").await;
    let shown = site.get(&mut owner, &format!("/contracts/{contract}")).await.text;
    assert!(shown.contains("last known, of 2026-W46"), "{shown}");
}

#[tokio::test]
async fn a_returned_contract_is_corrected_and_a_late_one_stays_marked() {
    let site = TestSite::seeded().await;
    set_minimum(&site, "8.40").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let buyer = name_buyer(&site, &mut owner, "Hafen Rösterei Altona GmbH").await.to_string();
    let contract = register(&site, &mut owner, &terms(&buyer, "9", &[("deal_date", "2026-11-16")])).await;
    let page = format!("/contracts/{contract}");
    assert!(site.get(&mut owner, &page).await.text.contains("more than 24 hours after the deal"));

    let short = decide(&site, "ecta.officer", contract, &[("decision", "return"), ("reason", "too short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY, "nine characters are no reason: {}", short.text);
    let question = "Which port do you mean to ship from?";
    let answer = decide(&site, "ecta.officer", contract, &[("decision", "return"), ("reason", question)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let form = format!("{page}/form");
    assert!(site.get(&mut owner, &form).await.text.contains(question));
    let fields = terms(&buyer, "9", &[("deal_date", "2026-11-16"), ("port_of_discharge", "DEBRV")]);
    site.fill_in(&mut owner, &form, &form, &fields).await;
    let answer = site.fill_in(&mut owner, &format!("{page}/check"), &format!("{page}/terms"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(state_of(&site, contract).await, "REGISTERED 3");
    let kept = "select port_of_discharge || ' ' || registered_late from sales_contracts where contract_id = $1";
    assert_eq!(one(&site, kept, contract).await, "DEBRV true");
}

#[tokio::test]
async fn an_amended_price_has_to_be_approved_again_and_a_commission_has_not() {
    let site = TestSite::seeded().await;
    set_minimum(&site, "8.40").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let contract = approved_contract(&site, &mut owner, "9").await;
    let buyer = one(&site, "select buyer_id::text from sales_contracts where contract_id = $1", contract).await;
    let page = format!("/contracts/{contract}");
    let (form, check, stored) = (format!("{page}/form"), format!("{page}/check"), format!("{page}/terms"));

    let paid = terms(&buyer, "9", &[("commission_pct", "1.5")]);
    site.fill_in(&mut owner, &form, &form, &paid).await;
    let answer = site.fill_in(&mut owner, &check, &stored, &[("reason", REASON)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(state_of(&site, contract).await, "APPROVED 3");

    let dearer = terms(&buyer, "9.5", &[("commission_pct", "1.5")]);
    site.fill_in(&mut owner, &form, &form, &dearer).await;
    let told = site.get(&mut owner, &check).await;
    assert!(told.text.contains("9 → 9.5") && told.text.contains("approve the contract again"), "{}", told.text);
    let unagreed = site.fill_in(&mut owner, &check, &stored, &[("reason", REASON)]).await;
    assert_eq!(unagreed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unagreed.text);
    // What was changed after it was shown is not what was agreed to.
    let shown = site.get(&mut owner, &check).await;
    site.fill_in(&mut owner, &form, &form, &terms(&buyer, "9.6", &[])).await;
    let fields = filled_in(&shown, &stored, "", &[("reason", REASON), ("agreed", "yes")]);
    let unseen = site.post(&mut owner, &stored, &pairs(&fields)).await;
    assert_eq!(unseen.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unseen.text);
    let agreed = [("reason", REASON), ("agreed", "yes")];
    let answer = site.fill_in(&mut owner, &check, &stored, &agreed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(state_of(&site, contract).await, "REGISTERED 4");
    let kept = "select amendment || ' ' || (approved_at is null) || ' ' || price_date from sales_contracts where contract_id = $1";
    assert_eq!(one(&site, kept, contract).await, "1 true 2026-11-18");
    let changes = "select details ->> 'changes' from review_history
        where subject = 'CONTRACT' and subject_id = $1 and action = 'amend'";
    assert!(one(&site, changes, contract).await.contains("price_quoted"));
    let answer = decide(&site, "ecta.officer", contract, &[("decision", "approve")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

#[tokio::test]
async fn what_exports_have_taken_of_a_contract_is_not_amended_away() {
    let site = TestSite::seeded().await;
    set_minimum(&site, "8.40").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let contract = approved_contract(&site, &mut owner, "9").await;
    let buyer = one(&site, "select buyer_id::text from sales_contracts where contract_id = $1", contract).await;
    let asked = crate::walk::Asked { contract, ..crate::walk::something_to_ask(&site, "EXPORTER", 600).await };
    let lot = "select lot_id::text from export_ready_lots where contract_id = $1 and free_kg >= 600 limit 1";
    let asked = crate::walk::Asked { lot: one(&site, lot, contract).await.parse().unwrap(), ..asked };
    let export = site.request(&mut owner, &asked, "600").await;
    assert_eq!(state_of(&site, contract).await, "APPROVED 2", "an export is no new version of the contract");

    let page = format!("/contracts/{contract}");
    let (form, check, stored) = (format!("{page}/form"), format!("{page}/check"), format!("{page}/terms"));
    site.fill_in(&mut owner, &form, &form, &terms(&buyer, "9", &[("quantity", "500")])).await;
    let told = site.get(&mut owner, &check).await;
    assert!(told.text.contains("Exports have taken 600 kg"), "{}", told.text);
    assert!(!told.text.contains(&format!("action=\"{stored}\"")));
    site.fill_in(&mut owner, &form, &form, &terms(&buyer, "9", &[("processing_method", "NATURAL")])).await;
    assert!(site.get(&mut owner, &check).await.text.contains("cannot become another coffee"));

    // What exports do not follow leaves them as they are; a permit they get all the same only when it is approved.
    site.fill_in(&mut owner, &form, &form, &terms(&buyer, "9", &[("tolerance_pct", "2")])).await;
    let told = site.get(&mut owner, &check).await.text;
    assert!(
        told.contains("approve the contract again") && told.contains("without an export permit it waits"),
        "{told}"
    );
    assert!(!told.contains("not touched"), "{told}");

    // A new price is the contract's; the export keeps its own and is told.
    site.fill_in(&mut owner, &form, &form, &terms(&buyer, "9.5", &[])).await;
    let told = site.get(&mut owner, &check).await.text;
    assert!(
        told.contains("Running under it: one export.") && told.contains("keeps what it was requested with"),
        "{told}"
    );
    let answer = site.fill_in(&mut owner, &check, &stored, &[("reason", REASON), ("agreed", "yes")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let price = "select price_per_kg::float8::text from exports where export_id = $1";
    assert_eq!(one(&site, price, export).await, "9");
    let case = site.get(&mut owner, &format!("/exports/{export}")).await.text;
    assert!(case.contains("says something else now"), "{case}");
}

#[tokio::test]
async fn a_contract_ends_by_its_date_before_the_nightly_work_has_noted_it() {
    let site = TestSite::seeded().await;
    set_minimum(&site, "8.40").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let contract = approved_contract(&site, &mut owner, "9").await;
    let last = "select shipment_deadline::text from sales_contracts where contract_id = $1";
    assert_eq!(one(&site, last, contract).await, "2027-02-16", "ninety days from 18 November");
    let ready = "select (count(*) > 0)::text from export_ready_lots where contract_id = $1";
    assert_eq!(one(&site, ready, contract).await, "true");
    let number = one(&site, "select contract_number from sales_contracts where contract_id = $1", contract).await;
    site.execute(&format!(
        "update sales_contracts set shipment_deadline = '2026-11-18' where contract_id = '{contract}'"
    ))
    .await;
    assert!(site.get(&mut owner, "/exports/new").await.text.contains(&number), "its last day counts");
    site.execute(&format!(
        "update sales_contracts set shipment_deadline = '2026-11-17' where contract_id = '{contract}'"
    ))
    .await;
    assert_eq!(state_of(&site, contract).await, "APPROVED 2");
    assert!(!site.get(&mut owner, "/exports/new").await.text.contains(&number), "no new exports under it");

    let ended = jebena::sourcing::contracts::expire_contracts(&site.state.db, site.now()).await.unwrap();
    assert!(ended >= 1);
    assert_eq!(state_of(&site, contract).await, "EXPIRED 3");
    let history = "select action || ' ' || (changed_by is null) from review_history
        where subject = 'CONTRACT' and subject_id = $1 order by version desc limit 1";
    assert_eq!(one(&site, history, contract).await, "expire true");
    assert_eq!(jebena::sourcing::contracts::expire_contracts(&site.state.db, site.now()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_contract_is_its_own_exporters_and_each_desk_does_its_own() {
    let site = TestSite::seeded().await;
    set_minimum(&site, "8.40").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let buyer = name_buyer(&site, &mut owner, "Hafen Rösterei Altona GmbH").await;
    let contract = register(&site, &mut owner, &terms(&buyer.to_string(), "9", &[])).await;
    let page = format!("/contracts/{contract}");
    let mut other = site.sign_in("exporter2.owner").await;
    for path in [
        page.clone(),
        format!("{page}/form"),
        format!("/buyers/{buyer}"),
        format!("/applications/contract/{contract}/papers"),
    ] {
        assert_eq!(site.get(&mut other, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for (username, looks_up_prices) in [("nbe.officer", true), ("customs.officer", false), ("auditor", true)] {
        let mut browser = site.sign_in(username).await;
        let shown = site.get(&mut browser, &page).await;
        assert_eq!(shown.status, StatusCode::OK, "{username}: {}", shown.text);
        // A link leads nobody to a page that is closed to them.
        assert_eq!(shown.text.contains("href=\"/reference/prices?week="), looks_up_prices, "{username}");
        assert!(!shown.text.contains(&format!("action=\"{page}/decisions\"")), "{username} decides nothing");
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        let key = Uuid::new_v4().to_string();
        let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("version", "1"), ("decision", "approve")];
        let answer = site.post(&mut browser, &format!("{page}/decisions"), &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{username}: {}", answer.text);
    }
    let mut bank = site.sign_in("bank.officer").await;
    assert_eq!(site.get(&mut bank, &page).await.status, StatusCode::NOT_FOUND, "no export of its own is under it");
    let mut carrier = site.sign_in("shipping.officer").await;
    assert_eq!(site.get(&mut carrier, "/contracts").await.status, StatusCode::FORBIDDEN);

    // Who was slower is told.
    let mut officer = site.sign_in("ecta.officer").await;
    let shown = site.get(&mut officer, &page).await;
    let decisions = format!("{page}/decisions");
    let reject = filled_in(&shown, &decisions, "", &[("decision", "reject"), ("reason", REASON)]);
    let answer = decide(&site, "ecta.supervisor", contract, &[("decision", "return"), ("reason", REASON)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.post(&mut officer, &decisions, &pairs(&reject)).await.status, StatusCode::CONFLICT);
    // Cancelled with a reason, and then closed to everybody.
    let cancel = [("decision", "cancel"), ("reason_cancel", REASON)];
    let answer = site.fill_in(&mut owner, &page, &decisions, &cancel).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(state_of(&site, contract).await, "CANCELLED 3");
}

#[tokio::test]
async fn a_buyer_is_named_once_and_verified_with_a_proof() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let buyer = name_buyer(&site, &mut owner, "Nordlicht Kaffee GmbH").await;
    let mut other = site.sign_in("exporter2.owner").await;
    let page = format!("/buyers/{buyer}");
    assert_eq!(site.get(&mut other, &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(name_buyer(&site, &mut other, "NORDLICHT-KAFFEE G.m.b.H.").await, buyer, "one register for all");
    assert_eq!(site.get(&mut other, &page).await.status, StatusCode::OK);
    assert_eq!(
        site.get(&mut other, &format!("{page}/form")).await.status,
        StatusCode::NOT_FOUND,
        "who named it corrects it"
    );

    let verify = [("decision", "verify")];
    let decisions = format!("{page}/decisions");
    let mut officer = site.sign_in("ecta.officer").await;
    let bare = site.fill_in(&mut officer, &page, &decisions, &verify).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.text);
    let answer = hand_in(&site, &mut owner, "buyer", buyer, "buyer_proof_of_business").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let answer = site.fill_in(&mut officer, &page, &decisions, &verify).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let status = "select status from buyers where buyer_id = $1";
    assert_eq!(one(&site, status, buyer).await, "VERIFIED");

    // Suspended by a supervisor it signs nothing more.
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let suspend = [("decision", "suspend"), ("reason_suspend", "It has not paid for two shipments.")];
    let answer = site.fill_in(&mut supervisor, &page, &decisions, &suspend).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let id = buyer.to_string();
    let answer = site.fill_in(&mut owner, "/contracts/new", "/contracts/new", &terms(&id, "9", &[])).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("rejected or suspended in the register"), "{}", answer.text);
}

#[tokio::test]
async fn the_legal_moves_of_contracts_and_buyers_are_those_of_their_tables() {
    let site = TestSite::start().await;
    for (subject, workflow) in
        [("CONTRACT", &jebena::sourcing::contracts::WORKFLOW), ("BUYER", &jebena::sourcing::buyers::WORKFLOW)]
    {
        let mut rows: Vec<(String, String, String)> =
            sqlx::query_as("select from_state, action, to_state from legal_moves where subject = $1")
                .bind(subject)
                .fetch_all(&mut site.sql().await)
                .await
                .unwrap();
        rows.sort();
        assert_eq!(rows, jebena::review::legal_moves(workflow), "{subject}");
    }
}

#[tokio::test]
async fn a_bank_reads_what_the_register_says_of_a_buyer_that_it_may_not_open() {
    let site = TestSite::seeded().await;
    let bank = crate::walk::organization(&site, "BANK").await;
    let contract: Uuid = sqlx::query_scalar(
        "select e.contract_id from exports e join sales_contracts c using (contract_id) join buyers b using (buyer_id)
         where e.bank_organization_id = $1 and e.status <> 'DRAFT' and b.status = 'VERIFIED' and c.status = 'APPROVED'
         order by e.export_id limit 1",
    )
    .bind(bank)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let mut officer = site.sign_in("bank.officer").await;
    let page = site.get(&mut officer, &format!("/contracts/{contract}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("The buyer is verified in the register."), "{}", page.text);
    assert!(!page.text.contains("proof of business"), "a verified buyer needs none: {}", page.text);
    assert!(!page.text.contains("href=\"/buyers/"), "no way leads to what it may not open: {}", page.text);
    // What the bank may not read is neither missing nor untold.
    for told in [">missing<", "Nothing recorded yet", "Nobody has written anything yet"] {
        assert!(!page.text.contains(told), "{told}: {}", page.text);
    }
    assert!(page.text.contains("between the applicant and the authority"), "{}", page.text);
    let mut owner = site.sign_in("ecta.officer").await;
    let page = site.get(&mut owner, &format!("/contracts/{contract}")).await;
    assert!(page.text.contains("href=\"/buyers/"), "{}", page.text);
    assert!(!page.text.contains(">missing<"), "what has been approved lacks nothing: {}", page.text);
}

#[tokio::test]
async fn a_contract_waits_as_long_in_its_list_as_on_its_page() {
    let site = TestSite::seeded().await;
    let contract: (Uuid, String) = sqlx::query_as(
        "select contract_id, contract_number from sales_contracts where status = 'REGISTERED' order by created_at limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let mut officer = site.sign_in("ecta.officer").await;
    let days = |text: &str| {
        let before = text.split(" working days").next().unwrap();
        before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap().to_owned()
    };
    let page = site.get(&mut officer, &format!("/contracts/{}", contract.0)).await.text;
    let list = site.get(&mut officer, "/contracts").await.text;
    let line = list.split(&contract.1).nth(1).unwrap();
    assert_eq!(days(line), days(&page));
}
