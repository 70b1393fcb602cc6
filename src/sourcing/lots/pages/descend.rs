//! Splitting a lot, putting lots together, and the drawn genealogy.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::{Fields, answer, lot_id, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::review::{Typed, send};
use crate::sourcing::lots::descent::MOST_PARTS;
use crate::sourcing::lots::genealogy::{Branch, tree};
use crate::sourcing::lots::model::{Derivation, Lot, Verification};
use crate::sourcing::lots::service::{self, Combine, Split};
use crate::sourcing::lots::store::LotLine;
use crate::web::chrome::Chrome;
use crate::web::components::{Choice, EmptyState, ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;

/// What the form of a division asks: how much each part has.
pub(super) const DIVISION_FIELDS: &[&str] = &["quantity_*"];

/// What the form of a combination asks.
pub(super) const COMBINATION_FIELDS: &[&str] = &["derivation", "warehouse_location", "lot_id_*", "quantity_*"];

/// Rows that stand open; the others are folded away.
const OPEN_ROWS: usize = 2;

/// Whether `viewer` may make other lots of it: it is theirs, verified, and some of it is free.
pub(super) fn may_descend(lot: &Lot, viewer: &Actor) -> bool {
    viewer.organization.id == lot.owner.organization
        && viewer.may(Permission::RegisterLots)
        && lot.verification == Verification::Verified
        && !lot.free_kg.is_zero()
}

pub(super) async fn ask_split(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let lot = own(&state, &actor, &id).await?;
    split_page(&exchange, &lot, &Typed::default(), StatusCode::OK)
}

pub(super) async fn split(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    // Not only where something is free now: the same form, sent again, is given its first answer.
    let lot = service::find(&state.db, &actor, lot_id(&id)?).await?.ok_or(AppError::NotFound)?;
    let command = Split { parent: lot.id, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, format!("/lots/{}", lot.id)).await? {
        Ok(done) => Ok(done),
        Err(typed) => split_page(&exchange, &lot, &typed, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

pub(super) async fn ask_combination(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
) -> Result<Response, AppError> {
    combination_page(&state, &exchange, &actor, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn combine(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let command = Combine { fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, "/lots".to_owned()).await? {
        Ok(done) => Ok(done),
        Err(typed) => combination_page(&state, &exchange, &actor, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    }
}

async fn own(state: &AppState, actor: &Actor, id: &str) -> Result<Lot, AppError> {
    let lot = service::find(&state.db, actor, lot_id(id)?).await?;
    lot.filter(|lot| may_descend(lot, actor)).ok_or(AppError::NotFound)
}

fn split_page(exchange: &Exchange, lot: &Lot, typed: &Typed, status: StatusCode) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let groups = (1..=MOST_PARTS).map(|row| {
        let label = lang.fill("lots-part", [("row", row.to_string())]);
        let mut field = Field::number(format!("quantity_{row}"), label, "kg");
        if row > 1 {
            field = field.optional();
        }
        words::fill(&mut field, typed.value(&format!("quantity_{row}")), &typed.problems, lang);
        field
    });
    let fields: Vec<Field> = groups.collect();
    let (open, more) = fields.split_at(OPEN_ROWS);
    let groups =
        vec![FieldGroup::plain(open.to_vec()), FieldGroup::titled(lang.t("lots-more-parts"), more.to_vec()).folded()];
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("lots-split-title", [("number", lot.number.clone())])),
        lead: vec![lang.t("lots-split-lead"), lang.t("lots-split-lead-inspection")],
        facts: vec![
            Fact::new(lang.t("lots-free"), words::kilograms(lot.free_kg)),
            Fact::new(lang.name_of("lot-field", "quantity"), words::kilograms(lot.quantity)),
        ],
        form: Form {
            action: format!("/lots/{}/division", lot.id),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("lots-split"),
            cancel: Some(format!("/lots/{}", lot.id)),
            ..Form::default()
        },
    };
    answer(&view, status)
}

async fn combination_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let lots = service::usable(&state.db, actor).await?;
    let mut choices = vec![Choice::new("", lang.t("field-choose"))];
    choices.extend(lots.iter().map(|lot| choice(lot, &catalog, lang)));
    let kinds = [Derivation::Merge, Derivation::Blend].map(|kind| {
        Choice::new(kind.code(), lang.name_of("lot-derivation", kind.code()))
            .hint(lang.name_of("lot-derivation-hint", kind.code()))
    });
    let mut groups = vec![FieldGroup::plain(vec![
        Field::radios("derivation", lang.t("lots-derivation"), kinds.to_vec()),
        Field::text("warehouse_location", lang.t("lots-combine-warehouse")),
    ])];
    for row in 1..=MOST_PARTS {
        let lot = Field::select(format!("lot_id_{row}"), lang.t("lots-combine-lot"), choices.clone()).wide();
        let kg = Field::number(format!("quantity_{row}"), lang.t("lots-combine-kg"), "kg");
        let (lot, kg) = if row > OPEN_ROWS { (lot.optional(), kg.optional()) } else { (lot, kg) };
        groups.push(FieldGroup::titled(lang.fill("group-lot", [("row", row.to_string())]), vec![lot, kg]));
    }
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        words::fill(field, typed.value(&field.name), &typed.problems, lang);
    }
    let groups: Vec<FieldGroup> =
        groups.into_iter().enumerate().map(|(n, group)| if n > OPEN_ROWS { group.folded() } else { group }).collect();
    let view = FormPage {
        chrome: exchange.chrome(lang.t("lots-combine-title")),
        lead: vec![lang.t("lots-combine-lead"), lang.t("lots-combine-lead-inspection")],
        facts: Vec::new(),
        form: Form {
            action: "/lots/combination".to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("lots-combine"),
            cancel: Some("/lots".to_owned()),
            ..Form::default()
        },
    };
    answer(&view, status)
}

fn choice(lot: &LotLine, catalog: &Catalog, lang: Lang) -> Choice {
    let coffee = words::coffee(catalog, &lot.coffee_type, lot.processing, lot.grade.as_deref(), lang);
    let free = lang.fill("field-free", [("coffee", coffee), ("kg", words::kilograms(lot.free_kg))]);
    Choice::new(lot.lot_id.to_string(), format!("{} · {free}", lot.number))
}

#[derive(Template)]
#[template(path = "sourcing/genealogy.html")]
struct GenealogyPage {
    chrome: Chrome,
    lot_href: String,
    number: String,
    weight: String,
    trees: Vec<Tree>,
    empty: EmptyState,
}

/// One direction of the genealogy.
struct Tree {
    id: &'static str,
    title: String,
    lines: Vec<Line>,
}

/// A lot that hangs in a tree.
struct Line {
    depth: usize,
    /// The lines that lead to it, drawn.
    drawn: String,
    name: String,
    href: Option<String>,
    coffee: String,
    how: String,
    kg: String,
}

pub(super) async fn show_genealogy(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let (lot, edges) = service::genealogy(&state.db, &actor, lot_id(&id)?).await?.ok_or(AppError::NotFound)?;
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let drawn = |is_up| tree(&edges, lot.id, is_up).iter().map(|branch| line(branch, &catalog, lang)).collect();
    let trees = [("up", "lots-made-from", true), ("down", "lots-passed-on-to", false)];
    let trees: Vec<Tree> = trees
        .into_iter()
        .map(|(id, title, is_up)| Tree { id, title: lang.t(title), lines: drawn(is_up) })
        .filter(|tree: &Tree| !tree.lines.is_empty())
        .collect();
    answer(
        &GenealogyPage {
            chrome: exchange.chrome(lang.fill("lots-genealogy-title", [("number", lot.number.clone())])).wide(),
            lot_href: format!("/lots/{}", lot.id),
            number: lot.number.clone(),
            weight: words::kilograms(lot.quantity),
            trees,
            empty: EmptyState {
                title: lang.t("lots-genealogy-none"),
                text: lang.t("lots-genealogy-none-text"),
                action: None,
            },
        },
        StatusCode::OK,
    )
}

fn line(branch: &Branch<'_>, catalog: &Catalog, lang: Lang) -> Line {
    let edge = branch.edge;
    let is_seen = edge.number.is_some();
    Line {
        depth: branch.depth,
        drawn: format!("{}└ ", "│ ".repeat(branch.depth - 1)),
        name: edge.number.clone().unwrap_or_else(|| lang.t("lots-not-yours-to-see")),
        href: branch.lot.filter(|_| is_seen).map(|lot| format!("/lots/{lot}")),
        coffee: edge.coffee_type.as_deref().map(|coffee| catalog.coffee(coffee, lang).to_owned()).unwrap_or_default(),
        how: edge.derivation.as_deref().map(|how| lang.name_of("lot-derivation", how)).unwrap_or_default(),
        kg: words::kilograms(edge.kg),
    }
}
