//! Asking for a copy, handing it over, and letting go of it.

mod making;

pub use making::make_copy;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Author, Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::documents::storage::StorageKey;
use crate::i18n::Lang;
use crate::jobs::{self, JobKind, NewJob};
use crate::mail::Letter;
use crate::organizations::own_data::model::{DataCopy, Entry};
use crate::organizations::own_data::store;
use crate::web::components::Moment;
use crate::web::site::Site;
use crate::workflow::{Command, CommandError, Effects, Message};

/// How long a copy can be downloaded.
pub(super) const LIFE: Duration = Duration::hours(24);
/// After so long nobody makes it any more: its job was given up or lost.
const ABANDONED_AFTER: Duration = Duration::hours(24);
/// Copies on the page.
const SHOWN: i64 = 10;

/// Where all this is.
pub(super) const HOME: &str = "/account/data";

/// Why no copy is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// One is being made, or waits to be downloaded.
    UnderWay,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a copy is under way")
    }
}

/// The person asks for a copy of what is kept of them; that it is they, the page has made sure of.
pub(super) struct Ask {
    pub lang: Lang,
}

#[async_trait]
impl Command for Ask {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<Refusal>> {
        let id = Uuid::new_v4();
        let person = actor.user_id;
        if store::is_one_under_way(tx, person, now).await?
            || !store::insert_copy(tx, id, (person, self.lang), now).await?
        {
            return Err(CommandError::Refused(Refusal::UnderWay));
        }
        let job = NewJob {
            kind: JobKind::CopyPersonalData,
            payload: json!({ "copy": id }),
            unique_key: Some(person.to_string()),
            run_at: now,
            requested_by: Some(person),
        };
        jobs::enter(tx, &job, now).await?;
        Ok(Effects {
            location: HOME.to_owned(),
            flash: Message::new("own-data-asked"),
            event: Event {
                entity_id: Some(person.0),
                compliance_relevant: true,
                ..Event::security("PERSONAL_DATA_ASKED", Severity::Medium, json!({ "copy": id }))
            },
            outbox: None,
        })
    }
}

/// The viewer's last copies.
pub(super) async fn list(db: &Db, viewer: &Actor) -> sqlx::Result<Vec<DataCopy>> {
    let mut tx = db.begin_as(viewer).await?;
    let copies = store::list_own(&mut tx, viewer, SHOWN).await?;
    tx.commit().await?;
    Ok(copies)
}

/// What is kept of people, why and for how long.
pub(super) async fn register(db: &Db, viewer: &Actor) -> sqlx::Result<Vec<Entry>> {
    let mut tx = db.begin_as(viewer).await?;
    let entries = store::list_register(&mut tx).await?;
    tx.commit().await?;
    Ok(entries)
}

/// What became of wanting a copy.
pub(super) enum Taking {
    /// It is handed over, and lies here.
    Taken(StorageKey),
    /// It was handed over before, or its time is over.
    Gone,
    /// It is not the viewer's, or there is none.
    NotFound,
}

/// Hands the viewer's copy over: from now on nobody gets it any more, and that is on record before the first byte leaves.
pub(super) async fn take(db: &Db, viewer: &Actor, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Taking> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(path) = store::take(&mut tx, viewer, id, now).await? else {
        let is_own = store::is_own(&mut tx, viewer, id).await?;
        tx.rollback().await?;
        return Ok(if is_own { Taking::Gone } else { Taking::NotFound });
    };
    let event = Event {
        entity_id: Some(viewer.user_id.0),
        compliance_relevant: true,
        ..Event::security("PERSONAL_DATA_TAKEN", Severity::High, json!({ "copy": id }))
    };
    audit::record(&mut tx, Author::from(viewer), &event, now).await?;
    tx.commit().await?;
    Ok(StorageKey::from_path(&path).map_or(Taking::Gone, Taking::Taken))
}

/// The mail that says that a copy is ready; none when the person cannot be written to, or has it.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_ready(
    tx: &mut Tx,
    (copy, lang): (Uuid, Lang),
    site: &Site,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Letter>> {
    let Some(to) = store::find_receiver(tx, copy, now).await? else { return Ok(None) };
    let facts =
        [("name", to.full_name), ("until", Moment::at(lang, to.expires_at).text), ("link", site.absolute_url(HOME))];
    let text = lang.fill("mail-data-copy-text", facts);
    Ok(Some(Letter { to: to.email, subject: lang.t("mail-data-copy-subject"), text }))
}

/// Gives up copies that nobody makes any more, so that their people can ask again. What of copies goes when is a matter of
/// retention.
///
/// # Errors
/// When the database cannot be reached.
pub async fn give_up_abandoned(db: &Db, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_worker().await?;
    store::update_abandoned(&mut tx, now - ABANDONED_AFTER, now).await?;
    tx.commit().await
}
