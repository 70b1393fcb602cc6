//! Asking for the seal of one's own organisation. The signer takes the request, or says what is wrong with it, before the product writes
//! down that it was asked: nothing is signed with a key that nobody has approved, so a request of which the product was killed
//! before it wrote it down is one that nobody decides, and over after a while.

use std::convert::Infallible;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use jebena_signer::authority::Application;
use jebena_signer::client::ClientError;
use jebena_signer::protocol::{Answer, Bytes, RefusalCode, Request};
use jebena_signer::x509::profile::Profile;
use jebena_signer::x509::request::{Flaw, Known};
use serde_json::json;
use uuid::Uuid;

use super::REQUESTS;
use crate::app::AppState;
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::database::Tx;
use crate::pki::asking::{self, Silence};
use crate::pki::model::{organization_identifier, seal_policy};
use crate::workflow::{self, Command, CommandError, Done, Effects, FormKey, Message, OutboxEvent, done_before};

/// What somebody wishes.
#[derive(Debug, Clone)]
pub(in crate::pki) struct Wish {
    /// What the certificate calls its holder, where the key is made here; the request says it otherwise.
    pub common_name: String,
    /// A request that was made elsewhere, with its key.
    pub csr: Option<Vec<u8>>,
    /// For how long.
    pub validity_days: u16,
}

/// Why nothing was asked for.
#[derive(Debug)]
pub(in crate::pki) enum AskError {
    /// The signer is not there.
    Silent(Silence),
    /// Something was found against it.
    Flawed(Flaw),
    /// Another one is open.
    Open(Uuid),
    /// The signer has refused, for what it is.
    Refused(RefusalCode),
    /// It was not written down.
    Command(CommandError<Infallible>),
}

impl From<sqlx::Error> for AskError {
    fn from(error: sqlx::Error) -> Self {
        Self::Command(error.into())
    }
}

/// Asks for the seal of the organisation of `actor`.
///
/// # Errors
/// [`AskError`]; then there is no request.
pub(in crate::pki) async fn ask(
    state: &AppState,
    actor: &Actor,
    key: FormKey,
    wish: &Wish,
    now: DateTime<Utc>,
) -> Result<Done, AskError> {
    if let Some(done) = done_before(&state.db, actor, key).await? {
        return Ok(done);
    }
    let requests = asking::requests(state).await.map_err(AskError::Silent)?;
    if let Some(open) = requests.iter().find(|one| one.is_open() && one.organization == actor.organization.id) {
        return Err(AskError::Open(open.id));
    }
    let request = taken(state, actor, wish).await?;
    let command = Note {
        request,
        actor_code: actor.organization.code.clone(),
        is_made_here: wish.csr.is_none(),
        approvers: approvers_of(state, request).await,
    };
    let outcome = workflow::execute(&state.db, actor, key, &command, now).await;
    if !matches!(&outcome, Ok(done) if done.location == location(request)) {
        // A second press of the same button was quicker, or nothing was written down: what this one has made is given up.
        let close = Request::CloseRequest { request, by: actor.user_id.0, rejected: None };
        if let Err(silence) = asking::ask(state, &close).await {
            tracing::warn!(%request, ?silence, "a request that nobody has written down stays until its time is over");
        }
    }
    outcome.map_err(AskError::Command)
}

async fn taken(state: &AppState, actor: &Actor, wish: &Wish) -> Result<Uuid, AskError> {
    let organization = &actor.organization;
    let application = Application {
        profile: Profile::OrganizationSeal,
        organization: organization.id.0,
        person: None,
        known: Known {
            organization: organization.name_en.clone(),
            organization_identifier: Some(organization_identifier(&organization.code)),
        },
        validity_days: wish.validity_days,
        requester: actor.user_id.0,
    };
    let request = match &wish.csr {
        Some(csr) => Request::TakeRequest { application, csr: Bytes(csr.clone()) },
        None => Request::MakeRequest { application, common_name: wish.common_name.clone(), policy: seal_policy() },
    };
    let Some(signer) = &state.signer else { return Err(AskError::Silent(Silence::Nobody)) };
    match signer.ask(&request).await {
        Ok(Answer::RequestTaken { request, .. }) => Ok(request),
        Ok(Answer::RequestFlawed { flaw, .. }) => Err(AskError::Flawed(flaw)),
        Ok(_) => Err(AskError::Silent(asking::silence(ClientError::Strange))),
        Err(ClientError::Refused { code, reason }) => {
            tracing::warn!(?code, reason, "the signer refuses a request for a certificate");
            Err(AskError::Refused(code))
        }
        Err(error) => Err(AskError::Silent(asking::silence(error))),
    }
}

/// The organisations whose decision about it counts, by the rule under which it came; none named means every one. Should the signer go away in
/// between, all who approve hear of it, which is better than nobody.
async fn approvers_of(state: &AppState, request: Uuid) -> Vec<Uuid> {
    let requests = asking::requests(state).await.unwrap_or_default();
    requests.into_iter().find(|one| one.id == request).map(|one| one.rule.approvers).unwrap_or_default()
}

fn location(request: Uuid) -> String {
    format!("{REQUESTS}/{request}")
}

/// Somebody has asked for a certificate.
struct Note {
    request: Uuid,
    actor_code: String,
    is_made_here: bool,
    approvers: Vec<Uuid>,
}

#[async_trait]
impl Command for Note {
    type Refusal = Infallible;

    async fn run(&self, _: &mut Tx, actor: &Actor, _: DateTime<Utc>) -> Result<Effects, CommandError<Infallible>> {
        Ok(Effects {
            location: location(self.request),
            flash: Message::new("pki-asked"),
            event: Event::business(
                "CERTIFICATE_REQUESTED",
                "certificate_request",
                self.request,
                Severity::Medium,
                json!({ "made_here": self.is_made_here }),
            ),
            outbox: Some(OutboxEvent {
                kind: "certificate.asked",
                subject: "certificate_request",
                subject_id: self.request,
                payload: json!({
                    "organization": actor.organization.id, "code": self.actor_code, "approvers": self.approvers,
                }),
            }),
        })
    }
}
