//! `/pki/acts/{id}`: what is to become of a certificate, what is decided about it, and deciding. And the list of such acts.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::StatusCode;

use super::ballot::{self, DecisionForm, Matter, Typed};
use super::{CERTIFICATES, id_of, nothing, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::pki::model::{ActKind, AskedAct, Decision, RevocationReason, Verdict};
use crate::pki::rules::{self, Standing};
use crate::pki::service::{self, ACTS, About, Decide, REQUESTS};
use crate::web::components::{Fact, Tag};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::FormKey;

/// An act with what is decided about it, and the names in both.
pub(super) type Found = (AskedAct, Vec<Decision>, Names);

/// The act, if the viewer may see it.
pub(super) async fn find(state: &AppState, actor: &Actor, id: &str) -> Result<Found, AppError> {
    service::act((&state.db, &state.directory), actor, id_of(id)?).await?.ok_or(AppError::NotFound)
}

/// The acts of a list, what waits for somebody first.
pub(super) fn section(acts: &[(AskedAct, Vec<Decision>)], names: &Names, now: DateTime<Utc>, lang: Lang) -> Section {
    let mut all: Vec<_> = acts.iter().map(|(act, decisions)| (act, standing(act, decisions, now))).collect();
    all.sort_by_key(|(_, standing)| *standing != Standing::Open);
    let heads = ["what", "holder", "asked", "state"];
    Section {
        id: "acts",
        title: lang.t("pki-acts-title"),
        is_titled: true,
        head: heads.iter().map(|name| (lang.name_of("pki-head", name), false)).collect(),
        rows: all.iter().map(|(act, standing)| row(act, *standing, names, lang)).collect(),
        empty: nothing(lang, "pki-acts-none", "pki-acts-none-text"),
        paging: None,
    }
}

fn row(act: &AskedAct, standing: Standing, names: &Names, lang: Lang) -> Vec<Cell> {
    let who =
        format!("{}, {}", words::person(names, act.requester, lang), words::organization(names, act.asking, lang));
    vec![
        Cell::new(lang.name_of("pki-act", act.kind.code())).href(format!("{ACTS}/{}", act.id)),
        Cell::new(words::organization(names, act.organization, lang)),
        Cell::new(words::moment(lang, act.asked_at)).note(who),
        Cell::tagged(vec![tag(act.kind, standing, lang)]),
    ]
}

pub(super) fn standing(act: &AskedAct, decisions: &[Decision], now: DateTime<Utc>) -> Standing {
    rules::standing(&act.ballot(now), decisions)
}

/// A key that may be fetched is said to be so: nothing goes on by itself there.
fn words_of(kind: ActKind, standing: Standing) -> &'static str {
    match (kind, standing) {
        (ActKind::ExportKey, Standing::Issuing) => "READY",
        (ActKind::ExportKey, Standing::Issued) => "HANDED_OUT",
        (_, other) => other.code(),
    }
}

fn tag(kind: ActKind, standing: Standing, lang: Lang) -> Tag {
    Tag::new(lang.name_of("pki-act-standing", words_of(kind, standing)), words::standing_tone(standing))
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let found = find(&state, &actor, &id).await?;
    page(&exchange, &actor, &found, Typed::default(), StatusCode::OK)
}

fn page(
    exchange: &Exchange,
    actor: &Actor,
    (act, decisions, names): &Found,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let (of, place) = (act.ballot(now), format!("{ACTS}/{}", act.id));
    let (standing, matter) = (rules::standing(&of, decisions), Matter { of: &of, decisions, place: &place });
    let what = lang.name_of("pki-act", act.kind.code());
    let title = format!("{what}: {}", words::organization(names, act.organization, lang));
    let mut view = TablePage::of(exchange.chrome(title), REQUESTS);
    view.actions = vec![
        (REQUESTS.to_owned(), lang.t("pki-requests-title")),
        (format!("{CERTIFICATES}/{}", act.certificate), lang.t("pki-to-certificate")),
    ];
    view.lead = vec![lang.name_of("pki-act-means", act.kind.code())];
    let is_theirs = act.requester == actor.user_id;
    if act.kind == ActKind::ExportKey && standing == Standing::Issuing && is_theirs {
        view.actions.insert(0, (format!("{place}/key"), lang.t("pki-key-fetch")));
    }
    let settled = |standing: Standing| lang.name_of("pki-act-standing-means", words_of(act.kind, standing));
    view.checks = ballot::checks(matter, settled, typed.whole.clone(), lang);
    view.facts = facts(act, matter, names, lang);
    if of.needed > 0 || !decisions.is_empty() {
        view.sections = vec![ballot::decided(decisions, names, lang)];
    }
    ballot::offer(&mut view, (exchange, actor), matter, &lang.t("pki-act-digest-hint"), typed);
    crate::web::answer(&view, status)
}

fn facts(act: &AskedAct, matter: Matter<'_>, names: &Names, lang: Lang) -> Vec<Fact> {
    let fact = |name: &str, value: String| Fact::new(lang.name_of("pki-fact", name), value);
    let mut all = vec![fact("holder", words::organization(names, act.organization, lang))];
    if let Some(reason) = act.reason {
        all.push(fact("reason", reason_in_words(reason, lang)));
    }
    if let Some(from) = act.invalid_from {
        all.push(fact("invalid-from", words::day(lang, from)));
    }
    let who =
        format!("{}, {}", words::person(names, act.requester, lang), words::organization(names, act.asking, lang));
    all.extend([fact("why", act.why.clone()), fact("asked", words::moment(lang, act.asked_at)).note(who)]);
    if let Some(done) = act.done_at {
        all.push(fact("done", words::moment(lang, done)));
    }
    if let Some(refused) = act.refused_at {
        all.push(fact("refused", words::moment(lang, refused)));
    }
    if matter.of.needed > 0 {
        all.push(fact("act-digest", words::digest(&matter.of.digest)));
        all.extend(ballot::votes(matter, names, lang));
    }
    all
}

pub(super) fn reason_in_words(reason: RevocationReason, lang: Lang) -> String {
    lang.name_of("pki-reason", reason.code())
}

pub(super) async fn decide(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<DecisionForm>,
) -> Result<Response, AppError> {
    let (lang, key) = (exchange.lang(), FormKey::of(&submission)?);
    let found = find(&state, &actor, &id).await?;
    let ballot = found.0.ballot(exchange.now());
    match ballot::read(submission.fields, &ballot.digest, lang)? {
        Ok((verdict, digest, reason)) => {
            let command = Decide { about: About::Act(found.0.kind), ballot, verdict, digest, reason };
            send(&state, &exchange, (&actor, &found), key, command).await
        }
        Err(typed) => page(&exchange, &actor, &found, typed, StatusCode::UNPROCESSABLE_ENTITY),
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
    let found = find(&state, &actor, &id).await?;
    let ballot = found.0.ballot(exchange.now());
    let digest = ballot.digest.to_vec();
    let about = About::Act(found.0.kind);
    let command = Decide { about, ballot, verdict: Verdict::Withdrawn, digest, reason: None };
    send(&state, &exchange, (&actor, &found), key, command).await
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    (actor, found): (&Actor, &Found),
    key: FormKey,
    command: Decide,
) -> Result<Response, AppError> {
    match ballot::send(state, exchange, actor, key, &command).await? {
        Ok(response) => Ok(response),
        Err(typed) => page(exchange, actor, found, typed, StatusCode::CONFLICT),
    }
}
