//! Reviews in words: states, acts, refusals, in the viewer's language. No rule is here.

use super::acts::Act;
use super::files::FileKinds;
use super::model::SubjectKind;
use super::rules::Refusal;
use crate::i18n::Lang;
use crate::web::components::{Moment, Tag, Tone};
use crate::workflow::Message;
use crate::workflow::words::legal_day;

/// The name of a state, from the family of its workflow.
#[must_use]
pub fn state_name(states: &str, state: &str, lang: Lang) -> String {
    lang.name_of(states, state)
}

/// A state, coloured by what it means for who holds it.
#[must_use]
pub fn state_tag(states: &str, state: &str, lang: Lang) -> Tag {
    let tone = match state {
        "ACTIVE" | "APPROVED" | "VERIFIED" | "INSPECTED" | "SIGNED" => Tone::Good,
        "REJECTED" | "REVOKED" | "EXPIRED" | "CANCELLED" => Tone::Bad,
        "SUSPENDED" | "RETURNED" => Tone::Warn,
        "DRAFT" => Tone::Neutral,
        _ => Tone::Info,
    };
    Tag::new(state_name(states, state, lang), tone)
}

/// The name of an act, as its button has it.
#[must_use]
pub fn act_name(act: &Act, lang: Lang) -> String {
    lang.name_of("review-act", act.code)
}

/// A line of the history.
pub(super) fn action(action: &str, lang: Lang) -> String {
    lang.name_of("review-action", action)
}

/// The tone of a line of the history.
pub(super) fn action_tone(action: &str) -> Tone {
    match action {
        "approve" | "verify" | "reinstate" | "sign" => Tone::Good,
        "reject" | "revoke" | "cancel" | "suspend" | "expire" => Tone::Bad,
        "return" => Tone::Warn,
        _ => Tone::Info,
    }
}

/// A refusal as a sentence. Codes in it are put into words.
#[must_use]
pub fn refusal(refusal: &Refusal, kinds: &FileKinds, lang: Lang) -> String {
    let id = refusal.text_id();
    match refusal {
        Refusal::Stale { by, at } => lang.fill(id, [("by", by.clone()), ("at", Moment::at(lang, *at).text)]),
        Refusal::WrongState { states, state, by, at } => lang.fill(
            id,
            [("state", state_name(states, state, lang)), ("by", by.clone()), ("at", Moment::at(lang, *at).text)],
        ),
        Refusal::MissingFiles { kinds: missing } => {
            let names: Vec<&str> = missing.iter().map(|kind| kinds.name(kind, lang)).collect();
            lang.fill(id, [("papers", lang.list(names))])
        }
        Refusal::Rule { arguments, .. } => {
            let arguments = arguments.iter().map(|(name, value)| {
                let value = if *name == "date" { legal_day(value, lang) } else { value.clone() };
                ((*name).to_owned(), value)
            });
            lang.fill(id, arguments.collect::<Vec<_>>())
        }
        Refusal::NotFound | Refusal::NotYours | Refusal::OwnSubmission | Refusal::Invalid(_) => lang.t(id),
    }
}

/// What a form has done.
pub(super) fn message(message: &Message, lang: Lang) -> String {
    let states = message.arguments.get("states").cloned().unwrap_or_default();
    let arguments = message.arguments.iter().filter(|(name, _)| name.as_str() != "states").map(|(name, value)| {
        let value = match name.as_str() {
            "subject" => SubjectKind::from_code(value)
                .map_or_else(String::new, |kind| lang.name_of("review-subject", kind.code())),
            "act" => action(value, lang),
            "state" => state_name(&states, value, lang),
            "date" => legal_day(value, lang),
            _ => value.clone(),
        };
        (name.clone(), value)
    });
    lang.fill(&message.id, arguments.collect::<Vec<_>>())
}
