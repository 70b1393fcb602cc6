//! The last fifty events of a case among ten million, as an auditor asks for them.
//!
//! The events are made as a set in tables of their own, which take the places of five years to come, and are gone afterwards:
//! a hundred for each export of the demo, mixed with those of the other cases of two months, as wide as those that the product
//! writes. They have no seals and no true hashes. Time is that of the whole page over HTTP, of one visitor after the other, and of
//! the statement that finds the events, done again with the auditor's role.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use jebena::demo::DEMO_PASSWORD;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row};
use uuid::Uuid;

use super::capture::{self, Replay, Step};
use super::client::{Ask, sign_in};
use super::product::Product;
use super::report::{Bar, Figure, percentile};

/// The years whose places the events take.
const YEARS: [i64; 5] = [2027, 2028, 2029, 2030, 2031];
/// Cases that are looked at.
const CASES: usize = 200;

const FILL: &str = include_str!("trail.sql");

pub(crate) async fn measure(product: &Product, events: i64) -> Result<Vec<Figure>> {
    let url = product.database_url()?;
    let mut above = connect(&url).await?;
    fill(&url, &mut above, events).await?;
    let measured = ask(product, &url, &mut above).await;
    for year in YEARS {
        run(
            &mut above,
            format!(
                "alter table audit.events detach partition audit.events_{year}; drop table audit.events_{year};
                                 set role jebena_owner; call audit.add_year({year}); reset role"
            ),
        )
        .await?;
    }
    run(&mut above, "drop schema bench cascade".to_owned()).await?;
    above.close().await?;
    measured
}

async fn connect(url: &str) -> Result<PgConnection> {
    let mut connection = PgConnection::connect(url).await?;
    run(
        &mut connection,
        "set synchronous_commit = off; set work_mem = '128MB'; set maintenance_work_mem = '512MB';
                          set jit = off; set client_min_messages = warning"
            .to_owned(),
    )
    .await?;
    Ok(connection)
}

async fn run(connection: &mut PgConnection, statements: String) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(statements)).execute(connection).await?;
    Ok(())
}

async fn fill(url: &str, above: &mut PgConnection, events: i64) -> Result<()> {
    run(above, format!("{FILL}\nselect 1")).await?;
    let indexes: Vec<String> = sqlx::query_scalar(
        "select pg_get_indexdef(indexrelid) from pg_index where indrelid = 'audit.events'::regclass and not indisprimary",
    )
    .fetch_all(&mut *above)
    .await?;
    let each = events / YEARS.len() as i64;
    // Two at a time, as there are cores.
    for years in YEARS.chunks(2) {
        try_join_all(years.iter().map(|year| {
            let indexes = indexes.clone();
            async move {
                let mut connection = connect(url).await?;
                run(
                    &mut connection,
                    format!(
                        "create table bench.events_{year} (like audit.events including defaults including constraints);
                     insert into bench.events_{year} select * from bench.events_of({year}, {each}, {});
                     alter table bench.events_{year} add primary key (occurred_at, seq)",
                        each * (year - YEARS[0]),
                    ),
                )
                .await?;
                for index in indexes {
                    let (_, definition) =
                        index.split_once(" ON ONLY audit.events ").context("an index of the parent")?;
                    run(&mut connection, format!("create index on bench.events_{year} {definition}")).await?;
                }
                run(&mut connection, format!("vacuum analyze bench.events_{year}")).await?;
                anyhow::Ok(connection.close().await?)
            }
        }))
        .await?;
    }
    for year in YEARS {
        run(
            above,
            format!(
                "alter table audit.events detach partition audit.events_{year}; drop table audit.events_{year};
             alter table bench.events_{year} set schema audit;
             alter table audit.events attach partition audit.events_{year}
                 for values from ('{year}-01-01 00:00:00+00') to ('{}-01-01 00:00:00+00')",
                year + 1
            ),
        )
        .await?;
    }
    run(above, "analyze audit.events".to_owned()).await
}

async fn ask(product: &Product, url: &str, above: &mut PgConnection) -> Result<Vec<Figure>> {
    let target = product.target()?;
    let events: i64 = sqlx::query_scalar("select count(*) from audit.events").fetch_one(&mut *above).await?;
    let cases: Vec<(Uuid, String)> =
        sqlx::query("select export_id, export_number from bench.cases order by md5('by chance' || n::text) limit $1")
            .bind(CASES as i64 + 21)
            .fetch_all(&mut *above)
            .await?
            .iter()
            .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
            .collect::<sqlx::Result<_>>()?;
    let auditor = sign_in(target.address, "auditor", DEMO_PASSWORD).await?;
    let page = |(_, number): &(Uuid, String)| Ask::page(format!("/audit?about={number}"), Some(&auditor));
    let (warming, measured) = cases.split_at(cases.len().saturating_sub(CASES));
    target.closed(1, &|n| warming.get(n).map(page)).await?;
    let pages = target.closed(1, &|n| measured.get(n).map(page)).await?;
    ensure!(pages.refused == 0 && pages.answered == measured.len(), "{} pages were refused", pages.refused);

    let needle = "from audit.events e where true";
    let (first, _) = warming.first().context("no case")?;
    let steps = capture::transaction(product, &page(&warming[0]), needle).await?;
    let place = steps
        .iter()
        .position(|step| matches!(step, Step::Statement { text, .. } if text.contains(needle)))
        .context("the statement")?;
    let mut replay = Replay::open(url).await?;
    let mut times = Vec::new();
    let mut found = 0_i64;
    for (n, (export, _)) in warming.iter().chain(measured).enumerate() {
        let (first, export) = (first.to_string(), export.to_string());
        let with = |value: &str| value.contains(&first).then(|| value.replace(&first, &export));
        let took = replay.run(&steps, &with).await?;
        if n >= warming.len() {
            times.push(took[place].as_secs_f64() * 1_000.0);
            found += 1;
        }
    }
    Ok(vec![
        Figure::of(
            "the last 50 events of a case, the statement, p99",
            percentile(&mut times, 99),
            "ms",
            Bar::Most(10.0),
        ),
        Figure::told("p50", percentile(&mut times, 50), "ms"),
        Figure::of("the whole page over HTTP, p99", pages.p99_ms, "ms", Bar::Most(10.0)),
        Figure::told("p50", pages.p50_ms, "ms"),
        Figure::told("CPU of a page", pages.cpu_ms, "ms"),
        Figure::told("events in the record", events as f64, ""),
        Figure::told("cases", found as f64, ""),
    ])
}
