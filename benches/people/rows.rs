//! Bytes of an event with its indexes, without its private part.
//!
//! All events that the demo and the decisions of this run have written are copied, in their order, into a table with the same
//! indexes, one row after the other as acts write them: indexes that were built at once are fuller than any that grew. Then the
//! sizes of table and indexes, divided by the rows.

use anyhow::Result;
use sqlx::{Connection as _, PgConnection, Row};

use super::product::Product;
use super::report::{Bar, Figure};

pub(crate) async fn measure(product: &Product) -> Result<Vec<Figure>> {
    let mut database = PgConnection::connect(&product.database_url()?).await?;
    sqlx::raw_sql(
        "drop schema if exists bench cascade; create schema bench;
         create table bench.events (like audit.events including all);
         set synchronous_commit = off;
         insert into bench.events overriding system value select * from audit.events order by seq",
    )
    .execute(&mut database)
    .await?;
    sqlx::raw_sql("vacuum analyze bench.events").execute(&mut database).await?;
    let row = sqlx::query(
        "select count(*)::float8, avg(pg_column_size(e.*))::float8, avg(pg_column_size(details))::float8,
                avg(pg_column_size(e.*)) filter (where private_commitment is not null and request_id is not null)::float8,
                count(*) filter (where private_commitment is not null and request_id is not null)::float8
         from bench.events e",
    )
    .fetch_one(&mut database)
    .await?;
    let rows: f64 = row.try_get(0)?;
    let heap: i64 = sqlx::query_scalar("select pg_relation_size('bench.events')").fetch_one(&mut database).await?;
    let indexes = sqlx::query(
        "select replace(pg_get_indexdef(i.indexrelid), ' ON bench.events', ''), pg_relation_size(i.indexrelid)
         from pg_index i where i.indrelid = 'bench.events'::regclass order by 2 desc",
    )
    .fetch_all(&mut database)
    .await?;
    let mut parts = Vec::new();
    let mut all = heap as f64;
    for index in &indexes {
        let definition: String = index.try_get(0)?;
        let size: i64 = index.try_get(1)?;
        all += size as f64;
        let columns = definition.split_once("USING ").map_or(definition.as_str(), |(_, columns)| columns);
        parts.push(Figure::told(format!("index {columns}"), size as f64 / rows, "bytes"));
    }
    let under_seal: f64 = sqlx::query_scalar(
        "select (pg_total_relation_size('audit.sealed')::float8) / greatest((select count(*) from audit.sealed), 1)",
    )
    .fetch_one(&mut database)
    .await?;
    sqlx::raw_sql("drop schema bench cascade").execute(&mut database).await?;
    database.close().await?;
    let mut figures = vec![
        Figure::of("an event with its indexes", all / rows, "bytes", Bar::Most(400.0)),
        Figure::told("events", rows, ""),
        Figure::told("table", heap as f64 / rows, "bytes"),
        Figure::told("of that, its facts (details)", row.try_get(2)?, "bytes"),
    ];
    figures.extend(parts);
    figures.push(Figure::told("row without its place in the page, on average", row.try_get(1)?, "bytes"));
    if let Some(asked) = row.try_get::<Option<f64>, _>(3)? {
        figures.push(Figure::told("the same, of those that a request wrote", asked, "bytes"));
        figures.push(Figure::told("events that a request wrote", row.try_get(4)?, ""));
    }
    figures.push(Figure::told("beside it, which seal covers it", under_seal, "bytes"));
    Ok(figures)
}
