//! Reviews: what one desk decides about what somebody applied for.
//!
//! A profile, a laboratory, a taster, a certificate, a licence, a lot, a contract: each is written as a draft, handed
//! in, questioned and answered, granted or rejected, and may later be suspended, reinstated, revoked or run out. The
//! areas bring a table of acts ([`Workflow`]), their rows and their rules ([`Subject`]); locking, four eyes, stale
//! forms, history, the record and the answer to the form are the same for all and stand here.
//!
//! The walk of an export crosses seven organisations and has an engine of its own (`exports`), on the same
//! [`Command`](crate::workflow::Command).

mod acts;
mod files;
mod model;
mod pages;
mod rules;
mod service;
mod store;
mod words;

pub use acts::{Act, Answer, Workflow, legal_moves};
pub use files::{ApplicationFile, Checked, FileKinds, checklist};
pub use model::{Dialogue, HistoryLine, MessageLine, Standing, SubjectKind};
pub use pages::{
    ActFields, CaseParts, DECISION_FIELDS, Typed, case_page, chosen_act, draft_form, respond, routes, send,
};
pub use rules::{Refusal, RefusalKind, against, open_acts, reads_file};
pub use service::{
    ActForm, Applied, Cause, Decide, Door, Doors, Draft, Failure, Move, Refusals, Subject, dialogue, discard_draft,
    draft_in, find_draft, list_files, record_move, record_move_alone, save_draft, take_draft,
};
pub use words::{act_name, refusal, state_name, state_tag};
