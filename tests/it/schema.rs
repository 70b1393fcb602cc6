//! The database repeats the rules: names, moves, append-only tables, walls.

use http::StatusCode;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::cluster;
use crate::site::{TestSite, pairs};
use crate::walk::something_to_ask;
use jebena::database::migrate;
use jebena::exports::transitions;
use jebena::sourcing::lots::transitions as lots;

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
async fn the_seeds_logs_are_views_with_their_columns_on_the_one_record() {
    let site = TestSite::seeded().await;
    let mut clerk = site.sign_in("exporter.clerk").await;
    site.get(&mut clerk, "/admin/system").await;
    let mut sql = site.sql().await;
    for (view, columns) in [
        (
            "audit_logs",
            "id event_type status user_uuid session_id ip_address user_agent resource action timestamp details",
        ),
        ("security_logs", "id event_type severity user_uuid ip_address user_agent timestamp details metadata"),
        (
            "session_logs",
            "id event_type user_uuid session_token_hash refresh_token_hash device_info ip_address user_agent timestamp details",
        ),
        ("access_logs", "id user_id resource action result timestamp details"),
        ("transaction_logs", "id asset_id user_id transaction_type amount timestamp blockchain_hash"),
        ("compliance_logs", "id asset_id user_id compliance_check result details timestamp"),
        ("system_events", "id event_type event_data timestamp source severity"),
        ("audit_trail", "id entity_type entity_id action old_state new_state timestamp actor"),
    ] {
        let found: String = sqlx::query_scalar(
            "select string_agg(column_name::text, ' ' order by ordinal_position) from information_schema.columns
             where table_schema = 'public' and table_name = $1",
        )
        .bind(view)
        .fetch_one(&mut sql)
        .await
        .unwrap();
        assert_eq!(found, columns, "{view}");
        let may: (bool, bool) = sqlx::query_as(
            "select has_table_privilege('jebena_auditor', $1, 'select'), has_table_privilege('jebena_party', $1, 'select')",
        )
        .bind(view)
        .fetch_one(&mut sql)
        .await
        .unwrap();
        assert_eq!(may, (true, false), "{view}");
    }
    for (rows, least) in [
        (
            "select count(*) from audit_logs where status = 'FAILED' and resource = '/admin/system' and action = 'GET'",
            1,
        ),
        ("select count(*) from security_logs where event_type = 'UNAUTHORIZED_ACCESS' and metadata ? 'session_id'", 1),
        ("select count(*) from session_logs where event_type = 'CREATED' and details ? 'session_id'", 1),
        ("select count(*) from access_logs where result = 'DENIED'", 1),
        ("select count(*) from transaction_logs where length(blockchain_hash) = 64", 100),
        ("select count(*) from compliance_logs", 100),
        ("select count(*) from audit_trail where old_state is not null or new_state is not null", 1),
    ] {
        assert!(site.count(rows).await >= least, "{rows}");
    }
    let strange =
        "select count(*) from transaction_logs t join audit_logs a using (id) where a.event_type like 'LOGIN%'";
    assert_eq!(site.count(strange).await, 0);
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
async fn the_legal_moves_of_lots_are_those_of_both_desks() {
    let site = TestSite::start().await;
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("select from_state, action, to_state from legal_moves where subject = 'LOT' order by 1, 2, 3")
            .fetch_all(&mut site.sql().await)
            .await
            .unwrap();
    for table in [&lots::OF_THE_EXCHANGE, &lots::OF_THE_AUTHORITY] {
        assert_eq!(rows, jebena::review::legal_moves(table));
    }
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

/// The schema before corrections and extensions has no place for them, nor the one before the papers of firms and
/// exporters for those, and a record is never thrown away.
#[tokio::test]
async fn the_way_down_stops_where_it_would_lose_history() {
    const BEFORE: i64 = 20_261_120_082_000;
    const GUARDS: [(&str, &str); 7] = [
        (
            include_str!("../../migrations/20261120082100_allow_amending.down.sql"),
            "the history holds corrections or extensions",
        ),
        (include_str!("../../migrations/20261128090000_widen_papers.down.sql"), "there are papers of other kinds"),
        (include_str!("../../migrations/20261128130000_create_plots.down.sql"), "there are plots or statements"),
        (include_str!("../../migrations/20261128200100_record_letters.down.sql"), "there are letters of credit"),
        (
            include_str!("../../migrations/20261128210100_settle_in_instalments.down.sql"),
            "there are receipts or short payments",
        ),
        (
            include_str!("../../migrations/20261128210200_ask_for_extensions.down.sql"),
            "there are requests for extensions",
        ),
        (include_str!("../../migrations/20261129160000_raise_alerts.down.sql"), "there are alerts"),
    ];
    let site = TestSite::seeded().await;
    crate::alerts::watch(&site).await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    let correction = format!("/exports/{export}/amendment");
    let fields = asked.correction("600", &[("port_of_discharge", "BEANR")]);
    let corrected = site.fill_in(&mut owner, &correction, &correction, &pairs(&fields)).await;
    assert_eq!(corrected.status, StatusCode::SEE_OTHER, "{}", corrected.text);

    let refused = migrate::down(site.admin_options(), BEFORE).await.unwrap_err();
    assert!(format!("{refused:?}").contains("P0001"), "a guard stops it, not an accident: {refused:?}");
    let states = migrate::status(site.admin_options()).await.unwrap();
    let newest = states.iter().filter(|state| state.applied).map(|state| state.version).max();
    assert!(newest > Some(BEFORE), "it stops before the step that would lose something");
    // Each earlier step that would stands guard for itself.
    for (way_down, said) in GUARDS {
        let mut connection = site.sql().await;
        let mut step = connection.begin().await.unwrap();
        sqlx::raw_sql("set local role jebena_owner").execute(&mut *step).await.unwrap();
        let refused = sqlx::raw_sql(way_down).execute(&mut *step).await.unwrap_err();
        assert!(refused.to_string().contains(said), "{refused}");
    }
    let kept = "select count(*) from export_status_history
                where action = 'correct' and details ->> 'changes' like '%BEANR%'";
    assert_eq!(site.count(kept).await, 1);
    migrate::up(site.admin_options()).await.unwrap();
    assert!(site.get(&mut owner, &format!("/exports/{export}")).await.text.contains("DEHAM → BEANR"));
    // What a scanner keeps shut is not opened by going back.
    site.execute(
        "update export_documents set scan_status = 'WAITING'
         where document_id = (select max(document_id::text)::uuid from export_documents)",
    )
    .await;
    let refused = migrate::down(site.admin_options(), BEFORE).await.unwrap_err();
    assert!(format!("{refused:?}").contains("a scanner keeps shut"), "{refused:?}");
}

/// Tables without an owner: code lists, and what carries hashes and numbers only.
const OWNERLESS: &[&str] = &[
    "_sqlx_migrations",
    "alert_watch",
    "application_document_types",
    "archived_hashes",
    "capital_thresholds",
    "coffee_contract_symbols",
    "coffee_types",
    "countries",
    "currencies",
    "document_requirements",
    "document_types",
    "fx_rates",
    "fx_retention_rules",
    "holidays",
    "hs_codes",
    "incoterms",
    "inspection_centers",
    "inspection_form_items",
    "inspection_forms",
    "legal_moves",
    "minimum_export_prices",
    "number_counters",
    "number_series",
    "onboarding_step_roles",
    "onboarding_steps",
    "parameter_definitions",
    "parameters",
    "payment_methods",
    "permissions",
    "ports",
    "processing_register",
    "regions",
    "report_state",
    "retention_policies",
    "review_subjects",
    "role_permissions",
    "sealed",
    "seals",
    "shortfall_reasons",
    "system_state",
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

/// The seed's list of indexes ("Index Strategy"), by relation and columns as they are called here. Its two audit logs
/// are one table; `archived = false` holds for every row, so an index without a condition covers it. What an event is about is
/// found by its id alone, which is of one kind (ADR 31).
const SEED_INDEXES: &[(&str, &[&str])] = &[
    ("exporter_profiles", &["user_id", "status", "tin"]),
    ("coffee_laboratories", &["exporter_id", "status"]),
    ("coffee_tasters", &["exporter_id", "status"]),
    ("competence_certificates", &["exporter_id", "status", "exporter_id,status"]),
    ("export_licenses", &["exporter_id", "status"]),
    ("coffee_lots", &["ecx_lot_number", "purchased_by", "status"]),
    ("quality_inspections", &["lot_id", "exporter_id"]),
    ("sales_contracts", &["exporter_id", "contract_number"]),
    ("export_permits", &["exporter_id", "permit_number", "status"]),
    ("certificates_of_origin", &["exporter_id", "certificate_number"]),
    ("preregistration_documents", &["entity_type,entity_id", "document_type"]),
    ("exports", &["exporter_id", "status", "created_at", "destination_country"]),
    ("export_status_history", &["export_id", "created_at"]),
    ("export_documents", &["export_id", "document_type"]),
    ("export_approvals", &["export_id", "export_id,approval_type", "status"]),
    ("users", &["username", "email", "organization_id", "is_active"]),
    ("user_roles", &["user_id", "role_name"]),
    ("user_sessions", &["user_id", "token_hash", "expires_at"]),
    ("audit.events", &["actor_id", "occurred_at", "event_type", "severity,occurred_at", "entity_id"]),
];

#[tokio::test]
async fn the_seeds_indexes_exist_by_their_columns() {
    let site = TestSite::start().await;
    let mut sql = site.sql().await;
    for (relation, wanted) in SEED_INDEXES {
        let indexes: Vec<(String, Option<String>)> = sqlx::query_as(
            "select (select string_agg(pg_get_indexdef(i.indexrelid, n, true), ',' order by n)
                     from generate_series(1, i.indnkeyatts::int) as n) || ',',
                    pg_get_expr(i.indpred, i.indrelid)
             from pg_index i where i.indrelid = $1::text::regclass and i.indisvalid",
        )
        .bind(relation)
        .fetch_all(&mut sql)
        .await
        .unwrap();
        for columns in *wanted {
            // One with further columns serves as well; one with a condition only where the seed asks for no more.
            let serves = |(keys, condition): &(String, Option<String>)| {
                keys.starts_with(&format!("{columns},"))
                    && match condition.as_deref() {
                        None => true,
                        Some("is_active") => *columns == "is_active",
                        // Decisions in force; the few that are superseded stand beside them under the export.
                        Some("(superseded_at IS NULL)") => *columns == "export_id,approval_type",
                        Some(_) => false,
                    }
            };
            assert!(indexes.iter().any(serves), "{relation} ({columns}): {indexes:?}");
        }
    }
    // With the condition, a column that it settles is no part of the index.
    let by_condition = "select count(*) from pg_index where indrelid = 'audit.events'::regclass
                        and pg_get_indexdef(indexrelid, 1, true) = 'occurred_at'
                        and pg_get_expr(indpred, indrelid) in ('(severity = ''CRITICAL''::text)', 'compliance_relevant')";
    assert_eq!(site.count(by_condition).await, 2);
}
