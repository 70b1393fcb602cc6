//! The jobs that seal papers. Each try begins where the one before it stopped: a seal that is stored stays, a file likewise.

use chrono::{DateTime, Duration, Utc};
use jebena_signer::client::{ClientError, SignerClient};
use jebena_signer::policy::Operation;
use jebena_signer::protocol::{Answer, Bytes, CertificateFacts, Request};
#[cfg(feature = "pdf")]
use jebena_signer::x509::profile::Profile;
use jebena_trust::certificate::Certificate;
use jebena_trust::{jws, seal};
use serde_json::{Value, json};
#[cfg(feature = "pdf")]
use sqlx::types::Json;

use super::claims::{Subject, claims};
use super::credential::credential;
use super::given_out::GivenOut;
use super::rules;
use super::store::{self, NewSeal, PaperToSeal, Proof};
#[cfg(feature = "pdf")]
use super::store::{NewFile, StoredFile};
use crate::app::AppState;
#[cfg(feature = "pdf")]
use crate::audit::{self, Author, Event, Severity};
use crate::certificates::VerifyCode;
use crate::certificates::snapshot::Snapshot;
use crate::database::{Db, Tx};
use crate::documents::reconcile::PAPER;
#[cfg(feature = "pdf")]
use crate::documents::{
    reconcile::INSTEAD_OF,
    storage::{Storage, StorageKey},
    wholeness::{self, Fault},
};
use crate::ids::{OrganizationId, PaperId, UserId};
use crate::jobs::{self, Finished, JobError, JobKind, NewJob, Run};

/// Papers that one round seals: within its minute, and beside the work of the day.
const ROUND: i64 = 200;
/// How long a paper's own job has before a round takes the paper.
const OWN_TIME: Duration = Duration::minutes(2);

/// Asks for seal and file of a paper, in the transaction that issues it.
///
/// # Errors
/// When the database refuses.
pub(in crate::certificates) async fn ask_for(
    tx: &mut Tx,
    paper: PaperId,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let job = NewJob {
        kind: JobKind::SealPaper,
        payload: json!({ PAPER: paper }),
        unique_key: Some(paper.to_string()),
        run_at: now,
        requested_by: by,
    };
    jobs::enter(tx, &job, now).await?;
    Ok(())
}

/// What proves the paper with this code, for whoever has it; `None` when there is no such paper.
pub(super) async fn find_proof(db: &Db, code: &VerifyCode) -> sqlx::Result<Option<Proof>> {
    let mut tx = db.begin_public().await?;
    let proof = store::find_proof(&mut tx, code).await?;
    tx.commit().await?;
    Ok(proof)
}

/// What was given out of the paper with this code; `None` where there is no such paper, or it has no seal.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::certificates) async fn find_given_out(db: &Db, code: &VerifyCode) -> sqlx::Result<Option<GivenOut>> {
    let mut tx = db.begin_public().await?;
    let given_out = store::find_given_out(&mut tx, code).await?;
    tx.commit().await?;
    Ok(given_out)
}

/// Asks for the file of a paper that was issued before there were any. Who asks has its code, and may be a stranger.
pub(super) async fn ask_for_file(db: &Db, paper: PaperId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_worker().await?;
    ask_for(&mut tx, paper, None, now).await?;
    tx.commit().await
}

/// Seals one paper, signs its file, and stores both.
///
/// # Errors
/// [`JobError`] when the signer or the database is away, or the paper cannot be sealed at all.
pub async fn seal_paper(state: &AppState, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let Some(signer) = &state.signer else { return Ok(Finished::Done(vec![("without_signer", 1)])) };
    let id = paper_of(&run.payload)?;
    let mut tx = run.begin(&state.db).await?;
    let found = store::find_to_seal(&mut tx, id).await?;
    tx.commit().await?;
    let Some(paper) = found else { return Err(JobError::Hopeless("there is no such paper".to_owned())) };
    let known = Known::of(signer, &paper).await?;
    let cose = match &paper.cose {
        Some(cose) => cose.clone(),
        None => {
            // Its organisation had no certificate when it was issued.
            let Some(made) = seal_of(state, signer, &known, &paper, now).await? else {
                return Ok(Finished::Done(vec![("without_certificate", 1)]));
            };
            let mut tx = run.begin(&state.db).await?;
            let is_first = store::insert_seal(&mut tx, &made.row(&paper), now).await?;
            tx.commit().await?;
            if !is_first {
                // The next try takes the one that is stored: a file carries the seal of its paper, and no twin of it.
                return Err(failed("the paper was sealed meanwhile"));
            }
            made.cose
        }
    };
    finish_file(state, run, (&paper, &cose), &known, now).await
}

/// Has the file made and signed, stores it beside the documents, and ends the job with its row.
#[cfg(feature = "pdf")]
async fn finish_file(
    state: &AppState,
    run: &Run,
    (paper, cose): (&PaperToSeal, &[u8]),
    known: &Known,
    now: DateTime<Utc>,
) -> Result<Finished, JobError> {
    let Some(signer) = &state.signer else { return Ok(Finished::Done(vec![("seals", 1)])) };
    let before = match &paper.file {
        None => None,
        Some(Json(file)) if instead_of(&run.payload) != Some(&file.storage_key) => {
            return Ok(Finished::Done(vec![("seals", 1)]));
        }
        // Somebody may have brought the file back meanwhile.
        Some(Json(file)) => match fault_of(&state.storage, file).await? {
            None => return Ok(Finished::Done(vec![("seals", 1)])),
            Some(fault) => Some((file, fault)),
        },
    };
    let Some(pdf) = super::file::signed_file(state, signer, (paper, cose), known, now).await? else {
        return match before {
            None => Ok(Finished::Done(vec![("seals", 1), ("without_certificate", 1)])),
            // Nobody looks for it as for a paper without a seal.
            Some(_) => Err(failed("a signatory has no certificate at the moment")),
        };
    };
    let size_bytes = i64::try_from(pdf.len()).map_err(hopeless)?;
    let whole = futures::stream::iter([Ok::<_, std::io::Error>(bytes::Bytes::from(pdf))]);
    let staged = state.storage.stage(whole, u64::MAX).await.map_err(failed)?;
    let sha256 = staged.digest().sha256;
    let key = StorageKey::new();
    state.storage.commit(staged, &key).await.map_err(failed)?;

    let row = NewFile {
        paper: paper.id,
        version: before.map_or(1, |(file, _)| file.version + 1),
        reason: before.map(|(_, fault)| fault),
        storage_key: &key.path(),
        sha256: &sha256,
        size_bytes,
        level: "B-LT",
    };
    let mut tx = run.begin(&state.db).await?;
    // Should another have been quicker, its file stays, and the reconciler removes this one.
    if store::insert_file(&mut tx, &row, now).await?
        && let Some((file, fault)) = before
    {
        record_again(&mut tx, paper, (file, fault), &row, now).await?;
    }
    run.finish(tx, &vec![("seals", 1), ("files", 1)], now).await
}

/// The file in the place of which another one is wanted.
#[cfg(feature = "pdf")]
fn instead_of(payload: &Value) -> Option<&str> {
    payload.get(INSTEAD_OF).and_then(Value::as_str)
}

#[cfg(feature = "pdf")]
async fn fault_of(storage: &Storage, file: &StoredFile) -> Result<Option<Fault>, JobError> {
    let sha256 = hex::decode(&file.sha256).map_err(hopeless)?;
    let (_, fault) = wholeness::find_fault(storage, &file.storage_key, &sha256).await.map_err(failed)?;
    Ok(fault)
}

/// Says on record that a file was made again, and by what both are recognised.
#[cfg(feature = "pdf")]
async fn record_again(
    tx: &mut Tx,
    paper: &PaperToSeal,
    (before, fault): (&StoredFile, Fault),
    now_stored: &NewFile<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let details = json!({
        "reason": fault.code(),
        "version": now_stored.version,
        "old_sha256": before.sha256,
        "new_sha256": hex::encode(now_stored.sha256),
        "old_path": before.storage_key,
        "path": now_stored.storage_key,
    });
    let event = Event::business("PAPER_FILE_MADE_AGAIN", "paper", paper.id.0, Severity::High, details);
    let author = Author::product(Some(paper.issuer));
    audit::record(tx, author, &event, now).await
}

#[cfg(not(feature = "pdf"))]
async fn finish_file(
    _: &AppState,
    _: &Run,
    _: (&PaperToSeal, &[u8]),
    _: &Known,
    _: DateTime<Utc>,
) -> Result<Finished, JobError> {
    Ok(Finished::Done(vec![("seals", 1)]))
}

/// Seals papers that have none, newest first: those of before there was a signer, and what a killed process left.
///
/// # Errors
/// [`JobError`] when the signer or the database is away.
pub async fn seal_waiting(state: &AppState, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let Some(signer) = &state.signer else { return Ok(Finished::Done(Vec::new())) };
    let known = Known::all(signer).await?;
    let mut tx = state.db.begin_worker().await?;
    let waiting = store::list_unsealed(&mut tx, &rules::spans(&known.0, now), now - OWN_TIME, ROUND).await?;
    tx.commit().await?;
    let (mut seals, mut unsealable) = (0, 0);
    for id in waiting {
        let mut tx = state.db.begin_worker().await?;
        let found = store::find_to_seal(&mut tx, id).await?;
        tx.commit().await?;
        let Some(paper) = found else { continue };
        let made = match seal_of(state, signer, &known, &paper, now).await {
            Ok(Some(made)) => made,
            Ok(None) => continue,
            // One paper that cannot be sealed keeps no other from it.
            Err(JobError::Hopeless(reason)) => {
                tracing::error!(paper = %id, reason, "a paper cannot be sealed");
                unsealable += 1;
                continue;
            }
            Err(error) => return Err(error),
        };
        let mut tx = state.db.begin_worker().await?;
        seals += u64::from(store::insert_seal(&mut tx, &made.row(&paper), now).await?);
        tx.commit().await?;
    }
    Ok(Finished::Done(vec![("seals", seals), ("unsealable", unsealable)]))
}

fn paper_of(payload: &Value) -> Result<PaperId, JobError> {
    let id = payload.get(PAPER).and_then(Value::as_str).and_then(|text| text.parse().ok());
    id.ok_or_else(|| JobError::Hopeless("the job names no paper".to_owned()))
}

/// The certificates that there are, with the consortium's own.
pub(super) struct Known(Vec<CertificateFacts>);

impl Known {
    async fn all(signer: &SignerClient) -> Result<Self, JobError> {
        Self::ask(signer, Request::Certificates {}).await
    }

    /// Of who signs a paper: of all there may be thousands, and each paper asks.
    async fn of(signer: &SignerClient, paper: &PaperToSeal) -> Result<Self, JobError> {
        let organizations = [Some(paper.issuer), paper.customs].into_iter().flatten().map(|one| one.0).collect();
        Self::ask(signer, Request::CertificatesOf { organizations }).await
    }

    async fn ask(signer: &SignerClient, request: Request) -> Result<Self, JobError> {
        match signer.ask(&request).await.map_err(refused)? {
            Answer::Certificates { certificates } => Ok(Self(certificates)),
            _ => Err(refused(ClientError::Strange)),
        }
    }

    /// The certificate with which an organisation seals at `now`.
    pub(super) fn seal_of(&self, organization: OrganizationId, now: DateTime<Utc>) -> Option<&CertificateFacts> {
        rules::seal_of(&self.0, organization, now)
    }

    /// The newest certificate of the consortium's own with this profile.
    #[cfg(feature = "pdf")]
    pub(super) fn own(&self, profile: Profile, now: DateTime<Utc>) -> Option<&CertificateFacts> {
        rules::good(&self.0, profile, now).last()
    }
}

/// A seal with the certificate that belongs to it.
struct Made {
    cose: Vec<u8>,
    credential: Option<String>,
    certificate_sha256: [u8; 32],
}

impl Made {
    fn row(&self, paper: &PaperToSeal) -> NewSeal<'_> {
        NewSeal {
            paper: paper.id,
            organization: paper.issuer,
            certificate_sha256: &self.certificate_sha256,
            cose: &self.cose,
            credential: self.credential.as_deref(),
        }
    }
}

/// The seal of a paper; none while its issuer has no certificate.
async fn seal_of(
    state: &AppState,
    signer: &SignerClient,
    known: &Known,
    paper: &PaperToSeal,
    now: DateTime<Utc>,
) -> Result<Option<Made>, JobError> {
    let Some(facts) = known.seal_of(paper.issuer, now) else { return Ok(None) };
    let spans = rules::spans(&known.0, now);
    let Some(issued_at) = rules::sealed_as_of(&spans, paper.issuer, paper.issued_at, facts.not_before) else {
        return Ok(None);
    };
    let certificate = Certificate::from_der(&facts.certificate.0).map_err(failed)?;
    let certificate_sha256 = *certificate.fingerprint();
    let snapshot: Snapshot = serde_json::from_value(paper.snapshot.clone()).map_err(hopeless)?;
    let claims = claims(Subject {
        issuer: &paper.issuer_code,
        kind: paper.kind,
        number: &paper.number,
        code: &paper.verify_code.parse().map_err(hopeless)?,
        issued_at,
        duplicate: paper.duplicate,
        content_sha256: paper
            .content_sha256
            .clone()
            .try_into()
            .map_err(|_| hopeless("a hash of 32 bytes is missing"))?,
        snapshot: &snapshot,
    })
    .map_err(hopeless)?;
    let message = seal::to_be_signed(&claims, &certificate_sha256);
    let signature = sign(signer, paper.issuer, (Operation::SealPaper, paper.id), message, certificate.der()).await?;
    // It is checked with the certificate's key before anybody sees it.
    let cose = seal::assemble(&claims, &certificate_sha256, &signature, certificate.key()).map_err(failed)?;
    let key_id = hex::encode(seal::key_id(&certificate_sha256));
    let credential = match credential((&claims, &cose), &paper.issuer_name, &key_id, state.site.public_url()) {
        None => None,
        Some((header, payload)) => {
            let message = jws::to_be_signed(&header, &payload).map_err(hopeless)?;
            let purpose = (Operation::SealPaper, paper.id);
            let signature = sign(signer, paper.issuer, purpose, message.clone(), certificate.der()).await?;
            Some(jws::assemble(&message, &signature, certificate.key()).map_err(failed)?)
        }
    };
    Ok(Some(Made { cose, credential, certificate_sha256 }))
}

/// A signature of `organization` over `message`, by the key of `certificate` and no other.
pub(super) async fn sign(
    signer: &SignerClient,
    organization: OrganizationId,
    (operation, about): (Operation, PaperId),
    message: Vec<u8>,
    certificate: &[u8],
) -> Result<Vec<u8>, JobError> {
    let request = Request::Sign {
        organization: organization.0,
        operation,
        about: about.0,
        // The product finishes what an officer has decided, with their second factor, in the transaction before.
        person: None,
        has_second_factor: false,
        message: Bytes(message),
    };
    let signed = signer.sign(&request).await.map_err(refused)?;
    if signed.certificate != certificate {
        return Err(JobError::Failed("the organisation has another certificate by now".to_owned()));
    }
    Ok(signed.signature)
}

pub(super) fn refused(error: ClientError) -> JobError {
    JobError::Failed(error.to_string())
}

pub(super) fn failed(error: impl std::fmt::Display) -> JobError {
    JobError::Failed(error.to_string())
}

pub(super) fn hopeless(error: impl std::fmt::Display) -> JobError {
    JobError::Hopeless(error.to_string())
}
