//! `/contracts/new/check` and `/contracts/{id}/check`: what was typed, what the system makes of it, and what follows; then
//! it is handed in as it was shown.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::{answer, contract_id, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::ids::ContractId;
use crate::review::{FileKinds, Refusal, Typed, refusal, send};
use crate::sourcing::contracts::revisions;
use crate::sourcing::contracts::rules;
use crate::sourcing::contracts::service::{Register, Rewrite, Writing, fingerprint, writing};
use crate::web::chrome::Chrome;
use crate::web::components::{Check, ErrorSummary, Fact, Field, FieldGroup, Form, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::workflow::Reason;
use crate::workflow::words::problem;

type Fields = BTreeMap<String, String>;

/// Of what somebody has seen, its fingerprint.
pub(super) const SEEN: &str = "seen";

/// What the form asks that puts other terms in the place of those of a contract.
pub(super) const FIELDS: &[&str] = &[SEEN, "reason", "agreed"];

#[derive(Template)]
#[template(path = "sourcing/contract_check.html")]
struct CheckPage {
    chrome: Chrome,
    lead: Vec<String>,
    /// What it says, in groups.
    groups: Vec<(String, Vec<Fact>)>,
    /// What changes, old to new; empty for a new contract.
    changes: Vec<Fact>,
    checks: Vec<Check>,
    /// What stands against it.
    refusals: Vec<String>,
    back: String,
    form: Form,
    /// Fingerprint of what is shown.
    seen: String,
    may_send: bool,
}

pub(super) async fn new(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    show(&state, &exchange, &actor, None, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn edit(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    show(&state, &exchange, &actor, Some(contract_id(&id)?), &Typed::default(), StatusCode::OK).await
}

pub(super) async fn register(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let file = writing(&state.db, &actor, None, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let values = file.values();
    let seen = submission.fields.get(SEEN).map_or("", String::as_str);
    let command = Register { id: ContractId::new(), values: &values, seen };
    match send(&state, &exchange, &actor, &submission, &command, "/contracts".to_owned()).await? {
        Ok(done) => Ok(done),
        Err(typed) => show(&state, &exchange, &actor, None, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

pub(super) async fn rewrite(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let id = contract_id(&id)?;
    let file = writing(&state.db, &actor, Some(id), exchange.now()).await?.ok_or(AppError::NotFound)?;
    let values = file.values();
    let command = Rewrite { id, version: submission.require_version()?, values: &values, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, format!("/contracts/{id}")).await? {
        Ok(done) => Ok(done),
        Err(typed) => show(&state, &exchange, &actor, Some(id), &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn show(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: Option<ContractId>,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let file = writing(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let back = match id {
        None => "/contracts/new".to_owned(),
        Some(id) => format!("/contracts/{id}/form"),
    };
    // Without a draft there is nothing to check.
    if file.draft.is_none() {
        return Ok(exchange.htmx().see_other(&back).into_response());
    }
    let view = page(exchange, actor, &catalog, &file, typed, back);
    answer(&view, status)
}

fn page(
    exchange: &Exchange,
    actor: &Actor,
    catalog: &Catalog,
    file: &Writing,
    typed: &Typed,
    back: String,
) -> CheckPage {
    let lang = exchange.lang();
    let mut refusals: Vec<Refusal> = rules::against_registering(&file.applicant);
    let (mut groups, mut checks, mut changes, mut lead) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let is_back = file.contract.as_ref().is_some_and(|c| matches!(c.standing.state.as_str(), "RETURNED" | "REJECTED"));
    let mut needs_agreement = false;
    match &file.read {
        Some(Ok((terms, verdict))) => {
            groups = words::terms(catalog, terms, lang);
            checks = words::price_checks(verdict, file.figures.price_warning, actor, lang);
            if let Some(contract) = &file.contract {
                let found = revisions::differences(&contract.terms, terms);
                changes = words::changes(&found, lang);
                refusals.extend(
                    revisions::against_change(contract, terms, &found)
                        .into_iter()
                        .filter(|found| !is_back || found.text_id() != "contract-refusal-no-change"),
                );
                if !is_back && !found.is_empty() {
                    needs_agreement = contract.standing.state == "APPROVED" && revisions::act_of(&found) == "amend";
                    lead.push(lang.t(if needs_agreement { "contract-amend-again" } else { "contract-amend-stands" }));
                    if contract.running_exports > 0 {
                        let follows = found.iter().any(|change| revisions::do_exports_follow(change.subject));
                        let id = match (follows, needs_agreement) {
                            (true, _) => "contract-amend-follow",
                            (false, true) => "contract-amend-wait",
                            (false, false) => "contract-amend-apart",
                        };
                        lead.push(lang.t_args(id, &[("count", contract.running_exports.into())]));
                    }
                }
            }
        }
        _ => {
            checks.push(Check { tone: Tone::Bad, text: lang.t("contract-check-incomplete"), href: Some(back.clone()) })
        }
    }
    let mut refusals: Vec<String> = refusals.iter().map(|found| refusal(found, &FileKinds::default(), lang)).collect();
    refusals.extend(typed.whole.iter().filter(|said| !refusals.contains(said)).cloned().collect::<Vec<_>>());
    let fields =
        if file.contract.is_some() && !is_back { amendment_fields(typed, needs_agreement, lang) } else { Vec::new() };
    let (title, action, version, submit) = match &file.contract {
        None => (lang.t("contract-check-title"), "/contracts".to_owned(), None, "contract-register-submit"),
        Some(contract) => (
            lang.fill("contract-edit-title", [("number", contract.standing.reference.clone())]),
            format!("/contracts/{}/terms", contract.id),
            Some(contract.standing.version),
            if is_back { "contract-resubmit-submit" } else { "contract-amend-submit" },
        ),
    };
    let may_send = matches!(file.read, Some(Ok(_))) && refusals.is_empty();
    CheckPage {
        chrome: exchange.chrome(title),
        lead,
        groups,
        changes,
        checks,
        refusals,
        back,
        seen: fingerprint(&file.values()),
        may_send,
        form: Form {
            action,
            token: exchange.form_token(version),
            summary: ErrorSummary::of(Vec::new(), &fields),
            groups: vec![FieldGroup::plain(fields)],
            submit: lang.t(submit),
            ..Form::default()
        },
    }
}

fn amendment_fields(typed: &Typed, needs_agreement: bool, lang: crate::i18n::Lang) -> Vec<Field> {
    let shown = |field: Field| {
        let name = field.name.clone();
        field.value(typed.value(&name)).error(typed.problems.of(&name).map(|found| problem(found, lang)))
    };
    let limits = [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())];
    let reason =
        Field::textarea("reason", lang.t("contract-amend-reason")).hint(lang.fill("review-reason-hint", limits));
    let mut fields = vec![shown(reason)];
    if needs_agreement {
        fields.push(shown(Field::checkbox("agreed", lang.t("contract-amend-agree"))));
    }
    fields
}
