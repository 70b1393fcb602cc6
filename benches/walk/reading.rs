//! Pages that change nothing.

use std::sync::Arc;

use anyhow::{Result, ensure};

use super::cases::Cases;
use super::client::{Ask, Connection, Session, between};
use super::load::{Sample, Target};

/// Visitors of the closed loads.
const VISITORS: usize = 8;
/// Pages of each kind that are timed, after a tenth of that to warm up.
const PAGES: usize = 4_000;

/// The figures of all pages.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Reading {
    /// The first page of the National Bank's queue: 25 rows, counts, filters.
    pub(crate) inbox: Sample,
    /// The same, compressed.
    pub(crate) inbox_compressed: Sample,
    /// The last page of the same queue.
    pub(crate) inbox_last: Sample,
    /// A queue of a party rather than of a regulator: other policies.
    pub(crate) inbox_of_bank: Sample,
    /// Cases of every age and state.
    pub(crate) case: Sample,
    /// What waits, what is due, how many stand where.
    pub(crate) dashboard: Sample,
    /// A printed paper.
    pub(crate) paper: Sample,
    /// What a stranger sees who scans its code.
    pub(crate) verification: Sample,
}

/// Measures every kind of page.
pub(crate) async fn measure(
    target: Target,
    cases: &mut Cases,
    regulator: &Arc<Session>,
    bank: &Arc<Session>,
) -> Result<Reading> {
    let (exports, papers, codes) = (cases.visible().await?, cases.papers().await?, cases.codes().await?);
    ensure!(!exports.is_empty() && !papers.is_empty(), "the folder has no papers yet: make it anew");
    let last = format!("/inbox?after={}", cases.last_page("NBE").await?);
    let inbox = |_| Ask::page("/inbox", Some(regulator));
    Ok(Reading {
        inbox: pages(target, &inbox).await?,
        inbox_compressed: pages(target, &|n| inbox(n).compressed()).await?,
        inbox_last: pages(target, &|_| Ask::page(&last, Some(regulator))).await?,
        inbox_of_bank: pages(target, &|_| Ask::page("/inbox", Some(bank))).await?,
        case: pages(target, &|n| Ask::page(format!("/exports/{}", exports[n % exports.len()]), Some(regulator)))
            .await?,
        dashboard: pages(target, &|_| Ask::page("/dashboard", Some(regulator))).await?,
        paper: pages(target, &|n| Ask::page(format!("/papers/{}", papers[n % papers.len()]), Some(regulator))).await?,
        verification: pages(target, &|n| Ask::page(format!("/v/{}", codes[n % codes.len()]), None)).await?,
    })
}

/// Asks for the pages that `ask` names, first to warm up, then timed.
async fn pages(target: Target, ask: &dyn Fn(usize) -> Ask) -> Result<Sample> {
    target.closed(VISITORS, &|n| (n < PAGES / 10).then(|| ask(n))).await?;
    let sample = target.closed(VISITORS, &|n| (n < PAGES).then(|| ask(n))).await?;
    ensure!(sample.refused == 0, "{} of {PAGES} pages were refused", sample.refused);
    Ok(sample)
}

/// What the first visit of the inbox transfers.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Weight {
    /// The page, compressed.
    pub(crate) page_bytes: usize,
    /// The page and everything that it shows or runs, with headers.
    pub(crate) all_bytes: usize,
}

/// Fetches the inbox as a browser with an empty cache would, in English, on a machine without an Ethiopic font.
pub(crate) async fn weigh(target: Target, session: &Arc<Session>) -> Result<Weight> {
    let mut connection = Connection::new(target.address);
    let page = connection.send(&Ask::page("/inbox", Some(session)).compressed()).await?;
    // The same page as text, to see what it asks for.
    let text = connection.send(&Ask::page("/inbox", Some(session))).await?.text();
    let mut paths: Vec<String> = asked_for(&text, "=\"/static/", "\"");
    let styles: Vec<String> = paths.iter().filter(|path| path.ends_with(".css")).cloned().collect();
    for style in styles {
        let style = connection.send(&Ask::page(style, None)).await?.text();
        // The last face that has a letter is the one that is fetched for it.
        let faces: Vec<&str> = style.split("@font-face").skip(1).filter_map(|face| face.split('}').next()).collect();
        let needed = text.chars().filter_map(|letter| faces.iter().rev().find(|face| covers(face, letter)));
        paths.extend(needed.flat_map(|face| asked_for(face, "url(/static/", ")")));
    }
    paths.sort();
    paths.dedup();
    let mut all_bytes = page.transferred();
    for path in paths {
        let asset = connection.send(&Ask::page(&path, None).compressed()).await?;
        ensure!(asset.status == 200, "{path}: {}", asset.status);
        all_bytes += asset.transferred();
    }
    Ok(Weight { page_bytes: page.body.len(), all_bytes })
}

fn asked_for(text: &str, start: &str, end: &str) -> Vec<String> {
    text.split(start).skip(1).filter_map(|rest| Some(format!("/static/{}", rest.split(end).next()?))).collect()
}

/// Whether the face's `unicode-range` has `letter`.
fn covers(face: &str, letter: char) -> bool {
    let Some(ranges) = between(face, "unicode-range:", ";") else { return false };
    let code = |text: &str| u32::from_str_radix(text, 16).ok();
    ranges.split(',').filter_map(|range| range.trim().strip_prefix("U+")).any(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        matches!((code(first), code(last)), (Some(first), Some(last)) if (first..=last).contains(&u32::from(letter)))
    })
}
