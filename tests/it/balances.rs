//! What lot, contract and licence have left, when many ask at once: each balance holds by itself, and exactly
//! as much is taken as fits.

use futures::future::join_all;
use http::StatusCode;
use uuid::Uuid;

use crate::site::{TestSite, pairs};
use crate::walk::{hidden_fields, something_to_ask};

/// How many ask at the same time, each for 600 kg.
const AT_ONCE: usize = 8;

/// Which balance has room for one of them and not for two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scarce {
    Lot,
    Contract,
    Quota,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_requests_at_once_the_lot_serves_what_it_has() {
    exactly_one_fits(Scarce::Lot).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_requests_at_once_the_contract_serves_what_it_has() {
    exactly_one_fits(Scarce::Contract).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_requests_at_once_the_quota_serves_what_it_has() {
    exactly_one_fits(Scarce::Quota).await;
}

/// What lot, contract and licence say that they have given, in kilograms.
async fn reserved(site: &TestSite, lot: Uuid, contract: Uuid, license: Uuid) -> [f64; 3] {
    let (lot, contract, quota): (f64, f64, f64) = sqlx::query_as(
        "select (select reserved_kg::float8 from coffee_lots where lot_id = $1),
                (select reserved_kg::float8 from sales_contracts where contract_id = $2),
                (select quota_reserved_kg::float8 from export_licenses where license_id = $3)",
    )
    .bind(lot)
    .bind(contract)
    .bind(license)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    [lot, contract, quota]
}

/// What the open and shipped exports take of them.
async fn taken(site: &TestSite, lot: Uuid, contract: Uuid, license: Uuid) -> [f64; 3] {
    let (lot, contract, quota): (f64, f64, f64) = sqlx::query_as(
        "select (select coalesce(sum(x.quantity_kg), 0)::float8 from export_lots x join exports e using (export_id)
                 where x.lot_id = $1 and e.status <> 'CANCELLED'),
                (select coalesce(sum(quantity), 0)::float8 from exports where contract_id = $2 and status <> 'CANCELLED'),
                (select coalesce(sum(quantity), 0)::float8 from exports where license_id = $3 and status <> 'CANCELLED')",
    )
    .bind(lot)
    .bind(contract)
    .bind(license)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    [lot, contract, quota]
}

async fn exactly_one_fits(scarce: Scarce) {
    let site = TestSite::seeded_for_crowds().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let license: Uuid = sqlx::query_scalar(
        "select l.license_id from export_licenses l join coffee_lots c on c.purchased_by = l.exporter_id
         where c.lot_id = $1 and l.status = 'ACTIVE' and l.superseded_by is null",
    )
    .bind(asked.lot)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    // 1,000 kg are left of what is scarce, and plenty of the others.
    let left = |balance| if scarce == balance { 1_000 } else { 500_000 };
    site.execute(&format!(
        "update coffee_lots set quantity = reserved_kg + {} where lot_id = '{}';
         update sales_contracts set tolerance_pct = 0, quantity = reserved_kg + {lot},
             contract_value = round((reserved_kg + {lot}) * price_per_kg, 2) where contract_id = '{}';
         update export_licenses set annual_quota = quota_reserved_kg + {} where license_id = '{license}'",
        left(Scarce::Lot),
        asked.lot,
        asked.contract,
        left(Scarce::Quota),
        lot = left(Scarce::Contract),
    ))
    .await;
    let before = reserved(&site, asked.lot, asked.contract, license).await;
    assert_eq!(before, taken(&site, asked.lot, asked.contract, license).await);

    let mut owner = site.sign_in("exporter.owner").await;
    let mut forms = Vec::new();
    for _ in 0..AT_ONCE {
        let page = site.get(&mut owner, "/exports/new").await;
        let mut fields = hidden_fields(&page, "/exports");
        fields.extend(asked.fields("600"));
        forms.push(fields);
    }
    let answers = join_all(forms.iter().map(|fields| {
        let mut browser = owner.clone();
        let site = &site;
        async move {
            let fields = pairs(fields);
            site.post(&mut browser, "/exports", &fields).await
        }
    }))
    .await;

    let statuses: Vec<StatusCode> = answers.iter().map(|answer| answer.status).collect();
    let count = |status| statuses.iter().filter(|found| **found == status).count();
    // Who comes while the winner is still at it meets the balance itself, who comes after reads what is left.
    assert_eq!(
        (count(StatusCode::SEE_OTHER), count(StatusCode::CONFLICT) + count(StatusCode::UNPROCESSABLE_ENTITY)),
        (1, AT_ONCE - 1),
        "{statuses:?} {}",
        answers[0].text
    );
    let after = reserved(&site, asked.lot, asked.contract, license).await;
    assert_eq!(after, before.map(|kg| kg + 600.0), "one request's coffee is taken of each, no more");
    assert_eq!(after, taken(&site, asked.lot, asked.contract, license).await);
}
