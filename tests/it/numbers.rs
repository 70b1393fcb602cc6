//! Number series while many issue at once, give up, and are killed: what is issued follows without a gap.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures::future::join_all;
use jebena::numbering;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::{Connection, PgConnection};

use crate::site::TestSite;

/// How many issue at the same time.
const ISSUERS: usize = 16;
/// How many numbers each wants.
const EACH: usize = 24;

/// What an issuer does with the number that it has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Commit,
    RollBack,
    /// The issuer goes away without a word, as a killed process does.
    Vanish,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![3 => Just(Fate::Commit), 1 => Just(Fate::RollBack), 1 => Just(Fate::Vanish)]
}

/// Takes a number, and writes it down in the same transaction, as whoever issues a paper does.
async fn issue(site: &TestSite, series: &str, fate: Fate) -> sqlx::Result<()> {
    let mut connection = PgConnection::connect_with(site.admin_options()).await?;
    let mut tx = connection.begin().await?;
    let number = numbering::next(&mut tx, series, "", "1", site.now()).await?;
    sqlx::query("insert into issued (series, serial, number) values ($1, $2, $3)")
        .bind(series)
        .bind(number.serial)
        .bind(number.text)
        .execute(&mut *tx)
        .await?;
    match fate {
        Fate::Commit => tx.commit().await,
        Fate::RollBack => tx.rollback().await,
        Fate::Vanish => {
            // Without the rollback that dropping a transaction would send.
            std::mem::forget(tx);
            connection.close_hard().await
        }
    }
}

/// Ends connections of issuers in the middle of whatever they do, until it is told to stop.
async fn kill_some(site: &TestSite, done: Arc<AtomicBool>) -> i64 {
    let mut killed = 0;
    while !done.load(Ordering::SeqCst) {
        killed += site
            .count(
                "with victim as materialized (
                     select pid from pg_stat_activity
                     where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null
                       and (query like '%number_counters%' or query like 'insert into issued%')
                     order by random() limit 1)
                 select count(*) from victim where pg_terminate_backend(pid)",
            )
            .await;
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    killed
}

/// Serials and the counter of a series: as many as are written down, from one on, without a gap.
async fn assert_gapless(site: &TestSite, series: &str) -> i64 {
    let mut sql = site.sql().await;
    let serials: Vec<i64> = sqlx::query_scalar("select serial from issued where series = $1 order by serial")
        .bind(series)
        .fetch_all(&mut sql)
        .await
        .unwrap();
    let expected: Vec<i64> = (1..=i64::try_from(serials.len()).unwrap()).collect();
    assert_eq!(serials, expected, "{series}");
    let counted: Option<i64> =
        sqlx::query_scalar("select sum(last_value)::bigint from number_counters where series_key = $1")
            .bind(series)
            .fetch_one(&mut sql)
            .await
            .unwrap();
    assert_eq!(counted.unwrap_or(0), expected.len() as i64, "{series}: the counter");
    expected.len() as i64
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn serials_have_no_gap_under_sixteen_issuers_that_give_up_and_are_killed() {
    let site = TestSite::start().await;
    site.execute(
        "create table issued (series text, serial bigint, number text, primary key (series, serial), unique (number))",
    )
    .await;
    let series = "ICO_CERTIFICATE";
    // What each does is drawn from a fixed seed; in which order, the machine decides.
    let plans: Vec<Vec<Fate>> =
        vec(vec(fate(), EACH), ISSUERS).new_tree(&mut TestRunner::deterministic()).unwrap().current();
    let done = Arc::new(AtomicBool::new(false));
    let issuing = async {
        let failed: Vec<usize> = join_all(plans.iter().map(|plan| {
            let site = &site;
            async move {
                let mut failed = 0;
                for fate in plan {
                    failed += usize::from(issue(site, series, *fate).await.is_err());
                }
                failed
            }
        }))
        .await;
        done.store(true, Ordering::SeqCst);
        failed.iter().sum::<usize>()
    };
    let (failed, killed) = tokio::join!(issuing, kill_some(&site, done.clone()));
    assert!(killed > 0 && failed > 0, "nobody was killed: {killed} ended, {failed} failed");

    let issued = assert_gapless(&site, series).await;
    let meant = plans.iter().flatten().filter(|fate| **fate == Fate::Commit).count();
    assert!(issued > 0 && issued <= i64::try_from(meant).unwrap(), "{issued} of {meant}");
    // Who comes afterwards takes the next.
    issue(&site, series, Fate::Commit).await.unwrap();
    assert_eq!(assert_gapless(&site, series).await, issued + 1);
}
