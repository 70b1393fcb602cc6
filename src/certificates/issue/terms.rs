//! Duties and conditions that are printed on the papers of a registration, in our own words.

/// The holder's duties on a certificate of competence.
pub(in crate::certificates) const COMPETENCE_DUTIES: [&str; 10] = [
    "papers-competence-duty-equipment",
    "papers-competence-duty-taster",
    "papers-duty-traceability",
    "papers-competence-duty-storage",
    "papers-competence-duty-control",
    "papers-duty-records",
    "papers-duty-grading",
    "papers-competence-duty-changes",
    "papers-duty-renewal",
    "papers-duty-standards",
];
/// A farmer's duties on a certificate of competence.
pub(in crate::certificates) const FARMER_DUTIES: [&str; 7] = [
    "papers-duty-traceability",
    "papers-competence-duty-storage",
    "papers-duty-records",
    "papers-duty-grading",
    "papers-farmer-duty-changes",
    "papers-duty-renewal",
    "papers-duty-standards",
];
/// The conditions of an export licence.
pub(in crate::certificates) const LICENSE_CONDITIONS: [&str; 12] = [
    "papers-license-condition-competence",
    "papers-license-condition-quality",
    "papers-license-condition-permit",
    "papers-duty-grading",
    "papers-duty-records",
    "papers-duty-traceability",
    "papers-license-condition-contracts",
    "papers-license-condition-changes",
    "papers-license-condition-packaging",
    "papers-license-condition-insurance",
    "papers-license-condition-destination",
    "papers-duty-renewal",
];
/// The owner's duties on the certification of a laboratory.
pub(in crate::certificates) const LABORATORY_DUTIES: [&str; 5] = [
    "papers-competence-duty-equipment",
    "papers-laboratory-duty-samples",
    "papers-laboratory-duty-access",
    "papers-laboratory-duty-changes",
    "papers-duty-renewal",
];
/// The taster's duties.
pub(in crate::certificates) const TASTER_DUTIES: [&str; 5] = [
    "papers-taster-duty-one-employer",
    "papers-taster-duty-method",
    "papers-taster-duty-impartial",
    "papers-competence-duty-taster",
    "papers-taster-duty-changes",
];
