//! The shapes of plots, and what makes one fit for the EU's format. Pure, and exact: every question is asked of whole
//! millionths of a degree, so that a ring is simple here and at the buyer alike.

mod area;
mod position;
mod sweep;

use std::collections::HashMap;

pub use area::{AREA_DECIMALS, hectares};
pub use position::{Axis, DECIMALS, Degrees, Micro, Position};
pub use sweep::{Meeting, Side};

/// Crossings that are named for one plot; with the first of them mended, the others often vanish.
const MOST_MEETINGS: usize = 10;

/// The corners of a closed line, each once: the last is joined to the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ring(Vec<Position>);

impl Ring {
    /// The ring with these corners, the first not repeated at the end.
    #[must_use]
    pub const fn new(corners: Vec<Position>) -> Self {
        Self(corners)
    }

    /// Its corners.
    #[must_use]
    pub fn positions(&self) -> &[Position] {
        &self.0
    }

    /// The same ring anticlockwise, as RFC 7946 wants the outline of a polygon, from the same corner on.
    #[must_use]
    pub fn anticlockwise(mut self) -> Self {
        if area::twice_signed(&self) < 0
            && let Some(rest) = self.0.get_mut(1..)
        {
            rest.reverse();
        }
        self
    }

    /// Whether the line turns back upon itself at a corner: it encloses nothing there.
    #[must_use]
    pub fn goes_back_at(&self, corner: usize) -> bool {
        let corners = &self.0;
        let (before, at) = (corners[(corner + corners.len() - 1) % corners.len()], corners[corner]);
        let after = corners[(corner + 1) % corners.len()];
        let along = |a: i32, b: i32| i64::from(a) - i64::from(b);
        sweep::turn(before, at, after) == 0
            && along(at.lon(), before.lon()) * along(after.lon(), at.lon())
                + along(at.lat(), before.lat()) * along(after.lat(), at.lat())
                <= 0
    }

    /// Whether `place` lies inside, for a place that is not on the line.
    fn surrounds(&self, place: Position) -> bool {
        let corners = &self.0;
        let mut is_inside = false;
        for (index, one) in corners.iter().enumerate() {
            let two = corners[(index + 1) % corners.len()];
            let (south, north) = if one.lat() <= two.lat() { (*one, two) } else { (two, *one) };
            if south.lat() <= place.lat() && place.lat() < north.lat() && sweep::turn(south, north, place) > 0 {
                is_inside = !is_inside;
            }
        }
        is_inside
    }
}

/// A rectangle around places, in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The least longitude.
    pub west: i32,
    /// The least latitude.
    pub south: i32,
    /// The greatest longitude.
    pub east: i32,
    /// The greatest latitude.
    pub north: i32,
}

impl Bounds {
    /// The rectangle around `places`; `None` around none.
    #[must_use]
    pub fn of<'p>(places: impl IntoIterator<Item = &'p Position>) -> Option<Self> {
        places.into_iter().fold(None, |bounds, place| {
            let (lon, lat) = (place.lon(), place.lat());
            Some(bounds.map_or(Self { west: lon, south: lat, east: lon, north: lat }, |so_far: Self| {
                so_far.with(Self { west: lon, south: lat, east: lon, north: lat })
            }))
        })
    }

    /// The rectangle around both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    fn holds(self, other: Self) -> bool {
        self.with(other) == self
    }
}

/// Where a plot lies. Holes have no place in it: the EU's format takes none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Geometry {
    /// One place, for up to four hectares.
    Point(Position),
    /// Several places, for up to four hectares together.
    MultiPoint(Vec<Position>),
    /// An outline.
    Polygon(Ring),
    /// Several outlines, apart from each other.
    MultiPolygon(Vec<Ring>),
}

impl Geometry {
    /// Its name in GeoJSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Point(_) => "Point",
            Self::MultiPoint(_) => "MultiPoint",
            Self::Polygon(_) => "Polygon",
            Self::MultiPolygon(_) => "MultiPolygon",
        }
    }

    /// Whether it has an outline, and so an area of its own.
    #[must_use]
    pub const fn has_outline(&self) -> bool {
        matches!(self, Self::Polygon(_) | Self::MultiPolygon(_))
    }

    /// Its outlines; none when it is given by points.
    #[must_use]
    pub fn rings(&self) -> &[Ring] {
        match self {
            Self::Point(_) | Self::MultiPoint(_) => &[],
            Self::Polygon(ring) => std::slice::from_ref(ring),
            Self::MultiPolygon(rings) => rings,
        }
    }

    /// Its places, corner by corner.
    pub fn positions(&self) -> impl Iterator<Item = &Position> {
        let points: &[Position] = match self {
            Self::Point(place) => std::slice::from_ref(place),
            Self::MultiPoint(places) => places,
            Self::Polygon(_) | Self::MultiPolygon(_) => &[],
        };
        points.iter().chain(self.rings().iter().flat_map(Ring::positions))
    }

    /// The rectangle around it; `None` when it has no place.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        Bounds::of(self.positions())
    }
}

/// What is wrong with a shape whose places are all right. Corners and rings are counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShapeFault {
    /// A corner that was there before.
    RepeatedCorner {
        /// The later one: ring and corner.
        corner: Side,
        /// The earlier one.
        before: Side,
    },
    /// The line turns back upon itself.
    GoesBack {
        /// At which corner.
        corner: Side,
    },
    /// Two sides of one ring meet.
    SelfCrossing(Meeting),
    /// Two outlines of one plot meet.
    OutlinesMeet(Meeting),
    /// An outline lies inside another.
    OutlineInside {
        /// The inner ring.
        inner: usize,
        /// The outer ring.
        outer: usize,
    },
}

/// Everything that stands against these rings, of at least three corners each, as the outlines of one plot.
#[must_use]
pub fn against_rings(rings: &[&Ring]) -> Vec<ShapeFault> {
    // Each question is asked only where the one before is answered: the sweep takes rings whose corners are each there
    // once, and at which no line turns back.
    let mut faults = repeated(rings);
    if !faults.is_empty() {
        return faults;
    }
    for (ring, shape) in rings.iter().enumerate() {
        let back = (0..shape.0.len()).filter(|corner| shape.goes_back_at(*corner));
        faults.extend(back.map(|corner| ShapeFault::GoesBack { corner: Side { ring, corner } }));
    }
    if !faults.is_empty() {
        return faults;
    }
    faults.extend(sweep::meetings(rings, MOST_MEETINGS).into_iter().map(|met| {
        if met.first.ring == met.second.ring { ShapeFault::SelfCrossing(met) } else { ShapeFault::OutlinesMeet(met) }
    }));
    if faults.is_empty() {
        faults.extend(nested(rings));
    }
    faults
}

fn repeated(rings: &[&Ring]) -> Vec<ShapeFault> {
    let mut seen: HashMap<Position, Side> = HashMap::new();
    let mut faults = Vec::new();
    for (ring, shape) in rings.iter().enumerate() {
        for (corner, place) in shape.0.iter().enumerate() {
            let here = Side { ring, corner };
            match seen.get(place) {
                Some(before) => faults.push(ShapeFault::RepeatedCorner { corner: here, before: *before }),
                None => {
                    seen.insert(*place, here);
                }
            }
        }
    }
    faults
}

/// Outlines that lie inside others, of which none meet.
fn nested(rings: &[&Ring]) -> Option<ShapeFault> {
    let bounds: Vec<Option<Bounds>> = rings.iter().map(|ring| Bounds::of(ring.positions())).collect();
    for (outer, around) in bounds.iter().enumerate() {
        for (inner, within) in bounds.iter().enumerate() {
            if let (Some(around), Some(within)) = (around, within)
                && outer != inner
                && around.holds(*within)
                && rings[outer].surrounds(rings[inner].0[0])
            {
                return Some(ShapeFault::OutlineInside { inner, outer });
            }
        }
    }
    None
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub fn position((lon, lat): (i64, i64)) -> Position {
        Position::new(lon, lat).unwrap()
    }

    pub fn ring(corners: &[(i64, i64)]) -> Ring {
        Ring::new(corners.iter().copied().map(position).collect())
    }

    /// A random star around a place in Sidama: simple, since its corners follow each other by their direction.
    pub fn star(corners: usize, seed: u64) -> Vec<(i64, i64)> {
        use rand::{RngExt, SeedableRng, rngs::StdRng};
        let mut random = StdRng::seed_from_u64(seed);
        (0..corners)
            .map(|n| {
                let angle = std::f64::consts::TAU * (n as f64 + 0.5) / corners as f64;
                let far = random.random_range(4_000_000.0..9_000_000.0_f64);
                (38_500_000 + (far * angle.cos()).round() as i64, 16_700_000 + (far * angle.sin()).round() as i64)
            })
            .collect()
    }

    fn against(corners: &[(i64, i64)]) -> Vec<ShapeFault> {
        against_rings(&[&ring(corners)])
    }

    #[test]
    fn a_corner_that_comes_again_is_named_with_the_one_before() {
        let faults = against(&[(0, 0), (10, 0), (10, 10), (10, 0), (0, 10)]);
        let repeated =
            ShapeFault::RepeatedCorner { corner: Side { ring: 0, corner: 3 }, before: Side { ring: 0, corner: 1 } };
        assert!(faults.contains(&repeated), "{faults:?}");
    }

    #[test]
    fn a_line_that_turns_back_encloses_nothing() {
        let faults = against(&[(0, 0), (10, 0), (5, 0), (5, 10)]);
        assert!(faults.contains(&ShapeFault::GoesBack { corner: Side { ring: 0, corner: 1 } }), "{faults:?}");
        let flat = against(&[(0, 0), (5, 5), (10, 10)]);
        assert!(matches!(flat[0], ShapeFault::GoesBack { .. }), "{flat:?}");
    }

    #[test]
    fn outlines_are_apart_from_each_other() {
        let one = ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]);
        let inside = ring(&[(2, 2), (4, 2), (4, 4)]);
        let beside = ring(&[(20, 0), (30, 0), (30, 10)]);
        let across = ring(&[(5, 5), (15, 6), (15, 8)]);
        // In the corner of the rectangle around the first, and outside of it.
        let notch = ring(&[(0, 0), (10, 0), (10, 10), (9, 1)]);
        assert_eq!(against_rings(&[&one, &beside]), []);
        assert_eq!(against_rings(&[&one, &inside]), [ShapeFault::OutlineInside { inner: 1, outer: 0 }]);
        assert_eq!(against_rings(&[&inside, &one]), [ShapeFault::OutlineInside { inner: 0, outer: 1 }]);
        assert_eq!(against_rings(&[&notch, &inside]), []);
        assert!(matches!(against_rings(&[&one, &across])[0], ShapeFault::OutlinesMeet(_)));
    }

    #[test]
    fn an_outline_runs_anticlockwise_from_its_first_corner() {
        let clockwise = ring(&[(0, 0), (0, 10), (10, 10), (10, 0)]);
        assert_eq!(clockwise.clone().anticlockwise(), ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]));
        assert_eq!(clockwise.clone().anticlockwise().anticlockwise(), clockwise.anticlockwise());
    }

    proptest! {
        #[test]
        fn any_simple_ring_is_taken(corners in 3_usize..120, seed in any::<u64>()) {
            prop_assert_eq!(against(&star(corners, seed)), []);
        }

        /// Of a ring whose corners all point outwards, no other order is simple: any two that change places are found,
        /// and a crossing at a side of theirs is named.
        #[test]
        fn a_swapped_pair_of_corners_is_found(
            corners in 5_usize..120,
            one in any::<proptest::sample::Index>(),
            other in any::<proptest::sample::Index>(),
        ) {
            let (one, other) = (one.index(corners), other.index(corners));
            prop_assume!(one != other);
            let mut shape: Vec<(i64, i64)> = (0..corners)
                .map(|n| {
                    let angle = std::f64::consts::TAU * n as f64 / corners as f64;
                    (38_000_000 + (5e6 * angle.cos()).round() as i64, 7_000_000 + (2e6 * angle.sin()).round() as i64)
                })
                .collect();
            shape.swap(one, other);
            let faults = against(&shape);
            prop_assert!(!faults.is_empty());
            let sides = [one, other].map(|n| [(n + corners - 1) % corners, n]);
            let is_theirs = |met: &Meeting| {
                sides.as_flattened().iter().any(|side| [met.first.corner, met.second.corner].contains(side))
            };
            prop_assert!(faults.iter().all(|fault| matches!(fault, ShapeFault::SelfCrossing(met) if is_theirs(met))));
        }
    }
}
