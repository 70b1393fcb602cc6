//! Watching the record, seal by seal.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::alerts::model::{Noted, Seen, Terms};
use crate::alerts::rules::{self, DOWNLOADS, Download, FAILURE, Failure, Hit, Subject, USUAL_DAYS};
use crate::alerts::store::watch as store;
use crate::audit::{self, Author, Event};
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::ids::{AlertId, OrganizationId};
use crate::organizations::sign_in::network_of;
use crate::reference::{parameter, whole_parameter};

/// Seals in one batch at most. A seal holds what has happened within a moment, a few thousand events when many were missed.
const BATCH: i64 = 10;

/// Looks at what was sealed since: counts it, and raises alerts. The number of seals; 0 when there is nothing new or another
/// instance is at it.
///
/// The place in the record, the counts and the alerts are one transaction, so that whatever happens in between each event is
/// looked at once. It follows the seals and not the numbers of events, which are given before their transactions commit.
///
/// # Errors
/// When the database cannot be reached; everything is looked at again then.
pub async fn watch(db: &Db, now: DateTime<Utc>) -> sqlx::Result<usize> {
    let mut tx = db.begin_worker().await?;
    let Some(place) = store::lock_place(&mut tx).await? else {
        tx.rollback().await?;
        return Ok(0);
    };
    let seals = store::list_next_seals(&mut tx, place, BATCH).await?;
    let Some(last) = seals.last() else {
        tx.rollback().await?;
        return Ok(0);
    };
    let seen = store::take_events(&mut tx, &seals).await?;
    if !seen.is_empty() {
        for hit in hits(&mut tx, &seen, now).await? {
            raise(&mut tx, &hit, now).await?;
        }
    }
    store::update_place(&mut tx, *last).await?;
    tx.commit().await?;
    Ok(seals.len())
}

/// What the rules find in what is new, with what lies around it.
async fn hits(tx: &mut Tx, seen: &[Seen], now: DateTime<Utc>) -> sqlx::Result<Vec<Hit>> {
    let terms = terms(tx, now).await?;
    let mut hits = rules::of_changes(seen);
    hits.extend(rules::of_infected(seen));
    hits.extend(rules::of_signer(seen));
    hits.extend(rules::of_record(seen));
    let new: HashSet<Uuid> = seen.iter().map(|event| event.id).collect();
    if let Some((first, last)) = span(seen, |event| event.event_type == FAILURE) {
        let around = (first - terms.within, last + terms.within);
        let rows = store::list_failures(tx, around).await?;
        let failures: Vec<Failure> = rows
            .into_iter()
            .map(|row| Failure {
                event: Noted { id: row.event, at: row.at, event_type: FAILURE.to_owned(), actor: None },
                account: row.account,
                organization: row.organization,
                network: row.address.and_then(|address| address.parse().ok()).map(network_of),
                is_new: new.contains(&row.event),
                spent: row.spent,
            })
            .collect();
        hits.extend(rules::of_failures(&failures, &terms));
    }
    let is_download = |event: &Seen| DOWNLOADS.contains(&event.event_type.as_str());
    let people: BTreeSet<Uuid> =
        seen.iter().filter(|event| is_download(event)).filter_map(|event| event.actor).collect();
    for person in people {
        let Some((first, last)) = span(seen, |event| is_download(event) && event.actor == Some(person)) else {
            continue;
        };
        let days = i64::try_from(USUAL_DAYS).unwrap_or(i64::MAX) + 1;
        let rows = store::list_downloads(tx, person, (first - Duration::days(days), last)).await?;
        let downloads: Vec<Download> = rows
            .into_iter()
            .map(|row| Download {
                event: Noted { id: row.event, at: row.at, event_type: row.event_type, actor: Some(person) },
                organization: row.organization,
                rows: row.rows,
                is_new: new.contains(&row.event),
            })
            .collect();
        let since = store::find_acknowledged_until(tx, person).await?;
        hits.extend(rules::of_downloads(person, &downloads, since, &terms));
    }
    Ok(hits)
}

/// When the first and the last of some of the events were.
fn span(seen: &[Seen], is_meant: impl Fn(&Seen) -> bool) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let mut meant = seen.iter().filter(|event| is_meant(event)).map(|event| event.at);
    let first = meant.next()?;
    Some((first, meant.next_back().unwrap_or(first)))
}

/// The thresholds in force.
async fn terms(tx: &mut Tx, now: DateTime<Utc>) -> sqlx::Result<Terms> {
    let today = eat_date(now);
    Ok(Terms {
        failures: whole_parameter(tx, "alert_failures", today, 5).await? as usize,
        within: Duration::minutes(whole_parameter(tx, "alert_failure_minutes", today, 5).await?.into()),
        factor: parameter(tx, "alert_export_factor", today, 5.into()).await?,
        rows: whole_parameter(tx, "alert_export_rows", today, 1_000).await?.into(),
        files: whole_parameter(tx, "alert_export_files", today, 50).await?.into(),
    })
}

/// Opens an alert, or adds to the one that is open; on record the former, told both.
async fn raise(tx: &mut Tx, hit: &Hit, now: DateTime<Utc>) -> sqlx::Result<()> {
    let Some(trigger) = hit.events.last() else { return Ok(()) };
    let open = match hit.subject {
        Subject::User(id)
        | Subject::Invitation(id)
        | Subject::Keys(id)
        | Subject::Certificate(id)
        | Subject::Signer(id)
        | Subject::Record(id) => store::lock_open(tx, hit.rule, hit.subject.kind(), id).await?,
        Subject::Network(network) => store::lock_open_networks(tx)
            .await?
            .into_iter()
            .find(|(_, address)| address.map(network_of) == Some(network))
            .map(|(id, _)| id),
    };
    let (id, told) = match open {
        Some(id) => (id, "alert.grown"),
        None if hit.opens() => (open_alert(tx, hit, trigger, now).await?, "alert.raised"),
        // Somebody has acknowledged it before it was over.
        None => return Ok(()),
    };
    store::insert_events(tx, id, hit.organization, &hit.events).await?;
    // It is locked, or our own.
    if !store::update_alert(tx, id, hit).await? {
        return Err(sqlx::Error::RowNotFound);
    }
    store::insert_outbox(tx, told, id, hit.organization, now).await
}

async fn open_alert(tx: &mut Tx, hit: &Hit, trigger: &Noted, now: DateTime<Utc>) -> sqlx::Result<AlertId> {
    let id = AlertId::new();
    // The address of a network stands in the erasable part of this event, and nowhere else.
    let subject = hit.subject.id().unwrap_or(trigger.id);
    store::insert_alert(tx, (id, subject), hit, now).await?;
    let details = json!({
        "rule": hit.rule,
        "about": { "kind": hit.subject.kind(), "id": subject },
        "threshold": hit.threshold,
        "event": trigger.id,
    });
    let event =
        Event { entity_type: "alert", entity_id: Some(id.0), ..Event::security("ALERT_RAISED", hit.severity, details) };
    audit::record(tx, Author::product(hit.organization.map(OrganizationId)), &event, now).await?;
    Ok(id)
}
