//! Exports: a request that walks from organisation to organisation until the coffee is shipped and paid.

pub mod catalog;
pub mod facts;
pub mod letters;
pub mod minimum_prices;
pub mod model;
pub mod pages;
pub mod proceeds;
pub mod revisions;
pub mod rules;
pub mod service;
mod store;
pub mod transitions;

pub use model::{
    ApprovalKind, Export, ExportStatus, Proceeds, Stage, State, is_handed_over_at_loading, place_of_delivery,
};
pub use rules::checklist::{may_prepare_papers, paper_for, terms_of};
pub use store::accounts::{PutOffLine, ShortLine, Whose};
pub use store::case_file::{
    CaseFile, ContainerLine, DocumentLine, HistoryLine, LotLine, MessageLine, PaperLine, PartLine, RowFacts,
    SettlementLine,
};
pub use store::extensions::{ExtensionLine, RequestLine};
pub use store::filters::{ListFilter, QueueFilter, Search};
pub use store::lists::{CaseLine, Part, Place, QueueCounts};
pub use store::request::{Applicant, Choice, ContractChoice, LotChoice};
pub use store::revise::{FieldChange, HistoryDetails};
pub use store::settlement::{ReceiptLine, ShortfallLine};
