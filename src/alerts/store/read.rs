//! The SQL of the security page: what a viewer sees, and their acknowledging it. Row-level security stands behind each.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::alerts::model::{Acknowledged, Activity, Alert, Evidence, Measure, Refused, Rule, SubjectKind, scope_of};
use crate::audit::Severity;
use crate::auth::Actor;
use crate::ids::{AlertId, OrganizationId, UserId};

#[derive(FromRow)]
struct Row {
    alert_id: AlertId,
    rule: Rule,
    subject_kind: SubjectKind,
    subject_id: Uuid,
    organization_id: Option<OrganizationId>,
    severity: Severity,
    measure: Measure,
    figure: i64,
    threshold: i64,
    usual: Option<i64>,
    window_from: DateTime<Utc>,
    window_until: DateTime<Utc>,
    opened_at: DateTime<Utc>,
    acknowledged_at: Option<DateTime<Utc>>,
    acknowledged_by: Option<UserId>,
    note: Option<String>,
    concerns_viewer: bool,
}

impl From<Row> for Alert {
    fn from(row: Row) -> Self {
        let acknowledged = match (row.acknowledged_at, row.acknowledged_by, row.note) {
            (Some(at), Some(by), Some(note)) => Some(Acknowledged { at, by, note }),
            // The table has all three of them or none.
            _ => None,
        };
        Self {
            id: row.alert_id,
            rule: row.rule,
            subject_kind: row.subject_kind,
            subject: row.subject_id,
            organization: row.organization_id,
            severity: row.severity,
            measure: row.measure,
            figure: row.figure,
            threshold: row.threshold,
            usual: row.usual,
            from: row.window_from,
            until: row.window_until,
            opened_at: row.opened_at,
            acknowledged,
            concerns_viewer: row.concerns_viewer,
        }
    }
}

/// Whose alerts, and who looks.
#[derive(Debug, Clone, Copy)]
pub(in crate::alerts) struct Viewer {
    /// The one organisation that is looked at, unless it is all of them.
    pub scope: Option<OrganizationId>,
    /// Who looks.
    pub person: UserId,
}

impl Viewer {
    pub(in crate::alerts) fn of(actor: &Actor) -> Self {
        Self { scope: scope_of(actor), person: actor.user_id }
    }
}

/// How many alerts wait to be acknowledged.
pub(in crate::alerts) async fn count_open(connection: &mut PgConnection, viewer: Viewer) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from security_alerts
           where acknowledged_at is null and ($1::uuid is null or organization_id = $1)"#,
        viewer.scope as Option<OrganizationId>,
    )
    .fetch_one(connection)
    .await
}

/// What every question about alerts begins with; whether an alert concerns the viewer is part of it.
fn ask(viewer: Viewer) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(
        "select a.alert_id, a.rule, a.subject_kind, a.subject_id, a.organization_id, a.severity, a.measure, a.figure, a.threshold,
                a.usual, a.window_from, a.window_until, a.opened_at, a.acknowledged_at, a.acknowledged_by, a.note,
                a.subject_id = p.id or exists (select from security_alert_events e
                                               where e.alert_id = a.alert_id and e.actor_id = p.id) as concerns_viewer
         from security_alerts a cross join (select ",
    );
    query.push_bind(viewer.person).push("::uuid as id) p where true");
    if let Some(organization) = viewer.scope {
        query.push(" and a.organization_id = ").push_bind(organization);
    }
    query
}

/// The alerts that wait to be acknowledged, the last seen first.
pub(in crate::alerts) async fn list_open(
    connection: &mut PgConnection,
    viewer: Viewer,
    limit: i64,
) -> sqlx::Result<Vec<Alert>> {
    let mut query = ask(viewer);
    query.push(" and a.acknowledged_at is null order by a.window_until desc, a.alert_id desc limit ").push_bind(limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(Alert::from).collect())
}

/// The alerts that were acknowledged, the last first, after the place given.
pub(in crate::alerts) async fn list_done(
    connection: &mut PgConnection,
    viewer: Viewer,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<Alert>> {
    let mut query = ask(viewer);
    query.push(" and a.acknowledged_at is not null");
    if let Some((at, id)) = after {
        query.push(" and (a.acknowledged_at, a.alert_id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    query.push(" order by a.acknowledged_at desc, a.alert_id desc limit ").push_bind(limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    Ok(rows.into_iter().map(Alert::from).collect())
}

/// One alert, if it is the viewer's to see.
pub(in crate::alerts) async fn find_visible(
    connection: &mut PgConnection,
    viewer: Viewer,
    id: AlertId,
) -> sqlx::Result<Option<Alert>> {
    let mut query = ask(viewer);
    query.push(" and a.alert_id = ").push_bind(id);
    let row: Option<Row> = query.build_query_as().fetch_optional(connection).await?;
    Ok(row.map(Alert::from))
}

/// The last events that an alert was raised for.
pub(in crate::alerts) async fn list_evidence(
    connection: &mut PgConnection,
    id: AlertId,
    limit: i64,
) -> sqlx::Result<Vec<Evidence>> {
    sqlx::query_as!(
        Evidence,
        r#"select x.event_id as id, x.occurred_at as at, x.event_type, x.actor_id as actor, e.details as "details?"
           from security_alert_events x
           left join audit.events e on e.event_id = x.event_id and e.occurred_at = x.occurred_at
           where x.alert_id = $1
           order by x.occurred_at desc, x.event_id desc
           limit $2"#,
        id as AlertId,
        limit,
    )
    .fetch_all(connection)
    .await
}

/// The address in the erasable part of an event; for who may read such parts.
pub(in crate::alerts) async fn find_address(
    connection: &mut PgConnection,
    event: Uuid,
) -> sqlx::Result<Option<String>> {
    let found =
        sqlx::query_scalar!("select payload ->> 'ip_address' from audit.event_private where event_id = $1", event)
            .fetch_optional(connection)
            .await?;
    Ok(found.flatten())
}

/// Puts down that somebody has looked at an alert; false when somebody was quicker.
pub(in crate::alerts) async fn acknowledge(
    connection: &mut PgConnection,
    id: AlertId,
    actor: &Actor,
    note: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update security_alerts set acknowledged_at = $2, acknowledged_by = $3, note = $4
         where alert_id = $1 and acknowledged_at is null",
        id as AlertId,
        now,
        actor.user_id as UserId,
        note,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// What happened in each hour from the one that begins at `from`.
pub(in crate::alerts) async fn list_activity(
    connection: &mut PgConnection,
    viewer: Viewer,
    from: DateTime<Utc>,
) -> sqlx::Result<Vec<(DateTime<Utc>, Activity)>> {
    let rows = sqlx::query!(
        r#"select hour, sum(events)::bigint as "events!", sum(sign_ins)::bigint as "sign_ins!",
                  sum(failures)::bigint as "failures!", sum(denials)::bigint as "denials!", sum(exports)::bigint as "exports!"
           from security_activity
           where hour >= $1 and ($2::uuid is null or organization_id = $2)
           group by hour"#,
        from,
        viewer.scope as Option<OrganizationId>,
    )
    .fetch_all(connection)
    .await?;
    let of = rows.into_iter().map(|row| {
        let counts = Activity {
            events: row.events,
            sign_ins: row.sign_ins,
            failures: row.failures,
            denials: row.denials,
            exports: row.exports,
        };
        (row.hour, counts)
    });
    Ok(of.collect())
}

/// How many sessions are alive within the viewer's reach.
pub(in crate::alerts) async fn count_sessions(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
    silent_since: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select gate.open_sessions($1, $2) as "count!""#, now, silent_since)
        .fetch_one(connection)
        .await
}

/// What was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::alerts) enum Kind {
    /// Sign-ins.
    Failure,
    /// Accesses of people who are signed in.
    Denial,
}

#[derive(FromRow)]
struct RefusedRow {
    event_id: Uuid,
    occurred_at: DateTime<Utc>,
    entity_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    details: Value,
    address: Option<String>,
}

/// The last that was refused since `from`. The type of the events stands in the text, since such events are few among all, which
/// a plan for any type does not know.
pub(in crate::alerts) async fn list_refused(
    connection: &mut PgConnection,
    viewer: Viewer,
    kind: Kind,
    from: DateTime<Utc>,
    limit: i64,
) -> sqlx::Result<Vec<Refused>> {
    let mut query: QueryBuilder<Postgres> =
        QueryBuilder::new("select e.event_id, e.occurred_at, e.entity_id, e.organization_id, e.details, ");
    // The private parts of events are open to who looks after all organisations only.
    query.push(match viewer.scope {
        None => {
            "(select p.payload ->> 'ip_address' from audit.event_private p where p.event_id = e.event_id) as address"
        }
        Some(_) => "null as address",
    });
    query.push(" from audit.events e where e.event_type = ").push(match kind {
        Kind::Failure => "'LOGIN_FAILED'",
        Kind::Denial => "'UNAUTHORIZED_ACCESS'",
    });
    query.push(" and e.occurred_at >= ").push_bind(from);
    if let Some(organization) = viewer.scope {
        query.push(" and e.organization_id = ").push_bind(organization);
    }
    query.push(" order by e.occurred_at desc, e.event_id desc limit ").push_bind(limit);
    let rows: Vec<RefusedRow> = query.build_query_as().fetch_all(connection).await?;
    let of = rows.into_iter().map(|row| Refused {
        id: row.event_id,
        at: row.occurred_at,
        person: row.entity_id,
        organization: row.organization_id,
        details: row.details,
        address: row.address,
    });
    Ok(of.collect())
}
