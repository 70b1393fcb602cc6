//! The server itself: listeners, metrics, and the orderly stop.

use std::{net::SocketAddr, time::Duration};

use jebena::{
    app::{Listeners, Metrics, serve},
    web::serve::ConnectionLimits,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::site::TestSite;

async fn get(address: SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    tokio::time::timeout(Duration::from_secs(5), stream.read_to_string(&mut text)).await.unwrap().unwrap();
    text
}

#[tokio::test]
async fn the_server_serves_counts_and_stops() {
    let site = TestSite::start().await;
    let (visitors, operator) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let (address, metrics_address) = (visitors.local_addr().unwrap(), operator.local_addr().unwrap());
    let listeners = Listeners { site: visitors, metrics: Some((operator, Metrics::install().unwrap())) };
    let state = site.state.clone();
    let server = tokio::spawn(serve(listeners, state.clone(), ConnectionLimits::default()));

    assert!(get(address, "/healthz").await.starts_with("HTTP/1.1 200"));
    let nowhere = get(address, "/exports/../nowhere-4711").await;
    assert!(nowhere.starts_with("HTTP/1.1 404") && nowhere.contains("<!doctype html>"), "{nowhere}");
    assert!(get(address, "/metrics").await.starts_with("HTTP/1.1 404"), "not on the site's own listener");

    let numbers = get(metrics_address, "/metrics").await;
    assert!(numbers.contains("http_requests_total{method=\"GET\",route=\"/healthz\",status=\"200\"} 1"), "{numbers}");
    assert!(numbers.contains("http_request_duration_seconds_bucket{method=\"GET\",route=\"/healthz\",le=\"0.01\"}"));
    assert!(numbers.contains("db_pool_connections_max 20") && numbers.contains("\ndb_pool_waiting "), "{numbers}");
    assert!(!numbers.contains("4711"), "an unknown address is no time series");

    state.stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), server).await.unwrap().unwrap().unwrap();
    assert!(TcpStream::connect(address).await.is_err());
}
