//! Certificates as the consortium has them, made with OpenSSL: a root on P-384, an issuing authority, seals of
//! organisations, a time stamp authority, and lists of what was revoked.

use std::fs;

use crate::tools::{Desk, said};

const CONFIG: &str = r"
[ca]
default_ca = issuing
[issuing]
database = DESK/issuing.txt
new_certs_dir = DESK
serial = DESK/issuing.srl
crlnumber = DESK/issuing.crlnumber
default_md = sha256
default_crl_days = 30
policy = any
unique_subject = no
[root]
database = DESK/root.txt
new_certs_dir = DESK
serial = DESK/root.srl
crlnumber = DESK/root.crlnumber
default_md = sha384
default_crl_days = 300
policy = any
unique_subject = no
[any]
countryName = optional
organizationName = optional
commonName = supplied
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unused
[of_root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[of_issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[of_seal]
basicConstraints = critical,CA:FALSE
keyUsage = critical,nonRepudiation
extendedKeyUsage = 1.3.6.1.5.5.7.3.36
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[of_old_readers]
basicConstraints = critical,CA:FALSE
keyUsage = critical,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[of_tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
";

/// The authorities, with their files.
pub struct Pki {
    pub desk: Desk,
}

/// A key with its certificate.
pub struct Holder {
    name: String,
    key: String,
    /// The certificate as DER.
    pub certificate: Vec<u8>,
}

impl Pki {
    pub fn new() -> Self {
        let desk = Desk::new();
        desk.put("pki.cnf", CONFIG.replace("DESK", desk.path().to_str().unwrap()).as_bytes());
        for authority in ["root", "issuing"] {
            desk.put(&format!("{authority}.txt"), b"");
            desk.put(&format!("{authority}.srl"), b"1001");
            desk.put(&format!("{authority}.crlnumber"), b"01");
        }
        let pki = Self { desk };
        pki.key("root", "secp384r1");
        pki.openssl(&[
            "req",
            "-x509",
            "-new",
            "-sha384",
            "-days",
            "7300",
            "-subj",
            "/C=ET/O=Consortium/CN=Root",
            "-extensions",
            "of_root",
            "-key",
            &pki.at("root.key"),
            "-out",
            &pki.at("root.pem"),
        ]);
        pki.issue("root", "issuing", "of_issuing", "20250101000000Z", "20350101000000Z");
        pki
    }

    /// The seal of an organisation, valid now.
    pub fn seal(&self, name: &str) -> Holder {
        self.issue("issuing", name, "of_seal", "20260101000000Z", "20330101000000Z")
    }

    /// A seal without an extended purpose: the certificates of NSS, which poppler asks, know none of documents (RFC 9336) and
    /// take a certificate with one for none that signs.
    pub fn seal_for_old_readers(&self, name: &str, from: &str, until: &str) -> Holder {
        self.issue("issuing", name, "of_old_readers", from, until)
    }

    /// A seal whose time is over.
    pub fn expired_seal(&self, name: &str) -> Holder {
        self.issue("issuing", name, "of_seal", "20250101000000Z", "20250301000000Z")
    }

    /// The time stamp authority.
    pub fn tsa(&self) -> Holder {
        self.issue("issuing", "tsa", "of_tsa", "20260101000000Z", "20330101000000Z")
    }

    pub fn revoke(&self, holder: &Holder) {
        let certificate = self.at(&format!("{}.pem", holder.name));
        self.openssl(
            &["ca", "-name", "issuing", "-revoke", &certificate, "-crl_reason", "keyCompromise"]
                .into_iter()
                .chain(self.authority("issuing").iter().map(String::as_str))
                .collect::<Vec<_>>(),
        );
    }

    /// What the two authorities have revoked, as DER.
    pub fn crls(&self) -> Vec<Vec<u8>> {
        ["root", "issuing"]
            .map(|authority| {
                let (pem, der) = (self.at(&format!("{authority}.crl")), self.at(&format!("{authority}.crl.der")));
                self.openssl(
                    &["ca", "-name", authority, "-gencrl", "-out", &pem]
                        .into_iter()
                        .chain(self.authority(authority).iter().map(String::as_str))
                        .collect::<Vec<_>>(),
                );
                said("openssl", &["crl", "-in", &pem, "-outform", "DER", "-out", &der]);
                fs::read(der).unwrap()
            })
            .to_vec()
    }

    /// The certificate of an authority as DER.
    pub fn certificate(&self, name: &str) -> Vec<u8> {
        let out = self.at(&format!("{name}.der"));
        said("openssl", &["x509", "-in", &self.at(&format!("{name}.pem")), "-outform", "DER", "-out", &out]);
        fs::read(out).unwrap()
    }

    pub fn at(&self, name: &str) -> String {
        self.desk.at(name)
    }

    fn authority(&self, name: &str) -> [String; 4] {
        ["-cert".to_owned(), self.at(&format!("{name}.pem")), "-keyfile".to_owned(), self.at(&format!("{name}.key"))]
    }

    fn key(&self, name: &str, curve: &str) {
        let key = self.at(&format!("{name}.key"));
        said("openssl", &["ecparam", "-name", curve, "-genkey", "-noout", "-out", &key]);
    }

    fn issue(&self, by: &str, name: &str, profile: &str, from: &str, until: &str) -> Holder {
        self.key(name, "prime256v1");
        let (key, request, out) =
            (self.at(&format!("{name}.key")), self.at("request.pem"), self.at(&format!("{name}.pem")));
        let subject = format!("/C=ET/O={name}/CN={name}");
        self.openssl(&["req", "-new", "-key", &key, "-subj", &subject, "-out", &request]);
        let arguments = [
            "ca",
            "-batch",
            "-notext",
            "-rand_serial",
            "-name",
            by,
            "-extensions",
            profile,
            "-startdate",
            from,
            "-enddate",
            until,
            "-in",
            &request,
            "-out",
            &out,
        ];
        self.openssl(&arguments.into_iter().chain(self.authority(by).iter().map(String::as_str)).collect::<Vec<_>>());
        Holder { name: name.to_owned(), key, certificate: self.certificate(name) }
    }

    fn openssl(&self, arguments: &[&str]) {
        let config = self.at("pki.cnf");
        said("openssl", &[&arguments[..1], &["-config", &config], &arguments[1..]].concat());
    }
}

impl Holder {
    /// The ECDSA signature of `message` as DER: what another process does with it.
    pub fn sign(&self, desk: &Desk, message: &[u8]) -> Vec<u8> {
        let (message, out) = (desk.put("message", message), desk.at("signature"));
        said("openssl", &["dgst", "-sha256", "-sign", &self.key, "-out", &out, &message]);
        fs::read(out).unwrap()
    }
}
