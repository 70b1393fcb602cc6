//! `/v/file`: somebody hands in what they were sent, and is told whether it is ours. Nothing of it is kept.

use askama::Template;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use jebena_trust::check::Outcome;
use jebena_trust::verdict::{Reason, Verdict};

use super::given::check_given;
use super::pages::list;
use super::words::{self, VerdictRow};
use crate::app::AppState;
use crate::certificates::seals::{self, GivenOut};
use crate::certificates::service::{self, PublicPaper};
use crate::certificates::verify::{self, Told};
use crate::certificates::{Bilingual, VerifyCode};
use crate::documents::upload::{DataUpload, SentData};
use crate::error::AppError;
use crate::i18n::Lang;
use crate::web::csrf::FormGuard;
use crate::web::exchange::Exchange;

/// The largest file that is looked at: several times the largest paper.
pub const FILE_LIMIT_BYTES: usize = 4 << 20;

#[derive(Template)]
#[template(path = "certificates/file.html")]
struct FilePage {
    product: String,
    demo: bool,
    origin: String,
    key: String,
    /// What is wrong with what was sent.
    fault: Option<Bilingual>,
    answer: Option<Answer>,
}

/// What was found.
struct Answer {
    name: String,
    told: Told,
    /// What the seal says, to be compared with what is shown.
    facts: Vec<(Bilingual, Bilingual)>,
    /// The page of the paper, where it was issued here.
    page: Option<String>,
}

pub(super) async fn ask(exchange: Exchange) -> Result<Response, AppError> {
    page(&exchange, StatusCode::OK, None, None)
}

pub(super) async fn send(
    State(state): State<AppState>,
    exchange: Exchange,
    guard: FormGuard,
    request: Request,
) -> Result<Response, AppError> {
    let upload = DataUpload::read(request, &guard, FILE_LIMIT_BYTES, &[]).await?;
    let (name, bytes) = match upload.file {
        SentData::Received { name, bytes } => (name, bytes),
        SentData::Missing => return refused(&exchange, "verify-file-missing"),
        SentData::TooLarge { .. } => return refused(&exchange, "verify-file-too-large"),
    };
    let list = list(&state, &exchange).await;
    let at = super::moment(exchange.now());
    let bytes = Bytes::from(bytes);
    let checked = bytes.clone();
    let outcome = tokio::task::spawn_blocking(move || {
        let no_list = Reason::NoTrustList;
        check_given(&checked, list.as_ref().map_or(Err(&no_list), |list| Ok(&list.verified)), at)
    });
    let outcome = outcome.await.map_err(AppError::internal)?;
    let answer = on_record(&state, &exchange, name, &bytes, outcome).await?;
    page(&exchange, StatusCode::OK, None, Some(answer))
}

/// What the file proves, and what became of the paper since: of a paper that proves itself the record has the last word.
async fn on_record(
    state: &AppState,
    exchange: &Exchange,
    name: String,
    bytes: &[u8],
    outcome: Outcome,
) -> Result<Answer, AppError> {
    let code = outcome.claims.as_ref().and_then(|claims| claims.code.to_string().parse::<VerifyCode>().ok());
    let (paper, given_out) = match &code {
        Some(code) => {
            (service::check(&state.db, code, exchange.now()).await?, seals::find_given_out(&state.db, code).await?)
        }
        None => (None, None),
    };
    let facts = outcome.claims.as_ref().map(words::particulars).unwrap_or_default();
    let page = code.filter(|_| paper.is_some()).map(|code| code.path());
    Ok(Answer { name, told: judged(outcome, bytes, paper.as_ref(), given_out.as_ref()), facts, page })
}

/// Who has a key can sign anything: what was issued under a code and what was given out of it is on record alone. So is what counts
/// of seals whose key came into other hands.
fn judged(outcome: Outcome, bytes: &[u8], paper: Option<&PublicPaper>, given_out: Option<&GivenOut>) -> Told {
    let proves_itself = matches!(outcome.verdict, Verdict::Valid | Verdict::Expired | Verdict::NotYetValid)
        || matches!(outcome.reason, Reason::KeyCompromised { .. });
    let Some(claims) = outcome.claims.as_ref().filter(|_| proves_itself) else { return told(&outcome) };
    let Some(paper) = paper else {
        return told(&Outcome { verdict: Verdict::NotIssuedHere, reason: Reason::UnknownCode, ..outcome });
    };
    let against = if claims.content_sha256 == paper.content_sha256 {
        // Of what has no seal nothing was given out.
        given_out.map_or(Some(Reason::OtherFile), |given_out| given_out.against(claims, bytes))
    } else {
        Some(Reason::OtherContent)
    };
    match against {
        Some(reason) => told(&Outcome { verdict: Verdict::Altered, reason, ..outcome }),
        None => verify::verdict(paper),
    }
}

fn told(outcome: &Outcome) -> Told {
    let verdicts = words::verdicts();
    let row = |row: &VerdictRow| (row.tone, row.sign);
    let (tone, sign) = verdicts.iter().find(|row| row.code == outcome.verdict.code()).map_or(("neutral", "?"), row);
    Told {
        tone,
        sign,
        word: words::verdict(outcome.verdict),
        addition: None,
        text: words::reason(&outcome.reason.code()),
    }
}

fn refused(exchange: &Exchange, id: &str) -> Result<Response, AppError> {
    page(exchange, StatusCode::UNPROCESSABLE_ENTITY, Some(Bilingual::t(id)), None)
}

fn page(
    exchange: &Exchange,
    status: StatusCode,
    fault: Option<Bilingual>,
    answer: Option<Answer>,
) -> Result<Response, AppError> {
    let page = FilePage {
        product: Lang::EN.t("app-name"),
        demo: exchange.site().is_demo(),
        origin: exchange.site().origin(),
        key: exchange.form_token(None).idempotency_key,
        fault,
        answer,
    };
    let mut response = crate::web::answer(&page, status)?;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(fault: Option<Bilingual>, answer: Option<Answer>) -> String {
        let page = FilePage {
            product: "Jebena".to_owned(),
            demo: true,
            origin: "https://jebena.example".to_owned(),
            key: "k".to_owned(),
            fault,
            answer,
        };
        page.render().unwrap()
    }

    #[test]
    fn the_page_asks_and_answers_without_a_script() {
        let asking = html(None, None);
        assert!(asking.contains("enctype=\"multipart/form-data\"") && !asking.contains("<script"));
        crate::web::samples::save("verify-file", &asking);
        let missing = html(Some(Bilingual::t("verify-file-missing")), None);
        assert!(missing.contains("aria-describedby=\"fault\"") && missing.contains("role=\"alert\""), "{missing}");
        crate::web::samples::save("verify-file-missing", &missing);
        let outcome = Outcome::bare(Verdict::Altered, Reason::Signature);
        let answer = Answer {
            name: "<b>.pdf".to_owned(),
            told: told(&outcome),
            facts: vec![(Bilingual::t("verify-number"), Bilingual::new("EP-1", ""))],
            page: Some("/v/ABC".to_owned()),
        };
        let answered = html(None, Some(answer));
        assert!(answered.contains("ALTERED") && answered.contains("&#60;b&#62;.pdf") && answered.contains("word--bad"));
        crate::web::samples::save("verify-file-altered", &answered);
    }
}
