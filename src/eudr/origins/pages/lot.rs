//! `GET /lots/{id}/plots`: the plots from which a lot comes, by the lot that grew there; links are made and ended here.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::{Fields, answer_of, lot_id, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::error::AppError;
use crate::eudr::origins::lines::{self, MOST_LINES};
use crate::eudr::origins::model::{Origin, Share, TracedLot};
use crate::eudr::origins::rules::{OriginRefusal, against_linking, distinct, gaps};
use crate::eudr::origins::service::{self, LinkPlots, LotPage, UnlinkPlot};
use crate::eudr::origins::sheet;
use crate::eudr::pages::carry_out;
use crate::eudr::pages::geojson_file;
use crate::eudr::pages::words::{cutoff_tag, hectares};
use crate::i18n::Lang;
use crate::ids::{LotId, PlotLinkId};
use crate::web::chrome::Chrome;
use crate::web::components::{
    ActionButton, Check, EmptyState, ErrorSummary, Fact, Field, FieldGroup, Form, Moment, Tag, Tone,
};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, FormKey, Problem};

/// The plots that are linked, a line for each.
pub(super) const PLOTS: &str = "plots";
/// Plots that the page lists of a lot; the file has all.
const LISTED: usize = 200;
/// Things that are lacking, as the page names them.
const NAMED: usize = 50;

#[derive(Template)]
#[template(path = "eudr/lot.html")]
struct View {
    chrome: Chrome,
    lot_href: String,
    lot_number: String,
    facts: Vec<Fact>,
    gaps: Vec<Check>,
    more_gaps: String,
    file_href: String,
    origins: Vec<Grown>,
    empty: EmptyState,
    form: Option<Form>,
    why_not: String,
    ended: Vec<Fact>,
}

/// A lot that grew somewhere.
struct Grown {
    id: String,
    title: String,
    href: String,
    is_other: bool,
    rows: Vec<Row>,
    more: String,
    none: String,
    can_end: bool,
}

/// A plot from which it comes.
struct Row {
    number: String,
    href: String,
    producer: String,
    place: String,
    area: String,
    kg: String,
    cutoff: Tag,
    button: Option<ActionButton>,
}

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    text: String,
    error: Option<String>,
    whole: Vec<String>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    shown(&state, &exchange, &actor, lot_id(&id)?, &Typed::default(), StatusCode::OK).await
}

pub(super) async fn link(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let (id, lang) = (lot_id(&id)?, exchange.lang());
    let text = submission.fields.get(PLOTS).cloned().unwrap_or_default();
    let refusal = match read(&text) {
        Err(refusal) => refusal,
        Ok(lines) => {
            let command = LinkPlots { lot: id, lines: &lines };
            match carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &command).await? {
                Ok(done) => return Ok(done),
                Err(refusal) => refusal,
            }
        }
    };
    let typed = match &refusal {
        OriginRefusal::Lines(faults) => Typed {
            error: Some(lang.fill("eudr-lines-wrong", [("count", faults.len().to_string())])),
            whole: faults.iter().take(NAMED).map(|fault| words::line_fault(fault, lang)).collect(),
            text,
        },
        OriginRefusal::Invalid(problems) => {
            Typed { error: problems.of(PLOTS).map(|found| problem(found, lang)), whole: Vec::new(), text }
        }
        OriginRefusal::TooHeavy { .. } => {
            Typed { error: Some(words::refusal(&refusal, lang)), whole: Vec::new(), text }
        }
        other => return Err(answer_of(other, &format!("/lots/{id}/plots"), lang)),
    };
    shown(&state, &exchange, &actor, id, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// The lines of a form, which has at least one.
fn read(text: &str) -> Result<Vec<lines::Line>, OriginRefusal> {
    let invalid = |problem| OriginRefusal::Invalid(FieldProblems(vec![(PLOTS.to_owned(), problem)]));
    let lines = lines::read(text).map_err(OriginRefusal::Lines)?;
    match lines.len() {
        0 => Err(invalid(Problem::Missing)),
        1..=MOST_LINES => Ok(lines),
        _ => {
            let arguments = vec![("most", MOST_LINES.to_string())];
            Err(invalid(Problem::Refused { text_id: "eudr-too-many-lines", arguments }))
        }
    }
}

pub(super) async fn unlink(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, link)): Path<(String, String)>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let lot = lot_id(&id)?;
    let link: PlotLinkId = link.parse().map_err(|_| AppError::NotFound)?;
    carry_out(&state, &exchange, &actor, FormKey::of(&submission)?, &UnlinkPlot { lot, link })
        .await?
        .map_err(|refusal| answer_of(&refusal, &format!("/lots/{lot}/plots"), exchange.lang()))
}

/// `GET /lots/{id}/plots/file`: the plots in the EU's format, where nothing is lacking.
pub(super) async fn file(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let (id, now) = (lot_id(&id)?, exchange.now());
    let LotPage { lot, origins, .. } =
        service::lot(&state.db, &actor, id, true, now).await?.ok_or(AppError::NotFound)?;
    if !gaps(&origins).is_empty() {
        let typed = Typed { whole: vec![exchange.lang().t("eudr-file-refused")], ..Typed::default() };
        return shown(&state, &exchange, &actor, id, &typed, StatusCode::CONFLICT).await;
    }
    let details = json!({ "number": lot.number, "plots": distinct(&origins).len() });
    service::record_download(&state.db, &actor, ("coffee_lot", lot.id.0), details, now).await?;
    geojson_file(&format!("{}-plots.geojson", lot.number.replace('/', "-")), sheet::plots(&origins))
}

async fn shown(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: LotId,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let LotPage { lot, origins, ended } =
        service::lot(&state.db, actor, id, false, exchange.now()).await?.ok_or(AppError::NotFound)?;
    let against = against_linking(&lot, actor);
    let found = gaps(&origins);
    let count: usize = origins.iter().map(|origin| origin.shares.len()).sum();
    let mut lacking: Vec<Check> = typed_errors(typed, against.is_some());
    lacking.extend(found.iter().take(NAMED).map(|gap| Check {
        tone: Tone::Warn,
        text: words::gap(gap, lang),
        href: words::gap_href(gap).filter(|href| *href != format!("/lots/{id}/plots")),
    }));
    let view = View {
        lot_href: format!("/lots/{id}"),
        lot_number: lot.number.clone(),
        facts: vec![
            Fact::new(lang.name_of("lot-field", "quantity"), words::kilograms(lot.quantity)),
            Fact::new(lang.name_of("lot-field", "source"), lang.name_of("lot-source", lot.source.code())),
            Fact::new(lang.t("eudr-plots"), count.to_string()),
        ],
        gaps: lacking,
        more_gaps: more(found.len(), NAMED, lang),
        file_href: if found.is_empty() { format!("/lots/{id}/plots/file") } else { String::new() },
        origins: origins.iter().map(|origin| grown(origin, &lot, against.is_none(), exchange)).collect(),
        empty: EmptyState { title: lang.t("eudr-empty-title"), text: lang.t("eudr-empty-text"), action: None },
        form: against.is_none().then(|| form(&lot, typed, exchange)),
        why_not: match &against {
            Some(refusal) if *refusal != OriginRefusal::NotYours => words::refusal(refusal, lang),
            _ => String::new(),
        },
        ended: ended
            .iter()
            .map(|link| Fact::new(&link.number, &link.by.name).note(Moment::at(lang, link.by.at).text))
            .collect(),
        chrome: exchange.chrome(lang.fill("eudr-lot-title", [("number", lot.number)])).wide(),
    };
    crate::web::answer(&view, status)
}

/// Where there is no form, what is wrong stands above what is lacking.
fn typed_errors(typed: &Typed, is_alone: bool) -> Vec<Check> {
    let errors = if is_alone { typed.whole.as_slice() } else { &[] };
    errors.iter().map(|text| Check { tone: Tone::Bad, text: text.clone(), href: None }).collect()
}

fn more(all: usize, shown: usize, lang: Lang) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => lang.fill("eudr-more", [("count", more.to_string())]),
    }
}

fn grown(origin: &Origin, lot: &TracedLot, may_end: bool, exchange: &Exchange) -> Grown {
    let lang = exchange.lang();
    let row = |share: &Share| Row {
        number: share.number.clone(),
        href: format!("/plots/{}", share.plot),
        producer: share.producer_name.clone(),
        place: share.production_place.clone(),
        area: hectares(share.area),
        kg: share.kg.map(words::kilograms).unwrap_or_else(|| lang.t("eudr-kg-unknown")),
        cutoff: cutoff_tag(share.is_stated, lang),
        button: share.link.filter(|_| may_end).map(|link| ActionButton {
            action: format!("/lots/{}/plots/{link}/removal", lot.id),
            token: exchange.form_token(None),
            says: None,
            label: lang.t("eudr-unlink"),
            about: share.number.clone(),
        }),
    };
    Grown {
        id: format!("origin-{}", origin.lot),
        title: lang.fill(
            "eudr-grown",
            [
                ("number", origin.number.clone()),
                ("source", lang.name_of("lot-source", origin.source.code())),
                ("kg", words::kilograms(origin.quantity)),
            ],
        ),
        href: format!("/lots/{}/plots", origin.lot),
        is_other: origin.lot != lot.id,
        rows: origin.shares.iter().take(LISTED).map(row).collect(),
        more: more(origin.shares.len(), LISTED, lang),
        none: lang.t("eudr-untraced"),
        can_end: may_end,
    }
}

fn form(lot: &TracedLot, typed: &Typed, exchange: &Exchange) -> Form {
    let lang = exchange.lang();
    let field = Field::textarea(PLOTS, lang.t("eudr-link-plots"))
        .hint(lang.t("eudr-link-hint"))
        .value(typed.text.clone())
        .error(typed.error.clone());
    Form {
        action: format!("/lots/{}/plots", lot.id),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(typed.whole.clone(), [&field]),
        groups: vec![FieldGroup::plain(vec![field])],
        submit: lang.t("eudr-link-submit"),
        ..Form::default()
    }
}
