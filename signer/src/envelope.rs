//! Keys under keys: the master key seals a data key of each organisation and version, a data key seals the private keys.
//!
//! What is sealed is bound to the row that it stands in: it opens nowhere else, so that two rows that change places open nothing.

use std::path::Path;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::Rng;
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::token::{TokenError, TokenKey};

const KEY_BYTES: usize = 32;
pub(crate) const NONCE_BYTES: usize = 12;
pub(crate) const TAG_BYTES: usize = 16;

/// What was sealed does not open: another key, another row, or a changed byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what was sealed does not open: it was changed, moved to another row, or sealed under another key")]
pub struct Unsealable;

/// Why the master key seals or opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// What was sealed.
    #[error(transparent)]
    Unsealable(#[from] Unsealable),
    /// The token in which the key lies.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file is not there or cannot be read.
    #[error("the master key's file cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// Others than its owner may read the file.
    #[error("the master key's file can be read by others: allow its owner alone (chmod 600)")]
    Open,
    /// It does not hold a key or its address, or two of them.
    #[error(
        "the master key's file holds no key: 32 bytes in base64 are wanted, or the address of a key in a token (pkcs11:…), and while it \
         is rotated the former one in a second line"
    )]
    Malformed,
    /// The token in which it lies.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// The key above all: it lies outside of every database. While it is rotated, the former one comes with it: some is still sealed
/// under that.
pub struct MasterKey {
    secret: Secret,
    former: Option<Box<MasterKey>>,
}

/// Where the key is.
enum Secret {
    /// In the memory of this process, out of a file.
    Here { cipher: Box<Aes256Gcm>, fingerprint: [u8; 32] },
    /// In a token.
    Token(TokenKey),
}

/// It holds a key.
impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MasterKey({})", hex::encode(&self.fingerprint()[..4]))
    }
}

impl MasterKey {
    /// Reads the key out of a file that its owner alone may read, or finds it in the token whose address stands there.
    ///
    /// # Errors
    /// When the file cannot be read, others may read it, it holds no key, or the token does not give it.
    pub fn read(path: &Path) -> Result<Self, MasterKeyError> {
        let text = Zeroizing::new(std::fs::read_to_string(path)?);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if std::fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
                return Err(MasterKeyError::Open);
            }
        }
        Self::parse(&text)
    }

    /// A key of 32 bytes, written in base64, or the address of one in a token; while it is rotated, the former one in a second line.
    ///
    /// # Errors
    /// When it is neither, or the token does not give it.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let mut lines = text.trim().lines();
        let mut key = Self::of_line(lines.next().ok_or(MasterKeyError::Malformed)?)?;
        if let Some(former) = lines.next() {
            let former = Self::of_line(former)?;
            // Twice the same is a mistake of who prepared the file.
            if former.fingerprint() == key.fingerprint() {
                return Err(MasterKeyError::Malformed);
            }
            key.former = Some(Box::new(former));
        }
        if lines.next().is_none() { Ok(key) } else { Err(MasterKeyError::Malformed) }
    }

    fn of_line(line: &str) -> Result<Self, MasterKeyError> {
        if TokenKey::is_address(line) {
            let key = TokenKey::at(line).ok_or(MasterKeyError::Malformed)??;
            return Ok(Self { secret: Secret::Token(key), former: None });
        }
        let key = Zeroizing::new(STANDARD.decode(line.trim()).map_err(|_| MasterKeyError::Malformed)?);
        let cipher = Aes256Gcm::new_from_slice(&key).map_err(|_| MasterKeyError::Malformed)?;
        let fingerprint = Sha256::new().chain_update(b"jebena master key 1").chain_update(&*key).finalize().into();
        Ok(Self { secret: Secret::Here { cipher: Box::new(cipher), fingerprint }, former: None })
    }

    /// The one that was in force before, where it is still at hand.
    #[must_use]
    pub fn former(&self) -> Option<&Self> {
        self.former.as_deref()
    }

    /// A key that nobody has seen, as [`MasterKey::parse`] takes it.
    #[must_use]
    pub fn new_text() -> Zeroizing<String> {
        let key = random::<KEY_BYTES>();
        Zeroizing::new(STANDARD.encode(key.as_slice()))
    }

    /// By which the row of this key is recognised; it tells nothing of the key.
    #[must_use]
    pub const fn fingerprint(&self) -> &[u8; 32] {
        match &self.secret {
            Secret::Here { fingerprint, .. } => fingerprint,
            Secret::Token(key) => key.fingerprint(),
        }
    }

    /// A new data key, and the same as its row keeps it.
    ///
    /// # Errors
    /// When the token does not seal it.
    pub fn new_data_key(&self, row: DataKeyRow) -> Result<(DataKey, Vec<u8>), SealError> {
        let key = random::<KEY_BYTES>();
        let sealed = self.seal_data_key(key.as_slice(), row)?;
        Ok((DataKey::of(key.as_slice(), row)?, sealed))
    }

    /// Opens a data key out of its row, also one that the former key sealed.
    ///
    /// # Errors
    /// When it was sealed under another key, for another row, or was changed; or the token does not open it.
    pub fn open_data_key(&self, sealed: &[u8], row: DataKeyRow) -> Result<DataKey, SealError> {
        match (self.open_material(sealed, row), &self.former) {
            (Ok(material), _) => Ok(DataKey::of(&material, row)?),
            (Err(SealError::Unsealable(_)), Some(former)) => former.open_data_key(sealed, row),
            (Err(error), _) => Err(error),
        }
    }

    /// What `former` sealed for this row, sealed under this key.
    ///
    /// # Errors
    /// As [`MasterKey::open_data_key`] of `former`.
    pub fn take_over(&self, former: &Self, sealed: &[u8], row: DataKeyRow) -> Result<Vec<u8>, SealError> {
        self.seal_data_key(&former.open_material(sealed, row)?, row)
    }

    fn seal_data_key(&self, key: &[u8], row: DataKeyRow) -> Result<Vec<u8>, SealError> {
        let (nonce, sealed) = match &self.secret {
            Secret::Here { cipher, .. } => seal(cipher, key, &row.bound())?,
            Secret::Token(token) => {
                let nonce = *random::<NONCE_BYTES>();
                (nonce, token.seal(nonce, key, &row.bound())?)
            }
        };
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn open_material(&self, sealed: &[u8], row: DataKeyRow) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(Unsealable)?;
        match &self.secret {
            Secret::Here { cipher, .. } => Ok(open(cipher, *nonce, sealed, &row.bound())?),
            Secret::Token(token) => token.open(*nonce, sealed, &row.bound()),
        }
    }
}

/// In which row a data key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DataKeyRow {
    /// Its id.
    pub key_id: Uuid,
    /// Whose keys it seals; none for those of the consortium.
    pub organization_id: Option<Uuid>,
    /// Which of that organisation's, from 1.
    pub version: i32,
}

impl DataKeyRow {
    fn bound(self) -> Vec<u8> {
        let organization = self.organization_id.unwrap_or_default();
        [b"jebena data key 1".as_slice(), self.key_id.as_bytes(), organization.as_bytes(), &self.version.to_be_bytes()]
            .concat()
    }
}

/// A key that seals the private keys of one organisation.
pub struct DataKey {
    cipher: Aes256Gcm,
    row: DataKeyRow,
}

/// It holds a key.
impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DataKey({})", self.row.key_id)
    }
}

/// A private key as its row keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedKey {
    /// Under which data key.
    pub encryption_key_id: Uuid,
    /// The nonce.
    pub iv: [u8; NONCE_BYTES],
    /// PKCS#8, sealed.
    pub material: Vec<u8>,
    /// The tag of the seal.
    pub tag: [u8; TAG_BYTES],
}

/// In which row a private key stands, and to which public key it belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrivateKeyRow {
    /// Its id.
    pub private_key_id: Uuid,
    /// SHA-256 of the public key.
    pub public_key_sha256: [u8; 32],
}

impl DataKey {
    fn of(key: &[u8], row: DataKeyRow) -> Result<Self, Unsealable> {
        Aes256Gcm::new_from_slice(key).map(|cipher| Self { cipher, row }).map_err(|_| Unsealable)
    }

    /// Its row.
    #[must_use]
    pub const fn row(&self) -> DataKeyRow {
        self.row
    }

    /// Seals a private key for its row.
    ///
    /// # Errors
    /// Never with a key of ours; the cipher refuses more than it can hold.
    pub fn seal(&self, pkcs8: &[u8], row: PrivateKeyRow) -> Result<SealedKey, Unsealable> {
        let (iv, mut material) = seal(&self.cipher, pkcs8, &self.bound(row))?;
        let tag = material.split_off(material.len().checked_sub(TAG_BYTES).ok_or(Unsealable)?);
        let tag = tag.try_into().map_err(|_| Unsealable)?;
        Ok(SealedKey { encryption_key_id: self.row.key_id, iv, material, tag })
    }

    /// Opens a private key out of its row.
    ///
    /// # Errors
    /// When it was sealed under another key, for another row or public key, or was changed.
    pub fn open(&self, sealed: &SealedKey, row: PrivateKeyRow) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        if sealed.encryption_key_id != self.row.key_id {
            return Err(Unsealable);
        }
        open(&self.cipher, sealed.iv, &[sealed.material.as_slice(), &sealed.tag].concat(), &self.bound(row))
    }

    fn bound(&self, row: PrivateKeyRow) -> Vec<u8> {
        [
            b"jebena private key 1".as_slice(),
            row.private_key_id.as_bytes(),
            self.row.organization_id.unwrap_or_default().as_bytes(),
            &row.public_key_sha256,
            self.row.key_id.as_bytes(),
            &self.row.version.to_be_bytes(),
        ]
        .concat()
    }
}

fn seal(cipher: &Aes256Gcm, secret: &[u8], bound: &[u8]) -> Result<([u8; NONCE_BYTES], Vec<u8>), Unsealable> {
    let nonce = *random::<NONCE_BYTES>();
    let sealed = cipher.encrypt(&Nonce::from(nonce), Payload { msg: secret, aad: bound }).map_err(|_| Unsealable)?;
    Ok((nonce, sealed))
}

fn open(
    cipher: &Aes256Gcm,
    nonce: [u8; NONCE_BYTES],
    sealed: &[u8],
    bound: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
    let payload = Payload { msg: sealed, aad: bound };
    cipher.decrypt(&Nonce::from(nonce), payload).map(Zeroizing::new).map_err(|_| Unsealable)
}

pub(crate) fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    rand::rng().fill_bytes(bytes.as_mut_slice());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"a private key";

    fn master() -> MasterKey {
        MasterKey::parse(&MasterKey::new_text()).unwrap()
    }

    fn data_row(version: i32) -> DataKeyRow {
        DataKeyRow { key_id: Uuid::new_v4(), organization_id: Some(Uuid::from_u128(7)), version }
    }

    fn key_row(id: u128) -> PrivateKeyRow {
        PrivateKeyRow { private_key_id: Uuid::from_u128(id), public_key_sha256: [9; 32] }
    }

    #[test]
    fn a_data_key_opens_in_its_row_alone() {
        let (master, row) = (master(), data_row(1));
        let (_, sealed) = master.new_data_key(row).unwrap();
        assert_eq!(sealed.len(), 60);
        assert!(master.open_data_key(&sealed, row).is_ok());
        let others = [
            DataKeyRow { key_id: Uuid::new_v4(), ..row },
            DataKeyRow { organization_id: None, ..row },
            DataKeyRow { version: 2, ..row },
        ];
        for other in others {
            let opened = master.open_data_key(&sealed, other);
            assert!(matches!(opened, Err(SealError::Unsealable(_))), "{other:?}");
        }
        assert!(self::master().open_data_key(&sealed, row).is_err());
    }

    #[test]
    fn a_private_key_opens_in_its_row_under_its_data_key_and_unchanged() {
        let master = master();
        let (key, _) = master.new_data_key(data_row(1)).unwrap();
        let (other, _) = master.new_data_key(data_row(2)).unwrap();
        let sealed = key.seal(SECRET, key_row(1)).unwrap();
        assert_eq!(key.open(&sealed, key_row(1)).unwrap().as_slice(), SECRET);
        assert!(key.open(&sealed, key_row(2)).is_err());
        assert!(key.open(&sealed, PrivateKeyRow { public_key_sha256: [8; 32], ..key_row(1) }).is_err());
        assert!(other.open(&sealed, key_row(1)).is_err());
        let moved = SealedKey { encryption_key_id: other.row().key_id, ..sealed.clone() };
        assert!(other.open(&moved, key_row(1)).is_err());
        for place in 0..sealed.material.len() {
            let mut changed = sealed.clone();
            changed.material[place] ^= 1;
            assert!(key.open(&changed, key_row(1)).is_err());
        }
    }

    #[test]
    fn another_master_key_takes_a_data_key_over() {
        let (old, new, row) = (master(), master(), data_row(1));
        let (key, sealed) = old.new_data_key(row).unwrap();
        let private = key.seal(SECRET, key_row(1)).unwrap();
        let taken = new.take_over(&old, &sealed, row).unwrap();
        assert_eq!(new.open_data_key(&taken, row).unwrap().open(&private, key_row(1)).unwrap().as_slice(), SECRET);
        assert!(old.open_data_key(&taken, row).is_err());
    }

    #[test]
    fn a_file_of_two_keys_opens_what_either_sealed_and_seals_under_the_first() {
        let (old_text, new_text, row) = (MasterKey::new_text(), MasterKey::new_text(), data_row(1));
        let (old, new) = (MasterKey::parse(&old_text).unwrap(), MasterKey::parse(&new_text).unwrap());
        let both = MasterKey::parse(&format!("{}\n{}\n", *new_text, *old_text)).unwrap();
        assert_eq!(both.fingerprint(), new.fingerprint());
        assert_eq!(both.former().unwrap().fingerprint(), old.fingerprint());
        for master in [&old, &new] {
            assert!(both.open_data_key(&master.new_data_key(row).unwrap().1, row).is_ok());
        }
        let (_, sealed) = both.new_data_key(row).unwrap();
        assert!(new.open_data_key(&sealed, row).is_ok() && old.open_data_key(&sealed, row).is_err());
        let strange = [
            format!("{}\n{}", *new_text, *new_text),
            format!("{}\nshort", *new_text),
            format!("{}\n{}\n{}", *new_text, *old_text, *MasterKey::new_text()),
        ];
        for text in strange {
            assert!(MasterKey::parse(&text).is_err());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), MasterKey::new_text().as_bytes()).unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(MasterKey::read(file.path()), Err(MasterKeyError::Open)));
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(MasterKey::read(file.path()).is_ok());
        std::fs::write(file.path(), "short").unwrap();
        assert!(matches!(MasterKey::read(file.path()), Err(MasterKeyError::Malformed)));
    }
}
