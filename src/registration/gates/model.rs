//! Gates, and what they are judged by.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::codes::coded_enum;
use crate::registration::profiles::{BusinessType, ProfileStatus};

coded_enum! {
    /// A gate.
    GateKind {
        /// The authority has approved the profile.
        Profile = "PROFILE",
        /// The capital is verified and reaches the threshold of the day.
        Capital = "CAPITAL",
        /// A certified laboratory.
        Laboratory = "LABORATORY",
        /// A verified taster who works for this firm alone.
        Taster = "TASTER",
        /// The certificate of competence.
        Competence = "COMPETENCE",
        /// The export licence.
        License = "LICENSE",
    }
}

coded_enum! {
    /// Where a laboratory, a taster, a certificate or a licence stands.
    GrantStatus {
        /// Waits for the authority.
        Pending = "PENDING",
        /// Sent back with a question.
        Returned = "RETURNED",
        /// Granted.
        Active = "ACTIVE",
        /// Refused; may be corrected and handed in again.
        Rejected = "REJECTED",
        /// Its last day is over.
        Expired = "EXPIRED",
        /// Without effect until it is reinstated.
        Suspended = "SUSPENDED",
        /// Ended for good.
        Revoked = "REVOKED",
    }
}

/// Something that the authority grants, or an application for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub status: GrantStatus,
    /// Its last day, once it has one.
    pub expires_on: Option<NaiveDate>,
    /// Whether another row has taken its place.
    pub is_superseded: bool,
}

/// What a grant is worth on a day. In the order in which one says more than another about a firm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantState {
    /// It has its effect, to its last day.
    InForce(NaiveDate),
    /// It waits for the authority.
    Waiting,
    /// It was sent back with a question.
    Returned,
    /// It was refused.
    Rejected,
    /// It is suspended.
    Suspended,
    /// Its last day is over.
    Expired(NaiveDate),
    /// It was revoked.
    Revoked,
}

impl Grant {
    /// What it is worth on `today`; nothing where another row has taken its place. By date, whether the nightly job has
    /// run or not; on its last day a thing is still valid.
    #[must_use]
    pub fn state(&self, today: NaiveDate) -> Option<GrantState> {
        if self.is_superseded { None } else { self.worth(today) }
    }

    /// As [`Grant::state`], whether another row has taken its place or not.
    fn worth(&self, today: NaiveDate) -> Option<GrantState> {
        match (self.status, self.expires_on) {
            (GrantStatus::Active, Some(last)) if last >= today => Some(GrantState::InForce(last)),
            (GrantStatus::Active | GrantStatus::Expired, Some(last)) => Some(GrantState::Expired(last)),
            (GrantStatus::Active | GrantStatus::Expired, None) => None,
            (GrantStatus::Pending, _) => Some(GrantState::Waiting),
            (GrantStatus::Returned, _) => Some(GrantState::Returned),
            (GrantStatus::Rejected, _) => Some(GrantState::Rejected),
            (GrantStatus::Suspended, _) => Some(GrantState::Suspended),
            (GrantStatus::Revoked, _) => Some(GrantState::Revoked),
        }
    }

    /// Whether it has its effect on `today`.
    #[must_use]
    pub fn is_in_force(&self, today: NaiveDate) -> bool {
        matches!(self.state(today), Some(GrantState::InForce(_)))
    }
}

/// A taster's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TasterGrant {
    /// As the others.
    pub grant: Grant,
    /// Whether they work for this firm alone (Directive 1106/2025).
    pub is_exclusive: bool,
}

/// A licence, with the certificate of competence on which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LicenseGrant {
    /// As the others.
    pub grant: Grant,
    /// The certificate, also when it has been renewed since.
    pub competence: CertificateState,
}

/// Where the certificate below a licence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CertificateState {
    /// Its status.
    pub status: GrantStatus,
    /// Its last day.
    pub expires_on: Option<NaiveDate>,
}

impl CertificateState {
    fn bears(self, today: NaiveDate) -> bool {
        self.status == GrantStatus::Active && self.expires_on.is_some_and(|last| last >= today)
    }
}

/// Everything that the gates are judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The firm's profile.
    pub exporter_id: Uuid,
    /// What kind of business it is.
    pub business_type: BusinessType,
    /// Where its profile stands.
    pub profile: ProfileStatus,
    /// What the bank has certified, in birr, once it is verified.
    pub verified_capital: Option<Decimal>,
    /// The least capital for its kind of business on the day of asking, in birr.
    pub threshold: Option<Decimal>,
    /// Its laboratories.
    pub laboratories: Vec<Grant>,
    /// Its tasters.
    pub tasters: Vec<TasterGrant>,
    /// Its certificates of competence.
    pub competence: Vec<Grant>,
    /// Its licences.
    pub licenses: Vec<LicenseGrant>,
}

/// Why a gate is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Nothing was applied for.
    NotApplied,
    /// It waits for the authority.
    Waiting,
    /// The authority has asked a question.
    Returned,
    /// It was refused.
    Rejected,
    /// It is suspended.
    Suspended,
    /// It was revoked.
    Revoked,
    /// It ran out on that day.
    Expired(NaiveDate),
    /// The bank's certificate has not been looked at.
    CapitalUnverified,
    /// The bank certifies less than the law asks; both in birr.
    CapitalBelow {
        /// What the bank certifies.
        verified: Decimal,
        /// What the law asks.
        threshold: Decimal,
    },
    /// No threshold is in force for this kind of business.
    NoThreshold,
    /// The taster works for others too.
    NotExclusive,
    /// The certificate of competence below the licence is not in force.
    CertificateNotInForce,
}

/// A gate as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// Which.
    pub kind: GateKind,
    /// Why it is closed; open when there is no reason.
    pub closed: Option<Why>,
    /// Its last open day, where it has one.
    pub until: Option<NaiveDate>,
    /// What it is about: the row that opens it, or that one would go on with.
    pub row: Option<Uuid>,
}

impl Gate {
    const fn open(kind: GateKind, until: Option<NaiveDate>, row: Uuid) -> Self {
        Self { kind, closed: None, until, row: Some(row) }
    }

    const fn shut(kind: GateKind, why: Why, row: Option<Uuid>) -> Self {
        Self { kind, closed: Some(why), until: None, row }
    }
}

/// The gates of a firm on `today`: six, or three where a farmer exports the own coffee.
#[must_use]
pub fn of(facts: &Facts, today: NaiveDate) -> Vec<Gate> {
    let is_farmer = facts.business_type == BusinessType::Farmer;
    let mut gates = vec![profile(facts)];
    if !is_farmer {
        gates.push(capital(facts));
        let laboratories = facts.laboratories.iter().map(|grant| (grant, None));
        gates.push(granted(GateKind::Laboratory, laboratories, today));
        let tasters = facts
            .tasters
            .iter()
            .map(|taster| (&taster.grant, if taster.is_exclusive { None } else { Some(Why::NotExclusive) }));
        gates.push(granted(GateKind::Taster, tasters, today));
    }
    gates.push(granted(GateKind::Competence, facts.competence.iter().map(|grant| (grant, None)), today));
    let licenses = facts.licenses.iter().map(|license| {
        (&license.grant, if license.competence.bears(today) { None } else { Some(Why::CertificateNotInForce) })
    });
    gates.push(granted(GateKind::License, licenses, today));
    gates
}

/// Whether all of them are open.
#[must_use]
pub fn is_qualified(gates: &[Gate]) -> bool {
    gates.iter().all(|gate| gate.closed.is_none())
}

fn profile(facts: &Facts) -> Gate {
    let why = match facts.profile {
        ProfileStatus::Active => return Gate::open(GateKind::Profile, None, facts.exporter_id),
        ProfileStatus::PendingApproval => Why::Waiting,
        ProfileStatus::Returned => Why::Returned,
        ProfileStatus::Rejected => Why::Rejected,
        ProfileStatus::Suspended => Why::Suspended,
        ProfileStatus::Revoked => Why::Revoked,
    };
    Gate::shut(GateKind::Profile, why, Some(facts.exporter_id))
}

fn capital(facts: &Facts) -> Gate {
    let why = match (facts.verified_capital, facts.threshold) {
        (Some(verified), Some(threshold)) if verified >= threshold => {
            return Gate::open(GateKind::Capital, None, facts.exporter_id);
        }
        (Some(verified), Some(threshold)) => Why::CapitalBelow { verified, threshold },
        (None, _) => Why::CapitalUnverified,
        (Some(_), None) => Why::NoThreshold,
    };
    Gate::shut(GateKind::Capital, why, Some(facts.exporter_id))
}

/// A gate that one of `grants` opens, each with what beside its own state stands against it. When none does, the one
/// that says most tells why.
fn granted<'a>(kind: GateKind, grants: impl Iterator<Item = (&'a Grant, Option<Why>)>, today: NaiveDate) -> Gate {
    let mut states: Vec<_> =
        grants.filter_map(|(grant, beside)| Some((grant.state(today)?, beside, grant.id))).collect();
    // Of two in force the one that lasts longer.
    states.sort_by_key(|(state, beside, id)| {
        let days_left = match state {
            GrantState::InForce(last) => (*last - today).num_days(),
            GrantState::Expired(last) => (*last - today).num_days(),
            GrantState::Waiting
            | GrantState::Returned
            | GrantState::Rejected
            | GrantState::Suspended
            | GrantState::Revoked => 0,
        };
        (rank(*state), beside.is_some(), -days_left, *id)
    });
    let Some((state, beside, row)) = states.first().copied() else {
        return Gate::shut(kind, Why::NotApplied, None);
    };
    let why = match (state, beside) {
        (GrantState::InForce(last), None) => return Gate::open(kind, Some(last), row),
        (GrantState::InForce(_), Some(why)) => why,
        (GrantState::Waiting, _) => Why::Waiting,
        (GrantState::Returned, _) => Why::Returned,
        (GrantState::Rejected, _) => Why::Rejected,
        (GrantState::Suspended, _) => Why::Suspended,
        (GrantState::Expired(last), _) => Why::Expired(last),
        (GrantState::Revoked, _) => Why::Revoked,
    };
    Gate::shut(kind, why, Some(row))
}

const fn rank(state: GrantState) -> u8 {
    match state {
        GrantState::InForce(_) => 0,
        GrantState::Waiting => 1,
        GrantState::Returned => 2,
        GrantState::Rejected => 3,
        GrantState::Suspended => 4,
        GrantState::Expired(_) => 5,
        GrantState::Revoked => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dec;

    fn day(offset: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap() + chrono::Duration::days(offset)
    }

    fn grant(status: GrantStatus, days_left: i64) -> Grant {
        Grant { id: Uuid::from_u128(1), status, expires_on: Some(day(days_left)), is_superseded: false }
    }

    fn license(days_left: i64) -> LicenseGrant {
        let competence = CertificateState { status: GrantStatus::Active, expires_on: Some(day(200)) };
        LicenseGrant { grant: grant(GrantStatus::Active, days_left), competence }
    }

    fn facts(business_type: BusinessType) -> Facts {
        Facts {
            exporter_id: Uuid::nil(),
            business_type,
            profile: ProfileStatus::Active,
            verified_capital: Some(dec!(20_000_000)),
            threshold: Some(dec!(20_000_000)),
            laboratories: vec![grant(GrantStatus::Active, 10)],
            tasters: vec![TasterGrant { grant: grant(GrantStatus::Active, 10), is_exclusive: true }],
            competence: vec![grant(GrantStatus::Active, 10)],
            licenses: vec![license(10)],
        }
    }

    fn closed(facts: &Facts) -> Vec<(GateKind, Why)> {
        of(facts, day(0)).iter().filter_map(|gate| Some((gate.kind, gate.closed?))).collect()
    }

    #[test]
    fn a_farmer_passes_three_gates_and_a_company_six() {
        let farmer = Facts {
            verified_capital: None,
            threshold: Some(Decimal::ZERO),
            laboratories: Vec::new(),
            tasters: Vec::new(),
            ..facts(BusinessType::Farmer)
        };
        let gates = of(&farmer, day(0));
        assert_eq!(
            gates.iter().map(|gate| gate.kind).collect::<Vec<_>>(),
            [GateKind::Profile, GateKind::Competence, GateKind::License]
        );
        assert!(is_qualified(&gates));
        let company = of(&facts(BusinessType::Llc), day(0));
        assert_eq!(company.len(), 6);
        assert!(is_qualified(&company));
        let same = Facts { laboratories: Vec::new(), ..facts(BusinessType::Llc) };
        assert_eq!(closed(&same), [(GateKind::Laboratory, Why::NotApplied)]);
    }

    #[test]
    fn a_cent_below_the_threshold_is_below_it() {
        let mut company = facts(BusinessType::Llc);
        company.verified_capital = Some(dec!(19_999_999.99));
        assert!(matches!(closed(&company)[..], [(GateKind::Capital, Why::CapitalBelow { .. })]));
        company.verified_capital = Some(dec!(20_000_000.00));
        assert_eq!(closed(&company), []);
        company.verified_capital = None;
        assert_eq!(closed(&company), [(GateKind::Capital, Why::CapitalUnverified)]);
        company = Facts { threshold: None, ..facts(BusinessType::Llc) };
        assert_eq!(closed(&company), [(GateKind::Capital, Why::NoThreshold)]);
    }

    #[test]
    fn a_thing_is_valid_on_its_last_day_and_not_on_the_next_whatever_its_status_says() {
        let mut company = facts(BusinessType::Llc);
        company.laboratories = vec![grant(GrantStatus::Active, 0)];
        assert_eq!(closed(&company), []);
        company.laboratories = vec![grant(GrantStatus::Active, -1)];
        assert_eq!(closed(&company), [(GateKind::Laboratory, Why::Expired(day(-1)))]);
    }

    #[test]
    fn what_another_row_has_superseded_opens_nothing() {
        let mut company = facts(BusinessType::Llc);
        company.competence = vec![Grant { is_superseded: true, ..grant(GrantStatus::Active, 10) }];
        assert_eq!(closed(&company), [(GateKind::Competence, Why::NotApplied)]);
    }

    #[test]
    fn a_licence_stands_on_its_certificate() {
        let mut company = facts(BusinessType::Llc);
        company.licenses[0].competence.expires_on = Some(day(-1));
        assert_eq!(closed(&company), [(GateKind::License, Why::CertificateNotInForce)]);
        company.licenses[0].competence = CertificateState { status: GrantStatus::Revoked, expires_on: Some(day(9)) };
        assert_eq!(closed(&company), [(GateKind::License, Why::CertificateNotInForce)]);
    }

    #[test]
    fn a_taster_of_two_firms_opens_nothing() {
        let mut company = facts(BusinessType::Private);
        company.tasters[0].is_exclusive = false;
        assert_eq!(closed(&company), [(GateKind::Taster, Why::NotExclusive)]);
        company.tasters.push(TasterGrant { grant: grant(GrantStatus::Active, 1), is_exclusive: true });
        assert_eq!(closed(&company), [], "an exporter may have several tasters");
    }

    #[test]
    fn the_row_that_says_most_tells_why() {
        let mut company = facts(BusinessType::Llc);
        let expired = Grant { id: Uuid::from_u128(7), ..grant(GrantStatus::Expired, -30) };
        company.competence = vec![expired.clone(), grant(GrantStatus::Revoked, 10)];
        let gate = of(&company, day(0))[4];
        assert_eq!((gate.closed, gate.row), (Some(Why::Expired(day(-30))), Some(expired.id)));
        company.competence.push(grant(GrantStatus::Pending, 10));
        assert_eq!(closed(&company), [(GateKind::Competence, Why::Waiting)]);
    }
}
