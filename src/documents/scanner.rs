//! clamd, asked over its own protocol: a command, the file in chunks that say how long they are, an answer.
//!
//! What it answers is believed in one case only: `stream: OK` is clean. Everything else is either a finding or no
//! verdict at all, too long a file, a scanner that fails, and silence among them. Time and the length of an answer are bounded.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The most bytes of a chunk.
const CHUNK_BYTES: usize = 64 << 10;
/// The most bytes of an answer; longer ones are no answer.
const ANSWER_BYTES: u64 = 1 << 10;
/// The longest name of a finding or a scanner that is kept.
const LONGEST_NAME: usize = 200;
/// Files that an instance has scanned at once: clamd has ten threads by default, and there are other instances.
const AT_ONCE: usize = 4;

/// Where clamd listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `host:port`.
    Tcp(String),
    /// The path of a Unix socket.
    Unix(PathBuf),
}

impl Place {
    /// The place that `text` stands for.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.starts_with('/') {
            return Some(Self::Unix(PathBuf::from(text)));
        }
        let (host, port) = text.rsplit_once(':')?;
        let is_host = match host.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').is_some_and(|address| address.parse::<std::net::Ipv6Addr>().is_ok()),
            None => !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')),
        };
        let is_port = port.parse::<u16>().is_ok_and(|port| port != 0);
        (is_host && is_port).then(|| Self::Tcp(text.to_owned()))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => f.write_str(address),
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}

/// A scanner; cheap to clone.
#[derive(Debug, Clone)]
pub struct Scanner {
    place: Place,
    limit: Duration,
    slots: Arc<Semaphore>,
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// What was found; none where the file is clean.
    pub signature: Option<String>,
    /// The scanner and its signatures, as it calls itself.
    pub engine: String,
}

/// Why there is no verdict.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// Nobody listens there, or the line broke.
    #[error("the scanner cannot be reached: {0}")]
    Line(#[from] io::Error),
    /// It takes too long.
    #[error("the scanner did not answer within {} s", .0.as_secs())]
    Silence(Duration),
    /// It says something that is no verdict.
    #[error("the scanner gives no verdict: {0}")]
    Answer(String),
    /// The file cannot be read to it.
    #[error("the file to be scanned cannot be read")]
    File(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A line to clamd.
trait Line: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Line for T {}

impl Scanner {
    /// A scanner at `place` that may take `limit` for a file.
    #[must_use]
    pub fn new(place: Place, limit: Duration) -> Self {
        Self { place, limit, slots: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Has a file scanned.
    ///
    /// # Errors
    /// [`ScanError`]; nothing is known of the file then.
    pub async fn scan<S, E>(&self, file: S) -> Result<Scanned, ScanError>
    where
        S: Stream<Item = Result<Bytes, E>>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let work = async {
            // Waiting for one's turn is part of the time.
            let _slot = self.slots.acquire().await.map_err(io::Error::other)?;
            let engine = self.ask_version().await?;
            let mut line = self.connect().await?;
            let sent = send(&mut line, file).await;
            if let Err(error @ ScanError::File(_)) = sent {
                return Err(error);
            }
            // Of a file that is too long it says so and hangs up, so that the rest cannot be sent.
            match (sent, read_answer(line).await) {
                (Ok(()), Ok(answer)) => Ok(Scanned { signature: verdict(&answer)?, engine }),
                (Err(_), Ok(answer)) => Err(ScanError::Answer(answer)),
                (Err(error), Err(_)) | (Ok(()), Err(error)) => Err(error),
            }
        };
        timeout(self.limit, work).await.unwrap_or(Err(ScanError::Silence(self.limit)))
    }

    /// The scanner and its signatures, as it calls itself.
    ///
    /// # Errors
    /// [`ScanError`] when it does not answer.
    pub async fn version(&self) -> Result<String, ScanError> {
        timeout(self.limit, self.ask_version()).await.unwrap_or(Err(ScanError::Silence(self.limit)))
    }

    async fn ask_version(&self) -> Result<String, ScanError> {
        let mut line = self.connect().await?;
        line.write_all(b"zVERSION\0").await?;
        let answer = read_answer(line).await?;
        if answer.trim().is_empty() { Err(ScanError::Answer(answer)) } else { Ok(short(&answer)) }
    }

    async fn connect(&self) -> io::Result<Box<dyn Line>> {
        match &self.place {
            Place::Tcp(address) => Ok(Box::new(TcpStream::connect(address).await?)),
            #[cfg(unix)]
            Place::Unix(path) => Ok(Box::new(tokio::net::UnixStream::connect(path).await?)),
            #[cfg(not(unix))]
            Place::Unix(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

async fn send<S, E>(line: &mut Box<dyn Line>, file: S) -> Result<(), ScanError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    line.write_all(b"zINSTREAM\0").await?;
    let mut file = std::pin::pin!(file);
    while let Some(piece) = file.next().await {
        let piece = piece.map_err(|error| ScanError::File(error.into()))?;
        for chunk in piece.chunks(CHUNK_BYTES) {
            line.write_u32(u32::try_from(chunk.len()).map_err(io::Error::other)?).await?;
            line.write_all(chunk).await?;
        }
    }
    line.write_u32(0).await?;
    Ok(line.flush().await?)
}

/// An answer up to its end, as text without anything that is no character of a line.
async fn read_answer(line: Box<dyn Line>) -> Result<String, ScanError> {
    let mut bytes = Vec::new();
    BufReader::new(line.take(ANSWER_BYTES)).read_until(0, &mut bytes).await?;
    let is_whole = bytes.pop() == Some(0);
    let text: String = String::from_utf8_lossy(&bytes).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if is_whole { Ok(text) } else { Err(ScanError::Answer(format!("{text} (cut off)"))) }
}

fn short(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

/// What an answer says was found; none where the file is clean.
fn verdict(answer: &str) -> Result<Option<String>, ScanError> {
    let found = answer.strip_prefix("stream: ").and_then(|rest| match rest {
        "OK" => Some(None),
        _ => rest.strip_suffix(" FOUND").filter(|name| !name.trim().is_empty()).map(|name| Some(short(name))),
    });
    found.ok_or_else(|| ScanError::Answer(answer.to_owned()))
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn a_place_is_a_host_with_its_port_or_a_path() {
        for (text, is_place) in [
            ("127.0.0.1:3310", true),
            ("clamd:3310", true),
            ("[::1]:3310", true),
            ("/run/clamav/clamd.ctl", true),
            ("clamd", false),
            ("clamd:", false),
            ("clamd:0", false),
            (":3310", false),
            ("::1:3310", false),
            ("tcp://clamd:3310", false),
            ("a b:3310", false),
        ] {
            assert_eq!(Place::parse(text).is_some(), is_place, "{text}");
        }
        assert_eq!(Place::parse("/run/clamd.ctl").unwrap().to_string(), "/run/clamd.ctl");
    }

    #[test]
    fn only_one_answer_is_clean() {
        assert_eq!(verdict("stream: OK").unwrap(), None);
        assert_eq!(verdict("stream: Win.Test.EICAR_HDB-1 FOUND").unwrap().as_deref(), Some("Win.Test.EICAR_HDB-1"));
        for odd in [
            "",
            "OK",
            "stream: OK ",
            "stream: ok",
            "fd: OK",
            "stream:  FOUND",
            "stream: OK FOUND? no",
            "stream: Can't allocate memory ERROR",
            "INSTREAM size limit exceeded. ERROR",
        ] {
            assert!(matches!(verdict(odd), Err(ScanError::Answer(_))), "{odd}");
        }
    }

    /// Answers every connection with what `answer` makes of the command, and reads no further.
    async fn answering(answer: fn(&[u8]) -> Vec<u8>) -> Scanner {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = Place::Tcp(listener.local_addr().unwrap().to_string());
        tokio::spawn(async move {
            while let Ok((mut line, _)) = listener.accept().await {
                let mut command = vec![0; 10];
                let count = line.read(&mut command).await.unwrap();
                line.write_all(&answer(&command[..count])).await.unwrap();
            }
        });
        Scanner::new(place, Duration::from_secs(2))
    }

    fn version_or(command: &[u8], answer: &[u8]) -> Vec<u8> {
        if command.starts_with(b"zVERSION") { b"Scanner 1\0".to_vec() } else { answer.to_vec() }
    }

    async fn scan(scanner: &Scanner, bytes: &'static [u8]) -> Result<Scanned, ScanError> {
        scanner.scan(stream::iter([Ok::<_, io::Error>(Bytes::from_static(bytes))])).await
    }

    #[tokio::test]
    async fn an_answer_without_end_and_one_that_is_cut_off_are_none() {
        let endless = answering(|command| version_or(command, &vec![b'x'; 1 << 20])).await;
        assert!(scan(&endless, b"bytes").await.is_err());
        let cut = answering(|command| version_or(command, b"stream: OK")).await;
        assert!(matches!(scan(&cut, b"bytes").await, Err(ScanError::Answer(_) | ScanError::Line(_))));
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_has_no_verdict() {
        let fine = answering(|command| version_or(command, b"stream: OK\0")).await;
        let broken = stream::iter([Err::<Bytes, _>(io::Error::from(io::ErrorKind::UnexpectedEof))]);
        assert!(matches!(fine.scan(broken).await, Err(ScanError::File(_))));
    }
}
