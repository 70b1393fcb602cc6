//! Ethiopian telephone numbers.

/// A number as it is stored: `+251` or `0` and nine digits, of which the first is 9 or 7 (mobile) or 1 to 6 or 8 (area).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// The number in `text`, without spaces, dashes and brackets; none when it is no number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: String =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')' | '.')).collect();
        let national = digits.strip_prefix("+251").or_else(|| digits.strip_prefix('0'))?;
        let is_number = national.len() == 9 && national.bytes().all(|byte| byte.is_ascii_digit());
        (is_number && !national.starts_with('0')).then_some(Self(digits))
    }

    /// The number as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Phone;

    #[test]
    fn a_number_has_nine_digits_after_its_prefix() {
        for (typed, stored) in
            [("+251 911 234 567", "+251911234567"), ("0911-234567", "0911234567"), ("(011) 551 0000", "0115510000")]
        {
            assert_eq!(Phone::parse(typed).unwrap().as_str(), stored);
        }
        for bad in ["", "911234567", "+25191123456", "+2519112345678", "0011234567", "+251 0911234567", "09112345ab"] {
            assert_eq!(Phone::parse(bad), None, "{bad}");
        }
    }
}
