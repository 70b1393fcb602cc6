//! The proceeds of an export: receipts in instalments, what is taken back, what is closed short, who sees it.

use futures::future::join_all;
use http::StatusCode;
use rust_decimal::Decimal;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::decisions::submitted;
use crate::revisions::text;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{filled_in, walk};

const STATE: &str = "select status || ' ' || proceeds from exports where export_id = $1";
const SUM: &str =
    "select coalesce(sum(received_amount), 0)::text || ' of ' || count(*) from export_settlements where export_id = $1";

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What is owed and still to come.
async fn outstanding(site: &TestSite, export: Uuid) -> Decimal {
    let query = "select (estimated_value - coalesce((select sum(received_amount) from export_settlements s
        where s.export_id = e.export_id), 0))::text from exports e where export_id = $1";
    text(site, query, export).await.parse().unwrap()
}

/// The fields of a receipt of `amount`.
pub fn receipt(site: &TestSite, reference: &str, amount: Decimal) -> Vec<(String, String)> {
    [
        ("received_on", jebena::calendar::eat_date(site.now()).to_string()),
        ("bank_reference", reference.to_owned()),
        ("received_amount", amount.to_string()),
        ("bank_charges", "25.00".to_owned()),
        ("etb_per_unit", "133.0000".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

pub async fn record(site: &TestSite, browser: &mut Browser, export: Uuid, fields: &[(String, String)]) -> Answer {
    let (page, action) = (format!("/exports/{export}/settlement"), format!("/exports/{export}/receipts"));
    site.fill_in(browser, &page, &action, &pairs(fields)).await
}

/// Records what is still to come, if something is, as the supervisor of the bank.
pub async fn pay(site: &TestSite, export: Uuid) {
    let amount = outstanding(site, export).await;
    if amount > Decimal::ZERO {
        let mut bank = site.sign_in("bank.supervisor").await;
        let answer = record(site, &mut bank, export, &receipt(site, "FT26324/REST", amount)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
}

/// An export that waits for its settlement, and the bank's supervisor.
async fn at_settlement(site: &TestSite) -> (Uuid, Browser) {
    let export = submitted(site).await;
    walk(site, export, "origin").await;
    (export, site.sign_in("bank.supervisor").await)
}

async fn complete(site: &TestSite, username: &str, export: Uuid) -> Answer {
    site.decide(username, export, "settlement", &[("decision", "approve")]).await
}

#[tokio::test]
async fn two_instalments_pay_an_export_and_only_then_is_it_completed() {
    let site = TestSite::seeded().await;
    let (export, mut bank) = at_settlement(&site).await;
    let page = format!("/exports/{export}/settlement");
    let value = outstanding(&site, export).await;
    assert!(site.get(&mut bank, &page).await.text.contains("Nothing has come yet"));

    let answer = record(&site, &mut bank, export, &receipt(&site, "FT-1", decimal("1000.01"))).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.text);
    assert_eq!(text(&site, STATE, export).await, "SHIPPED OUTSTANDING");
    assert_eq!(outstanding(&site, export).await, value - decimal("1000.01"));
    let refused = complete(&site, "bank.supervisor", export).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("is still outstanding"), "{}", refused.text);
    assert_eq!(site.state_of(export).await.1, "SETTLEMENT");

    // An odd cent is neither lost nor doubled; each receipt is split by itself.
    let split = "select retained_amount || ' ' || surrendered_amount || ' ' || etb_credited from export_settlements
        where export_id = $1 and receipt_number = 1";
    assert_eq!(text(&site, split, export).await, "500.01 500.00 66500.00");
    pay(&site, export).await;
    assert_eq!(text(&site, STATE, export).await, "SHIPPED RECEIVED");
    let shown = site.get(&mut bank, &page).await.text;
    assert!(shown.contains("FT-1") && shown.contains("FT26324/REST") && shown.contains("Received in full"), "{shown}");
    let answer = complete(&site, "bank.supervisor", export).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, STATE, export).await, "COMPLETED RECEIVED");
    assert_eq!(text(&site, SUM, export).await, format!("{value} of 2"));
    let record =
        "select (select count(*) from export_status_history where export_id = $1 and action = 'receive') || ' '
        || (select count(*) from audit.events where entity_id = $1 and event_type = 'PROCEEDS_RECEIVED')";
    assert_eq!(text(&site, record, export).await, "2 2");

    // Exporter and regulators read it, the carrier knows nothing of money, another bank nothing at all.
    for reader in ["exporter.owner", "nbe.officer", "ecta.officer", "customs.officer", "auditor"] {
        let mut browser = site.sign_in(reader).await;
        let shown = site.get(&mut browser, &page).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains("FT-1"), "{reader}: {}", shown.text);
        assert!(!shown.text.contains("/receipts"), "{reader} has no form: {}", shown.text);
    }
    for stranger in ["shipping.officer", "bank2.officer"] {
        let mut browser = site.sign_in(stranger).await;
        assert_eq!(site.get(&mut browser, &page).await.status, StatusCode::NOT_FOUND, "{stranger}");
    }
    let mut carrier = site.sign_in("shipping.officer").await;
    let case = site.get(&mut carrier, &format!("/exports/{export}")).await.text;
    assert!(!case.contains("Kept by the exporter") && !case.contains(&page), "{case}");
}

#[tokio::test]
async fn a_receipt_in_error_keeps_what_was_typed_and_stores_nothing() {
    let site = TestSite::seeded().await;
    let (export, mut bank) = at_settlement(&site).await;
    let value = outstanding(&site, export).await;
    let first = record(&site, &mut bank, export, &receipt(&site, "FT-1", decimal("100"))).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    let with = |changes: &[(&str, &str)]| {
        let mut fields = receipt(&site, "FT-2", decimal("100"));
        for (name, value) in changes {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        fields
    };
    let tomorrow = (jebena::calendar::eat_date(site.now()) + chrono::Duration::days(1)).to_string();
    let much = (value + decimal("1.01")).to_string();
    for (changes, field) in [
        (vec![("received_on", tomorrow.as_str())], "received_on"),
        (vec![("bank_reference", "")], "bank_reference"),
        (vec![("bank_reference", "ft-1")], "bank_reference"),
        (vec![("received_amount", "0")], "received_amount"),
        (vec![("received_amount", "12.345")], "received_amount"),
        (vec![("bank_charges", "100")], "bank_charges"),
        (vec![("etb_per_unit", "0")], "etb_per_unit"),
        (vec![("received_amount", much.as_str())], "excess_reason"),
        (vec![("received_amount", much.as_str()), ("excess_reason", "too short")], "excess_reason"),
    ] {
        let answer = record(&site, &mut bank, export, &with(&changes)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}: {}", answer.text);
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{changes:?}: {}", answer.text);
        assert!(answer.text.contains("value=\"25.00\"") || field == "bank_charges", "typed: {}", answer.text);
        assert_eq!(text(&site, SUM, export).await, "100.00 of 1");
    }
    // So little more is rounding; more than that needs to be said.
    let all_but = (value - decimal("99")).to_string();
    let answer = record(&site, &mut bank, export, &with(&[("received_amount", &all_but)])).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let said = "The buyer paid the freight of the next shipment along with it.";
    let more = [("bank_reference", "FT-3"), ("excess_reason", said)];
    let answer = record(&site, &mut bank, export, &with(&more)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let shown = site.get(&mut bank, &format!("/exports/{export}/settlement")).await.text;
    assert!(shown.contains(said) && shown.contains("More than owed"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_receipt_is_taken_back_by_an_entry_of_its_own_once() {
    let site = TestSite::seeded_for_crowds().await;
    let (export, mut bank) = at_settlement(&site).await;
    pay(&site, export).await;
    assert_eq!(text(&site, STATE, export).await, "SHIPPED RECEIVED");
    let reversal = format!("/exports/{export}/receipts/1/reversal");
    let short = site.fill_in(&mut bank, &reversal, &reversal, &[("reason", "oops")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", short.text);
    assert!(short.text.contains("#reason") && short.text.contains("oops"), "{}", short.text);
    let reason = [("reason", "The credit advice is of another export.")];
    let shown = site.get(&mut bank, &reversal).await;
    let sent = filled_in(&shown, &reversal, "", &reason);
    let answers = join_all((0..5).map(|_| {
        let (site, mut browser, sent, reversal) = (&site, bank.clone(), &sent, &reversal);
        async move { site.post(&mut browser, reversal, &pairs(sent)).await }
    }))
    .await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::SEE_OTHER), "{:?}", answers[0].text);
    assert_eq!(text(&site, STATE, export).await, "SHIPPED OUTSTANDING");
    assert_eq!(text(&site, SUM, export).await, "0.00 of 2");
    let sums =
        "select concat_ws(' ', sum(retained_amount), sum(surrendered_amount), sum(etb_credited), sum(bank_charges))
        from export_settlements where export_id = $1";
    assert_eq!(text(&site, sums, export).await, "0.00 0.00 0.00 0.00");
    // Neither the receipt again nor the entry that took it back.
    for number in [1, 2, 3] {
        let address = format!("/exports/{export}/receipts/{number}/reversal");
        assert_eq!(site.get(&mut bank, &address).await.status, StatusCode::NOT_FOUND, "{number}");
    }
    let page = site.get(&mut bank, &format!("/exports/{export}/settlement")).await.text;
    assert!(page.contains("taken back by 2") && page.contains("takes back 1"), "{page}");
    // The same reference may be recorded again, now rightly.
    pay(&site, export).await;
    assert_eq!(complete(&site, "bank.supervisor", export).await.status, StatusCode::SEE_OTHER);

    // The database holds it too: no other amount, not twice, not without a word.
    let insert = |amount: &str, reverses: &str, note: &str| {
        format!(
            "insert into export_settlements (export_id, receipt_number, currency, received_amount, bank_charges, received_on,
                 etb_per_unit, retain_pct, retained_amount, surrendered_amount, etb_credited, bank_reference, reverses, note,
                 recorded_by, recorded_at)
             select export_id, 4, currency, {amount}, 0, received_on, etb_per_unit, retain_pct, 0, {amount}, 0, 'X-1', {reverses},
                 {note}, recorded_by, recorded_at
             from export_settlements where export_id = '{export}' and receipt_number = 3"
        )
    };
    for (amount, reverses, note, refused) in [
        ("-1", "3", "'Taken back in part'", "export_settlements_reverses"),
        ("-received_amount", "1", "'Taken back again'", "export_settlements_once"),
        ("-received_amount", "3", "null", "export_settlements_taken_back"),
        ("-received_amount", "null", "null", "export_settlements_signs"),
    ] {
        let tried = sqlx::raw_sql(AssertSqlSafe(insert(amount, reverses, note))).execute(&mut site.sql().await).await;
        let error = tried.unwrap_err().to_string();
        assert!(error.contains(refused), "{amount} {reverses}: {error}");
    }
}

/// The fields by which an export is closed short, with a document that it has.
pub async fn short_fields(site: &TestSite, export: Uuid, reason: &str, remark: &str) -> Vec<(String, String)> {
    let document = "select document_id::text from export_documents where export_id = $1 and is_active
        order by document_type limit 1";
    let evidence = text(site, document, export).await;
    [("shortfall_reason", reason), ("remark", remark), ("evidence", &evidence)]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
}

async fn close(site: &TestSite, browser: &mut Browser, export: Uuid, fields: &[(String, String)]) -> Answer {
    let (page, action) = (format!("/exports/{export}/settlement"), format!("/exports/{export}/shortfall"));
    site.fill_in(browser, &page, &action, &pairs(fields)).await
}

#[tokio::test]
async fn what_is_a_little_short_is_closed_by_one_officer_with_its_reason_and_evidence() {
    let site = TestSite::seeded().await;
    let (export, mut bank) = at_settlement(&site).await;
    let value = outstanding(&site, export).await;
    let missing = (value / decimal("100")).round_dp(2) - decimal("0.01");
    let answer = record(&site, &mut bank, export, &receipt(&site, "FT-1", value - missing)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);

    let good = short_fields(&site, export, "WEIGHT_CLAIM", "").await;
    for (name, value, field) in [
        ("shortfall_reason", "", "shortfall_reason"),
        ("shortfall_reason", "OTHER", "remark"),
        ("evidence", "", "evidence"),
        ("evidence", "0193e5a0-0000-7000-8000-000000000001", "evidence"),
    ] {
        let mut fields = good.clone();
        fields.retain(|(known, _)| known != name);
        fields.push((name.to_owned(), value.to_owned()));
        let answer = close(&site, &mut bank, export, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text);
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{name}: {}", answer.text);
        assert_eq!(text(&site, STATE, export).await, "SHIPPED OUTSTANDING");
    }
    let answer = close(&site, &mut bank, export, &good).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, STATE, export).await, "COMPLETED SHORT");
    let row = "select concat_ws(' ', due_amount - received_amount, shortfall_reason, document_id is not null,
        first_officer is null) from export_shortfalls where export_id = $1";
    assert_eq!(text(&site, row, export).await, format!("{missing} WEIGHT_CLAIM t t"));

    // The National Bank finds it, and reads what is missing and why; a carrier cannot narrow its list by money.
    let number = text(&site, "select export_number from exports where export_id = $1", export).await;
    let mut nbe = site.sign_in("nbe.officer").await;
    let list = site.get(&mut nbe, "/exports?proceeds=SHORT").await.text;
    assert!(list.contains(&number), "{list}");
    let short = site.get(&mut nbe, "/proceeds").await.text;
    assert!(short.contains(&number) && short.contains("Weight claim of the buyer"), "{short}");
    let mut other = site.sign_in("bank2.officer").await;
    assert!(!site.get(&mut other, "/proceeds").await.text.contains(&number), "it is another bank's");
    let paid = site.get(&mut nbe, "/exports?proceeds=RECEIVED").await.text;
    assert!(!paid.contains(&number), "{paid}");
    let page = site.get(&mut nbe, &format!("/exports/{export}/settlement")).await.text;
    assert!(page.contains("Weight claim of the buyer") && page.contains("Closed short"), "{page}");
    let mut carrier = site.sign_in("shipping.officer").await;
    let list = site.get(&mut carrier, "/exports?proceeds=RECEIVED").await.text;
    assert!(list.contains(&number) && !list.contains("name=\"proceeds\""), "{list}");
}

#[tokio::test]
async fn what_is_far_short_needs_a_second_officer_and_a_new_receipt_undoes_the_first() {
    let site = TestSite::seeded().await;
    let (export, mut bank) = at_settlement(&site).await;
    let value = outstanding(&site, export).await;
    let most = receipt(&site, "FT-1", (value * decimal("0.9")).round_dp(2));
    assert_eq!(record(&site, &mut bank, export, &most).await.status, StatusCode::SEE_OTHER);
    let fields = short_fields(&site, export, "OTHER", "The buyer's store burnt down.").await;
    let answer = close(&site, &mut bank, export, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, STATE, export).await, "SHIPPED OUTSTANDING", "one officer is not enough");
    let same = complete(&site, "bank.supervisor", export).await;
    assert_eq!(same.status, StatusCode::FORBIDDEN, "{}", same.text);

    // A receipt makes it another account: nobody confirms what is no longer so.
    let answer = record(&site, &mut bank, export, &receipt(&site, "FT-2", decimal("100"))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let waiting = "select count(*)::text from export_approvals where export_id = $1 and status = 'PENDING'
        and superseded_at is null";
    assert_eq!(text(&site, waiting, export).await, "0");
    let answer = close(&site, &mut bank, export, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, waiting, export).await, "1");

    let mut second = site.sign_in("bank.officer2").await;
    let case = site.get(&mut second, &format!("/exports/{export}")).await.text;
    assert!(case.contains("The buyer&#39;s store burnt down.") || case.contains("store burnt down."), "{case}");
    let answer = complete(&site, "bank.officer2", export).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, STATE, export).await, "COMPLETED SHORT");
    let row =
        "select shortfall_reason || ' ' || (first_officer <> closed_by) from export_shortfalls where export_id = $1";
    assert_eq!(text(&site, row, export).await, "OTHER true");
    let report = site.get(&mut second, "/reports/settlements?format=csv").await.text;
    let number = text(&site, "select export_number from exports where export_id = $1", export).await;
    assert!(!report.contains(&number), "what is closed is not due: {report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn only_the_exports_bank_records_and_the_last_version_counts() {
    let site = TestSite::seeded_for_crowds().await;
    let (export, mut bank) = at_settlement(&site).await;
    let (page, action) = (format!("/exports/{export}/settlement"), format!("/exports/{export}/receipts"));
    let shown = site.get(&mut bank, &page).await;
    let fields = receipt(&site, "FT-1", decimal("500"));
    let sent = filled_in(&shown, &action, "", &pairs(&fields));
    let answers = join_all((0..20).map(|_| {
        let (site, mut browser, sent, action) = (&site, bank.clone(), &sent, &action);
        async move { site.post(&mut browser, action, &pairs(sent)).await }
    }))
    .await;
    for answer in &answers {
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.text);
    }
    assert_eq!(text(&site, SUM, export).await, "500.00 of 1");
    // A form of an older version is stale; others have no business with it.
    let with_key = |csrf: Option<&str>| -> Vec<(String, String)> {
        let mut fields = sent.clone();
        for (name, value) in &mut fields {
            match (name.as_str(), csrf) {
                ("idempotency_key", _) => *value = Uuid::now_v7().to_string(),
                ("csrf", Some(csrf)) => csrf.clone_into(value),
                _ => {}
            }
        }
        fields
    };
    assert_eq!(site.post(&mut bank, &action, &pairs(&with_key(None))).await.status, StatusCode::CONFLICT);
    for (who, status) in [
        ("exporter.owner", StatusCode::FORBIDDEN),
        ("nbe.officer", StatusCode::FORBIDDEN),
        ("shipping.officer", StatusCode::FORBIDDEN),
        ("bank2.officer", StatusCode::NOT_FOUND),
    ] {
        let mut browser = site.sign_in(who).await;
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        for (path, own) in [
            ("receipts", None),
            ("shortfall", Some(("shortfall_reason", "OTHER"))),
            ("receipts/1/reversal", Some(("reason", "It is none of my business."))),
        ] {
            let mut fields = with_key(Some(&csrf));
            if let Some((name, value)) = own {
                fields.retain(|(name, _)| ["csrf", "idempotency_key", "version"].contains(&name.as_str()));
                fields.push((name.to_owned(), value.to_owned()));
            }
            let answer = site.post(&mut browser, &format!("/exports/{export}/{path}"), &pairs(&fields)).await;
            assert_eq!(answer.status, status, "{who} at {path}: {}", answer.text);
        }
    }
    assert_eq!(text(&site, SUM, export).await, "500.00 of 1");
    // What is outstanding follows in the report, at the day as it was put off.
    let mut nbe = site.sign_in("nbe.officer").await;
    let case = format!("/exports/{export}");
    let later = crate::extensions::GRANTED;
    let answer = site.fill_in(&mut nbe, &case, &format!("{case}/extension"), &later).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let number = text(&site, "select export_number from exports where export_id = $1", export).await;
    let report = site.get(&mut nbe, "/reports/settlements?format=csv").await.text;
    let line = report.lines().find(|line| line.contains(&number)).unwrap_or_else(|| panic!("{report}"));
    assert!(line.contains("2027-06-01"), "{line}");
    assert!(line.contains(&outstanding(&site, export).await.to_string()), "{line}");
}

#[tokio::test]
async fn each_receipt_is_split_by_the_rule_of_its_own_day() {
    let site = TestSite::seeded().await;
    let (export, mut bank) = at_settlement(&site).await;
    let today = jebena::calendar::eat_date(site.now());
    let yesterday = today - chrono::Duration::days(1);
    site.execute(&format!("update exports set bank_permit_date = '{yesterday}' where export_id = '{export}'")).await;
    site.execute(&format!(
        "insert into fx_retention_rules (valid_from, retain_pct, note) values ('{today}', 40, 'A new directive')"
    ))
    .await;
    for (day, reference) in [(yesterday, "FT-1"), (today, "FT-2")] {
        let mut fields = receipt(&site, reference, decimal("1000"));
        fields.retain(|(name, _)| name != "received_on");
        fields.push(("received_on".to_owned(), day.to_string()));
        let answer = record(&site, &mut bank, export, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    let split = "select string_agg(retained_amount || '/' || surrendered_amount, ' ' order by receipt_number)
        from export_settlements where export_id = $1";
    assert_eq!(text(&site, split, export).await, "500.00/500.00 400.00/600.00");
}
