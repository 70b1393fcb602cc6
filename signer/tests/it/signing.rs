//! A key signs for whom it may, and every use is on record first.

use der::Decode;
use jebena_signer::envelope::MasterKey;
use jebena_signer::keypair::is_signed_by;
use jebena_signer::keyring::{Holder, KeyError, Keyring, Purpose};
use jebena_signer::policy::{AccessPolicy, Operation, Refusal, Use};
use jebena_signer::x509::profile::Profile;
use uuid::Uuid;
use x509_cert::certificate::Certificate;

use crate::ground::{AUTHORITY, BANK, Ground, now, sealing};

const SEAL: Holder = Holder { profile: Profile::OrganizationSeal, organization: Some(AUTHORITY) };
const PAPER: Uuid = Uuid::from_u128(42);

fn sealing_a_paper() -> Purpose {
    Purpose::of_product(Operation::SealPaper, Some(PAPER))
}

const USED: &str = "select count(*) from secure_audit_log where event_type = 'KEY_USED' and event_data->>'about' =
    '00000000-0000-0000-0000-00000000002a'";

#[tokio::test]
async fn a_seal_is_of_the_certificate_that_comes_with_it() {
    let ground = Ground::founded().await;
    let seal = ground.seal_of(AUTHORITY, sealing()).await;
    let signed = ground.authority.keyring().sign(SEAL, sealing_a_paper(), b"a paper", now()).await.unwrap();
    assert_eq!(signed.certificate.as_deref(), Some(seal.der.as_slice()));
    let public = Certificate::from_der(&seal.der).unwrap().tbs_certificate.subject_public_key_info;
    assert!(is_signed_by(&public, b"a paper", &signed.signature));
    assert_eq!(ground.count(USED).await, 1);

    let nobodys = Holder { organization: Some(BANK), ..SEAL };
    let missing = ground.authority.keyring().sign(nobodys, sealing_a_paper(), b"a paper", now()).await;
    assert!(matches!(missing, Err(KeyError::Missing)), "{missing:?}");
}

#[tokio::test]
async fn the_policy_of_a_key_is_kept_and_each_refusal_is_on_record() {
    let ground = Ground::founded().await;
    let person = Uuid::from_u128(5);
    let policy = AccessPolicy {
        allowed_user_ids: vec![person],
        max_uses_per_day: Some(2),
        require_mfa: true,
        ..AccessPolicy::of(&[Operation::SealPaper])
    };
    ground.seal_of(AUTHORITY, policy).await;
    let sign = async |operation, user, has_second_factor| {
        let purpose = Purpose { asked: Use { operation, user, has_second_factor }, about: Some(PAPER) };
        ground.authority.keyring().sign(SEAL, purpose, b"a paper", now()).await.map(|_| ())
    };
    let refused = async |operation, user, has_second_factor, refusal| {
        let answer = sign(operation, user, has_second_factor).await;
        assert!(matches!(&answer, Err(KeyError::Refused(why)) if *why == refusal), "{refusal:?}: {answer:?}");
    };
    refused(Operation::IssueCertificate, Some(person), true, Refusal::Operation).await;
    refused(Operation::SealPaper, Some(Uuid::from_u128(6)), true, Refusal::Person).await;
    refused(Operation::SealPaper, None, true, Refusal::Person).await;
    refused(Operation::SealPaper, Some(person), false, Refusal::SecondFactor).await;
    sign(Operation::SealPaper, Some(person), true).await.unwrap();
    sign(Operation::SealPaper, Some(person), true).await.unwrap();
    refused(Operation::SealPaper, Some(person), true, Refusal::TooOften).await;
    assert_eq!(ground.count(USED).await, 2);
    let refusals = "select count(*) from secure_audit_log where event_type = 'KEY_REFUSED' and result = 'failure'";
    assert_eq!(ground.count(refusals).await, 5);
    assert_eq!(
        ground
            .count(
                "select sum(use_count)::bigint from private_key_uses u
                             join private_keys k using (private_key_id) where k.organization_id is not null"
            )
            .await,
        2
    );
}

#[tokio::test]
async fn a_number_a_day_holds_when_many_come_at_once() {
    let ground = Ground::founded().await;
    ground.seal_of(AUTHORITY, AccessPolicy { max_uses_per_day: Some(5), ..sealing() }).await;
    let ground = std::sync::Arc::new(ground);
    let all: Vec<_> = (0..20)
        .map(|_| {
            let ground = std::sync::Arc::clone(&ground);
            tokio::spawn(async move {
                ground.authority.keyring().sign(SEAL, sealing_a_paper(), b"a paper", now()).await.is_ok()
            })
        })
        .collect();
    let mut signed = 0;
    for one in all {
        signed += usize::from(one.await.unwrap());
    }
    assert_eq!(signed, 5);
    assert_eq!(ground.count(USED).await, 5);
}

#[tokio::test]
async fn what_cannot_be_written_down_is_not_signed() {
    let ground = Ground::founded().await;
    ground.seal_of(AUTHORITY, sealing()).await;
    // As a full disk would have it.
    ground
        .tamper(
            "create function no_space() returns trigger language plpgsql as $$
             begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
             create trigger no_space before insert on secure_audit_log for each row execute function no_space()",
        )
        .await;
    let refused = ground.authority.keyring().sign(SEAL, sealing_a_paper(), b"a paper", now()).await;
    assert!(matches!(refused, Err(KeyError::Database(_))), "{refused:?}");
    assert_eq!(ground.count(USED).await, 0);
    ground.tamper("drop trigger no_space on secure_audit_log").await;
    ground.authority.keyring().sign(SEAL, sealing_a_paper(), b"a paper", now()).await.unwrap();
    assert_eq!(ground.count(USED).await, 1);
}

#[tokio::test]
async fn under_another_master_key_nothing_is_made_and_nothing_opens() {
    let ground = Ground::founded().await;
    ground.seal_of(AUTHORITY, sealing()).await;
    let other = Keyring::new(ground.pool.clone(), MasterKey::parse(&MasterKey::new_text()).unwrap());
    let made = other.new_key(SEAL, &sealing(), now()).await;
    assert!(matches!(made, Err(KeyError::OtherMaster)), "{made:?}");
    let signed = other.sign(SEAL, sealing_a_paper(), b"a paper", now()).await;
    assert!(matches!(signed, Err(KeyError::Unsealable(_))), "{signed:?}");
}
