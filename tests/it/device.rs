//! A device with one passkey (Web Authentication, Level 3): it answers as an authenticator of a phone or a laptop does.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The user was there, and has shown to be who they are.
const PRESENT_AND_VERIFIED: u8 = 0x05;
/// A new key comes along.
const WITH_KEY: u8 = 0x40;

pub struct Device {
    key: SigningKey,
    id: Vec<u8>,
    /// Where the browser is, whatever the page says.
    pub origin: &'static str,
    /// For whom it holds the key.
    pub site: &'static str,
    /// How often it has answered.
    pub count: u32,
    /// What it says of its user.
    pub flags: u8,
}

impl Device {
    pub fn new(seed: u8) -> Self {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        let (origin, site) = ("http://localhost:8080", "localhost");
        Self { key, id: vec![seed; 24], origin, site, count: 0, flags: PRESENT_AND_VERIFIED }
    }

    /// Makes its key for what a page asks; what the page sends then.
    pub fn make(&mut self, asked: &str) -> String {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().unwrap(), point.y().unwrap());
        let mut data = self.said(WITH_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        // The key as COSE has it: EC2, ES256, P-256, and the point.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(x);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(y);
        let mut attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        attestation.push(u8::try_from(data.len()).unwrap());
        attestation.extend(&data);
        self.answer(
            asked,
            "webauthn.create",
            |client| json!({ "attestationObject": encoded(&attestation), "clientDataJSON": encoded(client) }),
        )
    }

    /// Answers what a page asks with its key; what the page sends then.
    pub fn prove(&mut self, asked: &str) -> String {
        self.count += 1;
        let data = self.said(0);
        self.answer(asked, "webauthn.get", |client| {
            let signed = [data.as_slice(), &Sha256::digest(client)].concat();
            let signature: Signature = self.key.sign(&signed);
            json!({
                "authenticatorData": encoded(&data),
                "clientDataJSON": encoded(client),
                "signature": encoded(signature.to_der().as_bytes()),
                "userHandle": null,
            })
        })
    }

    fn said(&self, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(self.site).to_vec();
        data.push(self.flags | more);
        data.extend(self.count.to_be_bytes());
        data
    }

    fn answer(&self, asked: &str, kind: &str, response: impl FnOnce(&[u8]) -> Value) -> String {
        let asked: Value = serde_json::from_str(asked).unwrap();
        let challenge = &asked["options"]["publicKey"]["challenge"];
        let client = json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false });
        let credential = json!({
            "id": encoded(&self.id),
            "rawId": encoded(&self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response(client.to_string().as_bytes()),
        });
        json!({ "challenge": asked["challenge"], "credential": credential }).to_string()
    }
}

fn encoded(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
