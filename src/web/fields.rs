//! From the pairs of a form or a query to a struct.
//!
//! Like `serde_urlencoded`, with two differences: a list takes a field that is repeated (checkboxes), and
//! an unknown field of a form is always an error, so that no struct can forget to say so. A map would take
//! every field: of a form it is read only where the form's fields are declared ([`FieldNames`]).

use std::collections::BTreeMap;
use std::fmt;

use serde::{
    de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor, value::MapDeserializer},
    forward_to_deserialize_any,
};

use super::form_fields::FieldNames;

/// What is wrong with the fields, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldsError {
    /// They are not those that are asked for.
    Unfit(String),
    /// A form takes every field, and nothing says which it has.
    Undeclared,
}

impl fmt::Display for FieldsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit(what) => f.write_str(what),
            Self::Undeclared => f.write_str("the route of a form with free fields does not declare them"),
        }
    }
}

impl std::error::Error for FieldsError {}

impl de::Error for FieldsError {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self::Unfit(what.to_string())
    }
}

/// What to do with a field that the struct does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unknown {
    /// A form: nobody's page sends it.
    Refused,
    /// An address: people share and shorten them, and a newsletter's parameter may hang on.
    PassedOver,
}

/// Reads the `pairs` of a form as `T`; `declared` are the form's fields, where its route says them.
///
/// # Errors
/// When a field is missing, unknown, repeated where one is meant, or of another type; and
/// [`FieldsError::Undeclared`] when `T` takes every field and none is declared.
pub fn parse_form<'a, T: DeserializeOwned>(
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
    declared: Option<&FieldNames>,
) -> Result<T, FieldsError> {
    let fields = by_name(pairs, Unknown::Refused);
    if let Some(declared) = declared
        && !fields.keys().all(|name| declared.have(name))
    {
        return Err(unknown_field());
    }
    T::deserialize(Form { fields, is_declared: declared.is_some() })
}

/// Reads the `pairs` of an address as `T`.
///
/// # Errors
/// When a parameter is missing, repeated where one is meant, or of another type.
pub fn parse_query<'a, T: DeserializeOwned>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Result<T, FieldsError> {
    T::deserialize(MapDeserializer::new(by_name(pairs, Unknown::PassedOver).into_iter()))
}

fn by_name<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>, unknown: Unknown) -> BTreeMap<&'a str, Values<'a>> {
    let mut fields: BTreeMap<&str, Values<'a>> = BTreeMap::new();
    for (name, value) in pairs {
        fields.entry(name).or_insert_with(|| Values { all: Vec::new(), unknown }).all.push(value);
    }
    fields
}

fn unknown_field() -> FieldsError {
    de::Error::custom("there is an unknown field")
}

/// The fields of a form as a whole.
struct Form<'a> {
    fields: BTreeMap<&'a str, Values<'a>>,
    is_declared: bool,
}

impl<'de> Deserializer<'de> for Form<'de> {
    type Error = FieldsError;

    // A struct refuses by itself what it does not know.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldsError> {
        MapDeserializer::new(self.fields.into_iter()).deserialize_any(visitor)
    }

    // Everything else, such as a map or a struct that has one in it, takes what comes.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldsError> {
        if !self.is_declared {
            return Err(FieldsError::Undeclared);
        }
        MapDeserializer::new(self.fields.into_iter()).deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
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

impl<'de> Deserializer<'de> for Values<'de> {
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
            Unknown::Refused => Err(unknown_field()),
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

    fn read<T: DeserializeOwned>(form: &str, declared: Option<&FieldNames>) -> Result<T, FieldsError> {
        let pairs: Vec<_> = url::form_urlencoded::parse(form.as_bytes()).collect();
        parse_form(pairs.iter().map(|(k, v)| (k.as_ref(), v.as_ref())), declared)
    }

    fn read_everything(form: &str) -> Result<Everything, FieldsError> {
        read(form, None)
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
        assert_eq!(read_everything(&query).unwrap(), expected);
    }

    #[test]
    fn what_is_left_out_may_be_optional() {
        let read = read_everything(&format!("name=&count=0&id={ID}&kind=ECX")).unwrap();
        assert_eq!((read.note, read.marked, read.chosen.len()), (None, false, 0));
    }

    #[test]
    fn an_address_may_hold_more_than_the_page_knows() {
        let query = format!("name=A&count=7&id={ID}&kind=ECTA&utm_source=mail");
        assert!(read_everything(&query).is_err());
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        assert!(parse_query::<Everything>(pairs.iter().map(|(k, v)| (k.as_ref(), v.as_ref()))).is_ok());
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
            assert!(read_everything(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_map_is_read_only_of_the_fields_that_are_declared() {
        type Free = BTreeMap<String, String>;
        #[derive(Debug, Deserialize)]
        struct WithMore {
            #[serde(flatten)]
            more: Free,
        }
        let names = FieldNames::from(vec!["name", "lot_*"]);
        let free = read::<Free>("name=A&lot_1=B", Some(&names)).unwrap();
        assert_eq!((free["name"].as_str(), free["lot_1"].as_str(), free.len()), ("A", "B", 2));
        assert_eq!(read::<WithMore>("name=A", Some(&names)).unwrap().more["name"], "A");
        for bad in ["name=A&role=ADMIN", "name=A&name=B", "lot_=A"] {
            assert!(matches!(read::<Free>(bad, Some(&names)), Err(FieldsError::Unfit(_))), "{bad}");
            assert!(read::<WithMore>(bad, Some(&names)).is_err(), "{bad}");
        }
        assert_eq!(read::<Free>("name=A", None), Err(FieldsError::Undeclared));
        assert_eq!(read::<Free>("", None), Err(FieldsError::Undeclared), "whatever has come");
        assert_eq!(read::<WithMore>("", None).unwrap_err(), FieldsError::Undeclared);
    }
}
