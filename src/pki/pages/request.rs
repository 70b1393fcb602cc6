//! `/pki/requests/{id}`: one request, what is decided about it, and deciding.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::{CERTIFICATES, id_of, nothing, silent_about_one, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::ids::OrganizationId;
use crate::organizations::directory::Names;
use crate::pki::asking;
use crate::pki::model::{Asked, Decision, Verdict};
use crate::pki::rules::{self, Refusal, Standing};
use crate::pki::service::{self, Decide, REQUESTS};
use crate::web::chrome::Flash;
use crate::web::components::{Check, Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::routes::DECISION_FIELD;
use crate::web::views::{Cell, Section, TablePage};
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FormKey, Reason};

/// What somebody has typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    digest_complaint: Option<String>,
    reason: String,
    reason_complaint: Option<String>,
    whole: Option<String>,
}

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
    let standing = rules::standing(asked, &decisions);
    let title =
        lang.fill("pki-request-title", [("organization", words::organization(&names, asked.organization, lang))]);
    let mut view = TablePage::of(exchange.chrome(title), REQUESTS);
    view.actions = vec![(REQUESTS.to_owned(), lang.t("pki-requests-title"))];
    if let Some(certificate) = asked.certificate {
        view.actions.push((format!("{CERTIFICATES}/{certificate}"), lang.t("pki-to-certificate")));
    }
    view.checks = checks(asked, &decisions, standing, typed.whole.clone(), lang);
    view.facts = facts(asked, &decisions, &names, lang);
    view.sections = vec![Section {
        id: "decisions",
        title: lang.t("pki-decisions"),
        is_titled: true,
        head: ["when", "what", "who", "why"].iter().map(|name| (lang.name_of("pki-head", name), false)).collect(),
        rows: decisions.iter().map(|decision| row(decision, &names, lang)).collect(),
        empty: nothing(lang, "pki-decisions-none", "pki-decisions-none-text"),
        paging: None,
    }];
    if actor.may(Permission::ApproveCertificates) {
        match rules::may_decide(asked, &decisions, (actor.user_id, actor.organization.id), &asked.digest) {
            Ok(()) => view.forms = deciding(exchange, asked, typed),
            // What is over says so itself.
            Err(Refusal::Closed) => {}
            Err(refusal) if typed.whole.is_none() && standing == Standing::Open => {
                view.checks.push(Check { tone: Tone::Info, text: said(refusal, lang), href: None });
            }
            Err(_) => {}
        }
    }
    if actor.may(Permission::RequestCertificates) && rules::may_withdraw(asked, &decisions, actor.user_id).is_ok() {
        let form = Form {
            action: format!("{REQUESTS}/{}/withdrawal", asked.id),
            token: exchange.form_token(None),
            submit: lang.t("pki-withdraw"),
            ..Form::default()
        };
        view.forms.push((lang.t("pki-withdraw-title"), form));
    }
    crate::web::answer(&view, status)
}

fn checks(asked: &Asked, decisions: &[Decision], standing: Standing, whole: Option<String>, lang: Lang) -> Vec<Check> {
    let tone = match standing {
        Standing::Issued => Tone::Good,
        Standing::Rejected => Tone::Bad,
        Standing::Open => Tone::Warn,
        Standing::Issuing | Standing::Withdrawn | Standing::Expired => Tone::Info,
    };
    let means = match standing {
        Standing::Open => lang.t_args(
            "pki-standing-means-open",
            &[("given", rules::approvals(asked, decisions).into()), ("needed", asked.rule.approvals_needed.into())],
        ),
        other => lang.name_of("pki-standing-means", other.code()),
    };
    let refused = whole.map(|text| Check { tone: Tone::Bad, text, href: None });
    refused.into_iter().chain([Check { tone, text: means, href: None }]).collect()
}

fn facts(asked: &Asked, decisions: &[Decision], names: &Names, lang: Lang) -> Vec<Fact> {
    let fact = |name: &str, value: String| Fact::new(lang.name_of("pki-fact", name), value);
    let mut all = vec![
        fact("holder", words::organization(names, asked.organization, lang)),
        fact("kind", words::kind(asked.profile, lang)),
        fact("subject", words::distinguished(&asked.subject)),
        fact("made", lang.t(if asked.is_made_here { "pki-key-here" } else { "pki-key-elsewhere" })),
        fact("validity", lang.t_args("pki-for-days", &[("days", asked.validity_days.into())])),
        fact("asked", words::moment(lang, asked.asked_at)).note(words::person(names, asked.requester, lang)),
        fact("digest", words::digest(&asked.digest)),
        fact("approvals", format!("{} / {}", rules::approvals(asked, decisions), asked.rule.approvals_needed))
            .note(lang.t_args("pki-under-rule", &[("version", asked.rule.version.into())])),
    ];
    if !asked.rule.approvers.is_empty() {
        let who = asked.rule.approvers.iter().map(|id| words::organization(names, OrganizationId(*id), lang));
        all.push(fact("approvers", who.collect::<Vec<_>>().join(", ")));
    }
    // What the signer was told without a row here, as from its own command line.
    if let Some(reason) = asked.rejection_reason.as_ref().filter(|_| decisions.iter().all(|one| one.reason.is_none())) {
        all.push(fact("rejected", reason.clone()));
    }
    all
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

/// To approve exactly what is shown, and to reject it. What is approved is in the form: another request under the same address would
/// have another digest.
fn deciding(exchange: &Exchange, asked: &Asked, typed: Typed) -> Vec<(String, Form)> {
    let lang = exchange.lang();
    let digest = words::digest(&asked.digest);
    let field = Field::radios("digest", lang.t("pki-digest-field"), vec![Choice::new(digest.clone(), digest)])
        .hint(lang.t("pki-digest-hint"))
        .error(typed.digest_complaint);
    let form = |fields: Vec<Field>, says, submit: &str| Form {
        action: format!("{REQUESTS}/{}/decision", asked.id),
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

#[derive(Debug, Deserialize)]
pub(super) struct DecisionForm {
    decision: String,
    digest: Option<String>,
    reason: Option<String>,
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
    let form = submission.fields;
    let unfit = StatusCode::UNPROCESSABLE_ENTITY;
    let (verdict, digest, reason) = match form.decision.as_str() {
        "approve" => match form.digest.as_deref().and_then(words::read_digest) {
            Some(digest) => (Verdict::Approved, digest, None),
            None => {
                let typed = Typed { digest_complaint: Some(lang.t("pki-digest-missing")), ..Typed::default() };
                return page(&state, &exchange, (&actor, &asked), typed, unfit).await;
            }
        },
        "reject" => {
            let text = form.reason.unwrap_or_default();
            match Reason::parse(&text) {
                Ok(reason) => (Verdict::Rejected, asked.digest.to_vec(), Some(reason)),
                Err(found) => {
                    let complaint = Some(problem(&found, lang));
                    let typed = Typed { reason: text, reason_complaint: complaint, ..Typed::default() };
                    return page(&state, &exchange, (&actor, &asked), typed, unfit).await;
                }
            }
        }
        _ => return Err(AppError::Unreadable(Unreadable::Fields)),
    };
    send(&state, &exchange, &actor, key, Decide { asked, verdict, digest, reason }).await
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
    let digest = asked.digest.to_vec();
    send(&state, &exchange, &actor, key, Decide { asked, verdict: Verdict::Withdrawn, digest, reason: None }).await
}

async fn send(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    key: FormKey,
    command: Decide,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    match service::decide(&state.db, actor, key, &command, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(lang));
            Ok((said, exchange.htmx().see_other(&done.location)).into_response())
        }
        Err(CommandError::Refused(refusal)) => {
            let typed = Typed { whole: Some(said(refusal, lang)), ..Typed::default() };
            page(state, exchange, (actor, &command.asked), typed, StatusCode::CONFLICT).await
        }
        Err(CommandError::KeyReused) => Err(AppError::Unreadable(Unreadable::KeyReused)),
        Err(CommandError::Database(error)) => Err(error.into()),
    }
}

fn said(refusal: Refusal, lang: Lang) -> String {
    lang.name_of("pki-refusal", refusal.code())
}
