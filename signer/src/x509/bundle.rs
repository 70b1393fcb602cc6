//! Certificates as files for others: PEM, and PKCS#7 without a signature (certs-only, RFC 5652 and RFC 8551).

use const_oid::db::rfc5911::{ID_DATA, ID_SIGNED_DATA};
use der::pem::LineEnding;
use der::{Encode, Header, Tag, TagNumber};

use super::certificate::sequence;

/// Certificates (DER) one after the other as PEM: the leaf first, as servers and programs read a chain.
///
/// # Errors
/// Never with certificates: what is longer than PEM can be is none.
pub fn pem(certificates: &[&[u8]]) -> Result<String, der::pem::Error> {
    certificates.iter().map(|der| der::pem::encode_string("CERTIFICATE", LineEnding::LF, der)).collect()
}

/// A certificate, DER, of a file that has it as DER or as PEM; of several the first.
#[must_use]
pub fn read(file: &[u8]) -> Option<Vec<u8>> {
    if !file.starts_with(b"-----BEGIN") {
        return Some(file.to_vec());
    }
    let end = b"-----END CERTIFICATE-----";
    let until = file.windows(end.len()).position(|part| part == end)? + end.len();
    let (label, der) = der::pem::decode_vec(file.get(..until)?).ok()?;
    (label == "CERTIFICATE").then_some(der)
}

/// A request (DER) as PEM.
///
/// # Errors
/// Never with requests: what is longer than PEM can be is none.
pub fn request_pem(der: &[u8]) -> der::Result<String> {
    Ok(der::pem::encode_string("CERTIFICATE REQUEST", LineEnding::LF, der)?)
}

/// Certificates (DER) as a message that nobody signed, DER: what `.p7b` and `.p7c` files are.
///
/// # Errors
/// Never with certificates: the header of what is longer than DER can be.
pub fn pkcs7(certificates: &[&[u8]]) -> der::Result<Vec<u8>> {
    // A SET is sorted, and has nothing twice.
    let mut sorted = certificates.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let nothing = [0x31, 0];
    let content = sequence(&[&ID_DATA.to_der()?])?;
    let certificates = tagged(&sorted.concat())?;
    // Version 1, no algorithm, no content, no signer.
    let data = sequence(&[&[2, 1, 1], &nothing, &content, &certificates, &nothing])?;
    sequence(&[&ID_SIGNED_DATA.to_der()?, &tagged(&data)?])
}

/// Behind the tag [0].
fn tagged(content: &[u8]) -> der::Result<Vec<u8>> {
    let tag = Tag::ContextSpecific { constructed: true, number: TagNumber::N0 };
    let mut all = Header::new(tag, content.len())?.to_der()?;
    all.extend_from_slice(content);
    Ok(all)
}
