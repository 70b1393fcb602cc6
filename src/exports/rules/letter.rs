//! The letter of credit that an export draws on: what stands between the coffee and its money, and what to do about it.
//! Pure; the sources are the articles of UCP 600.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::{Refusal, is_exporter_of};
use crate::auth::{Actor, Permission};
use crate::exports::letters::LetterTerms;
use crate::exports::model::{Export, Stage};
use crate::ids::LetterId;
use crate::quantities::{grouped, grouped_fixed};

/// Letters that expire within so many days are pointed out while there is time for an amendment.
pub const WARN_DAYS: i64 = 30;

/// The letter that an export draws on, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which letter.
    pub id: LetterId,
    /// The issuing bank's number.
    pub number: String,
    /// Who has promised to pay.
    pub issuing_bank: String,
    /// ISO 4217.
    pub currency: String,
    /// How often its terms were put on record: 1 as issued.
    pub version: i32,
    /// The terms in force.
    pub terms: LetterTerms,
    /// Who put them on record.
    pub recorded_by_name: String,
    /// And when.
    pub recorded_at: DateTime<Utc>,
    /// What other exports draw on it.
    pub drawn: Drawn,
    /// The day on which this export's coffee was on board.
    pub on_board: Option<NaiveDate>,
}

/// Drawings on a letter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drawn {
    /// By how many exports.
    pub exports: i64,
    /// Their value, in the currency of the exports.
    pub value: Decimal,
    /// Their kilograms.
    pub kg: Decimal,
}

/// Why the letter does not cover the export. Each has its sentence, which says what to do (`refusal-letter-*`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterFault {
    /// None is on record.
    NoLetter,
    /// Its time is over (article 6 d and e).
    Expired {
        /// Which letter.
        number: String,
        /// Its last day.
        on: NaiveDate,
    },
    /// The coffee goes on board after the latest day of shipment (article 29 c: that day is never put off by itself).
    ShipsTooLate {
        /// The latest day.
        latest: NaiveDate,
        /// The earliest on which the coffee can be on board.
        planned: NaiveDate,
    },
    /// The coffee went on board after the latest day of shipment.
    ShippedTooLate {
        /// The latest day.
        latest: NaiveDate,
        /// The day on which it was on board.
        on: NaiveDate,
    },
    /// The export is invoiced in another currency.
    OtherCurrency {
        /// The letter's.
        letter: String,
        /// The export's.
        export: String,
    },
    /// The export is worth more than may still be drawn, tolerance included (article 30 a).
    AmountShort {
        /// ISO 4217.
        currency: String,
        /// What the export is worth.
        value: Decimal,
        /// What may be drawn.
        left: Decimal,
    },
    /// The export weighs more than may still be shipped, tolerance included (article 30 b).
    QuantityShort {
        /// What the export weighs.
        kg: Decimal,
        /// What may be shipped.
        left: Decimal,
    },
    /// Another export draws on it, and it prohibits partial shipments (article 31 a).
    NoPartialShipments {
        /// Which letter.
        number: String,
    },
}

impl LetterFault {
    /// The values in its sentence, by name; days as `2026-11-20`.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoLetter => Vec::new(),
            Self::Expired { number, on } => vec![("number", number.clone()), ("date", on.to_string())],
            Self::ShipsTooLate { latest, planned: on } | Self::ShippedTooLate { latest, on } => {
                vec![("date", latest.to_string()), ("on", on.to_string())]
            }
            Self::OtherCurrency { letter, export } => vec![("letter", letter.clone()), ("export", export.clone())],
            Self::AmountShort { currency, value, left } => {
                let money = |amount: Decimal| format!("{currency} {}", grouped_fixed(amount, 2));
                vec![("value", money(*value)), ("left", money(*left))]
            }
            Self::QuantityShort { kg, left } => vec![("kg", grouped(*kg)), ("left", grouped(*left))],
            Self::NoPartialShipments { number } => vec![("number", number.clone())],
        }
    }
}

/// Everything for which `letter` does not cover `export`, by what is planned or has happened; nothing where the buyer does
/// not pay by a letter of credit.
#[must_use]
pub fn letter_faults(export: &Export, letter: Option<&Letter>, today: NaiveDate) -> Vec<LetterFault> {
    if !is_paid_by_letter(export) {
        return Vec::new();
    }
    let Some(letter) = letter else { return vec![LetterFault::NoLetter] };
    let terms = &letter.terms;
    let mut faults = Vec::new();
    // Whether the documents of what has left were presented in time is another question.
    if terms.expires_on < today && letter.on_board.is_none() {
        faults.push(LetterFault::Expired { number: letter.number.clone(), on: terms.expires_on });
    }
    let latest = terms.last_shipment();
    match letter.on_board {
        Some(on) if on > latest => faults.push(LetterFault::ShippedTooLate { latest, on }),
        Some(_) => {}
        None => {
            // What is not on board yet can be on board today at the earliest, whatever was planned.
            let planned = export.departure_date.map_or(today, |departure| departure.max(today));
            if planned > latest {
                faults.push(LetterFault::ShipsTooLate { latest, planned });
            }
        }
    }
    if letter.currency == export.currency {
        let left = terms.most_amount() - letter.drawn.value;
        if export.estimated_value > left {
            let (currency, value) = (letter.currency.clone(), export.estimated_value);
            faults.push(LetterFault::AmountShort { currency, value, left: left.max(Decimal::ZERO) });
        }
    } else {
        faults.push(LetterFault::OtherCurrency { letter: letter.currency.clone(), export: export.currency.clone() });
    }
    if let Some(most) = terms.most_kg() {
        let left = most - letter.drawn.kg;
        if export.quantity > left {
            faults.push(LetterFault::QuantityShort { kg: export.quantity, left: left.max(Decimal::ZERO) });
        }
    }
    if !terms.partial_shipments && letter.drawn.exports > 0 {
        faults.push(LetterFault::NoPartialShipments { number: letter.number.clone() });
    }
    faults
}

/// Whether the buyer pays by a letter of credit.
#[must_use]
pub fn is_paid_by_letter(export: &Export) -> bool {
    export.payment_method == "LC"
}

/// Whether `actor` may read the letter: the exporter, its bank, and the authorities; not the carrier.
#[must_use]
pub fn may_read_letter(export: &Export, actor: &Actor) -> bool {
    is_paid_by_letter(export)
        && (actor.organization.kind.sees_every_export()
            || is_exporter_of(export, actor, Permission::ViewExports)
            || actor.organization.id == export.bank_organization_id)
}

/// What stands against `actor` putting a letter, or an amendment of it, on record: it is the work of the export's bank, from
/// the submission to the settlement.
#[must_use]
pub fn against_recording_letter(export: &Export, actor: &Actor) -> Vec<Refusal> {
    if !may_read_letter(export, actor) {
        return vec![Refusal::NotFound];
    }
    if actor.organization.id != export.bank_organization_id || !actor.may(Permission::CheckBankDocuments) {
        return vec![Refusal::NotYourStep];
    }
    match export.state.stage {
        Stage::Closed => vec![Refusal::TooLateToChange],
        Stage::Preparation
        | Stage::BankCheck
        | Stage::Returned
        | Stage::Fx
        | Stage::Quality
        | Stage::Permit
        | Stage::Scheduling
        | Stage::Clearance
        | Stage::Loading
        | Stage::OriginSignature
        | Stage::Origin
        | Stage::Settlement => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::super::tests::{actor, export};
    use super::*;
    use crate::auth::{OrganizationKind, Role};
    use crate::dec;
    use crate::ids::OrganizationId;

    fn today() -> NaiveDate {
        "2026-11-20".parse().unwrap()
    }

    /// An export of 600 kg for 3,000.00 USD that is paid by a letter.
    fn by_letter() -> Export {
        let export = export(crate::exports::transitions::SUBMITTED, None);
        Export {
            payment_method: "LC".to_owned(),
            currency: "USD".to_owned(),
            quantity: dec!(600),
            estimated_value: dec!(3_000),
            departure_date: None,
            ..export
        }
    }

    /// A letter that covers it to the cent, the gram and the day.
    fn letter() -> Letter {
        Letter {
            id: LetterId::new(),
            number: "LC-1".to_owned(),
            issuing_bank: "Hamburger Handelsbank".to_owned(),
            currency: "USD".to_owned(),
            version: 1,
            terms: LetterTerms {
                dated_on: today(),
                amount: dec!(3_000),
                amount_tolerance_pct: Decimal::ZERO,
                quantity_kg: Some(dec!(600)),
                quantity_tolerance_pct: Decimal::ZERO,
                latest_shipment_on: Some(today()),
                expires_on: today(),
                expiry_place: "Addis Ababa".to_owned(),
                partial_shipments: false,
            },
            recorded_by_name: "Almaz Tesfaye".to_owned(),
            recorded_at: DateTime::UNIX_EPOCH,
            drawn: Drawn::default(),
            on_board: None,
        }
    }

    fn faults(export: &Export, letter: &Letter) -> Vec<LetterFault> {
        letter_faults(export, Some(letter), today())
    }

    #[test]
    fn a_letter_covers_an_export_to_the_cent_the_gram_and_the_day() {
        assert_eq!(faults(&by_letter(), &letter()), []);
        assert_eq!(letter_faults(&by_letter(), None, today()), [LetterFault::NoLetter]);
        let in_cash = Export { payment_method: "CAD".to_owned(), ..by_letter() };
        assert_eq!(letter_faults(&in_cash, None, today()), [], "nobody has promised anything");
    }

    #[test]
    fn a_letter_ends_with_its_last_day() {
        let mut ended = letter();
        ended.terms.expires_on = today() - Days::new(1);
        ended.terms.latest_shipment_on = None;
        assert_eq!(
            faults(&by_letter(), &ended),
            [
                LetterFault::Expired { number: "LC-1".to_owned(), on: today() - Days::new(1) },
                LetterFault::ShipsTooLate { latest: today() - Days::new(1), planned: today() },
            ]
        );
    }

    #[test]
    fn coffee_is_on_board_by_the_latest_day_of_shipment() {
        let tomorrow = today() + Days::new(1);
        let booked = |departure| Export { departure_date: Some(departure), ..by_letter() };
        let too_late = |planned| vec![LetterFault::ShipsTooLate { latest: today(), planned }];
        assert_eq!(faults(&booked(tomorrow), &letter()), too_late(tomorrow));
        assert_eq!(faults(&booked(today()), &letter()), []);
        let mut missed = letter();
        missed.terms.latest_shipment_on = Some(today() - Days::new(1));
        let planned = faults(&booked(today() - Days::new(3)), &missed);
        let latest = today() - Days::new(1);
        assert_eq!(planned, [LetterFault::ShipsTooLate { latest, planned: today() }], "it has not left");
        // What happened counts more than what was planned, also after the expiry.
        missed.on_board = Some(latest);
        missed.terms.expires_on = latest;
        assert_eq!(faults(&booked(tomorrow), &missed), []);
        missed.on_board = Some(today());
        assert_eq!(faults(&booked(latest), &missed), [LetterFault::ShippedTooLate { latest, on: today() }]);
    }

    #[test]
    fn drawings_stay_within_amount_and_weight_with_their_tolerance() {
        let more = Export { estimated_value: dec!(3_000.01), quantity: dec!(600.001), ..by_letter() };
        let (currency, value, left) = ("USD".to_owned(), dec!(3_000.01), dec!(3_000));
        let short = [
            LetterFault::AmountShort { currency, value, left },
            LetterFault::QuantityShort { kg: dec!(600.001), left: dec!(600) },
        ];
        assert_eq!(faults(&more, &letter()), short);
        let mut about = letter();
        about.terms.amount_tolerance_pct = crate::exports::letters::ABOUT_PCT;
        about.terms.quantity_tolerance_pct = crate::exports::letters::QUANTITY_PCT;
        let most = Export { estimated_value: dec!(3_300), quantity: dec!(630), ..by_letter() };
        assert_eq!(faults(&most, &about), []);
        let above = Export { estimated_value: dec!(3_300.01), quantity: dec!(630.001), ..by_letter() };
        assert_eq!(faults(&above, &about).len(), 2);
        // What others draw is gone, and a letter that names no weight limits none.
        about.terms.partial_shipments = true;
        about.drawn = Drawn { exports: 2, value: dec!(9_000), kg: dec!(600) };
        assert_eq!(
            faults(&by_letter(), &about),
            [
                LetterFault::AmountShort { currency: "USD".to_owned(), value: dec!(3_000), left: Decimal::ZERO },
                LetterFault::QuantityShort { kg: dec!(600), left: dec!(30) },
            ]
        );
        about.terms.quantity_kg = None;
        assert_eq!(faults(&by_letter(), &about).len(), 1);
    }

    #[test]
    fn a_letter_in_another_currency_or_for_one_shipment_covers_nothing_else() {
        let mut other = letter();
        other.currency = "EUR".to_owned();
        let (letter_in, export_in) = ("EUR".to_owned(), "USD".to_owned());
        assert_eq!(faults(&by_letter(), &other), [LetterFault::OtherCurrency { letter: letter_in, export: export_in }]);
        let mut shared = letter();
        shared.drawn = Drawn { exports: 1, ..Drawn::default() };
        assert_eq!(faults(&by_letter(), &shared), [LetterFault::NoPartialShipments { number: "LC-1".to_owned() }]);
        shared.terms.partial_shipments = true;
        assert_eq!(faults(&by_letter(), &shared), []);
    }

    #[test]
    fn the_bank_of_the_export_records_it_until_the_export_is_closed() {
        let open = by_letter();
        let officer = actor(OrganizationKind::CommercialBank, Role::Officer, open.bank_organization_id);
        assert_eq!(against_recording_letter(&open, &officer), []);
        let closed = Export { state: crate::exports::transitions::CANCELLED, ..open.clone() };
        assert_eq!(against_recording_letter(&closed, &officer), [Refusal::TooLateToChange]);
        let other = actor(OrganizationKind::CommercialBank, Role::Officer, OrganizationId::new());
        let carrier = actor(OrganizationKind::ShippingLine, Role::Officer, open.shipping_organization_id);
        for stranger in [other, carrier] {
            assert_eq!(against_recording_letter(&open, &stranger), [Refusal::NotFound]);
        }
        let exporter = actor(OrganizationKind::Exporter, Role::Owner, open.exporter_organization_id);
        let authority = actor(OrganizationKind::NationalBank, Role::Officer, OrganizationId::new());
        for reader in [exporter, authority] {
            assert_eq!(against_recording_letter(&open, &reader), [Refusal::NotYourStep]);
        }
        let in_cash = Export { payment_method: "CAD".to_owned(), ..open };
        assert_eq!(against_recording_letter(&in_cash, &officer), [Refusal::NotFound]);
    }
}
