//! What the operating system knows of the product's processes: CPU time and memory, from `/proc` (Linux).

use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// Linux counts the time of processes in hundredths of a second towards user space, on every architecture.
const TICK: Duration = Duration::from_millis(10);

/// The server and the PostgreSQL that it runs, each with everything that they have started.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Processes {
    pub(crate) server: u32,
    pub(crate) postmaster: u32,
}

impl Processes {
    /// CPU time of both trees so far, ended children included.
    pub(crate) fn cpu(self) -> Result<Duration> {
        self.cpu_of(&[self.server, self.postmaster])
    }

    /// CPU time of PostgreSQL alone.
    pub(crate) fn database_cpu(self) -> Result<Duration> {
        self.cpu_of(&[self.postmaster])
    }

    fn cpu_of(self, roots: &[u32]) -> Result<Duration> {
        let all = list()?;
        let is_below = |mut id: u32| {
            while let Some(process) = all.get(&id) {
                if roots.contains(&id) {
                    return true;
                }
                id = process.parent;
            }
            false
        };
        Ok(all.iter().filter(|(id, _)| is_below(**id)).map(|(_, process)| process.cpu + process.ended_children).sum())
    }

    /// Memory of the server in kilobytes; shared pages count by their share (PSS).
    pub(crate) fn server_pss_kb(self) -> Result<u64> {
        let path = format!("/proc/{}/smaps_rollup", self.server);
        let text = fs::read_to_string(&path).with_context(|| format!("{path} cannot be read"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:")).context("no PSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }
}

/// CPU time of a process of one thread, such as a backend of PostgreSQL.
pub(crate) fn of_backend(id: u32) -> Result<Duration> {
    nanoseconds(id).context("the backend is gone, or this kernel does not count the time of threads")
}

/// CPU time of what the measuring tool has started and waited for.
pub(crate) fn own_children() -> Result<Duration> {
    Ok(read(std::process::id()).context("this needs Linux")?.ended_children)
}

/// CPU time of the measuring tool's main thread.
pub(crate) fn own_thread() -> Result<Duration> {
    nanoseconds(std::process::id()).context("this kernel does not count the time of threads")
}

struct Process {
    parent: u32,
    cpu: Duration,
    ended_children: Duration,
}

fn list() -> Result<BTreeMap<u32, Process>> {
    let folders = fs::read_dir("/proc").context("this needs Linux")?;
    let ids = folders.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    // One that has ended meanwhile is left out; its parent has its time by now.
    Ok(ids.filter_map(|id| Some((id, read(id)?))).collect())
}

fn read(id: u32) -> Option<Process> {
    let text = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in brackets may hold blanks; the third field of proc(5) is the first after it.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |field: usize| fields.get(field - 3)?.parse::<u32>().ok();
    let (own, ended) = (number(14)? + number(15)?, number(16)? + number(17)?);
    // A process of one thread, such as a backend of PostgreSQL, is counted in nanoseconds too.
    let exact = if number(20)? == 1 { nanoseconds(id) } else { None };
    Some(Process { parent: number(4)?, cpu: exact.unwrap_or(TICK * own), ended_children: TICK * ended })
}

fn nanoseconds(id: u32) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{id}/schedstat")).ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}
