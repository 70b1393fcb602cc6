//! The desk's lists: a tab for each kind, a part for each standing, longest in it first.

use askama::Template;
use axum::response::Response;
use chrono::Duration;
use serde::Deserialize;

use super::model::{EXPIRING_DAYS, Part};
use super::service::{self, Listed};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::registration::applications::{Narrowed, age_of, expiry_note, location, may_see, state_of};
use crate::registration::{KINDS, workflow_of};
use crate::review::SubjectKind;
use crate::web::chrome::Chrome;
use crate::web::components::{Ageing, Choice, EmptyState, Field, Moment, Paging, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::html;
use crate::web::paging::{Cursor, Page};
use crate::web::views::Bucket;

const PAGE: usize = 25;

/// What is shown of the lists.
#[derive(Debug, Default, Deserialize)]
pub(super) struct DeskQuery {
    kind: Option<String>,
    part: Option<String>,
    q: Option<String>,
    region: Option<String>,
    again: Option<String>,
    after: Option<Cursor>,
}

impl DeskQuery {
    fn address(&self, kind: SubjectKind, part: Part, after: Option<&Cursor>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("kind", &kind.slug()).append_pair("part", part.code());
        for (name, value) in [("q", &self.q), ("region", &self.region), ("again", &self.again)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        if let Some(after) = after {
            query.append_pair("after", &after.to_string());
        }
        format!("/registration?{}", query.finish())
    }

    const fn is_narrowed(&self) -> bool {
        self.q.is_some() || self.region.is_some() || self.again.is_some()
    }
}

#[derive(Template)]
#[template(path = "registration/desk.html", blocks = ["list"])]
struct DeskPage {
    chrome: Chrome,
    kinds: Vec<Bucket>,
    parts: Vec<Bucket>,
    filters: Vec<Field>,
    /// What the filter keeps of the address: name and value.
    hidden: Vec<(&'static str, String)>,
    clear: Option<String>,
    rows: Vec<Row>,
    paging: Paging,
    empty: EmptyState,
}

struct Row {
    href: String,
    reference: String,
    title: String,
    firm: String,
    region: String,
    state: Tag,
    expiry: Option<Tag>,
    flags: Vec<Tag>,
    since: Moment,
    age: Option<Ageing>,
}

pub(super) async fn show(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    query: &DeskQuery,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let today = eat_date(now);
    let kinds: Vec<SubjectKind> = KINDS.into_iter().filter(|kind| may_see(*kind, actor)).collect();
    let asked = query.kind.as_deref().and_then(SubjectKind::from_slug).filter(|kind| kinds.contains(kind));
    let kind = asked.or_else(|| kinds.first().copied()).ok_or(AppError::NotFound)?;
    let part = query.part.as_deref().and_then(Part::from_code).unwrap_or(Part::Pending);
    let narrowed = Narrowed {
        text: query.q.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        region: query.region.clone(),
        is_resubmitted: query.again.is_some(),
        ..part.narrowed(today)
    };
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let window = (query.after.map(|cursor| (cursor.at, cursor.id)), limit);
    let days = (today, today + Duration::days(EXPIRING_DAYS));
    let listed = service::list(&state.db, actor, kind, &narrowed, window, days).await?;
    let catalog = state.catalog.get(&state.db, today).await?;
    let workflow = workflow_of(kind).ok_or(AppError::NotFound)?;
    let Listed { rows, counts, regions } = listed;
    let page = Page::of(rows, PAGE, |row| Cursor { at: row.state_since, id: row.standing.id });
    let count = |kind: SubjectKind, part: Part| -> i64 {
        let own = counts.iter().filter(|(of, ..)| *of == kind);
        own.filter(|(_, state, ..)| part.states().contains(&state.as_str()))
            .map(|(_, _, all, ending)| if part == Part::Expiring { *ending } else { *all })
            .sum()
    };
    let mut choices = vec![Choice::new("", lang.t("common-any"))];
    choices.extend(regions.iter().map(|region| Choice::new(region.code.clone(), region.name(lang))));
    let view = DeskPage {
        chrome: exchange.chrome(lang.t("nav-registration")).wide(),
        kinds: kinds
            .iter()
            .map(|own| Bucket {
                href: query.address(*own, part, None),
                label: lang.name_of("registration-kind", own.code()),
                count: count(*own, Part::Pending),
                current: *own == kind,
                urgent: false,
            })
            .collect(),
        parts: Part::ALL
            .iter()
            .filter(|part| kind != SubjectKind::Profile || **part != Part::Expiring)
            .map(|own| Bucket {
                href: query.address(kind, *own, None),
                label: lang.name_of("registration-part", own.code()),
                count: count(kind, *own),
                current: *own == part,
                urgent: *own == Part::Pending,
            })
            .collect(),
        filters: vec![
            Field::text("q", lang.t("registration-search")).value(query.q.clone().unwrap_or_default()),
            Field::select("region", lang.t("profile-field-region"), choices)
                .value(query.region.clone().unwrap_or_default()),
            Field::checkbox("again", lang.t("registration-again")).value(if query.again.is_some() {
                "yes"
            } else {
                ""
            }),
        ],
        hidden: vec![("kind", kind.slug()), ("part", part.code().to_owned())],
        clear: query.is_narrowed().then(|| DeskQuery::default().address(kind, part, None)),
        paging: Paging {
            newer: query.after.map(|_| query.address(kind, part, None)),
            older: page.next.map(|cursor| query.address(kind, part, Some(&cursor))),
            shown: String::new(),
        },
        rows: page
            .rows
            .iter()
            .map(|row| Row {
                href: location(kind, row.standing.id),
                reference: row.standing.reference.clone(),
                title: row.title.clone(),
                firm: row.business_name.clone(),
                region: row.region.as_deref().map(|region| catalog.region(region, lang).to_owned()).unwrap_or_default(),
                state: state_of(row, workflow, today, lang),
                expiry: expiry_note(row, today, lang),
                flags: flags(row.resubmission_count, row.renews.is_some(), lang),
                since: Moment::at(lang, row.state_since),
                age: age_of(row, workflow, now, &catalog, lang),
            })
            .collect(),
        empty: EmptyState {
            title: lang.t("registration-empty-title"),
            text: lang.t("registration-empty-text"),
            action: None,
        },
    };
    if exchange.htmx().is_fragment() { html(&view.as_list()) } else { html(&view) }
}

fn flags(resubmissions: i32, is_renewal: bool, lang: crate::i18n::Lang) -> Vec<Tag> {
    let mut flags = Vec::new();
    if is_renewal {
        flags.push(Tag::new(lang.t("registration-renewal"), Tone::Info));
    }
    if resubmissions > 0 {
        let times = lang.fill("registration-resubmission", [("times", resubmissions.to_string())]);
        flags.push(Tag::new(times, Tone::Info));
    }
    flags
}
