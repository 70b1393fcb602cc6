//! For how long what is kept: carried out by class, counted beforehand, on record, and the same as what people are told.

use chrono::Duration;
use http::StatusCode;
use jebena::organizations::sign_in;
use jebena::retention::{self, Cause, Round, Scope};
use sqlx::{AssertSqlSafe, Connection};
use uuid::Uuid;

use crate::site::{TestSite, encoded, form};

const HOME: &str = "/admin/retention";

impl TestSite {
    /// Carries a policy out as the daily job does; how many rows went.
    pub async fn remove_old(&self, class: &str) -> i64 {
        let round = Round::scheduled(Scope::Class(class.to_owned()));
        let applied = retention::apply(&self.state.db, &self.state.storage, &round, self.now()).await.unwrap();
        applied.iter().map(|one| one.removed).sum()
    }

    /// Carries everything out, or counts it.
    async fn apply_all(&self, is_dry: bool) -> Vec<retention::Applied> {
        let round = Round { scope: Scope::All, is_dry, cause: Cause::Command, requested_by: None };
        retention::apply(&self.state.db, &self.state.storage, &round, self.now()).await.unwrap()
    }
}

/// Rows in every table that a policy empties.
async fn rows(site: &TestSite) -> i64 {
    let mut sql = site.sql().await;
    let sources: Vec<String> = sqlx::query_scalar(
        "select distinct source from retention_policies where runs is not null and class <> 'RETENTION_RUNS' order by 1",
    )
    .fetch_all(&mut sql)
    .await
    .unwrap();
    let mut all = 0;
    for source in sources {
        let query = format!("select count(*) from {source}");
        let count: i64 = sqlx::query_scalar(AssertSqlSafe(query)).fetch_one(&mut sql).await.unwrap();
        all += count;
    }
    all
}

#[tokio::test]
async fn a_dry_run_counts_what_a_real_one_removes_and_removes_nothing() {
    let site = TestSite::seeded().await;
    site.execute("update job_schedules set next_run_at = '2100-01-01'").await;
    site.sign_in("nbe.officer").await;
    site.execute(
        "insert into outbox (kind, subject, subject_id, created_at, delivered_at)
         select 'export.moved', 'export', gen_random_uuid(), '2026-11-18', '2026-11-18' from generate_series(1, 30);
         insert into request_counts (bucket, window_start, hits)
         select 'address ' || n, '2026-11-18', 1 from generate_series(1, 30) n",
    )
    .await;
    // Beyond every period of days, and before the first of years.
    site.clock.advance(Duration::days(400));
    let before = rows(&site).await;
    let counted = site.apply_all(true).await;
    assert_eq!(rows(&site).await, before, "a dry run removes nothing");
    let due: i64 = counted.iter().map(|one| one.counted).sum();
    assert!(due > 50, "{counted:?}");
    assert!(counted.iter().all(|one| one.removed == 0));
    let removed = site.apply_all(false).await;
    for (one, other) in counted.iter().zip(&removed) {
        // What an earlier class has taken, a later one finds no more.
        assert!(
            one.class == other.class && other.counted <= one.counted && other.removed == other.counted,
            "{other:?}"
        );
    }
    assert!(rows(&site).await < before);
    let again = site.apply_all(false).await;
    assert!(again.iter().all(|one| one.counted == 0 && one.removed == 0), "{again:?}");
    // The record stands: it goes by years, and not by this.
    let mut tx = site.state.db.begin_worker().await.unwrap();
    while jebena::audit::seal::seal_batch(&site.state.db, site.now()).await.unwrap() > 0 {}
    assert!(jebena::audit::verify::verify(&mut tx, &mut [], None).await.unwrap().is_sound());
    // Each run of each class is on record, and that something went is in the record too.
    let classes = removed.len();
    let runs = site.count("select count(*) from retention_runs where ended_at is not null").await;
    assert_eq!(usize::try_from(runs).unwrap(), 3 * classes);
    assert_eq!(site.count("select count(*) from retention_runs where is_dry and rows_removed > 0").await, 0);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'RETENTION_APPLIED'").await, 1);
}

#[tokio::test]
async fn a_run_that_is_broken_off_is_gone_on_with() {
    let site = TestSite::start().await;
    site.execute(
        "insert into request_counts (bucket, window_start, hits)
         select 'address ' || n, '2026-01-01'::timestamptz, 1 from generate_series(1, 12000) n",
    )
    .await;
    // The second part fails.
    site.execute(
        "create function fail() returns trigger language plpgsql security definer as $$
         begin
             if (select count(*) from public.request_counts) < 6000 then raise exception 'no'; end if;
             return null;
         end $$;
         create trigger fail after delete on request_counts for each statement execute function fail()",
    )
    .await;
    let round = Round::scheduled(Scope::Class("REQUEST_COUNTS".to_owned()));
    retention::apply(&site.state.db, &site.state.storage, &round, site.now()).await.unwrap_err();
    assert_eq!(site.count("select count(*) from request_counts").await, 7_000, "what was done stays done");
    let begun =
        "select count(*) from retention_runs where ended_at is null and rows_removed = 5000 and rows_counted = 12000";
    assert_eq!(site.count(begun).await, 1);
    site.execute("drop trigger fail on request_counts").await;
    assert_eq!(site.remove_old("REQUEST_COUNTS").await, 7_000);
}

#[tokio::test]
async fn who_runs_the_system_counts_and_sees_what_went() {
    let site = TestSite::seeded().await;
    site.execute("update job_schedules set next_run_at = '2100-01-01'; delete from jobs").await;
    let mut admin = site.sign_in("admin").await;
    let page = site.get(&mut admin, HOME).await;
    assert_eq!(page.status, StatusCode::OK);
    for said in
        ["10 years (3,653 days)", "30 minutes", "Addresses and browsers beside the record", "as long as there is what"]
    {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    let before = rows(&site).await;
    let answer = site.fill_in(&mut admin, HOME, "/admin/retention/count", &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, HOME), "{}", answer.text);
    assert_eq!(site.count("select count(*) from jobs where kind = 'APPLY_RETENTION'").await, 1);
    // Twice is once, while it waits.
    site.fill_in(&mut admin, HOME, "/admin/retention/count", &[]).await;
    assert_eq!(site.count("select count(*) from jobs where kind = 'APPLY_RETENTION'").await, 1);
    site.do_all().await;
    let counted = "select count(*) from retention_runs r join users u on u.id = r.requested_by
                   where u.username = 'admin' and r.is_dry and r.cause = 'PERSON' and r.rows_removed = 0";
    assert!(site.count(counted).await > 15);
    assert!(rows(&site).await >= before, "nothing went");
    let page = site.get(&mut admin, HOME).await;
    assert!(page.text.contains("Counted only") && page.text.contains("0 records"), "{}", page.text);
    site.post(&mut admin, "/help/shortcuts", &[]).await;

    let mut auditor = site.sign_in("auditor").await;
    let page = site.get(&mut auditor, HOME).await;
    assert!(page.status == StatusCode::OK && !page.text.contains("/admin/retention/count"));
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, HOME).await.status, StatusCode::FORBIDDEN);
    let key = Uuid::new_v4().to_string();
    let csrf = page.hidden("csrf");
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key)];
    let request = form("/admin/retention/count", &fields).body(encoded(&fields)).unwrap();
    assert_eq!(site.call(&mut auditor, request).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_schedule_removes_once_a_day_and_what_is_kept_for_hours_every_ten_minutes() {
    let site = TestSite::seeded().await;
    site.execute(
        "update job_schedules set next_run_at = '2100-01-01';
         update job_schedules set next_run_at = 'epoch' where kind in ('APPLY_RETENTION', 'SWEEP_SESSIONS')",
    )
    .await;
    site.sign_in("nbe.officer").await;
    site.do_all().await;
    site.clock.advance(Duration::minutes(31));
    site.do_all().await;
    assert_eq!(site.count("select count(*) from user_sessions").await, 0);
    let swept = "select count(*) from retention_runs where class = 'SILENT_SESSIONS' and rows_removed > 0 and cause = 'SCHEDULE'";
    assert_eq!(site.count(swept).await, 1);
    let daily = "select count(*) from retention_runs where class = 'ORIGINS'";
    assert_eq!(site.count(daily).await, 1);
    site.clock.advance(Duration::hours(24));
    site.do_all().await;
    assert_eq!(site.count(daily).await, 2);
}

/// What people are told in the register is what the policies do, and every period of days has one.
#[tokio::test]
async fn the_register_tells_the_periods_that_are_carried_out() {
    let site = TestSite::start().await;
    let untrue: Vec<String> = sqlx::query_scalar(
        "select r.source || ' ' || r.kept from processing_register r
         where r.kept not in ('WITH_ACCOUNT', 'YEARS_7', 'YEARS_10', 'YEARS_7_OR_10', 'DAYS_90_OR_YEARS_7')
           and not exists (
               select from retention_policies p
               where p.source = r.source and p.method = 'DELETE'
                 and p.kept <= case r.kept when 'HOURS_12' then interval '12 hours' when 'DAYS_7' then interval '7 days'
                     when 'DAYS_30' then interval '30 days' when 'DAYS_90' then interval '90 days'
                     when 'YEAR_1' then interval '365 days' end)",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(untrue, Vec::<String>::new(), "nothing carries this out");
    // What goes in two steps, and what business makes last longer.
    let in_steps: i64 = sqlx::query_scalar(
        "select count(*) from retention_policies
         where (class, method, kept) in (('ORIGINS', 'CLEAR', interval '90 days'), ('EVENT_DETAILS', 'DELETE', interval '2555 days'),
             ('SECURITY_EVENTS', 'DETACH', interval '2555 days'), ('BUSINESS_EVENTS', 'DETACH', interval '3653 days'),
             ('TRADE', 'KEEP', interval '3653 days'), ('LEGAL_HOLDS', 'KEEP', interval '3653 days'))",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let told: i64 = sqlx::query_scalar(
        "select count(*) from processing_register r
         where r.kept = case when r.source = 'audit.event_private' then 'DAYS_90_OR_YEARS_7'
                             when r.source = 'audit.events' then 'YEARS_7_OR_10'
                             when r.purpose = 'TRADE' or r.source = 'legal_holds' then 'YEARS_10' end",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let places: i64 = sqlx::query_scalar(
        "select count(*) from processing_register
         where source in ('audit.event_private', 'audit.events', 'legal_holds') or purpose = 'TRADE'",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((in_steps, told), (6, places), "the register says what retention does");
    let idle = jebena::auth::session::IDLE.num_minutes();
    let policies = retention::list_policies(&site.state.db).await.unwrap();
    let kept = |class: &str| policies.iter().find(|policy| policy.class == class).unwrap().kept_minutes;
    assert_eq!(kept("SILENT_SESSIONS"), Some(idle), "not while it could go on");
    assert_eq!(kept("SIGN_IN_ATTEMPTS"), Some(sign_in::REMEMBERED.num_minutes()), "not while it closes a door");
    assert_eq!(kept("KNOWN_DEVICES"), Some(sign_in::DEVICE_KNOWN.num_minutes()));
    assert_eq!(kept("SECURITY_EVENTS"), Some(2_555 * 24 * 60));
    assert_eq!(kept("BUSINESS_EVENTS"), Some(3_653 * 24 * 60));
    for policy in &policies {
        for lang in [jebena::i18n::Lang::EN, jebena::i18n::Lang::AM] {
            let id = format!("retention-class-{}", policy.class.to_lowercase().replace('_', "-"));
            assert!(!lang.t(&id).contains("retention-class"), "{id} has no words");
        }
    }
}

/// Only the function removes what is old; the worker itself cannot, and nobody else may ask it to.
#[tokio::test]
async fn nobody_removes_because_of_age_but_the_function() {
    let site = TestSite::start().await;
    let mut sql = site.sql().await;
    let open: Vec<String> = sqlx::query_scalar(
        "select p.source || ' by ' || r.rolname from retention_policies p, pg_roles r
         where p.method = 'DELETE' and r.rolname in ('jebena_worker', 'jebena_admin', 'jebena_auditor')
           and p.source not like 'audit.%' and has_table_privilege(r.oid, p.source, 'delete')",
    )
    .fetch_all(&mut sql)
    .await
    .unwrap();
    assert_eq!(open, Vec::<String>::new());
    let strangers = "select count(*) from pg_roles r where rolname ~ '^jebena_' and rolname not in
        ('jebena_worker', 'jebena_definer', 'jebena_owner')
        and (has_function_privilege(oid, 'app.apply_retention(text, timestamptz, int)', 'execute')
             or has_function_privilege(oid, 'app.count_retention(text, timestamptz)', 'execute'))";
    assert_eq!(site.count(strangers).await, 0);
    // Periods are law: no class of the server sets them.
    let setters = "select count(*) from pg_roles where rolname ~ '^jebena_' and rolname <> 'jebena_owner'
        and has_table_privilege(oid, 'retention_policies', 'insert, update, delete')";
    assert_eq!(site.count(setters).await, 0);
    sql.close().await.unwrap();
}
