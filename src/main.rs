//! The command line of `jebena`.

use std::process::ExitCode;

fn main() -> ExitCode {
    jebena::cli::run()
}
