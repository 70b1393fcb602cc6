//! `/exports/{id}/documents`: what the export needs, what is there, and the form that attaches one.

use std::collections::BTreeMap;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::StatusCode;

use super::act;
use super::case::export_id;
use super::words;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::documents::checklist::required;
use crate::documents::upload::{FILE_FIELD, SentFile, Upload};
use crate::documents::words as file_words;
use crate::documents::{Document, storage::Storage};
use crate::error::{AppError, Conflict, Forbidden, Unreadable};
use crate::exports::catalog::Catalog;
use crate::exports::rules::checklist::may_issue_here;
use crate::exports::rules::documents::{Change, DocumentRefusal, against_removing, may_attach, may_bring, may_open};
use crate::exports::service::documents::{self, AttachError, Attachment, CaseDocuments};
use crate::exports::{Export, PaperLine, paper_for};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{Choice, ErrorSummary, Field, FileCard, FileState, Moment, Tag, Tone};
use crate::web::csrf::FormGuard;
use crate::web::exchange::Exchange;
use crate::web::views::{DocumentsPage, UploadForm};
use crate::workflow::{CommandError, FieldReader, FormKey};

const TYPE_FIELD: &str = "document_type";
const NUMBER_FIELD: &str = "reference_number";
/// The column's own limit.
const LONGEST_NUMBER: usize = 60;

/// The form as it was sent, and what is wrong with it by field.
#[derive(Debug, Default)]
struct Typed {
    fields: BTreeMap<String, String>,
    errors: BTreeMap<&'static str, String>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let found = documents::list(&state.db, &actor, export_id(&id)?).await?.ok_or(AppError::NotFound)?;
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
    let found = documents::list(&state.db, &actor, id).await?.ok_or(AppError::NotFound)?;
    let (lang, storage) = (exchange.lang(), &state.storage);
    let upload = Upload::read(request, &guard, storage, &[TYPE_FIELD, NUMBER_FIELD]).await?;

    let mut reader = FieldReader::new(&upload.fields);
    let document_type = reader.raw(TYPE_FIELD).to_owned();
    let reference_number = reader.optional_text(NUMBER_FIELD, LONGEST_NUMBER);
    let mut errors = BTreeMap::new();
    if document_type.is_empty() {
        errors.insert(TYPE_FIELD, lang.t("documents-choose-type"));
    }
    if let Some(problem) = reader.problems.of(NUMBER_FIELD) {
        errors.insert(NUMBER_FIELD, words::problem(problem, lang));
    }
    let file = match &upload.file {
        SentFile::Missing => Err(lang.t("documents-choose-file")),
        SentFile::Refused(refusal) => Err(file_words::refusal(refusal, storage.upload_limit_bytes(), lang)),
        SentFile::Accepted(file) => Ok(upload.request_hash(file)),
    };
    let request_hash = file.map_err(|error| errors.insert(FILE_FIELD, error));
    let (Ok(request_hash), SentFile::Accepted(file), true) = (request_hash, upload.file, errors.is_empty()) else {
        let typed = Typed { fields: upload.fields, errors };
        return page(&state, &exchange, &actor, &found, &typed, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let form = FormKey { key: upload.token.key, request_hash };
    let attachment = Attachment { export: id, document_type, reference_number, file: *file };
    let refusal = match documents::attach(&state.db, storage, &actor, form, attachment, exchange.now()).await {
        Ok(done) => return Ok(act::done(&exchange, &done)),
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
            let errors = BTreeMap::from([(TYPE_FIELD, lang.t(refusal.text_id()))]);
            let typed = Typed { fields: upload.fields, errors };
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
        DocumentRefusal::MayNotAttach | DocumentRefusal::NotOwn => Some(AppError::Forbidden(Forbidden::Step(sentence))),
        DocumentRefusal::Closed(change) | DocumentRefusal::TooLate(change) | DocumentRefusal::Gone(change) => {
            Some(conflict(change))
        }
        DocumentRefusal::UnknownType | DocumentRefusal::NotYoursToBring => None,
    }
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    CaseDocuments { export, documents, papers }: &CaseDocuments,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let catalog = state.catalog.get(&state.db, eat_date(exchange.now())).await?;
    let lang = exchange.lang();
    let list = Checklist { export, documents, papers, actor, catalog: &catalog, lang };
    let (asked_for, there) = list.asked_for();
    let progress = [("there", there.to_string().into()), ("all", asked_for.len().to_string().into())];
    let title = lang.fill("documents-title", [("reference", export.number.clone())]);
    let view = DocumentsPage {
        chrome: exchange.chrome(title).wide(),
        reference: export.number.clone(),
        case_href: format!("/exports/{}", export.id),
        progress: lang.t_args("documents-progress", &progress),
        checklist: asked_for.into_iter().chain(list.more()).collect(),
        earlier: list.earlier(),
        notice: lang.t("documents-not-scanned"),
        upload: may_attach(export, actor)
            .then(|| upload_form(exchange, &state.storage, actor, export, &catalog, typed)),
    };
    let mut response = super::html(&view)?;
    *response.status_mut() = status;
    Ok(response)
}

fn upload_form(
    exchange: &Exchange,
    storage: &Storage,
    actor: &Actor,
    export: &Export,
    catalog: &Catalog,
    typed: &Typed,
) -> UploadForm {
    let (lang, max_bytes) = (exchange.lang(), storage.upload_limit_bytes());
    let size = file_words::size(max_bytes);
    let value = |name: &str| typed.fields.get(name).cloned().unwrap_or_default();
    let error = |name: &str| typed.errors.get(name).cloned();
    let kinds = catalog
        .document_types
        .iter()
        .filter(|kind| may_bring(actor.organization.kind, &kind.code, &kind.provided_by))
        .map(|kind| Choice::new(&kind.code, kind.name.name(lang)));
    let choices = std::iter::once(Choice::new("", lang.t("field-choose"))).chain(kinds).collect();
    let document_type =
        Field::select(TYPE_FIELD, lang.t("documents-type"), choices).value(value(TYPE_FIELD)).error(error(TYPE_FIELD));
    let number = Field::text(NUMBER_FIELD, lang.t("documents-number"))
        .optional()
        .value(value(NUMBER_FIELD))
        .error(error(NUMBER_FIELD));
    let file = Field::file(FILE_FIELD, lang.t("documents-file"))
        .hint(lang.fill("documents-file-hint", [("size", size.clone())]))
        .error(error(FILE_FIELD));
    UploadForm {
        action: format!("/exports/{}/documents", export.id),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(Vec::new(), [&document_type, &number, &file]),
        document_type,
        number,
        file,
        max_bytes,
        too_large: lang.fill("documents-too-large", [("size", size)]),
    }
}

/// A paper in the place of a file: there is nothing to upload.
pub(super) fn issued_here(paper: &PaperLine, lang: Lang) -> FileCard {
    FileCard {
        file_name: Some(paper.number.clone()),
        details: vec![lang.t("documents-issued-here"), lang.name_of("paper", &paper.kind)],
        view_href: Some(format!("/papers/{}", paper.paper_id)),
        ..FileCard::empty(FileState::Present)
    }
}

/// What the lists are drawn from.
struct Checklist<'a> {
    export: &'a Export,
    documents: &'a [Document],
    papers: &'a [PaperLine],
    actor: &'a Actor,
    catalog: &'a Catalog,
    lang: Lang,
}

impl Checklist<'_> {
    /// What the export's terms call for, missing first, and how many of them are there.
    fn asked_for(&self) -> (Vec<FileCard>, usize) {
        let mut missing = Vec::new();
        let mut present = Vec::new();
        for rule in self.required() {
            let reason = self.lang.fill(
                "documents-needed",
                [
                    ("stage", self.lang.name_of("stage", &rule.needed_for_stage)),
                    ("provider", self.lang.name_of("organization-kind", &rule.provided_by)),
                ],
            );
            match self.documents.iter().find(|d| d.is_active() && d.document_type == rule.document_type) {
                Some(document) => present.push(self.card(document, FileState::Present, Some(reason))),
                None if let Some(paper) = paper_for(self.export, self.papers, &rule.document_type) => {
                    present.push(FileCard {
                        label: self.catalog.document(&rule.document_type, self.lang).to_owned(),
                        reason: Some(reason),
                        ..issued_here(paper, self.lang)
                    });
                }
                None if may_issue_here(self.export, self.actor, &rule.document_type) => missing.push(FileCard {
                    label: self.catalog.document(&rule.document_type, self.lang).to_owned(),
                    reason: Some(format!("{reason} {}", self.lang.t("documents-issue-here"))),
                    view_href: Some(format!("/exports/{}/commercial", self.export.id)),
                    ..FileCard::empty(FileState::Missing)
                }),
                None => missing.push(FileCard {
                    label: self.catalog.document(&rule.document_type, self.lang).to_owned(),
                    reason: Some(reason),
                    ..FileCard::empty(FileState::Missing)
                }),
            }
        }
        let there = present.len();
        missing.extend(present);
        (missing, there)
    }

    fn required(&self) -> Vec<&crate::documents::checklist::Requirement> {
        let is_eu = self.catalog.is_eu(&self.export.destination_country);
        required(&self.catalog.requirements, &crate::exports::terms_of(self.export, is_eu))
    }

    /// What was attached beyond that: of other kinds, or of the same by another organisation.
    fn more(&self) -> Vec<FileCard> {
        let required = self.required();
        let is_first = |document: &Document| {
            let same = |other: &&Document| other.is_active() && other.document_type == document.document_type;
            self.documents.iter().find(same).is_some_and(|first| first.id == document.id)
        };
        self.documents
            .iter()
            .filter(|document| document.is_active())
            .filter(|d| !(is_first(d) && required.iter().any(|rule| rule.document_type == d.document_type)))
            .map(|document| self.card(document, FileState::Present, None))
            .collect()
    }

    /// What was replaced or removed.
    fn earlier(&self) -> Vec<FileCard> {
        let ended = self.documents.iter().filter(|document| !document.is_active());
        ended.map(|document| self.card(document, FileState::Optional, None)).collect()
    }

    fn card(&self, document: &Document, state: FileState, reason: Option<String>) -> FileCard {
        let lang = self.lang;
        let mut details = vec![file_words::size(document.size_bytes)];
        details.extend(
            document.reference_number.as_ref().map(|number| lang.fill("documents-number-is", [("number", number)])),
        );
        details.extend([Moment::at(lang, document.uploaded_at).text, document.by_name.clone()]);
        let mut tags = Vec::new();
        if document.version > 1 || !document.is_active() {
            let version = lang.fill("documents-version", [("version", document.version.to_string())]);
            tags.push(Tag::new(version, Tone::Neutral));
        }
        let mut reason = reason;
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
        if !document.is_scanned && document.is_active() {
            tags.push(Tag::new(lang.t("documents-tag-not-scanned"), Tone::Neutral));
        }
        let opens = may_open(document, self.actor);
        FileCard {
            label: self.catalog.document(&document.document_type, lang).to_owned(),
            reason,
            tags,
            file_name: Some(document.name.clone()),
            details,
            sha256: Some(document.sha256.clone()),
            view_href: document
                .is_active()
                .then(|| format!("/exports/{}?document={}#document", self.export.id, document.id)),
            download_href: opens.then(|| format!("/documents/{}", document.id)),
            remove_href: against_removing(self.export, "", document, self.actor)
                .is_none()
                .then(|| format!("/exports/{}/documents/{}/removal", self.export.id, document.id)),
            ..FileCard::empty(state)
        }
    }
}
