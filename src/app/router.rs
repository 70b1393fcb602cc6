//! The table of all routes, and the layers around them from the inside out.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    middleware::{from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, DefaultPredicate,
        predicate::{NotForContentType, Predicate},
    },
    csrf::ConfigError,
};

use serde::Deserialize;

use super::{AppState, limits, probes, refusals};
use crate::{
    admin, alerts,
    auth::{Actor, Permission},
    certificates,
    error::AppError,
    eudr,
    exports::{self, service::read},
    ids::ExportId,
    mail, notifications,
    organizations::{
        colleagues, email_address, erasure, own_data, password, preferences, profile, reset, roles,
        second_factor::{self, Proofs},
        sessions, sign_in,
    },
    oversight, pki, portals, reference, registration, reports, retention,
    review::{self, SubjectKind},
    sourcing::{self, buyers, contracts, inspections, lots},
    web::{
        admission, assets, csrf, error_pages,
        exchange::{self, Surroundings},
        form_fields::FieldNames,
        live::Topic,
        query::Query,
        routes::{Access, Routes},
    },
};

/// Every route of the product.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new()
        .get("/static/{file}", Access::Public, assets::show)
        .get("/live", Access::Needs(Permission::ViewExports), live)
        .merge(probes::routes())
        .merge(sign_in::routes())
        .merge(sessions::routes())
        .merge(own_data::routes())
        .merge(erasure::routes())
        .merge(password::routes())
        .merge(second_factor::routes())
        .merge(reset::routes())
        .merge(email_address::routes())
        .merge(preferences::routes())
        .merge(profile::routes())
        .merge(colleagues::routes())
        .merge(roles::routes())
        .merge(exports::pages::routes())
        .merge(certificates::pages::routes())
        .merge(portals::routes())
        .merge(review::routes(drafted))
        .merge(registration::routes())
        .merge(sourcing::routes())
        .merge(reference::routes())
        .merge(eudr::routes())
        .merge(reports::routes())
        .merge(oversight::routes())
        .merge(pki::routes())
        .merge(mail::routes())
        .merge(notifications::routes())
        .merge(alerts::routes())
        .merge(retention::routes())
        .merge(admin::routes())
}

/// The names of the form by which something is written that is kept meanwhile, by how it stands in an address.
fn drafted(subject: &str) -> Option<FieldNames> {
    let kind = SubjectKind::from_slug(subject)?;
    match kind {
        SubjectKind::Lot => Some(FieldNames::from(lots::form::FIELDS.to_vec())),
        SubjectKind::Inspection => Some(inspections::findings::FIELDS.into()),
        SubjectKind::Contract => Some(contracts::FIELDS.into()),
        SubjectKind::Buyer => Some(buyers::FIELDS.into()),
        SubjectKind::Profile
        | SubjectKind::Laboratory
        | SubjectKind::Taster
        | SubjectKind::Competence
        | SubjectKind::License => registration::fields_of(kind),
    }
}

/// The product, ready to be served.
///
/// # Errors
/// When the public address has no origin that browsers would send.
pub fn router(state: AppState) -> Result<Router, ConfigError> {
    let surroundings = Surroundings {
        site: state.site.clone(),
        modes: state.modes.clone(),
        clock: state.clock.clone(),
        factor_rule: state.factor_rule,
    };
    let compression = CompressionLayer::new()
        // At the fastest level the inbox's warm page is over 10 KB on the line; assets come compressed.
        .quality(CompressionLevel::Precise(4))
        // What an uploaded paper holds is compressed already.
        .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/pdf")));
    let routes = routes();
    let proofs = Proofs { state: state.clone(), table: Arc::from(routes.table()), at_stake: exports::pages::at_stake };
    Ok(routes
        .into_router()
        .fallback(not_found)
        .layer(from_fn_with_state(proofs, second_factor::ask_again))
        .layer(from_fn_with_state(state.clone(), refusals::record))
        .layer(from_fn_with_state(state.clone(), limits::count))
        .layer(sessions::layer(state.db.clone(), &state.site, state.clock.clone(), state.sign_in_limits.sessions))
        .layer(from_fn(sessions::notice_unattended))
        .layer(map_response(sessions::name_failure))
        .layer(csrf::origin_layer(&state.site)?)
        .layer(from_fn(admission::admit))
        .layer(CatchPanicLayer::custom(error_pages::caught_panic))
        .layer(from_fn_with_state(surroundings, exchange::around))
        .layer(compression)
        .with_state(state))
}

/// Which changes a page wants to hear of.
#[derive(Debug, Deserialize)]
struct LiveQuery {
    case: Option<ExportId>,
}

async fn live(
    State(state): State<AppState>,
    actor: Actor,
    Query(query): Query<LiveQuery>,
) -> Result<Response, AppError> {
    if let Some(case) = query.case
        && !read::is_visible(&state.db, &actor, case).await?
    {
        return Err(AppError::NotFound);
    }
    state.live.stream(&actor, query.case.map_or(Topic::Queue, Topic::Case))
}

async fn not_found() -> impl IntoResponse {
    AppError::NotFound
}
