//! The SQL of letters of credit: the letter that an export draws on, its versions, and the letters of its contract.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::exports::letters::LetterTerms;
use crate::exports::model::Export;
use crate::exports::rules::{Drawn, Letter};
use crate::ids::{ContractId, ExportId, LetterId, OrganizationId, UserId};

/// One version of a letter, as it was put on record.
#[derive(Debug, Clone)]
pub struct LetterVersion {
    /// 1 as issued.
    pub version: i32,
    /// What it says.
    pub terms: LetterTerms,
    /// What the amendment says; `None` of the letter as issued.
    pub amendment: Option<String>,
    /// Who put it on record.
    pub recorded_by: UserId,
    /// And when.
    pub recorded_at: DateTime<Utc>,
}

/// A letter of the export's contract.
#[derive(Debug, Clone)]
pub struct LetterLine {
    /// Which letter.
    pub letter_id: LetterId,
    /// The issuing bank's number.
    pub lc_number: String,
    /// Who has promised to pay.
    pub issuing_bank: String,
}

/// The letter that the export draws on, with its terms in force and what others draw on it. A letter that another bank
/// than the export's was advised of is none: the export has changed its bank since. Requests that nobody has submitted
/// draw on nothing yet.
pub(in crate::exports) async fn find_letter(
    connection: &mut PgConnection,
    export: &Export,
) -> sqlx::Result<Option<Letter>> {
    let row = sqlx::query!(
        r#"select l.letter_id as "letter_id: LetterId", l.lc_number, l.issuing_bank, l.currency, t.version, t.dated_on,
               t.amount, t.amount_tolerance_pct, t.quantity_kg, t.quantity_tolerance_pct, t.latest_shipment_on,
               t.expires_on, t.expiry_place, t.partial_shipments, t.recorded_at,
               coalesce(gate.person_name(t.recorded_by), '') as "recorded_by_name!",
               (select e.on_board_date from exports e where e.export_id = $1) as on_board_date,
               drawn.exports as "exports!", drawn.value as "value!", drawn.kg as "kg!"
           from (select u.letter_id from letter_uses u where u.export_id = $1
                 order by u.used_at desc, u.use_id desc limit 1) newest
           join letters_of_credit l on l.letter_id = newest.letter_id and l.bank_organization_id = $2
           join lateral (select * from letter_terms x where x.letter_id = l.letter_id
                         order by x.version desc limit 1) t on true
           cross join lateral (
               select count(*) as exports, coalesce(sum(o.estimated_value), 0) as value, coalesce(sum(o.quantity), 0) as kg
               from exports o
               where o.export_id in (select u.export_id from letter_uses u where u.letter_id = l.letter_id)
                 and o.export_id <> $1 and o.status <> 'CANCELLED' and o.stage <> 'PREPARATION'
                 and o.bank_organization_id = l.bank_organization_id
                 and l.letter_id = (select u.letter_id from letter_uses u where u.export_id = o.export_id
                                    order by u.used_at desc, u.use_id desc limit 1)) drawn"#,
        export.id as ExportId,
        export.bank_organization_id as OrganizationId
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Letter {
        id: row.letter_id,
        number: row.lc_number,
        issuing_bank: row.issuing_bank,
        currency: row.currency,
        version: row.version,
        terms: LetterTerms {
            dated_on: row.dated_on,
            amount: row.amount,
            amount_tolerance_pct: row.amount_tolerance_pct,
            quantity_kg: row.quantity_kg,
            quantity_tolerance_pct: row.quantity_tolerance_pct,
            latest_shipment_on: row.latest_shipment_on,
            expires_on: row.expires_on,
            expiry_place: row.expiry_place,
            partial_shipments: row.partial_shipments,
        },
        recorded_by_name: row.recorded_by_name,
        recorded_at: row.recorded_at,
        drawn: Drawn { exports: row.exports, value: row.value, kg: row.kg },
        on_board: row.on_board_date,
    }))
}

struct VersionRow {
    version: i32,
    dated_on: NaiveDate,
    amount: Decimal,
    amount_tolerance_pct: Decimal,
    quantity_kg: Option<Decimal>,
    quantity_tolerance_pct: Decimal,
    latest_shipment_on: Option<NaiveDate>,
    expires_on: NaiveDate,
    expiry_place: String,
    partial_shipments: bool,
    amendment: Option<String>,
    recorded_by: UserId,
    recorded_at: DateTime<Utc>,
}

/// Every version of a letter, newest first.
pub(in crate::exports) async fn list_versions(
    connection: &mut PgConnection,
    letter: LetterId,
) -> sqlx::Result<Vec<LetterVersion>> {
    let rows = sqlx::query_as!(
        VersionRow,
        r#"select version, dated_on, amount, amount_tolerance_pct, quantity_kg, quantity_tolerance_pct,
               latest_shipment_on, expires_on, expiry_place, partial_shipments, amendment,
               recorded_by as "recorded_by: UserId", recorded_at
           from letter_terms where letter_id = $1 order by version desc"#,
        letter as LetterId
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LetterVersion {
            version: row.version,
            terms: LetterTerms {
                dated_on: row.dated_on,
                amount: row.amount,
                amount_tolerance_pct: row.amount_tolerance_pct,
                quantity_kg: row.quantity_kg,
                quantity_tolerance_pct: row.quantity_tolerance_pct,
                latest_shipment_on: row.latest_shipment_on,
                expires_on: row.expires_on,
                expiry_place: row.expiry_place,
                partial_shipments: row.partial_shipments,
            },
            amendment: row.amendment,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        })
        .collect())
}

/// The letters of the export's contract that its bank was advised of, newest first.
pub(in crate::exports) async fn list_letters(
    connection: &mut PgConnection,
    export: &Export,
) -> sqlx::Result<Vec<LetterLine>> {
    sqlx::query_as!(
        LetterLine,
        r#"select letter_id as "letter_id: LetterId", lc_number, issuing_bank from letters_of_credit
           where contract_id = $1 and bank_organization_id = $2 order by recorded_at desc, letter_id desc"#,
        export.contract_id as ContractId,
        export.bank_organization_id as OrganizationId
    )
    .fetch_all(connection)
    .await
}

/// The currencies that a letter may be in.
pub(in crate::exports) async fn list_currencies(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!("select currency from currencies order by currency").fetch_all(connection).await
}

/// A letter as it is put on record.
#[derive(Debug)]
pub(in crate::exports) struct NewLetter<'a> {
    pub id: LetterId,
    pub number: &'a str,
    pub issuing_bank: &'a str,
    pub currency: &'a str,
}

/// Writes the letter; `false` when the contract has one of this number already.
pub(in crate::exports) async fn insert_letter(
    connection: &mut PgConnection,
    export: &Export,
    letter: &NewLetter<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into letters_of_credit (letter_id, contract_id, exporter_organization_id, bank_organization_id, lc_number,
             issuing_bank, currency, recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (contract_id, bank_organization_id, lc_number) do nothing",
        letter.id as LetterId,
        export.contract_id as ContractId,
        export.exporter_organization_id as OrganizationId,
        export.bank_organization_id as OrganizationId,
        letter.number,
        letter.issuing_bank,
        letter.currency,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Writes a version of the letter's terms; `false` when somebody else has written it meanwhile.
pub(in crate::exports) async fn insert_terms(
    connection: &mut PgConnection,
    letter: LetterId,
    version: i32,
    terms: &LetterTerms,
    amendment: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "insert into letter_terms (letter_id, version, dated_on, amount, amount_tolerance_pct, quantity_kg,
             quantity_tolerance_pct, latest_shipment_on, expires_on, expiry_place, partial_shipments, amendment,
             recorded_by, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (letter_id, version) do nothing",
        letter as LetterId,
        version,
        terms.dated_on,
        terms.amount,
        terms.amount_tolerance_pct,
        terms.quantity_kg,
        terms.quantity_tolerance_pct,
        terms.latest_shipment_on,
        terms.expires_on,
        terms.expiry_place,
        terms.partial_shipments,
        amendment,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// From now on the export draws on this letter.
pub(in crate::exports) async fn insert_use(
    connection: &mut PgConnection,
    export: ExportId,
    letter: LetterId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into letter_uses (use_id, export_id, letter_id, used_by, used_at) values ($1, $2, $3, $4, $5)",
        Uuid::now_v7(),
        export as ExportId,
        letter as LetterId,
        actor.user_id as UserId,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
