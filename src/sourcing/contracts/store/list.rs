//! The SQL of the list of contracts.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::auth::{Actor, OrganizationKind};

/// Which part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sourcing::contracts) enum Part {
    Registered,
    Approved,
    Expiring,
    Returned,
    Ended,
    All,
}

impl Part {
    pub const ALL: &'static [Self] =
        &[Self::Registered, Self::Approved, Self::Expiring, Self::Returned, Self::Ended, Self::All];

    /// How it stands in an address and in the ids of its texts.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Approved => "approved",
            Self::Expiring => "expiring",
            Self::Returned => "returned",
            Self::Ended => "ended",
            Self::All => "all",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|part| part.slug() == slug)
    }

    /// Whether the oldest come first: what waits is taken in the order in which it came.
    pub const fn is_oldest_first(self) -> bool {
        matches!(self, Self::Registered)
    }
}

/// What the list is narrowed by.
#[derive(Debug, Clone)]
pub(in crate::sourcing::contracts) struct Filter<'a> {
    pub part: Part,
    /// A number, or a part of the buyer's name.
    pub search: Option<&'a str>,
    pub coffee_type: Option<&'a str>,
    pub country: Option<&'a str>,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub today: NaiveDate,
    /// The last day that counts as near.
    pub soon: NaiveDate,
}

/// A contract of the list.
#[derive(Debug, Clone, FromRow)]
pub(in crate::sourcing::contracts) struct Line {
    pub contract_id: Uuid,
    pub contract_number: String,
    pub status: String,
    pub exporter_name: String,
    pub buyer_name: String,
    pub buyer_country: String,
    pub coffee_type: String,
    pub grade: String,
    pub quantity: Decimal,
    pub reserved_kg: Decimal,
    pub currency: String,
    pub price_per_kg: Decimal,
    pub contract_value: Decimal,
    pub shipment_deadline: Option<NaiveDate>,
    pub registered_late: bool,
    pub minimum_overridden: bool,
    pub amendment: i32,
    pub updated_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// A page of the contracts that `viewer` may see.
pub(in crate::sourcing::contracts) async fn list_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    filter: &Filter<'_>,
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    let mut query: QueryBuilder<Postgres> = QueryBuilder::new(
        "select c.contract_id, c.contract_number, c.status, p.business_name as exporter_name, c.buyer_name,
                c.buyer_country::text as buyer_country, c.coffee_type, c.grade, c.quantity, c.reserved_kg,
                c.currency::text as currency, c.price_per_kg, c.contract_value, c.shipment_deadline, c.registered_late,
                c.minimum_overridden, c.amendment, c.updated_at, c.created_at
         from sales_contracts c
         join exporter_profiles p on p.exporter_id = c.exporter_id
         where true",
    );
    match viewer.organization.kind {
        OrganizationKind::Exporter => {
            query.push(" and p.organization_id = ").push_bind(viewer.organization.id.0);
        }
        // Only those of its own exports: found by their index, and not one by one by the policy.
        OrganizationKind::CommercialBank => {
            query
                .push(" and c.contract_id in (select e.contract_id from exports e where e.bank_organization_id = ")
                .push_bind(viewer.organization.id.0)
                .push(")");
        }
        OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Ecx
        | OrganizationKind::ShippingLine
        | OrganizationKind::Customs
        | OrganizationKind::Auditor
        | OrganizationKind::Administration => {}
    }
    push_part(&mut query, filter);
    if let Some(search) = filter.search {
        let number = search.to_uppercase();
        query.push(" and (c.contract_number >= ").push_bind(number.clone());
        query.push(" and c.contract_number < ").push_bind(number).push(" || chr(1114111)");
        query.push(" or position(").push_bind(search.to_lowercase()).push(" in lower(c.buyer_name)) > 0)");
    }
    if let Some(coffee) = filter.coffee_type {
        query.push(" and c.coffee_type = ").push_bind(coffee.to_owned());
    }
    if let Some(country) = filter.country {
        query.push(" and c.buyer_country = ").push_bind(country.to_owned());
    }
    let (sign, order) = if filter.part.is_oldest_first() { (">", "asc") } else { ("<", "desc") };
    if let Some((at, id)) = filter.after {
        query.push(format!(" and (c.created_at, c.contract_id) {sign} (")).push_bind(at);
        query.push(", ").push_bind(id).push(")");
    }
    query.push(format!(" order by c.created_at {order}, c.contract_id {order} limit ")).push_bind(limit);
    query.build_query_as().fetch_all(connection).await
}

/// The states of a part; an approved contract counts by its date.
fn push_part(query: &mut QueryBuilder<Postgres>, filter: &Filter<'_>) {
    match filter.part {
        Part::Registered => {
            query.push(" and c.status = 'REGISTERED'");
        }
        Part::Approved => {
            query.push(" and c.status = 'APPROVED' and coalesce(c.shipment_deadline, 'infinity') >= ");
            query.push_bind(filter.today);
        }
        Part::Expiring => {
            query.push(" and c.status = 'APPROVED' and c.shipment_deadline between ").push_bind(filter.today);
            query.push(" and ").push_bind(filter.soon);
        }
        Part::Returned => {
            query.push(" and c.status in ('RETURNED', 'REJECTED')");
        }
        Part::Ended => {
            query
                .push(" and (c.status in ('EXPIRED', 'CANCELLED') or c.status = 'APPROVED' and c.shipment_deadline < ");
            query.push_bind(filter.today).push(")");
        }
        Part::All => {}
    }
}

/// How many contracts wait for the authority, as far as `viewer` sees them.
pub(in crate::sourcing::contracts) async fn count_waiting(
    connection: &mut PgConnection,
    viewer: &Actor,
) -> sqlx::Result<i64> {
    let own = (viewer.organization.kind == OrganizationKind::Exporter).then_some(viewer.organization.id.0);
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from sales_contracts c
           where c.status = 'REGISTERED'
             and ($1::uuid is null
                  or c.exporter_id in (select p.exporter_id from exporter_profiles p where p.organization_id = $1))"#,
        own
    )
    .fetch_one(connection)
    .await
}
