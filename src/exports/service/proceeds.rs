//! What the bank records of the proceeds: a receipt, and the entry that takes one back. Neither moves the export; both
//! change what is outstanding, so a first officer's approval of the settlement no longer holds.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::json;

use super::{Failure, Refusals, lock, moved, refuse_if_any, refuse_stale, stale};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::exports::model::{ApprovalKind, Export};
use crate::exports::proceeds::{Account, Receipt};
use crate::exports::rules::{self, Context, Refusal};
use crate::exports::store;
use crate::exports::store::extensions::{self, ExtensionLine, RequestLine};
use crate::exports::store::revise::{self, HistoryDetails, Revised};
use crate::exports::store::settlement::{self, ReceiptLine, ShortfallLine};
use crate::exports::transitions::{RECEIVE, TAKE_BACK};
use crate::ids::{ExportId, UserId};
use crate::organizations::directory::{Directory, Names};
use crate::workflow::{Command, Effects, FieldReader, Message, Reason};

/// A receipt as the form sent it.
pub struct RecordReceipt<'a> {
    /// Of which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed: those of [`Receipt::read`].
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for RecordReceipt<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_recording(&export, actor, &context))?;
        refuse_stale(&export, self.version, &context)?;
        let ledger = context.ledger.clone().unwrap_or_default();
        let mut f = FieldReader::new(self.fields);
        let receipt = Receipt::read(&mut f, &export, &context, &ledger.references, eat_date(now));
        let receipt = f.finish(receipt).map_err(Refusal::Invalid)?;
        let number = ledger.entries + 1;
        enter(tx, (&export, &context), RECEIVE, receipt.split.received, actor, now).await?;
        settlement::insert_receipt(tx, &export, (number, &receipt), actor, now).await?;
        let details = json!({
            "receipt": number, "reference": receipt.bank_reference, "received_on": receipt.received_on,
            "currency": export.currency, "amount": receipt.split.received,
        });
        let event = Event::business("PROCEEDS_RECEIVED", "export", export.id.0, Severity::High, details);
        Ok(effects(&export, event, "flash-receipt-recorded", number))
    }
}

/// The reversal of a receipt.
pub struct TakeBack<'a> {
    /// Of which export.
    pub export: ExportId,
    /// Which receipt.
    pub receipt: i32,
    /// For which version the form was shown.
    pub version: i32,
    /// Why.
    pub reason: &'a Reason,
}

#[async_trait]
impl Command for TakeBack<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_recording(&export, actor, &context))?;
        refuse_stale(&export, self.version, &context)?;
        let number = context.ledger.as_ref().map_or(0, |ledger| ledger.entries) + 1;
        let entry = (number, self.receipt);
        let taken = settlement::insert_reversal(tx, &export, entry, self.reason.as_str(), actor, now).await?;
        let Some(amount) = taken else { return Err(Refusal::NotFound.into()) };
        enter(tx, (&export, &context), TAKE_BACK, amount, actor, now).await?;
        let details = json!({
            "receipt": self.receipt, "entry": number, "currency": export.currency, "amount": amount,
        });
        let mut event = Event::business("RECEIPT_TAKEN_BACK", "export", export.id.0, Severity::High, details);
        event.private = Some(json!({ "reason": self.reason.as_str() }));
        Ok(effects(&export, event, "flash-receipt-taken-back", self.receipt))
    }
}

/// The version and the line of the history of an entry of `amount`, and what has become of the proceeds by it. The line
/// says nothing of money: the carrier reads it too.
async fn enter(
    tx: &mut Tx,
    (export, context): (&Export, &Context),
    action: &str,
    amount: Decimal,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let details = HistoryDetails::default();
    let revised = Revised {
        to: export.state,
        resume: export.resume_stage,
        enters: None,
        action,
        reason: None,
        details: &details,
    };
    if !revise::revise(tx, export, &revised, actor, now).await? {
        return Err(stale(export, context).into());
    }
    if context.first_approval.is_some() {
        tx.enter_system().await?;
        revise::supersede(tx, export.id, &[ApprovalKind::Settlement], now).await?;
        tx.leave_system().await?;
    }
    settlement::note_state(tx, export.id, Account::of(export, context).with(amount).state()).await?;
    Ok(())
}

fn effects(export: &Export, event: Event, flash: &'static str, receipt: i32) -> Effects {
    Effects {
        location: format!("/exports/{}/settlement", export.id),
        flash: Message::new(flash).with("number", export.number.clone()).with("receipt", receipt.to_string()),
        event,
        outbox: Some(moved(export)),
    }
}

/// The account of an export as its page shows it.
#[derive(Debug)]
pub struct Statement {
    /// The export.
    pub export: Export,
    /// What the rules need.
    pub context: Context,
    /// Its receipts and reversals, in the order of their numbers.
    pub receipts: Vec<ReceiptLine>,
    /// What was missing when it was closed.
    pub shortfall: Option<ShortfallLine>,
    /// What the National Bank has put off, the first extension first.
    pub extensions: Vec<ExtensionLine>,
    /// What was asked of it, the first request first.
    pub requests: Vec<RequestLine>,
    /// The names of those who are met in it.
    pub names: Names,
}

/// The account of an export; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn statement(
    db: &Db,
    directory: &Directory,
    actor: &Actor,
    id: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Statement>> {
    let mut tx = db.begin_as(actor).await?;
    let found = store::find_visible(&mut tx, actor, id).await?;
    let Some(export) = found.filter(|export| rules::may_see_proceeds(export, actor)) else {
        tx.rollback().await?;
        return Ok(None);
    };
    let context = store::read_context(&mut tx, &export, eat_date(now)).await?;
    let receipts = settlement::list_receipts(&mut tx, id).await?;
    let shortfall = settlement::find_shortfall(&mut tx, id).await?;
    let extensions = extensions::list(&mut tx, id).await?;
    let requests = extensions::list_requests(&mut tx, id).await?;
    let mut people: Vec<UserId> = receipts.iter().map(|line| line.recorded_by).collect();
    people.extend(extensions.iter().map(|line| line.granted_by));
    people.extend(requests.iter().flat_map(|line| [Some(line.asked_by), line.answered_by]).flatten());
    if let Some(line) = &shortfall {
        people.extend(line.first_officer.into_iter().chain([line.closed_by]));
    }
    let names = directory.names(&mut tx, people.iter().map(|id| id.0)).await?;
    tx.commit().await?;
    Ok(Some(Statement { export, context, receipts, shortfall, extensions, requests, names }))
}
