//! What somebody might try who got at the database.

use jebena_signer::database;
use jebena_signer::keyring::{Holder, KeyError, Purpose};
use jebena_signer::policy::Operation;
use jebena_signer::x509::profile::Profile;
use sqlx::{Connection, PgConnection};

use crate::ground::{AUTHORITY, BANK, Ground, now, sealing};

fn seal_of(organization: uuid::Uuid) -> Holder {
    Holder { profile: Profile::OrganizationSeal, organization: Some(organization) }
}

async fn sign(ground: &Ground, organization: uuid::Uuid) -> Result<(), KeyError> {
    let purpose = Purpose::of_product(Operation::SealPaper, None);
    ground.authority.keyring().sign(seal_of(organization), purpose, b"a paper", now()).await.map(|_| ())
}

#[tokio::test]
async fn sealed_keys_that_change_places_raise_an_alarm_and_sign_nothing() {
    let ground = Ground::founded().await;
    ground.seal_of(AUTHORITY, sealing()).await;
    ground.seal_of(BANK, sealing()).await;
    sign(&ground, AUTHORITY).await.unwrap();
    // Everything that a row keeps of a key, under the other's id.
    ground
        .tamper(
            "update private_keys k set encrypted_key_material = o.encrypted_key_material, encryption_iv = o.encryption_iv,
                 encryption_auth_tag = o.encryption_auth_tag, encryption_key_id = o.encryption_key_id
             from private_keys o
             where k.profile = 'ORGANIZATION_SEAL' and o.profile = 'ORGANIZATION_SEAL' and k.private_key_id <> o.private_key_id",
        )
        .await;
    for organization in [AUTHORITY, BANK] {
        let refused = sign(&ground, organization).await;
        assert!(matches!(refused, Err(KeyError::Unsealable(_))), "{refused:?}");
    }
    let alarms =
        "select count(*) from secure_audit_log where event_type = 'KEY_DOES_NOT_OPEN' and severity = 'critical'";
    assert_eq!(ground.count(alarms).await, 2);
}

#[tokio::test]
async fn a_data_key_that_changes_its_organisation_or_version_opens_nothing() {
    let ground = Ground::founded().await;
    ground.seal_of(AUTHORITY, sealing()).await;
    for change in [
        "key_version = 2",
        "organization_id = gen_random_uuid()",
        "encrypted_key_material = sha256('x') || sha256('y')",
    ] {
        let change = change.replace("sha256('x') || sha256('y')", "substr(sha256('x') || sha256('y'), 1, 60)");
        ground.tamper("create table before as select * from encryption_keys").await;
        ground.tamper(&format!("update encryption_keys set {change} where organization_id = '{AUTHORITY}'")).await;
        let refused = sign(&ground, AUTHORITY).await;
        assert!(matches!(refused, Err(KeyError::Unsealable(_))), "{change}: {refused:?}");
        ground
            .tamper(
                "update encryption_keys k set key_version = b.key_version, organization_id = b.organization_id,
                     encrypted_key_material = b.encrypted_key_material from before b where b.key_id = k.key_id; drop table before",
            )
            .await;
        sign(&ground, AUTHORITY).await.unwrap();
    }
}

#[tokio::test]
async fn no_private_key_lies_in_the_clear() {
    let ground = Ground::founded().await;
    ground.seal_of(AUTHORITY, sealing()).await;
    // A P-256 key in PKCS#8 begins so, in whatever column.
    let plain = "select count(*) from private_keys where position('\\x30818702010030130607'::bytea in encrypted_key_material) > 0
                 or length(encrypted_key_material) < 100";
    assert_eq!(ground.count(plain).await, 0);
    let kinds = ground.count("select count(distinct substr(encrypted_key_material, 1, 8)) from private_keys").await;
    assert_eq!(kinds, ground.count("select count(*) from private_keys").await, "no two begin alike");
}

#[tokio::test]
async fn the_signers_login_takes_nothing_back() {
    let ground = Ground::founded().await;
    ground.seal_of(AUTHORITY, sealing()).await;
    let mut connection = PgConnection::connect_with(&ground.admin.clone().username(database::LOGIN)).await.unwrap();
    for statement in [
        "delete from secure_audit_log",
        "update secure_audit_log set severity = 'info'",
        "truncate secure_audit_log",
        "delete from certificates",
        "update certificates set der_encoded_cert = ''",
        "update certificates set not_after = now() + interval '100 years'",
        "delete from certificate_revocations",
        "update certificate_revocations set revocation_date = now()",
        "update private_keys set organization_id = null",
        "update private_keys set public_key_sha256 = sha256('x')",
        "delete from certificate_revocation_lists",
        "alter table secure_audit_log disable trigger all",
        "create table mine (a int)",
    ] {
        let refused = sqlx::query(statement).execute(&mut connection).await.unwrap_err();
        let code = refused.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
        assert_eq!(code.as_deref(), Some("42501"), "{statement}: {refused}");
    }
}

#[tokio::test]
async fn the_products_login_gets_in_nowhere() {
    let ground = Ground::founded().await;
    let mut server = PgConnection::connect_with(&ground.admin).await.unwrap();
    sqlx::raw_sql(
        "do $$ begin create role jebena_app login; exception when duplicate_object or unique_violation then null; end $$",
    )
    .execute(&mut server)
    .await
    .unwrap();
    let refused = PgConnection::connect_with(&ground.admin.clone().username("jebena_app")).await.unwrap_err();
    assert!(refused.to_string().contains("permission denied"), "{refused}");
    let grants: i64 = sqlx::query_scalar(
        "select count(*) from pg_class c cross join unnest(array['select', 'insert', 'update', 'delete']) as right_of
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')
           and has_table_privilege('jebena_app', c.oid, right_of)",
    )
    .fetch_one(&mut server)
    .await
    .unwrap();
    assert_eq!(grants, 0);
}

#[tokio::test]
async fn a_record_that_was_changed_or_shortened_in_the_middle_shows() {
    let ground = Ground::founded().await;
    assert_eq!(ground.authority.keyring().find_record_fault().await.unwrap(), None);
    ground.tamper("alter table secure_audit_log disable trigger all").await;
    ground.tamper("update secure_audit_log set severity = 'warning' where seq = 3").await;
    assert_eq!(ground.authority.keyring().find_record_fault().await.unwrap(), Some(3));
    ground.tamper("delete from secure_audit_log where seq = 3").await;
    assert_eq!(ground.authority.keyring().find_record_fault().await.unwrap(), Some(4));
}

#[tokio::test]
async fn a_record_whose_end_was_taken_away_shows_against_a_head_that_was_kept() {
    let ground = Ground::founded().await;
    let keyring = ground.authority.keyring();
    let kept = keyring.record_head().await.unwrap().unwrap();
    assert_eq!(kept.to_string().parse(), Ok(kept));
    ground.seal_of(AUTHORITY, sealing()).await;
    assert!(keyring.holds(kept).await.unwrap(), "more came behind it");
    ground
        .tamper(&format!(
            "alter table secure_audit_log disable trigger all; delete from secure_audit_log where seq >= {}",
            kept.seq
        ))
        .await;
    assert_eq!(keyring.find_record_fault().await.unwrap(), None, "by itself the rest is sound");
    assert!(!keyring.holds(kept).await.unwrap());
    assert!("12".parse::<jebena_signer::keyring::RecordHead>().is_err());
}

#[tokio::test]
async fn the_record_is_sound_however_many_write_at_once() {
    let ground = Ground::founded().await;
    let second = ground.second_authority();
    let organizations: Vec<uuid::Uuid> = (0..8).map(|number| uuid::Uuid::from_u128(0x100 + number)).collect();
    for organization in &organizations {
        ground.seal_of(*organization, sealing()).await;
    }
    let purpose = Purpose::of_product(Operation::SealPaper, None);
    let all = futures::future::join_all((0..160).map(|number: usize| {
        let keyring = if number.is_multiple_of(2) { ground.authority.keyring() } else { second.keyring() };
        keyring.sign(seal_of(organizations[number % 8]), purpose, b"a paper", now())
    }));
    assert!(all.await.iter().all(Result::is_ok));
    assert_eq!(ground.authority.keyring().find_record_fault().await.unwrap(), None);
    assert_eq!(ground.count("select max(seq) - count(*) from secure_audit_log").await, 0, "no number is left out");
}
