//! The file that a buyer in the European Union attaches to the due diligence statement.

use std::fmt::Write;

use rust_decimal::Decimal;

use crate::eudr::geometry::{Geometry, Position, Ring};

/// A plot as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written<'a> {
    /// Who grows coffee there.
    pub producer_name: &'a str,
    /// ISO 3166 code.
    pub producer_country: &'a str,
    /// What the place is called.
    pub production_place: &'a str,
    /// Hectares.
    pub area: Decimal,
    /// As [`geometry_text`] has it.
    pub geometry: &'a str,
}

/// A `FeatureCollection` of `plots`, in their order: nothing but what the EU's format names.
#[must_use]
pub fn collection<'a>(plots: impl IntoIterator<Item = Written<'a>>) -> String {
    let mut text = String::from("{\"type\":\"FeatureCollection\",\"features\":[");
    for (index, plot) in plots.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\n{{\"type\":\"Feature\",\"properties\":{{\"ProducerName\":{},\"ProducerCountry\":{},\
             \"ProductionPlace\":{},\"Area\":{}}},\"geometry\":{}}}",
            quoted(plot.producer_name),
            quoted(plot.producer_country),
            quoted(plot.production_place),
            plot.area.normalize(),
            plot.geometry,
        );
    }
    text.push_str("\n]}\n");
    text
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The geometry in GeoJSON, each coordinate with six decimals, each ring closed.
#[must_use]
pub fn geometry_text(geometry: &Geometry) -> String {
    let coordinates = match geometry {
        Geometry::Point(place) => place.to_string(),
        Geometry::MultiPoint(places) => list(places.iter()),
        Geometry::Polygon(ring) => format!("[{}]", closed(ring)),
        Geometry::MultiPolygon(rings) => {
            format!("[{}]", rings.iter().map(|ring| format!("[{}]", closed(ring))).collect::<Vec<_>>().join(","))
        }
    };
    format!("{{\"type\":\"{}\",\"coordinates\":{coordinates}}}", geometry.kind())
}

fn closed(ring: &Ring) -> String {
    list(ring.positions().iter().chain(ring.positions().first()))
}

fn list<'p>(places: impl Iterator<Item = &'p Position>) -> String {
    let mut text = String::from("[");
    for (index, place) in places.enumerate() {
        let _ = write!(text, "{}{place}", if index > 0 { "," } else { "" });
    }
    text.push(']');
    text
}
