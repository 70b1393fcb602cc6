//! `jebena serve`: the product on a database that is there.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, bail};
use jebena_signer::client::SignerClient;

use super::site::{listen, listen_for_metrics, open_state, open_storage, open_vault, serve_until, until_signal};
use crate::app::{Listeners, start_logging};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::database::{Db, PrivilegeError};
use crate::error::passes_by_itself;
use crate::organizations::staff;

/// How often a database that was away at the start is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

pub(super) async fn run(config: &Config) -> anyhow::Result<()> {
    let settings = &config.settings;
    start_logging(settings.log_format, settings.log_level)?;
    let stop = until_signal();
    let options = config.database_options().context("DATABASE_URL is needed")?;
    let db = Db::connect_lazy(options, &config.pool_settings(), Arc::new(SystemClock));
    let is_checked = check_database(&db).await?;
    let site = config.site(settings.listen, false);
    let origin = site.origin();
    let storage = open_storage(&config.storage_settings(), config)?;
    let signer = settings.signer_socket.as_deref().map(SignerClient::new);
    let state = open_state(config, db, site, (storage, open_vault(config)?, signer))?;
    let metrics = listen_for_metrics(config).await?;
    let listeners = Listeners { site: listen(settings.listen).await?, metrics };
    let address = listeners.site.local_addr()?;
    tracing::info!(%address, site = origin, version = env!("CARGO_PKG_VERSION"), "serving");

    let refusal: Arc<OnceLock<anyhow::Error>> = Arc::default();
    if !is_checked {
        let (db, refusal, stop) = (state.db.clone(), refusal.clone(), stop.clone());
        tokio::spawn(async move {
            if let Err(error) = check_when_back(&db).await {
                let _ = refusal.set(error);
                stop.cancel();
            }
        });
    }
    serve_until(stop, listeners, state, config.connection_limits()).await?;
    match Arc::into_inner(refusal).and_then(OnceLock::into_inner) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// Refuses a database in which the product would not be safe; false when it is away and was not asked.
async fn check_database(db: &Db) -> anyhow::Result<bool> {
    match db.require_unprivileged().await {
        Ok(()) => {}
        Err(PrivilegeError::Database(error)) if passes_by_itself(&error) => {
            tracing::warn!(%error, "the database is away");
            return Ok(false);
        }
        Err(PrivilegeError::Database(error)) => return Err(error).context("the database refuses the connection"),
        Err(error @ (PrivilegeError::TooPowerful { .. } | PrivilegeError::Powerless { .. })) => bail!(error),
    }
    match staff::has_demo_people(db).await {
        Ok(false) => Ok(true),
        Ok(true) => bail!(
            "this database holds accounts of the demo, whose password everybody knows; \
             serve another database, or use `jebena demo`"
        ),
        Err(error) if passes_by_itself(&error) => Ok(false),
        Err(error) => Err(error).context("the database has not this version's schema; run `jebena migrate` first"),
    }
}

async fn check_when_back(db: &Db) -> anyhow::Result<()> {
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        if check_database(db).await? {
            return Ok(());
        }
    }
}
