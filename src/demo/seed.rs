//! Fills an empty database with the demo.
//!
//! The statements of `sql/` are not checked at compile time: they work on tables that they make themselves.
//! The tests run them all.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use thiserror::Error;

use super::{DEMO_PASSWORD, bulk, commercial, documents, papers, people, plots, registers, walk_tables};
use crate::audit::seal;
use crate::auth::password::{PasswordError, PasswordHasher};
use crate::calendar::eat_date;
use crate::documents::storage::{Storage, StorageError};
use crate::reports;
use crate::workflow::holidays;

/// Why there is no demo.
#[derive(Debug, Error)]
pub enum SeedError {
    /// The database refused.
    #[error("the demo's data could not be written")]
    Database(#[from] sqlx::Error),
    /// The demo's password could not be hashed.
    #[error("the demo's password could not be hashed")]
    Password(#[from] PasswordError),
    /// A sample document could not be stored.
    #[error("the demo's documents could not be stored")]
    Storage(#[from] StorageError),
    /// A very large demo was interrupted while it was made.
    #[error("an earlier start was interrupted while it wrote the demo's data: remove the data folder and start again")]
    Unfinished,
}

const TOOLS: &str = concat!(include_str!("sql/reasons.sql"), include_str!("sql/tools.sql"));

/// In this order: what each is called, and its statements.
const FOUNDATIONS: [(&str, &str); 4] = [
    ("licences and prices", concat!(include_str!("sql/registration.sql"), include_str!("sql/market.sql"))),
    ("plan of the exports", include_str!("sql/plan.sql")),
    ("contracts, lots and inspections", include_str!("sql/sourcing.sql")),
    ("exports", include_str!("sql/exports.sql")),
];

/// In any order, also at the same time.
const PARTICULARS: [&str; 4] = [
    include_str!("sql/record.sql"),
    include_str!("sql/decisions.sql"),
    include_str!("sql/history.sql"),
    include_str!("sql/letters.sql"),
];

const SECURITY: &str = include_str!("sql/security.sql");

const WATCH: &str = include_str!("sql/watch.sql");

const COMMERCIAL: &str = include_str!("sql/commercial.sql");

const DOCUMENTS: &str = include_str!("sql/documents.sql");

const SHORTFALLS: &str = include_str!("sql/shortfalls.sql");

/// Fills an empty database with `exports` exports as they stand at `now`; returns at once when there are
/// organisations already. `admin` is a superuser's connection: the rows belong to everybody.
///
/// The events of the record are hashed and sealed here, in bulk, by the functions of the product.
///
/// # Errors
/// [`SeedError`]; nothing is left behind in the database then. Beyond two thousand exports there is more than one
/// transaction: what an interruption leaves behind is refused at the next start.
pub async fn seed(
    admin: &PgConnectOptions,
    storage: &Storage,
    exports: u64,
    now: DateTime<Utc>,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<(), SeedError> {
    let large = exports > bulk::SMALL;
    let mut connection = bulk::connect(admin, large).await?;
    let found = sqlx::query!(
        r#"select exists (select from organizations) as "filled!", to_regnamespace('demo') is not null as "unfinished!""#
    )
    .fetch_one(&mut connection)
    .await?;
    if found.unfinished {
        return Err(SeedError::Unfinished);
    }
    if found.filled {
        return Ok(connection.close().await?);
    }
    let password_hash = PasswordHasher::new()?.hash(SecretString::from(DEMO_PASSWORD)).await?;

    let mut tx = connection.begin().await?;
    let indexes = if large { bulk::drop_indexes(&mut tx).await? } else { Vec::new() };
    progress("Demo: organisations and staff");
    people::insert(&mut tx, &password_hash).await?;
    holidays::fill(&mut tx, eat_date(now)).await?;
    insert_settings(&mut tx, !large, now).await?;
    walk_tables::insert(&mut tx, exports).await?;
    for (what, script) in FOUNDATIONS {
        progress(&format!("Demo: {what}"));
        sqlx::raw_sql(script).execute(&mut *tx).await?;
    }
    progress("Demo: history, decisions and the record");
    if large {
        tx.commit().await?;
        bulk::run_side_by_side(admin, &PARTICULARS).await?;
        tx = connection.begin().await?;
    } else {
        for script in PARTICULARS {
            sqlx::raw_sql(script).execute(&mut *tx).await?;
        }
    }
    progress("Demo: seals");
    sqlx::raw_sql(SECURITY).execute(&mut *tx).await?;
    seal_events(&mut tx, now).await?;
    sqlx::raw_sql(WATCH).execute(&mut *tx).await?;
    progress("Demo: documents");
    sqlx::raw_sql(DOCUMENTS).execute(&mut *tx).await?;
    documents::attach(&mut tx, storage).await?;
    sqlx::raw_sql(SHORTFALLS).execute(&mut *tx).await?;
    progress("Demo: papers");
    papers::write_granted(&mut tx).await?;
    papers::write(&mut tx).await?;
    sqlx::raw_sql(COMMERCIAL).execute(&mut *tx).await?;
    commercial::write(&mut tx).await?;
    progress("Demo: registers");
    registers::write(&mut tx, !large, now).await?;
    progress("Demo: plots");
    plots::write(&mut tx, !large, now).await?;
    if large {
        progress("Demo: indexes");
        bulk::build_indexes(&mut tx, indexes).await?;
        documents::note_what_is_there(&mut tx).await?;
        documents::count_shares(&mut tx).await?;
    }
    progress("Demo: reports");
    reports::service::count_everything(&mut tx, now).await?;
    sqlx::raw_sql("drop schema demo cascade").execute(&mut *tx).await?;
    tx.commit().await?;
    // What was loaded in bulk would otherwise be cleaned up in the background, beside whatever runs next.
    sqlx::raw_sql(if large { "vacuum (analyze)" } else { "analyze" }).execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// The one row of settings, the flaws of the firms beside, and the tools.
async fn insert_settings(connection: &mut PgConnection, small: bool, now: DateTime<Utc>) -> sqlx::Result<()> {
    // Closing days are spread over the last nine weeks, or over two years; the way there takes up to 80 days more.
    let (spread_days, span_days, years, message_every) = if small { (45, 420, 1, 40) } else { (500, 1_000, 3, 600) };
    sqlx::raw_sql(
        "create schema demo;
         create table demo.settings (now timestamptz, today date, spread_days int, span_days int, years int, message_every int);
         create table demo.flaws (code text primary key, flaw text not null)",
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query("insert into demo.settings values ($1, $2, $3, $4, $5, $6)")
        .bind(now)
        .bind(eat_date(now))
        .bind(spread_days)
        .bind(span_days)
        .bind(years)
        .bind(message_every)
        .execute(&mut *connection)
        .await?;
    for firm in people::FIRMS {
        sqlx::query("insert into demo.flaws values ($1, $2)")
            .bind(firm.code)
            .bind(firm.flaw)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::raw_sql(TOOLS).execute(connection).await?;
    Ok(())
}

/// Seals the events in batches, as the sequencer would.
async fn seal_events(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<()> {
    let batches = sqlx::query!(
        r#"select count(*)::int as "count!", sha256(string_agg(row_hash, '' order by seq)) as "root!"
           from audit.events
           group by (seq - 1) / $1
           order by (seq - 1) / $1"#,
        seal::BATCH
    )
    .fetch_all(&mut *connection)
    .await?;
    for batch in batches {
        seal::append(connection, batch.count, &batch.root, now).await?;
    }
    sqlx::query!(
        "insert into audit.sealed (seq, occurred_at, seal_number)
         select seq, occurred_at, (seq - 1) / $1 + 1 from audit.events",
        seal::BATCH
    )
    .execute(connection)
    .await?;
    Ok(())
}
