//! `/exports/{id}/documents`: what the export needs, what is there, and the form that attaches one.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::StatusCode;

use super::act;
use super::case::export_id;
use super::checklist::{self, Line};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::documents::form::{self, Sent, Typed};
use crate::documents::upload::{FILE_FIELD, Upload};
use crate::documents::words as file_words;
use crate::documents::{Document, Shut, Verdict, storage::Storage};
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::exports::Export;
use crate::exports::catalog::Catalog;
use crate::exports::rules::checklist::{Standing, may_issue_here};
use crate::exports::rules::documents::{
    Change, DocumentRefusal, against_checking, against_removing, against_revoking, against_waiving, may_attach,
    may_bring, may_open,
};
use crate::exports::service::documents::{self, AttachError, Attachment, CaseDocuments};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{
    ActionButton, ChecklistFile, ChecklistRow, Choice, FileCard, FileState, Form, Moment, Tag, Tone,
};
use crate::web::csrf::FormGuard;
use crate::web::exchange::Exchange;
use crate::web::views::DocumentsPage;
use crate::workflow::CommandError;

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let found = documents::list(&state.db, &actor, export_id(&id)?, exchange.now()).await?.ok_or(AppError::NotFound)?;
    page(&state, &exchange, &actor, &found, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn attach(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    guard: FormGuard,
    request: Request,
) -> Result<Response, AppError> {
    let id = export_id(&id)?;
    // Before a byte of the file is read.
    let found = documents::list(&state.db, &actor, id, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let (lang, storage) = (exchange.lang(), &state.storage);
    let upload = Upload::read(request, &guard, storage, &form::FIELDS).await?;
    let sent = match form::read(upload, |kind| !kind.is_empty(), storage.upload_limit_bytes(), lang) {
        Ok(sent) => sent,
        Err(typed) => return page(&state, &exchange, &actor, &found, &typed, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let Sent { form, document_type, reference_number, file, fields } = sent;
    let attachment = Attachment { export: id, document_type, reference_number, file };
    let refusal = match documents::attach(&state.reception(), &actor, form, attachment, exchange.now()).await {
        Ok(done) => return Ok(act::done(&exchange, &done)),
        Err(AttachError::NotKept(why)) => {
            let typed = Typed::faulty(fields, FILE_FIELD, file_words::not_kept(&why, lang));
            return page(&state, &exchange, &actor, &found, &typed, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(AttachError::Storage(error)) => return Err(error.into()),
        Err(AttachError::Command(CommandError::Database(error))) => return Err(error.into()),
        Err(AttachError::Command(CommandError::KeyReused)) => {
            return Err(AppError::Unreadable(Unreadable::KeyReused));
        }
        Err(AttachError::Command(CommandError::Refused(refusal))) => refusal,
    };
    match answer_of(&refusal, id, lang) {
        Some(error) => Err(error),
        None => {
            let typed = Typed::faulty(fields, form::TYPE_FIELD, lang.t(refusal.text_id()));
            page(&state, &exchange, &actor, &found, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The answer to a refusal; `None` for one about the kind of document, which is said at its field.
pub(super) fn answer_of(refusal: &DocumentRefusal, export: ExportId, lang: Lang) -> Option<AppError> {
    let sentence = lang.t(refusal.text_id());
    let conflict = |change: &Change| {
        AppError::Conflict(Conflict {
            who: Some(change.by.clone()).filter(|name| !name.is_empty()),
            when: Some(change.at),
            sentence: Some(sentence.clone()),
            location: Some(format!("/exports/{export}/documents")),
        })
    };
    match refusal {
        DocumentRefusal::NotFound => Some(AppError::NotFound),
        DocumentRefusal::MayNotAttach
        | DocumentRefusal::NotOwn
        | DocumentRefusal::NotYoursToCheck
        | DocumentRefusal::OwnPart => Some(AppError::Forbidden(Forbidden::Step(sentence))),
        DocumentRefusal::Closed(change)
        | DocumentRefusal::TooLate(change)
        | DocumentRefusal::Gone(change)
        | DocumentRefusal::StepPassed(change)
        | DocumentRefusal::FoundBefore(change)
        | DocumentRefusal::WaivedBefore(change) => Some(conflict(change)),
        DocumentRefusal::NotAskedFor
        | DocumentRefusal::NotSubmitted
        | DocumentRefusal::IsThere
        | DocumentRefusal::Shut(_)
        | DocumentRefusal::NotWaived => Some(AppError::Conflict(Conflict {
            sentence: Some(sentence),
            location: Some(format!("/exports/{export}/documents")),
            ..Conflict::default()
        })),
        DocumentRefusal::UnknownType | DocumentRefusal::NotYoursToBring | DocumentRefusal::NoRoom(_) => None,
    }
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    found: &CaseDocuments,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let lang = exchange.lang();
    let export = &found.export;
    let lists = Lists { found, actor, catalog: &catalog, exchange };
    let (checklist, there, all) = lists.checklist();
    let progress = [("there", there.to_string().into()), ("all", all.to_string().into())];
    let title = lang.fill("documents-title", [("reference", export.number.clone())]);
    let view = DocumentsPage {
        chrome: exchange.chrome(title).wide(),
        reference: export.number.clone(),
        case_href: format!("/exports/{}", export.id),
        heading: lang.t("documents-checklist"),
        progress: lang.t_args("documents-progress", &progress),
        checklist: Vec::new(),
        rows: checklist,
        earlier: lists.earlier(),
        notice: file_words::notice(state.scanner.is_some(), lang),
        upload: may_attach(export, actor)
            .then(|| upload_form(exchange, &state.storage, actor, export, &catalog, typed)),
    };
    crate::web::answer(&view, status)
}

fn upload_form(
    exchange: &Exchange,
    storage: &Storage,
    actor: &Actor,
    export: &Export,
    catalog: &Catalog,
    typed: &Typed,
) -> Form {
    let kinds = catalog
        .document_types
        .iter()
        .filter(|kind| may_bring(actor.organization.kind, &kind.code, &kind.provided_by))
        .map(|kind| Choice::new(&kind.code, kind.name.name(exchange.lang())));
    let action = format!("/exports/{}/documents", export.id);
    form::attach_form(exchange, action, kinds, storage.upload_limit_bytes(), typed)
}

/// What the lists are drawn from.
struct Lists<'a> {
    found: &'a CaseDocuments,
    actor: &'a Actor,
    catalog: &'a Catalog,
    exchange: &'a Exchange,
}

impl Lists<'_> {
    /// The checklist with what the viewer may do, and how many of what is asked for are there.
    fn checklist(&self) -> (Vec<ChecklistRow>, usize, usize) {
        let (found, lang) = (self.found, self.exchange.lang());
        let active: Vec<Document> = found.documents.iter().filter(|d| d.is_active()).cloned().collect();
        let source = checklist::Source {
            export: &found.export,
            required: &found.context.required,
            wanted_now: &found.context.missing_documents,
            approved: &found.context.prior,
            files: &active,
            papers: &found.papers,
            waivers: &found.waivers,
            catalog: self.catalog,
            lang,
        };
        let lines = source.lines(|one, other| one.id == other.id, |document| self.file(document));
        let there = lines.iter().take(found.context.required.len()).filter(|line| line.standing.counts()).count();
        let rows = lines.into_iter().map(|line| self.with_acts(line)).collect();
        (rows, there, found.context.required.len())
    }

    fn file(&self, document: &Document) -> ChecklistFile {
        let lang = self.exchange.lang();
        let mut details = vec![file_words::size(document.size_bytes)];
        details.extend(
            document.reference_number.as_ref().map(|number| lang.fill("documents-number-is", [("number", number)])),
        );
        details.extend([Moment::at(lang, document.uploaded_at).text, document.by_name.clone()]);
        if document.version > 1 {
            details.push(lang.fill("documents-version", [("version", document.version.to_string())]));
        }
        details.push(file_words::scan(&document.scan, lang));
        ChecklistFile {
            name: document.name.clone(),
            details,
            sha256: Some(document.sha256.clone()),
            view_href: may_open(document, self.actor)
                .then(|| format!("/exports/{}?document={}#document", self.found.export.id, document.id)),
            download_href: may_open(document, self.actor).then(|| format!("/documents/{}", document.id)),
        }
    }

    /// What the viewer may do with a line: the same rules that the commands ask again.
    fn with_acts(&self, line: Line<'_, Document>) -> ChecklistRow {
        let CaseDocuments { export, context, .. } = self.found;
        let (actor, lang) = (self.actor, self.exchange.lang());
        let address = format!("/exports/{}", export.id);
        let Line { rule, standing, mut row } = line;
        let button = |action: String, label: &str| ActionButton {
            action,
            token: self.exchange.form_token(None),
            says: None,
            label: lang.t(label),
            about: row.label.clone(),
        };
        let mut buttons = Vec::new();
        let mut links = Vec::new();
        if let Some(document) = standing.file() {
            let may = |verdict| against_checking(export, rule, document, verdict, actor, context).is_none();
            let path = format!("{address}/documents/{}", document.id);
            if may(Verdict::Checked) {
                buttons.push(button(format!("{path}/check"), "documents-check"));
            }
            if may(Verdict::Rejected) {
                links.push((format!("{path}/rejection"), lang.t("documents-reject")));
            }
            if against_removing(export, "", document, actor).is_none() {
                links.push((format!("{path}/removal"), lang.t("documents-remove")));
            }
        }
        if let Some(rule) = rule {
            let waiver = format!("{address}/waivers/{}", rule.document_type);
            if against_waiving(export, Some(rule), standing.stand(), actor, context).is_none() {
                links.push((waiver.clone(), lang.t("documents-waive")));
            }
            if against_revoking(export, Some(rule), standing.stand(), actor, context).is_none() {
                buttons.push(button(format!("{waiver}/revocation"), "documents-waiver-revoke"));
            }
            if matches!(standing, Standing::Missing | Standing::Rejected(..) | Standing::Shut(_, Shut::Infected))
                && may_issue_here(export, actor, &rule.document_type)
            {
                links.push((format!("{address}/commercial"), lang.t("documents-issue-here")));
            }
        }
        row.buttons = buttons;
        row.links = links;
        row
    }

    /// What was replaced or removed.
    fn earlier(&self) -> Vec<FileCard> {
        let ended = self.found.documents.iter().filter(|document| !document.is_active());
        ended.map(|document| self.card(document)).collect()
    }

    fn card(&self, document: &Document) -> FileCard {
        let lang = self.exchange.lang();
        let mut details = vec![file_words::size(document.size_bytes)];
        details.extend(
            document.reference_number.as_ref().map(|number| lang.fill("documents-number-is", [("number", number)])),
        );
        details.extend([Moment::at(lang, document.uploaded_at).text, document.by_name.clone()]);
        details.push(file_words::scan(&document.scan, lang));
        let version = lang.fill("documents-version", [("version", document.version.to_string())]);
        let mut tags = vec![Tag::new(version, Tone::Neutral)];
        let mut reason = None;
        if let Some(ended) = &document.ended {
            let (tag, tone) = match &ended.reason {
                None => ("documents-tag-replaced", Tone::Neutral),
                Some(_) => ("documents-tag-removed", Tone::Warn),
            };
            tags.push(Tag::new(lang.t(tag), tone));
            reason = ended.reason.as_ref().map(|why| {
                let values =
                    [("by", ended.by_name.clone()), ("at", Moment::at(lang, ended.at).text), ("reason", why.clone())];
                lang.fill("documents-removed-because", values)
            });
        }
        // What made another one necessary stays to be read.
        if let Some(check) = document.check.as_ref().filter(|check| check.verdict == Verdict::Rejected) {
            tags.push(Tag::new(lang.t("documents-state-rejected"), Tone::Bad));
            let why = check.reason.clone().unwrap_or_default();
            let found = format!("{}, {}: {why}", check.by_name, Moment::at(lang, check.at).text);
            reason = Some(reason.map_or_else(|| found.clone(), |reason| format!("{reason} · {found}")));
        }
        FileCard {
            label: self.catalog.document(&document.document_type, lang).to_owned(),
            reason,
            tags,
            file_name: Some(document.name.clone()),
            details,
            sha256: Some(document.sha256.clone()),
            download_href: may_open(document, self.actor).then(|| format!("/documents/{}", document.id)),
            ..FileCard::empty(FileState::Optional)
        }
    }
}
