//! Rates of exchange: read, and entered for a day at once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::json;

use super::{Changed, Failure, Refusal, effects, invalid, note};
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::dec;
use crate::organizations::directory::{Directory, Names};
use crate::reference::model::{Change, Rate, Subject};
use crate::reference::{rules, store};
use crate::workflow::{Command, Effects, FieldProblems, FieldReader, Message, Problem, Reason};

/// Days that a page shows.
const DAYS: i64 = 20;

/// The last rate of `currency` that was known on `day`: birr for one unit. The birr itself is one.
///
/// # Errors
/// When the database cannot be reached.
pub async fn rate(tx: &mut Tx, currency: &str, day: NaiveDate) -> sqlx::Result<Option<Rate>> {
    if currency == "ETB" {
        return Ok(Some(Rate { currency: currency.to_owned(), day, etb_per_unit: Decimal::ONE }));
    }
    store::rates::find_rate(tx, currency, day).await
}

/// Rates of the last days, newest first, and who entered them.
#[derive(Debug, Clone)]
pub(in crate::reference) struct RatesPage {
    pub currencies: Vec<(String, String)>,
    pub rates: Vec<Rate>,
    pub changes: Vec<Change>,
    pub names: Names,
    /// Where the next page begins, when this one is full.
    pub older: Option<NaiveDate>,
}

/// The rates of the days before `before`, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::reference) async fn rates_page(
    db: &Db,
    directory: &Directory,
    viewer: &Actor,
    before: Option<NaiveDate>,
) -> sqlx::Result<RatesPage> {
    let mut tx = db.begin_as(viewer).await?;
    let currencies = store::rates::list_currencies(&mut tx).await?;
    let rates = store::rates::list_rates(&mut tx, before, DAYS).await?;
    let changes = store::list_changes(&mut tx, Subject::Rate, None).await?;
    let names = directory.names(&mut tx, super::lists::people(&changes)).await?;
    tx.commit().await?;
    let mut days: Vec<NaiveDate> = rates.iter().map(|rate| rate.day).collect();
    days.dedup();
    let older = if days.len() >= usize::try_from(DAYS).unwrap_or_default() { days.last().copied() } else { None };
    Ok(RatesPage { currencies, rates, changes, names, older })
}

/// The currencies, and the rates that stand for a day.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::reference) async fn rates_of(
    db: &Db,
    viewer: &Actor,
    day: NaiveDate,
) -> sqlx::Result<(Vec<(String, String)>, Vec<Rate>)> {
    let mut tx = db.begin_as(viewer).await?;
    let found = (store::rates::list_currencies(&mut tx).await?, store::rates::list_rates_of(&mut tx, day).await?);
    tx.commit().await?;
    Ok(found)
}

/// The field of a rate, of whichever currency, as a form declares it.
pub(in crate::reference) const ANY_RATE_FIELD: &str = "rate_*";

/// The field of a currency's rate.
#[must_use]
pub(in crate::reference) fn field_of(currency: &str) -> String {
    format!("rate_{}", currency.to_ascii_lowercase())
}

/// The form of a day's rates, typed.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::reference) struct RateForm {
    pub day: NaiveDate,
    pub rates: Vec<(String, Decimal)>,
    pub reason: Option<Reason>,
}

impl RateForm {
    fn parse(
        fields: &BTreeMap<String, String>,
        currencies: &[(String, String)],
        today: NaiveDate,
    ) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(fields);
        let (earliest, latest) = rules::rate_days(today);
        let day = f.date("rate_day", earliest, latest);
        let rates: Vec<(String, Decimal)> = currencies
            .iter()
            .filter_map(|(currency, _)| {
                let rate = f.optional_decimal(&field_of(currency), dec!(0.0001), dec!(100_000), 4)?;
                Some((currency.clone(), rate))
            })
            .collect();
        if rates.is_empty() && f.problems.is_empty() {
            f.problems.add(field_of("USD"), Problem::Missing);
        }
        let reason = match f.raw("reason") {
            "" => None,
            typed => Reason::parse(typed).map_err(|problem| f.problems.add("reason", problem)).ok(),
        };
        f.finish(Self { day, rates, reason })
    }
}

/// The rates of a day. What stands already and is the same stays; another in its place needs a reason and a day that
/// is not over.
pub(in crate::reference) struct SetRates<'a> {
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for SetRates<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !(actor.organization.kind == OrganizationKind::NationalBank && actor.may(Permission::SetExchangeRates)) {
            return Err(Refusal::NotYours.into());
        }
        let today = eat_date(now);
        let currencies = store::rates::list_currencies(tx).await?;
        let form = RateForm::parse(self.fields, &currencies, today).map_err(Refusal::Invalid)?;
        store::lock(tx, Subject::Rate, &form.day.to_string()).await?;
        let stands = store::rates::list_rates_of(tx, form.day).await?;
        let mut changes = Vec::new();
        let mut last = None;
        for (currency, rate) in &form.rates {
            let old = stands.iter().find(|old| old.currency == *currency);
            match old {
                Some(old) if old.etb_per_unit == *rate => continue,
                Some(_) if !rules::may_replace_rate(form.day, today) => {
                    return Err(invalid(&field_of(currency), refused("problem-rate-over")));
                }
                Some(_) if form.reason.is_none() => {
                    return Err(invalid("reason", refused("problem-figure-reason")));
                }
                Some(_) | None => {}
            }
            if old.is_some() && !store::rates::delete_rate(tx, currency, form.day).await? {
                return Err(Refusal::Stale.into());
            }
            store::rates::insert_rate(tx, currency, form.day, *rate).await?;
            let changed = Changed {
                key: currency,
                valid_from: form.day,
                old: old.map(|old| json!({ "value": old.etb_per_unit })),
                new: Some(json!({ "value": rate })),
            };
            let reason = form.reason.as_ref().filter(|_| old.is_some()).map(Reason::as_str);
            let (id, change) = note(tx, Subject::Rate, &changed, reason, actor, now).await?;
            last = Some(id);
            changes.push(change);
        }
        let Some(id) = last else {
            return Err(invalid("", refused("problem-rates-same")));
        };
        let flash = Message::new("reference-rates-set").with("date", form.day.to_string());
        Ok(effects(Subject::Rate, id, changes, "/reference/rates".to_owned(), flash))
    }
}

fn refused(text_id: &'static str) -> Problem {
    Problem::Refused { text_id, arguments: Vec::new() }
}
