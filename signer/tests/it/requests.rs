//! Requests for certificates, from their taking to the certificate, and what is refused on the way.

use der::{Decode, Encode};
use futures::future::join_all;
use jebena_signer::authority::{
    Application, Approval, ApprovalFault, AuthorityError, Closing, Issued, RequestError, Taken,
};
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::keyring::{Holder, Purpose};
use jebena_signer::policy::{AccessPolicy, Operation, Use};
use jebena_signer::x509::profile::Profile;
use jebena_signer::x509::request::Flaw;
use uuid::Uuid;
use x509_cert::certificate::Certificate;

use crate::ground::{AUTHORITY, BANK, Ground, now, sealing};
use crate::outside::{Desk, checker, openssl, verify};
use crate::pkcs10::{Csr, extension, extensions, known, tlv, wrapped};

const REQUESTER: Uuid = Uuid::from_u128(100);
const FIRST: Uuid = Uuid::from_u128(101);
const SECOND: Uuid = Uuid::from_u128(102);
const THIRD: Uuid = Uuid::from_u128(7);

fn application() -> Application {
    Application {
        profile: Profile::OrganizationSeal,
        organization: AUTHORITY,
        person: None,
        known: known(),
        validity_days: 365,
        requester: REQUESTER,
    }
}

fn approval(digest: [u8; 32], approver: Uuid, organization: Uuid) -> Approval {
    Approval { approval_id: Uuid::now_v7(), approver, organization, digest }
}

fn both(digest: [u8; 32]) -> [Approval; 2] {
    [approval(digest, FIRST, AUTHORITY), approval(digest, SECOND, BANK)]
}

async fn take(ground: &Ground, csr: &[u8]) -> Result<Taken, RequestError> {
    ground.authority.take_request(&application(), csr, now()).await
}

async fn issue(ground: &Ground, taken: &Taken, approvals: &[Approval]) -> Result<Issued, RequestError> {
    ground.authority.issue_requested(taken.request_id, approvals, now()).await
}

fn fault(answer: &Result<Issued, RequestError>) -> ApprovalFault {
    match answer {
        Err(RequestError::NotApproved(fault)) => *fault,
        other => panic!("{other:?}"),
    }
}

const REFUSED: &str = "select count(*) from secure_audit_log where event_type = 'REQUEST_APPROVAL_REFUSED'
    and result = 'failure' and severity = 'warning'";
const CERTIFICATES: &str = "select count(*) from certificates where profile = 'ORGANIZATION_SEAL'";

#[tokio::test]
async fn what_openssl_asks_for_is_issued_under_the_profile_and_nothing_else() {
    let ground = Ground::founded().await;
    let desk = Desk::new();
    let root = desk.certificates("root.pem", &[&ground.issued(Profile::RootCa).await]);
    let issuing = desk.certificates("ca.pem", &[&ground.issued(Profile::IssuingCa).await]);
    let list = async |profile| ground.authority.newest_list(profile, false, now()).await.unwrap().unwrap();
    let lists = desk.lists("all.crl", &[&list(Profile::RootCa).await, &list(Profile::IssuingCa).await]);
    let subject = format!("/C=ET/O={}/CN=Seal & Co", known().organization);
    for (number, more) in [
        &[][..],
        &["-outform", "DER"],
        &["-sha384"],
        &["-sha512", "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "keyUsage=critical,nonRepudiation"],
        &["-addext", "extendedKeyUsage=1.3.6.1.5.5.7.3.36", "-addext", "subjectKeyIdentifier=hash"],
    ]
    .into_iter()
    .enumerate()
    {
        let (key, out) = (desk.path("key.pem"), desk.path("request"));
        let all = ["req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-subj", &subject];
        let files = ["-keyout", key.to_str().unwrap(), "-out", out.to_str().unwrap()];
        let (is_made, told) = openssl(&[&all[..], &files, more].concat());
        assert!(is_made, "{told}");
        let taken = take(&ground, &std::fs::read(&out).unwrap()).await.unwrap();
        let issued = issue(&ground, &taken, &both(taken.digest)).await.unwrap();
        let leaf = desk.certificates("leaf.pem", &[&issued.der]);
        let told = verify(&desk, &root, &issuing, &lists, &leaf);
        assert!(told.0, "{more:?}: {}", told.1);
        let (is_content, told) = checker("lint_pkix_cert", &["lint", "-s", "WARNING", leaf.to_str().unwrap()]);
        assert!(is_content && told.trim().is_empty(), "{more:?}: {told}");
        let certificate = Certificate::from_der(&issued.der).unwrap().tbs_certificate;
        let asked = x509_cert::request::CertReq::from_der(&taken.der).unwrap().info;
        assert_eq!(certificate.subject_public_key_info, asked.public_key);
        // One that was made here is the pattern: nothing of the request came in.
        let here = Certificate::from_der(&ground.seal_of(BANK, sealing()).await.der).unwrap().tbs_certificate;
        let ids = |all: Option<Vec<x509_cert::ext::Extension>>| {
            all.unwrap().into_iter().map(|one| (one.extn_id, one.critical)).collect::<Vec<_>>()
        };
        assert_eq!(ids(certificate.extensions), ids(here.extensions), "{number}");
        assert_eq!(
            certificate.subject.to_string(),
            format!(
                "CN=Seal & Co,2.5.4.97=#{},O={},C=ET",
                hex::encode(tlv(0x0c, known().organization_identifier.unwrap().as_bytes())),
                known().organization
            )
        );
    }
}

#[tokio::test]
async fn a_key_that_is_made_here_gets_its_certificate_and_signs() {
    let ground = Ground::founded().await;
    // For somebody else than who asks, with a second factor: the request is no use of the key.
    let policy =
        AccessPolicy { allowed_user_ids: vec![FIRST], require_mfa: true, ..AccessPolicy::of(&[Operation::SealPaper]) };
    let taken = ground.authority.make_request(&application(), "Seal", &policy, now()).await.unwrap();
    let holder = Holder { profile: Profile::OrganizationSeal, organization: Some(AUTHORITY) };
    let asked = Use { operation: Operation::SealPaper, user: Some(FIRST), has_second_factor: true };
    let purpose = Purpose { asked, about: None };
    let early = ground.authority.keyring().sign(holder, purpose, b"a paper", now()).await;
    assert!(early.is_err(), "a request is no certificate: {early:?}");
    let desk = Desk::new();
    let path = desk.bytes("request.der", &taken.der);
    let (is_sound, told) = openssl(&["req", "-inform", "DER", "-in", path.to_str().unwrap(), "-verify", "-noout"]);
    assert!(is_sound && told.contains("OK"), "{told}");
    let issued = issue(&ground, &taken, &both(taken.digest)).await.unwrap();
    let signed = ground.authority.keyring().sign(holder, purpose, b"a paper", now()).await.unwrap();
    assert_eq!(signed.certificate, Some(issued.der));
    let state = "select count(*) from certificate_requests r join certificate_issuances i using (request_id)
                 where r.status = 'fulfilled' and r.issued_certificate_id = i.certificate_id and i.state = 'ISSUED'";
    assert_eq!(ground.count(state).await, 1);
    let deceiving = ground.authority.make_request(&application(), "N\u{430}tional", &sealing(), now()).await;
    assert!(matches!(deceiving, Err(RequestError::Flawed(Flaw::NameLookAlike))), "{deceiving:?}");
    let root = Application { profile: Profile::IssuingCa, ..application() };
    let authority = ground.authority.make_request(&root, "Seal", &sealing(), now()).await;
    assert!(matches!(authority, Err(RequestError::NotOnRequest)), "{authority:?}");
}

#[tokio::test]
async fn a_key_serves_once_also_across_organisations_and_each_refusal_is_on_record() {
    let ground = Ground::founded().await;
    let csr = Csr::good();
    let taken = take(&ground, &csr.der()).await.unwrap();
    let known_key = |answer: Result<Taken, RequestError>| {
        assert!(matches!(answer, Err(RequestError::Flawed(Flaw::KnownKey))), "{answer:?}");
    };
    known_key(take(&ground, &wrapped(&csr.der())).await);
    issue(&ground, &taken, &both(taken.digest)).await.unwrap();
    let bank = Application { organization: BANK, ..application() };
    known_key(ground.authority.take_request(&bank, &csr.der(), now()).await);
    // The request of a key that was made here, in the hands of another.
    let here = ground.authority.make_request(&application(), "Seal", &sealing(), now()).await.unwrap();
    known_key(ground.authority.take_request(&bank, &here.der, now()).await);
    // Many at once.
    let again = Csr::good().der();
    let all = join_all((0..8).map(|_| take(&ground, &again))).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 1);
    let refused =
        Csr { attributes: vec![extensions(&[extension("2.5.29.19", true, &tlv(0x30, &[1, 1, 0xff]))])], ..Csr::good() };
    let refused = take(&ground, &refused.der()).await;
    assert!(matches!(refused, Err(RequestError::Flawed(Flaw::Authority))), "{refused:?}");
    let of = |flaw: &str| {
        format!(
            "select count(*) from secure_audit_log where event_type = 'REQUEST_REFUSED' and event_category = 'csr'
                     and event_data->>'flaw' = '{flaw}' and result = 'failure'"
        )
    };
    assert_eq!(ground.count(&of("KNOWN_KEY")).await, 10);
    assert_eq!(ground.count(&of("AUTHORITY")).await, 1);
}

#[tokio::test]
async fn approvals_that_are_not_enough_issue_nothing_and_are_on_record() {
    let ground = Ground::founded().await;
    let taken = take(&ground, &Csr::good().der()).await.unwrap();
    let other = take(&ground, &Csr::good().der()).await.unwrap();
    let digest = taken.digest;
    let [one, two] = both(digest);
    let mut refused = 0;
    for (approvals, wanted) in [
        (vec![], ApprovalFault::TooFew(2)),
        (vec![one], ApprovalFault::TooFew(2)),
        (vec![one, approval(digest, REQUESTER, BANK)], ApprovalFault::Requester),
        (vec![one, approval(digest, FIRST, BANK)], ApprovalFault::SamePerson),
        (vec![one, one], ApprovalFault::SamePerson),
        (vec![one, approval(digest, SECOND, AUTHORITY)], ApprovalFault::SameOrganization),
        (vec![one, approval(other.digest, SECOND, BANK)], ApprovalFault::OtherDigest),
        (both(other.digest).to_vec(), ApprovalFault::OtherDigest),
        (vec![one, Approval { approval_id: one.approval_id, ..two }], ApprovalFault::Replayed),
    ] {
        assert_eq!(fault(&issue(&ground, &taken, &approvals).await), wanted);
        refused += 1;
        assert_eq!(ground.count(REFUSED).await, refused);
    }
    assert_eq!(ground.count(CERTIFICATES).await, 0);
    issue(&ground, &taken, &[one, two]).await.unwrap();

    // The same decisions for the same request, and for another whose digest they are made to name.
    let again = issue(&ground, &taken, &[one, two]).await;
    assert!(matches!(&again, Err(RequestError::Decided(status)) if status == "fulfilled"), "{again:?}");
    let moved = [Approval { digest: other.digest, ..one }, Approval { digest: other.digest, ..two }];
    assert_eq!(fault(&issue(&ground, &other, &moved).await), ApprovalFault::Replayed);
    assert_eq!(ground.count(REFUSED).await, refused + 2);
    assert_eq!(ground.count(CERTIFICATES).await, 1);
}

#[tokio::test]
async fn another_rule_holds_for_what_is_asked_for_after_it() {
    let ground = Ground::founded().await;
    let before = take(&ground, &Csr::good().der()).await.unwrap();
    let rule = |needed: u16| {
        let by = format!("{{ NBE = '{BANK}', ECTA = '{AUTHORITY}', CUSTOMS = '{THIRD}' }}");
        Plan::parse(&format!("{}\n[approval]\nneeded = {needed}\nby = {by}", crate::ground::PLAN)).unwrap()
    };
    let decided = ceremony::hold(&ground.authority, &rule(3), now()).await.unwrap();
    let approval = decided.approval.unwrap();
    assert_eq!((approval.version, approval.approvals_needed, approval.approvers.len()), (2, 3, 3));
    assert!(decided.issued.is_empty());
    // The same again changes nothing, and one that nobody can meet is none.
    assert!(matches!(ceremony::hold(&ground.authority, &rule(3), now()).await, Err(AuthorityError::SetUp)));
    assert!(ceremony::hold(&ground.authority, &rule(4), now()).await.is_err());
    assert_eq!(ground.count("select max(version)::bigint from approval_rules").await, 2);

    let taken = take(&ground, &Csr::good().der()).await.unwrap();
    let [one, two] = both(taken.digest);
    let three = approval_of(&taken, 103, THIRD);
    let stranger = approval_of(&taken, 103, Uuid::from_u128(9));
    assert_eq!(fault(&issue(&ground, &taken, &[one, two]).await), ApprovalFault::TooFew(3));
    assert_eq!(fault(&issue(&ground, &taken, &[one, two, stranger]).await), ApprovalFault::NoApprover);
    issue(&ground, &taken, &[one, two, three]).await.unwrap();
    // What came before keeps its rule.
    issue(&ground, &before, &both(before.digest)).await.unwrap();
    let decided = "select count(*) from secure_audit_log where event_type = 'APPROVAL_RULE_DECIDED'
        and event_data->'rule'->>'version' = '2'";
    assert_eq!(ground.count(decided).await, 1);

    // The database holds it too, whoever writes there.
    let taken = take(&ground, &Csr::good().der()).await.unwrap();
    let id = taken.request_id;
    let insert = format!(
        "insert into certificate_request_approvals values (gen_random_uuid(), '{id}', gen_random_uuid(), gen_random_uuid(),
             sha256(''), now())"
    );
    let refused = ground.refused(&insert).await;
    assert!(refused.contains("none of those that approve"), "{refused}");
    let refused =
        ground.refused(&format!("update certificate_requests set status = 'approved' where request_id = '{id}'")).await;
    assert!(refused.contains("fewer approved"), "{refused}");
}

fn approval_of(taken: &Taken, approver: u128, organization: Uuid) -> Approval {
    approval(taken.digest, Uuid::from_u128(approver), organization)
}

#[tokio::test]
async fn a_request_that_was_changed_after_its_approval_issues_nothing() {
    let ground = Ground::founded().await;
    for change in ["requested_validity_days = 7000", "organization_id = gen_random_uuid()", "requester_user_id = null"]
    {
        let taken = take(&ground, &Csr::good().der()).await.unwrap();
        let id = taken.request_id;
        ground.tamper(&format!("update certificate_requests set {change} where request_id = '{id}'")).await;
        assert_eq!(fault(&issue(&ground, &taken, &both(taken.digest)).await), ApprovalFault::OtherDigest, "{change}");
    }
    // And between the approvals and the certificate.
    let taken = take(&ground, &Csr::good().der()).await.unwrap();
    ground
        .tamper(
            "create function no_intent() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
         create trigger no_intent before insert on certificate_issuances for each row execute function no_intent();
         alter table certificate_issuances enable always trigger no_intent",
        )
        .await;
    assert!(issue(&ground, &taken, &both(taken.digest)).await.is_err());
    ground.tamper("drop trigger no_intent on certificate_issuances").await;
    let id = taken.request_id;
    ground
        .tamper(&format!("update certificate_requests set requested_validity_days = 7000 where request_id = '{id}'"))
        .await;
    let changed = issue(&ground, &taken, &[]).await;
    assert!(matches!(changed, Err(RequestError::Changed)), "{changed:?}");
    ground
        .tamper(&format!("update certificate_requests set requested_validity_days = 365 where request_id = '{id}'"))
        .await;
    issue(&ground, &taken, &[]).await.unwrap();
    assert_eq!(ground.count(CERTIFICATES).await, 1);
}

#[tokio::test]
async fn a_request_comes_to_one_certificate_however_many_ask() {
    let ground = Ground::founded().await;
    let taken = take(&ground, &Csr::good().der()).await.unwrap();
    let all = join_all((0..6).map(async |_| issue(&ground, &taken, &both(taken.digest)).await.is_ok())).await;
    assert_eq!(all.iter().filter(|one| **one).count(), 1);
    assert_eq!(ground.count(CERTIFICATES).await, 1);
}

#[tokio::test]
async fn requests_end_without_a_certificate_too() {
    let ground = Ground::founded().await;
    let csr = Csr::good().der();
    let taken = take(&ground, &csr).await.unwrap();
    let close =
        async |by, closing: Closing| ground.authority.close_request(taken.request_id, by, &closing, now()).await;
    assert!(matches!(close(FIRST, Closing::Cancelled).await, Err(RequestError::NotTheirs)));
    close(FIRST, Closing::Rejected("not yours".to_owned())).await.unwrap();
    assert!(matches!(close(REQUESTER, Closing::Cancelled).await, Err(RequestError::Decided(_))));
    assert!(matches!(issue(&ground, &taken, &both(taken.digest)).await, Err(RequestError::Decided(_))));
    // Who was refused may ask again with the same key.
    let again = take(&ground, &csr).await.unwrap();
    ground.authority.close_request(again.request_id, REQUESTER, &Closing::Cancelled, now()).await.unwrap();
    let old = take(&ground, &csr).await.unwrap();
    let later = now() + chrono::Duration::days(31);
    assert_eq!(ground.authority.expire_requests(later).await.unwrap(), 1);
    assert!(issue(&ground, &old, &both(old.digest)).await.is_err());
    assert_eq!(ground.count(CERTIFICATES).await, 0);
    let _ = old.der.to_der();
}
