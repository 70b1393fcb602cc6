//! `/registration/{subject}/{id}`: the case, and the decisions on it.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::words::{age_of, answers, expiry_note, state_of};
use super::{Shown, Values, for_kind, groups_of};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::DocumentId;
use crate::registration::applications::grant::location;
use crate::registration::applications::model::Registered;
use crate::registration::applications::service::{ShownCase, is_open_to_correction, read_case};
use crate::registration::{gates, workflow_of};
use crate::review::{CaseParts, Decide, Door, SubjectKind, Typed, case_page, chosen_act, respond, send};
use crate::web::components::{Fact, Moment, StepState, StepperItem};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;
use crate::web::views::CasePage;

/// Which paper is shown beside.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CaseQuery {
    paper: Option<DocumentId>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
    Query(query): Query<CaseQuery>,
) -> Result<Response, AppError> {
    let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    for_kind!(&subject, show_case(&state, &exchange, &actor, id, query.paper))
}

async fn show_case<W: Shown>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: Uuid,
    paper: Option<DocumentId>,
) -> Result<Response, AppError> {
    let page = page::<W>(state, exchange, actor, id, paper, &Typed::default()).await?;
    respond(exchange, &page, StatusCode::OK)
}

pub(super) async fn decide(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
    submission: Submission<Values>,
) -> Result<Response, AppError> {
    let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    for_kind!(&subject, take_decision(&state, &exchange, &actor, id, submission))
}

async fn take_decision<W: Shown>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: Uuid,
    submission: Submission<Values>,
) -> Result<Response, AppError> {
    let act = chosen_act(W::workflow(), &submission)?;
    let subject = W::subject(state);
    let version = submission.version.unwrap_or_default();
    let command = Decide { subject: &subject, id, act, version, fields: &submission.fields };
    match send(state, exchange, actor, &submission, &command, location(W::SUBJECT, id)).await? {
        Ok(done) => Ok(done),
        Err(typed) => {
            let page = page::<W>(state, exchange, actor, id, None, &typed).await?;
            respond(exchange, &page, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

async fn page<W: Shown>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: Uuid,
    paper: Option<DocumentId>,
    typed: &Typed,
) -> Result<CasePage, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let today = eat_date(now);
    let shown = read_case::<W>(&state.db, &state.directory, actor, id, today).await?.ok_or(AppError::NotFound)?;
    let catalog = state.catalog.get(&state.db, today).await?;
    let ShownCase { case, offer, others, may_be_renewed, dialogue } = shown;
    let registered = &case.registered;
    let door = state.doors.of(W::SUBJECT).ok_or(AppError::NotFound)?;
    let subject = W::subject(state);
    let checks = gates::gate_checks(&gates::of(&case.facts, today), case.standing().owner, actor, lang);
    let filled = Typed::of(W::values(&case.answers));
    let mut facts = answers(groups_of(W::fields(&offer, lang), &filled, lang), lang);
    facts.insert(0, (lang.t("registration-standing"), standing_facts(registered, &others, today, lang)));
    facts.extend(W::more_facts(&case, lang));
    let mut lead = W::lead(&case, lang);
    if let Some(renewed) = registered.renews {
        let reference = others.iter().find(|other| other.standing.id == renewed);
        let reference = reference.map(|other| other.standing.reference.clone()).unwrap_or_default();
        lead.insert(0, lang.fill("registration-lead-renewal", [("reference", reference)]));
    }
    let edit = edit_link(door, registered, actor, may_be_renewed, lang).unwrap_or_default();
    let parts = CaseParts {
        title: title(registered, lang),
        stage: expiry_note(registered, today, lang).map(|tag| tag.text).unwrap_or_default(),
        age: age_of(registered, W::workflow(), now, &catalog, lang),
        steps: steps(&others, lang),
        checks,
        facts,
        links: links(registered, &others, today, lang),
        asked: W::asked(&case.answers),
        files: &case.files,
        kinds: case.kinds.clone(),
        shown: paper,
        edit_href: edit.0,
        edit_label: edit.1,
        lead,
        dialogue,
    };
    let fields = |act: &crate::review::Act| W::decision_fields(&case, &offer, act, lang);
    let mut page = case_page(exchange, actor, (&subject, &case, door), parts, &fields, typed);
    page.status = state_of(registered, W::workflow(), today, lang);
    Ok(page)
}

fn title(registered: &Registered, lang: Lang) -> String {
    let kind = lang.name_of("review-subject", registered.kind.code());
    match &registered.number {
        Some(number) if registered.title == registered.business_name => format!("{kind} {number}"),
        Some(number) => format!("{kind} {number} · {}", registered.title),
        None => format!("{kind} · {}", registered.title),
    }
}

/// What all kinds say of where they stand.
fn standing_facts(registered: &Registered, others: &[Registered], today: chrono::NaiveDate, lang: Lang) -> Vec<Fact> {
    let profile = others.iter().find(|other| other.kind == SubjectKind::Profile);
    let firm = Fact::new(lang.t("registration-firm"), &registered.business_name);
    let mut facts = vec![match profile.filter(|_| registered.kind != SubjectKind::Profile) {
        Some(profile) => firm.href(location(SubjectKind::Profile, profile.standing.id)),
        None => firm,
    }];
    if let Some(number) = &registered.number {
        facts.push(Fact::new(lang.t("registration-number"), number));
    }
    if let Some(last) = registered.expires_on {
        let days = (last - today).num_days();
        let note = if days < 0 {
            lang.t("registration-over")
        } else {
            lang.t_args("registration-days-left", &[("n", days.into())])
        };
        facts.push(Fact::new(lang.t("registration-last-day"), Moment::legal_day(lang, last).text).note(note));
    }
    if registered.resubmission_count > 0 {
        let times = registered.resubmission_count.to_string();
        facts.push(Fact::new(lang.t("registration-resubmitted"), times));
    }
    facts
}

/// The firm's way: where each of its parts stands.
fn steps(others: &[Registered], lang: Lang) -> Vec<StepperItem> {
    [SubjectKind::Profile, SubjectKind::Laboratory, SubjectKind::Taster, SubjectKind::Competence, SubjectKind::License]
        .into_iter()
        .filter_map(|kind| {
            let found = others.iter().find(|other| other.kind == kind && !other.is_superseded)?;
            let state = match found.standing.state.as_str() {
                "ACTIVE" => StepState::Done,
                "PENDING" | "PENDING_APPROVAL" => StepState::Current,
                _ => StepState::Failed,
            };
            let states = workflow_of(kind)?.states;
            let note = crate::review::state_name(states, &found.standing.state, lang);
            Some(StepperItem { label: lang.name_of("review-subject", kind.code()), state, note: Some(note) })
        })
        .collect()
}

/// Everything else of the same firm.
fn links(registered: &Registered, others: &[Registered], today: chrono::NaiveDate, lang: Lang) -> Vec<Fact> {
    others
        .iter()
        .filter(|other| other.standing.id != registered.standing.id)
        .filter_map(|other| {
            let workflow = workflow_of(other.kind)?;
            let label = lang.name_of("review-subject", other.kind.code());
            Some(
                Fact::new(label, &other.standing.reference)
                    .note(state_of(other, workflow, today, lang).text)
                    .href(location(other.kind, other.standing.id)),
            )
        })
        .collect()
}

/// Where the applicant goes on with it: to correct it, or to renew it.
fn edit_link(
    door: &dyn Door,
    registered: &Registered,
    actor: &Actor,
    may_be_renewed: bool,
    lang: Lang,
) -> Option<(String, String)> {
    let is_own = registered.standing.owner == actor.organization.id && actor.may(Permission::ApplyToExport);
    let label = if is_open_to_correction(&registered.standing.state) {
        "registration-correct-link"
    } else if may_be_renewed && registered.kind != SubjectKind::Profile {
        "registration-renew-link"
    } else {
        return None;
    };
    is_own.then(|| (door.form_location(Some(registered.standing.id)), lang.t(label)))
}
