//! Keeping the sums: what has changed is taken out as it was counted and put in as it is now.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::EVERYBODY;
use crate::exports::{ExportStatus, Stage};
use crate::ids::{ExportId, OrganizationId};

/// Held by the instance that counts ("jebena-c").
const COUNTER_LOCK: i64 = 0x6a65_6265_6e61_2d63;

/// Whether this transaction may count; another instance that is at it counts as well.
pub(in crate::reports) async fn try_lock(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select pg_try_advisory_xact_lock($1) as "mine!""#, COUNTER_LOCK).fetch_one(connection).await
}

/// For counting everything: it takes longer than any request is given.
pub(in crate::reports) async fn take_time(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("set local statement_timeout = '5min'").execute(&mut *connection).await?;
    Ok(())
}

/// As of when everything is counted, and by which holidays.
pub(in crate::reports) struct Counted {
    /// `None` before the first time.
    pub as_of: Option<DateTime<Utc>>,
    pub holidays: Vec<NaiveDate>,
}

pub(in crate::reports) async fn find_state(connection: &mut PgConnection) -> sqlx::Result<Counted> {
    sqlx::query_as!(Counted, "select as_of, holidays from report_state").fetch_one(connection).await
}

pub(in crate::reports) async fn write_state(
    connection: &mut PgConnection,
    as_of: DateTime<Utc>,
    holidays: &[NaiveDate],
) -> sqlx::Result<()> {
    sqlx::query!("update report_state set as_of = $1, holidays = $2", as_of, holidays).execute(connection).await?;
    Ok(())
}

/// Every holiday, earliest first.
pub(in crate::reports) async fn list_holidays(connection: &mut PgConnection) -> sqlx::Result<Vec<NaiveDate>> {
    sqlx::query_scalar!("select holiday from holidays order by holiday").fetch_all(connection).await
}

/// Takes at most `limit` exports from the list of those that have changed. An export may come twice.
pub(in crate::reports) async fn take_changed(connection: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<ExportId>> {
    sqlx::query_scalar!(
        r#"delete from report_changes
           where change_id in (select change_id from report_changes order by change_id limit $1)
           returning export_id as "export_id: ExportId""#,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Forgets everything that was counted, and what waits to be.
pub(in crate::reports) async fn forget_all(connection: &mut PgConnection) -> sqlx::Result<()> {
    for table in [
        sqlx::query!("delete from report_changes"),
        sqlx::query!("delete from report_exports"),
        sqlx::query!("delete from report_totals"),
        sqlx::query!("delete from report_turnaround"),
    ] {
        table.execute(&mut *connection).await?;
    }
    Ok(())
}

/// The next exports after `after`, by id.
pub(in crate::reports) async fn list_exports(
    connection: &mut PgConnection,
    after: ExportId,
    limit: i64,
) -> sqlx::Result<Vec<ExportId>> {
    sqlx::query_scalar!(
        r#"select export_id as "export_id: ExportId" from exports where export_id > $1 order by export_id limit $2"#,
        after as ExportId,
        limit
    )
    .fetch_all(connection)
    .await
}

/// Who is party to an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::reports) struct Parties {
    pub exporter: OrganizationId,
    pub bank: OrganizationId,
    pub carrier: OrganizationId,
}

/// An export that was counted: up to which version before and now, and for whom.
#[derive(Debug)]
pub(in crate::reports) struct Recount {
    pub export: ExportId,
    pub before: Option<(i32, Parties)>,
    pub version: i32,
    pub parties: Parties,
}

/// Counts these exports as they stand: one statement, so that what is read is of one moment.
pub(in crate::reports) async fn count(
    connection: &mut PgConnection,
    exports: &[ExportId],
) -> sqlx::Result<Vec<Recount>> {
    let ids: Vec<Uuid> = exports.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"with present as (
            select export_id, version, exporter_organization_id, bank_organization_id, shipping_organization_id, status, stage,
                   date_trunc('month', created_at at time zone 'UTC' + interval '3 hours')::date as requested_month,
                   date_trunc('month', on_board_date)::date as shipped_month,
                   origin_region, destination_country, currency, quantity as quantity_kg, estimated_value as value
            from exports where export_id = any ($1)),
        counted as (
            select * from report_exports where export_id = any ($1)),
        noted as (
            insert into report_exports as kept (export_id, version, exporter_organization_id, bank_organization_id,
                shipping_organization_id, status, stage, requested_month, shipped_month, origin_region,
                destination_country, currency, quantity_kg, value)
            select * from present
            on conflict (export_id) do update set version = excluded.version,
                exporter_organization_id = excluded.exporter_organization_id,
                bank_organization_id = excluded.bank_organization_id,
                shipping_organization_id = excluded.shipping_organization_id,
                status = excluded.status, stage = excluded.stage, requested_month = excluded.requested_month,
                shipped_month = excluded.shipped_month, origin_region = excluded.origin_region,
                destination_country = excluded.destination_country, currency = excluded.currency,
                quantity_kg = excluded.quantity_kg, value = excluded.value),
        changed as (
            select 1 as times, * from present union all select -1, * from counted),
        summed as (
            insert into report_totals as kept (viewer_id, basis, grain, month, member, status, stage, currency,
                export_count, quantity_kg, value)
            select view.id, span.basis, cell.grain, span.month, cell.member, c.status, c.stage, c.currency,
                   sum(c.times), sum(c.times * c.quantity_kg), sum(c.times * c.value)
            from changed c
            -- What is being prepared is the exporter's own.
            cross join lateral (values (c.exporter_organization_id, true),
                                       (c.bank_organization_id, c.stage <> 'PREPARATION'),
                                       (c.shipping_organization_id, c.stage <> 'PREPARATION'),
                                       ($2, c.stage <> 'PREPARATION')) as view (id, sees)
            cross join lateral (values ('EVER', null::date, true),
                                       ('REQUESTED', c.requested_month, true),
                                       ('SHIPPED', c.shipped_month, c.shipped_month is not null)) as span (basis, month, applies)
            cross join lateral (values ('ALL', ''), ('ORIGIN', c.origin_region), ('DESTINATION', c.destination_country::text),
                                       ('EXPORTER', c.exporter_organization_id::text)) as cell (grain, member)
            where view.sees and span.applies
            group by 1, 2, 3, 4, 5, 6, 7, 8
            having sum(c.times) <> 0 or sum(c.times * c.quantity_kg) <> 0 or sum(c.times * c.value) <> 0
            on conflict (viewer_id, basis, grain, month, member, status, stage, currency) do update set
                export_count = kept.export_count + excluded.export_count,
                quantity_kg = kept.quantity_kg + excluded.quantity_kg, value = kept.value + excluded.value)
        select p.export_id as "export!: ExportId", p.version as "version!",
               p.exporter_organization_id as "exporter!: OrganizationId", p.bank_organization_id as "bank!: OrganizationId",
               p.shipping_organization_id as "carrier!: OrganizationId",
               c.version as "before_version?", c.exporter_organization_id as "before_exporter?: OrganizationId",
               c.bank_organization_id as "before_bank?: OrganizationId",
               c.shipping_organization_id as "before_carrier?: OrganizationId"
        from present p
        left join counted c using (export_id)"#,
        &ids,
        EVERYBODY
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Recount {
            export: row.export,
            before: match (row.before_version, row.before_exporter, row.before_bank, row.before_carrier) {
                (Some(version), Some(exporter), Some(bank), Some(carrier)) => {
                    Some((version, Parties { exporter, bank, carrier }))
                }
                _ => None,
            },
            version: row.version,
            parties: Parties { exporter: row.exporter, bank: row.bank, carrier: row.carrier },
        })
        .collect())
}

/// Sweeps away what has become nothing.
pub(in crate::reports) async fn sweep(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from report_totals where export_count = 0").execute(&mut *connection).await?;
    sqlx::query!("delete from report_turnaround where decision_count = 0").execute(connection).await?;
    Ok(())
}

/// A decision, and since when the export had waited for it.
#[derive(Debug)]
pub(in crate::reports) struct Decision {
    pub export: ExportId,
    pub version: i32,
    pub status: ExportStatus,
    pub stage: Stage,
    pub organization: OrganizationId,
    pub entered: DateTime<Utc>,
    pub decided: DateTime<Utc>,
    /// When the proceeds of its export are due.
    pub due: Option<NaiveDate>,
}

/// The decisions on each of these exports after the first version given and up to the second. A decision is one of
/// `actions`.
pub(in crate::reports) async fn list_decisions(
    connection: &mut PgConnection,
    spans: &[(ExportId, i32, i32)],
    actions: &[String],
) -> sqlx::Result<Vec<Decision>> {
    let ids: Vec<Uuid> = spans.iter().map(|(id, _, _)| id.0).collect();
    let after: Vec<i32> = spans.iter().map(|(_, after, _)| *after).collect();
    let upto: Vec<i32> = spans.iter().map(|(_, _, upto)| *upto).collect();
    sqlx::query_as!(
        Decision,
        r#"select h.export_id as "export: ExportId", h.version, h.old_status as "status!: ExportStatus",
                  h.old_stage as "stage!: Stage", h.organization_id as "organization: OrganizationId",
                  entered.created_at as entered, h.created_at as decided, e.settlement_due_date as due
           from unnest($1::uuid[], $2::int[], $3::int[]) as span (export_id, after, upto)
           join export_status_history h
             on h.export_id = span.export_id and h.version > span.after and h.version <= span.upto
           join exports e on e.export_id = h.export_id
           -- The move that brought it there: what is noted in between, such as an extension, changes no stage.
           cross join lateral (
               select m.created_at from export_status_history m
               where m.export_id = h.export_id and m.version < h.version and m.new_stage = h.old_stage
                 and m.old_stage is distinct from m.new_stage
               order by m.version desc limit 1) entered
           where h.action = any ($4)"#,
        &ids,
        &after,
        &upto,
        actions
    )
    .fetch_all(connection)
    .await
}

/// In which column of the histogram a decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::reports) struct Place {
    pub viewer: Uuid,
    pub month: NaiveDate,
    pub stage: Stage,
    pub organization: OrganizationId,
    pub working_days: i32,
    pub is_late: bool,
}

/// Adds decisions to the histogram, or takes some away.
pub(in crate::reports) async fn add_decisions(
    connection: &mut PgConnection,
    changes: &BTreeMap<Place, i64>,
) -> sqlx::Result<()> {
    let of = |value: fn(&Place) -> Uuid| changes.keys().map(value).collect::<Vec<Uuid>>();
    let viewers = of(|place| place.viewer);
    let organizations = of(|place| place.organization.0);
    let months: Vec<NaiveDate> = changes.keys().map(|place| place.month).collect();
    let stages: Vec<String> = changes.keys().map(|place| place.stage.code().to_owned()).collect();
    let days: Vec<i32> = changes.keys().map(|place| place.working_days).collect();
    let late: Vec<bool> = changes.keys().map(|place| place.is_late).collect();
    let counts: Vec<i64> = changes.values().copied().collect();
    sqlx::query!(
        "insert into report_turnaround as kept (viewer_id, month, stage, organization_id, working_days, is_late,
             decision_count)
         select * from unnest($1::uuid[], $2::date[], $3::text[], $4::uuid[], $5::int[], $6::bool[], $7::bigint[])
         on conflict (viewer_id, month, stage, organization_id, working_days, is_late)
             do update set decision_count = kept.decision_count + excluded.decision_count",
        &viewers,
        &months,
        &stages,
        &organizations,
        &days,
        &late,
        &counts
    )
    .execute(connection)
    .await?;
    Ok(())
}
