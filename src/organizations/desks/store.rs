//! SQL over `organizations`, for whoever looks for a desk.

use sqlx::PgConnection;

use crate::auth::OrganizationKind;

/// How an organisation is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// What it is.
    pub kind: OrganizationKind,
    /// Its name in English.
    pub name: String,
    /// Its name in Amharic.
    pub name_am: String,
    /// Where to write, if it has said so.
    pub contact_email: Option<String>,
    /// Where to call.
    pub contact_phone: Option<String>,
    /// Where to go.
    pub address: Option<String>,
}

/// The desks, not the firms: an exporter's address is not for everybody.
pub(super) async fn list_active(connection: &mut PgConnection) -> sqlx::Result<Vec<Desk>> {
    sqlx::query_as!(
        Desk,
        r#"select kind as "kind: OrganizationKind", name, name_am, contact_email, contact_phone, address
           from organizations
           where kind <> 'EXPORTER' and is_active
           order by kind, name, organization_id"#
    )
    .fetch_all(connection)
    .await
}
