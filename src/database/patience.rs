//! An end to waiting that does not depend on the other side.
//!
//! The server ends its own statements, but a connection that has fallen silent says nothing of it, and sqlx has no
//! timeout of a socket. Requests have the limit of their route; whatever runs outside of one runs within this.

use std::io;
use std::time::Duration;

/// What `work` comes to, or an error of input and output when it takes longer than `limit`: the database counts as
/// away then. Work that is given up is rolled back, see [`Tx`](super::Tx).
///
/// # Errors
/// That of `work`, or the one described.
pub async fn within<T>(limit: Duration, work: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
        let message = format!("no answer within {} s", limit.as_secs());
        Err(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, message)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn silence_is_the_error_of_a_database_that_is_away() {
        assert_eq!(within(Duration::from_secs(5), async { Ok(7) }).await.unwrap(), 7);
        let limit = Duration::from_millis(10);
        let silence = within(limit, std::future::pending::<sqlx::Result<()>>()).await.unwrap_err();
        assert!(crate::error::passes_by_itself(&silence), "{silence}");
    }
}
