//! A place on the Earth, in whole millionths of a degree (WGS 84), and the numbers it is written with.
//!
//! The Regulation asks for six decimals (Regulation (EU) 2023/1115, article 2(28)). With whole millionths nothing is
//! lost on the way, and what is asked of shapes later is asked exactly.

use std::fmt;

/// Millionths of a degree in a degree.
const MICRO: i64 = 1_000_000;
/// Decimals that are kept.
pub const DECIMALS: u32 = 6;
/// Beyond every place on Earth, and still far from overflowing anything.
const BEYOND: i64 = 1_000_000_000_000;
/// More digits than any instrument writes.
const LONGEST: usize = 60;

/// A number of degrees as somebody wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Degrees {
    /// In millionths, rounded half away from zero.
    pub micro: i64,
    /// How many decimals were written, zeros at the end counted.
    pub decimals: u32,
    /// Whether something other than zeros was rounded away.
    pub is_rounded: bool,
}

impl Degrees {
    /// The number in `text`, which is written as JSON writes numbers; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let (is_negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || mantissa.ends_with('.') {
            return None;
        }
        let written = i64::try_from(fraction.len()).ok()? - i64::from(exponent);
        let digits: String = format!("{whole}{fraction}").trim_start_matches('0').to_owned();
        let (amount, is_rounded) = scaled(&digits, i64::from(DECIMALS) - written);
        Some(Self {
            micro: if is_negative { -amount } else { amount },
            decimals: u32::try_from(written.max(0)).ok()?,
            is_rounded,
        })
    }
}

/// `digits` times ten to the power of `shift` as a whole number, and whether anything was lost.
fn scaled(digits: &str, shift: i64) -> (i64, bool) {
    let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
    let kept = length + shift;
    if digits.is_empty() || kept < 0 {
        return (0, !digits.is_empty());
    }
    if kept > 12 {
        return (BEYOND, false);
    }
    let cut = usize::try_from(kept).unwrap_or(0).min(digits.len());
    let (head, tail) = digits.split_at(cut);
    let mut amount: i64 = if head.is_empty() { 0 } else { head.parse().unwrap_or(BEYOND) };
    for _ in 0..shift {
        amount *= 10;
    }
    let is_up = tail.as_bytes().first().is_some_and(|digit| *digit >= b'5');
    (amount + i64::from(is_up), tail.bytes().any(|digit| digit != b'0'))
}

/// Which of the two numbers of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axis {
    /// East and west, -180 to 180.
    Longitude,
    /// North and south, -90 to 90.
    Latitude,
}

/// A place on the Earth. Ordered from west to east, and there from south to north.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Millionths of a degree east of Greenwich.
    lon: i32,
    /// Millionths of a degree north of the equator.
    lat: i32,
}

impl Position {
    /// The place at `lon` and `lat`, in millionths of a degree.
    ///
    /// # Errors
    /// The axis whose range it leaves.
    pub fn new(lon: i64, lat: i64) -> Result<Self, Axis> {
        let within = |value: i64, most: i64| i32::try_from(value).ok().filter(|_| value.abs() <= most * MICRO);
        Ok(Self { lon: within(lon, 180).ok_or(Axis::Longitude)?, lat: within(lat, 90).ok_or(Axis::Latitude)? })
    }

    /// Millionths of a degree east of Greenwich.
    #[must_use]
    pub const fn lon(self) -> i32 {
        self.lon
    }

    /// Millionths of a degree north of the equator.
    #[must_use]
    pub const fn lat(self) -> i32 {
        self.lat
    }

    /// Whether it lies where Ethiopia does: 33 to 48 degrees east, 3 to 15 north (domain 4.7, unverified, so a place
    /// outside is a warning).
    #[must_use]
    pub fn is_in_ethiopia(self) -> bool {
        let within = |value: i32, from: i64, to: i64| (from * MICRO..=to * MICRO).contains(&i64::from(value));
        within(self.lon, 33, 48) && within(self.lat, 3, 15)
    }

    /// The same place with its numbers the other way round, where that is a place.
    #[must_use]
    pub fn swapped(self) -> Option<Self> {
        Self::new(self.lat.into(), self.lon.into()).ok()
    }
}

/// As GeoJSON has it: `[38.123456,7.120000]`, always with six decimals.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{},{}]", Micro(self.lon), Micro(self.lat))
    }
}

/// Millionths as a number of degrees with six decimals.
pub struct Micro(pub i32);

impl fmt::Display for Micro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, amount) = (if self.0 < 0 { "-" } else { "" }, i64::from(self.0).abs());
        write!(f, "{sign}{}.{:06}", amount / MICRO, amount % MICRO)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn degrees(text: &str) -> (i64, u32, bool) {
        let read = Degrees::parse(text).unwrap_or_else(|| panic!("{text}"));
        (read.micro, read.decimals, read.is_rounded)
    }

    #[test]
    fn a_number_is_read_to_the_millionth() {
        for (text, expected) in [
            ("38.123456", (38_123_456, 6, false)),
            ("-0.000001", (-1, 6, false)),
            ("38.500000", (38_500_000, 6, false)),
            ("38.5", (38_500_000, 1, false)),
            ("38", (38_000_000, 0, false)),
            ("38.1234564", (38_123_456, 7, true)),
            ("38.1234565", (38_123_457, 7, true)),
            ("-38.1234565", (-38_123_457, 7, true)),
            ("38.12345600", (38_123_456, 8, false)),
            ("0.0000004", (0, 7, true)),
            ("0.0000005", (1, 7, true)),
            ("3.8123456e1", (38_123_456, 6, false)),
            ("38123456e-6", (38_123_456, 6, false)),
            ("1E2", (100_000_000, 0, false)),
            ("0e999999", (0, 0, false)),
            ("1e-999999", (0, 999_999, true)),
            ("179.9999999", (180_000_000, 7, true)),
        ] {
            assert_eq!(degrees(text), expected, "{text}");
        }
        assert!(degrees("1e30").0 > 180_000_000);
        assert!(degrees("999999999999999999999999").0 > 180_000_000);
    }

    #[test]
    fn what_is_no_number_of_json_is_none() {
        for text in ["", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "NaN", "1,5", "1 ", "٣٨", "--1", &"1".repeat(61)]
        {
            assert_eq!(Degrees::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_place_lies_on_the_earth() {
        assert_eq!(Position::new(180_000_001, 0), Err(Axis::Longitude));
        assert_eq!(Position::new(-180_000_001, 0), Err(Axis::Longitude));
        assert_eq!(Position::new(0, 90_000_001), Err(Axis::Latitude));
        assert_eq!(Position::new(i64::MAX, i64::MIN), Err(Axis::Longitude));
        let edge = Position::new(-180_000_000, 90_000_000).unwrap();
        assert_eq!(edge.to_string(), "[-180.000000,90.000000]");
        assert_eq!(Position::new(-1, 1).unwrap().to_string(), "[-0.000001,0.000001]");
    }

    #[test]
    fn ethiopia_lies_between_33_and_48_east_and_3_and_15_north() {
        let at = |lon: i64, lat: i64| Position::new(lon, lat).unwrap();
        assert!(at(33_000_000, 3_000_000).is_in_ethiopia() && at(48_000_000, 15_000_000).is_in_ethiopia());
        assert!(!at(32_999_999, 7_000_000).is_in_ethiopia() && !at(38_000_000, 15_000_001).is_in_ethiopia());
        let swapped = at(7_000_000, 38_000_000);
        assert!(!swapped.is_in_ethiopia() && swapped.swapped().unwrap().is_in_ethiopia());
        assert_eq!(at(100_000_000, 7_000_000).swapped(), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(lon in -180_000_000_i64..=180_000_000, lat in -90_000_000_i64..=90_000_000) {
            let place = Position::new(lon, lat).unwrap();
            let text = place.to_string();
            let (x, y) = text.trim_matches(['[', ']']).split_once(',').unwrap();
            prop_assert_eq!((degrees(x), degrees(y)), ((lon, 6, false), (lat, 6, false)));
        }

        #[test]
        fn no_text_breaks_the_reader(text in "[-+0-9eE.]{0,70}") {
            let _ = Degrees::parse(&text);
        }
    }
}
