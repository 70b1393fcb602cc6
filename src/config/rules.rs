//! What settings must be together: the presence of those that are needed, ranges across two, and security.

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::PgSslMode;
use url::{Host, Url};

use super::reader::Reader;
use super::table::Settings;
use super::value::{DatabaseTls, DatabaseUrl, MailSecurity, OptionalListen, SecondFactor};
use super::{Layer, Purpose, database};
use crate::auth::vault::Vault;
use crate::mail::is_sender;

/// The shortest password that `migrate` sets.
const MIN_PASSWORD: usize = 12;
/// The shortest reason that says something.
const MIN_REASON: usize = 10;

/// Passwords that everybody knows, from examples, images and the demo.
const KNOWN_PASSWORDS: &[&str] = &[
    "admin",
    "buna-from-jimma-2026",
    "changeme",
    "change-me",
    "change_me",
    "demo",
    "example",
    "jebena",
    "jebena_app",
    "password",
    "postgres",
    "secret",
    "test",
];

/// Checks `settings` for `purpose`; the reader takes the faults.
pub(super) fn check(reader: &mut Reader, settings: &Settings, purpose: Purpose) {
    check_presence(reader, settings, purpose);
    check_ranges(reader, settings);
    check_site(reader, settings, purpose);
    check_scanner(reader, settings);
    check_trust(reader, settings);
    check_mail(reader, settings);
    check_second_factor(reader, settings, purpose);
    check_signer(reader, settings, purpose);
    if purpose != Purpose::Demo {
        check_connections(reader, settings);
        check_passwords(reader, settings);
    }
}

fn check_presence(reader: &mut Reader, settings: &Settings, purpose: Purpose) {
    let has_database = settings.database_url.is_some() || settings.db_host.is_some();
    let is_needed = match purpose {
        Purpose::Serve | Purpose::Command => true,
        Purpose::Migrate => settings.migrate_database_url.is_none(),
        Purpose::Demo | Purpose::Signer => false,
    };
    if is_needed && !has_database && !reader.is_faulty(&["database_url", "db_host", "migrate_database_url"]) {
        reader.fault("database_url", Layer::Presence, "is needed, or DB_HOST with the settings that follow it");
    }
    if reader.is_given("database_url") {
        for key in ["db_host", "db_port", "db_name", "db_user", "db_password"] {
            if reader.is_given(key) {
                reader.fault(key, Layer::Presence, "is given beside DATABASE_URL; which one counts is not clear");
            }
        }
    }
    if purpose == Purpose::Serve && settings.public_url.is_none() {
        reader.fault("public_url", Layer::Presence, "is needed: the address at which visitors reach the site");
    }
    if settings.email_host.is_some() && !reader.is_given("email_from") {
        reader.fault("email_from", Layer::Presence, "is needed with EMAIL_HOST");
    }
    for key in ["email_from", "email_user", "email_password"] {
        if settings.email_host.is_none() && reader.is_given(key) {
            reader.fault(key, Layer::Presence, "has no effect without EMAIL_HOST");
        }
    }
    if reader.is_given("email_user") != reader.is_given("email_password") {
        reader.fault("email_password", Layer::Presence, "goes together with EMAIL_USER");
    }
    for key in ["s3_region", "s3_access_key_id", "s3_secret_access_key"] {
        if settings.s3_bucket.is_some() && !reader.is_given(key) {
            reader.fault(key, Layer::Presence, "is needed with S3_BUCKET");
        }
    }
    for key in ["s3_endpoint", "s3_region", "s3_access_key_id", "s3_secret_access_key"] {
        if settings.s3_bucket.is_none() && reader.is_given(key) {
            reader.fault(key, Layer::Presence, "has no effect without S3_BUCKET");
        }
    }
}

fn check_ranges(reader: &mut Reader, settings: &Settings) {
    if settings.db_pool_max < settings.db_pool_min && !reader.is_faulty(&["db_pool_min", "db_pool_max"]) {
        reader.fault("db_pool_max", Layer::Range, "must be at least DB_POOL_MIN");
    }
    if let OptionalListen::At(address) = settings.metrics_listen
        && address == settings.listen
        && address.port() != 0
    {
        reader.fault("metrics_listen", Layer::Range, "must not be LISTEN: numbers have a listener of their own");
    }
}

fn check_site(reader: &mut Reader, settings: &Settings, purpose: Purpose) {
    if let Some(url) = &settings.public_url {
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            reader.fault("public_url", Layer::Type, "must begin with https://");
        } else if !url.username().is_empty() || url.password().is_some() {
            reader.fault("public_url", Layer::Security, "must not hold a name or a password");
        } else if !is_bare {
            reader.fault("public_url", Layer::Type, "must end after the host and the port");
        } else if purpose != Purpose::Demo && !is_encrypted_or_near(url) {
            reader.fault("public_url", Layer::Security, "must begin with https:// unless it is this machine");
        }
    }
    if let Some(url) = &settings.s3_endpoint
        && !is_encrypted_or_near(url)
    {
        reader.fault("s3_endpoint", Layer::Security, "must begin with https:// unless it is this machine");
    }
}

fn check_scanner(reader: &mut Reader, settings: &Settings) {
    if settings.clamd_addr.is_none() && !reader.is_faulty(&["clamd_addr"]) && reader.is_given("clamd_timeout_seconds") {
        reader.fault("clamd_timeout_seconds", Layer::Presence, "has no effect without CLAMD_ADDR");
    }
}

fn check_trust(reader: &mut Reader, settings: &Settings) {
    if reader.is_faulty(&["trust_list_file", "trust_root_sha256"]) {
        return;
    }
    match (&settings.trust_list_file, &settings.trust_root_sha256) {
        (Some(_), None) => {
            reader.fault("trust_root_sha256", Layer::Presence, "is needed: TRUST_LIST_FILE is believed by it alone");
        }
        (None, Some(_)) => reader.fault("trust_root_sha256", Layer::Presence, "has no effect without TRUST_LIST_FILE"),
        (Some(_), Some(_)) | (None, None) => {}
    }
}

fn check_mail(reader: &mut Reader, settings: &Settings) {
    let is_near = settings.email_host.as_deref().is_none_or(|host| matches!(host, "localhost" | "127.0.0.1" | "::1"));
    if settings.email_security == MailSecurity::Off && !is_near {
        reader.fault("email_security", Layer::Security, "must not be off unless the mail server is this machine");
    }
    if let Some(from) = &settings.email_from
        && !is_sender(from)
    {
        reader.fault("email_from", Layer::Type, "must be an address, such as Jebena <no-reply@jebena.example>");
    }
}

fn check_second_factor(reader: &mut Reader, settings: &Settings, purpose: Purpose) {
    if purpose == Purpose::Demo && reader.is_given("second_factor") && settings.second_factor == SecondFactor::Required
    {
        reader.fault(
            "second_factor",
            Layer::Presence,
            "cannot be required in a demonstration: its accounts are everybody's",
        );
    }
    if settings.second_factor_former_key.as_ref().is_some_and(|key| Vault::parse(key.expose_secret()).is_none()) {
        reader.fault("second_factor_former_key", Layer::Type, "must be 32 bytes in base64");
    }
    if settings.second_factor_former_key.is_some() && settings.second_factor_key.is_none() {
        reader.fault("second_factor_former_key", Layer::Presence, "opens nothing without SECOND_FACTOR_KEY");
    }
    match &settings.second_factor_key {
        Some(key) if Vault::parse(key.expose_secret()).is_none() => {
            reader.fault("second_factor_key", Layer::Type, "must be 32 bytes in base64");
        }
        None if purpose == Purpose::Serve
            && settings.second_factor == SecondFactor::Required
            && !reader.is_faulty(&["second_factor", "second_factor_key"]) =>
        {
            reader.fault("second_factor_key", Layer::Presence, "is needed, unless SECOND_FACTOR is offered");
        }
        Some(_) | None => {}
    }
}

fn check_signer(reader: &mut Reader, settings: &Settings, purpose: Purpose) {
    if purpose == Purpose::Signer {
        let needed = [
            (
                "secure_database_url",
                settings.secure_database_url.is_some() || settings.migrate_secure_database_url.is_some(),
            ),
            ("master_key_file", settings.master_key_file.is_some()),
            ("public_url", settings.public_url.is_some()),
        ];
        for (key, is_there) in needed {
            if !is_there && !reader.is_faulty(&[key]) {
                reader.fault(key, Layer::Presence, "is needed by the signer");
            }
        }
    } else {
        // The server must not be able to hold them, and whoever gives them to it should know.
        for key in ["secure_database_url", "migrate_secure_database_url", "master_key_file"] {
            if purpose == Purpose::Serve && reader.is_given(key) {
                reader.fault(key, Layer::Security, "is for the signer alone; the server asks it at SIGNER_SOCKET");
            }
        }
    }
    if settings.pki_policy_oid.parse::<jebena_signer::Oid>().is_err() {
        reader.fault("pki_policy_oid", Layer::Type, "must be numbers with dots, such as 1.3.6.1.4.1.32473.1.1");
    }
}

fn check_connections(reader: &mut Reader, settings: &Settings) {
    if let Some(path) = &settings.db_ssl_ca
        && !path.is_file()
    {
        reader.fault("db_ssl_ca", Layer::Presence, "names no file");
    }
    let reason = settings.db_ssl_off_reason.as_deref().unwrap_or_default().trim();
    if !reason.is_empty() && reason.chars().count() < MIN_REASON {
        reader.fault("db_ssl_off_reason", Layer::Range, format!("must have at least {MIN_REASON} characters"));
    }
    let of_server = database::server_options(settings).map(|options| ("database_url", options));
    let of_migrate = database::migrate_options(settings).map(|options| ("migrate_database_url", options));
    let of_signer = database::secure_options(settings).map(|options| ("secure_database_url", options));
    let of_keeper = database::migrate_secure_options(settings).map(|options| ("migrate_secure_database_url", options));
    for (key, options) in of_server.into_iter().chain(of_migrate).chain(of_signer).chain(of_keeper) {
        if matches!(options.get_ssl_mode(), PgSslMode::Disable) && !database::is_near(&options) && reason.is_empty() {
            let key = if settings.db_ssl == Some(DatabaseTls::Off) { "db_ssl" } else { key };
            let message = "leaves the connection to another machine open; \
                if that is right, say why in DB_SSL_OFF_REASON";
            reader.fault(key, Layer::Security, message);
        }
    }
}

fn check_passwords(reader: &mut Reader, settings: &Settings) {
    let plain = |secret: &Option<SecretString>| secret.as_ref().map(|s| s.expose_secret().to_owned());
    let secrets = [
        ("db_password", plain(&settings.db_password)),
        ("app_db_password", plain(&settings.app_db_password)),
        ("s3_secret_access_key", plain(&settings.s3_secret_access_key)),
        ("database_url", settings.database_url.as_ref().and_then(DatabaseUrl::password)),
        ("migrate_database_url", settings.migrate_database_url.as_ref().and_then(DatabaseUrl::password)),
    ];
    for (key, secret) in secrets.into_iter().filter_map(|(key, secret)| Some((key, secret?))) {
        if is_known_password(&secret) {
            reader.fault(key, Layer::Security, "holds a password that everybody knows");
        } else if key == "app_db_password" && secret.chars().count() < MIN_PASSWORD {
            reader.fault(key, Layer::Security, format!("must have at least {MIN_PASSWORD} characters"));
        }
    }
}

fn is_encrypted_or_near(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_near_url(url))
}

/// Whether `url` is on this machine.
pub(super) fn is_near_url(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Whether everybody knows `password`: from examples, images and the demo.
#[must_use]
pub fn is_known_password(password: &str) -> bool {
    KNOWN_PASSWORDS.contains(&password.to_lowercase().as_str())
}
