//! `/admin/jobs`: what waits, runs and went wrong, and what comes again. `/admin/jobs/{job}`: one job with its tries.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::service::{self, Cancel, Hasten, Refusal, Retry};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::ids::JobId;
use crate::jobs::{Attempt, Filter, JobKind, JobLine, JobStatus, Outcome, Schedule, rules};
use crate::web::chrome::Flash;
use crate::web::components::{Choice, EmptyState, Fact, Field, FieldGroup, Form, Moment, Paging, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::web::routes::{Access, Routes};
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::{Command, CommandError, FormKey, execute};

/// Jobs on a page.
const PAGE: usize = 50;
const HOME: &str = "/admin/jobs";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let (view, manage) = (Access::Needs(Permission::ViewSystem), Access::Needs(Permission::ManageSystem));
    Routes::new()
        .get(HOME, view, list)
        .get("/admin/jobs/{job}", view, show)
        .post("/admin/jobs/{job}/retry", manage, retry)
        .post("/admin/jobs/{job}/cancel", manage, cancel)
        .post("/admin/jobs/hasten", manage, hasten)
}

#[derive(Debug, Default, Deserialize)]
struct ListQuery {
    status: Option<String>,
    kind: Option<String>,
    after: Option<Cursor>,
}

impl ListQuery {
    fn filter(&self) -> Filter {
        Filter {
            status: self.status.as_deref().and_then(JobStatus::from_code),
            kind: self.kind.as_deref().and_then(JobKind::from_code),
        }
    }

    fn address(&self, after: Option<Cursor>) -> String {
        let filter = self.filter();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(status) = filter.status {
            query.append_pair("status", status.code());
        }
        if let Some(kind) = filter.kind {
            query.append_pair("kind", kind.code());
        }
        if let Some(cursor) = after {
            query.append_pair("after", &cursor.to_string());
        }
        let query = query.finish();
        if query.is_empty() { HOME.to_owned() } else { format!("{HOME}?{query}") }
    }
}

async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<ListQuery>,
) -> Result<Response, AppError> {
    let (lang, filter) = (exchange.lang(), query.filter());
    let after = query.after.map(|cursor| (cursor.at, cursor.id));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let (jobs, schedules) = service::list(&state.db, &actor, filter, after, limit).await?;
    let page = Page::of(jobs, PAGE, |job: &JobLine| Cursor { at: job.created_at, id: job.id.0 });
    let mut view = TablePage::of(exchange.chrome(lang.t("jobs-title")).wide(), HOME);
    view.lead = vec![lang.t("jobs-lead")];
    view.links = vec![
        ("/admin/retention".to_owned(), lang.t("retention-title")),
        ("/admin/erasures".to_owned(), lang.t("erasures-title")),
    ];
    view.filters = filters(filter, lang);
    view.clear = (filter != Filter::default()).then(|| HOME.to_owned());
    view.sections = vec![
        Section {
            id: "jobs",
            title: lang.t("jobs-title"),
            is_titled: false,
            head: heads(&["kind", "status", "due", "tries", "ended"], lang),
            rows: page.rows.iter().map(|job| job_row(job, lang)).collect(),
            empty: EmptyState { title: lang.t("jobs-empty"), text: lang.t("jobs-empty-text"), action: None },
            paging: Some(Paging {
                newer: query.after.map(|_| query.address(None)),
                older: page.next.map(|cursor| query.address(Some(cursor))),
                shown: String::new(),
            }),
        },
        Section {
            id: "schedules",
            title: lang.t("jobs-schedules"),
            is_titled: true,
            head: heads(&["kind", "every", "next"], lang),
            rows: schedules.iter().map(|schedule| schedule_row(schedule, lang)).collect(),
            empty: EmptyState { title: lang.t("jobs-empty"), text: lang.t("jobs-empty-text"), action: None },
            paging: None,
        },
    ];
    if actor.may(Permission::ManageSystem) {
        let kinds = schedules.iter().map(|schedule| Choice::new(schedule.kind.code(), name(schedule.kind, lang)));
        let form = Form {
            action: format!("{HOME}/hasten"),
            token: exchange.form_token(None),
            groups: vec![FieldGroup::plain(vec![Field::select("kind", lang.t("jobs-head-kind"), kinds.collect())])],
            submit: lang.t("jobs-hasten-submit"),
            ..Form::default()
        };
        view.forms = vec![(lang.t("jobs-hasten"), form)];
    }
    crate::web::answer(&view, StatusCode::OK)
}

fn heads(names: &[&str], lang: Lang) -> Vec<(String, bool)> {
    names.iter().map(|name| (lang.name_of("jobs-head", name), matches!(*name, "tries" | "every"))).collect()
}

fn filters(filter: Filter, lang: Lang) -> Vec<Field> {
    let any = || std::iter::once(Choice::new("", lang.t("common-any")));
    let statuses = JobStatus::ALL.iter().map(|one| Choice::new(one.code(), lang.name_of("job-status", one.code())));
    let kinds = JobKind::ALL.iter().map(|one| Choice::new(one.code(), name(*one, lang)));
    let code = |code: Option<&'static str>| code.unwrap_or_default();
    vec![
        Field::select("status", lang.t("jobs-head-status"), any().chain(statuses).collect())
            .value(code(filter.status.map(JobStatus::code))),
        Field::select("kind", lang.t("jobs-head-kind"), any().chain(kinds).collect())
            .value(code(filter.kind.map(JobKind::code))),
    ]
}

fn name(kind: JobKind, lang: Lang) -> String {
    lang.name_of("job-kind", kind.code())
}

fn job_row(job: &JobLine, lang: Lang) -> Vec<Cell> {
    let ended = job.finished_at.map_or_else(|| "–".to_owned(), |at| Moment::at(lang, at).text);
    vec![
        Cell::new(name(job.kind, lang)).href(format!("{HOME}/{}", job.id)),
        Cell::tagged(vec![status_tag(job.status, lang)]),
        Cell::new(Moment::at(lang, job.run_at).text),
        Cell::new(tries(job)),
        Cell::new(ended),
    ]
}

fn tries(job: &JobLine) -> String {
    format!("{} / {}", job.attempts, job.attempts_allowed)
}

fn schedule_row(schedule: &Schedule, lang: Lang) -> Vec<Cell> {
    let minutes = i64::from(schedule.every_seconds / 60);
    let every = match minutes % 60 {
        0 => lang.t_args("jobs-every-hours", &[("hours", (minutes / 60).into())]),
        _ => lang.t_args("jobs-every-minutes", &[("minutes", minutes.into())]),
    };
    vec![Cell::new(name(schedule.kind, lang)), Cell::new(every), Cell::new(Moment::at(lang, schedule.next_run_at).text)]
}

fn status_tag(status: JobStatus, lang: Lang) -> Tag {
    let tone = match status {
        JobStatus::Waiting => Tone::Neutral,
        JobStatus::Running => Tone::Info,
        JobStatus::Done => Tone::Good,
        JobStatus::Failed => Tone::Bad,
        JobStatus::Cancelled => Tone::Warn,
    };
    Tag::new(lang.name_of("job-status", status.code()), tone)
}

fn outcome_tag(outcome: Option<Outcome>, lang: Lang) -> Tag {
    let tone = match outcome {
        None => Tone::Info,
        Some(Outcome::Done) => Tone::Good,
        Some(Outcome::Failed) => Tone::Bad,
        Some(Outcome::Lost | Outcome::Cancelled) => Tone::Warn,
    };
    let code = outcome.map_or("RUNNING", Outcome::code);
    Tag::new(lang.name_of("job-outcome", code), tone)
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, job_id(&id)?, StatusCode::OK, None).await
}

fn job_id(text: &str) -> Result<JobId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: JobId,
    status: StatusCode,
    complaint: Option<String>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let found = service::find((&state.db, &state.directory), actor, id).await?;
    let (job, attempts, names) = found.ok_or(AppError::NotFound)?;
    let moment = |at: DateTime<Utc>| Moment::at(lang, at).text;
    let mut view = TablePage::of(exchange.chrome(name(job.kind, lang)).wide(), HOME);
    view.links = vec![(HOME.to_owned(), lang.t("jobs-title"))];
    view.lead = complaint.into_iter().collect();
    view.facts = vec![
        Fact::new(lang.t("jobs-head-status"), lang.name_of("job-status", job.status.code())),
        Fact::new(lang.t("jobs-entered"), moment(job.created_at)),
        Fact::new(lang.t("jobs-head-due"), moment(job.run_at)),
        Fact::new(lang.t("jobs-head-tries"), tries(&job)),
    ];
    if let Some(at) = job.finished_at {
        view.facts.push(Fact::new(lang.t("jobs-head-ended"), moment(at)));
    }
    if let Some(person) = job.requested_by {
        let known = names.of(person.0, lang).map(str::to_owned);
        view.facts.push(Fact::new(lang.t("jobs-requested-by"), known.unwrap_or_else(|| lang.t("audit-unknown"))));
    }
    view.sections = vec![Section {
        id: "tries",
        title: lang.t("jobs-tries"),
        is_titled: true,
        head: heads(&["try", "outcome", "started", "ended", "report"], lang),
        rows: attempts.iter().map(|attempt| attempt_row(attempt, lang)).collect(),
        empty: EmptyState { title: lang.t("jobs-no-tries"), text: lang.t("jobs-no-tries-text"), action: None },
        paging: None,
    }];
    if actor.may(Permission::ManageSystem) {
        view.forms = forms(&job, exchange);
    }
    crate::web::answer(&view, status)
}

fn attempt_row(attempt: &Attempt, lang: Lang) -> Vec<Cell> {
    let ended = attempt.ended_at.map_or_else(|| "–".to_owned(), |at| Moment::at(lang, at).text);
    vec![
        Cell::new(attempt.attempt.to_string()),
        Cell::tagged(vec![outcome_tag(attempt.outcome, lang)]),
        Cell::new(Moment::at(lang, attempt.started_at).text),
        Cell::new(ended),
        Cell::new(attempt.error.clone().unwrap_or_else(|| counts(attempt.report.as_ref(), lang))),
    ]
}

/// What was counted, such as `sessions ended: 3`; nothing where there was nothing to do.
fn counts(report: Option<&Value>, lang: Lang) -> String {
    let Some(Value::Object(report)) = report else { return "–".to_owned() };
    let counted = report.iter().filter(|(_, count)| count.as_u64() != Some(0));
    let counted: Vec<String> =
        counted.map(|(name, count)| format!("{}: {count}", lang.name_of("job-count", name))).collect();
    if counted.is_empty() { "–".to_owned() } else { counted.join(", ") }
}

fn forms(job: &JobLine, exchange: &Exchange) -> Vec<(String, Form)> {
    let lang = exchange.lang();
    let form = |act: &str| {
        let form = Form {
            action: format!("{HOME}/{}/{act}", job.id),
            token: exchange.form_token(None),
            submit: lang.name_of("job-submit", act),
            ..Form::default()
        };
        (lang.name_of("job-act", act), form)
    };
    let mut forms = Vec::new();
    if rules::may_retry(job.status) {
        forms.push(form("retry"));
    }
    if rules::may_cancel(job.status) {
        forms.push(form("cancel"));
    }
    forms
}

async fn retry(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let id = job_id(&id)?;
    send(&state, &exchange, &actor, FormKey::of(&submission)?, (&Retry(id), id)).await
}

async fn cancel(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let id = job_id(&id)?;
    send(&state, &exchange, &actor, FormKey::of(&submission)?, (&Cancel(id), id)).await
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    key: FormKey,
    (command, id): (&impl Command<Refusal = Refusal>, JobId),
) -> Result<Response, AppError> {
    match execute(&state.db, actor, key, command, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(exchange.lang()));
            Ok((said, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(Refusal::NotFound)) => Err(AppError::NotFound),
        Err(CommandError::Refused(Refusal::MovedOn(status))) => {
            let lang = exchange.lang();
            let said = lang.fill("job-moved-on", [("status", lang.name_of("job-status", status.code()))]);
            page(state, exchange, actor, id, StatusCode::CONFLICT, Some(said)).await
        }
        Err(CommandError::Refused(Refusal::Doubled)) => {
            let said = exchange.lang().t("job-doubled");
            page(state, exchange, actor, id, StatusCode::CONFLICT, Some(said)).await
        }
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

#[derive(Debug, Deserialize)]
struct HastenForm {
    kind: String,
}

async fn hasten(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<HastenForm>,
) -> Result<Response, AppError> {
    let kind = JobKind::from_code(&submission.fields.kind).ok_or(AppError::NotFound)?;
    let done = execute(&state.db, &actor, FormKey::of(&submission)?, &Hasten(kind), exchange.now()).await;
    let done = done.map_err(|error| match error {
        CommandError::Refused(_) => AppError::NotFound,
        CommandError::KeyReused => AppError::Unreadable(Unreadable::KeyReused),
        CommandError::Database(error) => error.into(),
    })?;
    let said = Flash::success(done.flash.in_words(exchange.lang()));
    Ok((said, exchange.htmx().see_other(&done.location)).into_response())
}
