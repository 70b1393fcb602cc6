//! A form with a file as it arrives (`multipart/form-data`): proven to be ours before a byte of the file is
//! stored, streamed to disk, never held in memory.
//!
//! As with other forms, a field that no page of ours sends is refused as a whole; what is wrong with the
//! file is the handler's to say, at the field, with everything typed kept.

use std::collections::BTreeMap;
use std::error::Error;

use async_trait::async_trait;
use axum::extract::Request;
use http::header;
use multer::{Constraints, Field, Multipart, SizeLimit};

use super::file_name::plain_name;
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
        let Parts { token, fields, file, method, path } =
            read_parts(request, guard, names, &IntoStore(storage)).await?;
        Ok(Self { token, fields, file, method, path })
    }

    /// What the same key must come with again: SHA-256 over method, path, fields and the file's own.
    #[must_use]
    pub fn request_hash(&self, file: &Accepted) -> [u8; 32] {
        hash(&self.method, &self.path, &self.fields, file.digest().sha256_hex())
    }
}

/// A form with a file of data that was sent: a table or a list, held in memory and kept by nobody yet.
#[derive(Debug)]
pub struct DataUpload {
    /// The key of the form.
    pub token: FormToken,
    /// The fields beside the file, as typed. Each that was asked for is there.
    pub fields: BTreeMap<String, String>,
    /// The file.
    pub file: SentData,
    method: String,
    path: String,
}

/// What came in the field for a file of data.
#[derive(Debug, PartialEq, Eq)]
pub enum SentData {
    /// Nothing was chosen.
    Missing,
    /// More than is taken.
    TooLarge {
        /// The most, in bytes.
        limit_bytes: usize,
    },
    /// Its bytes; what they are is the reader's to find out.
    Received {
        /// The file's name, cleaned.
        name: String,
        /// What it holds.
        bytes: Vec<u8>,
    },
}

impl DataUpload {
    /// Reads a form that has the fields `names` and a file of at most `limit_bytes`.
    ///
    /// # Errors
    /// As [`Upload::read`].
    pub async fn read(
        request: Request,
        guard: &FormGuard,
        limit_bytes: usize,
        names: &[&str],
    ) -> Result<Self, AppError> {
        let Parts { token, fields, file, method, path } =
            read_parts(request, guard, names, &IntoMemory { limit_bytes }).await?;
        Ok(Self { token, fields, file, method, path })
    }

    /// What the same key must come with again: SHA-256 over method, path, fields and the file's own.
    #[must_use]
    pub fn request_hash(&self, sha256: [u8; 32]) -> [u8; 32] {
        hash(&self.method, &self.path, &self.fields, hex::encode(sha256))
    }
}

fn hash(method: &str, path: &str, fields: &BTreeMap<String, String>, sha256: String) -> [u8; 32] {
    let mut pairs: Vec<(String, String)> = fields.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    pairs.push((FILE_FIELD.to_owned(), sha256));
    form::hash(method, path, pairs.iter())
}

/// A form's parts as they came.
struct Parts<F> {
    token: FormToken,
    fields: BTreeMap<String, String>,
    file: F,
    method: String,
    path: String,
}

/// Where a file goes while it is read.
#[async_trait]
trait Taker: Sync {
    type File: Send;

    async fn take(&self, part: &mut Field<'_>) -> Result<Self::File, AppError>;

    /// Whether the rest of it was left unread.
    fn is_cut_off(file: &Self::File) -> bool;
}

async fn read_parts<T: Taker>(
    request: Request,
    guard: &FormGuard,
    names: &[&str],
    taker: &T,
) -> Result<Parts<T::File>, AppError> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = content_type.and_then(|value| multer::parse_boundary(value).ok());
    let boundary = boundary.ok_or(AppError::UnsupportedBody)?;
    let (method, path) = (request.method().as_str().to_owned(), request.uri().path().to_owned());

    let known = [CSRF_FIELD, KEY_FIELD, FILE_FIELD].iter().chain(names);
    // The file is counted while it is taken in, against its own limit.
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
            let sent = taker.take(&mut part).await?;
            let is_read = !T::is_cut_off(&sent) || drain(part).await;
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
    Ok(Parts { token, fields, file, method, path })
}

/// A paper goes to the store.
struct IntoStore<'a>(&'a Storage);

#[async_trait]
impl Taker for IntoStore<'_> {
    type File = SentFile;

    async fn take(&self, part: &mut Field<'_>) -> Result<SentFile, AppError> {
        take_in(part, self.0).await
    }

    fn is_cut_off(file: &SentFile) -> bool {
        matches!(file, SentFile::Refused(UploadRefusal::TooLarge { .. }))
    }
}

/// Data is small enough for memory.
struct IntoMemory {
    limit_bytes: usize,
}

#[async_trait]
impl Taker for IntoMemory {
    type File = SentData;

    async fn take(&self, part: &mut Field<'_>) -> Result<SentData, AppError> {
        let sent_name = part.file_name().unwrap_or_default().to_owned();
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
            if bytes.len() + chunk.len() > self.limit_bytes {
                return Ok(SentData::TooLarge { limit_bytes: self.limit_bytes });
            }
            bytes.extend_from_slice(&chunk);
        }
        if bytes.is_empty() && sent_name.is_empty() {
            return Ok(SentData::Missing);
        }
        Ok(SentData::Received { name: plain_name(&sent_name), bytes })
    }

    fn is_cut_off(file: &SentData) -> bool {
        matches!(file, SentData::TooLarge { .. })
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
