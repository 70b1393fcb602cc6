//! The SQL of reports.

pub(in crate::reports) mod count;
pub(in crate::reports) mod expiring;
pub(in crate::reports) mod settlements;
pub(in crate::reports) mod totals;
pub(in crate::reports) mod turnaround;

use uuid::Uuid;

use crate::auth::Actor;

/// Whose view the sums of all submitted exports are: that of those who see all.
pub(in crate::reports) const EVERYBODY: Uuid = Uuid::nil();

/// Whose view of the sums is this viewer's.
const fn view_of(viewer: &Actor) -> Uuid {
    if sees_all(viewer) { EVERYBODY } else { viewer.organization.id.0 }
}

/// Whether the viewer's organisation sees every export, or those to which it is a party.
const fn sees_all(viewer: &Actor) -> bool {
    viewer.organization.kind.sees_every_export()
}
