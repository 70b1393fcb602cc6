//! What other areas do when a step is approved: the certificates area issues the permit and the certificate of
//! origin in the same transaction. Exports know only that there is such an effect.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::Failure;
use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::facts::Facts;
use crate::exports::model::Export;

/// What an effect adds to the approval's data, such as the number that was issued.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepRecord {
    /// Joined to the facts of the form.
    pub data: serde_json::Map<String, Value>,
}

/// Effects of an approval beyond the export itself.
#[async_trait]
pub trait StepEffects: Send + Sync {
    /// Called in the transaction of the approval, after the rules and before the move.
    ///
    /// # Errors
    /// A refusal or a database error; the approval does not happen then.
    async fn approved(
        &self,
        tx: &mut Tx,
        export: &Export,
        facts: &Facts,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<StepRecord, Failure>;
}
