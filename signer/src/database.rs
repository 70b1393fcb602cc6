//! The way to the secure database: its schema, and a pool that signs in as the signer.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection};

/// All migrations of the secure database, compiled in.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// As whom the signer signs in.
pub const LOGIN: &str = "jebena_signer";

/// Connections of the signer (certificate-lifecycle seed: fewer than the product's).
const CONNECTIONS: u32 = 10;

const BOOTSTRAP: &str = include_str!("bootstrap.sql");

/// Creates the roles and runs every migration that is missing.
///
/// # Errors
/// When the connection may not create roles, or a migration fails; the failing one is rolled back whole.
pub async fn migrate_up(options: &PgConnectOptions) -> Result<(), MigrateError> {
    let mut connection = PgConnection::connect_with(options).await?;
    sqlx::raw_sql(BOOTSTRAP).execute(&mut connection).await?;
    connection.execute("set role jebena_secure_owner").await?;
    MIGRATOR.run(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Takes back every migration after `target` (0 takes all).
///
/// # Errors
/// When a down migration fails; it is rolled back whole.
pub async fn migrate_down(options: &PgConnectOptions, target: i64) -> Result<(), MigrateError> {
    let mut connection = PgConnection::connect_with(options).await?;
    connection.execute("set role jebena_secure_owner").await?;
    MIGRATOR.undo(&mut connection, target).await?;
    Ok(connection.close().await?)
}

/// A pool that connects when it is first asked.
#[must_use]
pub fn open(options: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(5))
        .connect_lazy_with(options.application_name("jebena signer"))
}
