//! The pages of contracts: list, form, the page that checks the answers, the case.

mod case;
mod check;
mod form;
mod list;
mod words;

use crate::app::AppState;
use crate::auth::Permission;
use crate::error::AppError;
use crate::ids::ContractId;
use crate::review::DECISION_FIELDS;
use crate::sourcing::contracts::form::FIELDS;
use crate::web::answer;
use crate::web::routes::{Access, Routes};

/// The routes of contracts.
#[must_use]
pub fn routes() -> Routes<AppState> {
    use Permission as P;
    Routes::new()
        .get("/contracts", Access::Needs(P::ViewContracts), list::show)
        .get("/contracts/new", Access::Needs(P::RegisterContracts), form::new)
        .post_form("/contracts/new", Access::Needs(P::RegisterContracts), FIELDS, form::keep_new)
        .get("/contracts/new/check", Access::Needs(P::RegisterContracts), check::new)
        .post_form("/contracts", Access::Needs(P::RegisterContracts), [check::SEEN], check::register)
        .get("/contracts/{id}", Access::Needs(P::ViewContracts), case::show)
        .post_form("/contracts/{id}/decisions", Access::Needs(P::ViewContracts), DECISION_FIELDS, case::decide)
        .get("/contracts/{id}/form", Access::Needs(P::RegisterContracts), form::edit)
        .post_form("/contracts/{id}/form", Access::Needs(P::RegisterContracts), FIELDS, form::keep)
        .get("/contracts/{id}/check", Access::Needs(P::RegisterContracts), check::edit)
        .post_form("/contracts/{id}/terms", Access::Needs(P::RegisterContracts), check::FIELDS, check::rewrite)
}

fn contract_id(text: &str) -> Result<ContractId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
