//! Where the record is read, for whoever leads there.

use uuid::Uuid;

/// Its page.
pub const HOME: &str = "/audit";

/// How a search names the thing that it is about.
#[must_use]
pub fn about(entity_kind: &str, id: Uuid) -> String {
    format!("{entity_kind} {id}")
}

/// A search for what `pairs` say.
#[must_use]
pub fn search(pairs: &[(&str, &str)]) -> String {
    format!("{HOME}?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// All that is on record about something.
#[must_use]
pub fn trail(entity_kind: &str, id: Uuid) -> String {
    search(&[("about", &about(entity_kind, id))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_is_a_search_for_the_thing_itself() {
        let trail = trail("coffee_lot", Uuid::from_u128(7));
        assert_eq!(trail, "/audit?about=coffee_lot+00000000-0000-0000-0000-000000000007");
    }
}
