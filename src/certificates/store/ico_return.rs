//! The SQL of the monthly return to the International Coffee Organization.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::certificates::model::PaperState;
use crate::certificates::snapshot::CoffeeKind;
use crate::ids::OriginCertificateId;

/// A certificate as the return has it: what its paper says, box by box, and what it is worth now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnLine {
    /// Its id.
    pub id: OriginCertificateId,
    /// When it was put in order.
    pub created_at: DateTime<Utc>,
    /// Its number among all years.
    pub number: String,
    /// Box 4a.
    pub country_code: String,
    /// Box 4b.
    pub port_code: String,
    /// Box 4c.
    pub serial: i64,
    /// The day of its issue.
    pub issued_on: NaiveDate,
    /// Box 7.
    pub exported_on: Option<NaiveDate>,
    /// Box 1, by name.
    pub exporter: String,
    /// Box 1: four digits.
    pub exporter_code: Option<String>,
    /// Box 6: the ICO's three digits.
    pub destination_code: Option<String>,
    /// Box 6 by ISO 3166.
    pub destination: String,
    /// Box 8.
    pub transshipment: Option<String>,
    /// Box 9.
    pub carrier: Option<String>,
    /// Box 10.
    pub mark: String,
    /// Box 12, in kilograms.
    pub net_kg: Decimal,
    /// Box 14.
    pub form: CoffeeKind,
    /// Box 15: DRY or WET.
    pub processing: Option<String>,
    /// What it is worth.
    pub state: PaperState,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The number of the one in its place.
    pub replaced_by: Option<String>,
}

/// The days of a month, and its first moment and the first after it in Addis Ababa.
#[derive(Debug, Clone, Copy)]
pub(in crate::certificates) struct Month {
    pub days: (NaiveDate, NaiveDate),
    pub moments: (DateTime<Utc>, DateTime<Utc>),
}

/// The certificates that were issued in the month and those, issued before it, that were taken back in it; in the order
/// of their issue.
pub(in crate::certificates) async fn list_return(
    connection: &mut PgConnection,
    month: Month,
    after: Option<(DateTime<Utc>, OriginCertificateId)>,
    limit: i64,
) -> sqlx::Result<Vec<ReturnLine>> {
    // Before every certificate: so that one plan serves the first page and the others.
    let (at, id) = after.unwrap_or((DateTime::UNIX_EPOCH, OriginCertificateId(uuid::Uuid::nil())));
    sqlx::query_as!(
        ReturnLine,
        r#"select c.certificate_id as "id: OriginCertificateId", c.created_at, c.certificate_number as number,
               c.ico_country_code as "country_code!", c.ico_port_code as "port_code!", c.serial as "serial!",
               c.issued_date as issued_on, coalesce((p.snapshot #>> '{boxes,exported_on}')::date, e.on_board_date) as exported_on,
               c.exporter_name as exporter,
               coalesce(p.snapshot #>> '{boxes,exporter,code}', x.ico_exporter_code) as exporter_code,
               coalesce(p.snapshot #>> '{boxes,destination,ico_code}', d.ico_code) as destination_code,
               coalesce(p.snapshot #>> '{boxes,destination,code}', e.destination_country) as "destination!",
               p.snapshot #>> '{boxes,transshipment}' as transshipment,
               coalesce(p.snapshot #>> '{boxes,carrier}', concat_ws(', ', e.vessel_name, e.voyage_number)) as carrier,
               c.ico_mark as "mark!", c.quantity as net_kg, c.form as "form: CoffeeKind",
               p.snapshot #>> '{boxes,processing,green}' as processing,
               case c.status when 'ISSUED' then 'VALID' else c.status end as "state!: PaperState",
               c.withdrawn_at, r.certificate_number as "replaced_by?"
           from certificates_of_origin c
           join exports e on e.export_id = c.export_id
           join exporter_profiles x on x.exporter_id = c.exporter_id
           join countries d on d.country_code = e.destination_country
           left join issued_papers p on p.certificate_id = c.certificate_id and p.duplicate = 0
           left join certificates_of_origin r on r.certificate_id = c.replaced_by
           where c.kind = 'ICO'
             and (c.issued_date between $1 and $2 or (c.withdrawn_at >= $3 and c.withdrawn_at < $4))
             and (c.created_at, c.certificate_id) > ($5, $6)
           order by c.created_at, c.certificate_id
           limit $7"#,
        month.days.0,
        month.days.1,
        month.moments.0,
        month.moments.1,
        at,
        id as OriginCertificateId,
        limit,
    )
    .fetch_all(connection)
    .await
}

/// How many certificates, and how much coffee.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReturnSums {
    /// Issued in the month.
    pub issued: i64,
    /// Kilograms on those.
    pub issued_kg: Decimal,
    /// Of those, taken back since.
    pub void: i64,
    /// Kilograms on those.
    pub void_kg: Decimal,
    /// Issued before the month and taken back in it.
    pub earlier: i64,
    /// Kilograms on those.
    pub earlier_kg: Decimal,
}

pub(in crate::certificates) async fn sum_return(
    connection: &mut PgConnection,
    month: Month,
) -> sqlx::Result<ReturnSums> {
    sqlx::query_as!(
        ReturnSums,
        r#"select count(*) filter (where this) as "issued!", coalesce(sum(quantity) filter (where this), 0) as "issued_kg!",
               count(*) filter (where this and void) as "void!",
               coalesce(sum(quantity) filter (where this and void), 0) as "void_kg!",
               count(*) filter (where not this) as "earlier!",
               coalesce(sum(quantity) filter (where not this), 0) as "earlier_kg!"
           from (select quantity, issued_date between $1 and $2 as this, status <> 'ISSUED' as void
                 from certificates_of_origin
                 where kind = 'ICO'
                   and (issued_date between $1 and $2 or (withdrawn_at >= $3 and withdrawn_at < $4))) c"#,
        month.days.0,
        month.days.1,
        month.moments.0,
        month.moments.1,
    )
    .fetch_one(connection)
    .await
}
