//! Programs that nobody here wrote, and what they say.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use der::pem::LineEnding;
use tempfile::TempDir;

/// Files that outside programs read.
pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts down certificates as PEM, one after the other.
    pub fn certificates(&self, name: &str, all: &[&[u8]]) -> PathBuf {
        self.pem(name, "CERTIFICATE", all)
    }

    /// Puts down lists as PEM.
    pub fn lists(&self, name: &str, all: &[&[u8]]) -> PathBuf {
        self.pem(name, "X509 CRL", all)
    }

    fn pem(&self, name: &str, label: &str, all: &[&[u8]]) -> PathBuf {
        let text: String = all.iter().map(|der| der::pem::encode_string(label, LineEnding::LF, der).unwrap()).collect();
        self.bytes(name, text.as_bytes())
    }

    pub fn bytes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// OpenSSL's answer in words, and whether it is content.
pub fn openssl(arguments: &[&str]) -> (bool, String) {
    told(Command::new("openssl").args(arguments).output().unwrap())
}

/// A program of the environment that `tests/run` makes of `signer/tests/checkers/requirements.txt`.
pub fn checker(program: &str, arguments: &[&str]) -> (bool, String) {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/checkers/signer/bin").join(program);
    assert!(program.is_file(), "{} is not there: tests/run makes it", program.display());
    told(Command::new(program).args(arguments).output().unwrap())
}

fn told(output: Output) -> (bool, String) {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

/// What `openssl verify` says of a certificate with everything checked.
pub fn verify(desk: &Desk, root: &Path, issuing: &Path, lists: &Path, leaf: &Path) -> (bool, String) {
    let _ = desk;
    openssl(&[
        "verify",
        "-x509_strict",
        "-purpose",
        "any",
        "-crl_check_all",
        "-CAfile",
        root.to_str().unwrap(),
        "-untrusted",
        issuing.to_str().unwrap(),
        "-CRLfile",
        lists.to_str().unwrap(),
        leaf.to_str().unwrap(),
    ])
}
