//! The pages and files: the figures are those of the exports that the viewer is party to, and of no others.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use http::StatusCode;
use jebena::reports::service::{catch_up, rebuild};
use rust_decimal::Decimal;
use sqlx::AssertSqlSafe;

use crate::decisions::submitted;
use crate::site::{Browser, TestSite};
use crate::walk::organization;

/// The reports on sums: address, how many columns say what a line is about, what exports are grouped by.
const SUMS: [(&str, usize, &str); 6] = [
    ("by-state", 2, "status, stage"),
    ("by-origin", 1, "origin_region"),
    ("by-destination", 1, "destination_country"),
    ("by-month", 1, "date_trunc('month', created_at at time zone 'Africa/Addis_Ababa')"),
    ("by-coffee-year", 1, "extract(year from (created_at at time zone 'Africa/Addis_Ababa') - interval '9 months')"),
    ("by-exporter", 1, "exporter_organization_id"),
];

/// Who looks, and which exports those are.
const VIEWERS: [(&str, &str); 6] = [
    (
        "exporter.owner",
        "exporter_organization_id = (select organization_id from organizations where code = 'EXPORTER')",
    ),
    (
        "bank.officer",
        "stage <> 'PREPARATION' and bank_organization_id = (select organization_id from organizations where code = 'BANK')",
    ),
    (
        "shipping.officer",
        "stage <> 'PREPARATION' and shipping_organization_id = (select organization_id from organizations where code = 'SHIPPING')",
    ),
    ("nbe.officer", "stage <> 'PREPARATION'"),
    ("ecta.officer", "stage <> 'PREPARATION'"),
    ("customs.officer", "stage <> 'PREPARATION'"),
];

/// The rows of a CSV without its header.
pub fn rows_of(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

async fn csv_of(site: &TestSite, browser: &mut Browser, address: &str) -> Vec<Vec<String>> {
    let answer = site.get(browser, address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text);
    rows_of(&answer.text)
}

async fn assert_figures(site: &TestSite, when: &str) {
    for (username, theirs) in VIEWERS {
        let mut browser = site.sign_in(username).await;
        for (report, keys, by) in SUMS {
            let address = format!("/reports/{report}?period=all&format=csv");
            let mut shown: Vec<(i64, Decimal)> = csv_of(site, &mut browser, &address)
                .await
                .iter()
                .map(|row| (row[keys].parse().unwrap(), row[keys + 1].parse().unwrap()))
                .collect();
            let query = format!("select count(*), sum(quantity) from exports where {theirs} group by {by}");
            let mut counted: Vec<(i64, Decimal)> =
                sqlx::query_as(AssertSqlSafe(query)).fetch_all(&mut site.sql().await).await.unwrap();
            shown.sort_unstable();
            counted.sort_unstable();
            assert!(!counted.is_empty(), "{username} has exports");
            assert_eq!(shown, counted, "{when}: {report} of {username}");
        }
    }
}

#[tokio::test]
async fn each_viewer_reads_the_figures_of_its_own_exports() {
    let site = TestSite::seeded().await;
    assert_figures(&site, "as seeded").await;
    submitted(&site).await;
    while catch_up(&site.state.db, site.now()).await.unwrap() {}
    assert_figures(&site, "after another export").await;
    rebuild(&site.state.db, site.now()).await.unwrap();
    assert_figures(&site, "counted anew").await;
}

#[tokio::test]
async fn settlements_are_the_open_exports_with_a_due_date() {
    let site = TestSite::seeded().await;
    for (username, theirs) in VIEWERS.into_iter().filter(|(username, _)| *username != "shipping.officer") {
        let mut browser = site.sign_in(username).await;
        let rows = csv_of(&site, &mut browser, "/reports/settlements?format=csv").await;
        let query = format!(
            "select export_number, settlement_due_date::text, estimated_value - coalesce(
                 (select sum(received_amount) from export_settlements s where s.export_id = exports.export_id), 0)
             from exports
             where {theirs} and settlement_due_date is not null and status not in ('COMPLETED', 'CANCELLED')
                 and proceeds = 'OUTSTANDING'
             order by settlement_due_date, export_id"
        );
        let due: Vec<(String, String, Decimal)> =
            sqlx::query_as(AssertSqlSafe(query)).fetch_all(&mut site.sql().await).await.unwrap();
        let shown: Vec<(String, String, Decimal)> =
            rows.iter().map(|row| (row[0].clone(), row[4].clone(), row[7].parse().unwrap())).collect();
        assert_eq!(shown, due, "{username}");
        assert!(!due.is_empty(), "{username}: the demo has proceeds that are due");
    }
}

#[tokio::test]
async fn turnaround_has_every_decision_once() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("nbe.officer").await;
    let rows = csv_of(&site, &mut officer, "/reports/turnaround?period=all&format=csv").await;
    let shown: i64 = rows.iter().map(|row| row[2].parse::<i64>().unwrap()).sum();
    let decided = site
        .count(
            "select count(*) from export_status_history
             where action like '%:approve' or action like '%:reject' or action like '%:return'",
        )
        .await;
    assert_eq!(shown, decided);
    for row in &rows {
        let (median, ninety): (Decimal, Decimal) = (row[3].parse().unwrap(), row[4].parse().unwrap());
        assert!(median <= ninety, "{row:?}");
    }
}

#[tokio::test]
async fn what_expires_is_each_ones_own_and_names_its_owner() {
    let site = TestSite::seeded().await;
    site.execute("update export_licenses set expiry_date = '2026-12-15' where superseded_by is null").await;
    let firms: Vec<(String, String)> = sqlx::query_as(
        "select license_number, business_name from export_licenses l join exporter_profiles p using (exporter_id)
         where l.superseded_by is null and l.status in ('ACTIVE', 'EXPIRED') and p.status <> 'REVOKED'",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let mut authority = site.sign_in("ecta.officer").await;
    let mut seen: Vec<(String, String)> = csv_of(&site, &mut authority, "/reports/expiring?kind=license&format=csv")
        .await
        .into_iter()
        .map(|row| (row[0].clone(), row[2].clone()))
        .collect();
    let mut all = firms.clone();
    seen.sort();
    all.sort();
    assert_eq!(seen, all);
    let mut owner = site.sign_in("exporter.owner").await;
    let own = csv_of(&site, &mut owner, "/reports/expiring?kind=license&format=csv").await;
    assert_eq!(own.len(), 1, "{own:?}");
}

/// The exchange keeps the coffee: it sees receipts and quality certificates.
#[tokio::test]
async fn the_exchange_sees_receipts_and_no_papers_of_firms() {
    let site = TestSite::seeded().await;
    site.execute("update coffee_lots set receipt_expires_on = '2026-12-01' where receipt_expires_on is not null").await;
    let mut exchange = site.sign_in("ecx.officer").await;
    let rows = csv_of(&site, &mut exchange, "/reports/expiring?format=csv").await;
    assert!(rows.iter().all(|row| ["Warehouse receipt", "Quality certificate"].contains(&row[1].as_str())), "{rows:?}");
    assert!(!rows.is_empty() && rows.iter().all(|row| !row[2].is_empty()), "it knows whose lots they are: {rows:?}");
    assert!(csv_of(&site, &mut exchange, "/reports/expiring?kind=license&format=csv").await.is_empty());
}

#[tokio::test]
async fn a_page_shows_chart_table_and_filters() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("nbe.officer").await;
    let index = site.get(&mut officer, "/reports").await;
    for report in jebena::reports::model::Report::ALL {
        let path = format!("/reports/{report}");
        assert!(index.text.contains(&format!("href=\"{path}\"")), "{report}");
        for address in [format!("{path}?period=all"), format!("{path}?period=1"), format!("{path}?from=2040-01")] {
            let answer = site.get(&mut officer, &address).await;
            assert!(!answer.status.is_server_error(), "{address}");
        }
        let page = site.get(&mut officer, &format!("{path}?period=all")).await;
        assert!(page.text.contains("format=xlsx") && page.text.contains("format=csv"), "{report}");
    }
    let page = site.get(&mut officer, "/reports/by-origin?period=all").await;
    assert!(page.text.contains("<svg") && page.text.contains("<caption>Chart: Exports by origin</caption>"));
    let empty = site.get(&mut officer, "/reports/by-origin?from=2040-01").await;
    assert!(empty.text.contains("Nothing to report") && !empty.text.contains("app-chart"));
    let wrong = site.get(&mut officer, "/reports/by-origin?from=November&destination=XX").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(wrong.text.contains("Enter a month such as 2026-11") && wrong.text.contains("Choose one of the list"));
    assert!(wrong.text.contains("value=\"November\""), "what was typed is kept");
    assert_eq!(site.get(&mut officer, "/reports/unheard-of").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_has_no_part_in_it_is_refused() {
    let site = TestSite::seeded().await;
    for (username, path) in [
        ("shipping.officer", "/reports/settlements"),
        ("ecx.officer", "/reports/by-state"),
        ("ecx.officer", "/reports/turnaround?format=csv"),
        ("admin", "/reports"),
    ] {
        let mut browser = site.sign_in(username).await;
        let answer = site.get(&mut browser, path).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{username} {path}");
    }
    // Another firm is no choice of this one's.
    let other = organization(&site, "EXPORTER2").await;
    let mut owner = site.sign_in("exporter.owner").await;
    let answer = site.get(&mut owner, &format!("/reports/by-exporter?exporter={other}")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_workbook_opens_says_what_it_is_and_is_on_record() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("nbe.officer").await;
    let table = csv_of(&site, &mut officer, "/reports/by-origin?period=all&format=csv").await;
    let file = site.get(&mut officer, "/reports/by-origin?period=all&format=xlsx").await;
    assert_eq!(file.status, StatusCode::OK);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(file.bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["Exports by origin", "What it shows"]);
    let range = workbook.worksheet_range("Exports by origin").unwrap();
    let opened: Vec<(String, f64)> = range
        .rows()
        .skip(1)
        .map(|row| match (&row[0], &row[1]) {
            (Data::String(region), Data::Float(count)) => (region.clone(), *count),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected: Vec<(String, f64)> = table.iter().map(|row| (row[0].clone(), row[1].parse().unwrap())).collect();
    assert_eq!(opened, expected);
    let recorded = site
        .count(
            "select count(*) from audit.events where event_type = 'DATA_EXPORT' and details ->> 'list' like 'report:%'",
        )
        .await;
    assert_eq!(recorded, 2, "both files");
}
