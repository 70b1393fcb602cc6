//! The form in which coffee is shipped, and what it corresponds to in green beans (International Coffee
//! Agreement).

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::weight::Kilograms;

/// What state the coffee is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CoffeeForm {
    /// Green beans.
    Green,
    /// Dried coffee cherry.
    DriedCherry,
    /// Parchment coffee.
    Parchment,
    /// Roasted coffee.
    Roasted,
    /// Soluble coffee.
    Soluble,
    /// Liquid coffee, by its dried solids.
    Liquid,
}

impl CoffeeForm {
    /// How many kilograms of green beans one kilogram of this form stands for.
    #[must_use]
    pub const fn green_factor(self) -> Decimal {
        match self {
            Self::Green => Decimal::ONE,
            Self::DriedCherry => dec!(0.5),
            Self::Parchment => dec!(0.8),
            Self::Roasted => dec!(1.19),
            Self::Soluble | Self::Liquid => dec!(2.6),
        }
    }

    /// The green-bean equivalent of `net`, in kg, rounded to grams.
    #[must_use]
    pub fn green_equivalent(self, net: Kilograms) -> Decimal {
        (net.value() * self.green_factor())
            .round_dp_with_strategy(3, RoundingStrategy::MidpointAwayFromZero)
            .normalize()
    }

    /// The heaviest parcel, in kg, that needs no certificate of origin (ICC 102-9).
    ///
    /// The rule lists the weights form by form; they are not exactly 60 kg divided by the factor.
    #[must_use]
    pub const fn exempt_weight(self) -> Decimal {
        match self {
            Self::Green => dec!(60),
            Self::DriedCherry => dec!(120),
            Self::Parchment => dec!(75),
            Self::Roasted => dec!(50.4),
            Self::Soluble | Self::Liquid => dec!(23),
        }
    }

    /// Whether `net` of this form needs a certificate of origin.
    #[must_use]
    pub fn needs_certificate(self, net: Kilograms) -> bool {
        net.value() > self.exempt_weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kg(text: &str) -> Kilograms {
        text.parse().unwrap()
    }

    #[test]
    fn converts_to_green_beans() {
        assert_eq!(CoffeeForm::Green.green_equivalent(kg("19200")), dec!(19200));
        assert_eq!(CoffeeForm::Roasted.green_equivalent(kg("100")), dec!(119));
        assert_eq!(CoffeeForm::Soluble.green_equivalent(kg("100")), dec!(260));
        assert_eq!(CoffeeForm::Parchment.green_equivalent(kg("100")), dec!(80));
        assert_eq!(CoffeeForm::DriedCherry.green_equivalent(kg("100")), dec!(50));
    }

    #[test]
    fn exempts_small_parcels() {
        for (form, limit, above) in [
            (CoffeeForm::Green, "60", "60.001"),
            (CoffeeForm::DriedCherry, "120", "120.001"),
            (CoffeeForm::Parchment, "75", "75.001"),
            (CoffeeForm::Roasted, "50.4", "50.401"),
            (CoffeeForm::Soluble, "23", "23.001"),
            (CoffeeForm::Liquid, "23", "23.001"),
        ] {
            assert!(!form.needs_certificate(kg(limit)), "{form:?}");
            assert!(form.needs_certificate(kg(above)), "{form:?}");
        }
    }
}
