//! The signed file of a paper: PDF/A-3 with what the page says, what machines read, and the signatures of who issued it.

use chrono::{DateTime, Utc};
use jebena_pdf::pades::{self, SignatureMeta, ValidationMaterial};
use jebena_pdf::{Attachment, Relationship};
use jebena_signer::client::SignerClient;
use jebena_signer::policy::Operation;
use jebena_signer::protocol::{Answer, Request};
use jebena_signer::x509::profile::Profile;
use jebena_trust::{qr, seal, text::base64url};
use serde_json::json;

use super::service::{Known, failed, hopeless, refused, sign};
use super::store::PaperToSeal;
use crate::app::AppState;
use crate::certificates::bilingual::Bilingual;
use crate::certificates::model::{PaperLine, PaperState};
use crate::certificates::sheet::as_pdf_input;
use crate::certificates::snapshot::{Signatory, Snapshot};
use crate::ids::OrganizationId;
use crate::jobs::JobError;

/// Where the organisations have their seat.
const PLACE: &str = "Addis Ababa";

/// The file, composed and signed; none while one of its signatories has no certificate.
pub(super) async fn signed_file(
    state: &AppState,
    signer: &SignerClient,
    (paper, cose): (&PaperToSeal, &[u8]),
    known: &Known,
    now: DateTime<Utc>,
) -> Result<Option<Vec<u8>>, JobError> {
    let snapshot: Snapshot = serde_json::from_value(paper.snapshot.clone()).map_err(hopeless)?;
    let signatures = signatures(paper, &snapshot);
    if signatures.iter().any(|one| known.seal_of(one.organization, now).is_none()) {
        return Ok(None);
    }
    let address = qr::write(&state.site.origin(), &paper.verify_code.parse().map_err(hopeless)?, cose);
    let input = as_pdf_input(&state.site, &line(paper)?, &snapshot, &address, attachments(paper, cose)?);
    let input = input.map_err(hopeless)?;
    let mut pdf =
        tokio::task::spawn_blocking(move || jebena_pdf::compose(&input)).await.map_err(failed)?.map_err(hopeless)?;
    for (place, signature) in signatures.iter().enumerate() {
        pdf = signed(signer, paper, pdf, (signature, place == 0), known, now).await?;
    }
    let material = material(signer, &signatures, known, now).await?;
    pades::add_validation_material(&pdf, &material).map(Some).map_err(failed)
}

/// One signature in the file.
struct FileSignature<'a> {
    organization: OrganizationId,
    name: &'a str,
    field: &'static str,
    by: &'a Signatory,
}

/// Who signs: the issuer, and before it customs where the form has both.
fn signatures<'a>(paper: &'a PaperToSeal, snapshot: &'a Snapshot) -> Vec<FileSignature<'a>> {
    let issuer = |by| FileSignature { organization: paper.issuer, name: &paper.issuer_name, field: "Issuer", by };
    match snapshot {
        Snapshot::Origin(certificate) => {
            let customs = paper.customs.zip(paper.customs_name.as_deref()).map(|(organization, name)| FileSignature {
                organization,
                name,
                field: "Customs",
                by: &certificate.boxes.customs.signatory,
            });
            customs.into_iter().chain([issuer(&certificate.boxes.certifying.signatory)]).collect()
        }
        Snapshot::Permit(permit) => vec![issuer(&permit.signatory)],
        Snapshot::Quality(certificate) => vec![issuer(&certificate.signatory)],
        Snapshot::Competence(it) => vec![issuer(&it.grant.signatory)],
        Snapshot::License(it) => vec![issuer(&it.grant.signatory)],
        Snapshot::Laboratory(it) => vec![issuer(&it.grant.signatory)],
        Snapshot::Taster(it) => vec![issuer(&it.grant.signatory)],
        Snapshot::Commercial(it) => vec![issuer(&it.signatory)],
    }
}

/// `pdf` with one signature more, and the moment of it stated by the consortium's own authority.
async fn signed(
    signer: &SignerClient,
    paper: &PaperToSeal,
    pdf: Vec<u8>,
    (signature, is_first): (&FileSignature<'_>, bool),
    known: &Known,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, JobError> {
    let missing = || JobError::Failed("a certificate is no longer there".to_owned());
    let certificate = &known.seal_of(signature.organization, now).ok_or_else(missing)?.certificate.0;
    let issuing = &known.own(Profile::IssuingCa, now).ok_or_else(missing)?.certificate.0;
    let meta = SignatureMeta {
        field: signature.field.to_owned(),
        name: signature.name.to_owned(),
        reason: format!("{}, {}", signature.by.name, signature.by.title.en),
        location: PLACE.to_owned(),
        at: now,
        certifies: is_first,
    };
    let prepared = pades::prepare(&pdf, &meta, certificate).map_err(failed)?;
    let message = prepared.to_be_signed().to_vec();
    let bytes = sign(signer, signature.organization, (Operation::SignDocument, paper.id), message, certificate).await?;
    let token = signer.stamp(jebena_trust::sha256(&bytes), None).await.map_err(refused)?;
    prepared.finish(&bytes, &[issuing], Some(&token)).map_err(failed)
}

/// What a checker needs when we are not to be asked: the certificates, and what was revoked.
async fn material(
    signer: &SignerClient,
    signatures: &[FileSignature<'_>],
    known: &Known,
    now: DateTime<Utc>,
) -> Result<ValidationMaterial, JobError> {
    let own = [Profile::IssuingCa, Profile::RootCa, Profile::TimeStamping].map(|profile| known.own(profile, now));
    let seals = signatures.iter().map(|one| known.seal_of(one.organization, now));
    let certificates = own.into_iter().chain(seals).flatten().map(|one| one.certificate.0.clone()).collect();
    let mut crls = Vec::new();
    for authority in [Profile::IssuingCa, Profile::RootCa] {
        match signer.ask(&Request::RevocationList { authority, is_delta: false }).await.map_err(refused)? {
            Answer::RevocationList { list: Some(list) } => crls.push(list.0),
            _ => return Err(failed("there is no list of what was revoked")),
        }
    }
    Ok(ValidationMaterial { certificates, crls, ocsp_responses: Vec::new() })
}

/// What machines read: the content, whose hash is in the seal, and the seal.
fn attachments(paper: &PaperToSeal, cose: &[u8]) -> Result<Vec<Attachment>, JobError> {
    let parsed = seal::parse(cose).map_err(hopeless)?;
    let data = json!({ "claims": parsed.claims, "seal": base64url(cose), "content": paper.snapshot });
    Ok(vec![
        Attachment {
            name: "paper.json".to_owned(),
            mime: "application/json".to_owned(),
            relationship: Relationship::Data,
            description: "What the paper says, with its seal".to_owned(),
            bytes: data.to_string().into_bytes(),
        },
        Attachment {
            name: "paper.cose".to_owned(),
            mime: "application/cose".to_owned(),
            relationship: Relationship::Alternative,
            description: "The seal (COSE_Sign1)".to_owned(),
            bytes: cose.to_vec(),
        },
    ])
}

/// The paper as its sheet shows it; what it is worth later does not stand in a file.
fn line(paper: &PaperToSeal) -> Result<PaperLine, JobError> {
    Ok(PaperLine {
        id: paper.id,
        owner: paper.owner,
        owner_name: Bilingual::default(),
        export_id: paper.export_id,
        kind: paper.kind,
        number: paper.number.clone(),
        duplicate: paper.duplicate,
        code: paper.verify_code.parse().map_err(hopeless)?,
        state: PaperState::Valid,
        since: None,
        replaced_by: None,
        issued_at: paper.issued_at,
        issued_by: paper.issued_by.clone(),
        content_sha256: paper
            .content_sha256
            .clone()
            .try_into()
            .map_err(|_| hopeless("a hash of 32 bytes is missing"))?,
        prints: Vec::new(),
    })
}
