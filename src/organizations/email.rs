//! An address to which mail can be sent, as far as its shape tells.

use crate::workflow::{FieldReader, Problem};

/// The longest address that mail takes (RFC 5321).
const LONGEST: usize = 254;

/// Whether `text` looks like an address: something, one `@`, a domain with a dot, no space. Whether it is somebody's
/// only a mail can tell.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_plain =
        |character: char| character.is_ascii_graphic() && !matches!(character, '@' | '<' | '>' | '"' | ',' | ';');
    text.len() <= LONGEST
        && (1..=64).contains(&local.len())
        && local.chars().all(is_plain)
        && domain.split('.').count() >= 2
        && domain.split('.').all(|part| {
            !part.is_empty() && part.chars().all(|character| character.is_ascii_alphanumeric() || character == '-')
        })
}

/// The address in a field, in lower case; a problem when it is none.
pub fn read_email(reader: &mut FieldReader<'_>, field: &str) -> String {
    let typed = reader.raw(field).to_lowercase();
    if typed.is_empty() {
        reader.problems.add(field, Problem::Missing);
    } else if !is_email(&typed) {
        reader.problems.add(field, Problem::Refused { text_id: "problem-email-shape", arguments: Vec::new() });
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::is_email;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for good in ["a@b.et", "hiwot.girma@abay-coffee.com.et", "x+1@mail.example"] {
            assert!(is_email(good), "{good}");
        }
        let long = format!("{}@b.et", "a".repeat(65));
        for bad in
            ["", "a", "a@b", "@b.et", "a@", "a@b..et", "a b@c.et", "a@@b.et", "a@b@c.et", "a@b.et.", "ሀ@b.et", &long]
        {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
