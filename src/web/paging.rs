//! Keyset paging: the place in a list, as an opaque piece of an address.
//!
//! A list is ordered by a time and, where times are equal, by id; the cursor holds both, so a page
//! costs the same wherever it lies and a row that arrives meanwhile shifts nothing.

use std::str::FromStr;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// A cursor: 8 bytes of microseconds and 16 of id.
const BYTES: usize = 24;

/// The last row of the page before (or the first of the page after).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The time by which the list is ordered, to the microsecond as PostgreSQL keeps it.
    pub at: DateTime<Utc>,
    /// The row's id.
    pub id: Uuid,
}

/// The text is no cursor of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no place in a list")]
pub struct NotACursor;

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut bytes = [0; BYTES];
        bytes[..8].copy_from_slice(&self.at.timestamp_micros().to_be_bytes());
        bytes[8..].copy_from_slice(self.id.as_bytes());
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotACursor)?;
        let bytes: [u8; BYTES] = bytes.try_into().map_err(|_| NotACursor)?;
        let (at, id) = bytes.split_first_chunk::<8>().ok_or(NotACursor)?;
        let at = DateTime::from_timestamp_micros(i64::from_be_bytes(*at)).ok_or(NotACursor)?;
        // PostgreSQL's timestamps begin in 4713 BC; what lies outside would be a server error.
        let is_plausible = (0..=9_999).contains(&chrono::Datelike::year(&at));
        let id = Uuid::from_slice(id).map_err(|_| NotACursor)?;
        if is_plausible { Ok(Self { at, id }) } else { Err(NotACursor) }
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// One page of a list, and where the next begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where to go on, when there is more.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page of at most `size` of the `rows`, of which one more than `size` was asked for.
    #[must_use]
    pub fn of(mut rows: Vec<T>, size: usize, cursor: impl Fn(&T) -> Cursor) -> Self {
        let has_more = rows.len() > size;
        rows.truncate(size);
        let next = if has_more { rows.last().map(cursor) } else { None };
        Self { rows, next }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_cursor_is_refused() {
        let early = Cursor { at: DateTime::from_timestamp_micros(-i64::MAX / 64).unwrap(), id: Uuid::nil() };
        for text in ["", "x", "AAAA", "!!!", &"A".repeat(33), &"A".repeat(31), &early.to_string(), "' or 1=1"] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text:?}");
        }
    }

    #[test]
    fn the_next_page_begins_after_the_last_row_shown() {
        let rows: Vec<i64> = (1..=4).collect();
        let cursor = |n: &i64| Cursor { at: DateTime::from_timestamp(*n, 0).unwrap(), id: Uuid::nil() };
        let page = Page::of(rows.clone(), 3, cursor);
        assert_eq!((page.rows.len(), page.next), (3, Some(cursor(&3))));
        assert_eq!(Page::of(rows, 4, cursor).next, None);
    }

    proptest! {
        #[test]
        fn a_cursor_survives_the_address(micros in 0_i64..4_000_000_000_000_000, id in any::<u128>()) {
            let cursor = Cursor { at: DateTime::from_timestamp_micros(micros).unwrap(), id: Uuid::from_u128(id) };
            let text = cursor.to_string();
            prop_assert_eq!(text.len(), 32);
            prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
            prop_assert_eq!(text.parse::<Cursor>().unwrap(), cursor);
        }

        #[test]
        fn no_text_breaks_the_parser(text in ".{0,60}") {
            let _ = text.parse::<Cursor>();
        }
    }
}
