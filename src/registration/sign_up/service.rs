//! Taking a firm in: one password hash, one transaction, all on record.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde_json::json;

use super::store;
use crate::audit::{self, Author, Event, Severity};
use crate::auth::password::{PasswordError, PasswordHasher};
use crate::auth::{Origin, Role};
use crate::database::Db;
use crate::i18n::Lang;
use crate::ids::{OrganizationId, UserId};
use crate::organizations::email_address;
use crate::organizations::staff::Username;
use crate::registration::profiles::BusinessType;
use crate::workflow::FormKey;

/// A firm that wants to come in, with the person who speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Newcomer {
    pub form: FormKey,
    /// Where the browser goes.
    pub location: String,
    pub business_name: String,
    pub business_type: BusinessType,
    pub full_name: String,
    pub email: String,
    pub username: Username,
    pub language: Lang,
    /// Whether there is a way for mails out of the house.
    pub is_mailed: bool,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Registered {
    /// They are in.
    Done,
    /// They came in by this very form before.
    Replayed,
    /// The form's key was used for another form.
    KeyReused,
    /// Somebody has the name.
    UsernameTaken,
    /// Somebody has the address.
    EmailTaken,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum SignUpError {
    /// Too many passwords are being hashed at this moment.
    #[error("too many passwords are being hashed")]
    Busy,
    /// The password cannot be hashed.
    #[error(transparent)]
    Hashing(PasswordError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Takes the firm in. Nobody is signed in by it. No transaction is open while the password is hashed.
pub(super) async fn register(
    db: &Db,
    passwords: &PasswordHasher,
    newcomer: &Newcomer,
    password: SecretString,
    origin: &Origin,
    now: DateTime<Utc>,
) -> Result<Registered, SignUpError> {
    let hash = passwords.hash(password).await.map_err(|error| match error {
        PasswordError::Busy => SignUpError::Busy,
        error @ (PasswordError::TooLong | PasswordError::Hashing(_)) => SignUpError::Hashing(error),
    })?;
    let (organization, person) = (OrganizationId::new(), UserId::new());
    let mut tx = db.begin_gate().await?;
    let answer = store::register(&mut tx, newcomer, (organization, person), &code_of(organization), &hash, now).await?;
    if answer == Registered::Done {
        let author = Author {
            user: Some(person),
            organization: Some(organization),
            roles: &[Role::Owner],
            delegations: &[],
            origin,
        };
        let event = Event {
            entity_id: Some(person.0),
            compliance_relevant: true,
            private: Some(json!({ "username": newcomer.username.as_str(), "email": newcomer.email })),
            ..Event::security(
                "EXPORTER_SIGNED_UP",
                Severity::Medium,
                json!({ "business_type": newcomer.business_type, "business_name": newcomer.business_name }),
            )
        };
        audit::record(&mut tx, author, &event, now).await?;
        if newcomer.is_mailed {
            let address = (person, newcomer.email.as_str());
            email_address::ask(&mut tx, address, newcomer.form.key, newcomer.language, now).await?;
        }
    }
    tx.commit().await?;
    Ok(answer)
}

/// The code of a firm that registered itself: from the random end of its id.
fn code_of(organization: OrganizationId) -> String {
    let id = organization.0.simple().to_string().to_uppercase();
    format!("EXP-{}", &id[id.len() - 10..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_its_column() {
        let code = code_of(OrganizationId::new());
        assert_eq!(code.len(), 14);
        assert!(code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'), "{code}");
    }
}
