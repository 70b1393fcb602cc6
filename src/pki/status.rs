//! `/pki/ocsp`: whether one certificate is revoked (RFC 6960), in the ways in which it is asked over HTTP (appendix A, and RFC 5019).
//! Questions and answers go to and from the signer as they are.

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jebena_signer::protocol::{Answer, Bytes as Wire, Request};
use jebena_signer::x509::status::{LONGEST_QUESTION, Refusal};
use sha2::{Digest, Sha256};

use crate::app::AppState;
use crate::error::AppError;
use crate::web::routes::{Access, RouteLimits, Routes};

const QUESTION: &str = "application/ocsp-request";
const ANSWER: HeaderValue = HeaderValue::from_static("application/ocsp-response");
/// A revocation shows within seconds, also to who stands behind somebody's copies.
const ANSWER_MAY_BE: HeaderValue = HeaderValue::from_static("public, max-age=5, no-transform, must-revalidate");
const OF_ONE_QUESTION: HeaderValue = HeaderValue::from_static("no-store");
/// Some who ask leave the signs at the end out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) fn routes() -> Routes<AppState> {
    // Nothing of the product is changed by an answer.
    let limits = RouteLimits { body_bytes: LONGEST_QUESTION, while_read_only: true, ..RouteLimits::default() };
    Routes::new().get("/pki/ocsp/{*question}", Access::Public, in_the_address).post_within(
        "/pki/ocsp",
        Access::Public,
        limits,
        in_the_body,
    )
}

async fn in_the_address(
    State(state): State<AppState>,
    question: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    // What cannot be read is no question, and told so in the way of who asks.
    let question = question.ok().and_then(|Path(question)| BASE64.decode(question.trim_start_matches('/')).ok());
    let (answer, may_be_kept) = answer(&state, question.unwrap_or_default()).await?;
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&answer)[..16]));
    let tag = HeaderValue::from_str(&tag).map_err(AppError::internal)?;
    let may_be = if may_be_kept { ANSWER_MAY_BE } else { OF_ONE_QUESTION };
    let kept = [(header::CACHE_CONTROL, may_be), (header::ETAG, tag.clone())];
    if may_be_kept && headers.get(header::IF_NONE_MATCH) == Some(&tag) {
        return Ok((StatusCode::NOT_MODIFIED, kept).into_response());
    }
    Ok((kept, [(header::CONTENT_TYPE, ANSWER)], answer).into_response())
}

async fn in_the_body(State(state): State<AppState>, headers: HeaderMap, question: Bytes) -> Result<Response, AppError> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != QUESTION) {
        return Err(AppError::UnsupportedBody);
    }
    let (answer, _) = answer(&state, question.to_vec()).await?;
    Ok(([(header::CONTENT_TYPE, ANSWER), (header::CACHE_CONTROL, OF_ONE_QUESTION)], answer).into_response())
}

/// The signer's answer, and whether others may be given it. Where the signer is away or has no authority it is "try later", which
/// whoever asks understands, and an error of ours not.
async fn answer(state: &AppState, question: Vec<u8>) -> Result<(Vec<u8>, bool), AppError> {
    let later = || (Refusal::TryLater.answer().to_vec(), false);
    match super::ask(state, &Request::AnswerStatus { request: Wire(question) }).await {
        Ok(Some(Answer::StatusAnswered { response: Wire(response), good_until })) => {
            Ok((response, good_until.is_some()))
        }
        Ok(_) | Err(_) => Ok(later()),
    }
}
