//! From the pairs of a form or a query to a struct.
//!
//! Like `serde_urlencoded`, with two differences: a list takes a field that is repeated (checkboxes), and
//! an unknown field of a form is always an error, so that no struct can forget to say so.

use std::collections::BTreeMap;

use serde::{
    de::{self, DeserializeOwned, IntoDeserializer, Visitor, value::MapDeserializer},
    forward_to_deserialize_any,
};

/// What is wrong with the fields, for the log.
pub type FieldsError = de::value::Error;

/// What to do with a field that the struct does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// A form: nobody's page sends it.
    Refused,
    /// An address: people share and shorten them, and a newsletter's parameter may hang on.
    PassedOver,
}

/// Reads `pairs` as `T`.
///
/// # Errors
/// When a field is missing, unknown, repeated where one is meant, or of another type.
pub fn parse<'a, T: DeserializeOwned>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
    unknown: Unknown,
) -> Result<T, FieldsError> {
    let mut fields: BTreeMap<&str, Values<'a>> = BTreeMap::new();
    for (name, value) in pairs {
        fields.entry(name).or_insert_with(|| Values { all: Vec::new(), unknown }).all.push(value);
    }
    T::deserialize(MapDeserializer::new(fields.into_iter()))
}

/// Every value of one name.
struct Values<'a> {
    all: Vec<&'a str>,
    unknown: Unknown,
}

impl<'a> Values<'a> {
    fn single(&self) -> Result<&'a str, FieldsError> {
        match self.all.as_slice() {
            [value] => Ok(value),
            _ => Err(de::Error::custom("a field is repeated")),
        }
    }

    fn number<T: std::str::FromStr>(&self) -> Result<T, FieldsError> {
        self.single()?.trim().parse().map_err(|_| de::Error::custom("a field is no number"))
    }
}

impl<'de> IntoDeserializer<'de, FieldsError> for Values<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldsError> {
            visitor.$visit(self.number()?)
        }
    )+};
}

impl<'de> de::Deserializer<'de> for Values<'de> {
    type Error = FieldsError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldsError> {
        visitor.visit_str(self.single()?)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldsError> {
        let unknown = self.unknown;
        let values = self.all.into_iter().map(|value| Self { all: vec![value], unknown });
        visitor.visit_seq(de::value::SeqDeserializer::new(values))
    }

    // A field that was left empty is a field that was not given.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldsError> {
        if self.all.iter().all(|value| value.is_empty()) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    // A checkbox sends something or nothing.
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldsError> {
        match self.single()? {
            "true" | "on" | "yes" | "1" => visitor.visit_bool(true),
            "" | "false" | "no" | "0" => visitor.visit_bool(false),
            _ => Err(de::Error::custom("a field is neither yes nor no")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, FieldsError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldsError> {
        visitor.visit_enum(self.single()?.into_deserializer())
    }

    // Only a field that the struct does not know is ever ignored.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldsError> {
        match self.unknown {
            Unknown::Refused => Err(de::Error::custom("there is an unknown field")),
            Unknown::PassedOver => visitor.visit_unit(),
        }
    }

    numbers! {
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32 deserialize_i64 visit_i64
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32 deserialize_u64 visit_u64
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{auth::OrganizationKind, ids::ExportId};

    #[derive(Debug, Deserialize, PartialEq)]
    struct Everything {
        name: String,
        count: u16,
        id: ExportId,
        kind: OrganizationKind,
        note: Option<String>,
        #[serde(default)]
        marked: bool,
        #[serde(default)]
        chosen: Vec<u8>,
    }

    const ID: &str = "0190c5d2-7f3a-7bb1-9a64-2f6f0a9c1d11";

    fn read(query: &str) -> Result<Everything, FieldsError> {
        read_with(query, Unknown::Refused)
    }

    fn read_with(query: &str, unknown: Unknown) -> Result<Everything, FieldsError> {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        parse(pairs.iter().map(|(k, v)| (k.as_ref(), v.as_ref())), unknown)
    }

    #[test]
    fn every_kind_of_field_is_read() {
        let query = format!("name=A+B&count=+7&id={ID}&kind=ECTA&note=&marked=on&chosen=1&chosen=2");
        let expected = Everything {
            name: "A B".to_owned(),
            count: 7,
            id: ID.parse().unwrap(),
            kind: OrganizationKind::Ecta,
            note: None,
            marked: true,
            chosen: vec![1, 2],
        };
        assert_eq!(read(&query).unwrap(), expected);
    }

    #[test]
    fn what_is_left_out_may_be_optional() {
        let read = read(&format!("name=&count=0&id={ID}&kind=ECX")).unwrap();
        assert_eq!((read.note, read.marked, read.chosen.len()), (None, false, 0));
    }

    #[test]
    fn an_address_may_hold_more_than_the_page_knows() {
        let query = format!("name=A&count=7&id={ID}&kind=ECTA&utm_source=mail");
        assert!(read(&query).is_err());
        assert!(read_with(&query, Unknown::PassedOver).is_ok());
    }

    #[test]
    fn what_no_page_sends_is_refused() {
        let good = format!("name=A&count=7&id={ID}&kind=ECTA");
        for bad in [
            format!("{good}&role=ADMIN"),
            format!("{good}&name=B"),
            good.replace("count=7", "count=70000"),
            good.replace("count=7", "count=x"),
            good.replace("kind=ECTA", "kind=NOBODY"),
            good.replace(ID, "x"),
            good.replace("name=A&", ""),
            format!("{good}&marked=perhaps"),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }
}
