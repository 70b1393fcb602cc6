//! The two kinds of load, and what comes out of one.
//!
//! Closed: so many visitors, each asks again when they have their answer. Open: requests are due at fixed moments,
//! whatever the server does, and their time runs from when they were due; a server that stalls cannot hide it.

use std::cell::Cell;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use futures::future::try_join_all;

use super::client::{Ask, Connection};
use super::process::Processes;

/// Visitors of an open load: more than are ever busy while the server keeps up.
const OPEN_VISITORS: usize = 48;
/// After writing, the record is sealed and events are passed on; that work belongs to the writes.
const AFTERMATH: Duration = Duration::from_millis(800);

/// What a load came to.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Sample {
    /// Answers with the status that was expected.
    pub(crate) answered: usize,
    /// Others.
    pub(crate) refused: usize,
    /// CPU milliseconds of server and database for one request.
    pub(crate) cpu_ms: f64,
    /// Answers in a second.
    pub(crate) per_second: f64,
    /// Half of the answers took at most this, in milliseconds.
    pub(crate) p50_ms: f64,
    /// 95 of 100 answers took at most this, in milliseconds.
    pub(crate) p95_ms: f64,
    /// 99 of 100 answers took at most this, in milliseconds.
    pub(crate) p99_ms: f64,
}

/// Where the load goes, and whose CPU time is counted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) processes: Processes,
}

/// The requests of a load by their number; the load ends where there are no more.
pub(crate) type Asks<'a> = dyn Fn(usize) -> Option<Ask> + 'a;

impl Target {
    /// A closed load of `visitors`.
    pub(crate) async fn closed(self, visitors: usize, asks: &Asks<'_>) -> Result<Sample> {
        let next = Cell::new(0);
        self.measure(visitors, || async {
            let ask = asks(next.replace(next.get() + 1))?;
            Some((Instant::now(), ask))
        })
        .await
    }

    /// An open load of `rate` requests a second.
    pub(crate) async fn open(self, rate: f64, asks: &Asks<'_>) -> Result<Sample> {
        let (begun, next) = (Instant::now(), Cell::new(0_u32));
        self.measure(OPEN_VISITORS, || async {
            let number = next.replace(next.get() + 1);
            let ask = asks(number as usize)?;
            let due = begun + Duration::from_secs_f64(f64::from(number) / rate);
            tokio::time::sleep_until(due.into()).await;
            Some((due, ask))
        })
        .await
    }

    async fn measure<F>(self, visitors: usize, next: impl Fn() -> F) -> Result<Sample>
    where
        F: Future<Output = Option<(Instant, Ask)>>,
    {
        let cpu_before = self.processes.cpu()?;
        let begun = Instant::now();
        let each = try_join_all((0..visitors).map(|_| visit(self.address, &next))).await?;
        let elapsed = begun.elapsed();
        if each.iter().any(|tally| tally.has_written) {
            tokio::time::sleep(AFTERMATH).await;
        }
        let cpu = self.processes.cpu()?.saturating_sub(cpu_before);
        let mut latencies: Vec<f64> = each.iter().flat_map(|tally| tally.latencies_ms.clone()).collect();
        latencies.sort_by(f64::total_cmp);
        let answered = latencies.len();
        let refused: usize = each.iter().map(|tally| tally.refused).sum();
        #[allow(clippy::cast_precision_loss, reason = "far fewer than 2^52 requests")]
        let (all, answers) = ((answered + refused).max(1) as f64, answered as f64);
        Ok(Sample {
            answered,
            refused,
            cpu_ms: cpu.as_secs_f64() * 1_000.0 / all,
            per_second: answers / elapsed.as_secs_f64(),
            p50_ms: percentile(&latencies, 50),
            p95_ms: percentile(&latencies, 95),
            p99_ms: percentile(&latencies, 99),
        })
    }
}

#[derive(Default)]
struct Tally {
    latencies_ms: Vec<f64>,
    refused: usize,
    has_written: bool,
}

async fn visit<F>(address: SocketAddr, next: &impl Fn() -> F) -> Result<Tally>
where
    F: Future<Output = Option<(Instant, Ask)>>,
{
    let mut connection = Connection::new(address);
    let mut tally = Tally::default();
    while let Some((since, ask)) = next().await {
        let answer = connection.send(&ask).await?;
        if answer.status == ask.expects {
            tally.latencies_ms.push(since.elapsed().as_secs_f64() * 1_000.0);
        } else {
            tally.refused += 1;
        }
        tally.has_written |= ask.expects == 303;
    }
    Ok(tally)
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let position = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(position).copied().unwrap_or_default()
}
