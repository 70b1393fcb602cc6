//! One document: its file, to be saved or shown, and the form that takes it back.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use super::act;
use super::case::export_id;
use super::documents::answer_of;
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::documents::Document;
use crate::documents::file_name::Disposition;
use crate::documents::serving;
use crate::error::{AppError, Forbidden, Unreadable};
use crate::exports::rules::documents::against_removing;
use crate::exports::service::documents::{self, CaseDocument, Remove};
use crate::i18n::Lang;
use crate::ids::DocumentId;
use crate::web::components::{ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::{CommandError, FormKey, Problem, Reason, execute};

const REASON_FIELD: &str = "reason";

/// `GET /documents/{document_id}`.
pub(super) async fn download(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let found = documents::find(&state.db, &actor, document_id(&id)?).await?.ok_or(AppError::NotFound)?;
    let response = file(&state, &found.document, (&actor, exchange.lang()), Disposition::Attachment).await?;
    documents::record_download(&state.db, &actor, &found, exchange.now()).await?;
    Ok(response)
}

/// `GET /documents/{document_id}/preview`, for the frame beside a case.
pub(super) async fn preview(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let document = documents::find(&state.db, &actor, document_id(&id)?).await?.ok_or(AppError::NotFound)?.document;
    file(&state, &document, (&actor, exchange.lang()), Disposition::Inline).await
}

async fn file(
    state: &AppState,
    document: &Document,
    (actor, lang): (&Actor, Lang),
    disposition: Disposition,
) -> Result<Response, AppError> {
    if let Some(shut) = document.scan.against_opening(document.organization_id, actor) {
        return Err(AppError::Forbidden(Forbidden::Step(lang.t(shut.text_id()))));
    }
    serving::respond(&state.storage, (&document.key, &document.name, document.kind), disposition).await
}

/// The form of a removal.
#[derive(Debug, Deserialize)]
pub(super) struct RemovalForm {
    reason: String,
}

/// `GET /exports/{id}/documents/{document_id}/removal`.
pub(super) async fn ask_removal(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, document)): Path<(String, String)>,
) -> Result<Response, AppError> {
    removal_page(&state, &exchange, &actor, (&id, &document), "", None).await
}

/// `POST /exports/{id}/documents/{document_id}/removal`.
pub(super) async fn remove(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, document)): Path<(String, String)>,
    submission: Submission<RemovalForm>,
) -> Result<Response, AppError> {
    let typed = &submission.fields.reason;
    let reason = match Reason::parse(typed) {
        Ok(reason) => reason,
        Err(problem) => {
            return removal_page(&state, &exchange, &actor, (&id, &document), typed, Some(problem)).await;
        }
    };
    let command = Remove { export: export_id(&id)?, document: document_id(&document)?, reason };
    match execute(&state.db, &actor, FormKey::of(&submission)?, &command, exchange.now()).await {
        Ok(done) => Ok(act::done(&exchange, &done)),
        Err(CommandError::Database(error)) => Err(error.into()),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Refused(refusal)) => {
            Err(answer_of(&refusal, command.export, exchange.lang()).unwrap_or(AppError::NotFound))
        }
    }
}

async fn removal_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (id, document): (&str, &str),
    typed: &str,
    problem: Option<Problem>,
) -> Result<Response, AppError> {
    let id = export_id(id)?;
    let found = documents::find(&state.db, actor, document_id(document)?).await?;
    let CaseDocument { export, changed_by, document } =
        found.filter(|found| found.export.id == id).ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    if let Some(refusal) = against_removing(&export, &changed_by, &document, actor) {
        return Err(answer_of(&refusal, id, lang).unwrap_or(AppError::NotFound));
    }
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let status = if problem.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let reason = Field::textarea(REASON_FIELD, lang.t("documents-removal-reason"))
        .hint(lang.t("documents-removal-reason-hint"))
        .value(typed)
        .error(problem.map(|problem| words::problem(&problem, lang)));
    let mut facts = words::about(&export, lang);
    facts.extend([
        Fact::new(lang.t("documents-type"), catalog.document(&document.document_type, lang))
            .note(lang.fill("documents-version", [("version", document.version.to_string())])),
        Fact::new(lang.t("documents-file-name"), &document.name).note(Moment::at(lang, document.uploaded_at).text),
    ]);
    let view = FormPage {
        chrome: exchange.chrome(lang.t("documents-removal-title")),
        lead: vec![lang.t("documents-removal-lead")],
        facts,
        form: Form {
            action: format!("/exports/{id}/documents/{}/removal", document.id),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), [&reason]),
            groups: vec![FieldGroup::plain(vec![reason])],
            submit: lang.t("documents-removal-submit"),
            cancel: Some(format!("/exports/{id}/documents")),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

fn document_id(text: &str) -> Result<DocumentId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
