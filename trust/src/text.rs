//! Bytes as text: base64 in both alphabets, of which only the one right spelling is read.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};

/// For addresses and signed texts: without padding, with `-` and `_` (RFC 4648, section 5).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes that `text` writes; nothing for padding, blanks, other characters or bits that count for nothing.
#[must_use]
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// For certificates in JSON: with padding, `+` and `/` (RFC 4648, section 4).
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes that `text` writes, in the one right spelling.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Whether a character is not seen, or turns the direction of writing.
#[must_use]
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Whether `text` is fit to be sealed and shown: not empty, no longer than `longest` bytes, no blank at its ends, no
/// control characters and none that turn the direction of writing, with which a text can look like another.
#[must_use]
pub fn is_plain(text: &str, longest: usize) -> bool {
    !text.is_empty() && text.len() <= longest && text.trim() == text && !text.chars().any(is_harmful)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_have_one_spelling() {
        assert_eq!(base64url(&[251, 255]), "-_8");
        assert_eq!(from_base64url("-_8"), Some(vec![251, 255]));
        for wrong in ["-_9", "-_8=", "+/8", " -_8", "-_8\n", "-"] {
            assert_eq!(from_base64url(wrong), None, "{wrong:?}");
        }
        assert_eq!(from_base64("+/8="), Some(vec![251, 255]));
        for wrong in ["+/9=", "+/8", "-_8=", "+/8=\n"] {
            assert_eq!(from_base64(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_text_cannot_look_like_another_by_turning() {
        assert!(is_plain("Abay Coffee Export PLC", 40) && is_plain("አባይ ቡና", 40));
        for wrong in ["", " a", "a ", "a\u{0}b", "a\u{202e}b", "a\u{200b}b", "a\nb", "four"] {
            assert!(!is_plain(wrong, 3), "{wrong:?}");
        }
    }
}
