//! Each organisation has a share of the store, and a person a number of files a day; both hold however many come at once.

use chrono::Duration;
use futures::future::join_all;
use http::StatusCode;
use jebena::documents::service::recount_shares;
use jebena::documents::share::Shares;
use uuid::Uuid;

use crate::documents::{Case, one_document, pdf};
use crate::site::TestSite;

/// The share of the organisation of `username`: files, bytes.
async fn share_of(site: &TestSite, username: &str) -> (i64, i64) {
    sqlx::query_as(
        "select coalesce(sum(s.files), 0)::bigint, coalesce(sum(s.bytes), 0)::bigint
         from users u left join store_shares s using (organization_id) where u.username = $1",
    )
    .bind(username)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap()
}

fn size() -> i64 {
    i64::try_from(pdf().len()).unwrap()
}

impl Case {
    /// Another export of the same firm, as that of the case.
    async fn another(&self, number: &str) -> Uuid {
        let id = Uuid::now_v7();
        self.site
            .execute(&format!(
                "set session_replication_role = replica;
                 insert into exports select (jsonb_populate_record(e, jsonb_build_object('export_id', '{id}',
                     'export_number', '{number}'))).* from exports e where e.export_id = '{}'",
                self.id
            ))
            .await;
        id
    }
}

#[tokio::test]
async fn the_last_file_that_fits_is_kept_and_another_is_refused_with_what_is_used() {
    let mut case = Case::start().await;
    let mut clerk = case.clerk.clone();
    let two = Shares { bytes: u64::try_from(2 * size()).unwrap() + 1, ..Shares::default() };
    for (shares, said) in [
        (two, "in the store and may have"),
        (Shares { files: 2, ..Shares::default() }, "has 2 files in the store, as many as it may have"),
        (Shares { files_a_day: 2, ..Shares::default() }, "You have sent 2 files today"),
    ] {
        case.site.execute("delete from export_documents").await;
        case.site.sharing(shares);
        for _ in 0..2 {
            let sent = case.upload(&mut clerk, "OTHER", "fits.pdf", &pdf()).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{said}: {}", sent.text);
        }
        let refused = case.upload(&mut clerk, "OTHER", "one-more.pdf", &pdf()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{said}");
        assert!(refused.text.contains(said) && refused.text.contains("id=\"file-error\""), "{said}: {}", refused.text);
        assert!(refused.text.contains("who administers the system"), "whom to ask: {}", refused.text);
        assert_eq!(case.rows().await, 2, "{said}");
        assert_eq!(share_of(&case.site, "exporter.clerk").await, (2, 2 * size()), "{said}");
    }
    // The next day is another; and midnight is that of Addis Ababa.
    case.site.clock.advance(Duration::hours(12));
    let mut clerk = case.site.sign_in("exporter.clerk").await;
    let sent = case.upload(&mut clerk, "OTHER", "next-day.pdf", &pdf()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);

    // The bank's share is another one.
    case.site.sharing(Shares { files: 1, ..Shares::default() });
    case.submit().await;
    let mut bank = case.site.sign_in("bank.officer").await;
    let sent = case.upload(&mut bank, "LETTER_OF_CREDIT", "lc.pdf", &pdf()).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    assert_eq!(share_of(&case.site, "bank.officer").await, (1, size()));
    assert_eq!(share_of(&case.site, "exporter.clerk").await, (3, 3 * size()));
}

#[tokio::test]
async fn of_twenty_at_once_no_more_are_kept_than_there_is_room_for() {
    let mut case = Case::start().await;
    case.site.sharing(Shares { files: 5, ..Shares::default() });
    let other = case.another("EXP-20261120-000002").await;
    let mut clerk = case.clerk.clone();
    let mut requests = Vec::new();
    for turn in 0..20 {
        // Of two exports, so that it is not the case that keeps them in order.
        let path = format!("/exports/{}/documents", if turn % 2 == 0 { case.id } else { other });
        let page = case.site.get(&mut clerk, &path).await;
        requests.push(one_document(&page, &path, "OTHER"));
    }
    let sent = requests.into_iter().map(|request| async { case.site.call(&mut clerk.clone(), request).await.status });
    let statuses = join_all(sent).await;
    let of = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((of(StatusCode::SEE_OTHER), of(StatusCode::UNPROCESSABLE_ENTITY)), (5, 15), "{statuses:?}");
    assert_eq!((case.rows().await, case.files().await), (5, 5));
    assert_eq!(share_of(&case.site, "exporter.clerk").await, (5, 5 * size()));
}

#[tokio::test]
async fn the_form_that_took_the_last_room_is_answered_as_before() {
    let mut case = Case::start().await;
    case.site.sharing(Shares { files: 1, ..Shares::default() });
    let mut clerk = case.clerk.clone();
    let page = case.site.get(&mut clerk, &case.path()).await;
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    for _ in 0..2 {
        let answer = case.send(&mut clerk, (&csrf, &key), "OTHER", "paper.pdf", &pdf()).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, case.path().as_str()),
            "{}",
            answer.text
        );
    }
    assert_eq!((case.rows().await, case.files().await), (1, 1));
}

#[tokio::test]
async fn an_upload_that_fails_gives_its_share_back() {
    let case = Case::start().await;
    let mut clerk = case.clerk.clone();
    case.upload(&mut clerk, "OTHER", "kept.pdf", &pdf()).await;
    case.site
        .execute(
            "create function refuse_it() returns trigger language plpgsql as $$
             begin raise exception 'no room'; end $$;
             create trigger refuse_it before insert on audit.events for each row execute function refuse_it()",
        )
        .await;
    let failed = case.upload(&mut clerk, "OTHER", "lost.pdf", &pdf()).await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(share_of(&case.site, "exporter.clerk").await, (1, size()));
}

#[tokio::test]
async fn shares_agree_with_the_files_whatever_becomes_of_them() {
    let mut site = TestSite::seeded().await;
    assert_eq!(recount_shares(&site.state.db).await.unwrap(), 0, "the demonstration's files are counted");
    assert!(site.count("select count(*) from store_shares where files > 0").await > 0);
    let mut owner = crate::people::register(&site, "Wonago Coffee", "PRIVATE", "wonago.shares").await;
    let answers = crate::registration::profile_of("Wonago Coffee", "PRIVATE", "7700000029");
    let answers: Vec<(&str, &str)> = answers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let profile = site.hand_in(&mut owner, "profile", &answers).await;
    // Papers of an application are of the same share; one that was replaced is stored still.
    site.hand_in_papers(&mut owner, "profile", profile, &["capital_proof", "capital_proof", "other"]).await;
    assert_eq!(share_of(&site, "wonago.shares").await, (3, 3 * size()));
    site.sharing(Shares { files: 3, ..Shares::default() });
    let path = format!("/applications/profile/{profile}/papers");
    let page = site.get(&mut owner, &path).await;
    let refused = site.call(&mut owner, one_document(&page, &path, "other")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("has 3 files in the store"), "{}", refused.text);
    assert_eq!(recount_shares(&site.state.db).await.unwrap(), 0);

    // What is purged is given back; what an operator's hand has changed is put right.
    site.execute(
        "delete from preregistration_documents where document_type = 'other' and organization_id =
        (select organization_id from users where username = 'wonago.shares')",
    )
    .await;
    assert_eq!(share_of(&site, "wonago.shares").await, (2, 2 * size()));
    assert_eq!(recount_shares(&site.state.db).await.unwrap(), 0);
    site.execute("update store_shares set files = files + 1").await;
    assert!(recount_shares(&site.state.db).await.unwrap() > 0);
    assert_eq!(share_of(&site, "wonago.shares").await, (2, 2 * size()));

    let mut admin = site.sign_in("admin").await;
    let page = site.get(&mut admin, "/admin/system").await.text;
    assert!(page.contains("Room in the store") && page.contains("none is configured"), "{page}");
    assert!(page.contains("Wonago Coffee"), "{page}");
}
