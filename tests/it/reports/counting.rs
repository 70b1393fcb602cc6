//! The sums behind reports: after whatever has happened they equal a count over the rows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use http::StatusCode;
use jebena::calendar::{Holidays, eat_date, is_working_day};
use jebena::exports::transitions::STEPS;
use jebena::reports::service::{catch_up, rebuild};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rust_decimal::Decimal;
use sqlx::FromRow;
use uuid::Uuid;

use crate::decisions::{submit, submitted};
use crate::site::{TestSite, pairs};
use crate::walk::{approvals, facts_of, organization, something_to_ask, walk};

/// A cell of the sums: whose view, which months and member, which state and currency; how many, how heavy, what value.
type Cell = (Uuid, String, String, Option<NaiveDate>, String, String, String, String, i64, Decimal, Decimal);
/// A column of the histogram: whose view, month, stage, who decided, days, late; how many.
type Column = (Uuid, NaiveDate, String, Uuid, i32, bool, i64);

/// What was counted.
#[derive(Debug, PartialEq, Eq)]
pub struct Figures {
    cells: BTreeSet<Cell>,
    columns: BTreeSet<Column>,
}

/// The sums as they are kept.
pub async fn kept(site: &TestSite) -> Figures {
    let mut sql = site.sql().await;
    let cells: Vec<Cell> = sqlx::query_as(
        "select viewer_id, basis, grain, month, member, status, stage, currency::text, export_count, quantity_kg, value
         from report_totals",
    )
    .fetch_all(&mut sql)
    .await
    .unwrap();
    let columns: Vec<Column> = sqlx::query_as(
        "select viewer_id, month, stage, organization_id, working_days, is_late, decision_count from report_turnaround",
    )
    .fetch_all(&mut sql)
    .await
    .unwrap();
    Figures { cells: cells.into_iter().collect(), columns: columns.into_iter().collect() }
}

/// An export, read past every wall.
#[derive(Debug, FromRow)]
struct Row {
    export_id: Uuid,
    exporter_organization_id: Uuid,
    bank_organization_id: Uuid,
    shipping_organization_id: Uuid,
    status: String,
    stage: String,
    created_at: DateTime<Utc>,
    on_board_date: Option<NaiveDate>,
    origin_region: String,
    destination_country: String,
    currency: String,
    quantity: Decimal,
    estimated_value: Decimal,
    settlement_due_date: Option<NaiveDate>,
}

impl Row {
    /// Who sees it; the nil id stands for those who see all.
    fn viewers(&self) -> BTreeSet<Uuid> {
        if self.stage == "PREPARATION" {
            return [self.exporter_organization_id].into();
        }
        [self.exporter_organization_id, self.bank_organization_id, self.shipping_organization_id, Uuid::nil()].into()
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    chrono::Datelike::with_day(&day, 1).unwrap()
}

/// A move of an export as the history has it: which, from and to which status and stage, whose, when.
type Moved = (Uuid, Option<String>, String, String, Uuid, DateTime<Utc>);

/// The same, counted one by one over exports and history, in another way than the product does.
pub async fn direct(site: &TestSite) -> Figures {
    let mut sql = site.sql().await;
    let rows: Vec<Row> = sqlx::query_as("select * from exports").fetch_all(&mut sql).await.unwrap();
    let mut cells: BTreeMap<_, (i64, Decimal, Decimal)> = BTreeMap::new();
    for row in &rows {
        let mut spans = vec![("EVER", None), ("REQUESTED", Some(first_of_month(eat_date(row.created_at))))];
        spans.extend(row.on_board_date.map(|day| ("SHIPPED", Some(first_of_month(day)))));
        let exporter = row.exporter_organization_id.to_string();
        for viewer in row.viewers() {
            for (basis, month) in &spans {
                for (grain, member) in [
                    ("ALL", ""),
                    ("ORIGIN", row.origin_region.as_str()),
                    ("DESTINATION", row.destination_country.as_str()),
                    ("EXPORTER", exporter.as_str()),
                ] {
                    let key =
                        (viewer, *basis, grain, *month, member.to_owned(), &row.status, &row.stage, &row.currency);
                    let sum = cells.entry(key).or_default();
                    *sum = (sum.0 + 1, sum.1 + row.quantity, sum.2 + row.estimated_value);
                }
            }
        }
    }
    let cells = cells
        .into_iter()
        .map(|((viewer, basis, grain, month, member, status, stage, currency), (count, kg, value))| {
            let text = |value: &str| value.to_owned();
            let (status, stage, currency) = (status.clone(), stage.clone(), currency.clone());
            (viewer, text(basis), text(grain), month, member, status, stage, currency, count, kg, value)
        })
        .collect();

    let holidays: Vec<NaiveDate> =
        sqlx::query_scalar("select holiday from holidays").fetch_all(&mut sql).await.unwrap();
    let holidays: Holidays = holidays.into_iter().collect();
    let moves: Vec<Moved> = sqlx::query_as(
        "select export_id, old_stage, new_stage, action, organization_id, created_at from export_status_history
         order by export_id, version",
    )
    .fetch_all(&mut sql)
    .await
    .unwrap();
    let by_id: BTreeMap<Uuid, &Row> = rows.iter().map(|row| (row.export_id, row)).collect();
    let mut columns: BTreeMap<_, i64> = BTreeMap::new();
    let mut entered: BTreeMap<Uuid, DateTime<Utc>> = BTreeMap::new();
    for (export, old, new, action, organization, at) in moves {
        let is_decision = ["approve", "reject", "return"].iter().any(|end| action.ends_with(&format!(":{end}")));
        if let (true, Some(stage)) = (is_decision, &old) {
            let row = by_id[&export];
            let (from, to) = (eat_date(entered[&export]), eat_date(at));
            let days =
                from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| is_working_day(*day, &holidays));
            let days = i32::try_from(days.count()).unwrap();
            let step = STEPS.iter().find(|step| step.from.stage.code() == stage).unwrap();
            let late = match (stage.as_str(), row.settlement_due_date) {
                ("SETTLEMENT", Some(due)) => to > due,
                _ => days >= i32::try_from(step.limit.late_days).unwrap(),
            };
            for viewer in row.viewers() {
                let key = (viewer, first_of_month(to), stage.clone(), organization, days, late);
                *columns.entry(key).or_default() += 1;
            }
        }
        if old.as_deref() != Some(&new) {
            entered.insert(export, at);
        }
    }
    let columns = columns.into_iter().map(|((a, b, c, d, e, f), count)| (a, b, c, d, e, f, count)).collect();
    Figures { cells, columns }
}

async fn assert_counted(site: &TestSite, when: &str) {
    while catch_up(&site.state.db, site.now()).await.unwrap() {}
    let (kept, direct) = (kept(site).await, direct(site).await);
    assert!(!direct.cells.is_empty() && !direct.columns.is_empty());
    let only = |a: &BTreeSet<Cell>, b: &BTreeSet<Cell>| a.difference(b).take(5).cloned().collect::<Vec<_>>();
    assert!(
        kept.cells == direct.cells,
        "{when}: kept {:?}, counted {:?}",
        only(&kept.cells, &direct.cells),
        only(&direct.cells, &kept.cells)
    );
    assert!(
        kept.columns == direct.columns,
        "{when}: kept {:?}, counted {:?}",
        kept.columns.difference(&direct.columns).take(5).collect::<Vec<_>>(),
        direct.columns.difference(&kept.columns).take(5).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn the_demos_sums_are_those_of_its_rows() {
    let site = TestSite::seeded().await;
    let (kept, direct) = (kept(&site).await, direct(&site).await);
    assert!(kept == direct, "as they were seeded");
    assert_eq!(site.count("select count(*) from report_changes").await, 0);
    assert_eq!(site.count("select count(*) from report_state where as_of is not null").await, 1);
}

/// Something that may happen to an export, sent as its people would. Refusals are part of it.
async fn something_happens(site: &TestSite, random: &mut StdRng, export: Uuid) {
    let (_, stage) = site.state_of(export).await;
    let page = format!("/exports/{export}");
    let reason = ("reason", "The papers do not agree.");
    if stage == "CLOSED" {
        return;
    }
    if stage == "PREPARATION" || stage == "RETURNED" {
        let mut owner = site.sign_in("exporter.owner").await;
        let shown = site.get(&mut owner, &page).await;
        if random.random_bool(0.3) && shown.text.contains(&format!("{page}/correction")) {
            let asked: crate::walk::Asked = asked_of(site, export).await;
            let carrier = organization(site, if random.random_bool(0.5) { "SHIPPING" } else { "SHIPPING2" }).await;
            let (carrier, kg) = (carrier.to_string(), (random.random_range(5..=10) * 60).to_string());
            let fields = asked.correction(&kg, &[("shipping_line_id", &carrier)]);
            let path = format!("{page}/correction");
            let answer = site.fill_in(&mut owner, &path, &path, &pairs(&fields)).await;
            assert!(!answer.status.is_server_error(), "{}", answer.text);
        } else if shown.text.contains(&format!("action=\"{page}/submission\"")) {
            let answer = site.fill_in(&mut owner, &page, &format!("{page}/submission"), &[]).await;
            assert!(!answer.status.is_server_error(), "{}", answer.text);
        }
        return;
    }
    let Some(position) = STEPS.iter().position(|step| step.from.stage.code() == stage) else { return };
    let (username, kind, facts) = approvals(eat_date(site.now())).swap_remove(position);
    let carrier: String = sqlx::query_scalar(
        "select o.code from exports e join organizations o on o.organization_id = e.shipping_organization_id
         where export_id = $1",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let username =
        if carrier == "SHIPPING2" { username.replace("shipping.", "shipping2.") } else { username.to_owned() };
    let fields = match random.random_range(0..10) {
        0 => vec![("decision".to_owned(), "reject".to_owned()), (reason.0.to_owned(), reason.1.to_owned())],
        1 | 2 => vec![("decision".to_owned(), "return".to_owned()), (reason.0.to_owned(), reason.1.to_owned())],
        _ => facts_of(site, export, kind, &facts).await,
    };
    let mut officer = site.sign_in(&username).await;
    let shown = site.get(&mut officer, &page).await;
    assert_eq!(shown.status, StatusCode::OK, "{username}: {}", shown.text);
    let action = format!("{page}/approvals/{kind}");
    if shown.text.contains(&format!("action=\"{action}\"")) {
        let answer = site.fill_in(&mut officer, &page, &action, &pairs(&fields)).await;
        assert!(!answer.status.is_server_error(), "{}", answer.text);
    }
}

async fn asked_of(site: &TestSite, export: Uuid) -> crate::walk::Asked {
    let (contract, lot, bank, carrier) = sqlx::query_as(
        "select contract_id, lot_id, bank_organization_id, shipping_organization_id
         from exports join export_lots using (export_id) where export_id = $1 limit 1",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    crate::walk::Asked { contract, lot, bank, carrier }
}

#[tokio::test]
async fn the_sums_equal_a_count_after_whatever_has_happened() {
    for seed in [3, 7] {
        let site = TestSite::seeded().await;
        let mut random = StdRng::seed_from_u64(seed);
        let mut exports = Vec::new();
        for _ in 0..3 {
            exports.push(submitted(&site).await);
        }
        let asked = something_to_ask(&site, "EXPORTER", 600).await;
        let mut owner = site.sign_in("exporter.owner").await;
        exports.push(site.request(&mut owner, &asked, "600").await);
        for round in 0..40 {
            let export = exports[random.random_range(0..exports.len())];
            site.clock.advance(Duration::hours(random.random_range(1..60)));
            something_happens(&site, &mut random, export).await;
            // Now and then the worker comes by; mostly it is away.
            if random.random_bool(0.2) {
                assert_counted(&site, &format!("seed {seed}, round {round}")).await;
            }
        }
        assert_counted(&site, &format!("seed {seed}, at the end")).await;
        let before = kept(&site).await;
        rebuild(&site.state.db, site.now()).await.unwrap();
        assert!(kept(&site).await == before, "seed {seed}: counted anew it is the same");
    }
}

#[tokio::test]
async fn whatever_is_changed_of_an_export_is_counted_again() {
    let site = TestSite::seeded().await;
    let mut random = StdRng::seed_from_u64(11);
    let changes = [
        "destination_country = 'JP'",
        "currency = 'EUR'",
        "origin_region = 'Guji'",
        "quantity = quantity + 60, estimated_value = estimated_value + 0.01",
        "on_board_date = on_board_date + 31",
        "created_at = created_at - interval '40 days'",
        "bank_organization_id = (select organization_id from organizations where code = 'BANK2')",
        "shipping_organization_id = (select organization_id from organizations where code = 'SHIPPING2')",
    ];
    for round in 0..6 {
        for _ in 0..8 {
            let change = changes[random.random_range(0..changes.len())];
            let offset = random.random_range(0..60);
            site.execute(&format!(
                "update exports set {change}
                 where export_id = (select export_id from exports order by export_id offset {offset} limit 1)"
            ))
            .await;
        }
        assert_counted(&site, &format!("round {round}")).await;
    }
    // A change that no report shows asks for nothing.
    site.execute("update exports set claimed_by = null, claimed_at = null, vessel_name = vessel_name").await;
    assert_eq!(site.count("select count(*) from report_changes").await, 0);
}

#[tokio::test]
async fn a_holiday_that_is_entered_late_is_counted_by() {
    let site = TestSite::seeded().await;
    assert_counted(&site, "before").await;
    let before = kept(&site).await;
    // Every day of the week before last was one.
    site.execute(
        "insert into holidays (holiday, name, name_am)
         select day::date, 'Late', 'Late' from generate_series('2026-11-02'::date, '2026-11-06', '1 day') as day
         on conflict do nothing",
    )
    .await;
    assert_counted(&site, "after").await;
    let after = kept(&site).await;
    assert!(after.columns != before.columns, "decisions across these days took fewer");
    assert_eq!(after.cells, before.cells);
    // One in the future changes nothing and is no reason to count everything.
    site.execute("insert into holidays (holiday, name, name_am) values ('2027-03-03', 'To come', 'To come')").await;
    site.execute("delete from report_turnaround").await;
    while catch_up(&site.state.db, site.now()).await.unwrap() {}
    assert_eq!(site.count("select count(*) from report_turnaround").await, 0, "it was not counted anew");
}

#[tokio::test]
async fn what_was_never_counted_is_counted_by_itself() {
    let site = TestSite::seeded().await;
    site.execute(
        "delete from report_totals; delete from report_turnaround; delete from report_exports;
         update report_state set as_of = null, holidays = '{}'",
    )
    .await;
    assert_counted(&site, "a schema that has just come up").await;
}

#[tokio::test]
async fn the_figures_say_as_of_when_they_are() {
    let site = TestSite::seeded().await;
    let as_of = async || -> DateTime<Utc> {
        sqlx::query_scalar("select as_of from report_state").fetch_one(&mut site.sql().await).await.unwrap()
    };
    let seeded = as_of().await;
    site.clock.advance(Duration::seconds(45));
    assert!(!catch_up(&site.state.db, site.now()).await.unwrap());
    assert_eq!(as_of().await, seeded + Duration::seconds(45), "also when nothing has changed");
}

#[tokio::test]
async fn a_decision_is_counted_for_its_parties_and_for_nobody_else() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "bank-check").await;
    while catch_up(&site.state.db, site.now()).await.unwrap() {}
    let before = kept(&site).await;
    walk_on(&site, export).await;
    while catch_up(&site.state.db, site.now()).await.unwrap() {}
    let after = kept(&site).await;
    let viewers: BTreeSet<Uuid> = after.columns.difference(&before.columns).map(|column| column.0).collect();
    let mut parties: BTreeSet<Uuid> = [Uuid::nil()].into();
    for code in ["EXPORTER", "BANK", "SHIPPING"] {
        parties.insert(organization(&site, code).await);
    }
    assert_eq!(viewers, parties);
}

/// The next approval, of the National Bank.
async fn walk_on(site: &TestSite, export: Uuid) {
    let (username, kind, facts) = approvals(eat_date(site.now())).swap_remove(1);
    let facts = facts_of(site, export, kind, &facts).await;
    let answer = site.decide(username, export, kind, &pairs(&facts)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

#[tokio::test]
async fn a_request_in_preparation_is_counted_for_its_exporter_alone() {
    let site = TestSite::seeded().await;
    while catch_up(&site.state.db, site.now()).await.unwrap() {}
    let before = kept(&site).await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    while catch_up(&site.state.db, site.now()).await.unwrap() {}
    let drafted = kept(&site).await;
    let viewers: BTreeSet<Uuid> = drafted.cells.difference(&before.cells).map(|cell| cell.0).collect();
    assert_eq!(viewers, [organization(&site, "EXPORTER").await].into());
    submit(&site, &mut owner, export).await;
    assert_counted(&site, "submitted").await;
}
