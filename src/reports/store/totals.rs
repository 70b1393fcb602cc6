//! Reading the sums.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use super::view_of;
use crate::auth::Actor;
use crate::exports::{ExportStatus, Stage, State};
use crate::reports::model::{Basis, Group, Key, Line, Question, Sum};
use crate::reports::period::{Month, Period};

/// How many exports stand where.
#[derive(Debug, Clone)]
pub struct StateCount {
    /// Status and stage.
    pub state: State,
    /// How many.
    pub count: i64,
}

/// How many of the viewer's exports stand where.
pub(in crate::reports) async fn list_state_counts(
    connection: &mut PgConnection,
    viewer: &Actor,
) -> sqlx::Result<Vec<StateCount>> {
    let rows = sqlx::query!(
        r#"select status as "status: ExportStatus", stage as "stage: Stage", sum(export_count)::bigint as "count!"
           from report_totals
           where viewer_id = $1 and basis = 'EVER' and grain = 'ALL'
           group by status, stage order by status, stage"#,
        view_of(viewer)
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| StateCount { state: State::new(row.status, row.stage), count: row.count }).collect())
}

/// As of when everything is counted; `None` before the first time.
pub(in crate::reports) async fn find_as_of(connection: &mut PgConnection) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!("select as_of from report_state").fetch_one(connection).await
}

/// The first month in which the viewer has an export.
pub(in crate::reports) async fn find_first_month(
    connection: &mut PgConnection,
    viewer: &Actor,
) -> sqlx::Result<Option<Month>> {
    let first = sqlx::query_scalar!(
        "select min(month) from report_totals where viewer_id = $1 and basis = 'REQUESTED' and grain = 'ALL'",
        view_of(viewer)
    )
    .fetch_one(connection)
    .await?;
    Ok(first.map(Month::of))
}

/// What a report can be narrowed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reports) enum Grain {
    Origin,
    Destination,
    Exporter,
}

impl Grain {
    const fn code(self) -> &'static str {
        match self {
            Self::Origin => "ORIGIN",
            Self::Destination => "DESTINATION",
            Self::Exporter => "EXPORTER",
        }
    }
}

/// The regions, countries or exporters that the viewer's exports have, in the order of their codes: a step of the index
/// for each, however many exports there are.
pub(in crate::reports) async fn list_members(
    connection: &mut PgConnection,
    viewer: &Actor,
    grain: Grain,
) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(
        r#"with recursive found as (
               (select member from report_totals
                where viewer_id = $1 and basis = 'EVER' and grain = $2 and month is null
                order by member limit 1)
               union all
               select (select t.member from report_totals t
                       where t.viewer_id = $1 and t.basis = 'EVER' and t.grain = $2 and t.month is null
                         and t.member > f.member
                       order by t.member limit 1)
               from found f where f.member is not null)
           select member as "member!" from found where member is not null"#,
        view_of(viewer),
        grain.code()
    )
    .fetch_all(connection)
    .await
}

/// A sum in one currency, as a query gives it.
#[derive(FromRow)]
struct Row {
    member: String,
    status: Option<String>,
    month: Option<NaiveDate>,
    currency: String,
    export_count: i64,
    quantity_kg: Decimal,
    value: Decimal,
}

/// What is asked for, as the viewer may see it. The lines come in the order of their keys.
pub(in crate::reports) async fn list_lines(
    connection: &mut PgConnection,
    viewer: &Actor,
    question: &Question,
) -> sqlx::Result<Vec<Line>> {
    let mut query = match grain_of(question) {
        Some(grain) => from_totals(viewer, question, grain),
        None => from_exports(viewer, question),
    };
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    let mut lines: std::collections::BTreeMap<Key, Sum> = std::collections::BTreeMap::new();
    for row in rows {
        if let Some(key) = key_of(question.group, &row) {
            lines.entry(key).or_default().add(row.export_count, row.quantity_kg, &row.currency, row.value);
        }
    }
    Ok(lines.into_iter().map(|(key, sum)| Line { key, sum }).collect())
}

/// What the sums are kept by that answers the question, and the member that is asked for; `None` when it asks for two
/// of origin, destination and exporter at once.
fn grain_of(question: &Question) -> Option<(&'static str, Option<String>)> {
    let wanted = [
        (Grain::Origin, question.group == Group::Origin, question.origin.clone()),
        (Grain::Destination, question.group == Group::Destination, question.destination.clone()),
        (Grain::Exporter, question.group == Group::Exporter, question.exporter.map(|id| id.to_string())),
    ];
    let mut asked = wanted.into_iter().filter(|(_, is_group, member)| *is_group || member.is_some());
    match (asked.next(), asked.next()) {
        (None, _) => Some(("ALL", None)),
        (Some((grain, _, member)), None) => Some((grain.code(), member)),
        (Some(_), Some(_)) => None,
    }
}

/// What a group adds to a query: the columns that make its key.
const fn columns_of(group: Group, month: &'static str) -> (&'static str, &'static str, &'static str) {
    match group {
        Group::State => ("''::text", "status || ':' || stage", "null::date"),
        Group::Month | Group::CoffeeYear => ("''::text", "null::text", month),
        Group::Origin | Group::Destination | Group::Exporter => ("member", "null::text", "null::date"),
    }
}

fn from_totals(
    viewer: &Actor,
    question: &Question,
    (grain, member): (&'static str, Option<String>),
) -> QueryBuilder<Postgres> {
    let by_month = matches!(question.group, Group::Month | Group::CoffeeYear);
    let basis = match question.basis {
        // All months together are kept as well.
        Basis::Requested if question.period.is_all() && !by_month => "EVER",
        Basis::Requested => "REQUESTED",
        Basis::Shipped => "SHIPPED",
    };
    let (member_column, status, month) = columns_of(question.group, "month");
    let mut query = QueryBuilder::new(format!(
        "select {member_column} as member, {status} as status, {month} as month, currency::text as currency,
                sum(export_count)::bigint as export_count, sum(quantity_kg) as quantity_kg, sum(value) as value
         from report_totals where viewer_id = "
    ));
    query.push_bind(view_of(viewer)).push(" and basis = ").push_bind(basis).push(" and grain = ").push_bind(grain);
    narrow(&mut query, "month", question.period, question.status);
    if let Some(member) = member {
        query.push(" and member = ").push_bind(member);
    }
    query.push(" group by 1, 2, 3, 4");
    query
}

fn from_exports(viewer: &Actor, question: &Question) -> QueryBuilder<Postgres> {
    let basis = match question.basis {
        Basis::Requested => "requested_month",
        Basis::Shipped => "shipped_month",
    };
    let member = match question.group {
        Group::Origin => "origin_region",
        Group::Destination => "destination_country::text",
        Group::Exporter => "exporter_organization_id::text",
        Group::State | Group::Month | Group::CoffeeYear => "''::text",
    };
    let (_, status, month) = columns_of(question.group, basis);
    let mut query = QueryBuilder::new(format!(
        "select {member} as member, {status} as status, {month} as month, currency::text as currency,
                count(*) as export_count, sum(quantity_kg) as quantity_kg, sum(value) as value
         from report_exports where (exporter_organization_id = "
    ));
    let organization: Uuid = viewer.organization.id.0;
    query.push_bind(organization).push(" or stage <> 'PREPARATION' and (").push_bind(super::sees_all(viewer));
    query.push(" or ").push_bind(organization).push(" in (bank_organization_id, shipping_organization_id)))");
    if question.basis == Basis::Shipped {
        query.push(" and shipped_month is not null");
    }
    narrow(&mut query, basis, question.period, question.status);
    if let Some(origin) = &question.origin {
        query.push(" and origin_region = ").push_bind(origin.clone());
    }
    if let Some(destination) = &question.destination {
        query.push(" and destination_country = ").push_bind(destination.clone());
    }
    if let Some(exporter) = question.exporter {
        query.push(" and exporter_organization_id = ").push_bind(exporter.0);
    }
    query.push(" group by 1, 2, 3, 4");
    query
}

fn narrow(query: &mut QueryBuilder<Postgres>, month: &'static str, period: Period, status: Option<ExportStatus>) {
    for (end, sign) in [(period.from, " >= "), (period.until, " <= ")] {
        if let Some(end) = end {
            query.push(" and ").push(month).push(sign).push_bind(end.first_day());
        }
    }
    if let Some(status) = status {
        query.push(" and status = ").push_bind(status.code());
    }
}

/// The key of a row; `None` for one that no version of ours wrote.
fn key_of(group: Group, row: &Row) -> Option<Key> {
    Some(match group {
        Group::State => {
            let (status, stage) = row.status.as_deref()?.split_once(':')?;
            Key::State(State::new(ExportStatus::from_code(status)?, Stage::from_code(stage)?))
        }
        Group::Origin | Group::Destination => Key::Place(row.member.clone()),
        Group::Exporter => Key::Exporter(row.member.parse().ok()?),
        Group::Month => Key::Month(Month::of(row.month?)),
        Group::CoffeeYear => Key::CoffeeYear(crate::calendar::CoffeeYear::of(row.month?)),
    })
}
