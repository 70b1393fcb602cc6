//! Numbers in English words, as invoices and permits print them beside the figures.
//!
//! American bank usage, without "and" inside the whole part: the one "and" stands before the fraction,
//! so that nothing can be written in between.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

const BELOW_TWENTY: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(u64, &str); 6] = [
    (1_000_000_000_000_000_000, "quintillion"),
    (1_000_000_000_000_000, "quadrillion"),
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
];

/// `number` in words: `two hundred eighteen thousand eight hundred thirty-nine`.
#[must_use]
pub fn integer_in_words(number: u64) -> String {
    if number == 0 {
        return BELOW_TWENTY[0].to_owned();
    }
    let mut words = Vec::new();
    let mut rest = number;
    for (scale, name) in SCALES {
        if rest >= scale {
            words.push(below_thousand(rest / scale));
            words.push(name.to_owned());
            rest %= scale;
        }
    }
    if rest > 0 {
        words.push(below_thousand(rest));
    }
    words.join(" ")
}

fn below_thousand(number: u64) -> String {
    let (hundreds, rest) = (number / 100, number % 100);
    let tail = match rest {
        0 => None,
        1..=19 => Some(below_twenty(rest).to_owned()),
        _ => {
            let tens = TENS[usize::try_from(rest / 10).unwrap_or_default()];
            Some(if rest % 10 == 0 { tens.to_owned() } else { format!("{tens}-{}", below_twenty(rest % 10)) })
        }
    };
    match (hundreds, tail) {
        (0, tail) => tail.unwrap_or_default(),
        (hundreds, None) => format!("{} hundred", below_twenty(hundreds)),
        (hundreds, Some(tail)) => format!("{} hundred {tail}", below_twenty(hundreds)),
    }
}

fn below_twenty(number: u64) -> &'static str {
    BELOW_TWENTY[usize::try_from(number).unwrap_or_default()]
}

/// An amount with hundredths in words: `two hundred eighteen thousand eight hundred thirty-nine and 64/100`.
///
/// The sign and decimals beyond the second are not spoken: an amount of money has neither.
#[must_use]
pub fn amount_in_words(amount: Decimal) -> String {
    let cents = (amount.abs() * Decimal::ONE_HUNDRED).trunc().to_u64().unwrap_or(u64::MAX);
    format!("{} and {:02}/100", integer_in_words(cents / 100), cents % 100)
}

/// A quantity in words with its unit: whole ones plainly, others with their fraction out of 10^`decimals`.
pub(super) fn quantity_in_words(value: Decimal, decimals: u32, one: &str, many: &str) -> String {
    let denominator = 10_u64.pow(decimals);
    let parts = (value.abs() * Decimal::from(denominator)).trunc().to_u64().unwrap_or(u64::MAX);
    let (whole, fraction) = (parts / denominator, parts % denominator);
    let unit = if parts == denominator { one } else { many };
    match fraction {
        0 => format!("{} {unit}", integer_in_words(whole)),
        _ => format!(
            "{} and {fraction:0width$}/{denominator} {unit}",
            integer_in_words(whole),
            width = decimals as usize
        ),
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn speaks_integers() {
        for (number, words) in [
            (0, "zero"),
            (9, "nine"),
            (13, "thirteen"),
            (20, "twenty"),
            (42, "forty-two"),
            (100, "one hundred"),
            (101, "one hundred one"),
            (999, "nine hundred ninety-nine"),
            (1_000, "one thousand"),
            (19_200, "nineteen thousand two hundred"),
            (1_000_001, "one million one"),
            (218_839, "two hundred eighteen thousand eight hundred thirty-nine"),
            (2_000_000_000, "two billion"),
        ] {
            assert_eq!(integer_in_words(number), words);
        }
        assert!(integer_in_words(u64::MAX).starts_with("eighteen quintillion"));
    }

    #[test]
    fn speaks_amounts() {
        assert_eq!(
            amount_in_words(dec!(218839.64)),
            "two hundred eighteen thousand eight hundred thirty-nine and 64/100"
        );
        assert_eq!(amount_in_words(dec!(5)), "five and 00/100");
        assert_eq!(amount_in_words(dec!(0.05)), "zero and 05/100");
    }

    #[test]
    fn speaks_one_of_a_unit() {
        assert_eq!(quantity_in_words(dec!(1), 3, "kilogram", "kilograms"), "one kilogram");
        assert_eq!(quantity_in_words(dec!(0.05), 3, "kilogram", "kilograms"), "zero and 050/1000 kilograms");
    }
}
