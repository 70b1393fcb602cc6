//! What people are told: exactly once, only what they may see, how they want it, by mail as well.

use chrono::Duration;
use futures::future::join_all;
use http::StatusCode;
use jebena::notifications::{NewsEvent, audience, deliver};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::decisions::submitted;
use crate::postbox::{Mood, Postbox};
use crate::site::TestSite;
use crate::walk::user;

const HOME: &str = "/notifications";
const SETTINGS: &str = "/account/notifications";
const REASON: (&str, &str) = ("reason", "The invoice names another buyer.");

impl TestSite {
    /// Passes on what waits.
    async fn tell_people(&self) {
        while deliver(&self.state.db, self.now()).await.unwrap() > 0 {}
    }

    /// A site on which nothing happened yet that anybody was told of, and whose mails wait for the test.
    async fn silent(self) -> Self {
        self.tell_people().await;
        self.execute("delete from notifications; delete from mails; delete from jobs; update job_schedules set next_run_at = '2100-01-01'")
            .await;
        self
    }

    /// What somebody was told, in order.
    async fn told(&self, username: &str) -> Vec<String> {
        let query = format!(
            "select n.event from notifications n join users u on u.id = n.user_id
             where u.username = '{username}' order by n.created_at, n.outbox_event_id"
        );
        sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut self.sql().await).await.unwrap()
    }

    async fn make_reachable(&self, username: &str, language: &str) {
        self.execute(&format!(
            "update users set email = '{username}@mail.example', email_verified_at = now(), language = '{language}'
             where username = '{username}'"
        ))
        .await;
    }

    async fn send_back(&self, export: Uuid, decision: &str) {
        let answer = self.decide("bank.officer", export, "bank-check", &[("decision", decision), REASON]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }

    async fn write(&self, username: &str, export: Uuid) {
        let mut browser = self.sign_in(username).await;
        let (case, action) = (format!("/exports/{export}"), format!("/exports/{export}/messages"));
        let answer = self.fill_in(&mut browser, &case, &action, &[("text", "Which bank confirms?")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }

    /// The status of the answer to settings with `changes`, and its text.
    async fn choose(&self, username: &str, changes: &[(&str, &str)]) -> (StatusCode, String) {
        let mut browser = self.sign_in(username).await;
        let usual = [("quiet_from", ""), ("quiet_until", ""), ("digest_hour", "8")];
        let kept = usual.iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name)).copied();
        let fields: Vec<(&str, &str)> = kept.chain(changes.iter().copied()).collect();
        let answer = self.fill_in(&mut browser, SETTINGS, SETTINGS, &fields).await;
        (answer.status, answer.text)
    }
}

#[tokio::test]
async fn who_may_see_a_case_hears_of_it_once_and_nobody_of_their_own_acts() {
    let site = TestSite::seeded().await.silent().await;
    let export = submitted(&site).await;
    let workers = join_all((0..4).map(|_| deliver(&site.state.db, site.now()))).await;
    assert!(workers.into_iter().all(|done| done.is_ok()));
    site.tell_people().await;
    assert_eq!(site.told("bank.officer").await, ["CASE_WAITING"]);
    assert_eq!(site.told("exporter.owner").await, Vec::<String>::new(), "it was they who submitted it");
    let twice =
        "select count(*) from (select from notifications group by outbox_event_id, user_id having count(*) > 1) x";
    assert_eq!(site.count(twice).await, 0);

    // Passed on again, as by a worker that died after it: nobody is told twice.
    let before = site.count("select count(*) from notifications").await;
    site.execute("update outbox set delivered_at = null").await;
    site.tell_people().await;
    assert_eq!(site.count("select count(*) from notifications").await, before);

    site.clock.advance(Duration::seconds(1));
    site.write("bank.supervisor", export).await;
    site.clock.advance(Duration::seconds(1));
    site.send_back(export, "return").await;
    site.tell_people().await;
    assert_eq!(site.told("exporter.owner").await, ["CASE_MESSAGE", "CASE_RETURNED"]);
    assert_eq!(site.told("bank.officer").await, ["CASE_WAITING", "CASE_MESSAGE"]);
    assert_eq!(site.told("bank.supervisor").await, ["CASE_WAITING"], "not of their own message");
    let codes =
        "select array_agg(distinct o.code order by o.code) from notifications n join users u on u.id = n.user_id
                 join organizations o using (organization_id)";
    let codes: Vec<String> = sqlx::query_scalar(codes).fetch_one(&mut site.sql().await).await.unwrap();
    assert_eq!(codes, ["BANK", "EXPORTER"]);
    for stranger in ["bank2.officer", "exporter2.owner", "shipping.officer", "admin"] {
        assert_eq!(site.told(stranger).await, Vec::<String>::new(), "{stranger}");
    }
}

#[tokio::test]
async fn the_list_counts_what_is_unread_and_opening_leads_into_the_case() {
    let site = TestSite::seeded().await.silent().await;
    let export = submitted(&site).await;
    site.send_back(export, "return").await;
    site.clock.advance(Duration::seconds(1));
    site.write("bank.officer", export).await;
    site.tell_people().await;

    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, HOME).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains("class=\"app-count\">2<"), "{}", page.text);
    assert!(page.text.contains("is sent back to you with a question: Bank check"), "{}", page.text);
    let (newest, _) = page.text.split_once("New message on").unwrap();
    let id = newest.rsplit_once("name=\"notification\" value=\"").unwrap().1.split('"').next().unwrap().to_owned();

    let mut stranger = site.sign_in("exporter2.owner").await;
    let csrf = site.get(&mut stranger, HOME).await.hidden("csrf");
    let refused = site.post(&mut stranger, "/notifications/open", &[("csrf", &csrf), ("notification", &id)]).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text);

    let csrf = page.hidden("csrf");
    for _ in 0..2 {
        let opened = site.post(&mut owner, "/notifications/open", &[("csrf", &csrf), ("notification", &id)]).await;
        assert_eq!(opened.location(), format!("/exports/{export}#messages"), "{}", opened.text);
    }
    let page = site.get(&mut owner, "/notifications?show=unread").await;
    assert!(page.text.contains("class=\"app-count\">1<") && !page.text.contains("New message on"), "{}", page.text);
    let (unread, read) = {
        let all = site.get(&mut owner, HOME).await.text;
        (all.find("is sent back").unwrap(), all.find("New message on").unwrap())
    };
    assert!(unread < read, "what is unread comes first, though it is older");

    let answer = site.fill_in(&mut owner, HOME, "/notifications/read", &[]).await;
    assert_eq!(answer.location(), HOME, "{}", answer.text);
    let page = site.get(&mut owner, "/notifications?show=unread").await;
    assert!(page.text.contains("Nothing unread") && !page.text.contains("app-count\">"), "{}", page.text);

    // 30 more: two pages, each once.
    site.execute(
        "insert into notifications (notification_id, user_id, event, subject_kind, subject_id, facts, is_critical, in_app, mail,
             outbox_event_id, created_at)
         select gen_random_uuid(), id, 'CASE_SHIPPED', 'EXPORT', gen_random_uuid(), jsonb_build_object('number', 'N' || n || 'N'),
                false, true, 'OFF', 1000000 + n, now() from users, generate_series(1, 30) n where username = 'exporter.owner'",
    )
    .await;
    let first = site.get(&mut owner, HOME).await.text;
    let (_, rest) = first.split_once("rel=\"next\" href=\"").unwrap();
    let next = rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    let both = first + &site.get(&mut owner, &next).await.text;
    for n in 1..=30 {
        assert_eq!(both.matches(&format!("N{n}N is on board")).count(), 1, "{n}: {next}");
    }
}

#[tokio::test]
async fn what_is_muted_is_not_told_and_what_is_critical_cannot_be() {
    let site = TestSite::seeded().await.silent().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, SETTINGS).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(
        page.text.contains("Your export is rejected") && page.text.contains("cannot be switched off"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("mail_case_rejected") && page.text.contains("mail_case_returned"), "{}", page.text);

    let muted = [("in_app_case_returned", "no"), ("mail_case_returned", "OFF")];
    let (status, text) = site.choose("exporter.owner", &muted).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{text}");
    let critical = [("in_app_case_rejected", "no"), ("mail_case_rejected", "OFF")];
    let (status, text) = site.choose("exporter.owner", &critical).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
    let (status, _) =
        site.choose("exporter.owner", &[("in_app_case_waiting", "no"), ("mail_case_waiting", "OFF")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "it does not concern an exporter");

    let owner = user(&site, "exporter.owner").await;
    for statement in [
        format!("insert into notification_preferences values ('{owner}', 'CASE_REJECTED', false, 'OFF')"),
        format!(
            "insert into notifications values (gen_random_uuid(), '{owner}', 'SECURITY_ALERT', 'ALERT', gen_random_uuid(), '{{}}',
                 false, false, 'DIGEST', 1, null, now(), null)"
        ),
    ] {
        let refused = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut site.sql().await).await.unwrap_err();
        assert!(refused.to_string().contains("check constraint"), "{refused}");
    }

    let export = submitted(&site).await;
    site.send_back(export, "return").await;
    site.tell_people().await;
    assert_eq!(site.told("exporter.owner").await, Vec::<String>::new(), "muted");
    let other = submitted(&site).await;
    site.send_back(other, "reject").await;
    site.tell_people().await;
    assert_eq!(site.told("exporter.owner").await, ["CASE_REJECTED"]);
    // Back to the usual: no row is left.
    let usual = [("in_app_case_returned", "yes"), ("mail_case_returned", "IMMEDIATE")];
    assert_eq!(site.choose("exporter.owner", &usual).await.0, StatusCode::SEE_OTHER);
    assert_eq!(site.count("select count(*) from notification_preferences").await, 0);
}

#[tokio::test]
async fn times_that_do_not_fit_are_said_at_their_field() {
    let site = TestSite::seeded().await.silent().await;
    for (changes, said) in [
        (vec![("quiet_from", "21"), ("quiet_until", "21")], "Choose another hour"),
        (vec![("quiet_from", "21"), ("quiet_until", "")], "quiet_until-error"),
        (vec![("quiet_from", ""), ("quiet_until", "6")], "quiet_from-error"),
        (vec![("quiet_from", "21"), ("quiet_until", "9")], "outside your quiet hours"),
        (vec![("digest_hour", "24")], "digest_hour-error"),
    ] {
        let (status, text) = site.choose("nbe.officer", &changes).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}: {text}");
        assert!(text.contains(said), "{changes:?}: {text}");
    }
    assert_eq!(site.count("select count(*) from notification_times").await, 0);
    let fits = [("quiet_from", "21"), ("quiet_until", "6"), ("digest_hour", "7")];
    assert_eq!(site.choose("nbe.officer", &fits).await.0, StatusCode::SEE_OTHER);
    let kept = "select count(*) from notification_times where (quiet_from, quiet_until, digest_hour) = (21, 6, 7)";
    assert_eq!(site.count(kept).await, 1);
}

#[tokio::test]
async fn a_mail_comes_at_once_again_after_a_failure_and_after_the_quiet_hours() {
    let postbox = Postbox::open().await;
    let site = TestSite::seeded().await.silent().await.mailing(postbox.mailer());
    site.make_reachable("exporter.owner", "en").await;
    let export = submitted(&site).await;
    site.send_back(export, "return").await;
    site.tell_people().await;
    postbox.be(Mood::Busy);
    site.do_all().await;
    let mut owner = site.sign_in("exporter.owner").await;
    assert!(site.get(&mut owner, HOME).await.text.contains("mail on its way"));
    postbox.be(Mood::Willing);
    site.clock.advance(Duration::seconds(10));
    site.do_all().await;
    let mails = postbox.take();
    let [mail] = mails.as_slice() else { panic!("{mails:?}") };
    assert_eq!(mail.to, ["exporter.owner@mail.example"]);
    assert!(mail.text.contains(&format!("http://localhost:8080/exports/{export}")), "{}", mail.text);
    assert!(site.get(&mut owner, HOME).await.text.contains("mail sent"));
    site.do_all().await;
    assert!(postbox.take().is_empty(), "once");

    // It is two in the afternoon: quiet until four.
    let quiet = [("quiet_from", "14"), ("quiet_until", "16")];
    assert_eq!(site.choose("exporter.owner", &quiet).await.0, StatusCode::SEE_OTHER);
    site.write("bank.officer", export).await;
    site.tell_people().await;
    site.do_all().await;
    assert!(postbox.take().is_empty(), "quiet");
    site.clock.advance(Duration::hours(2));
    site.do_all().await;
    assert_eq!(postbox.take().len(), 1);

    // What was read meanwhile needs no mail.
    site.clock.advance(Duration::seconds(1));
    site.write("bank.officer", export).await;
    site.tell_people().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.fill_in(&mut owner, HOME, "/notifications/read", &[]).await;
    site.do_all().await;
    assert!(postbox.take().is_empty());
    assert_eq!(site.count("select count(*) from mails where status = 'NEEDLESS'").await, 1);
}

#[tokio::test]
async fn the_mail_of_the_day_comes_at_its_hour_in_the_readers_language() {
    let postbox = Postbox::open().await;
    let site = TestSite::seeded().await.silent().await.mailing(postbox.mailer());
    site.make_reachable("bank.officer", "en").await;
    site.make_reachable("bank.supervisor", "am").await;
    submitted(&site).await;
    site.tell_people().await;
    site.do_all().await;
    assert!(postbox.take().is_empty(), "it waits for the mail of the day");
    let due = "update job_schedules set next_run_at = 'epoch' where kind = 'SEND_DIGESTS'";
    site.execute(due).await;
    site.do_all().await;
    assert!(postbox.take().is_empty(), "today's hour is over");
    // To eight in the morning, and a little more.
    site.clock.advance(Duration::hours(20) + Duration::minutes(30));
    for _ in 0..2 {
        site.execute(due).await;
        site.do_all().await;
    }
    let mut mails = postbox.take();
    mails.sort_by(|one, other| one.to.cmp(&other.to));
    let [english, amharic] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(english.text.contains("waits in your queue: Bank check"), "{}", english.text);
    assert!(amharic.text.contains("በወረፋዎ ይጠብቃል፦ የባንክ ምርመራ"), "{}", amharic.text);
    site.clock.advance(Duration::hours(24));
    site.execute(due).await;
    site.do_all().await;
    assert!(postbox.take().is_empty(), "nothing is new");
}

#[tokio::test]
async fn an_alert_is_told_to_who_acts_on_it_but_not_to_whom_it_is_about() {
    let site = TestSite::seeded().await.silent().await;
    let (about, bank) = (user(&site, "bank.admin").await, crate::walk::organization(&site, "BANK").await);
    site.execute(&format!(
        "insert into security_alerts (alert_id, rule, subject_kind, subject_id, organization_id, severity, measure, figure,
             threshold, window_from, window_until, opened_at)
         values ('{about}', 'FAILED_SIGN_INS', 'USER', '{about}', '{bank}', 'HIGH', 'FAILURES', 9, 5, now(), now(), now());
         insert into outbox (kind, subject, subject_id, payload, created_at)
         values ('alert.raised', 'alert', '{about}', '{{}}', now())"
    ))
    .await;
    site.tell_people().await;
    assert_eq!(site.told("admin").await, ["SECURITY_ALERT"]);
    for nobody in ["bank.admin", "bank.officer", "nbe.admin", "auditor"] {
        assert_eq!(site.told(nobody).await, Vec::<String>::new(), "{nobody}");
    }
}

#[tokio::test]
async fn a_person_reads_their_own_and_changes_nothing_but_that_they_read_it() {
    let site = TestSite::seeded().await.silent().await;
    submitted(&site).await;
    site.tell_people().await;
    let officer = user(&site, "bank.officer").await;
    let mut sql = site.sql().await;
    sqlx::raw_sql(AssertSqlSafe(format!("set role jebena_party; set app.user_id = '{officer}'")))
        .execute(&mut sql)
        .await
        .unwrap();
    let seen: i64 = sqlx::query_scalar("select count(*) from notifications").fetch_one(&mut sql).await.unwrap();
    assert_eq!(seen, 1);
    for statement in [
        "update notifications set facts = '{}'",
        "delete from notifications",
        "insert into notifications select * from notifications",
    ] {
        assert!(sqlx::raw_sql(statement).execute(&mut sql).await.is_err(), "{statement}");
    }
    sqlx::raw_sql("update notifications set read_at = now()").execute(&mut sql).await.unwrap();
    assert!(sqlx::raw_sql("update notifications set read_at = null").execute(&mut sql).await.is_err(), "read is read");
    drop(sql);
    assert_eq!(site.count("select count(*) from notifications where read_at is not null").await, 1);

    site.clock.advance(Duration::days(91));
    site.remove_old("NOTIFICATIONS").await;
    assert_eq!(site.count("select count(*) from notifications").await, 0);
}

#[tokio::test]
async fn the_database_knows_the_events_and_which_are_critical() {
    let site = TestSite::start().await;
    let of = |table: &str, name: &str| {
        format!(
            "select pg_get_constraintdef(oid) from pg_constraint where conrelid = '{table}'::regclass and conname = '{name}'"
        )
    };
    let mut sql = site.sql().await;
    let mutable: String =
        sqlx::query_scalar(AssertSqlSafe(of("notification_preferences", "notification_preferences_mutable")))
            .fetch_one(&mut sql)
            .await
            .unwrap();
    let known: String = sqlx::query_scalar(AssertSqlSafe(of("notifications", "notifications_event_check")))
        .fetch_one(&mut sql)
        .await
        .unwrap();
    for event in NewsEvent::ALL {
        let code = format!("'{event}'");
        assert!(known.contains(&code), "{event}");
        assert_eq!(mutable.contains(&code), !event.is_critical(), "{event}");
    }
    assert!(audience().len() > NewsEvent::ALL.len());
}
