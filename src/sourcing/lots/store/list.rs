//! Lists of lots: all that somebody may see, newest first, and what waits for a desk, oldest first.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};

use super::own_of;
use crate::auth::{Actor, OrganizationKind};
use crate::codes::coded_enum;
use crate::ids::{LotId, OrganizationId};
use crate::sourcing::lots::model::{LotStatus, Processing, Source, Verification};

coded_enum! {
    /// Which part of the lots is listed.
    Tab {
        /// What waits for the viewer's desk, oldest first.
        Pending = "pending",
        /// What its desk has verified, latest first.
        Verified = "verified",
        /// What its desk has rejected or sent back, latest first.
        Rejected = "rejected",
        /// Every lot that the viewer may see, newest first.
        All = "all",
    }
}

/// What the list is narrowed by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The beginning of the lot's number, in capitals.
    pub number: Option<String>,
    /// Where the coffee is.
    pub status: Option<LotStatus>,
    /// Whether it is verified.
    pub verification: Option<Verification>,
    /// Coffee type.
    pub coffee_type: Option<String>,
    /// How its owner came by it.
    pub source: Option<Source>,
    /// A part of the owner's name.
    pub owner: Option<String>,
}

/// The place in a list: the time by which it is ordered, and the lot.
pub(in crate::sourcing::lots) type Place = (DateTime<Utc>, LotId);

/// A lot as the list shows it.
#[derive(Debug, Clone, FromRow)]
pub struct LotLine {
    /// Its id.
    pub lot_id: LotId,
    /// Its number.
    pub number: String,
    /// How its owner came by it.
    pub source: Source,
    /// The warehouse's receipt.
    pub receipt: String,
    /// The last day of the receipt.
    pub receipt_expires_on: Option<NaiveDate>,
    /// Where the warehouse stands.
    pub warehouse: String,
    /// Designation of origin.
    pub coffee_type: String,
    /// Processing.
    pub processing: Processing,
    /// Region.
    pub origin_region: String,
    /// The grade found, or that of the receipt.
    pub grade: Option<String>,
    /// Kilograms.
    pub quantity: Decimal,
    /// Taken by exports, in kilograms.
    pub reserved_kg: Decimal,
    /// Other lots' now, in kilograms.
    pub passed_on_kg: Decimal,
    /// Left, in kilograms.
    pub free_kg: Decimal,
    /// Where the coffee is.
    pub status: LotStatus,
    /// Whether it is verified.
    pub verification: Verification,
    /// Since when.
    pub verification_since: DateTime<Utc>,
    /// Whose it is.
    pub owner: String,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
}

/// The lots of the desk at which `viewer` sits, as a condition; the partial indexes have the same words.
const fn of_desk(viewer: &Actor) -> &'static str {
    match viewer.organization.kind {
        OrganizationKind::Ecx => " and l.source = 'ECX'",
        OrganizationKind::Ecta => " and l.source <> 'ECX'",
        _ => "",
    }
}

/// A page of the lots that `viewer` may see; at most `limit`, beginning after `after`.
pub(in crate::sourcing::lots) async fn list_lots(
    connection: &mut PgConnection,
    viewer: &Actor,
    tab: Tab,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> sqlx::Result<Vec<LotLine>> {
    // Only the conditions in use, so that one plan fits each text. The page is cut first: a lot's owner and inspection are
    // looked up for what is shown alone.
    let mut query = QueryBuilder::<Postgres>::new(
        "select l.lot_id, l.ecx_lot_number as number, l.source, l.warehouse_receipt_number as receipt, l.receipt_expires_on,
                l.warehouse_location as warehouse, l.coffee_type, l.processing_method as processing, l.origin_region,
                coalesce(i.final_grade, l.preliminary_grade) as grade, l.quantity, l.reserved_kg,
                l.passed_on_kg, l.free_kg, l.status, l.verification, l.verification_since,
                p.business_name as owner, l.created_at
         from (select * from coffee_lots l where true",
    );
    if let Some(own) = own_of(viewer) {
        query
            .push(" and l.purchased_by = (select exporter_id from exporter_profiles where organization_id = ")
            .push_bind(own as OrganizationId)
            .push(")");
    }
    match tab {
        Tab::Pending => drop(query.push(" and l.verification = 'PENDING'").push(of_desk(viewer))),
        Tab::Verified => drop(query.push(" and l.verification = 'VERIFIED'").push(of_desk(viewer))),
        Tab::Rejected => drop(query.push(" and l.verification in ('REJECTED', 'RETURNED')").push(of_desk(viewer))),
        Tab::All => {}
    }
    push_filter(&mut query, filter);
    let (time, comparison, direction) = match tab {
        Tab::Pending => ("verification_since", ">", "asc"),
        Tab::Verified | Tab::Rejected => ("verification_since", "<", "desc"),
        Tab::All => ("created_at", "<", "desc"),
    };
    if let Some((at, id)) = after {
        query.push(format_args!(" and (l.{time}, l.lot_id) {comparison} (")).push_bind(at).push(", ").push_bind(id);
        query.push(")");
    }
    query.push(format_args!(" order by l.{time} {direction}, l.lot_id {direction} limit ")).push_bind(limit);
    query.push(format_args!(
        ") l
         cross join lateral gate.lot_owner(l.purchased_by) p
         left join quality_inspections i on i.inspection_id = l.inspection_id
         order by l.{time} {direction}, l.lot_id {direction}"
    ));
    query.build_query_as().fetch_all(connection).await
}

fn push_filter(query: &mut QueryBuilder<Postgres>, filter: &Filter) {
    if let Some(number) = &filter.number {
        // A range rather than LIKE: text comparison is leakproof, so that the index may serve under a policy.
        query.push(" and l.ecx_lot_number >= ").push_bind(number.clone());
        query.push(" and l.ecx_lot_number < ").push_bind(format!("{number}\u{10FFFF}"));
    }
    if let Some(status) = filter.status {
        query.push(" and l.status = ").push_bind(status.code());
    }
    if let Some(verification) = filter.verification {
        query.push(" and l.verification = ").push_bind(verification.code());
    }
    if let Some(coffee_type) = &filter.coffee_type {
        query.push(" and l.coffee_type = ").push_bind(coffee_type.clone());
    }
    if let Some(source) = filter.source {
        query.push(" and l.source = ").push_bind(source.code());
    }
    if let Some(owner) = &filter.owner {
        query.push(" and l.purchased_by in (select gate.lot_owners_named(").push_bind(owner.clone()).push("))");
    }
}

/// The viewer's own lots of which others can be made, by number.
pub(in crate::sourcing::lots) async fn list_usable(
    connection: &mut PgConnection,
    viewer: &Actor,
    limit: i64,
) -> sqlx::Result<Vec<LotLine>> {
    let mut query = QueryBuilder::<Postgres>::new(
        "select l.lot_id, l.ecx_lot_number as number, l.source, l.warehouse_receipt_number as receipt, l.receipt_expires_on,
                l.warehouse_location as warehouse, l.coffee_type, l.processing_method as processing, l.origin_region,
                coalesce(i.final_grade, l.preliminary_grade) as grade, l.quantity, l.reserved_kg, l.passed_on_kg, l.free_kg,
                l.status, l.verification, l.verification_since, '' as owner, l.created_at
         from coffee_lots l
         left join quality_inspections i on i.inspection_id = l.inspection_id
         where l.purchased_by = (select exporter_id from exporter_profiles where organization_id = ",
    );
    query.push_bind(viewer.organization.id as OrganizationId);
    query.push(") and l.verification = 'VERIFIED' and l.free_kg > 0 order by l.ecx_lot_number limit ").push_bind(limit);
    query.build_query_as().fetch_all(connection).await
}

/// How many lots wait for the viewer's desk, counted up to `most`.
pub(in crate::sourcing::lots) async fn count_waiting(
    connection: &mut PgConnection,
    viewer: &Actor,
    most: i64,
) -> sqlx::Result<i64> {
    let mut query = QueryBuilder::<Postgres>::new(
        "select count(*) from (select from coffee_lots l where l.verification = 'PENDING'",
    );
    query.push(of_desk(viewer)).push(" limit ").push_bind(most).push(") as waiting");
    query.build_query_scalar().fetch_one(connection).await
}
