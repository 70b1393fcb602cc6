//! The accept loop, spoken to over raw sockets.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::routing::{get, post};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::watch,
    time::Instant,
};

use super::*;

struct Running {
    address: SocketAddr,
    stop: CancellationToken,
    task: tokio::task::JoinHandle<bool>,
}

async fn start(limits: ConnectionLimits) -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    start_on(listener, address, limits)
}

fn start_on(listener: impl Arrivals + Send + Sync + 'static, address: SocketAddr, limits: ConnectionLimits) -> Running {
    let stop = CancellationToken::new();
    let app = Router::new()
        .route("/", get(|| async { "hello" }))
        .route(
            "/slow",
            get(|| async {
                tokio::time::sleep(Duration::from_millis(300)).await;
                "slow"
            }),
        )
        .route("/echo", post(|body: String| async move { body }));
    let task = tokio::spawn(serve_arrivals(listener, app, limits, stop.clone()));
    Running { address, stop, task }
}

fn quick() -> ConnectionLimits {
    ConnectionLimits {
        header_read: Duration::from_millis(200),
        body_stall: Duration::from_millis(200),
        write_stall: Duration::from_millis(500),
        connections: 8,
        farewell: Duration::ZERO,
        drain: Duration::from_secs(2),
    }
}

async fn connect(running: &Running) -> TcpStream {
    TcpStream::connect(running.address).await.unwrap()
}

async fn answer(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    tokio::time::timeout(Duration::from_secs(3), stream.read_to_end(&mut text)).await.unwrap().unwrap();
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn a_request_is_answered() {
    let running = start(quick()).await;
    let mut stream = connect(&running).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let text = answer(&mut stream).await;
    assert!(text.starts_with("HTTP/1.1 200"), "{text}");
    assert!(text.ends_with("hello"));
}

#[tokio::test]
async fn slow_headers_are_cut() {
    let running = start(quick()).await;
    let mut stream = connect(&running).await;
    let begun = Instant::now();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").await.unwrap();
    let text = answer(&mut stream).await;
    assert!(begun.elapsed() < Duration::from_secs(2));
    assert!(!text.contains("200 OK"));
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let running = start(quick()).await;
    let mut stream = connect(&running).await;
    assert_eq!(answer(&mut stream).await, "");
}

#[tokio::test]
async fn slow_bodies_are_cut() {
    let running = start(quick()).await;
    let mut stream = connect(&running).await;
    stream.write_all(b"POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nstart").await.unwrap();
    let text = answer(&mut stream).await;
    assert!(!text.contains("200 OK"), "{text}");
}

#[tokio::test]
async fn no_request_hides_in_the_body_of_another() {
    let running = start(quick()).await;
    let hidden = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let length = hidden.len() + 5;
    for (framing, body) in [
        (format!("Content-Length: {length}\r\nTransfer-Encoding: chunked"), format!("0\r\n\r\n{hidden}")),
        (format!("Transfer-Encoding: chunked\r\nContent-Length: {length}"), format!("0\r\n\r\n{hidden}")),
        ("Transfer-Encoding: chunked".to_owned(), format!("0\r\n\r\n{hidden}")),
        ("Transfer-Encoding: identity".to_owned(), hidden.to_owned()),
        ("Transfer-Encoding: gzip, chunked".to_owned(), format!("0\r\n\r\n{hidden}")),
        ("Transfer-Encoding: xchunked".to_owned(), hidden.to_owned()),
        ("Transfer-Encoding : chunked".to_owned(), format!("0\r\n\r\n{hidden}")),
        (format!("Content-Length: 0\r\nContent-Length: {}", hidden.len()), hidden.to_owned()),
        (format!("Content-Length: +{}", hidden.len()), hidden.to_owned()),
    ] {
        let mut stream = connect(&running).await;
        let request = format!("POST /echo HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = Vec::new();
        // With what was not read of it, the connection may end by a reset.
        let _ = tokio::time::timeout(Duration::from_secs(3), stream.read_to_end(&mut text)).await.unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(!text.contains("200 OK") && !text.contains("hello"), "{framing}: {text}");
    }
}

#[tokio::test]
async fn a_hundred_headers_are_refused() {
    let running = start(quick()).await;
    let mut stream = connect(&running).await;
    let mut request = String::from("GET / HTTP/1.1\r\nHost: localhost\r\n");
    for n in 0..100 {
        request.push_str(&format!("X-Filler-{n}: 1\r\n"));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 431"));
}

#[tokio::test]
async fn headers_beyond_32_kb_are_refused() {
    let running = start(quick()).await;
    let mut stream = connect(&running).await;
    let request = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Filler: {}\r\n\r\n", "a".repeat(40_000));
    // The answer may come, and the connection end, before everything was written.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut start = [0; 12];
    match stream.read_exact(&mut start).await {
        Ok(_) => assert_eq!(&start, b"HTTP/1.1 431"),
        Err(error) => assert_eq!(error.kind(), io::ErrorKind::ConnectionReset),
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_free_place() {
    let running = start(ConnectionLimits { connections: 1, ..quick() }).await;
    // The first holds the only place until its headers time out.
    let _first = connect(&running).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    let mut second = connect(&running).await;
    second.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    let begun = Instant::now();
    assert!(answer(&mut second).await.ends_with("hello"));
    assert!(begun.elapsed() > Duration::from_millis(50));
}

#[tokio::test]
async fn new_visitors_are_taken_during_the_farewell() {
    let running = start(ConnectionLimits { farewell: Duration::from_millis(400), ..quick() }).await;
    running.stop.cancel();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut stream = connect(&running).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(answer(&mut stream).await.ends_with("hello"));
    assert!(running.task.await.unwrap());
}

#[tokio::test]
async fn open_requests_finish_after_the_stop_signal() {
    let running = start(quick()).await;
    let mut stream = connect(&running).await;
    stream.write_all(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    running.stop.cancel();
    assert!(answer(&mut stream).await.ends_with("slow"));
    assert!(running.task.await.unwrap(), "drained in time");
    assert!(TcpStream::connect(running.address).await.is_err(), "nobody listens any more");
}

/// A listener in a process that can run out of file descriptors: who comes meanwhile waits in the backlog.
struct Exhaustible {
    listener: TcpListener,
    exhausted: watch::Receiver<bool>,
    failures: Arc<AtomicUsize>,
}

impl Arrivals for Exhaustible {
    async fn next(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let mut exhausted = self.exhausted.clone();
        tokio::select! {
            biased;
            _ = exhausted.wait_for(|is_exhausted| *is_exhausted) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                Err(io::Error::from_raw_os_error(24)) // EMFILE
            }
            accepted = self.listener.accept() => accepted,
        }
    }
}

#[tokio::test]
async fn too_many_open_files_pass_without_spinning_and_without_harm_to_who_is_in() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (exhaust, exhausted) = watch::channel(false);
    let failures = Arc::new(AtomicUsize::new(0));
    let running = start_on(Exhaustible { listener, exhausted, failures: failures.clone() }, address, quick());
    let mut inside = connect(&running).await;
    inside.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut text = [0; 12];
    inside.read_exact(&mut text).await.unwrap();
    assert_eq!(&text, b"HTTP/1.1 200");

    exhaust.send_replace(true);
    inside.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(answer(&mut inside).await.contains("HTTP/1.1 200"), "a connection that stands goes on");
    let mut outside = connect(&running).await;
    outside.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
    tokio::time::sleep(3 * ACCEPT_PAUSE).await;
    let failed = failures.load(Ordering::Relaxed);
    assert!((1..=6).contains(&failed), "{failed} attempts");

    exhaust.send_replace(false);
    assert!(answer(&mut outside).await.starts_with("HTTP/1.1 200"), "who waited is let in");
    running.stop.cancel();
    assert!(running.task.await.unwrap());
}
