//! Files are scanned before they are kept, or wait for it; what is infected is opened by nobody and counts nowhere.

use std::time::Duration as Pause;

use chrono::Duration;
use http::StatusCode;
use jebena::documents::scanner::{Place, Scanner};
use jebena::documents::service::enter_scans;
use jebena::notifications::deliver;
use sha2::{Digest, Sha256};
use sqlx::Connection;
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::alerts::watch;
use crate::clamd::{Clamd, FOUND, infected_pdf};
use crate::documents::{Case, UploadForm, pdf, pdf_with};
use crate::site::{Answer, Browser, TestSite};

/// A place where nobody listens.
async fn nobody() -> Scanner {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Scanner::new(Place::Tcp(listener.local_addr().unwrap().to_string()), Pause::from_secs(2))
}

async fn quiet_case(scanner: Option<Scanner>) -> Case {
    let mut case = Case::start().await;
    case.site.execute("update job_schedules set next_run_at = '2100-01-01'").await;
    case.site.scanned_by(scanner);
    case
}

impl Case {
    async fn document(&self, name: &str) -> Uuid {
        sqlx::query_scalar("select document_id from export_documents where document_name = $1")
            .bind(name)
            .fetch_one(&mut self.site.sql().await)
            .await
            .unwrap()
    }

    /// What a scanner has said of a document, and the kinds that count.
    async fn verdict(&self, name: &str) -> (String, Vec<String>) {
        sqlx::query_as(
            "select d.scan_status, e.attached_documents from export_documents d join exports e using (export_id)
             where d.document_name = $1",
        )
        .bind(name)
        .fetch_one(&mut self.site.sql().await)
        .await
        .unwrap()
    }

    async fn get_all(&self, browser: &mut Browser, id: Uuid) -> Vec<Answer> {
        let mut answers = Vec::new();
        for path in [format!("/documents/{id}"), format!("/documents/{id}/preview")] {
            answers.push(self.site.get(browser, &path).await);
        }
        answers
    }
}

/// Who was told that a file of theirs is infected, and what it leads to.
async fn told(site: &TestSite) -> Vec<String> {
    while deliver(&site.state.db, site.now()).await.unwrap() > 0 {}
    sqlx::query_scalar(
        "select concat_ws(' ', u.username, n.subject_kind, n.mail) from notifications n join users u on u.id = n.user_id
         where n.event = 'DOCUMENT_INFECTED' and n.is_critical order by 1",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap()
}

fn verdict(status: &str, kinds: &[&str]) -> (String, Vec<String>) {
    (status.to_owned(), kinds.iter().map(|kind| (*kind).to_owned()).collect())
}

#[tokio::test]
async fn a_clean_file_is_kept_with_its_verdict() {
    let clamd = Clamd::start().await;
    let case = quiet_case(Some(clamd.scanner())).await;
    let mut clerk = case.clerk.clone();
    let sent = case.upload(&mut clerk, "INVOICE", "clean.pdf", &pdf()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let told = "select count(*) from export_documents where scan_status = 'CLEAN' and scan_engine like 'ClamAV %'
        and scanned_at = uploaded_at and scan_signature is null";
    assert_eq!(case.site.count(told).await, 1);
    assert_eq!(case.verdict("clean.pdf").await, verdict("CLEAN", &["INVOICE"]));
    let page = case.site.get(&mut clerk, &case.path()).await.text;
    assert!(page.contains(": clean") && page.contains("Files are scanned for malware"), "{page}");
    case.submit().await;
    let mut bank = case.site.sign_in("bank.officer").await;
    for answer in case.get_all(&mut bank, case.document("clean.pdf").await).await {
        assert_eq!(answer.status, StatusCode::OK);
    }
    let ready = case.site.get(&mut Browser::default(), "/readyz").await;
    assert!(ready.text.contains("\"scanner\":true"), "{}", ready.text);
    assert_eq!(case.site.count("select count(*) from jobs").await, 0);
}

#[tokio::test]
async fn an_infected_file_is_refused_at_its_field_on_record_and_an_alert() {
    let clamd = Clamd::start().await;
    let case = quiet_case(Some(clamd.scanner())).await;
    let mut clerk = case.clerk.clone();
    let refused = case.upload(&mut clerk, "INVOICE", "infected.pdf", &infected_pdf()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("id=\"file-error\"") && refused.text.contains(FOUND), "{}", refused.text);
    assert!(refused.text.contains("Have your computer checked") && refused.text.contains("INV-7 / 2026"));
    assert_eq!((case.rows().await, case.files().await), (0, 0), "nothing is stored");
    let (details, private): (serde_json::Value, serde_json::Value) = sqlx::query_as(
        "select e.details, p.payload from audit.events e join audit.event_private p using (event_id)
         where e.event_type = 'INFECTED_FILE_REFUSED' and e.severity = 'HIGH'",
    )
    .fetch_one(&mut case.site.sql().await)
    .await
    .unwrap();
    assert_eq!((&details["signature"], &details["size_bytes"]), (&FOUND.into(), &infected_pdf().len().into()));
    assert_eq!(details["sha256"], hex::encode(Sha256::digest(infected_pdf())));
    assert_eq!(private["file_name"], "infected.pdf");
    assert!(!details.to_string().contains("infected.pdf"), "a name is personal: {details}");

    watch(&case.site).await;
    let alerts = "select count(*) from security_alerts a join users u on u.id = a.subject_id
        where a.rule = 'INFECTED_FILES' and a.figure = 1 and u.username = 'exporter.clerk'";
    assert_eq!(case.site.count(alerts).await, 1);
    case.site.add_user("site.admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    let mut admin = case.site.sign_in("site.admin").await;
    let board = case.site.get(&mut admin, "/security").await;
    assert!(board.text.contains("Infected files"), "{}", board.text);
}

#[tokio::test]
async fn what_came_while_the_scanner_was_away_waits_and_is_scanned_later() {
    let mut case = quiet_case(Some(nobody().await)).await;
    let mut clerk = case.clerk.clone();
    for (kind, name, file) in [("INVOICE", "infected.pdf", infected_pdf()), ("PACKING_LIST", "clean.pdf", pdf())] {
        let sent = case.upload(&mut clerk, kind, name, &file).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert_eq!(case.verdict(name).await, verdict("WAITING", &[]), "it is kept, and does not count");
    }
    let (infected, clean) = (case.document("infected.pdf").await, case.document("clean.pdf").await);
    let waiting = "select count(*) from jobs where kind = 'SCAN_DOCUMENT' and status = 'WAITING'";
    assert_eq!(case.site.count(waiting).await, 2);

    // Its own organisation sees and opens it; others see that it is there, and read why they do not open it.
    case.submit().await;
    let (mut bank, mut nbe) = (case.site.sign_in("bank.officer").await, case.site.sign_in("nbe.officer").await);
    let case_page = format!("/exports/{}", case.id);
    let own = case.site.get(&mut clerk, &case.path()).await.text;
    assert!(own.contains("waits for its scan") && own.contains(&format!("/documents/{clean}")), "{own}");
    assert!(case.get_all(&mut clerk, clean).await.iter().all(|answer| answer.status == StatusCode::OK));
    for browser in [&mut bank, &mut nbe] {
        for page in [case.path(), case_page.clone()] {
            let page = case.site.get(browser, &page).await.text;
            assert!(page.contains("waits for its scan") && !page.contains(&format!("/documents/{clean}")), "{page}");
        }
        for answer in case.get_all(browser, clean).await {
            assert_eq!(answer.status, StatusCode::FORBIDDEN);
            assert!(answer.text.contains("has not looked at this file yet"), "{}", answer.text);
        }
    }

    // It is tried again later, and later again, without end in sight.
    case.site.do_all().await;
    let failed = "select count(*) from job_attempts where outcome = 'FAILED' and error like 'the scanner cannot%'";
    assert_eq!((case.site.count(failed).await, case.site.count(waiting).await), (2, 2));
    let clamd = Clamd::start().await;
    case.site.scanned_by(Some(clamd.scanner()));
    case.site.do_all().await;
    assert_eq!(case.site.count(waiting).await, 2, "not at once");
    case.site.clock.advance(Duration::seconds(10));
    case.site.do_all().await;
    assert_eq!(case.verdict("clean.pdf").await, verdict("CLEAN", &["PACKING_LIST"]));
    assert_eq!(case.verdict("infected.pdf").await, verdict("INFECTED", &["PACKING_LIST"]));
    assert_eq!(case.site.count("select count(*) from jobs where status = 'DONE'").await, 2);
    // Who has brought it is told, and nobody else.
    assert_eq!(told(&case.site).await, ["exporter.clerk EXPORT IMMEDIATE"]);
    let list = case.site.get(&mut clerk, "/notifications").await.text;
    assert!(list.contains("A harmful file of yours was found") && list.contains("Commercial invoice"), "{list}");
    assert!(case.get_all(&mut bank, clean).await.iter().all(|answer| answer.status == StatusCode::OK));
    for browser in [&mut clerk, &mut bank, &mut nbe] {
        for answer in case.get_all(browser, infected).await {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "nobody opens it");
            assert!(answer.text.contains("has found something in this file"), "{}", answer.text);
        }
        for page in [case.path(), case_page.clone()] {
            let page = case.site.get(browser, &page).await.text;
            assert!(page.contains("infected, locked away") && page.contains(FOUND), "{page}");
            assert!(!page.contains(&format!("/documents/{infected}\"")), "{page}");
        }
    }
    let on_record = "select count(*) from audit.events where event_type in ('INFECTED_FILE_FOUND', 'DOCUMENT_SCANNED')";
    assert_eq!(case.site.count(on_record).await, 2);
    watch(&case.site).await;
    let alerts = "select count(*) from security_alerts a join users u on u.id = a.subject_id
        where a.rule = 'INFECTED_FILES' and u.username = 'exporter.clerk'";
    assert_eq!(case.site.count(alerts).await, 1);

    // Another one takes its place.
    let sent = case.upload(&mut clerk, "INVOICE", "healthy.pdf", &pdf()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(case.verdict("healthy.pdf").await, verdict("CLEAN", &["INVOICE", "PACKING_LIST"]));
    let earlier = case.site.get(&mut clerk, &case.path()).await.text;
    assert!(earlier.contains(&format!("infected: {FOUND}")), "the one before says why: {earlier}");
}

#[tokio::test]
async fn what_the_scanner_gives_no_verdict_on_waits() {
    let clamd = Clamd::start().await;
    let mut case = quiet_case(Some(clamd.scanner())).await;
    let mut clerk = case.clerk.clone();
    let long = pdf_with(&"x".repeat(3 << 19));
    let sent = case.upload(&mut clerk, "INVOICE", "long.pdf", &long).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(case.verdict("long.pdf").await, verdict("WAITING", &[]));
    case.site.do_all().await;
    let told = "select count(*) from job_attempts where error like '%INSTREAM size limit exceeded%'";
    assert_eq!(case.site.count(told).await, 1, "an operator reads what it said");
    assert_eq!(case.verdict("long.pdf").await, verdict("WAITING", &[]));

    // Connections to a listener that accepts none wait in its queue, and hear nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = Place::Tcp(silent.local_addr().unwrap().to_string());
    case.site.scanned_by(Some(Scanner::new(place, Pause::from_millis(300))));
    let begun = std::time::Instant::now();
    let sent = case.upload(&mut clerk, "PACKING_LIST", "unheard.pdf", &pdf()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert!(begun.elapsed() < Pause::from_secs(10), "its sender does not wait for ever");
    assert_eq!(case.verdict("unheard.pdf").await.0, "WAITING");
    let ready = case.site.get(&mut Browser::default(), "/readyz").await;
    assert_eq!(ready.status, StatusCode::OK, "the site works without it");
    assert!(ready.text.contains("\"scanner\":false"), "{}", ready.text);
}

#[tokio::test]
async fn what_came_before_there_was_a_scanner_is_scanned_when_somebody_says_so() {
    let mut case = quiet_case(None).await;
    let mut clerk = case.clerk.clone();
    case.upload(&mut clerk, "INVOICE", "infected.pdf", &infected_pdf()).await;
    case.upload(&mut clerk, "PACKING_LIST", "clean.pdf", &pdf()).await;
    case.submit().await;
    let mut bank = case.site.sign_in("bank.officer").await;
    let infected = case.document("infected.pdf").await;
    assert_eq!(case.verdict("infected.pdf").await, verdict("NOT_SCANNED", &["INVOICE", "PACKING_LIST"]));
    assert!(case.get_all(&mut bank, infected).await.iter().all(|answer| answer.status == StatusCode::OK));
    assert!(case.site.get(&mut bank, &case.path()).await.text.contains("not scanned"));
    let silent = case.site.get(&mut Browser::default(), "/readyz").await;
    assert!(!silent.text.contains("scanner"), "{}", silent.text);

    let clamd = Clamd::start().await;
    case.site.scanned_by(Some(clamd.scanner()));
    assert_eq!(enter_scans(&case.site.state.db, case.site.now()).await.unwrap(), 2);
    assert_eq!(enter_scans(&case.site.state.db, case.site.now()).await.unwrap(), 0, "each once");
    assert!(case.get_all(&mut bank, infected).await.iter().all(|answer| answer.status == StatusCode::OK));
    case.site.do_all().await;
    assert_eq!(case.verdict("clean.pdf").await, verdict("CLEAN", &["PACKING_LIST"]));
    assert_eq!(case.verdict("infected.pdf").await.0, "INFECTED");
    for answer in case.get_all(&mut bank, infected).await {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(enter_scans(&case.site.state.db, case.site.now()).await.unwrap(), 0, "all have a verdict");

    // A verdict is given once, by whom it is to be given, and has everything that belongs to it.
    let mut sql = case.site.sql().await;
    let mut step = sql.begin().await.unwrap();
    sqlx::raw_sql("set local role jebena_worker").execute(&mut *step).await.unwrap();
    let changed = sqlx::query(
        "update export_documents set scan_status = 'CLEAN', scanned_at = now(), scan_engine = 'x', scan_signature = null
         where scan_status = 'INFECTED'",
    )
    .execute(&mut *step)
    .await
    .unwrap();
    assert_eq!(changed.rows_affected(), 0);
    step.rollback().await.unwrap();
    for (change, constraint) in [
        ("scan_status = 'CLEAN'", "scan_infected_check"),
        ("scan_engine = null", "scan_verdict_check"),
        ("scan_status = 'SOUND', scan_signature = null", "scan_status_check"),
    ] {
        let change = format!("update export_documents set {change} where scan_status = 'INFECTED'");
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(change)).execute(&mut sql).await.unwrap_err();
        assert!(refused.to_string().contains(constraint), "{refused}");
    }
}

#[tokio::test]
async fn papers_of_an_application_are_scanned_too() {
    let clamd = Clamd::start().await;
    let mut site = TestSite::seeded().await.without_schedules().await;
    site.scanned_by(Some(nobody().await));
    let mut owner = crate::people::register(&site, "Wonago Coffee", "PRIVATE", "wonago.scans").await;
    let answers = crate::registration::profile_of("Wonago Coffee", "PRIVATE", "7700000019");
    let answers: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let profile = site.hand_in(&mut owner, "profile", &answers).await;
    let path = format!("/applications/profile/{profile}/papers");
    let send = async |site: &TestSite, owner: &mut Browser, kind: &str, file: Vec<u8>| {
        let page = site.get(owner, &path).await;
        let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
        let fields = vec![
            ("csrf", csrf.as_str()),
            ("idempotency_key", key.as_str()),
            ("document_type", kind),
            ("reference_number", ""),
        ];
        let form = UploadForm { fields, file_name: "paper.pdf", file: &file };
        site.call(owner, form.request(&path)).await
    };
    let sent = send(&site, &mut owner, "business_registration", pdf()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = site.get(&mut owner, &path).await.text;
    assert!(page.contains("waits for its scan") && page.contains("0 of 2 are there"), "{page}");
    let paper: Uuid = sqlx::query_scalar(
        "select document_id from preregistration_documents
         where scan_status = 'WAITING'",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let sent = send(&site, &mut owner, "capital_proof", infected_pdf()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let mut desk = site.sign_in("ecta.officer").await;
    let address = format!("/applications/papers/{paper}");
    for path in [address.clone(), format!("{address}/preview")] {
        assert_eq!(site.get(&mut owner, &path).await.status, StatusCode::OK, "{path}");
        assert_eq!(site.get(&mut desk, &path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let shown = site.get(&mut desk, &format!("/registration/profile/{profile}")).await.text;
    assert!(shown.contains("waits for its scan") && !shown.contains(&address), "{shown}");

    site.scanned_by(Some(clamd.scanner()));
    site.do_all().await;
    assert_eq!(told(&site).await, ["wonago.scans PROFILE IMMEDIATE"]);
    let settings = site.get(&mut owner, "/account/notifications").await.text;
    assert!(!settings.contains("in_app_document_infected"), "nobody mutes it: {settings}");
    assert!(site.get(&mut owner, &path).await.text.contains("1 of 2 are there"));
    assert_eq!(site.get(&mut desk, &address).await.status, StatusCode::OK);
    let refused = send(&site, &mut owner, "capital_proof", infected_pdf()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("id=\"file-error\"") && refused.text.contains(FOUND), "{}", refused.text);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'INFECTED_FILE_REFUSED'").await, 1);
}
