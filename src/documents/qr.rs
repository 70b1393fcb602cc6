//! QR codes as SVG: one path, no style attribute and no script, so that it may stand in any page of ours.

use std::fmt::Write;

use base64::{Engine, engine::general_purpose::STANDARD};
use fast_qr::ECL;
use fast_qr::qr::{QRBuilder, QRCode, QRCodeError};
use thiserror::Error;

/// The light border that a reader needs around the code, in modules (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// No code holds this text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a text of {length} bytes does not fit into a QR code")]
pub struct TextTooLong {
    /// How long it is.
    pub length: usize,
}

/// `text` as a QR code in SVG, named `label` for who cannot see it. Error correction M: a seal or a fold
/// may cover a seventh of it.
///
/// # Errors
/// [`TextTooLong`] when no code holds the text.
pub fn qr_svg(text: &str, label: &str) -> Result<String, TextTooLong> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|error| match error {
        QRCodeError::EncodedData | QRCodeError::SpecifiedVersion => TextTooLong { length: text.len() },
    })?;
    Ok(svg(&code, label))
}

/// A link as a QR code, in capitals where the alphabet of compact codes has all its characters: nearly
/// half the modules less. Whoever answers the link must take it in capitals as well.
///
/// # Errors
/// [`TextTooLong`] when no code holds the link.
pub fn link_qr_svg(link: &str, label: &str) -> Result<String, TextTooLong> {
    let capitals = link.to_ascii_uppercase();
    let is_compact = capitals
        .bytes()
        .all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'Z' | b'$' | b'%' | b'*' | b'+' | b'-' | b'.' | b'/' | b':' | b' '));
    qr_svg(if is_compact { &capitals } else { link }, label)
}

/// `text` as a QR code in the address of an image: a drawing cannot become part of the page, whatever stands in it.
///
/// # Errors
/// [`TextTooLong`] when no code holds the text.
pub fn qr_image(text: &str, label: &str) -> Result<String, TextTooLong> {
    qr_svg(text, label).map(|svg| as_image(&svg))
}

/// A link as [`link_qr_svg`] draws it, in the address of an image.
///
/// # Errors
/// [`TextTooLong`] when no code holds the link.
pub fn link_qr_image(link: &str, label: &str) -> Result<String, TextTooLong> {
    link_qr_svg(link, label).map(|svg| as_image(&svg))
}

fn as_image(svg: &str) -> String {
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))
}

fn svg(code: &QRCode, label: &str) -> String {
    let side = code.size + 2 * QUIET_ZONE;
    let mut path = String::new();
    for row in 0..code.size {
        let modules = &code[row];
        let mut column = 0;
        while column < code.size {
            let start = column;
            while column < code.size && modules[column].value() {
                column += 1;
            }
            if column > start {
                // One bar for a run of dark modules: fewer bytes, and no hairlines between them in print.
                let run = column - start;
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", start + QUIET_ZONE, row + QUIET_ZONE);
            }
            column += 1;
        }
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##,
        escaped(label)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dark modules that the path draws, as rows of the whole square.
    fn drawn(svg: &str) -> Vec<Vec<bool>> {
        let side: usize = svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let path = svg.split("fill=\"#000\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut rows = vec![vec![false; side]; side];
        for bar in path.split('M').skip(1) {
            let (x, rest) = bar.split_once(' ').unwrap();
            let (y, rest) = rest.split_once('h').unwrap();
            let run: usize = rest.split('v').next().unwrap().parse().unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            rows[y][x..x + run].fill(true);
        }
        rows
    }

    #[test]
    fn draws_exactly_the_dark_modules() {
        let text = "HTTPS://COFFEE.EXAMPLE/V/7K3M9QXT2HPA";
        let svg = qr_svg(text, "Check this permit").unwrap();
        let code = QRBuilder::new(text).ecl(ECL::M).build().unwrap();
        let rows = drawn(&svg);
        assert_eq!(rows.len(), code.size + 8);
        for (y, row) in rows.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                let inside = (4..code.size + 4).contains(&x) && (4..code.size + 4).contains(&y);
                assert_eq!(*dark, inside && code[y - 4][x - 4].value(), "{x} {y}");
            }
        }
    }

    #[test]
    fn a_link_is_coded_compactly_where_its_characters_allow() {
        let small = link_qr_svg("https://coffee.example/v/7K3M9QXT2HPA", "").unwrap();
        assert_eq!(small, qr_svg("HTTPS://COFFEE.EXAMPLE/V/7K3M9QXT2HPA", "").unwrap());
        let query = "https://coffee.example/v?code=7k3m";
        assert_eq!(link_qr_svg(query, "").unwrap(), qr_svg(query, "").unwrap());
        assert!(small.len() < qr_svg("https://coffee.example/v/7K3M9QXT2HPA", "").unwrap().len());
    }

    #[test]
    fn carries_no_style_and_escapes_its_label() {
        let svg = qr_svg("x", "a \"b\" <c> & d").unwrap();
        assert!(!svg.contains("style"));
        assert!(svg.contains("aria-label=\"a &quot;b&quot; &lt;c&gt; &amp; d\""));
    }

    #[test]
    fn refuses_what_no_code_holds() {
        assert_eq!(qr_svg(&"x".repeat(3000), ""), Err(TextTooLong { length: 3000 }));
    }
}
