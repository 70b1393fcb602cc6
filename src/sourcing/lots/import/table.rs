//! A table out of a file: CSV or the first sheet of an XLSX workbook, as rows of text. What a file may cost to read is
//! bounded before it is read.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, Xlsx};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use thiserror::Error;

use crate::codes::coded_enum;

/// Rows under the header, at most.
pub const MOST_ROWS: usize = 10_000;
/// The largest file.
pub const FILE_LIMIT_BYTES: usize = 8 << 20;
/// More columns than any list of lots has.
const MOST_COLUMNS: usize = 60;
/// The longest text of a cell that is read; longer ones are cut and refused by their field's rule.
const LONGEST_CELL: usize = 500;
/// What a workbook may unpack to. Ten thousand rows of ours are a tenth of it.
const UNPACKED_LIMIT_BYTES: u64 = 96 << 20;
/// Parts of a workbook; ours have a dozen.
const MOST_PARTS: usize = 500;

coded_enum! {
    /// What kind of file a table came in.
    Format {
        /// Comma-separated values.
        Csv = "CSV",
        /// A workbook.
        Xlsx = "XLSX",
    }
}

/// A table as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What kind of file it came in.
    pub format: Format,
    /// The first row.
    pub header: Vec<String>,
    /// All others that say anything, with their place in the file, the header being 1.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Why a file is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TableError {
    /// Neither text nor a workbook.
    #[error("this is neither CSV in UTF-8 nor a workbook")]
    Unknown,
    /// A workbook that cannot be read.
    #[error("the workbook cannot be read")]
    Broken,
    /// It unpacks to more than is read.
    #[error("the workbook unpacks to too much")]
    Unpacked,
    /// A header and nothing below, or not even that.
    #[error("there are no rows")]
    Empty,
    /// More rows than are taken at once.
    #[error("there are more than {most} rows")]
    TooManyRows {
        /// How many are taken.
        most: usize,
    },
    /// More columns than any table of ours.
    #[error("there are more than {most} columns")]
    TooManyColumns {
        /// How many are taken.
        most: usize,
    },
}

impl TableError {
    /// The id of its sentence.
    #[must_use]
    pub const fn text_id(self) -> &'static str {
        match self {
            Self::Unknown => "lots-import-unknown",
            Self::Broken => "lots-import-broken",
            Self::Unpacked => "lots-import-unpacked",
            Self::Empty => "lots-import-empty",
            Self::TooManyRows { .. } => "lots-import-too-many-rows",
            Self::TooManyColumns { .. } => "lots-import-too-many-columns",
        }
    }
}

/// Reads a file by what it is, not by what it is called.
///
/// # Errors
/// [`TableError`] when it is no table that can be taken.
pub fn read(bytes: &[u8]) -> Result<Table, TableError> {
    if bytes.starts_with(b"PK\x03\x04") { read_workbook(bytes) } else { read_csv(bytes) }
}

fn read_csv(bytes: &[u8]) -> Result<Table, TableError> {
    let text = std::str::from_utf8(bytes).map_err(|_| TableError::Unknown)?.trim_start_matches('\u{feff}');
    if text.contains('\0') {
        return Err(TableError::Unknown);
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter_of(text))
        .from_reader(text.as_bytes());
    let mut gathered = Gathered::default();
    for record in reader.records() {
        let record = record.map_err(|_| TableError::Unknown)?;
        let place = record.position().map_or(0, |position| line_of(position, text));
        gathered.add(place, record.iter().map(cell).collect())?;
    }
    gathered.table(Format::Csv)
}

/// In which line a record begins. The reader's position lies before the empty lines that it skips, and before the second
/// half of a line's end.
fn line_of(position: &csv::Position, text: &str) -> usize {
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let ends = text.bytes().skip(from).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let skipped = ends.filter(|byte| *byte == b'\n').count();
    usize::try_from(position.line()).unwrap_or(usize::MAX).saturating_add(skipped)
}

/// What parts the cells of the header: spreadsheets write semicolons where the comma is the decimal sign.
fn delimiter_of(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    // Of those that are as frequent, the last is taken.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

fn cell(text: &str) -> String {
    text.trim().chars().take(LONGEST_CELL).collect()
}

fn read_workbook(bytes: &[u8]) -> Result<Table, TableError> {
    refuse_bomb(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| TableError::Broken)?;
    let sheet = workbook.sheet_names().first().cloned().ok_or(TableError::Empty)?;
    // Cell by cell: a sheet with one cell in its last corner would be a range of seventeen thousand million.
    let mut cells = workbook.worksheet_cells_reader(&sheet).map_err(|_| TableError::Broken)?;
    let mut gathered = Gathered::default();
    let mut current: (usize, Vec<String>) = (0, Vec::new());
    while let Some(found) = cells.next_cell().map_err(|_| TableError::Broken)? {
        let text = shown(found.get_value());
        if text.is_empty() {
            continue;
        }
        let (row, column) = found.get_position();
        let (row, column) = (usize::try_from(row).unwrap_or(usize::MAX), usize::try_from(column).unwrap_or(usize::MAX));
        if column >= MOST_COLUMNS {
            return Err(TableError::TooManyColumns { most: MOST_COLUMNS });
        }
        if row != current.0 {
            let (place, cells) = std::mem::replace(&mut current, (row, Vec::new()));
            gathered.add(place.saturating_add(1), cells)?;
        }
        if current.1.len() <= column {
            current.1.resize(column + 1, String::new());
        }
        current.1[column] = text;
    }
    gathered.add(current.0.saturating_add(1), current.1)?;
    gathered.table(Format::Xlsx)
}

/// Unpacks every part to nowhere and counts: what the archive says of its own sizes may be a lie.
fn refuse_bomb(bytes: &[u8]) -> Result<(), TableError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| TableError::Broken)?;
    if archive.len() > MOST_PARTS {
        return Err(TableError::Unpacked);
    }
    let mut left = UNPACKED_LIMIT_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| TableError::Broken)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|_| TableError::Broken)?;
        left = left.checked_sub(unpacked).ok_or(TableError::Unpacked)?;
    }
    Ok(())
}

/// A cell as a person would type it: numbers plain, days as `2026-11-20`.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => plain(*number),
        DataRef::String(text) => cell(text),
        DataRef::SharedString(text) => cell(text),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
                .map_or_else(|| plain(moment.as_f64()), |day| day.to_string())
        }
        // The day is all that is asked for.
        DataRef::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        DataRef::DurationIso(text) => cell(text),
        DataRef::Error(_) => "#".to_owned(),
        DataRef::Empty => String::new(),
    }
}

/// A workbook's number with the fifteen digits that spreadsheets show: what was typed, without what binary added to it.
fn plain(number: f64) -> String {
    Decimal::from_scientific(&format!("{number:.14e}"))
        .map_or_else(|_| number.to_string(), |value| value.normalize().to_string())
}

#[derive(Default)]
struct Gathered {
    header: Option<Vec<String>>,
    rows: Vec<(usize, Vec<String>)>,
}

impl Gathered {
    fn add(&mut self, place: usize, cells: Vec<String>) -> Result<(), TableError> {
        if cells.len() > MOST_COLUMNS {
            return Err(TableError::TooManyColumns { most: MOST_COLUMNS });
        }
        if cells.iter().all(String::is_empty) {
            return Ok(());
        }
        if self.header.is_none() {
            self.header = Some(cells);
        } else if self.rows.len() == MOST_ROWS {
            return Err(TableError::TooManyRows { most: MOST_ROWS });
        } else {
            self.rows.push((place, cells));
        }
        Ok(())
    }

    fn table(self, format: Format) -> Result<Table, TableError> {
        match self.header {
            Some(header) if !self.rows.is_empty() => Ok(Table { format, header, rows: self.rows }),
            _ => Err(TableError::Empty),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use rust_xlsxwriter::{ExcelDateTime, Format as Style, Workbook};

    use super::*;

    fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
        read(text.as_bytes()).unwrap().rows
    }

    #[test]
    fn csv_is_read_with_any_of_the_three_delimiters_and_says_where_each_row_stood() {
        let expected = vec![(2, vec!["1,200".to_owned(), "ሲዳማ".to_owned()]), (4, vec!["x".to_owned(), String::new()])];
        assert_eq!(rows("\u{feff}a,b\r\n\"1,200\",ሲዳማ\r\n,\r\nx,\r\n"), expected);
        assert_eq!(rows("a;b\n1,200;ሲዳማ\n\nx;\n"), expected);
        assert_eq!(rows("a\tb\r\n1,200\t ሲዳማ \r\n\r\nx\t\r\n"), expected);
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for (bytes, error) in [
            (&b""[..], TableError::Empty),
            (b"a,b\n", TableError::Empty),
            (b"a,b\n,,\n", TableError::Empty),
            (b"\xff\xfe\x00a", TableError::Unknown),
            (b"%PDF-1.7\n\0", TableError::Unknown),
            (b"PK\x03\x04 and nothing of a workbook", TableError::Broken),
        ] {
            assert_eq!(read(bytes), Err(error), "{bytes:?}");
        }
        let wide = format!("{}\n1\n", ["a"; 61].join(","));
        assert_eq!(read(wide.as_bytes()), Err(TableError::TooManyColumns { most: 60 }));
        let full = format!("a\n{}", "1\n".repeat(MOST_ROWS));
        assert_eq!(read(full.as_bytes()).unwrap().rows.len(), MOST_ROWS);
        assert_eq!(read(format!("{full}1\n").as_bytes()), Err(TableError::TooManyRows { most: MOST_ROWS }));
    }

    #[test]
    fn a_workbook_gives_what_was_typed_into_it() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (column, heading) in (0..).zip(["kg", "day", "text", "formula"]) {
            sheet.write(0, column, heading).unwrap();
        }
        let day = ExcelDateTime::from_ymd(2026, 11, 20).unwrap();
        sheet.write(2, 0, 19_200.5).unwrap();
        sheet.write_with_format(2, 1, &day, &Style::new().set_num_format("dd/mm/yyyy")).unwrap();
        sheet.write(2, 2, " G2 ").unwrap();
        sheet.write(2, 3, rust_xlsxwriter::Formula::new("=0.1+0.2").set_result("0.30000000000000004")).unwrap();
        let table = read(&workbook.save_to_buffer().unwrap()).unwrap();
        assert_eq!(table.header, ["kg", "day", "text", "formula"]);
        let texts = ["19200.5", "2026-11-20", "G2", "0.3"].map(str::to_owned).to_vec();
        assert_eq!(table.rows, [(3, texts)], "the row as the spreadsheet counts it");
    }

    #[test]
    fn a_cell_in_the_last_corner_costs_no_memory_and_is_refused() {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write(1_048_575, 16_383, "x").unwrap();
        let found = read(&workbook.save_to_buffer().unwrap());
        assert_eq!(found, Err(TableError::TooManyColumns { most: 60 }));
    }

    #[test]
    fn an_archive_that_unpacks_to_too_much_is_not_read() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let nothing = vec![0_u8; 1 << 20];
        archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..97 {
            archive.write_all(&nothing).unwrap();
        }
        let bytes = archive.finish().unwrap().into_inner();
        assert!(bytes.len() < 1 << 20, "a bomb is small");
        assert_eq!(read(&bytes), Err(TableError::Unpacked));
    }

    #[test]
    fn a_number_is_read_as_it_was_typed() {
        for (number, text) in
            [(19_200.0, "19200"), (0.1 + 0.2, "0.3"), (11.3979, "11.3979"), (-5_000.0, "-5000"), (0.001, "0.001")]
        {
            assert_eq!(plain(number), text);
        }
        let _ = plain(f64::MAX);
        let _ = plain(f64::NAN);
    }
}
