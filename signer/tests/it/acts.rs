//! What becomes of a certificate and its key: by whom it is decided, that it is done once, and that it is on record before it is.

use chrono::Duration;
use jebena_signer::authority::{Act, ActError, Approval, ApprovalFault, What};
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::protocol::Passphrase;
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::profile::Profile;
use uuid::Uuid;

use crate::ground::{AUTHORITY, BANK, Ground, PLAN, now, sealing};
use crate::outside::{Desk, openssl};

const REQUESTER: Uuid = Uuid::from_u128(100);
const FIRST: Uuid = Uuid::from_u128(101);
const SECOND: Uuid = Uuid::from_u128(102);
const CUSTOMS: Uuid = Uuid::from_u128(7);
const SHIPPING: Uuid = Uuid::from_u128(8);

const REVOKE: What = What::Revoke { reason: Reason::KeyCompromise, invalid_from: None };
const EXPORT: What = What::ExportKey {};

/// An act that the authority asks for, of its own certificate.
fn asked(certificate_id: Uuid, what: What) -> Act {
    Act {
        act_id: Uuid::now_v7(),
        certificate_id,
        what,
        requester: REQUESTER,
        organization: AUTHORITY,
        rule: 1,
        requested_at: now(),
    }
}

fn approval(act: &Act, approver: Uuid, organization: Uuid) -> Approval {
    Approval { approval_id: Uuid::now_v7(), approver, organization, digest: act.digest() }
}

fn passphrase() -> Passphrase {
    Passphrase::new("open for nobody else".to_owned())
}

async fn act(ground: &Ground, act: &Act, approvals: &[Approval]) -> Result<Option<Vec<u8>>, ActError> {
    ground.authority.act(act, approvals, Some(&passphrase()), now()).await
}

async fn status(ground: &Ground, certificate: Uuid) -> String {
    sqlx::query_scalar("select status from certificates where certificate_id = $1")
        .bind(certificate)
        .fetch_one(&ground.pool)
        .await
        .unwrap()
}

fn fault(answer: Result<Option<Vec<u8>>, ActError>) -> ApprovalFault {
    match answer {
        Err(ActError::NotApproved(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

const REFUSED: &str = "select count(*) from secure_audit_log where event_type = 'ACT_REFUSED' and result = 'failure'";

#[tokio::test]
async fn one_suspends_and_two_reinstate_and_revoke() {
    let ground = Ground::founded().await;
    let id = ground.seal_of(AUTHORITY, sealing()).await.certificate_id;
    let suspend = asked(id, What::Suspend {});
    assert!(act(&ground, &suspend, &[]).await.unwrap().is_none());
    assert_eq!(status(&ground, id).await, "suspended");
    // The same once more, as after a connection that broke.
    act(&ground, &suspend, &[]).await.unwrap();
    let again = asked(id, What::Suspend {});
    assert!(matches!(act(&ground, &again, &[]).await, Err(ActError::State(_))));

    let reinstate = asked(id, What::Reinstate {});
    assert_eq!(fault(act(&ground, &reinstate, &[]).await), ApprovalFault::TooFew(1));
    act(&ground, &reinstate, &[approval(&reinstate, FIRST, BANK)]).await.unwrap();
    assert_eq!(status(&ground, id).await, "active");
    // What was done is not undone by doing it again later.
    act(&ground, &asked(id, What::Suspend {}), &[]).await.unwrap();
    act(&ground, &reinstate, &[]).await.unwrap();
    assert_eq!(status(&ground, id).await, "suspended");

    let earlier = now() - Duration::hours(1);
    let revoke = asked(id, What::Revoke { reason: Reason::Superseded, invalid_from: Some(earlier) });
    act(&ground, &revoke, &[approval(&revoke, FIRST, BANK)]).await.unwrap();
    act(&ground, &revoke, &[]).await.unwrap();
    assert_eq!(status(&ground, id).await, "revoked");
    let of_it = format!("select count(*) from certificate_revocations where certificate_id = '{id}'");
    assert_eq!(ground.count(&of_it).await, 3, "two suspensions and one revocation");
    assert_eq!(ground.count("select count(*) from certificate_acts where done_at is null").await, 0);
    for what in [What::Suspend {}, What::Reinstate {}, REVOKE, EXPORT] {
        let late = asked(id, what);
        let given = [approval(&late, FIRST, BANK), approval(&late, SECOND, CUSTOMS)];
        assert!(matches!(act(&ground, &late, &given).await, Err(ActError::State(_))), "{what:?}");
    }
}

#[tokio::test]
async fn an_authority_may_ask_for_anothers_and_nobody_for_the_consortiums() {
    let ground = Ground::empty().await;
    let named = format!(
        "{PLAN}\n[approval]\nneeded = 2\nby = {{ ECTA = '{AUTHORITY}', NBE = '{BANK}', CUSTOMS = '{CUSTOMS}' }}\n"
    );
    ceremony::hold(&ground.authority, &Plan::parse(&named).unwrap(), now()).await.unwrap();
    let rule: i32 =
        sqlx::query_scalar("select max(version) from approval_rules").fetch_one(&ground.pool).await.unwrap();
    let id = ground.seal_of(SHIPPING, sealing()).await.certificate_id;
    let by_authority = Act { rule, ..asked(id, What::Suspend {}) };
    act(&ground, &by_authority, &[]).await.unwrap();
    assert_eq!(status(&ground, id).await, "suspended");
    let by_holder = Act { rule, organization: SHIPPING, ..asked(id, REVOKE) };
    act(&ground, &by_holder, &[approval(&by_holder, FIRST, BANK)]).await.unwrap();
    assert_eq!(status(&ground, id).await, "revoked");

    let other = ground.seal_of(AUTHORITY, sealing()).await.certificate_id;
    let stranger = Act { rule, organization: SHIPPING, ..asked(other, What::Suspend {}) };
    assert!(matches!(act(&ground, &stranger, &[]).await, Err(ActError::NotTheirs)));
    // Nobody takes another's key out, whoever approves.
    let key = Act { rule, organization: BANK, ..asked(other, EXPORT) };
    let given = [approval(&key, FIRST, CUSTOMS), approval(&key, SECOND, SHIPPING)];
    assert!(matches!(act(&ground, &key, &given).await, Err(ActError::NotTheirs)));
    let own: Uuid = sqlx::query_scalar("select certificate_id from certificates where profile = $1")
        .bind(Profile::IssuingCa.code())
        .fetch_one(&ground.pool)
        .await
        .unwrap();
    let of_authority = Act { rule, ..asked(own, What::Suspend {}) };
    assert!(matches!(act(&ground, &of_authority, &[]).await, Err(ActError::NotTheirs)));
    assert_eq!(ground.count(REFUSED).await, 3);
}

#[tokio::test]
async fn approvals_that_are_not_enough_change_nothing_and_are_on_record() {
    let ground = Ground::founded().await;
    let id = ground.seal_of(AUTHORITY, sealing()).await.certificate_id;
    let export = asked(id, EXPORT);
    let mut refused = 0;
    for (given, expected) in [
        (vec![], ApprovalFault::TooFew(2)),
        (vec![approval(&export, FIRST, BANK)], ApprovalFault::TooFew(2)),
        (vec![approval(&export, REQUESTER, BANK)], ApprovalFault::Requester),
        (vec![approval(&export, FIRST, AUTHORITY)], ApprovalFault::OwnOrganization),
        (vec![approval(&export, FIRST, BANK), approval(&export, FIRST, CUSTOMS)], ApprovalFault::SamePerson),
        (vec![approval(&export, FIRST, BANK), approval(&export, SECOND, BANK)], ApprovalFault::SameOrganization),
        (vec![approval(&asked(id, EXPORT), FIRST, BANK)], ApprovalFault::OtherDigest),
        (vec![Approval { digest: [7; 32], ..approval(&export, FIRST, BANK) }], ApprovalFault::OtherDigest),
    ] {
        assert_eq!(fault(act(&ground, &export, &given).await), expected);
        refused += 1;
    }
    // For somebody else's certificate the asking organisation does not approve either.
    let of_bank = ground.seal_of(BANK, sealing()).await.certificate_id;
    let revoke = asked(of_bank, REVOKE);
    for organization in [AUTHORITY, BANK] {
        let given = [approval(&revoke, FIRST, organization)];
        assert_eq!(fault(act(&ground, &revoke, &given).await), ApprovalFault::OwnOrganization);
        refused += 1;
    }
    let given = [approval(&revoke, FIRST, CUSTOMS)];
    act(&ground, &revoke, &given).await.unwrap();

    // An approval counts once, and for what it was of.
    let suspended = ground.seal_of(AUTHORITY, sealing()).await.certificate_id;
    let next = asked(suspended, REVOKE);
    let replayed = [Approval { digest: next.digest(), ..given[0] }];
    assert_eq!(fault(act(&ground, &next, &replayed).await), ApprovalFault::Replayed);
    let other = Act { what: What::Suspend {}, ..revoke };
    assert!(matches!(act(&ground, &other, &[]).await, Err(ActError::Changed)));
    let late = Act { requested_at: now() - Duration::days(31), ..asked(id, What::Suspend {}) };
    assert!(matches!(act(&ground, &late, &[]).await, Err(ActError::Over)));
    let under_another = Act { rule: 2, ..asked(id, What::Suspend {}) };
    assert!(matches!(act(&ground, &under_another, &[]).await, Err(ActError::OtherRule)));
    let of_an_authority = What::Revoke { reason: Reason::CaCompromise, invalid_from: None };
    let wrong = asked(id, of_an_authority);
    let given = [approval(&wrong, FIRST, BANK)];
    assert!(matches!(act(&ground, &wrong, &given).await, Err(ActError::Reason)));
    refused += 5;
    assert_eq!(status(&ground, id).await, "active");
    assert_eq!(ground.count(REFUSED).await, refused);
    assert_eq!(ground.count("select count(*) from private_keys where is_exportable").await, 0);
    assert_eq!(ground.authority.keyring().find_record_fault().await.unwrap(), None);
}

#[tokio::test]
async fn the_database_holds_the_rules_as_well() {
    let ground = Ground::founded().await;
    let id = ground.seal_of(AUTHORITY, sealing()).await.certificate_id;
    let export = asked(id, EXPORT);
    let (act_id, digest) = (export.act_id, hex::encode(export.digest()));
    let row = format!(
        "insert into certificate_acts (act_id, certificate_id, kind, requester_user_id, requester_organization_id, approval_rule,
             digest, requested_at, approved_at)
         values ('{act_id}', '{id}', 'export_key', '{REQUESTER}', '{AUTHORITY}', 1, '\\x{digest}', now(), now());"
    );
    let approve = |approver: Uuid, organization: Uuid| {
        format!(
            "insert into certificate_act_approvals values ('{}', '{act_id}', '{approver}', '{organization}', '\\x{digest}', now());",
            Uuid::now_v7()
        )
    };
    let own = "who asks, and whose certificate it is, does not approve";
    for (more, expected) in [
        (approve(REQUESTER, BANK), own),
        (approve(FIRST, AUTHORITY), own),
        (approve(FIRST, BANK) + &approve(FIRST, CUSTOMS), "certificate_act_approvals_person"),
        (approve(FIRST, BANK) + &approve(SECOND, BANK), "certificate_act_approvals_organization"),
        (approve(FIRST, BANK) + "update certificate_acts set done_at = now();", "fewer approved than have to"),
        (approve(FIRST, BANK) + "update certificate_act_approvals set approver_user_id = act_id;", "is refused"),
    ] {
        let said = ground.refused(&format!("begin; {row} {more} commit;")).await;
        assert!(said.contains(expected), "{more}: {said}");
    }
}

#[tokio::test]
async fn a_key_leaves_once_under_a_passphrase_and_openssl_and_nss_read_it() {
    let ground = Ground::founded().await;
    let issued = ground.seal_of(AUTHORITY, sealing()).await;
    let export = asked(issued.certificate_id, EXPORT);
    let given = [approval(&export, FIRST, BANK), approval(&export, SECOND, CUSTOMS)];
    let without = ground.authority.act(&export, &given, None, now()).await;
    assert!(matches!(without, Err(ActError::NoPassphrase)));
    let file = act(&ground, &export, &given).await.unwrap().unwrap();
    // Nobody knows who has the first.
    for again in [&given[..], &[]] {
        assert!(matches!(act(&ground, &export, again).await, Err(ActError::Spent)));
    }
    let on_record = "select count(*) from secure_audit_log l join private_keys k on k.private_key_id = l.resource_id
        where l.event_type = 'KEY_HANDED_OUT' and l.user_id = '00000000-0000-0000-0000-000000000064' and k.is_exportable";
    assert_eq!(ground.count(on_record).await, 1);

    let desk = Desk::new();
    let (path, key) = (desk.bytes("seal.p12", &file), desk.path("key.pem"));
    let (path, key) = (path.to_str().unwrap(), key.to_str().unwrap());
    let open = |path: &str, word: &str, more: &[&str]| {
        openssl(&[&["pkcs12", "-in", path, "-passin", &format!("pass:{word}")], more].concat())
    };
    let (is_open, told) = open(path, "open for nobody else", &["-info", "-nodes", "-out", key]);
    assert!(is_open, "{told}");
    assert!(told.contains("MAC: sha256, Iteration 600000"), "{told}");
    assert!(told.contains("PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256"), "{told}");
    let text = std::fs::read_to_string(key).unwrap();
    assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 3, "{text}");
    // The key is that of the certificate, which stands first.
    let certificate = desk.certificates("leaf.pem", &[&issued.der]);
    let of_certificate = openssl(&["x509", "-in", certificate.to_str().unwrap(), "-noout", "-pubkey"]);
    let of_key = openssl(&["pkey", "-in", key, "-pubout"]);
    assert!(of_key.0 && of_key.1.contains(of_certificate.1.trim()), "{} {}", of_key.1, of_certificate.1);
    let first = openssl(&["x509", "-in", key, "-noout", "-pubkey"]);
    assert_eq!(first.1, of_certificate.1);
    let listed = std::process::Command::new("pk12util")
        .args(["-l", path, "-W", "open for nobody else", "-d", desk.path("").to_str().unwrap()])
        .output()
        .unwrap();
    let told = format!("{}{}", String::from_utf8_lossy(&listed.stdout), String::from_utf8_lossy(&listed.stderr));
    assert!(listed.status.success() && told.contains("Seal of the Coffee Authority"), "{told}");

    assert!(!open(path, "open for somebody else", &["-noout"]).0);
    let mut tampered = file.clone();
    let middle = tampered.len() / 2;
    tampered[middle] ^= 1;
    let tampered = desk.bytes("tampered.p12", &tampered);
    assert!(!open(tampered.to_str().unwrap(), "open for nobody else", &["-noout"]).0);
    // The key still signs here, and no dump of the file or the database has it in the clear.
    let der = openssl(&["pkey", "-in", key, "-outform", "DER", "-out", desk.path("key.der").to_str().unwrap()]);
    assert!(der.0);
    let secret = &std::fs::read(desk.path("key.der")).unwrap()[36..68];
    assert!(!file.windows(32).any(|part| part == secret));
}

#[tokio::test]
async fn what_cannot_be_written_down_hands_out_no_key() {
    let ground = Ground::founded().await;
    let id = ground.seal_of(AUTHORITY, sealing()).await.certificate_id;
    let export = asked(id, EXPORT);
    let given = [approval(&export, FIRST, BANK), approval(&export, SECOND, CUSTOMS)];
    ground
        .tamper(
            "create function refuse_handing_out() returns trigger language plpgsql as
                 $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;
             create trigger full_disk before insert on secure_audit_log for each row
                 when (new.event_type = 'KEY_HANDED_OUT') execute function refuse_handing_out()",
        )
        .await;
    assert!(matches!(act(&ground, &export, &given).await, Err(ActError::Authority(_))));
    assert_eq!(ground.count("select count(*) from private_keys where is_exportable").await, 0);
    // It was approved and not spent: when there is room again, it goes on.
    ground.tamper("drop trigger full_disk on secure_audit_log").await;
    assert!(act(&ground, &export, &[]).await.unwrap().is_some());

    // A key that somebody has changed is an alarm, and leaves nothing behind but that it was asked for.
    let other = ground.seal_of(AUTHORITY, sealing()).await.certificate_id;
    ground
        .tamper(&format!(
            "update private_keys set encryption_iv = '\\x000102030405060708090a0b' where certificate_id = '{other}'"
        ))
        .await;
    let export = asked(other, EXPORT);
    let given = [approval(&export, FIRST, BANK), approval(&export, SECOND, CUSTOMS)];
    assert!(matches!(act(&ground, &export, &given).await, Err(ActError::Authority(_))));
    let alarms =
        "select count(*) from secure_audit_log where event_type = 'KEY_DOES_NOT_OPEN' and severity = 'critical'";
    assert_eq!(ground.count(alarms).await, 1);
}

#[tokio::test]
async fn what_was_counted_is_not_called_done_when_something_else_became_of_it() {
    let ground = Ground::founded().await;
    let id = ground.seal_of(AUTHORITY, sealing()).await.certificate_id;
    act(&ground, &asked(id, What::Suspend {}), &[]).await.unwrap();
    let reinstate = asked(id, What::Reinstate {});
    let given = [approval(&reinstate, FIRST, BANK)];
    // Counted, and broken off before it was done.
    ground
        .tamper(
            "create function refuse_lifting() returns trigger language plpgsql as
                 $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;
             create trigger full_disk before update on certificate_revocations for each row execute function refuse_lifting()",
        )
        .await;
    assert!(matches!(act(&ground, &reinstate, &given).await, Err(ActError::Authority(_))));
    ground.tamper("drop trigger full_disk on certificate_revocations").await;
    ground.authority.revoke(id, Reason::KeyCompromise, None, None, now()).await.unwrap();
    assert!(matches!(act(&ground, &reinstate, &[]).await, Err(ActError::State(status)) if status == "revoked"));
    let open =
        format!("select count(*) from certificate_acts where act_id = '{}' and done_at is null", reinstate.act_id);
    assert_eq!(ground.count(&open).await, 1);
    assert_eq!(ground.count(REFUSED).await, 1);
}
