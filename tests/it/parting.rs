//! Short shipments: what is on board goes on as the export, what stayed behind becomes one of its own, and over any
//! sequence of opening, changing, shipping and giving up not a kilogram of lot, contract or quota is lost or made.

use http::StatusCode;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::revisions::{amend, approve, requested, text};
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{Asked, approvals, facts_of, something_to_ask, walk};

pub const REASON: &str = "One part of the lot came too late for the vessel.";

/// The loading of `kg` in `bags`, with `more` beside; a reason makes it a short one.
pub async fn loading(
    site: &TestSite,
    export: Uuid,
    (kg, bags): (&str, &str),
    more: &[(&str, &str)],
) -> Vec<(String, String)> {
    let step = approvals(jebena::calendar::eat_date(site.now())).into_iter().find(|step| step.1 == "loading").unwrap();
    let mut fields = facts_of(site, export, "loading", &step.2).await;
    for (name, value) in &mut fields {
        match name.as_str() {
            "net_kg_1" => kg.clone_into(value),
            "packages_1" => bags.clone_into(value),
            "gross_kg_1" => *value = "900".to_owned(),
            _ => {}
        }
    }
    fields.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

async fn load(site: &TestSite, export: Uuid, part: (&str, &str), more: &[(&str, &str)]) -> Answer {
    let fields = loading(site, export, part, more).await;
    site.decide("shipping.supervisor", export, "loading", &pairs(&fields)).await
}

/// What stayed behind of the export.
async fn remainder(site: &TestSite, export: Uuid) -> Uuid {
    sqlx::query_scalar("select export_id from exports where split_from = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

/// Lot, contract and licence say that they have given what the exports have of them; each export is its lots.
async fn is_kept(site: &TestSite, asked: &Asked, after: &str) {
    let wrong: Vec<String> = sqlx::query_scalar(
        "select what from (
            select 'lot reserved' as what, l.reserved_kg as kept, coalesce((select sum(x.quantity_kg)
                from export_lots x join exports e using (export_id)
                where x.lot_id = l.lot_id and e.status <> 'CANCELLED'), 0) as held from coffee_lots l where lot_id = $1
            union all
            select 'lot exported', l.exported_kg, coalesce((select sum(x.quantity_kg)
                from export_lots x join exports e using (export_id)
                where x.lot_id = l.lot_id and e.status in ('SHIPPED', 'COMPLETED')), 0)
            from coffee_lots l where lot_id = $1
            union all
            select 'contract', c.reserved_kg, coalesce((select sum(quantity) from exports e
                where e.contract_id = c.contract_id and e.status <> 'CANCELLED'), 0)
            from sales_contracts c where contract_id = $2
            union all
            select 'licence', k.quota_reserved_kg, coalesce((select sum(quantity) from exports e
                where e.license_id = k.license_id and e.status <> 'CANCELLED'), 0)
            from export_licenses k
            where k.license_id in (select license_id from exports where contract_id = $2)
            union all
            select e.export_number, e.quantity, (select sum(x.quantity_kg) from export_lots x where x.export_id = e.export_id)
            from exports e where contract_id = $2) figures
         where kept <> held",
    )
    .bind(asked.lot)
    .bind(asked.contract)
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert!(wrong.is_empty(), "{after}: {wrong:?}");
}

const FIGURES: &str =
    "select concat_ws(' ', quantity, bags, estimated_value = round(price_per_kg * quantity, 2), status, stage,
        (select string_agg(quantity_kg::text, ',') from export_lots x where x.export_id = e.export_id))
    from exports e where export_id = $1";

#[tokio::test]
async fn what_is_on_board_goes_on_and_the_rest_becomes_an_export_of_its_own() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "customs").await;
    for (part, more, problem) in [
        (("540", "9"), &[][..], "#net_kg_1"),
        (("600", "10"), &[("short_reason", REASON)][..], "#short_reason"),
        (("660", "11"), &[("short_reason", REASON)][..], "#short_reason"),
        (("540", "9"), &[("short_reason", "short")][..], "#short_reason"),
    ] {
        let answer = load(&site, export, part, more).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{part:?}: {}", answer.text);
        assert!(answer.text.contains(problem), "{part:?} {problem}: {}", answer.text);
    }
    is_kept(&site, &asked, "refused").await;
    let answer = load(&site, export, ("540.5", "10"), &[("short_reason", REASON)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    is_kept(&site, &asked, "loaded in part").await;

    let rest = remainder(&site, export).await;
    assert_eq!(text(&site, FIGURES, export).await, "540.500 10 t SHIPPED ORIGIN_SIGNATURE 540.500");
    assert_eq!(text(&site, FIGURES, rest).await, "59.500 1 t PENDING PREPARATION 59.500");
    let permit = "select status || ' ' || quantity from export_permits where export_id = $1";
    assert_eq!(text(&site, permit, export).await, "USED 600.000", "a permit serves one export, once");
    let (whole, part) = (format!("/exports/{export}"), format!("/exports/{rest}"));
    let shown = site.get(&mut owner, &whole).await.text;
    for expected in ["600 kg → 540.5 kg", REASON, part.as_str()] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    let shown = site.get(&mut owner, &part).await.text;
    assert!(
        shown.contains(&whole) && shown.contains("Stayed behind at a loading") && shown.contains(REASON),
        "{shown}"
    );
    // It is its exporter's own until it is submitted, also before the carrier who left it behind.
    let mut carrier = site.sign_in("shipping.supervisor").await;
    assert_eq!(site.get(&mut carrier, &part).await.status, StatusCode::NOT_FOUND);
    assert!(!site.get(&mut carrier, &whole).await.text.contains(&part));

    approve(&site, export, &["origin-signature", "origin", "settlement"]).await;
    assert_eq!(site.state_of(export).await.0, "COMPLETED");
    // The rest walks by itself, with a permit of its own.
    site.attach_everything(rest).await;
    crate::decisions::submit(&site, &mut owner, rest).await;
    walk(&site, rest, "customs").await;
    let answer = load(&site, rest, ("59.5", "1"), &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, permit, rest).await, "USED 59.500");
    is_kept(&site, &asked, "both are on board").await;
}

#[tokio::test]
async fn what_stayed_behind_is_given_up_like_any_request() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "customs").await;
    let reserved = "select reserved_kg::text from coffee_lots
        where lot_id in (select lot_id from export_lots where export_id = $1)";
    let before: f64 = text(&site, reserved, export).await.parse().unwrap();
    load(&site, export, ("540", "9"), &[("short_reason", REASON)]).await;
    let rest = remainder(&site, export).await;
    let after: f64 = text(&site, reserved, export).await.parse().unwrap();
    assert!((before - after).abs() < 0.001, "it keeps what the export had");
    give_up(&site, &mut owner, rest).await;
    is_kept(&site, &asked, "given up").await;
    let after: f64 = text(&site, reserved, export).await.parse().unwrap();
    assert!((before - 60.0 - after).abs() < 0.001, "{before} {after}");
}

async fn give_up(site: &TestSite, owner: &mut Browser, export: Uuid) {
    let (page, action) = (format!("/exports/{export}"), format!("/exports/{export}/cancellation"));
    let reason = [("cancel_reason", "The buyer does without the rest.")];
    let answer = site.fill_in(owner, &page, &action, &reason).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

#[derive(Debug, Clone)]
enum Act {
    Open(u32),
    Change(usize, u32),
    Ship(usize, u32),
    GiveUp(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (60..300_u32).prop_map(Act::Open),
        2 => (any::<usize>(), 60..300_u32).prop_map(|(which, kg)| Act::Change(which, kg)),
        2 => (any::<usize>(), 1..=10_u32).prop_map(|(which, tenths)| Act::Ship(which, tenths)),
        1 => any::<usize>().prop_map(Act::GiveUp),
    ];
    prop::collection::vec(act, 10)
}

/// The same as the rules' own property, on the database and through the forms.
#[tokio::test]
async fn over_any_sequence_no_kilogram_is_lost_or_made() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 3_000).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let mut open: Vec<Uuid> = Vec::new();
    // The sequence is another one with each seed; a failure names it.
    let sequence = acts().new_tree(&mut TestRunner::default()).unwrap().current();
    for (position, act) in sequence.iter().enumerate() {
        let what = format!("act {position} of {sequence:?}");
        match act {
            Act::Open(kg) => open.push(site.request(&mut owner, &asked, &kg.to_string()).await),
            Act::Change(which, kg) if !open.is_empty() => {
                let export = open[which % open.len()];
                let (kg, reason) = (kg.to_string(), ("reason", REASON));
                let fields = asked.correction(&kg, &[reason]);
                let action = format!("/exports/{export}/amendment");
                let answer = site.fill_in(&mut owner, &action, &action, &pairs(&fields)).await;
                if answer.text.contains("undoes_") {
                    assert_eq!(amend(&site, &mut owner, export, &fields).await.status, StatusCode::SEE_OTHER, "{what}");
                }
            }
            Act::Ship(which, tenths) if !open.is_empty() => {
                let export = open.swap_remove(which % open.len());
                site.attach_everything(export).await;
                crate::decisions::submit(&site, &mut owner, export).await;
                walk(&site, export, "customs").await;
                let whole = text(&site, "select quantity::text from exports where export_id = $1", export).await;
                let whole: Decimal = whole.parse().unwrap();
                // A gram is the least that is weighed; what is left of what was left may be little.
                let kg = (whole * Decimal::new((*tenths).into(), 1)).round_dp(3).max(Decimal::new(1, 3));
                let (is_short, kg) = (kg < whole, kg.normalize().to_string());
                let short = [("short_reason", REASON)];
                let answer = load(&site, export, (&kg, "9"), if is_short { &short } else { &[] }).await;
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{what}: {}", answer.text);
                if is_short {
                    open.push(remainder(&site, export).await);
                }
            }
            Act::GiveUp(which) if !open.is_empty() => {
                let export = open.swap_remove(which % open.len());
                give_up(&site, &mut owner, export).await;
            }
            Act::Change(..) | Act::Ship(..) | Act::GiveUp(_) => {}
        }
        is_kept(&site, &asked, &what).await;
    }
}
