//! `/trust-list`, `/v/offline` and the worker that keeps the page for when there is no network.

use std::sync::LazyLock;

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use jebena_trust::trust_list::{self, Entry};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::file_page;
use super::source::{ListKey, Published};
use super::words::{self, FactRow, KindRow, Row, VerdictRow};
use crate::app::AppState;
use crate::certificates::{Bilingual, seals};
use crate::documents::upload::BODY_LIMIT_BYTES;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::web::assets::{self, asset};
use crate::web::exchange::Exchange;
use crate::web::routes::{Access, RouteLimits, Routes};

/// The routes of what everybody checks seals with. The worker stands below `/v/`, which is what it may answer for.
pub fn routes() -> Routes<AppState> {
    // Checking changes nothing, so it stays open in the read-only mode.
    let file = RouteLimits { body_bytes: BODY_LIMIT_BYTES, while_read_only: true, ..RouteLimits::default() };
    Routes::new()
        .get("/trust-list", Access::Public, trust_list)
        .get("/v/offline", Access::Public, offline)
        .get("/v/worker.js", Access::Public, worker)
        .get("/pki/{organization}/did.json", Access::Public, did_document)
        .get("/v/file", Access::Public, file_page::ask)
        .post_within("/v/file", Access::Public, file, file_page::send)
}

/// The reason, in the vocabulary of every check, for which nothing is checked where there is no list.
const NO_TRUST_LIST: &str = "NO_TRUST_LIST";

/// What the page needs beside its own words.
const FILES: [&str; 3] = ["verify.css", "seal.js", "icon.svg"];

/// The worker with the names that its files have in this version: it is another one when they are.
static WORKER: LazyLock<String> = LazyLock::new(|| {
    let paths = FILES.map(|name| format!("\"{}\"", asset(name))).join(", ");
    let version = hex::encode(&Sha256::digest(&paths)[..5]);
    let text = include_str!("../../../static/worker.js");
    text.replace("\"FILES\"", &paths).replace("VERSION", &version)
});

#[derive(Template)]
#[template(path = "certificates/offline.html")]
struct OfflinePage {
    product: String,
    demo: bool,
    origin: String,
    key: Option<ListKey>,
    verdicts: Vec<VerdictRow>,
    reasons: Vec<Row>,
    kinds: Vec<KindRow>,
    facts: Vec<FactRow>,
}

async fn trust_list(State(state): State<AppState>, exchange: Exchange) -> Response {
    match list(&state, &exchange).await {
        Some(list) => {
            let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/jose"))];
            (kind, list.text.to_string()).into_response()
        }
        None => {
            let text = Bilingual::t("seal-no-list");
            (StatusCode::NOT_FOUND, Json(json!({ "reason": NO_TRUST_LIST, "en": text.en, "am": text.am })))
                .into_response()
        }
    }
}

/// The list with which seals are checked; nothing when there is none that holds, so that nothing is checked then.
pub async fn list(state: &AppState, exchange: &Exchange) -> Option<Published> {
    state.trust.as_ref()?.current(exchange.now()).await.ok()
}

/// The keys of an organisation, as its identifier on the web (did:web) names them: those that it may sign with today.
async fn did_document(
    State(state): State<AppState>,
    exchange: Exchange,
    Path(organization): Path<String>,
) -> Result<Response, AppError> {
    let list = list(&state, &exchange).await.ok_or(AppError::NotFound)?;
    let id = seals::did(exchange.site().public_url(), &organization);
    let of_it = |entry: &&Entry| {
        entry.organization == organization && !matches!(entry.state, trust_list::State::Revoked { .. })
    };
    let methods: Vec<_> = list
        .verified
        .list()
        .entries
        .iter()
        .filter(of_it)
        .map(|entry| {
            json!({ "id": format!("{id}#{}", entry.key_id), "type": "JsonWebKey", "controller": id,
                    "publicKeyJwk": entry.jwk })
        })
        .collect();
    if methods.is_empty() {
        return Err(AppError::NotFound);
    }
    let names: Vec<_> = methods.iter().map(|method| method["id"].clone()).collect();
    let document = json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": id,
        "verificationMethod": methods,
        "assertionMethod": names,
    });
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/did+json"))];
    Ok((kind, document.to_string()).into_response())
}

async fn offline(State(state): State<AppState>, exchange: Exchange) -> Result<Response, AppError> {
    let page = OfflinePage {
        product: Lang::EN.t("app-name"),
        demo: exchange.site().is_demo(),
        origin: exchange.site().origin(),
        key: list(&state, &exchange).await.map(|list| list.key),
        verdicts: words::verdicts(),
        reasons: words::reasons(),
        kinds: words::kinds(),
        facts: words::facts(),
    };
    crate::web::html(&page)
}

async fn worker() -> Response {
    debug_assert!(FILES.iter().all(|name| assets::find(name).is_some()));
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"))];
    (kind, WORKER.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(key: Option<ListKey>) -> String {
        let page = OfflinePage {
            product: "Jebena".to_owned(),
            demo: true,
            origin: "https://jebena.example".to_owned(),
            key,
            verdicts: words::verdicts(),
            reasons: words::reasons(),
            kinds: words::kinds(),
            facts: words::facts(),
        };
        page.render().unwrap()
    }

    #[test]
    fn the_page_weighs_little_and_says_what_to_do_without_script() {
        let html = page(None);
        let gzip = |name: &str| assets::find(name).unwrap().gzip.as_ref().unwrap().len();
        println!("page {}, script {} compressed", html.len(), gzip("seal.js"));
        assert!(html.len() < 24_000, "{}", html.len());
        assert!(gzip("seal.js") < 6_500, "{}", gzip("seal.js"));
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains("<noscript>") && !html.contains("style=") && !html.contains("data-signer"));
        crate::web::samples::save("verify-offline", &html);
    }

    #[test]
    fn the_page_brings_the_key_of_the_list_along() {
        let key = ListKey {
            root: "aa".to_owned(),
            signer: "bb".to_owned(),
            crv: "P-256".to_owned(),
            x: "xx".to_owned(),
            y: "yy".to_owned(),
        };
        let html = page(Some(key));
        for said in ["data-root=\"aa\"", "data-signer=\"bb\"", "data-crv=\"P-256\"", "data-x=\"xx\"", "data-y=\"yy\""] {
            assert!(html.contains(said), "{said}");
        }
    }

    #[test]
    fn the_worker_keeps_the_files_of_this_version() {
        assert!(!WORKER.contains("\"FILES\"") && !WORKER.contains("VERSION"));
        for name in FILES {
            assert!(WORKER.contains(asset(name)), "{name}");
        }
    }
}
