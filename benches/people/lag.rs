//! From the commit of an event to the commit of its seal, while fifty deeds a second are done over HTTP for twenty seconds.
//!
//! PostgreSQL keeps the moments of the commits itself while this is measured (`track_commit_timestamp`). The deeds are the
//! approvals that wait at the desks, and messages on cases when those are done.

use std::time::Duration;

use anyhow::{Result, ensure};
use chrono::Utc;
use jebena::demo::DEMO_PASSWORD;
use sqlx::{Connection as _, PgConnection};

use super::cases::Cases;
use super::client::{Ask, sign_in};
use super::deciding::Desk;
use super::product::Product;
use super::report::{Bar, Figure, percentile};

const RATE: f64 = 50.0;
const DEEDS: usize = 1_000;

/// Whether the database keeps the moments of commits, from its next start on.
pub(crate) async fn track_commits(product: &Product, is_on: bool) -> Result<()> {
    let mut database = PgConnection::connect(&product.database_url()?).await?;
    let set = if is_on {
        "alter system set track_commit_timestamp = on"
    } else {
        "alter system reset track_commit_timestamp"
    };
    sqlx::raw_sql(set).execute(&mut database).await?;
    Ok(database.close().await?)
}

pub(crate) async fn measure(product: &Product) -> Result<Vec<Figure>> {
    let target = product.target()?;
    let mut cases = Cases::open(&product.database_url()?).await?;
    let mut asks = Vec::new();
    for (desk, who) in
        [("bank", "bank.officer"), ("bank2", "bank2.officer"), ("fx", "nbe.officer"), ("quality", "ecta.officer")]
    {
        let session = sign_in(target.address, who, DEMO_PASSWORD).await?;
        let desk = match desk {
            "bank" => Desk::bank("BANK", &session),
            "bank2" => Desk::bank("BANK2", &session),
            "fx" => Desk::fx(&session),
            _ => Desk::quality(&session),
        };
        let waiting = desk.waiting(&mut cases).await?;
        asks.extend(desk.approvals(&mut cases, &waiting).await?);
    }
    asks.truncate(DEEDS);
    let decisions = asks.len();
    let writer = sign_in(target.address, "nbe.officer", DEMO_PASSWORD).await?;
    let visible = cases.visible().await?;
    for n in decisions..DEEDS {
        let path = format!("/exports/{}/messages", visible[n % visible.len()]);
        asks.push(Ask::form(path, &writer, 1, &[("text", format!("Please send page {n} again."))]));
    }
    let since = Utc::now();
    let load = target.open(RATE, &|n| asks.get(n).cloned()).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut database = PgConnection::connect(&product.database_url()?).await?;
    let mut lags: Vec<f64> = sqlx::query_scalar(
        "select extract(epoch from pg_xact_commit_timestamp(s.xmin) - pg_xact_commit_timestamp(e.xmin))::float8 * 1000
         from audit.events e join audit.sealed s on s.seq = e.seq and s.occurred_at = e.occurred_at
         where e.occurred_at >= $1",
    )
    .bind(since)
    .fetch_all(&mut database)
    .await?;
    let waiting: i64 = sqlx::query_scalar("select count(*) from audit.unsealed").fetch_one(&mut database).await?;
    database.close().await?;
    ensure!(waiting == 0 && lags.len() >= load.answered, "{} events, {waiting} without a seal", lags.len());
    Ok(vec![
        Figure::of("from commit to seal, p99", percentile(&mut lags, 99), "ms", Bar::Most(1_000.0)),
        Figure::told("p50", percentile(&mut lags, 50), "ms"),
        Figure::told("longest", percentile(&mut lags, 100), "ms"),
        Figure::told("events", lags.len() as f64, ""),
        Figure::told("deeds done", load.answered as f64, ""),
        Figure::told("deeds refused", load.refused as f64, ""),
        Figure::told("of the deeds, decisions", decisions as f64, ""),
        Figure::told("answer to a deed, p99", load.p99_ms, "ms"),
    ])
}
