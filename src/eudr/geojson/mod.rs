//! Plots as the EU's information system takes them ("EUDR GeoJSON file description", 1.3): a `FeatureCollection` whose
//! features have the properties `ProducerName`, `ProducerCountry`, `ProductionPlace` and `Area`, spelt so. Read whole,
//! every fault noted with its place; written so that it is read again as it was. Pure.

mod json;
mod shape;
mod write;

use std::collections::HashMap;

use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::faults::{Fault, FaultKind, Faults, Note, Place};
use super::geometry::{AREA_DECIMALS, Geometry, Position, hectares};
use crate::workflow::fields::is_strange;
use json::{ListError, Object};

pub use shape::MOST_POSITIONS;
pub use write::{Written, collection, geometry_text};

/// Plots of one file.
pub const MOST_FEATURES: usize = 10_000;
/// The longest name of a producer or a place.
pub const LONGEST_NAME: usize = 200;
/// The longest number that an exporter gives a plot.
pub const LONGEST_NUMBER: usize = 40;
/// A plot that is given by points has at most so many hectares (Regulation (EU) 2023/1115, article 2(28)).
pub const MOST_BY_POINT: Decimal = Decimal::from_parts(4, 0, 0, false, 0);
/// An outline larger than this is a mistake: 1,000 square kilometres.
pub const MOST_BY_OUTLINE: Decimal = Decimal::from_parts(100_000, 0, 0, false, 0);

/// A plot as a file or a form describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlotData {
    /// The exporter's own number, where one is given (property `PlotId`, which the EU's format passes over).
    pub number: Option<String>,
    /// Who grows coffee there.
    pub producer_name: String,
    /// ISO 3166 code.
    pub producer_country: String,
    /// What the place is called.
    pub production_place: String,
    /// In hectares, four decimals: measured of an outline, stated of points.
    pub area: Decimal,
    /// Where it lies.
    pub geometry: Geometry,
}

/// A feature without fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its place in the file, from 1.
    pub number: usize,
    /// The plot.
    pub plot: PlotData,
    /// What whoever sends it should know.
    pub notes: Vec<Note>,
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The features without fault, in their order.
    pub features: Vec<Feature>,
    /// What is wrong.
    pub faults: Faults,
}

/// Reads a file. `is_country` knows the codes of countries.
#[must_use]
pub fn read(bytes: &[u8], is_country: &dyn Fn(&str) -> bool) -> Reading {
    let mut reading = Reading::default();
    let features = match features_of(bytes) {
        Ok(features) => features,
        Err(kind) => {
            reading.faults.add(Fault::new(Place::default(), kind));
            return reading;
        }
    };
    for (index, feature) in features.into_iter().enumerate() {
        match read_feature(feature, index + 1, is_country) {
            Ok(feature) => reading.features.push(feature),
            Err(faults) => faults.into_iter().for_each(|fault| reading.faults.add(fault)),
        }
    }
    for fault in repeated(&reading.features) {
        reading.faults.add(fault);
    }
    reading
}

fn features_of(bytes: &[u8]) -> Result<Vec<&RawValue>, FaultKind> {
    // Editors of Windows begin a text with this mark.
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = str::from_utf8(bytes).map_err(|error| FaultKind::NotText { byte: error.valid_up_to() + 1 })?;
    let file: &RawValue = serde_json::from_str(text)
        .map_err(|error| FaultKind::NotJson { line: error.line(), column: error.column() })?;
    let members = json::object(file.get()).ok_or(FaultKind::NotACollection)?;
    if members.get("type").and_then(|kind| json::text(kind)).as_deref() != Some("FeatureCollection") {
        return Err(FaultKind::NotACollection);
    }
    if members.get("crs").is_some_and(|crs| !is_wgs84(crs)) {
        return Err(FaultKind::OtherReferenceSystem);
    }
    let features = members.get("features").ok_or(FaultKind::NotACollection)?;
    match json::list(features.get(), MOST_FEATURES) {
        Ok(features) if features.is_empty() => Err(FaultKind::NoFeature),
        Ok(features) => Ok(features),
        Err(ListError::NotAList) => Err(FaultKind::NotACollection),
        Err(ListError::TooLong) => Err(FaultKind::TooManyFeatures { most: MOST_FEATURES }),
    }
}

/// RFC 7946 knows one reference system only; older programs still name it.
fn is_wgs84(crs: &RawValue) -> bool {
    json::is_null(crs)
        || ["CRS84", "EPSG:4326", "EPSG::4326"].iter().any(|name| crs.get().contains(&format!("{name}\"")))
}

fn read_feature(value: &RawValue, number: usize, is_country: &dyn Fn(&str) -> bool) -> Result<Feature, Vec<Fault>> {
    let place = Place::feature(number);
    let one = |kind| vec![Fault::new(place, kind)];
    let members = json::object(value.get()).ok_or_else(|| one(FaultKind::NotAFeature))?;
    if members.get("type").and_then(|kind| json::text(kind)).as_deref() != Some("Feature") {
        return Err(one(FaultKind::NotAFeature));
    }
    let mut faults = Vec::new();
    let properties = members.get("properties").and_then(|value| json::object(value.get())).unwrap_or_default();
    let mut properties = Properties { members: &properties, place, faults: &mut faults };
    let producer_name = properties.name("ProducerName");
    let producer_country = properties.country(is_country);
    let production_place = properties.name("ProductionPlace");
    let own_number = properties.own_number();
    let stated = properties.area();
    let geometry = match members.get("geometry").filter(|value| !json::is_null(value)) {
        None => {
            faults.push(Fault::new(place, FaultKind::NoGeometry));
            None
        }
        Some(value) => shape::read(value, place).map_err(|found| faults.extend(found)).ok(),
    };
    let Some(read) = geometry else { return Err(faults) };
    let mut notes = Vec::new();
    if read.rounded > 0 {
        notes.push(Note::Rounded { count: read.rounded });
    }
    if read.has_heights {
        notes.push(Note::HeightsLeftOut);
    }
    let area = area_of(&read.geometry, stated, &mut notes).unwrap_or_else(|kind| {
        faults.push(Fault::new(place, kind));
        Decimal::ZERO
    });
    notes.extend(elsewhere(&read.geometry));
    if !faults.is_empty() {
        return Err(faults);
    }
    let plot = PlotData {
        number: own_number,
        producer_name,
        producer_country,
        production_place,
        area,
        geometry: read.geometry,
    };
    Ok(Feature { number, plot, notes })
}

/// The area of a plot: that of its outline, or what is stated for its points.
///
/// # Errors
/// When points stand for more than four hectares, or an outline has no area or too much of it.
pub fn area_of(geometry: &Geometry, stated: Option<Decimal>, notes: &mut Vec<Note>) -> Result<Decimal, FaultKind> {
    if !geometry.has_outline() {
        return match stated {
            Some(area) if area > MOST_BY_POINT => Err(FaultKind::PointTooLarge { area }),
            Some(area) => Ok(area),
            None => {
                notes.push(Note::AreaAssumed);
                Ok(MOST_BY_POINT)
            }
        };
    }
    let measured = hectares(geometry.rings());
    if measured.is_zero() {
        return Err(FaultKind::NoArea);
    }
    if measured > MOST_BY_OUTLINE {
        return Err(FaultKind::OutlineTooLarge { area: measured, most: MOST_BY_OUTLINE });
    }
    // A tenth of a hectare is within what walking around a field gives.
    if let Some(stated) = stated
        && (stated - measured).abs() > (measured / Decimal::TEN).max(Decimal::new(1, 1))
    {
        notes.push(Note::AreaDiffers { stated, measured });
    }
    Ok(measured)
}

/// A plot that does not lie in Ethiopia, or would with its numbers the other way round.
#[must_use]
pub fn elsewhere(geometry: &Geometry) -> Option<Note> {
    let at = *geometry.positions().find(|place| !place.is_in_ethiopia())?;
    Some(if at.swapped().is_some_and(Position::is_in_ethiopia) {
        Note::LooksSwapped { at }
    } else {
        Note::OutsideEthiopia { at }
    })
}

/// Reads the geometry in `text`, such as a row or a form holds it, with what to know about it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_geometry(text: &str) -> Result<(Geometry, Vec<Note>), Vec<Fault>> {
    let value: &RawValue = serde_json::from_str(text).map_err(|error| {
        let kind = FaultKind::NotJson { line: error.line(), column: error.column() };
        vec![Fault::new(Place::default(), kind)]
    })?;
    let read = shape::read(value, Place::default())?;
    let mut notes = Vec::new();
    if read.rounded > 0 {
        notes.push(Note::Rounded { count: read.rounded });
    }
    if read.has_heights {
        notes.push(Note::HeightsLeftOut);
    }
    Ok((read.geometry, notes))
}

/// Whether `text` may be the number that an exporter gives a plot: letters, digits and `-._/`, and not in the way of
/// the numbers that are given here.
#[must_use]
pub fn is_own_number(text: &str) -> bool {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "-._/".contains(character);
    (1..=LONGEST_NUMBER).contains(&text.len())
        && text.chars().all(is_plain)
        && !text.to_ascii_uppercase().starts_with("PLOT-")
}

/// The properties of one feature.
struct Properties<'a> {
    members: &'a Object<'a>,
    place: Place,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Properties<'a> {
    fn fault(&mut self, kind: FaultKind) {
        self.faults.push(Fault::new(self.place, kind));
    }

    fn optional(&self, name: &str) -> Option<&'a RawValue> {
        self.members.get(name).copied().filter(|value| !json::is_null(value))
    }

    /// The property, which may be there in other letters: the EU's format tells them apart.
    fn find(&mut self, name: &'static str) -> Option<&'a RawValue> {
        let found = self.optional(name);
        if found.is_none() {
            let similar = |other: &&String| {
                let plain = |text: &str| text.replace(['_', '-', ' '], "").to_ascii_lowercase();
                other.as_str() != name && plain(other) == plain(name)
            };
            self.fault(match self.members.keys().find(similar) {
                Some(other) => FaultKind::PropertyCase { name, found: other.chars().take(40).collect() },
                None => FaultKind::NoProperty { name },
            });
        }
        found
    }

    fn name(&mut self, name: &'static str) -> String {
        let Some(value) = self.find(name) else { return String::new() };
        let text = json::text(value).map(|text| text.trim().to_owned());
        match text {
            Some(text) if is_name(&text) => text,
            Some(_) | None => {
                self.fault(FaultKind::NotAName { name, most: LONGEST_NAME });
                String::new()
            }
        }
    }

    fn country(&mut self, is_country: &dyn Fn(&str) -> bool) -> String {
        let Some(value) = self.find("ProducerCountry") else { return String::new() };
        match json::text(value).filter(|code| is_country(code)) {
            Some(code) => code,
            None => {
                self.fault(FaultKind::UnknownCountry { found: json::excerpt(value) });
                String::new()
            }
        }
    }

    fn own_number(&mut self) -> Option<String> {
        let value = self.optional("PlotId")?;
        // A program that writes numbers writes them without quotation marks.
        let number = json::text(value).unwrap_or_else(|| value.get().to_owned());
        if is_own_number(&number) {
            return Some(number);
        }
        self.fault(FaultKind::NotAPlotNumber);
        None
    }

    fn area(&mut self) -> Option<Decimal> {
        let value = self.optional("Area")?;
        let written = value.get();
        let area = written.parse::<Decimal>().or_else(|_| Decimal::from_scientific(written)).ok();
        match area.map(|area| area.round_dp(AREA_DECIMALS)) {
            Some(area) if area > Decimal::ZERO && area <= MOST_BY_OUTLINE => Some(area),
            Some(_) | None => {
                self.fault(FaultKind::NotAnArea { most: MOST_BY_OUTLINE });
                None
            }
        }
    }
}

/// Whether `text` may name a producer or a place.
#[must_use]
pub fn is_name(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.chars().count())
        && !text.chars().any(|character| is_strange(character) || character.is_control())
}

/// Features that give again what an earlier one has given.
fn repeated(features: &[Feature]) -> Vec<Fault> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut shapes: HashMap<String, usize> = HashMap::new();
    let mut faults = Vec::new();
    for feature in features {
        let place = Place::feature(feature.number);
        if let Some(number) = &feature.plot.number {
            match numbers.get(number.as_str()) {
                Some(before) => {
                    let kind = FaultKind::NumberTwice { number: number.clone(), before: *before };
                    faults.push(Fault::new(place, kind));
                }
                None => {
                    numbers.insert(number, feature.number);
                }
            }
        }
        let shape = geometry_text(&feature.plot.geometry);
        match shapes.get(&shape) {
            Some(before) => faults.push(Fault::new(place, FaultKind::GeometryTwice { before: *before })),
            None => {
                shapes.insert(shape, feature.number);
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests;
