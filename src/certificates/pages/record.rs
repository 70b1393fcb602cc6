//! `/papers/{id}/record`: what became of a paper, and the forms that take it back or issue a lost sheet anew.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::act::{Fields, Typed, reason_field, send};
use super::list::{prints, state_tag};
use crate::app::AppState;
use crate::auth::Actor;
use crate::certificates::model::{PaperKind, Withdrawal};
use crate::certificates::service::{self, DUPLICATE_REASON, PaperRecord, Reissue, WITHDRAWAL_REASON, Withdraw};
use crate::certificates::{rules, sheet};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::PaperId;
use crate::web::chrome::Chrome;
use crate::web::components::{ErrorSummary, Fact, FieldGroup, Form, Moment, Tag};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;

#[derive(Template)]
#[template(path = "certificates/record.html")]
struct RecordPage {
    chrome: Chrome,
    back: String,
    sheet: String,
    state: Tag,
    /// What that state means for who relies on it.
    meaning: String,
    facts: Vec<Fact>,
    prints: Vec<(String, String, Moment)>,
    /// What is wrong with the form that was sent.
    withdrawal: Option<Form>,
    duplicate: Option<Form>,
    replacement: Option<String>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, paper_id(&id)?, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn withdraw(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let paper = paper_id(&id)?;
    let reason = submission.fields.get(WITHDRAWAL_REASON).map_or("", String::as_str);
    let command = Withdraw { paper, reason };
    answer(&state, &exchange, &actor, paper, &submission, &command).await
}

pub(super) async fn reissue(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let paper = paper_id(&id)?;
    let reason = submission.fields.get(DUPLICATE_REASON).map_or("", String::as_str);
    let command = Reissue { paper, reason };
    answer(&state, &exchange, &actor, paper, &submission, &command).await
}

async fn answer(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    paper: PaperId,
    submission: &Submission<Fields>,
    command: &impl crate::workflow::Command<Refusal = rules::PaperRefusals>,
) -> Result<Response, AppError> {
    match send(state, exchange, actor, submission, command, format!("/papers/{paper}/record")).await? {
        Ok(done) => Ok(done),
        Err(typed) => page(state, exchange, actor, paper, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: PaperId,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let found = service::record(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let paper = &found.paper;
    let may_withdraw = rules::against_withdrawing(paper, actor).is_none();
    let may_replace = rules::against_replacing(paper, actor, found.decided_another_step).is_none();
    let may_reissue = rules::against_reissuing(paper, actor).is_none();
    let (label, submit) = match paper.kind {
        PaperKind::ExportPermit => ("papers-cancel-reason", "papers-cancel-submit"),
        _ => ("papers-revoke-reason", "papers-revoke-submit"),
    };
    let form = |address: &str, field: &str, label: &str, submit: &str| {
        let mut field = reason_field(field, label, lang);
        typed.fill(&mut field, lang);
        Form {
            action: format!("/papers/{id}/{address}"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), [&field]),
            groups: vec![FieldGroup::plain(vec![field])],
            submit: lang.t(submit),
            ..Form::default()
        }
    };
    let view = RecordPage {
        chrome: exchange.chrome(format!("{} {}", lang.name_of("paper", paper.kind.code()), paper.number)),
        back: match paper.export_id {
            Some(export) => format!("/exports/{export}/papers"),
            None => "/papers".to_owned(),
        },
        sheet: format!("/papers/{id}"),
        state: state_tag(paper.state, lang),
        meaning: lang.t(sheet::meaning_id(paper.state, paper.duplicate, paper.kind)),
        facts: facts(&found, lang),
        prints: prints(paper, lang),
        withdrawal: may_withdraw.then(|| form("revocation", WITHDRAWAL_REASON, label, submit)),
        duplicate: may_reissue
            .then(|| form("duplicate", DUPLICATE_REASON, "papers-duplicate-reason", "papers-duplicate-submit")),
        replacement: may_replace.then(|| format!("/papers/{id}/replacement")),
    };
    crate::web::answer(&view, status)
}

/// Whose it is, of what, and what became of it.
fn facts(found: &PaperRecord, lang: Lang) -> Vec<Fact> {
    let (paper, life) = (&found.paper, &found.life);
    let mut facts = vec![Fact::new(lang.t("papers-number"), &paper.number)];
    if !paper.owner_name.en.is_empty() {
        facts.push(Fact::new(lang.t("papers-firm"), paper.owner_name.in_lang(lang)));
    }
    if let Some(export) = &found.export {
        facts.push(Fact::new(lang.t("papers-export-request"), &export.number).href(format!("/exports/{}", export.id)));
    }
    facts
        .push(Fact::new(lang.t("papers-issued"), Moment::at(lang, paper.issued_at).text).note(paper.issued_by.clone()));
    facts.push(Fact::new(lang.t("papers-code"), paper.code.grouped()).href(paper.code.path()));
    if let Some(sealed_at) = found.sealed_at {
        let file = lang.t("papers-signed-file");
        facts.push(Fact::new(lang.t("papers-sealed-at"), Moment::at(lang, sealed_at).text));
        facts.push(Fact::new(file, format!("{} (PDF)", paper.number)).href(format!("{}.pdf", paper.code.path())));
    }
    let told = |withdrawal: &Withdrawal| format!("{}, {}", Moment::at(lang, withdrawal.at).text, withdrawal.by);
    if let Some(withdrawn) = &life.withdrawn {
        facts.push(Fact::new(lang.t("papers-withdrawn-because"), &withdrawn.reason).note(told(withdrawn)));
    }
    for (label, other) in [("papers-replaced-by", &life.replaced_by), ("papers-replaces", &life.replaces)] {
        if let Some((id, number)) = other {
            facts.push(Fact::new(lang.t(label), number).href(format!("/papers/{id}/record")));
        }
    }
    if let Some((duplicate, lost)) = &life.lost {
        facts.push(Fact::new(lang.t("papers-lost-because"), &lost.reason).note(told(lost)));
        let label = sheet::duplicate_label(paper.duplicate + 1).in_lang(lang).to_owned();
        facts.push(
            Fact::new(lang.t("papers-duplicate-issued-label"), label).href(format!("/papers/{duplicate}/record")),
        );
    }
    if let Some((lost, reason)) = &life.duplicate_of {
        facts.push(Fact::new(lang.t("papers-duplicate-because"), reason).href(format!("/papers/{lost}/record")));
    }
    facts
}

pub(super) fn paper_id(text: &str) -> Result<PaperId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
