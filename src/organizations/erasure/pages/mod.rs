//! `/account/erasure`: what erasing oneself does, asking for it, and withdrawing it.

mod certificate;
mod link;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use secrecy::SecretString;
use serde::Deserialize;

use super::model::{Erasure, ErasureState, Plan};
use super::service::{self, Ask, HOME, Overview, Unfit, Withdraw};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::organizations::own_data::source_name;
use crate::organizations::sign_in;
use crate::web::chrome::Flash;
use crate::web::components::{EmptyState, ErrorSummary, Field, FieldGroup, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::words::problem;
use crate::workflow::{CommandError, Done, FormKey, Problem, execute};

const PASSWORD: &str = "current_password";
const WITHDRAWAL: &str = "/account/erasure/withdrawal";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let proved = RouteLimits { proof: Proof::Before, ..RouteLimits::default() };
    let system = Access::Needs(Permission::ViewSystem);
    Routes::new()
        .get_within(HOME, Access::SignedIn, proved, show)
        .post_within(HOME, Access::SignedIn, proved, ask)
        .post(WITHDRAWAL, Access::SignedIn, withdraw)
        .get("/erasure/{token}", Access::Public, link::open)
        .post("/erasure/{token}", Access::Public, link::confirm)
        .get("/erasure/{token}/certificate", Access::Public, certificate::open)
        .get(certificate::LIST, system, certificate::list)
        .get("/admin/erasures/{erasure}", system, certificate::show)
}

#[derive(Debug, Deserialize)]
struct AskForm {
    current_password: SecretString,
}

/// What is wrong with the form: with the password, or with the whole.
#[derive(Debug, Default)]
struct Wrong {
    password: Option<Problem>,
    whole: Option<String>,
}

impl Wrong {
    fn whole(said: String) -> Self {
        Self { password: None, whole: Some(said) }
    }
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, &Wrong::default(), StatusCode::OK).await
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    wrong: &Wrong,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let Overview { erasures, plan, unfit } = service::overview(&state.db, actor).await?;
    let mut view = TablePage::of(exchange.chrome(lang.t("erasure-title")), HOME);
    view.lead = vec![lang.t("erasure-lead"), lang.t("erasure-lead-stays")];
    let open = erasures.iter().find(|erasure| erasure.is_open(now));
    match (open, unfit) {
        (Some(erasure), _) => {
            view.lead.push(standing(erasure, exchange));
            let form = Form {
                action: WITHDRAWAL.to_owned(),
                token: exchange.form_token(None),
                submit: lang.t("erasure-withdraw"),
                ..Form::default()
            };
            view.forms.push((lang.t("erasure-withdraw-title"), form));
        }
        (None, Some(unfit)) => {
            view.lead.push(said(unfit, lang));
            if unfit == Unfit::NoAddress {
                view.actions = vec![("/account/email".to_owned(), lang.t("erasure-to-address"))];
            }
        }
        (None, None) => {
            let password = Field::password(PASSWORD, lang.t("account-password-current"))
                .hint(lang.t("erasure-password-hint"))
                .error(wrong.password.as_ref().map(|found| problem(found, lang)));
            let form = Form {
                action: HOME.to_owned(),
                token: exchange.form_token(None),
                summary: ErrorSummary::of(wrong.whole.clone().into_iter().collect(), [&password]),
                groups: vec![FieldGroup::plain(vec![password])],
                submit: lang.t("erasure-ask"),
                cancel: Some("/account".to_owned()),
                ..Form::default()
            };
            view.forms.push((lang.t("erasure-ask-title"), form));
        }
    }
    view.sections.push(section("plan", "erasure-plan", &["done", "purpose", "basis", "kept", "records"], lang));
    view.sections[0].rows = plan.iter().map(|plan| plan_row(plan, lang)).collect();
    if !erasures.is_empty() {
        let mut before = section("erasures", "erasure-before", &["asked", "state", "due"], lang);
        before.rows = erasures.iter().map(|erasure| certificate::row(erasure, exchange, false)).collect();
        view.sections.push(before);
    }
    crate::web::answer(&view, status)
}

fn section(id: &'static str, title: &str, heads: &[&str], lang: Lang) -> Section {
    Section {
        id,
        title: lang.t(title),
        is_titled: true,
        head: heads.iter().map(|name| (lang.name_of("erasure-head", name), *name == "rows")).collect(),
        rows: Vec::new(),
        empty: EmptyState { title: lang.t("erasure-none"), text: String::new(), action: None },
        paging: None,
    }
}

/// How an open erasure stands, as a sentence.
fn standing(erasure: &Erasure, exchange: &Exchange) -> String {
    let lang = exchange.lang();
    match erasure.due_at {
        Some(due) => lang.fill("erasure-due", [("due", Moment::at(lang, due).text)]),
        None => lang.fill("erasure-waits", [("until", Moment::at(lang, erasure.expires_at).text)]),
    }
}

fn said(unfit: Unfit, lang: Lang) -> String {
    match unfit {
        Unfit::UnderWay => lang.t("erasure-under-way"),
        Unfit::NoAddress => lang.t("erasure-no-address"),
        Unfit::Needed(refusal) => lang.name_of("erasure-refusal", refusal.code()),
        Unfit::NothingOpen => lang.t("erasure-nothing-open"),
    }
}

fn plan_row(plan: &Plan, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::new(lang.name_of("erasure-did", plan.on_erasure.code())),
        Cell::new(lang.name_of("own-data-purpose", plan.purpose.code())),
        Cell::new(lang.name_of("own-data-basis", plan.legal_basis.code())),
        Cell::new(lang.name_of("own-data-kept", plan.kept.code())),
        Cell::new(lang.list(plan.sources.iter().map(|source| source_name(source, lang)))),
    ]
}

fn tag(state: ErasureState, lang: Lang) -> Tag {
    let tone = match state {
        ErasureState::Asked | ErasureState::Confirmed => Tone::Info,
        ErasureState::Done => Tone::Good,
        ErasureState::Lapsed | ErasureState::Withdrawn => Tone::Neutral,
        ErasureState::Refused => Tone::Bad,
    };
    Tag::new(lang.name_of("erasure-state", state.code()), tone)
}

async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    headers: HeaderMap,
    submission: Submission<AskForm>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let form = FormKey::of(&submission)?;
    let password = submission.fields.current_password;
    // Who found a browser open does not make anybody disappear.
    if let Err(shut) = sign_in::check_password(&state, &exchange, &headers, &actor, password).await? {
        let wrong = Wrong { password: shut.field.clone(), whole: shut.whole.clone() };
        return Ok(shut.answer(page(&state, &exchange, &actor, &wrong, shut.status).await?));
    }
    match execute(&state.db, &actor, form, &Ask { lang }, exchange.now()).await {
        Ok(done) => Ok(gone_on(&done, &exchange)),
        Err(CommandError::Refused(unfit)) => {
            page(&state, &exchange, &actor, &Wrong::whole(said(unfit, lang)), StatusCode::CONFLICT).await
        }
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::Fields)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

fn gone_on(done: &Done, exchange: &Exchange) -> Response {
    let said = Flash::success(exchange.lang().fill(&done.flash.id, done.flash.arguments.clone()));
    (said, exchange.htmx().see_other(&done.location)).into_response()
}

#[derive(Debug, Deserialize)]
struct WithdrawForm {}

async fn withdraw(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<WithdrawForm>,
) -> Result<Response, AppError> {
    let form = FormKey::of(&submission)?;
    match execute(&state.db, &actor, form, &Withdraw, exchange.now()).await {
        Ok(done) => Ok(gone_on(&done, &exchange)),
        Err(CommandError::Refused(unfit)) => {
            let said = Flash::problem(said(unfit, exchange.lang()));
            Ok((said, exchange.htmx().see_other(HOME)).into_response())
        }
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::Fields)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}
