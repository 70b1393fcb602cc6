//! Where secrets of second factors are sealed: AES-256-GCM under a key that the database does not hold.

use std::sync::Arc;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::{Engine, engine::general_purpose::STANDARD};
use rand::Rng;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::ids::UserId;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 12;
/// What a seal is for; another use of the same key has another word.
const PURPOSE: &[u8] = b"jebena second factor 1";

/// A secret that cannot be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a second factor's secret cannot be opened: SECOND_FACTOR_KEY is another, or the row was changed")]
pub struct Unsealable;

/// Seals and opens; cheap to clone.
#[derive(Clone)]
pub struct Vault {
    key: Arc<Aes256Gcm>,
    /// The key from before, which still opens what was sealed under it.
    former: Option<Arc<Aes256Gcm>>,
}

/// It holds a key.
impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// A vault under a key of 32 bytes, written in base64.
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        let key = Zeroizing::new(STANDARD.decode(key.trim()).ok()?);
        if key.len() != KEY_BYTES {
            return None;
        }
        Aes256Gcm::new_from_slice(&key).ok().map(|cipher| Self { key: Arc::new(cipher), former: None })
    }

    /// The same vault, which also opens what was sealed in `former`.
    #[must_use]
    pub fn after(self, former: &Self) -> Self {
        Self { former: Some(Arc::clone(&former.key)), ..self }
    }

    /// A key that nobody has seen, as [`Vault::parse`] takes it.
    #[must_use]
    pub fn new_key() -> String {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        rand::rng().fill_bytes(key.as_mut_slice());
        STANDARD.encode(key.as_slice())
    }

    /// Seals the secret of a factor: nonce, then what was sealed, with its tag.
    ///
    /// # Errors
    /// Never with a secret of ours; the cipher refuses more than it can hold.
    pub fn seal(&self, secret: &[u8], of: (UserId, Uuid)) -> Result<Vec<u8>, Unsealable> {
        let mut nonce = [0; NONCE_BYTES];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: secret, aad: &about(of) };
        let sealed = self.key.encrypt(&Nonce::from(nonce), payload).map_err(|_| Unsealable)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for this very factor.
    ///
    /// # Errors
    /// When it was sealed under another key, for another row, or was changed.
    pub fn open(&self, sealed: &[u8], of: (UserId, Uuid)) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        open_with(&self.key, sealed, of).or_else(|unsealable| match &self.former {
            Some(former) => open_with(former, sealed, of),
            None => Err(unsealable),
        })
    }

    /// What was sealed under the key from before, sealed under that of now; nothing, where it is already.
    ///
    /// # Errors
    /// When neither key opens it.
    pub fn seal_anew(&self, sealed: &[u8], of: (UserId, Uuid)) -> Result<Option<Vec<u8>>, Unsealable> {
        if open_with(&self.key, sealed, of).is_ok() {
            return Ok(None);
        }
        self.seal(&self.open(sealed, of)?, of).map(Some)
    }
}

fn open_with(key: &Aes256Gcm, sealed: &[u8], of: (UserId, Uuid)) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Unsealable)?;
    let payload = Payload { msg: sealed, aad: &about(of) };
    key.decrypt(&Nonce::from(*nonce), payload).map(Zeroizing::new).map_err(|_| Unsealable)
}

/// What the tag covers beside the secret: a sealed secret that is moved to another person's row opens nothing.
fn about((UserId(person), factor): (UserId, Uuid)) -> Vec<u8> {
    [PURPOSE, person.as_bytes(), factor.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_in_its_own_row_under_its_own_key_and_unchanged() {
        let (vault, other) = (Vault::parse(&Vault::new_key()).unwrap(), Vault::parse(&Vault::new_key()).unwrap());
        let of = (UserId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let sealed = vault.seal(b"12345678901234567890", of).unwrap();
        assert_eq!(sealed.len(), 48);
        assert_eq!(vault.open(&sealed, of).unwrap().as_slice(), b"12345678901234567890");
        assert_ne!(vault.seal(b"12345678901234567890", of).unwrap(), sealed, "never the same twice");
        assert!(other.open(&sealed, of).is_err());
        assert!(vault.open(&sealed, (UserId(Uuid::from_u128(3)), of.1)).is_err());
        assert!(vault.open(&sealed, (of.0, Uuid::from_u128(3))).is_err());
        let mut changed = sealed.clone();
        changed[20] ^= 1;
        assert!(vault.open(&changed, of).is_err());
        assert!(vault.open(&sealed[..10], of).is_err());
    }

    #[test]
    fn what_was_sealed_before_opens_until_the_former_key_is_gone() {
        let (first, second) = (Vault::parse(&Vault::new_key()).unwrap(), Vault::parse(&Vault::new_key()).unwrap());
        let of = (UserId(Uuid::from_u128(1)), Uuid::from_u128(2));
        let sealed = first.seal(b"12345678901234567890", of).unwrap();
        let both = second.clone().after(&first);
        assert_eq!(both.open(&sealed, of).unwrap().as_slice(), b"12345678901234567890");
        let anew = both.seal_anew(&sealed, of).unwrap().unwrap();
        assert_eq!(second.open(&anew, of).unwrap().as_slice(), b"12345678901234567890", "the new key alone is enough");
        assert_eq!(both.seal_anew(&anew, of).unwrap(), None);
        assert!(second.seal_anew(&sealed, of).is_err());
    }

    #[test]
    fn a_key_has_thirty_two_bytes() {
        for bad in ["", "AAAA", "not base64 at all", &STANDARD.encode([0; 31]), &STANDARD.encode([0; 33])] {
            assert!(Vault::parse(bad).is_none(), "{bad}");
        }
        assert_ne!(Vault::new_key(), Vault::new_key());
    }
}
