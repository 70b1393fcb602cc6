//! The rows of what becomes of papers: taken back, replaced, lost; and certificates of origin that others issue.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Actor;
use crate::certificates::code::VerifyCode;
use crate::certificates::model::{Life, OtherCertificate, OtherKind, Withdrawal};
use crate::ids::{ExportId, OrganizationId, OriginCertificateId, PaperId, UserId};

/// What became of a paper that the viewer sees.
pub(in crate::certificates) async fn find_life(connection: &mut PgConnection, id: PaperId) -> sqlx::Result<Life> {
    let row = sqlx::query!(
        r#"select coalesce(e.cancellation_reason, c.withdrawal_reason, w.reason) as "reason?",
               coalesce(gate.person_name(coalesce(e.cancelled_by, c.withdrawn_by, w.withdrawn_by)), '') as "withdrawn_by!",
               coalesce(e.cancelled_at, c.withdrawn_at, w.withdrawn_at) as "withdrawn_at?",
               n.paper_id as "next_id?: PaperId", n.number as "next_number?",
               o.paper_id as "former_id?: PaperId", o.number as "former_number?",
               d.paper_id as "duplicate_id?: PaperId", d.duplicate_reason as "lost_reason?", d.issued_at as "lost_at?",
               coalesce(gate.person_name(d.issued_by), '') as "lost_by!",
               p.duplicate_of as "duplicate_of: PaperId", p.duplicate_reason
           from issued_papers p
           left join export_permits e on e.permit_id = p.permit_id
           left join certificates_of_origin c on c.certificate_id = p.certificate_id
           left join paper_withdrawals w on w.paper_id = p.paper_id
           left join issued_papers d on d.duplicate_of = p.paper_id
           left join lateral (
               select x.paper_id, x.number from issued_papers x where x.certificate_id = c.replaced_by and x.duplicate = 0
               union all
               select x.paper_id, x.number from issued_papers x where x.paper_id = w.replaced_by) n on true
           left join lateral (
               select x.paper_id, x.number from certificates_of_origin y
               join issued_papers x on x.certificate_id = y.certificate_id and x.duplicate = 0
               where y.replaced_by = p.certificate_id
               union all
               select x.paper_id, x.number from paper_withdrawals y
               join issued_papers x on x.paper_id = y.paper_id
               where y.replaced_by = p.paper_id) o on true
           where p.paper_id = $1"#,
        id as PaperId
    )
    .fetch_one(connection)
    .await?;
    let withdrawal = |reason: Option<String>, by: String, at: Option<DateTime<Utc>>| {
        reason.zip(at).map(|(reason, at)| Withdrawal { reason, by, at })
    };
    Ok(Life {
        withdrawn: withdrawal(row.reason, row.withdrawn_by, row.withdrawn_at),
        replaced_by: row.next_id.zip(row.next_number),
        replaces: row.former_id.zip(row.former_number),
        lost: row.duplicate_id.zip(withdrawal(row.lost_reason, row.lost_by, row.lost_at)),
        duplicate_of: row.duplicate_of.zip(row.duplicate_reason),
    })
}

/// The certificate of origin that a paper is of.
pub(in crate::certificates) async fn find_certificate(
    connection: &mut PgConnection,
    id: PaperId,
) -> sqlx::Result<Option<OriginCertificateId>> {
    let found = sqlx::query_scalar!(
        r#"select certificate_id as "id: OriginCertificateId" from issued_papers where paper_id = $1"#,
        id as PaperId
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}

/// Whether `person` has decided a step of the export other than the issue of its certificate.
pub(in crate::certificates) async fn decided_another_step(
    connection: &mut PgConnection,
    export: ExportId,
    person: UserId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from export_approvals a
               where a.export_id = $1 and a.status = 'APPROVED' and a.superseded_at is null
                 and a.approval_type <> 'ORIGIN_ISSUE' and $2 in (a.approved_by, a.first_approved_by)) as "decided!""#,
        export as ExportId,
        person as UserId
    )
    .fetch_one(connection)
    .await
}

/// Takes a certificate of origin back that is in force; `false` when it is not, any more. Runs as the system.
pub(in crate::certificates) async fn withdraw_certificate(
    connection: &mut PgConnection,
    id: OriginCertificateId,
    reason: &str,
    by: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "update certificates_of_origin set status = 'REVOKED', withdrawn_by = $3, withdrawn_at = $4, withdrawal_reason = $2
         where certificate_id = $1 and status = 'ISSUED'",
        id as OriginCertificateId,
        reason,
        by as UserId,
        now
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// Says by which certificate one that was taken back is replaced. Runs as the system.
pub(in crate::certificates) async fn replace_certificate(
    connection: &mut PgConnection,
    old: OriginCertificateId,
    new: OriginCertificateId,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "update certificates_of_origin set status = 'REPLACED', replaced_by = $2
         where certificate_id = $1 and status = 'REVOKED'",
        old as OriginCertificateId,
        new as OriginCertificateId
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// Stores the same paper once more as the duplicate of one whose sheet was lost: its id, and which duplicate it is.
pub(in crate::certificates) async fn insert_duplicate(
    connection: &mut PgConnection,
    lost: PaperId,
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<(PaperId, i32)> {
    let (id, code) = (PaperId::new(), VerifyCode::random());
    let duplicate = sqlx::query_scalar!(
        "insert into issued_papers (paper_id, kind, number, verify_code, owner_organization_id, export_id, permit_id,
             certificate_id, laboratory_id, taster_id, competence_id, license_id, inspection_id, snapshot,
             content_sha256, issued_by, issued_at, issuer_organization_id, duplicate, duplicate_of, duplicate_reason)
         select $2, kind, number, $3, owner_organization_id, export_id, permit_id, certificate_id, laboratory_id, taster_id,
             competence_id, license_id, inspection_id, snapshot, content_sha256, $4, $5, $7, duplicate + 1, paper_id, $6
         from issued_papers where paper_id = $1
         returning duplicate",
        lost as PaperId,
        id as PaperId,
        code.as_str(),
        actor.user_id as UserId,
        now,
        reason,
        actor.organization.id as OrganizationId,
    )
    .fetch_one(connection)
    .await?;
    Ok((id, duplicate))
}

/// The certificates of origin of others on record for an export, oldest first.
pub(in crate::certificates) async fn list_other_certificates(
    connection: &mut PgConnection,
    export: ExportId,
) -> sqlx::Result<Vec<OtherCertificate>> {
    let rows = sqlx::query!(
        r#"select certificate_id as "id: OriginCertificateId", kind as "kind: OtherKind", certificate_number as number,
               issuer, issued_date, organization_id as "organization_id: OrganizationId",
               coalesce(gate.person_name(issued_by), '') as "recorded_by!", withdrawal_reason,
               coalesce(gate.person_name(withdrawn_by), '') as "withdrawn_by!", withdrawn_at
           from certificates_of_origin
           where export_id = $1 and kind <> 'ICO'
           order by created_at, certificate_id"#,
        export as ExportId
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| OtherCertificate {
            id: row.id,
            kind: row.kind,
            number: row.number,
            issuer: row.issuer,
            issued_on: row.issued_date,
            organization_id: row.organization_id,
            recorded_by: row.recorded_by,
            withdrawn: row.withdrawal_reason.zip(row.withdrawn_at).map(|(reason, at)| Withdrawal {
                reason,
                by: row.withdrawn_by,
                at,
            }),
        })
        .collect())
}

/// A certificate of somebody else about to be put on record.
#[derive(Debug)]
pub(in crate::certificates) struct NewOther {
    pub kind: OtherKind,
    pub number: String,
    pub issuer: Option<String>,
    pub issued_on: NaiveDate,
}

/// Puts it on record under the permit of the export, in force or used; `None` when there is none.
pub(in crate::certificates) async fn insert_other(
    connection: &mut PgConnection,
    export: ExportId,
    other: &NewOther,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<OriginCertificateId>> {
    let id = OriginCertificateId(Uuid::now_v7());
    let rows = sqlx::query!(
        "insert into certificates_of_origin (certificate_id, certificate_number, kind, export_id, export_permit_id,
             exporter_id, exporter_name, exporter_address, buyer_name, buyer_country, buyer_address, coffee_type,
             origin_region, quantity, grade, processing_method, issuer, issued_date, issued_by, organization_id, created_at)
         select $2, $3, $4, e.export_id, p.permit_id, e.exporter_id, e.exporter_name, x.office_address, e.buyer_name,
             e.buyer_country, e.buyer_address, e.coffee_type, e.origin_region, e.quantity, p.grade, e.processing_method,
             $5, $6, $7, $8, $9
         from exports e
         join export_permits p on p.export_id = e.export_id and p.status in ('ISSUED', 'USED')
         join exporter_profiles x on x.exporter_id = e.exporter_id
         where e.export_id = $1",
        export as ExportId,
        id as OriginCertificateId,
        other.number,
        other.kind.code(),
        other.issuer,
        other.issued_on,
        actor.user_id as UserId,
        actor.organization.id as OrganizationId,
        now,
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok((rows == 1).then_some(id))
}
