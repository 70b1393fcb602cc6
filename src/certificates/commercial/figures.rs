//! What the commercial papers compute (domain section 7, points 1 and 9): weights in three units, the price by the
//! pound and by the kilogram, and whether the containers add up to the consignment. Pure.

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::codes::coded_enum;
use crate::dec;
use crate::quantities::{
    CentsPerPound, Kilograms, POUNDS_PER_KILOGRAM, Packaging, PackagingError, amount_in_words, grouped, grouped_fixed,
    invoice_total,
};

/// Decimals of a contract's price for a kilogram.
const PRICE_DECIMALS: u32 = 6;
/// Decimals of a quotation in cents.
const QUOTE_DECIMALS: u32 = 4;
/// Kilograms in a quintal, by which trucks are paid.
const QUINTAL: Decimal = dec!(100);

/// The weights of a consignment in bags.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weights {
    /// Kilograms of coffee.
    pub net_kg: Decimal,
    /// Kilograms of coffee and bags, with pallets where they were weighed along.
    pub gross_kg: Decimal,
    /// Bags; the last one may be part full.
    pub bags: i32,
    /// Kilograms that a bag holds.
    pub bag_kg: Decimal,
    /// Kilograms that an empty bag weighs, with its liner.
    pub tare_kg: Decimal,
}

impl Weights {
    /// The weights of `net` in bags of this kind.
    #[must_use]
    pub fn of(net: Kilograms, packaging: Packaging) -> Self {
        Self {
            net_kg: net.value(),
            gross_kg: packaging.gross(net),
            bags: i32::try_from(packaging.bags(net)).unwrap_or(i32::MAX),
            bag_kg: packaging.holds().normalize(),
            tare_kg: packaging.tare().normalize(),
        }
    }
}

/// Pounds, as papers print them: two decimals.
#[must_use]
pub fn pounds(kg: Decimal) -> Decimal {
    Kilograms::try_from(kg).map(Kilograms::pounds).unwrap_or_default()
}

/// Metric tons.
#[must_use]
pub fn metric_tons(kg: Decimal) -> Decimal {
    (kg / dec!(1000)).normalize()
}

/// What an empty jute bag of this size weighs, in kilograms: the trade's sizes of 60, 50 and 30 kg weigh the same
/// share of what they hold (domain 5.12).
///
/// # Errors
/// When no bag holds that.
pub fn jute(bag_kg: Decimal) -> Result<Packaging, PackagingError> {
    let jute = Packaging::JUTE_60;
    Packaging::new(bag_kg, (bag_kg * jute.tare() / jute.holds()).round_dp(3).normalize())
}

coded_enum! {
    /// By which unit the invoice states its price.
    PriceBasis {
        /// US cents for a pound, as the market quotes.
        CentsPerPound = "CENTS_PER_POUND",
        /// The contract's currency for a kilogram.
        PerKilogram = "PER_KILOGRAM",
    }
}

/// What an invoice charges, with the check of one unit against the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvoicePrice {
    /// By which unit.
    pub basis: PriceBasis,
    /// ISO 4217.
    pub currency: String,
    /// US cents for a pound, or the currency for a kilogram.
    pub unit_price: Decimal,
    /// What is charged.
    pub total: Decimal,
    /// What is charged, in English words.
    pub total_in_words: String,
    /// Net kilograms at the contract's price.
    pub total_by_kilogram: Decimal,
}

impl InvoicePrice {
    /// The price of `net` at the contract's `per_kg`, stated by `basis`. By the pound, what is charged is pounds as
    /// printed times cents as printed, so that who multiplies what the invoice shows gets what it charges.
    #[must_use]
    pub fn of(basis: PriceBasis, currency: &str, per_kg: Decimal, net: Kilograms) -> Self {
        let total_by_kilogram = cents(per_kg * net.value());
        let (unit_price, total) = match basis {
            PriceBasis::CentsPerPound => match quotation(per_kg) {
                Some(quoted) => (quoted.value(), invoice_total(net, quoted)),
                None => (Decimal::ZERO, total_by_kilogram),
            },
            PriceBasis::PerKilogram => (per_kg.normalize(), total_by_kilogram),
        };
        Self {
            basis,
            currency: currency.to_owned(),
            unit_price,
            total,
            total_in_words: format!("{} {currency}", amount_in_words(total)),
            total_by_kilogram,
        }
    }

    /// The price for the unit as it is printed: two decimals, or as many more as it has.
    #[must_use]
    pub fn unit_price_text(&self) -> String {
        let price = self.unit_price.normalize();
        if price.scale() < 2 { grouped_fixed(price, 2) } else { grouped(price) }
    }

    /// What the invoice charges beyond the contract's price by the kilogram: rounding, and nothing else.
    #[must_use]
    pub fn difference(&self) -> Decimal {
        self.total - self.total_by_kilogram
    }

    /// Whether both ways of pricing agree but for the roundings of price, quotation, pounds and total.
    #[must_use]
    pub fn agrees(&self, net: Kilograms) -> bool {
        match self.basis {
            PriceBasis::PerKilogram => self.difference().is_zero(),
            PriceBasis::CentsPerPound => {
                let half = dec!(0.5);
                let of_price = net.value() * half * Decimal::new(1, PRICE_DECIMALS);
                let of_quotation = net.pounds() * half * Decimal::new(1, QUOTE_DECIMALS) / Decimal::ONE_HUNDRED;
                let of_pounds = half * dec!(0.01) * self.unit_price / Decimal::ONE_HUNDRED;
                // One half cent for each of the two totals.
                self.difference().abs() <= of_price + of_quotation + of_pounds + dec!(0.01)
            }
        }
    }
}

/// The quotation in US cents per pound that stands behind a contract's price in dollars per kilogram: the one with
/// the fewest decimals that gives exactly that price, else the nearest. A contract made at 517.00 is written down as
/// 11.397899, and its invoice says 517.00 again.
#[must_use]
pub fn quotation(per_kg: Decimal) -> Option<CentsPerPound> {
    let exact = per_kg * Decimal::ONE_HUNDRED / POUNDS_PER_KILOGRAM;
    let rounded = |decimals| exact.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let gives = |cents: Decimal| {
        (cents * POUNDS_PER_KILOGRAM / Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(PRICE_DECIMALS, RoundingStrategy::MidpointAwayFromZero)
    };
    let quoted = (0..=QUOTE_DECIMALS).map(rounded).find(|cents| gives(*cents) == per_kg);
    CentsPerPound::try_from(quoted.unwrap_or_else(|| rounded(QUOTE_DECIMALS))).ok()
}

/// What a truck costs: `birr` for each quintal of what it carries.
#[must_use]
pub fn freight(gross_kg: Decimal, birr_per_quintal: Decimal) -> Decimal {
    cents(gross_kg / QUINTAL * birr_per_quintal)
}

fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// What is in one container, or in one consignment by air.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// ISO 6346; empty for goods in no container.
    pub container: String,
    /// Such as 20DRY; empty for goods in no container.
    pub container_type: String,
    /// The seal on its door.
    pub seal: String,
    /// Bags in it.
    pub packages: i32,
    /// Kilograms of coffee.
    pub net_kg: Decimal,
    /// Kilograms with the bags.
    pub gross_kg: Decimal,
}

/// What all loads come to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Bags.
    pub packages: i32,
    /// Kilograms of coffee.
    pub net_kg: Decimal,
    /// Kilograms with the bags.
    pub gross_kg: Decimal,
}

/// What `loads` come to.
#[must_use]
pub fn totals(loads: &[Load]) -> Totals {
    Totals {
        packages: loads.iter().map(|load| load.packages).sum(),
        net_kg: loads.iter().map(|load| load.net_kg).sum(),
        gross_kg: loads.iter().map(|load| load.gross_kg).sum(),
    }
}

/// Where the loads do not make the consignment. Rows count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Discrepancy {
    /// This container has not the bags that its coffee fills.
    Bags {
        /// Which.
        row: usize,
        /// How many its coffee fills.
        fills: u64,
    },
    /// This container weighs less than its coffee and its bags.
    TooLight {
        /// Which.
        row: usize,
        /// What they weigh, in kilograms.
        least: Decimal,
    },
    /// All bags are not the consignment's.
    BagSum {
        /// The consignment's.
        whole: i32,
        /// What they add up to.
        sum: i32,
    },
    /// All coffee is not the consignment's.
    NetSum {
        /// The consignment's, in kilograms.
        whole: Decimal,
        /// What it adds up to.
        sum: Decimal,
    },
}

/// Where `loads` do not make the consignment: each container that contradicts itself by name, and then, where each
/// agrees with itself, the sums.
#[must_use]
pub fn discrepancies(loads: &[Load], whole: &Weights) -> Vec<Discrepancy> {
    let Ok(packaging) = Packaging::new(whole.bag_kg, whole.tare_kg) else { return Vec::new() };
    let mut found = Vec::new();
    for (row, load) in (1..).zip(loads) {
        let Ok(net) = Kilograms::try_from(load.net_kg) else { continue };
        let fills = packaging.bags(net);
        if u64::try_from(load.packages) != Ok(fills) {
            found.push(Discrepancy::Bags { row, fills });
        }
        let least = load.net_kg + Decimal::from(load.packages) * packaging.tare();
        if load.gross_kg < least {
            found.push(Discrepancy::TooLight { row, least: least.normalize() });
        }
    }
    // A container that is wrong in itself makes the sums wrong too: they would only repeat it.
    if !found.is_empty() {
        return found;
    }
    let sum = totals(loads);
    if sum.net_kg != whole.net_kg {
        found.push(Discrepancy::NetSum { whole: whole.net_kg.normalize(), sum: sum.net_kg.normalize() });
    } else if sum.packages != whole.bags {
        found.push(Discrepancy::BagSum { whole: whole.bags, sum: sum.packages });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ten kinds of domain section 8: kg, bags, lb, US cents per lb, US dollars, gross kg.
    const LOTS: [(Decimal, i32, Decimal, Decimal, Decimal, Decimal); 10] = [
        (dec!(19200), 320, dec!(42328.75), dec!(517.00), dec!(218839.64), dec!(19440)),
        (dec!(19200), 320, dec!(42328.75), dec!(435.50), dec!(184341.71), dec!(19440)),
        (dec!(9600), 160, dec!(21164.38), dec!(539.75), dec!(114234.74), dec!(9720)),
        (dec!(19200), 320, dec!(42328.75), dec!(412.75), dec!(174711.92), dec!(19440)),
        (dec!(38400), 640, dec!(84657.51), dec!(254.00), dec!(215030.08), dec!(38880)),
        (dec!(19200), 320, dec!(42328.75), dec!(304.00), dec!(128679.40), dec!(19440)),
        (dec!(19200), 320, dec!(42328.75), dec!(281.25), dec!(119049.61), dec!(19440)),
        (dec!(9000), 150, dec!(19841.60), dec!(358.25), dec!(71082.53), dec!(9112.50)),
        (dec!(18000), 300, dec!(39683.21), dec!(290.25), dec!(115180.52), dec!(18225)),
        (dec!(19200), 320, dec!(42328.75), dec!(344.75), dec!(145928.37), dec!(19440)),
    ];

    /// As contracts keep a price that was agreed in cents: six decimals of a dollar.
    fn per_kg(cents: Decimal) -> Decimal {
        (cents * POUNDS_PER_KILOGRAM / Decimal::ONE_HUNDRED)
            .round_dp_with_strategy(6, RoundingStrategy::MidpointAwayFromZero)
    }

    #[test]
    fn the_ten_lots_are_invoiced_to_the_cent_from_the_price_by_the_kilogram() {
        for (kg, bags, lb, quoted, dollars, gross) in LOTS {
            let net = Kilograms::try_from(kg).unwrap();
            let weights = Weights::of(net, jute(dec!(60)).unwrap());
            assert_eq!((weights.bags, weights.gross_kg, pounds(weights.net_kg)), (bags, gross, lb));
            let price = InvoicePrice::of(PriceBasis::CentsPerPound, "USD", per_kg(quoted), net);
            assert_eq!((price.unit_price, price.total), (quoted, dollars));
            assert!(price.agrees(net), "{price:?}");
            let by_kg = InvoicePrice::of(PriceBasis::PerKilogram, "USD", per_kg(quoted), net);
            assert_eq!(by_kg.total, price.total_by_kilogram);
            assert!(by_kg.agrees(net) && (by_kg.total - price.total).abs() <= dec!(0.04), "{by_kg:?} {price:?}");
        }
    }

    #[test]
    fn the_total_is_spoken() {
        let net = "19200".parse().unwrap();
        let price = InvoicePrice::of(PriceBasis::CentsPerPound, "USD", dec!(11.397899), net);
        assert_eq!(price.total_in_words, "two hundred eighteen thousand eight hundred thirty-nine and 64/100 USD");
        assert_eq!(price.total_by_kilogram, dec!(218839.66));
        assert_eq!(price.difference(), dec!(-0.02));
    }

    #[test]
    fn a_price_that_no_quotation_gives_takes_the_nearest_and_still_agrees() {
        let net: Kilograms = "9000".parse().unwrap();
        let price = InvoicePrice::of(PriceBasis::CentsPerPound, "USD", dec!(7.9), net);
        assert_eq!(price.unit_price, dec!(358.3380));
        assert_eq!(price.unit_price_text(), "358.338");
        assert_eq!((price.total, price.total_by_kilogram), (dec!(71099.99), dec!(71100.00)));
        assert!(price.agrees(net));
        let wrong = InvoicePrice { total: dec!(71102), ..price };
        assert!(!wrong.agrees(net));
    }

    #[test]
    fn the_quotation_has_the_fewest_decimals_that_give_the_price() {
        for (quoted, decimals) in [(dec!(517), 0), (dec!(435.5), 1), (dec!(539.75), 2), (dec!(412.755), 3)] {
            let found = quotation(per_kg(quoted)).unwrap().value();
            assert_eq!((found, found.scale()), (quoted, decimals));
        }
        assert_eq!(quotation(Decimal::ZERO), None);
    }

    #[test]
    fn jute_weighs_the_same_share_in_every_size() {
        for known in [Packaging::JUTE_60, Packaging::JUTE_50, Packaging::JUTE_30] {
            assert_eq!(jute(known.holds()), Ok(known));
        }
        assert!(jute(Decimal::ZERO).is_err());
    }

    #[test]
    fn a_truck_is_paid_by_the_quintal() {
        assert_eq!(freight(dec!(19440), dec!(385.50)), dec!(74941.20));
        assert_eq!(metric_tons(dec!(19440)), dec!(19.44));
    }

    fn load(packages: i32, net_kg: Decimal, gross_kg: Decimal) -> Load {
        let text = String::new();
        Load { container: text.clone(), container_type: text.clone(), seal: text, packages, net_kg, gross_kg }
    }

    #[test]
    fn containers_that_make_the_consignment_are_not_named() {
        let whole = Weights::of("38400".parse().unwrap(), Packaging::JUTE_60);
        let loads = [load(320, dec!(19200), dec!(19440)), load(320, dec!(19200.000), dec!(19512.5))];
        assert_eq!(discrepancies(&loads, &whole), []);
        assert_eq!(totals(&loads), Totals { packages: 640, net_kg: dec!(38400), gross_kg: dec!(38952.5) });
    }

    #[test]
    fn the_container_that_differs_is_named() {
        let whole = Weights::of("38400".parse().unwrap(), Packaging::JUTE_60);
        let good = load(320, dec!(19200), dec!(19440));
        let sum = Discrepancy::NetSum { whole: dec!(38400), sum: dec!(38340) };
        assert_eq!(
            discrepancies(&[good.clone(), load(320, dec!(19140), dec!(19440))], &whole),
            [Discrepancy::Bags { row: 2, fills: 319 }]
        );
        // Each agrees with itself, and one bag is missing.
        assert_eq!(discrepancies(&[good.clone(), load(319, dec!(19140), dec!(19440))], &whole), [sum]);
        assert_eq!(
            discrepancies(&[load(320, dec!(19200), dec!(19439.99)), good.clone()], &whole),
            [Discrepancy::TooLight { row: 1, least: dec!(19440) }]
        );
        // Two bags part full where the consignment has none: the coffee agrees, the bags do not.
        assert_eq!(
            discrepancies(&[load(321, dec!(19230), dec!(19480)), load(320, dec!(19170), dec!(19480))], &whole),
            [Discrepancy::BagSum { whole: 640, sum: 641 }]
        );
    }
}
