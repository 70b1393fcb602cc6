//! Years of the record whose time is over: written to a file, guarded, taken off, and dropped when two people agree and the file is
//! still the one that was written. The record is checked to its beginning all the same.

use chrono::{DateTime, TimeZone, Utc};
use http::StatusCode;
use jebena::audit::{seal, verify};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection};

use crate::site::{Answer, Browser, TestSite};

const LIST: &str = "/admin/archives";
const YEAR: &str = "/admin/archives/events_2024";
const WHY: &str = "The disk of the database is full.";

impl TestSite {
    async fn says(&self, query: &str) -> String {
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut self.sql().await).await.unwrap()
    }

    pub async fn seal_everything(&self) {
        while seal::seal_batch(&self.state.db, self.now()).await.unwrap() > 0 {}
    }

    pub async fn check_record(&self) -> verify::Report {
        let mut tx = self.state.db.begin_worker().await.unwrap();
        verify::verify(&mut tx, &mut [], None).await.unwrap()
    }

    /// Archives what is due, as the daily job does.
    pub async fn archive(&self) {
        self.execute("update job_schedules set next_run_at = 'epoch' where kind = 'ARCHIVE_AUDIT'").await;
        self.do_all().await;
    }

    async fn state_of_2024(&self) -> String {
        self.says(
            "select coalesce((select state from audit.archive_manifests where partition = 'events_2024'), 'NONE')",
        )
        .await
    }
}

fn day(year: i32, month: u32, day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, month, day, 9, 0, 0).unwrap()
}

/// A site with events in 2024, of business where wanted, all sealed; the seal of the last of them covers events of today too.
pub async fn site_of_years(is_business: bool) -> TestSite {
    let site = TestSite::seeded().await;
    site.execute("update job_schedules set next_run_at = '2100-01-01'; delete from jobs").await;
    let insert = |from: i32, until: i32| {
        format!(
            "insert into audit.events (event_id, occurred_at, actor_id, organization_id, event_type, entity_type, entity_id,
                 severity, compliance_relevant, details, row_hash)
             select gen_random_uuid(), '2024-03-01'::timestamptz + n * interval '1 hour', u.id, u.organization_id, 'LOGIN_SUCCESS',
                 'user', u.id, 'LOW', {is_business}, jsonb_build_object('text', E'a\\tb \"ቡና\"', 'n', n), ''
             from generate_series({from}, {until}) n, (select * from users where username = 'nbe.officer') u"
        )
    };
    site.seal_everything().await;
    site.execute(&insert(1, 400)).await;
    site.seal_everything().await;
    site.execute(&insert(401, 450)).await;
    site.sign_in("bank.officer").await;
    site.seal_everything().await;
    // Two administrators.
    site.execute(
        "insert into users (id, username, password_hash, organization_id, role, full_name, is_demo)
         select gen_random_uuid(), 'admin.too', password_hash, organization_id, role, 'Second Administrator', true
         from users where username = 'admin';
         insert into user_roles (user_id, role_name)
         select u.id, r.role_name from users u, user_roles r join users a on a.id = r.user_id
         where u.username = 'admin.too' and a.username = 'admin' and r.revoked_at is null",
    )
    .await;
    site
}

async fn press(site: &TestSite, browser: &mut Browser, act: &str, fields: &[(&str, &str)]) -> Answer {
    site.fill_in(browser, YEAR, &format!("{YEAR}/{act}"), fields).await
}

/// Runs a way down in a transaction that is given up, and says why it stopped.
pub async fn way_down(site: &TestSite, script: &'static str) -> String {
    let mut sql = site.sql().await;
    let mut step = sql.begin().await.unwrap();
    sqlx::raw_sql("set local role jebena_owner").execute(&mut *step).await.unwrap();
    sqlx::raw_sql(script).execute(&mut *step).await.unwrap_err().to_string()
}

/// The bytes of the file of 2024.
async fn file_of_2024(site: &TestSite) -> Vec<u8> {
    use futures::TryStreamExt;
    let key = site.says("select storage_key from audit.archive_manifests where partition = 'events_2024'").await;
    let opened = site.state.storage.open(&key.parse().unwrap()).await.unwrap();
    opened
        .bytes
        .try_fold(Vec::new(), |mut all, chunk| async move {
            all.extend_from_slice(&chunk);
            Ok(all)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_year_whose_time_is_over_is_written_guarded_and_taken_off() {
    let site = site_of_years(true).await;
    let events = site.count("select count(*) from audit.events_2024").await;
    assert!(events >= 450);
    // Ten years after its end, and not a day before.
    site.clock.set(day(2034, 12, 31));
    site.archive().await;
    assert_eq!(site.state_of_2024().await, "NONE");
    site.clock.set(day(2035, 1, 3));
    site.archive().await;
    assert_eq!(
        site.state_of_2024().await,
        "DETACHED",
        "{}",
        site.says("select coalesce(max(error), '') from job_attempts").await
    );
    assert_eq!(site.count("select count(*) from audit.events where occurred_at < '2025-01-01'").await, 0);
    assert_eq!(site.count("select count(*) from audit.events_2024").await, events, "it is still there");

    // Nobody changes it, as before.
    for statement in [
        "update audit.events_2024 set severity = 'LOW'",
        "delete from audit.events_2024",
        "truncate audit.events_2024",
        "insert into audit.events_2024 select * from audit.events_2024 limit 1",
    ] {
        for setting in ["select", "set session_replication_role = replica"] {
            let mut sql = site.sql().await;
            sqlx::raw_sql(setting).execute(&mut sql).await.unwrap();
            let refused = sqlx::raw_sql(statement).execute(&mut sql).await.unwrap_err();
            assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{statement}, {setting}");
        }
    }

    // The file is text that SHA-256 alone can check, and its fingerprint stands in the manifest and in the record.
    let bytes = file_of_2024(&site).await;
    let fingerprint = hex::encode(Sha256::digest(&bytes));
    let written = "select details ->> 'sha256' from audit.events where event_type = 'ARCHIVE_WRITTEN'
                   and details ->> 'partition' = 'events_2024'";
    assert_eq!(site.says(written).await, fingerprint);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(bytes.as_slice()), &mut text).unwrap();
    assert!(
        i64::try_from(text.lines().count()).unwrap() == events + 1 && text.starts_with("jebena-audit-1\tevents_2024\n")
    );
    for line in text.lines().skip(1) {
        let [_, hash, event] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        assert_eq!(hex::encode(Sha256::digest(event)), hash);
    }
    assert!(text.contains("ቡና") && !text.contains("127.0.0.1"), "nothing of what can be erased");

    site.seal_everything().await;
    let report = site.check_record().await;
    assert!(report.is_sound(), "{:?}", report.faults);
    let year = report.archived.iter().find(|year| year.partition == "events_2024").unwrap();
    assert_eq!((year.events, year.is_dropped, &year.sha256), (events.unsigned_abs(), false, &fingerprint));

    // Both calendars, where a day has legal force; and nothing of it for others.
    let mut admin = site.sign_in("admin").await;
    let page = site.get(&mut admin, YEAR).await;
    assert!(page.text.contains(&fingerprint) && page.text.contains("E.C.)"), "{}", page.text);
    assert!(site.get(&mut admin, LIST).await.text.contains("events_2024"));
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, YEAR).await.status, StatusCode::FORBIDDEN);
    // The reconciler knows the file.
    site.clock.set(day(2035, 1, 5));
    jebena::documents::reconcile::reconcile(&site.state.db, &site.state.storage, site.now()).await.unwrap();
    assert_eq!(file_of_2024(&site).await.len(), bytes.len());
    // Done again, nothing is.
    site.archive().await;
    assert_eq!(site.count("select count(*) from audit.archive_manifests where partition = 'events_2024'").await, 1);
    // The way down does not lose what was there.
    let down = include_str!("../../migrations/20261130120000_archive_the_record.down.sql");
    assert!(way_down(&site, down).await.contains("there are archives"));
    // Years are there before they begin.
    assert_eq!(site.count("select count(*) from pg_class where relname in ('events_2037')").await, 1);
}

#[tokio::test]
async fn a_year_without_business_goes_after_seven_years() {
    let site = site_of_years(false).await;
    site.execute("delete from jobs").await;
    assert_eq!(site.count("select count(*) from audit.events_2024 where compliance_relevant").await, 0);
    site.clock.set(day(2031, 12, 1));
    site.archive().await;
    assert_eq!(site.state_of_2024().await, "NONE");
    site.clock.set(day(2032, 1, 2));
    site.archive().await;
    assert_eq!(site.state_of_2024().await, "DETACHED");
}

#[tokio::test]
async fn one_asks_another_agrees_and_the_file_alone_has_it() {
    let site = site_of_years(true).await;
    site.clock.set(day(2035, 1, 3));
    site.archive().await;
    let (mut one, mut other) = (site.sign_in("admin").await, site.sign_in("admin.too").await);
    let short = press(&site, &mut one, "drop", &[("drop_reason", "because")]).await;
    assert!(
        short.status == StatusCode::UNPROCESSABLE_ENTITY && short.text.contains("drop_reason-error"),
        "{}",
        short.text
    );
    let asked = press(&site, &mut one, "drop", &[("drop_reason", WHY)]).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, YEAR), "{}", asked.text);

    // Nobody agrees with themselves: not by the page, not by a form that was not shown, not in the database.
    let page = site.get(&mut one, YEAR).await;
    assert!(!page.text.contains("/approval\"") && page.text.contains("/withdrawal\""), "{}", page.text);
    let key = uuid::Uuid::new_v4().to_string();
    let csrf = page.hidden("csrf");
    let forged = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    let refused = site.post(&mut one, &format!("{YEAR}/approval"), &forged).await;
    assert!(
        refused.status == StatusCode::CONFLICT && refused.text.contains("asked for it yourself"),
        "{}",
        refused.text
    );
    let own = "update audit.archive_manifests set state = 'DROP_APPROVED', approved_by = drop_asked_by, approved_at = drop_asked_at";
    assert!(sqlx::raw_sql(own).execute(&mut site.sql().await).await.is_err());
    let mut worker = site.state.db.begin_worker().await.unwrap();
    let early = "select audit.drop_archived('events_2024', (select sha256 from audit.archive_manifests limit 1))";
    assert!(sqlx::raw_sql(early).execute(&mut *worker).await.is_err(), "not before it is approved");
    drop(worker);

    let agreed = press(&site, &mut other, "approval", &[]).await;
    assert_eq!(agreed.status, StatusCode::SEE_OTHER, "{}", agreed.text);
    site.do_all().await;
    assert_eq!(
        site.state_of_2024().await,
        "DROPPED",
        "{}",
        site.says("select coalesce(max(error), '') from job_attempts").await
    );
    assert_eq!(site.count("select count(*) from pg_class where relname = 'events_2024'").await, 0);

    site.seal_everything().await;
    let report = site.check_record().await;
    assert!(report.is_sound(), "{:?}", report.faults);
    assert!(report.archived.iter().any(|year| year.partition == "events_2024" && year.is_dropped));
    let told: String = site
        .says(
            "select string_agg(event_type, ' ' order by seq) from audit.events where entity_type = 'archive'
               and details ->> 'partition' = 'events_2024'",
        )
        .await;
    assert_eq!(told, "ARCHIVE_WRITTEN ARCHIVE_DETACHED ARCHIVE_DROP_ASKED ARCHIVE_DROP_APPROVED ARCHIVE_DROPPED");
    // What the chain says of what is gone cannot be changed unseen.
    for tampering in [
        "update audit.archive_manifests set sha256 = sha256('') where partition = 'events_2024'",
        "update audit.archive_manifests set event_count = event_count - 1 where partition = 'events_2024'",
        "delete from audit.archived_hashes",
        "delete from audit.sealed where seq = (select min(first_seq) from audit.archive_manifests)",
        "delete from audit.archive_manifests where partition = 'events_2024'",
    ] {
        let mut sql = site.sql().await;
        sqlx::raw_sql(
            "alter table audit.archive_manifests disable trigger all; alter table audit.archived_hashes disable trigger all;
             alter table audit.sealed disable trigger all; create table if not exists public.kept_manifests as
             select * from audit.archive_manifests; create table if not exists public.kept_hashes as
             select * from audit.archived_hashes; create table if not exists public.kept_sealed as select * from audit.sealed",
        )
        .execute(&mut sql)
        .await
        .unwrap();
        sqlx::raw_sql(AssertSqlSafe(tampering.to_owned())).execute(&mut sql).await.unwrap();
        let report = site.check_record().await;
        assert!(!report.is_sound(), "{tampering} is not found");
        sqlx::raw_sql(
            "delete from audit.archive_manifests; insert into audit.archive_manifests select * from public.kept_manifests;
             delete from audit.archived_hashes; insert into audit.archived_hashes select * from public.kept_hashes;
             delete from audit.sealed; insert into audit.sealed select * from public.kept_sealed",
        )
        .execute(&mut sql)
        .await
        .unwrap();
    }
    assert!(site.check_record().await.is_sound());
}

#[tokio::test]
async fn a_request_can_be_taken_back() {
    let site = site_of_years(true).await;
    site.clock.set(day(2035, 1, 3));
    site.archive().await;
    let (mut one, mut other) = (site.sign_in("admin").await, site.sign_in("admin.too").await);
    press(&site, &mut one, "drop", &[("drop_reason", WHY)]).await;
    let shown = site.get(&mut other, YEAR).await;
    assert_eq!(press(&site, &mut one, "withdrawal", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.state_of_2024().await, "DETACHED");
    // Sent from a page that was open before.
    let (csrf, key) = (shown.hidden("csrf"), uuid::Uuid::new_v4().to_string());
    let late = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    let refused = site.post(&mut other, &format!("{YEAR}/approval"), &late).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("meanwhile"), "{}", refused.text);
}

#[tokio::test]
async fn a_file_that_was_spoilt_drops_nothing() {
    let site = site_of_years(true).await;
    site.clock.set(day(2035, 1, 3));
    site.archive().await;
    let key = site.says("select storage_key from audit.archive_manifests where partition = 'events_2024'").await;
    let checked = |site: &TestSite| {
        let (db, storage) = (site.state.db.clone(), site.state.storage.clone());
        async move { jebena::retention::check_archives(&db, &storage).await.unwrap() }
    };
    assert!(checked(&site).await.iter().all(|file| file.faults.is_empty()));
    site.spoil_file(&key);
    let faults: Vec<_> = checked(&site).await.into_iter().flat_map(|file| file.faults).collect();
    assert_eq!(faults, ["the file of events_2024 is not the one that was written"]);
    let (mut one, mut other) = (site.sign_in("admin").await, site.sign_in("admin.too").await);
    press(&site, &mut one, "drop", &[("drop_reason", WHY)]).await;
    press(&site, &mut other, "approval", &[]).await;
    site.do_all().await;
    assert_eq!(site.state_of_2024().await, "DETACHED", "the agreement is taken back");
    assert!(site.count("select count(*) from audit.events_2024").await >= 450);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'ARCHIVE_FAULTY'").await, 1);
    crate::alerts::watch(&site).await;
    let alert = "select count(*) from security_alerts a join audit.archive_manifests m on m.manifest_id = a.subject_id
                 where a.rule = 'ARCHIVE_FAULTY' and a.subject_kind = 'RECORD' and a.severity = 'CRITICAL'";
    assert_eq!(site.count(alert).await, 1);
    assert_eq!(site.count("select count(*) from jobs where kind = 'DROP_ARCHIVE' and status = 'FAILED'").await, 1);
}

#[tokio::test]
async fn a_record_that_is_not_sound_is_not_archived() {
    let site = site_of_years(true).await;
    site.execute(
        "alter table audit.events disable trigger all;
         update audit.events set severity = 'LOW' where event_type = 'FX_APPROVED';
         alter table audit.events enable always trigger append_only_rows;
         alter table audit.events enable always trigger hash_new_event",
    )
    .await;
    site.clock.set(day(2035, 1, 3));
    site.archive().await;
    assert_eq!(site.state_of_2024().await, "NONE");
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'AUDIT_NOT_SOUND'").await, 1);
    crate::alerts::watch(&site).await;
    let alert = "select count(*) from security_alerts where rule = 'AUDIT_NOT_SOUND' and severity = 'CRITICAL'";
    assert_eq!(site.count(alert).await, 1);
    let mut admin = site.sign_in("admin").await;
    let id = site.says("select alert_id::text from security_alerts where rule = 'AUDIT_NOT_SOUND'").await;
    let shown = site.get(&mut admin, &format!("/security/alerts/{id}")).await.text;
    assert!(shown.contains("Record not sound") && shown.contains("href=\"/admin/archives\""), "{shown}");
    assert!(site.says("select error from job_attempts where error is not null").await.contains("is not sound"));
}
