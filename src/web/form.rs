//! Forms as they arrive: read whole, proven to be ours, with the key that makes each count once.
//!
//! A form of ours sends exactly the fields that its page has. So an unknown field, a repeated one where
//! one is meant, or a missing one is refused as a whole; what a person typed wrongly is the handler's to
//! say, at the field, with everything typed kept ([`Submission::raw`]). Which fields a form has, its struct
//! says; where it is read into a map, its route does ([`super::form_fields`]), or it is not read at all.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::header;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use url::form_urlencoded;
use uuid::Uuid;

use super::{
    csrf::FormGuard,
    fields::{self, FieldsError},
    form_fields::FieldNames,
    kept_form::{KeptForm, Place},
    routes::BodyLimit,
};
use crate::{
    auth::session,
    error::{AppError, Unreadable},
};

/// The field that holds the session's token.
pub const CSRF_FIELD: &str = "csrf";
/// The field that holds the key of this rendering of the form.
pub const KEY_FIELD: &str = "idempotency_key";
/// The field that holds the version of what the form changes.
pub const VERSION_FIELD: &str = "version";

/// More fields than any form of ours has.
const MAX_FIELDS: usize = 200;

/// The key of one rendering of a form: however often it is sent, it counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FormToken {
    /// The key, random and made here.
    pub key: Uuid,
}

impl FormToken {
    /// The key for a form that is being rendered.
    #[must_use]
    pub fn fresh() -> Self {
        Self { key: Uuid::new_v4() }
    }
}

impl std::fmt::Display for FormToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.key.fmt(f)
    }
}

/// A form that only has a button.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct NoFields {}

/// The fields as they were typed, for showing the form again.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawFields(Vec<(String, String)>);

/// Names only: the values may be a password.
impl std::fmt::Debug for RawFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl RawFields {
    /// Fields from pairs, for a form that is shown filled in.
    #[must_use]
    pub const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of `name`; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every value of `name`, in the order of the page.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every field with its value.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// A form that was sent: its fields as `T`, and what every form carries.
///
/// Reading it has proven that it comes from this session (on routes that need one).
#[derive(Debug, Clone)]
pub struct Submission<T> {
    /// The fields.
    pub fields: T,
    /// The key of the form, where it has one.
    pub token: Option<FormToken>,
    /// The version of what the form changes, where it has one.
    pub version: Option<i32>,
    /// What the same key must come with again: SHA-256 over method, path and fields.
    pub request_hash: [u8; 32],
    /// The fields as typed.
    pub raw: RawFields,
}

impl<T> Submission<T> {
    /// The key, on forms that have an effect.
    ///
    /// # Errors
    /// [`Unreadable::Key`] when there is none.
    pub fn require_token(&self) -> Result<FormToken, AppError> {
        self.token.ok_or(AppError::Unreadable(Unreadable::Key))
    }

    /// The version, on forms that change what somebody else may change too.
    ///
    /// # Errors
    /// [`Unreadable::Fields`] when there is none.
    pub fn require_version(&self) -> Result<i32, AppError> {
        self.version.ok_or(AppError::Unreadable(Unreadable::Fields))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Submission<T> {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        if !is_form(&request) {
            return Err(AppError::UnsupportedBody.into_response());
        }
        // On a public route nobody has asked who is signed in yet, and the answer may need it.
        session::signed_in(request.extensions()).await.map_err(IntoResponse::into_response)?;
        let guard = FormGuard::of(request.extensions()).map_err(IntoResponse::into_response)?;
        let (method, path) = (request.method().as_str().to_owned(), request.uri().path().to_owned());
        let place = Place::of(request.uri(), request.headers());
        let declared = request.extensions().get::<FieldNames>().cloned();
        let raw = RawFields(read_pairs(request).await.map_err(IntoResponse::into_response)?);
        if let Err(error) = guard.check(raw.find(CSRF_FIELD)) {
            return Err(KeptForm::refused(KeptForm::of(place, &raw), error));
        }
        Self::parse(&method, &path, raw, declared.as_ref()).map_err(IntoResponse::into_response)
    }
}

impl<T: DeserializeOwned> Submission<T> {
    fn parse(method: &str, path: &str, raw: RawFields, declared: Option<&FieldNames>) -> Result<Self, AppError> {
        let token = raw.find(KEY_FIELD).map(|key| Uuid::parse_str(key).map(|key| FormToken { key }));
        let version = raw.find(VERSION_FIELD).map(str::parse);
        let content = || raw.0.iter().filter(|(name, _)| name != CSRF_FIELD && name != KEY_FIELD);
        let rest = content().filter(|(name, _)| name != VERSION_FIELD);
        Ok(Self {
            fields: fields::parse_form(rest.map(|(name, value)| (name.as_str(), value.as_str())), declared)
                .map_err(|error| unfit(error, path))?,
            token: token.transpose().map_err(|_| AppError::Unreadable(Unreadable::Key))?,
            version: version.transpose().map_err(|_| AppError::Unreadable(Unreadable::Fields))?,
            request_hash: hash(method, path, content()),
            raw,
        })
    }
}

/// Why the fields are not taken.
fn unfit(error: FieldsError, path: &str) -> AppError {
    match error {
        FieldsError::Unfit(_) => {
            tracing::info!(%error, "a form that no page of ours sends");
            AppError::Unreadable(Unreadable::Fields)
        }
        FieldsError::Undeclared => AppError::internal(anyhow::Error::new(error).context(format!("a form at {path}"))),
    }
}

/// What makes two sendings the same: everything but the keys. Sorted, because a browser's order is the
/// page's and a script's may be another.
pub(crate) fn hash<'a>(method: &str, path: &str, fields: impl Iterator<Item = &'a (String, String)>) -> [u8; 32] {
    let mut fields: Vec<_> = fields.collect();
    fields.sort();
    let mut hash = Sha256::new();
    let mut add = |part: &str| {
        // Lengths keep ("ab", "c") apart from ("a", "bc").
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    };
    add(method);
    add(path);
    for (name, value) in fields {
        add(name);
        add(value);
    }
    hash.finalize().into()
}

pub(super) fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

pub(super) async fn read_pairs(request: Request) -> Result<Vec<(String, String)>, AppError> {
    let limit_bytes = request.extensions().get::<BodyLimit>().map_or(super::routes::FORM_LIMIT_BYTES, |l| l.0);
    let body = to_bytes(request.into_body(), limit_bytes).await.map_err(|error| read_error(&error, limit_bytes))?;
    let pairs: Vec<_> = form_urlencoded::parse(&body).take(MAX_FIELDS + 1).map(|(k, v)| (k.into(), v.into())).collect();
    // PostgreSQL's text holds no NUL; no person types one.
    let is_plain = pairs.iter().all(|(k, v): &(String, String)| !k.contains('\0') && !v.contains('\0'));
    if pairs.len() > MAX_FIELDS || !is_plain {
        return Err(AppError::Unreadable(Unreadable::Fields));
    }
    Ok(pairs)
}

/// Why a body could not be read to its end.
pub(super) fn read_error(error: &axum::Error, limit_bytes: usize) -> AppError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<http_body_util::LengthLimitError>() {
            return AppError::TooLarge { limit_bytes };
        }
        cause = error.source();
    }
    AppError::Unreadable(Unreadable::Interrupted)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    struct Decision {
        reason: String,
    }

    fn raw(pairs: &[(&str, &str)]) -> RawFields {
        RawFields(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    const KEY: &str = "0190c5d2-7f3a-7bb1-9a64-2f6f0a9c1d11";

    #[test]
    fn a_form_is_read_with_its_key_and_version() {
        let form = raw(&[("csrf", "t"), ("idempotency_key", KEY), ("version", "3"), ("reason", "ok  then")]);
        let read = Submission::<Decision>::parse("POST", "/x", form, None).unwrap();
        assert_eq!(read.fields, Decision { reason: "ok  then".to_owned() });
        assert_eq!((read.require_token().unwrap().to_string(), read.require_version().unwrap()), (KEY.to_owned(), 3));
        assert_eq!(read.raw.get("reason"), "ok  then");
    }

    #[test]
    fn a_field_that_the_page_does_not_have_is_refused() {
        for pairs in [
            vec![("reason", "x"), ("status", "SHIPPED")],
            vec![("reason", "x"), ("reason", "y")],
            vec![],
            vec![("reason", "x"), ("version", "1; drop table exports")],
            vec![("reason", "x"), ("idempotency_key", "1")],
        ] {
            let read = Submission::<Decision>::parse("POST", "/x", raw(&pairs), None);
            assert!(matches!(read, Err(AppError::Unreadable(_))), "{pairs:?}");
        }
    }

    #[test]
    fn of_a_form_with_free_fields_those_are_taken_that_its_route_declares() {
        type Free = std::collections::BTreeMap<String, String>;
        let names = FieldNames::from(vec!["reason", "container_number_*"]);
        let form =
            [("csrf", "t"), ("idempotency_key", KEY), ("version", "3"), ("reason", "x"), ("container_number_2", "")];
        let read = Submission::<Free>::parse("POST", "/x", raw(&form), Some(&names)).unwrap();
        assert_eq!(read.fields.keys().collect::<Vec<_>>(), ["container_number_2", "reason"]);
        for other in ["status", "organization_id", "container_number_", "factor_code"] {
            let read = Submission::<Free>::parse("POST", "/x", raw(&[("reason", "x"), (other, "x")]), Some(&names));
            assert!(matches!(read, Err(AppError::Unreadable(Unreadable::Fields))), "{other}");
        }
        let read = Submission::<Free>::parse("POST", "/x", raw(&[("reason", "x")]), None);
        assert!(matches!(read, Err(AppError::Internal(_))), "a route that declares none takes none");
    }

    #[test]
    fn the_hash_knows_the_content_and_not_the_keys() {
        let hash = |path: &str, pairs: &[(&str, &str)]| {
            let names = FieldNames::from(vec!["a", "b"]);
            Submission::<std::collections::HashMap<String, String>>::parse("POST", path, raw(pairs), Some(&names))
                .unwrap()
                .request_hash
        };
        let base = hash("/x", &[("a", "1"), ("b", "2"), ("csrf", "t")]);
        assert_eq!(base, hash("/x", &[("b", "2"), ("idempotency_key", KEY), ("a", "1")]));
        assert_ne!(base, hash("/y", &[("a", "1"), ("b", "2")]));
        assert_ne!(base, hash("/x", &[("a", "1"), ("b", "2"), ("version", "1")]));
        assert_ne!(base, hash("/x", &[("a", "12"), ("b", "")]));
    }
}
