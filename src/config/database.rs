//! How to connect: the address or its parts, and the protection that both must have.

use std::net::IpAddr;

use secrecy::ExposeSecret;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::table::Settings;
use super::value::{DatabaseTls, DatabaseUrl};

/// How the server connects, if a database is given.
pub(super) fn server_options(settings: &Settings) -> Option<PgConnectOptions> {
    let options = match (&settings.database_url, &settings.db_host) {
        (Some(url), _) => of_url(url)?,
        (None, Some(host)) => of_parts(settings, host),
        (None, None) => return None,
    };
    Some(protect(settings, options))
}

/// How `migrate` connects, if it has a way of its own.
pub(super) fn migrate_options(settings: &Settings) -> Option<PgConnectOptions> {
    settings.migrate_database_url.as_ref().and_then(of_url).map(|options| protect(settings, options))
}

/// How the signer connects to the secure database, if it is given.
pub(super) fn secure_options(settings: &Settings) -> Option<PgConnectOptions> {
    settings.secure_database_url.as_ref().and_then(of_url).map(|options| protect(settings, options))
}

/// How `signer migrate` connects, if it has a way of its own.
pub(super) fn migrate_secure_options(settings: &Settings) -> Option<PgConnectOptions> {
    settings.migrate_secure_database_url.as_ref().and_then(of_url).map(|options| protect(settings, options))
}

fn of_url(url: &DatabaseUrl) -> Option<PgConnectOptions> {
    url.expose().parse().ok()
}

fn of_parts(settings: &Settings, host: &str) -> PgConnectOptions {
    let options = PgConnectOptions::new_without_pgpass()
        .port(settings.db_port)
        .database(&settings.db_name)
        .username(&settings.db_user);
    let options = if host.starts_with('/') { options.socket(host) } else { options.host(host) };
    match &settings.db_password {
        Some(password) => options.password(password.expose_secret()),
        None => options,
    }
}

fn protect(settings: &Settings, options: PgConnectOptions) -> PgConnectOptions {
    let mode = match settings.db_ssl {
        Some(DatabaseTls::Off) => PgSslMode::Disable,
        Some(DatabaseTls::Require) => PgSslMode::Require,
        Some(DatabaseTls::VerifyFull) => PgSslMode::VerifyFull,
        None => match options.get_ssl_mode() {
            // Both would go on in the open when somebody in between says that there is no TLS.
            PgSslMode::Allow | PgSslMode::Prefer if !is_near(&options) => PgSslMode::Require,
            mode => mode,
        },
    };
    let options = options.ssl_mode(mode);
    match &settings.db_ssl_ca {
        Some(path) => options.ssl_root_cert(path),
        None => options,
    }
}

/// Whether the database is on this machine.
pub(super) fn is_near(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
