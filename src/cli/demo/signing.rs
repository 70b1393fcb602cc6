//! The demo's signer: a secure database in the demo's own cluster, an authority, a seal for each organisation, and a process that
//! holds the keys, started beside this one.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::Context;
use jebena_cluster::Cluster;
use jebena_signer::authority::{Authority, Order};
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::client::SignerClient;
use jebena_signer::envelope::MasterKey;
use jebena_signer::keyring::Keyring;
use jebena_signer::protocol::Request;
use jebena_signer::x509::certificate::Places;
use jebena_signer::x509::name::Subject;
use jebena_signer::x509::profile::Profile;
use jebena_signer::{authority::AuthorityError, database};
use tokio::process::{Child, Command};
use tokio_util::sync::CancellationToken;

use super::{create_database, progress, write_private};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::demo::people::Holder;
use crate::pki;

const DATABASE: &str = "jebena_secure";
/// How long the signer may take to be there.
const PATIENCE: Duration = Duration::from_secs(20);
/// The demonstration tells of exports of two years, whose papers could be sealed when they were issued.
const STORY: chrono::Duration = chrono::Duration::days(2 * 365);
/// Between the end of a signer and the next.
const PAUSE: Duration = Duration::from_secs(1);

const PLAN: &str = r#"
organization = "Jebena Demonstration Consortium"
root = "Jebena Demonstration Root"
issuing = "Jebena Demonstration Issuing CA"
"#;

/// Where what belongs to the signer is.
struct Files {
    master_key: PathBuf,
    socket: PathBuf,
}

/// Prepares keys and certificates, where they are not there yet, and starts the signer. It is started again when it ends.
pub(super) async fn start(
    cluster: &Cluster,
    data_dir: &Path,
    (config, origin): (&Config, &str),
    holders: &[Holder],
    stop: &CancellationToken,
) -> anyhow::Result<SignerClient> {
    // Beside the socket of the database: the path of a socket has a hundred bytes.
    let files = Files { master_key: data_dir.join("master-key"), socket: cluster.socket_dir().join("signer") };
    create_database(&cluster.admin_options("postgres"), DATABASE).await?;
    database::migrate_up(&cluster.admin_options(DATABASE)).await.context("the secure database was not brought up")?;
    if !files.master_key.exists() {
        write_private(&files.master_key, &MasterKey::new_text())?;
    }
    prepare(cluster, &files, (config, origin), holders).await?;
    let url = cluster.url(database::LOGIN, DATABASE);
    let child = spawn(&files, &url, origin)?;
    tokio::spawn(keep_running(
        child,
        (files.socket.clone(), files.master_key.clone()),
        (url, origin.to_owned()),
        stop.clone(),
    ));
    let client = SignerClient::new(&files.socket);
    wait_for(&client).await?;
    Ok(client)
}

async fn prepare(
    cluster: &Cluster,
    files: &Files,
    (config, origin): (&Config, &str),
    holders: &[Holder],
) -> anyhow::Result<()> {
    let pool = database::open(cluster.connect_options(database::LOGIN, DATABASE));
    let policy = config.settings.pki_policy_oid.parse().ok().context("PKI_POLICY_OID is none")?;
    let places = Places { base: origin.to_owned(), policy };
    let authority = Authority::new(Keyring::new(pool, MasterKey::read(&files.master_key)?), places);
    let now = SystemClock.now();
    let began = now - STORY;
    // The certificates are as old as the papers; keys that seal keys would have been replaced since.
    for organization in [None].into_iter().chain(holders.iter().map(|holder| Some(holder.id.0))) {
        authority.keyring().prepare(organization, now).await.context("no keys that seal keys were made")?;
    }
    match ceremony::hold(&authority, &Plan::parse(PLAN)?, began).await {
        Ok(_) => progress("Demo: certificates"),
        Err(AuthorityError::SetUp) => {}
        Err(error) => return Err(error).context("the ceremony failed"),
    }
    for organization in holders {
        let holder = Some(organization.id.0);
        if authority.has_certificate(Profile::OrganizationSeal, holder, SystemClock.now()).await? {
            continue;
        }
        let order = Order {
            profile: Profile::OrganizationSeal,
            organization: holder,
            person: None,
            subject: Subject {
                common_name: pki::seal_name(&organization.code),
                organization: organization.name.clone(),
                organization_identifier: Some(pki::organization_identifier(&organization.code)),
            },
            validity: Profile::OrganizationSeal.longest(),
            policy: pki::seal_policy(),
        };
        authority.issue(&order, began).await.with_context(|| format!("no seal for {}", organization.code))?;
    }
    Ok(())
}

/// The signer sees what it needs and nothing else of this process's environment.
fn spawn(files: &Files, url: &str, origin: &str) -> anyhow::Result<Child> {
    Command::new(std::env::current_exe()?)
        .args(["signer", "serve", "--until-input-ends"])
        .env_clear()
        .env("SECURE_DATABASE_URL", url)
        .env("MASTER_KEY_FILE", &files.master_key)
        .env("SIGNER_SOCKET", &files.socket)
        .env("PUBLIC_URL", origin)
        .env("LOG_LEVEL", "warn")
        .stdin(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("the signer cannot be started")
}

async fn keep_running(
    mut child: Child,
    (socket, master_key): (PathBuf, PathBuf),
    (url, origin): (String, String),
    stop: CancellationToken,
) {
    let files = Files { master_key, socket };
    loop {
        // Waiting would close it, and its end is the word to go.
        let input = child.stdin.take();
        match stop.run_until_cancelled(child.wait()).await {
            None => {
                drop(input);
                let _ = tokio::time::timeout(PATIENCE, child.wait()).await;
                return;
            }
            Some(ended) => tracing::warn!(?ended, "the signer ended and is started again"),
        }
        if stop.run_until_cancelled(tokio::time::sleep(PAUSE)).await.is_none() {
            return;
        }
        match spawn(&files, &url, &origin) {
            Ok(again) => child = again,
            Err(error) => {
                tracing::error!("{error:#}");
                return;
            }
        }
    }
}

async fn wait_for(client: &SignerClient) -> anyhow::Result<()> {
    let begun = std::time::Instant::now();
    loop {
        match client.ask(&Request::Status {}).await {
            Ok(_) => return Ok(()),
            Err(error) if begun.elapsed() > PATIENCE => return Err(error).context("the signer does not come up"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}
