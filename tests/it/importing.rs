//! Lots out of a table: every row is looked at, all of them are registered or none, and a form counts once.

use chrono::NaiveDate;
use http::StatusCode;
use jebena::calendar::eat_date;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use uuid::Uuid;

use crate::documents::UploadForm;
use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite};

const HEADER: &str = "source,lot number,GRN,receipt date,location,coffee,region,process,quantity kg,bags,grade,purchase date,price,remarks";

/// A row of a lot of the exchange.
fn row(number: &str, day: NaiveDate) -> String {
    format!(
        "ECX,{number},WR-{number},{},Hawassa,Sidama,Sidama,washed,\"19,200\",320,G2,{day},900,-",
        day.format("%d/%m/%Y")
    )
}

async fn send(site: &TestSite, browser: &mut Browser, name: &str, file: &[u8]) -> Answer {
    let page = site.get(browser, "/lots/import").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let fields = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    site.call(browser, UploadForm { fields, file_name: name, file }.request("/lots/import")).await
}

fn day(site: &TestSite) -> NaiveDate {
    eat_date(site.now()) - chrono::Duration::days(3)
}

#[tokio::test]
async fn one_wrong_row_stores_nothing_and_every_error_is_told_with_its_row_and_column() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let taken: String = sqlx::query_scalar("select ecx_lot_number from coffee_lots where source = 'ECX' limit 1")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let good = row("ECX-2026-995001", day(&site));
    let wrong = good.replace("995001", "995002").replace("\"19,200\"", "-5").replace("G2", "A");
    let text = format!("{HEADER}\n{good}\n{wrong}\n{good}\n{}\n", row(&taken, day(&site)));
    let answer = send(&site, &mut owner, "lots.csv", text.as_bytes()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let here = answer.location().to_owned();
    let page = site.get(&mut owner, &here).await.text;
    let rows: Vec<&str> = page.split("<tr data-row").skip(1).collect();
    assert_eq!(rows.len(), 3, "{page}");
    assert!(
        rows[0].contains(">3</th>")
            && rows[0].contains("quantity kg – -5:")
            && rows[0].contains("preliminary grade – A:"),
        "{}",
        rows[0]
    );
    assert!(rows[1].contains(">4</th>") && rows[1].contains("stands in row 2 already"), "{}", rows[1]);
    assert!(rows[2].contains(">5</th>") && rows[2].contains("registered already"), "{}", rows[2]);
    assert!(page.contains("remarks"), "the column that was not read is named");
    assert!(!page.contains(&format!("action=\"{here}\"")), "there is nothing to press");
    assert_eq!(site.get(&mut owner, &format!("{here}?rows=all")).await.text.matches("<tr data-row").count(), 4);
    // Also for who presses all the same.
    let (csrf, key) = (site.get(&mut owner, "/help").await.hidden("csrf"), Uuid::new_v4().to_string());
    let mut sql = site.sql().await;
    let before = Rows::besides_the_record(&mut sql).await;
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("version", "1")];
    let forced = site.post(&mut owner, &here, &fields).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", forced.text);
    assert!(Rows::besides_the_record(&mut sql).await == before);
}

#[tokio::test]
async fn a_table_is_imported_whole_once_and_leaves_its_fingerprint() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let mut text = format!("{HEADER}\n");
    for n in 0..150 {
        text += &row(&format!("ECX-2026-996{n:03}"), day(&site));
        text.push('\n');
    }
    for _ in 0..50 {
        text += &format!("own farm,,WR-F,,Bonga,Kaffa,Oromia,natural,1200,20,,{},,-\n", day(&site));
    }
    let answer = send(&site, &mut owner, "lots.csv", text.as_bytes()).await;
    let here = answer.location().to_owned();
    let page = site.get(&mut owner, &here).await;
    assert!(page.text.contains("Register all 200 lots"), "{}", page.text);
    let fields = crate::walk::hidden_fields(&page, &here);
    let fields = crate::site::pairs(&fields);
    for _ in 0..2 {
        let imported = site.post(&mut owner, &here, &fields).await;
        assert_eq!((imported.status, imported.location()), (StatusCode::SEE_OTHER, "/lots"), "{}", imported.text);
    }
    let sha256: String = hex_of(text.as_bytes());
    let (lots, numbered, history, events): (i64, i64, i64, i64) = sqlx::query_as(
        "select count(*), count(distinct l.ecx_lot_number) filter (where l.ecx_lot_number like 'LOT-2026-%'),
                (select count(*) from review_history where action = 'import'),
                (select count(*) from audit.events where event_type = 'LOTS_IMPORTED' and details->>'sha256' = $1)
         from coffee_lots l join lot_imports i using (import_id) where i.status = 'IMPORTED' and l.verification = 'PENDING'",
    )
    .bind(&sha256)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((lots, numbered, history, events), (200, 50, 200, 1));
    assert_eq!(site.count("select count(*) from lot_imports where rows is not null").await, 0);
    // The next single lot goes on where the table stopped.
    let mut exchange = site.sign_in("ecx.officer").await;
    assert!(site.get(&mut exchange, "/lots?tab=all&q=ECX-2026-996").await.text.contains("ECX-2026-996149"));
    // Another firm has no such table.
    let mut other = site.sign_in("exporter2.owner").await;
    assert_eq!(site.get(&mut other, &here).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_workbook_with_real_numbers_and_days_is_read() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let headings = ["Source", "GRN", "Location", "Coffee", "Region", "Process", "Weight (kg)", "Bought on"];
    for (column, heading) in (0..).zip(headings) {
        sheet.write(0, column, heading).unwrap();
    }
    for (column, text) in (0..).zip(["vertical integration", "WR-7", "Jimma", "ጅማ", "oromia", "Sundried"]) {
        sheet.write(1, column, text).unwrap();
    }
    sheet.write(1, 6, 1_200.5).unwrap();
    let bought = ExcelDateTime::parse_from_str(&day(&site).to_string()).unwrap();
    sheet.write_with_format(1, 7, &bought, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    let answer = send(&site, &mut owner, "lots.xlsx", &workbook.save_to_buffer().unwrap()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let here = answer.location().to_owned();
    let imported = site.fill_in(&mut owner, &here, &here, &[]).await;
    assert_eq!(imported.status, StatusCode::SEE_OTHER, "{}", imported.text);
    let stored: (String, String, String, String) = sqlx::query_as(
        "select source, coffee_type, quantity::text, purchase_date::text from coffee_lots where import_id is not null",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let expected = ("VERTICAL".to_owned(), "Jimma".to_owned(), "1200.500".to_owned(), day(&site).to_string());
    assert_eq!(stored, expected);
}

#[tokio::test]
async fn what_is_no_table_of_lots_is_refused_at_the_field() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let many = format!("{HEADER}\n{}", "x\n".repeat(10_001));
    for (name, file, said) in [
        ("lots.csv", b"".to_vec(), "no rows"),
        ("lots.csv", b"source,quantity\nECX,5\n".to_vec(), "These columns are missing"),
        ("lots.xlsx", b"%PDF-1.7 \0".to_vec(), "neither CSV"),
        ("lots.xlsx", b"PK\x03\x04nothing".to_vec(), "cannot be read"),
        ("lots.csv", many.into_bytes(), "More than 10000 rows"),
        ("lots.csv", vec![b'a'; (8 << 20) + 1], "MB"),
        ("", Vec::new(), "Choose"),
    ] {
        let answer = send(&site, &mut owner, name, &file).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}: {}", answer.text);
        assert!(answer.text.contains("id=\"file-error\"") && answer.text.contains(said), "{said}: {}", answer.text);
    }
    assert_eq!(site.count("select count(*) from lot_imports").await, 0);
    for format in ["csv", "xlsx"] {
        let template = site.call(
            &mut owner,
            http::Request::get(format!("/lots/import/template?format={format}"))
                .body(axum::body::Body::empty())
                .unwrap(),
        );
        // A workbook is no text: that it comes is enough here.
        if format == "csv" {
            assert!(template.await.text.contains("warehouse receipt number"));
        }
    }
    let mut officer = site.sign_in("ecx.officer").await;
    assert_eq!(site.get(&mut officer, "/lots/import").await.status, StatusCode::FORBIDDEN);
}

/// A number that somebody registers between looking at the table and importing it.
#[tokio::test]
async fn a_number_that_was_registered_since_stops_the_whole_table() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let text = format!("{HEADER}\n{}\n{}\n", row("ECX-2026-997001", day(&site)), row("ECX-2026-997002", day(&site)));
    let here = send(&site, &mut owner, "lots.csv", text.as_bytes()).await.location().to_owned();
    let shown = site.get(&mut owner, &here).await;
    let fields = crate::walk::hidden_fields(&shown, &here);
    let single = crate::lots::fields_of("ECX-2026-997002", eat_date(site.now()), 3);
    site.register_lot(&mut owner, &single).await;
    let answer = site.post(&mut owner, &here, &crate::site::pairs(&fields)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(
        answer.text.contains("1 rows are not in order") && answer.text.contains("registered already"),
        "{}",
        answer.text
    );
    assert_eq!(site.count("select count(*) from coffee_lots where import_id is not null").await, 0);
    assert_eq!(site.count("select count(*) from lot_imports where status = 'CHECKED'").await, 1);
}

fn hex_of(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(Sha256::digest(bytes))
}
