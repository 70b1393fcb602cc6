//! `GET /lots`: number, receipt, warehouse, what is left.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::service;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::{Expiry, eat_date};
use crate::error::AppError;
use crate::exports::pages::{html, words};
use crate::ids::LotId;
use crate::web::chrome::Chrome;
use crate::web::components::{Choice, EmptyState, Field, Moment, Paging, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;

const PAGE: usize = 25;
const STATUSES: &[&str] = &["IN_WAREHOUSE", "INSPECTED", "RESERVED_FOR_EXPORT", "EXPORTED"];

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LotsQuery {
    q: Option<String>,
    status: Option<String>,
    after: Option<Cursor>,
}

#[derive(Template)]
#[template(path = "sourcing/lots.html")]
struct LotsPage {
    chrome: Chrome,
    filters: Vec<Field>,
    clear: Option<String>,
    rows: Vec<LotRow>,
    paging: Paging,
    empty: EmptyState,
}

struct LotRow {
    number: String,
    receipt: String,
    expiry: Option<Tag>,
    warehouse: String,
    coffee: String,
    origin: String,
    quantity: String,
    free: String,
    status: Tag,
    owner: String,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<LotsQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let today = eat_date(exchange.now());
    let catalog = state.catalog.get(&state.db, today).await?;
    let number = query.q.as_deref().map(|q| q.trim().to_uppercase());
    let status = query.status.as_deref().filter(|status| STATUSES.contains(status));
    let after = query.after.map(|cursor| (cursor.at, LotId(cursor.id)));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let lots = service::list(&state.db, &actor, number.as_deref(), status, after, limit).await?;
    let page = Page::of(lots, PAGE, |lot| Cursor { at: lot.created_at, id: lot.lot_id.0 });
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("q", &query.q), ("status", &query.status)] {
        if let Some(value) = value {
            address.append_pair(name, value);
        }
    }
    let older = page.next.map(|cursor| {
        address.append_pair("after", &cursor.to_string());
        format!("/lots?{}", address.finish())
    });
    let rows = page
        .rows
        .into_iter()
        .map(|lot| LotRow {
            expiry: lot.receipt_expires_on.map(|day| {
                let tone = match Expiry::of(day, today) {
                    Expiry::Far | Expiry::Due => Tone::Neutral,
                    Expiry::Soon => Tone::Warn,
                    Expiry::Expired => Tone::Bad,
                };
                Tag::new(Moment::day(lang, day).text, tone)
            }),
            coffee: words::coffee(
                &catalog,
                &lot.coffee_type,
                &lot.processing_method,
                lot.grade.as_deref().unwrap_or("–"),
                lang,
            ),
            quantity: words::kilograms(lot.quantity),
            free: words::kilograms(lot.free_kg),
            status: Tag::new(
                lang.name_of("lot", &lot.status),
                if lot.status == "EXPORTED" { Tone::Good } else { Tone::Info },
            ),
            number: lot.lot_number,
            receipt: lot.receipt,
            warehouse: lot.warehouse,
            origin: lot.origin_region,
            owner: lot.owner,
        })
        .collect();
    let mut statuses = vec![Choice::new("", lang.t("common-any"))];
    statuses.extend(STATUSES.iter().map(|status| Choice::new(*status, lang.name_of("lot", status))));
    html(&LotsPage {
        chrome: exchange.chrome(lang.t("nav-lots")).wide(),
        filters: vec![
            Field::text("q", lang.t("lots-number")).value(query.q.clone().unwrap_or_default()),
            Field::select("status", lang.t("exports-status"), statuses).value(query.status.clone().unwrap_or_default()),
        ],
        clear: (query.q.is_some() || query.status.is_some()).then(|| "/lots".to_owned()),
        rows,
        paging: Paging { newer: query.after.map(|_| "/lots".to_owned()), older, shown: String::new() },
        empty: EmptyState { title: lang.t("lots-empty-title"), text: lang.t("exports-empty-text"), action: None },
    })
}
