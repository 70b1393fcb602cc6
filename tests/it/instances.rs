//! Two whole servers on one database, as behind a proxy that sends each request to whichever it likes.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use axum::body::Body;
use http::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::site::{Answer, Browser, PASSWORD, TestSite, encoded, form};

const CLERK: &str = "hana.clerk";
/// A server has to start, or a job to be done, within this on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server of its own process.
struct Instance {
    process: Child,
    address: SocketAddr,
}

impl Instance {
    /// Starts the product itself on the database of `site`, and waits until it is ready.
    async fn start(site: &TestSite, files: &Path) -> Self {
        // Free a moment ago; the server takes it at once.
        let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let database = site.server_options();
        let host = database.get_socket().map_or(database.get_host().to_owned(), |path| path.display().to_string());
        let process = Command::new(env!("CARGO_BIN_EXE_jebena"))
            .arg("serve")
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .env("DB_HOST", host)
            .env("DB_PORT", database.get_port().to_string())
            .env("DB_NAME", database.get_database().unwrap())
            .env("DB_USER", database.get_username())
            .env("PUBLIC_URL", "http://localhost:8080")
            .env("LISTEN", address.to_string())
            .env("METRICS_LISTEN", "off")
            .env("UPLOAD_DIR", files)
            .env("SECOND_FACTOR", "offered")
            .env("LOG_LEVEL", "error")
            .current_dir(files)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let instance = Self { process, address };
        let is_ready = async {
            while !instance.is_ready().await {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, is_ready).await.expect("the server is ready");
        instance
    }

    async fn is_ready(&self) -> bool {
        let request = Request::get("/readyz").body(Body::empty()).unwrap();
        matches!(self.send(&mut Browser::default(), request).await, Ok(answer) if answer.status == StatusCode::OK)
    }

    async fn send(&self, browser: &mut Browser, request: Request<Body>) -> std::io::Result<Answer> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let response = sender.send_request(browser.prepare(request)).await.map_err(std::io::Error::other)?;
        Ok(browser.read(response).await)
    }

    async fn get(&self, browser: &mut Browser, path: &str) -> Answer {
        self.send(browser, Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    async fn post(&self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(browser, form(path, fields).body(encoded(fields)).unwrap()).await.unwrap()
    }

    async fn sign_in(&self, username: &str, password: &str) -> (Browser, StatusCode) {
        let mut browser = Browser::default();
        let answer = self.post(&mut browser, "/sign-in", &[("username", username), ("password", password)]).await;
        (browser, answer.status)
    }

    async fn is_in(&self, browser: &mut Browser) -> bool {
        self.get(browser, "/account").await.status == StatusCode::OK
    }
}

#[tokio::test]
async fn two_servers_on_one_database_are_one_product() {
    let site = TestSite::start().await;
    site.add_user(CLERK, "EXPORTER", "OWNER", false).await;
    site.add_user("almaz.clerk", "EXPORTER", "OWNER", false).await;
    let files = tempfile::tempdir().unwrap();
    let (mut one, other) = futures::join!(Instance::start(&site, files.path()), Instance::start(&site, files.path()));

    // A session is one everywhere, and ends everywhere.
    let (mut browser, came_in) = one.sign_in(CLERK, PASSWORD).await;
    assert_eq!(came_in, StatusCode::SEE_OTHER);
    assert!(other.is_in(&mut browser).await);
    let csrf = other.get(&mut browser, "/account").await.hidden("csrf");
    let mut copy = browser.clone();
    assert_eq!(other.post(&mut browser, "/sign-out", &[("csrf", &csrf)]).await.status, StatusCode::SEE_OTHER);
    assert!(!one.is_in(&mut copy).await, "at the next request");

    // What fails on one counts on the other: five in all.
    for (number, instance) in [&one, &other, &one, &other, &one].into_iter().enumerate() {
        let (_, status) = instance.sign_in("almaz.clerk", "not the password").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
    }
    for instance in [&one, &other] {
        assert_eq!(instance.sign_in("almaz.clerk", PASSWORD).await.1, StatusCode::TOO_MANY_REQUESTS);
    }

    // One form that is sent to both has one effect, and its job is done once.
    let (browser, came_in) = other.sign_in(CLERK, PASSWORD).await;
    assert_eq!(came_in, StatusCode::SEE_OTHER);
    let page = one.get(&mut browser.clone(), "/account/data").await;
    let (csrf, key) = (page.hidden("csrf"), Uuid::new_v4().to_string());
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("current_password", PASSWORD)];
    let (mut here, mut there) = (browser.clone(), browser.clone());
    let (first, second) =
        futures::join!(one.post(&mut here, "/account/data", &fields), other.post(&mut there, "/account/data", &fields));
    for answer in [first, second] {
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account/data"), "{}", answer.text);
    }
    let ready = async {
        while site.count("select count(*) from personal_data_copies where ready_at is not null").await == 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ready).await.expect("the copy is made");
    assert_eq!(site.count("select count(*) from personal_data_copies").await, 1);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'PERSONAL_DATA_ASKED'").await, 1);

    // When one is gone, the other goes on.
    one.process.kill().await.unwrap();
    let mut browser = browser;
    assert!(other.is_in(&mut browser).await);
    let page = other.get(&mut browser, "/account/data").await;
    assert!(page.text.contains("/file\""), "the copy is there: {}", page.text);
}
