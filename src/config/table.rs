//! The table of all settings. Reading, checking, `config check` and `docs/configuration.md` follow it.
//!
//! One entry: what it means, its name in the file (in capitals in the environment), its type, the default,
//! and the range of a number.

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::value::{
    DatabaseTls, DatabaseUrl, Fingerprint, LogFormat, LogLevel, MailSecurity, Networks, OptionalListen, SecondFactor,
    Value,
};
use crate::documents::scanner::Place;

/// What is known about a setting before it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub group: &'static str,
    /// Its name in the file; in capitals in the environment.
    pub key: &'static str,
    pub kind: &'static str,
    pub is_secret: bool,
    pub default: Option<&'static str>,
    pub range: Option<(u64, u64)>,
    /// What it means, line by line as in the source.
    pub help: &'static [&'static str],
}

impl Setting {
    /// Its name in the environment.
    pub fn variable(&self) -> String {
        self.key.to_ascii_uppercase()
    }
}

macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

macro_rules! settings {
    ($($group:literal {
        $($(#[doc = $doc:literal])+ $key:ident: $type:ty $(= $default:literal)? $(, $least:literal..=$most:literal)?;)+
    })+) => {
        /// Every setting with its value.
        #[derive(Debug, Clone)]
        pub struct Settings {$($(
            $(#[doc = $doc])+
            pub $key: $type,
        )+)+}

        /// Every setting, in the order in which it is told.
        pub(super) const TABLE: &[Setting] = &[$($(
            Setting {
                group: $group,
                key: stringify!($key),
                kind: <$type as Value>::KIND,
                is_secret: <$type as Value>::SECRET,
                default: optional!($($default)?),
                range: optional!($(($least, $most))?),
                help: &[$($doc),+],
            },
        )+)+];

        impl Settings {
            /// Reads every setting; what cannot be read is noted by the reader and stands at its default.
            pub(super) fn read(reader: &mut Reader) -> Self {
                Self {$($(
                    $key: reader.read(stringify!($key)),
                )+)+}
            }
        }
    };
}

settings! {
    "Database" {
        /// The database, for `serve` and for every command but `migrate`; its role must own nothing
        /// (`jebena_app`). Instead of it the parts may be given, `DB_HOST` and those that follow.
        database_url: Option<DatabaseUrl>;
        /// The database's host, or the folder of its Unix socket.
        db_host: Option<String>;
        /// The database's port.
        db_port: u16 = "5432", 1..=65_535;
        /// The database's name.
        db_name: String = "jebena";
        /// The role with which the server signs in.
        db_user: String = "jebena_app";
        /// Its password.
        db_password: Option<SecretString>;
        /// How the connection is protected. Not given: `require` unless the database is on this machine, or
        /// what `sslmode` in the address says beyond that.
        db_ssl: Option<DatabaseTls>;
        /// The certificate (PEM) of the authority that signed the server's, for `verify-full`.
        db_ssl_ca: Option<PathBuf>;
        /// Why an unprotected connection to another machine is right, such as "WireGuard between both". Without
        /// it `off` is refused there.
        db_ssl_off_reason: Option<String>;
        /// The database for `migrate` alone, as a superuser, or as the database's owner who may create roles. Not given: `DATABASE_URL`.
        migrate_database_url: Option<DatabaseUrl>;
        /// The password that `migrate` gives to the role `jebena_app`. Not given: it stays as it is.
        app_db_password: Option<SecretString>;
        /// Connections that are kept open.
        db_pool_min: u32 = "2", 1..=1_000;
        /// Connections at most.
        db_pool_max: u32 = "20", 1..=1_000;
        /// An unused connection is closed after so many milliseconds.
        db_pool_idle_ms: u64 = "30000", 1_000..=3_600_000;
        /// A request waits so many milliseconds for a connection, then it is told that the service is busy.
        db_pool_acquire_ms: u64 = "2000", 50..=60_000;
        /// The database ends a statement after so many milliseconds.
        db_statement_timeout_ms: u64 = "5000", 100..=600_000;
        /// The database gives up on a lock after so many milliseconds.
        db_lock_timeout_ms: u64 = "2000", 50..=600_000;
        /// The database ends a transaction that does nothing for so many milliseconds.
        db_idle_in_transaction_timeout_ms: u64 = "10000", 1_000..=600_000;
    }
    "Site" {
        /// The address at which visitors reach the site; the only host name there is. `https` unless it is this
        /// machine.
        public_url: Option<Url>;
        /// Where the server listens for visitors.
        listen: SocketAddr = "127.0.0.1:8080";
        /// Where it listens for the operator's monitoring (`/metrics`).
        metrics_listen: OptionalListen = "127.0.0.1:9464";
        /// Proxies whose `X-Forwarded-For` counts.
        trusted_proxies: Networks = "";
        /// Everything can be read and printed, nothing changed, whatever an administrator switches.
        read_only_mode: bool = "false";
        /// New visitors are taken for so many seconds when the server is told to stop, while `/readyz` says no and a
        /// load balancer learns of it. `demo` stops at once.
        farewell_seconds: u64 = "5", 0..=600;
        /// Open requests may finish for so many seconds when the server is told to stop.
        drain_seconds: u64 = "30", 0..=600;
        /// Lets `demo` listen on an address that others can reach.
        demo_public: bool = "false";
    }
    "Documents" {
        /// The folder for documents, and for those on their way into a bucket.
        upload_dir: PathBuf = "./data/documents";
        /// The largest document, in bytes.
        upload_max_bytes: u64 = "10485760", 1_024..=10_485_760;
        /// The S3 bucket for documents. Not given: they stay in the folder.
        s3_bucket: Option<String>;
        /// The store's address where it is not Amazon's; `https` unless it is this machine.
        s3_endpoint: Option<Url>;
        /// The bucket's region.
        s3_region: Option<String>;
        /// The name of the bucket's key.
        s3_access_key_id: Option<String>;
        /// The bucket's key.
        s3_secret_access_key: Option<SecretString>;
        /// Where clamd listens: `HOST:PORT`, or the path of its Unix socket. Not given: documents are not scanned, and say so.
        /// The line is not encrypted; it belongs on this machine or within a network of your own. Its `StreamMaxLength` has to
        /// be at least `UPLOAD_MAX_BYTES`.
        clamd_addr: Option<Place>;
        /// A scan may take so many seconds. What is not scanned by then is kept and waits for its scan: its own organisation
        /// alone opens it until then.
        clamd_timeout_seconds: u64 = "20", 1..=120;
        /// Bytes that an organisation may take of the store; what was replaced or taken back is still stored and counts.
        store_share_bytes: u64 = "2147483648", 10_485_760..=1_125_899_906_842_624;
        /// Files that an organisation may have in the store.
        store_share_files: u64 = "20000", 1..=1_000_000_000;
        /// Files that a person may bring in a day, from midnight to midnight in Addis Ababa.
        uploads_a_day: u64 = "500", 1..=1_000_000;
    }
    "Papers" {
        /// The signed list of who may seal papers, as a file, which another takes the place of as a whole. Not given: the signer's at
        /// `SIGNER_SOCKET`; without either there is no list, and pages check no seals.
        trust_list_file: Option<PathBuf>;
        /// SHA-256 of the root's certificate, to which the signer of the list has to lead.
        trust_root_sha256: Option<Fingerprint>;
    }
    "Mail" {
        /// The mail server (SMTP). Not given: no mail is sent, invitations are handed over by who invites, and a forgotten
        /// password is for an administrator. `demo` keeps its mails for everybody to read.
        email_host: Option<String>;
        /// Its port.
        email_port: u16 = "587", 1..=65_535;
        /// How the connection is protected: `starttls` or `tls`; `off` only for a server on this machine.
        email_security: MailSecurity = "starttls";
        /// The name there, where it is asked for.
        email_user: Option<String>;
        /// The password there.
        email_password: Option<SecretString>;
        /// Who writes, such as `Jebena <no-reply@jebena.example>`.
        email_from: Option<String>;
    }
    "Second factor" {
        /// Whether whoever approves or administers has to have a second factor. Not given: `required`; in a demonstration,
        /// whose accounts are everybody's, it is offered only.
        second_factor: SecondFactor = "required";
        /// The key under which the secrets of second factors are sealed: 32 random bytes in base64, such as
        /// `openssl rand -base64 32` makes. Whoever loses it takes everybody's second factor away.
        second_factor_key: Option<SecretString>;
        /// The key from before, when there is another: what was sealed under it still opens. `jebena user seal-anew` seals
        /// everything under the key of now; after that this one is not needed.
        second_factor_former_key: Option<SecretString>;
        /// A second factor is asked for again before acts of weight when it was last proved so many minutes ago.
        step_up_minutes: u64 = "10", 1..=60;
    }
    "Signer" {
        /// The secure database, which holds keys and certificates: for `signer` and `ceremony` alone, never for the server. Its
        /// role is `jebena_signer`.
        secure_database_url: Option<DatabaseUrl>;
        /// The secure database for `signer migrate`, as a superuser, or as its owner who may create roles. Not given:
        /// `SECURE_DATABASE_URL`.
        migrate_secure_database_url: Option<DatabaseUrl>;
        /// The file of the master key, under which all keys are sealed: 32 random bytes in base64, such as
        /// `openssl rand -base64 32` makes, for its owner alone; or the address of an AES key in a token, such as
        /// `pkcs11:token=jebena;object=master-1?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/run/secrets/pin`. While it is
        /// rotated, the former key stands in a second line. Whoever loses it loses every key.
        master_key_file: Option<PathBuf>;
        /// The signer's Unix socket: `signer serve` listens there, and the server asks there. Not given: nothing is signed, and
        /// `/pki` is empty.
        signer_socket: Option<PathBuf>;
        /// The number of the operating system's user as whom the server runs, where it is not the signer's own.
        signer_client_uid: Option<u32>;
        /// The policy that certificates name, under an arc of the consortium's own. Not given: one for documentation.
        pki_policy_oid: String = "1.3.6.1.4.1.32473.1.1";
    }
    "Log" {
        /// What is worth a line.
        log_level: LogLevel = "info";
        /// How lines are written.
        log_format: LogFormat = "text";
    }
    "Rate limits" {
        /// The window in which requests and failed sign-ins are counted, in milliseconds.
        rate_limit_window_ms: u64 = "900000", 1_000..=86_400_000;
        /// Requests that are answered to one address from which nobody is signed in, in a window; to a session six times as
        /// many. A demonstration has a hundred times as many.
        rate_limit_max_requests: u32 = "100", 1..=1_000_000;
        /// Failed sign-ins of one account in a window, and accounts that may fail from one network; more of one account
        /// within an hour close it for an hour. A demonstration has a hundred times as many.
        auth_rate_limit_max: u32 = "5", 1..=1_000;
    }
}
