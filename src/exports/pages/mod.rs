//! The pages of exports: inbox, list, case, decisions, new request.

mod accounts;
mod act;
mod amend;
mod case;
mod checklist;
mod checks;
mod document;
mod documents;
mod flags;
mod inbox;
mod judge;
mod letter;
mod list;
mod news;
mod origin_fields;
mod panel;
mod proceeds;
mod rebook;
mod request;
mod stake;
pub mod words;

pub use origin_fields::origin_fields;

pub use stake::at_stake;

use std::time::Duration;

use crate::app::AppState;
use crate::auth::Permission;
use crate::documents::upload::BODY_LIMIT_BYTES;
use crate::web::routes::{Access, Proof, RouteLimits, Routes, Weighty};

/// The routes of the walk. What a step needs beyond seeing exports stands in the step table.
#[must_use]
pub fn routes() -> Routes<AppState> {
    // Where a permit or a certificate of origin comes of it, or so much is at stake that two decide.
    let weighty = Weighty { decisions: &["approve"], kinds: &["permit", "origin"], above_value: &["fx", "settlement"] };
    let issuing = RouteLimits { proof: Proof::AfterFor(weighty), ..RouteLimits::default() };
    // What is written off is never small to the country it is owed to.
    let writing_off = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get("/inbox", Access::SignedIn, inbox::show)
        .get("/exports", Access::Needs(Permission::ViewExports), list::show)
        .get("/exports/new", Access::Needs(Permission::RequestExport), request::show)
        .post("/exports", Access::Needs(Permission::RequestExport), request::create)
        .get("/exports/{id}", Access::Needs(Permission::ViewExports), case::show)
        .get("/exports/{id}/approvals/{kind}", Access::Needs(Permission::ViewExports), case::show_step)
        .post_within("/exports/{id}/approvals/{kind}", Access::Needs(Permission::ViewExports), issuing, act::decide)
        .post("/exports/{id}/submission", Access::Needs(Permission::RequestExport), act::submit)
        .post("/exports/{id}/cancellation", Access::Needs(Permission::ViewExports), act::cancel)
        .get("/exports/{id}/amendment", Access::Needs(Permission::RequestExport), amend::show)
        .post("/exports/{id}/amendment", Access::Needs(Permission::RequestExport), amend::amend)
        .get("/exports/{id}/roll-over", Access::Needs(Permission::ScheduleShipment), rebook::show_roll_over)
        .post("/exports/{id}/roll-over", Access::Needs(Permission::ScheduleShipment), rebook::roll_over)
        .get("/exports/{id}/containers", Access::Needs(Permission::ScheduleShipment), rebook::show_containers)
        .post("/exports/{id}/containers", Access::Needs(Permission::ScheduleShipment), rebook::change_containers)
        .get("/exports/{id}/letter-of-credit", Access::Needs(Permission::ViewExports), letter::show)
        .post("/exports/{id}/letter-of-credit", Access::Needs(Permission::CheckBankDocuments), letter::amend)
        .get("/exports/{id}/letter-of-credit/new", Access::Needs(Permission::CheckBankDocuments), letter::show_new)
        .post("/exports/{id}/letter-of-credit/new", Access::Needs(Permission::CheckBankDocuments), letter::record)
        .get("/proceeds", Access::Needs(Permission::ViewExports), accounts::show)
        .post("/exports/{id}/extension-request", Access::Needs(Permission::RequestExport), amend::ask_extension)
        .post("/exports/{id}/extension-refusal", Access::Needs(Permission::ExtendSettlement), amend::refuse_extension)
        .post("/exports/{id}/extension", Access::Needs(Permission::ExtendSettlement), amend::extend)
        .get("/exports/{id}/settlement", Access::Needs(Permission::ViewExports), proceeds::show)
        .post("/exports/{id}/receipts", Access::Needs(Permission::SettleExport), proceeds::record)
        .get(
            "/exports/{id}/receipts/{receipt}/reversal",
            Access::Needs(Permission::SettleExport),
            proceeds::ask_reversal,
        )
        .post("/exports/{id}/receipts/{receipt}/reversal", Access::Needs(Permission::SettleExport), proceeds::reverse)
        .post_within(
            "/exports/{id}/shortfall",
            Access::Needs(Permission::SettleExport),
            writing_off,
            proceeds::close_short,
        )
        .post("/exports/{id}/claim", Access::Needs(Permission::ViewExports), act::claim)
        .post("/exports/{id}/messages", Access::Needs(Permission::WriteMessages), act::write)
        .get("/exports/{id}/news", Access::Needs(Permission::ViewExports), news::show)
        .merge(document_routes())
}

/// The documents of an export.
fn document_routes() -> Routes<AppState> {
    // Ten megabytes at 40 kB/s take four minutes; a sender who falls silent is cut off long before.
    let upload = RouteLimits { body_bytes: BODY_LIMIT_BYTES, time: Duration::from_secs(300), ..RouteLimits::default() };
    let attach = Access::Needs(Permission::AttachDocuments);
    let view = Access::Needs(Permission::ViewExports);
    let check = Access::Needs(Permission::CheckDocuments);
    let waive = Access::Needs(Permission::WaiveDocuments);
    Routes::new()
        .get("/exports/{id}/documents", view, documents::show)
        .post_within("/exports/{id}/documents", attach, upload, documents::attach)
        .get("/exports/{id}/documents/{document_id}/removal", attach, document::ask_removal)
        .post("/exports/{id}/documents/{document_id}/removal", attach, document::remove)
        .post("/exports/{id}/documents/{document_id}/check", check, judge::check)
        .get("/exports/{id}/documents/{document_id}/rejection", check, judge::ask_rejection)
        .post("/exports/{id}/documents/{document_id}/rejection", check, judge::reject)
        .get("/exports/{id}/waivers/{document_type}", waive, judge::ask_waiver)
        .post("/exports/{id}/waivers/{document_type}", waive, judge::waive)
        .post("/exports/{id}/waivers/{document_type}/revocation", waive, judge::revoke)
        .get("/documents/{document_id}", view, document::download)
        .get("/documents/{document_id}/preview", view, document::preview)
}

pub(crate) use crate::web::html;
