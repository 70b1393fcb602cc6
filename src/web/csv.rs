//! CSV that spreadsheets open as it is meant: UTF-8 that they recognise, and no cell that they run.

use thiserror::Error;

/// Tells spreadsheets that the file is UTF-8; without it Amharic turns into gibberish.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The table could not be written: rows of different lengths, or no memory.
#[derive(Debug, Error)]
#[error("the table could not be written as CSV")]
pub struct CsvError(#[from] csv::Error);

/// A table that is written row by row, header first.
pub struct CsvTable(csv::Writer<Vec<u8>>);

impl CsvTable {
    /// A table with these columns.
    ///
    /// # Errors
    /// [`CsvError`] when it cannot be written.
    pub fn new<'a>(header: impl IntoIterator<Item = &'a str>) -> Result<Self, CsvError> {
        let mut table =
            Self(csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.into()));
        table.row(header)?;
        Ok(table)
    }

    /// Adds a row; it has as many cells as the header.
    ///
    /// # Errors
    /// [`CsvError`] when it has not.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Result<(), CsvError> {
        for cell in cells {
            if is_formula(cell) { self.0.write_field(format!("'{cell}"))? } else { self.0.write_field(cell)? }
        }
        self.0.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// The bytes of the whole table.
    ///
    /// # Errors
    /// [`CsvError`] when it cannot be written.
    pub fn finish(self) -> Result<Vec<u8>, CsvError> {
        self.0.into_inner().map_err(|error| CsvError(error.into_error().into()))
    }
}

/// Whether a spreadsheet could take `cell` for something to run. Numbers below zero look like formulas and
/// are not; they stay numbers.
fn is_formula(cell: &str) -> bool {
    match cell.as_bytes() {
        [b'-', rest @ ..] => !is_plain_number(rest),
        [b'=' | b'+' | b'@' | b'\t' | b'\r' | b'\n' | 0, ..] => true,
        _ => false,
    }
}

fn is_plain_number(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_digit) && text.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(rows: &[&[&str]]) -> String {
        let mut table = CsvTable::new(["reference", "reason"]).unwrap();
        for row in rows {
            table.row(row.iter().copied()).unwrap();
        }
        String::from_utf8(table.finish().unwrap()).unwrap()
    }

    #[test]
    fn starts_with_the_byte_order_mark_and_quotes_what_needs_it() {
        assert_eq!(
            written(&[&["EXP-1", "a, \"b\"\nc"], &["EXP-2", "ቡና"]]),
            "\u{feff}reference,reason\r\nEXP-1,\"a, \"\"b\"\"\nc\"\r\nEXP-2,ቡና\r\n"
        );
    }

    #[test]
    fn nothing_that_a_person_typed_is_run() {
        for cell in ["=1+1", "+1", "@SUM(A1)", "-2+3", "-", "\t=1", "\r=1", "\n=1", "\0=1", "=HYPERLINK(\"x\")"] {
            let text = written(&[&["EXP-1", cell]]);
            let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
            let record = reader.records().next().unwrap().unwrap();
            assert_eq!(&record[1], format!("'{cell}"), "{cell:?}");
        }
    }

    #[test]
    fn a_negative_number_stays_a_number() {
        assert!(written(&[&["EXP-1", "-12.50"]]).ends_with("EXP-1,-12.50\r\n"));
        assert!(written(&[&["EXP-1", "a=b"]]).ends_with("EXP-1,a=b\r\n"));
    }

    #[test]
    fn rows_of_another_length_are_refused() {
        let mut table = CsvTable::new(["a", "b"]).unwrap();
        assert!(table.row(["only one"]).is_err());
    }
}
