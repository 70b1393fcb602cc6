//! All papers that a person may see in one list, and the month's return to the International Coffee Organization.

use http::StatusCode;
use sqlx::AssertSqlSafe;

use crate::reports::rows_of;
use crate::site::TestSite;

/// The numbers on all pages of a list, in its order.
async fn numbers_of(site: &TestSite, username: &str, address: &str) -> Vec<String> {
    let mut browser = site.sign_in(username).await;
    let (mut numbers, mut next) = (Vec::new(), Some(address.to_owned()));
    while let Some(address) = next {
        let page = site.get(&mut browser, &address).await;
        assert_eq!(page.status, StatusCode::OK, "{address}: {}", page.text);
        let rows = page.text.split("<tr data-row").skip(1);
        numbers.extend(rows.map(|row| {
            let cell = row.split("<td").nth(1).unwrap().split_once('>').unwrap().1;
            cell.split('<').next().unwrap().trim().to_owned()
        }));
        let older = page.text.split_once("rel=\"next\" href=\"").map(|(_, rest)| rest.split('"').next().unwrap());
        next = older.map(|address| address.replace("&#38;", "&").replace("&amp;", "&"));
    }
    numbers
}

async fn numbers(site: &TestSite, condition: &str) -> Vec<String> {
    let query = format!(
        "select p.number from issued_papers p join organizations o on o.organization_id = p.owner_organization_id
         left join exports e using (export_id) where {condition} order by p.issued_at desc, p.paper_id desc"
    );
    sqlx::query_scalar(AssertSqlSafe(query)).fetch_all(&mut site.sql().await).await.unwrap()
}

#[tokio::test]
async fn the_list_of_papers_holds_what_is_the_viewers_newest_first_page_by_page() {
    let site = TestSite::seeded().await;
    let own = numbers(&site, "o.code = 'EXPORTER'").await;
    assert!(own.len() > 25, "more than one page: {}", own.len());
    assert_eq!(numbers_of(&site, "exporter.owner", "/papers").await, own);
    let permits = numbers(&site, "o.code = 'EXPORTER' and p.kind = 'EXPORT_PERMIT'").await;
    assert_eq!(numbers_of(&site, "exporter.owner", "/papers?kind=EXPORT_PERMIT").await, permits);
    let one = numbers_of(&site, "exporter.owner", &format!("/papers?q={}", permits[0])).await;
    assert_eq!(one, permits[..1]);
    // A carrier has the papers of what it carries, and no licence of a firm.
    let carried = numbers(
        &site,
        "e.shipping_organization_id = (select organization_id from organizations where code = 'SHIPPING2')
         and p.kind in ('EXPORT_PERMIT', 'ICO_CERTIFICATE')",
    )
    .await;
    let shown = numbers_of(&site, "shipping2.officer", "/papers").await;
    assert!(carried.iter().all(|number| shown.contains(number)) && !carried.is_empty());
    assert!(shown.iter().all(|number| !number.starts_with("LIC-") && !number.starts_with("QC-")), "{shown:?}");
    assert_eq!(numbers_of(&site, "ecta.officer", "/papers?kind=EXPORT_LICENSE").await, {
        numbers(&site, "p.kind = 'EXPORT_LICENSE'").await
    });
}

#[tokio::test]
async fn the_months_return_has_every_certificate_once_and_those_taken_back_in_it() {
    let site = TestSite::seeded().await;
    let month: String = sqlx::query_scalar(
        "select to_char(issued_date, 'YYYY-MM') from certificates_of_origin where kind = 'ICO' and status = 'ISSUED'
         and issued_date < date '2026-11-01' group by 1 having count(*) > 1 order by 1 desc limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let issued: Vec<String> = sqlx::query_scalar(
        "select certificate_number from certificates_of_origin
         where kind = 'ICO' and to_char(issued_date, 'YYYY-MM') = $1 order by created_at, certificate_id",
    )
    .bind(&month)
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let mut officer = site.sign_in("ecta.officer").await;
    let page = site.get(&mut officer, &format!("/papers/ico-return?month={month}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    assert!(page.text.contains(&issued[0]), "{}", page.text);
    let file = async |browser: &mut _, month: &str| {
        let answer = site.get(browser, &format!("/papers/ico-return?month={month}&format=csv")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        rows_of(&answer.text)
    };
    let rows = file(&mut officer, &month).await;
    assert_eq!(rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>(), issued);
    assert!(rows.iter().all(|row| row[1] == "010" && !row[6].is_empty() && row[12].starts_with("010/")), "{rows:?}");
    let downloads =
        "select count(*) from audit.events where event_type = 'DATA_EXPORT' and details::text like '%ico-return%'";
    assert_eq!(site.count(downloads).await, 1, "a download is on record");

    // Taken back this month: it stands in this month's return too, and in its own as void.
    let this = "2026-11";
    let before = file(&mut officer, this).await.len();
    site.execute(&format!(
        "alter table certificates_of_origin disable trigger user;
         update certificates_of_origin set status = 'REVOKED', withdrawn_at = '2026-11-17 10:00+03',
             withdrawal_reason = 'The buyer has refused the coffee.',
             withdrawn_by = (select id from users where username = 'ecta.supervisor')
         where certificate_number = '{}'",
        issued[0]
    ))
    .await;
    let now = file(&mut officer, this).await;
    assert_eq!(now.len(), before + 1);
    assert!(now.iter().any(|row| row[0] == issued[0]), "{now:?}");
    let own = file(&mut officer, &month).await;
    assert_eq!(own.len(), issued.len());
    let valid = |rows: &[Vec<String>]| rows.iter().filter(|row| row[16] == own[1][16]).count();
    assert_eq!(valid(&own), issued.len() - 1, "{own:?}");
}
