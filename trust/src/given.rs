//! Whatever somebody hands in to be checked: a seal as bytes or as text, the address in a QR code, the JSON of a paper, or its
//! credential.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    check::{Outcome, check_seal},
    credential,
    moment::Moment,
    qr, seal,
    text::from_base64url,
    trust_list::Verified,
    verdict::{Reason, Verdict},
};

/// The most that is looked at, in bytes; a signed document has no more.
pub const LARGEST: usize = 32 * 1024 * 1024;

/// What something is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A seal as bytes.
    Seal,
    /// A seal in base64url.
    Text,
    /// The address in a QR code.
    Address,
    /// Claims and seal of a paper in JSON.
    Json,
    /// A credential that has the seal of its paper with it.
    Credential,
    /// A signed document.
    Pdf,
}

/// Claims and seal of a paper, as its page gives them to machines. What else stands there is not looked at.
#[derive(Deserialize)]
struct Paper {
    seal: String,
    claims: Option<Value>,
}

impl Form {
    /// What `bytes` are, as far as their beginning tells.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
        if bytes.starts_with(b"%PDF-") {
            Self::Pdf
        } else if text.is_empty() {
            Self::Seal
        } else if text.starts_with('{') {
            Self::Json
        } else if credential::is_one(text) {
            Self::Credential
        } else if text.contains('/') {
            Self::Address
        } else {
            Self::Text
        }
    }
}

/// Checks what somebody hands in. Without a list nothing can be said of it, but what it says is read.
#[must_use]
pub fn check(bytes: &[u8], list: Result<&Verified, &Reason>, at: Moment) -> Outcome {
    let text = std::str::from_utf8(bytes).unwrap_or_default().trim();
    let no_seal = |what: &str| Outcome::bare(Verdict::NotAProof, Reason::NotASeal { what: what.to_owned() });
    let of_seal = |cose: &[u8]| match list {
        Ok(list) => check_seal(cose, list, at),
        Err(reason) => match seal::parse(cose) {
            Ok(seal) => Outcome { claims: Some(seal.claims), ..Outcome::bare(Verdict::CannotTell, reason.clone()) },
            Err(error) => no_seal(&error.to_string()),
        },
    };
    match Form::of(bytes) {
        Form::Seal => of_seal(bytes),
        Form::Text => match from_base64url(text) {
            Some(cose) => of_seal(&cose),
            None => no_seal("it is not written in base64url"),
        },
        Form::Address => match qr::parse(text) {
            Ok(address) => of_seal(&address.seal).beside(&address.code),
            Err(error) => no_seal(&error.to_string()),
        },
        Form::Json => match serde_json::from_slice::<Paper>(bytes) {
            Ok(paper) => match from_base64url(&paper.seal) {
                Some(cose) => of_seal(&cose).beside_claims(paper.claims.as_ref()),
                None => no_seal("its seal is not written in base64url"),
            },
            Err(_) => no_seal("its JSON has no seal"),
        },
        Form::Credential => match credential::parse(text) {
            Ok(credential) => {
                let outcome = of_seal(&credential.seal).beside(&credential.code);
                match list {
                    Ok(list) if !credential.is_signed(list) => outcome.unsigned(),
                    Ok(_) | Err(_) => outcome,
                }
            }
            Err(what) => no_seal(what),
        },
        // Reading one takes a library for files: `jebena_pdf::pades::check`.
        Form::Pdf => {
            let what = "it is a PDF, whose signatures are not checked here".to_owned();
            Outcome::bare(Verdict::CannotTell, Reason::NotASeal { what })
        }
    }
}

impl Outcome {
    /// The same seal in something whose signature is not that of its signer.
    fn unsigned(self) -> Self {
        Self { verdict: Verdict::Altered, reason: Reason::Signature, signer: None, ..self }
    }

    /// The same seal with claims beside it, which have to be its own.
    fn beside_claims(self, claims: Option<&Value>) -> Self {
        let Some(claims) = claims else { return self };
        match serde_json::to_value(&self.claims) {
            Ok(sealed) if self.claims.is_none() || sealed == *claims => self,
            _ => Self { verdict: Verdict::Altered, reason: Reason::OtherPaper, ..self },
        }
    }
}
