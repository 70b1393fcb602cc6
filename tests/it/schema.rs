//! The database repeats the rules: names, moves, append-only tables, walls.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::cluster;
use crate::site::TestSite;
use jebena::database::migrate;
use jebena::exports::transitions;

#[tokio::test]
async fn the_seeds_relations_exist_under_their_names() {
    let site = TestSite::start().await;
    let missing: Vec<String> = sqlx::query_scalar(
        "select name from unnest(array['exporter_profiles', 'coffee_laboratories', 'coffee_tasters',
            'competence_certificates', 'export_licenses', 'coffee_lots', 'quality_inspections', 'sales_contracts',
            'export_permits', 'certificates_of_origin', 'preregistration_documents', 'preregistration_audit_log',
            'exports', 'export_status_history', 'export_documents', 'export_approvals', 'users', 'user_roles',
            'user_sessions', 'user_audit_log', 'qualified_exporters', 'export_ready_lots', 'pending_approvals_by_org',
            'export_summary', 'compliance_audit_summary', 'security_audit_summary', 'exporter_audit_activity',
            'active_users', 'user_statistics']) as name
         where to_regclass('public.' || name) is null",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn the_legal_moves_are_those_of_the_step_table() {
    let site = TestSite::start().await;
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select from_state, action, to_state from legal_moves where subject = 'EXPORT' order by 1, 2, 3",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(
        rows.into_iter().collect::<std::collections::BTreeSet<_>>(),
        transitions::legal_moves().into_iter().collect()
    );
}

#[tokio::test]
async fn every_migration_goes_down_and_up_again() {
    let options = cluster::empty_database("test_up_and_down").await;
    migrate::up(&options).await.unwrap();
    migrate::down(&options, 0).await.unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let left: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('public', 'audit', 'app', 'gate') and relkind in ('r', 'v', 'p') and relname <> '_sqlx_migrations'",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    assert!(left.is_empty(), "left behind: {left:?}");
    migrate::up(&options).await.unwrap();
    assert!(migrate::status(&options).await.unwrap().iter().all(|migration| migration.applied));
}

/// Tables without an owner: code lists, and what carries hashes and numbers only.
const OWNERLESS: &[&str] = &[
    "_sqlx_migrations",
    "capital_thresholds",
    "coffee_types",
    "countries",
    "currencies",
    "document_requirements",
    "document_types",
    "fx_rates",
    "fx_retention_rules",
    "holidays",
    "incoterms",
    "legal_moves",
    "minimum_export_prices",
    "number_counters",
    "number_series",
    "parameters",
    "payment_methods",
    "ports",
    "regions",
    "system_state",
    "sealed",
    "seals",
    "unsealed",
];

#[tokio::test]
async fn every_table_with_an_owner_is_walled() {
    let site = TestSite::start().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('public', 'audit') and c.relkind in ('r', 'p') and not c.relispartition
           and not (c.relrowsecurity and c.relforcerowsecurity) order by 1",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let unexpected: Vec<&String> = open.iter().filter(|name| !OWNERLESS.contains(&name.as_str())).collect();
    assert!(unexpected.is_empty(), "without row-level security: {unexpected:?}");
    // Partitions are reached through their parent alone: they have no policies of their own, and no grants.
    let granted = site
        .count(
            "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
             where n.nspname = 'audit' and c.relispartition and a.grantee <> c.relowner",
        )
        .await;
    assert_eq!(granted, 0);
    // Views run as who asks; a policy never calls current_setting itself.
    let definer_views = site
        .count(
            "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'public' and c.relkind = 'v'
               and not coalesce(c.reloptions::text like '%security_invoker=true%', false)",
        )
        .await;
    assert_eq!(definer_views, 0);
    let bare = site.count("select count(*) from pg_policies where qual like '%current_setting%'").await;
    assert_eq!(bare, 0);
}

#[tokio::test]
async fn the_server_owns_nothing_and_sees_nothing_without_a_context() {
    let site = TestSite::start().await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    let owned = site.count("select count(*) from pg_class where relowner = 'jebena_app'::regrole").await;
    assert_eq!(owned, 0);
    let tables: Vec<String> = sqlx::query_scalar(
        "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname in ('public', 'audit') and c.relkind in ('r', 'p', 'v')",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let mut bare = PgConnection::connect_with(&site.server_options()).await.unwrap();
    for table in tables.iter().filter(|table| !table.ends_with("system_state")) {
        let seen: Result<i64, sqlx::Error> =
            sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}"))).fetch_one(&mut bare).await;
        match seen {
            Ok(rows) => assert_eq!(rows, 0, "{table} shows rows without a context"),
            Err(error) => assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{table}"),
        }
    }
}

#[tokio::test]
async fn the_record_refuses_to_be_changed_also_by_its_owner() {
    let site = TestSite::start().await;
    let user = site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    site.execute(&format!(
        "insert into audit.events (event_id, occurred_at, actor_id, event_type, entity_type, severity,
             compliance_relevant, row_hash) values (gen_random_uuid(), '2026-11-20', '{user}', 'SYSTEM_ACCESS', 'user',
             'LOW', false, '')"
    ))
    .await;
    let tables = [
        "audit.events",
        "audit.events_2026",
        "audit.seals",
        "audit.sealed",
        "export_status_history",
        "export_messages",
        "export_settlements",
        "issued_papers",
        "paper_prints",
    ];
    for who in ["postgres", "jebena_owner"] {
        for table in tables {
            let mut owner = site.sql().await;
            sqlx::raw_sql(AssertSqlSafe(format!("set role {who}"))).execute(&mut owner).await.unwrap();
            let refused = sqlx::raw_sql(AssertSqlSafe(format!("truncate {table} cascade"))).execute(&mut owner).await;
            assert_eq!(code(refused), "42501", "truncate {table} as {who}");
        }
        for statement in ["update audit.events set details = '{}'", "delete from audit.events"] {
            let mut owner = site.sql().await;
            // The owner is behind row-level security; a superuser is not, and meets the trigger.
            if who == "postgres" {
                let refused = sqlx::raw_sql(statement).execute(&mut owner).await;
                assert_eq!(code(refused), "42501", "{statement} as {who}");
            }
            sqlx::raw_sql("set session_replication_role = replica").execute(&mut owner).await.unwrap();
            let refused = sqlx::raw_sql(statement).execute(&mut owner).await;
            assert_eq!(code(refused), "42501", "{statement} as a replica");
        }
    }
    assert_eq!(site.count("select count(*) from audit.events").await, 1);
    // The application's role has no right to try.
    let rights = site
        .count(
            "select count(*) from information_schema.role_table_grants
             where table_schema in ('public', 'audit') and grantee like 'jebena_%' and grantee <> 'jebena_owner'
               and privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
               and (table_schema, table_name) in (('audit', 'events'), ('audit', 'seals'), ('audit', 'sealed'),
                   ('public', 'export_status_history'), ('public', 'export_messages'),
                   ('public', 'export_settlements'), ('public', 'issued_papers'), ('public', 'paper_prints'))",
        )
        .await;
    assert_eq!(rights, 0);
}

fn code(result: Result<sqlx::postgres::PgQueryResult, sqlx::Error>) -> String {
    result.unwrap_err().as_database_error().unwrap().code().unwrap().into_owned()
}
