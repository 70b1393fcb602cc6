//! The types of settings: how each is read from text, and how it is shown.
//!
//! A message says what is expected and never repeats what was given: it might be a secret in the wrong place.

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};
use sqlx::types::ipnetwork::IpNetwork;
use url::Url;

use crate::documents::scanner::Place;

/// What a secret is shown as.
const MASK: &str = "********";

/// A setting's value.
pub(super) trait Value: Sized {
    /// What may be written, as in "must be {KIND}".
    const KIND: &'static str;
    /// Whether it is never shown, and may come from a file of its own.
    const SECRET: bool = false;

    /// The value that `text` stands for, if it is one of this type.
    fn parse(text: &str) -> Option<Self>;

    /// The value when nothing is given and there is no default.
    fn absent() -> Option<Self> {
        None
    }

    /// The value for a person to read, without anything secret.
    fn show(&self) -> String;

    /// The value as a number, if it is one that can be out of range.
    fn number(&self) -> Option<u64> {
        None
    }
}

impl<T: Value> Value for Option<T> {
    const KIND: &'static str = T::KIND;
    const SECRET: bool = T::SECRET;

    fn parse(text: &str) -> Option<Self> {
        T::parse(text).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "-".to_owned(), Value::show)
    }

    fn number(&self) -> Option<u64> {
        self.as_ref().and_then(Value::number)
    }
}

macro_rules! plain_values {
    ($($type:ty, $kind:literal, |$shown:ident| $show:expr;)+) => {$(
        impl Value for $type {
            const KIND: &'static str = $kind;

            fn parse(text: &str) -> Option<Self> {
                text.parse().ok()
            }

            fn show(&self) -> String {
                let $shown = self;
                $show
            }
        }
    )+};
}

plain_values! {
    String, "text", |text| text.clone();
    PathBuf, "a path", |path| path.display().to_string();
    Url, "an address such as https://jebena.example", |url| url.to_string();
    SocketAddr, "an address and a port such as 127.0.0.1:8080", |address| address.to_string();
}

impl Value for bool {
    const KIND: &'static str = "true or false";

    fn parse(text: &str) -> Option<Self> {
        match text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        }
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

macro_rules! number_values {
    ($($type:ty),+) => {$(
        impl Value for $type {
            const KIND: &'static str = "a whole number";

            fn parse(text: &str) -> Option<Self> {
                text.parse().ok()
            }

            fn show(&self) -> String {
                self.to_string()
            }

            fn number(&self) -> Option<u64> {
                Some(u64::from(*self))
            }
        }
    )+};
}

number_values!(u16, u32, u64);

macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident: $kind:literal { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// As it is written in the configuration.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }

        impl Value for $name {
            const KIND: &'static str = $kind;

            fn parse(text: &str) -> Option<Self> {
                match text { $($code => Some(Self::$variant),)+ _ => None }
            }

            fn show(&self) -> String {
                self.code().to_owned()
            }
        }
    )+};
}

choices! {
    /// How lines of the log are written.
    LogFormat: "text or json" {
        /// For people.
        Text = "text",
        /// For machines.
        Json = "json",
    }
    /// What is worth a line of the log.
    LogLevel: "error, warn, info or debug" {
        /// What failed.
        Error = "error",
        /// What is about to fail, as well.
        Warn = "warn",
        /// One line a request, as well.
        Info = "info",
        /// What a developer wants to know, as well.
        Debug = "debug",
    }
    /// How the connection to the database is protected.
    DatabaseTls: "off, require or verify-full" {
        /// Not at all.
        Off = "off",
        /// Encrypted; the server may be anybody.
        Require = "require",
        /// Encrypted, and the server's certificate is checked.
        VerifyFull = "verify-full",
    }
    /// Who has to have a second factor.
    SecondFactor: "required or offered" {
        /// Whoever approves or administers.
        Required = "required",
        /// Nobody; everybody may.
        Offered = "offered",
    }
    /// How the connection to the mail server is protected.
    MailSecurity: "starttls, tls or off" {
        /// Encrypted after the greeting, or nothing is sent.
        StartTls = "starttls",
        /// Encrypted from the beginning.
        Tls = "tls",
        /// Not at all.
        Off = "off",
    }
}

impl Value for SecretString {
    const KIND: &'static str = "text";
    const SECRET: bool = true;

    fn parse(text: &str) -> Option<Self> {
        Some(Self::from(text))
    }

    fn show(&self) -> String {
        MASK.to_owned()
    }
}

/// Networks, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Networks(pub Vec<IpNetwork>);

impl Value for Networks {
    const KIND: &'static str = "networks such as 10.0.0.0/8, separated by commas";

    fn parse(text: &str) -> Option<Self> {
        let networks = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        networks.map(|network| network.parse().ok()).collect::<Option<_>>().map(Self)
    }

    fn show(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// SHA-256 of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub [u8; 32]);

impl std::str::FromStr for Fingerprint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or(Self::KIND)
    }
}

impl Value for Fingerprint {
    const KIND: &'static str = "64 hexadecimal digits, with or without colons";

    fn parse(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| *c != ':').collect();
        hex::decode(digits).ok()?.try_into().ok().map(Self)
    }

    fn show(&self) -> String {
        hex::encode(self.0)
    }
}

/// Where an optional listener listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionalListen {
    /// Nowhere.
    Off,
    /// Here.
    At(SocketAddr),
}

impl Value for OptionalListen {
    const KIND: &'static str = "an address and a port such as 127.0.0.1:9464, or off";

    fn parse(text: &str) -> Option<Self> {
        if text == "off" { Some(Self::Off) } else { text.parse().ok().map(Self::At) }
    }

    fn show(&self) -> String {
        match self {
            Self::Off => "off".to_owned(),
            Self::At(address) => address.to_string(),
        }
    }
}

impl Value for Place {
    const KIND: &'static str = "a host and a port such as 127.0.0.1:3310, or the path of a socket";

    fn parse(text: &str) -> Option<Self> {
        Self::parse(text)
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

/// The address of a database, with the password in it.
#[derive(Debug, Clone)]
pub struct DatabaseUrl(SecretString);

/// What an address may say besides; the driver would write others, with their values, to the log.
const URL_KEYS: &[&str] = &[
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
    "options",
];

impl DatabaseUrl {
    /// The whole address.
    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// The password, as it is written.
    pub(super) fn password(&self) -> Option<String> {
        let url = Url::parse(self.expose()).ok()?;
        let in_query = url.query_pairs().find(|(key, _)| key == "password").map(|(_, value)| value.into_owned());
        in_query.or_else(|| url.password().map(str::to_owned))
    }
}

impl Value for DatabaseUrl {
    const KIND: &'static str = "an address such as postgres://jebena_app@host:5432/jebena, \
        with %XX for special characters in the password";
    const SECRET: bool = true;

    fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let is_known = url.query_pairs().all(|(key, _)| URL_KEYS.contains(&key.as_ref()));
        // A '#', '/' or '?' in an unescaped password would make parts of it look like something else.
        let is_whole = url.fragment().is_none() && !url.path().contains('@') && url.path().len() > 1;
        let is_ours = matches!(url.scheme(), "postgres" | "postgresql");
        let is_readable = text.parse::<sqlx::postgres::PgConnectOptions>().is_ok();
        (is_ours && is_known && is_whole && is_readable).then(|| Self(text.into()))
    }

    fn show(&self) -> String {
        let Ok(mut url) = Url::parse(self.expose()) else { return MASK.to_owned() };
        if url.password().is_some() && url.set_password(Some(MASK)).is_err() {
            return MASK.to_owned();
        }
        if url.query_pairs().any(|(key, _)| key == "password") {
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            let mask = |(key, value): (String, String)| {
                let value = if key == "password" { MASK.to_owned() } else { value };
                (key, value)
            };
            url.query_pairs_mut().clear().extend_pairs(pairs.into_iter().map(mask));
        }
        url.to_string()
    }
}
