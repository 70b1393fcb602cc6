//! `jebena demo`: the product with invented data on a PostgreSQL of its own. Everything that is missing is
//! made; what is there is used again.

mod signing;

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio_util::sync::CancellationToken;

use super::site::{listen, listen_for_metrics, open_state, open_storage, open_vault, serve_until, until_signal};
use crate::app::{Listeners, start_logging};
use crate::auth::vault::Vault;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, LogLevel};
use jebena_cluster::{Cluster, ClusterOptions, SUPERUSER};

use crate::database::{Db, migrate};
use crate::demo::{DEMO_PASSWORD, people, seed};
use crate::documents::storage::StorageSettings;
use crate::organizations::second_factor;
use crate::web::serve::ConnectionLimits;

const DATABASE: &str = "jebena";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to listen; not given: LISTEN.
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The folder for the database and the documents.
    #[arg(long, value_name = "DIR", default_value = "./data")]
    data_dir: PathBuf,
    /// How many exports to make in a new folder.
    #[arg(long, value_name = "N", default_value_t = 300)]
    exports: u64,
    /// Make no data in a new folder: nobody, nothing. `jebena organization` and `jebena user` set a site up.
    #[arg(long, conflicts_with = "exports")]
    empty: bool,
    /// Listen on an address that others can reach: whoever does can sign in as anybody.
    #[arg(long)]
    public: bool,
}

pub(super) async fn run(arguments: &Arguments, config: &Config) -> anyhow::Result<()> {
    let address = arguments.listen.unwrap_or(config.settings.listen);
    if !address.ip().is_loopback() && !arguments.public && !config.settings.demo_public {
        bail!(
            "the demo's password is known to everybody, so it does not listen at {address}; \
             say --public (or DEMO_PUBLIC=true) if that is what you want"
        );
    }
    // A request a line would push the address out of sight.
    let level = if config.settings.log_level == LogLevel::Info { LogLevel::Warn } else { config.settings.log_level };
    start_logging(config.settings.log_format, level)?;
    let stop = until_signal();
    // Better now than after a minute of preparations.
    drop(listen(address).await?);
    let cluster = start_cluster(&arguments.data_dir).await?;
    let served = serve(arguments, config, address, &cluster, &stop).await;
    progress("Stopping PostgreSQL");
    let stopped = tokio::task::spawn_blocking(move || cluster.stop()).await?;
    served?;
    Ok(stopped?)
}

async fn start_cluster(data_dir: &Path) -> anyhow::Result<Cluster> {
    let options = ClusterOptions::new(data_dir);
    Ok(tokio::task::spawn_blocking(move || Cluster::start(options, &progress)).await??)
}

async fn serve(
    arguments: &Arguments,
    config: &Config,
    address: SocketAddr,
    cluster: &Cluster,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let settings = StorageSettings { folder: arguments.data_dir.join("documents"), ..config.storage_settings() };
    let storage = open_storage(&settings, config)?;
    let admin = cluster.admin_options(DATABASE);
    let prepare = async {
        create_database(&cluster.admin_options("postgres"), DATABASE).await?;
        migrate::up(&admin).await.context("the schema was not brought up")?;
        if !arguments.empty {
            seed(&admin, &storage, arguments.exports, SystemClock.now(), &progress).await?;
        }
        anyhow::Ok(())
    };
    tokio::select! {
        prepared = prepare => prepared?,
        () = stop.cancelled() => return Ok(()),
    }
    write_private(&arguments.data_dir.join("database-url"), &cluster.url(SUPERUSER, DATABASE))?;

    let options = cluster.connect_options("jebena_app", DATABASE);
    let db = Db::connect_lazy(options, &config.pool_settings(), Arc::new(SystemClock));
    let listener = listen(address).await?;
    let site = config.site(listener.local_addr()?, true);
    let origin = site.origin();
    let vault = match open_vault(config)? {
        Some(vault) => vault,
        None => own_vault(&arguments.data_dir.join("second-factor-key"))?,
    };
    if !arguments.empty {
        second_factor::enrol_for_demo(&db, &vault, people::with_second_factor(), SystemClock.now()).await?;
    }
    // Reading the demo's organisations needs the superuser; what comes of them does not.
    let holders = if arguments.empty { Vec::new() } else { people::list_organizations(&admin).await? };
    let signer = signing::start(cluster, &arguments.data_dir, (config, &origin), &holders, stop).await?;
    let state = open_state(config, db, site, (storage, Some(vault), Some(signer)))?;
    // A second demo on this machine is welcome; its numbers are nobody's.
    let metrics = match listen_for_metrics(config).await {
        Ok(metrics) => metrics,
        Err(error) => {
            progress(&format!("Without /metrics: {error:#}"));
            None
        }
    };
    println!("\nJebena is ready: {origin}");
    if arguments.empty {
        println!("{}", how_to_begin(&arguments.data_dir, &origin));
    } else {
        println!("Every demo account, such as nbe.officer, has the password {DEMO_PASSWORD}");
    }
    println!("Ctrl-C stops it; the data stay in {}.", arguments.data_dir.display());
    // Nobody balances a demo's load, and who presses Ctrl-C wants it gone.
    let limits = ConnectionLimits { farewell: Duration::ZERO, ..config.connection_limits() };
    serve_until(stop.clone(), Listeners { site: listener, metrics }, state, limits).await
}

/// What an operator does where nobody can sign in yet: the first administrator comes in by a link that works once.
fn how_to_begin(data_dir: &Path, origin: &str) -> String {
    let program = std::env::args().next().unwrap_or_else(|| "jebena".to_owned());
    let address = data_dir.join("database-url");
    format!(
        "Where nobody can sign in yet, make the first administrator in another shell:
  export DATABASE_URL=\"$(cat {})\" PUBLIC_URL={origin}
  {program} organization create --code ADMIN --kind ADMINISTRATION --name 'Administration' --name-am 'አስተዳደር'
  {program} user create --organization ADMIN --username admin --full-name 'Your Name' --role SYSTEM_ADMIN
The last prints the link by which the password is set. Institutions and their people are made in the same way.",
        address.display()
    )
}

async fn create_database(admin: &PgConnectOptions, name: &'static str) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect_with(admin).await?;
    let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(&mut connection)
        .await?;
    if !exists {
        // The name is one of ours.
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await?;
    }
    Ok(connection.close().await?)
}

/// The vault under the key that the demo keeps beside its data; made when it is not there.
fn own_vault(path: &Path) -> anyhow::Result<Vault> {
    if !path.exists() {
        write_private(path, &Vault::new_key())?;
    }
    let key = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Vault::parse(&key).with_context(|| format!("{} holds no key", path.display()))
}

/// Writes `text` into a file that its owner alone can read, whatever it was before.
fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    // Temporary files are made for their owner alone, and take the old file's place in one step.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{text}")?;
    file.persist(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(())
}

fn progress(line: &str) {
    eprintln!("{line}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_address_of_the_database_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("database-url");
        std::fs::write(&path, "old").unwrap();
        write_private(&path, "postgres:///jebena").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "postgres:///jebena\n");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
