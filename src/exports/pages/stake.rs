//! Whether so much is at stake in a decision that it asks for the second factor again.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::exports::model::ApprovalKind;
use crate::exports::service;

/// Whether what is decided at this address, `/exports/{id}/approvals/{kind}`, is a second officer's to confirm.
pub fn at_stake(
    state: AppState,
    actor: Actor,
    path: String,
    now: DateTime<Utc>,
) -> BoxFuture<'static, Result<bool, AppError>> {
    Box::pin(async move {
        let mut parts = path.split('/').skip(2);
        let (id, kind) = (parts.next().and_then(|id| id.parse().ok()), parts.nth(1).and_then(ApprovalKind::from_code));
        let (Some(id), Some(kind)) = (id, kind) else { return Ok(false) };
        Ok(service::read::needs_second_officer(&state.db, &actor, (id, kind), now).await?)
    })
}
