//! The ZIP that a copy is: written file by file to a temporary file, off the threads that answer requests.

use std::fs::File;
use std::io::{self, Write};

use bytes::Bytes;
use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Why it could not be written.
#[derive(Debug, Error)]
pub(in crate::organizations) enum ArchiveError {
    #[error("the archive cannot be written: {0}")]
    Zip(#[from] zip::result::ZipError),
    #[error("the archive cannot be written: {0}")]
    Io(#[from] io::Error),
    #[error("the thread that wrote the archive has ended")]
    Gone(#[from] tokio::task::JoinError),
}

/// A ZIP being written. Each step takes it and gives it back: what failed in one is not gone on with.
pub(super) struct Archive(Box<ZipWriter<File>>);

impl Archive {
    /// An empty one in `file`.
    pub fn begin(file: File) -> Self {
        Self(Box::new(ZipWriter::new(file)))
    }

    /// Begins a file of text, which is packed, or of anything else, which is packed already.
    pub async fn start(self, name: String, is_text: bool) -> Result<Self, ArchiveError> {
        let method = if is_text { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        self.step(move |zip| Ok(zip.start_file(name, options(method))?)).await
    }

    /// Adds to the file that was begun last.
    pub async fn write(self, bytes: Bytes) -> Result<Self, ArchiveError> {
        self.step(move |zip| Ok(zip.write_all(&bytes)?)).await
    }

    /// A whole file of text.
    pub async fn add(self, name: String, text: Vec<u8>) -> Result<Self, ArchiveError> {
        self.start(name, true).await?.write(text.into()).await
    }

    /// Writes the directory of the ZIP: it is whole then.
    pub async fn finish(self) -> Result<(), ArchiveError> {
        let Self(zip) = self;
        tokio::task::spawn_blocking(move || Ok(zip.finish().map(drop)?)).await?
    }

    async fn step(
        self,
        change: impl FnOnce(&mut ZipWriter<File>) -> Result<(), ArchiveError> + Send + 'static,
    ) -> Result<Self, ArchiveError> {
        let Self(mut zip) = self;
        tokio::task::spawn_blocking(move || {
            change(&mut zip)?;
            Ok(Self(zip))
        })
        .await?
    }
}

fn options(method: CompressionMethod) -> SimpleFileOptions {
    // Only whoever unpacks it reads it.
    SimpleFileOptions::default().compression_method(method).unix_permissions(0o600)
}
