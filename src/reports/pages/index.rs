//! `GET /reports`: the reports that the viewer may open.

use axum::response::Response;

use crate::auth::Actor;
use crate::error::AppError;
use crate::reports::model::Report;
use crate::reports::rules::may_see;
use crate::web::components::EmptyState;
use crate::web::exchange::Exchange;
use crate::web::views::{Cell, Section, TablePage};

pub(super) async fn show(exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let rows = Report::ALL
        .iter()
        .filter(|report| may_see(&actor, **report))
        .map(|report| {
            vec![
                Cell::new(lang.name_of("report", report.code())).href(format!("/reports/{report}")),
                Cell::new(lang.name_of("report-lead", report.code())),
            ]
        })
        .collect();
    crate::web::html(&TablePage {
        lead: vec![lang.t("reports-lead")],
        sections: vec![Section {
            id: "reports",
            title: lang.t("nav-reports"),
            is_titled: false,
            head: vec![(lang.t("reports-report"), false), (lang.t("reports-about"), false)],
            rows,
            empty: EmptyState { title: lang.t("reports-none-title"), text: lang.t("reports-none-text"), action: None },
            paging: None,
        }],
        ..TablePage::of(exchange.chrome(lang.t("nav-reports")).wide(), "/reports")
    })
}
