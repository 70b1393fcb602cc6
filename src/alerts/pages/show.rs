//! One alert: what it is about, what raised it, and what somebody who has looked at it says.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::{HOME, words};
use crate::alerts::model::{Evidence, SubjectKind};
use crate::alerts::rules::{Refusal, against_acknowledging};
use crate::alerts::service::{self, Acknowledge, AlertPage};
use crate::app::AppState;
use crate::audit;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::i18n::Lang;
use crate::ids::AlertId;
use crate::web::chrome::Flash;
use crate::web::components::{EmptyState, ErrorSummary, Fact, Field, FieldGroup, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FormKey, Problem, Reason, execute};

/// What was found out about an alert.
pub(super) const NOTE: &str = "note";

type Fields = BTreeMap<String, String>;

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(alert): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, id_of(&alert)?, None).await
}

pub(super) async fn acknowledge(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(alert): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let (id, lang) = (id_of(&alert)?, exchange.lang());
    let typed = submission.fields.get(NOTE).map_or("", String::as_str);
    let note = match Reason::parse(typed) {
        Ok(note) => note,
        Err(problem) => return page(&state, &exchange, &actor, id, Some((typed, problem))).await,
    };
    let command = Acknowledge { id, note };
    match execute(&state.db, &actor, FormKey::of(&submission)?, &command, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(lang));
            Ok((said, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(Refusal::NotFound)) => Err(AppError::NotFound),
        Err(CommandError::Refused(Refusal::Concerned)) => {
            Err(AppError::Forbidden(Forbidden::Step(lang.t("alerts-not-about-oneself"))))
        }
        Err(CommandError::Refused(Refusal::Already(done))) => {
            let found = service::find((&state.db, &state.directory), &actor, id).await?;
            Err(AppError::Conflict(Conflict {
                who: found.and_then(|page| page.names.of(done.by, lang).map(str::to_owned)),
                when: Some(done.at),
                sentence: Some(lang.t("alerts-already")),
                location: Some(location(id)),
            }))
        }
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

fn id_of(text: &str) -> Result<AlertId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn location(id: AlertId) -> String {
    format!("/security/alerts/{id}")
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: AlertId,
    wrong: Option<(&str, Problem)>,
) -> Result<Response, AppError> {
    let found = service::find((&state.db, &state.directory), actor, id).await?.ok_or(AppError::NotFound)?;
    let (lang, alert) = (exchange.lang(), &found.alert);
    let mut view = TablePage::of(exchange.chrome(lang.name_of("alerts-rule", alert.rule.code())).wide(), HOME);
    view.actions = vec![(HOME.to_owned(), lang.t("alerts-title"))];
    view.lead = vec![lang.name_of("alerts-why", alert.rule.code())];
    view.facts = facts(&found, actor, lang);
    view.sections = vec![evidence(&found, actor, lang)];
    let is_shown_again = wrong.is_some();
    if actor.may(Permission::AcknowledgeAlerts) {
        match against_acknowledging(alert) {
            None => view.forms.push((lang.t("alerts-acknowledge"), form(exchange, id, wrong))),
            Some(Refusal::Concerned) => view.lead.push(lang.t("alerts-not-about-oneself")),
            Some(Refusal::Already(_) | Refusal::NotFound) => {}
        }
    }
    // What was typed is of no use where there is no form any more.
    let status =
        if is_shown_again && !view.forms.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    crate::web::answer(&view, status)
}

fn form(exchange: &Exchange, id: AlertId, wrong: Option<(&str, Problem)>) -> Form {
    let lang = exchange.lang();
    let (typed, error) = wrong.map_or_else(Default::default, |(typed, found)| (typed, Some(problem(&found, lang))));
    let field = Field::textarea(NOTE, lang.t("alerts-note")).hint(lang.t("alerts-note-hint")).value(typed).error(error);
    let groups = vec![FieldGroup::plain(vec![field])];
    Form {
        action: format!("{}/acknowledgement", location(id)),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
        groups,
        submit: lang.t("alerts-acknowledge"),
        ..Form::default()
    }
}

fn facts(found: &AlertPage, actor: &Actor, lang: Lang) -> Vec<Fact> {
    let (alert, names) = (&found.alert, &found.names);
    let head = |name: &str| lang.name_of("alerts-head", name);
    let at = |moment| Moment::at(lang, moment).text;
    let (counted, why) = words::figure(alert, lang);
    let mut facts = vec![about(found, actor, lang)];
    if let Some(organization) = alert.organization.and_then(|id| names.of(id, lang)) {
        facts.push(Fact::new(head("organization"), organization));
    }
    facts.push(Fact::new(head("severity"), lang.name_of("severity", alert.severity.code())));
    let counted = Fact::new(head("counted"), counted);
    facts.push(if why.is_empty() { counted } else { counted.note(why) });
    facts.push(Fact::new(head("from"), at(alert.from)));
    facts.push(Fact::new(head("last"), at(alert.until)));
    facts.push(Fact::new(head("raised"), at(alert.opened_at)));
    match &alert.acknowledged {
        Some(done) => {
            let by = Fact::new(head("by"), words::person(done.by.0, names, lang));
            facts.push(by.note(at(done.at)));
            facts.push(Fact::new(head("note"), &done.note));
        }
        None => facts.push(Fact::new(head("state"), lang.t("alerts-is-open"))),
    }
    if let Some(record) =
        words::search(&[("about", &audit::address::about("alert", alert.id.0))], alert.opened_at, actor)
    {
        facts.push(Fact::new(head("record"), lang.t("alerts-in-the-record")).href(record));
    }
    facts
}

/// Whom or what it is about, leading to what the record has of them.
fn about(found: &AlertPage, actor: &Actor, lang: Lang) -> Fact {
    let alert = &found.alert;
    let label = lang.name_of("alerts-head", "about");
    let name = match &found.network {
        Some(network) => network.clone(),
        None => words::subject(alert, &found.names, lang),
    };
    let kind = match alert.subject_kind {
        SubjectKind::User => "user",
        SubjectKind::Invitation => "invitation",
        SubjectKind::Network => {
            return Fact::new(label, name).note(lang.t("alerts-network-note"));
        }
        SubjectKind::Keys | SubjectKind::Signer => {
            let fact = Fact::new(label, name);
            return if actor.may(Permission::ViewAllCertificates) { fact.href("/pki/keys".to_owned()) } else { fact };
        }
        SubjectKind::Record => {
            let fact = Fact::new(label, name);
            return if actor.may(Permission::ViewSystem) { fact.href("/admin/archives".to_owned()) } else { fact };
        }
        SubjectKind::Certificate => {
            let fact = Fact::new(label, name);
            let certificate = format!("/pki/certificates/{}", alert.subject);
            return if actor.may(Permission::ViewCertificates) { fact.href(certificate) } else { fact };
        }
    };
    let fact = Fact::new(label, name);
    match words::search(&[("about", &audit::address::about(kind, alert.subject))], alert.from, actor) {
        Some(search) => fact.href(search),
        None => fact,
    }
}

fn evidence(found: &AlertPage, actor: &Actor, lang: Lang) -> Section {
    let row = |event: &Evidence| {
        let by = event.actor.map_or_else(|| lang.t("audit-nobody"), |id| words::person(id, &found.names, lang));
        let name = Cell::new(audit::words::event(&event.event_type, lang));
        let (href, facts) = match &event.details {
            Some(details) => (words::event_page(event.at, event.id, actor), Cell::new(words::facts(details, lang))),
            // A document of a case, which is not for who runs the system to read.
            None => (None, Cell::tagged(vec![Tag::new(lang.t("alerts-hidden"), Tone::Neutral)])),
        };
        vec![Cell { href, ..Cell::new(Moment::at(lang, event.at).text) }, name, Cell::new(by), facts]
    };
    Section {
        id: "evidence",
        title: lang.name_of("alerts-part", "evidence"),
        is_titled: true,
        head: ["at", "event", "done-by", "facts"].map(|name| (lang.name_of("alerts-head", name), false)).into(),
        rows: found.evidence.iter().map(row).collect(),
        empty: EmptyState { title: lang.name_of("alerts-part-empty", "evidence"), text: String::new(), action: None },
        paging: None,
    }
}
