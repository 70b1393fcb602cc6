//! `/account/profile`.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use super::model::{FACTS, PHONE, POSITION, TAGS, read};
use super::service::{self, Save};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::{AppError, Unreadable};
use crate::web::chrome::Flash;
use crate::web::components::{ErrorSummary, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, Routes};
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FieldProblems, FormKey, execute};

const HOME: &str = "/account/profile";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new().get(HOME, Access::SignedIn, show).post(HOME, Access::SignedIn, save)
}

#[derive(Debug, Deserialize)]
struct ProfileForm {
    position: String,
    phone: String,
    tags: String,
    facts: String,
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let profile = service::find(&state.db, &actor).await?;
    page(&exchange, &profile.fields(), &FieldProblems::default(), StatusCode::OK)
}

fn page(
    exchange: &Exchange,
    values: &BTreeMap<String, String>,
    problems: &FieldProblems,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let filled = |field: Field| {
        let error = problems.of(&field.name).map(|found| problem(found, lang));
        let value = values.get(&field.name).cloned().unwrap_or_default();
        field.value(value).error(error).optional().wide()
    };
    let groups = vec![FieldGroup::plain(vec![
        filled(Field::text(POSITION, lang.t("profile-position")).autocomplete("organization-title")),
        filled(Field::text(PHONE, lang.t("profile-phone")).autocomplete("tel").hint(lang.t("profile-phone-hint"))),
        filled(Field::text(TAGS, lang.t("profile-tags")).hint(lang.t("profile-tags-hint"))),
        filled(Field::textarea(FACTS, lang.t("profile-facts")).hint(lang.t("profile-facts-hint"))),
    ])];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("profile-title")),
        lead: vec![lang.t("profile-lead")],
        facts: Vec::new(),
        form: Form {
            action: HOME.to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("profile-save"),
            cancel: Some("/account".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

async fn save(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<ProfileForm>,
) -> Result<Response, AppError> {
    let form = FormKey::of(&submission)?;
    let ProfileForm { position, phone, tags, facts } = submission.fields;
    let values: BTreeMap<String, String> = [(POSITION, position), (PHONE, phone), (TAGS, tags), (FACTS, facts)]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    let profile = match read(&values) {
        Ok(profile) => profile,
        Err(problems) => return page(&exchange, &values, &problems, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let done = execute(&state.db, &actor, form, &Save(profile), exchange.now()).await;
    let done = done.map_err(|error| match error {
        CommandError::Refused(never) => match never {},
        CommandError::KeyReused => AppError::Unreadable(Unreadable::KeyReused),
        CommandError::Database(error) => error.into(),
    })?;
    Ok((Flash::success(done.flash.in_words(exchange.lang())), exchange.htmx().see_other(&done.location))
        .into_response())
}
