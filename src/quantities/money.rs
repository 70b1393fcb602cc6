//! Money: an amount and the currency it is in, never one without the other.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::digits::{NumberError, grouped_fixed, parse_decimal};
use super::stored::stored_as_text;
use super::words::amount_in_words;

/// Decimals of every amount: the trade invoices in currencies with hundredths, and the columns hold two.
const DECIMALS: u32 = 2;

/// The largest amount that the columns hold.
const LARGEST: Decimal = dec!(999_999_999_999_999.99);

/// A currency by its ISO 4217 text code. Which ones may be used is a code list, not this type's matter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// Why a text is not a currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CurrencyError {
    /// Not three Latin letters.
    #[error("a currency is three letters, such as USD")]
    Shape,
}

impl Currency {
    /// The United States dollar, in which coffee is sold.
    pub const USD: Self = Self(*b"USD");
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");
    /// The Ethiopian birr.
    pub const ETB: Self = Self(*b"ETB");

    /// The code, three capital letters.
    #[must_use]
    pub fn code(&self) -> &str {
        // Only capital Latin letters are ever stored, so that this cannot fail.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code: [u8; 3] =
            text.trim().to_ascii_uppercase().into_bytes().try_into().map_err(|_| CurrencyError::Shape)?;
        if code.iter().all(u8::is_ascii_uppercase) { Ok(Self(code)) } else { Err(CurrencyError::Shape) }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

stored_as_text!(Currency);

/// An amount of money: not negative, hundredths at the finest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "MoneyFields", into = "MoneyFields")]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

/// The fields of [`Money`] before they are checked, as JSON has them.
#[derive(Serialize, Deserialize)]
struct MoneyFields {
    amount: Decimal,
    currency: Currency,
}

/// Why a number is not an amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// Not a number at all.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// Less than zero.
    #[error("an amount is not negative")]
    Negative,
    /// Finer than a hundredth.
    #[error("an amount has at most {decimals} decimals")]
    TooFine {
        /// How many decimals are kept.
        decimals: u32,
    },
    /// More than the columns hold.
    #[error("an amount is at most {limit}")]
    TooLarge {
        /// The largest amount.
        limit: Decimal,
    },
}

impl Money {
    /// `amount` in `currency`.
    ///
    /// # Errors
    /// [`MoneyError`] when the amount is negative, finer than a hundredth or too large.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let mut amount = amount.normalize();
        if amount < Decimal::ZERO {
            return Err(MoneyError::Negative);
        }
        if amount.scale() > DECIMALS {
            return Err(MoneyError::TooFine { decimals: DECIMALS });
        }
        if amount > LARGEST {
            return Err(MoneyError::TooLarge { limit: LARGEST });
        }
        amount.rescale(DECIMALS);
        Ok(Self { amount, currency })
    }

    /// The amount that was typed, in `currency`.
    ///
    /// # Errors
    /// [`MoneyError`] when it is not an amount.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Self::new(parse_decimal(text)?, currency)
    }

    /// How much.
    #[must_use]
    pub const fn amount(self) -> Decimal {
        self.amount
    }

    /// Of what.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The amount in English words, after its code: `USD five and 00/100`.
    #[must_use]
    pub fn in_words(self) -> String {
        format!("{} {}", self.currency, amount_in_words(self.amount))
    }
}

impl TryFrom<MoneyFields> for Money {
    type Error = MoneyError;

    fn try_from(fields: MoneyFields) -> Result<Self, Self::Error> {
        Self::new(fields.amount, fields.currency)
    }
}

impl From<Money> for MoneyFields {
    fn from(money: Money) -> Self {
        Self { amount: money.amount, currency: money.currency }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, grouped_fixed(self.amount, DECIMALS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_code_and_hundredths() {
        assert_eq!(Money::parse("218839.64", Currency::USD).unwrap().to_string(), "USD 218,839.64");
        assert_eq!(Money::parse("20,000,000", Currency::ETB).unwrap().to_string(), "ETB 20,000,000.00");
    }

    #[test]
    fn speaks() {
        assert_eq!(Money::parse("5", Currency::EUR).unwrap().in_words(), "EUR five and 00/100");
    }

    #[test]
    fn refuses_what_is_no_amount() {
        assert_eq!(Money::parse("-0.01", Currency::USD), Err(MoneyError::Negative));
        assert_eq!(Money::parse("0.001", Currency::USD), Err(MoneyError::TooFine { decimals: 2 }));
        assert_eq!(Money::parse("1000000000000000", Currency::USD), Err(MoneyError::TooLarge { limit: LARGEST }));
    }

    #[test]
    fn knows_currency_codes() {
        assert_eq!(" usd ".parse(), Ok(Currency::USD));
        for text in ["US", "USDT", "U$D", "ብር", ""] {
            assert_eq!(text.parse::<Currency>(), Err(CurrencyError::Shape), "{text}");
        }
    }

    #[test]
    fn travels_checked() {
        let money = Money::parse("12.5", Currency::USD).unwrap();
        let json = serde_json::to_string(&money).unwrap();
        assert_eq!(json, r#"{"amount":"12.50","currency":"USD"}"#);
        assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), money);
        assert!(serde_json::from_str::<Money>(r#"{"amount":"-1","currency":"USD"}"#).is_err());
    }
}
