//! The master key in a token (PKCS#11): the signer as it is installed, beside a real SoftHSM.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use jebena_signer::authority::Application;
use jebena_signer::client::{ClientError, SignerClient};
use jebena_signer::database;
use jebena_signer::envelope::MasterKey;
use jebena_signer::policy::{AccessPolicy, Operation};
use jebena_signer::protocol::{Answer, ApprovalGiven, RefusalCode, Request};
use jebena_signer::x509::profile::Profile;
use jebena_signer::x509::request::Known;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
use tempfile::TempDir;
use tokio::process::{Child, Command};
use uuid::Uuid;

use crate::cluster;

const PIN: &str = "271828";
const PATIENCE: Duration = Duration::from_secs(30);
const HOLDER: Uuid = Uuid::from_u128(7);

/// A signer's own folder, with a token in it.
struct Machine {
    folder: TempDir,
    admin: PgConnectOptions,
}

impl Machine {
    async fn new(name: &'static str) -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap(), admin: cluster::empty_database(name).await };
        let tokens = machine.path("tokens");
        std::fs::create_dir(&tokens).unwrap();
        let settings =
            format!("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n", tokens.display());
        std::fs::write(machine.path("softhsm2.conf"), settings).unwrap();
        machine.secret("pin", PIN);
        let plan = "organization = \"Consortium\"\nroot = \"Root\"\nissuing = \"Issuing\"";
        std::fs::write(machine.path("plan.toml"), plan).unwrap();
        machine
            .tool("softhsm2-util", &["--init-token", "--free", "--label", "jebena", "--pin", PIN, "--so-pin", "314159"])
            .await;
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file that its owner alone may read.
    fn secret(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        std::fs::write(self.path(name), text).unwrap();
        std::fs::set_permissions(self.path(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Makes an AES key in the token, with what else is said of it.
    async fn make_key(&self, label: &str, more: &[&str]) {
        let module = module();
        let mut all = vec!["--module", &module, "--token-label", "jebena", "--login", "--pin", PIN, "--keygen"];
        all.extend(["--key-type", "AES:32", "--label", label]);
        all.extend(more);
        self.tool("pkcs11-tool", &all).await;
    }

    fn address(&self, label: &str) -> String {
        format!("pkcs11:token=jebena;object={label}?module-path={}&pin-source={}", module(), self.path("pin").display())
    }

    async fn tool(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(program);
        let output = command.args(arguments).env("SOFTHSM2_CONF", self.path("softhsm2.conf")).output().await;
        let output = output.unwrap_or_else(|error| panic!("{program}: {error}: tests/run installs it"));
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let host = self.admin.get_socket().unwrap().display().to_string();
        let url = |user: &str| {
            let host = host.replace('/', "%2F");
            format!(
                "postgres:///{}?host={host}&port={}&user={user}",
                self.admin.get_database().unwrap(),
                self.admin.get_port()
            )
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_jebena"));
        command
            .args(arguments)
            .env_clear()
            .env("SOFTHSM2_CONF", self.path("softhsm2.conf"))
            .env("MIGRATE_SECURE_DATABASE_URL", url(self.admin.get_username()))
            .env("SECURE_DATABASE_URL", url(database::LOGIN))
            .env("MASTER_KEY_FILE", self.path("master-key"))
            .env("SIGNER_SOCKET", self.path("signer"))
            .env("PUBLIC_URL", "http://localhost:8080")
            .env("LOG_LEVEL", "error")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// What the product says at the command line, and whether it did it.
    async fn jebena(&self, arguments: &[&str]) -> (bool, String) {
        let output = self.command(arguments).output().await.unwrap();
        let told = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&told).into_owned())
    }

    async fn done(&self, arguments: &[&str]) {
        let (is_done, told) = self.jebena(arguments).await;
        assert!(is_done, "{arguments:?}: {told}");
    }

    async fn serve(&self) -> (Child, SignerClient) {
        let child = self.command(&["signer", "serve"]).spawn().unwrap();
        let client = SignerClient::new(&self.path("signer"));
        let is_there = async {
            while client.ask(&Request::Status {}).await.is_err() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(PATIENCE, is_there).await.expect("the signer is there");
        (child, client)
    }

    async fn ask<T>(&self, query: &'static str) -> T
    where
        T: Send + Unpin + for<'a> sqlx::Decode<'a, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        let mut connection = PgConnection::connect_with(&self.admin).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut connection).await.unwrap()
    }

    async fn tamper(&self, statement: &'static str) {
        let mut connection = PgConnection::connect_with(&self.admin).await.unwrap();
        sqlx::raw_sql("set session_replication_role = replica").execute(&mut connection).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
    }
}

fn module() -> String {
    let places =
        ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so"];
    places
        .into_iter()
        .find(|place| Path::new(place).is_file())
        .expect("SoftHSM is there: tests/run installs it")
        .to_owned()
}

/// A seal for the holder, as it is asked for, approved and issued.
async fn issue_seal(client: &SignerClient) {
    let application = Application {
        profile: Profile::OrganizationSeal,
        organization: HOLDER,
        person: None,
        known: Known { organization: "Coffee Authority".to_owned(), organization_identifier: None },
        validity_days: 365,
        requester: Uuid::from_u128(100),
    };
    let policy = AccessPolicy::of(&[Operation::SealPaper]);
    let asked = Request::MakeRequest { application, common_name: "Seal".to_owned(), policy };
    let Answer::RequestTaken { request, digest, .. } = client.ask(&asked).await.unwrap() else { panic!() };
    let given = |who| ApprovalGiven {
        approval_id: Uuid::from_u128(who),
        approver: Uuid::from_u128(who),
        organization: Uuid::from_u128(who + 100),
        digest: digest.clone(),
    };
    let issue = Request::IssueRequested { request, approvals: vec![given(1), given(2)] };
    assert!(matches!(client.ask(&issue).await.unwrap(), Answer::Issued { .. }));
}

async fn seal(client: &SignerClient) -> Result<Vec<u8>, RefusalCode> {
    let asked = Request::Sign {
        organization: HOLDER,
        operation: Operation::SealPaper,
        about: Uuid::now_v7(),
        person: None,
        has_second_factor: false,
        message: jebena_signer::protocol::Bytes(b"a paper".to_vec()),
    };
    match client.ask(&asked).await {
        Ok(Answer::Signed { signature, .. }) => Ok(signature.0),
        Ok(Answer::Refused { code, .. }) | Err(ClientError::Refused { code, .. }) => Err(code),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_master_key_of_a_token_seals_and_opens_and_never_leaves_it() {
    let machine = Machine::new("token").await;
    machine.make_key("master-1", &["--sensitive"]).await;
    machine.secret("master-key", &machine.address("master-1"));
    machine.done(&["signer", "migrate"]).await;
    machine.done(&["ceremony", "plan.toml"]).await;
    let (child, client) = machine.serve().await;
    issue_seal(&client).await;
    seal(&client).await.unwrap();

    // The token is away: nothing is signed, nothing is called broken, and when it is back all goes on by itself.
    std::fs::rename(machine.path("pin"), machine.path("pin-away")).unwrap();
    std::fs::rename(machine.path("tokens"), machine.path("tokens-away")).unwrap();
    assert_eq!(seal(&client).await, Err(RefusalCode::Unavailable));
    std::fs::rename(machine.path("tokens-away"), machine.path("tokens")).unwrap();
    std::fs::rename(machine.path("pin-away"), machine.path("pin")).unwrap();
    seal(&client).await.unwrap();
    let critical: i64 = machine.ask("select count(*) from secure_audit_log where severity = 'critical'").await;
    assert_eq!(critical, 0);
    let away: i64 = machine.ask("select count(*) from secure_audit_log where event_type = 'TOKEN_AWAY'").await;
    assert_eq!(away, 1);

    // What the authority has issued, and what becomes of it.
    let (is_done, list) = machine.jebena(&["certificate", "list"]).await;
    let of_holder = list.lines().find(|line| line.contains(&HOLDER.to_string())).unwrap();
    assert!(is_done && list.lines().count() == 6 && of_holder.contains("IN_FORCE"), "{list}");
    let id = of_holder.split(' ').next().unwrap();
    machine.done(&["certificate", "suspend", id]).await;
    assert_eq!(seal(&client).await, Err(RefusalCode::NoKey));
    machine.done(&["certificate", "reinstate", id]).await;
    seal(&client).await.unwrap();
    let (_, pem) = machine.jebena(&["certificate", "export", id]).await;
    assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 3, "{pem}");

    // A data key in another row opens nothing, and that is an alarm.
    machine
        .tamper(
            "update encryption_keys set encrypted_key_material = set_byte(encrypted_key_material, 20,
                 get_byte(encrypted_key_material, 20) # 1) where organization_id is not null",
        )
        .await;
    assert_eq!(seal(&client).await, Err(RefusalCode::Unsealable));
    let critical: i64 = machine.ask("select count(*) from secure_audit_log where severity = 'critical'").await;
    assert_eq!(critical, 1);
    machine.done(&["certificate", "revoke", id, "--reason", "superseded"]).await;
    assert_eq!(seal(&client).await, Err(RefusalCode::NoKey));
    let (is_done, told) = machine.jebena(&["certificate", "reinstate", id]).await;
    assert!(!is_done, "what is revoked stays so: {told}");
    drop(child);
}

#[tokio::test]
async fn a_master_key_moves_from_its_file_into_a_token_and_on_to_the_next() {
    let machine = Machine::new("token_rotation").await;
    let file = MasterKey::new_text();
    machine.secret("master-key", &file);
    machine.done(&["signer", "migrate"]).await;
    machine.done(&["ceremony", "plan.toml"]).await;
    let (child, client) = machine.serve().await;
    issue_seal(&client).await;
    drop(child);

    machine.make_key("master-1", &["--sensitive"]).await;
    machine.make_key("master-2", &["--sensitive"]).await;
    let (one, two) = (machine.address("master-1"), machine.address("master-2"));
    for both in [format!("{one}\n{}", *file), format!("{two}\n{one}")] {
        machine.secret("master-key", &both);
        machine.done(&["rotate", "master"]).await;
    }
    // The key of the file opens nothing any more, nor does the token's first.
    for (key, is_right) in [(file.as_str(), false), (&one, false), (&two, true)] {
        machine.secret("master-key", key);
        let (child, client) = machine.serve().await;
        assert_eq!(seal(&client).await.is_ok(), is_right);
        drop(child);
    }
    let total: i64 = machine.ask("select count(*) from key_rotation_history where rotation_status = 'completed'").await;
    assert_eq!(total, 2);
}

#[tokio::test]
async fn of_two_keys_at_hand_each_finds_its_own_session_after_the_token_was_away() {
    let machine = Machine::new("token_of_two").await;
    machine.make_key("master-1", &["--sensitive"]).await;
    machine.make_key("master-2", &["--sensitive"]).await;
    machine.secret("master-key", &machine.address("master-1"));
    machine.done(&["signer", "migrate"]).await;
    machine.done(&["ceremony", "plan.toml"]).await;
    // As before a rotation: the first line opens nothing yet, the second all.
    machine.secret("master-key", &format!("{}\n{}", machine.address("master-2"), machine.address("master-1")));
    let (child, client) = machine.serve().await;
    issue_seal(&client).await;
    for _ in 0..3 {
        seal(&client).await.unwrap();
        std::fs::rename(machine.path("tokens"), machine.path("tokens-away")).unwrap();
        let _ = seal(&client).await;
        std::fs::rename(machine.path("tokens-away"), machine.path("tokens")).unwrap();
    }
    seal(&client).await.unwrap();
    // What is sealed now is sealed under the key that is in force, and opens under it alone.
    drop(child);
    machine.secret("master-key", &machine.address("master-1"));
    let (child, client) = machine.serve().await;
    seal(&client).await.unwrap();
    drop(child);
}

#[tokio::test]
async fn what_is_no_key_of_a_token_is_said() {
    let machine = Machine::new("token_refused").await;
    machine.make_key("master-1", &["--sensitive"]).await;
    machine.make_key("open", &[]).await;
    machine.make_key("loose", &["--sensitive", "--extractable"]).await;
    machine.make_key("twice", &["--sensitive"]).await;
    machine.make_key("twice", &["--sensitive"]).await;
    machine.done(&["signer", "migrate"]).await;
    let good = machine.address("master-1");
    for (address, wanted) in [
        (machine.address("loose"), "can be taken out"),
        (machine.address("open"), "can be taken out"),
        (machine.address("twice"), "not exactly one"),
        (machine.address("nothing"), "not exactly one"),
        (good.replace("token=jebena", "token=other"), "no token named other"),
        (good.replace("/pin", "/nothing"), "PIN"),
        (good.replace("libsofthsm2", "nothing"), "token"),
        (good.replace("pin-source", "pin-value"), "holds no key"),
    ] {
        machine.secret("master-key", &address);
        let (is_done, told) = machine.jebena(&["ceremony", "plan.toml"]).await;
        assert!(!is_done && told.contains(wanted), "{address}: {told}");
    }
    machine.secret("pin", "wrong");
    machine.secret("master-key", &good);
    let (is_done, told) = machine.jebena(&["ceremony", "plan.toml"]).await;
    assert!(!is_done && told.to_lowercase().contains("pin"), "{told}");
}
