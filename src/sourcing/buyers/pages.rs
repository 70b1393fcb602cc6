//! `/buyers`: the register as one sees it, the form that names a buyer, and its page.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use super::model::{Buyer, FIELDS};
use super::rules::{PROOF, WORKFLOW, against};
use super::service::{self, BuyerDoor, BuyerFile, BuyerSubject, CorrectBuyer, NameBuyer};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::{eat_date, working_days_between};
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::ids::{BuyerId, DocumentId};
use crate::review::{
    CaseParts, DECISION_FIELDS, Decide, SubjectKind, Typed, case_page, chosen_act, draft_form, find_draft, respond,
    send, state_name, state_tag,
};
use crate::web::answer;
use crate::web::components::{Ageing, Check, Choice, EmptyState, Fact, Field, FieldGroup, Moment, Paging, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::web::routes::{Access, Routes};
use crate::web::views::{Cell, FormPage, Section, TablePage};
use crate::workflow::ageing::Age;
use crate::workflow::words::problem;

type Fields = BTreeMap<String, String>;

const PAGE: usize = 25;
const STATES: &[&str] = &["PENDING", "VERIFIED", "REJECTED", "SUSPENDED"];
const HERE: &str = "/buyers";

/// The routes of the register.
#[must_use]
pub fn routes() -> Routes<AppState> {
    use Permission as P;
    Routes::new()
        .get("/buyers", Access::Needs(P::ViewContracts), list)
        .get("/buyers/new", Access::Needs(P::RegisterContracts), new)
        .post_form("/buyers", Access::Needs(P::RegisterContracts), FIELDS, create)
        .get("/buyers/{id}", Access::Needs(P::ViewContracts), show)
        .get("/buyers/{id}/form", Access::Needs(P::RegisterContracts), edit)
        .post_form("/buyers/{id}/form", Access::Needs(P::RegisterContracts), FIELDS, update)
        .post_form("/buyers/{id}/decisions", Access::Needs(P::ViewContracts), DECISION_FIELDS, decide)
}

fn buyer_id(text: &str) -> Result<BuyerId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize)]
struct BuyersQuery {
    q: Option<String>,
    status: Option<String>,
    after: Option<Cursor>,
}

async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<BuyersQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let status = query.status.as_deref().filter(|status| STATES.contains(status));
    let search = query.q.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let after = query.after.map(|cursor| (cursor.at, BuyerId(cursor.id)));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let lines = service::list(&state.db, &actor, (status, search), after, limit).await?;
    let page = Page::of(lines, PAGE, |line| Cursor { at: line.created_at, id: line.id.0 });
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("q", &query.q), ("status", &query.status)] {
        if let Some(value) = value {
            address.append_pair(name, value);
        }
    }
    let older = page.next.map(|cursor| {
        address.append_pair("after", &cursor.to_string());
        format!("{HERE}?{}", address.finish())
    });
    let rows = page
        .rows
        .iter()
        .map(|line| {
            let mut tags = vec![state_tag(WORKFLOW.states, &line.status, lang)];
            if let Some(age) = age(&line.status, line.updated_at, &exchange, &catalog) {
                tags.push(Tag::new(age.text, age.tone));
            }
            if line.alike > 0 {
                tags.push(Tag::new(lang.t("buyer-tag-alike"), Tone::Warn));
            }
            vec![
                Cell::new(&line.name).href(format!("{HERE}/{}", line.id)),
                Cell { tags, ..Cell::default() },
                Cell::new(catalog.country(&line.country, lang)),
                Cell::new(line.contracts.to_string()),
                Cell::new(line.named_by.clone().unwrap_or_else(|| "–".to_owned())),
            ]
        })
        .collect();
    let mut states = vec![Choice::new("", lang.t("common-any"))];
    states.extend(STATES.iter().map(|state| Choice::new(*state, lang.name_of("buyer-state", state))));
    let may_name = actor.may(Permission::RegisterContracts);
    let to_new = || (format!("{HERE}/new"), lang.t("buyer-new-title"));
    let head = [("name", false), ("state", false), ("country", false), ("contracts", true), ("named-by", false)];
    let view = TablePage {
        actions: if may_name { vec![to_new()] } else { Vec::new() },
        lead: vec![lang.t("buyer-list-lead")],
        filters: vec![
            Field::text("q", lang.t("buyer-search")).value(query.q.clone().unwrap_or_default()),
            Field::select("status", lang.t("exports-status"), states).value(query.status.clone().unwrap_or_default()),
        ],
        clear: (query.q.is_some() || query.status.is_some()).then(|| HERE.to_owned()),
        sections: vec![Section {
            id: "buyers",
            title: lang.t("nav-buyers"),
            is_titled: false,
            head: head.map(|(name, is_figure)| (lang.name_of("buyer-head", name), is_figure)).to_vec(),
            rows,
            empty: EmptyState {
                title: lang.t("buyer-empty-title"),
                text: lang.t("buyer-empty-text"),
                action: may_name.then(to_new),
            },
            paging: Some(Paging { newer: query.after.map(|_| HERE.to_owned()), older, shown: String::new() }),
        }],
        ..TablePage::of(exchange.chrome(lang.t("nav-buyers")).wide(), HERE)
    };
    answer(&view, StatusCode::OK)
}

fn age(state: &str, since: chrono::DateTime<chrono::Utc>, exchange: &Exchange, catalog: &Catalog) -> Option<Ageing> {
    let limit = WORKFLOW.limit_in(state)?;
    let lang = exchange.lang();
    let days = working_days_between(since, exchange.now(), &catalog.holidays);
    Some(Ageing {
        text: lang.t_args("age-days", &[("days", days.into())]),
        tone: match limit.age(days) {
            Age::Fresh => Tone::Neutral,
            Age::Due => Tone::Warn,
            Age::Late => Tone::Bad,
        },
        title: Moment::at(lang, since).text,
    })
}

async fn new(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let draft = find_draft(&state.db, &actor, SubjectKind::Buyer, None).await?;
    let typed = Typed::of(draft.map(|draft| draft.values()).unwrap_or_default());
    form_page(&state, &exchange, None, &typed, StatusCode::OK).await
}

async fn create(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let countries = catalog.countries.keys().map(String::as_str).collect();
    let command = NameBuyer { id: BuyerId::new(), fields: &submission.fields, countries };
    match send(&state, &exchange, &actor, &submission, &command, HERE.to_owned()).await? {
        Ok(done) => Ok(done),
        Err(typed) => form_page(&state, &exchange, None, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn edit(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = buyer_id(&id)?;
    let buyer = own(&state, &actor, id).await?;
    let draft = find_draft(&state.db, &actor, SubjectKind::Buyer, Some(id.0)).await?;
    let values = draft.map_or_else(|| fields_of(&buyer), |draft| draft.values());
    form_page(&state, &exchange, Some(&buyer), &Typed::of(values), StatusCode::OK).await
}

async fn update(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let id = buyer_id(&id)?;
    let buyer = own(&state, &actor, id).await?;
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let countries = catalog.countries.keys().map(String::as_str).collect();
    let version = submission.require_version()?;
    let command = CorrectBuyer { id, version, fields: &submission.fields, countries };
    match send(&state, &exchange, &actor, &submission, &command, format!("{HERE}/{id}")).await? {
        Ok(done) => Ok(done),
        Err(typed) => form_page(&state, &exchange, Some(&buyer), &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

/// A buyer that the viewer's own organisation has named: nobody else corrects it.
async fn own(state: &AppState, actor: &Actor, id: BuyerId) -> Result<Buyer, AppError> {
    let file = service::buyer_file(&state.db, &state.directory, actor, id).await?;
    let buyer = file.map(|file| file.buyer).filter(|buyer| buyer.standing.owner == actor.organization.id);
    buyer.ok_or(AppError::NotFound)
}

fn fields_of(buyer: &Buyer) -> Fields {
    let form = &buyer.form;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        ("name", form.name.clone()),
        ("country", form.country.clone()),
        ("address", form.address.clone()),
        ("email", text(&form.email)),
        ("phone", text(&form.phone)),
        ("registration_number", text(&form.registration_number)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

async fn form_page(
    state: &AppState,
    exchange: &Exchange,
    buyer: Option<&Buyer>,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let label = |field: &str| lang.name_of("buyer-field", field);
    let mut countries = vec![Choice::new("", lang.t("field-choose"))];
    let abroad = catalog.countries_by_name(lang).into_iter().filter(|(code, _)| *code != "ET");
    countries.extend(abroad.map(|(code, name)| Choice::new(code, name)));
    let mut fields = vec![
        Field::text("name", label("name")).wide(),
        Field::select("country", label("country"), countries),
        Field::text("registration_number", label("registration_number")).optional(),
        Field::textarea("address", label("address")),
        Field::text("email", label("email")).optional(),
        Field::text("phone", label("phone")).optional(),
    ];
    for field in &mut fields {
        field.value = typed.value(&field.name);
        field.error = typed.problems.of(&field.name).map(|found| problem(found, lang));
    }
    let groups = vec![FieldGroup::plain(fields)];
    let (title, way) = match buyer {
        None => (lang.t("buyer-new-title"), (HERE.to_owned(), HERE.to_owned())),
        Some(buyer) => (
            lang.fill("buyer-edit-title", [("name", buyer.form.name.clone())]),
            (format!("{HERE}/{}/form", buyer.id), format!("{HERE}/{}", buyer.id)),
        ),
    };
    let subject = buyer.map(|buyer| buyer.id.0);
    let mut form = draft_form(exchange, SubjectKind::Buyer, subject, way, groups, typed.whole.clone());
    form.token = exchange.form_token(buyer.map(|buyer| buyer.standing.version));
    form.submit = lang.t("buyer-submit");
    let view =
        FormPage { chrome: exchange.chrome(title), lead: vec![lang.t("buyer-form-lead")], facts: Vec::new(), form };
    answer(&view, status)
}

/// Which paper is shown beside.
#[derive(Debug, Default, Deserialize)]
struct CaseQuery {
    paper: Option<DocumentId>,
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    Query(query): Query<CaseQuery>,
) -> Result<Response, AppError> {
    case(&state, &exchange, &actor, buyer_id(&id)?, query.paper, &Typed::default(), StatusCode::OK).await
}

async fn decide(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let id = buyer_id(&id)?;
    let command = Decide {
        subject: &BuyerSubject,
        id: id.0,
        act: chosen_act(&WORKFLOW, &submission)?,
        version: submission.require_version()?,
        fields: &submission.fields,
    };
    match send(&state, &exchange, &actor, &submission, &command, format!("{HERE}/{id}")).await? {
        Ok(done) => Ok(done),
        Err(typed) => case(&state, &exchange, &actor, id, None, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn case(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: BuyerId,
    shown: Option<DocumentId>,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let BuyerFile { buyer, dialogue, kinds } =
        service::buyer_file(&state.db, &state.directory, actor, id).await?.ok_or(AppError::NotFound)?;
    let is_own = actor.organization.id == buyer.standing.owner && actor.may(Permission::RegisterContracts);
    let is_open = matches!(buyer.standing.state.as_str(), "PENDING" | "REJECTED");
    let parts = CaseParts {
        title: buyer.form.name.clone(),
        age: age(&buyer.standing.state, buyer.standing.changed_at, exchange, &catalog),
        checks: checks(&buyer, lang),
        facts: vec![(lang.t("buyer-group"), facts(&buyer, &catalog, lang))],
        asked: vec![PROOF],
        files: &buyer.files,
        kinds,
        shown,
        edit_href: if is_own && is_open { format!("{HERE}/{id}/form") } else { String::new() },
        lead: vec![lang.t("buyer-panel-lead")],
        dialogue,
        ..CaseParts::default()
    };
    let no_fields = |_: &crate::review::Act| Vec::new();
    let view = case_page(exchange, actor, (&BuyerSubject, &buyer, &BuyerDoor), parts, &no_fields, typed);
    respond(exchange, &view, status)
}

fn checks(buyer: &Buyer, lang: Lang) -> Vec<Check> {
    let has_proof = WORKFLOW.act("verify").is_some_and(|act| against(buyer, act).is_empty());
    let (tone, id) = if has_proof { (Tone::Good, "buyer-check-proof") } else { (Tone::Warn, "buyer-check-no-proof") };
    let mut checks: Vec<Check> = buyer
        .alike
        .iter()
        .map(|(id, name, state)| Check {
            tone: Tone::Warn,
            text: lang.fill(
                "buyer-check-alike",
                [("name", name.clone()), ("state", state_name(WORKFLOW.states, state, lang))],
            ),
            href: Some(format!("{HERE}/{id}")),
        })
        .collect();
    checks.push(Check { tone, text: lang.t(id), href: None });
    checks
}

fn facts(buyer: &Buyer, catalog: &Catalog, lang: Lang) -> Vec<Fact> {
    let form = &buyer.form;
    let label = |field: &str| lang.name_of("buyer-field", field);
    let mut facts = vec![
        Fact::new(label("name"), &form.name),
        Fact::new(label("country"), catalog.country(&form.country, lang)),
        Fact::new(label("address"), &form.address),
    ];
    for (field, value) in
        [("registration_number", &form.registration_number), ("email", &form.email), ("phone", &form.phone)]
    {
        facts.extend(value.as_ref().map(|value| Fact::new(label(field), value)));
    }
    facts.push(Fact::new(lang.name_of("buyer-head", "contracts"), buyer.contracts.to_string()));
    facts
}
