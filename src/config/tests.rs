//! The four layers, one by one and all at once; and that no output holds a secret.

use super::*;

const SECRET: &str = "s3cr3t-buna-beans";
/// Thirty-two bytes.
const KEY: &str = "YnVuYSBidW5hIGJ1bmEgYnVuYSBidW5hIGJ1bmEgISE=";

fn read(purpose: Purpose, variables: &[(&str, &str)], file: Option<&str>) -> Result<Config, InvalidConfig> {
    Config::read(purpose, variables.iter().map(|(name, value)| (name.into(), value.into())), file)
}

/// The names and layers of what is wrong with a server's configuration beside a good database and address.
fn faults(variables: &[(&str, &str)]) -> Vec<(String, Layer)> {
    let good = [
        ("DATABASE_URL", "postgres://jebena_app@localhost/jebena"),
        ("PUBLIC_URL", "https://jebena.example"),
        ("SECOND_FACTOR_KEY", KEY),
    ];
    let mut all: Vec<_> = good.into_iter().filter(|(name, _)| variables.iter().all(|(n, _)| n != name)).collect();
    all.extend(variables);
    match read(Purpose::Serve, &all, None) {
        Ok(_) => Vec::new(),
        Err(InvalidConfig(faults)) => faults.into_iter().map(|fault| (fault.name, fault.layer)).collect(),
    }
}

fn one(name: &str, layer: Layer) -> Vec<(String, Layer)> {
    vec![(name.to_owned(), layer)]
}

#[test]
fn nothing_is_needed_for_the_demo_and_three_things_for_the_server() {
    let demo = read(Purpose::Demo, &[], None).unwrap();
    assert!(demo.database_options().is_none());
    assert_eq!(demo.pool_settings().max_connections, 20);
    assert_eq!(demo.site("0.0.0.0:8080".parse().unwrap(), true).origin(), "http://127.0.0.1:8080");
    assert_eq!(demo.site("[::1]:8080".parse().unwrap(), true).origin(), "http://[::1]:8080");
    let InvalidConfig(faults) = read(Purpose::Serve, &[], None).unwrap_err();
    let names: Vec<_> = faults.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names, ["DATABASE_URL", "PUBLIC_URL", "SECOND_FACTOR_KEY"]);
}

#[test]
fn presence_is_checked() {
    assert_eq!(faults(&[]), []);
    assert_eq!(faults(&[("DB_HOST", "db.example")]), one("DB_HOST", Layer::Presence), "which one counts?");
    assert_eq!(faults(&[("DB_PASWORD", SECRET)]), one("DB_PASWORD", Layer::Presence), "unknown");
    assert_eq!(faults(&[("JEBENA_LISTEN", "x")]), one("JEBENA_LISTEN", Layer::Presence), "unknown");
    assert_eq!(faults(&[("HOME", "x"), ("JEBENA_CONFIG", "x.toml")]), []);
    assert_eq!(faults(&[("S3_ENDPOINT", "https://s3.example")]), one("S3_ENDPOINT", Layer::Presence));
    assert_eq!(faults(&[("S3_BUCKET", "coffee")]).len(), 3);
    assert_eq!(faults(&[("LISTEN", "")]), [], "empty is not given");
    assert_eq!(faults(&[("DB_SSL_CA", "/nowhere.pem")]), one("DB_SSL_CA", Layer::Presence));
}

#[test]
fn a_second_factor_is_required_and_has_a_key_unless_somebody_says_otherwise() {
    let without_key = |more: &[(&str, &str)]| {
        let good =
            [("DATABASE_URL", "postgres://jebena_app@localhost/jebena"), ("PUBLIC_URL", "https://jebena.example")];
        read(Purpose::Serve, &[&good, more].concat(), None).err().map(|InvalidConfig(faults)| faults[0].name.clone())
    };
    assert_eq!(without_key(&[]).as_deref(), Some("SECOND_FACTOR_KEY"));
    assert_eq!(without_key(&[("SECOND_FACTOR", "offered")]), None);
    assert_eq!(faults(&[("SECOND_FACTOR_KEY", SECRET)]), one("SECOND_FACTOR_KEY", Layer::Type));
    assert_eq!(faults(&[("SECOND_FACTOR_FORMER_KEY", SECRET)]), one("SECOND_FACTOR_FORMER_KEY", Layer::Type));
    assert_eq!(faults(&[("SECOND_FACTOR_FORMER_KEY", KEY)]), []);
    let former_alone = without_key(&[("SECOND_FACTOR", "offered"), ("SECOND_FACTOR_FORMER_KEY", KEY)]);
    assert_eq!(former_alone.as_deref(), Some("SECOND_FACTOR_FORMER_KEY"));
    assert_eq!(faults(&[("SECOND_FACTOR", "never")]), one("SECOND_FACTOR", Layer::Type));
    assert_eq!(faults(&[("STEP_UP_MINUTES", "61")]), one("STEP_UP_MINUTES", Layer::Range));
    assert!(read(Purpose::Demo, &[("SECOND_FACTOR", "required")], None).is_err(), "its accounts are everybody's");
}

#[test]
fn types_are_checked() {
    for (name, value) in [
        ("DATABASE_URL", "mysql://localhost/jebena"),
        ("DATABASE_URL", "postgres://jebena_app:12#34@localhost/jebena"),
        ("DATABASE_URL", "postgres://jebena_app:12/34@localhost/jebena"),
        ("DATABASE_URL", "postgres://jebena_app@localhost/jebena?pasword=1234"),
        ("PUBLIC_URL", "jebena.example"),
        ("PUBLIC_URL", "https://jebena.example/app"),
        ("LISTEN", "8080"),
        ("METRICS_LISTEN", "no"),
        ("DB_POOL_MAX", "many"),
        ("READ_ONLY_MODE", "yes"),
        ("LOG_LEVEL", "loud"),
        ("DB_SSL", "true"),
        ("TRUSTED_PROXIES", "10.0.0.0/99"),
    ] {
        assert_eq!(faults(&[(name, value)]), one(name, Layer::Type), "{name}={value}");
    }
}

#[test]
fn a_trust_list_is_believed_by_its_root() {
    let root = "ab".repeat(32);
    assert_eq!(faults(&[("TRUST_LIST_FILE", "/srv/list.jws"), ("TRUST_ROOT_SHA256", &root)]), []);
    let alone = [("TRUST_LIST_FILE", "/srv/list.jws")];
    assert_eq!(faults(&alone), one("TRUST_ROOT_SHA256", Layer::Presence));
    assert_eq!(faults(&[("TRUST_ROOT_SHA256", &root)]), one("TRUST_ROOT_SHA256", Layer::Presence));
    let wrong = [("TRUST_LIST_FILE", "/srv/list.jws"), ("TRUST_ROOT_SHA256", "abc")];
    assert_eq!(faults(&wrong), one("TRUST_ROOT_SHA256", Layer::Type));
}

#[test]
fn a_scanner_has_a_place_and_no_time_without_one() {
    assert_eq!(faults(&[("CLAMD_ADDR", "127.0.0.1:3310"), ("CLAMD_TIMEOUT_SECONDS", "5")]), []);
    assert_eq!(faults(&[("CLAMD_ADDR", "/run/clamav/clamd.ctl")]), []);
    for wrong in ["clamd", "tcp://clamd:3310", "clamd:0"] {
        assert_eq!(faults(&[("CLAMD_ADDR", wrong)]), one("CLAMD_ADDR", Layer::Type), "{wrong}");
    }
    assert_eq!(faults(&[("CLAMD_TIMEOUT_SECONDS", "5")]), one("CLAMD_TIMEOUT_SECONDS", Layer::Presence));
    let long = [("CLAMD_ADDR", "clamd:3310"), ("CLAMD_TIMEOUT_SECONDS", "121")];
    assert_eq!(faults(&long), one("CLAMD_TIMEOUT_SECONDS", Layer::Range));
    assert_eq!(faults(&[("STORE_SHARE_BYTES", "1")]), one("STORE_SHARE_BYTES", Layer::Range));
    assert_eq!(faults(&[("STORE_SHARE_FILES", "0")]), one("STORE_SHARE_FILES", Layer::Range));
    assert_eq!(faults(&[("UPLOADS_A_DAY", "0")]), one("UPLOADS_A_DAY", Layer::Range));
}

#[test]
fn ranges_are_checked() {
    assert_eq!(faults(&[("DB_POOL_MIN", "0")]), one("DB_POOL_MIN", Layer::Range));
    assert_eq!(faults(&[("DB_POOL_MIN", "10"), ("DB_POOL_MAX", "9")]), one("DB_POOL_MAX", Layer::Range));
    assert_eq!(faults(&[("UPLOAD_MAX_BYTES", "1")]), one("UPLOAD_MAX_BYTES", Layer::Range));
    assert_eq!(faults(&[("METRICS_LISTEN", "127.0.0.1:8080")]), one("METRICS_LISTEN", Layer::Range));
    assert_eq!(faults(&[("METRICS_LISTEN", "off")]), []);
}

#[test]
fn security_is_checked() {
    assert_eq!(faults(&[("PUBLIC_URL", "http://jebena.example")]), one("PUBLIC_URL", Layer::Security));
    assert_eq!(faults(&[("PUBLIC_URL", "http://[::1]:8080")]), []);
    assert_eq!(faults(&[("PUBLIC_URL", "https://me:pw@jebena.example")]), one("PUBLIC_URL", Layer::Security));
    assert_eq!(faults(&[("APP_DB_PASSWORD", "short")]), one("APP_DB_PASSWORD", Layer::Security));
    assert_eq!(faults(&[("APP_DB_PASSWORD", "")]), one("APP_DB_PASSWORD", Layer::Security), "an empty secret");
    let known = "postgres://jebena_app:ChangeMe@localhost/jebena";
    assert_eq!(faults(&[("DATABASE_URL", known)]), one("DATABASE_URL", Layer::Security));
    let open = "postgres://jebena_app@db.example/jebena?sslmode=disable";
    assert_eq!(faults(&[("DATABASE_URL", open)]), one("DATABASE_URL", Layer::Security));
    let (far, off) = (("DATABASE_URL", "postgres://jebena_app@db.example/jebena"), ("DB_SSL", "off"));
    assert_eq!(faults(&[far, off]), one("DB_SSL", Layer::Security));
    assert_eq!(faults(&[far, off, ("DB_SSL_OFF_REASON", "WireGuard between both")]), []);
    assert_eq!(faults(&[off]), [], "on this machine");
}

#[test]
fn everything_wrong_is_told_at_once_and_nothing_twice() {
    let found = faults(&[
        ("DATABASE_URL", "postgres://jebena_app:12#34@localhost/jebena"),
        ("PUBLIC_URL", "http://jebena.example"),
        ("DB_POOL_MAX", "many"),
        ("DB_POOL_MIN", "0"),
        ("DB_UNKNOWN", "1"),
    ]);
    let mut names: Vec<_> = found.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["DATABASE_URL", "DB_POOL_MAX", "DB_POOL_MIN", "DB_UNKNOWN", "PUBLIC_URL"]);
}

#[test]
fn the_environment_goes_before_the_file_and_the_file_before_the_default() {
    let file = "db_pool_min = 3\ndb_pool_max = 30\ntrusted_proxies = [\"10.0.0.0/8\", \"::1/128\"]\n";
    let config = read(Purpose::Demo, &[("DB_POOL_MAX", "40")], Some(file)).unwrap();
    let pool = config.pool_settings();
    assert_eq!((pool.min_connections, pool.max_connections, pool.acquire.as_millis()), (3, 40, 2_000));
    assert_eq!(config.settings.trusted_proxies.0.len(), 2);
    assert!(config.report().contains("DB_POOL_MAX                        40  (environment)"), "{}", config.report());
    assert!(read(Purpose::Demo, &[], Some("db_pol_max = 30")).is_err(), "unknown in the file");
    assert!(read(Purpose::Demo, &[], Some("db_pool_max = 1.5")).is_err());
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, format!("{SECRET}\n")).unwrap();
    let path = path.to_str().unwrap();
    let config = read(Purpose::Demo, &[("DB_PASSWORD_FILE", path)], None).unwrap();
    let password = secrecy::ExposeSecret::expose_secret(config.settings.db_password.as_ref().unwrap());
    assert_eq!(password, SECRET, "without the end of the line");
    assert!(read(Purpose::Demo, &[("DB_PASSWORD_FILE", path), ("DB_PASSWORD", "x")], None).is_err());
    assert!(read(Purpose::Demo, &[("DB_PASSWORD_FILE", "/nowhere")], None).is_err());
    assert!(read(Purpose::Demo, &[("DB_HOST_FILE", path)], None).is_err(), "not a secret");
}

#[test]
fn the_way_to_another_machine_is_encrypted() {
    use sqlx::postgres::PgSslMode;

    let mode = |variables: &[(&str, &str)]| {
        let options = read(Purpose::Command, variables, None).unwrap().database_options().unwrap();
        (options.get_host().to_owned(), options.get_ssl_mode())
    };
    assert!(matches!(mode(&[("DB_HOST", "db.example")]), (host, PgSslMode::Require) if host == "db.example"));
    let verified = [("DB_HOST", "db.example"), ("DB_SSL", "verify-full")];
    assert!(matches!(mode(&verified).1, PgSslMode::VerifyFull));
    let url = [("DATABASE_URL", "postgres://db.example/jebena?sslmode=verify-ca")];
    assert!(matches!(mode(&url).1, PgSslMode::VerifyCa), "more is kept");
    assert!(matches!(mode(&[("DB_HOST", "localhost")]).1, PgSslMode::Prefer | PgSslMode::Disable));
    let socket = read(Purpose::Command, &[("DB_HOST", "/run/postgresql")], None).unwrap().database_options().unwrap();
    assert!(socket.get_socket().is_some());
    let both = [("DB_HOST", "db.example"), ("MIGRATE_DATABASE_URL", "postgres://owner@localhost/jebena")];
    let config = read(Purpose::Migrate, &both, None).unwrap();
    assert_eq!(config.migrate_options().unwrap().get_username(), "owner");
    assert_eq!(config.database_options().unwrap().get_username(), "jebena_app");
}

#[test]
fn no_output_holds_a_secret() {
    let url = format!("postgres://jebena_app:{SECRET}@localhost/jebena");
    let in_query = format!("postgres:///jebena?host=/run&user=owner&password={SECRET}");
    let secrets = [
        ("DATABASE_URL", url.as_str()),
        ("MIGRATE_DATABASE_URL", &in_query),
        ("APP_DB_PASSWORD", SECRET),
        ("S3_BUCKET", "coffee"),
        ("S3_REGION", "af-east-1"),
        ("S3_ACCESS_KEY_ID", "key"),
        ("S3_SECRET_ACCESS_KEY", SECRET),
        ("PUBLIC_URL", "https://jebena.example"),
        ("SECOND_FACTOR_KEY", KEY),
    ];
    let config = read(Purpose::Serve, &secrets, None).unwrap();
    let bucket = config.storage_settings().bucket.unwrap();
    for output in [config.report(), format!("{config:?}"), format!("{bucket:?}")] {
        assert!(!output.contains(SECRET) && !output.contains(KEY), "{output}");
    }
    assert!(config.report().contains("postgres://jebena_app:********@localhost/jebena"), "{}", config.report());

    // A secret in the wrong place is not repeated either.
    let wrong: Vec<_> = table::TABLE.iter().map(|setting| (setting.variable(), SECRET)).collect();
    let wrong: Vec<_> = wrong.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let broken = format!("db_password = \"{SECRET}\nlisten = 1");
    for error in [read(Purpose::Serve, &wrong, None), read(Purpose::Serve, &[], Some(&broken))] {
        let error = error.unwrap_err();
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error}");
    }
}

#[test]
fn the_reference_is_that_of_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == reference(), "docs/configuration.md is stale: jebena config reference > docs/configuration.md");
}

#[test]
fn a_password_of_the_demo_is_known() {
    // The demo is above the configuration, so that its password is repeated there.
    let url = "postgres://jebena_app:buna-from-jimma-2026@localhost/jebena";
    assert_eq!(faults(&[("DATABASE_URL", url)]), one("DATABASE_URL", Layer::Security));
}

#[test]
fn a_file_that_cannot_be_read_hides_no_other_fault() {
    let unreadable = Fault::new("The configuration file", Layer::Presence, "cannot be read");
    let environment = [("PUBLIC_URL".into(), "https://jebena.example".into()), ("DB_POOL_MAX".into(), "0".into())];
    let InvalidConfig(faults) = Config::read_with(Purpose::Serve, environment, Err(unreadable)).unwrap_err();
    let names: Vec<_> = faults.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!((names[0], names.len()), ("The configuration file", 4), "{names:?}");
    assert!(names.contains(&"DB_POOL_MAX") && names.contains(&"DATABASE_URL"), "{names:?}");
}
