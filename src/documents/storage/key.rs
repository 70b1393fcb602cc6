//! The name under which a file lies in the store: generated, never what a person typed.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;
use uuid::Uuid;

/// A file's key, written `ab/cd/<uuid>`: two levels of folders, so that none grows beyond measure.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StorageKey(Uuid);

/// A text is not a key of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is not the key of a stored file")]
pub struct NotAKey;

impl StorageKey {
    /// A new key.
    #[must_use]
    #[allow(clippy::new_without_default, reason = "a default key would be a surprise")]
    pub fn new() -> Self {
        // Random, not ordered by time: the first digits choose the folder and should spread.
        Self(Uuid::new_v4())
    }

    /// The key as a path with slashes.
    #[must_use]
    pub fn path(&self) -> String {
        let digits = self.0.simple().to_string();
        format!("{}/{}/{}", &digits[..2], &digits[2..4], self.0.hyphenated())
    }

    /// The key that `path` writes down, if it is one.
    #[must_use]
    pub fn from_path(path: &str) -> Option<Self> {
        let key = Self(Uuid::parse_str(path.rsplit('/').next()?).ok()?);
        (key.path() == path).then_some(key)
    }
}

impl FromStr for StorageKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_path(text).ok_or(NotAKey)
    }
}

impl fmt::Display for StorageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_writes_and_nothing_else() {
        let key = StorageKey::new();
        let path = key.to_string();
        assert_eq!(path.len(), 42);
        assert_eq!(path.parse(), Ok(key));
        let uuid = "0193f3a2-6f3c-4c6e-9d7a-3f1f6a0c9b11";
        assert!(format!("01/93/{uuid}").parse::<StorageKey>().is_ok());
        for text in [
            uuid.to_owned(),
            format!("02/93/{uuid}"),
            format!("../01/93/{uuid}"),
            format!("01/93/{}", uuid.to_uppercase()),
            String::new(),
        ] {
            assert_eq!(text.parse::<StorageKey>(), Err(NotAKey), "{text}");
        }
    }
}
