//! The PostgreSQL of the tests: a throw-away cluster that ends with the test process, and a migrated database
//! from which each test has its own copied.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use jebena::database::migrate;
use jebena::demo;
use jebena::documents::storage::{Storage, StorageSettings};
use jebena_cluster::Cluster;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tokio::sync::OnceCell;

/// Started by the first test that needs it; its watchdog removes it when this process ends, however it ends.
static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| Cluster::start_ephemeral().unwrap());

static TEMPLATE: OnceCell<()> = OnceCell::const_new();

/// The server, past every wall, and the name of the database to copy.
pub async fn template() -> (PgConnectOptions, &'static str) {
    let server = tokio::task::spawn_blocking(|| CLUSTER.admin_options("postgres")).await.unwrap();
    TEMPLATE
        .get_or_init(|| async {
            let mut connection = PgConnection::connect_with(&server).await.unwrap();
            sqlx::raw_sql("create database template_jebena").execute(&mut connection).await.unwrap();
            migrate::up(&server.clone().database("template_jebena")).await.unwrap();
        })
        .await;
    (server, "template_jebena")
}

static SEEDED: OnceCell<()> = OnceCell::const_new();

/// As [`template`], with the demo's data as they stand at `now`.
pub async fn seeded_template(now: DateTime<Utc>) -> (PgConnectOptions, &'static str) {
    let (server, _) = template().await;
    SEEDED
        .get_or_init(|| async {
            let mut connection = PgConnection::connect_with(&server).await.unwrap();
            sqlx::raw_sql("create database template_seeded template template_jebena strategy file_copy")
                .execute(&mut connection)
                .await
                .unwrap();
            let files = tempfile::tempdir().unwrap();
            let storage = Storage::new(&StorageSettings { folder: files.path().to_owned(), bucket: None }).unwrap();
            let database = server.clone().database("template_seeded");
            demo::seed(&database, &storage, 60, now, &|_| {}).await.unwrap();
        })
        .await;
    (server, "template_seeded")
}

/// A database of its own without anything in it.
pub async fn empty_database(name: &'static str) -> PgConnectOptions {
    let server = tokio::task::spawn_blocking(|| CLUSTER.admin_options("postgres")).await.unwrap();
    let mut connection = PgConnection::connect_with(&server).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await.unwrap();
    server.database(name)
}

/// A cluster that no other test works on.
pub async fn own() -> Cluster {
    tokio::task::spawn_blocking(|| Cluster::start_ephemeral().unwrap()).await.unwrap()
}

/// Ends a cluster of a test's own, off the runtime: it waits for the server.
pub async fn stop(cluster: Cluster) {
    tokio::task::spawn_blocking(|| drop(cluster)).await.unwrap();
}
