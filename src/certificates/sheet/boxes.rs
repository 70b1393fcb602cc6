//! A box of a form: its number and caption, and what stands in it.

use serde::Serialize;

use crate::certificates::bilingual::Bilingual;

/// A box of a form.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct BoxView {
    /// The number on the form; empty where the form numbers nothing.
    pub number: &'static str,
    /// The caption.
    pub caption: Bilingual,
    /// Columns of twelve.
    pub columns: u8,
    /// Rows that it covers.
    pub rows: u8,
    /// What stands in it.
    pub lines: Vec<Line>,
    /// Codes, digit by digit.
    pub codes: Vec<CodeCells>,
    /// Squares to tick.
    pub ticks: Vec<TickRow>,
}

/// A line in a box.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Line {
    /// What comes before it in small letters.
    pub label: Option<Bilingual>,
    /// The words.
    pub text: Bilingual,
    /// In small letters.
    pub small: bool,
}

/// A code in cells of one digit each; without digits they are ruled through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeCells {
    /// What the code is, where the box has several or also holds words.
    pub caption: Option<Bilingual>,
    /// Its digits.
    pub digits: Option<String>,
}

/// Squares in one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TickRow {
    /// What they are about, where the box has several rows.
    pub caption: Option<Bilingual>,
    /// The squares.
    pub ticks: Vec<Tick>,
}

/// A square with its word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tick {
    /// The word.
    pub label: Bilingual,
    /// Whether it is ticked.
    pub on: bool,
}

impl BoxView {
    /// The box with the caption of `caption_id`, `columns` of twelve wide.
    pub fn new(number: &'static str, caption_id: &str, columns: u8) -> Self {
        Self { number, caption: Bilingual::t(caption_id), columns, rows: 1, ..Self::default() }
    }

    /// Over several rows.
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// With a line; an empty one is not added.
    pub fn line(mut self, line: Line) -> Self {
        if !line.text.en.is_empty() {
            self.lines.push(line);
        }
        self
    }

    /// With a line of text that has one language.
    pub fn text(self, text: impl Into<String>) -> Self {
        self.line(Line::plain(text))
    }

    /// With a code.
    pub fn code(mut self, caption_id: &str, digits: Option<String>) -> Self {
        self.codes.push(CodeCells { caption: Some(Bilingual::t(caption_id)), digits });
        self
    }

    /// With a code that is what the box is about.
    pub fn mark(mut self, mark: String) -> Self {
        self.codes.push(CodeCells { caption: None, digits: Some(mark) });
        self
    }

    /// With a row of squares.
    pub fn ticks(mut self, caption_id: Option<&str>, ticks: Vec<Tick>) -> Self {
        self.ticks.push(TickRow { caption: caption_id.map(Bilingual::t), ticks });
        self
    }

    /// Whether its one code stands beside its words.
    pub fn is_code_beside(&self) -> bool {
        !self.lines.is_empty() && matches!(self.codes.as_slice(), [CodeCells { caption: Some(_), .. }])
    }

    /// Whether nothing stands in it: it is ruled through then, so that nobody adds anything later.
    pub fn is_blank(&self) -> bool {
        self.lines.is_empty() && self.codes.is_empty() && self.ticks.is_empty()
    }
}

impl Line {
    /// A line of text that has one language: a name, a number.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: Bilingual::new(text, ""), ..Self::default() }
    }

    /// A line in both languages.
    pub fn both(text: Bilingual) -> Self {
        Self { text, ..Self::default() }
    }

    /// With a word before it.
    pub fn label(mut self, label_id: &str) -> Self {
        self.label = Some(Bilingual::t(label_id));
        self
    }

    /// In small letters.
    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }
}

impl Tick {
    /// The square whose word is `label_id`.
    pub fn new(label_id: &str, on: bool) -> Self {
        Self { label: Bilingual::t(label_id), on }
    }
}
