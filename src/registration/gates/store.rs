//! What the gates are judged by, of one firm.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{CertificateState, Facts, Grant, GrantStatus, LicenseGrant, TasterGrant};
use crate::auth::Actor;
use crate::ids::{ExporterId, OrganizationId};
use crate::registration::profiles::{BusinessType, ProfileStatus};

/// The profile of an organisation.
pub(in crate::registration) async fn find_exporter(
    connection: &mut PgConnection,
    viewer: &Actor,
) -> sqlx::Result<Option<ExporterId>> {
    sqlx::query_scalar!(
        r#"select exporter_id as "id: ExporterId" from exporter_profiles where organization_id = $1"#,
        viewer.organization.id as OrganizationId,
    )
    .fetch_optional(connection)
    .await
}

struct GrantRow {
    subject: String,
    id: Uuid,
    status: GrantStatus,
    expires_on: Option<NaiveDate>,
    is_superseded: bool,
    is_exclusive: bool,
    below_status: Option<GrantStatus>,
    below_expires_on: Option<NaiveDate>,
}

impl GrantRow {
    fn grant(&self) -> Grant {
        Grant { id: self.id, status: self.status, expires_on: self.expires_on, is_superseded: self.is_superseded }
    }
}

/// Everything, of a firm that the caller has found; `None` when it is hidden from the viewer.
pub(super) async fn find_facts(
    connection: &mut PgConnection,
    id: ExporterId,
    today: NaiveDate,
) -> sqlx::Result<Option<Facts>> {
    let profile = sqlx::query!(
        r#"select p.business_type as "business_type: BusinessType", p.status as "status: ProfileStatus", p.verified_capital,
                  (select t.amount from capital_thresholds t
                   where t.business_type = p.business_type and t.valid_from <= $2
                   order by t.valid_from desc limit 1) as "threshold: Decimal"
           from exporter_profiles p
           where p.exporter_id = $1"#,
        id as ExporterId,
        today,
    )
    .fetch_optional(&mut *connection)
    .await?;
    let Some(profile) = profile else { return Ok(None) };
    let rows = sqlx::query_as!(
        GrantRow,
        r#"select 'LABORATORY' as "subject!", laboratory_id as "id!", status as "status!: GrantStatus",
                  expiry_date as expires_on, superseded_by is not null as "is_superseded!", true as "is_exclusive!",
                  null as "below_status: GrantStatus", null::date as below_expires_on
           from coffee_laboratories where exporter_id = $1
           union all
           select 'TASTER', taster_id, status, certificate_expiry_date, superseded_by is not null, is_exclusive_employee,
                  null, null
           from coffee_tasters where exporter_id = $1
           union all
           select 'COMPETENCE', certificate_id, status, expiry_date, superseded_by is not null, true, null, null
           from competence_certificates where exporter_id = $1
           union all
           select 'LICENSE', l.license_id, l.status, l.expiry_date, l.superseded_by is not null, true, c.status, c.expiry_date
           from export_licenses l join competence_certificates c on c.certificate_id = l.competence_certificate_id
           where l.exporter_id = $1
           order by 1, 2"#,
        id as ExporterId,
    )
    .fetch_all(connection)
    .await?;
    let mut facts = Facts {
        exporter_id: id.0,
        business_type: profile.business_type,
        profile: profile.status,
        verified_capital: profile.verified_capital,
        threshold: profile.threshold,
        laboratories: Vec::new(),
        tasters: Vec::new(),
        competence: Vec::new(),
        licenses: Vec::new(),
    };
    for row in &rows {
        match row.subject.as_str() {
            "LABORATORY" => facts.laboratories.push(row.grant()),
            "TASTER" => {
                facts.tasters.push(TasterGrant { grant: row.grant(), is_exclusive: row.is_exclusive });
            }
            "COMPETENCE" => facts.competence.push(row.grant()),
            _ => facts.licenses.push(LicenseGrant {
                grant: row.grant(),
                competence: CertificateState {
                    status: row.below_status.unwrap_or(GrantStatus::Revoked),
                    expires_on: row.below_expires_on,
                },
            }),
        }
    }
    Ok(Some(facts))
}
