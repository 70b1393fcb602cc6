//! Who hears of what, how, and when a mail may come. Pure.

use chrono::{DateTime, Duration, NaiveTime, Timelike, Utc};

use super::model::{Choice, MailChoice, NewsEvent, Times};
use crate::auth::permission::permissions_of;
use crate::auth::{OrganizationKind as Kind, Permission, Role};
use crate::calendar::{eat, eat_date, start_of_day};

/// What is older when it is passed on, as after a long pause of the worker, comes with the mail of the day.
const STALE: Duration = Duration::hours(24);

/// Where the desks of exports are.
const DESKS: &[Kind] = &[Kind::CommercialBank, Kind::NationalBank, Kind::Ecta, Kind::ShippingLine, Kind::Customs];
/// All but those who only look.
const WHERE_FILES_COME_FROM: &[Kind] = &[
    Kind::Exporter,
    Kind::CommercialBank,
    Kind::NationalBank,
    Kind::Ecta,
    Kind::Ecx,
    Kind::ShippingLine,
    Kind::Customs,
];
const EXPORTERS: &[Kind] = &[Kind::Exporter];
const PARTIES: &[Kind] = &[Kind::Exporter, Kind::CommercialBank, Kind::ShippingLine];
const EVERYWHERE: &[Kind] =
    &[Kind::Exporter, Kind::CommercialBank, Kind::NationalBank, Kind::Ecta, Kind::ShippingLine, Kind::Customs];

impl NewsEvent {
    /// Whether nobody can mute it. The database says the same.
    #[must_use]
    pub const fn is_critical(self) -> bool {
        match self {
            Self::CaseRejected | Self::SecurityAlert | Self::DocumentInfected | Self::RoleChanged => true,
            Self::CaseWaiting
            | Self::CaseApproved
            | Self::CaseReturned
            | Self::CaseShipped
            | Self::CaseCompleted
            | Self::CaseCancelled
            | Self::CaseMessage
            | Self::ApplicationDecided
            | Self::CertificateAsked
            | Self::CertificateDecided
            | Self::CertificateEnds
            | Self::CertificateEndsElsewhere => false,
        }
    }

    /// How it is told to who has chosen nothing.
    #[must_use]
    pub const fn usual(self) -> Choice {
        let mail = match self {
            // These ask for something, or change somebody's plans.
            Self::CaseReturned
            | Self::CaseRejected
            | Self::CaseCancelled
            | Self::CaseMessage
            | Self::ApplicationDecided
            | Self::SecurityAlert
            | Self::CertificateAsked
            | Self::CertificateDecided
            | Self::CertificateEnds
            | Self::DocumentInfected
            | Self::RoleChanged => MailChoice::Immediate,
            Self::CaseWaiting
            | Self::CaseApproved
            | Self::CaseShipped
            | Self::CaseCompleted
            | Self::CertificateEndsElsewhere => MailChoice::Digest,
        };
        Choice { in_app: true, mail }
    }

    /// What somebody has to be allowed to do for it to concern them; nothing for what is about themselves, or about what they have done.
    const fn needs(self) -> Option<Permission> {
        Some(match self {
            Self::CaseWaiting
            | Self::CaseApproved
            | Self::CaseReturned
            | Self::CaseRejected
            | Self::CaseShipped
            | Self::CaseCompleted
            | Self::CaseCancelled
            | Self::CaseMessage => Permission::WriteMessages,
            Self::ApplicationDecided => Permission::ApplyToExport,
            Self::SecurityAlert => Permission::AcknowledgeAlerts,
            Self::CertificateAsked | Self::CertificateEndsElsewhere => Permission::ApproveCertificates,
            Self::CertificateDecided | Self::CertificateEnds => Permission::RequestCertificates,
            // Also of who may bring no file any more.
            Self::DocumentInfected | Self::RoleChanged => return None,
        })
    }

    /// In which organisations it concerns anybody.
    const fn kinds(self) -> &'static [Kind] {
        match self {
            Self::CaseWaiting => DESKS,
            Self::CaseApproved
            | Self::CaseReturned
            | Self::CaseRejected
            | Self::CaseCompleted
            | Self::ApplicationDecided => EXPORTERS,
            Self::CaseShipped => &[Kind::Exporter, Kind::CommercialBank],
            Self::CaseCancelled => PARTIES,
            Self::CaseMessage => EVERYWHERE,
            Self::DocumentInfected => WHERE_FILES_COME_FROM,
            Self::SecurityAlert
            | Self::RoleChanged
            | Self::CertificateAsked
            | Self::CertificateDecided
            | Self::CertificateEnds
            | Self::CertificateEndsElsewhere => Kind::ALL,
        }
    }

    /// Whether it concerns who may do what `role` may in an organisation of `kind`.
    fn concerns(self, kind: Kind, role: Role) -> bool {
        self.kinds().contains(&kind) && self.needs().is_none_or(|needed| permissions_of(kind, role).contains(needed))
    }
}

/// Whom each event concerns, of those who may see what it is about.
#[must_use]
pub fn audience() -> Vec<(NewsEvent, Kind, Role)> {
    let everybody = || Kind::ALL.iter().flat_map(|kind| Role::ALL.iter().map(move |role| (*kind, *role)));
    let of = |event: NewsEvent| {
        everybody()
            .filter(move |(kind, role)| event.concerns(*kind, *role))
            .map(move |(kind, role)| (event, kind, role))
    };
    NewsEvent::ALL.iter().copied().flat_map(of).collect()
}

/// The events of which somebody with `roles` in an organisation of `kind` may ever hear.
pub(super) fn events_of(kind: Kind, roles: &[Role]) -> Vec<NewsEvent> {
    NewsEvent::ALL.iter().copied().filter(|event| roles.iter().any(|role| event.concerns(kind, *role))).collect()
}

/// Whole hours of Addis Ababa within which no mail comes, over midnight where the end is before the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// The first quiet hour.
    pub from: u8,
    /// The first hour that is not quiet again.
    pub until: u8,
}

impl Quiet {
    /// Whether `hour` is within.
    #[must_use]
    pub const fn has(self, hour: u8) -> bool {
        if self.from < self.until {
            hour >= self.from && hour < self.until
        } else {
            hour >= self.from || hour < self.until
        }
    }

    /// When it is over, where it is quiet at `now`.
    #[must_use]
    pub fn end_after(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let hour = hour_of(eat(now).time());
        if !self.has(hour) {
            return None;
        }
        let today = start_of_day(eat_date(now)) + Duration::hours(self.until.into());
        Some(if today > now { today } else { today + Duration::days(1) })
    }
}

fn hour_of(time: NaiveTime) -> u8 {
    u8::try_from(time.hour()).unwrap_or_default()
}

/// The moment from which a mail tells of an event by itself, of which somebody wants to hear so. None where it comes with the
/// mail of the day. What is critical waits for nobody's quiet hours.
pub(super) fn mail_from(
    event: NewsEvent,
    happened: DateTime<Utc>,
    times: Times,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    if now - happened > STALE {
        return None;
    }
    match times.quiet.filter(|_| !event.is_critical()) {
        Some(quiet) => Some(quiet.end_after(now).unwrap_or(now)),
        None => Some(now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of 2 December 2026 in Addis Ababa.
    fn at(hour: i64, minute: i64) -> DateTime<Utc> {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 2).unwrap();
        start_of_day(day) + Duration::hours(hour) + Duration::minutes(minute)
    }

    #[test]
    fn quiet_hours_go_over_midnight_and_end_once() {
        let night = Quiet { from: 21, until: 6 };
        assert_eq!(night.end_after(at(20, 59)), None);
        assert_eq!(night.end_after(at(21, 0)), Some(at(30, 0)));
        assert_eq!(night.end_after(at(24, 0)), Some(at(30, 0)));
        assert_eq!(night.end_after(at(29, 59)), Some(at(30, 0)));
        assert_eq!(night.end_after(at(30, 0)), None);
        let noon = Quiet { from: 12, until: 14 };
        assert_eq!(noon.end_after(at(11, 59)), None);
        assert_eq!(noon.end_after(at(13, 30)), Some(at(14, 0)));
        assert_eq!(noon.end_after(at(14, 0)), None);
        let until_midnight = Quiet { from: 22, until: 0 };
        assert_eq!(until_midnight.end_after(at(23, 0)), Some(at(24, 0)));
        assert_eq!(until_midnight.end_after(at(24, 0)), None);
    }

    #[test]
    fn a_mail_waits_for_the_end_of_the_quiet_hours_unless_it_is_critical() {
        let times = Times { quiet: Some(Quiet { from: 21, until: 6 }), digest_hour: 8 };
        let now = at(22, 0);
        assert_eq!(mail_from(NewsEvent::CaseMessage, now, times, now), Some(at(30, 0)));
        assert_eq!(mail_from(NewsEvent::SecurityAlert, now, times, now), Some(now));
        assert_eq!(mail_from(NewsEvent::CaseMessage, now, Times::default(), now), Some(now));
        let old = now - Duration::hours(25);
        assert_eq!(mail_from(NewsEvent::CaseMessage, old, times, now), None, "it comes with the mail of the day");
    }

    #[test]
    fn what_is_critical_is_mailed_at_once_and_everything_concerns_somebody() {
        let audience = audience();
        for event in NewsEvent::ALL {
            let usual = event.usual();
            assert!(usual.in_app, "{event}");
            assert!(!event.is_critical() || usual.mail == MailChoice::Immediate, "{event}");
            assert!(audience.iter().any(|(known, ..)| known == event), "{event} concerns nobody");
        }
    }

    #[test]
    fn desks_hear_of_their_queue_and_administrators_of_alerts() {
        let hears = |kind, role| events_of(kind, &[role]);
        let officer = hears(Kind::NationalBank, Role::Officer);
        let own = [NewsEvent::DocumentInfected, NewsEvent::RoleChanged];
        assert_eq!(officer, [&[NewsEvent::CaseWaiting, NewsEvent::CaseMessage], &own[..]].concat());
        assert_eq!(
            hears(Kind::NationalBank, Role::OrgAdmin),
            [
                NewsEvent::SecurityAlert,
                NewsEvent::CertificateDecided,
                NewsEvent::CertificateEnds,
                NewsEvent::DocumentInfected,
                NewsEvent::RoleChanged
            ]
        );
        let supervisor = hears(Kind::NationalBank, Role::Supervisor);
        for event in [NewsEvent::CertificateAsked, NewsEvent::CertificateEndsElsewhere] {
            assert!(supervisor.contains(&event), "{event}");
        }
        assert_eq!(hears(Kind::Administration, Role::SystemAdmin), [NewsEvent::SecurityAlert, NewsEvent::RoleChanged]);
        assert_eq!(hears(Kind::Auditor, Role::Auditor), [NewsEvent::RoleChanged]);
        let owner = hears(Kind::Exporter, Role::Owner);
        assert!(!owner.contains(&NewsEvent::CaseWaiting) && owner.contains(&NewsEvent::CaseRejected), "{owner:?}");
    }
}
