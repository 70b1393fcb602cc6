//! What is weighed, counted, priced and numbered in the trade. Pure: no clock, no database, no language.
//!
//! Every type is parsed at the edge and keeps its fields private, so that a value that exists is a valid one.
//! Its error says what is wrong as a variant with data; the page that shows it finds the sentence.

#[macro_use]
pub mod literal;

mod coffee_form;
mod container;
mod digits;
mod grade;
mod ico_mark;
mod moisture;
mod money;
mod packaging;
mod price;
mod settlement;
mod stored;
mod tin;
mod weight;
mod words;

pub use coffee_form::CoffeeForm;
pub use container::{ContainerNumber, ContainerNumberError};
pub use digits::{NumberError, grouped, grouped_fixed, kilograms, parse_decimal};
pub use grade::{Grade, GradeError};
pub use ico_mark::{IcoMark, IcoMarkError};
pub use moisture::{Moisture, MoistureError, MoistureLimits, MoistureVerdict};
pub use money::{Currency, CurrencyError, Money, MoneyError};
pub use packaging::{Packaging, PackagingError};
pub use price::{CentsPerPound, PriceCheck, PriceError, check_price, invoice_total, per_pound_cents};
pub use settlement::{Settlement, SettlementRefusal, settle};
pub use tin::{Tin, TinError};
pub use weight::{Kilograms, POUNDS_PER_KILOGRAM, WeightError};
pub use words::{amount_in_words, integer_in_words};
