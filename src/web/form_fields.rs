//! The names of the fields that a form has, said where its route is declared.
//!
//! Many a form is read field by field, from a map that would take whatever comes. So that no handler has to think of what it
//! does not ask, its route names the form's own fields, and a form with another is refused before the handler sees it.

use std::sync::Arc;

/// The names of the fields of a form whose only fields are those that every form has.
pub const NO_FIELDS: &[&str] = &[];

/// The names of a form's own fields. One that ends in `*` stands for every name that begins so and goes on.
#[derive(Debug, Clone)]
pub struct FieldNames(Arc<[&'static str]>);

impl FieldNames {
    /// Whether the form has a field of this name.
    #[must_use]
    pub fn have(&self, name: &str) -> bool {
        self.0.iter().any(|own| match own.strip_suffix('*') {
            Some(beginning) => name.strip_prefix(beginning).is_some_and(|rest| !rest.is_empty()),
            None => name == *own,
        })
    }

    /// The names, as they were declared.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied()
    }
}

impl From<&'static [&'static str]> for FieldNames {
    fn from(names: &'static [&'static str]) -> Self {
        Self(names.into())
    }
}

impl From<Vec<&'static str>> for FieldNames {
    fn from(names: Vec<&'static str>) -> Self {
        Self(names.into())
    }
}

/// Which fields the forms at one address have.
#[derive(Debug, Clone)]
pub enum FormFields {
    /// There is one form, with these.
    Of(FieldNames),
    /// There are several forms, told apart by a part of the address.
    By {
        /// The part that tells, as the route names it.
        part: &'static str,
        /// The fields for what stands there; `None` where there is no such form.
        names: fn(&str) -> Option<FieldNames>,
    },
}

impl FormFields {
    /// The forms that are told apart by `part` of the address, each with the fields that `names` says.
    #[must_use]
    pub const fn by(part: &'static str, names: fn(&str) -> Option<FieldNames>) -> Self {
        Self::By { part, names }
    }

    /// The names for an address whose parts `value_of` says; `None` where it leads to no form.
    pub fn names<'a>(&self, value_of: impl Fn(&str) -> Option<&'a str>) -> Option<FieldNames> {
        match self {
            Self::Of(names) => Some(names.clone()),
            Self::By { part, names } => names(value_of(part)?),
        }
    }
}

impl From<&'static [&'static str]> for FormFields {
    fn from(names: &'static [&'static str]) -> Self {
        Self::Of(names.into())
    }
}

impl<const N: usize> From<[&'static str; N]> for FormFields {
    fn from(names: [&'static str; N]) -> Self {
        Self::Of(Vec::from(names).into())
    }
}

impl From<Vec<&'static str>> for FormFields {
    fn from(names: Vec<&'static str>) -> Self {
        Self::Of(names.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_of_the_declared_or_goes_on_where_one_is_left_open() {
        let names = FieldNames::from(vec!["reason", "lot_id_*"]);
        for own in ["reason", "lot_id_1", "lot_id_12"] {
            assert!(names.have(own), "{own}");
        }
        for other in ["", "reason_1", "reaso", "Reason", "lot_id_", "lot_id"] {
            assert!(!names.have(other), "{other}");
        }
        assert!(!FieldNames::from(NO_FIELDS).have("reason"));
    }

    #[test]
    fn forms_at_one_address_are_told_apart() {
        let of = |kind: &str| match kind {
            "permit" => Some(FieldNames::from(vec!["valid_until"])),
            _ => None,
        };
        let forms = FormFields::by("kind", of);
        let names = |kind| forms.names(|part| (part == "kind").then_some(kind));
        assert!(names("permit").is_some_and(|names| names.have("valid_until") && !names.have("place")));
        assert!(names("visa").is_none(), "there is no such form");
        assert!(forms.names(|_| None).is_none());
    }
}
