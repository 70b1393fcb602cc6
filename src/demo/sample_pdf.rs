//! A small PDF, written by hand: one page with a title and a few lines. The demo's documents are made of it.

use std::fmt::Write;

/// A PDF of one A4 page. Characters beyond Latin-1 are shown as question marks.
#[must_use]
pub(super) fn sample_pdf(title: &str, lines: &[String]) -> Vec<u8> {
    let mut content = format!("BT /F1 20 Tf 60 760 Td ({}) Tj ET\n", escaped(title));
    let mut height = 716;
    for line in lines {
        // Writing into a String cannot fail.
        let _ = writeln!(content, "BT /F1 11 Tf 60 {height} Td ({}) Tj ET", escaped(line));
        height -= 20;
    }
    content.push_str("0.5 w 60 745 475 0 re S\n");
    let content = latin1(&content);
    let mut pdf = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |pdf: &mut Vec<u8>, body: &[u8]| {
        offsets.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n", offsets.len()).as_bytes());
        pdf.extend_from_slice(body);
        pdf.extend_from_slice(b"\nendobj\n");
    };
    object(&mut pdf, b"<< /Type /Catalog /Pages 2 0 R >>");
    object(&mut pdf, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    object(
        &mut pdf,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>",
    );
    object(&mut pdf, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    let mut stream = format!("<< /Length {} >>\nstream\n", content.len()).into_bytes();
    stream.extend_from_slice(&content);
    stream.extend_from_slice(b"endstream");
    object(&mut pdf, &stream);
    let table = pdf.len();
    let mut tail = format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1);
    for offset in &offsets {
        let _ = writeln!(tail, "{offset:010} 00000 n ");
    }
    let _ = write!(tail, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", offsets.len() + 1);
    pdf.extend_from_slice(tail.as_bytes());
    pdf
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)")
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::inspection::{FileKind, inspect};

    #[test]
    fn the_products_own_inspection_accepts_it() {
        let pdf = sample_pdf("Commercial invoice (1)", &["No. INV-00001".to_owned(), "Café \\ ቡና".to_owned()]);
        assert_eq!(inspect(&pdf, 1 << 20).unwrap().kind, FileKind::Pdf);
        assert!(pdf.len() < 1_500, "{} bytes", pdf.len());
    }
}
