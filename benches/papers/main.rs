//! Papers that prove themselves, measured: signed files a second, and the page behind a code.
//!
//! `cargo bench --bench papers` measures both on the demo, with its signer in a process of its own. docs/performance.md explains the
//! figures. It needs Linux. It says whether each bar holds and ends well either way: a busy machine is no fault.

#[path = "../common/mod.rs"]
mod common;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use common::client::Ask;
use common::product::{DataFolder, Product};
use common::report::{self, Bar, Figure};

/// How long all files may take together.
const PATIENCE: Duration = Duration::from_secs(1_800);
/// Visitors of the page at once.
const VISITORS: usize = 8;
/// Pages that are asked for.
const PAGES: usize = 4_000;

#[derive(Debug, Parser)]
#[command(about = "Measures signed files and the page that verifies a paper, and holds them against their bars")]
struct Arguments {
    /// Exports of the demo.
    #[arg(long, value_name = "N", default_value = "200")]
    exports: u64,
    /// Papers whose files are made; the demo has to have as many without one.
    #[arg(long, value_name = "N", default_value = "200")]
    papers: i64,
    /// Keeps the data folder here and uses it again.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Also writes all figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// What `cargo bench` adds.
    #[arg(long, hide = true)]
    bench: bool,
}

// One thread: the load is to leave the machine to what is measured.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = DataFolder::choose(arguments.keep.as_deref(), &format!("papers-{}", arguments.exports))?;
    say("starting and seeding");
    let (product, _) = Product::start(&folder, arguments.exports).await?;
    let mut sql = PgConnection::connect(&product.database_url()?).await?;
    say("waiting for the seals of the demo's papers");
    let papers = sealed_without_file(&mut sql, arguments.papers).await?;
    say("files");
    let files = files(&product, &mut sql, &papers).await?;
    report::print("Files", &files);
    say("page");
    let page = page(&product, &mut sql).await?;
    report::print("Page", &page);
    sql.close().await?;
    product.stop().await?;
    if let Some(file) = arguments.json {
        std::fs::write(file, serde_json::to_vec_pretty(&[files, page].concat())?)?;
    }
    Ok(())
}

/// So many papers with a seal and without a file, once the demo seals no more of its own.
async fn sealed_without_file(sql: &mut PgConnection, papers: i64) -> Result<Vec<Uuid>> {
    let begun = Instant::now();
    loop {
        let found: Vec<Uuid> = sqlx::query_scalar(
            "select s.paper_id from paper_seals s left join paper_files f using (paper_id)
             where f.paper_id is null order by s.paper_id limit $1",
        )
        .bind(papers)
        .fetch_all(&mut *sql)
        .await?;
        if i64::try_from(found.len())? == papers {
            sqlx::raw_sql("update job_schedules set next_run_at = '2100-01-01'").execute(&mut *sql).await?;
            // What was begun is done.
            while sqlx::query_scalar::<_, i64>("select count(*) from jobs where status = 'RUNNING'")
                .fetch_one(&mut *sql)
                .await?
                > 0
            {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            return Ok(found);
        }
        ensure!(begun.elapsed() < PATIENCE, "the demo has sealed {} papers only: take more exports", found.len());
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Composed, signed, time-stamped and stored, as the product's own jobs do it.
async fn files(product: &Product, sql: &mut PgConnection, papers: &[Uuid]) -> Result<Vec<Figure>> {
    let target = product.target()?;
    let before = target.processes.cpu()?;
    let begun = Instant::now();
    sqlx::query(
        "insert into jobs (job_id, kind, payload, status, run_at, attempts_allowed, created_at)
         select gen_random_uuid(), 'SEAL_PAPER', jsonb_build_object('paper_id', p), 'WAITING', now(), 12, now()
         from unnest($1::uuid[]) p",
    )
    .bind(papers)
    .execute(&mut *sql)
    .await?;
    let made = "select count(*) from paper_files where paper_id = any($1)";
    loop {
        let done: i64 = sqlx::query_scalar(made).bind(papers).fetch_one(&mut *sql).await?;
        if usize::try_from(done)? == papers.len() {
            break;
        }
        ensure!(begun.elapsed() < PATIENCE, "only {done} files were made");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let elapsed = begun.elapsed().as_secs_f64();
    let cpu = target.processes.cpu()?.saturating_sub(before).as_secs_f64();
    let bytes: f64 = sqlx::query_scalar("select avg(size_bytes)::float8 from paper_files where paper_id = any($1)")
        .bind(papers)
        .fetch_one(&mut *sql)
        .await?;
    #[allow(clippy::cast_precision_loss, reason = "far fewer than 2^52 papers")]
    let all = papers.len() as f64;
    Ok(vec![
        Figure::of("signed files", all / elapsed, "a second", Bar::Least(50.0)),
        Figure::told("papers", all, ""),
        Figure::told("CPU of server and database for one", cpu * 1_000.0 / all, "ms"),
        Figure::told("size of a file", bytes, "bytes"),
    ])
}

/// The page behind a code, as a stranger sees it: state, who sealed, and what that is worth now.
async fn page(product: &Product, sql: &mut PgConnection) -> Result<Vec<Figure>> {
    let codes: Vec<String> =
        sqlx::query_scalar("select verify_code from issued_papers join paper_seals using (paper_id) order by paper_id")
            .fetch_all(&mut *sql)
            .await?;
    let asks = |number: usize| {
        let code = codes.get(number % codes.len().max(1))?;
        (number < PAGES).then(|| Ask::page(format!("/v/{code}"), None))
    };
    let target = product.target()?;
    target.closed(VISITORS, &|number| asks(number).filter(|_| number < codes.len())).await.context("warming up")?;
    let sample = target.closed(VISITORS, &asks).await?;
    ensure!(sample.refused == 0, "{} of the pages were refused", sample.refused);
    Ok(vec![
        Figure::told("the page behind a code, p95", sample.p95_ms, "ms"),
        Figure::told("p50", sample.p50_ms, "ms"),
        Figure::told("p99", sample.p99_ms, "ms"),
        Figure::told("pages", sample.per_second, "a second"),
        Figure::told("CPU of a page", sample.cpu_ms, "ms"),
    ])
}

#[allow(clippy::print_stderr, reason = "a tool of the command line")]
fn say(what: &str) {
    eprintln!("  {what}");
}
