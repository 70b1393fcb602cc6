//! A person's list.

use chrono::{DateTime, Utc};

use crate::auth::Actor;
use crate::database::Db;
use crate::ids::NotificationId;
use crate::notifications::model::News;
use crate::notifications::store::inbox::{self, Place};

/// The viewer's news from `after` on, one more than `limit`.
pub(in crate::notifications) async fn list(
    db: &Db,
    viewer: &Actor,
    only_unread: bool,
    after: Option<Place>,
    limit: i64,
) -> sqlx::Result<Vec<News>> {
    let mut tx = db.begin_as(viewer).await?;
    let news = inbox::list_own(&mut tx, viewer, only_unread, after, limit).await?;
    tx.commit().await?;
    Ok(news)
}

/// Marks one as read; what it is, where it is the viewer's. Done again, it changes nothing.
pub(in crate::notifications) async fn open(
    db: &Db,
    viewer: &Actor,
    id: NotificationId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<News>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(news) = inbox::find_own(&mut tx, viewer, id).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    if news.read_at.is_none() {
        inbox::update_read(&mut tx, viewer, id, now).await?;
    }
    tx.commit().await?;
    Ok(Some(news))
}

/// Marks everything as read that was there when the viewer saw the list; how many.
pub(in crate::notifications) async fn mark_all_read(
    db: &Db,
    viewer: &Actor,
    shown_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let mut tx = db.begin_as(viewer).await?;
    let marked = inbox::update_all_read(&mut tx, viewer, shown_at, now).await?;
    tx.commit().await?;
    Ok(marked)
}
