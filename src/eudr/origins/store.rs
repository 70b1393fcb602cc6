//! The SQL of origins. Row-level security stands behind every viewer given here; what an export's parties see of its origin is
//! told by the gate, since a bank or a carrier sees no plot otherwise.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::dates::{CUT_OFF, LARGE, SMALL, Value};
use super::model::{Consignment, Origin, Share, Statement, StatementState, TracedLot};
use crate::auth::Actor;
use crate::eudr::model::By;
use crate::eudr::store::own_organization;
use crate::ids::{ExportId, LotId, OrganizationId, PlotId, PlotLinkId, StatementId, UserId};
use crate::sourcing::lots::{LotStatus, Source, Verification};

/// A lot that `viewer` may see.
pub(super) async fn find_lot(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: LotId,
) -> sqlx::Result<Option<TracedLot>> {
    sqlx::query_as!(
        TracedLot,
        r#"select l.lot_id as "id: LotId", l.ecx_lot_number as number, l.source as "source: Source",
                  o.organization_id as "owner!: OrganizationId", l.generation, l.quantity,
                  l.status as "status: LotStatus", l.verification as "verification: Verification"
           from coffee_lots l
           cross join lateral gate.lot_owner(l.purchased_by) o
           where l.lot_id = $1 and ($2::uuid is null or o.organization_id = $2)"#,
        id as LotId,
        own_organization(viewer) as Option<OrganizationId>,
    )
    .fetch_optional(connection)
    .await
}

/// Nobody else links plots to the lot, or ends its links, until the transaction ends. As the system: an owner does not write
/// a lot's row.
pub(super) async fn lock_lot(connection: &mut PgConnection, id: LotId) -> sqlx::Result<()> {
    sqlx::query!("select lot_id from coffee_lots where lot_id = $1 for update", id as LotId)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// Where the coffee of a lot that the viewer has found grew, as it was linked at `moment`.
pub(super) async fn list_origins_of_lot(
    connection: &mut PgConnection,
    id: LotId,
    moment: DateTime<Utc>,
    with_geometry: bool,
) -> sqlx::Result<Vec<Origin>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select l.lot_id as "lot_id!: LotId", l.ecx_lot_number as "lot_number!", l.source as "lot_source!: Source",
                  l.quantity as "lot_kg!", o.link_id as "link_id?: PlotLinkId", p.plot_id as "plot_id?: PlotId",
                  p.plot_number as "plot_number?", o.kg, p.cutoff_stated_at is not null as is_stated,
                  p.producer_name as "producer_name?", p.producer_country::text as "producer_country?",
                  p.production_place as "production_place?", p.area_ha as "area_ha?", case when $3 then p.geometry end as geometry
           from app.origin_of(array[$1::uuid], $2) o
           join coffee_lots l on l.lot_id = o.lot_id
           left join plots p on p.plot_id = o.plot_id
           order by l.ecx_lot_number, p.plot_number"#,
        id as LotId,
        moment,
        with_geometry,
    )
    .fetch_all(connection)
    .await?;
    Ok(gathered(rows))
}

/// Where the coffee of an export grew, as it was linked at `moment`; nothing of an export that the viewer does not see.
pub(super) async fn list_origins_of_export(
    connection: &mut PgConnection,
    id: ExportId,
    moment: DateTime<Utc>,
    with_geometry: bool,
) -> sqlx::Result<Vec<Origin>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select lot_id as "lot_id!: LotId", lot_number as "lot_number!", lot_source as "lot_source!: Source",
                  lot_kg as "lot_kg!", null::uuid as "link_id?: PlotLinkId", plot_id as "plot_id?: PlotId",
                  plot_number, kg, is_stated, producer_name, producer_country, production_place, area_ha, geometry
           from gate.origin_of_export($1, $2, $3)"#,
        id as ExportId,
        moment,
        with_geometry,
    )
    .fetch_all(connection)
    .await?;
    Ok(gathered(rows))
}

/// A lot with one of its plots, or with none.
struct Row {
    lot_id: LotId,
    lot_number: String,
    lot_source: Source,
    lot_kg: Decimal,
    link_id: Option<PlotLinkId>,
    plot_id: Option<PlotId>,
    plot_number: Option<String>,
    kg: Option<Decimal>,
    is_stated: Option<bool>,
    producer_name: Option<String>,
    producer_country: Option<String>,
    production_place: Option<String>,
    area_ha: Option<Decimal>,
    geometry: Option<String>,
}

/// The rows, which come in the order of their lots, by lot.
fn gathered(rows: Vec<Row>) -> Vec<Origin> {
    let mut origins: Vec<Origin> = Vec::new();
    for row in rows {
        if origins.last().is_none_or(|origin| origin.lot != row.lot_id) {
            origins.push(Origin {
                lot: row.lot_id,
                number: row.lot_number,
                source: row.lot_source,
                quantity: row.lot_kg,
                shares: Vec::new(),
            });
        }
        if let (Some(plot), Some(origin)) = (row.plot_id, origins.last_mut()) {
            origin.shares.push(Share {
                plot,
                number: row.plot_number.unwrap_or_default(),
                kg: row.kg,
                is_stated: row.is_stated.unwrap_or_default(),
                producer_name: row.producer_name.unwrap_or_default(),
                producer_country: row.producer_country.unwrap_or_default(),
                production_place: row.production_place.unwrap_or_default(),
                area: row.area_ha.unwrap_or_default(),
                geometry: row.geometry.unwrap_or_default(),
                link: row.link_id,
            });
        }
    }
    origins
}

/// The viewer's own plots in force with these numbers: id, and whether the plot is in use.
pub(super) async fn list_plots(
    connection: &mut PgConnection,
    viewer: &Actor,
    numbers: &[String],
) -> sqlx::Result<BTreeMap<String, (PlotId, bool)>> {
    let rows = sqlx::query!(
        r#"select plot_id as "plot_id: PlotId", plot_number, status = 'ACTIVE' as "is_used!" from plots
           where organization_id = $1 and superseded_by is null and plot_number = any($2)"#,
        viewer.organization.id as OrganizationId,
        numbers,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.plot_number, (row.plot_id, row.is_used))).collect())
}

/// A plot to be linked: its id, its number, and how much came from there.
pub(super) type NewLink<'a> = (PlotId, &'a str, Option<Decimal>);

/// Links plots of the viewer's to a lot, in one statement.
pub(super) async fn insert_links(
    connection: &mut PgConnection,
    lot: LotId,
    links: &[NewLink<'_>],
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<uuid::Uuid> = links.iter().map(|_| PlotLinkId::new().0).collect();
    let plots: Vec<uuid::Uuid> = links.iter().map(|(plot, ..)| plot.0).collect();
    let numbers: Vec<&str> = links.iter().map(|(_, number, _)| *number).collect();
    let weights: Vec<Option<Decimal>> = links.iter().map(|(.., kg)| *kg).collect();
    sqlx::query!(
        "insert into lot_plots (link_id, lot_id, plot_id, organization_id, plot_number, kg, linked_by, linked_at)
         select given.id, $1, given.plot, $2, given.number, given.kg, $3, $4
         from unnest($5::uuid[], $6::uuid[], $7::text[], $8::numeric[]) as given (id, plot, number, kg)",
        lot as LotId,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now,
        &ids,
        &plots,
        &numbers as &[&str],
        &weights as &[Option<Decimal>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The number of a link's plot, and by whom the link was ended, if it was; `None` where the lot has no such link.
pub(super) async fn find_link(
    connection: &mut PgConnection,
    lot: LotId,
    link: PlotLinkId,
) -> sqlx::Result<Option<(String, Option<By>)>> {
    let row = sqlx::query!(
        "select plot_number, gate.person_name(unlinked_by) as by_name, unlinked_at from lot_plots
         where lot_id = $1 and link_id = $2",
        lot as LotId,
        link as PlotLinkId,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let ended = row.unlinked_at.map(|at| By { name: row.by_name.unwrap_or_default(), at });
        (row.plot_number, ended)
    }))
}

/// Ends a link; false when another was quicker.
pub(super) async fn end_link(
    connection: &mut PgConnection,
    link: PlotLinkId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update lot_plots set unlinked_by = $2, unlinked_at = $3 where link_id = $1 and unlinked_at is null",
        link as PlotLinkId,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// A link that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedLink {
    /// The plot's number.
    pub number: String,
    /// Who ended it, and when.
    pub by: By,
}

/// The links of a lot that were ended last.
pub(super) async fn list_ended(connection: &mut PgConnection, lot: LotId, limit: i64) -> sqlx::Result<Vec<EndedLink>> {
    let rows = sqlx::query!(
        r#"select plot_number, gate.person_name(unlinked_by) as by_name, unlinked_at as "unlinked_at!" from lot_plots
           where lot_id = $1 and unlinked_at is not null
           order by unlinked_at desc, link_id desc limit $2"#,
        lot as LotId,
        limit,
    )
    .fetch_all(connection)
    .await?;
    let ended = |number, name: Option<String>, at| EndedLink { number, by: By { name: name.unwrap_or_default(), at } };
    Ok(rows.into_iter().map(|row| ended(row.plot_number, row.by_name, row.unlinked_at)).collect())
}

/// An export as the regulation sees it, if `viewer` may see it. It goes by the origin of its first submission: coming back and
/// being resubmitted changes no file upon which a buyer may have made a statement. Whether the destination is in the Union
/// is what the checklist goes by as well.
pub(super) async fn find_consignment(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: ExportId,
) -> sqlx::Result<Option<Consignment>> {
    sqlx::query_as!(
        Consignment,
        r#"select e.export_id as "id: ExportId", e.export_number as number,
                  e.exporter_organization_id as "owner: OrganizationId", e.exporter_name, e.buyer_name, e.buyer_country,
                  e.destination_country as destination,
                  coalesce((select c.is_eu from countries c where c.country_code = e.destination_country), false) as "is_eu!",
                  (select p.country_code from ports p where p.port_code = e.port_of_discharge) as "border_country!",
                  e.coffee_type, e.processing_method, e.quantity, e.stage <> 'CLOSED' as "is_open!",
                  e.status = 'CANCELLED' as "is_cancelled!", coalesce(e.arrival_date, e.departure_date) as arrives_on,
                  greatest((select min(h.created_at) from export_status_history h
                            where h.export_id = e.export_id and h.action = 'submit'),
                           (select max(o.taken_at) from export_origins o where o.export_id = e.export_id)) as origin_at
           from exports e
           where e.export_id = $1
             and ($3 or app.is_party($2, e.exporter_organization_id, e.bank_organization_id, e.shipping_organization_id, e.stage))"#,
        id as ExportId,
        viewer.organization.id as OrganizationId,
        viewer.organization.kind.sees_every_export(),
    )
    .fetch_optional(connection)
    .await
}

/// What the buyer of an export has told of the statement, newest first.
pub(super) async fn list_statements(connection: &mut PgConnection, id: ExportId) -> sqlx::Result<Vec<Statement>> {
    let rows = sqlx::query!(
        r#"select statement_id as "id: StatementId", reference_number, verification_number,
                  told_state as "told_state: StatementState", told_on, gate.person_name(recorded_by) as by_name, recorded_at
           from due_diligence_statements where export_id = $1
           order by superseded_by is null desc, recorded_at desc, statement_id desc"#,
        id as ExportId,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Statement {
            id: row.id,
            reference: row.reference_number,
            verification: row.verification_number,
            told: row.told_state.zip(row.told_on),
            by: By { name: row.by_name.unwrap_or_default(), at: row.recorded_at },
        })
        .collect())
}

/// What the Union asks of whom, in the order of the days.
pub(super) async fn list_demand(connection: &mut PgConnection) -> sqlx::Result<Vec<Value>> {
    sqlx::query_as!(
        Value,
        "select key, value, valid_from, is_assumption from parameters where key in ($1, $2, $3) order by valid_from",
        LARGE,
        SMALL,
        CUT_OFF,
    )
    .fetch_all(connection)
    .await
}

/// Has an export go by the origin of now.
pub(super) async fn insert_origin(
    connection: &mut PgConnection,
    export: ExportId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into export_origins (origin_id, export_id, organization_id, taken_by, taken_at)
         values ($1, $2, $3, $4, $5)",
        uuid::Uuid::now_v7(),
        export as ExportId,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts a statement in the place of the one before; false when another was quicker.
pub(super) async fn insert_statement(
    connection: &mut PgConnection,
    export: ExportId,
    before: Option<StatementId>,
    new: &Statement,
    actor: &Actor,
) -> sqlx::Result<bool> {
    if let Some(before) = before {
        let changed = sqlx::query!(
            "update due_diligence_statements set superseded_by = $2 where statement_id = $1 and superseded_by is null",
            before as StatementId,
            new.id as StatementId,
        )
        .execute(&mut *connection)
        .await?;
        if changed.rows_affected() == 0 {
            return Ok(false);
        }
    }
    let inserted = sqlx::query!(
        "insert into due_diligence_statements (statement_id, export_id, organization_id, reference_number,
             verification_number, told_state, told_on, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (export_id) where superseded_by is null do nothing",
        new.id as StatementId,
        export as ExportId,
        actor.organization.id as OrganizationId,
        new.reference,
        new.verification,
        new.told.map(|(state, _)| state.code()),
        new.told.map(|(_, day)| day),
        actor.user_id as UserId,
        new.by.at,
    )
    .execute(connection)
    .await?;
    Ok(inserted.rows_affected() == 1)
}
