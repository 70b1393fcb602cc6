//! Certificates that end: who hears of it, when, and once.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use http::StatusCode;
use jebena::notifications::deliver;
use sqlx::postgres::PgConnectOptions;
use uuid::Uuid;

use crate::signer::Signer;
use crate::site::TestSite;

/// A site with a signer that has issued nothing but the consortium's own.
pub struct Ground {
    pub site: TestSite,
    pub signer: Signer,
    pub begun: DateTime<Utc>,
    /// The signer's database, as who administers it.
    pub secure: PgConnectOptions,
}

impl Ground {
    pub async fn start(name: &'static str) -> Self {
        let mut site = TestSite::seeded().await;
        site.execute(
            "update job_schedules set next_run_at = '2100-01-01'; delete from jobs; delete from notifications",
        )
        .await;
        while deliver(&site.state.db, site.now()).await.unwrap() > 0 {}
        let (signer, secure) = Signer::start(name, site.now()).await;
        site.signed_by(signer.client.clone());
        let begun = site.now();
        Self { site, signer, begun, secure }
    }

    /// A seal of the organisation, of a year from now on.
    pub async fn seal_of(&self, code: &str) -> Uuid {
        let organization = crate::walk::organization(&self.site, code).await;
        self.signer.seal_of(organization, self.site.now()).await.certificate_id
    }

    /// Goes on to so many days before the end of what was issued at the beginning.
    pub fn go_to(&self, days_left: i64) {
        let then = self.begun + Duration::days(365 - days_left);
        self.site.clock.advance(then - self.site.now());
    }

    /// Looks at certificates, as each hour does, and tells people.
    pub async fn watch(&self) {
        self.site.execute("update job_schedules set next_run_at = 'epoch' where kind = 'WATCH_CERTIFICATES'").await;
        self.site.do_all().await;
        while deliver(&self.site.state.db, self.site.now()).await.unwrap() > 0 {}
    }

    /// How often each person was told something of certificates that end.
    async fn told(&self) -> BTreeMap<(String, String), i64> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "select u.username, n.event, count(*) from notifications n join users u on u.id = n.user_id
             where n.event like 'CERTIFICATE_ENDS%' group by 1, 2",
        )
        .fetch_all(&mut self.site.sql().await)
        .await
        .unwrap();
        rows.into_iter().map(|(who, event, count)| ((who, event), count)).collect()
    }

    /// The rungs of organisations' certificates on record.
    async fn rungs(&self) -> Vec<i64> {
        let query = "select (details ->> 'rung')::bigint from audit.events
                     where entity_type = 'certificate' and organization_id is not null order by seq";
        sqlx::query_scalar(query).fetch_all(&mut self.site.sql().await).await.unwrap()
    }
}

fn counted(told: &BTreeMap<(String, String), i64>, username: &str, event: &str) -> i64 {
    told.get(&(username.to_owned(), event.to_owned())).copied().unwrap_or_default()
}

#[tokio::test]
async fn each_rung_is_told_once_and_in_the_last_fortnight_to_those_who_approve() {
    const OWN: &str = "CERTIFICATE_ENDS";
    const ELSEWHERE: &str = "CERTIFICATE_ENDS_ELSEWHERE";
    let ground = Ground::start("secure_for_the_ladder").await;
    let site = &ground.site;
    let certificate = ground.seal_of("EXPORTER").await;
    let page = format!("/pki/certificates/{certificate}");
    ground.watch().await;
    assert!(ground.told().await.is_empty(), "it holds for a year");
    let mut owner = site.sign_in("exporter.owner").await;
    assert!(!site.get(&mut owner, &page).await.text.contains("Ask for the next certificate"));

    // Two rungs are passed while nobody looks: they are not made up for.
    let mut seen = Vec::new();
    for (days_left, rung, own, elsewhere) in
        [(90, 90, 1, 0), (74, 90, 1, 0), (14, 14, 2, 1), (7, 7, 3, 2), (1, 1, 4, 3), (0, 0, 5, 4), (-40, 0, 5, 4)]
    {
        ground.go_to(days_left);
        if !seen.contains(&rung) {
            seen.push(rung);
        }
        for _ in 0..2 {
            ground.watch().await;
            assert_eq!(ground.rungs().await, seen, "{days_left} days");
            let told = ground.told().await;
            assert_eq!(counted(&told, "exporter.owner", OWN), own, "{days_left} days: {told:?}");
            for approver in ["ecta.supervisor", "nbe.supervisor", "customs.supervisor"] {
                assert_eq!(counted(&told, approver, ELSEWHERE), elsewhere, "{days_left} days: {told:?}");
            }
            for nobody in ["exporter.clerk", "exporter2.owner", "nbe.officer", "nbe.admin", "bank.supervisor", "admin"]
            {
                assert!(told.keys().all(|(who, _)| who != nobody), "{nobody}: {told:?}");
            }
        }
    }
    let ends =
        "select count(*) from audit.events where organization_id is not null and event_type = 'CERTIFICATE_ENDS'";
    let ended =
        "select count(*) from audit.events where organization_id is not null and event_type = 'CERTIFICATE_ENDED'
                 and severity = 'HIGH'";
    assert_eq!((site.count(ends).await, site.count(ended).await), (4, 1));

    // What is told leads to the certificate, and the certificate to the next request.
    let mut owner = site.sign_in("exporter.owner").await;
    let list = site.get(&mut owner, "/notifications").await.text;
    assert!(list.contains("The certificate of your organisation ended on"), "{list}");
    assert!(list.contains("ends on 18 Nov 2027 ("), "{list}");
    let shown = site.get(&mut owner, &page).await.text;
    assert!(shown.contains("href=\"/pki/requests/new\"") && shown.contains("Ask for the next certificate"), "{shown}");
    let mut supervisor = site.sign_in("nbe.supervisor").await;
    let list = site.get(&mut supervisor, "/notifications").await.text;
    assert!(list.contains("The certificate of EXPORTER ended on"), "{list}");
    let shown = site.get(&mut supervisor, &page).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.text.contains("Ask for the next certificate"), "it is not theirs to ask for");
}

#[tokio::test]
async fn what_has_a_successor_ends_in_silence_and_who_has_left_is_left_alone() {
    let ground = Ground::start("secure_for_successors").await;
    let site = &ground.site;
    for code in ["EXPORTER", "EXPORTER2", "ECTA"] {
        ground.seal_of(code).await;
    }
    ground.go_to(30);
    ground.seal_of("EXPORTER").await;
    site.execute("update organizations set is_active = false where code = 'EXPORTER2'").await;
    ground.watch().await;
    let told = ground.told().await;
    assert_eq!(counted(&told, "ecta.admin", "CERTIFICATE_ENDS"), 1, "{told:?}");
    assert_eq!(told.len(), 1, "{told:?}");

    // The pages say what the job says.
    let mut officer = site.sign_in("nbe.officer").await;
    let list = site.get(&mut officer, "/pki/certificates?kind=ORGANIZATION_SEAL").await.text;
    assert_eq!(list.matches("within 30 days").count(), 2, "{list}");

    // Who may not ask any more is not bothered with it.
    site.execute("delete from notifications").await;
    site.execute(
        "insert into role_restrictions (restriction_id, organization_id, role_name, permission, valid_from, reason, set_by,
             set_at)
         select gen_random_uuid(), o.organization_id, 'ORG_ADMIN', 'pki:request:submit', '2026-01-01', 'Others ask.', u.id,
             '2026-01-01'
         from organizations o join users u using (organization_id) where u.username = 'ecta.admin'",
    )
    .await;
    ground.go_to(7);
    ground.watch().await;
    let told = ground.told().await;
    assert_eq!(counted(&told, "ecta.admin", "CERTIFICATE_ENDS"), 0, "{told:?}");
    assert_eq!(counted(&told, "nbe.supervisor", "CERTIFICATE_ENDS_ELSEWHERE"), 1, "{told:?}");
}

#[tokio::test]
async fn a_rung_waits_for_a_signer_that_is_away_and_nobody_is_told_where_nobody_signs() {
    let mut ground = Ground::start("secure_for_silence").await;
    ground.seal_of("ECTA").await;
    ground.go_to(60);
    ground.signer.end().await;
    ground.watch().await;
    assert!(ground.rungs().await.is_empty());
    let waits = "select count(*) from jobs where kind = 'WATCH_CERTIFICATES' and status = 'WAITING' and attempts = 1";
    assert_eq!(ground.site.count(waits).await, 1);
    ground.signer.serve().await;
    ground.site.clock.advance(Duration::minutes(1));
    ground.site.do_all().await;
    assert_eq!(ground.rungs().await, [60]);

    let site = TestSite::seeded().await;
    site.execute("update job_schedules set next_run_at = '2100-01-01' where kind <> 'WATCH_CERTIFICATES'").await;
    site.execute("delete from jobs").await;
    site.do_all().await;
    let done = "select count(*) from jobs where kind = 'WATCH_CERTIFICATES' and status = 'DONE'";
    assert_eq!(site.count(done).await, 1);
    assert_eq!(site.count("select count(*) from certificate_notices").await, 0);
}
