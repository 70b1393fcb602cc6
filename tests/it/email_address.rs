//! Addresses: asked for by a mail at registration and at every change, and a person's from the answer on.

use chrono::Duration;
use http::StatusCode;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::site::{Answer, Browser, PASSWORD, TestSite};

const PERSON: &str = "sara.clerk";
const HERS: &str = "sara@firm.example";
const NEW: &str = "sara.tesfaye@mail.example";

/// Sends the form at `path` with the tokens of its page.
async fn fill(site: &TestSite, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = site.get(browser, path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
    let csrf = if page.text.contains("name=\"csrf\"") { page.hidden("csrf") } else { String::new() };
    let key = Uuid::new_v4().to_string();
    site.post(browser, path, &[&[("csrf", csrf.as_str()), ("idempotency_key", &key)], fields].concat()).await
}

async fn ask(site: &TestSite, browser: &mut Browser, email: &str) -> Answer {
    fill(site, browser, "/account/email", &[("email", email), ("current_password", PASSWORD)]).await
}

/// The path of the link in the last mail to an address.
async fn link_to(site: &TestSite, email: &str) -> String {
    site.do_all().await;
    let mail = format!("select body from caught_mails where recipient = '{email}' order by mail_id desc limit 1");
    let body: String = sqlx::query_scalar(AssertSqlSafe(mail)).fetch_one(&mut site.sql().await).await.unwrap();
    let (_, rest) = body.split_once("http://localhost:8080").unwrap_or_else(|| panic!("{body}"));
    rest.split_whitespace().next().unwrap().to_owned()
}

async fn mails_to(site: &TestSite, email: &str) -> i64 {
    site.do_all().await;
    let mails = format!("select count(*) from caught_mails where recipient = '{email}'");
    sqlx::query_scalar(AssertSqlSafe(mails)).fetch_one(&mut site.sql().await).await.unwrap()
}

/// Whose an address is known to be.
async fn owner_of(site: &TestSite, email: &str) -> Option<String> {
    let owner = format!("select username from users where email = '{email}' and email_verified_at is not null");
    sqlx::query_scalar(AssertSqlSafe(owner)).fetch_optional(&mut site.sql().await).await.unwrap()
}

/// Somebody whose address is known.
async fn site() -> (TestSite, Browser) {
    let site = TestSite::start().await;
    site.execute("update job_schedules set next_run_at = '2100-01-01'").await;
    site.add_user(PERSON, "EXPORTER", "CLERK", false).await;
    site.execute(&format!("update users set email = '{HERS}', email_verified_at = now() where username = '{PERSON}'"))
        .await;
    let browser = site.sign_in(PERSON).await;
    (site, browser)
}

#[tokio::test]
async fn who_registers_a_firm_confirms_the_address_by_a_mail() {
    let site = TestSite::start().await;
    site.execute("update job_schedules set next_run_at = '2100-01-01'").await;
    let fields = [
        ("business_name", "Aleta Coffee PLC"),
        ("business_type", "LLC"),
        ("full_name", "Hirut Tadesse Wolde"),
        ("email", "Hirut@Aleta.example"),
        ("username", "aleta.owner"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ];
    let registered = fill(&site, &mut Browser::default(), "/register", &fields).await;
    assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.text);
    assert_eq!(owner_of(&site, "hirut@aleta.example").await, None, "what is typed proves nothing");
    let mut owner = site.sign_in("aleta.owner").await;
    let account = site.get(&mut owner, "/account").await;
    assert!(account.text.contains("hirut@aleta.example (not confirmed yet)"), "{}", account.text);

    let link = link_to(&site, "hirut@aleta.example").await;
    // The mail may be read on another device than that of the account.
    let mut phone = Browser::default();
    let page = site.get(&mut phone, &link).await;
    assert!(page.text.contains("hirut@aleta.example") && page.text.contains("aleta.owner"), "{}", page.text);
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(owner_of(&site, "hirut@aleta.example").await, None, "a program that follows links confirms nothing");
    let confirmed = fill(&site, &mut phone, &link, &[]).await;
    assert_eq!((confirmed.status, confirmed.location()), (StatusCode::SEE_OTHER, "/sign-in"), "{}", confirmed.text);
    assert_eq!(owner_of(&site, "hirut@aleta.example").await.as_deref(), Some("aleta.owner"));
    assert_eq!(site.get(&mut phone, &link).await.status, StatusCode::NOT_FOUND, "it works once");
    let on_record = "select count(*) from audit.events where event_type = 'EMAIL_CONFIRMED' and severity = 'HIGH'
                     and details::text not like '%@%'";
    assert_eq!(site.count(on_record).await, 1);
    // From now on a forgotten password is no reason to register again.
    fill(&site, &mut phone, "/forgotten-password", &[("username", "aleta.owner")]).await;
    assert!(link_to(&site, "hirut@aleta.example").await.starts_with("/new-password/"));
}

#[tokio::test]
async fn another_address_is_asked_first_and_the_one_before_is_told() {
    let (site, mut here) = site().await;
    let wrong = [("email", NEW), ("current_password", "wrong")];
    let refused = fill(&site, &mut here, "/account/email", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "who found a browser open changes nothing");
    assert!(refused.text.contains(&format!("value=\"{NEW}\"")), "what was typed is kept: {}", refused.text);
    for unfit in ["nobody", "", HERS] {
        assert_eq!(ask(&site, &mut here, unfit).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{unfit}");
    }
    // A link for a new password that waits in the old mailbox.
    fill(&site, &mut Browser::default(), "/forgotten-password", &[("username", PERSON)]).await;
    let reset = link_to(&site, HERS).await;

    let asked = ask(&site, &mut here, NEW).await;
    assert_eq!(asked.location(), "/account", "{}", asked.text);
    assert_eq!(owner_of(&site, HERS).await.as_deref(), Some(PERSON), "it stays until the answer comes");
    let link = link_to(&site, NEW).await;
    let before = mails_to(&site, HERS).await;
    let confirmed = fill(&site, &mut here, &link, &[]).await;
    assert_eq!(confirmed.location(), "/account", "{}", confirmed.text);
    assert_eq!((owner_of(&site, HERS).await, owner_of(&site, NEW).await.as_deref()), (None, Some(PERSON)));
    assert_eq!(mails_to(&site, HERS).await, before + 1, "the one before is told");
    assert_eq!(site.get(&mut Browser::default(), &reset).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_latest_link_works_for_a_day_and_nobody_gets_many() {
    let (site, mut here) = site().await;
    ask(&site, &mut here, "first@mail.example").await;
    let first = link_to(&site, "first@mail.example").await;
    site.clock.advance(Duration::seconds(1));
    ask(&site, &mut here, NEW).await;
    let second = link_to(&site, NEW).await;
    assert_eq!(site.get(&mut here, &first).await.status, StatusCode::NOT_FOUND, "the latest alone");
    assert_eq!(site.get(&mut here, &second).await.status, StatusCode::OK);
    site.clock.advance(Duration::hours(24));
    assert_eq!(site.get(&mut Browser::default(), &second).await.status, StatusCode::NOT_FOUND);

    let mut here = site.sign_in(PERSON).await;
    for place in 0..7 {
        site.clock.advance(Duration::seconds(1));
        ask(&site, &mut here, &format!("place{place}@mail.example")).await;
        site.do_all().await;
    }
    let mailed = "select count(*) from caught_mails where recipient like 'place%'";
    assert_eq!(site.count(mailed).await, 5, "nobody fills another's mailbox");
}

#[tokio::test]
async fn an_address_is_one_persons_and_who_has_it_is_learned_in_its_mailbox_alone() {
    let (site, mut here) = site().await;
    site.add_user("hana.officer", "COMMERCIAL_BANK", "OFFICER", false).await;
    let mut hana = site.sign_in("hana.officer").await;
    let asked = ask(&site, &mut hana, HERS).await;
    assert_eq!(asked.location(), "/account", "answered as for any other: {}", asked.text);
    let link = link_to(&site, HERS).await;
    let refused = fill(&site, &mut hana, &link, &[]).await;
    assert_eq!(refused.location(), "/account", "{}", refused.text);
    let told = site.get(&mut hana, "/account").await;
    assert!(told.text.contains("Another account has this address already."), "{}", told.text);
    assert_eq!(owner_of(&site, HERS).await.as_deref(), Some(PERSON));

    // Of two who are asked for the same address one gets it.
    ask(&site, &mut here, NEW).await;
    let hers = link_to(&site, NEW).await;
    ask(&site, &mut hana, NEW).await;
    let his = link_to(&site, NEW).await;
    let (one, other) = tokio::join!(fill(&site, &mut here, &hers, &[]), fill(&site, &mut hana, &his, &[]));
    assert!(!one.status.is_server_error() && !other.status.is_server_error(), "{} {}", one.text, other.text);
    assert_eq!(site.count("select count(*) from users where email = 'sara.tesfaye@mail.example'").await, 1);
}

#[tokio::test]
async fn the_accounts_that_everybody_shares_have_no_address_of_their_own() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("bank.officer").await;
    let fields = [("email", NEW), ("current_password", site.password)];
    let refused = fill(&site, &mut officer, "/account/email", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(site.count("select count(*) from email_confirmations").await, 0);
}
