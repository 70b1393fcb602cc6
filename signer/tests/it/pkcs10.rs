//! Requests for certificates, put together byte by byte, so that anything can be wrong with them.

use der::Encode;
use der::asn1::ObjectIdentifier;
use jebena_signer::keypair::{Curve, KeyPair};
use jebena_signer::x509::request::Known;

/// A value behind its tag and length.
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut all = vec![tag];
    match length {
        0..128 => all.push(u8::try_from(length).unwrap()),
        128..256 => all.extend([0x81, u8::try_from(length).unwrap()]),
        256..65_536 => {
            all.push(0x82);
            all.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        _ => {
            all.push(0x84);
            all.extend(u32::try_from(length).unwrap().to_be_bytes());
        }
    }
    all.extend_from_slice(content);
    all
}

pub fn oid(text: &str) -> Vec<u8> {
    ObjectIdentifier::new(text).unwrap().to_der().unwrap()
}

/// A part of a name.
pub fn naming(id: &str, tag: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x31, &tlv(0x30, &[oid(id), tlv(tag, value)].concat()))
}

pub fn attribute(id: &str, values: &[&[u8]]) -> Vec<u8> {
    let mut values: Vec<&[u8]> = values.to_vec();
    values.sort_unstable();
    tlv(0x30, &[oid(id), tlv(0x31, &values.concat())].concat())
}

pub fn extension(id: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { vec![1, 1, 0xff] } else { Vec::new() };
    tlv(0x30, &[oid(id), critical, tlv(4, value)].concat())
}

/// The attribute that asks for these extensions.
pub fn extensions(all: &[Vec<u8>]) -> Vec<u8> {
    attribute("1.2.840.113549.1.9.14", &[&tlv(0x30, &all.concat())])
}

/// As PEM.
pub fn wrapped(der: &[u8]) -> Vec<u8> {
    der::pem::encode_string("CERTIFICATE REQUEST", der::pem::LineEnding::LF, der).unwrap().into_bytes()
}

/// Who asks.
pub fn known() -> Known {
    Known {
        organization: "Ethiopian Coffee and Tea Authority".to_owned(),
        organization_identifier: Some("NTRET-0000000001".to_owned()),
    }
}

/// A request in its parts.
pub struct Csr {
    pub version: Vec<u8>,
    pub name: Vec<Vec<u8>>,
    pub public: Vec<u8>,
    pub attributes: Vec<Vec<u8>>,
    pub algorithm: Vec<u8>,
    /// Another signature than the one of its key.
    pub signature: Option<Vec<u8>>,
    pub key: KeyPair,
}

impl Csr {
    /// One that nothing can be said against, of a new key.
    pub fn good() -> Self {
        let key = KeyPair::new(Curve::P256);
        Self {
            version: tlv(2, &[0]),
            name: vec![
                naming("2.5.4.6", 0x13, b"ET"),
                naming("2.5.4.10", 0x0c, known().organization.as_bytes()),
                naming("2.5.4.3", 0x0c, b"Seal of the authority"),
            ],
            public: key.public().unwrap().to_der().unwrap(),
            attributes: Vec::new(),
            algorithm: tlv(0x30, &oid("1.2.840.10045.4.3.2")),
            signature: None,
            key,
        }
    }

    pub fn point(&self) -> Vec<u8> {
        self.key.public().unwrap().subject_public_key.raw_bytes().to_vec()
    }

    fn info(&self) -> Vec<u8> {
        let mut attributes = self.attributes.clone();
        attributes.sort_unstable();
        let name = tlv(0x30, &self.name.concat());
        tlv(0x30, &[self.version.clone(), name, self.public.clone(), tlv(0xa0, &attributes.concat())].concat())
    }

    pub fn signed(&self) -> Vec<u8> {
        self.key.sign(&self.info())
    }

    pub fn der(&self) -> Vec<u8> {
        let signature = self.signature.clone().unwrap_or_else(|| self.signed());
        tlv(0x30, &[self.info(), self.algorithm.clone(), tlv(3, &[vec![0], signature].concat())].concat())
    }
}
