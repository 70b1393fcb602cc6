//! Running the server's own programs (`initdb`, `pg_ctl`) under its account.

use std::path::Path;
use std::process::{Command, ExitStatus};
use std::time::Duration;

use super::ClusterError;
use super::account::Account;
use super::binaries::Server;
use super::place::Place;

/// `pg_ctl status` for a folder in which no server runs (its documentation, "Exit Status").
const NOT_RUNNING: i32 = 3;

/// How long a fast stop may take before connections are cut without ceremony.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// So many lines of a failed program's output reach the message.
const OUTPUT_LINES: usize = 8;

/// The programs of one server, run under one account.
#[derive(Debug)]
pub struct Tool {
    bin_dir: std::path::PathBuf,
    account: Account,
}

impl Tool {
    /// The programs of `server`, run as `account`.
    pub fn new(server: &Server, account: Account) -> Self {
        Self { bin_dir: server.bin_dir.clone(), account }
    }

    /// The account that the programs run under.
    pub fn account(&self) -> Account {
        self.account
    }

    /// One of the programs, ready for arguments.
    pub fn program(&self, name: &str) -> Command {
        self.account.command(&self.bin_dir.join(name))
    }

    fn pg_ctl(&self, place: &Place, verb: &str) -> Command {
        let mut command = self.program("pg_ctl");
        command.arg(verb).arg("-D").arg(place.cluster());
        command
    }

    /// Whether a server runs in the cluster's folder.
    pub fn is_running(&self, place: &Place) -> Result<bool, ClusterError> {
        let mut command = self.pg_ctl(place, "status");
        let (status, output) = finish("pg_ctl status", &mut command)?;
        match status.code() {
            Some(0) => Ok(true),
            Some(NOT_RUNNING) => Ok(false),
            _ => Err(ClusterError::Failed { program: "pg_ctl status".into(), output }),
        }
    }

    /// Starts the server and waits until it takes connections.
    pub fn start(&self, place: &Place, limit: Duration) -> Result<(), ClusterError> {
        let mut command = self.pg_ctl(place, "start");
        // With `-l` the server lets go of our pipe; without it we would wait for its end.
        command.arg("-w").arg("-t").arg(limit.as_secs().to_string()).arg("-l").arg(place.log());
        let (status, mut output) = finish("pg_ctl start", &mut command)?;
        if status.success() {
            return Ok(());
        }
        if let Ok(log) = std::fs::read(place.log()) {
            output.push_str("; its log ends with: ");
            output.push_str(&last_lines(&String::from_utf8_lossy(&log)));
        }
        Err(ClusterError::Failed { program: "pg_ctl start".into(), output })
    }

    /// Stops the server fast, and at once where that takes too long. Fine if none runs.
    pub fn stop(&self, place: &Place) -> Result<(), ClusterError> {
        let mut output = String::new();
        for mode in ["fast", "immediate"] {
            let mut command = self.pg_ctl(place, "stop");
            command.args(["-w", "-m", mode, "-t"]).arg(STOP_LIMIT.as_secs().to_string());
            let (status, printed) = finish("pg_ctl stop", &mut command)?;
            if status.success() || !self.is_running(place)? {
                return Ok(());
            }
            output = printed;
        }
        Err(ClusterError::Failed { program: "pg_ctl stop".into(), output })
    }
}

/// Runs `command` to its end; the text is the end of what it printed.
pub fn finish(name: &str, command: &mut Command) -> Result<(ExitStatus, String), ClusterError> {
    let program = command.get_program().to_owned();
    let output = command.output().map_err(|error| ClusterError::Failed {
        program: name.to_owned(),
        output: format!("{}: {error}", Path::new(&program).display()),
    })?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    Ok((output.status, last_lines(&text)))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(OUTPUT_LINES)..].join("; ")
}
