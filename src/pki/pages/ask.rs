//! `/pki/requests/new`: asking for the seal of one's own organisation, with a key made here or a request that was made elsewhere.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jebena_signer::protocol::RefusalCode;
use serde::Deserialize;

use super::silent;
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::{AppError, Conflict, Unreadable};
use crate::i18n::Lang;
use crate::pki::asking::{self, Silence};
use crate::pki::model::seal_name;
use crate::pki::service::{self, AskError, REQUESTS, Wish};
use crate::web::chrome::Flash;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::{FormPage, TablePage};
use crate::workflow::{CommandError, FormKey};

/// For how many years a seal may be asked for.
const YEARS: [u16; 3] = [3, 2, 1];
const DAYS_OF_A_YEAR: u16 = 365;
const HERE: &str = "HERE";
const ELSEWHERE: &str = "ELSEWHERE";

/// What somebody has typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    key_made: String,
    common_name: String,
    csr: String,
    years: String,
    key_complaint: Option<String>,
    name_complaint: Option<String>,
    csr_complaint: Option<String>,
    years_complaint: Option<String>,
    whole: Option<String>,
}

impl Typed {
    fn at_first(actor: &Actor) -> Self {
        Self {
            key_made: HERE.to_owned(),
            common_name: seal_name(&actor.organization.code),
            years: "3".to_owned(),
            ..Self::default()
        }
    }
}

pub(super) async fn new(State(state): State<AppState>, exchange: Exchange, actor: Actor) -> Result<Response, AppError> {
    let requests = match asking::requests(&state).await {
        Ok(requests) => requests,
        Err(silence) => {
            let view = TablePage::of(exchange.chrome(exchange.lang().t("pki-ask-title")), REQUESTS);
            return silent(&exchange, view, silence);
        }
    };
    if let Some(open) = requests.iter().find(|one| one.is_open() && one.organization == actor.organization.id) {
        return Ok(exchange.htmx().see_other(&format!("{REQUESTS}/{}", open.id)));
    }
    page(&exchange, Typed::at_first(&actor), StatusCode::OK)
}

/// The form with a request that was made elsewhere in it.
pub(super) fn filled_with(exchange: &Exchange, actor: &Actor, csr: String) -> Result<Response, AppError> {
    page(exchange, Typed { key_made: ELSEWHERE.to_owned(), csr, ..Typed::at_first(actor) }, StatusCode::OK)
}

fn page(exchange: &Exchange, typed: Typed, status: StatusCode) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let years = YEARS.map(|years| Choice::new(years.to_string(), lang.t_args("pki-years", &[("years", years.into())])));
    let fields = vec![
        Field::radios(
            "key_made",
            lang.t("pki-key-field"),
            vec![
                Choice::new(HERE, lang.t("pki-key-here")).hint(lang.t("pki-key-here-hint")),
                Choice::new(ELSEWHERE, lang.t("pki-key-elsewhere")).hint(lang.t("pki-key-elsewhere-hint")),
            ],
        )
        .value(typed.key_made)
        .error(typed.key_complaint),
        Field::text("common_name", lang.t("pki-name-field"))
            .hint(lang.t("pki-name-hint"))
            .value(typed.common_name)
            .error(typed.name_complaint),
        Field::select("years", lang.t("pki-years-field"), years.into()).value(typed.years).error(typed.years_complaint),
        Field::textarea("csr", lang.t("pki-csr-field"))
            .hint(lang.t("pki-csr-hint"))
            .value(typed.csr)
            .error(typed.csr_complaint)
            .optional(),
    ];
    let view = FormPage {
        chrome: exchange.chrome(lang.t("pki-ask-title")),
        lead: vec![lang.t("pki-ask-lead")],
        facts: vec![Fact::new(lang.t("pki-key-elsewhere"), lang.t("pki-file-title")).href("/pki/requests/file")],
        form: Form {
            action: REQUESTS.to_owned(),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(typed.whole.into_iter().collect(), &fields),
            groups: vec![FieldGroup::plain(fields)],
            submit: lang.t("pki-ask-submit"),
            cancel: Some(REQUESTS.to_owned()),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

#[derive(Debug, Deserialize)]
pub(super) struct AskForm {
    key_made: Option<String>,
    common_name: String,
    years: String,
    csr: String,
}

pub(super) async fn create(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    submission: Submission<AskForm>,
) -> Result<Response, AppError> {
    let (lang, key) = (exchange.lang(), FormKey::of(&submission)?);
    let mut typed = read(submission.fields, lang);
    let Some(wish) = wish(&typed) else { return page(&exchange, typed, StatusCode::UNPROCESSABLE_ENTITY) };
    let error = match service::ask(&state, &actor, key, &wish, exchange.now()).await {
        Ok(done) => {
            let said = Flash::success(done.flash.in_words(lang));
            return Ok((said, exchange.htmx().see_other(&done.location)).into_response());
        }
        Err(error) => error,
    };
    let status = match error {
        AskError::Flawed(flaw) => {
            let complaint = Some(lang.name_of("pki-flaw", &flaw.code()));
            let at_field = if wish.csr.is_some() { &mut typed.csr_complaint } else { &mut typed.name_complaint };
            *at_field = complaint;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        AskError::Silent(Silence::Nobody) => {
            typed.whole = Some(lang.t("pki-nobody"));
            StatusCode::CONFLICT
        }
        AskError::Silent(Silence::Away) | AskError::Refused(RefusalCode::Unavailable) => {
            typed.whole = Some(lang.t("pki-away"));
            StatusCode::SERVICE_UNAVAILABLE
        }
        AskError::Refused(_) => {
            typed.whole = Some(lang.t("pki-ask-refused"));
            StatusCode::CONFLICT
        }
        AskError::Open(request) => {
            return Err(AppError::Conflict(Conflict {
                sentence: Some(lang.t("pki-open-already")),
                location: Some(format!("{REQUESTS}/{request}")),
                ..Conflict::default()
            }));
        }
        AskError::Command(CommandError::KeyReused) => return Err(AppError::Unreadable(Unreadable::KeyReused)),
        AskError::Command(CommandError::Database(error)) => return Err(error.into()),
        AskError::Command(CommandError::Refused(never)) => match never {},
    };
    page(&exchange, typed, status)
}

fn read(form: AskForm, lang: Lang) -> Typed {
    let AskForm { key_made, common_name, years, csr } = form;
    let key_made = key_made.unwrap_or_default();
    let missing = |is_missing: bool| is_missing.then(|| lang.t("problem-missing"));
    Typed {
        key_complaint: (key_made != HERE && key_made != ELSEWHERE).then(|| lang.t("problem-not-a-choice")),
        name_complaint: missing(key_made == HERE && common_name.trim().is_empty()),
        csr_complaint: missing(key_made == ELSEWHERE && csr.trim().is_empty()),
        years_complaint: validity(&years).is_none().then(|| lang.t("problem-not-a-choice")),
        key_made,
        common_name,
        csr,
        years,
        whole: None,
    }
}

fn validity(years: &str) -> Option<u16> {
    YEARS.into_iter().find(|known| years == known.to_string()).map(|years| years * DAYS_OF_A_YEAR)
}

fn wish(typed: &Typed) -> Option<Wish> {
    let complaints = [&typed.key_complaint, &typed.name_complaint, &typed.csr_complaint, &typed.years_complaint];
    if complaints.into_iter().any(Option::is_some) {
        return None;
    }
    Some(Wish {
        common_name: typed.common_name.trim().to_owned(),
        // Browsers send line ends of their own; a reader of PEM takes both.
        csr: (typed.key_made == ELSEWHERE).then(|| typed.csr.trim().as_bytes().to_vec()),
        validity_days: validity(&typed.years)?,
    })
}

#[cfg(test)]
mod tests {
    use jebena_signer::x509::request::Flaw;

    use super::*;

    fn form(key_made: &str, common_name: &str, years: &str, csr: &str) -> AskForm {
        AskForm {
            key_made: Some(key_made.to_owned()),
            common_name: common_name.to_owned(),
            years: years.to_owned(),
            csr: csr.to_owned(),
        }
    }

    #[test]
    fn a_wish_names_the_key_here_or_brings_a_request() {
        let here = wish(&read(form(HERE, " Seal of X ", "3", "left over"), Lang::EN)).unwrap();
        assert_eq!((here.common_name.as_str(), here.csr, here.validity_days), ("Seal of X", None, 1_095));
        let elsewhere = wish(&read(form(ELSEWHERE, "", "1", "-----BEGIN"), Lang::EN)).unwrap();
        assert_eq!((elsewhere.csr.as_deref(), elsewhere.validity_days), (Some(b"-----BEGIN".as_slice()), 365));
        for wrong in
            [form("", "X", "3", ""), form(HERE, " ", "3", ""), form(ELSEWHERE, "X", "3", ""), form(HERE, "X", "4", "")]
        {
            assert!(wish(&read(wrong, Lang::EN)).is_none());
        }
    }

    #[test]
    fn a_flaw_has_a_code_in_words() {
        assert!(!Lang::EN.name_of("pki-flaw", &Flaw::Signature.code()).is_empty());
    }
}
