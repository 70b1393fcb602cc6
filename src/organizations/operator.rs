//! The operator at the command line, who has no account: what they do is on record of the organisation concerned.

use chrono::{DateTime, Utc};

use crate::audit::{self, Author, Event};
use crate::database::Tx;
use crate::ids::OrganizationId;

/// Puts what an operator does with `organization` on record.
pub(super) async fn record(
    tx: &mut Tx,
    organization: OrganizationId,
    event: &Event,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let author = Author::product(Some(organization));
    audit::record(tx, author, event, now).await
}
