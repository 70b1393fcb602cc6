//! Papers handed in with an application: what is asked for, and whether it is there. Pure.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::model::SubjectKind;
use crate::auth::Actor;
use crate::documents::inspection::FileKind;
use crate::documents::storage::StorageKey;
use crate::documents::{Scan, Shut};
use crate::i18n::Lang;
use crate::ids::{DocumentId, OrganizationId};

/// A paper with its file's facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationFile {
    /// Its id.
    pub id: DocumentId,
    /// To what kind of subject it belongs.
    pub subject: SubjectKind,
    /// To which.
    pub subject_id: Uuid,
    /// Whose application it is.
    pub owner: OrganizationId,
    /// Who handed it in.
    pub provider: OrganizationId,
    /// Its kind, such as `capital_proof`.
    pub document_type: String,
    /// The file's name, cleaned.
    pub name: String,
    /// The number that the paper bears.
    pub reference_number: Option<String>,
    /// Where its bytes lie.
    pub key: StorageKey,
    /// How many they are.
    pub size_bytes: u64,
    /// What they are.
    pub kind: FileKind,
    /// Their SHA-256 in hexadecimal.
    pub sha256: String,
    /// Which of its kind it is.
    pub version: i32,
    /// Who handed it in, by name.
    pub by_name: String,
    /// When.
    pub uploaded_at: DateTime<Utc>,
    /// Whether it is in force: neither replaced nor taken back.
    pub is_active: bool,
    /// What a scanner has said of it.
    pub scan: Scan,
}

impl ApplicationFile {
    /// Whether it counts: it is in force, and no scanner keeps it shut.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.is_active && self.scan.shut().is_none()
    }

    /// Why `viewer`, who sees it, does not open it.
    #[must_use]
    pub fn against_opening(&self, viewer: &Actor) -> Option<Shut> {
        self.scan.against_opening(self.provider, viewer)
    }

    /// Whether `actor` may take it back: their own organisation handed it in, and it counts.
    #[must_use]
    pub fn may_be_taken_back_by(&self, actor: &Actor) -> bool {
        self.is_active && self.provider == actor.organization.id
    }
}

/// A kind of paper that is asked for, with the paper that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked<'a> {
    /// The kind.
    pub kind: &'static str,
    /// The paper that counts.
    pub file: Option<&'a ApplicationFile>,
}

/// What is asked for against what is there, in the order asked.
#[must_use]
pub fn checklist<'a>(asked: &[&'static str], files: &'a [ApplicationFile]) -> Vec<Checked<'a>> {
    asked
        .iter()
        .map(|kind| Checked { kind, file: files.iter().find(|file| file.counts() && file.document_type == *kind) })
        .collect()
}

/// The names of the kinds of papers.
#[derive(Debug, Clone, Default)]
pub struct FileKinds(HashMap<String, (String, String)>);

impl FileKinds {
    pub(super) fn new(rows: Vec<(String, String, String)>) -> Self {
        Self(rows.into_iter().map(|(code, en, am)| (code, (en, am))).collect())
    }

    /// The name of a kind; its code where there is none.
    #[must_use]
    pub fn name<'a>(&'a self, kind: &'a str, lang: Lang) -> &'a str {
        self.0.get(kind).map_or(kind, |(en, am)| lang.pick(en, am))
    }
}
