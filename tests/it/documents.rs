//! Documents of an export: what is taken and what is refused, once each, and what is left behind.

use axum::body::Body;
use chrono::{DateTime, Duration, Utc};
use futures::TryStreamExt;
use http::{Request, StatusCode, header};
use jebena::clock::{Clock, SystemClock};
use jebena::documents::reconcile::{Report, check_portion, reconcile};
use uuid::Uuid;

use crate::site::{Answer, Browser, TestSite};

const MB: usize = 1 << 20;

/// A small paper: one page, nothing on it.
pub fn pdf() -> Vec<u8> {
    pdf_with("a paper")
}

/// The same with a comment that no page shows.
pub fn pdf_with(comment: &str) -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ];
    let mut text = format!("%PDF-1.7\n%{comment}\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(text.len());
        text.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let start = text.len();
    text.push_str("xref\n0 4\n0000000000 65535 f \n");
    for place in places {
        text.push_str(&format!("{place:010} 00000 n \n"));
    }
    text.push_str(&format!("trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"));
    text.into_bytes()
}

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(20, 10).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// A form with a file as a browser sends it.
pub struct UploadForm<'a> {
    pub fields: Vec<(&'a str, &'a str)>,
    pub file_name: &'a str,
    pub file: &'a [u8],
}

impl UploadForm<'_> {
    pub fn request(&self, path: &str) -> Request<Body> {
        const BOUNDARY: &str = "----part-of-a-form";
        let mut body = Vec::new();
        for (name, value) in &self.fields {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            self.file_name
        );
        body.extend(head.into_bytes());
        body.extend(self.file);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        Request::post(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .header(header::CONTENT_LENGTH, body.len())
            .header(header::ORIGIN, "http://localhost:8080")
            .body(Body::from(body))
            .unwrap()
    }
}

/// The form for a document on `page`, at `path`, with one of `kind`.
pub fn one_document(page: &Answer, path: &str, kind: &str) -> Request<Body> {
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let fields = vec![
        ("csrf", csrf.as_str()),
        ("idempotency_key", key.as_str()),
        ("document_type", kind),
        ("reference_number", ""),
    ];
    UploadForm { fields, file_name: "paper.pdf", file: &pdf() }.request(path)
}

/// An export in preparation with its parties, and a browser for the exporter's clerk.
pub struct Case {
    pub site: TestSite,
    pub id: Uuid,
    pub clerk: Browser,
}

impl Case {
    pub async fn start() -> Self {
        let site = TestSite::start().await;
        for (username, kind, role) in [
            ("exporter.clerk", "EXPORTER", "CLERK"),
            ("other.clerk", "EXPORTER", "CLERK"),
            ("bank.officer", "COMMERCIAL_BANK", "OFFICER"),
            ("shipping.officer", "SHIPPING_LINE", "OFFICER"),
            ("nbe.officer", "NATIONAL_BANK", "OFFICER"),
        ] {
            site.add_user(username, kind, role, true).await;
        }
        let id = Uuid::now_v7();
        // Contract, licence and profile are another area's; without their triggers the row stands alone.
        site.execute(&format!(
            "set session_replication_role = replica;
             insert into exports (export_id, export_number, exporter_id, exporter_organization_id,
                 bank_organization_id, shipping_organization_id, exporter_name, contract_id, license_id, coffee_type,
                 origin_region, processing_method, grade, quantity, bags, destination_country, port_of_loading,
                 port_of_discharge, transport_mode, incoterm, payment_method, currency, price_per_kg, estimated_value,
                 buyer_name, buyer_country, status, stage, stage_entered_at, queue_organization_id, created_by,
                 changed_by, changed_at, created_at, updated_at)
             select '{id}', 'EXP-20261120-000001', gen_random_uuid(), e.organization_id, b.organization_id,
                 s.organization_id, 'Sample Coffee Export', gen_random_uuid(), gen_random_uuid(), 'Sidama', 'Sidama',
                 'WASHED', '2', 19200, 320, 'DE', 'DJJIB', 'DEHAM', 'SEA', 'FOB', 'LC', 'USD', 11, 211200,
                 'Sample Roasters', 'DE', 'PENDING', 'PREPARATION', now(), e.organization_id, e.id, e.id, now(),
                 now(), now()
             from users e, users b, users s
             where e.username = 'exporter.clerk' and b.username = 'bank.officer' and s.username = 'shipping.officer'"
        ))
        .await;
        let clerk = site.sign_in("exporter.clerk").await;
        Self { site, id, clerk }
    }

    pub fn path(&self) -> String {
        format!("/exports/{}/documents", self.id)
    }

    /// Attaches `file` as the viewer in `browser` would: the page first, then its form.
    pub async fn upload(&self, browser: &mut Browser, kind: &str, name: &str, file: &[u8]) -> Answer {
        let page = self.site.get(browser, &self.path()).await;
        let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
        self.send(browser, (&csrf, &key), kind, name, file).await
    }

    pub async fn send(
        &self,
        browser: &mut Browser,
        (csrf, key): (&str, &str),
        kind: &str,
        file_name: &str,
        file: &[u8],
    ) -> Answer {
        let fields = vec![
            ("csrf", csrf),
            ("idempotency_key", key),
            ("document_type", kind),
            ("reference_number", "INV-7 / 2026"),
        ];
        let form = UploadForm { fields, file_name, file };
        self.site.call(browser, form.request(&self.path())).await
    }

    pub async fn rows(&self) -> i64 {
        self.site.count("select count(*) from export_documents").await
    }

    pub async fn files(&self) -> usize {
        let files: Vec<_> =
            self.site.state.storage.list_older_than(DateTime::<Utc>::MAX_UTC).try_collect().await.unwrap();
        files.len()
    }

    /// Moves the export past its submission, into the bank's queue.
    pub async fn submit(&self) {
        self.site
            .execute(
                "update exports set stage = 'BANK_CHECK', submitted_at = now(), submitted_by = created_by,
                     queue_organization_id = bank_organization_id",
            )
            .await;
    }

    pub async fn newest_document(&self) -> Uuid {
        sqlx::query_scalar("select document_id from export_documents order by uploaded_at desc, version desc limit 1")
            .fetch_one(&mut self.site.sql().await)
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_paper_is_attached_shown_and_downloaded() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    let empty = case.site.get(&mut clerk, &case.path()).await;
    assert!(empty.text.contains("0 of ") && empty.text.contains("Sales contract"), "{}", empty.text);
    assert!(empty.text.contains("Bank check"), "{}", empty.text);
    assert!(empty.text.contains("for Commercial bank; brought by Exporter"), "{}", empty.text);

    let sent = case.upload(&mut clerk, "INVOICE", "C:\\papers\\Invoice 7.PDF", &pdf()).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, case.path().as_str()), "{}", sent.text);
    let page = case.site.get(&mut clerk, &case.path()).await;
    assert!(page.text.contains("Invoice 7.pdf is attached"), "{}", page.text);
    assert!(page.text.contains("INV-7 / 2026") && page.text.contains("not scanned"));
    assert_eq!((case.rows().await, case.files().await), (1, 1));

    let id = case.newest_document().await;
    let file = case.site.get(&mut clerk, &format!("/documents/{id}")).await;
    assert_eq!(file.text.as_bytes(), pdf());
    assert_eq!(file.headers["content-type"], "application/pdf");
    assert_eq!(
        file.headers["content-disposition"],
        "attachment; filename=\"Invoice 7.pdf\"; filename*=UTF-8''Invoice%207.pdf"
    );
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    assert_eq!(file.headers["content-security-policy"], "sandbox; default-src 'none'");
    let preview = case.site.get(&mut clerk, &format!("/documents/{id}/preview")).await;
    assert!(preview.headers["content-disposition"].to_str().unwrap().starts_with("inline; "));
    assert_eq!(preview.headers["content-security-policy"], "default-src 'none'; sandbox; frame-ancestors 'self'");

    let events = "select count(*) from audit.events where event_type in ('DOCUMENT_UPLOADED', 'DOCUMENT_DOWNLOADED')";
    assert_eq!(case.site.count(events).await, 2);
    let stored = "select count(*) from export_documents where version = 1 and is_active and ipfs_hash like 'bafkrei%'";
    assert_eq!(case.site.count(stored).await, 1);
}

#[tokio::test]
async fn a_newer_version_takes_the_place_of_the_one_before() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    case.upload(&mut clerk, "INVOICE", "first.pdf", &pdf()).await;
    let first = case.newest_document().await;
    let sent = case.upload(&mut clerk, "INVOICE", "second.png", &png()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = case.site.get(&mut clerk, &case.path()).await;
    assert!(page.text.contains("Earlier versions") && page.text.contains("version 2"), "{}", page.text);
    assert_eq!(case.site.count("select count(*) from export_documents where is_active").await, 1);
    assert_eq!(case.site.count("select count(*) from audit.events where event_type = 'DOCUMENT_REPLACED'").await, 1);
    let old = case.site.get(&mut clerk, &format!("/documents/{first}")).await;
    assert_eq!(old.status, StatusCode::OK, "the version before stays on record");
    // Several other documents stand beside each other.
    for name in ["a.pdf", "b.pdf"] {
        case.upload(&mut clerk, "OTHER", name, &pdf()).await;
    }
    assert_eq!(case.site.count("select count(*) from export_documents where is_active").await, 3);
    let noted = "select count(*) from exports where attached_documents = '{INVOICE,OTHER,OTHER}'";
    assert_eq!(case.site.count(noted).await, 1, "a queue reads the kinds from the export");
}

#[tokio::test]
async fn what_is_not_taken_is_said_at_the_field_and_leaves_nothing() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    let large = vec![b'x'; 10 * MB + 1];
    let huge = vec![b'x'; 20 * MB];
    let program = b"MZ\x90\0\x03 This program cannot be run in DOS mode".as_slice();
    for (kind, name, file, complaint) in [
        ("INVOICE", "large.pdf", large.as_slice(), "larger than 10 MB, the limit"),
        ("INVOICE", "huge.pdf", huge.as_slice(), "larger than 10 MB, the limit"),
        ("INVOICE", "program.pdf", program, "This is no PDF, JPEG or PNG"),
        ("INVOICE", "empty.pdf", b"".as_slice(), "This file is empty"),
        ("INVOICE", "cut.pdf", b"%PDF-1.7 and no more".as_slice(), "begins as a PDF"),
        ("INVOICE", "", b"".as_slice(), "Choose a file"),
    ] {
        let answer = case.upload(&mut clerk, kind, name, file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text);
        assert!(answer.text.contains(complaint), "{name}: {}", answer.text);
        assert!(answer.text.contains("id=\"error-summary\"") && answer.text.contains("id=\"file-error\""), "{name}");
        assert!(answer.text.contains("value=\"INV-7 / 2026\""), "what was typed is kept");
        assert!(answer.text.contains("<option value=\"INVOICE\" selected>"), "what was chosen is kept");
    }
    for (kind, complaint) in [
        ("", "Choose which document it is"),
        ("NO_SUCH_KIND", "Choose which document it is"),
        ("BILL_OF_LADING", "Your organisation does not bring this document"),
    ] {
        let answer = case.upload(&mut clerk, kind, "paper.pdf", &pdf()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind}: {}", answer.text);
        assert!(answer.text.contains(complaint) && answer.text.contains("id=\"document_type-error\""), "{kind}");
    }
    assert_eq!((case.rows().await, case.files().await), (0, 0));
    let chosen = case.site.post(&mut clerk, "/language", &[("language", "am"), ("next", "/inbox")]).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    let answer = case.upload(&mut clerk, "INVOICE", "large.pdf", &large).await;
    assert!(answer.text.contains("ይህ ፋይል ከገደቡ ከ10 MB ይበልጣል"), "{}", answer.text);
}

#[tokio::test]
async fn a_body_beyond_every_limit_is_refused_unread() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    let mut request = UploadForm { fields: vec![], file_name: "x", file: b"" }.request(&case.path());
    request.headers_mut().insert(header::CONTENT_LENGTH, (100 * MB).into());
    let refused = case.site.call(&mut clerk, request).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(refused.text.contains("<!doctype html>"));
}

#[tokio::test]
async fn the_same_form_twice_makes_one_document() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    let page = case.site.get(&mut clerk, &case.path()).await;
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let file = pdf();
    let sendings =
        (0..4).map(|_| async { case.send(&mut clerk.clone(), (&csrf, &key), "INVOICE", "paper.pdf", &file).await });
    for answer in futures::future::join_all(sendings).await {
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, case.path().as_str()),
            "{}",
            answer.text
        );
    }
    assert_eq!((case.rows().await, case.files().await), (1, 1));
    let other = case.send(&mut clerk, (&csrf, &key), "INVOICE", "paper.pdf", &png()).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY, "the key was used for another file");
    assert_eq!((case.rows().await, case.files().await), (1, 1));
}

#[tokio::test]
async fn two_at_once_become_two_versions() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    let mut keys = Vec::new();
    for _ in 0..4 {
        let page = case.site.get(&mut clerk, &case.path()).await;
        keys.push((page.hidden("csrf"), page.hidden("idempotency_key")));
    }
    let file = pdf();
    let sendings = keys.iter().map(|(csrf, key)| async {
        case.send(&mut clerk.clone(), (csrf, key), "PACKING_LIST", "paper.pdf", &file).await
    });
    for answer in futures::future::join_all(sendings).await {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    assert_eq!(case.site.count("select max(version)::bigint from export_documents").await, 4);
    assert_eq!(case.site.count("select count(*) from export_documents where is_active").await, 1);
}

#[tokio::test]
async fn a_form_of_another_session_is_refused_before_its_file_is_stored() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    let key = Uuid::new_v4().to_string();
    let answer = case.send(&mut clerk, ("not the token", &key), "INVOICE", "paper.pdf", &pdf()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let page = case.site.get(&mut clerk, &case.path()).await;
    let csrf = page.hidden("csrf");
    let fields =
        vec![("csrf", csrf.as_str()), ("idempotency_key", &key), ("document_type", "INVOICE"), ("status", "x")];
    let unknown = UploadForm { fields, file_name: "paper.pdf", file: &pdf() }.request(&case.path());
    let answer = case.site.call(&mut clerk, unknown).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "a field that no page of ours sends");
    let urlencoded = case.site.post(&mut clerk, &case.path(), &[("csrf", &csrf)]).await;
    assert_eq!(urlencoded.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!((case.rows().await, case.files().await), (0, 0));
}

#[tokio::test]
async fn strangers_to_the_export_see_and_attach_nothing() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    case.upload(&mut clerk, "INVOICE", "paper.pdf", &pdf()).await;
    let id = case.newest_document().await;
    let mut other = case.site.sign_in("other.clerk").await;
    let mut bank = case.site.sign_in("bank.officer").await;
    let mut nbe = case.site.sign_in("nbe.officer").await;
    // While the request is being prepared, it is its exporter's own.
    for browser in [&mut other, &mut bank, &mut nbe] {
        for path in [case.path(), format!("/documents/{id}"), format!("/documents/{id}/preview")] {
            assert_eq!(case.site.get(browser, &path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    let token = case.site.get(&mut other, "/exports").await.hidden("csrf");
    let key = Uuid::new_v4().to_string();
    let answer = case.send(&mut other, (&token, &key), "INVOICE", "paper.pdf", &pdf()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!((case.rows().await, case.files().await), (1, 1));

    case.submit().await;
    assert_eq!(case.site.get(&mut other, &format!("/documents/{id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(case.site.get(&mut nbe, &format!("/documents/{id}")).await.status, StatusCode::OK);
    let page = case.site.get(&mut nbe, &case.path()).await;
    assert!(!page.text.contains("type=\"file\""), "the National Bank attaches nothing");
    let sent = case.upload(&mut bank, "LETTER_OF_CREDIT", "lc.pdf", &pdf()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let refused = case.upload(&mut bank, "INVOICE", "paper.pdf", &pdf()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    case.site
        .execute(
            "update exports set status = 'CANCELLED', stage = 'CLOSED', queue_organization_id = null,
                 cancelled_by = created_by, cancelled_at = now(), cancellation_reason = 'No longer needed'",
        )
        .await;
    let token = case.site.get(&mut bank, "/exports").await.hidden("csrf");
    let late = case.send(&mut bank, (&token, &key), "LETTER_OF_CREDIT", "lc.pdf", &pdf()).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    assert!(late.text.contains("Almaz Tesfaye"), "who and when: {}", late.text);
}

#[tokio::test]
async fn a_document_is_taken_back_with_a_reason_while_the_case_is_there() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    case.upload(&mut clerk, "INVOICE", "wrong.pdf", &pdf()).await;
    let id = case.newest_document().await;
    let path = format!("{}/{id}/removal", case.path());
    let page = case.site.get(&mut clerk, &path).await;
    assert!(page.text.contains("wrong.pdf"), "{}", page.text);
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let short = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("reason", "wrong")];
    let answer = case.site.post(&mut clerk, &path, &short).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains(">wrong</textarea>") && answer.text.contains("at least 10 characters"));

    let reason = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("reason", "Scan of another shipment")];
    for _ in 0..2 {
        let answer = case.site.post(&mut clerk, &path, &reason).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, case.path().as_str()),
            "{}",
            answer.text
        );
    }
    let page = case.site.get(&mut clerk, &case.path()).await;
    assert!(page.text.contains("wrong.pdf is removed") && page.text.contains("Scan of another shipment"));
    assert_eq!(case.site.count("select count(*) from audit.events where event_type = 'DOCUMENT_DEACTIVATED'").await, 1);
    assert_eq!((case.rows().await, case.files().await), (1, 1), "the file stays on record");
    assert_eq!(case.site.count("select count(*) from exports where attached_documents = '{}'").await, 1);
    let again = case.site.get(&mut clerk, &path).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);

    case.upload(&mut clerk, "INVOICE", "right.pdf", &pdf()).await;
    let second = case.newest_document().await;
    case.submit().await;
    let mut bank = case.site.sign_in("bank.officer").await;
    assert_eq!(case.site.get(&mut bank, &format!("/documents/{id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(case.site.get(&mut bank, &format!("/documents/{second}")).await.status, StatusCode::OK);
    let page = case.site.get(&mut bank, &case.path()).await;
    assert!(page.text.contains("Scan of another shipment") && !page.text.contains(&format!("{second}/removal")));
    let late = case.site.get(&mut clerk, &format!("{}/{second}/removal", case.path())).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    let foreign = case.site.get(&mut bank, &format!("{}/{second}/removal", case.path())).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_statement_that_fails_leaves_neither_row_nor_file() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    case.upload(&mut clerk, "INVOICE", "first.pdf", &pdf()).await;
    for table in ["export_documents", "idempotency_keys", "outbox", "audit.events"] {
        case.site
            .execute(&format!(
                "create function refuse_it() returns trigger language plpgsql as $$
                 begin raise exception 'no room'; end $$;
                 create trigger refuse_it before insert on {table} for each row execute function refuse_it()"
            ))
            .await;
        let failed = case.upload(&mut clerk, "INVOICE", "second.pdf", &pdf()).await;
        assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR, "{table}");
        assert!(!failed.text.contains("no room"), "no driver text");
        case.site.execute("drop function refuse_it() cascade").await;
        assert_eq!((case.rows().await, case.files().await), (1, 1), "{table}");
        let active = "select count(*) from export_documents where is_active";
        assert_eq!(case.site.count(active).await, 1, "{table}");
    }
}

#[tokio::test]
async fn files_and_rows_are_brought_into_agreement() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    for name in ["kept.pdf", "orphan.pdf", "lost.pdf"] {
        case.upload(&mut clerk, "OTHER", name, &pdf()).await;
    }
    case.site.execute("delete from export_documents where document_name = 'orphan.pdf'").await;
    let path: String =
        sqlx::query_scalar("select document_path from export_documents where document_name = 'lost.pdf'")
            .fetch_one(&mut case.site.sql().await)
            .await
            .unwrap();
    let (db, storage) = (&case.site.state.db, &case.site.state.storage);
    storage.delete(&path.parse().unwrap()).await.unwrap();

    let now = SystemClock.now();
    let lost = Report { rows_without_file: 1, ..Report::default() };
    assert_eq!(reconcile(db, storage, now).await.unwrap(), lost, "a young file may still get its row");
    assert_eq!(case.files().await, 2);
    let later = reconcile(db, storage, now + Duration::hours(2)).await.unwrap();
    assert_eq!(later, Report { orphan_files_deleted: 1, ..lost });
    assert_eq!((case.rows().await, case.files().await), (2, 1));
    let reported = "select count(*) from audit.events where event_type = 'DOCUMENT_FILE_MISSING'";
    assert_eq!(case.site.count(reported).await, 1, "once, however often it is seen");

    let page = case.site.get(&mut clerk, &case.path()).await;
    assert!(page.text.contains("lost.pdf"));
}

#[tokio::test]
async fn the_store_is_compared_with_its_rows_a_part_at_a_time() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    for name in ["one.pdf", "two.pdf", "three.pdf"] {
        case.upload(&mut clerk, "OTHER", name, &pdf()).await;
    }
    let last: String =
        sqlx::query_scalar("select document_path from export_documents order by document_id desc limit 1")
            .fetch_one(&mut case.site.sql().await)
            .await
            .unwrap();
    case.site.spoil_file(&last);
    let (db, storage) = (&case.site.state.db, &case.site.state.storage);
    let mut found = Vec::new();
    for _ in 0..7 {
        found.push(check_portion(db, storage, 1, case.site.now()).await.unwrap());
    }
    // Behind the last one it begins anew.
    assert_eq!(found, [0, 0, 1, 0, 0, 0, 1]);
    let reported =
        "select count(*) from audit.events where event_type = 'DOCUMENT_FILE_DAMAGED' and entity_type = 'document'";
    assert_eq!(case.site.count(reported).await, 1, "once, however often it is seen");
    assert_eq!(
        case.site.count("select count(*) from jobs where kind = 'SEAL_PAPER'").await,
        0,
        "nobody can make it again"
    );
    assert_eq!(check_portion(db, storage, 10, case.site.now()).await.unwrap(), 0, "there is none after it");
    assert_eq!(check_portion(db, storage, 10, case.site.now()).await.unwrap(), 1);
}
