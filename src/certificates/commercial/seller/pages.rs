//! `/seller`: accounts and terms for the papers of a seller.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::service::{self, HOME, KeepAccount, KeepTerms, Kept, Refusal};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::certificates::commercial::model::{SellerAccount, SellerTerms};
use crate::certificates::commercial::pages::{Typed, done, fill};
use crate::error::{AppError, Conflict, Unreadable};
use crate::i18n::Lang;
use crate::ids::AccountId;
use crate::web::chrome::Chrome;
use crate::web::components::{Choice, ErrorSummary, Field, FieldGroup, Form, Tag, Tone};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::routes::{Access, Routes};
use crate::web::views::FormPage;
use crate::workflow::{CommandError, FieldProblems, FormKey, execute};

type Fields = BTreeMap<String, String>;

/// The routes of a seller's accounts and terms.
pub(in crate::certificates::commercial) fn routes() -> Routes<AppState> {
    let prepare = Access::Needs(Permission::PrepareCommercialPapers);
    Routes::new()
        .get(HOME, prepare, show)
        .post_form(HOME, prepare, TERMS_FIELDS, keep_terms)
        .get("/seller/accounts/new", prepare, new_account)
        .post_form("/seller/accounts", prepare, ACCOUNT_FIELDS, add_account)
        .get("/seller/accounts/{id}", prepare, edit_account)
        .post_form("/seller/accounts/{id}", prepare, [ACCOUNT_FIELDS, &[OPEN]].concat(), change_account)
}

/// What the form of the terms asks.
const TERMS_FIELDS: &[&str] = &["seller_mark", "packing_place", "signatory_title", "has_liner", "liner_kg"];

/// What the form of an account asks.
const ACCOUNT_FIELDS: &[&str] = &[
    "account_bank",
    "account_branch",
    "account_holder",
    "account_number",
    "account_currency",
    "account_swift",
    "account_correspondent",
    "account_correspondent_swift",
];

/// Whether an account that there is may be named further.
const OPEN: &str = "account_open";

#[derive(Template)]
#[template(path = "certificates/seller.html")]
struct SellerPage {
    chrome: Chrome,
    accounts: Vec<AccountRow>,
    form: Form,
}

struct AccountRow {
    href: String,
    bank: String,
    branch: String,
    number: String,
    currency: String,
    state: Tag,
}

async fn show(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, &Typed::default(), StatusCode::OK).await
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let kept = service::kept(&state.db, actor).await?;
    let lang = exchange.lang();
    let mut groups = vec![FieldGroup::plain(terms_fields(&kept.terms, lang))];
    fill(&mut groups, typed, lang);
    let view = SellerPage {
        chrome: exchange.chrome(lang.t("seller-title")),
        accounts: kept.accounts.iter().map(|account| row(account, lang)).collect(),
        form: Form {
            action: HOME.to_owned(),
            token: exchange.form_token(Some(kept.terms.version)),
            summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("seller-terms-submit"),
            cancel: None,
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

fn row(account: &SellerAccount, lang: Lang) -> AccountRow {
    AccountRow {
        href: format!("/seller/accounts/{}", account.id),
        bank: account.bank_name.clone(),
        branch: account.branch.clone(),
        number: account.number.clone(),
        currency: account.currency.clone(),
        state: if account.is_open {
            Tag::new(lang.t("seller-account-open"), Tone::Good)
        } else {
            Tag::new(lang.t("seller-account-closed"), Tone::Neutral)
        },
    }
}

fn terms_fields(terms: &SellerTerms, lang: Lang) -> Vec<Field> {
    let text = |name: &'static str, value: &Option<String>| {
        Field::text(name, lang.name_of("field", name)).value(value.clone().unwrap_or_default()).optional()
    };
    vec![
        text("seller_mark", &terms.mark).hint(lang.t("field-seller-mark-hint")),
        text("packing_place", &terms.packing_place),
        text("signatory_title", &terms.signatory_title).hint(lang.t("field-signatory-title-hint")),
        Field::checkbox("has_liner", lang.t("field-has-liner")).value(if terms.has_liner { "yes" } else { "" }),
        Field::number("liner_kg", lang.t("field-liner-kg"), "kg")
            .value(terms.liner_kg.map(|kg| kg.normalize().to_string()).unwrap_or_default())
            .optional(),
    ]
}

async fn keep_terms(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let command = KeepTerms { version: submission.require_version()?, fields: &submission.fields };
    match execute(&state.db, &actor, FormKey::of(&submission)?, &command, exchange.now()).await {
        Ok(answer) => Ok(done(&exchange, &answer)),
        Err(CommandError::Refused(Refusal::Invalid(problems))) => {
            let typed = Typed::new(&submission.fields, problems);
            page(&state, &exchange, &actor, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => Err(refused(error, &exchange, "seller-terms-stale", HOME.to_owned())),
    }
}

async fn new_account(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    account_page(&state, &exchange, &actor, None, &Typed::default(), StatusCode::OK).await
}

async fn edit_account(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    account_page(&state, &exchange, &actor, Some(id), &Typed::default(), StatusCode::OK).await
}

async fn add_account(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    keep_account(&state, &exchange, &actor, None, &submission).await
}

async fn change_account(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let account = Some((id, submission.require_version()?));
    keep_account(&state, &exchange, &actor, account, &submission).await
}

async fn keep_account(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    account: Option<(AccountId, i32)>,
    submission: &Submission<Fields>,
) -> Result<Response, AppError> {
    let command = KeepAccount { account, fields: &submission.fields };
    let id = account.map(|(id, _)| id);
    match execute(&state.db, actor, FormKey::of(submission)?, &command, exchange.now()).await {
        Ok(answer) => Ok(done(exchange, &answer)),
        Err(CommandError::Refused(Refusal::Invalid(problems))) => {
            let typed = Typed::new(&submission.fields, problems);
            account_page(state, exchange, actor, id, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => {
            let location = id.map_or_else(|| HOME.to_owned(), |id| format!("/seller/accounts/{id}"));
            Err(refused(error, exchange, "seller-account-stale", location))
        }
    }
}

fn refused(error: CommandError<Refusal>, exchange: &Exchange, stale_id: &str, location: String) -> AppError {
    match error {
        CommandError::Refused(Refusal::NotFound | Refusal::Invalid(_)) => AppError::NotFound,
        CommandError::Refused(Refusal::Stale) => AppError::Conflict(Conflict {
            who: None,
            when: None,
            sentence: Some(exchange.lang().t(stale_id)),
            location: Some(location),
        }),
        CommandError::KeyReused => AppError::Unreadable(Unreadable::KeyReused),
        CommandError::Database(error) => error.into(),
    }
}

async fn account_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: Option<AccountId>,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let kept = service::kept(&state.db, actor).await?;
    let account = match id {
        Some(id) => Some(kept.accounts.iter().find(|account| account.id == id).ok_or(AppError::NotFound)?),
        None => None,
    };
    let lang = exchange.lang();
    let mut groups = vec![FieldGroup::plain(account_fields(account, &kept, lang))];
    fill(&mut groups, typed, lang);
    let (title, action) = match account {
        Some(account) => (
            lang.fill("seller-account-change-title", [("number", account.number.clone())]),
            format!("/seller/accounts/{}", account.id),
        ),
        None => (lang.t("seller-account-title"), "/seller/accounts".to_owned()),
    };
    let view = FormPage {
        chrome: exchange.chrome(title),
        lead: Vec::new(),
        facts: Vec::new(),
        form: Form {
            action,
            token: exchange.form_token(account.map(|account| account.version)),
            summary: ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("seller-account-submit"),
            cancel: Some(HOME.to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

fn account_fields(account: Option<&SellerAccount>, kept: &Kept, lang: Lang) -> Vec<Field> {
    let text = |name: &'static str, value: Option<&String>| {
        Field::text(name, lang.name_of("field", name)).value(value.cloned().unwrap_or_default())
    };
    let mut banks = vec![Choice::new("", lang.t("field-choose"))];
    banks.extend(kept.choices.banks.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone())));
    let currencies = kept.choices.currencies.iter().map(|code| Choice::new(code.clone(), code.clone())).collect();
    let mut fields = vec![
        Field::select("account_bank", lang.t("field-account-bank"), banks)
            .value(account.map(|account| account.bank.to_string()).unwrap_or_default()),
        text("account_branch", account.map(|account| &account.branch)),
        text("account_holder", account.map(|account| &account.holder)),
        text("account_number", account.map(|account| &account.number)),
        Field::select("account_currency", lang.t("field-account-currency"), currencies)
            .value(account.map_or("USD", |account| account.currency.as_str())),
        text("account_swift", account.map(|account| &account.swift)),
        text("account_correspondent", account.and_then(|account| account.correspondent.as_ref())).optional(),
        text("account_correspondent_swift", account.and_then(|account| account.correspondent_swift.as_ref()))
            .optional(),
    ];
    if let Some(account) = account {
        let open = if account.is_open { "yes" } else { "" };
        fields.push(Field::checkbox(OPEN, lang.t("field-account-open")).value(open));
    }
    fields
}

/// What was typed, with what is wrong with it.
impl Typed {
    fn new(values: &Fields, problems: FieldProblems) -> Self {
        Self { values: values.clone(), problems, whole: Vec::new() }
    }
}
