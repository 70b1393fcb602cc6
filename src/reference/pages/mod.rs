//! The pages of figures, rates, prices and code lists. Whoever may see one sees its history; who may set it finds the form
//! on the same page.

mod figures;
mod lists;
mod prices;
mod rates;

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::lists::CodeList;
use super::model::Change;
use super::service::Refusal;
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::web::answer;
use crate::web::chrome::Flash;
use crate::web::components::{EmptyState, ErrorSummary, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::form_fields::FormFields;
use crate::web::routes::{Access, Routes};
use crate::web::views::{Cell, Section, Tab, TablePage};
use crate::workflow::words::{day, problem};
use crate::workflow::{Command, CommandError, FieldProblems, FormKey, execute};

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    use Permission as P;
    let new_entry = FormFields::by("list", lists::new_fields);
    let entry = FormFields::by("list", lists::entry_fields);
    Routes::new()
        .get("/reference", Access::Needs(P::ViewReference), figures::list)
        .get("/reference/figures/{code}", Access::Needs(P::ViewReference), figures::show)
        .post_form("/reference/figures/{code}", Access::Needs(P::ViewReference), figures::FIELDS, figures::set)
        .post_form(
            "/reference/figures/{code}/withdrawal",
            Access::Needs(P::ViewReference),
            figures::WITHDRAWAL_FIELDS,
            figures::withdraw,
        )
        .get("/reference/rates", Access::Needs(P::ViewReference), rates::list)
        .get("/reference/rates/new", Access::Needs(P::SetExchangeRates), rates::new)
        .post_form("/reference/rates", Access::Needs(P::SetExchangeRates), rates::FIELDS, rates::set)
        .get("/reference/prices", Access::Needs(P::ViewReference), prices::list)
        .get("/reference/prices/new", Access::Needs(P::SetAuthorityFigures), prices::new)
        .post_form("/reference/prices/check", Access::Needs(P::SetAuthorityFigures), prices::FIELDS, prices::check)
        .post_form("/reference/prices", Access::Needs(P::SetAuthorityFigures), prices::FIELDS, prices::set)
        .get("/reference/lists/{list}", Access::Needs(P::ViewReference), lists::list)
        .get("/reference/lists/{list}/new", Access::Needs(P::MaintainCodeLists), lists::new)
        .post_form("/reference/lists/{list}", Access::Needs(P::MaintainCodeLists), new_entry, lists::create)
        .get("/reference/lists/{list}/entries/{code}", Access::Needs(P::MaintainCodeLists), lists::edit)
        .post_form("/reference/lists/{list}/entries/{code}", Access::Needs(P::MaintainCodeLists), entry, lists::update)
}

type Fields = BTreeMap<String, String>;

/// What was typed and what was wrong with it, when a form is shown again.
#[derive(Debug, Clone, Default)]
struct Typed {
    values: Option<Fields>,
    problems: FieldProblems,
}

impl Typed {
    fn status(&self) -> StatusCode {
        if self.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// Puts what was typed, and what is wrong with it, into the fields.
    fn fill(&self, groups: &mut [FieldGroup], lang: Lang) {
        for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
            if let Some(values) = &self.values {
                field.value = values.get(&field.name).cloned().unwrap_or_default();
            }
            field.error = self.problems.of(&field.name).map(|found| problem(found, lang));
        }
    }
}

/// Carries a form's command out, once: on with a message, or what is wrong with the form for the page to show again.
async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = Refusal>,
    location: String,
) -> Result<Result<Response, Typed>, AppError> {
    let refusal = match execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await {
        Ok(done) => {
            let arguments = done.flash.arguments.iter().map(|(name, value)| {
                let value = if name == "date" { day(value, exchange.lang()) } else { value.clone() };
                (name.clone(), value)
            });
            let flash = Flash::success(exchange.lang().fill(&done.flash.id, arguments.collect::<Vec<_>>()));
            return Ok(Ok((flash, exchange.htmx().see_other(&done.location)).into_response()));
        }
        Err(CommandError::Refused(refusal)) => refusal,
        Err(CommandError::KeyReused) => return Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => return Err(error.into()),
    };
    let lang = exchange.lang();
    match refusal {
        Refusal::NotFound => Err(AppError::NotFound),
        Refusal::NotYours => Err(AppError::Forbidden(Forbidden::Step(lang.t("reference-refusal-not-yours")))),
        Refusal::Stale => Err(AppError::Conflict(Conflict {
            sentence: Some(lang.t("reference-refusal-stale")),
            location: Some(location),
            ..Conflict::default()
        })),
        Refusal::Invalid(problems) => Ok(Err(Typed { values: Some(submission.fields.clone()), problems })),
    }
}

/// The pages of the area, with the one that is shown.
fn tabs(here: &str, lang: Lang) -> Vec<Tab> {
    let mut tabs = vec![
        ("/reference".to_owned(), lang.t("reference-figures")),
        ("/reference/prices".to_owned(), lang.t("reference-prices")),
        ("/reference/rates".to_owned(), lang.t("reference-rates")),
    ];
    tabs.extend(
        CodeList::ALL
            .iter()
            .map(|list| (format!("/reference/lists/{}", list.slug()), lang.name_of("reference-list", list.slug()))),
    );
    tabs.into_iter().map(|(href, label)| Tab { current: href == here, href, label, count: None }).collect()
}

/// An empty page of the area, to be filled.
fn page_of(exchange: &Exchange, title: String, here: &str) -> TablePage {
    TablePage { tabs: tabs(here, exchange.lang()), ..TablePage::of(exchange.chrome(title).wide(), here) }
}

/// A form of the area, filled with what was typed.
fn form(
    exchange: &Exchange,
    action: String,
    version: Option<i32>,
    mut groups: Vec<FieldGroup>,
    typed: &Typed,
    submit: &str,
) -> Form {
    let lang = exchange.lang();
    typed.fill(&mut groups, lang);
    Form {
        action,
        token: exchange.form_token(version),
        // What is wrong with the form as a whole belongs to no field.
        summary: ErrorSummary::of(
            typed.problems.of("").map(|found| problem(found, lang)).into_iter().collect(),
            groups.iter().flat_map(|group| &group.fields),
        ),
        groups,
        submit: lang.t(submit),
        ..Form::default()
    }
}

fn nothing(title: String) -> EmptyState {
    EmptyState { title, text: String::new(), action: None }
}

/// The history of what a page shows.
fn history(changes: &[Change], names: &Names, lang: Lang) -> Section {
    let value = |value: &Option<serde_json::Value>| value.as_ref().map_or_else(|| "–".to_owned(), written);
    let rows = changes
        .iter()
        .map(|change| {
            vec![
                Cell::new(Moment::at(lang, change.created_at).text),
                Cell::new(names.of(change.changed_by, lang).unwrap_or_default())
                    .note(names.of(change.organization_id, lang).unwrap_or_default()),
                Cell::new(&change.key),
                Cell::new(Moment::legal_day(lang, change.valid_from).text),
                Cell::new(value(&change.old_value)),
                Cell::new(value(&change.new_value)).note(change.reason.clone().unwrap_or_default()),
            ]
        })
        .collect();
    let heads = ["when", "who", "key", "from", "old", "new"];
    Section {
        id: "history",
        title: lang.t("reference-history"),
        is_titled: true,
        head: heads.map(|head| (lang.name_of("reference-head", head), false)).to_vec(),
        rows,
        empty: nothing(lang.t("reference-history-empty")),
        paging: None,
    }
}

/// A value of the history in one line: the figure alone where it is one.
fn written(value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(true) => "+".to_owned(),
        Value::Bool(false) => "–".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => list.iter().map(written).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => match fields.get("value") {
            Some(figure) => {
                let basis = fields.get("legal_basis").map(written).unwrap_or_default();
                if basis.is_empty() { written(figure) } else { format!("{} ({basis})", written(figure)) }
            }
            None => fields
                .iter()
                .filter(|(_, value)| !matches!(value, Value::Null | Value::Bool(false)))
                .map(|(name, value)| match value {
                    Value::Bool(_) => name.clone(),
                    _ => written(value),
                })
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
        },
    }
}
