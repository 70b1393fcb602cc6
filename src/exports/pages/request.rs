//! `GET /exports/new` and `POST /exports`: a new request against one's own contract and lots.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::act::{answer_of, send, typed};
use super::panel::{self, Typed};
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::LotChoice;
use crate::exports::catalog::Catalog;
use crate::exports::rules::{Refusal, RefusalKind};
use crate::exports::service::{Request, RequestForm, RequestOptions, request_options};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;

/// Lots that the form shows room for; the service takes as many as its own limit.
const LOT_ROWS: usize = 3;

/// What an export asks whenever it is written: with its request, and with an amendment.
pub(super) const TRADE_FIELDS: &[&str] = &[
    "lot_id_*",
    "quantity_*",
    "bank_id",
    "shipping_line_id",
    "port_of_loading",
    "port_of_discharge",
    "bag_kg",
    "notify_address",
    "exporter_reference",
];

/// The names of what the form asks.
pub(super) fn fields() -> Vec<&'static str> {
    [&["contract_id"], TRADE_FIELDS].concat()
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn create(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let form = match RequestForm::parse(&submission.fields) {
        Ok(form) => form,
        Err(problems) => {
            let typed = Typed { values: submission.fields, problems, whole: Vec::new() };
            return page(&state, &exchange, &actor, &typed, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let command = Request { id: ExportId::new(), form };
    let refusals = match send(&state, &exchange, &actor, &submission, &command).await? {
        Ok(done) => return Ok(done),
        Err(refusals) => refusals,
    };
    let status = match refusals.first().map_or(RefusalKind::Conflict, Refusal::kind) {
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        // A balance that somebody else has used up meanwhile: the form again, with 409.
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::NotFound | RefusalKind::Forbidden => {
            return Err(answer_of(&state, &exchange, &refusals, "/exports/new".to_owned()).await?);
        }
    };
    let typed = typed(&state, &exchange, &submission.fields, &refusals).await?;
    page(&state, &exchange, &actor, &typed, status).await
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let options = request_options(&state.db, actor).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let mut groups = groups(&options, &catalog, lang);
    panel::fill(&mut groups, typed, lang);
    let form = Form {
        action: "/exports".to_owned(),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
        groups,
        submit: lang.t("exports-new-submit"),
        cancel: Some("/exports".to_owned()),
        ..Form::default()
    };
    let view = FormPage {
        chrome: exchange.chrome(lang.t("exports-new-title")),
        lead: vec![lang.t("exports-new-lead")],
        facts: facts(&options, &catalog, lang),
        form,
    };
    crate::web::answer(&view, status)
}

fn facts(options: &RequestOptions, catalog: &Catalog, lang: Lang) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new(lang.t("fact-exporter"), &options.applicant.business_name)
            .note(lang.t(if options.applicant.qualified { "check-qualified" } else { "check-not-qualified" })),
    ];
    if !options.applicant.coffee_types.is_empty() {
        let coffees = options.applicant.coffee_types.iter().map(|coffee| catalog.coffee(coffee, lang));
        facts.push(Fact::new(lang.t("fact-licensed-for"), lang.list(coffees)));
    }
    facts
}

fn groups(options: &RequestOptions, catalog: &Catalog, lang: Lang) -> Vec<FieldGroup> {
    let label = |name: &str| lang.t(&format!("field-{name}"));
    let none = || Choice::new("", lang.t("field-choose"));
    let contracts = std::iter::once(none())
        .chain(options.contracts.iter().map(|contract| {
            Choice::new(
                contract.contract_id.to_string(),
                format!(
                    "{} · {}, {} · {} · {}",
                    contract.contract_number,
                    contract.buyer_name,
                    catalog.country(&contract.buyer_country, lang),
                    lang.fill("coffee-grade", [("grade", contract.grade.clone())]),
                    lang.fill(
                        "field-free",
                        [
                            ("coffee", catalog.coffee(&contract.coffee_type, lang).to_owned()),
                            ("kg", words::kilograms(contract.free_kg)),
                        ],
                    ),
                ),
            )
        }))
        .collect();
    let lots = lot_choices(&options.lots, catalog, lang);
    let choices = |list: &[crate::exports::Choice]| -> Vec<Choice> {
        std::iter::once(none())
            .chain(list.iter().map(|choice| Choice::new(choice.value.clone(), choice.label.clone())))
            .collect()
    };
    let mut groups = vec![FieldGroup::titled(
        lang.t("group-contract"),
        vec![Field::select("contract_id", label("contract-id"), contracts)],
    )];
    for row in 1..=LOT_ROWS {
        let lot = Field::select(format!("lot_id_{row}"), label("lot-id"), lots.clone());
        let quantity = Field::number(format!("quantity_{row}"), label("quantity"), "kg");
        let (lot, quantity) = if row == 1 { (lot, quantity) } else { (lot.optional(), quantity.optional()) };
        let group = FieldGroup::titled(lang.fill("group-lot", [("row", row.to_string())]), vec![lot, quantity]);
        groups.push(if row == 1 { group } else { group.folded() });
    }
    let bank = options.applicant.bank.map(|bank| bank.to_string()).unwrap_or_default();
    groups.push(FieldGroup::titled(
        lang.t("group-way"),
        vec![
            Field::select("bank_id", label("bank-id"), choices(&options.banks)).value(bank),
            Field::select("shipping_line_id", label("shipping-line-id"), choices(&options.carriers)),
            Field::select("port_of_loading", label("port-of-loading"), choices(&options.ports)).value("DJJIB"),
            Field::select("port_of_discharge", label("port-of-discharge"), choices(&options.ports)),
            Field::number("bag_kg", label("bag-kg"), "kg").value("60"),
        ],
    ));
    groups.push(
        FieldGroup::titled(
            lang.t("group-more"),
            vec![
                Field::textarea("notify_address", label("notify-address")).optional(),
                Field::text("exporter_reference", label("exporter-reference")).optional(),
            ],
        )
        .folded(),
    );
    groups
}

/// Lots to choose from, with what is left of each.
pub(super) fn lot_choices(lots: &[LotChoice], catalog: &Catalog, lang: Lang) -> Vec<Choice> {
    std::iter::once(Choice::new("", lang.t("field-choose")))
        .chain(lots.iter().map(|lot| {
            let grade = lot.final_grade.clone().unwrap_or_default();
            Choice::new(
                lot.lot_id.to_string(),
                format!(
                    "{} · {} · {}",
                    lot.lot_number,
                    words::coffee(catalog, &lot.coffee_type, &lot.processing_method, &grade, lang),
                    words::kilograms(lot.free_kg)
                ),
            )
        }))
        .collect()
}
