//! Where coffee grew: plots linked to lots, the origin of lots that were made of others, what that makes of a consignment
//! for the European Union, and what its buyer has told.

use chrono::Duration;
use futures::future::join_all;
use http::StatusCode;
use jebena::calendar::eat_date;
use jebena::eudr::geojson;
use sqlx::Connection;
use uuid::Uuid;

use crate::lots::{fields_of, with};
use crate::plots::{feature, file};
use crate::rows::Rows;
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{Asked, filled_in, something_to_ask};

const STATED: [(&str, &str); 3] =
    [("cutoff_stated", "yes"), ("cutoff_kind", "SATELLITE"), ("cutoff_evidence", "Pictures of 2020 and 2026")];
const UNSTATED: [(&str, &str); 2] = [("cutoff_kind", ""), ("cutoff_evidence", "")];

/// What is otherwise of a lot that was not bought at the exchange.
const OF_A_UNION: [(&str, &str); 3] = [("source", "UNION"), ("lot_number", ""), ("coffee_contract_symbol", "")];

/// A plot as a file has it, with the exporter's own number.
fn plot(number: &str, place: usize) -> String {
    let coordinates = format!("[38.9{place:05},6.900001]");
    feature("Abebe Dukamo", "Point", &coordinates)
        .replace("\"ProducerName\"", &format!("\"PlotId\":\"{number}\",\"ProducerName\""))
}

impl TestSite {
    /// Maps plots with these numbers, stated or not.
    async fn map(&self, browser: &mut Browser, numbers: &[&str], first: usize, stated: bool) {
        let plots: Vec<String> =
            numbers.iter().zip(first..).map(|(number, place)| plot(number, place * 7 + 1)).collect();
        let more: &[(&str, &str)] = if stated { &STATED } else { &UNSTATED };
        let stored = self.store_plots(browser, &file(&plots), more).await;
        assert_eq!(stored.status, StatusCode::SEE_OTHER, "{}", stored.text);
    }

    /// Links plots to a lot.
    async fn link(&self, browser: &mut Browser, lot: Uuid, lines: &str) -> Answer {
        let page = format!("/lots/{lot}/plots");
        self.fill_in(browser, &page, &page, &[("plots", lines)]).await
    }

    /// A lot from a union of cooperatives, of 19,200 kg, as it was registered and verified.
    async fn union_lot(&self, browser: &mut Browser, number: &str) -> Uuid {
        let fields = with(fields_of(number, eat_date(self.now()), 3), &OF_A_UNION);
        self.verified_lot(browser, &fields).await
    }

    /// The file of a lot or an export: the numbers of its places, as the product's own importer reads them.
    async fn read_file(&self, browser: &mut Browser, path: &str) -> Vec<String> {
        let answer = self.get(browser, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let headers = &answer.headers;
        assert_eq!(headers["content-type"], "application/geo+json");
        assert!(headers["content-disposition"].to_str().unwrap().starts_with("attachment"), "{headers:?}");
        let reading = geojson::read(&answer.bytes, &|code| code == "ET");
        assert!(reading.faults.is_empty(), "{:?}", reading.faults);
        let places = reading.features.iter().map(|feature| geojson::geometry_text(&feature.plot.geometry));
        let mut places: Vec<String> = places.collect();
        places.sort();
        places
    }

    async fn numbers(&self, lot: Uuid) -> Vec<String> {
        sqlx::query_scalar(
            "select distinct k.plot_number from app.origin_of(array[$1], $2) o join lot_plots k using (link_id) order by 1",
        )
        .bind(lot)
        .bind(self.now())
        .fetch_all(&mut self.sql().await)
        .await
        .unwrap()
    }

    /// A submitted export to Germany of a lot of its own, to which these lines are linked.
    async fn consignment(&self, owner: &mut Browser, lines: &str) -> (Uuid, Uuid) {
        let (asked, lot) = self.lot_to_ask().await;
        if !lines.is_empty() {
            let linked = self.link(owner, lot, lines).await;
            assert_eq!(linked.status, StatusCode::SEE_OTHER, "{}", linked.text);
        }
        let export = self.request(owner, &asked, "600").await;
        self.execute(&format!("update exports set destination_country = 'DE' where export_id = '{export}'")).await;
        crate::decisions::submit(self, owner, export).await;
        (export, lot)
    }

    /// What to ask of a lot that is linked to nothing.
    async fn lot_to_ask(&self) -> (Asked, Uuid) {
        let asked = something_to_ask(self, "EXPORTER", 2_000).await;
        self.execute(&format!("delete from lot_plots where lot_id = '{}'", asked.lot)).await;
        let is_bought: bool = sqlx::query_scalar("select generation = 0 from coffee_lots where lot_id = $1")
            .bind(asked.lot)
            .fetch_one(&mut self.sql().await)
            .await
            .unwrap();
        assert!(is_bought);
        (asked.clone(), asked.lot)
    }

    async fn tell(&self, browser: &mut Browser, export: Uuid, fields: &[(&str, &str)]) -> Answer {
        let page = format!("/exports/{export}/eudr/statement");
        self.fill_in(browser, &page, &page, fields).await
    }
}

const TOLD: [(&str, &str); 4] =
    [("reference_number", "26fr yui34jtqkb"), ("verification_number", "a1b2c3d4"), ("told_state", ""), ("told_on", "")];

#[tokio::test]
async fn plots_are_linked_with_what_came_from_them_and_the_link_ends_without_being_forgotten() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.map(&mut owner, &["U-1", "U-2", "U-3"], 1, true).await;
    let lot = site.union_lot(&mut owner, "U-900001").await;
    let page = format!("/lots/{lot}/plots");
    let empty = site.get(&mut owner, &page).await;
    assert!(empty.text.contains("origin not traced to plots") && !empty.text.contains("/plots/file"), "{}", empty.text);
    assert!(site.get(&mut owner, &format!("/lots/{lot}")).await.text.contains(&format!("href=\"{page}\"")));
    let refused = site.get(&mut owner, &format!("{page}/file")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("The file is not made") && refused.text.contains("not traced"), "{}", refused.text);

    // The same form twice has one effect.
    let fields = filled_in(&empty, &page, "", &[("plots", "U-1 19,000\nU-2\t200")]);
    for _ in 0..2 {
        let linked = site.post(&mut owner, &page, &pairs(&fields)).await;
        assert_eq!((linked.status, linked.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", linked.text);
    }
    assert_eq!(site.numbers(lot).await, ["U-1", "U-2"]);
    let shown = site.get(&mut owner, &page).await.text;
    assert!(shown.contains("Plots linked: 2.") && shown.contains("19,000 kg") && shown.contains("200 kg"), "{shown}");
    assert!(!shown.contains("What is lacking"), "{shown}");
    assert_eq!(site.read_file(&mut owner, &format!("{page}/file")).await.len(), 2);
    let left = "select count(*) from audit.events where event_type = 'DATA_EXPORT' and entity_type = 'coffee_lot'
                and details -> 'of' ->> 'plots' = '2'";
    assert_eq!(site.count(left).await, 1);

    // Nothing is left to link with a weight; a plot without one may be linked still.
    let heavy = site.link(&mut owner, lot, "U-3 0.001").await;
    assert_eq!(heavy.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        heavy.text.contains("The lot weighs 19,200 kg") && heavy.text.contains(">U-3 0.001</textarea>"),
        "{}",
        heavy.text
    );

    // The link ends, once, and stays on record.
    let link: Uuid = sqlx::query_scalar("select link_id from lot_plots where lot_id = $1 and plot_number = 'U-2'")
        .bind(lot)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let action = format!("{page}/{link}/removal");
    let before = site.get(&mut owner, &page).await;
    let fields = filled_in(&before, &action, "", &[]);
    site.clock.set(site.now() + Duration::minutes(5));
    for _ in 0..2 {
        let ended = site.post(&mut owner, &action, &pairs(&fields)).await;
        assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
    }
    assert_eq!(site.numbers(lot).await, ["U-1"]);
    let shown = site.get(&mut owner, &page).await.text;
    assert!(shown.contains("Links that have ended") && shown.contains("for 200 kg no plot is named"), "{shown}");
    let csrf = before.hidden("csrf");
    let again = [("csrf", csrf.as_str()), ("idempotency_key", &Uuid::new_v4().to_string())];
    let again = site.post(&mut owner, &action, &again).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("This link was ended before"), "{}", again.text);
    let events = "select count(*) from audit.events where event_type in ('LOT_PLOTS_LINKED', 'LOT_PLOT_UNLINKED')";
    assert_eq!(site.count(events).await, 2);
    // And it can be made anew.
    assert_eq!(site.link(&mut owner, lot, "U-2 200").await.status, StatusCode::SEE_OTHER);

    // Nobody edits a link, and an ended one is not taken up again, past the pages either.
    for forbidden in
        ["update lot_plots set kg = 1", "delete from lot_plots", "update lot_plots set plot_number = 'U-9'"]
    {
        let tried = format!("begin; set local role jebena_party; {forbidden}; commit");
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(tried)).execute(&mut site.sql().await).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501", "{forbidden}");
    }
}

/// Each by itself would fit.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_link_at_once_do_not_link_more_than_the_lot_weighs() {
    let site = TestSite::seeded_for_crowds().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.map(&mut owner, &["U-1", "U-2"], 1, true).await;
    let lot = site.union_lot(&mut owner, "U-900004").await;
    let page = format!("/lots/{lot}/plots");
    let mut forms = Vec::new();
    for lines in ["U-1 12000", "U-2 8000"] {
        let shown = site.get(&mut owner, &page).await;
        forms.push(filled_in(&shown, &page, "", &[("plots", lines)]));
    }
    let answers = join_all(forms.iter().map(|fields| {
        let (site, mut browser, page) = (&site, owner.clone(), &page);
        async move { site.post(&mut browser, page, &pairs(fields)).await.status }
    }))
    .await;
    assert!(answers.contains(&StatusCode::SEE_OTHER), "{answers:?}");
    assert!(answers.contains(&StatusCode::UNPROCESSABLE_ENTITY), "{answers:?}");
    assert_eq!(site.numbers(lot).await.len(), 1);
}

#[tokio::test]
async fn every_line_that_is_wrong_is_named_and_nothing_is_linked() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.map(&mut owner, &["U-1", "U-2", "U-3"], 1, true).await;
    let retired: Uuid = sqlx::query_scalar("select plot_id from plots where plot_number = 'U-3'")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let retirement = format!("/plots/{retired}/retirement");
    let reason = [("reason", "Coffee was uprooted there.")];
    let answer = site.fill_in(&mut owner, &retirement, &retirement, &reason).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let lot = site.union_lot(&mut owner, "U-900002").await;
    assert_eq!(site.link(&mut owner, lot, "U-1").await.status, StatusCode::SEE_OTHER);
    let mut sql = site.sql().await;
    let before = Rows::of(&mut sql).await;
    for (lines, said) in [
        ("", "Plots: Fill this in"),
        ("U-2 much\nU-2 0", "Line 1: “much” is no weight"),
        ("U-2\nU-2 100", "Line 2: U-2 stands in line 1 already."),
        ("U-2\nU-1", "Line 2: U-1 is linked already."),
        ("U-2\nU-3", "Line 2: U-3 is out of use"),
        ("U-2\nPLOT-999999", "Line 2: You have no plot PLOT-999999."),
        ("U-2 19200.001", "The lot weighs 19,200 kg; from its plots would come 19,200.001 kg."),
    ] {
        let refused = site.link(&mut owner, lot, lines).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{lines}");
        assert!(refused.text.contains("id=\"plots-error\""), "{lines}: {}", refused.text);
        assert!(refused.text.contains(said) || lines.is_empty(), "{lines}: {}", refused.text);
    }
    let many: String = (0..1_001).map(|n| format!("U-{n}\n")).collect();
    let refused = site.link(&mut owner, lot, &many).await;
    assert!(refused.text.contains("More than 1000 lines"), "{}", refused.text);
    assert_eq!(Rows::of(&mut sql).await, before);

    // What was rejected or has left is linked to nothing any more.
    let waiting = with(fields_of("U-900003", eat_date(site.now()), 3), &OF_A_UNION);
    let waiting = site.register_lot(&mut owner, &waiting).await;
    for (lot, said) in [(waiting, "This lot was rejected."), (lot, "has left the country")] {
        let page = format!("/lots/{lot}/plots");
        let shown = site.get(&mut owner, &page).await;
        let fields = filled_in(&shown, &page, "", &[("plots", "U-2")]);
        if lot == waiting {
            let reason = [("reason", "The receipt is another firm's.")];
            let answer = site.decide_lot("ecta.officer", lot, "reject", &reason).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        } else {
            site.execute(&format!(
                "update coffee_lots set status = 'EXPORTED', reserved_kg = quantity, exported_kg = quantity where lot_id = '{lot}'"
            ))
            .await;
        }
        let refused = site.post(&mut owner, &page, &pairs(&fields)).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{said}: {}", refused.text);
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
        let shown = site.get(&mut owner, &page).await.text;
        assert!(shown.contains(said) && !shown.contains("<textarea"), "{shown}");
    }
}

#[tokio::test]
async fn a_lot_that_was_made_of_others_comes_from_all_of_their_plots() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.map(&mut owner, &["U-1", "U-2", "U-3", "U-4"], 1, true).await;
    let one = site.union_lot(&mut owner, "U-910001").await;
    let two = site.union_lot(&mut owner, "U-910002").await;
    let bought = site.verified_lot(&mut owner, &fields_of("ECX-2026-910003", eat_date(site.now()), 3)).await;
    assert_eq!(site.link(&mut owner, one, "U-1\nU-2").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.link(&mut owner, two, "U-2\nU-3").await.status, StatusCode::SEE_OTHER);
    let made = |answer: Answer| -> Uuid {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.location().rsplit('/').next().unwrap().parse().unwrap()
    };

    // Merged, and a part split off that: the union of both, each plot once.
    let merged = made(site.combine_lots(&mut owner, "MERGE", &[(one, "4000"), (two, "2000")]).await);
    assert_eq!(site.split_lot(&mut owner, merged, &["1000"]).await.status, StatusCode::SEE_OTHER);
    let part: Uuid = sqlx::query_scalar("select child_id from lot_parents where parent_id = $1")
        .bind(merged)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    for lot in [merged, part] {
        assert_eq!(site.numbers(lot).await, ["U-1", "U-2", "U-3"]);
        assert_eq!(site.read_file(&mut owner, &format!("/lots/{lot}/plots/file")).await.len(), 3, "each place once");
    }
    // Nothing was copied: what is linked to the lot that grew is its children's at once, and links are made there only.
    assert_eq!(site.link(&mut owner, one, "U-4").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.numbers(part).await, ["U-1", "U-2", "U-3", "U-4"]);
    assert_eq!(
        site.count("select count(*) from lot_plots k join coffee_lots l using (lot_id) where l.generation > 0").await,
        0
    );
    let shown = site.get(&mut owner, &format!("/lots/{part}/plots")).await.text;
    assert!(shown.contains("This lot was made of others") && !shown.contains("<textarea"), "{shown}");
    assert!(shown.contains(&format!("href=\"/lots/{one}/plots\"")), "{shown}");
    let csrf = site.get(&mut owner, "/help").await.hidden("csrf");
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &Uuid::new_v4().to_string()), ("plots", "U-1")];
    let refused = site.post(&mut owner, &format!("/lots/{part}/plots"), &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(refused.text.contains("This lot was made of others"), "{}", refused.text);

    // One untraced lot in a blend leaves the blend untraced, and is named.
    let blend = made(site.combine_lots(&mut owner, "BLEND", &[(merged, "1000"), (bought, "1000")]).await);
    let shown = site.get(&mut owner, &format!("/lots/{blend}/plots")).await.text;
    let said = "ECX-2026-910003: origin not traced to plots. It was bought at the exchange";
    assert!(shown.contains(said), "{shown}");
    let refused = site.get(&mut owner, &format!("/lots/{blend}/plots/file")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains(said), "{}", refused.text);

    // A corrected plot leads from its number to the revision in force.
    site.clock.set(site.now() + Duration::minutes(5));
    site.execute(
        "begin; set constraints all deferred;
         update plots set superseded_by = '00000000-0000-7000-8000-000000000001' where plot_number = 'U-1';
         insert into plots (plot_id, organization_id, plot_number, revision, producer_name, producer_country, production_place,
             area_ha, geometry_kind, geometry, geometry_sha256, positions, west, south, east, north, created_by, created_at)
         select '00000000-0000-7000-8000-000000000001', organization_id, plot_number, 2, 'Another', producer_country,
             production_place, area_ha, geometry_kind, geometry, geometry_sha256, positions, west, south, east, north,
             created_by, created_at + interval '5 minutes'
         from plots where plot_number = 'U-1'; commit",
    )
    .await;
    let shown = site.get(&mut owner, &format!("/lots/{part}/plots")).await.text;
    assert!(shown.contains("/plots/00000000-0000-7000-8000-000000000001") && shown.contains("Another"), "{shown}");
    assert!(shown.contains("U-1: the cut-off date is not stated."), "a correction ends the statement: {shown}");
}

#[tokio::test]
async fn links_and_statements_are_the_exporters_and_the_plots_of_a_lot_are_not_everybodys() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.map(&mut owner, &["U-1"], 1, true).await;
    let (export, lot) = site.consignment(&mut owner, "U-1").await;
    let mut sql = site.sql().await;
    let link: Uuid = sqlx::query_scalar("select link_id from lot_plots where lot_id = $1")
        .bind(lot)
        .fetch_one(&mut sql)
        .await
        .unwrap();
    let expected = [
        ("exporter2.owner", StatusCode::NOT_FOUND, StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
        ("bank2.officer", StatusCode::FORBIDDEN, StatusCode::NOT_FOUND, StatusCode::FORBIDDEN),
        ("bank.officer", StatusCode::FORBIDDEN, StatusCode::OK, StatusCode::FORBIDDEN),
        ("shipping.officer", StatusCode::FORBIDDEN, StatusCode::OK, StatusCode::FORBIDDEN),
        ("nbe.officer", StatusCode::FORBIDDEN, StatusCode::OK, StatusCode::FORBIDDEN),
        ("ecta.officer", StatusCode::OK, StatusCode::OK, StatusCode::FORBIDDEN),
        ("customs.officer", StatusCode::OK, StatusCode::OK, StatusCode::FORBIDDEN),
        ("auditor", StatusCode::OK, StatusCode::OK, StatusCode::FORBIDDEN),
        ("ecx.officer", StatusCode::FORBIDDEN, StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
    ];
    let mut browsers = Vec::new();
    for (who, ..) in expected {
        browsers.push(site.sign_in(who).await);
    }
    let before = Rows::besides_the_record(&mut sql).await;
    for ((who, lots, exports, forms), mut browser) in expected.into_iter().zip(browsers) {
        for page in [format!("/lots/{lot}/plots"), format!("/lots/{lot}/plots/file")] {
            assert_eq!(site.get(&mut browser, &page).await.status, lots, "{who} {page}");
        }
        for page in ["", "/file", "/sheet"] {
            let answer = site.get(&mut browser, &format!("/exports/{export}/eudr{page}")).await;
            assert_eq!(answer.status, exports, "{who} {page}: {}", answer.text);
        }
        assert_eq!(site.get(&mut browser, &format!("/exports/{export}/eudr/statement")).await.status, forms, "{who}");
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        for (path, fields) in [
            (format!("/lots/{lot}/plots"), vec![("plots", "U-1")]),
            (format!("/lots/{lot}/plots/{link}/removal"), Vec::new()),
            (format!("/exports/{export}/eudr/origin"), Vec::new()),
            (format!("/exports/{export}/eudr/statement"), TOLD.to_vec()),
        ] {
            let key = Uuid::new_v4().to_string();
            let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", &key), ("version", "0")];
            sent.extend(fields);
            assert_eq!(site.post(&mut browser, &path, &sent).await.status, forms, "{who} {path}");
        }
    }
    let after = Rows::besides_the_record(&mut sql).await;
    assert!(after == before, "{:?}", after.changes_since(&before));
    // A link of another lot is none of this one's.
    let other = site.union_lot(&mut owner, "U-920001").await;
    let csrf = site.get(&mut owner, "/help").await.hidden("csrf");
    let sent = [("csrf", csrf.as_str()), ("idempotency_key", &Uuid::new_v4().to_string())];
    let answer = site.post(&mut owner, &format!("/lots/{other}/plots/{link}/removal"), &sent).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
}

#[tokio::test]
async fn a_consignment_is_incomplete_until_everything_is_there_and_ready_until_the_buyer_tells() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.map(&mut owner, &["U-1", "U-2"], 1, true).await;
    site.map(&mut owner, &["U-3"], 3, false).await;
    let (export, lot) = site.consignment(&mut owner, "U-1\nU-3").await;
    let page = format!("/exports/{export}/eudr");

    let case = site.get(&mut owner, &format!("/exports/{export}")).await.text;
    assert!(case.contains("EUDR, incomplete: U-3: the cut-off date is not stated."), "{case}");
    assert!(case.contains(&format!("href=\"{page}\"")), "{case}");
    let shown = site.get(&mut owner, &page).await.text;
    for said in ["incomplete", "30 Dec 2026", "30 Jun 2027", "31 Dec 2020", "an assumption", "nobody is asked yet"] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    for path in ["file", "sheet"] {
        let refused = site.get(&mut owner, &format!("{page}/{path}")).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{path}");
        assert!(refused.text.contains("U-3: the cut-off date is not stated."), "{}", refused.text);
    }
    assert_eq!(
        site.count(
            "select count(*) from audit.events where event_type = 'DATA_EXPORT' and details ->> 'list' = 'plots'"
        )
        .await,
        0
    );

    // What is linked later does not count by itself: the file says what was linked when the export was submitted.
    site.clock.set(site.now() + Duration::minutes(5));
    let link: Uuid = sqlx::query_scalar("select link_id from lot_plots where lot_id = $1 and plot_number = 'U-3'")
        .bind(lot)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let lot_page = format!("/lots/{lot}/plots");
    let ended = site.fill_in(&mut owner, &lot_page, &format!("{lot_page}/{link}/removal"), &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER, "{}", ended.text);
    assert_eq!(site.link(&mut owner, lot, "U-2").await.status, StatusCode::SEE_OTHER);
    let shown = site.get(&mut owner, &page).await;
    assert!(shown.text.contains("They have changed since.") && shown.text.contains("incomplete"), "{}", shown.text);
    let mut bank = site.sign_in("bank.officer").await;
    let seen = site.get(&mut bank, &page).await.text;
    assert!(seen.contains("U-3: the cut-off date is not stated.") && !seen.contains("/eudr/origin"), "{seen}");

    // Its exporter takes the links over, once.
    let action = format!("{page}/origin");
    let fields = filled_in(&shown, &action, "", &[]);
    site.clock.set(site.now() + Duration::minutes(5));
    for _ in 0..2 {
        let taken = site.post(&mut owner, &action, &pairs(&fields)).await;
        assert_eq!((taken.status, taken.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", taken.text);
    }
    assert_eq!(site.count("select count(*) from export_origins").await, 1);
    let shown = site.get(&mut owner, &page).await.text;
    assert!(shown.contains("file can be made") && shown.contains("is for the buyer to assess"), "{shown}");
    let csrf = site.get(&mut owner, "/help").await.hidden("csrf");
    let again = [("csrf", csrf.as_str()), ("idempotency_key", &Uuid::new_v4().to_string())];
    let again = site.post(&mut owner, &action, &again).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("The links have not changed."), "{}", again.text);

    // The file is the bank's to see as well, and each download is on record.
    let places = site.read_file(&mut owner, &format!("{page}/file")).await;
    assert_eq!(places.len(), 2);
    assert_eq!(site.read_file(&mut bank, &format!("{page}/file")).await, places);
    let sheet = site.get(&mut bank, &format!("{page}/sheet")).await;
    let sheet: serde_json::Value = serde_json::from_slice(&sheet.bytes).unwrap();
    assert_eq!(sheet["commodities"][0]["netWeight"], 600);
    assert_eq!(sheet["commodities"][0]["producers"].as_array().unwrap().len(), 1, "of one producer");
    let left = "select count(*) from audit.events where event_type = 'DATA_EXPORT' and entity_type = 'export'
                and details -> 'of' ->> 'plots' = '2'";
    assert_eq!(site.count(left).await, 3);
    let case = site.get(&mut owner, &format!("/exports/{export}")).await.text;
    assert!(case.contains("EUDR: the file for the buyer can be made."), "{case}");

    // In both languages.
    let csrf = site.get(&mut owner, "/help").await.hidden("csrf");
    let language = [("csrf", csrf.as_str()), ("language", "am"), ("next", page.as_str())];
    site.post(&mut owner, "/language", &language).await;
    for page in [page.clone(), lot_page, format!("{page}/statement")] {
        let shown = site.get(&mut owner, &page).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.text.contains("lang=\"am\""), "{}", shown.text);
    }
}

#[tokio::test]
async fn what_a_buyer_tells_is_kept_line_by_line_and_does_for_the_document() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    site.map(&mut owner, &["U-1"], 1, true).await;
    let (export, _) = site.consignment(&mut owner, "U-1").await;
    // After the day from which the checklist asks for it.
    site.execute("update document_requirements set valid_from = '2026-01-01' where document_type = 'EUDR_STATEMENT'")
        .await;
    site.execute(&format!(
        "update export_documents set is_active = false, deactivated_by = uploaded_by, deactivated_at = uploaded_at
         where export_id = '{export}' and document_type = 'EUDR_STATEMENT'"
    ))
    .await;
    let page = format!("/exports/{export}/eudr");
    let form = format!("{page}/statement");
    for (field, value, said) in [
        ("reference_number", "", "Reference number"),
        ("reference_number", "26FRYUI34JTQK", "two digits, the two letters of a country"),
        ("verification_number", "A1B2C3D", "A verification number has eight letters and digits."),
        ("told_state", "CLEAR", "State"),
        ("told_on", "2030-01-01", "Told on"),
    ] {
        let mut fields = TOLD.to_vec();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let refused = site.tell(&mut owner, export, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field} {value}");
        assert!(refused.text.contains(&format!("{field}-error")) || field.starts_with("told"), "{}", refused.text);
        assert!(refused.text.contains(said), "{said}: {}", refused.text);
        assert!(refused.text.contains("26fr yui34jtqkb") || field == "reference_number", "what was typed stays");
    }
    let shown = site.get(&mut owner, &form).await;
    let fields = filled_in(&shown, &form, "", &TOLD);
    for _ in 0..2 {
        let told = site.post(&mut owner, &form, &pairs(&fields)).await;
        assert_eq!((told.status, told.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", told.text);
    }
    let attached =
        format!("select 'EUDR_STATEMENT' = any (attached_documents) from exports where export_id = '{export}'");
    let attached = || async {
        let mut sql = site.sql().await;
        sqlx::query_scalar::<_, bool>(sqlx::AssertSqlSafe(attached.clone())).fetch_one(&mut sql).await.unwrap()
    };
    assert!(attached().await, "it does for the document");
    for who in ["exporter.owner", "bank.officer", "shipping.officer", "ecta.officer", "customs.officer", "nbe.officer"]
    {
        let mut browser = site.sign_in(who).await;
        let case = site.get(&mut browser, &format!("/exports/{export}")).await.text;
        assert!(case.contains("26FRYUI34JTQKB, verification number A1B2C3D4"), "{who}: {case}");
        assert!(case.contains("told by the buyer"), "{who}: {case}");
        let shown = site.get(&mut browser, &page).await.text;
        assert!(shown.contains("statement told") && shown.contains("In force"), "{who}: {shown}");
    }

    // A form that was shown before is stale; a correction is a line of its own.
    let mut late = fields.clone();
    late.retain(|(name, _)| name != "idempotency_key");
    late.push(("idempotency_key".to_owned(), Uuid::new_v4().to_string()));
    let stale = site.post(&mut owner, &form, &pairs(&late)).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("Something was put on record since"), "{}", stale.text);
    site.clock.set(site.now() + Duration::minutes(5));
    let day = eat_date(site.now()).to_string();
    let withdrawn = [TOLD[0], TOLD[1], ("told_state", "WITHDRAWN"), ("told_on", day.as_str())];
    assert_eq!(site.tell(&mut owner, export, &withdrawn).await.status, StatusCode::SEE_OTHER);
    assert!(!attached().await, "one that was withdrawn does for nothing");
    let shown = site.get(&mut owner, &page).await.text;
    assert!(shown.contains("file can be made") && shown.contains("Told as withdrawn"), "{shown}");
    let anew = [
        ("reference_number", "26FRYUI34JTQKC"),
        ("verification_number", "ZZ99ZZ99"),
        ("told_state", ""),
        ("told_on", ""),
    ];
    assert_eq!(site.tell(&mut owner, export, &anew).await.status, StatusCode::SEE_OTHER);
    let shown = site.get(&mut owner, &page).await.text;
    for said in
        ["26FRYUI34JTQKC, verification number ZZ99ZZ99", "26FRYUI34JTQKB, verification number A1B2C3D4", "Before"]
    {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let lines = "select count(*) from due_diligence_statements where reference_number like '26FRYUI34JTQK_'";
    assert_eq!(site.count(lines).await, 3);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'DUE_DILIGENCE_RECORDED'").await, 3);
    // What a line says cannot be changed.
    let tried =
        "begin; set local role jebena_party; update due_diligence_statements set reference_number = 'x'; commit";
    let refused = sqlx::raw_sql(tried).execute(&mut site.sql().await).await.unwrap_err();
    assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "42501");

    // Once the buyer has made it upon the file, the file stays.
    let csrf = site.get(&mut owner, "/help").await.hidden("csrf");
    let taking = [("csrf", csrf.as_str()), ("idempotency_key", &Uuid::new_v4().to_string())];
    let refused = site.post(&mut owner, &format!("{page}/origin"), &taking).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("upon the file as it is"), "{}", refused.text);
}

#[tokio::test]
async fn elsewhere_and_given_up_and_prepared_are_what_they_are() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let (export, _) = site.consignment(&mut owner, "").await;
    let page = format!("/exports/{export}/eudr");
    let to = |country: &'static str| {
        format!("update exports set destination_country = '{country}' where export_id = '{export}'")
    };
    site.execute(&to("JP")).await;
    let shown = site.get(&mut owner, &page).await.text;
    assert!(shown.contains("outside the EU") && shown.contains("not traced to plots"), "lacking all the same: {shown}");
    assert!(!site.get(&mut owner, &format!("/exports/{export}")).await.text.contains("EUDR, incomplete"));
    // A country that has left the Union is not in it; one that is no longer offered in forms still is.
    site.execute(&to("DE")).await;
    assert!(site.get(&mut owner, &page).await.text.contains("a member of the EU"));
    site.execute("update countries set valid_to = '2026-01-01' where country_code = 'DE'").await;
    assert!(site.get(&mut owner, &page).await.text.contains("a member of the EU"));
    site.execute("update countries set valid_to = null, is_eu = false where country_code = 'DE'").await;
    assert!(site.get(&mut owner, &page).await.text.contains("outside the EU"));
    site.execute("update countries set is_eu = true where country_code = 'DE'").await;
    // The day of arrival says who is asked.
    site.execute(&format!("update exports set arrival_date = '2027-06-30' where export_id = '{export}'")).await;
    assert!(site.get(&mut owner, &page).await.text.contains("all operators are asked"));

    // While it is prepared it goes by the links as they stand, and nobody else sees anything of it.
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let prepared = site.request(&mut owner, &asked, "600").await;
    let page = format!("/exports/{prepared}/eudr");
    assert!(site.get(&mut owner, &page).await.text.contains("it goes by the links as they stand now"));
    assert_eq!(site.get(&mut site.sign_in("bank.officer").await, &page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.get(&mut site.sign_in("ecta.officer").await, &page).await.status, StatusCode::NOT_FOUND);
    let csrf = site.get(&mut owner, "/help").await.hidden("csrf");
    let taking = [("csrf", csrf.as_str()), ("idempotency_key", &Uuid::new_v4().to_string())];
    let refused = site.post(&mut owner, &format!("{page}/origin"), &taking).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);

    // What was given up is told nothing of.
    let case = format!("/exports/{export}");
    let reason = [("cancel_reason", "The buyer has withdrawn from it.")];
    let cancelled = site.fill_in(&mut owner, &case, &format!("{case}/cancellation"), &reason).await;
    assert_eq!(cancelled.status, StatusCode::SEE_OTHER, "{}", cancelled.text);
    let answer = site.get(&mut owner, &format!("/exports/{export}/eudr/statement")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("The export was cancelled."), "{}", answer.text);
}

#[tokio::test]
async fn the_way_down_stops_at_links_that_have_ended_and_origins_that_were_chosen() {
    let site = TestSite::seeded().await;
    let way_down = include_str!("../../migrations/20261128220000_trace_lots_to_plots.down.sql");
    for record in [
        "update lot_plots set unlinked_by = linked_by, unlinked_at = now() where link_id = (select min(link_id::text)::uuid from lot_plots)",
        "insert into export_origins (origin_id, export_id, organization_id, taken_by, taken_at)
         select gen_random_uuid(), export_id, exporter_organization_id, created_by, now() from exports limit 1",
    ] {
        let mut connection = site.sql().await;
        let mut step = connection.begin().await.unwrap();
        sqlx::raw_sql(record).execute(&mut *step).await.unwrap();
        sqlx::raw_sql("set local role jebena_owner").execute(&mut *step).await.unwrap();
        let refused = sqlx::raw_sql(way_down).execute(&mut *step).await.unwrap_err();
        assert!(refused.to_string().contains("links that have ended or origins that were chosen"), "{refused}");
    }
}

#[tokio::test]
async fn the_demo_has_a_consignment_in_every_state() {
    let site = TestSite::seeded().await;
    let exports: Vec<Uuid> = sqlx::query_scalar(
        "select e.export_id from exports e join countries c on c.country_code = e.destination_country
         where c.is_eu and e.stage <> 'PREPARATION'
         order by exists (select from due_diligence_statements s where s.export_id = e.export_id) desc, e.submitted_at desc
         limit 40",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let mut auditor = site.sign_in("auditor").await;
    let mut seen = std::collections::BTreeSet::new();
    for export in exports {
        let shown = site.get(&mut auditor, &format!("/exports/{export}/eudr")).await;
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        let head = shown.text.split("</h1>").nth(1).unwrap().split("</span>").next().unwrap();
        seen.insert(head.rsplit('>').next().unwrap().to_owned());
    }
    assert!(seen.iter().map(String::as_str).eq(["file can be made", "incomplete", "statement told"]), "{seen:?}");
}
