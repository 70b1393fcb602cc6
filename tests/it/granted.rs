//! What the authority has granted here counts on the checklist of an export without being uploaded.

use chrono::Duration;
use http::StatusCode;
use uuid::Uuid;

use crate::decisions::{submit, submitted};
use crate::site::{Browser, TestSite};
use crate::walk::something_to_ask;

/// In the order of their names, as an export notes them.
const GRANTED: [&str; 3] = ["COMPETENCE_CERTIFICATE", "EXPORT_LICENSE", "QUALITY_CERTIFICATE"];

/// The exporter's owner with a request to which nothing was uploaded.
async fn requested(site: &TestSite) -> (Browser, Uuid) {
    let asked = something_to_ask(site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.bare_request(&mut owner, &asked, "600").await;
    (owner, export)
}

async fn noted(site: &TestSite, export: Uuid) -> Vec<String> {
    sqlx::query_scalar("select attached_documents from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

/// The rows of the checklist that say that a paper was issued here.
async fn issued_rows(site: &TestSite, browser: &mut Browser, export: Uuid) -> Vec<String> {
    let page = site.get(browser, &format!("/exports/{export}/documents")).await;
    let table = page.text.split("id=\"checklist-caption\"").nth(1).unwrap().split("</table>").next().unwrap();
    table.split("<tr").filter(|row| row.contains("issued here")).map(str::to_owned).collect()
}

/// Turns the firm's licence into `status`, as the authority's desk would.
async fn license_becomes(site: &TestSite, status: &str) {
    site.execute(&format!(
        "update export_licenses l set status = '{status}' from exporter_profiles p, organizations o
         where p.exporter_id = l.exporter_id and o.organization_id = p.organization_id and o.code = 'EXPORTER'
           and l.superseded_by is null"
    ))
    .await;
}

async fn take_files_back(site: &TestSite, export: Uuid) {
    site.execute(&format!(
        "update export_documents set is_active = false, deactivated_at = now(), deactivated_by = uploaded_by,
             deactivation_reason = 'Taken back for the test.' where export_id = '{export}'"
    ))
    .await;
}

#[tokio::test]
async fn what_is_granted_is_there_from_the_first_day_and_needs_no_file() {
    let site = TestSite::seeded().await;
    let (mut owner, export) = requested(&site).await;
    assert_eq!(noted(&site, export).await, GRANTED);
    let rows = issued_rows(&site, &mut owner, export).await;
    assert_eq!(rows.len(), GRANTED.len(), "{rows:?}");
    let numbers: Vec<String> = sqlx::query_scalar(
        "select l.license_number from export_licenses l join exports e on e.license_id = l.license_id where e.export_id = $1
         union all select i.quality_certificate_number from export_lots x join coffee_lots h on h.lot_id = x.lot_id
         join quality_inspections i on i.inspection_id = h.inspection_id where x.export_id = $1",
    )
    .bind(export)
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(numbers.len(), 2);
    for number in numbers {
        assert!(rows.iter().any(|row| row.contains(&number) && row.contains("/papers/")), "{number}: {rows:?}");
    }
}

#[tokio::test]
async fn while_it_is_prepared_what_is_taken_away_counts_no_more_and_what_comes_back_does() {
    let site = TestSite::seeded().await;
    let (mut owner, export) = requested(&site).await;
    license_becomes(&site, "SUSPENDED").await;
    assert_eq!(noted(&site, export).await, ["COMPETENCE_CERTIFICATE", "QUALITY_CERTIFICATE"]);
    assert_eq!(issued_rows(&site, &mut owner, export).await.len(), 2);
    license_becomes(&site, "ACTIVE").await;
    assert_eq!(noted(&site, export).await, GRANTED);

    // A second lot without a certificate leaves the export without one.
    site.execute(&format!(
        "insert into export_lots (export_id, lot_id, quantity_kg)
         select '{export}', l.lot_id, 1 from coffee_lots l
         where l.inspection_id is null or not exists (select from issued_papers p where p.inspection_id = l.inspection_id)
         order by l.lot_id limit 1"
    ))
    .await;
    assert_eq!(noted(&site, export).await, ["COMPETENCE_CERTIFICATE", "EXPORT_LICENSE"]);
    site.execute(&format!("delete from export_lots where export_id = '{export}' and quantity_kg = 1")).await;
    assert_eq!(noted(&site, export).await, GRANTED);
}

#[tokio::test]
async fn what_was_submitted_keeps_what_held_on_that_day() {
    let site = TestSite::seeded().await;
    let (mut owner, export) = requested(&site).await;
    site.attach_everything(export).await;
    submit(&site, &mut owner, export).await;
    // The files go, the grants stay; what becomes of the licence is for the gates at the permit.
    take_files_back(&site, export).await;
    assert_eq!(noted(&site, export).await, GRANTED);
    license_becomes(&site, "REVOKED").await;
    assert_eq!(noted(&site, export).await, GRANTED);
    let mut officer = site.sign_in("bank.officer").await;
    let rows = issued_rows(&site, &mut officer, export).await;
    assert!(rows.iter().any(|row| row.contains("LIC-") && row.contains("REVOKED")), "{rows:?}");
    // A licence of a later time than that of the submission is none.
    site.execute(&format!(
        "update export_licenses l set issued_date = e.submitted_at::date + 2, expiry_date = e.submitted_at::date + 300
         from exports e where e.license_id = l.license_id and e.export_id = '{export}';
         select gate.note_what_is_there('{export}');"
    ))
    .await;
    assert_eq!(noted(&site, export).await, ["COMPETENCE_CERTIFICATE", "QUALITY_CERTIFICATE"]);
}

#[tokio::test]
async fn a_carrier_reads_that_the_licence_is_on_record_though_it_may_not_read_it() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    take_files_back(&site, export).await;
    let mut carrier = site.sign_in("shipping.officer").await;
    let rows = issued_rows(&site, &mut carrier, export).await;
    assert_eq!(rows.len(), GRANTED.len(), "{rows:?}");
    assert!(!rows.iter().any(|row| row.contains("LIC-")), "{rows:?}");
}

#[tokio::test]
async fn what_comes_back_and_is_handed_on_again_keeps_what_held_at_first() {
    let site = TestSite::seeded().await;
    let (mut owner, export) = requested(&site).await;
    site.attach_everything(export).await;
    submit(&site, &mut owner, export).await;
    take_files_back(&site, export).await;
    let returned = [("decision", "reject"), ("reason", "The buyer's name differs from the contract.")];
    let answer = site.decide("bank.officer", export, "bank-check", &returned).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    // The licence ends on the way.
    site.execute(&format!(
        "update export_licenses l set expiry_date = app.eat_date(e.submitted_at), status = 'EXPIRED' from exports e
         where e.license_id = l.license_id and e.export_id = '{export}'"
    ))
    .await;
    assert_eq!(noted(&site, export).await, GRANTED);
    site.clock.advance(Duration::days(3));
    let mut owner = site.sign_in("exporter.owner").await;
    submit(&site, &mut owner, export).await;
    site.execute(&format!("select gate.note_what_is_there('{export}')")).await;
    assert_eq!(noted(&site, export).await, GRANTED);
    assert_eq!(issued_rows(&site, &mut owner, export).await.len(), GRANTED.len());
}

/// Who submits holds the export and then reads the licence; who suspends holds the licence and then notes it on the
/// exports. Each waits for the other, and the suspension is tried again when the database has ended one of them.
#[tokio::test]
async fn a_licence_is_suspended_though_its_firm_holds_an_export_meanwhile() {
    let site = TestSite::seeded().await;
    let (_, export) = requested(&site).await;
    let license: Uuid = sqlx::query_scalar("select license_id from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let mut submitting = site.sql().await;
    sqlx::raw_sql("begin; set local deadlock_timeout = '1min'").execute(&mut submitting).await.unwrap();
    let hold = "select from exports where export_id = $1 for update";
    sqlx::query(hold).bind(export).execute(&mut submitting).await.unwrap();
    let reason = [("reason_suspend", "The facility was found closed.")];
    let suspending = site.decided(&mut supervisor, ("license", license), "suspend", &reason);
    let meanwhile = async {
        let waits = "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock' and query ilike 'commit%'";
        while site.count(waits).await == 0 {
            tokio::task::yield_now().await;
        }
        // Granted once the database has ended the suspension's first try.
        let read = "select from export_licenses where license_id = $1 for share";
        sqlx::query(read).bind(license).execute(&mut submitting).await.unwrap();
        sqlx::raw_sql("commit").execute(&mut submitting).await.unwrap();
    };
    futures::join!(suspending, meanwhile);
    assert_eq!(site.standing(license).await.0, "SUSPENDED");
    assert!(!noted(&site, export).await.contains(&"EXPORT_LICENSE".to_owned()));
}
