//! The data behind the macros of `templates/components/`: what a page fills in and the macros draw.
//!
//! Everything shown is already in the viewer's language, so a template holds no rule and looks nothing
//! up but fixed labels.

mod case;
mod chart;
mod display;
mod drawn;
mod form;

pub use case::{ChecklistFile, ChecklistRow, FileCard, FileState, Message, StepState, StepperItem, TimelineItem};
pub use chart::{Bar, BarChart};
pub use display::{Ageing, Check, EmptyState, Fact, Moment, Paging, Tag, Tile, Tone, ethiopian};
pub use form::{
    ActionButton, AlsoButton, Choice, ErrorSummary, Field, FieldGroup, FieldKind, FileLimit, Form, FormToken,
};

#[cfg(test)]
mod style_guide;
