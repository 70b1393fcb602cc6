//! What pages read: the queue, the lists, a case with its file, the counts.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::auth::{Actor, Permission};
use crate::calendar::{Holidays, eat_date, is_working_day, start_of_day};
use crate::database::{Db, Tx};
use crate::eudr::origins::{Position, position_of_case};
use crate::exports::catalog::Catalog;
use crate::exports::model::{ApprovalKind, Export, Stage};
use crate::exports::rules::checklist::EUDR_STATEMENT;
use crate::exports::rules::{self, Context};
use crate::exports::store;
use crate::exports::store::case_file::{CaseFile, Colleague};
use crate::exports::store::filters::{ListFilter, QueueFilter};
use crate::exports::store::lists::{CaseLine, Cutoffs, Part, Place, QueueCounts};
use crate::exports::transitions::{EXPORTER_LIMIT, SETTLEMENT_WARN_DAYS, STEPS, open_step};
use crate::ids::ExportId;
use crate::organizations::directory::{Directory, Names};

/// Queue counts are exact up to here; a longer queue is shown as so many and more.
pub const COUNTED: i64 = 1_000;

/// One page of the queue, with its counts.
#[derive(Debug)]
pub struct QueuePage {
    /// The cases, oldest first; one more than asked when there are more.
    pub lines: Vec<CaseLine>,
    /// The counts of its parts.
    pub counts: QueueCounts,
}

/// A page of the viewer's queue: at most `limit` cases.
///
/// # Errors
/// When the database cannot be reached.
#[allow(clippy::too_many_arguments, reason = "one query, of what a list is narrowed by")]
pub async fn queue(
    db: &Db,
    actor: &Actor,
    part: Part,
    filter: &QueueFilter,
    window: (Option<Place>, Option<Place>),
    limit: i64,
    catalog: &Catalog,
    now: DateTime<Utc>,
) -> sqlx::Result<QueuePage> {
    // Who has no part in exports has an empty queue, not an error of the database.
    if !actor.may(Permission::ViewExports) {
        return Ok(QueuePage { lines: Vec::new(), counts: QueueCounts::default() });
    }
    let cutoffs = cutoffs(now, &catalog.holidays);
    let mut tx = db.begin_as(actor).await?;
    let lines = store::lists::list_queue(&mut tx, actor, part, filter, &cutoffs, window, limit).await?;
    let counts = store::lists::count_queue(&mut tx, actor, &cutoffs, COUNTED).await?;
    tx.commit().await?;
    Ok(QueuePage { lines, counts })
}

/// A page of the exports that the viewer may see, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(
    db: &Db,
    actor: &Actor,
    filter: &ListFilter,
    window: (Option<Place>, Option<Place>),
    limit: i64,
) -> sqlx::Result<Vec<CaseLine>> {
    let mut tx = db.begin_as(actor).await?;
    let lines = store::lists::list_visible(&mut tx, actor, filter, window, limit).await?;
    tx.commit().await?;
    Ok(lines)
}

/// The code lists. They are the same for everybody, and read in nobody's name.
pub(in crate::exports) async fn catalog(db: &Db, today: NaiveDate) -> sqlx::Result<Catalog> {
    let mut tx = db.begin_worker().await?;
    let mut catalog = store::lists::read_catalog(&mut tx, today).await?;
    catalog.minimum_prices = store::flags::list_minimum_prices(&mut tx, today).await?;
    catalog.ending_licenses = store::flags::list_ending_licenses(&mut tx, today).await?;
    tx.commit().await?;
    Ok(catalog)
}

/// The export alone, for an area above that reads in a transaction of its own; `None` when it is not the
/// viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(tx: &mut Tx, actor: &Actor, id: ExportId) -> sqlx::Result<Option<Export>> {
    store::find_visible(tx, actor, id).await
}

/// A case as a page shows it.
#[derive(Debug)]
pub struct Case {
    /// The export.
    pub export: Export,
    /// What the rules need.
    pub context: Context,
    /// What is on record.
    pub file: CaseFile,
    /// To whom of their own organisation the viewer could hand it; nobody when they may not.
    pub colleagues: Vec<Colleague>,
    /// The names of those who are met in it.
    pub names: Names,
    /// Where it stands with the EU's regulation on deforestation, where that is a matter.
    pub eudr: Option<Position>,
    /// The cases before and after it in the viewer's queue.
    pub neighbours: (Option<ExportId>, Option<ExportId>),
}

/// A case with its file; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn case(
    db: &Db,
    directory: &Directory,
    actor: &Actor,
    id: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Case>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(export) = store::find_visible(&mut tx, actor, id).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let context = store::read_context(&mut tx, &export, eat_date(now)).await?;
    let step = open_step(export.state).map(|step| step.kind);
    let file = store::case_file::read(&mut tx, id, step).await?;
    let parties = [export.bank_organization_id.0, export.shipping_organization_id.0];
    let names = directory.names(&mut tx, file.named().chain(parties)).await?;
    let is_mine_to_give = export.claimed_by == Some(actor.user_id) || actor.may(Permission::ReassignClaims);
    let colleagues = if is_mine_to_give {
        store::case_file::list_colleagues(&mut tx, actor.organization.id).await?
    } else {
        Vec::new()
    };
    let neighbours = if export.queue_organization_id == Some(actor.organization.id) {
        store::lists::neighbours(&mut tx, actor, (export.stage_entered_at, id)).await?
    } else {
        (None, None)
    };
    let is_asked_for = context.required.iter().any(|rule| rule.document_type == EUDR_STATEMENT);
    let eudr = position_of_case(&mut tx, actor, id, is_asked_for, now).await?;
    tx.commit().await?;
    Ok(Some(Case { export, context, file, colleagues, names, eudr, neighbours }))
}

/// Whether the approval of this step of an export is a second officer's too; false when the export is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn needs_second_officer(
    db: &Db,
    viewer: &Actor,
    (id, kind): (ExportId, ApprovalKind),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let mut tx = db.begin_as(viewer).await?;
    let needs = match store::find_visible(&mut tx, viewer, id).await? {
        Some(export) => {
            let context = store::read_context(&mut tx, &export, eat_date(now)).await?;
            rules::second_officer(&export, kind, &context).is_some()
        }
        None => false,
    };
    tx.commit().await?;
    Ok(needs)
}

/// Whether the export is the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_visible(db: &Db, actor: &Actor, id: ExportId) -> sqlx::Result<bool> {
    let mut tx = db.begin_as(actor).await?;
    let found = store::find_visible(&mut tx, actor, id).await?;
    tx.commit().await?;
    Ok(found.is_some())
}

/// Whether somebody else did something on the export since `since`; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn happened_since(db: &Db, actor: &Actor, id: ExportId, since: DateTime<Utc>) -> sqlx::Result<Option<bool>> {
    let mut tx = db.begin_as(actor).await?;
    let happened = match store::find_visible(&mut tx, actor, id).await? {
        Some(_) => Some(store::news::happened_since(&mut tx, actor, id, since).await?),
        None => None,
    };
    tx.commit().await?;
    Ok(happened)
}

/// For each stage, before which moment a case must have entered it to be due, and to be late.
fn cutoffs(now: DateTime<Utc>, holidays: &Holidays) -> Cutoffs {
    let today = eat_date(now);
    let limits = STEPS
        .iter()
        .map(|step| (step.from.stage, step.limit))
        // A returned case counts with those in preparation: both wait for the exporter.
        .chain([(Stage::Preparation, EXPORTER_LIMIT)]);
    let mut cutoffs = Cutoffs {
        stages: Vec::new(),
        late: Vec::new(),
        due: Vec::new(),
        settlement_late: today,
        settlement_due: today + Days::new(SETTLEMENT_WARN_DAYS + 1),
    };
    for (stage, limit) in limits {
        cutoffs.stages.push(stage.code().to_owned());
        cutoffs.late.push(entered_before(today, limit.late_days, holidays));
        cutoffs.due.push(entered_before(today, limit.warn_days, holidays));
    }
    cutoffs
}

/// What has entered before this moment has waited at least `days` working days today.
fn entered_before(today: NaiveDate, days: u32, holidays: &Holidays) -> DateTime<Utc> {
    let mut day = today;
    let mut waited = 0;
    while waited < days {
        if is_working_day(day, holidays) {
            waited += 1;
        }
        day = day - Days::new(1);
    }
    start_of_day(day + Days::new(1))
}

/// What a catalogue is shared as.
pub type SharedCatalog = Arc<Catalog>;

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::calendar::working_days_between;

    #[test]
    fn the_cutoffs_agree_with_the_count_of_working_days() {
        let holidays: Holidays = ["2026-11-18".parse().unwrap()].into_iter().collect();
        let now: DateTime<Utc> = "2026-11-23T09:00:00Z".parse().unwrap();
        for days in 0..8 {
            let cutoff = entered_before(eat_date(now), days, &holidays);
            for hours in 0..400 {
                let entered = now - Duration::hours(hours);
                let waited = working_days_between(entered, now, &holidays);
                assert_eq!(entered < cutoff, waited >= days, "entered {entered}, {waited} waited, limit {days}");
            }
        }
    }
}
