//! What pages read: lines of a report, what it can be narrowed by, what expires, what is due.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::auth::Actor;
use crate::database::Db;
use crate::exports::Stage;
use crate::exports::transitions::{ExportStep, STEPS};
use crate::ids::OrganizationId;
use crate::organizations::directory::{Directory, Names};
use crate::reports::ageing::ExpiryBucket;
use crate::reports::model::{Due, DueSum, Expiring, ExpiringKind, Key, Line, Question};
use crate::reports::period::{Month, Period};
use crate::reports::store::expiring::Wanted;
use crate::reports::store::totals::{Grain, StateCount};
use crate::reports::store::{self, expiring};
use crate::reports::turnaround::Histogram;

/// What a report can be narrowed by.
#[derive(Debug, Default)]
pub struct Choices {
    /// The first month with an export.
    pub first_month: Option<Month>,
    /// The regions of the viewer's exports.
    pub origins: Vec<String>,
    /// The countries, by their codes.
    pub destinations: Vec<String>,
    /// The exporters.
    pub exporters: Vec<OrganizationId>,
    /// Their names.
    pub names: Names,
}

/// What the viewer's exports can be narrowed by.
///
/// # Errors
/// When the database cannot be reached.
pub async fn choices(db: &Db, directory: &Directory, actor: &Actor) -> sqlx::Result<Choices> {
    let mut tx = db.begin_as(actor).await?;
    let exporters = store::totals::list_members(&mut tx, actor, Grain::Exporter).await?;
    let exporters: Vec<OrganizationId> = exporters.iter().filter_map(|id| id.parse().ok()).collect();
    let choices = Choices {
        first_month: store::totals::find_first_month(&mut tx, actor).await?,
        origins: store::totals::list_members(&mut tx, actor, Grain::Origin).await?,
        destinations: store::totals::list_members(&mut tx, actor, Grain::Destination).await?,
        names: directory.names(&mut tx, exporters.iter().map(|id| id.0)).await?,
        exporters,
    };
    tx.commit().await?;
    Ok(choices)
}

/// An answer from the sums.
#[derive(Debug)]
pub struct Answer<T> {
    /// What was asked for.
    pub rows: Vec<T>,
    /// The names of the organisations in it.
    pub names: Names,
    /// As of when it is; `None` before the first counting.
    pub as_of: Option<DateTime<Utc>>,
}

/// The lines of a report, in the order of their keys.
///
/// # Errors
/// When the database cannot be reached.
pub async fn lines(db: &Db, directory: &Directory, actor: &Actor, question: &Question) -> sqlx::Result<Answer<Line>> {
    let mut tx = db.begin_as(actor).await?;
    let rows = store::totals::list_lines(&mut tx, actor, question).await?;
    let exporters = rows.iter().filter_map(|line| match line.key {
        Key::Exporter(id) => Some(id.0),
        Key::State(_) | Key::Place(_) | Key::Month(_) | Key::CoffeeYear(_) => None,
    });
    let names = directory.names(&mut tx, exporters.collect::<Vec<Uuid>>()).await?;
    let as_of = store::totals::find_as_of(&mut tx).await?;
    tx.commit().await?;
    Ok(Answer { rows, names, as_of })
}

/// How many of the viewer's exports stand where, and as of when.
///
/// # Errors
/// When the database cannot be reached.
pub async fn state_counts(db: &Db, actor: &Actor) -> sqlx::Result<(Vec<StateCount>, Option<DateTime<Utc>>)> {
    let mut tx = db.begin_as(actor).await?;
    let counts = store::totals::list_state_counts(&mut tx, actor).await?;
    let as_of = store::totals::find_as_of(&mut tx).await?;
    tx.commit().await?;
    Ok((counts, as_of))
}

/// How long one organisation took for one step.
#[derive(Debug)]
pub struct StepTime {
    /// The step.
    pub step: &'static ExportStep,
    /// Who decided.
    pub organization: OrganizationId,
    /// After how many days.
    pub days: Histogram,
}

/// How long each step took each organisation, in the order of the walk.
///
/// # Errors
/// When the database cannot be reached.
pub async fn turnaround(
    db: &Db,
    directory: &Directory,
    actor: &Actor,
    period: Period,
) -> sqlx::Result<Answer<StepTime>> {
    let mut tx = db.begin_as(actor).await?;
    let columns = store::turnaround::list_columns(&mut tx, actor, period).await?;
    let names = directory.names(&mut tx, columns.iter().map(|column| column.organization.0)).await?;
    let as_of = store::totals::find_as_of(&mut tx).await?;
    tx.commit().await?;
    let mut times: BTreeMap<(Stage, OrganizationId), Histogram> = BTreeMap::new();
    for column in columns {
        times.entry((column.stage, column.organization)).or_default().add(
            u32::try_from(column.working_days).unwrap_or_default(),
            u64::try_from(column.count).unwrap_or_default(),
            column.is_late,
        );
    }
    let rows = STEPS
        .iter()
        .flat_map(|step| {
            let stage = step.from.stage;
            times.iter().filter(move |((of, _), _)| *of == stage).map(move |((_, organization), days)| StepTime {
                step,
                organization: *organization,
                days: days.clone(),
            })
        })
        .collect();
    Ok(Answer { rows, names, as_of })
}

/// What expires.
#[derive(Debug, Default)]
pub struct Certificates {
    /// How many of each kind stand where.
    pub counts: BTreeMap<(ExpiringKind, ExpiryBucket), i64>,
    /// The certificates, those that end first before the others; one more than asked for when there are more.
    pub rows: Vec<Expiring>,
}

/// The certificates of these kinds, and of one exporter, that have expired or will by `horizon`. The list is narrowed to
/// the last days given; the counts are not.
///
/// # Errors
/// When the database cannot be reached.
pub async fn certificates(
    db: &Db,
    actor: &Actor,
    (kinds, exporter): (&[ExpiringKind], Option<OrganizationId>),
    (from, until, horizon): (Option<NaiveDate>, NaiveDate, NaiveDate),
    today: NaiveDate,
    limit: i64,
) -> sqlx::Result<Certificates> {
    let all = Wanted { kinds: kinds.to_vec(), from: None, until: horizon, exporter, today };
    let listed = Wanted { from, until, ..all.clone() };
    let mut tx = db.begin_as(actor).await?;
    let ending = expiring::count_by_day(&mut tx, actor, &all).await?;
    let rows = expiring::list(&mut tx, actor, &listed, limit).await?;
    tx.commit().await?;
    let mut counts = BTreeMap::new();
    for day in ending {
        if let Some(bucket) = ExpiryBucket::of(day.last_day, today) {
            *counts.entry((day.kind.0, bucket)).or_default() += day.count;
        }
    }
    Ok(Certificates { counts, rows })
}

/// What is due.
#[derive(Debug)]
pub struct Settlements {
    /// By bank, exporter, currency and day.
    pub sums: Vec<DueSum>,
    /// The exports, the earliest due date first; one more than asked for when there are more.
    pub rows: Vec<Due>,
    /// The names of banks and exporters.
    pub names: Names,
}

/// The proceeds that are still to come.
///
/// # Errors
/// When the database cannot be reached.
pub async fn settlements(
    db: &Db,
    directory: &Directory,
    actor: &Actor,
    exporter: Option<OrganizationId>,
    limit: i64,
) -> sqlx::Result<Settlements> {
    let mut tx = db.begin_as(actor).await?;
    let sums = store::settlements::sum_due(&mut tx, actor, exporter).await?;
    let rows = store::settlements::list_due(&mut tx, actor, exporter, limit).await?;
    let names = directory.names(&mut tx, sums.iter().flat_map(|sum| [sum.bank.0, sum.exporter.0])).await?;
    tx.commit().await?;
    Ok(Settlements { sums, rows, names })
}
