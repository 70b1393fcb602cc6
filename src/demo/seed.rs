//! Fills an empty database with the demo, whole or not at all.
//!
//! The statements of `sql/` are not checked at compile time: they work on tables that they make themselves.
//! The tests run them all.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use thiserror::Error;

use super::walks::{self, Desk, Walk};
use super::{DEMO_PASSWORD, documents, people};
use crate::auth::password::{PasswordError, PasswordHasher};
use crate::calendar::{Holiday, eat_date, public_holidays};
use crate::documents::storage::{Storage, StorageError};
use crate::exports::{ApprovalKind, Stage};
use crate::i18n::Lang;

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
}

/// Up to this many exports, foreign keys are checked row by row and the data span five months; beyond, the
/// checks would take longer than the seeding, and the data span years.
const SMALL: u64 = 10_000;

/// Fills an empty database with `exports` exports as they stand at `now`; returns at once when there are
/// organisations already. `admin` is a superuser's connection: the rows belong to everybody.
///
/// The events of the record are hashed here and sealed by the sequencer when the product runs.
///
/// # Errors
/// [`SeedError`]; nothing is left behind in the database then.
pub async fn seed(
    admin: &PgConnectOptions,
    storage: &Storage,
    exports: u64,
    now: DateTime<Utc>,
    progress: &(dyn Fn(&str) + Send + Sync),
) -> Result<(), SeedError> {
    let mut connection = PgConnection::connect_with(admin).await?;
    let filled = sqlx::query_scalar!(r#"select exists (select from organizations) as "filled!""#)
        .fetch_one(&mut connection)
        .await?;
    if filled {
        return Ok(connection.close().await?);
    }
    let password_hash = PasswordHasher::new()?.hash(SecretString::from(DEMO_PASSWORD)).await?;
    let mut tx = connection.begin().await?;
    prepare(&mut tx, exports).await?;
    progress("Demo: organisations and staff");
    people::insert(&mut tx, &password_hash).await?;
    insert_holidays(&mut tx).await?;
    insert_settings(&mut tx, exports, now).await?;
    insert_walks(&mut tx, exports).await?;
    for (what, statements) in [
        ("licences and prices", concat!(include_str!("sql/registration.sql"), include_str!("sql/market.sql"))),
        ("plan of the exports", include_str!("sql/plan.sql")),
        ("contracts, lots and inspections", include_str!("sql/sourcing.sql")),
        ("exports and their history", include_str!("sql/exports.sql")),
        ("decisions, permits and certificates", include_str!("sql/decisions.sql")),
        ("messages and the record", include_str!("sql/record.sql")),
        ("documents", include_str!("sql/documents.sql")),
    ] {
        progress(&format!("Demo: {what}"));
        sqlx::raw_sql(statements).execute(&mut *tx).await?;
    }
    documents::attach(&mut tx, storage).await?;
    sqlx::raw_sql("set local client_min_messages = warning; drop schema demo cascade").execute(&mut *tx).await?;
    tx.commit().await?;
    progress("Demo: statistics");
    sqlx::raw_sql("analyze").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

async fn prepare(connection: &mut PgConnection, exports: u64) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0;
         set local jit = off; set local work_mem = '128MB'; set local synchronous_commit = off",
    )
    .execute(&mut *connection)
    .await?;
    if exports > SMALL {
        // Leaves the triggers of foreign keys out. Those of the record are ENABLE ALWAYS and stay.
        sqlx::raw_sql("set local session_replication_role = replica; set local maintenance_work_mem = '512MB'")
            .execute(connection)
            .await?;
    }
    Ok(())
}

async fn insert_holidays(connection: &mut PgConnection) -> sqlx::Result<()> {
    for holiday in (2024..=2028).flat_map(public_holidays) {
        sqlx::query!(
            "insert into holidays (holiday, name, name_am) values ($1, $2, $3) on conflict (holiday) do nothing",
            holiday.date,
            name_of(holiday.holiday, Lang::En),
            name_of(holiday.holiday, Lang::Am),
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn name_of(holiday: Holiday, lang: Lang) -> String {
    lang.t(holiday.id())
}

/// The one row of settings, the flaws of the firms beside, and who stands where a step is decided.
async fn insert_settings(connection: &mut PgConnection, exports: u64, now: DateTime<Utc>) -> sqlx::Result<()> {
    let small = exports <= SMALL;
    // Closing days are spread over the last nine weeks, or over two years; the way there takes up to 80 days more.
    let (spread_days, span_days, years, message_every) = if small { (45, 420, 1, 40) } else { (500, 1_000, 3, 600) };
    sqlx::raw_sql(
        "create schema demo; create table demo.settings (now timestamptz, today date, spread_days int, span_days int, years int, message_every int);
         create table demo.flaws (code text primary key, flaw text not null);
         create table demo.open_desks (stage text primary key, turn int not null)",
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
    for (stage, turn) in walks::open_desks() {
        sqlx::query("insert into demo.open_desks values ($1, $2)")
            .bind(stage)
            .bind(turn)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::raw_sql(concat!(include_str!("sql/reasons.sql"), include_str!("sql/tools.sql"))).execute(connection).await?;
    Ok(())
}

const WALK_TABLES: &str = "
create table demo.walks (walk int primary key, name text, first_k bigint, last_k bigint, is_open boolean, large boolean, special text,
    age_min int, age_max int, turn int, status text, stage text, resume_stage text, documents_stage text, moves int, entered int,
    submitted int, resubmissions int, bank_check int, fx int, quality int, permit int, shipment int, customs int, loading int,
    signature int, origin int, settlement int, fx_rejected int, quality_rejected int, cancelled int);
create table demo.walk_moves (walk int, version int, action text, old_status text, old_stage text, new_status text, new_stage text,
    organization text, organization_id uuid, turn int, person int, days_min int, days_max int, event_type text, severity text,
    approval_type text, approval_status text, first_version int, superseded_by int, has_reason boolean,
    primary key (walk, version));
";

/// The walks, and which of the exports 1..=`exports` go each.
async fn insert_walks(connection: &mut PgConnection, exports: u64) -> sqlx::Result<()> {
    sqlx::raw_sql(WALK_TABLES).execute(&mut *connection).await?;
    // Of few exports most are open, so that every queue has some; of a million most are done.
    let open_ones = (exports * 3 / 5).min(600 + exports / 50);
    let (open, closed) = (walks::open(), walks::closed());
    let open_shares = walks::shares(&open, open_ones);
    let closed_shares = walks::shares(&closed, exports - open_ones);
    let mut next = 1_u64;
    let all = open.iter().map(|walk| (walk, true)).chain(closed.iter().map(|walk| (walk, false)));
    for (number, ((walk, is_open), share)) in (1_i32..).zip(all.zip(open_shares.into_iter().chain(closed_shares))) {
        insert_walk(connection, number, walk, is_open, (next, share)).await?;
        insert_moves(connection, number, walk).await?;
        next += share;
    }
    sqlx::raw_sql(
        "update demo.walk_moves m set organization_id = o.organization_id from organizations o
         where o.kind = m.organization and o.kind in ('NATIONAL_BANK', 'ECTA', 'CUSTOMS')",
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_walk(
    connection: &mut PgConnection,
    number: i32,
    walk: &Walk,
    is_open: bool,
    (first, share): (u64, u64),
) -> sqlx::Result<()> {
    use ApprovalKind as A;
    let by_action = |action: &str| walk.version_of(|m| m.action == action);
    let resubmissions = walk.moves.iter().filter(|m| m.action == "resubmit").count();
    let mut insert = sqlx::query(
        "insert into demo.walks values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
             $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)",
    )
    .bind(number)
    .bind(&walk.name)
    .bind(number_of(first))
    .bind(number_of(first + share) - 1)
    .bind(is_open)
    .bind(walk.large)
    .bind(walk.special)
    .bind(walk.age.0)
    .bind(walk.age.1)
    .bind(walk.turn)
    .bind(walk.state.status.code())
    .bind(walk.state.stage.code())
    .bind(walk.resume.map(Stage::code))
    .bind(walk.documents_stage().code())
    .bind(i32::try_from(walk.moves.len()).unwrap_or(i32::MAX))
    .bind(walk.entered())
    .bind(walk.version_of(|m| m.action == "submit" || m.action == "resubmit"))
    .bind(i32::try_from(resubmissions).unwrap_or(i32::MAX));
    for kind in [
        A::BankCheck,
        A::Fx,
        A::Quality,
        A::Permit,
        A::Shipment,
        A::Customs,
        A::Loading,
        A::OriginSignature,
        A::Origin,
        A::Settlement,
    ] {
        insert = insert.bind(walk.approved_at(kind));
    }
    insert
        .bind(by_action("fx:reject"))
        .bind(by_action("quality:reject"))
        .bind(by_action("cancel"))
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_moves(connection: &mut PgConnection, number: i32, walk: &Walk) -> sqlx::Result<()> {
    let version_of = |position: usize| i32::try_from(position).unwrap_or(i32::MAX);
    for (position, moved) in walk.moves.iter().enumerate() {
        let (turn, person) = match moved.desk {
            Desk::Turn(turn) => (Some(turn), None),
            Desk::Person(person) => (None, Some(person)),
        };
        let approval = moved.approval.as_ref();
        let has_reason =
            moved.action == "cancel" || approval.is_some_and(|a| a.status == "REJECTED" || a.status == "RETURNED");
        sqlx::query(
            "insert into demo.walk_moves values ($1, $2, $3, $4, $5, $6, $7, $8, null, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        )
        .bind(number)
        .bind(version_of(position + 1))
        .bind(&moved.action)
        .bind(moved.from.map(|from| from.status.code()))
        .bind(moved.from.map(|from| from.stage.code()))
        .bind(moved.to.status.code())
        .bind(moved.to.stage.code())
        .bind(moved.organization.code())
        .bind(turn)
        .bind(person)
        .bind(moved.days.0)
        .bind(moved.days.1)
        .bind(moved.event_type)
        .bind(moved.severity)
        .bind(approval.map(|a| a.kind.approval_type()))
        .bind(approval.map(|a| a.status))
        .bind(approval.and_then(|a| a.first).map(version_of))
        .bind(approval.and_then(|a| a.superseded_by).map(version_of))
        .bind(has_reason)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn number_of(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
