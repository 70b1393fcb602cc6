//! `/exports/{id}/settlement`: what is owed, each receipt with its split, what is missing, what the National Bank has put
//! off; and the bank's forms: the next receipt, a receipt taken back, the export closed short.

mod forms;
mod reversal;
mod tables;

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use rust_decimal::Decimal;

use super::act::{Sent, send_or_ask_again, version};
use super::case::export_id;
use super::panel::Typed;
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::ReceiptLine;
use crate::exports::model::{ApprovalKind, Proceeds};
use crate::exports::proceeds::Account;
use crate::exports::rules;
use crate::exports::service::proceeds::{RecordReceipt, Statement, statement};
use crate::exports::service::{Decide, Refusals};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{Fact, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::TablePage;
use crate::workflow::{Command, Decision};

pub(super) use forms::{RECEIPT_FIELDS, SHORTFALL_FIELDS};
pub(super) use reversal::{REASON as REVERSAL_REASON, ask as ask_reversal, reverse};

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
    let (forms, checks) =
        if may_record { forms::offered(&found, actor, exchange, &catalog, typed) } else { Default::default() };
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
        sections: vec![
            tables::receipts(&found, may_record, lang),
            tables::extensions(&found, lang),
            tables::requests(&found, lang),
        ],
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
