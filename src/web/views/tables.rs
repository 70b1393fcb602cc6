//! A page of tables: figures, prices, code lists, contracts, buyers, each with its history and its forms below.

use askama::Template;
use askama_web::WebTemplate;

use crate::web::{
    chrome::Chrome,
    components::{BarChart, Check, EmptyState, Fact, Field, Form, Paging, Tag},
};

/// A page of tables and the forms that change what they show.
#[derive(Debug, Template, WebTemplate)]
#[template(path = "components/table_page.html", blocks = ["content"])]
pub struct TablePage {
    /// The frame.
    pub chrome: Chrome,
    /// Its neighbours: the other lists of the area.
    pub tabs: Vec<Tab>,
    /// Where something new is begun: address and words.
    pub actions: Vec<(String, String)>,
    /// Pages beside it, where nothing is begun.
    pub links: Vec<(String, String)>,
    /// What the page is about.
    pub lead: Vec<String>,
    /// What stands now.
    pub facts: Vec<Fact>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// What the tables can be narrowed by.
    pub filters: Vec<Field>,
    /// Where the filters are sent.
    pub here: String,
    /// The page without filters, when there are some.
    pub clear: Option<String>,
    /// The charts, above the tables.
    pub charts: Vec<BarChart>,
    /// The tables.
    pub sections: Vec<Section>,
    /// The forms, each with its heading.
    pub forms: Vec<(String, Form)>,
}

impl TablePage {
    /// An empty page at `here`, to be filled.
    #[must_use]
    pub fn of(chrome: Chrome, here: &str) -> Self {
        Self {
            chrome,
            tabs: Vec::new(),
            actions: Vec::new(),
            links: Vec::new(),
            lead: Vec::new(),
            facts: Vec::new(),
            checks: Vec::new(),
            filters: Vec::new(),
            here: here.to_owned(),
            clear: None,
            charts: Vec::new(),
            sections: Vec::new(),
            forms: Vec::new(),
        }
    }
}

/// A neighbouring page.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Where it is.
    pub href: String,
    /// Its name.
    pub label: String,
    /// How many wait there, where that is counted.
    pub count: Option<i64>,
    /// Whether it is this page.
    pub current: bool,
}

/// A table with its heading.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its id on the page.
    pub id: &'static str,
    /// Its heading; also what the table is called for who does not see it.
    pub title: String,
    /// Whether the heading is seen: the only table of a page has the page's.
    pub is_titled: bool,
    /// The headings of its columns, and whether they hold figures.
    pub head: Vec<(String, bool)>,
    /// Its rows; the first cell of each is its heading.
    pub rows: Vec<Vec<Cell>>,
    /// What stands there when there are no rows.
    pub empty: EmptyState,
    /// Its neighbours.
    pub paging: Option<Paging>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// Where more about it is.
    pub href: Option<String>,
    /// A second line.
    pub note: Option<String>,
    /// States and flags.
    pub tags: Vec<Tag>,
}

impl Cell {
    /// A cell that says `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A cell of tags alone.
    #[must_use]
    pub const fn tagged(tags: Vec<Tag>) -> Self {
        Self { text: String::new(), href: None, note: None, tags }
    }

    /// Leading to more.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// With a second line; none where there is nothing to say.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into()).filter(|note| !note.is_empty());
        self
    }

    /// With a state or flag.
    #[must_use]
    pub fn tag(mut self, tag: Tag) -> Self {
        self.tags.push(tag);
        self
    }
}
