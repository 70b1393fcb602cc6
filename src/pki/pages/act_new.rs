//! `/pki/certificates/{id}/acts/new`: asking that a certificate is suspended, reinstated or revoked, or for its key.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use jebena_signer::authority::ApprovalRule;
use jebena_signer::protocol::CertificateFacts;
use serde::Deserialize;
use uuid::Uuid;

use super::acts::reason_in_words;
use super::certificate::find;
use super::{CERTIFICATES, id_of, silent_about_one, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::{eat_date, start_of_day};
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::i18n::Lang;
use crate::ids::OrganizationId;
use crate::pki::asking::{self, Silence};
use crate::pki::model::{ActKind, AskedAct, RevocationReason};
use crate::pki::rules::{self, NotNow};
use crate::pki::service::{self, ACTS, OpenAlready};
use crate::web::chrome::Flash;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::query::Query;
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FormKey, Reason};

#[derive(Debug, Default, Deserialize)]
pub(super) struct NewQuery {
    kind: Option<String>,
}

/// What somebody has typed, and what is wrong with it.
#[derive(Debug, Default)]
struct Typed {
    reason: String,
    reason_complaint: Option<String>,
    invalid_from: String,
    from_complaint: Option<String>,
    why: String,
    why_complaint: Option<String>,
}

/// The certificate and the rule of approval, if the viewer may ask for this now.
async fn ready(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (id, kind): (Uuid, ActKind),
) -> Result<Result<(CertificateFacts, ApprovalRule), AppError>, Silence> {
    let (found, rule) = (find(state, actor, id, exchange.now()).await?, asking::approval_rule(state).await?);
    let (facts, _) = match found {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let lang = exchange.lang();
    Ok(match rules::may_ask(actor, &facts, &rule, kind) {
        Ok(()) => Ok((facts, rule)),
        Err(NotNow::NotTheirs) => {
            Err(AppError::Forbidden(Forbidden::Step(lang.name_of("pki-not-now", NotNow::NotTheirs.code()))))
        }
        Err(refusal) => Err(AppError::Conflict(Conflict {
            sentence: Some(lang.name_of("pki-not-now", refusal.code())),
            location: Some(format!("{CERTIFICATES}/{id}")),
            ..Conflict::default()
        })),
    })
}

pub(super) async fn new(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    Query(query): Query<NewQuery>,
) -> Result<Response, AppError> {
    let kind = query.kind.as_deref().and_then(ActKind::from_code).ok_or(AppError::NotFound)?;
    let (facts, rule) = match ready(&state, &exchange, &actor, (id_of(&id)?, kind)).await {
        Ok(ready) => ready?,
        Err(silence) => return silent_about_one(&exchange, silence),
    };
    page(&state, &exchange, &actor, (&facts, &rule, kind), Typed::default(), StatusCode::OK).await
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (facts, rule, kind): (&CertificateFacts, &ApprovalRule, ActKind),
    typed: Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let holder: Vec<Uuid> = facts.organization.into_iter().collect();
    let (_, names) = service::decisions((&state.db, &state.directory), actor, &[], &holder).await?;
    let mut fields = Vec::new();
    if kind == ActKind::Revoke {
        let reasons = RevocationReason::ALL.iter().map(|one| Choice::new(one.code(), reason_in_words(*one, lang)));
        fields.push(
            Field::radios("reason", lang.t("pki-revocation-field"), reasons.collect())
                .value(typed.reason)
                .error(typed.reason_complaint),
        );
        fields.push(
            Field::date("invalid_from", lang.t("pki-invalid-field"))
                .hint(lang.t("pki-invalid-hint"))
                .value(typed.invalid_from)
                .error(typed.from_complaint)
                .optional()
                .wide(),
        );
    }
    fields.push(
        Field::textarea("why", lang.t("pki-why-field"))
            .hint(lang.t("pki-why-hint"))
            .value(typed.why)
            .error(typed.why_complaint),
    );
    let needed = kind.approvals_needed(rule);
    let more = match needed {
        0 => lang.t("pki-act-alone"),
        needed => lang.t_args("pki-act-others", &[("needed", i64::from(needed).into())]),
    };
    let fact = |name: &str, value: String| Fact::new(lang.name_of("pki-fact", name), value);
    let view = FormPage {
        chrome: exchange.chrome(lang.name_of("pki-act-title", kind.code())),
        lead: vec![lang.name_of("pki-act-means", kind.code()), more],
        facts: vec![
            fact("holder", words::holder(&names, facts.organization, lang)),
            fact("serial", facts.serial.clone()),
            fact("until", words::day(lang, facts.not_after)),
        ],
        form: Form {
            action: format!("{CERTIFICATES}/{}/acts", facts.certificate_id),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), &fields),
            groups: vec![FieldGroup::plain(fields)],
            submit: lang.name_of("pki-act-submit", kind.code()),
            says: Some(("kind", kind.code())),
            cancel: Some(format!("{CERTIFICATES}/{}", facts.certificate_id)),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

#[derive(Debug, Deserialize)]
pub(super) struct ActForm {
    kind: String,
    reason: Option<String>,
    invalid_from: Option<String>,
    why: String,
}

pub(super) async fn create(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<ActForm>,
) -> Result<Response, AppError> {
    let (lang, now, key) = (exchange.lang(), exchange.now(), FormKey::of(&submission)?);
    let form = submission.fields;
    let kind = ActKind::from_code(&form.kind).ok_or(AppError::Unreadable(Unreadable::Fields))?;
    let (facts, rule) = match ready(&state, &exchange, &actor, (id_of(&id)?, kind)).await {
        Ok(ready) => ready?,
        Err(silence) => return silent_about_one(&exchange, silence),
    };
    let wish = match read(form, kind, (facts.not_before, now), lang) {
        Ok(wish) => wish,
        Err(typed) => {
            let unfit = StatusCode::UNPROCESSABLE_ENTITY;
            return page(&state, &exchange, &actor, (&facts, &rule, kind), *typed, unfit).await;
        }
    };
    let (reason, invalid_from, why) = wish;
    let act = AskedAct {
        id: Uuid::now_v7(),
        certificate: facts.certificate_id,
        organization: OrganizationId(facts.organization.ok_or(AppError::NotFound)?),
        kind,
        reason,
        invalid_from,
        why,
        requester: actor.user_id,
        asking: actor.organization.id,
        rule: rule.version,
        needed: kind.approvals_needed(&rule),
        approvers: rule.approvers.clone(),
        asked_at: now,
        done_at: None,
        refused_at: None,
    };
    match service::ask_act(&state.db, &actor, key, act, now).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(lang));
            Ok((said, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(OpenAlready(open))) => Err(AppError::Conflict(Conflict {
            sentence: Some(lang.t("pki-act-open-already")),
            location: Some(format!("{ACTS}/{open}")),
            ..Conflict::default()
        })),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

type Wish = (Option<RevocationReason>, Option<DateTime<Utc>>, String);

/// What the form asks for. Signatures become doubtful at the beginning of a day here, after the certificate was issued and not in time to come.
fn read(
    form: ActForm,
    kind: ActKind,
    (issued, now): (DateTime<Utc>, DateTime<Utc>),
    lang: Lang,
) -> Result<Wish, Box<Typed>> {
    let is_revocation = kind == ActKind::Revoke;
    let typed_reason = form.reason.filter(|_| is_revocation).unwrap_or_default();
    let typed_from = form.invalid_from.filter(|_| is_revocation).unwrap_or_default();
    let reason = RevocationReason::from_code(&typed_reason);
    let reason_complaint = (is_revocation && reason.is_none()).then(|| lang.t("problem-not-a-choice"));
    let day = typed_from.trim().parse::<NaiveDate>();
    let (invalid_from, from_complaint) = match day {
        _ if typed_from.trim().is_empty() => (None, None),
        Ok(day) if day < eat_date(issued) || day > eat_date(now) => (None, Some(lang.t("pki-invalid-range"))),
        // Of the day on which it was issued, from then on.
        Ok(day) => (Some(start_of_day(day).max(issued)), None),
        Err(_) => (None, Some(lang.t("problem-not-a-date"))),
    };
    let why = Reason::parse(&form.why);
    match (why, reason_complaint, from_complaint) {
        (Ok(why), None, None) => Ok((reason, invalid_from, why.as_str().to_owned())),
        (why, reason_complaint, from_complaint) => Err(Box::new(Typed {
            reason: typed_reason,
            reason_complaint,
            invalid_from: typed_from,
            from_complaint,
            why: form.why,
            why_complaint: why.err().map(|found| problem(&found, lang)),
        })),
    }
}

/// What the viewer may ask to become of a certificate: each with where it is asked for, and in words.
pub(super) fn offers(
    actor: &Actor,
    facts: &CertificateFacts,
    rule: &ApprovalRule,
    lang: Lang,
) -> Vec<(String, String)> {
    let kinds = ActKind::ALL.iter().filter(|kind| rules::may_ask(actor, facts, rule, **kind).is_ok());
    let address = |kind: &ActKind| format!("{CERTIFICATES}/{}/acts/new?kind={}", facts.certificate_id, kind.code());
    kinds.map(|kind| (address(kind), lang.name_of("pki-act-offer", kind.code()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(reason: &str, invalid_from: &str, why: &str) -> ActForm {
        ActForm {
            kind: "REVOKE".to_owned(),
            reason: Some(reason.to_owned()),
            invalid_from: Some(invalid_from.to_owned()),
            why: why.to_owned(),
        }
    }

    #[test]
    fn a_revocation_says_why_and_from_when_on_signatures_are_doubtful() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let (issued, now) = (at("2026-11-01T09:00:00Z"), at("2026-11-30T09:00:00Z"));
        let read = |form| super::read(form, ActKind::Revoke, (issued, now), Lang::EN);
        let (reason, from, why) = read(form("KEY_COMPROMISE", "2026-11-20", "a laptop was stolen")).unwrap();
        assert_eq!((reason, why.as_str()), (Some(RevocationReason::KeyCompromise), "a laptop was stolen"));
        assert_eq!(from, Some(at("2026-11-19T21:00:00Z")), "midnight in Addis Ababa");
        assert_eq!(read(form("SUPERSEDED", "", "there is another one")).unwrap().1, None);
        assert_eq!(read(form("SUPERSEDED", "2026-11-01", "there is another one")).unwrap().1, Some(issued));
        for (wrong, complaints) in [
            (form("", "", "a laptop was stolen"), (true, false, false)),
            (form("CA_COMPROMISE", "", "a laptop was stolen"), (true, false, false)),
            (form("SUPERSEDED", "2026-10-31", "a laptop was stolen"), (false, true, false)),
            (form("SUPERSEDED", "2026-12-01", "a laptop was stolen"), (false, true, false)),
            (form("SUPERSEDED", "soon", "a laptop was stolen"), (false, true, false)),
            (form("SUPERSEDED", "", "short"), (false, false, true)),
        ] {
            let typed = read(wrong).unwrap_err();
            let found = (typed.reason_complaint, typed.from_complaint, typed.why_complaint);
            assert_eq!((found.0.is_some(), found.1.is_some(), found.2.is_some()), complaints);
        }
    }
}
