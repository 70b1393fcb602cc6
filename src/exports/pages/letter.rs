//! `GET /exports/{id}/letter-of-credit`: the letter that an export draws on, whether it covers the export, its amendments,
//! and the forms by which the bank puts a letter or an amendment on record.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;

use super::act::{Sent, send_or_ask_again, version};
use super::case::export_id;
use super::panel::{self, Typed};
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::{eat_date, is_working_day};
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::exports::letters::{ABOUT_PCT, PRESENTATION_DAYS, QUANTITY_PCT};
use crate::exports::model::{Export, Stage};
use crate::exports::rules::{Letter, LetterFault, Refusal, WARN_DAYS};
use crate::exports::service::{AmendLetter, LetterFile, LetterVersion, RecordLetter, Refusals, letter_file};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::quantities::grouped;
use crate::web::components::{Check, Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Moment, TimelineItem, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::LetterPage;
use crate::workflow::Command;

/// What a letter says, as issued and as amended.
const TERMS: &[&str] = &[
    "amount",
    "amount_tolerance_pct",
    "quantity_kg",
    "quantity_tolerance_pct",
    "latest_shipment_on",
    "expires_on",
    "expiry_place",
    "partial_shipments",
];

/// The names of what the form of a letter that was issued asks.
pub(super) fn new_fields() -> Vec<&'static str> {
    [&["letter_id", "lc_number", "issuing_bank", "dated_on", "currency"], TERMS].concat()
}

/// The names of what the form of an amendment asks.
pub(super) fn amendment_fields() -> Vec<&'static str> {
    [&["dated_on", "amendment"], TERMS].concat()
}

/// Which of the two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// A letter that was issued.
    New,
    /// An amendment of the one on record.
    Amendment,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, (export_id(&id)?, What::Amendment), &Typed::default(), StatusCode::OK).await
}

pub(super) async fn show_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, (export_id(&id)?, What::New), &Typed::default(), StatusCode::OK).await
}

pub(super) async fn record(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = RecordLetter { export, version: version(&submission)?, fields: &submission.fields };
    carry_out(&state, &exchange, &actor, (export, What::New), &submission, &command).await
}

pub(super) async fn amend(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = AmendLetter { export, version: version(&submission)?, fields: &submission.fields };
    carry_out(&state, &exchange, &actor, (export, What::Amendment), &submission, &command).await
}

async fn carry_out(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (export, what): (ExportId, What),
    submission: &Submission<BTreeMap<String, String>>,
    command: &impl Command<Refusal = Refusals>,
) -> Result<Response, AppError> {
    match send_or_ask_again(state, exchange, actor, submission, command, address(export)).await? {
        Sent::Done(done) => Ok(done),
        Sent::Again(typed, _) => {
            page(state, exchange, actor, (export, what), &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The address of an export's letter.
pub(super) fn address(export: ExportId) -> String {
    format!("/exports/{export}/letter-of-credit")
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (export, what): (ExportId, What),
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (now, lang) = (exchange.now(), exchange.lang());
    let today = eat_date(now);
    let catalog = state.catalog.get(&state.db, today).await?;
    let file = letter_file(&state.db, &state.directory, actor, export, now).await?.ok_or(AppError::NotFound)?;
    if what == What::New && !file.may_record {
        return Err(AppError::NotFound);
    }
    let here = address(export);
    let what = if file.letter.is_some() { what } else { What::New };
    let (title, submit, action) = match what {
        What::New => ("letter-record", "letter-record-submit", format!("{here}/new")),
        What::Amendment => ("letter-amend", "letter-amend-submit", here.clone()),
    };
    let form = file.may_record.then(|| {
        let mut groups = match (&file.letter, what) {
            (Some(letter), What::Amendment) => amendment(letter, lang, today),
            _ => new_letter(&file, lang, today),
        };
        panel::fill(&mut groups, typed, lang);
        Form {
            action,
            token: exchange.form_token(Some(file.letter.as_ref().map_or(0, |letter| letter.version))),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t(submit),
            cancel: Some(format!("/exports/{export}")),
            ..Form::default()
        }
    });
    let view = LetterPage {
        chrome: exchange.chrome(lang.fill("letter-title", [("number", file.export.number.clone())])),
        back: format!("/exports/{export}"),
        lead: lang.t("letter-lead"),
        checks: covers(&file.export, file.letter.as_ref(), &file.faults, &catalog, lang, today),
        facts: file.letter.as_ref().map(|letter| facts(letter, lang)).unwrap_or_default(),
        form_title: lang.t(title),
        form,
        another: (file.may_record && what == What::Amendment).then(|| format!("{here}/new")),
        versions: versions(&file, lang),
    };
    crate::web::answer(&view, status)
}

/// What the letter says, for those who may read it.
pub(super) fn facts(letter: &Letter, lang: Lang) -> Vec<Fact> {
    let terms = &letter.terms;
    let day = |date: NaiveDate| Moment::legal_day(lang, date).text;
    let tolerance = |pct: rust_decimal::Decimal| lang.fill("letter-tolerance", [("pct", pct.normalize().to_string())]);
    let mut facts = vec![
        Fact::new(lang.t("field-lc-number"), &letter.number).note(letter.issuing_bank.clone()),
        Fact::new(lang.t("field-amount"), words::money(&letter.currency, terms.amount))
            .note(tolerance(terms.amount_tolerance_pct)),
    ];
    if let Some(kg) = terms.quantity_kg {
        facts.push(
            Fact::new(lang.t("field-quantity-kg"), words::kilograms(kg)).note(tolerance(terms.quantity_tolerance_pct)),
        );
    }
    if letter.drawn.exports > 0 {
        let arguments = [("exports", letter.drawn.exports.into()), ("kg", grouped(letter.drawn.kg).into())];
        facts.push(
            Fact::new(lang.t("letter-drawn"), words::money(&letter.currency, letter.drawn.value))
                .note(lang.t_args("letter-drawn-by", &arguments)),
        );
    }
    let partial = if terms.partial_shipments { "letter-partial-allowed" } else { "letter-partial-prohibited" };
    facts.extend([
        Fact::new(lang.t("field-latest-shipment-on"), day(terms.last_shipment())).note(lang.t(partial)),
        Fact::new(lang.t("field-expires-on"), day(terms.expires_on)).note(terms.expiry_place.clone()),
    ]);
    facts
}

/// Whether the letter covers the export, and how long: what stands against it in the words of its refusal, red where the
/// bank's check waits for it.
pub(super) fn covers(
    export: &Export,
    letter: Option<&Letter>,
    faults: &[LetterFault],
    catalog: &Catalog,
    lang: Lang,
    today: NaiveDate,
) -> Vec<Check> {
    if !export.state.is_open() {
        return Vec::new();
    }
    let href = || Some(address(export.id));
    let tone = if export.state.stage == Stage::BankCheck { Tone::Bad } else { Tone::Warn };
    let mut checks: Vec<Check> = faults
        .iter()
        .map(|fault| Refusal::Letter(fault.clone()))
        .map(|refusal| Check { tone, text: words::refusal(&refusal, catalog, lang), href: href() })
        .collect();
    let Some(letter) = letter else { return checks };
    let day = |date: NaiveDate| Moment::legal_day(lang, date).text;
    let check = |tone: Tone, id: &str, until: NaiveDate| {
        let left = (until - today).num_days();
        let arguments = [("number", letter.number.clone().into()), ("date", day(until).into()), ("days", left.into())];
        Check { tone, text: lang.t_args(id, &arguments), href: href() }
    };
    let expires_on = letter.terms.expires_on;
    if let Some(on_board) = letter.on_board {
        let until = letter.terms.presented_until(on_board, |day| is_working_day(day, &catalog.holidays));
        let (tone, id) = match (until - today).num_days() {
            ..0 => (Tone::Warn, "check-letter-presented-late"),
            0..=5 => (Tone::Warn, "check-letter-present"),
            _ => (Tone::Info, "check-letter-present"),
        };
        checks.push(check(tone, id, until));
    } else if (0..=WARN_DAYS).contains(&(expires_on - today).num_days()) {
        checks.push(check(Tone::Warn, "check-letter-ends", expires_on));
    } else if faults.is_empty() {
        checks.push(check(Tone::Good, "check-letter-covers", expires_on));
    }
    checks
}

fn new_letter(file: &LetterFile, lang: Lang, today: NaiveDate) -> Vec<FieldGroup> {
    let label = |name: &str| lang.t(&format!("field-{name}"));
    let current = file.letter.as_ref().map(|letter| letter.id);
    let others: Vec<Choice> = file
        .letters
        .iter()
        .filter(|line| Some(line.letter_id) != current)
        .map(|line| Choice::new(line.letter_id.to_string(), format!("{}, {}", line.lc_number, line.issuing_bank)))
        .collect();
    let mut groups = Vec::new();
    if !others.is_empty() {
        let chosen = Field::select("letter_id", label("letter-id"), others).hint(lang.t("field-letter-id-hint"));
        groups.push(FieldGroup::plain(vec![chosen.optional()]));
    }
    let currencies = file.currencies.iter().map(|code| Choice::new(code.clone(), code.clone())).collect();
    groups.push(FieldGroup::plain(vec![
        Field::text("lc_number", label("lc-number")).width(20),
        Field::text("issuing_bank", label("issuing-bank")),
        Field::date("dated_on", label("dated-on")).value(today.to_string()),
        Field::select("currency", label("currency"), currencies).value(file.export.currency.clone()),
    ]));
    let known = BTreeMap::from([
        ("amount_tolerance_pct", "0".to_owned()),
        ("quantity_tolerance_pct", QUANTITY_PCT.to_string()),
        ("expiry_place", "Addis Ababa".to_owned()),
        ("partial_shipments", "yes".to_owned()),
    ]);
    groups.push(terms(&known, lang));
    groups
}

fn amendment(letter: &Letter, lang: Lang, today: NaiveDate) -> Vec<FieldGroup> {
    let label = |name: &str| lang.t(&format!("field-{name}"));
    vec![
        FieldGroup::plain(vec![
            Field::date("dated_on", label("amended-on")).value(today.to_string()),
            Field::textarea("amendment", label("amendment")).hint(lang.t("field-amendment-hint")),
        ]),
        terms(&letter.terms.as_typed(), lang),
    ]
}

fn terms(known: &BTreeMap<&'static str, String>, lang: Lang) -> FieldGroup {
    let label = |name: &str| lang.t(&format!("field-{}", name.replace('_', "-")));
    let value = |name: &str| known.get(name).cloned().unwrap_or_default();
    let number = |name: &'static str, unit: &str| Field::number(name, label(name), unit).value(value(name));
    let date = |name: &'static str| Field::date(name, label(name)).value(value(name));
    let percent = |pct: rust_decimal::Decimal| [("pct", pct.to_string())];
    FieldGroup::titled(
        lang.t("letter-terms"),
        vec![
            number("amount", ""),
            number("amount_tolerance_pct", "%").hint(lang.fill("field-amount-tolerance-pct-hint", percent(ABOUT_PCT))),
            number("quantity_kg", "kg").optional(),
            number("quantity_tolerance_pct", "%")
                .hint(lang.fill("field-quantity-tolerance-pct-hint", percent(QUANTITY_PCT))),
            date("latest_shipment_on").optional(),
            date("expires_on").hint(lang.fill("field-expires-on-hint", [("days", PRESENTATION_DAYS.to_string())])),
            Field::text("expiry_place", label("expiry_place")).value(value("expiry_place")),
            Field::checkbox("partial_shipments", label("partial_shipments")).value(value("partial_shipments")),
        ],
    )
}

/// The letter as issued and each amendment, newest first, with what it changed.
fn versions(file: &LetterFile, lang: Lang) -> Vec<TimelineItem> {
    let Some(letter) = &file.letter else { return Vec::new() };
    let bank = file.names.of(file.export.bank_organization_id, lang).unwrap_or_default();
    file.versions
        .iter()
        .enumerate()
        .map(|(position, version)| TimelineItem {
            what: heading(version, lang),
            who: file.names.of(version.recorded_by, lang).unwrap_or_default().to_owned(),
            organization: bank.to_owned(),
            at: Moment::at(lang, version.recorded_at),
            why: file.versions.get(position + 1).map(|former| {
                let changes = former.terms.changes_to(&version.terms, &letter.currency);
                let changes =
                    changes.iter().map(|change| format!("{}: {}", lang.t(&change.label), words::changed(change, lang)));
                version.amendment.iter().cloned().chain(changes).collect::<Vec<_>>().join(" · ")
            }),
            tone: Tone::Neutral,
        })
        .collect()
}

fn heading(version: &LetterVersion, lang: Lang) -> String {
    let day = Moment::day(lang, version.terms.dated_on).text;
    match version.version {
        1 => lang.fill("letter-issued", [("date", day)]),
        later => lang.fill("letter-amended", [("number", (later - 1).to_string()), ("date", day)]),
    }
}
