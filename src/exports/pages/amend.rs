//! The forms that change a case without moving it: the National Bank's extension of the due date on the case
//! page, and the page on which an exporter corrects a request.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::act::{answer_of, send, send_on_case, typed, version};
use super::case::export_id;
use super::panel::{self, Typed};
use super::{request, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::exports::rules::{self, Refusal, RefusalKind};
use crate::exports::service::read::Case;
use crate::exports::service::{Correct, CorrectionOptions, Extend, correction_options};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::Reason;

/// The form that puts the due date off, for the National Bank.
pub(super) fn extension(case: &Case, actor: &Actor, exchange: &Exchange, typed: &Typed) -> Option<Form> {
    let (export, lang) = (&case.export, exchange.lang());
    if !rules::against_extending(export, actor, &case.context).is_empty() {
        return None;
    }
    let (earliest, latest) = rules::extension_range(export.settlement_due_date?, eat_date(exchange.now()));
    let field = |field: Field| {
        let (name, problems) = (field.name.clone(), &typed.problems);
        field
            .value(typed.values.get(&name).cloned().unwrap_or_default())
            .error(problems.of(&name).map(|problem| words::problem(problem, lang)))
    };
    let fields = vec![
        field(Field::date("new_due_date", lang.t("field-new-due-date"))).hint(lang.fill(
            "field-new-due-date-hint",
            [("earliest", Moment::day(lang, earliest).text), ("latest", Moment::day(lang, latest).text)],
        )),
        field(Field::textarea("extension_reason", lang.t("decide-reason-label"))).hint(lang.fill(
            "cancel-reason-hint",
            [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())],
        )),
    ];
    Some(Form {
        action: format!("/exports/{}/extension", export.id),
        token: exchange.form_token(Some(export.version)),
        summary: ErrorSummary::of(Vec::new(), &fields),
        groups: vec![FieldGroup::plain(fields)],
        submit: lang.t("case-extend-submit"),
        cancel: None,
    })
}

pub(super) async fn extend(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = Extend { export, version: version(&submission)?, fields: &submission.fields };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, export_id(&id)?, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn correct(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = Correct { export, version: version(&submission)?, fields: &submission.fields };
    let refusals = match send(&state, &exchange, &actor, &submission, &command).await? {
        Ok(done) => return Ok(done),
        Err(refusals) => refusals,
    };
    if refusals.first().map(Refusal::kind) == Some(RefusalKind::Invalid) {
        let typed = typed(&state, &exchange, &submission.fields, &refusals).await?;
        return page(&state, &exchange, &actor, export, &typed, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    Err(answer_of(&state, &exchange, &refusals, format!("/exports/{export}")).await?)
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    export: ExportId,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let now = exchange.now();
    let catalog = state.catalog.get(&state.db, eat_date(now)).await?;
    let options = correction_options(&state.db, actor, export, now).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let mut groups = groups(&options, &catalog, lang);
    panel::fill(&mut groups, typed, lang);
    let address = format!("/exports/{export}");
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("correction-title", [("number", options.export.number.clone())])),
        lead: vec![lang.t("correction-lead")],
        facts: vec![Fact::new(lang.t("fact-quantity"), words::kilograms(options.export.quantity))],
        form: Form {
            action: format!("{address}/correction"),
            token: exchange.form_token(Some(options.export.version)),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("correction-submit"),
            cancel: Some(address),
        },
    };
    let mut response = super::html(&view)?;
    *response.status_mut() = status;
    Ok(response)
}

/// The fields of what may be corrected, filled with what stands there.
fn groups(options: &CorrectionOptions, catalog: &Catalog, lang: Lang) -> Vec<FieldGroup> {
    let (export, may) = (&options.export, options.correctable);
    let label = |name: &str| lang.t(&format!("field-{name}"));
    let mut groups = Vec::new();
    if may.lots {
        let lots = request::lot_choices(&options.lots, catalog, lang);
        for row in 1..=options.shares.len().max(1) + 1 {
            let share = options.shares.get(row - 1);
            let lot = Field::select(format!("lot_id_{row}"), label("lot-id"), lots.clone())
                .value(share.map(|(lot, _)| lot.to_string()).unwrap_or_default());
            let quantity = Field::number(format!("quantity_{row}"), label("quantity"), "kg")
                .value(share.map(|(_, kg)| kg.normalize().to_string()).unwrap_or_default());
            let (lot, quantity) = if row == 1 { (lot, quantity) } else { (lot.optional(), quantity.optional()) };
            let group = FieldGroup::titled(lang.fill("group-lot", [("row", row.to_string())]), vec![lot, quantity]);
            groups.push(if share.is_some() || row == 1 { group } else { group.folded() });
        }
    }
    let choose = |name: &'static str, text: &str, list: &[crate::exports::Choice], value: String| {
        let choices = list.iter().map(|choice| Choice::new(choice.value.clone(), choice.label.clone())).collect();
        Field::select(name, label(text), choices).value(value)
    };
    let mut way = Vec::new();
    if may.bank {
        way.push(choose("bank_id", "bank-id", &options.banks, export.bank_organization_id.to_string()));
    }
    if may.carrier {
        let carrier = export.shipping_organization_id.to_string();
        way.push(choose("shipping_line_id", "shipping-line-id", &options.carriers, carrier));
    }
    if may.ports {
        way.push(choose("port_of_loading", "port-of-loading", &options.ports, export.port_of_loading.clone()));
        way.push(choose("port_of_discharge", "port-of-discharge", &options.ports, export.port_of_discharge.clone()));
    }
    if may.lots {
        way.push(Field::number("bag_kg", label("bag-kg"), "kg").value(export.bag_kg.normalize().to_string()));
    }
    groups.push(FieldGroup::titled(lang.t("group-way"), way));
    groups.push(FieldGroup::titled(
        lang.t("group-more"),
        vec![
            Field::textarea("notify_address", label("notify-address"))
                .value(options.notify_address.clone().unwrap_or_default())
                .optional(),
            Field::text("exporter_reference", label("exporter-reference"))
                .value(options.exporter_reference.clone().unwrap_or_default())
                .optional(),
        ],
    ));
    groups
}
