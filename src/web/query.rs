//! The part of an address after `?`, read as a struct.

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use super::fields;
use crate::error::{AppError, Unreadable};

/// The filter, search or place in a list that an address names; an extractor.
///
/// A parameter that is left empty counts as not given.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> Query<T> {
    fn parse(query: &str) -> Result<Self, AppError> {
        let pairs: Vec<_> =
            form_urlencoded::parse(query.as_bytes()).filter(|(_, value)| !value.contains('\0')).collect();
        let parsed = fields::parse_query(pairs.iter().map(|(k, v)| (k.as_ref(), v.as_ref())));
        parsed.map(Self).map_err(|_| AppError::Unreadable(Unreadable::Query))
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::web::paging::Cursor;

    #[derive(Debug, Deserialize)]
    struct Filter {
        after: Option<Cursor>,
        text: Option<String>,
    }

    #[test]
    fn an_empty_filter_is_no_filter() {
        let Query(filter) = Query::<Filter>::parse("text=&after=&page=3").unwrap();
        assert!(filter.after.is_none() && filter.text.is_none());
    }

    #[test]
    fn a_broken_place_is_said_to_be_wrong() {
        assert!(Query::<Filter>::parse("after=nowhere").is_err());
    }
}
