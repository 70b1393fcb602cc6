//! The database goes away, comes back, or says nothing any more.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use http::{StatusCode, header};
use jebena::app::{self, Listeners};
use jebena::database::{PoolSettings, migrate};
use jebena::web::serve::ConnectionLimits;
use jebena_cluster::{Cluster, ClusterOptions};
use sqlx::{Connection, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;

use crate::site::{Answer, Browser, TestSite};

/// A page of ours that asks to come back in a moment.
fn is_away(answer: &Answer) -> bool {
    answer.status == StatusCode::SERVICE_UNAVAILABLE
        && answer.headers[header::RETRY_AFTER] == "5"
        && answer.text.contains("<!doctype html>")
        && answer.text.contains("Please try again in a moment")
}

/// Asks until the page is there again, which nobody but the site itself brings about; every other answer says that
/// the database is away.
async fn comes_back(site: &TestSite, browser: &mut Browser, path: &str, within: Duration) {
    let begun = Instant::now();
    loop {
        let answer = site.get(browser, path).await;
        if answer.status == StatusCode::OK {
            return;
        }
        assert!(is_away(&answer), "{} {}", answer.status, answer.text);
        assert!(begun.elapsed() < within, "still away after {within:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn connections_that_the_server_ends_are_replaced() {
    let site = TestSite::seeded().await;
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, "/inbox").await.status, StatusCode::OK);
    for _ in 0..3 {
        let ended = "with others as materialized (select pid from pg_stat_activity
                         where datname = current_database() and usename = 'jebena_app')
                     select count(*) from others where pg_terminate_backend(pid)";
        assert!(site.count(ended).await > 0);
        comes_back(&site, &mut officer, "/inbox", Duration::from_secs(10)).await;
    }
}

#[tokio::test]
async fn a_server_that_stops_and_starts_again_is_found_again() {
    let folder = tempfile::Builder::new()
        .prefix("jebena-")
        // The server's account passes through.
        .permissions(std::fs::Permissions::from_mode(0o711))
        .tempdir()
        .unwrap();
    let cluster = start(folder.path().to_owned()).await;
    let admin = cluster.admin_options("postgres");
    let mut connection = PgConnection::connect_with(&admin).await.unwrap();
    sqlx::raw_sql("create database template_own").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    migrate::up(&admin.clone().database("template_own")).await.unwrap();
    let pool = PoolSettings { min_connections: 0, ..PoolSettings::default() };
    let site = TestSite::on(admin, "template_own", true, pool).await;
    site.add_user("nbe.officer", "NATIONAL_BANK", "OFFICER", true).await;
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, "/inbox").await.status, StatusCode::OK);

    tokio::task::spawn_blocking(move || cluster.stop().unwrap()).await.unwrap();
    let away = site.get(&mut officer, "/inbox").await;
    assert!(is_away(&away), "{} {}", away.status, away.text);
    let refused = site
        .post(&mut Browser::default(), "/sign-in", &[("username", "nbe.officer"), ("password", "whatever it is")])
        .await;
    assert!(is_away(&refused), "{} {}", refused.status, refused.text);
    assert_eq!(site.get(&mut Browser::default(), "/healthz").await.status, StatusCode::OK, "the process is well");
    assert_eq!(site.get(&mut Browser::default(), "/readyz").await.status, StatusCode::SERVICE_UNAVAILABLE);

    let cluster = start(folder.path().to_owned()).await;
    comes_back(&site, &mut officer, "/inbox", Duration::from_secs(20)).await;
    drop(site);
    tokio::task::spawn_blocking(move || cluster.stop().unwrap()).await.unwrap();
}

async fn start(data_dir: PathBuf) -> Cluster {
    let options = ClusterOptions { durable: false, ..ClusterOptions::new(data_dir) };
    tokio::task::spawn_blocking(|| Cluster::start(options, &|_| {}).unwrap()).await.unwrap()
}

/// Between the site and its database: passes everything on until it is told to say nothing. It hangs up on nobody,
/// as when a cable is cut; a connection that was silenced once stays silent.
struct Proxy {
    port: u16,
    silent: watch::Sender<bool>,
}

impl Proxy {
    async fn before(socket: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (silent, hears) = watch::channel(false);
        tokio::spawn(async move {
            loop {
                let (site, _) = listener.accept().await.unwrap();
                let (server, hears) = (UnixStream::connect(&socket).await.unwrap(), hears.clone());
                let (from_site, to_site) = site.into_split();
                let (from_server, to_server) = server.into_split();
                tokio::spawn(pass_on(from_site, to_server, hears.clone()));
                tokio::spawn(pass_on(from_server, to_site, hears));
            }
        });
        Self { port, silent }
    }
}

async fn pass_on(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut silent: watch::Receiver<bool>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = tokio::select! {
            biased;
            _ = silent.wait_for(|is_silent| *is_silent) => None,
            read = from.read(&mut buffer) => Some(read),
        };
        match read {
            // Both ends stay open: nobody is told.
            None => std::future::pending().await,
            Some(Ok(bytes)) if bytes > 0 && to.write_all(&buffer[..bytes]).await.is_ok() => {}
            Some(_) => return,
        }
    }
}

#[tokio::test]
async fn a_database_that_falls_silent_holds_nothing_up_for_ever() {
    let mut site = TestSite::seeded().await;
    let direct = site.server_options();
    let socket = direct.get_socket().unwrap().join(format!(".s.PGSQL.{}", direct.get_port()));
    let proxy = Proxy::before(socket).await;
    let name = direct.get_database().unwrap().to_owned();
    site.reached_through(
        sqlx::postgres::PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(proxy.port)
            .username("jebena_app")
            .database(&name)
            .ssl_mode(sqlx::postgres::PgSslMode::Disable),
    );
    // With everything that runs in the background.
    let listeners = Listeners { site: TcpListener::bind("127.0.0.1:0").await.unwrap(), metrics: None };
    let limits = ConnectionLimits { drain: Duration::from_secs(1), ..ConnectionLimits::default() };
    let serving = tokio::spawn(app::serve(listeners, site.state.clone(), limits));
    let mut officer = site.sign_in("nbe.officer").await;
    assert_eq!(site.get(&mut officer, "/inbox").await.status, StatusCode::OK);

    proxy.silent.send_replace(true);
    let begun = Instant::now();
    let away = site.get(&mut officer, "/inbox").await;
    assert!(is_away(&away), "{} {}", away.status, away.text);
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert!(site.state.modes.refresh(&site.state.db).await.is_err(), "the switches are asked for no longer than that");

    proxy.silent.send_replace(false);
    comes_back(&site, &mut officer, "/inbox", Duration::from_secs(20)).await;
    // The background's runs that were cut off have ended too, and new ones seal what happens.
    site.sign_in("ecta.officer").await;
    let begun = Instant::now();
    while site.count("select count(*) from audit.unsealed").await > 0 {
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing is sealed any more");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    site.state.stop.cancel();
    serving.await.unwrap().unwrap();
}
