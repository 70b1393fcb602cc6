//! The pages of certificates: what there is, one of them, requests and acts and what is decided about them, keys and lists.

mod act_key;
mod act_new;
mod acts;
mod ask;
mod ballot;
mod certificate;
mod inventory;
mod keys;
mod request;
mod request_file;
mod requests;
mod words;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

use super::asking::Silence;
use super::service::{CERTIFICATES, REQUESTS};
use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::web::components::{Check, EmptyState, Tone};
use crate::web::exchange::Exchange;
use crate::web::routes::{Access, Proof, RouteLimits, Routes, Weighty};
use crate::web::views::{Tab, TablePage};

/// Where keys and lists are.
const KEYS: &str = "/pki/keys";
/// After how many seconds to come again when the signer is away.
const AGAIN: HeaderValue = HeaderValue::from_static("60");

/// The routes of this part.
pub(super) fn routes() -> Routes<AppState> {
    let (view, ask) = (Access::Needs(Permission::ViewCertificates), Access::Needs(Permission::RequestCertificates));
    let weighty = Weighty { decisions: &["approve"], kinds: &[], above_value: &[] };
    let proved = RouteLimits { proof: Proof::AfterFor(weighty), ..RouteLimits::default() };
    let after = RouteLimits { proof: Proof::After, ..RouteLimits::default() };
    let before = RouteLimits { proof: Proof::Before, ..RouteLimits::default() };
    Routes::new()
        .get(CERTIFICATES, view, inventory::list)
        .get("/pki/certificates/{id}", view, certificate::show)
        .get("/pki/certificates/{id}/certificate.cer", view, certificate::der)
        .get("/pki/certificates/{id}/certificate.pem", view, certificate::pem)
        .get(REQUESTS, view, requests::list)
        .get("/pki/requests/new", ask, ask::new)
        .post(REQUESTS, ask, ask::create)
        .get("/pki/requests/file", ask, request_file::choose)
        .post("/pki/requests/file", ask, request_file::read)
        .get("/pki/requests/{id}", view, request::show)
        .post_within(
            "/pki/requests/{id}/decision",
            Access::Needs(Permission::ApproveCertificates),
            proved,
            request::decide,
        )
        // Who asked gives it up, whatever they may do by now.
        .post("/pki/requests/{id}/withdrawal", view, request::withdraw)
        // Who may ask for what is a matter of the certificate: its holder, or those who approve.
        .get("/pki/certificates/{id}/acts/new", view, act_new::new)
        .post_within("/pki/certificates/{id}/acts", view, after, act_new::create)
        .get("/pki/acts/{id}", view, acts::show)
        .post_within("/pki/acts/{id}/decision", Access::Needs(Permission::ApproveCertificates), proved, acts::decide)
        .post("/pki/acts/{id}/withdrawal", view, acts::withdraw)
        .get_within("/pki/acts/{id}/key", ask, before, act_key::ask)
        .post_within("/pki/acts/{id}/key", ask, before, act_key::fetch)
        .get(KEYS, Access::Needs(Permission::ViewAllCertificates), keys::show)
}

/// The three lists of this area, of which `here` is the one that is shown.
fn tabs(actor: &Actor, here: &str, lang: Lang) -> Vec<Tab> {
    let mut places = vec![(CERTIFICATES, "pki-title"), (REQUESTS, "pki-requests-title")];
    if actor.may(Permission::ViewAllCertificates) {
        places.push((KEYS, "pki-keys-title"));
    }
    let tab =
        |(href, id): (&str, &str)| Tab { href: href.to_owned(), label: lang.t(id), count: None, current: href == here };
    places.into_iter().map(tab).collect()
}

/// A page that says why there is nothing on it.
fn silent(exchange: &Exchange, mut view: TablePage, silence: Silence) -> Result<Response, AppError> {
    let lang = exchange.lang();
    view.lead = Vec::new();
    let (tone, text, status) = match silence {
        Silence::Nobody => (Tone::Info, "pki-nobody", StatusCode::OK),
        Silence::Away => (Tone::Bad, "pki-away", StatusCode::SERVICE_UNAVAILABLE),
    };
    view.checks = vec![Check { tone, text: lang.t(text), href: None }];
    let mut response = crate::web::answer(&view, status)?;
    if silence == Silence::Away {
        response.headers_mut().insert(header::RETRY_AFTER, AGAIN);
    }
    Ok(response)
}

/// The same where a page is about one thing: where nobody signs, there is none.
fn silent_about_one(exchange: &Exchange, silence: Silence) -> Result<Response, AppError> {
    match silence {
        Silence::Nobody => Err(AppError::NotFound),
        Silence::Away => {
            let view = TablePage::of(exchange.chrome(exchange.lang().t("pki-title")), CERTIFICATES);
            silent(exchange, view, silence)
        }
    }
}

/// The id in an address; what is none leads nowhere.
fn id_of(text: &str) -> Result<uuid::Uuid, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

fn nothing(lang: Lang, title: &str, text: &str) -> EmptyState {
    EmptyState { title: lang.t(title), text: lang.t(text), action: None }
}
