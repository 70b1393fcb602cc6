//! What is to become of a certificate: asking for it, the job that has it done when enough have approved, and fetching a key.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use jebena_signer::authority::ACT_LASTS;
use jebena_signer::client::ClientError;
use jebena_signer::protocol::{Answer, Passphrase, RefusalCode, Request};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use uuid::Uuid;

use super::ACTS;
use super::finish::{given, refused};
use crate::app::AppState;
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Actor;
use crate::database::{Db, Tx};
use crate::ids::UserId;
use crate::jobs::{self, Finished, JobError, JobKind, NewJob, Run};
use crate::organizations::directory::{Directory, Names};
use crate::pki::asking::{self, Silence};
use crate::pki::model::{ActKind, AskedAct, Decision};
use crate::pki::rules::{self, Standing};
use crate::pki::store;
use crate::workflow::{Command, CommandError, Done, Effects, FormKey, Message, OutboxEvent, execute};

/// What the payload calls the act.
const ACT: &str = "act_id";
/// Acts that are listed.
const MOST_LISTED: i64 = 200;

/// Acts and what is decided about them, with the names of those in them.
pub(in crate::pki) type Acts = (Vec<(AskedAct, Vec<Decision>)>, Names);

/// The newest acts that `viewer` may see, of one certificate where one is named.
pub(in crate::pki) async fn acts(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    certificate: Option<Uuid>,
) -> sqlx::Result<Acts> {
    let mut tx = db.begin_as(viewer).await?;
    let found = store::list_acts(&mut tx, certificate, MOST_LISTED).await?;
    let with = with_decisions(&mut tx, directory, found, &[]).await?;
    tx.commit().await?;
    Ok(with)
}

/// One act, if `viewer` may see it.
pub(in crate::pki) async fn act(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    id: Uuid,
) -> sqlx::Result<Option<(AskedAct, Vec<Decision>, Names)>> {
    let mut tx = db.begin_as(viewer).await?;
    let found = store::find_act(&mut tx, id).await?;
    let approvers = found.as_ref().map(|act| act.approvers.clone()).unwrap_or_default();
    let found: Vec<AskedAct> = found.into_iter().collect();
    let (mut acts, names) = with_decisions(&mut tx, directory, found, &approvers).await?;
    tx.commit().await?;
    Ok(acts.pop().map(|(act, decisions)| (act, decisions, names)))
}

async fn with_decisions(
    tx: &mut Tx,
    directory: &Directory,
    acts: Vec<AskedAct>,
    others: &[Uuid],
) -> sqlx::Result<Acts> {
    let ids: Vec<Uuid> = acts.iter().map(|act| act.id).collect();
    let decisions = store::list_decisions(tx, &ids).await?;
    let of_acts = acts.iter().flat_map(|act| [act.organization.0, act.asking.0, act.requester.0]);
    let of_decisions = decisions.iter().flat_map(|one| [one.organization.0, one.approver.0]);
    let names = directory.names(tx, of_acts.chain(of_decisions).chain(others.iter().copied())).await?;
    let of = |act: &AskedAct| decisions.iter().filter(|one| one.request == act.id).cloned().collect();
    Ok((acts.iter().map(|act| (act.clone(), of(act))).collect(), names))
}

/// Somebody asks that something becomes of a certificate.
pub(in crate::pki) struct AskAct(pub AskedAct);

/// Something of the kind is open already.
#[derive(Debug, Clone, Copy)]
pub(in crate::pki) struct OpenAlready(pub Uuid);

impl std::fmt::Display for OpenAlready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "act {} is open", self.0)
    }
}

/// Enters it. What one person may do alone is done by the job that is entered with it.
///
/// # Errors
/// When something of the kind is open, or the database cannot be reached.
pub(in crate::pki) async fn ask_act(
    db: &Db,
    actor: &Actor,
    key: FormKey,
    act: AskedAct,
    now: DateTime<Utc>,
) -> Result<Done, CommandError<OpenAlready>> {
    execute(db, actor, key, &AskAct(act), now).await
}

#[async_trait]
impl Command for AskAct {
    type Refusal = OpenAlready;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<OpenAlready>> {
        let act = &self.0;
        store::lock_request(tx, act.certificate).await?;
        if let Some(open) = store::has_open_act(tx, (act.certificate, act.kind), now - ACT_LASTS).await? {
            return Err(CommandError::Refused(OpenAlready(open)));
        }
        store::insert_act(tx, actor, act).await?;
        let is_alone = act.needed == 0;
        if is_alone {
            jobs::enter(tx, &job_of(act.id, actor.user_id, now), now).await?;
        }
        let facts = json!({ "act": act.id, "kind": act.kind, "reason": act.reason, "invalid_from": act.invalid_from });
        let flash = if is_alone { "pki-act-begun" } else { "pki-act-asked" };
        Ok(Effects {
            location: format!("{ACTS}/{}", act.id),
            flash: Message::new(flash),
            event: Event {
                private: Some(json!({ "why": act.why })),
                ..Event::business("CERTIFICATE_ACT_ASKED", "certificate", act.certificate, Severity::High, facts)
            },
            outbox: (!is_alone).then(|| OutboxEvent {
                kind: "certificate.act_asked",
                subject: "certificate_act",
                subject_id: act.id,
                payload: json!({ "kind": act.kind, "organization": act.organization, "asking": act.asking,
                                 "code": actor.organization.code, "approvers": act.approvers }),
            }),
        })
    }
}

/// The job for an act about which enough was decided.
pub(super) fn job_of(act: Uuid, by: UserId, now: DateTime<Utc>) -> NewJob {
    NewJob {
        kind: JobKind::FinishCertificateAct,
        payload: json!({ ACT: act }),
        unique_key: Some(act.to_string()),
        run_at: now,
        requested_by: Some(by),
    }
}

/// Has done with a certificate what enough have approved. It may be done as often as one likes, as the signer finds it done.
///
/// # Errors
/// [`JobError`] when the signer or the database is away, or the signer refuses.
pub async fn finish_act(state: &AppState, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let Some(signer) = &state.signer else { return Ok(Finished::Done(vec![("without_signer", 1)])) };
    let id = run.payload.get(ACT).and_then(Value::as_str).and_then(|text| text.parse().ok());
    let id: Uuid = id.ok_or_else(|| JobError::Hopeless("the job names no act".to_owned()))?;
    let mut tx = run.begin(&state.db).await?;
    let act = store::find_act(&mut tx, id).await?;
    let decisions = store::list_decisions(&mut tx, &[id]).await?;
    tx.commit().await?;
    let act = act.ok_or_else(|| JobError::Hopeless("there is no such act".to_owned()))?;
    // A key is fetched by who asked for it. What is done, or given up, is so.
    if act.kind == ActKind::ExportKey || rules::standing(&act.ballot(now), &decisions) != Standing::Issuing {
        return Ok(Finished::Done(Vec::new()));
    }
    let request = Request::Act { act: act.act(), approvals: given(&decisions), passphrase: None };
    let (report, event, end) = match signer.ask(&request).await {
        Ok(Answer::Acted { .. }) => ("acts", done(&act), None),
        // For what it is, which nobody can mend: who asked has to ask anew, or not.
        Err(ClientError::Refused { code: RefusalCode::NotApproved, reason }) => {
            ("acts_refused", failed(&act, &reason), Some(Standing::Failed))
        }
        Err(ClientError::Refused { code: RefusalCode::NoKey, reason }) => return Err(JobError::Hopeless(reason)),
        Ok(_) => return Err(refused(ClientError::Strange)),
        Err(error) => return Err(refused(error)),
    };
    let mut tx = run.begin(&state.db).await?;
    let is_first = match end {
        None => store::mark_done(&mut tx, id, now).await?,
        Some(_) => store::mark_refused(&mut tx, id, now).await?,
    };
    if is_first {
        audit::record(&mut tx, Author::product(None), &event, now).await?;
        store::insert_act_news(&mut tx, &act, end, now).await?;
    }
    run.finish(tx, &vec![(report, 1)], now).await
}

/// It was decided, and the signer does not do it; `reason` is for who looks into the record.
fn failed(act: &AskedAct, reason: &str) -> Event {
    let facts = json!({ "act": act.id, "kind": act.kind });
    Event {
        private: Some(json!({ "why": reason })),
        ..Event::business("CERTIFICATE_ACT_FAILED", "certificate", act.certificate, Severity::High, facts)
    }
}

fn done(act: &AskedAct) -> Event {
    let (event_type, severity) = match act.kind {
        ActKind::Suspend => ("CERTIFICATE_SUSPENDED", Severity::High),
        ActKind::Reinstate => ("CERTIFICATE_REINSTATED", Severity::High),
        ActKind::Revoke => ("CERTIFICATE_REVOKED", Severity::High),
        ActKind::ExportKey => ("CERTIFICATE_KEY_HANDED_OUT", Severity::Critical),
    };
    let facts = json!({ "act": act.id, "reason": act.reason, "invalid_from": act.invalid_from });
    Event::business(event_type, "certificate", act.certificate, severity, facts)
}

/// Why no key was fetched.
#[derive(Debug)]
pub(in crate::pki) enum NoKey {
    /// The signer is not there.
    Silent(Silence),
    /// It was handed out before.
    Spent,
    /// The signer refuses it for what it is; why is in the log.
    Refused,
    /// It was not written down.
    Database(sqlx::Error),
}

/// Fetches the key of an approved act under a passphrase: a PKCS#12 file. The signer hands it out once; that it did is on record here before
/// anybody has it. If that cannot be written down nobody has it, and another one has to be asked for.
///
/// # Errors
/// [`NoKey`].
pub(in crate::pki) async fn fetch_key(
    state: &AppState,
    actor: &Actor,
    (act, decisions): (&AskedAct, &[Decision]),
    passphrase: &SecretString,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, NoKey> {
    let Some(signer) = &state.signer else { return Err(NoKey::Silent(Silence::Nobody)) };
    let passphrase = Some(Passphrase::new(passphrase.expose_secret().to_owned()));
    let asked = signer.ask(&Request::Act { act: act.act(), approvals: given(decisions), passphrase }).await;
    let file = match asked {
        Ok(Answer::Acted { file: Some(file) }) => Some(file.0),
        Err(ClientError::Refused { code: RefusalCode::Spent, .. }) => None,
        Ok(_) => return Err(NoKey::Silent(asking::silence(ClientError::Strange))),
        Err(ClientError::Refused { code, reason }) if code != RefusalCode::Unavailable => {
            tracing::warn!(?code, reason, "the signer hands out no key");
            if code == RefusalCode::NotApproved {
                note_refused(&state.db, actor, act, &reason, now).await.map_err(NoKey::Database)?;
            }
            return Err(NoKey::Refused);
        }
        Err(error) => return Err(NoKey::Silent(asking::silence(error))),
    };
    note_fetched(&state.db, actor, act, now).await.map_err(NoKey::Database)?;
    file.ok_or(NoKey::Spent)
}

async fn note_fetched(db: &Db, actor: &Actor, act: &AskedAct, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_as(actor).await?;
    if store::mark_done(&mut tx, act.id, now).await? {
        audit::record(&mut tx, actor.into(), &done(act), now).await?;
    }
    tx.commit().await
}

/// It ends with that, so that another one can be asked for.
async fn note_refused(db: &Db, actor: &Actor, act: &AskedAct, reason: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let mut tx = db.begin_as(actor).await?;
    if store::mark_refused(&mut tx, act.id, now).await? {
        audit::record(&mut tx, actor.into(), &failed(act, reason), now).await?;
    }
    tx.commit().await
}
