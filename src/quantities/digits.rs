//! Decimals as people write and read them: `19,200`, `218,839.64`.

use rust_decimal::{Decimal, RoundingStrategy};
use thiserror::Error;

/// Why a text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Nothing was typed.
    #[error("no number was given")]
    Empty,
    /// Something else than digits, group commas and one point was typed.
    #[error("this is not a number")]
    NotANumber,
    /// More digits than any quantity of the trade has.
    #[error("this number has too many digits")]
    TooLong,
}

/// The longest text that is read as a number; a decimal of this length cannot overflow.
const LONGEST: usize = 24;

/// Reads `19200`, `19,200` or `19,200.5`; surrounding white space is ignored, a sign is allowed.
///
/// A comma only ever groups thousands. `19,2` is refused rather than guessed at: who means nineteen
/// and a fifth and who forgot a digit cannot be told apart.
///
/// # Errors
/// [`NumberError`] when the text is not such a number.
pub fn parse_decimal(text: &str) -> Result<Decimal, NumberError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    if text.len() > LONGEST {
        return Err(NumberError::TooLong);
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let whole = ungrouped(whole).ok_or(NumberError::NotANumber)?;
    let plain = match fraction {
        Some(fraction) if all_digits(fraction) => format!("{sign}{whole}.{fraction}"),
        Some(_) => return Err(NumberError::NotANumber),
        None => format!("{sign}{whole}"),
    };
    plain.parse().map_err(|_| NumberError::NotANumber)
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn ungrouped(whole: &str) -> Option<String> {
    if !whole.contains(',') {
        return all_digits(whole).then(|| whole.to_owned());
    }
    let mut groups = whole.split(',');
    let head = groups.next().filter(|head| all_digits(head) && head.len() <= 3)?;
    groups.try_fold(head.to_owned(), |digits, group| (all_digits(group) && group.len() == 3).then(|| digits + group))
}

/// `value` with commas between thousands and only the decimals that say something: `19,200`, `9,112.5`.
#[must_use]
pub fn grouped(value: Decimal) -> String {
    with_commas(&value.normalize().to_string())
}

/// A weight: `19,200 kg`.
#[must_use]
pub fn kilograms(value: Decimal) -> String {
    format!("{} kg", grouped(value))
}

/// `value` with commas between thousands and exactly `decimals` decimals, half rounded away from zero.
#[must_use]
pub fn grouped_fixed(value: Decimal, decimals: u32) -> String {
    let rounded = value.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    // A value that rounds to nothing must not print as "-0.00".
    let rounded = if rounded.is_zero() { Decimal::ZERO } else { rounded };
    with_commas(&format!("{rounded:.precision$}", precision = decimals as usize))
}

fn with_commas(plain: &str) -> String {
    let (sign, unsigned) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain),
    };
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let mut text = String::with_capacity(plain.len() + whole.len() / 3 + 1);
    text.push_str(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn reads_what_people_type() {
        for (typed, value) in
            [("19200", "19200"), (" 19,200 ", "19200"), ("19,200.50", "19200.50"), ("0.5", "0.5"), ("-3", "-3")]
        {
            assert_eq!(parse_decimal(typed), Ok(d(value)), "{typed}");
        }
    }

    #[test]
    fn refuses_what_could_be_read_in_two_ways() {
        for typed in ["19,2", "1,9200", ",200", "19,200,", "1e5", "1_000", "1.2.3", "5.", ".5", "0x1", "+5", "፩", "--1"]
        {
            assert_eq!(parse_decimal(typed), Err(NumberError::NotANumber), "{typed}");
        }
        assert_eq!(parse_decimal("  "), Err(NumberError::Empty));
        assert_eq!(parse_decimal("1234567890123456789012345"), Err(NumberError::TooLong));
    }

    #[test]
    fn groups_thousands() {
        assert_eq!(grouped(d("19200.000")), "19,200");
        assert_eq!(grouped(d("9112.50")), "9,112.5");
        assert_eq!(grouped(d("999")), "999");
        assert_eq!(grouped(d("1000")), "1,000");
        assert_eq!(grouped(d("-1234567.89")), "-1,234,567.89");
        assert_eq!(grouped_fixed(d("218839.6375"), 2), "218,839.64");
        assert_eq!(grouped_fixed(d("1000000"), 2), "1,000,000.00");
        assert_eq!(grouped_fixed(d("-0.004"), 2), "0.00");
    }
}
