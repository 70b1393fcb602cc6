//! Papers of what is granted to a firm: issued through the seam of the areas below, seen by whose they are, and worth
//! what their rows are worth.

use chrono::{DateTime, Utc};
use http::StatusCode;
use jebena::auth::permission::permissions_of;
use jebena::auth::{Actor, ActorOrganization, OrganizationKind, Origin, Role};
use jebena::ids::{CompetenceId, InspectionId, LaboratoryId, LicenseId, OrganizationId, TasterId, UserId};
use jebena::workflow::papers::PaperSubject;
use serde_json::Value;
use uuid::Uuid;

use crate::certificates::json;
use crate::site::{Browser, TestSite};
use crate::walk::{organization, user};

/// An officer of the authority, as one who decides.
async fn officer(site: &TestSite) -> Actor {
    Actor {
        user_id: UserId(user(site, "ecta.officer").await),
        username: "ecta.officer".to_owned(),
        display_name: "Selamawit Bekele".to_owned(),
        organization: ActorOrganization {
            id: OrganizationId(organization(site, "ECTA").await),
            kind: OrganizationKind::Ecta,
            code: "ECTA".to_owned(),
            name_en: "Ethiopian Coffee and Tea Authority".to_owned(),
            name_am: "የኢትዮጵያ ቡናና ሻይ ባለሥልጣን".to_owned(),
        },
        roles: vec![Role::Officer],
        permissions: permissions_of(OrganizationKind::Ecta, Role::Officer),
        delegations: Vec::new(),
        origin: Origin::default(),
    }
}

async fn issue(site: &TestSite, subject: PaperSubject) -> sqlx::Result<()> {
    let actor = officer(site).await;
    let mut tx = site.state.db.begin_as(&actor).await.unwrap();
    site.state.papers.issue(&mut tx, subject, &actor, site.now()).await?;
    tx.commit().await
}

/// The subjects of the firm `code`: its laboratory, taster, competence certificate and licence, and a lot's inspection.
async fn subjects(site: &TestSite, code: &str) -> Vec<(&'static str, PaperSubject)> {
    let (laboratory, taster, competence, license, inspection): (Option<Uuid>, Option<Uuid>, Uuid, Uuid, Uuid) =
        sqlx::query_as(
            "select (select laboratory_id from coffee_laboratories where exporter_id = p.exporter_id),
                    (select taster_id from coffee_tasters where exporter_id = p.exporter_id),
                    (select certificate_id from competence_certificates
                     where exporter_id = p.exporter_id and superseded_by is null),
                    (select license_id from export_licenses where exporter_id = p.exporter_id and superseded_by is null),
                    (select inspection_id from quality_inspections
                     where exporter_id = p.exporter_id and passed and superseded_by is null order by inspection_id limit 1)
             from exporter_profiles p join organizations o using (organization_id) where o.code = $1",
        )
        .bind(code)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let mut subjects = vec![
        ("COMPETENCE_CERTIFICATE", PaperSubject::Competence(CompetenceId(competence))),
        ("EXPORT_LICENSE", PaperSubject::License(LicenseId(license))),
        ("QUALITY_CERTIFICATE", PaperSubject::Inspection(InspectionId(inspection))),
    ];
    subjects.extend(laboratory.map(|id| ("LABORATORY_CERTIFICATE", PaperSubject::Laboratory(LaboratoryId(id)))));
    subjects.extend(taster.map(|id| ("TASTER_CERTIFICATE", PaperSubject::Taster(TasterId(id)))));
    subjects
}

/// The paper of a subject: its id, number and code.
async fn paper_of(site: &TestSite, subject: PaperSubject) -> (Uuid, String, String) {
    let id = match subject {
        PaperSubject::Laboratory(id) => id.0,
        PaperSubject::Taster(id) => id.0,
        PaperSubject::Competence(id) => id.0,
        PaperSubject::License(id) => id.0,
        PaperSubject::Inspection(id) => id.0,
    };
    sqlx::query_as(
        "select paper_id, number, verify_code from issued_papers
         where $1 in (laboratory_id, taster_id, competence_id, license_id, inspection_id) and duplicate = 0",
    )
    .bind(id)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap()
}

/// A site on which nothing that was granted has its paper yet.
async fn without_papers() -> TestSite {
    let site = TestSite::seeded().await;
    site.execute(
        "alter table issued_papers disable trigger append_only_rows;
         delete from issued_papers where export_id is null;
         alter table issued_papers enable always trigger append_only_rows;",
    )
    .await;
    site
}

#[tokio::test]
async fn what_is_granted_gets_its_paper_once() {
    let site = without_papers().await;
    let today = site.now().format("%Y").to_string();
    let mut owner = site.sign_in("exporter.owner").await;
    let mut other = site.sign_in("exporter2.owner").await;
    let mut stranger = Browser::default();
    for (kind, subject) in subjects(&site, "EXPORTER").await {
        issue(&site, subject).await.unwrap();
        let again = issue(&site, subject).await.unwrap_err();
        assert!(again.as_database_error().is_some_and(|error| error.is_unique_violation()), "{kind}: {again}");
        let (paper, number, code) = paper_of(&site, subject).await;
        let page = site.get(&mut owner, &format!("/papers/{paper}")).await;
        assert_eq!(page.status, StatusCode::OK, "{kind}: {}", page.text);
        assert!(page.text.contains(&number) && page.text.contains("Selamawit Bekele"), "{kind}: {}", page.text);
        assert_eq!(site.get(&mut other, &format!("/papers/{paper}")).await.status, StatusCode::NOT_FOUND, "{kind}");
        let answer = json(&site, &code).await;
        assert_eq!((&answer["state"], &answer["kind"]), (&Value::from("VALID"), &Value::from(kind)));
        assert_eq!(site.get(&mut stranger, &format!("/v/{code}")).await.status, StatusCode::OK);
    }
    let taster = subjects(&site, "EXPORTER").await.pop().unwrap();
    let (_, number, code) = paper_of(&site, taster.1).await;
    assert!(number.starts_with(&format!("TST-{today}-")), "{number}");
    // Neither birth nor identity number is for strangers.
    let public = site.get(&mut stranger, &format!("/v/{code}")).await.text;
    assert!(!public.contains("ET-0") && !public.contains("1988"), "{public}");
}

#[tokio::test]
async fn a_farmers_certificate_names_neither_laboratory_nor_taster() {
    let site = without_papers().await;
    let (_, competence) = subjects(&site, "EXPORTER4").await.remove(0);
    issue(&site, competence).await.unwrap();
    let (paper, ..) = paper_of(&site, competence).await;
    let mut owner = site.sign_in("exporter4.owner").await;
    let page = site.get(&mut owner, &format!("/papers/{paper}")).await.text;
    assert!(page.contains("exports only what was grown there"), "{page}");
    assert!(!page.contains("Laboratory") && !page.contains("Coffee taster"), "{page}");
}

#[tokio::test]
async fn nothing_that_was_not_granted_has_a_paper() {
    let site = without_papers().await;
    let (_, PaperSubject::License(license)) = subjects(&site, "EXPORTER").await.remove(1) else { panic!() };
    site.execute(&format!(
        "update export_licenses set license_number = null, status = 'PENDING' where license_id = '{license}'"
    ))
    .await;
    for subject in [PaperSubject::License(license), PaperSubject::Laboratory(LaboratoryId::new())] {
        assert!(matches!(issue(&site, subject).await, Err(sqlx::Error::RowNotFound)), "{subject:?}");
    }
}

/// The paper's state as its code, and since when and by what, as the public page has it.
async fn worth(site: &TestSite, code: &str) -> (String, Option<String>, Option<String>) {
    let answer = json(site, code).await;
    let text = |key: &str| answer[key].as_str().map(str::to_owned);
    (text("state").unwrap(), text("since"), text("replaced_by"))
}

#[tokio::test]
async fn a_paper_is_worth_what_its_row_is_worth_today() {
    let site = TestSite::seeded().await;
    let tables = [
        ("COMPETENCE_CERTIFICATE", "competence_certificates", "certificate_id", "expiry_date"),
        ("EXPORT_LICENSE", "export_licenses", "license_id", "expiry_date"),
        ("LABORATORY_CERTIFICATE", "coffee_laboratories", "laboratory_id", "expiry_date"),
        ("TASTER_CERTIFICATE", "coffee_tasters", "taster_id", "certificate_expiry_date"),
    ];
    let start = site.now();
    for (kind, subject) in subjects(&site, "EXPORTER").await {
        let Some((_, table, key, until)) = tables.iter().find(|(of, ..)| *of == kind) else { continue };
        let (paper, _, code) = paper_of(&site, subject).await;
        assert_eq!(worth(&site, &code).await.0, "VALID", "{kind}");
        let column = match subject {
            PaperSubject::Competence(_) => "competence_id",
            _ => key,
        };
        let row = format!("{key} = (select {column} from issued_papers where paper_id = '{paper}')");
        // To its last day, and not a minute longer.
        let last: chrono::NaiveDate =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select {until} from {table} where {row}")))
                .fetch_one(&mut site.sql().await)
                .await
                .unwrap();
        let midnight: DateTime<Utc> = format!("{last}T21:00:00Z").parse().unwrap();
        site.clock.set(midnight - chrono::Duration::seconds(1));
        assert_eq!(worth(&site, &code).await.0, "VALID", "{kind} on {last}");
        site.clock.set(midnight);
        assert_eq!(worth(&site, &code).await.0, "EXPIRED", "{kind} after {last}");
        site.clock.set(start);
        for state in ["SUSPENDED", "REVOKED", "ACTIVE"] {
            site.execute(&format!(
                "update {table} set status = '{state}', updated_at = '2026-11-18T08:00:00Z' where {row}"
            ))
            .await;
            let since = (state != "ACTIVE").then(|| "2026-11-18".to_owned());
            let state = if state == "ACTIVE" { "VALID" } else { state };
            assert_eq!(worth(&site, &code).await, (state.to_owned(), since, None), "{kind}");
        }
        // The firm's own suspension reaches all of them.
        site.execute("update exporter_profiles set status = 'SUSPENDED', updated_at = '2026-11-17T08:00:00Z' where approved_at is not null").await;
        let suspended = ("SUSPENDED".to_owned(), Some("2026-11-17".to_owned()), None);
        assert_eq!(worth(&site, &code).await, suspended, "{kind}");
        site.execute("update exporter_profiles set status = 'ACTIVE' where approved_at is not null").await;
    }
    // What was renewed is replaced by the number that stands in its place.
    let (code, next): (String, String) = sqlx::query_as(
        "select p.verify_code, n.license_number from issued_papers p join export_licenses l using (license_id)
         join export_licenses n on n.license_id = l.superseded_by limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(worth(&site, &code).await, ("REPLACED".to_owned(), None, Some(next)));
}

#[tokio::test]
async fn each_class_of_viewer_sees_the_papers_that_are_theirs_to_see() {
    let site = TestSite::seeded().await;
    // Who may see which of the first exporter's papers.
    let expected = [
        ("exporter.owner", [true; 5]),
        ("ecta.officer", [true; 5]),
        ("nbe.officer", [true; 5]),
        ("customs.officer", [true; 5]),
        ("auditor", [true; 5]),
        ("exporter2.owner", [false; 5]),
        // A bank looks into licences, and into the quality of what it pays for.
        ("bank.officer", [true, true, true, false, false]),
        ("bank2.officer", [true, true, false, false, false]),
        ("shipping.officer", [false, false, true, false, false]),
    ];
    let mut subjects = subjects(&site, "EXPORTER").await;
    // An inspection of a lot that goes into an export of the first bank and the first carrier.
    let inspection: Uuid = sqlx::query_scalar(
        "select p.inspection_id from issued_papers p join quality_inspections i using (inspection_id)
         join export_lots x using (lot_id) join exports e on e.export_id = x.export_id
         join organizations f on f.organization_id = e.exporter_organization_id and f.code = 'EXPORTER'
         join organizations b on b.organization_id = e.bank_organization_id and b.code = 'BANK'
         join organizations s on s.organization_id = e.shipping_organization_id and s.code = 'SHIPPING'
         where e.stage <> 'PREPARATION'
           and not exists (select from export_lots y join exports z on z.export_id = y.export_id join organizations o
                           on o.organization_id = z.bank_organization_id
                           where y.lot_id = x.lot_id and o.code <> 'BANK') limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    subjects[2].1 = PaperSubject::Inspection(InspectionId(inspection));
    for (who, sees) in expected {
        let mut browser = site.sign_in(who).await;
        for ((kind, subject), visible) in subjects.iter().zip(sees) {
            let (paper, ..) = paper_of(&site, *subject).await;
            let status = site.get(&mut browser, &format!("/papers/{paper}")).await.status;
            let expected = if visible { StatusCode::OK } else { StatusCode::NOT_FOUND };
            assert_eq!(status, expected, "{who} {kind}");
        }
    }
}
