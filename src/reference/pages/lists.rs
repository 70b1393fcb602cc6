//! `/reference/lists/{list}`: countries, ports, coffees, regions, terms of delivery, codes of the Harmonized System.

use axum::extract::{Path, State};
use axum::response::Response;

use super::figures::heads;
use super::{Fields, Typed, answer, form, history, nothing, page_of, send};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::reference::lists::{COFFEE_FORMS, CodeList};
use crate::reference::model::Entry;
use crate::reference::service::{self, EntryPage, WriteEntry};
use crate::web::components::{Choice, Field, FieldGroup, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::form_fields::FieldNames;
use crate::web::views::{Cell, Section};

fn list_of(slug: &str) -> Result<CodeList, AppError> {
    CodeList::from_slug(slug).ok_or(AppError::NotFound)
}

/// The names of what the form of a new entry asks.
pub(super) fn new_fields(slug: &str) -> Option<FieldNames> {
    CodeList::from_slug(slug).map(|list| names(list, "code"))
}

/// The names of what the form of an entry asks that there is.
pub(super) fn entry_fields(slug: &str) -> Option<FieldNames> {
    CodeList::from_slug(slug).map(|list| names(list, "reason"))
}

/// What both ask, and `own`, which only one of them does.
fn names(list: CodeList, own: &'static str) -> FieldNames {
    let named: &[&str] = if list.is_named_by_its_code() { &[] } else { &["name"] };
    let amharic: &[&str] = if list.has_amharic() { &["name_am"] } else { &[] };
    let particulars: &[&str] = match list {
        CodeList::Countries => &["ico_code", "is_eu"],
        CodeList::Ports => &["country_code", "ico_port_code"],
        CodeList::CoffeeTypes | CodeList::Regions => &[],
        CodeList::Incoterms => &["sea_only", "seller_insures"],
        CodeList::HsCodes => &["coffee_form", "decaffeinated"],
    };
    [&[own, "valid_from", "valid_to"], named, amharic, particulars].concat().into()
}

fn here(list: CodeList) -> String {
    format!("/reference/lists/{}", list.slug())
}

/// What a list keeps of an entry, in words.
fn particulars(list: CodeList, entry: &Entry, lang: Lang) -> String {
    let labelled = |field: &str| {
        let value = entry.particular(field);
        if value.is_empty() { String::new() } else { format!("{} {value}", lang.name_of("reference-field", field)) }
    };
    let ticked = |field: &str| {
        let holds = !entry.particular(field).is_empty();
        if holds { lang.name_of("reference-field", field) } else { String::new() }
    };
    let words = match list {
        CodeList::Countries => vec![labelled("ico_code"), ticked("is_eu")],
        CodeList::Ports => vec![entry.particular("country_code"), labelled("ico_port_code")],
        CodeList::CoffeeTypes | CodeList::Regions => Vec::new(),
        CodeList::Incoterms => vec![ticked("sea_only"), ticked("seller_insures")],
        CodeList::HsCodes => {
            vec![lang.name_of("reference-form", &entry.particular("coffee_form")), ticked("decaffeinated")]
        }
    };
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ")
}

pub(super) async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    let (lang, today) = (exchange.lang(), eat_date(exchange.now()));
    let list = list_of(&slug)?;
    let found = service::list_page(&state.db, &state.directory, &actor, list).await?;
    let keeps = actor.may(Permission::MaintainCodeLists);
    let rows = found
        .entries
        .iter()
        .map(|entry| {
            let state = if entry.is_valid_on(today) {
                Tag::new(lang.t("reference-in-force"), Tone::Good)
            } else if entry.valid_from > today {
                Tag::new(lang.t("reference-to-come"), Tone::Info)
            } else {
                Tag::new(lang.t("reference-ended"), Tone::Neutral)
            };
            let code = Cell::new(&entry.code);
            let ends = entry.valid_to.map(|day| Moment::day(lang, day).text).unwrap_or_default();
            vec![
                if keeps { code.href(format!("{}/entries/{}", here(list), encoded(&entry.code))) } else { code },
                Cell::new(&entry.name),
                Cell::new(if list.has_amharic() { entry.name_am.as_str() } else { "" }),
                Cell::new(particulars(list, entry, lang)),
                Cell::new(Moment::day(lang, entry.valid_from).text).note(ends).tag(state),
            ]
        })
        .collect();
    let title = lang.name_of("reference-list", list.slug());
    let mut page = page_of(&exchange, title.clone(), &here(list));
    page.lead = vec![lang.name_of("reference-list-lead", list.slug())];
    if keeps {
        page.actions = vec![(format!("{}/new", here(list)), lang.t("reference-entry-new"))];
    }
    let columns = [("code", false), ("name", false), ("amharic", false), ("particulars", false), ("valid", false)];
    page.sections = vec![
        Section {
            id: "entries",
            title,
            is_titled: false,
            head: heads(&columns, lang),
            rows,
            empty: nothing(lang.t("reference-history-empty")),
            paging: None,
        },
        history(&found.changes, &found.names, lang),
    ];
    answer(&page, http::StatusCode::OK)
}

/// A code as it stands in an address: that of a coffee may have a space.
fn encoded(code: &str) -> String {
    code.replace(' ', "%20")
}

pub(super) async fn new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(slug): Path<String>,
) -> Result<Response, AppError> {
    form_page(&state, &exchange, &actor, list_of(&slug)?, None, &Typed::default()).await
}

pub(super) async fn create(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(slug): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let list = list_of(&slug)?;
    let command = WriteEntry { list, code: None, version: 0, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, here(list)).await? {
        Ok(done) => Ok(done),
        Err(typed) => form_page(&state, &exchange, &actor, list, None, &typed).await,
    }
}

pub(super) async fn edit(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((slug, code)): Path<(String, String)>,
) -> Result<Response, AppError> {
    form_page(&state, &exchange, &actor, list_of(&slug)?, Some(&code), &Typed::default()).await
}

pub(super) async fn update(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((slug, code)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let list = list_of(&slug)?;
    let version = submission.require_version()?;
    let command = WriteEntry { list, code: Some(&code), version, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, here(list)).await? {
        Ok(done) => Ok(done),
        Err(typed) => form_page(&state, &exchange, &actor, list, Some(&code), &typed).await,
    }
}

async fn form_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    list: CodeList,
    code: Option<&str>,
    typed: &Typed,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let found = service::entry_page(&state.db, actor, list, code).await?.ok_or(AppError::NotFound)?;
    let title = match code {
        None => lang.t("reference-entry-new"),
        Some(code) => lang.fill("reference-entry-edit", [("code", code.to_owned())]),
    };
    let (action, version) = match code {
        None => (here(list), None),
        Some(code) => (format!("{}/entries/{}", here(list), encoded(code)), Some(found.version)),
    };
    let mut page = page_of(exchange, title.clone(), &here(list));
    page.lead = vec![lang.name_of("reference-list", list.slug()), lang.t("reference-entry-lead")];
    let groups = vec![FieldGroup::plain(fields(list, &found, eat_date(exchange.now()).to_string(), lang))];
    let mut form = form(exchange, action, version, groups, typed, "reference-set-submit");
    form.cancel = Some(here(list));
    page.forms = vec![(title, form)];
    answer(&page, typed.status())
}

fn fields(list: CodeList, found: &EntryPage, today: String, lang: Lang) -> Vec<Field> {
    let entry = found.entry.as_ref();
    let label = |field: &str| lang.name_of("reference-field", field);
    let stored = |field: &str| entry.map(|entry| entry.particular(field)).unwrap_or_default();
    let tick = |field: &str| Field::checkbox(field, label(field)).value(stored(field));
    let mut fields = Vec::new();
    if entry.is_none() {
        fields.push(Field::text("code", lang.name_of("reference-head", "code")).width(20));
    }
    if !list.is_named_by_its_code() {
        let name = entry.map(|entry| entry.name.clone()).unwrap_or_default();
        fields.push(Field::text("name", lang.name_of("reference-head", "name")).value(name));
    }
    if list.has_amharic() {
        let name = entry.map(|entry| entry.name_am.clone()).unwrap_or_default();
        fields.push(Field::text("name_am", lang.name_of("reference-head", "amharic")).value(name));
    }
    match list {
        CodeList::Countries => {
            fields.push(Field::text("ico_code", label("ico_code")).optional().width(4).value(stored("ico_code")));
            fields.push(tick("is_eu"));
        }
        CodeList::Ports => {
            let countries = std::iter::once(Choice::new("", lang.t("field-choose")))
                .chain(found.countries.iter().map(|country| {
                    let name = lang.pick(&country.name, &country.name_am);
                    Choice::new(&country.code, name)
                }))
                .collect();
            fields.push(
                Field::select("country_code", label("country_code"), countries).value(stored("country_code").trim()),
            );
            let code = stored("ico_port_code");
            fields.push(Field::text("ico_port_code", label("ico_port_code")).optional().width(4).value(code));
        }
        CodeList::CoffeeTypes | CodeList::Regions => {}
        CodeList::Incoterms => fields.extend([tick("sea_only"), tick("seller_insures")]),
        CodeList::HsCodes => {
            let forms = COFFEE_FORMS.iter().map(|form| Choice::new(*form, lang.name_of("reference-form", form)));
            fields
                .push(Field::select("coffee_form", label("coffee_form"), forms.collect()).value(stored("coffee_form")));
            fields.push(tick("decaffeinated"));
        }
    }
    let from = entry.map_or(today, |entry| entry.valid_from.to_string());
    let to = entry.and_then(|entry| entry.valid_to).map(|day| day.to_string()).unwrap_or_default();
    fields.push(Field::date("valid_from", label("valid_from")).value(from));
    fields.push(Field::date("valid_to", label("valid_to")).optional().hint(lang.t("reference-ends-hint")).value(to));
    let reason = Field::textarea("reason", lang.t("reference-reason"));
    if entry.is_some() {
        fields.push(reason);
    }
    fields
}
