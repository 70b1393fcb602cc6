//! What people do with figures, rates, prices and code lists: they read them, and who may sets them. Each change is one
//! command: the value, its line of the history, the record.

mod figures;
mod lists;
mod prices;
mod rates;

pub(super) use figures::{FigurePage, SetFigure, WithdrawFigure, figure_page, figures};
pub(super) use lists::{EntryPage, WriteEntry, entry_page, list_page};
pub(super) use prices::{SetPrices, price_page, price_table};
pub(super) use rates::{ANY_RATE_FIELD, SetRates, field_of, rates_of, rates_page};

pub use figures::{parameter, whole_parameter};
pub use prices::{KnownPrice, minimum_price};
pub use rates::rate;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::Subject;
use super::store::{self, NewChange};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::Tx;
use crate::workflow::{CommandError, Effects, FieldProblems, Message, Problem};

/// Why a change is refused.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refusal {
    /// There is no such figure, day or entry.
    NotFound,
    /// Another organisation's figure, or the person's role does not include it.
    NotYours,
    /// Somebody changed it since the form was shown.
    Stale,
    /// Something about the form.
    Invalid(FieldProblems),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotFound => "not found",
            Self::NotYours => "not yours",
            Self::Stale => "stale",
            Self::Invalid(_) => "invalid",
        })
    }
}

/// How a change fails.
pub(super) type Failure = CommandError<Refusal>;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A refusal about one field.
fn invalid(field: &str, problem: Problem) -> Failure {
    let mut problems = FieldProblems::default();
    problems.add(field, problem);
    Refusal::Invalid(problems).into()
}

/// A change of one value: what stood, and what stands now.
struct Changed<'a> {
    key: &'a str,
    valid_from: NaiveDate,
    old: Option<Value>,
    new: Option<Value>,
}

/// Writes the history's line of a change, and gives what the record says of it.
async fn note(
    tx: &mut Tx,
    subject: Subject,
    changed: &Changed<'_>,
    reason: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<(Uuid, Value)> {
    let new = NewChange {
        subject,
        key: changed.key,
        valid_from: changed.valid_from,
        old_value: changed.old.as_ref(),
        new_value: changed.new.as_ref(),
        reason,
    };
    let id = store::insert_change(tx, &new, actor, now).await?;
    let details =
        json!({ "key": changed.key, "valid_from": changed.valid_from, "old": changed.old, "new": changed.new });
    Ok((id, details))
}

/// What a change leaves behind.
fn effects(subject: Subject, id: Uuid, changes: Vec<Value>, location: String, flash: Message) -> Effects {
    let mut changes = changes;
    let details = match (changes.len(), changes.pop()) {
        (1, Some(mut only)) => {
            only["subject"] = json!(subject);
            only
        }
        (_, last) => {
            changes.extend(last);
            json!({ "subject": subject, "changes": changes })
        }
    };
    Effects {
        location,
        flash,
        event: Event::business("PARAMETER_CHANGED", "reference", id, Severity::High, details),
        outbox: None,
    }
}
