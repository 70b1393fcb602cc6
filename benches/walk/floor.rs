//! What the machine can do at all, in the same run: the bare statements by pgbench, the bare hash of a password.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::process::Command;

use super::cases::Cases;
use super::client::between;
use super::process;
use super::product::Product;

/// How long each script of pgbench runs.
const SECONDS: u32 = 6;

/// Bare statements or hashes: how many, and what each costs.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Bare {
    pub(crate) per_second: f64,
    /// CPU of the database for one; of one hash, its own.
    pub(crate) cpu_ms: f64,
}

/// The floors.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Floor {
    /// An approval as six statements, at 16 clients.
    pub(crate) statements: Bare,
    /// The same as one statement.
    pub(crate) one_statement: Bare,
    /// The queue's count and 25 rows, at 8 clients.
    pub(crate) queue: Bare,
    /// One password by argon2id, 19 MiB and two passes.
    pub(crate) hash: Bare,
}

/// Measures all of them.
pub(crate) async fn measure(product: &Product, cases: &mut Cases, rows: u64) -> Result<Floor> {
    cases.run(include_str!("floor.sql")).await.context("the floor's tables cannot be made")?;
    let bench = |script, clients| pgbench(product, script, clients, rows.min(10_000));
    let floor = Floor {
        statements: bench(include_str!("floor_statements.sql"), 16).await?,
        one_statement: bench(include_str!("floor_one_statement.sql"), 16).await?,
        queue: bench(include_str!("floor_queue.sql"), 8).await?,
        hash: hash()?,
    };
    cases.run("drop schema floor cascade").await?;
    Ok(floor)
}

async fn pgbench(product: &Product, script: &str, clients: u32, rows: u64) -> Result<Bare> {
    let file = tempfile::Builder::new().suffix(".sql").tempfile()?;
    fs::write(file.path(), script)?;
    let processes = product.target()?.processes;
    let before = processes.database_cpu()?;
    let output = Command::new(product.programs()?.join("pgbench"))
        .args(["-n", "-M", "prepared", "-c", &clients.to_string(), "-j", "1", "-T", &SECONDS.to_string()])
        .args(["-D", &format!("rows={rows}"), "-f"])
        .arg(Path::new(file.path()))
        .arg(product.database_url()?)
        .output()
        .await
        .context("pgbench is not beside PostgreSQL's other programs")?;
    let cpu = processes.database_cpu()?.saturating_sub(before);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let (Some(tps), Some(count)) =
        (between(&text, "tps = ", " "), between(&text, "actually processed: ", "\n").map(str::trim))
    else {
        bail!("pgbench failed: {}", String::from_utf8_lossy(&output.stderr));
    };
    let count: f64 = count.split('/').next().unwrap_or(count).parse()?;
    Ok(Bare { per_second: tps.parse()?, cpu_ms: cpu.as_secs_f64() * 1_000.0 / count.max(1.0) })
}

fn hash() -> Result<Bare> {
    const TIMES: u32 = 20;
    let fault = |error: argon2::Error| anyhow::anyhow!("cannot hash: {error}");
    let params = Params::new(19_456, 2, 1, Some(32)).map_err(fault)?;
    let mut blocks = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut output = [0; 32];
    let (begun, before) = (Instant::now(), process::own_thread()?);
    for _ in 0..TIMES {
        argon2
            .hash_password_into_with_memory(b"a password", b"sixteen bytes of", &mut output, &mut blocks)
            .map_err(fault)?;
    }
    let cpu = process::own_thread()?.saturating_sub(before);
    let per_second = f64::from(TIMES) / begun.elapsed().as_secs_f64();
    Ok(Bare { per_second, cpu_ms: cpu.as_secs_f64() * 1_000.0 / f64::from(TIMES) })
}
