//! A signer of flesh and blood behind its socket, for tests of who asks it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use jebena_signer::authority::{Authority, Issued, Order};
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::client::SignerClient;
use jebena_signer::envelope::MasterKey;
use jebena_signer::keyring::Keyring;
use jebena_signer::policy::{AccessPolicy, Operation};
use jebena_signer::x509::certificate::Places;
use jebena_signer::x509::name::Subject;
use jebena_signer::x509::profile::Profile;
use jebena_signer::{database, server};
use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::cluster;

const PLAN: &str = "organization = \"Consortium\"\nroot = \"Root\"\nissuing = \"Issuing\"";

pub struct Signer {
    pub authority: Arc<Authority>,
    pub client: SignerClient,
    open: Box<dyn Fn() -> Arc<Authority> + Send + Sync>,
    now: DateTime<Utc>,
    serving: Option<(CancellationToken, tokio::task::JoinHandle<()>)>,
    folder: TempDir,
}

impl Signer {
    /// A signer on a database of its own in the cluster of the tests, after the ceremony.
    pub async fn start(name: &'static str, now: DateTime<Utc>) -> (Self, PgConnectOptions) {
        let admin = cluster::empty_database(name).await;
        database::migrate_up(&admin).await.unwrap();
        let (master, login) = (MasterKey::new_text(), admin.clone().username(database::LOGIN));
        let open = move || {
            let pool = database::open(login.clone());
            let places =
                Places { base: "http://localhost:8080".to_owned(), policy: "1.3.6.1.4.1.32473.1.1".parse().unwrap() };
            Arc::new(Authority::new(Keyring::new(pool, MasterKey::parse(&master).unwrap()), places))
        };
        let authority = open();
        ceremony::hold(&authority, &Plan::parse(PLAN).unwrap(), now).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let client = SignerClient::new(&folder.path().join("signer"));
        let mut signer = Self { authority, client, open: Box::new(open), now, serving: None, folder };
        signer.serve().await;
        (signer, admin)
    }

    /// Begins to answer.
    pub async fn serve(&mut self) {
        let listener = server::bind(&self.folder.path().join("signer")).await.unwrap();
        let (stop, now) = (CancellationToken::new(), self.now);
        let own_user = rustix::process::geteuid().as_raw();
        let serving = server::serve(listener, (self.open)(), vec![own_user], Arc::new(move || now), stop.clone());
        self.serving = Some((stop, tokio::spawn(serving)));
    }

    /// Begins to answer again, later.
    pub async fn serve_at(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.serve().await;
    }

    /// Ends, as when its process is stopped.
    pub async fn end(&mut self) {
        let (stop, serving) = self.serving.take().unwrap();
        stop.cancel();
        serving.await.unwrap();
    }

    /// Hears whoever asks and answers nobody, as when its process is stopped for a while. How many have asked.
    pub async fn hang(&mut self) -> Arc<AtomicUsize> {
        self.end().await;
        let listener = server::bind(&self.folder.path().join("signer")).await.unwrap();
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut kept = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::Relaxed);
                kept.push(stream);
            }
        });
        asked
    }

    /// A certificate with which the organisation seals and signs its papers.
    pub async fn seal_of(&self, organization: Uuid, now: DateTime<Utc>) -> Issued {
        let order = Order {
            profile: Profile::OrganizationSeal,
            organization: Some(organization),
            person: None,
            subject: Subject {
                common_name: "Seal".to_owned(),
                organization: "Coffee Authority".to_owned(),
                organization_identifier: None,
            },
            validity: chrono::Duration::days(365),
            policy: AccessPolicy::of(&[Operation::SealPaper, Operation::SignDocument]),
        };
        self.authority.issue(&order, now).await.unwrap()
    }
}
