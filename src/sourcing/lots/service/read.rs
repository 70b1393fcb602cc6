//! What pages read: lists, a lot with its file, what the form offers.

use chrono::{DateTime, Utc};

use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::database::Db;
use crate::ids::{ExporterId, LotId};
use crate::organizations::directory::Directory;
use crate::review::{ApplicationFile, Dialogue, FileKinds, SubjectKind, dialogue, list_files};
use crate::sourcing::lots::form::Lists;
use crate::sourcing::lots::genealogy::Edge;
use crate::sourcing::lots::model::Lot;
use crate::sourcing::lots::store::{self, Filter, LotLine, Place, Tab};

/// What waits for a desk is counted up to here; a longer queue is shown as so many and more.
pub const COUNTED: i64 = 1_000;

/// A page of a list, with how many lots wait for the viewer's desk.
#[derive(Debug)]
pub struct ListPage {
    /// The lots; one more than asked when there are more.
    pub lines: Vec<LotLine>,
    /// How many wait, up to [`COUNTED`]; nothing for who verifies none.
    pub waiting: Option<i64>,
}

/// Whether `viewer` may meet lots at all: as their desk, or on an export.
#[must_use]
pub(super) fn may_meet(viewer: &Actor) -> bool {
    viewer.may(Permission::ViewLots) || viewer.may(Permission::ViewExports)
}

/// A page of the lots that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(
    db: &Db,
    viewer: &Actor,
    tab: Tab,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> sqlx::Result<ListPage> {
    let mut tx = db.begin_as(viewer).await?;
    let lines = store::list_lots(&mut tx, viewer, tab, filter, after, limit).await?;
    let waiting = match viewer.may(Permission::VerifyLots) {
        true => Some(store::count_waiting(&mut tx, viewer, COUNTED).await?),
        false => None,
    };
    tx.commit().await?;
    Ok(ListPage { lines, waiting })
}

/// A lot, if `viewer` may see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find(db: &Db, viewer: &Actor, id: LotId) -> sqlx::Result<Option<Lot>> {
    if !may_meet(viewer) {
        return Ok(None);
    }
    let mut tx = db.begin_as(viewer).await?;
    let lot = store::find_visible(&mut tx, viewer, id).await?;
    tx.commit().await?;
    Ok(lot)
}

/// A lot with everything about it that its page shows.
#[derive(Debug)]
pub struct LotFile {
    /// The lot.
    pub lot: Lot,
    /// Its papers.
    pub files: Vec<ApplicationFile>,
    /// The names of their kinds.
    pub kinds: FileKinds,
    /// What happened, and what was said.
    pub dialogue: Dialogue,
    /// Other lots that name the same receipt.
    pub same_receipt: i64,
}

/// A lot with its file, if `viewer` may see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn file_of(db: &Db, directory: &Directory, viewer: &Actor, id: LotId) -> sqlx::Result<Option<LotFile>> {
    if !may_meet(viewer) {
        return Ok(None);
    }
    let mut tx = db.begin_as(viewer).await?;
    let Some(lot) = store::find_visible(&mut tx, viewer, id).await? else { return Ok(None) };
    let (files, kinds) = list_files(&mut tx, SubjectKind::Lot, id.0).await?;
    let dialogue = dialogue(&mut tx, directory, SubjectKind::Lot, id.0).await?;
    let same_receipt = store::count_same_receipt(&mut tx, &lot).await?;
    tx.commit().await?;
    Ok(Some(LotFile { lot, files, kinds, dialogue, same_receipt }))
}

/// A lot with the links of its genealogy, if `viewer` may see it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn genealogy(db: &Db, viewer: &Actor, id: LotId) -> sqlx::Result<Option<(Lot, Vec<Edge>)>> {
    if !may_meet(viewer) {
        return Ok(None);
    }
    let mut tx = db.begin_as(viewer).await?;
    let Some(lot) = store::find_visible(&mut tx, viewer, id).await? else { return Ok(None) };
    let edges = store::list_edges(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Some((lot, edges)))
}

/// Lots that a form offers at most; who has more narrows the list first.
const OFFERED: i64 = 200;

/// The viewer's own lots of which others can be made.
///
/// # Errors
/// When the database cannot be reached.
pub async fn usable(db: &Db, viewer: &Actor) -> sqlx::Result<Vec<LotLine>> {
    let mut tx = db.begin_as(viewer).await?;
    let lots = store::list_usable(&mut tx, viewer, OFFERED).await?;
    tx.commit().await?;
    Ok(lots)
}

/// The profile for which `viewer` registers lots, and what the form offers; no profile when the organisation has none.
///
/// # Errors
/// When the database cannot be reached.
pub async fn form_options(db: &Db, viewer: &Actor, now: DateTime<Utc>) -> sqlx::Result<(Option<ExporterId>, Lists)> {
    let mut tx = db.begin_as(viewer).await?;
    let profile = store::find_profile(&mut tx, viewer).await?;
    let lists = store::read_lists(&mut tx, eat_date(now)).await?;
    tx.commit().await?;
    Ok((profile, lists))
}
