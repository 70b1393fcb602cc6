//! A server that somebody else runs: the login of `jebena migrate` is no superuser.

use jebena::clock::SystemClock;
use jebena::database::{Db, PoolSettings, PrivilegeError, migrate};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use std::sync::Arc;

use crate::cluster;

fn server_on(options: PgConnectOptions) -> Db {
    Db::connect_lazy(options, &PoolSettings { min_connections: 0, ..PoolSettings::default() }, Arc::new(SystemClock))
}

#[tokio::test]
async fn the_owner_of_a_database_who_may_create_roles_brings_it_up_and_down() {
    // A cluster of its own: roles belong to all databases of one, and here there are none yet.
    let cluster = cluster::own().await;
    let admin = cluster.admin_options("postgres");
    let mut connection = PgConnection::connect_with(&admin).await.unwrap();
    sqlx::raw_sql("create role operator login createrole createdb").execute(&mut connection).await.unwrap();
    sqlx::raw_sql("create database managed owner operator").execute(&mut connection).await.unwrap();

    let operator = cluster.connect_options("operator", "managed");
    migrate::up(&operator).await.unwrap();
    migrate::up(&operator).await.unwrap();
    migrate::set_app_password(&operator, "a password of its own").await.unwrap();
    migrate::down(&operator, 0).await.unwrap();
    migrate::up(&operator).await.unwrap();
    assert!(migrate::status(&operator).await.unwrap().iter().all(|migration| migration.applied));

    server_on(cluster.connect_options("jebena_app", "managed")).require_unprivileged().await.unwrap();
    let refused = server_on(operator).require_unprivileged().await;
    assert!(matches!(refused, Err(PrivilegeError::TooPowerful { .. })), "{refused:?}");

    // A second database finds the roles there, and a superuser may go on where the operator began.
    sqlx::raw_sql("create database second owner operator").execute(&mut connection).await.unwrap();
    migrate::up(&cluster.connect_options("operator", "second")).await.unwrap();
    migrate::up(&cluster.admin_options("second")).await.unwrap();
    connection.close().await.unwrap();
    cluster::stop(cluster).await;
}
