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
