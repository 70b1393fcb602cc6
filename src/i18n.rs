//! The two languages of the product and every sentence that people read in them.
//!
//! Sentences live in `locales/{en,am}/*.ftl` (Fluent), one file an area, compiled into the binary. Ids
//! are kebab-case and start with their area: `inbox-title`. Both languages always hold every id; the
//! tests below also refuse an id that nothing uses and a use without an id. Amharic that no native
//! reader has seen carries the comment `# awaiting native review` above it.

mod families;

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::{PoisonError, RwLock},
};

use fluent_templates::{LanguageIdentifier, Loader, static_loader};
use serde::{Deserialize, Serialize};
use unic_langid::langid;

use crate::calendar::Calendar;

pub use self::families::FAMILIES;
pub use fluent_templates::fluent_bundle::FluentValue;

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "en",
        // Isolation marks are for mixed directions; both our languages run left to right.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static ENGLISH: LanguageIdentifier = langid!("en");
static AMHARIC: LanguageIdentifier = langid!("am");

/// Sentences without variables, by language, as they were asked for: a page has two hundred of them, and finding one
/// here takes a tenth of the time. Only ids that exist come in, so it stays as small as the locales.
static KNOWN: [RwLock<BTreeMap<String, String>>; 2] = [RwLock::new(BTreeMap::new()), RwLock::new(BTreeMap::new())];

/// A language of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Amharic.
    Am,
}

/// How a text is written for whoever reads it: in which language, and in which calendar its days are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Lang {
    /// The language.
    pub language: Language,
    /// The calendar of its days; the Gregorian one unless a person's account says otherwise.
    pub calendar: Calendar,
}

impl Lang {
    /// English.
    pub const EN: Self = Self::of(Language::En);
    /// Amharic.
    pub const AM: Self = Self::of(Language::Am);
    /// Every language, in the order in which the switch shows them.
    pub const ALL: &'static [Self] = &[Self::EN, Self::AM];

    /// The language, with Gregorian days.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        Self { language, calendar: Calendar::Gregorian }
    }

    /// The same language, with days in `calendar`.
    #[must_use]
    pub const fn with_days_in(self, calendar: Calendar) -> Self {
        Self { calendar, ..self }
    }

    /// The same language, with Gregorian days: for what others than this reader will read, such as a file.
    #[must_use]
    pub const fn for_others(self) -> Self {
        Self::of(self.language)
    }

    /// Which of two texts is in this language.
    #[must_use]
    pub fn pick<T>(self, english: T, amharic: T) -> T {
        match self.language {
            Language::En => english,
            Language::Am => amharic,
        }
    }

    /// The code that is stored and that stands in `<html lang>`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self.language {
            Language::En => "en",
            Language::Am => "am",
        }
    }

    /// The language with this code, if it is one of ours.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|lang| lang.code() == code)
    }

    /// The language's name in itself, as the switch shows it to people who read no other.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self.language {
            Language::En => "English",
            Language::Am => "አማርኛ",
        }
    }

    /// The language that a browser asks for in `Accept-Language`; English when it asks for none of ours.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best = (Self::default(), 0.0_f32);
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let weight = parts.find_map(|p| p.trim().strip_prefix("q=")?.trim().parse().ok()).unwrap_or(1.0_f32);
            let primary = tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
            if let Some(lang) = Self::from_code(&primary)
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }

    /// The sentence `id` in this language. An unknown id stops a debug build; in a release the id itself
    /// is shown, which is better than no page.
    #[must_use]
    pub fn t(self, id: &str) -> String {
        found(id, self.find(id))
    }

    /// The sentence `id` in this language, for an id that is made of what is on record and may be nobody's.
    #[must_use]
    pub fn find(self, id: &str) -> Option<String> {
        let known = &KNOWN[self.language as usize];
        // A value is written once and whole, so that a poisoned lock still holds valid ones.
        if let Some(sentence) = known.read().unwrap_or_else(PoisonError::into_inner).get(id) {
            return Some(sentence.clone());
        }
        let sentence = LOCALES.try_lookup(self.identifier(), id);
        if let Some(sentence) = &sentence {
            known.write().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), sentence.clone());
        }
        sentence
    }

    /// The sentence `id` with `args` put in.
    #[must_use]
    pub fn t_args(self, id: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'_>> =
            args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        found(id, LOCALES.try_lookup_with_args(self.identifier(), id, &args))
    }

    /// The sentence `id` with texts put in, whose names are known only at run time.
    #[must_use]
    pub fn fill<N: Into<String>, V: Into<String>>(self, id: &str, values: impl IntoIterator<Item = (N, V)>) -> String {
        let args: HashMap<Cow<'static, str>, FluentValue<'_>> = values
            .into_iter()
            .map(|(name, value)| (Cow::Owned(name.into()), FluentValue::from(value.into())))
            .collect();
        found(id, LOCALES.try_lookup_with_args(self.identifier(), id, &args))
    }

    /// The name of a coded value: family `status` and code `FX_APPROVED` give `status-fx-approved`. The
    /// families stand in [`FAMILIES`].
    #[must_use]
    pub fn name_of(self, family: &str, code: &str) -> String {
        debug_assert!(FAMILIES.contains(&family), "{family:?} is no family of names");
        self.t(&format!("{family}-{}", code.to_ascii_lowercase().replace('_', "-")))
    }

    /// As [`Lang::name_of`], for a code that is on record and may have no name, or none any more.
    #[must_use]
    pub fn find_name(self, family: &str, code: &str) -> Option<String> {
        debug_assert!(FAMILIES.contains(&family), "{family:?} is no family of names");
        let is_code =
            !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-:".contains(&byte));
        if !is_code {
            return None;
        }
        self.find(&format!("{family}-{}", code.to_ascii_lowercase().replace(['_', ':'], "-")))
    }

    /// Things beside each other, as a list is written in this language.
    #[must_use]
    pub fn list(self, things: impl IntoIterator<Item = impl AsRef<str>>) -> String {
        let separator = self.pick(", ", "፣ ");
        let mut list = String::new();
        for thing in things {
            if !list.is_empty() {
                list.push_str(separator);
            }
            list.push_str(thing.as_ref());
        }
        list
    }

    fn identifier(self) -> &'static LanguageIdentifier {
        self.pick(&ENGLISH, &AMHARIC)
    }
}

fn found(id: &str, sentence: Option<String>) -> String {
    debug_assert!(sentence.is_some(), "no sentence has the id {id:?}");
    sentence.unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, path::Path};

    use super::*;
    use crate::auth::{OrganizationKind, Role};

    /// Message ids of one language with the variables that each uses.
    fn messages(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for file in files(Path::new("locales").join(lang.code()), "ftl") {
            let mut current: Option<String> = None;
            for line in std::fs::read_to_string(&file).unwrap().lines() {
                if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                    let (id, _) = line.split_once('=').unwrap_or_else(|| panic!("{}: {line}", file.display()));
                    let id = id.trim().to_owned();
                    assert!(found.insert(id.clone(), BTreeSet::new()).is_none(), "{id} twice in {}", lang.code());
                    current = Some(id);
                } else if line.starts_with('#') {
                    continue;
                }
                for variable in line.split('$').skip(1) {
                    let name: String = variable.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    found.get_mut(current.as_ref().unwrap()).unwrap().insert(name);
                }
            }
        }
        found
    }

    fn files(folder: impl AsRef<Path>, extension: &str) -> Vec<std::path::PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(files(path, extension));
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
        found.sort();
        found
    }

    fn sources() -> String {
        let paths = files("src", "rs").into_iter().chain(files("templates", "html"));
        paths.map(|path| std::fs::read_to_string(path).unwrap()).collect()
    }

    /// The literals given to `t`, `t_args`, `t_with` and `t_map` anywhere in `text`.
    fn uses(text: &str) -> BTreeSet<&str> {
        [".t(", ".t_args(", ".t_with(", ".fill("]
            .iter()
            .flat_map(|call| text.split(call).skip(1))
            .filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
            .filter(|id| {
                id.contains('-') && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            })
            .collect()
    }

    #[test]
    fn both_languages_hold_the_same_ids_and_variables() {
        let (en, am) = (messages(Lang::EN), messages(Lang::AM));
        let missing: Vec<_> = en.keys().filter(|id| !am.contains_key(*id)).collect();
        let extra: Vec<_> = am.keys().filter(|id| !en.contains_key(*id)).collect();
        assert!(missing.is_empty() && extra.is_empty(), "missing in am: {missing:?}, missing in en: {extra:?}");
        for (id, variables) in &en {
            assert_eq!(variables, &am[id], "variables of {id}");
        }
    }

    #[test]
    fn every_id_that_is_used_exists() {
        let (text, known) = (sources(), messages(Lang::EN));
        let unknown: Vec<_> = uses(&text).into_iter().filter(|id| !known.contains_key(*id)).collect();
        assert!(unknown.is_empty(), "no sentence for {unknown:?}");
    }

    #[test]
    fn every_id_is_used() {
        // A family's members are looked up by code; everything else stands somewhere as a literal.
        let (mut text, known) = (sources(), messages(Lang::EN));
        for file in files("locales/en", "ftl") {
            // A sentence may also stand inside another.
            text.push_str(&std::fs::read_to_string(file).unwrap().replace("{ ", "\"").replace(" }", "\""));
        }
        // Whatever stands between two quotation marks, also where the one ends a text and the other begins the next.
        let quoted: BTreeSet<&str> = text.split('"').collect();
        let unused: Vec<_> = known
            .keys()
            .filter(|id| !FAMILIES.iter().any(|family| id.starts_with(&format!("{family}-"))))
            .filter(|id| !quoted.contains(id.as_str()))
            .collect();
        assert!(unused.is_empty(), "nothing uses {unused:?}");
    }

    #[test]
    fn unreviewed_amharic_says_so() {
        // A file states once that all of it awaits review, or each message does.
        for file in files("locales/am", "ftl") {
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(text.contains("awaiting native review"), "{}", file.display());
        }
    }

    #[test]
    fn names_of_organisations_and_roles_are_complete() {
        for lang in Lang::ALL {
            for kind in OrganizationKind::ALL {
                assert!(!lang.name_of("organization-kind", kind.code()).is_empty());
            }
            for role in Role::ALL {
                assert!(!lang.name_of("role", role.code()).is_empty());
            }
        }
    }

    #[test]
    fn a_code_without_a_name_is_found_to_have_none() {
        for &lang in Lang::ALL {
            assert_eq!(lang.find_name("role", "ORG_ADMIN"), Some(lang.t("role-org-admin")));
            let view = lang.find_name("permission", "exports:export:view");
            assert_eq!(view, Some(lang.t("permission-exports-export-view")));
            for other in ["", "ORG_ADMIN_OF_OLD", "org admin", "ባለቤት", "owner.title"] {
                assert_eq!(lang.find_name("role", other), None, "{other}");
            }
        }
    }

    #[test]
    fn browsers_get_the_language_they_prefer() {
        assert_eq!(Lang::negotiate(""), Lang::EN);
        assert_eq!(Lang::negotiate("am-ET,am;q=0.9,en;q=0.8"), Lang::AM);
        assert_eq!(Lang::negotiate("en;q=0.5, am;q=0.7"), Lang::AM);
        assert_eq!(Lang::negotiate("fr,de;q=0.5"), Lang::EN);
        assert_eq!(Lang::negotiate("am;q=0, en;q=0.1"), Lang::EN);
    }

    #[test]
    fn plurals_and_variables_are_filled_in() {
        assert_eq!(Lang::EN.t_args("age-days", &[("days", 1.into())]), "1 working day");
        assert_eq!(Lang::EN.t_args("age-days", &[("days", 3.into())]), "3 working days");
        assert_eq!(Lang::AM.t_args("age-days", &[("days", 3.into())]), "3 የሥራ ቀናት");
    }
}
