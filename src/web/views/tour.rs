//! The guided tour's steps, and the way of an export as the front door shows it.
//!
//! Nobody may decide two steps of one export, so the tour changes persons within an organisation too.

use super::front::TourStep;
use crate::{
    auth::OrganizationKind as O,
    i18n::Lang,
    web::{
        chrome::theme_of,
        components::{StepState, StepperItem},
    },
};

/// One step: whose it is, the demonstration's account that does it, where, and what it is called and told.
type Told = (O, &'static str, &'static str, &'static str, &'static str);

const STEPS: &[Told] = &[
    (O::Exporter, "exporter.clerk", "/exports/new", "tour-request-title", "tour-request"),
    (O::Exporter, "exporter.clerk", "/exports", "tour-documents-title", "tour-documents"),
    (O::CommercialBank, "bank.officer", "/inbox", "tour-bank-title", "tour-bank"),
    (O::NationalBank, "nbe.officer", "/inbox", "tour-fx-title", "tour-fx"),
    (O::Ecta, "ecta.officer", "/inbox", "tour-quality-title", "tour-quality"),
    (O::Ecta, "ecta.supervisor", "/inbox", "tour-permit-title", "tour-permit"),
    (O::ShippingLine, "shipping.officer", "/inbox", "tour-schedule-title", "tour-schedule"),
    (O::Customs, "customs.officer", "/inbox", "tour-clear-title", "tour-clear"),
    (O::ShippingLine, "shipping.supervisor", "/inbox", "tour-load-title", "tour-load"),
    (O::Customs, "customs.supervisor", "/inbox", "tour-sign-title", "tour-sign"),
    (O::Ecta, "ecta.officer2", "/inbox", "tour-origin-title", "tour-origin"),
    (O::CommercialBank, "bank.supervisor", "/inbox", "tour-settle-title", "tour-settle"),
    (O::Auditor, "auditor", "/exports", "tour-audit-title", "tour-audit"),
];

/// The steps of the tour in `lang`.
#[must_use]
pub fn tour_steps(lang: Lang) -> Vec<TourStep> {
    STEPS
        .iter()
        .map(|(kind, username, next, title, text)| TourStep {
            theme: theme_of(*kind),
            organization: lang.name_of("organization-kind", kind.code()),
            title: lang.t(title),
            paragraphs: vec![lang.t(text)],
            username: Some((*username).to_owned()),
            next: (*next).to_owned(),
        })
        .collect()
}

const WAY: &[(&str, O)] = &[
    ("PREPARATION", O::Exporter),
    ("BANK_CHECK", O::CommercialBank),
    ("FX", O::NationalBank),
    ("QUALITY", O::Ecta),
    ("PERMIT", O::Ecta),
    ("SCHEDULING", O::ShippingLine),
    ("CLEARANCE", O::Customs),
    ("LOADING", O::ShippingLine),
    ("ORIGIN", O::Ecta),
    ("SETTLEMENT", O::CommercialBank),
];

/// The way of an export, each step with who takes it.
#[must_use]
pub fn way_of_an_export(lang: Lang) -> Vec<StepperItem> {
    WAY.iter()
        .map(|(stage, kind)| StepperItem {
            label: lang.name_of("stage", stage),
            state: StepState::Open,
            note: Some(lang.name_of("organization-kind", kind.code())),
        })
        .collect()
}
