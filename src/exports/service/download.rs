//! Lists that leave the house as a file are on record before they do.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::audit::{self, Event, Severity};
use crate::auth::Actor;
use crate::database::Db;

/// Puts on record that `actor` takes `rows` rows of `list` away.
///
/// # Errors
/// When the database is away: what cannot be recorded does not leave.
pub async fn record_download(
    db: &Db,
    actor: &Actor,
    list: &'static str,
    rows: usize,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let event = Event {
        entity_type: "export",
        compliance_relevant: true,
        ..Event::security("DATA_EXPORT", Severity::Medium, json!({ "list": list, "rows": rows }))
    };
    audit::record_alone(db, actor, &event, now).await
}
