//! Issuing: when the permit step or the origin step of an export is approved, or something is granted to a firm, the
//! paper comes into being in the same transaction, with its numbers, its row and its snapshot; or the decision does
//! not happen.

mod backfill;
mod granted;
pub(in crate::certificates) mod origin;
mod permit;
pub(in crate::certificates) mod terms;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::bilingual::Bilingual;
use super::seals;
use super::snapshot::{Signatory, Snapshot, content_hash};
use super::store::{self, NewPaper};
use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::Export;
use crate::exports::facts::Facts;
use crate::exports::rules::Refusal;
use crate::exports::service::{Failure, StepEffects, StepRecord};
use crate::numbering::{self, Number};
use crate::workflow::papers::{PaperDesk, PaperSubject};

pub use backfill::{Issued, backfill};
pub use granted::backfill_granted;

/// The layout of the forms. A change that would make an old snapshot print differently gets a new one.
const EDITION: u32 = 1;

/// The layout of the export permit. The second names behind the Incoterm the place that it is about; the first always
/// named the port of loading.
const PERMIT_EDITION: u32 = 2;

/// Issues the papers of an export at the steps that call for them, and those of what is granted to a firm.
#[derive(Debug, Clone, Copy, Default)]
pub struct Issuer;

#[async_trait]
impl StepEffects for Issuer {
    async fn approved(
        &self,
        tx: &mut Tx,
        export: &Export,
        facts: &Facts,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<StepRecord, Failure> {
        match facts {
            Facts::Permit { valid_until, conditions } => {
                permit::issue(tx, export, *valid_until, conditions.as_deref(), actor, now).await
            }
            Facts::Origin { .. } => match origin::OfficersBoxes::of(facts) {
                Some(boxes) => origin::issue(tx, export, &boxes, actor, now).await,
                None => Ok(StepRecord::default()),
            },
            Facts::BankCheck { .. }
            | Facts::Fx { .. }
            | Facts::Quality { .. }
            | Facts::Shipment { .. }
            | Facts::Customs { .. }
            | Facts::Loading { .. }
            | Facts::OriginSignature { .. }
            | Facts::Settlement { .. } => Ok(StepRecord::default()),
        }
    }
}

#[async_trait]
impl PaperDesk for Issuer {
    async fn issue(&self, tx: &mut Tx, subject: PaperSubject, actor: &Actor, now: DateTime<Utc>) -> sqlx::Result<()> {
        granted::issue(tx, subject, actor, now).await
    }
}

/// Takes a number. The counters are the system's: no officer may touch them otherwise.
pub(super) async fn take_number(
    tx: &mut Tx,
    series: &str,
    scope: &str,
    port: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Number> {
    tx.enter_system().await?;
    let number = numbering::next(tx, series, scope, port, now).await?;
    tx.leave_system().await?;
    Ok(number)
}

/// Stores the snapshot under a new code, and asks for its seal.
async fn store_paper(tx: &mut Tx, paper: NewPaper<'_>, snapshot: &Snapshot, actor: &Actor) -> Result<(), Failure> {
    let (stored, hash) = encoded(snapshot)?;
    let issued_at = snapshot.issued_at();
    let id = store::insert_paper(tx, paper, &stored, &hash, actor, issued_at).await.map_err(number_in_use)?;
    seals::ask_for(tx, id, Some(actor.user_id), issued_at).await?;
    Ok(())
}

/// A snapshot as it is stored, with its hash.
pub(super) fn encoded(snapshot: &Snapshot) -> sqlx::Result<(Value, [u8; 32])> {
    let stored = snapshot.encode().map_err(|error| sqlx::Error::Encode(error.into()))?;
    let hash = content_hash(&stored);
    Ok((stored, hash))
}

/// A number that is taken already is a refusal, not a fault: the approval is tried again with the next one.
fn number_in_use(error: sqlx::Error) -> Failure {
    if error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation) {
        Refusal::NumberInUse.into()
    } else {
        error.into()
    }
}

/// The officer who issues, as the paper names them.
fn signatory(actor: &Actor, title_id: &str) -> Signatory {
    Signatory {
        name: actor.display_name.clone(),
        title: Bilingual::t(title_id),
        organization: Bilingual::new(&actor.organization.name_en, &actor.organization.name_am),
    }
}

/// The parts of an address in one line, none twice.
pub(super) fn one_line(parts: &[Option<&str>]) -> String {
    let mut line: Vec<&str> = Vec::new();
    for part in parts.iter().flatten().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        if !line.iter().any(|there| there.to_lowercase().contains(&part.to_lowercase())) {
            line.push(part);
        }
    }
    line.join(", ")
}

/// WASHED, NATURAL or HONEY in words.
fn processing_in_words(method: &str) -> Bilingual {
    match method {
        "WASHED" => Bilingual::t("papers-processing-washed"),
        "NATURAL" => Bilingual::t("papers-processing-natural"),
        "HONEY" => Bilingual::t("papers-processing-honey"),
        other => Bilingual::new(other, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_repeats_nothing() {
        let line = one_line(&[Some("Bole Road 12, Addis Ababa"), Some("Addis Ababa"), None, Some(" Oromia ")]);
        assert_eq!(line, "Bole Road 12, Addis Ababa, Oromia");
    }

    #[test]
    fn a_database_fault_is_not_a_refusal() {
        assert!(matches!(number_in_use(sqlx::Error::PoolTimedOut), Failure::Database(_)));
    }
}
