//! Files that are taken, files that are not, and files that are nothing.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::eudr::geometry::tests::star;

fn is_country(code: &str) -> bool {
    ["ET", "KE"].contains(&code)
}

fn file(features: &str) -> Reading {
    read(format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}").as_bytes(), &is_country)
}

const PROPERTIES: &str =
    r#""ProducerName":"Abebe Kebede","ProducerCountry":"ET","ProductionPlace":"Aleta Wendo, Sidama""#;

fn feature_with(properties: &str, geometry: &str) -> String {
    format!(r#"{{"type":"Feature","properties":{{{properties}}},"geometry":{geometry}}}"#)
}

fn feature(geometry: &str) -> String {
    feature_with(PROPERTIES, geometry)
}

fn geometry(kind: &str, coordinates: &str) -> String {
    format!(r#"{{"type":"{kind}","coordinates":{coordinates}}}"#)
}

const SQUARE: &str =
    "[[38.400001,6.600001],[38.402001,6.600001],[38.402001,6.602001],[38.400001,6.602001],[38.400001,6.600001]]";

/// The faults as place, coordinates and sentence.
fn faults(features: &str) -> Vec<(String, Option<String>, FaultKind)> {
    let place = |place: Place| {
        let words = place
            .words()
            .into_iter()
            .map(|(word, number)| format!("{} {number}", word.trim_start_matches("plots-place-")));
        words.collect::<Vec<_>>().join(", ")
    };
    let read = file(features);
    read.faults
        .named
        .into_iter()
        .map(|fault| (place(fault.place), fault.at.map(|at| at.to_string()), fault.kind))
        .collect()
}

fn one_fault(features: &str) -> (String, Option<String>, FaultKind) {
    let mut found = faults(features);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn polygon_fault(ring: &str) -> (String, Option<String>, FaultKind) {
    one_fault(&feature(&geometry("Polygon", &format!("[{ring}]"))))
}

#[test]
fn each_kind_of_geometry_is_taken() {
    let read = file(
        &[
            feature_with(&format!("{PROPERTIES},\"Area\":2.5"), &geometry("Point", "[38.400001,6.600001]")),
            feature(&geometry("MultiPoint", "[[38.500001,6.600001],[38.500101,6.600101]]")),
            feature(&geometry("Polygon", &format!("[{SQUARE}]"))),
            feature(&geometry("MultiPolygon", &format!("[[{SQUARE}],[{}]]", SQUARE.replace("38.4", "38.5")))),
        ]
        .join(","),
    );
    assert_eq!(read.faults, Faults::default());
    let kinds: Vec<&str> = read.features.iter().map(|feature| feature.plot.geometry.kind()).collect();
    assert_eq!(kinds, ["Point", "MultiPoint", "Polygon", "MultiPolygon"]);
    let areas: Vec<String> = read.features.iter().map(|feature| feature.plot.area.to_string()).collect();
    assert_eq!(areas, ["2.5", "4", "4.8919", "9.7837"]);
    assert_eq!(read.features[1].notes, [Note::AreaAssumed]);
    let first = &read.features[0].plot;
    assert_eq!((first.producer_name.as_str(), first.producer_country.as_str()), ("Abebe Kebede", "ET"));
    assert_eq!(first.production_place, "Aleta Wendo, Sidama");
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    let read = file(
        &[
            feature_with(&format!("{PROPERTIES},\"Area\":0.75"), &geometry("Point", "[38.4000010,6.600001]")),
            feature(&geometry("MultiPolygon", &format!("[[{SQUARE}],[{}]]", SQUARE.replace("38.4", "-8.5")))),
        ]
        .join(","),
    );
    let texts: Vec<String> = read.features.iter().map(|feature| geometry_text(&feature.plot.geometry)).collect();
    let written = collection(read.features.iter().zip(&texts).map(|(feature, geometry)| Written {
        producer_name: &feature.plot.producer_name,
        producer_country: &feature.plot.producer_country,
        production_place: &feature.plot.production_place,
        area: feature.plot.area,
        geometry,
    }));
    let again = super::read(written.as_bytes(), &is_country);
    assert_eq!(again.faults, Faults::default(), "{written}");
    let plots = |reading: &Reading| reading.features.iter().map(|f| f.plot.clone()).collect::<Vec<_>>();
    assert_eq!(plots(&again), plots(&read));
    for (text, feature) in texts.iter().zip(&read.features) {
        assert_eq!(read_geometry(text).unwrap().0, feature.plot.geometry);
    }
    // As strict a reader as any: it is JSON, with the names as the format has them and nothing else.
    let value: serde_json::Value = serde_json::from_str(&written).unwrap();
    let properties = value["features"][0]["properties"].as_object().unwrap();
    assert_eq!(properties.keys().collect::<Vec<_>>(), ["Area", "ProducerCountry", "ProducerName", "ProductionPlace"]);
    assert!(written.contains("\"Area\":0.75") && written.contains("[38.400001,6.600001]"), "{written}");
}

#[test]
fn a_file_that_is_something_else_says_what_it_lacks() {
    let whole = |text: &[u8]| {
        let read = read(text, &is_country);
        assert_eq!((read.features.len(), read.faults.total), (0, 1));
        read.faults.named[0].kind.clone()
    };
    assert_eq!(whole(b""), FaultKind::NotJson { line: 1, column: 0 });
    assert_eq!(whole(b"{\n  \"type\": }"), FaultKind::NotJson { line: 2, column: 11 });
    assert_eq!(whole(b"{}\xff"), FaultKind::NotText { byte: 3 });
    assert_eq!(whole(b"[]"), FaultKind::NotACollection);
    assert_eq!(whole(br#"{"type":"FeatureCollection"}"#), FaultKind::NotACollection);
    assert_eq!(whole(br#"{"type":"FeatureCollection","features":{}}"#), FaultKind::NotACollection);
    assert_eq!(whole(br#"{"type":"FeatureCollection","features":[]}"#), FaultKind::NoFeature);
    assert_eq!(
        whole(br#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::20137"}},"features":[]}"#),
        FaultKind::OtherReferenceSystem
    );
    let many = format!(r#"{{"type":"FeatureCollection","features":[{}1]}}"#, "1,".repeat(MOST_FEATURES));
    assert_eq!(whole(many.as_bytes()), FaultKind::TooManyFeatures { most: MOST_FEATURES });
    let named = format!(
        "\u{FEFF}{{\"type\":\"FeatureCollection\",\"crs\":{{\"properties\":{{\"name\":\"urn:ogc:def:crs:OGC:1.3:CRS84\"}}}},\
         \"features\":[{}]}}",
        feature(&geometry("Point", "[38.400001,6.600001]"))
    );
    assert_eq!(read(named.as_bytes(), &is_country).features.len(), 1);
}

#[test]
fn properties_are_spelt_as_the_format_spells_them() {
    let point = geometry("Point", "[38.400001,6.600001]");
    let found = faults(&feature_with(r#""producername":"A","Producer_Country":"ET","Area":2"#, &point));
    assert_eq!(
        found.into_iter().map(|fault| fault.2).collect::<Vec<_>>(),
        [
            FaultKind::PropertyCase { name: "ProducerName", found: "producername".to_owned() },
            FaultKind::PropertyCase { name: "ProducerCountry", found: "Producer_Country".to_owned() },
            FaultKind::NoProperty { name: "ProductionPlace" },
        ]
    );
    for (properties, kind) in [
        (PROPERTIES.replace("\"ET\"", "\"XX\""), FaultKind::UnknownCountry { found: "\"XX\"".to_owned() }),
        (PROPERTIES.replace("\"ET\"", "251"), FaultKind::UnknownCountry { found: "251".to_owned() }),
        (PROPERTIES.replace("\"Abebe Kebede\"", "\"  \""), FaultKind::NotAName { name: "ProducerName", most: 200 }),
        (PROPERTIES.replace("Abebe", "Abebe\\u0000"), FaultKind::NotAName { name: "ProducerName", most: 200 }),
        (format!("{PROPERTIES},\"Area\":\"2\""), FaultKind::NotAnArea { most: MOST_BY_OUTLINE }),
        (format!("{PROPERTIES},\"Area\":0"), FaultKind::NotAnArea { most: MOST_BY_OUTLINE }),
        (format!("{PROPERTIES},\"Area\":-1"), FaultKind::NotAnArea { most: MOST_BY_OUTLINE }),
        (format!("{PROPERTIES},\"Area\":1e300"), FaultKind::NotAnArea { most: MOST_BY_OUTLINE }),
        (format!("{PROPERTIES},\"PlotId\":\"PLOT-7\""), FaultKind::NotAPlotNumber),
        (format!("{PROPERTIES},\"PlotId\":\"a b\""), FaultKind::NotAPlotNumber),
    ] {
        assert_eq!(one_fault(&feature_with(&properties, &point)).2, kind, "{properties}");
    }
    let read = file(&feature_with(&format!("{PROPERTIES},\"PlotId\":17"), &point));
    assert_eq!(read.features[0].plot.number.as_deref(), Some("17"));
}

#[test]
fn a_point_stands_for_four_hectares_at_most() {
    let point = geometry("Point", "[38.400001,6.600001]");
    let area = |area: &str| feature_with(&format!("{PROPERTIES},\"Area\":{area}"), &point);
    assert_eq!(file(&area("4")).features[0].plot.area, MOST_BY_POINT);
    assert_eq!(file(&area("4.00001")).features[0].plot.area, MOST_BY_POINT);
    assert_eq!(one_fault(&area("4.0001")).2, FaultKind::PointTooLarge { area: Decimal::new(40_001, 4) });
}

#[test]
fn the_area_is_that_of_the_outline() {
    let square = geometry("Polygon", &format!("[{SQUARE}]"));
    let stated = |area: &str| file(&feature_with(&format!("{PROPERTIES},\"Area\":{area}"), &square)).features.remove(0);
    assert_eq!((stated("4.9").notes.len(), stated("4.9").plot.area.to_string()), (0, "4.8919".to_owned()));
    let differs = Note::AreaDiffers { stated: Decimal::from(6), measured: Decimal::new(48_919, 4) };
    assert_eq!(stated("6").notes, [differs]);
    let world = "[[-170.000001,-80.000001],[170.000001,-80.000001],[170.000001,80.000001],[-170.000001,-80.000001]]";
    assert!(matches!(polygon_fault(world).2, FaultKind::OutlineTooLarge { .. }));
    let speck = "[[38.400001,6.600001],[38.400002,6.600001],[38.400002,6.600002],[38.400001,6.600001]]";
    assert_eq!(polygon_fault(speck).2, FaultKind::NoArea);
}

#[test]
fn each_fault_of_a_geometry_is_named_with_its_place() {
    assert_eq!(
        one_fault(&feature(&geometry("LineString", "[]"))).2,
        FaultKind::OtherGeometry { found: "LineString".to_owned() }
    );
    assert_eq!(one_fault(&feature("null")).2, FaultKind::NoGeometry);
    assert_eq!(one_fault(&feature(&geometry("Polygon", "[]"))).2, FaultKind::NoPosition);
    assert_eq!(one_fault(&feature(r#"{"type":"Point"}"#)).2, FaultKind::NoPosition);
    let at = |ring: &str| {
        let (place, at, kind) = polygon_fault(ring);
        (place, at.unwrap_or_default(), kind)
    };
    let ring = |number: usize| format!("feature 1, ring 1, position {number}");
    assert_eq!(
        at(&SQUARE.replace("[38.402001,6.602001]", "[38.402001,\"6.602001\"]")),
        (ring(3), String::new(), FaultKind::NotANumber { found: "\"6.602001\"".to_owned() })
    );
    assert_eq!(
        at(&SQUARE.replace("[38.402001,6.602001]", "[38.402001]")),
        (ring(3), String::new(), FaultKind::NotCoordinates { found: "[38.402001]".to_owned() })
    );
    assert_eq!(
        at(&SQUARE.replace("[38.402001,6.602001]", "[38.402001,96.602001]")),
        (
            ring(3),
            String::new(),
            FaultKind::OutOfRange { axis: crate::eudr::geometry::Axis::Latitude, found: "96.602001".to_owned() }
        )
    );
    assert_eq!(
        at("[[38.400001,6.600001],[38.402001,6.600001],[38.402001,6.602001],[38.400001,6.602001]]"),
        (
            ring(4),
            "[38.400001,6.602001]".to_owned(),
            FaultKind::NotClosed { first: Position::new(38_400_001, 6_600_001).unwrap() }
        )
    );
    assert_eq!(
        at("[[38.400001,6.600001],[38.402001,6.600001],[38.400001,6.600001]]"),
        ("feature 1, ring 1".to_owned(), String::new(), FaultKind::TooFewPositions { count: 3 })
    );
    // After rounding the second and third are the same place.
    assert_eq!(
        at(
            "[[38.400001,6.600001],[38.402001,6.600001],[38.4020014,6.6000012],[38.402001,6.602001],[38.400001,6.600001]]"
        ),
        (ring(3), "[38.402001,6.600001]".to_owned(), FaultKind::Repeated { before: 2 })
    );
    // Second and third have changed places.
    assert_eq!(
        at(
            "[[38.400001,6.600001],[38.402001,6.602001],[38.402001,6.600001],[38.400001,6.602001],[38.400001,6.600001]]"
        ),
        (
            "feature 1, ring 1".to_owned(),
            "[38.401001,6.601001]".to_owned(),
            FaultKind::SelfCrossing { first: 1, second: 3 }
        )
    );
    let hole =
        format!("{SQUARE},[[38.401001,6.601001],[38.401501,6.601001],[38.401501,6.601501],[38.401001,6.601001]]");
    assert_eq!(
        one_fault(&feature(&geometry("Polygon", &format!("[{hole}]")))),
        ("feature 1, ring 2".to_owned(), None, FaultKind::Hole)
    );
}

#[test]
fn polygons_of_one_plot_are_apart() {
    let across =
        "[[38.401001,6.601001],[38.403001,6.601001],[38.403001,6.601501],[38.401001,6.601501],[38.401001,6.601001]]";
    let (place, at, kind) = faults(&feature(&geometry("MultiPolygon", &format!("[[{SQUARE}],[{across}]]")))).remove(0);
    assert!(place.starts_with("feature 1, part 2, ring 1, position") && at.is_some(), "{place} {at:?}");
    assert_eq!(kind, FaultKind::PartsMeet { other: 1 });
    let inside = "[[38.401001,6.601001],[38.401501,6.601001],[38.401501,6.601501],[38.401001,6.601001]]";
    assert_eq!(
        one_fault(&feature(&geometry("MultiPolygon", &format!("[[{SQUARE}],[{inside}]]")))),
        ("feature 1, part 2".to_owned(), None, FaultKind::PartInside { other: 1 })
    );
    let (place, _, kind) = one_fault(&feature(&geometry("MultiPolygon", &format!("[[{SQUARE}],[[]]]"))));
    assert_eq!((place.as_str(), kind), ("feature 1, part 2, ring 1", FaultKind::NoPosition));
}

#[test]
fn six_decimals_are_asked_for_and_zeros_at_the_end_may_be_dropped() {
    let point = |coordinates: &str| feature(&geometry("Point", coordinates));
    assert_eq!(file(&point("[38.400000,6.6]")).faults, Faults::default());
    assert_eq!(
        one_fault(&point("[38.40001,6.6]")),
        ("feature 1".to_owned(), Some("[38.400010,6.600000]".to_owned()), FaultKind::TooCoarse { decimals: 5 })
    );
    // A program drops the zeros of some numbers of a ring, never those of all.
    let dropped = SQUARE.replace("38.402001,6.602001", "38.402,6.6021");
    assert_eq!(file(&feature(&geometry("Polygon", &format!("[{dropped}]")))).faults, Faults::default());
    assert_eq!(
        polygon_fault(&SQUARE.replace("001", "01")),
        ("feature 1, ring 1".to_owned(), None, FaultKind::TooCoarse { decimals: 5 })
    );
    assert_eq!(
        polygon_fault(&SQUARE.replace("38.402001,6.602001", "38.402,6.602")),
        (
            "feature 1, ring 1, position 3".to_owned(),
            Some("[38.402000,6.602000]".to_owned()),
            FaultKind::TooCoarse { decimals: 3 }
        )
    );
    let multi = feature(&geometry("MultiPoint", "[[38.400001,6.600001],[38.4,6.6]]"));
    assert_eq!(one_fault(&multi).0, "feature 1, part 2");
}

#[test]
fn what_is_changed_on_the_way_is_said() {
    let notes = |coordinates: &str| {
        let area = format!("{PROPERTIES},\"Area\":1");
        file(&feature_with(&area, &geometry("Point", coordinates))).features.remove(0).notes
    };
    assert_eq!(notes("[38.4000011,6.6000019]"), [Note::Rounded { count: 2 }]);
    assert_eq!(notes("[38.4000010,6.600001,1890.5]"), [Note::HeightsLeftOut]);
    let at = |lon, lat| Position::new(lon, lat).unwrap();
    assert_eq!(notes("[6.600001,38.400001]"), [Note::LooksSwapped { at: at(6_600_001, 38_400_001) }]);
    assert_eq!(notes("[-75.600001,4.400001]"), [Note::OutsideEthiopia { at: at(-75_600_001, 4_400_001) }]);
}

#[test]
fn a_plot_is_in_a_file_once() {
    let numbered = |number: &str, place: &str| {
        feature_with(&format!("{PROPERTIES},\"PlotId\":\"{number}\""), &geometry("Point", place))
    };
    let found = faults(
        &[
            numbered("A-1", "[38.400001,6.600001]"),
            numbered("A-2", "[38.400002,6.600001]"),
            numbered("A-1", "[38.400003,6.600001]"),
            numbered("A-4", "[38.400002,6.600001]"),
        ]
        .join(","),
    );
    assert_eq!(
        found.into_iter().map(|(place, _, kind)| (place, kind)).collect::<Vec<_>>(),
        [
            ("feature 3".to_owned(), FaultKind::NumberTwice { number: "A-1".to_owned(), before: 1 }),
            ("feature 4".to_owned(), FaultKind::GeometryTwice { before: 2 }),
        ]
    );
}

#[test]
fn faults_beyond_what_people_read_are_counted() {
    let ring: String = (0..2_000).map(|_| "[\"x\",1],").collect();
    let read = file(&feature(&geometry("Polygon", &format!("[[{ring}[1,1]]]"))));
    assert_eq!((read.faults.named.len(), read.faults.total), (Faults::MOST, 2_000));
}

/// Ten thousand plots, an outline of ten thousand corners, and one too many.
#[test]
fn large_files_are_read_whole() {
    let outline = |corners: usize| {
        let mut ring = String::new();
        let shape = star(corners, 11);
        for (lon, lat) in shape.iter().chain(&shape[..1]) {
            // Smaller, so that it is no larger than a plot may be.
            let _ = write!(
                ring,
                "[{},{}],",
                degrees(38_000_000 + (lon - 38_500_000) / 100),
                degrees(7_000_000 + (lat - 16_700_000) / 100)
            );
        }
        feature(&geometry("Polygon", &format!("[[{}]]", ring.trim_end_matches(','))))
    };
    let plots: Vec<String> = (0..MOST_FEATURES)
        .map(|n| {
            feature(&geometry(
                "Polygon",
                &format!("[{}]", SQUARE.replace("38.4", &format!("{}.{:03}4", 34 + n / 1_000, n % 1_000))),
            ))
        })
        .collect();
    assert_eq!(file(&outline(10_000)).faults, Faults::default());
    let read = file(&plots.join(","));
    assert_eq!((read.features.len(), read.faults.total), (MOST_FEATURES, 0), "{:?}", read.faults.named.first());
    let too_many: String = (0..=MOST_POSITIONS).map(|n| format!("[38.{n:06},6.600001],")).collect();
    let found = faults(&feature(&geometry("Polygon", &format!("[[{}]]", too_many.trim_end_matches(',')))));
    assert_eq!(found[0].2, FaultKind::TooManyPositions { most: MOST_POSITIONS });
    // Nesting is not followed down.
    let deep = format!("{}{}", "[".repeat(2_000_000), "]".repeat(2_000_000));
    assert!(matches!(one_fault(&feature(&geometry("Polygon", &deep))).2, FaultKind::NotCoordinates { .. }));
}

fn degrees(micro: i64) -> String {
    crate::eudr::geometry::Micro(i32::try_from(micro).unwrap()).to_string()
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, &is_country);
    }

    /// A good file with some bytes changed, taken away or put in: far more often JSON than bytes at random.
    #[test]
    fn no_damage_breaks_the_reader(
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), 0_u8..3, "[\\[\\]{}:,\"0-9eE.a-z-]"), 1..6)
    ) {
        let mut text = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[{},{}]}}",
            feature(&geometry("MultiPolygon", &format!("[[{SQUARE}],[{}]]", SQUARE.replace("38.4", "38.5")))),
            feature(&geometry("Point", "[38.400001,6.600001]")),
        ).into_bytes();
        for (at, act, byte) in edits {
            let (at, byte) = (at.index(text.len()), byte.as_bytes()[0]);
            match act {
                0 => text[at] = byte,
                1 => { text.remove(at); }
                _ => text.insert(at, byte),
            }
        }
        let read = read(&text, &is_country);
        prop_assert!(read.features.len() <= 2);
    }

    /// Coordinates of any numbers: never a panic, and what is taken can be written and read again.
    #[test]
    fn any_numbers_are_read(
        corners in proptest::collection::vec(("-?[0-9]{1,3}(\\.[0-9]{1,8})?", "-?[0-9]{1,2}(\\.[0-9]{1,8})?"), 3..8)
    ) {
        let mut ring: Vec<String> = corners.iter().map(|(x, y)| format!("[{x},{y}]")).collect();
        ring.push(ring[0].clone());
        let read = file(&feature(&geometry("Polygon", &format!("[[{}]]", ring.join(",")))));
        for feature in read.features {
            let text = geometry_text(&feature.plot.geometry);
            prop_assert_eq!(read_geometry(&text).unwrap().0, feature.plot.geometry);
        }
    }
}
