//! `/staff` and `/invitations/{token}`.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::model::{Accepted, Colleague, Invitation, OpenInvitation};
use super::service::{self, AcceptError, Invite, Refusal, ResetFactor, Staff, Switch, Withdraw, path_of};
use crate::app::AppState;
use crate::auth::{Actor, Permission, Role};
use crate::error::{AppError, Conflict, Forbidden, OverLink, Unreadable};
use crate::i18n::Lang;
use crate::ids::{InvitationId, UserId};
use crate::mail::MailStatus;
use crate::organizations::email::read_email;
use crate::organizations::link_token::LinkToken;
use crate::organizations::new_account;
use crate::organizations::profile::Profile;
use crate::organizations::staff::roles_in;
use crate::web::chrome::{Chrome, Flash};
use crate::web::components::{ActionButton, Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Moment, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::{NoFields, Submission};
use crate::web::html;
use crate::web::query::Query;
use crate::web::routes::{Access, Proof, RouteLimits, Routes};
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{Command, CommandError, Done, FieldProblems, FieldReader, FormKey, Problem, execute};

// What the form of an invitation asks.
const NAME: &str = "full_name";
const ROLE: &str = "role";
const EMAIL: &str = "email";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let manage = Access::Needs(Permission::ManageStaff);
    let proved = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    Routes::new()
        .get("/staff", Access::Needs(Permission::ViewStaff), show)
        .post_form_within("/staff/invitations", manage, proved, [NAME, ROLE, EMAIL], invite)
        .post("/staff/invitations/{id}/withdrawal", manage, withdraw)
        .post_within("/staff/{id}/account", manage, proved, switch)
        .post_within("/staff/{id}/second-factor", manage, proved, reset_factor)
        .get("/invitations/{token}", Access::Public, open)
        .post("/invitations/{token}", Access::Public, accept)
}

#[derive(Template)]
#[template(path = "organizations/staff.html")]
struct StaffPage {
    chrome: Chrome,
    /// The tag that all people shown have, where one was asked for.
    tag: Option<String>,
    people: Vec<PersonRow>,
    invited: Vec<InvitedRow>,
    invite: Option<Form>,
}

/// Which of the colleagues are shown.
#[derive(Debug, Default, Deserialize)]
struct StaffQuery {
    tag: Option<String>,
}

struct PersonRow {
    name: String,
    /// Post and telephone.
    about: String,
    /// Their tags, with the address of everybody who has it.
    tags: Vec<(String, String)>,
    username: String,
    roles: String,
    state: Tag,
    last_login: Option<Moment>,
    switch: Option<ActionButton>,
    /// Where there is a second factor to take away.
    reset_factor: Option<ActionButton>,
}

struct InvitedRow {
    id: InvitationId,
    name: String,
    /// Where the link was sent, and what came of it.
    mail: Option<(String, Tag)>,
    role: String,
    until: Moment,
    withdraw: Option<ActionButton>,
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<StaffQuery>,
) -> Result<Response, AppError> {
    let nothing = Typed { values: &BTreeMap::new(), problems: &FieldProblems::default(), open: None };
    page((&state, &exchange, &actor), query, StatusCode::OK, nothing).await
}

/// What somebody has typed into the form, and what is wrong with it.
#[derive(Clone, Copy)]
struct Typed<'a> {
    values: &'a BTreeMap<String, String>,
    problems: &'a FieldProblems,
    /// The invitation that stands in the way of another.
    open: Option<InvitationId>,
}

async fn page(
    (state, exchange, actor): (&AppState, &Exchange, &Actor),
    query: StaffQuery,
    status: StatusCode,
    typed: Typed<'_>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let Staff { colleagues, invitations, mut profiles, enrolled } =
        service::list(&state.db, actor, exchange.now()).await?;
    let is_asked_for = |profile: &Profile| query.tag.as_ref().is_none_or(|tag| profile.tags.contains(tag));
    let may_manage = actor.may(Permission::ManageStaff);
    let view = StaffPage {
        chrome: exchange.chrome(lang.t("staff-title")).wide(),
        people: colleagues
            .into_iter()
            .filter_map(|person| {
                let profile = profiles.remove(&person.id).unwrap_or_default();
                let has_factor = enrolled.contains(&person.id);
                is_asked_for(&profile).then(|| person_row((person, profile, has_factor), exchange, actor))
            })
            .collect(),
        tag: query.tag,
        invited: invitations.into_iter().map(|invited| invited_row(invited, exchange, may_manage)).collect(),
        invite: may_manage.then(|| invite_form((exchange, state.mailer.is_there()), actor, typed)),
    };
    crate::web::answer(&view, status)
}

fn person_row(
    (person, profile, has_factor): (Colleague, Profile, bool),
    exchange: &Exchange,
    actor: &Actor,
) -> PersonRow {
    let lang = exchange.lang();
    let roles: Vec<String> = person.roles.iter().map(|role| lang.name_of("role", role.code())).collect();
    let (state, tone, says, label) = if person.is_active {
        ("staff-active", Tone::Good, "no", "staff-disable")
    } else {
        ("staff-inactive", Tone::Neutral, "yes", "staff-enable")
    };
    let may_switch = actor.may(Permission::ManageStaff) && person.id != actor.user_id;
    PersonRow {
        reset_factor: (may_switch && has_factor).then(|| ActionButton {
            action: format!("/staff/{}/second-factor", person.id),
            token: exchange.form_token(None),
            says: None,
            label: lang.t("staff-reset-factor"),
            about: person.full_name.clone(),
        }),
        switch: may_switch.then(|| ActionButton {
            action: format!("/staff/{}/account", person.id),
            token: exchange.form_token(None),
            says: Some(("active", says)),
            label: lang.t(label),
            about: person.full_name.clone(),
        }),
        name: person.full_name,
        about: [profile.position, profile.phone].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        tags: profile.tags.into_iter().map(|tag| (with_tag(&tag), tag)).collect(),
        username: person.username,
        roles: lang.list(roles),
        state: Tag::new(lang.t(state), tone),
        last_login: person.last_login.map(|at| Moment::at(lang, at)),
    }
}

/// Where everybody with a tag is shown.
fn with_tag(tag: &str) -> String {
    format!("/staff?tag={}", url::form_urlencoded::byte_serialize(tag.as_bytes()).collect::<String>())
}

fn invited_row(invited: Invitation, exchange: &Exchange, may_manage: bool) -> InvitedRow {
    let lang = exchange.lang();
    InvitedRow {
        id: invited.id,
        withdraw: may_manage.then(|| ActionButton {
            action: format!("/staff/invitations/{}/withdrawal", invited.id),
            token: exchange.form_token(None),
            says: None,
            label: lang.t("staff-withdraw"),
            about: invited.full_name.clone(),
        }),
        name: invited.full_name,
        mail: invited.email.zip(invited.mail).map(|(email, status)| (email, mail_tag(status, lang))),
        role: lang.name_of("role", invited.role.code()),
        until: Moment::at(lang, invited.expires_at),
    }
}

/// The element of an open invitation.
fn anchor_of(id: InvitationId) -> String {
    format!("invitation-{id}")
}

fn mail_tag(status: MailStatus, lang: Lang) -> Tag {
    let tone = match status {
        MailStatus::Waiting => Tone::Info,
        MailStatus::Sent => Tone::Good,
        MailStatus::Needless => Tone::Neutral,
        MailStatus::Refused => Tone::Bad,
    };
    Tag::new(lang.name_of("mail-status", status.code()), tone)
}

fn invite_form(
    (exchange, has_mail): (&Exchange, bool),
    actor: &Actor,
    Typed { values, problems, open }: Typed<'_>,
) -> Form {
    let lang = exchange.lang();
    let filled = |field: Field| {
        let error = problems.of(&field.name).map(|found| problem(found, lang));
        let value = values.get(&field.name).cloned().unwrap_or_default();
        field.value(value).error(error)
    };
    let roles = roles_in(actor.organization.kind)
        .map(|role| Choice::new(role.code(), lang.name_of("role", role.code())))
        .collect();
    let mut fields =
        vec![filled(Field::text(NAME, lang.t("staff-name"))), filled(Field::radios(ROLE, lang.t("staff-role"), roles))];
    if has_mail {
        fields.push(filled(Field::text(EMAIL, lang.t("field-email")).hint(lang.t("staff-email-hint")).optional()));
    }
    let groups = vec![FieldGroup::plain(fields)];
    let mut summary = ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields));
    // It leads to the row that says who was invited, with the button that takes it back.
    summary.errors.extend(open.map(|id| (anchor_of(id), lang.t("staff-invited-open"))));
    Form {
        action: "/staff/invitations".to_owned(),
        token: exchange.form_token(None),
        summary,
        groups,
        submit: lang.t("staff-invite"),
        ..Form::default()
    }
}

async fn invite(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    // Without a mail server there is no field for an address.
    if !state.mailer.is_there() && submission.fields.contains_key(EMAIL) {
        return Err(AppError::Unreadable(Unreadable::Fields));
    }
    let mut reader = FieldReader::new(&submission.fields);
    let full_name = reader.name(NAME, 2..=255);
    let codes: Vec<&str> = roles_in(actor.organization.kind).map(Role::code).collect();
    let role = Role::from_code(&reader.choice(ROLE, &codes));
    let is_mailed = state.mailer.is_there() && !reader.raw(EMAIL).is_empty();
    let email = is_mailed.then(|| read_email(&mut reader, EMAIL));
    let (full_name, role) = match (reader.finish(full_name), role) {
        (Ok(full_name), Some(role)) => (full_name, role),
        (Ok(_), None) => return Err(AppError::Unreadable(Unreadable::Fields)),
        (Err(problems), _) => {
            let typed = Typed { values: &submission.fields, problems: &problems, open: None };
            let query = StaffQuery::default();
            return page((&state, &exchange, &actor), query, StatusCode::UNPROCESSABLE_ENTITY, typed).await;
        }
    };
    let secret = exchange.signed_in().ok_or(AppError::SignInRequired)?.secret;
    let token = LinkToken::of(&secret, submission.require_token()?.key);
    let (link, lang) = (exchange.site().absolute_url(&path_of(&token)), exchange.lang());
    let invite = Invite { token, full_name, role, email: email.map(|email| (email, lang)) };
    let done = match execute(&state.db, &actor, FormKey::of(&submission)?, &invite, exchange.now()).await {
        Err(CommandError::Refused(Refusal::InvitedAlready(open))) => {
            let mut problems = FieldProblems::default();
            let invited = Problem::Refused { text_id: "problem-invited-already", arguments: Vec::new() };
            problems.add(EMAIL, invited);
            let typed = Typed { values: &submission.fields, problems: &problems, open };
            return page((&state, &exchange, &actor), StaffQuery::default(), StatusCode::CONFLICT, typed).await;
        }
        answer => answer.map_err(|error| failure(&exchange, error))?,
    };
    if is_mailed {
        // Whoever reads that mailbox, and nobody else, can follow the link.
        return Ok(answered(&exchange, &done));
    }
    let said = format!("{} {}", done.flash.in_words(lang), lang.fill("staff-invited-link", [("link", link)]));
    Ok((Flash::success(said), exchange.htmx().see_other(&done.location)).into_response())
}

async fn withdraw(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let id: InvitationId = id.parse().map_err(|_| AppError::NotFound)?;
    let done = send(&state, &exchange, &actor, &submission, &Withdraw { id }).await?;
    Ok(answered(&exchange, &done))
}

/// Whether somebody may sign in.
#[derive(Debug, Deserialize)]
struct SwitchForm {
    active: String,
}

async fn switch(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<SwitchForm>,
) -> Result<Response, AppError> {
    let id: UserId = id.parse().map_err(|_| AppError::NotFound)?;
    let is_active = match submission.fields.active.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(AppError::Unreadable(Unreadable::Fields)),
    };
    let done = send(&state, &exchange, &actor, &submission, &Switch { id, is_active }).await?;
    Ok(answered(&exchange, &done))
}

async fn reset_factor(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<NoFields>,
) -> Result<Response, AppError> {
    let id: UserId = id.parse().map_err(|_| AppError::NotFound)?;
    let done = send(&state, &exchange, &actor, &submission, &ResetFactor { id }).await?;
    Ok(answered(&exchange, &done))
}

async fn send<T>(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    submission: &Submission<T>,
    command: &impl Command<Refusal = Refusal>,
) -> Result<Done, AppError> {
    let done = execute(&state.db, actor, FormKey::of(submission)?, command, exchange.now()).await;
    done.map_err(|error| failure(exchange, error))
}

fn failure(exchange: &Exchange, error: CommandError<Refusal>) -> AppError {
    match error {
        CommandError::Refused(Refusal::NotFound) => AppError::NotFound,
        CommandError::Refused(Refusal::Oneself) => {
            AppError::Forbidden(Forbidden::Step(exchange.lang().t("staff-not-oneself")))
        }
        CommandError::Refused(Refusal::Erased) => {
            AppError::Forbidden(Forbidden::Step(exchange.lang().t("staff-erased")))
        }
        CommandError::Refused(Refusal::InvitedAlready(_)) => AppError::Conflict(Conflict::default()),
        CommandError::Refused(Refusal::RoleDoesNotFit) => AppError::Unreadable(Unreadable::Fields),
        CommandError::KeyReused => AppError::Unreadable(Unreadable::KeyReused),
        CommandError::Database(error) => error.into(),
    }
}

fn answered(exchange: &Exchange, done: &Done) -> Response {
    let said = Flash::success(done.flash.in_words(exchange.lang()));
    (said, exchange.htmx().see_other(&done.location)).into_response()
}

async fn open(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
) -> Result<Response, AppError> {
    let (token, invitation) = opened(&state, &exchange, &token).await?;
    let nothing = (&BTreeMap::new(), &FieldProblems::default());
    invitation_page(&exchange, &token, &invitation, StatusCode::OK, nothing, None)
}

/// The invitation behind a link. One that is over is as good as one that never was: a stranger is told the same of both.
async fn opened(state: &AppState, exchange: &Exchange, token: &str) -> Result<(LinkToken, OpenInvitation), AppError> {
    let token = LinkToken::parse(token).ok_or(AppError::NotFound)?;
    let found = service::find_open(&state.db, &token, exchange.now()).await?;
    Ok((token, found.ok_or(AppError::LinkOver(OverLink::Invitation))?))
}

/// What the invited person chooses; who they are stands in the invitation.
#[derive(Debug, Deserialize)]
struct AcceptForm {
    username: String,
    password: SecretString,
    password_again: SecretString,
}

async fn accept(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
    submission: Submission<AcceptForm>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let token = LinkToken::parse(&token).ok_or(AppError::NotFound)?;
    let AcceptForm { username, password, password_again } = submission.fields;
    let values = BTreeMap::from([("username".to_owned(), username)]);
    let mut reader = FieldReader::new(&values);
    // Sent twice, it is accepted already: there is nothing to know about then, and nothing left to choose.
    let invited = service::find_open(&state.db, &token, exchange.now()).await?;
    let about: Vec<&str> =
        invited.iter().flat_map(|open| [open.full_name.as_str(), open.organization_name.as_str()]).collect();
    let account = new_account::read(&mut reader, &password, &password_again, &about);
    let mut problems = reader.problems;
    let mut whole = None;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if let Some(account) = account.filter(|_| problems.is_empty()) {
        let with = (&state.db, &state.passwords);
        match service::accept(with, &token, account, lang, &exchange.origin(), exchange.now()).await {
            Ok(Accepted::Done) => {
                let welcome = Flash::success(lang.t("invitation-done"));
                return Ok((welcome, exchange.htmx().see_other("/sign-in")).into_response());
            }
            Ok(Accepted::Gone) => {
                let sentence = Some(lang.t("invitation-gone"));
                return Err(AppError::Conflict(Conflict { sentence, ..Conflict::default() }));
            }
            Ok(Accepted::UsernameTaken) => new_account::add_taken(&mut problems),
            Err(AcceptError::Busy) => {
                status = StatusCode::SERVICE_UNAVAILABLE;
                whole = Some(lang.t("sign-in-busy"));
            }
            Err(AcceptError::Hashing(error)) => return Err(AppError::internal(error)),
            Err(AcceptError::Database(error)) => return Err(error.into()),
        }
    }
    let found = invited.ok_or(AppError::LinkOver(OverLink::Invitation))?;
    let mut response = invitation_page(&exchange, &token, &found, status, (&values, &problems), whole)?;
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    Ok(response)
}

fn invitation_page(
    exchange: &Exchange,
    token: &LinkToken,
    invitation: &OpenInvitation,
    status: StatusCode,
    (values, problems): (&BTreeMap<String, String>, &FieldProblems),
    whole: Option<String>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let organization = lang.pick(&invitation.organization_name, &invitation.organization_name_am);
    let groups = vec![FieldGroup::plain(new_account::fields(values, problems, lang))];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("invitation-title")),
        lead: vec![lang.t("invitation-lead")],
        facts: vec![
            Fact::new(lang.t("staff-name"), &invitation.full_name),
            Fact::new(lang.t("invitation-organization"), organization),
            Fact::new(lang.t("staff-role"), lang.name_of("role", invitation.role.code())),
            Fact::new(lang.t("staff-until"), Moment::at(lang, invitation.expires_at).text),
        ],
        form: Form {
            action: path_of(token),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(whole.into_iter().collect(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("invitation-submit"),
            ..Form::default()
        },
    };
    let mut response = html(&view)?;
    *response.status_mut() = status;
    // The address opens an account: it stays in no cache.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
