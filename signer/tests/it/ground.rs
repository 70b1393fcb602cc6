//! A secure database for each test, and an authority in it.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Duration, Utc};
use jebena_cluster::Cluster;
use jebena_signer::authority::{Authority, Issued, Order};
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::database;
use jebena_signer::envelope::MasterKey;
use jebena_signer::keyring::Keyring;
use jebena_signer::policy::{AccessPolicy, Operation};
use jebena_signer::x509::certificate::Places;
use jebena_signer::x509::name::Subject;
use jebena_signer::x509::profile::Profile;
use sqlx::postgres::{PgConnectOptions, PgPool};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

/// Started by the first test that needs it; its watchdog removes it when this process ends, however it ends.
static CLUSTER: LazyLock<Cluster> = LazyLock::new(|| Cluster::start_ephemeral().unwrap());
static DATABASES: AtomicU32 = AtomicU32::new(0);

pub const AUTHORITY: Uuid = Uuid::from_u128(0xec7a);
pub const BANK: Uuid = Uuid::from_u128(0xbe);

/// Now, because OpenSSL has no other clock.
pub fn now() -> DateTime<Utc> {
    Utc::now()
}

pub struct Ground {
    pub authority: Authority,
    pub pool: PgPool,
    /// The server, past every wall.
    pub admin: PgConnectOptions,
    pub master: String,
}

impl Ground {
    /// A migrated database, and nothing in it.
    pub async fn empty() -> Self {
        let server = tokio::task::spawn_blocking(|| CLUSTER.admin_options("postgres")).await.unwrap();
        let name = format!("secure_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect_with(&server).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await.unwrap();
        let admin = server.database(&name);
        database::migrate_up(&admin).await.unwrap();
        let pool = database::open(admin.clone().username(database::LOGIN));
        let master = MasterKey::new_text().to_string();
        let keyring = Keyring::new(pool.clone(), MasterKey::parse(&master).unwrap());
        Self { authority: Authority::new(keyring, places()), pool, admin, master }
    }

    /// After the ceremony.
    pub async fn founded() -> Self {
        let ground = Self::empty().await;
        ceremony::hold(&ground.authority, &plan(), now()).await.unwrap();
        ground
    }

    /// A certificate with which an organisation seals.
    pub async fn seal_of(&self, organization: Uuid, policy: AccessPolicy) -> Issued {
        self.authority.issue(&seal_order(organization, policy), now()).await.unwrap()
    }

    /// The certificate of a kind, DER.
    pub async fn issued(&self, profile: Profile) -> Vec<u8> {
        sqlx::query_scalar(
            "select der_encoded_cert from certificates where profile = $1 order by created_at desc limit 1",
        )
        .bind(profile.code())
        .fetch_one(&self.pool)
        .await
        .unwrap()
    }

    /// The same keys once more, for a server of its own.
    pub fn second_authority(&self) -> Authority {
        let pool = database::open(self.admin.clone().username(database::LOGIN));
        Authority::new(Keyring::new(pool, MasterKey::parse(&self.master).unwrap()), places())
    }

    /// Nobody but the superuser gets in, and who is in is thrown out; or everybody again.
    pub async fn cut_off(&self, is_off: bool) {
        let mut connection = PgConnection::connect_with(&self.admin.clone().database("postgres")).await.unwrap();
        let name = self.admin.get_database().unwrap();
        let limit = if is_off { 0 } else { -1 };
        let all = format!(
            "alter database {name} connection limit {limit};
             select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and {is_off}"
        );
        sqlx::raw_sql(AssertSqlSafe(all)).execute(&mut connection).await.unwrap();
    }

    /// Past every wall and every trigger.
    pub async fn tamper(&self, statement: &str) {
        let mut connection = PgConnection::connect_with(&self.admin).await.unwrap();
        let all = format!("set session_replication_role = replica; {statement}");
        sqlx::raw_sql(AssertSqlSafe(all)).execute(&mut connection).await.unwrap();
    }

    /// What the database says against it, as its owner asks.
    pub async fn refused(&self, statement: &str) -> String {
        let mut connection = PgConnection::connect_with(&self.admin).await.unwrap();
        let answer = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await;
        answer.unwrap_err().to_string()
    }

    pub async fn count(&self, query: &str) -> i64 {
        let mut connection = PgConnection::connect_with(&self.admin).await.unwrap();
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut connection).await.unwrap()
    }
}

pub fn places() -> Places {
    Places {
        base: "http://jebena.example".to_owned(),
        // The documentation arc (RFC 5612).
        policy: "1.3.6.1.4.1.32473.1.1".parse().unwrap(),
    }
}

pub const PLAN: &str = r#"
organization = "Ethiopian Coffee Export Consortium"
root = "Ethiopian Coffee Export Root"
issuing = "Ethiopian Coffee Export Issuing CA"
"#;

pub fn plan() -> Plan {
    Plan::parse(PLAN).unwrap()
}

pub fn sealing() -> AccessPolicy {
    AccessPolicy::of(&[Operation::SealPaper, Operation::SignDocument, Operation::ProveItself])
}

pub fn seal_order(organization: Uuid, policy: AccessPolicy) -> Order {
    Order {
        profile: Profile::OrganizationSeal,
        organization: Some(organization),
        person: None,
        subject: Subject {
            common_name: "Seal of the Coffee Authority".to_owned(),
            organization: "Ethiopian Coffee and Tea Authority".to_owned(),
            organization_identifier: Some("NTRET-0000000001".to_owned()),
        },
        validity: Duration::days(365),
        policy,
    }
}
