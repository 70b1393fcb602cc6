//! What is kept of a person: their copy of it, and the register that is the wall around it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use chrono::Duration;
use http::StatusCode;
use jebena::i18n::Lang;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use crate::people::register;
use crate::registration::profile_of;
use crate::site::{Answer, Browser, PASSWORD, TestSite};

const HOME: &str = "/account/data";

impl TestSite {
    /// Does what is due; nothing of it may go wrong.
    async fn make_copies(&self) {
        self.do_all().await;
        let errors: Vec<String> = sqlx::query_scalar("select error from job_attempts where error is not null")
            .fetch_all(&mut self.sql().await)
            .await
            .unwrap();
        assert!(errors.is_empty(), "{errors:?}");
    }

    async fn ask_for_data(&self, browser: &mut Browser, password: &str) -> Answer {
        self.fill_in(browser, HOME, HOME, &[("current_password", password)]).await
    }

    /// The way to the file that is offered on the page.
    async fn offered_copy(&self, browser: &mut Browser) -> Option<String> {
        let page = self.get(browser, HOME).await.text;
        let (_, rest) = page.split_once("action=\"/account/data/")?;
        Some(format!("{HOME}/{}", rest.split_once('"').unwrap().0))
    }

    async fn take_copy(&self, browser: &mut Browser, path: &str) -> Answer {
        let page = self.get(browser, HOME).await;
        let csrf = page.hidden("csrf");
        self.post(browser, path, &[("csrf", &csrf), ("idempotency_key", &Uuid::new_v4().to_string())]).await
    }
}

/// The files of a ZIP.
fn unpacked(bytes: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut file = archive.by_index(at).unwrap();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// A firm's owner with a profile handed in and one paper with it.
async fn somebody(site: &TestSite) -> (Browser, Uuid) {
    let mut owner = register(site, "Wonago Coffee", "PRIVATE", "wonago.owner").await;
    let answers = profile_of("Wonago Coffee", "PRIVATE", "7700000011");
    let fields: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let profile = site.hand_in(&mut owner, "profile", &fields).await;
    site.hand_in_papers(&mut owner, "profile", profile, &["business_registration"]).await;
    site.execute("update job_schedules set next_run_at = '2100-01-01'").await;
    let id = sqlx::query_scalar("select id from users where username = 'wonago.owner'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    (owner, id)
}

/// Signed in again, after a while.
async fn back(site: &TestSite) -> Browser {
    let mut browser = Browser::default();
    let credentials = [("username", "wonago.owner"), ("password", PASSWORD)];
    assert_eq!(site.post(&mut browser, "/sign-in", &credentials).await.status, StatusCode::SEE_OTHER);
    browser
}

#[tokio::test]
async fn a_person_gets_what_is_kept_of_them_once_and_nothing_of_others() {
    let site = TestSite::seeded().await;
    let (mut owner, id) = somebody(&site).await;
    let profile: Uuid = sqlx::query_scalar("select entity_id from preregistration_documents where uploaded_by = $1")
        .bind(id)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    site.hand_in_papers(&mut owner, "profile", profile, &["other"]).await;
    site.execute(
        "update preregistration_documents set scan_status = 'INFECTED', scanned_at = now(), scan_engine = 'ClamAV',
             scan_signature = 'Eicar'
         where document_type = 'other'",
    )
    .await;
    let wrong = site.ask_for_data(&mut owner, "not the password").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    let failed =
        site.post(&mut Browser::default(), "/sign-in", &[("username", "wonago.owner"), ("password", "wrong")]).await;
    assert_eq!(failed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", failed.text);
    for event_type in ["ROLE_GRANTED", "USER_DISABLED"] {
        site.execute(&format!(
            "insert into audit.events (event_id, occurred_at, actor_id, organization_id, event_type, entity_type, entity_id, severity,
                 compliance_relevant)
             select gen_random_uuid(), '{}', u.id, u.organization_id, '{event_type}', 'user', '{id}', 'HIGH', false
             from users u where u.username = 'exporter.owner'",
            site.now().to_rfc3339(),
        ))
        .await;
    }
    let asked = site.ask_for_data(&mut owner, PASSWORD).await;
    assert_eq!((asked.status, asked.location()), (StatusCode::SEE_OTHER, HOME), "{}", asked.text);
    assert!(site.offered_copy(&mut owner).await.is_none(), "it is still to be made");
    site.make_copies().await;

    let path = site.offered_copy(&mut owner).await.expect("it is ready");
    let mut other = site.sign_in("exporter.owner").await;
    let refused = site.take_copy(&mut other, &path).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND, "it is nobody else's: {}", refused.text);
    let taken = site.take_copy(&mut owner, &path).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    assert_eq!(taken.headers["content-type"], "application/zip");
    assert!(taken.headers["content-disposition"].to_str().unwrap().contains("jebena-wonago.owner.zip"));
    let again = site.take_copy(&mut owner, &path).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, HOME), "once");

    let files = unpacked(&taken.bytes);
    let account: Vec<Value> = serde_json::from_slice(&files["records/users-id.json"]).unwrap();
    assert_eq!((account.len(), &account[0]["username"]), (1, &Value::from("wonago.owner")));
    let table = String::from_utf8(files["records/users-id.csv"].clone()).unwrap();
    assert!(table.contains("wonago.owner") && table.starts_with("\u{feff}id,username,"), "{table}");
    let events: Vec<Value> = serde_json::from_slice(&files["records/audit.events-actor_id.json"]).unwrap();
    assert!(events.iter().any(|event| event["event_type"] == "LOGIN_SUCCESS"), "{events:?}");
    let beside: Vec<Value> = serde_json::from_slice(&files["records/audit.event_private-event_id.json"]).unwrap();
    assert!(!beside.is_empty() && beside.len() <= events.len(), "{} beside {}", beside.len(), events.len());
    // What others did about them: that it happened, and nothing of who did it.
    let about: Vec<Value> = serde_json::from_slice(&files["records/audit.events-entity_id.json"]).unwrap();
    let happened: Vec<&str> = about.iter().filter_map(|event| event["event_type"].as_str()).collect();
    for event_type in ["LOGIN_FAILED", "ROLE_GRANTED", "USER_DISABLED"] {
        assert!(happened.contains(&event_type), "{event_type}: {happened:?}");
    }
    assert!(!happened.contains(&"PERSONAL_DATA_ASKED"), "what they did themselves stands once: {happened:?}");
    let others = String::from_utf8(files["records/audit.events-entity_id.json"].clone()).unwrap();
    assert!(!others.contains("actor") && !others.contains("payload"), "{others}");
    let known: Vec<&Value> = events.iter().map(|event| &event["event_id"]).collect();
    assert!(beside.iter().all(|row| known.contains(&&row["event_id"])), "of other people's acts nothing is told");
    let document = files.keys().find(|name| name.starts_with("documents/")).expect("the paper that was handed in");
    assert_eq!(files[document], crate::documents::pdf());
    let documents = files.keys().filter(|name| name.starts_with("documents/")).count();
    assert_eq!(documents, 1, "what is infected is handed to nobody");
    let readme = String::from_utf8(files["README.txt"].clone()).unwrap();
    assert!(readme.contains("wonago.owner") && readme.contains("records/users-id  1"), "{readme}");
    assert!(files.contains_key("register.json"));
    for (name, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("$argon2") && !text.contains("token_hash\":"), "a secret in {name}");
    }

    let told = format!(
        "select string_agg(event_type, ' ' order by seq) from audit.events
         where entity_id = '{id}' and event_type like 'PERSONAL_DATA%'"
    );
    let told: String = sqlx::query_scalar(AssertSqlSafe(told)).fetch_one(&mut site.sql().await).await.unwrap();
    assert_eq!(told, "PERSONAL_DATA_ASKED PERSONAL_DATA_TAKEN");
}

#[tokio::test]
async fn one_copy_at_a_time_for_a_day_and_its_file_goes() {
    let site = TestSite::seeded().await;
    let (mut owner, _) = somebody(&site).await;
    let page = site.get(&mut owner, HOME).await;
    let csrf = page.hidden("csrf");
    for (status, location) in [(StatusCode::SEE_OTHER, HOME), (StatusCode::CONFLICT, "")] {
        let key = Uuid::new_v4().to_string();
        let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("current_password", PASSWORD)];
        let answer = site.post(&mut owner, HOME, &fields).await;
        assert_eq!((answer.status, answer.location()), (status, location), "{}", answer.text);
    }
    assert_eq!(site.count("select count(*) from jobs where kind = 'COPY_PERSONAL_DATA'").await, 1);
    site.make_copies().await;
    let path = site.offered_copy(&mut owner).await.expect("it is ready");

    site.clock.advance(Duration::hours(24));
    let mut owner = back(&site).await;
    assert!(site.offered_copy(&mut owner).await.is_none(), "its time is over");
    assert_eq!(site.take_copy(&mut owner, &path).await.location(), HOME);
    let key: String = sqlx::query_scalar("select storage_key from personal_data_copies")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let key = jebena::documents::storage::StorageKey::from_path(&key).unwrap();
    assert!(site.state.storage.exists(&key).await.unwrap());
    site.clock.advance(Duration::hours(3));
    assert_eq!(site.remove_old("EXPIRED_COPIES").await, 1);
    assert!(!site.state.storage.exists(&key).await.unwrap(), "the file goes");
    assert_eq!(site.count("select count(*) from personal_data_copies").await, 1, "that it was there is still known");

    // What nobody makes any more is given up, so that one can ask again.
    let mut owner = back(&site).await;
    assert_eq!(site.ask_for_data(&mut owner, PASSWORD).await.status, StatusCode::SEE_OTHER);
    site.execute("update jobs set status = 'CANCELLED', finished_at = now() where status = 'WAITING'").await;
    site.clock.advance(Duration::hours(25));
    jebena::organizations::own_data::give_up_abandoned(&site.state.db, site.now()).await.unwrap();
    let mut owner = back(&site).await;
    let page = site.get(&mut owner, HOME).await.text;
    assert!(page.contains("failed: ask again"), "{page}");
    assert_eq!(site.ask_for_data(&mut owner, PASSWORD).await.status, StatusCode::SEE_OTHER);
}

/// A column that names a person cannot be added without saying what for, and none of what is told is a secret.
#[tokio::test]
async fn the_register_knows_every_place_where_a_person_is_named() {
    let site = TestSite::start().await;
    let unknown: Vec<String> = sqlx::query_scalar(
        "select c.conrelid::regclass || '.' || a.attname
         from pg_constraint c
         join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
         where c.contype = 'f' and c.confrelid = 'users'::regclass
           and not exists (select from processing_register r
                           where r.source = c.conrelid::regclass::text and r.person_column = a.attname)",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert!(unknown.is_empty(), "not in processing_register: {unknown:?}");
    let places: Vec<(String, String)> = sqlx::query_as("select source, person_column from processing_register")
        .fetch_all(&mut site.sql().await)
        .await
        .unwrap();
    for (source, column) in &places {
        for lang in [Lang::EN, Lang::AM] {
            // An id without a sentence is answered with itself, or fails.
            for id in [format!("own-data-source-{source}"), format!("own-data-as-{column}")] {
                let id = id.replace(['.', '_'], "-");
                assert!(!lang.t(&id).contains("own-data-"), "{id} has no words");
            }
        }
    }
    let readable: Vec<String> = sqlx::query_scalar(
        "select distinct n.nspname || '.' || c.relname || '.' || a.attname
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where n.nspname in ('public', 'audit') and c.relkind in ('r', 'p') and not c.relispartition
           and c.relname <> 'processing_register'
           and has_column_privilege('jebena_privacy', c.oid, a.attnum, 'select')",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let told: Vec<String> = sqlx::query_scalar(
        "select case when source like 'audit.%' then source else 'public.' || source end || '.' || c
         from processing_register, unnest(told || person_column) c",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    // Where the files lie, and whether a scanner keeps them shut, which is not told.
    let places = [
        "public.export_documents.document_path",
        "public.export_documents.scan_status",
        "public.preregistration_documents.scan_status",
        "public.preregistration_documents.storage_key",
    ];
    for column in &readable {
        assert!(told.contains(column) || places.contains(&column.as_str()), "{column} can be read and is not told");
        for secret in ["password", "hash", "secret", "salt", "token"] {
            let name = column.rsplit('.').next().unwrap();
            assert!(!name.contains(secret) || name == "sha256", "{column} is a secret");
        }
    }
    for column in &told {
        assert!(readable.contains(column), "{column} is to be told and cannot be read");
    }
}

/// Whatever is asked of it, the class that makes copies answers of one person, and without a person of nobody.
#[tokio::test]
async fn the_class_that_makes_copies_sees_one_person() {
    let site = TestSite::seeded().await;
    let (_, id) = somebody(&site).await;
    let tables: Vec<String> = sqlx::query_scalar("select distinct source from processing_register")
        .fetch_all(&mut site.sql().await)
        .await
        .unwrap();
    let mut connection = PgConnection::connect_with(&site.server_options()).await.unwrap();
    for (person, accounts) in [(String::new(), 0), (id.to_string(), 1)] {
        let begin = format!("begin; set local role jebena_privacy; set local app.user_id = '{person}'");
        sqlx::raw_sql(AssertSqlSafe(begin)).execute(&mut connection).await.unwrap();
        let seen: i64 = sqlx::query_scalar("select count(id) from users").fetch_one(&mut connection).await.unwrap();
        assert_eq!(seen, accounts);
        if person.is_empty() {
            for table in &tables {
                let column: String =
                    sqlx::query_scalar("select person_column from processing_register where source = $1 limit 1")
                        .bind(table)
                        .fetch_one(&mut connection)
                        .await
                        .unwrap();
                let count = format!("select count({column}) from {table}");
                let seen: i64 = sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(&mut connection).await.unwrap();
                assert_eq!(seen, 0, "{table}");
            }
        }
        sqlx::raw_sql("rollback").execute(&mut connection).await.unwrap();
    }
    sqlx::raw_sql("begin; set local role jebena_privacy").execute(&mut connection).await.unwrap();
    let refused = sqlx::raw_sql("select password_hash from users").execute(&mut connection).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501");
}
