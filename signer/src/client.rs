//! The product's side of the socket.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::net::UnixStream;

use crate::protocol::{self, Answer, Bytes, RefusalCode, Request, WireError};

/// How long an answer may take: a signature takes a few milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The signer is not there.
    #[error("the signer at {} does not answer: {error}", .path.display())]
    Away {
        /// Its socket.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It took too long.
    #[error("the signer did not answer in time")]
    Slow,
    /// The answer cannot be understood.
    #[error(transparent)]
    Wire(#[from] WireError),
    /// It refused.
    #[error("the signer refused: {reason}")]
    Refused {
        /// For programs.
        code: RefusalCode,
        /// In words.
        reason: String,
    },
    /// It answered something else.
    #[error("the signer answered something that was not asked")]
    Strange,
}

/// Where the signer is; cheap to clone. A connection is made for each question: it costs less than the signature.
#[derive(Debug, Clone)]
pub struct SignerClient {
    socket: PathBuf,
}

/// A signature with its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// DER.
    pub signature: Vec<u8>,
    /// DER.
    pub certificate: Vec<u8>,
}

impl SignerClient {
    /// The signer that listens at this socket.
    #[must_use]
    pub fn new(socket: &Path) -> Self {
        Self { socket: socket.to_owned() }
    }

    /// Asks.
    ///
    /// # Errors
    /// When the signer is away, slow, or refuses.
    pub async fn ask(&self, request: &Request) -> Result<Answer, ClientError> {
        let asking = async {
            let mut stream = UnixStream::connect(&self.socket)
                .await
                .map_err(|error| ClientError::Away { path: self.socket.clone(), error })?;
            protocol::write(&mut stream, request).await?;
            match protocol::read(&mut stream).await? {
                Some(Answer::Refused { code, reason }) => Err(ClientError::Refused { code, reason }),
                Some(answer) => Ok(answer),
                None => Err(WireError::Io(std::io::ErrorKind::UnexpectedEof.into()).into()),
            }
        };
        tokio::time::timeout(PATIENCE, asking).await.map_err(|_| ClientError::Slow)?
    }

    /// Asks for a signature.
    ///
    /// # Errors
    /// As [`SignerClient::ask`].
    pub async fn sign(&self, request: &Request) -> Result<Signature, ClientError> {
        match self.ask(request).await? {
            Answer::Signed { signature: Bytes(signature), certificate: Bytes(certificate) } => {
                Ok(Signature { signature, certificate })
            }
            _ => Err(ClientError::Strange),
        }
    }

    /// Asks for a time stamp of something with this SHA-256: TimeStampToken, DER. `nonce` is a number that nobody can foresee.
    ///
    /// # Errors
    /// As [`SignerClient::ask`].
    pub async fn stamp(&self, digest: [u8; 32], nonce: Option<u64>) -> Result<Vec<u8>, ClientError> {
        match self.ask(&Request::Stamp { digest: Bytes(digest.to_vec()), nonce }).await? {
            Answer::Stamped { token: Bytes(token) } => Ok(token),
            _ => Err(ClientError::Strange),
        }
    }
}
