//! The National Bank puts the due date of the proceeds off: with a reason, to a day of its choice.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Failure, Refusals, lock, moved, refuse_if_any, refuse_stale, stale};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::exports::rules::{self, Refusal};
use crate::exports::store::revise::{self, FieldChange, HistoryDetails, Revised};
use crate::exports::store::{amend, extensions};
use crate::ids::ExportId;
use crate::workflow::{Command, Effects, FieldReader, Message, Reason};

/// An extension as the form sent it.
pub struct Extend<'a> {
    /// Of which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed: `new_due_date` and `extension_reason`.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for Extend<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_extending(&export, actor, &context))?;
        refuse_stale(&export, self.version, &context)?;
        let Some(due) = export.settlement_due_date else { return Err(Refusal::NotFound.into()) };
        let (earliest, latest) = rules::extension_range(due, eat_date(now));
        let mut fields = FieldReader::new(self.fields);
        let new_due = fields.date("new_due_date", earliest, latest);
        let reason = match Reason::parse(fields.raw("extension_reason")) {
            Ok(reason) if fields.problems.is_empty() => reason,
            Ok(_) => return Err(Refusal::Invalid(fields.problems).into()),
            Err(problem) => {
                fields.problems.add("extension_reason", problem);
                return Err(Refusal::Invalid(fields.problems).into());
            }
        };
        let change =
            FieldChange { label: "fact-settlement-due".to_owned(), old: due.to_string(), new: new_due.to_string() };
        let details = HistoryDetails { changes: vec![change], ..HistoryDetails::default() };
        let revised = Revised {
            to: export.state,
            resume: export.resume_stage,
            enters: None,
            action: "extend",
            reason: Some(reason.as_str()),
            details: &details,
        };
        if !revise::revise(tx, &export, &revised, actor, now).await? {
            return Err(stale(&export, &context).into());
        }
        amend::put_off(tx, export.id, (due, new_due), reason.as_str(), actor, now).await?;
        extensions::answer(tx, export.id, None, actor, now).await?;
        let mut event = Event::business(
            "SETTLEMENT_EXTENDED",
            "export",
            export.id.0,
            Severity::High,
            json!({ "old": due, "new": new_due }),
        );
        event.private = Some(json!({ "reason": reason.as_str() }));
        Ok(Effects {
            location: format!("/exports/{}", export.id),
            flash: Message::new("flash-extended")
                .with("number", export.number.clone())
                .with("date", new_due.to_string()),
            event,
            outbox: Some(moved(&export)),
        })
    }
}
