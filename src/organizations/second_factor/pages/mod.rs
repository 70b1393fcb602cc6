//! `/account/second-factor` and `/account/proof`.

mod again;
mod proof;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;
use uuid::Uuid;

pub use again::{Proofs, ask_again};

use super::codes::RECOVERY_CODES;
use super::demo;
use super::passkeys::{self, pages::Row};
use super::service::{self, Confirmation, MakeCodes, NoCodes, Standing};
use crate::app::AppState;
use crate::auth::Actor;
use crate::auth::factor::needs_second_factor;
use crate::auth::vault::Vault;
use crate::documents::qr::qr_image;
use crate::error::{AppError, Unreadable};
use crate::organizations::sign_in;
use crate::web::chrome::{Chrome, Flash};
use crate::web::components::{ActionButton, ErrorSummary, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::routes::{Access, ENROLMENT, Proof, RouteLimits, Routes};
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FormKey, execute};

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let open = RouteLimits { before_enrolment: true, ..RouteLimits::default() };
    let (before, after) = (RouteLimits { proof: Proof::Before, ..open }, RouteLimits { proof: Proof::After, ..open });
    Routes::new()
        .get_within(ENROLMENT, Access::SignedIn, open, show)
        .post_within(ENROLMENT, Access::SignedIn, before, begin)
        .post_within("/account/second-factor/confirmation", Access::SignedIn, open, confirm)
        .post_within("/account/second-factor/codes", Access::SignedIn, after, make_codes)
        .post_within("/account/second-factor/removal", Access::SignedIn, after, remove)
        .merge(passkeys::pages::routes(after))
        .merge(proof::routes())
}

#[derive(Template)]
#[template(path = "organizations/second_factor.html")]
struct FactorPage {
    chrome: Chrome,
    lead: String,
    /// Why nothing can be set up here.
    closed: Option<String>,
    since: Option<Moment>,
    left: String,
    begun: Option<BegunFactor>,
    /// The form that begins a factor.
    begin: Option<Form>,
    codes: Option<ActionButton>,
    removal: Option<ActionButton>,
    /// Whether the person can have passkeys.
    has_passkeys: bool,
    passkeys: Vec<Row>,
    /// The form that adds one.
    add: Option<Form>,
}

struct BegunFactor {
    qr: String,
    secret: String,
    form: Form,
}

#[derive(Template)]
#[template(path = "organizations/recovery_codes.html")]
struct CodesPage {
    chrome: Chrome,
    codes: Vec<String>,
    username: String,
}

/// What was typed wrongly, and where.
#[derive(Default)]
pub(super) struct Wrong {
    pub whole: Option<String>,
    pub password: Option<String>,
    pub code: Option<String>,
    /// A passkey's name as it was typed, and what is wrong with it or with what the device said.
    pub passkey: (String, Option<String>),
}

fn session_of(actor: &Actor) -> Result<Uuid, AppError> {
    actor.origin.session.ok_or(AppError::SignInRequired)
}

/// The vault, where there is one.
fn vault_of(state: &AppState) -> Result<&Vault, AppError> {
    state.vault.as_ref().ok_or(AppError::NotFound)
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, StatusCode::OK, Wrong::default()).await
}

pub(super) async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    status: StatusCode,
    wrong: Wrong,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let is_required = exchange.factor_rule().is_required && needs_second_factor(actor);
    let mut view = FactorPage {
        chrome: exchange.chrome(lang.t("factor-title")),
        lead: lang.t(if is_required { "factor-lead-required" } else { "factor-lead" }),
        closed: None,
        since: None,
        left: String::new(),
        begun: None,
        begin: None,
        codes: None,
        removal: None,
        has_passkeys: false,
        passkeys: Vec::new(),
        add: None,
    };
    match &state.vault {
        None => view.closed = Some(lang.t("factor-closed")),
        Some(vault) => {
            let whose = (actor, session_of(actor)?);
            let standing =
                service::find(&state.db, (vault, state.relying_party.as_ref()), whose, exchange.now()).await?;
            if standing.is_shared {
                view.closed = Some(lang.t("factor-of-demo"));
            } else {
                fill(&mut view, standing, exchange, is_required, wrong)?;
            }
        }
    }
    unkept(crate::web::answer(&view, status)?)
}

fn fill(
    view: &mut FactorPage,
    standing: Standing,
    exchange: &Exchange,
    is_required: bool,
    wrong: Wrong,
) -> Result<(), AppError> {
    let lang = exchange.lang();
    let button = |path: &str, label: &str| ActionButton {
        action: format!("{ENROLMENT}/{path}"),
        token: exchange.form_token(None),
        says: None,
        label: lang.t(label),
        about: String::new(),
    };
    if let Some(since) = standing.since {
        view.since = Some(Moment::at(lang, since));
        view.left = lang.fill("factor-codes-left", [("left", standing.recovery_codes.to_string())]);
        view.codes = Some(button("codes", "factor-make-codes"));
        // Who needs one replaces it.
        view.removal = (!is_required).then(|| button("removal", "factor-remove"));
    }
    let form = |path: &str, field: Field, whole: Option<String>, submit: &str| {
        let groups = vec![FieldGroup::plain(vec![field])];
        Form {
            action: format!("{ENROLMENT}{path}"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(whole.into_iter().collect(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t(submit),
            ..Form::default()
        }
    };
    if let Some(found) = standing.passkeys {
        view.has_passkeys = true;
        (view.passkeys, view.add) = passkeys::pages::shown(found, exchange, wrong.passkey);
    }
    let is_begun = standing.begun.is_some();
    if let Some((url, secret)) = standing.begun {
        let username = exchange.signed_in().map_or("", |signed_in| &signed_in.actor.username);
        let qr = qr_image(&url, &lang.t("factor-qr")).map_err(AppError::internal)?;
        let hint = demo::code_hint(exchange, username, "factor-first-code-hint")?;
        let field = Field::code("code", lang.t("factor-code")).hint(hint).error(wrong.code);
        view.begun = Some(BegunFactor { qr, secret, form: form("/confirmation", field, None, "factor-confirm") });
    }
    let field = Field::password("current_password", lang.t("account-password-current")).error(wrong.password);
    let submit = if is_begun || standing.since.is_some() { "factor-begin-another" } else { "factor-begin" };
    view.begin = Some(form("", field, wrong.whole, submit));
    Ok(())
}

/// Secrets stay in no cache.
fn unkept(mut response: Response) -> Result<Response, AppError> {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[derive(Deserialize)]
struct BeginForm {
    current_password: SecretString,
}

async fn begin(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    headers: HeaderMap,
    submission: Submission<BeginForm>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let (vault, password) = (vault_of(&state)?, submission.fields.current_password);
    let user = match sign_in::check_password(&state, &exchange, &headers, &actor, password).await? {
        Ok(user) => user,
        Err(shut) => {
            let said = shut.field.as_ref().map(|found| problem(found, lang));
            let wrong = Wrong { password: said, whole: shut.whole.clone(), ..Wrong::default() };
            return Ok(shut.answer(page(&state, &exchange, &actor, shut.status, wrong).await?));
        }
    };
    if user.is_demo {
        let wrong = Wrong { whole: Some(lang.t("factor-of-demo")), ..Wrong::default() };
        return page(&state, &exchange, &actor, StatusCode::UNPROCESSABLE_ENTITY, wrong).await;
    }
    let is_demo = exchange.site().is_demo();
    service::begin(&state.db, vault, (&actor, session_of(&actor)?), is_demo, exchange.now()).await?;
    Ok(exchange.htmx().see_other(ENROLMENT))
}

#[derive(Deserialize)]
struct ConfirmForm {
    code: String,
}

async fn confirm(
    State(state): State<AppState>,
    exchange: Exchange,
    submission: Submission<ConfirmForm>,
) -> Result<Response, AppError> {
    let (lang, now, vault) = (exchange.lang(), exchange.now(), vault_of(&state)?);
    let person = exchange.signed_in().ok_or(AppError::SignInRequired)?;
    let whose = (person.as_ref(), session_of(&person.actor)?);
    match service::confirm(&state.db, vault, whose, &submission.fields.code, now).await? {
        Confirmation::Done(codes, renewed) => {
            let mut response = codes_page(&exchange, &person.actor, codes)?;
            renewed.hand_over(&exchange, &mut response);
            Ok(response)
        }
        Confirmation::Wrong => {
            let wrong = Wrong { code: Some(lang.t("factor-code-wrong")), ..Wrong::default() };
            page(&state, &exchange, &person.actor, StatusCode::UNPROCESSABLE_ENTITY, wrong).await
        }
        Confirmation::Gone => {
            Ok((Flash::notice(lang.t("factor-begun-over")), exchange.htmx().see_other(ENROLMENT)).into_response())
        }
    }
}

fn codes_page(exchange: &Exchange, actor: &Actor, codes: Vec<String>) -> Result<Response, AppError> {
    let title = exchange.lang().fill("factor-codes-title", [("count", RECOVERY_CODES.to_string())]);
    let view = CodesPage { chrome: exchange.chrome(title), codes, username: actor.username.clone() };
    unkept(crate::web::answer(&view, StatusCode::OK)?)
}

async fn make_codes(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let (form, codes) = (FormKey::of(&submission)?, service::new_codes());
    match execute(&state.db, &actor, form, &MakeCodes { codes: &codes }, exchange.now()).await {
        // The page was loaded again: those that it showed are the ones that count.
        Ok(done) if done.replayed => {
            let said = Flash::notice(done.flash.in_words(exchange.lang()));
            Ok((said, exchange.htmx().see_other(&done.location)).into_response())
        }
        Ok(_) => codes_page(&exchange, &actor, codes),
        Err(CommandError::Refused(NoCodes::NoFactor)) => Err(AppError::NotFound),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

async fn remove(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let NoFields {} = submission.fields;
    if exchange.factor_rule().is_required && needs_second_factor(&actor) {
        return Err(AppError::NotFound);
    }
    if !service::remove_own(&state.db, &actor, exchange.now()).await? {
        return Err(AppError::NotFound);
    }
    let said = Flash::success(exchange.lang().t("factor-removed"));
    Ok((said, exchange.htmx().see_other(ENROLMENT)).into_response())
}
