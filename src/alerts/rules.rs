//! What is an alert, and who may acknowledge one. Pure: over events and figures, without a clock.

mod record;
mod signer;

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sqlx::types::ipnetwork::IpNetwork;
use uuid::Uuid;

pub(super) use self::record::{RECORD, of_record};
pub(super) use self::signer::{SIGNER, of_signer};
use super::model::{Acknowledged, Alert, Measure, Noted, Rule, Seen, SubjectKind, Terms};
use crate::audit::Severity;
use crate::auth::Role;
use crate::documents::service::{INFECTED_FOUND, INFECTED_REFUSED};

/// A failed sign-in.
pub(super) const FAILURE: &str = "LOGIN_FAILED";
/// What leaves the house: lists and reports as files, and documents.
pub(super) const DOWNLOADS: [&str; 2] = ["DATA_EXPORT", "DOCUMENT_DOWNLOADED"];
/// What changes who may do what. Events whose type begins with [`ROLE`] do, too.
pub(super) const CHANGES: [&str; 5] =
    ["USER_INVITED", "USER_CREATED", "USER_ENABLED", "USER_DISABLED", "PASSWORD_RESET"];
/// A file that somebody has brought is infected: refused, or found later.
pub(super) const INFECTED: [&str; 2] = [INFECTED_REFUSED, INFECTED_FOUND];
/// How the types of events about a person's roles begin.
pub(super) const ROLE: &str = "ROLE_";

/// The time that counts as a day of downloads.
const DAY: Duration = Duration::hours(24);
/// What is usual is the median of the days with downloads among so many before.
pub(super) const USUAL_DAYS: usize = 30;

/// What a rule has found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hit {
    pub rule: Rule,
    pub subject: Subject,
    pub organization: Option<Uuid>,
    pub severity: Severity,
    pub measure: Measure,
    pub threshold: i64,
    /// What was measured; of what is counted event by event, the events are the figure.
    pub measured: Option<Measured>,
    /// The events behind it, the earliest first; never none.
    pub events: Vec<Noted>,
}

impl Hit {
    /// Whether it is an alert where none is open: that something is over is added to the alert about it, and is none by itself.
    pub(super) fn opens(&self) -> bool {
        self.events.iter().any(|event| event.event_type != signer::BACK)
    }
}

/// How much somebody has taken away, since when, and how much is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measured {
    pub figure: i64,
    pub usual: i64,
    pub from: DateTime<Utc>,
}

/// What a hit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A person.
    User(Uuid),
    /// An invitation.
    Invitation(Uuid),
    /// The keys of an organisation.
    Keys(Uuid),
    /// A certificate.
    Certificate(Uuid),
    /// The signer.
    Signer(Uuid),
    /// The record.
    Record(Uuid),
    /// A network.
    Network(IpNetwork),
}

impl Subject {
    /// Its id; a network has none but that of an event.
    pub(super) const fn id(self) -> Option<Uuid> {
        match self {
            Self::User(id)
            | Self::Invitation(id)
            | Self::Keys(id)
            | Self::Certificate(id)
            | Self::Signer(id)
            | Self::Record(id) => Some(id),
            Self::Network(_) => None,
        }
    }

    pub(super) const fn kind(self) -> SubjectKind {
        match self {
            Self::User(_) => SubjectKind::User,
            Self::Invitation(_) => SubjectKind::Invitation,
            Self::Keys(_) => SubjectKind::Keys,
            Self::Certificate(_) => SubjectKind::Certificate,
            Self::Signer(_) => SubjectKind::Signer,
            Self::Record(_) => SubjectKind::Record,
            Self::Network(_) => SubjectKind::Network,
        }
    }
}

/// A failed sign-in with what is known of it.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub event: Noted,
    /// Whose account was tried; nobody's where no account has the name.
    pub account: Option<Uuid>,
    pub organization: Option<Uuid>,
    /// From where, as long as that is kept.
    pub network: Option<IpNetwork>,
    /// Whether nobody has looked at it yet.
    pub is_new: bool,
    /// In acknowledged alerts about what it was counted before.
    pub spent: Vec<SubjectKind>,
}

/// The alerts that failed sign-ins raise: of one account, however many networks they come from, and from one network, as many
/// different names as make an alert. One person who mistypes their password is one name. `failures` are in the order of time,
/// and reach as far around the new ones as they count together.
pub(super) fn of_failures(failures: &[Failure], terms: &Terms) -> Vec<Hit> {
    let (mut accounts, mut networks) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
    for failure in failures {
        if let Some(account) = failure.account.filter(|_| !failure.spent.contains(&SubjectKind::User)) {
            accounts.entry(account).or_default().push(failure);
        }
        if let Some(network) = failure.network.filter(|_| !failure.spent.contains(&SubjectKind::Network)) {
            networks.entry(network).or_default().push(failure);
        }
    }
    let hit = |subject, organization, severity, dense: Vec<&Failure>| Hit {
        rule: Rule::FailedSignIns,
        subject,
        organization,
        severity,
        measure: Measure::Failures,
        threshold: i64::try_from(terms.failures).unwrap_or(i64::MAX),
        measured: None,
        events: dense.into_iter().map(|failure| failure.event.clone()).collect(),
    };
    let of_accounts = accounts.into_iter().filter_map(|(account, failures)| {
        let dense = dense(&failures, terms, |failure| failure.event.id);
        let organization = dense.first()?.organization;
        Some(hit(Subject::User(account), organization, Severity::High, dense))
    });
    let of_networks = networks.into_iter().filter_map(|(network, failures)| {
        let dense = dense(&failures, terms, |failure| failure.account.unwrap_or(failure.event.id));
        (!dense.is_empty()).then(|| hit(Subject::Network(network), None, Severity::Critical, dense))
    });
    of_accounts.chain(of_networks).collect()
}

/// The failures within windows that are as full of different targets as makes an alert, and that hold a new one.
fn dense<'a>(failures: &[&'a Failure], terms: &Terms, target: impl Fn(&Failure) -> Uuid) -> Vec<&'a Failure> {
    let (mut found, mut taken) = (Vec::new(), 0);
    let (mut start, mut last_new) = (0, None);
    let mut targets: HashMap<Uuid, usize> = HashMap::new();
    for (end, failure) in failures.iter().enumerate() {
        *targets.entry(target(failure)).or_default() += 1;
        if failure.is_new {
            last_new = Some(end);
        }
        while failure.event.at - failures[start].event.at > terms.within {
            let gone = target(failures[start]);
            if let Some(count) = targets.get_mut(&gone) {
                *count -= 1;
                if *count == 0 {
                    targets.remove(&gone);
                }
            }
            start += 1;
        }
        if targets.len() >= terms.failures && last_new >= Some(start) {
            found.extend(&failures[start.max(taken)..=end]);
            taken = end + 1;
        }
    }
    found
}

/// The alerts that changes of what people may do raise, each by itself.
pub(super) fn of_changes(events: &[Seen]) -> Vec<Hit> {
    events
        .iter()
        .filter_map(|event| {
            let (subject, severity) = change_of(event)?;
            Some(Hit {
                rule: Rule::PrivilegeChange,
                subject,
                organization: event.organization,
                severity,
                measure: Measure::Changes,
                threshold: 1,
                measured: None,
                events: vec![event.into()],
            })
        })
        .collect()
}

/// Whose rights an event changes, and how much that matters: who comes in with a role that decides over others or over cases,
/// who is let in or shut out, whose password an operator sets, whose roles change. A clerk or an officer who is invited is
/// everyday.
fn change_of(event: &Seen) -> Option<(Subject, Severity)> {
    let role = event.details.get("role").and_then(|role| role.as_str()).and_then(Role::from_code);
    // An operator at the command line has no account.
    let is_operators = event.actor.is_none();
    let matters = match event.event_type.as_str() {
        "USER_INVITED" | "USER_CREATED" => is_operators || role.is_some_and(decides_over_others),
        kind => CHANGES.contains(&kind) || kind.starts_with(ROLE),
    };
    let subject = match (event.entity_type.as_str(), event.entity?) {
        ("user", id) => Subject::User(id),
        ("invitation", id) => Subject::Invitation(id),
        _ => return None,
    };
    let is_grave = is_operators || role.is_some_and(sees_everything);
    matters.then_some((subject, if is_grave { Severity::Critical } else { Severity::High }))
}

const fn decides_over_others(role: Role) -> bool {
    match role {
        Role::Owner | Role::Supervisor | Role::OrgAdmin | Role::Auditor | Role::SystemAdmin => true,
        Role::Clerk | Role::Officer => false,
    }
}

const fn sees_everything(role: Role) -> bool {
    match role {
        Role::Auditor | Role::SystemAdmin => true,
        Role::Owner | Role::Supervisor | Role::OrgAdmin | Role::Clerk | Role::Officer => false,
    }
}

/// The alerts that infected files raise, each by itself: their sender may know nothing of it, and should.
pub(super) fn of_infected(events: &[Seen]) -> Vec<Hit> {
    events
        .iter()
        .filter(|event| INFECTED.contains(&event.event_type.as_str()))
        .filter_map(|event| {
            let sender = event.details.get("uploaded_by")?.as_str()?.parse().ok()?;
            Some(Hit {
                rule: Rule::InfectedFiles,
                subject: Subject::User(sender),
                organization: event.organization,
                severity: Severity::High,
                measure: Measure::Files,
                threshold: 1,
                measured: None,
                events: vec![event.into()],
            })
        })
        .collect()
}

/// Something that somebody has taken away.
#[derive(Debug, Clone)]
pub(super) struct Download {
    pub event: Noted,
    pub organization: Option<Uuid>,
    pub rows: i64,
    /// Whether nobody has looked at it yet.
    pub is_new: bool,
}

/// The alert that the downloads of one person raise: their 24 hours have more rows, or more files, than so many times the median
/// of the days with downloads among the 30 before, and not just a few. `downloads` are in the order of time; what lies before
/// `since` was acknowledged and makes no alert any more. Of several the last is told.
pub(super) fn of_downloads(
    person: Uuid,
    downloads: &[Download],
    since: Option<DateTime<Utc>>,
    terms: &Terms,
) -> Option<Hit> {
    downloads.iter().rev().filter(|download| download.is_new).find_map(|download| {
        let (measure, measured, threshold) = unusual(downloads, download.event.at, since, terms)?;
        Some(Hit {
            rule: Rule::UnusualExports,
            subject: Subject::User(person),
            organization: download.organization,
            severity: Severity::High,
            measure,
            threshold,
            measured: Some(measured),
            events: vec![download.event.clone()],
        })
    })
}

/// What is unusual about the 24 hours that end at `at`: rows before files.
fn unusual(
    downloads: &[Download],
    at: DateTime<Utc>,
    since: Option<DateTime<Utc>>,
    terms: &Terms,
) -> Option<(Measure, Measured, i64)> {
    let mut days = vec![None; USUAL_DAYS + 1];
    let mut now = (0, 0);
    for download in downloads {
        let age = at - download.event.at;
        let Ok(day) = usize::try_from(age.num_seconds().div_euclid(DAY.num_seconds())) else { continue };
        // A part of a second before the moment is no second before it.
        if age < Duration::zero() || day > USUAL_DAYS {
            continue;
        }
        let (rows, files) = days[day].get_or_insert((0, 0));
        *rows += download.rows;
        *files += 1;
        if day == 0 && since.is_none_or(|since| download.event.at > since) {
            now.0 += download.rows;
            now.1 += 1;
        }
    }
    let from = since.map_or(at - DAY, |since| since.max(at - DAY));
    let before = || days[1..].iter().flatten();
    let judged = |measure, figure: i64, floor: i64, usual: Decimal| {
        // More than so many times the usual, in whole ones.
        let above = (terms.factor * usual).floor().to_i64().unwrap_or(i64::MAX).saturating_add(1);
        let threshold = above.max(floor);
        let usual = usual.floor().to_i64().unwrap_or(i64::MAX);
        (figure >= threshold).then_some((measure, Measured { figure, usual, from }, threshold))
    };
    judged(Measure::Rows, now.0, terms.rows, median(before().map(|day| day.0)))
        .or_else(|| judged(Measure::Files, now.1, terms.files, median(before().map(|day| day.1))))
}

/// The middle of the figures, between the two middle ones of an even number; 0 of none.
fn median(figures: impl Iterator<Item = i64>) -> Decimal {
    let mut figures: Vec<i64> = figures.collect();
    figures.sort_unstable();
    let middle = figures.len() / 2;
    match figures.as_slice() {
        [] => Decimal::ZERO,
        all if all.len().is_multiple_of(2) => {
            (Decimal::from(all[middle - 1]) + Decimal::from(all[middle])) / Decimal::TWO
        }
        all => all[middle].into(),
    }
}

/// Why an alert is not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is no such alert within the actor's reach.
    NotFound,
    /// Somebody was quicker.
    Already(Acknowledged),
    /// It is about the actor, or about what they have done.
    Concerned,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotFound => "there is no such alert",
            Self::Already(_) => "it is acknowledged already",
            Self::Concerned => "it is about who wants to acknowledge it",
        })
    }
}

/// What stands against acknowledging `alert`. The page asks for its form, the command before it writes.
pub(super) fn against_acknowledging(alert: &Alert) -> Option<Refusal> {
    match &alert.acknowledged {
        Some(done) => Some(Refusal::Already(done.clone())),
        None => alert.concerns_viewer.then_some(Refusal::Concerned),
    }
}

#[cfg(test)]
mod tests;
