//! `/pki/requests`: what was asked for, what waits first.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use super::{nothing, silent, tabs, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::pki::asking;
use crate::pki::model::{Asked, Decision};
use crate::pki::rules::{self, Standing};
use crate::pki::service::{self, REQUESTS};
use crate::web::components::{Choice, Field, Paging, Tag};
use crate::web::exchange::Exchange;
use crate::web::query::Query;
use crate::web::views::{Cell, Section, TablePage};

/// Requests on a page.
const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    standing: Option<String>,
    page: Option<usize>,
}

fn address(standing: Option<Standing>, page: usize) -> String {
    let standing = standing.map(|one| format!("standing={}&", one.code())).unwrap_or_default();
    format!("{REQUESTS}?{standing}page={page}")
}

pub(super) async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<ListQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let mut view = TablePage::of(exchange.chrome(lang.t("pki-requests-title")).wide(), REQUESTS);
    view.tabs = tabs(&actor, REQUESTS, lang);
    let mut seen = match asking::requests(&state).await {
        Ok(requests) => requests,
        Err(silence) => return silent(&exchange, view, silence),
    };
    seen.retain(|asked| rules::may_see(&actor, Some(asked.organization)));
    let (decisions, names) = service::decisions((&state.db, &state.directory), &actor, &seen, &[]).await?;
    let of = |asked: &Asked| -> Vec<Decision> {
        decisions.iter().filter(|decision| decision.request == asked.id).cloned().collect()
    };
    let has_open = seen.iter().any(|asked| asked.organization == actor.organization.id && asked.is_open());
    let wanted = query.standing.as_deref().and_then(Standing::from_code);
    let mut found: Vec<(Asked, Vec<Decision>, Standing)> = seen
        .into_iter()
        .map(|asked| {
            let decisions = of(&asked);
            let standing = rules::standing(&asked.ballot(), &decisions);
            (asked, decisions, standing)
        })
        .filter(|(_, _, standing)| wanted.is_none_or(|wanted| wanted == *standing))
        .collect();
    // The newest first, as the signer gives them; what waits for somebody before the rest.
    found.sort_by_key(|(_, _, standing)| *standing != Standing::Open);
    let pages = found.len().div_ceil(PAGE).max(1);
    let page = query.page.unwrap_or(1).clamp(1, pages);

    view.lead = vec![lang.t("pki-requests-lead")];
    if actor.may(Permission::RequestCertificates) && !has_open {
        view.actions = vec![("/pki/requests/new".to_owned(), lang.t("pki-ask"))];
    }
    let any = std::iter::once(Choice::new("", lang.t("common-any")));
    // Acts alone fail.
    let standings = Standing::ALL.iter().filter(|one| **one != Standing::Failed);
    let standings = standings.map(|one| Choice::new(one.code(), lang.name_of("pki-standing", one.code())));
    view.filters = vec![
        Field::select("standing", lang.name_of("pki-head", "state"), any.chain(standings).collect())
            .value(wanted.map(Standing::code).unwrap_or_default()),
    ];
    view.clear = wanted.is_some().then(|| REQUESTS.to_owned());
    let heads = ["holder", "kind", "key", "asked", "approvals", "state"];
    let shown = found.iter().skip((page - 1) * PAGE).take(PAGE);
    view.sections = vec![Section {
        id: "requests",
        title: lang.t("pki-requests-title"),
        is_titled: false,
        head: heads.iter().map(|name| (lang.name_of("pki-head", name), *name == "approvals")).collect(),
        rows: shown.map(|(asked, decisions, standing)| row(asked, decisions, *standing, &names, lang)).collect(),
        empty: nothing(lang, "pki-requests-none", "pki-requests-none-text"),
        paging: (pages > 1).then(|| Paging {
            newer: (page > 1).then(|| address(wanted, page - 1)),
            older: (page < pages).then(|| address(wanted, page + 1)),
            shown: format!("{page} / {pages}"),
        }),
    }];
    let (acts, names) = service::acts((&state.db, &state.directory), &actor, None).await?;
    view.sections.push(super::acts::section(&acts, &names, exchange.now(), lang));
    crate::web::answer(&view, StatusCode::OK)
}

fn row(asked: &Asked, decisions: &[Decision], standing: Standing, names: &Names, lang: Lang) -> Vec<Cell> {
    vec![
        Cell::new(words::organization(names, asked.organization, lang)).href(format!("{REQUESTS}/{}", asked.id)),
        Cell::new(words::kind(asked.profile, lang)),
        Cell::new(lang.t(if asked.is_made_here { "pki-key-here" } else { "pki-key-elsewhere" })),
        Cell::new(words::moment(lang, asked.asked_at)).note(words::person(names, asked.requester, lang)),
        Cell::new(format!("{} / {}", rules::approvals(&asked.ballot(), decisions), asked.rule.approvals_needed)),
        Cell::tagged(vec![Tag::new(lang.name_of("pki-standing", standing.code()), words::standing_tone(standing))]),
    ]
}
