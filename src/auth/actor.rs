//! The person who acts: who they are, for which organisation, and what they may do.

use serde::{Deserialize, Serialize};

use super::permission::{Permission, Permissions};
use crate::ids::{OrganizationId, UserId};

macro_rules! coded_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant),+
        }

        impl $name {
            /// Every value, in declaration order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code that the database stores.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The value with this code, if there is one.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }

        impl sqlx::Type<sqlx::Postgres> for $name {
            fn type_info() -> sqlx::postgres::PgTypeInfo {
                <str as sqlx::Type<sqlx::Postgres>>::type_info()
            }
            fn compatible(ty: &sqlx::postgres::PgTypeInfo) -> bool {
                <str as sqlx::Type<sqlx::Postgres>>::compatible(ty)
            }
        }

        impl<'q> sqlx::Encode<'q, sqlx::Postgres> for $name {
            fn encode_by_ref(
                &self,
                buf: &mut sqlx::postgres::PgArgumentBuffer,
            ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                <&str as sqlx::Encode<sqlx::Postgres>>::encode(self.code(), buf)
            }
        }

        impl<'r> sqlx::Decode<'r, sqlx::Postgres> for $name {
            fn decode(value: sqlx::postgres::PgValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let code = <&str as sqlx::Decode<sqlx::Postgres>>::decode(value)?;
                Self::from_code(code).ok_or_else(|| format!("{code:?} is no {}", stringify!($name)).into())
            }
        }
    };
}

coded_enum! {
    /// What an organisation is in the trade.
    OrganizationKind {
        /// A firm, union, company or farmer that exports coffee.
        Exporter = "EXPORTER",
        /// An exporter's bank.
        CommercialBank = "COMMERCIAL_BANK",
        /// The National Bank of Ethiopia.
        NationalBank = "NATIONAL_BANK",
        /// The Ethiopian Coffee and Tea Authority.
        Ecta = "ECTA",
        /// The Ethiopia Commodity Exchange.
        Ecx = "ECX",
        /// A shipping line.
        ShippingLine = "SHIPPING_LINE",
        /// The Ethiopian Customs Commission.
        Customs = "CUSTOMS",
        /// Who reads everything and writes nothing.
        Auditor = "AUDITOR",
        /// Who runs the system; approves no business act.
        Administration = "ADMINISTRATION",
    }
}

coded_enum! {
    /// What a person is in their organisation.
    Role {
        /// Owner of an exporting firm.
        Owner = "OWNER",
        /// Clerk of an exporting firm.
        Clerk = "CLERK",
        /// Decides cases.
        Officer = "OFFICER",
        /// Decides cases, hands claims over.
        Supervisor = "SUPERVISOR",
        /// Invites and disables the organisation's staff.
        OrgAdmin = "ORG_ADMIN",
        /// Reads everything.
        Auditor = "AUDITOR",
        /// Runs the system.
        SystemAdmin = "SYSTEM_ADMIN",
    }
}

/// The organisation for which a person acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorOrganization {
    /// Its id.
    pub id: OrganizationId,
    /// What it is in the trade.
    pub kind: OrganizationKind,
    /// Its short code, such as `NBE`.
    pub code: String,
    /// Its name in English.
    pub name_en: String,
    /// Its name in Amharic.
    pub name_am: String,
}

/// A signed-in person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Their id.
    pub user_id: UserId,
    /// The name with which they sign in.
    pub username: String,
    /// The name that others see.
    pub display_name: String,
    /// For whom they act.
    pub organization: ActorOrganization,
    /// What they are there.
    pub roles: Vec<Role>,
    /// What those roles allow, together.
    pub permissions: Permissions,
}

impl Actor {
    /// Whether this person may do `permission`.
    #[must_use]
    pub const fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }
}
