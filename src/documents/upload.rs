//! A form with a file as it arrives (`multipart/form-data`): proven to be ours before a byte of the file is
//! stored, streamed to disk, never held in memory.
//!
//! As with other forms, a field that no page of ours sends is refused as a whole; what is wrong with the
//! file is the handler's to say, at the field, with everything typed kept.

use std::collections::BTreeMap;
use std::error::Error;

use axum::extract::Request;
use http::header;
use multer::{Constraints, Field, Multipart, SizeLimit};

use super::inspection::UploadRefusal;
use super::intake::{Accepted, IntakeError};
use super::storage::{Storage, StorageError};
use crate::error::{AppError, Unreadable};
use crate::web::csrf::FormGuard;
use crate::web::form::{self, CSRF_FIELD, FormToken, KEY_FIELD};

/// The field that holds the file. It comes last on our pages; the session's token has to come before it.
pub const FILE_FIELD: &str = "file";

/// The largest body of an upload. Larger than any file that is taken: a browser reads no answer before it
/// has sent its file, so one that is somewhat too large is read to its end and then told so on the page.
pub const BODY_LIMIT_BYTES: usize = 32 << 20;

/// More parts than any form of ours has.
const MAX_PARTS: usize = 10;

/// The longest field beside the file.
const FIELD_BYTES: u64 = 4 << 10;

/// A form with a file that was sent.
#[derive(Debug)]
pub struct Upload {
    /// The key of the form.
    pub token: FormToken,
    /// The fields beside the file, as typed. Each that was asked for is there.
    pub fields: BTreeMap<String, String>,
    /// The file.
    pub file: SentFile,
    method: String,
    path: String,
}

/// What came in the field for the file.
#[derive(Debug)]
pub enum SentFile {
    /// Nothing was chosen.
    Missing,
    /// It is not taken.
    Refused(UploadRefusal),
    /// It waits to be kept.
    Accepted(Box<Accepted>),
}

impl Upload {
    /// Reads a form that has the fields `names` and a file.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] when the form is not of this session, [`AppError::Unreadable`] when no page of
    /// ours sends it, [`AppError::Unavailable`] when the file cannot be stored.
    pub async fn read(
        request: Request,
        guard: &FormGuard,
        storage: &Storage,
        names: &[&str],
    ) -> Result<Self, AppError> {
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = content_type.and_then(|value| multer::parse_boundary(value).ok());
        let boundary = boundary.ok_or(AppError::UnsupportedBody)?;
        let (method, path) = (request.method().as_str().to_owned(), request.uri().path().to_owned());

        let known = [CSRF_FIELD, KEY_FIELD, FILE_FIELD].iter().chain(names);
        // The file is counted while it is stored, against its own limit.
        let sizes = SizeLimit::new().per_field(FIELD_BYTES).for_field(FILE_FIELD, BODY_LIMIT_BYTES as u64);
        let rules = Constraints::new().allowed_fields(known.copied().collect()).size_limit(sizes);
        let body = request.into_body().into_data_stream();
        let mut form = Multipart::with_constraints(body, boundary, rules);

        let mut fields = BTreeMap::new();
        let mut file = None;
        let mut parts = 0;
        while let Some(mut part) = form.next_field().await.map_err(unreadable)? {
            parts += 1;
            let name = part.name().unwrap_or_default().to_owned();
            let is_repeated = fields.contains_key(&name) || (name == FILE_FIELD && file.is_some());
            if is_repeated || parts > MAX_PARTS {
                return Err(AppError::Unreadable(Unreadable::Fields));
            }
            if name == FILE_FIELD {
                guard.check(fields.get(CSRF_FIELD).map(String::as_str))?;
                let sent = take_in(&mut part, storage).await?;
                let is_read = !matches!(sent, SentFile::Refused(UploadRefusal::TooLarge { .. })) || drain(part).await;
                file = Some(sent);
                if !is_read {
                    break;
                }
            } else {
                let value = part.text().await.map_err(unreadable)?;
                // PostgreSQL's text holds no NUL; no person types one.
                if value.contains('\0') {
                    return Err(AppError::Unreadable(Unreadable::Fields));
                }
                fields.insert(name, value);
            }
        }
        guard.check(fields.remove(CSRF_FIELD).as_deref())?;
        let key = fields.remove(KEY_FIELD).and_then(|key| key.parse().ok());
        let token = FormToken { key: key.ok_or(AppError::Unreadable(Unreadable::Key))? };
        let file = file.ok_or(AppError::Unreadable(Unreadable::Fields))?;
        if names.iter().any(|name| !fields.contains_key(*name)) {
            return Err(AppError::Unreadable(Unreadable::Fields));
        }
        Ok(Self { token, fields, file, method, path })
    }

    /// What the same key must come with again: SHA-256 over method, path, fields and the file's own.
    #[must_use]
    pub fn request_hash(&self, file: &Accepted) -> [u8; 32] {
        let mut pairs: Vec<(String, String)> =
            self.fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        pairs.push((FILE_FIELD.to_owned(), file.digest().sha256_hex()));
        form::hash(&self.method, &self.path, pairs.iter())
    }
}

async fn take_in(part: &mut Field<'_>, storage: &Storage) -> Result<SentFile, AppError> {
    let limit_bytes = storage.upload_limit_bytes();
    let name = part.file_name().unwrap_or_default().to_owned();
    let staged = match storage.stage(&mut *part, limit_bytes).await {
        Ok(staged) => staged,
        Err(StorageError::TooLarge { limit_bytes }) => {
            return Ok(SentFile::Refused(UploadRefusal::TooLarge { limit_bytes }));
        }
        Err(error) => return Err(error.into()),
    };
    // A browser sends an empty part without a name when no file was chosen.
    if staged.digest().size_bytes == 0 && name.is_empty() {
        return Ok(SentFile::Missing);
    }
    match Accepted::inspect(staged, &name, limit_bytes).await {
        Ok(accepted) => Ok(SentFile::Accepted(Box::new(accepted))),
        Err(IntakeError::Refused(refusal)) => {
            tracing::info!(%refusal, "an upload is refused");
            Ok(SentFile::Refused(refusal))
        }
        Err(IntakeError::Storage(error)) => Err(error.into()),
    }
}

/// Reads the rest of a file that is not taken; false when it does not end within the limit of the body.
async fn drain(mut part: Field<'_>) -> bool {
    loop {
        match part.chunk().await {
            Ok(Some(_)) => {}
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

fn unreadable(error: multer::Error) -> AppError {
    tracing::info!(%error, "a form with a file that cannot be read");
    match error {
        multer::Error::StreamReadFailed(_) => {
            let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
            while let Some(found) = cause {
                if found.is::<http_body_util::LengthLimitError>() {
                    return AppError::TooLarge { limit_bytes: BODY_LIMIT_BYTES };
                }
                cause = found.source();
            }
            AppError::Unreadable(Unreadable::Interrupted)
        }
        multer::Error::IncompleteFieldData { .. }
        | multer::Error::IncompleteHeaders
        | multer::Error::IncompleteStream => AppError::Unreadable(Unreadable::Interrupted),
        // The enum is multer's own and not exhaustive; the others are forms that no page of ours sends.
        _ => AppError::Unreadable(Unreadable::Fields),
    }
}
