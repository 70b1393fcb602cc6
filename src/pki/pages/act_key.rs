//! `/pki/acts/{id}/key`: fetching a key that was approved to leave, once, under a passphrase.

use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::acts::{Found, find, standing};
use super::silent_about_one;
use crate::app::AppState;
use crate::auth::Actor;
use crate::auth::new_password::{self, LONGEST, SHORTEST, Unfit};
use crate::documents::serving::attached;
use crate::error::{AppError, Conflict};
use crate::i18n::Lang;
use crate::pki::model::ActKind;
use crate::pki::rules::Standing;
use crate::pki::service::{self, ACTS, NoKey};
use crate::web::components::{ErrorSummary, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::Problem;
use crate::workflow::words::problem;

/// The act, if its key may be fetched by the viewer now.
async fn ready(state: &AppState, exchange: &Exchange, actor: &Actor, id: &str) -> Result<Found, AppError> {
    let found = find(state, actor, id).await?;
    let act = &found.0;
    if act.kind != ActKind::ExportKey || act.requester != actor.user_id {
        return Err(AppError::NotFound);
    }
    if standing(act, &found.1, exchange.now()) == Standing::Issuing {
        return Ok(found);
    }
    Err(conflict(act.id, exchange.lang().t("pki-key-not-ready")))
}

fn conflict(act: uuid::Uuid, sentence: String) -> AppError {
    AppError::Conflict(Conflict {
        sentence: Some(sentence),
        location: Some(format!("{ACTS}/{act}")),
        ..Conflict::default()
    })
}

pub(super) async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (act, ..) = ready(&state, &exchange, &actor, &id).await?;
    page(&exchange, act.id, [None, None], StatusCode::OK)
}

fn page(
    exchange: &Exchange,
    act: uuid::Uuid,
    [complaint, again]: [Option<String>; 2],
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let fields = vec![
        Field::new_password("passphrase", lang.t("pki-passphrase-field"))
            .hint(lang.t("pki-passphrase-hint"))
            .error(complaint),
        Field::new_password("again", lang.t("pki-passphrase-again")).error(again),
    ];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("pki-key-title")),
        lead: vec![lang.t("pki-key-lead")],
        facts: Vec::new(),
        form: Form {
            action: format!("{ACTS}/{act}/key"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(Vec::new(), &fields),
            groups: vec![FieldGroup::plain(fields)],
            submit: lang.t("pki-key-submit"),
            cancel: Some(format!("{ACTS}/{act}")),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

#[derive(Deserialize)]
pub(super) struct KeyForm {
    passphrase: String,
    again: String,
}

/// It holds a secret.
impl std::fmt::Debug for KeyForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyForm")
    }
}

pub(super) async fn fetch(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<KeyForm>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let (act, decisions, _) = ready(&state, &exchange, &actor, &id).await?;
    let KeyForm { passphrase, again } = submission.fields;
    let complaints = complaints(&passphrase, &again, &actor, lang);
    if complaints.iter().any(Option::is_some) {
        return page(&exchange, act.id, complaints, StatusCode::UNPROCESSABLE_ENTITY);
    }
    match service::fetch_key(&state, &actor, (&act, &decisions), passphrase, exchange.now()).await {
        Ok(file) => {
            let mut response = attached(file, "application/x-pkcs12", &format!("key-{}.p12", act.certificate))?;
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(NoKey::Spent) => Err(conflict(act.id, lang.t("pki-key-spent"))),
        Err(NoKey::Refused) => Err(conflict(act.id, lang.t("pki-key-refused"))),
        Err(NoKey::Silent(silence)) => silent_about_one(&exchange, silence),
        Err(NoKey::Database(error)) => Err(error.into()),
    }
}

/// What is wrong with a passphrase, and with its second typing. Letters of other alphabets become other bytes in other programs, which then do
/// not open the file.
fn complaints(passphrase: &str, again: &str, actor: &Actor, lang: Lang) -> [Option<String>; 2] {
    if !passphrase.chars().all(|letter| letter.is_ascii_graphic() || letter == ' ') {
        return [Some(lang.t("pki-passphrase-letters")), None];
    }
    let organization = &actor.organization;
    let first = |found: Problem| [Some(problem(&found, lang)), None];
    match new_password::against(passphrase, again, &[&organization.code, &organization.name_en]) {
        None => [None, None],
        Some(Unfit::Missing) => first(Problem::Missing),
        Some(Unfit::TooShort) => first(Problem::TooShort { least: SHORTEST }),
        Some(Unfit::TooLong) => first(Problem::TooLong { most: LONGEST }),
        Some(Unfit::Guessable) => [Some(lang.t("problem-password-guessable")), None],
        Some(Unfit::Differs) => [None, Some(lang.t("problem-password-differs"))],
    }
}
