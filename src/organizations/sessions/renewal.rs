//! Another token for a session that goes on: after a proof of the second factor and with a new password, so that whoever had the
//! token of before has nothing.

use axum::response::Response;
use chrono::{DateTime, Utc};
use http::header;
use serde_json::json;
use tower_sessions::session::Id;

use super::{COOKIE, store};
use crate::audit::{self, Author, Event, Severity};
use crate::auth::Actor;
use crate::auth::session::{SignedIn, token_hash};
use crate::database::Tx;
use crate::ids::SessionId;
use crate::web::cookie;
use crate::web::exchange::Exchange;

/// The token under which a session goes on. It is its browser's as soon as the answer has it.
#[derive(Debug)]
#[must_use = "without it the browser is signed out"]
pub(in crate::organizations) struct Renewed(Id);

impl Renewed {
    /// Hands the token over.
    pub fn hand_over(&self, exchange: &Exchange, response: &mut Response) {
        if let Some(cookie) = cookie::set_until_closed(exchange.site(), COOKIE, &self.0.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

/// Gives the session of `person` another token; with `proved_at`, a proof as well. `None` when it has ended meanwhile. Its forms
/// that are open stay good. In the gate's transaction given, and on record there.
pub(in crate::organizations) async fn renew(
    tx: &mut Tx,
    person: &SignedIn,
    proved_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Renewed>> {
    let (actor, token) = (&person.actor, Id::default());
    let Some(session) = actor.origin.session else { return Ok(None) };
    let kept = (token_hash(token.0), person.secret.shift_for(token.0));
    if !store::update_token(tx, SessionId(session), (&kept.0, &kept.1), proved_at).await? {
        return Ok(None);
    }
    let event =
        Event { entity_id: Some(actor.user_id.0), ..Event::security("SESSION_RENEWED", Severity::Low, json!({})) };
    audit::record(tx, Author::from(actor), &event, now).await?;
    Ok(Some(Renewed(token)))
}

/// Forgets that a factor was proved in the actor's session, in the gate's transaction given.
pub(in crate::organizations) async fn forget_proof(tx: &mut Tx, actor: &Actor) -> sqlx::Result<()> {
    match actor.origin.session {
        Some(session) => store::delete_proof(tx, SessionId(session)).await,
        None => Ok(()),
    }
}
