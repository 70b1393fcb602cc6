//! The rows of what is issued. They are the authority's own: row-level security takes them from nobody else.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::source::{OriginSource, PermitLot};
use crate::auth::Actor;
use crate::certificates::code::VerifyCode;
use crate::certificates::model::PaperKind;
use crate::certificates::snapshot::OriginSnapshot;
use crate::exports::Export;
use crate::ids::{
    ContractId, ExportId, ExporterId, InspectionId, LotId, OrganizationId, OriginCertificateId, PaperId, PermitId,
    UserId,
};
use crate::workflow::papers::PaperSubject;

/// A permit about to be issued.
pub(in crate::certificates) struct NewPermit<'a> {
    pub permit_id: PermitId,
    pub number: &'a str,
    pub export: &'a Export,
    pub license_id: Uuid,
    pub competence_id: Uuid,
    pub main_lot: &'a PermitLot,
    pub issued_on: NaiveDate,
    pub valid_until: NaiveDate,
}

/// An unused permit of the export whose last day is past, marked as what it is: the nightly job may not have
/// come by yet, and only one permit of an export can be live. Runs as the system.
pub(in crate::certificates) async fn expire_permit(
    connection: &mut PgConnection,
    export: ExportId,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update export_permits set status = 'EXPIRED', updated_at = $3
         where export_id = $1 and status = 'ISSUED' and valid_until < $2",
        export as ExportId,
        today,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::certificates) async fn insert_permit(
    connection: &mut PgConnection,
    permit: &NewPermit<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let export = permit.export;
    sqlx::query!(
        "insert into export_permits (permit_id, permit_number, export_id, exporter_id, license_id, certificate_id,
             inspection_id, contract_id, lot_id, issued_date, valid_until, coffee_type, quantity, grade,
             destination_country, issued_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17)",
        permit.permit_id as PermitId,
        permit.number,
        export.id as ExportId,
        export.exporter_id as ExporterId,
        permit.license_id,
        permit.competence_id,
        permit.main_lot.inspection_id as InspectionId,
        export.contract_id as ContractId,
        permit.main_lot.lot_id as LotId,
        permit.issued_on,
        permit.valid_until,
        export.coffee_type,
        export.quantity,
        permit.main_lot.final_grade,
        export.destination_country,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::certificates) async fn insert_permit_lots(
    connection: &mut PgConnection,
    permit: PermitId,
    lots: &[PermitLot],
) -> sqlx::Result<()> {
    for lot in lots {
        sqlx::query!(
            "insert into permit_lots (permit_id, lot_id, quantity_kg) values ($1, $2, $3)",
            permit as PermitId,
            lot.lot_id as LotId,
            lot.quantity_kg,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// A certificate of origin about to be issued.
pub(in crate::certificates) struct NewCertificate<'a> {
    pub id: OriginCertificateId,
    pub export: &'a Export,
    pub source: &'a OriginSource,
    pub snapshot: &'a OriginSnapshot,
}

pub(in crate::certificates) async fn insert_certificate(
    connection: &mut PgConnection,
    certificate: &NewCertificate<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (export, snapshot, boxes) = (certificate.export, certificate.snapshot, &certificate.snapshot.boxes);
    sqlx::query!(
        "insert into certificates_of_origin (certificate_id, certificate_number, kind, export_id, export_permit_id,
             exporter_id, exporter_name, exporter_address, buyer_name, buyer_country, buyer_address, coffee_type,
             origin_region, quantity, grade, processing_method, ico_country_code, ico_port_code, coffee_year, serial,
             ico_mark, customs_signed_by, customs_signed_at, issued_date, issued_by, organization_id, form, created_at)
         values ($1, $2, 'ICO', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, $23, $24, $25, $26, $27)",
        certificate.id as OriginCertificateId,
        snapshot.number,
        export.id as ExportId,
        certificate.source.permit_id as PermitId,
        export.exporter_id as ExporterId,
        boxes.exporter.name,
        boxes.exporter.address,
        export.buyer_name,
        export.buyer_country,
        export.buyer_address,
        export.coffee_type,
        export.origin_region,
        export.quantity,
        certificate.source.permit_grade,
        export.processing_method,
        boxes.reference.country,
        boxes.reference.port,
        snapshot.coffee_year,
        boxes.reference.serial,
        boxes.marks.mark.to_string(),
        certificate.source.customs_officer_id as UserId,
        certificate.source.customs_signed_at,
        snapshot.issued_on,
        actor.user_id as UserId,
        actor.organization.id as OrganizationId,
        boxes.form.code(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Of what a paper is: the row whose numbers it carries, and the export where it is of one.
#[derive(Debug, Clone, Copy)]
pub(in crate::certificates) enum PaperOf {
    /// A permit of an export.
    Permit(PermitId, ExportId),
    /// A certificate of origin of an export.
    Certificate(OriginCertificateId, ExportId),
    /// What was granted to a firm.
    Granted(PaperSubject),
    /// A paper of an export that its exporter has issued.
    Commercial(PaperKind, ExportId),
}

impl PaperOf {
    const fn kind(self) -> PaperKind {
        match self {
            Self::Permit(..) => PaperKind::ExportPermit,
            Self::Certificate(..) => PaperKind::IcoCertificate,
            Self::Granted(PaperSubject::Laboratory(_)) => PaperKind::LaboratoryCertificate,
            Self::Granted(PaperSubject::Taster(_)) => PaperKind::TasterCertificate,
            Self::Granted(PaperSubject::Competence(_)) => PaperKind::CompetenceCertificate,
            Self::Granted(PaperSubject::License(_)) => PaperKind::ExportLicense,
            Self::Granted(PaperSubject::Inspection(_)) => PaperKind::QualityCertificate,
            Self::Commercial(kind, _) => kind,
        }
    }
}

/// A paper about to be stored.
pub(in crate::certificates) struct NewPaper<'a> {
    pub of: PaperOf,
    pub number: &'a str,
    /// The firm to which it is issued.
    pub owner: OrganizationId,
}

/// Stores a paper and says under which id.
pub(in crate::certificates) async fn insert_paper(
    connection: &mut PgConnection,
    paper: NewPaper<'_>,
    snapshot: &Value,
    content_sha256: &[u8; 32],
    actor: &Actor,
    issued_at: DateTime<Utc>,
) -> sqlx::Result<PaperId> {
    let (id, code) = (PaperId::new(), VerifyCode::random());
    let (permit, certificate, export, granted) = match paper.of {
        PaperOf::Permit(permit, export) => (Some(permit), None, Some(export), None),
        PaperOf::Certificate(certificate, export) => (None, Some(certificate), Some(export), None),
        PaperOf::Granted(subject) => (None, None, None, Some(subject)),
        PaperOf::Commercial(_, export) => (None, None, Some(export), None),
    };
    let id_if = |is_it: fn(PaperSubject) -> Option<Uuid>| granted.and_then(is_it);
    sqlx::query!(
        "insert into issued_papers (paper_id, kind, number, verify_code, owner_organization_id, export_id, permit_id,
             certificate_id, laboratory_id, taster_id, competence_id, license_id, inspection_id, snapshot,
             content_sha256, issued_by, issued_at, issuer_organization_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        id as PaperId,
        paper.of.kind().code(),
        paper.number,
        code.as_str(),
        paper.owner as OrganizationId,
        export as Option<ExportId>,
        permit as Option<PermitId>,
        certificate as Option<OriginCertificateId>,
        id_if(|subject| if let PaperSubject::Laboratory(id) = subject { Some(id.0) } else { None }),
        id_if(|subject| if let PaperSubject::Taster(id) = subject { Some(id.0) } else { None }),
        id_if(|subject| if let PaperSubject::Competence(id) = subject { Some(id.0) } else { None }),
        id_if(|subject| if let PaperSubject::License(id) = subject { Some(id.0) } else { None }),
        id_if(|subject| if let PaperSubject::Inspection(id) = subject { Some(id.0) } else { None }),
        snapshot,
        content_sha256.as_slice(),
        actor.user_id as UserId,
        issued_at,
        actor.organization.id as OrganizationId,
    )
    .execute(connection)
    .await?;
    Ok(id)
}
