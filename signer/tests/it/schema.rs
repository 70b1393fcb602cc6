//! The schema goes up and down, with rows in it.

use jebena_signer::{ceremony, database};

use crate::ground::{Ground, now, plan, sealing};

#[tokio::test]
async fn migrations_go_up_and_down_on_a_populated_database() {
    let ground = Ground::founded().await;
    ground.seal_of(crate::ground::AUTHORITY, sealing()).await;
    let shape = "select count(*) from information_schema.columns where table_schema = 'public'";
    let before = ground.count(shape).await;
    for migration in database::MIGRATOR.iter().filter(|m| m.migration_type.is_up_migration()).rev() {
        database::migrate_down(&ground.admin, migration.version - 1).await.unwrap();
    }
    assert_eq!(
        ground
            .count("select count(*) from pg_tables where schemaname = 'public' and tablename not like '\\_sqlx%'")
            .await,
        0
    );
    database::migrate_up(&ground.admin).await.unwrap();
    assert_eq!(ground.count(shape).await, before);
    ceremony::hold(&ground.authority, &plan(), now()).await.unwrap();
}

#[tokio::test]
async fn every_reference_has_an_index() {
    let ground = Ground::empty().await;
    let without = "select count(*) from pg_constraint f
        where f.contype = 'f' and f.connamespace = 'public'::regnamespace
          and not exists (select from pg_index i where i.indrelid = f.conrelid and i.indkey[0] = f.conkey[1])";
    assert_eq!(ground.count(without).await, 0);
}
