//! What is printed.

use super::gates::gates;
use super::load::Sample;
use super::run::Run;

/// Prints the figures and the gates of `run`; growth is against `first`.
#[allow(clippy::print_stdout, reason = "the report is the tool's purpose")]
pub(crate) fn print(run: &Run, first: &Run) {
    println!("\n## {} exports, PostgreSQL {}\n", run.exports, run.postgres);
    println!("| load | CPU ms | requests/s | p50 ms | p99 ms | answered | refused |");
    println!("|---|---|---|---|---|---|---|");
    for (name, sample) in samples(run) {
        println!(
            "| {name} | {:.2} | {:.0} | {:.1} | {:.1} | {} | {} |",
            sample.cpu_ms, sample.per_second, sample.p50_ms, sample.p99_ms, sample.answered, sample.refused
        );
    }
    let floor = &run.floor;
    println!("\n| floor | CPU ms | per second |");
    println!("|---|---|---|");
    for (name, bare) in [
        ("approve, 6 statements, 16 clients", &floor.statements),
        ("approve, one statement, 16 clients", &floor.one_statement),
        ("queue, count and 25 rows, 8 clients", &floor.queue),
        ("hash of a password", &floor.hash),
    ] {
        println!("| {name} | {:.2} | {:.0} |", bare.cpu_ms, bare.per_second);
    }
    println!("\n| gate | | bar | measured | of the bar | |");
    println!("|---|---|---|---|---|---|");
    for gate in gates(run, first) {
        let sign = if gate.at_least { "≥" } else { "≤" };
        let verdict = if gate.holds() { "holds" } else { "DOES NOT HOLD" };
        println!(
            "| {} | {} | {sign} {:.2} {} | {:.2} | {:.2} | {verdict} |",
            gate.id,
            gate.what,
            gate.bar,
            gate.unit,
            gate.measured,
            gate.ratio()
        );
    }
    println!(
        "\nSeeded in {:.1} s. Start with PostgreSQL {:.2} s. Race: {} exports, {} attempts, {} successes.",
        run.seeded_s, run.process.start_with_database_s, run.race.exports, run.race.attempts, run.race.successes
    );
}

fn samples(run: &Run) -> [(&'static str, &Sample); 16] {
    let reading = &run.reading;
    [
        ("queue page, c8", &reading.inbox),
        ("queue page compressed, c8", &reading.inbox_compressed),
        ("queue's last page, c8", &reading.inbox_last),
        ("queue page of a bank, c8", &reading.inbox_of_bank),
        ("case page, c8", &reading.case),
        ("dashboard, c8", &reading.dashboard),
        ("paper, c8", &reading.paper),
        ("verification, c8", &reading.verification),
        ("approve, c8", &run.approve),
        ("approve, c16", &run.approve_16),
        ("approve with number, c8", &run.approve_numbered),
        ("mixed 60/30/10, 500/s", &run.mixed),
        ("queue page, 100/s", &run.queue_alone),
        ("queue page beside 20 sign-ins/s, 100/s", &run.queue_beside_sign_ins),
        ("sign-in, c4", &run.process.sign_in),
        ("upload 1 MB, c4", &run.upload),
    ]
}
