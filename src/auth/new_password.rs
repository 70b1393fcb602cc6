//! What is wrong with a password that somebody chooses. Pure.
//!
//! Length is what makes guessing hopeless, so length is asked for, and nothing about capitals and signs. What an attacker
//! tries first is refused: common passwords and words, rows of the keyboard, repetitions, dates (the lists and the count of
//! guesses are those of zxcvbn), and the words that everybody knows here: the product's, the person's, the organisation's.

use zxcvbn::{Score, zxcvbn};

/// The fewest characters while nothing but the password is asked for (NIST SP 800-63B-4, 3.1.1.2).
pub const SHORTEST: usize = 15;
/// The most characters.
pub const LONGEST: usize = 128;
/// So much of a password is enough to tell whether it can be guessed; the effort grows with the square.
const JUDGED_CHARS: usize = 64;

/// Fewer letters beside words that others know are none of one's own.
const LETTERS_OF_ONES_OWN: usize = 4;

/// What belongs to the product and its trade, which a guesser would try here first.
const OUR_WORDS: [&str; 28] = [
    "jebena",
    "coffee",
    "buna",
    "kafa",
    "kaffa",
    "export",
    "exporter",
    "ethiopia",
    "ethiopian",
    "addis",
    "ababa",
    "jimma",
    "sidama",
    "yirgacheffe",
    "harar",
    "guji",
    "gedeo",
    "limu",
    "lekempti",
    "djibouti",
    "customs",
    "ecta",
    "ecx",
    "nbe",
    "bank",
    "authority",
    "password",
    "administrator",
];

/// Passwords that we have published ourselves: everybody who has read of the demonstration knows them.
const PUBLISHED: [&str; 1] = [crate::demo::DEMO_PASSWORD];

/// What is wrong with a password that somebody chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing was typed.
    Missing,
    /// Fewer than [`SHORTEST`] characters.
    TooShort,
    /// More than [`LONGEST`] characters.
    TooLong,
    /// The second typing is another.
    Differs,
    /// It is among what is tried first.
    Guessable,
}

/// What is wrong with `password`, typed a second time as `again`, for a person about whom others know the words `about`:
/// names, of the person and of the organisation.
#[must_use]
pub fn against(password: &str, again: &str, about: &[&str]) -> Option<Unfit> {
    match password.chars().count() {
        0 => Some(Unfit::Missing),
        1..SHORTEST => Some(Unfit::TooShort),
        SHORTEST..=LONGEST if password != again => Some(Unfit::Differs),
        SHORTEST..=LONGEST if is_guessable(password, about) => Some(Unfit::Guessable),
        SHORTEST..=LONGEST => None,
        _ => Some(Unfit::TooLong),
    }
}

fn is_guessable(password: &str, about: &[&str]) -> bool {
    // However it is spaced and written.
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    if PUBLISHED.iter().any(|known| bare(password).contains(&bare(known))) {
        return true;
    }
    let judged: String = password.chars().take(JUDGED_CHARS).collect();
    let mut known: Vec<&str> = OUR_WORDS.to_vec();
    for name in about {
        known.push(name);
        known.extend(name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 2));
    }
    if letters_beside(&judged, &known) < LETTERS_OF_ONES_OWN {
        return true;
    }
    // Three of four: safe from a thief of the hashes who has a day, and far beyond what the door lets anybody try.
    zxcvbn(&judged, &known).score() < Score::Three
}

/// How many letters of `password` belong to no known word.
fn letters_beside(password: &str, known: &[&str]) -> usize {
    let mut words: Vec<String> = known.iter().map(|word| word.to_lowercase()).filter(|word| !word.is_empty()).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let rest = words.iter().fold(password.to_lowercase(), |rest, word| rest.replace(word.as_str(), " "));
    rest.chars().filter(|c| c.is_alphabetic()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(password: &str) -> Option<Unfit> {
        against(password, password, &["abay.tesfaye", "Abay Tesfaye", "Abay Coffee Export PLC"])
    }

    #[test]
    fn it_has_fifteen_to_a_hundred_and_twenty_eight_characters() {
        let of = |count: usize| "ቡናከጅማወደጅቡቲበመርከብ፣ለሃምቡርግ".chars().cycle().take(count).collect::<String>();
        assert_eq!(against("", "", &[]), Some(Unfit::Missing));
        assert_eq!(alone(&of(14)), Some(Unfit::TooShort));
        assert_eq!(alone(&of(15)), None);
        assert_eq!(alone(&of(128)), None);
        assert_eq!(alone(&of(129)), Some(Unfit::TooLong));
        assert!(of(128).len() <= crate::auth::password::MAX_PASSWORD_BYTES);
    }

    #[test]
    fn it_is_typed_twice() {
        assert_eq!(against("three goats on a roof", "three goats on a Roof", &[]), Some(Unfit::Differs));
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for common in [
            "aaaaaaaaaaaaaaaaaaaa",
            "123456789012345",
            "qwertyuiopasdfgh",
            "password123456789",
            "passwordpassword",
            "coffeecoffeecoffee",
            "jebena.coffee.export",
            "abay.tesfaye.abay",
            "AbayTesfaye2026",
            "abcdefghijklmnopq",
        ] {
            assert_eq!(alone(common), Some(Unfit::Guessable), "{common}");
        }
    }

    #[test]
    fn what_we_have_published_is_refused() {
        for known in [crate::demo::DEMO_PASSWORD, "Buna from Jimma 2026", "my buna-from-jimma-2026 at home"] {
            assert_eq!(alone(known), Some(Unfit::Guessable), "{known}");
        }
    }

    #[test]
    fn several_words_are_taken_without_a_sign_or_a_capital() {
        for good in
            ["three goats on a roof", "correct horse battery staple", "ሦስት ፍየሎች ጣሪያ ላይ ወጡ", "wet mill at sunrise 7"]
        {
            assert_eq!(alone(good), None, "{good}");
        }
    }
}
