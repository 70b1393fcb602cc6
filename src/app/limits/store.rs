//! SQL over `request_counts`.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// Requests of a bucket in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hits {
    pub bucket: String,
    pub window_start: DateTime<Utc>,
    pub hits: i64,
}

/// Adds `hits` to what is counted.
pub(super) async fn add(connection: &mut PgConnection, hits: &[Hits]) -> sqlx::Result<()> {
    let starts: Vec<DateTime<Utc>> = hits.iter().map(|found| found.window_start).collect();
    let counts: Vec<i64> = hits.iter().map(|found| found.hits).collect();
    // In one order, whoever adds: two instances wait for each other and do not lock each other out.
    sqlx::query!(
        "insert into request_counts (bucket, window_start, hits)
         select t.bucket, t.window_start, t.hits
         from unnest($1::text[], $2::timestamptz[], $3::bigint[]) as t (bucket, window_start, hits)
         order by t.bucket, t.window_start
         on conflict (bucket, window_start) do update set hits = request_counts.hits + excluded.hits",
        &buckets(hits),
        &starts,
        &counts,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What all instances have counted of the same buckets since `since`.
pub(super) async fn list(connection: &mut PgConnection, of: &[Hits], since: DateTime<Utc>) -> sqlx::Result<Vec<Hits>> {
    sqlx::query_as!(
        Hits,
        "select bucket, window_start, hits from request_counts where bucket = any($1) and window_start >= $2",
        &buckets(of),
        since,
    )
    .fetch_all(connection)
    .await
}

fn buckets(hits: &[Hits]) -> Vec<String> {
    hits.iter().map(|found| found.bucket.clone()).collect()
}
