//! The job that tells the signer what was decided. It may be done as often as one likes: what the signer has done already it finds
//! done, and the record of it is written with the end of the job.

use chrono::{DateTime, Utc};
use jebena_signer::client::{ClientError, SignerClient};
use jebena_signer::protocol::{Answer, ApprovalGiven, Bytes, RefusalCode, Request};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::AppState;
use crate::audit::{self, Author, Event, Severity};
use crate::ids::UserId;
use crate::jobs::{Finished, JobError, JobKind, NewJob, Report, Run};
use crate::pki::asking::{self, Silence};
use crate::pki::model::{Asked, Decision, RequestStatus, Verdict};
use crate::pki::rules::{self, Standing};
use crate::pki::store;

/// What the payload calls the request.
const REQUEST: &str = "request_id";

/// The job for a request about which enough was decided.
pub(super) fn job_of(request: Uuid, by: UserId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        kind: JobKind::FinishCertificateRequest,
        payload: json!({ REQUEST: request }),
        unique_key: Some(request.to_string()),
        run_at: now,
        requested_by: Some(by),
    }
}

/// Has the certificate issued that enough have approved, or the request closed that was rejected or given up.
///
/// # Errors
/// [`JobError`] when the signer or the database is away, or the signer refuses.
pub async fn finish_request(state: &AppState, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let Some(signer) = &state.signer else { return Ok(Finished::Done(vec![("without_signer", 1)])) };
    let id = request_of(&run.payload)?;
    let away = |silence: Silence| JobError::Failed(format!("the signer does not tell of the request: {silence:?}"));
    let asked = asking::requests(state).await.map_err(away)?.into_iter().find(|one| one.id == id);
    let Some(asked) = asked else { return Err(JobError::Hopeless("the signer knows no such request".to_owned())) };
    let mut tx = run.begin(&state.db).await?;
    let decisions = store::list_decisions(&mut tx, &[id]).await?;
    tx.commit().await?;
    let certificate = match (asked.status, rules::standing(&asked.ballot(), &decisions)) {
        (RequestStatus::Fulfilled, _) => asked.certificate,
        (RequestStatus::Approved, _) => Some(issue(signer, id, Vec::new()).await?),
        (RequestStatus::Pending, Standing::Issuing) => Some(issue(signer, id, given(&decisions)).await?),
        (RequestStatus::Pending, Standing::Rejected | Standing::Withdrawn) => {
            close(signer, &asked, &decisions).await?;
            None
        }
        // Too few as yet, or over without us.
        _ => return Ok(Finished::Done(Vec::new())),
    };
    let mut tx = run.begin(&state.db).await?;
    let report: Report = match certificate {
        Some(certificate) => {
            let author = Author::product(None);
            let facts = json!({ "certificate": certificate });
            let event = Event::business("CERTIFICATE_ISSUED", "certificate_request", id, Severity::High, facts);
            audit::record(&mut tx, author, &event, now).await?;
            vec![("certificates", 1)]
        }
        None => vec![("requests_closed", 1)],
    };
    run.finish(tx, &report, now).await
}

fn request_of(payload: &Value) -> Result<Uuid, JobError> {
    let id = payload.get(REQUEST).and_then(Value::as_str).and_then(|text| text.parse().ok());
    id.ok_or_else(|| JobError::Hopeless("the job names no request".to_owned()))
}

pub(super) fn given(decisions: &[Decision]) -> Vec<ApprovalGiven> {
    let approvals = decisions.iter().filter(|decision| decision.verdict == Verdict::Approved);
    approvals
        .map(|decision| ApprovalGiven {
            approval_id: decision.id,
            approver: decision.approver.0,
            organization: decision.organization.0,
            digest: Bytes(decision.digest.clone()),
        })
        .collect()
}

async fn issue(signer: &SignerClient, request: Uuid, approvals: Vec<ApprovalGiven>) -> Result<Uuid, JobError> {
    match signer.ask(&Request::IssueRequested { request, approvals }).await.map_err(refused)? {
        Answer::Issued { certificate_id, .. } => Ok(certificate_id),
        _ => Err(refused(ClientError::Strange)),
    }
}

async fn close(signer: &SignerClient, asked: &Asked, decisions: &[Decision]) -> Result<(), JobError> {
    let end = decisions.iter().find(|decision| decision.verdict != Verdict::Approved);
    let Some(end) = end else { return Ok(()) };
    let rejected = end.reason.clone().filter(|_| end.verdict == Verdict::Rejected);
    let close = Request::CloseRequest { request: asked.id, by: end.approver.0, rejected };
    match signer.ask(&close).await.map_err(refused)? {
        Answer::RequestClosed {} => Ok(()),
        _ => Err(refused(ClientError::Strange)),
    }
}

/// What was not approved, or does not open, is not so at the next try either; what is stored may have come of a try before this one,
/// which the next look finds.
pub(super) fn refused(error: ClientError) -> JobError {
    match error {
        ClientError::Refused { code: RefusalCode::Unsealable | RefusalCode::Malformed, reason } => {
            JobError::Hopeless(reason)
        }
        error => JobError::Failed(error.to_string()),
    }
}
