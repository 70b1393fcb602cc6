//! Programs that look at files.

use std::path::Path;
use std::process::{Command, Output};

/// Starts `program`; it has to be there.
pub fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).output();
    output.unwrap_or_else(|error| panic!("{program}: {error}. tests/run installs what is missing"))
}

/// What `program` says, on both channels; it has to succeed.
pub fn said(program: &str, arguments: &[&str]) -> String {
    let output = run(program, arguments);
    let words = words(&output);
    assert!(output.status.success(), "{program} {arguments:?}: {words}");
    words
}

/// What a program said.
pub fn words(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A folder with files that programs can open.
pub struct Desk(tempfile::TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// The name of a file in it.
    pub fn at(&self, name: &str) -> String {
        self.path().join(name).to_str().unwrap().to_owned()
    }

    /// Puts `bytes` into a file.
    pub fn put(&self, name: &str, bytes: &[u8]) -> String {
        std::fs::write(self.path().join(name), bytes).unwrap();
        self.at(name)
    }
}

/// A program of the environment that `tests/run` makes of `pdf/tests/checkers/requirements.txt`.
fn of_checkers(program: &str) -> String {
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/checkers/pdf");
    made.join("bin").join(program).to_str().unwrap().to_owned()
}

/// What pyHanko says of each signature of a file whose chains lead to `root`, a line each, with what the file itself holds
/// alone: `summary` and how far the coverage goes. See `checkers/verdict.py`.
pub fn pyhanko(file: &str, root: &str, mode: &str) -> Vec<String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/checkers/verdict.py");
    let output = run(&of_checkers("python"), &[script, mode, file, root]);
    let words = words(&output);
    assert!(output.status.success(), "{words}");
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

/// What the command line of pyHanko says of a file.
pub fn pyhanko_command(file: &str, root: &str) -> Output {
    let arguments = ["sign", "validate", "--pretty-print", "--no-revocation-check", "--trust", root, "--trust-replace"];
    run(&of_checkers("pyhanko"), &[&arguments[..], &[file]].concat())
}
