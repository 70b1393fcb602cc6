//! The SQL of the code lists.

use chrono::NaiveDate;
use sqlx::PgConnection;

use crate::reference::lists::{CodeList, Particulars};
use crate::reference::model::Entry;

/// The entries of a list by their names; one of them where its code is given.
pub(in crate::reference) async fn list_entries(
    connection: &mut PgConnection,
    list: CodeList,
    code: Option<&str>,
) -> sqlx::Result<Vec<Entry>> {
    sqlx::query_as!(
        Entry,
        r#"select code as "code!", name as "name!", name_am as "name_am!", particulars as "particulars!",
                  valid_from as "valid_from!", valid_to
           from code_list_entries
           where list = $1 and ($2::text is null or code = $2)
           order by name, code"#,
        list.subject().code(),
        code,
    )
    .fetch_all(connection)
    .await
}

/// Writes an entry: a new one, or in the place of that with the same code.
pub(in crate::reference) async fn upsert_entry(
    connection: &mut PgConnection,
    code: &str,
    (name, name_am): (&str, &str),
    particulars: &Particulars,
    (valid_from, valid_to): (NaiveDate, Option<NaiveDate>),
) -> sqlx::Result<()> {
    match particulars {
        Particulars::Country { ico_code, is_eu } => {
            sqlx::query!(
                "insert into countries (country_code, name, name_am, ico_code, is_eu, valid_from, valid_to)
                 values ($1, $2, $3, $4, $5, $6, $7)
                 on conflict (country_code) do update set name = excluded.name, name_am = excluded.name_am,
                     ico_code = excluded.ico_code, is_eu = excluded.is_eu, valid_from = excluded.valid_from,
                     valid_to = excluded.valid_to",
                code,
                name,
                name_am,
                ico_code.as_deref(),
                is_eu,
                valid_from,
                valid_to,
            )
            .execute(connection)
            .await?
        }
        Particulars::Port { country_code, ico_port_code } => {
            sqlx::query!(
                "insert into ports (port_code, name, country_code, ico_port_code, valid_from, valid_to)
                 values ($1, $2, $3, $4, $5, $6)
                 on conflict (port_code) do update set name = excluded.name, country_code = excluded.country_code,
                     ico_port_code = excluded.ico_port_code, valid_from = excluded.valid_from,
                     valid_to = excluded.valid_to",
                code,
                name,
                country_code,
                ico_port_code.as_deref(),
                valid_from,
                valid_to,
            )
            .execute(connection)
            .await?
        }
        Particulars::CoffeeType => {
            sqlx::query!(
                "insert into coffee_types (coffee_type, name_am, valid_from, valid_to) values ($1, $2, $3, $4)
                 on conflict (coffee_type) do update set name_am = excluded.name_am, valid_from = excluded.valid_from,
                     valid_to = excluded.valid_to",
                code,
                name_am,
                valid_from,
                valid_to,
            )
            .execute(connection)
            .await?
        }
        Particulars::Region => {
            sqlx::query!(
                "insert into regions (region, name_am, valid_from, valid_to) values ($1, $2, $3, $4)
                 on conflict (region) do update set name_am = excluded.name_am, valid_from = excluded.valid_from,
                     valid_to = excluded.valid_to",
                code,
                name_am,
                valid_from,
                valid_to,
            )
            .execute(connection)
            .await?
        }
        Particulars::Incoterm { sea_only, seller_insures } => {
            sqlx::query!(
                "insert into incoterms (incoterm, name, sea_only, seller_insures, valid_from, valid_to)
                 values ($1, $2, $3, $4, $5, $6)
                 on conflict (incoterm) do update set name = excluded.name, sea_only = excluded.sea_only,
                     seller_insures = excluded.seller_insures, valid_from = excluded.valid_from,
                     valid_to = excluded.valid_to",
                code,
                name,
                sea_only,
                seller_insures,
                valid_from,
                valid_to,
            )
            .execute(connection)
            .await?
        }
        Particulars::HsCode { coffee_form, decaffeinated } => {
            sqlx::query!(
                "insert into hs_codes (hs_code, coffee_form, decaffeinated, name, name_am, valid_from, valid_to)
                 values ($1, $2, $3, $4, $5, $6, $7)
                 on conflict (hs_code) do update set coffee_form = excluded.coffee_form,
                     decaffeinated = excluded.decaffeinated, name = excluded.name, name_am = excluded.name_am,
                     valid_from = excluded.valid_from, valid_to = excluded.valid_to",
                code,
                coffee_form,
                decaffeinated,
                name,
                name_am,
                valid_from,
                valid_to,
            )
            .execute(connection)
            .await?
        }
    };
    Ok(())
}
