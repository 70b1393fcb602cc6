//! The real scanner, with one signature of our own: that of the test file that is no virus.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use jebena::documents::scanner::{Place, Scanner};
use tempfile::TempDir;

use crate::documents::pdf_with;

/// What the signature is called; clamd adds that it is not its makers'.
pub const FOUND: &str = "Jebena.Eicar.UNOFFICIAL";

/// The text that scanners take for a virus so that they can be tested. It stands whole in no file of ours.
pub fn eicar() -> String {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!", "$H+H*"].concat()
}

/// A paper in which the scanner finds something, and nobody else does.
pub fn infected_pdf() -> Vec<u8> {
    pdf_with(&eicar())
}

/// A clamd that listens on a socket of its own, until it is dropped.
pub struct Clamd {
    process: Child,
    folder: TempDir,
}

impl Clamd {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("signatures");
        std::fs::create_dir(&database).unwrap();
        let signature = format!("Jebena.Eicar:0:*:{}\n", hex::encode(eicar()));
        std::fs::write(database.join("test.ndb"), signature).unwrap();
        let settings = format!(
            "Foreground yes\nLocalSocket {}\nDatabaseDirectory {}\nTemporaryDirectory {}\nStreamMaxLength 1M\n",
            folder.path().join("socket").display(),
            database.display(),
            folder.path().display()
        );
        let file = folder.path().join("clamd.conf");
        std::fs::write(&file, settings).unwrap();
        let program = ["/usr/sbin/clamd", "/usr/local/sbin/clamd", "/opt/homebrew/sbin/clamd"];
        let program = program.into_iter().find(|path| PathBuf::from(path).is_file()).unwrap_or("clamd");
        let process = Command::new(program)
            .arg("--config-file")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("clamd is needed: apt-get install clamav-daemon");
        let started = Self { process, folder };
        for _ in 0..300 {
            if started.scanner().version().await.is_ok() {
                return started;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("clamd does not answer");
    }

    pub fn scanner(&self) -> Scanner {
        Scanner::new(Place::Unix(self.folder.path().join("socket")), Duration::from_secs(20))
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
