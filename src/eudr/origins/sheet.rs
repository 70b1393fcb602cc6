//! What the exporter gives a buyer for the due diligence statement: the file of the plots, and the fields of the statement as
//! far as they are the exporter's to know (domain 4.7). The rest is the buyer's and stands there empty. Pure.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;
use serde_json::value::RawValue;

use super::model::{Consignment, Origin, Share};
use super::rules::in_file;
use crate::eudr::geojson::collection;

/// Coffee, whether or not roasted: the heading of the Harmonized System that annex I of the regulation names.
pub const HEADING: &str = "0901";
/// The plant of Ethiopian coffee.
pub const SPECIES: &str = "Coffea arabica";
const COMMON_NAME: &str = "Coffee";

/// The fields of a due diligence statement, spelt as the EU's interface spells them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sheet<'a> {
    /// The buyer is the operator.
    operator_role: &'static str,
    internal_reference_number: &'a str,
    activity_type: &'static str,
    country_of_activity: &'a str,
    border_cross_country: &'a str,
    comment: String,
    commodities: [Commodity<'a>; 1],
    /// The buyer's to say.
    geo_location_confidential: Option<bool>,
    /// The buyer's to say.
    grouped_declarations: Option<Vec<String>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Commodity<'a> {
    hs_heading: &'static str,
    description_of_goods: String,
    /// Kilograms, as a number is written.
    net_weight: Option<Box<RawValue>>,
    /// Coffee has none.
    supplementary_unit: Option<String>,
    scientific_name: &'static str,
    common_name: &'static str,
    producers: Vec<Producer<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Producer<'a> {
    country: &'a str,
    name: &'a str,
    /// A `FeatureCollection` of the producer's plots, in base 64.
    geometry_geojson: String,
}

/// The file of the plots: each once, in the EU's format.
#[must_use]
pub fn plots(origins: &[Origin]) -> String {
    collection(in_file(origins).into_iter().map(Share::written))
}

/// The fields of the statement about `consignment`, whose coffee grew at `origins`.
#[must_use]
pub fn sheet<'a>(consignment: &'a Consignment, origins: &'a [Origin]) -> Sheet<'a> {
    let mut producers: BTreeMap<(&str, &str), Vec<&Share>> = BTreeMap::new();
    for share in in_file(origins) {
        producers.entry((&share.producer_country, &share.producer_name)).or_default().push(share);
    }
    let producer = |((country, name), shares): ((_, _), Vec<&'a Share>)| Producer {
        country,
        name,
        geometry_geojson: BASE64_STANDARD.encode(collection(shares.into_iter().map(Share::written))),
    };
    Sheet {
        operator_role: "OPERATOR",
        internal_reference_number: &consignment.number,
        activity_type: "IMPORT",
        country_of_activity: &consignment.destination,
        border_cross_country: &consignment.border_country,
        comment: format!("{}, {}", consignment.exporter_name, consignment.number),
        commodities: [Commodity {
            hs_heading: HEADING,
            description_of_goods: goods(consignment),
            net_weight: RawValue::from_string(consignment.quantity.normalize().to_string()).ok(),
            supplementary_unit: None,
            scientific_name: SPECIES,
            common_name: COMMON_NAME,
            producers: producers.into_iter().map(producer).collect(),
        }],
        geo_location_confidential: None,
        grouped_declarations: None,
    }
}

/// `Green coffee, Sidama, washed`.
#[must_use]
pub fn goods(consignment: &Consignment) -> String {
    format!("Green coffee, {}, {}", consignment.coffee_type, consignment.processing_method.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::dec;
    use crate::eudr::geojson::read;
    use crate::eudr::origins::rules::samples::{consignment, origin, share};

    fn origins() -> Vec<Origin> {
        let mut twice = share("A-2", Some(dec!(40)));
        twice.producer_name = "Tigist \"Tigi\" Bekele".to_owned();
        let one = share("A-1", None);
        let moved = Share { number: "A-3".to_owned(), plot: crate::ids::PlotId::new(), ..one.clone() };
        vec![origin("L-1", vec![one, twice.clone()]), origin("L-2", vec![twice, moved])]
    }

    #[test]
    fn the_file_has_each_place_once_and_is_one_that_the_product_takes_itself() {
        let text = plots(&origins());
        let reading = read(text.as_bytes(), &|code| code == "ET");
        assert!(reading.faults.is_empty(), "{:?}", reading.faults);
        let names: Vec<_> = reading.features.iter().map(|feature| feature.plot.producer_name.as_str()).collect();
        assert_eq!(names, ["Abebe Dukamo", "Tigist \"Tigi\" Bekele"]);
        assert!(reading.features.iter().all(|feature| feature.notes.is_empty()), "{:?}", reading.features);
        assert_eq!(reading.features[0].plot.area, dec!(1.5));
        let value: Value = serde_json::from_str(&text).unwrap();
        let properties = value["features"][0]["properties"].as_object().unwrap();
        let keys: Vec<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(
            keys,
            ["Area", "ProducerCountry", "ProducerName", "ProductionPlace"],
            "nothing that is not asked for"
        );
        assert!(text.contains("[38.400001,6.600001]"), "six decimals: {text}");
    }

    #[test]
    fn the_fields_of_the_statement_are_the_exporters_to_know_and_no_more() {
        let (consignment, origins) = (consignment(), origins());
        let value = serde_json::to_value(sheet(&consignment, &origins)).unwrap();
        assert_eq!(value["internalReferenceNumber"], consignment.number);
        assert_eq!((&value["activityType"], &value["countryOfActivity"]), (&"IMPORT".into(), &"DE".into()));
        assert_eq!(value["geoLocationConfidential"], Value::Null, "the buyer's to say");
        let coffee = &value["commodities"][0];
        assert_eq!((&coffee["hsHeading"], &coffee["netWeight"]), (&"0901".into(), &600.into()));
        assert_eq!(coffee["descriptionOfGoods"], "Green coffee, Sidama, washed");
        let producers = coffee["producers"].as_array().unwrap();
        assert_eq!(producers.len(), 2);
        let file = BASE64_STANDARD.decode(producers[0]["geometryGeojson"].as_str().unwrap()).unwrap();
        let reading = read(&file, &|code| code == "ET");
        assert_eq!((reading.features.len(), reading.faults.total), (1, 0));
        assert_eq!(producers[0]["name"], reading.features[0].plot.producer_name);
    }
}
