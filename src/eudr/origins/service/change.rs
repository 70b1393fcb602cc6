//! Linking plots to lots, choosing the origin by which an export goes, and the record of what a buyer has told.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;

use super::Failure;
use super::read::{has_changed, position};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::Tx;
use crate::eudr::model::By;
use crate::eudr::origins::lines::{Line, against};
use crate::eudr::origins::model::{Position, Statement, StatementState, TracedLot};
use crate::eudr::origins::rules::{OriginRefusal, against_linking, against_recording, against_taking, against_weights};
use crate::eudr::origins::store::{self, NewLink};
use crate::ids::{ExportId, LotId, PlotLinkId, StatementId};
use crate::workflow::{Command, Effects, Message};

/// Links plots to a lot.
pub(in crate::eudr::origins) struct LinkPlots<'a> {
    pub lot: LotId,
    pub lines: &'a [Line],
}

#[async_trait]
impl Command for LinkPlots<'_> {
    type Refusal = OriginRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let lot = lock(tx, actor, self.lot).await?;
        let numbers: Vec<String> = self.lines.iter().map(|line| line.number.clone()).collect();
        let plots = store::list_plots(tx, actor, &numbers).await?;
        let origins = store::list_origins_of_lot(tx, lot.id, now, false).await?;
        let shares: Vec<_> = origins.iter().flat_map(|origin| &origin.shares).collect();
        let linked: BTreeSet<String> = shares.iter().map(|share| share.number.clone()).collect();
        let used: BTreeMap<String, bool> = plots.iter().map(|(number, (_, used))| (number.clone(), *used)).collect();
        let faults = against(self.lines, &used, &linked);
        if !faults.is_empty() {
            return Err(OriginRefusal::Lines(faults).into());
        }
        let known: Decimal = shares.iter().filter_map(|share| share.kg).sum();
        if let Some(refusal) = against_weights(&lot, known, self.lines) {
            return Err(refusal.into());
        }
        let new = |line| plot_of(line, &plots);
        let links: Vec<NewLink<'_>> = self.lines.iter().filter_map(new).collect();
        store::insert_links(tx, lot.id, &links, actor, now).await?;
        let plots: Vec<_> = self.lines.iter().map(|line| json!({ "plot": line.number, "kg": line.kg })).collect();
        let details = json!({ "number": lot.number, "plots": plots });
        let flash = Message::new("eudr-flash-linked").with("count", self.lines.len().to_string());
        Ok(of_lot("LOT_PLOTS_LINKED", &lot, flash, details))
    }
}

fn plot_of<'a>(line: &'a Line, plots: &BTreeMap<String, (crate::ids::PlotId, bool)>) -> Option<NewLink<'a>> {
    plots.get(&line.number).map(|(plot, _)| (*plot, line.number.as_str(), line.kg))
}

/// Ends the link of a lot to a plot. It stays on record: exports that went by it still do.
pub(in crate::eudr::origins) struct UnlinkPlot {
    pub lot: LotId,
    pub link: PlotLinkId,
}

#[async_trait]
impl Command for UnlinkPlot {
    type Refusal = OriginRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let lot = lock(tx, actor, self.lot).await?;
        let (number, ended) = store::find_link(tx, lot.id, self.link).await?.ok_or(OriginRefusal::NotFound)?;
        if let Some(by) = ended {
            return Err(OriginRefusal::Unlinked(by).into());
        }
        if !store::end_link(tx, self.link, actor, now).await? {
            return Err(OriginRefusal::Stale.into());
        }
        let details = json!({ "number": lot.number, "plot": number });
        let flash = Message::new("eudr-flash-unlinked").with("number", number);
        Ok(of_lot("LOT_PLOT_UNLINKED", &lot, flash, details))
    }
}

/// The lot under its lock, unless something stands against linking.
async fn lock(tx: &mut Tx, actor: &Actor, id: LotId) -> Result<TracedLot, Failure> {
    tx.enter_system().await?;
    store::lock_lot(tx, id).await?;
    tx.leave_system().await?;
    let lot = store::find_lot(tx, actor, id).await?.ok_or(OriginRefusal::NotFound)?;
    match against_linking(&lot, actor) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(lot),
    }
}

fn of_lot(event: &'static str, lot: &TracedLot, flash: Message, details: serde_json::Value) -> Effects {
    Effects {
        location: format!("/lots/{}/plots", lot.id),
        flash,
        event: Event::business(event, "coffee_lot", lot.id.0, Severity::Medium, details),
        outbox: None,
    }
}

/// Has an export go by the origin of now instead of that of its request.
pub(in crate::eudr::origins) struct TakeOrigin {
    pub export: ExportId,
}

#[async_trait]
impl Command for TakeOrigin {
    type Refusal = OriginRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let position = find(tx, actor, self.export, now).await?;
        let changed = has_changed(tx, &position, now).await?;
        if let Some(refusal) = against_taking(&position.consignment, position.statement(), changed, actor) {
            return Err(refusal.into());
        }
        store::insert_origin(tx, self.export, actor, now).await?;
        Ok(of_export("EXPORT_ORIGIN_TAKEN", &position, "eudr-flash-taken", json!({})))
    }
}

/// Puts on record what the buyer has told of the due diligence statement, in the place of what was told before.
pub(in crate::eudr::origins) struct RecordStatement<'a> {
    pub export: ExportId,
    /// How often something had been told when the form was shown.
    pub told_before: i32,
    pub reference: &'a str,
    pub verification: &'a str,
    pub told: Option<(StatementState, NaiveDate)>,
}

#[async_trait]
impl Command for RecordStatement<'_> {
    type Refusal = OriginRefusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let position = find(tx, actor, self.export, now).await?;
        if let Some(refusal) = against_recording(&position.consignment, actor) {
            return Err(refusal.into());
        }
        if i32::try_from(position.statements.len()) != Ok(self.told_before) {
            return Err(OriginRefusal::Stale.into());
        }
        let new = Statement {
            id: StatementId::new(),
            reference: self.reference.to_owned(),
            verification: self.verification.to_owned(),
            told: self.told,
            by: By { name: actor.display_name.clone(), at: now },
        };
        let before = position.statement();
        if !store::insert_statement(tx, self.export, before.map(|before| before.id), &new, actor).await? {
            return Err(OriginRefusal::Stale.into());
        }
        let details = json!({
            "reference": new.reference,
            "state": new.told.map(|(state, _)| state),
            "replaces": before.map(|before| &before.reference),
            "lacking": position.gaps.len(),
        });
        Ok(of_export("DUE_DILIGENCE_RECORDED", &position, "eudr-flash-recorded", details))
    }
}

async fn find(tx: &mut Tx, actor: &Actor, id: ExportId, now: DateTime<Utc>) -> Result<Position, Failure> {
    Ok(position(tx, actor, id, false, now).await?.ok_or(OriginRefusal::NotFound)?)
}

fn of_export(event: &'static str, position: &Position, flash: &str, details: serde_json::Value) -> Effects {
    let consignment = &position.consignment;
    Effects {
        location: format!("/exports/{}/eudr", consignment.id),
        flash: Message::new(flash),
        event: Event::business(event, "export", consignment.id.0, Severity::Medium, details),
        outbox: None,
    }
}
