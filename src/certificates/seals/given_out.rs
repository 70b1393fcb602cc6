//! What was given out of a paper, to hold against what somebody brings: whoever has its issuer's key can sign anything else, also
//! beside the true seal. Pure.

use jebena_trust::claims::Claims;
use jebena_trust::given::Form;
use jebena_trust::seal;
use jebena_trust::verdict::Reason;
use sha2::{Digest, Sha256};

/// What was given out of one paper.
#[derive(Debug, Clone)]
pub(in crate::certificates) struct GivenOut {
    pub(super) cose: Vec<u8>,
    pub(super) credential: Option<String>,
    /// Of every file there ever was how many bytes it has, and their SHA-256.
    pub(super) files: Vec<(usize, Vec<u8>)>,
}

impl GivenOut {
    /// Why `bytes`, whose seal says `claims`, are none of it.
    pub fn against(&self, claims: &Claims, bytes: &[u8]) -> Option<Reason> {
        if seal::parse(&self.cose).ok().as_ref().map(|seal| &seal.claims) != Some(claims) {
            return Some(Reason::OtherContent);
        }
        let is_of_it = match Form::of(bytes) {
            // A reader may have added what shows years later that the signatures held: what was given out stands before that.
            Form::Pdf => {
                let begins_so = |(size, sha256): &(usize, Vec<u8>)| {
                    bytes.get(..*size).is_some_and(|beginning| Sha256::digest(beginning).as_slice() == sha256)
                };
                self.files.iter().any(begins_so)
            }
            Form::Credential => self.credential.as_ref().is_some_and(|one| one.as_bytes() == bytes.trim_ascii()),
            // Nothing but the seal is signed of these.
            Form::Seal | Form::Text | Form::Address | Form::Json => true,
        };
        (!is_of_it).then_some(Reason::OtherFile)
    }
}
