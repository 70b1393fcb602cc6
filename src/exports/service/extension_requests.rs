//! What exporters ask of the National Bank: to put the due date of their proceeds off. It is granted by an
//! [extension](super::Extend), or refused here, with a reason. None of it moves the export.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Failure, Refusals, lock, moved, refuse_if_any, refuse_stale, stale};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::exports::FieldChange;
use crate::exports::model::Export;
use crate::exports::rules::{self, Context, Refusal};
use crate::exports::store::accounts::{self, PutOffLine, ShortLine};
use crate::exports::store::extensions;
use crate::exports::store::revise::{self, HistoryDetails, Revised};
use crate::ids::ExportId;
use crate::organizations::directory::{Directory, Names};
use crate::workflow::{Command, Effects, FieldReader, Message, Reason};

/// A request as the exporter's form sent it.
pub struct AskExtension<'a> {
    /// Of which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed: `asked_until` and `asking_reason`.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for AskExtension<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_asking_extension(&export, actor, &context))?;
        refuse_stale(&export, self.version, &context)?;
        let Some(due) = export.settlement_due_date else { return Err(Refusal::NotFound.into()) };
        let (earliest, latest) = rules::extension_range(due, eat_date(now));
        let mut fields = FieldReader::new(self.fields);
        let until = fields.date("asked_until", earliest, latest);
        let reason = reason_in(fields, "asking_reason")?;
        let change = FieldChange { label: "fact-asked-until".to_owned(), old: due.to_string(), new: until.to_string() };
        let details = HistoryDetails { changes: vec![change], ..HistoryDetails::default() };
        note(tx, (&export, &context), "ask-extension", &reason, &details, actor, now).await?;
        extensions::ask(tx, export.id, (until, reason.as_str()), actor, now).await?;
        let details = json!({ "due": due, "asked_until": until });
        let mut event = Event::business("EXTENSION_REQUESTED", "export", export.id.0, Severity::Medium, details);
        event.private = Some(json!({ "reason": reason.as_str() }));
        Ok(effects(&export, event, "flash-extension-asked"))
    }
}

/// A refusal as the National Bank's form sent it.
pub struct RefuseExtension<'a> {
    /// Of which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed: `refusal_reason`.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for RefuseExtension<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_refusing_extension(&export, actor, &context))?;
        refuse_stale(&export, self.version, &context)?;
        let reason = reason_in(FieldReader::new(self.fields), "refusal_reason")?;
        let details = HistoryDetails::default();
        note(tx, (&export, &context), "refuse-extension", &reason, &details, actor, now).await?;
        extensions::answer(tx, export.id, Some(reason.as_str()), actor, now).await?;
        let details = json!({
            "due": export.settlement_due_date,
            "asked_until": context.asked_extension.as_ref().map(|asked| asked.until),
        });
        let mut event = Event::business("EXTENSION_REJECTED", "export", export.id.0, Severity::High, details);
        event.private = Some(json!({ "reason": reason.as_str() }));
        Ok(effects(&export, event, "flash-extension-refused"))
    }
}

fn reason_in(mut fields: FieldReader<'_>, field: &str) -> Result<Reason, Failure> {
    match Reason::parse(fields.raw(field)) {
        Ok(reason) if fields.problems.is_empty() => Ok(reason),
        Ok(_) => Err(Refusal::Invalid(fields.problems).into()),
        Err(problem) => {
            fields.problems.add(field, problem);
            Err(Refusal::Invalid(fields.problems).into())
        }
    }
}

/// The version and the line of the history.
async fn note(
    tx: &mut Tx,
    (export, context): (&Export, &Context),
    action: &str,
    reason: &Reason,
    details: &HistoryDetails,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let (to, resume, reason) = (export.state, export.resume_stage, Some(reason.as_str()));
    let revised = Revised { to, resume, enters: None, action, reason, details };
    if revise::revise(tx, export, &revised, actor, now).await? { Ok(()) } else { Err(stale(export, context).into()) }
}

fn effects(export: &Export, event: Event, flash: &'static str) -> Effects {
    Effects {
        location: format!("/exports/{}", export.id),
        flash: Message::new(flash).with("number", export.number.clone()),
        event,
        outbox: Some(moved(export)),
    }
}

/// A list about proceeds.
#[derive(Debug)]
pub enum Accounts {
    /// What was closed short, the newest first.
    Short(Vec<ShortLine>),
    /// The extensions that run, the newest first.
    Running(Vec<PutOffLine>),
    /// The requests that wait, the oldest first.
    Waiting(Vec<PutOffLine>),
}

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountsPart {
    /// What was closed short.
    Short,
    /// The extensions that run.
    Running,
    /// The requests that wait.
    Waiting,
}

/// At most `limit` lines of a list after `after`, with the names of the banks in it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn accounts(
    db: &Db,
    directory: &Directory,
    actor: &Actor,
    part: AccountsPart,
    after: Option<(DateTime<Utc>, uuid::Uuid)>,
    limit: i64,
) -> sqlx::Result<(Accounts, Names)> {
    let mut tx = db.begin_as(actor).await?;
    let found = match part {
        AccountsPart::Short => Accounts::Short(accounts::list_short(&mut tx, actor, after, limit).await?),
        AccountsPart::Running => Accounts::Running(accounts::list_running(&mut tx, actor, after, limit).await?),
        AccountsPart::Waiting => Accounts::Waiting(accounts::list_waiting(&mut tx, actor, after, limit).await?),
    };
    let banks: Vec<uuid::Uuid> = match &found {
        Accounts::Short(lines) => lines.iter().map(|line| line.whose.bank.0).collect(),
        Accounts::Running(lines) | Accounts::Waiting(lines) => lines.iter().map(|line| line.whose.bank.0).collect(),
    };
    let names = directory.names(&mut tx, banks).await?;
    tx.commit().await?;
    Ok((found, names))
}
