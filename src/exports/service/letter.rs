//! The bank puts a letter of credit on record, and each of its amendments as another version. Nothing is overwritten:
//! what was promised when can always be read.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{Failure, Refusals, lock, moved, refuse_if_any};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::exports::letters::LetterTerms;
use crate::exports::model::Export;
use crate::exports::rules::{self, Letter, LetterFault, Refusal};
use crate::exports::store::{self, letters};
use crate::ids::{ExportId, LetterId};
use crate::organizations::directory::{Directory, Names};
use crate::workflow::{Command, Effects, FieldReader, Message, Problem, Reason};

pub use crate::exports::store::letters::{LetterLine, LetterVersion};

/// The letter of an export, as its page shows it.
#[derive(Debug)]
pub struct LetterFile {
    /// The export.
    pub export: Export,
    /// The letter that it draws on.
    pub letter: Option<Letter>,
    /// For what it does not cover the export.
    pub faults: Vec<LetterFault>,
    /// Its versions, newest first.
    pub versions: Vec<LetterVersion>,
    /// Every letter of the contract.
    pub letters: Vec<LetterLine>,
    /// The currencies that a letter may be in.
    pub currencies: Vec<String>,
    /// The names of those who put it on record.
    pub names: Names,
    /// Whether the viewer puts letters on record.
    pub may_record: bool,
}

/// The letter of an export; `None` when the export is not the viewer's to see, is not paid by a letter, or its letter is not
/// for this viewer.
///
/// # Errors
/// When the database cannot be reached.
pub async fn letter_file(
    db: &Db,
    directory: &Directory,
    actor: &Actor,
    export: ExportId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<LetterFile>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(export) = store::find_visible(&mut tx, actor, export).await? else { return Ok(None) };
    if !rules::may_read_letter(&export, actor) {
        return Ok(None);
    }
    let letter = letters::find_letter(&mut tx, &export).await?;
    let versions = match &letter {
        Some(letter) => letters::list_versions(&mut tx, letter.id).await?,
        None => Vec::new(),
    };
    let named = versions.iter().map(|version| version.recorded_by.0).chain([export.bank_organization_id.0]);
    let names = directory.names(&mut tx, named).await?;
    let file = LetterFile {
        faults: rules::letter_faults(&export, letter.as_ref(), eat_date(now)),
        letters: letters::list_letters(&mut tx, &export).await?,
        currencies: letters::list_currencies(&mut tx).await?,
        may_record: rules::against_recording_letter(&export, actor).is_empty(),
        export,
        letter,
        versions,
        names,
    };
    tx.commit().await?;
    Ok(Some(file))
}

/// A letter that was issued, or one of the contract's on which the export draws from now on.
pub struct RecordLetter<'a> {
    /// For which export.
    pub export: ExportId,
    /// The version of the letter for which the form was shown; 0 where there was none.
    pub version: i32,
    /// The fields as typed.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for RecordLetter<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_recording_letter(&export, actor))?;
        refuse_other_version(context.letter.as_ref(), self.version)?;
        let mut f = FieldReader::new(self.fields);
        let (letter, number, details) = if f.raw("letter_id").is_empty() {
            self.record(tx, &export, f, actor, now).await?
        } else {
            let known = letters::list_letters(tx, &export).await?;
            let current = context.letter.as_ref().map(|letter| letter.id);
            let chosen = f.raw("letter_id");
            let found = known.into_iter().find(|line| line.letter_id.to_string() == chosen);
            match found.filter(|line| Some(line.letter_id) != current) {
                Some(line) => (line.letter_id, line.lc_number, json!({})),
                None => {
                    f.problems.add("letter_id", Problem::NotAChoice);
                    return Err(Refusal::Invalid(f.problems).into());
                }
            }
        };
        letters::insert_use(tx, export.id, letter, actor, now).await?;
        Ok(effects(&export, "LETTER_RECORDED", "flash-letter-recorded", &number, letter, details))
    }
}

impl RecordLetter<'_> {
    async fn record(
        &self,
        tx: &mut Tx,
        export: &Export,
        mut f: FieldReader<'_>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<(LetterId, String, Value), Failure> {
        let currencies = letters::list_currencies(tx).await?;
        let number = f.text("lc_number", 3..=35);
        let issuing_bank = f.text("issuing_bank", 2..=140);
        let currency = f.choice("currency", &currencies.iter().map(String::as_str).collect::<Vec<_>>());
        let terms = LetterTerms::read(&mut f, None, eat_date(now));
        if !f.problems.is_empty() {
            return Err(Refusal::Invalid(f.problems).into());
        }
        let id = LetterId::new();
        let new = letters::NewLetter { id, number: &number, issuing_bank: &issuing_bank, currency: &currency };
        if !letters::insert_letter(tx, export, &new, actor, now).await? {
            let known = Problem::Refused { text_id: "problem-letter-known", arguments: Vec::new() };
            f.problems.add("lc_number", known);
            return Err(Refusal::Invalid(f.problems).into());
        }
        letters::insert_terms(tx, id, 1, &terms, None, actor, now).await?;
        let details = json!({
            "issuing_bank": issuing_bank,
            "amount": terms.amount,
            "currency": currency,
            "expires_on": terms.expires_on,
        });
        Ok((id, number, details))
    }
}

/// An amendment of the letter that the export draws on.
pub struct AmendLetter<'a> {
    /// Of which export's letter.
    pub export: ExportId,
    /// The version of the letter for which the form was shown.
    pub version: i32,
    /// The fields as typed: the terms as amended, and `amendment`: what it says.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for AmendLetter<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let (export, context) = lock(tx, actor, self.export, now).await?;
        refuse_if_any(rules::against_recording_letter(&export, actor))?;
        let Some(letter) = &context.letter else { return Err(Refusal::NotFound.into()) };
        refuse_other_version(Some(letter), self.version)?;
        let mut f = FieldReader::new(self.fields);
        let terms = LetterTerms::read(&mut f, Some(&letter.terms), eat_date(now));
        let amendment = match Reason::parse(f.raw("amendment")) {
            Ok(amendment) if f.problems.is_empty() => amendment,
            Ok(_) => return Err(Refusal::Invalid(f.problems).into()),
            Err(problem) => {
                f.problems.add("amendment", problem);
                return Err(Refusal::Invalid(f.problems).into());
            }
        };
        let changes = letter.terms.changes_to(&terms, &letter.currency);
        if changes.is_empty() {
            return Err(Refusal::NothingToChange.into());
        }
        let version = letter.version + 1;
        if !letters::insert_terms(tx, letter.id, version, &terms, Some(amendment.as_str()), actor, now).await? {
            return Err(stale(letter).into());
        }
        let details = json!({ "version": version, "changes": changes });
        let mut done = effects(&export, "LETTER_AMENDED", "flash-letter-amended", &letter.number, letter.id, details);
        done.event.private = Some(json!({ "reason": amendment.as_str() }));
        Ok(done)
    }
}

/// A form that was shown for other terms is stale.
fn refuse_other_version(letter: Option<&Letter>, version: i32) -> Result<(), Failure> {
    match letter {
        Some(letter) if letter.version != version => Err(stale(letter).into()),
        _ => Ok(()),
    }
}

fn stale(letter: &Letter) -> Refusal {
    Refusal::Stale { by: letter.recorded_by_name.clone(), at: letter.recorded_at }
}

fn effects(
    export: &Export,
    kind: &'static str,
    flash: &'static str,
    number: &str,
    letter: LetterId,
    mut details: Value,
) -> Effects {
    details["letter_id"] = json!(letter);
    details["lc_number"] = json!(number);
    Effects {
        location: format!("/exports/{}/letter-of-credit", export.id),
        flash: Message::new(flash).with("number", number.to_owned()),
        event: Event::business(kind, "export", export.id.0, Severity::High, details),
        outbox: Some(moved(export)),
    }
}
