//! A visitor: connections, sessions and forms, over hyper.
//!
//! The connection is HTTP/1.1 and kept open, as a browser's is. It asks for no compression unless told to, so that
//! figures compare with those of servers that do not compress.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use bytes::Bytes;
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use uuid::Uuid;

/// Separates the parts of a form with a file.
const BOUNDARY: &str = "walk-7d1f2a90c4";

/// Somebody who has signed in: the cookie, and a token for forms out of a page of theirs.
#[derive(Debug)]
pub(crate) struct Session {
    cookie: String,
    token: String,
}

/// What is asked, and which status answers it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    path: String,
    session: Option<Arc<Session>>,
    body: Option<(String, Bytes)>,
    gzip: bool,
    pub(crate) expects: u16,
}

impl Ask {
    /// A page.
    pub(crate) fn page(path: impl Into<String>, session: Option<&Arc<Session>>) -> Self {
        Self { path: path.into(), session: session.cloned(), body: None, gzip: false, expects: 200 }
    }

    /// The same, compressed.
    pub(crate) fn compressed(self) -> Self {
        Self { gzip: true, ..self }
    }

    /// A sign-in.
    pub(crate) fn sign_in(username: &str, password: &str) -> Self {
        let fields = [("username", username), ("password", password)];
        Self::sent("/sign-in", None, fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    /// A form of a page of the session: its token, a key of its own, and the version of the row that it was shown for.
    pub(crate) fn form(path: String, session: &Arc<Session>, version: i32, fields: &[(&str, String)]) -> Self {
        let mut all = vec![
            ("csrf".to_owned(), session.token.clone()),
            ("idempotency_key".to_owned(), Uuid::new_v4().to_string()),
            ("version".to_owned(), version.to_string()),
        ];
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        Self::sent(&path, Some(session), all)
    }

    fn sent(path: &str, session: Option<&Arc<Session>>, fields: Vec<(String, String)>) -> Self {
        let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let body = Some(("application/x-www-form-urlencoded".to_owned(), Bytes::from(text)));
        Self { path: path.to_owned(), session: session.cloned(), body, gzip: false, expects: 303 }
    }

    /// A form with a file: its name, its kind and what is in it.
    pub(crate) fn upload(
        path: String,
        session: &Arc<Session>,
        more: &[(&str, &str)],
        (name, kind, file): (&str, &str, &[u8]),
    ) -> Self {
        let mut body = Vec::with_capacity(file.len() + 1_000);
        let key = Uuid::new_v4().to_string();
        for (name, value) in [("csrf", session.token.as_str()), ("idempotency_key", &key)].iter().chain(more) {
            let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {kind}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        Self { path, session: Some(session.clone()), body: Some((kind, body.into())), gzip: false, expects: 303 }
    }

    fn request(&self, address: SocketAddr) -> Result<Request<Full<Bytes>>> {
        let method = if self.body.is_some() { "POST" } else { "GET" };
        let mut request = Request::builder()
            .method(method)
            .uri(&self.path)
            .header(header::HOST, address.to_string())
            .header(header::USER_AGENT, "jebena-walk");
        if let Some(session) = &self.session {
            request = request.header(header::COOKIE, &session.cookie);
        }
        if self.gzip {
            request = request.header(header::ACCEPT_ENCODING, "gzip");
        }
        let Some((kind, body)) = &self.body else { return Ok(request.body(Full::default())?) };
        let origin = format!("http://{address}");
        Ok(request.header(header::CONTENT_TYPE, kind).header(header::ORIGIN, origin).body(Full::new(body.clone()))?)
    }
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Bytes on the wire, nearly: the body, and the headers as they are written.
    pub(crate) fn transferred(&self) -> usize {
        self.body.len() + self.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>()
    }
}

/// A connection that is opened when it is needed, and again when the server has closed it.
#[derive(Debug)]
pub(crate) struct Connection {
    address: SocketAddr,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    pub(crate) const fn new(address: SocketAddr) -> Self {
        Self { address, sender: None }
    }

    /// Asks, and reads the whole answer.
    pub(crate) async fn send(&mut self, ask: &Ask) -> Result<Answer> {
        let sender = match self.sender.take().filter(|sender| !sender.is_closed()) {
            Some(sender) => sender,
            None => self.open().await?,
        };
        let sender = self.sender.insert(sender);
        sender.ready().await?;
        let response = sender.send_request(ask.request(self.address)?).await?;
        let (head, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }

    async fn open(&self) -> Result<SendRequest<Full<Bytes>>> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }
}

/// Signs in and takes a token from the inbox.
pub(crate) async fn sign_in(address: SocketAddr, username: &str, password: &str) -> Result<Arc<Session>> {
    let mut connection = Connection::new(address);
    let answer = connection.send(&Ask::sign_in(username, password)).await?;
    ensure!(answer.status == 303, "{username} cannot sign in: {}", answer.status);
    let cookies: Vec<&str> = answer
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok()?.split(';').next())
        .collect();
    let cookie = cookies.join("; ");
    let guest = Arc::new(Session { cookie: cookie.clone(), token: String::new() });
    let page = connection.send(&Ask::page("/help", Some(&guest))).await?.text();
    let token = between(&page, "name=\"csrf\" value=\"", "\"").context("the page has no form")?.to_owned();
    if token.is_empty() {
        bail!("{username} is not signed in");
    }
    Ok(Arc::new(Session { cookie, token }))
}

/// The text after `start` up to `end`.
pub(crate) fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let rest = text.split_once(start)?.1;
    Some(rest.split_once(end)?.0)
}
