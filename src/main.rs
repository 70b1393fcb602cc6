//! The command line of `jebena`.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A page makes and drops thousands of small strings: with the allocator of the C library that was a sixth of the
/// server's time, and its threads waited for one another in it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    jebena::cli::run()
}
