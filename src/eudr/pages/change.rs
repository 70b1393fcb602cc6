//! The forms that change a plot: another revision, out of use, a statement about the cut-off date.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::form::{self, GEOMETRY, Typed};
use super::{Fields, answer_of, carry_out, plot_id, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::eudr::model::{CutOff, Plot};
use crate::eudr::rules::{PlotRefusal, against_changing, against_stating};
use crate::eudr::service::{RetirePlot, RevisePlot, StateCutOff, read};
use crate::web::components::{ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::{FieldProblems, FieldReader, FormKey, Reason};

/// Why a plot is out of use.
pub(super) const REASON: &str = "reason";

/// One of the forms, and what stands against it.
#[derive(Clone, Copy)]
struct Kind {
    /// The end of its address.
    path: &'static str,
    title: &'static str,
    lead: &'static str,
    submit: &'static str,
    against: fn(&Plot, &Actor) -> Option<PlotRefusal>,
}

const REVISION: Kind = Kind {
    path: "revision",
    title: "plots-revision-title",
    lead: "plots-revision-lead",
    submit: "plots-revision-submit",
    against: against_changing,
};
const RETIREMENT: Kind = Kind {
    path: "retirement",
    title: "plots-retirement-title",
    lead: "plots-retirement-lead",
    submit: "plots-retirement-submit",
    against: against_changing,
};
const CUT_OFF: Kind = Kind {
    path: "cut-off",
    title: "plots-cutoff-title",
    lead: "plots-cutoff-lead",
    submit: "plots-cutoff-submit",
    against: against_stating,
};

/// The plot of a form that `actor` may send.
async fn find(state: &AppState, exchange: &Exchange, actor: &Actor, id: &str, kind: Kind) -> Result<Plot, AppError> {
    let plot = read::plot(&state.db, actor, plot_id(id)?).await?.ok_or(AppError::NotFound)?.plot;
    match (kind.against)(&plot, actor) {
        None => Ok(plot),
        Some(refusal) => Err(answer_of(&refusal, &format!("/plots/{}", plot.id), exchange.lang())),
    }
}

/// The plot of a form that was sent. What stands against it is said by the command: it knows an answer given before.
async fn find_sent(state: &AppState, actor: &Actor, id: &str) -> Result<Plot, AppError> {
    Ok(read::plot(&state.db, actor, plot_id(id)?).await?.ok_or(AppError::NotFound)?.plot)
}

fn asked(
    exchange: &Exchange,
    plot: &Plot,
    kind: Kind,
    groups: Vec<FieldGroup>,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let view = FormPage {
        chrome: exchange.chrome(lang.fill(kind.title, [("number", plot.number.clone())])),
        lead: vec![lang.t(kind.lead)],
        facts: vec![
            Fact::new(lang.t("plots-producer"), &plot.producer_name).note(plot.production_place.clone()),
            Fact::new(lang.t("plots-area"), words::hectares(plot.area)).note(words::shape(
                &plot.geometry_kind,
                plot.positions,
                lang,
            )),
        ],
        form: Form {
            action: format!("/plots/{}/{}", plot.id, kind.path),
            token: exchange.form_token(Some(plot.version)),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t(kind.submit),
            cancel: Some(format!("/plots/{}", plot.id)),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

pub(super) async fn ask_revision(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let plot = find(&state, &exchange, &actor, &id, REVISION).await?;
    let area = plot.area.normalize().to_string();
    let typed = Typed::with(&[
        ("producer_name", &plot.producer_name),
        ("producer_country", &plot.producer_country),
        ("production_place", &plot.production_place),
        ("area", if plot.geometry_kind.ends_with("Point") { &area } else { "" }),
    ]);
    revision_page(&state, &exchange, &plot, &typed, StatusCode::OK).await
}

pub(super) async fn revise(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let plot = find_sent(&state, &actor, &id).await?;
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let version = submission.require_version()?;
    let refusal = match form::read_revision(&submission.fields, &plot.geometry, &catalog) {
        Err(refusal) => refusal,
        Ok((data, cutoff, _)) => {
            let command = RevisePlot { plot: plot.id, version, data: &data, cutoff: cutoff.as_ref() };
            match carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command).await? {
                Ok(done) => return Ok(done),
                Err(refusal) => refusal,
            }
        }
    };
    let mut typed = Typed { values: submission.fields, ..Typed::default() };
    match refusal {
        PlotRefusal::Invalid(problems) => typed.problems = problems,
        PlotRefusal::Faulty(faults) => {
            typed.whole = faults.named.iter().map(|fault| words::fault_with_place(fault, lang)).collect();
        }
        other => return Err(answer_of(&other, &format!("/plots/{}", plot.id), lang)),
    }
    revision_page(&state, &exchange, &plot, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn revision_page(
    state: &AppState,
    exchange: &Exchange,
    plot: &Plot,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let geometry = Field::textarea(GEOMETRY, lang.t("plots-geometry")).hint(lang.t("plots-geometry-hint")).optional();
    let groups = vec![
        FieldGroup::plain(form::name_fields(typed, &catalog, lang)),
        FieldGroup::titled(
            lang.t("plots-where"),
            vec![form::area_field(typed, lang).optional(), typed.fill(geometry, lang)],
        ),
        form::cutoff_group(typed, lang),
    ];
    asked(exchange, plot, REVISION, groups, typed, status)
}

pub(super) async fn ask_retirement(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let plot = find(&state, &exchange, &actor, &id, RETIREMENT).await?;
    retirement_page(&exchange, &plot, &Typed::default(), StatusCode::OK)
}

pub(super) async fn retire(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let plot = find_sent(&state, &actor, &id).await?;
    let version = submission.require_version()?;
    let reason = match Reason::parse(submission.fields.get(REASON).map_or("", String::as_str)) {
        Ok(reason) => reason,
        Err(problem) => {
            let problems = FieldProblems(vec![(REASON.to_owned(), problem)]);
            let typed = Typed { values: submission.fields, problems, whole: Vec::new() };
            return retirement_page(&exchange, &plot, &typed, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let command = RetirePlot { plot: plot.id, version, reason };
    carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command)
        .await?
        .map_err(|refusal| answer_of(&refusal, &format!("/plots/{}", plot.id), exchange.lang()))
}

fn retirement_page(exchange: &Exchange, plot: &Plot, typed: &Typed, status: StatusCode) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let reason = Field::textarea(REASON, lang.t("plots-retirement-reason")).hint(lang.t("decide-reason-hint"));
    let groups = vec![FieldGroup::plain(vec![typed.fill(reason, lang)])];
    asked(exchange, plot, RETIREMENT, groups, typed, status)
}

pub(super) async fn ask_cutoff(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let plot = find(&state, &exchange, &actor, &id, CUT_OFF).await?;
    cutoff_page(&exchange, &plot, &Typed::default(), StatusCode::OK)
}

pub(super) async fn state_cutoff(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let plot = find_sent(&state, &actor, &id).await?;
    let version = submission.require_version()?;
    let mut fields = FieldReader::new(&submission.fields);
    let cutoff = CutOff::demand(&mut fields);
    let problems = fields.finish(()).err().unwrap_or_default();
    let Some(cutoff) = cutoff.filter(|_| problems.is_empty()) else {
        let typed = Typed { values: submission.fields, problems, whole: Vec::new() };
        return cutoff_page(&exchange, &plot, &typed, StatusCode::UNPROCESSABLE_ENTITY);
    };
    let command = StateCutOff { plot: plot.id, version, cutoff };
    carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command)
        .await?
        .map_err(|refusal| answer_of(&refusal, &format!("/plots/{}", plot.id), exchange.lang()))
}

fn cutoff_page(exchange: &Exchange, plot: &Plot, typed: &Typed, status: StatusCode) -> Result<Response, AppError> {
    let groups = vec![FieldGroup::plain(form::evidence_fields(typed, exchange.lang()))];
    asked(exchange, plot, CUT_OFF, groups, typed, status)
}
