//! The name of a file as people see it: cleaned when it comes in, written so that no browser misreads it
//! when it goes out.
//!
//! The name never decides anything: files lie under generated keys, and their kind is read from their bytes.

use super::inspection::FileKind;

/// The longest name that is kept, in characters.
const LONGEST: usize = 120;

/// The longest ending that is taken for an extension and replaced.
const LONGEST_EXTENSION: usize = 5;

/// Whether a browser shows the file or saves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Save it.
    Attachment,
    /// Show it in the page's frame.
    Inline,
}

/// `sent`, the name that a sender gave, as it may be shown and saved: no folders, no control characters, no
/// characters that turn the reading direction (they make `gpj.exe` of `exe.jpg`), not too long, and with
/// the extension of what the file is.
#[must_use]
pub fn display_name(sent: &str, kind: FileKind) -> String {
    let words = visible_words(sent);
    let stem: String = without_extension(words.trim_matches(['.', ' '])).chars().take(LONGEST).collect();
    let stem = stem.trim_matches(['.', ' ']);
    let stem = if stem.is_empty() { "document" } else { stem };
    format!("{stem}.{}", kind.extension())
}

/// As [`display_name`], for a file whose kind nobody has looked at: its extension stays what it says.
#[must_use]
pub fn plain_name(sent: &str) -> String {
    let name: String = visible_words(sent).chars().take(LONGEST).collect();
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() { "file".to_owned() } else { name.to_owned() }
}

fn visible_words(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String =
        last.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| is_visible(*c)).collect();
    visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_visible(c: char) -> bool {
    // Besides control characters: those that are not seen or that turn what follows.
    let is_hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    // Characters that file systems refuse in names.
    let is_refused = matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*');
    !c.is_control() && !is_hidden && !is_refused
}

/// Without what looks like an extension: a few Latin letters and digits, not digits alone ("Invoice No. 12").
fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending))
            if (1..=LONGEST_EXTENSION).contains(&ending.len())
                && ending.bytes().all(|b| b.is_ascii_alphanumeric())
                && ending.bytes().any(|b| b.is_ascii_alphabetic()) =>
        {
            stem
        }
        _ => name,
    }
}

/// The `Content-Disposition` header for a name (RFC 6266): in ASCII for old readers, and in full (RFC 8187)
/// for the others. Always a valid header value, whatever the name.
#[must_use]
pub fn content_disposition(disposition: Disposition, name: &str) -> String {
    let kind = match disposition {
        Disposition::Attachment => "attachment",
        Disposition::Inline => "inline",
    };
    // A percent sign would be decoded by some browsers; quotes and backslashes end or escape the string.
    let is_plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\' | '%');
    let fallback: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    format!("{kind}; filename=\"{fallback}\"; filename*=UTF-8''{}", percent_encoded(name))
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => {
                encoded.push('%');
                encoded.push_str(&hex::encode_upper([byte]));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_get_the_right_extension() {
        for (sent, kind, shown) in [
            ("invoice.pdf", FileKind::Pdf, "invoice.pdf"),
            ("Invoice.PDF", FileKind::Pdf, "Invoice.pdf"),
            ("scan.jpeg", FileKind::Jpeg, "scan.jpg"),
            ("invoice.exe", FileKind::Pdf, "invoice.pdf"),
            ("invoice", FileKind::Png, "invoice.png"),
            ("Invoice No. 12", FileKind::Pdf, "Invoice No. 12.pdf"),
            ("v1.2", FileKind::Pdf, "v1.2.pdf"),
            ("የሽያጭ ውል.pdf", FileKind::Pdf, "የሽያጭ ውል.pdf"),
            ("C:\\fakepath\\bill of   lading.png", FileKind::Png, "bill of lading.png"),
            ("../../etc/passwd", FileKind::Pdf, "passwd.pdf"),
            ("a\r\nSet-Cookie: x", FileKind::Pdf, "a Set-Cookie x.pdf"),
            ("photo\u{202e}gpj.exe", FileKind::Jpeg, "photogpj.jpg"),
            ("<b>x</b>.png", FileKind::Png, "b.png"),
            ("...", FileKind::Pdf, "document.pdf"),
            (".pdf", FileKind::Pdf, "pdf.pdf"),
            ("", FileKind::Pdf, "document.pdf"),
            ("\0\u{7}", FileKind::Pdf, "document.pdf"),
        ] {
            assert_eq!(display_name(sent, kind), shown, "{sent:?}");
        }
        assert_eq!(display_name(&"ቡ".repeat(500), FileKind::Pdf).chars().count(), LONGEST + 4);
    }

    #[test]
    fn the_name_of_data_keeps_its_extension() {
        for (sent, shown) in [
            ("C:\\plots\\Aleta  Wendo.geojson", "Aleta Wendo.geojson"),
            ("../../etc/passwd", "passwd"),
            ("", "file"),
            ("...", "file"),
        ] {
            assert_eq!(plain_name(sent), shown, "{sent:?}");
        }
        assert_eq!(plain_name(&"ቡ".repeat(500)).chars().count(), LONGEST);
    }

    #[test]
    fn a_name_is_told_to_old_and_new_browsers() {
        assert_eq!(
            content_disposition(Disposition::Attachment, "የሽያጭ \"5%\".pdf"),
            "attachment; filename=\"____ _5__.pdf\"; filename*=UTF-8''%E1%8B%A8%E1%88%BD%E1%8B%AB%E1%8C%AD%20%225%25%22.pdf"
        );
        assert_eq!(
            content_disposition(Disposition::Inline, "invoice 7.pdf"),
            "inline; filename=\"invoice 7.pdf\"; filename*=UTF-8''invoice%207.pdf"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_name_makes_a_valid_header(sent in ".*") {
            let name = display_name(&sent, FileKind::Pdf);
            let header = content_disposition(Disposition::Attachment, &name);
            proptest::prop_assert!(http::HeaderValue::from_str(&header).is_ok());
            proptest::prop_assert!(header.is_ascii());
            proptest::prop_assert_eq!(display_name(&name, FileKind::Pdf), name);
        }
    }
}
