//! Questions and answers on a case.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;

use super::case::MESSAGE;
use super::{answer, papers::subject_of};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::{AppError, Unreadable};
use crate::review::service::PostMessage;
use crate::web::chrome::Flash;
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::workflow::words::problem;
use crate::workflow::{FieldReader, FormKey, execute};

pub(super) async fn write(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    use axum::response::IntoResponse;

    let (kind, door, id) = subject_of(&state, &subject, &id)?;
    let mut reader = FieldReader::new(&submission.fields);
    let body = reader.text(MESSAGE, 1..=2_000);
    let body = match reader.finish(body) {
        Ok(body) => body,
        // One field, on a page of its area's: the sentence is shown there. Nothing that fits the field is lost.
        Err(problems) => {
            let said = problems.of(MESSAGE).map(|found| problem(found, exchange.lang())).unwrap_or_default();
            let back = format!("{}#messages", door.location(id));
            return Ok((Flash::problem(said), exchange.htmx().see_other(&back)).into_response());
        }
    };
    let command = PostMessage { kind, door, id, body };
    let outcome = execute(&state.db, &actor, FormKey::of(&submission)?, &command, exchange.now()).await;
    answer(&exchange, outcome, door.location(id))?.map_err(|_| AppError::Unreadable(Unreadable::Fields))
}
