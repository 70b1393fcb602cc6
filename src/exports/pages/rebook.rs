//! The carrier's forms for a booking that changes: `roll-over` to another vessel, and other `containers` and seals.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::act::{Sent, send_or_ask_again, version};
use super::amend::{agreement, as_told, reason, told};
use super::case::export_id;
use super::panel::{self, Typed};
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::exports::facts::{CONTAINER_TYPES, MOST_CONTAINERS};
use crate::exports::rules::{ANY_AGREEMENT, Revision};
use crate::exports::service::{Booking, ChangeContainers, Refusals, RollOver, booking};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::Command;

/// What the form of another vessel asks.
pub(super) const ROLL_OVER_FIELDS: &[&str] =
    &["vessel_name", "voyage_number", "booking_number", "departure_date", "arrival_date", "reason"];

/// What the form of other containers asks.
pub(super) const CONTAINER_FIELDS: &[&str] =
    &["container_number_*", "container_type_*", "seal_number_*", "reason", ANY_AGREEMENT];

/// Which of the two forms.
#[derive(Debug, Clone, Copy)]
enum What {
    RollOver,
    Containers,
}

impl What {
    /// The last part of its address.
    const fn name(self) -> &'static str {
        match self {
            Self::RollOver => "roll-over",
            Self::Containers => "containers",
        }
    }

    /// The ids of its title, its lead and what its button says.
    const fn text_ids(self) -> [&'static str; 3] {
        match self {
            Self::RollOver => ["roll-over-title", "roll-over-lead", "roll-over-submit"],
            Self::Containers => ["containers-title", "containers-lead", "containers-submit"],
        }
    }
}

pub(super) async fn show_roll_over(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (export, typed) = (export_id(&id)?, Typed::default());
    page(&state, &exchange, &actor, (export, What::RollOver), &typed, None, StatusCode::OK).await
}

pub(super) async fn roll_over(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = RollOver { export, version: version(&submission)?, fields: &submission.fields };
    carry_out(&state, &exchange, &actor, (export, What::RollOver), &submission, &command).await
}

pub(super) async fn show_containers(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (export, typed) = (export_id(&id)?, Typed::default());
    page(&state, &exchange, &actor, (export, What::Containers), &typed, None, StatusCode::OK).await
}

pub(super) async fn change_containers(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = ChangeContainers { export, version: version(&submission)?, fields: &submission.fields };
    carry_out(&state, &exchange, &actor, (export, What::Containers), &submission, &command).await
}

async fn carry_out(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (export, what): (ExportId, What),
    submission: &Submission<BTreeMap<String, String>>,
    command: &impl Command<Refusal = Refusals>,
) -> Result<Response, AppError> {
    match send_or_ask_again(state, exchange, actor, submission, command, format!("/exports/{export}")).await? {
        Sent::Done(done) => Ok(done),
        Sent::Again(typed, refusals) => {
            let (told, status) = (told(&refusals), StatusCode::UNPROCESSABLE_ENTITY);
            page(state, exchange, actor, (export, what), &typed, told, status).await
        }
    }
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (export, what): (ExportId, What),
    typed: &Typed,
    told: Option<&Revision>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let booking = booking(&state.db, actor, export, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let mut groups = match what {
        What::RollOver => vessel(&booking, lang),
        What::Containers if booking.containers.is_empty() => return Err(AppError::NotFound),
        What::Containers => containers(&booking, lang),
    };
    groups.push(FieldGroup::plain(vec![reason(lang)]));
    panel::fill(&mut groups, typed, lang);
    let mut facts = words::about(&booking.export, lang);
    if let Some(revision) = told {
        facts.extend(as_told(revision, lang));
        groups.push(FieldGroup::plain(vec![agreement(revision, lang)]));
    } else {
        facts.extend(booked(&booking, what, lang));
    }
    let (address, [title, lead, submit]) = (format!("/exports/{export}"), what.text_ids());
    let view = FormPage {
        chrome: exchange.chrome(lang.fill(title, [("number", booking.export.number.clone())])),
        lead: vec![lang.t(lead)],
        facts,
        form: Form {
            action: format!("{address}/{}", what.name()),
            token: exchange.form_token(Some(booking.export.version)),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t(submit),
            cancel: Some(address),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

/// What is booked until now.
fn booked(booking: &Booking, what: What, lang: Lang) -> Vec<Fact> {
    let export = &booking.export;
    let known = |label: &str, value: Option<String>| value.map(|value| Fact::new(lang.t(label), value));
    let day = |date: Option<chrono::NaiveDate>| date.map(|date| Moment::day(lang, date).text);
    let vessel = known("fact-vessel", export.vessel_name.clone());
    let rest = match what {
        What::RollOver => vec![
            known("field-voyage-number", export.voyage_number.clone()),
            known("field-booking-number", booking.booking_number.clone()),
            known("field-departure-date", day(export.departure_date)),
            known("field-arrival-date", day(booking.arrival_date)),
        ],
        What::Containers => vec![known("field-containers", {
            let numbers: Vec<&str> = booking.containers.iter().map(|one| one.container_number.as_str()).collect();
            Some(numbers.join(", "))
        })],
    };
    std::iter::once(vessel).chain(rest).flatten().collect()
}

fn vessel(booking: &Booking, lang: Lang) -> Vec<FieldGroup> {
    let export = &booking.export;
    let text = |name: &'static str, value: Option<&String>| {
        let label = lang.t(&format!("field-{}", name.replace('_', "-")));
        Field::text(name, label).value(value.cloned().unwrap_or_default())
    };
    let date = |name: &'static str, value: Option<chrono::NaiveDate>| {
        let label = lang.t(&format!("field-{}", name.replace('_', "-")));
        Field::date(name, label).value(value.map(|date| date.to_string()).unwrap_or_default())
    };
    vec![FieldGroup::plain(vec![
        text("vessel_name", export.vessel_name.as_ref()),
        text("voyage_number", export.voyage_number.as_ref()),
        text("booking_number", booking.booking_number.as_ref()),
        date("departure_date", export.departure_date),
        date("arrival_date", booking.arrival_date),
    ])]
}

/// A row for each container, and one to spare; a row that is emptied gives its container up.
fn containers(booking: &Booking, lang: Lang) -> Vec<FieldGroup> {
    let types: Vec<Choice> = CONTAINER_TYPES.iter().map(|code| Choice::new(*code, *code)).collect();
    let rows = (booking.containers.len() + 1).min(MOST_CONTAINERS);
    (1..=rows)
        .map(|row| {
            let booked = booking.containers.get(row - 1);
            let label = lang.fill("field-container-number", [("row", row.to_string())]);
            let number = Field::text(format!("container_number_{row}"), label.clone())
                .width(20)
                .value(booked.map(|one| one.container_number.clone()).unwrap_or_default());
            let number = if row == 1 { number.hint(lang.t("field-container-number-hint")) } else { number.optional() };
            let kind = Field::select(format!("container_type_{row}"), lang.t("field-container-type"), types.clone())
                .value(booked.map_or_else(|| "20DRY".to_owned(), |one| one.container_type.clone()));
            let seal = Field::text(format!("seal_number_{row}"), lang.t("field-seal-number"))
                .width(20)
                .value(booked.and_then(|one| one.seal_number.clone()).unwrap_or_default())
                .optional();
            FieldGroup::titled(label, vec![number, kind, seal])
        })
        .collect()
}
