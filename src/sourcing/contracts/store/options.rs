//! The SQL of what the form of a contract offers.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::ids::BuyerId;
use crate::sourcing::contracts::form::{BuyerChoice, Named, Options};
use crate::sourcing::contracts::model::BuyerTerms;

/// Everything to choose from on `today`; what the licence covers is the applicant's.
pub(in crate::sourcing::contracts) async fn read(
    connection: &mut PgConnection,
    today: NaiveDate,
) -> sqlx::Result<Options> {
    let buyers = sqlx::query!(
        r#"select buyer_id as "buyer_id: BuyerId", name, country_code, address, email, phone, status
           from buyers order by name, buyer_id limit 500"#
    )
    .fetch_all(&mut *connection)
    .await?
    .into_iter()
    .map(|row| BuyerChoice {
        terms: BuyerTerms {
            id: Some(row.buyer_id),
            name: row.name,
            country: row.country_code,
            address: Some(row.address),
            email: row.email,
            phone: row.phone,
        },
        status: row.status,
    })
    .collect();
    let rows = sqlx::query!(
        r#"select list as "list!", code as "code!", name as "name!", name_am as "name_am!", sea_only as "sea_only!"
           from (
               select 'COFFEE' as list, coffee_type as code, coffee_type as name, name_am, false as sea_only
               from coffee_types where valid_from <= $1 and (valid_to is null or valid_to >= $1)
               union all
               select 'REGION', region, region, name_am, false
               from regions where valid_from <= $1 and (valid_to is null or valid_to >= $1)
               union all
               select 'CURRENCY', currency::text, name, name, false from currencies where currency <> 'ETB'
               union all
               select 'INCOTERM', incoterm::text, name, name, sea_only
               from incoterms where valid_from <= $1 and (valid_to is null or valid_to >= $1)
               union all
               select 'PAYMENT', payment_method, name, name_am, false from payment_methods
               union all
               select 'PORT', port_code::text, name, name, false
               from ports where valid_from <= $1 and (valid_to is null or valid_to >= $1)
               union all
               select 'DOCUMENT', t.document_type, t.name, t.name_am, false
               from document_types t
               where exists (select from document_requirements r
                             where r.document_type = t.document_type and r.condition = 'REQUESTED'
                               and r.valid_from <= $1 and (r.valid_to is null or r.valid_to >= $1))) lists
           order by list, name, code"#,
        today
    )
    .fetch_all(connection)
    .await?;
    let mut options = Options { buyers, ..Options::default() };
    for row in rows {
        let named = Named { code: row.code, name: row.name, name_am: row.name_am, sea_only: row.sea_only };
        match row.list.as_str() {
            "COFFEE" => options.coffees.push(named),
            "REGION" => options.regions.push(named),
            "CURRENCY" => options.currencies.push(named),
            "INCOTERM" => options.incoterms.push(named),
            "PAYMENT" => options.payments.push(named),
            "PORT" => options.ports.push(named),
            _ => options.documents.push(named),
        }
    }
    Ok(options)
}
