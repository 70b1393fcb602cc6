//! The second factor: setting it up, signing in with it, and what asks for it again.

use chrono::{DateTime, Duration, Utc};
use futures::future::join_all;
use http::{Method, StatusCode};
use jebena::app::routes;
use jebena::auth::vault::Vault;
use jebena::demo::DEMO_PASSWORD;
use jebena::ids::UserId;
use jebena::organizations::second_factor::{enrol_for_demo, seal_anew};
use jebena::organizations::staff::{self, Factor};
use jebena::web::routes::{Access, ENROLMENT, Proof};
use sqlx::{AssertSqlSafe, Row};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use crate::decisions::submitted;
use crate::site::{Answer, Browser, FACTOR_KEY, PASSWORD, TestSite};
use crate::walk::walk;

pub const OFFICER: &str = "hana.officer";

/// What a person has at hand: the phone's secret and the recovery codes.
pub struct Kept {
    secret: String,
    codes: Vec<String>,
}

impl Kept {
    /// What the phone shows at this moment, or so many seconds away from it.
    pub fn code(&self, site: &TestSite, away: i64) -> String {
        let totp = Builder::new().with_secret(Secret::try_from_base32(&self.secret).unwrap()).build().unwrap();
        totp.generate(u64::try_from(site.now().timestamp() + away).unwrap()).to_string()
    }
}

pub async fn site() -> TestSite {
    let site = TestSite::start().await;
    site.add_user(OFFICER, "COMMERCIAL_BANK", "OFFICER", false).await;
    site.execute("update users set email = 'hana@bank.example', email_verified_at = now()").await;
    site
}

/// Sends the form for `action` with the tokens of the page at `page`.
pub async fn send(site: &TestSite, browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    let shown = site.get(browser, page).await;
    assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text);
    let (csrf, key) = (shown.hidden("csrf"), Uuid::new_v4().to_string());
    site.post(browser, action, &[&[("csrf", csrf.as_str()), ("idempotency_key", &key)], fields].concat()).await
}

pub fn between<'t>(text: &'t str, before: &str, after: &str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

/// Sets a second factor up in this browser.
pub async fn enrol(site: &TestSite, browser: &mut Browser) -> Kept {
    enrol_with(site, browser, PASSWORD).await
}

async fn enrol_with(site: &TestSite, browser: &mut Browser, password: &str) -> Kept {
    let begun = send(site, browser, ENROLMENT, ENROLMENT, &[("current_password", password)]).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, ENROLMENT), "{}", begun.text);
    let page = site.get(browser, ENROLMENT).await;
    assert!(page.text.contains("src=\"data:image/svg+xml;base64,"), "a QR code: {}", page.text);
    assert_eq!(page.headers["cache-control"], "no-store");
    let secret = between(&page.text, "<code>", "</code>")[0].replace(' ', "");
    let mut kept = Kept { secret, codes: Vec::new() };
    let fields = [("code", &*kept.code(site, 0))];
    let done = send(site, browser, ENROLMENT, "/account/second-factor/confirmation", &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    kept.codes = between(&done.text, "<code>", "</code>").into_iter().map(str::to_owned).collect();
    assert_eq!(kept.codes.len(), 10);
    kept
}

/// A browser in which the password was given, and a code is asked for.
pub async fn with_password(site: &TestSite) -> Browser {
    let mut browser = Browser::default();
    let fields = [("username", OFFICER), ("password", PASSWORD), ("next", "/help")];
    let answer = site.post(&mut browser, "/sign-in", &fields).await;
    assert_eq!(answer.location(), "/sign-in/code?next=%2Fhelp", "{}", answer.text);
    browser
}

pub async fn give(site: &TestSite, browser: &mut Browser, code: &str) -> Answer {
    site.post(browser, "/sign-in/code?next=%2Fhelp", &[("code", code)]).await
}

pub async fn is_in(site: &TestSite, browser: &mut Browser) -> bool {
    site.get(browser, "/account").await.status == StatusCode::OK
}

async fn count(site: &TestSite, query: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut site.sql().await).await.unwrap()
}

#[tokio::test]
async fn a_person_sets_a_second_factor_up_and_signs_in_with_password_and_code() {
    let site = site().await;
    let mut here = site.sign_in(OFFICER).await;
    let mut elsewhere = site.sign_in(OFFICER).await;
    let wrong = send(&site, &mut here, ENROLMENT, ENROLMENT, &[("current_password", "wrong")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "who found a browser open sets nothing up");
    let kept = enrol(&site, &mut here).await;
    assert!(is_in(&site, &mut here).await && !is_in(&site, &mut elsewhere).await, "other sessions have ended");
    let page = site.get(&mut here, ENROLMENT).await;
    assert!(!page.text.contains(&kept.codes[0]) && !page.text.contains("shape-rendering"), "secrets are shown once");
    assert!(page.text.contains("Recovery codes left: 10."), "{}", page.text);
    let told = "select count(*) from mails where kind = 'SECOND_FACTOR_SET'";
    let on_record = "select count(*) from audit.events where event_type = 'SECOND_FACTOR_SET' and severity = 'HIGH'
                     and jsonb_array_length(details -> 'sessions') = 1";
    assert_eq!((site.count(told).await, site.count(on_record).await), (1, 1));

    let mut browser = with_password(&site).await;
    assert_eq!(browser.cookie("jebena"), None, "no session yet");
    let page = site.get(&mut browser, "/sign-in/code").await;
    assert!(page.text.contains("inputmode=\"numeric\" autocomplete=\"one-time-code\""), "{}", page.text);
    site.clock.advance(Duration::seconds(30));
    let entered = give(&site, &mut browser, &kept.code(&site, 0)).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/help"), "{}", entered.text);
    assert!(is_in(&site, &mut browser).await);
    assert_eq!(browser.cookie("jebena-code"), None, "the ticket is used");
    // What is stored opens nothing by itself.
    let secret = Secret::try_from_base32(&kept.secret).unwrap();
    let in_clear: i64 =
        sqlx::query_scalar("select count(*) from second_factors where position($1::bytea in sealed_secret) > 0")
            .bind(secret.as_ref().to_vec())
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    assert_eq!(in_clear, 0);
}

#[tokio::test]
async fn a_code_works_once_also_when_it_is_sent_many_times_at_once() {
    let site = site().await;
    let kept = enrol(&site, &mut site.sign_in(OFFICER).await).await;
    let used = kept.code(&site, 0);
    let again = give(&site, &mut with_password(&site).await, &used).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "the code that has set it up: {}", again.text);
    site.execute("delete from sign_in_attempts").await;

    site.clock.advance(Duration::seconds(30));
    let code = kept.code(&site, 0);
    let browsers = join_all((0..4).map(|_| with_password(&site))).await;
    let answers = join_all(browsers.into_iter().map(|mut browser| {
        let (site, code) = (&site, &code);
        async move { give(site, &mut browser, code).await.status }
    }))
    .await;
    let entered = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
    assert_eq!(entered, 1, "{answers:?}");
    // Nor does a code from before the one that was taken.
    site.execute("delete from sign_in_attempts").await;
    let before = give(&site, &mut with_password(&site).await, &kept.code(&site, -30)).await;
    assert_eq!(before.status, StatusCode::UNPROCESSABLE_ENTITY);
    for statement in [
        "update second_factors set last_used_step = last_used_step - 1",
        "update second_factors set last_used_step = last_used_step",
    ] {
        let refused = sqlx::raw_sql(statement).execute(&mut site.sql().await).await.unwrap_err();
        assert!(refused.to_string().contains("a code works once"), "{refused}");
    }
}

#[tokio::test]
async fn three_wrong_codes_end_the_sign_in_and_five_close_the_door() {
    let site = site().await;
    let kept = enrol(&site, &mut site.sign_in(OFFICER).await).await;
    site.clock.advance(Duration::minutes(2));
    let mut browser = with_password(&site).await;
    for away in [-60, 60] {
        let answer = give(&site, &mut browser, &kept.code(&site, away)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "two steps away: {}", answer.text);
        assert!(answer.text.contains("id=\"code-error\""), "{}", answer.text);
    }
    let third = give(&site, &mut browser, "000 000 000").await;
    assert_eq!((third.status, third.location()), (StatusCode::SEE_OTHER, "/sign-in"), "{}", third.text);
    let late = give(&site, &mut browser, &kept.code(&site, 0)).await;
    assert_eq!(late.location(), "/sign-in", "the right one comes too late");
    assert!(!is_in(&site, &mut browser).await);

    // They count as what they are: two more, and no password is judged.
    let mut browser = with_password(&site).await;
    for _ in 0..2 {
        give(&site, &mut browser, "000000").await;
    }
    let closed = give(&site, &mut browser, &kept.code(&site, 0)).await;
    assert_eq!(closed.status, StatusCode::TOO_MANY_REQUESTS, "{}", closed.text);
    let fields = [("username", OFFICER), ("password", PASSWORD)];
    let closed = site.post(&mut Browser::default(), "/sign-in", &fields).await;
    assert_eq!(closed.status, StatusCode::TOO_MANY_REQUESTS, "{}", closed.text);
    let failed = "select count(*) from audit.events where event_type = 'LOGIN_FAILED' and details ->> 'step' = 'code'";
    assert_eq!(site.count(failed).await, 5);
    // A ticket lasts five minutes.
    site.execute("delete from sign_in_attempts").await;
    let mut browser = with_password(&site).await;
    site.clock.advance(Duration::minutes(5));
    assert_eq!(give(&site, &mut browser, &kept.code(&site, 0)).await.location(), "/sign-in");
}

#[tokio::test]
async fn a_recovery_code_works_once_and_is_told_by_mail() {
    let site = site().await;
    let mut here = site.sign_in(OFFICER).await;
    let kept = enrol(&site, &mut here).await;
    let mut browser = with_password(&site).await;
    let entered = give(&site, &mut browser, &kept.codes[3].replace('-', " ")).await;
    assert_eq!(entered.location(), "/help", "{}", entered.text);
    let again = give(&site, &mut with_password(&site).await, &kept.codes[3]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
    site.do_all().await;
    let mails =
        "select count(*) from caught_mails where recipient = 'hana@bank.example' and body like '%Codes left: 9.%'";
    assert_eq!(site.count(mails).await, 1);
    let on_record = "select count(*) from audit.events where event_type = 'RECOVERY_CODE_USED' and severity = 'HIGH'";
    assert_eq!(site.count(on_record).await, 1);

    // New ones take the place of all before; the page loaded again makes no others, and shows none.
    let shown = site.get(&mut browser, ENROLMENT).await;
    let (csrf, key) = (shown.hidden("csrf"), Uuid::new_v4().to_string());
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key)];
    let made = site.post(&mut browser, "/account/second-factor/codes", &fields).await;
    let codes = between(&made.text, "<code>", "</code>");
    assert_eq!(codes.len(), 10, "{}", made.text);
    for _ in 0..2 {
        let again = site.post(&mut browser, "/account/second-factor/codes", &fields).await;
        assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, ENROLMENT), "{}", again.text);
        assert!(site.get(&mut browser, ENROLMENT).await.text.contains("made already"));
    }
    let made_once = "select count(*) from audit.events where event_type = 'RECOVERY_CODES_MADE'";
    assert_eq!(site.count(made_once).await, 1);
    assert!(!is_in(&site, &mut here).await);
    let old = give(&site, &mut with_password(&site).await, &kept.codes[4]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(give(&site, &mut with_password(&site).await, codes[0]).await.location(), "/help");
}

/// The path of a route with something for each of its parts.
fn filled(path: &str) -> String {
    let parts =
        path.split('/').map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn who_has_given_the_password_only_is_a_stranger_on_every_route() {
    let site = site().await;
    let mut owner = site.sign_in(OFFICER).await;
    enrol(&site, &mut owner).await;
    let mut browser = with_password(&site).await;
    for route in routes().table().iter().filter(|route| route.access != Access::Public) {
        let path = filled(route.path);
        if route.method == Method::GET {
            let answer = site.get(&mut browser, &path).await;
            assert!(answer.location().starts_with("/sign-in"), "GET {path}: {}", answer.status);
        } else {
            assert_eq!(site.post(&mut browser, &path, &[]).await.status, StatusCode::UNAUTHORIZED, "POST {path}");
        }
    }
    assert_eq!(site.get(&mut Browser::default(), "/sign-in/code").await.location(), "/sign-in");
}

#[tokio::test]
async fn who_needs_a_second_factor_reaches_nothing_else_until_there_is_one() {
    let site = site().await.requiring_second_factors();
    site.add_user("sara.clerk", "EXPORTER", "CLERK", false).await;
    let mut clerk = site.sign_in("sara.clerk").await;
    assert_eq!(site.get(&mut clerk, "/account").await.status, StatusCode::OK, "a clerk decides nothing");
    let mut officer = site.sign_in(OFFICER).await;
    for route in routes().table().iter().filter(|route| route.access != Access::Public) {
        if route.limits.before_enrolment {
            continue;
        }
        let path = filled(route.path);
        let answer = match route.method {
            Method::GET => site.get(&mut officer, &path).await,
            _ => site.post(&mut officer, &path, &[]).await,
        };
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, ENROLMENT), "{} {path}", route.method);
    }
    let open: Vec<_> = routes().table().iter().filter(|r| r.limits.before_enrolment).map(|r| r.path).collect();
    assert!(open.iter().all(|path| path.starts_with(ENROLMENT) || *path == "/sign-out"), "{open:?}");
    assert_eq!(site.get(&mut officer, "/").await.status, StatusCode::OK, "as a stranger sees it");

    let page = site.get(&mut officer, ENROLMENT).await;
    assert!(page.text.contains("Your role decides or administers"), "{}", page.text);
    enrol(&site, &mut officer).await;
    assert!(is_in(&site, &mut officer).await);
    let removal = "/account/second-factor/removal";
    let page = site.get(&mut officer, ENROLMENT).await;
    assert!(!page.text.contains(removal), "who needs one replaces it");
    assert_eq!(send(&site, &mut officer, ENROLMENT, removal, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn where_none_is_required_its_owner_takes_it_away() {
    let site = site().await;
    let mut browser = site.sign_in(OFFICER).await;
    enrol(&site, &mut browser).await;
    let answer = send(&site, &mut browser, ENROLMENT, "/account/second-factor/removal", &[]).await;
    assert_eq!(answer.location(), ENROLMENT, "{}", answer.text);
    assert_eq!(count(&site, "select count(*) from second_factors").await, 0);
    assert!(is_in(&site, &mut site.sign_in(OFFICER).await).await, "the password is enough again");
    assert_eq!(count(&site, "select count(*) from mails where kind = 'SECOND_FACTOR_REMOVED'").await, 1);
}

#[tokio::test]
async fn the_accounts_that_all_visitors_of_a_demonstration_share_set_none_up() {
    let site = site().await;
    site.execute("update users set is_demo = true").await;
    let mut browser = site.sign_in(OFFICER).await;
    let answer = send(&site, &mut browser, ENROLMENT, ENROLMENT, &[("current_password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("nobody sets up a second step"), "{}", answer.text);
    assert_eq!(count(&site, "select count(*) from second_factors").await, 0);
}

#[tokio::test]
async fn where_a_demonstration_gives_them_one_the_page_says_its_code() {
    let site = TestSite::start().await;
    site.add_user("bank.admin", "COMMERCIAL_BANK", "ORG_ADMIN", true).await;
    site.add_user(OFFICER, "COMMERCIAL_BANK", "OFFICER", false).await;
    let vault = Vault::parse(FACTOR_KEY).unwrap();
    for _start in 0..2 {
        let names = ["bank.admin", OFFICER, "nobody"].map(str::to_owned);
        enrol_for_demo(&site.state.db, &vault, names, site.now()).await.unwrap();
    }
    assert_eq!(count(&site, "select count(*) from second_factors").await, 1, "once, and for nobody of flesh and blood");
    for _visitor in 0..2 {
        let mut browser = Browser::default();
        let fields = [("username", "bank.admin"), ("password", PASSWORD)];
        let asked = site.post(&mut browser, "/sign-in", &fields).await;
        assert_eq!(asked.location(), "/sign-in/code", "{}", asked.text);
        let page = site.get(&mut browser, "/sign-in/code").await.text;
        let code = between(&page, "the code is now ", ".")[0];
        assert_eq!(code.len(), 6, "{page}");
        let given = give(&site, &mut browser, code).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        assert!(is_in(&site, &mut browser).await);
        // It is everybody's: nobody takes it away.
        let removed = send(&site, &mut browser, ENROLMENT, "/account/second-factor/removal", &[]).await;
        assert_eq!(removed.status, StatusCode::NOT_FOUND, "{}", removed.text);
        assert_eq!(count(&site, "select count(*) from second_factors").await, 1);
        // Each is taken once here too.
        site.clock.advance(Duration::seconds(30));
    }
}

#[tokio::test]
async fn a_new_password_by_mail_does_not_skip_the_second_factor() {
    const NEW: &str = "three goats on a roof";
    let site = site().await;
    let kept = enrol(&site, &mut site.sign_in(OFFICER).await).await;
    let mut waiting = with_password(&site).await;
    let mut browser = Browser::default();
    let key = Uuid::new_v4().to_string();
    site.post(&mut browser, "/forgotten-password", &[("idempotency_key", &key), ("username", OFFICER)]).await;
    site.do_all().await;
    let body: String = sqlx::query_scalar("select body from caught_mails where body like '%/new-password/%'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let path =
        format!("/new-password/{}", body.split("/new-password/").nth(1).unwrap().split_whitespace().next().unwrap());
    let key = Uuid::new_v4().to_string();
    let fields = [("idempotency_key", key.as_str()), ("password", NEW), ("password_again", NEW)];
    let set = site.post(&mut browser, &path, &fields).await;
    assert_eq!(set.location(), "/sign-in", "{}", set.text);
    site.clock.advance(Duration::seconds(30));
    assert_eq!(
        give(&site, &mut waiting, &kept.code(&site, 0)).await.location(),
        "/sign-in",
        "begun by the old password"
    );
    let fields = [("username", OFFICER), ("password", NEW), ("next", "/help")];
    let answer = site.post(&mut browser, "/sign-in", &fields).await;
    assert_eq!(answer.location(), "/sign-in/code?next=%2Fhelp");
    assert!(!is_in(&site, &mut browser).await);
    assert_eq!(give(&site, &mut browser, &kept.code(&site, 0)).await.location(), "/help");
}

/// A colleague of the officer who administers the organisation.
async fn add_admin(site: &TestSite) -> Browser {
    site.add_user("almaz.admin", "COMMERCIAL_BANK", "ORG_ADMIN", false).await;
    site.execute(&format!(
        "update users set organization_id = (select organization_id from users where username = '{OFFICER}')
         where username = 'almaz.admin'"
    ))
    .await;
    site.sign_in("almaz.admin").await
}

async fn id_of(site: &TestSite, username: &str) -> Uuid {
    sqlx::query_scalar("select id from users where username = $1")
        .bind(username)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_administrator_takes_a_colleagues_factor_away_and_sets_none() {
    let site = site().await;
    let mut officer = site.sign_in(OFFICER).await;
    enrol(&site, &mut officer).await;
    let mut admin = add_admin(&site).await;
    let path = format!("/staff/{}/second-factor", id_of(&site, OFFICER).await);
    let page = site.get(&mut admin, "/staff").await;
    assert_eq!(page.text.matches("/second-factor\"").count(), 1, "{}", page.text);
    let answer = send(&site, &mut admin, "/staff", &path, &[]).await;
    assert_eq!(answer.location(), "/staff", "{}", answer.text);
    assert!(!is_in(&site, &mut officer).await);
    assert!(is_in(&site, &mut site.sign_in(OFFICER).await).await);
    let on_record =
        "select count(*) from audit.events where event_type = 'SECOND_FACTOR_RESET' and severity = 'CRITICAL'";
    assert_eq!(site.count(on_record).await, 1);
    site.do_all().await;
    let told =
        "select count(*) from caught_mails where recipient = 'hana@bank.example' and subject like '%taken away%'";
    assert_eq!(site.count(told).await, 1);
    let nothing_left = send(&site, &mut admin, "/staff", &path, &[]).await;
    assert_eq!(nothing_left.status, StatusCode::NOT_FOUND);
    // Nobody does it to themselves, or to somebody of another organisation.
    let own = format!("/staff/{}/second-factor", id_of(&site, "almaz.admin").await);
    assert_eq!(send(&site, &mut admin, "/staff", &own, &[]).await.status, StatusCode::FORBIDDEN);
    let stranger = site.add_user("other.officer", "COMMERCIAL_BANK", "OFFICER", false).await;
    let theirs = format!("/staff/{stranger}/second-factor");
    assert_eq!(send(&site, &mut admin, "/staff", &theirs, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_operator_lets_the_only_administrator_in_who_has_lost_phone_and_codes() {
    let site = site().await;
    let mut admin = add_admin(&site).await;
    site.execute(
        "update users set email = 'almaz@bank.example', email_verified_at = now() where username = 'almaz.admin'",
    )
    .await;
    enrol(&site, &mut admin).await;
    let (db, username) = (&site.state.db, "almaz.admin".parse().unwrap());
    let reset = async |factor| staff::reset((db, &site.state.passwords), &username, factor, site.now()).await.unwrap();
    reset(Factor::Kept).await;
    let factors = "select count(*) from second_factors where confirmed_at is not null";
    assert_eq!(count(&site, factors).await, 1);
    assert!(!is_in(&site, &mut admin).await);
    let path = reset(Factor::TakenAway).await;
    assert_eq!(count(&site, factors).await, 0);
    let told = "select count(*) from mails where kind = 'SECOND_FACTOR_REMOVED'";
    assert_eq!(count(&site, told).await, 1, "who has not asked for it learns of it");
    let on_record =
        "select count(*) from audit.events where event_type = 'SECOND_FACTOR_RESET' and details ->> 'by' = 'operator'";
    assert_eq!(count(&site, on_record).await, 1);
    let new = "kaffa highland rain 77";
    let mut browser = Browser::default();
    let set = site.fill_in(&mut browser, &path, &path, &[("password", new), ("password_again", new)]).await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
    let fields = [("username", "almaz.admin"), ("password", new), ("next", "/help")];
    let answer = site.post(&mut browser, "/sign-in", &fields).await;
    assert_eq!(answer.location(), "/help", "no code is asked for: {}", answer.text);
}

#[tokio::test]
async fn acts_of_weight_ask_for_the_code_again_and_keep_what_was_typed() {
    let site = site().await;
    let mut admin = add_admin(&site).await;
    let kept = enrol(&site, &mut admin).await;
    let path = format!("/staff/{}/account", id_of(&site, OFFICER).await);
    site.clock.advance(Duration::minutes(10));
    let fresh = send(&site, &mut admin, "/staff", &path, &[("active", "no")]).await;
    assert_eq!(fresh.location(), "/staff", "ten minutes after the proof: {}", fresh.text);
    site.clock.advance(Duration::seconds(1));
    let asked = send(&site, &mut admin, "/staff", &path, &[("active", "yes")]).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(asked.text.contains("name=\"factor_code\"") && asked.hidden("active") == "yes", "{}", asked.text);
    let active = format!("select count(*) from users where username = '{OFFICER}' and is_active");
    assert_eq!(count(&site, &active).await, 0, "nothing is done yet");
    let (csrf, key) = (asked.hidden("csrf"), asked.hidden("idempotency_key"));
    let fields = |code: &str| {
        let pairs = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("active", "yes"), ("factor_code", code)];
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = async |site: &TestSite, admin: &mut Browser, code: &str| {
        site.post(admin, &path, &crate::site::pairs(&fields(code))).await
    };
    let wrong = post(&site, &mut admin, "000000").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"factor_code-error\"") && wrong.hidden("active") == "yes", "{}", wrong.text);
    assert_eq!(count(&site, &active).await, 0);
    let right = post(&site, &mut admin, &kept.code(&site, 0)).await;
    assert_eq!(right.location(), "/staff", "{}", right.text);
    assert_eq!(count(&site, &active).await, 1);

    // A form that holds secrets is asked beforehand.
    site.clock.advance(Duration::minutes(11));
    let page = site.get(&mut admin, "/account/password").await;
    assert_eq!(page.location(), "/account/proof?next=%2Faccount%2Fpassword");
    let proof = "/account/proof?next=%2Faccount%2Fpassword";
    let answer = send(&site, &mut admin, proof, proof, &[("code", &kept.code(&site, 0))]).await;
    assert_eq!(answer.location(), "/account/password", "{}", answer.text);
    assert_eq!(site.get(&mut admin, "/account/password").await.status, StatusCode::OK);
    // Who has no factor has nothing to prove.
    let mut officer = site.sign_in(OFFICER).await;
    site.clock.advance(Duration::minutes(11));
    assert_eq!(site.get(&mut officer, "/account/password").await.status, StatusCode::OK);
}

#[tokio::test]
async fn with_a_proof_the_session_goes_on_under_a_token_that_nobody_has_seen() {
    let site = site().await;
    let mut admin = add_admin(&site).await;
    let before = admin.cookie("jebena").unwrap().to_owned();
    let kept = enrol(&site, &mut admin).await;
    let enrolled = admin.cookie("jebena").unwrap().to_owned();
    assert_ne!(enrolled, before, "with the factor that was set up");
    let sessions = "select id, created_at, expires_at from user_sessions s where s.user_id =
                    (select user_id from second_factors where confirmed_at is not null)";
    let session = async || sqlx::query(sessions).fetch_one(&mut site.sql().await).await.unwrap();
    let first = session().await;

    // A form that is open in another tab, from before the proof.
    let path = format!("/staff/{}/account", id_of(&site, OFFICER).await);
    let elsewhere = site.get(&mut admin, "/staff").await.hidden("csrf");
    site.clock.advance(Duration::minutes(11));
    let proof = "/account/proof?next=%2Fstaff";
    let answer = send(&site, &mut admin, proof, proof, &[("code", &kept.code(&site, 0))]).await;
    assert_eq!(answer.location(), "/staff", "{}", answer.text);
    let proved = admin.cookie("jebena").unwrap().to_owned();
    assert_ne!(proved, enrolled);
    for old in [&before, &enrolled] {
        let mut stolen = Browser::default();
        stolen.take_cookie(&format!("jebena={old}; Path=/"));
        assert!(!is_in(&site, &mut stolen).await, "by an old token nobody is in");
    }
    let key = Uuid::new_v4().to_string();
    let fields = [("csrf", elsewhere.as_str()), ("idempotency_key", &key), ("active", "no")];
    let sent = site.post(&mut admin, &path, &fields).await;
    assert_eq!(sent.location(), "/staff", "what was open stays good: {}", sent.text);

    // With the code in the form itself too; it is one session all along, and does not live longer for it.
    site.clock.advance(Duration::minutes(11));
    let asked = send(&site, &mut admin, "/staff", &path, &[("active", "yes")]).await;
    let (csrf, key) = (asked.hidden("csrf"), asked.hidden("idempotency_key"));
    let code = kept.code(&site, 0);
    let fields = [("csrf", &*csrf), ("idempotency_key", &*key), ("active", "yes"), ("factor_code", &*code)];
    assert_eq!(site.post(&mut admin, &path, &fields).await.location(), "/staff");
    assert_ne!(admin.cookie("jebena").unwrap(), proved);
    assert!(is_in(&site, &mut admin).await);
    let now = session().await;
    assert_eq!(now.get::<Uuid, _>("id"), first.get::<Uuid, _>("id"));
    assert_eq!(now.get::<DateTime<Utc>, _>("expires_at"), first.get::<DateTime<Utc>, _>("expires_at"));
    let renewals = "select count(distinct session_id) * 10 + count(*) from preregistration_audit_log
                    where event_type = 'SESSION_RENEWED'";
    assert_eq!(count(&site, renewals).await, 13, "three renewals of one session");
}

#[tokio::test]
async fn an_approval_that_two_have_to_give_asks_for_the_code_and_a_lesser_one_does_not() {
    let site = TestSite::seeded().await;
    site.execute("update users set is_demo = false where username = 'nbe.officer'").await;
    let export = submitted(&site).await;
    walk(&site, export, "bank-check").await;
    let mut officer = site.sign_in("nbe.officer").await;
    let kept = enrol_with(&site, &mut officer, DEMO_PASSWORD).await;
    site.clock.advance(Duration::minutes(11));
    let (page, action) = (format!("/exports/{export}"), format!("/exports/{export}/approvals/fx"));
    let fx = [("decision", "approve"), ("etb_per_unit", "132.45")];
    site.execute("update parameters set value = 100 where key = 'second_officer_above'").await;
    let asked = site.fill_in(&mut officer, &page, &action, &fx).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    assert!(asked.text.contains("name=\"factor_code\"") && asked.hidden("etb_per_unit") == "132.45", "{}", asked.text);
    assert_eq!(site.state_of(export).await.1, "FX");
    // Refused without a reason, which is told at once: what is not an approval asks for no code.
    let refused = site.fill_in(&mut officer, &page, &action, &[("decision", "reject")]).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(!refused.text.contains("factor_code"));

    site.execute("update parameters set value = 100000000 where key = 'second_officer_above'").await;
    let approved = site.fill_in(&mut officer, &page, &action, &fx).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);
    assert_eq!(site.state_of(export).await.1, "QUALITY");

    // With the code the form goes through: of an export of another, where it was given first.
    let another = submitted(&site).await;
    walk(&site, another, "bank-check").await;
    site.execute("update parameters set value = 100 where key = 'second_officer_above'").await;
    let (page, action) = (format!("/exports/{another}"), format!("/exports/{another}/approvals/fx"));
    let code = kept.code(&site, 0);
    let with_code = [fx[0], fx[1], ("factor_code", code.as_str())];
    let given = site.fill_in(&mut officer, &page, &action, &with_code).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
    assert_eq!(site.state_of(another).await, ("PENDING".into(), "FX".into()), "the first of two");
}

#[tokio::test]
async fn what_puts_somebody_on_a_register_or_issues_a_paper_asks_for_the_code() {
    let site = TestSite::seeded().await;
    site.execute("update users set is_demo = false where username = 'ecta.supervisor'").await;
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    enrol_with(&site, &mut supervisor, DEMO_PASSWORD).await;
    site.clock.advance(Duration::minutes(11));
    let id = Uuid::now_v7();
    for (path, decision, asks) in [
        (format!("/registration/license/{id}/decisions"), "approve", true),
        (format!("/registration/license/{id}/decisions"), "revoke", true),
        (format!("/registration/profile/{id}/decisions"), "suspend", true),
        (format!("/registration/license/{id}/decisions"), "return", false),
        (format!("/exports/{id}/approvals/permit"), "approve", true),
        (format!("/exports/{id}/approvals/permit"), "return", false),
        (format!("/exports/{id}/approvals/quality"), "approve", false),
        (format!("/samples/{id}/signature"), "", true),
    ] {
        let fields = if decision.is_empty() { ("seen", "nothing") } else { ("decision", decision) };
        let answer = send(&site, &mut supervisor, "/account", &path, &[fields]).await;
        let is_asked = answer.text.contains("name=\"factor_code\"");
        assert_eq!(is_asked, asks, "{path} {decision}: {} {}", answer.status, answer.text);
    }
}

#[tokio::test]
async fn an_operator_seals_every_secret_under_another_key_or_none() {
    let site = site().await;
    let kept = enrol(&site, &mut site.sign_in(OFFICER).await).await;
    let (key, former) = (Vault::parse(&Vault::new_key()).unwrap(), site.state.vault.clone().unwrap());
    let sealed = async || {
        let row = sqlx::query("select user_id, factor_id, sealed_secret from second_factors");
        let row = row.fetch_one(&mut site.sql().await).await.unwrap();
        ((UserId(row.get("user_id")), row.get::<Uuid, _>("factor_id")), row.get::<Vec<u8>, _>("sealed_secret"))
    };
    let before = sealed().await;
    seal_anew(&site.state.db, &key, site.now()).await.unwrap_err();
    assert_eq!(sealed().await, before, "without the former key nothing is touched");

    let both = key.clone().after(&former);
    assert_eq!(seal_anew(&site.state.db, &both, site.now()).await.unwrap(), (1, 1));
    let (of, secret) = sealed().await;
    let secret = key.open(&secret, of).unwrap();
    assert_eq!(secret.as_slice(), Secret::try_from_base32(&kept.secret).unwrap().as_ref(), "the phone goes on");
    assert!(former.open(&sealed().await.1, of).is_err());
    assert_eq!(seal_anew(&site.state.db, &both, site.now()).await.unwrap(), (0, 1));
    let on_record = "select count(*) from audit.events where event_type = 'SECOND_FACTORS_SEALED'";
    assert_eq!(site.count(on_record).await, 2);
}

#[tokio::test]
async fn what_is_written_off_asks_for_the_code() {
    let site = TestSite::seeded().await;
    site.execute("update users set is_demo = false where username = 'bank.officer'").await;
    let mut officer = site.sign_in("bank.officer").await;
    enrol_with(&site, &mut officer, DEMO_PASSWORD).await;
    let path = format!("/exports/{}/shortfall", Uuid::now_v7());
    let fields = [("shortfall_reason", "OTHER"), ("remark", "The buyer is insolvent.")];
    let proved = send(&site, &mut officer, "/account", &path, &fields).await;
    assert!(!proved.text.contains("name=\"factor_code\""), "{}", proved.text);
    site.clock.advance(Duration::minutes(11));
    let asked = send(&site, &mut officer, "/account", &path, &fields).await;
    assert!(asked.text.contains("name=\"factor_code\""), "{}", asked.text);
    assert_eq!(asked.hidden("remark"), "The buyer is insolvent.");
}

#[test]
fn the_routes_that_ask_for_a_code_again_are_as_agreed() {
    let asking = routes()
        .table()
        .iter()
        .filter(|route| route.limits.proof != Proof::None)
        .map(|route| format!("{} {} {:?}", route.method, route.path, route.limits.proof))
        .collect::<Vec<_>>();
    insta::assert_snapshot!(asking.join("\n"));
}
