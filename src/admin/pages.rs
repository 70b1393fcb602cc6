//! `/admin/system`: what the system is doing, and the switches.

use std::time::Duration;

use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use http::StatusCode;
use serde::Deserialize;

use super::service::{Announce, SYSTEM_PAGE, SwitchReadOnly};
use crate::{
    alerts,
    app::AppState,
    auth::{Actor, Permission},
    documents::{service as documents, words::size},
    error::{AppError, Unreadable},
    i18n::Lang,
    quantities::grouped,
    web::{
        chrome::{Chrome, Flash},
        components::{ErrorSummary, Fact, Field, FormToken, Moment},
        exchange::Exchange,
        form::{RawFields, Submission},
        routes::{Access, RouteLimits, Routes},
    },
    workflow::{self, Command, CommandError, FormKey},
};

/// So long the page waits for the scanner.
const PATIENCE: Duration = Duration::from_secs(2);
/// The column's own limit.
const MAX_ANNOUNCEMENT: usize = 500;
/// A month: longer is no announcement.
const MAX_HOURS: u32 = 720;

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    // The switch must work while it is on.
    let always = RouteLimits { while_read_only: true, ..RouteLimits::default() };
    Routes::new()
        .get(SYSTEM_PAGE, Access::Needs(Permission::ViewSystem), show)
        .post_within("/admin/read-only", Access::Needs(Permission::ManageSystem), always, switch_read_only)
        .post_within("/admin/announcement", Access::Needs(Permission::ManageSystem), always, announce)
        .merge(super::jobs::routes())
}

#[derive(Template)]
#[template(path = "admin/system.html")]
struct SystemPage {
    chrome: Chrome,
    facts: Vec<Fact>,
    /// The shares of the store, the largest first.
    shares: Vec<ShareRow>,
    summary: ErrorSummary,
    switches: Option<Switches>,
}

/// How much of the store an organisation has taken.
struct ShareRow {
    organization: String,
    files: String,
    size: String,
    /// Of what it may take, in hundredths.
    taken: String,
}

/// The forms of who may change something here.
struct Switches {
    read_only: bool,
    read_only_token: FormToken,
    announcement: Vec<Field>,
    announcement_token: FormToken,
}

#[derive(Debug, Deserialize)]
struct ReadOnlyForm {
    read_only: bool,
}

#[derive(Debug, Deserialize)]
struct AnnouncementForm {
    banner_en: String,
    banner_am: String,
    hours: String,
}

/// What is wrong with an announcement, at each field.
#[derive(Debug, Default)]
struct Complaint {
    en: Option<String>,
    am: Option<String>,
    hours: Option<String>,
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let modes = state.modes.current();
    let typed = RawFields::new(vec![
        ("banner_en".to_owned(), modes.banner_en.clone().unwrap_or_default()),
        ("banner_am".to_owned(), modes.banner_am.clone().unwrap_or_default()),
    ]);
    page(&state, &exchange, &actor, StatusCode::OK, &typed, Complaint::default()).await
}

async fn switch_read_only(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<ReadOnlyForm>,
) -> Result<Response, AppError> {
    let key = FormKey::of(&submission)?;
    carry_out(&state, &exchange, &actor, key, &SwitchReadOnly(submission.fields.read_only)).await
}

async fn announce(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<AnnouncementForm>,
) -> Result<Response, AppError> {
    let (form, lang) = (&submission.fields, exchange.lang());
    let too_long = |text: &str| {
        (text.chars().count() > MAX_ANNOUNCEMENT)
            .then(|| lang.t_args("system-announcement-too-long", &[("limit", MAX_ANNOUNCEMENT.into())]))
    };
    let hours = match form.hours.trim() {
        "" => Ok(None),
        text => text.parse().ok().filter(|hours| (1..=MAX_HOURS).contains(hours)).map(Some).ok_or(()),
    };
    let complaint = Complaint {
        en: too_long(&form.banner_en),
        am: too_long(&form.banner_am),
        hours: hours.is_err().then(|| lang.t_args("system-announcement-hours-wrong", &[("limit", MAX_HOURS.into())])),
    };
    let (Ok(hours), None, None) = (hours, &complaint.en, &complaint.am) else {
        return page(&state, &exchange, &actor, StatusCode::UNPROCESSABLE_ENTITY, &submission.raw, complaint).await;
    };
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let command = Announce { en: given(&form.banner_en), am: given(&form.banner_am), hours };
    carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command).await
}

async fn carry_out<C: Command<Refusal = std::convert::Infallible>>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    key: FormKey,
    command: &C,
) -> Result<Response, AppError> {
    let done = match workflow::execute(&state.db, actor, key, command, exchange.now()).await {
        Ok(done) => done,
        Err(CommandError::Refused(never)) => match never {},
        Err(CommandError::KeyReused) => return Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => return Err(error.into()),
    };
    // Other instances follow within seconds; this one shows it on the next page.
    state.modes.refresh(&state.db).await?;
    let flash = Flash::success(done.flash.in_words(exchange.lang()));
    Ok((flash, exchange.htmx().see_other(&done.location)).into_response())
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    status: StatusCode,
    typed: &RawFields,
    complaint: Complaint,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let field = |name: &str, label: &str, error| {
        Field::textarea(name, lang.t(label)).optional().value(typed.get(name)).error(error)
    };
    let announcement = vec![
        field("banner_en", "system-announcement-en", complaint.en),
        field("banner_am", "system-announcement-am", complaint.am),
        Field::number("hours", lang.t("system-announcement-hours"), lang.t("system-announcement-hours-unit"))
            .optional()
            .value(typed.get("hours"))
            .hint(lang.t("system-announcement-hours-hint"))
            .error(complaint.hours),
    ];
    let alerts = alerts::count_open(&state.db, actor).await?.unwrap_or_default();
    let page = SystemPage {
        chrome: exchange.chrome(lang.t("system-title")).with_count("/security", alerts),
        facts: facts(state, exchange, scanner(state, lang).await?),
        shares: shares(state, actor, lang).await?,
        summary: ErrorSummary::of(Vec::new(), &announcement),
        switches: actor.may(Permission::ManageSystem).then(|| Switches {
            read_only: state.modes.current().read_only,
            read_only_token: exchange.form_token(None),
            announcement,
            announcement_token: exchange.form_token(None),
        }),
    };
    Ok((status, Html(page.render().map_err(AppError::internal)?)).into_response())
}

/// Whether the scanner answers, and what waits for it.
async fn scanner(state: &AppState, lang: Lang) -> Result<Vec<Fact>, AppError> {
    let answer = match &state.scanner {
        None => lang.t("system-scanner-none"),
        Some(scanner) => match tokio::time::timeout(PATIENCE, scanner.version()).await {
            Ok(Ok(engine)) => engine,
            Ok(Err(_)) | Err(_) => lang.t("system-scanner-silent"),
        },
    };
    let (count, since) = documents::count_waiting(&state.db).await?;
    let waiting = Fact::new(lang.t("system-scans-waiting"), count.to_string());
    let waiting = match since {
        None => waiting,
        Some(since) => waiting.note(lang.fill("system-scans-waiting-since", [("at", Moment::at(lang, since).text)])),
    };
    Ok(vec![Fact::new(lang.t("system-scanner"), answer), waiting])
}

async fn shares(state: &AppState, actor: &Actor, lang: Lang) -> Result<Vec<ShareRow>, AppError> {
    let lines = documents::list_shares(&state.db, actor).await?;
    let rows = lines.into_iter().map(|line| {
        // The larger part of either limit: what is full first keeps files out.
        let part = |used: u64, limit: u64| u128::from(used) * 100 / u128::from(limit.max(1));
        let taken = part(line.bytes, state.shares.bytes).max(part(line.files, state.shares.files));
        ShareRow {
            organization: lang.pick(line.name, line.name_am),
            files: grouped(line.files.into()),
            size: size(line.bytes),
            taken: format!("{taken} %"),
        }
    });
    Ok(rows.collect())
}

fn facts(state: &AppState, exchange: &Exchange, scanner: Vec<Fact>) -> Vec<Fact> {
    let (lang, pool) = (exchange.lang(), state.db.statistics());
    let used = pool.total.saturating_sub(pool.idle);
    let mode = if state.modes.current().read_only { "system-mode-read-only" } else { "system-mode-normal" };
    let mut facts = vec![
        Fact::new(lang.t("system-version"), env!("CARGO_PKG_VERSION")),
        Fact::new(lang.t("system-started"), Moment::at(lang, state.started).text),
        Fact::new(lang.t("system-mode"), lang.t(mode)),
        Fact::new(lang.t("system-pool-used"), used.to_string()),
        Fact::new(lang.t("system-pool-idle"), pool.idle.to_string()),
        Fact::new(lang.t("system-pool-waiting"), pool.waiting.to_string()),
        Fact::new(lang.t("system-pool-max"), pool.max.to_string()),
        Fact::new(lang.t("system-live-streams"), state.live.open_streams().to_string()),
    ];
    facts.extend(scanner);
    facts
}
