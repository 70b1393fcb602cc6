//! Who is acting, and what they may do.

pub mod actor;
pub mod factor;
pub mod new_password;
pub mod password;
pub mod permission;
pub mod session;
pub mod vault;

pub use actor::{Actor, ActorOrganization, OrganizationKind, Origin, Role};
pub use permission::{Permission, Permissions, Weight};
