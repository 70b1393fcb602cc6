//! What the columns of an imported table are called, and how what people write into them is put into the words of the
//! form. Pure.

use std::collections::BTreeMap;

use crate::sourcing::lots::form::Lists;

/// Which field each column fills; the first name is that of the template.
const COLUMNS: [(&str, &[&str]); 17] = [
    ("source", &["source", "lot source", "obtained from"]),
    ("lot_number", &["lot number", "ecx lot number", "lot no", "lot"]),
    (
        "warehouse_receipt_number",
        &["warehouse receipt number", "warehouse receipt", "receipt number", "receipt no", "grn"],
    ),
    ("receipt_date", &["receipt date", "date of receipt", "grn date"]),
    ("warehouse_location", &["warehouse location", "location", "warehouse place"]),
    ("warehouse_name", &["warehouse name", "warehouse"]),
    ("coffee_type", &["coffee type", "coffee", "type", "designation"]),
    ("origin_region", &["origin region", "region", "region of origin", "origin"]),
    ("processing_method", &["processing method", "processing", "process"]),
    ("crop_year", &["crop year", "harvest", "crop"]),
    ("quantity", &["quantity kg", "quantity", "weight kg", "weight", "kg", "net kg"]),
    ("bags", &["bags", "number of bags", "no of bags"]),
    ("preliminary_grade", &["preliminary grade", "grade"]),
    ("coffee_contract_symbol", &["coffee contract symbol", "contract symbol", "symbol", "ecx symbol"]),
    ("purchase_date", &["purchase date", "date of purchase", "bought on"]),
    ("purchase_price", &["purchase price etb per kg", "purchase price", "price per kg", "price etb kg", "price"]),
    ("purchase_total", &["purchase total etb", "purchase total", "total price", "total etb", "total"]),
];

/// Columns without which no row can be read.
const NEEDED: [&str; 8] = [
    "source",
    "warehouse_receipt_number",
    "warehouse_location",
    "coffee_type",
    "origin_region",
    "processing_method",
    "quantity",
    "purchase_date",
];

/// Which column of the file fills which field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    fields: Vec<Option<&'static str>>,
    /// Columns that are nobody's, as they are called in the file.
    pub ignored: Vec<String>,
}

/// Why a header cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderError {
    /// Columns that have to be there.
    Missing(Vec<&'static str>),
    /// Two columns that fill the same field.
    Twice(String),
}

/// The columns of the template.
pub fn template() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().filter_map(|(_, names)| names.first().copied())
}

/// What a field's column is called in the template.
#[must_use]
pub fn name_of(field: &str) -> &'static str {
    COLUMNS.iter().find(|(known, _)| *known == field).and_then(|(_, names)| names.first().copied()).unwrap_or_default()
}

impl Mapping {
    /// Reads a header. Case, punctuation and underscores do not matter.
    ///
    /// # Errors
    /// [`HeaderError`] when a column is missing or stands there twice.
    pub fn of(header: &[String]) -> Result<Self, HeaderError> {
        let mut fields = Vec::new();
        let mut ignored = Vec::new();
        for title in header {
            let words = words_of(title);
            let field = COLUMNS.iter().find(|(_, names)| names.contains(&words.as_str())).map(|(field, _)| *field);
            if field.is_some() && fields.contains(&field) {
                return Err(HeaderError::Twice(title.clone()));
            }
            if field.is_none() && !title.is_empty() {
                ignored.push(title.clone());
            }
            fields.push(field);
        }
        let missing: Vec<&'static str> =
            NEEDED.into_iter().filter(|needed| !fields.contains(&Some(*needed))).map(name_of).collect();
        if missing.is_empty() { Ok(Self { fields, ignored }) } else { Err(HeaderError::Missing(missing)) }
    }

    /// A row as the form would have it: codes for words, numbers and days as they stand.
    #[must_use]
    pub fn values(&self, cells: &[String], lists: &Lists) -> BTreeMap<String, String> {
        let pairs = self.fields.iter().zip(cells).filter_map(|(field, cell)| Some(((*field)?, cell)));
        pairs.map(|(field, cell)| (field.to_owned(), canonical(field, cell, lists))).collect()
    }
}

/// Small letters and single spaces.
fn words_of(title: &str) -> String {
    let spaced: String = title.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The code for what somebody has written; itself where it is none that is known, so that the form says so.
fn canonical(field: &str, cell: &str, lists: &Lists) -> String {
    let words = words_of(cell);
    let code = |known: &[(&str, &[&str])]| {
        known.iter().find(|(_, names)| names.contains(&words.as_str())).map(|(code, _)| (*code).to_owned())
    };
    let listed = |list: &[(String, String)]| {
        list.iter().find(|(name, am)| words_of(name) == words || am == cell).map(|(name, _)| name.clone())
    };
    let found = match field {
        "source" => code(&[
            ("ECX", &["ecx", "exchange", "auction"]),
            ("VERTICAL", &["vertical", "vertical integration"]),
            ("OWN_FARM", &["own farm", "farm"]),
            ("UNION", &["union", "cooperative union", "union of cooperatives"]),
        ]),
        "processing_method" => code(&[
            ("WASHED", &["washed", "wet"]),
            ("NATURAL", &["natural", "unwashed", "dry", "sundried", "sun dried"]),
            ("HONEY", &["honey", "pulped natural"]),
        ]),
        "coffee_type" => listed(&lists.coffee_types),
        "origin_region" => listed(&lists.regions),
        // A spreadsheet that writes thousands with spaces.
        "quantity" | "bags" | "purchase_price" | "purchase_total" => {
            Some(cell.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect())
        }
        _ => None,
    };
    found.unwrap_or_else(|| cell.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::super::form::tests::lists;
    use super::*;

    fn header(titles: &[&str]) -> Vec<String> {
        titles.iter().map(|title| (*title).to_owned()).collect()
    }

    #[test]
    fn the_template_reads_itself_and_every_name_is_one_fields() {
        let titles: Vec<String> = template().map(str::to_owned).collect();
        let mapping = Mapping::of(&titles).unwrap();
        assert_eq!(mapping.ignored, [""; 0]);
        assert_eq!(mapping.fields.iter().flatten().copied().collect::<Vec<_>>(), super::super::super::form::FIELDS);
        let mut all: Vec<&str> = COLUMNS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count, "one name for two fields");
    }

    #[test]
    fn synonyms_are_read_others_ignored_and_what_is_missing_is_named() {
        let titles =
            header(&["No", "SOURCE", "GRN", "Location", "Coffee", "Region", "Process", "Weight (kg)", "Bought on"]);
        let mapping = Mapping::of(&titles).unwrap();
        assert_eq!(mapping.ignored, ["No"]);
        let cells =
            header(&["1", "vertical integration", "WR-1", "Jimma", "ሲዳማ", "oromia", "Sun-dried", "19 200", "1/2/2026"]);
        let values = mapping.values(&cells, &lists());
        let expected = [
            ("coffee_type", "Sidama"),
            ("origin_region", "Oromia"),
            ("processing_method", "NATURAL"),
            ("purchase_date", "1/2/2026"),
            ("quantity", "19200"),
            ("source", "VERTICAL"),
            ("warehouse_location", "Jimma"),
            ("warehouse_receipt_number", "WR-1"),
        ];
        assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        let without = Mapping::of(&titles[1..8]).unwrap_err();
        assert_eq!(without, HeaderError::Missing(vec!["purchase date"]));
        let twice = Mapping::of(&header(&["source", "Lot source"])).unwrap_err();
        assert_eq!(twice, HeaderError::Twice("Lot source".to_owned()));
    }
}
