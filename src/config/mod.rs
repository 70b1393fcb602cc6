//! The configuration: environment over an optional TOML file over defaults, checked in four layers
//! (presence, type, range, security) before anything starts.
//!
//! Every fault is told at once, by the name of its variable; no message repeats a value, so that no secret
//! gets into a log. The settings themselves are in [`table`].

mod database;
mod reader;
mod reference;
mod rules;
mod table;
mod value;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use url::Url;

pub use reference::reference;
pub use rules::is_known_password;
pub use table::Settings;
pub use value::{
    DatabaseTls, DatabaseUrl, Fingerprint, LogFormat, LogLevel, MailSecurity, Networks, OptionalListen, SecondFactor,
};

use crate::database::PoolSettings;
use crate::documents::storage::{BucketSettings, StorageSettings};
use crate::mail::{SmtpSecurity, SmtpSettings};
use crate::web::serve::ConnectionLimits;
use crate::web::site::Site;
use reader::{Line, Reader};

/// The status with which a process ends whose configuration is not valid (`EX_CONFIG`).
pub const EXIT_INVALID: u8 = 78;

/// What the configuration is read for: it decides what has to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The server.
    Serve,
    /// The demo, which brings its own database.
    Demo,
    /// Changes of the schema.
    Migrate,
    /// Any other command on the database.
    Command,
    /// The signer, and what is done with its keys.
    Signer,
}

/// The four layers in which the configuration is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Something is missing, given twice or unknown.
    Presence,
    /// Something is not what it should be.
    Type,
    /// A number is too small or too large.
    Range,
    /// Something works and is not safe.
    Security,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The variable.
    pub name: String,
    /// The layer that found it.
    pub layer: Layer,
    /// What is wrong, without the value.
    pub message: String,
}

impl Fault {
    fn new(name: impl Into<String>, layer: Layer, message: impl Into<String>) -> Self {
        Self { name: name.into(), layer, message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.message)
    }
}

/// Everything that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct InvalidConfig(pub Vec<Fault>);

impl fmt::Display for InvalidConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("The configuration is not valid:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

/// A configuration that is valid.
#[derive(Debug, Clone)]
pub struct Config {
    /// Every setting.
    pub settings: Settings,
    lines: Vec<Line>,
}

impl Config {
    /// Reads the process's environment and, where one is named, the file.
    ///
    /// # Errors
    /// [`InvalidConfig`] with everything that is wrong.
    pub fn load(purpose: Purpose, file: Option<&Path>) -> Result<Self, InvalidConfig> {
        let text = file.map(|path| {
            std::fs::read_to_string(path).map_err(|error| {
                let message = format!("{} cannot be read: {error}", path.display());
                Fault::new("The configuration file", Layer::Presence, message)
            })
        });
        Self::read_with(purpose, std::env::vars_os(), text.transpose())
    }

    /// A file that cannot be read hides no other fault.
    fn read_with(
        purpose: Purpose,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        file: Result<Option<String>, Fault>,
    ) -> Result<Self, InvalidConfig> {
        match file {
            Ok(text) => Self::read(purpose, environment, text.as_deref()),
            Err(fault) => {
                let others = Self::read(purpose, environment, None).err().map_or_else(Vec::new, |invalid| invalid.0);
                Err(InvalidConfig(std::iter::once(fault).chain(others).collect()))
            }
        }
    }

    fn read(
        purpose: Purpose,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        file: Option<&str>,
    ) -> Result<Self, InvalidConfig> {
        let mut reader = Reader::new(environment, file);
        let settings = Settings::read(&mut reader);
        rules::check(&mut reader, &settings, purpose);
        if reader.faults.is_empty() {
            Ok(Self { settings, lines: reader.lines })
        } else {
            Err(InvalidConfig(reader.faults))
        }
    }

    /// How the server connects to its database; `None` where none is given, as in the demo.
    #[must_use]
    pub fn database_options(&self) -> Option<PgConnectOptions> {
        database::server_options(&self.settings)
    }

    /// How `migrate` connects: with a role that may create roles.
    #[must_use]
    pub fn migrate_options(&self) -> Option<PgConnectOptions> {
        database::migrate_options(&self.settings).or_else(|| self.database_options())
    }

    /// How the signer connects to the secure database.
    #[must_use]
    pub fn secure_options(&self) -> Option<PgConnectOptions> {
        database::secure_options(&self.settings)
    }

    /// How `signer migrate` connects: with a role that may create roles.
    #[must_use]
    pub fn migrate_secure_options(&self) -> Option<PgConnectOptions> {
        database::migrate_secure_options(&self.settings).or_else(|| self.secure_options())
    }

    /// How the pool behaves.
    #[must_use]
    pub fn pool_settings(&self) -> PoolSettings {
        let settings = &self.settings;
        PoolSettings {
            min_connections: settings.db_pool_min,
            max_connections: settings.db_pool_max,
            idle: Duration::from_millis(settings.db_pool_idle_ms),
            acquire: Duration::from_millis(settings.db_pool_acquire_ms),
            statement_timeout: Duration::from_millis(settings.db_statement_timeout_ms),
            lock_timeout: Duration::from_millis(settings.db_lock_timeout_ms),
            idle_in_transaction_timeout: Duration::from_millis(settings.db_idle_in_transaction_timeout_ms),
        }
    }

    /// The site, at `PUBLIC_URL` or, where none is given, under the address on which it listens.
    #[must_use]
    pub fn site(&self, listen: SocketAddr, is_demo: bool) -> Site {
        let public_url = self.settings.public_url.clone().unwrap_or_else(|| url_of(listen));
        Site::new(public_url, is_demo, self.settings.trusted_proxies.0.clone())
    }

    /// Where documents go.
    #[must_use]
    pub fn storage_settings(&self) -> StorageSettings {
        StorageSettings { folder: self.settings.upload_dir.clone(), bucket: self.bucket() }
    }

    fn bucket(&self) -> Option<BucketSettings> {
        let settings = &self.settings;
        Some(BucketSettings {
            name: settings.s3_bucket.clone()?,
            region: settings.s3_region.clone()?,
            endpoint: settings.s3_endpoint.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()),
            access_key_id: settings.s3_access_key_id.clone()?,
            secret_access_key: settings.s3_secret_access_key.clone()?,
            allow_http: settings.s3_endpoint.as_ref().is_some_and(|url| url.scheme() == "http"),
        })
    }

    /// The mail server, where there is one.
    #[must_use]
    pub fn smtp_settings(&self) -> Option<SmtpSettings> {
        let settings = &self.settings;
        Some(SmtpSettings {
            host: settings.email_host.clone()?,
            port: settings.email_port,
            security: match settings.email_security {
                MailSecurity::StartTls => SmtpSecurity::StartTls,
                MailSecurity::Tls => SmtpSecurity::Tls,
                MailSecurity::Off => SmtpSecurity::Off,
            },
            credentials: settings.email_user.clone().zip(settings.email_password.clone()),
            from: settings.email_from.clone()?,
        })
    }

    /// What a connection may cost, and how long the last ones may take.
    #[must_use]
    pub fn connection_limits(&self) -> ConnectionLimits {
        ConnectionLimits {
            farewell: Duration::from_secs(self.settings.farewell_seconds),
            drain: Duration::from_secs(self.settings.drain_seconds),
            ..ConnectionLimits::default()
        }
    }

    /// Every setting as it is in force, with its source; secrets are masked.
    #[must_use]
    pub fn report(&self) -> String {
        let width = self.lines.iter().map(|line| line.variable.len()).max().unwrap_or_default();
        self.lines
            .iter()
            .map(|line| format!("{:width$}  {}  ({})\n", line.variable, line.shown, line.source.label()))
            .collect()
    }
}

#[allow(clippy::expect_used, reason = "at start-up; an address is a host and a port")]
fn url_of(listen: SocketAddr) -> Url {
    let host = if listen.ip().is_unspecified() { "127.0.0.1".to_owned() } else { listen.ip().to_string() };
    let host = if listen.is_ipv6() && !listen.ip().is_unspecified() { format!("[{host}]") } else { host };
    format!("http://{host}:{}", listen.port()).parse().expect("an address makes an URL")
}

#[cfg(test)]
mod tests;
