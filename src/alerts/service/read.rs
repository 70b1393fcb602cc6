//! What the security pages show.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::alerts::model::{Activity, Alert, Evidence, Period, Refused, SubjectKind};
use crate::alerts::store::read::{self as store, Kind, Viewer};
use crate::auth::session::IDLE;
use crate::auth::{Actor, Permission};
use crate::database::Db;
use crate::ids::AlertId;
use crate::organizations::directory::{Directory, Names};
use crate::organizations::sign_in::network_of;

/// Open alerts on the page at most.
pub(in crate::alerts) const OPEN: i64 = 100;
/// Refusals in each short list.
const LAST: i64 = 10;
/// Events of an alert that its page shows at most.
const EVIDENCE: i64 = 100;

/// How many alerts wait to be acknowledged by somebody within the viewer's reach; nothing for who sees no alerts.
///
/// # Errors
/// When the database cannot be reached.
pub async fn count_open(db: &Db, viewer: &Actor) -> sqlx::Result<Option<i64>> {
    if !viewer.may(Permission::ViewAlerts) {
        return Ok(None);
    }
    let mut tx = db.begin_as(viewer).await?;
    let count = store::count_open(&mut tx, Viewer::of(viewer)).await?;
    tx.commit().await?;
    Ok(Some(count))
}

/// The security page.
#[derive(Debug)]
pub(in crate::alerts) struct Board {
    /// Hour by hour; those without any event are left out.
    pub hours: BTreeMap<DateTime<Utc>, Activity>,
    pub sessions: i64,
    pub open_count: i64,
    pub open: Vec<Alert>,
    pub done: Vec<Alert>,
    pub failures: Vec<Refused>,
    pub denials: Vec<Refused>,
    pub names: Names,
}

impl Board {
    /// What happened in all of its hours.
    pub(in crate::alerts) fn total(&self) -> Activity {
        let mut total = Activity::default();
        for counts in self.hours.values() {
            total += *counts;
        }
        total
    }
}

/// What a viewer sees of a period; of the acknowledged alerts `limit` after the place given.
pub(in crate::alerts) async fn board(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    period: Period,
    (after, limit): (Option<(DateTime<Utc>, Uuid)>, i64),
    now: DateTime<Utc>,
) -> sqlx::Result<Board> {
    let (whose, from) = (Viewer::of(viewer), period.begins(now));
    let mut tx = db.begin_as(viewer).await?;
    let hours = store::list_activity(&mut tx, whose, from).await?.into_iter().collect();
    let sessions = store::count_sessions(&mut tx, now, now - IDLE).await?;
    let open_count = store::count_open(&mut tx, whose).await?;
    let open = store::list_open(&mut tx, whose, OPEN).await?;
    let done = store::list_done(&mut tx, whose, after, limit).await?;
    let failures = store::list_refused(&mut tx, whose, Kind::Failure, from, LAST).await?;
    let denials = store::list_refused(&mut tx, whose, Kind::Denial, from, LAST).await?;
    let ids = open.iter().chain(&done).flat_map(ids_of);
    let ids = ids.chain(failures.iter().chain(&denials).flat_map(|one| [one.person, one.organization]).flatten());
    let names = directory.names(&mut tx, ids.collect::<Vec<_>>()).await?;
    tx.commit().await?;
    Ok(Board { hours, sessions, open_count, open, done, failures, denials, names })
}

/// Whose names an alert has on it.
fn ids_of(alert: &Alert) -> impl Iterator<Item = Uuid> + use<> {
    let person = matches!(alert.subject_kind, SubjectKind::User | SubjectKind::Keys).then_some(alert.subject);
    let by = alert.acknowledged.as_ref().map(|done| done.by.0);
    [person, alert.organization.map(|id| id.0), by].into_iter().flatten()
}

/// The page of an alert.
#[derive(Debug)]
pub(in crate::alerts) struct AlertPage {
    pub alert: Alert,
    pub evidence: Vec<Evidence>,
    /// The network that it is about, as long as its address is kept and for who may read it.
    pub network: Option<String>,
    pub names: Names,
}

/// One alert with what raised it; `None` when it is not there for this viewer.
pub(in crate::alerts) async fn find(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    id: AlertId,
) -> sqlx::Result<Option<AlertPage>> {
    let whose = Viewer::of(viewer);
    let mut tx = db.begin_as(viewer).await?;
    let Some(alert) = store::find_visible(&mut tx, whose, id).await? else { return Ok(None) };
    let evidence = store::list_evidence(&mut tx, id, EVIDENCE).await?;
    let network = if alert.subject_kind == SubjectKind::Network && whose.scope.is_none() {
        let address = store::find_address(&mut tx, alert.subject).await?;
        address.and_then(|address| address.parse().ok()).map(|address| network_of(address).to_string())
    } else {
        None
    };
    let ids = ids_of(&alert).chain(evidence.iter().filter_map(|event| event.actor));
    let names = directory.names(&mut tx, ids.collect::<Vec<_>>()).await?;
    tx.commit().await?;
    Ok(Some(AlertPage { alert, evidence, network, names }))
}
