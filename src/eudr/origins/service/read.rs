//! What pages read of origins.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::audit::{self, Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::eudr::origins::dates::Demand;
use crate::eudr::origins::model::{Consignment, Origin, Position, TracedLot, traces};
use crate::eudr::origins::rules::{gaps, state_of};
use crate::eudr::origins::store::{self, EndedLink};
use crate::ids::{ExportId, LotId};

/// Links that have ended, as a page lists them.
const ENDED: i64 = 20;

/// A lot with where its coffee grew.
#[derive(Debug)]
pub(in crate::eudr::origins) struct LotPage {
    pub lot: TracedLot,
    pub origins: Vec<Origin>,
    pub ended: Vec<EndedLink>,
}

/// A lot that `viewer` may see, with where its coffee grew as it is linked now. Without the geometry of its plots unless that
/// is asked for.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::eudr::origins) async fn lot(
    db: &Db,
    viewer: &Actor,
    id: LotId,
    with_geometry: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<LotPage>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(lot) = store::find_lot(&mut tx, viewer, id).await? else { return Ok(None) };
    let origins = store::list_origins_of_lot(&mut tx, id, now, with_geometry).await?;
    let ended = store::list_ended(&mut tx, id, ENDED).await?;
    tx.commit().await?;
    Ok(Some(LotPage { lot, origins, ended }))
}

/// Where an export stands with the regulation; `None` when it is not the viewer's to see. Without the geometry of its plots
/// unless that is asked for.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn position(
    tx: &mut Tx,
    viewer: &Actor,
    id: ExportId,
    with_geometry: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Position>> {
    match store::find_consignment(tx, viewer, id).await? {
        Some(consignment) => complete(tx, consignment, with_geometry, now).await.map(Some),
        None => Ok(None),
    }
}

/// The same for the page of a case, where it is a matter: the destination is in the Union, or a document about it is asked
/// for.
///
/// # Errors
/// When the database cannot be reached.
pub async fn position_of_case(
    tx: &mut Tx,
    viewer: &Actor,
    id: ExportId,
    is_asked_for: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Position>> {
    match store::find_consignment(tx, viewer, id).await? {
        Some(consignment) if consignment.is_eu || is_asked_for => complete(tx, consignment, false, now).await.map(Some),
        Some(_) | None => Ok(None),
    }
}

async fn complete(
    tx: &mut Tx,
    consignment: Consignment,
    with_geometry: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Position> {
    let id = consignment.id;
    let moment = consignment.origin_at.unwrap_or(now);
    let origins = store::list_origins_of_export(tx, id, moment, with_geometry).await?;
    let statements = store::list_statements(tx, id).await?;
    let demand = Demand::of(&store::list_demand(tx).await?, eat_date(now));
    let gaps = gaps(&origins);
    let state = state_of(consignment.is_eu, statements.first(), &gaps);
    Ok(Position { consignment, state, gaps, origins, statements, demand })
}

/// Whether the lots of an export come from elsewhere now than as the export goes by it.
pub(super) async fn has_changed(tx: &mut Tx, position: &Position, now: DateTime<Utc>) -> sqlx::Result<bool> {
    if position.consignment.origin_at.is_none() {
        return Ok(false);
    }
    let present = store::list_origins_of_export(tx, position.consignment.id, now, false).await?;
    Ok(traces(&present) != traces(&position.origins))
}

/// Where an export stands, and whether its lots are linked otherwise now; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::eudr::origins) async fn consignment(
    db: &Db,
    viewer: &Actor,
    id: ExportId,
    with_geometry: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(Position, bool)>> {
    let mut tx = db.begin_as(viewer).await?;
    let found = match position(&mut tx, viewer, id, with_geometry, now).await? {
        Some(position) => {
            let has_changed = has_changed(&mut tx, &position, now).await?;
            Some((position, has_changed))
        }
        None => None,
    };
    tx.commit().await?;
    Ok(found)
}

/// Puts on record that `actor` takes the plots of a lot or an export away: `what` is `coffee_lot` or `export`.
///
/// # Errors
/// When the database is away: what cannot be recorded does not leave.
pub(in crate::eudr::origins) async fn record_download(
    db: &Db,
    actor: &Actor,
    (what, id): (&'static str, Uuid),
    details: Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let details = json!({ "list": "plots", "of": details });
    let event = Event::business("DATA_EXPORT", what, id, Severity::Medium, details);
    audit::record_alone(db, actor, &event, now).await
}
