//! What the record says, in words. What has none any more, as the type of an event of before may, is spelt out from its code.

use crate::i18n::Lang;

/// What happened, by the type of an event.
#[must_use]
pub fn event(event_type: &str, lang: Lang) -> String {
    named("audit-event", event_type, lang)
}

/// What an event was about, by the kind of its subject.
#[must_use]
pub fn kind(entity_kind: &str, lang: Lang) -> String {
    named("audit-kind", entity_kind, lang)
}

/// What a fact of an event is called.
#[must_use]
pub fn fact(key: &str, lang: Lang) -> String {
    named("audit-fact", key, lang)
}

fn named(family: &str, code: &str, lang: Lang) -> String {
    lang.find_name(family, code).unwrap_or_else(|| spelt_out(code))
}

/// `LOGIN_FAILED` as `login failed`; what is no code, such as what a person has called something, stays as it is.
fn spelt_out(code: &str) -> String {
    if code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        code.to_ascii_lowercase().replace('_', " ")
    } else {
        code.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::audit::{ENTITY_KINDS, EVENT_TYPES};

    #[test]
    fn every_event_and_every_kind_has_words_of_its_own_in_both_languages() {
        for &lang in Lang::ALL {
            for (family, codes) in [("audit-event", &EVENT_TYPES[..]), ("audit-kind", &ENTITY_KINDS[..])] {
                let mut said = BTreeSet::new();
                for code in codes {
                    let name = lang.find_name(family, code).unwrap_or_else(|| panic!("no words for {code}"));
                    assert!(name != *code && !name.ends_with(['.', '።']), "{name}");
                    // Who chooses from a list has to tell them apart.
                    assert!(said.insert(name), "the words for {code} are those of another");
                }
            }
        }
        for code in EVENT_TYPES {
            assert_ne!(event(code, Lang::EN), event(code, Lang::AM), "{code} in Amharic");
        }
    }

    #[test]
    fn what_has_no_words_is_spelt_out() {
        for &lang in Lang::ALL {
            assert_eq!(event("ROLE_INVENTED", lang), "role invented");
            assert_eq!(kind("old_thing", lang), "old thing");
            assert_eq!(fact("renewedBy", lang), "renewedby");
            assert_eq!(fact("ከተማ. Town", lang), "ከተማ. Town");
        }
        assert_eq!(event("LOGIN_SUCCESS", Lang::EN), "Signed in");
        assert_eq!(fact("quantity_kg", Lang::EN), "Quantity (kg)");
    }
}
