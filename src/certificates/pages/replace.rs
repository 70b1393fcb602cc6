//! `/papers/{id}/replacement`: the certifying officer's boxes once more, filled with what the certificate says.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::act::{Fields, Typed, answer_of, reason_field, send};
use super::record::paper_id;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::rules;
use crate::certificates::service::{self, REPLACEMENT_REASON, Replace};
use crate::certificates::snapshot::{IcoBoxes, ShippedIn, Snapshot};
use crate::error::AppError;
use crate::exports::pages::{ORIGIN_FIELDS, origin_fields};
use crate::ids::PaperId;
use crate::web::components::{ErrorSummary, Fact, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;

/// The names of what the form asks.
pub(super) fn fields() -> Vec<&'static str> {
    [ORIGIN_FIELDS, &[REPLACEMENT_REASON]].concat()
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, paper_id(&id)?, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn replace(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let paper = paper_id(&id)?;
    let command = Replace { paper, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, format!("/papers/{paper}/record")).await? {
        Ok(done) => Ok(done),
        Err(typed) => page(&state, &exchange, &actor, paper, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
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
    let now = exchange.now();
    let found = service::record(&state.db, actor, id, now).await?.ok_or(AppError::NotFound)?;
    let (_, snapshot, _) = service::show(&state.db, actor, id, now).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let refusal = rules::against_replacing(&found.paper, actor, found.decided_another_step);
    let (None, Snapshot::Origin(certificate)) = (&refusal, &snapshot) else {
        let catalog = state.catalog.get(&state.db, eat_date(now)).await?;
        let refusals: Vec<_> = refusal.into_iter().collect();
        return Err(answer_of(&refusals, &catalog, lang, format!("/papers/{id}/record")));
    };
    let mut groups = origin_fields(&known(&certificate.boxes), lang);
    groups.push(FieldGroup::plain(vec![reason_field(REPLACEMENT_REASON, "papers-replace-reason", lang)]));
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        typed.fill(field, lang);
    }
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("papers-replace-title", [("number", found.paper.number.clone())])),
        lead: vec![lang.t("papers-replace-lead")],
        facts: vec![
            Fact::new(lang.t("papers-exporter"), &certificate.boxes.exporter.name),
            Fact::new(lang.t("papers-ico-mark"), certificate.boxes.marks.mark.to_string()),
        ],
        form: Form {
            action: format!("/papers/{id}/replacement"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("papers-replace-submit"),
            cancel: Some(format!("/papers/{id}/record")),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

/// What the certificate says in the officer's boxes. Box 17 holds also what is written there by itself, so that it
/// is asked anew.
fn known(boxes: &IcoBoxes) -> BTreeMap<&'static str, String> {
    let yes = |on: bool| if on { "yes" } else { "" }.to_owned();
    let way = |way: ShippedIn| yes(boxes.shipped_in.contains(&way));
    BTreeMap::from([
        ("notify_address", boxes.notify_address.clone()),
        ("ico_port_code", boxes.reference.port.clone()),
        ("transshipment", boxes.transshipment.clone()),
        ("shipped_in_bags", way(ShippedIn::Bags)),
        ("shipped_in_bulk", way(ShippedIn::Bulk)),
        ("shipped_in_containers", way(ShippedIn::Containers)),
        ("shipped_in_other", way(ShippedIn::Other)),
        ("green_processing", boxes.processing.green.code().to_owned()),
        ("decaffeinated", yes(boxes.processing.decaffeinated)),
        ("organic", yes(boxes.processing.organic)),
        ("place", boxes.certifying.place.clone()),
    ])
}
