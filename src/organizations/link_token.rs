//! What stands in a link that opens something once: an account, a new password.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::Rng;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::web::csrf::SessionSecret;

const BYTES: usize = 24;

/// 192 bits that only the reader of the link knows.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkToken([u8; BYTES]);

/// It opens an account.
impl std::fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkToken")
    }
}

impl LinkToken {
    /// One that nobody has seen.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0; BYTES];
        rand::rng().fill_bytes(&mut bytes);
        Self(bytes)
    }

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

    /// As it stands in a link.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_one_token_in_its_session_and_another_elsewhere() {
        let (here, there, key) = (SessionSecret::of(1, &[0; 32]), SessionSecret::of(2, &[0; 32]), Uuid::from_u128(7));
        let token = LinkToken::of(&here, key);
        assert!(token == LinkToken::of(&here, key));
        assert!(token != LinkToken::of(&there, key) && token != LinkToken::of(&here, Uuid::from_u128(8)));
        assert!(LinkToken::random() != LinkToken::random());
        let text = token.text();
        assert!(LinkToken::parse(&text) == Some(token));
        for bad in ["", "x", &text[1..], "AAAA"] {
            assert!(LinkToken::parse(bad).is_none(), "{bad}");
        }
    }
}
