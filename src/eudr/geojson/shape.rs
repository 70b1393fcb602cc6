//! A geometry of GeoJSON, read position by position.

use serde_json::value::RawValue;

use super::json::{self, ListError};
use crate::eudr::faults::{Fault, FaultKind, Place};
use crate::eudr::geometry::{Axis, DECIMALS, Degrees, Geometry, Position, Ring, ShapeFault, Side, against_rings};

/// Positions of one geometry: an outline walked for a day at one a second.
pub const MOST_POSITIONS: usize = 50_000;

/// The fewest positions of a ring: three corners, and the first again.
const FEWEST_IN_RING: usize = 4;

/// A position in which both numbers have fewer decimals than this was not measured: programs drop zeros at the end, but
/// three of six in both happens once in a million.
const LEAST_OF_BOTH: u32 = 4;

/// A geometry that was read, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The geometry; outlines run anticlockwise.
    pub geometry: Geometry,
    /// Coordinates that had more than six decimals, with something in them.
    pub rounded: usize,
    /// Whether a position had a height.
    pub has_heights: bool,
}

/// The geometry in `value`.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(value: &RawValue, place: Place) -> Result<Read, Vec<Fault>> {
    let other = |found: String| vec![Fault::new(place, FaultKind::OtherGeometry { found })];
    let members = json::object(value.get()).ok_or_else(|| other(json::excerpt(value)))?;
    let kind = members.get("type").and_then(|kind| json::text(kind)).unwrap_or_default();
    let Some(coordinates) = members.get("coordinates") else {
        return Err(match kind.as_str() {
            "Point" | "MultiPoint" | "Polygon" | "MultiPolygon" => vec![Fault::new(place, FaultKind::NoPosition)],
            _ => other(kind),
        });
    };
    let mut reader = Reader::default();
    let geometry = match kind.as_str() {
        "Point" => reader.points(&[coordinates], |_| place).into_iter().next().map(Geometry::Point),
        "MultiPoint" => {
            let parts = reader.items(coordinates, place);
            let points = reader.points(&parts, |part| place.part(part + 1));
            Some(Geometry::MultiPoint(points))
        }
        "Polygon" => {
            let ring = reader.polygon(coordinates, place);
            reader.against_shape(ring.as_slice(), |_| place);
            ring.map(|ring| Geometry::Polygon(ring.anticlockwise()))
        }
        "MultiPolygon" => {
            let parts = reader.items(coordinates, place);
            let rings: Vec<Ring> = parts
                .iter()
                .enumerate()
                .filter_map(|(part, polygon)| reader.polygon(polygon, place.part(part + 1)))
                .collect();
            // With a part left out the numbers of the others would be wrong.
            if rings.len() == parts.len() {
                reader.against_shape(&rings, |part| place.part(part + 1));
            }
            Some(Geometry::MultiPolygon(rings.into_iter().map(Ring::anticlockwise).collect()))
        }
        _ => return Err(other(kind.chars().take(40).collect())),
    };
    match geometry {
        Some(geometry) if reader.faults.is_empty() => {
            Ok(Read { geometry, rounded: reader.rounded, has_heights: reader.has_heights })
        }
        _ => Err(reader.faults),
    }
}

/// A position with the decimals of its finer number.
#[derive(Clone, Copy)]
struct Measured {
    position: Position,
    decimals: u32,
}

#[derive(Default)]
struct Reader {
    positions: usize,
    rounded: usize,
    has_heights: bool,
    faults: Vec<Fault>,
}

impl Reader {
    fn fault(&mut self, place: Place, kind: FaultKind) {
        self.faults.push(Fault::new(place, kind));
    }

    /// The items of a list that has to have some.
    fn items<'a>(&mut self, value: &'a RawValue, place: Place) -> Vec<&'a RawValue> {
        let kind = match json::list(value.get(), MOST_POSITIONS) {
            Ok(items) if items.is_empty() => FaultKind::NoPosition,
            Ok(items) => return items,
            Err(ListError::NotAList) => FaultKind::NotCoordinates { found: json::excerpt(value) },
            Err(ListError::TooLong) => FaultKind::TooManyPositions { most: MOST_POSITIONS },
        };
        self.fault(place, kind);
        Vec::new()
    }

    fn position(&mut self, value: &RawValue, place: Place) -> Option<Measured> {
        self.positions += 1;
        if self.positions > MOST_POSITIONS {
            // Said once, not for each that follows.
            if self.positions == MOST_POSITIONS + 1 {
                self.fault(place, FaultKind::TooManyPositions { most: MOST_POSITIONS });
            }
            return None;
        }
        let numbers = json::list(value.get(), 3).unwrap_or_default();
        let ([lon, lat] | [lon, lat, _]) = numbers.as_slice() else {
            self.fault(place, FaultKind::NotCoordinates { found: json::excerpt(value) });
            return None;
        };
        let (Some(x), Some(y)) = (self.number(lon, place), self.number(lat, place)) else { return None };
        self.has_heights |= numbers.len() > 2;
        match Position::new(x.micro, y.micro) {
            Ok(position) => {
                self.rounded += usize::from(x.is_rounded) + usize::from(y.is_rounded);
                Some(Measured { position, decimals: x.decimals.max(y.decimals) })
            }
            Err(axis) => {
                let found = json::excerpt(match axis {
                    Axis::Longitude => lon,
                    Axis::Latitude => lat,
                });
                self.fault(place, FaultKind::OutOfRange { axis, found });
                None
            }
        }
    }

    fn number(&mut self, value: &RawValue, place: Place) -> Option<Degrees> {
        let degrees = Degrees::parse(value.get());
        if degrees.is_none() {
            self.fault(place, FaultKind::NotANumber { found: json::excerpt(value) });
        }
        degrees
    }

    /// Places that stand for themselves, each measured on its own.
    fn points(&mut self, values: &[&RawValue], place_of: impl Fn(usize) -> Place) -> Vec<Position> {
        let mut points: Vec<Position> = Vec::new();
        let mut seen = std::collections::HashMap::new();
        for (index, value) in values.iter().enumerate() {
            let place = place_of(index);
            let Some(point) = self.position(value, place) else { continue };
            if point.decimals < DECIMALS {
                self.faults
                    .push(Fault::new(place, FaultKind::TooCoarse { decimals: point.decimals }).at(point.position));
            }
            if let Some(before) = seen.insert(point.position, index) {
                self.faults.push(Fault::new(place, FaultKind::Repeated { before: before + 1 }).at(point.position));
            }
            points.push(point.position);
        }
        points
    }

    /// The outline of a polygon, without its closing position; `None` when it is not one.
    fn polygon(&mut self, value: &RawValue, place: Place) -> Option<Ring> {
        let rings = self.items(value, place);
        for number in 2..=rings.len() {
            self.fault(place.ring(number), FaultKind::Hole);
        }
        let place = place.ring(1);
        let outline = rings.first()?;
        let values = self.items(outline, place);
        if values.is_empty() {
            return None;
        }
        let mut corners = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            corners.extend(self.position(value, place.position(index + 1)));
        }
        if corners.len() < values.len() {
            return None;
        }
        if values.len() < FEWEST_IN_RING {
            self.fault(place, FaultKind::TooFewPositions { count: values.len() });
            return None;
        }
        self.against_coarse(&corners, place);
        let mut places: Vec<Position> = corners.iter().map(|corner| corner.position).collect();
        let (first, last) = (places[0], places[places.len() - 1]);
        if first != last {
            let end = place.position(places.len());
            self.faults.push(Fault::new(end, FaultKind::NotClosed { first }).at(last));
            return None;
        }
        places.pop();
        Some(Ring::new(places))
    }

    /// A ring was measured as finely as its finest number shows: programs that write numbers drop zeros at the end.
    fn against_coarse(&mut self, corners: &[Measured], place: Place) {
        let finest = corners.iter().map(|corner| corner.decimals).max().unwrap_or_default();
        if finest < DECIMALS {
            self.fault(place, FaultKind::TooCoarse { decimals: finest });
            return;
        }
        for (index, corner) in corners.iter().enumerate() {
            if corner.decimals < LEAST_OF_BOTH {
                self.faults.push(
                    Fault::new(place.position(index + 1), FaultKind::TooCoarse { decimals: corner.decimals })
                        .at(corner.position),
                );
            }
        }
    }

    fn against_shape(&mut self, rings: &[Ring], place_of: impl Fn(usize) -> Place) {
        let rings: Vec<&Ring> = rings.iter().collect();
        let corner_place = |corner: Side| place_of(corner.ring).ring(1).position(corner.corner + 1);
        let position_of = |corner: Side| rings[corner.ring].positions()[corner.corner];
        for fault in against_rings(&rings) {
            self.faults.push(match fault {
                ShapeFault::RepeatedCorner { corner, before } if corner.ring == before.ring => {
                    Fault::new(corner_place(corner), FaultKind::Repeated { before: before.corner + 1 })
                        .at(position_of(corner))
                }
                ShapeFault::RepeatedCorner { corner, before } => {
                    Fault::new(corner_place(corner), FaultKind::PartsMeet { other: before.ring + 1 })
                        .at(position_of(corner))
                }
                ShapeFault::GoesBack { corner } => {
                    Fault::new(corner_place(corner), FaultKind::GoesBack).at(position_of(corner))
                }
                ShapeFault::SelfCrossing(met) => {
                    let (first, second) = (met.first.corner + 1, met.second.corner + 1);
                    Fault::new(place_of(met.first.ring).ring(1), FaultKind::SelfCrossing { first, second }).at(met.at)
                }
                ShapeFault::OutlinesMeet(met) => {
                    Fault::new(corner_place(met.second), FaultKind::PartsMeet { other: met.first.ring + 1 }).at(met.at)
                }
                ShapeFault::OutlineInside { inner, outer } => {
                    Fault::new(place_of(inner), FaultKind::PartInside { other: outer + 1 })
                }
            });
        }
    }
}
