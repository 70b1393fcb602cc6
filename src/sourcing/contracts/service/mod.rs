//! What people do with contracts: register, correct, amend, decide, cancel; and what time does.

mod decide;
mod expire;
mod read;
mod write;

pub use decide::ContractDoor;
pub(super) use decide::ContractSubject;
pub use expire::expire_contracts;
pub(super) use read::{CaseFile, Writing, case_file, list_file, writing};
pub(super) use write::{Register, Rewrite, fingerprint};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::form;
use super::model::{Contract, Terms};
use super::price::{PriceVerdict, in_dollars, judge};
use super::rules::Applicant;
use super::store::{self, Row};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::dec;
use crate::ids::ContractId;
use crate::reference;
use crate::review::{SubjectKind, list_files};

/// The figures of the authority that contracts go by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    shipment_days: i64,
    farmer_months: i64,
    registration_hours: i64,
    /// Above this price a kilogram, in dollars, a slip is likely.
    pub price_warning: Decimal,
}

impl Figures {
    async fn on(tx: &mut Tx, day: NaiveDate) -> sqlx::Result<Self> {
        Ok(Self {
            shipment_days: reference::whole_parameter(tx, "contract_shipment_days", day, 90).await?.into(),
            farmer_months: reference::whole_parameter(tx, "contract_shipment_months_farmer", day, 9).await?.into(),
            registration_hours: reference::whole_parameter(tx, "contract_registration_hours", day, 24).await?.into(),
            price_warning: reference::parameter(tx, "contract_price_warning", day, dec!(50)).await?,
        })
    }

    fn deadline(&self, day: NaiveDate, applicant: &Applicant) -> NaiveDate {
        form::deadline(day, applicant.business_type == "FARMER", self.shipment_days, self.farmer_months)
    }
}

/// How a price stands to the minimum of the week of `day`, converted by the rates known on that day.
async fn verdict(tx: &mut Tx, terms: &Terms, day: NaiveDate) -> sqlx::Result<PriceVerdict> {
    let rates = if terms.currency == "USD" {
        None
    } else {
        let own = reference::rate(tx, &terms.currency, day).await?;
        let dollar = reference::rate(tx, "USD", day).await?;
        own.zip(dollar)
    };
    let minimum = reference::minimum_price(tx, &terms.coffee_type, &terms.grade, day).await?;
    Ok(judge(in_dollars(terms.price_per_kg, &terms.currency, rates), minimum))
}

/// A row with what the rules need beside it.
async fn complete(tx: &mut Tx, row: Row, now: DateTime<Utc>) -> sqlx::Result<Contract> {
    let verdict = verdict(tx, &row.terms, row.price_date).await?;
    let (files, _) = list_files(tx, SubjectKind::Contract, row.id.0).await?;
    Ok(Contract {
        id: row.id,
        standing: row.standing,
        exporter_name: row.exporter_name,
        terms: row.terms,
        reserved_kg: row.reserved_kg,
        registration_date: row.registration_date,
        registered_late: row.registered_late,
        shipment_deadline: row.shipment_deadline,
        price_date: row.price_date,
        amendment: row.amendment,
        rejection_reason: row.rejection_reason,
        minimum_overridden: row.minimum_overridden,
        buyer_status: row.buyer_status,
        sees_buyer: row.sees_buyer,
        running_exports: row.running_exports,
        has_live_permit: row.has_live_permit,
        files,
        verdict,
        today: eat_date(now),
    })
}

/// A contract as `viewer` may see it.
async fn find(tx: &mut Tx, viewer: &Actor, id: ContractId, now: DateTime<Utc>) -> sqlx::Result<Option<Contract>> {
    match store::find_visible(tx, viewer, id).await? {
        Some(row) => complete(tx, row, now).await.map(Some),
        None => Ok(None),
    }
}
