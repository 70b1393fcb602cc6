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

pub use origin_fields::{ORIGIN_FIELDS, origin_fields};

pub use stake::at_stake;

use std::time::Duration;

use crate::app::AppState;
use crate::auth::Permission;
use crate::documents::upload::BODY_LIMIT_BYTES;
use crate::web::form_fields::{FormFields, NO_FIELDS};
use crate::web::routes::{Access, Proof, RouteLimits, Routes, Weighty};

/// The routes of the walk. What a step needs beyond seeing exports stands in the step table.
#[must_use]
pub fn routes() -> Routes<AppState> {
    // Where a permit or a certificate of origin comes of it, or so much is at stake that two decide.
    let weighty = Weighty { decisions: &["approve"], kinds: &["permit", "origin"], above_value: &["fx", "settlement"] };
    let issuing = RouteLimits { proof: Proof::AfterFor(weighty), ..RouteLimits::default() };
    let steps = FormFields::by("kind", panel::fields_of);
    // What is written off is never small to the country it is owed to.
    let writing_off = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get("/inbox", Access::SignedIn, inbox::show)
        .get("/exports", Access::Needs(Permission::ViewExports), list::show)
        .get("/exports/new", Access::Needs(Permission::RequestExport), request::show)
        .post_form("/exports", Access::Needs(Permission::RequestExport), request::fields(), request::create)
        .get("/exports/{id}", Access::Needs(Permission::ViewExports), case::show)
        .get("/exports/{id}/approvals/{kind}", Access::Needs(Permission::ViewExports), case::show_step)
        .post_form_within(
            "/exports/{id}/approvals/{kind}",
            Access::Needs(Permission::ViewExports),
            issuing,
            steps,
            act::decide,
        )
        .post_form(
            "/exports/{id}/submission",
            Access::Needs(Permission::RequestExport),
            panel::SUBMISSION_FIELDS,
            act::submit,
        )
        .post_form(
            "/exports/{id}/cancellation",
            Access::Needs(Permission::ViewExports),
            [panel::CANCEL_REASON],
            act::cancel,
        )
        .get("/exports/{id}/amendment", Access::Needs(Permission::RequestExport), amend::show)
        .post_form("/exports/{id}/amendment", Access::Needs(Permission::RequestExport), amend::fields(), amend::amend)
        .get("/exports/{id}/roll-over", Access::Needs(Permission::ScheduleShipment), rebook::show_roll_over)
        .post_form(
            "/exports/{id}/roll-over",
            Access::Needs(Permission::ScheduleShipment),
            rebook::ROLL_OVER_FIELDS,
            rebook::roll_over,
        )
        .get("/exports/{id}/containers", Access::Needs(Permission::ScheduleShipment), rebook::show_containers)
        .post_form(
            "/exports/{id}/containers",
            Access::Needs(Permission::ScheduleShipment),
            rebook::CONTAINER_FIELDS,
            rebook::change_containers,
        )
        .get("/exports/{id}/letter-of-credit", Access::Needs(Permission::ViewExports), letter::show)
        .post_form(
            "/exports/{id}/letter-of-credit",
            Access::Needs(Permission::CheckBankDocuments),
            letter::amendment_fields(),
            letter::amend,
        )
        .get("/exports/{id}/letter-of-credit/new", Access::Needs(Permission::CheckBankDocuments), letter::show_new)
        .post_form(
            "/exports/{id}/letter-of-credit/new",
            Access::Needs(Permission::CheckBankDocuments),
            letter::new_fields(),
            letter::record,
        )
        .get("/proceeds", Access::Needs(Permission::ViewExports), accounts::show)
        .post_form(
            "/exports/{id}/extension-request",
            Access::Needs(Permission::RequestExport),
            [amend::ASKED_UNTIL, amend::ASKING_REASON],
            amend::ask_extension,
        )
        .post_form(
            "/exports/{id}/extension-refusal",
            Access::Needs(Permission::ExtendSettlement),
            [amend::REFUSAL_REASON],
            amend::refuse_extension,
        )
        .post_form(
            "/exports/{id}/extension",
            Access::Needs(Permission::ExtendSettlement),
            [amend::NEW_DUE_DATE, amend::EXTENSION_REASON],
            amend::extend,
        )
        .get("/exports/{id}/settlement", Access::Needs(Permission::ViewExports), proceeds::show)
        .post_form(
            "/exports/{id}/receipts",
            Access::Needs(Permission::SettleExport),
            proceeds::RECEIPT_FIELDS,
            proceeds::record,
        )
        .get(
            "/exports/{id}/receipts/{receipt}/reversal",
            Access::Needs(Permission::SettleExport),
            proceeds::ask_reversal,
        )
        .post_form(
            "/exports/{id}/receipts/{receipt}/reversal",
            Access::Needs(Permission::SettleExport),
            [proceeds::REVERSAL_REASON],
            proceeds::reverse,
        )
        .post_form_within(
            "/exports/{id}/shortfall",
            Access::Needs(Permission::SettleExport),
            writing_off,
            proceeds::SHORTFALL_FIELDS,
            proceeds::close_short,
        )
        .post_form(
            "/exports/{id}/claim",
            Access::Needs(Permission::ViewExports),
            [act::COLLEAGUE, act::RELEASE],
            act::claim,
        )
        .post_form("/exports/{id}/messages", Access::Needs(Permission::WriteMessages), [act::MESSAGE], act::write)
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
        .post_form("/exports/{id}/documents/{document_id}/check", check, NO_FIELDS, judge::check)
        .get("/exports/{id}/documents/{document_id}/rejection", check, judge::ask_rejection)
        .post_form("/exports/{id}/documents/{document_id}/rejection", check, [judge::REASON], judge::reject)
        .get("/exports/{id}/waivers/{document_type}", waive, judge::ask_waiver)
        .post_form("/exports/{id}/waivers/{document_type}", waive, [judge::REASON], judge::waive)
        .post_form("/exports/{id}/waivers/{document_type}/revocation", waive, NO_FIELDS, judge::revoke)
        .get("/documents/{document_id}", view, document::download)
        .get("/documents/{document_id}/preview", view, document::preview)
}

pub(crate) use crate::web::html;
