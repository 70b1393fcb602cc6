//! `/samples/{id}/check`: what was found and what it means, before somebody else than who drew the sample signs it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::sample::{facts, find};
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::review::{Draft, FileKinds, Typed, refusal, send, state_tag};
use crate::sourcing::inspections::rules::{self, WORKFLOW};
use crate::sourcing::inspections::service::{self, SampleFile, Sign, fingerprint};
use crate::web::chrome::Chrome;
use crate::web::components::{Check, ErrorSummary, Fact, Field, FieldGroup, Form, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::workflow::Reason;
use crate::workflow::words::problem;

#[derive(Template)]
#[template(path = "sourcing/sample_check.html")]
struct CheckPage {
    chrome: Chrome,
    status: Tag,
    facts: Vec<Fact>,
    /// What was found; empty while something is missing or wrong.
    verdict: Vec<Fact>,
    checks: Vec<Check>,
    /// What stands against signing.
    refusals: Vec<String>,
    back: Option<String>,
    sign: Option<Form>,
    /// Fingerprint of what is shown.
    seen: String,
    abandon: Option<Form>,
}

/// What the signature is for.
pub(super) const SEEN_FIELD: &str = "seen";

/// Why a sample is given up.
pub(super) const ABANDON_REASON: &str = "abandon_reason";

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let file = find(&state, &exchange, &actor, &id).await?;
    page(&exchange, &actor, &file, &Typed::default(), StatusCode::OK)
}

pub(super) async fn sign(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let file = find(&state, &exchange, &actor, &id).await?;
    let values = file.draft.as_ref().map(Draft::values).unwrap_or_default();
    let command = Sign {
        sample: file.sample.id,
        version: submission.require_version()?,
        seen: submission.fields.get(SEEN_FIELD).map_or("", String::as_str),
        values: &values,
        papers: &*state.papers,
    };
    let location = format!("/samples/{}/check", file.sample.id);
    match send(&state, &exchange, &actor, &submission, &command, location).await? {
        Ok(done) => Ok(done),
        Err(typed) => page(&exchange, &actor, &file, &typed, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// The page, also with a form in error.
pub(super) fn page(
    exchange: &Exchange,
    actor: &Actor,
    file: &SampleFile,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let sample = &file.sample;
    let values = file.draft.as_ref().map(Draft::values).unwrap_or_default();
    let is_open = rules::against_handling(sample, actor).is_empty();
    let examined = service::examine(&values, file);
    let mut checks = Vec::new();
    let (mut verdict, mut refusals) = (Vec::new(), Vec::new());
    match &examined {
        Ok((findings, found)) => {
            checks = words::checks(found, lang);
            verdict = words::verdict(findings, found, lang);
            let against = rules::against_signing(sample, findings, &file.figures.limits, actor);
            refusals = against.iter().map(|found| refusal(found, &FileKinds::default(), lang)).collect();
        }
        Err(_) if is_open => checks.push(Check {
            tone: Tone::Warn,
            text: lang.t("inspection-check-incomplete"),
            href: Some(format!("/samples/{}", sample.id)),
        }),
        Err(_) => {}
    }
    refusals.extend(typed.whole.iter().filter(|sentence| !refusals.contains(sentence)).cloned().collect::<Vec<_>>());
    let may_sign = is_open && examined.is_ok() && refusals.is_empty();
    let reason = Field::textarea(ABANDON_REASON, lang.t("decide-reason-label"))
        .hint(lang.fill(
            "review-reason-hint",
            [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())],
        ))
        .value(typed.value(ABANDON_REASON))
        .error(typed.problems.of(ABANDON_REASON).map(|found| problem(found, lang)));
    let view = CheckPage {
        chrome: exchange.chrome(lang.fill("inspection-check-title", [("code", sample.code.clone())])),
        status: state_tag(WORKFLOW.states, sample.status.code(), lang),
        facts: facts(file, lang),
        verdict,
        checks,
        refusals: if is_open { refusals } else { Vec::new() },
        back: is_open.then(|| format!("/samples/{}", sample.id)),
        sign: may_sign.then(|| Form {
            action: format!("/samples/{}/signature", sample.id),
            token: exchange.form_token(Some(sample.version)),
            submit: lang.t("inspection-sign-submit"),
            ..Form::default()
        }),
        seen: fingerprint(&values),
        abandon: is_open.then(|| Form {
            action: format!("/samples/{}/abandonment", sample.id),
            token: exchange.form_token(Some(sample.version)),
            summary: ErrorSummary::of(Vec::new(), [&reason]),
            groups: vec![FieldGroup::plain(vec![reason])],
            submit: lang.t("inspection-abandon-submit"),
            ..Form::default()
        }),
    };
    crate::web::answer(&view, status)
}
