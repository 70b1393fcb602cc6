//! Who may see what, and when something may be renewed. Pure.

use chrono::{Months, NaiveDate};
use serde_json::{Value, json};

use crate::auth::{Actor, OrganizationKind, Permission};
use crate::review::SubjectKind;

/// Whether `viewer`'s organisation has a view of such things at all (domain 1.1): banks, the National Bank and customs
/// see profiles, certificates of competence and licences; a laboratory and a taster are the firm's and the authority's
/// affair. An exporter sees its own; that is the finder's to say.
#[must_use]
pub const fn may_see(kind: SubjectKind, viewer: &Actor) -> bool {
    if !viewer.may(Permission::ViewRegistrations) {
        return false;
    }
    match (viewer.organization.kind, kind) {
        (
            OrganizationKind::Exporter | OrganizationKind::Ecta | OrganizationKind::Auditor,
            SubjectKind::Profile
            | SubjectKind::Laboratory
            | SubjectKind::Taster
            | SubjectKind::Competence
            | SubjectKind::License,
        )
        | (
            OrganizationKind::CommercialBank | OrganizationKind::NationalBank | OrganizationKind::Customs,
            SubjectKind::Profile | SubjectKind::Competence | SubjectKind::License,
        ) => true,
        (
            OrganizationKind::Exporter
            | OrganizationKind::Ecta
            | OrganizationKind::Auditor
            | OrganizationKind::CommercialBank
            | OrganizationKind::NationalBank
            | OrganizationKind::Customs
            | OrganizationKind::Ecx
            | OrganizationKind::ShippingLine
            | OrganizationKind::Administration,
            _,
        ) => false,
    }
}

/// Whether what has its last day on `expires_on` may be renewed on `today`: in the last `window_days` before, and
/// whenever it has run out.
#[must_use]
pub fn within_renewal(expires_on: NaiveDate, today: NaiveDate, window_days: i64) -> bool {
    (expires_on - today).num_days() <= window_days
}

/// The last day of what is valid for `months` from `first`; a month that is shorter ends it on its own last day.
#[must_use]
pub fn months_after(first: NaiveDate, months: u32) -> NaiveDate {
    first.checked_add_months(Months::new(months)).unwrap_or(first)
}

/// The history of renewals with one more line, of what is granted until `until` in the place of something that had its
/// own history and last day; empty where nothing is renewed.
#[must_use]
pub(in crate::registration) fn renewal_line(
    renewed: Option<(Value, Option<NaiveDate>)>,
    today: NaiveDate,
    until: NaiveDate,
    by: &Actor,
) -> Value {
    let Some((history, previous)) = renewed else { return json!([]) };
    let mut lines = history.as_array().cloned().unwrap_or_default();
    lines.push(json!({
        "renewalDate": today,
        "previousExpiryDate": previous,
        "newExpiryDate": until,
        "renewedBy": by.user_id,
        "notes": "",
    }));
    Value::Array(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn renewal_opens_ninety_days_before_the_last_day_and_stays_open() {
        let last = day("2027-03-31");
        assert!(!within_renewal(last, day("2026-12-30"), 90), "91 days");
        assert!(within_renewal(last, day("2026-12-31"), 90), "90 days");
        assert!(within_renewal(last, last, 90));
        assert!(within_renewal(last, day("2027-05-01"), 90));
    }

    #[test]
    fn a_year_from_a_leap_day_ends_in_february() {
        assert_eq!(months_after(day("2028-02-29"), 12), day("2029-02-28"));
        assert_eq!(months_after(day("2026-11-20"), 12), day("2027-11-20"));
    }
}
