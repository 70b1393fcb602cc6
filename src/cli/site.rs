//! What `serve` and `demo` have in common: listening, the life of the site, and its end at a signal.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use jebena_signer::client::SignerClient;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::app::{AppState, Limits, Listeners, Metrics, Neighbours, RequestLimits, serve};
use crate::auth::factor::FactorRule;
use crate::auth::vault::Vault;
use crate::certificates::{FileSource, SignerSource, TrustSource};
use crate::clock::SystemClock;
use crate::config::{Config, OptionalListen, SecondFactor};
use crate::database::Db;
use crate::documents::scanner::Scanner;
use crate::documents::share::Shares;
use crate::documents::storage::{Storage, StorageSettings};
use crate::mail::Mailer;
use crate::organizations::sign_in::SignInLimits;
use crate::web::serve::{ConnectionLimits, stop_signal};
use crate::web::site::Site;

/// Opens the store for documents.
pub(super) fn open_storage(settings: &StorageSettings, config: &Config) -> anyhow::Result<Storage> {
    let storage = Storage::new(settings).context("the place for documents (UPLOAD_DIR, S3_BUCKET) cannot be used")?;
    Ok(storage.with_upload_limit(config.settings.upload_max_bytes))
}

/// Where secrets of second factors are sealed, if a key is given.
pub(super) fn open_vault(config: &Config) -> anyhow::Result<Option<Vault>> {
    let settings = &config.settings;
    let open = |key: &SecretString| Vault::parse(key.expose_secret()).context("SECOND_FACTOR_KEY is no key");
    let vault = settings.second_factor_key.as_ref().map(open).transpose()?;
    let former = settings.second_factor_former_key.as_ref().map(open).transpose()?;
    Ok(match (vault, former) {
        (Some(vault), Some(former)) => Some(vault.after(&former)),
        (vault, _) => vault,
    })
}

/// The scanner, where one is given.
pub(super) fn open_scanner(config: &Config) -> Option<Scanner> {
    let settings = &config.settings;
    let limit = std::time::Duration::from_secs(settings.clamd_timeout_seconds);
    settings.clamd_addr.clone().map(|place| Scanner::new(place, limit))
}

/// The list of who may seal papers, where one is given.
fn open_trust(config: &Config, db: &Db, signer: Option<&SignerClient>) -> Option<Arc<dyn TrustSource>> {
    let settings = &config.settings;
    match (settings.trust_list_file.clone(), settings.trust_root_sha256, signer) {
        (Some(file), Some(root), _) => Some(Arc::new(FileSource::new(file, root.0))),
        (_, _, Some(signer)) => Some(Arc::new(SignerSource::new(signer.clone(), db.clone()))),
        _ => None,
    }
}

/// The state of the site over `db`.
pub(super) fn open_state(
    config: &Config,
    db: Db,
    site: Site,
    (storage, vault, signer): (Storage, Option<Vault>, Option<SignerClient>),
) -> anyhow::Result<AppState> {
    let limits = limits(config, site.is_demo());
    let mailer = match config.smtp_settings() {
        Some(settings) => Mailer::smtp(&settings).context("mails cannot be sent (EMAIL_HOST, EMAIL_FROM)")?,
        None if site.is_demo() => Mailer::Catcher,
        None => Mailer::Nobody,
    };
    let trust = open_trust(config, &db, signer.as_ref());
    let neighbours = Neighbours { storage, scanner: open_scanner(config), mailer, vault, signer };
    let state = AppState::new(db, Arc::new(SystemClock), site, neighbours, limits)?.with_trust(trust);
    if config.settings.read_only_mode {
        state.modes.hold_read_only();
    }
    Ok(state)
}

/// How much more a demonstration lets pass: its password stands beside the form, and many try themselves out from one
/// address and with one account.
const DEMO_PATIENCE: u32 = 100;

fn limits(config: &Config, is_demo: bool) -> Limits {
    let times = if is_demo { DEMO_PATIENCE } else { 1 };
    // The ranges of the settings are far below the largest number of either type.
    let window =
        chrono::Duration::milliseconds(i64::try_from(config.settings.rate_limit_window_ms).unwrap_or(i64::MAX));
    let failures = config.settings.auth_rate_limit_max.saturating_mul(times);
    Limits {
        sign_in: SignInLimits {
            window,
            failures: usize::try_from(failures).unwrap_or(usize::MAX),
            sessions: SignInLimits::default().sessions.saturating_mul(times),
        },
        requests: RequestLimits { window, strangers: config.settings.rate_limit_max_requests.saturating_mul(times) },
        second_factor: FactorRule {
            is_required: !is_demo && config.settings.second_factor == SecondFactor::Required,
            proof_holds: chrono::Duration::minutes(i64::try_from(config.settings.step_up_minutes).unwrap_or(i64::MAX)),
        },
        shares: Shares {
            bytes: config.settings.store_share_bytes.saturating_mul(times.into()),
            files: config.settings.store_share_files.saturating_mul(times.into()),
            files_a_day: config.settings.uploads_a_day.saturating_mul(times.into()),
        },
    }
}

/// Listens at `address`.
pub(super) async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen at {address}"))
}

/// Listens for the operator's monitoring, where it is wanted.
pub(super) async fn listen_for_metrics(config: &Config) -> anyhow::Result<Option<(TcpListener, Metrics)>> {
    match config.settings.metrics_listen {
        OptionalListen::Off => Ok(None),
        OptionalListen::At(address) => Ok(Some((listen(address).await?, Metrics::install()?))),
    }
}

/// Cancelled at Ctrl-C or SIGTERM.
pub(super) fn until_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let signalled = stop.clone();
    tokio::spawn(async move {
        stop_signal().await;
        signalled.cancel();
    });
    stop
}

/// Serves until `stop` is cancelled.
pub(super) async fn serve_until(
    stop: CancellationToken,
    listeners: Listeners,
    state: AppState,
    limits: ConnectionLimits,
) -> anyhow::Result<()> {
    let stopping = state.stop.clone();
    tokio::spawn(async move {
        stop.cancelled().await;
        tracing::info!("stopping");
        stopping.cancel();
    });
    serve(listeners, state, limits).await
}
