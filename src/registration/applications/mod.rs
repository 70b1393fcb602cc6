//! What a profile, a laboratory, a taster, a certificate of competence and a licence have in common: each is written as
//! a form, kept as a draft, checked, handed in, decided on by the authority, corrected, and but for the profile granted
//! for a time and renewed. The areas beside bring their forms ([`Written`]), what it takes to grant them ([`Granted`])
//! and how they look ([`Shown`]).

mod acts;
mod door;
mod grant;
mod model;
mod pages;
mod rules;
mod service;
mod store;

pub use acts::{GrantEvents, LIMIT, grant_acts};
pub(in crate::registration) use acts::{applicant, beside, desk, ending};
pub use door::RegistrationDoor;

pub use grant::{Granted, Grants};
pub(in crate::registration) use grant::{changed, location, may_lock, missing, revoke_below, taken_along};
pub use model::{Case, Registered};
pub use pages::{Shown, fields_of, routes};
pub(in crate::registration) use pages::{age_of, expiry_note, state_of};
pub(in crate::registration) use rules::renewal_line;
pub use rules::{may_see, months_after};
pub use service::{New, Written, expire};
pub(in crate::registration) use service::{against_another_open, find_case, inspection_day, list_own, needs_firm};
pub use store::Named;
pub(in crate::registration) use store::{
    Narrowed, count, find_visible, list, list_banks, list_coffee_types, list_regions, lock_profile,
};
