//! Minimum export prices: read by week, entered a week at once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::{Changed, Failure, Refusal, effects, invalid, note};
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::organizations::directory::{Directory, Names};
use crate::reference::model::{Change, MinimumPrice, Subject, Week};
use crate::reference::price_table::{self, Known, Line};
use crate::reference::{rules, store};
use crate::workflow::{Command, Effects, Message, Problem, Reason};

/// The minimum price that a contract is held against.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownPrice {
    /// The price.
    pub price: MinimumPrice,
    /// Whether it is that of the week asked for; the last known before it otherwise.
    pub is_of_week: bool,
}

/// The minimum price of a coffee and grade for the ISO week of `day`, or the last known before it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn minimum_price(
    tx: &mut Tx,
    coffee_type: &str,
    grade: &str,
    day: NaiveDate,
) -> sqlx::Result<Option<KnownPrice>> {
    let week = Week::of(day);
    let found = store::prices::find_latest(tx, coffee_type, grade, week).await?;
    Ok(found.map(|price| KnownPrice { is_of_week: price.week == week, price }))
}

/// The prices of a week beside those of the week before that has any.
#[derive(Debug, Clone)]
pub(in crate::reference) struct PricePage {
    pub prices: Vec<MinimumPrice>,
    pub before: Vec<MinimumPrice>,
    pub changes: Vec<Change>,
    pub names: Names,
}

/// The prices of `week`.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::reference) async fn price_page(
    db: &Db,
    directory: &Directory,
    viewer: &Actor,
    week: Week,
) -> sqlx::Result<PricePage> {
    let mut tx = db.begin_as(viewer).await?;
    let prices = store::prices::list_prices(&mut tx, week).await?;
    let before = before(&mut tx, week).await?;
    let changes = store::list_changes(&mut tx, Subject::Price, None).await?;
    let names = directory.names(&mut tx, super::lists::people(&changes)).await?;
    tx.commit().await?;
    Ok(PricePage { prices, before, changes, names })
}

async fn before(tx: &mut Tx, week: Week) -> sqlx::Result<Vec<MinimumPrice>> {
    match store::prices::find_week_before(tx, week).await? {
        Some(week) => store::prices::list_prices(tx, week).await,
        None => Ok(Vec::new()),
    }
}

/// A week's table as it is read.
#[derive(Debug, Clone)]
pub(in crate::reference) struct PriceTable {
    pub lines: Vec<Line>,
    pub known: Known,
}

/// Reads a week's table without changing anything.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::reference) async fn price_table(
    db: &Db,
    viewer: &Actor,
    week: Week,
    text: &str,
    today: NaiveDate,
) -> sqlx::Result<PriceTable> {
    let mut tx = db.begin_as(viewer).await?;
    let table = read(&mut tx, week, text, today).await?;
    tx.commit().await?;
    Ok(table)
}

async fn read(tx: &mut Tx, week: Week, text: &str, today: NaiveDate) -> sqlx::Result<PriceTable> {
    let known = Known {
        coffees: store::prices::list_coffees(tx).await?,
        of_week: store::prices::list_prices(tx, week).await?,
        before: before(tx, week).await?,
    };
    let lines = price_table::read(text, &known, rules::may_replace_price(week, today));
    Ok(PriceTable { lines, known })
}

/// A week's table: all of it, or nothing where one line is wrong. What is left out of it stays as it stands.
pub(in crate::reference) struct SetPrices<'a> {
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for SetPrices<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        if !(actor.organization.kind == OrganizationKind::Ecta && actor.may(Permission::SetAuthorityFigures)) {
            return Err(Refusal::NotYours.into());
        }
        let typed = |field: &str| self.fields.get(field).map_or("", String::as_str);
        let today = eat_date(now);
        let (first, last) = rules::price_weeks(today);
        let week: Week = typed("week").parse().map_err(|_| invalid("week", refused("problem-week")))?;
        if week < first || week > last {
            let arguments = vec![("first", first.to_string()), ("last", last.to_string())];
            return Err(invalid("week", Problem::Refused { text_id: "problem-week-range", arguments }));
        }
        store::lock(tx, Subject::Price, &week.to_string()).await?;
        let table = read(tx, week, typed("table"), today).await?;
        if table.lines.iter().any(|line| line.read.is_err()) {
            return Err(invalid("table", refused("problem-price-lines")));
        }
        let prices = price_table::prices(&table.lines, week);
        let replaces = table.lines.iter().filter_map(|line| line.read.as_ref().ok());
        let replaces = replaces.filter(|read| read.stands.is_some() && !read.is_unchanged()).count() > 0;
        let reason = match typed("reason").trim() {
            "" if replaces => return Err(invalid("reason", refused("problem-figure-reason"))),
            "" => None,
            typed => Some(Reason::parse(typed).map_err(|problem| invalid("reason", problem))?),
        };
        let mut changes: Vec<Value> = Vec::new();
        let mut last = None;
        for price in &prices {
            let old = table.known.of_week.iter().find(|old| old.number == price.number);
            if let Some(old) = old
                && !store::prices::delete_price(tx, &old.number).await?
            {
                return Err(Refusal::Stale.into());
            }
            store::prices::insert_price(tx, price).await?;
            let changed = Changed {
                key: &price.number,
                valid_from: week.monday(),
                old: old.map(|old| json!({ "value": old.usd_per_kg })),
                new: Some(json!({ "value": price.usd_per_kg })),
            };
            let why = reason.as_ref().filter(|_| old.is_some()).map(Reason::as_str);
            let (id, change) = note(tx, Subject::Price, &changed, why, actor, now).await?;
            last = Some(id);
            changes.push(change);
        }
        let Some(id) = last else { return Err(invalid("table", refused("problem-figure-same"))) };
        let flash =
            Message::new("reference-prices-set").with("week", week.to_string()).with("count", prices.len().to_string());
        Ok(effects(Subject::Price, id, changes, format!("/reference/prices?week={week}"), flash))
    }
}

fn refused(text_id: &'static str) -> Problem {
    Problem::Refused { text_id, arguments: Vec::new() }
}
