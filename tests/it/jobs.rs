//! Work beside requests: done once, again after a failure, and never by two at a time.

use std::sync::atomic::{AtomicU32, Ordering};

use chrono::Duration;
use futures::future::{BoxFuture, join_all};
use http::StatusCode;
use jebena::app::chores;
use jebena::jobs::{Finished, JobError, JobKind, NewJob, Run, carry_out_next, enter, take_next};
use serde_json::json;
use uuid::Uuid;

use crate::site::{Answer, Browser, TestSite};

type Came = BoxFuture<'static, Result<Finished, JobError>>;

fn job(site: &TestSite, key: &str) -> NewJob {
    let key = Some(key.to_owned());
    NewJob { kind: JobKind::FillHolidays, payload: json!({}), unique_key: key, run_at: site.now(), requested_by: None }
}

impl TestSite {
    /// Lets no schedule enter anything.
    pub async fn without_schedules(self) -> Self {
        self.execute("update job_schedules set next_run_at = '2100-01-01'").await;
        self
    }

    async fn enter(&self, key: &str) -> bool {
        let mut tx = self.state.db.begin_worker().await.unwrap();
        let is_entered = enter(&mut tx, &job(self, key), self.now()).await.unwrap();
        tx.commit().await.unwrap();
        is_entered
    }

    /// Does the next job by `carry_out`; false when none is due.
    async fn do_next(&self, carry_out: impl Fn(Run) -> Came) -> bool {
        carry_out_next(&self.state.db, self.clock.as_ref(), &carry_out).await.unwrap()
    }

    /// Does everything that is due as the server does it.
    pub async fn do_all(&self) {
        let chores = chores(&self.state);
        while carry_out_next(&self.state.db, self.clock.as_ref(), &chores).await.unwrap() {}
    }

    /// State, tries and the outcomes of the tries of the only job.
    async fn only_job(&self) -> (String, i32, Vec<String>) {
        sqlx::query_as(
            "select status, attempts, array(select coalesce(outcome, 'OPEN') from job_attempts a
                                            where a.job_id = j.job_id order by attempt)
             from jobs j",
        )
        .fetch_one(&mut self.sql().await)
        .await
        .unwrap()
    }
}

fn expected(status: &str, outcomes: &[&str]) -> (String, i32, Vec<String>) {
    let tries = i32::try_from(outcomes.len()).unwrap();
    (status.to_owned(), tries, outcomes.iter().map(|outcome| (*outcome).to_owned()).collect())
}

fn well(_: Run) -> Came {
    Box::pin(async { Ok(Finished::Done(vec![("holidays", 1)])) })
}

fn badly(_: Run) -> Came {
    Box::pin(async { Err(JobError::Failed("the printer is on fire".to_owned())) })
}

#[tokio::test]
async fn what_comes_again_is_done_once_however_many_servers_there_are() {
    let site = TestSite::start().await;
    site.execute("update job_schedules set next_run_at = 'epoch'").await;
    join_all((0..4).map(|_| site.do_all())).await;
    let kinds = site.count("select count(*) from job_schedules").await;
    let done = "select count(*) from jobs where status = 'DONE' and attempts = 1";
    assert_eq!((site.count("select count(*) from jobs").await, site.count(done).await), (kinds, kinds));
    let wrong = "select count(*) from job_attempts where outcome <> 'DONE' or report is null";
    assert_eq!(site.count(wrong).await, 0);
    assert!(site.count("select count(*) from holidays").await > 0, "the holidays are entered by now");

    site.do_all().await;
    assert_eq!(site.count("select count(*) from jobs").await, kinds, "nothing is due twice");
    site.clock.advance(Duration::minutes(10));
    site.do_all().await;
    let often = site.count("select count(*) from job_schedules where every_seconds <= 600").await;
    assert!(often < kinds, "holidays, retention and the archive are things of every day");
    assert_eq!(site.count("select count(*) from jobs").await, kinds + often);
}

#[tokio::test]
async fn a_failure_is_tried_again_later_and_given_up_in_the_end() {
    let site = TestSite::start().await.without_schedules().await;
    assert!(site.enter("once").await);
    for attempt in 1..=12 {
        assert!(site.do_next(badly).await, "try {attempt}");
        assert!(!site.do_next(badly).await, "not at once");
        site.clock.advance(Duration::hours(6));
    }
    assert!(!site.do_next(badly).await, "it is given up");
    assert_eq!(site.only_job().await, expected("FAILED", &["FAILED"; 12]));
    assert_eq!(site.count("select count(*) from job_attempts where error = 'the printer is on fire'").await, 12);

    // What can never go well is not tried again.
    site.execute("delete from jobs").await;
    site.enter("once").await;
    site.do_next(|_| Box::pin(async { Err(JobError::Hopeless("there is no such thing".to_owned())) })).await;
    assert_eq!(site.only_job().await, expected("FAILED", &["FAILED"]));
}

#[tokio::test]
async fn a_job_that_panics_spoils_no_other() {
    let site = TestSite::start().await.without_schedules().await;
    site.enter("once").await;
    assert!(site.do_next(|_| Box::pin(async { panic!("a fault in the work") })).await);
    assert_eq!(site.only_job().await, expected("WAITING", &["FAILED"]));
    site.clock.advance(Duration::seconds(10));
    assert!(site.do_next(well).await);
    assert_eq!(site.only_job().await, expected("DONE", &["FAILED", "DONE"]));
}

#[tokio::test]
async fn a_job_is_entered_with_the_deed_or_not_at_all_and_once_while_it_waits() {
    let site = TestSite::start().await.without_schedules().await;
    let mut tx = site.state.db.begin_gate().await.unwrap();
    assert!(enter(&mut tx, &job(&site, "a"), site.now()).await.unwrap());
    tx.rollback().await.unwrap();
    assert_eq!(site.count("select count(*) from jobs").await, 0);

    let entered = join_all((0..8).map(|_| site.enter("a"))).await;
    assert_eq!(entered.iter().filter(|entered| **entered).count(), 1);
    assert!(site.enter("b").await, "another key is another job");
    while site.do_next(well).await {}
    assert!(site.enter("a").await, "the first is done");
}

#[tokio::test]
async fn a_job_waits_for_its_moment_and_the_longest_due_comes_first() {
    let site = TestSite::start().await.without_schedules().await;
    let mut tx = site.state.db.begin_worker().await.unwrap();
    for (key, hours) in [("late", 3), ("early", 1)] {
        let run_at = site.now() + Duration::hours(hours);
        let job = NewJob { run_at, payload: json!({ "key": key }), ..job(&site, key) };
        enter(&mut tx, &job, site.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert!(take_next(&site.state.db, site.now()).await.unwrap().is_none());
    site.clock.advance(Duration::hours(4));
    let first = take_next(&site.state.db, site.now()).await.unwrap().unwrap();
    assert_eq!((first.payload, first.attempt), (json!({ "key": "early" }), 1));
}

#[tokio::test]
async fn a_worker_that_was_silent_too_long_has_lost_its_job() {
    let site = TestSite::start().await.without_schedules().await;
    let db = &site.state.db;
    site.enter("once").await;
    let late = take_next(db, site.now()).await.unwrap().unwrap();
    site.clock.advance(Duration::seconds(60));
    assert!(take_next(db, site.now()).await.unwrap().is_none(), "the lease is not over yet");

    // In its own transaction it is safe, however long that takes.
    let mut tx = late.begin(db).await.unwrap();
    sqlx::query("update outbox set delivered_at = delivered_at").execute(&mut *tx).await.unwrap();
    site.clock.advance(Duration::seconds(1));
    assert!(take_next(db, site.now()).await.unwrap().is_none());
    tx.rollback().await.unwrap();

    let next = take_next(db, site.now()).await.unwrap().unwrap();
    assert_eq!((next.job, next.attempt), (late.job, 2));
    assert!(matches!(late.begin(db).await, Err(JobError::Lost)));
    // What it has begun before is not committed either.
    let tx = db.begin_worker().await.unwrap();
    assert!(matches!(late.finish(tx, &Vec::new(), site.now()).await, Err(JobError::Lost)));
    assert_eq!(site.only_job().await, expected("RUNNING", &["LOST", "OPEN"]));

    let tx = next.begin(db).await.unwrap();
    assert_eq!(next.finish(tx, &vec![("holidays", 3)], site.now()).await.unwrap(), Finished::Committed);
    assert_eq!(site.only_job().await, expected("DONE", &["LOST", "DONE"]));
}

#[tokio::test]
async fn what_a_late_worker_reports_is_not_taken() {
    let site = TestSite::start().await.without_schedules().await;
    site.enter("once").await;
    let (db, clock) = (site.state.db.clone(), site.clock.clone());
    let carried_out = site
        .do_next(move |_| {
            let (db, clock) = (db.clone(), clock.clone());
            Box::pin(async move {
                clock.advance(Duration::seconds(61));
                let now = jebena::clock::Clock::now(clock.as_ref());
                assert_eq!(take_next(&db, now).await.unwrap().unwrap().attempt, 2);
                Ok(Finished::Done(vec![("holidays", 99)]))
            })
        })
        .await;
    assert!(carried_out);
    assert_eq!(site.only_job().await, expected("RUNNING", &["LOST", "OPEN"]));
}

#[tokio::test]
async fn a_worker_that_dies_leaves_its_job_to_the_next_and_the_last_try_is_the_last() {
    let site = TestSite::start().await.without_schedules().await;
    site.enter("once").await;
    for _ in 0..12 {
        // Dropped in the middle, as when the process is killed.
        let stuck = |_| -> Came { Box::pin(std::future::pending()) };
        let work = carry_out_next(&site.state.db, site.clock.as_ref(), &stuck);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(500), work).await.is_err());
        site.clock.advance(Duration::seconds(61));
    }
    assert!(!site.do_next(well).await);
    assert_eq!(site.only_job().await, expected("FAILED", &["LOST"; 12]));
}

#[tokio::test]
async fn many_jobs_and_many_workers_do_each_of_them_once() {
    let site = TestSite::seeded_for_crowds().await.without_schedules().await;
    site.execute("delete from jobs").await;
    for number in 0..60 {
        site.enter(&number.to_string()).await;
    }
    let done = AtomicU32::new(0);
    let count = |_| -> Came {
        done.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(Finished::Done(Vec::new())) })
    };
    join_all(
        (0..6).map(|_| async { while carry_out_next(&site.state.db, site.clock.as_ref(), &count).await.unwrap() {} }),
    )
    .await;
    assert_eq!(done.load(Ordering::Relaxed), 60);
    assert_eq!(site.count("select count(*) from job_attempts where outcome = 'DONE'").await, 60);
}

#[tokio::test]
async fn jobs_are_forgotten_after_a_while_those_that_failed_later() {
    let site = TestSite::start().await.without_schedules().await;
    for (key, carry_out) in [("good", well as fn(Run) -> Came), ("bad", badly)] {
        site.enter(key).await;
        site.execute("update jobs set attempts_allowed = 1 where status = 'WAITING'").await;
        site.do_next(carry_out).await;
    }
    for (days, left) in [(6, 2), (1, 1), (82, 1), (1, 0)] {
        site.clock.advance(Duration::days(days));
        site.remove_old("DONE_JOBS").await;
        site.remove_old("ENDED_JOBS").await;
        assert_eq!(site.count("select count(*) from jobs").await, left, "{days} days later");
    }
    assert_eq!(site.count("select count(*) from job_attempts").await, 0);
}

/// Presses the button that sends to `action`, on the page at `path`.
async fn press(site: &TestSite, browser: &mut Browser, path: &str, action: &str, more: &[(&str, &str)]) -> Answer {
    let page = site.get(browser, path).await;
    assert!(page.text.contains(&format!("action=\"{action}\"")), "{action} is offered: {}", page.text);
    send(site, browser, action, &page.hidden("csrf"), more).await
}

async fn send(site: &TestSite, browser: &mut Browser, action: &str, csrf: &str, more: &[(&str, &str)]) -> Answer {
    let key = Uuid::new_v4().to_string();
    let fields = [&[("csrf", csrf), ("idempotency_key", &key)], more].concat();
    site.post(browser, action, &fields).await
}

#[tokio::test]
async fn who_runs_the_system_sees_jobs_tries_them_again_and_takes_them_back() {
    let site = TestSite::seeded().await.without_schedules().await;
    site.execute("delete from jobs").await;
    site.enter("once").await;
    site.execute("update jobs set attempts_allowed = 1").await;
    site.do_next(badly).await;
    let id: Uuid = sqlx::query_scalar("select job_id from jobs").fetch_one(&mut site.sql().await).await.unwrap();
    let here = format!("/admin/jobs/{id}");

    let mut admin = site.sign_in("admin").await;
    let list = site.get(&mut admin, "/admin/jobs?status=FAILED").await;
    assert!(list.text.contains(&here) && list.text.contains("Enter the holidays to come"), "{}", list.text);
    assert!(!site.get(&mut admin, "/admin/jobs?status=DONE").await.text.contains(&here));
    let page = site.get(&mut admin, &here).await;
    assert!(page.text.contains("the printer is on fire"), "{}", page.text);

    let answer = press(&site, &mut admin, &here, &format!("{here}/retry"), &[]).await;
    assert_eq!(answer.location(), here, "{}", answer.text);
    assert_eq!(site.only_job().await, expected("WAITING", &["FAILED"]));
    assert!(site.get(&mut admin, &here).await.text.contains("waits for a worker again"));

    let run = take_next(&site.state.db, site.now()).await.unwrap().unwrap();
    let answer = press(&site, &mut admin, &here, &format!("{here}/cancel"), &[]).await;
    assert_eq!(answer.location(), here, "{}", answer.text);
    assert_eq!(site.only_job().await, expected("CANCELLED", &["FAILED", "CANCELLED"]));
    assert!(matches!(run.begin(&site.state.db).await, Err(JobError::Lost)), "who runs it learns of it");

    // Sent from a page that was open before.
    let csrf = site.get(&mut admin, "/help").await.hidden("csrf");
    let answer = send(&site, &mut admin, &format!("{here}/cancel"), &csrf, &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("meanwhile the job stands at"), "{}", answer.text);
    // Another that does the same has come meanwhile.
    site.enter("once").await;
    let answer = press(&site, &mut admin, &here, &format!("{here}/retry"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("another job of this kind"), "{}", answer.text);

    let events: Vec<String> =
        sqlx::query_scalar("select event_type from audit.events where entity_id = $1 order by seq")
            .bind(id)
            .fetch_all(&mut site.sql().await)
            .await
            .unwrap();
    assert_eq!(events, ["JOB_RETRIED", "JOB_CANCELLED"]);
}

#[tokio::test]
async fn auditors_look_on_and_everybody_else_stays_out() {
    let site = TestSite::seeded().await.without_schedules().await;
    site.enter("once").await;
    let id: Uuid = sqlx::query_scalar("select job_id from jobs where status = 'WAITING'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let here = format!("/admin/jobs/{id}");
    let mut auditor = site.sign_in("auditor").await;
    let page = site.get(&mut auditor, &here).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text.contains("/cancel"));
    let csrf = page.hidden("csrf");
    let answer = send(&site, &mut auditor, &format!("{here}/cancel"), &csrf, &[]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, "/admin/jobs").await.status, StatusCode::FORBIDDEN);
    assert_eq!(site.get(&mut officer, &here).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_comes_again_can_be_done_at_once() {
    let site = TestSite::seeded().await.without_schedules().await;
    site.execute("delete from jobs").await;
    let mut admin = site.sign_in("admin").await;
    let kind = [("kind", "SWEEP_SESSIONS")];
    let answer = press(&site, &mut admin, "/admin/jobs", "/admin/jobs/hasten", &kind).await;
    assert_eq!(answer.location(), "/admin/jobs", "{}", answer.text);
    site.do_all().await;
    assert_eq!(site.only_job().await, expected("DONE", &["DONE"]));
    let page = site.get(&mut admin, "/admin/jobs").await;
    assert!(
        page.text.contains("Remove what is kept for hours") && page.text.contains("every 10 minutes"),
        "{}",
        page.text
    );
    let answer = press(&site, &mut admin, "/admin/jobs", "/admin/jobs/hasten", &[("kind", "NOTHING")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
