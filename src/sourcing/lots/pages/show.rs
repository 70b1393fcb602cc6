//! `GET /lots/{id}`: the lot for its owner, its desk and whoever else may see it, with the desk's decision.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Fields, lot_id, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::ids::{DocumentId, LotId};
use crate::quantities::grouped_fixed;
use crate::review::{
    Act, Answer, CaseParts, DECISION_FIELDS, Decide, HistoryLine, Typed, case_page, chosen_act, respond, send,
};
use crate::sourcing::lots::model::{Lot, Verification};
use crate::sourcing::lots::receipt;
use crate::sourcing::lots::service::{self, Case, LotDoor, LotFile, Lots, asked};
use crate::sourcing::lots::transitions::{desk_of, workflow_of};
use crate::web::components::{Check, Choice, Fact, Field, FieldGroup, Moment, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;

/// Which paper is shown beside.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ShowQuery {
    paper: Option<DocumentId>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    Query(query): Query<ShowQuery>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, lot_id(&id)?, query.paper, &Typed::default(), StatusCode::OK).await
}

/// The names of what the form of a decision asks.
pub(super) fn decision_fields() -> Vec<&'static str> {
    [DECISION_FIELDS, &receipt::FIELDS].concat()
}

pub(super) async fn decide(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let lot = service::find(&state.db, &actor, lot_id(&id)?).await?.ok_or(AppError::NotFound)?;
    let subject = Lots(lot.source);
    let act = chosen_act(workflow_of(lot.source), &submission)?;
    let fields = &submission.fields;
    let version = submission.require_version()?;
    let command = Decide { subject: &subject, id: lot.id.0, act, version, fields };
    match send(&state, &exchange, &actor, &submission, &command, format!("/lots/{}", lot.id)).await? {
        Ok(done) => Ok(done),
        Err(typed) => page(&state, &exchange, &actor, lot.id, None, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: LotId,
    paper: Option<DocumentId>,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let today = eat_date(now);
    let file = service::file_of(&state.db, &state.directory, actor, id).await?.ok_or(AppError::NotFound)?;
    let catalog = state.catalog.get(&state.db, today).await?;
    let LotFile { lot, files, kinds, dialogue, same_receipt } = file;
    let subject = Lots(lot.source);
    let is_owner = actor.organization.id == lot.owner.organization;
    let comes_back = matches!(lot.verification, Verification::Rejected | Verification::Returned);
    let grades = words::grades();
    let fields = |act: &Act| match act.answer {
        Answer::Approve => vec![FieldGroup::titled(lang.t("lots-seen"), seen(&lot, &grades, lang))],
        _ => Vec::new(),
    };
    let mut lead = vec![lang.t("lots-verify-lead")];
    if lot.receipt_expires_on.is_none() {
        lead.push(lang.t("lots-verify-lead-elsewhere"));
    }
    let parts = CaseParts {
        title: lang.fill("lots-title", [("number", lot.number.clone())]),
        stage: lang.name_of("lot", lot.status.code()),
        age: (lot.verification == Verification::Pending)
            .then(|| words::ageing(lot.verification_since, now, &catalog.holidays, lang)),
        checks: checks(&lot, same_receipt, &dialogue.history, today, lang),
        facts: facts(&lot, &catalog, lang),
        asked: asked(&lot),
        links: links(&lot, actor, lang),
        files: &files,
        kinds,
        shown: paper,
        edit_href: if is_owner && comes_back && actor.may(Permission::RegisterLots) {
            format!("/lots/{}/correction", lot.id)
        } else {
            String::new()
        },
        lead,
        dialogue,
        ..CaseParts::default()
    };
    let case = Case::of(lot.clone(), today);
    let view = case_page(exchange, actor, (&subject, &case, &LotDoor), parts, &fields, typed);
    respond(exchange, &view, status)
}

/// Where else it leads: what it was made of, its parts, its inspection.
fn links(lot: &Lot, actor: &Actor, lang: Lang) -> Vec<Fact> {
    let link = |text: &str, href: String| Fact::new("", lang.t(text)).href(href);
    let made = lot.derivation.map(|how| lang.name_of("lot-derivation", how.code()));
    let mut links = Vec::new();
    if lot.derivation.is_some() || !lot.passed_on_kg.is_zero() {
        let mut fact = link("lots-genealogy", format!("/lots/{}/genealogy", lot.id));
        fact.note = made;
        links.push(fact);
    }
    if actor.may(Permission::ViewPlots) {
        links.push(link("eudr-plots", format!("/lots/{}/plots", lot.id)));
    }
    if let Some((inspection, _)) = lot.inspection
        && actor.may(Permission::ViewLots)
    {
        links.push(link("lots-inspection", format!("/inspections/{inspection}")));
    }
    if super::descend::may_descend(lot, actor) {
        links.push(link("lots-split", format!("/lots/{}/division", lot.id)));
        links.push(link("lots-combine-title", "/lots/combination".to_owned()));
    }
    if actor.may(Permission::InspectLots) && lot.verification == Verification::Verified {
        links.push(link("lots-draw-sample", format!("/lots/{}/samples/new", lot.id)));
    }
    links
}

/// What the desk reads off the receipt.
fn seen(lot: &Lot, grades: &[Choice], lang: Lang) -> Vec<Field> {
    let label = |name: &str| lang.name_of("lot-seen", name);
    let mut choices = vec![Choice::new("", lang.t("field-choose"))];
    choices.extend(grades.iter().cloned());
    let fields = [
        Field::text("seen_number", label("seen_number")),
        Field::text("seen_receipt", label("seen_receipt")),
        Field::text("seen_tin", label("seen_tin")).width(20),
        Field::number("seen_quantity", label("seen_quantity"), "kg"),
        Field::select("seen_grade", label("seen_grade"), choices),
        Field::date("seen_expires_on", label("seen_expires_on")),
    ];
    let asked = receipt::Receipt::default().missing(lot);
    fields
        .into_iter()
        .map(|field| if asked.contains(&field.name.as_str()) { field } else { field.optional() })
        .collect()
}

/// What the system has checked: the receipt's end, that no other lot names it, and what the desk has found otherwise.
fn checks(lot: &Lot, same_receipt: i64, history: &[HistoryLine], today: NaiveDate, lang: Lang) -> Vec<Check> {
    let mut checks = Vec::new();
    if lot.verification != Verification::Verified {
        if let Some(last) = lot.receipt_expires_on {
            let is_good = lot.is_receipt_good_on(today);
            checks.push(Check {
                tone: if is_good { Tone::Good } else { Tone::Bad },
                text: lang.fill(
                    if is_good { "lots-check-receipt-good" } else { "lots-check-receipt-over" },
                    [("date", Moment::legal_day(lang, last).text)],
                ),
                href: None,
            });
        }
        let others = [("others", same_receipt.into())];
        checks.push(Check {
            tone: if same_receipt == 0 { Tone::Good } else { Tone::Bad },
            text: if same_receipt == 0 {
                lang.t("lots-check-receipt-alone")
            } else {
                lang.t_args("lots-check-receipt-shared", &others)
            },
            href: None,
        });
    }
    let latest = history.iter().find(|line| matches!(line.action.as_str(), "reject" | "return"));
    let differences = latest.and_then(|line| line.details["differences"].as_array().cloned()).unwrap_or_default();
    if matches!(lot.verification, Verification::Rejected | Verification::Returned) {
        checks.extend(differences.iter().map(|found| {
            let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
            Check {
                tone: Tone::Bad,
                text: lang.fill(
                    "lots-check-differs",
                    [
                        ("field", lang.name_of("lot-seen", found["field"].as_str().unwrap_or("seen_number"))),
                        ("registered", text("registered")),
                        ("seen", text("seen")),
                    ],
                ),
                href: None,
            }
        }));
    }
    checks.sort_by_key(|check| check.tone != Tone::Bad);
    checks
}

fn facts(lot: &Lot, catalog: &Catalog, lang: Lang) -> Vec<(String, Vec<Fact>)> {
    let label = |name: &str| lang.name_of("lot-field", name);
    let birr = |value: Decimal| format!("ETB {}", grouped_fixed(value, 2));
    let optional = |pairs: Vec<(&str, Option<String>)>| -> Vec<Fact> {
        pairs.into_iter().filter_map(|(name, value)| Some(Fact::new(label(name), value?))).collect()
    };
    let mut weight = vec![
        Fact::new(label("quantity"), words::kilograms(lot.quantity)),
        Fact::new(lang.t("lots-reserved"), words::kilograms(lot.reserved_kg)),
        Fact::new(lang.t("lots-exported"), words::kilograms(lot.exported_kg)),
        Fact::new(lang.t("lots-passed-on"), words::kilograms(lot.passed_on_kg)),
        Fact::new(lang.t("lots-free"), words::kilograms(lot.free_kg)),
    ];
    weight.extend(optional(vec![("bags", lot.bags.map(|bags| bags.to_string()))]));
    let mut source = vec![
        Fact::new(label("source"), lang.name_of("lot-source", lot.source.code()))
            .note(lang.name_of("organization-kind", desk_of(lot.source).code())),
        Fact::new(lang.t("lots-owner"), &lot.owner.name).note(format!("TIN {}", lot.owner.tin)),
        Fact::new(label("warehouse_receipt_number"), &lot.receipt_number),
    ];
    source.extend(optional(vec![
        ("receipt_date", lot.receipt_date.map(|day| Moment::legal_day(lang, day).text)),
        ("receipt_expires_on", lot.receipt_expires_on.map(|day| Moment::legal_day(lang, day).text)),
        ("warehouse_location", Some(lot.warehouse_location.clone())),
        ("warehouse_name", lot.warehouse_name.clone()),
    ]));
    if let (Some(by), Some(at)) = (&lot.verified_by, lot.verified_at) {
        source.push(Fact::new(lang.t("lots-verified-by"), by).note(Moment::at(lang, at).text));
    }
    let mut coffee = vec![
        Fact::new(label("coffee_type"), catalog.coffee(&lot.coffee_type, lang)),
        Fact::new(label("origin_region"), catalog.region(&lot.origin_region, lang)),
        Fact::new(label("processing_method"), lang.name_of("processing", lot.processing.code())),
    ];
    coffee.extend(optional(vec![
        ("preliminary_grade", lot.preliminary_grade.clone()),
        ("crop_year", lot.crop_year.clone()),
        ("coffee_contract_symbol", lot.contract_symbol.clone()),
    ]));
    let purchase = optional(vec![
        ("purchase_date", Some(Moment::legal_day(lang, lot.purchase_date).text)),
        ("purchase_price", lot.purchase_price.map(birr)),
        ("purchase_total", lot.purchase_total.map(birr)),
    ]);
    vec![
        (lang.t("lots-group-weight"), weight),
        (lang.t("lots-group-source"), source),
        (lang.t("lots-group-coffee"), coffee),
        (lang.t("lots-group-purchase"), purchase),
    ]
}
