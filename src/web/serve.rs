//! The accept loop: takes connections, bounds what each may cost, and ends them in order.
//!
//! `axum::serve` sets no timeout for headers, so a few hundred slow clients can hold every
//! connection for ever; this loop drives hyper itself, with a timer. Nothing here knows a route.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tower_http::timeout::TimeoutBody;

use super::stall::StallGuard;

/// More header lines than any browser and proxy together send; hyper answers 431 beyond.
const MAX_HEADERS: usize = 64;
/// Room for the request line and all headers; hyper answers 431 beyond.
const MAX_HEADER_BYTES: usize = 32 * 1024;
/// The pause after a failed accept, so that a process out of file descriptors does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What one connection may cost, and how long the last ones may take.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// From the first byte (or the end of the answer before) to the end of the headers.
    pub header_read: Duration,
    /// The longest silence in the middle of a request body.
    pub body_stall: Duration,
    /// The longest time in which a client takes nothing of its answer.
    pub write_stall: Duration,
    /// Connections at one time; more wait in the kernel's backlog.
    pub connections: usize,
    /// How long new connections are taken after the stop signal, while a load balancer learns of it.
    pub farewell: Duration,
    /// How long open requests may finish after that.
    pub drain: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            header_read: Duration::from_secs(10),
            body_stall: Duration::from_secs(30),
            write_stall: Duration::from_secs(30),
            connections: 2_048,
            farewell: Duration::ZERO,
            drain: Duration::from_secs(30),
        }
    }
}

/// Serves `app` on `listener` until `stop` is cancelled, then lets open requests finish.
///
/// Returns true when all of them finished within [`ConnectionLimits::drain`].
pub async fn serve(listener: TcpListener, app: Router, limits: ConnectionLimits, stop: CancellationToken) -> bool {
    serve_arrivals(listener, app, limits, stop).await
}

/// Where connections come from: a listener, or one that fails on demand.
trait Arrivals {
    fn next(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send;
}

impl Arrivals for TcpListener {
    fn next(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send {
        self.accept()
    }
}

async fn serve_arrivals(
    listener: impl Arrivals,
    app: Router,
    limits: ConnectionLimits,
    stop: CancellationToken,
) -> bool {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.header_read)
        .max_headers(MAX_HEADERS)
        .max_header_size(MAX_HEADER_BYTES)
        // The buffer alone is no limit: what arrives in one read beyond it is taken.
        .max_buf_size(2 * MAX_HEADER_BYTES);

    let closing = async {
        stop.cancelled().await;
        tokio::time::sleep(limits.farewell).await;
    };
    tokio::pin!(closing);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut closing => break,
            accepted = accept(&listener, &slots) => accepted,
        };
        let (stream, peer, slot) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if !concerns_one_connection(&error) {
                    tracing::warn!(%error, "cannot accept connections, trying again");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
                continue;
            }
        };
        // Pages are written whole; waiting to fill a packet only delays their end.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "connection closed before it was served");
            continue;
        }
        let app = app.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let mut request = request.map(|body| Body::new(TimeoutBody::new(limits.body_stall, body)));
            request.extensions_mut().insert(ConnectInfo(peer));
            let app = app.clone();
            async move {
                if request.headers().contains_key(header::TRANSFER_ENCODING) {
                    return Ok(length_required());
                }
                app.oneshot(request).await
            }
        });
        let io = TokioIo::new(StallGuard::new(stream, limits.write_stall));
        let connection = graceful.watch(http.serve_connection(io, service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                // Broken pipes, resets and slow clients: the network's everyday, nobody's fault here.
                tracing::debug!(%error, %peer, "connection ended early");
            }
            drop(slot);
        });
    }
    // New connections are refused from here on, so that a proxy goes elsewhere at once.
    drop(listener);
    tokio::time::timeout(limits.drain, graceful.shutdown()).await.is_ok()
}

/// Only one way to say where a body ends is taken: its length, which every form of a browser has. A proxy that understands a
/// second one otherwise than we do would let a request hide in the body of another. What follows on the connection is not read.
fn length_required() -> Response<Body> {
    let mut response = Response::new(Body::from("A body comes with its length (Content-Length).\n"));
    *response.status_mut() = StatusCode::LENGTH_REQUIRED;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

type Slot = tokio::sync::OwnedSemaphorePermit;

async fn accept(listener: &impl Arrivals, slots: &Arc<Semaphore>) -> io::Result<(TcpStream, SocketAddr, Slot)> {
    let slot = Arc::clone(slots).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.next().await?;
    Ok((stream, peer, slot))
}

fn concerns_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

/// Resolves at SIGTERM or Ctrl-C.
pub async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(signal) => signal,
            Err(error) => {
                tracing::warn!(%error, "SIGTERM is not observed");
                let _ = interrupt.await;
                return;
            }
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}

#[cfg(test)]
mod tests;
