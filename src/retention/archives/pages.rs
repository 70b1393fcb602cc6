//! `/admin/archives`: years of the record and where they stand. `/admin/archives/{partition}`: one, and having it dropped.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Datelike, Duration, Utc};
use http::StatusCode;
use serde::Deserialize;

use super::model::{ArchiveState, Manifest};
use super::rules::Refusal;
use super::service::{self, ApproveDrop, AskDrop, HOME, Overview, WithdrawDrop};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::retention::model::Period;
use crate::retention::words::{legal, name, said};
use crate::web::chrome::Flash;
use crate::web::components::{EmptyState, ErrorSummary, Fact, Field, FieldGroup, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::words::problem;
use crate::workflow::{Command, CommandError, FormKey, Reason, execute};

/// The routes of this part.
pub(in crate::retention) fn routes() -> Routes<AppState> {
    let (view, manage) = (Access::Needs(Permission::ViewSystem), Access::Needs(Permission::ManageSystem));
    let proved = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get(HOME, view, list)
        .get("/admin/archives/{partition}", view, show)
        .post_within("/admin/archives/{partition}/drop", manage, proved, ask)
        .post_within("/admin/archives/{partition}/approval", manage, proved, approve)
        .post("/admin/archives/{partition}/withdrawal", manage, withdraw)
}

async fn list(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let Overview { archives, attached, periods } = service::overview(&state.db, &actor).await?;
    let mut view = TablePage::of(exchange.chrome(lang.t("archives-title")).wide(), HOME);
    let (longest, shortest) = (periods.first().copied(), periods.last().copied());
    let kept = |days: Option<i64>| said(Period::of_days(days.unwrap_or_default()), lang);
    let lead = lang.fill("archives-lead", [("business", kept(longest)), ("others", kept(shortest))]);
    view.lead = vec![lead, lang.t("archives-lead-drop")];
    view.links = vec![("/admin/retention".to_owned(), lang.t("retention-title"))];
    let mut archived = section("archives", "archives-archived", &["year", "from", "until", "events", "state"], lang);
    archived.rows = archives.iter().map(|archive| archive_row(archive, lang)).collect();
    let mut years = section("years", "archives-attached", &["year", "from", "until", "kept"], lang);
    years.rows = attached
        .iter()
        .map(|year| {
            vec![
                Cell::new(year_name(lang, (year.from_at, year.until_at))).note(year.name.clone()),
                Cell::new(legal(lang, year.from_at)),
                Cell::new(last_day(lang, year.until_at)),
                Cell::new(legal(lang, year.until_at + Duration::days(longest.unwrap_or_default()))),
            ]
        })
        .collect();
    view.sections = vec![archived, years];
    crate::web::answer(&view, StatusCode::OK)
}

fn section(id: &'static str, title: &str, heads: &[&str], lang: Lang) -> Section {
    Section {
        id,
        title: lang.t(title),
        is_titled: true,
        head: heads.iter().map(|name| (lang.name_of("archive-head", name), *name == "events")).collect(),
        rows: Vec::new(),
        empty: EmptyState { title: lang.t("archives-none"), text: lang.t("archives-none-text"), action: None },
        paging: None,
    }
}

/// The last day before `end`. Years of the record are those of UTC.
fn last_day(lang: Lang, end: DateTime<Utc>) -> String {
    Moment::legal_day(lang, (end - Duration::seconds(1)).date_naive()).text
}

/// What people call a partition: the years of UTC that are in it.
fn year_name(lang: Lang, (from, until): (DateTime<Utc>, DateTime<Utc>)) -> String {
    let (first, last) = (from.year(), (until - Duration::seconds(1)).year());
    let years = if first == last { first.to_string() } else { format!("{first}–{last}") };
    lang.fill("archive-year", [("year", years)])
}

fn archive_row(archive: &Manifest, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::new(year_name(lang, (archive.from_at, archive.until_at)))
            .note(archive.partition.clone())
            .href(format!("{HOME}/{}", archive.partition)),
        Cell::new(legal(lang, archive.from_at)),
        Cell::new(last_day(lang, archive.until_at)),
        Cell::new(archive.event_count.to_string()),
        Cell::tagged(vec![tag(archive.state, lang)]),
    ]
}

fn tag(state: ArchiveState, lang: Lang) -> Tag {
    let tone = match state {
        ArchiveState::Exported | ArchiveState::Detached => Tone::Info,
        ArchiveState::DropAsked | ArchiveState::DropApproved => Tone::Warn,
        ArchiveState::Dropped => Tone::Neutral,
    };
    Tag::new(lang.name_of("archive-state", state.code()), tone)
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(partition): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, (&actor, &partition), Typed::default(), StatusCode::OK).await
}

/// What somebody has typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    reason: String,
    complaint: Option<String>,
    whole: Option<String>,
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    (actor, partition): (&Actor, &str),
    typed: Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let found = service::find((&state.db, &state.directory), actor, partition).await?;
    let (archive, names, is_held) = found.ok_or(AppError::NotFound)?;
    let title = year_name(lang, (archive.from_at, archive.until_at));
    let mut view = TablePage::of(exchange.chrome(title), HOME);
    view.links = vec![(HOME.to_owned(), lang.t("archives-title"))];
    view.lead = typed.whole.iter().cloned().collect();
    if is_held {
        view.lead.push(lang.t("archive-held"));
    }
    view.facts = facts(&archive, lang);
    if let (Some(person), Some(at), Some(reason)) = (archive.drop_asked_by, archive.drop_asked_at, &archive.drop_reason)
    {
        view.facts.push(fact("asked", format!("{}, {}", name(&names, person, lang), legal(lang, at)), lang));
        view.facts.push(fact("reason", reason.clone(), lang));
    }
    if let (Some(person), Some(at)) = (archive.approved_by, archive.approved_at) {
        view.facts.push(fact("approved", format!("{}, {}", name(&names, person, lang), legal(lang, at)), lang));
    }
    if let Some(at) = archive.dropped_at {
        view.facts.push(fact("dropped", legal(lang, at), lang));
    }
    if actor.may(Permission::ManageSystem) {
        view.forms = forms(&archive, exchange, (actor, is_held), typed);
    }
    crate::web::answer(&view, status)
}

fn fact(name: &str, value: String, lang: Lang) -> Fact {
    Fact::new(lang.name_of("archive-fact", name), value)
}

fn facts(archive: &Manifest, lang: Lang) -> Vec<Fact> {
    let mut facts = vec![
        fact("partition", archive.partition.clone(), lang),
        fact("state", lang.name_of("archive-state", archive.state.code()), lang),
        fact("from", legal(lang, archive.from_at), lang),
        fact("until", last_day(lang, archive.until_at), lang),
        fact("events", archive.event_count.to_string(), lang),
    ];
    if let (Some(first), Some(last)) = (archive.first_seq, archive.last_seq) {
        facts.push(fact("numbers", format!("{first} – {last}"), lang));
    }
    facts.extend([
        fact("written", legal(lang, archive.created_at), lang),
        fact("size", archive.size_bytes.to_string(), lang),
        fact("sha256", hex::encode(&archive.sha256), lang),
        fact("head", hex::encode(&archive.chain_head), lang),
    ]);
    if let Some(at) = archive.detached_at {
        facts.push(fact("detached", legal(lang, at), lang));
    }
    facts
}

fn forms(
    archive: &Manifest,
    exchange: &Exchange,
    (actor, is_held): (&Actor, bool),
    typed: Typed,
) -> Vec<(String, Form)> {
    let lang = exchange.lang();
    let form = |act: &str, groups: Vec<FieldGroup>, summary: ErrorSummary| {
        let form = Form {
            action: format!("{HOME}/{}/{act}", archive.partition),
            token: exchange.form_token(None),
            summary,
            groups,
            submit: lang.name_of("archive-act", act),
            ..Form::default()
        };
        (lang.name_of("archive-act", act), form)
    };
    match archive.state {
        ArchiveState::Detached if !is_held => {
            let reason = Field::textarea("drop_reason", lang.t("archive-drop-reason"))
                .hint(lang.t("archive-drop-reason-hint"))
                .value(typed.reason)
                .error(typed.complaint);
            let summary = ErrorSummary::of(Vec::new(), [&reason]);
            vec![form("drop", vec![FieldGroup::plain(vec![reason])], summary)]
        }
        ArchiveState::DropAsked => {
            let mut forms = vec![form("withdrawal", Vec::new(), ErrorSummary::default())];
            // Nobody agrees with themselves.
            if archive.drop_asked_by != Some(actor.user_id) && !is_held {
                forms.insert(0, form("approval", Vec::new(), ErrorSummary::default()));
            }
            forms
        }
        ArchiveState::Exported | ArchiveState::Detached | ArchiveState::DropApproved | ArchiveState::Dropped => {
            Vec::new()
        }
    }
}

#[derive(Debug, Deserialize)]
struct AskForm {
    drop_reason: String,
}

async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(partition): Path<String>,
    submission: Submission<AskForm>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let key = FormKey::of(&submission)?;
    let reason = match Reason::parse(&submission.fields.drop_reason) {
        Ok(reason) => reason,
        Err(found) => {
            let (reason, complaint) = (submission.fields.drop_reason, Some(problem(&found, lang)));
            let typed = Typed { reason, complaint, whole: None };
            return page(&state, &exchange, (&actor, &partition), typed, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let command = AskDrop { partition: partition.clone(), reason };
    send(&state, &exchange, (&actor, &partition), key, &command).await
}

async fn approve(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(partition): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let command = ApproveDrop(partition.clone());
    send(&state, &exchange, (&actor, &partition), FormKey::of(&submission)?, &command).await
}

async fn withdraw(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(partition): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let command = WithdrawDrop(partition.clone());
    send(&state, &exchange, (&actor, &partition), FormKey::of(&submission)?, &command).await
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    (actor, partition): (&Actor, &str),
    key: FormKey,
    command: &impl Command<Refusal = Refusal>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let refusal = match execute(&state.db, actor, key, command, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(lang));
            return Ok((said, exchange.htmx().see_other(&done.location)).into_response());
        }
        Err(CommandError::Refused(refusal)) => refusal,
        Err(CommandError::KeyReused) => return Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => return Err(error.into()),
    };
    let said = match refusal {
        Refusal::NotFound => return Err(AppError::NotFound),
        Refusal::MovedOn(stands) => {
            lang.fill("archive-moved-on", [("state", lang.name_of("archive-state", stands.code()))])
        }
        Refusal::OwnRequest => lang.t("archive-own-request"),
        Refusal::Held => lang.t("archive-held"),
    };
    let typed = Typed { whole: Some(said), ..Typed::default() };
    page(state, exchange, (actor, partition), typed, StatusCode::CONFLICT).await
}
