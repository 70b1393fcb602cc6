//! `/exports/{id}/eudr/statement`: the exporter enters what the buyer has told of the due diligence statement.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::{Fields, answer_of, export_id, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::eudr::origins::model::{Position, StatementState};
use crate::eudr::origins::rules::{OriginRefusal, against_recording};
use crate::eudr::origins::service::{self, RecordStatement};
use crate::eudr::origins::statement::{self, REFERENCE, STATE, TOLD_ON, VERIFICATION};
use crate::eudr::pages::carry_out;
use crate::i18n::Lang;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, FormKey};

pub(super) async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let position = find(&state, &exchange, &actor, &id).await?;
    if let Some(refusal) = against_recording(&position.consignment, &actor) {
        return Err(answer_of(&refusal, &location(&position), exchange.lang()));
    }
    form_page(&exchange, &position, &Fields::new(), &FieldProblems::default(), StatusCode::OK)
}

pub(super) async fn record(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let position = find(&state, &exchange, &actor, &id).await?;
    let told_before = submission.require_version()?;
    let read = match statement::read(&submission.fields, eat_date(exchange.now())) {
        Ok(read) => read,
        Err(problems) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return form_page(&exchange, &position, &submission.fields, &problems, status);
        }
    };
    let command = RecordStatement {
        export: position.consignment.id,
        told_before,
        reference: &read.reference,
        verification: &read.verification,
        told: read.state,
    };
    let answer = carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command).await?;
    answer.map_err(|refusal: OriginRefusal| answer_of(&refusal, &location(&position), exchange.lang()))
}

async fn find(state: &AppState, exchange: &Exchange, actor: &Actor, id: &str) -> Result<Position, AppError> {
    let found = service::consignment(&state.db, actor, export_id(id)?, false, exchange.now()).await?;
    Ok(found.ok_or(AppError::NotFound)?.0)
}

fn location(position: &Position) -> String {
    format!("/exports/{}/eudr", position.consignment.id)
}

fn form_page(
    exchange: &Exchange,
    position: &Position,
    typed: &Fields,
    problems: &FieldProblems,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let before = position.statement();
    let fill = |field: Field| {
        let value = typed.get(&field.name).cloned().unwrap_or_default();
        let error = problems.of(&field.name).map(|found| problem(found, lang));
        field.value(value).error(error)
    };
    let fields = vec![
        fill(Field::text(REFERENCE, lang.t("eudr-reference")).hint(lang.t("eudr-reference-hint")).width(20)),
        fill(Field::text(VERIFICATION, lang.t("eudr-verification")).hint(lang.t("eudr-verification-hint")).width(10)),
        fill(
            Field::select(STATE, lang.t("eudr-told-state"), states(lang))
                .hint(lang.t("eudr-told-state-hint"))
                .optional(),
        ),
        fill(Field::date(TOLD_ON, lang.t("eudr-told-on")).optional()),
    ];
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("eudr-statement-title", [("number", position.consignment.number.clone())])),
        lead: vec![lang.t("eudr-statement-lead"), lang.t("eudr-statement-lead-record")],
        facts: before
            .map(|told| Fact::new(lang.t("eudr-statement-in-force"), words::statement(told, lang)))
            .into_iter()
            .collect(),
        form: Form {
            action: format!("{}/statement", location(position)),
            token: exchange.form_token(Some(i32::try_from(position.statements.len()).unwrap_or(i32::MAX))),
            summary: ErrorSummary::of(Vec::new(), &fields),
            groups: vec![FieldGroup::plain(fields)],
            submit: lang.t("eudr-statement-submit"),
            cancel: Some(location(position)),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

fn states(lang: Lang) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", lang.t("eudr-told-state-untold"))];
    let named = |state: &StatementState| Choice::new(state.code(), lang.name_of("statement-state", state.code()));
    choices.extend(StatementState::ALL.iter().map(named));
    choices
}
