//! How large a ring is, in hectares.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::Ring;

/// WGS 84: the equatorial radius in metres, and the square of the first eccentricity.
const RADIUS_M: f64 = 6_378_137.0;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_141_316_5;

/// Square metres in a hectare.
const HECTARE_M2: f64 = 10_000.0;

/// Decimals of a hectare that are kept: one is a square metre.
pub const AREA_DECIMALS: u32 = 4;

/// Twice the area that `ring` encloses, in square millionths of a degree; positive when it runs anticlockwise. Exact.
#[must_use]
pub fn twice_signed(ring: &Ring) -> i128 {
    let positions = ring.positions();
    let Some(origin) = positions.first() else { return 0 };
    // From its own corner, so that the terms stay small.
    let at = |index: usize| {
        let place = positions[index % positions.len()];
        (i128::from(place.lon() - origin.lon()), i128::from(place.lat()) - i128::from(origin.lat()))
    };
    (0..positions.len())
        .map(|index| {
            let ((x, y), (next_x, next_y)) = (at(index), at(index + 1));
            x * next_y - next_x * y
        })
        .sum()
}

/// The area of `rings` together, in hectares with four decimals, measured on the ellipsoid of WGS 84.
///
/// A degree is taken to be as long all over a ring as it is at its middle latitude, which for a ring of ten kilometres
/// errs by less than a millionth. The decimal of a measurement is not money: the one place where this area is reckoned
/// in floating point.
#[must_use]
pub fn hectares<'r>(rings: impl IntoIterator<Item = &'r Ring>) -> Decimal {
    let total: f64 = rings.into_iter().map(square_metres).sum();
    Decimal::from_f64(total / HECTARE_M2).unwrap_or_default().round_dp(AREA_DECIMALS)
}

#[allow(clippy::cast_precision_loss, reason = "a relative error of 10^-16 in an area")]
fn square_metres(ring: &Ring) -> f64 {
    let Some(bounds) = super::Bounds::of(ring.positions()) else { return 0.0 };
    let middle = (f64::from(bounds.south) + f64::from(bounds.north)) / 2e6;
    let (sine, cosine) = middle.to_radians().sin_cos();
    let denominator = 1.0 - ECCENTRICITY_2 * sine * sine;
    // Radii of curvature: of the meridian, and across it.
    let meridian = RADIUS_M * (1.0 - ECCENTRICITY_2) / denominator.powf(1.5);
    let across = RADIUS_M / denominator.sqrt();
    let micro = 1e-6_f64.to_radians();
    twice_signed(ring).unsigned_abs() as f64 / 2.0 * (meridian * micro) * (across * cosine * micro)
}

#[cfg(test)]
mod tests {
    use super::super::tests::ring;
    use super::*;

    /// The area between two parallels and two meridians in closed form (square metres), for comparison.
    fn band(width_deg: f64, south_deg: f64, north_deg: f64) -> f64 {
        let e = ECCENTRICITY_2.sqrt();
        let minor_2 = RADIUS_M * RADIUS_M * (1.0 - ECCENTRICITY_2);
        let q = |degrees: f64| {
            let sine = degrees.to_radians().sin();
            sine / (1.0 - ECCENTRICITY_2 * sine * sine) + ((1.0 + e * sine) / (1.0 - e * sine)).ln() / (2.0 * e)
        };
        width_deg.to_radians() * minor_2 / 2.0 * (q(north_deg) - q(south_deg))
    }

    #[test]
    fn the_sign_says_which_way_a_ring_runs() {
        let square = [(0, 0), (10, 0), (10, 10), (0, 10)];
        assert_eq!(twice_signed(&ring(&square)), 200);
        let mut back = square;
        back.reverse();
        assert_eq!(twice_signed(&ring(&back)), -200);
        assert_eq!(twice_signed(&ring(&[])), 0);
    }

    #[test]
    fn the_greatest_ring_overflows_nothing() {
        let (lon, lat) = (180_000_000, 90_000_000);
        let world = ring(&[(-lon, -lat), (lon, -lat), (lon, lat), (-lon, lat)]);
        assert_eq!(twice_signed(&world), 2 * 360_000_000 * 180_000_000);
    }

    #[test]
    fn an_area_is_that_of_the_ellipsoid() {
        for (south, side) in [(0.0, 0.01), (6.0, 0.01), (8.25, 0.002), (14.9, 0.1)] {
            let micro = |degrees: f64| (degrees * 1e6).round() as i64;
            let (west, south_micro, side_micro) = (38_000_000, micro(south), micro(side));
            let square = ring(&[
                (west, south_micro),
                (west + side_micro, south_micro),
                (west + side_micro, south_micro + side_micro),
                (west, south_micro + side_micro),
            ]);
            let found: f64 = hectares([&square]).to_string().parse().unwrap();
            let expected = band(side, south, south + side) / HECTARE_M2;
            assert!((found / expected - 1.0).abs() < 2e-6, "{south}: {found} and {expected}");
        }
    }

    #[test]
    fn a_field_of_two_hundred_metres_is_four_hectares() {
        // 200 m at 7 degrees north: 0.001809 degrees of latitude, 0.001810 of longitude.
        let (lon, lat) = (38_000_000, 7_000_000);
        let field = ring(&[(lon, lat), (lon + 1_810, lat), (lon + 1_810, lat + 1_809), (lon, lat + 1_809)]);
        let found = hectares([&field]);
        assert!((found - Decimal::from(4)).abs() < Decimal::new(2, 2), "{found}");
        assert!((hectares([&field, &field]) - found * Decimal::TWO).abs() <= Decimal::new(1, 4));
    }
}
