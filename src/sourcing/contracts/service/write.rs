//! What an exporter writes: a new contract, one corrected after it came back, one amended while it runs. What is handed in
//! is the draft as it was shown on the page that checks it.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Figures, find, verdict};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::ids::ContractId;
use crate::numbering;
use crate::review::{Cause, Failure, Move, Refusal, Refusals, SubjectKind, against, record_move, take_draft};
use crate::sourcing::contracts::form::{self, Calendar};
use crate::sourcing::contracts::model::Terms;
use crate::sourcing::contracts::price::is_late;
use crate::sourcing::contracts::revisions;
use crate::sourcing::contracts::rules::{self, WORKFLOW, act_of};
use crate::sourcing::contracts::store::write::{self, NewContract, Version};
use crate::sourcing::contracts::store::{self, options};
use crate::workflow::{Command, CommandError, Effects, FieldProblems, Message, Problem, Reason};

/// What stands for a form's values: handed in is what was shown, and nothing else.
#[must_use]
pub(in crate::sourcing::contracts) fn fingerprint(values: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    for (name, value) in values {
        hash.update(name.len().to_be_bytes());
        hash.update(name);
        hash.update(value.len().to_be_bytes());
        hash.update(value);
    }
    hex::encode(hash.finalize())
}

fn refuse(refusals: Vec<Refusal>) -> Result<(), Failure> {
    if refusals.is_empty() { Ok(()) } else { Err(CommandError::Refused(Refusals(refusals))) }
}

/// A draft that somebody has changed since it was shown is not what was agreed to.
fn refuse_unseen(values: &BTreeMap<String, String>, seen: &str) -> Result<(), Failure> {
    if fingerprint(values) == seen {
        Ok(())
    } else {
        refuse(vec![Refusal::rule("contract-refusal-unseen", Vec::new())])
    }
}

/// Registers a contract.
pub(in crate::sourcing::contracts) struct Register<'a> {
    /// Its id, made before, so that a retry makes the same one.
    pub id: ContractId,
    /// The draft.
    pub values: &'a BTreeMap<String, String>,
    /// The fingerprint of what was shown.
    pub seen: &'a str,
}

#[async_trait]
impl Command for Register<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let applicant = store::find_applicant(tx, actor).await?.ok_or(Refusal::NotYours)?;
        refuse(rules::against_registering(&applicant))?;
        refuse_unseen(self.values, self.seen)?;
        let today = eat_date(now);
        let figures = Figures::on(tx, today).await?;
        let mut options = options::read(tx, today).await?;
        options.licensed.clone_from(&applicant.coffee_types);
        let deadline = figures.deadline(today, &applicant);
        let terms = form::parse(self.values, &options, Calendar { today, deadline }).map_err(Refusal::Invalid)?;
        let price_date = terms.deal_date.unwrap_or(today);
        let registered_late = is_late(price_date, now, figures.registration_hours);
        tx.enter_system().await?;
        let number = numbering::next(tx, "CONTRACT", "", "", now).await?.text;
        tx.leave_system().await?;
        let new = NewContract {
            id: self.id,
            number: &number,
            exporter: applicant.exporter_id,
            terms: &terms,
            registration_date: today,
            registered_late,
            shipment_deadline: deadline,
            price_date,
        };
        write::insert(tx, &new, actor, now).await?;
        take_draft(tx, actor, SubjectKind::Contract, None).await?;
        let act = act_of("register");
        let details = json!({ "late": registered_late, "quantity_kg": terms.quantity, "value": terms.contract_value });
        let moved = Move::first(&WORKFLOW, self.id.0, actor.organization.id, act, details);
        let cause = Cause::Person { actor, reason: None };
        record_move(tx, &moved, &cause, now).await?;
        Ok(Effects {
            // What is still missing is the papers.
            location: format!("/applications/contract/{}/papers", self.id),
            flash: Message::new("contract-flash-registered").with("number", number.clone()),
            event: moved.event(act, &number, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

/// Writes a contract anew: handed in again after it came back, or amended.
pub(in crate::sourcing::contracts) struct Rewrite<'a> {
    /// Which.
    pub id: ContractId,
    /// For which version the form was shown.
    pub version: i32,
    /// The draft.
    pub values: &'a BTreeMap<String, String>,
    /// The page's own fields: what was shown, why, and that one knows who has to agree again.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for Rewrite<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        store::lock(tx, actor, self.id).await?;
        let contract = find(tx, actor, self.id, now).await?.ok_or(Refusal::NotFound)?;
        let standing = &contract.standing;
        let is_back = matches!(standing.state.as_str(), "RETURNED" | "REJECTED");
        let known = act_of(if is_back { "resubmit" } else { "correct" });
        refuse(against(&WORKFLOW, standing, known, actor))?;
        if standing.version != self.version {
            return Err(Refusal::Stale { by: standing.changed_by.clone(), at: standing.changed_at }.into());
        }
        let typed = |field: &str| self.fields.get(field).map_or("", String::as_str);
        refuse_unseen(self.values, typed("seen"))?;
        let applicant = store::find_applicant(tx, actor).await?.ok_or(Refusal::NotYours)?;
        refuse(rules::against_registering(&applicant))?;
        let today = eat_date(now);
        let figures = Figures::on(tx, today).await?;
        let mut options = options::read(tx, today).await?;
        options.licensed.clone_from(&applicant.coffee_types);
        let deadline = contract.shipment_deadline.unwrap_or_else(|| figures.deadline(today, &applicant));
        let terms: Terms =
            form::parse(self.values, &options, Calendar { today, deadline }).map_err(Refusal::Invalid)?;

        let changes = revisions::differences(&contract.terms, &terms);
        let mut refusals = revisions::against_change(&contract, &terms, &changes);
        if is_back {
            // It came back with a question, whose answer may be a paper or a message: it may read as it did.
            refusals.retain(|refusal| refusal.text_id() != "contract-refusal-no-change");
        }
        let act = act_of(if is_back { "resubmit" } else { revisions::act_of(&changes) });
        let mut problems = FieldProblems::default();
        let reason = if is_back {
            None
        } else {
            Reason::parse(typed("reason")).map_err(|problem| problems.add("reason", problem)).ok()
        };
        if act.code == "amend" && standing.state == "APPROVED" && typed("agreed").is_empty() {
            problems.add("agreed", Problem::Missing);
        }
        if !problems.is_empty() {
            refusals.push(Refusal::Invalid(problems));
        }
        refuse(refusals)?;

        let is_priced_anew = !is_back && revisions::is_priced_anew(&changes);
        let amendment = contract.amendment + i32::from(act.code == "amend");
        let status = act.target(&standing.state);
        let version = Version {
            status,
            // An amended price is of the day of the amendment; a corrected deal is of its own day.
            price_date: if is_priced_anew {
                today
            } else {
                terms.deal_date.filter(|_| is_back).unwrap_or(contract.price_date)
            },
            amendment,
            is_agreed_again: status != "APPROVED",
        };
        tx.enter_system().await?;
        let is_written = write::rewrite(tx, &contract, &terms, &version, actor, now).await.map_err(balance_refusal)?;
        tx.leave_system().await?;
        if !is_written {
            return Err(Refusal::Stale { by: standing.changed_by.clone(), at: standing.changed_at }.into());
        }
        take_draft(tx, actor, SubjectKind::Contract, Some(self.id.0)).await?;
        let judged = verdict(tx, &terms, version.price_date).await?;
        let details = json!({ "changes": changes, "amendment": amendment, "price": judged.as_json() });
        let moved = Move::of(&WORKFLOW, standing, act, details);
        let cause = Cause::Person { actor, reason: reason.as_ref() };
        record_move(tx, &moved, &cause, now).await?;
        let flash = if act.code == "correct" { "contract-flash-corrected" } else { "contract-flash-rewritten" };
        Ok(Effects {
            location: format!("/contracts/{}", self.id),
            flash: Message::new(flash).with("number", standing.reference.clone()),
            event: moved.event(act, &standing.reference, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

/// What the database says of a quantity below what exports have taken meanwhile.
fn balance_refusal(error: sqlx::Error) -> Failure {
    match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
        Some("sales_contracts_balance") => {
            Refusal::rule("contract-refusal-reserved", vec![("kg", "–".to_owned())]).into()
        }
        _ => CommandError::Database(error),
    }
}
