//! The papers of the demo's registrations and lots, and of the permits and certificates of the exports that have files:
//! written by the area that issues them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::SeedError;
use crate::auth::{Actor, ActorOrganization, OrganizationKind, Origin, Permissions};
use crate::certificates::{Issued, backfill, backfill_granted};
use crate::exports;
use crate::exports::facts::Facts;
use crate::ids::{
    CompetenceId, ExportId, InspectionId, LaboratoryId, LicenseId, OrganizationId, OriginCertificateId, PermitId,
    TasterId, UserId,
};
use crate::quantities::IcoMark;
use crate::workflow::papers::PaperSubject;

/// What was issued, by whom, with which facts. One row for a permit or for a certificate.
#[derive(Debug, sqlx::FromRow)]
struct IssuedRow {
    export_id: ExportId,
    permit_id: Option<PermitId>,
    certificate_id: Option<OriginCertificateId>,
    number: String,
    valid_until: Option<NaiveDate>,
    serial: Option<i64>,
    mark: Option<String>,
    facts: serde_json::Value,
    issued_by: UserId,
    issued_at: DateTime<Utc>,
}

/// What was granted to a firm, by whom and when.
#[derive(Debug, sqlx::FromRow)]
struct GrantedRow {
    kind: String,
    id: Uuid,
    issued_by: UserId,
    issued_at: DateTime<Utc>,
}

/// Writes the papers of the firms' registrations, of the lots of the exports in `demo.filed`, and of the lots that lie
/// free.
pub(super) async fn write_granted(connection: &mut PgConnection) -> Result<(), SeedError> {
    let issuers = list_issuers(connection).await?;
    let rows: Vec<GrantedRow> = sqlx::query_as(
        "select 'LABORATORY' as kind, laboratory_id as id, inspected_by as issued_by, certified_date + time '09:00' at time zone 'UTC' as issued_at
         from coffee_laboratories
         union all
         select 'TASTER', taster_id, verified_by, verified_at from coffee_tasters
         union all
         select 'COMPETENCE', certificate_id, approved_by, approved_at from competence_certificates
         union all
         select 'LICENSE', license_id, approved_by, approved_at from export_licenses
         union all
         select 'INSPECTION', i.inspection_id, i.inspector, i.created_at
         from quality_inspections i
         where i.superseded_by is null
           and (i.lot_id in (select x.lot_id from export_lots x join demo.filed f on f.export_id = x.export_id and f.has_papers)
                or i.lot_id in (select l.lot_id from demo.lots l where l.n is null))
         order by issued_at, id",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let Some(issuer) = issuers.get(&row.issued_by) else { continue };
        let subject = match row.kind.as_str() {
            "LABORATORY" => PaperSubject::Laboratory(LaboratoryId(row.id)),
            "TASTER" => PaperSubject::Taster(TasterId(row.id)),
            "COMPETENCE" => PaperSubject::Competence(CompetenceId(row.id)),
            "LICENSE" => PaperSubject::License(LicenseId(row.id)),
            _ => PaperSubject::Inspection(InspectionId(row.id)),
        };
        backfill_granted(connection, subject, issuer, row.issued_at).await?;
    }
    Ok(())
}

/// Writes the papers of the exports in `demo.filed`.
pub(super) async fn write(connection: &mut PgConnection) -> Result<(), SeedError> {
    let issuers = list_issuers(connection).await?;
    let rows: Vec<IssuedRow> = sqlx::query_as(
        "select p.export_id, p.permit_id, null::uuid as certificate_id, p.permit_number as number, p.valid_until,
                null::bigint as serial, null::text as mark, a.approval_data as facts, p.issued_by, p.created_at as issued_at
         from export_permits p
         join demo.filed f on f.export_id = p.export_id and f.has_papers
         join export_approvals a on a.export_id = p.export_id and a.approval_type = 'EXPORT_PERMIT' and a.status = 'APPROVED'
         union all
         select c.export_id, null, c.certificate_id, c.certificate_number, null, c.serial, c.ico_mark, a.approval_data, c.issued_by,
                c.created_at
         from certificates_of_origin c
         join demo.filed f on f.export_id = c.export_id and f.has_papers
         join export_approvals a on a.export_id = c.export_id and a.approval_type = 'ORIGIN_ISSUE' and a.status = 'APPROVED'
         order by issued_at, number",
    )
    .fetch_all(&mut *connection)
    .await?;
    for row in rows {
        let Some(issuer) = issuers.get(&row.issued_by) else { continue };
        let Some(export) = exports::service::find(&mut *connection, issuer, row.export_id).await? else { continue };
        let facts: Facts = serde_json::from_value(row.facts).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let issued = match (row.permit_id, row.certificate_id, row.valid_until, row.serial, row.mark) {
            (Some(id), _, Some(valid_until), ..) => Issued::Permit { id, number: row.number, valid_until },
            (_, Some(id), _, Some(serial), Some(mark)) => {
                let mark: IcoMark =
                    mark.parse().map_err(|error: crate::quantities::IcoMarkError| sqlx::Error::Decode(error.into()))?;
                Issued::Origin { id, number: row.number, serial, mark }
            }
            _ => continue,
        };
        backfill(connection, &export, &issued, &facts, issuer, row.issued_at).await?;
    }
    Ok(())
}

/// The authority's people, as those who issue.
async fn list_issuers(connection: &mut PgConnection) -> sqlx::Result<HashMap<UserId, Actor>> {
    let rows = sqlx::query!(
        r#"select u.id as "user_id: UserId", u.username, u.full_name, o.organization_id as "organization_id: OrganizationId",
                  o.code, o.name, o.name_am
           from users u
           join organizations o using (organization_id)
           where o.kind = 'ECTA'"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let actor = Actor {
                user_id: row.user_id,
                username: row.username,
                display_name: row.full_name,
                organization: ActorOrganization {
                    id: row.organization_id,
                    kind: OrganizationKind::Ecta,
                    code: row.code,
                    name_en: row.name,
                    name_am: row.name_am,
                },
                roles: Vec::new(),
                permissions: Permissions::NONE,
                delegations: Vec::new(),
                origin: Origin::default(),
            };
            (row.user_id, actor)
        })
        .collect())
}
