//! `/admin/retention`: for how long what is kept, what went last, and what would go now.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::model::{Method, Period, Policy, RunLine};
use super::service::{self, CountDue, HOME, Overview};
use super::words::{self, name};
use super::{archives, holds};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::web::chrome::Flash;
use crate::web::components::{EmptyState, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::routes::{Access, Routes};
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::{CommandError, FormKey, execute};

const COUNT: &str = "/admin/retention/count";

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new()
        .get(HOME, Access::Needs(Permission::ViewSystem), show)
        .post(COUNT, Access::Needs(Permission::ManageSystem), count)
        .merge(archives::routes())
        .merge(holds::routes())
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let Overview { policies, runs, names } = service::overview((&state.db, &state.directory), &actor).await?;
    let mut view = TablePage::of(exchange.chrome(lang.t("retention-title")).wide(), HOME);
    view.lead = vec![lang.t("retention-lead"), lang.t("retention-lead-count")];
    view.links = vec![
        ("/admin/archives".to_owned(), lang.t("archives-title")),
        ("/admin/holds".to_owned(), lang.t("holds-title")),
        ("/admin/jobs".to_owned(), lang.t("jobs-title")),
    ];
    let mut kept =
        section("policies", "retention-policies", &["class", "kept", "basis", "method", "due", "last"], lang);
    kept.rows = policies.iter().map(|policy| policy_row(policy, lang)).collect();
    let mut last = section("runs", "retention-runs", &["class", "began", "mode", "by", "counted", "removed"], lang);
    last.rows = runs.iter().map(|run| run_row(run, &names, lang)).collect();
    view.sections = vec![kept, last];
    if actor.may(Permission::ManageSystem) {
        let form = Form {
            action: COUNT.to_owned(),
            token: exchange.form_token(None),
            submit: lang.t("retention-count"),
            ..Form::default()
        };
        view.forms = vec![(lang.t("retention-count-title"), form)];
    }
    crate::web::answer(&view, StatusCode::OK)
}

fn section(id: &'static str, title: &str, heads: &[&str], lang: Lang) -> Section {
    let is_figure = |name: &str| matches!(name, "counted" | "removed");
    Section {
        id,
        title: lang.t(title),
        is_titled: true,
        head: heads.iter().map(|name| (lang.name_of("retention-head", name), is_figure(name))).collect(),
        rows: Vec::new(),
        empty: EmptyState { title: lang.t("retention-none"), text: lang.t("retention-none-text"), action: None },
        paging: None,
    }
}

fn policy_row(policy: &Policy, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::new(class_name(&policy.class, lang)).note(policy.source.clone()),
        Cell::new(words::said(Period::of(policy.kept_minutes), lang)),
        Cell::new(lang.name_of("own-data-basis", policy.legal_basis.code())),
        Cell::tagged(vec![Tag::new(lang.name_of("retention-method", policy.method.code()), tone(policy.method))]),
        counted(policy.counted, policy.counted_at, lang),
        counted(policy.removed, policy.applied_at, lang),
    ]
}

/// A number of rows, and when it was that.
fn counted(rows: Option<i64>, at: Option<chrono::DateTime<chrono::Utc>>, lang: Lang) -> Cell {
    match (rows, at) {
        (Some(rows), Some(at)) => {
            Cell::new(lang.t_args("retention-rows", &[("rows", rows.into())])).note(Moment::at(lang, at).text)
        }
        _ => Cell::new("–"),
    }
}

fn class_name(class: &str, lang: Lang) -> String {
    lang.name_of("retention-class", class)
}

const fn tone(method: Method) -> Tone {
    match method {
        Method::Delete | Method::Clear => Tone::Info,
        Method::Detach => Tone::Warn,
        Method::Keep => Tone::Neutral,
    }
}

fn run_row(run: &RunLine, names: &Names, lang: Lang) -> Vec<Cell> {
    let by = match run.requested_by {
        Some(person) => name(names, person, lang),
        None => lang.name_of("retention-cause", run.cause.code()),
    };
    let mode = match (run.is_dry, run.ended_at) {
        (true, _) => Tag::new(lang.t("retention-dry"), Tone::Neutral),
        (false, Some(_)) => Tag::new(lang.t("retention-real"), Tone::Good),
        (false, None) => Tag::new(lang.t("retention-broken-off"), Tone::Warn),
    };
    vec![
        Cell::new(class_name(&run.class, lang)),
        Cell::new(Moment::at(lang, run.started_at).text),
        Cell::tagged(vec![mode]),
        Cell::new(by),
        Cell::new(run.counted.to_string()),
        Cell::new(run.removed.to_string()),
    ]
}

async fn count(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    match execute(&state.db, &actor, FormKey::of(&submission)?, &CountDue, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(exchange.lang()));
            Ok((said, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(never)) => match never {},
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}
