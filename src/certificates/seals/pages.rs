//! `/v/{code}.pdf`, `.json`, `.cose` and `.vc.jwt`: what proves a paper, for whoever has its code.

use std::time::Duration;

use axum::response::Response;
use jebena_trust::check::{Outcome, check_seal};

use super::service;
use crate::app::AppState;
use crate::certificates::{Published, VerifyCode, proof};
use crate::documents::reconcile::report_paper;
use crate::documents::serving::{self, attached};
use crate::documents::wholeness;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::web::exchange::Exchange;

/// How long a request waits for a file that is being made; whoever asked is told to come again then.
const PATIENCE: Duration = Duration::from_secs(8);
const LOOKS_EVERY: Duration = Duration::from_millis(250);

/// What is asked for behind a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::certificates) enum Form {
    /// The signed file.
    Pdf,
    /// For machines.
    Json,
    /// The seal.
    Cose,
    /// The credential.
    Credential,
}

impl Form {
    /// Code and form of what an address ends in, such as `ABC….pdf`.
    pub(in crate::certificates) fn split(last: &str) -> (&str, Option<Self>) {
        match last.split_once('.') {
            Some((code, "pdf" | "PDF")) => (code, Some(Self::Pdf)),
            Some((code, "json" | "JSON")) => (code, Some(Self::Json)),
            Some((code, "cose" | "COSE")) => (code, Some(Self::Cose)),
            Some((code, "vc.jwt" | "VC.JWT")) => (code, Some(Self::Credential)),
            _ => (last, None),
        }
    }
}

/// A paper's seal as it stands today.
#[derive(Debug)]
pub(in crate::certificates) struct Seal {
    /// COSE_Sign1.
    pub cose: Vec<u8>,
    /// What a check of it says.
    pub outcome: Outcome,
    /// Whether there is a credential beside it.
    pub has_credential: bool,
}

/// The seal of the paper with this code, checked as a stranger would; none while there is none, or nothing to check it with.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::certificates) async fn seal_of(
    state: &AppState,
    exchange: &Exchange,
    code: &VerifyCode,
    list: Option<&Published>,
) -> sqlx::Result<Option<Seal>> {
    let Some(list) = list else { return Ok(None) };
    let Some(found) = service::find_proof(&state.db, code).await? else { return Ok(None) };
    let at = proof::moment(exchange.now());
    Ok(found.cose.map(|cose| {
        let outcome = check_seal(&cose, &list.verified, at);
        Seal { cose, outcome, has_credential: found.credential.is_some() }
    }))
}

/// The credential, of a paper whose kind has one.
pub(in crate::certificates) async fn credential(state: &AppState, code: &VerifyCode) -> Result<Response, AppError> {
    let proof = service::find_proof(&state.db, code).await?.ok_or(AppError::NotFound)?;
    match (proof.credential, proof.cose) {
        (Some(credential), _) => attached(credential.into(), "application/vc+jwt", &file_name(&proof.number, "vc.jwt")),
        (None, None) => Err(unsealed(state, code)),
        (None, Some(_)) => Err(AppError::NotFound),
    }
}

/// The seal as bytes.
pub(in crate::certificates) async fn cose(state: &AppState, code: &VerifyCode) -> Result<Response, AppError> {
    let proof = service::find_proof(&state.db, code).await?.ok_or(AppError::NotFound)?;
    let Some(cose) = proof.cose else { return Err(unsealed(state, code)) };
    attached(cose, "application/cose; cose-type=\"cose-sign1\"", &file_name(&proof.number, "cose"))
}

/// The signed file. One that was never asked for is made now, and one that is not what was stored is given to nobody and made again.
pub(in crate::certificates) async fn pdf(
    state: &AppState,
    exchange: &Exchange,
    code: &VerifyCode,
) -> Result<Response, AppError> {
    let begun = tokio::time::Instant::now();
    let mut is_asked_for = false;
    // Where the file is that was found to be none.
    let mut faulty = None;
    loop {
        let proof = service::find_proof(&state.db, code).await?.ok_or(AppError::NotFound)?;
        let stored = proof.storage_key.zip(proof.sha256);
        if let Some((path, sha256)) = stored.filter(|(path, _)| faulty.as_ref() != Some(path)) {
            match wholeness::read(&state.storage, &path, &sha256).await? {
                Ok(bytes) => return serving::signed_pdf(bytes, &file_name(&proof.number, "pdf")),
                Err(fault) => {
                    report_paper(&state.db, (proof.paper, &path), fault, exchange.now()).await?;
                    is_asked_for = true;
                    faulty = Some(path);
                }
            }
        }
        // The seal stands in the file: what has none is being sealed, or never will be.
        if state.signer.is_none() || proof.cose.is_none() || begun.elapsed() > PATIENCE {
            let is_to_come = faulty.is_some() || state.signer.is_some() && proof.cose.is_some();
            return Err(if is_to_come { soon(code, "verify-file-soon") } else { unsealed(state, code) });
        }
        if !is_asked_for {
            service::ask_for_file(&state.db, proof.paper, exchange.now()).await?;
            is_asked_for = true;
        }
        tokio::time::sleep(LOOKS_EVERY).await;
    }
}

/// There is a paper, and its seal is still to come, or will not come where nobody signs.
fn unsealed(state: &AppState, code: &VerifyCode) -> AppError {
    if state.signer.is_some() { soon(code, "verify-proof-soon") } else { AppError::NotFound }
}

fn soon(code: &VerifyCode, text_id: &'static str) -> AppError {
    AppError::Soon { text_id, location: code.path() }
}

/// The number of a paper as the name of a file.
fn file_name(number: &str, ending: &str) -> String {
    let plain: String = number.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let parts: Vec<&str> = plain.split('-').filter(|part| !part.is_empty()).collect();
    format!("{}-{}.{ending}", Lang::EN.t("app-name"), parts.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_behind_a_code_says_what_is_wanted() {
        assert_eq!(Form::split("ABC.pdf"), ("ABC", Some(Form::Pdf)));
        assert_eq!(Form::split("ABC.COSE"), ("ABC", Some(Form::Cose)));
        assert_eq!(Form::split("ABC.json"), ("ABC", Some(Form::Json)));
        assert_eq!(Form::split("ABC.vc.jwt"), ("ABC", Some(Form::Credential)));
        assert_eq!(Form::split("ABC.exe"), ("ABC.exe", None));
        assert_eq!(Form::split("ABC"), ("ABC", None));
    }

    #[test]
    fn a_number_becomes_a_name_that_every_system_takes() {
        assert_eq!(file_name("010/01/7 (2026/27)", "pdf"), "Jebena-010-01-7-2026-27.pdf");
        assert_eq!(file_name("ECTA-EP-2026-000123", "cose"), "Jebena-ECTA-EP-2026-000123.cose");
    }
}
