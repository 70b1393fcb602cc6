//! `GET /plots/new` and `POST /plots`: a plot that is given by a point.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::form::{self, Typed};
use super::{Fields, answer_of, carry_out, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::eudr::rules::PlotRefusal;
use crate::eudr::service::AddPlot;
use crate::web::components::{ErrorSummary, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::FormKey;

pub(super) async fn show(State(state): State<AppState>, exchange: Exchange) -> Result<Response, AppError> {
    asked(&state, &exchange, &Typed::with(&[("producer_country", "ET")]), StatusCode::OK).await
}

pub(super) async fn create(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let (data, cutoff) = match form::read_point(&submission.fields, &catalog) {
        Ok(read) => read,
        Err(problems) => {
            let typed = Typed { values: submission.fields, problems, whole: Vec::new() };
            return asked(&state, &exchange, &typed, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let command = AddPlot { data: &data, cutoff: cutoff.as_ref() };
    match carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command).await? {
        Ok(done) => Ok(done),
        Err(PlotRefusal::Faulty(faults)) => {
            let whole = faults.named.iter().map(|fault| words::fault_with_place(fault, lang)).collect();
            let typed = Typed { values: submission.fields, whole, ..Typed::default() };
            asked(&state, &exchange, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(refusal) => Err(answer_of(&refusal, "/plots", lang)),
    }
}

async fn asked(state: &AppState, exchange: &Exchange, typed: &Typed, status: StatusCode) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let (number, place) = form::point_fields(typed, lang);
    let mut fields = form::name_fields(typed, &catalog, lang);
    fields.push(number);
    let mut where_it_lies = place;
    where_it_lies.push(form::area_field(typed, lang));
    let groups = vec![
        FieldGroup::plain(fields),
        FieldGroup::titled(lang.t("plots-where"), where_it_lies),
        form::cutoff_group(typed, lang),
    ];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("plots-new-title")),
        lead: vec![lang.t("plots-new-lead")],
        facts: Vec::new(),
        form: Form {
            action: "/plots".to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("plots-new-submit"),
            cancel: Some("/plots".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}
