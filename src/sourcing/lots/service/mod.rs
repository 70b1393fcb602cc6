//! What people do with lots: register, correct, verify; and what pages read.

mod descend;
mod import;
mod read;
mod register;
mod verify;

pub use descend::{Combine, Split};
pub use import::{CheckFile, ImportAll, ImportFile, find_import};
pub use read::{COUNTED, ListPage, LotFile, file_of, find, form_options, genealogy, list, usable};
pub use register::Register;
pub use verify::{Case, LotDoor, Lots, asked};

use crate::review::{Failure, Refusal};
use crate::workflow::{CommandError, FieldProblems, Problem};

/// The number is another lot's: a problem of its field.
fn number_refusal(error: sqlx::Error) -> Failure {
    match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
        Some("coffee_lots_ecx_lot_number_key") => {
            let mut problems = FieldProblems::default();
            let problem = Problem::Refused { text_id: "lots-problem-number-taken", arguments: Vec::new() };
            problems.add("lot_number", problem);
            Refusal::Invalid(problems).into()
        }
        _ => CommandError::Database(error),
    }
}
