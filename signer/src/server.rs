//! The signer's side of the socket: who may ask is looked at first, and the answer tells nothing that was not asked.

mod acts;
mod requests;

use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::authority::{Authority, AuthorityError};
use crate::keyring::{Holder, KeyError, Purpose, Signed};
use crate::policy::{Operation, Use};
use crate::protocol::{
    self, AlarmFacts, Answer, Bytes, KeyFacts, RefusalCode, Request, RotationFacts, Status, WireError,
};
use crate::store::keys::SealingKey;
use crate::store::record::Alarm;
use crate::store::rotation::StoredRotation;
use crate::x509::profile::Profile;

/// Connections at once: each holds a connection of the database while it signs.
const AT_ONCE: usize = 64;
/// How long somebody may take to say what they want.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether lists have to be made anew.
const CHORES: Duration = Duration::from_secs(60);
/// A list is made anew when less than this part of its time is left.
const LIST_MARGIN: chrono::Duration = chrono::Duration::hours(12);

/// Rotations that are told of.
const MOST_ROTATIONS: i64 = 100;

/// Alarms that are told of at once.
const MOST_ALARMS: i64 = 100;

/// Where the present moment comes from.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Takes the place of the socket; one that a killed process left is removed, one that answers is not.
///
/// # Errors
/// When another signer listens there, or the place cannot be taken.
pub async fn bind(path: &Path) -> io::Result<UnixListener> {
    if UnixStream::connect(path).await.is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "another signer listens there"));
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    // Its own user and group: the web server is of the group where it has a user of its own.
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
    Ok(listener)
}

/// Answers until `stop`; what is being answered then is finished. `clients` are the operating system's users who may ask.
pub async fn serve(
    listener: UnixListener,
    authority: Arc<Authority>,
    clients: Vec<u32>,
    now: Now,
    stop: CancellationToken,
) {
    let tracker = TaskTracker::new();
    let places = Arc::new(Semaphore::new(AT_ONCE));
    tracker.spawn(chores(Arc::clone(&authority), Arc::clone(&now), stop.clone()));
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let Ok((stream, _)) = accepted else { continue };
        if !stream.peer_cred().is_ok_and(|peer| clients.contains(&peer.uid())) {
            tracing::warn!(peer = ?stream.peer_cred().map(|peer| peer.uid()), "a stranger at the socket");
            continue;
        }
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { break };
        let (authority, now, stop) = (Arc::clone(&authority), Arc::clone(&now), stop.clone());
        tracker.spawn(async move {
            if let Err(error) = attend(stream, &authority, &now, &stop).await {
                tracing::info!(%error, "a connection ended");
            }
            drop(place);
        });
    }
    tracker.close();
    tracker.wait().await;
}

async fn attend(
    mut stream: UnixStream,
    authority: &Authority,
    now: &Now,
    stop: &CancellationToken,
) -> Result<(), WireError> {
    loop {
        let asked = stop.run_until_cancelled(tokio::time::timeout(PATIENCE, protocol::read(&mut stream))).await;
        let request: Request = match asked {
            Some(Ok(Ok(Some(request)))) => request,
            Some(Ok(Err(WireError::Malformed(error)))) => {
                let answer = Answer::Refused { code: RefusalCode::Malformed, reason: error.to_string() };
                return protocol::write(&mut stream, &answer).await;
            }
            Some(Ok(Err(error))) => return Err(error),
            None | Some(Err(_) | Ok(Ok(None))) => return Ok(()),
        };
        let answer = answer(authority, request, now()).await.unwrap_or_else(|error| refusal(&error));
        protocol::write(&mut stream, &answer).await?;
    }
}

async fn answer(authority: &Authority, request: Request, now: DateTime<Utc>) -> Result<Answer, AuthorityError> {
    match request {
        Request::Status {} => {
            let lists_until = authority.lists_until().await?;
            Ok(Answer::Status(Status { has_authority: lists_until.is_some(), lists_until }))
        }
        Request::Sign { organization, operation, about, person, has_second_factor, message } => {
            // An organisation's key seals papers; whatever else there is has its own question.
            if !matches!(operation, Operation::SealPaper | Operation::SignDocument) {
                let reason = format!("{} cannot be asked for here", operation.code());
                return Ok(Answer::Refused { code: RefusalCode::Policy, reason });
            }
            let holder = Holder { profile: Profile::OrganizationSeal, organization: Some(organization) };
            let purpose = Purpose { asked: Use { operation, user: person, has_second_factor }, about: Some(about) };
            signed(authority.keyring().sign(holder, purpose, &message.0, now).await?)
        }
        Request::SignTrustList { message } => {
            let holder = Holder { profile: Profile::TrustList, organization: None };
            let purpose = Purpose::of_product(Operation::SignTrustList, None);
            signed(authority.keyring().sign(holder, purpose, &message.0, now).await?)
        }
        Request::Stamp { digest, nonce } => {
            let Ok(digest) = digest.0.try_into() else {
                let reason = "what is stamped is a SHA-256, of 32 bytes".to_owned();
                return Ok(Answer::Refused { code: RefusalCode::Malformed, reason });
            };
            Ok(Answer::Stamped { token: Bytes(authority.stamp(digest, nonce, now).await?) })
        }
        Request::AnswerStatus { request } => {
            let answered = authority.answer_status(&request.0, now).await?;
            Ok(Answer::StatusAnswered { response: Bytes(answered.response), good_until: answered.good_until })
        }
        asked @ (Request::MakeRequest { .. }
        | Request::TakeRequest { .. }
        | Request::Requests {}
        | Request::IssueRequested { .. }
        | Request::CloseRequest { .. }) => requests::answer(authority, asked, now).await,
        asked @ (Request::Act { .. } | Request::Life { .. } | Request::ApprovalRule {}) => {
            acts::answer(authority, asked, now).await
        }
        Request::Rotations {} => {
            let rotations =
                authority.keyring().rotations(MOST_ROTATIONS).await?.into_iter().map(rotation_facts).collect();
            Ok(Answer::Rotations { rotations })
        }
        Request::Keys {} => {
            let keys = authority.keyring().sealing_keys(now).await?.into_iter().map(key_facts).collect();
            Ok(Answer::Keys { keys })
        }
        Request::Alarms { since } => {
            let alarms = authority.keyring().alarms(since, MOST_ALARMS).await?.into_iter().map(alarm_facts).collect();
            Ok(Answer::Alarms { alarms })
        }
        Request::Certificates {} => {
            let certificates = authority.inventory(None).await?;
            Ok(Answer::Certificates { certificates })
        }
        Request::CertificatesOf { organizations } => {
            let certificates = authority.inventory(Some(&organizations)).await?;
            Ok(Answer::Certificates { certificates })
        }
        Request::RevocationList { authority: of, is_delta } => {
            let list = authority.newest_list(of, is_delta, now).await?.map(Bytes);
            Ok(Answer::RevocationList { list })
        }
    }
}

fn signed(signed: Signed) -> Result<Answer, AuthorityError> {
    let certificate = signed.certificate.ok_or(KeyError::Missing)?;
    Ok(Answer::Signed { signature: Bytes(signed.signature), certificate: Bytes(certificate) })
}

fn rotation_facts(stored: StoredRotation) -> RotationFacts {
    RotationFacts {
        rotation_id: stored.rotation_id,
        of: stored.key_type,
        organization: stored.organization_id,
        kind: stored.rotation_type,
        reason: stored.rotation_reason,
        total: stored.items_total,
        done: stored.items_re_encrypted,
        failed: stored.items_failed,
        status: stored.rotation_status,
        started_at: stored.started_at,
        completed_at: stored.completed_at,
    }
}

fn alarm_facts(stored: Alarm) -> AlarmFacts {
    AlarmFacts {
        event_id: stored.event_id,
        event_type: stored.event_type,
        resource_type: stored.resource_type,
        resource_id: stored.resource_id,
        at: stored.event_timestamp,
    }
}

fn key_facts(stored: SealingKey) -> KeyFacts {
    KeyFacts {
        of: stored.key_type,
        organization: stored.organization_id,
        version: stored.key_version,
        since: stored.created_at,
        next_rotation_at: stored.next_rotation_at,
        private_keys: stored.private_keys,
        uses_today: stored.uses_today,
        most_uses_before: stored.most_uses_before,
    }
}

fn refusal(error: &AuthorityError) -> Answer {
    let code = match error {
        AuthorityError::Key(KeyError::Refused(_)) => RefusalCode::Policy,
        AuthorityError::Key(KeyError::Missing) | AuthorityError::NoAuthority | AuthorityError::Missing => {
            RefusalCode::NoKey
        }
        AuthorityError::Key(KeyError::Database(_) | KeyError::Token(_)) | AuthorityError::Database(_) => {
            RefusalCode::Unavailable
        }
        _ => RefusalCode::Unsealable,
    };
    tracing::warn!(%error, ?code, "refused");
    let reason = match code {
        // What a database or a token says of itself is nobody's business here.
        RefusalCode::Unavailable => "the secure database or the token of its master key is away".to_owned(),
        _ => error.to_string(),
    };
    Answer::Refused { code, reason }
}

/// Makes lists anew before they run out, whether or not anything was revoked, gives the consortium its next certificates in
/// time, and gives up intents that nobody finished.
async fn chores(authority: Arc<Authority>, now: Now, stop: CancellationToken) {
    loop {
        let moment = now();
        let done = async {
            authority.give_up_intents(moment).await?;
            authority.expire_requests(moment).await?;
            authority.catch_up(moment).await?;
            authority.renew_own(moment).await?;
            if authority.lists_until().await?.is_some_and(|until| until - LIST_MARGIN < moment) {
                authority.publish_lists(moment).await?;
            }
            Ok::<_, AuthorityError>(())
        };
        if let Err(error) = done.await {
            tracing::error!(%error, "the lists were not looked after; another try follows");
        }
        if stop.run_until_cancelled(tokio::time::sleep(CHORES)).await.is_none() {
            return;
        }
    }
}
