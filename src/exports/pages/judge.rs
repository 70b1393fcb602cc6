//! The forms of who looks at a case's documents: in order, rejected, done without.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::act;
use super::case::export_id;
use super::documents::answer_of;
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::documents::{Document, Verdict};
use crate::error::{AppError, Unreadable};
use crate::exports::rules::checklist::standing;
use crate::exports::rules::documents::{DocumentRefusal, against_checking, against_waiving};
use crate::exports::service::documents::{self, CaseDocuments};
use crate::exports::service::{CheckDocument, RevokeWaiver, Waive};
use crate::ids::{DocumentId, ExportId};
use crate::web::components::{ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::{Command, CommandError, FormKey, Problem, Reason, execute};

/// Why a document is rejected, or done without.
pub(super) const REASON: &str = "reason";

type Fields = BTreeMap<String, String>;

/// `POST /exports/{id}/documents/{document_id}/check`.
pub(super) async fn check(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, document)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let command = CheckDocument { export: export_id(&id)?, document: document_id(&document)?, rejection: None };
    send(&state, &exchange, &actor, &submission, &command, command.export).await
}

/// `GET /exports/{id}/documents/{document_id}/rejection`.
pub(super) async fn ask_rejection(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, document)): Path<(String, String)>,
) -> Result<Response, AppError> {
    rejection_page(&state, &exchange, &actor, (export_id(&id)?, document_id(&document)?), "", None).await
}

/// `POST /exports/{id}/documents/{document_id}/rejection`.
pub(super) async fn reject(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, document)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let ids = (export_id(&id)?, document_id(&document)?);
    let typed = submission.fields.get(REASON).map_or("", String::as_str);
    match Reason::parse(typed) {
        Ok(reason) => {
            let command = CheckDocument { export: ids.0, document: ids.1, rejection: Some(reason) };
            send(&state, &exchange, &actor, &submission, &command, ids.0).await
        }
        Err(problem) => rejection_page(&state, &exchange, &actor, ids, typed, Some(problem)).await,
    }
}

/// `GET /exports/{id}/waivers/{document_type}`.
pub(super) async fn ask_waiver(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, kind)): Path<(String, String)>,
) -> Result<Response, AppError> {
    waiver_page(&state, &exchange, &actor, (export_id(&id)?, &kind), "", None).await
}

/// `POST /exports/{id}/waivers/{document_type}`.
pub(super) async fn waive(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, kind)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let typed = submission.fields.get(REASON).map_or("", String::as_str);
    match Reason::parse(typed) {
        Ok(reason) => {
            let command = Waive { export, document_type: kind, reason };
            send(&state, &exchange, &actor, &submission, &command, export).await
        }
        Err(problem) => waiver_page(&state, &exchange, &actor, (export, &kind), typed, Some(problem)).await,
    }
}

/// `POST /exports/{id}/waivers/{document_type}/revocation`.
pub(super) async fn revoke(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, kind)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let command = RevokeWaiver { export: export_id(&id)?, document_type: kind };
    send(&state, &exchange, &actor, &submission, &command, command.export).await
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = DocumentRefusal>,
    export: ExportId,
) -> Result<Response, AppError> {
    match execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await {
        Ok(done) => Ok(act::done(exchange, &done)),
        Err(CommandError::Database(error)) => Err(error.into()),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Refused(refusal)) => Err(refused(&refusal, export, exchange)),
    }
}

fn refused(refusal: &DocumentRefusal, export: ExportId, exchange: &Exchange) -> AppError {
    answer_of(refusal, export, exchange.lang()).unwrap_or(AppError::NotFound)
}

async fn find(state: &AppState, exchange: &Exchange, actor: &Actor, id: ExportId) -> Result<CaseDocuments, AppError> {
    documents::list(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)
}

async fn rejection_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (id, document): (ExportId, DocumentId),
    typed: &str,
    problem: Option<Problem>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let found = find(state, exchange, actor, id).await?;
    let document = found.documents.iter().find(|other| other.id == document).ok_or(AppError::NotFound)?;
    let rule = found.context.rule_for(&document.document_type);
    let against = against_checking(&found.export, rule, document, Verdict::Rejected, actor, &found.context);
    if let Some(refusal) = against {
        return Err(refused(&refusal, id, exchange));
    }
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let mut facts = words::about(&found.export, lang);
    facts.extend([
        Fact::new(lang.t("documents-type"), catalog.document(&document.document_type, lang))
            .note(lang.fill("documents-version", [("version", document.version.to_string())])),
        Fact::new(lang.t("documents-file-name"), &document.name).note(format!(
            "{}, {}",
            document.by_name,
            Moment::at(lang, document.uploaded_at).text
        )),
    ]);
    let asked = Asked {
        title: "documents-rejection-title",
        lead: "documents-rejection-lead",
        label: "documents-rejection-reason",
        submit: "documents-reject",
        action: format!("/exports/{id}/documents/{}/rejection", document.id),
    };
    reason_page(exchange, id, asked, facts, typed, problem)
}

async fn waiver_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (id, kind): (ExportId, &str),
    typed: &str,
    problem: Option<Problem>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let CaseDocuments { export, mut documents, papers, waivers, context } = find(state, exchange, actor, id).await?;
    let rule = context.rule_for(kind);
    documents.retain(Document::is_active);
    let stand = standing(&export, kind, &documents, &papers, &waivers).stand();
    if let Some(refusal) = against_waiving(&export, rule, stand, actor, &context) {
        return Err(refused(&refusal, id, exchange));
    }
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let stage = rule.map(|rule| lang.name_of("stage", &rule.needed_for_stage)).unwrap_or_default();
    let mut facts = words::about(&export, lang);
    facts.push(Fact::new(lang.t("documents-type"), catalog.document(kind, lang)).note(stage));
    let asked = Asked {
        title: "documents-waiver-title",
        lead: "documents-waiver-lead",
        label: "documents-waiver-reason",
        submit: "documents-waive",
        action: format!("/exports/{id}/waivers/{kind}"),
    };
    reason_page(exchange, id, asked, facts, typed, problem)
}

/// What a page that asks for a reason says.
struct Asked {
    title: &'static str,
    lead: &'static str,
    label: &'static str,
    submit: &'static str,
    action: String,
}

fn reason_page(
    exchange: &Exchange,
    id: ExportId,
    asked: Asked,
    facts: Vec<Fact>,
    typed: &str,
    problem: Option<Problem>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let status = if problem.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let reason = Field::textarea(REASON, lang.t(asked.label))
        .hint(lang.t("documents-removal-reason-hint"))
        .value(typed)
        .error(problem.map(|problem| words::problem(&problem, lang)));
    let view = FormPage {
        chrome: exchange.chrome(lang.t(asked.title)),
        lead: vec![lang.t(asked.lead)],
        facts,
        form: Form {
            action: asked.action,
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), [&reason]),
            groups: vec![FieldGroup::plain(vec![reason])],
            submit: lang.t(asked.submit),
            cancel: Some(format!("/exports/{id}/documents")),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

fn document_id(text: &str) -> Result<DocumentId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
