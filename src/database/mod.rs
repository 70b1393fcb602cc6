//! The way to the database: one pool, and transactions that know for whom they run.
//!
//! Nobody gets a bare connection. Each transaction takes a class of viewer and the viewer's identity before
//! its first statement, and row-level security reads them; a transaction without a context sees no row.
//! The cluster that the demo and the tests bring up themselves is in the crate `cluster`.

pub mod migrate;
mod patience;
mod pool;
mod privileges;
mod transaction;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use crate::auth::{Actor, OrganizationKind};
use crate::clock::Clock;
use crate::ids::UserId;

pub use patience::within;
pub use privileges::PrivilegeError;
pub use transaction::Tx;

use pool::{Pool, Side};

/// How the pool behaves. The defaults are the seed's: 20 connections, idle 30 s, acquire 2 s.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// Connections that are kept open.
    pub min_connections: u32,
    /// Connections at most.
    pub max_connections: u32,
    /// An unused connection is closed after this.
    pub idle: Duration,
    /// How long a request waits for a connection before it is told that the service is busy.
    pub acquire: Duration,
    /// The server ends a statement after this.
    pub statement_timeout: Duration,
    /// The server gives up on a lock after this.
    pub lock_timeout: Duration,
    /// The server ends a transaction that does nothing for this long.
    pub idle_in_transaction_timeout: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            min_connections: 2,
            max_connections: 20,
            idle: Duration::from_secs(30),
            acquire: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(2),
            idle_in_transaction_timeout: Duration::from_secs(10),
        }
    }
}

/// What the pool is doing at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolStatistics {
    /// Open connections.
    pub total: u32,
    /// Open connections that nobody uses.
    pub idle: u32,
    /// Who waits for one.
    pub waiting: u32,
    /// The most there may be.
    pub max: u32,
}

/// The database, shared by all requests.
#[derive(Clone)]
pub struct Db {
    pool: Arc<Pool>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("statistics", &self.statistics()).finish_non_exhaustive()
    }
}

impl Db {
    /// A pool over `options`; no connection is made yet.
    #[must_use]
    pub fn connect_lazy(options: PgConnectOptions, settings: &PoolSettings, clock: Arc<dyn Clock>) -> Self {
        let options = options
            .application_name("jebena")
            .statement_cache_capacity(256)
            // In the start-up packet, so that they cost no round trip and hold for the whole connection.
            .options([
                ("statement_timeout", settings.statement_timeout.as_millis().to_string()),
                ("lock_timeout", settings.lock_timeout.as_millis().to_string()),
                ("idle_in_transaction_session_timeout", settings.idle_in_transaction_timeout.as_millis().to_string()),
                // With the policies in them, planning the queries of a case took four times as long as running them.
                // They find rows by id or by an index's order, so that the values do not change the plan.
                ("plan_cache_mode", "force_generic_plan".to_owned()),
            ]);
        Self { pool: Arc::new(Pool::new(options, settings)), clock }
    }

    /// Begins a transaction that sees what `actor` may see.
    ///
    /// # Errors
    /// When no connection is to be had in time, or the server cannot be reached.
    pub async fn begin_as(&self, actor: &Actor) -> sqlx::Result<Tx> {
        self.begin(&Context {
            class: class_of(actor.organization.kind),
            user: Some(actor.user_id.0),
            organization: Some(actor.organization.id.0),
            kind: actor.organization.kind.code(),
        })
        .await
    }

    /// Begins a transaction for sign-in and sessions.
    ///
    /// # Errors
    /// As [`Db::begin_as`].
    pub async fn begin_gate(&self) -> sqlx::Result<Tx> {
        self.begin(&Context::of_class("jebena_gate")).await
    }

    /// Begins a transaction for background work.
    ///
    /// # Errors
    /// As [`Db::begin_as`].
    pub async fn begin_worker(&self) -> sqlx::Result<Tx> {
        self.begin(&Context::of_class("jebena_worker")).await
    }

    /// Begins a transaction for the administration of people and parameters, from the command line.
    ///
    /// # Errors
    /// As [`Db::begin_as`].
    pub async fn begin_admin(&self) -> sqlx::Result<Tx> {
        self.begin(&Context::of_class("jebena_admin")).await
    }

    /// Begins a transaction for a stranger: it can ask the gate's public functions and nothing else.
    ///
    /// # Errors
    /// As [`Db::begin_as`].
    pub async fn begin_public(&self) -> sqlx::Result<Tx> {
        self.begin(&Context::of_class("jebena_public")).await
    }

    /// Begins a transaction that reads what is kept of `person`, column by column as `processing_register` says, for the copy
    /// that they have asked for.
    ///
    /// # Errors
    /// As [`Db::begin_as`].
    pub async fn begin_privacy(&self, person: UserId) -> sqlx::Result<Tx> {
        self.begin(&Context { user: Some(person.0), ..Context::of_class("jebena_privacy") }).await
    }

    /// A connection without any context, for the few statements that need none. It sees no row of any table.
    ///
    /// # Errors
    /// As [`Db::begin_as`].
    pub async fn acquire(&self) -> sqlx::Result<Tx> {
        Ok(Tx::bare(self.pool.take(Side::Parties).await?))
    }

    async fn begin(&self, context: &Context) -> sqlx::Result<Tx> {
        let mut connection = Tx::bare(self.pool.take(side_of(context.class)).await?);
        let now = self.clock.now();
        // One round trip, of commands that need no plan. Only codes of our own, ids and dates go into the text, so there
        // is nothing to quote.
        let statement = format!(
            "begin; set local role {}; set local app.user_id = '{}'; set local app.org_id = '{}'; \
             set local app.org_kind = '{}'; set local app.today = '{}'; set local app.now = '{}'",
            context.class,
            context.user.map(|id| id.to_string()).unwrap_or_default(),
            context.organization.map(|id| id.to_string()).unwrap_or_default(),
            context.kind,
            // The day in Addis Ababa, which is three hours ahead of UTC all year.
            (now + chrono::Duration::hours(3)).date_naive(),
            now.format("%Y-%m-%dT%H:%M:%S%.6fZ"),
        );
        connection.mark_begun(context.class);
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *connection).await?;
        Ok(connection)
    }

    /// The moment by the product's clock.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What the pool is doing.
    #[must_use]
    pub fn statistics(&self) -> PoolStatistics {
        self.pool.statistics()
    }

    /// The connection options, for the one listener that live updates keep outside the pool.
    #[must_use]
    pub fn options(&self) -> PgConnectOptions {
        self.pool.options().clone()
    }

    /// Closes the pool; connections in use are closed as they come back.
    pub fn close(&self) {
        self.pool.close();
    }
}

/// Whose connections a class of viewer uses.
fn side_of(class: &str) -> Side {
    if matches!(class, "jebena_regulator" | "jebena_auditor") { Side::Authorities } else { Side::Parties }
}

/// The class of row-level security to which an organisation's people belong.
fn class_of(kind: OrganizationKind) -> &'static str {
    match kind {
        OrganizationKind::Exporter
        | OrganizationKind::CommercialBank
        | OrganizationKind::ShippingLine
        | OrganizationKind::Ecx => "jebena_party",
        OrganizationKind::NationalBank | OrganizationKind::Ecta | OrganizationKind::Customs => "jebena_regulator",
        OrganizationKind::Auditor => "jebena_auditor",
        OrganizationKind::Administration => "jebena_admin",
    }
}

struct Context {
    class: &'static str,
    user: Option<Uuid>,
    organization: Option<Uuid>,
    kind: &'static str,
}

impl Context {
    const fn of_class(class: &'static str) -> Self {
        Self { class, user: None, organization: None, kind: "" }
    }
}
