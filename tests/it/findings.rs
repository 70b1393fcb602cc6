//! What of the signer's keys, lists and record somebody should look at: an alert each, once, until somebody has looked.

use chrono::Duration;
use http::StatusCode;
use jebena_signer::policy::Operation;
use jebena_signer::protocol::{Bytes, Request};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

use crate::endings::Ground;

impl Ground {
    /// Looks at the signer, and then at what the record has of it.
    async fn look(&self) {
        self.watch().await;
        crate::alerts::watch(&self.site).await;
    }

    /// The alerts about the signer: rule, figure, whether somebody was quicker to acknowledge them, whether an organisation hears of them.
    async fn alerts(&self) -> Vec<(String, i64, bool, bool)> {
        sqlx::query_as(
            "select rule, figure, acknowledged_at is not null, organization_id is not null from security_alerts
             where subject_kind in ('KEYS', 'CERTIFICATE', 'SIGNER') order by rule, subject_id",
        )
        .fetch_all(&mut self.site.sql().await)
        .await
        .unwrap()
    }

    async fn count_of(&self, rule: &str) -> usize {
        self.alerts().await.iter().filter(|alert| alert.0 == rule).count()
    }

    async fn page_of(&self, rule: &str) -> String {
        let id: Uuid =
            sqlx::query_scalar("select alert_id from security_alerts where rule = $1 order by subject_id limit 1")
                .bind(rule)
                .fetch_one(&mut self.site.sql().await)
                .await
                .unwrap();
        format!("/security/alerts/{id}")
    }

    /// Changes the signer's database behind its back.
    async fn tamper(&self, statement: String) {
        let mut sql = PgConnection::connect_with(&self.secure).await.unwrap();
        sqlx::raw_sql("set session_replication_role = replica").execute(&mut sql).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut sql).await.unwrap();
    }

    async fn organization(&self, code: &str) -> Uuid {
        crate::walk::organization(&self.site, code).await
    }

    /// Whether the key of the organisation signs.
    async fn signs(&self, code: &str) -> bool {
        let request = Request::Sign {
            organization: self.organization(code).await,
            operation: Operation::SealPaper,
            about: Uuid::new_v4(),
            person: None,
            has_second_factor: false,
            message: Bytes(b"a paper".to_vec()),
        };
        self.signer.client.ask(&request).await.is_ok()
    }
}

const NOTE: (&str, &str) = ("note", "Whoever looks after the signer replaces it tonight.");

#[tokio::test]
async fn what_is_overdue_at_the_signer_is_an_alert_once() {
    let ground = Ground::start("secure_for_what_is_overdue").await;
    let certificate = ground.seal_of("EXPORTER").await;
    ground.look().await;
    assert_eq!(ground.alerts().await, []);

    ground.go_to(-10);
    ground.look().await;
    let found = ground.alerts().await;
    let of = |rule: &str| found.iter().filter(|alert| alert.0 == rule).map(|alert| alert.1).collect::<Vec<_>>();
    assert_eq!(of("LIST_OVERDUE"), [3], "{found:?}");
    assert_eq!(of("ROTATION_OVERDUE"), [2, 1], "the consortium's two, and the exporter's: {found:?}");
    assert!(found.iter().all(|alert| !alert.2 && !alert.3), "{found:?}");
    let ended: i64 = sqlx::query_scalar(
        "select count(*) from security_alerts where rule = 'CERTIFICATE_ENDED' and severity = 'HIGH' and subject_id = $1",
    )
    .bind(certificate)
    .fetch_one(&mut ground.site.sql().await)
    .await
    .unwrap();
    assert_eq!(ended, 1);
    ground.look().await;
    assert_eq!(ground.alerts().await, found, "each matter once");

    let mut admin = ground.site.sign_in("admin").await;
    let keys = ground.site.get(&mut admin, "/pki/keys").await.text;
    assert!(keys.contains("A key is overdue") && keys.contains("Keys in force"), "{keys}");
    let page = ground.page_of("ROTATION_OVERDUE").await;
    let shown = ground.site.get(&mut admin, &page).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    for said in ["Key not replaced", "Keys of The consortium", "href=\"/pki/keys\"", "master 1", "data 1", "2 findings"]
    {
        assert!(shown.text.contains(said), "{said}: {}", shown.text);
    }
    let done = ground.site.fill_in(&mut admin, &page, &format!("{page}/acknowledgement"), &[NOTE]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    ground.look().await;
    assert_eq!(ground.count_of("ROTATION_OVERDUE").await, 2, "what somebody has looked at is no news");
    let ended = ground.page_of("CERTIFICATE_ENDED").await;
    assert!(ground.site.get(&mut admin, &ended).await.text.contains("href=\"/pki/certificates/"));
    let mut owner = ground.site.sign_in("exporter.owner").await;
    assert_eq!(ground.site.get(&mut owner, &page).await.status, StatusCode::NOT_FOUND);

    let down = include_str!("../../migrations/20261201150000_watch_certificates.down.sql");
    assert!(
        crate::archive::way_down(&ground.site, down).await.contains("there are alerts about keys and certificates")
    );
}

#[tokio::test]
async fn keys_that_are_used_unusually_often_are_an_alert_that_their_organisation_sees() {
    let ground = Ground::start("secure_for_busy_keys").await;
    ground.seal_of("ECTA").await;
    let authority = ground.organization("ECTA").await;
    let uses = |day: &str, count: u32| {
        format!(
            "insert into private_key_uses (private_key_id, used_on, use_count, last_used_at)
             select private_key_id, '{}'::date - {day}, {count}, now() from private_keys where organization_id = '{authority}'
             on conflict (private_key_id, used_on) do update set use_count = excluded.use_count",
            ground.begun.date_naive()
        )
    };
    ground.tamper(uses("1", 30)).await;
    ground.tamper(uses("0", 199)).await;
    ground.site.clock.advance(Duration::days(8));
    ground.look().await;
    assert_eq!(ground.count_of("UNUSUAL_KEY_USE").await, 0, "a busy day, and no more");
    ground.tamper(uses("0", 250)).await;
    for _ in 0..2 {
        ground.look().await;
        assert_eq!(ground.count_of("UNUSUAL_KEY_USE").await, 1);
    }
    let page = ground.page_of("UNUSUAL_KEY_USE").await;
    let mut admin = ground.site.sign_in("ecta.admin").await;
    let shown = ground.site.get(&mut admin, &page).await.text;
    for said in ["Unusual use of keys", "250 uses of keys", "an alert from 200 on; 30 are usual", "data 1"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let mut other = ground.site.sign_in("nbe.admin").await;
    assert_eq!(ground.site.get(&mut other, &page).await.status, StatusCode::NOT_FOUND);
    let done = ground.site.fill_in(&mut admin, &page, &format!("{page}/acknowledgement"), &[NOTE]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[tokio::test]
async fn swapped_ciphertexts_raise_an_alert() {
    let ground = Ground::start("secure_for_swapped_keys").await;
    for code in ["ECTA", "NBE"] {
        ground.seal_of(code).await;
        assert!(ground.signs(code).await, "{code}");
    }
    ground.look().await;
    assert_eq!(ground.count_of("SIGNER_ALARM").await, 0);
    ground
        .tamper(
            "update private_keys k set encrypted_key_material = o.encrypted_key_material, encryption_iv = o.encryption_iv,
                 encryption_auth_tag = o.encryption_auth_tag, encryption_key_id = o.encryption_key_id
             from private_keys o
             where k.profile = 'ORGANIZATION_SEAL' and o.profile = 'ORGANIZATION_SEAL' and k.private_key_id <> o.private_key_id"
                .to_owned(),
        )
        .await;
    assert!(!ground.signs("ECTA").await && !ground.signs("NBE").await);
    let figures = async || {
        let found = ground.alerts().await;
        found.into_iter().filter(|alert| alert.0 == "SIGNER_ALARM").map(|alert| alert.1).collect::<Vec<_>>()
    };
    for _ in 0..2 {
        ground.look().await;
        assert_eq!(figures().await, [1, 1], "one for each key, and each line once");
    }
    let critical = "select count(*) from security_alerts where rule = 'SIGNER_ALARM' and severity = 'CRITICAL'";
    assert_eq!(ground.site.count(critical).await, 2);
    assert!(!ground.signs("ECTA").await);
    ground.look().await;
    let mut grown = figures().await;
    grown.sort_unstable();
    assert_eq!(grown, [1, 2], "what happens again is added to the alert that is open");

    let mut admin = ground.site.sign_in("admin").await;
    let shown = ground.site.get(&mut admin, &ground.page_of("SIGNER_ALARM").await).await.text;
    assert!(shown.contains("Alarm of the signer") && shown.contains("KEY_DOES_NOT_OPEN"), "{shown}");
}

#[tokio::test]
async fn a_signer_that_is_away_for_a_quarter_of_an_hour_is_an_alert_once_each_time() {
    let mut ground = Ground::start("secure_for_outages").await;
    let look = async |ground: &Ground, minutes: i64| {
        ground.site.clock.advance(Duration::minutes(minutes));
        ground.site.execute("update job_schedules set next_run_at = 'epoch' where kind = 'WATCH_SIGNER'").await;
        ground.site.do_all().await;
        crate::alerts::watch(&ground.site).await;
        ground.count_of("SIGNER_AWAY").await
    };
    assert_eq!(look(&ground, 0).await, 0);
    ground.signer.end().await;
    assert_eq!(look(&ground, 5).await, 0, "it is noticed");
    assert_eq!(look(&ground, 15).await, 0, "not longer than that");
    assert_eq!(look(&ground, 1).await, 1);
    assert_eq!(look(&ground, 60).await, 1, "once");

    let mut admin = ground.site.sign_in("admin").await;
    let page = ground.page_of("SIGNER_AWAY").await;
    let shown = ground.site.get(&mut admin, &page).await.text;
    assert!(shown.contains("Signer away") && shown.contains("does not answer"), "{shown}");
    assert!(!shown.contains("answers again"), "{shown}");
    ground.signer.serve().await;
    assert_eq!(look(&ground, 5).await, 1);
    let shown = ground.site.get(&mut admin, &page).await.text;
    assert!(shown.contains("answers again"), "{shown}");
    let ended = "select count(*) from signer_outages where raised_at > began_at and ended_at > raised_at";
    assert_eq!(ground.site.count(ended).await, 1);

    // A short one is none; a second long one is another alert, also while the first waits to be acknowledged.
    ground.signer.end().await;
    assert_eq!(look(&ground, 5).await, 1);
    ground.signer.serve().await;
    assert_eq!(look(&ground, 10).await, 1);
    ground.signer.end().await;
    assert_eq!(look(&ground, 5).await, 1);
    assert_eq!(look(&ground, 16).await, 2);
    let away = "select count(*) from audit.events where event_type = 'SIGNER_AWAY' and entity_type = 'signer'";
    let back = "select count(*) from audit.events where event_type = 'SIGNER_BACK' and entity_type = 'signer'";
    assert_eq!(ground.site.count(away).await, 2);
    assert_eq!(ground.site.count(back).await, 1, "of what was told alone");
    // Its end makes no alert of what somebody has acknowledged.
    let mut admin = ground.site.sign_in("admin").await;
    let done = ground.site.fill_in(&mut admin, &page, &format!("{page}/acknowledgement"), &[NOTE]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    ground
        .site
        .execute(
            "update security_alerts set acknowledged_at = opened_at, note = 'It is being started.',
                 acknowledged_by = (select id from users where username = 'admin')
             where acknowledged_at is null",
        )
        .await;
    ground.signer.serve().await;
    assert_eq!(look(&ground, 5).await, 2);
    assert_eq!(ground.site.count(back).await, 2);
}
