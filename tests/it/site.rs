//! A whole site on a database of its own, called in-process, with a clock that stands still.

use std::{sync::Arc, time::Duration};

use axum::{Router, body::Body};
use chrono::{DateTime, Utc};
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::BodyExt;
use jebena::mail::Mailer;
use jebena::{
    app::{AppState, Limits, Neighbours, RequestLimits, router},
    auth::password::PasswordHasher,
    auth::vault::Vault,
    certificates::{SignerSource, TrustSource},
    clock::FixedClock,
    database::{Db, PoolSettings},
    documents::{
        scanner::Scanner,
        share::Shares,
        storage::{Storage, StorageSettings},
    },
    web::site::Site,
};
use jebena_signer::client::SignerClient;
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};
use tower::ServiceExt;
use uuid::Uuid;

use crate::cluster;

/// The password of everybody in these tests.
pub const PASSWORD: &str = "a good long password";

/// The key under which tests seal secrets of second factors.
pub const FACTOR_KEY: &str = "YnVuYSBidW5hIGJ1bmEgYnVuYSBidW5hIGJ1bmEgISE=";

/// When every test begins: a Wednesday noon in Addis Ababa.
pub const START: DateTime<Utc> = DateTime::from_timestamp(1_795_000_000, 0).unwrap();

/// The site under test.
pub struct TestSite {
    pub state: AppState,
    pub clock: Arc<FixedClock>,
    app: Router,
    server: PgConnectOptions,
    admin: PgConnectOptions,
    pub password: &'static str,
    limits: Limits,
    mailer: Mailer,
    scanner: Option<Scanner>,
    signer: Option<SignerClient>,
    _files: tempfile::TempDir,
}

/// A browser: it keeps cookies and sends what browsers send.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    cookies: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body; of a file that is no text, what can be read of it.
    pub text: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of the last hidden field `name`: the forms of the frame come first.
    pub fn hidden(&self, name: &str) -> String {
        let rest =
            self.text.rsplit_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("{}", self.text)).1;
        rest.split('"').next().unwrap().to_owned()
    }
}

impl TestSite {
    /// A demonstration site.
    pub async fn start() -> Self {
        Self::with(true, PoolSettings { min_connections: 0, ..PoolSettings::default() }).await
    }

    /// A demonstration site with the demo's data. Everybody's password is the demo's.
    pub async fn seeded() -> Self {
        Self::seeded_with(PoolSettings { min_connections: 0, ..PoolSettings::default() }).await
    }

    /// As [`TestSite::seeded`], for many at once: on a busy machine each may wait longer than a person would.
    pub async fn seeded_for_crowds() -> Self {
        let patience = Duration::from_secs(20);
        Self::seeded_with(PoolSettings {
            min_connections: 0,
            acquire: patience,
            statement_timeout: patience,
            lock_timeout: patience,
            idle_in_transaction_timeout: patience,
            ..PoolSettings::default()
        })
        .await
    }

    async fn seeded_with(pool: PoolSettings) -> Self {
        let (server, template) = cluster::seeded_template(START).await;
        let mut site = Self::on(server, template, true, pool).await;
        site.password = jebena::demo::DEMO_PASSWORD;
        site
    }

    /// A site with its own settings.
    pub async fn with(demo: bool, pool: PoolSettings) -> Self {
        let (server, template) = cluster::template().await;
        Self::on(server, template, demo, pool).await
    }

    /// A site on a server of the test's own choice, copied from its database `template`.
    pub async fn on(server: PgConnectOptions, template: &str, demo: bool, pool: PoolSettings) -> Self {
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut connection = PgConnection::connect_with(&server).await.unwrap();
        // Files are copied four times as quickly as their pages are written to the log, where nothing waits for the disk.
        let create = format!("create database {name} template {template} strategy file_copy");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        let admin = server.clone().database(&name);
        let clock = Arc::new(FixedClock::new(START));
        let files = tempfile::tempdir().unwrap();
        // A test sends more in a quarter of an hour than a person does; what is answered at most has tests of its own.
        let requests = RequestLimits { strangers: 1_000_000, ..RequestLimits::default() };
        let limits = Limits { requests, ..Limits::default() };
        let mailer = if demo { Mailer::Catcher } else { Mailer::Nobody };
        let kept = (files.path(), (None, None), &mailer, limits);
        let state = state_on(admin.clone().username("jebena_app"), demo, &pool, clock.clone(), kept);
        let app = router(state.clone()).unwrap();
        Self {
            app,
            state,
            clock,
            server,
            admin,
            password: PASSWORD,
            limits,
            mailer,
            scanner: None,
            signer: None,
            _files: files,
        }
    }

    /// The same site with the limits that the product has by default.
    pub fn limited(mut self) -> Self {
        self.limits = Limits::default();
        self.restart();
        self
    }

    /// The same site, on which whoever approves or administers has to have a second factor.
    pub fn requiring_second_factors(mut self) -> Self {
        self.limits.second_factor.is_required = true;
        self.restart();
        self
    }

    /// The same site with another way of mails out of the house.
    pub fn mailing(mut self, mailer: Mailer) -> Self {
        self.mailer = mailer;
        self.restart();
        self
    }

    /// The same site with a scanner, or without one.
    pub fn scanned_by(&mut self, scanner: Option<Scanner>) {
        self.scanner = scanner;
        self.restart();
    }

    /// The same site with somebody who signs its papers.
    pub fn signed_by(&mut self, signer: SignerClient) {
        self.signer = Some(signer);
        self.restart();
    }

    /// The same site with other shares of its store.
    pub fn sharing(&mut self, shares: Shares) {
        self.limits.shares = shares;
        self.restart();
    }

    /// Starts the site anew: nothing is remembered outside the database.
    pub fn restart(&mut self) {
        self.reached_through(self.server_options());
    }

    /// The same site, with a new pool that takes another way to its database.
    pub fn reached_through(&mut self, options: PgConnectOptions) {
        let pool = PoolSettings { min_connections: 0, ..PoolSettings::default() };
        let kept = (self._files.path(), (self.scanner.clone(), self.signer.clone()), &self.mailer, self.limits);
        self.state = state_on(options, self.state.site.is_demo(), &pool, self.clock.clone(), kept);
        self.app = router(self.state.clone()).unwrap();
    }

    /// As the server signs in.
    pub fn server_options(&self) -> PgConnectOptions {
        self.admin.clone().username("jebena_app")
    }

    /// As an operator signs in, past every wall.
    pub const fn admin_options(&self) -> &PgConnectOptions {
        &self.admin
    }

    /// A connection past every wall, to prepare and to look.
    pub async fn sql(&self) -> PgConnection {
        PgConnection::connect_with(&self.admin).await.unwrap()
    }

    /// Runs statements past every wall.
    pub async fn execute(&self, statements: &str) {
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut self.sql().await).await.unwrap();
    }

    /// The one number that a query gives.
    pub async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&mut self.sql().await).await.unwrap()
    }

    /// Somebody who can sign in.
    pub async fn add_user(&self, username: &str, kind: &str, role: &str, is_demo: bool) -> Uuid {
        let hash = PasswordHasher::new().unwrap().hash(SecretString::from(PASSWORD)).await.unwrap();
        let (user, organization) = (Uuid::now_v7(), Uuid::now_v7());
        self.execute(&format!(
            "insert into organizations (organization_id, code, kind, name, name_am)
                 values ('{organization}', '{}', '{kind}', 'Sample {kind}', 'ናሙና');
             insert into users (id, username, password_hash, organization_id, role, full_name, is_demo)
                 values ('{user}', '{username}', '{hash}', '{organization}', '{role}', 'Almaz Tesfaye', {is_demo});
             insert into user_roles (user_id, role_name) values ('{user}', '{role}');",
            &organization.simple().to_string().to_uppercase()[12..],
        ))
        .await;
        user
    }

    /// Changes a byte of a file in the store, as a failing disk does.
    pub fn spoil_file(&self, key: &str) {
        let path = self._files.path().join("files").join(key);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(path, bytes).unwrap();
    }

    /// The moment on the site's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.state.clock.now()
    }

    pub async fn call(&self, browser: &mut Browser, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(browser.prepare(request)).await.unwrap();
        let answer = browser.read(response).await;
        if answer.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html")) {
            crate::form_fields::assert_declared(&answer.text);
        }
        answer
    }

    pub async fn get(&self, browser: &mut Browser, path: &str) -> Answer {
        self.call(browser, Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.call(browser, form(path, fields).body(encoded(fields)).unwrap()).await
    }

    /// A browser in which `username` has signed in.
    pub async fn sign_in(&self, username: &str) -> Browser {
        let mut browser = Browser::default();
        let answer = self.post(&mut browser, "/sign-in", &[("username", username), ("password", self.password)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        browser
    }
}

fn state_on(
    options: PgConnectOptions,
    demo: bool,
    pool: &PoolSettings,
    clock: Arc<FixedClock>,
    (files, (scanner, signer), mailer, limits): (
        &std::path::Path,
        (Option<Scanner>, Option<SignerClient>),
        &Mailer,
        Limits,
    ),
) -> AppState {
    let db = Db::connect_lazy(options, pool, clock.clone());
    let storage = Storage::new(&StorageSettings { folder: files.to_owned(), bucket: None }).unwrap();
    let site = Site::new("http://localhost:8080".parse().unwrap(), demo, Vec::new());
    let vault = Vault::parse(FACTOR_KEY);
    let source = signer.clone().map(|signer| Arc::new(SignerSource::new(signer, db.clone())) as Arc<dyn TrustSource>);
    let neighbours = Neighbours { storage, scanner, mailer: mailer.clone(), vault, signer };
    AppState::new(db, clock, site, neighbours, limits).unwrap().with_trust(source)
}

/// The database goes with the site.
impl Drop for TestSite {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.admin.get_database().unwrap().to_owned());
        let gone = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect_with(&server).await.unwrap();
                let statement = AssertSqlSafe(format!("drop database {name} with (force)"));
                sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
            });
        });
        let _ = gone.join();
    }
}

/// A form on its way, to which headers can be added.
pub fn form(path: &str, _: &[(&str, &str)]) -> http::request::Builder {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "http://localhost:8080")
}

/// Fields as a form takes them.
pub fn pairs<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_ref(), value.as_ref())).collect()
}

/// The body of a form.
pub fn encoded(fields: &[(&str, &str)]) -> Body {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    Body::from(text.extend_pairs(fields).finish())
}

impl Browser {
    /// A request as this browser sends it.
    pub fn prepare(&self, mut request: Request<Body>) -> Request<Body> {
        if !self.cookies.is_empty() {
            let line: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(header::COOKIE, line.join("; ").parse().unwrap());
        }
        request.headers_mut().entry(header::HOST).or_insert("localhost:8080".parse().unwrap());
        request
    }

    /// An answer as this browser takes it: its cookies are kept.
    pub async fn read<B: http_body::Body<Error: std::fmt::Debug>>(&mut self, response: http::Response<B>) -> Answer {
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            self.take_cookie(cookie.to_str().unwrap());
        }
        let bytes = tokio::time::timeout(Duration::from_secs(10), body.collect()).await.unwrap().unwrap().to_bytes();
        let kind = parts.headers.get(header::CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
        let files: [&[u8]; 6] = [
            b"application/cose",
            b"application/ocsp-",
            b"application/pdf",
            b"application/pkix-",
            b"application/x-pkcs12",
            b"application/zip",
        ];
        let is_packed = kind.ends_with(b".sheet") || files.iter().any(|file| kind.starts_with(file));
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(is_packed || text.as_bytes() == bytes, "a page is UTF-8");
        Answer { status: parts.status, headers: parts.headers, text, bytes: bytes.to_vec() }
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn take_cookie(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        self.cookies.retain(|(key, _)| key != name);
        if !attributes.contains("Max-Age=0") {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }
}
