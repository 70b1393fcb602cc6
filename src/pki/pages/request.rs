//! `/pki/requests/{id}`: one request, what is decided about it, and deciding.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use uuid::Uuid;

use super::ballot::{self, DecisionForm, Matter, Typed};
use super::{CERTIFICATES, id_of, silent_about_one, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::pki::asking;
use crate::pki::model::{Asked, Decision, Verdict};
use crate::pki::rules::{self, Standing};
use crate::pki::service::{self, About, Decide, REQUESTS};
use crate::web::components::Fact;
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::views::TablePage;
use crate::workflow::FormKey;

/// The request, if the viewer may see it.
async fn find(state: &AppState, actor: &Actor, id: Uuid) -> Result<Result<Asked, AppError>, asking::Silence> {
    let found = asking::requests(state).await?.into_iter().find(|asked| asked.id == id);
    Ok(found.filter(|asked| rules::may_see(actor, Some(asked.organization))).ok_or(AppError::NotFound))
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    match find(&state, &actor, id_of(&id)?).await {
        Ok(asked) => page(&state, &exchange, (&actor, &asked?), Typed::default(), StatusCode::OK).await,
        Err(silence) => silent_about_one(&exchange, silence),
    }
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    (actor, asked): (&Actor, &Asked),
    typed: Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let one = std::slice::from_ref(asked);
    let (decisions, names) =
        service::decisions((&state.db, &state.directory), actor, one, &asked.rule.approvers).await?;
    let (of, place) = (asked.ballot(), format!("{REQUESTS}/{}", asked.id));
    let matter = Matter { of: &of, decisions: &decisions, place: &place };
    let title =
        lang.fill("pki-request-title", [("organization", words::organization(&names, asked.organization, lang))]);
    let mut view = TablePage::of(exchange.chrome(title), REQUESTS);
    view.actions = vec![(REQUESTS.to_owned(), lang.t("pki-requests-title"))];
    if let Some(certificate) = asked.certificate {
        view.actions.push((format!("{CERTIFICATES}/{certificate}"), lang.t("pki-to-certificate")));
    }
    let settled = |standing: Standing| lang.name_of("pki-standing-means", standing.code());
    view.checks = ballot::checks(matter, settled, typed.whole.clone(), lang);
    view.facts = facts(asked, &decisions, matter, &names, lang);
    view.sections = vec![ballot::decided(&decisions, &names, lang)];
    ballot::offer(&mut view, (exchange, actor), matter, &lang.t("pki-digest-hint"), typed);
    crate::web::answer(&view, status)
}

fn facts(asked: &Asked, decisions: &[Decision], matter: Matter<'_>, names: &Names, lang: Lang) -> Vec<Fact> {
    let fact = |name: &str, value: String| Fact::new(lang.name_of("pki-fact", name), value);
    let mut all = vec![
        fact("holder", words::organization(names, asked.organization, lang)),
        fact("kind", words::kind(asked.profile, lang)),
        fact("subject", words::distinguished(&asked.subject)),
        fact("made", lang.t(if asked.is_made_here { "pki-key-here" } else { "pki-key-elsewhere" })),
        fact("validity", lang.t_args("pki-for-days", &[("days", asked.validity_days.into())])),
        fact("asked", words::moment(lang, asked.asked_at)).note(words::person(names, asked.requester, lang)),
        fact("digest", words::digest(&asked.digest)),
    ];
    all.extend(ballot::votes(matter, names, lang));
    // What the signer was told without a row here, as from its own command line.
    if let Some(reason) = asked.rejection_reason.as_ref().filter(|_| decisions.iter().all(|one| one.reason.is_none())) {
        all.push(fact("rejected", reason.clone()));
    }
    all
}

pub(super) async fn decide(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<DecisionForm>,
) -> Result<Response, AppError> {
    let (lang, key) = (exchange.lang(), FormKey::of(&submission)?);
    let asked = match find(&state, &actor, id_of(&id)?).await {
        Ok(asked) => asked?,
        Err(silence) => return silent_about_one(&exchange, silence),
    };
    match ballot::read(submission.fields, &asked.digest, lang)? {
        Ok((verdict, digest, reason)) => {
            let command = Decide { about: About::Request, ballot: asked.ballot(), verdict, digest, reason };
            send(&state, &exchange, (&actor, &asked), key, command).await
        }
        Err(typed) => page(&state, &exchange, (&actor, &asked), typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

pub(super) async fn withdraw(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let key = FormKey::of(&submission)?;
    let asked = match find(&state, &actor, id_of(&id)?).await {
        Ok(asked) => asked?,
        Err(silence) => return silent_about_one(&exchange, silence),
    };
    let (ballot, digest) = (asked.ballot(), asked.digest.to_vec());
    let command = Decide { about: About::Request, ballot, verdict: Verdict::Withdrawn, digest, reason: None };
    send(&state, &exchange, (&actor, &asked), key, command).await
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    (actor, asked): (&Actor, &Asked),
    key: FormKey,
    command: Decide,
) -> Result<Response, AppError> {
    match ballot::send(state, exchange, actor, key, &command).await? {
        Ok(response) => Ok(response),
        Err(typed) => page(state, exchange, (actor, asked), typed, StatusCode::CONFLICT).await,
    }
}
