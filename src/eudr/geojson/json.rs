//! A JSON text taken apart one level at a time, each value left as it was written until it is asked for: a coordinate's
//! decimals are lost once it is a floating-point number.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// Members of an object by name.
pub type Object<'a> = BTreeMap<String, &'a RawValue>;

/// The members of the object in `text`; `None` when it is none, or names a member twice.
pub fn object(text: &str) -> Option<Object<'_>> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Object<'de>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
            let mut members = Object::new();
            while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
                // Of two, each reader may believe another.
                if members.insert(name, value).is_some() {
                    return Err(A::Error::custom("a member is named twice"));
                }
            }
            Ok(members)
        }
    }
    serde_json::Deserializer::from_str(text).deserialize_map(Members).ok()
}

/// Why a list is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListError {
    /// It is something else.
    NotAList,
    /// It is longer than that.
    TooLong,
}

/// The items of the list in `text`, of which there may be `most`.
///
/// # Errors
/// [`ListError`].
pub fn list(text: &str, most: usize) -> Result<Vec<&RawValue>, ListError> {
    struct Items {
        most: usize,
    }
    impl<'de> Visitor<'de> for Items {
        type Value = Result<Vec<&'de RawValue>, ListError>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = seq.next_element::<&'de RawValue>()? {
                if items.len() == self.most {
                    while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                    return Ok(Err(ListError::TooLong));
                }
                items.push(item);
            }
            Ok(Ok(items))
        }
    }
    serde_json::Deserializer::from_str(text).deserialize_seq(Items { most }).unwrap_or(Err(ListError::NotAList))
}

/// The text that `value` is, if it is one.
pub fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// Whether `value` says that there is nothing.
pub fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// What was found where something else was expected, for people: not more than they read.
pub fn excerpt(value: &RawValue) -> String {
    const MOST: usize = 40;
    let written = value.get();
    let mut shown: String = written.chars().filter(|character| !character.is_control()).take(MOST).collect();
    if written.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_stays_as_it_is_written() {
        let members = object(r#"{ "a" : 38.500000 , "b": [1, [2,3]] }"#).unwrap();
        assert_eq!((members["a"].get(), members["b"].get()), ("38.500000", "[1, [2,3]]"));
        let items: Vec<&str> = list(members["b"].get(), 2).unwrap().iter().map(|item| item.get()).collect();
        assert_eq!(items, ["1", "[2,3]"]);
    }

    #[test]
    fn what_is_something_else_is_told_apart() {
        assert!(object("[1]").is_none() && object("1").is_none() && object(r#"{"a":1,"a":2}"#).is_none());
        assert_eq!(list("{}", 2).unwrap_err(), ListError::NotAList);
        assert_eq!(list("[1,2,3]", 2).unwrap_err(), ListError::TooLong);
        let members = object(r#"{"n": null, "s": "a\u1263", "bad": "\ud800"}"#).unwrap();
        assert!(is_null(members["n"]));
        assert_eq!(text(members["s"]), Some("aባ".to_owned()));
        assert_eq!(text(members["bad"]), None);
        assert_eq!(excerpt(members["s"]), "\"a\\u1263\"");
    }
}
