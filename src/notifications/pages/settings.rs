//! How one wants to hear of what, when one is left alone, and when the mail of the day comes.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::SETTINGS;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::notifications::model::{Choice as Wanted, MailChoice, NewsEvent, Times};
use crate::notifications::rules::{Quiet, events_of};
use crate::notifications::service::{self, Refusal, Save, Settings};
use crate::web::chrome::Flash;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{CommandError, FormKey, Problem, execute};

const QUIET_FROM: &str = "quiet_from";
const QUIET_UNTIL: &str = "quiet_until";
const DIGEST: &str = "digest_hour";
const SHOWN: &str = "yes";
const HIDDEN: &str = "no";

/// What the form asks: of each event twice, and when.
pub(super) const FIELDS: &[&str] = &["in_app_*", "mail_*", QUIET_FROM, QUIET_UNTIL, DIGEST];

type Fields = BTreeMap<String, String>;

fn in_app_field(event: NewsEvent) -> String {
    format!("in_app_{}", event.code().to_ascii_lowercase())
}

fn mail_field(event: NewsEvent) -> String {
    format!("mail_{}", event.code().to_ascii_lowercase())
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    let settings = service::find_settings(&state.db, &actor).await?;
    page(&exchange, &actor, &fields_of(&settings, &actor), &BTreeMap::new(), StatusCode::OK)
}

/// The fields as they are filled in for what was chosen.
fn fields_of(settings: &Settings, actor: &Actor) -> Fields {
    let mut fields = Fields::new();
    for event in events_of(actor.organization.kind, &actor.roles) {
        let wanted = settings.of(event);
        fields.insert(in_app_field(event), (if wanted.in_app { SHOWN } else { HIDDEN }).to_owned());
        fields.insert(mail_field(event), wanted.mail.code().to_owned());
    }
    let quiet = settings.times.quiet;
    let hour = |of: fn(Quiet) -> u8| quiet.map(|quiet| of(quiet).to_string()).unwrap_or_default();
    fields.insert(QUIET_FROM.to_owned(), hour(|quiet| quiet.from));
    fields.insert(QUIET_UNTIL.to_owned(), hour(|quiet| quiet.until));
    fields.insert(DIGEST.to_owned(), settings.times.digest_hour.to_string());
    fields
}

fn page(
    exchange: &Exchange,
    actor: &Actor,
    fields: &Fields,
    wrong: &BTreeMap<String, Problem>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let filled = |field: Field| {
        let value = fields.get(&field.name).cloned().unwrap_or_default();
        let error = wrong.get(&field.name).map(|found| problem(found, lang));
        field.value(value).error(error)
    };
    let events = events_of(actor.organization.kind, &actor.roles);
    let (critical, mutable): (Vec<NewsEvent>, Vec<NewsEvent>) = events.into_iter().partition(|e| e.is_critical());
    let mut groups: Vec<FieldGroup> = mutable
        .into_iter()
        .map(|event| {
            let in_app = Field::select(in_app_field(event), lang.t("notifications-in-list"), shown_choices(lang));
            let mail = Field::select(mail_field(event), lang.t("notifications-by-mail"), mail_choices(lang));
            FieldGroup::titled(lang.name_of("notification-event", event.code()), vec![filled(in_app), filled(mail)])
        })
        .collect();
    groups.push(FieldGroup {
        hint: Some(lang.t("notifications-quiet-hint")),
        ..FieldGroup::titled(
            lang.t("notifications-times"),
            vec![
                filled(
                    Field::select(QUIET_FROM, lang.t("notifications-quiet-from"), hour_choices(lang, true)).optional(),
                ),
                filled(
                    Field::select(QUIET_UNTIL, lang.t("notifications-quiet-until"), hour_choices(lang, true))
                        .optional(),
                ),
                filled(Field::select(DIGEST, lang.t("notifications-digest-hour"), hour_choices(lang, false))),
            ],
        )
    });
    let summary = ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields));
    let fixed = |event: NewsEvent| {
        Fact::new(lang.name_of("notification-event", event.code()), lang.t("notifications-always"))
            .note(lang.t("notifications-always-why"))
    };
    let view = FormPage {
        chrome: exchange.chrome(lang.t("notifications-settings")),
        lead: vec![lang.t("notifications-settings-lead")],
        facts: critical.into_iter().map(fixed).collect(),
        form: Form {
            action: SETTINGS.to_owned(),
            token: exchange.form_token(None),
            summary,
            groups,
            submit: lang.t("notifications-save"),
            cancel: Some("/account".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

fn shown_choices(lang: Lang) -> Vec<Choice> {
    vec![Choice::new(SHOWN, lang.t("notifications-shown")), Choice::new(HIDDEN, lang.t("notifications-hidden"))]
}

fn mail_choices(lang: Lang) -> Vec<Choice> {
    let choice = |one: &MailChoice| Choice::new(one.code(), lang.name_of("notification-mail", one.code()));
    MailChoice::ALL.iter().map(choice).collect()
}

fn hour_choices(lang: Lang, may_be_empty: bool) -> Vec<Choice> {
    let none = may_be_empty.then(|| Choice::new("", lang.t("notifications-no-quiet")));
    none.into_iter().chain((0..24).map(|hour: u8| Choice::new(hour.to_string(), format!("{hour:02}:00")))).collect()
}

pub(super) async fn save(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let form = FormKey::of(&submission)?;
    let read = read(&submission.fields, &actor)?;
    let settings = match read {
        Ok(settings) => settings,
        Err(wrong) => return page(&exchange, &actor, &submission.fields, &wrong, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let done = execute(&state.db, &actor, form, &Save(settings), exchange.now()).await;
    let done = done.map_err(|error| match error {
        // The page does not offer it.
        CommandError::Refused(Refusal::Critical) => AppError::Unreadable(Unreadable::Fields),
        CommandError::KeyReused => AppError::Unreadable(Unreadable::KeyReused),
        CommandError::Database(error) => error.into(),
    })?;
    Ok((Flash::success(done.flash.in_words(exchange.lang())), exchange.htmx().see_other(&done.location))
        .into_response())
}

/// What was chosen, or what is wrong with it, by field. A choice that no page offers is no form of ours.
fn read(fields: &Fields, actor: &Actor) -> Result<Result<Settings, BTreeMap<String, Problem>>, AppError> {
    let mut left = fields.clone();
    let mut wrong = BTreeMap::new();
    let mut settings = Settings::default();
    let known = events_of(actor.organization.kind, &actor.roles);
    for event in NewsEvent::ALL.iter().copied() {
        let (in_app, mail) = (left.remove(&in_app_field(event)), left.remove(&mail_field(event)));
        let Some((in_app, mail)) = in_app.zip(mail) else { continue };
        let wanted = Wanted {
            in_app: in_app == SHOWN,
            mail: MailChoice::from_code(&mail).ok_or(AppError::Unreadable(Unreadable::Fields))?,
        };
        if !known.contains(&event) || (in_app != SHOWN && in_app != HIDDEN) {
            return Err(AppError::Unreadable(Unreadable::Fields));
        }
        settings.choices.insert(event, wanted);
    }
    let mut hour = |name: &'static str| {
        let text = left.remove(name).unwrap_or_default();
        let hour = text.parse::<u8>().ok().filter(|hour| *hour < 24);
        if hour.is_none() && !text.is_empty() {
            wrong.insert(name.to_owned(), Problem::NotAChoice);
        }
        hour
    };
    let (from, until, digest) = (hour(QUIET_FROM), hour(QUIET_UNTIL), hour(DIGEST));
    if !left.is_empty() {
        return Err(AppError::Unreadable(Unreadable::Fields));
    }
    let refused = |text_id| Problem::Refused { text_id, arguments: Vec::new() };
    let mut complain = |name: &str, found: Problem| {
        wrong.entry(name.to_owned()).or_insert(found);
    };
    let quiet = match (from, until) {
        (Some(from), Some(until)) if from == until => {
            complain(QUIET_UNTIL, refused("notifications-quiet-same"));
            None
        }
        (Some(from), Some(until)) => Some(Quiet { from, until }),
        (None, None) => None,
        (Some(_), None) => {
            complain(QUIET_UNTIL, Problem::Missing);
            None
        }
        (None, Some(_)) => {
            complain(QUIET_FROM, Problem::Missing);
            None
        }
    };
    match digest {
        Some(hour) if quiet.is_some_and(|quiet| quiet.has(hour)) => {
            complain(DIGEST, refused("notifications-digest-quiet"));
        }
        Some(_) => {}
        None => complain(DIGEST, Problem::Missing),
    }
    settings.times = Times { quiet, digest_hour: digest.unwrap_or_default() };
    Ok(if wrong.is_empty() { Ok(settings) } else { Err(wrong) })
}
