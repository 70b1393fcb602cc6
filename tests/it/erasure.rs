//! Having oneself erased: asked for, confirmed by mail, withdrawn, refused, carried out, certified, and replayed after a restore.

use chrono::Duration;
use http::{StatusCode, header};
use jebena::audit::{seal, verify};
use jebena::database::PoolSettings;
use jebena::i18n::Lang;
use jebena::organizations::erasure;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::postbox::{Delivered, Postbox};
use crate::site::{Answer, Browser, TestSite, encoded, form};

const HOME: &str = "/account/erasure";
const WITHDRAWAL: &str = "/account/erasure/withdrawal";
/// Who leaves: a regulator's officer who has decided cases, with a name that nobody else has.
const WHO: &str = "ecta.officer";
const EMAIL: &str = "leaving@officer.example";
/// What their browser says it is.
const BROWSER: &str = "Sandalwood/7.1";

impl TestSite {
    async fn text(&self, query: &str) -> String {
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut self.sql().await).await.unwrap()
    }

    async fn ask_to_be_erased(&self, browser: &mut Browser, password: &str) -> Answer {
        self.fill_in(browser, HOME, HOME, &[("current_password", password)]).await
    }

    /// Lets the job of erasing run once, with the mails that come of it.
    async fn erase_who_is_due(&self) {
        self.execute("update job_schedules set next_run_at = 'epoch' where kind = 'ERASE_PEOPLE'").await;
        self.do_all().await;
    }

    /// Signed in with a browser that tells a name.
    async fn sign_in_known(&self, username: &str) -> Browser {
        let mut browser = Browser::default();
        let fields = [("username", username), ("password", self.password)];
        let request = form("/sign-in", &fields).header(header::USER_AGENT, BROWSER).body(encoded(&fields)).unwrap();
        assert_eq!(self.call(&mut browser, request).await.status, StatusCode::SEE_OTHER);
        browser
    }

    /// The tables in which a row says `needle`.
    async fn tables_with(&self, needle: &str) -> Vec<String> {
        let mut sql = self.sql().await;
        let tables: Vec<String> = sqlx::query_scalar(
            "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in ('public', 'audit') and c.relkind = 'r' order by 1",
        )
        .fetch_all(&mut sql)
        .await
        .unwrap();
        let mut found = Vec::new();
        for table in tables {
            let query = format!("select exists (select from {table} t where strpos(lower(t::text), lower($1)) > 0)");
            if sqlx::query_scalar(AssertSqlSafe(query)).bind(needle).fetch_one(&mut sql).await.unwrap() {
                found.push(table);
            }
        }
        found
    }

    /// Asks and confirms, as a person does; the mailed link.
    async fn confirmed(&self, postbox: &Postbox, browser: &mut Browser) -> String {
        let asked = self.ask_to_be_erased(browser, self.password).await;
        assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, HOME), "{}", asked.text);
        self.do_all().await;
        let path = link(&only(postbox));
        // By a browser in which nobody is signed in.
        let confirmed = self.fill_in(&mut Browser::default(), &path, &path, &[]).await;
        assert_eq!((confirmed.status, confirmed.location()), (StatusCode::SEE_OTHER, path.as_str()));
        self.do_all().await;
        assert!(only(postbox).text.contains("You will be erased"));
        path
    }
}

fn only(postbox: &Postbox) -> Delivered {
    let mut mails = postbox.take();
    assert_eq!(mails.len(), 1, "{mails:?}");
    mails.remove(0)
}

/// The path of the only link in a mail.
fn link(mail: &Delivered) -> String {
    let (_, rest) = mail.text.split_once("http://localhost:8080").unwrap_or_else(|| panic!("{}", mail.text));
    rest.split_whitespace().next().unwrap().to_owned()
}

/// A site with the demo's data that mails to a server of its own, and somebody who can be written to.
async fn site() -> (TestSite, Postbox) {
    let postbox = Postbox::open().await;
    let site = TestSite::seeded().await.mailing(postbox.mailer());
    site.execute(&format!(
        "update job_schedules set next_run_at = '2100-01-01';
         update exports set claimed_by = null, claimed_at = null
         where claimed_by = (select id from users where username = '{WHO}');
         update users set email = '{EMAIL}', email_verified_at = now() where username = '{WHO}';
         -- A colleague's name begins like theirs.
         update users set username = 'second.ecta', email = null where username = '{WHO}2'"
    ))
    .await;
    (site, postbox)
}

async fn record_is_sound(site: &TestSite) {
    while seal::seal_batch(&site.state.db, site.now()).await.unwrap() > 0 {}
    let mut tx = site.state.db.begin_worker().await.unwrap();
    let report = verify::verify(&mut tx, &mut [], None).await.unwrap();
    assert!(report.is_sound() && report.seals > 0, "{:?}", report.faults);
}

#[tokio::test]
async fn who_is_erased_is_named_nowhere_and_what_they_decided_stands() {
    let (site, postbox) = site().await;
    let name = site.text(&format!("select full_name from users where username = '{WHO}'")).await;
    let id = site.text(&format!("select id::text from users where username = '{WHO}'")).await;
    let export = site
        .text(&format!(
            "select export_id::text from export_status_history where changed_by = '{id}' order by 1 limit 1"
        ))
        .await;
    let mut officer = site.sign_in_known(WHO).await;
    let wrong = site.ask_to_be_erased(&mut officer, "not the password").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    for needle in [WHO, EMAIL, name.as_str(), BROWSER] {
        assert!(!site.tables_with(needle).await.is_empty(), "{needle} is to be found before");
    }
    site.confirmed(&postbox, &mut officer).await;

    site.clock.advance(Duration::days(30) - Duration::seconds(1));
    site.erase_who_is_due().await;
    assert_eq!(site.text(&format!("select username from users where id = '{id}'")).await, WHO, "not before its day");
    let mut back = site.sign_in_known(WHO).await;
    assert!(site.get(&mut back, HOME).await.text.contains("You will be erased on"));
    site.clock.advance(Duration::seconds(1));
    site.erase_who_is_due().await;
    let farewell = only(&postbox);
    assert_eq!(farewell.to, [EMAIL]);

    // A paper that was signed says who signed it.
    assert_eq!(site.tables_with(&name).await, ["public.issued_papers"]);
    for needle in [WHO, EMAIL, BROWSER] {
        assert_eq!(site.tables_with(needle).await, [""; 0], "{needle}");
    }
    record_is_sound(&site).await;
    let signed_out = site.get(&mut back, HOME).await;
    assert_eq!(signed_out.status, StatusCode::SEE_OTHER, "the session is gone");
    for username in [WHO, &format!("erased-{}", id.replace('-', ""))] {
        let fields = [("username", username), ("password", site.password)];
        let refused = site.post(&mut Browser::default(), "/sign-in", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{username}: {}", refused.text);
    }
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let case = site.get(&mut supervisor, &format!("/exports/{export}")).await;
    assert!(case.status == StatusCode::OK && case.text.contains("Erased person"), "{}", case.text);

    let certificate = site.get(&mut Browser::default(), &link(&farewell)).await;
    assert_eq!(certificate.status, StatusCode::OK, "{}", certificate.text);
    let number = site.text("select erasure_id::text from erasures").await;
    // In words, with the day on which the law counts in both calendars.
    for part in [number.as_str(), "Sessions, your own", "A law demands the record", "E.C.)"] {
        assert!(certificate.text.contains(part), "{part}: {}", certificate.text);
    }
    for raw in ["user_sessions", "user_id", "audit.event"] {
        assert!(!certificate.text.contains(raw), "{raw}: {}", certificate.text);
    }
    assert!(!certificate.text.contains(&id) && !certificate.text.contains(&name));
    for username in ["admin", "auditor"] {
        let mut browser = site.sign_in(username).await;
        assert!(site.get(&mut browser, "/admin/erasures").await.text.contains(&number));
        let shown = site.get(&mut browser, &format!("/admin/erasures/{number}")).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        assert!(shown.text.contains("user_sessions.user_id"), "who audits finds the table: {}", shown.text);
    }

    let before = site.text("select string_agg(e::text, '') from erasures e").await;
    site.erase_who_is_due().await;
    assert_eq!(site.text("select string_agg(e::text, '') from erasures e").await, before, "once");
    assert!(postbox.take().is_empty());
    let told = format!(
        "select string_agg(event_type, ' ' order by seq) from audit.events where entity_id = '{id}'
                        and event_type like 'ERASURE%'"
    );
    assert_eq!(site.text(&told).await, "ERASURE_ASKED ERASURE_CONFIRMED ERASURE_DONE");
}

#[tokio::test]
async fn it_can_be_withdrawn_and_the_link_ends() {
    let (site, postbox) = site().await;
    let mut officer = site.sign_in(WHO).await;
    // Sent twice, it is asked for once.
    let page = site.get(&mut officer, HOME).await;
    let (csrf, shown_key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &shown_key), ("current_password", site.password)];
    for _ in 0..2 {
        assert_eq!(site.post(&mut officer, HOME, &fields).await.location(), HOME);
    }
    let key = Uuid::new_v4().to_string();
    let other_form = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("current_password", site.password)];
    assert_eq!(site.post(&mut officer, HOME, &other_form).await.status, StatusCode::CONFLICT);
    site.do_all().await;
    let path = link(&only(&postbox));
    let mut stranger = Browser::default();
    let shown = site.get(&mut stranger, &path).await;
    assert!(shown.status == StatusCode::OK && shown.headers["cache-control"] == "no-store");
    site.clock.advance(Duration::hours(24));
    assert_eq!(site.get(&mut stranger, &path).await.status, StatusCode::NOT_FOUND, "its time is over");
    let late = [("csrf", shown.hidden("csrf")), ("idempotency_key", Uuid::new_v4().to_string())];
    let late: Vec<(&str, &str)> = late.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(site.post(&mut stranger, &path, &late).await.status, StatusCode::NOT_FOUND);

    let mut officer = site.sign_in(WHO).await;
    let path = site.confirmed(&postbox, &mut officer).await;
    let again = site.post(&mut stranger, &path, &late).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, path.as_str()), "twice is once");
    site.do_all().await;
    assert!(postbox.take().is_empty());

    // Another person neither sees it nor can withdraw it.
    let mut other = site.sign_in("ecta.supervisor").await;
    let page = site.get(&mut other, HOME).await;
    assert!(!page.text.contains("You will be erased on"), "{}", page.text);
    let fields = [("csrf", page.hidden("csrf")), ("idempotency_key", Uuid::new_v4().to_string())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(site.post(&mut other, WITHDRAWAL, &fields).await.location(), HOME);
    let open = "select count(*) from erasures where confirmed_at is not null and withdrawn_at is null";
    assert_eq!(site.count(open).await, 1);

    let withdrawn = site.fill_in(&mut officer, HOME, WITHDRAWAL, &[]).await;
    assert_eq!((withdrawn.status, withdrawn.location()), (StatusCode::SEE_OTHER, HOME), "{}", withdrawn.text);
    assert_eq!(site.get(&mut stranger, &path).await.status, StatusCode::NOT_FOUND);
    site.clock.advance(Duration::days(31));
    site.erase_who_is_due().await;
    site.sign_in(WHO).await;
}

#[tokio::test]
async fn who_is_still_needed_is_refused_with_the_reason() {
    let (site, postbox) = site().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, HOME).await;
    assert!(page.text.contains("Nobody else can let people into your organisation"), "{}", page.text);
    assert!(!page.text.contains("name=\"current_password\""));
    let mut unreachable = site.sign_in("ecta.supervisor").await;
    assert!(site.get(&mut unreachable, HOME).await.text.contains("no e-mail address"));

    // Who claims an export meanwhile is not erased when their day comes, and told why.
    let mut officer = site.sign_in(WHO).await;
    site.confirmed(&postbox, &mut officer).await;
    site.execute(&format!(
        "update exports set claimed_by = (select id from users where username = '{WHO}'), claimed_at = now()
         where export_id = (select export_id from exports where status = 'PENDING' and claimed_by is null limit 1)"
    ))
    .await;
    site.clock.advance(Duration::days(30));
    site.erase_who_is_due().await;
    assert!(only(&postbox).text.contains("claimed exports"));
    let mut officer = site.sign_in(WHO).await;
    assert!(site.get(&mut officer, HOME).await.text.contains("You have claimed exports"));
    assert_eq!(site.count("select count(*) from erasures where refusal = 'OPEN_CLAIMS'").await, 1);
}

#[tokio::test]
async fn who_is_erased_half_is_not_erased_and_the_next_run_does_it() {
    let (site, postbox) = site().await;
    let mut officer = site.sign_in(WHO).await;
    site.confirmed(&postbox, &mut officer).await;
    site.clock.advance(Duration::days(30));
    // The last thing that is written fails.
    site.execute(
        "create function fail() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
         create trigger fail before update of done_at on erasures for each row execute function fail()",
    )
    .await;
    erasure::carry_out_due(&site.state.db, site.now()).await.unwrap_err();
    assert!(site.tables_with(EMAIL).await.contains(&"public.users".to_owned()), "all of it or nothing");
    site.execute("drop trigger fail on erasures").await;
    assert_eq!(erasure::carry_out_due(&site.state.db, site.now()).await.unwrap(), 1);
    assert_eq!(erasure::carry_out_due(&site.state.db, site.now()).await.unwrap(), 0);
    let kept: Vec<String> = site.tables_with(EMAIL).await;
    assert_eq!(kept, ["public.erasures"], "until the last mail has gone");
    site.clock.advance(Duration::days(3));
    site.remove_old("LAST_ADDRESSES").await;
    assert_eq!(site.tables_with(EMAIL).await, [""; 0]);
}

#[tokio::test]
async fn what_a_restore_brings_back_is_erased_again() {
    let (mut site, postbox) = site().await;
    let name = site.text(&format!("select full_name from users where username = '{WHO}'")).await;
    let mut officer = site.sign_in_known(WHO).await;
    site.confirmed(&postbox, &mut officer).await;
    // Yesterday's backup.
    let backup = site.text("select current_database()::text").await;
    site.state.db.close();
    site.execute(&format!(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{backup}' and pid <> pg_backend_pid()"
    ))
    .await;
    let pool = PoolSettings { min_connections: 0, ..PoolSettings::default() };
    let server = site.admin_options().clone().database("postgres");
    let restored = TestSite::on(server, &backup, true, pool).await;
    site.restart();
    site.clock.advance(Duration::days(30));
    site.erase_who_is_due().await;
    let ledger = erasure::list_ledger(&site.state.db).await.unwrap();
    assert_eq!(ledger.len(), 1);
    let text = serde_json::to_string(&ledger).unwrap();
    assert!(!text.contains(WHO) && !text.contains(&name), "{text}");

    restored.clock.advance(Duration::days(31));
    assert!(!restored.tables_with(EMAIL).await.is_empty(), "the backup knows them");
    let nobody = erasure::LedgerEntry { erasure: Uuid::new_v4(), person: Uuid::new_v4(), ..ledger[0].clone() };
    let ledger = [ledger[0].clone(), nobody];
    let replay = || erasure::replay(&restored.state.db, &ledger, restored.now());
    assert_eq!(replay().await.unwrap(), erasure::Replayed { erased: 1, already: 0, unknown: 1, held: 0 });
    assert_eq!(restored.tables_with(&name).await, ["public.issued_papers"]);
    for needle in [WHO, EMAIL, BROWSER] {
        assert_eq!(restored.tables_with(needle).await, [""; 0], "{needle}");
    }
    record_is_sound(&restored).await;
    assert_eq!(replay().await.unwrap(), erasure::Replayed { erased: 0, already: 1, unknown: 1, held: 0 });
    restored.erase_who_is_due().await;
    assert_eq!(restored.count("select count(*) from erasures where done_at is not null").await, 1);
    assert!(postbox.take().len() == 1, "of a replay nobody is told");
}

#[tokio::test]
async fn from_where_something_was_done_is_forgotten_after_ninety_days() {
    let site = TestSite::seeded().await;
    site.execute(
        "delete from audit.event_private;
         insert into audit.event_private (event_id, occurred_at, salt, payload)
         select e.event_id, e.occurred_at, decode(repeat('00', 16), 'hex'),
             jsonb_build_object('ip_address', '203.0.113.9', 'user_agent', 'x')
                 || case when n = 2 then '{\"reason\": \"kept\"}' else '{}' end::jsonb
         from (select e.*, row_number() over (order by occurred_at) n from audit.events e limit 3) e;
         update audit.event_private set occurred_at = '2020-01-01' where event_id in
             (select event_id from audit.event_private order by payload ? 'reason' desc, event_id limit 2)",
    )
    .await;
    site.execute("update audit.event_private set occurred_at = '2100-01-01' where occurred_at > '2020-01-01'").await;
    assert_eq!(site.remove_old("ORIGINS").await, 2);
    assert_eq!(site.count("select count(*) from audit.event_private").await, 2, "the row with a reason stays");
    assert_eq!(
        site.count("select count(*) from audit.event_private where payload = '{\"reason\": \"kept\"}'").await,
        1
    );
    assert_eq!(site.remove_old("ORIGINS").await, 0);
    record_is_sound(&site).await;
}

/// A place cannot be added without saying what becomes of it, and of each place that is cleared somebody knows how.
#[tokio::test]
async fn every_place_of_the_register_can_be_erased() {
    let site = TestSite::start().await;
    let cleared: Vec<String> = sqlx::query_scalar(
        "select source || '.' || person_column from processing_register where on_erasure = 'CLEAR' order by 1",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(cleared, ["invitations.accepted_by", "jobs.requested_by", "users.id"]);
    let walled = "select count(*) from processing_register r where on_erasure = 'DELETE'
        and not has_table_privilege('jebena_definer', r.source, 'delete')";
    assert_eq!(site.count(walled).await, 0, "the function may not delete there");
    let stranger = "select count(*) from pg_roles r where rolname ~ '^jebena_' and rolname not in
        ('jebena_worker', 'jebena_definer', 'jebena_owner')
        and has_function_privilege(oid, 'app.erase_person(uuid, timestamptz)', 'execute')";
    assert_eq!(site.count(stranger).await, 0, "nobody else erases");
}

#[tokio::test]
async fn who_is_erased_holds_no_role_and_is_let_in_by_nobody() {
    let (site, postbox) = site().await;
    let id = site.text(&format!("select id::text from users where username = '{WHO}'")).await;
    let name = site.text(&format!("select full_name from users where username = '{WHO}'")).await;
    // A colleague does their work for a while, and so do they for another.
    site.execute(&format!(
        "insert into user_roles (id, user_id, role_name, granted_at, granted_by, valid_from, valid_until, delegated_from, reason)
         select gen_random_uuid(), d.id, r.role_name, '{now}', r.user_id, '{now}', '{now}'::timestamptz + interval '80 days', r.id,
                'Annual leave'
         from user_roles r, users d
         where r.user_id = '{id}' and d.username = 'ecta.supervisor'",
        now = site.now().to_rfc3339(),
    ))
    .await;
    let mut officer = site.sign_in(WHO).await;
    let mut admin = site.sign_in("ecta.admin").await;
    assert!(site.get(&mut admin, "/staff").await.text.contains(&name));
    assert!(site.get(&mut admin, "/staff/roles").await.text.contains(&format!("value=\"{id}\"")));
    site.confirmed(&postbox, &mut officer).await;
    site.clock.advance(Duration::days(30));
    site.erase_who_is_due().await;

    let open = "select count(*) from user_roles r join users u on u.id = r.user_id
                where (u.erased_at is not null or r.delegated_from is not null) and r.revoked_at is null";
    assert_eq!(site.count(open).await, 0, "roles and what was delegated from them have ended");
    let on_record = format!(
        "select concat_ws(' ', jsonb_array_length(details -> 'roles'), jsonb_array_length(details -> 'delegations'))
         from audit.events where event_type = 'ERASURE_DONE' and entity_id = '{id}'"
    );
    assert_eq!(site.text(&on_record).await, "1 1", "in the record of the erasure");

    let mut admin = site.sign_in("ecta.admin").await;
    let staff = site.get(&mut admin, "/staff").await;
    assert!(!staff.text.contains("Erased person") && !staff.text.contains("erased-"), "{}", staff.text);
    let roles = site.get(&mut admin, "/staff/roles").await.text;
    assert!(roles.contains("Erased person"), "what they held is among what has ended: {roles}");
    assert!(!roles.contains("erased-") && !roles.contains(&format!("value=\"{id}\"")), "{roles}");
    let mut colleague = site.sign_in("second.ecta").await;
    assert!(!site.get(&mut colleague, "/account/delegations").await.text.contains(&id), "no delegate");

    // A page of before, a forged form, the command line, and the database.
    let enable = format!("/staff/{id}/account");
    let (csrf, key) = (staff.hidden("csrf"), Uuid::new_v4().to_string());
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("active", "yes")];
    let refused = site.post(&mut admin, &enable, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    assert!(refused.text.contains("This person was erased"), "{}", refused.text);
    let username = format!("erased-{}", id.replace('-', "")).parse().unwrap();
    let enabled = jebena::organizations::staff::set_active(&site.state.db, &username, true, site.now()).await;
    assert!(enabled.is_err(), "not from the command line");
    for statement in [
        format!("update users set is_active = true where id = '{id}'"),
        format!("update users set erased_at = null where id = '{id}'"),
        format!("insert into user_roles (user_id, role_name) values ('{id}', 'SUPERVISOR')"),
    ] {
        assert!(
            sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut site.sql().await).await.is_err(),
            "{statement}"
        );
    }

    // In the language of who reads.
    for lang in [Lang::EN, Lang::AM] {
        let code = lang.code();
        assert_eq!(site.text(&format!("select app.erased_name('{code}')")).await, erasure::erased_name(lang));
    }
    let export = site
        .text(&format!(
            "select export_id::text from export_status_history where changed_by = '{id}' order by 1 limit 1"
        ))
        .await;
    site.execute("update users set language = 'am' where username = 'ecta.supervisor'").await;
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let case = site.get(&mut supervisor, &format!("/exports/{export}")).await.text;
    assert!(case.contains(&erasure::erased_name(Lang::AM)) && !case.contains("Erased person"), "{case}");
}

#[tokio::test]
async fn who_has_no_address_is_led_to_giving_one() {
    let (site, _) = site().await;
    site.execute(&format!("update users set email = null, email_verified_at = null where username = '{WHO}'")).await;
    let mut officer = site.sign_in(WHO).await;
    let page = site.get(&mut officer, HOME).await;
    assert!(page.text.contains("href=\"/account/email\"") && !page.text.contains("invite you again"), "{}", page.text);
    assert!(!page.text.contains("user_sessions"), "places have names: {}", page.text);
}
