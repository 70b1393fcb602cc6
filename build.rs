//! Tells cargo that the migrations are part of the binary: `sqlx::migrate!` does not see new files by itself.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=src/database/bootstrap.sql");
}
