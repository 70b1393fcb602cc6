//! A statement that fails at any position of a write path leaves nothing behind, neither rows nor files.
//!
//! Triggers count the statements that change anything, and the n-th fails, for every n until the path passes;
//! before that the commit itself fails, and the connection is lost with it.

use axum::body::Body;
use chrono::{DateTime, Duration, Utc};
use futures::TryStreamExt;
use http::header::RETRY_AFTER;
use http::{Request, StatusCode};
use jebena::clock::{Clock, SystemClock};
use jebena::documents::reconcile::reconcile;
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::documents::one_document;
use crate::rows::{Rows, tables};
use crate::site::{Answer, Browser, TestSite, encoded, form, pairs};
use crate::walk::{approvals, document_of, facts_of, filled_in, organization, papers_of, something_to_ask, user, walk};

/// The position that stands for the commit.
const COMMIT: i64 = -1;

/// The position that stands for the commit, with the connection lost.
const LOST: i64 = -2;

/// Statements that fail on demand.
struct Faults<'a> {
    site: &'a TestSite,
    sql: PgConnection,
}

impl<'a> Faults<'a> {
    async fn install(site: &'a TestSite) -> Self {
        let mut sql = site.sql().await;
        let mut statements = String::from(
            "create sequence chaos_count;
             create table chaos (fail_at bigint);
             insert into chaos values (0);
             create function chaos_trigger() returns trigger language plpgsql security definer as $$
             begin
                 if (select fail_at from public.chaos) = nextval('public.chaos_count') then
                     raise exception 'chaos' using errcode = 'XX000';
                 end if;
                 return null;
             end $$;
             create function chaos_at_commit() returns trigger language plpgsql security definer as $$
             begin
                 if (select fail_at from public.chaos) = -1 then raise exception 'chaos' using errcode = 'XX000'; end if;
                 if (select fail_at from public.chaos) = -2 then perform pg_terminate_backend(pg_backend_pid()); end if;
                 return null;
             end $$;
             create constraint trigger chaos_at_commit after insert on idempotency_keys deferrable initially deferred
                 for each row execute function chaos_at_commit();
             create constraint trigger chaos_at_commit after insert or delete on user_sessions deferrable initially deferred
                 for each row execute function chaos_at_commit();",
        );
        for table in tables(&mut sql).await {
            statements += &format!(
                "create trigger chaos after insert or update or delete on {table}
                     for each statement execute function chaos_trigger();"
            );
        }
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut sql).await.unwrap();
        Self { site, sql }
    }

    async fn fail_at(&mut self, position: i64) {
        let statements = format!("update chaos set fail_at = {position}; alter sequence chaos_count restart");
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut self.sql).await.unwrap();
    }

    /// Sends what `prepare` makes, with the n-th statement failing, until nothing fails any more.
    async fn exhaust(
        &mut self,
        what: &str,
        browser: &mut Browser,
        mut prepare: impl AsyncFnMut(&mut Browser) -> Request<Body>,
    ) -> Answer {
        for position in [LOST, COMMIT].into_iter().chain(1..60) {
            let request = prepare(browser).await;
            let before = Rows::of(&mut self.sql).await;
            self.fail_at(position).await;
            let answer = self.site.call(browser, request).await;
            self.fail_at(0).await;
            if answer.status == StatusCode::SEE_OTHER {
                assert!(position > 2, "{what} was not disturbed at all");
                return answer;
            }
            // What passes by itself is worth another try; of a session that cannot be stored that is all that is known.
            let passes = answer.status == StatusCode::SERVICE_UNAVAILABLE && answer.headers.contains_key(RETRY_AFTER);
            let is_mistake = answer.status == StatusCode::INTERNAL_SERVER_ERROR && position != LOST;
            assert!(passes || is_mistake, "{what} at {position}: {} {}", answer.status, answer.text);
            assert!(answer.text.contains("<!doctype html>"), "{what} at {position}: a page of ours: {}", answer.text);
            assert!(!answer.text.contains("chaos"), "{what} at {position}: driver text on a page");
            let after = Rows::of(&mut self.sql).await;
            assert!(after == before, "{what} at {position} has left {:?}", after.changes_since(&before));
            if position == LOST {
                // It is not known whether the row is there: who tidies up asks the rows, an hour later.
                let later = SystemClock.now() + Duration::hours(2);
                reconcile(&self.site.state.db, &self.site.state.storage, later).await.unwrap();
            }
            self.every_file_has_its_row(what).await;
        }
        panic!("{what} does not come to an end");
    }

    /// Opens `page` each time and sends its form for `action` in which `part` stands.
    async fn exhaust_form(
        &mut self,
        what: &str,
        browser: &mut Browser,
        (page, action, part): (&str, &str, &str),
        typed: &[(&str, &str)],
    ) -> Answer {
        let site = self.site;
        self.exhaust(what, browser, async |browser: &mut Browser| {
            let shown = site.get(browser, page).await;
            assert_eq!(shown.status, StatusCode::OK, "{what}: {}", shown.text);
            let fields = filled_in(&shown, action, part, typed);
            let fields = pairs(&fields);
            form(action, &fields).body(encoded(&fields)).unwrap()
        })
        .await
    }

    async fn every_file_has_its_row(&mut self, what: &str) {
        let files: Vec<_> =
            self.site.state.storage.list_older_than(DateTime::<Utc>::MAX_UTC).try_collect().await.unwrap();
        let paths: Vec<String> = files.iter().map(|file| file.key.path()).collect();
        let named: i64 = sqlx::query_scalar("select count(*) from export_documents where document_path = any($1)")
            .bind(&paths)
            .fetch_one(&mut self.sql)
            .await
            .unwrap();
        assert_eq!(usize::try_from(named).unwrap(), paths.len(), "{what} has left a file");
    }
}

#[tokio::test]
async fn no_write_path_of_a_case_leaves_anything_behind() {
    let site = TestSite::seeded().await;
    // Their files are not here, and would be reported as lost.
    site.execute(
        "alter table export_shortfalls disable trigger append_only_rows; delete from export_shortfalls;
         alter table export_shortfalls enable always trigger append_only_rows; delete from export_documents",
    )
    .await;
    let mut faults = Faults::install(&site).await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;

    let fields = asked.fields("600");
    let fields = pairs(&fields);
    let opened = faults.exhaust_form("request", &mut owner, ("/exports/new", "/exports", ""), &fields).await;
    let export: Uuid = opened.location().split('/').nth(2).unwrap().parse().unwrap();
    let case = format!("/exports/{export}");
    let documents = format!("{case}/documents");

    let upload =
        async |browser: &mut Browser| one_document(&site.get(browser, &documents).await, &documents, "INVOICE");
    faults.exhaust("document", &mut owner, upload).await;
    faults.exhaust("newer version", &mut owner, upload).await;
    let document = document_of(&site, export).await;
    let removal = format!("{documents}/{document}/removal");
    let reason = [("reason", "The scan is of another shipment.")];
    faults.exhaust_form("document taken back", &mut owner, (&removal, &removal, ""), &reason).await;
    site.attach_everything(export).await;

    let submission = format!("{case}/submission");
    faults.exhaust_form("submission", &mut owner, (&case, &submission, ""), &[]).await;
    let mut officer = site.sign_in("bank.officer").await;
    let (claim, messages) = (format!("{case}/claim"), format!("{case}/messages"));
    faults.exhaust_form("message", &mut officer, (&case, &messages, ""), &[("text", "Which bank confirms?")]).await;
    faults.exhaust_form("claim", &mut officer, (&case, &claim, ""), &[]).await;
    let colleague = user(&site, "bank.officer2").await.to_string();
    let to = [("user_id", colleague.as_str())];
    faults.exhaust_form("hand over", &mut officer, (&case, &claim, "name=\"user_id\""), &to).await;
    let mut colleague = site.sign_in("bank.officer2").await;
    faults.exhaust_form("release", &mut colleague, (&case, &claim, "name=\"release\""), &[]).await;

    let step = format!("{case}/approvals/bank-check");
    for decision in ["return", "reject"] {
        let fields = [("decision", decision), ("reason", "The weight of the lot is not the invoice's.")];
        faults.exhaust_form(decision, &mut officer, (&case, &step, ""), &fields).await;
        faults.exhaust_form("resubmission", &mut owner, (&case, &submission, ""), &[]).await;
    }
    for (username, kind, facts) in approvals(jebena::calendar::eat_date(site.now())) {
        let facts = facts_of(&site, export, kind, &facts).await;
        let facts = pairs(&facts);
        let mut officer = site.sign_in(username).await;
        if kind == "settlement" {
            let (page, receipts) = (format!("{case}/settlement"), format!("{case}/receipts"));
            let wrong = crate::proceeds::receipt(&site, "FT-1", rust_decimal::Decimal::from(1_000));
            faults.exhaust_form("receipt", &mut officer, (&page, &receipts, ""), &pairs(&wrong)).await;
            let reversal = format!("{receipts}/1/reversal");
            let why = [("reason", "The credit advice is of another export.")];
            faults.exhaust_form("receipt taken back", &mut officer, (&reversal, &reversal, ""), &why).await;
            crate::proceeds::pay(&site, export).await;
        }
        let step = format!("{case}/approvals/{kind}");
        faults.exhaust_form(kind, &mut officer, (&case, &step, ""), &facts).await;
    }
    assert_eq!(site.state_of(export).await, ("COMPLETED".into(), "CLOSED".into()));
    let paper = papers_of(&site, export).await[0];
    let page = format!("/papers/{paper}");
    faults.exhaust_form("print", &mut owner, (&page, &format!("{page}/prints"), ""), &[]).await;
}

#[tokio::test]
async fn a_cancellation_gives_back_all_or_nothing() {
    let site = TestSite::seeded().await;
    let export = crate::decisions::submitted(&site).await;
    walk(&site, export, "permit").await;
    let mut faults = Faults::install(&site).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let (case, cancellation) = (format!("/exports/{export}"), format!("/exports/{export}/cancellation"));
    let reason = [("cancel_reason", "The buyer has withdrawn from the contract.")];
    faults.exhaust_form("cancellation", &mut owner, (&case, &cancellation, ""), &reason).await;
    assert_eq!(site.state_of(export).await, ("CANCELLED".into(), "CLOSED".into()));
}

#[tokio::test]
async fn of_two_officers_each_leaves_all_or_nothing() {
    let site = TestSite::seeded().await;
    site.execute("update parameters set value = 100 where key = 'second_officer_above'").await;
    let export = crate::decisions::submitted(&site).await;
    walk(&site, export, "bank-check").await;
    let mut faults = Faults::install(&site).await;
    let (case, step) = (format!("/exports/{export}"), format!("/exports/{export}/approvals/fx"));
    let mut officer = site.sign_in("nbe.officer").await;
    let facts = [("decision", "approve"), ("etb_per_unit", "132.4500")];
    faults.exhaust_form("first officer", &mut officer, (&case, &step, ""), &facts).await;
    let mut supervisor = site.sign_in("nbe.supervisor").await;
    faults.exhaust_form("second officer", &mut supervisor, (&case, &step, ""), &[("decision", "approve")]).await;
    assert_eq!(site.state_of(export).await, ("FX_APPROVED".into(), "QUALITY".into()));
}

/// Weight, bank and carrier at once: shares of the lot, balances and what was decided go with the request.
#[tokio::test]
async fn a_correction_leaves_all_or_nothing() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    crate::decisions::submit(&site, &mut owner, export).await;
    let returned = [("decision", "return"), ("reason", "Your account is with another bank.")];
    site.decide("bank.officer", export, "bank-check", &returned).await;
    let mut faults = Faults::install(&site).await;
    let (bank, carrier) = (organization(&site, "BANK2").await, organization(&site, "SHIPPING2").await);
    let (bank, carrier) = (bank.to_string(), carrier.to_string());
    let parties = [("bank_id", bank.as_str()), ("shipping_line_id", carrier.as_str())];
    let correction = format!("/exports/{export}/amendment");
    let fields = asked.correction("540", &parties);
    faults.exhaust_form("correction", &mut owner, (&correction, &correction, ""), &pairs(&fields)).await;
    let in_force = "select count(*) from export_approvals a join exports e using (export_id)
                    where e.quantity = 540 and a.superseded_at is not null";
    assert_eq!(site.count(in_force).await, 1, "what the former bank has said counts no more");
}

#[tokio::test]
async fn an_extension_leaves_all_or_nothing() {
    let site = TestSite::seeded().await;
    let export = crate::decisions::submitted(&site).await;
    walk(&site, export, "bank-check").await;
    let mut faults = Faults::install(&site).await;
    let (case, extension) = (format!("/exports/{export}"), format!("/exports/{export}/extension"));
    let mut central = site.sign_in("nbe.officer").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let (asking, refusal) = (format!("{case}/extension-request"), format!("{case}/extension-refusal"));
    let asked = [("asked_until", "2027-03-01"), ("asking_reason", "The vessel was delayed at Djibouti.")];
    faults.exhaust_form("asked for", &mut owner, (&case, &asking, ""), &asked).await;
    let refused = [("refusal_reason", "The vessel has arrived meanwhile.")];
    faults.exhaust_form("refused", &mut central, (&case, &refusal, ""), &refused).await;
    let later = [("new_due_date", "2027-04-01"), ("extension_reason", "The vessel was delayed at Djibouti.")];
    faults.exhaust_form("extension", &mut central, (&case, &extension, ""), &later).await;
    let put_off = "select count(*) from exports where settlement_due_date = '2027-04-01'";
    assert_eq!(site.count(put_off).await, 1);
}

#[tokio::test]
async fn a_short_payment_leaves_all_or_nothing_with_each_of_its_officers() {
    let site = TestSite::seeded().await;
    let export = crate::decisions::submitted(&site).await;
    walk(&site, export, "origin").await;
    let half = rust_decimal::Decimal::from(1_000);
    let mut bank = site.sign_in("bank.supervisor").await;
    let recorded =
        crate::proceeds::record(&site, &mut bank, export, &crate::proceeds::receipt(&site, "FT-1", half)).await;
    assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.text);
    let mut faults = Faults::install(&site).await;
    let case = format!("/exports/{export}");
    let (page, shortfall) = (format!("{case}/settlement"), format!("{case}/shortfall"));
    let fields = crate::proceeds::short_fields(&site, export, "BUYER_INSOLVENT", "").await;
    faults.exhaust_form("closed short", &mut bank, (&page, &shortfall, ""), &pairs(&fields)).await;
    // Another receipt takes the first officer's approval away in the same transaction.
    let more = crate::proceeds::receipt(&site, "FT-2", half);
    faults.exhaust_form("another receipt", &mut bank, (&page, &format!("{case}/receipts"), ""), &pairs(&more)).await;
    faults.exhaust_form("closed short again", &mut bank, (&page, &shortfall, ""), &pairs(&fields)).await;
    let mut second = site.sign_in("bank.officer2").await;
    let step = format!("{case}/approvals/settlement");
    faults.exhaust_form("confirmed", &mut second, (&case, &step, ""), &[("decision", "approve")]).await;
    assert_eq!(
        site.count("select count(*) from export_shortfalls where shortfall_reason = 'BUYER_INSOLVENT'").await,
        1
    );
}

/// What was not looked at whole is looked at again: no alert twice, no event counted twice, no alert without its record.
#[tokio::test]
async fn a_look_at_the_record_leaves_all_or_nothing() {
    let site = TestSite::seeded().await;
    crate::alerts::watch(&site).await;
    crate::alerts::fail(&site, "nbe.officer", 5).await;
    while jebena::audit::seal::seal_batch(&site.state.db, site.now()).await.unwrap() > 0 {}
    let mut faults = Faults::install(&site).await;
    let mut position = 1;
    loop {
        let before = Rows::of(&mut faults.sql).await;
        faults.fail_at(position).await;
        let looked = jebena::alerts::watch(&site.state.db, site.now()).await;
        faults.fail_at(0).await;
        if looked.is_ok() {
            break;
        }
        let after = Rows::of(&mut faults.sql).await;
        assert!(after == before, "at {position} it has left {:?}", after.changes_since(&before));
        position += 1;
    }
    assert!(position > 5, "alert, events, record, outbox and place: {position}");
    let raised = "select (select figure from security_alerts a join users u on u.id = a.subject_id where u.username = 'nbe.officer')
                       + (select count(*) from audit.events where event_type = 'ALERT_RAISED' and occurred_at > now() - interval '9 years'
                          and details -> 'about' ->> 'id' = (select id::text from users where username = 'nbe.officer'))";
    assert_eq!(site.count(raised).await, 6, "five failures, one alert");

    // And acknowledging it.
    let page = crate::alerts::page_about(&site, "nbe.officer").await;
    let action = format!("{page}/acknowledgement");
    let mut admin = site.sign_in("admin").await;
    let note = [("note", "He has a new keyboard, and will be careful.")];
    faults.exhaust_form("acknowledged alert", &mut admin, (&page, &action, ""), &note).await;
    assert_eq!(site.count("select count(*) from security_alerts where note like 'He has%'").await, 1);
}

/// A letter without its terms, or terms of which no export draws, would be a promise that nobody made.
#[tokio::test]
async fn a_letter_of_credit_leaves_all_or_nothing() {
    let site = TestSite::seeded().await;
    let (first, second) = crate::letters::two_paid_by_letter(&site).await;
    let value = crate::letters::value(&site, first).await;
    let mut faults = Faults::install(&site).await;
    let mut bank = site.sign_in("bank.officer").await;
    let page = format!("/exports/{first}/letter-of-credit");
    let issued = crate::letters::letter(&site, &value, 40);
    faults.exhaust_form("letter", &mut bank, (&page, &format!("{page}/new"), ""), &pairs(&issued)).await;
    let known = crate::letters::drawn_on(&site, first).await;
    let other = format!("/exports/{second}/letter-of-credit");
    let form = (other.as_str(), &*format!("{other}/new"), "name=\"letter_id\"");
    faults.exhaust_form("letter drawn on", &mut bank, form, &[("letter_id", &known)]).await;
    let later = crate::letters::amended(&site, &value, 60, crate::letters::AMENDMENT);
    faults.exhaust_form("letter amended", &mut bank, (&page, &page, ""), &pairs(&later)).await;
    let kept = "select count(*) from letter_terms t join letter_uses u using (letter_id)
                join letters_of_credit l using (letter_id) where l.lc_number = 'ILC26-118'";
    assert_eq!(site.count(kept).await, 4, "two versions of one letter, on which two exports draw");
}

#[tokio::test]
async fn what_an_administrator_switches_is_switched_whole() {
    let site = TestSite::seeded().await;
    let mut faults = Faults::install(&site).await;
    let mut admin = site.sign_in("admin").await;
    let announcement = [("banner_en", "Down on Saturday night"), ("banner_am", ""), ("hours", "24")];
    let page = ("/admin/system", "/admin/announcement", "");
    faults.exhaust_form("announcement", &mut admin, page, &announcement).await;
    let page = ("/admin/system", "/admin/read-only", "");
    faults.exhaust_form("read-only", &mut admin, page, &[("read_only", "yes")]).await;
}

/// A session, the record of who came in and when they last did belong together.
#[tokio::test]
async fn a_sign_in_that_fails_half_way_is_no_sign_in() {
    let site = TestSite::seeded().await;
    let mut faults = Faults::install(&site).await;
    let fields = [("username", "nbe.officer"), ("password", jebena::demo::DEMO_PASSWORD)];
    let mut browser = Browser::default();
    faults
        .exhaust("sign-in", &mut browser, async |browser: &mut Browser| {
            assert_eq!(browser.cookie("jebena"), None, "nobody has come in yet");
            // Those that were not judged to their end count as failed; here they are to be as many as it takes.
            site.execute("delete from sign_in_attempts").await;
            form("/sign-in", &fields).body(encoded(&fields)).unwrap()
        })
        .await;
    assert_eq!(site.get(&mut browser, "/inbox").await.status, StatusCode::OK);
    assert_eq!(site.count("select count(*) from user_sessions").await, 1);
}

/// As long as the session is there, nobody has left.
#[tokio::test]
async fn a_sign_out_that_fails_half_way_is_no_sign_out() {
    let site = TestSite::seeded().await;
    let mut faults = Faults::install(&site).await;
    let mut browser = site.sign_in("nbe.officer").await;
    faults
        .exhaust("sign-out", &mut browser, async |browser: &mut Browser| {
            let csrf = site.get(browser, "/help").await.hidden("csrf");
            form("/sign-out", &[]).body(encoded(&[("csrf", &csrf)])).unwrap()
        })
        .await;
    assert_eq!(site.count("select count(*) from user_sessions").await, 0);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'LOGOUT' and occurred_at >= (select max(last_login) from users)").await, 1);
}

/// State, history, approvals, permit, booking, lots and balances go with an amendment, or none of them.
#[tokio::test]
async fn changes_after_approval_leave_all_or_nothing() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = crate::revisions::requested(&site).await;
    walk(&site, export, "shipment").await;
    let mut faults = Faults::install(&site).await;
    let amendment = format!("/exports/{export}/amendment");
    let agreed = [("reason", crate::revisions::REASON), ("undoes_bank-check_fx_permit_shipment", "yes")];
    let lighter = asked.correction("540", &agreed);
    faults.exhaust_form("amendment", &mut owner, (&amendment, &amendment, ""), &pairs(&lighter)).await;
    assert_eq!(crate::revisions::in_force(&site, export).await, ["quality"]);

    crate::revisions::approve(&site, export, &["bank-check", "fx", "permit", "shipment", "customs"]).await;
    let mut carrier = site.sign_in("shipping.officer").await;
    let (roll_over, containers) = (format!("/exports/{export}/roll-over"), format!("/exports/{export}/containers"));
    let vessel = crate::bookings::other_vessel(&site, 12);
    faults.exhaust_form("roll-over", &mut carrier, (&roll_over, &roll_over, ""), &pairs(&vessel)).await;
    let mut container = crate::bookings::container("CMAU7021139", "SL-8");
    container.push(("undoes_customs".to_owned(), "yes".to_owned()));
    faults.exhaust_form("another container", &mut carrier, (&containers, &containers, ""), &pairs(&container)).await;
    assert_eq!(site.state_of(export).await.1, "CLEARANCE");

    crate::revisions::approve(&site, export, &["customs"]).await;
    let mut loader = site.sign_in("shipping.supervisor").await;
    let (case, step) = (format!("/exports/{export}"), format!("/exports/{export}/approvals/loading"));
    let short = crate::parting::loading(&site, export, ("500", "9"), &[("short_reason", crate::parting::REASON)]).await;
    faults.exhaust_form("short shipment", &mut loader, (&case, &step, ""), &pairs(&short)).await;
    assert_eq!(site.state_of(export).await.0, "SHIPPED");
}

#[tokio::test]
async fn the_exporters_own_papers_leave_all_or_nothing() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    let mut faults = Faults::install(&site).await;

    let bank = organization(&site, "BANK").await.to_string();
    let account = [
        ("account_bank", bank.as_str()),
        ("account_branch", "Bole Branch"),
        ("account_holder", "Abay Coffee Export PLC"),
        ("account_number", "1000-00791"),
        ("account_currency", "USD"),
        ("account_swift", "NILBETAA"),
    ];
    let form = ("/seller/accounts/new", "/seller/accounts", "");
    faults.exhaust_form("an account", &mut owner, form, &account).await;
    let account: Uuid =
        sqlx::query_scalar("select account_id from seller_accounts where account_number = '1000-00791'")
            .fetch_one(&mut faults.sql)
            .await
            .unwrap();
    let terms = [("seller_mark", "Blue Nile Selection")];
    faults.exhaust_form("terms", &mut owner, ("/seller", "/seller", ""), &terms).await;

    // The number is given back with everything else, so the series has no gap.
    let account = account.to_string();
    let invoice = [
        ("applicant", "Hanse Kaffee Kontor GmbH"),
        ("consignee", "To order"),
        ("basis", "CENTS_PER_POUND"),
        ("account", &account),
        ("shipment_type", "FCL"),
        ("final_destination", "Hamburg"),
        ("hs_code", "09011100"),
        ("tare_kg", "0.75"),
    ];
    let path = format!("/exports/{export}/commercial/proforma-invoice");
    faults.exhaust_form("a proforma", &mut owner, (&path, &path, ""), &invoice).await;
    let path = format!("/papers/{}/correction", papers_of(&site, export).await[0]);
    let corrected = [&invoice[..], &[("correction_reason", "The consignee was another.")]].concat();
    faults.exhaust_form("a correction", &mut owner, (&path, &path, ""), &corrected).await;
    let newest: Uuid =
        sqlx::query_scalar("select replaced_by from paper_withdrawals").fetch_one(&mut faults.sql).await.unwrap();
    let path = format!("/papers/{newest}/withdrawal");
    let why = [("withdrawal_reason", "The buyer has asked for another offer.")];
    faults.exhaust_form("a withdrawal", &mut owner, (&path, &path, ""), &why).await;
    let numbers: Vec<String> =
        sqlx::query_scalar("select number from issued_papers where export_id = $1 order by number")
            .bind(export)
            .fetch_all(&mut faults.sql)
            .await
            .unwrap();
    assert_eq!(numbers[1], format!("{}-R2", numbers[0]), "{numbers:?}");
}
