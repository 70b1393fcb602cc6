//! What a person settles in with: preferences, profile, first steps.

use calamine::Reader;
use http::StatusCode;
use sqlx::AssertSqlSafe;

use crate::site::{Answer, Browser, TestSite};

const PREFERENCES: &str = "/account/preferences";
const PROFILE: &str = "/account/profile";
const FIRST_STEPS: &str = "/account/first-steps";

async fn prefer(site: &TestSite, browser: &mut Browser, [language, calendar, density, shortcuts]: [&str; 4]) -> Answer {
    let fields = [("language", language), ("calendar", calendar), ("density", density), ("shortcuts", shortcuts)];
    site.fill_in(browser, PREFERENCES, PREFERENCES, &fields).await
}

async fn text(site: &TestSite, query: &str) -> Option<String> {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_optional(&mut site.sql().await).await.unwrap()
}

#[tokio::test]
async fn pages_are_as_a_person_wants_them_on_every_device() {
    let site = TestSite::start().await;
    site.add_user("sara", "EXPORTER", "CLERK", false).await;
    let (mut here, mut there) = (site.sign_in("sara").await, site.sign_in("sara").await);
    let before = site.get(&mut here, "/account").await.text;
    assert!(before.contains("<html lang=\"en\" class=\"org-exporter\">") && before.contains("data-shortcuts"));
    assert!(!before.contains(" E.C."), "{before}");

    let saved = prefer(&site, &mut here, ["en", "ETHIOPIAN", "COMPACT", "off"]).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/account"), "{}", saved.text);
    for browser in [&mut here, &mut there] {
        let page = site.get(browser, "/account").await.text;
        assert!(page.contains("<html lang=\"en\" class=\"org-exporter app-compact\">"), "{page}");
        assert!(page.contains(" E.C., ") && !page.contains("data-shortcuts"), "{page}");
    }
    // A choice that no page offers is no form of ours, and what was chosen is filled in.
    let bad = prefer(&site, &mut here, ["en", "JULIAN", "COMPACT", "off"]).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.text);
    let form = site.get(&mut here, PREFERENCES).await.text;
    assert!(form.contains("value=\"ETHIOPIAN\" checked") && form.contains("value=\"COMPACT\" checked"), "{form}");

    let saved = prefer(&site, &mut here, ["am", "BOTH", "COMFORTABLE", "on"]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let page = site.get(&mut here, "/account").await.text;
    assert!(page.contains("<html lang=\"am\" class=\"org-exporter\">") && page.contains("ዓ.ም.)"), "{page}");
}

#[tokio::test]
async fn a_file_that_is_taken_away_does_not_follow_its_readers_calendar() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    prefer(&site, &mut owner, ["en", "ETHIOPIAN", "COMFORTABLE", "on"]).await;
    let shown = site.get(&mut owner, "/reports/expiring").await.text;
    assert!(shown.contains(" E.C. ("), "the page does: {shown}");
    let file = site.get(&mut owner, "/reports/expiring?format=xlsx").await;
    let mut workbook = calamine::Xlsx::new(std::io::Cursor::new(file.bytes)).unwrap();
    let about = workbook.worksheets().into_iter().flat_map(|(_, sheet)| {
        let cells: Vec<String> = sheet.cells().map(|(.., cell)| cell.to_string()).collect();
        cells
    });
    let as_of: Vec<String> = about.filter(|cell| cell.ends_with(" EAT")).collect();
    assert!(matches!(&as_of[..], [one] if !one.contains("E.C.")), "{as_of:?}");
}

#[tokio::test]
async fn what_colleagues_are_to_know_they_see_and_nobody_else() {
    let site = TestSite::start().await;
    site.add_user("sara", "EXPORTER", "CLERK", false).await;
    site.add_user("boss", "EXPORTER", "OWNER", false).await;
    site.add_user("other", "EXPORTER", "OWNER", false).await;
    let join = "update users set organization_id = (select organization_id from users where username = 'sara')
                where username = 'boss'";
    site.execute(join).await;
    let (mut sara, mut boss, mut other) =
        (site.sign_in("sara").await, site.sign_in("boss").await, site.sign_in("other").await);
    let facts = [("position", "Export clerk"), ("phone", "+251 911 000 099"), ("tags", "Sidama, letters of credit")];
    let wrong = [&facts[..2], &[("tags", "<b>"), ("facts", "Desk: 3")]].concat();
    let page = site.fill_in(&mut sara, PROFILE, PROFILE, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("&#60;b&#62;") && page.text.contains("Desk: 3"), "typed is kept: {}", page.text);
    assert_eq!(site.count("select count(*) from user_profiles").await, 0);
    let right = [&facts[..], &[("facts", "Desk: 3")]].concat();
    let saved = site.fill_in(&mut sara, PROFILE, PROFILE, &right).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);

    let staff = site.get(&mut boss, "/staff").await.text;
    assert!(staff.contains("Export clerk · +251911000099"), "{staff}");
    assert!(staff.contains("href=\"/staff?tag=letters+of+credit\""), "{staff}");
    let tagged = site.get(&mut boss, "/staff?tag=sidama").await.text;
    assert!(
        tagged.contains(">sara<") && !tagged.contains(">boss<") && tagged.contains("Those with the tag"),
        "{tagged}"
    );
    let others = site.get(&mut other, "/staff?tag=sidama").await.text;
    assert!(!others.contains(">sara<"), "{others}");

    // The record names what changed, and says what in the part that can be erased.
    let event = "select e.details::text || p.payload::text from audit.events e
                 join audit.event_private p on p.event_id = e.event_id where e.event_type = 'PROFILE_CHANGED'";
    let event = text(&site, event).await.unwrap();
    assert!(event.starts_with("{\"changed\": [\"position\", \"phone\", \"tags\", \"metadata\"],"), "{event}");
    assert!(event.contains("\"new\"") && event.contains("letters of credit"), "{event}");
}

#[tokio::test]
async fn the_wall_behind_the_pages_keeps_profiles_within_an_organisation() {
    let site = TestSite::start().await;
    let sara = site.add_user("sara", "EXPORTER", "CLERK", false).await;
    let other = site.add_user("other", "EXPORTER", "OWNER", false).await;
    site.execute(&format!(
        "insert into user_profiles (user_id, tags, created_at, updated_at) values ('{sara}', '{{sidama}}', now(), now())"
    ))
    .await;
    let seen = async |person: uuid::Uuid| {
        let mut sql = site.sql().await;
        let enter = format!(
            "begin; set local role jebena_party; select set_config('app.user_id', '{person}', true),
                 set_config('app.org_id', (select organization_id::text from public.users where id = '{person}'), true)"
        );
        sqlx::raw_sql(AssertSqlSafe(enter)).execute(&mut sql).await.unwrap();
        let rows: i64 = sqlx::query_scalar("select count(*) from user_profiles").fetch_one(&mut sql).await.unwrap();
        let changed = sqlx::query("update user_profiles set position = 'Thief'").execute(&mut sql).await.unwrap();
        (rows, changed.rows_affected())
    };
    assert_eq!(seen(sara).await, (1, 1), "her own");
    assert_eq!(seen(other).await, (0, 0), "of another firm");
}

#[tokio::test]
async fn who_comes_for_the_first_time_is_shown_where_to_begin() {
    let site = TestSite::start().await;
    site.add_user("officer", "NATIONAL_BANK", "OFFICER", false).await;
    let mut browser = Browser::default();
    let fields = [("username", "officer"), ("password", crate::site::PASSWORD)];
    let first = site.post(&mut browser, "/sign-in", &fields).await;
    assert_eq!(first.location(), FIRST_STEPS);
    let page = site.get(&mut browser, FIRST_STEPS).await.text;
    assert!(page.contains("Take your first case") && !page.contains("Register your firm"), "{page}");
    assert!(page.contains("0 of 7 settled, 3 still needed."), "{page}");

    // What the product sees is done by doing it.
    prefer(&site, &mut browser, ["en", "GREGORIAN", "COMFORTABLE", "on"]).await;
    // What it does not see is done when one says so; what nobody needs can be passed over.
    let says = async |browser: &mut Browser, step: &str, what: &str| {
        let csrf = site.get(browser, FIRST_STEPS).await.hidden("csrf");
        let key = uuid::Uuid::new_v4().to_string();
        let fields = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("says", what)];
        site.post(browser, &format!("{FIRST_STEPS}/{step}"), &fields).await.status
    };
    assert_eq!(says(&mut browser, "queue", "done").await, StatusCode::SEE_OTHER);
    assert_eq!(says(&mut browser, "profile", "skipped").await, StatusCode::SEE_OTHER);
    // Saying does not make so what is seen, nor is what is needed passed over.
    assert_eq!(says(&mut browser, "second-factor", "done").await, StatusCode::SEE_OTHER);
    assert_eq!(says(&mut browser, "second-factor", "skipped").await, StatusCode::SEE_OTHER);
    assert_eq!(says(&mut browser, "firm", "done").await, StatusCode::NOT_FOUND, "no step of an officer");
    assert_eq!(says(&mut browser, "help", "perhaps").await, StatusCode::UNPROCESSABLE_ENTITY);
    let page = site.get(&mut browser, FIRST_STEPS).await.text;
    assert!(page.contains("3 of 7 settled, 2 still needed."), "{page}");
    assert_eq!(site.count("select count(*) from onboarding_state").await, 2);

    let again = site.post(&mut Browser::default(), "/sign-in", &fields).await;
    assert_eq!(again.location(), "/", "the second time work goes on");
}

#[tokio::test]
async fn the_steps_of_a_firm_are_seen_in_its_rows() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, FIRST_STEPS).await.text;
    for step in
        ["Register your firm", "Pass the six gates", "Register a lot", "Hand in a sales contract", "Begin an export"]
    {
        let (_, rest) = page.split_once(step).unwrap_or_else(|| panic!("{step}: {page}"));
        let (row, _) = rest.split_once("</li>").unwrap();
        assert!(row.contains(">Done<"), "{step}: {row}");
    }
    // How one signs in to an account that all visitors share, nobody changes.
    assert!(!page.contains("Set up the second step of signing in") && !page.contains("Confirm your address"), "{page}");
    // A firm without capital has not passed them.
    let mut new = site.sign_in("firm-amaro.owner").await;
    let page = site.get(&mut new, FIRST_STEPS).await.text;
    let (_, rest) = page.split_once("Pass the six gates").unwrap();
    assert!(rest.split_once("</li>").unwrap().0.contains(">Needed<"), "{rest}");
}
