//! `/v` and `/v/{code}`: what anybody may know of a paper whose code they have.
//!
//! No session, one small stylesheet, and a script where a seal behind the address can be checked. The page answers one question and gives what is to be compared
//! with the sheet in the hand; the buyer is named by a letter and a country, because the code travels with the
//! goods and is read by more people than the contract.

use askama::Template;
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chrono::{DateTime, NaiveDate, Utc};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jebena_trust::text::base64url;
use jebena_trust::verdict::Verdict;
use serde::Deserialize;
use serde_json::{Value, json};

use super::bilingual::Bilingual;
use super::code::VerifyCode;
use super::model::PaperState;
use super::proof;
use super::seals;
use super::seals::pages::{Form, Seal};
use super::service::{self, CheckError, PublicPaper};
use super::sheet::duplicate_label;
use super::snapshot::short_hash;
use crate::app::AppState;
use crate::calendar::format_eat;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::quantities::grouped;
use crate::web::components::Moment;
use crate::web::exchange::Exchange;
use crate::web::query::Query;
use crate::web::routes::{Access, Routes};

/// The routes of the public page. QR codes carry the address in capitals, which makes them smaller.
pub(super) fn routes() -> Routes<AppState> {
    Routes::new().get("/v", Access::Public, ask).get("/v/{code}", Access::Public, answer).get(
        "/V/{code}",
        Access::Public,
        answer,
    )
}

/// A code that was typed.
#[derive(Debug, Deserialize)]
struct Asked {
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "certificates/verify.html")]
struct VerifyPage {
    product: String,
    /// Whether this is a demonstration, whose papers are of invented firms.
    demo: bool,
    /// What was typed, where no paper has it.
    typed: String,
    origin: String,
    verdict: Option<Told>,
    facts: Vec<(Bilingual, Bilingual)>,
    hash: Option<(String, String)>,
    /// Whether the page checks the seal behind its address.
    checks_seal: bool,
    /// What is known of its seal.
    seal: Vec<(Bilingual, Bilingual)>,
    /// What can be taken along: where, and what it is.
    files: Vec<(String, Bilingual)>,
    checked_eat: String,
    checked_utc: String,
}

/// The answer in a word and a sentence.
pub(super) struct Told {
    /// The suffix of its style.
    pub tone: &'static str,
    pub sign: &'static str,
    pub word: Bilingual,
    pub addition: Option<Bilingual>,
    pub text: Bilingual,
}

async fn ask(exchange: Exchange, Query(asked): Query<Asked>) -> Result<Response, AppError> {
    let Some(typed) = asked.code else {
        return page(&exchange, Answer::default());
    };
    match typed.parse::<VerifyCode>() {
        Ok(code) => Ok(Redirect::to(&code.path()).into_response()),
        Err(_) => unknown(&exchange, typed),
    }
}

async fn answer(
    State(state): State<AppState>,
    exchange: Exchange,
    headers: HeaderMap,
    Path(asked): Path<String>,
) -> Result<Response, AppError> {
    let (typed, form) = Form::split(&asked);
    let code = typed.parse::<VerifyCode>().ok();
    match (form, &code) {
        (Some(Form::Pdf), Some(code)) => return seals::pages::pdf(&state, &exchange, code).await,
        (Some(Form::Cose), Some(code)) => return seals::pages::cose(&state, code).await,
        (Some(Form::Credential), Some(code)) => return seals::pages::credential(&state, code).await,
        _ => {}
    }
    let list = proof::list(&state, &exchange).await;
    let (paper, seal) = match &code {
        Some(code) => (
            service::check(&state.db, code, exchange.now()).await?,
            seals::pages::seal_of(&state, &exchange, code, list.as_ref()).await?,
        ),
        None => (None, None),
    };
    if form == Some(Form::Json) || wants_json(&headers) {
        let status = if paper.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
        let said = as_json(paper.as_ref(), seal.as_ref(), exchange.now());
        return Ok(uncached((status, Json(said)).into_response()));
    }
    match (paper, code) {
        (Some(paper), Some(code)) => {
            let hash = Some((short_hash(&paper.content_sha256), hex::encode(paper.content_sha256)));
            // Without a list no seal can be checked, and the page has no script.
            let (verdict, checks_seal) = (Some(verdict(&paper)), list.is_some());
            let files = files(&code, seal.as_ref());
            let (facts, seal) = (facts(&paper), seal.as_ref().map(sealed_by).unwrap_or_default());
            page(&exchange, Answer { verdict, facts, hash, checks_seal, seal, files, ..Answer::default() })
        }
        _ => unknown(&exchange, asked),
    }
}

/// Who has sealed the paper, by the list of today, and what that seal is worth.
fn sealed_by(seal: &Seal) -> Vec<(Bilingual, Bilingual)> {
    let (by, outcome) = (&seal.outcome.signer, &seal.outcome);
    let mut told = Vec::new();
    if let Some(by) = by {
        told.push((Bilingual::t("seal-signer"), Bilingual::new(&by.name_en, &by.name_am)));
    }
    told.push((Bilingual::t("verify-seal"), proof::verdict(outcome.verdict)));
    if outcome.verdict != Verdict::Valid {
        told.push((Bilingual::t("verify-seal-reason"), proof::reason(&outcome.reason.code())));
    }
    told
}

/// What can be taken along of a sealed paper.
fn files(code: &VerifyCode, seal: Option<&Seal>) -> Vec<(String, Bilingual)> {
    let Some(seal) = seal else { return Vec::new() };
    let mut files = vec![("pdf", "verify-file-pdf"), ("json", "verify-file-json"), ("cose", "verify-file-cose")];
    if seal.has_credential {
        files.push(("vc.jwt", "verify-file-credential"));
    }
    files.into_iter().map(|(ending, name)| (format!("{}.{ending}", code.path()), Bilingual::t(name))).collect()
}

/// Malformed, mistyped or never issued: one answer, which tells nothing about what there is. What was typed comes back,
/// to be compared with the print and corrected.
fn unknown(exchange: &Exchange, typed: String) -> Result<Response, AppError> {
    page(exchange, Answer { status: StatusCode::NOT_FOUND, verdict: Some(nothing()), typed, ..Answer::default() })
}

/// The verdict that there is no such paper.
fn nothing() -> Told {
    Told {
        tone: "neutral",
        sign: "?",
        word: Bilingual::t("verify-unknown"),
        addition: None,
        text: Bilingual::t("verify-unknown-text"),
    }
}

/// What the page answers; by default it asks.
#[derive(Default)]
struct Answer {
    status: StatusCode,
    verdict: Option<Told>,
    facts: Vec<(Bilingual, Bilingual)>,
    hash: Option<(String, String)>,
    checks_seal: bool,
    seal: Vec<(Bilingual, Bilingual)>,
    files: Vec<(String, Bilingual)>,
    typed: String,
}

fn page(exchange: &Exchange, answer: Answer) -> Result<Response, AppError> {
    let page = VerifyPage {
        product: Lang::EN.t("app-name"),
        demo: exchange.site().is_demo(),
        typed: answer.typed,
        origin: exchange.site().origin(),
        verdict: answer.verdict,
        facts: answer.facts,
        hash: answer.hash,
        checks_seal: answer.checks_seal,
        seal: answer.seal,
        files: answer.files,
        checked_eat: format_eat(exchange.now()),
        checked_utc: exchange.now().format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    };
    Ok(uncached((answer.status, Html(page.render().map_err(AppError::internal)?)).into_response()))
}

/// An answer of a minute ago may be wrong now.
fn uncached(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    response
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// What a paper is worth by the record.
pub(super) fn verdict(paper: &PublicPaper) -> Told {
    let since = paper.since.map(|date| with(date_pair(date), "verify-since", "date"));
    let (tone, sign, word, text, addition) = match paper.state {
        PaperState::Valid if paper.duplicate > 0 => {
            ("good", "✓", "verify-valid", "verify-duplicate-text", { Some(duplicate_label(paper.duplicate)) })
        }
        PaperState::Valid if paper.kind.is_of_exporter() => {
            ("good", "✓", "verify-valid", "verify-valid-exporter-text", None)
        }
        PaperState::Valid => ("good", "✓", "verify-valid", "verify-valid-text", None),
        PaperState::Lost => ("bad", "!", "verify-lost", "verify-lost-text", since),
        PaperState::Suspended => ("bad", "!", "verify-suspended", "verify-suspended-text", since),
        PaperState::Used => ("warn", "✓", "verify-used", "verify-used-text", since),
        PaperState::Revoked => ("bad", "✕", "verify-revoked", "verify-revoked-text", since),
        PaperState::Expired => ("bad", "!", "verify-expired", "verify-expired-text", {
            paper.valid_until.and_then(|date| date.succ_opt()).map(|date| with(date_pair(date), "verify-since", "date"))
        }),
        PaperState::Replaced => ("bad", "→", "verify-replaced", "verify-replaced-text", {
            paper.replaced_by.as_ref().map(|number| with(Bilingual::new(number, number), "verify-by", "number"))
        }),
    };
    Told { tone, sign, word: Bilingual::t(word), addition, text: Bilingual::t(text) }
}

/// A day as each language writes it: Gregorian in English, Ethiopian in Amharic.
fn date_pair(date: NaiveDate) -> Bilingual {
    Bilingual::new(Moment::legal_day(Lang::EN, date).text, Moment::legal_day(Lang::AM, date).text)
}

fn with(value: Bilingual, id: &'static str, name: &'static str) -> Bilingual {
    Bilingual::new(Lang::EN.t_args(id, &[(name, value.en.into())]), Lang::AM.t_args(id, &[(name, value.am.into())]))
}

fn facts(paper: &PublicPaper) -> Vec<(Bilingual, Bilingual)> {
    let said = paper.snapshot.essentials();
    let plain = |text: &str| Bilingual::new(text, "");
    let mut facts = vec![
        (Bilingual::t("verify-kind"), kind(paper)),
        (Bilingual::t("verify-number"), plain(&paper.number)),
        (Bilingual::t("verify-issued"), date_pair(paper.issued_on)),
    ];
    if let Some(date) = paper.valid_until {
        facts.push((Bilingual::t("verify-until"), date_pair(date)));
    }
    facts.push((Bilingual::t("verify-exporter"), plain(said.holder)));
    facts.extend(said.particulars.into_iter().map(|(caption, value)| (Bilingual::t(caption), value)));
    if let Some(goods) = said.goods {
        facts.push((Bilingual::t("verify-goods"), goods.coffee));
        facts.push((Bilingual::t("verify-weight"), plain(&format!("{} kg", grouped(goods.net_kg)))));
    }
    if let Some((buyer, country)) = said.buyer {
        let buyer = first_letter(buyer);
        let where_to = Bilingual::new(format!("{buyer}, {}", country.en), format!("{buyer}፣ {}", country.am));
        facts.push((Bilingual::t("verify-buyer"), where_to));
    }
    facts
}

fn kind(paper: &PublicPaper) -> Bilingual {
    let name = |lang: Lang| lang.name_of("paper", paper.kind.code());
    Bilingual::new(name(Lang::EN), name(Lang::AM))
}

/// A name by its first letter: enough to compare with a sheet, not enough to learn who buys from whom.
fn first_letter(name: &str) -> String {
    name.chars().next().map_or_else(String::new, |letter| format!("{letter}…"))
}

fn as_json(paper: Option<&PublicPaper>, seal: Option<&Seal>, now: DateTime<Utc>) -> Value {
    let checked = json!({ "utc": now.format("%Y-%m-%dT%H:%M:%SZ").to_string(), "eat": format_eat(now) });
    let Some(paper) = paper else {
        return json!({ "state": "UNKNOWN", "verdict": proof::NOT_ISSUED_HERE, "checked": checked });
    };
    let said = paper.snapshot.essentials();
    json!({
        "state": paper.state,
        "verdict": paper.state,
        "since": paper.since,
        "replaced_by": paper.replaced_by,
        "kind": paper.kind,
        "number": paper.number,
        "duplicate": paper.duplicate,
        "issued_on": paper.issued_on,
        "valid_until": paper.valid_until,
        "exporter": said.holder,
        "goods": said.goods.as_ref().map(|goods| &goods.coffee),
        "net_kg": said.goods.as_ref().map(|goods| goods.net_kg.normalize()),
        "bags": said.goods.as_ref().and_then(|goods| goods.bags),
        "buyer": said.buyer.map(|(buyer, _)| first_letter(buyer)),
        "buyer_country": said.buyer.map(|(_, country)| country),
        "content_sha256": hex::encode(paper.content_sha256),
        "checked": checked,
        // Whoever keeps these two can check them without asking again.
        "claims": seal.and_then(|seal| seal.outcome.claims.as_ref()),
        "seal": seal.map(|seal| base64url(&seal.cose)),
        "seal_verdict": seal.map(|seal| seal.outcome.verdict.code()),
        "sealed_by": seal.and_then(|seal| seal.outcome.signer.as_ref()),
    })
}

impl From<CheckError> for AppError {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Database(error) => error.into(),
            CheckError::Altered { .. } => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::model::PaperKind;
    use crate::certificates::snapshot::{Snapshot, content_hash, samples};
    use crate::web::assets;

    fn paper(state: PaperState) -> PublicPaper {
        let permit = samples::permit();
        let snapshot = Snapshot::Permit(permit.clone());
        PublicPaper {
            kind: PaperKind::ExportPermit,
            number: permit.number,
            duplicate: 0,
            state,
            issued_on: permit.issued_on,
            valid_until: Some(permit.valid_until),
            since: NaiveDate::from_ymd_opt(2026, 12, 1),
            replaced_by: None,
            content_sha256: content_hash(&snapshot.encode().unwrap()),
            snapshot,
        }
    }

    fn asking(typed: &str) -> VerifyPage {
        VerifyPage {
            product: "Jebena".to_owned(),
            demo: true,
            typed: typed.to_owned(),
            origin: "https://jebena.example".to_owned(),
            verdict: None,
            facts: Vec::new(),
            hash: None,
            checks_seal: false,
            seal: Vec::new(),
            files: Vec::new(),
            checked_eat: "20 Nov 2026, 14:05 EAT".to_owned(),
            checked_utc: "2026-11-20 11:05:00 UTC".to_owned(),
        }
    }

    fn html(paper: &PublicPaper) -> String {
        let page = VerifyPage {
            verdict: Some(verdict(paper)),
            facts: facts(paper),
            hash: Some((short_hash(&paper.content_sha256), hex::encode(paper.content_sha256))),
            ..asking("")
        };
        page.render().unwrap()
    }

    #[test]
    fn each_state_is_said_in_both_languages() {
        for (state, en, am) in [
            (PaperState::Valid, "VALID", "የሚሠራ"),
            (PaperState::Used, "USED", "ጥቅም ላይ የዋለ"),
            (PaperState::Revoked, "REVOKED", "የተሰረዘ"),
            (PaperState::Expired, "EXPIRED", "ጊዜው ያለፈበት"),
            (PaperState::Replaced, "REPLACED", "የተተካ"),
            (PaperState::Suspended, "SUSPENDED", "የታገደ"),
            (PaperState::Lost, "LOST", "የጠፋ"),
        ] {
            let html = html(&paper(state));
            assert!(html.contains(en) && html.contains(am), "{state}");
            crate::web::samples::save(&format!("verify-{}", state.code().to_lowercase()), &html);
        }
        assert!(html(&paper(PaperState::Revoked)).contains("since 1 Dec 2026 (22 Hidar 2019 E.C.)"));
        assert!(html(&paper(PaperState::Expired)).contains("since 19 Feb 2027"), "the day after its last day");
    }

    #[test]
    fn a_demonstration_says_so_in_both_languages_and_what_is_real_does_not() {
        let page = |demo: bool| VerifyPage { demo, ..asking("") }.render().unwrap();
        let said = Bilingual::t("shell-demo");
        assert!(page(true).contains(&said.en) && page(true).contains(said.other().unwrap()));
        assert!(!page(false).contains(&said.en));
    }

    #[test]
    fn what_was_typed_comes_back_as_text_and_in_the_field() {
        let page = VerifyPage { verdict: Some(nothing()), ..asking("EP-<1>") }.render().unwrap();
        assert!(page.contains("<code>EP-&#60;1&#62;</code>"), "{page}");
        assert!(page.contains("value=\"EP-&#60;1&#62;\""), "{page}");
        assert!(page.contains("Checked") && !asking("").render().unwrap().contains("Checked"), "only with a verdict");
    }

    #[test]
    fn the_page_weighs_little_and_runs_nothing() {
        let html = html(&paper(PaperState::Revoked));
        let css = assets::find("verify.css").unwrap();
        let (whole, compressed) = (html.len() + css.body.len(), css.gzip.as_ref().map_or(css.body.len(), |g| g.len()));
        println!("page {} + style {} = {whole} bytes, style compressed {compressed}", html.len(), css.body.len());
        assert!(whole < 12_000, "{whole}");
        assert!(!html.contains("<script") && !html.contains("style="));
        assert_eq!(html.matches("<link").count(), 2, "the stylesheet and the icon");
    }

    #[test]
    fn a_seal_is_checked_beside_the_answer_where_there_is_a_list() {
        let paper = paper(PaperState::Valid);
        let page = VerifyPage {
            verdict: Some(verdict(&paper)),
            facts: facts(&paper),
            hash: Some((short_hash(&paper.content_sha256), hex::encode(paper.content_sha256))),
            checks_seal: true,
            ..asking("")
        };
        let html = page.render().unwrap();
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains(&format!("data-content=\"{}\"", hex::encode(paper.content_sha256))), "{html}");
    }

    #[test]
    fn the_buyer_is_masked() {
        let paper = paper(PaperState::Valid);
        for text in [html(&paper), as_json(Some(&paper), None, samples::issued_at()).to_string()] {
            assert!(!text.contains("Hanse"), "{text}");
            assert!(text.contains("H…") && text.contains("Germany") && text.contains("Abay Coffee Export PLC"));
            assert!(!text.contains("218,839") && !text.contains("11.39"), "the price is nobody's business");
        }
    }

    #[test]
    fn programs_ask_for_json_and_browsers_do_not() {
        let accept = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(value));
            wants_json(&headers)
        };
        assert!(accept("application/json"));
        assert!(!accept("text/html,application/xhtml+xml,application/json;q=0.5") && !accept("*/*"));
        let nothing = as_json(None, None, samples::issued_at());
        assert_eq!((&nothing["state"], &nothing["verdict"]), (&json!("UNKNOWN"), &json!("NOT_ISSUED_HERE")));
    }
}
