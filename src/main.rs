//! The command line of `jebena`.

fn main() {}
