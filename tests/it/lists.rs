//! The queue and the list, narrowed down: what comes is what the database holds.

use uuid::Uuid;

use crate::decisions::submitted;
use crate::site::{Browser, TestSite};
use crate::walk::walk;

/// How many rows the first page of a list has.
async fn rows(site: &TestSite, username: &str, address: &str) -> usize {
    let mut browser = site.sign_in(username).await;
    let page = site.get(&mut browser, address).await;
    assert!(page.status.is_success(), "{address}: {}", page.status);
    page.text.matches("<tr data-row").count()
}

#[tokio::test]
async fn who_has_no_part_in_exports_has_an_empty_inbox_that_asks_for_nothing() {
    let site = TestSite::seeded().await;
    for (username, asks) in [("nbe.officer", true), ("ecx.officer", false)] {
        let mut browser = site.sign_in(username).await;
        let page = site.get(&mut browser, "/inbox").await;
        assert!(page.status.is_success(), "{username}: {}", page.status);
        assert_eq!(page.text.contains("hx-sse:connect"), asks, "{username}");
    }
}

#[tokio::test]
async fn a_search_finds_by_number_and_by_exporter() {
    let site = TestSite::seeded().await;
    let of_one_exporter = site
        .count(
            "select least(25, count(*)) from exports e join organizations o on o.organization_id = e.queue_organization_id
             where o.code = 'NBE' and e.exporter_name ilike '%abay%'",
        )
        .await;
    assert!(of_one_exporter > 0);
    let waiting = site
        .count(
            "select least(25, count(*)) from exports e join organizations o on o.organization_id = e.queue_organization_id
             where o.code = 'NBE'",
        )
        .await;
    for (search, found) in [
        ("abay", of_one_exporter),
        ("ABAY+coffee", of_one_exporter),
        ("nobody", 0),
        ("EXP-1999", 0),
        ("exp-2", waiting),
    ] {
        assert_eq!(rows(&site, "nbe.officer", &format!("/inbox?q={search}")).await as i64, found, "{search}");
    }
    assert!(rows(&site, "exporter.owner", "/exports?q=abay").await > 0);
    assert_eq!(rows(&site, "exporter.owner", "/exports?q=selam").await, 0);
}

#[tokio::test]
async fn a_queue_is_narrowed_by_the_days_since_when_it_waits() {
    let site = TestSite::seeded().await;
    submitted(&site).await;
    let today = site.now().date_naive();
    let tomorrow = today.succ_opt().unwrap();
    for (query, found) in [
        (format!("from={}&until={tomorrow}", today.pred_opt().unwrap()), true),
        (format!("from={}&until=", tomorrow.succ_opt().unwrap()), false),
        ("from=-262143-01-01&until=%2B262142-12-31".to_owned(), true),
    ] {
        let shown = rows(&site, "bank.officer", &format!("/inbox?stage=BANK_CHECK&{query}")).await;
        assert_eq!(shown > 0, found, "{query}: {shown}");
    }
}

/// The row of a case in the inbox, and the page of the case.
async fn row_and_case(site: &TestSite, browser: &mut Browser, export: Uuid) -> (String, String) {
    let case = format!("/exports/{export}");
    let mut inbox = site.get(browser, "/inbox").await.text;
    // It came last: the queue is read to its end.
    while !inbox.contains(&format!("{case}\"")) {
        let next = inbox.split("rel=\"next\"").next().unwrap().rsplit("<a ").next().unwrap();
        let next = next.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        inbox = site.get(browser, &next).await.text;
    }
    let row = inbox.split("<tr data-row").find(|row| row.contains(&format!("{case}\""))).unwrap().to_owned();
    (row, site.get(browser, &case).await.text)
}

/// Lets the licence of the exporter run so many days more.
async fn end_license(site: &TestSite, export: Uuid, days: i64) {
    let last_day = jebena::calendar::eat_date(site.now()) + chrono::Duration::days(days);
    site.execute(&format!(
        "update export_licenses set expiry_date = '{last_day}' where status = 'ACTIVE' and superseded_by is null
             and exporter_id = (select exporter_id from exports where export_id = '{export}')"
    ))
    .await;
}

#[tokio::test]
async fn a_row_flags_a_licence_near_its_end_and_a_price_below_the_weeks_minimum() {
    let mut site = TestSite::seeded().await;
    let export = submitted(&site).await;
    // What the flags are made of is read once a minute: a new start reads it anew.
    end_license(&site, export, 31).await;
    site.restart();
    let mut browser = site.sign_in("bank.officer").await;
    let (row, case) = row_and_case(&site, &mut browser, export).await;
    assert!(!row.contains("licence") && !row.contains("minimum price"), "{row}");
    assert!(!case.contains("minimum export price"), "{case}");

    end_license(&site, export, 12).await;
    site.execute(&format!("update exports set price_per_kg = 0.5 where export_id = '{export}'")).await;
    site.restart();
    let (row, case) = row_and_case(&site, &mut browser, export).await;
    assert!(row.contains("licence ends in 12 days") && row.contains("below the week’s minimum price"), "{row}");
    assert!(case.contains("is below the minimum export price in the week of the request"), "{case}");

    end_license(&site, export, -1).await;
    site.restart();
    assert!(row_and_case(&site, &mut browser, export).await.0.contains("licence ran out"));
    end_license(&site, export, 12).await;
    walk(&site, export, "permit").await;
    site.restart();
    let mut carrier = site.sign_in("shipping.officer").await;
    let (row, _) = row_and_case(&site, &mut carrier, export).await;
    assert!(!row.contains("licence"), "carriers are shown no licence: {row}");
    assert!(row.contains("minimum price"), "{row}");
}
