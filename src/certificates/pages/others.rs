//! Certificates of origin of others: `/exports/{id}/origin-certificates` puts one on record,
//! `…/{certificate_id}/withdrawal` strikes it out.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::act::{Fields, Typed, answer_of, reason_field, send};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::model::OtherKind;
use crate::certificates::rules::{self, PaperRefusal};
use crate::certificates::service::{self, RecordOther, StrikeOther, WITHDRAWAL_REASON};
use crate::error::AppError;
use crate::ids::{ExportId, OriginCertificateId};
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;

/// What the form of a certificate asks.
pub(super) const FIELDS: &[&str] = &["kind", "number", "issued_on", "issuer"];

pub(super) async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    record_page(&state, &exchange, &actor, export_id(&id)?, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn record(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = RecordOther { export, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, papers_of(export)).await? {
        Ok(done) => Ok(done),
        Err(typed) => record_page(&state, &exchange, &actor, export, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

pub(super) async fn ask_strike(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, certificate)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let which = (export_id(&id)?, certificate_id(&certificate)?);
    strike_page(&state, &exchange, &actor, which, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn strike(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, certificate)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let (export, certificate) = (export_id(&id)?, certificate_id(&certificate)?);
    let reason = submission.fields.get(WITHDRAWAL_REASON).map_or("", String::as_str);
    let command = StrikeOther { export, certificate, reason };
    match send(&state, &exchange, &actor, &submission, &command, papers_of(export)).await? {
        Ok(done) => Ok(done),
        Err(typed) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            strike_page(&state, &exchange, &actor, (export, certificate), &typed, status).await
        }
    }
}

async fn record_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: ExportId,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let found = service::list(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    if let Some(refusal) = rules::against_recording(&found.export, actor) {
        return Err(refused(state, exchange, refusal, id).await?);
    }
    let kinds = OtherKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), lang.name_of("origin", kind.code())))
        .collect::<Vec<_>>();
    let mut fields = vec![
        Field::radios("kind", lang.t("papers-other-kind"), kinds),
        Field::text("number", lang.t("papers-other-number")).hint(lang.t("papers-other-number-hint")).width(20),
        Field::date("issued_on", lang.t("papers-other-issued")),
        Field::text("issuer", lang.t("papers-other-issuer")).hint(lang.t("papers-other-issuer-hint")).optional(),
    ];
    for field in &mut fields {
        typed.fill(field, lang);
    }
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("papers-other-title", [("number", found.export.number.clone())])),
        lead: vec![lang.t("papers-other-lead")],
        facts: Vec::new(),
        form: Form {
            action: format!("/exports/{id}/origin-certificates"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.clone(), &fields),
            groups: vec![FieldGroup::plain(fields)],
            submit: lang.t("papers-other-submit"),
            cancel: Some(papers_of(id)),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

async fn strike_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (id, certificate): (ExportId, OriginCertificateId),
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let found = service::list(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let other = found.others.iter().find(|other| other.id == certificate).ok_or(AppError::NotFound)?;
    if let Some(refusal) = rules::against_striking(other, actor) {
        return Err(refused(state, exchange, refusal, id).await?);
    }
    let lang = exchange.lang();
    let mut reason = reason_field(WITHDRAWAL_REASON, "papers-strike-reason", lang);
    typed.fill(&mut reason, lang);
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("papers-strike-title", [("number", other.number.clone())])),
        lead: vec![lang.t("papers-strike-lead")],
        facts: vec![
            Fact::new(lang.name_of("origin", other.kind.code()), &other.number)
                .note(Moment::legal_day(lang, other.issued_on).text),
        ],
        form: Form {
            action: format!("/exports/{id}/origin-certificates/{certificate}/withdrawal"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.clone(), [&reason]),
            groups: vec![FieldGroup::plain(vec![reason])],
            submit: lang.t("papers-strike-submit"),
            cancel: Some(papers_of(id)),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

async fn refused(
    state: &AppState,
    exchange: &Exchange,
    refusal: PaperRefusal,
    export: ExportId,
) -> Result<AppError, AppError> {
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    Ok(answer_of(&[refusal], &catalog, exchange.lang(), papers_of(export)))
}

fn papers_of(export: ExportId) -> String {
    format!("/exports/{export}/papers")
}

fn export_id(text: &str) -> Result<ExportId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn certificate_id(text: &str) -> Result<OriginCertificateId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
