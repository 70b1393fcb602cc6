//! Questions about requests for certificates.

use chrono::{DateTime, Utc};

use super::refusal;
use crate::authority::{Approval, ApprovalRule, Authority, AuthorityError, Closing, RequestError, Taken};
use crate::protocol::{Answer, ApprovalGiven, Bytes, RefusalCode, Request, RequestFacts};
use crate::store::requests::StoredRequest;
use crate::x509::profile::Profile;

/// Answers one; another question is none of these.
pub(super) async fn answer(
    authority: &Authority,
    request: Request,
    now: DateTime<Utc>,
) -> Result<Answer, AuthorityError> {
    match request {
        Request::MakeRequest { application, common_name, policy } => {
            Ok(taken(authority.make_request(&application, &common_name, &policy, now).await))
        }
        Request::TakeRequest { application, csr } => Ok(taken(authority.take_request(&application, &csr.0, now).await)),
        Request::Requests {} => {
            let requests = authority.requests().await?.into_iter().filter_map(request_facts).collect();
            Ok(Answer::Requests { requests })
        }
        Request::IssueRequested { request, approvals } => {
            let Some(approvals) = given(approvals) else { return Ok(no_digest()) };
            Ok(match authority.issue_requested(request, &approvals, now).await {
                Ok(issued) => Answer::Issued { certificate_id: issued.certificate_id, certificate: Bytes(issued.der) },
                Err(error) => request_refusal(error),
            })
        }
        Request::CloseRequest { request, by, rejected } => {
            let closing = rejected.map_or(Closing::Cancelled, Closing::Rejected);
            let closed = authority.close_request(request, by, &closing, now).await;
            Ok(closed.map_or_else(request_refusal, |()| Answer::RequestClosed {}))
        }
        _ => {
            let reason = "this is no question about requests for certificates".to_owned();
            Ok(Answer::Refused { code: RefusalCode::Malformed, reason })
        }
    }
}

fn taken(taken: Result<Taken, RequestError>) -> Answer {
    match taken {
        Ok(Taken { request_id, digest, der }) => {
            Answer::RequestTaken { request: request_id, digest: Bytes(digest.to_vec()), csr: Bytes(der) }
        }
        Err(RequestError::Flawed(flaw)) => Answer::RequestFlawed { flaw, reason: flaw.to_string() },
        Err(error) => request_refusal(error),
    }
}

/// The approvals; none where what one of them is of is no digest.
pub(super) fn given(approvals: Vec<ApprovalGiven>) -> Option<Vec<Approval>> {
    let read = |given: ApprovalGiven| {
        let ApprovalGiven { approval_id, approver, organization, digest } = given;
        Some(Approval { approval_id, approver, organization, digest: digest.0.try_into().ok()? })
    };
    approvals.into_iter().map(read).collect()
}

pub(super) fn no_digest() -> Answer {
    let reason = "what was approved is a digest of 32 bytes".to_owned();
    Answer::Refused { code: RefusalCode::Malformed, reason }
}

fn request_refusal(error: RequestError) -> Answer {
    let code = match error {
        RequestError::Authority(error) => return refusal(&error),
        RequestError::NotApproved(_) | RequestError::Decided(_) | RequestError::NotTheirs => RefusalCode::NotApproved,
        RequestError::Missing => RefusalCode::NoKey,
        RequestError::Changed => RefusalCode::Unsealable,
        RequestError::Flawed(_) | RequestError::NotOnRequest => RefusalCode::Malformed,
    };
    tracing::warn!(%error, ?code, "refused");
    Answer::Refused { code, reason: error.to_string() }
}

fn request_facts((stored, digest, approval): (StoredRequest, [u8; 32], ApprovalRule)) -> Option<RequestFacts> {
    Some(RequestFacts {
        request_id: stored.request_id,
        organization: stored.organization_id,
        person: stored.owner_user_id,
        profile: Profile::from_code(&stored.profile)?,
        subject: stored.subject_dn,
        is_made_here: stored.private_key_id.is_some(),
        csr: Bytes(stored.der_encoded_csr),
        digest: Bytes(digest.to_vec()),
        approval,
        validity_days: stored.requested_validity_days,
        status: stored.status,
        rejection_reason: stored.rejection_reason,
        certificate_id: stored.issued_certificate_id,
        requester: stored.requester_user_id,
        requested_at: stored.requested_at,
        changed_at: stored.updated_at,
    })
}
