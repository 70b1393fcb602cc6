//! Asking to be erased, confirming it, and thinking better of it.

mod carrying_out;
mod letters;
mod replaying;

pub use carrying_out::{carry_out_due, forget_farewell};
pub use letters::write_mail;
pub use replaying::{Replayed, list_ledger, replay};

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;
use uuid::Uuid;

use super::model::{Erasure, Plan, Refusal};
use super::store::{self, Opened};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::{Actor, Origin};
use crate::database::{Db, Tx};
use crate::i18n::Lang;
use crate::mail::{self, MailKind, NewMail};
use crate::organizations::link_token::LinkToken;
use crate::workflow::{Command, CommandError, Effects, Message};

/// How long the link works.
pub(super) const LIFE: Duration = Duration::hours(24);
/// From confirming it to doing it.
pub(super) const GRACE: Duration = Duration::days(30);
/// Erasures on a person's page.
const SHOWN: i64 = 10;
/// Erasures on the page of who runs or audits the system.
const SHOWN_OF_ALL: i64 = 200;

/// Where all this is.
pub(super) const HOME: &str = "/account/erasure";

/// Why nothing comes of asking, or of withdrawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is asked for already.
    UnderWay,
    /// There is no address to which the link could go.
    NoAddress,
    /// The person is still needed.
    Needed(Refusal),
    /// There is nothing to withdraw.
    NothingOpen,
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::UnderWay => f.write_str("an erasure is under way"),
            Self::NoAddress => f.write_str("no address is known"),
            Self::Needed(refusal) => write!(f, "not now: {refusal}"),
            Self::NothingOpen => f.write_str("nothing is open"),
        }
    }
}

fn event(event_type: &'static str, severity: Severity, (person, erasure): (Uuid, Uuid)) -> Event {
    Event {
        entity_id: Some(person),
        compliance_relevant: true,
        ..Event::security(event_type, severity, json!({ "erasure": erasure }))
    }
}

/// The person asks to be erased; that it is they, the page has made sure of.
pub(super) struct Ask {
    pub lang: Lang,
}

#[async_trait]
impl Command for Ask {
    type Refusal = Unfit;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<Unfit>> {
        let (id, person) = (Uuid::new_v4(), actor.user_id);
        if let Some(refusal) = store::find_refusal(tx, person).await? {
            return Err(CommandError::Refused(Unfit::Needed(refusal)));
        }
        if !store::has_address(tx).await? {
            return Err(CommandError::Refused(Unfit::NoAddress));
        }
        store::update_lapsed(tx, actor, now).await?;
        if !store::insert_asked(tx, id, (person, self.lang), (now, now + LIFE)).await? {
            return Err(CommandError::Refused(Unfit::UnderWay));
        }
        let mail = NewMail { kind: MailKind::ErasureAsked, subject: id, lang: self.lang, organization: None };
        mail::ask(tx, &mail, now).await?;
        Ok(Effects {
            location: HOME.to_owned(),
            flash: Message::new("erasure-asked"),
            event: event("ERASURE_ASKED", Severity::High, (person.0, id)),
            outbox: None,
        })
    }
}

/// The person stays.
pub(super) struct Withdraw;

#[async_trait]
impl Command for Withdraw {
    type Refusal = Unfit;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<Unfit>> {
        let withdrawn = store::update_withdrawn(tx, actor, now).await?;
        let id = withdrawn.ok_or(CommandError::Refused(Unfit::NothingOpen))?;
        Ok(Effects {
            location: HOME.to_owned(),
            flash: Message::new("erasure-withdrawn"),
            event: event("ERASURE_WITHDRAWN", Severity::Medium, (actor.user_id.0, id)),
            outbox: None,
        })
    }
}

/// What the viewer's page shows.
pub(super) struct Overview {
    pub erasures: Vec<Erasure>,
    pub plan: Vec<Plan>,
    pub unfit: Option<Unfit>,
}

/// What the viewer's page shows.
pub(super) async fn overview(db: &Db, viewer: &Actor) -> sqlx::Result<Overview> {
    let mut tx = db.begin_as(viewer).await?;
    let erasures = store::list_own(&mut tx, viewer, SHOWN).await?;
    let plan = store::list_plan(&mut tx).await?;
    let unfit = match store::find_refusal(&mut tx, viewer.user_id).await? {
        Some(refusal) => Some(Unfit::Needed(refusal)),
        None if !store::has_address(&mut tx).await? => Some(Unfit::NoAddress),
        None => None,
    };
    tx.commit().await?;
    Ok(Overview { erasures, plan, unfit })
}

/// Everybody's, without saying whose.
pub(super) async fn list(db: &Db, viewer: &Actor) -> sqlx::Result<Vec<Erasure>> {
    let mut tx = db.begin_as(viewer).await?;
    let erasures = store::list_all(&mut tx, SHOWN_OF_ALL).await?;
    tx.commit().await?;
    Ok(erasures)
}

/// One that is done.
pub(super) async fn find_done(db: &Db, viewer: &Actor, id: Uuid) -> sqlx::Result<Option<Erasure>> {
    let mut tx = db.begin_as(viewer).await?;
    let erasure = store::find_done(&mut tx, id).await?;
    tx.commit().await?;
    Ok(erasure)
}

/// The one whose certificate the link of the last mail opens.
pub(super) async fn find_certified(db: &Db, token: &LinkToken) -> sqlx::Result<Option<Erasure>> {
    let mut tx = db.begin_gate().await?;
    let erasure = store::find_certified(&mut tx, token).await?;
    tx.commit().await?;
    Ok(erasure)
}

/// What the link opens, if it still does.
pub(super) async fn find_open(db: &Db, token: &LinkToken, now: DateTime<Utc>) -> sqlx::Result<Option<Opened>> {
    let mut tx = db.begin_gate().await?;
    let found = store::find_open(&mut tx, token, now).await?;
    tx.commit().await?;
    Ok(found)
}

/// Confirms what the link opened. Confirmed already, nothing more is done.
pub(super) async fn confirm(db: &Db, opened: &Opened, origin: &Origin, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_gate().await?;
    if !store::update_confirmed(&mut tx, opened.id, (now, now + GRACE)).await? {
        return tx.rollback().await;
    }
    let lang = Lang::from_code(&opened.language).unwrap_or_default();
    let mail = NewMail { kind: MailKind::ErasureConfirmed, subject: opened.id, lang, organization: None };
    mail::ask(&mut tx, &mail, now).await?;
    let author = Author {
        user: Some(opened.user_id),
        organization: Some(opened.organization_id),
        roles: &[],
        delegations: &[],
        origin,
    };
    let event = event("ERASURE_CONFIRMED", Severity::High, (opened.user_id.0, opened.id));
    audit::record(&mut tx, author, &event, now).await?;
    tx.commit().await
}

/// The page that a link leads to.
pub(super) fn path_of(token: &LinkToken) -> String {
    format!("/erasure/{}", token.text())
}

/// The certificate that the link of the last mail leads to.
pub(super) fn certificate_path_of(token: &LinkToken) -> String {
    format!("/erasure/{}/certificate", token.text())
}
