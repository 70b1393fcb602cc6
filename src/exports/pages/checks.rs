//! What the system has checked about a case, as its readers are told.

use super::{letter, words};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::eudr::origins::words as eudr;
use crate::exports::catalog::Catalog;
use crate::exports::model::{ApprovalKind, Stage};
use crate::exports::rules;
use crate::exports::service::read::Case;
use crate::exports::transitions;
use crate::i18n::Lang;
use crate::quantities::grouped;
use crate::web::components::{Check, Moment, Tone};
use crate::web::exchange::Exchange;

/// The checks that `actor` can be told of, red first.
pub(super) fn checks(case: &Case, actor: &Actor, catalog: &Catalog, lang: Lang, exchange: &Exchange) -> Vec<Check> {
    let (export, context, file) = (&case.export, &case.context, &case.file);
    let today = eat_date(exchange.now());
    let check = |tone: Tone, text: String| Check { tone, text, href: None };
    // What is finished is not held against the conditions of today.
    let is_open = export.state.is_open();
    let mut checks = Vec::new();
    if !context.missing_documents.is_empty() {
        let names: Vec<&str> = context.missing_documents.iter().map(|code| catalog.document(code, lang)).collect();
        checks.push(Check {
            tone: Tone::Bad,
            text: lang.fill("check-documents-missing", [("documents", lang.list(names))]),
            href: Some(format!("/exports/{}/documents", export.id)),
        });
    } else if is_open {
        checks.push(check(Tone::Good, lang.t("check-documents-there")));
    }
    if context.delinquent {
        checks.push(check(Tone::Bad, lang.t("check-delinquent")));
    }
    if is_open {
        checks.push(if context.qualified {
            check(Tone::Good, lang.t("check-qualified"))
        } else {
            check(Tone::Bad, lang.t("check-not-qualified"))
        });
    }
    if let Some(expiry) = file.license_expiry.filter(|_| is_open) {
        let left = (expiry - today).num_days();
        if left < 0 {
            checks.push(check(Tone::Bad, lang.t_args("check-licence-expired", &[("days", (-left).into())])));
        } else if left <= 90 {
            checks.push(check(Tone::Warn, lang.t_args("check-licence-ends", &[("days", left.into())])));
        }
    }
    match context.contract_status.as_str() {
        "APPROVED" | "" => {}
        _ if !is_open => {}
        "EXPIRED" => checks.push(check(Tone::Warn, lang.t("check-contract-expired"))),
        _ => checks.push(check(Tone::Bad, lang.t("check-contract-not-approved"))),
    }
    if context.contract_terms_differ && is_open {
        checks.push(check(Tone::Warn, lang.t("check-contract-amended")));
    }
    let price = (export.currency.as_str(), export.price_per_kg);
    let coffee = (export.coffee_type.as_str(), export.grade.as_str());
    if let Some(minimum) = catalog.minimum_prices.missed_by(price, coffee, eat_date(export.created_at)) {
        let minimum = words::price(&export.currency, minimum);
        let price = words::price(&export.currency, export.price_per_kg);
        checks.push(check(Tone::Warn, lang.fill("check-price-low", [("price", price), ("minimum", minimum)])));
    }
    for inspection in &context.inspections {
        let age = (today - inspection.inspected_on).num_days();
        let arguments = [
            ("certificate", inspection.certificate_number.clone().into()),
            ("grade", inspection.final_grade.clone().into()),
            ("days", age.into()),
        ];
        checks.push(if !inspection.passed {
            check(Tone::Bad, lang.t_args("check-inspection-failed", &arguments))
        } else if age > context.certificate_warning_days
            && !matches!(export.state.stage, Stage::Closed | Stage::Settlement)
        {
            check(Tone::Warn, lang.t_args("check-inspection-old", &arguments))
        } else {
            check(Tone::Good, lang.t_args("check-inspection-passed", &arguments))
        });
    }
    checks.extend(rebooked(case, lang));
    checks.extend(parted(case, lang));
    checks.extend(case.eudr.as_ref().map(|position| eudr::check(position, lang)));
    if rules::may_read_letter(export, actor) {
        let letter = context.letter.as_ref();
        let faults = rules::letter_faults(export, letter, today);
        checks.extend(letter::covers(export, letter, &faults, catalog, lang, today));
    }
    if let (Some(leaves), Some(permit)) = (export.departure_date, &context.permit)
        && transitions::is_booked(export.state)
        && permit.status == "ISSUED"
        && leaves > permit.valid_until
    {
        let day = Moment::legal_day(lang, permit.valid_until).text;
        checks.push(check(Tone::Warn, lang.fill("check-leaves-after-permit", [("day", day)])));
    }
    if let Some(left) = export.departure_date
        && transitions::is_booked(export.state)
        && left < today
    {
        let day = Moment::legal_day(lang, left).text;
        checks.push(check(Tone::Warn, lang.fill("check-departure-passed", [("day", day)])));
    }
    if let Some(due) = export.settlement_due_date
        && is_open
    {
        let tag = words::due_tag(due, today, lang);
        checks.push(check(
            if tag.tone == Tone::Neutral { Tone::Good } else { tag.tone },
            lang.fill("check-settlement", [("due", Moment::legal_day(lang, due).text), ("left", tag.text)]),
        ));
    }
    if let Some(asked) = context.asked_extension.as_ref().filter(|_| is_open) {
        let arguments = [
            ("until", Moment::legal_day(lang, asked.until).text),
            ("reason", asked.reason.clone()),
            ("at", Moment::at(lang, asked.at).text),
        ];
        checks.push(check(Tone::Warn, lang.fill("check-extension-asked", arguments)));
    }
    checks.sort_by_key(|check| match check.tone {
        Tone::Bad => 0,
        Tone::Warn => 1,
        Tone::Info | Tone::Neutral => 2,
        Tone::Good => 3,
    });
    checks
}

/// What the carrier has changed since customs cleared: whoever goes by the clearance has to know.
fn rebooked(case: &Case, lang: Lang) -> Option<Check> {
    if !case.export.state.is_open() {
        return None;
    }
    let since = case.file.history.iter().take_while(|line| line.action != "customs:approve");
    let cleared = case.context.prior.iter().any(|prior| prior.kind == ApprovalKind::Customs);
    let line = since.filter(|_| cleared).find(|line| matches!(line.action.as_str(), "roll-over" | "containers"))?;
    let changes: Vec<String> = line.details.changes.iter().map(|change| words::changed(change, lang)).collect();
    let arguments = [("changes", changes.join("; ")), ("at", Moment::at(lang, line.created_at).text)];
    Some(Check { tone: Tone::Warn, text: lang.fill("check-rebooked", arguments), href: None })
}

/// What a short loading means for each part: what holds of what was agreed to, and what is asked anew.
fn parted(case: &Case, lang: Lang) -> Vec<Check> {
    if !case.export.state.is_open() {
        return Vec::new();
    }
    let parts = case.file.parts.iter();
    parts
        .map(|part| {
            let text_id = if part.is_origin { "check-stayed-behind" } else { "check-parted" };
            let arguments = [("number", part.export_number.clone()), ("kg", grouped(part.quantity))];
            let href = Some(format!("/exports/{}", part.export_id));
            Check { tone: Tone::Info, text: lang.fill(text_id, arguments), href }
        })
        .collect()
}
