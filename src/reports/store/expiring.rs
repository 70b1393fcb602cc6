//! Certificates near their end. What is in force, or ran out and was not renewed, is few however long the history is.

use chrono::NaiveDate;
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};

use crate::auth::{Actor, OrganizationKind};
use crate::ids::{ExportId, OrganizationId};
use crate::reports::model::{Expiring, ExpiringKind};

/// Of which certificates, and until when they end.
#[derive(Debug, Clone)]
pub(in crate::reports) struct Wanted {
    pub kinds: Vec<ExpiringKind>,
    pub from: Option<NaiveDate>,
    pub until: NaiveDate,
    pub exporter: Option<OrganizationId>,
    /// For the parameters that hold today.
    pub today: NaiveDate,
}

/// The certificates of a kind, as `kind, number, exporter, owner, bank, last_day, export_id`. The walls stand behind each
/// table; whose a certificate is comes with it for the finder.
const fn certificates(kind: ExpiringKind) -> &'static str {
    match kind {
        ExpiringKind::Laboratory => {
            "select 'laboratory' as kind, coalesce(c.certification_number, c.laboratory_name) as number,
                    p.business_name as exporter, p.organization_id as owner, p.bank_organization_id as bank,
                    c.expiry_date as last_day, null::uuid as export_id
             from coffee_laboratories c join exporter_profiles p using (exporter_id)
             where c.status in ('ACTIVE', 'EXPIRED') and c.superseded_by is null and p.status <> 'REVOKED'"
        }
        ExpiringKind::Taster => {
            "select 'taster' as kind, c.proficiency_certificate_number || ' · ' || c.full_name as number,
                    p.business_name as exporter, p.organization_id as owner, p.bank_organization_id as bank,
                    c.certificate_expiry_date as last_day, null::uuid as export_id
             from coffee_tasters c join exporter_profiles p using (exporter_id)
             where c.status in ('ACTIVE', 'EXPIRED') and c.superseded_by is null and p.status <> 'REVOKED'"
        }
        ExpiringKind::Competence => {
            "select 'competence' as kind, c.certificate_number as number, p.business_name as exporter,
                    p.organization_id as owner, p.bank_organization_id as bank, c.expiry_date as last_day,
                    null::uuid as export_id
             from competence_certificates c join exporter_profiles p using (exporter_id)
             where c.status in ('ACTIVE', 'EXPIRED') and c.superseded_by is null and p.status <> 'REVOKED'"
        }
        ExpiringKind::License => {
            "select 'license' as kind, c.license_number as number, p.business_name as exporter,
                    p.organization_id as owner, p.bank_organization_id as bank, c.expiry_date as last_day,
                    null::uuid as export_id
             from export_licenses c join exporter_profiles p using (exporter_id)
             where c.status in ('ACTIVE', 'EXPIRED') and c.superseded_by is null and p.status <> 'REVOKED'"
        }
        // One that ran out unused is of interest until there is another, or until its export is closed.
        ExpiringKind::Permit => {
            "select 'permit' as kind, c.permit_number as number, e.exporter_name as exporter,
                    e.exporter_organization_id as owner, e.bank_organization_id as bank, c.valid_until as last_day,
                    e.export_id
             from export_permits c join exports e using (export_id)
             where c.status in ('ISSUED', 'EXPIRED') and e.status not in ('COMPLETED', 'CANCELLED')
               and not exists (select from export_permits other where other.export_id = c.export_id
                               and other.status in ('ISSUED', 'USED') and other.permit_id <> c.permit_id)"
        }
        ExpiringKind::Quality => {
            "select 'quality' as kind, c.quality_certificate_number as number, coalesce(o.business_name, '') as exporter,
                    o.organization_id as owner, p.bank_organization_id as bank, c.inspection_date + days.upto as last_day,
                    null::uuid as export_id
             from coffee_lots l
             join quality_inspections c on c.inspection_id = l.inspection_id and c.passed
             left join lateral gate.lot_owner(l.purchased_by) o on true
             left join exporter_profiles p on p.exporter_id = l.purchased_by
             cross join (select value::int as upto from parameters
                         where key = 'quality_certificate_warning_days' and valid_from <= wanted.today
                         order by valid_from desc limit 1) days
             where l.status in ('IN_WAREHOUSE', 'INSPECTED', 'RESERVED_FOR_EXPORT')"
        }
        ExpiringKind::Receipt => {
            "select 'receipt' as kind, l.warehouse_receipt_number as number, coalesce(o.business_name, '') as exporter,
                    o.organization_id as owner, p.bank_organization_id as bank, l.receipt_expires_on as last_day,
                    null::uuid as export_id
             from coffee_lots l
             left join lateral gate.lot_owner(l.purchased_by) o on true
             left join exporter_profiles p on p.exporter_id = l.purchased_by
             where l.status in ('IN_WAREHOUSE', 'INSPECTED', 'RESERVED_FOR_EXPORT')"
        }
    }
}

/// Ends a query about the certificates that the viewer may see and that are wanted.
fn about(viewer: &Actor, wanted: &Wanted, columns: &'static str) -> QueryBuilder<Postgres> {
    let mut query = QueryBuilder::new(format!("select {columns} from (select "));
    query.push_bind(wanted.today).push("::date as today) wanted cross join lateral (");
    for (position, kind) in wanted.kinds.iter().enumerate() {
        query.push(if position > 0 { " union all " } else { "" }).push(certificates(*kind));
    }
    query.push(") found where last_day <= ").push_bind(wanted.until);
    if let Some(from) = wanted.from {
        query.push(" and last_day >= ").push_bind(from);
    }
    match viewer.organization.kind {
        OrganizationKind::Exporter => {
            query.push(" and owner = ").push_bind(viewer.organization.id.0);
        }
        // Its clients'.
        OrganizationKind::CommercialBank => {
            query.push(" and bank = ").push_bind(viewer.organization.id.0);
        }
        // The walls leave it the permits of what it carries.
        OrganizationKind::ShippingLine
        | OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Ecx
        | OrganizationKind::Customs
        | OrganizationKind::Auditor
        | OrganizationKind::Administration => {}
    }
    if let Some(exporter) = wanted.exporter {
        query.push(" and owner = ").push_bind(exporter.0);
    }
    query
}

/// So many certificates of a kind with one last day.
#[derive(Debug, FromRow)]
pub(in crate::reports) struct Ending {
    #[sqlx(try_from = "String")]
    pub kind: Kind,
    pub last_day: NaiveDate,
    pub count: i64,
}

/// A kind as a query gives it.
#[derive(Debug, Clone, Copy)]
pub(in crate::reports) struct Kind(pub ExpiringKind);

impl TryFrom<String> for Kind {
    type Error = sqlx::Error;

    fn try_from(code: String) -> sqlx::Result<Self> {
        ExpiringKind::from_code(&code).map(Self).ok_or_else(|| sqlx::Error::Decode(code.into()))
    }
}

/// How many of the wanted certificates end when.
pub(in crate::reports) async fn count_by_day(
    connection: &mut PgConnection,
    viewer: &Actor,
    wanted: &Wanted,
) -> sqlx::Result<Vec<Ending>> {
    if wanted.kinds.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = about(viewer, wanted, "kind, last_day, count(*) as count");
    query.push(" group by kind, last_day").build_query_as().fetch_all(connection).await
}

/// The wanted certificates, those that end first before the others.
pub(in crate::reports) async fn list(
    connection: &mut PgConnection,
    viewer: &Actor,
    wanted: &Wanted,
    limit: i64,
) -> sqlx::Result<Vec<Expiring>> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(try_from = "String")]
        kind: Kind,
        number: String,
        exporter: String,
        last_day: NaiveDate,
        export_id: Option<uuid::Uuid>,
    }
    if wanted.kinds.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = about(viewer, wanted, "kind, number, exporter, last_day, export_id");
    query.push(" order by last_day, kind, number limit ").push_bind(limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    Ok(rows
        .into_iter()
        .map(|row| Expiring {
            kind: row.kind.0,
            number: row.number,
            exporter: row.exporter,
            last_day: row.last_day,
            export: row.export_id.map(ExportId),
        })
        .collect())
}
