//! Tables that leave the house as a file: CSV for programs, XLSX for people. One table makes both, and the page.
//!
//! In XLSX numbers are numbers and dates are dates, the header stays in sight, and a sheet of its own says what the
//! figures are: of whom, narrowed by what, as of when, in which unit. Text is stored as text there, so that nothing of
//! it is run; CSV has no types, and [`CsvTable`] disarms what looks like a formula.

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::header;
use rust_decimal::Decimal;
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, Workbook, Worksheet, XlsxError};
use thiserror::Error;

use super::csv::{CsvError, CsvTable};
use crate::calendar::eat;
use crate::codes::coded_enum;

coded_enum! {
    /// What a table may be downloaded as.
    FileKind {
        /// Comma-separated values.
        Csv = "csv",
        /// A workbook of a spreadsheet.
        Xlsx = "xlsx",
    }
}

impl FileKind {
    /// The words of the link that downloads it.
    #[must_use]
    pub const fn label_id(self) -> &'static str {
        match self {
            Self::Csv => "common-download-csv",
            Self::Xlsx => "reports-download-xlsx",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What stands in one place of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cell {
    /// Nothing: not known, or not applicable.
    #[default]
    Empty,
    /// Words.
    Text(String),
    /// How many.
    Count(i64),
    /// A quantity with so many decimals.
    Number(Decimal, u32),
    /// A day.
    Date(NaiveDate),
}

impl Cell {
    /// As CSV has it: numbers without separators, days as `2026-11-20`.
    fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Number(value, decimals) => format!("{value:.precision$}", precision = *decimals as usize),
            Self::Date(date) => date.to_string(),
        }
    }
}

/// A table with its header.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Its name, on the tab of the workbook.
    pub name: String,
    /// What the columns are.
    pub columns: Vec<String>,
    /// The rows, each as long as the header.
    pub rows: Vec<Vec<Cell>>,
}

/// The table could not be written.
#[derive(Debug, Error)]
pub enum SheetError {
    /// As CSV.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// As XLSX.
    #[error("the table could not be written as XLSX")]
    Xlsx(#[from] XlsxError),
}

/// What is downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFile {
    /// The tables; CSV holds the first alone.
    pub sheets: Vec<Sheet>,
    /// The sheet that says what the figures are: its name, and each line's name and text.
    pub about: (String, Vec<(String, String)>),
    /// When it is written.
    pub written_at: DateTime<Utc>,
}

impl SheetFile {
    /// The file as a download called `name`, without an ending.
    ///
    /// # Errors
    /// [`SheetError`] when it cannot be written.
    pub fn download(&self, kind: FileKind, name: &str) -> Result<Response, SheetError> {
        let bytes = match kind {
            FileKind::Csv => self.csv()?,
            FileKind::Xlsx => self.xlsx()?,
        };
        let headers = [
            (header::CONTENT_TYPE, kind.content_type().to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{kind}\"")),
        ];
        Ok((headers, bytes).into_response())
    }

    fn csv(&self) -> Result<Vec<u8>, CsvError> {
        let empty = Sheet::default();
        let sheet = self.sheets.first().unwrap_or(&empty);
        let mut table = CsvTable::new(sheet.columns.iter().map(String::as_str))?;
        for row in &sheet.rows {
            let cells: Vec<String> = row.iter().map(Cell::plain).collect();
            table.row(cells.iter().map(String::as_str))?;
        }
        table.finish()
    }

    fn xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&eat(self.written_at)));
        let formats = Formats::new();
        for sheet in &self.sheets {
            write_sheet(workbook.add_worksheet(), sheet, &formats)?;
        }
        let (name, lines) = &self.about;
        let about = workbook.add_worksheet();
        about.set_name(tab_name(name))?;
        for (row, (what, text)) in (0_u32..).zip(lines) {
            about.write_string_with_format(row, 0, what, &formats.header)?.write_string(row, 1, text)?;
        }
        about.autofit();
        workbook.save_to_buffer()
    }
}

struct Formats {
    header: Format,
    header_of_numbers: Format,
    count: Format,
    date: Format,
}

impl Formats {
    fn new() -> Self {
        let header = Format::new().set_bold();
        Self {
            header_of_numbers: header.clone().set_align(FormatAlign::Right),
            header,
            count: Format::new().set_num_format("#,##0"),
            date: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }
}

fn write_sheet(worksheet: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    worksheet.set_name(tab_name(&sheet.name))?.set_freeze_panes(1, 1)?;
    for (column, heading) in (0_u16..).zip(&sheet.columns) {
        let is_number =
            |row: &Vec<Cell>| matches!(row.get(usize::from(column)), Some(Cell::Count(_) | Cell::Number(..)));
        let format = if sheet.rows.iter().any(is_number) { &formats.header_of_numbers } else { &formats.header };
        worksheet.write_string_with_format(0, column, heading, format)?;
    }
    for (row, cells) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => drop(worksheet.write_string(row, column, text)?),
                #[allow(
                    clippy::cast_precision_loss,
                    reason = "a workbook holds doubles, exact up to nine quadrillions"
                )]
                Cell::Count(count) => {
                    worksheet.write_number_with_format(row, column, *count as f64, &formats.count)?;
                }
                // As the double that a workbook holds; fifteen digits are more than any sum of the trade has.
                Cell::Number(value, decimals) => {
                    let decimals = "0".repeat(*decimals as usize);
                    let pattern = if decimals.is_empty() { "#,##0".to_owned() } else { format!("#,##0.{decimals}") };
                    worksheet.write_with_format(row, column, *value, &Format::new().set_num_format(pattern))?;
                }
                Cell::Date(date) => drop(worksheet.write_datetime_with_format(row, column, date, &formats.date)?),
            }
        }
    }
    worksheet.autofit();
    Ok(())
}

/// A name that a workbook takes for a tab: at most 31 characters, none of those that it uses itself.
fn tab_name(name: &str) -> String {
    let kept: String = name.chars().filter(|c| !"[]:*?/\\'".contains(*c)).take(31).collect();
    if kept.trim().is_empty() { "-".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    fn file() -> SheetFile {
        SheetFile {
            sheets: vec![Sheet {
                name: "Exports: by [origin]".into(),
                columns: ["Origin", "Exports", "Weight, kg", "Due"].map(String::from).to_vec(),
                rows: vec![
                    vec![
                        Cell::Text("=HYPERLINK(\"x\")".into()),
                        Cell::Count(1_234),
                        Cell::Number("19200.5".parse().unwrap(), 1),
                        Cell::Date(NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()),
                    ],
                    vec![Cell::Text("ሲዳማ".into()), Cell::Count(0), Cell::Number(Decimal::ZERO, 2), Cell::Empty],
                ],
            }],
            about: ("About".into(), vec![("Organisation".into(), "Bank of Abay".into())]),
            written_at: DateTime::from_timestamp(1_795_000_000, 0).unwrap(),
        }
    }

    #[test]
    fn csv_has_plain_figures_and_nothing_that_is_run() {
        assert_eq!(
            String::from_utf8(file().csv().unwrap()).unwrap(),
            "\u{feff}Origin,Exports,\"Weight, kg\",Due\r\n\"'=HYPERLINK(\"\"x\"\")\",1234,19200.5,2026-11-20\r\n\
             ሲዳማ,0,0.00,\r\n"
        );
    }

    #[test]
    fn a_workbook_has_numbers_dates_and_a_sheet_that_says_what_they_are() {
        let bytes = file().xlsx().unwrap();
        let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(workbook.sheet_names(), ["Exports by origin", "About"]);
        let table = workbook.worksheet_range("Exports by origin").unwrap();
        let at = |row, column| table.get_value((row, column)).cloned().unwrap_or_default();
        assert_eq!(at(1, 0), Data::String("=HYPERLINK(\"x\")".into()), "text, not a formula");
        assert_eq!(at(1, 1), Data::Float(1_234.0));
        assert_eq!(at(1, 2), Data::Float(19_200.5));
        let Data::DateTime(due) = at(1, 3) else { panic!("{:?}", at(1, 3)) };
        assert_eq!(due.to_ymd_hms_milli(), (2026, 11, 20, 0, 0, 0, 0));
        assert_eq!(at(2, 3), Data::Empty);
        assert!(workbook.worksheet_formula("Exports by origin").unwrap().is_empty());
        let about = workbook.worksheet_range("About").unwrap();
        assert_eq!(about.get_value((0, 1)), Some(&Data::String("Bank of Abay".into())));
    }

    #[test]
    fn a_tab_has_a_name_that_a_workbook_takes() {
        assert_eq!(tab_name("a/b"), "ab");
        assert_eq!(tab_name(&"x".repeat(40)).chars().count(), 31);
        assert_eq!(tab_name("[]"), "-");
    }
}
