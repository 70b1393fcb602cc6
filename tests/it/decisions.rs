//! Decisions under stress: somebody else's, too late, twice, at once; reasons, claims, balances.

use futures::future::join_all;
use http::StatusCode;
use uuid::Uuid;

use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{approvals, facts_of, hidden_fields, hidden_fields_of, something_to_ask, user, walk};

/// A submitted export of 600 kg that waits for the bank.
pub async fn submitted(site: &TestSite) -> Uuid {
    let asked = something_to_ask(site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    submit(site, &mut owner, export).await;
    export
}

pub async fn submit(site: &TestSite, owner: &mut Browser, export: Uuid) {
    let action = format!("/exports/{export}/submission");
    let answer = site.fill_in(owner, &format!("/exports/{export}"), &action, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

async fn history(site: &TestSite, export: Uuid) -> i64 {
    sqlx::query_scalar("select count(*) from export_status_history where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

/// The bank's form for `export` as `username` sees it now: hidden fields and the facts.
async fn bank_form(site: &TestSite, browser: &mut Browser, export: Uuid) -> Vec<(String, String)> {
    let page = site.get(browser, &format!("/exports/{export}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let mut fields = hidden_fields(&page, &format!("/exports/{export}/approvals/bank-check"));
    let approvals = approvals(jebena::calendar::eat_date(site.now()));
    fields.extend(facts_of(site, export, "bank-check", &approvals[0].2).await);
    fields
}

async fn send(site: &TestSite, browser: &mut Browser, export: Uuid, fields: &[(String, String)]) -> Answer {
    let fields = pairs(fields);
    site.post(browser, &format!("/exports/{export}/approvals/bank-check"), &fields).await
}

#[tokio::test]
async fn the_same_form_twenty_times_has_one_effect_and_one_answer() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let mut officer = site.sign_in("bank.officer").await;
    let fields = bank_form(&site, &mut officer, export).await;
    let answers = join_all((0..20).map(|_| {
        let mut browser = officer.clone();
        let (site, fields) = (&site, &fields);
        async move { send(site, &mut browser, export, fields).await }
    }))
    .await;
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(answer.location(), format!("/exports/{export}"));
    }
    assert_eq!(history(&site, export).await, 3);
    assert_eq!(site.state_of(export).await.1, "FX");
    // The same key with other content is refused.
    let mut changed = fields.clone();
    for (name, value) in &mut changed {
        if name == "bank_reference" {
            value.push('X');
        }
    }
    let answer = send(&site, &mut officer, export, &changed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
}

#[tokio::test]
async fn a_request_sent_twenty_times_is_opened_once() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, "/exports/new").await;
    let mut fields = hidden_fields(&page, "/exports");
    fields.extend(asked.fields("600"));
    let before = site.count("select count(*) from exports").await;
    let answers = join_all((0..20).map(|_| {
        let mut browser = owner.clone();
        let (site, fields) = (&site, &fields);
        async move {
            let fields = pairs(fields);
            site.post(&mut browser, "/exports", &fields).await
        }
    }))
    .await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::SEE_OTHER), "{}", answers[0].text);
    assert!(answers.iter().all(|answer| answer.location() == answers[0].location()));
    assert_eq!(site.count("select count(*) from exports").await, before + 1);
}

#[tokio::test]
async fn of_two_officers_one_decides_and_the_other_learns_who_was_quicker() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let mut officer = site.sign_in("bank.officer").await;
    let mut supervisor = site.sign_in("bank.supervisor").await;
    let first = bank_form(&site, &mut officer, export).await;
    let second = bank_form(&site, &mut supervisor, export).await;
    let (a, b) = tokio::join!(send(&site, &mut officer, export, &first), send(&site, &mut supervisor, export, &second));
    let mut statuses = [a.status, b.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT], "{} {}", a.text, b.text);
    let late = if a.status == StatusCode::CONFLICT { &a } else { &b };
    let winner: String = sqlx::query_scalar(
        "select u.full_name from exports e join users u on u.id = e.changed_by where e.export_id = $1",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert!(late.text.contains(&winner) && late.text.contains("EAT"), "{}", late.text);
    assert_eq!(history(&site, export).await, 3);
}

#[tokio::test]
async fn a_stale_form_is_told_who_changed_it() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let mut officer = site.sign_in("bank.officer").await;
    let stale = bank_form(&site, &mut officer, export).await;
    // Sent back by a colleague and resubmitted: it waits for the same step again, in another version.
    let reason = "The invoice names another buyer than the contract.";
    let answer =
        site.decide("bank.supervisor", export, "bank-check", &[("decision", "return"), ("reason", reason)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await.1, "RETURNED");
    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, &format!("/exports/{export}")).await.text;
    let supervisor: String = sqlx::query_scalar("select full_name from users where username = 'bank.supervisor'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    // Who asks, whose office that is and when, before the reason: the answer goes to somebody.
    let line = page.lines().find(|line| line.contains(&format!("“{reason}”"))).expect("the panel quotes the reason");
    for part in [supervisor.as_str(), "Bank", "EAT"] {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    submit(&site, &mut owner, export).await;
    assert_eq!(site.state_of(export).await.1, "BANK_CHECK");
    let answer = send(&site, &mut officer, export, &stale).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    let counted: i32 = sqlx::query_scalar("select resubmission_count from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert_eq!(counted, 1);
}

#[tokio::test]
async fn a_rejection_needs_a_reason_of_ten_characters() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    for (reason, status) in [("", 422), ("too short", 422), ("ten chars!", 303)] {
        let answer =
            site.decide("bank.officer", export, "bank-check", &[("decision", "reject"), ("reason", reason)]).await;
        assert_eq!(answer.status.as_u16(), status, "{reason:?}: {}", answer.text);
        if status == 422 {
            assert!(answer.text.contains(&format!(">{reason}</textarea>")), "what was typed is still there");
            assert!(answer.text.contains("href=\"#reason\""), "the summary leads to the field");
            assert_eq!(history(&site, export).await, 2, "nothing is stored");
        }
    }
    assert_eq!(site.state_of(export).await, ("PENDING".into(), "RETURNED".into()));
}

#[tokio::test]
async fn whose_step_it_is_not_gets_403_and_who_may_not_see_it_gets_404() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    for (username, status) in [
        ("nbe.officer", 403),
        ("ecta.officer", 403),
        ("customs.officer", 403),
        ("shipping.officer", 403),
        ("exporter.owner", 403),
        ("auditor", 403),
        ("bank2.officer", 404),
        ("shipping2.officer", 404),
        ("exporter2.owner", 404),
        ("ecx.officer", 403),
        ("admin", 403),
    ] {
        let mut browser = site.sign_in(username).await;
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        let key = Uuid::new_v4().to_string();
        let fields =
            [("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("version", "2"), ("decision", "approve")];
        let answer = site.post(&mut browser, &format!("/exports/{export}/approvals/bank-check"), &fields).await;
        assert_eq!(answer.status.as_u16(), status, "{username}: {}", answer.text);
        let seen = site.get(&mut browser, &format!("/exports/{export}")).await.status.as_u16();
        let may_see =
            !matches!(username, "bank2.officer" | "shipping2.officer" | "exporter2.owner" | "ecx.officer" | "admin");
        assert_eq!(seen == 200, may_see, "{username} sees {seen}");
    }
    assert_eq!(history(&site, export).await, 2);
}

#[tokio::test]
async fn nobody_decides_two_steps_of_one_export() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "quality").await;
    // The officer who certified the quality is refused the permit, on the page and by the service.
    let answer =
        site.decide("ecta.officer", export, "permit", &[("decision", "approve"), ("valid_until", "2026-12-20")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert_eq!(site.state_of(export).await.1, "PERMIT");
}

#[tokio::test]
async fn a_value_above_the_limit_needs_a_second_officer() {
    let site = TestSite::seeded().await;
    site.execute("update parameters set value = 100 where key = 'second_officer_above'").await;
    let export = submitted(&site).await;
    walk(&site, export, "bank-check").await;
    let first = site.decide("nbe.officer", export, "fx", &[("decision", "approve"), ("etb_per_unit", "132.45")]).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER, "{}", first.text);
    assert_eq!(site.state_of(export).await, ("PENDING".into(), "FX".into()));
    let again = site.decide("nbe.officer", export, "fx", &[("decision", "approve")]).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN, "{}", again.text);
    let second = site.decide("nbe.supervisor", export, "fx", &[("decision", "approve")]).await;
    assert_eq!(second.status, StatusCode::SEE_OTHER, "{}", second.text);
    assert_eq!(site.state_of(export).await, ("FX_APPROVED".into(), "QUALITY".into()));
    let rate: String = sqlx::query_scalar(
        "select approval_data ->> 'etb_per_unit' from export_approvals
         where export_id = $1 and approval_type = 'FX_APPROVAL' and superseded_at is null",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(rate, "132.45", "what the first officer recorded is kept");
}

#[tokio::test]
async fn too_large_a_quantity_is_told_at_its_field_with_what_is_left() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let before = site.count("select count(*) from exports").await;
    let fields = [
        ("contract_id", &*asked.contract.to_string()),
        ("lot_id_1", &*asked.lot.to_string()),
        ("quantity_1", "999999"),
        ("bank_id", &*asked.bank.to_string()),
        ("shipping_line_id", &*asked.carrier.to_string()),
        ("port_of_loading", "DJJIB"),
        ("port_of_discharge", "DEHAM"),
        ("bag_kg", "60"),
        ("exporter_reference", "REF-7"),
    ];
    let answer = site.fill_in(&mut owner, "/exports/new", "/exports", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    for expected in ["kg left", "href=\"#quantity_1\"", "value=\"999999\"", "value=\"REF-7\""] {
        assert!(answer.text.contains(expected), "{expected}: {}", answer.text);
    }
    assert_eq!(site.count("select count(*) from exports").await, before);
}

#[tokio::test]
async fn an_export_whose_permit_ran_out_gets_another_one() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "customs").await;
    site.execute(&format!(
        "update export_permits set issued_date = '2026-08-01', valid_until = '2026-10-30' where export_id = '{export}'"
    ))
    .await;
    let steps = approvals(jebena::calendar::eat_date(site.now()));
    let (username, kind, facts) = &steps[6];
    let facts = facts_of(&site, export, kind, facts).await;
    let fields = pairs(&facts);
    let refused = site.decide(username, export, kind, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("asked for a new permit"), "{}", refused.text);
    assert!(refused.text.contains("30 Oct 2026 (20 Tikimt 2019 E.C.)"), "in both calendars: {}", refused.text);
    let reason = [("decision", "return"), ("reason", "The time of the export permit is over.")];
    let answer = site.decide(username, export, kind, &reason).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let mut owner = site.sign_in("exporter.owner").await;
    let page = site.get(&mut owner, &format!("/exports/{export}")).await;
    assert!(page.text.contains("asks the authority for a new permit"), "{}", page.text);
    submit(&site, &mut owner, export).await;
    assert_eq!(site.state_of(export).await, ("QUALITY_CERTIFIED".into(), "PERMIT".into()));
    // The steps from the permit on are done again, in their order, to the end.
    for (username, kind, facts) in &steps[3..] {
        if *kind == "settlement" {
            crate::proceeds::pay(&site, export).await;
        }
        let facts = facts_of(&site, export, kind, facts).await;
        let fields = pairs(&facts);
        let answer = site.decide(username, export, kind, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}: {}", answer.text);
    }
    assert_eq!(site.state_of(export).await, ("COMPLETED".into(), "CLOSED".into()));
    let permits: Vec<String> =
        sqlx::query_scalar("select status from export_permits where export_id = $1 order by permit_number")
            .bind(export)
            .fetch_all(&mut site.sql().await)
            .await
            .unwrap();
    assert_eq!(permits, ["EXPIRED", "USED"]);
}

#[tokio::test]
async fn what_an_earlier_step_has_asked_for_has_to_be_there_still() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "bank-check").await;
    site.execute(&format!(
        "update export_documents set is_active = false, deactivated_by = uploaded_by, deactivated_at = now()
         where export_id = '{export}' and document_type = 'SALES_CONTRACT'"
    ))
    .await;
    let fx = [("decision", "approve"), ("etb_per_unit", "132.45")];
    let answer = site.decide("nbe.officer", export, "fx", &fx).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(answer.text.contains("These documents are still missing"), "{}", answer.text);
    assert_eq!(site.state_of(export).await.1, "FX");
}

#[tokio::test]
async fn cancelling_gives_everything_back() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let balances = "select (select reserved_kg from coffee_lots where lot_id = $1)::text || ' ' ||
        (select reserved_kg from sales_contracts where contract_id = $2)::text || ' ' ||
        (select sum(quota_reserved_kg) from export_licenses)::text";
    let mut sql = site.sql().await;
    let before: String =
        sqlx::query_scalar(balances).bind(asked.lot).bind(asked.contract).fetch_one(&mut sql).await.unwrap();
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    submit(&site, &mut owner, export).await;
    walk(&site, export, "permit").await;
    let action = format!("/exports/{export}/cancellation");
    let reason = ("cancel_reason", "The buyer has withdrawn from the contract.");
    let answer = site.fill_in(&mut owner, &format!("/exports/{export}"), &action, &[reason]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let after: String =
        sqlx::query_scalar(balances).bind(asked.lot).bind(asked.contract).fetch_one(&mut sql).await.unwrap();
    assert_eq!(before, after);
    assert_eq!(site.state_of(export).await, ("CANCELLED".into(), "CLOSED".into()));
    let permit: String = sqlx::query_scalar("select status from export_permits where export_id = $1")
        .bind(export)
        .fetch_one(&mut sql)
        .await
        .unwrap();
    assert_eq!(permit, "CANCELLED");
}

#[tokio::test]
async fn a_claim_keeps_colleagues_out_until_it_is_released_or_handed_over() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let page = format!("/exports/{export}");
    let claim = format!("/exports/{export}/claim");
    let mut officer = site.sign_in("bank.officer").await;
    let answer = site.fill_in(&mut officer, &page, &claim, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let approvals = approvals(jebena::calendar::eat_date(site.now()));
    let facts = facts_of(&site, export, "bank-check", &approvals[0].2).await;
    let facts = pairs(&facts);
    let refused = site.decide("bank.officer2", export, "bank-check", &facts).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    // A colleague is offered nothing that would be refused, until the time is over; who hands cases out may take it.
    let mut colleague = site.sign_in("bank.officer2").await;
    let shown = site.get(&mut colleague, &page).await.text;
    assert!(shown.contains("Ask them to release it") && !shown.contains(&format!("action=\"{claim}\"")), "{shown}");
    let mut supervisor = site.sign_in("bank.supervisor").await;
    let shown = site.get(&mut supervisor, &page).await.text;
    assert!(shown.contains("Take it over, or ask them") && shown.contains(">Take it over"), "{shown}");
    // The officer gives it back with the button that the page shows: nobody has it.
    let shown = site.get(&mut officer, &page).await;
    let release = hidden_fields_of(&shown, &claim, "name=\"release\"");
    let release = pairs(&release);
    assert!(release.contains(&("release", "yes")), "{release:?}");
    let answer = site.post(&mut officer, &claim, &release).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.text);
    let free: bool =
        sqlx::query_scalar("select claimed_by is null and claimed_at is null from exports where export_id = $1")
            .bind(export)
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    assert!(free, "somebody still has it");
    let answer = site.fill_in(&mut officer, &page, &claim, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    // The officer is away: the supervisor hands the case over.
    let colleague = user(&site, "bank.officer2").await;
    let answer = site.fill_in(&mut supervisor, &page, &claim, &[("user_id", &colleague.to_string())]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let decided = site.decide("bank.officer2", export, "bank-check", &facts).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text);
}

#[tokio::test]
async fn a_case_is_handed_over_only_to_a_colleague_who_may_decide_it() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let (page, claim) = (format!("/exports/{export}"), format!("/exports/{export}/claim"));
    let person = async |username: &str| user(&site, username).await.to_string();
    // Of the bank's people one has left and one only administers.
    site.execute("update users set is_active = false where username = 'bank.officer'").await;
    let mut supervisor = site.sign_in("bank.supervisor").await;
    for username in ["bank.supervisor", "bank.officer", "bank.admin", "nbe.officer"] {
        let to = person(username).await;
        let answer = site.fill_in(&mut supervisor, &page, &claim, &[("user_id", &to)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{username}: {}", answer.text);
    }
    let claimed: Option<Uuid> = sqlx::query_scalar("select claimed_by from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert_eq!(claimed, None);
}

#[tokio::test]
async fn a_list_until_the_end_of_time_is_a_list() {
    let site = TestSite::seeded().await;
    let mut auditor = site.sign_in("auditor").await;
    for query in ["until=%2B262142-12-31", "from=-262143-01-01", "from=9999-12-31&until=2026-01-01"] {
        let answer = site.get(&mut auditor, &format!("/exports?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_wrong_container_digit_names_the_right_one() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "permit").await;
    let approvals = approvals(jebena::calendar::eat_date(site.now()));
    let mut facts = facts_of(&site, export, "shipment", &approvals[4].2).await;
    for (name, value) in &mut facts {
        if name == "container_number_1" {
            *value = "MSCU1234565".to_owned();
        }
    }
    let fields = pairs(&facts);
    let answer = site.decide("shipping.officer", export, "shipment", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("it would be 6") && answer.text.contains("MSCU1234565"), "{}", answer.text);
}

/// A contract whose time is over stops nothing that goes under it; nothing new is asked for under it.
#[tokio::test]
async fn an_export_under_way_outlives_its_contract() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 1_200).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    submit(&site, &mut owner, export).await;
    site.execute(&format!("update sales_contracts set status = 'EXPIRED' where contract_id = '{}'", asked.contract))
        .await;
    let fields = asked.fields("600");
    let refused = site.fill_in(&mut owner, "/exports/new", "/exports", &pairs(&fields)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    walk(&site, export, "settlement").await;
    assert_eq!(site.state_of(export).await, ("COMPLETED".to_owned(), "CLOSED".to_owned()));
}

#[tokio::test]
async fn a_finished_export_is_not_held_against_the_conditions_of_today() {
    let site = TestSite::seeded().await;
    let export: Uuid =
        sqlx::query_scalar("select export_id from exports where status = 'COMPLETED' order by export_id limit 1")
            .fetch_one(&mut site.sql().await)
            .await
            .unwrap();
    site.execute("update sales_contracts set status = 'EXPIRED'").await;
    let mut auditor = site.sign_in("auditor").await;
    let page = site.get(&mut auditor, &format!("/exports/{export}")).await.text;
    for said in ["meets all conditions", "that this step needs", "this one goes on"] {
        assert!(!page.contains(said), "{said}: {page}");
    }
}

#[tokio::test]
async fn a_vessel_that_has_left_without_the_coffee_is_told() {
    let site = TestSite::seeded().await;
    let export: Uuid = sqlx::query_scalar(
        "select export_id from exports where status = 'SHIPMENT_SCHEDULED' and stage in ('CLEARANCE', 'LOADING')
             and departure_date > '2026-11-18'
         order by export_id limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let leaves: chrono::NaiveDate = sqlx::query_scalar("select departure_date from exports where export_id = $1")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let told = "The booked departure of";
    for (days, is_told) in [(0, false), (1, true)] {
        site.clock.set(jebena::calendar::start_of_day(leaves) + chrono::Duration::days(days));
        let mut officer = site.sign_in("customs.officer").await;
        let text = site.get(&mut officer, &format!("/exports/{export}")).await.text;
        assert_eq!(text.contains(told), is_told, "{days} days later: {text}");
    }
}
