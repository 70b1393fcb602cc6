//! A transaction that never holds the pool up.
//!
//! sqlx has no socket timeout: a connection that falls silent in the middle of a query would keep its place
//! in the pool for as long as the kernel does. A [`Tx`] that is dropped before it is finished rolls back
//! within a second or gives the connection up altogether.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use deadpool::managed::Object;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::pool::Loan;

/// How long an abandoned transaction may take to roll back before its connection is closed.
const ROLLBACK_PATIENCE: Duration = Duration::from_secs(1);

/// A transaction in the context of one viewer. Dropped without [`Tx::commit`], it is rolled back.
pub struct Tx {
    connection: Option<Loan>,
    class: Option<&'static str>,
    finished: bool,
}

impl Tx {
    pub(super) const fn bare(connection: Loan) -> Self {
        Self { connection: Some(connection), class: None, finished: false }
    }

    pub(super) const fn mark_begun(&mut self, class: &'static str) {
        self.class = Some(class);
    }

    /// Makes everything done in it durable, and gives the connection back.
    ///
    /// # Errors
    /// When the server refuses or cannot be reached; nothing is committed then, or the outcome is unknown and
    /// the idempotency key will tell on the next try.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        if self.class.is_some() {
            self.execute("commit").await?;
        }
        self.finished = true;
        Ok(())
    }

    /// Gives everything up, and waits until the server has done so.
    ///
    /// # Errors
    /// When the server cannot be reached; it rolls back by itself then.
    pub async fn rollback(mut self) -> sqlx::Result<()> {
        if self.class.is_some() {
            self.execute("rollback").await?;
        }
        self.finished = true;
        Ok(())
    }

    /// Until [`Tx::leave_system`], statements run as the system: for the effects of a decision beyond the
    /// decider's own rows (balances, numbers, permits used). The viewer's identity stays on record.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn enter_system(&mut self) -> sqlx::Result<()> {
        self.execute("set local role jebena_system").await.map(drop)
    }

    /// Until [`Tx::leave_system`], statements run as the gate: where ending sessions belongs to what a command
    /// does.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn enter_gate(&mut self) -> sqlx::Result<()> {
        self.execute("set local role jebena_gate").await.map(drop)
    }

    /// Back to the class of the viewer.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn leave_system(&mut self) -> sqlx::Result<()> {
        // A class is one of our own role names; see `Db::begin`.
        let statement = format!("set local role {}", self.class.unwrap_or("none"));
        self.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await.map(drop)
    }
}

impl Deref for Tx {
    type Target = PgConnection;

    #[allow(clippy::expect_used, reason = "the connection leaves only in drop")]
    fn deref(&self) -> &PgConnection {
        self.connection.as_deref().expect("a transaction has its connection until it is dropped")
    }
}

impl DerefMut for Tx {
    #[allow(clippy::expect_used, reason = "the connection leaves only in drop")]
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.connection.as_deref_mut().expect("a transaction has its connection until it is dropped")
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        if self.finished {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            drop(Object::take(connection));
            return;
        };
        let is_begun = self.class.is_some();
        runtime.spawn(async move {
            let ended = tokio::time::timeout(ROLLBACK_PATIENCE, async {
                // Without a transaction there may be an answer still that nobody has waited for.
                if is_begun { connection.execute("rollback").await.map(drop) } else { connection.ping().await }
            })
            .await;
            if !matches!(ended, Ok(Ok(()))) {
                // Closed without a word: the other end does not answer, so it would not read one either.
                drop(Object::take(connection));
            }
        });
    }
}
