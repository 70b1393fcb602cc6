//! The SQL of watching. Runs as the worker.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::alerts::model::{Noted, Rule, Seen, SubjectKind};
use crate::alerts::rules::{CHANGES, DOWNLOADS, FAILURE, Hit, INFECTED, RECORD, ROLE, SIGNER};
use crate::ids::AlertId;

/// The seal up to which was watched, locked until the transaction ends; nothing where another instance is at it.
pub(in crate::alerts) async fn lock_place(connection: &mut PgConnection) -> sqlx::Result<Option<i64>> {
    sqlx::query_scalar!("select seal_number from alert_watch for update skip locked").fetch_optional(connection).await
}

/// The first `most` seals after `place`, in their order.
pub(in crate::alerts) async fn list_next_seals(
    connection: &mut PgConnection,
    place: i64,
    most: i64,
) -> sqlx::Result<Vec<i64>> {
    sqlx::query_scalar!(
        "select seal_number from audit.seals where seal_number > $1 order by seal_number limit $2",
        place,
        most,
    )
    .fetch_all(connection)
    .await
}

pub(in crate::alerts) async fn update_place(connection: &mut PgConnection, seal: i64) -> sqlx::Result<()> {
    sqlx::query!("update alert_watch set seal_number = $1", seal).execute(connection).await?;
    Ok(())
}

/// Counts what the seals cover, hour by hour, and gives what some rule looks at, in the order of time.
///
/// The seals are named and each event is looked up by its key: a range and a join would be planned for a two-hundredth part
/// of all events, and read whole years.
pub(in crate::alerts) async fn take_events(connection: &mut PgConnection, seals: &[i64]) -> sqlx::Result<Vec<Seen>> {
    let types = [FAILURE].iter().chain(&DOWNLOADS).chain(&CHANGES).chain(&INFECTED).chain(&SIGNER).chain(&RECORD);
    let types: Vec<String> = types.map(|one| (*one).to_owned()).collect();
    sqlx::query_as!(
        Seen,
        r#"with batch as materialized (
               select e.*
               from audit.sealed s
               cross join lateral (
                   select e.event_id, e.occurred_at, e.event_type, e.actor_id, e.organization_id, e.entity_type, e.entity_id,
                          e.details
                   from audit.events e
                   where e.seq = s.seq and e.occurred_at = s.occurred_at
                   limit 1) e
               where s.seal_number = any($1)),
           counted as (
               insert into security_activity as a (hour, organization_id, events, sign_ins, failures, denials, exports)
               select date_trunc('hour', occurred_at), coalesce(organization_id, '00000000-0000-0000-0000-000000000000'), count(*),
                      count(*) filter (where event_type = 'LOGIN_SUCCESS'), count(*) filter (where event_type = 'LOGIN_FAILED'),
                      count(*) filter (where event_type = 'UNAUTHORIZED_ACCESS'),
                      count(*) filter (where event_type = 'DATA_EXPORT')
               from batch
               group by 1, 2
               on conflict (hour, organization_id) do update
               set events = a.events + excluded.events, sign_ins = a.sign_ins + excluded.sign_ins,
                   failures = a.failures + excluded.failures, denials = a.denials + excluded.denials,
                   exports = a.exports + excluded.exports)
           select event_id as "id!", occurred_at as "at!", event_type as "event_type!", actor_id as actor,
                  organization_id as organization, entity_type as "entity_type!", entity_id as entity, details as "details!"
           from batch
           where event_type = any($2) or starts_with(event_type, $3)
           order by occurred_at, event_id"#,
        seals,
        &types,
        ROLE,
    )
    .fetch_all(connection)
    .await
}

/// A failed sign-in as the record has it.
pub(in crate::alerts) struct FailureRow {
    pub event: Uuid,
    pub at: DateTime<Utc>,
    pub account: Option<Uuid>,
    pub organization: Option<Uuid>,
    pub address: Option<String>,
    pub spent: Vec<SubjectKind>,
}

/// The failed sign-ins of a time, in its order.
pub(in crate::alerts) async fn list_failures(
    connection: &mut PgConnection,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<Vec<FailureRow>> {
    sqlx::query_as!(
        FailureRow,
        r#"select e.event_id as event, e.occurred_at as at, e.entity_id as account, e.organization_id as organization,
                  p.payload ->> 'ip_address' as address,
                  array(select a.subject_kind from security_alert_events x join security_alerts a using (alert_id)
                        where x.event_id = e.event_id and a.acknowledged_at is not null) as "spent!: Vec<SubjectKind>"
           from audit.events e
           left join audit.event_private p on p.event_id = e.event_id
           where e.event_type = 'LOGIN_FAILED' and e.occurred_at between $1 and $2
           order by e.occurred_at, e.event_id"#,
        from,
        until,
    )
    .fetch_all(connection)
    .await
}

/// Something that somebody has taken away, as the record has it.
pub(in crate::alerts) struct DownloadRow {
    pub event: Uuid,
    pub at: DateTime<Utc>,
    pub event_type: String,
    pub organization: Option<Uuid>,
    pub rows: i64,
}

/// What a person has taken away in a time, in its order.
pub(in crate::alerts) async fn list_downloads(
    connection: &mut PgConnection,
    person: Uuid,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> sqlx::Result<Vec<DownloadRow>> {
    sqlx::query_as!(
        DownloadRow,
        r#"select event_id as event, occurred_at as at, event_type, organization_id as organization,
                  case when jsonb_typeof(details -> 'rows') = 'number' then (details ->> 'rows')::bigint else 0 end as "rows!"
           from audit.events
           where actor_id = $1 and event_type in ('DATA_EXPORT', 'DOCUMENT_DOWNLOADED') and occurred_at between $2 and $3
             -- The index has a person's events by months.
             and date_trunc('month', occurred_at at time zone 'UTC')
                 between date_trunc('month', $2::timestamptz at time zone 'UTC')
                     and date_trunc('month', $3::timestamptz at time zone 'UTC')
           order by occurred_at, event_id"#,
        person,
        from,
        until,
    )
    .fetch_all(connection)
    .await
}

/// Until when what a person has taken away was looked at by somebody.
pub(in crate::alerts) async fn find_acknowledged_until(
    connection: &mut PgConnection,
    person: Uuid,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select max(window_until) from security_alerts
         where subject_id = $1 and rule = 'UNUSUAL_EXPORTS' and acknowledged_at is not null",
        person,
    )
    .fetch_one(connection)
    .await
}

/// The open alert by this rule about a person or an invitation, which nobody acknowledges until the transaction ends.
pub(in crate::alerts) async fn lock_open(
    connection: &mut PgConnection,
    rule: Rule,
    kind: SubjectKind,
    subject: Uuid,
) -> sqlx::Result<Option<AlertId>> {
    sqlx::query_scalar!(
        r#"select alert_id as "id: AlertId" from security_alerts
           where rule = $1 and subject_kind = $2 and subject_id = $3 and acknowledged_at is null
           for update"#,
        rule.code(),
        kind.code(),
        subject,
    )
    .fetch_optional(connection)
    .await
}

/// The open alerts about networks with an address of each, as far as it is kept; nobody acknowledges them until the transaction
/// ends.
pub(in crate::alerts) async fn lock_open_networks(
    connection: &mut PgConnection,
) -> sqlx::Result<Vec<(AlertId, Option<IpAddr>)>> {
    let rows = sqlx::query!(
        r#"select a.alert_id as "id: AlertId", p.payload ->> 'ip_address' as "address?"
           from security_alerts a
           left join audit.event_private p on p.event_id = a.subject_id
           where a.subject_kind = 'NETWORK' and a.acknowledged_at is null
           order by a.alert_id
           for update of a"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.address.and_then(|address| address.parse().ok()))).collect())
}

/// Opens an alert about `subject` with what the rule has found.
pub(in crate::alerts) async fn insert_alert(
    connection: &mut PgConnection,
    (id, subject): (AlertId, Uuid),
    hit: &Hit,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let figure = hit.measured.map_or_else(|| i64::try_from(hit.events.len()).unwrap_or(i64::MAX), |found| found.figure);
    let (first, last) =
        (hit.events.first().map_or(now, |event| event.at), hit.events.last().map_or(now, |event| event.at));
    sqlx::query!(
        "insert into security_alerts (alert_id, rule, subject_kind, subject_id, organization_id, severity, measure, figure, threshold,
             usual, window_from, window_until, opened_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        id as AlertId,
        hit.rule.code(),
        hit.subject.kind().code(),
        subject,
        hit.organization,
        hit.severity.code(),
        hit.measure.code(),
        figure,
        hit.threshold,
        hit.measured.map(|found| found.usual),
        hit.measured.map_or(first, |found| found.from),
        last,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Adds the events to an alert; those that it has already are left as they are.
pub(in crate::alerts) async fn insert_events(
    connection: &mut PgConnection,
    id: AlertId,
    organization: Option<Uuid>,
    events: &[Noted],
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = events.iter().map(|event| event.id).collect();
    let times: Vec<DateTime<Utc>> = events.iter().map(|event| event.at).collect();
    let types: Vec<String> = events.iter().map(|event| event.event_type.clone()).collect();
    let actors: Vec<Option<Uuid>> = events.iter().map(|event| event.actor).collect();
    sqlx::query!(
        "insert into security_alert_events (alert_id, event_id, occurred_at, event_type, actor_id, organization_id)
         select $1, id, at, kind, actor, $2
         from unnest($3::uuid[], $4::timestamptz[], $5::text[], $6::uuid[]) as found (id, at, kind, actor)
         on conflict (alert_id, event_id) do nothing",
        id as AlertId,
        organization,
        &ids,
        &times,
        &types,
        &actors as &[Option<Uuid>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings an open alert up to what was found now; false when it is not open any more.
pub(in crate::alerts) async fn update_alert(
    connection: &mut PgConnection,
    id: AlertId,
    hit: &Hit,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update security_alerts a
         set severity = case when a.severity = 'CRITICAL' then a.severity else $2 end, measure = $3, threshold = $4, usual = $5,
             figure = coalesce($6, e.found), window_from = coalesce($7, e.first), window_until = greatest(a.window_until, e.last)
         from (select count(*) as found, min(occurred_at) as first, max(occurred_at) as last
               from security_alert_events where alert_id = $1) e
         where a.alert_id = $1 and a.acknowledged_at is null",
        id as AlertId,
        hit.severity.code(),
        hit.measure.code(),
        hit.threshold,
        hit.measured.map(|found| found.usual),
        hit.measured.map(|found| found.figure),
        hit.measured.map(|found| found.from),
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Tells open pages that an alert is there or has grown.
pub(in crate::alerts) async fn insert_outbox(
    connection: &mut PgConnection,
    kind: &str,
    id: AlertId,
    organization: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let organizations: Vec<Uuid> = organization.into_iter().collect();
    sqlx::query!(
        "insert into outbox (kind, subject, subject_id, payload, created_at) values ($1, 'alert', $2, $3, $4)",
        kind,
        id as AlertId,
        json!({ "organizations": organizations }),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}
