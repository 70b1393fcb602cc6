//! Granting and ending roles, doing somebody's work while they are absent, and narrowing what a role may do; each on record.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use serde_json::json;

use super::model::{Change, Colleague, Grant, House, Period, Rests, RoleChange, Roster, Standing};
use super::rules::{self, Refusal};
use super::store::{self, NewGrant, NewRestriction};
use crate::audit::{Event, Severity};
use crate::auth::{Actor, Permission, Role};
use crate::database::{Db, Tx};
use crate::i18n::Lang;
use crate::ids::{GrantId, RestrictionId, UserId};
use crate::mail::{self, Letter, MailKind, NewMail};
use crate::web::components::Moment;
use crate::web::site::Site;
use crate::workflow::{Command, CommandError, Effects, Message, OutboxEvent};

/// The roles of one's organisation.
pub(super) const HOME: &str = "/staff/roles";
/// Who does one's own work, and whose one does.
pub(super) const OWN: &str = "/account/delegations";
/// What has ended stays on the page for so long; after that it is in the record.
const SHOWN_FOR: Duration = Duration::days(90);

type Failure = CommandError<Refusal>;

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// The roles of the viewer's own organisation, or of the one with this code; none when the viewer sees no such one.
pub(super) async fn find(
    db: &Db,
    viewer: &Actor,
    code: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Roster>> {
    let mut tx = db.begin_as(viewer).await?;
    let own = &viewer.organization;
    let house = match code {
        None => Some(House::from(own)),
        Some(code) if code == own.code => Some(House::from(own)),
        Some(code) if viewer.may(Permission::ViewAudit) => store::find_house(&mut tx, code).await?,
        Some(_) => None,
    };
    let roster = match house {
        Some(house) => Some(roster(&mut tx, house, now).await?),
        None => None,
    };
    tx.commit().await?;
    Ok(roster)
}

async fn roster(tx: &mut Tx, house: House, now: DateTime<Utc>) -> sqlx::Result<Roster> {
    let since = now - SHOWN_FOR;
    let people = store::list_people(tx, house.id).await?;
    let grants = store::list_grants(tx, house.id, since).await?;
    let restrictions = store::list_restrictions(tx, house.id, since).await?;
    Ok(Roster { house, people, grants, restrictions })
}

impl Roster {
    fn colleague(&self, id: UserId) -> Result<&Colleague, Failure> {
        self.people.iter().find(|one| one.id == id).ok_or(CommandError::Refused(Refusal::NotFound))
    }

    fn grant(&self, id: GrantId) -> Result<&Grant, Failure> {
        self.grants.iter().find(|one| one.id == id).ok_or(CommandError::Refused(Refusal::NotFound))
    }
}

/// In what capacity somebody changes a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Capacity {
    /// As who administers the organisation.
    Administrator,
    /// As who is absent themselves.
    Absent,
}

impl Capacity {
    const fn home(self) -> &'static str {
        match self {
            Self::Administrator => HOME,
            Self::Absent => OWN,
        }
    }

    const fn by(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Absent => "absent",
        }
    }

    /// Whether the role of `source`'s holder is the actor's to hand on or to take back.
    fn covers(self, actor: &Actor, holder: UserId) -> bool {
        match self {
            Self::Administrator => actor.may(Permission::ManageRoles),
            Self::Absent => holder == actor.user_id,
        }
    }
}

/// Somebody is to hold a role.
pub(super) struct GrantRole {
    pub person: UserId,
    pub role: Role,
    pub period: Period,
    /// Of who grants it, for the day on which it begins.
    pub lang: Lang,
}

#[async_trait]
impl Command for GrantRole {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let all = roster(tx, (&actor.organization).into(), now).await?;
        let person = all.colleague(self.person)?;
        let held: Vec<Grant> = held_by(&all, person.id);
        let wanted = (self.role, begun(self.period, now));
        if let Some(refusal) = rules::against_granting(all.house.kind, actor.user_id, (person, &held), wanted) {
            return Err(refusal.into());
        }
        let new = NewGrant {
            id: GrantId::new(),
            person: person.id,
            role: self.role,
            period: self.period,
            delegated_from: None,
            reason: None,
        };
        store::insert_grant(tx, actor, &new, now).await.map_err(refused_by_database)?;
        let details =
            json!({ "grant": new.id, "role": self.role, "from": self.period.from, "until": self.period.until });
        let change = RoleChange {
            person: person.id,
            grant: new.id,
            role: self.role,
            kind: Change::Granted,
            period: self.period,
        };
        let told = told(Some(actor), vec![change]);
        // One that begins later is not held yet.
        let flash = match self.period.from {
            None => Message::new("roles-granted"),
            Some(from) => Message::new("roles-granted-later").with("from", Moment::beginning(self.lang, from).text),
        };
        Ok(Effects {
            location: HOME.to_owned(),
            flash: flash.with("name", person.name.clone()),
            event: about(person.id, "ROLE_GRANTED", details),
            outbox: told,
        })
    }
}

/// A grant or a delegation is to end.
pub(super) struct EndGrant {
    pub grant: GrantId,
    pub capacity: Capacity,
}

#[async_trait]
impl Command for EndGrant {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let all = roster(tx, (&actor.organization).into(), now).await?;
        let grant = all.grant(self.grant)?;
        let delegator = grant.delegated_by.as_ref().map(|(id, _)| *id);
        let is_theirs = match self.capacity {
            Capacity::Administrator => actor.may(Permission::ManageRoles),
            Capacity::Absent => delegator == Some(actor.user_id),
        };
        if !is_theirs {
            return Err(Refusal::NotFound.into());
        }
        if grant.person == actor.user_id {
            return Err(Refusal::Oneself.into());
        }
        // What rests on it ends with it.
        let mut changes = store::list_resting(tx, Rests::OnGrant(grant.id), now).await?;
        if !store::update_ended(tx, actor, grant.id, now).await? {
            return Err(Refusal::NotFound.into());
        }
        changes.push(RoleChange {
            person: grant.person,
            grant: grant.id,
            role: grant.role,
            kind: if delegator.is_some() { Change::DelegationEnded } else { Change::Ended },
            period: Period::default(),
        });
        let details = json!({ "grant": grant.id, "role": grant.role, "by": self.capacity.by() });
        let (event_type, said) = match delegator {
            Some(_) => ("ROLE_DELEGATION_ENDED", "roles-delegation-ended"),
            None => ("ROLE_ENDED", "roles-ended"),
        };
        let mut effects = done((self.capacity.home(), said), &grant.name, about(grant.person, event_type, details));
        effects.outbox = told(Some(actor), changes);
        Ok(effects)
    }
}

/// Somebody is to do the work of who is absent.
pub(super) struct Delegate {
    pub source: GrantId,
    pub to: UserId,
    pub period: Period,
    pub reason: String,
    pub capacity: Capacity,
}

#[async_trait]
impl Command for Delegate {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let all = roster(tx, (&actor.organization).into(), now).await?;
        let source = all.grant(self.source)?;
        if !self.capacity.covers(actor, source.person) {
            return Err(Refusal::NotFound.into());
        }
        let delegate = all.colleague(self.to)?;
        // Who administers stands in for nobody; and nobody grants to themselves.
        if delegate.id == actor.user_id {
            return Err(Refusal::Oneself.into());
        }
        let held = held_by(&all, delegate.id);
        let refusal = rules::against_delegating(all.house.kind, source, (delegate, &held), self.period, now);
        if let Some(refusal) = refusal {
            return Err(refusal.into());
        }
        let new = NewGrant {
            id: GrantId::new(),
            person: delegate.id,
            role: source.role,
            period: self.period,
            delegated_from: Some(source.id),
            reason: Some(&self.reason),
        };
        store::insert_grant(tx, actor, &new, now).await.map_err(refused_by_database)?;
        let lang = store::find_language(tx, delegate.id).await?;
        let lang = lang.and_then(|code| Lang::from_code(&code)).unwrap_or_default();
        let organization = Some(actor.organization.id);
        let mail = NewMail { kind: MailKind::RoleDelegated, subject: new.id.0, lang, organization };
        mail::ask(tx, &mail, now).await?;
        let mut event = about(
            delegate.id,
            "ROLE_DELEGATED",
            json!({
                "grant": new.id,
                "role": source.role,
                "absent": source.person,
                "from": self.period.from,
                "until": self.period.until,
                "by": self.capacity.by(),
            }),
        );
        event.private = Some(json!({ "reason": self.reason }));
        let change = RoleChange {
            person: delegate.id,
            grant: new.id,
            role: source.role,
            kind: Change::Delegated,
            period: self.period,
        };
        let mut effects = done((self.capacity.home(), "roles-delegated"), &delegate.name, event);
        effects.outbox = told(Some(actor), vec![change]);
        Ok(effects)
    }
}

/// Something is taken away from a role here.
pub(super) struct Narrow {
    pub role: Role,
    pub permission: Permission,
    pub until: Option<DateTime<Utc>>,
    pub reason: String,
}

#[async_trait]
impl Command for Narrow {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let all = roster(tx, (&actor.organization).into(), now).await?;
        let wanted = (self.role, self.permission);
        if let Some(refusal) = rules::against_narrowing(all.house.kind, wanted, &all.restrictions, now) {
            return Err(refusal.into());
        }
        let (role, permission) = wanted;
        let new =
            NewRestriction { id: RestrictionId::new(), role, permission, until: self.until, reason: &self.reason };
        store::insert_restriction(tx, actor, &new, now).await?;
        let details = json!({
            "restriction": new.id,
            "role": role,
            "permission": permission.code(),
            "until": self.until,
            "reason": self.reason,
        });
        // It is about everybody of that role; it stands with who has decided it.
        Ok(done((HOME, "roles-narrowed"), "", about(actor.user_id, "ROLE_NARROWED", details)))
    }
}

/// What was taken away from a role is given back.
pub(super) struct Widen {
    pub id: RestrictionId,
}

#[async_trait]
impl Command for Widen {
    type Refusal = Refusal;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let lifted = store::update_lifted(tx, actor, self.id, now).await?;
        let (role, permission) = lifted.ok_or(CommandError::Refused(Refusal::NotFound))?;
        let details = json!({ "restriction": self.id, "role": role, "permission": permission });
        Ok(done((HOME, "roles-widened"), "", about(actor.user_id, "ROLE_WIDENED", details)))
    }
}

/// The delegations that end with what they rest on; asked before it ends.
///
/// # Errors
/// When the database fails.
pub(in crate::organizations) async fn list_resting(
    tx: &mut Tx,
    on: Rests,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<RoleChange>> {
    store::list_resting(tx, on, now).await
}

/// The news of `changes` for those whom they are about; none where there are none.
pub(in crate::organizations) fn told(by: Option<&Actor>, changes: Vec<RoleChange>) -> Option<OutboxEvent> {
    let first = changes.first()?.person;
    let told: Vec<_> = changes
        .into_iter()
        .map(|change| {
            json!({
                "person": change.person,
                "grant": change.grant,
                "change": change.kind.code(),
                "role": change.role,
                "from": change.period.from,
                "until": change.period.until,
            })
        })
        .collect();
    let payload = json!({ "by": by.map(|actor| actor.user_id), "told": told });
    Some(OutboxEvent { kind: "role.changed", subject: "user", subject_id: first.0, payload })
}

/// What a person holds or will hold.
fn held_by(all: &Roster, person: UserId) -> Vec<Grant> {
    all.grants.iter().filter(|grant| grant.person == person).cloned().collect()
}

/// A period that begins at once begins now: what ended before is no matter.
fn begun(period: Period, now: DateTime<Utc>) -> Period {
    Period { from: period.from.or(Some(now)), ..period }
}

fn about(person: UserId, event_type: &'static str, details: serde_json::Value) -> Event {
    Event { entity_id: Some(person.0), ..Event::security(event_type, Severity::Critical, details) }
}

fn done((home, said): (&str, &str), name: &str, event: Event) -> Effects {
    Effects { location: home.to_owned(), flash: Message::new(said).with("name", name.to_owned()), event, outbox: None }
}

/// Two at once: what the rules could not see yet, the trigger has seen.
fn refused_by_database(error: sqlx::Error) -> Failure {
    let refusal = match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
        Some("user_roles_held_once") => Refusal::HeldThen,
        Some("user_roles_kept_apart") => Refusal::KeptApart,
        Some("user_roles_delegable") => Refusal::NotDelegable,
        Some("user_roles_fits") => Refusal::RoleDoesNotFit,
        // Erased meanwhile.
        Some("user_roles_erased") => Refusal::NotFound,
        _ => return CommandError::Database(error),
    };
    CommandError::Refused(refusal)
}

/// The mail to somebody who is to do another's work; none when it is over, or nobody is known to read mail at the address.
///
/// # Errors
/// When the database cannot be reached.
pub async fn write_delegated(
    tx: &mut Tx,
    (id, lang): (GrantId, Lang),
    site: &Site,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Letter>> {
    let Some(told) = store::find_told(tx, id, now).await? else { return Ok(None) };
    let facts = [
        ("name", told.full_name),
        ("absent", told.absent),
        ("role", lang.name_of("role", told.role.code())),
        ("from", Moment::beginning(lang, told.from).text),
        ("until", Moment::end(lang, told.until).text),
        ("link", site.absolute_url(OWN)),
    ];
    let text = lang.fill("mail-role-delegated-text", facts);
    Ok(Some(Letter { to: told.email, subject: lang.t("mail-role-delegated-subject"), text }))
}

/// Grants of the viewer: those whose work they may hand on, and the delegations that they have given or been given.
pub(super) struct OwnDelegations {
    pub roster: Roster,
    pub sources: Vec<Grant>,
    pub delegations: Vec<Grant>,
}

/// What concerns the viewer.
pub(super) async fn find_own(db: &Db, viewer: &Actor, now: DateTime<Utc>) -> sqlx::Result<OwnDelegations> {
    let mut tx = db.begin_as(viewer).await?;
    let roster = roster(&mut tx, (&viewer.organization).into(), now).await?;
    tx.commit().await?;
    let own = viewer.user_id;
    let sources = roster.grants.iter().filter(|grant| grant.person == own);
    let sources = sources.filter(|grant| rules::may_be_delegated(roster.house.kind, grant, now)).cloned().collect();
    let concerns =
        |grant: &&Grant| grant.delegated_by.as_ref().is_some_and(|(absent, _)| *absent == own || grant.person == own);
    let mut delegations: Vec<Grant> = roster.grants.iter().filter(concerns).cloned().collect();
    delegations.sort_by_key(|grant| (grant.standing(now) == Standing::Ended, grant.period.from));
    Ok(OwnDelegations { sources, delegations, roster })
}
