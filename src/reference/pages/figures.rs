//! `/reference` and `/reference/figures/{code}`: parameters, capital thresholds, the retention.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;

use super::{Fields, Typed, answer, form, history, nothing, page_of, send};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::quantities::grouped;
use crate::reference::model::{Figure, FigureKey, FigureValue};
use crate::reference::service::{self, FigurePage, SetFigure, WithdrawFigure};
use crate::web::components::{Choice, Fact, Field, FieldGroup, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::{Cell, Section};

/// What the form of a figure asks.
pub(super) const FIELDS: &[&str] = &["value", "valid_from", "legal_basis", "is_assumption", "reason"];

/// What the form of a withdrawal asks.
pub(super) const WITHDRAWAL_FIELDS: &[&str] = &["withdrawn_day", "withdrawal_reason"];

/// What a figure is called.
fn name(figure: &Figure, lang: Lang) -> String {
    match &figure.key {
        FigureKey::Parameter(_) => lang.pick(figure.name.clone(), figure.name_am.clone()),
        FigureKey::Capital(kind) => {
            lang.fill("reference-capital", [("kind", lang.name_of("reference-business", kind))])
        }
        FigureKey::Retention => lang.t("reference-retention"),
    }
}

/// A unit in the reader's language; what is no word stays as it is.
fn unit(unit: &str, lang: Lang) -> String {
    match unit {
        "days" | "minutes" | "months" | "hours" | "years" | "tasters" | "points" | "failures" | "times" | "rows"
        | "files" => lang.name_of("reference-unit", unit),
        other => other.to_owned(),
    }
}

fn amount(figure: &Figure, value: &FigureValue, lang: Lang) -> String {
    let number = value.value.normalize();
    match figure.unit.as_str() {
        // A year is a name, not a quantity.
        "year" => number.to_string(),
        unit if unit.starts_with("yes") => {
            lang.t(if number.is_zero() { "registration-no" } else { "registration-yes" })
        }
        unit_code => format!("{} {}", grouped(number), unit(unit_code, lang)),
    }
}

fn assumption(value: &FigureValue, lang: Lang) -> Vec<Tag> {
    if value.is_assumption { vec![Tag::new(lang.t("reference-assumption"), Tone::Warn)] } else { Vec::new() }
}

pub(super) async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    let (lang, today) = (exchange.lang(), eat_date(exchange.now()));
    let figures = service::figures(&state.db, &actor).await?;
    let rows = figures
        .iter()
        .map(|figure| {
            let now = figure.on(today);
            let coming = figure.coming(today).next();
            let coming = coming.map(|value| {
                lang.fill(
                    "reference-coming",
                    [("value", amount(figure, value, lang)), ("date", Moment::day(lang, value.valid_from).text)],
                )
            });
            vec![
                Cell::new(name(figure, lang)).href(format!("/reference/figures/{}", figure.key.slug())),
                Cell::new(now.map_or_else(|| "–".to_owned(), |value| amount(figure, value, lang)))
                    .note(coming.unwrap_or_default()),
                Cell::new(now.map(|value| Moment::legal_day(lang, value.valid_from).text).unwrap_or_default()),
                Cell {
                    tags: now.map(|value| assumption(value, lang)).unwrap_or_default(),
                    ..Cell::new(now.map(|value| value.legal_basis.clone()).unwrap_or_default())
                },
                Cell::new(lang.name_of("organization-kind", figure.set_by.code())),
            ]
        })
        .collect();
    let mut page = page_of(&exchange, lang.t("reference-title"), "/reference");
    page.lead = vec![lang.t("reference-lead")];
    page.sections = vec![Section {
        id: "figures",
        title: lang.t("reference-figures"),
        is_titled: false,
        head: heads(&[("figure", false), ("value", true), ("from", false), ("basis", false), ("set-by", false)], lang),
        rows,
        empty: nothing(lang.t("reference-history-empty")),
        paging: None,
    }];
    answer(&page, http::StatusCode::OK)
}

pub(super) fn heads(names: &[(&str, bool)], lang: Lang) -> Vec<(String, bool)> {
    names.iter().map(|(name, is_figure)| (lang.name_of("reference-head", name), *is_figure)).collect()
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    let key = FigureKey::from_slug(&code);
    page(&state, &exchange, &actor, &key, &Typed::default(), &Typed::default()).await
}

pub(super) async fn set(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(code): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let key = FigureKey::from_slug(&code);
    let command = SetFigure { key: key.clone(), version: submission.require_version()?, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, location(&key)).await? {
        Ok(done) => Ok(done),
        Err(typed) => page(&state, &exchange, &actor, &key, &typed, &Typed::default()).await,
    }
}

pub(super) async fn withdraw(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(code): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let key = FigureKey::from_slug(&code);
    let command =
        WithdrawFigure { key: key.clone(), version: submission.require_version()?, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, location(&key)).await? {
        Ok(done) => Ok(done),
        Err(typed) => page(&state, &exchange, &actor, &key, &Typed::default(), &typed).await,
    }
}

fn location(key: &FigureKey) -> String {
    format!("/reference/figures/{}", key.slug())
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    key: &FigureKey,
    set: &Typed,
    withdrawn: &Typed,
) -> Result<Response, AppError> {
    let (lang, today) = (exchange.lang(), eat_date(exchange.now()));
    let found = service::figure_page(&state.db, &state.directory, actor, key).await?.ok_or(AppError::NotFound)?;
    let figure = &found.figure;
    let mut page = page_of(exchange, name(figure, lang), "/reference");
    page.lead = vec![lang.t("reference-figure-lead")];
    page.facts = facts(figure, today, lang);
    let value_row = |value: &FigureValue| {
        let state = if figure.on(today) == Some(value) {
            Tag::new(lang.t("reference-in-force"), Tone::Good)
        } else if value.valid_from > today {
            Tag::new(lang.t("reference-to-come"), Tone::Info)
        } else {
            Tag::new(lang.t("reference-past"), Tone::Neutral)
        };
        vec![
            Cell::new(Moment::legal_day(lang, value.valid_from).text).tag(state),
            Cell::new(amount(figure, value, lang)),
            Cell { tags: assumption(value, lang), ..Cell::new(&value.legal_basis) },
        ]
    };
    page.sections = vec![
        Section {
            id: "values",
            title: lang.t("reference-values"),
            is_titled: true,
            head: heads(&[("from", false), ("value", true), ("basis", false)], lang),
            rows: figure.values.iter().rev().map(value_row).collect(),
            empty: nothing(lang.t("reference-history-empty")),
            paging: None,
        },
        history(&found.changes, &found.names, lang),
    ];
    if figure.is_set_by(actor) {
        page.forms.push((lang.t("reference-set"), set_form(exchange, &found, set, today)));
        if figure.coming(today).next().is_some() {
            page.forms.push((lang.t("reference-withdraw"), withdrawal_form(exchange, &found, withdrawn, today)));
        }
    }
    let status = set.status().max(withdrawn.status());
    answer(&page, status)
}

fn facts(figure: &Figure, today: NaiveDate, lang: Lang) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(value) = figure.on(today) {
        let fact = Fact::new(lang.t("reference-in-force"), amount(figure, value, lang));
        facts.push(if value.is_assumption { fact.note(lang.t("reference-assumption-note")) } else { fact });
        facts.push(Fact::new(lang.name_of("reference-head", "from"), Moment::legal_day(lang, value.valid_from).text));
        facts.push(Fact::new(lang.name_of("reference-head", "basis"), &value.legal_basis));
    }
    facts.push(Fact::new(
        lang.name_of("reference-head", "set-by"),
        lang.name_of("organization-kind", figure.set_by.code()),
    ));
    facts
}

fn set_form(exchange: &Exchange, found: &FigurePage, typed: &Typed, today: NaiveDate) -> Form {
    let (lang, figure) = (exchange.lang(), &found.figure);
    let now = figure.on(today);
    let mut fields = vec![
        Field::number("value", lang.name_of("reference-head", "value"), unit(&figure.unit, lang))
            .value(now.map(|value| value.value.normalize().to_string()).unwrap_or_default()),
        Field::date("valid_from", lang.name_of("reference-head", "from"))
            .hint(lang.t("reference-from-hint"))
            .value(today.succ_opt().unwrap_or(today).to_string()),
        Field::text("legal_basis", lang.name_of("reference-head", "basis"))
            .wide()
            .value(now.map(|value| value.legal_basis.clone()).unwrap_or_default()),
    ];
    if matches!(figure.key, FigureKey::Parameter(_)) {
        let ticked = now.is_some_and(|value| value.is_assumption);
        fields.push(Field::checkbox("is_assumption", lang.t("reference-is-assumption")).value(if ticked {
            "yes"
        } else {
            ""
        }));
    }
    fields.push(Field::textarea("reason", lang.t("reference-reason")).optional().hint(lang.t("reference-reason-hint")));
    let groups = vec![FieldGroup::plain(fields)];
    form(exchange, location(&figure.key), Some(found.version), groups, typed, "reference-set-submit")
}

fn withdrawal_form(exchange: &Exchange, found: &FigurePage, typed: &Typed, today: NaiveDate) -> Form {
    let (lang, figure) = (exchange.lang(), &found.figure);
    let days = figure
        .coming(today)
        .map(|value| {
            let text = format!("{} · {}", Moment::day(lang, value.valid_from).text, amount(figure, value, lang));
            Choice::new(value.valid_from.to_string(), text)
        })
        .collect();
    let groups = vec![FieldGroup::plain(vec![
        Field::select("withdrawn_day", lang.t("reference-withdrawn-day"), days),
        Field::textarea("withdrawal_reason", lang.t("reference-reason")),
    ])];
    let action = format!("{}/withdrawal", location(&figure.key));
    form(exchange, action, Some(found.version), groups, typed, "reference-withdraw-submit")
}
