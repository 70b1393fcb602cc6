//! `/papers`: every paper that the viewer may see, newest first; and `/exports/{id}/papers`: those of an export, with
//! what others have issued for it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use serde::Deserialize;

use crate::app::AppState;
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::certificates::model::{OtherCertificate, PaperFilter, PaperKind, PaperLine, PaperState};
use crate::certificates::service;
use crate::certificates::{rules, sheet};
use crate::error::AppError;
use crate::exports::may_prepare_papers;
use crate::exports::pages::html;
use crate::i18n::Lang;
use crate::ids::{ExportId, PaperId};
use crate::web::chrome::Chrome;
use crate::web::components::{Choice, EmptyState, Field, Moment, Paging, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::paging::{Cursor, Page};
use crate::web::query::Query;

const PAGE: usize = 25;

#[derive(Template)]
#[template(path = "certificates/list.html")]
struct ExportPapersPage {
    chrome: Chrome,
    back: String,
    /// Where the exporter prepares its own papers of the export.
    prepare: Option<String>,
    papers: Vec<PaperRow>,
    others: Vec<OtherRow>,
    record_other: Option<String>,
}

#[derive(Template)]
#[template(path = "certificates/all.html")]
struct AllPapersPage {
    chrome: Chrome,
    filters: Vec<Field>,
    clear: Option<String>,
    papers: Vec<PaperRow>,
    /// Whether the papers are of several firms.
    of_several: bool,
    ico_return: bool,
    paging: Paging,
    empty: EmptyState,
}

/// A paper in a list.
struct PaperRow {
    href: String,
    record: String,
    kind: String,
    number: String,
    duplicate: Option<String>,
    owner: String,
    state: Tag,
    since: Option<String>,
    issued: Moment,
    issued_by: String,
    prints: Vec<(String, String, Moment)>,
    public: String,
    code: String,
}

/// A certificate of origin that somebody else has issued.
struct OtherRow {
    kind: String,
    number: String,
    issuer: String,
    issued: String,
    recorded_by: String,
    struck: Option<(String, Moment)>,
    strike: Option<String>,
}

/// What the list is narrowed by.
#[derive(Debug, Default, Deserialize)]
pub(super) struct PapersQuery {
    kind: Option<String>,
    q: Option<String>,
    after: Option<Cursor>,
}

impl PapersQuery {
    fn filter(&self) -> PaperFilter {
        PaperFilter {
            kind: self.kind.as_deref().and_then(PaperKind::from_code),
            // Numbers have capitals only.
            number: self.q.as_deref().map(|typed| typed.trim().to_uppercase()).filter(|number| !number.is_empty()),
        }
    }

    fn address(&self, after: Option<Cursor>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("kind", &self.kind), ("q", &self.q)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        if let Some(after) = after {
            query.append_pair("after", &after.to_string());
        }
        let query = query.finish();
        if query.is_empty() { "/papers".to_owned() } else { format!("/papers?{query}") }
    }
}

pub(super) async fn all(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Query(query): Query<PapersQuery>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let after = query.after.map(|cursor| (cursor.at, PaperId(cursor.id)));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let papers = service::newest(&state.db, &actor, &query.filter(), after, limit, exchange.now()).await?;
    let page = Page::of(papers, PAGE, |paper| Cursor { at: paper.issued_at, id: paper.id.0 });
    let mut kinds = vec![Choice::new("", lang.t("common-any"))];
    kinds.extend(PaperKind::ALL.iter().map(|kind| Choice::new(kind.code(), lang.name_of("paper", kind.code()))));
    let is_narrowed = query.kind.is_some() || query.q.is_some();
    html(&AllPapersPage {
        chrome: exchange.chrome(lang.t("nav-papers")).wide(),
        filters: vec![
            Field::select("kind", lang.t("papers-kind"), kinds).value(query.kind.clone().unwrap_or_default()),
            Field::text("q", lang.t("papers-number")).value(query.q.clone().unwrap_or_default()),
        ],
        clear: is_narrowed.then(|| "/papers".to_owned()),
        papers: page.rows.iter().map(|paper| row(paper, lang)).collect(),
        of_several: actor.organization.kind != OrganizationKind::Exporter,
        ico_return: actor.may(Permission::FileIcoReturn),
        paging: Paging {
            newer: query.after.map(|_| query.address(None)),
            older: page.next.map(|cursor| query.address(Some(cursor))),
            shown: String::new(),
        },
        empty: EmptyState {
            title: lang.t("papers-none-title"),
            text: lang.t(if is_narrowed { "exports-empty-text" } else { "papers-all-none-text" }),
            action: None,
        },
    })
}

pub(super) async fn of_export(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id: ExportId = id.parse().map_err(|_| AppError::NotFound)?;
    let found = service::list(&state.db, &actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let may_record = rules::against_recording(&found.export, &actor).is_none();
    html(&ExportPapersPage {
        chrome: exchange.chrome(lang.t_args("papers-title", &[("number", found.export.number.clone().into())])).wide(),
        back: format!("/exports/{id}"),
        prepare: may_prepare_papers(&found.export, &actor).then(|| format!("/exports/{id}/commercial")),
        papers: found.papers.iter().map(|paper| row(paper, lang)).collect(),
        others: found.others.iter().map(|other| other_row(other, id, &actor, lang)).collect(),
        record_other: may_record.then(|| format!("/exports/{id}/origin-certificates")),
    })
}

fn other_row(other: &OtherCertificate, export: ExportId, actor: &Actor, lang: Lang) -> OtherRow {
    let may_strike = rules::against_striking(other, actor).is_none();
    OtherRow {
        kind: lang.name_of("origin", other.kind.code()),
        number: other.number.clone(),
        issuer: other.issuer.clone().unwrap_or_default(),
        issued: Moment::legal_day(lang, other.issued_on).text,
        recorded_by: other.recorded_by.clone(),
        struck: other.withdrawn.as_ref().map(|one| (one.reason.clone(), Moment::at(lang, one.at))),
        strike: may_strike.then(|| format!("/exports/{export}/origin-certificates/{}/withdrawal", other.id)),
    }
}

fn row(paper: &PaperLine, lang: Lang) -> PaperRow {
    PaperRow {
        href: format!("/papers/{}", paper.id),
        record: format!("/papers/{}/record", paper.id),
        kind: lang.name_of("paper", paper.kind.code()),
        number: paper.number.clone(),
        duplicate: (paper.duplicate > 0).then(|| sheet::duplicate_label(paper.duplicate).in_lang(lang).to_owned()),
        owner: paper.owner_name.in_lang(lang).to_owned(),
        state: state_tag(paper.state, lang),
        since: paper.since.map(|since| Moment::day(lang, since).text),
        issued: Moment::at(lang, paper.issued_at),
        issued_by: paper.issued_by.clone(),
        prints: prints(paper, lang),
        public: paper.code.path(),
        code: paper.code.grouped(),
    }
}

/// What a paper is worth, coloured.
pub(super) fn state_tag(state: PaperState, lang: Lang) -> Tag {
    let tone = match state {
        PaperState::Valid => Tone::Good,
        PaperState::Used => Tone::Info,
        PaperState::Expired | PaperState::Replaced | PaperState::Lost => Tone::Warn,
        PaperState::Revoked | PaperState::Suspended => Tone::Bad,
    };
    Tag::new(sheet::state_in_words(state, lang), tone)
}

/// The prints on record: which sheet, who printed it, when.
pub(super) fn prints(paper: &PaperLine, lang: Lang) -> Vec<(String, String, Moment)> {
    let print_of = |print: &crate::certificates::Print| {
        let label = sheet::sheet_label(print.sheet, paper.duplicate);
        (label.in_lang(lang).to_owned(), print.by_name.clone(), Moment::at(lang, print.at))
    };
    paper.prints.iter().map(print_of).collect()
}
