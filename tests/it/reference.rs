//! Figures, rates, prices and code lists: who sets them, from when they hold, and that nothing is overwritten.

use http::StatusCode;
use jebena::i18n::Lang;
use uuid::Uuid;

use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::filled_in;

const REASON: &str = "It was read from the wrong column.";

/// Opens `page`, fills the form for `action`, and sends it.
async fn send(site: &TestSite, who: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
    site.fill_in(who, page, action, fields).await
}

async fn one(site: &TestSite, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(&mut site.sql().await).await.unwrap()
}

#[tokio::test]
async fn every_parameter_has_a_name_an_owner_and_bounds_that_hold_it() {
    let site = TestSite::start().await;
    let nameless: Vec<String> = sqlx::query_scalar(
        "select distinct v.key from parameters v left join parameter_definitions d on d.key = v.key
         where d.key is null or v.value not between d.least and d.most or round(v.value, d.decimals) <> v.value",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    assert!(nameless.is_empty(), "{nameless:?}");
}

#[tokio::test]
async fn a_figure_is_set_from_a_day_on_replaced_with_a_reason_and_withdrawn_before_its_day() {
    let site = TestSite::seeded().await;
    let page = "/reference/figures/permit_validity_days";
    let mut ecta = site.sign_in("ecta.supervisor").await;
    let set = |value: &'static str, from: &'static str, reason: &'static str| {
        [("value", value), ("valid_from", from), ("legal_basis", "Circular 12"), ("reason", reason)]
    };

    // Not in the past, not beyond its bounds; what was typed stays.
    for (value, from, field) in [("60", "2026-11-17", "valid_from"), ("9999", "2026-12-01", "value")] {
        let answer = send(&site, &mut ecta, page, page, &set(value, from, "")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{}", answer.text);
        assert!(answer.text.contains(&format!("value=\"{value}\"")), "{}", answer.text);
    }
    let stale = site.get(&mut ecta, page).await;
    let answer = send(&site, &mut ecta, page, page, &set("60", "2026-12-01", "")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    // Who had the page open before is told that somebody was quicker.
    let fields = filled_in(&stale, page, "", &set("70", "2026-12-01", REASON));
    let late = site.post(&mut ecta, page, &pairs(&fields)).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);

    // Another in its place says why; both stay in the history.
    let bare = send(&site, &mut ecta, page, page, &set("75", "2026-12-01", "")).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(bare.text.contains("href=\"#reason\""), "{}", bare.text);
    let answer = send(&site, &mut ecta, page, page, &set("75", "2026-12-01", REASON)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let standing = "select string_agg(value || ' from ' || valid_from, ', ' order by valid_from) from parameters
        where key = 'permit_validity_days'";
    assert_eq!(one(&site, standing).await, "90 from 2020-01-01, 75 from 2026-12-01");
    let shown = site.get(&mut ecta, page).await.text;
    assert!(shown.contains("60 (Circular 12)") && shown.contains(REASON), "{shown}");
    let changed = "select count(*) from audit.events where event_type = 'PARAMETER_CHANGED'
        and details -> 'old' ->> 'value' = '60' and details -> 'new' ->> 'value' = '75'";
    assert_eq!(site.count(changed).await, 1);

    // Withdrawn before its day: the one before holds on.
    let withdrawal = format!("{page}/withdrawal");
    let fields = [("withdrawn_day", "2026-12-01"), ("withdrawal_reason", REASON)];
    let answer = send(&site, &mut ecta, page, &withdrawal, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(one(&site, standing).await, "90 from 2020-01-01");
    let kept = "select count(*) from reference_changes where key = 'permit_validity_days'";
    assert_eq!(site.count(kept).await, 3);
}

#[tokio::test]
async fn each_figure_is_its_own_authoritys() {
    let site = TestSite::seeded().await;
    let fields = [("value", "60"), ("valid_from", "2026-12-01"), ("legal_basis", "Circular 12"), ("reason", "")];
    let mine = "/reference/figures/settlement_days";
    let mut nbe = site.sign_in("nbe.officer").await;
    assert_eq!(send(&site, &mut nbe, mine, mine, &fields).await.status, StatusCode::SEE_OTHER);
    // An officer of the authority has no such role; the supervisor's are other figures; others only read.
    let theirs = "/reference/figures/permit_validity_days";
    for (username, page) in [
        ("ecta.officer", theirs),
        ("ecta.supervisor", mine),
        ("nbe.officer", theirs),
        ("exporter.owner", mine),
        ("bank.officer", mine),
        ("auditor", theirs),
        ("admin", mine),
    ] {
        let mut browser = site.sign_in(username).await;
        let shown = site.get(&mut browser, page).await;
        assert_eq!(shown.status, StatusCode::OK, "{username}: {}", shown.text);
        assert!(!shown.text.contains(&format!("action=\"{page}\"")), "{username} finds the form");
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        let key = Uuid::new_v4().to_string();
        let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("version", "0")];
        sent.extend(fields);
        let answer = site.post(&mut browser, page, &sent).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{username}: {}", answer.text);
    }
    let mut customs = site.sign_in("customs.officer").await;
    assert_eq!(site.get(&mut customs, mine).await.status, StatusCode::FORBIDDEN);
    let mut owner = site.sign_in("exporter.owner").await;
    assert_eq!(site.get(&mut owner, "/reference/figures/nonsense").await.status, StatusCode::NOT_FOUND);
    let list = site.get(&mut owner, "/reference").await.text;
    assert!(list.contains("assumption") && list.contains("Directive 1106/2025"), "{list}");
}

#[tokio::test]
async fn the_database_refuses_a_value_of_a_day_that_is_over() {
    let site = TestSite::seeded().await;
    for statement in [
        "insert into parameters values ('permit_validity_days', 5, 'days', '2026-11-17', 'Back-dated', false)",
        "insert into fx_rates values ('USD', '2026-11-25', 1)",
        "update parameters set value = 5",
    ] {
        let refused = format!(
            "begin; set local role jebena_regulator; set local app.org_kind = 'ECTA'; set local app.today = '2026-11-18';
             {statement}"
        );
        let error = sqlx::raw_sql(sqlx::AssertSqlSafe(refused)).execute(&mut site.sql().await).await.unwrap_err();
        assert_eq!(error.as_database_error().unwrap().code().unwrap(), "42501", "{statement}: {error}");
    }
    // What may not be deleted is not found.
    let kept = "begin; set local role jebena_regulator; set local app.org_kind = 'ECTA'; set local app.today = '2026-11-18';
        delete from parameters; delete from capital_thresholds; delete from fx_retention_rules; delete from fx_rates; commit";
    site.execute(kept).await;
    assert_eq!(site.count("select count(*) from parameters where key = 'settlement_days'").await, 1);
    assert_eq!(site.count("select count(*) from capital_thresholds").await, 5);
}

#[tokio::test]
async fn a_weeks_prices_are_seen_before_they_are_stored_and_stored_whole_or_not_at_all() {
    let site = TestSite::seeded().await;
    let mut ecta = site.sign_in("ecta.supervisor").await;
    let (new, check, store) = ("/reference/prices/new?week=2026-W50", "/reference/prices/check", "/reference/prices");
    let shown = site.get(&mut ecta, new).await;
    assert!(shown.text.contains("Yirgacheffe; 1;"), "the week before is there to be typed over: {}", shown.text);
    let count = "select count(*) from minimum_export_prices where iso_year = 2026 and iso_week = 50";

    let wrong = "Sidama; 2; 8.11\nMocha; 2; 9\nGuji; 1; ten";
    let dry = send(&site, &mut ecta, new, check, &[("week", "2026-W50"), ("table", wrong)]).await;
    assert_eq!(dry.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", dry.text);
    assert!(dry.text.contains("no such coffee") && dry.text.contains("3 lines, 2 of them wrong"), "{}", dry.text);
    assert!(!dry.text.contains("action=\"/reference/prices\""), "a wrong table cannot be stored");
    // Whoever sends it all the same stores nothing, not even the line that is right.
    let fields = filled_in(&dry, check, "", &[("week", "2026-W50"), ("table", wrong), ("reason", "")]);
    let forced = site.post(&mut ecta, store, &pairs(&fields)).await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(site.count(count).await, 0);

    let right = "Sidama\t2\t8.11\nGuji\tG1\t10.50";
    let dry = send(&site, &mut ecta, new, check, &[("week", "2026-W50"), ("table", right)]).await;
    assert_eq!((dry.status, site.count(count).await), (StatusCode::OK, 0), "{}", dry.text);
    let fields = filled_in(&dry, store, "", &[("week", "2026-W50"), ("table", right), ("reason", "")]);
    for _ in 0..2 {
        let stored = site.post(&mut ecta, store, &pairs(&fields)).await;
        assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.text);
        assert_eq!(stored.location(), "/reference/prices?week=2026-W50");
    }
    let numbers = "select string_agg(price_number, ' ' order by price_number) from minimum_export_prices
        where iso_year = 2026 and iso_week = 50";
    assert_eq!(one(&site, numbers).await, "MP-1-GUJI-2026-W50 MP-2-SIDAMA-2026-W50");
    let events = "select count(*) from audit.events where event_type = 'PARAMETER_CHANGED'
        and jsonb_array_length(details -> 'changes') = 2";
    assert_eq!(site.count(events).await, 1);
    let listed = site.get(&mut ecta, "/reference/prices?week=2026-W50").await.text;
    assert!(listed.contains("367.86"), "8.11 USD/kg is 367.86 US cents a pound: {listed}");

    // A slip is put right with a reason; a week that is over stands.
    let corrected = [("week", "2026-W50"), ("table", "Sidama; 2; 8.21"), ("reason", REASON)];
    let dry = send(&site, &mut ecta, new, check, &corrected).await;
    let answer = site.post(&mut ecta, store, &pairs(&filled_in(&dry, store, "", &corrected))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let past = [("week", "2026-W46"), ("table", "Sidama; 2; 1"), ("reason", REASON)];
    let dry = send(&site, &mut ecta, new, check, &past).await;
    assert!(dry.text.contains("The week is over"), "{}", dry.text);
    let kept = "select count(*) from reference_changes where key = 'MP-2-SIDAMA-2026-W50' and reason is not null";
    assert_eq!(site.count(kept).await, 1);
    let mut officer = site.sign_in("ecta.officer").await;
    assert_eq!(site.get(&mut officer, "/reference/prices/new").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_national_bank_enters_the_rates_of_a_day_and_those_of_a_day_that_is_over_stand() {
    let site = TestSite::seeded().await;
    let mut nbe = site.sign_in("nbe.officer").await;
    let (new, rates) = ("/reference/rates/new", "/reference/rates");
    let set = |day: &'static str, usd: &'static str, reason: &'static str| {
        [("rate_day", day), ("rate_usd", usd), ("rate_eur", ""), ("reason", reason)]
    };
    let answer = send(&site, &mut nbe, new, rates, &set("2026-11-20", "151.5", "")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(site.get(&mut nbe, rates).await.text.contains("151.5"));
    for (fields, field) in [
        (set("2026-11-17", "1", REASON), "rate_usd"),
        (set("2026-11-10", "1", REASON), "rate_day"),
        (set("2026-11-20", "152", ""), "reason"),
        (set("2026-11-21", "", ""), "rate_usd"),
    ] {
        let answer = send(&site, &mut nbe, new, rates, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}: {}", answer.text);
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{fields:?}: {}", answer.text);
    }
    // Nothing changed is no fault of one field.
    let answer = send(&site, &mut nbe, new, rates, &set("2026-11-20", "151.5", "")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert!(
        answer.text.contains("<li>No rate was changed.") && !answer.text.contains("rate_usd-error"),
        "{}",
        answer.text
    );
    let answer = send(&site, &mut nbe, new, rates, &set("2026-11-20", "152", REASON)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let now =
        "select count(*) from fx_rates where currency = 'USD' and rate_date = '2026-11-20' and etb_per_unit = 152";
    assert_eq!(site.count(now).await, 1);
    // Each currency has its name in both languages.
    let currencies: Vec<String> =
        sqlx::query_scalar("select currency::text from currencies").fetch_all(&mut site.sql().await).await.unwrap();
    for (lang, currency) in Lang::ALL.iter().flat_map(|lang| currencies.iter().map(move |currency| (*lang, currency))) {
        assert!(!lang.name_of("currency", currency).starts_with("currency-"), "{lang:?} {currency}");
    }
    let mut ecta = site.sign_in("ecta.supervisor").await;
    assert_eq!(site.get(&mut ecta, new).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_administration_keeps_the_lists_and_a_code_ends_rather_than_goes() {
    let site = TestSite::seeded().await;
    let mut admin = site.sign_in("admin").await;
    let list = "/reference/lists/countries";
    let country = [("code", "TL"), ("name", "East Timor"), ("name_am", "ምሥራቅ ቲሞር"), ("valid_from", "2026-11-18")];
    let answer = send(&site, &mut admin, &format!("{list}/new"), list, &country).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let twice = send(&site, &mut admin, &format!("{list}/new"), list, &country).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", twice.text);
    let entry = format!("{list}/entries/TL");
    let ended = [
        ("name", "Timor-Leste"),
        ("name_am", "ቲሞር ሌስቴ"),
        ("ico_code", "041"),
        ("valid_from", "2026-11-18"),
        ("valid_to", "2026-12-31"),
        ("reason", "It names itself so now."),
    ];
    let stale = site.get(&mut admin, &entry).await;
    let answer = send(&site, &mut admin, &entry, &entry, &ended).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let late = site.post(&mut admin, &entry, &pairs(&filled_in(&stale, &entry, "", &ended))).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    let row = "select name || ' ' || ico_code || ' ' || valid_to from countries where country_code = 'TL'";
    assert_eq!(one(&site, row).await, "Timor-Leste 041 2026-12-31");
    let mut owner = site.sign_in("exporter.owner").await;
    let shown = site.get(&mut owner, list).await.text;
    assert!(shown.contains("Timor-Leste") && shown.contains("It names itself so now."), "{shown}");
    assert!(!shown.contains("/entries/TL"), "only who keeps the list is led to the form");
    for list in ["ports", "coffee-types", "regions", "incoterms", "hs-codes"] {
        let page = site.get(&mut admin, &format!("/reference/lists/{list}")).await;
        assert_eq!(page.status, StatusCode::OK, "{list}: {}", page.text);
        let first = page.text.split("/entries/").nth(1).unwrap().split('"').next().unwrap();
        let form = site.get(&mut admin, &format!("/reference/lists/{list}/entries/{first}")).await;
        assert_eq!(form.status, StatusCode::OK, "{list}: {}", form.text);
    }
    assert_eq!(site.get(&mut admin, "/reference/lists/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&mut admin, &format!("{list}/entries/XX")).await.status, StatusCode::NOT_FOUND);
}
