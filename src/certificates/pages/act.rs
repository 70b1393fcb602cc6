//! What the forms about papers have in common: sending the command, and the answer when it is refused.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};

use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::rules::{PaperRefusal, PaperRefusals};
use crate::certificates::sheet::state_in_words;
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::exports::catalog::Catalog;
use crate::exports::pages::words;
use crate::exports::rules::RefusalKind;
use crate::i18n::Lang;
use crate::web::chrome::Flash;
use crate::web::components::Field;
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::workflow::{Command, CommandError, FieldProblems, FormKey, Reason, execute};

pub(super) type Fields = BTreeMap<String, String>;

/// What was typed and what is wrong with it, when a form is shown again.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub values: Fields,
    pub problems: FieldProblems,
    /// What is not about a field.
    pub whole: Vec<String>,
}

impl Typed {
    /// The field with what was typed into it and what is wrong with that; as it is before anything was typed.
    pub fn fill(&self, field: &mut Field, lang: Lang) {
        if !self.values.is_empty() {
            // A box that is not ticked is not sent at all.
            field.value = self.values.get(&field.name).cloned().unwrap_or_default();
        }
        field.error = self.problems.of(&field.name).map(|problem| words::problem(problem, lang));
    }
}

/// Carries the form's command out: on with a message, or the form again with what is wrong with it.
///
/// # Errors
/// The page that says why not, where it is not about what was typed; it leads to `location`.
pub(super) async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<Fields>,
    command: &impl Command<Refusal = PaperRefusals>,
    location: String,
) -> Result<Result<Response, Typed>, AppError> {
    let refusals = match execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await {
        Ok(done) => {
            let flash = Flash::success(words::message(&done.flash, exchange.lang()));
            return Ok(Ok((flash, exchange.htmx().see_other(&done.location)).into_response()));
        }
        Err(CommandError::Refused(refusals)) => refusals,
        Err(CommandError::KeyReused) => return Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => return Err(error.into()),
    };
    let (catalog, lang) = (state.catalog.get(&state.db, eat_date(exchange.now())).await?, exchange.lang());
    if refusals.kind() != RefusalKind::Invalid {
        return Err(answer_of(&refusals.0, &catalog, lang, location));
    }
    let mut typed = Typed { values: submission.fields.clone(), ..Typed::default() };
    for refusal in &refusals.0 {
        match refusal {
            PaperRefusal::Invalid(problems) => typed.problems.0.extend(problems.0.clone()),
            other => typed.whole.push(in_words(other, &catalog, lang)),
        }
    }
    Ok(Err(typed))
}

/// The page for refusals that are not about what was typed.
pub(super) fn answer_of(refusals: &[PaperRefusal], catalog: &Catalog, lang: Lang, location: String) -> AppError {
    let sentence = refusals.iter().map(|one| in_words(one, catalog, lang)).collect::<Vec<_>>().join(" ");
    match refusals.first().map_or(RefusalKind::Conflict, PaperRefusal::kind) {
        RefusalKind::NotFound => AppError::NotFound,
        RefusalKind::Forbidden => AppError::Forbidden(Forbidden::Step(sentence)),
        RefusalKind::Conflict | RefusalKind::Invalid => {
            AppError::Conflict(Conflict { who: None, when: None, sentence: Some(sentence), location: Some(location) })
        }
    }
}

fn in_words(refusal: &PaperRefusal, catalog: &Catalog, lang: Lang) -> String {
    match refusal {
        PaperRefusal::Export(refusal) => words::refusal(refusal, catalog, lang),
        PaperRefusal::NotInForce { state } => {
            lang.fill(refusal.text_id(), [("state".to_owned(), state_in_words(*state, lang))])
        }
        PaperRefusal::NotFound
        | PaperRefusal::NotYours
        | PaperRefusal::DecidedAnotherStep
        | PaperRefusal::NotByItself
        | PaperRefusal::Changed
        | PaperRefusal::OnRecord
        | PaperRefusal::Invalid(_) => lang.t(refusal.text_id()),
    }
}

/// The field for a reason.
pub(super) fn reason_field(name: &str, label_id: &str, lang: Lang) -> Field {
    Field::textarea(name, lang.t(label_id)).hint(
        lang.fill(
            "cancel-reason-hint",
            [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())],
        ),
    )
}
