//! Making lots from lots, as the system: the parents' balances are not the owner's to write. And walking the genealogy.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::ids::{InspectionId, LotId, OrganizationId, UserId};
use crate::sourcing::lots::descent::Made;
use crate::sourcing::lots::genealogy::Edge;

/// A lot about to be made, with what its owner says of it beyond its parents.
pub(in crate::sourcing::lots) struct NewMade<'a> {
    pub id: LotId,
    pub number: &'a str,
    pub made: &'a Made,
    /// The parent that gives most: its receipt and its warehouse are the new lot's.
    pub main: LotId,
    /// Another warehouse, where the coffee was put together.
    pub warehouse: Option<&'a str>,
    pub purchase_total: Option<Decimal>,
}

/// Takes what is passed on from a lot; which balance refused is told by the constraint's name.
pub(in crate::sourcing::lots) async fn pass_on(
    connection: &mut PgConnection,
    lot: LotId,
    kg: Decimal,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update coffee_lots
         set passed_on_kg = passed_on_kg + $2, version = version + 1, updated_at = $3,
             status = case when exported_kg > 0 and exported_kg + passed_on_kg + $2 = quantity then 'EXPORTED' else status end
         where lot_id = $1",
        lot as LotId,
        kg,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a lot and its parents. It is verified as the last of them was.
pub(in crate::sourcing::lots) async fn insert_made(
    connection: &mut PgConnection,
    new: &NewMade<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let made = new.made;
    let parents: Vec<Uuid> = made.parents.iter().map(|(id, ..)| id.0).collect();
    let generations: Vec<i16> = made.parents.iter().map(|(_, generation, _)| *generation).collect();
    let shares: Vec<Decimal> = made.parents.iter().map(|(.., kg)| *kg).collect();
    sqlx::query!(
        "insert into coffee_lots (lot_id, ecx_lot_number, generation, derivation, source, warehouse_receipt_number, receipt_date,
             receipt_expires_on, warehouse_location, warehouse_name, coffee_type, origin_region, processing_method, crop_year,
             quantity, bags, preliminary_grade, coffee_contract_symbol, purchase_date, purchased_by, purchase_price,
             purchase_total, submitted_by, verification, verification_since, ecx_verified_by, ecx_verified_at, inspection_id,
             status, created_at, updated_at)
         select $1, $2, $3, $4, $5, m.warehouse_receipt_number, case when $4 = 'SPLIT' then m.receipt_date end, $6,
             coalesce($7, m.warehouse_location), case when $7::text is null then m.warehouse_name end, $8, $9, $10, $11, $12,
             $13, $14, case when $4 <> 'BLEND' then m.coffee_contract_symbol end, $15, m.purchased_by, $16, $17, $18,
             'VERIFIED', $19, v.ecx_verified_by, v.ecx_verified_at, $20, $21, $19, $19
         from coffee_lots m
         cross join (select ecx_verified_by, ecx_verified_at from coffee_lots where lot_id = any($22)
                     order by ecx_verified_at desc limit 1) v
         where m.lot_id = $23",
        new.id as LotId,
        new.number,
        made.generation,
        made.derivation.code(),
        made.source.code(),
        made.receipt_expires_on,
        new.warehouse,
        made.coffee_type,
        made.origin_region,
        made.processing.code(),
        made.crop_year,
        made.quantity,
        made.bags,
        made.preliminary_grade,
        made.purchase_date,
        made.purchase_price,
        new.purchase_total,
        actor.user_id as UserId,
        now,
        made.inspection as Option<InspectionId>,
        made.status.code(),
        &parents,
        new.main as LotId,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into lot_parents (child_id, child_generation, parent_id, parent_generation, owner_organization_id, quantity_kg)
         select $1, $2, parent, generation, $3, share
         from unnest($4::uuid[], $5::smallint[], $6::numeric[]) as given (parent, generation, share)",
        new.id as LotId,
        made.generation,
        actor.organization.id as OrganizationId,
        &parents,
        &generations,
        &shares,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The genealogy of a lot that the viewer has found, in both directions: each link once for each step at which it lies.
/// Lots that the viewer may not see have no name. Bounded in depth by the lots' generations, and in number here.
pub(in crate::sourcing::lots) async fn list_edges(connection: &mut PgConnection, id: LotId) -> sqlx::Result<Vec<Edge>> {
    sqlx::query_as!(
        Edge,
        r#"with recursive up as (
               select p.child_id, p.parent_id, p.quantity_kg, 1 as depth from lot_parents p where p.child_id = $1
               union
               select p.child_id, p.parent_id, p.quantity_kg, up.depth + 1
               from up join lot_parents p on p.child_id = up.parent_id where up.depth < 20),
           down as (
               select p.child_id, p.parent_id, p.quantity_kg, 1 as depth from lot_parents p where p.parent_id = $1
               union
               select p.child_id, p.parent_id, p.quantity_kg, down.depth + 1
               from down join lot_parents p on p.parent_id = down.child_id where down.depth < 20)
           select e.is_up as "is_up!", e.depth as "depth!", e.child_id as "child: LotId", e.parent_id as "parent: LotId",
                  e.quantity_kg as "kg!", l.ecx_lot_number as "number?", l.coffee_type as "coffee_type?",
                  l.derivation as "derivation?"
           from (select true as is_up, * from up union all select false, * from down) e
           left join coffee_lots l on l.lot_id = case when e.is_up then e.parent_id else e.child_id end
           order by e.is_up desc, e.depth, l.ecx_lot_number
           limit 500"#,
        id as LotId
    )
    .fetch_all(connection)
    .await
}
