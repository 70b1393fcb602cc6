//! The desks beside the walk: lists and queues of lots, registration and contracts, all reports, and an import of ten
//! thousand lots. Growth of data is what they are measured for: they are few, and read much.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use chrono::{Days, Utc};
use jebena::demo::DEMO_PASSWORD;
use jebena::reports::model::Report;
use sqlx::{Connection, PgConnection};

use super::client::{Ask, Connection as Visitor, Session, between, sign_in};
use super::load::{Sample, Target};
use super::product::{DataFolder, Product};

/// Pages of each kind that are timed, one after the other, after a tenth of that to warm up.
const PAGES: usize = 100;
/// Rows of the import: as many as one file may have.
const ROWS: usize = 10_000;
/// A page is there within this at half a million exports, in milliseconds.
const PAGE_BAR_MS: f64 = 100.0;
/// A table of [`ROWS`] is looked at within this, and registered within this again.
const IMPORT_BAR: Duration = Duration::from_secs(5);

/// What was measured at one number of exports.
#[derive(Debug)]
pub(crate) struct Desks {
    exports: u64,
    lots: i64,
    firms: i64,
    pages: Vec<(String, Sample)>,
    looked_at: Duration,
    registered: Duration,
}

/// Starts the product with `exports` exports and measures its desks.
pub(crate) async fn measure(exports: u64, keep: Option<&Path>) -> Result<Desks> {
    let folder = DataFolder::choose(keep, &exports.to_string())?;
    let (product, _) = Product::start(&folder, exports).await?;
    let target = product.target()?;
    let mut database = PgConnection::connect(&product.database_url()?).await?;
    let lots = sqlx::query_scalar("select count(*) from coffee_lots").fetch_one(&mut database).await?;
    let firms = sqlx::query_scalar("select count(*) from exporter_profiles").fetch_one(&mut database).await?;
    let number: String = sqlx::query_scalar("select ecx_lot_number from coffee_lots order by lot_id limit 1")
        .fetch_one(&mut database)
        .await?;
    database.close().await?;

    let exchange = sign_in(target.address, "ecx.officer", DEMO_PASSWORD).await?;
    let authority = sign_in(target.address, "ecta.officer", DEMO_PASSWORD).await?;
    let regulator = sign_in(target.address, "nbe.officer", DEMO_PASSWORD).await?;
    let owner = sign_in(target.address, "exporter.owner", DEMO_PASSWORD).await?;
    let mut pages = Vec::new();
    for (name, session, path) in [
        ("all lots, of the exchange", &exchange, "/lots?tab=all".to_owned()),
        ("queue of the exchange", &exchange, "/lots".to_owned()),
        ("lots by number", &exchange, format!("/lots?tab=all&q={number}")),
        ("lots of one coffee and state", &authority, "/lots?tab=all&coffee=Sidama&status=INSPECTED".to_owned()),
        ("lots of an exporter", &owner, "/lots".to_owned()),
        ("lots that wait for inspection", &authority, "/inspections".to_owned()),
        ("desk of registration", &authority, "/registration".to_owned()),
        ("contracts, of the authority", &authority, "/contracts".to_owned()),
        ("papers, of the authority", &authority, "/papers".to_owned()),
    ] {
        pages.push((name.to_owned(), page(target, session, &path).await.context(path)?));
    }
    for report in Report::ALL {
        let path = format!("/reports/{report}?period=all");
        pages.push((format!("report {report}"), page(target, &regulator, &path).await.context(path)?));
    }
    let (looked_at, registered) = import(target, &owner).await?;
    product.stop().await?;
    Ok(Desks { exports, lots, firms, pages, looked_at, registered })
}

async fn page(target: Target, session: &Arc<Session>, path: &str) -> Result<Sample> {
    target.closed(1, &|n| (n < PAGES / 10).then(|| Ask::page(path, Some(session)))).await?;
    let sample = target.closed(1, &|n| (n < PAGES).then(|| Ask::page(path, Some(session)))).await?;
    ensure!(sample.refused == 0, "{} of {PAGES} pages were refused", sample.refused);
    Ok(sample)
}

/// Sends a table of lots, then registers them; how long each took.
async fn import(target: Target, owner: &Arc<Session>) -> Result<(Duration, Duration)> {
    // Another run on the same data brings other lots.
    let run = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    let day = Utc::now().date_naive().checked_sub_days(Days::new(3)).context("a day")?;
    let mut table = String::from(
        "source,lot number,GRN,receipt date,location,coffee,region,process,quantity kg,bags,grade,purchase date,price\n",
    );
    for row in 0..ROWS {
        table += &format!("ECX,B{run}-{row},WR-{run}-{row},{day},Hawassa,Sidama,Sidama,washed,19200,320,2,{day},900\n");
    }
    let mut visitor = Visitor::new(target.address);
    let ask = Ask::upload("/lots/import".to_owned(), owner, &[], ("lots.csv", "text/csv", table.as_bytes()));
    let begun = Instant::now();
    let answer = visitor.send(&ask).await?;
    let looked_at = begun.elapsed();
    ensure!(answer.status == 303, "the table was not taken: {} {}", answer.status, answer.text());
    let here = answer.headers[http::header::LOCATION].to_str()?.to_owned();
    let shown = visitor.send(&Ask::page(&here, Some(owner))).await?.text();
    let version = between(&shown, "name=\"version\" value=\"", "\"")
        .with_context(|| format!("the table has errors: {shown}"))?
        .parse()?;
    let ask = Ask::form(here, owner, version, &[]);
    let begun = Instant::now();
    let answer = visitor.send(&ask).await?;
    ensure!(answer.status == 303, "the lots were not registered: {} {}", answer.status, answer.text());
    Ok((looked_at, begun.elapsed()))
}

/// Prints the figures against their bars.
#[allow(clippy::print_stdout, reason = "the report is the tool's purpose")]
pub(crate) fn print(desks: &Desks) {
    println!("\n## Desks at {} exports, {} lots, {} firms\n", desks.exports, desks.lots, desks.firms);
    println!("| page, one visitor | CPU ms | p50 ms | p99 ms | ≤ {PAGE_BAR_MS} ms |");
    println!("|---|---|---|---|---|");
    for (name, sample) in &desks.pages {
        let verdict = if sample.p99_ms <= PAGE_BAR_MS { "holds" } else { "DOES NOT HOLD" };
        println!("| {name} | {:.2} | {:.1} | {:.1} | {verdict} |", sample.cpu_ms, sample.p50_ms, sample.p99_ms);
    }
    println!("\n| import of {ROWS} lots | s | ≤ {} s |", IMPORT_BAR.as_secs());
    println!("|---|---|---|");
    for (name, took) in [("looked at", desks.looked_at), ("registered", desks.registered)] {
        let verdict = if took <= IMPORT_BAR { "holds" } else { "DOES NOT HOLD" };
        println!("| {name} | {:.2} | {verdict} |", took.as_secs_f64());
    }
}
