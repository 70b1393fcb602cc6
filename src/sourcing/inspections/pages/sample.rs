//! Drawing a sample, and the form on which the laboratory writes what it finds. The form shows the code and nothing of the
//! lot: who cups does not know whose coffee it is.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use super::sign::ABANDON_REASON;
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::i18n::Lang;
use crate::ids::{LotId, SampleId};
use crate::review::{SubjectKind, Typed, draft_form, refusal, save_draft, send};
use crate::sourcing::inspections::cupping::CupForm;
use crate::sourcing::inspections::findings::{SCREENS, SPECIALTY_FIELD, TASTERS, field_of};
use crate::sourcing::inspections::rules;
use crate::sourcing::inspections::service::{self, Abandon, DrawSample, SampleFile};
use crate::web::answer;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::FormPage;
use crate::workflow::words::problem;
use crate::workflow::{FieldProblems, Reason};

type Fields = BTreeMap<String, String>;

/// What the form of a sample that is drawn asks.
pub(super) const DRAWING_FIELDS: &[&str] = &["center", "grams", "drawn_on", "again_because"];

/// `GET /lots/{id}/samples/new`.
pub(super) async fn ask(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    draw_page(&state, &exchange, &actor, lot_id(&id)?, None).await
}

/// `POST /lots/{id}/samples`.
pub(super) async fn draw(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let lot = lot_id(&id)?;
    let command = DrawSample { lot, fields: &submission.fields };
    match send(&state, &exchange, &actor, &submission, &command, "/inspections".to_owned()).await? {
        Ok(done) => Ok(done),
        Err(typed) => draw_page(&state, &exchange, &actor, lot, Some(typed)).await,
    }
}

async fn draw_page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    lot: LotId,
    typed: Option<Typed>,
) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let options = service::draw_options(&state.db, actor, lot, now).await?.ok_or(AppError::NotFound)?;
    let centers = options
        .centers
        .into_iter()
        .map(|(center, am)| Choice::new(center.clone(), lang.pick(center, am)))
        .collect::<Vec<_>>();
    let choices = std::iter::once(Choice::new("", lang.t("field-choose"))).chain(centers).collect();
    let mut fields = vec![
        Field::select("center", lang.t("inspection-center"), choices),
        Field::number("grams", lang.t("inspection-grams"), "g").value(options.grams.normalize().to_string()),
        Field::date("drawn_on", lang.t("inspection-drawn-on")).value(eat_date(now).to_string()),
    ];
    let again =
        Field::textarea("again_because", lang.t("inspection-again-because")).hint(lang.fill(
            "review-reason-hint",
            [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())],
        ));
    if rules::is_again(&options.lot) {
        fields.push(again);
    }
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let typed = typed.unwrap_or_default();
    if status != StatusCode::OK {
        fill(&mut fields, &typed, lang);
    }
    let mut whole = typed.whole.clone();
    if status == StatusCode::OK {
        let against = rules::against_drawing(&options.lot, actor);
        whole.extend(against.iter().map(|found| refusal(found, &crate::review::FileKinds::default(), lang)));
    }
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("inspection-draw-title", [("lot", options.lot.number.clone())])),
        lead: vec![lang.t("inspection-draw-lead")],
        facts: vec![Fact::new(lang.t("lots-number"), &options.lot.number)],
        form: Form {
            action: format!("/lots/{lot}/samples"),
            token: exchange.form_token(None),
            summary: ErrorSummary::of(whole, &fields),
            groups: vec![FieldGroup::plain(fields)],
            submit: lang.t("inspection-draw-submit"),
            cancel: Some("/inspections".to_owned()),
            ..Form::default()
        },
    };
    answer(&view, status)
}

/// `GET /samples/{id}`.
pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let file = find(&state, &exchange, &actor, &id).await?;
    let values = file.draft.as_ref().map(crate::review::Draft::values).unwrap_or_default();
    page(&exchange, &actor, &file, &Typed::of(values), StatusCode::OK)
}

/// `POST /samples/{id}`: keeps what was typed and goes on to the page on which it is checked and signed.
pub(super) async fn check(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let file = find(&state, &exchange, &actor, &id).await?;
    let sample = file.sample.id;
    save_draft(&state.db, &actor, SubjectKind::Inspection, Some(sample.0), &submission.fields, exchange.now()).await?;
    match service::examine(&submission.fields, &file) {
        Ok(_) => Ok(exchange.htmx().see_other(&format!("/samples/{sample}/check")).into_response()),
        Err(problems) => {
            let typed = Typed { problems, ..Typed::of(submission.fields) };
            page(&exchange, &actor, &file, &typed, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// `POST /samples/{id}/abandonment`.
pub(super) async fn abandon(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<Fields>,
) -> Result<Response, AppError> {
    let file = find(&state, &exchange, &actor, &id).await?;
    let reason = submission.fields.get(ABANDON_REASON).map_or("", String::as_str);
    let reason = match Reason::parse(reason) {
        Ok(reason) => reason,
        Err(found) => {
            let mut problems = FieldProblems::default();
            problems.add(ABANDON_REASON, found);
            let typed = Typed { problems, ..Typed::of(submission.fields) };
            return super::sign::page(&exchange, &actor, &file, &typed, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let location = format!("/samples/{}", file.sample.id);
    let command = Abandon { sample: file.sample.id, version: submission.require_version()?, reason };
    match send(&state, &exchange, &actor, &submission, &command, location).await? {
        Ok(done) => Ok(done),
        Err(typed) => super::sign::page(&exchange, &actor, &file, &typed, StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// The sample behind an address, for who works at the desk.
pub(super) async fn find(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: &str,
) -> Result<SampleFile, AppError> {
    let id: SampleId = id.parse().map_err(|_| AppError::NotFound)?;
    service::find_sample(&state.db, actor, id, exchange.now()).await?.ok_or(AppError::NotFound)
}

fn page(
    exchange: &Exchange,
    actor: &Actor,
    file: &SampleFile,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let lang = exchange.lang();
    let sample = &file.sample;
    if !rules::against_handling(sample, actor).is_empty() {
        // Nothing is written about a sample that is done with: its page says what came of it.
        return super::sign::page(exchange, actor, file, typed, status);
    }
    let mut groups = groups(file, lang);
    for group in &mut groups {
        fill(&mut group.fields, typed, lang);
    }
    let groups = groups.into_iter().enumerate().map(|(n, group)| if n >= FOLDED_FROM { group.folded() } else { group });
    let address = format!("/samples/{}", sample.id);
    let form = draft_form(
        exchange,
        SubjectKind::Inspection,
        Some(sample.id.0),
        (address, "/inspections?part=samples".to_owned()),
        groups.collect(),
        typed.whole.clone(),
    );
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("inspection-sample-title", [("code", sample.code.clone())])),
        lead: vec![lang.t("inspection-sample-lead")],
        facts: facts(file, lang),
        form,
    };
    answer(&view, status)
}

/// What is known of a sample without knowing the lot.
pub(super) fn facts(file: &SampleFile, lang: Lang) -> Vec<Fact> {
    let sample = &file.sample;
    let mut facts = vec![
        Fact::new(lang.t("inspection-code"), &sample.code).note(format!("{} g", sample.grams.normalize())),
        Fact::new(lang.t("inspection-center"), &sample.center).note(Moment::day(lang, sample.drawn_on).text),
        Fact::new(lang.t("inspection-drawn-by"), &sample.drawn_by_name),
        Fact::new(lang.t("inspection-cups"), sample.cups().to_string()),
    ];
    if let Some(because) = &sample.again_because {
        facts.push(Fact::new(lang.t("inspection-again-because"), because));
    }
    facts
}

/// Groups from here on are folded away until they are used: more tasters, screens, specialty forms.
const FOLDED_FROM: usize = 5;

fn groups(file: &SampleFile, lang: Lang) -> Vec<FieldGroup> {
    let number = |name: &str, label: String, unit: &str| Field::number(name, label, unit);
    let raw = file.raw_form.iter().map(|raw| {
        let label = lang.pick(&raw.names.0, &raw.names.1).clone();
        number(&format!("raw_{}", raw.item), label, &format!("/ {}", raw.max_points.normalize()))
    });
    let found = vec![
        number("primary_defects", lang.t("inspection-primary-defects"), ""),
        number("secondary_defects", lang.t("inspection-secondary-defects"), ""),
        number("moisture", lang.t("inspection-moisture"), "%"),
        number("foreign_matter", lang.t("inspection-foreign-matter"), "g").optional(),
    ];
    let mut groups = vec![
        FieldGroup::titled(lang.t("inspection-group-raw"), raw.collect()),
        FieldGroup::titled(lang.t("inspection-group-found"), found),
    ];
    groups.extend((1..=TASTERS).map(|row| taster(CupForm::Cup60, row, lang)));
    let screens = SCREENS.map(|screen| {
        number(&format!("screen_{screen}"), lang.fill("inspection-screen", [("screen", screen.to_string())]), "%")
            .optional()
    });
    groups.push(FieldGroup {
        hint: Some(lang.t("inspection-group-screens-hint")),
        ..FieldGroup::titled(lang.t("inspection-group-screens"), screens.collect())
    });
    let forms = [CupForm::Sca2004, CupForm::Cva];
    let choices = std::iter::once(Choice::new("", lang.t("inspection-no-specialty")))
        .chain(forms.iter().map(|form| Choice::new(form.code(), lang.name_of("cup-form", form.code()))))
        .collect();
    groups.push(FieldGroup::titled(
        lang.t("inspection-group-specialty"),
        vec![Field::select(SPECIALTY_FIELD, lang.t("inspection-specialty"), choices).optional()],
    ));
    for form in forms {
        groups.extend((1..=SPECIALTY_TASTERS).map(|row| taster(form, row, lang)));
    }
    let low = ["6", "7", "8", "9", "UG"].map(|grade| Choice::new(grade, lang.fill("coffee-grade", [("grade", grade)])));
    let low = std::iter::once(Choice::new("", "–")).chain(low).collect();
    groups.push(FieldGroup::titled(
        lang.t("inspection-group-rest"),
        vec![
            Field::text("flavour_notes", lang.t("inspection-flavour-notes")).optional(),
            Field::textarea("remarks", lang.t("inspection-remarks")).optional(),
            Field::select("low_grade", lang.t("inspection-low-grade"), low)
                .hint(lang.t("inspection-low-grade-hint"))
                .optional(),
            Field::textarea("spread_reason", lang.t("inspection-spread-reason")).optional(),
            Field::textarea("failed_because", lang.t("inspection-failed-because")).optional(),
        ],
    ));
    groups
}

/// Rows of tasters for the specialty forms; the first three of the panel cup them.
const SPECIALTY_TASTERS: usize = 3;

fn taster(form: CupForm, row: usize, lang: Lang) -> FieldGroup {
    let title =
        lang.fill("inspection-taster-row", [("row", row.to_string()), ("form", lang.name_of("cup-form", form.code()))]);
    let name = Field::text(field_of(form, "taster", row), lang.t("inspection-taster")).width(20);
    let scores = form.items().iter().map(|item| {
        let unit = format!("{}–{}", item.least.normalize(), item.most.normalize());
        Field::number(field_of(form, item.name, row), lang.name_of("cup-item", item.name), unit)
    });
    FieldGroup::titled(title, std::iter::once(name).chain(scores).collect())
}

/// What was typed into the fields, and what is wrong with it.
pub(super) fn fill(fields: &mut [Field], typed: &Typed, lang: Lang) {
    for field in fields {
        if let Some(value) = typed.values.get(&field.name) {
            field.value.clone_from(value);
        }
        field.error = typed.problems.of(&field.name).map(|found| problem(found, lang));
    }
}

fn lot_id(text: &str) -> Result<LotId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}
