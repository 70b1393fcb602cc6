//! Figures that leave the house as a file are on record before they do.

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::audit::{self, Event, Severity};
use crate::auth::Actor;
use crate::database::Db;
use crate::reports::model::Report;
use crate::web::sheet::FileKind;

/// Puts on record that `actor` takes `rows` rows of a report away, narrowed as `address` says.
///
/// # Errors
/// When the database is away: what cannot be recorded does not leave.
pub async fn record_download(
    db: &Db,
    actor: &Actor,
    report: Report,
    (kind, address, rows): (FileKind, &str, usize),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let details = json!({ "list": format!("report:{report}"), "format": kind, "address": address, "rows": rows });
    let event = Event {
        entity_type: "report",
        compliance_relevant: true,
        ..Event::security("DATA_EXPORT", Severity::Medium, details)
    };
    audit::record_alone(db, actor, &event, now).await
}
