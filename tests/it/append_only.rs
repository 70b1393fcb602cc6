//! What is written down once stays as it was written, whoever tries.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::rows::Rows;
use crate::site::TestSite;

/// Every table that is declared append-only, partitions too; with its schema, which not every role may look into.
const APPEND_ONLY: &str = "select format('%I.%I', n.nspname, c.relname)
    from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
    where t.tgname = 'append_only_rows' order by 1";

/// The classes of viewers, and who owns the functions that anybody may call.
const ROLES: [&str; 9] = [
    "jebena_gate",
    "jebena_party",
    "jebena_regulator",
    "jebena_auditor",
    "jebena_admin",
    "jebena_worker",
    "jebena_system",
    "jebena_public",
    "jebena_definer",
];

/// UPDATE, DELETE and TRUNCATE of a table, none of which would change what a row says.
async fn attempts(sql: &mut PgConnection, table: &str) -> [String; 3] {
    let column: String = sqlx::query_scalar(
        "select quote_ident(attname) from pg_attribute where attrelid = $1::text::regclass and attnum > 0
             and attidentity = '' and attgenerated = '' and not attisdropped order by attnum desc limit 1",
    )
    .bind(table)
    .fetch_one(sql)
    .await
    .unwrap();
    [format!("update {table} set {column} = {column}"), format!("delete from {table}"), truncate(table)]
}

fn truncate(table: &str) -> String {
    format!("truncate {table} cascade")
}

/// Runs `setting` and then `statement`, in a transaction that is given up; the refusal's code, if it was one.
async fn code(sql: &mut PgConnection, setting: &str, statement: &str) -> Option<String> {
    let mut tx = sql.begin().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(setting.to_owned())).execute(&mut *tx).await.unwrap();
    let tried = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *tx).await;
    tx.rollback().await.unwrap();
    tried.err().map(|error| error.as_database_error().unwrap().code().unwrap().into_owned())
}

#[tokio::test]
async fn the_record_refuses_to_be_changed_whoever_tries() {
    let site = TestSite::seeded().await;
    let mut sql = site.sql().await;
    let all: Vec<String> = sqlx::query_scalar(APPEND_ONLY).fetch_all(&mut sql).await.unwrap();
    let (years, tables): (Vec<_>, Vec<_>) = all.iter().partition(|table| table.starts_with("audit.events_"));
    let declared = [
        "audit.archived_hashes",
        "audit.events",
        "audit.sealed",
        "audit.seals",
        "public.certificate_approvals",
        "public.certificate_notices",
        "public.commercial_papers",
        "public.document_checks",
        "public.export_messages",
        "public.export_origins",
        "public.export_settlements",
        "public.export_shortfalls",
        "public.export_status_history",
        "public.inspection_panel",
        "public.inspection_screens",
        "public.issued_papers",
        "public.letter_terms",
        "public.letter_uses",
        "public.letters_of_credit",
        "public.lot_parents",
        "public.paper_files",
        "public.paper_prints",
        "public.paper_seals",
        "public.paper_withdrawals",
        "public.reference_changes",
        "public.review_history",
        "public.review_messages",
        "public.security_alert_events",
        "public.settlement_extensions",
        "public.signer_findings",
    ];
    assert_eq!(tables, declared);
    assert!(years.len() > 10, "{years:?}");
    // Nobody has printed or withdrawn a paper in the demo.
    site.execute(PRINT).await;
    site.execute(SEALED).await;
    site.execute(WITHDRAWAL).await;
    site.execute(REVIEWS).await;
    site.execute(FIGURE).await;
    site.execute(CHECK).await;
    site.execute(ORIGIN).await;
    site.execute(EXTENSION).await;
    site.execute(APPROVAL).await;
    site.execute(NOTICE).await;
    crate::alerts::watch(&site).await;
    site.execute(ARCHIVED).await;
    let before = Rows::of(&mut sql).await;
    for table in declared {
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(&mut sql)
            .await
            .unwrap();
        assert!(rows > 0, "{table} is empty, and a trigger for each row would have nothing to refuse");
        for attempt in attempts(&mut sql, table).await {
            for role in ROLES {
                let refused = code(&mut sql, &format!("set local role {role}"), &attempt).await;
                assert_eq!(refused.as_deref(), Some("42501"), "{attempt} as {role}");
            }
            // A superuser is behind no wall and a replica fires no ordinary trigger.
            for setting in ["select", "set local session_replication_role = replica"] {
                let refused = code(&mut sql, setting, &attempt).await;
                assert_eq!(refused.as_deref(), Some("42501"), "{attempt} as a superuser, {setting}");
            }
            // The owner sees no row, and once it has lifted its own wall it meets the trigger.
            let lifted = format!("set local role jebena_owner; alter table {table} no force row level security");
            let refused = code(&mut sql, &lifted, &attempt).await;
            assert_eq!(refused.as_deref(), Some("42501"), "{attempt} as the owner");
        }
    }
    for year in years {
        for role in ["postgres", "jebena_owner", "jebena_worker"] {
            let refused = code(&mut sql, &format!("set local role {role}"), &truncate(year)).await;
            assert_eq!(refused.as_deref(), Some("42501"), "truncate {year} as {role}");
        }
    }
    // A decision can be superseded, by who decides; it goes away for nobody who works here.
    for role in ROLES {
        for attempt in ["delete from public.export_approvals", "truncate public.export_approvals cascade"] {
            let refused = code(&mut sql, &format!("set local role {role}"), attempt).await;
            assert_eq!(refused.as_deref(), Some("42501"), "{attempt} as {role}");
        }
    }
    // As the owner, wall and all: nothing is refused because nothing is found.
    let mut owner = site.sql().await;
    sqlx::raw_sql("set role jebena_owner").execute(&mut owner).await.unwrap();
    for table in declared {
        let [update, delete, _] = attempts(&mut sql, table).await;
        for statement in [update, delete] {
            // Either the wall hides every row, or the table has none and the trigger refuses.
            if let Ok(done) = sqlx::raw_sql(AssertSqlSafe(statement.clone())).execute(&mut owner).await {
                assert_eq!(done.rows_affected(), 0, "{statement}");
            }
        }
    }
    assert!(Rows::of(&mut sql).await.changes_since(&before).is_empty());
}

/// The hash of an event that is archived.
const ARCHIVED: &str = "
    insert into audit.archived_hashes (seq, occurred_at, seal_number, row_hash)
    select seq, occurred_at, seal_number, sha256('') from audit.sealed order by seq limit 1;";

/// A document that was looked at.
const CHECK: &str = "
    insert into document_checks (check_id, document_id, export_id, organization_id, verdict, checked_by, checked_at)
    select gen_random_uuid(), d.document_id, d.export_id, u.organization_id, 'CHECKED', u.id, now()
    from (select * from export_documents limit 1) d join users u on u.username = 'bank.officer';";

/// An origin that an exporter has chosen.
const ORIGIN: &str = "
    insert into export_origins (origin_id, export_id, organization_id, taken_by, taken_at)
    select gen_random_uuid(), e.export_id, e.exporter_organization_id, e.created_by, now() from exports e limit 1;";

/// A request for a certificate that somebody has approved.
const APPROVAL: &str = "
    insert into certificate_approvals (approval_id, request_id, digest, subject_organization_id, requested_by, approver_id,
        organization_id, verdict, decided_at)
    select gen_random_uuid(), gen_random_uuid(), sha256(''), r.organization_id, r.id, a.id, a.organization_id, 'APPROVED', now()
    from users r, users a where r.username = 'ecta.admin' and a.username = 'nbe.supervisor';";

/// A certificate that was spoken of, and a finding.
const NOTICE: &str = "
    insert into certificate_notices (certificate_sha256, rung, noticed_at) values (sha256(''), 90, now());
    insert into signer_findings (event_type, matter, happened_at, noted_at) values ('SIGNER_ALARM', 'a key', now(), now());";

/// A due date that was put off.
const EXTENSION: &str = "
    insert into settlement_extensions (extension_id, export_id, due_from, due_to, reason, granted_by, organization_id, granted_at)
    select gen_random_uuid(), e.export_id, e.settlement_due_date, e.settlement_due_date + 30, 'The vessel was delayed.', u.id,
        u.organization_id, now()
    from (select * from exports where settlement_due_date is not null limit 1) e join users u on u.username = 'nbe.officer';";

/// A figure that somebody has set.
const FIGURE: &str = "
    insert into reference_changes (change_id, subject, key, valid_from, new_value, changed_by, organization_id, created_at)
    select gen_random_uuid(), 'PARAMETER', 'settlement_days', '2026-12-01', '{}', id, organization_id, now()
    from users where username = 'nbe.supervisor';";

/// A sample that was drawn and asked about, and a panel with its screens.
const REVIEWS: &str = "
    insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state, action, to_state,
        changed_by, organization_id, created_at)
    select gen_random_uuid(), 'INSPECTION', l.lot_id, p.organization_id, 1, '', 'draw', 'DRAWN', u.id, u.organization_id, now()
    from (select * from coffee_lots limit 1) l join exporter_profiles p on p.exporter_id = l.purchased_by
    join users u on u.username = 'ecta.officer';
    insert into review_messages (message_id, subject, subject_id, owner_organization_id, author_id, organization_id, body, created_at)
    select gen_random_uuid(), h.subject, h.subject_id, h.owner_organization_id, h.changed_by, h.organization_id, 'Which bags?', now()
    from review_history h where h.changed_by is not null limit 1;
    insert into inspection_panel (inspection_id, form, position, taster, scores, total)
    select inspection_id, 'CUP_60', 1, 'HG', '{}', 45 from quality_inspections limit 1;
    insert into inspection_screens (inspection_id, screen, pct) select inspection_id, 15, 88 from quality_inspections limit 1;";

/// One print of a paper, by whoever issued it.
const SEALED: &str = "
    insert into paper_seals (paper_id, organization_id, certificate_sha256, cose, sealed_at)
    select paper_id, issuer_organization_id, decode(repeat('07', 32), 'hex'), decode(repeat('07', 80), 'hex'), issued_at
    from issued_papers limit 1;
    insert into paper_files (paper_id, version, storage_key, sha256, size_bytes, level, signed_at)
    select paper_id, 1, 'a', decode(repeat('07', 32), 'hex'), 1, 'B-LT', sealed_at from paper_seals";
const PRINT: &str = "insert into paper_prints (paper_id, copy_number, printed_by, printed_at)
    select paper_id, 1, issued_by, issued_at from issued_papers order by paper_id limit 1";

/// The withdrawal of a paper, by whoever issued it.
const WITHDRAWAL: &str = "insert into paper_withdrawals (paper_id, reason, organization_id, withdrawn_by, withdrawn_at)
    select paper_id, 'It was made out wrongly.', owner_organization_id, issued_by, issued_at
    from issued_papers order by paper_id limit 1";
