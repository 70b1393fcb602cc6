//! Who may export: the firm that registers itself, its profile and capital, laboratory, taster, certificate of
//! competence, export licence; and the six gates that say whether it may.

mod applications;
pub mod competence;
pub mod gates;
pub mod laboratories;
pub mod licenses;
pub mod profiles;
mod queue;
mod sign_up;
pub mod tasters;

pub use applications::{RegistrationDoor, expire, fields_of};

use crate::app::AppState;
use crate::review::{SubjectKind, Workflow};
use crate::web::routes::Routes;

/// The kinds of applications, in the order in which one stands on the other.
pub const KINDS: [SubjectKind; 5] =
    [SubjectKind::Profile, SubjectKind::Laboratory, SubjectKind::Taster, SubjectKind::Competence, SubjectKind::License];

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    sign_up::routes().merge(queue::routes()).merge(applications::routes())
}

/// The acts on a kind of application; none on what is no affair of this area.
#[must_use]
pub fn workflow_of(kind: SubjectKind) -> Option<&'static Workflow> {
    match kind {
        SubjectKind::Profile => Some(&profiles::WORKFLOW),
        SubjectKind::Laboratory => Some(&laboratories::WORKFLOW),
        SubjectKind::Taster => Some(&tasters::WORKFLOW),
        SubjectKind::Competence => Some(&competence::WORKFLOW),
        SubjectKind::License => Some(&licenses::WORKFLOW),
        SubjectKind::Lot | SubjectKind::Inspection | SubjectKind::Contract | SubjectKind::Buyer => None,
    }
}
