//! Parameters, capital thresholds, the retention: read, set from a day on, taken back before their day.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::{Changed, Failure, Refusal, effects, invalid, note};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::organizations::directory::{Directory, Names};
use crate::reference::model::{Change, Figure, FigureKey, FigureValue};
use crate::reference::{rules, store};
use crate::workflow::{Command, Effects, FieldProblems, FieldReader, Message, Problem, Reason};

/// The value of a parameter in force on `day`; `default` where none is.
///
/// # Errors
/// When the database cannot be reached.
pub async fn parameter(tx: &mut Tx, key: &str, day: NaiveDate, default: Decimal) -> sqlx::Result<Decimal> {
    Ok(store::figures::find_parameter(tx, key, day).await?.unwrap_or(default))
}

/// As [`parameter`], of a figure that counts whole things: days, months, hours.
///
/// # Errors
/// When the database cannot be reached.
pub async fn whole_parameter(tx: &mut Tx, key: &str, day: NaiveDate, default: u32) -> sqlx::Result<u32> {
    Ok(parameter(tx, key, day, default.into()).await?.to_u32().unwrap_or(default))
}

/// Every figure.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::reference) async fn figures(db: &Db, viewer: &Actor) -> sqlx::Result<Vec<Figure>> {
    let mut tx = db.begin_as(viewer).await?;
    let figures = store::figures::list_figures(&mut tx, None).await?;
    tx.commit().await?;
    Ok(figures)
}

/// A figure with its history.
#[derive(Debug, Clone)]
pub(in crate::reference) struct FigurePage {
    pub figure: Figure,
    pub changes: Vec<Change>,
    pub names: Names,
    /// How often it was changed.
    pub version: i32,
}

/// A figure with its history; `None` when there is no such figure.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::reference) async fn figure_page(
    db: &Db,
    directory: &Directory,
    viewer: &Actor,
    key: &FigureKey,
) -> sqlx::Result<Option<FigurePage>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(figure) = store::figures::list_figures(&mut tx, Some(key)).await?.pop() else { return Ok(None) };
    let changes = store::list_changes(&mut tx, key.subject(), Some(key.key())).await?;
    let version = store::count_changes(&mut tx, key.subject(), key.key()).await?;
    let names = directory.names(&mut tx, super::lists::people(&changes)).await?;
    tx.commit().await?;
    Ok(Some(FigurePage { figure, changes, names, version }))
}

/// A new value of a figure from a day on; in the place of what stands for that day already.
pub(in crate::reference) struct SetFigure<'a> {
    pub key: FigureKey,
    /// For which version the form was shown.
    pub version: i32,
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for SetFigure<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let figure = lock(tx, &self.key, self.version, actor).await?;
        let (new, reason) = read(&figure, self.fields, eat_date(now)).map_err(Refusal::Invalid)?;
        let stands = figure.values.iter().find(|value| value.valid_from == new.valid_from);
        match stands {
            Some(stands) if *stands == new => {
                return Err(invalid("value", refused("problem-figure-same")));
            }
            Some(_) if reason.is_none() => {
                return Err(invalid("reason", refused("problem-figure-reason")));
            }
            Some(_) | None => {}
        }
        if let Some(stands) = stands
            && !store::figures::delete_value(tx, &self.key, stands.valid_from).await?
        {
            return Err(Refusal::Stale.into());
        }
        store::figures::insert_value(tx, &figure, &new).await?;
        let changed = Changed {
            key: self.key.key(),
            valid_from: new.valid_from,
            old: stands.map(as_json),
            new: Some(as_json(&new)),
        };
        let reason = reason.as_ref().map(Reason::as_str);
        let (id, change) = note(tx, self.key.subject(), &changed, reason, actor, now).await?;
        let flash = Message::new("reference-figure-set").with("date", new.valid_from.to_string());
        Ok(effects(self.key.subject(), id, vec![change], location(&self.key), flash))
    }
}

/// Takes a value back before its day has come, or on that day.
pub(in crate::reference) struct WithdrawFigure<'a> {
    pub key: FigureKey,
    /// For which version the form was shown.
    pub version: i32,
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for WithdrawFigure<'_> {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let figure = lock(tx, &self.key, self.version, actor).await?;
        let typed = |field: &str| self.fields.get(field).map_or("", String::as_str);
        let reason =
            Reason::parse(typed("withdrawal_reason")).map_err(|problem| invalid("withdrawal_reason", problem))?;
        let day: Option<NaiveDate> = typed("withdrawn_day").parse().ok();
        let value = figure.coming(eat_date(now)).find(|value| Some(value.valid_from) == day);
        let value = value.ok_or_else(|| invalid("withdrawn_day", Problem::NotAChoice))?;
        if !store::figures::delete_value(tx, &self.key, value.valid_from).await? {
            return Err(Refusal::Stale.into());
        }
        let changed =
            Changed { key: self.key.key(), valid_from: value.valid_from, old: Some(as_json(value)), new: None };
        let (id, change) = note(tx, self.key.subject(), &changed, Some(reason.as_str()), actor, now).await?;
        let flash = Message::new("reference-figure-withdrawn").with("date", value.valid_from.to_string());
        Ok(effects(self.key.subject(), id, vec![change], location(&self.key), flash))
    }
}

/// The figure, which nobody else changes until the transaction ends.
async fn lock(tx: &mut Tx, key: &FigureKey, version: i32, actor: &Actor) -> Result<Figure, Failure> {
    store::lock(tx, key.subject(), key.key()).await?;
    let figure = store::figures::list_figures(tx, Some(key)).await?.pop().ok_or(Refusal::NotFound)?;
    if !figure.is_set_by(actor) {
        return Err(Refusal::NotYours.into());
    }
    if store::count_changes(tx, key.subject(), key.key()).await? != version {
        return Err(Refusal::Stale.into());
    }
    Ok(figure)
}

/// The form of a value.
fn read(
    figure: &Figure,
    fields: &BTreeMap<String, String>,
    today: NaiveDate,
) -> Result<(FigureValue, Option<Reason>), FieldProblems> {
    let mut f = FieldReader::new(fields);
    let value = f.decimal("value", figure.least, figure.most, figure.decimals);
    let (earliest, latest) = rules::figure_days(today);
    let valid_from = f.date("valid_from", earliest, latest);
    let legal_basis = f.text("legal_basis", 5..=300);
    let is_assumption = matches!(figure.key, FigureKey::Parameter(_)) && !f.raw("is_assumption").is_empty();
    let reason = match f.raw("reason") {
        "" => None,
        typed => Reason::parse(typed).map_err(|problem| f.problems.add("reason", problem)).ok(),
    };
    f.finish((FigureValue { value, valid_from, legal_basis, is_assumption }, reason))
}

fn as_json(value: &FigureValue) -> Value {
    json!({ "value": value.value, "legal_basis": value.legal_basis, "is_assumption": value.is_assumption })
}

fn location(key: &FigureKey) -> String {
    format!("/reference/figures/{}", key.slug())
}

fn refused(text_id: &'static str) -> Problem {
    Problem::Refused { text_id, arguments: Vec::new() }
}
