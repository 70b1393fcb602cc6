//! `/audit`: the record, searched by what, who, when and how grave. `/audit/events/{event}`: one event in full.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::{DateTime, NaiveDate, Utc};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::model::{Change, EventLine, Filter, FullEvent, changes, facts, plain};
use super::service::{self, Typed};
use super::words::Reading;
use crate::alerts;
use crate::app::AppState;
use crate::audit::address::{self, HOME};
use crate::audit::{EVENT_TYPES, Severity, is_known, words};
use crate::auth::{Actor, Permission};
use crate::calendar::{first_moment, moment_after};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::web::components::{Choice, EmptyState, Fact, Field, Moment, Paging, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::web::routes::{Access, Routes};
use crate::web::sheet::{self, FileKind, Sheet, SheetFile};
use crate::web::views::{Cell, Section, TablePage};

/// Events on a page.
const PAGE: usize = 50;
/// Events in a file.
const FILE: usize = 10_000;

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let view = Access::Needs(Permission::ViewAudit);
    Routes::new().get(HOME, view, list).get("/audit/events/{event}", view, show)
}

#[derive(Debug, Default, Deserialize)]
struct SearchQuery {
    about: Option<String>,
    by: Option<String>,
    event: Option<String>,
    severity: Option<String>,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    after: Option<Cursor>,
    format: Option<String>,
}

impl SearchQuery {
    fn typed(&self) -> Typed {
        let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        Typed {
            about: said(&self.about),
            by: said(&self.by),
            rest: Filter {
                event_type: self.event_type(),
                severity: self.severity.as_deref().and_then(Severity::from_code),
                from: self.from.map(first_moment),
                until: self.until.map(moment_after),
                ..Filter::default()
            },
        }
    }

    /// The type as the record has it: who writes an address may write it as it is spoken.
    fn event_type(&self) -> Option<String> {
        let said = self.event.as_deref().map(str::trim).filter(|event| !event.is_empty())?;
        Some(said.to_uppercase().replace([' ', '-'], "_"))
    }

    fn pairs(&self) -> Vec<(&'static str, String)> {
        let day = |date: &Option<NaiveDate>| date.map(|date| date.to_string());
        [
            ("about", self.about.clone()),
            ("by", self.by.clone()),
            ("event", self.event.clone()),
            ("severity", self.severity.clone()),
            ("from", day(&self.from)),
            ("until", day(&self.until)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        .collect()
    }

    fn address(&self, more: Option<(&str, &str)>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.pairs());
        if let Some((name, value)) = more {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { HOME.to_owned() } else { format!("{HOME}?{query}") }
    }
}

async fn list(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<SearchQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let kind = query.format.as_deref().and_then(FileKind::from_code);
    let size = if kind.is_some() { FILE } else { PAGE };
    let after = query.after.map(|cursor| (cursor.at, cursor.id));
    let limit = i64::try_from(size).unwrap_or(i64::MAX) + 1;
    let sources = (&state.db, &state.directory);
    let (lines, names) = service::search(sources, &actor, &query.typed(), after, limit).await?;
    let page = Page::of(lines, size, place_of);
    if let Some(kind) = kind {
        service::record_download(&state.db, &actor, (exchange.path(), page.rows.len()), exchange.now()).await?;
        return file(&page, &names, lang, exchange.now()).download(kind, "record").map_err(AppError::internal);
    }
    let alerts = alerts::count_open(&state.db, &actor).await?.unwrap_or_default();
    let chrome = exchange.chrome(lang.t("audit-title")).with_count("/security", alerts).wide();
    let mut view = TablePage::of(chrome, HOME);
    view.lead = vec![lang.t("audit-lead")];
    view.actions = FileKind::ALL.iter().map(|kind| download(&query, *kind, lang)).collect();
    view.filters = filters(&query, lang);
    view.clear = (!query.pairs().is_empty()).then(|| HOME.to_owned());
    view.sections = vec![Section {
        id: "events",
        title: lang.t("audit-title"),
        is_titled: false,
        head: ["at", "event", "by", "about", "facts"].map(|name| (lang.name_of("audit-head", name), false)).into(),
        rows: page.rows.iter().map(|line| row(line, &names, lang)).collect(),
        empty: EmptyState { title: lang.t("audit-empty"), text: lang.t("audit-empty-text"), action: None },
        paging: Some(Paging {
            newer: query.after.map(|_| query.address(None)),
            older: page.next.map(|cursor| query.address(Some(("after", &cursor.to_string())))),
            shown: String::new(),
        }),
    }];
    crate::web::answer(&view, StatusCode::OK)
}

fn place_of(line: &EventLine) -> Cursor {
    Cursor { at: line.at, id: line.id }
}

fn download(query: &SearchQuery, kind: FileKind, lang: Lang) -> (String, String) {
    (query.address(Some(("format", kind.code()))), lang.t(kind.label_id()))
}

fn filters(query: &SearchQuery, lang: Lang) -> Vec<Field> {
    let label = |name: &str| lang.name_of("audit-filter", name);
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |date: &Option<NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let any = std::iter::once(Choice::new("", lang.t("common-any")));
    let grave = Severity::ALL.iter().map(|one| Choice::new(one.code(), lang.name_of("severity", one.code())));
    vec![
        Field::text("about", label("about")).hint(lang.t("audit-filter-about-hint")).value(said(&query.about)),
        Field::text("by", label("by")).hint(lang.t("audit-filter-by-hint")).value(said(&query.by)),
        event_field(query.event_type(), label("event"), lang),
        Field::select("severity", label("severity"), any.chain(grave).collect()).value(said(&query.severity)),
        Field::date("from", label("from")).value(day(&query.from)),
        Field::date("until", label("until")).value(day(&query.until)),
    ]
}

/// All types of events by their names. A type of an address that is none of them stays in sight: it is what is looked for.
fn event_field(chosen: Option<String>, label: String, lang: Lang) -> Field {
    let chosen = chosen.unwrap_or_default();
    let unknown = Some(chosen.as_str()).filter(|code| !code.is_empty() && !is_known(code));
    let types = EVENT_TYPES.into_iter().chain(unknown);
    let mut choices: Vec<Choice> = types.map(|code| Choice::new(code, words::event(code, lang))).collect();
    choices.sort_by(|one, other| one.label.cmp(&other.label));
    choices.insert(0, Choice::new("", lang.t("common-any")));
    Field::select("event", label, choices).value(chosen)
}

fn row(line: &EventLine, names: &Names, lang: Lang) -> Vec<Cell> {
    let reading = Reading::new(line, names, lang);
    let (person, organization) = reading.people();
    let kind = words::kind(&line.subject_kind, lang);
    let about = match reading.which() {
        Some(which) => Cell::new(which).note(kind),
        None => Cell::new(kind),
    };
    let trail = line.subject().map(|subject| address::trail(&subject.kind, subject.id));
    vec![
        Cell::new(Moment::at(lang, line.at).text).href(format!("/audit/events/{}", place_of(line))),
        // The code stays beside the words, for whoever quotes it.
        Cell::new(words::event(&line.event_type, lang))
            .note(line.event_type.clone())
            .tag(severity_tag(line.severity, lang)),
        Cell::new(person).note(organization),
        Cell { href: trail, ..about },
        Cell::new(reading.gist()),
    ]
}

fn severity_tag(severity: Severity, lang: Lang) -> Tag {
    let tone = match severity {
        Severity::Low => Tone::Neutral,
        Severity::Medium => Tone::Info,
        Severity::High => Tone::Warn,
        Severity::Critical => Tone::Bad,
    };
    Tag::new(lang.name_of("severity", severity.code()), tone)
}

/// All the facts in one line, as the record has them.
fn summary(details: &Value) -> String {
    let said: Vec<String> = facts(details).iter().map(|(name, value)| format!("{name}: {}", plain(value))).collect();
    said.join("; ")
}

/// The events as a table, the whole of their facts in it. Codes and facts are those of the record, so that files of different readers
/// can be compared; what happened stands beside its code in words.
fn file(page: &Page<EventLine>, names: &Names, lang: Lang, now: DateTime<Utc>) -> SheetFile {
    let columns = ["at", "code", "what", "severity", "by", "organization", "kind", "id", "facts"];
    let text = |text: String| if text.is_empty() { sheet::Cell::Empty } else { sheet::Cell::Text(text) };
    let rows = page.rows.iter().map(|line| {
        let (person, organization) = Reading::new(line, names, lang).people();
        [
            line.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
            line.event_type.clone(),
            words::event(&line.event_type, lang),
            line.severity.code().to_owned(),
            person,
            organization,
            line.subject_kind.clone(),
            line.subject_id.map(|id| id.to_string()).unwrap_or_default(),
            summary(&line.details),
        ]
        .map(text)
        .into()
    });
    let mut about = vec![(lang.t("reports-as-of"), Moment::at(lang.for_others(), now).text)];
    if page.next.is_some() {
        about.push((lang.t("common-notice"), lang.fill("csv-more", [("rows", FILE.to_string())])));
    }
    SheetFile {
        sheets: vec![Sheet {
            name: lang.t("audit-title"),
            columns: columns.map(|name| lang.name_of("audit-head", name)).into(),
            rows: rows.collect(),
        }],
        about: (lang.t("reports-about"), about),
        written_at: now,
    }
}

async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(event): Path<String>,
) -> Result<Response, AppError> {
    let place: Cursor = event.parse().map_err(|_| AppError::NotFound)?;
    let found = service::find((&state.db, &state.directory), &actor, place.id, place.at).await?;
    let (event, names) = found.ok_or(AppError::NotFound)?;
    let (lang, line) = (exchange.lang(), &event.line);
    let reading = Reading::new(line, &names, lang);
    let mut view = TablePage::of(exchange.chrome(words::event(&line.event_type, lang)), HOME);
    view.actions = vec![(HOME.to_owned(), lang.t("audit-title"))];
    view.facts = about_event(&event, &reading, &actor, lang);
    let changed = changes(&line.details);
    if !changed.is_empty() {
        view.sections.push(table("changes", &["fact", "before", "after"], changes_rows(changed, &reading), lang));
    }
    let is_of_change =
        |name: &str| matches!(name, "old" | "new") || name.starts_with("old.") || name.starts_with("new.");
    let known = facts(&line.details).into_iter().filter(|(name, _)| !is_of_change(name));
    view.sections.push(table("facts", &["fact", "value"], pairs(known, &reading), lang));
    if event.had_private {
        // Bound to the event by its commitment, and erased without a trace but that.
        let kept = event.private.as_ref().map(facts).unwrap_or_default();
        view.sections.push(table("private", &["fact", "value"], pairs(kept.into_iter(), &reading), lang));
    }
    crate::web::answer(&view, StatusCode::OK)
}

fn about_event(event: &FullEvent, reading: &Reading<'_>, actor: &Actor, lang: Lang) -> Vec<Fact> {
    let line = &event.line;
    let label = |name: &str| lang.name_of("audit-head", name);
    let (person, organization) = reading.people();
    let mut facts = vec![
        Fact::new(label("at"), Moment::at(lang, line.at).text)
            .note(line.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
        Fact::new(label("code"), line.event_type.clone()),
        Fact::new(label("severity"), lang.name_of("severity", line.severity.code())).note(if event.is_compliance {
            lang.t("audit-compliance")
        } else {
            String::new()
        }),
        Fact::new(label("by"), person).note(organization),
    ];
    if let Some(subject) = line.subject() {
        let kind = words::kind(&subject.kind, lang);
        let about = match reading.which() {
            Some(which) => Fact::new(label("about"), which).note(format!("{kind} · {}", subject.id)),
            None => Fact::new(label("about"), kind).note(subject.id.to_string()),
        };
        facts.push(about.href(address::trail(&subject.kind, subject.id)));
        if subject.kind == "export" && actor.may(Permission::ViewExports) {
            facts.push(Fact::new(label("case"), lang.t("audit-open-case")).href(format!("/exports/{}", subject.id)));
        }
    }
    if let Some(request) = event.request {
        facts.push(Fact::new(label("request"), request.to_string()));
    }
    let seal = event.seal.map_or_else(|| lang.t("audit-not-sealed"), |seal| seal.to_string());
    facts.push(Fact::new(label("number"), event.seq.to_string()));
    facts.push(Fact::new(label("seal"), seal).note(hex::encode(&event.hash)));
    facts
}

fn pairs<'a>(facts: impl Iterator<Item = (String, &'a Value)>, reading: &Reading<'_>) -> Vec<Vec<Cell>> {
    facts.map(|(name, value)| vec![Cell::new(reading.name(&name)), Cell::new(reading.value(&name, value))]).collect()
}

fn changes_rows(changed: Vec<Change<'_>>, reading: &Reading<'_>) -> Vec<Vec<Cell>> {
    let row = |(name, before, after): Change<'_>| {
        let said = |value: Option<&Value>| {
            let text = value.map(|value| reading.value(&name, value)).filter(|text| !text.is_empty());
            Cell::new(text.unwrap_or_else(|| "–".to_owned()))
        };
        vec![Cell::new(reading.name(&name)), said(before), said(after)]
    };
    changed.into_iter().map(row).collect()
}

fn table(id: &'static str, head: &[&str], rows: Vec<Vec<Cell>>, lang: Lang) -> Section {
    Section {
        id,
        title: lang.name_of("audit-part", id),
        is_titled: true,
        head: head.iter().map(|name| (lang.name_of("audit-head", name), false)).collect(),
        rows,
        empty: EmptyState { title: lang.name_of("audit-part-empty", id), text: String::new(), action: None },
        paging: None,
    }
}
