//! A private key with its certificates as a file under a passphrase (PKCS#12, RFC 7292).
//!
//! The key is enciphered with AES-256 under a key that PBKDF2 makes of the passphrase (PBES2, RFC 8018), and the whole is sealed with
//! HMAC-SHA256: what OpenSSL, Java, Windows and NSS read without old algorithms. The certificates are public and stand in the clear.

use cms::content_info::ContentInfo;
use const_oid::ObjectIdentifier;
use const_oid::db::rfc5911::ID_DATA;
use const_oid::db::rfc5912::ID_SHA_256;
use der::asn1::{Any, BmpString, OctetString, SetOfVec};
use der::{Decode, Encode};
use pkcs8::PrivateKeyInfo;
use pkcs8::pkcs5::pbes2;
use pkcs12::cert_type::CertBag;
use pkcs12::digest_info::DigestInfo;
use pkcs12::kdf::{Pkcs12KeyType, derive_key_utf8};
use pkcs12::mac_data::MacData;
use pkcs12::pfx::{Pfx, Version};
use pkcs12::safe_bag::SafeBag;
use pkcs12::{PKCS_12_CERT_BAG_OID, PKCS_12_PKCS8_KEY_BAG_OID, PKCS_12_X509_CERT_OID};
use rand::Rng;
use ring::hmac;
use sha2::{Digest, Sha256};
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;
use zeroize::Zeroizing;

/// How often a guess of the passphrase has to be hashed (OWASP, PBKDF2 with HMAC-SHA256).
const ROUNDS: i32 = 600_000;
const SALT: usize = 16;
const FRIENDLY_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.20");
const LOCAL_KEY_ID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.21");

/// What cannot be put into a file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be encoded, such as a passphrase with letters that the format does not have.
    #[error("the file cannot be encoded: {0}")]
    Der(#[from] der::Error),
    /// The key cannot be enciphered.
    #[error("the key cannot be enciphered")]
    Key,
}

/// The file: `key` (PKCS#8) under `passphrase`, and its certificate with those above it (DER), the leaf first. Programs list it as `name`.
///
/// # Errors
/// When the key is none, or the passphrase has letters beyond those of the format.
pub fn pkcs12(key: &[u8], chain: &[&[u8]], name: &str, passphrase: &str) -> Result<Vec<u8>, FileError> {
    let leaf = chain.first().copied().unwrap_or_default();
    let together = attributes(name, &Sha256::digest(leaf))?;
    let mut certificates = Vec::with_capacity(chain.len());
    for (position, der) in chain.iter().enumerate() {
        let bag = CertBag { cert_id: PKCS_12_X509_CERT_OID, cert_value: OctetString::new(*der)? };
        let of_key = (position == 0).then(|| together.clone());
        certificates.push(SafeBag { bag_id: PKCS_12_CERT_BAG_OID, bag_value: bag.to_der()?, bag_attributes: of_key });
    }
    let key = SafeBag {
        bag_id: PKCS_12_PKCS8_KEY_BAG_OID,
        bag_value: enciphered(key, passphrase)?,
        bag_attributes: Some(together),
    };
    let safe = vec![data(&certificates.to_der()?)?, data(&vec![key].to_der()?)?].to_der()?;
    let file = Pfx { version: Version::V3, mac_data: Some(sealed(&safe, passphrase)?), auth_safe: data(&safe)? };
    Ok(file.to_der()?)
}

/// EncryptedPrivateKeyInfo, DER.
fn enciphered(key: &[u8], passphrase: &str) -> Result<Vec<u8>, FileError> {
    let (salt, iv) = (random::<SALT>(), random::<16>());
    let parameters =
        pbes2::Parameters::pbkdf2_sha256_aes256cbc(ROUNDS.unsigned_abs(), &salt, &iv).map_err(|_| FileError::Key)?;
    let key = PrivateKeyInfo::try_from(key).map_err(|_| FileError::Key)?;
    let document = key.encrypt_with_params(parameters, passphrase).map_err(|_| FileError::Key)?;
    Ok(document.as_bytes().to_vec())
}

/// By what a program sees that nobody changed the file who does not know the passphrase.
fn sealed(safe: &[u8], passphrase: &str) -> Result<MacData, FileError> {
    let salt = random::<SALT>();
    let of_mac = Pkcs12KeyType::Mac;
    let key = Zeroizing::new(derive_key_utf8::<Sha256>(passphrase, &salt, of_mac, ROUNDS, 32)?);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), safe);
    let algorithm = AlgorithmIdentifierOwned { oid: ID_SHA_256, parameters: Some(Any::null()) };
    let mac = DigestInfo { algorithm, digest: OctetString::new(tag.as_ref())? };
    Ok(MacData { mac, mac_salt: OctetString::new(salt.as_slice())?, iterations: ROUNDS })
}

/// What says that a key and a certificate belong together, and how they are called.
fn attributes(name: &str, id: &[u8]) -> Result<SetOfVec<Attribute>, FileError> {
    let attribute = |oid, der: Vec<u8>| -> der::Result<Attribute> {
        Ok(Attribute { oid, values: SetOfVec::try_from(vec![Any::from_der(&der)?])? })
    };
    let name = attribute(FRIENDLY_NAME, BmpString::from_utf8(name)?.to_der()?)?;
    let id = attribute(LOCAL_KEY_ID, OctetString::new(id)?.to_der()?)?;
    Ok(SetOfVec::try_from(vec![name, id])?)
}

fn data(content: &[u8]) -> Result<ContentInfo, FileError> {
    let content = Any::from_der(&OctetString::new(content)?.to_der()?)?;
    Ok(ContentInfo { content_type: ID_DATA, content })
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
