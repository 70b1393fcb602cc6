//! Amending an export after others have agreed to it: who is asked again is told beforehand, what no longer holds is out
//! of force, what holds is passed on the way forward.

use http::StatusCode;
use uuid::Uuid;

use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{Asked, approvals, facts_of, filled_in, organization, something_to_ask, walk};

pub const REASON: &str = "The buyer takes another weight than was agreed.";

/// A submitted request of 600 kg, with what it was made of and its exporter's browser.
pub async fn requested(site: &TestSite) -> (Uuid, Asked, Browser) {
    let asked = something_to_ask(site, "EXPORTER", 1_200).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    crate::decisions::submit(site, &mut owner, export).await;
    (export, asked, owner)
}

/// The box on `page` by which one says to know what is undone.
pub fn agreement_on(page: &Answer) -> String {
    let (_, rest) = page.text.split_once("name=\"undoes_").unwrap_or_else(|| panic!("no box: {}", page.text));
    format!("undoes_{}", rest.split('"').next().unwrap())
}

/// Amends by the form: sent, told what is undone, agreed to and sent again.
pub async fn amend(site: &TestSite, owner: &mut Browser, export: Uuid, fields: &[(String, String)]) -> Answer {
    let action = format!("/exports/{export}/amendment");
    let told = site.fill_in(owner, &action, &action, &pairs(fields)).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", told.text);
    let mut fields = fields.to_vec();
    fields.push((agreement_on(&told), "yes".to_owned()));
    let sent = filled_in(&told, &action, "", &pairs(&fields));
    site.post(owner, &action, &pairs(&sent)).await
}

/// One text that a query about the export gives.
pub async fn text(site: &TestSite, query: &'static str, export: Uuid) -> String {
    sqlx::query_scalar(query).bind(export).fetch_one(&mut site.sql().await).await.unwrap()
}

/// The steps whose approval is in force, in the order of the walk.
pub async fn in_force(site: &TestSite, export: Uuid) -> Vec<String> {
    let types: Vec<String> = sqlx::query_scalar(
        "select approval_type from export_approvals
         where export_id = $1 and status = 'APPROVED' and superseded_at is null",
    )
    .bind(export)
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let kinds = jebena::exports::ApprovalKind::ALL.iter();
    kinds.filter(|kind| types.iter().any(|t| t == kind.approval_type())).map(|kind| kind.code().to_owned()).collect()
}

/// Approves the steps `kinds`, by those who approve them on every walk.
pub async fn approve(site: &TestSite, export: Uuid, kinds: &[&str]) {
    for (username, kind, facts) in approvals(jebena::calendar::eat_date(site.now())) {
        if kinds.contains(&kind) {
            if kind == "settlement" {
                crate::proceeds::pay(site, export).await;
            }
            let facts = facts_of(site, export, kind, &facts).await;
            let answer = site.decide(username, export, kind, &pairs(&facts)).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn another_weight_asks_bank_and_authorities_again_and_passes_the_quality() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "shipment").await;
    let page = format!("/exports/{export}");
    let action = format!("{page}/amendment");
    let form = site.get(&mut owner, &action).await;
    assert!(form.text.contains("A change asks again"), "{}", form.text);

    // Told beforehand, and nothing is stored: not without the box, not without a reason, not with another box.
    let before = crate::rows::Rows::besides_the_record(&mut site.sql().await).await;
    let fields = asked.correction("540", &[("reason", REASON)]);
    let told = site.fill_in(&mut owner, &action, &action, &pairs(&fields)).await;
    assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
    for expected in ["600 kg → 540 kg", "no longer holds", "Export permit that is cancelled", "value=\"540\"", REASON]
    {
        assert!(told.text.contains(expected), "{expected}: {}", told.text);
    }
    let agreed = agreement_on(&told);
    assert_eq!(agreed, "undoes_bank-check_fx_permit_shipment");
    for (agreement, reason, problem) in [
        ("undoes_permit_shipment", REASON, "#undoes_bank-check_fx_permit_shipment"),
        (agreed.as_str(), "short", "#reason"),
    ] {
        let fields = asked.correction("540", &[("reason", reason), (agreement, "yes")]);
        let answer = site.fill_in(&mut owner, &action, &action, &pairs(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(problem), "{problem}: {}", answer.text);
    }
    let after = crate::rows::Rows::besides_the_record(&mut site.sql().await).await;
    assert!(after == before, "{:?}", after.changes_since(&before));

    let fields = asked.correction("540", &[("reason", REASON), (&agreed, "yes")]);
    let answer = site.fill_in(&mut owner, &action, &action, &pairs(&fields)).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", answer.text);
    assert_eq!(site.state_of(export).await, ("PENDING".into(), "BANK_CHECK".into()));
    assert_eq!(in_force(&site, export).await, ["quality"]);
    let row = "select concat_ws(' ', quantity, bags, bank_permit_number is null, settlement_due_date is null,
            fx_reference is null, vessel_name is null, quality_grade is not null,
            (select status from export_permits p where p.export_id = e.export_id),
            (select count(*) from export_containers k where k.export_id = e.export_id),
            (select sum(quantity_kg) from export_lots l where l.export_id = e.export_id),
            (select count(*) from export_approvals a where a.export_id = e.export_id and superseded_at is not null),
            (select kind from organizations o where o.organization_id = e.queue_organization_id))
        from exports e where export_id = $1";
    assert_eq!(
        text(&site, row, export).await,
        "540.000 9 t t t t t CANCELLED 0 540.000 4 COMMERCIAL_BANK",
        "lots, permit, booking and facts went with it"
    );
    // Every party reads what changed and what no longer holds.
    let mut bank = site.sign_in("bank.officer").await;
    let shown = site.get(&mut bank, &page).await.text;
    assert!(shown.contains("600 kg → 540 kg") && shown.contains(REASON), "{shown}");
    assert!(shown.contains("no longer holds"), "{shown}");

    // The same officers agree again; the quality holds and is passed.
    approve(&site, export, &["bank-check", "fx"]).await;
    assert_eq!(site.state_of(export).await, ("QUALITY_CERTIFIED".into(), "PERMIT".into()));
    let own = [("decision", "approve"), ("valid_until", "2026-12-20")];
    let refused = site.decide("ecta.officer", export, "permit", &own).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "the quality is this officer's still: {}", refused.text);
    approve(&site, export, &["permit", "shipment", "customs"]).await;
    let mut loading = facts_of(&site, export, "loading", &approvals(jebena::calendar::eat_date(site.now()))[6].2).await;
    for (name, value) in &mut loading {
        match name.as_str() {
            "net_kg_1" => *value = "540".to_owned(),
            "packages_1" => *value = "9".to_owned(),
            _ => {}
        }
    }
    let answer = site.decide("shipping.supervisor", export, "loading", &pairs(&loading)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    approve(&site, export, &["origin-signature", "origin", "settlement"]).await;
    assert_eq!(site.state_of(export).await, ("COMPLETED".into(), "CLOSED".into()));
    let permits = "select string_agg(status || ' ' || quantity, ', ' order by permit_number)
        from export_permits where export_id = $1";
    assert_eq!(text(&site, permits, export).await, "CANCELLED 600.000, USED 540.000");
}

#[tokio::test]
async fn another_bank_checks_for_itself_and_what_does_not_rest_on_it_holds() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "customs").await;
    let bank = organization(&site, "BANK2").await.to_string();
    let fields = asked.correction("600", &[("bank_id", &bank), ("reason", "Our account is with another bank now.")]);
    let answer = amend(&site, &mut owner, export, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await, ("PENDING".into(), "BANK_CHECK".into()));
    assert_eq!(in_force(&site, export).await, ["quality", "permit", "shipment"]);
    let mut former = site.sign_in("bank.officer").await;
    assert_eq!(site.get(&mut former, &format!("/exports/{export}")).await.status, StatusCode::NOT_FOUND);
    let (_, kind, facts) = approvals(jebena::calendar::eat_date(site.now())).remove(0);
    let facts = facts_of(&site, export, kind, &facts).await;
    let answer = site.decide("bank2.officer", export, kind, &pairs(&facts)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    approve(&site, export, &["fx"]).await;
    assert_eq!(site.state_of(export).await, ("SHIPMENT_SCHEDULED".into(), "CLEARANCE".into()));
    approve(&site, export, &["customs", "loading"]).await;
    assert_eq!(site.state_of(export).await.0, "SHIPPED");
    let permit = "select status from export_permits where export_id = $1";
    assert_eq!(text(&site, permit, export).await, "USED", "the permit names no bank");
    // What is on board is what it is.
    let page = site.get(&mut owner, &format!("/exports/{export}")).await;
    assert!(!page.text.contains("/amendment"), "{}", page.text);
    let csrf = site.get(&mut owner, "/help").await.hidden("csrf");
    let (key, version) = (Uuid::new_v4().to_string(), text(&site, VERSION, export).await);
    let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("version", version.as_str())];
    let fields = asked.correction("540", &[]);
    sent.extend(pairs(&fields));
    let late = site.post(&mut owner, &format!("/exports/{export}/amendment"), &sent).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    assert!(late.text.contains("on board"), "{}", late.text);
}

const VERSION: &str = "select version::text from exports where export_id = $1";

#[tokio::test]
async fn who_is_to_be_told_of_the_arrival_changes_without_anybody_agreeing_again() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "shipment").await;
    let mut customs = site.sign_in("customs.officer").await;
    let page = format!("/exports/{export}");
    site.fill_in(&mut customs, &page, &format!("{page}/claim"), &[]).await;
    let action = format!("{page}/amendment");
    let notify = ("notify_address", "Scheldt Coffee BV, Antwerp");
    let silent = asked.correction("600", &[notify]);
    let answer = site.fill_in(&mut owner, &action, &action, &pairs(&silent)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody else has it: {}", answer.text);
    assert!(answer.text.contains("href=\"#reason\"") && !answer.text.contains("undoes_"), "{}", answer.text);
    let said = asked.correction("600", &[notify, ("reason", "The buyer's agent is another one.")]);
    let answer = site.fill_in(&mut owner, &action, &action, &pairs(&said)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await, ("SHIPMENT_SCHEDULED".into(), "CLEARANCE".into()));
    assert_eq!(in_force(&site, export).await, ["bank-check", "fx", "quality", "permit", "shipment"]);
    let claimed = "select (claimed_by is not null)::text from exports where export_id = $1";
    assert_eq!(text(&site, claimed, export).await, "true", "who has it in hand keeps it");
    assert!(site.get(&mut customs, &page).await.text.contains("Scheldt Coffee BV"), "customs is told");
}

#[tokio::test]
async fn what_the_contract_says_now_is_taken_over_as_a_whole() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "permit").await;
    let action = format!("/exports/{export}/amendment");
    assert!(!site.get(&mut owner, &action).await.text.contains("take_terms"), "it says the same");
    site.execute(&format!(
        "update sales_contracts set buyer_name = 'Scheldt Coffee BV', price_per_kg = price_per_kg + 1,
             contract_value = round((price_per_kg + 1) * quantity, 2) where contract_id = '{}'",
        asked.contract
    ))
    .await;
    assert!(site.get(&mut owner, &action).await.text.contains("take_terms"));
    let fields = asked.correction("600", &[("take_terms", "yes"), ("reason", "The contract names another buyer.")]);
    let answer = amend(&site, &mut owner, export, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(in_force(&site, export).await, ["quality"]);
    assert_eq!(site.state_of(export).await, ("PENDING".into(), "BANK_CHECK".into()));
    let row = "select concat_ws(' ', e.buyer_name, e.price_per_kg = c.price_per_kg,
            e.estimated_value = round(c.price_per_kg * e.quantity, 2))
        from exports e join sales_contracts c using (contract_id) where export_id = $1";
    assert_eq!(text(&site, row, export).await, "Scheldt Coffee BV t t");
    assert!(!site.get(&mut owner, &action).await.text.contains("take_terms"));
}

#[tokio::test]
async fn a_returned_export_goes_on_at_the_earliest_step_that_has_to_agree_again() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "permit").await;
    let returned = [("decision", "return"), ("reason", "No vessel calls at that port this month.")];
    site.decide("shipping.officer", export, "shipment", &returned).await;
    let fields = asked.correction("600", &[("port_of_discharge", "BEANR"), ("reason", "The vessels call at Antwerp.")]);
    let answer = amend(&site, &mut owner, export, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await, ("QUALITY_CERTIFIED".into(), "RETURNED".into()));
    let resume = "select resume_stage from exports where export_id = $1";
    assert_eq!(text(&site, resume, export).await, "PERMIT");
    crate::decisions::submit(&site, &mut owner, export).await;
    assert_eq!(site.state_of(export).await, ("QUALITY_CERTIFIED".into(), "PERMIT".into()));
    assert_eq!(in_force(&site, export).await, ["bank-check", "fx", "quality"]);
    approve(&site, export, &["permit", "shipment"]).await;
    assert_eq!(site.state_of(export).await.1, "CLEARANCE");
}
