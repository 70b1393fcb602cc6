//! What the pages of requests and acts share: who has decided, and deciding about exactly what is shown.

use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::words;
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::ids::OrganizationId;
use crate::organizations::directory::Names;
use crate::pki::model::{Decision, Verdict};
use crate::pki::rules::{self, Ballot, Refusal, Standing};
use crate::pki::service::{self, Decide};
use crate::web::chrome::Flash;
use crate::web::components::{Check, Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Tone};
use crate::web::exchange::Exchange;
use crate::web::routes::DECISION_FIELD;
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FormKey, Reason};

/// What somebody has typed, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Typed {
    pub digest_complaint: Option<String>,
    pub reason: String,
    pub reason_complaint: Option<String>,
    pub whole: Option<String>,
}

/// What is decided about, and what was decided.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matter<'a> {
    pub of: &'a Ballot,
    pub decisions: &'a [Decision],
    /// Where it is.
    pub place: &'a str,
}

/// How it stands; what is over is said as `settled` does. What was refused comes first.
pub(super) fn checks(
    matter: Matter<'_>,
    settled: impl FnOnce(Standing) -> String,
    refused: Option<String>,
    lang: Lang,
) -> Vec<Check> {
    let Matter { of, decisions, .. } = matter;
    let (given, needed) = (rules::approvals(of, decisions), of.needed);
    let standing = rules::standing(of, decisions);
    let text = match standing {
        Standing::Open => lang.t_args("pki-standing-means-open", &[("given", given.into()), ("needed", needed.into())]),
        other => settled(other),
    };
    let now = Check { tone: words::standing_tone(standing), text, href: None };
    refused.map(|text| Check { tone: Tone::Bad, text, href: None }).into_iter().chain([now]).collect()
}

/// How many have approved, and who may.
pub(super) fn votes(matter: Matter<'_>, names: &Names, lang: Lang) -> Vec<Fact> {
    let Matter { of, decisions, .. } = matter;
    let fact = |name: &str, value: String| Fact::new(lang.name_of("pki-fact", name), value);
    let mut all = vec![
        fact("approvals", format!("{} / {}", rules::approvals(of, decisions), of.needed))
            .note(lang.t_args("pki-under-rule", &[("version", of.rule.version.into())])),
    ];
    if !of.rule.approvers.is_empty() {
        let who = of.rule.approvers.iter().map(|id| words::organization(names, OrganizationId(*id), lang));
        all.push(fact("approvers", lang.list(who)));
    }
    all
}

/// Puts onto the page what the viewer may do about it, or why not. `hint` says what the digest is over.
pub(super) fn offer(
    view: &mut TablePage,
    (exchange, actor): (&Exchange, &Actor),
    matter: Matter<'_>,
    hint: &str,
    typed: Typed,
) {
    let Matter { of, decisions, place } = matter;
    if actor.may(Permission::ApproveCertificates) {
        match rules::may_decide(of, decisions, (actor.user_id, actor.organization.id), &of.digest) {
            Ok(()) => view.forms = deciding(exchange, place, (&of.digest, hint), typed),
            // What is over says so itself.
            Err(Refusal::Closed) => {}
            Err(refusal) if typed.whole.is_none() && rules::standing(of, decisions) == Standing::Open => {
                view.checks.push(Check { tone: Tone::Info, text: said(refusal, exchange.lang()), href: None });
            }
            Err(_) => {}
        }
    }
    if rules::may_withdraw(of, decisions, actor.user_id).is_ok() {
        view.forms.push(withdrawing(exchange, place));
    }
}

/// Who has decided what.
pub(super) fn decided(decisions: &[Decision], names: &Names, lang: Lang) -> Section {
    Section {
        id: "decisions",
        title: lang.t("pki-decisions"),
        is_titled: true,
        head: ["when", "what", "who", "why"].iter().map(|name| (lang.name_of("pki-head", name), false)).collect(),
        rows: decisions.iter().map(|decision| row(decision, names, lang)).collect(),
        empty: super::nothing(lang, "pki-decisions-none", "pki-decisions-none-text"),
        paging: None,
    }
}

fn row(decision: &Decision, names: &Names, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::new(words::moment(lang, decision.decided_at)),
        Cell::new(lang.name_of("pki-verdict", decision.verdict.code())),
        Cell::new(words::person(names, decision.approver, lang)).note(words::organization(
            names,
            decision.organization,
            lang,
        )),
        Cell::new(decision.reason.clone().unwrap_or_default()),
    ]
}

/// To approve exactly what is shown, and to reject it, at `place`; `hint` says what the digest is over. What is approved is in the form: another thing under the same address
/// would have another digest.
fn deciding(exchange: &Exchange, place: &str, (digest, hint): (&[u8], &str), typed: Typed) -> Vec<(String, Form)> {
    let lang = exchange.lang();
    let digest = words::digest(digest);
    let field = Field::radios("digest", lang.t("pki-digest-field"), vec![Choice::new(digest.clone(), digest)])
        .hint(hint)
        .error(typed.digest_complaint);
    let form = |fields: Vec<Field>, says, submit: &str| Form {
        action: format!("{place}/decision"),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(Vec::new(), &fields),
        groups: vec![FieldGroup::plain(fields)],
        submit: lang.t(submit),
        says: Some((DECISION_FIELD, says)),
        ..Form::default()
    };
    let reason = Field::textarea("reason", lang.t("pki-reason-field"))
        .hint(lang.t("pki-reason-hint"))
        .value(typed.reason)
        .error(typed.reason_complaint);
    vec![
        (lang.t("pki-approve-title"), form(vec![field], "approve", "pki-approve")),
        (lang.t("pki-reject-title"), form(vec![reason], "reject", "pki-reject")),
    ]
}

/// To give it up.
fn withdrawing(exchange: &Exchange, place: &str) -> (String, Form) {
    let lang = exchange.lang();
    let form = Form {
        action: format!("{place}/withdrawal"),
        token: exchange.form_token(None),
        submit: lang.t("pki-withdraw"),
        ..Form::default()
    };
    (lang.t("pki-withdraw-title"), form)
}

#[derive(Debug, Deserialize)]
pub(super) struct DecisionForm {
    decision: String,
    digest: Option<String>,
    reason: Option<String>,
}

/// What was decided about what: verdict, digest and reason.
pub(super) type Said = (Verdict, Vec<u8>, Option<Reason>);

/// What the form says of what has this digest; else what is wrong with it.
pub(super) fn read(form: DecisionForm, digest: &[u8], lang: Lang) -> Result<Result<Said, Typed>, AppError> {
    match form.decision.as_str() {
        "approve" => Ok(match form.digest.as_deref().and_then(words::read_digest) {
            Some(digest) => Ok((Verdict::Approved, digest, None)),
            None => Err(Typed { digest_complaint: Some(lang.t("pki-digest-missing")), ..Typed::default() }),
        }),
        "reject" => {
            let text = form.reason.unwrap_or_default();
            Ok(match Reason::parse(&text) {
                Ok(reason) => Ok((Verdict::Rejected, digest.to_vec(), Some(reason))),
                Err(found) => {
                    let complaint = Some(problem(&found, lang));
                    Err(Typed { reason: text, reason_complaint: complaint, ..Typed::default() })
                }
            })
        }
        _ => Err(AppError::Unreadable(Unreadable::Fields)),
    }
}

/// Has it carried out: where that leads, or what the rules have against it.
pub(super) async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    key: FormKey,
    command: &Decide,
) -> Result<Result<Response, Typed>, AppError> {
    let lang = exchange.lang();
    match service::decide(&state.db, actor, key, command, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(lang));
            Ok(Ok((said, exchange.htmx().see_other(&done.location)).into_response()))
        }
        Err(CommandError::Refused(refusal)) => Ok(Err(Typed { whole: Some(said(refusal, lang)), ..Typed::default() })),
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

fn said(refusal: Refusal, lang: Lang) -> String {
    lang.name_of("pki-refusal", refusal.code())
}
