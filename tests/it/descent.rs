//! Lots made of lots: split, merged, blended. Weight is neither made nor lost, whatever is done and by how many at once.

use futures::future::join_all;
use http::StatusCode;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::inspections::{draw, sidama, sign, write};
use crate::lots::{fields_of, with};
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{filled_in, something_to_ask};

impl TestSite {
    /// Splits parts of these weights off a lot.
    pub async fn split_lot(&self, browser: &mut Browser, lot: Uuid, parts: &[&str]) -> Answer {
        let fields: Vec<(String, String)> =
            parts.iter().zip(1..).map(|(kg, row)| (format!("quantity_{row}"), (*kg).to_owned())).collect();
        let page = format!("/lots/{lot}/division");
        self.fill_in(browser, &page, &page, &pairs(&fields)).await
    }

    /// Puts shares of lots together, as `MERGE` or `BLEND`.
    pub async fn combine_lots(&self, browser: &mut Browser, how: &str, shares: &[(Uuid, &str)]) -> Answer {
        let mut fields = vec![("derivation".to_owned(), how.to_owned())];
        fields.push(("warehouse_location".to_owned(), "Addis Ababa".to_owned()));
        for ((lot, kg), row) in shares.iter().zip(1..) {
            fields.push((format!("lot_id_{row}"), lot.to_string()));
            fields.push((format!("quantity_{row}"), (*kg).to_owned()));
        }
        self.fill_in(browser, "/lots/combination", "/lots/combination", &pairs(&fields)).await
    }

    /// The lots that were made of this one.
    async fn children_of(&self, lot: Uuid) -> Vec<Uuid> {
        sqlx::query_scalar("select child_id from lot_parents where parent_id = $1 order by quantity_kg desc, child_id")
            .bind(lot)
            .fetch_all(&mut self.sql().await)
            .await
            .unwrap()
    }

    async fn weights_of(&self, lot: Uuid) -> (Decimal, Decimal, Decimal, Decimal) {
        sqlx::query_as("select quantity, reserved_kg, passed_on_kg, free_kg from coffee_lots where lot_id = $1")
            .bind(lot)
            .fetch_one(&mut self.sql().await)
            .await
            .unwrap()
    }

    /// What is wrong with the weights of any lot: over-drawn, or not what its parents gave and its children have.
    async fn out_of_balance(&self) -> i64 {
        self.count(
            "select count(*) from coffee_lots l
             where l.reserved_kg + l.passed_on_kg > l.quantity
                or l.passed_on_kg <> (select coalesce(sum(quantity_kg), 0) from lot_parents where parent_id = l.lot_id)
                or l.generation > 0
                   and l.quantity <> (select coalesce(sum(quantity_kg), 0) from lot_parents where child_id = l.lot_id)
                or l.reserved_kg <> (select coalesce(sum(x.quantity_kg), 0) from export_lots x join exports e using (export_id)
                                     where x.lot_id = l.lot_id and e.status <> 'CANCELLED')",
        )
        .await
    }
}

fn kg(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[tokio::test]
async fn parts_are_lots_of_their_own_with_the_verification_and_the_inspection_of_the_whole() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    // One that no export has taken from: its bank knows nothing of it.
    let lot: Uuid = sqlx::query_scalar(
        "select r.lot_id from export_ready_lots r join exporter_profiles p using (exporter_id)
         join organizations o on o.organization_id = p.organization_id and o.code = 'EXPORTER'
         join export_licenses l on l.exporter_id = p.exporter_id and l.status = 'ACTIVE'
         where r.free_kg = r.quantity and r.contract_free_kg >= 600 and l.authorized_coffee_types ? r.coffee_type
           and not exists (select from export_lots x where x.lot_id = r.lot_id) and not exists (
               select from lot_parents x where r.lot_id in (x.child_id, x.parent_id))
         order by r.ecx_lot_number limit 1",
    )
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let (quantity, _, _, free) = site.weights_of(lot).await;
    let answer = site.split_lot(&mut owner, lot, &["400.5", "60"]).await;
    assert_eq!(
        (answer.status, answer.location()),
        (StatusCode::SEE_OTHER, format!("/lots/{lot}/genealogy").as_str()),
        "{}",
        answer.text
    );
    assert_eq!(site.weights_of(lot).await, (quantity, quantity - free, kg("460.5"), free - kg("460.5")));
    let children = site.children_of(lot).await;
    assert_eq!(children.len(), 2);
    let (alike, moves): (i64, i64) = sqlx::query_as(
        "select (select count(*) from coffee_lots c join coffee_lots p on p.lot_id = $1
                 where c.lot_id = any($2) and c.verification = 'VERIFIED' and c.ecx_verified_by = p.ecx_verified_by
                   and c.inspection_id = p.inspection_id and c.status = 'INSPECTED' and c.generation = 1),
                (select count(*) from review_history where subject_id = any($2) and action = 'split')",
    )
    .bind(lot)
    .bind(&children)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!((alike, moves), (2, 2));
    let drawn = site.get(&mut owner, &format!("/lots/{lot}/genealogy")).await.text;
    assert!(drawn.contains("Passed on to") && drawn.contains("400.5 kg") && drawn.contains("└ "), "{drawn}");
    let up = site.get(&mut owner, &format!("/lots/{}/genealogy", children[0])).await.text;
    assert!(up.contains("Made from") && up.contains(&format!("/lots/{lot}\"")), "{up}");
    // A part is exported by the inspection of the whole; its bank sees both, and not the lot that it was split off.
    let asked = crate::walk::Asked { lot: children[0], ..something_to_ask(&site, "EXPORTER", 600).await };
    let contract: Uuid = sqlx::query_scalar("select contract_id from export_ready_lots where lot_id = $1 limit 1")
        .bind(children[0])
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    let export = site.request(&mut owner, &crate::walk::Asked { contract, ..asked }, "400.5").await;
    crate::decisions::submit(&site, &mut owner, export).await;
    crate::walk::walk(&site, export, "permit").await;
    let mut bank = site.sign_in("bank.officer").await;
    assert_eq!(site.get(&mut bank, &format!("/lots/{}", children[0])).await.status, StatusCode::OK);
    let seen = site.get(&mut bank, &format!("/lots/{}/genealogy", children[0])).await.text;
    let parent: String = sqlx::query_scalar("select ecx_lot_number from coffee_lots where lot_id = $1")
        .bind(lot)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert!(!seen.contains(&parent) && seen.contains("A lot that is not yours to see"), "{seen}");
    assert_eq!(site.out_of_balance().await, 0);
}

/// Which inspection holds for a lot, and where it stands.
async fn inspected(site: &TestSite, lot: Uuid) -> (Option<Uuid>, String) {
    sqlx::query_as("select inspection_id, status from coffee_lots where lot_id = $1")
        .bind(lot)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

/// Draws a sample of a lot, examines it and signs; the inspection.
async fn inspect(site: &TestSite, lot: Uuid, more: &[(&str, &str)]) -> Uuid {
    let mut officer = site.sign_in("ecta.officer").await;
    let sample = draw(site, &mut officer, lot, more).await;
    write(site, &mut officer, sample, &sidama()).await;
    let signed = sign(site, &mut site.sign_in("ecta.supervisor").await, sample).await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    signed.location().strip_prefix("/inspections/").unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_part_has_the_inspection_of_the_whole_until_one_of_the_two_is_looked_at_anew() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let today = jebena::calendar::eat_date(site.now());
    let whole = site.verified_lot(&mut owner, &fields_of("ECX-2026-994001", today, 3)).await;
    let first = inspect(&site, whole, &[]).await;
    site.split_lot(&mut owner, whole, &["4000", "60"]).await;
    let [large, small] = site.children_of(whole).await.try_into().unwrap();
    let shown = site.get(&mut owner, &format!("/lots/{small}")).await.text;
    assert!(shown.contains(&format!("/inspections/{first}")), "{shown}");

    // A part by itself: that of the whole stays in force, for the whole and for the other part.
    let again = [("again_because", "It was dried to eleven percent.")];
    let own = inspect(&site, large, &again).await;
    assert_eq!(inspected(&site, large).await, (Some(own), "INSPECTED".to_owned()));
    for lot in [whole, small] {
        assert_eq!(inspected(&site, lot).await, (Some(first), "INSPECTED".to_owned()));
    }
    // The whole: nobody has looked at the part that went away before.
    let second = inspect(&site, whole, &again).await;
    assert_eq!(inspected(&site, whole).await, (Some(second), "INSPECTED".to_owned()));
    assert_eq!(inspected(&site, large).await, (Some(own), "INSPECTED".to_owned()));
    assert_eq!(inspected(&site, small).await, (None, "IN_WAREHOUSE".to_owned()));
    let mut officer = site.sign_in("ecta.officer").await;
    let waiting = site.get(&mut officer, "/inspections").await.text;
    assert!(waiting.contains(&small.to_string()) && !waiting.contains(&large.to_string()), "{waiting}");
}

#[tokio::test]
async fn a_form_counts_once_and_nobody_divides_what_is_anothers() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let today = jebena::calendar::eat_date(site.now());
    let lot = site.verified_lot(&mut owner, &fields_of("ECX-2026-994002", today, 3)).await;
    let page = format!("/lots/{lot}/division");
    let shown = site.get(&mut owner, &page).await;
    let fields = filled_in(&shown, &page, "", &[("quantity_1", "100")]);
    for _ in 0..2 {
        let answer = site.post(&mut owner, &page, &pairs(&fields)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    assert_eq!(site.weights_of(lot).await.2, kg("100"));

    for (who, expected) in [
        ("exporter2.owner", StatusCode::NOT_FOUND),
        ("ecx.officer", StatusCode::FORBIDDEN),
        ("ecta.officer", StatusCode::FORBIDDEN),
    ] {
        let mut other = site.sign_in(who).await;
        assert_eq!(site.get(&mut other, &page).await.status, expected, "{who}");
        let (csrf, key) = (site.get(&mut other, "/help").await.hidden("csrf"), Uuid::new_v4().to_string());
        let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("quantity_1", "100")];
        assert_eq!(site.post(&mut other, &page, &fields).await.status, expected, "{who}");
    }
    assert_eq!(site.children_of(lot).await.len(), 1);

    // What nobody has verified makes nothing.
    let pending = site.register_lot(&mut owner, &fields_of("ECX-2026-994003", today, 3)).await;
    let refused = site.combine_lots(&mut owner, "MERGE", &[(lot, "60"), (pending, "60")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"lot_id_2-error\""), "{}", refused.text);
}

/// Acceptance check 6 of the domain: 12,000 + 8,000 kg on a lot of 19,200 kg.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twelve_and_eight_tons_do_not_come_out_of_a_lot_of_nineteen() {
    let site = TestSite::seeded_for_crowds().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let today = jebena::calendar::eat_date(site.now());
    let lot = site.verified_lot(&mut owner, &fields_of("ECX-2026-991001", today, 3)).await;
    assert_eq!(site.split_lot(&mut owner, lot, &["12000"]).await.status, StatusCode::SEE_OTHER);
    let refused = site.split_lot(&mut owner, lot, &["8000"]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(
        refused.text.contains("7,200 kg left") && refused.text.contains("id=\"quantity_1-error\""),
        "{}",
        refused.text
    );

    // In sessions side by side: one of them.
    let other = site.verified_lot(&mut owner, &fields_of("ECX-2026-991002", today, 3)).await;
    let page = format!("/lots/{other}/division");
    let mut forms = Vec::new();
    for part in ["12000", "8000"] {
        let shown = site.get(&mut owner, &page).await;
        forms.push(filled_in(&shown, &page, "", &[("quantity_1", part)]));
    }
    let answers = join_all(forms.iter().map(|fields| {
        let (site, mut browser, page) = (&site, owner.clone(), &page);
        async move { site.post(&mut browser, page, &pairs(fields)).await.status }
    }))
    .await;
    let won = answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count();
    assert_eq!(won, 1, "{answers:?}");
    assert!(answers.contains(&StatusCode::UNPROCESSABLE_ENTITY), "{answers:?}");
    assert_eq!(site.out_of_balance().await, 0);
}

#[tokio::test]
async fn what_is_alike_is_merged_and_a_blend_says_that_it_is_one() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let today = jebena::calendar::eat_date(site.now());
    let one = site.verified_lot(&mut owner, &fields_of("ECX-2026-992001", today, 3)).await;
    let two = site.verified_lot(&mut owner, &fields_of("ECX-2026-992002", today, 5)).await;
    let guji = with(fields_of("ECX-2026-992003", today, 4), &[("coffee_type", "Guji"), ("origin_region", "Oromia")]);
    let guji = site.verified_lot(&mut owner, &guji).await;

    let refused = site.combine_lots(&mut owner, "MERGE", &[(one, "1200"), (guji, "600")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("id=\"lot_id_2-error\"") && refused.text.contains("other coffee"),
        "{}",
        refused.text
    );
    let merged = site.combine_lots(&mut owner, "MERGE", &[(one, "1200"), (two, "600")]).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text);
    let blended = site.combine_lots(&mut owner, "BLEND", &[(one, "1000"), (guji, "2000")]).await;
    assert_eq!(blended.status, StatusCode::SEE_OTHER, "{}", blended.text);
    let made: Vec<String> = sqlx::query_scalar(
        "select concat_ws(' ', derivation, coffee_type, origin_region, verification, coalesce(inspection_id::text, 'uninspected'),
                          warehouse_location, quantity)
         from coffee_lots where derivation <> 'SPLIT' order by quantity",
    )
    .fetch_all(&mut site.sql().await)
    .await
    .unwrap();
    let expected = [
        "MERGE Sidama Sidama VERIFIED uninspected Addis Ababa 1800.000",
        "BLEND Blend Several regions VERIFIED uninspected Addis Ababa 3000.000",
    ];
    assert_eq!(made, expected);
    let page = site.get(&mut owner, blended.location()).await.text;
    assert!(page.contains("Blended") && page.contains("/genealogy\""), "{page}");
    // What another firm has is no choice.
    let theirs = something_to_ask(&site, "EXPORTER2", 600).await.lot;
    let foreign = site.combine_lots(&mut owner, "MERGE", &[(one, "60"), (theirs, "60")]).await;
    assert!(
        foreign.status == StatusCode::UNPROCESSABLE_ENTITY && foreign.text.contains("id=\"lot_id_2-error\""),
        "{}",
        foreign.text
    );
    assert_eq!(site.out_of_balance().await, 0);
}

/// Five sessions split, merge and reserve at random, all on the same few lots.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn weight_is_conserved_whatever_is_done_by_how_many_at_once() {
    let site = TestSite::seeded_for_crowds().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    site.execute(&format!(
        "update coffee_lots set quantity = reserved_kg + 5000 where lot_id = '{}';
         update sales_contracts set quantity = reserved_kg + 50000, contract_value = round((reserved_kg + 50000) * price_per_kg, 2)
         where contract_id = '{}'",
        asked.lot, asked.contract
    ))
    .await;
    let today = jebena::calendar::eat_date(site.now());
    let twin = site.verified_lot(&mut owner, &fields_of("ECX-2026-993001", today, 3)).await;
    let bought = site.count("select sum(quantity)::bigint from coffee_lots where generation = 0").await;
    let sessions = (0_u64..5).map(|seed| {
        let (site, mut browser, asked) = (&site, owner.clone(), asked.clone());
        async move {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
            let mut next = move |below: u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state % below
            };
            let mut done = 0;
            for _ in 0..8 {
                let part = format!("{}.{:03}", next(900) + 1, next(1_000));
                let answer = match next(3) {
                    0 => {
                        let page = format!("/lots/{}/division", asked.lot);
                        let shown = site.get(&mut browser, &page).await;
                        // Nothing may be left of it.
                        if shown.status == StatusCode::NOT_FOUND {
                            continue;
                        }
                        let fields = filled_in(&shown, &page, "", &[("quantity_1", &part), ("quantity_2", "60")]);
                        site.post(&mut browser, &page, &pairs(&fields)).await
                    }
                    1 => site.combine_lots(&mut browser, "BLEND", &[(twin, &part), (asked.lot, "100")]).await,
                    _ => {
                        let fields = asked.fields(&part);
                        site.fill_in(&mut browser, "/exports/new", "/exports", &pairs(&fields)).await
                    }
                };
                assert!(!answer.status.is_server_error(), "{}", answer.text);
                done += usize::from(answer.status == StatusCode::SEE_OTHER);
            }
            done
        }
    });
    let done: usize = join_all(sessions).await.into_iter().sum();
    assert!(done > 5, "{done}");
    assert_eq!(site.out_of_balance().await, 0);
    // Nothing was made and nothing is lost: what is not passed on is all that was bought.
    let here = site.count("select sum(quantity - passed_on_kg)::bigint from coffee_lots").await;
    assert_eq!(here, bought);
}

#[tokio::test]
async fn the_database_knows_no_cycle_and_no_weight_out_of_nothing() {
    let site = TestSite::seeded().await;
    let mut owner = site.sign_in("exporter.owner").await;
    let lot = something_to_ask(&site, "EXPORTER", 600).await.lot;
    site.split_lot(&mut owner, lot, &["100"]).await;
    let child = site.children_of(lot).await.remove(0);
    for (statement, code) in [
        (format!("update coffee_lots set passed_on_kg = passed_on_kg + 1 where lot_id = '{lot}'"), "23514"),
        (format!("update coffee_lots set quantity = quantity + 1 where lot_id = '{child}'"), "23514"),
        (format!("update coffee_lots set passed_on_kg = quantity + 1 where lot_id = '{lot}'"), "23514"),
        (format!("update coffee_lots set generation = 2, derivation = 'SPLIT' where lot_id = '{lot}'"), "23503"),
        (
            format!(
                "insert into lot_parents (child_id, child_generation, parent_id, parent_generation, owner_organization_id, quantity_kg)
                 select parent_id, parent_generation, child_id, child_generation, owner_organization_id, 1
                 from lot_parents where child_id = '{child}'"
            ),
            "23514",
        ),
        (format!("update lot_parents set quantity_kg = 1 where child_id = '{child}'"), "42501"),
        (format!("delete from lot_parents where child_id = '{child}'"), "42501"),
    ] {
        let refused = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.clone())).execute(&mut site.sql().await).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), code, "{statement}: {refused}");
    }
    assert_eq!(site.out_of_balance().await, 0);
}
