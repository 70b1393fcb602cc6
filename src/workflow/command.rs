//! One command, all or nothing.
//!
//! Every form of the product ends here. The command's own writes, the record, the events for the outside and
//! the answer to the form commit together. The form's key is stored last: when it is there already, a double
//! click, a resend or a retry has had its effect, everything is rolled back and the first answer is given
//! again. Serialization failures and deadlocks are tried again.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rand::RngExt;
use serde_json::Value;
use uuid::Uuid;

use super::message::Message;
use super::store;
use crate::audit::Event;
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::error::AppError;
use crate::web::form::Submission;

/// Tries of a command that meets a deadlock or a serialization failure.
const TRIES: u32 = 4;

/// What makes a form one of its kind: the key that was put into it, and a hash of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormKey {
    /// Made when the form was shown.
    pub key: Uuid,
    /// SHA-256 over method, path and fields.
    pub request_hash: [u8; 32],
}

impl FormKey {
    /// The key of a form that was sent.
    ///
    /// # Errors
    /// [`crate::error::Unreadable::Key`] when the form has none.
    pub fn of<T>(submission: &Submission<T>) -> Result<Self, AppError> {
        Ok(Self { key: submission.require_token()?.key, request_hash: submission.request_hash })
    }
}

/// Something to be told to the outside once the command has committed.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEvent {
    /// What happened, such as `export.moved`.
    pub kind: &'static str,
    /// What it happened to, such as `export`.
    pub subject: &'static str,
    /// Which one.
    pub subject_id: Uuid,
    /// What the receivers need to know.
    pub payload: Value,
}

/// What a command leaves behind, beside its own rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// Where the browser goes.
    pub location: String,
    /// The message that it finds there.
    pub flash: Message,
    /// The record.
    pub event: Event,
    /// For the outside.
    pub outbox: Option<OutboxEvent>,
}

/// What was done, now or by the same form before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// Where the browser goes.
    pub location: String,
    /// The message that it finds there.
    pub flash: Message,
    /// Whether this form had been sent before.
    pub replayed: bool,
}

/// Why a command did not happen. Nothing of it is stored then.
#[derive(Debug, thiserror::Error)]
pub enum CommandError<Refusal: std::fmt::Debug + std::fmt::Display> {
    /// The rules of the area refuse it.
    #[error("{0}")]
    Refused(Refusal),
    /// The key was used for another form.
    #[error("the form's key was used for something else")]
    KeyReused,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What an area brings: its writes in the transaction, and their effects.
#[async_trait]
pub trait Command: Sync {
    /// How the area says no.
    type Refusal: std::fmt::Debug + std::fmt::Display + Send;

    /// Locks, checks and writes. May run again after a deadlock, so it keeps nothing between runs.
    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>)
    -> Result<Effects, CommandError<Self::Refusal>>;
}

/// Carries `command` out for `actor`, once for each form key.
///
/// # Errors
/// [`CommandError`]; the transaction is rolled back whole.
pub async fn execute<C: Command>(
    db: &Db,
    actor: &Actor,
    form: FormKey,
    command: &C,
    now: DateTime<Utc>,
) -> Result<Done, CommandError<C::Refusal>> {
    let mut tries = 0;
    loop {
        tries += 1;
        let error = match attempt(db, actor, form, command, now).await {
            Ok(done) => return Ok(done),
            Err(error) => error,
        };
        if let CommandError::Database(cause) = &error {
            if is_transient(cause) && tries < TRIES {
                let pause = rand::rng().random_range(5..25) * u64::from(tries);
                tokio::time::sleep(Duration::from_millis(pause)).await;
                continue;
            }
            if !is_key_taken(&error) {
                return Err(error);
            }
        }
        // A refusal may be the shadow of this very form's first effect: the version has moved on by it.
        return match find_answer(db, actor, form).await? {
            Some(Answer::Same(done)) => Ok(done),
            Some(Answer::OfAnotherForm) => Err(CommandError::KeyReused),
            // Taken, and hidden from this person: it is the key of somebody else's form.
            None if is_key_taken(&error) => Err(CommandError::KeyReused),
            None => Err(error),
        };
    }
}

async fn attempt<C: Command>(
    db: &Db,
    actor: &Actor,
    form: FormKey,
    command: &C,
    now: DateTime<Utc>,
) -> Result<Done, CommandError<C::Refusal>> {
    let mut tx = db.begin_as(actor).await?;
    match command.run(&mut tx, actor, now).await {
        Ok(effects) => {
            store::insert_effects(&mut tx, actor, form, &effects, now).await?;
            tx.commit().await?;
            Ok(Done { location: effects.location, flash: effects.flash, replayed: false })
        }
        Err(refused) => {
            tx.rollback().await?;
            Err(refused)
        }
    }
}

/// What was done by the same form before, if it was.
///
/// # Errors
/// When the database cannot be reached.
pub async fn done_before(db: &Db, actor: &Actor, form: FormKey) -> sqlx::Result<Option<Done>> {
    Ok(match find_answer(db, actor, form).await? {
        Some(Answer::Same(done)) => Some(done),
        Some(Answer::OfAnotherForm) | None => None,
    })
}

enum Answer {
    Same(Done),
    OfAnotherForm,
}

async fn find_answer(db: &Db, actor: &Actor, form: FormKey) -> sqlx::Result<Option<Answer>> {
    let mut tx = db.begin_as(actor).await?;
    let stored = store::find_answer(&mut tx, form.key).await?;
    tx.commit().await?;
    Ok(stored.map(|answer| {
        if answer.request_hash == form.request_hash {
            let flash = Message::decode(&answer.flash).unwrap_or_else(|| Message::new("flash-done"));
            Answer::Same(Done { location: answer.location, flash, replayed: true })
        } else {
            Answer::OfAnotherForm
        }
    }))
}

/// Whether nothing that the command wrote can be there: a file that its row was to name can go. When the connection
/// broke, the commit may have happened all the same.
#[must_use]
pub fn is_certainly_undone<R: std::fmt::Debug + std::fmt::Display>(outcome: &Result<Done, CommandError<R>>) -> bool {
    match outcome {
        Ok(done) => done.replayed,
        Err(CommandError::Refused(_) | CommandError::KeyReused) => true,
        // 08 connection, 57 shut down in the middle; with any other the server has said that it rolled back.
        Err(CommandError::Database(sqlx::Error::Database(error))) => {
            error.code().is_some_and(|code| !code.starts_with("08") && !code.starts_with("57"))
        }
        Err(CommandError::Database(_)) => false,
    }
}

/// Whether the same command may succeed if it is tried again: serialization failure, deadlock.
fn is_transient(error: &sqlx::Error) -> bool {
    matches!(error.as_database_error().and_then(|e| e.code()).as_deref(), Some("40001" | "40P01"))
}

/// Whether the form's key is stored already.
fn is_key_taken<R: std::fmt::Debug + std::fmt::Display>(error: &CommandError<R>) -> bool {
    let CommandError::Database(cause) = error else { return false };
    cause.as_database_error().and_then(sqlx::error::DatabaseError::constraint) == Some("idempotency_keys_pkey")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_deleted_only_when_no_row_can_name_it() {
        let done = |replayed| Done { location: String::new(), flash: Message::new("documents-attached"), replayed };
        assert!(is_certainly_undone::<String>(&Ok(done(true))));
        assert!(!is_certainly_undone::<String>(&Ok(done(false))));
        assert!(is_certainly_undone(&Err(CommandError::Refused("no".to_owned()))));
        assert!(is_certainly_undone::<String>(&Err(CommandError::KeyReused)));
        let broken = sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into());
        assert!(!is_certainly_undone::<String>(&Err(CommandError::Database(broken))), "the commit may have happened");
    }
}
