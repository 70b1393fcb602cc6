//! Plots in words: faults, notes, areas, states. No rule is here.

use rust_decimal::Decimal;

use crate::eudr::faults::{Fault, Note, Place};
use crate::eudr::geometry::{Bounds, Micro};
use crate::i18n::Lang;
use crate::quantities::grouped;
use crate::web::components::{Tag, Tone};

/// Where in a file: `Feature 3, ring 1, position 7`.
#[must_use]
pub fn place(place: Place, lang: Lang) -> String {
    let words: Vec<String> =
        place.words().into_iter().map(|(word, number)| lang.fill(word, [("number", number.to_string())])).collect();
    if words.is_empty() { lang.t("plots-place-file") } else { lang.list(words) }
}

/// What is wrong, as a sentence without its place.
#[must_use]
pub fn fault(fault: &Fault, lang: Lang) -> String {
    lang.fill(fault.kind.text_id(), fault.kind.arguments())
}

/// What is wrong and where, in one line.
#[must_use]
pub fn fault_with_place(found: &Fault, lang: Lang) -> String {
    let at = found.at.map(|at| format!(" {at}")).unwrap_or_default();
    let sentence = fault(found, lang);
    if found.place == Place::default() {
        format!("{sentence}{at}")
    } else {
        format!("{}{at}: {sentence}", place(found.place, lang))
    }
}

/// What to know about a plot that is taken as it is.
#[must_use]
pub fn note(note: &Note, lang: Lang) -> String {
    lang.fill(note.text_id(), note.arguments())
}

/// `4.8919 ha`.
#[must_use]
pub fn hectares(area: Decimal) -> String {
    format!("{} ha", grouped(area))
}

/// What a plot is given by, and how many places it has: `Polygon, 12 positions`.
#[must_use]
pub fn shape(kind: &str, positions: i32, lang: Lang) -> String {
    lang.t_args("plots-shape", &[("kind", lang.name_of("plot-geometry", kind).into()), ("positions", positions.into())])
}

/// Its rectangle: `38.400001 to 38.402001 E, 6.600001 to 6.602001 N`.
#[must_use]
pub fn bounds(bounds: Bounds, lang: Lang) -> String {
    lang.fill(
        "plots-bounds",
        [
            ("west", Micro(bounds.west).to_string()),
            ("east", Micro(bounds.east).to_string()),
            ("south", Micro(bounds.south).to_string()),
            ("north", Micro(bounds.north).to_string()),
        ],
    )
}

/// Whether a plot is in use.
#[must_use]
pub fn status_tag(status: &str, lang: Lang) -> Tag {
    Tag::new(lang.name_of("plot-status", status), if status == "ACTIVE" { Tone::Info } else { Tone::Neutral })
}

/// Whether the cut-off date was stated. Not stated is never good news.
#[must_use]
pub fn cutoff_tag(is_stated: bool, lang: Lang) -> Tag {
    if is_stated {
        Tag::new(lang.t("plots-stated-tag"), Tone::Info)
    } else {
        Tag::new(lang.t("plots-not-stated-tag"), Tone::Warn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eudr::faults::FaultKind;
    use crate::eudr::geometry::{Axis, Position};

    #[test]
    fn every_fault_and_note_is_a_sentence_in_both_languages() {
        let place_of = Position::new(38_400_001, 6_600_001).unwrap();
        let text = || "x".to_owned();
        let faults = [
            FaultKind::NotText { byte: 1 },
            FaultKind::NotJson { line: 1, column: 2 },
            FaultKind::NotACollection,
            FaultKind::OtherReferenceSystem,
            FaultKind::NoFeature,
            FaultKind::TooManyFeatures { most: 1 },
            FaultKind::NotAFeature,
            FaultKind::NoGeometry,
            FaultKind::OtherGeometry { found: text() },
            FaultKind::NoProperty { name: "Area" },
            FaultKind::PropertyCase { name: "Area", found: text() },
            FaultKind::NotAName { name: "Area", most: 200 },
            FaultKind::UnknownCountry { found: text() },
            FaultKind::NotAnArea { most: Decimal::ONE },
            FaultKind::PointTooLarge { area: Decimal::TEN },
            FaultKind::OutlineTooLarge { area: Decimal::TEN, most: Decimal::ONE },
            FaultKind::NoArea,
            FaultKind::NotCoordinates { found: text() },
            FaultKind::NoPosition,
            FaultKind::TooManyPositions { most: 1 },
            FaultKind::Hole,
            FaultKind::TooFewPositions { count: 3 },
            FaultKind::NotClosed { first: place_of },
            FaultKind::NotANumber { found: text() },
            FaultKind::OutOfRange { axis: Axis::Longitude, found: text() },
            FaultKind::OutOfRange { axis: Axis::Latitude, found: text() },
            FaultKind::TooCoarse { decimals: 4 },
            FaultKind::Repeated { before: 1 },
            FaultKind::GoesBack,
            FaultKind::SelfCrossing { first: 1, second: 3 },
            FaultKind::PartsMeet { other: 1 },
            FaultKind::PartInside { other: 1 },
            FaultKind::NotAPlotNumber,
            FaultKind::NumberTwice { number: text(), before: 1 },
            FaultKind::GeometryTwice { before: 1 },
            FaultKind::NumberInUse { number: text() },
            FaultKind::GeometryInUse { number: text() },
        ];
        let notes = [
            Note::Rounded { count: 2 },
            Note::HeightsLeftOut,
            Note::AreaAssumed,
            Note::AreaDiffers { stated: Decimal::TEN, measured: Decimal::ONE },
            Note::OutsideEthiopia { at: place_of },
            Note::LooksSwapped { at: place_of },
        ];
        for &lang in Lang::ALL {
            let sentences = faults.iter().map(|kind| fault(&Fault::new(Place::default(), kind.clone()), lang));
            for sentence in sentences.chain(notes.iter().map(|found| note(found, lang))) {
                assert!(sentence.chars().count() > 5 && !sentence.contains('{'), "{sentence}");
            }
        }
        let crossing =
            Fault::new(Place::feature(3).ring(1), FaultKind::SelfCrossing { first: 2, second: 7 }).at(place_of);
        let line = fault_with_place(&crossing, Lang::EN);
        assert!(line.starts_with("Feature 3, ring 1 [38.400001,6.600001]: "), "{line}");
    }

    #[test]
    fn names_of_codes_are_complete() {
        for &lang in Lang::ALL {
            let evidence = crate::eudr::model::EvidenceKind::ALL.iter().map(|kind| ("plot-evidence", kind.code()));
            let shapes = ["Point", "MultiPoint", "Polygon", "MultiPolygon"].map(|kind| ("plot-geometry", kind));
            let statuses = ["ACTIVE", "RETIRED"].map(|status| ("plot-status", status));
            for (family, code) in evidence.chain(shapes).chain(statuses) {
                assert!(!lang.name_of(family, code).is_empty(), "{family} {code}");
            }
        }
    }
}
