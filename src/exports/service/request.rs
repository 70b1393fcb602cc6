//! Opening a request: against an approved contract and inspected lots of one's own, within every balance.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use super::{Failure, Refusals, refuse_if_any};
use crate::audit::{Event, Severity};
use crate::auth::{Actor, Permission};
use crate::database::{Db, Tx};
use crate::dec;
use crate::exports::rules::{AskedLot, Refusal, against_asking, asked_kg, bags_of, value_of};
use crate::exports::store::balances;
use crate::exports::store::request::{self, Applicant, Choice, ContractChoice, LotChoice, NewExport};
use crate::ids::{ContractId, ExportId, LotId, OrganizationId};
use crate::numbering;
use crate::workflow::{Command, CommandError, Effects, FieldProblems, FieldReader, Message, OutboxEvent, Problem};

/// Lots that one request has room for.
pub const MOST_LOTS: usize = 4;

/// The form of a new request, typed.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestForm {
    /// Under which contract.
    pub contract: ContractId,
    /// Which lots, and how many kilograms of each.
    pub lots: Vec<AskedLot>,
    /// Which bank.
    pub bank: OrganizationId,
    /// Which carrier.
    pub carrier: OrganizationId,
    /// UN/LOCODE.
    pub port_of_loading: String,
    /// UN/LOCODE.
    pub port_of_discharge: String,
    /// Kilograms in a bag.
    pub bag_kg: Decimal,
    /// Box 2 of the ICO form, where it is known already.
    pub notify_address: Option<String>,
    /// The exporter's own reference.
    pub exporter_reference: Option<String>,
}

/// What the form offers.
#[derive(Debug, Clone)]
pub struct RequestOptions {
    /// Who asks.
    pub applicant: Applicant,
    /// Contracts with something left.
    pub contracts: Vec<ContractChoice>,
    /// Lots with something left.
    pub lots: Vec<LotChoice>,
    /// Commercial banks.
    pub banks: Vec<Choice>,
    /// Shipping lines.
    pub carriers: Vec<Choice>,
    /// Ports.
    pub ports: Vec<Choice>,
}

impl RequestForm {
    /// The form in `values`.
    ///
    /// # Errors
    /// Every field that is missing or makes no sense.
    pub fn parse(values: &BTreeMap<String, String>) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let contract = id(&mut f, "contract_id").map(ContractId);
        let bank = id(&mut f, "bank_id").map(OrganizationId);
        let carrier = id(&mut f, "shipping_line_id").map(OrganizationId);
        let lots = asked_lots(&mut f);
        let port_of_loading = f.text("port_of_loading", 5..=5);
        let port_of_discharge = f.text("port_of_discharge", 5..=5);
        let bag_kg = f.decimal("bag_kg", Decimal::ONE, Decimal::ONE_HUNDRED, 2);
        let notify_address = f.optional_text("notify_address", 300);
        let exporter_reference = f.optional_text("exporter_reference", 20);
        match (contract, bank, carrier) {
            (Some(contract), Some(bank), Some(carrier)) => f.finish(Self {
                contract,
                lots,
                bank,
                carrier,
                port_of_loading,
                port_of_discharge,
                bag_kg,
                notify_address,
                exporter_reference,
            }),
            _ => Err(f.problems),
        }
    }
}

/// The lots of the form: rows that are wholly empty are left out, but for the first.
pub(super) fn asked_lots(f: &mut FieldReader<'_>) -> Vec<AskedLot> {
    let mut lots: Vec<AskedLot> = Vec::new();
    for row in 1..=MOST_LOTS {
        let (lot_field, quantity_field) = (format!("lot_id_{row}"), format!("quantity_{row}"));
        if row > 1 && f.raw(&lot_field).is_empty() && f.raw(&quantity_field).is_empty() {
            continue;
        }
        let lot = id(f, &lot_field).map(LotId);
        let kg = f.decimal(&quantity_field, dec!(0.1), dec!(1_000_000), 3);
        if let Some(lot) = lot {
            if lots.iter().any(|other| other.lot == lot) {
                f.problems.add(lot_field, Problem::NotAChoice);
            }
            lots.push(AskedLot { row, lot, kg });
        }
    }
    lots
}

pub(super) fn id(f: &mut FieldReader<'_>, field: &str) -> Option<Uuid> {
    let typed = f.raw(field);
    if typed.is_empty() {
        f.problems.add(field, Problem::Missing);
        return None;
    }
    let parsed = Uuid::parse_str(typed).ok();
    if parsed.is_none() {
        f.problems.add(field, Problem::NotAChoice);
    }
    parsed
}

/// What a new request may be made of; `None` when the viewer's organisation has no exporter profile.
///
/// # Errors
/// When the database cannot be reached.
pub async fn request_options(db: &Db, actor: &Actor) -> sqlx::Result<Option<RequestOptions>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(applicant) = request::find_applicant(&mut tx, actor).await? else { return Ok(None) };
    let options = RequestOptions {
        contracts: request::list_contracts(&mut tx, applicant.exporter_id, None).await?,
        lots: request::list_lots(&mut tx, applicant.exporter_id, None).await?,
        banks: request::list_organizations(&mut tx, "COMMERCIAL_BANK").await?,
        carriers: request::list_organizations(&mut tx, "SHIPPING_LINE").await?,
        ports: request::list_ports(&mut tx).await?,
        applicant,
    };
    tx.commit().await?;
    Ok(Some(options))
}

/// A new request.
pub struct Request {
    /// Its id, made before, so that a retry makes the same one.
    pub id: ExportId,
    /// What was asked for.
    pub form: RequestForm,
}

#[async_trait]
impl Command for Request {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !actor.may(Permission::RequestExport) {
            return Err(Refusal::NotYourStep.into());
        }
        let applicant = request::find_applicant(tx, actor).await?.ok_or(Refusal::NotYourStep)?;
        let contract = request::list_contracts(tx, applicant.exporter_id, Some(self.form.contract))
            .await?
            .pop()
            .ok_or_else(|| unknown("contract_id"))?;
        let ids: Vec<Uuid> = self.form.lots.iter().map(|asked| asked.lot.0).collect();
        let lots = request::list_lots(tx, applicant.exporter_id, Some(&ids)).await?;
        let parties = [("bank_id", self.form.bank), ("shipping_line_id", self.form.carrier)];
        let ports = [
            ("port_of_loading", self.form.port_of_loading.as_str()),
            ("port_of_discharge", self.form.port_of_discharge.as_str()),
        ];
        let mut refusals = against_asking(&self.form.lots, &applicant, &contract, &lots);
        refusals.extend(unknown_choices(tx, &parties, &ports).await?);
        refuse_if_any(refusals)?;
        let (Some(license_id), Some(lot)) = (applicant.license_id, lots.first()) else {
            return Err(Refusal::NotQualified.into());
        };
        let quantity = asked_kg(&self.form.lots);
        let shares = shares(&self.form.lots);

        tx.enter_system().await?;
        balances::reserve(tx, license_id, contract.contract_id, &shares, quantity, now)
            .await
            .map_err(balance_refusal)?;
        let number = numbering::next(tx, "EXPORT", "", "", now).await?.text;
        tx.leave_system().await?;

        let value = value_of(contract.price_per_kg, quantity);
        let bags = bags_of(quantity, self.form.bag_kg);
        request::insert(
            tx,
            &NewExport {
                id: self.id,
                number: &number,
                applicant: &applicant,
                license_id,
                contract: &contract,
                lots: &shares,
                origin_region: &lot.origin_region,
                processing_method: &lot.processing_method,
                crop_year: lot.crop_year.as_deref(),
                quantity,
                bag_kg: self.form.bag_kg,
                bags,
                bank: self.form.bank,
                carrier: self.form.carrier,
                port_of_loading: &self.form.port_of_loading,
                port_of_discharge: &self.form.port_of_discharge,
                estimated_value: value,
                notify_address: self.form.notify_address.as_deref(),
                exporter_reference: self.form.exporter_reference.as_deref(),
            },
            actor,
            now,
        )
        .await?;
        Ok(Effects {
            location: format!("/exports/{}/documents", self.id),
            flash: Message::new("flash-requested").with("number", number.clone()),
            event: Event::business(
                "EXPORT_CREATED",
                "export",
                self.id.0,
                Severity::Medium,
                json!({ "number": number, "contract": contract.contract_number, "quantity_kg": quantity }),
            ),
            outbox: Some(OutboxEvent {
                kind: "export.changed",
                subject: "export",
                subject_id: self.id.0,
                payload: json!({ "organizations": [actor.organization.id], "version": 1 }),
            }),
        })
    }
}

/// Each lot with its share, in the order of their ids: the order in which everyone locks them.
pub(super) fn shares(asked: &[AskedLot]) -> Vec<(LotId, Decimal)> {
    let mut shares: Vec<(LotId, Decimal)> = asked.iter().map(|part| (part.lot, part.kg)).collect();
    shares.sort();
    shares
}

fn unknown(field: &str) -> Refusal {
    let mut problems = FieldProblems::default();
    problems.add(field, Problem::NotAChoice);
    Refusal::Invalid(problems)
}

/// Bank, carrier and ports that were chosen, each with its field, have to be among those that the form offers.
pub(super) async fn unknown_choices(
    tx: &mut Tx,
    parties: &[(&str, OrganizationId)],
    ports: &[(&str, &str)],
) -> sqlx::Result<Option<Refusal>> {
    let mut problems = FieldProblems::default();
    for (field, chosen) in parties {
        let kind = if *field == "bank_id" { "COMMERCIAL_BANK" } else { "SHIPPING_LINE" };
        let choices = request::list_organizations(tx, kind).await?;
        if !choices.iter().any(|choice| choice.value == chosen.to_string()) {
            problems.add(*field, Problem::NotAChoice);
        }
    }
    if !ports.is_empty() {
        let known = request::list_ports(tx).await?;
        for (field, chosen) in ports {
            if !known.iter().any(|port| port.value == *chosen) {
                problems.add(*field, Problem::NotAChoice);
            }
        }
    }
    Ok(if problems.is_empty() { None } else { Some(Refusal::Invalid(problems)) })
}

/// Which balance the database refused, by the name of its constraint.
pub(super) fn balance_refusal(error: sqlx::Error) -> Failure {
    match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
        Some("coffee_lots_balance") => Refusal::LotBalance.into(),
        Some("sales_contracts_balance") => Refusal::ContractBalance.into(),
        Some("export_licenses_quota") => Refusal::QuotaBalance.into(),
        _ => CommandError::Database(error),
    }
}
