//! `/exports/{id}/commercial`, the forms of its papers, and the correction and withdrawal of one.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::figures::{InvoicePrice, PriceBasis, metric_tons, pounds};
use super::form::{self, known_weights};
use super::marks;
use super::model::CommercialKind;
use super::record::{InForce, Record};
use super::rules::{self, Refusal, against_preparing, left_to_carry};
use super::service::{self, Prepare, Target, Withdraw};
use super::{facts::MarkFacts, seller};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::exports::pages::{html, words};
use crate::i18n::Lang;
use crate::ids::{ExportId, PaperId};
use crate::quantities::{grouped, grouped_fixed};
use crate::web::chrome::{Chrome, Flash};
use crate::web::components::{ErrorSummary, Fact, Field, FieldGroup, Form, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::form_fields::{FieldNames, FormFields};
use crate::web::routes::{Access, Routes};
use crate::web::views::FormPage;
use crate::workflow::{Command, CommandError, Done, FieldProblems, FormKey, Reason, execute};

type Fields = BTreeMap<String, String>;

/// The routes of the commercial set.
#[must_use]
pub(in crate::certificates) fn routes() -> Routes<AppState> {
    let prepare = Access::Needs(Permission::PrepareCommercialPapers);
    Routes::new()
        .get("/exports/{id}/commercial", prepare, list)
        .get("/exports/{id}/commercial/{kind}", prepare, new)
        .post_form("/exports/{id}/commercial/{kind}", prepare, FormFields::by("kind", fields_of), issue)
        .get("/papers/{id}/correction", prepare, ask_correction)
        .post_form("/papers/{id}/correction", prepare, form::fields_of_correction(), correct)
        .get("/papers/{id}/withdrawal", prepare, ask_withdrawal)
        .post_form("/papers/{id}/withdrawal", prepare, [service::WITHDRAWAL_REASON], withdraw)
        .merge(seller::pages::routes())
}

/// The names of what the form of a paper asks.
fn fields_of(kind: &str) -> Option<FieldNames> {
    CommercialKind::from_code(kind).map(|kind| form::fields_of(kind).into())
}

/// What was typed and what was wrong with it, when a form is shown again.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) values: Fields,
    pub(super) problems: FieldProblems,
    /// Refusals that are not about a field.
    pub(super) whole: Vec<String>,
}

/// Puts into the fields what was typed, exactly, and what is wrong with it.
pub(super) fn fill(groups: &mut [FieldGroup], typed: &Typed, lang: Lang) {
    if typed.values.is_empty() {
        return;
    }
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        field.value = typed.values.get(&field.name).cloned().unwrap_or_default();
        field.error = typed.problems.of(&field.name).map(|problem| words::problem(problem, lang));
    }
}

/// Where a form that had its effect leads: on with a message.
pub(super) fn done(exchange: &Exchange, done: &Done) -> Response {
    let flash = Flash::success(done.flash.in_words(exchange.lang()));
    (flash, exchange.htmx().see_other(&done.location)).into_response()
}

#[derive(Template)]
#[template(path = "certificates/commercial_list.html")]
struct ListPage {
    chrome: Chrome,
    back: String,
    papers_href: String,
    rows: Vec<Row>,
    left: Option<String>,
}

/// One paper of the set.
struct Row {
    name: String,
    lead: String,
    in_force: Vec<PaperInForce>,
    /// Where it is prepared.
    prepare: Option<(String, String)>,
    /// Why it is not.
    refusal: Option<String>,
}

struct PaperInForce {
    number: String,
    href: String,
    behind: Option<Tag>,
    correct: Option<String>,
    withdraw: Option<String>,
}

fn export_id(text: &str) -> Result<ExportId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = export_id(&id)?;
    let record = service::find_record(&state.db, &actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let (bags, kg) = left_to_carry(&record, None);
    let has_trucks = record.single(CommercialKind::WayBill).is_some();
    let left = [("bags", grouped(bags.into())), ("kg", grouped(kg.normalize()))];
    html(&ListPage {
        chrome: exchange.chrome(lang.fill("commercial-title", [("number", record.export.number.clone())])),
        back: format!("/exports/{id}"),
        papers_href: format!("/exports/{id}/papers"),
        rows: CommercialKind::ALL.iter().map(|kind| row(*kind, &record, &actor, lang)).collect(),
        left: has_trucks.then(|| lang.fill("commercial-left", left)),
    })
}

fn row(kind: CommercialKind, record: &Record, actor: &Actor, lang: Lang) -> Row {
    let refusal = against_preparing(kind, record, actor);
    let may_withdraw = rules::against_withdrawing(record, actor).is_none();
    let papers = record.in_force.iter().filter(|paper| paper.kind == kind);
    let in_force: Vec<PaperInForce> = papers
        .map(|paper| PaperInForce {
            number: paper.number(),
            href: format!("/papers/{}", paper.id),
            behind: record.is_behind(paper).then(|| Tag::new(lang.t("commercial-behind"), Tone::Warn)),
            correct: refusal.is_none().then(|| format!("/papers/{}/correction", paper.id)),
            withdraw: may_withdraw.then(|| format!("/papers/{}/withdrawal", paper.id)),
        })
        .collect();
    let is_all_carried = kind == CommercialKind::WayBill && left_to_carry(record, None).0 <= 0;
    let is_open = refusal.is_none() && (in_force.is_empty() || !kind.is_single()) && !is_all_carried;
    let label = if in_force.is_empty() { "commercial-prepare" } else { "commercial-prepare-another" };
    Row {
        name: lang.name_of("paper", kind.paper().code()),
        lead: lang.t(&format!("lead-{}", kind.code())),
        prepare: is_open.then(|| (format!("/exports/{}/commercial/{kind}", record.export.id), lang.t(label))),
        refusal: refusal.map(|refusal| sentence(&refusal, lang)),
        in_force,
    }
}

/// A refusal as a sentence.
fn sentence(refusal: &Refusal, lang: Lang) -> String {
    match refusal {
        Refusal::Stale { number } if number.is_empty() => lang.t("commercial-stale-none"),
        other => lang.fill(other.text_id(), other.arguments()),
    }
}

async fn new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, kind)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let target = new_target(&id, &kind)?;
    page(&state, &exchange, &actor, target, &Typed::default(), StatusCode::OK).await
}

async fn issue(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, kind)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    prepare(&state, &exchange, &actor, new_target(&id, &kind)?, &submission).await
}

async fn ask_correction(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let target = Target::Correction(paper_id(&id)?);
    page(&state, &exchange, &actor, target, &Typed::default(), StatusCode::OK).await
}

async fn correct(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    prepare(&state, &exchange, &actor, Target::Correction(paper_id(&id)?), &submission).await
}

fn new_target(id: &str, kind: &str) -> Result<Target, AppError> {
    let kind = CommercialKind::from_code(kind).ok_or(AppError::NotFound)?;
    Ok(Target::New(export_id(id)?, kind))
}

fn paper_id(text: &str) -> Result<PaperId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// Sends the form's command: on with a message, the form with what is wrong, or why not.
async fn prepare(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    target: Target,
    submission: &Submission<Fields>,
) -> Result<Response, AppError> {
    let command = Prepare { target, fields: &submission.fields };
    match send(state, exchange, actor, submission, &command).await? {
        Ok(response) => Ok(response),
        Err(Refusal::Invalid(problems)) => {
            let typed = Typed { values: submission.fields.clone(), problems, whole: Vec::new() };
            page(state, exchange, actor, target, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(refusal) => Err(refused(&refusal, exchange.lang(), way_back(state, exchange, actor, target).await?)),
    }
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = Refusal>,
) -> Result<Result<Response, Refusal>, AppError> {
    match execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await {
        Ok(answer) => Ok(Ok(done(exchange, &answer))),
        Err(CommandError::Refused(refusal)) => Ok(Err(refusal)),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

/// Where somebody goes whose form was refused.
async fn way_back(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    target: Target,
) -> Result<Option<String>, AppError> {
    let export = match target {
        Target::New(export, _) => Some(export),
        Target::Correction(_) => {
            let found = service::find_target(&state.db, actor, target, exchange.now()).await?;
            found.map(|(record, ..)| record.export.id)
        }
    };
    Ok(export.map(|id| format!("/exports/{id}/commercial")))
}

/// The page for a refusal that is not about the form.
fn refused(refusal: &Refusal, lang: Lang, location: Option<String>) -> AppError {
    let said = sentence(refusal, lang);
    match refusal {
        Refusal::NotFound => AppError::NotFound,
        Refusal::NotTheSeller => AppError::Forbidden(Forbidden::Step(said)),
        Refusal::Closed
        | Refusal::TooEarly(_)
        | Refusal::InvoiceIsThere { .. }
        | Refusal::PriceDiffers { .. }
        | Refusal::NoAccount
        | Refusal::AllOnTheWay
        | Refusal::Stale { .. }
        | Refusal::NumberInUse
        | Refusal::Invalid(_) => AppError::Conflict(Conflict { who: None, when: None, sentence: Some(said), location }),
    }
}

/// The form of a paper.
async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    target: Target,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let now = exchange.now();
    let found = service::find_target(&state.db, actor, target, now).await?;
    let (record, kind, corrected) = found.ok_or(AppError::NotFound)?;
    let (lang, today) = (exchange.lang(), eat_date(now));
    let home = format!("/exports/{}/commercial", record.export.id);
    if let (Target::Correction(_), None) = (target, &corrected) {
        return Err(refused(&Refusal::Stale { number: String::new() }, lang, Some(home)));
    }
    if let Some(refusal) = against_preparing(kind, &record, actor) {
        return Err(refused(&refusal, lang, Some(home)));
    }
    let mut groups = form::groups(kind, &record, corrected.as_ref(), lang, today);
    fill(&mut groups, typed, lang);
    let name = lang.name_of("paper", kind.paper().code());
    let (title, mut lead, action, submit) = match &corrected {
        Some(paper) => (
            lang.fill("commercial-correct-title", [("paper", name), ("number", paper.number())]),
            vec![lang.fill("commercial-correct-lead", [("number", paper.number())])],
            format!("/papers/{}/correction", paper.id),
            "commercial-submit-correction",
        ),
        None => (
            lang.fill("commercial-prepare-title", [("paper", name), ("number", record.export.number.clone())]),
            Vec::new(),
            format!("{home}/{kind}"),
            "commercial-submit",
        ),
    };
    lead.insert(0, lang.t(&format!("lead-{}", kind.code())));
    let view = FormPage {
        chrome: exchange.chrome(title),
        lead,
        facts: facts(kind, &record, corrected.as_ref(), lang),
        form: Form {
            action,
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t(submit),
            cancel: Some(home),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

/// What the paper will say without being asked.
fn facts(kind: CommercialKind, record: &Record, corrected: Option<&InForce>, lang: Lang) -> Vec<Fact> {
    let weights = known_weights(record);
    let kg = |value: rust_decimal::Decimal| format!("{} kg", grouped(value.normalize()));
    let mut facts = vec![
        Fact::new(lang.t("papers-goods"), marks::description(record)),
        Fact::new(
            lang.t("commercial-fact-weights"),
            format!("{} / {}, {}", kg(weights.net_kg), kg(weights.gross_kg), marks::packaging(record, &weights)),
        )
        .note(lang.fill(
            "commercial-fact-weights-note",
            [("lb", grouped_fixed(pounds(weights.net_kg), 2)), ("tons", grouped_fixed(metric_tons(weights.net_kg), 3))],
        )),
    ];
    match kind {
        CommercialKind::Proforma | CommercialKind::Invoice => facts.extend(price_facts(record, lang)),
        CommercialKind::PackingList | CommercialKind::WeightCertificate => {
            for load in record.loaded().unwrap_or_default() {
                let values = [
                    ("packages", grouped(load.packages.into())),
                    ("net", grouped(load.net_kg)),
                    ("gross", grouped(load.gross_kg)),
                    ("seal", load.seal),
                ];
                facts.push(
                    Fact::new(load.container, lang.fill("commercial-packed-fact", values))
                        .note(lang.t("commercial-fact-loaded-note")),
                );
            }
        }
        CommercialKind::WayBill => {
            let (bags, left) = left_to_carry(record, corrected.map(|paper| paper.id));
            let values = [("bags", grouped(bags.into())), ("kg", grouped(left.normalize()))];
            facts.push(Fact::new(lang.t("commercial-fact-left"), lang.fill("commercial-left", values)));
        }
        CommercialKind::ShippingInstruction => {}
    }
    let known = MarkFacts { ico_mark: record.ico_mark.clone(), certification: None };
    facts.push(Fact::new(lang.t("commercial-fact-marks"), marks::lines(record, &known).join(" · ")));
    facts
}

/// The price by both units, and that their difference is rounding.
fn price_facts(record: &Record, lang: Lang) -> Vec<Fact> {
    let export = &record.export;
    let price = |basis| InvoicePrice::of(basis, &export.currency, export.price_per_kg, record.net);
    let per_kg = format!("{} {} / kg", export.currency, export.price_per_kg.normalize());
    let mut facts = Vec::new();
    if let Some(number) = &record.invoice_number {
        facts.push(
            Fact::new(lang.t("commercial-fact-number"), number.clone()).note(lang.t("commercial-fact-number-note")),
        );
    }
    facts.push(Fact::new(lang.t("commercial-fact-price"), per_kg));
    if export.currency == "USD" {
        let by_pound = price(PriceBasis::CentsPerPound);
        let said = format!(
            "{} × {} US¢ = {}",
            grouped_fixed(pounds(record.net.value()), 2),
            by_pound.unit_price_text(),
            words::money(&export.currency, by_pound.total)
        );
        let fact = Fact::new(lang.t("commercial-fact-by-pound"), said);
        let difference = by_pound.difference();
        facts.push(if difference.is_zero() {
            fact
        } else {
            let amount = words::money(&export.currency, difference.abs());
            fact.note(lang.fill("commercial-fact-difference", [("amount", amount)]))
        });
    }
    let by_kilogram = price(PriceBasis::PerKilogram);
    facts.push(Fact::new(lang.t("commercial-fact-by-kilogram"), words::money(&export.currency, by_kilogram.total)));
    facts
}

async fn ask_withdrawal(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    withdrawal_page(&state, &exchange, &actor, paper_id(&id)?, &Typed::default(), StatusCode::OK).await
}

async fn withdraw(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let paper = paper_id(&id)?;
    let command = Withdraw { paper, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command).await? {
        Ok(response) => Ok(response),
        Err(Refusal::Invalid(problems)) => {
            let typed = Typed { values: submission.fields.clone(), problems, whole: Vec::new() };
            withdrawal_page(&state, &exchange, &actor, paper, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(refusal) => {
            let back = way_back(&state, &exchange, &actor, Target::Correction(paper)).await?;
            Err(refused(&refusal, exchange.lang(), back))
        }
    }
}

async fn withdrawal_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: PaperId,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let found = service::find_target(&state.db, actor, Target::Correction(id), exchange.now()).await?;
    let (record, _, paper) = found.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let home = format!("/exports/{}/commercial", record.export.id);
    let paper = paper.ok_or_else(|| refused(&Refusal::Stale { number: String::new() }, lang, Some(home.clone())))?;
    if let Some(refusal) = rules::against_withdrawing(&record, actor) {
        return Err(refused(&refusal, lang, Some(home)));
    }
    let hint = [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())];
    let reason = Field::textarea(service::WITHDRAWAL_REASON, lang.t("field-withdrawal-reason"))
        .hint(lang.fill("cancel-reason-hint", hint));
    let mut groups = vec![FieldGroup::plain(vec![reason])];
    fill(&mut groups, typed, lang);
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("commercial-withdrawal-title", [("number", paper.number())])),
        lead: vec![lang.t("commercial-withdrawal-lead")],
        facts: Vec::new(),
        form: Form {
            action: format!("/papers/{id}/withdrawal"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("commercial-withdrawal-submit"),
            cancel: Some(home),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}
