//! Bringing a database up to this version's schema, and down again.
//!
//! Runs with a connection that may create roles and objects; the server itself never has one.

use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};

/// All migrations, compiled in.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

const BOOTSTRAP: &str = include_str!("bootstrap.sql");

/// One migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// Its version, `YYYYMMDDHHMMSS`.
    pub version: i64,
    /// What it does.
    pub description: String,
    /// Whether it has run here.
    pub applied: bool,
}

/// Creates the roles and runs every migration that is missing. Safe to call from several instances at once.
///
/// # Errors
/// When the connection may not create roles, or a migration fails; the failing one is rolled back whole. A
/// database with migrations that this version does not know is refused.
pub async fn up(options: &PgConnectOptions) -> Result<(), MigrateError> {
    let mut connection = connect(options).await?;
    sqlx::raw_sql(BOOTSTRAP).execute(&mut connection).await?;
    connection.execute("set role jebena_owner").await?;
    MIGRATOR.run(&mut connection).await?;
    connection.execute("grant select on _sqlx_migrations to jebena_gate, jebena_worker").await?;
    connection.close().await?;
    Ok(())
}

/// Takes back every migration after `target` (0 takes all).
///
/// # Errors
/// When a down migration fails; it is rolled back whole.
pub async fn down(options: &PgConnectOptions, target: i64) -> Result<(), MigrateError> {
    let mut connection = connect(options).await?;
    connection.execute("set role jebena_owner").await?;
    MIGRATOR.undo(&mut connection, target).await?;
    connection.close().await?;
    Ok(())
}

/// Every migration of this version, with whether it has run.
///
/// # Errors
/// When the database cannot be read.
pub async fn status(options: &PgConnectOptions) -> Result<Vec<MigrationState>, MigrateError> {
    let mut connection = connect(options).await?;
    let applied: Vec<i64> = if has_migrations(&mut connection).await? {
        connection.list_applied_migrations("_sqlx_migrations").await?.into_iter().map(|m| m.version).collect()
    } else {
        Vec::new()
    };
    Ok(MIGRATOR
        .iter()
        .filter(|m| m.migration_type.is_up_migration())
        .map(|m| MigrationState {
            version: m.version,
            description: m.description.to_string(),
            applied: applied.contains(&m.version),
        })
        .collect())
}

/// The newest version that this binary knows.
#[must_use]
pub fn newest_version() -> i64 {
    MIGRATOR.iter().map(|m| m.version).max().unwrap_or_default()
}

/// Sets the password with which the server signs in as `jebena_app`.
///
/// # Errors
/// When the connection may not alter the role.
pub async fn set_app_password(options: &PgConnectOptions, password: &str) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect_with(options).await?;
    // ALTER ROLE takes no parameters; the server's own quoting is asked for.
    let quoted: String =
        sqlx::query_scalar("select quote_literal($1)").bind(password).fetch_one(&mut connection).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("alter role jebena_app password {quoted}"))).execute(&mut connection).await?;
    connection.close().await
}

async fn connect(options: &PgConnectOptions) -> Result<PgConnection, MigrateError> {
    // A migration is longer than a log line and may take longer than a request.
    Ok(PgConnection::connect_with(&options.clone().disable_statement_logging()).await?)
}

async fn has_migrations(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar("select to_regclass('public._sqlx_migrations') is not null").fetch_one(connection).await
}
