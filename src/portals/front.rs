//! `/`, `/tour` and `/help`: what everybody may read.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::app::AppState;
use crate::auth::{Actor, OrganizationKind, Role};
use crate::demo::{self, people};
use crate::error::AppError;
use crate::exports::pages::html;
use crate::i18n::Lang;
use crate::organizations::desks::{self, Desk};
use crate::organizations::preferences;
use crate::portals::home_of;
use crate::web::chrome::{Flash, theme_of};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::{
    Contact, HelpPage, LandingPage, Persona, PersonaGroup, ShortcutChoice, TourPage, tour_steps, way_of_an_export,
};

/// The front door; who is signed in is at home elsewhere.
pub(super) async fn landing(exchange: Exchange, actor: Option<Actor>) -> Result<Response, AppError> {
    if let Some(actor) = actor {
        return Ok(exchange.htmx().see_other(home_of(&actor)));
    }
    let lang = exchange.lang();
    let is_demo = exchange.site().is_demo();
    html(&LandingPage {
        chrome: exchange.chrome(lang.t("landing-title")),
        steps: way_of_an_export(lang),
        people: if is_demo { personas(lang) } else { Vec::new() },
        password: if is_demo { demo::DEMO_PASSWORD.to_owned() } else { String::new() },
    })
}

/// The people of the demo, by organisation.
fn personas(lang: Lang) -> Vec<PersonaGroup> {
    people::ORGANIZATIONS
        .iter()
        .map(|organization| PersonaGroup {
            theme: theme_of(organization.kind),
            organization: lang.pick(organization.name, organization.name_am).to_owned(),
            task: lang.name_of("organization-task", organization.kind.code()),
            people: organization
                .staff
                .iter()
                .map(|(role, _)| Persona {
                    username: people::username(organization.code, role),
                    role: lang.name_of("role", role_of(organization.kind, role).code()),
                })
                .collect(),
        })
        .collect()
}

/// The role that an account's name speaks of.
fn role_of(kind: OrganizationKind, account: &str) -> Role {
    match (kind, account) {
        (OrganizationKind::Auditor, _) => Role::Auditor,
        (OrganizationKind::Administration, _) => Role::SystemAdmin,
        (_, "owner") => Role::Owner,
        (_, "clerk") => Role::Clerk,
        (_, "supervisor") => Role::Supervisor,
        (_, "admin") => Role::OrgAdmin,
        _ => Role::Officer,
    }
}

/// A short guided tour through one export.
pub(super) async fn tour(exchange: Exchange) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let mut steps = tour_steps(lang);
    let mut password = demo::DEMO_PASSWORD.to_owned();
    // Elsewhere the tour is to be read: there is nobody to sign in as.
    if !exchange.site().is_demo() {
        password.clear();
        steps.iter_mut().for_each(|step| step.username = None);
    }
    html(&TourPage { chrome: exchange.chrome(lang.t("tour-title")), steps, password })
}

/// Whom to ask, and the keys.
pub(super) async fn help(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Option<Actor>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let shortcuts = exchange
        .signed_in()
        .map(|signed_in| ShortcutChoice { action: "/help/shortcuts".to_owned(), enabled: signed_in.shortcuts_enabled });
    let desks = match actor {
        Some(actor) => desks::list(&state.db, &actor).await?,
        None => Vec::new(),
    };
    let contacts = desks.into_iter().map(|desk| contact(desk, lang)).collect();
    html(&HelpPage { chrome: exchange.chrome(lang.t("nav-help")), contacts, shortcuts })
}

fn contact(desk: Desk, lang: Lang) -> Contact {
    Contact {
        theme: theme_of(desk.kind),
        organization: lang.pick(desk.name, desk.name_am),
        email: desk.contact_email,
        phone: desk.contact_phone,
        address: desk.address,
    }
}

/// The off-switch of the single-key shortcuts (WCAG 2.1.4).
#[derive(Debug, Deserialize)]
pub(super) struct ShortcutForm {
    shortcuts: String,
}

pub(super) async fn choose_shortcuts(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<ShortcutForm>,
) -> Result<Response, AppError> {
    let enabled = submission.fields.shortcuts == "on";
    preferences::choose_shortcuts(&state.db, actor.user_id, enabled, exchange.now()).await?;
    let said = exchange.lang().t(if enabled { "help-shortcuts-on" } else { "help-shortcuts-off" });
    Ok((Flash::success(said), exchange.htmx().see_other("/help")).into_response())
}
