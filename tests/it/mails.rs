//! Mails: sent once by a job, in either language, with links that only their reader can follow.

use chrono::Duration;
use futures::future::join_all;
use http::StatusCode;
use jebena::mail::Mailer;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::postbox::{Delivered, Mood, Postbox};
use crate::site::{Answer, Browser, TestSite};

const NEW_PASSWORD: &str = "kettle orbit walnut drizzle";

/// A site that mails to a server of its own.
async fn site() -> (TestSite, Postbox) {
    let postbox = Postbox::open().await;
    let site = TestSite::seeded().await.mailing(postbox.mailer());
    site.execute("update job_schedules set next_run_at = '2100-01-01'").await;
    (site, postbox)
}

/// The path of the only link in a mail.
fn link(mail: &Delivered) -> String {
    let (_, rest) = mail.text.split_once("http://localhost:8080").unwrap_or_else(|| panic!("{}", mail.text));
    rest.split_whitespace().next().unwrap().to_owned()
}

impl TestSite {
    /// Sends the form of the page at `path`.
    async fn fill(&self, browser: &mut Browser, path: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(browser, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text);
        let key = Uuid::new_v4().to_string();
        let csrf = if page.text.contains("name=\"csrf\"") { page.hidden("csrf") } else { String::new() };
        self.post(browser, action, &[&[("csrf", csrf.as_str()), ("idempotency_key", &key)], fields].concat()).await
    }

    async fn invite(&self, browser: &mut Browser, email: &str) -> Answer {
        let fields = [("full_name", "Selam Girma Abera"), ("role", "OFFICER"), ("email", email)];
        self.fill(browser, "/staff", "/staff/invitations", &fields).await
    }

    /// Somebody whose address is known to be theirs.
    async fn add_reachable(&self, username: &str, email: &str) -> Uuid {
        let id = self.add_user(username, "COMMERCIAL_BANK", "OFFICER", false).await;
        self.execute(&format!("update users set email = '{email}', email_verified_at = now() where id = '{id}'")).await;
        id
    }

    async fn forget(&self, username: &str) -> Answer {
        let path = "/forgotten-password";
        self.fill(&mut Browser::default(), path, path, &[("username", username)]).await
    }

    async fn one(&self, query: &str) -> String {
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut self.sql().await).await.unwrap()
    }
}

#[tokio::test]
async fn a_colleague_is_invited_by_mail_and_comes_in_by_its_link() {
    let (site, postbox) = site().await;
    let mut admin = site.sign_in("bank.admin").await;
    let answer = site.invite(&mut admin, "Selam.Girma@Bank.Example").await;
    assert_eq!(answer.location(), "/staff", "{}", answer.text);
    let page = site.get(&mut admin, "/staff").await;
    assert!(!page.text.contains("8080/invitations/"), "who invites does not see the link: {}", page.text);
    assert!(page.text.contains("mail on its way") && page.text.contains("selam.girma@bank.example"), "{}", page.text);
    assert!(postbox.take().is_empty(), "nothing is sent while a form is answered");

    site.do_all().await;
    let mails = postbox.take();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(
        (mail.from.as_str(), mail.to.as_slice()),
        ("no-reply@jebena.example", &["selam.girma@bank.example".to_owned()][..])
    );
    assert!(
        mail.text.contains("Dear Selam Girma Abera,") && mail.text.contains("Subject: You are invited"),
        "{}",
        mail.text
    );
    assert!(site.get(&mut admin, "/staff").await.text.contains("mail sent"));
    site.do_all().await;
    assert!(postbox.take().is_empty(), "once");

    let (mut stranger, path) = (Browser::default(), link(mail));
    let fields = [("username", "selam.girma"), ("password", NEW_PASSWORD), ("password_again", NEW_PASSWORD)];
    let answer = site.fill(&mut stranger, &path, &path, &fields).await;
    assert_eq!(answer.location(), "/sign-in", "{}", answer.text);
    let known = "select email || (email_verified_at is not null) from users where username = 'selam.girma'";
    assert_eq!(site.one(known).await, "selam.girma@bank.exampletrue");
}

#[tokio::test]
async fn no_secret_and_no_address_waits_in_the_queue() {
    let (site, _) = site().await;
    let mut admin = site.sign_in("bank.admin").await;
    site.invite(&mut admin, "selam.girma@bank.example").await;
    site.add_reachable("hana.tolosa", "hana@bank.example").await;
    site.forget("hana.tolosa").await;
    let rows =
        "select coalesce(string_agg(j::text, ' '), '') || (select string_agg(m::text, ' ') from mails m) from jobs j";
    let waiting = site.one(rows).await;
    assert!(waiting.contains("SEND_MAIL"), "{waiting}");
    for part in ["@", "http", "selam", "hana"] {
        assert!(!waiting.contains(part), "{part}: {waiting}");
    }
}

#[tokio::test]
async fn a_mail_server_that_is_away_gets_the_mail_later_and_one_that_refuses_is_not_asked_again() {
    let (site, postbox) = site().await;
    let mut admin = site.sign_in("bank.admin").await;
    site.invite(&mut admin, "selam.girma@bank.example").await;
    postbox.be(Mood::Busy);
    site.do_all().await;
    assert!(site.get(&mut admin, "/staff").await.text.contains("mail on its way"));
    postbox.be(Mood::Willing);
    site.clock.advance(Duration::seconds(10));
    site.do_all().await;
    assert_eq!(postbox.take().len(), 1);

    let mut admin = site.sign_in("bank2.admin").await;
    site.invite(&mut admin, "nobody@bank.example").await;
    postbox.be(Mood::Unwilling);
    site.do_all().await;
    assert!(site.get(&mut admin, "/staff").await.text.contains("could not be delivered"));
    postbox.be(Mood::Willing);
    site.clock.advance(Duration::days(1));
    site.do_all().await;
    assert!(postbox.take().is_empty());
    let error = site.one("select error from job_attempts where error like '%take it%'").await;
    assert_eq!(error, "the mail server does not take it: 550", "without an address");

    // Whoever runs the system has seen to the server, and tries it again.
    let failed = site.one("select job_id::text from jobs where status = 'FAILED'").await;
    let mut operator = site.sign_in("admin").await;
    let job = format!("/admin/jobs/{failed}");
    let answer = site.fill(&mut operator, &job, &format!("{job}/retry"), &[]).await;
    assert_eq!(answer.location(), job, "{}", answer.text);
    site.do_all().await;
    assert_eq!(postbox.take().len(), 1, "a try that is done has sent it");
    let mut admin = site.sign_in("bank2.admin").await;
    assert!(site.get(&mut admin, "/staff").await.text.contains("mail sent"));
}

#[tokio::test]
async fn an_invitation_that_is_withdrawn_before_its_mail_is_written_is_not_mailed() {
    let (site, postbox) = site().await;
    let mut admin = site.sign_in("bank.admin").await;
    site.invite(&mut admin, "selam.girma@bank.example").await;
    site.execute("update invitations set withdrawn_at = now(), withdrawn_by = invited_by where email is not null")
        .await;
    site.do_all().await;
    assert!(postbox.take().is_empty());
    assert_eq!(site.one("select status from mails").await, "NEEDLESS");
}

#[tokio::test]
async fn what_is_no_address_is_not_written_to() {
    let (site, postbox) = site().await;
    let mut admin = site.sign_in("bank.admin").await;
    for bad in ["selam", "a@b.et\r\nBcc: c@d.et", "a@b.et, c@d.et", "<a@b.et>"] {
        let answer = site.invite(&mut admin, bad).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}: {}", answer.text);
    }
    // A name is a name, whatever it looks like.
    let fields =
        [("full_name", "Selam Girma Bcc: evil@example.com"), ("role", "OFFICER"), ("email", "selam@bank.example")];
    site.fill(&mut admin, "/staff", "/staff/invitations", &fields).await;
    site.do_all().await;
    let mails = postbox.take();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["selam@bank.example"]);
}

#[tokio::test]
async fn who_has_forgotten_the_password_sets_another_by_a_link_that_works_once() {
    let (site, postbox) = site().await;
    let person = site.add_reachable("hana.tolosa", "hana@bank.example").await;
    let mut inside = Browser::default();
    let old = [("username", "hana.tolosa"), ("password", crate::site::PASSWORD)];
    assert_eq!(site.post(&mut inside, "/sign-in", &old).await.status, StatusCode::SEE_OTHER);

    let answer = site.forget("Hana.Tolosa ").await;
    assert_eq!(answer.location(), "/sign-in");
    site.do_all().await;
    let mails = postbox.take();
    let path = link(&mails[0]);
    let short = [("password", "short"), ("password_again", "short")];
    let answer = site.fill(&mut Browser::default(), &path, &path, &short).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let new = [("password", NEW_PASSWORD), ("password_again", NEW_PASSWORD)];
    let answer = site.fill(&mut Browser::default(), &path, &path, &new).await;
    assert_eq!(answer.location(), "/sign-in", "{}", answer.text);

    let over = site.get(&mut Browser::default(), &path).await;
    assert_eq!(over.status, StatusCode::NOT_FOUND, "once");
    assert!(over.text.contains("This link works no more"), "{}", over.text);
    assert!(over.text.contains("href=\"/forgotten-password\""), "{}", over.text);
    assert_eq!(site.get(&mut inside, "/account").await.status, StatusCode::SEE_OTHER, "out everywhere");
    assert_ne!(site.post(&mut Browser::default(), "/sign-in", &old).await.status, StatusCode::SEE_OTHER);
    let new = [("username", "hana.tolosa"), ("password", NEW_PASSWORD)];
    assert_eq!(site.post(&mut Browser::default(), "/sign-in", &new).await.status, StatusCode::SEE_OTHER);
    site.do_all().await;
    let told = postbox.take();
    assert!(told.len() == 1 && told[0].text.contains("was changed"), "{told:?}");
    let events = format!(
        "select string_agg(event_type, ' ' order by seq) from audit.events where entity_id = '{person}'
             and event_type like 'PASSWORD%'"
    );
    assert_eq!(site.one(&events).await, "PASSWORD_RESET_ASKED PASSWORD_CHANGED");
}

#[tokio::test]
async fn known_and_unknown_names_are_answered_alike_and_only_the_known_get_a_mail() {
    let (site, postbox) = site().await;
    site.add_reachable("hana.tolosa", "hana@bank.example").await;
    // Known, but to nobody's mailbox; of the demonstration; nobody.
    site.add_user("abel.tesfa", "COMMERCIAL_BANK", "OFFICER", false).await;
    let mut answers = Vec::new();
    for name in ["hana.tolosa", "abel.tesfa", "nbe.officer", "no.such.person", &"a".repeat(500)] {
        let before = site.count("select count(*) from password_resets").await;
        let answer = site.forget(name).await;
        assert_eq!(site.count("select count(*) from password_resets").await, before + 1, "{name}");
        answers.push((answer.status, answer.location().to_owned(), answer.text));
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:?}");
    site.do_all().await;
    let mails = postbox.take();
    assert!(mails.len() == 1 && mails[0].to == ["hana@bank.example"], "{mails:?}");
}

#[tokio::test]
async fn a_link_ends_after_an_hour_and_with_the_next_password_and_nobody_gets_many() {
    let (site, postbox) = site().await;
    site.add_reachable("hana.tolosa", "hana@bank.example").await;
    for _ in 0..5 {
        site.forget("hana.tolosa").await;
    }
    site.do_all().await;
    let mails = postbox.take();
    assert_eq!(mails.len(), 3, "three in an hour");
    let paths: Vec<String> = mails.iter().map(link).collect();
    let new = [("password", NEW_PASSWORD), ("password_again", NEW_PASSWORD)];
    site.fill(&mut Browser::default(), &paths[0], &paths[0], &new).await;
    assert_eq!(site.get(&mut Browser::default(), &paths[1]).await.status, StatusCode::NOT_FOUND);

    site.clock.advance(Duration::minutes(61));
    site.forget("hana.tolosa").await;
    site.do_all().await;
    let later = postbox.take();
    let path = later.iter().find(|mail| mail.text.contains("/new-password/")).map(link).unwrap();
    site.clock.advance(Duration::minutes(60));
    assert_eq!(site.get(&mut Browser::default(), &path).await.status, StatusCode::NOT_FOUND);
    for bad in ["/new-password/x", &format!("/new-password/{}", "A".repeat(32))] {
        assert_eq!(site.get(&mut Browser::default(), bad).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn forms_that_are_sent_twice_have_one_effect() {
    let (site, postbox) = site().await;
    site.add_reachable("hana.tolosa", "hana@bank.example").await;
    let (mut stranger, key) = (Browser::default(), Uuid::new_v4().to_string());
    let csrf = site.get(&mut stranger, "/forgotten-password").await.hidden("csrf");
    let asked = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("username", "hana.tolosa")];
    let answers = join_all((0..8).map(|_| async {
        site.post(&mut stranger.clone(), "/forgotten-password", &asked).await.location().to_owned()
    }))
    .await;
    assert!(answers.iter().all(|location| location == "/sign-in"), "{answers:?}");
    site.do_all().await;
    let mails = postbox.take();
    assert_eq!(mails.len(), 1);

    let path = link(&mails[0]);
    let csrf = site.get(&mut stranger, &path).await.hidden("csrf");
    let key = Uuid::new_v4().to_string();
    let set = [
        ("csrf", csrf.as_str()),
        ("idempotency_key", &key),
        ("password", NEW_PASSWORD),
        ("password_again", NEW_PASSWORD),
    ];
    let answers =
        join_all((0..3).map(|_| async { site.post(&mut stranger.clone(), &path, &set).await.location().to_owned() }))
            .await;
    assert!(answers.iter().all(|location| location == "/sign-in"), "{answers:?}");
    let changed = "select count(*) from audit.events where event_type = 'PASSWORD_CHANGED'";
    assert_eq!(site.count(changed).await, 1);
    // With another key it is another form, and the link is used.
    let other = Uuid::new_v4().to_string();
    let again = [set[0], ("idempotency_key", other.as_str()), set[2], set[3]];
    assert_eq!(site.post(&mut stranger.clone(), &path, &again).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_new_password_by_mail_opens_a_door_that_failures_have_closed() {
    let (site, postbox) = site().await;
    let site = site.limited();
    site.add_reachable("hana.tolosa", "hana@bank.example").await;
    let wrong = [("username", "hana.tolosa"), ("password", "not this one either")];
    for _ in 0..5 {
        site.post(&mut Browser::default(), "/sign-in", &wrong).await;
    }
    let right = [("username", "hana.tolosa"), ("password", NEW_PASSWORD)];
    let answer = site.post(&mut Browser::default(), "/sign-in", &right).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    site.forget("hana.tolosa").await;
    site.do_all().await;
    let path = link(&postbox.take()[0]);
    let new = [("password", NEW_PASSWORD), ("password_again", NEW_PASSWORD)];
    site.fill(&mut Browser::default(), &path, &path, &new).await;
    assert_eq!(site.post(&mut Browser::default(), "/sign-in", &right).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn mails_speak_the_language_of_who_asks() {
    let (site, postbox) = site().await;
    let mut admin = site.sign_in("bank.admin").await;
    let csrf = site.get(&mut admin, "/help").await.hidden("csrf");
    site.post(&mut admin, "/language", &[("csrf", &csrf), ("language", "am"), ("next", "/staff")]).await;
    site.invite(&mut admin, "selam.girma@bank.example").await;
    site.do_all().await;
    let mails = postbox.take();
    assert!(mails[0].text.contains("ውድ Selam Girma Abera፣"), "{}", mails[0].text);
    assert!(mails[0].text.contains("Subject: =?utf-8?"), "{}", mails[0].text);
}

#[tokio::test]
async fn a_demonstration_shows_its_mails_and_nothing_else_does() {
    let site = TestSite::seeded().await;
    site.execute("update job_schedules set next_run_at = '2100-01-01'").await;
    let mut admin = site.sign_in("bank.admin").await;
    site.invite(&mut admin, "selam.girma@bank.example").await;
    site.do_all().await;
    let mut stranger = Browser::default();
    let page = site.get(&mut stranger, "/demo/mails").await;
    assert!(page.text.contains("selam.girma@bank.example"), "{}", page.text);
    let mail = page.text.split("href=\"/demo/mails/").nth(1).unwrap().split('"').next().unwrap();
    let mail = site.get(&mut stranger, &format!("/demo/mails/{mail}")).await;
    let path = mail.text.split("href=\"/invitations/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(site.get(&mut stranger, &format!("/invitations/{path}")).await.status, StatusCode::OK);

    let real = TestSite::with(false, jebena::database::PoolSettings::default()).await;
    assert_eq!(real.get(&mut Browser::default(), "/demo/mails").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_a_mail_server_the_link_is_handed_over_and_nothing_is_promised() {
    let site = TestSite::seeded().await.mailing(Mailer::Nobody);
    let mut admin = site.sign_in("bank.admin").await;
    assert!(!site.get(&mut admin, "/staff").await.text.contains("name=\"email\""));
    // The page has no field for an address.
    let mailed = site.invite(&mut admin, "selam.girma@bank.example").await;
    assert_eq!(mailed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", mailed.text);
    let fields = [("full_name", "Selam Girma Abera"), ("role", "OFFICER")];
    site.fill(&mut admin, "/staff", "/staff/invitations", &fields).await;
    assert!(site.get(&mut admin, "/staff").await.text.contains("8080/invitations/"));
    assert_eq!(site.count("select count(*) from mails").await, 0);
    let page = site.get(&mut Browser::default(), "/forgotten-password").await;
    assert!(page.text.contains("This site sends no mail"), "{}", page.text);
}

#[tokio::test]
async fn the_mail_with_a_link_is_in_the_language_of_the_account() {
    let (site, postbox) = site().await;
    site.add_reachable("hana.tolosa", "hana@bank.example").await;
    site.execute("update users set language = 'am' where username = 'hana.tolosa'").await;
    // The page on which it is asked for is English.
    site.forget("hana.tolosa").await;
    site.do_all().await;
    let mails = postbox.take();
    assert!(mails.len() == 1 && mails[0].text.contains("ውድ") && !mails[0].text.contains("Dear"), "{mails:?}");
}

#[tokio::test]
async fn where_no_mail_goes_out_nothing_is_promised() {
    let site = TestSite::start().await.mailing(Mailer::Nobody);
    let mut stranger = Browser::default();
    let page = site.get(&mut stranger, "/forgotten-password").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("sends no mail") && !page.text.contains("name=\"username\""), "{}", page.text);
    let before = site.count("select count(*) from password_resets").await;
    // A form of before.
    let csrf = site.get(&mut stranger, "/register").await.hidden("csrf");
    let key = Uuid::new_v4().to_string();
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("username", "hana.tolosa")];
    let answer = site.post(&mut stranger, "/forgotten-password", &fields).await;
    assert_eq!(answer.location(), "/forgotten-password", "{}", answer.text);
    assert!(!site.get(&mut stranger, "/sign-in").await.text.contains("a mail is on its way"));
    assert_eq!(site.count("select count(*) from password_resets").await, before);
}
