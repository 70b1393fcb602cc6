//! `/staff/roles`: what each role may do in an organisation and who holds it. `/account/delegations`: who does one's own work.

mod forms;
mod show;

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use super::rules::Refusal;
use super::service::{self, Capacity, EndGrant, HOME, OWN, Widen};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Forbidden, Unreadable};
use crate::web::chrome::Flash;
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::query::Query;
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::workflow::{Command, CommandError, FieldProblems, FormKey, Problem, execute};

type Fields = BTreeMap<String, String>;

/// What was typed, and what is wrong with it.
type Typed<'a> = (&'a Fields, &'a FieldProblems);

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let manage = Access::Needs(Permission::ManageRoles);
    let proved = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get(HOME, Access::Needs(Permission::ViewRoles), show_roles)
        .post_form_within("/staff/roles/grants", manage, proved, forms::GRANT_FIELDS, grant)
        .post_within("/staff/roles/grants/{id}/end", manage, proved, end_grant)
        .post_form_within("/staff/roles/delegations", manage, proved, forms::DELEGATION_FIELDS, delegate)
        .post_form_within("/staff/roles/restrictions", manage, proved, forms::RESTRICTION_FIELDS, narrow)
        .post_within("/staff/roles/restrictions/{id}/end", manage, proved, widen)
        .get(OWN, Access::SignedIn, show_own)
        .post_form_within(OWN, Access::SignedIn, proved, forms::DELEGATION_FIELDS, delegate_own)
        .post_within("/account/delegations/{id}/end", Access::SignedIn, proved, end_own)
}

/// Whose roles; one's own organisation's when nothing is said.
#[derive(Debug, Clone, Default, Deserialize)]
struct WhoseQuery {
    organization: Option<String>,
}

async fn show_roles(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<WhoseQuery>,
) -> Result<Response, AppError> {
    let code = query.organization.map(|code| code.trim().to_uppercase());
    let roster = service::find(&state.db, &actor, code.as_deref(), exchange.now()).await?;
    let roster = roster.ok_or(AppError::NotFound)?;
    let page = show::roles(&exchange, &actor, &roster, (&Fields::new(), &FieldProblems::default()));
    crate::web::answer(&page, StatusCode::OK)
}

async fn show_own(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let own = service::find_own(&state.db, &actor, exchange.now()).await?;
    let page = show::own(&exchange, &actor, &own, (&Fields::new(), &FieldProblems::default()));
    crate::web::answer(&page, StatusCode::OK)
}

async fn grant(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    match forms::read_grant(&submission.fields, (&actor, exchange.lang()), exchange.now()) {
        Ok(command) => {
            let at = |refusal| match refusal {
                Refusal::Oneself | Refusal::Disabled | Refusal::NotFound => forms::PERSON,
                _ => forms::ROLE,
            };
            send(&state, &exchange, &actor, &submission, &command, &at).await
        }
        Err(problems) => {
            refused(&state, &exchange, &actor, Capacity::Administrator, (&submission.fields, &problems)).await
        }
    }
}

async fn delegate(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    delegate_as(Capacity::Administrator, &state, &exchange, &actor, &submission).await
}

async fn delegate_own(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    delegate_as(Capacity::Absent, &state, &exchange, &actor, &submission).await
}

async fn delegate_as(
    capacity: Capacity,
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<Fields>,
) -> Result<Response, AppError> {
    match forms::read_delegation(&submission.fields, capacity, exchange.now()) {
        Ok(command) => {
            let at = |refusal| match refusal {
                Refusal::NotDelegable | Refusal::NotFound => forms::SOURCE,
                Refusal::BeyondOwn | Refusal::TooLong => forms::DELEGATED_UNTIL,
                _ => forms::DELEGATE,
            };
            let form = (&command, &at as &(dyn Fn(Refusal) -> &'static str + Sync));
            send_as(capacity, (state, exchange, actor), submission, form.0, form.1).await
        }
        Err(problems) => refused(state, exchange, actor, capacity, (&submission.fields, &problems)).await,
    }
}

async fn narrow(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    match forms::read_restriction(&submission.fields, exchange.now()) {
        Ok(command) => send(&state, &exchange, &actor, &submission, &command, &|_| forms::RESTRICTED).await,
        Err(problems) => {
            refused(&state, &exchange, &actor, Capacity::Administrator, (&submission.fields, &problems)).await
        }
    }
}

async fn end_grant(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let command = EndGrant { grant: id_of(&id)?, capacity: Capacity::Administrator };
    act(&state, &exchange, &actor, &submission, &command).await
}

async fn end_own(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let command = EndGrant { grant: id_of(&id)?, capacity: Capacity::Absent };
    act(&state, &exchange, &actor, &submission, &command).await
}

async fn widen(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    act(&state, &exchange, &actor, &submission, &Widen { id: id_of(&id)? }).await
}

fn id_of<T: std::str::FromStr>(text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = Refusal>,
    field_of: &(dyn Fn(Refusal) -> &'static str + Sync),
) -> Result<Response, AppError> {
    send_as(Capacity::Administrator, (state, exchange, actor), submission, command, field_of).await
}

/// Carries out what a form asks; a refusal stands at the field that it is about.
async fn send_as(
    capacity: Capacity,
    (state, exchange, actor): (&AppState, &Exchange, &Actor),
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = Refusal>,
    field_of: &(dyn Fn(Refusal) -> &'static str + Sync),
) -> Result<Response, AppError> {
    match execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(exchange.lang()));
            Ok((said, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(refusal)) => {
            let mut problems = FieldProblems::default();
            let problem = Problem::Refused { text_id: forms::text_id(refusal), arguments: Vec::new() };
            problems.add(field_of(refusal), problem);
            refused(state, exchange, actor, capacity, (&submission.fields, &problems)).await
        }
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

/// The page again, with what was typed and what is wrong with it.
async fn refused(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    capacity: Capacity,
    typed: Typed<'_>,
) -> Result<Response, AppError> {
    let now = exchange.now();
    let page = match capacity {
        Capacity::Administrator => {
            let roster = service::find(&state.db, actor, None, now).await?.ok_or(AppError::NotFound)?;
            show::roles(exchange, actor, &roster, typed)
        }
        Capacity::Absent => show::own(exchange, actor, &service::find_own(&state.db, actor, now).await?, typed),
    };
    crate::web::answer(&page, StatusCode::UNPROCESSABLE_ENTITY)
}

/// Carries out what a button asks.
async fn act(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<NoFields>,
    command: &impl Command<Refusal = Refusal>,
) -> Result<Response, AppError> {
    let done = execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await;
    let done = done.map_err(|error| match error {
        CommandError::Refused(Refusal::NotFound) => AppError::NotFound,
        CommandError::Refused(refusal) => {
            AppError::Forbidden(Forbidden::Step(exchange.lang().t(forms::text_id(refusal))))
        }
        CommandError::KeyReused => AppError::Unreadable(Unreadable::KeyReused),
        CommandError::Database(error) => error.into(),
    })?;
    let said = Flash::success(done.flash.in_words(exchange.lang()));
    Ok((said, exchange.htmx().see_other(&done.location)).into_response())
}
