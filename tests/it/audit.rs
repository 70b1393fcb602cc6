//! The record: sealed in batches, and what was changed after all is found.

use jebena::audit::{seal, verify};
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::site::TestSite;

async fn checked(site: &TestSite, head: Option<&str>) -> verify::Report {
    let db = &site.state.db;
    let mut tx = db.begin_worker().await.unwrap();
    let alone = verify::verify(&mut tx, &mut [], head).await.unwrap();
    // Three read a part each, and seals lie across the parts.
    let mut beside = [db.begin_worker().await.unwrap(), db.begin_worker().await.unwrap()];
    let together = verify::verify(&mut tx, &mut beside, head).await.unwrap();
    assert_eq!(alone, together);
    alone
}

async fn seal_all(site: &TestSite) {
    while seal::seal_batch(&site.state.db, site.now()).await.unwrap() > 0 {}
}

/// Past every wall and every trigger: what only a superuser who means harm can do.
async fn tamper(site: &TestSite, statement: &str) {
    let mut connection: PgConnection = site.sql().await;
    let all = format!(
        "alter table audit.events disable trigger all; alter table audit.seals disable trigger all;
         alter table audit.sealed disable trigger all; {statement};
         alter table audit.events enable always trigger append_only_rows;
         alter table audit.events enable always trigger hash_new_event;
         alter table audit.seals enable always trigger append_only_rows;
         alter table audit.sealed enable always trigger append_only_rows"
    );
    sqlx::raw_sql(AssertSqlSafe(all)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn an_untouched_record_is_sound() {
    let site = TestSite::seeded().await;
    seal_all(&site).await;
    let report = checked(&site, None).await;
    assert!(report.is_sound(), "{:?}", report.faults);
    assert!(report.events > 100 && report.seals > 0 && report.unsealed == 0, "{report:?}");
    let head = report.head.clone();
    site.sign_in("nbe.officer").await;
    seal_all(&site).await;
    assert!(checked(&site, Some(&head)).await.is_sound(), "a head of before is part of the chain");
}

#[tokio::test]
async fn every_way_to_change_the_record_is_found() {
    let middle = "(select seq from audit.events order by seq offset 20 limit 1)";
    for (what, statement) in [
        ("a changed row", format!("update audit.events set event_type = 'FX_REJECTED' where seq = {middle}")),
        (
            "a changed row with its hash made anew",
            format!(
                "update audit.events set event_type = 'FX_REJECTED' where seq = {middle};
                 update audit.events e set row_hash = audit.hash_of(e) where seq = {middle}"
            ),
        ),
        (
            "a changed row behind a function that finds every hash right",
            format!(
                "create or replace function audit.hash_of(event audit.events) returns bytea language sql stable
                     return event.row_hash;
                 update audit.events set event_type = 'FX_REJECTED' where seq = {middle}"
            ),
        ),
        ("a removed row", format!("delete from audit.events where seq = {middle}")),
        (
            "a removed row with its trace",
            format!("delete from audit.sealed where seq = {middle}; delete from audit.events where seq = {middle}"),
        ),
        (
            "a row slipped in",
            "insert into audit.events (event_id, occurred_at, event_type, entity_type, severity, compliance_relevant,
                 row_hash) values (gen_random_uuid(), '2026-11-18', 'FX_APPROVED', 'export', 'HIGH', true, sha256(''))"
                .to_owned(),
        ),
        (
            "the tail cut off",
            "delete from audit.sealed where seal_number = (select max(seal_number) from audit.seals);
             delete from audit.seals where seal_number = (select max(seal_number) from audit.seals)"
                .to_owned(),
        ),
        ("a changed seal", "update audit.seals set root = sha256('')".to_owned()),
    ] {
        let site = TestSite::seeded().await;
        seal_all(&site).await;
        site.sign_in("nbe.officer").await;
        seal_all(&site).await;
        let head = checked(&site, None).await.head;
        tamper(&site, &statement).await;
        let report = checked(&site, Some(&head)).await;
        assert!(!report.is_sound(), "{what} is not found");
    }
}

#[tokio::test]
async fn odd_letters_and_numbers_have_the_hash_that_the_database_gave_them() {
    let site = TestSite::seeded().await;
    let mut connection = site.sql().await;
    sqlx::raw_sql(
        r#"insert into audit.events (event_id, occurred_at, actor_id, event_type, entity_type, entity_id, severity,
               compliance_relevant, details, request_id, private_commitment, row_hash)
           select gen_random_uuid(), moment::timestamptz, actor, 'FX_APPROVED', kind, gen_random_uuid(), 'LOW', is_so, facts, actor,
                  sha256('odd'), ''
           from (values
               ('2024-01-01 00:00:00+00', gen_random_uuid(), E'a "b" \\ c / \n\t\r\b\f\x01\x1f\x7f é ቡና 😀', true,
                E'{"b": "\\u0001 \\" \\\\ ቡና 😀", "a": [1, 1.50, -2e3, 12345678901234567890.5, null, true, {}]}'::jsonb),
               ('2026-11-18 23:59:59.999999+00', null, '', false, '[]'),
               ('2036-12-31 23:59:59.000001+03', null, 'null', false, '"a text"')) given (moment, actor, kind, is_so, facts)"#,
    )
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    seal_all(&site).await;
    let report = checked(&site, None).await;
    assert!(report.is_sound(), "{:?}", report.faults);
}

#[tokio::test]
async fn a_chain_rewritten_as_a_whole_is_found_by_a_head_kept_elsewhere() {
    let site = TestSite::seeded().await;
    seal_all(&site).await;
    let head = checked(&site, None).await.head;
    tamper(
        &site,
        "update audit.events set severity = 'LOW' where severity = 'HIGH';
         update audit.events e set row_hash = audit.hash_of(e);
         insert into audit.unsealed select seq, occurred_at from audit.sealed;
         delete from audit.sealed; delete from audit.seals",
    )
    .await;
    seal_all(&site).await;
    assert!(checked(&site, None).await.is_sound(), "by itself the new chain is sound");
    assert!(!checked(&site, Some(&head)).await.is_sound(), "the head of before is not part of it");
}
