//! Whether the time that a failed sign-in takes tells who has an account.
//!
//! A thousand tries for people who are there, with a wrong password, and a thousand for people who are not, in an order by
//! chance with a fixed seed, one after the other over one connection. Every name, of either kind, is tried equally often: what
//! an account has behind it of failures is what a name that nobody has would have too. The area under the ROC curve is the
//! chance that of two tries, one of each kind, the one for somebody who is there took longer; half says that time tells nothing.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Result, ensure};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use sqlx::{Connection as _, PgConnection};

use super::client::{Ask, Connection};
use super::product::Product;
use super::report::{Bar, Figure, percentile};

/// Tries of each kind.
const TRIES: usize = 1_000;
/// Tries before those that count.
const WARMING: usize = 40;

pub(crate) async fn measure(product: &Product) -> Result<Vec<Figure>> {
    let target = product.target()?;
    let mut database = PgConnection::connect(&product.database_url()?).await?;
    let known: Vec<String> =
        sqlx::query_scalar("select username from users where is_active order by username limit 50")
            .fetch_all(&mut database)
            .await?;
    database.close().await?;
    let mut chance = StdRng::seed_from_u64(20_261_129);
    // As long as the others, so that the answer, which repeats the name, may be.
    let unknown: Vec<String> = known
        .iter()
        .map(|name| name.chars().map(|c| if c.is_alphabetic() { chance.random_range('a'..='z') } else { c }).collect())
        .filter(|name| !known.contains(name))
        .collect();
    ensure!(unknown.len() == known.len(), "a name by chance is somebody's");
    let mut tries: Vec<(bool, &str)> = (0..TRIES)
        .flat_map(|n| [(true, known[n % known.len()].as_str()), (false, unknown[n % unknown.len()].as_str())])
        .collect();
    tries.shuffle(&mut chance);

    let mut visitor = Connection::new(target.address);
    let mut times: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    let mut answers: [BTreeSet<(u16, usize)>; 2] = [BTreeSet::new(), BTreeSet::new()];
    let warming: Vec<_> = tries.iter().copied().take(WARMING).collect();
    for (n, (is_known, name)) in warming.into_iter().chain(tries).enumerate() {
        let ask = Ask::sign_in(name, "not-the-password-of-anybody");
        let begun = Instant::now();
        let answer = visitor.send(&ask).await?;
        if n >= WARMING {
            times[usize::from(is_known)].push(begun.elapsed().as_secs_f64() * 1_000.0);
            // The name stands in its field again, once; part of it may stand in the page anyway.
            answers[usize::from(is_known)].insert((answer.status, answer.body.len() - name.len()));
        }
    }
    let [unknown, known] = &mut times;
    let alike = answers[0] == answers[1];
    let mut figures = vec![
        Figure::of(
            "sign-in of people who are there and are not: area under the curve",
            area(known, unknown),
            "",
            Bar::Between(0.42, 0.58),
        ),
        Figure::told("p50, there", percentile(known, 50), "ms"),
        Figure::told("p50, not there", percentile(unknown, 50), "ms"),
        Figure::of(
            "kinds of status and length that one has and the other has not",
            answers[0].symmetric_difference(&answers[1]).count() as f64,
            "",
            Bar::Most(0.0),
        ),
    ];
    figures.extend(
        answers[0].iter().filter(|_| alike).map(|(status, length)| {
            Figure::told(format!("status {status}, bytes without the name"), *length as f64, "")
        }),
    );
    Ok(figures)
}

/// The share of pairs in which the first is the larger one; ties count half.
fn area(first: &[f64], second: &[f64]) -> f64 {
    let wins: f64 = first
        .iter()
        .flat_map(|a| {
            second.iter().map(move |b| {
                if a > b {
                    1.0
                } else if a < b {
                    0.0
                } else {
                    0.5
                }
            })
        })
        .sum();
    wins / (first.len() * second.len()) as f64
}
