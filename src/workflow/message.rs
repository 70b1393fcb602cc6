//! What a person is told after a form: an id of the texts and its values, so that it is put into words in the
//! language of whoever reads it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::i18n::Lang;

/// A message to be put into words later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The id of the text.
    pub id: String,
    /// Its values.
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
}

impl Message {
    /// The text with this id.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned(), arguments: BTreeMap::new() }
    }

    /// With a value.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.arguments.insert(name.to_owned(), value.into());
        self
    }

    /// In words, in the language of who reads it.
    #[must_use]
    pub fn in_words(&self, lang: Lang) -> String {
        lang.fill(&self.id, self.arguments.clone())
    }

    /// As it is stored.
    #[must_use]
    pub fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// From how it is stored.
    #[must_use]
    pub fn decode(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}
