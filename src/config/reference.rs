//! `docs/configuration.md`, made from the table.

use std::fmt::Write;

use super::table::{Setting, TABLE};

const OPENING: &str = "# Configuration

Every setting, made from the table in `src/config/table.rs` by `jebena config reference`.

A value comes from the environment or, below it, from a TOML file (`--config FILE` or `JEBENA_CONFIG`), where the same
names stand in lower case. A secret may stand in a file of its own: `NAME_FILE` names it. Unknown names are refused in
the file, and in the environment where they begin with `JEBENA_` or `DB_`. `jebena config check` says what is in force
and what is wrong, everything at once, without a secret; the exit status of a configuration that is not valid is 78.
";

/// The text of `docs/configuration.md`.
#[must_use]
pub fn reference() -> String {
    let mut text = OPENING.to_owned();
    for (index, setting) in TABLE.iter().enumerate() {
        if index == 0 || TABLE[index - 1].group != setting.group {
            let _ =
                write!(text, "\n## {}\n\n| Setting | Value | Default | Meaning |\n|---|---|---|---|\n", setting.group);
        }
        let _ = writeln!(text, "{}", row(setting));
    }
    text
}

fn row(setting: &Setting) -> String {
    let variable = setting.variable();
    let name = if setting.is_secret { format!("`{variable}`, `{variable}_FILE`") } else { format!("`{variable}`") };
    let kind = match setting.range {
        Some((least, most)) => format!("{least} to {most}"),
        None => setting.kind.to_owned(),
    };
    let default = match setting.default {
        Some("") => "none".to_owned(),
        Some(default) => format!("`{default}`"),
        None => "-".to_owned(),
    };
    let help = setting.help.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    format!("| {name} | {kind} | {default} | {help} |")
}
