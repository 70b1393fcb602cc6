//! The gates: the function of the pages and of the service, and the view, say the same of every firm on every day.

use chrono::{Duration, NaiveDate};
use jebena::calendar::eat_date;
use jebena::ids::ExporterId;
use jebena::registration::gates::{self, GateKind, is_qualified};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::site::TestSite;

/// Each gate as the view has it, in the order of the columns, and whether the firm is qualified.
type Row = (bool, bool, bool, bool, bool, bool, bool);

async fn view_of(sql: &mut PgConnection, firm: Uuid, today: NaiveDate) -> Row {
    sqlx::query("select set_config('app.today', $1, false)").bind(today.to_string()).execute(&mut *sql).await.unwrap();
    sqlx::query_as(
        "select g.profile_active, g.capital_ok, g.laboratory_ok, g.taster_ok, g.competence_ok, g.license_ok,
                exists (select from qualified_exporters q where q.exporter_id = g.exporter_id)
         from registration_gates g where g.exporter_id = $1",
    )
    .bind(firm)
    .fetch_one(sql)
    .await
    .unwrap()
}

/// The same from the function; a gate that a farmer does not have is open.
async fn function_of(site: &TestSite, firm: Uuid, today: NaiveDate) -> Row {
    let mut tx = site.state.db.begin_worker().await.unwrap();
    let facts = gates::facts_in(&mut tx, ExporterId(firm), today).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let own = gates::of(&facts, today);
    let open = |kind| own.iter().find(|gate| gate.kind == kind).is_none_or(|gate| gate.closed.is_none());
    (
        open(GateKind::Profile),
        open(GateKind::Capital),
        open(GateKind::Laboratory),
        open(GateKind::Taster),
        open(GateKind::Competence),
        open(GateKind::License),
        is_qualified(&own),
    )
}

#[tokio::test]
async fn view_and_function_agree_on_every_status_and_the_days_around_each_expiry() {
    const GRANTS: [(&str, &str, &str); 4] = [
        ("coffee_laboratories", "laboratory_id", "expiry_date"),
        ("coffee_tasters", "taster_id", "certificate_expiry_date"),
        ("competence_certificates", "certificate_id", "expiry_date"),
        ("export_licenses", "license_id", "expiry_date"),
    ];
    const STATUSES: [&str; 7] = ["PENDING", "RETURNED", "ACTIVE", "REJECTED", "EXPIRED", "SUSPENDED", "REVOKED"];
    const PROFILES: [&str; 6] = ["PENDING_APPROVAL", "RETURNED", "ACTIVE", "REJECTED", "SUSPENDED", "REVOKED"];
    const CAPITALS: [&str; 4] = ["null", "14999999.99", "15000000", "20000000"];
    let site = TestSite::seeded().await;
    let today = eat_date(site.now());
    // What nobody has approved yet has no other gates.
    let firms = "select exporter_id from exporter_profiles where approved_at is not null order by exporter_id";
    let firms: Vec<Uuid> = sqlx::query_scalar(firms).fetch_all(&mut site.sql().await).await.unwrap();
    let mut sql = site.sql().await;
    for firm in &firms {
        assert_eq!(view_of(&mut sql, *firm, today).await, function_of(&site, *firm, today).await, "as seeded: {firm}");
    }
    // The same numbers every time, so that a failure can be looked at again.
    let mut random = StdRng::seed_from_u64(2_018);
    let (mut qualified, mut seen) = (0, std::collections::BTreeSet::new());
    for round in 0..400 {
        let firm = firms.choose(&mut random).unwrap();
        let mut change = String::new();
        // Mostly in order, so that what differs is seen.
        let odd = |random: &mut StdRng| random.random_ratio(1, 4);
        for (table, key, expiry) in GRANTS {
            let status = if odd(&mut random) { *STATUSES.choose(&mut random).unwrap() } else { "ACTIVE" };
            let last = today + Duration::days(random.random_range(-1..=1));
            let superseded = if odd(&mut random) { key } else { "null" };
            change.push_str(&format!(
                "update {table} set status = '{status}', {expiry} = '{last}', superseded_by = {superseded}
                 where {key} = (select {key} from {table} where exporter_id = '{firm}'
                                order by {expiry} desc, {key} limit 1);"
            ));
        }
        let profile = if odd(&mut random) { *PROFILES.choose(&mut random).unwrap() } else { "ACTIVE" };
        let capital = if odd(&mut random) { *CAPITALS.choose(&mut random).unwrap() } else { "20000000" };
        change.push_str(&format!(
            "update exporter_profiles set status = '{profile}', rejection_reason = 'It is a test of the gates.',
                 verified_capital = {capital}, capital_verified = {capital} is not null,
                 capital_verification_date = case when {capital} is not null then now() end
             where exporter_id = '{firm}';"
        ));
        sqlx::raw_sql(AssertSqlSafe(change.clone())).execute(&mut sql).await.unwrap();
        for day in -1..=1 {
            let day = today + Duration::days(day);
            let (view, function) = (view_of(&mut sql, *firm, day).await, function_of(&site, *firm, day).await);
            assert_eq!(view, function, "round {round}, {day}: {change}");
            qualified += u32::from(view.6);
            seen.insert((view.0, view.1, view.2, view.3, view.4, view.5));
        }
    }
    assert!(qualified > 20 && seen.len() > 30, "{qualified} qualified, {} kinds of answers", seen.len());
}
