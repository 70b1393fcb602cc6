//! What a handler answers when it cannot do what was asked: one enum at the edge.
//!
//! It says what a person should learn; [`crate::web::error_pages`] turns it into a page of ours in
//! the viewer's language. A cause never reaches the page, only the log, once, with the request's id.

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use http::{HeaderValue, Method, StatusCode, header};

/// Why a request is not answered as it was meant.
///
/// A form with errors is not among these: its handler renders it again with status 422.
#[derive(Debug, Clone)]
pub enum AppError {
    /// There is no such thing, or this viewer may not know of it.
    NotFound,
    /// A link that works once and for a while, and does not any more.
    LinkOver(OverLink),
    /// Nobody is signed in.
    SignInRequired,
    /// The viewer may see it and may not do it.
    Forbidden(Forbidden),
    /// Too late: somebody else was quicker, or the case has moved on.
    Conflict(Conflict),
    /// The body cannot be read as the form that it should be.
    Unreadable(Unreadable),
    /// The body is larger than this address takes.
    TooLarge {
        /// The limit in bytes.
        limit_bytes: usize,
    },
    /// The body is of a kind that this address does not take, or is compressed.
    UnsupportedBody,
    /// The address exists, the method does not.
    MethodNotAllowed {
        /// What it takes instead, as the `Allow` header has it.
        allow: &'static str,
    },
    /// A method that no address of ours takes.
    MethodUnknown(Method),
    /// `Host` is missing or repeated.
    HostUnclear,
    /// `Host` names another site.
    HostUnknown,
    /// Too many attempts; try again after a while.
    TooManyRequests {
        /// After how many seconds.
        retry_after_s: u32,
    },
    /// Everything can be read and nothing changed for now.
    ReadOnly,
    /// It is being made: there will be something here in a moment.
    Soon {
        /// The sentence that says what of.
        text_id: &'static str,
        /// The page to wait on.
        location: String,
    },
    /// Not at this moment: the database or the storage is away or busy.
    Unavailable(Cause),
    /// A mistake of ours.
    Internal(Cause),
}

/// What a link was for that does not work any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverLink {
    /// Making an account to which somebody was invited.
    Invitation,
    /// Setting a new password; another link can be asked for.
    Password,
    /// Setting a new password, where no mail goes out.
    HandedPassword,
}

/// Which rule stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Forbidden {
    /// The viewer's roles do not include it.
    Permission,
    /// It is another organisation's or another officer's step; the sentence says whose or why.
    Step(String),
    /// The form was not rendered for this session.
    FormToken,
    /// The request was started by another site.
    ForeignSite,
}

/// Who was quicker, and what to know about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conflict {
    /// The name of who changed it, when known.
    pub who: Option<String>,
    /// When it was changed.
    pub when: Option<DateTime<Utc>>,
    /// What stands in the way, in the viewer's language, when there is more to say.
    pub sentence: Option<String>,
    /// Where the present state can be seen: a path of ours.
    pub location: Option<String>,
}

/// What is wrong with a form as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// A field is missing, unknown, repeated or of the wrong type: no form of ours sends that.
    Fields,
    /// The key that makes a form count once is missing or malformed.
    Key,
    /// The key was used before, for other content.
    KeyReused,
    /// The address's parameters cannot be read.
    Query,
    /// The body broke off.
    Interrupted,
}

/// A cause for the log. Its text may hold driver messages and never goes to a page.
#[derive(Debug, Clone)]
pub struct Cause(Arc<anyhow::Error>);

impl Cause {
    /// The cause, with its own causes, in one line.
    #[must_use]
    pub fn chain(&self) -> String {
        format!("{:#}", self.0)
    }
}

impl<E: Into<anyhow::Error>> From<E> for Cause {
    fn from(error: E) -> Self {
        Self(Arc::new(error.into()))
    }
}

impl AppError {
    /// A mistake of ours, with its cause.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::Internal(Cause::from(cause))
    }

    /// Not at this moment, with its cause.
    pub fn unavailable(cause: impl Into<anyhow::Error>) -> Self {
        Self::Unavailable(Cause::from(cause))
    }

    /// The status that goes with it.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::LinkOver(_) => StatusCode::NOT_FOUND,
            Self::SignInRequired => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Unreadable(Unreadable::Interrupted) => StatusCode::BAD_REQUEST,
            Self::Unreadable(Unreadable::Fields | Unreadable::Key | Unreadable::KeyReused | Unreadable::Query) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedBody => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::MethodUnknown(_) => StatusCode::NOT_IMPLEMENTED,
            Self::HostUnclear => StatusCode::BAD_REQUEST,
            Self::HostUnknown => StatusCode::MISDIRECTED_REQUEST,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::ReadOnly | Self::Soon { .. } | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// After how many seconds another attempt makes sense, where it does.
    #[must_use]
    pub const fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::TooManyRequests { retry_after_s } => Some(*retry_after_s),
            Self::ReadOnly => Some(300),
            Self::Soon { .. } | Self::Unavailable(_) => Some(5),
            Self::NotFound
            | Self::LinkOver(_)
            | Self::SignInRequired
            | Self::Forbidden(_)
            | Self::Conflict(_)
            | Self::Unreadable(_)
            | Self::TooLarge { .. }
            | Self::UnsupportedBody
            | Self::MethodNotAllowed { .. }
            | Self::MethodUnknown(_)
            | Self::HostUnclear
            | Self::HostUnknown
            | Self::Internal(_) => None,
        }
    }

    /// What the log should hold about it beyond the status.
    #[must_use]
    pub const fn cause(&self) -> Option<&Cause> {
        match self {
            Self::Unavailable(cause) | Self::Internal(cause) => Some(cause),
            Self::NotFound
            | Self::LinkOver(_)
            | Self::SignInRequired
            | Self::Forbidden(_)
            | Self::Conflict(_)
            | Self::Unreadable(_)
            | Self::TooLarge { .. }
            | Self::UnsupportedBody
            | Self::MethodNotAllowed { .. }
            | Self::MethodUnknown(_)
            | Self::HostUnclear
            | Self::HostUnknown
            | Self::TooManyRequests { .. }
            | Self::ReadOnly
            | Self::Soon { .. } => None,
        }
    }
}

/// Carries the error out to the layer that renders pages; the body stays empty until then.
impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after_s() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Self::MethodNotAllowed { allow } = self {
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Tells apart what passes by itself from what is a mistake. A unique violation is the caller's to
/// translate, by the constraint's name; here it is a mistake.
impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        if passes_by_itself(&error) { Self::unavailable(error) } else { Self::internal(error) }
    }
}

impl From<tower_sessions::session::Error> for AppError {
    fn from(error: tower_sessions::session::Error) -> Self {
        match &error {
            // The store fails only when the database does; there is nothing to decode but JSON.
            tower_sessions::session::Error::Store(tower_sessions::session_store::Error::Backend(_)) => {
                Self::unavailable(error)
            }
            tower_sessions::session::Error::Store(
                tower_sessions::session_store::Error::Encode(_) | tower_sessions::session_store::Error::Decode(_),
            )
            | tower_sessions::session::Error::SerdeJson(_) => Self::internal(error),
        }
    }
}

/// Whether waiting helps: the server is away, starting or overloaded.
pub(crate) fn passes_by_itself(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing_state(&code)),
        // The enum is sqlx's own and not exhaustive.
        _ => false,
    }
}

/// Whether an SQLSTATE speaks of the server's condition and not of the statement.
fn is_passing_state(code: &str) -> bool {
    match code {
        // shutting down, crashed, starting up
        "57P01" | "57P02" | "57P03"
        // canceled by statement_timeout, lock not available, idle in transaction
        | "57014" | "55P03" | "25P03"
        // a standby or a server in read-only mode
        | "25006"
        // deadlock and serialization failure that outlived their retries
        | "40001" | "40P01" => true,
        // 08 connection, 53 insufficient resources (disk full, out of memory, too many connections)
        _ => code.starts_with("08") || code.starts_with("53"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_of_the_server_are_told_from_mistakes() {
        for code in ["57P01", "57P03", "53100", "53300", "08006", "25006", "55P03", "57014", "40P01"] {
            assert!(is_passing_state(code), "{code}");
        }
        for code in ["23505", "42501", "42P01", "22001"] {
            assert!(!is_passing_state(code), "{code}");
        }
    }

    #[test]
    fn an_exhausted_pool_is_a_503_with_retry_after() {
        let response = AppError::from(sqlx::Error::PoolTimedOut).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "5");
    }

    #[test]
    fn a_missing_row_is_a_mistake_not_a_404() {
        // A finder returns an Option; `RowNotFound` means that a row was taken for granted.
        assert_eq!(AppError::from(sqlx::Error::RowNotFound).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    #[test]
    fn a_response_carries_its_error_and_no_text() {
        let response = AppError::internal(anyhow::anyhow!("relation \"secret\" does not exist")).into_response();
        assert!(response.extensions().get::<AppError>().is_some());
        assert_eq!(http_body::Body::size_hint(response.body()).exact(), Some(0));
    }
}
