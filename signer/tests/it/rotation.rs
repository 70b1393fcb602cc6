//! Keys that are replaced while others sign, and by processes that are killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use jebena_signer::authority::{Authority, Issued};
use jebena_signer::database;
use jebena_signer::envelope::MasterKey;
use jebena_signer::keyring::{Holder, KeyError, Keyring, Purpose};
use jebena_signer::policy::Operation;
use jebena_signer::rotation::{Kind, Rotation, RotationError, What, Why};
use jebena_signer::x509::profile::Profile;
use uuid::Uuid;

use crate::ground::{AUTHORITY, BANK, Ground, now, places, sealing};
use crate::outside::{Desk, verify};

const WHY: Why<'static> = Why { kind: Kind::Scheduled, reason: "a year has passed", by: None };

fn seal_of(organization: Uuid) -> Holder {
    Holder { profile: Profile::OrganizationSeal, organization: Some(organization) }
}

async fn sign(keyring: &Keyring, organization: Uuid) -> Result<(), KeyError> {
    let purpose = Purpose::of_product(Operation::SealPaper, None);
    keyring.sign(seal_of(organization), purpose, b"a paper", now()).await.map(|_| ())
}

fn under(ground: &Ground, master: &str) -> Authority {
    let pool = database::open(ground.admin.clone().username(database::LOGIN));
    Authority::new(Keyring::new(pool, MasterKey::parse(master).unwrap()), places())
}

/// Keys of an organisation that no certificate is needed for.
async fn make_keys(ground: &Ground, organization: Uuid, number: usize) {
    for _ in 0..number {
        ground.authority.keyring().new_key(seal_of(organization), &sealing(), now()).await.unwrap();
    }
}

/// Every key proves itself.
async fn every_key_signs(ground: &Ground, keyring: &Keyring) {
    ground
        .tamper("update private_keys set access_policy = jsonb_set(access_policy, '{allowed_operations}', '[\"prove_itself\", \"seal_paper\"]')
                 where profile = 'ORGANIZATION_SEAL'")
        .await;
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select private_key_id from private_keys where profile = 'ORGANIZATION_SEAL' and deleted_at is null",
    )
    .fetch_all(&ground.pool)
    .await
    .unwrap();
    for id in ids {
        keyring.sign_with(id, Purpose::of_product(Operation::ProveItself, None), b"x", now()).await.unwrap();
    }
}

async fn history(ground: &Ground) -> (i32, i32, i32, String) {
    sqlx::query_as(
        "select items_total, items_re_encrypted, items_failed, rotation_status from key_rotation_history
         order by started_at desc limit 1",
    )
    .fetch_one(&ground.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn the_master_key_is_replaced_while_papers_are_sealed() {
    let ground = Arc::new(Ground::founded().await);
    for organization in [AUTHORITY, BANK] {
        ground.seal_of(organization, sealing()).await;
    }
    let new = MasterKey::new_text();
    let both = under(&ground, &format!("{}\n{}", *new, ground.master));
    // Prepared, and not begun: what is new is still sealed under the old one.
    both.keyring().new_key(seal_of(Uuid::from_u128(3)), &sealing(), now()).await.unwrap();
    sign(both.keyring(), AUTHORITY).await.unwrap();
    let alone = ground.authority.keyring().begin_rotation(What::Master, &WHY, now()).await;
    assert!(matches!(alone, Err(RotationError::OneKey | RotationError::Done)), "{alone:?}");

    let (stop, signed) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
    let signing = {
        let (ground, stop, signed, new) = (ground.clone(), stop.clone(), signed.clone(), new.to_string());
        tokio::spawn(async move {
            let both = under(&ground, &format!("{new}\n{}", ground.master));
            while !stop.load(Ordering::Relaxed) {
                sign(both.keyring(), AUTHORITY).await.unwrap();
                signed.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    let mut rotation = both.keyring().begin_rotation(What::Master, &WHY, now()).await.unwrap();
    // Between two batches the process is killed; the next one goes on.
    assert!(!both.keyring().rotate_batch(&mut rotation, 2, now()).await.unwrap().is_finished);
    drop(rotation);
    both.keyring().new_key(seal_of(Uuid::from_u128(4)), &sealing(), now()).await.unwrap();
    let mut told = 0;
    let done = both.keyring().rotate(What::Master, &WHY, now, |_| told += 1).await.unwrap();
    assert!(done.is_finished && done.failed == 0 && done.done == done.total && told > 0, "{done:?}");
    while signed.load(Ordering::Relaxed) < 3 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stop.store(true, Ordering::Relaxed);
    signing.await.unwrap();

    let left = "select count(*) from encryption_keys d join encryption_keys m on m.key_id = d.wrapped_by
                where m.key_status <> 'active'";
    assert_eq!(ground.count(left).await, 0);
    assert_eq!(
        ground.count("select count(*) from encryption_keys where key_type = 'master' and key_status = 'retired'").await,
        1
    );
    let again = both.keyring().begin_rotation(What::Master, &WHY, now()).await;
    assert!(matches!(again, Err(RotationError::Done)), "{again:?}");
    // The old one opens nothing any more, and the new one does without it.
    assert!(sign(ground.authority.keyring(), AUTHORITY).await.is_err());
    let alone = under(&ground, &new);
    sign(alone.keyring(), BANK).await.unwrap();
    every_key_signs(&ground, alone.keyring()).await;
    assert_eq!(alone.keyring().find_record_fault().await.unwrap(), None);
}

#[tokio::test]
async fn a_data_key_is_replaced_by_processes_that_are_killed_at_any_point() {
    let ground = Arc::new(Ground::founded().await);
    ground.seal_of(AUTHORITY, sealing()).await;
    make_keys(&ground, AUTHORITY, 60).await;
    let what = What::Data(Some(AUTHORITY));
    let mut kills = 0_u64;
    // Each process lives a little longer than the one before.
    while history_or_none(&ground).await.is_none_or(|(_, _, _, status)| status == "in_progress") {
        let ground = Arc::clone(&ground);
        let process = tokio::spawn(async move {
            let own = ground.second_authority();
            let mut rotation: Rotation = own.keyring().begin_rotation(what, &WHY, now()).await.unwrap();
            while !own.keyring().rotate_batch(&mut rotation, 3, now()).await.unwrap().is_finished {}
        });
        tokio::time::sleep(Duration::from_millis(15 + 3 * kills)).await;
        process.abort();
        let _ = process.await;
        kills += 1;
    }
    assert!(kills > 1, "it was never killed");
    assert_eq!(history(&ground).await, (61, 61, 0, "completed".to_owned()));
    let left = format!(
        "select count(*) from private_keys k join encryption_keys d on d.key_id = k.encryption_key_id
                        where d.organization_id = '{AUTHORITY}' and d.key_version <> 2"
    );
    assert_eq!(ground.count(&left).await, 0);
    every_key_signs(&ground, ground.authority.keyring()).await;
    assert_eq!(ground.authority.keyring().find_record_fault().await.unwrap(), None);
}

async fn history_or_none(ground: &Ground) -> Option<(i32, i32, i32, String)> {
    let any = ground.count("select count(*) from key_rotation_history").await > 0;
    if any { Some(history(ground).await) } else { None }
}

#[tokio::test]
async fn the_database_may_go_away_in_the_middle_and_two_may_rotate_at_once() {
    let ground = Arc::new(Ground::founded().await);
    make_keys(&ground, BANK, 30).await;
    let what = What::Data(Some(BANK));
    let mut rotation = ground.authority.keyring().begin_rotation(what, &WHY, now()).await.unwrap();
    ground.authority.keyring().rotate_batch(&mut rotation, 5, now()).await.unwrap();
    ground.cut_off(true).await;
    assert!(ground.authority.keyring().rotate_batch(&mut rotation, 5, now()).await.is_err());
    ground.cut_off(false).await;
    assert_eq!(history(&ground).await.1, 5);
    let both = (0..2).map(|_| {
        let ground = Arc::clone(&ground);
        tokio::spawn(async move {
            let own = ground.second_authority();
            let mut rotation = own.keyring().begin_rotation(what, &WHY, now()).await.unwrap();
            while !own.keyring().rotate_batch(&mut rotation, 2, now()).await.unwrap().is_finished {}
        })
    });
    for one in both.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(history(&ground).await, (30, 30, 0, "completed".to_owned()));
    assert_eq!(
        ground.count("select count(*) from secure_audit_log where event_type = 'KEY_ROTATION_COMPLETED'").await,
        1
    );
}

#[tokio::test]
async fn a_key_that_does_not_open_keeps_the_old_one_and_is_on_record() {
    let ground = Ground::founded().await;
    make_keys(&ground, BANK, 4).await;
    ground.tamper("create table before as select * from private_keys").await;
    let spoilt = format!(
        "organization_id = '{BANK}' and private_key_id = (select min(private_key_id::text)::uuid from private_keys
                          where organization_id = '{BANK}')"
    );
    ground
        .tamper(&format!(
            "update private_keys set encryption_auth_tag = decode(repeat('00', 16), 'hex') where {spoilt}"
        ))
        .await;
    let what = What::Data(Some(BANK));
    let failed = ground.authority.keyring().rotate(what, &WHY, now, |_| ()).await;
    assert!(matches!(failed, Err(RotationError::Left(1))), "{failed:?}");
    assert_eq!(history(&ground).await, (4, 3, 1, "failed".to_owned()));
    let alarms =
        "select count(*) from secure_audit_log where event_type = 'KEY_DOES_NOT_OPEN' and severity = 'critical'";
    assert_eq!(ground.count(alarms).await, 1);
    assert_eq!(ground.count("select count(*) from encryption_keys where key_status = 'rotating'").await, 1);
    // Mended, it goes on with what was left.
    ground
        .tamper("update private_keys k set encryption_auth_tag = b.encryption_auth_tag from before b
                 where b.private_key_id = k.private_key_id and b.encryption_key_id = k.encryption_key_id; drop table before")
        .await;
    let done = ground.authority.keyring().rotate(what, &WHY, now, |_| ()).await.unwrap();
    assert!(done.is_finished && (done.total, done.done) == (1, 1), "{done:?}");
    assert_eq!(ground.count("select count(*) from encryption_keys where key_status = 'rotating'").await, 0);
    every_key_signs(&ground, ground.authority.keyring()).await;
    let nobody = ground.authority.keyring().begin_rotation(What::Data(Some(Uuid::from_u128(9))), &WHY, now()).await;
    assert!(matches!(nobody, Err(RotationError::Missing)), "{nobody:?}");
}

#[tokio::test]
async fn in_an_emergency_keys_and_certificates_are_replaced_wherever_it_is_broken_off() {
    let ground = Ground::founded().await;
    let mut old: Vec<Issued> = Vec::new();
    for _ in 0..2 {
        old.push(ground.seal_of(AUTHORITY, sealing()).await);
    }
    let other = ground.seal_of(BANK, sealing()).await;
    let desk = Desk::new();
    let root = desk.certificates("root.pem", &[&ground.issued(Profile::RootCa).await]);
    let issuing = desk.certificates("ca.pem", &[&ground.issued(Profile::IssuingCa).await]);
    let from = now() - chrono::Duration::minutes(5);
    let late =
        ground.authority.replace_keys(AUTHORITY, ("lost", None), now() + chrono::Duration::hours(1), now, |_| ()).await;
    assert!(matches!(late, Err(RotationError::Authority(_))), "{late:?}");

    // Killed after a while, again and again.
    let mut kills = 0_u64;
    while history_or_none(&ground).await.is_none_or(|(_, _, _, status)| status == "in_progress") {
        let work = ground.authority.replace_keys(AUTHORITY, ("a stolen disk", None), from, now, |_| ());
        let _ = tokio::time::timeout(Duration::from_millis(20 + 10 * kills), work).await;
        kills += 1;
    }
    assert!(kills > 1);
    assert_eq!(history(&ground).await.3, "completed");
    let purpose = Purpose::of_product(Operation::SealPaper, None);
    let signed = ground.authority.keyring().sign(seal_of(AUTHORITY), purpose, b"a paper", now()).await.unwrap();
    let list = async |profile| ground.authority.newest_list(profile, false, now()).await.unwrap().unwrap();
    let lists = desk.lists("all.crl", &[&list(Profile::RootCa).await, &list(Profile::IssuingCa).await]);
    for one in &old {
        assert_ne!(signed.certificate.as_ref(), Some(&one.der));
        let told = verify(&desk, &root, &issuing, &lists, &desk.certificates("old.pem", &[&one.der]));
        assert!(!told.0 && told.1.contains("revoked"), "{}", told.1);
    }
    for good in [signed.certificate.as_ref().unwrap(), &other.der] {
        let told = verify(&desk, &root, &issuing, &lists, &desk.certificates("good.pem", &[good]));
        assert!(told.0, "{}", told.1);
    }
    let of = |condition: &str| {
        format!(
            "select count(*) from certificate_revocations r join certificates c using (certificate_id)
                                        where c.organization_id = '{AUTHORITY}' and {condition}"
        )
    };
    assert_eq!(
        ground.count(&of("r.revocation_reason = 'key_compromise' and r.invalidity_date < r.revocation_date")).await,
        2
    );
    let standing =
        format!("select count(*) from certificates where organization_id = '{AUTHORITY}' and status = 'active'");
    assert_eq!(ground.count(&standing).await, 1, "one stands in the stead of both");
    let material = format!(
        "select count(*) from private_keys where organization_id = '{AUTHORITY}' and deleted_at is not null
                            and encrypted_key_material is null"
    );
    assert_eq!(ground.count(&material).await, 2);
    assert_eq!(ground.count("select count(*) from encryption_keys where key_status = 'revoked'").await, 1);
    assert_eq!(ground.authority.keyring().find_record_fault().await.unwrap(), None);
}
