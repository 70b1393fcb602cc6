//! `/pki/acts/{id}/key`: fetching a key that was approved to leave, once, under a passphrase.

use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::acts::{Found, find, standing};
use super::silent_about_one;
use crate::app::AppState;
use crate::auth::Actor;
use crate::documents::serving::attached;
use crate::error::{AppError, Conflict};
use crate::organizations::new_account::{AGAIN, PASSWORD, read_password};
use crate::pki::model::ActKind;
use crate::pki::rules::Standing;
use crate::pki::service::{self, ACTS, NoKey};
use crate::web::components::{ErrorSummary, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, Problem};

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
    page(&exchange, act.id, &FieldProblems::default(), StatusCode::OK)
}

fn page(
    exchange: &Exchange,
    act: uuid::Uuid,
    problems: &FieldProblems,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let complaint = |field: &str| problems.of(field).map(|found| problem(found, lang));
    let fields = vec![
        Field::new_password(PASSWORD, lang.t("pki-passphrase-field"))
            .hint(lang.t("pki-passphrase-hint"))
            .error(complaint(PASSWORD)),
        Field::new_password(AGAIN, lang.t("pki-passphrase-again")).error(complaint(AGAIN)),
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

#[derive(Debug, Deserialize)]
pub(super) struct KeyForm {
    password: SecretString,
    password_again: SecretString,
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
    let KeyForm { password, password_again } = submission.fields;
    let problems = problems(&password, &password_again, &actor);
    if !problems.is_empty() {
        return page(&exchange, act.id, &problems, StatusCode::UNPROCESSABLE_ENTITY);
    }
    match service::fetch_key(&state, &actor, (&act, &decisions), &password, exchange.now()).await {
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

/// What is wrong with a passphrase: what is wrong with passwords, and letters of other alphabets, which become other bytes in other programs, so
/// that these do not open the file.
fn problems(passphrase: &SecretString, again: &SecretString, actor: &Actor) -> FieldProblems {
    let mut problems = FieldProblems::default();
    if passphrase.expose_secret().chars().all(|letter| letter.is_ascii_graphic() || letter == ' ') {
        read_password(&mut problems, passphrase, again, &[&actor.organization.code, &actor.organization.name_en]);
    } else {
        problems.add(PASSWORD, Problem::Refused { text_id: "pki-passphrase-letters", arguments: Vec::new() });
    }
    problems
}
