//! `GET /lots`: every lot that one may see, newest first; for a desk, what waits for it, oldest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::words;
use crate::app::AppState;
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::ids::LotId;
use crate::quantities::grouped;
use crate::sourcing::lots::model::{LotStatus, Source, Verification};
use crate::sourcing::lots::service;
use crate::sourcing::lots::store::{Filter, LotLine, Tab};
use crate::web::chrome::Chrome;
use crate::web::components::{Ageing, Choice, EmptyState, Field, Paging, Tag};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;

const PAGE: usize = 25;

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LotsQuery {
    tab: Option<String>,
    q: Option<String>,
    status: Option<String>,
    verification: Option<String>,
    coffee: Option<String>,
    source: Option<String>,
    owner: Option<String>,
    after: Option<Cursor>,
}

impl LotsQuery {
    /// A desk begins with what waits for it; the authority looks at lots for other reasons as well.
    fn tab(&self, viewer: &Actor) -> Tab {
        let usual = match viewer.organization.kind {
            OrganizationKind::Ecx => Tab::Pending,
            _ => Tab::All,
        };
        if viewer.may(Permission::VerifyLots) {
            self.tab.as_deref().and_then(Tab::from_code).unwrap_or(usual)
        } else {
            Tab::All
        }
    }

    fn filter(&self) -> Filter {
        let text =
            |typed: &Option<String>| typed.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        Filter {
            number: text(&self.q).map(|number| number.to_uppercase()),
            status: self.status.as_deref().and_then(LotStatus::from_code),
            verification: self.verification.as_deref().and_then(Verification::from_code),
            coffee_type: text(&self.coffee),
            source: self.source.as_deref().and_then(Source::from_code),
            owner: text(&self.owner),
        }
    }

    /// The address of this list with another tab or place.
    fn address(&self, tab: Option<Tab>, after: Option<Cursor>) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        if let Some(tab) = tab {
            pairs.append_pair("tab", tab.code());
        }
        let texts = [
            ("q", &self.q),
            ("status", &self.status),
            ("verification", &self.verification),
            ("coffee", &self.coffee),
            ("source", &self.source),
            ("owner", &self.owner),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        if let Some(after) = after {
            pairs.append_pair("after", &after.to_string());
        }
        let query = pairs.finish();
        if query.is_empty() { "/lots".to_owned() } else { format!("/lots?{query}") }
    }
}

#[derive(Template)]
#[template(path = "sourcing/lots.html")]
struct LotsPage {
    chrome: Chrome,
    tabs: Vec<TabLink>,
    tab: &'static str,
    may_register: bool,
    filters: Vec<Field>,
    clear: Option<String>,
    rows: Vec<LotRow>,
    paging: Paging,
    empty: EmptyState,
}

struct TabLink {
    href: String,
    label: String,
    count: String,
    current: bool,
}

struct LotRow {
    href: String,
    number: String,
    source: String,
    receipt: String,
    expiry: Option<Tag>,
    warehouse: String,
    coffee: String,
    origin: String,
    quantity: String,
    reserved: String,
    free: String,
    verification: Tag,
    age: Option<Ageing>,
    status: Tag,
    owner: String,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<LotsQuery>,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let catalog = state.catalog.get(&state.db, eat_date(now)).await?;
    let (tab, filter) = (query.tab(&actor), query.filter());
    let after = query.after.map(|cursor| (cursor.at, LotId(cursor.id)));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let found = service::list(&state.db, &actor, tab, &filter, after, limit).await?;
    let page = Page::of(found.lines, PAGE, |lot| Cursor { at: place_of(lot, tab), id: lot.lot_id.0 });
    let is_desk = actor.may(Permission::VerifyLots);
    let shown_tab = is_desk.then_some(tab);
    let tabs = match found.waiting {
        Some(waiting) => tabs(&query, tab, waiting, lang),
        None => Vec::new(),
    };
    let rows = page.rows.into_iter().map(|lot| row(lot, &catalog, now, lang)).collect();
    let is_narrowed = filter != Filter::default();
    super::answer(
        &LotsPage {
            chrome: exchange.chrome(lang.t("nav-lots")).wide(),
            tabs,
            tab: shown_tab.map_or("", Tab::code),
            may_register: actor.may(Permission::RegisterLots),
            filters: filters(&query, &actor, tab, &catalog, lang),
            clear: is_narrowed.then(|| match shown_tab {
                Some(tab) => format!("/lots?tab={}", tab.code()),
                None => "/lots".to_owned(),
            }),
            rows,
            paging: Paging {
                newer: query.after.map(|_| query.address(shown_tab, None)),
                older: page.next.map(|next| query.address(shown_tab, Some(next))),
                shown: String::new(),
            },
            empty: empty(&actor, tab, is_narrowed, lang),
        },
        http::StatusCode::OK,
    )
}

/// By what the list is ordered.
const fn place_of(lot: &LotLine, tab: Tab) -> DateTime<Utc> {
    match tab {
        Tab::All => lot.created_at,
        Tab::Pending | Tab::Verified | Tab::Rejected => lot.verification_since,
    }
}

fn tabs(query: &LotsQuery, current: Tab, waiting: i64, lang: Lang) -> Vec<TabLink> {
    Tab::ALL
        .iter()
        .map(|tab| TabLink {
            href: query.address(Some(*tab), None),
            label: lang.name_of("lot-tab", tab.code()),
            count: match tab {
                Tab::Pending if waiting >= service::COUNTED => format!("{}+", grouped(service::COUNTED.into())),
                Tab::Pending => waiting.to_string(),
                Tab::Verified | Tab::Rejected | Tab::All => String::new(),
            },
            current: *tab == current,
        })
        .collect()
}

fn empty(actor: &Actor, tab: Tab, is_narrowed: bool, lang: Lang) -> EmptyState {
    let (title, text) = match tab {
        Tab::Pending if !is_narrowed => ("lots-none-waiting", "lots-none-waiting-text"),
        _ => ("lots-empty-title", "lots-empty-text"),
    };
    let may_register = actor.may(Permission::RegisterLots);
    let action = may_register.then(|| ("/lots/new".to_owned(), lang.t("lots-new")));
    EmptyState { title: lang.t(title), text: lang.t(text), action }
}

fn row(lot: LotLine, catalog: &Catalog, now: DateTime<Utc>, lang: Lang) -> LotRow {
    let is_waiting = lot.verification == Verification::Pending;
    LotRow {
        href: format!("/lots/{}", lot.lot_id),
        source: lang.name_of("lot-source", lot.source.code()),
        expiry: lot.receipt_expires_on.map(|last| words::receipt_tag(last, lot.verification, eat_date(now), lang)),
        coffee: words::coffee(catalog, &lot.coffee_type, lot.processing, lot.grade.as_deref(), lang),
        quantity: words::kilograms(lot.quantity),
        reserved: words::kilograms(lot.reserved_kg),
        free: words::kilograms(lot.free_kg),
        verification: words::verification_tag(lot.verification, lang),
        age: is_waiting.then(|| words::ageing(lot.verification_since, now, &catalog.holidays, lang)),
        status: words::status_tag(lot.status, lang),
        number: lot.number,
        receipt: lot.receipt,
        warehouse: lot.warehouse,
        origin: catalog.region(&lot.origin_region, lang).to_owned(),
        owner: lot.owner,
    }
}

fn filters(query: &LotsQuery, actor: &Actor, tab: Tab, catalog: &Catalog, lang: Lang) -> Vec<Field> {
    let any = || Choice::new("", lang.t("common-any"));
    let value = |typed: &Option<String>| typed.clone().unwrap_or_default();
    let named = |family: &str, codes: &[&str]| -> Vec<Choice> {
        std::iter::once(any()).chain(codes.iter().map(|code| Choice::new(*code, lang.name_of(family, code)))).collect()
    };
    let mut fields = vec![Field::text("q", lang.t("lots-number")).value(value(&query.q))];
    if actor.organization.kind != OrganizationKind::Exporter {
        fields.push(Field::text("owner", lang.t("lots-owner")).value(value(&query.owner)));
    }
    if tab == Tab::All {
        let states: Vec<&str> = Verification::ALL.iter().map(|state| state.code()).collect();
        let statuses: Vec<&str> = LotStatus::ALL.iter().map(|status| status.code()).collect();
        fields.push(
            Field::select("verification", lang.t("lots-verification"), named("lot-verification", &states))
                .value(value(&query.verification)),
        );
        fields
            .push(Field::select("status", lang.t("lots-status"), named("lot", &statuses)).value(value(&query.status)));
    }
    let coffees = std::iter::once(any())
        .chain(catalog.coffee_types.keys().map(|name| Choice::new(name.clone(), catalog.coffee(name, lang))))
        .collect();
    fields.push(Field::select("coffee", lang.t("lots-coffee"), coffees).value(value(&query.coffee)));
    if tab == Tab::All || actor.organization.kind != OrganizationKind::Ecx {
        let sources: Vec<&str> = Source::ALL.iter().map(|source| source.code()).collect();
        fields.push(
            Field::select("source", lang.t("lots-source"), named("lot-source", &sources)).value(value(&query.source)),
        );
    }
    fields
}
