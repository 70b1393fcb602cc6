//! What the seed's views of the record say after what people really did.

use http::StatusCode;
use jebena::audit::verify;
use sqlx::{Connection, Row};

use crate::decisions::submitted;
use crate::site::{Browser, TestSite};
use crate::walk::walk;

#[tokio::test]
async fn failures_downloads_and_refusals_stand_in_the_seeds_views() {
    let site = TestSite::seeded().await;
    // The security summary looks back a day from the database's own clock.
    site.clock.set(chrono::Utc::now());
    let wrong = [("username", "nbe.officer"), ("password", "not the password")];
    let mut stranger = Browser::default();
    assert_eq!(site.post(&mut stranger, "/sign-in", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, "/exports?format=csv").await.status, StatusCode::OK);
    assert_eq!(site.get(&mut officer, "/inbox?format=csv").await.status, StatusCode::OK);
    assert_eq!(site.get(&mut officer, "/admin/system").await.status, StatusCode::FORBIDDEN);

    let mut sql = site.sql().await;
    let security: Vec<(String, String, i64)> = sqlx::query_as(
        "select event_type, severity, sum(event_count)::bigint from security_audit_summary
         where event_type <> 'LOGIN_SUCCESS' group by 1, 2 order by 1",
    )
    .fetch_all(&mut sql)
    .await
    .unwrap();
    let expected =
        [("DATA_EXPORT", "MEDIUM", 2), ("LOGIN_FAILED", "MEDIUM", 1), ("UNAUTHORIZED_ACCESS", "CRITICAL", 1)];
    assert_eq!(security.iter().map(|(a, b, n)| (a.as_str(), b.as_str(), *n)).collect::<Vec<_>>(), expected);

    let people: Vec<(String, String)> = sqlx::query_as(
        "select l.action, l.status from user_audit_log l join users u on u.id = l.user_id
         where u.username = 'nbe.officer' and l.created_at > $1 - interval '1 minute' order by l.id",
    )
    .bind(site.now())
    .fetch_all(&mut sql)
    .await
    .unwrap();
    let expected = [
        ("LOGIN_FAILED", "FAILED"),
        ("LOGIN_SUCCESS", "SUCCESS"),
        ("DATA_EXPORT", "SUCCESS"),
        ("DATA_EXPORT", "SUCCESS"),
        ("UNAUTHORIZED_ACCESS", "FAILED"),
    ];
    assert_eq!(people.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect::<Vec<_>>(), expected);

    let row = sqlx::query(
        "select l.user_role, l.description, l.metadata ->> 'route' as route, l.ip_address is not null as has_ip,
                s.id is not null as is_of_session, p.payload ->> 'path' as path
         from preregistration_audit_log l
         join audit.event_private p on p.event_id = l.audit_id
         left join user_sessions s on s.id = l.session_id
         where l.event_type = 'UNAUTHORIZED_ACCESS'",
    )
    .fetch_one(&mut sql)
    .await
    .unwrap();
    assert_eq!(row.get::<&str, _>("user_role"), "OFFICER");
    assert_eq!(row.get::<&str, _>("description"), "unauthorized access");
    assert_eq!((row.get::<&str, _>("route"), row.get::<&str, _>("path")), ("/admin/system", "/admin/system"));
    assert!(row.get::<bool, _>("has_ip") && row.get::<bool, _>("is_of_session"));
    let nameless = "select count(*) from preregistration_audit_log
                    where user_id is not null and user_role is null and event_type <> 'LOGIN_SUCCESS'";
    assert_eq!(site.count(nameless).await, 0, "the role of everybody who acts, in the demo's history too");
    let of_one_session = site
        .count("select count(distinct session_id) from preregistration_audit_log where session_id is not null")
        .await;
    assert_eq!(of_one_session, 1, "from the sign-in to the refusal");
}

#[tokio::test]
async fn a_refusal_is_answered_also_where_it_cannot_be_recorded() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("nbe.officer").await;
    site.execute("revoke insert on audit.events from jebena_regulator").await;
    assert_eq!(site.get(&mut officer, "/admin/system").await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get(&mut officer, "/exports?format=csv").await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

/// What stands in an event: its facts by name and kind, and how much it matters.
const SHAPES: &str = "with shapes as (
    select e.event_type, e.request_id is not null as is_an_act, e.severity || ': '
           || (select string_agg(k.key || ' ' || jsonb_typeof(k.value), ', ' order by k.key) from jsonb_each(e.details) k) as shape
    from audit.events e where e.entity_type = 'export')";

#[tokio::test]
async fn the_demo_says_of_an_export_what_people_leave() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "settlement").await;
    let other = submitted(&site).await;
    let back = [("decision", "return"), ("reason", "The buyer's name differs from the contract.")];
    assert_eq!(site.decide("bank.officer", other, "bank-check", &back).await.status, StatusCode::SEE_OTHER);
    let (mut owner, page) = (site.sign_in("exporter.owner").await, format!("/exports/{other}"));
    let message = [("text", "The name is that of the buyer's new owner.")];
    let sent = site.fill_in(&mut owner, &page, &format!("{page}/messages"), &message).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);

    let mut sql = site.sql().await;
    let both: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "{SHAPES} select event_type from shapes group by 1 having bool_or(is_an_act) and not bool_and(is_an_act) order by 1"
    )))
    .fetch_all(&mut sql)
    .await
    .unwrap();
    assert!(both.len() >= 15, "{both:?}");
    let differ: Vec<(String, bool, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
        "{SHAPES} select distinct a.event_type, a.is_an_act, a.shape from shapes a
         where a.event_type = any($1) and not exists (
             select from shapes b where b.event_type = a.event_type and b.is_an_act <> a.is_an_act and b.shape = a.shape)
         order by 1, 2"
    )))
    .bind(&both)
    .fetch_all(&mut sql)
    .await
    .unwrap();
    assert_eq!(differ, [], "the demo's and people's");
}

/// A row as it was written before December 2026, beside those of now.
const OF_BEFORE: &str = "insert into audit.events (event_id, occurred_at, actor_id, organization_id, event_type, entity_type, entity_id,
        severity, compliance_relevant, details, row_hash)
    select gen_random_uuid(), e.occurred_at, e.actor_id, e.organization_id, e.event_type, e.entity_type, e.entity_id, e.severity, true,
           jsonb_build_object('number', x.export_number, 'action', 'fx:approve', 'version', 4, 'actor_role', 'OFFICER',
               'old', jsonb_build_object('status', 'PENDING', 'stage', 'FX'),
               'new', jsonb_build_object('status', 'FX_APPROVED', 'stage', 'QUALITY')), ''
    from audit.events e join exports x on x.export_id = e.entity_id
    where e.event_type = 'FX_APPROVED' and e.details ->> 'new' = 'FX_APPROVED:QUALITY' order by e.seq limit 1";

#[tokio::test]
async fn both_forms_of_a_move_are_read_alike_and_the_way_back_keeps_them() {
    let site = TestSite::seeded().await;
    site.execute(OF_BEFORE).await;
    let moves = "select count(*) from audit.events where event_type = 'FX_APPROVED'
                 and (details ->> 'new' = 'FX_APPROVED:QUALITY' or details -> 'new' ->> 'stage' = 'QUALITY')";
    let alike = "select count(*) from audit_trail t join preregistration_audit_log l on l.audit_id = t.id
                 where t.action = 'FX_APPROVED' and t.old_state = '{\"status\": \"PENDING\", \"stage\": \"FX\"}'
                   and t.new_state = '{\"status\": \"FX_APPROVED\", \"stage\": \"QUALITY\"}'
                   and (t.old_state, t.new_state) = (l.old_values, l.new_values)";
    assert_eq!(site.count(alike).await, site.count(moves).await);
    let numbered = "select count(*) from preregistration_audit_log l left join exports x on x.export_id = l.entity_id
                    where l.entity_type = 'export' and l.entity_id is not null
                      and (l.description like '%: ' || x.export_number || '%') is not true";
    assert_eq!(site.count(numbered).await, 0, "the log names every export");
    // Who runs the system reads no export, and the log all the same.
    let mut sql = site.sql().await;
    for role in ["jebena_admin", "jebena_auditor"] {
        let read = format!(
            "set role {role}; select count(l.description), count(l.old_values) from preregistration_audit_log l; reset role"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(read)).execute(&mut sql).await.unwrap();
    }
    // Down and up again, with everything that is on record.
    let rows = "select count(*) from audit.events e where e.row_hash = audit.hash_of(e)";
    let before = site.count(rows).await;
    for (script, keys) in [
        (include_str!("../../migrations/20261201100000_an_event_in_400_bytes.down.sql"), "seq, occurred_at"),
        (include_str!("../../migrations/20261201100000_an_event_in_400_bytes.up.sql"), "occurred_at, seq"),
    ] {
        let mut step = sql.begin().await.unwrap();
        sqlx::raw_sql("set local role jebena_owner").execute(&mut *step).await.unwrap();
        sqlx::raw_sql(script).execute(&mut *step).await.unwrap();
        step.commit().await.unwrap();
        let key: String = sqlx::query_scalar(
            "select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'audit.events_2026'::regclass and contype = 'p'",
        )
        .fetch_one(&mut sql)
        .await
        .unwrap();
        assert_eq!(key, format!("PRIMARY KEY ({keys})"));
        assert_eq!(site.count(rows).await, before);
        let mut tx = site.state.db.begin_worker().await.unwrap();
        let report = verify::verify(&mut tx, &mut [], None).await.unwrap();
        assert!(report.is_sound() && report.events == before.unsigned_abs(), "{report:?}");
    }
    assert_eq!(site.count(alike).await, site.count(moves).await);
    // A year to come has the indexes of all.
    site.execute("set role jebena_owner; call audit.add_year(2099)").await;
    let indexes = "select count(distinct c.n) from (
        select i.indrelid, count(*) as n from pg_index i
        where i.indrelid in ('audit.events_2026'::regclass, 'audit.events_2099'::regclass) group by 1) c
        where (select count(*) from pg_index where indrelid = 'audit.events_2099'::regclass) = 8";
    assert_eq!(site.count(indexes).await, 1);
}
