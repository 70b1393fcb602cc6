//! What the registers hold beside the walk: the terms and the buyers of all contracts, and work for the desks.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::sourcing::buyers::name_key;

/// The history of contracts; a taster, a laboratory and a firm that have applied, a buyer whom nobody has verified, and
/// lots that wait for their inspection.
const WAITING: &str = include_str!("sql/registers.sql");

/// A buyer as contracts name it.
#[derive(sqlx::FromRow)]
struct NamedBuyer {
    name: String,
    country: String,
    address: Option<String>,
    email: Option<String>,
    since: DateTime<Utc>,
}

/// Writes the terms and the buyers of all contracts; with `waiting`, what waits at the desks as well.
///
/// # Errors
/// When the database refuses.
pub(super) async fn write(connection: &mut PgConnection, waiting: bool, now: DateTime<Utc>) -> sqlx::Result<()> {
    // Prices are agreed in US cents a pound, and the Incoterm at a place.
    sqlx::query(
        "update sales_contracts c
         set price_unit = case when is_in_cents then 'CENTS_LB' else c.price_unit end,
             price_quoted = case when is_in_cents then cents else round(c.price_per_kg, 4) end,
             named_place = (select p.name from ports p where p.port_code =
                 case when c.incoterms in ('CIF', 'CFR', 'CIP', 'CPT', 'DAP') then c.port_of_discharge else c.port_of_loading end)
         from (select contract_id, round(price_per_kg * 100 / 2.2046226218, 2) as cents,
                   round(round(price_per_kg * 100 / 2.2046226218, 2) * 2.2046226218 / 100, 6) = price_per_kg as is_in_cents
               from sales_contracts) q
         where q.contract_id = c.contract_id",
    )
    .execute(&mut *connection)
    .await?;
    let buyers: Vec<NamedBuyer> = sqlx::query_as(
        "select buyer_name as name, buyer_country as country, min(buyer_address) as address, min(buyer_email) as email,
             min(created_at) as since
         from sales_contracts where buyer_id is null group by 1, 2 order by 1, 2",
    )
    .fetch_all(&mut *connection)
    .await?;
    for NamedBuyer { name, country, address, email, since } in buyers {
        let id = Uuid::now_v7();
        sqlx::query(
            "with named as (
                 insert into buyers (buyer_id, name, name_key, country_code, address, email, named_by_organization_id,
                     named_by, status, version, created_at, updated_at)
                 select $1, $2, $3, $4, coalesce($5, 'Not told'), $6, f.organization_id, f.owner_id, 'VERIFIED', 2, $7,
                     $7 + interval '2 days'
                 from demo.firms f join sales_contracts c on c.exporter_id = f.exporter_id
                 where c.buyer_name = $2 and c.buyer_country = $4 order by c.created_at, c.contract_id limit 1
                 returning named_by_organization_id as organization_id, named_by as user_id)
             insert into review_history (history_id, subject, subject_id, owner_organization_id, version, from_state,
                 action, to_state, changed_by, organization_id, details, created_at)
             select gen_random_uuid(), 'BUYER', $1, n.organization_id, 1, '', 'name', 'PENDING', n.user_id,
                 n.organization_id, '{}'::jsonb, $7 from named n
             union all
             select gen_random_uuid(), 'BUYER', $1, n.organization_id, 2, 'PENDING', 'verify', 'VERIFIED', w.user_id,
                 w.organization_id, '{}', $7 + interval '2 days'
             from named n join demo.staff w on w.organization = 'ECTA' and w.person = 0",
        )
        .bind(id)
        .bind(&name)
        .bind(name_key(&name))
        .bind(&country)
        .bind(address)
        .bind(email)
        .bind(since)
        .execute(&mut *connection)
        .await?;
        sqlx::query("update sales_contracts set buyer_id = $1 where buyer_name = $2 and buyer_country = $3")
            .bind(id)
            .bind(&name)
            .bind(&country)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query(
        "insert into buyer_exporters (buyer_id, organization_id, since)
         select c.buyer_id, f.organization_id, min(c.created_at)
         from sales_contracts c join demo.firms f using (exporter_id) where c.buyer_id is not null group by 1, 2",
    )
    .execute(&mut *connection)
    .await?;
    if waiting {
        sqlx::query("select set_config('demo.buyer_key', $1, true), $2::timestamptz")
            .bind(name_key("Hafen Rösterei Altona GmbH"))
            .bind(now)
            .execute(&mut *connection)
            .await?;
        sqlx::raw_sql(WAITING).execute(connection).await?;
    }
    Ok(())
}
