//! Memory and the start, which need servers of their own.

use std::time::Duration;

use anyhow::Result;
use jebena::demo::DEMO_PASSWORD;

use super::client::{Ask, sign_in};
use super::load::Sample;
use super::product::{DataFolder, Product};
use super::writing;

/// Until a server that has just started has done what it does at first: refreshing counts, opening connections.
const SETTLE: Duration = Duration::from_secs(3);

/// Figures of the process.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Process {
    /// From the start to the first answer, while PostgreSQL runs already.
    pub(crate) start_s: f64,
    /// The same, with the start of PostgreSQL.
    pub(crate) start_with_database_s: f64,
    /// Memory of a server that has just started, in megabytes.
    pub(crate) idle_mb: f64,
    /// Memory after 200 sign-ins and 10,000 pages.
    pub(crate) worked_mb: f64,
    /// The sign-ins.
    pub(crate) sign_in: Sample,
}

/// Stops and starts `product` in both ways; returns the last one.
pub(crate) async fn measure(product: Product, folder: &DataFolder, exports: u64) -> Result<(Product, Process)> {
    product.stop().await?;
    let (product, with_database) = Product::start(folder, exports).await?;
    product.crash().await?;
    let (product, start) = Product::start(folder, exports).await?;
    tokio::time::sleep(SETTLE).await;
    let target = product.target()?;
    let idle_mb = megabytes(target.processes.server_pss_kb()?);
    let sign_ins = writing::sign_in(target, DEMO_PASSWORD).await?;
    let session = sign_in(target.address, "nbe.officer", DEMO_PASSWORD).await?;
    target.closed(8, &|n| (n < 10_000).then(|| Ask::page("/inbox", Some(&session)))).await?;
    // What a burst of sign-ins has taken is given back when nobody signs in any more.
    tokio::time::sleep(SETTLE).await;
    let process = Process {
        start_s: start.as_secs_f64(),
        start_with_database_s: with_database.as_secs_f64(),
        idle_mb,
        worked_mb: megabytes(target.processes.server_pss_kb()?),
        sign_in: sign_ins,
    };
    Ok((product, process))
}

#[allow(clippy::cast_precision_loss, reason = "memory in kilobytes")]
fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1_024.0
}
