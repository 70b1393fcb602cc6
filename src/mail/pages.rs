//! `/demo/mails`: what a demonstration would have sent. Nowhere else is there such a page.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::model::Caught;
use super::service;
use crate::app::AppState;
use crate::error::AppError;
use crate::ids::MailId;
use crate::web::chrome::Chrome;
use crate::web::components::{EmptyState, Fact, Moment};
use crate::web::exchange::Exchange;
use crate::web::routes::{Access, Routes};
use crate::web::views::{Cell, Section, TablePage};

const HOME: &str = "/demo/mails";

#[derive(Template)]
#[template(path = "mail/mail.html")]
struct MailPage {
    chrome: Chrome,
    facts: Vec<Fact>,
    lines: Vec<Line>,
}

/// A line of a letter.
struct Line {
    text: String,
    /// Where it leads, when it is an address of this site.
    href: Option<String>,
}

impl Line {
    /// The line, unless it is empty.
    fn of(text: &str, site: &str) -> Option<Self> {
        let text = text.trim();
        let href = text.strip_prefix(site).map(|path| format!("/{path}"));
        (!text.is_empty()).then(|| Self { text: text.to_owned(), href })
    }
}

/// The routes of this area.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new().get(HOME, Access::Public, list).get("/demo/mails/{mail}", Access::Public, show)
}

async fn list(State(state): State<AppState>, exchange: Exchange) -> Result<Response, AppError> {
    let lang = exchange.lang();
    require_demo(&state)?;
    let caught = service::list_caught(&state.db).await?;
    let row = |mail: &Caught| {
        vec![
            Cell::new(mail.letter.subject.clone()).href(format!("{HOME}/{}", mail.id)),
            Cell::new(mail.letter.to.clone()),
            Cell::new(Moment::at(lang, mail.caught_at).text),
        ]
    };
    let mut view = TablePage::of(exchange.chrome(lang.t("mails-title")).wide(), HOME);
    view.lead = vec![lang.t("mails-lead")];
    view.sections = vec![Section {
        id: "mails",
        title: lang.t("mails-title"),
        is_titled: false,
        head: ["subject", "to", "at"].map(|name| (lang.name_of("mails-head", name), false)).into(),
        rows: caught.iter().map(row).collect(),
        empty: EmptyState { title: lang.t("mails-empty"), text: lang.t("mails-empty-text"), action: None },
        paging: None,
    }];
    crate::web::answer(&view, StatusCode::OK)
}

async fn show(State(state): State<AppState>, exchange: Exchange, Path(id): Path<String>) -> Result<Response, AppError> {
    let lang = exchange.lang();
    require_demo(&state)?;
    let id: MailId = id.parse().map_err(|_| AppError::NotFound)?;
    let mail = service::find_caught(&state.db, id).await?.ok_or(AppError::NotFound)?;
    let view = MailPage {
        chrome: exchange.chrome(mail.letter.subject.clone()),
        facts: vec![
            Fact::new(lang.t("mails-head-to"), mail.letter.to.clone()),
            Fact::new(lang.t("mails-head-at"), Moment::at(lang, mail.caught_at).text),
        ],
        lines: mail.letter.text.lines().filter_map(|line| Line::of(line, &exchange.site().absolute_url("/"))).collect(),
    };
    crate::web::answer(&view, StatusCode::OK)
}

/// What is caught is for everybody to read: only where nothing is real.
fn require_demo(state: &AppState) -> Result<(), AppError> {
    if state.site.is_demo() { Ok(()) } else { Err(AppError::NotFound) }
}
