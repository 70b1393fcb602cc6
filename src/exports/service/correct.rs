//! Correcting a request that is with its exporter: parties, ports, addresses, and the coffee itself. What the
//! change takes of lot, contract and quota is reserved, what it gives up is free again, in one step.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::json;
use uuid::Uuid;

use super::request::{asked_lots, balance_refusal, id, shares, unknown_choices};
use super::{Failure, Refusals, lock, moved, refuse_if_any, refuse_stale, stale};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::dec;
use crate::exports::model::Export;
use crate::exports::rules::{self, AskedLot, Correctable, Refusal, against_asking, asked_kg};
use crate::exports::store::amend::{self, Corrected, FieldChange, HistoryDetails};
use crate::exports::store::request::{self, Choice, LotChoice};
use crate::exports::store::{self, balances};
use crate::ids::{ExportId, LotId, OrganizationId};
use crate::quantities::grouped;
use crate::workflow::{Command, Effects, FieldProblems, FieldReader, Message, Problem};

/// What the form of a correction shows.
#[derive(Debug)]
pub struct CorrectionOptions {
    /// The request.
    pub export: Export,
    /// What of it may be corrected.
    pub correctable: Correctable,
    /// Box 2 of the ICO form.
    pub notify_address: Option<String>,
    /// The exporter's own reference.
    pub exporter_reference: Option<String>,
    /// Its lots, and those that have something left, with what there would be without this request.
    pub lots: Vec<LotChoice>,
    /// The share that it has of each of its lots.
    pub shares: Vec<(LotId, Decimal)>,
    /// Commercial banks.
    pub banks: Vec<Choice>,
    /// Shipping lines.
    pub carriers: Vec<Choice>,
    /// Ports.
    pub ports: Vec<Choice>,
}

/// What may be corrected of a request; `None` when it is not the viewer's to correct, or not now.
///
/// # Errors
/// When the database cannot be reached.
pub async fn correction_options(
    db: &Db,
    actor: &Actor,
    export: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<CorrectionOptions>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(export) = store::find_visible(&mut tx, actor, export).await? else { return Ok(None) };
    let context = store::read_context(&mut tx, &export, crate::calendar::eat_date(now)).await?;
    let Some(correctable) = rules::correctable(&export) else { return Ok(None) };
    if !rules::against_correcting(&export, actor, &context).is_empty() {
        return Ok(None);
    }
    let row = amend::find_request(&mut tx, export.id).await?;
    let shares = amend::list_shares(&mut tx, export.id).await?;
    let mut lots = lots_without(&mut tx, &export, &shares, &[]).await?;
    for lot in request::list_lots(&mut tx, export.exporter_id, None).await? {
        if !lots.iter().any(|known| known.lot_id == lot.lot_id) {
            lots.push(lot);
        }
    }
    let options = CorrectionOptions {
        correctable,
        notify_address: row.notify_address,
        exporter_reference: row.exporter_reference,
        lots,
        shares,
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
    shares: &[(LotId, Decimal)],
    asked: &[AskedLot],
) -> sqlx::Result<Vec<LotChoice>> {
    let ids: Vec<Uuid> = shares.iter().map(|(lot, _)| lot.0).chain(asked.iter().map(|part| part.lot.0)).collect();
    let mut lots = request::list_lots(tx, export.exporter_id, Some(&ids)).await?;
    for lot in &mut lots {
        lot.free_kg += shares.iter().filter(|(id, _)| *id == lot.lot_id).map(|(_, kg)| *kg).sum::<Decimal>();
    }
    Ok(lots)
}

/// A correction as the form sent it.
pub struct Correct<'a> {
    /// Of which export.
    pub export: ExportId,
    /// For which version the form was shown.
    pub version: i32,
    /// The fields as typed, named as in the form of a new request.
    pub fields: &'a BTreeMap<String, String>,
}

/// Lots, each with the share that an export has of it.
type Shares = [(LotId, Decimal)];

/// The coffee of a correction.
struct Coffee {
    asked: Vec<AskedLot>,
    bag_kg: Decimal,
}

#[async_trait]
impl Command for Correct<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_correcting(&export, actor, &context))?;
        refuse_stale(&export, self.version, &context)?;
        let Some(may) = rules::correctable(&export) else { return Err(Refusal::NotYourStep.into()) };
        let row = amend::find_request(tx, export.id).await?;
        let (mut to, coffee) = self.parse(&export, may, row.crop_year.clone()).map_err(Refusal::Invalid)?;
        refuse_if_any(self.unknown(tx, may, &to).await?.into_iter().collect())?;

        let before = amend::list_shares(tx, export.id).await?;
        let mut after = before.clone();
        let mut lots = Vec::new();
        if let Some(coffee) = coffee
            && (shares(&coffee.asked) != before || coffee.bag_kg != export.bag_kg)
        {
            lots = lots_without(tx, &export, &before, &coffee.asked).await?;
            self.take(tx, actor, &export, (may, row.license_id), &coffee, &lots, &mut to).await?;
            after = shares(&coffee.asked);
        }
        let changes = self.changes(tx, &export, &row, &to, (&before, &after), &lots).await?;
        if changes.is_empty() {
            return Err(Refusal::NothingToCorrect.into());
        }
        let labels: Vec<String> = changes.iter().map(|change| change.label.clone()).collect();
        let details = HistoryDetails { changes };
        if !amend::correct(tx, &export, &to, &details, actor, now).await? {
            return Err(stale(&export, &context).into());
        }
        if after != before {
            amend::replace_lots(tx, export.id, &after).await?;
        }
        tx.enter_system().await?;
        for (former, new) in [(export.bank_organization_id, to.bank), (export.shipping_organization_id, to.carrier)] {
            if former != new {
                amend::supersede_decisions(tx, export.id, former, now).await?;
            }
        }
        if after != before {
            balances::exchange(tx, row.license_id, export.contract_id, &before, &after, now)
                .await
                .map_err(balance_refusal)?;
        }
        tx.leave_system().await?;
        let mut event = Event::business(
            "EXPORT_CORRECTED",
            "export",
            export.id.0,
            Severity::Medium,
            json!({ "number": export.number, "fields": labels, "version": export.version + 1 }),
        );
        event.private = Some(json!({ "changes": details.changes }));
        Ok(Effects {
            location: format!("/exports/{}", export.id),
            flash: Message::new("flash-corrected").with("number", export.number.clone()),
            event,
            outbox: Some(moved(&export)),
        })
    }
}

impl Correct<'_> {
    /// The request as the form says it should read; what may not be corrected stays as it is, whatever was sent.
    fn parse(
        &self,
        export: &Export,
        may: Correctable,
        crop_year: Option<String>,
    ) -> Result<(Corrected, Option<Coffee>), FieldProblems> {
        let mut f = FieldReader::new(self.fields);
        let party = |f: &mut FieldReader<'_>, field: &str, may: bool, former: OrganizationId| {
            if may { id(f, field).map_or(former, OrganizationId) } else { former }
        };
        let bank = party(&mut f, "bank_id", may.bank, export.bank_organization_id);
        let carrier = party(&mut f, "shipping_line_id", may.carrier, export.shipping_organization_id);
        let port = |f: &mut FieldReader<'_>, field: &str, former: &str| {
            if may.ports { f.text(field, 5..=5) } else { former.to_owned() }
        };
        let port_of_loading = port(&mut f, "port_of_loading", &export.port_of_loading);
        let port_of_discharge = port(&mut f, "port_of_discharge", &export.port_of_discharge);
        let coffee = may.lots.then(|| Coffee {
            asked: asked_lots(&mut f),
            bag_kg: f.decimal("bag_kg", Decimal::ONE, Decimal::ONE_HUNDRED, 2),
        });
        let corrected = Corrected {
            bank,
            carrier,
            port_of_loading,
            port_of_discharge,
            notify_address: f.optional_text("notify_address", 300),
            exporter_reference: f.optional_text("exporter_reference", 20),
            quantity: export.quantity,
            bags: export.bags,
            bag_kg: export.bag_kg,
            estimated_value: export.estimated_value,
            origin_region: export.origin_region.clone(),
            processing_method: export.processing_method.clone(),
            crop_year,
        };
        f.finish((corrected, coffee))
    }

    /// Bank, carrier and ports that were chosen have to be among those offered.
    async fn unknown(&self, tx: &mut Tx, may: Correctable, to: &Corrected) -> sqlx::Result<Option<Refusal>> {
        let parties = [("bank_id", may.bank, to.bank), ("shipping_line_id", may.carrier, to.carrier)];
        let parties: Vec<(&str, OrganizationId)> =
            parties.iter().filter(|(_, may, _)| *may).map(|(field, _, chosen)| (*field, *chosen)).collect();
        let ports: &[(&str, &str)] = if may.ports {
            &[("port_of_loading", &to.port_of_loading), ("port_of_discharge", &to.port_of_discharge)]
        } else {
            &[]
        };
        unknown_choices(tx, &parties, ports).await
    }

    /// The rules about the new coffee, and what follows from it for the request.
    #[allow(clippy::too_many_arguments, reason = "one call, of what a change of the coffee touches")]
    async fn take(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        export: &Export,
        (may, license_id): (Correctable, Uuid),
        coffee: &Coffee,
        lots: &[LotChoice],
        to: &mut Corrected,
    ) -> Result<(), Failure> {
        let mut applicant = request::find_applicant(tx, actor).await?.ok_or(Refusal::NotYourStep)?;
        let mut contract = request::list_contracts(tx, export.exporter_id, Some(export.contract_id))
            .await?
            .pop()
            .ok_or(Refusal::ContractNotApproved)?;
        contract.limit_kg += export.quantity;
        // The quota was taken of the licence of that day; of another one nothing comes back.
        applicant.quota_left_kg = if applicant.license_id == Some(license_id) {
            applicant.quota_left_kg.map(|left| left + export.quantity)
        } else {
            None
        };
        refuse_if_any(against_asking(&coffee.asked, &applicant, &contract, lots))?;
        let quantity = asked_kg(&coffee.asked);
        if may.up_to_approved && quantity > export.quantity {
            let mut problems = FieldProblems::default();
            let arguments = vec![("kg", grouped(export.quantity))];
            problems.add("quantity_1", Problem::Refused { text_id: "problem-approved-quantity", arguments });
            return Err(Refusal::Invalid(problems).into());
        }
        let Some(first) = coffee.asked.first().and_then(|part| lots.iter().find(|lot| lot.lot_id == part.lot)) else {
            return Err(Refusal::LotDoesNotMatch.into());
        };
        to.quantity = quantity;
        to.bag_kg = coffee.bag_kg;
        to.bags = (quantity / coffee.bag_kg.max(dec!(1))).ceil().to_i32().unwrap_or(i32::MAX);
        to.estimated_value =
            (export.price_per_kg * quantity).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        to.origin_region.clone_from(&first.origin_region);
        to.processing_method.clone_from(&first.processing_method);
        to.crop_year.clone_from(&first.crop_year);
        Ok(())
    }

    /// What is different, in words that the history keeps.
    async fn changes(
        &self,
        tx: &mut Tx,
        export: &Export,
        row: &amend::Request,
        to: &Corrected,
        (before, after): (&Shares, &Shares),
        lots: &[LotChoice],
    ) -> sqlx::Result<Vec<FieldChange>> {
        let mut changes = Vec::new();
        let mut note = |label: &str, old: String, new: String| {
            if old != new {
                changes.push(FieldChange { label: label.to_owned(), old, new });
            }
        };
        for (label, kind, old, new) in [
            ("field-bank-id", "COMMERCIAL_BANK", export.bank_organization_id, to.bank),
            ("field-shipping-line-id", "SHIPPING_LINE", export.shipping_organization_id, to.carrier),
        ] {
            if old != new {
                let named = request::list_organizations(tx, kind).await?;
                let name = |id: OrganizationId| {
                    let id = id.to_string();
                    named.iter().find(|one| one.value == id).map_or(id, |one| one.label.clone())
                };
                note(label, name(old), name(new));
            }
        }
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        note("field-port-of-loading", export.port_of_loading.clone(), to.port_of_loading.clone());
        note("field-port-of-discharge", export.port_of_discharge.clone(), to.port_of_discharge.clone());
        note("field-notify-address", text(&row.notify_address), text(&to.notify_address));
        note("field-exporter-reference", text(&row.exporter_reference), text(&to.exporter_reference));
        let coffee = |shares: &[(LotId, Decimal)]| {
            let number = |id: LotId| lots.iter().find(|lot| lot.lot_id == id).map(|lot| lot.lot_number.clone());
            let parts: Vec<String> = shares
                .iter()
                .map(|(lot, kg)| format!("{} {} kg", number(*lot).unwrap_or_default(), grouped(*kg)))
                .collect();
            parts.join(", ")
        };
        note("fact-lot", coffee(before), coffee(after));
        note("field-bag-kg", export.bag_kg.normalize().to_string(), to.bag_kg.normalize().to_string());
        Ok(changes)
    }
}
