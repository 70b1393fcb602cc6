//! Keeping the sums. One mechanism: what has changed is counted as it stands, and so is everything when there is
//! nothing yet.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::calendar::{Holidays, eat_date};
use crate::database::Db;
use crate::exports::State;
use crate::exports::transitions::STEPS;
use crate::ids::ExportId;
use crate::reports::period::Month;
use crate::reports::store::EVERYBODY;
use crate::reports::store::count::{self, Decision, Parties, Place, Recount};
use crate::reports::turnaround::waited;
use crate::workflow::Decision as Outcome;

/// Changes that are counted in one transaction.
const BATCH: i64 = 1_000;
/// Exports of a batch when everything is counted.
const LARGE_BATCH: i64 = 5_000;

/// Counts what has changed, one batch; everything, when nothing was counted yet or a holiday of the past was entered
/// late. Returns whether more waits; it does not when another instance is at it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn catch_up(db: &Db, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let mut tx = db.begin_worker().await?;
    if !count::try_lock(&mut tx).await? {
        tx.rollback().await?;
        return Ok(false);
    }
    let state = count::find_state(&mut tx).await?;
    let holidays = count::list_holidays(&mut tx).await?;
    let Some(as_of) = state.as_of.filter(|as_of| up_to(&holidays, *as_of) == state.holidays) else {
        let counted = count_everything(&mut tx, now).await?;
        tx.commit().await?;
        tracing::info!(exports = counted, "everything is counted for reports");
        return Ok(false);
    };
    let mut exports = count::take_changed(&mut tx, BATCH).await?;
    let has_more = i64::try_from(exports.len()) == Ok(BATCH);
    exports.sort_unstable();
    exports.dedup();
    if !exports.is_empty() {
        count_these(&mut tx, &exports, &holidays.iter().copied().collect()).await?;
        count::sweep(&mut tx).await?;
    }
    // What was committed before this moment is counted once nothing waits any more.
    if !has_more {
        let now = now.max(as_of);
        count::write_state(&mut tx, now, &up_to(&holidays, now)).await?;
    }
    tx.commit().await?;
    Ok(has_more)
}

/// Counts everything from nothing. Until it is done, readers see what was counted before.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rebuild(db: &Db, now: DateTime<Utc>) -> sqlx::Result<usize> {
    let mut tx = db.begin_worker().await?;
    if !count::try_lock(&mut tx).await? {
        tx.rollback().await?;
        return Ok(0);
    }
    let counted = count_everything(&mut tx, now).await?;
    tx.commit().await?;
    Ok(counted)
}

/// As [`rebuild`], within a transaction that somebody else has opened and that may take its time.
///
/// # Errors
/// When the database refuses.
pub async fn count_everything(connection: &mut PgConnection, now: DateTime<Utc>) -> sqlx::Result<usize> {
    count::take_time(&mut *connection).await?;
    count::forget_all(&mut *connection).await?;
    let holidays = count::list_holidays(&mut *connection).await?;
    let by_day: Holidays = holidays.iter().copied().collect();
    let (mut counted, mut last) = (0, ExportId(Uuid::nil()));
    loop {
        let exports = count::list_exports(&mut *connection, last, LARGE_BATCH).await?;
        let Some(&end) = exports.last() else { break };
        count_these(&mut *connection, &exports, &by_day).await?;
        (counted, last) = (counted + exports.len(), end);
    }
    count::write_state(connection, now, &up_to(&holidays, now)).await?;
    Ok(counted)
}

/// Those that were not later than the day of `moment`.
fn up_to(holidays: &[NaiveDate], moment: DateTime<Utc>) -> Vec<NaiveDate> {
    holidays.iter().copied().filter(|holiday| *holiday <= eat_date(moment)).collect()
}

async fn count_these(connection: &mut PgConnection, exports: &[ExportId], holidays: &Holidays) -> sqlx::Result<()> {
    let recounts: BTreeMap<ExportId, Recount> =
        count::count(&mut *connection, exports).await?.into_iter().map(|recount| (recount.export, recount)).collect();
    let spans: Vec<(ExportId, i32, i32)> = recounts.values().filter_map(span_of).collect();
    let actions: Vec<String> = STEPS
        .iter()
        .flat_map(|step| Outcome::ALL.iter().map(move |outcome| format!("{}:{outcome}", step.kind)))
        .collect();
    let decisions = count::list_decisions(&mut *connection, &spans, &actions).await?;
    let changes = changes_of(&decisions, &recounts, holidays);
    if changes.is_empty() { Ok(()) } else { count::add_decisions(connection, &changes).await }
}

/// The versions whose decisions are to be counted: those after the last time, or all when other parties see them now.
fn span_of(recount: &Recount) -> Option<(ExportId, i32, i32)> {
    let after = match recount.before {
        Some((version, parties)) if parties == recount.parties => version,
        _ => 0,
    };
    (after < recount.version).then_some((recount.export, after, recount.version))
}

/// What the decisions change in the histogram of everybody who sees them, or does not see them any more.
fn changes_of(
    decisions: &[Decision],
    recounts: &BTreeMap<ExportId, Recount>,
    holidays: &Holidays,
) -> BTreeMap<Place, i64> {
    let mut changes: BTreeMap<Place, i64> = BTreeMap::new();
    for decision in decisions {
        let Some(recount) = recounts.get(&decision.export) else { continue };
        let state = State::new(decision.status, decision.stage);
        let (days, is_late) = waited(state, (decision.entered, decision.decided), decision.due, holidays);
        let mut add = |parties: Parties, times: i64| {
            for viewer in [parties.exporter.0, parties.bank.0, parties.carrier.0, EVERYBODY] {
                let place = Place {
                    viewer,
                    month: Month::of(eat_date(decision.decided)).first_day(),
                    stage: decision.stage,
                    organization: decision.organization,
                    working_days: i32::try_from(days).unwrap_or(i32::MAX),
                    is_late,
                };
                *changes.entry(place).or_default() += times;
            }
        };
        add(recount.parties, 1);
        if let Some((version, parties)) = recount.before
            && decision.version <= version
        {
            add(parties, -1);
        }
    }
    changes.retain(|_, times| *times != 0);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exports::{ExportStatus, Stage};
    use crate::ids::OrganizationId;

    fn decision(export: ExportId, version: i32) -> Decision {
        Decision {
            export,
            version,
            status: ExportStatus::QualityCertified,
            stage: Stage::Scheduling,
            organization: OrganizationId::new(),
            entered: "2026-11-16T08:00:00Z".parse().unwrap(),
            decided: "2026-11-18T08:00:00Z".parse().unwrap(),
            due: None,
        }
    }

    fn recount(before: Option<(i32, Parties)>, version: i32, parties: Parties) -> Recount {
        Recount { export: ExportId::new(), before, version, parties }
    }

    fn changes(decisions: &[Decision], recount: Recount) -> Vec<(Uuid, i64)> {
        let recounts = BTreeMap::from([(recount.export, recount)]);
        let changes = changes_of(decisions, &recounts, &Holidays::default());
        changes.into_iter().map(|(place, times)| (place.viewer, times)).collect()
    }

    fn parties() -> Parties {
        Parties { exporter: OrganizationId::new(), bank: OrganizationId::new(), carrier: OrganizationId::new() }
    }

    #[test]
    fn a_new_decision_counts_once_for_everybody_who_sees_it() {
        let parties = parties();
        let recount = recount(Some((4, parties)), 5, parties);
        assert_eq!(span_of(&recount), Some((recount.export, 4, 5)));
        let mut seen = changes(&[decision(recount.export, 5)], recount);
        seen.sort_unstable();
        let mut all = vec![(parties.exporter.0, 1), (parties.bank.0, 1), (parties.carrier.0, 1), (EVERYBODY, 1)];
        all.sort_unstable();
        assert_eq!(seen, all);
    }

    #[test]
    fn what_was_counted_up_to_this_version_is_not_counted_again() {
        let parties = parties();
        assert_eq!(span_of(&recount(Some((5, parties)), 5, parties)), None);
    }

    #[test]
    fn another_carrier_takes_the_decisions_over() {
        let former = parties();
        let present = Parties { carrier: OrganizationId::new(), ..former };
        let recount = recount(Some((5, former)), 6, present);
        assert_eq!(span_of(&recount), Some((recount.export, 0, 6)));
        let mut moved = changes(&[decision(recount.export, 5)], recount);
        moved.sort_unstable();
        let mut expected = vec![(former.carrier.0, -1), (present.carrier.0, 1)];
        expected.sort_unstable();
        assert_eq!(moved, expected, "exporter, bank and authorities saw it before and see it still");
    }
}
