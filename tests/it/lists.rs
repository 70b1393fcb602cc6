//! The queue and the list, narrowed down: what comes is what the database holds.

use crate::decisions::submitted;
use crate::site::TestSite;

/// How many rows the first page of a list has.
async fn rows(site: &TestSite, username: &str, address: &str) -> usize {
    let mut browser = site.sign_in(username).await;
    let page = site.get(&mut browser, address).await;
    assert!(page.status.is_success(), "{address}: {}", page.status);
    page.text.matches("<tr data-row>").count()
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
