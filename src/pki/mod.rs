//! What strangers fetch to check a signature: the certificates of the authority and the lists of what it revoked, as the signer
//! gives them, and its answers about single certificates. The addresses stand in every certificate and do not change. And the pages of who
//! looks after certificates: what there is, what is asked for, and what people of several organisations decide about it.

mod asking;
mod model;
mod pages;
mod rules;
mod service;
mod status;
mod store;

pub use model::{ActKind, Verdict};
pub(crate) use model::{organization_identifier, seal_name, seal_policy};
pub(crate) use rules::state;
pub use service::{finish_act, finish_request, watch_certificates, watch_signer};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use jebena_signer::client::ClientError;
use jebena_signer::protocol::{Answer, RefusalCode, Request};
use jebena_signer::x509::profile::Profile;

use crate::app::AppState;
use crate::error::AppError;
use crate::web::routes::{Access, Routes};

/// How long a copy of a list is good enough: a revocation shows within seconds.
const LIST_MAY_BE: &str = "public, max-age=5";
/// An authority's certificate changes once in years.
const CERTIFICATE_MAY_BE: &str = "public, max-age=3600";

/// The routes of this part.
pub fn routes() -> Routes<AppState> {
    Routes::new()
        .get("/pki/root.cer", Access::Public, async |state: State<AppState>| certificate(&state, Profile::RootCa).await)
        .get("/pki/ca.cer", Access::Public, async |state: State<AppState>| {
            certificate(&state, Profile::IssuingCa).await
        })
        .get("/pki/root.crl", Access::Public, async |state: State<AppState>| list(&state, Profile::RootCa, false).await)
        .get("/pki/ca.crl", Access::Public, async |state: State<AppState>| {
            list(&state, Profile::IssuingCa, false).await
        })
        .get("/pki/ca-delta.crl", Access::Public, async |state: State<AppState>| {
            list(&state, Profile::IssuingCa, true).await
        })
        .merge(status::routes())
        .merge(pages::routes())
}

/// The newest certificate of an authority, DER (RFC 2585).
async fn certificate(state: &AppState, authority: Profile) -> Result<Response, AppError> {
    let found = match ask(state, &Request::Certificates {}).await? {
        Some(Answer::Certificates { certificates }) => certificates
            .into_iter()
            .rfind(|certificate| certificate.profile == authority)
            .map(|found| found.certificate.0),
        _ => None,
    };
    Ok(file(found, "application/pkix-cert", CERTIFICATE_MAY_BE))
}

/// The newest list of what an authority revoked, DER (RFC 2585).
async fn list(state: &AppState, authority: Profile, is_delta: bool) -> Result<Response, AppError> {
    let found = match ask(state, &Request::RevocationList { authority, is_delta }).await? {
        Some(Answer::RevocationList { list }) => list.map(|list| list.0),
        _ => None,
    };
    Ok(file(found, "application/pkix-crl", LIST_MAY_BE))
}

/// What the signer answers; none where there is no signer, or nothing to give.
async fn ask(state: &AppState, request: &Request) -> Result<Option<Answer>, AppError> {
    let Some(signer) = &state.signer else { return Ok(None) };
    match signer.ask(request).await {
        Ok(answer) => Ok(Some(answer)),
        Err(ClientError::Refused { code: RefusalCode::NoKey, .. }) => Ok(None),
        Err(error) => {
            tracing::warn!(%error, "the signer gave nothing");
            Err(AppError::unavailable(error))
        }
    }
}

fn file(bytes: Option<Vec<u8>>, media_type: &'static str, may_be: &'static str) -> Response {
    match bytes {
        Some(bytes) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
                (header::CACHE_CONTROL, HeaderValue::from_static(may_be)),
            ];
            (headers, bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
