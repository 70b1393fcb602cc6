//! What may stand in the name of a person or an organisation. Pure.
//!
//! A name is read by people who decide by it: on lists, papers and mails. So it has letters of the two scripts that are written
//! here, Latin and Ethiopic, each word in one of them; a letter of another script that looks like one of these makes another name
//! of it that nobody sees. Nothing unseen, nothing that turns the direction of the text, and nothing that is markup somewhere.

use jebena_trust::text::is_harmful;

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// A character that nobody sees, or that turns the direction of the text.
    Unseen,
    /// A letter of neither script.
    OtherScript,
    /// Letters of both scripts in one word.
    Mixed,
    /// A sign that has no place in a name.
    Sign,
    /// There is no letter in it.
    NoLetter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Ethiopic,
}

/// What is wrong with `name`; nothing with one that may stand. How long it is, is the field's to say.
#[must_use]
pub fn against(name: &str) -> Option<Unfit> {
    if let Some(unfit) = name.chars().find_map(against_character) {
        return Some(unfit);
    }
    let mut has_letter = false;
    for word in name.split(|c: char| script_of(c).is_none() && !is_mark(c)) {
        let mut scripts = word.chars().filter_map(script_of);
        let Some(first) = scripts.next() else { continue };
        has_letter = true;
        if scripts.any(|script| script != first) {
            return Some(Unfit::Mixed);
        }
    }
    (!has_letter).then_some(Unfit::NoLetter)
}

fn against_character(c: char) -> Option<Unfit> {
    if script_of(c).is_some() || is_mark(c) || is_sign(c) {
        None
    } else if is_harmful(c) || c.is_whitespace() {
        Some(Unfit::Unseen)
    } else if c.is_alphabetic() {
        Some(Unfit::OtherScript)
    } else {
        Some(Unfit::Sign)
    }
}

const fn script_of(letter: char) -> Option<Script> {
    match letter {
        'a'..='z'
        | 'A'..='Z'
        | '\u{c0}'..='\u{d6}'
        | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{24f}'
        | '\u{1e00}'..='\u{1eff}' => Some(Script::Latin),
        '\u{1200}'..='\u{135a}' | '\u{1380}'..='\u{138f}' | '\u{2d80}'..='\u{2dde}' | '\u{ab00}'..='\u{ab2e}' => {
            Some(Script::Ethiopic)
        }
        _ => None,
    }
}

/// Accents that stand on the letter before them.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{135d}'..='\u{135f}')
}

/// What else names are written with: spaces, figures of both kinds, and the usual signs.
const fn is_sign(c: char) -> bool {
    matches!(c, ' ' | '0'..='9' | '.' | ',' | '\'' | '-' | '&' | '(' | ')' | '/' | ':' | '@' | '+' | '!' | '"'
        | '\u{2013}' | '\u{2014}' | '\u{2018}'..='\u{201d}' | '\u{2116}' | '\u{1360}'..='\u{137c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_scripts_may_stand() {
        for good in [
            "Almaz Tesfaye",
            "አልማዝ ተስፋዬ",
            "Almaz Tesfaye (አልማዝ ተስፋዬ)",
            "Ato H/Mariam W/Giorgis",
            "Jean-Luc O’Neill",
            "Müller & Söhne GmbH",
            "Nguyễn Văn A",
            "NORDLICHT-KAFFEE G.m.b.H.",
            "Abay Coffee Export P.L.C. No. 2",
            "ገብረ ማርያም፣ 2ኛ",
            "Zoe\u{301} Laurent",
        ] {
            assert_eq!(against(good), None, "{good}");
        }
    }

    #[test]
    fn what_deceives_the_eye_is_refused() {
        for (bad, expected) in [
            ("Аlmaz Tesfaye", Unfit::OtherScript),
            ("Almaz Τesfaye", Unfit::OtherScript),
            ("Ａｌｍａｚ", Unfit::OtherScript),
            ("Иван Петров", Unfit::OtherScript),
            ("Almazተስፋ", Unfit::Mixed),
            ("Almaz\u{202e}eyafseT", Unfit::Unseen),
            ("Al\u{200b}maz", Unfit::Unseen),
            ("Almaz\u{a0}Tesfaye", Unfit::Unseen),
            ("Almaz\nTesfaye", Unfit::Unseen),
            ("Almaz\u{0}", Unfit::Unseen),
            ("<b>Almaz</b>", Unfit::Sign),
            ("Almaz {{ 7 * 7 }}", Unfit::Sign),
            ("Almaz `id`", Unfit::Sign),
            ("=Almaz", Unfit::Sign),
            ("Almaz 🚢", Unfit::Sign),
            ("2026", Unfit::NoLetter),
        ] {
            assert_eq!(against(bad), Some(expected), "{bad:?}");
        }
    }
}
