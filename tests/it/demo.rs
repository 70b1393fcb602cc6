//! The demo's data are data that the product itself could have made: every invariant holds on them.

use chrono::{DateTime, TimeZone, Utc};
use jebena::database::migrate;
use jebena::demo;
use jebena::documents::checklist::{Requirement, Terms, required};
use jebena::documents::storage::{Storage, StorageSettings};
use jebena::exports::facts::Facts;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection, Row};

use crate::cluster;

/// Each a question that has no answer when all is well.
const FAULTS: &[(&str, &str)] = &[
    (
        "a queue shows other documents than there are",
        "select count(*) from exports e
         where (e.stage <> 'CLOSED' or exists (select from export_documents d where d.export_id = e.export_id))
         and attached_documents <> array(
             select t.document_type from (
                 select d.document_type from export_documents d where d.export_id = e.export_id and d.is_active
                 union all
                 select 'EUDR_STATEMENT' from due_diligence_statements s where s.export_id = e.export_id
                 union all
                 select g.kind from gate.granted_papers(e.export_id) g
                 union all
                 select case p.kind when 'COMMERCIAL_INVOICE' then 'INVOICE' else p.kind end
                 from issued_papers p
                 where p.export_id = e.export_id
                   and p.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE')) t
             order by t.document_type)",
    ),
    (
        "a history with a gap",
        "select count(*) from (select export_id from export_status_history group by export_id
                               having count(*) <> max(version) or min(version) <> 1) x",
    ),
    (
        "a move that does not begin where the last one ended, or before it",
        "select count(*) from (
             select *, lag(to_state) over moves as before, lag(created_at) over moves as last_at
             from export_status_history window moves as (partition by export_id order by version)) h
         where version > 1 and (before <> from_state or last_at >= created_at)",
    ),
    (
        "a move that is not legal",
        "select count(*) from export_status_history h where not exists (select from legal_moves m
             where (m.subject, m.from_state, m.action, m.to_state) = (h.subject, h.from_state, h.action, h.to_state))",
    ),
    (
        "an export that is not where its history ends",
        "select count(*) from exports e
         left join export_status_history h on h.export_id = e.export_id and h.version = e.version
         where (e.status, e.stage, e.changed_by, e.changed_at)
               is distinct from (h.new_status, h.new_stage, h.changed_by, h.created_at)",
    ),
    (
        "a move by a person of another organisation",
        "select count(*) from export_status_history h join users u on u.id = h.changed_by
         where u.organization_id <> h.organization_id",
    ),
    (
        "a lot whose balances are not the sums of its exports",
        "select count(*) from coffee_lots l
         where (l.reserved_kg, l.exported_kg) is distinct from (
             select (coalesce(sum(x.quantity_kg) filter (where e.status <> 'CANCELLED'), 0),
                     coalesce(sum(x.quantity_kg) filter (where e.status in ('SHIPPED', 'COMPLETED')), 0))
             from export_lots x join exports e using (export_id) where x.lot_id = l.lot_id)",
    ),
    (
        "a contract whose balance is not the sum of its exports",
        "select count(*) from (select c.contract_id from sales_contracts c
             left join exports e on e.contract_id = c.contract_id and e.status <> 'CANCELLED'
             group by c.contract_id having c.reserved_kg <> coalesce(sum(e.quantity), 0)) x",
    ),
    (
        "a licence whose quota is not the sum of its exports",
        "select count(*) from (select l.license_id from export_licenses l
             left join exports e on e.license_id = l.license_id and e.status <> 'CANCELLED'
             group by l.license_id having l.quota_reserved_kg <> coalesce(sum(e.quantity), 0)) x",
    ),
    (
        "an export that is not the sum of its lots",
        "select count(*) from exports e
         where e.quantity <> (select sum(x.quantity_kg) from export_lots x where x.export_id = e.export_id)",
    ),
    (
        "a person who decided two steps of an export, or an own request",
        "select count(*) from (
             select export_id, person from (
                 select export_id, approved_by as person from export_approvals
                 where status = 'APPROVED' and superseded_at is null
                 union all
                 select export_id, first_approved_by from export_approvals
                 where superseded_at is null and first_approved_by is not null
                 union all select export_id, created_by from exports
                 union all select export_id, submitted_by from exports where submitted_by <> created_by) deciders
             group by export_id, person having count(*) > 1) x",
    ),
    (
        "a large value, or much that is missing, that passed with one officer",
        "select count(*) from exports e
         left join export_shortfalls s using (export_id)
         where e.fx_approved_at is not null
           and (e.estimated_value > 500000 or s.due_amount - s.received_amount > s.due_amount / 100) is true <> exists (
             select from export_approvals a where a.export_id = e.export_id and a.first_approved_by is not null)",
    ),
    (
        "a contract without its last day of shipment",
        "select count(*) from sales_contracts c join exporter_profiles p using (exporter_id)
         where c.shipment_deadline is distinct from c.registration_date
             + case p.business_type when 'FARMER' then interval '9 months' else interval '90 days' end",
    ),
    (
        "proceeds that are not what the receipts add up to",
        "select count(*) from exports e
         left join export_shortfalls s using (export_id)
         cross join lateral (select coalesce(sum(r.received_amount), 0) as received, count(*) as entries
                             from export_settlements r where r.export_id = e.export_id) come
         where (e.proceeds = 'RECEIVED') <> (come.received >= e.estimated_value - 1)
            or (e.proceeds = 'SHORT') <> (s.export_id is not null)
            or (s.export_id is not null and s.received_amount <> come.received)
            or come.entries <> (select count(*) from export_status_history h
                                where h.export_id = e.export_id and h.action in ('receive', 'take-back'))",
    ),
    (
        "a due date that is neither the bank's nor the National Bank's",
        "select count(*) from exports e
         where e.settlement_due_date is distinct from greatest(e.bank_permit_date + 90,
             (select max(x.due_to) from settlement_extensions x where x.export_id = e.export_id))
           and e.bank_permit_date is not null",
    ),
    (
        "a decision without its move, or a move without its decision",
        "select count(*) from (
             (select export_id, changed_by, created_at from export_status_history where action like '%:%'
              except select export_id, coalesce(approved_by, first_approved_by), created_at from export_approvals)
             union all
             (select export_id, coalesce(approved_by, first_approved_by), created_at from export_approvals
              except select export_id, changed_by, created_at from export_status_history)) x",
    ),
    (
        "a move without its event",
        "select count(*) from export_status_history h where not exists (select from audit.events v
             where v.entity_id = h.export_id and v.occurred_at = h.created_at and v.actor_id = h.changed_by)",
    ),
    (
        "a certificate's serial that leaves a gap",
        "select count(*) from (select coffee_year from certificates_of_origin
                               group by coffee_year having count(*) <> max(serial)) x",
    ),
    (
        "a counter that is not where its series is",
        "select count(*) from number_counters n where n.last_value <> case n.series_key
             when 'EXPORT' then (select count(*) from exports where export_number like 'EXP-' || n.period || '-%')
             when 'FX_APPROVAL' then (select count(*) from exports where fx_reference like 'FX-' || n.period || '-%')
             when 'EXPORT_PERMIT' then (select count(*) from export_permits where permit_number like 'EP-' || n.period || '-%')
             when 'ICO_CERTIFICATE' then (select count(*) from certificates_of_origin where coffee_year = n.period)
             else n.last_value end",
    ),
    (
        "something shipped without a used permit",
        "select count(*) from exports e where e.status in ('SHIPPED', 'COMPLETED') and not exists (
             select from export_permits p where p.export_id = e.export_id and p.status = 'USED')",
    ),
    (
        "a grade that its points do not give",
        "select count(*) from quality_inspections where final_grade <> case when floor(total_score) >= 85 then '1'
             when total_score >= 75 then '2' when total_score >= 63 then '3' when total_score >= 47 then '4' else '5' end",
    ),
    (
        "a claim by somebody who could not decide",
        "select count(*) from exports e join users u on u.id = e.claimed_by
         where u.organization_id <> e.queue_organization_id or exists (
             select from export_approvals a where a.export_id = e.export_id and a.superseded_at is null
               and a.status in ('APPROVED', 'PENDING') and e.claimed_by in (a.approved_by, a.first_approved_by))",
    ),
    (
        "a trigger of the record that is not back",
        "select count(*) from pg_trigger where tgname in ('hash_new_event', 'append_only_rows', 'append_only_table')
           and tgenabled <> 'A'",
    ),
    ("a row of the workshop", "select count(*) from pg_namespace where nspname = 'demo'"),
];

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 9, 30, 0).unwrap()
}

async fn seeded(name: &'static str, exports: u64) -> (PgConnectOptions, Storage, tempfile::TempDir) {
    let database = cluster::empty_database(name).await;
    migrate::up(&database).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::new(&StorageSettings { folder: folder.path().to_owned(), bucket: None }).unwrap();
    demo::seed(&database, &storage, exports, now(), &|_| {}).await.unwrap();
    (database, storage, folder)
}

async fn check(connection: &mut PgConnection) {
    for (fault, question) in FAULTS {
        let found: i64 = sqlx::query_scalar(*question).fetch_one(&mut *connection).await.unwrap();
        assert_eq!(found, 0, "{fault}");
    }
    let report = jebena::audit::verify::verify(connection, &mut [], None).await.unwrap();
    assert!(report.is_sound(), "{:?}", report.faults);
    assert!(report.events > 0 && report.unsealed == 0, "{report:?}");
}

#[tokio::test]
async fn every_invariant_holds_on_the_demo_and_a_second_start_adds_nothing() {
    let (database, storage, _folder) = seeded("demo_small", 300).await;
    let mut connection = PgConnection::connect_with(&database).await.unwrap();
    check(&mut connection).await;
    for column in ["status", "stage"] {
        let question = format!("select count(distinct {column}) from exports");
        let found: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(question)).fetch_one(&mut connection).await.unwrap();
        assert_eq!(found, if column == "status" { 9 } else { 13 }, "every {column} has an export");
    }

    facts_can_be_read(&mut connection).await;
    documents_are_there(&mut connection).await;
    letters_cover_exports(&mut connection).await;
    newcomers_find_coffee(&mut connection).await;
    papers_are_there(&mut connection).await;

    demo::seed(&database, &storage, 300, now(), &|_| panic!("nothing is to be done")).await.unwrap();
    let exports: i64 = sqlx::query_scalar("select count(*) from exports").fetch_one(&mut connection).await.unwrap();
    assert_eq!(exports, 300);
}

/// Beyond two thousand the demo is made by another way, with the same result.
#[tokio::test]
async fn every_invariant_holds_on_a_large_demo() {
    let (database, _storage, _folder) = seeded("demo_large", 2_001).await;
    let mut connection = PgConnection::connect_with(&database).await.unwrap();
    check(&mut connection).await;
    let invalid: i64 = sqlx::query_scalar("select count(*) from pg_index where not indisvalid")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(invalid, 0);
    let small = cluster::empty_database("demo_indexes").await;
    migrate::up(&small).await.unwrap();
    let mut other = PgConnection::connect_with(&small).await.unwrap();
    let question =
        "select array_agg(indexdef order by indexdef) from pg_indexes where schemaname in ('public', 'audit')";
    let rebuilt: Vec<String> = sqlx::query_scalar(question).fetch_one(&mut connection).await.unwrap();
    let untouched: Vec<String> = sqlx::query_scalar(question).fetch_one(&mut other).await.unwrap();
    assert_eq!(rebuilt, untouched, "every index is back");
    let broken: i64 = sqlx::query_scalar(
        "select count(*) from export_status_history h where not exists (select from exports e where e.export_id = h.export_id)",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert_eq!(broken, 0);
}

async fn facts_can_be_read(connection: &mut PgConnection) {
    let decisions = sqlx::query(
        "select approval_type, approval_data from export_approvals where status in ('APPROVED', 'PENDING')",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    for decision in decisions {
        let (kind, data): (String, serde_json::Value) = (decision.get(0), decision.get(1));
        let facts: Facts = serde_json::from_value(data.clone()).unwrap_or_else(|e| panic!("{kind}: {e}: {data}"));
        // What was read says as much as what was written, but for the numbers that other areas added.
        let again = serde_json::to_value(facts).unwrap();
        for (key, value) in again.as_object().unwrap() {
            assert_eq!(Some(value), data.get(key), "{kind} {key}");
        }
    }
}

/// A newcomer can approve any case that waits for a decision.
async fn documents_are_there(connection: &mut PgConnection) {
    const STAGES: [&str; 6] = ["BANK_CHECK", "SCHEDULING", "CLEARANCE", "LOADING", "ORIGIN_SIGNATURE", "SETTLEMENT"];
    let rules: Vec<Requirement> = sqlx::query(
        "select r.document_type, r.condition, r.condition_value, r.needed_for_stage, t.provided_by
         from document_requirements r join document_types t using (document_type)
         where r.valid_from <= '2026-11-20' and (r.valid_to is null or r.valid_to >= '2026-11-20')",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap()
    .into_iter()
    .map(|row| Requirement {
        document_type: row.get(0),
        condition: row.get(1),
        condition_value: row.get(2),
        needed_for_stage: row.get(3),
        provided_by: row.get(4),
    })
    .collect();
    let exports = sqlx::query(
        "select e.export_number, e.stage, e.payment_method, e.incoterm, e.destination_country::text, c.is_eu, e.transport_mode,
                e.requested_documents,
                array(select d.document_type from export_documents d where d.export_id = e.export_id and d.is_active)
         from exports e join countries c on c.country_code = e.destination_country
         where e.stage not in ('PREPARATION', 'RETURNED', 'CLOSED')",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    assert!(exports.len() > 100);
    for export in exports {
        let stage: String = export.get(1);
        let Some(place) = STAGES.iter().position(|known| *known == stage) else { continue };
        let requested: Vec<String> = export.get(7);
        let there: Vec<String> = export.get(8);
        let (payment, incoterm, destination): (String, String, String) = (export.get(2), export.get(3), export.get(4));
        let transport: String = export.get(6);
        let terms = Terms {
            payment_method: &payment,
            incoterm: &incoterm,
            destination: &destination,
            destination_is_eu: export.get(5),
            transport_mode: &transport,
            requested: &requested,
        };
        for rule in required(&rules, &terms) {
            let needed = STAGES[..=place].contains(&rule.needed_for_stage.as_str());
            let number: String = export.get(0);
            assert!(!needed || there.contains(&rule.document_type), "{number} at {stage} lacks {}", rule.document_type);
        }
    }
}

/// Exports that are paid by a letter of credit draw on one that covers them; of those that wait, some end soon.
async fn letters_cover_exports(connection: &mut PgConnection) {
    let (paid, covered, soon, amended): (i64, i64, i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where e.estimated_value <= t.amount and t.expires_on >= '2026-11-20'
                    and t.latest_shipment_on >= greatest(e.departure_date, '2026-11-20')
                    or e.on_board_date <= t.latest_shipment_on),
                count(*) filter (where e.on_board_date is null and t.expires_on between '2026-11-20' and '2026-12-20'),
                count(*) filter (where t.version = 2)
         from exports e
         left join letter_uses u using (export_id)
         left join lateral (select * from letter_terms t where t.letter_id = u.letter_id
                            order by t.version desc limit 1) t on true
         where e.payment_method = 'LC' and e.stage not in ('PREPARATION', 'CLOSED')",
    )
    .fetch_one(connection)
    .await
    .unwrap();
    assert!(paid > 10 && covered == paid && soon > 0 && amended > 0, "{paid} {covered} {soon} {amended}");
}

/// Each of the five firms has free lots with contracts that fit.
async fn newcomers_find_coffee(connection: &mut PgConnection) {
    let firms: Vec<(String, i64)> = sqlx::query_as(
        "select o.code, count(distinct r.lot_id) from organizations o
         join qualified_exporters q using (organization_id)
         join export_ready_lots r on r.exporter_id = q.exporter_id
         where o.code like 'EXPORTER%' group by o.code",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    assert_eq!(firms.len(), 5, "all five are qualified");
    assert!(firms.iter().all(|(_, lots)| *lots >= 3), "{firms:?}");
}

async fn papers_are_there(connection: &mut PgConnection) {
    let missing: i64 = sqlx::query_scalar(
        "select (select count(*) from export_permits p where not exists (select from issued_papers i where i.permit_id = p.permit_id))
              + (select count(*) from certificates_of_origin c
                 where not exists (select from issued_papers i where i.certificate_id = c.certificate_id and i.number = c.certificate_number))",
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    assert_eq!(missing, 0, "every permit and certificate has its paper");
    let missing: i64 = sqlx::query_scalar(
        "select (select count(*) from competence_certificates c where not exists (select from issued_papers i where i.competence_id = c.certificate_id))
              + (select count(*) from export_licenses l where not exists (select from issued_papers i where i.license_id = l.license_id))
              + (select count(*) from coffee_laboratories l where l.certified_date is not null and not exists (select from issued_papers i where i.laboratory_id = l.laboratory_id))
              + (select count(*) from coffee_tasters t where t.verified_at is not null and not exists (select from issued_papers i where i.taster_id = t.taster_id))",
    )
    .fetch_one(&mut *connection)
    .await
    .unwrap();
    assert_eq!(missing, 0, "everything that was granted has its paper");
    // Of the commercial papers some exports have what they have by the stage at which they stand.
    let sets: Vec<(String, i64)> = sqlx::query_as(
        "select e.stage, count(distinct p.kind) from issued_papers p join commercial_papers c using (paper_id)
         join exports e on e.export_id = p.export_id group by e.stage order by e.stage",
    )
    .fetch_all(connection)
    .await
    .unwrap();
    let kinds = |stage: &str| sets.iter().find(|(known, _)| known == stage).map(|(_, kinds)| *kinds);
    assert_eq!(
        [kinds("FX"), kinds("SCHEDULING"), kinds("CLEARANCE"), kinds("CLOSED"), kinds("PREPARATION")],
        [Some(1), Some(2), Some(5), Some(5), None],
        "{sets:?}"
    );
}
