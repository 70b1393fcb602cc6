//! Who is acting, and what they may do.

pub mod actor;
pub mod password;
pub mod permission;

pub use actor::{Actor, ActorOrganization, OrganizationKind, Role};
pub use permission::{Permission, Permissions};
