//! Amending an export: its parties, ports, addresses, the contract's terms, and the coffee itself. What the change
//! takes of lot, contract and quota is reserved, what it gives up is free again, and the approvals that no longer hold
//! are out of force, in one step. There is no other way to change what an export says of its trade.

mod differences;

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::request::{asked_lots, balance_refusal, id, shares, unknown_choices};
use super::{Failure, Refusals, lock, moved_to, refuse_if_any, refuse_stale, revise};
use crate::audit::{Event, Severity};
use crate::auth::{Actor, OrganizationKind};
use crate::database::{Db, Tx};
use crate::exports::model::{ApprovalKind, Export};
use crate::exports::rules::{self, AskedLot, Refusal, against_asking, asked_kg, bags_of, value_of};
use crate::exports::store::amend::{self, Request, Trade};
use crate::exports::store::request::{self, Choice, ContractChoice, LotChoice};
use crate::exports::store::{self, balances};
use crate::exports::transitions;
use crate::ids::{ExportId, LotId, OrganizationId};
use crate::workflow::{Command, Effects, FieldProblems, FieldReader, Message, Reason};
use differences::{Differences, Shares};

/// What the form of an amendment shows.
#[derive(Debug)]
pub struct AmendmentOptions {
    /// The export.
    pub export: Export,
    /// Box 2 of the ICO form.
    pub notify_address: Option<String>,
    /// The exporter's own reference.
    pub exporter_reference: Option<String>,
    /// Its lots, and those that have something left, with what there would be without this export.
    pub lots: Vec<LotChoice>,
    /// The share that it has of each of its lots.
    pub shares: Vec<(LotId, Decimal)>,
    /// Whether its contract says something else now.
    pub terms_differ: bool,
    /// Approvals in force: what a change may undo.
    pub approved: Vec<ApprovalKind>,
    /// Commercial banks.
    pub banks: Vec<Choice>,
    /// Shipping lines.
    pub carriers: Vec<Choice>,
    /// Ports.
    pub ports: Vec<Choice>,
}

/// What an export may be amended to; `None` when it is not the viewer's to amend, or not any more.
///
/// # Errors
/// When the database cannot be reached.
pub async fn amendment_options(
    db: &Db,
    actor: &Actor,
    export: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<AmendmentOptions>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(export) = store::find_visible(&mut tx, actor, export).await? else { return Ok(None) };
    if !rules::against_amending(&export, actor).is_empty() {
        return Ok(None);
    }
    let context = store::read_context(&mut tx, &export, crate::calendar::eat_date(now)).await?;
    let row = amend::find_request(&mut tx, export.id).await?;
    let contract = request::list_contracts(&mut tx, export.exporter_id, Some(export.contract_id)).await?.pop();
    let shares = amend::list_shares(&mut tx, export.id).await?;
    let mut lots = lots_without(&mut tx, &export, &shares, &[]).await?;
    for lot in request::list_lots(&mut tx, export.exporter_id, None).await? {
        if !lots.iter().any(|known| known.lot_id == lot.lot_id) {
            lots.push(lot);
        }
    }
    let old = trade_of(&export, &row);
    let options = AmendmentOptions {
        terms_differ: contract.is_some_and(|contract| with_terms(old.clone(), &contract) != old),
        notify_address: row.notify_address,
        exporter_reference: row.exporter_reference,
        lots,
        shares,
        approved: context.prior.iter().map(|prior| prior.kind).collect(),
        banks: request::list_organizations(&mut tx, "COMMERCIAL_BANK").await?,
        carriers: request::list_organizations(&mut tx, "SHIPPING_LINE").await?,
        ports: request::list_ports(&mut tx).await?,
        export,
    };
    tx.commit().await?;
    Ok(Some(options))
}

/// The lots of `shares` and of `asked`, with what there would be left of each without the export.
async fn lots_without(
    tx: &mut Tx,
    export: &Export,
    shares: &Shares,
    asked: &[AskedLot],
) -> sqlx::Result<Vec<LotChoice>> {
    let ids: Vec<Uuid> = shares.iter().map(|(lot, _)| lot.0).chain(asked.iter().map(|part| part.lot.0)).collect();
    let mut lots = request::list_lots(tx, export.exporter_id, Some(&ids)).await?;
    for lot in &mut lots {
        lot.free_kg += shares.iter().filter(|(id, _)| *id == lot.lot_id).map(|(_, kg)| *kg).sum::<Decimal>();
    }
    Ok(lots)
}

fn trade_of(export: &Export, row: &Request) -> Trade {
    Trade {
        bank: export.bank_organization_id,
        carrier: export.shipping_organization_id,
        port_of_loading: export.port_of_loading.clone(),
        port_of_discharge: export.port_of_discharge.clone(),
        notify_address: row.notify_address.clone(),
        exporter_reference: row.exporter_reference.clone(),
        quantity: export.quantity,
        bags: export.bags,
        bag_kg: export.bag_kg,
        currency: export.currency.clone(),
        price_per_kg: export.price_per_kg,
        estimated_value: export.estimated_value,
        origin_region: export.origin_region.clone(),
        processing_method: export.processing_method.clone(),
        crop_year: row.crop_year.clone(),
        grade: export.grade.clone(),
        incoterm: export.incoterm.clone(),
        payment_method: export.payment_method.clone(),
        transport_mode: export.transport_mode.clone(),
        buyer_name: export.buyer_name.clone(),
        buyer_country: export.buyer_country.clone(),
        buyer_address: export.buyer_address.clone(),
        buyer_email: row.buyer_email.clone(),
        requested_documents: export.requested_documents.clone(),
    }
}

/// The trade with what the contract says now.
fn with_terms(trade: Trade, contract: &ContractChoice) -> Trade {
    Trade {
        currency: contract.currency.clone(),
        price_per_kg: contract.price_per_kg,
        estimated_value: value_of(contract.price_per_kg, trade.quantity),
        grade: contract.grade.clone(),
        incoterm: contract.incoterm.clone(),
        payment_method: contract.payment_method.clone(),
        transport_mode: contract.transport_mode.clone(),
        buyer_name: contract.buyer_name.clone(),
        buyer_country: contract.buyer_country.clone(),
        buyer_address: contract.buyer_address.clone(),
        buyer_email: contract.buyer_email.clone(),
        requested_documents: contract.requested_documents.clone(),
        ..trade
    }
}

/// An amendment as the form sent it.
pub struct Amend<'a> {
    /// Of which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed, named as in the form of a new request; `take_terms` for what the contract says now, and the
    /// box that says that one knows what is undone.
    pub fields: &'a BTreeMap<String, String>,
}

/// The coffee of an amendment.
struct Coffee {
    asked: Vec<AskedLot>,
    bag_kg: Decimal,
}

#[async_trait]
impl Command for Amend<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_amending(&export, actor))?;
        refuse_stale(&export, self.version, &context)?;
        let row = amend::find_request(tx, export.id).await?;
        let old = trade_of(&export, &row);
        let contract = request::list_contracts(tx, export.exporter_id, Some(export.contract_id))
            .await?
            .pop()
            .ok_or(Refusal::ContractNotApproved)?;
        let (mut new, coffee) = self.parse(old.clone()).map_err(Refusal::Invalid)?;
        refuse_if_any(unknown(tx, &new).await?.into_iter().collect())?;
        if self.fields.get("take_terms").is_some_and(|ticked| !ticked.is_empty()) {
            new = with_terms(new, &contract);
        }

        let before = amend::list_shares(tx, export.id).await?;
        let (mut after, mut lots) = (before.clone(), Vec::new());
        if shares(&coffee.asked) != before || coffee.bag_kg != old.bag_kg || new.grade != old.grade {
            lots = lots_without(tx, &export, &before, &coffee.asked).await?;
            let contract = ContractChoice { grade: new.grade.clone(), ..contract };
            take(tx, actor, &export, row.license_id, contract, &coffee, &lots, &mut new).await?;
            after = shares(&coffee.asked);
        }
        let differences = Differences::of(&old, &new, (&before, &after), &lots).and_parties(tx, &old, &new).await?;
        if differences.is_empty() {
            return Err(Refusal::NothingToChange.into());
        }
        let revision = rules::revise(&export, &context, differences);
        let reason = revise::reason(self.fields, "reason", rules::needs_reason(&export, &revision));
        let mut refusals: Vec<Refusal> = revise::not_agreed(self.fields, &revision).into_iter().collect();
        let reason: Option<Reason> = match reason {
            Ok(reason) => reason,
            Err(problems) => {
                refusals.push(Refusal::Invalid(problems));
                None
            }
        };
        refuse_if_any(refusals)?;

        amend::write_trade(tx, export.id, &new).await?;
        if after != before {
            amend::replace_lots(tx, export.id, &after).await?;
        }
        let is_new_to_queue = match transitions::queue_of(revision.to) {
            Some(OrganizationKind::CommercialBank) => new.bank != old.bank,
            Some(OrganizationKind::ShippingLine) => new.carrier != old.carrier,
            _ => false,
        };
        let what = (revision.action(), reason.as_ref());
        revise::carry_out(tx, &export, &context, &revision, what, is_new_to_queue, actor, now).await?;
        if after != before {
            tx.enter_system().await?;
            balances::exchange(tx, row.license_id, export.contract_id, &before, &after, now)
                .await
                .map_err(balance_refusal)?;
            tx.leave_system().await?;
        }

        let labels: Vec<&str> = revision.changes.iter().map(|change| change.label.as_str()).collect();
        let (kind, severity, flash) = if revision.undone.is_empty() {
            ("EXPORT_CORRECTED", Severity::Medium, "flash-corrected")
        } else {
            ("EXPORT_AMENDED", Severity::High, "flash-amended")
        };
        let mut event = Event::business(
            kind,
            "export",
            export.id.0,
            severity,
            json!({
                "fields": labels,
                "undone": revision.undone,
                "old": export.state.code(),
                "new": revision.to.code(),
            }),
        );
        event.private = Some(json!({ "changes": revision.changes, "reason": reason.as_ref().map(Reason::as_str) }));
        Ok(Effects {
            location: format!("/exports/{}", export.id),
            flash: Message::new(flash)
                .with("number", export.number.clone())
                .with("stage", revision.resume.unwrap_or(revision.to.stage).code()),
            event,
            outbox: Some(moved_to(&export, &[new.bank, new.carrier])),
        })
    }
}

impl Amend<'_> {
    /// The trade as the form says it should read, and the coffee of it, which the rules have still to judge.
    fn parse(&self, old: Trade) -> Result<(Trade, Coffee), FieldProblems> {
        let mut f = FieldReader::new(self.fields);
        let bank = id(&mut f, "bank_id").map_or(old.bank, OrganizationId);
        let carrier = id(&mut f, "shipping_line_id").map_or(old.carrier, OrganizationId);
        let port_of_loading = f.text("port_of_loading", 5..=5);
        let port_of_discharge = f.text("port_of_discharge", 5..=5);
        let coffee =
            Coffee { asked: asked_lots(&mut f), bag_kg: f.decimal("bag_kg", Decimal::ONE, Decimal::ONE_HUNDRED, 2) };
        let new = Trade {
            bank,
            carrier,
            port_of_loading,
            port_of_discharge,
            notify_address: f.optional_text("notify_address", 300),
            exporter_reference: f.optional_text("exporter_reference", 20),
            ..old
        };
        f.finish((new, coffee))
    }
}

/// Bank, carrier and ports that were chosen have to be among those offered.
async fn unknown(tx: &mut Tx, new: &Trade) -> sqlx::Result<Option<Refusal>> {
    let parties = [("bank_id", new.bank), ("shipping_line_id", new.carrier)];
    let ports = [("port_of_loading", new.port_of_loading.as_str()), ("port_of_discharge", &new.port_of_discharge)];
    unknown_choices(tx, &parties, &ports).await
}

/// The rules about the new coffee, and what follows from it for the export.
#[allow(clippy::too_many_arguments, reason = "one call, of what a change of the coffee touches")]
async fn take(
    tx: &mut Tx,
    actor: &Actor,
    export: &Export,
    license_id: Uuid,
    mut contract: ContractChoice,
    coffee: &Coffee,
    lots: &[LotChoice],
    new: &mut Trade,
) -> Result<(), Failure> {
    let mut applicant = request::find_applicant(tx, actor).await?.ok_or(Refusal::NotYourStep)?;
    contract.limit_kg += export.quantity;
    // The quota was taken of the licence of that day; of another one nothing comes back.
    applicant.quota_left_kg = if applicant.license_id == Some(license_id) {
        applicant.quota_left_kg.map(|left| left + export.quantity)
    } else {
        None
    };
    refuse_if_any(against_asking(&coffee.asked, &applicant, &contract, lots))?;
    let Some(first) = coffee.asked.first().and_then(|part| lots.iter().find(|lot| lot.lot_id == part.lot)) else {
        return Err(Refusal::LotDoesNotMatch.into());
    };
    new.quantity = asked_kg(&coffee.asked);
    new.bag_kg = coffee.bag_kg;
    new.bags = bags_of(new.quantity, coffee.bag_kg);
    new.estimated_value = value_of(new.price_per_kg, new.quantity);
    new.origin_region.clone_from(&first.origin_region);
    new.processing_method.clone_from(&first.processing_method);
    new.crop_year.clone_from(&first.crop_year);
    Ok(())
}
