//! Plots drawn to scale: what an SVG of them is made of. Pure.
//!
//! Longitudes are shortened as they are at the middle latitude, so that a field looks as it does on the ground. What is
//! smaller than half a pixel is left out of a line; the file that is exported has all of it.

use super::geometry::{Bounds, Geometry, Position, Ring};

/// The drawing's width, in its own units, and its greatest height.
const WIDTH: f64 = 800.0;
const MOST_HEIGHT: f64 = 600.0;
const LEAST_HEIGHT: f64 = 300.0;
/// Around the drawing: for the numbers of the grid, and the scale bar.
const MARGIN: f64 = 56.0;
/// The least that is shown, in millionths of a degree: some 50 metres, so that a point has surroundings.
const LEAST_SPAN: f64 = 500.0;
/// Room around the plots, as a part of their extent.
const AIR: f64 = 0.08;
/// Kilometres in a degree of latitude.
const KM_PER_DEGREE: f64 = 111.32;
/// More names than this hide the plots.
const MOST_LABELS: usize = 40;

/// Plots on a map.
#[derive(Debug, Clone, PartialEq)]
pub struct PlotMap {
    /// `0 0 800 480`.
    pub view_box: String,
    /// The frame: x, y, width and height.
    pub frame: (String, String, String, String),
    /// Its right edge.
    pub right: String,
    /// Its lower edge.
    pub bottom: String,
    /// The plots.
    pub shapes: Vec<MapShape>,
    /// Meridians.
    pub meridians: Vec<GridLine>,
    /// Parallels.
    pub parallels: Vec<GridLine>,
    /// The scale bar.
    pub scale: ScaleBar,
}

/// A plot on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct MapShape {
    /// Its number.
    pub label: String,
    /// Where the number stands; none where there are too many plots for names.
    pub label_at: Option<(String, String)>,
    /// Its outlines as the `d` of a path; empty when it has none.
    pub path: String,
    /// Its points.
    pub points: Vec<(String, String)>,
}

/// A line of the grid.
#[derive(Debug, Clone, PartialEq)]
pub struct GridLine {
    /// x of a meridian, y of a parallel.
    pub at: String,
    /// `38.42°`.
    pub label: String,
}

/// How long a distance is on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaleBar {
    /// Where it begins.
    pub x: String,
    /// Where it ends.
    pub end: String,
    /// Where its number stands.
    pub middle: String,
    /// At which height.
    pub y: String,
    /// Where its number stands.
    pub label_y: String,
    /// `200 m`.
    pub label: String,
}

/// A map of `plots`, each with its number; `None` when there is nothing to draw.
#[must_use]
pub fn draw<'p>(plots: &[(&'p str, &'p Geometry)]) -> Option<PlotMap> {
    let bounds = plots.iter().filter_map(|(_, geometry)| geometry.bounds()).reduce(Bounds::with)?;
    let view = View::of(bounds);
    let with_labels = plots.len() <= MOST_LABELS;
    let shapes = plots
        .iter()
        .map(|(label, geometry)| {
            let mut path = String::new();
            for ring in geometry.rings() {
                view.trace(ring, &mut path);
            }
            let points: Vec<(String, String)> = if geometry.has_outline() {
                Vec::new()
            } else {
                geometry.positions().map(|place| pair(view.at(*place))).collect()
            };
            let label_at = geometry.bounds().filter(|_| with_labels).map(|bounds| {
                let (x, y) = view.middle(bounds);
                pair((x, if points.is_empty() { y } else { y - 8.0 }))
            });
            MapShape { label: (*label).to_owned(), label_at, path, points }
        })
        .collect();
    Some(PlotMap {
        view_box: format!("0 0 {} {}", number(WIDTH), number(view.height)),
        frame: (number(MARGIN), number(MARGIN / 2.0), number(WIDTH - MARGIN * 1.5), number(view.height - MARGIN * 1.5)),
        right: number(WIDTH - MARGIN / 2.0),
        bottom: number(view.height - MARGIN),
        shapes,
        meridians: view.meridians(),
        parallels: view.parallels(),
        scale: view.scale(),
    })
}

/// What is seen, and how large.
struct View {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
    /// Pixels of a millionth of a degree of longitude and latitude.
    across: f64,
    up: f64,
    height: f64,
}

impl View {
    fn of(bounds: Bounds) -> Self {
        let middle = |low: i32, high: i32| (f64::from(low) + f64::from(high)) / 2.0;
        let (lon, lat) = (middle(bounds.west, bounds.east), middle(bounds.south, bounds.north));
        // At the pole a degree of longitude has no length; no coffee grows there.
        let shortened = (lat / 1e6).to_radians().cos().max(0.05);
        let span = |low: i32, high: i32, least: f64| (f64::from(high) - f64::from(low)).max(least) * (1.0 + 2.0 * AIR);
        let wide = span(bounds.west, bounds.east, LEAST_SPAN / shortened);
        let high = span(bounds.south, bounds.north, LEAST_SPAN);
        let room = (WIDTH - MARGIN * 1.5, MOST_HEIGHT - MARGIN * 1.5);
        let up = (room.0 / (wide * shortened)).min(room.1 / high);
        let height = (high * up + MARGIN * 1.5).clamp(LEAST_HEIGHT, MOST_HEIGHT);
        let across = up * shortened;
        let (half_width, half_height) = (room.0 / across / 2.0, (height - MARGIN * 1.5) / up / 2.0);
        Self {
            west: lon - half_width,
            east: lon + half_width,
            south: lat - half_height,
            north: lat + half_height,
            across,
            up,
            height,
        }
    }

    fn x(&self, lon: f64) -> f64 {
        MARGIN + (lon - self.west) * self.across
    }

    fn y(&self, lat: f64) -> f64 {
        MARGIN / 2.0 + (self.north - lat) * self.up
    }

    fn at(&self, place: Position) -> (f64, f64) {
        (self.x(place.lon().into()), self.y(place.lat().into()))
    }

    fn middle(&self, bounds: Bounds) -> (f64, f64) {
        let middle = |low: i32, high: i32| (f64::from(low) + f64::from(high)) / 2.0;
        (self.x(middle(bounds.west, bounds.east)), self.y(middle(bounds.south, bounds.north)))
    }

    fn trace(&self, ring: &Ring, path: &mut String) {
        let mut last: Option<(f64, f64)> = None;
        for place in ring.positions() {
            let (x, y) = self.at(*place);
            if let Some((last_x, last_y)) = last
                && (x - last_x).abs() < 0.5
                && (y - last_y).abs() < 0.5
            {
                continue;
            }
            path.push(if last.is_none() { 'M' } else { 'L' });
            path.push_str(&number(x));
            path.push(' ');
            path.push_str(&number(y));
            last = Some((x, y));
        }
        path.push('Z');
    }

    fn meridians(&self) -> Vec<GridLine> {
        let step = grid_step((self.east - self.west) / 5.0);
        lines(self.west, self.east, step)
            .map(|lon| GridLine { at: number(self.x(lon)), label: degrees(lon, step) })
            .collect()
    }

    fn parallels(&self) -> Vec<GridLine> {
        let step = grid_step((self.north - self.south) / 4.0);
        lines(self.south, self.north, step)
            .map(|lat| GridLine { at: number(self.y(lat)), label: degrees(lat, step) })
            .collect()
    }

    fn scale(&self) -> ScaleBar {
        let metres_per_pixel = KM_PER_DEGREE * 1_000.0 / 1e6 / self.up;
        let metres = round_length(150.0 * metres_per_pixel);
        let (x, y) = (MARGIN, self.height - 8.0);
        let end = x + metres / metres_per_pixel;
        ScaleBar {
            x: number(x),
            end: number(end),
            middle: number((x + end) / 2.0),
            y: number(y),
            label_y: number(y - 4.0),
            label: if metres < 1_000.0 {
                format!("{} m", number(metres))
            } else {
                format!("{} km", number(metres / 1_000.0))
            },
        }
    }
}

/// The longest of 1, 2 and 5 times a power of ten that is not longer than `most`.
fn round_length(most: f64) -> f64 {
    let power = 10_f64.powf(most.max(1e-3).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|factor| factor * power).find(|length| *length <= most).unwrap_or(power)
}

/// A step of the grid in millionths of a degree, not smaller than one.
fn grid_step(about: f64) -> f64 {
    round_length(about.max(1.0)).max(1.0)
}

fn lines(from: f64, to: f64, step: f64) -> impl Iterator<Item = f64> {
    let first = (from / step).ceil();
    (0..12_i32).map(move |n| (first + f64::from(n)) * step).take_while(move |at| *at <= to)
}

/// Millionths as degrees, with as many decimals as tell the lines of the grid apart.
fn degrees(micro: f64, step: f64) -> String {
    let decimals = (6.0 - step.log10().floor()).clamp(0.0, 6.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 6")]
    let decimals = decimals as usize;
    format!("{:.decimals$}°", micro / 1e6)
}

/// A coordinate of the drawing: a tenth of a pixel is enough.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let short = text.strip_suffix(".0").unwrap_or(&text);
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

fn pair((x, y): (f64, f64)) -> (String, String) {
    (number(x), number(y))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::geometry::tests::{position, ring, star};
    use super::*;

    fn numbers(text: &str) -> Vec<f64> {
        text.split(['M', 'L', 'Z', ' ']).filter(|part| !part.is_empty()).map(|part| part.parse().unwrap()).collect()
    }

    #[test]
    fn a_square_field_is_drawn_square_with_its_grid_and_scale() {
        // 221 metres each way at 6.6 degrees north.
        let field = Geometry::Polygon(ring(&[
            (38_400_000, 6_600_000),
            (38_402_000, 6_600_000),
            (38_402_000, 6_602_000),
            (38_400_000, 6_602_000),
        ]));
        let map = draw(&[("PLOT-000001", &field)]).unwrap();
        let at = numbers(&map.shapes[0].path);
        assert_eq!(at.len(), 8);
        let (width, height) = (at[2] - at[0], at[1] - at[5]);
        assert!((width / height - 6.601_f64.to_radians().cos()).abs() < 0.01, "{width} by {height}");
        assert_eq!(map.scale.label, "50 m");
        let pixels: f64 = map.scale.end.parse::<f64>().unwrap() - map.scale.x.parse::<f64>().unwrap();
        assert!((pixels / height - 50.0 / 222.6).abs() < 0.01, "{pixels} of {height}");
        let labels: Vec<&str> = map.parallels.iter().map(|line| line.label.as_str()).collect();
        assert_eq!(labels, ["6.6000°", "6.6005°", "6.6010°", "6.6015°", "6.6020°"]);
        assert_eq!(map.shapes[0].label_at.as_ref().unwrap().0.parse::<f64>().unwrap(), (at[0] + at[2]) / 2.0);
    }

    #[test]
    fn a_point_has_surroundings_and_nothing_has_none() {
        let point = Geometry::Point(position((38_400_001, 6_600_001)));
        let map = draw(&[("A-1", &point)]).unwrap();
        assert_eq!((map.shapes[0].points.len(), map.shapes[0].path.as_str()), (1, ""));
        assert_eq!(map.scale.label, "10 m");
        assert!(draw(&[]).is_none());
    }

    #[test]
    fn many_plots_have_no_names_and_a_long_line_is_shortened() {
        let point = Geometry::Point(position((38_400_001, 6_600_001)));
        let many = vec![("A-1", &point); MOST_LABELS + 1];
        assert!(draw(&many).unwrap().shapes.iter().all(|shape| shape.label_at.is_none()));
        let outline = Geometry::Polygon(ring(&star(20_000, 5)));
        let corners = numbers(&draw(&[("A-1", &outline)]).unwrap().shapes[0].path).len() / 2;
        assert!((3..20_000).contains(&corners), "{corners}");
    }

    proptest! {
        /// Wherever the plots lie, everything is inside the drawing.
        #[test]
        fn everything_is_inside_the_frame(
            places in proptest::collection::vec((-180_000_000_i64..=180_000_000, -90_000_000_i64..=90_000_000), 1..8)
        ) {
            let geometry = Geometry::MultiPoint(places.into_iter().map(position).collect());
            let map = draw(&[("A-1", &geometry)]).unwrap();
            let height: f64 = map.view_box.rsplit(' ').next().unwrap().parse().unwrap();
            for (x, y) in &map.shapes[0].points {
                let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
                prop_assert!((MARGIN - 0.1..=WIDTH).contains(&x) && (MARGIN / 2.0 - 0.1..=height).contains(&y), "{} {}", x, y);
            }
            prop_assert!(map.meridians.len() <= 12 && map.parallels.len() <= 12);
            prop_assert!(map.scale.end.parse::<f64>().unwrap() <= WIDTH);
        }
    }
}
