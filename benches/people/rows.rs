//! Bytes of an event with its indexes, without its private part.
//!
//! All events that the demo and the decisions of this run have written are copied, in their order, into a table with the same
//! indexes, one row after the other as acts write them: indexes that were built at once are fuller than any that grew. Then the
//! sizes of table and indexes, divided by the rows. The demo's events come from no request and most have no private part, so all
//! are copied a second time with the number of a request and a commitment, which is what an act of a person leaves.

use anyhow::Result;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row};

use super::product::Product;
use super::report::{Bar, Figure};

/// The events as they are.
const AS_THEY_ARE: &str = "select * from audit.events order by seq";
/// The events as if a request had written each.
const OF_REQUESTS: &str =
    "select seq, event_id, occurred_at, actor_id, organization_id, event_type, entity_type, entity_id, severity,
        compliance_relevant, details, coalesce(request_id, gen_random_uuid()),
        coalesce(private_commitment, sha256(uuid_send(event_id))), row_hash
    from audit.events order by seq";

pub(crate) async fn measure(product: &Product) -> Result<Vec<Figure>> {
    let mut database = PgConnection::connect(&product.database_url()?).await?;
    let as_they_are = copy(&mut database, AS_THEY_ARE).await?;
    let of_requests = copy(&mut database, OF_REQUESTS).await?;
    let under_seal: f64 = sqlx::query_scalar(
        "select (pg_total_relation_size('audit.sealed')::float8) / greatest((select count(*) from audit.sealed), 1)",
    )
    .fetch_one(&mut database)
    .await?;
    database.close().await?;
    let mut figures = vec![
        Figure::of("an event with its indexes", as_they_are.whole(), "bytes", Bar::Most(400.0)),
        Figure::of("the same, if a request had written each", of_requests.whole(), "bytes", Bar::Most(400.0)),
        Figure::told("events", as_they_are.rows, ""),
        Figure::told("table", as_they_are.table, "bytes"),
        Figure::told("table, if a request had written each", of_requests.table, "bytes"),
        Figure::told("of that, its facts (details)", as_they_are.facts, "bytes"),
    ];
    figures
        .extend(as_they_are.indexes.iter().map(|(index, size)| Figure::told(format!("index {index}"), *size, "bytes")));
    figures.push(Figure::told("beside it, which seal covers it", under_seal, "bytes"));
    Ok(figures)
}

/// Bytes of an event, on average.
struct Sizes {
    rows: f64,
    table: f64,
    facts: f64,
    /// Columns and size of each.
    indexes: Vec<(String, f64)>,
}

impl Sizes {
    fn whole(&self) -> f64 {
        self.table + self.indexes.iter().map(|(_, size)| size).sum::<f64>()
    }
}

async fn copy(database: &mut PgConnection, events: &str) -> Result<Sizes> {
    let fill = format!(
        "drop schema if exists bench cascade; create schema bench;
         create table bench.events (like audit.events including all);
         set synchronous_commit = off;
         insert into bench.events overriding system value {events}"
    );
    sqlx::raw_sql(AssertSqlSafe(fill)).execute(&mut *database).await?;
    sqlx::raw_sql("vacuum analyze bench.events").execute(&mut *database).await?;
    let row = sqlx::query(
        "select count(*)::float8, avg(pg_column_size(details))::float8, pg_relation_size('bench.events')::float8 from bench.events",
    )
    .fetch_one(&mut *database)
    .await?;
    let rows: f64 = row.try_get(0)?;
    let (facts, heap): (f64, f64) = (row.try_get(1)?, row.try_get(2)?);
    let found = sqlx::query(
        "select replace(pg_get_indexdef(i.indexrelid), ' ON bench.events', ''), pg_relation_size(i.indexrelid)::float8
         from pg_index i where i.indrelid = 'bench.events'::regclass order by 2 desc",
    )
    .fetch_all(&mut *database)
    .await?;
    let mut indexes = Vec::new();
    for index in &found {
        let (definition, size): (String, f64) = (index.try_get(0)?, index.try_get(1)?);
        let columns = definition.split_once("USING ").map_or(definition.as_str(), |(_, columns)| columns);
        indexes.push((columns.to_owned(), size / rows));
    }
    sqlx::raw_sql("drop schema bench cascade").execute(database).await?;
    Ok(Sizes { rows, table: heap / rows, facts, indexes })
}
