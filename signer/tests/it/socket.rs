//! The signer behind its socket.

use std::sync::Arc;

use chrono::DateTime;
use jebena_signer::authority::{Application, ApprovalRule};
use jebena_signer::client::{ClientError, SignerClient};
use jebena_signer::policy::Operation;
use jebena_signer::protocol::{Answer, ApprovalGiven, Bytes, RefusalCode, Request, Status};
use jebena_signer::rotation::{Kind, What, Why};
use jebena_signer::server;
use jebena_signer::x509::profile::Profile;
use jebena_signer::x509::request::Flaw;
use jebena_trust::tsp::moment_of;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::ground::{AUTHORITY, BANK, Ground, now, sealing};
use crate::pkcs10::{Csr, known};

struct Running {
    client: SignerClient,
    folder: TempDir,
    stop: CancellationToken,
    serving: tokio::task::JoinHandle<()>,
    ground: Ground,
}

impl Running {
    async fn of(ground: Ground, clients: Vec<u32>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("signer");
        let listener = server::bind(&path).await.unwrap();
        let stop = CancellationToken::new();
        let authority = Arc::new(ground.second_authority());
        let serving = tokio::spawn(server::serve(listener, authority, clients, Arc::new(now), stop.clone()));
        Self { client: SignerClient::new(&path), folder, stop, serving, ground }
    }

    async fn founded() -> Self {
        let ground = Ground::founded().await;
        ground.seal_of(AUTHORITY, sealing()).await;
        Self::of(ground, vec![own_user()]).await
    }
}

fn own_user() -> u32 {
    use std::os::unix::fs::MetadataExt;
    tempfile::NamedTempFile::new().unwrap().as_file().metadata().unwrap().uid()
}

fn seal(organization: Uuid, operation: Operation) -> Request {
    Request::Sign {
        organization,
        operation,
        about: Uuid::from_u128(1),
        person: None,
        has_second_factor: false,
        message: Bytes(b"a paper".to_vec()),
    }
}

async fn code(running: &Running, request: Request) -> RefusalCode {
    match running.client.ask(&request).await {
        Err(ClientError::Refused { code, .. }) => code,
        other => panic!("{request:?}: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_asked_is_answered() {
    let running = Running::founded().await;
    let signed = running.client.sign(&seal(AUTHORITY, Operation::SealPaper)).await.unwrap();
    assert!(!signed.signature.is_empty());
    let Answer::Status(Status { has_authority: true, lists_until: Some(_) }) =
        running.client.ask(&Request::Status {}).await.unwrap()
    else {
        panic!("no authority")
    };
    let Answer::Certificates { certificates } = running.client.ask(&Request::Certificates {}).await.unwrap() else {
        panic!("no certificates")
    };
    assert_eq!(certificates.len(), 6);
    assert!(
        certificates.iter().any(|one| one.certificate.0 == signed.certificate && one.organization == Some(AUTHORITY))
    );
    let asked = Request::RevocationList { authority: Profile::IssuingCa, is_delta: false };
    let Answer::RevocationList { list: Some(_) } = running.client.ask(&asked).await.unwrap() else { panic!("no list") };
    running.client.sign(&Request::SignTrustList { message: Bytes(b"a list".to_vec()) }).await.unwrap();

    let token = running.client.stamp([7; 32], Some(1)).await.unwrap();
    assert!(moment_of(&token).is_some_and(|at| (now() - at).num_seconds() < 60));
    let short = Request::Stamp { digest: Bytes(vec![7; 20]), nonce: None };
    assert_eq!(code(&running, short).await, RefusalCode::Malformed);

    assert_eq!(code(&running, seal(BANK, Operation::SealPaper)).await, RefusalCode::NoKey);
    for operation in [Operation::IssueCertificate, Operation::SignRevocationList, Operation::StampTime] {
        assert_eq!(code(&running, seal(AUTHORITY, operation)).await, RefusalCode::Policy, "{operation:?}");
    }
    running.stop.cancel();
    running.serving.await.unwrap();
    assert!(matches!(running.client.ask(&Request::Status {}).await, Err(ClientError::Away { .. })));
}

#[tokio::test]
async fn a_stranger_of_the_system_is_answered_nothing() {
    let running = Running::of(Ground::founded().await, vec![own_user() + 1]).await;
    let answer = running.client.ask(&Request::Status {}).await;
    assert!(matches!(answer, Err(ClientError::Wire(_))), "{answer:?}");
    assert_eq!(
        running
            .ground
            .count("select count(*) from secure_audit_log where event_type = 'KEY_USED' and action = 'seal_paper'")
            .await,
        0
    );
}

#[tokio::test]
async fn what_cannot_be_understood_ends_the_connection_and_nothing_else() {
    let running = Running::founded().await;
    let socket = running.folder.path().join("signer");
    let say = async |bytes: &[u8]| {
        let mut stream = UnixStream::connect(&socket).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    };
    let framed = |text: &str| [&u32::try_from(text.len()).unwrap().to_be_bytes(), text.as_bytes()].concat();
    for strange in [r#"{"ask":"everything"}"#, "[]", r#"{"ask":"status","more":1}"#, "\u{0}"] {
        assert!(say(&framed(strange)).await.contains("malformed"), "{strange}");
    }
    // A length that is not kept, one that is too long, and nothing at all.
    assert_eq!(say(&[0, 0, 0, 9, b'x']).await, "");
    assert_eq!(say(&u32::MAX.to_be_bytes()).await, "");
    assert_eq!(say(&[]).await, "");
    running.client.sign(&seal(AUTHORITY, Operation::SealPaper)).await.unwrap();
}

#[tokio::test]
async fn a_socket_that_a_killed_signer_left_is_taken_and_a_living_one_is_not() {
    let running = Running::founded().await;
    let path = running.folder.path().join("signer");
    assert_eq!(server::bind(&path).await.unwrap_err().kind(), std::io::ErrorKind::AddrInUse);
    running.stop.cancel();
    running.serving.await.unwrap();
    assert!(path.exists(), "the file of the socket stays, as after a kill");
    server::bind(&path).await.unwrap();
}

#[tokio::test]
async fn nothing_is_signed_while_the_database_is_away_and_it_goes_on_by_itself() {
    let running = Running::founded().await;
    running.ground.cut_off(true).await;
    assert_eq!(code(&running, seal(AUTHORITY, Operation::SealPaper)).await, RefusalCode::Unavailable);
    running.ground.cut_off(false).await;
    running.client.sign(&seal(AUTHORITY, Operation::SealPaper)).await.unwrap();
}

#[tokio::test]
async fn a_request_goes_from_its_making_to_its_certificate_over_the_socket() {
    let running = Running::founded().await;
    let requester = Uuid::from_u128(100);
    let application = Application {
        profile: Profile::OrganizationSeal,
        organization: BANK,
        person: None,
        known: known(),
        validity_days: 365,
        requester,
    };
    let made = Request::MakeRequest {
        application: application.clone(),
        common_name: "Seal of the bank".to_owned(),
        policy: sealing(),
    };
    let Answer::RequestTaken { request, digest, .. } = running.client.ask(&made).await.unwrap() else { panic!() };
    let flawed = Request::TakeRequest { application: application.clone(), csr: Bytes(b"no".to_vec()) };
    let Answer::RequestFlawed { flaw: Flaw::NotARequest, .. } = running.client.ask(&flawed).await.unwrap() else {
        panic!()
    };
    let Answer::RequestTaken { request: other, .. } =
        running.client.ask(&Request::TakeRequest { application, csr: Bytes(Csr::good().der()) }).await.unwrap()
    else {
        panic!()
    };
    let close = Request::CloseRequest { request: other, by: requester, rejected: None };
    assert_eq!(running.client.ask(&close).await.unwrap(), Answer::RequestClosed {});
    assert_eq!(code(&running, close).await, RefusalCode::NotApproved);
    let given = |approver, organization| ApprovalGiven {
        approval_id: Uuid::now_v7(),
        approver: Uuid::from_u128(approver),
        organization,
        digest: digest.clone(),
    };
    let issue = |approvals| Request::IssueRequested { request, approvals };
    assert_eq!(code(&running, issue(vec![given(101, BANK)])).await, RefusalCode::NotApproved);
    let short = ApprovalGiven { digest: Bytes(vec![1]), ..given(101, BANK) };
    assert_eq!(code(&running, issue(vec![short])).await, RefusalCode::Malformed);
    let both = issue(vec![given(101, BANK), given(102, AUTHORITY)]);
    let Answer::Issued { certificate_id, .. } = running.client.ask(&both).await.unwrap() else { panic!() };
    let Answer::Requests { requests } = running.client.ask(&Request::Requests {}).await.unwrap() else { panic!() };
    assert_eq!(requests[0].approval, ApprovalRule { version: 1, approvals_needed: 2, approvers: vec![] });
    let states: Vec<_> = requests.iter().map(|one| (one.request_id, one.status.as_str(), one.is_made_here)).collect();
    assert_eq!(states, [(other, "cancelled", false), (request, "fulfilled", true)]);
    assert_eq!(requests[1].certificate_id, Some(certificate_id));
    running.client.sign(&seal(BANK, Operation::SealPaper)).await.unwrap();

    let asked = Request::AnswerStatus { request: Bytes(b"no".to_vec()) };
    let Answer::StatusAnswered { response, good_until: None } = running.client.ask(&asked).await.unwrap() else {
        panic!()
    };
    assert_eq!(response.0, [0x30, 3, 0x0a, 1, 1]);
    let keys = async || match running.client.ask(&Request::Keys {}).await.unwrap() {
        Answer::Keys { keys } => keys,
        other => panic!("{other:?}"),
    };
    let told: Vec<_> = keys().await.iter().map(|key| (key.of.clone(), key.organization, key.version)).collect();
    let data = |of| ("data".to_owned(), of, 1);
    assert_eq!(told, [("master".to_owned(), None, 1), data(None), data(Some(BANK)), data(Some(AUTHORITY))]);
    let of_bank = keys().await.remove(2);
    assert_eq!((of_bank.private_keys, of_bank.most_uses_before), (1, 0));
    assert!(of_bank.uses_today >= 1 && of_bank.next_rotation_at > of_bank.since);
    let alarms = async |since| match running.client.ask(&Request::Alarms { since }).await.unwrap() {
        Answer::Alarms { alarms } => alarms,
        other => panic!("{other:?}"),
    };
    let long_ago = DateTime::UNIX_EPOCH;
    assert_eq!(alarms(long_ago).await, []);
    // Sealed for another row; and back again.
    let take = |from: &str, which: &str| {
        format!(
            "update private_keys k set encryption_iv = o.encryption_iv, encrypted_key_material = o.encrypted_key_material,
                 encryption_auth_tag = o.encryption_auth_tag
             from {from} o where k.organization_id = '{BANK}' and o.{which}"
        )
    };
    running
        .ground
        .tamper(&format!("create table kept as table private_keys; {}", take("kept", "profile = 'TRUST_LIST'")))
        .await;
    assert_eq!(code(&running, seal(BANK, Operation::SealPaper)).await, RefusalCode::Unsealable);
    let alarm = alarms(long_ago).await.remove(0);
    assert_eq!((alarm.event_type.as_str(), alarm.resource_type.as_str()), ("KEY_DOES_NOT_OPEN", "private_key"));
    assert_eq!(alarms(alarm.at).await, []);
    running.ground.tamper(&format!("{}; drop table kept", take("kept", "private_key_id = k.private_key_id"))).await;
    let why = Why { kind: Kind::Manual, reason: "a test", by: None };
    running.ground.authority.keyring().rotate(What::Data(Some(BANK)), &why, now, |_| ()).await.unwrap();
    let Answer::Rotations { rotations } = running.client.ask(&Request::Rotations {}).await.unwrap() else { panic!() };
    assert_eq!(
        (rotations.len(), rotations[0].status.as_str(), rotations[0].organization),
        (1, "completed", Some(BANK))
    );
    running.client.sign(&seal(BANK, Operation::SealPaper)).await.unwrap();
}
