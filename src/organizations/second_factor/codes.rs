//! Codes of a phone (RFC 6238: six digits, thirty seconds, SHA-1, since that is what the phones' applications take) and
//! recovery codes. Pure, but for the randomness of new ones.

use chrono::{DateTime, Utc};
use rand::RngExt;
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp, TotpError};
use zeroize::Zeroizing;

/// What the phone's application shows as the account's site.
const ISSUER: &str = "Jebena";
/// Steps before and after the present one that are taken: clocks differ, and typing takes time.
const SKEW: u16 = 1;
const STEP_SECONDS: u64 = 30;
/// Digits of a phone's code.
const DIGITS: usize = 6;
/// How many recovery codes there are at a time.
pub(super) const RECOVERY_CODES: usize = 10;
/// Twenty digits are 66 bits. Digits are on every keyboard, whatever its language.
const RECOVERY_DIGITS: usize = 20;
const GROUP: usize = 5;

/// What somebody has typed where a code is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// A code of the phone, as its digits.
    Code([u8; DIGITS]),
    /// A recovery code, as what is stored of it.
    Recovery([u8; 32]),
    /// Neither.
    Neither,
}

impl Typed {
    /// Reads a field; spaces and dashes are how people keep digits apart.
    pub fn read(text: &str) -> Self {
        let mut digits = Zeroizing::new(Vec::with_capacity(RECOVERY_DIGITS));
        for c in text.chars() {
            match c {
                '0'..='9' if digits.len() <= RECOVERY_DIGITS => digits.push(c as u8),
                c if c.is_whitespace() || matches!(c, '-' | '–') => {}
                _ => return Self::Neither,
            }
        }
        match digits.len() {
            DIGITS => Self::Code(std::array::from_fn(|place| digits[place])),
            RECOVERY_DIGITS => Self::Recovery(Sha256::digest(&*digits).into()),
            _ => Self::Neither,
        }
    }
}

/// How long a secret is (RFC 4226, section 4).
pub(super) const SECRET_BYTES: usize = 20;

/// A secret that nobody has seen.
pub(super) fn new_secret() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Secret::generate().as_ref().to_vec())
}

fn totp(secret: &[u8], username: &str) -> Result<Totp, TotpError> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_skew(SKEW)
        .with_step_duration(STEP_SECONDS)
        // What separates issuer and account cannot stand in either.
        .with_account_name(username.replace(':', "-"))
        .with_issuer(Some(ISSUER))
        .build()
}

/// What a phone's application reads, and the secret for who types it.
pub(super) fn shown(secret: &[u8], username: &str) -> Result<(String, String), TotpError> {
    let text = Secret::from(secret.to_vec()).to_base32();
    let groups: Vec<&str> = (0..text.len()).step_by(4).filter_map(|at| text.get(at..text.len().min(at + 4))).collect();
    Ok((totp(secret, username)?.to_url()?, groups.join(" ")))
}

/// The code of a moment.
pub(super) fn code_at(secret: &[u8], moment: DateTime<Utc>) -> Result<String, TotpError> {
    let second = u64::try_from(moment.timestamp()).unwrap_or_default();
    Ok(totp(secret, "")?.generate(second).to_string())
}

/// To which thirty seconds a code belongs, if it is one of now.
pub(super) fn step_of(secret: &[u8], code: &[u8; DIGITS], now: DateTime<Utc>) -> Result<Option<i64>, TotpError> {
    let Ok(now) = u64::try_from(now.timestamp()) else { return Ok(None) };
    let Ok(code) = std::str::from_utf8(code) else { return Ok(None) };
    Ok(totp(secret, "")?.check(code, now).and_then(|step| i64::try_from(step).ok()))
}

/// Ten recovery codes that nobody has seen, in groups as they are shown.
pub(super) fn new_recovery_codes() -> Vec<String> {
    let mut random = rand::rng();
    let mut code = || {
        let mut text = String::with_capacity(RECOVERY_DIGITS + RECOVERY_DIGITS / GROUP);
        for place in 0..RECOVERY_DIGITS {
            if place > 0 && place % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(b'0' + random.random_range(0..10_u8)));
        }
        text
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8; 20] = b"12345678901234567890";

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn step(code: &str, second: i64) -> Option<i64> {
        let Typed::Code(code) = Typed::read(code) else { panic!("no code") };
        step_of(SECRET, &code, at(second)).unwrap()
    }

    #[test]
    fn the_code_of_a_moment_is_taken_at_it() {
        for second in [59, 1_111_111_109, 2_000_000_000] {
            assert_eq!(step(&code_at(SECRET, at(second)).unwrap(), second), Some(second / 30));
        }
    }

    /// The vectors of RFC 6238, appendix B, of which these are the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (second, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert_eq!(step(code, second), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_and_one_step_late() {
        let (second, code) = (1_234_567_890, "005924");
        for (away, taken) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(step(code, second + away).is_some(), taken, "{away}");
        }
    }

    #[test]
    fn recovery_codes_have_twenty_digits_each_and_are_read_however_they_are_typed() {
        let codes = new_recovery_codes();
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), RECOVERY_CODES);
        for code in &codes {
            assert_eq!((code.len(), code.bytes().filter(u8::is_ascii_digit).count()), (23, RECOVERY_DIGITS), "{code}");
            let read = Typed::read(code);
            assert!(matches!(read, Typed::Recovery(_)));
            assert_eq!(Typed::read(&code.replace('-', " ")), read);
        }
        for neither in ["", "12345", "1234567", "12345a", "1234567890123456789012345", "፩፪፫፬፭፮"] {
            assert_eq!(Typed::read(neither), Typed::Neither, "{neither}");
        }
    }
}
