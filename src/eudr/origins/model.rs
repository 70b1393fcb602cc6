//! What is known of where coffee grew, and what a buyer has told.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

use super::dates::Demand;
use super::rules::Gap;
use crate::codes::coded_enum;
use crate::eudr::geojson::Written;
use crate::eudr::model::By;
use crate::ids::{ExportId, LotId, OrganizationId, PlotId, PlotLinkId, StatementId};
use crate::sourcing::lots::{LotStatus, Source, Verification};

/// A lot, as the links to its plots need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedLot {
    /// Its id.
    pub id: LotId,
    /// Its number.
    pub number: String,
    /// How its owner came by it.
    pub source: Source,
    /// Whose it is.
    pub owner: OrganizationId,
    /// 0 for what was bought or grown.
    pub generation: i16,
    /// Kilograms.
    pub quantity: Decimal,
    /// Where its coffee is.
    pub status: LotStatus,
    /// Whether a desk has verified it.
    pub verification: Verification,
}

/// A plot from which some of a lot comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The plot, in its revision of the moment that was asked for.
    pub plot: PlotId,
    /// Its number.
    pub number: String,
    /// How much of the lot came from there, in kilograms, where that is known.
    pub kg: Option<Decimal>,
    /// Whether the cut-off date was stated of it.
    pub is_stated: bool,
    /// Who grows coffee there.
    pub producer_name: String,
    /// ISO 3166 code.
    pub producer_country: String,
    /// What the place is called.
    pub production_place: String,
    /// Hectares.
    pub area: Decimal,
    /// GeoJSON; empty where it was not asked for.
    pub geometry: String,
    /// What can be ended, for who links plots.
    pub link: Option<PlotLinkId>,
}

impl Share {
    /// The plot as the file has it.
    #[must_use]
    pub fn written(&self) -> Written<'_> {
        Written {
            producer_name: &self.producer_name,
            producer_country: &self.producer_country,
            production_place: &self.production_place,
            area: self.area,
            geometry: &self.geometry,
        }
    }
}

/// A lot that was bought or grown, with the plots from which it comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The lot.
    pub lot: LotId,
    /// Its number.
    pub number: String,
    /// How its owner came by it.
    pub source: Source,
    /// Kilograms of all of it.
    pub quantity: Decimal,
    /// Its plots, by number; none where it is traced to none.
    pub shares: Vec<Share>,
}

/// Which plot in which revision stands for which lot with how much: what two origins are compared by.
#[must_use]
pub fn traces(origins: &[Origin]) -> BTreeSet<(LotId, Option<PlotId>, Option<Decimal>)> {
    let of = |origin: &Origin| {
        let lot = origin.lot;
        let shares = origin.shares.iter().map(|share| (lot, Some(share.plot), share.kg.map(|kg| kg.normalize())));
        let none = origin.shares.is_empty().then_some((lot, None, None));
        shares.chain(none).collect::<Vec<_>>()
    };
    origins.iter().flat_map(of).collect()
}

coded_enum! {
    /// Where a consignment stands with the regulation. There is no state that says that land is clear.
    EudrState {
        /// It goes to a country outside of the European Union, and nobody has told of a statement.
        NotApplicable = "NOT_APPLICABLE",
        /// Something is lacking; each thing is named.
        Incomplete = "INCOMPLETE",
        /// The file for the buyer can be made.
        Ready = "READY",
        /// The buyer has told the reference of the due diligence statement.
        Declared = "DECLARED",
    }
}

coded_enum! {
    /// The state of a due diligence statement in the EU's information system.
    StatementState {
        /// Sent.
        Submitted = "SUBMITTED",
        /// Accepted.
        Available = "AVAILABLE",
        /// Refused.
        Rejected = "REJECTED",
        /// Taken back.
        Withdrawn = "WITHDRAWN",
        /// Kept, its time being over.
        Archived = "ARCHIVED",
        /// Held up by an authority.
        Suspended = "SUSPENDED",
        /// Changed.
        Updated = "UPDATED",
        /// Part of another.
        Grouped = "GROUPED",
        /// Another has taken its place.
        Obsolete = "OBSOLETE",
    }
}

impl StatementState {
    /// Whether goods can rely on a statement that stands so.
    #[must_use]
    pub const fn counts(self) -> bool {
        match self {
            Self::Submitted | Self::Available | Self::Archived | Self::Updated | Self::Grouped => true,
            Self::Rejected | Self::Withdrawn | Self::Suspended | Self::Obsolete => false,
        }
    }
}

/// What a buyer has told of a due diligence statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Of this line of the record.
    pub id: StatementId,
    /// Such as `26FRYUI34JTQKB`.
    pub reference: String,
    /// Eight letters and digits, which show that one has it from the buyer.
    pub verification: String,
    /// How it stands, as the buyer has told it, and on which day.
    pub told: Option<(StatementState, NaiveDate)>,
    /// Who has put it on record.
    pub by: By,
}

impl Statement {
    /// Whether goods can rely on it. A buyer who told its numbers and nothing else has made it.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.told.is_none_or(|(state, _)| state.counts())
    }
}

/// An export, as the regulation sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consignment {
    /// Its id.
    pub id: ExportId,
    /// Its number.
    pub number: String,
    /// Whose it is.
    pub owner: OrganizationId,
    /// The exporter.
    pub exporter_name: String,
    /// The buyer, whose statement it is.
    pub buyer_name: String,
    /// ISO 3166 code.
    pub buyer_country: String,
    /// ISO 3166 code.
    pub destination: String,
    /// Whether that is a member of the European Union today.
    pub is_eu: bool,
    /// ISO 3166 code of the port where it is discharged.
    pub border_country: String,
    /// Coffee type, such as Sidama.
    pub coffee_type: String,
    /// WASHED, NATURAL or HONEY.
    pub processing_method: String,
    /// Net kilograms.
    pub quantity: Decimal,
    /// Whether something is still to be done.
    pub is_open: bool,
    /// Whether it was given up.
    pub is_cancelled: bool,
    /// When it arrives, or leaves where that is not known, or is to be reckoned with.
    pub arrives_on: Option<NaiveDate>,
    /// The moment whose origin it goes by; none while it is prepared, when it goes by that of now.
    pub origin_at: Option<DateTime<Utc>>,
}

/// Where a consignment stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The consignment.
    pub consignment: Consignment,
    /// Where it stands.
    pub state: EudrState,
    /// Everything that is lacking.
    pub gaps: Vec<Gap>,
    /// Where its coffee grew.
    pub origins: Vec<Origin>,
    /// What the buyer has told, newest first.
    pub statements: Vec<Statement>,
    /// What the Union asks of whom, from when.
    pub demand: Demand,
}

impl Position {
    /// What the buyer has told last.
    #[must_use]
    pub fn statement(&self) -> Option<&Statement> {
        self.statements.first()
    }
}
