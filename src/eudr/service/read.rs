//! What pages show of plots.

use chrono::{DateTime, Utc};

use crate::auth::Actor;
use crate::database::Db;
use crate::eudr::model::{PendingImport, Plot};
use crate::eudr::store::{self, PlotFilter, PlotLine, imports};
use crate::ids::{PlotId, PlotImportId};

/// A page of the plots that `viewer` may see, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::eudr) async fn list(
    db: &Db,
    viewer: &Actor,
    filter: &PlotFilter,
    limit: i64,
) -> sqlx::Result<Vec<PlotLine>> {
    let mut tx = db.begin_as(viewer).await?;
    let plots = store::list_visible(&mut tx, viewer, filter, limit).await?;
    tx.commit().await?;
    Ok(plots)
}

/// A plot with its revisions: id, number of the revision, when, newest first.
#[derive(Debug)]
pub(in crate::eudr) struct PlotPage {
    pub plot: Plot,
    pub revisions: Vec<(PlotId, i32, DateTime<Utc>)>,
}

/// A plot that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::eudr) async fn plot(db: &Db, viewer: &Actor, id: PlotId) -> sqlx::Result<Option<PlotPage>> {
    let mut tx = db.begin_as(viewer).await?;
    let found = match store::find_visible(&mut tx, viewer, id).await? {
        Some(plot) => Some(PlotPage { revisions: store::list_revisions(&mut tx, &plot).await?, plot }),
        None => None,
    };
    tx.commit().await?;
    Ok(found)
}

/// A file of the viewer's organisation that waits for a yes; `Some(None)` when it was settled.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::eudr) async fn import(
    db: &Db,
    viewer: &Actor,
    id: PlotImportId,
) -> sqlx::Result<Option<Option<PendingImport>>> {
    let mut tx = db.begin_as(viewer).await?;
    let found = imports::find_visible(&mut tx, viewer, id).await?;
    tx.commit().await?;
    Ok(found)
}
