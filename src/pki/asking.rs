//! What the signer is asked by the pages of certificates.

use chrono::{DateTime, Utc};
use jebena_signer::authority::ApprovalRule;
use jebena_signer::client::ClientError;
use jebena_signer::protocol::{
    AlarmFacts, Answer, Bytes, CertificateFacts, KeyFacts, Life, RefusalCode, Request, RotationFacts,
};
use jebena_signer::x509::profile::Profile;
use jebena_trust::revocation_list::RevocationList;
use uuid::Uuid;

use super::model::Asked;
use crate::app::AppState;

/// The lists of what was revoked: of which authority, and whether it is what has changed since the last whole one.
pub(super) const LISTS: [(Profile, bool); 3] =
    [(Profile::RootCa, false), (Profile::IssuingCa, false), (Profile::IssuingCa, true)];

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// Nobody signs here, or there is no authority yet.
    Nobody,
    /// The signer does not answer now.
    Away,
}

/// The signer's answer.
///
/// # Errors
/// [`Silence`]; what is behind it is in the log.
pub(super) async fn ask(state: &AppState, request: &Request) -> Result<Answer, Silence> {
    let Some(signer) = &state.signer else { return Err(Silence::Nobody) };
    signer.ask(request).await.map_err(silence)
}

/// What is behind an error, where the question was only to be told something.
pub(super) fn silence(error: ClientError) -> Silence {
    match error {
        ClientError::Refused { code: RefusalCode::NoKey, .. } => Silence::Nobody,
        error => strange(error),
    }
}

fn strange(error: ClientError) -> Silence {
    tracing::warn!(%error, "the signer gives no answer to a page");
    Silence::Away
}

/// All certificates, the oldest first.
pub(super) async fn certificates(state: &AppState) -> Result<Vec<CertificateFacts>, Silence> {
    match ask(state, &Request::Certificates {}).await? {
        Answer::Certificates { certificates } => Ok(certificates),
        _ => Err(strange(ClientError::Strange)),
    }
}

/// The newest requests for certificates, the newest first.
pub(super) async fn requests(state: &AppState) -> Result<Vec<Asked>, Silence> {
    match ask(state, &Request::Requests {}).await? {
        Answer::Requests { requests } => Ok(requests.into_iter().filter_map(Asked::of).collect()),
        _ => Err(strange(ClientError::Strange)),
    }
}

/// The rule under which something is approved that is asked for now.
pub(super) async fn approval_rule(state: &AppState) -> Result<ApprovalRule, Silence> {
    match ask(state, &Request::ApprovalRule {}).await? {
        Answer::ApprovalRule { rule } => Ok(rule),
        _ => Err(strange(ClientError::Strange)),
    }
}

/// What became of a certificate.
pub(super) async fn life(state: &AppState, certificate: Uuid) -> Result<Life, Silence> {
    match ask(state, &Request::Life { certificate }).await? {
        Answer::Life { life } => Ok(life),
        _ => Err(strange(ClientError::Strange)),
    }
}

/// The newest rotations, the newest first.
pub(super) async fn rotations(state: &AppState) -> Result<Vec<RotationFacts>, Silence> {
    match ask(state, &Request::Rotations {}).await? {
        Answer::Rotations { rotations } => Ok(rotations),
        _ => Err(strange(ClientError::Strange)),
    }
}

/// The keys that seal keys, and how those below them are used: the master key first, then the consortium's.
pub(super) async fn keys(state: &AppState) -> Result<Vec<KeyFacts>, Silence> {
    match ask(state, &Request::Keys {}).await? {
        Answer::Keys { keys } => Ok(keys),
        _ => Err(strange(ClientError::Strange)),
    }
}

/// The first critical lines of the signer's record since a moment.
pub(super) async fn alarms(state: &AppState, since: DateTime<Utc>) -> Result<Vec<AlarmFacts>, Silence> {
    match ask(state, &Request::Alarms { since }).await? {
        Answer::Alarms { alarms } => Ok(alarms),
        _ => Err(strange(ClientError::Strange)),
    }
}

/// Until when the lists are good, the earliest of them; none while there is no authority.
pub(super) async fn lists_until(state: &AppState) -> Result<Option<DateTime<Utc>>, Silence> {
    match ask(state, &Request::Status {}).await? {
        Answer::Status(status) => Ok(status.lists_until),
        _ => Err(strange(ClientError::Strange)),
    }
}

/// The newest list of what an authority revoked; none while there is none.
pub(super) async fn revocation_list(
    state: &AppState,
    authority: Profile,
    is_delta: bool,
) -> Result<Option<RevocationList>, Silence> {
    match ask(state, &Request::RevocationList { authority, is_delta }).await {
        Ok(Answer::RevocationList { list }) => Ok(list.and_then(|Bytes(der)| RevocationList::from_der(&der))),
        Ok(_) => Err(strange(ClientError::Strange)),
        Err(Silence::Nobody) => Ok(None),
        Err(away) => Err(away),
    }
}
