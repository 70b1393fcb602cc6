//! `/applications/{subject}/{id}/papers`: what is asked for, what is there, and the form that hands one in.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use uuid::Uuid;

use super::{answer, missing_cards, scan_tag};
use crate::app::AppState;
use crate::auth::Actor;
use crate::documents::file_name::Disposition;
use crate::documents::form::{self, Sent, Typed};
use crate::documents::serving;
use crate::documents::upload::{FILE_FIELD, Upload};
use crate::documents::words as file_words;
use crate::error::{AppError, Forbidden, Unreadable};
use crate::i18n::Lang;
use crate::ids::DocumentId;
use crate::review::files::{ApplicationFile, FileKinds, checklist};
use crate::review::model::{Standing, SubjectKind};
use crate::review::service::{self, Door, HandIn, HandInError, Listed, TakeBack, files_page};
use crate::review::words::refusal;
use crate::web::components::{
    Choice, ErrorSummary, Fact, Field, FieldGroup, FileCard, FileState, Form, Moment, Tag, Tone,
};
use crate::web::csrf::FormGuard;
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::{DocumentsPage, FormPage};
use crate::workflow::words::problem;
use crate::workflow::{FormKey, Problem, Reason, execute};

const REASON_FIELD: &str = "reason";

/// The kind of subject that an address speaks of, and its area's door.
pub(super) fn door_of<'a>(state: &'a AppState, subject: &str) -> Result<(SubjectKind, &'a dyn Door), AppError> {
    let kind = SubjectKind::from_slug(subject).ok_or(AppError::NotFound)?;
    Ok((kind, state.doors.of(kind).ok_or(AppError::NotFound)?))
}

/// The subject that an address speaks of, and its area's door.
pub(super) fn subject_of<'a>(
    state: &'a AppState,
    subject: &str,
    id: &str,
) -> Result<(SubjectKind, &'a dyn Door, Uuid), AppError> {
    let (kind, door) = door_of(state, subject)?;
    Ok((kind, door, id.parse().map_err(|_| AppError::NotFound)?))
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let (kind, door, id) = subject_of(&state, &subject, &id)?;
    let found = service::list(&state.db, &actor, kind, door, id).await?.ok_or(AppError::NotFound)?;
    page(&state, &exchange, &actor, (kind, door), &found, &Typed::default(), StatusCode::OK)
}

pub(super) async fn hand_in(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id)): Path<(String, String)>,
    guard: FormGuard,
    request: Request,
) -> Result<Response, AppError> {
    let (kind, door, id) = subject_of(&state, &subject, &id)?;
    // Before a byte of the file is read.
    let found = service::list(&state.db, &actor, kind, door, id).await?.ok_or(AppError::NotFound)?;
    let (lang, storage, names) = (exchange.lang(), &state.storage, &found.names);
    let upload = Upload::read(request, &guard, storage, &form::FIELDS).await?;
    let kinds = door.file_kinds(&found.standing, &actor);
    let may_be = |kind: &str| kinds.is_empty() || kinds.contains(&kind);
    let shown =
        |typed: &Typed| page(&state, &exchange, &actor, (kind, door), &found, typed, StatusCode::UNPROCESSABLE_ENTITY);
    let sent = match form::read(upload, may_be, storage.upload_limit_bytes(), lang) {
        Ok(sent) => sent,
        Err(typed) => return shown(&typed),
    };
    let Sent { form, document_type, reference_number, file, fields } = sent;
    let paper = HandIn { kind, door, id, document_type, reference_number, file };
    let refused = |error: String| shown(&Typed::faulty(fields.clone(), FILE_FIELD, error));
    let outcome = match service::hand_in(&state.reception(), &actor, form, paper, exchange.now()).await {
        Ok(done) => Ok(done),
        Err(HandInError::NotKept(why)) => return refused(file_words::not_kept(&why, lang)),
        Err(HandInError::Command(failure)) => Err(failure),
        Err(HandInError::Storage(error)) => return Err(error.into()),
    };
    match answer(&exchange, outcome, files_page(kind, id))? {
        Ok(response) => Ok(response),
        // Somebody was quicker by a moment, and there is no room any more.
        Err(refusals) => refused(refusals.iter().map(|one| refusal(one, names, lang)).collect::<Vec<_>>().join(" ")),
    }
}

fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (kind, door): (SubjectKind, &dyn Door),
    Listed { standing, files, names, asked }: &Listed,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let kinds = door.file_kinds(standing, actor);
    let card = |file: &ApplicationFile, state: FileState| FileCard {
        label: names.name(&file.document_type, lang).to_owned(),
        tags: tags(file, exchange),
        reason: file.scan.shut().map(|shut| lang.t(shut.text_id())),
        file_name: Some(file.name.clone()),
        details: vec![file_words::size(file.size_bytes), Moment::at(lang, file.uploaded_at).text, file.by_name.clone()],
        sha256: Some(file.sha256.clone()),
        download_href: file.against_opening(actor).is_none().then(|| format!("/applications/papers/{}", file.id)),
        remove_href: (file.may_be_taken_back_by(actor) && kinds.contains(&file.document_type.as_str()))
            .then(|| format!("{}/{}/removal", files_page(kind, standing.id), file.id)),
        ..FileCard::empty(state)
    };
    let there = files.iter().filter(|file| file.is_active);
    let asked = checklist(asked, files);
    let missing = missing_cards(&asked, names, lang);
    let present = asked.len() - missing.len();
    let progress = [("there", present.to_string().into()), ("all", asked.len().to_string().into())];
    let view = DocumentsPage {
        chrome: exchange.chrome(lang.fill("documents-title", [("reference", standing.reference.clone())])).wide(),
        reference: standing.reference.clone(),
        case_href: door.location(standing.id),
        heading: lang.t(if asked.is_empty() { "documents-given" } else { "documents-checklist" }),
        progress: if asked.is_empty() { String::new() } else { lang.t_args("documents-progress", &progress) },
        rows: Vec::new(),
        checklist: missing.into_iter().chain(there.map(|file| card(file, FileState::Present))).collect(),
        earlier: files.iter().filter(|file| !file.is_active).map(|file| card(file, FileState::Optional)).collect(),
        notice: file_words::notice(state.scanner.is_some(), lang),
        upload: (!kinds.is_empty()).then(|| upload_form(state, exchange, kind, standing, &kinds, names, typed)),
    };
    crate::web::answer(&view, status)
}

fn tags(file: &ApplicationFile, exchange: &Exchange) -> Vec<Tag> {
    let lang = exchange.lang();
    let mut tags = Vec::new();
    if file.version > 1 || !file.is_active {
        let version = lang.fill("documents-version", [("version", file.version.to_string())]);
        tags.push(Tag::new(version, Tone::Neutral));
    }
    tags.extend(scan_tag(file, lang));
    tags
}

fn upload_form(
    state: &AppState,
    exchange: &Exchange,
    kind: SubjectKind,
    standing: &Standing,
    kinds: &[&'static str],
    names: &FileKinds,
    typed: &Typed,
) -> Form {
    let kinds = kinds.iter().map(|kind| Choice::new(*kind, names.name(kind, exchange.lang())));
    form::attach_form(exchange, files_page(kind, standing.id), kinds, state.storage.upload_limit_bytes(), typed)
}

/// The form of a removal.
#[derive(Debug, Deserialize)]
pub(super) struct RemovalForm {
    reason: String,
}

pub(super) async fn ask_removal(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id, paper)): Path<(String, String, String)>,
) -> Result<Response, AppError> {
    let address = subject_of(&state, &subject, &id)?;
    removal_page(&state, &exchange, &actor, address, document_id(&paper)?, "", None).await
}

pub(super) async fn take_back(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((subject, id, paper)): Path<(String, String, String)>,
    submission: Submission<RemovalForm>,
) -> Result<Response, AppError> {
    let (kind, door, id) = subject_of(&state, &subject, &id)?;
    let paper = document_id(&paper)?;
    let typed = &submission.fields.reason;
    let reason = match Reason::parse(typed) {
        Ok(reason) => reason,
        Err(found) => {
            return removal_page(&state, &exchange, &actor, (kind, door, id), paper, typed, Some(found)).await;
        }
    };
    let command = TakeBack { kind, door, id, paper, reason };
    let outcome = execute(&state.db, &actor, FormKey::of(&submission)?, &command, exchange.now()).await;
    answer(&exchange, outcome, files_page(kind, id))?.map_err(|_| AppError::Unreadable(Unreadable::Fields))
}

async fn removal_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    (kind, door, id): (SubjectKind, &dyn Door, Uuid),
    paper: DocumentId,
    typed: &str,
    found: Option<Problem>,
) -> Result<Response, AppError> {
    let listed = service::list(&state.db, actor, kind, door, id).await?.ok_or(AppError::NotFound)?;
    let Listed { standing, files, names, .. } = listed;
    let kinds = door.file_kinds(&standing, actor);
    let file = files.iter().find(|file| {
        file.id == paper && file.may_be_taken_back_by(actor) && kinds.contains(&file.document_type.as_str())
    });
    let file = file.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let status = if found.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let reason = Field::textarea(REASON_FIELD, lang.t("documents-removal-reason"))
        .hint(lang.t("documents-removal-reason-hint"))
        .value(typed)
        .error(found.map(|found| problem(&found, lang)));
    let view = FormPage {
        chrome: exchange.chrome(lang.t("documents-removal-title")),
        lead: vec![lang.t("documents-removal-lead")],
        facts: vec![
            Fact::new(lang.t("documents-type"), names.name(&file.document_type, lang)),
            Fact::new(lang.t("documents-file-name"), &file.name).note(Moment::at(lang, file.uploaded_at).text),
        ],
        form: Form {
            action: format!("{}/{}/removal", files_page(kind, id), file.id),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), [&reason]),
            groups: vec![FieldGroup::plain(vec![reason])],
            submit: lang.t("documents-removal-submit"),
            cancel: Some(files_page(kind, id)),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

/// `GET /applications/papers/{document_id}`.
pub(super) async fn download(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let file = found(&state, (&actor, exchange.lang()), &id).await?;
    let response =
        serving::respond(&state.storage, (&file.key, &file.name, file.kind), Disposition::Attachment).await?;
    service::record_download(&state.db, &actor, &file, exchange.now()).await?;
    Ok(response)
}

/// `GET /applications/papers/{document_id}/preview`, for the frame beside a case.
pub(super) async fn preview(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let file = found(&state, (&actor, exchange.lang()), &id).await?;
    serving::respond(&state.storage, (&file.key, &file.name, file.kind), Disposition::Inline).await
}

async fn found(state: &AppState, (actor, lang): (&Actor, Lang), id: &str) -> Result<ApplicationFile, AppError> {
    let id = document_id(id)?;
    let file = service::find_file(&state.db, actor, &state.doors, id).await?.ok_or(AppError::NotFound)?;
    match file.against_opening(actor) {
        None => Ok(file),
        Some(shut) => Err(AppError::Forbidden(Forbidden::Step(lang.t(shut.text_id())))),
    }
}

fn document_id(text: &str) -> Result<DocumentId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
