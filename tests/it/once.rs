//! Twenty times the same form, at the same moment: one effect, and the same answer for all twenty. One export
//! walks from its request to its settlement, and meets the crowd at every form on its way.

use std::fmt::Write;

use futures::future::join_all;
use http::StatusCode;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::documents::one_document;
use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{
    approvals, document_of, facts_of, filled_in, hidden_fields, organization, papers_of, something_to_ask, user, walk,
};

const TIMES: usize = 20;

/// What each form has changed, line by line.
struct Crowd<'a> {
    site: &'a TestSite,
    sql: PgConnection,
    effects: String,
}

impl<'a> Crowd<'a> {
    async fn new(site: &'a TestSite) -> Self {
        Self { site, sql: site.sql().await, effects: String::new() }
    }

    /// Opens `page`, fills in the form for `action` in which `part` stands, and sends it twenty times at once.
    async fn send(
        &mut self,
        what: &str,
        browser: &mut Browser,
        (page, action, part): (&str, &str, &str),
        typed: &[(&str, &str)],
    ) -> String {
        let shown = self.site.get(browser, page).await;
        assert_eq!(shown.status, StatusCode::OK, "{what}: {page}: {}", shown.text);
        let fields = filled_in(&shown, action, part, typed);
        let fields = pairs(&fields);
        let before = Rows::of(&mut self.sql).await;
        let answers = join_all((0..TIMES).map(|_| {
            let (site, mut browser, fields) = (self.site, browser.clone(), &fields);
            async move { site.post(&mut browser, action, fields).await }
        }))
        .await;
        self.judge(what, &before, &answers).await
    }

    /// Sends the same file twenty times at once.
    async fn send_file(&mut self, what: &str, browser: &mut Browser, path: &str, kind: &str) {
        let shown = self.site.get(browser, path).await;
        let before = Rows::of(&mut self.sql).await;
        let answers = join_all((0..TIMES).map(|_| {
            let (site, mut browser, request) = (self.site, browser.clone(), one_document(&shown, path, kind));
            async move { site.call(&mut browser, request).await }
        }))
        .await;
        self.judge(what, &before, &answers).await;
    }

    /// One effect, twenty times the same answer; returns where it leads.
    async fn judge(&mut self, what: &str, before: &Rows, answers: &[Answer]) -> String {
        let location = answers[0].location().to_owned();
        for answer in answers {
            assert_eq!(
                (answer.status, answer.location()),
                (StatusCode::SEE_OTHER, location.as_str()),
                "{what}: {}",
                answer.text
            );
        }
        let after = Rows::of(&mut self.sql).await;
        let changes = after.changes_since(before);
        let gained = |table: &str| changes.get(table).copied().unwrap_or_default();
        assert_eq!((gained("idempotency_keys"), gained("audit.events")), (1, 1), "{what}: {changes:?}");
        for table in [
            "exports",
            "export_lots",
            "export_status_history",
            "export_approvals",
            "export_documents",
            "export_messages",
            "export_containers",
            "export_permits",
            "export_settlements",
            "export_shortfalls",
            "settlement_extensions",
            "extension_requests",
            "letters_of_credit",
            "letter_terms",
            "letter_uses",
            "certificates_of_origin",
            "issued_papers",
            "paper_prints",
            "outbox",
        ] {
            // An amendment gives the booked container up; what stays behind at a loading has a history of its own.
            let most = if what == "short shipment" && table == "export_status_history" { 2 } else { 1 };
            assert!((-1..=most).contains(&gained(table)), "{what}: {changes:?}");
        }
        let changes: Vec<String> = changes
            .iter()
            // Once for each event: how the record keeps it is its own affair.
            .filter(|(table, _)| !matches!(**table, "audit.event_private" | "audit.unsealed"))
            .map(|(table, rows)| if *rows == 0 { format!("{table}~") } else { format!("{table}{rows:+}") })
            .collect();
        let _ = writeln!(self.effects, "{what:28} {}\n{:28} {}", without_ids(&location), "", changes.join(" "));
        location
    }
}

/// The path with its ids taken out.
fn without_ids(path: &str) -> String {
    let part = |part: &str| {
        let end = part.find(['?', '#']).unwrap_or(part.len());
        if Uuid::parse_str(&part[..end]).is_ok() { format!("{{id}}{}", &part[end..]) } else { part.to_owned() }
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_form_of_a_case_sent_twenty_times_has_one_effect() {
    let site = TestSite::seeded_for_crowds().await;
    let mut crowd = Crowd::new(&site).await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;

    // The exporter: request, document, document taken back, submission.
    let fields = asked.fields("600");
    let fields = pairs(&fields);
    let location = crowd.send("request", &mut owner, ("/exports/new", "/exports", ""), &fields).await;
    let export: Uuid = location.split('/').nth(2).unwrap().parse().unwrap();
    let case = format!("/exports/{export}");
    let documents = format!("{case}/documents");
    crowd.send_file("document", &mut owner, &documents, "INVOICE").await;
    let document = document_of(&site, export).await;
    let removal = format!("{documents}/{document}/removal");
    let reason = [("reason", "The scan is of another shipment.")];
    crowd.send("document taken back", &mut owner, (&removal, &removal, ""), &reason).await;
    site.attach_everything(export).await;
    let submission = format!("{case}/submission");
    crowd.send("submission", &mut owner, (&case, &submission, ""), &[]).await;

    // The bank's desk: message, claim, release, hand over.
    let mut officer = site.sign_in("bank.officer").await;
    let (claim, messages) = (format!("{case}/claim"), format!("{case}/messages"));
    crowd.send("message", &mut officer, (&case, &messages, ""), &[("text", "Which bank confirms?")]).await;
    crowd.send("claim", &mut officer, (&case, &claim, ""), &[]).await;
    crowd.send("release", &mut officer, (&case, &claim, "name=\"release\""), &[]).await;
    crowd.send("claim again", &mut officer, (&case, &claim, ""), &[]).await;
    let colleague = user(&site, "bank.officer2").await.to_string();
    let to = [("user_id", colleague.as_str())];
    crowd.send("hand over", &mut officer, (&case, &claim, "name=\"user_id\""), &to).await;
    site.execute(&format!("update exports set claimed_by = null, claimed_at = null where export_id = '{export}'"))
        .await;

    // Each step: sent back, resubmitted, rejected, resubmitted, approved.
    for (username, kind, facts) in approvals(jebena::calendar::eat_date(site.now())) {
        let mut officer = site.sign_in(username).await;
        let step = format!("{case}/approvals/{kind}");
        for decision in ["return", "reject"] {
            let fields = [("decision", decision), ("reason", "The weight of the lot is not the invoice's.")];
            crowd.send(&format!("{kind}: {decision}"), &mut officer, (&case, &step, ""), &fields).await;
            crowd.send(&format!("{kind}: resubmission"), &mut owner, (&case, &submission, ""), &[]).await;
        }
        if kind == "settlement" {
            let (page, receipts) = (format!("{case}/settlement"), format!("{case}/receipts"));
            let half = crate::proceeds::receipt(&site, "FT-1", rust_decimal::Decimal::from(1_000));
            crowd.send("receipt", &mut officer, (&page, &receipts, ""), &pairs(&half)).await;
            let reversal = format!("{receipts}/1/reversal");
            let reason = [("reason", "The credit advice is of another export.")];
            crowd.send("receipt taken back", &mut officer, (&reversal, &reversal, ""), &reason).await;
            crate::proceeds::pay(&site, export).await;
        }
        let facts = facts_of(&site, export, kind, &facts).await;
        let facts = pairs(&facts);
        crowd.send(&format!("{kind}: approve"), &mut officer, (&case, &step, ""), &facts).await;
    }
    assert_eq!(site.state_of(export).await, ("COMPLETED".into(), "CLOSED".into()));

    // The papers, printed on record.
    let papers = papers_of(&site, export).await;
    assert_eq!(papers.len(), 2);
    for paper in papers {
        let page = format!("/papers/{paper}");
        crowd.send("print", &mut owner, (&page, &format!("{page}/prints"), ""), &[]).await;
    }
    insta::assert_snapshot!(crowd.effects);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_cancellation_and_the_administrators_forms_sent_twenty_times_have_one_effect() {
    let site = TestSite::seeded_for_crowds().await;
    let mut crowd = Crowd::new(&site).await;
    let export = crate::decisions::submitted(&site).await;
    walk(&site, export, "permit").await;
    let (case, action) = (format!("/exports/{export}"), format!("/exports/{export}/cancellation"));
    let mut owner = site.sign_in("exporter.owner").await;
    let reason = [("cancel_reason", "The buyer has withdrawn from the contract.")];
    crowd.send("cancellation", &mut owner, (&case, &action, ""), &reason).await;

    let mut admin = site.sign_in("admin").await;
    let announcement = [("banner_en", "Down on Saturday night"), ("banner_am", ""), ("hours", "24")];
    crowd.send("announcement", &mut admin, ("/admin/system", "/admin/announcement", ""), &announcement).await;
    for (what, value) in [("read-only on", "yes"), ("read-only off", "no")] {
        let page = ("/admin/system", "/admin/read-only", "");
        crowd.send(what, &mut admin, page, &[("read_only", value)]).await;
    }
    assert!(!site.state.modes.current().read_only);
    crate::alerts::fail(&site, "nbe.officer", 5).await;
    crate::alerts::watch(&site).await;
    let page = crate::alerts::page_about(&site, "nbe.officer").await;
    let action = format!("{page}/acknowledgement");
    let note = [("note", "He has a new keyboard, and will be careful.")];
    crowd.send("acknowledged alert", &mut admin, (&page, &action, ""), &note).await;
    insta::assert_snapshot!(crowd.effects);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_officers_of_one_step_have_one_effect_each_and_the_authority_cancels_once() {
    let site = TestSite::seeded_for_crowds().await;
    site.execute("update parameters set value = 100 where key = 'second_officer_above'").await;
    let mut crowd = Crowd::new(&site).await;
    let export = crate::decisions::submitted(&site).await;
    walk(&site, export, "bank-check").await;
    let (case, step) = (format!("/exports/{export}"), format!("/exports/{export}/approvals/fx"));
    let mut officer = site.sign_in("nbe.officer").await;
    let facts = [("decision", "approve"), ("etb_per_unit", "132.4500")];
    crowd.send("fx: first officer", &mut officer, (&case, &step, ""), &facts).await;
    assert_eq!(site.state_of(export).await, ("PENDING".into(), "FX".into()));
    let mut supervisor = site.sign_in("nbe.supervisor").await;
    crowd.send("fx: second officer", &mut supervisor, (&case, &step, ""), &[("decision", "approve")]).await;
    assert_eq!(site.state_of(export).await, ("FX_APPROVED".into(), "QUALITY".into()));
    let mut authority = site.sign_in("ecta.supervisor").await;
    let action = format!("{case}/cancellation");
    let reason = [("cancel_reason", "The lot was found to be another's.")];
    crowd.send("cancelled by the authority", &mut authority, (&case, &action, ""), &reason).await;
    assert_eq!(site.state_of(export).await, ("CANCELLED".into(), "CLOSED".into()));
    insta::assert_snapshot!(crowd.effects);
}

/// The exporter corrects a draft, and after it came back names another bank and carrier: what they have decided
/// counts no more. The National Bank puts the due date off.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_that_move_nothing_sent_twenty_times_have_one_effect() {
    let site = TestSite::seeded_for_crowds().await;
    let mut crowd = Crowd::new(&site).await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    let (case, correction) = (format!("/exports/{export}"), format!("/exports/{export}/amendment"));
    let lighter = asked.correction("540", &[("port_of_discharge", "BEANR")]);
    crowd.send("correction", &mut owner, (&correction, &correction, ""), &pairs(&lighter)).await;

    crate::decisions::submit(&site, &mut owner, export).await;
    let returned = [("decision", "return"), ("reason", "Your account is with another bank.")];
    site.decide("bank.officer", export, "bank-check", &returned).await;
    let (bank, carrier) = (organization(&site, "BANK2").await, organization(&site, "SHIPPING2").await);
    let (bank, carrier) = (bank.to_string(), carrier.to_string());
    let parties = [("bank_id", bank.as_str()), ("shipping_line_id", carrier.as_str())];
    let other = asked.correction("600", &parties);
    crowd.send("correction of the parties", &mut owner, (&correction, &correction, ""), &pairs(&other)).await;
    crate::decisions::submit(&site, &mut owner, export).await;
    let (_, kind, facts) = &approvals(jebena::calendar::eat_date(site.now()))[0];
    let facts = facts_of(&site, export, kind, facts).await;
    let answer = site.decide("bank2.officer", export, kind, &pairs(&facts)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);

    let mut central = site.sign_in("nbe.officer").await;
    let asking = format!("{case}/extension-request");
    let asked = [("asked_until", "2027-03-01"), ("asking_reason", "The vessel was delayed at Djibouti.")];
    crowd.send("extension asked for", &mut owner, (&case, &asking, ""), &asked).await;
    let refusal = format!("{case}/extension-refusal");
    let refused = [("refusal_reason", "The vessel has arrived meanwhile.")];
    crowd.send("extension refused", &mut central, (&case, &refusal, ""), &refused).await;
    let extension = format!("{case}/extension");
    let later = [("new_due_date", "2027-04-01"), ("extension_reason", "The vessel was delayed at Djibouti.")];
    crowd.send("extension", &mut central, (&case, &extension, ""), &later).await;
    insta::assert_snapshot!(crowd.effects);
}

/// What is changed after it was agreed to, form after form.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_after_approval_sent_twenty_times_have_one_effect() {
    let site = TestSite::seeded_for_crowds().await;
    let mut crowd = Crowd::new(&site).await;
    let (export, asked, mut owner) = crate::revisions::requested(&site).await;
    walk(&site, export, "shipment").await;
    let case = format!("/exports/{export}");
    let amendment = format!("{case}/amendment");
    let agreed = [("reason", crate::revisions::REASON), ("undoes_bank-check_fx_permit_shipment", "yes")];
    let lighter = asked.correction("540", &agreed);
    crowd.send("amendment", &mut owner, (&amendment, &amendment, ""), &pairs(&lighter)).await;
    let back = asked.correction("600", &[("reason", crate::revisions::REASON)]);
    crowd.send("amendment of what nobody agreed to", &mut owner, (&amendment, &amendment, ""), &pairs(&back)).await;

    crate::revisions::approve(&site, export, &["bank-check", "fx", "permit", "shipment", "customs"]).await;
    let mut carrier = site.sign_in("shipping.officer").await;
    let (roll_over, containers) = (format!("{case}/roll-over"), format!("{case}/containers"));
    let vessel = crate::bookings::other_vessel(&site, 12);
    crowd.send("roll-over", &mut carrier, (&roll_over, &roll_over, ""), &pairs(&vessel)).await;
    let mut container = crate::bookings::container("CMAU7021139", "SL-8");
    container.push(("undoes_customs".to_owned(), "yes".to_owned()));
    crowd.send("another container", &mut carrier, (&containers, &containers, ""), &pairs(&container)).await;
    assert_eq!(site.state_of(export).await.1, "CLEARANCE");

    crate::revisions::approve(&site, export, &["customs"]).await;
    let mut loader = site.sign_in("shipping.supervisor").await;
    let step = format!("{case}/approvals/loading");
    let short = crate::parting::loading(&site, export, ("540", "9"), &[("short_reason", crate::parting::REASON)]).await;
    crowd.send("short shipment", &mut loader, (&case, &step, ""), &pairs(&short)).await;
    assert_eq!(site.state_of(export).await.0, "SHIPPED");
    insta::assert_snapshot!(crowd.effects);
}

/// A letter is put on record, another export draws on it, and it is amended.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_letter_of_credit_sent_twenty_times_has_one_effect() {
    let site = TestSite::seeded_for_crowds().await;
    let mut crowd = Crowd::new(&site).await;
    let (first, second) = crate::letters::two_paid_by_letter(&site).await;
    let value = crate::letters::value(&site, first).await;
    let mut bank = site.sign_in("bank.officer").await;
    let page = format!("/exports/{first}/letter-of-credit");
    let issued = crate::letters::letter(&site, &value, 40);
    crowd.send("letter", &mut bank, (&page, &format!("{page}/new"), ""), &pairs(&issued)).await;
    let known = crate::letters::drawn_on(&site, first).await;
    let other = format!("/exports/{second}/letter-of-credit");
    let chosen = [("letter_id", known.as_str())];
    crowd.send("letter drawn on", &mut bank, (&other, &format!("{other}/new"), "name=\"letter_id\""), &chosen).await;
    let later = crate::letters::amended(&site, &value, 60, crate::letters::AMENDMENT);
    crowd.send("letter amended", &mut bank, (&page, &page, ""), &pairs(&later)).await;
    insta::assert_snapshot!(crowd.effects);
}

/// The exporter gives up what the bank approves at the same moment: one of them is told that it is too late.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_an_approval_and_a_cancellation_at_once_one_happens() {
    let site = TestSite::seeded_for_crowds().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let mut officer = site.sign_in("bank.officer").await;
    let bank_facts = approvals(jebena::calendar::eat_date(site.now())).remove(0).2;
    for _ in 0..4 {
        let export = crate::decisions::submitted(&site).await;
        let case = format!("/exports/{export}");
        let (step, cancellation) = (format!("{case}/approvals/bank-check"), format!("{case}/cancellation"));
        let facts = facts_of(&site, export, "bank-check", &bank_facts).await;
        let approval = filled_in(&site.get(&mut officer, &case).await, &step, "", &pairs(&facts));
        let reason = [("cancel_reason", "The buyer has withdrawn from it.")];
        let cancelling = filled_in(&site.get(&mut owner, &case).await, &cancellation, "", &reason);
        let (approval, cancelling) = (pairs(&approval), pairs(&cancelling));
        let (approved, cancelled) =
            tokio::join!(site.post(&mut officer, &step, &approval), site.post(&mut owner, &cancellation, &cancelling));
        let stage = site.state_of(export).await.1;
        let (won, late, expected) = match approved.status {
            StatusCode::SEE_OTHER => (&approved, &cancelled, "FX"),
            _ => (&cancelled, &approved, "CLOSED"),
        };
        assert_eq!((won.status, stage.as_str()), (StatusCode::SEE_OTHER, expected), "{}", won.text);
        assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    }
}

/// The key is one of a form, not of a person: with it, nobody gets at the effect or the answer of another's.
#[tokio::test]
async fn the_key_of_somebody_elses_form_is_worth_nothing() {
    let site = TestSite::seeded().await;
    let export = crate::decisions::submitted(&site).await;
    let (case, messages) = (format!("/exports/{export}"), format!("/exports/{export}/messages"));
    let mut officer = site.sign_in("bank.officer").await;
    let mut supervisor = site.sign_in("bank.supervisor").await;
    let key = hidden_fields(&site.get(&mut officer, &case).await, &messages);
    let key = key.iter().find(|(name, _)| name == "idempotency_key").unwrap().1.clone();
    let said = "select count(*) from export_messages where body = 'Which bank confirms?'";
    let mut answers = Vec::new();
    for browser in [&mut officer, &mut supervisor] {
        let csrf = site.get(browser, "/help").await.hidden("csrf");
        let fields = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("text", "Which bank confirms?")];
        answers.push(site.post(browser, &messages, &fields).await);
    }
    assert_eq!(answers[0].status, StatusCode::SEE_OTHER, "{}", answers[0].text);
    assert!(answers[1].status.is_client_error() && answers[1].location().is_empty(), "{}", answers[1].text);
    assert_eq!(site.count(said).await, 1);
}

/// Who presses twice leaves once. Whoever comes after the session has ended has nothing to leave.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_session_left_twenty_times_ends_once() {
    let site = TestSite::seeded_for_crowds().await;
    let mut officer = site.sign_in("nbe.officer").await;
    let csrf = site.get(&mut officer, "/help").await.hidden("csrf");
    let left = "select count(*) from audit.events where event_type = 'LOGOUT'";
    let before = site.count(left).await;
    let answers = join_all((0..TIMES).map(|_| {
        let (site, mut browser, csrf) = (&site, officer.clone(), &csrf);
        async move { site.post(&mut browser, "/sign-out", &[("csrf", csrf)]).await }
    }))
    .await;
    for answer in &answers {
        assert!(matches!(answer.status, StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED), "{}", answer.text);
    }
    assert_eq!(site.count(left).await, before + 1);
    assert_eq!(site.count("select count(*) from user_sessions").await, 0);
}
