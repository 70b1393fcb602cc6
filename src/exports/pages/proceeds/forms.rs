//! The bank's forms on the page of a settlement: the next receipt, and the export closed short.

use chrono::NaiveDate;

use super::super::panel::{self, Typed};
use super::super::words;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::exports::catalog::Catalog;
use crate::exports::model::ApprovalKind;
use crate::exports::proceeds::{Account, Ledger};
use crate::exports::rules;
use crate::exports::service::proceeds::Statement;
use crate::i18n::Lang;
use crate::web::components::{Check, Choice, ErrorSummary, Field, FieldGroup, Form, Tone};
use crate::web::exchange::Exchange;
use crate::workflow::Decision;

/// What the form of a receipt asks.
pub(in crate::exports::pages) const RECEIPT_FIELDS: &[&str] =
    &["received_on", "bank_reference", "received_amount", "bank_charges", "etb_per_unit", "excess_reason"];

/// What the form of a short payment asks.
pub(in crate::exports::pages) const SHORTFALL_FIELDS: &[&str] = &["shortfall_reason", "evidence", "remark"];

/// The forms of the bank, each with its heading; and what stands against closing the export.
pub(super) fn offered(
    found: &Statement,
    actor: &Actor,
    exchange: &Exchange,
    catalog: &Catalog,
    typed: &Typed,
) -> (Vec<(String, Form)>, Vec<Check>) {
    let (export, context, lang) = (&found.export, &found.context, exchange.lang());
    let account = Account::of(export, context);
    let sent = |field: &str| typed.values.contains_key(field);
    let form = |path: &str, mut groups: Vec<FieldGroup>, submit: &str, is_sent: bool| {
        let mut whole = Vec::new();
        // The form in error keeps what was typed; the other one stands as it was.
        if is_sent {
            panel::fill(&mut groups, typed, lang);
            whole.clone_from(&typed.whole);
        }
        Form {
            action: format!("/exports/{}/{path}", export.id),
            token: exchange.form_token(Some(export.version)),
            summary: ErrorSummary::of(whole, groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t(submit),
            cancel: None,
            ..Form::default()
        }
    };
    let today = eat_date(exchange.now());
    let next =
        form("receipts", receipt_fields(found, &account, today, lang), "receipt-record", sent("received_amount"));
    let mut forms = vec![(lang.t("receipt-record-title"), next)];
    if account.is_paid() || context.first_approval.is_some() {
        return (forms, Vec::new());
    }
    let refusals = rules::against_deciding(export, ApprovalKind::Settlement, Decision::Approve, actor, context);
    if refusals.is_empty() {
        let ledger = context.ledger.clone().unwrap_or_default();
        let groups = short_fields(found, &account, &ledger, catalog, lang);
        let close = form("shortfall", groups, "settlement-close-short", sent("shortfall_reason"));
        forms.push((lang.t("settlement-close-short-title"), close));
    }
    let against = refusals.iter().map(|refusal| Check {
        tone: Tone::Warn,
        text: lang.fill("settlement-not-closed", [("reason", words::refusal(refusal, catalog, lang))]),
        href: None,
    });
    (forms, against.collect())
}

fn receipt_fields(found: &Statement, account: &Account, today: NaiveDate, lang: Lang) -> Vec<FieldGroup> {
    let export = &found.export;
    let label = |name: &str| lang.t(&format!("field-{name}"));
    let percent = found.context.retain_pct_on(today).normalize().to_string();
    vec![FieldGroup::plain(vec![
        Field::date("received_on", label("received-on"))
            .hint(lang.t("field-received-on-hint"))
            .value(today.to_string()),
        Field::text("bank_reference", label("bank-reference-advice")),
        Field::number("received_amount", label("received-amount"), &export.currency)
            .hint(lang.fill("field-received-amount-hint", [("percent", percent)]))
            .value(if account.outstanding().is_zero() { String::new() } else { account.outstanding().to_string() }),
        Field::number("bank_charges", label("bank-charges"), &export.currency).value("0.00").optional(),
        Field::number("etb_per_unit", lang.fill("field-etb-per-unit", [("currency", export.currency.clone())]), "ETB"),
        Field::textarea("excess_reason", label("excess-reason"))
            .hint(
                lang.fill(
                    "field-excess-reason-hint",
                    [("owed", words::money(&export.currency, account.outstanding()))],
                ),
            )
            .optional(),
    ])]
}

fn short_fields(
    found: &Statement,
    account: &Account,
    ledger: &Ledger,
    catalog: &Catalog,
    lang: Lang,
) -> Vec<FieldGroup> {
    let (export, context) = (&found.export, &found.context);
    let reasons = ledger.reasons.iter().map(|reason| Choice::new(&reason.code, reason.name.name(lang)));
    let reasons: Vec<Choice> = std::iter::once(Choice::new("", lang.t("field-choose"))).chain(reasons).collect();
    let evidence = ledger.evidence.iter().map(|one| {
        let kind = catalog.document(&one.document_type, lang);
        Choice::new(one.document.to_string(), format!("{kind} · {}", one.name))
    });
    let evidence: Vec<Choice> = std::iter::once(Choice::new("", lang.t("field-choose"))).chain(evidence).collect();
    let mut hint = lang.fill(
        "settlement-close-short-hint",
        [
            ("missing", words::money(&export.currency, account.outstanding())),
            ("percent", account.missing_percent().to_string()),
        ],
    );
    if rules::second_officer(export, ApprovalKind::Settlement, context).is_some() {
        hint = format!("{hint} {}", lang.t("settlement-second-officer"));
    }
    let mut group = FieldGroup::plain(vec![
        Field::select("shortfall_reason", lang.t("field-shortfall-reason"), reasons),
        Field::select("evidence", lang.t("field-evidence"), evidence).hint(lang.t("field-evidence-hint")),
        Field::textarea("remark", lang.t("field-shortfall-remark"))
            .hint(lang.t("field-shortfall-remark-hint"))
            .optional(),
    ]);
    group.hint = Some(hint);
    vec![group]
}
