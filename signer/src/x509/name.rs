//! Names of subjects: built here from what is known of an organisation, never taken over from a request as they stand.

use der::asn1::{ObjectIdentifier, PrintableString, SetOfVec, Utf8StringRef};
use der::{Any, Tag};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};

pub(super) const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
pub(super) const COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
pub(super) const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");
/// X.520 organizationIdentifier, as ETSI EN 319 412-1 asks of legal persons.
pub(super) const ORGANIZATION_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");

/// Bounds of RFC 5280, appendix A.1.
const LONGEST: usize = 64;

/// A name that cannot stand in a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Empty, or longer than certificates may have it.
    #[error("{0} must have 1 to 64 characters")]
    Length(&'static str),
    /// A character that is not seen, or that changes how others are read.
    #[error("{0} has a character that cannot be seen or that turns the direction of reading")]
    Unseen(&'static str),
    /// Letters of scripts that look alike.
    #[error("{0} mixes letters of scripts that look alike")]
    Mixed(&'static str),
    /// It cannot be encoded.
    #[error("{0} cannot be encoded")]
    Encoding(&'static str),
}

/// Who a certificate names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// CN.
    pub common_name: String,
    /// O.
    pub organization: String,
    /// organizationIdentifier, such as `NTRET-0000000099`; none for the consortium's own.
    pub organization_identifier: Option<String>,
}

impl Subject {
    /// The distinguished name: C=ET, O, organizationIdentifier, CN.
    ///
    /// # Errors
    /// When a part of it may not stand in a certificate.
    pub fn to_name(&self) -> Result<Name, NameError> {
        let mut parts = vec![
            attribute(COUNTRY, country()?)?,
            attribute(ORGANIZATION, text("the organisation", &self.organization)?)?,
        ];
        if let Some(identifier) = &self.organization_identifier {
            parts.push(attribute(ORGANIZATION_IDENTIFIER, text("the organisation's number", identifier)?)?);
        }
        parts.push(attribute(COMMON_NAME, text("the common name", &self.common_name)?)?);
        Ok(RdnSequence(parts))
    }
}

impl Subject {
    /// Who a certificate of ours names; none where the name is not made as [`Subject::to_name`] makes it.
    #[must_use]
    pub fn of_name(name: &Name) -> Option<Self> {
        let mut parts = [COMMON_NAME, ORGANIZATION, ORGANIZATION_IDENTIFIER].map(|_| None);
        for attribute in name.0.iter().flat_map(|part| part.0.iter()) {
            let place = match attribute.oid {
                COMMON_NAME => 0,
                ORGANIZATION => 1,
                ORGANIZATION_IDENTIFIER => 2,
                _ => continue,
            };
            parts[place] = Some(attribute.value.decode_as::<Utf8StringRef<'_>>().ok()?.as_str().to_owned());
        }
        let [common_name, organization, organization_identifier] = parts;
        let subject = Self { common_name: common_name?, organization: organization?, organization_identifier };
        (subject.to_name().ok()? == *name).then_some(subject)
    }
}

/// Ethiopia, in the one string type that RFC 5280 allows for it.
fn country() -> Result<Any, NameError> {
    PrintableString::new("ET").and_then(|code| Any::encode_from(&code)).map_err(|_| NameError::Encoding("the country"))
}

fn text(what: &'static str, value: &str) -> Result<Any, NameError> {
    check(what, value)?;
    Utf8StringRef::new(value)
        .and_then(|text| Any::new(Tag::Utf8String, text.as_bytes()))
        .map_err(|_| NameError::Encoding(what))
}

/// Whether a text may stand in a name.
///
/// # Errors
/// As [`NameError`] says.
pub fn check(what: &'static str, value: &str) -> Result<(), NameError> {
    if value.trim() != value || !(1..=LONGEST).contains(&value.chars().count()) {
        return Err(NameError::Length(what));
    }
    if value.chars().any(is_unseen) {
        return Err(NameError::Unseen(what));
    }
    let scripts = value.chars().filter_map(look_alike_script).collect::<std::collections::BTreeSet<_>>();
    if scripts.len() > 1 { Err(NameError::Mixed(what)) } else { Ok(()) }
}

/// Controls, marks of direction, joiners, and spaces other than the one.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{fff0}'..='\u{ffff}'
            | '\u{e0000}'..='\u{e0fff}' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{3000}')
}

/// Latin, Greek, Cyrillic, Armenian and Cherokee have letters that are taken for each other's; Ethiopic has none of them.
const fn look_alike_script(c: char) -> Option<u8> {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Some(0),
        '\u{370}'..='\u{3ff}' => Some(1),
        '\u{400}'..='\u{52f}' => Some(2),
        '\u{530}'..='\u{58f}' => Some(3),
        '\u{13a0}'..='\u{13ff}' | '\u{ab70}'..='\u{abbf}' => Some(4),
        '\u{ff01}'..='\u{ff5e}' => Some(5),
        _ => None,
    }
}

/// Whether a letter is one of those that are issued to who asks: Latin, Ethiopic, digits, spaces and the usual signs. Every other
/// alphabet has letters that are taken for one of these, by themselves or as a whole word.
pub(super) const fn is_of_ours(c: char) -> bool {
    matches!(c, ' '..='~' | '\u{c0}'..='\u{24f}' | '\u{1200}'..='\u{139f}' | '\u{2d80}'..='\u{2ddf}'
        | '\u{ab00}'..='\u{ab2f}' | '\u{2013}' | '\u{2014}' | '\u{2018}'..='\u{201d}')
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<RelativeDistinguishedName, NameError> {
    SetOfVec::try_from(vec![AttributeTypeAndValue { oid, value }])
        .map(RelativeDistinguishedName)
        .map_err(|_| NameError::Encoding("the name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(common_name: &str) -> Result<Name, NameError> {
        let organization = "Ethiopian Coffee and Tea Authority".to_owned();
        Subject {
            common_name: common_name.to_owned(),
            organization,
            organization_identifier: Some("NTRET-1".to_owned()),
        }
        .to_name()
    }

    #[test]
    fn a_name_reads_as_it_is() {
        assert_eq!(
            named("Seal of ECTA").unwrap().to_string(),
            "CN=Seal of ECTA,2.5.4.97=#0c074e54524554-2d31,O=Ethiopian Coffee and Tea Authority,C=ET".replace('-', "")
        );
        let name = named("Seal of ECTA").unwrap();
        assert_eq!(Subject::of_name(&name).unwrap().to_name().unwrap(), name);
        assert!(named("የኢትዮጵያ ቡናና ሻይ ባለሥልጣን").is_ok());
    }

    #[test]
    fn what_deceives_the_eye_is_refused() {
        for unseen in ["a\u{0}b", "a\u{202e}b", "a\u{200b}b", "a\nb", "a\u{a0}b"] {
            assert_eq!(named(unseen), Err(NameError::Unseen("the common name")), "{unseen:?}");
        }
        assert_eq!(named("Nаtional Bank"), Err(NameError::Mixed("the common name")));
        for long in ["", " a", &"a".repeat(65)] {
            assert_eq!(named(long), Err(NameError::Length("the common name")), "{long:?}");
        }
    }
}
