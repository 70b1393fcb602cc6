//! Registration: a stranger's way to a qualified exporter through the authority's pages, and what is refused on it.

use chrono::{Duration, NaiveDate};
use futures::future::join_all;
use http::StatusCode;
use jebena::calendar::eat_date;
use jebena::registration::{KINDS, workflow_of};
use jebena::review::legal_moves;
use uuid::Uuid;

use crate::documents::one_document;
use crate::people::register;
use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::filled_in;

/// What a reason says in these tests.
const REASON: &str = "The scan of the certificate cannot be read.";

/// Fields as a person types them.
type Typed = Vec<(&'static str, String)>;

fn typed(fields: &[(&'static str, &str)]) -> Typed {
    fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn borrowed(fields: &Typed) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// What the form of a profile asks, of a firm of `kind`.
pub fn profile_of(firm: &str, kind: &str, tin: &str) -> Typed {
    typed(&[
        ("business_name", firm),
        ("business_type", kind),
        ("tin", tin),
        ("declared_capital", if kind == "FARMER" { "0" } else { "21,000,000" }),
        ("office_address", "Bole, Addis Ababa"),
        ("region", "Oromia"),
        ("contact_person", "Hirut Tadesse"),
        ("email", "office@firm.example"),
        ("phone", "+251 911 234 567"),
    ])
}

fn laboratory() -> Typed {
    typed(&[
        ("laboratory_name", "Wonago laboratory"),
        ("address", "Wonago, Gedeo"),
        ("has_roasting_facility", "yes"),
        ("has_cupping_room", "yes"),
        ("has_sample_storage", "yes"),
        ("equipment_grinder", "yes"),
    ])
}

fn taster(today: NaiveDate) -> Typed {
    let mut fields = typed(&[
        ("full_name", "Abebech Tumsa"),
        ("date_of_birth", "1990-02-03"),
        ("national_id", "ET-WONAGO-1"),
        ("qualification_level", "DIPLOMA"),
        ("proficiency_certificate_number", "CTP-2026-77"),
        ("employment_start_date", "2020-01-01"),
        ("is_exclusive_employee", "yes"),
    ]);
    fields.push(("certificate_issue_date", (today - Duration::days(30)).to_string()));
    fields.push(("certificate_expiry_date", (today + Duration::days(335)).to_string()));
    fields
}

impl TestSite {
    /// Writes, checks and hands in an application from its form; its id. Papers are not attached.
    pub async fn hand_in(&self, browser: &mut Browser, slug: &str, fields: &[(&str, &str)]) -> Uuid {
        let place = format!("/registration/{slug}");
        let answer = self.fill_in(browser, &format!("{place}/new"), &format!("{place}/answers"), fields).await;
        assert_eq!(answer.location(), format!("{place}/check"), "{}", answer.text);
        let answer = self.fill_in(browser, &format!("{place}/check"), &place, &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.location().split('/').nth(3).unwrap().parse().unwrap()
    }

    /// Attaches papers to an application.
    pub async fn hand_in_papers(&self, browser: &mut Browser, slug: &str, id: Uuid, kinds: &[&str]) {
        let path = format!("/applications/{slug}/{id}/papers");
        for kind in kinds {
            let page = self.get(browser, &path).await;
            let answer = self.call(browser, one_document(&page, &path, kind)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}: {}", answer.text);
        }
    }

    /// Sends a decision on an application from its page.
    pub async fn decide_on(
        &self,
        browser: &mut Browser,
        (slug, id): (&str, Uuid),
        act: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let page = format!("/registration/{slug}/{id}");
        let shown = self.get(browser, &page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text);
        let action = format!("{page}/decisions");
        let mut fields = fields.to_vec();
        // The button says which.
        fields.push(("decision", act));
        self.post(browser, &action, &pairs(&filled_in(&shown, &action, &format!("value=\"{act}\""), &fields))).await
    }

    /// As [`TestSite::decide_on`], and it is done.
    pub async fn decided(&self, browser: &mut Browser, case: (&str, Uuid), act: &str, fields: &[(&str, &str)]) {
        let answer = self.decide_on(browser, case, act, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{act} on {}: {}", case.0, answer.text);
    }

    /// The status of an application.
    pub async fn standing(&self, id: Uuid) -> (String, i32) {
        sqlx::query_as("select status, version from registration_cases where case_id = $1")
            .bind(id)
            .fetch_one(&mut self.sql().await)
            .await
            .unwrap()
    }

    /// Whether the firm of `username` is qualified today by the site's clock, as the view says.
    pub async fn is_qualified(&self, username: &str) -> bool {
        let today = eat_date(self.now());
        let mut sql = self.sql().await;
        sqlx::query("select set_config('app.today', $1, false)")
            .bind(today.to_string())
            .execute(&mut sql)
            .await
            .unwrap();
        sqlx::query_scalar(
            "select exists (select from qualified_exporters q join users u using (organization_id) where u.username = $1)",
        )
        .bind(username)
        .fetch_one(&mut sql)
        .await
        .unwrap()
    }

    /// The authority verifies a capital; `amount` in birr.
    pub async fn verify_capital(&self, browser: &mut Browser, profile: Uuid, amount: &str) {
        let day = (eat_date(self.now()) - Duration::days(10)).to_string();
        let fields = [
            ("capital_amount", amount),
            ("capital_bank", "Gion Commercial Bank S.C."),
            ("capital_certificate_number", "CAP/77"),
            ("capital_certificate_date", day.as_str()),
        ];
        self.decided(browser, ("profile", profile), "verify-capital", &fields).await;
    }
}

/// The two of the authority whom four eyes ask for.
pub struct Desk {
    pub officer: Browser,
    pub second: Browser,
}

impl Desk {
    pub async fn of(site: &TestSite) -> Self {
        Self { officer: site.sign_in("ecta.officer").await, second: site.sign_in("ecta.supervisor").await }
    }
}

/// A firm that a stranger has registered, with its profile approved.
pub async fn approved_firm(site: &TestSite, desk: &mut Desk, kind: &str, username: &str) -> (Browser, Uuid) {
    let mut owner = register(site, "Wonago Coffee", kind, username).await;
    let profile =
        site.hand_in(&mut owner, "profile", &borrowed(&profile_of("Wonago Coffee", kind, "7700000001"))).await;
    let papers: &[&str] = match kind {
        "FARMER" => &["business_registration", "farm_evidence"],
        "LLC" | "JOINT_STOCK" => &["business_registration", "capital_proof", "shareholder_evidence"],
        _ => &["business_registration", "capital_proof"],
    };
    site.hand_in_papers(&mut owner, "profile", profile, papers).await;
    if kind != "FARMER" {
        site.verify_capital(&mut desk.second, profile, "20,000,000.00").await;
    }
    site.decided(&mut desk.officer, ("profile", profile), "approve", &[]).await;
    (owner, profile)
}

/// A firm with its profile, laboratory and taster.
pub async fn equipped_firm(site: &TestSite, desk: &mut Desk, username: &str) -> (Browser, Uuid, Uuid, Uuid) {
    let today = eat_date(site.now());
    let (mut owner, profile) = approved_firm(site, desk, "LLC", username).await;
    let laboratory = site.hand_in(&mut owner, "laboratory", &borrowed(&laboratory())).await;
    site.hand_in_papers(&mut owner, "laboratory", laboratory, &["equipment_list", "inspection_report"]).await;
    let inspected = [("last_inspection_date", today.to_string())];
    site.decided(&mut desk.officer, ("laboratory", laboratory), "approve", &pairs(&inspected)).await;
    let taster = site.hand_in(&mut owner, "taster", &borrowed(&taster(today))).await;
    let papers = ["taster_qualification", "proficiency_certificate", "employment_contract"];
    site.hand_in_papers(&mut owner, "taster", taster, &papers).await;
    site.decided(&mut desk.officer, ("taster", taster), "approve", &[]).await;
    (owner, profile, laboratory, taster)
}

/// Certificate of competence, applied for and issued; a farmer names neither laboratory nor taster.
pub async fn competence_of(
    site: &TestSite,
    desk: &mut Desk,
    owner: &mut Browser,
    equipment: Option<(Uuid, Uuid)>,
) -> Uuid {
    let mut fields = typed(&[("storage_capacity", "600000"), ("storage_conditions", "Dry, on pallets")]);
    if let Some((laboratory, taster)) = equipment {
        fields.push(("laboratory_id", laboratory.to_string()));
        fields.push(("taster_id", taster.to_string()));
    }
    let id = site.hand_in(owner, "competence", &borrowed(&fields)).await;
    site.hand_in_papers(owner, "competence", id, &["storage_evidence", "inspection_report"]).await;
    let day = eat_date(site.now()).to_string();
    let inspected = [("facility_inspection_date", day.as_str()), ("inspection_passed", "yes")];
    site.decided(&mut desk.officer, ("competence", id), "approve", &inspected).await;
    id
}

/// Export licence, applied for and issued.
pub async fn license_of(site: &TestSite, desk: &mut Desk, owner: &mut Browser) -> Uuid {
    let asked = [("eic_registration_number", "EIC/00777"), ("coffee_sidama", "yes"), ("coffee_yirgacheffe", "yes")];
    let id = site.hand_in(owner, "license", &asked).await;
    site.hand_in_papers(owner, "license", id, &["investment_registration"]).await;
    let granted = [("coffee_sidama", "yes"), ("origin_oromia", "yes"), ("annual_quota", "120000")];
    site.decided(&mut desk.officer, ("license", id), "approve", &granted).await;
    id
}

/// A firm that has passed all its gates: owner, profile, certificate, licence.
pub async fn qualified_firm(site: &TestSite, desk: &mut Desk, username: &str) -> (Browser, Uuid, Uuid, Uuid) {
    let (mut owner, profile, laboratory, taster) = equipped_firm(site, desk, username).await;
    let competence = competence_of(site, desk, &mut owner, Some((laboratory, taster))).await;
    let license = license_of(site, desk, &mut owner).await;
    (owner, profile, competence, license)
}

#[tokio::test]
async fn a_stranger_becomes_a_qualified_exporter_through_the_authoritys_pages() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let (mut owner, profile, _, license) = qualified_firm(&site, &mut desk, "wonago.owner").await;
    assert!(site.is_qualified("wonago.owner").await);
    let own = site.get(&mut owner, "/registration").await;
    assert!(own.text.contains("All conditions are met"), "{}", own.text);
    let number: String = sqlx::query_scalar("select registration_number from exporter_profiles where exporter_id = $1")
        .bind(profile)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert!(number.starts_with("ECTA-LLC-2026-"), "{number}");
    let (types, origins, quota): (serde_json::Value, serde_json::Value, rust_decimal::Decimal) = sqlx::query_as(
        "select authorized_coffee_types, authorized_origins, annual_quota from export_licenses where license_id = $1",
    )
    .bind(license)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((types, origins), (serde_json::json!(["Sidama"]), serde_json::json!(["Oromia"])), "as granted");
    assert_eq!(quota, rust_decimal::Decimal::from(120_000));
    let papers: Vec<String> = sqlx::query_scalar(
        "select p.kind from issued_papers p join users u on u.organization_id = p.owner_organization_id
         where u.username = 'wonago.owner' order by 1",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let expected = ["COMPETENCE_CERTIFICATE", "EXPORT_LICENSE", "LABORATORY_CERTIFICATE", "TASTER_CERTIFICATE"];
    assert_eq!(papers, expected);
    let moves = site.count("select count(*) from review_history where subject <> 'INSPECTION'").await;
    let events = site
        .count(
            "select count(*) from audit.events where event_type in ('PROFILE_SUBMITTED', 'CAPITAL_VERIFIED', 'PROFILE_APPROVED',
                'LABORATORY_REGISTERED', 'LABORATORY_APPROVED', 'TASTER_REGISTERED', 'TASTER_APPROVED', 'COMPETENCE_APPLIED',
                'COMPETENCE_ISSUED', 'LICENSE_APPLIED', 'LICENSE_ISSUED') and entity_id in (select subject_id from review_history)",
        )
        .await;
    assert!(moves >= 11 && events >= 11, "{moves} moves, {events} events");
}

/// Acceptance check 2 of domain 13.
#[tokio::test]
async fn farmer_qualifies_with_three_gates_and_a_company_needs_twenty_million() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let (mut farmer, _) = approved_firm(&site, &mut desk, "FARMER", "wonago.farmer").await;
    assert!(!site.is_qualified("wonago.farmer").await);
    competence_of(&site, &mut desk, &mut farmer, None).await;
    license_of(&site, &mut desk, &mut farmer).await;
    assert!(site.is_qualified("wonago.farmer").await);

    let mut owner = register(&site, "Second Coffee PLC", "LLC", "second.owner").await;
    let profile =
        site.hand_in(&mut owner, "profile", &borrowed(&profile_of("Second Coffee PLC", "LLC", "7700000002"))).await;
    let papers = ["business_registration", "capital_proof", "shareholder_evidence"];
    site.hand_in_papers(&mut owner, "profile", profile, &papers).await;
    site.verify_capital(&mut desk.second, profile, "19,999,999.99").await;
    let refused = site.decide_on(&mut desk.officer, ("profile", profile), "approve", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("19,999,999.99"), "{}", refused.text);
    site.verify_capital(&mut desk.second, profile, "20,000,000.00").await;
    site.decided(&mut desk.officer, ("profile", profile), "approve", &[]).await;
}

/// Acceptance check 3 of domain 13.
#[tokio::test]
async fn a_laboratory_that_expired_yesterday_closes_the_gate_though_its_status_says_active() {
    let site = TestSite::seeded().await;
    assert!(site.is_qualified("exporter.owner").await);
    let today = eat_date(site.now());
    site.execute(&format!(
        "update coffee_laboratories l set expiry_date = '{}' from exporter_profiles p join users u using (organization_id)
         where p.exporter_id = l.exporter_id and u.username = 'exporter.owner'",
        today - Duration::days(1)
    ))
    .await;
    assert!(!site.is_qualified("exporter.owner").await);
    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, "/registration").await;
    assert!(page.text.contains("Laboratory: ended on"), "{}", page.text);
    // The nightly job says the same afterwards, once, on record.
    assert!(jebena::registration::expire(&site.state.db, site.now()).await.unwrap() > 0);
    assert_eq!(jebena::registration::expire(&site.state.db, site.now()).await.unwrap(), 0);
    let ended =
        "select count(*) from review_history where action = 'expire' and changed_by is null and subject = 'LABORATORY'";
    assert!(site.count(ended).await > 0);
    assert!(!site.is_qualified("exporter.owner").await);
}

/// Acceptance checks 4 and 8 of domain 13.
#[tokio::test]
async fn a_rejection_needs_ten_characters_and_the_firm_hands_in_again() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let mut owner = register(&site, "Wonago Coffee", "PRIVATE", "wonago.owner").await;
    let fields = profile_of("Wonago Coffee", "PRIVATE", "7700000001");
    let profile = site.hand_in(&mut owner, "profile", &borrowed(&fields)).await;
    for (reason, status) in [
        ("", StatusCode::UNPROCESSABLE_ENTITY),
        ("123456789", StatusCode::UNPROCESSABLE_ENTITY),
        ("1234567890", StatusCode::SEE_OTHER),
    ] {
        let answer = site.decide_on(&mut desk.officer, ("profile", profile), "reject", &[("reason", reason)]).await;
        assert_eq!(answer.status, status, "{reason:?}: {}", answer.text);
    }
    assert_eq!(site.standing(profile).await, ("REJECTED".into(), 2));
    let case = format!("/registration/profile/{profile}");
    let shown = site.get(&mut owner, &case).await;
    assert!(shown.text.contains("1234567890") && shown.text.contains(&format!("{case}/form")), "{}", shown.text);
    let corrected = profile_of("Wonago Coffee Trading", "PRIVATE", "7700000001");
    let answer =
        site.fill_in(&mut owner, &format!("{case}/form"), &format!("{case}/answers"), &borrowed(&corrected)).await;
    assert_eq!(answer.location(), format!("{case}/check"), "{}", answer.text);
    let answer = site.fill_in(&mut owner, &format!("{case}/check"), &format!("{case}/submission"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.standing(profile).await, ("PENDING_APPROVAL".into(), 3));
    let (count, history, name): (i32, serde_json::Value, String) = sqlx::query_as(
        "select resubmission_count, rejection_history, business_name from exporter_profiles where exporter_id = $1",
    )
    .bind(profile)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((count, name.as_str()), (1, "Wonago Coffee Trading"));
    assert_eq!(history[0]["reason"], "1234567890");

    // Two officers at once: one wins, the other learns who.
    let (mut first, mut second) = (desk.officer.clone(), desk.second.clone());
    let action = format!("{case}/decisions");
    let answer = [("decision", "return"), ("reason", REASON)];
    let one = filled_in(&site.get(&mut first, &case).await, &action, "", &answer);
    let other = filled_in(&site.get(&mut second, &case).await, &action, "", &answer);
    let (one, other) = (pairs(&one), pairs(&other));
    let (one, other) = tokio::join!(site.post(&mut first, &action, &one), site.post(&mut second, &action, &other));
    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT], "{} {}", one.text, other.text);
    let returned: i64 =
        sqlx::query_scalar("select count(*) from review_history where subject_id = $1 and action = 'return'")
            .bind(profile)
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    assert_eq!(returned, 1);
}

#[tokio::test]
async fn who_verifies_the_capital_does_not_approve_and_papers_have_to_be_there() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let mut owner = register(&site, "Wonago Coffee", "PRIVATE", "wonago.owner").await;
    let fields = profile_of("Wonago Coffee", "PRIVATE", "7700000001");
    let profile = site.hand_in(&mut owner, "profile", &borrowed(&fields)).await;
    let mut sql = site.sql().await;
    let before = Rows::besides_the_record(&mut sql).await;
    let refused = site.decide_on(&mut desk.officer, ("profile", profile), "approve", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Papers are missing"), "{}", refused.text);
    assert!(Rows::besides_the_record(&mut sql).await == before);
    site.hand_in_papers(&mut owner, "profile", profile, &["business_registration", "capital_proof"]).await;
    site.verify_capital(&mut desk.officer, profile, "15,000,000").await;
    let refused = site.decide_on(&mut desk.officer, ("profile", profile), "approve", &[]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    assert!(refused.text.contains("You verified the capital, so another officer"), "{}", refused.text);
    site.decided(&mut desk.second, ("profile", profile), "approve", &[]).await;
}

#[tokio::test]
async fn nobody_else_sees_or_decides_a_firms_applications() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let (_, profile, laboratory, _) = equipped_firm(&site, &mut desk, "wonago.owner").await;
    for (username, of_profile, of_laboratory) in [
        ("exporter.owner", StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
        ("bank2.officer", StatusCode::OK, StatusCode::NOT_FOUND),
        ("nbe.officer", StatusCode::OK, StatusCode::NOT_FOUND),
        ("customs.officer", StatusCode::OK, StatusCode::NOT_FOUND),
        ("auditor", StatusCode::OK, StatusCode::OK),
        ("shipping.officer", StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
        ("ecx.officer", StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
    ] {
        let mut browser = site.sign_in(username).await;
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        for (slug, id, status) in [("profile", profile, of_profile), ("laboratory", laboratory, of_laboratory)] {
            let path = format!("/registration/{slug}/{id}");
            assert_eq!(site.get(&mut browser, &path).await.status, status, "{username} {slug}");
            let key = Uuid::new_v4().to_string();
            let fields = [
                ("csrf", csrf.as_str()),
                ("idempotency_key", &key),
                ("version", "3"),
                ("decision", "suspend"),
                ("reason_suspend", REASON),
            ];
            let answer = site.post(&mut browser, &format!("{path}/decisions"), &fields).await;
            let expected = if status == StatusCode::OK { StatusCode::FORBIDDEN } else { status };
            assert_eq!(answer.status, expected, "{username} {slug}: {}", answer.text);
        }
    }
    assert_eq!(site.standing(profile).await.0, "ACTIVE");
}

#[tokio::test]
async fn a_revoked_profile_takes_its_certificate_and_licence_along() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let (_, profile, competence, license) = qualified_firm(&site, &mut desk, "wonago.owner").await;
    let reason = [("reason_suspend", REASON)];
    site.decided(&mut desk.second, ("profile", profile), "suspend", &reason).await;
    assert!(!site.is_qualified("wonago.owner").await);
    site.decided(&mut desk.second, ("profile", profile), "reinstate", &[("reason_reinstate", REASON)]).await;
    assert!(site.is_qualified("wonago.owner").await);
    let refused = site
        .post(&mut desk.officer, &format!("/registration/profile/{profile}/decisions"), &[("decision", "revoke")])
        .await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER, "an officer is no supervisor");
    site.decided(&mut desk.second, ("profile", profile), "revoke", &[("reason_revoke", REASON)]).await;
    for id in [profile, competence, license] {
        assert_eq!(site.standing(id).await.0, "REVOKED");
    }
    let follows = "select count(*) from review_history where action = 'revoke' and details ? 'follows'";
    assert_eq!(site.count(follows).await, 2);
}

#[tokio::test]
async fn a_certificate_is_renewed_in_its_last_ninety_days_and_superseded_when_granted() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let (mut owner, _, competence, license) = qualified_firm(&site, &mut desk, "wonago.owner").await;
    let case = format!("/registration/competence/{competence}");
    let early = site.get(&mut owner, &format!("{case}/form")).await;
    assert!(early.text.contains("It can be renewed from"), "{}", early.text);
    // Back to a day within the window: the sessions are over by then.
    site.execute(&format!(
        "update competence_certificates set expiry_date = '{0}' where certificate_id = '{competence}';
         update export_licenses set expiry_date = '{0}' where license_id = '{license}'",
        eat_date(site.now()) + Duration::days(90)
    ))
    .await;
    let form = site.get(&mut owner, &format!("{case}/form")).await;
    let chosen = |name: &str| -> String {
        let rest = form.text.split(&format!("name=\"{name}\"")).nth(1).unwrap();
        rest.split("\" selected").next().unwrap().rsplit("value=\"").next().unwrap().to_owned()
    };
    let (laboratory, taster) = (chosen("laboratory_id"), chosen("taster_id"));
    let fields = [
        ("laboratory_id", laboratory.as_str()),
        ("taster_id", &taster),
        ("storage_capacity", "700000"),
        ("storage_conditions", "Dry, on pallets"),
    ];
    let answer = site.fill_in(&mut owner, &format!("{case}/form"), &format!("{case}/answers"), &fields).await;
    assert_eq!(answer.location(), format!("{case}/check"), "{}", answer.text);
    let answer = site.fill_in(&mut owner, &format!("{case}/check"), &format!("{case}/submission"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let renewal: Uuid = answer.location().split('/').nth(3).unwrap().parse().unwrap();
    assert!(site.is_qualified("wonago.owner").await, "the old one is in force meanwhile");
    site.hand_in_papers(&mut owner, "competence", renewal, &["storage_evidence", "inspection_report"]).await;
    let day = eat_date(site.now()).to_string();
    let inspected = [("facility_inspection_date", day.as_str()), ("inspection_passed", "yes")];
    site.decided(&mut desk.officer, ("competence", renewal), "approve", &inspected).await;
    let (superseded_by, history): (Option<Uuid>, serde_json::Value) = sqlx::query_as(
        "select o.superseded_by, n.renewal_history from competence_certificates o, competence_certificates n
         where o.certificate_id = $1 and n.certificate_id = $2",
    )
    .bind(competence)
    .bind(renewal)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((superseded_by, history.as_array().unwrap().len()), (Some(renewal), 1));
    assert!(site.is_qualified("wonago.owner").await, "the licence stands on the old one until its own last day");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn handed_in_and_decided_twenty_times_it_happens_once() {
    let site = TestSite::seeded_for_crowds().await;
    let mut desk = Desk::of(&site).await;
    let mut owner = register(&site, "Wonago Coffee", "PRIVATE", "wonago.owner").await;
    let fields = profile_of("Wonago Coffee", "PRIVATE", "7700000001");
    let place = "/registration/profile";
    site.fill_in(&mut owner, &format!("{place}/new"), &format!("{place}/answers"), &borrowed(&fields)).await;
    let check = site.get(&mut owner, &format!("{place}/check")).await;
    let sent = filled_in(&check, place, "", &[]);
    let answers = crowd(&site, &owner, place, &pairs(&sent)).await;
    let profile: Uuid = answers.location().split('/').nth(3).unwrap().parse().unwrap();
    assert_eq!(site.standing(profile).await, ("PENDING_APPROVAL".into(), 1));
    site.hand_in_papers(&mut owner, "profile", profile, &["business_registration", "capital_proof"]).await;
    site.verify_capital(&mut desk.second, profile, "15,000,000").await;
    let case = format!("{place}/{profile}");
    let shown = site.get(&mut desk.officer, &case).await;
    let action = format!("{case}/decisions");
    let sent = filled_in(&shown, &action, "", &[("decision", "approve")]);
    crowd(&site, &desk.officer, &action, &pairs(&sent)).await;
    assert_eq!(site.standing(profile).await, ("ACTIVE".into(), 3));
}

async fn crowd(site: &TestSite, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut answers = join_all((0..20).map(|_| {
        let mut browser = browser.clone();
        async move { site.post(&mut browser, path, fields).await }
    }))
    .await;
    let first = answers.remove(0);
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    for answer in &answers {
        assert_eq!((answer.status, answer.location()), (first.status, first.location()), "{}", answer.text);
    }
    first
}

#[tokio::test]
async fn the_legal_moves_of_registration_are_those_of_its_tables() {
    let site = TestSite::start().await;
    for kind in KINDS {
        let rows: Vec<(String, String, String)> =
            sqlx::query_as("select from_state, action, to_state from legal_moves where subject = $1")
                .bind(kind.code())
                .fetch_all(&mut site.sql().await)
                .await
                .unwrap();
        let mut rows = rows;
        rows.sort();
        assert_eq!(rows, legal_moves(workflow_of(kind).unwrap()), "{kind}");
    }
}

#[tokio::test]
async fn the_desk_finds_what_waits_by_kind_part_text_and_region() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let mut owner = register(&site, "Wonago Coffee", "PRIVATE", "wonago.owner").await;
    let fields = profile_of("Wonago Coffee", "PRIVATE", "7700000001");
    let profile = site.hand_in(&mut owner, "profile", &borrowed(&fields)).await;
    let link = format!("/registration/profile/{profile}");
    for (query, is_there) in [
        ("", true),
        ("?kind=profile&part=pending&q=wonago", true),
        ("?kind=profile&part=pending&q=ECTA-PVT", true),
        ("?kind=profile&part=pending&region=Oromia", true),
        ("?kind=profile&part=pending&region=Sidama", false),
        ("?kind=profile&part=active", false),
        ("?kind=profile&part=pending&again=yes", false),
        ("?kind=license&part=pending", false),
        ("?kind=laboratory&part=expiring", false),
    ] {
        let page = site.get(&mut desk.officer, &format!("/registration{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{query}");
        assert_eq!(page.text.contains(&link), is_there, "{query}: {}", page.text);
    }
    let waiting =
        "select coalesce(sum(pending_count), 0)::bigint from pending_approvals_by_org where approval_type = 'PROFILE'";
    assert!(site.count(waiting).await >= 1);
    let mut bank = site.sign_in("bank.officer").await;
    let page = site.get(&mut bank, "/registration?kind=laboratory").await;
    assert!(!page.text.contains("href=\"/registration?kind=laboratory"), "laboratories are no affair of a bank");
}

/// What the page of an application's papers counts is what is asked for, not all that may be handed in.
#[tokio::test]
async fn the_page_of_papers_counts_what_is_asked_for() {
    let site = TestSite::seeded().await;
    let mut desk = Desk::of(&site).await;
    let mut owner = register(&site, "Wonago Coffee", "PRIVATE", "wonago.counts").await;
    let answers = profile_of("Wonago Coffee", "PRIVATE", "7700000009");
    let profile = site.hand_in(&mut owner, "profile", &borrowed(&answers)).await;
    let path = format!("/applications/profile/{profile}/papers");
    let page = site.get(&mut owner, &path).await.text;
    assert!(page.contains("0 of 2 are there") && page.contains("What is needed"), "{page}");
    assert_eq!(page.matches(">missing<").count(), 2, "{page}");
    site.hand_in_papers(&mut owner, "profile", profile, &["business_registration", "other"]).await;
    let page = site.get(&mut owner, &path).await.text;
    assert!(page.contains("1 of 2 are there"), "{page}");
    site.hand_in_papers(&mut owner, "profile", profile, &["capital_proof"]).await;
    site.verify_capital(&mut desk.second, profile, "20,000,000.00").await;
    site.decided(&mut desk.officer, ("profile", profile), "approve", &[]).await;
    let page = site.get(&mut owner, &path).await.text;
    assert!(page.contains("What has been handed in") && !page.contains("are there"), "{page}");
}
