//! What is wrong with a file of plots, and what is worth knowing about it: each with the place in the file.

use rust_decimal::Decimal;

use super::geometry::{Axis, Position};

/// Where in a file: feature, part of a multiple geometry, ring and position, counted from 1 as people do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which feature.
    pub feature: Option<usize>,
    /// Which point or polygon of several.
    pub part: Option<usize>,
    /// Which ring of a polygon.
    pub ring: Option<usize>,
    /// Which position.
    pub position: Option<usize>,
}

impl Place {
    /// The feature with this number.
    #[must_use]
    pub fn feature(number: usize) -> Self {
        Self { feature: Some(number), ..Self::default() }
    }

    /// A part of it.
    #[must_use]
    pub const fn part(self, number: usize) -> Self {
        Self { part: Some(number), ..self }
    }

    /// A ring of it.
    #[must_use]
    pub const fn ring(self, number: usize) -> Self {
        Self { ring: Some(number), ..self }
    }

    /// A position of it.
    #[must_use]
    pub const fn position(self, number: usize) -> Self {
        Self { position: Some(number), ..self }
    }

    /// The parts of its name: the id of a word and the number, outermost first.
    #[must_use]
    pub fn words(self) -> Vec<(&'static str, usize)> {
        [
            ("plots-place-feature", self.feature),
            ("plots-place-part", self.part),
            ("plots-place-ring", self.ring),
            ("plots-place-position", self.position),
        ]
        .into_iter()
        .filter_map(|(word, number)| number.map(|number| (word, number)))
        .collect()
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// The coordinates in question.
    pub at: Option<Position>,
    /// What.
    pub kind: FaultKind,
}

impl Fault {
    /// `kind` at `place`.
    #[must_use]
    pub const fn new(place: Place, kind: FaultKind) -> Self {
        Self { place, at: None, kind }
    }

    /// With the coordinates in question.
    #[must_use]
    pub const fn at(mut self, position: Position) -> Self {
        self.at = Some(position);
        self
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultKind {
    /// Not a character in UTF-8.
    NotText {
        /// The first byte that is none, from 1.
        byte: usize,
    },
    /// Not JSON.
    NotJson {
        /// In which line, from 1.
        line: usize,
        /// At which character of it.
        column: usize,
    },
    /// Not a `FeatureCollection`.
    NotACollection,
    /// Coordinates of another reference system than WGS 84.
    OtherReferenceSystem,
    /// It has no feature.
    NoFeature,
    /// More features than are taken at once.
    TooManyFeatures {
        /// The most.
        most: usize,
    },
    /// Something else than a `Feature`.
    NotAFeature,
    /// No geometry.
    NoGeometry,
    /// A geometry of a kind that is not taken.
    OtherGeometry {
        /// What it says it is; empty when it says nothing.
        found: String,
    },
    /// A property that is not there.
    NoProperty {
        /// Its name.
        name: &'static str,
    },
    /// A property whose name is there in other letters.
    PropertyCase {
        /// Its name.
        name: &'static str,
        /// What was found.
        found: String,
    },
    /// A property that is no text of the length that is taken.
    NotAName {
        /// Its name.
        name: &'static str,
        /// The most characters.
        most: usize,
    },
    /// No code of a country that is known.
    UnknownCountry {
        /// What was found.
        found: String,
    },
    /// No area in hectares.
    NotAnArea {
        /// The most hectares.
        most: Decimal,
    },
    /// A point for more than four hectares: an outline is needed.
    PointTooLarge {
        /// The hectares.
        area: Decimal,
    },
    /// An outline larger than any plot.
    OutlineTooLarge {
        /// The hectares.
        area: Decimal,
        /// The most.
        most: Decimal,
    },
    /// An outline without an area.
    NoArea,
    /// Coordinates that are no list, or a list of something else.
    NotCoordinates {
        /// What was found.
        found: String,
    },
    /// No place at all.
    NoPosition,
    /// More positions than are taken in one geometry.
    TooManyPositions {
        /// The most.
        most: usize,
    },
    /// A ring inside the outline.
    Hole,
    /// Fewer than four positions in a ring.
    TooFewPositions {
        /// How many.
        count: usize,
    },
    /// The last position of a ring is not the first.
    NotClosed {
        /// The first position.
        first: Position,
    },
    /// A coordinate that is no number.
    NotANumber {
        /// What was found.
        found: String,
    },
    /// A coordinate that lies outside the Earth.
    OutOfRange {
        /// Which of the two.
        axis: Axis,
        /// What was found.
        found: String,
    },
    /// Coordinates with fewer decimals than the six that are asked for.
    TooCoarse {
        /// How many they have.
        decimals: u32,
    },
    /// A position that was there before.
    Repeated {
        /// The number of the earlier one.
        before: usize,
    },
    /// The line turns back upon itself.
    GoesBack,
    /// Two sides of a ring cross or touch.
    SelfCrossing {
        /// The position at which the first side begins.
        first: usize,
        /// The position at which the second side begins.
        second: usize,
    },
    /// Two polygons of one plot cross or touch.
    PartsMeet {
        /// The other.
        other: usize,
    },
    /// A polygon lies inside another of the same plot.
    PartInside {
        /// The other.
        other: usize,
    },
    /// The exporter's own number is not one.
    NotAPlotNumber,
    /// A plot number that the file has given before.
    NumberTwice {
        /// The number.
        number: String,
        /// The earlier feature.
        before: usize,
    },
    /// The same outline or point as an earlier feature's.
    GeometryTwice {
        /// The earlier feature.
        before: usize,
    },
    /// A plot number that the exporter has in use.
    NumberInUse {
        /// The number.
        number: String,
    },
    /// The same outline or point as a plot that is there already.
    GeometryInUse {
        /// That plot's number.
        number: String,
    },
}

impl FaultKind {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::NotText { .. } => "plots-fault-not-text",
            Self::NotJson { .. } => "plots-fault-not-json",
            Self::NotACollection => "plots-fault-not-a-collection",
            Self::OtherReferenceSystem => "plots-fault-other-reference-system",
            Self::NoFeature => "plots-fault-no-feature",
            Self::TooManyFeatures { .. } => "plots-fault-too-many-features",
            Self::NotAFeature => "plots-fault-not-a-feature",
            Self::NoGeometry => "plots-fault-no-geometry",
            Self::OtherGeometry { .. } => "plots-fault-other-geometry",
            Self::NoProperty { .. } => "plots-fault-no-property",
            Self::PropertyCase { .. } => "plots-fault-property-case",
            Self::NotAName { .. } => "plots-fault-not-a-name",
            Self::UnknownCountry { .. } => "plots-fault-unknown-country",
            Self::NotAnArea { .. } => "plots-fault-not-an-area",
            Self::PointTooLarge { .. } => "plots-fault-point-too-large",
            Self::OutlineTooLarge { .. } => "plots-fault-outline-too-large",
            Self::NoArea => "plots-fault-no-area",
            Self::NotCoordinates { .. } => "plots-fault-not-coordinates",
            Self::NoPosition => "plots-fault-no-position",
            Self::TooManyPositions { .. } => "plots-fault-too-many-positions",
            Self::Hole => "plots-fault-hole",
            Self::TooFewPositions { .. } => "plots-fault-too-few-positions",
            Self::NotClosed { .. } => "plots-fault-not-closed",
            Self::NotANumber { .. } => "plots-fault-not-a-number",
            Self::OutOfRange { axis: Axis::Longitude, .. } => "plots-fault-longitude",
            Self::OutOfRange { axis: Axis::Latitude, .. } => "plots-fault-latitude",
            Self::TooCoarse { .. } => "plots-fault-too-coarse",
            Self::Repeated { .. } => "plots-fault-repeated",
            Self::GoesBack => "plots-fault-goes-back",
            Self::SelfCrossing { .. } => "plots-fault-self-crossing",
            Self::PartsMeet { .. } => "plots-fault-parts-meet",
            Self::PartInside { .. } => "plots-fault-part-inside",
            Self::NotAPlotNumber => "plots-fault-not-a-plot-number",
            Self::NumberTwice { .. } => "plots-fault-number-twice",
            Self::GeometryTwice { .. } => "plots-fault-geometry-twice",
            Self::NumberInUse { .. } => "plots-fault-number-in-use",
            Self::GeometryInUse { .. } => "plots-fault-geometry-in-use",
        }
    }

    /// The values in the sentence, by name.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotText { byte } => vec![("byte", byte.to_string())],
            Self::NotJson { line, column } => vec![("line", line.to_string()), ("column", column.to_string())],
            Self::TooManyFeatures { most } | Self::TooManyPositions { most } => vec![("most", most.to_string())],
            Self::OtherGeometry { found }
            | Self::UnknownCountry { found }
            | Self::NotCoordinates { found }
            | Self::NotANumber { found }
            | Self::OutOfRange { found, .. } => vec![("found", found.clone())],
            Self::NoProperty { name } => vec![("name", (*name).to_owned())],
            Self::PropertyCase { name, found } => vec![("name", (*name).to_owned()), ("found", found.clone())],
            Self::NotAName { name, most } => vec![("name", (*name).to_owned()), ("most", most.to_string())],
            Self::NotAnArea { most } => vec![("most", most.to_string())],
            Self::PointTooLarge { area } => vec![("area", area.normalize().to_string())],
            Self::OutlineTooLarge { area, most } => {
                vec![("area", area.normalize().to_string()), ("most", most.to_string())]
            }
            Self::TooFewPositions { count } => vec![("count", count.to_string())],
            Self::NotClosed { first } => vec![("first", first.to_string())],
            Self::TooCoarse { decimals } => vec![("decimals", decimals.to_string())],
            Self::Repeated { before } | Self::GeometryTwice { before } => vec![("before", before.to_string())],
            Self::SelfCrossing { first, second } => vec![
                ("first", first.to_string()),
                ("first_end", (first + 1).to_string()),
                ("second", second.to_string()),
                ("second_end", (second + 1).to_string()),
            ],
            Self::PartsMeet { other } | Self::PartInside { other } => vec![("other", other.to_string())],
            Self::NumberTwice { number, before } => vec![("number", number.clone()), ("before", before.to_string())],
            Self::NumberInUse { number } | Self::GeometryInUse { number } => vec![("number", number.clone())],
            Self::NotACollection
            | Self::OtherReferenceSystem
            | Self::NoFeature
            | Self::NotAFeature
            | Self::NoGeometry
            | Self::NoArea
            | Self::NoPosition
            | Self::Hole
            | Self::GoesBack
            | Self::NotAPlotNumber => Vec::new(),
        }
    }
}

/// The faults of a file. A file that is none has one for each of its bytes; the first are named, the others counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// Those that are named, in the order of the file.
    pub named: Vec<Fault>,
    /// How many there are altogether.
    pub total: usize,
}

impl Faults {
    /// As many as a person mends before trying again.
    pub const MOST: usize = 500;

    /// Notes one.
    pub fn add(&mut self, fault: Fault) {
        self.total += 1;
        if self.named.len() < Self::MOST {
            self.named.push(fault);
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.total == 0
    }
}

/// Something that is taken as it is, and that whoever sends it should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Coordinates had more than six decimals.
    Rounded {
        /// How many of them.
        count: usize,
    },
    /// Heights were left out.
    HeightsLeftOut,
    /// No area was given: the EU's format takes a point for four hectares then.
    AreaAssumed,
    /// The area given is another than that of the outline, which is the one that is stored.
    AreaDiffers {
        /// What was given, in hectares.
        stated: Decimal,
        /// What the outline has.
        measured: Decimal,
    },
    /// A place outside of Ethiopia.
    OutsideEthiopia {
        /// The first of them.
        at: Position,
    },
    /// Longitude and latitude look as if they had changed places.
    LooksSwapped {
        /// The first place of which that is true.
        at: Position,
    },
}

impl Note {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(&self) -> &'static str {
        match self {
            Self::Rounded { .. } => "plots-note-rounded",
            Self::HeightsLeftOut => "plots-note-heights-left-out",
            Self::AreaAssumed => "plots-note-area-assumed",
            Self::AreaDiffers { .. } => "plots-note-area-differs",
            Self::OutsideEthiopia { .. } => "plots-note-outside-ethiopia",
            Self::LooksSwapped { .. } => "plots-note-looks-swapped",
        }
    }

    /// The values in the sentence, by name.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Rounded { count } => vec![("count", count.to_string())],
            Self::AreaDiffers { stated, measured } => {
                vec![("stated", stated.normalize().to_string()), ("measured", measured.normalize().to_string())]
            }
            Self::OutsideEthiopia { at } | Self::LooksSwapped { at } => vec![("at", at.to_string())],
            Self::HeightsLeftOut | Self::AreaAssumed => Vec::new(),
        }
    }
}
