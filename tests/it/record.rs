//! What the seed's views of the record say after what people really did.

use http::StatusCode;
use sqlx::Row;

use crate::site::{Browser, TestSite};

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
