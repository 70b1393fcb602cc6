//! What a case shows of its way: steps, what happened, what was said, what was attached.

use super::display::{Moment, Tag, Tone};
use super::form::ActionButton;

/// How far a step of a workflow is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Where the case stands.
    Current,
    /// Refused or sent back, waiting for a correction.
    Failed,
    /// Ahead.
    Open,
}

impl StepState {
    /// The suffix of its style class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Failed => "failed",
            Self::Open => "open",
        }
    }

    /// The sentence id of what the mark says, for who does not see it.
    #[must_use]
    pub const fn label_id(self) -> &'static str {
        match self {
            Self::Done => "common-done-step",
            Self::Current => "common-current-step",
            Self::Failed => "common-failed-step",
            Self::Open => "common-open-step",
        }
    }
}

/// One step of the line at the top of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepperItem {
    /// The step's name.
    pub label: String,
    /// How far it is.
    pub state: StepState,
    /// Who acts, or when it was done.
    pub note: Option<String>,
}

/// One thing that happened, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineItem {
    /// What happened: `Foreign exchange approved`.
    pub what: String,
    /// Who did it.
    pub who: String,
    /// For which organisation.
    pub organization: String,
    /// When.
    pub at: Moment,
    /// Why: the reason given.
    pub why: Option<String>,
    /// Whether it moved the case on.
    pub tone: Tone,
}

/// One message on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The message's id, for a link to it.
    pub id: String,
    /// Who wrote it.
    pub author: String,
    /// For which organisation.
    pub organization: String,
    /// When.
    pub at: Moment,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// Whether the viewer's organisation wrote it.
    pub own: bool,
}

/// Whether a document is there and good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileState {
    /// Asked for and not there.
    Missing,
    /// There.
    Present,
    /// Not there, and not asked for or not yet.
    Optional,
}

impl FileState {
    /// The colour of its mark.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::Missing => Tone::Bad,
            Self::Present => Tone::Good,
            Self::Optional => Tone::Neutral,
        }
    }
}

/// One line of the document checklist as a table: what is asked for, when and by whom, and how it stands.
#[derive(Debug, Clone)]
pub struct ChecklistRow {
    /// What kind of document it is.
    pub label: String,
    /// The step that asks for it; empty when none does.
    pub stage: String,
    /// The organisation whose step that is, and who brings it.
    pub owner: String,
    /// How it stands.
    pub state: Tag,
    /// Who found that, when and why.
    pub note: Option<String>,
    /// The file that answers it, or the paper.
    pub file: Option<ChecklistFile>,
    /// What the viewer may do with it on a page of its own: address and words.
    pub links: Vec<(String, String)>,
    /// What the viewer may do with it at once.
    pub buttons: Vec<ActionButton>,
    /// Whether its file is the one shown beside.
    pub selected: bool,
}

/// The file of a line.
#[derive(Debug, Clone, Default)]
pub struct ChecklistFile {
    /// Its name, or a paper's number.
    pub name: String,
    /// Size, who brought it and when.
    pub details: Vec<String>,
    /// The whole SHA-256 in hexadecimal.
    pub sha256: Option<String>,
    /// Where it is shown.
    pub view_href: Option<String>,
    /// Where it is downloaded.
    pub download_href: Option<String>,
}

/// One line of the document checklist: what is asked for, and the file that answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCard {
    /// What kind of document it is: `Commercial invoice`.
    pub label: String,
    /// Why it is asked for: `for the bank check`.
    pub reason: Option<String>,
    /// Whether it is there.
    pub state: FileState,
    /// The tags beside it: `version 2`, `not scanned`.
    pub tags: Vec<Tag>,
    /// The file's own name as it was uploaded.
    pub file_name: Option<String>,
    /// Size, pages, who uploaded it and when.
    pub details: Vec<String>,
    /// The whole SHA-256 in hexadecimal.
    pub sha256: Option<String>,
    /// Where it is shown.
    pub view_href: Option<String>,
    /// Where it is downloaded.
    pub download_href: Option<String>,
    /// Where its removal is asked for, if the viewer may.
    pub remove_href: Option<String>,
    /// Whether it is the one shown beside.
    pub selected: bool,
}

impl FileCard {
    /// A line that says nothing yet but how things stand.
    #[must_use]
    pub const fn empty(state: FileState) -> Self {
        Self {
            label: String::new(),
            reason: None,
            state,
            tags: Vec::new(),
            file_name: None,
            details: Vec::new(),
            sha256: None,
            view_href: None,
            download_href: None,
            remove_href: None,
            selected: false,
        }
    }
}
