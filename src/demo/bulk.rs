//! What makes a very large demo quick enough: no checks that the data have passed by the way they are made, no
//! indexes until the rows are there, and independent tables filled side by side.

use futures::future::try_join_all;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

/// Up to this many exports the demo is made in one transaction, foreign keys are checked row by row, and the data
/// span five months; beyond, the checks would take longer than the seeding, and the data span years.
pub(super) const SMALL: u64 = 2_000;

/// A connection that may take its time. `large` leaves the triggers of foreign keys out; those of the record are
/// ENABLE ALWAYS and stay.
pub(super) async fn connect(options: &PgConnectOptions, large: bool) -> sqlx::Result<PgConnection> {
    // Its statements are long and take long; the log is no place for them.
    let mut connection = PgConnection::connect_with(&options.clone().disable_statement_logging()).await?;
    sqlx::raw_sql(
        "set statement_timeout = 0; set lock_timeout = 0; set idle_in_transaction_session_timeout = 0; set jit = off;
         set work_mem = '128MB'; set synchronous_commit = off; set client_min_messages = warning",
    )
    .execute(&mut connection)
    .await?;
    if large {
        sqlx::raw_sql("set session_replication_role = replica; set maintenance_work_mem = '512MB'")
            .execute(&mut connection)
            .await?;
    }
    Ok(connection)
}

/// Runs each of `scripts` in a transaction of its own, all at the same time.
pub(super) async fn run_side_by_side(options: &PgConnectOptions, scripts: &[&'static str]) -> sqlx::Result<()> {
    try_join_all(scripts.iter().map(|script| async move {
        let mut connection = connect(options, true).await?;
        let mut tx = connection.begin().await?;
        sqlx::raw_sql(*script).execute(&mut *tx).await?;
        tx.commit().await?;
        connection.close().await
    }))
    .await?;
    Ok(())
}

/// Drops the indexes of the large tables that hold no constraint; returns how to build them again.
pub(super) async fn drop_indexes(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    let indexes = sqlx::query!(
        r#"select i.indexrelid::regclass::text as "name!", pg_get_indexdef(i.indexrelid) as "definition!"
           from pg_index i
           join pg_class c on c.oid = i.indexrelid
           where i.indrelid = any (array['exports', 'export_status_history', 'export_approvals', 'export_permits',
                     'certificates_of_origin', 'coffee_lots', 'quality_inspections', 'sales_contracts', 'audit.events',
                     'audit.sealed']::regclass[])
             and not c.relispartition and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
           order by i.indexrelid"#
    )
    .fetch_all(&mut *connection)
    .await?;
    for index in &indexes {
        sqlx::raw_sql(AssertSqlSafe(format!("drop index {}", index.name))).execute(&mut *connection).await?;
    }
    // The definition of a partitioned index names its parent ONLY; without the word its parts are built too.
    Ok(indexes.into_iter().map(|index| index.definition.replacen(" ON ONLY ", " ON ", 1)).collect())
}

/// Builds what [`drop_indexes`] dropped, and looks at what was loaded: what follows asks for each export, and without statistics
/// it depends on the background's cleaning whether that goes by an index or by reading everything a hundred thousand times.
pub(super) async fn build_indexes(connection: &mut PgConnection, definitions: Vec<String>) -> sqlx::Result<()> {
    for definition in definitions {
        sqlx::raw_sql(AssertSqlSafe(definition)).execute(&mut *connection).await?;
    }
    sqlx::raw_sql("analyze").execute(connection).await.map(drop)
}
