//! Colleagues and invitations.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::auth::Role;
use crate::ids::{InvitationId, UserId};
use crate::web::csrf::SessionSecret;

/// How long an invitation can be followed.
pub const INVITATION_LIFE: Duration = Duration::days(7);

const TOKEN_BYTES: usize = 24;

/// What the link of an invitation holds: 192 bits that only its reader knows.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationToken([u8; TOKEN_BYTES]);

/// It opens an account.
impl std::fmt::Debug for InvitationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationToken")
    }
}

impl InvitationToken {
    /// The token of the form with this key in this session: sent again, the same one.
    #[must_use]
    pub fn of(secret: &SessionSecret, form_key: Uuid) -> Self {
        let hash = secret.derive(b"invitation", form_key.as_bytes());
        Self(std::array::from_fn(|place| hash[place]))
    }

    /// The token in a link.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// The path of its page.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/invitations/{}", URL_SAFE_NO_PAD.encode(self.0))
    }
}

/// Somebody of the own organisation.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// Their id.
    pub id: UserId,
    /// The name with which they sign in.
    pub username: String,
    /// The name that others see.
    pub full_name: String,
    /// What they are there.
    pub roles: Vec<Role>,
    /// Whether they may sign in.
    pub is_active: bool,
    /// When they last signed in.
    pub last_login: Option<DateTime<Utc>>,
}

/// An invitation that can still be followed.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub full_name: String,
    /// As what.
    pub role: Role,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// What a stranger with the link may know.
#[derive(Debug, Clone)]
pub(super) struct OpenInvitation {
    pub organization_name: String,
    pub organization_name_am: String,
    pub full_name: String,
    pub role: Role,
    pub expires_at: DateTime<Utc>,
}

/// What came of following a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accepted {
    /// There is an account, now or by the same form before.
    Done,
    /// The link works no more.
    Gone,
    /// Somebody has the name.
    UsernameTaken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_one_token_in_its_session_and_another_elsewhere() {
        let (here, there, key) = (SessionSecret::of(1), SessionSecret::of(2), Uuid::from_u128(7));
        let token = InvitationToken::of(&here, key);
        assert!(token == InvitationToken::of(&here, key));
        assert!(token != InvitationToken::of(&there, key) && token != InvitationToken::of(&here, Uuid::from_u128(8)));
        let text = token.path().rsplit('/').next().unwrap().to_owned();
        assert!(InvitationToken::parse(&text) == Some(token));
        for bad in ["", "x", &text[1..], "AAAA"] {
            assert!(InvitationToken::parse(bad).is_none(), "{bad}");
        }
    }
}
