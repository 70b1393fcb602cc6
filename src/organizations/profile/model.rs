//! A profile, and how its form is read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::organizations::phone::Phone;
use crate::workflow::{FieldProblems, FieldReader, Problem};

/// The most tags of a person; the table says the same.
const MOST_TAGS: usize = 10;
/// The most further facts.
const MOST_FACTS: usize = 20;

/// Names of the form's fields.
pub(super) const POSITION: &str = "position";
pub(super) const PHONE: &str = "phone";
pub(super) const TAGS: &str = "tags";
pub(super) const FACTS: &str = "facts";

/// What colleagues are to know of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Profile {
    /// The post, 2 to 100 characters.
    pub position: Option<String>,
    /// An Ethiopian number, as [`Phone`] stores it.
    pub phone: Option<String>,
    /// Short words in lower case, in the order of the alphabet.
    pub tags: Vec<String>,
    /// Whatever else there is to say: label and text.
    pub facts: BTreeMap<String, String>,
}

impl Profile {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The fields of the form as they are filled in for it.
    pub(super) fn fields(&self) -> BTreeMap<String, String> {
        let facts: Vec<String> = self.facts.iter().map(|(label, text)| format!("{label}: {text}")).collect();
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        [
            (POSITION, text(&self.position)),
            (PHONE, text(&self.phone)),
            (TAGS, self.tags.join(", ")),
            (FACTS, facts.join("\n")),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// As the record keeps it, in the part that can be erased.
    pub(super) fn on_record(&self) -> Value {
        json!({ "position": self.position, "phone": self.phone, "tags": self.tags, "metadata": self.facts })
    }

    /// The names of what differs from `before`.
    pub(super) fn changes(&self, before: &Self) -> Vec<&'static str> {
        [
            ("position", self.position != before.position),
            ("phone", self.phone != before.phone),
            ("tags", self.tags != before.tags),
            ("metadata", self.facts != before.facts),
        ]
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name))
        .collect()
    }
}

/// The profile that a form says.
///
/// # Errors
/// What is wrong with it, by field.
pub(super) fn read(values: &BTreeMap<String, String>) -> Result<Profile, FieldProblems> {
    let mut reader = FieldReader::new(values);
    let refused = |text_id, arguments| Problem::Refused { text_id, arguments };
    let position = match reader.raw(POSITION) {
        "" => None,
        _ => Some(reader.text(POSITION, 2..=100)),
    };
    let typed = reader.raw(PHONE);
    let phone = Phone::parse(typed);
    if phone.is_none() && !typed.is_empty() {
        reader.problems.add(PHONE, refused("problem-phone", Vec::new()));
    }
    let tags: BTreeSet<String> = reader
        .raw(TAGS)
        .split([',', '\n'])
        .map(|tag| tag.trim().to_lowercase())
        .filter(|tag| !tag.is_empty())
        .collect();
    if tags.len() > MOST_TAGS {
        reader.problems.add(TAGS, refused("profile-many-tags", vec![("most", MOST_TAGS.to_string())]));
    } else if let Some(tag) = tags.iter().find(|tag| !is_tag(tag)) {
        reader.problems.add(TAGS, refused("profile-no-tag", vec![("tag", tag.chars().take(40).collect())]));
    }
    let facts = match read_facts(reader.raw(FACTS)) {
        Ok(facts) => facts,
        Err(problem) => {
            reader.problems.add(FACTS, problem);
            BTreeMap::new()
        }
    };
    let phone = phone.map(|phone| phone.as_str().to_owned());
    reader.finish(Profile { position, phone, tags: tags.into_iter().collect(), facts })
}

/// Letters and digits of any script, and a few signs between them; 2 to 30 characters. The table says the same.
fn is_tag(tag: &str) -> bool {
    (2..=30).contains(&tag.chars().count())
        && tag.starts_with(char::is_alphanumeric)
        && tag.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '&' | '/' | '.' | '-'))
}

/// One fact a line: a label, a colon, a text.
fn read_facts(text: &str) -> Result<BTreeMap<String, String>, Problem> {
    let refused = |text_id, line: &str| Problem::Refused { text_id, arguments: vec![("line", short(line))] };
    let mut facts = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if line.chars().any(crate::workflow::fields::is_strange) {
            return Err(Problem::StrangeCharacters);
        }
        let Some((label, value)) = line.split_once(':') else { return Err(refused("profile-no-colon", line)) };
        let (label, value) = (label.trim(), value.trim());
        if !(2..=40).contains(&label.chars().count()) || !(1..=200).contains(&value.chars().count()) {
            return Err(refused("profile-fact-length", line));
        }
        if facts.insert(label.to_owned(), value.to_owned()).is_some() {
            return Err(refused("profile-fact-twice", line));
        }
    }
    if facts.len() > MOST_FACTS {
        let arguments = vec![("most", MOST_FACTS.to_string())];
        return Err(Problem::Refused { text_id: "profile-many-facts", arguments });
    }
    Ok(facts)
}

fn short(line: &str) -> String {
    line.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(position: &str, phone: &str, tags: &str, facts: &str) -> BTreeMap<String, String> {
        [(POSITION, position), (PHONE, phone), (TAGS, tags), (FACTS, facts)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    #[test]
    fn what_is_typed_is_put_in_order_and_shown_again_alike() {
        let typed =
            form("FX officer", "+251 911 234 567", "Letters of credit, fx,FX", "Staff number: 4711\n\nDesk:  3 ");
        let profile = read(&typed).unwrap();
        assert_eq!(profile.tags, ["fx", "letters of credit"]);
        assert_eq!(profile.phone.as_deref(), Some("+251911234567"));
        assert_eq!(profile.facts["Desk"], "3");
        assert_eq!(read(&profile.fields()), Ok(profile));
        assert!(read(&form("", "", "", "")).unwrap().is_empty());
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        let wrong = |typed: &BTreeMap<String, String>| read(typed).unwrap_err().0;
        let many: Vec<String> = (10..21).map(|n| format!("t{n}")).collect();
        for (typed, field) in [
            (form("x", "", "", ""), POSITION),
            (form("", "12", "", ""), PHONE),
            (form("", "", "a", ""), TAGS),
            (form("", "", "<b>", ""), TAGS),
            (form("", "", &many.join(","), ""), TAGS),
            (form("", "", "", "no colon"), FACTS),
            (form("", "", "", "x: short label"), FACTS),
            (form("", "", "", "Desk: 3\nDesk: 4"), FACTS),
            (form("", "", "", "Desk: \u{202E}3"), FACTS),
        ] {
            let found = wrong(&typed);
            assert_eq!(found.len(), 1, "{typed:?}");
            assert_eq!(found[0].0, field, "{typed:?}");
        }
    }

    #[test]
    fn a_change_names_what_changed() {
        let before = read(&form("Clerk", "", "fx", "")).unwrap();
        let after = read(&form("Clerk", "0911234567", "fx", "Desk: 3")).unwrap();
        assert_eq!(after.changes(&before), ["phone", "metadata"]);
        assert!(after.changes(&after).is_empty());
    }
}
