//! Who may be granted what, who may do whose work, and what may be taken away from a role. Pure. The trigger and the policies of
//! the database say the same.

use chrono::{DateTime, Duration, Utc};

use super::model::{Colleague, Grant, Period, Restriction, Standing};
use crate::auth::permission::{are_kept_apart, decides, permissions_of};
use crate::auth::{OrganizationKind, Permission, Role, Weight};
use crate::codes::coded_enum;
use crate::ids::UserId;
use crate::organizations::staff::roles_in;

/// The longest absence for which somebody's work is handed on.
pub(super) const LONGEST: Duration = Duration::days(90);

coded_enum! {
    /// Why nothing was done.
    Refusal {
        /// There is no such person, grant or restriction within the actor's reach, or no more.
        NotFound = "NOT_FOUND",
        /// The organisation has no such role.
        RoleDoesNotFit = "ROLE_DOES_NOT_FIT",
        /// Nobody grants or takes away what is their own, and nobody stands in for themselves.
        Oneself = "ONESELF",
        /// The account is disabled.
        Disabled = "DISABLED",
        /// The person holds the role at some moment of the period.
        HeldThen = "HELD_THEN",
        /// Who administers decides no business act, and the other way round.
        KeptApart = "KEPT_APART",
        /// It is no role of who decides, or is itself somebody else's.
        NotDelegable = "NOT_DELEGABLE",
        /// Who is absent does not hold the role all that time.
        BeyondOwn = "BEYOND_OWN",
        /// Longer than the longest absence.
        TooLong = "TOO_LONG",
        /// The role may not do it anyway, or has to be able to.
        NotNarrowable = "NOT_NARROWABLE",
        /// It is taken away already.
        NarrowedAlready = "NARROWED_ALREADY",
    }
}

/// What stands against `role` being `person`'s for `period`, who holds `held`.
fn against_holding(
    kind: OrganizationKind,
    (person, held): (&Colleague, &[Grant]),
    (role, period): (Role, Period),
) -> Option<Refusal> {
    if !roles_in(kind).any(|known| known == role) {
        return Some(Refusal::RoleDoesNotFit);
    }
    if !person.is_active {
        return Some(Refusal::Disabled);
    }
    let mut then = held.iter().filter(|grant| {
        let span = grant.span();
        let is_empty = span.until.is_some_and(|until| span.from.is_some_and(|from| until <= from));
        grant.person == person.id && !is_empty && span.overlaps(period)
    });
    then.find_map(|grant| match grant.role {
        same if same == role => Some(Refusal::HeldThen),
        other if are_kept_apart(kind, role, other) => Some(Refusal::KeptApart),
        _ => None,
    })
}

/// What stands against `actor` granting `role` to `person`.
pub(super) fn against_granting(
    kind: OrganizationKind,
    actor: UserId,
    candidate: (&Colleague, &[Grant]),
    wanted: (Role, Period),
) -> Option<Refusal> {
    if candidate.0.id == actor {
        return Some(Refusal::Oneself);
    }
    against_holding(kind, candidate, wanted)
}

/// What stands against the work of `source` being done by `candidate` for `period`.
pub(super) fn against_delegating(
    kind: OrganizationKind,
    source: &Grant,
    candidate: (&Colleague, &[Grant]),
    period: Period,
    now: DateTime<Utc>,
) -> Option<Refusal> {
    if !may_be_delegated(kind, source, now) {
        return Some(Refusal::NotDelegable);
    }
    if candidate.0.id == source.person {
        return Some(Refusal::Oneself);
    }
    let (Some(from), Some(until)) = (period.from, period.until) else { return Some(Refusal::TooLong) };
    if until - from > LONGEST {
        return Some(Refusal::TooLong);
    }
    if !period.lies_within(source.span()) {
        return Some(Refusal::BeyondOwn);
    }
    against_holding(kind, candidate, (source.role, period))
}

/// Whether a grant is one whose work somebody else may do for a while.
pub(super) fn may_be_delegated(kind: OrganizationKind, grant: &Grant, now: DateTime<Utc>) -> bool {
    grant.delegated_by.is_none() && decides(kind, grant.role) && grant.standing(now) != Standing::Ended
}

/// What of a role's ceiling an organisation may take away: all but what administers, which nobody could give back.
pub(super) fn narrowable(kind: OrganizationKind, role: Role) -> impl Iterator<Item = Permission> {
    let ceiling = permissions_of(kind, role);
    Permission::ALL.iter().copied().filter(move |one| ceiling.contains(*one) && one.weight() != Weight::Administers)
}

/// What stands against taking `permission` away from `role`.
pub(super) fn against_narrowing(
    kind: OrganizationKind,
    (role, permission): (Role, Permission),
    restrictions: &[Restriction],
    now: DateTime<Utc>,
) -> Option<Refusal> {
    if !roles_in(kind).any(|known| known == role) || !narrowable(kind, role).any(|one| one == permission) {
        return Some(Refusal::NotNarrowable);
    }
    restrictions
        .iter()
        .any(|one| one.role == role && one.permission == permission && one.standing(now) != Standing::Ended)
        .then_some(Refusal::NarrowedAlready)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::GrantId;

    const BANK: OrganizationKind = OrganizationKind::CommercialBank;

    fn day(number: i64) -> DateTime<Utc> {
        "2026-11-18T06:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::days(number)
    }

    fn period(from: Option<i64>, until: Option<i64>) -> Period {
        Period { from: from.map(day), until: until.map(day) }
    }

    fn somebody() -> Colleague {
        Colleague { id: UserId::new(), name: "Almaz Tesfaye".to_owned(), is_active: true }
    }

    fn grant(person: &Colleague, role: Role, period: Period) -> Grant {
        Grant {
            id: GrantId::new(),
            person: person.id,
            name: person.name.clone(),
            username: "almaz".to_owned(),
            role,
            granted_at: day(-100),
            granted_by: None,
            period,
            revoked_at: None,
            revoked_by: None,
            delegated_by: None,
            reason: None,
        }
    }

    #[test]
    fn a_period_has_its_first_moment_and_not_its_last() {
        let second = Duration::seconds(1);
        let one = period(Some(1), Some(3));
        assert_eq!(one.standing(day(1) - second), Standing::Planned);
        assert_eq!(one.standing(day(1)), Standing::Running);
        assert_eq!(one.standing(day(3) - second), Standing::Running);
        assert_eq!(one.standing(day(3)), Standing::Ended);
        assert_eq!(Period::default().standing(day(0)), Standing::Running);
        // One that was taken back before it began.
        assert_eq!(period(Some(5), Some(2)).standing(day(0)), Standing::Ended);
    }

    #[test]
    fn everything_has_a_name_in_both_languages() {
        for lang in crate::i18n::Lang::ALL {
            for permission in Permission::ALL {
                assert!(!lang.name_of("permission", &permission.code().replace(':', "-")).is_empty());
            }
            Weight::ALL.iter().for_each(|one| drop(lang.name_of("permission-weight", one.code())));
            for standing in [Standing::Planned, Standing::Running, Standing::Ended] {
                assert!(!lang.name_of("role-grant", standing.code()).is_empty());
            }
        }
    }

    #[test]
    fn periods_that_touch_do_not_overlap() {
        for (one, other, expected) in [
            (period(Some(1), Some(3)), period(Some(3), Some(5)), false),
            (period(Some(1), Some(4)), period(Some(3), Some(5)), true),
            (period(None, Some(3)), period(Some(3), None), false),
            (period(None, None), period(Some(3), Some(4)), true),
            (period(Some(1), None), period(Some(7), None), true),
        ] {
            assert_eq!((one.overlaps(other), other.overlaps(one)), (expected, expected), "{one:?} {other:?}");
        }
    }

    #[test]
    fn who_administers_is_granted_nothing_that_decides_at_any_moment() {
        let (actor, person) = (UserId::new(), somebody());
        let refused = |held: &[Grant], role, period| against_granting(BANK, actor, (&person, held), (role, period));
        let administers = [grant(&person, Role::OrgAdmin, period(None, Some(10)))];
        assert_eq!(refused(&administers, Role::Officer, period(Some(9), None)), Some(Refusal::KeptApart));
        assert_eq!(refused(&administers, Role::Supervisor, Period::default()), Some(Refusal::KeptApart));
        assert_eq!(refused(&administers, Role::Officer, period(Some(10), None)), None, "one after the other");
        let decides = [grant(&person, Role::Officer, Period::default())];
        assert_eq!(refused(&decides, Role::OrgAdmin, period(Some(300), Some(301))), Some(Refusal::KeptApart));
        assert_eq!(refused(&decides, Role::Supervisor, Period::default()), None, "several roles may be one person's");
        assert_eq!(refused(&decides, Role::Officer, Period::default()), Some(Refusal::HeldThen));
        assert_eq!(refused(&[], Role::Owner, Period::default()), Some(Refusal::RoleDoesNotFit));
        let gone = Colleague { is_active: false, ..person.clone() };
        assert_eq!(
            against_granting(BANK, actor, (&gone, &[]), (Role::Officer, Period::default())),
            Some(Refusal::Disabled)
        );
        assert_eq!(
            against_granting(BANK, person.id, (&person, &[]), (Role::Officer, Period::default())),
            Some(Refusal::Oneself)
        );
        // What was somebody else's, or is over, stands against nothing.
        let others = [grant(&somebody(), Role::OrgAdmin, Period::default())];
        assert_eq!(refused(&others, Role::Officer, Period::default()), None);
        let mut over = administers.clone();
        over[0].revoked_at = Some(day(0));
        assert_eq!(refused(&over, Role::Officer, period(Some(0), None)), None);
    }

    #[test]
    fn the_work_of_who_decides_is_handed_on_while_they_hold_it_and_no_further() {
        let (absent, colleague) = (somebody(), somebody());
        let source = grant(&absent, Role::Supervisor, period(Some(-10), Some(60)));
        let officer = [grant(&colleague, Role::Officer, Period::default())];
        let refused = |source: &Grant, held: &[Grant], period| {
            against_delegating(BANK, source, (&colleague, held), period, day(0))
        };
        let week = period(Some(1), Some(8));
        assert_eq!(refused(&source, &officer, week), None);
        assert_eq!(refused(&source, &officer, period(Some(1), Some(61))), Some(Refusal::BeyondOwn));
        assert_eq!(refused(&source, &officer, period(Some(-11), Some(3))), Some(Refusal::BeyondOwn));
        assert_eq!(refused(&source, &officer, period(Some(1), None)), Some(Refusal::TooLong));
        let open = grant(&absent, Role::Supervisor, Period::default());
        assert_eq!(refused(&open, &officer, period(Some(1), Some(91))), None);
        assert_eq!(refused(&open, &officer, period(Some(1), Some(92))), Some(Refusal::TooLong));
        let own = [grant(&colleague, Role::Supervisor, Period::default())];
        assert_eq!(refused(&open, &own, week), Some(Refusal::HeldThen));
        let administers = [grant(&colleague, Role::OrgAdmin, Period::default())];
        assert_eq!(refused(&open, &administers, week), Some(Refusal::KeptApart));
        assert_eq!(against_delegating(BANK, &open, (&absent, &[]), week, day(0)), Some(Refusal::Oneself));
        // Not what is somebody else's, what administers, or what is over.
        let handed_on = Grant { delegated_by: Some((UserId::new(), String::new())), ..open.clone() };
        assert_eq!(refused(&handed_on, &officer, week), Some(Refusal::NotDelegable));
        let administration = grant(&absent, Role::OrgAdmin, Period::default());
        assert_eq!(refused(&administration, &officer, week), Some(Refusal::NotDelegable));
        let over = Grant { revoked_at: Some(day(0)), ..open };
        assert_eq!(refused(&over, &officer, week), Some(Refusal::NotDelegable));
    }

    #[test]
    fn a_role_is_narrowed_within_its_ceiling_and_once() {
        let refused =
            |kind, role, permission, known: &[Restriction]| against_narrowing(kind, (role, permission), known, day(0));
        let nbe = OrganizationKind::NationalBank;
        let (extend, officer) = (Permission::ExtendSettlement, Role::Officer);
        assert_eq!(refused(nbe, officer, extend, &[]), None);
        assert_eq!(refused(BANK, officer, extend, &[]), Some(Refusal::NotNarrowable));
        assert_eq!(refused(nbe, Role::Owner, extend, &[]), Some(Refusal::NotNarrowable));
        assert_eq!(refused(nbe, Role::OrgAdmin, Permission::ManageRoles, &[]), Some(Refusal::NotNarrowable));
        let mut known = Restriction {
            id: crate::ids::RestrictionId::new(),
            role: officer,
            permission: extend,
            from: day(-3),
            until: None,
            reason: String::new(),
            set_by: None,
            lifted_at: None,
        };
        assert_eq!(refused(nbe, officer, extend, &[known.clone()]), Some(Refusal::NarrowedAlready));
        known.lifted_at = Some(day(0));
        assert_eq!(refused(nbe, officer, extend, &[known]), None);
    }
}
