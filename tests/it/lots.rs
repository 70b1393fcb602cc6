//! Lots: registered by their owner, held against the receipt by their desk, corrected and handed in again.

use chrono::{Days, NaiveDate};
use http::StatusCode;
use jebena::calendar::eat_date;
use uuid::Uuid;

use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite, pairs};

/// A lot of the exchange's auction as its owner types it in, `days` days after its receipt was written.
pub fn fields_of(number: &str, today: NaiveDate, days: u64) -> Vec<(String, String)> {
    let bought = today.checked_sub_days(Days::new(days)).unwrap().to_string();
    [
        ("source", "ECX"),
        ("lot_number", number),
        ("warehouse_receipt_number", &format!("WR-{number}")),
        ("receipt_date", &bought),
        ("warehouse_location", "Hawassa"),
        ("warehouse_name", "Hawassa warehouse 2"),
        ("coffee_type", "Sidama"),
        ("origin_region", "Sidama"),
        ("processing_method", "WASHED"),
        ("preliminary_grade", "2"),
        ("crop_year", "2025/26"),
        ("coffee_contract_symbol", "WSDA"),
        ("quantity", "19,200"),
        ("bags", "320"),
        ("purchase_date", &bought),
        ("purchase_price", "900"),
        ("purchase_total", ""),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// `fields` with `changed` in the place of what they say.
pub fn with(mut fields: Vec<(String, String)>, changed: &[(&str, &str)]) -> Vec<(String, String)> {
    for (name, value) in changed {
        fields.retain(|(known, _)| known != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

/// What an officer reads off the receipt of a lot that is as it was registered.
pub async fn receipt_of(site: &TestSite, lot: Uuid) -> Vec<(String, String)> {
    let (source, number, receipt, tin, quantity, grade, expires): (
        String,
        String,
        String,
        String,
        String,
        String,
        String,
    ) = sqlx::query_as(
        "select l.source, l.ecx_lot_number, l.warehouse_receipt_number, p.tin, l.quantity::text,
                    coalesce(l.preliminary_grade, ''), coalesce(l.receipt_expires_on::text, '')
             from coffee_lots l join exporter_profiles p on p.exporter_id = l.purchased_by where l.lot_id = $1",
    )
    .bind(lot)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let number = if source == "ECX" { number } else { String::new() };
    [
        ("seen_number", number),
        ("seen_receipt", receipt),
        ("seen_tin", tin),
        ("seen_quantity", quantity),
        ("seen_grade", grade),
        ("seen_expires_on", expires),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

impl TestSite {
    /// Fills in the form of a lot, checks the answers and registers it.
    pub async fn register_lot(&self, browser: &mut Browser, fields: &[(String, String)]) -> Uuid {
        let checked = self.fill_in(browser, "/lots/new", "/lots/new", &pairs(fields)).await;
        assert_eq!(
            (checked.status, checked.location()),
            (StatusCode::SEE_OTHER, "/lots/new/check"),
            "{}",
            checked.text
        );
        let registered = self.fill_in(browser, "/lots/new/check", "/lots", &[]).await;
        assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.text);
        registered.location().rsplit('/').next().unwrap().parse().unwrap()
    }

    /// Decides on a lot as `username`: the answer and what was read off its receipt.
    pub async fn decide_lot(&self, username: &str, lot: Uuid, decision: &str, changed: &[(&str, &str)]) -> Answer {
        let mut browser = self.sign_in(username).await;
        let mut fields = with(receipt_of(self, lot).await, changed);
        fields.push(("decision".to_owned(), decision.to_owned()));
        if !fields.iter().any(|(name, _)| name == "reason") {
            fields.push(("reason".to_owned(), String::new()));
        }
        let page = format!("/lots/{lot}");
        self.fill_in(&mut browser, &page, &format!("{page}/decisions"), &pairs(&fields)).await
    }

    /// A lot that its owner has registered and its desk has verified.
    pub async fn verified_lot(&self, browser: &mut Browser, fields: &[(String, String)]) -> Uuid {
        let lot = self.register_lot(browser, fields).await;
        let of_exchange = fields.iter().any(|(name, value)| name == "source" && value == "ECX");
        let officer = if of_exchange { "ecx.officer" } else { "ecta.officer" };
        let answer = self.decide_lot(officer, lot, "approve", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        lot
    }

    async fn verification_of(&self, lot: Uuid) -> String {
        sqlx::query_scalar("select verification from coffee_lots where lot_id = $1")
            .bind(lot)
            .fetch_one(&mut self.sql().await)
            .await
            .unwrap()
    }
}

fn today(site: &TestSite) -> NaiveDate {
    eat_date(site.now())
}

const REASON: (&str, &str) = ("reason", "The receipt names another grade than the lot.");

#[tokio::test]
async fn a_lot_is_registered_verified_and_its_history_says_so() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let lot = site.register_lot(&mut owner, &fields_of("ECX-2026-990001", today(&site), 3)).await;
    let page = site.get(&mut owner, &format!("/lots/{lot}")).await;
    for said in
        ["ECX-2026-990001", "19,200 kg", "Waits for verification", "WR-ECX-2026-990001", "17,280,000.00", "E.C."]
    {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(!page.text.contains("name=\"decision\""), "an owner decides nothing");
    let answer = site.decide_lot("ecx.officer", lot, "approve", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let (state, by, moves, events): (String, String, String, i64) = sqlx::query_as(
        "select l.verification, u.username,
                (select string_agg(from_state || '>' || action || '>' || to_state, ' ' order by version) from review_history
                 where subject = 'LOT' and subject_id = l.lot_id),
                (select count(*) from audit.events where entity_id = l.lot_id and event_type in ('LOT_REGISTERED', 'LOT_VERIFIED'))
         from coffee_lots l join users u on u.id = l.ecx_verified_by where l.lot_id = $1",
    )
    .bind(lot)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((state.as_str(), by.as_str(), events), ("VERIFIED", "ecx.officer", 2));
    assert_eq!(moves, ">register>PENDING PENDING>approve>VERIFIED");
    assert_eq!(site.count("select count(*) from drafts").await, 0);
    let page = site.get(&mut owner, &format!("/lots/{lot}")).await;
    assert!(page.text.contains("Verified by") && page.text.contains("verified") || page.text.contains("approved"));
}

#[tokio::test]
async fn what_differs_from_the_receipt_is_told_at_its_field_and_nothing_is_verified() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let lot = site.register_lot(&mut owner, &fields_of("ECX-2026-990002", today(&site), 3)).await;
    let mut sql = site.sql().await;
    let before = Rows::besides_the_record(&mut sql).await;
    for (field, value, said) in [
        ("seen_quantity", "19,000", "The lot says: 19,200"),
        ("seen_number", "ECX-2026-1", "The lot says: ECX-2026-990002"),
        ("seen_receipt", "WR-1", "The lot says: WR-ECX-2026-990002"),
        ("seen_tin", "9999999999", "The lot says: "),
        ("seen_grade", "3", "The lot says: 2"),
        ("seen_expires_on", "2026-11-20", "The lot says: "),
        ("seen_grade", "", "error"),
        ("seen_tin", "123", "Ten digits"),
    ] {
        let answer = site.decide_lot("ecx.officer", lot, "approve", &[(field, value)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.text);
        assert!(answer.text.contains(said), "{field}: {}", answer.text);
        // Everything else that was typed is still there.
        assert!(field == "seen_receipt" || answer.text.contains("value=\"WR-ECX-2026-990002\""), "{}", answer.text);
    }
    site.execute("delete from user_sessions where user_id = (select id from users where username = 'ecx.officer')")
        .await;
    let after = Rows::besides_the_record(&mut sql).await;
    assert!(
        after.changes_since(&before).keys().all(|table| ["users", "known_devices"].contains(table)),
        "{:?}",
        after.changes_since(&before)
    );
}

#[tokio::test]
async fn a_lot_that_comes_back_is_corrected_and_handed_in_again() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let lot = site.register_lot(&mut owner, &fields_of("ECX-2026-990003", today(&site), 3)).await;
    let page = format!("/lots/{lot}");
    let answer = site.decide_lot("ecx.officer", lot, "return", &[("seen_grade", "3"), REASON]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let shown = site.get(&mut owner, &page).await.text;
    assert!(shown.contains("Sent back") && shown.contains("Grade: registered 2, on the receipt 3."), "{shown}");
    assert!(shown.contains(REASON.1), "{shown}");

    let correction = format!("{page}/correction");
    let form = site.get(&mut owner, &correction).await.text;
    assert!(form.contains("value=\"ECX-2026-990003\"") && form.contains("value=\"19200\""), "{form}");
    assert!(form.contains(REASON.1), "why it came back stands where it is corrected: {form}");
    let fields = with(fields_of("ECX-2026-990003", today(&site), 3), &[("preliminary_grade", "3")]);
    let checked = site.fill_in(&mut owner, &correction, &correction, &pairs(&fields)).await;
    let check = format!("{correction}/check");
    assert_eq!((checked.status, checked.location()), (StatusCode::SEE_OTHER, check.as_str()), "{}", checked.text);
    let answer = site.fill_in(&mut owner, &check, &format!("{page}/resubmission"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.verification_of(lot).await, "PENDING");
    // Rejected with a reason of nine characters: refused. Of ten: accepted, and open to correction again.
    let refused = site.decide_lot("ecx.officer", lot, "reject", &[("reason", "123456789")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let rejected = site.decide_lot("ecx.officer", lot, "reject", &[("reason", "1234567890")]).await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER, "{}", rejected.text);
    assert_eq!(site.verification_of(lot).await, "REJECTED");
    let answer = site.fill_in(&mut owner, &correction, &correction, &pairs(&fields)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    site.fill_in(&mut owner, &check, &format!("{page}/resubmission"), &[]).await;
    let verified = site.decide_lot("ecx.officer", lot, "approve", &[]).await;
    assert_eq!(verified.status, StatusCode::SEE_OTHER, "{}", verified.text);
    // What is verified is nobody's to correct.
    assert_eq!(site.get(&mut owner, &correction).await.status, StatusCode::NOT_FOUND);
    let moves: i64 = sqlx::query_scalar("select count(*) from review_history where subject_id = $1")
        .bind(lot)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert_eq!(moves, 6);
}

#[tokio::test]
async fn a_receipt_counts_by_its_last_day_whatever_ran_at_night() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.verified_lot(&mut owner, &fields_of("ECX-2026-990004", today(&site), 20)).await;
    let late = site.register_lot(&mut owner, &fields_of("ECX-2026-990005", today(&site), 21)).await;
    let answer = site.decide_lot("ecx.officer", late, "approve", &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains("The receipt ran out on"), "{}", answer.text);
    assert_eq!(site.verification_of(late).await, "PENDING");
}

#[tokio::test]
async fn what_came_from_elsewhere_is_numbered_and_verified_by_the_authority() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let elsewhere = [("source", "VERTICAL"), ("lot_number", ""), ("receipt_date", ""), ("preliminary_grade", "")];
    let lot = site.register_lot(&mut owner, &with(fields_of("x", today(&site), 3), &elsewhere)).await;
    let number: String = sqlx::query_scalar("select ecx_lot_number from coffee_lots where lot_id = $1")
        .bind(lot)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert!(number.starts_with("LOT-2026-0"), "{number}");
    // The exchange sees it and has nothing to decide; it is not in its queue.
    let mut exchange = site.sign_in("ecx.officer").await;
    assert!(!site.get(&mut exchange, "/lots").await.text.contains(&number));
    let page = site.get(&mut exchange, &format!("/lots/{lot}")).await;
    assert!(page.text.contains(&number) && !page.text.contains("name=\"decision\""), "{}", page.text);
    let token = site.get(&mut exchange, "/help").await.hidden("csrf");
    let key = Uuid::new_v4().to_string();
    let fields = [("csrf", token.as_str()), ("idempotency_key", &key), ("version", "1"), ("decision", "approve")];
    let forced = site.post(&mut exchange, &format!("/lots/{lot}/decisions"), &fields).await;
    assert_eq!(forced.status, StatusCode::FORBIDDEN, "{}", forced.text);
    let mut authority = site.sign_in("ecta.officer").await;
    assert!(site.get(&mut authority, "/lots?tab=pending").await.text.contains(&number));
    let answer = site.decide_lot("ecta.officer", lot, "approve", &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.verification_of(lot).await, "VERIFIED");
}

#[tokio::test]
async fn the_desks_queue_has_what_waits_oldest_first_and_tabs_for_the_rest() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.execute("update coffee_lots set verification_since = '2026-11-10 06:00+00' where verification = 'PENDING'")
        .await;
    let number = "ECX-2026-990006";
    let lot = site.register_lot(&mut owner, &fields_of(number, today(&site), 3)).await;
    let waiting =
        site.count("select count(*) from coffee_lots where verification = 'PENDING' and source = 'ECX'").await;
    let mut officer = site.sign_in("ecx.officer").await;
    let queue = site.get(&mut officer, "/lots").await.text;
    assert!(queue.contains(&format!("Pending <span class=\"app-count\">{waiting}</span>")), "{queue}");
    let rows: Vec<&str> = queue.split("<tr data-row").skip(1).collect();
    assert_eq!(rows.len() as i64, waiting);
    assert!(rows.last().unwrap().contains(number), "the newest waits last");
    assert!(rows[0].contains("app-age--bad"), "{}", rows[0]);
    site.decide_lot("ecx.officer", lot, "reject", &[REASON]).await;
    assert!(!site.get(&mut officer, "/lots").await.text.contains(number));
    assert!(site.get(&mut officer, "/lots?tab=rejected").await.text.contains(number));
    for (filter, found) in [
        ("q=ecx-2026-99", true),
        ("q=LOT-", false),
        ("verification=REJECTED", true),
        ("verification=VERIFIED&q=ECX-2026-99", false),
        ("coffee=Sidama&source=ECX&status=IN_WAREHOUSE", true),
        ("coffee=Harar&q=ECX-2026-99", false),
        ("owner=abay", true),
        ("owner=nobody", false),
    ] {
        let list = site.get(&mut officer, &format!("/lots?tab=all&{filter}")).await;
        assert_eq!(list.text.contains(number), found, "{filter}: {}", list.text);
    }
}

#[tokio::test]
async fn every_rule_of_the_form_is_told_at_its_field_with_everything_typed_kept() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let tomorrow = today(&site).succ_opt().unwrap().to_string();
    let taken: String = sqlx::query_scalar("select ecx_lot_number from coffee_lots where source = 'ECX' limit 1")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    for (field, value) in
        [("quantity", "-5000"), ("purchase_date", "2099-01-01"), ("receipt_date", &tomorrow), ("source", "")]
    {
        let fields = with(fields_of("ECX-2026-990007", today(&site), 3), &[(field, value)]);
        let answer = site.fill_in(&mut owner, "/lots/new", "/lots/new", &pairs(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}: {}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", answer.text);
        assert!(answer.text.contains("value=\"ECX-2026-990007\""), "{}", answer.text);
    }
    // Somebody else's number is known when it is handed in.
    let fields = fields_of(&taken, today(&site), 3);
    site.fill_in(&mut owner, "/lots/new", "/lots/new", &pairs(&fields)).await;
    let answer = site.fill_in(&mut owner, "/lots/new/check", "/lots", &[]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(
        answer.text.contains("registered already") && answer.text.contains("id=\"lot_number-error\""),
        "{}",
        answer.text
    );
    // The database holds the rules as well.
    let mut sql = site.sql().await;
    for broken in
        ["quantity = -5000", "purchase_date = '2099-01-01'", "verification = 'VERIFIED'", "purchase_total = 1"]
    {
        let statement = format!("update coffee_lots set {broken} where verification = 'PENDING'");
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut sql).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "23514", "{broken}: {refused}");
    }
}

#[tokio::test]
async fn a_stale_or_foreign_form_changes_nothing() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let lot = site.register_lot(&mut owner, &fields_of("ECX-2026-990008", today(&site), 3)).await;
    let page = format!("/lots/{lot}");
    // Another firm, a bank and a carrier without a share in it, and the administrator: it is not there.
    for stranger in ["exporter2.owner", "bank.officer", "shipping.officer", "admin"] {
        let mut browser = site.sign_in(stranger).await;
        assert_eq!(site.get(&mut browser, &page).await.status, StatusCode::NOT_FOUND, "{stranger}");
        let papers = site.get(&mut browser, &format!("/applications/lot/{lot}/papers")).await;
        assert_eq!(papers.status, StatusCode::NOT_FOUND, "{stranger}: {}", papers.text);
    }
    for reader in ["ecx.officer", "ecta.officer", "auditor", "nbe.officer", "customs.officer"] {
        let mut browser = site.sign_in(reader).await;
        assert_eq!(site.get(&mut browser, &page).await.status, StatusCode::OK, "{reader}");
    }
    let mut officer = site.sign_in("ecx.officer").await;
    let shown = site.get(&mut officer, &page).await;
    let returned = site.decide_lot("ecx.supervisor", lot, "return", &[REASON]).await;
    assert_eq!(returned.status, StatusCode::SEE_OTHER, "{}", returned.text);
    let mut fields = crate::walk::hidden_fields(&shown, &format!("{page}/decisions"));
    fields.extend(receipt_of(&site, lot).await);
    fields.extend([("decision".to_owned(), "approve".to_owned()), ("reason".to_owned(), String::new())]);
    let late = site.post(&mut officer, &format!("{page}/decisions"), &pairs(&fields)).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    assert_eq!(site.verification_of(lot).await, "RETURNED");
}

/// The bank and the carrier of an export see its lots, and no list of others.
#[tokio::test]
async fn who_is_party_to_an_export_sees_its_lot() {
    let site = TestSite::seeded().await;
    let lot: Uuid = sqlx::query_scalar(
        "select x.lot_id from export_lots x join exports e using (export_id)
         join organizations b on b.organization_id = e.bank_organization_id
         join organizations c on c.organization_id = e.shipping_organization_id
         where b.code = 'BANK' and c.code = 'SHIPPING' and e.stage <> 'PREPARATION' limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    for party in ["bank.officer", "shipping.officer"] {
        let mut browser = site.sign_in(party).await;
        assert_eq!(site.get(&mut browser, &format!("/lots/{lot}")).await.status, StatusCode::OK, "{party}");
        assert_eq!(site.get(&mut browser, "/lots").await.status, StatusCode::FORBIDDEN, "{party}");
    }
}
