//! Forms that are kept while they are filled in: by a button, and by themselves where there is JavaScript.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use uuid::Uuid;

use super::papers::door_of;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::{AppError, Forbidden};
use crate::review::model::SubjectKind;
use crate::review::service::{find_standing, save_draft};
use crate::web::chrome::Flash;
use crate::web::components::{AlsoButton, ErrorSummary, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;

/// The form that writes a subject, new or (`id`) corrected: it goes on to the page on which the answers are checked,
/// and can be left at any time.
#[must_use]
pub fn draft_form(
    exchange: &Exchange,
    kind: SubjectKind,
    id: Option<Uuid>,
    (action, cancel): (String, String),
    groups: Vec<FieldGroup>,
    whole: Vec<String>,
) -> Form {
    let lang = exchange.lang();
    let keep = match id {
        None => format!("/applications/{}/draft", kind.slug()),
        Some(id) => format!("/applications/{}/{id}/draft", kind.slug()),
    };
    Form {
        action,
        token: exchange.form_token(None),
        summary: ErrorSummary::of(whole, groups.iter().flat_map(|group| &group.fields)),
        groups,
        submit: lang.t("review-continue"),
        cancel: Some(cancel),
        also: Some(AlsoButton { action: keep.clone(), label: lang.t("review-save-draft") }),
        autosave: Some(keep),
        ..Form::default()
    }
}

pub(super) async fn save_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(subject): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    save(&state, &exchange, &actor, &subject, None, &submission).await
}

pub(super) async fn save_correction(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    save(&state, &exchange, &actor, &subject, Some(id), &submission).await
}

async fn save(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    subject: &str,
    id: Option<Uuid>,
    submission: &Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let (kind, door) = door_of(state, subject)?;
    if let Some(id) = id
        && find_standing(&state.db, actor, door, id).await?.is_none()
    {
        return Err(AppError::NotFound);
    }
    if !door.may_draft(actor) {
        return Err(AppError::Forbidden(Forbidden::Permission));
    }
    save_draft(&state.db, actor, kind, id, &submission.fields, exchange.now()).await?;
    if exchange.htmx().is_fragment() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let flash = Flash::success(exchange.lang().t("review-draft-saved"));
    Ok((flash, exchange.htmx().see_other(&door.form_location(id))).into_response())
}
