//! The compiler's world: four templates and a drawing. There is no folder, no network, no package and no clock in it.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;

use super::fonts;

/// The template that begins, and what it imports.
const TEMPLATES: [(&str, &str); 3] = [
    ("main.typ", include_str!("../../templates/main.typ")),
    ("parts.typ", include_str!("../../templates/parts.typ")),
    ("forms.typ", include_str!("../../templates/forms.typ")),
];

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    TEMPLATES.iter().filter_map(|(name, text)| Some(Source::new(id_of(name)?, (*text).to_owned()))).collect()
});

static DRAWINGS: LazyLock<Vec<(FileId, Bytes)>> = LazyLock::new(|| {
    let drawing = Bytes::new(include_bytes!("../../templates/rosette.svg").as_slice());
    id_of("rosette.svg").into_iter().map(|id| (id, drawing.clone())).collect()
});

fn id_of(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

/// The same for all papers, so that what the compiler remembers of one serves the next.
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::builder().build()));

/// A press with what it is to print.
pub(super) struct Press {
    main: FileId,
    files: Vec<(FileId, Bytes)>,
}

impl Press {
    /// A press whose templates can read these files.
    pub fn with(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        // The first source is the one that begins.
        let main = SOURCES.first().map_or_else(|| Source::detached("").id(), Source::id);
        let named = |(name, bytes): (String, Bytes)| Some((id_of(&name)?, bytes));
        Self { main, files: files.into_iter().filter_map(named).collect() }
    }

    /// The pages, or what is wrong.
    pub fn compile(&self) -> Result<PagedDocument, String> {
        typst::compile(self).output.map_err(|errors| in_words(&errors))
    }
}

impl World for Press {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        fonts::book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let mut all = DRAWINGS.iter().chain(&self.files);
        all.find(|(known, _)| *known == id).map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        fonts::font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// What the compiler found wrong, in one line.
pub(super) fn in_words(errors: &[SourceDiagnostic]) -> String {
    let sentences = errors.iter().map(|error| {
        let hints = error.hints.iter().map(|hint| format!(" ({})", hint.v)).collect::<String>();
        format!("{}{hints}", error.message)
    });
    sentences.collect::<Vec<_>>().join("; ")
}
