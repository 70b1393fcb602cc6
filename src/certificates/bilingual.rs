//! A text in both languages of a paper.

use serde::{Deserialize, Serialize};

use crate::i18n::Lang;

/// The same thing said in English and in Amharic; papers show both side by side.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bilingual {
    /// In English.
    pub en: String,
    /// In Amharic.
    pub am: String,
}

impl Bilingual {
    /// A name that the code lists hold in both languages.
    #[must_use]
    pub fn new(en: impl Into<String>, am: impl Into<String>) -> Self {
        Self { en: en.into(), am: am.into() }
    }

    /// The sentence `id` in both languages.
    #[must_use]
    pub fn t(id: &str) -> Self {
        Self { en: Lang::EN.t(id), am: Lang::AM.t(id) }
    }

    /// The text in one language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.am)
    }

    /// The Amharic beside the English, where it says something else.
    #[must_use]
    pub fn other(&self) -> Option<&str> {
        (!self.am.is_empty() && self.am != self.en).then_some(self.am.as_str())
    }
}
