//! Where the sides of rings meet that should not: a sweep from west to east (Shamos and Hoey), in whole numbers.
//!
//! At every moment the sides that the sweep line cuts stand in order from south to north, and only neighbours are
//! compared. Until the first meeting that order cannot change, so a side is found again by the same comparison by which
//! it was put in. Two sides that meet are taken out together and the sweep goes on with the others: each pair found is
//! one that meets, and when none is found, none does. It takes `n log n` steps, however a ring is made.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound::{Excluded, Unbounded};

use super::{Position, Ring};

/// A side of a ring, by the numbers of ring and corner at which it begins (from 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Side {
    /// Which ring.
    pub ring: usize,
    /// The corner at which it begins.
    pub corner: usize,
}

/// Two sides that meet, and a place where they do, to the millionth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// The side that comes first in the rings.
    pub first: Side,
    /// The other.
    pub second: Side,
    /// Where.
    pub at: Position,
}

/// Pairs of sides of `rings` that meet, at most `most`. Sides that share a corner of their ring may; no corner may occur
/// twice, and no side may go back upon the one before (both are looked at beforehand).
#[must_use]
pub fn meetings(rings: &[&Ring], most: usize) -> Vec<Meeting> {
    let mut edges = Vec::new();
    for (ring, shape) in rings.iter().enumerate() {
        let corners = shape.positions();
        for (corner, from) in corners.iter().enumerate() {
            let to = corners[(corner + 1) % corners.len()];
            edges.push(Edge {
                west: (*from).min(to),
                east: (*from).max(to),
                side: Side { ring, corner },
                corners: corners.len(),
            });
        }
    }
    // At one place, what ends there goes before what begins there.
    let mut events: Vec<(Position, bool, usize)> = Vec::with_capacity(edges.len() * 2);
    for (index, edge) in edges.iter().enumerate() {
        events.push((edge.west, true, index));
        events.push((edge.east, false, index));
    }
    events.sort_unstable();
    let mut sweep = Sweep { cut: BTreeSet::new(), found: Vec::new() };
    let mut is_out = vec![false; edges.len()];
    let mut index_of: Vec<usize> = Vec::with_capacity(rings.len());
    let mut total = 0;
    for ring in rings {
        index_of.push(total);
        total += ring.positions().len();
    }
    for (_, begins, index) in events {
        if is_out[index] {
            continue;
        }
        let edge = edges[index];
        let before = sweep.found.len();
        if begins {
            sweep.enter(edge);
        } else {
            sweep.leave(&edge);
        }
        for meeting in &sweep.found[before..] {
            for side in [meeting.first, meeting.second] {
                is_out[index_of[side.ring] + side.corner] = true;
            }
        }
        if sweep.found.len() >= most {
            break;
        }
    }
    sweep.found.truncate(most);
    sweep.found.sort_unstable_by_key(|meeting| (meeting.first, meeting.second));
    sweep.found
}

/// A side with its ends in the order in which the sweep meets them.
#[derive(Debug, Clone, Copy)]
struct Edge {
    west: Position,
    east: Position,
    side: Side,
    /// Of its ring.
    corners: usize,
}

impl Edge {
    fn shares_corner(&self, other: &Self) -> bool {
        let follows = |one: usize, next: usize| (one + 1) % self.corners == next;
        self.side.ring == other.side.ring
            && (follows(self.side.corner, other.side.corner) || follows(other.side.corner, self.side.corner))
    }

    /// Where this side and `other` meet, if they do.
    fn meets(&self, other: &Self) -> Option<Position> {
        let from_self = (turn(self.west, self.east, other.west), turn(self.west, self.east, other.east));
        let from_other = (turn(other.west, other.east, self.west), turn(other.west, other.east, self.east));
        // An end of one that lies on the other, overlapping sides among them.
        for (side, place, beside) in [
            (self, other.west, from_self.0),
            (self, other.east, from_self.1),
            (other, self.west, from_other.0),
            (other, self.east, from_other.1),
        ] {
            if beside == 0 && side.spans(place) {
                return Some(place);
            }
        }
        let is_apart = |(one, two): (i64, i64)| (one > 0) == (two > 0) || one == 0 || two == 0;
        if is_apart(from_self) || is_apart(from_other) {
            return None;
        }
        // The part of the way from west to east after which the other side is met.
        let (part, whole) = (i128::from(from_other.0), i128::from(from_other.0) - i128::from(from_other.1));
        let along = |from: i32, to: i32| {
            let way = (i128::from(to) - i128::from(from)) * part;
            i64::from(from) + i64::try_from(rounded(way, whole)).unwrap_or(0)
        };
        let at = (along(self.west.lon(), self.east.lon()), along(self.west.lat(), self.east.lat()));
        Some(Position::new(at.0, at.1).unwrap_or(self.west))
    }

    /// Whether a place on the line through this side lies on the side.
    fn spans(&self, place: Position) -> bool {
        (self.west..=self.east).contains(&place)
    }
}

/// `part / whole` to the nearest whole number.
fn rounded(part: i128, whole: i128) -> i128 {
    let (part, whole) = if whole < 0 { (-part, -whole) } else { (part, whole) };
    (2 * part + whole).div_euclid(2 * whole)
}

/// Positive when `place` lies to the left of the way from `from` to `to`, negative to the right, 0 on the line. Exact:
/// no product passes 2^57.
pub(super) fn turn(from: Position, to: Position, place: Position) -> i64 {
    let difference = |a: i32, b: i32| i64::from(a) - i64::from(b);
    let (dx, dy) = (difference(to.lon(), from.lon()), difference(to.lat(), from.lat()));
    let (px, py) = (difference(place.lon(), from.lon()), difference(place.lat(), from.lat()));
    dx * py - dy * px
}

impl PartialEq for Edge {
    fn eq(&self, other: &Self) -> bool {
        self.side == other.side
    }
}

impl Eq for Edge {}

impl PartialOrd for Edge {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// From south to north, for sides that are cut by the sweep line at the same time and do not meet.
impl Ord for Edge {
    fn cmp(&self, other: &Self) -> Ordering {
        let height = match self.west.cmp(&other.west) {
            Ordering::Less => turn(self.west, self.east, other.west),
            Ordering::Greater => -turn(other.west, other.east, self.west),
            Ordering::Equal => turn(self.west, self.east, other.east),
        };
        // Positive: the other lies to the north. Sides that touch are neighbours in either order.
        0.cmp(&height).then_with(|| self.side.cmp(&other.side))
    }
}

struct Sweep {
    cut: BTreeSet<Edge>,
    found: Vec<Meeting>,
}

impl Sweep {
    fn south_of(&self, edge: &Edge) -> Option<Edge> {
        self.cut.range(..edge).next_back().copied()
    }

    fn north_of(&self, edge: &Edge) -> Option<Edge> {
        self.cut.range((Excluded(edge), Unbounded)).next().copied()
    }

    fn enter(&mut self, edge: Edge) {
        let (south, north) = (self.south_of(&edge), self.north_of(&edge));
        self.cut.insert(edge);
        self.compare(south, Some(edge));
        if self.cut.contains(&edge) {
            self.compare(Some(edge), north);
        }
    }

    fn leave(&mut self, edge: &Edge) {
        let (south, north) = (self.south_of(edge), self.north_of(edge));
        self.cut.remove(edge);
        self.compare(south, north);
    }

    /// Compares two neighbours. Where they meet both leave, which makes others neighbours.
    fn compare(&mut self, mut south: Option<Edge>, mut north: Option<Edge>) {
        while let (Some(one), Some(two)) = (south, north) {
            let Some(at) = (if one.shares_corner(&two) { None } else { one.meets(&two) }) else { return };
            let (first, second) = (one.side.min(two.side), one.side.max(two.side));
            self.found.push(Meeting { first, second, at });
            (south, north) = (self.south_of(&one), self.north_of(&two));
            self.cut.remove(&one);
            self.cut.remove(&two);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{position, ring, star};
    use super::*;

    /// Every pair of sides that meets, by comparing all with all.
    fn by_hand(ring: &Ring) -> usize {
        let corners = ring.positions();
        let edge = |corner: usize| {
            let (from, to) = (corners[corner], corners[(corner + 1) % corners.len()]);
            Edge { west: from.min(to), east: from.max(to), side: Side { ring: 0, corner }, corners: corners.len() }
        };
        let mut met = 0;
        for one in 0..corners.len() {
            for two in one + 1..corners.len() {
                let (one, two) = (edge(one), edge(two));
                met += usize::from(!one.shares_corner(&two) && one.meets(&two).is_some());
            }
        }
        met
    }

    fn found(corners: &[(i64, i64)]) -> Vec<(usize, usize, String)> {
        let met = meetings(&[&ring(corners)], 10);
        met.iter().map(|m| (m.first.corner, m.second.corner, m.at.to_string())).collect()
    }

    #[test]
    fn simple_rings_meet_nowhere() {
        for corners in [
            &[(0, 0), (10, 0), (10, 10)][..],
            &[(0, 0), (10, 0), (10, 10), (0, 10)],
            &[(0, 0), (0, 10), (10, 10), (10, 0)],
            // Corners in the middle of a straight side.
            &[(0, 0), (5, 0), (10, 0), (10, 5), (10, 10), (0, 10), (0, 5)],
            // A comb: many sides one above the other, and upright ones.
            &[(0, 0), (9, 0), (9, 1), (1, 1), (1, 2), (9, 2), (9, 3), (1, 3), (1, 4), (9, 4), (9, 5), (0, 5)],
        ] {
            assert_eq!(found(corners), [], "{corners:?}");
        }
    }

    #[test]
    fn a_crossing_is_named_with_its_sides_and_place() {
        assert_eq!(found(&[(0, 0), (10, 10), (10, 0), (0, 10)]), [(0, 2, "[0.000005,0.000005]".to_owned())]);
        // A corner that touches another side.
        assert_eq!(
            found(&[(0, 0), (10, 0), (10, 10), (5, 0), (0, 10)]).first().map(|met| met.2.clone()),
            Some("[0.000005,0.000000]".to_owned())
        );
        // Sides that lie upon each other for a while.
        assert_eq!(found(&[(0, 0), (10, 0), (10, 5), (8, 5), (8, 0), (2, 0), (2, 5), (0, 5)]).len(), 1);
    }

    #[test]
    fn rings_that_touch_are_found() {
        let one = ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]);
        let apart = ring(&[(11, 0), (20, 0), (20, 10), (11, 10)]);
        let across = ring(&[(5, 5), (15, 5), (15, 6), (5, 6)]);
        assert_eq!(meetings(&[&one, &apart], 10), []);
        assert!(meetings(&[&one, &across], 10).iter().all(|met| (met.first.ring, met.second.ring) == (0, 1)));
        assert!(!meetings(&[&one, &across], 10).is_empty());
    }

    #[test]
    fn a_place_is_rounded_to_the_nearest() {
        assert_eq!((rounded(7, 2), rounded(-7, 2), rounded(7, -2), rounded(10, 4), rounded(9, 4)), (4, -3, -3, 3, 2));
    }

    /// Shapes that would keep a comparison of all with all, or a grid, busy for minutes.
    #[test]
    fn thirty_thousand_corners_are_swept_however_they_lie() {
        const MANY: i64 = 30_000;
        let zigzag: Vec<(i64, i64)> = (0..MANY)
            .map(|n| (if n % 2 == 0 { 0 } else { 9_000_000 }, n * 2))
            .chain([(10_000_000, MANY * 2), (10_000_000, -2)])
            .collect();
        assert_eq!(found(&zigzag), []);
        // All but one of the corners in a thousandth of the rectangle around them.
        let comb: Vec<(i64, i64)> = (0..MANY)
            .map(|n| (n, if n % 2 == 0 { 0 } else { 5 }))
            .chain([(90_000_000, 80_000_000), (-5, 10)])
            .collect();
        assert_eq!(found(&comb), []);
        let mut crossed = zigzag;
        crossed.swap(10_000, 10_002);
        assert!(!found(&crossed).is_empty());
    }

    proptest! {
        #[test]
        fn a_star_is_simple(corners in 3_usize..200, seed in any::<u64>()) {
            prop_assert_eq!(meetings(&[&ring(&star(corners, seed))], 10), []);
        }

        /// Any ring of a small field, full of touching and overlapping sides: the sweep finds some exactly when there are.
        #[test]
        fn the_sweep_agrees_with_comparing_all_with_all(
            corners in proptest::collection::hash_set((0_i64..12, 0_i64..12), 3..14)
        ) {
            let corners: Vec<(i64, i64)> = corners.into_iter().collect();
            let shape = ring(&corners);
            let goes_back = (0..corners.len()).any(|n| shape.goes_back_at(n));
            prop_assume!(!goes_back);
            prop_assert_eq!(meetings(&[&shape], 100).is_empty(), by_hand(&shape) == 0);
        }

        /// The same far apart, where no product of theirs may overflow.
        #[test]
        fn it_agrees_all_over_the_world(
            corners in proptest::collection::vec((-180_i64..=180, -90_i64..=90), 3..10)
        ) {
            let corners: Vec<(i64, i64)> = corners.into_iter().map(|(x, y)| (x * 1_000_000, y * 1_000_000)).collect();
            let mut places: Vec<Position> = corners.iter().map(|at| position(*at)).collect();
            places.sort_unstable();
            places.dedup();
            prop_assume!(places.len() == corners.len());
            let shape = ring(&corners);
            prop_assume!(!(0..corners.len()).any(|n| shape.goes_back_at(n)));
            prop_assert_eq!(meetings(&[&shape], 100).is_empty(), by_hand(&shape) == 0);
        }
    }
}
