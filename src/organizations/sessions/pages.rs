//! `/account`: who one is here and where one is signed in. `/staff/sessions`: where one's colleagues are.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};

use super::LIFETIME;
use super::device::describe;
use super::service::{self, End, EndOthers, Refusal};
use super::store::{OpenSession, Whose};
use crate::app::AppState;
use crate::auth::session::IDLE;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::ids::SessionId;
use crate::organizations::email_address;
use crate::web::chrome::{Chrome, Flash};
use crate::web::components::{ActionButton, Fact, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::workflow::{Command, CommandError, FormKey, execute};

/// The pages of what is one's own, with the sentence of their name.
const SETTINGS: [(&str, &str); 10] = [
    ("/account/first-steps", "first-steps-title"),
    ("/account/profile", "profile-title"),
    ("/account/preferences", "preferences-title"),
    ("/account/notifications", "notifications-settings"),
    ("/account/delegations", "roles-own-title"),
    ("/account/email", "email-title"),
    ("/account/password", "account-change-password"),
    ("/account/second-factor", "factor-title"),
    ("/account/data", "own-data-title"),
    ("/account/erasure", "erasure-title"),
];

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let manage = Access::Needs(Permission::ManageStaff);
    let proved = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get("/account", Access::SignedIn, show_own)
        .get("/account/here", Access::SignedIn, note_presence)
        .post("/account/sessions/{id}/end", Access::SignedIn, end_own)
        .post("/account/sessions/end-others", Access::SignedIn, end_others)
        .get("/staff/sessions", manage, show_organization)
        .post_within("/staff/sessions/{id}/end", manage, proved, end_of_organization)
}

/// Somebody who was asked is still there: that they have said so is a request, and keeps their session.
async fn note_presence() -> http::StatusCode {
    http::StatusCode::NO_CONTENT
}

#[derive(Template)]
#[template(path = "organizations/account.html")]
struct AccountPage {
    chrome: Chrome,
    facts: Vec<Fact>,
    /// Where what is one's own is set: address and name.
    settings: Vec<(&'static str, String)>,
    /// When sessions end.
    lead: String,
    sessions: Vec<SessionRow>,
    /// Where there are others than this one.
    end_others: Option<ActionButton>,
}

#[derive(Template)]
#[template(path = "organizations/sessions.html")]
struct SessionsPage {
    chrome: Chrome,
    sessions: Vec<SessionRow>,
}

struct SessionRow {
    person: String,
    username: String,
    device: String,
    address: String,
    begun: Moment,
    last: Moment,
    /// On the session that looks.
    here: Option<Tag>,
    end: Option<ActionButton>,
}

async fn show_own(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let sessions = service::list(&state.db, &actor, Whose::Own, exchange.now()).await?;
    let roles: Vec<String> = actor.roles.iter().map(|role| lang.name_of("role", role.code())).collect();
    let email = match email_address::find_own(&state.db, &actor).await? {
        None => lang.t("email-none"),
        Some(address) if address.confirmed_at.is_some() => address.email,
        Some(address) => format!("{} ({})", address.email, lang.t("email-unconfirmed")),
    };
    let facts = vec![
        Fact::new(lang.t("staff-name"), actor.display_name.clone()),
        Fact::new(lang.t("email-address"), email),
        Fact::new(lang.t("sign-in-username"), actor.username.clone()),
        Fact::new(lang.t("invitation-organization"), actor.organization.name(lang)),
        Fact::new(lang.t("staff-role"), lang.list(roles)),
    ];
    let end_others = (sessions.len() > 1).then(|| ActionButton {
        action: "/account/sessions/end-others".to_owned(),
        token: exchange.form_token(None),
        says: None,
        label: lang.t("sessions-end-others"),
        about: String::new(),
    });
    let view = AccountPage {
        chrome: exchange.chrome(lang.t("account-title")).wide(),
        facts,
        settings: SETTINGS.iter().map(|(href, id)| (*href, lang.t(id))).collect(),
        lead: lang.fill(
            "sessions-lead",
            [
                ("idle", IDLE.num_minutes().to_string()),
                ("hours", LIFETIME.num_hours().to_string()),
                ("most", state.sign_in_limits.sessions.to_string()),
            ],
        ),
        sessions: sessions.into_iter().map(|session| row(session, Whose::Own, &exchange, &actor)).collect(),
        end_others,
    };
    crate::web::answer(&view, http::StatusCode::OK)
}

async fn show_organization(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    let whose = Whose::Organization;
    let sessions = service::list(&state.db, &actor, whose, exchange.now()).await?;
    let view = SessionsPage {
        chrome: exchange.chrome(exchange.lang().t("sessions-of-staff")).wide(),
        sessions: sessions.into_iter().map(|session| row(session, whose, &exchange, &actor)).collect(),
    };
    crate::web::answer(&view, http::StatusCode::OK)
}

fn row(session: OpenSession, whose: Whose, exchange: &Exchange, actor: &Actor) -> SessionRow {
    let lang = exchange.lang();
    let is_here = actor.origin.session == Some(session.id.0);
    let device = session.user_agent.as_deref().and_then(describe);
    let device = device.unwrap_or_else(|| lang.t("session-device-unknown"));
    let base = match whose {
        Whose::Own => "/account/sessions",
        Whose::Organization => "/staff/sessions",
    };
    SessionRow {
        // One's own session is ended by signing out, which also clears the browser.
        end: (!is_here).then(|| ActionButton {
            action: format!("{base}/{}/end", session.id),
            token: exchange.form_token(None),
            says: None,
            label: lang.t("session-end"),
            about: format!("{}, {device}", session.name),
        }),
        here: is_here.then(|| Tag::new(lang.t("session-here"), Tone::Info)),
        person: session.name,
        username: session.username,
        device,
        address: session.ip_address.map_or_else(|| "–".to_owned(), |address| address.ip().to_string()),
        begun: Moment::at(lang, session.created_at),
        last: Moment::at(lang, session.last_activity),
    }
}

async fn end_own(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    send(&state, &exchange, &actor, &submission, &End { id: session_id(&id)?, whose: Whose::Own }).await
}

async fn end_of_organization(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    send(&state, &exchange, &actor, &submission, &End { id: session_id(&id)?, whose: Whose::Organization }).await
}

async fn end_others(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    send(&state, &exchange, &actor, &submission, &EndOthers).await
}

fn session_id(text: &str) -> Result<SessionId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<NoFields>,
    command: &impl Command<Refusal = Refusal>,
) -> Result<Response, AppError> {
    let done = execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await;
    let done = done.map_err(|error| match error {
        CommandError::Refused(Refusal::NotFound) => AppError::NotFound,
        CommandError::KeyReused => AppError::Unreadable(Unreadable::KeyReused),
        CommandError::Database(error) => error.into(),
    })?;
    let said = Flash::success(done.flash.in_words(exchange.lang()));
    Ok((said, exchange.htmx().see_other(&done.location)).into_response())
}
