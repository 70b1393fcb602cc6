//! What stands in the tables: how many rows there are, and whether anything has changed.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, PgConnection};

/// A mark of every table of the product: its number of rows, and a sum over what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows(BTreeMap<String, (i64, String)>);

/// Every table of the product, partitions taken together with their table.
const TABLES: &str = "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition
      and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') and c.relname not like 'chaos%'
      and c.relname <> '_sqlx_migrations'
    order by 1";

/// Where everything that happens is written down.
const RECORD: [&str; 3] = ["audit.events", "audit.event_private", "audit.unsealed"];

/// The names of all tables.
pub async fn tables(sql: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(TABLES).fetch_all(sql).await.unwrap()
}

impl Rows {
    /// As they stand now, but for attempts to sign in: one that was not judged to its end counts as failed.
    pub async fn of(sql: &mut PgConnection) -> Self {
        Self::without(sql, &[]).await
    }

    /// The same without the record, which says what was refused to whom.
    pub async fn besides_the_record(sql: &mut PgConnection) -> Self {
        Self::without(sql, &RECORD).await
    }

    async fn without(sql: &mut PgConnection, left_out: &[&str]) -> Self {
        let tables = tables(sql).await;
        assert!(left_out.iter().all(|table| tables.iter().any(|known| known == table)), "{left_out:?}");
        let each: Vec<String> = tables
            .iter()
            .filter(|table| *table != "sign_in_attempts" && !left_out.contains(&table.as_str()))
            .map(|table| {
                format!(
                    "select '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text from {table} t"
                )
            })
            .collect();
        let marks: Vec<(String, i64, String)> =
            sqlx::query_as(AssertSqlSafe(each.join(" union all "))).fetch_all(sql).await.unwrap();
        Self(marks.into_iter().map(|(table, rows, sum)| (table, (rows, sum))).collect())
    }

    /// The tables that are not as they were `before`, and how many rows each has gained.
    pub fn changes_since(&self, before: &Self) -> BTreeMap<&str, i64> {
        self.0
            .iter()
            .filter(|(table, mark)| before.0[*table] != **mark)
            .map(|(table, (rows, _))| (table.as_str(), rows - before.0[table].0))
            .collect()
    }
}
