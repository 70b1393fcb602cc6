//! Splitting, merging and blending: the lots are locked in the order of their ids, asked again, and written with what
//! became of them, or nothing is.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;

use super::register::INTERNAL;
use crate::audit::Event;
use crate::auth::{Actor, Permission};
use crate::database::Tx;
use crate::dec;
use crate::ids::LotId;
use crate::numbering;
use crate::review::{Act, Cause, Failure, Move, Refusal, Refusals, record_move};
use crate::sourcing::lots::descent::{MOST_PARTS, Made, Share, combine, split};
use crate::sourcing::lots::model::{Derivation, Lot};
use crate::sourcing::lots::store::{self, NewMade};
use crate::sourcing::lots::transitions::{BLENDED, MERGED, SPLIT_OFF, workflow_of};
use crate::workflow::{Command, CommandError, Effects, FieldProblems, FieldReader, Message, Problem};

/// The largest share that is read; what there is, is asked under the lock.
const HEAVIEST_KG: Decimal = dec!(10_000_000);

/// Splits parts off a lot.
pub struct Split<'a> {
    /// Which lot.
    pub parent: LotId,
    /// The fields as typed: `quantity_1` and so on.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for Split<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let asked = parts_of(self.fields)?;
        let parent = find_own(tx, actor, &[self.parent]).await?.pop().ok_or(Refusal::NotFound)?;
        let made = split(&parent, &asked)?;
        let children = write(tx, &made, &[&parent], None, actor, now).await?;
        let numbers: Vec<_> = children.iter().map(|(_, number, kg)| json!({ "number": number, "kg": kg })).collect();
        let details = json!({ "number": parent.number, "parts": numbers });
        Ok(effects(&parent, format!("/lots/{}/genealogy", parent.id), &SPLIT_OFF, details, &parent.number))
    }
}

/// The parts that a form asks for: rows that are empty are left out, but for the first.
fn parts_of(fields: &BTreeMap<String, String>) -> Result<Vec<(usize, Decimal)>, FieldProblems> {
    let mut f = FieldReader::new(fields);
    let mut parts = Vec::new();
    for row in 1..=MOST_PARTS {
        let field = format!("quantity_{row}");
        if row == 1 || !f.raw(&field).is_empty() {
            parts.push((row, f.decimal(&field, dec!(0.001), HEAVIEST_KG, 3)));
        }
    }
    f.finish(parts)
}

/// Puts lots together.
pub struct Combine<'a> {
    /// The fields as typed: `derivation`, `warehouse_location`, and `lot_id_1`, `quantity_1` and so on.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for Combine<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let form = CombineForm::parse(self.fields)?;
        let ids: Vec<LotId> = form.shares.iter().map(|(_, lot, _)| *lot).collect();
        let lots = find_own(tx, actor, &ids).await?;
        let shares: Vec<Share<'_>> = form
            .shares
            .iter()
            .map(|(row, id, kg)| Share { row: *row, lot: lots.iter().find(|lot| lot.id == *id), kg: *kg })
            .collect();
        let made = combine(form.derivation, &shares)?;
        let parents: Vec<&Lot> = shares.iter().filter_map(|share| share.lot).collect();
        let children = write(tx, std::slice::from_ref(&made), &parents, Some(&form.warehouse), actor, now).await?;
        let (id, number, kg) = children.into_iter().next().ok_or(Refusal::NotFound)?;
        let of: Vec<_> =
            shares.iter().filter_map(|share| Some(json!({ "number": share.lot?.number, "kg": share.kg }))).collect();
        let first = *parents.first().ok_or(Refusal::NotFound)?;
        let act = act_of(form.derivation);
        let mut effects =
            effects(first, format!("/lots/{id}"), act, json!({ "number": number, "kg": kg, "of": of }), &number);
        effects.event.entity_id = Some(id.0);
        Ok(effects)
    }
}

/// What the form of a merge or a blend says.
struct CombineForm {
    derivation: Derivation,
    warehouse: String,
    shares: Vec<(usize, LotId, Decimal)>,
}

impl CombineForm {
    fn parse(fields: &BTreeMap<String, String>) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(fields);
        let codes = [Derivation::Merge, Derivation::Blend].map(Derivation::code);
        let derivation = f.choice("derivation", &codes);
        let warehouse = f.text("warehouse_location", 2..=100);
        let mut shares = Vec::new();
        for row in 1..=MOST_PARTS {
            let (lot_field, kg_field) = (format!("lot_id_{row}"), format!("quantity_{row}"));
            if row > 2 && f.raw(&lot_field).is_empty() && f.raw(&kg_field).is_empty() {
                continue;
            }
            let lot = f.raw(&lot_field).parse::<LotId>();
            let kg = f.decimal(&kg_field, dec!(0.001), HEAVIEST_KG, 3);
            match lot {
                Ok(lot) => shares.push((row, lot, kg)),
                Err(_) if f.raw(&lot_field).is_empty() => f.problems.add(lot_field, Problem::Missing),
                Err(_) => f.problems.add(lot_field, Problem::NotAChoice),
            }
        }
        let derivation = Derivation::from_code(&derivation).unwrap_or(Derivation::Merge);
        f.finish(Self { derivation, warehouse, shares })
    }
}

/// The actor's own lots among `ids`, under their locks.
async fn find_own(tx: &mut Tx, actor: &Actor, ids: &[LotId]) -> Result<Vec<Lot>, Failure> {
    if !actor.may(Permission::RegisterLots) {
        return Err(Refusal::NotYours.into());
    }
    tx.enter_system().await?;
    store::lock(tx, ids).await?;
    tx.leave_system().await?;
    let mut lots: Vec<Lot> = Vec::new();
    for id in ids {
        if lots.iter().all(|lot| lot.id != *id) {
            lots.extend(store::find_visible(tx, actor, *id).await?);
        }
    }
    Ok(lots)
}

/// Writes what is made, in the order of locks: lots, then numbers. Ids, numbers and weights of what was made.
async fn write(
    tx: &mut Tx,
    made: &[Made],
    parents: &[&Lot],
    warehouse: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<(LotId, String, Decimal)>, Failure> {
    tx.enter_system().await?;
    let mut given: BTreeMap<LotId, Decimal> = BTreeMap::new();
    for (lot, _, kg) in made.iter().flat_map(|one| &one.parents) {
        *given.entry(*lot).or_default() += kg;
    }
    for (lot, kg) in given {
        store::pass_on(tx, lot, kg, now).await.map_err(balance_refusal)?;
    }
    let mut children = Vec::new();
    for one in made {
        let (id, number) = (LotId::new(), numbering::next(tx, INTERNAL, "", "", now).await?.text);
        let main = one.parents.iter().max_by(|(a, _, more), (b, _, kg)| more.cmp(kg).then(b.cmp(a)));
        let (main, ..) = *main.ok_or(Refusal::NotFound)?;
        let elsewhere =
            |warehouse: &&str| parents.iter().any(|lot| lot.id == main && lot.warehouse_location != *warehouse);
        let new = NewMade {
            id,
            number: &number,
            made: one,
            main,
            warehouse: warehouse.filter(elsewhere),
            purchase_total: one
                .purchase_price
                .map(|price| (price * one.quantity).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)),
        };
        store::insert_made(tx, &new, actor, now).await?;
        children.push((id, number, one.quantity));
    }
    tx.leave_system().await?;
    for (one, (id, _, kg)) in made.iter().zip(&children) {
        let of: Vec<_> = one.parents.iter().map(|(lot, _, kg)| json!({ "lot": lot, "kg": kg })).collect();
        let details = json!({ "kg": kg, "of": of });
        let act = act_of(one.derivation);
        let moved = Move::first(workflow_of(one.source), id.0, actor.organization.id, act, details);
        record_move(tx, &moved, &Cause::Person { actor, reason: None }, now).await?;
    }
    Ok(children)
}

const fn act_of(derivation: Derivation) -> &'static Act {
    match derivation {
        Derivation::Split => &SPLIT_OFF,
        Derivation::Merge => &MERGED,
        Derivation::Blend => &BLENDED,
    }
}

fn effects(lot: &Lot, location: String, act: &'static Act, details: serde_json::Value, number: &str) -> Effects {
    Effects {
        location,
        flash: Message::new(match act.code {
            "split" => "lots-flash-split",
            "merge" => "lots-flash-merged",
            _ => "lots-flash-blended",
        })
        .with("number", number.to_owned()),
        event: Event::business(act.event, "coffee_lot", lot.id.0, act.severity, details),
        outbox: None,
    }
}

/// The balance in the database has the last word.
fn balance_refusal(error: sqlx::Error) -> Failure {
    match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
        Some("coffee_lots_balance") => Refusal::rule("lots-refusal-balance", Vec::new()).into(),
        _ => CommandError::Database(error),
    }
}
