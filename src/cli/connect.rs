//! The database for a command that runs once: a connection or two, and as much time as it takes.

use std::{sync::Arc, time::Duration};

use anyhow::Context;

use crate::clock::SystemClock;
use crate::config::Config;
use crate::database::{Db, PoolSettings};

/// What a person at the command line is told when the database does not answer.
pub(super) const AWAY: &str = "the database cannot be used";

pub(super) fn open(config: &Config) -> anyhow::Result<Db> {
    let options = config.database_options().context("DATABASE_URL is needed")?;
    let settings = PoolSettings {
        min_connections: 0,
        max_connections: 2,
        acquire: Duration::from_secs(10),
        // Checking a record of years takes its time; zero is "no limit".
        statement_timeout: Duration::ZERO,
        idle_in_transaction_timeout: Duration::ZERO,
        ..config.pool_settings()
    };
    Ok(Db::connect_lazy(options, &settings, Arc::new(SystemClock)))
}
