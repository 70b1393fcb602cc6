//! The decision panel: what each step's form asks, filled with what is known, and the exporter's own form.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use rust_decimal::Decimal;

use super::{ORIGIN_FIELDS, origin_fields, words};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::exports::catalog::Catalog;
use crate::exports::facts::{CONTAINER_TYPES, Facts};
use crate::exports::model::{ApprovalKind, Stage};
use crate::exports::proceeds::Account;
use crate::exports::rules::{self, Refusal, SecondOfficer};
use crate::exports::service::read::Case;
use crate::exports::transitions::{self, ExportStep};
use crate::i18n::Lang;
use crate::quantities::{Grade, Packaging};
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, FieldKind, Moment};
use crate::web::exchange::Exchange;
use crate::web::form_fields::FieldNames;
use crate::web::routes::DECISION_FIELD;
use crate::web::views::DecisionPanel;
use crate::workflow::{Decision, FieldProblems, Reason};

/// What the exporter's own form says by its button.
pub(super) const SUBMISSION_FIELDS: &[&str] = &[DECISION_FIELD];

/// Why an export is given up.
pub(super) const CANCEL_REASON: &str = "cancel_reason";

/// The names of what the form of a step asks; `None` where there is no such step.
pub(super) fn fields_of(kind: &str) -> Option<FieldNames> {
    let asked: &[&str] = match ApprovalKind::from_code(kind)? {
        ApprovalKind::BankCheck => &["bank_reference", "bank_permit_number", "bank_permit_date", "documents_agree"],
        ApprovalKind::Fx => &["etb_per_unit", "conditions"],
        ApprovalKind::Quality => &["quality_grade", "remarks"],
        ApprovalKind::Permit => &["valid_until", "conditions"],
        ApprovalKind::Shipment => &[
            "vessel_name",
            "voyage_number",
            "booking_number",
            "departure_date",
            "arrival_date",
            "container_number_*",
            "container_type_*",
        ],
        ApprovalKind::Customs => &["declaration_number", "clearance_date", "inspection"],
        ApprovalKind::Loading => &[
            "bill_of_lading_number",
            "on_board_date",
            "seal_number_*",
            "packages_*",
            "net_kg_*",
            "gross_kg_*",
            "short_reason",
            "on_board_kg_*",
        ],
        ApprovalKind::OriginSignature => &["place"],
        ApprovalKind::Origin => ORIGIN_FIELDS,
        ApprovalKind::Settlement => &[],
    };
    Some([&[DECISION_FIELD, "reason"], asked].concat().into())
}

/// What was typed and what was wrong with it, when a form is shown again.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub(super) values: BTreeMap<String, String>,
    pub(super) problems: FieldProblems,
    /// Refusals that are not about a field.
    pub(super) whole: Vec<String>,
}

/// The panel for the step that the case waits for, if it is the viewer's to decide or to submit.
pub(super) fn panel(
    case: &Case,
    actor: &Actor,
    exchange: &Exchange,
    catalog: &Catalog,
    typed: &Typed,
) -> Option<DecisionPanel> {
    if let Some(step) = transitions::open_step(case.export.state) {
        return rules::stands_at(&case.export, step, actor)
            .then(|| decision(step, case, actor, exchange, catalog, typed));
    }
    submission(case, actor, exchange, catalog, typed)
}

fn decision(
    step: &ExportStep,
    case: &Case,
    actor: &Actor,
    exchange: &Exchange,
    catalog: &Catalog,
    typed: &Typed,
) -> DecisionPanel {
    let (export, context, lang) = (&case.export, &case.context, exchange.lang());
    let mut refusals = rules::against_deciding(export, step.kind, Decision::Approve, actor, context);
    refusals.extend(rules::against_settling(export, step.kind, context, false));
    let may_turn_back = rules::against_deciding(export, step.kind, Decision::Return, actor, context).is_empty();
    let mut lead = vec![lang.t(&format!("lead-{}", step.kind.code()))];
    let mut groups = Vec::new();
    let mut recorded = Vec::new();
    match &context.first_approval {
        Some(first) => {
            lead.push(
                lang.fill("panel-confirm", [("by", first.by_name.clone()), ("at", Moment::at(lang, first.at).text)]),
            );
            let asked = fields(step.kind, case, catalog, lang, eat_date(exchange.now()));
            recorded = as_recorded(&asked, &first.facts, lang);
            recorded.extend(settled(&first.facts, case, catalog, lang));
        }
        None => {
            if step.kind == ApprovalKind::Settlement {
                recorded = account(&Account::of(export, context), case, lang);
            }
            lead.extend(rules::second_officer(export, step.kind, context).map(|why| match why {
                SecondOfficer::Value => lang.fill(
                    "panel-second-officer",
                    [("limit", words::money(&export.currency, context.second_officer_above))],
                ),
                SecondOfficer::Shortfall => lang.t("settlement-second-officer"),
            }));
            groups = fields(step.kind, case, catalog, lang, eat_date(exchange.now()));
            if let Some(former) = &case.file.former {
                recall(&mut groups, step.kind, former);
            }
            // Another form of the page in error leaves this one as it was.
            if typed.values.contains_key(DECISION_FIELD) {
                fill(&mut groups, typed, lang);
            }
        }
    }
    let reason = Field::textarea("reason", lang.t("decide-reason-label"))
        .hint(lang.t("decide-reason-hint"))
        .value(typed.values.get("reason").cloned().unwrap_or_default())
        .error(typed.problems.of("reason").map(|problem| words::problem(problem, lang)));
    let summary = ErrorSummary::of(
        typed.whole.clone(),
        groups.iter().flat_map(|group| &group.fields).chain(std::iter::once(&reason)),
    );
    DecisionPanel {
        title: lang.name_of("step", step.kind.code()),
        lead,
        action: format!("/exports/{}/approvals/{}", export.id, step.kind),
        token: exchange.form_token(Some(export.version)),
        summary,
        refusals: refusals.iter().map(|refusal| words::refusal(refusal, catalog, lang)).collect(),
        recorded,
        groups,
        reason: may_turn_back.then_some(reason),
        approve: Some(lang.t(&format!("approve-{}", step.kind.code()))),
        send_back: may_turn_back.then(|| lang.t("decide-send-back")),
        reject: may_turn_back.then(|| lang.t("decide-reject")),
    }
}

/// Puts what was recorded at this step before it was undone into the fields, where it is likely to be so still: the
/// bank's numbers, the booking, the declaration. What is of its day, and what has to be looked at anew, is not.
fn recall(groups: &mut [FieldGroup], kind: ApprovalKind, former: &serde_json::Value) {
    let names: &[&str] = match kind {
        ApprovalKind::BankCheck => &["bank_reference", "bank_permit_number", "bank_permit_date"],
        ApprovalKind::Shipment => &["vessel_name", "voyage_number", "booking_number", "departure_date", "arrival_date"],
        ApprovalKind::Customs => &["declaration_number"],
        ApprovalKind::Fx
        | ApprovalKind::Quality
        | ApprovalKind::Permit
        | ApprovalKind::Loading
        | ApprovalKind::OriginSignature
        | ApprovalKind::Origin
        | ApprovalKind::Settlement => &[],
    };
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        let said = match field.name.strip_prefix("container_number_").and_then(|row| row.parse::<usize>().ok()) {
            Some(row) => former["containers"].get(row.saturating_sub(1)).map(|container| &container["number"]),
            None if names.contains(&field.name.as_str()) => former.get(&field.name),
            None => None,
        };
        if let Some(said) = said.and_then(serde_json::Value::as_str) {
            said.clone_into(&mut field.value);
        }
    }
}

/// What is owed, what has come and what is missing.
fn account(account: &Account, case: &Case, lang: Lang) -> Vec<Fact> {
    let money = |amount: Decimal| words::money(&case.export.currency, amount);
    [("fact-owed", account.due), ("fact-received", account.received), ("fact-outstanding", account.outstanding())]
        .map(|(label, amount)| Fact::new(lang.t(label), money(amount)))
        .into()
}

/// The account by which the first officer settled, with the short payment that the second is to confirm.
fn settled(facts: &serde_json::Value, case: &Case, catalog: &Catalog, lang: Lang) -> Vec<Fact> {
    let Ok(Facts::Settlement { due, received, shortfall }) = serde_json::from_value(facts.clone()) else {
        return Vec::new();
    };
    let tolerance = case.context.proceeds_tolerance;
    let mut shown = account(&Account { due, received, tolerance }, case, lang);
    if let (Some(short), Some(ledger)) = (shortfall, &case.context.ledger) {
        let reason = ledger.reasons.iter().find(|reason| reason.code == short.shortfall_reason);
        let reason = reason.map_or(short.shortfall_reason.as_str(), |reason| reason.name.name(lang));
        shown.push(Fact::new(lang.t("field-shortfall-reason"), reason).note(short.remark.unwrap_or_default()));
        let file = ledger.evidence.iter().find(|one| one.document == short.document);
        let kind = file.map_or_else(String::new, |file| catalog.document(&file.document_type, lang).to_owned());
        shown.push(Fact::new(lang.t("field-evidence"), kind).href(format!("/documents/{}", short.document)));
    }
    shown
}

/// What the first officer answered to what the form asks, for the second to confirm.
fn as_recorded(asked: &[FieldGroup], facts: &serde_json::Value, lang: Lang) -> Vec<Fact> {
    let fields = asked.iter().flat_map(|group| &group.fields);
    fields
        .filter_map(|field| {
            let value = facts.get(&field.name)?.as_str()?;
            let shown = match &field.kind {
                FieldKind::Number { unit } => format!("{unit} {value}").trim_start().to_owned(),
                FieldKind::Date => Moment::legal_day(lang, value.parse().ok()?).text,
                FieldKind::Text { .. }
                | FieldKind::Password { .. }
                | FieldKind::Code { .. }
                | FieldKind::NewPasskey { .. }
                | FieldKind::TextArea { .. }
                | FieldKind::Select(_)
                | FieldKind::Radios(_)
                | FieldKind::Checkbox
                | FieldKind::File { .. } => value.to_owned(),
            };
            Some(Fact::new(field.label.clone(), shown))
        })
        .collect()
}

/// The exporter's panel: submit what is prepared, resubmit what came back.
fn submission(
    case: &Case,
    actor: &Actor,
    exchange: &Exchange,
    catalog: &Catalog,
    typed: &Typed,
) -> Option<DecisionPanel> {
    let (export, lang) = (&case.export, exchange.lang());
    let refusals = rules::against_submitting(export, actor, &case.context);
    if refusals.iter().any(|refusal| matches!(refusal, Refusal::NotYourStep | Refusal::WrongStage { .. })) {
        return None;
    }
    let again = export.state.stage == Stage::Returned;
    let mut lead = Vec::new();
    if again {
        lead.push(lang.t("panel-returned"));
        if let Some(line) =
            case.file.history.iter().find(|line| line.action.ends_with(":return") || line.action.ends_with(":reject"))
        {
            let arguments = [
                ("who", case.names.of(line.changed_by, lang).unwrap_or_default().to_owned()),
                ("office", case.names.of(line.organization_id, lang).unwrap_or(&line.organization).to_owned()),
                ("at", Moment::at(lang, line.created_at).text),
                ("reason", line.reason.clone().unwrap_or_default()),
            ];
            lead.push(lang.fill("panel-returned-because", arguments));
        }
        if rules::asks_for_new_permit(export, &case.context) {
            lead.push(lang.t("panel-new-permit"));
        }
    } else {
        lead.push(lang.t("panel-prepared"));
    }
    Some(DecisionPanel {
        title: lang.t(if again { "panel-resubmit-title" } else { "panel-submit-title" }),
        lead,
        action: format!("/exports/{}/submission", export.id),
        token: exchange.form_token(Some(export.version)),
        summary: ErrorSummary::of(typed.whole.clone(), []),
        refusals: refusals.iter().map(|refusal| words::refusal(refusal, catalog, lang)).collect(),
        recorded: Vec::new(),
        groups: Vec::new(),
        reason: None,
        approve: Some(lang.t(if again { "panel-resubmit" } else { "panel-submit" })),
        send_back: None,
        reject: None,
    })
}

/// The fields of a step's form, filled with what is known.
fn fields(kind: ApprovalKind, case: &Case, catalog: &Catalog, lang: Lang, today: NaiveDate) -> Vec<FieldGroup> {
    let (export, context, file) = (&case.export, &case.context, &case.file);
    let label = |name: &str| lang.t(&format!("field-{}", name.replace('_', "-")));
    let text = |name: &'static str| Field::text(name, label(name));
    let date = |name: &'static str| Field::date(name, label(name));
    let note = |name: &'static str| Field::textarea(name, label(name)).optional();
    let rate = |value: Option<Decimal>| {
        Field::number("etb_per_unit", lang.fill("field-etb-per-unit", [("currency", export.currency.clone())]), "ETB")
            .value(value.map(|value| value.to_string()).unwrap_or_default())
    };
    let choices = |family: &str, codes: &[&str]| -> Vec<Choice> {
        codes.iter().map(|code| Choice::new(*code, lang.name_of(family, code))).collect()
    };
    match kind {
        ApprovalKind::BankCheck => vec![FieldGroup::plain(vec![
            text("bank_reference").value(file.row.bank_reference.clone().unwrap_or_default()),
            text("bank_permit_number").value(file.row.bank_permit_number.clone().unwrap_or_default()),
            date("bank_permit_date")
                .hint(lang.fill("field-bank-permit-date-hint", [("days", context.settlement_days.to_string())]))
                .value(export.bank_permit_date.unwrap_or(today).to_string()),
            Field::checkbox("documents_agree", label("documents_agree")),
        ])],
        ApprovalKind::Fx => vec![FieldGroup::plain(vec![rate(None), note("conditions")])],
        ApprovalKind::Quality => {
            let worst = context.inspections.iter().filter_map(|i| i.final_grade.parse::<Grade>().ok()).max();
            // Inspections write the bare number, and so do the facts of this step.
            let code = |grade: Grade| grade.number().map_or_else(|| grade.to_string(), |number| number.to_string());
            let grades: Vec<Choice> = Grade::all()
                .map(|grade| Choice::new(code(grade), lang.fill("coffee-grade", [("grade", code(grade))])))
                .collect();
            vec![FieldGroup::plain(vec![
                Field::select("quality_grade", label("quality_grade"), grades)
                    .hint(lang.t("field-quality-grade-hint"))
                    .value(worst.map(code).unwrap_or_default()),
                note("remarks"),
            ])]
        }
        ApprovalKind::Permit => vec![FieldGroup::plain(vec![
            date("valid_until")
                .hint(lang.fill("field-valid-until-hint", [("days", context.permit_validity_days.to_string())]))
                .value((today + Duration::days(context.permit_validity_days)).to_string()),
            note("conditions"),
        ])],
        ApprovalKind::Shipment => shipment_fields(case, lang, &label),
        ApprovalKind::Customs => vec![FieldGroup::plain(vec![
            text("declaration_number").value(file.row.customs_declaration_number.clone().unwrap_or_default()),
            date("clearance_date").value(today.to_string()),
            Field::radios("inspection", label("inspection"), choices("inspection", &["DOCUMENTS", "PHYSICAL"]))
                .value("DOCUMENTS"),
        ])],
        ApprovalKind::Loading => {
            let mut groups = vec![FieldGroup::plain(vec![
                text("bill_of_lading_number"),
                date("on_board_date").value(today.to_string()),
            ])];
            let seal_of = |number: &String| {
                file.containers.iter().find(|one| one.container_number == *number)?.seal_number.clone()
            };
            for (position, container) in context.containers.iter().enumerate() {
                let row = position + 1;
                let only = context.containers.len() == 1;
                // Jute weighs the same share of what it holds in every size.
                let jute = Packaging::JUTE_60;
                let gross = export.quantity + Decimal::from(export.bags) * export.bag_kg * jute.tare() / jute.holds();
                groups.push(FieldGroup::titled(
                    lang.fill("field-container", [("number", container.clone())]),
                    vec![
                        Field::text(format!("seal_number_{row}"), label("seal_number"))
                            .value(seal_of(container).unwrap_or_default()),
                        Field::number(format!("packages_{row}"), label("packages"), "").value(if only {
                            export.bags.to_string()
                        } else {
                            String::new()
                        }),
                        Field::number(format!("net_kg_{row}"), label("net_kg"), "kg").value(if only {
                            export.quantity.normalize().to_string()
                        } else {
                            String::new()
                        }),
                        Field::number(format!("gross_kg_{row}"), label("gross_kg"), "kg").value(if only {
                            gross.round_dp(3).normalize().to_string()
                        } else {
                            String::new()
                        }),
                    ],
                ));
            }
            groups.push(short_shipment(case, lang));
            groups
        }
        ApprovalKind::OriginSignature => vec![FieldGroup::plain(vec![text("place").value("Djibouti")])],
        ApprovalKind::Origin => {
            let notify = file.row.notify_address.clone().or_else(|| export.buyer_address.clone());
            let yes = |on: bool| if on { "yes" } else { "" }.to_owned();
            let is_wet = export.processing_method == "WASHED";
            let known = BTreeMap::from([
                ("notify_address", notify.unwrap_or_else(|| export.buyer_name.clone())),
                ("ico_port_code", context.ico_port_code.clone().unwrap_or_default()),
                ("transshipment", catalog.country("DJ", Lang::EN).to_owned()),
                ("shipped_in_bags", yes(true)),
                ("shipped_in_containers", yes(!context.containers.is_empty())),
                ("green_processing", if is_wet { "WET" } else { "DRY" }.to_owned()),
                ("place", "Addis Ababa".to_owned()),
            ]);
            origin_fields(&known, lang)
        }
        // The account says it all; a short payment is closed on its page.
        ApprovalKind::Settlement => Vec::new(),
    }
}

/// What is asked where less than the whole is on board: why, and, where no container says it, how much of each lot.
fn short_shipment(case: &Case, lang: Lang) -> FieldGroup {
    let lots = &case.context.lots;
    let mut fields = vec![
        Field::textarea("short_reason", lang.t("field-short-reason"))
            .hint(lang.t("field-short-reason-hint"))
            .optional(),
    ];
    if case.context.containers.is_empty() || lots.len() > 1 {
        fields.extend(lots.iter().enumerate().map(|(position, share)| {
            let label = lang.fill("field-on-board-kg", [("lot", share.number.clone())]);
            Field::number(format!("on_board_kg_{}", position + 1), label, "kg").optional()
        }));
    }
    FieldGroup::titled(lang.t("group-short"), fields).folded()
}

fn shipment_fields(case: &Case, lang: Lang, label: &dyn Fn(&str) -> String) -> Vec<FieldGroup> {
    let export = &case.export;
    let mut groups = vec![FieldGroup::plain(vec![
        Field::text("vessel_name", label("vessel_name")).value(export.vessel_name.clone().unwrap_or_default()),
        Field::text("voyage_number", label("voyage_number")).value(export.voyage_number.clone().unwrap_or_default()),
        Field::text("booking_number", label("booking_number"))
            .value(case.file.row.booking_number.clone().unwrap_or_default()),
        Field::date("departure_date", label("departure_date")),
        Field::date("arrival_date", label("arrival_date")),
    ])];
    if export.transport_mode == "AIR" {
        return groups;
    }
    // One row for each container that the weight fills at 19.2 t, and one to spare.
    let rows = (export.quantity / Decimal::from(19_200)).ceil();
    let rows = usize::try_from(rows).unwrap_or(1).clamp(1, crate::exports::facts::MOST_CONTAINERS - 1) + 1;
    let types: Vec<Choice> = CONTAINER_TYPES.iter().map(|code| Choice::new(*code, *code)).collect();
    let fields = (1..=rows)
        .flat_map(|row| {
            let number = Field::text(
                format!("container_number_{row}"),
                lang.fill("field-container-number", [("row", row.to_string())]),
            )
            .width(20);
            let number = if row == 1 { number.hint(lang.t("field-container-number-hint")) } else { number.optional() };
            let kind = Field::select(format!("container_type_{row}"), label("container_type"), types.clone());
            [number, kind.value("20DRY")]
        })
        .collect();
    groups.push(FieldGroup::titled(lang.t("field-containers"), fields));
    groups
}

/// Puts what was typed, and what was wrong with it, into the fields.
pub(super) fn fill(groups: &mut [FieldGroup], typed: &Typed, lang: Lang) {
    if typed.values.is_empty() {
        return;
    }
    for group in groups {
        for field in &mut group.fields {
            // A box that is not ticked is not sent at all.
            field.value = typed.values.get(&field.name).cloned().unwrap_or_default();
            field.error = typed.problems.of(&field.name).map(|problem| words::problem(problem, lang));
        }
        if group.folded {
            *group = std::mem::take(group).folded();
        }
    }
}

/// The form that gives an export up.
pub(super) fn cancellation(
    case: &Case,
    actor: &Actor,
    exchange: &Exchange,
    typed: &Typed,
) -> Option<crate::web::components::Form> {
    if !rules::against_cancelling(&case.export, actor).is_empty() {
        return None;
    }
    let lang = exchange.lang();
    let field = Field::textarea(CANCEL_REASON, lang.t("decide-reason-label"))
        .hint(lang.fill(
            "cancel-reason-hint",
            [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())],
        ))
        .value(typed.values.get(CANCEL_REASON).cloned().unwrap_or_default())
        .error(typed.problems.of(CANCEL_REASON).map(|problem| words::problem(problem, lang)));
    Some(crate::web::components::Form {
        action: format!("/exports/{}/cancellation", case.export.id),
        token: exchange.form_token(Some(case.export.version)),
        summary: ErrorSummary::of(Vec::new(), [&field]),
        groups: vec![FieldGroup::plain(vec![field])],
        submit: lang.t("case-cancel-submit"),
        cancel: None,
        ..crate::web::components::Form::default()
    })
}
