//! The whole: what every handler may use, the table of all routes, the layers around them, and the life
//! of the server from start to stop.

mod background;
mod chores;
mod limits;
mod logging;
mod metrics;
mod probes;
mod refusals;
mod router;
mod serve;

use std::{ops::Deref, sync::Arc};

use chrono::{DateTime, Utc};
use jebena_signer::client::SignerClient;
use tokio_util::sync::CancellationToken;

pub use chores::chores;
pub use limits::RequestLimits;
pub use logging::start_logging;
pub use metrics::Metrics;
pub use router::{router, routes};
pub use serve::{Listeners, serve};

use limits::RequestCounter;

use crate::{
    auth::factor::FactorRule,
    auth::password::{PasswordError, PasswordHasher},
    auth::vault::Vault,
    certificates::{Issuer, TrustSource},
    clock::Clock,
    database::Db,
    documents::{scanner::Scanner, service::Reception, share::Shares, storage::Storage},
    exports::{catalog::CatalogCache, service::StepEffects},
    mail::Mailer,
    organizations::second_factor::{Keys, RelyingParty},
    organizations::{directory::Directory, sign_in::SignInLimits},
    registration::{self, RegistrationDoor},
    review::{Doors, SubjectKind},
    sourcing::{buyers::BuyerDoor, contracts::ContractDoor, inspections::SampleDoor, lots::LotDoor},
    web::{live::LiveUpdates, modes::ModesCell, site::Site},
    workflow::papers::PaperDesk,
};

/// What is taken from one person, device or address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// At the door.
    pub sign_in: SignInLimits,
    /// Behind and before it.
    pub requests: RequestLimits,
    /// Beside the password.
    pub second_factor: FactorRule,
    /// Of the store of files.
    pub shares: Shares,
}

/// What every handler may use; cheap to clone.
#[derive(Clone)]
pub struct AppState(Arc<AppParts>);

/// What the product works with beside its database.
pub struct Neighbours {
    /// Where the documents' bytes lie.
    pub storage: Storage,
    /// Who looks at files before they are kept.
    pub scanner: Option<Scanner>,
    /// The way of mails out of the house.
    pub mailer: Mailer,
    /// Where secrets of second factors are sealed.
    pub vault: Option<Vault>,
    /// Who signs papers.
    pub signer: Option<SignerClient>,
}

/// The parts of [`AppState`].
pub struct AppParts {
    /// The database.
    pub db: Db,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Hashes and checks passwords.
    pub passwords: PasswordHasher,
    /// How many failures to sign in close the door.
    pub sign_in_limits: SignInLimits,
    /// What is asked for beside the password.
    pub factor_rule: FactorRule,
    /// Where secrets of second factors are sealed; without it nobody can have one.
    pub vault: Option<Vault>,
    /// The site as devices know it; without a name it has no passkeys.
    pub relying_party: Option<RelyingParty>,
    /// Counts the requests of strangers and of sessions.
    pub requests: Arc<RequestCounter>,
    /// Where the site is.
    pub site: Arc<Site>,
    /// What an administrator has switched.
    pub modes: ModesCell,
    /// Tells open pages that something has changed.
    pub live: LiveUpdates,
    /// Where the documents' bytes lie.
    pub storage: Storage,
    /// Who looks at files before they are kept; without one they are not scanned.
    pub scanner: Option<Scanner>,
    /// How much of the store is anybody's.
    pub shares: Shares,
    /// The way of mails out of the house.
    pub mailer: Mailer,
    /// Who signs papers; without one they have no seal.
    pub signer: Option<SignerClient>,
    /// Code lists, read once a minute.
    pub catalog: CatalogCache,
    /// Names of people and organisations, kept for a minute.
    pub directory: Directory,
    /// What other areas do when a step of the walk is approved.
    pub effects: Box<dyn StepEffects>,
    /// Issues papers for the areas below certificates.
    pub papers: Box<dyn PaperDesk>,
    /// Who says who may seal papers; without one no list is served, and no seal checked.
    pub trust: Option<Arc<dyn TrustSource>>,
    /// How messages and papers find what they are about.
    pub doors: Doors,
    /// When this process started.
    pub started: DateTime<Utc>,
    /// Cancelled when the server is to stop.
    pub stop: CancellationToken,
    readiness: probes::Readiness,
}

impl AppParts {
    /// What second factors are judged with.
    #[must_use]
    pub fn factor_keys(&self) -> Keys<'_> {
        Keys { vault: self.vault.as_ref(), relying_party: self.relying_party.as_ref() }
    }

    /// What a file goes through before it is kept.
    #[must_use]
    pub fn reception(&self) -> Reception<'_> {
        Reception { db: &self.db, storage: &self.storage, scanner: self.scanner.as_ref(), shares: self.shares }
    }
}

impl AppState {
    /// The state of a server that has just started.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        site: Site,
        neighbours: Neighbours,
        limits: Limits,
    ) -> Result<Self, PasswordError> {
        let stop = CancellationToken::new();
        let Neighbours { storage, scanner, mailer, vault, signer } = neighbours;
        Ok(Self(Arc::new(AppParts {
            db,
            passwords: PasswordHasher::new()?,
            sign_in_limits: limits.sign_in,
            factor_rule: limits.second_factor,
            vault,
            relying_party: RelyingParty::of(&site),
            requests: Arc::new(RequestCounter::new(limits.requests)),
            site: Arc::new(site),
            modes: ModesCell::default(),
            live: LiveUpdates::new(stop.clone()),
            storage,
            scanner,
            shares: limits.shares,
            mailer,
            signer,
            catalog: CatalogCache::default(),
            directory: Directory::default(),
            effects: Box::new(Issuer),
            papers: Box::new(Issuer),
            trust: None,
            doors: doors(),
            started: clock.now(),
            stop,
            readiness: probes::Readiness::default(),
            clock,
        })))
    }
}

impl AppState {
    /// The same, with who says who may seal papers; before it is shared.
    #[must_use]
    pub fn with_trust(mut self, source: Option<Arc<dyn TrustSource>>) -> Self {
        if let Some(parts) = Arc::get_mut(&mut self.0) {
            parts.trust = source;
        }
        self
    }
}

/// The doors of every area whose subjects are reviewed.
fn doors() -> Doors {
    let doors = Doors::default()
        .with(SubjectKind::Inspection, SampleDoor)
        .with(SubjectKind::Lot, LotDoor)
        .with(SubjectKind::Contract, ContractDoor)
        .with(SubjectKind::Buyer, BuyerDoor);
    registration::KINDS.into_iter().fold(doors, |doors, kind| doors.with(kind, RegistrationDoor(kind)))
}

impl Deref for AppState {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}
