//! Mails: asked for in the transaction of the deed, written and sent by a job ([`crate::jobs`]).
//!
//! The secret of a link is made at the moment its mail is written, and only its hash is kept: who reads the database cannot
//! follow a link that was sent to somebody else. A try that was sent and not heard of any more is sent again, with another
//! link; the one before opens nothing then.

mod mailer;
mod model;
mod pages;
mod service;
mod store;

pub use mailer::{Mailer, SmtpSecurity, SmtpSettings, is_sender};
pub use model::{Letter, Mail, MailKind, MailStatus, NewMail};
pub use pages::routes;
pub use service::{ask, ask_all, drop_needless, find_unsent, hand_over};
