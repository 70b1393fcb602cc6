//! The certificate of an erasure: for the person by the link of the last mail, for who runs or audits the system in
//! `/admin/erasures`. It says what was done and what stayed, and names nobody.

use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use uuid::Uuid;

use super::{HOME, section, tag};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::organizations::erasure::model::{Counted, Erasure, ErasureState};
use crate::organizations::erasure::service;
use crate::organizations::link_token::LinkToken;
use crate::organizations::own_data::place_name;
use crate::web::components::{Fact, Moment};
use crate::web::exchange::Exchange;
use crate::web::views::{Cell, TablePage};

pub(super) const LIST: &str = "/admin/erasures";

pub(super) async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let erasures = service::list(&state.db, &actor).await?;
    let mut view = TablePage::of(exchange.chrome(lang.t("erasures-title")).wide(), LIST);
    view.lead = vec![lang.t("erasures-lead")];
    let mut all = section("erasures", "erasures-title", &["asked", "state", "due"], lang);
    all.is_titled = false;
    all.rows = erasures.iter().map(|erasure| row(erasure, &exchange, true)).collect();
    view.sections = vec![all];
    crate::web::answer(&view, StatusCode::OK)
}

/// An erasure in a list; one that is done leads to its certificate where the viewer may see that.
pub(super) fn row(erasure: &Erasure, exchange: &Exchange, leads: bool) -> Vec<Cell> {
    let lang = exchange.lang();
    let state = erasure.state(exchange.now());
    let asked = Cell::new(Moment::at(lang, erasure.asked_at).text);
    let mut stands = Cell::tagged(vec![tag(state, lang)]);
    stands.note = erasure.refusal.map(|refusal| lang.name_of("erasure-refusal", refusal.code()));
    vec![
        if leads && state == ErasureState::Done { asked.href(format!("{LIST}/{}", erasure.id)) } else { asked },
        stands,
        Cell::new(erasure.due_at.map_or_else(|| "–".to_owned(), |due| Moment::at(lang, due).text)),
    ]
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id: Uuid = id.parse().map_err(|_| AppError::NotFound)?;
    let erasure = service::find_done(&state.db, &actor, id).await?.ok_or(AppError::NotFound)?;
    page(&exchange, &erasure, &format!("{LIST}/{id}"), Raw::Shown)
}

pub(super) async fn open(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(token): Path<String>,
) -> Result<Response, AppError> {
    let token = LinkToken::parse(&token).ok_or(AppError::NotFound)?;
    let erasure = service::find_certified(&state.db, &token).await?.ok_or(AppError::NotFound)?;
    let mut response = page(&exchange, &erasure, HOME, Raw::Left)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Whether the names of tables stand beside their words: who audits looks for them, nobody else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    Shown,
    Left,
}

fn page(exchange: &Exchange, erasure: &Erasure, here: &str, raw: Raw) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let mut view = TablePage::of(exchange.chrome(lang.t("erasure-certificate-title")), here);
    view.lead = vec![lang.t("erasure-certificate-lead")];
    let moments = [("asked", Some(erasure.asked_at)), ("confirmed", erasure.confirmed_at), ("done", erasure.done_at)];
    view.facts = vec![Fact::new(lang.t("erasure-fact-number"), erasure.id.to_string())];
    view.facts.extend(
        moments.into_iter().filter_map(|(name, at)| {
            Some(Fact::new(lang.name_of("erasure-fact", name), Moment::legal(lang, at?).text))
        }),
    );
    let mut counts = section("counts", "erasure-counts", &["records", "done", "basis", "rows"], lang);
    counts.rows = erasure
        .counts
        .iter()
        .flat_map(|counts| counts.iter())
        .map(|Counted { source, column, did, basis, rows }| {
            let place = Cell::new(place_name(source, column, lang));
            vec![
                if raw == Raw::Shown { place.note(format!("{source}.{column}")) } else { place },
                Cell::new(lang.name_of("erasure-did", did.code())),
                Cell::new(lang.name_of("own-data-basis", basis.code())),
                Cell::new(rows.to_string()),
            ]
        })
        .collect();
    view.sections = vec![counts];
    crate::web::answer(&view, StatusCode::OK)
}
