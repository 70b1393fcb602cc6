//! `/exports/{id}/receipts/{number}/reversal`: a receipt taken back, with the reason.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::{Fields, address, day, none, stands};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::exports::pages::act::{Sent, answer_of, send_or_ask_again, sort_out, version};
use crate::exports::pages::case::export_id;
use crate::exports::pages::panel::{self, Typed};
use crate::exports::pages::words;
use crate::exports::rules::{self, Refusal};
use crate::exports::service::proceeds::{TakeBack, statement};
use crate::ids::ExportId;
use crate::web::components::{ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::{FieldProblems, Reason};

/// Why it is taken back.
pub(in crate::exports::pages) const REASON: &str = "reason";

/// `GET /exports/{id}/receipts/{number}/reversal`.
pub(in crate::exports) async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let receipt = (export_id(&id)?, receipt_number(&number)?);
    page(&state, &exchange, &actor, receipt, &Typed::default(), StatusCode::OK).await
}

/// `POST /exports/{id}/receipts/{number}/reversal`.
pub(in crate::exports) async fn reverse(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, number)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let (export, receipt) = (export_id(&id)?, receipt_number(&number)?);
    let sent = match Reason::parse(submission.fields.get(REASON).map_or("", String::as_str)) {
        Ok(reason) => {
            let command = TakeBack { export, receipt, version: version(&submission)?, reason: &reason };
            send_or_ask_again(&state, &exchange, &actor, &submission, &command, address(export)).await?
        }
        Err(problem) => {
            let mut problems = FieldProblems::default();
            problems.add(REASON, problem);
            sort_out(&state, &exchange, &submission, vec![Refusal::Invalid(problems)], address(export)).await?
        }
    };
    match sent {
        Sent::Done(done) => Ok(done),
        Sent::Again(typed, _) => {
            page(&state, &exchange, &actor, (export, receipt), &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn receipt_number(text: &str) -> Result<i32, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (export, number): (ExportId, i32),
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let found = statement(&state.db, &state.directory, actor, export, exchange.now()).await?;
    let found = found.ok_or(AppError::NotFound)?;
    let refusals = rules::against_recording(&found.export, actor, &found.context);
    if !refusals.is_empty() {
        return Err(answer_of(state, exchange, &refusals, address(export)).await?);
    }
    let line = found.receipts.iter().find(|line| line.number == number && stands(line)).ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let hint = [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())];
    let reason = Field::textarea(REASON, lang.t("decide-reason-label")).hint(lang.fill("cancel-reason-hint", hint));
    let mut groups = vec![FieldGroup::plain(vec![reason])];
    panel::fill(&mut groups, typed, lang);
    let address = format!("/exports/{export}");
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("receipt-take-back-title", [("receipt", number.to_string())])),
        lead: vec![lang.t("receipt-take-back-lead")],
        facts: [
            words::about(&found.export, lang),
            vec![
                Fact::new(lang.t("field-received-on"), day(line.received_on, lang)),
                Fact::new(lang.t("field-received-amount"), words::money(&found.export.currency, line.received)),
                Fact::new(lang.t("field-bank-reference-advice"), line.bank_reference.clone().unwrap_or_else(none)),
            ],
        ]
        .concat(),
        form: Form {
            action: format!("{address}/receipts/{number}/reversal"),
            token: exchange.form_token(Some(found.export.version)),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("receipt-take-back"),
            cancel: Some(format!("{address}/settlement")),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}
