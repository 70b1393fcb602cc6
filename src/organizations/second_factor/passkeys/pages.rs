//! `/account/second-factor/passkeys`: what is added and taken away; the list stands on the page of the second factor.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use uuid::Uuid;

use super::service::{self, Added, Passkeys};
use super::store::Kept;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::organizations::second_factor::pages::{Wrong, page};
use crate::web::chrome::Flash;
use crate::web::components::{ActionButton, ErrorSummary, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::routes::{Access, ENROLMENT, RouteLimits, Routes};
use crate::workflow::FieldReader;
use crate::workflow::words::problem;

const PASSKEYS: &str = "/account/second-factor/passkeys";
const NAME_FIELD: &str = "passkey_name";
/// What the device has said, which the page's script puts there.
const CREDENTIAL_FIELD: &str = "credential";
/// Characters of a passkey's name.
const NAME_LENGTH: RangeInclusive<usize> = 1..=60;

/// The routes of this part, which ask for a proof as `proved` says.
pub(in crate::organizations::second_factor) fn routes(proved: RouteLimits) -> Routes<AppState> {
    Routes::new().post_form_within(PASSKEYS, Access::SignedIn, proved, [NAME_FIELD, CREDENTIAL_FIELD], add).post_within(
        "/account/second-factor/passkeys/{id}/removal",
        Access::SignedIn,
        proved,
        remove,
    )
}

/// A passkey on the page.
pub(in crate::organizations::second_factor) struct Row {
    pub name: String,
    pub made: Moment,
    pub used: Option<Moment>,
    pub removal: ActionButton,
}

/// The list of passkeys and the form for another, with what is wrong with that.
pub(in crate::organizations::second_factor) fn shown(
    found: Passkeys,
    exchange: &Exchange,
    wrong: (String, Option<String>),
) -> (Vec<Row>, Option<Form>) {
    let lang = exchange.lang();
    let row = |kept: Kept| Row {
        made: Moment::at(lang, kept.made_at),
        used: kept.last_used_at.map(|at| Moment::at(lang, at)),
        removal: ActionButton {
            action: format!("{PASSKEYS}/{}/removal", kept.passkey_id),
            token: exchange.form_token(None),
            says: None,
            label: lang.t("passkey-remove"),
            about: kept.name.clone(),
        },
        name: kept.name,
    };
    let rows = found.kept.into_iter().map(row).collect();
    let form = found.asked.map(|asked| {
        let (value, error) = wrong;
        let field = Field::new_passkey(NAME_FIELD, lang.t("passkey-name"), asked);
        let field = field.hint(lang.t("passkey-name-hint")).value(value).error(error);
        let groups = vec![FieldGroup::plain(vec![field])];
        Form {
            action: PASSKEYS.to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("passkey-add"),
            ..Form::default()
        }
    });
    (rows, form)
}

async fn add(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let site = state.relying_party.as_ref().ok_or(AppError::NotFound)?;
    let mut reader = FieldReader::new(&submission.fields);
    let name = reader.text(NAME_FIELD, NAME_LENGTH);
    let wrong = match (reader.finish(name), answer_in(&submission.fields)) {
        (Err(problems), _) => problems.of(NAME_FIELD).map(|found| problem(found, lang)),
        (Ok(_), None) => Some(lang.t("passkey-needs-script")),
        (Ok(name), Some(answer)) => {
            let given = (name.as_str(), answer);
            match service::add(&state.db, site, &actor, given, exchange.now()).await? {
                Added::Done => {
                    let said = Flash::success(lang.fill("passkey-added", [("name", name)]));
                    return Ok((said, exchange.htmx().see_other(ENROLMENT)).into_response());
                }
                Added::NotNow => return Err(AppError::NotFound),
                Added::NameTaken => Some(lang.t("passkey-name-taken")),
                Added::Refused => Some(lang.t("passkey-refused")),
            }
        }
    };
    let typed = submission.fields.get(NAME_FIELD).cloned().unwrap_or_default();
    let wrong = Wrong { passkey: (typed, wrong), ..Wrong::default() };
    page(&state, &exchange, &actor, StatusCode::UNPROCESSABLE_ENTITY, wrong).await
}

/// What the device has said, if the page's script has asked it.
fn answer_in(fields: &BTreeMap<String, String>) -> Option<&str> {
    fields.get(CREDENTIAL_FIELD).map(String::as_str).filter(|answer| !answer.is_empty())
}

async fn remove(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let NoFields {} = submission.fields;
    let passkey: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    let removed = service::remove(&state.db, &actor, passkey, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let said = Flash::success(exchange.lang().fill("passkey-removed", [("name", removed)]));
    Ok((said, exchange.htmx().see_other(ENROLMENT)).into_response())
}
