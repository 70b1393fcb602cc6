//! `/contracts/new` and `/contracts/{id}/form`: what a contract says. It is kept as one types; the next page checks it.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::words::label;
use super::{answer, contract_id};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::ContractId;
use crate::quantities::Grade;
use crate::review::{FileKinds, SubjectKind, Typed, draft_form, refusal, save_draft};
use crate::sourcing::contracts::form::{
    GoverningRules, Named, PROCESSING, Packaging, TRANSPORT, document_field, parse,
};
use crate::sourcing::contracts::model::{PriceBasis, PriceUnit};
use crate::sourcing::contracts::rules;
use crate::sourcing::contracts::service::{Writing, writing};
use crate::web::components::{Choice, Fact, Field, FieldGroup, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::words::problem;

type Fields = BTreeMap<String, String>;

pub(super) async fn new(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    show(&state, &exchange, &actor, None).await
}

pub(super) async fn edit(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    show(&state, &exchange, &actor, Some(contract_id(&id)?)).await
}

async fn show(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: Option<ContractId>,
) -> Result<Response, AppError> {
    let file = writing(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let typed = Typed::of(with_defaults(&file));
    page(exchange, &file, &typed, StatusCode::OK)
}

/// What stands in a form that nobody has typed into yet.
fn with_defaults(file: &Writing) -> Fields {
    let mut values = file.values();
    if file.draft.is_none() && file.contract.is_none() {
        let today = file.calendar.today.to_string();
        for (field, value) in [
            ("deal_date", today.as_str()),
            ("currency", "USD"),
            ("price_unit", PriceUnit::CentsPerPound.code()),
            ("price_basis", PriceBasis::Outright.code()),
            ("incoterm", "FOB"),
            ("named_place", "Djibouti"),
            ("transport_mode", "SEA"),
            ("port_of_loading", "DJJIB"),
            ("tolerance_pct", "3"),
            ("packaging", Packaging::Jute60.code()),
        ] {
            values.insert(field.to_owned(), value.to_owned());
        }
    }
    values
}

pub(super) async fn keep_new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    keep_and_go_on(&state, &exchange, &actor, None, &submission).await
}

pub(super) async fn keep(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    keep_and_go_on(&state, &exchange, &actor, Some(contract_id(&id)?), &submission).await
}

/// Keeps what was typed, and goes on to the page that checks it where nothing is wrong.
async fn keep_and_go_on(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: Option<ContractId>,
    submission: &Submission<Fields>,
) -> Result<Response, AppError> {
    let file = writing(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    if let Err(problems) = parse(&submission.fields, &file.options, file.calendar) {
        let typed = Typed { values: submission.fields.clone(), problems, whole: Vec::new() };
        return page(exchange, &file, &typed, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let subject = id.map(|id| id.0);
    save_draft(&state.db, actor, SubjectKind::Contract, subject, &submission.fields, exchange.now()).await?;
    let check = match id {
        None => "/contracts/new/check".to_owned(),
        Some(id) => format!("/contracts/{id}/check"),
    };
    Ok(exchange.htmx().see_other(&check).into_response())
}

fn page(exchange: &Exchange, file: &Writing, typed: &Typed, status: StatusCode) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let mut groups = groups(file, lang);
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        field.value = typed.value(&field.name);
        field.error = typed.problems.of(&field.name).map(|found| problem(found, lang));
    }
    // What is seldom said is folded away where it is empty.
    let groups: Vec<FieldGroup> = groups.into_iter().enumerate().map(fold).collect();
    let (title, action, cancel) = match &file.contract {
        None => (lang.t("contract-new-title"), "/contracts/new".to_owned(), "/contracts".to_owned()),
        Some(contract) => (
            lang.fill("contract-edit-title", [("number", contract.standing.reference.clone())]),
            format!("/contracts/{}/form", contract.id),
            format!("/contracts/{}", contract.id),
        ),
    };
    let mut whole = typed.whole.clone();
    whole.extend(rules::against_registering(&file.applicant).iter().map(|r| refusal(r, &FileKinds::default(), lang)));
    let subject = file.contract.as_ref().map(|contract| contract.id.0);
    let view = FormPage {
        chrome: exchange.chrome(title),
        lead: vec![lang.t(if file.contract.is_some() { "contract-edit-lead" } else { "contract-new-lead" })],
        facts: facts(file, lang),
        form: draft_form(exchange, SubjectKind::Contract, subject, (action, cancel), groups, whole),
    };
    answer(&view, status)
}

fn fold((position, group): (usize, FieldGroup)) -> FieldGroup {
    if position >= 4 { group.folded() } else { group }
}

fn facts(file: &Writing, lang: Lang) -> Vec<Fact> {
    let mut facts = vec![Fact::new(lang.t("fact-exporter"), &file.applicant.business_name)];
    if let Some(contract) = &file.contract
        && let Some(reason) = &contract.rejection_reason
    {
        facts.push(Fact::new(lang.t("contract-why-back"), reason));
    }
    facts.push(Fact::new(lang.t("contract-ship-by"), Moment::legal_day(lang, file.calendar.deadline).text));
    if file.options.buyers.is_empty() {
        facts.push(Fact::new(lang.t("contract-no-buyers"), lang.t("buyer-new-title")).href("/buyers/new"));
    }
    facts
}

fn groups(file: &Writing, lang: Lang) -> Vec<FieldGroup> {
    let options = &file.options;
    let none = || Choice::new("", lang.t("field-choose"));
    let named = |list: &[Named], with_code: bool| -> Vec<Choice> {
        std::iter::once(none())
            .chain(list.iter().map(|named| {
                let name = lang.pick(&named.name, &named.name_am);
                Choice::new(&named.code, if with_code { format!("{} · {name}", named.code) } else { name.clone() })
            }))
            .collect()
    };
    let coded = |family: &'static str, codes: &[&str]| -> Vec<Choice> {
        codes.iter().map(|code| Choice::new(*code, lang.name_of(family, code))).collect()
    };
    let with_none = |choices: Vec<Choice>| std::iter::once(none()).chain(choices).collect::<Vec<_>>();
    let select = |name: &str, choices| Field::select(name, label(name, lang), choices);
    let text = |name: &str| Field::text(name, label(name, lang));
    let figure = |name: &str, unit: &str| Field::number(name, label(name, lang), unit);
    let hinted = |field: Field, id: &str| field.hint(lang.t(id));
    let buyers = std::iter::once(none())
        .chain(options.buyers.iter().filter_map(|buyer| {
            let status = lang.name_of("buyer-state", &buyer.status);
            let text = format!("{}, {} · {status}", buyer.terms.name, buyer.terms.country);
            Some(Choice::new(buyer.terms.id?.to_string(), text))
        }))
        .collect();
    let coffees = options.coffees.iter().filter(|coffee| options.licensed.contains(&coffee.code)).cloned();
    let coffees: Vec<Named> = coffees.collect();
    let grades = Grade::all().map(|grade| Choice::new(grade.code(), grade.code())).collect();
    let codes = |all: Vec<&'static str>| all;
    let papers = options.documents.iter().map(|document| {
        let name = lang.pick(&document.name, &document.name_am);
        Field::checkbox(document_field(&document.code), name)
    });
    vec![
        FieldGroup::titled(
            lang.t("contract-group-parties"),
            vec![
                hinted(select("buyer_id", buyers).wide(), "contract-hint-buyer"),
                hinted(Field::date("deal_date", label("deal_date", lang)), "contract-hint-deal"),
            ],
        ),
        FieldGroup::titled(
            lang.t("contract-group-coffee"),
            vec![
                select("coffee_type", named(&coffees, false)),
                select("processing_method", with_none(coded("processing", PROCESSING))).optional(),
                select("grade", with_none(grades)),
                select("origin_region", named(&options.regions, false)).optional(),
                hinted(text("crop_year").width(10).optional(), "contract-hint-crop"),
                figure("quantity", "kg"),
                figure("tolerance_pct", "%").optional(),
            ],
        ),
        FieldGroup::titled(
            lang.t("contract-group-price"),
            vec![
                select("currency", named(&options.currencies, true)),
                select(
                    "price_unit",
                    coded("contract-unit", &PriceUnit::ALL.iter().map(|u| u.code()).collect::<Vec<_>>()),
                ),
                figure("price_quoted", ""),
                hinted(figure("contract_value", "").optional(), "contract-hint-value"),
                select(
                    "price_basis",
                    coded("contract-basis", &PriceBasis::ALL.iter().map(|b| b.code()).collect::<Vec<_>>()),
                ),
                hinted(figure("differential", "USc/lb").optional(), "contract-hint-differential"),
                text("basis_month").width(10).optional(),
                select("payment_method", named(&options.payments, false)),
                text("payment_terms").wide().optional(),
            ],
        ),
        FieldGroup::titled(
            lang.t("contract-group-delivery"),
            vec![
                select("incoterm", named(&options.incoterms, true)),
                text("named_place"),
                select("transport_mode", coded("contract-transport", TRANSPORT)),
                select("port_of_loading", named(&options.ports, false)).optional(),
                select("port_of_discharge", named(&options.ports, false)).optional(),
                hinted(text("shipment_month").width(10), "contract-hint-month"),
                Field::date("delivery_date", label("delivery_date", lang)).optional(),
            ],
        ),
        FieldGroup::titled(
            lang.t("contract-group-quality"),
            vec![
                select(
                    "packaging",
                    with_none(coded("contract-packaging", &codes(Packaging::ALL.iter().map(|p| p.code()).collect()))),
                )
                .optional(),
                Field::textarea("quality_standard", label("quality_standard", lang)).optional(),
            ],
        ),
        FieldGroup::titled(lang.t("contract-group-papers"), papers.collect()),
        FieldGroup::titled(
            lang.t("contract-group-more"),
            vec![
                Field::checkbox("ico_mark_requested", label("ico_mark_requested", lang)),
                select(
                    "governing_rules",
                    with_none(coded(
                        "contract-rules",
                        &codes(GoverningRules::ALL.iter().map(|rules| rules.code()).collect()),
                    )),
                )
                .optional(),
                text("arbitration").optional(),
                figure("commission_pct", "%").optional(),
            ],
        ),
    ]
}
