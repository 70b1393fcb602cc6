//! The list, the unread first. What is opened is read: a form, since opening a page changes nothing.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use http::StatusCode;
use serde::Deserialize;

use super::HOME;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::ids::NotificationId;
use crate::mail::MailStatus;
use crate::notifications::model::News;
use crate::notifications::service;
use crate::notifications::store::inbox::Place;
use crate::notifications::words;
use crate::web::chrome::{Chrome, Flash};
use crate::web::components::{EmptyState, FormToken, Moment, Paging, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;
use crate::web::views::Tab;

/// News on a page.
const PAGE: usize = 25;
const UNREAD: &str = "unread";

#[derive(Template)]
#[template(path = "notifications/list.html")]
struct ListPage {
    chrome: Chrome,
    tabs: Vec<Tab>,
    token: FormToken,
    rows: Vec<Row>,
    /// Until when one marks everything as read, where anything is unread.
    until: Option<String>,
    empty: EmptyState,
    paging: Paging,
}

struct Row {
    id: NotificationId,
    line: String,
    at: Moment,
    tags: Vec<Tag>,
    /// What became of its mail.
    mail: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    /// `unread`, or everything.
    show: Option<String>,
    after: Option<Cursor>,
    /// Whether the place in the list is among the unread.
    among: Option<String>,
}

impl ListQuery {
    fn only_unread(&self) -> bool {
        self.show.as_deref() == Some(UNREAD)
    }

    fn address(&self, after: Option<(Cursor, bool)>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if self.only_unread() {
            query.append_pair("show", UNREAD);
        }
        if let Some((cursor, is_unread)) = after {
            query.append_pair("after", &cursor.to_string());
            if is_unread {
                query.append_pair("among", UNREAD);
            }
        }
        let query = query.finish();
        if query.is_empty() { HOME.to_owned() } else { format!("{HOME}?{query}") }
    }
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<ListQuery>,
) -> Result<Response, AppError> {
    let (lang, only_unread) = (exchange.lang(), query.only_unread());
    let is_unread = query.among.as_deref() == Some(UNREAD);
    let after = query.after.map(|cursor| Place { is_unread, at: cursor.at, id: cursor.id });
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let news = service::list(&state.db, &actor, only_unread, after, limit).await?;
    let page = Page::of(news, PAGE, |one: &News| Cursor { at: one.created_at, id: one.id.0 });
    let last_is_unread = page.rows.last().is_some_and(|last| last.read_at.is_none());
    let chrome = exchange.chrome(lang.t("notifications-title")).wide();
    let tab = |href: &str, id: &str, current| Tab { href: href.to_owned(), label: lang.t(id), count: None, current };
    let now = exchange.now().to_rfc3339_opts(SecondsFormat::Micros, true);
    let empty = if only_unread { "notifications-empty-unread" } else { "notifications-empty" };
    let view = ListPage {
        tabs: vec![
            tab(HOME, "notifications-all", !only_unread),
            tab(&format!("{HOME}?show={UNREAD}"), "notifications-only-unread", only_unread),
        ],
        token: exchange.form_token(None),
        until: (chrome.unread > 0).then_some(now),
        rows: page.rows.iter().map(|one| row(one, &exchange)).collect(),
        empty: EmptyState { title: lang.t(empty), text: lang.t("notifications-empty-text"), action: None },
        paging: Paging {
            newer: query.after.map(|_| query.address(None)),
            older: page.next.map(|cursor| query.address(Some((cursor, last_is_unread)))),
            shown: String::new(),
        },
        chrome,
    };
    crate::web::answer(&view, StatusCode::OK)
}

fn row(news: &News, exchange: &Exchange) -> Row {
    let lang = exchange.lang();
    let mut tags = Vec::new();
    if news.read_at.is_none() {
        tags.push(Tag::new(lang.t("notifications-new"), Tone::Info));
    }
    if news.is_critical {
        tags.push(Tag::new(lang.t("notifications-critical"), Tone::Bad));
    }
    let told = news.mail.filter(|status| *status != MailStatus::Needless);
    Row {
        id: news.id,
        line: words::line(news, lang),
        at: Moment::at(lang, news.created_at),
        tags,
        mail: told.map(|status| lang.name_of("mail-status", status.code())),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct OpenForm {
    notification: NotificationId,
}

pub(super) async fn open(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<OpenForm>,
) -> Result<Response, AppError> {
    let opened = service::open(&state.db, &actor, submission.fields.notification, exchange.now()).await?;
    let news = opened.ok_or(AppError::NotFound)?;
    Ok(exchange.htmx().see_other(&words::path(&news)))
}

#[derive(Debug, Deserialize)]
pub(super) struct ReadForm {
    until: DateTime<Utc>,
}

pub(super) async fn mark_all_read(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<ReadForm>,
) -> Result<Response, AppError> {
    let now = exchange.now();
    service::mark_all_read(&state.db, &actor, submission.fields.until.min(now), now).await?;
    let said = Flash::success(exchange.lang().t("notifications-all-read"));
    Ok((said, exchange.htmx().see_other(HOME)).into_response())
}
