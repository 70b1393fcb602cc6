//! The connections: kept open, handed to one user at a time, the one used last first.
//!
//! PostgreSQL keeps the plan of a prepared statement with the connection, and throws one with policies in it away when
//! the role changes: a connection that served parties and authorities in turn would plan nearly every statement anew,
//! at six times the cost. So each of the two has connections of its own, and borrows from the other when all of its own
//! are busy.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use deadpool::Runtime;
use deadpool::managed::{self, Manager, Metrics, Object, PoolConfig, PoolError, QueueMode, RecycleError, Timeouts};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection};

use super::{PoolSettings, PoolStatistics};

/// One that has rested for this long may have met a restart of the server, and is asked first. A question before every
/// use would double the round trips of a small page.
const ASKED_AFTER: Duration = Duration::from_secs(1);
/// How long its answer may take.
const ANSWER_WITHIN: Duration = Duration::from_millis(500);
/// A connection is replaced after this, so that what its backend has gathered is given back.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How often unused connections are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A connection on loan.
pub(super) type Loan = Object<Connections>;

/// For whom a connection has made its plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Who is party to an export, and all that is not a viewer.
    Parties,
    /// Authorities and the auditor.
    Authorities,
}

/// Makes connections and looks whether they still answer.
#[derive(Debug)]
pub(super) struct Connections(PgConnectOptions);

impl Manager for Connections {
    type Type = PgConnection;
    type Error = sqlx::Error;

    async fn create(&self) -> sqlx::Result<PgConnection> {
        self.0.connect().await
    }

    async fn recycle(&self, connection: &mut PgConnection, metrics: &Metrics) -> managed::RecycleResult<sqlx::Error> {
        if metrics.age() > LIFETIME {
            return Err(RecycleError::message("old enough"));
        }
        if metrics.last_used() < ASKED_AFTER {
            return Ok(());
        }
        match tokio::time::timeout(ANSWER_WITHIN, connection.ping()).await {
            Ok(answer) => answer.map_err(RecycleError::Backend),
            Err(_) => Err(RecycleError::message("no answer")),
        }
    }
}

/// All connections of the product to its database, but for the listener of live updates.
#[derive(Debug)]
pub(super) struct Pool {
    parties: managed::Pool<Connections>,
    authorities: managed::Pool<Connections>,
    options: PgConnectOptions,
    settings: PoolSettings,
    started: Instant,
    /// When unused connections were looked for last, in milliseconds since the start.
    looked: AtomicU64,
}

impl Pool {
    pub(super) fn new(options: PgConnectOptions, settings: &PoolSettings) -> Self {
        let side = |max: u32| {
            let timeouts = Timeouts {
                wait: Some(settings.acquire),
                create: Some(settings.acquire),
                recycle: Some(settings.acquire),
            };
            let config = PoolConfig { max_size: max as usize, timeouts, queue_mode: QueueMode::Lifo };
            #[allow(clippy::expect_used, reason = "fails without a runtime only, and one is given")]
            managed::Pool::builder(Connections(options.clone()))
                .config(config)
                .runtime(Runtime::Tokio1)
                .build()
                .expect("a pool with a runtime")
        };
        let authorities = settings.max_connections / 2;
        Self {
            parties: side(settings.max_connections - authorities),
            authorities: side(authorities),
            options,
            settings: settings.clone(),
            started: Instant::now(),
            looked: AtomicU64::new(0),
        }
    }

    /// A connection of `side`; one of the other when all are busy; else the first that comes free within the limit.
    ///
    /// # Errors
    /// When none comes free in time, or the server cannot be reached.
    pub(super) async fn take(&self, side: Side) -> sqlx::Result<Loan> {
        self.close_unused();
        let (own, other) = match side {
            Side::Authorities if self.settings.max_connections > 1 => (&self.authorities, &self.parties),
            Side::Authorities | Side::Parties => (&self.parties, &self.authorities),
        };
        let at_once = Timeouts { wait: Some(Duration::ZERO), ..own.timeouts() };
        for pool in [own, other] {
            match pool.timeout_get(&at_once).await {
                Err(PoolError::Timeout(managed::TimeoutType::Wait)) => {}
                taken => return taken.map_err(error),
            }
        }
        own.get().await.map_err(error)
    }

    /// Closes what nobody has used for a while, but for the few that are kept.
    fn close_unused(&self) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let looked = self.looked.load(Ordering::Relaxed);
        if u128::from(now - looked.min(now)) < LOOK_EVERY.as_millis()
            || self.looked.compare_exchange(looked, now, Ordering::Relaxed, Ordering::Relaxed).is_err()
        {
            return;
        }
        let mut kept = 0;
        for pool in [&self.parties, &self.authorities] {
            pool.retain(|_, metrics| {
                let keep = metrics.last_used() < self.settings.idle || kept < self.settings.min_connections;
                kept += u32::from(keep);
                keep
            });
        }
    }

    pub(super) fn statistics(&self) -> PoolStatistics {
        let [parties, authorities] = [self.parties.status(), self.authorities.status()];
        let sum = |a: usize, b: usize| u32::try_from(a + b).unwrap_or(u32::MAX);
        PoolStatistics {
            total: sum(parties.size, authorities.size),
            idle: sum(parties.available, authorities.available),
            waiting: sum(parties.waiting, authorities.waiting),
            max: self.settings.max_connections,
        }
    }

    pub(super) const fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Nobody gets a connection any more; those on loan are closed as they come back.
    pub(super) fn close(&self) {
        self.parties.close();
        self.authorities.close();
    }
}

fn error(error: PoolError<sqlx::Error>) -> sqlx::Error {
    match error {
        PoolError::Backend(error) => error,
        PoolError::Timeout(_) => sqlx::Error::PoolTimedOut,
        PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => sqlx::Error::PoolClosed,
    }
}
