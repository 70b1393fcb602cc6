//! `/pki/certificates`: every certificate that the viewer may see, by when it ends; and how many end in which month.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Datelike, Utc};
use http::StatusCode;
use jebena_signer::protocol::CertificateFacts;
use jebena_signer::x509::profile::Profile;
use serde::Deserialize;
use uuid::Uuid;

use super::{CERTIFICATES, nothing, silent, tabs, words};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::OrganizationId;
use crate::organizations::directory::Names;
use crate::pki::asking;
use crate::pki::model::Asked;
use crate::pki::rules::{self, State as Worth};
use crate::pki::service::{self, REQUESTS};
use crate::web::components::{Check, Choice, Field, Paging, Tone};
use crate::web::exchange::Exchange;
use crate::web::query::Query;
use crate::web::views::{Cell, Section, TablePage};

/// Certificates on a page.
const PAGE: usize = 50;
/// Holders that a month names before it counts the others.
const NAMED: usize = 4;

#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    state: Option<String>,
    kind: Option<String>,
    organization: Option<String>,
    page: Option<usize>,
}

/// What the list is narrowed by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Filter {
    state: Option<Worth>,
    kind: Option<Profile>,
    organization: Option<Uuid>,
}

impl Filter {
    fn of(query: &ListQuery) -> Self {
        Self {
            state: query.state.as_deref().and_then(Worth::from_code),
            kind: query.kind.as_deref().and_then(Profile::from_code),
            organization: query.organization.as_deref().and_then(|id| id.parse().ok()),
        }
    }

    fn takes(self, facts: &CertificateFacts, now: DateTime<Utc>) -> bool {
        let state = words::state_of(facts, now);
        // What ends soon is in force all the same.
        let fits = |wanted| wanted == state || (wanted == Worth::InForce && state == Worth::Ending);
        self.state.is_none_or(fits)
            && self.kind.is_none_or(|kind| kind == facts.profile)
            && self.organization.is_none_or(|organization| facts.organization == Some(organization))
    }

    fn address(self, page: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(state) = self.state {
            query.append_pair("state", state.code());
        }
        if let Some(kind) = self.kind {
            query.append_pair("kind", kind.code());
        }
        if let Some(organization) = self.organization {
            query.append_pair("organization", &organization.to_string());
        }
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        let query = query.finish();
        if query.is_empty() { CERTIFICATES.to_owned() } else { format!("{CERTIFICATES}?{query}") }
    }
}

pub(super) async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<ListQuery>,
) -> Result<Response, AppError> {
    let (lang, now, filter) = (exchange.lang(), exchange.now(), Filter::of(&query));
    let mut view = TablePage::of(exchange.chrome(lang.t("pki-title")).wide(), CERTIFICATES);
    view.tabs = tabs(&actor, CERTIFICATES, lang);
    let mut seen = match asking::certificates(&state).await {
        Ok(certificates) => certificates,
        Err(silence) => return silent(&exchange, view, silence),
    };
    seen.retain(|facts| rules::may_see(&actor, facts.organization.map(OrganizationId)));
    let holders: Vec<Uuid> = seen.iter().filter_map(|facts| facts.organization).collect();
    let (_, names) = service::decisions((&state.db, &state.directory), &actor, &[], &holders).await?;

    if actor.may(Permission::RequestCertificates) {
        let requests = match asking::requests(&state).await {
            Ok(requests) => requests,
            Err(silence) => return silent(&exchange, view, silence),
        };
        let own = requests.iter().find(|one| one.is_open() && one.organization == actor.organization.id);
        view.checks = vec![own_seal(&seen, own, &actor, now, lang)];
        if own.is_none() {
            view.actions = vec![("/pki/requests/new".to_owned(), lang.t("pki-ask"))];
        }
    }
    let all = actor.may(Permission::ViewAllCertificates);
    view.lead = vec![lang.t(if all { "pki-lead" } else { "pki-lead-own" })];
    view.filters = filters(filter, all.then_some((&seen, &names)), lang);
    view.clear = (filter != Filter::default()).then(|| CERTIFICATES.to_owned());

    let mut found: Vec<&CertificateFacts> = seen.iter().filter(|facts| filter.takes(facts, now)).collect();
    // What is over is behind what ends next.
    found.sort_by_key(|facts| (facts.not_after <= now, facts.not_after, facts.certificate_id));
    let pages = found.len().div_ceil(PAGE).max(1);
    let page = query.page.unwrap_or(1).clamp(1, pages);
    let heads = ["holder", "kind", "serial", "from", "until", "left", "state"];
    view.sections = vec![
        Section {
            id: "certificates",
            title: lang.t("pki-title"),
            is_titled: false,
            head: heads.iter().map(|name| (lang.name_of("pki-head", name), *name == "left")).collect(),
            rows: found
                .iter()
                .skip((page - 1) * PAGE)
                .take(PAGE)
                .map(|facts| row(facts, (&seen, &names), now, lang))
                .collect(),
            empty: nothing(lang, "pki-none", if all { "pki-none-text" } else { "pki-none-own-text" }),
            paging: (pages > 1).then(|| Paging {
                newer: (page > 1).then(|| filter.address(page - 1)),
                older: (page < pages).then(|| filter.address(page + 1)),
                shown: format!("{page} / {pages}"),
            }),
        },
        Section {
            id: "calendar",
            title: lang.t("pki-calendar"),
            is_titled: true,
            head: ["month", "ends", "whose"]
                .iter()
                .map(|name| (lang.name_of("pki-head", name), *name == "ends"))
                .collect(),
            rows: calendar(&found, &names, now, lang),
            empty: nothing(lang, "pki-calendar-none", "pki-calendar-none-text"),
            paging: None,
        },
    ];
    crate::web::answer(&view, StatusCode::OK)
}

/// Whether the viewer's organisation can seal, and what to do where it cannot.
fn own_seal(seen: &[CertificateFacts], open: Option<&Asked>, actor: &Actor, now: DateTime<Utc>, lang: Lang) -> Check {
    let newest = seen
        .iter()
        .filter(|facts| facts.profile == Profile::OrganizationSeal)
        .filter(|facts| facts.organization == Some(actor.organization.id.0) && words::state_of(facts, now).holds())
        .max_by_key(|facts| facts.not_after);
    if let Some(open) = open {
        let href = Some(format!("{REQUESTS}/{}", open.id));
        return Check { tone: Tone::Info, text: lang.t("pki-own-asked"), href };
    }
    match newest {
        None => Check { tone: Tone::Bad, text: lang.t("pki-own-none"), href: Some("/pki/requests/new".to_owned()) },
        Some(seal) => {
            let (tone, text) = match rules::due(seal, seen, now) {
                Some(_) => (Tone::Warn, "pki-own-ends"),
                None => (Tone::Good, "pki-own-holds"),
            };
            let text = lang.fill(text, [("day", words::day(lang, seal.not_after))]);
            Check { tone, text, href: Some(format!("{CERTIFICATES}/{}", seal.certificate_id)) }
        }
    }
}

fn filters(filter: Filter, holders: Option<(&Vec<CertificateFacts>, &Names)>, lang: Lang) -> Vec<Field> {
    let any = || std::iter::once(Choice::new("", lang.t("common-any")));
    let states = Worth::ALL.iter().map(|one| Choice::new(one.code(), lang.name_of("pki-state", one.code())));
    let kinds = Profile::ALL.iter().map(|one| Choice::new(one.code(), words::kind(*one, lang)));
    let mut fields = vec![
        Field::select("state", lang.name_of("pki-head", "state"), any().chain(states).collect())
            .value(filter.state.map(Worth::code).unwrap_or_default()),
        Field::select("kind", lang.name_of("pki-head", "kind"), any().chain(kinds).collect())
            .value(filter.kind.map(Profile::code).unwrap_or_default()),
    ];
    if let Some((seen, names)) = holders {
        let mut organizations: Vec<(String, Uuid)> = seen
            .iter()
            .filter_map(|facts| facts.organization)
            .map(|id| (words::holder(names, Some(id), lang), id))
            .collect();
        organizations.sort();
        organizations.dedup();
        let choices = organizations.into_iter().map(|(name, id)| Choice::new(id.to_string(), name));
        fields.push(
            Field::select("organization", lang.name_of("pki-head", "holder"), any().chain(choices).collect())
                .value(filter.organization.map(|id| id.to_string()).unwrap_or_default()),
        );
    }
    fields
}

fn row(
    facts: &CertificateFacts,
    (all, names): (&[CertificateFacts], &Names),
    now: DateTime<Utc>,
    lang: Lang,
) -> Vec<Cell> {
    let (state, days) = (words::state_of(facts, now), rules::days_left(facts.not_after, now));
    // What is over for another reason has no days left, whatever its time says.
    let left = if matches!(state, Worth::Revoked | Worth::Expired) { "–".to_owned() } else { days.to_string() };
    let mut tags = vec![words::state_tag(state, lang)];
    tags.extend(words::rung_tag(facts, all, now, lang));
    vec![
        Cell::new(words::holder(names, facts.organization, lang))
            .href(format!("{CERTIFICATES}/{}", facts.certificate_id)),
        Cell::new(words::kind(facts.profile, lang)),
        Cell::new(facts.serial.clone()),
        Cell::new(words::day(lang, facts.not_before)),
        Cell::new(words::day(lang, facts.not_after)),
        Cell::new(left),
        Cell::tagged(tags),
    ]
}

/// What ends in which month, of what can still end.
fn calendar(found: &[&CertificateFacts], names: &Names, now: DateTime<Utc>, lang: Lang) -> Vec<Vec<Cell>> {
    let mut months: BTreeMap<(i32, u32), Vec<String>> = BTreeMap::new();
    for facts in found.iter().filter(|facts| !matches!(words::state_of(facts, now), Worth::Revoked | Worth::Expired)) {
        let last = eat_date(facts.not_after);
        let holder = words::holder(names, facts.organization, lang);
        months.entry((last.year(), last.month())).or_default().push(holder);
    }
    let row = |((year, month), holders): ((i32, u32), Vec<String>)| {
        let count = holders.len();
        let mut named = holders.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        if count > NAMED {
            named.push_str(&lang.t_args("pki-and-others", &[("count", (count - NAMED).into())]));
        }
        vec![
            Cell::new(format!("{} {year}", lang.name_of("gregorian-month", &month.to_string()))),
            Cell::new(count.to_string()),
            Cell::new(named),
        ]
    };
    months.into_iter().map(row).collect()
}
