//! What becomes of a certificate after it was issued, by the pages: one person suspends, two of two organisations reinstate and revoke, and
//! a key leaves once, when as many approve as for a certificate.

use std::process::Command;

use chrono::Duration;
use http::StatusCode;
use jebena_signer::protocol::{Answer as Said, CertificateFacts, Request};
use jebena_signer::x509::list::Reason;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::officers::Ground;
use crate::site::{Answer, Browser};

const CERTIFICATES: &str = "/pki/certificates";
const ACTS: &str = "/pki/acts";
const WHY: &str = "A laptop with the key was stolen.";

impl Ground {
    /// Asks on the page of a certificate.
    async fn ask_act(&self, browser: &mut Browser, certificate: Uuid, kind: &str, more: &[(&str, &str)]) -> Answer {
        let page = format!("{CERTIFICATES}/{certificate}/acts/new?kind={kind}");
        let fields = [&[("kind", kind), ("why", WHY)], more].concat();
        self.site.fill_in(browser, &page, &format!("{CERTIFICATES}/{certificate}/acts"), &fields).await
    }

    async fn asked_act(&self, browser: &mut Browser, certificate: Uuid, kind: &str, more: &[(&str, &str)]) -> String {
        let answer = self.ask_act(browser, certificate, kind, more).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert!(answer.location().starts_with(ACTS));
        answer.location().to_owned()
    }

    /// Approves what the page shows.
    async fn approve_act(&self, browser: &mut Browser, act: &str) -> Answer {
        let page = self.site.get(browser, act).await;
        let digest = page.text.split("name=\"digest\" value=\"").nth(1).unwrap_or_else(|| panic!("{}", page.text));
        let digest = digest.split('"').next().unwrap().to_owned();
        let fields = [("decision", "approve"), ("digest", digest.as_str())];
        self.site.fill_in(browser, act, &format!("{act}/decision"), &fields).await
    }

    async fn state_of(&self, certificate: Uuid) -> CertificateFacts {
        let Said::Certificates { certificates } = self.signer.client.ask(&Request::Certificates {}).await.unwrap()
        else {
            panic!("no certificates")
        };
        certificates.into_iter().find(|one| one.certificate_id == certificate).unwrap()
    }

    async fn reason_of(&self, certificate: Uuid) -> Option<Reason> {
        self.state_of(certificate).await.revocation.map(|one| one.reason)
    }

    async fn events_of(&self, certificate: Uuid) -> Vec<String> {
        let query = format!(
            "select event_type from audit.events where entity_type = 'certificate' and entity_id = '{certificate}'
             order by occurred_at, seq"
        );
        sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut self.site.sql().await).await.unwrap()
    }

    /// A seal, and the browser of who administers its holder.
    async fn seal(&self, code: &str, admin: &str) -> (Uuid, Browser) {
        let (organization, now) = (self.organization(code).await, self.site.now());
        let issued = self.signer.seal_of(organization, now).await;
        (issued.certificate_id, self.site.sign_in(admin).await)
    }
}

#[tokio::test]
async fn one_suspends_two_reinstate_and_two_revoke_and_the_page_tells_it_all() {
    let mut ground = Ground::start("secure_for_acts").await;
    let (id, mut admin) = ground.seal("EXPORTER", "exporter.owner").await;
    let page = format!("{CERTIFICATES}/{id}");
    let shown = ground.site.get(&mut admin, &page).await.text;
    for offered in ["SUSPEND", "REVOKE", "EXPORT_KEY"] {
        assert!(shown.contains(&format!("acts/new?kind={offered}")), "{shown}");
    }
    assert!(!shown.contains("kind=REINSTATE"));
    ground.site.clock.advance(Duration::minutes(5));
    let suspension = ground.asked_act(&mut admin, id, "SUSPEND", &[]).await;
    assert!(ground.site.get(&mut admin, &suspension).await.text.contains("It is being done"));
    ground.site.do_all().await;
    assert_eq!(ground.reason_of(id).await, Some(Reason::CertificateHold));
    assert!(ground.site.get(&mut admin, &suspension).await.text.contains("It is done"));
    let late = ground.site.get(&mut admin, &format!("{page}/acts/new?kind=SUSPEND")).await;
    assert!(late.status == StatusCode::CONFLICT && late.text.contains("cannot become of the certificate"));

    // It comes back when somebody of another organisation agrees, who hears of it; the own organisation's people do not decide.
    ground.site.clock.advance(Duration::minutes(5));
    let back = ground.asked_act(&mut admin, id, "REINSTATE", &[]).await;
    assert_eq!(ground.told("nbe.supervisor").await, ["CERTIFICATE_ASKED"]);
    let twice = ground.ask_act(&mut admin, id, "REINSTATE", &[]).await;
    assert!(twice.status == StatusCode::CONFLICT && twice.text.contains(&back), "{}", twice.text);
    ground.site.do_all().await;
    assert_eq!(ground.reason_of(id).await, Some(Reason::CertificateHold), "nobody has agreed");
    let mut bank = ground.site.sign_in("nbe.supervisor").await;
    let approved = ground.approve_act(&mut bank, &back).await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);
    ground.site.do_all().await;
    assert_eq!(ground.reason_of(id).await, None);

    // The authority has it revoked; neither it nor the holder approves that, and the signer is away for a while.
    ground.site.clock.advance(Duration::minutes(5));
    let mut authority = ground.site.sign_in("ecta.supervisor").await;
    let wrong = ground.ask_act(&mut authority, id, "REVOKE", &[("reason", ""), ("invalid_from", "2030-01-01")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"reason-error\"") && wrong.text.contains("id=\"invalid_from-error\""));
    assert!(wrong.text.contains(WHY), "what was typed stays");
    let reason = [("reason", "PRIVILEGE_WITHDRAWN"), ("invalid_from", "")];
    let revocation = ground.asked_act(&mut authority, id, "REVOKE", &reason).await;
    for (username, says) in [("ecta.supervisor", "You have asked"), ("exporter.owner", "waits for decisions")] {
        let mut browser = ground.site.sign_in(username).await;
        let shown = ground.site.get(&mut browser, &revocation).await.text;
        assert!(shown.contains(says) && !shown.contains("name=\"digest\""), "{username}: {shown}");
    }
    ground.signer.end().await;
    let mut customs = ground.site.sign_in("customs.supervisor").await;
    assert_eq!(ground.approve_act(&mut customs, &revocation).await.status, StatusCode::SEE_OTHER);
    ground.site.do_all().await;
    // It comes back later than it went, as clocks do.
    let later = ground.site.now();
    ground.signer.serve_at(later).await;
    ground.site.clock.advance(Duration::minutes(5));
    ground.site.do_all().await;
    assert_eq!(ground.reason_of(id).await, Some(Reason::PrivilegeWithdrawn));
    assert_eq!(ground.told("exporter.owner").await.iter().filter(|one| *one == "CERTIFICATE_DECIDED").count(), 3);

    // All of it is told, and nothing more is offered.
    let shown = ground.site.get(&mut admin, &page).await.text;
    let life = shown.rsplit("life-caption").next().unwrap();
    let places: Vec<usize> = ["Issued", "Suspended", "In force again", "Revoked"]
        .iter()
        .map(|word| life.find(word).unwrap_or_else(|| panic!("{word}: {life}")))
        .collect();
    assert!(places.is_sorted(), "{life}");
    assert!(life.contains("Its holder may not seal any more") && !shown.contains("acts/new"), "{shown}");
    assert_eq!(
        ground.events_of(id).await,
        [
            "CERTIFICATE_ACT_ASKED",
            "CERTIFICATE_SUSPENDED",
            "CERTIFICATE_ACT_ASKED",
            "CERTIFICATE_REINSTATED",
            "CERTIFICATE_ACT_ASKED",
            "CERTIFICATE_REVOKED"
        ]
    );
    let listed = ground.site.get(&mut customs, "/pki/requests").await.text;
    assert!(listed.contains("Suspension") && listed.contains("Revocation"), "{listed}");
    assert_eq!(ground.site.count("select count(*) from certificate_acts where done_at is null").await, 0);
}

#[tokio::test]
async fn what_the_signer_refuses_at_its_end_is_over_and_can_be_asked_for_again() {
    let ground = Ground::start("secure_for_refused_acts").await;
    let (id, mut admin) = ground.seal("EXPORTER", "exporter.owner").await;
    ground.site.clock.advance(Duration::minutes(5));
    let act = ground.asked_act(&mut admin, id, "SUSPEND", &[]).await;
    // Meanwhile somebody suspends it by the command line.
    let authority = &ground.signer.authority;
    authority.revoke(id, Reason::CertificateHold, None, None, ground.site.now()).await.unwrap();
    ground.site.do_all().await;
    let shown = ground.site.get(&mut admin, &act).await.text;
    assert!(shown.contains("It could not be done") && !shown.contains("It is being done"), "{shown}");
    assert_eq!(ground.events_of(id).await, ["CERTIFICATE_ACT_ASKED", "CERTIFICATE_ACT_FAILED"]);
    assert_eq!(ground.told("exporter.owner").await, ["CERTIFICATE_DECIDED"]);
    let bell = ground.site.get(&mut admin, "/notifications").await.text;
    assert!(bell.contains("Suspension of a certificate: Could not be done"), "{bell}");
    assert_eq!(ground.site.count("select count(*) from jobs where status = 'FAILED'").await, 0);
    let mut system = ground.site.sign_in("admin").await;
    let done = sqlx::query_scalar::<_, Uuid>("select job_id from jobs where kind = 'FINISH_CERTIFICATE_ACT'");
    let done = done.fetch_one(&mut ground.site.sql().await).await.unwrap();
    let job = ground.site.get(&mut system, &format!("/admin/jobs/{done}")).await.text;
    assert!(job.contains("acts on certificates that could not be done: 1"), "{job}");

    // It stands in the way of nothing.
    authority.reinstate(id, None, ground.site.now()).await.unwrap();
    ground.site.clock.advance(Duration::minutes(5));
    let again = ground.asked_act(&mut admin, id, "SUSPEND", &[]).await;
    ground.site.do_all().await;
    assert!(ground.site.get(&mut admin, &again).await.text.contains("It is done"));
    let both = "update certificate_acts set done_at = refused_at where refused_at is not null";
    let refused = sqlx::raw_sql(both).execute(&mut ground.site.sql().await).await;
    assert!(refused.unwrap_err().to_string().contains("stays as it was asked for"));
}

#[tokio::test]
async fn who_may_not_ask_or_decide_is_refused_and_on_record() {
    let ground = Ground::start("secure_for_strange_acts").await;
    let (id, mut owner) = ground.seal("EXPORTER", "exporter.owner").await;
    // Another's certificate is there for nobody but those who see all; of these, officers and auditors ask for nothing.
    let mut other = ground.site.sign_in("exporter2.owner").await;
    let new = format!("{CERTIFICATES}/{id}/acts/new?kind=SUSPEND");
    assert_eq!(ground.site.get(&mut other, &new).await.status, StatusCode::NOT_FOUND);
    for username in ["nbe.officer", "auditor", "admin"] {
        let mut browser = ground.site.sign_in(username).await;
        assert_eq!(ground.site.get(&mut browser, &new).await.status, StatusCode::FORBIDDEN, "{username}");
        let page = ground.site.get(&mut browser, &format!("{CERTIFICATES}/{id}")).await.text;
        assert!(!page.contains("acts/new"), "{username}");
    }
    let mut bank = ground.site.sign_in("nbe.supervisor").await;
    let key = ground.site.get(&mut bank, &format!("{CERTIFICATES}/{id}/acts/new?kind=EXPORT_KEY")).await;
    assert_eq!(key.status, StatusCode::FORBIDDEN, "a key is its holder's");
    let nothing = ground.site.get(&mut owner, &format!("{CERTIFICATES}/{id}/acts/new?kind=SELL")).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);

    // Something else than what is shown is no approval.
    let reason = [("reason", "KEY_COMPROMISE"), ("invalid_from", "")];
    let act = ground.asked_act(&mut owner, id, "REVOKE", &reason).await;
    assert_eq!(ground.site.get(&mut other, &act).await.status, StatusCode::NOT_FOUND);
    let fields = [("decision", "approve"), ("digest", &"07".repeat(32))];
    let forged = ground.site.fill_in(&mut bank, &act, &format!("{act}/decision"), &fields).await;
    assert!(forged.status == StatusCode::CONFLICT && forged.text.contains("not what would be done"), "{}", forged.text);
    let on_record = "select count(*) from audit.events where event_type = 'CERTIFICATE_DECISION_REFUSED'
        and entity_type = 'certificate_act' and severity = 'CRITICAL'";
    assert_eq!(ground.site.count(on_record).await, 1);
    // It is rejected, with a reason that who asked reads.
    let said = [("decision", "reject"), ("reason", "The laptop was found again.")];
    let rejected = ground.site.fill_in(&mut bank, &act, &format!("{act}/decision"), &said).await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER, "{}", rejected.text);
    ground.site.do_all().await;
    assert!(ground.reason_of(id).await.is_none());
    assert_eq!(ground.told("exporter.owner").await, ["CERTIFICATE_DECIDED"]);
    assert!(ground.site.get(&mut owner, &act).await.text.contains("The laptop was found again."));

    // Another one is given up.
    let act = ground.asked_act(&mut owner, id, "REVOKE", &reason).await;
    let given_up = ground.site.fill_in(&mut owner, &act, &format!("{act}/withdrawal"), &[]).await;
    assert_eq!(given_up.status, StatusCode::SEE_OTHER, "{}", given_up.text);
    ground.site.do_all().await;
    assert!(ground.reason_of(id).await.is_none());

    // Past the pages, the database refuses to change what was asked for.
    for statement in [
        "update certificate_acts set why = 'something else altogether'",
        "delete from certificate_acts",
        "update certificate_acts set done_at = requested_at, kind = 'SUSPEND'",
    ] {
        let refused = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut ground.site.sql().await).await;
        assert!(refused.unwrap_err().to_string().contains("stays as it was asked for"), "{statement}");
    }
}

#[tokio::test]
async fn a_key_is_fetched_once_when_two_organisations_have_approved() {
    let ground = Ground::start("secure_for_fetching").await;
    let (id, mut admin) = ground.seal("ECTA", "ecta.admin").await;
    let act = ground.asked_act(&mut admin, id, "EXPORT_KEY", &[]).await;
    let early = ground.site.get(&mut admin, &format!("{act}/key")).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    for username in ["nbe.supervisor", "customs.supervisor"] {
        let mut browser = ground.site.sign_in(username).await;
        let approved = ground.approve_act(&mut browser, &act).await;
        assert_eq!(approved.status, StatusCode::SEE_OTHER, "{username}: {}", approved.text);
        assert_eq!(ground.site.get(&mut browser, &format!("{act}/key")).await.status, StatusCode::FORBIDDEN);
    }
    ground.site.do_all().await;
    let shown = ground.site.get(&mut admin, &act).await.text;
    assert!(shown.contains("can fetch the key") && shown.contains(&format!("{act}/key")), "{shown}");
    let fetch = async |browser: &mut Browser, word: &str, again: &str| {
        let page = format!("{act}/key");
        ground.site.fill_in(browser, &page, &page, &[("password", word), ("password_again", again)]).await
    };
    for (word, again, complaint) in [
        ("not so long", "not so long", "at least 15"),
        ("ማንም የማያውቀው የይለፍ ሐረግ", "ማንም የማያውቀው የይለፍ ሐረግ", "Latin letters"),
        ("three goats on a roof", "three goats on a door", "differs"),
    ] {
        let answer = fetch(&mut admin, word, again).await;
        assert!(
            answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text.contains(complaint),
            "{}",
            answer.text
        );
        assert!(!answer.text.contains(word), "a secret is not shown again");
    }
    let word = "three goats on a roof";
    let file = fetch(&mut admin, word, word).await;
    assert_eq!(
        (file.status, &file.headers["content-type"].to_str().unwrap()),
        (StatusCode::OK, &"application/x-pkcs12")
    );
    assert_eq!(file.headers["cache-control"], "no-store");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key.p12");
    std::fs::write(&path, &file.bytes).unwrap();
    let opened = Command::new("openssl")
        .args(["pkcs12", "-nodes", "-passin", &format!("pass:{word}"), "-in"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(opened.status.success() && String::from_utf8_lossy(&opened.stdout).contains("BEGIN PRIVATE KEY"));

    // Once. The page says so, the record says so, and what is typed is nowhere.
    let page = format!("{act}/key");
    assert_eq!(ground.site.get(&mut admin, &page).await.status, StatusCode::CONFLICT);
    assert!(ground.site.get(&mut admin, &act).await.text.contains("was handed out"));
    let life = ground.site.get(&mut admin, &format!("{CERTIFICATES}/{id}")).await.text;
    assert!(life.contains("Its key was handed out"), "{life}");
    assert_eq!(ground.events_of(id).await, ["CERTIFICATE_ACT_ASKED", "CERTIFICATE_KEY_HANDED_OUT"]);
    let kept = "select count(*) from audit.events e where to_jsonb(e)::text like '%three goats%'";
    assert_eq!(ground.site.count(kept).await, 0);
    assert_eq!(ground.told("ecta.admin").await, ["CERTIFICATE_DECIDED"]);
}
