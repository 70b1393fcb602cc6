//! What strangers fetch to check a signature, from a signer of flesh and blood behind its socket.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::StatusCode;
use jebena_signer::authority::{Authority, Issued, Order};
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::client::SignerClient;
use jebena_signer::envelope::MasterKey;
use jebena_signer::keyring::Keyring;
use jebena_signer::policy::{AccessPolicy, Operation};
use jebena_signer::x509::certificate::Places;
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::name::Subject;
use jebena_signer::x509::profile::Profile;
use jebena_signer::{database, server};
use jebena_trust::moment::Moment;
use jebena_trust::trust_list::{self, State, Verified};
use sqlx::postgres::PgConnectOptions;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::cluster;
use crate::site::{Browser, TestSite};

const PLAN: &str = "organization = \"Consortium\"\nroot = \"Root\"\nissuing = \"Issuing\"";

struct Signer {
    authority: Arc<Authority>,
    client: SignerClient,
    stop: CancellationToken,
    serving: tokio::task::JoinHandle<()>,
    _folder: TempDir,
}

impl Signer {
    /// A signer on a database of its own in the cluster of the tests, after the ceremony.
    async fn start(name: &'static str, now: DateTime<Utc>) -> (Self, PgConnectOptions) {
        let admin = cluster::empty_database(name).await;
        database::migrate_up(&admin).await.unwrap();
        let master = MasterKey::new_text();
        let open = || {
            let pool = database::open(admin.clone().username(database::LOGIN));
            let places =
                Places { base: "http://localhost:8080".to_owned(), policy: "1.3.6.1.4.1.32473.1.1".parse().unwrap() };
            Arc::new(Authority::new(Keyring::new(pool, MasterKey::parse(&master).unwrap()), places))
        };
        let authority = open();
        ceremony::hold(&authority, &Plan::parse(PLAN).unwrap(), now).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signer");
        let listener = server::bind(&path).await.unwrap();
        let stop = CancellationToken::new();
        let own_user = rustix::process::geteuid().as_raw();
        let serving =
            tokio::spawn(server::serve(listener, open(), vec![own_user], Arc::new(move || now), stop.clone()));
        (Self { authority, client: SignerClient::new(&path), stop, serving, _folder: folder }, admin)
    }

    async fn seal_of(&self, organization: Uuid, now: DateTime<Utc>) -> Issued {
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
            policy: AccessPolicy::of(&[Operation::SealPaper]),
        };
        self.authority.issue(&order, now).await.unwrap()
    }
}

async fn list(site: &TestSite, root: &[u8; 32]) -> Verified {
    let answer = site.get(&mut Browser::default(), "/trust-list").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let at = Moment::from_unix(site.now().timestamp()).unwrap();
    trust_list::verify(&answer.text, root, at, None).unwrap()
}

#[tokio::test]
async fn strangers_get_what_they_check_with_and_learn_of_a_revocation_within_seconds() {
    let mut site = TestSite::seeded().await;
    let mut stranger = Browser::default();
    assert_eq!(site.get(&mut stranger, "/pki/root.cer").await.status, StatusCode::NOT_FOUND, "there is no signer yet");

    let (signer, admin) = Signer::start("secure_for_strangers", site.now()).await;
    site.signed_by(signer.client.clone());
    let mut product = site.sql().await;
    let authority: Uuid = sqlx::query_scalar("select organization_id from organizations where kind = 'ECTA'")
        .fetch_one(&mut product)
        .await
        .unwrap();
    let seal = signer.seal_of(authority, site.now()).await;
    for (path, kind) in [
        ("/pki/root.cer", "application/pkix-cert"),
        ("/pki/ca.cer", "application/pkix-cert"),
        ("/pki/root.crl", "application/pkix-crl"),
        ("/pki/ca.crl", "application/pkix-crl"),
        ("/pki/ca-delta.crl", "application/pkix-crl"),
    ] {
        let answer = site.get(&mut stranger, path).await;
        assert_eq!((answer.status, answer.headers["content-type"].to_str().unwrap()), (StatusCode::OK, kind), "{path}");
    }
    let mut secure = <sqlx::PgConnection as sqlx::Connection>::connect_with(&admin).await.unwrap();
    let root: Vec<u8> = sqlx::query_scalar("select thumbprint_sha256 from certificates where profile = 'ROOT_CA'")
        .fetch_one(&mut secure)
        .await
        .unwrap();
    let root: [u8; 32] = root.try_into().unwrap();
    let before = list(&site, &root).await;
    assert_eq!(before.list().entries.len(), 1);
    let entry = &before.list().entries[0];
    assert_eq!((entry.organization.as_str(), entry.state), ("ECTA", State::Good));
    assert_eq!(before.list(), list(&site, &root).await.list(), "the same list is given until something changes");

    site.clock.advance(chrono::Duration::minutes(1));
    signer.authority.revoke(seal.certificate_id, Reason::KeyCompromise, None, None, site.now()).await.unwrap();
    let begun = std::time::Instant::now();
    while matches!(list(&site, &root).await.list().entries[0].state, State::Good) {
        assert!(begun.elapsed() < Duration::from_secs(30), "the list does not learn of it");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }

    signer.stop.cancel();
    signer.serving.await.unwrap();
    assert_eq!(site.get(&mut stranger, "/pki/ca.crl").await.status, StatusCode::SERVICE_UNAVAILABLE);
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(list(&site, &root).await.list().entries.len(), 1, "the list stays good as of its moment");
    site.clock.advance(chrono::Duration::days(8));
    assert_eq!(
        site.get(&mut stranger, "/trust-list").await.status,
        StatusCode::NOT_FOUND,
        "and no longer than it says"
    );
}

#[tokio::test]
async fn the_server_has_no_way_into_the_secure_database() {
    let site = TestSite::seeded().await;
    let (_signer, admin) = Signer::start("secure_for_attack", site.now()).await;
    let refused = <sqlx::PgConnection as sqlx::Connection>::connect_with(&admin.username("jebena_app")).await;
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("permission denied"), "{refused}");
}
