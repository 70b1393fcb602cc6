//! `/contracts/{id}`: what it says, how its price stands, what is left of it, and who decides.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use super::{contract_id, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::{eat_date, working_days_between};
use crate::error::AppError;
use crate::ids::{ContractId, DocumentId};
use crate::review::{CaseParts, Decide, Typed, case_page, chosen_act, respond, send};
use crate::sourcing::contracts::model::Contract;
use crate::sourcing::contracts::revisions::Change;
use crate::sourcing::contracts::rules::{WORKFLOW, asked};
use crate::sourcing::contracts::service::{CaseFile, ContractDoor, ContractSubject, case_file};
use crate::web::components::{Ageing, Fact, Moment, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;
use crate::workflow::ageing::Age;

/// Which paper is shown beside.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CaseQuery {
    paper: Option<DocumentId>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    Query(query): Query<CaseQuery>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, contract_id(&id)?, query.paper, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn decide(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let id = contract_id(&id)?;
    let command = Decide {
        subject: &ContractSubject,
        id: id.0,
        act: chosen_act(&WORKFLOW, &submission)?,
        version: submission.require_version()?,
        fields: &submission.fields,
    };
    match send(&state, &exchange, &actor, &submission, &command, format!("/contracts/{id}")).await? {
        Ok(done) => Ok(done),
        Err(typed) => page(&state, &exchange, &actor, id, None, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: ContractId,
    shown: Option<DocumentId>,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let file = case_file(&state.db, &state.directory, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let CaseFile { contract, dialogue, kinds, figures } = file;
    let mut facts = vec![(lang.t("contract-group-balance"), words::balance(&contract, lang))];
    facts.extend(words::terms(&catalog, &contract.terms, lang));
    facts.extend(amendments(&dialogue.history, lang));
    let is_own = actor.organization.id == contract.standing.owner;
    let is_theirs = is_own
        && actor.may(Permission::RegisterContracts)
        && matches!(contract.state(), "REGISTERED" | "RETURNED" | "REJECTED" | "APPROVED");
    let parts = CaseParts {
        title: format!("{} · {}", contract.standing.reference, contract.terms.buyer.name),
        stage: stage(&contract, lang),
        age: age(&contract, exchange, &catalog.holidays),
        checks: words::checks(&contract, figures.price_warning, actor, lang),
        facts,
        links: links(&contract, lang),
        asked: asked(&contract.standing.state, contract.buyer_status.as_deref()),
        files: &contract.files,
        kinds,
        shown,
        edit_href: if is_theirs { format!("/contracts/{id}/form") } else { String::new() },
        lead: vec![lang.t("contract-panel-lead")],
        dialogue,
        ..CaseParts::default()
    };
    let no_fields = |_: &crate::review::Act| Vec::new();
    let view = case_page(exchange, actor, (&ContractSubject, &contract, &ContractDoor), parts, &no_fields, typed);
    respond(exchange, &view, status)
}

fn stage(contract: &Contract, lang: crate::i18n::Lang) -> String {
    if contract.state() == "EXPIRED" && contract.standing.state == "APPROVED" {
        return lang.t("contract-past");
    }
    match contract.shipment_deadline {
        Some(last) if contract.standing.state == "APPROVED" => {
            lang.fill("contract-until", [("date", Moment::legal_day(lang, last).text)])
        }
        _ => String::new(),
    }
}

fn age(contract: &Contract, exchange: &Exchange, holidays: &crate::calendar::Holidays) -> Option<Ageing> {
    let limit = WORKFLOW.limit_in(&contract.standing.state)?;
    let since = contract.standing.changed_at;
    let days = working_days_between(since, exchange.now(), holidays);
    let lang = exchange.lang();
    Some(Ageing {
        text: lang.t_args("age-days", &[("days", days.into())]),
        tone: match limit.age(days) {
            Age::Fresh => Tone::Neutral,
            Age::Due => Tone::Warn,
            Age::Late => Tone::Bad,
        },
        title: Moment::at(lang, since).text,
    })
}

fn links(contract: &Contract, lang: crate::i18n::Lang) -> Vec<Fact> {
    let mut links = vec![Fact::new(lang.t("contract-seller"), &contract.exporter_name)];
    if let Some(buyer) = contract.terms.buyer.id.filter(|_| contract.sees_buyer) {
        links.push(
            Fact::new(lang.t("review-subject-buyer"), &contract.terms.buyer.name).href(format!("/buyers/{buyer}")),
        );
    }
    links
}

/// What each amendment has changed, newest first.
fn amendments(history: &[crate::review::HistoryLine], lang: crate::i18n::Lang) -> Vec<(String, Vec<Fact>)> {
    history
        .iter()
        .filter_map(|line| {
            let changes: Vec<Change> = serde_json::from_value(line.details.get("changes")?.clone()).ok()?;
            let when = Moment::at(lang, line.created_at).text;
            Some((lang.fill("contract-changed-on", [("when", when)]), words::changes(&changes, lang)))
        })
        .collect()
}
