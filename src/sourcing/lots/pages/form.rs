//! The form of a lot: new or corrected, kept as one types, checked on a page of its own, handed in.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use rust_decimal::Decimal;

use super::{Fields, answer, lot_id, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::{AppError, Conflict};
use crate::i18n::Lang;
use crate::ids::LotId;
use crate::quantities::grouped_fixed;
use crate::review::{Decide, Draft, SubjectKind, Typed, against, draft_form, find_draft, save_draft, send};
use crate::sourcing::lots::form::{FIELDS, Lists, LotForm};
use crate::sourcing::lots::model::{Lot, Processing, Source};
use crate::sourcing::lots::service::{self, Lots, Register};
use crate::sourcing::lots::transitions::{RESUBMIT, workflow_of};
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;

/// What is being written: something new, or the correction of a lot that came back.
enum Writing {
    New,
    Correction(Box<Lot>),
}

impl Writing {
    fn id(&self) -> Option<LotId> {
        match self {
            Self::New => None,
            Self::Correction(lot) => Some(lot.id),
        }
    }

    fn address(&self) -> String {
        match self {
            Self::New => "/lots/new".to_owned(),
            Self::Correction(lot) => format!("/lots/{}/correction", lot.id),
        }
    }

    /// Where it is handed in.
    fn target(&self) -> String {
        match self {
            Self::New => "/lots".to_owned(),
            Self::Correction(lot) => format!("/lots/{}/resubmission", lot.id),
        }
    }

    fn back(&self) -> String {
        match self {
            Self::New => "/lots".to_owned(),
            Self::Correction(lot) => format!("/lots/{}", lot.id),
        }
    }
}

pub(super) async fn show_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    show(&state, &exchange, &actor, &Writing::New).await
}

pub(super) async fn show_correction(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let writing = correction(&state, &actor, &id).await?;
    show(&state, &exchange, &actor, &writing).await
}

pub(super) async fn check_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    check(&state, &exchange, &actor, &Writing::New, submission.fields).await
}

pub(super) async fn check_correction(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let writing = correction(&state, &actor, &id).await?;
    check(&state, &exchange, &actor, &writing, submission.fields).await
}

pub(super) async fn show_answers(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    answers(&state, &exchange, &actor, &Writing::New).await
}

pub(super) async fn show_corrected(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let writing = correction(&state, &actor, &id).await?;
    answers(&state, &exchange, &actor, &writing).await
}

/// `POST /lots`: what was checked is registered.
pub(super) async fn register(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let draft = find_draft(&state.db, &actor, SubjectKind::Lot, None).await?;
    let draft = as_shown(draft, submission.version, &exchange, &Writing::New)?;
    let typed = draft.as_ref().map(Draft::values).unwrap_or_default();
    let command = Register { id: LotId::new(), draft };
    match send(&state, &exchange, &actor, &submission, &command, "/lots".to_owned()).await? {
        Ok(done) => Ok(done),
        Err(refused) => {
            let shown = Typed { values: typed, ..refused };
            page(&state, &exchange, &actor, &Writing::New, &shown, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// `POST /lots/{id}/resubmission`: what was corrected is handed in again.
pub(super) async fn resubmit(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let lot = service::find(&state.db, &actor, lot_id(&id)?).await?.ok_or(AppError::NotFound)?;
    let draft = find_draft(&state.db, &actor, SubjectKind::Lot, Some(lot.id.0)).await?;
    let fields = draft.as_ref().map(Draft::values).unwrap_or_default();
    let subject = Lots(lot.source);
    let command = Decide {
        subject: &subject,
        id: lot.id.0,
        act: &RESUBMIT,
        version: submission.require_version()?,
        fields: &fields,
    };
    let writing = Writing::Correction(Box::new(lot));
    match send(&state, &exchange, &actor, &submission, &command, writing.back()).await? {
        Ok(done) => Ok(done),
        Err(refused) => {
            let shown = Typed { values: fields.clone(), ..refused };
            page(&state, &exchange, &actor, &writing, &shown, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The lot behind an address, if it is the viewer's to correct now.
async fn correction(state: &AppState, actor: &Actor, id: &str) -> Result<Writing, AppError> {
    let lot = service::find(&state.db, actor, lot_id(id)?).await?.ok_or(AppError::NotFound)?;
    let refusals = against(workflow_of(lot.source), &lot.standing(), &RESUBMIT, actor);
    if refusals.is_empty() { Ok(Writing::Correction(Box::new(lot))) } else { Err(AppError::NotFound) }
}

/// The form with what was kept of it; a correction begins with what was registered.
async fn show(state: &AppState, exchange: &Exchange, actor: &Actor, writing: &Writing) -> Result<Response, AppError> {
    let draft = find_draft(&state.db, actor, SubjectKind::Lot, writing.id().map(|id| id.0)).await?;
    let values = match (draft, writing) {
        (Some(draft), _) => draft.values(),
        (None, Writing::New) => BTreeMap::new(),
        (None, Writing::Correction(lot)) => values_of(lot),
    };
    page(state, exchange, actor, writing, &Typed::of(values), StatusCode::OK).await
}

/// Keeps what was typed; on to the page on which it is checked, or the form again with what is wrong.
async fn check(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    writing: &Writing,
    fields: Fields,
) -> Result<Response, AppError> {
    let (profile, lists) = service::form_options(&state.db, actor, exchange.now()).await?;
    let parsed = LotForm::parse(&fields, &lists, eat_date(exchange.now()));
    if let (Ok(_), Some(_)) = (&parsed, profile) {
        save_draft(&state.db, actor, SubjectKind::Lot, writing.id().map(|id| id.0), &fields, exchange.now()).await?;
        return Ok(exchange.htmx().see_other(&format!("{}/check", writing.address())));
    }
    let typed = Typed { problems: parsed.err().unwrap_or_default(), ..Typed::of(fields) };
    page(state, exchange, actor, writing, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    writing: &Writing,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let reason = reason_of(state, actor, writing).await?;
    let (profile, lists) = service::form_options(&state.db, actor, exchange.now()).await?;
    let mut groups = groups(&lists, lang);
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        words::fill(field, typed.value(&field.name), &typed.problems, lang);
    }
    let mut whole = typed.whole.clone();
    if profile.is_none() {
        whole.push(lang.t("lots-refusal-no-profile"));
    }
    let form = draft_form(
        exchange,
        SubjectKind::Lot,
        writing.id().map(|id| id.0),
        (writing.address(), writing.back()),
        groups,
        whole,
    );
    let view = FormPage {
        chrome: exchange.chrome(title(writing, lang)),
        lead: vec![lang.t("lots-new-lead")],
        facts: reasons(writing, reason, lang),
        form,
    };
    answer(&view, status)
}

fn title(writing: &Writing, lang: Lang) -> String {
    match writing {
        Writing::New => lang.t("lots-new"),
        Writing::Correction(lot) => lang.fill("lots-correction-title", [("number", lot.number.clone())]),
    }
}

/// Why a lot came back, as the desk has written it.
async fn reason_of(state: &AppState, actor: &Actor, writing: &Writing) -> Result<Option<String>, AppError> {
    let Some(id) = writing.id() else { return Ok(None) };
    let file = service::file_of(&state.db, &state.directory, actor, id).await?.ok_or(AppError::NotFound)?;
    let history = file.dialogue.history.into_iter();
    Ok(history.filter(|line| matches!(line.action.as_str(), "reject" | "return")).find_map(|line| line.reason))
}

/// Where a lot came back, that it did and why.
fn reasons(writing: &Writing, reason: Option<String>, lang: Lang) -> Vec<Fact> {
    let Writing::Correction(lot) = writing else { return Vec::new() };
    let state = Fact::new(lang.t("lots-verification"), lang.name_of("lot-verification", lot.verification.code()))
        .note(Moment::at(lang, lot.verification_since).text);
    let reason = reason.map(|reason| Fact::new(lang.t("lots-reason"), reason));
    std::iter::once(state).chain(reason).collect()
}

fn groups(lists: &Lists, lang: Lang) -> Vec<FieldGroup> {
    let label = |name: &str| lang.name_of("lot-field", name);
    let select = |name: &str, choices: Vec<Choice>| {
        let mut all = vec![Choice::new("", lang.t("field-choose"))];
        all.extend(choices);
        Field::select(name, label(name), all)
    };
    let processing =
        Processing::ALL.iter().map(|way| Choice::new(way.code(), lang.name_of("processing", way.code()))).collect();
    let days = [("days", lists.receipt_days.0.to_string())];
    let receipt_hint = if lists.receipt_days.1 { "lots-receipt-hint-assumed" } else { "lots-receipt-hint" };
    let symbols = lang.fill("lots-symbol-hint", [("symbols", lists.symbols.join(", "))]);
    vec![
        FieldGroup::titled(
            lang.t("lots-group-source"),
            vec![
                Field::radios("source", label("source"), words::sources(lang)),
                Field::text("lot_number", label("lot_number")).hint(lang.t("lots-number-hint")).optional(),
                Field::text("warehouse_receipt_number", label("warehouse_receipt_number")),
                Field::date("receipt_date", label("receipt_date")).hint(lang.fill(receipt_hint, days)).optional(),
                Field::text("warehouse_location", label("warehouse_location")),
                Field::text("warehouse_name", label("warehouse_name")).optional(),
            ],
        ),
        FieldGroup::titled(
            lang.t("lots-group-coffee"),
            vec![
                select("coffee_type", words::choices(&lists.coffee_types, lang)),
                select("origin_region", words::choices(&lists.regions, lang)),
                select("processing_method", processing),
                select("preliminary_grade", words::grades()).hint(lang.t("lots-grade-hint")),
                Field::text("crop_year", label("crop_year")).hint(lang.t("lots-crop-hint")).width(10).optional(),
                Field::text("coffee_contract_symbol", label("coffee_contract_symbol"))
                    .hint(symbols)
                    .width(10)
                    .optional(),
            ],
        ),
        FieldGroup::titled(
            lang.t("lots-group-purchase"),
            vec![
                Field::number("quantity", label("quantity"), "kg"),
                Field::number("bags", label("bags"), "").optional(),
                Field::date("purchase_date", label("purchase_date")),
                Field::number("purchase_price", label("purchase_price"), "ETB/kg").optional(),
                Field::number("purchase_total", label("purchase_total"), "ETB")
                    .hint(lang.t("lots-total-hint"))
                    .optional(),
            ],
        ),
    ]
}

/// A registered lot as its form has it.
fn values_of(lot: &Lot) -> BTreeMap<String, String> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let number = |value: Option<Decimal>| value.map(|v| v.normalize().to_string()).unwrap_or_default();
    let own_number = if lot.source == Source::Ecx { lot.number.clone() } else { String::new() };
    [
        lot.source.code().to_owned(),
        own_number,
        lot.receipt_number.clone(),
        day(lot.receipt_date),
        lot.warehouse_location.clone(),
        lot.warehouse_name.clone().unwrap_or_default(),
        lot.coffee_type.clone(),
        lot.origin_region.clone(),
        lot.processing.code().to_owned(),
        lot.crop_year.clone().unwrap_or_default(),
        number(Some(lot.quantity)),
        lot.bags.map(|bags| bags.to_string()).unwrap_or_default(),
        lot.preliminary_grade.clone().unwrap_or_default(),
        lot.contract_symbol.clone().unwrap_or_default(),
        lot.purchase_date.to_string(),
        number(lot.purchase_price),
        number(lot.purchase_total),
    ]
    .into_iter()
    .zip(FIELDS)
    .map(|(value, name)| (name.to_owned(), value))
    .collect()
}

/// The answers as they will be handed in, from what was kept.
async fn answers(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    writing: &Writing,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let id = writing.id().map(|id| id.0);
    let draft = find_draft(&state.db, actor, SubjectKind::Lot, id).await?;
    let (_, lists) = service::form_options(&state.db, actor, now).await?;
    let parsed = draft.as_ref().map(|draft| LotForm::parse(&draft.values(), &lists, eat_date(now)));
    let (Some(draft), Some(Ok(form))) = (draft, parsed) else {
        return Ok(exchange.htmx().see_other(&writing.address()));
    };
    let version = match writing {
        Writing::New => version_of(&draft),
        Writing::Correction(lot) => lot.version,
    };
    let mut lead = vec![lang.t("lots-check-lead")];
    if form.receipt_expires_on.is_some_and(|last| last < eat_date(now)) {
        lead.push(lang.t("lots-check-receipt-expired"));
    }
    let view = FormPage {
        chrome: exchange.chrome(lang.t("lots-check-title")),
        lead,
        facts: facts(&form, &lists, lang),
        form: Form {
            action: writing.target(),
            token: exchange.form_token(Some(version)),
            summary: ErrorSummary::default(),
            submit: lang.t(match writing {
                Writing::New => "lots-register",
                Writing::Correction(_) => "review-act-resubmit",
            }),
            cancel: Some(writing.address()),
            ..Form::default()
        },
    };
    answer(&view, StatusCode::OK)
}

fn facts(form: &LotForm, lists: &Lists, lang: Lang) -> Vec<Fact> {
    let label = |name: &str| lang.name_of("lot-field", name);
    let birr = |value: Decimal| format!("ETB {}", grouped_fixed(value, 2));
    let internal = || lang.t("lots-number-given");
    let mut facts = vec![
        Fact::new(label("source"), lang.name_of("lot-source", form.source.code())),
        Fact::new(label("lot_number"), form.number.clone().unwrap_or_else(internal)),
        Fact::new(label("warehouse_receipt_number"), &form.receipt_number),
    ];
    if let Some(day) = form.receipt_date {
        let fact = Fact::new(label("receipt_date"), Moment::day(lang, day).text);
        facts.push(match form.receipt_expires_on {
            Some(last) => {
                fact.note(lang.fill("lots-receipt-good-until", [("date", Moment::legal_day(lang, last).text)]))
            }
            None => fact,
        });
    }
    let warehouse = form.warehouse_name.clone();
    facts.push(with_note(Fact::new(label("warehouse_location"), &form.warehouse_location), warehouse));
    facts.extend([
        Fact::new(label("coffee_type"), words::listed(&lists.coffee_types, &form.coffee_type, lang)),
        Fact::new(label("origin_region"), words::listed(&lists.regions, &form.origin_region, lang)),
        Fact::new(label("processing_method"), lang.name_of("processing", form.processing.code())),
    ]);
    let texts = [
        ("preliminary_grade", form.preliminary_grade.clone()),
        ("crop_year", form.crop_year.clone()),
        ("coffee_contract_symbol", form.contract_symbol.clone()),
        ("quantity", Some(words::kilograms(form.quantity))),
        ("bags", form.bags.map(|bags| bags.to_string())),
        ("purchase_date", Some(Moment::legal_day(lang, form.purchase_date).text)),
        ("purchase_price", form.purchase_price.map(birr)),
        ("purchase_total", form.purchase_total.map(birr)),
    ];
    facts.extend(texts.into_iter().filter_map(|(name, value)| Some(Fact::new(label(name), value?))));
    facts
}

fn with_note(fact: Fact, note: Option<String>) -> Fact {
    match note {
        Some(note) => fact.note(note),
        None => fact,
    }
}

/// What a draft is called in a form, so that what is handed in is what was shown: when it was saved, in milliseconds, as
/// far as the field reaches.
fn version_of(draft: &Draft) -> i32 {
    i32::try_from(draft.saved_at.timestamp_millis().rem_euclid(i64::from(i32::MAX))).unwrap_or_default()
}

/// The draft, if it is still the one that was shown. One that is gone may have been handed in by this very form.
fn as_shown(
    draft: Option<Draft>,
    shown: Option<i32>,
    exchange: &Exchange,
    writing: &Writing,
) -> Result<Option<Draft>, AppError> {
    match draft {
        Some(draft) if shown != Some(version_of(&draft)) => Err(AppError::Conflict(Conflict {
            sentence: Some(exchange.lang().t("lots-refusal-draft-changed")),
            location: Some(writing.address()),
            ..Conflict::default()
        })),
        found => Ok(found),
    }
}
