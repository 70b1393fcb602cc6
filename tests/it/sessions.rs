//! Where people are signed in: seen, ended and limited, by themselves and by their administrator.

use axum::body::Body;
use chrono::Duration;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use sqlx::AssertSqlSafe;
use tower::ServiceExt;
use uuid::Uuid;

use crate::site::{Answer, Browser, TestSite};

/// The addresses of the buttons that end a session, in the order of the page.
fn ends(page: &Answer) -> Vec<String> {
    let actions = page.text.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    actions.filter(|action| action.contains("/sessions/")).collect()
}

/// Presses the button that sends to `action` on the page at `path`.
async fn press(site: &TestSite, browser: &mut Browser, path: &str, action: &str) -> Answer {
    let page = site.get(browser, path).await;
    let (csrf, key) = (page.hidden("csrf"), Uuid::new_v4().to_string());
    site.post(browser, action, &[("csrf", &csrf), ("idempotency_key", &key)]).await
}

async fn is_in(site: &TestSite, browser: &mut Browser) -> bool {
    site.get(browser, "/account").await.status == StatusCode::OK
}

async fn session_of(site: &TestSite, username: &str) -> Uuid {
    sqlx::query_scalar(
        "select s.id from user_sessions s join users u on u.id = s.user_id where u.username = $1
         order by s.last_activity desc limit 1",
    )
    .bind(username)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in_and_ends_what_they_do_not_know() {
    let site = TestSite::seeded().await;
    let mut here = site.sign_in("bank.officer").await;
    let mut phone = site.sign_in("bank.officer").await;
    let mut third = site.sign_in("bank.officer").await;
    site.sign_in("nbe.officer").await;
    let page = site.get(&mut here, "/account").await;
    let found = ends(&page);
    assert_eq!(found.len(), 3, "two others, and all others at once: {found:?}");
    assert_eq!(page.text.matches("this one").count(), 1);
    assert!(!page.text.contains("Sara"), "nobody else's");

    let answer = press(&site, &mut here, "/account", &found[0]).await;
    assert_eq!(answer.location(), "/account", "{}", answer.text);
    assert!(is_in(&site, &mut here).await);
    assert_ne!(is_in(&site, &mut phone).await, is_in(&site, &mut third).await, "one of them is out");
    // It is not there to be ended once more.
    assert_eq!(press(&site, &mut here, "/account", &found[0]).await.status, StatusCode::NOT_FOUND);

    let mut late = site.sign_in("bank.officer").await;
    press(&site, &mut here, "/account", "/account/sessions/end-others").await;
    assert!(is_in(&site, &mut here).await);
    for browser in [&mut phone, &mut third, &mut late] {
        assert!(!is_in(&site, browser).await);
    }
    let on_record = "select sum(jsonb_array_length(details -> 'sessions'))::bigint from audit.events
                     where event_type = 'SESSION_ENDED' and details ->> 'by' = 'person'";
    assert_eq!(site.count(on_record).await, 3);
}

#[tokio::test]
async fn an_administrator_ends_sessions_of_the_organisation_and_nobody_elses() {
    let site = TestSite::seeded().await;
    let mut administrator = site.sign_in("bank.admin").await;
    let mut officer = site.sign_in("bank.officer").await;
    let mut foreign = site.sign_in("bank2.officer").await;
    let page = site.get(&mut administrator, "/staff/sessions").await;
    assert!(page.text.contains("bank.officer") && !page.text.contains("bank2."), "{}", page.text);
    let theirs = session_of(&site, "bank2.officer").await;
    let answer = press(&site, &mut administrator, "/account", &format!("/staff/sessions/{theirs}/end")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(is_in(&site, &mut foreign).await);

    let action = format!("/staff/sessions/{}/end", session_of(&site, "bank.officer").await);
    // Whose colleague it is may not, and by their own page they reach their own only.
    let mut supervisor = site.sign_in("bank.supervisor").await;
    assert_eq!(press(&site, &mut supervisor, "/account", &action).await.status, StatusCode::FORBIDDEN);
    let as_own = action.replace("/staff/", "/account/");
    assert_eq!(press(&site, &mut supervisor, "/account", &as_own).await.status, StatusCode::NOT_FOUND);
    assert!(is_in(&site, &mut officer).await);

    let answer = press(&site, &mut administrator, "/staff/sessions", &action).await;
    assert_eq!(answer.location(), "/staff/sessions", "{}", answer.text);
    assert!(!is_in(&site, &mut officer).await);
    let on_record = "select count(*) from audit.events e join users u on u.id = e.entity_id
                     where event_type = 'SESSION_ENDED' and u.username = 'bank.officer' and severity = 'HIGH'";
    assert_eq!(site.count(on_record).await, 1);
}

/// Behind the handler's filter: an officer's statements see their own sessions, an administrator's those of the organisation.
#[tokio::test]
async fn the_database_shows_sessions_to_their_person_and_to_administrators() {
    let site = TestSite::seeded().await;
    for username in ["bank.officer", "bank.supervisor", "bank.admin", "bank2.officer", "admin"] {
        site.sign_in(username).await;
    }
    for (username, class, expected) in [
        ("bank.officer", "jebena_party", 1),
        ("bank.admin", "jebena_party", 3),
        ("bank2.officer", "jebena_party", 1),
        ("admin", "jebena_admin", 1),
    ] {
        let mut sql = site.sql().await;
        let viewer =
            "select set_config('app.org_id', organization_id::text, false), set_config('app.user_id', id::text, false)
                      from users where username = $1";
        sqlx::query(viewer).bind(username).execute(&mut sql).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("set role {class}"))).execute(&mut sql).await.unwrap();
        let seen: i64 = sqlx::query_scalar("select count(id) from user_sessions").fetch_one(&mut sql).await.unwrap();
        assert_eq!(seen, expected, "{username}");
    }
}

#[tokio::test]
async fn the_sixth_place_ends_the_longest_unused_one() {
    let site = TestSite::seeded().await;
    assert_eq!(site.state.sign_in_limits.sessions, 5);
    let mut browsers = Vec::new();
    for _ in 0..5 {
        browsers.push(site.sign_in("bank.officer").await);
        site.clock.advance(Duration::minutes(2));
    }
    // The first is in use: the second is the longest unused.
    assert!(is_in(&site, &mut browsers[0]).await);
    site.clock.advance(Duration::minutes(2));
    let mut sixth = site.sign_in("bank.officer").await;
    assert!(is_in(&site, &mut sixth).await);
    for (place, browser) in browsers.iter_mut().enumerate() {
        assert_eq!(is_in(&site, browser).await, place != 1, "{place}");
    }
    let on_record =
        "select count(*) from audit.events where event_type = 'SESSION_ENDED' and details ->> 'by' = 'limit'";
    assert_eq!(site.count(on_record).await, 1);
    // Many at once are no more than five.
    futures::future::join_all((0..4).map(|_| site.sign_in("bank.officer"))).await;
    let open =
        "select count(*) from user_sessions s join users u on u.id = s.user_id where u.username = 'bank.officer'";
    assert_eq!(site.count(open).await, 5);
}

#[tokio::test]
async fn an_open_stream_ends_with_its_session_on_another_instance_too() {
    let mut site = TestSite::seeded().await;
    let mut officer = site.sign_in("bank.officer").await;
    let (csrf, cookie) =
        (site.get(&mut officer, "/account").await.hidden("csrf"), officer.cookie("jebena").unwrap().to_owned());
    let (streaming, follower) = (
        jebena::app::router(site.state.clone()).unwrap(),
        tokio::spawn(site.state.live.clone().follow(site.state.db.options())),
    );
    let request = Request::get("/live")
        .header("host", "localhost:8080")
        .header("cookie", format!("jebena={cookie}"))
        .body(Body::empty())
        .unwrap();
    let mut stream = streaming.oneshot(request).await.unwrap().into_body();
    let first = stream.frame().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(first.data_ref().unwrap()).contains("open"));
    // "Something may have changed": the channel stands.
    stream.frame().await.unwrap().unwrap();

    site.restart();
    let goodbye = site.post(&mut officer, "/sign-out", &[("csrf", &csrf)]).await;
    assert_eq!(goodbye.status, StatusCode::SEE_OTHER, "{}", goodbye.text);
    let rest =
        tokio::time::timeout(std::time::Duration::from_secs(10), async { while stream.frame().await.is_some() {} });
    rest.await.expect("the stream is over");
    follower.abort();
}
