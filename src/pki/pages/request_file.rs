//! `/pki/requests/file`: a request that was made elsewhere, read from its file into the form that asks for a certificate. Nothing is
//! sent by it: what was read is seen first.

use axum::extract::Request;
use axum::response::Response;
use http::StatusCode;
use jebena_signer::x509::bundle::request_pem;

use super::ask;
use crate::auth::Actor;
use crate::documents::form::data_form;
use crate::documents::upload::{DataUpload, FILE_FIELD};
use crate::documents::words::sent_data;
use crate::error::AppError;
use crate::web::components::{Field, FieldKind};
use crate::web::csrf::FormGuard;
use crate::web::exchange::Exchange;
use crate::web::views::FormPage;

const HERE: &str = "/pki/requests/file";
/// A request is a thousand bytes; one of several names is not ten times that.
const FILE_LIMIT_BYTES: usize = 16 * 1024;
/// How a value in DER begins that has parts.
const SEQUENCE: u8 = 0x30;

pub(super) async fn choose(exchange: Exchange, _: Actor) -> Result<Response, AppError> {
    page(&exchange, None, StatusCode::OK)
}

fn page(exchange: &Exchange, error: Option<String>, status: StatusCode) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let kind = FieldKind::File { accept: ".csr,.pem,.p10,.req,.der" };
    let file = Field::new(kind, FILE_FIELD, lang.t("pki-csr-field")).hint(lang.t("pki-file-hint")).error(error);
    let view = FormPage {
        chrome: exchange.chrome(lang.t("pki-file-title")),
        lead: vec![lang.t("pki-file-lead")],
        facts: Vec::new(),
        form: data_form(exchange, file, (HERE, lang.t("pki-file-read"), "/pki/requests/new"), FILE_LIMIT_BYTES),
    };
    crate::web::answer(&view, status)
}

pub(super) async fn read(
    exchange: Exchange,
    actor: Actor,
    guard: FormGuard,
    request: Request,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let upload = DataUpload::read(request, &guard, FILE_LIMIT_BYTES, &[]).await?;
    let read = sent_data(&upload.file, lang);
    let read = read.and_then(|(_, bytes)| text_of(bytes).ok_or_else(|| lang.t("pki-file-none")));
    match read {
        Ok(text) => ask::filled_with(&exchange, &actor, text),
        Err(error) => page(&exchange, Some(error), StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// The request in a file as text, whether it is text there or DER. Whether it is a good one is the signer's to say.
fn text_of(file: &[u8]) -> Option<String> {
    if file.first() == Some(&SEQUENCE) {
        return request_pem(file).ok();
    }
    // Some programs put a mark of the encoding before a text.
    let text = std::str::from_utf8(file).ok()?.trim_start_matches('\u{FEFF}').trim();
    let is_request = text.starts_with("-----BEGIN") && !text.contains('\0');
    is_request.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_as_text_and_as_der() {
        let text = "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----";
        assert_eq!(text_of(format!("\u{FEFF}{text}\r\n").as_bytes()).as_deref(), Some(text));
        assert_eq!(text_of(&[0x30, 0]).unwrap().trim_end(), text);
        for other in [&b""[..], b"%PDF-1.7", b"hello", &[0xFF, 0xFE, 0], b"-----BEGIN \0"] {
            assert_eq!(text_of(other), None, "{other:?}");
        }
    }
}
