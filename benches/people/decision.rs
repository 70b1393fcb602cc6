//! What the record adds to a decision.
//!
//! An approval of the National Bank is taken from the log, as the product sends it: lock, what the rules read, number, decision,
//! move and history, then answer, outbox and event in one statement. Two connections do it again for other exports, turn and turn
//! about: one as it was, the other without the event and its private part. What the first costs its backend more is the price of
//! writing the event: its hash, its place among what waits for a seal, its indexes. Sealing is done by the product's own function,
//! ten events at a time as at fifty decisions a second, and is added. CPU of the database alone counts for the decision: what
//! the server does besides is the same for both and would only make the ratio smaller.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use chrono::Utc;
use jebena::audit::seal;
use jebena::clock::SystemClock;
use jebena::database::{Db, PoolSettings};
use jebena::demo::DEMO_PASSWORD;
use sqlx::{Connection as _, PgConnection};
use uuid::Uuid;

use super::capture::{self, Replay, Step};
use super::cases::{Case, Cases};
use super::client::sign_in;
use super::deciding::Desk;
use super::process;
use super::product::Product;
use super::report::{Bar, Figure};

/// Decisions of each kind, at most.
const DECISIONS: usize = 150;
/// Decisions of each kind that only warm up.
const WARMING: usize = 10;
/// Events under one seal.
const BATCH: usize = 10;

/// An approval as the product sent it, and exports to which it fits.
pub(crate) struct Taken {
    steps: Vec<Step>,
    export: Uuid,
    others: Vec<Case>,
}

/// Approves one export and takes down how.
pub(crate) async fn capture(product: &Product) -> Result<Taken> {
    let mut cases = Cases::open(&product.database_url()?).await?;
    let target = product.target()?;
    let desk = Desk::fx(&sign_in(target.address, "nbe.officer", DEMO_PASSWORD).await?);
    let mut waiting = desk.waiting(&mut cases).await?;
    ensure!(waiting.len() > 3 * WARMING, "only {} exports wait", waiting.len());
    let first = waiting.swap_remove(0);
    let ask = desk.approvals(&mut cases, &[first]).await?.swap_remove(0);
    let steps = capture::transaction(product, &ask, "insert into audit.events").await?;
    // The version stands in what is sent.
    waiting.retain(|(_, version)| *version == first.1);
    waiting.truncate(2 * (DECISIONS + WARMING));
    Ok(Taken { steps, export: first.0, others: waiting })
}

/// The same steps without the event: answer and outbox stay.
fn without_event(steps: &[Step]) -> Result<Vec<Step>> {
    let mut found = 0;
    let bare = steps.iter().map(|step| match step {
        Step::Statement { text, values } if text.contains("insert into audit.events") => {
            found += 1;
            let (kept, _) = text.split_once("private as (").context("the statement has changed")?;
            let text = format!("{} select", kept.trim_end().trim_end_matches(','));
            Ok(Step::Statement { text, values: values.clone() })
        }
        other => Ok(other.clone()),
    });
    let bare = bare.collect();
    ensure!(found == 1, "{found} statements write events");
    bare
}

/// Does the decision for `export` and returns the CPU time of the backend.
async fn decide(replay: &mut Replay, taken: &Taken, steps: &[Step], export: Uuid, n: usize) -> Result<Duration> {
    let (first, export) = (taken.export.to_string(), export.to_string());
    // Ids that the request has made, and its number in the series, are there once.
    let ids = std::cell::RefCell::new(std::collections::HashMap::<String, String>::new());
    let with = |value: &str| {
        if value == first {
            return Some(export.clone());
        }
        if value.starts_with("FX-2") {
            return Some(format!("{}9{n:05}", &value[..value.len() - 6]));
        }
        let id = value.parse::<Uuid>().ok()?;
        let is_made = id.get_version_num() == 4
            || id
                .get_timestamp()
                .is_some_and(|at| at.to_unix().0 + 60 > u64::try_from(Utc::now().timestamp()).unwrap_or(0));
        is_made.then(|| ids.borrow_mut().entry(value.to_owned()).or_insert_with(|| Uuid::now_v7().to_string()).clone())
    };
    let before = replay.cpu()?;
    replay.run(steps, &with).await?;
    Ok(replay.cpu()?.saturating_sub(before))
}

pub(crate) async fn measure(url: &str, taken: &Taken) -> Result<Vec<Figure>> {
    let bare_steps = without_event(&taken.steps)?;
    let (mut audited, mut bare) = (Replay::open(url).await?, Replay::open(url).await?);
    let mut above = PgConnection::connect(url).await?;
    let settings = PoolSettings { min_connections: 0, max_connections: 1, ..PoolSettings::default() };
    let db = Db::connect_lazy(url.parse()?, &settings, Arc::new(SystemClock));
    while seal::seal_batch(&db, Utc::now()).await? > 0 {}
    let sealer: i32 = sqlx::query_scalar("select pid from pg_stat_activity where application_name = 'jebena'")
        .fetch_one(&mut above)
        .await
        .context("the one who seals")?;
    let sealer = u32::try_from(sealer)?;

    let (mut with_event, mut without, mut sealing) = (Vec::new(), Vec::new(), Vec::new());
    for (n, pair) in taken.others.chunks_exact(2).enumerate() {
        // Who goes first changes, so that neither finds warm what the other has read.
        let (first, second) = if n % 2 == 0 { (pair[0].0, pair[1].0) } else { (pair[1].0, pair[0].0) };
        let (a, b) = if n % 2 == 0 {
            let a = decide(&mut audited, taken, &taken.steps, first, 2 * n).await?;
            (a, decide(&mut bare, taken, &bare_steps, second, 2 * n + 1).await?)
        } else {
            let b = decide(&mut bare, taken, &bare_steps, second, 2 * n + 1).await?;
            (decide(&mut audited, taken, &taken.steps, first, 2 * n).await?, b)
        };
        if n >= WARMING {
            with_event.push(a);
            without.push(b);
        }
        if (n + 1) % BATCH == 0 {
            let (own, backend) = (process::own_thread()?, process::of_backend(sealer)?);
            let sealed = seal::seal_batch(&db, Utc::now()).await?;
            let cost =
                process::own_thread()?.saturating_sub(own) + process::of_backend(sealer)?.saturating_sub(backend);
            ensure!(sealed == BATCH, "{sealed} events were sealed at once");
            if n >= WARMING {
                sealing.push(cost / u32::try_from(sealed)?);
            }
        }
    }
    let decided: i64 =
        sqlx::query_scalar("select count(*) from exports where stage = 'QUALITY' and export_id = any($1)")
            .bind(taken.others.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .fetch_one(&mut above)
            .await?;
    ensure!(usize::try_from(decided)? == 2 * (taken.others.len() / 2), "{decided} exports were decided");
    db.close();
    above.close().await?;
    let mean = |times: &[Duration]| times.iter().sum::<Duration>().as_secs_f64() * 1e6 / times.len().max(1) as f64;
    let (audited, bare, sealing) = (mean(&with_event), mean(&without), mean(&sealing));
    Ok(vec![
        Figure::of(
            "a decision with its event, sealed, of the same without",
            (audited + sealing) / bare,
            "x",
            Bar::Most(1.4),
        ),
        Figure::told("without", bare, "µs"),
        Figure::told("with the event and its private part", audited, "µs"),
        Figure::told("sealing, for each event", sealing, "µs"),
        Figure::told("decisions of each kind", without.len() as f64, ""),
    ])
}
