//! The lists of what was revoked.

use der::Decode;
use futures::future::join_all;
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::profile::Profile;
use x509_cert::crl::CertificateList;

use crate::ground::{AUTHORITY, Ground, now, sealing};
use crate::outside::{Desk, openssl};

async fn read(ground: &Ground, is_delta: bool) -> CertificateList {
    let der = ground.authority.newest_list(Profile::IssuingCa, is_delta, now()).await.unwrap().unwrap();
    CertificateList::from_der(&der).unwrap()
}

fn serials(list: &CertificateList) -> usize {
    list.tbs_cert_list.revoked_certificates.as_ref().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_full_list_has_all_and_a_delta_list_what_changed() {
    let ground = Ground::founded().await;
    assert_eq!(serials(&read(&ground, false).await), 0);
    let first = ground.seal_of(AUTHORITY, sealing()).await;
    let second = ground.seal_of(AUTHORITY, sealing()).await;
    ground.authority.revoke(first.certificate_id, Reason::CertificateHold, None, None, now()).await.unwrap();
    assert_eq!((serials(&read(&ground, false).await), serials(&read(&ground, true).await)), (1, 1));
    ground.authority.revoke(second.certificate_id, Reason::Unspecified, None, None, now()).await.unwrap();
    assert_eq!((serials(&read(&ground, false).await), serials(&read(&ground, true).await)), (2, 1));
    // A hold that was lifted is taken off by the delta list (removeFromCRL).
    ground.authority.reinstate(first.certificate_id, None, now()).await.unwrap();
    assert_eq!((serials(&read(&ground, false).await), serials(&read(&ground, true).await)), (1, 1));
    let desk = Desk::new();
    let der = ground.authority.newest_list(Profile::IssuingCa, true, now()).await.unwrap().unwrap();
    let path = desk.lists("delta.crl", &[&der]);
    let (_, told) = openssl(&["crl", "-in", path.to_str().unwrap(), "-noout", "-text"]);
    assert!(told.contains("Remove From CRL") && told.contains("Delta CRL Indicator"), "{told}");
}

/// What an issuer wrote down with a clock that was behind, or began before the list was published and ended after it.
#[tokio::test]
async fn a_delta_list_has_what_the_full_one_before_has_not_whatever_the_clocks_said() {
    let ground = Ground::founded().await;
    let seal = ground.seal_of(AUTHORITY, sealing()).await;
    let an_hour_ago = |reason: &str| {
        format!(
            "insert into certificate_revocations (revocation_id, certificate_id, revocation_date, revocation_reason)
             values (gen_random_uuid(), '{}', now() - interval '1 hour', '{reason}')",
            seal.certificate_id
        )
    };
    ground.tamper(&an_hour_ago("certificate_hold")).await;
    ground.authority.publish_lists(now()).await.unwrap();
    assert_eq!((serials(&read(&ground, false).await), serials(&read(&ground, true).await)), (1, 1));
    // The hold is on the full list before, and made final.
    let lifted = "update certificate_revocations set lifted_at = now() - interval '1 hour'";
    ground.tamper(&format!("{lifted}; {}", an_hour_ago("key_compromise"))).await;
    ground.authority.publish_lists(now()).await.unwrap();
    assert_eq!((serials(&read(&ground, false).await), serials(&read(&ground, true).await)), (1, 1));
    ground.authority.publish_lists(now()).await.unwrap();
    assert_eq!((serials(&read(&ground, false).await), serials(&read(&ground, true).await)), (1, 0));
}

#[tokio::test]
async fn a_hold_that_no_full_list_had_is_taken_off_none() {
    let ground = Ground::founded().await;
    let seal = ground.seal_of(AUTHORITY, sealing()).await;
    // Suspended and let go again between two lists: the one before has nothing of it.
    ground
        .tamper(&format!(
            "insert into certificate_revocations (revocation_id, certificate_id, revocation_date, revocation_reason, lifted_at)
             values (gen_random_uuid(), '{}', now(), 'certificate_hold', now() + interval '1 second')",
            seal.certificate_id
        ))
        .await;
    ground.authority.publish_lists(now()).await.unwrap();
    assert_eq!((serials(&read(&ground, false).await), serials(&read(&ground, true).await)), (0, 0));
}

#[tokio::test]
async fn lists_catch_up_with_a_revocation_whose_process_was_killed() {
    let ground = Ground::founded().await;
    let seal = ground.seal_of(AUTHORITY, sealing()).await;
    assert!(!ground.authority.catch_up(now()).await.unwrap());
    let insert = format!(
        "insert into certificate_revocations (revocation_id, certificate_id, revocation_date, revocation_reason)
         values (gen_random_uuid(), '{}', now() - interval '1 hour', 'certificate_hold')",
        seal.certificate_id
    );
    ground.tamper(&insert).await;
    assert!(ground.authority.catch_up(now()).await.unwrap());
    assert_eq!(serials(&read(&ground, false).await), 1);
    assert!(!ground.authority.catch_up(now()).await.unwrap());
    ground.tamper("update certificate_revocations set lifted_at = now()").await;
    assert!(ground.authority.catch_up(now()).await.unwrap());
    assert_eq!(serials(&read(&ground, false).await), 0);
}

#[tokio::test]
async fn lists_are_numbered_without_a_gap_even_when_many_are_published_at_once() {
    let ground = Ground::founded().await;
    // More than there are connections.
    let all = join_all((0..20).map(|_| ground.authority.publish_lists(now()))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let gaps = "select count(*) from (
                    select crl_number - row_number() over (partition by issuer_certificate_id order by crl_number) as gap
                    from certificate_revocation_lists) as numbered where gap <> 0";
    assert_eq!(ground.count(gaps).await, 0);
}
