//! Certificates: what is issued when a step is approved. The papers themselves follow.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::Export;
use crate::exports::facts::Facts;
use crate::exports::service::{Failure, StepEffects, StepRecord};

/// Issues what an approval calls for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Issuer;

#[async_trait]
impl StepEffects for Issuer {
    async fn approved(
        &self,
        _: &mut Tx,
        _: &Export,
        _: &Facts,
        _: &Actor,
        _: DateTime<Utc>,
    ) -> Result<StepRecord, Failure> {
        Ok(StepRecord::default())
    }
}
