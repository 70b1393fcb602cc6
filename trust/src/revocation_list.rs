//! What a list of revoked certificates says of itself (RFC 5280, section 5). Whether it is signed, and by whom, is not looked at: who
//! asks has it from whoever signs it.

use const_oid::AssociatedOid;
use der::Decode;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::CrlNumber;

use crate::moment::Moment;

/// A list of revoked certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevocationList {
    /// Its number; none where it has none, or one beyond all counting.
    pub number: Option<u64>,
    /// When it was made.
    pub made: Moment,
    /// When the next one is due at the latest.
    pub next: Option<Moment>,
    /// How many certificates it names.
    pub entries: usize,
}

impl RevocationList {
    /// Reads a list, DER; none where it is no list.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let list = CertificateList::from_der(der).ok()?.tbs_cert_list;
        let moment = |time: &x509_cert::time::Time| Moment::try_from(time.to_unix_duration().as_secs()).ok();
        Some(Self {
            number: number(list.crl_extensions.as_deref().unwrap_or_default()),
            made: moment(&list.this_update)?,
            next: list.next_update.as_ref().and_then(moment),
            entries: list.revoked_certificates.map_or(0, |entries| entries.len()),
        })
    }
}

fn number(extensions: &[x509_cert::ext::Extension]) -> Option<u64> {
    let found = extensions.iter().find(|extension| extension.extn_id == CrlNumber::OID)?;
    let number = CrlNumber::from_der(found.extn_value.as_bytes()).ok()?;
    let bytes = number.0.as_bytes();
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}
