//! `/pki/certificates/{id}`: one certificate, its life, and its files.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use http::StatusCode;
use jebena_signer::protocol::{CertificateFacts, Life};
use jebena_signer::x509::bundle;
use jebena_signer::x509::list::Reason;
use jebena_signer::x509::profile::Profile;
use jebena_trust::certificate::Certificate;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{CERTIFICATES, act_new, id_of, nothing, silent_about_one, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::documents::serving::attached;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{OrganizationId, UserId};
use crate::organizations::directory::Names;
use crate::pki::asking::{self, Silence};
use crate::pki::model::{Asked, Decision};
use crate::pki::rules;
use crate::pki::service::{self, REQUESTS};
use crate::web::components::{Check, Fact, Tone};
use crate::web::exchange::Exchange;
use crate::web::views::{Cell, Section, TablePage};

/// The certificate, if the viewer may see it, and whether it ends, or has ended, without a successor.
pub(super) async fn find(
    state: &AppState,
    actor: &Actor,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Result<(CertificateFacts, bool), AppError>, Silence> {
    let all = asking::certificates(state).await?;
    let found = all.iter().find(|facts| facts.certificate_id == id);
    let found = found.filter(|facts| rules::may_see(actor, facts.organization.map(OrganizationId)));
    Ok(found.map(|facts| (facts.clone(), rules::due(facts, &all, now).is_some())).ok_or(AppError::NotFound))
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (id, lang, now) = (id_of(&id)?, exchange.lang(), exchange.now());
    let asked = async {
        let (found, requests) = (find(&state, &actor, id, now).await?, asking::requests(&state).await?);
        Ok((found, requests, asking::life(&state, id).await?, asking::approval_rule(&state).await?))
    };
    let (found, requests, life, rule) = match asked.await {
        Ok(found) => found,
        Err(silence) => return silent_about_one(&exchange, silence),
    };
    let (facts, is_due) = found?;
    let request: Vec<Asked> = requests.into_iter().filter(|one| one.certificate == Some(id)).collect();
    // People and organisations have one directory.
    let by = life.holds.iter().filter_map(|hold| hold.by).chain(life.exports.iter().map(|one| one.by));
    let others: Vec<Uuid> = facts.organization.into_iter().chain(by).collect();
    let reading = service::decisions((&state.db, &state.directory), &actor, &request, &others);
    let (decisions, names) = reading.await?;
    let fingerprint: [u8; 32] = Sha256::digest(&facts.certificate.0).into();
    let sealed = match facts.profile {
        Profile::OrganizationSeal => Some(service::count_sealed(&state.db, &actor, &fingerprint).await?),
        _ => None,
    };

    let title = format!("{}: {}", words::kind(facts.profile, lang), words::holder(&names, facts.organization, lang));
    let mut view = TablePage::of(exchange.chrome(title), CERTIFICATES);
    let is_own = facts.profile == Profile::OrganizationSeal && facts.organization == Some(actor.organization.id.0);
    if is_due && is_own && actor.may(Permission::RequestCertificates) {
        view.actions.push(("/pki/requests/new".to_owned(), lang.t("pki-ask-next")));
    }
    view.actions.extend([
        (CERTIFICATES.to_owned(), lang.t("pki-title")),
        (format!("{CERTIFICATES}/{id}/certificate.cer"), lang.t("pki-download-der")),
        (format!("{CERTIFICATES}/{id}/certificate.pem"), lang.t("pki-download-pem")),
    ]);
    view.actions.extend(act_new::offers(&actor, &facts, &rule, lang));
    let worth = words::state_of(&facts, now);
    let (tone, text) = match worth {
        worth if worth.holds() => (Tone::Good, "pki-state-means-holds"),
        _ => (Tone::Warn, "pki-state-means-over"),
    };
    let text = lang.fill(text, [("state", lang.name_of("pki-state", worth.code()))]);
    view.checks = vec![Check { tone, text, href: None }];
    view.facts = facts_of(&facts, &fingerprint, (&names, sealed), now, lang);
    view.sections = vec![Section {
        id: "life",
        title: lang.t("pki-life"),
        is_titled: true,
        head: ["when", "what", "who", "why"].iter().map(|name| (lang.name_of("pki-head", name), false)).collect(),
        rows: rows_of(&facts, &life, request.first(), (&decisions, &names), lang),
        empty: nothing(lang, "pki-none", "pki-none-text"),
        paging: None,
    }];
    crate::web::answer(&view, StatusCode::OK)
}

fn facts_of(
    facts: &CertificateFacts,
    fingerprint: &[u8; 32],
    (names, sealed): (&Names, Option<i64>),
    now: DateTime<Utc>,
    lang: Lang,
) -> Vec<Fact> {
    let fact = |name: &str, value: String| Fact::new(lang.name_of("pki-fact", name), value);
    let days = rules::days_left(facts.not_after, now).max(0);
    let mut all = vec![fact("holder", words::holder(names, facts.organization, lang))];
    if let Ok(read) = Certificate::from_der(&facts.certificate.0) {
        all.push(fact("subject", words::distinguished(&read.subject())));
        all.push(fact("issuer", words::distinguished(&read.issuer())));
        all.push(fact("key", format!("ECDSA, {}", read.key().jwk().crv)));
    }
    all.extend([
        fact("purpose", lang.name_of("pki-purpose", facts.profile.code())),
        fact("serial", facts.serial.clone()),
        fact("sha256", words::digest(fingerprint)),
        fact("from", words::day(lang, facts.not_before)),
        fact("until", words::day(lang, facts.not_after)).note(lang.t_args("pki-days", &[("days", days.into())])),
    ]);
    if let Some(sealed) = sealed {
        all.push(fact("sealed", sealed.to_string()));
    }
    all
}

/// What happened to it, the newest last, as request, decisions and signer tell.
fn rows_of(
    facts: &CertificateFacts,
    life: &Life,
    request: Option<&Asked>,
    (decisions, names): (&[Decision], &Names),
    lang: Lang,
) -> Vec<Vec<Cell>> {
    let row = |at, what: String, who: String, why: String| {
        vec![Cell::new(words::moment(lang, at)), Cell::new(what), Cell::new(who), Cell::new(why)]
    };
    let event = |name: &str| lang.name_of("pki-event", name);
    let mut rows = Vec::new();
    if let Some(request) = request {
        let mut asked =
            row(request.asked_at, event("asked"), words::person(names, request.requester, lang), String::new());
        if let Some(what) = asked.get_mut(1) {
            what.href = Some(format!("{REQUESTS}/{}", request.id));
        }
        rows.push(asked);
    }
    for decision in decisions {
        let who = format!(
            "{}, {}",
            words::person(names, decision.approver, lang),
            words::organization(names, decision.organization, lang)
        );
        let what = lang.name_of("pki-verdict", decision.verdict.code());
        rows.push(row(decision.decided_at, what, who, decision.reason.clone().unwrap_or_default()));
    }
    rows.push(row(facts.not_before, event("issued"), lang.t("pki-consortium"), String::new()));
    let person = |id: Option<Uuid>| match id {
        Some(id) => words::person(names, UserId(id), lang),
        // From the signer's own command line.
        None => lang.t("pki-consortium"),
    };
    let mut later = Vec::new();
    for hold in &life.holds {
        let is_hold = hold.reason == Reason::CertificateHold;
        let mut why = if is_hold { String::new() } else { lang.name_of("pki-reason", hold.reason.code()) };
        if let Some(from) = hold.invalid_from {
            why = format!("{why}. {}", lang.fill("pki-invalid-from", [("at", words::moment(lang, from))]));
        }
        later.push((hold.at, if is_hold { "suspended" } else { "revoked" }, person(hold.by), why));
        // A suspension that is made final is lifted by that.
        let is_revoked_then =
            |at| life.holds.iter().any(|other| other.at == at && other.reason != Reason::CertificateHold);
        if let Some(at) = hold.lifted_at.filter(|at| !is_revoked_then(*at)) {
            later.push((at, "reinstated", String::new(), String::new()));
        }
    }
    let exports = life.exports.iter().map(|one| (one.at, "key-left", person(Some(one.by)), String::new()));
    later.extend(exports);
    later.sort_by_key(|(at, ..)| *at);
    rows.extend(later.into_iter().map(|(at, name, who, why)| row(at, event(name), who, why)));
    rows
}

pub(super) async fn der(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    download(&state, &exchange, &actor, &id, ("cer", "application/pkix-cert", |der| Ok(der.to_vec()))).await
}

pub(super) async fn pem(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let form: Form = ("pem", "application/x-pem-file", |der| {
        bundle::pem(&[der]).map(String::into_bytes).map_err(|_| AppError::internal(std::fmt::Error))
    });
    download(&state, &exchange, &actor, &id, form).await
}

/// How a file's name ends, its type, and how it is made of DER.
type Form = (&'static str, &'static str, fn(&[u8]) -> Result<Vec<u8>, AppError>);

async fn download(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: &str,
    (ending, media_type, made): Form,
) -> Result<Response, AppError> {
    match find(state, actor, id_of(id)?, exchange.now()).await {
        Ok(found) => {
            let (facts, _) = found?;
            let name = format!("certificate-{}.{ending}", facts.serial);
            attached(made(&facts.certificate.0)?, media_type, &name)
        }
        Err(silence) => silent_about_one(exchange, silence),
    }
}
