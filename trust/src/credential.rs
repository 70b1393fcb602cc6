//! A paper as a credential: a W3C verifiable credential in a compact JWS (`vc+jwt`). The key that has sealed the paper signs it, and
//! the seal stands in its header: who can check the one can check the other, without asking the issuer for its key.

use serde::Deserialize;

use crate::{code::Code, seal, text::from_base64url, trust_list::Verified};

/// How the name of such a file ends, behind the code of its paper.
const ENDING: &str = ".vc.jwt";
/// How each header in JSON begins, in base64url.
const BEGINNING: &str = "eyJ";

#[derive(Deserialize)]
struct Header {
    typ: String,
    seal: Option<String>,
}

#[derive(Deserialize)]
struct Payload {
    id: String,
}

/// What a credential brings along.
pub(crate) struct Credential<'a> {
    /// The seal of its paper.
    pub seal: Vec<u8>,
    /// The paper that it names.
    pub code: Code,
    signed: &'a str,
    signature: Vec<u8>,
}

/// Whether `text` looks like one.
pub(crate) fn is_one(text: &str) -> bool {
    text.starts_with(BEGINNING) && text.bytes().filter(|byte| *byte == b'.').count() == 2
}

/// Reads one; or says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Credential<'_>, &'static str> {
    const UNREADABLE: &str = "it is no credential: its parts cannot be read";
    let (signed, signature) = text.rsplit_once('.').ok_or(UNREADABLE)?;
    let (header, payload) = signed.split_once('.').ok_or(UNREADABLE)?;
    let part = |text: &str| from_base64url(text).ok_or(UNREADABLE);
    let header: Header = serde_json::from_slice(&part(header)?).map_err(|_| UNREADABLE)?;
    if header.typ != "vc+jwt" {
        return Err("it is signed text of another kind than a credential");
    }
    let payload: Payload = serde_json::from_slice(&part(payload)?).map_err(|_| UNREADABLE)?;
    let seal = header.seal.ok_or("it is a credential without the seal of its paper")?;
    let seal = from_base64url(&seal).ok_or("its seal is not written in base64url")?;
    let name = payload.id.rsplit('/').next().and_then(|name| name.strip_suffix(ENDING));
    let code = name.and_then(|code| code.parse().ok()).ok_or("it names no paper of this site")?;
    Ok(Credential { seal, code, signed, signature: part(signature)? })
}

impl Credential<'_> {
    /// Whether the key that its seal names has signed it. Of a signer that the list does not name nothing is said: the seal is
    /// not trusted then.
    pub(crate) fn is_signed(&self, list: &Verified) -> bool {
        let seal = seal::parse(&self.seal).ok();
        let key = seal.and_then(|seal| list.find(&seal.key_id));
        key.is_none_or(|(_, key)| key.verify_raw(self.signed.as_bytes(), &self.signature).is_ok())
    }
}
