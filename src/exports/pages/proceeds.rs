//! `/exports/{id}/settlement`: what is owed, each receipt with its split, what is missing, what the National Bank has put
//! off; and the bank's forms: the next receipt, a receipt taken back, the export closed short.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use rust_decimal::Decimal;

use super::act::{Sent, answer_of, send_or_ask_again, sort_out, version};
use super::case::export_id;
use super::panel::{self, Typed};
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::ReceiptLine;
use crate::exports::catalog::Catalog;
use crate::exports::model::{ApprovalKind, ExtensionAnswer, Proceeds};
use crate::exports::proceeds::{Account, Ledger};
use crate::exports::rules::{self, Refusal};
use crate::exports::service::proceeds::{RecordReceipt, Statement, TakeBack, statement};
use crate::exports::service::{Decide, Refusals};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{
    Check, Choice, EmptyState, ErrorSummary, Fact, Field, FieldGroup, Form, Moment, Tag, Tone,
};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::{Cell, FormPage, Section, TablePage};
use crate::workflow::{Command, Decision, FieldProblems, Reason};

type Fields = BTreeMap<String, String>;

/// `GET /exports/{id}/settlement`.
pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, export_id(&id)?, &Typed::default(), StatusCode::OK).await
}

/// `POST /exports/{id}/receipts`.
pub(super) async fn record(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = RecordReceipt { export, version: version(&submission)?, fields: &submission.fields };
    carry_out(&state, &exchange, &actor, export, &submission, &command).await
}

/// `POST /exports/{id}/shortfall`: the approval of the settlement, with what is missing.
pub(super) async fn close_short(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = Decide {
        export,
        kind: ApprovalKind::Settlement,
        decision: Decision::Approve,
        version: version(&submission)?,
        fields: &submission.fields,
        effects: &*state.effects,
    };
    carry_out(&state, &exchange, &actor, export, &submission, &command).await
}

async fn carry_out(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    export: ExportId,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = Refusals>,
) -> Result<Response, AppError> {
    match send_or_ask_again(state, exchange, actor, submission, command, address(export)).await? {
        Sent::Done(done) => Ok(done),
        Sent::Again(typed, _) => page(state, exchange, actor, export, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

fn address(export: ExportId) -> String {
    format!("/exports/{export}/settlement")
}

/// `GET /exports/{id}/receipts/{number}/reversal`.
pub(super) async fn ask_reversal(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, number)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let receipt = (export_id(&id)?, receipt_number(&number)?);
    reversal(&state, &exchange, &actor, receipt, &Typed::default(), StatusCode::OK).await
}

/// `POST /exports/{id}/receipts/{number}/reversal`.
pub(super) async fn reverse(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, number)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let (export, receipt) = (export_id(&id)?, receipt_number(&number)?);
    let sent = match Reason::parse(submission.fields.get("reason").map_or("", String::as_str)) {
        Ok(reason) => {
            let command = TakeBack { export, receipt, version: version(&submission)?, reason: &reason };
            send_or_ask_again(&state, &exchange, &actor, &submission, &command, address(export)).await?
        }
        Err(problem) => {
            let mut problems = FieldProblems::default();
            problems.add("reason", problem);
            sort_out(&state, &exchange, &submission, vec![Refusal::Invalid(problems)], address(export)).await?
        }
    };
    match sent {
        Sent::Done(done) => Ok(done),
        Sent::Again(typed, _) => {
            reversal(&state, &exchange, &actor, (export, receipt), &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

fn receipt_number(text: &str) -> Result<i32, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

async fn reversal(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (export, number): (ExportId, i32),
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let found = statement(&state.db, &state.directory, actor, export, exchange.now()).await?;
    let found = found.ok_or(AppError::NotFound)?;
    let refusals = rules::against_recording(&found.export, actor, &found.context);
    if !refusals.is_empty() {
        return Err(answer_of(state, exchange, &refusals, address(export)).await?);
    }
    let line = found.receipts.iter().find(|line| line.number == number && stands(line)).ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let hint = [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())];
    let reason = Field::textarea("reason", lang.t("decide-reason-label")).hint(lang.fill("cancel-reason-hint", hint));
    let mut groups = vec![FieldGroup::plain(vec![reason])];
    panel::fill(&mut groups, typed, lang);
    let address = format!("/exports/{export}");
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("receipt-take-back-title", [("receipt", number.to_string())])),
        lead: vec![lang.t("receipt-take-back-lead")],
        facts: vec![
            Fact::new(lang.t("papers-number"), found.export.number.clone()),
            Fact::new(lang.t("field-received-on"), day(line.received_on, lang)),
            Fact::new(lang.t("field-received-amount"), words::money(&found.export.currency, line.received)),
            Fact::new(lang.t("field-bank-reference-advice"), line.bank_reference.clone().unwrap_or_else(none)),
        ],
        form: Form {
            action: format!("{address}/receipts/{number}/reversal"),
            token: exchange.form_token(Some(found.export.version)),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("receipt-take-back"),
            cancel: Some(format!("{address}/settlement")),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

fn none() -> String {
    "–".to_owned()
}

fn day(date: NaiveDate, lang: Lang) -> String {
    Moment::legal_day(lang, date).text
}

const fn stands(line: &ReceiptLine) -> bool {
    line.reverses.is_none() && line.reversed_by.is_none()
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    export: ExportId,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let found = statement(&state.db, &state.directory, actor, export, exchange.now()).await?;
    let found = found.ok_or(AppError::NotFound)?;
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let lang = exchange.lang();
    let here = address(export);
    let title = lang.fill("settlement-title", [("number", found.export.number.clone())]);
    let may_record = rules::against_recording(&found.export, actor, &found.context).is_empty();
    let (forms, checks) = if may_record { forms(&found, actor, exchange, &catalog, typed) } else { Default::default() };
    let mut lead = vec![lang.t("settlement-lead")];
    if let Some(first) = &found.context.first_approval
        && may_record
    {
        let arguments = [("by", first.by_name.clone()), ("at", Moment::at(lang, first.at).text)];
        lead.push(lang.fill("settlement-waits-for-second", arguments));
    }
    let view = TablePage {
        actions: vec![(format!("/exports/{export}"), lang.t("settlement-to-case"))],
        lead,
        facts: facts(&found, exchange),
        checks,
        sections: vec![receipts(&found, may_record, lang), extensions(&found, lang), requests(&found, lang)],
        forms,
        ..TablePage::of(exchange.chrome(title).wide(), &here)
    };
    crate::web::answer(&view, status)
}

/// What is owed, what has come, what is missing, and what became of it.
fn facts(found: &Statement, exchange: &Exchange) -> Vec<Fact> {
    let (export, lang) = (&found.export, exchange.lang());
    let account = Account::of(export, &found.context);
    let money = |amount: Decimal| words::money(&export.currency, amount);
    let sum = |amount: fn(&ReceiptLine) -> Decimal| found.receipts.iter().map(amount).sum::<Decimal>();
    let label = |name: &str| lang.t(&format!("fact-{name}"));
    let mut facts = vec![
        Fact::new(label("owed"), money(account.due)),
        Fact::new(label("received"), money(account.received)),
        Fact::new(label("outstanding"), money(account.outstanding()))
            .note(lang.name_of("proceeds", export.proceeds.code())),
    ];
    if account.excess() > Decimal::ZERO {
        facts.push(Fact::new(label("excess"), money(account.excess())));
    }
    if let Some(due) = export.settlement_due_date {
        let left = words::due_tag(due, eat_date(exchange.now()), lang).text;
        let is_running = export.state.is_open() && export.proceeds == Proceeds::Outstanding;
        facts.push(Fact::new(label("settlement-due"), day(due, lang)).note(if is_running {
            left
        } else {
            String::new()
        }));
    }
    facts.extend([
        Fact::new(label("retained"), money(sum(|line| line.retained))),
        Fact::new(label("surrendered"), money(sum(|line| line.surrendered)))
            .note(words::money("ETB", sum(|line| line.etb_credited))),
        Fact::new(label("bank-charges"), money(sum(|line| line.bank_charges))),
    ]);
    if let Some(short) = &found.shortfall {
        let people = [short.first_officer, Some(short.closed_by)].into_iter().flatten();
        let people: Vec<&str> = people.filter_map(|id| found.names.of(id, lang)).collect();
        let why: Vec<&str> = [Some(short.reason.name(lang)), short.remark.as_deref()].into_iter().flatten().collect();
        facts.push(
            Fact::new(label("shortfall"), format!("{} ({} %)", money(short.missing), account.missing_percent()))
                .note(why.join(": ")),
        );
        facts.push(Fact::new(label("closed-short-by"), people.join(", ")).note(Moment::at(lang, short.closed_at).text));
        if let Some(document) = short.document {
            let open = lang.t("settlement-evidence-open");
            facts.push(Fact::new(label("evidence"), open).href(format!("/documents/{document}")));
        }
    }
    facts
}

fn receipts(found: &Statement, may_record: bool, lang: Lang) -> Section {
    let export = &found.export;
    let money = |amount: Decimal| words::money(&export.currency, amount);
    let head = |name: &str| lang.name_of("receipt-head", name);
    let rows = found.receipts.iter().map(|line| {
        let mut first = Cell::new(line.number.to_string());
        if let Some(reversed) = line.reverses {
            first = first.tag(Tag::new(lang.fill("receipt-reverses", [("receipt", reversed.to_string())]), Tone::Warn));
        } else if let Some(by) = line.reversed_by {
            first = first.tag(Tag::new(lang.fill("receipt-reversed", [("receipt", by.to_string())]), Tone::Bad));
        }
        let by = found.names.of(line.recorded_by, lang).unwrap_or_default();
        let mut cells = vec![
            first.note(line.note.clone().unwrap_or_default()),
            Cell::new(day(line.received_on, lang)),
            Cell::new(line.bank_reference.clone().unwrap_or_else(none)),
            Cell::new(money(line.received)),
            Cell::new(money(line.bank_charges)),
            Cell::new(money(line.retained)).note(format!("{} %", line.retain_pct.normalize())),
            Cell::new(money(line.surrendered)).note(line.etb_per_unit.normalize().to_string()),
            Cell::new(words::money("ETB", line.etb_credited)),
            Cell::new(by).note(Moment::at(lang, line.recorded_at).text),
        ];
        if may_record {
            cells.push(if stands(line) {
                Cell::new(lang.t("receipt-take-back"))
                    .href(format!("/exports/{}/receipts/{}/reversal", export.id, line.number))
            } else {
                Cell::default()
            });
        }
        cells
    });
    let mut columns: Vec<(String, bool)> = [
        ("number", false),
        ("day", false),
        ("reference", false),
        ("received", true),
        ("charges", true),
        ("retained", true),
        ("surrendered", true),
        ("credited", true),
        ("by", false),
    ]
    .map(|(name, is_figure)| (head(name), is_figure))
    .into();
    if may_record {
        columns.push((head("act"), false));
    }
    Section {
        id: "receipts",
        title: lang.t("settlement-receipts"),
        is_titled: true,
        head: columns,
        rows: rows.collect(),
        empty: EmptyState {
            title: lang.t("settlement-no-receipts"),
            text: lang.t("settlement-no-receipts-text"),
            action: None,
        },
        paging: None,
    }
}

fn extensions(found: &Statement, lang: Lang) -> Section {
    let rows = found.extensions.iter().map(|line| {
        let by = found.names.of(line.granted_by, lang).unwrap_or_default();
        vec![
            Cell::new(day(line.due_to, lang)),
            Cell::new(day(line.due_from, lang)),
            Cell::new(&line.reason),
            Cell::new(by).note(Moment::at(lang, line.granted_at).text),
        ]
    });
    Section {
        id: "extensions",
        title: lang.t("settlement-extensions"),
        is_titled: true,
        head: ["to", "from", "reason", "by"].map(|name| (lang.name_of("extension-head", name), false)).into(),
        rows: rows.collect(),
        empty: EmptyState {
            title: lang.t("settlement-no-extensions"),
            text: lang.t("settlement-no-extensions-text"),
            action: None,
        },
        paging: None,
    }
}

fn requests(found: &Statement, lang: Lang) -> Section {
    let rows = found.requests.iter().map(|line| {
        let by = found.names.of(line.asked_by, lang).unwrap_or_default();
        let answer = line.answer.map_or("WAITING", ExtensionAnswer::code);
        let tone = match line.answer {
            Some(ExtensionAnswer::Granted) => Tone::Good,
            Some(ExtensionAnswer::Refused) => Tone::Bad,
            None => Tone::Warn,
        };
        let answered_by = line.answered_by.and_then(|id| found.names.of(id, lang));
        let said: Vec<&str> = [answered_by, line.answer_reason.as_deref()].into_iter().flatten().collect();
        vec![
            Cell::new(day(line.asked_until, lang)),
            Cell::new(&line.reason),
            Cell::new(by).note(Moment::at(lang, line.asked_at).text),
            Cell::tagged(vec![Tag::new(lang.name_of("extension-answer", answer), tone)]).note(said.join(": ")),
        ]
    });
    Section {
        id: "requests",
        title: lang.t("settlement-requests"),
        is_titled: true,
        head: ["asked", "reason", "asked-by", "answer"]
            .map(|name| (lang.name_of("extension-head", name), false))
            .into(),
        rows: rows.collect(),
        empty: EmptyState {
            title: lang.t("settlement-no-requests"),
            text: lang.t("settlement-no-requests-text"),
            action: None,
        },
        paging: None,
    }
}

/// The forms of the bank, each with its heading; and what stands against closing the export.
fn forms(
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
