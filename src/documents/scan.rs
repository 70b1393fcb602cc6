//! What a scanner has said of a file, and who may open it therefore. Pure.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::auth::Actor;
use crate::ids::OrganizationId;

/// What a scanner has said of a file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Scan {
    /// Nothing: none was configured when it came.
    NotScanned,
    /// Nothing yet: it was not to be reached when the file came.
    Waiting,
    /// That it found nothing.
    Clean {
        /// When.
        at: DateTime<Utc>,
        /// The scanner and its signatures, as it calls itself.
        engine: String,
    },
    /// That it found something.
    Infected {
        /// When.
        at: DateTime<Utc>,
        /// The scanner and its signatures, as it calls itself.
        engine: String,
        /// What it calls that.
        signature: String,
    },
}

/// Why a file is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// It waits for its scan.
    Waiting,
    /// It is infected.
    Infected,
}

impl Shut {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(self) -> &'static str {
        match self {
            Self::Waiting => "documents-shut-waiting",
            Self::Infected => "documents-shut-infected",
        }
    }

    /// The id of its state in two or three words.
    #[must_use]
    pub const fn state_id(self) -> &'static str {
        match self {
            Self::Waiting => "documents-state-waiting",
            Self::Infected => "documents-state-infected",
        }
    }
}

impl Scan {
    /// As the database has it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotScanned => "NOT_SCANNED",
            Self::Waiting => "WAITING",
            Self::Clean { .. } => "CLEAN",
            Self::Infected { .. } => "INFECTED",
        }
    }

    /// When the verdict was given, if there is one.
    #[must_use]
    pub const fn at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::NotScanned | Self::Waiting => None,
            Self::Clean { at, .. } | Self::Infected { at, .. } => Some(*at),
        }
    }

    /// By which scanner, if there is a verdict.
    #[must_use]
    pub fn engine(&self) -> Option<&str> {
        match self {
            Self::NotScanned | Self::Waiting => None,
            Self::Clean { engine, .. } | Self::Infected { engine, .. } => Some(engine),
        }
    }

    /// What was found, if anything.
    #[must_use]
    pub fn signature(&self) -> Option<&str> {
        match self {
            Self::Infected { signature, .. } => Some(signature),
            Self::NotScanned | Self::Waiting | Self::Clean { .. } => None,
        }
    }

    /// Why the file is not opened by just everybody who sees it. Such a file does not count either: nobody could have read
    /// what a step relies on.
    #[must_use]
    pub const fn shut(&self) -> Option<Shut> {
        match self {
            Self::NotScanned | Self::Clean { .. } => None,
            Self::Waiting => Some(Shut::Waiting),
            Self::Infected { .. } => Some(Shut::Infected),
        }
    }

    /// Why `viewer`, who sees it, does not open a file that `brought_by` has brought: until it is scanned it is that
    /// organisation's own; what is infected is nobody's.
    #[must_use]
    pub fn against_opening(&self, brought_by: OrganizationId, viewer: &Actor) -> Option<Shut> {
        self.shut().filter(|shut| *shut == Shut::Infected || viewer.organization.id != brought_by)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Scan {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_verdict_is_read_as_the_database_tells_it() {
        let nothing = r#""at": null, "engine": null, "signature": null"#;
        assert_eq!(read(&format!(r#"{{"status": "NOT_SCANNED", {nothing}}}"#)), Scan::NotScanned);
        assert_eq!(read(&format!(r#"{{"status": "WAITING", {nothing}}}"#)), Scan::Waiting);
        let told = r#""at": "2026-11-29T13:00:00.5+00:00", "engine": "ClamAV 1.4.6""#;
        let clean = read(&format!(r#"{{"status": "CLEAN", {told}, "signature": null}}"#));
        assert_eq!((clean.code(), clean.engine(), clean.shut()), ("CLEAN", Some("ClamAV 1.4.6"), None));
        let infected = read(&format!(r#"{{"status": "INFECTED", {told}, "signature": "Eicar"}}"#));
        assert_eq!((infected.code(), infected.signature()), ("INFECTED", Some("Eicar")));
        assert!(serde_json::from_str::<Scan>(r#"{"status": "CLEAN"}"#).is_err(), "a verdict has its scanner");
        assert!(serde_json::from_str::<Scan>(r#"{"status": "SOUND"}"#).is_err());
    }

    #[test]
    fn what_is_not_known_to_be_clean_is_shut_once_there_is_a_scanner() {
        assert_eq!(Scan::NotScanned.shut(), None, "nobody has promised anything");
        assert_eq!(Scan::Waiting.shut(), Some(Shut::Waiting));
    }
}
