//! What the signer does in a second, and how long the large things take, on a PostgreSQL of its own:
//!
//! ```sh
//! cargo bench -p jebena-signer --bench figures            # all
//! cargo bench -p jebena-signer --bench figures -- status  # status, stamps, lists or rotation
//! ```
//!
//! Figures of a machine are worth something beside other figures of the same machine at the same time, so that each is printed with what it
//! is to be held against.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on ends, and prints what it found"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use der::asn1::OctetString;
use der::{Decode, Encode};
use jebena_cluster::Cluster;
use jebena_signer::authority::{Authority, Order};
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::client::SignerClient;
use jebena_signer::envelope::MasterKey;
use jebena_signer::keyring::{Holder, Keyring, Purpose};
use jebena_signer::policy::{AccessPolicy, Operation};
use jebena_signer::protocol::{Answer, Bytes, Request};
use jebena_signer::rotation::{Kind, What, Why};
use jebena_signer::x509::certificate::Places;
use jebena_signer::x509::name::Subject;
use jebena_signer::x509::profile::Profile;
use jebena_signer::{database, server};
use sha1::{Digest, Sha1};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use x509_cert::certificate::Certificate;
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{CertId, OcspRequest, Request as Asked, TbsRequest, Version};

const ORGANIZATION: Uuid = Uuid::from_u128(0xec7a);
/// How long each figure is taken.
const LASTS: Duration = Duration::from_secs(5);
/// Who asks at once.
const AT_ONCE: usize = 16;
const REVOKED: u32 = 100_000;
const KEYS: usize = 10_000;

struct Ground {
    admin: PgConnectOptions,
    master: String,
}

impl Ground {
    fn authority(&self) -> Arc<Authority> {
        let pool = database::open(self.admin.clone().username(database::LOGIN));
        let places =
            Places { base: "http://jebena.example".to_owned(), policy: "1.3.6.1.4.1.32473.1.1".parse().unwrap() };
        Arc::new(Authority::new(Keyring::new(pool, MasterKey::parse(&self.master).unwrap()), places))
    }

    async fn tamper(&self, statement: &str) {
        let mut connection = PgConnection::connect_with(&self.admin).await.unwrap();
        let all = format!("set session_replication_role = replica; {statement}");
        sqlx::raw_sql(AssertSqlSafe(all)).execute(&mut connection).await.unwrap();
    }

    async fn certificate(&self, profile: Profile) -> Certificate {
        let mut connection = PgConnection::connect_with(&self.admin).await.unwrap();
        let der: Vec<u8> = sqlx::query_scalar("select der_encoded_cert from certificates where profile = $1 limit 1")
            .bind(profile.code())
            .fetch_one(&mut connection)
            .await
            .unwrap();
        Certificate::from_der(&der).unwrap()
    }
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    let cluster = Cluster::start_ephemeral().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = PgConnection::connect_with(&cluster.admin_options("postgres")).await.unwrap();
        sqlx::raw_sql("create database secure").execute(&mut connection).await.unwrap();
        let ground = Ground { admin: cluster.admin_options("secure"), master: MasterKey::new_text().to_string() };
        database::migrate_up(&ground.admin).await.unwrap();
        let authority = ground.authority();
        let plan = Plan::parse("organization = \"C\"\nroot = \"Root\"\nissuing = \"Issuing\"").unwrap();
        ceremony::hold(&authority, &plan, Utc::now()).await.unwrap();
        authority.issue(&seal(), Utc::now()).await.unwrap();
        if is_wanted("status") {
            status(&ground, &authority).await;
        }
        if is_wanted("stamps") {
            stamps(&authority).await;
        }
        if is_wanted("rotation") {
            rotation(&ground, &authority).await;
        }
        if is_wanted("lists") {
            lists(&ground, &authority).await;
        }
    });
}

fn seal() -> Order {
    Order {
        profile: Profile::OrganizationSeal,
        organization: Some(ORGANIZATION),
        person: None,
        subject: Subject {
            common_name: "Seal".to_owned(),
            organization: "Authority".to_owned(),
            organization_identifier: None,
        },
        validity: chrono::Duration::days(365),
        policy: AccessPolicy::of(&[Operation::SealPaper]),
    }
}

/// How often `what` is done in a second by as many as [`AT_ONCE`].
async fn rate<F, W>(what: W) -> f64
where
    W: Fn() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = ()> + Send,
{
    let (done, begun) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let all: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (what, done) = (what.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                while begun.elapsed() < LASTS {
                    what().await;
                    done.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for one in all {
        one.await.unwrap();
    }
    #[allow(clippy::cast_precision_loss, reason = "a figure for the eye")]
    let done = done.load(Ordering::Relaxed) as f64;
    done / begun.elapsed().as_secs_f64()
}

async fn question(ground: &Ground, nonce: bool) -> Vec<u8> {
    let issuing = ground.certificate(Profile::IssuingCa).await.tbs_certificate;
    let leaf = ground.certificate(Profile::OrganizationSeal).await.tbs_certificate;
    let hash = |bytes: &[u8]| OctetString::new(Sha1::digest(bytes).to_vec()).unwrap();
    let id = CertId {
        hash_algorithm: AlgorithmIdentifierOwned {
            oid: "1.3.14.3.2.26".parse().unwrap(),
            parameters: Some(der::asn1::Any::null()),
        },
        issuer_name_hash: hash(&issuing.subject.to_der().unwrap()),
        issuer_key_hash: hash(issuing.subject_public_key_info.subject_public_key.raw_bytes()),
        serial_number: leaf.serial_number,
    };
    let nonce = nonce.then(|| {
        let value = OctetString::new(OctetString::new(vec![7; 32]).unwrap().to_der().unwrap()).unwrap();
        vec![Extension { extn_id: "1.3.6.1.5.5.7.48.1.2".parse().unwrap(), critical: false, extn_value: value }]
    });
    let asked = TbsRequest {
        version: Version::V1,
        requestor_name: None,
        request_list: vec![Asked { req_cert: id, single_request_extensions: None }],
        request_extensions: nonce,
    };
    OcspRequest { tbs_request: asked, optional_signature: None }.to_der().unwrap()
}

async fn status(ground: &Ground, authority: &Arc<Authority>) {
    let (plain, with_nonce) = (question(ground, false).await, question(ground, true).await);
    let (own, asked) = (Arc::clone(authority), plain.clone());
    let kept = rate(move || {
        let (own, asked) = (Arc::clone(&own), asked.clone());
        async move {
            own.answer_status(&asked, Utc::now()).await.unwrap();
        }
    })
    .await;
    let own = Arc::clone(authority);
    let fresh = rate(move || {
        let (own, asked) = (Arc::clone(&own), with_nonce.clone());
        async move {
            own.answer_status(&asked, Utc::now()).await.unwrap();
        }
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signer");
    let (stop, user) = (CancellationToken::new(), user_of(folder.path()));
    let listener = server::bind(&path).await.unwrap();
    let serving =
        tokio::spawn(server::serve(listener, Arc::clone(authority), vec![user], Arc::new(Utc::now), stop.clone()));
    let client = SignerClient::new(&path);
    let at_socket = rate(move || {
        let (client, asked) = (client.clone(), Request::AnswerStatus { request: Bytes(plain.clone()) });
        async move {
            let Answer::StatusAnswered { .. } = client.ask(&asked).await.unwrap() else { panic!("another answer") };
        }
    })
    .await;
    stop.cancel();
    serving.await.unwrap();
    println!("status answers, kept:                 {kept:>9.0} /s");
    println!("status answers, kept, at the socket:  {at_socket:>9.0} /s");
    println!("status answers, each signed:          {fresh:>9.0} /s");
}

fn user_of(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::MetadataExt;
    path.metadata().unwrap().uid()
}

async fn stamps(authority: &Arc<Authority>) {
    let own = Arc::clone(authority);
    let stamps = rate(move || {
        let own = Arc::clone(&own);
        async move {
            own.stamp([7; 32], Some(7), Utc::now()).await.unwrap();
        }
    })
    .await;
    println!("time stamps:                          {stamps:>9.0} /s");
}

async fn rotation(ground: &Ground, authority: &Arc<Authority>) {
    let holder = Holder { profile: Profile::OrganizationSeal, organization: Some(ORGANIZATION) };
    let policy = AccessPolicy::of(&[Operation::SealPaper]);
    let begun = Instant::now();
    futures::future::join_all((0..8).map(async |_| {
        for _ in 0..KEYS / 8 {
            authority.keyring().new_key(holder, &policy, Utc::now()).await.unwrap();
        }
    }))
    .await;
    println!("keys made:                            {:>9.0} /s", rate_of(KEYS, begun));
    let purpose = Purpose::of_product(Operation::SealPaper, None);
    let own = Arc::clone(authority);
    let sign = move || {
        let own = Arc::clone(&own);
        async move {
            own.keyring().sign(holder, purpose, b"a paper", Utc::now()).await.unwrap();
        }
    };
    let alone = rate(sign.clone()).await;
    let (stop, signed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let signing: Vec<_> = (0..4)
        .map(|_| {
            let (sign, stop, signed) = (sign.clone(), Arc::clone(&stop), Arc::clone(&signed));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    sign().await;
                    signed.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let why = Why { kind: Kind::Scheduled, reason: "a bench", by: None };
    // As the command does: with a pool of its own.
    let command = ground.authority();
    let begun = Instant::now();
    let done = command.keyring().rotate(What::Data(Some(ORGANIZATION)), &why, Utc::now, |_| ()).await.unwrap();
    let took = begun.elapsed();
    stop.store(true, Ordering::Relaxed);
    for one in signing {
        one.await.unwrap();
    }
    #[allow(clippy::cast_precision_loss, reason = "a figure for the eye")]
    let meanwhile = signed.load(Ordering::Relaxed) as f64 / took.as_secs_f64();
    println!("{} keys sealed anew in:            {:>9.1} s", done.done, took.as_secs_f64());
    println!("signatures, meanwhile:                {meanwhile:>9.0} /s");
    println!("signatures, alone:                    {alone:>9.0} /s");
}

#[allow(clippy::cast_precision_loss, reason = "a figure for the eye")]
fn rate_of(number: usize, begun: Instant) -> f64 {
    number as f64 / begun.elapsed().as_secs_f64()
}

async fn lists(ground: &Ground, authority: &Arc<Authority>) {
    ground
        .tamper(&format!(
            "insert into certificates (certificate_id, common_name, certificate_type, profile, organization_id,
                 issuer_certificate_id, der_encoded_cert, serial_number, thumbprint_sha256, thumbprint_sha1,
                 subject_key_identifier, issuer_dn, subject_dn, key_algorithm, key_size, signature_algorithm, not_before,
                 not_after, status, created_at, updated_at)
             select gen_random_uuid(), 'x', 'leaf', 'ORGANIZATION_SEAL', gen_random_uuid(), i.certificate_id,
                 sha256('x') || sha256('x') || sha256('x') || sha256('x'), '4' || substr(md5(n::text), 2, 31),
                 sha256(n::text::bytea), substr(sha256(n::text::bytea), 1, 20), 'x', i.subject_dn, 'x', 'ECDSA', 256,
                 'ecdsa-with-SHA256', now(), now() + interval '1 year', 'revoked', now(), now()
             from generate_series(1, {REVOKED}) n, certificates i where i.profile = 'ISSUING_CA';
             insert into certificate_revocations (revocation_id, certificate_id, revocation_date, revocation_reason,
                 invalidity_date)
             select gen_random_uuid(), certificate_id, now(), 'key_compromise', now() from certificates where common_name = 'x';
             analyze"
        ))
        .await;
    for which in ["the first time", "again"] {
        let begun = Instant::now();
        authority.publish_lists(Utc::now()).await.unwrap();
        println!("lists of {REVOKED}, {which:14}     {:>9.2} s", begun.elapsed().as_secs_f64());
    }
    let list = authority.newest_list(Profile::IssuingCa, false, Utc::now()).await.unwrap().unwrap();
    let delta = authority.newest_list(Profile::IssuingCa, true, Utc::now()).await.unwrap().unwrap();
    println!("a full list, a delta list:            {:>9} and {} bytes", list.len(), delta.len());
}
