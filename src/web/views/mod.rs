//! What the pages show: one struct a page, which is its template. A page's handler fills it in with texts
//! in the viewer's language; nothing here knows an area, so every area may use it.
//!
//! `blocks` name the parts that htmx asks for: `page.as_panel()` renders the block `panel` alone.

mod cases;
mod documents;
mod front;
mod lists;
mod overview;
mod tables;
mod tour;

pub use cases::{ActBox, CasePage, ClaimBox, DecisionPanel, HandOver, LetterPage, MessageForm, Preview, PreviewKind};
pub use documents::DocumentsPage;
pub use front::{LandingPage, Persona, PersonaGroup, TourPage, TourStep};
pub use lists::{AnswersPage, Bucket, ExportRow, ExportsPage, FormPage, InboxPage, InboxRow};
pub use overview::{Contact, DashboardList, DashboardPage, HelpPage, ShortcutChoice};
pub use tables::{Cell, Section, Tab, TablePage};
pub use tour::{tour_steps, way_of_an_export};
