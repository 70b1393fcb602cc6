//! Registering a lot: from the draft that was checked, once.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::number_refusal;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::ids::LotId;
use crate::numbering;
use crate::review::{Cause, Draft, Failure, Move, Refusal, Refusals, SubjectKind, record_move, take_draft};
use crate::sourcing::lots::form::LotForm;
use crate::sourcing::lots::store::{self, NewLot};
use crate::sourcing::lots::transitions::{REGISTER, workflow_of};
use crate::workflow::{Command, Effects, Message};

/// The series of lots that have no number of the exchange.
pub(super) const INTERNAL: &str = "LOT_INTERNAL";

/// A new lot.
pub struct Register {
    /// Its id, made before, so that a retry makes the same one.
    pub id: LotId,
    /// What was typed and checked; none when it was handed in already.
    pub draft: Option<Draft>,
}

#[async_trait]
impl Command for Register {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !actor.may(Permission::RegisterLots) {
            return Err(Refusal::NotYours.into());
        }
        let draft = self.draft.as_ref().ok_or(Refusal::rule("lots-refusal-no-draft", Vec::new()))?;
        let exporter =
            store::find_profile(tx, actor).await?.ok_or(Refusal::rule("lots-refusal-no-profile", Vec::new()))?;
        let lists = store::read_lists(tx, eat_date(now)).await?;
        let form = LotForm::parse(&draft.values(), &lists, eat_date(now))?;
        let number = match &form.number {
            Some(number) => number.clone(),
            None => {
                tx.enter_system().await?;
                let number = numbering::next(tx, INTERNAL, "", "", now).await?.text;
                tx.leave_system().await?;
                number
            }
        };
        let new = NewLot { id: self.id, number: &number, exporter, form: &form };
        store::insert(tx, &new, actor, now).await.map_err(number_refusal)?;
        take_draft(tx, actor, SubjectKind::Lot, None).await?;

        let details = json!({ "source": form.source, "quantity_kg": form.quantity, "coffee_type": form.coffee_type });
        let workflow = workflow_of(form.source);
        let moved = Move::first(workflow, self.id.0, actor.organization.id, &REGISTER, details);
        let cause = Cause::Person { actor, reason: None };
        record_move(tx, &moved, &cause, now).await?;
        Ok(Effects {
            location: format!("/lots/{}", self.id),
            flash: Message::new("lots-flash-registered").with("number", number.clone()),
            event: moved.event(&REGISTER, &number, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}
