//! A decision at a step: approve, reject, send back.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::part::part;
use super::{Failure, Refusals, StepEffects, lock, move_details, moved, refuse_if_any, refuse_stale, stale};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::exports::facts::{BookedContainer, Facts};
use crate::exports::model::{ApprovalKind, Export, Proceeds, State};
use crate::exports::proceeds::Account;
use crate::exports::rules::{self, Context, Refusal};
use crate::exports::store::containers::Booked;
use crate::exports::store::{self, ApprovalRow, Changes, Move};
use crate::exports::transitions;
use crate::ids::ExportId;
use crate::numbering;
use crate::workflow::{Command, CommandError, Decision, Effects, FieldProblems, Message, Reason};

/// A decision as the form sent it.
pub struct Decide<'a> {
    /// On which export.
    pub export: ExportId,
    /// At which step.
    pub kind: ApprovalKind,
    /// The answer.
    pub decision: Decision,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed: the facts of the step, and `reason`.
    pub fields: &'a BTreeMap<String, String>,
    /// What other areas do when it is approved.
    pub effects: &'a dyn StepEffects,
}

#[async_trait]
impl Command for Decide<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        let refusals = rules::against_deciding(&export, self.kind, self.decision, actor, &context);
        if let Some(Refusal::NotYourStep | Refusal::WrongStage { .. }) = refusals.first() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        refuse_stale(&export, self.version, &context)?;
        refuse_if_any(refusals)?;
        match self.decision {
            Decision::Approve => self.approve(tx, &export, &context, actor, now).await,
            Decision::Reject | Decision::Return => self.turn_back(tx, &export, &context, actor, now).await,
        }
    }
}

impl Decide<'_> {
    async fn approve(
        &self,
        tx: &mut Tx,
        export: &Export,
        context: &Context,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Effects, Failure> {
        let step = transitions::step_of(self.kind);
        let short = self.fields.contains_key("shortfall_reason");
        refuse_if_any(rules::against_settling(export, self.kind, context, short).into_iter().collect())?;
        // The second officer confirms what the first recorded; the facts are not typed again.
        let facts = match &context.first_approval {
            Some(first) => serde_json::from_value(first.facts.clone()).map_err(|e| sqlx::Error::Decode(e.into()))?,
            None => Facts::parse(self.kind, self.fields, export, context, eat_date(now)).map_err(Refusal::Invalid)?,
        };
        if let Facts::Quality { quality_grade, .. } = &facts
            && let Some(problems) = rules::grade_agrees(quality_grade, context)
        {
            return Err(Refusal::Invalid(problems).into());
        }
        let first_of_two = rules::is_first_of_two(export, self.kind, context);
        let mut data = serde_json::to_value(&facts).map_err(|e| sqlx::Error::Encode(e.into()))?;
        let (to, action, changes) = if first_of_two {
            (step.from, format!("{}:first-approve", self.kind), Changes::default())
        } else {
            let changes = self.carry_out(tx, export, &facts, context, actor, now, &mut data).await?;
            let held: Vec<ApprovalKind> = context.prior.iter().map(|prior| prior.kind).collect();
            (transitions::onward(self.kind, &held), format!("{}:approve", self.kind), changes)
        };
        let first = match &context.first_approval {
            Some(first) => Some((first.by, first.at)),
            None if first_of_two => Some((actor.user_id, now)),
            None => None,
        };
        let row = ApprovalRow {
            kind: self.kind,
            status: if first_of_two { "PENDING" } else { "APPROVED" },
            first,
            reason: None,
            data,
        };
        store::insert_approval(tx, export, &row, actor, now).await?;
        let (event, _) = self.kind.event_types();
        let flash = match (first_of_two, &changes.on_board) {
            (true, _) => "flash-first-approved",
            (false, None) => "flash-approved",
            (false, Some(_)) => "flash-loaded-short",
        };
        self.finish(tx, export, context, to, action, None, changes, (event, flash), actor, now).await
    }

    async fn turn_back(
        &self,
        tx: &mut Tx,
        export: &Export,
        context: &Context,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Effects, Failure> {
        let step = transitions::step_of(self.kind);
        let typed = self.fields.get("reason").map_or("", String::as_str);
        let reason = Reason::parse(typed).map_err(|problem| {
            let mut problems = FieldProblems::default();
            problems.add("reason", problem);
            Refusal::Invalid(problems)
        })?;
        let rejected = self.decision == Decision::Reject;
        let mut changes = Changes::default();
        if rejected {
            match self.kind {
                ApprovalKind::Fx => changes.fx_rejection_reason = Some(reason.as_str().to_owned()),
                ApprovalKind::Quality => changes.quality_rejection_reason = Some(reason.as_str().to_owned()),
                ApprovalKind::BankCheck
                | ApprovalKind::Permit
                | ApprovalKind::Shipment
                | ApprovalKind::Customs
                | ApprovalKind::Loading
                | ApprovalKind::OriginSignature
                | ApprovalKind::Origin
                | ApprovalKind::Settlement => {}
            }
        }
        let row = ApprovalRow {
            kind: self.kind,
            status: if rejected { "REJECTED" } else { "RETURNED" },
            first: context.first_approval.as_ref().map(|first| (first.by, first.at)),
            reason: Some(reason.as_str()),
            data: json!({}),
        };
        store::insert_approval(tx, export, &row, actor, now).await?;
        let (_, event) = self.kind.event_types();
        let flash = if rejected { "flash-rejected" } else { "flash-sent-back" };
        let action = format!("{}:{}", self.kind, self.decision);
        let to = step.target(self.decision);
        self.finish(tx, export, context, to, action, Some(&reason), changes, (event, flash), actor, now).await
    }

    /// Numbers, rows and balances that belong to an approval, in the fixed order of locks.
    #[allow(clippy::too_many_arguments, reason = "one call, of what one approval is made of")]
    async fn carry_out(
        &self,
        tx: &mut Tx,
        export: &Export,
        facts: &Facts,
        context: &Context,
        actor: &Actor,
        now: DateTime<Utc>,
        data: &mut Value,
    ) -> Result<Changes, Failure> {
        let mut changes = Changes::default();
        match facts {
            Facts::BankCheck { bank_reference, bank_permit_number, bank_permit_date } => {
                changes.bank_reference = Some(bank_reference.clone());
                changes.bank_permit_number = Some(bank_permit_number.clone());
                changes.bank_permit_date = Some(*bank_permit_date);
                changes.settlement_due_date =
                    Some(rules::due_date(*bank_permit_date, context.settlement_days, context.extended_to));
            }
            Facts::Fx { .. } => {
                let number = take_number(tx, "FX_APPROVAL", now).await?;
                // What the approval is given for, as it stood then.
                data["fx_reference"] = json!(number);
                data["amount"] = json!(export.estimated_value);
                data["currency"] = json!(export.currency);
                data["payment_method"] = json!(export.payment_method);
                changes.fx_approved = true;
                changes.fx_reference = Some(number);
            }
            Facts::Quality { quality_grade, .. } => changes.quality_grade = Some(quality_grade.clone()),
            Facts::Shipment {
                vessel_name,
                voyage_number,
                booking_number,
                departure_date,
                arrival_date,
                containers,
            } => {
                let booked: Vec<Booked> = containers.iter().map(booked).collect();
                store::containers::book(tx, export.id, &booked).await?;
                changes.vessel_name = Some(vessel_name.clone());
                changes.voyage_number = Some(voyage_number.clone());
                changes.booking_number = Some(booking_number.clone());
                changes.departure_date = Some(*departure_date);
                changes.arrival_date = Some(*arrival_date);
            }
            Facts::Customs { declaration_number, clearance_date, .. } => {
                let number = take_number(tx, "CUSTOMS_CLEARANCE", now).await?;
                data["customs_clearance_number"] = json!(number);
                changes.customs_declaration_number = Some(declaration_number.clone());
                changes.customs_clearance_number = Some(number);
                changes.customs_clearance_date = Some(*clearance_date);
            }
            Facts::Loading { bill_of_lading_number, on_board_date, containers, short } => {
                if let Some(short) = short {
                    part(tx, export, context, short, containers, &mut changes, data, actor, now).await?;
                }
                store::containers::load(tx, export.id, containers).await?;
                tx.enter_system().await?;
                store::balances::mark_shipped(tx, export.id, eat_date(now), now).await?;
                tx.leave_system().await?;
                changes.bill_of_lading_number = Some(bill_of_lading_number.clone());
                changes.on_board_date = Some(*on_board_date);
            }
            Facts::Settlement { shortfall, .. } => {
                if let Some(shortfall) = shortfall {
                    let (account, first) = (Account::of(export, context), context.first_approval.as_ref());
                    let what = (&account, shortfall);
                    store::settlement::insert_shortfall(tx, export, what, first.map(|first| first.by), actor, now)
                        .await?;
                }
                changes.completed = true;
                changes.proceeds = Some(if shortfall.is_some() { Proceeds::Short } else { Proceeds::Received });
            }
            Facts::Permit { .. } | Facts::OriginSignature { .. } | Facts::Origin { .. } => {}
        }
        let record = self.effects.approved(tx, export, facts, actor, now).await?;
        if let Value::Object(object) = data {
            object.extend(record.data);
        }
        Ok(changes)
    }

    #[allow(clippy::too_many_arguments, reason = "one call, of what one move is made of")]
    async fn finish(
        &self,
        tx: &mut Tx,
        export: &Export,
        context: &Context,
        to: State,
        action: String,
        reason: Option<&Reason>,
        changes: Changes,
        (event, flash): (&'static str, &'static str),
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Effects, Failure> {
        let step = transitions::step_of(self.kind);
        let short = changes.on_board.as_ref().map(|on_board| {
            let rest = json!({ "export_id": on_board.remainder_id, "number": on_board.remainder });
            (rest, on_board.reason.clone())
        });
        let why = reason.map(Reason::as_str).or(short.as_ref().map(|(_, reason)| reason.as_str()));
        let moved_to = Move {
            to,
            resume: (reason.is_some()).then_some(step.from.stage),
            queue: transitions::queue_of(to),
            action,
            reason: why,
            changes,
        };
        if !store::move_state(tx, export, &moved_to, actor, now).await? {
            return Err(stale(export, context).into());
        }
        let mut details = move_details(export, to, reason.map(|_| moved_to.action.as_str()));
        if let Some((remainder, _)) = &short {
            // It begins here, and has no other event that says its number.
            details["remainder"] = remainder.clone();
            details["changes"] = json!(moved_to.changes.details.changes);
        }
        let mut event = Event::business(event, "export", export.id.0, Severity::High, details);
        event.private = why.map(|reason| json!({ "reason": reason }));
        Ok(Effects {
            location: format!("/exports/{}", export.id),
            flash: Message::new(flash).with("number", export.number.clone()).with("step", self.kind.code()),
            event,
            outbox: Some(moved(export)),
        })
    }
}

fn booked(container: &BookedContainer) -> Booked {
    Booked {
        container_number: container.number.as_str().to_owned(),
        container_type: container.container_type.clone(),
        seal_number: None,
    }
}

async fn take_number(tx: &mut Tx, series: &str, now: DateTime<Utc>) -> sqlx::Result<String> {
    tx.enter_system().await?;
    let number = numbering::next(tx, series, "", "", now).await?;
    tx.leave_system().await?;
    Ok(number.text)
}
