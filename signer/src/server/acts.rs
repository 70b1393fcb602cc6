//! Questions about what becomes of certificates and keys.

use chrono::{DateTime, Utc};

use super::refusal;
use super::requests::{given, no_digest};
use crate::authority::{ActError, Authority, AuthorityError};
use crate::protocol::{Answer, Bytes, RefusalCode, Request};

/// Answers what is asked about acts; another question is none of these.
pub(super) async fn answer(
    authority: &Authority,
    request: Request,
    now: DateTime<Utc>,
) -> Result<Answer, AuthorityError> {
    match request {
        Request::ApprovalRule {} => Ok(Answer::ApprovalRule { rule: authority.approval_rule().await? }),
        Request::Life { certificate } => Ok(Answer::Life { life: authority.life(certificate).await? }),
        Request::Act { act, approvals, passphrase } => {
            let Some(approvals) = given(approvals) else { return Ok(no_digest()) };
            let done = authority.act(&act, &approvals, passphrase.as_ref(), now).await;
            Ok(done.map_or_else(act_refusal, |file| Answer::Acted { file: file.map(Bytes) }))
        }
        _ => {
            let reason = "this is no question about what becomes of a certificate".to_owned();
            Ok(Answer::Refused { code: RefusalCode::Malformed, reason })
        }
    }
}

fn act_refusal(error: ActError) -> Answer {
    let code = match &error {
        ActError::Authority(error) => return refusal(error),
        ActError::NotApproved(_) | ActError::NotTheirs | ActError::State(_) | ActError::Over | ActError::OtherRule => {
            RefusalCode::NotApproved
        }
        ActError::Spent => RefusalCode::Spent,
        ActError::Changed => RefusalCode::Unsealable,
        ActError::Reason | ActError::NoPassphrase | ActError::File(_) => RefusalCode::Malformed,
    };
    tracing::warn!(%error, ?code, "refused");
    Answer::Refused { code, reason: error.to_string() }
}
