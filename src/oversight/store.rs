//! SQL over the record, for reading.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::model::{EventLine, Filter, FullEvent, Subject, unfolded};
use crate::audit::Severity;
use crate::auth::{Actor, Permission};

#[derive(FromRow)]
struct LineRow {
    event_id: Uuid,
    occurred_at: DateTime<Utc>,
    actor_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    event_type: String,
    entity_type: String,
    entity_id: Option<Uuid>,
    severity: String,
    details: Value,
}

impl From<LineRow> for EventLine {
    fn from(row: LineRow) -> Self {
        Self {
            id: row.event_id,
            at: row.occurred_at,
            actor: row.actor_id,
            organization: row.organization_id,
            event_type: row.event_type,
            subject_kind: row.entity_type,
            subject_id: row.entity_id,
            // The column's check knows no other.
            severity: Severity::from_code(&row.severity).unwrap_or(Severity::Critical),
            details: unfolded(row.details),
        }
    }
}

const LINE: &str =
    "select e.event_id, e.occurred_at, e.actor_id, e.organization_id, e.event_type, e.entity_type, e.entity_id,
                           e.severity, e.details
                    from audit.events e where true";

/// By which the newest events of a person or of a type are found: the index has them by months, since moments of their own would
/// make it five times as large. Within a month they are sorted.
const MONTH: &str = "date_trunc('month', e.occurred_at at time zone 'UTC')";

/// What is no business case, as the database says it.
const NO_BUSINESS: &str = "audit.is_of_the_system(e.entity_type, e.entity_id)";

/// The newest events that fit, after the place given. Only the conditions in use stand in the text, so that each text has the
/// plan that fits it.
pub(super) async fn list(
    connection: &mut PgConnection,
    viewer: &Actor,
    filter: &Filter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<EventLine>> {
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(LINE);
    if !viewer.may(Permission::ViewExports) {
        query.push(" and ").push(NO_BUSINESS);
    }
    if let Some(subjects) = &filter.about {
        let kinds: Vec<String> = subjects.iter().map(|subject| subject.kind.clone()).collect();
        let ids: Vec<Uuid> = subjects.iter().map(|subject| subject.id).collect();
        query.push(" and (e.entity_type, e.entity_id) in (select * from unnest(").push_bind(kinds).push("::text[], ");
        query.push_bind(ids).push("::uuid[]))");
    }
    if let Some(person) = filter.by {
        query.push(" and e.actor_id = ").push_bind(person);
    }
    if let Some(event_type) = &filter.event_type {
        query.push(" and e.event_type = ").push_bind(event_type);
    }
    if let Some(severity) = filter.severity {
        query.push(" and e.severity = ").push_bind(severity.code());
    }
    let is_by_months = filter.about.is_none() && (filter.by.is_some() || filter.event_type.is_some());
    if let Some(from) = filter.from {
        query.push(" and e.occurred_at >= ").push_bind(from);
    }
    if let Some(until) = filter.until {
        query.push(" and e.occurred_at < ").push_bind(until);
    }
    if let Some((at, id)) = after {
        query.push(" and (e.occurred_at, e.event_id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    if is_by_months {
        let last = after.map(|(at, _)| at).into_iter().chain(filter.until).min();
        for (moment, compared) in [(filter.from, " >= "), (last, " <= ")] {
            if let Some(moment) = moment {
                query.push(" and ").push(MONTH).push(compared).push("date_trunc('month', ").push_bind(moment);
                query.push(" at time zone 'UTC')");
            }
        }
    }
    query.push(" order by ");
    if is_by_months {
        query.push(MONTH).push(" desc, ");
    }
    query.push("e.occurred_at desc, e.event_id desc limit ").push_bind(limit);
    let rows: Vec<LineRow> = query.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(EventLine::from).collect())
}

/// One event, with its private part and its seal.
pub(super) async fn find(
    connection: &mut PgConnection,
    viewer: &Actor,
    (id, at): (Uuid, DateTime<Utc>),
) -> sqlx::Result<Option<FullEvent>> {
    let row = sqlx::query!(
        r#"select e.event_id, e.occurred_at, e.actor_id, e.organization_id, e.event_type, e.entity_type, e.entity_id,
                  e.severity as "severity: Severity", e.details, e.seq, e.compliance_relevant, e.request_id, e.row_hash,
                  e.private_commitment is not null as "had_private!",
                  (select s.seal_number from audit.sealed s where s.seq = e.seq) as seal,
                  (select p.payload from audit.event_private p where p.event_id = e.event_id) as private
           from audit.events e
           where e.event_id = $1 and e.occurred_at = $2
             and ($3 or audit.is_of_the_system(e.entity_type, e.entity_id))"#,
        id,
        at,
        viewer.may(Permission::ViewExports),
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| FullEvent {
        line: EventLine {
            id: row.event_id,
            at: row.occurred_at,
            actor: row.actor_id,
            organization: row.organization_id,
            event_type: row.event_type,
            subject_kind: row.entity_type,
            subject_id: row.entity_id,
            severity: row.severity,
            details: unfolded(row.details),
        },
        seq: row.seq,
        is_compliance: row.compliance_relevant,
        request: row.request_id,
        hash: row.row_hash,
        seal: row.seal,
        private: row.private,
        had_private: row.had_private,
    }))
}

/// The numbers of exports, as far as the viewer may see them.
pub(super) async fn list_numbers(
    connection: &mut PgConnection,
    exports: &[Uuid],
) -> sqlx::Result<HashMap<Uuid, String>> {
    let numbers = sqlx::query!(
        r#"select id as "id!", audit.number_of(id) as number from unnest($1::uuid[]) as asked (id)"#,
        exports
    )
    .fetch_all(connection)
    .await?;
    Ok(numbers.into_iter().filter_map(|row| Some((row.id, row.number?))).collect())
}

/// The person with a user name.
pub(super) async fn find_person(connection: &mut PgConnection, username: &str) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select id from users where username = $1", username).fetch_optional(connection).await
}

/// The organisation with a code.
pub(super) async fn find_organization(connection: &mut PgConnection, code: &str) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!("select organization_id from organizations where code = $1", code)
        .fetch_optional(connection)
        .await
}

/// What has the number, of all that has one.
pub(super) async fn find_numbered(connection: &mut PgConnection, number: &str) -> sqlx::Result<Vec<Subject>> {
    sqlx::query_as!(
        Subject,
        r#"select 'export' as "kind!", export_id as "id!" from exports where export_number = $1
           union all select 'sales_contract', contract_id from sales_contracts where contract_number = $1
           union all select 'coffee_lot', lot_id from coffee_lots where ecx_lot_number = $1
           union all select 'export_license', license_id from export_licenses where license_number = $1
           union all select 'competence_certificate', certificate_id from competence_certificates
                     where certificate_number = $1
           union all select 'paper', paper_id from issued_papers where number = $1"#,
        number,
    )
    .fetch_all(connection)
    .await
}

/// The documents and papers of an export.
pub(super) async fn list_belongings(connection: &mut PgConnection, export: Uuid) -> sqlx::Result<Vec<Subject>> {
    sqlx::query_as!(
        Subject,
        r#"select 'document' as "kind!", document_id as "id!" from export_documents where export_id = $1
           union all select 'paper', paper_id from issued_papers where export_id = $1"#,
        export,
    )
    .fetch_all(connection)
    .await
}
