//! `/register`: for a firm that wants to export. It leads to the page on which one signs in.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;

use super::service::{self, Newcomer, Registered, SignUpError};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::{AppError, Unreadable};
use crate::i18n::Lang;
use crate::organizations::email::read_email;
use crate::organizations::new_account;
use crate::registration::profiles::BusinessType;
use crate::web::chrome::Flash;
use crate::web::components::{Choice, ErrorSummary, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::{self, Submission};
use crate::web::routes::{Access, Routes};
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, FieldReader, FormKey, Problem};

/// Where one signs in and goes on with the profile.
const NEXT: &str = "/sign-in?next=/registration";

/// The routes of this part.
#[must_use]
pub fn routes() -> Routes<AppState> {
    Routes::new().get("/register", Access::Public, show).post("/register", Access::Public, register)
}

/// The form: exactly these fields. What its person becomes is not among them.
#[derive(Debug, Deserialize)]
struct SignUpForm {
    business_name: String,
    #[serde(default)]
    business_type: String,
    full_name: String,
    email: String,
    username: String,
    password: SecretString,
    password_again: SecretString,
}

impl SignUpForm {
    /// What it says beside its secrets.
    fn said(&self) -> BTreeMap<String, String> {
        [
            ("business_name", &self.business_name),
            ("business_type", &self.business_type),
            ("full_name", &self.full_name),
            ("email", &self.email),
            ("username", &self.username),
        ]
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .into()
    }
}

async fn show(exchange: Exchange, actor: Option<Actor>) -> Result<Response, AppError> {
    if actor.is_some() {
        return Ok(exchange.htmx().see_other("/"));
    }
    page(&exchange, StatusCode::OK, &BTreeMap::new(), &FieldProblems::default(), None)
}

async fn register(
    State(state): State<AppState>,
    exchange: Exchange,
    submission: Submission<SignUpForm>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let (values, key) = (submission.fields.said(), submission.require_token()?.key);
    let again = |problems: &FieldProblems| page(&exchange, StatusCode::UNPROCESSABLE_ENTITY, &values, problems, None);
    // What makes the form the same again is what it says, not its secret: a quick hash of that is not kept.
    let said: Vec<_> = values.clone().into_iter().collect();
    let form = FormKey { key, request_hash: form::hash("POST", "/register", said.iter()) };
    let SignUpForm { password, password_again, .. } = submission.fields;
    let is_mailed = state.mailer.is_there();
    let newcomer = match read(&values, (&password, &password_again), form, (lang, is_mailed)) {
        Ok(newcomer) => newcomer,
        Err(problems) => return again(&problems),
    };
    let origin = exchange.origin();
    let mut problems = FieldProblems::default();
    match service::register(&state.db, &state.passwords, &newcomer, password, &origin, exchange.now()).await {
        Ok(Registered::Done | Registered::Replayed) => {
            let welcome = lang.fill("register-done", [("username", newcomer.username.as_str().to_owned())]);
            return Ok((Flash::success(welcome), exchange.htmx().see_other(NEXT)).into_response());
        }
        Ok(Registered::KeyReused) => return Err(AppError::Unreadable(Unreadable::KeyReused)),
        Ok(Registered::UsernameTaken) => new_account::add_taken(&mut problems),
        Ok(Registered::EmailTaken) => {
            problems.add("email", Problem::Refused { text_id: "problem-email-taken", arguments: Vec::new() });
        }
        Err(SignUpError::Busy) => {
            let busy = Some(lang.t("sign-in-busy"));
            let mut response = page(&exchange, StatusCode::SERVICE_UNAVAILABLE, &values, &problems, busy)?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            return Ok(response);
        }
        Err(SignUpError::Hashing(error)) => return Err(AppError::internal(error)),
        Err(SignUpError::Database(error)) => return Err(error.into()),
    }
    again(&problems)
}

fn read(
    values: &BTreeMap<String, String>,
    (password, again): (&SecretString, &SecretString),
    form: FormKey,
    (language, is_mailed): (Lang, bool),
) -> Result<Newcomer, FieldProblems> {
    let mut reader = FieldReader::new(values);
    let business_name = reader.name("business_name", 3..=255);
    let codes: Vec<&str> = BusinessType::ALL.iter().map(|kind| kind.code()).collect();
    let business_type = BusinessType::from_code(&reader.choice("business_type", &codes));
    let full_name = reader.name("full_name", 3..=255);
    let email = read_email(&mut reader, "email");
    let account = new_account::read(&mut reader, password, again, &[&business_name, &full_name]);
    match (business_type, account) {
        (Some(business_type), Some(account)) => reader.finish(Newcomer {
            form,
            location: NEXT.to_owned(),
            business_name,
            business_type,
            full_name,
            email,
            username: account.username,
            language,
            is_mailed,
        }),
        _ => Err(reader.problems),
    }
}

fn page(
    exchange: &Exchange,
    status: StatusCode,
    values: &BTreeMap<String, String>,
    problems: &FieldProblems,
    whole: Option<String>,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let filled = |field: Field| {
        let error = problems.of(&field.name).map(|found| problem(found, lang));
        let value = values.get(&field.name).cloned().unwrap_or_default();
        field.value(value).error(error)
    };
    let types = BusinessType::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), lang.name_of("business-type", kind.code())))
        .collect();
    let groups = vec![
        FieldGroup::titled(
            lang.t("register-firm"),
            vec![
                filled(Field::text("business_name", lang.t("field-business-name")).autocomplete("organization").wide()),
                filled(Field::radios("business_type", lang.t("field-business-type"), types)),
            ],
        ),
        FieldGroup::titled(
            lang.t("register-person"),
            vec![
                filled(Field::text("full_name", lang.t("register-full-name")).autocomplete("name")),
                filled(Field::text("email", lang.t("field-email")).autocomplete("email")),
            ],
        ),
        FieldGroup::titled(lang.t("register-account"), new_account::fields(values, problems, lang)),
    ];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("register-title")),
        lead: vec![lang.t("register-lead"), lang.t("register-staff")],
        facts: Vec::new(),
        form: Form {
            action: "/register".to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(whole.into_iter().collect(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("register-submit"),
            cancel: Some("/sign-in".to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}
