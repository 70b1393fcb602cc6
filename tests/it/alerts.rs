//! What the record shows that somebody should look at: raised once, shown to whom it concerns, acknowledged by somebody else.

use axum::body::Body;
use chrono::Duration;
use futures::future::join_all;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jebena::audit::seal;
use jebena::notifications;
use sqlx::{AssertSqlSafe, PgConnection};
use tower::ServiceExt;
use uuid::Uuid;

use crate::site::{Answer, Browser, START, TestSite, pairs};
use crate::walk::filled_in;

const NOTE: (&str, &str) = ("note", "It was her new keyboard; she has a new password.");

/// Seals the record and looks at all of it, as the server does all the time.
pub async fn watch(site: &TestSite) {
    seal_all(site).await;
    while jebena::alerts::watch(&site.state.db, site.now()).await.unwrap() > 0 {}
}

async fn seal_all(site: &TestSite) {
    while seal::seal_batch(&site.state.db, site.now()).await.unwrap() > 0 {}
}

/// So many sign-ins of `username` that fail, each from a device that nobody knows.
pub async fn fail(site: &TestSite, username: &str, times: usize) {
    for _ in 0..times {
        let wrong = [("username", username), ("password", "not the password")];
        let answer = site.post(&mut Browser::default(), "/sign-in", &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    }
}

/// The alerts that there are about somebody: rule, figure, whether it is acknowledged.
async fn about(site: &TestSite, username: &str) -> Vec<(String, i64, bool)> {
    sqlx::query_as(
        "select a.rule, a.figure, a.acknowledged_at is not null from security_alerts a join users u on u.id = a.subject_id
         where u.username = $1 order by a.opened_at, a.alert_id",
    )
    .bind(username)
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap()
}

/// The page of the one open alert about somebody.
pub async fn page_about(site: &TestSite, username: &str) -> String {
    let id: Uuid = sqlx::query_scalar(
        "select a.alert_id from security_alerts a join users u on u.id = a.subject_id
         where u.username = $1 and a.acknowledged_at is null",
    )
    .bind(username)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    format!("/security/alerts/{id}")
}

async fn acknowledge(site: &TestSite, browser: &mut Browser, page: &str) -> Answer {
    site.fill_in(browser, page, &format!("{page}/acknowledgement"), &[NOTE]).await
}

/// Sends the form of `page` without having been shown it.
async fn send_unasked(site: &TestSite, browser: &mut Browser, page: &str) -> Answer {
    let csrf = site.get(browser, "/help").await.hidden("csrf");
    let key = Uuid::new_v4().to_string();
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), NOTE];
    site.post(browser, &format!("{page}/acknowledgement"), &fields).await
}

async fn site_of_two() -> TestSite {
    let site = TestSite::start().await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    site.add_user("admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    site
}

#[tokio::test]
async fn five_failed_sign_ins_raise_one_alert_and_a_sixth_adds_to_it() {
    let site = site_of_two().await;
    let known = site.sign_in("nbe.officer").await.cookie("jebena-device").unwrap().to_owned();
    fail(&site, "nbe.officer", 4).await;
    watch(&site).await;
    assert!(about(&site, "nbe.officer").await.is_empty());
    site.clock.advance(Duration::minutes(5));
    fail(&site, "nbe.officer", 1).await;
    watch(&site).await;
    let one = |figure| vec![("FAILED_SIGN_INS".to_owned(), figure, false)];
    assert_eq!(about(&site, "nbe.officer").await, one(5), "within five minutes to the second");
    let raised = "select count(*) from audit.events where event_type = 'ALERT_RAISED' and severity = 'HIGH'
                  and details ->> 'rule' = 'FAILED_SIGN_INS'";
    let told = "select count(*) from outbox where subject = 'alert'";
    assert_eq!((site.count(raised).await, site.count(told).await), (1, 1));

    // The door is closed to strangers by now; on a device that the account knows it is not.
    let mut device = Browser::default();
    device.take_cookie(&format!("jebena-device={known}; Path=/"));
    let wrong = [("username", "nbe.officer"), ("password", "not the password")];
    assert_eq!(site.post(&mut device, "/sign-in", &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    watch(&site).await;
    assert_eq!(about(&site, "nbe.officer").await, one(6));
    assert_eq!((site.count(raised).await, site.count(told).await), (1, 2), "it has grown, and is no other");

    let mut admin = site.sign_in("admin").await;
    let shown = site.get(&mut admin, "/security").await.text;
    for said in
        ["Failed sign-ins", "Almaz Tesfaye", "6 failed sign-ins", "an alert from 5 on", "app-count\">1<", "From where"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let page = page_about(&site, "nbe.officer").await;
    assert!(shown.contains(&format!("href=\"{page}\"")), "{shown}");
    let one = site.get(&mut admin, &page).await.text;
    assert_eq!(one.matches("Sign-in failed").count(), 6, "{one}");
    assert_eq!(one.matches("href=\"/audit/events/").count(), 6, "each leads to the record: {one}");
}

#[tokio::test]
async fn five_failures_over_more_than_five_minutes_are_no_alert() {
    let site = site_of_two().await;
    fail(&site, "nbe.officer", 4).await;
    site.clock.advance(Duration::seconds(301));
    fail(&site, "nbe.officer", 1).await;
    watch(&site).await;
    assert!(about(&site, "nbe.officer").await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn watchers_at_once_raise_one_alert_and_count_everything_once() {
    let site = TestSite::seeded_for_crowds().await;
    watch(&site).await;
    fail(&site, "nbe.officer", 5).await;
    seal_all(&site).await;
    let before = site.count("select seal_number from alert_watch").await;
    let looked: usize = join_all((0..8).map(|_| jebena::alerts::watch(&site.state.db, site.now())))
        .await
        .into_iter()
        .map(Result::unwrap)
        .sum();
    watch(&site).await;
    let seals = site.count("select max(seal_number) from audit.seals").await;
    assert!(looked > 0 && i64::try_from(looked).unwrap() <= seals - before, "{looked} of {before} to {seals}");
    assert_eq!(about(&site, "nbe.officer").await, [("FAILED_SIGN_INS".to_owned(), 5, false)]);
    // What was counted by the hour is what the record has, of all that lies within its reach.
    let differs = "select count(*) from (
        select date_trunc('hour', occurred_at) as hour, count(*) as events, count(*) filter (where event_type = 'LOGIN_FAILED') as failures
        from audit.events where occurred_at > (select max(hour) from security_activity) - interval '5 days' group by 1) r
        full join (select hour, sum(events) as events, sum(failures) as failures from security_activity
                   where hour > (select max(hour) from security_activity) - interval '5 days' group by 1) c using (hour)
        where hour > (select max(hour) from security_activity) - interval '5 days'
          and (r.events, r.failures) is distinct from (c.events, c.failures)";
    assert_eq!(site.count(differs).await, 0);
}

#[tokio::test]
async fn shutting_a_colleague_out_is_acknowledged_by_somebody_else() {
    let site = TestSite::seeded().await;
    let mut bank = site.sign_in("bank.admin").await;
    let colleague = crate::walk::user(&site, "bank.officer").await;
    let switch = format!("/staff/{colleague}/account");
    let form = site.get(&mut bank, "/staff").await;
    let switched = site.post(&mut bank, &switch, &pairs(&filled_in(&form, &switch, "", &[]))).await;
    assert_eq!(switched.status, StatusCode::SEE_OTHER, "{}", switched.text);
    watch(&site).await;
    assert_eq!(about(&site, "bank.officer").await, [("PRIVILEGE_CHANGE".to_owned(), 1, false)]);
    let page = page_about(&site, "bank.officer").await;

    // Who has done it sees it, finds no form, and is refused; also by the database.
    let shown = site.get(&mut bank, "/security").await.text;
    assert!(shown.contains("about you") && shown.contains("Mahlet Assefa Gebre"), "{shown}");
    assert!(!shown.contains("/audit"), "the record is not theirs to search: {shown}");
    let shown = site.get(&mut bank, &page).await.text;
    assert!(shown.contains("something that you have done") && !shown.contains("name=\"note\""), "{shown}");
    let refused = send_unasked(&site, &mut bank, &page).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    let mut sql = as_viewer(&site, "bank.admin", "jebena_party").await;
    let behind = format!(
        "update security_alerts set acknowledged_at = now(), acknowledged_by = app.person(), note = 'It is all in order.'
         where alert_id = '{}'",
        page.rsplit('/').next().unwrap()
    );
    let error = sqlx::raw_sql(AssertSqlSafe(behind)).execute(&mut sql).await.unwrap_err();
    assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{error}");

    // Other organisations do not know of it, and their other staff have no such page.
    let mut other = site.sign_in("bank2.admin").await;
    assert_eq!(site.get(&mut other, &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send_unasked(&site, &mut other, &page).await.status, StatusCode::NOT_FOUND);
    assert!(!site.get(&mut other, "/security").await.text.contains("Mahlet"));
    for (username, reads) in [("bank.supervisor", false), ("nbe.officer", false), ("auditor", true)] {
        let mut browser = site.sign_in(username).await;
        let expected = if reads { StatusCode::OK } else { StatusCode::FORBIDDEN };
        assert_eq!(site.get(&mut browser, &page).await.status, expected, "{username}");
        assert_eq!(send_unasked(&site, &mut browser, &page).await.status, StatusCode::FORBIDDEN, "{username}");
    }
    assert_eq!(about(&site, "bank.officer").await, [("PRIVILEGE_CHANGE".to_owned(), 1, false)]);

    // Who runs the system may: with a note, once, on record.
    let mut admin = site.sign_in("admin").await;
    let action = format!("{page}/acknowledgement");
    let short = site.fill_in(&mut admin, &page, &action, &[("note", "Fine.")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("id=\"note-error\"") && short.text.contains(">Fine.</textarea>"), "{}", short.text);
    let answer = acknowledge(&site, &mut admin, &page).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.text);
    let shown = site.get(&mut admin, &page).await.text;
    for said in ["It was her new keyboard", "Dereje Wolde Michael", "The alert is acknowledged"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let on_record = "select count(*) from audit.events e join audit.event_private p using (event_id)
                     where e.event_type = 'ALERT_ACKNOWLEDGED' and e.actor_id is not null and e.details::text not like '%keyboard%'
                       and p.payload ->> 'note' like '%keyboard%'";
    assert_eq!(site.count(on_record).await, 1);
    let shown = site.get(&mut bank, "/security").await.text;
    assert!(shown.contains("No alert waits") && shown.contains("It was her new keyboard"), "{shown}");
}

#[tokio::test]
async fn of_two_who_acknowledge_the_second_learns_who_was_quicker() {
    let site = TestSite::seeded().await;
    fail(&site, "bank.officer", 5).await;
    watch(&site).await;
    let page = page_about(&site, "bank.officer").await;
    let action = format!("{page}/acknowledgement");
    let (mut bank, mut admin) = (site.sign_in("bank.admin").await, site.sign_in("admin").await);
    let late = filled_in(&site.get(&mut admin, &page).await, &action, "", &[NOTE]);
    let form = filled_in(&site.get(&mut bank, &page).await, &action, "", &[NOTE]);
    for _ in 0..2 {
        let answer = site.post(&mut bank, &action, &pairs(&form)).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, page.as_str()),
            "sent twice: {}",
            answer.text
        );
    }
    let refused = site.post(&mut admin, &action, &pairs(&late)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    for said in ["Saron Yohannes Tilahun", "acknowledged meanwhile", &format!("href=\"{page}\"")] {
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
    }
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'ALERT_ACKNOWLEDGED'").await, 1);

    // What was acknowledged is not counted again, and what comes after it makes another alert.
    site.clock.advance(Duration::minutes(16));
    fail(&site, "bank.officer", 1).await;
    watch(&site).await;
    assert_eq!(about(&site, "bank.officer").await, [("FAILED_SIGN_INS".to_owned(), 5, true)]);
    site.clock.advance(Duration::hours(2));
    fail(&site, "bank.officer", 5).await;
    watch(&site).await;
    let expected = [("FAILED_SIGN_INS".to_owned(), 5, true), ("FAILED_SIGN_INS".to_owned(), 5, false)];
    assert_eq!(about(&site, "bank.officer").await, expected);
}

#[tokio::test]
async fn a_person_acknowledges_nothing_about_themselves() {
    let site = TestSite::seeded().await;
    fail(&site, "bank.admin", 5).await;
    watch(&site).await;
    let page = page_about(&site, "bank.admin").await;
    site.clock.advance(Duration::minutes(16));
    let mut bank = site.sign_in("bank.admin").await;
    let shown = site.get(&mut bank, &page).await.text;
    assert!(shown.contains("This alert is about you") && !shown.contains("name=\"note\""), "{shown}");
    assert_eq!(send_unasked(&site, &mut bank, &page).await.status, StatusCode::FORBIDDEN);
    let mut admin = site.sign_in("admin").await;
    assert_eq!(acknowledge(&site, &mut admin, &page).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_takes_much_more_away_than_usual_raises_an_alert() {
    let site = TestSite::seeded().await;
    site.execute("update parameters set value = 70 where key = 'alert_export_rows'").await;
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, "/exports?format=csv").await.status, StatusCode::OK);
    watch(&site).await;
    let rows = site
        .count(
            "select sum((details ->> 'rows')::bigint)::bigint from audit.events e join users u on u.id = e.actor_id
                           where u.username = 'nbe.officer' and event_type = 'DATA_EXPORT'",
        )
        .await;
    assert!((35..70).contains(&rows), "{rows}");
    assert!(about(&site, "nbe.officer").await.is_empty());
    site.get(&mut officer, "/exports?format=csv").await;
    watch(&site).await;
    assert_eq!(about(&site, "nbe.officer").await, [("UNUSUAL_EXPORTS".to_owned(), 2 * rows, false)]);
    let mut nbe = site.sign_in("nbe.admin").await;
    let page = page_about(&site, "nbe.officer").await;
    let shown = site.get(&mut nbe, &page).await.text;
    for said in
        ["Unusual downloads", &format!("{} rows", 2 * rows), "an alert from 70 on; 0 are usual", "Kidist Wondimu Ayele"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    // Acknowledged, what was taken away until then is looked at.
    assert_eq!(acknowledge(&site, &mut nbe, &page).await.status, StatusCode::SEE_OTHER);
    site.clock.advance(Duration::minutes(1));
    site.get(&mut officer, "/exports?format=csv").await;
    watch(&site).await;
    assert_eq!(about(&site, "nbe.officer").await, [("UNUSUAL_EXPORTS".to_owned(), 2 * rows, true)]);
    site.get(&mut officer, "/exports?format=csv").await;
    watch(&site).await;
    assert_eq!(about(&site, "nbe.officer").await.len(), 2);
}

#[tokio::test]
async fn names_tried_from_one_network_raise_an_alert_that_keeps_no_address() {
    let site = TestSite::seeded().await;
    // Strangers from that network find the door closed afterwards.
    let (mut admin, mut bank) = (site.sign_in("admin").await, site.sign_in("bank.admin").await);
    for n in 0..5 {
        fail(&site, &format!("nobody{n}"), 1).await;
    }
    watch(&site).await;
    let networks =
        "select count(*) from security_alerts where subject_kind = 'NETWORK' and severity = 'CRITICAL' and figure = 5";
    assert_eq!(site.count(networks).await, 1);
    let kept: String = sqlx::query_scalar(
        "select string_agg(a::text || coalesce(e.details::text, ''), '') from security_alerts a
         left join audit.events e on e.entity_id = a.alert_id where a.subject_kind = 'NETWORK'",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert!(!kept.contains("127.0.0"), "{kept}");
    let id: Uuid = sqlx::query_scalar("select alert_id from security_alerts where subject_kind = 'NETWORK'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let page = format!("/security/alerts/{id}");
    assert!(site.get(&mut admin, &page).await.text.contains("127.0.0.0/24"));
    // It is nobody's people, so that no organisation's administrator knows of it.
    assert_eq!(site.get(&mut bank, &page).await.status, StatusCode::NOT_FOUND);
    // The same network again is the same alert.
    site.clock.advance(Duration::minutes(16));
    for n in 5..10 {
        fail(&site, &format!("nobody{n}"), 1).await;
    }
    watch(&site).await;
    assert_eq!(site.count("select figure from security_alerts where subject_kind = 'NETWORK'").await, 10);
    // Once the personal part is erased, nothing tells where it was.
    site.execute(
        "set role jebena_owner; alter table audit.event_private no force row level security;
         delete from audit.event_private; alter table audit.event_private force row level security;",
    )
    .await;
    let shown = site.get(&mut admin, &page).await.text;
    assert!(!shown.contains("127.0.0") && shown.contains("A network"), "{shown}");
}

/// A connection that sees what `username` may, as the server's transactions do.
async fn as_viewer(site: &TestSite, username: &str, class: &str) -> PgConnection {
    let mut sql = site.sql().await;
    let viewer =
        "select set_config('app.org_id', u.organization_id::text, false), set_config('app.user_id', u.id::text, false),
                         set_config('app.org_kind', o.kind, false)
                  from users u join organizations o using (organization_id) where u.username = $1";
    sqlx::query(viewer).bind(username).execute(&mut sql).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(format!("set role {class}"))).execute(&mut sql).await.unwrap();
    sql
}

/// Behind the handler's filter: an administrator's statements see their own organisation's alerts, an officer's none.
#[tokio::test]
async fn the_database_shows_alerts_to_whom_they_concern() {
    let site = TestSite::seeded().await;
    watch(&site).await;
    // The demo has some of its own.
    site.clock.advance(Duration::seconds(1));
    fail(&site, "bank.officer", 5).await;
    fail(&site, "nbe.supervisor", 5).await;
    watch(&site).await;
    for (username, class, alerts, failures) in [
        ("bank.admin", "jebena_party", 1, 5),
        ("bank2.admin", "jebena_party", 0, 0),
        ("bank.officer", "jebena_party", 0, 0),
        ("exporter.owner", "jebena_party", 0, 0),
        ("nbe.admin", "jebena_regulator", 1, 5),
        ("nbe.supervisor", "jebena_regulator", 0, 0),
        // Two accounts from one network are no alert about the network.
        ("auditor", "jebena_auditor", 2, 10),
        ("admin", "jebena_admin", 2, 10),
    ] {
        let mut sql = as_viewer(&site, username, class).await;
        let seen: (i64, i64, i64) = sqlx::query_as(
            "select (select count(*) from security_alerts where opened_at > $1),
                    (select count(*) from security_alert_events where occurred_at > $1),
                    (select coalesce(sum(failures), 0)::bigint from security_activity where hour = date_trunc('hour', $1))",
        )
        .bind(START)
        .fetch_one(&mut sql)
        .await
        .unwrap();
        assert_eq!(seen, (alerts, alerts * 5, failures), "{username}");
    }
}

/// The tiles of the page: what is counted, and how much of it.
fn tiles(page: &Answer) -> Vec<(String, String)> {
    let inner = |text: &str, class: &str| {
        text.split(&format!("{class}\">")).nth(1).unwrap().split('<').next().unwrap().trim().to_owned()
    };
    page.text
        .split("<li class=\"app-tile ")
        .skip(1)
        .map(|tile| (inner(tile, "app-tile__label"), inner(tile, "app-tile__value")))
        .collect()
}

#[tokio::test]
async fn the_page_counts_what_happened_hour_by_hour_and_leads_to_the_record() {
    let site = TestSite::start().await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    site.add_user("admin", "ADMINISTRATION", "SYSTEM_ADMIN", true).await;
    site.add_user("bank.admin", "COMMERCIAL_BANK", "ORG_ADMIN", true).await;
    let mut admin = site.sign_in("admin").await;
    for empty in ["No alert waits", "No sign-in has failed", "No access was denied", "No alert was acknowledged"] {
        let shown = site.get(&mut admin, "/security").await.text;
        assert!(shown.contains(empty), "{empty}: {shown}");
    }
    let mut officer = site.sign_in("nbe.officer").await;
    fail(&site, "nbe.officer", 2).await;
    fail(&site, "nobody", 1).await;
    assert_eq!(site.get(&mut officer, "/admin/system").await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get(&mut officer, "/exports?format=csv").await.status, StatusCode::OK);
    watch(&site).await;
    let shown = site.get(&mut admin, "/security").await;
    let expected = [
        ("Open alerts", "0"),
        ("Failed sign-ins", "3"),
        ("Denied accesses", "1"),
        ("Lists and reports taken away", "1"),
        ("Sign-ins", "2"),
        ("Sessions open now", "2"),
    ];
    assert_eq!(pairs(&tiles(&shown)), expected);
    for said in [
        "href=\"/audit?event=LOGIN_FAILED&from=2026-11-17\"",
        "A name that no account has",
        "outside their role",
        "/admin/system",
        "7, of which 4 refused",
    ] {
        assert!(shown.text.replace("&#38;", "&").contains(said), "{said}: {}", shown.text);
    }
    assert_eq!(shown.text.matches("<rect").count(), 24);

    // The day after, the figures of a day are empty and those of a week are not.
    site.clock.advance(Duration::hours(25));
    let mut admin = site.sign_in("admin").await;
    let failed = |page: &Answer| tiles(page)[1].1.clone();
    assert_eq!(failed(&site.get(&mut admin, "/security").await), "0");
    assert_eq!(failed(&site.get(&mut admin, "/security?period=7d").await), "3");
    // A part of the page is asked for by itself, and keeps nobody signed in.
    let part = Request::get("/security?period=7d").header("hx-request", "true").header("hx-source", "div#figures");
    let part = site.call(&mut admin, part.body(Body::empty()).unwrap()).await;
    assert!(part.text.trim_start().starts_with("<div id=\"figures\"") && failed(&part) == "3", "{}", part.text);

    // Who administers another organisation sees that nothing was there.
    let mut bank = site.sign_in("bank.admin").await;
    let shown = site.get(&mut bank, "/security?period=7d").await;
    assert_eq!(failed(&shown), "0");
    assert!(!shown.text.contains("href=\"/audit") && shown.text.contains("No sign-in has failed"), "{}", shown.text);
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, "/security").await.status, StatusCode::FORBIDDEN);
    let language = [("csrf", shown.hidden("csrf")), ("next", "/security".to_owned()), ("language", "am".to_owned())];
    site.post(&mut bank, "/language", &pairs(&language)).await;
    let amharic = site.get(&mut bank, "/security").await.text;
    assert!(amharic.contains("የሚጠብቅ ማስጠንቀቂያ የለም"), "{amharic}");
}

#[tokio::test]
async fn acknowledged_alerts_follow_each_other_from_page_to_page() {
    let site = TestSite::seeded().await;
    site.execute(
        "insert into security_alerts (alert_id, rule, subject_kind, subject_id, organization_id, severity, measure, figure, threshold,
             window_from, window_until, opened_at, acknowledged_at, acknowledged_by, note)
         select gen_random_uuid(), 'FAILED_SIGN_INS', 'USER', u.id, u.organization_id, 'HIGH', 'FAILURES', 5, 5, at, at, at, at, a.id,
                'Looked at, number ' || n
         from generate_series(1, 45) as n
         cross join lateral (select timestamptz '2026-11-10' + n / 2 * interval '1 minute' as at) m
         join users u on u.username = 'bank.officer' join users a on a.username = 'admin'",
    )
    .await;
    let mut bank = site.sign_in("bank.admin").await;
    let (mut path, mut seen) = ("/security?period=7d".to_owned(), Vec::new());
    loop {
        let page = site.get(&mut bank, &path).await;
        assert_eq!(page.status, StatusCode::OK);
        seen.extend(
            page.text
                .split("Looked at, number ")
                .skip(1)
                .map(|rest| rest.split('<').next().unwrap().parse::<u32>().unwrap()),
        );
        let older = page
            .text
            .split("rel=\"next\" href=\"")
            .nth(1)
            .map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&"));
        let Some(older) = older else { break };
        assert!(older.contains("period=7d"), "{older}");
        path = older;
    }
    assert_eq!(seen.len(), 45);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 45, "none twice");
}

#[tokio::test]
async fn who_runs_the_system_sets_from_how_much_on_it_is_an_alert() {
    let site = TestSite::seeded().await;
    let page = "/reference/figures/alert_failures";
    let from = |value: &'static str, day: &'static str| {
        [
            ("value", value),
            ("valid_from", day),
            ("legal_basis", "Security policy of 2026"),
            ("reason", "Attacks on the banks have begun."),
        ]
    };
    let mut admin = site.sign_in("admin").await;
    // An alert stays an alert: the bounds are those of its definition.
    let refused = site.fill_in(&mut admin, page, page, &from("500", "2026-11-18")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let set = site.fill_in(&mut admin, page, page, &from("3", "2026-11-18")).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
    fail(&site, "nbe.officer", 3).await;
    watch(&site).await;
    assert_eq!(about(&site, "nbe.officer").await, [("FAILED_SIGN_INS".to_owned(), 3, false)]);
    for username in ["ecta.supervisor", "nbe.supervisor", "auditor"] {
        let mut other = site.sign_in(username).await;
        let shown = site.get(&mut other, page).await.text;
        assert!(!shown.contains(&format!("action=\"{page}\"")), "{username} finds the form");
    }
}

/// The first piece of a stream that says that something has changed, after what it begins with.
async fn hears(body: &mut Body) -> String {
    let next = async {
        loop {
            let frame = body.frame().await.expect("the stream goes on").unwrap();
            let text = String::from_utf8_lossy(frame.data_ref().unwrap()).into_owned();
            if text.contains("event: changed") {
                return text;
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), next).await.expect("a change is told")
}

#[tokio::test]
async fn an_open_page_hears_of_an_alert_and_an_inbox_does_not() {
    let site = TestSite::seeded().await;
    watch(&site).await;
    while notifications::deliver(&site.state.db, site.now()).await.unwrap() > 0 {}
    let mut streams = Vec::new();
    let follower = tokio::spawn(site.state.live.clone().follow(site.state.db.options()));
    for (username, path) in [
        ("admin", "/security/live"),
        ("bank.admin", "/security/live"),
        ("ecta.officer", "/live"),
        ("bank2.admin", "/security/live"),
    ] {
        let browser = site.sign_in(username).await;
        let cookie = format!("jebena={}", browser.cookie("jebena").unwrap());
        let request = Request::get(path).header("host", "localhost:8080").header("cookie", cookie);
        let app = jebena::app::router(site.state.clone()).unwrap();
        let answer = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{username}");
        streams.push(answer.into_body());
    }
    fail(&site, "bank.officer", 5).await;
    watch(&site).await;
    // What the streams begin with, "something may have changed", comes once the channel stands.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    for stream in &mut streams {
        while let Ok(Some(_)) = tokio::time::timeout(std::time::Duration::from_millis(200), stream.frame()).await {}
    }
    assert!(notifications::deliver(&site.state.db, site.now()).await.unwrap() > 0);
    let [admin, bank, others @ ..] = streams.as_mut_slice() else { panic!() };
    hears(admin).await;
    hears(bank).await;
    for other in others {
        let silence = tokio::time::timeout(std::time::Duration::from_millis(500), other.frame()).await;
        assert!(silence.is_err(), "it is not theirs to hear");
    }
    follower.abort();
}

#[tokio::test]
async fn a_front_page_says_how_many_alerts_wait() {
    let site = TestSite::seeded().await;
    fail(&site, "bank.officer", 5).await;
    watch(&site).await;
    for (username, page, count) in [
        ("bank.admin", "/security", Some(1)),
        ("bank2.admin", "/security", Some(0)),
        ("bank.officer", "/dashboard", None),
    ] {
        site.clock.advance(Duration::minutes(16));
        let mut browser = site.sign_in(username).await;
        let shown = site.get(&mut browser, page).await.text;
        let place = shown.split("href=\"/security\"").nth(1).map(|rest| rest.split("</a>").next().unwrap());
        let found = place.map(|place| place.contains(&format!("app-count\">{}<", count.unwrap_or_default())));
        assert_eq!(found, count.map(|_| true), "{username}: {shown}");
    }
    let mut admin = site.sign_in("admin").await;
    for page in ["/admin/system", "/audit", "/security"] {
        let shown = site.get(&mut admin, page).await.text;
        let place = shown.split("href=\"/security\"").nth(1).unwrap().split("</a>").next().unwrap();
        let open = site.count("select count(*) from security_alerts where acknowledged_at is null").await;
        assert!(place.contains(&format!("app-count\">{open}<")), "{page}: {place}");
    }
}

/// The counts by the hour are forgotten once no page looks back so far, alerts are not.
#[tokio::test]
async fn counts_of_hours_long_ago_are_forgotten() {
    let site = site_of_two().await;
    fail(&site, "nbe.officer", 5).await;
    watch(&site).await;
    site.clock.advance(Duration::days(9));
    assert!(site.remove_old("SECURITY_ACTIVITY").await > 0);
    assert_eq!(site.count("select count(*) from security_activity").await, 0);
    assert_eq!(about(&site, "nbe.officer").await.len(), 1);
}
