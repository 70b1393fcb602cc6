//! The gates: what has to hold, and whether it does.

use super::run::Run;

/// A bar and the figure that was held against it.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Gate {
    /// Such as `G1`.
    pub(crate) id: &'static str,
    /// What is measured.
    pub(crate) what: &'static str,
    pub(crate) measured: f64,
    pub(crate) bar: f64,
    pub(crate) unit: &'static str,
    /// Whether it holds when the figure is at least the bar, rather than at most.
    pub(crate) at_least: bool,
}

impl Gate {
    pub(crate) fn holds(&self) -> bool {
        if self.at_least { self.measured >= self.bar } else { self.measured <= self.bar }
    }

    /// The figure in parts of the bar.
    pub(crate) fn ratio(&self) -> f64 {
        if self.bar == 0.0 { self.measured } else { self.measured / self.bar }
    }
}

const fn most(id: &'static str, what: &'static str, measured: f64, bar: f64, unit: &'static str) -> Gate {
    Gate { id, what, measured, bar, unit, at_least: false }
}

/// The gates of `run`; growth is against `first`.
#[allow(clippy::cast_precision_loss, reason = "counts of a few hundred")]
pub(crate) fn gates(run: &Run, first: &Run) -> Vec<Gate> {
    let (reading, floor) = (&run.reading, &run.floor);
    let inbox_growth = reading.inbox.p50_ms / first.reading.inbox.p50_ms;
    let last_growth = reading.inbox_last.p50_ms / first.reading.inbox.p50_ms;
    vec![
        most("G1", "queue page, CPU", reading.inbox.cpu_ms, 0.90, "ms"),
        most("G1", "queue page of a bank, CPU", reading.inbox_of_bank.cpu_ms, 0.90, "ms"),
        most("G2", "case page, CPU", reading.case.cpu_ms, 0.50, "ms"),
        most("G3", "approve, CPU", run.approve.cpu_ms, 0.80, "ms"),
        most("G3", "approve that takes a number, CPU", run.approve_numbered.cpu_ms, 0.80, "ms"),
        Gate {
            id: "G3",
            what: "approve at 16, share of pgbench's rate",
            measured: run.approve_16.per_second / floor.statements.per_second,
            bar: 0.50,
            unit: "",
            at_least: true,
        },
        most("G4", "race: exports approved twice", run.race.doubles as f64, 0.0, ""),
        most("G4", "race: exports not approved", run.race.missing as f64, 0.0, ""),
        most("G5", "dashboard, CPU", reading.dashboard.cpu_ms, 1.0, "ms"),
        most("G5", "dashboard, growth", reading.dashboard.cpu_ms / first.reading.dashboard.cpu_ms, 2.0, "x"),
        most("G6", "queue p50, growth", inbox_growth, 2.0, "x"),
        most("G6", "queue's last page p50, growth", last_growth, 2.0, "x"),
        most("G7", "mixed load at 500/s, p99 from due time", run.mixed.p99_ms, 25.0, "ms"),
        most("G8", "sign-in, of the bare hash's CPU", run.process.sign_in.cpu_ms / floor.hash.cpu_ms, 1.25, "x"),
        most("G8", "sign-in, CPU", run.process.sign_in.cpu_ms, 27.0, "ms"),
        most(
            "G8",
            "queue p99 beside 20 sign-ins/s, growth",
            run.queue_beside_sign_ins.p99_ms / run.queue_alone.p99_ms,
            2.0,
            "x",
        ),
        most("G9", "upload of 1 MB, CPU", run.upload.cpu_ms, 4.0, "ms"),
        most("G11", "memory when idle", run.process.idle_mb, 15.0, "MB"),
        most("G11", "memory after 200 sign-ins and 10,000 pages", run.process.worked_mb, 40.0, "MB"),
        most("G12", "start to the first answer", run.process.start_s, 0.30, "s"),
        most("G14", "queue page, first visit", run.weight.all_bytes as f64 / 1_000.0, 60.0, "kB"),
        most("G14", "queue page by itself (aim)", run.weight.page_bytes as f64 / 1_000.0, 3.0, "kB"),
    ]
}
