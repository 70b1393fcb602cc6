//! Time stamps, made by the signer and checked by OpenSSL.

use jebena_signer::authority::AuthorityError;
use jebena_signer::x509::profile::Profile;
use sha2::{Digest, Sha256};

use crate::ground::{Ground, now, places};
use crate::outside::{Desk, openssl};

const NONCE: u64 = 0x8000_0000_0000_0001;

/// What OpenSSL says of a token of `data`, from the root down.
fn told_of(desk: &Desk, token: &[u8], data: &[u8]) -> (bool, String) {
    let (token, data) = (desk.bytes("token.der", token), desk.bytes("data", data));
    openssl(&[
        "ts",
        "-verify",
        "-token_in",
        "-in",
        token.to_str().unwrap(),
        "-data",
        data.to_str().unwrap(),
        "-CAfile",
        desk.path("root.pem").to_str().unwrap(),
        "-x509_strict",
    ])
}

#[tokio::test]
async fn openssl_accepts_a_stamp_of_what_was_stamped_and_nothing_else() {
    let ground = Ground::founded().await;
    let desk = Desk::new();
    desk.certificates("root.pem", &[&ground.issued(Profile::RootCa).await]);
    let token = ground.authority.stamp(Sha256::digest(b"coffee").into(), Some(NONCE), now()).await.unwrap();
    // The chain is in the token: nothing but the root is handed over.
    let told = told_of(&desk, &token, b"coffee");
    assert!(told.0, "{}", told.1);
    assert!(!told_of(&desk, &token, b"tea").0);
    let text =
        openssl(&["ts", "-reply", "-token_in", "-in", desk.path("token.der").to_str().unwrap(), "-token_out", "-text"]);
    assert!(text.1.contains(&places().policy.to_string()) && text.1.contains("0x8000000000000001"), "{}", text.1);
    for place in [token.len() / 3, token.len() / 2, token.len() - 10] {
        let mut changed = token.clone();
        changed[place] ^= 1;
        assert!(!told_of(&desk, &changed, b"coffee").0, "a changed byte at {place}");
    }
    desk.certificates("root.pem", &[&Ground::founded().await.issued(Profile::RootCa).await]);
    assert!(!told_of(&desk, &token, b"coffee").0, "another root");
}

#[tokio::test]
async fn no_two_stamps_have_a_number_and_each_leads_to_its_line() {
    let ground = Ground::founded().await;
    let stamps = futures::future::join_all((0..20).map(|_| ground.authority.stamp([7; 32], None, now()))).await;
    let desk = Desk::new();
    let mut serials = std::collections::BTreeSet::new();
    for token in stamps {
        let path = desk.bytes("token.der", &token.unwrap());
        let (_, text) = openssl(&["ts", "-reply", "-token_in", "-in", path.to_str().unwrap(), "-token_out", "-text"]);
        let serial = text.lines().find_map(|line| line.strip_prefix("Serial number: 0x")).unwrap().to_lowercase();
        let id = uuid::Uuid::parse_str(&format!("{serial:0>32}")).unwrap();
        let lines = format!(
            "select count(*) from secure_audit_log where event_type = 'KEY_USED' and action = 'stamp_time'
                 and event_data->>'about' = '{id}'"
        );
        assert_eq!(ground.count(&lines).await, 1, "{id}");
        serials.insert(id);
    }
    assert_eq!(serials.len(), 20);
}

#[tokio::test]
async fn without_an_authority_or_its_record_nothing_is_stamped() {
    let ground = Ground::empty().await;
    let none = ground.authority.stamp([7; 32], None, now()).await;
    assert!(matches!(none, Err(AuthorityError::NoAuthority)), "{none:?}");
    let ground = Ground::founded().await;
    ground.tamper("revoke insert on secure_audit_log from jebena_signer").await;
    let none = ground.authority.stamp([7; 32], None, now()).await;
    assert!(matches!(none, Err(AuthorityError::Key(_))), "{none:?}");
}
