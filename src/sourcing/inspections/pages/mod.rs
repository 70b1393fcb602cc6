//! The pages of the inspection desk.

mod queue;
mod sample;
mod show;
mod sign;
mod words;

use async_trait::async_trait;
use uuid::Uuid;

use super::findings::FIELDS;
use super::{rules, service};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::database::Tx;
use crate::review::{Door, Standing};
use crate::web::routes::{Access, Proof, RouteLimits, Routes};

/// The routes of the inspection desk.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let desk = Access::Needs(Permission::InspectLots);
    let proved = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get("/inspections", desk, queue::show)
        .get("/lots/{id}/samples/new", desk, sample::ask)
        .post_form("/lots/{id}/samples", desk, sample::DRAWING_FIELDS, sample::draw)
        .get("/samples/{id}", desk, sample::show)
        .post_form("/samples/{id}", desk, FIELDS, sample::check)
        .get("/samples/{id}/check", desk, sign::show)
        .post_form_within("/samples/{id}/signature", desk, proved, [sign::SEEN_FIELD], sign::sign)
        .post_form("/samples/{id}/abandonment", desk, [sign::ABANDON_REASON], sample::abandon)
        .get("/inspections/{id}", Access::Needs(Permission::ViewLots), show::show)
}

/// How drafts, messages and papers find a sample: they are the desk's own.
pub struct SampleDoor;

#[async_trait]
impl Door for SampleDoor {
    async fn find(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Option<Standing>> {
        service::find_standing(tx, viewer, id).await
    }

    fn location(&self, id: Uuid) -> String {
        format!("/samples/{id}")
    }

    fn form_location(&self, id: Option<Uuid>) -> String {
        id.map_or_else(|| "/inspections".to_owned(), |id| format!("/samples/{id}"))
    }

    fn may_draft(&self, actor: &Actor) -> bool {
        rules::may_inspect(actor)
    }

    fn may_write(&self, _: &Standing, viewer: &Actor) -> bool {
        rules::may_inspect(viewer)
    }

    fn file_kinds(&self, standing: &Standing, viewer: &Actor) -> Vec<&'static str> {
        if standing.state == "DRAWN" && rules::may_inspect(viewer) {
            vec!["inspection_report", "cupping_form", "other"]
        } else {
            Vec::new()
        }
    }
}
