//! What the lists read.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::auth::Actor;
use crate::database::Db;
use crate::registration::applications::{self, Named, Narrowed, Registered};
use crate::review::SubjectKind;

/// A page of one kind, with the counts of all and the regions to choose from.
pub(super) struct Listed {
    pub rows: Vec<Registered>,
    /// Kind, state, how many, and how many of them run out soon.
    pub counts: Vec<(SubjectKind, String, i64, i64)>,
    pub regions: Vec<Named>,
}

pub(super) async fn list(
    db: &Db,
    viewer: &Actor,
    kind: SubjectKind,
    narrowed: &Narrowed,
    (after, limit): (Option<(DateTime<Utc>, Uuid)>, i64),
    (today, soon): (NaiveDate, NaiveDate),
) -> sqlx::Result<Listed> {
    let mut tx = db.begin_as(viewer).await?;
    let listed = Listed {
        rows: applications::list(&mut tx, viewer, kind, narrowed, after, limit).await?,
        counts: applications::count(&mut tx, (today, soon)).await?,
        regions: applications::list_regions(&mut tx, today).await?,
    };
    tx.commit().await?;
    Ok(listed)
}
