//! `GET /inspections`: verified lots that wait for a sample, and samples that are being examined, oldest first.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::{eat_date, working_days_between};
use crate::error::AppError;
use crate::exports::pages::words;
use crate::i18n::Lang;
use crate::sourcing::inspections::model::QueueLine;
use crate::sourcing::inspections::rules::WORKFLOW;
use crate::sourcing::inspections::service::{self, Part};
use crate::web::chrome::Chrome;
use crate::web::components::{Ageing, Choice, EmptyState, Field, Moment, Paging, Tone};
use crate::web::exchange::Exchange;
use crate::web::html;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::workflow::ageing::Age;

const PAGE: usize = 25;

/// What is shown of the queue.
#[derive(Debug, Default, Deserialize)]
pub(super) struct QueueQuery {
    part: Option<String>,
    center: Option<String>,
    after: Option<Cursor>,
}

#[derive(Template)]
#[template(path = "sourcing/inspections.html")]
struct QueuePage {
    chrome: Chrome,
    /// Address, label, whether it is shown now.
    parts: Vec<(String, String, bool)>,
    filters: Vec<Field>,
    clear: Option<String>,
    blind: bool,
    rows: Vec<Row>,
    paging: Paging,
    empty: EmptyState,
}

struct Row {
    href: String,
    reference: String,
    coffee: String,
    owner: String,
    quantity: String,
    center: String,
    age: Ageing,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<QueueQuery>,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let catalog = state.catalog.get(&state.db, eat_date(now)).await?;
    let part = if query.part.as_deref() == Some("samples") { Part::Samples } else { Part::Lots };
    let center = query.center.as_deref().filter(|center| !center.is_empty());
    let after = query.after.map(|cursor| (cursor.at, cursor.id));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let lines = service::queue(&state.db, &actor, part, center, after, limit).await?;
    let page = Page::of(lines, PAGE, |line| Cursor { at: line.since, id: line.id });
    let filters = if part == Part::Samples {
        let centers = service::centers(&state.db, &actor, now).await?;
        let mut choices = vec![Choice::new("", lang.t("common-any"))];
        choices.extend(centers.into_iter().map(|(center, am)| Choice::new(center.clone(), lang.pick(center, am))));
        vec![Field::select("center", lang.t("inspection-center"), choices).value(center.unwrap_or_default())]
    } else {
        Vec::new()
    };
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    if part == Part::Samples {
        address.append_pair("part", "samples");
    }
    if let Some(center) = center {
        address.append_pair("center", center);
    }
    let older = page.next.map(|cursor| {
        address.append_pair("after", &cursor.to_string());
        format!("/inspections?{}", address.finish())
    });
    let row = |line: QueueLine| Row {
        href: match part {
            Part::Lots => format!("/lots/{}/samples/new", line.id),
            Part::Samples => format!("/samples/{}", line.id),
        },
        age: ageing(working_days_between(line.since, now, &catalog.holidays), &line, lang),
        coffee: line.coffee.as_ref().map_or_else(String::new, |(coffee, processing)| {
            format!("{}, {}", catalog.coffee(coffee, lang), lang.name_of("processing", processing))
        }),
        owner: line.owner.unwrap_or_default(),
        quantity: line.quantity.map(words::kilograms).unwrap_or_default(),
        center: line.center.unwrap_or_default(),
        reference: line.reference,
    };
    html(&QueuePage {
        chrome: exchange.chrome(lang.t("nav-inspections")).wide(),
        parts: vec![
            ("/inspections".to_owned(), lang.t("inspection-part-lots"), part == Part::Lots),
            ("/inspections?part=samples".to_owned(), lang.t("inspection-part-samples"), part == Part::Samples),
        ],
        clear: center.map(|_| "/inspections?part=samples".to_owned()),
        filters,
        blind: part == Part::Samples,
        rows: page.rows.into_iter().map(row).collect(),
        paging: Paging { newer: query.after.map(|_| "/inspections".to_owned()), older, shown: String::new() },
        empty: EmptyState {
            title: lang.t("inspection-empty-title"),
            text: lang.t("inspection-empty-text"),
            action: None,
        },
    })
}

fn ageing(days: u32, line: &QueueLine, lang: Lang) -> Ageing {
    let limit = WORKFLOW.waiting[0].1;
    let tone = match limit.age(days) {
        Age::Fresh => Tone::Neutral,
        Age::Due => Tone::Warn,
        Age::Late => Tone::Bad,
    };
    Ageing {
        text: if days == 0 { lang.t("age-today") } else { lang.t_args("age-days", &[("days", days.into())]) },
        tone,
        title: lang.t_args(
            "age-since",
            &[
                ("since", Moment::at(lang, line.since).text.into()),
                ("warn", limit.warn_days.into()),
                ("late", limit.late_days.into()),
            ],
        ),
    }
}
