//! What people do about origins: link plots to lots, end links, choose the origin by which an export goes, put on record
//! what a buyer has told; and what pages read.

mod change;
mod read;

pub(super) use change::{LinkPlots, RecordStatement, TakeOrigin, UnlinkPlot};
pub use read::position_of_case;
pub(super) use read::{LotPage, consignment, lot, record_download};

use super::rules::OriginRefusal;
use crate::workflow::CommandError;

/// How a command on origins fails.
pub(super) type Failure = CommandError<OriginRefusal>;

impl From<OriginRefusal> for Failure {
    fn from(refusal: OriginRefusal) -> Self {
        Self::Refused(refusal)
    }
}
