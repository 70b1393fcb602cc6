//! Certificates in people's hands: who sees which, who asks for one, and that two of two other organisations have to approve it before
//! the signer, which is one of flesh and blood, issues it.

use std::process::Command;

use http::StatusCode;
use jebena::notifications::deliver;
use jebena_signer::authority::Application;
use jebena_signer::ceremony::{self, Plan};
use jebena_signer::policy::{AccessPolicy, Operation};
use jebena_signer::protocol::{Answer as Said, Request, RequestFacts};
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::profile::Profile;
use jebena_signer::x509::request::Known;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::signer::Signer;
use crate::site::{Answer, Browser, TestSite};
use crate::walk::{something_to_ask, walk};

const CERTIFICATES: &str = "/pki/certificates";
const REQUESTS: &str = "/pki/requests";

/// A site with a signer that has issued nothing but the consortium's own.
pub struct Ground {
    pub site: TestSite,
    pub signer: Signer,
}

impl Ground {
    pub async fn start(name: &'static str) -> Self {
        let mut site = TestSite::seeded().await;
        site.execute("update job_schedules set next_run_at = '2100-01-01'; delete from jobs").await;
        let (signer, _) = Signer::start(name, site.now()).await;
        site.signed_by(signer.client.clone());
        Self { site, signer }
    }

    pub async fn id(&self, query: &str) -> Uuid {
        sqlx::query_scalar(AssertSqlSafe(query.to_owned())).fetch_one(&mut self.site.sql().await).await.unwrap()
    }

    pub async fn organization(&self, code: &str) -> Uuid {
        self.id(&format!("select organization_id from organizations where code = '{code}'")).await
    }

    pub async fn person(&self, username: &str) -> Uuid {
        self.id(&format!("select id from users where username = '{username}'")).await
    }

    /// Asks by the page, with a key that is made here.
    async fn ask(&self, browser: &mut Browser) -> Uuid {
        let fields = [("key_made", "HERE"), ("common_name", "Seal of the house"), ("years", "2"), ("csr", "")];
        let answer = self.site.fill_in(browser, "/pki/requests/new", REQUESTS, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.location().rsplit('/').next().unwrap().parse().unwrap()
    }

    /// A request of `organization` by `person`, past the pages.
    async fn asked_by(&self, organization: &str, person: &str) -> Uuid {
        let application = Application {
            profile: Profile::OrganizationSeal,
            organization: self.organization(organization).await,
            person: None,
            known: Known { organization: organization.to_owned(), organization_identifier: None },
            validity_days: 365,
            requester: self.person(person).await,
        };
        let policy = AccessPolicy::of(&[Operation::SealPaper, Operation::SignDocument]);
        let request = Request::MakeRequest { application, common_name: "Seal".to_owned(), policy };
        let Said::RequestTaken { request, .. } = self.signer.client.ask(&request).await.unwrap() else {
            panic!("it is not taken")
        };
        request
    }

    async fn facts(&self, request: Uuid) -> RequestFacts {
        let Said::Requests { requests, .. } = self.signer.client.ask(&Request::Requests {}).await.unwrap() else {
            panic!("no requests")
        };
        requests.into_iter().find(|one| one.request_id == request).unwrap()
    }

    async fn digest(&self, request: Uuid) -> String {
        hex::encode(self.facts(request).await.digest.0)
    }

    /// Approves what the page shows.
    async fn approve(&self, browser: &mut Browser, request: Uuid) -> Answer {
        let (page, digest) = (format!("{REQUESTS}/{request}"), self.digest(request).await);
        let fields = [("decision", "approve"), ("digest", digest.as_str())];
        self.site.fill_in(browser, &page, &format!("{page}/decision"), &fields).await
    }

    /// Sends what no page has offered.
    async fn forge(&self, browser: &mut Browser, request: Uuid, digest: &str) -> Answer {
        let csrf = self.site.get(browser, "/help").await.hidden("csrf");
        let key = Uuid::new_v4().to_string();
        let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("decision", "approve"), ("digest", digest)];
        self.site.post(browser, &format!("{REQUESTS}/{request}/decision"), &fields).await
    }

    /// Refusals on record, by their reason.
    async fn refusals(&self, request: Uuid) -> Vec<String> {
        sqlx::query_scalar(
            "select details ->> 'why' from audit.events where event_type = 'CERTIFICATE_DECISION_REFUSED' and entity_id = $1
             and severity = 'CRITICAL' order by seq",
        )
        .bind(request)
        .fetch_all(&mut self.site.sql().await)
        .await
        .unwrap()
    }

    pub async fn told(&self, username: &str) -> Vec<String> {
        while deliver(&self.site.state.db, self.site.now()).await.unwrap() > 0 {}
        let query = format!(
            "select n.event from notifications n join users u on u.id = n.user_id
             where u.username = '{username}' and n.event like 'CERTIFICATE%' order by n.created_at, n.outbox_event_id"
        );
        sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut self.site.sql().await).await.unwrap()
    }
}

#[tokio::test]
async fn everybody_sees_the_certificates_that_are_theirs_to_see() {
    let mut ground = Ground::start("secure_for_inventory").await;
    let now = ground.site.now();
    let mut issued = Vec::new();
    for code in ["ECTA", "EXPORTER"] {
        issued.push(ground.signer.seal_of(ground.organization(code).await, now).await.certificate_id);
    }
    let revoked = ground.signer.seal_of(ground.organization("EXPORTER2").await, now).await.certificate_id;
    let invalid_from = Some(now - chrono::Duration::hours(1));
    ground.signer.authority.revoke(revoked, Reason::KeyCompromise, invalid_from, None, now).await.unwrap();
    let site = &ground.site;

    // The authorities, the auditor and who runs the system see all; who administers an organisation its own alone.
    for (username, rows) in [
        ("ecta.officer", 3),
        ("nbe.supervisor", 3),
        ("customs.officer", 3),
        ("auditor", 3),
        ("admin", 3),
        ("ecta.admin", 1),
        ("exporter.owner", 1),
        ("bank.admin", 0),
    ] {
        let mut browser = site.sign_in(username).await;
        let page = site.get(&mut browser, CERTIFICATES).await;
        assert_eq!(page.status, StatusCode::OK, "{username}: {}", page.text);
        let seals = issued.iter().chain([&revoked]).filter(|id| page.text.contains(&id.to_string())).count();
        assert_eq!(seals, rows, "{username}: {}", page.text);
        let sees_all = rows == 3;
        assert_eq!(page.text.contains("Issuing authority</td>"), sees_all, "{username}");
        assert_eq!(site.get(&mut browser, "/pki/keys").await.status == StatusCode::OK, sees_all, "{username}");
        for id in &issued {
            let shown = site.get(&mut browser, &format!("{CERTIFICATES}/{id}")).await;
            let expected = if page.text.contains(&id.to_string()) { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(shown.status, expected, "{username}: {}", shown.text);
            for ending in ["cer", "pem"] {
                let file = site.get(&mut browser, &format!("{CERTIFICATES}/{id}/certificate.{ending}")).await;
                assert_eq!(file.status, expected, "{username}");
            }
        }
    }
    for username in ["exporter.clerk", "bank.officer", "ecx.supervisor", "shipping.officer"] {
        let mut browser = site.sign_in(username).await;
        assert_eq!(site.get(&mut browser, CERTIFICATES).await.status, StatusCode::FORBIDDEN, "{username}");
    }

    // Who has none is told what to do; filters narrow.
    let mut bank = site.sign_in("bank.admin").await;
    let page = site.get(&mut bank, CERTIFICATES).await.text;
    assert!(page.contains("has no seal in force") && page.contains("href=\"/pki/requests/new\""), "{page}");
    let mut officer = site.sign_in("nbe.officer").await;
    let page = site.get(&mut officer, &format!("{CERTIFICATES}?state=REVOKED")).await.text;
    assert!(page.contains(&revoked.to_string()) && !page.contains(&issued[0].to_string()), "{page}");
    let filtered = format!("{CERTIFICATES}?kind=ORGANIZATION_SEAL&organization={}", ground.organization("ECTA").await);
    let page = site.get(&mut officer, &filtered).await.text;
    assert!(page.contains(&issued[0].to_string()) && !page.contains(&issued[1].to_string()), "{page}");
    let shown = site.get(&mut officer, &format!("{CERTIFICATES}/{revoked}")).await.text;
    assert!(shown.contains("Somebody else has the key") && shown.contains("not to be relied on since"), "{shown}");
    let keys = site.get(&mut officer, "/pki/keys").await.text;
    assert!(
        keys.contains("/pki/ca-delta.crl") && keys.contains("up to date") && keys.contains("No keys were replaced")
    );

    // The files are the certificate.
    let path = format!("{CERTIFICATES}/{}/certificate", issued[0]);
    let der = site.get(&mut officer, &format!("{path}.cer")).await;
    assert_eq!(der.headers["content-type"], "application/pkix-cert");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate.pem");
    std::fs::write(&file, site.get(&mut officer, &format!("{path}.pem")).await.bytes).unwrap();
    let read = Command::new("openssl").args(["x509", "-outform", "DER", "-in"]).arg(&file).output().unwrap();
    assert!(read.status.success() && read.stdout == der.bytes);

    // A signer that is away is told of, and when to come again.
    ground.signer.end().await;
    for path in
        [CERTIFICATES.to_owned(), REQUESTS.to_owned(), "/pki/keys".to_owned(), format!("{CERTIFICATES}/{revoked}")]
    {
        let away = ground.site.get(&mut officer, &path).await;
        assert_eq!(away.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert!(
            away.text.contains("does not answer at the moment") && away.headers.contains_key("retry-after"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn where_nobody_signs_the_pages_say_so() {
    let site = TestSite::seeded().await;
    let mut admin = site.sign_in("ecta.admin").await;
    for path in [CERTIFICATES, REQUESTS, "/pki/requests/new"] {
        let page = site.get(&mut admin, path).await;
        assert!(page.status == StatusCode::OK && page.text.contains("Nobody signs here"), "{path}: {}", page.text);
    }
    let nobody = format!("{CERTIFICATES}/{}", Uuid::nil());
    assert_eq!(site.get(&mut admin, &nobody).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_two_organisations_have_approved_is_issued_and_seals_a_paper() {
    let ground = Ground::start("secure_for_approvals").await;
    let site = &ground.site;
    let mut admin = site.sign_in("ecta.admin").await;
    let request = ground.ask(&mut admin).await;
    let page = format!("{REQUESTS}/{request}");
    let again = site.get(&mut admin, "/pki/requests/new").await;
    assert_eq!(again.location(), page, "one at a time");
    assert_eq!(ground.told("nbe.supervisor").await, ["CERTIFICATE_ASKED"]);
    assert_eq!(ground.told("ecta.supervisor").await, [""; 0], "it is their own organisation's");

    let mut bank = site.sign_in("nbe.supervisor").await;
    let first = ground.approve(&mut bank, request).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    site.do_all().await;
    assert_eq!(ground.facts(request).await.status, "pending");
    let shown = site.get(&mut admin, &page).await.text;
    assert!(shown.contains("1 of 2 organisations") && shown.contains("Solomon Tsegaye Beyene"), "{shown}");

    let mut customs = site.sign_in("customs.supervisor").await;
    let second = ground.approve(&mut customs, request).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
    assert_eq!(ground.told("ecta.admin").await, ["CERTIFICATE_DECIDED"]);
    assert!(site.get(&mut admin, &page).await.text.contains("is being issued"));
    site.do_all().await;
    let facts = ground.facts(request).await;
    assert_eq!(facts.status, "fulfilled");
    let certificate = facts.certificate_id.unwrap();
    let shown = site.get(&mut admin, &format!("{CERTIFICATES}/{certificate}")).await.text;
    assert!(shown.contains("Seal of the house") && shown.contains("Zinash Teferi Gurmu"), "{shown}");

    // The job may be done again: one certificate, on record once.
    site.execute(&format!(
        "insert into jobs (job_id, kind, payload, status, run_at, attempts, attempts_allowed, created_at)
         select gen_random_uuid(), 'FINISH_CERTIFICATE_REQUEST', payload, 'WAITING', run_at, 0, 3, created_at
         from jobs where kind = 'FINISH_CERTIFICATE_REQUEST' and payload ->> 'request_id' = '{request}'"
    ))
    .await;
    site.do_all().await;
    assert_eq!(
        site.count("select count(*) from jobs where kind = 'FINISH_CERTIFICATE_REQUEST' and status = 'DONE'").await,
        2
    );
    let Said::Certificates { certificates } = ground.signer.client.ask(&Request::Certificates {}).await.unwrap() else {
        panic!("no certificates")
    };
    assert_eq!(certificates.iter().filter(|one| one.organization == facts.organization).count(), 1);
    let on_record: Vec<String> = sqlx::query_scalar(
        "select distinct event_type from audit.events where entity_id = $1 and entity_type = 'certificate_request' order by 1",
    )
    .bind(request)
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(on_record, ["CERTIFICATE_APPROVED", "CERTIFICATE_ISSUED", "CERTIFICATE_REQUESTED"]);

    // It seals what the authority issues from now on.
    let asked = something_to_ask(site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    crate::decisions::submit(site, &mut owner, export).await;
    walk(site, export, "permit").await;
    site.do_all().await;
    let sealed =
        "select count(*) from paper_seals s join issued_papers p using (paper_id) where p.kind = 'EXPORT_PERMIT'";
    assert_eq!(site.count(sealed).await, 1);
    let shown = site.get(&mut admin, &format!("{CERTIFICATES}/{certificate}")).await.text;
    let count = shown.split("Papers sealed with it").nth(1).unwrap();
    let count: String = count.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    assert_eq!(count, "1", "{shown}");
}

#[tokio::test]
async fn a_request_is_told_to_those_whose_decision_counts() {
    let ground = Ground::start("secure_for_notices").await;
    let site = &ground.site;
    // The rule names three organisations, and one of them is the one that asks.
    let (bank, authority) = (ground.organization("NBE").await, ground.organization("ECTA").await);
    let exchange = ground.organization("ECX").await;
    let plan = format!(
        "organization = \"Consortium\"\nroot = \"Root\"\nissuing = \"Issuing\"\n[approval]\nneeded = 2\n\
         by = {{ NBE = \"{bank}\", ECTA = \"{authority}\", ECX = \"{exchange}\" }}"
    );
    ceremony::hold(&ground.signer.authority, &Plan::parse(&plan).unwrap(), site.now()).await.unwrap();
    let mut admin = site.sign_in("ecta.admin").await;
    let request = ground.ask(&mut admin).await;
    assert_eq!(ground.facts(request).await.approval.approvers.len(), 3);
    assert_eq!(ground.told("nbe.supervisor").await, ["CERTIFICATE_ASKED"]);
    assert_eq!(ground.told("customs.supervisor").await, [""; 0], "the rule does not name them");
    assert_eq!(ground.told("ecta.supervisor").await, [""; 0], "it is their own organisation's");
    // Whom their own organisation has taken the decision from hears of none.
    site.execute(
        "insert into role_restrictions (restriction_id, organization_id, role_name, permission, valid_from, reason, set_by, set_at)
         select gen_random_uuid(), u.organization_id, 'SUPERVISOR', 'pki:request:decide', '2020-01-01', 'Others decide.', u.id,
             '2020-01-01'
         from users u where u.username = 'nbe.admin'",
    )
    .await;
    let mut firm = site.sign_in("exporter.owner").await;
    ground.ask(&mut firm).await;
    assert_eq!(ground.told("nbe.supervisor").await, ["CERTIFICATE_ASKED"]);
    assert_eq!(ground.told("ecta.supervisor").await, ["CERTIFICATE_ASKED"]);
}

#[tokio::test]
async fn nobody_approves_twice_alone_their_own_or_something_else() {
    let ground = Ground::start("secure_for_refusals").await;
    let site = &ground.site;
    let request = ground.asked_by("EXPORTER", "exporter.owner").await;
    let digest = ground.digest(request).await;
    let mut bank = site.sign_in("nbe.supervisor").await;
    let rows = "select count(*) from certificate_approvals";

    // Something else than will be issued.
    let other = ground.forge(&mut bank, request, &"07".repeat(32)).await;
    assert!(other.status == StatusCode::CONFLICT && other.text.contains("is not what would be done"), "{}", other.text);
    assert_eq!(site.count(rows).await, 0);
    // Nothing chosen.
    let page = format!("{REQUESTS}/{request}");
    let none = site.fill_in(&mut bank, &page, &format!("{page}/decision"), &[("decision", "approve")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text.contains("Mark the digest that you approve"), "{}", none.text);

    // The same person twice, and another of the same organisation.
    assert_eq!(ground.approve(&mut bank, request).await.status, StatusCode::SEE_OTHER);
    let twice = ground.forge(&mut bank, request, &digest).await;
    assert!(
        twice.status == StatusCode::CONFLICT && twice.text.contains("decided about this already"),
        "{}",
        twice.text
    );
    site.execute(
        "insert into user_roles (user_id, role_name) select id, 'SUPERVISOR' from users where username = 'nbe.officer2'",
    )
    .await;
    let mut colleague = site.sign_in("nbe.officer2").await;
    let shown = site.get(&mut colleague, &page).await.text;
    assert!(shown.contains("Somebody of your organisation has decided already") && !shown.contains("/decision\""));
    let second = ground.forge(&mut colleague, request, &digest).await;
    assert!(second.status == StatusCode::CONFLICT, "{}", second.text);
    assert_eq!(ground.refusals(request).await, ["OTHER_DIGEST", "SAME_PERSON", "SAME_ORGANIZATION"]);
    assert_eq!(site.count(rows).await, 1);
    site.do_all().await;
    assert_eq!(ground.facts(request).await.status, "pending");

    // Who asked, and who is of the organisation that asked.
    let own = ground.asked_by("SHIPPING", "nbe.supervisor").await;
    let refused = ground.forge(&mut bank, own, &ground.digest(own).await).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("asked for this yourself"));
    let house = ground.asked_by("NBE", "nbe.admin").await;
    let refused = ground.forge(&mut bank, house, &ground.digest(house).await).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text.contains("Your own organisation asks"));
    assert_eq!(ground.refusals(own).await, ["REQUESTER"]);
    assert_eq!(ground.refusals(house).await, ["OWN_ORGANIZATION"]);

    // Who only looks does not decide; the database says the same of what the rule says.
    let mut officer = site.sign_in("ecta.officer").await;
    assert_eq!(ground.forge(&mut officer, request, &digest).await.status, StatusCode::FORBIDDEN);
    for (approver, constraint) in [
        ("exporter.owner", "certificate_approvals_of_others"),
        ("nbe.supervisor", "certificate_approvals_one_person"),
        ("nbe.officer", "certificate_approvals_one_organization"),
    ] {
        let twin = format!(
            "insert into certificate_approvals (approval_id, request_id, digest, subject_organization_id, requested_by,
                 approver_id, organization_id, verdict, decided_at)
             select gen_random_uuid(), request_id, digest, subject_organization_id, requested_by, u.id, u.organization_id, verdict,
                 decided_at
             from certificate_approvals a, users u where u.username = '{approver}'"
        );
        let refused = sqlx::raw_sql(AssertSqlSafe(twin)).execute(&mut site.sql().await).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().constraint(), Some(constraint), "{approver}");
    }
    let down = include_str!("../../migrations/20261201140000_decide_on_certificates.down.sql");
    assert!(crate::archive::way_down(site, down).await.contains("there are decisions about certificates"));
}

#[tokio::test]
async fn a_request_is_rejected_with_a_reason_or_given_up_and_the_signer_hears_of_it_when_it_is_back() {
    let mut ground = Ground::start("secure_for_rejections").await;
    let mut owner = ground.site.sign_in("exporter.owner").await;
    let request = ground.ask(&mut owner).await;
    let page = format!("{REQUESTS}/{request}");
    let mut customs = ground.site.sign_in("customs.supervisor").await;
    let reject = |reason: &'static str| [("decision", "reject"), ("reason", reason)];
    let short = ground.site.fill_in(&mut customs, &page, &format!("{page}/decision"), &reject("no")).await;
    assert!(
        short.status == StatusCode::UNPROCESSABLE_ENTITY && short.text.contains("id=\"reason-error\""),
        "{}",
        short.text
    );
    let why = "The firm has asked for it under its former name.";
    let rejected = ground.site.fill_in(&mut customs, &page, &format!("{page}/decision"), &reject(why)).await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER, "{}", rejected.text);
    let shown = ground.site.get(&mut owner, &page).await.text;
    assert!(shown.contains("The request was rejected") && shown.contains(why), "{shown}");
    let mut bank = ground.site.sign_in("nbe.supervisor").await;
    let late = ground.forge(&mut bank, request, &ground.digest(request).await).await;
    assert!(late.status == StatusCode::CONFLICT && late.text.contains("Nothing can be added"), "{}", late.text);

    // The signer is away when the job comes; it is told later.
    ground.signer.end().await;
    ground.site.do_all().await;
    let waits = "select count(*) from jobs where kind = 'FINISH_CERTIFICATE_REQUEST' and status = 'WAITING'";
    assert_eq!(ground.site.count(waits).await, 1);
    ground.signer.serve().await;
    ground.site.clock.advance(chrono::Duration::minutes(1));
    ground.site.do_all().await;
    let facts = ground.facts(request).await;
    assert_eq!((facts.status.as_str(), facts.rejection_reason.as_deref()), ("rejected", Some(why)));

    // Another one, which is given up by who asked, and by nobody else.
    let next = ground.ask(&mut owner).await;
    let page = format!("{REQUESTS}/{next}");
    let mut other = ground.site.sign_in("exporter2.owner").await;
    assert_eq!(ground.site.get(&mut other, &page).await.status, StatusCode::NOT_FOUND);
    let given_up = ground.site.fill_in(&mut owner, &page, &format!("{page}/withdrawal"), &[]).await;
    assert_eq!(given_up.status, StatusCode::SEE_OTHER, "{}", given_up.text);
    ground.site.do_all().await;
    assert_eq!(ground.facts(next).await.status, "cancelled");
    assert!(ground.site.get(&mut owner, &page).await.text.contains("gave the request up"));
}

/// A request that OpenSSL makes, PEM.
fn csr(key: &[&str], name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("openssl")
        .args(["req", "-new", "-nodes", "-utf8", "-subj", name, "-keyout"])
        .arg(folder.path().join("key"))
        .args(key)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    String::from_utf8(made.stdout).unwrap()
}

/// A request as DER.
fn openssl_der(pem: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("request.pem");
    std::fs::write(&path, pem).unwrap();
    let made = Command::new("openssl").args(["req", "-outform", "DER", "-in"]).arg(&path).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

#[tokio::test]
async fn a_request_of_ones_own_key_is_pasted_and_what_is_wrong_with_it_is_told_at_its_field() {
    const P256: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let ground = Ground::start("secure_for_pasting").await;
    let site = &ground.site;
    let mut owner = site.sign_in("exporter.owner").await;
    let paste = |csr: String| {
        [("key_made", "ELSEWHERE".to_owned()), ("common_name", String::new()), ("years", "1".to_owned()), ("csr", csr)]
    };
    for (pasted, told) in [
        (String::new(), "id=\"csr-error\""),
        ("nonsense".to_owned(), "This is no request"),
        (csr(&["-newkey", "rsa:2048"], "/CN=Seal"), "ECDSA key on P-256"),
        (csr(&P256, "/CN=Seal/O=Somebody Else"), "of another organisation or country"),
    ] {
        let fields = paste(pasted);
        let answer = site.fill_in(&mut owner, "/pki/requests/new", REQUESTS, &crate::site::pairs(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{told}: {}", answer.text);
        assert!(answer.text.contains(told) && answer.text.contains("id=\"csr-error\""), "{told}: {}", answer.text);
    }
    let name = "S".repeat(65);
    let long = [("key_made", "HERE"), ("common_name", name.as_str()), ("years", "3"), ("csr", "")];
    let answer = site.fill_in(&mut owner, "/pki/requests/new", REQUESTS, &long).await;
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text.contains("id=\"common_name-error\""));
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'CERTIFICATE_REQUESTED'").await, 0);

    let request = csr(&P256, "/CN=Seal of Abay");
    // As a file it is read into the form, as text and as DER; what is none is said.
    let der = openssl_der(&request);
    for (file_name, file, read) in
        [("seal.csr", request.as_bytes(), true), ("seal.der", &der, true), ("seal.pdf", b"%PDF-1.7", false)]
    {
        let page = site.get(&mut owner, "/pki/requests/file").await;
        let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
        let fields = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
        let upload = crate::documents::UploadForm { fields, file_name, file }.request("/pki/requests/file");
        let answer = site.call(&mut owner, upload).await;
        assert_eq!(answer.status.is_success(), read, "{file_name}: {}", answer.text);
        let text = request.trim().replace('+', "&#43;");
        let is_there = answer.text.contains(request.trim()) || answer.text.contains(&text);
        assert_eq!(is_there, read, "{file_name}: {}", answer.text);
    }
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'CERTIFICATE_REQUESTED'").await, 0);

    let fields = paste(request);
    let answer = site.fill_in(&mut owner, "/pki/requests/new", REQUESTS, &crate::site::pairs(&fields)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let request: Uuid = answer.location().rsplit('/').next().unwrap().parse().unwrap();
    for username in ["nbe.supervisor", "ecta.supervisor"] {
        let mut browser = site.sign_in(username).await;
        assert_eq!(ground.approve(&mut browser, request).await.status, StatusCode::SEE_OTHER);
    }
    site.do_all().await;
    let facts = ground.facts(request).await;
    assert_eq!((facts.status.as_str(), facts.is_made_here), ("fulfilled", false));
    assert!(facts.subject.contains("Abay Coffee Export PLC"), "{}", facts.subject);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_form_sent_ten_times_asks_once_and_approves_once() {
    let ground = Ground::start("secure_for_crowds_of_forms").await;
    let site = &ground.site;
    let mut admin = site.sign_in("ecta.admin").await;
    let shown = site.get(&mut admin, "/pki/requests/new").await;
    let typed = [("key_made", "HERE"), ("common_name", "Seal of ECTA"), ("years", "3"), ("csr", "")];
    let fields = crate::walk::filled_in(&shown, REQUESTS, "", &typed);
    let fields = crate::site::pairs(&fields);
    let send = || {
        let (site, mut browser, fields) = (site, admin.clone(), &fields);
        async move { site.post(&mut browser, REQUESTS, fields).await }
    };
    let answers = futures::future::join_all((0..10).map(|_| send())).await;
    let led: std::collections::BTreeSet<&str> =
        answers.iter().filter(|one| one.status == StatusCode::SEE_OTHER).map(Answer::location).collect();
    // Who comes while another is at it may be told that there is an open one.
    assert!(answers.iter().all(|one| matches!(one.status, StatusCode::SEE_OTHER | StatusCode::CONFLICT)));
    assert_eq!(led.len(), 1, "{led:?}");
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'CERTIFICATE_REQUESTED'").await, 1);
    let Said::Requests { requests, .. } = ground.signer.client.ask(&Request::Requests {}).await.unwrap() else {
        panic!("no requests")
    };
    let open: Vec<&RequestFacts> = requests.iter().filter(|one| one.status == "pending").collect();
    assert_eq!(open.len(), 1, "what a second press has made is given up");
}
