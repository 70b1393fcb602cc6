//! `/account/preferences`.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Deserialize;

use super::service::{self, Preferences};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::{Calendar, eat_date};
use crate::error::AppError;
use crate::i18n::{Lang, Language};
use crate::organizations::sign_in::set_language;
use crate::web::chrome::{Density, Flash};
use crate::web::components::{Choice, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, RouteLimits, Routes};
use crate::web::views::FormPage;

const HOME: &str = "/account/preferences";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    // Preferences are no business of the record; they stay open while nothing else may be changed.
    let always = RouteLimits { while_read_only: true, ..RouteLimits::default() };
    Routes::new().get(HOME, Access::SignedIn, show).post_within(HOME, Access::SignedIn, always, save)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    On,
    Off,
}

/// Choices only: what is none of them is no form of ours.
#[derive(Debug, Deserialize)]
struct PreferencesForm {
    language: Language,
    calendar: Calendar,
    density: Density,
    shortcuts: Switch,
}

async fn show(exchange: Exchange, _: Actor) -> Result<Response, AppError> {
    let signed_in = exchange.signed_in().ok_or(AppError::SignInRequired)?;
    let (lang, today) = (exchange.lang(), eat_date(exchange.now()));
    let languages = Lang::ALL.iter().map(|one| Choice::new(one.code(), one.own_name())).collect();
    let calendar = |one: &Calendar| {
        let example = Moment::day(lang.with_days_in(*one), today).text;
        Choice::new(one.code(), lang.name_of("calendar", one.code())).hint(example)
    };
    let density = |one: &Density| {
        Choice::new(one.code(), lang.name_of("density", one.code())).hint(lang.name_of("density-hint", one.code()))
    };
    let switch = [("on", "preferences-on"), ("off", "preferences-off")];
    let groups = vec![FieldGroup::plain(vec![
        Field::radios("language", lang.t("shell-language"), languages).value(signed_in.language.code()),
        Field::radios("calendar", lang.t("preferences-calendar"), Calendar::ALL.iter().map(calendar).collect())
            .hint(lang.t("preferences-calendar-hint"))
            .value(signed_in.language.calendar.code()),
        Field::radios("density", lang.t("preferences-density"), Density::ALL.iter().map(density).collect())
            .value(signed_in.density.code()),
        Field::radios(
            "shortcuts",
            lang.t("shortcuts-title"),
            switch.map(|(on, id)| Choice::new(on, lang.t(id))).to_vec(),
        )
        .hint(lang.t("preferences-shortcuts-hint"))
        .value(if signed_in.shortcuts_enabled { "on" } else { "off" }),
    ])];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("preferences-title")),
        lead: vec![lang.t("preferences-lead")],
        facts: Vec::new(),
        form: Form {
            action: HOME.to_owned(),
            token: exchange.form_token(None),
            groups,
            submit: lang.t("preferences-save"),
            cancel: Some("/account".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, StatusCode::OK)
}

async fn save(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<PreferencesForm>,
) -> Result<Response, AppError> {
    let PreferencesForm { language, calendar, density, shortcuts } = submission.fields;
    let lang = Lang::of(language).with_days_in(calendar);
    let wanted = Preferences { lang, density, shortcuts: shortcuts == Switch::On };
    service::choose(&state.db, actor.user_id, wanted, exchange.now()).await?;
    // The next page speaks the new language already.
    let said = Flash::success(lang.t("preferences-saved"));
    let mut response = (said, exchange.htmx().see_other("/account")).into_response();
    set_language(&exchange, &mut response, lang);
    Ok(response)
}
