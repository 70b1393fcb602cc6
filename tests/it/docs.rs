//! What the documents say of the code: the diagram is drawn from the step table (`UPDATE_DOCS=1` draws it anew), and the
//! tests that hold what was agreed are there.

use std::fmt::Write;
use std::path::Path;

use jebena::exports::ApprovalKind;
use jebena::exports::transitions::{self, SETTLEMENT_WARN_DAYS, STEPS};

const BEGIN: &str = "<!-- generated: walk -->\n";
const END: &str = "<!-- end -->";

/// The walk as a Mermaid state diagram, and its steps as a table.
fn drawn() -> String {
    let mut text = String::from("```mermaid\nstateDiagram-v2\n    [*] --> PREPARATION: request\n");
    let _ = writeln!(text, "    PREPARATION --> {}: submit", transitions::SUBMITTED.stage);
    for step in STEPS {
        let _ = writeln!(text, "    {} --> {}: {} approved", step.from.stage, step.approved.stage, step.kind);
        let _ = writeln!(text, "    {} --> RETURNED: {} rejected or sent back", step.from.stage, step.kind);
        let _ = writeln!(text, "    RETURNED --> {}: resubmitted", step.from.stage);
    }
    text.push_str("    CLOSED --> [*]\n```\n\n");
    text.push_str("From a step that needs the export permit, an export whose permit ran out is resubmitted to ");
    let _ = writeln!(text, "{}.\n", transitions::PERMIT_AGAIN.code());
    text.push_str("| step | queue of | waits as | approved | rejected | sent back | due, late after |\n");
    text.push_str("|---|---|---|---|---|---|---|\n");
    for step in STEPS {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            step.kind,
            step.organization,
            step.from.code(),
            step.approved.code(),
            step.rejected.code(),
            step.returned.code(),
            if step.kind == ApprovalKind::Settlement {
                format!("the last {SETTLEMENT_WARN_DAYS} days before the due date, the due date")
            } else {
                format!("{}, {} working days", step.limit.warn_days, step.limit.late_days)
            },
        );
    }
    let _ = writeln!(
        text,
        "\nThe exporter may cancel until customs has cleared, a supervisor of the authority until it is shipped."
    );
    text
}

#[test]
fn the_diagram_in_the_documents_is_that_of_the_step_table() {
    let path = Path::new("docs/architecture.md");
    let text = std::fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (now, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, format!("{before}{BEGIN}{}{END}{after}", drawn())).unwrap();
    } else {
        assert_eq!(now, drawn(), "run the tests with UPDATE_DOCS=1");
    }
}

/// The sources below a folder, with what stands in them.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("node_modules") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "mjs") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    found
}

#[test]
fn every_acceptance_check_has_its_test() {
    let mut code = sources(Path::new("src"));
    code.extend(sources(Path::new("tests")));
    code.extend(sources(Path::new("pdf/tests")));
    let text = std::fs::read_to_string("docs/acceptance.md").unwrap();
    let checks: Vec<&str> = text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |")).collect();
    assert_eq!(checks.len(), 18);
    for check in checks {
        let tests: Vec<&str> = check.rsplit('|').nth(1).unwrap().split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{check}");
        for test in tests {
            let is_there = code.iter().any(|(name, text)| name == test || text.contains(&format!("fn {test}()")));
            assert!(is_there, "no test is called {test}");
        }
    }
}

/// Those of OWASP ASVS 5.0 that all have to hold before anything is called secure.
const GATE: &str = "1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.2.10 1.3.6 1.3.11 1.4.2 2.2.1 2.2.2 2.2.3 2.3.1 2.3.2 2.3.3 2.3.4 2.3.5
    2.4.1 3.2.1 3.3.1 3.3.2 3.3.3 3.3.4 3.4.1 3.4.3 3.4.4 3.4.6 3.4.8 3.5.1 3.5.3 3.7.2 4.1.1 4.1.3 4.1.4 4.2.1 5.2.1 5.2.2
    5.2.3 5.2.4 5.2.6 5.3.2 5.4.1 5.4.2 5.4.3 6.2.1 6.2.4 6.2.8 6.3.1 6.3.2 6.3.3 6.3.8 6.4.3 6.4.6 6.5.1 7.2.3 7.2.4 7.3.1
    7.3.2 7.4.1 7.4.2 7.4.3 7.5.2 7.5.3 8.2.1 8.2.2 8.2.3 8.3.2 8.4.1 11.4.2 11.5.1 13.2.2 13.4.2 14.3.2 15.2.1 15.3.3 15.3.4
    15.4.2 16.3.1 16.4.2 16.5.3";

#[test]
fn every_security_requirement_has_its_test_or_is_said_to_be_open() {
    let mut code = sources(Path::new("src"));
    code.extend(sources(Path::new("tests")));
    code.extend(sources(Path::new("pdf/tests")));
    let text = std::fs::read_to_string("docs/security.md").unwrap();
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.strip_prefix("| ").is_some_and(|rest| rest.starts_with(char::is_numeric)))
        .collect();
    let ids: Vec<&str> = rows.iter().map(|row| row.split('|').nth(1).unwrap().trim()).collect();
    assert_eq!(ids, GATE.split_whitespace().collect::<Vec<_>>());
    for row in rows {
        let tests: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty() || row.contains("**open**"), "{row}");
        for test in tests {
            assert!(code.iter().any(|(_, text)| text.contains(&format!("fn {test}("))), "no test is called {test}");
        }
    }
}
