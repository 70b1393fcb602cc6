//! What the forms of a plot ask: its fields, and what is typed into them.

use rust_decimal::Decimal;

use super::Fields;
use crate::eudr::faults::{Faults, Note};
use crate::eudr::geojson::{
    LONGEST_NAME, LONGEST_NUMBER, MOST_BY_POINT, PlotData, area_of, is_own_number, read_geometry,
};
use crate::eudr::geometry::{AREA_DECIMALS, Axis, DECIMALS, Degrees, Geometry, Position};
use crate::eudr::model::{CUTOFF_EVIDENCE_FIELD, CUTOFF_FIELD, CUTOFF_FIELDS, CUTOFF_KIND_FIELD, CutOff, EvidenceKind};
use crate::eudr::rules::PlotRefusal;
use crate::exports::catalog::Catalog;
use crate::exports::pages::words::problem;
use crate::i18n::Lang;
use crate::web::components::{Choice, Field, FieldGroup};
use crate::workflow::{FieldProblems, FieldReader, Problem};

const NUMBER: &str = "plot_number";
const PRODUCER: &str = "producer_name";
const COUNTRY: &str = "producer_country";
const PLACE: &str = "production_place";
const AREA: &str = "area";
const LONGITUDE: &str = "longitude";
const LATITUDE: &str = "latitude";
pub(super) const GEOMETRY: &str = "geometry";

/// Of which farm a plot is.
const NAMES: &[&str] = &[PRODUCER, COUNTRY, PLACE];

/// The names of what the form of a plot asks that is given by a point.
pub(super) fn point_names() -> Vec<&'static str> {
    [NAMES, &[NUMBER, LONGITUDE, LATITUDE, AREA], CUTOFF_FIELDS].concat()
}

/// The names of what the form of a revision asks.
pub(super) fn revision_names() -> Vec<&'static str> {
    [NAMES, &[AREA, GEOMETRY], CUTOFF_FIELDS].concat()
}

/// A form as it was sent, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub values: Fields,
    pub problems: FieldProblems,
    /// What is wrong with the form as a whole.
    pub whole: Vec<String>,
}

impl Typed {
    /// The values of a form that nobody has sent yet.
    pub fn with(values: &[(&str, &str)]) -> Self {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { values, ..Self::default() }
    }

    /// `field` with what was typed into it, and what is wrong with that.
    pub fn fill(&self, field: Field, lang: Lang) -> Field {
        let value = self.values.get(&field.name).cloned().unwrap_or_default();
        let error = self.problems.of(&field.name).map(|found| problem(found, lang));
        field.value(value).error(error)
    }
}

/// The plot that a form for a point describes, and what is stated about the cut-off date.
///
/// # Errors
/// What is wrong with the fields.
pub(super) fn read_point(values: &Fields, catalog: &Catalog) -> Result<(PlotData, Option<CutOff>), FieldProblems> {
    let mut fields = FieldReader::new(values);
    let number = own_number(&mut fields);
    let (producer_name, producer_country, production_place) = names(&mut fields, catalog);
    let area = fields.decimal(AREA, Decimal::new(1, AREA_DECIMALS), MOST_BY_POINT, AREA_DECIMALS);
    let position = position(&mut fields);
    let cutoff = CutOff::read(&mut fields);
    // Without a position there is a problem of its fields.
    let position = fields.finish(position)?.ok_or_else(FieldProblems::default)?;
    let geometry = Geometry::Point(position);
    Ok((PlotData { number, producer_name, producer_country, production_place, area, geometry }, cutoff))
}

/// The plot that a revision of `plot` describes: where no geometry is given, the one before stays.
///
/// # Errors
/// [`PlotRefusal::Invalid`] or [`PlotRefusal::Faulty`].
pub(super) fn read_revision(
    values: &Fields,
    stored: &str,
    catalog: &Catalog,
) -> Result<(PlotData, Option<CutOff>, Vec<Note>), PlotRefusal> {
    let mut fields = FieldReader::new(values);
    let (producer_name, producer_country, production_place) = names(&mut fields, catalog);
    let typed = fields.raw(GEOMETRY);
    let faulty = |found: Vec<_>| {
        let mut faults = Faults::default();
        found.into_iter().for_each(|fault| faults.add(fault));
        PlotRefusal::Faulty(faults)
    };
    let (geometry, mut notes) = read_geometry(if typed.is_empty() { stored } else { typed }).map_err(faulty)?;
    let stated = if geometry.has_outline() {
        None
    } else {
        Some(fields.decimal(AREA, Decimal::new(1, AREA_DECIMALS), MOST_BY_POINT, AREA_DECIMALS))
    };
    let cutoff = CutOff::read(&mut fields);
    fields.finish(()).map_err(PlotRefusal::Invalid)?;
    let place = crate::eudr::faults::Place::default();
    let area = area_of(&geometry, stated, &mut notes)
        .map_err(|kind| faulty(vec![crate::eudr::faults::Fault::new(place, kind)]))?;
    let plot = PlotData { number: None, producer_name, producer_country, production_place, area, geometry };
    Ok((plot, cutoff, notes))
}

fn own_number(fields: &mut FieldReader<'_>) -> Option<String> {
    let number = fields.optional_text(NUMBER, LONGEST_NUMBER)?;
    if !is_own_number(&number) && fields.problems.of(NUMBER).is_none() {
        fields
            .problems
            .add(NUMBER, Problem::Refused { text_id: "plots-fault-not-a-plot-number", arguments: Vec::new() });
    }
    Some(number)
}

fn names(fields: &mut FieldReader<'_>, catalog: &Catalog) -> (String, String, String) {
    let producer = fields.text(PRODUCER, 1..=LONGEST_NAME);
    let codes: Vec<&str> = catalog.countries.keys().map(String::as_str).collect();
    let country = fields.choice(COUNTRY, &codes);
    let place = fields.text(PLACE, 1..=LONGEST_NAME);
    (producer, country, place)
}

fn position(fields: &mut FieldReader<'_>) -> Option<Position> {
    let longitude = degrees(fields, LONGITUDE);
    let latitude = degrees(fields, LATITUDE);
    let (longitude, latitude) = (longitude?, latitude?);
    let finest = longitude.decimals.max(latitude.decimals);
    if finest < DECIMALS {
        let arguments = vec![("decimals", finest.to_string())];
        fields.problems.add(LONGITUDE, Problem::Refused { text_id: "plots-fault-too-coarse", arguments });
        return None;
    }
    match Position::new(longitude.micro, latitude.micro) {
        Ok(position) => Some(position),
        Err(axis) => {
            let (field, most) = match axis {
                Axis::Longitude => (LONGITUDE, 180),
                Axis::Latitude => (LATITUDE, 90),
            };
            fields.problems.add(field, Problem::OutOfRange { least: (-most).into(), most: most.into() });
            None
        }
    }
}

fn degrees(fields: &mut FieldReader<'_>, field: &str) -> Option<Degrees> {
    let typed = fields.raw(field);
    let read = Degrees::parse(typed);
    let problem = match &read {
        None if typed.is_empty() => Problem::Missing,
        None => Problem::NotANumber,
        Some(degrees) if degrees.is_rounded => Problem::TooFine { decimals: DECIMALS },
        Some(_) => return read,
    };
    fields.problems.add(field, problem);
    None
}

/// Who grows coffee, and where it is called.
pub(super) fn name_fields(typed: &Typed, catalog: &Catalog, lang: Lang) -> Vec<Field> {
    let countries = catalog.countries_by_name(lang).into_iter().map(|(code, name)| Choice::new(code, name)).collect();
    [
        Field::text(PRODUCER, lang.t("plots-producer")),
        Field::select(COUNTRY, lang.t("plots-country"), countries),
        Field::text(PLACE, lang.t("plots-production-place")).hint(lang.t("plots-production-place-hint")),
    ]
    .map(|field| typed.fill(field, lang))
    .into()
}

/// The area that is stated of points.
pub(super) fn area_field(typed: &Typed, lang: Lang) -> Field {
    typed.fill(Field::number(AREA, lang.t("plots-area"), "ha").hint(lang.t("plots-area-hint")), lang)
}

/// Number, longitude and latitude of a new point.
pub(super) fn point_fields(typed: &Typed, lang: Lang) -> (Field, Vec<Field>) {
    let number =
        Field::text(NUMBER, lang.t("plots-own-number")).hint(lang.t("plots-own-number-hint")).width(20).optional();
    let place = [
        Field::number(LONGITUDE, lang.t("plots-longitude"), "°").hint(lang.t("plots-longitude-hint")),
        Field::number(LATITUDE, lang.t("plots-latitude"), "°").hint(lang.t("plots-latitude-hint")),
    ];
    (typed.fill(number, lang), place.map(|field| typed.fill(field, lang)).into())
}

/// The statement about the cut-off date, not made by leaving it alone.
pub(super) fn cutoff_group(typed: &Typed, lang: Lang) -> FieldGroup {
    let mut fields = vec![typed.fill(Field::checkbox(CUTOFF_FIELD, lang.t("plots-cutoff-statement")), lang)];
    fields.extend(evidence_fields(typed, lang).into_iter().map(Field::optional));
    FieldGroup { hint: Some(lang.t("plots-cutoff-hint")), ..FieldGroup::titled(lang.t("plots-cutoff"), fields) }
}

/// What shows that the statement is true.
pub(super) fn evidence_fields(typed: &Typed, lang: Lang) -> Vec<Field> {
    let mut kinds = vec![Choice::new("", lang.t("field-choose"))];
    kinds.extend(
        EvidenceKind::ALL.iter().map(|kind| Choice::new(kind.code(), lang.name_of("plot-evidence", kind.code()))),
    );
    [
        Field::select(CUTOFF_KIND_FIELD, lang.t("plots-evidence-kind"), kinds),
        Field::textarea(CUTOFF_EVIDENCE_FIELD, lang.t("plots-evidence")).hint(lang.t("plots-evidence-hint")),
    ]
    .map(|field| typed.fill(field, lang))
    .into()
}
