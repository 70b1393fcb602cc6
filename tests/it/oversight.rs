//! Reading the record: who finds what, and what one event says.

use http::StatusCode;
use uuid::Uuid;

use crate::decisions::submitted;
use crate::site::{Answer, Browser, TestSite};
use crate::walk::walk;

/// The types of the events on a page, from the top.
fn types(page: &Answer) -> Vec<String> {
    let rows = page.text.split("<tr data-row").skip(1);
    let cell = |row: &str| row.split("<td").nth(1).unwrap().split_once('>').unwrap().1.to_owned();
    rows.map(|row| cell(row).split([' ', '<']).next().unwrap().to_owned()).collect()
}

async fn search(site: &TestSite, browser: &mut Browser, query: &str) -> Vec<String> {
    let page = site.get(browser, &format!("/audit?{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{query}: {}", page.text);
    types(&page)
}

#[tokio::test]
async fn an_auditor_follows_a_case_from_its_number() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "permit").await;
    let paper: Uuid =
        sqlx::query_scalar("select paper_id from issued_papers where export_id = $1 and kind = 'EXPORT_PERMIT'")
            .bind(export)
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    let mut owner = site.sign_in("exporter.owner").await;
    let page = format!("/papers/{paper}");
    let printed = site.fill_in(&mut owner, &page, &format!("{page}/prints"), &[]).await;
    assert_eq!(printed.status, StatusCode::SEE_OTHER, "{}", printed.text);
    let number: String = sqlx::query_scalar("select export_number from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let mut auditor = site.sign_in("auditor").await;
    let trail = search(&site, &mut auditor, &format!("about={number}")).await;
    // What belongs to it is part of it.
    assert_eq!(trail[0], "CERTIFICATE_PRINTED");
    assert_eq!(
        trail[trail.len() - 4..],
        ["FX_APPROVED", "BANK_DOCUMENTS_APPROVED", "EXPORT_SUBMITTED", "EXPORT_CREATED"]
    );
    // Each says of which export it is, though the first alone has the number on record.
    for event in ["EXPORT_CREATED", "EXPORT_SUBMITTED", "FX_APPROVED"] {
        let page = site.get(&mut auditor, &format!("/audit?about=export+{export}&event={event}")).await;
        assert!(page.text.contains(&format!("number: {number}; ")), "{event}: {}", page.text);
    }
    // The same by kind and id, as the links of the page have it; and by who, what and when.
    assert_eq!(search(&site, &mut auditor, &format!("about=export+{export}")).await, trail);
    let by_bank = search(&site, &mut auditor, &format!("about={number}&by=bank.officer")).await;
    assert_eq!(by_bank, ["BANK_DOCUMENTS_APPROVED"]);
    let submitted = search(&site, &mut auditor, &format!("about={number}&event=export+submitted")).await;
    assert_eq!(submitted, ["EXPORT_SUBMITTED"]);
    let day = jebena::calendar::eat_date(site.now());
    let today = format!("about={number}&from={day}&until={day}");
    assert_eq!(search(&site, &mut auditor, &today).await, trail);
    let tomorrow = day.succ_opt().unwrap();
    assert!(search(&site, &mut auditor, &format!("about={number}&from={tomorrow}")).await.is_empty());
    for nothing in ["about=EXP-20200101-999999", "by=nobody", "event=NOTHING_SUCH", "severity=CRITICAL&by=bank.officer"]
    {
        assert!(search(&site, &mut auditor, nothing).await.is_empty(), "{nothing}");
    }
}

#[tokio::test]
async fn one_event_says_what_has_changed_by_whom_and_from_where() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let returned = [("decision", "reject"), ("reason", "The buyer's name differs from the contract.")];
    site.decide("bank.officer", export, "bank-check", &returned).await;
    let mut auditor = site.sign_in("auditor").await;
    let page = site.get(&mut auditor, &format!("/audit?about=export+{export}&event=BANK_DOCUMENTS_REJECTED")).await;
    let event = page.text.split("href=\"/audit/events/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = site.get(&mut auditor, &format!("/audit/events/{event}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for said in ["BANK_CHECK", "RETURNED", "The buyer&#39;s name differs from the contract.", "ip_address", "OFFICER"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert!(page.text.contains(&format!("href=\"/exports/{export}\"")), "the case itself is one step away");
    // Erased, it says so and stays.
    site.execute(
        "set role jebena_owner; alter table audit.event_private no force row level security;
         delete from audit.event_private; alter table audit.event_private force row level security;",
    )
    .await;
    let page = site.get(&mut auditor, &format!("/audit/events/{event}")).await;
    assert!(page.text.contains("The personal part was erased") && page.text.contains("BANK_CHECK"), "{}", page.text);
    for other in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let answer = site.get(&mut auditor, &format!("/audit/events/{other}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{other}");
    }
}

#[tokio::test]
async fn who_runs_the_system_finds_people_and_no_business_case_by_its_number() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let number: String = sqlx::query_scalar("select export_number from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let mut administrator = site.sign_in("admin").await;
    assert!(search(&site, &mut administrator, &format!("about={number}")).await.is_empty());
    let mut wrong = Browser::default();
    site.post(&mut wrong, "/sign-in", &[("username", "nbe.officer"), ("password", "not the password")]).await;
    assert_eq!(search(&site, &mut administrator, "about=nbe.officer").await, ["LOGIN_FAILED"]);
    // Neither by its id, nor among all, nor behind the handler's own filter.
    for query in [format!("about=export+{export}"), "event=EXPORT_SUBMITTED".to_owned()] {
        assert!(search(&site, &mut administrator, &query).await.is_empty(), "{query}");
    }
    let mut sql = site.sql().await;
    sqlx::raw_sql("set role jebena_admin").execute(&mut sql).await.unwrap();
    let of_business =
        "select (select count(*) from audit.events where entity_type = 'export' and entity_id is not null)
                       + (select count(*) from audit.event_private where payload ? 'reason')";
    let seen: i64 = sqlx::query_scalar(of_business).fetch_one(&mut sql).await.unwrap();
    assert_eq!(seen, 0);
    for username in ["exporter.owner", "bank.supervisor", "nbe.officer", "ecta.supervisor"] {
        let mut other = site.sign_in(username).await;
        assert_eq!(site.get(&mut other, "/audit").await.status, StatusCode::FORBIDDEN, "{username}");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_a_file_has_all_and_is_on_record() {
    let site = TestSite::seeded().await;
    let mut auditor = site.sign_in("auditor").await;
    let (mut path, mut seen) = ("/audit?event=EXPORT_SUBMITTED".to_owned(), Vec::new());
    let total = site.count("select count(*) from audit.events where event_type = 'EXPORT_SUBMITTED'").await;
    assert!(total > 50, "more than one page: {total}");
    loop {
        let page = site.get(&mut auditor, &path).await;
        let links = page.text.split("href=\"/audit/events/").skip(1);
        seen.extend(links.map(|rest| rest.split('"').next().unwrap().to_owned()));
        let Some(older) =
            page.text.split("href=\"").find(|rest| rest.contains("after=") && rest.starts_with("/audit?"))
        else {
            break;
        };
        path = older.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
    }
    assert_eq!(i64::try_from(seen.len()).unwrap(), total);
    seen.sort();
    seen.dedup();
    assert_eq!(i64::try_from(seen.len()).unwrap(), total, "none twice");

    let file = site.get(&mut auditor, "/audit?event=EXPORT_SUBMITTED&format=csv").await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        i64::try_from(file.text.lines().filter(|line| line.contains("EXPORT_SUBMITTED")).count()).unwrap(),
        total
    );
    let on_record = "select (details ->> 'rows')::bigint from audit.events
                     where event_type = 'DATA_EXPORT' and details ->> 'list' = 'record'";
    assert_eq!(site.count(on_record).await, total);
}
