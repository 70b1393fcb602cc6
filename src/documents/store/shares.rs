//! The SQL of shares of the store.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::documents::service::ShareLine;
use crate::documents::share::Used;

/// What the viewer's organisation has taken, and how many files the viewer has brought since `midnight`.
pub(in crate::documents) async fn read_used(
    connection: &mut PgConnection,
    midnight: DateTime<Utc>,
) -> sqlx::Result<Used> {
    let row = sqlx::query!(
        r#"select files as "files!", bytes as "bytes!", files_since as "today!" from gate.share_of_store($1)"#,
        midnight
    )
    .fetch_one(connection)
    .await?;
    // The table's CHECKs keep them from being negative.
    let whole = |figure: i64| u64::try_from(figure).unwrap_or_default();
    Ok(Used { bytes: whole(row.bytes), files: whole(row.files), today: whole(row.today) })
}

/// The shares, the largest first, at most `limit`.
pub(in crate::documents) async fn list(connection: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<ShareLine>> {
    let rows = sqlx::query!(
        "select o.name, o.name_am, s.files, s.bytes from store_shares s
         join organizations o on o.organization_id = s.organization_id
         where s.files > 0 order by s.bytes desc, s.organization_id limit $1",
        limit
    )
    .fetch_all(connection)
    .await?;
    let whole = |figure: i64| u64::try_from(figure).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|row| ShareLine { name: row.name, name_am: row.name_am, files: whole(row.files), bytes: whole(row.bytes) })
        .collect())
}

/// Counts every share anew; how many were not right.
pub(in crate::documents) async fn recount(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select gate.recount_shares() as "count!""#).fetch_one(connection).await
}
