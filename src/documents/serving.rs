//! A stored file as an answer: to be saved, or shown in a frame.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

use super::file_name::{Disposition, content_disposition};
use super::inspection::FileKind;
use super::storage::{Storage, StorageKey};
use crate::error::AppError;
use crate::web::headers::DOCUMENT_CONTENT_SECURITY_POLICY;

/// For a file that a browser saves: should it be opened after all, it may do nothing.
const DOWNLOAD_CONTENT_SECURITY_POLICY: &str = "sandbox; default-src 'none'";

/// The ZIP at `key`, called `name`, to be saved.
///
/// # Errors
/// As [`respond`].
pub async fn respond_zip(storage: &Storage, key: &StorageKey, name: &str) -> Result<Response, AppError> {
    send(storage, (key, name, "application/zip"), Disposition::Attachment).await
}

/// Bytes of ours to be saved as `name`.
///
/// # Errors
/// When the name cannot stand in a header, which a name of ours can.
pub fn attached(bytes: Vec<u8>, media_type: &'static str, name: &str) -> Result<Response, AppError> {
    let name = content_disposition(Disposition::Attachment, name);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(AppError::internal)?),
    ];
    Ok((headers, bytes).into_response())
}

/// A PDF that was read and found to be whole, to be saved as `name`.
///
/// # Errors
/// When the name cannot stand in a header, which a name of ours can.
pub fn signed_pdf(bytes: Vec<u8>, name: &str) -> Result<Response, AppError> {
    let mut answer = attached(bytes, FileKind::Pdf.media_type(), name)?;
    let policy = HeaderValue::from_static(DOWNLOAD_CONTENT_SECURITY_POLICY);
    answer.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(answer)
}

/// The file at `key`, called `name`.
///
/// # Errors
/// When it is not there or the store cannot be reached.
pub async fn respond(
    storage: &Storage,
    (key, name, kind): (&StorageKey, &str, FileKind),
    disposition: Disposition,
) -> Result<Response, AppError> {
    send(storage, (key, name, kind.media_type()), disposition).await
}

async fn send(
    storage: &Storage,
    (key, name, media_type): (&StorageKey, &str, &'static str),
    disposition: Disposition,
) -> Result<Response, AppError> {
    let opened = storage.open(key).await?;
    let named = HeaderValue::from_str(&content_disposition(disposition, name)).map_err(AppError::internal)?;
    let policy = match disposition {
        Disposition::Attachment => DOWNLOAD_CONTENT_SECURITY_POLICY,
        // Chromium's PDF viewer works in the sandbox too.
        Disposition::Inline => DOCUMENT_CONTENT_SECURITY_POLICY,
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
        (header::CONTENT_LENGTH, HeaderValue::from(opened.size_bytes)),
        (header::CONTENT_DISPOSITION, named),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
    ];
    Ok((headers, Body::from_stream(opened.bytes)).into_response())
}
