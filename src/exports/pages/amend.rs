//! The forms that change a running export: the National Bank's extension of the due date on the case page, and the page
//! on which an exporter amends it, which says beforehand who has to agree again.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::act::{Sent, send_on_case, send_or_ask_again, version};
use super::case::export_id;
use super::panel::{self, Typed};
use super::{request, words};
use crate::app::AppState;
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::exports::model::Stage;
use crate::exports::revisions::{Subject, undone_by};
use crate::exports::rules::{self, ANY_AGREEMENT, Refusal, Revision};
use crate::exports::service::read::Case;
use crate::exports::service::{Amend, AmendmentOptions, AskExtension, Extend, RefuseExtension, amendment_options};
use crate::i18n::Lang;
use crate::ids::ExportId;
use crate::web::components::{Choice, ErrorSummary, Fact, Field, FieldGroup, Form, Moment};
use crate::web::exchange::Exchange;
use crate::web::form::Submission;
use crate::web::views::{ActBox, FormPage};
use crate::workflow::Reason;

// The fields of what the National Bank grants, of what the exporter asks of it, and of its refusal.
pub(super) const NEW_DUE_DATE: &str = "new_due_date";
pub(super) const EXTENSION_REASON: &str = "extension_reason";
pub(super) const ASKED_UNTIL: &str = "asked_until";
pub(super) const ASKING_REASON: &str = "asking_reason";
pub(super) const REFUSAL_REASON: &str = "refusal_reason";

/// The names of what the form of an amendment asks: the trade, and what a change of it needs beside.
pub(super) fn fields() -> Vec<&'static str> {
    [request::TRADE_FIELDS, &["take_terms", "reason", ANY_AGREEMENT]].concat()
}

/// The form that puts the due date off, for the National Bank.
pub(super) fn extension(case: &Case, actor: &Actor, exchange: &Exchange, typed: &Typed) -> Option<Form> {
    let (export, lang) = (&case.export, exchange.lang());
    if !rules::against_extending(export, actor, &case.context).is_empty() {
        return None;
    }
    let (earliest, latest) = rules::extension_range(export.settlement_due_date?, eat_date(exchange.now()));
    // What the exporter asks for stands there, to be granted as it is.
    let asked = case.context.asked_extension.as_ref().map(|asked| asked.until.to_string());
    let field = |field: Field| {
        let (name, problems) = (field.name.clone(), &typed.problems);
        let known = asked.clone().filter(|_| name == NEW_DUE_DATE).unwrap_or_default();
        field
            .value(typed.values.get(&name).cloned().unwrap_or(known))
            .error(problems.of(&name).map(|problem| words::problem(problem, lang)))
    };
    let fields = vec![
        field(Field::date(NEW_DUE_DATE, lang.t("field-new-due-date"))).hint(lang.fill(
            "field-new-due-date-hint",
            [("earliest", Moment::day(lang, earliest).text), ("latest", Moment::day(lang, latest).text)],
        )),
        field(Field::textarea(EXTENSION_REASON, lang.t("decide-reason-label"))).hint(lang.fill(
            "cancel-reason-hint",
            [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())],
        )),
    ];
    Some(Form {
        action: format!("/exports/{}/extension", export.id),
        token: exchange.form_token(Some(export.version)),
        summary: ErrorSummary::of(Vec::new(), &fields),
        groups: vec![FieldGroup::plain(fields)],
        submit: lang.t("case-extend-submit"),
        cancel: None,
        ..Form::default()
    })
}

pub(super) async fn extend(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = Extend { export, version: version(&submission)?, fields: &submission.fields };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

/// What the exporter may ask of the National Bank, and the National Bank refuse: each a form of its own on the case.
pub(super) fn extension_acts(case: &Case, actor: &Actor, exchange: &Exchange, typed: &Typed) -> Vec<ActBox> {
    let (export, context, lang) = (&case.export, &case.context, exchange.lang());
    let reason_hint = lang
        .fill("cancel-reason-hint", [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())]);
    let reason = |name: &'static str| Field::textarea(name, lang.t("decide-reason-label")).hint(reason_hint.clone());
    let mut acts = Vec::new();
    if let Some(due) = export.settlement_due_date.filter(|_| may_ask(case, actor)) {
        let (earliest, latest) = rules::extension_range(due, eat_date(exchange.now()));
        let until = Field::date(ASKED_UNTIL, lang.t("field-asked-until")).hint(lang.fill(
            "field-new-due-date-hint",
            [("earliest", Moment::day(lang, earliest).text), ("latest", Moment::day(lang, latest).text)],
        ));
        let ids = ["case-extension-request", "case-extension-request-lead", "case-extension-request-submit"];
        acts.push(act(case, exchange, typed, ("extension-request", ids), vec![until, reason(ASKING_REASON)]));
    }
    if rules::against_refusing_extension(export, actor, context).is_empty() {
        let ids = ["case-extension-refusal", "case-extension-refusal-lead", "case-extension-refusal-submit"];
        acts.push(act(case, exchange, typed, ("extension-refusal", ids), vec![reason(REFUSAL_REASON)]));
    }
    acts
}

fn may_ask(case: &Case, actor: &Actor) -> bool {
    rules::against_asking_extension(&case.export, actor, &case.context).is_empty()
}

/// A form of its own: the last part of its address, and the ids of its title, its lead and what its button says.
fn act(
    case: &Case,
    exchange: &Exchange,
    typed: &Typed,
    (name, [title, lead, submit]): (&str, [&str; 3]),
    fields: Vec<Field>,
) -> ActBox {
    let lang = exchange.lang();
    let is_sent = fields.iter().any(|field| typed.values.contains_key(&field.name));
    let mut groups = vec![FieldGroup::plain(fields)];
    if is_sent {
        panel::fill(&mut groups, typed, lang);
    }
    let summary = ErrorSummary::of(Vec::new(), groups.iter().flat_map(|group| &group.fields));
    ActBox {
        id: name.to_owned(),
        title: lang.t(title),
        lead: vec![lang.t(lead)],
        refusals: Vec::new(),
        open: !summary.is_empty(),
        form: Form {
            action: format!("/exports/{}/{name}", case.export.id),
            token: exchange.form_token(Some(case.export.version)),
            summary,
            groups,
            submit: lang.t(submit),
            cancel: None,
            ..Form::default()
        },
    }
}

pub(super) async fn ask_extension(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = AskExtension { export, version: version(&submission)?, fields: &submission.fields };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

pub(super) async fn refuse_extension(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = RefuseExtension { export, version: version(&submission)?, fields: &submission.fields };
    send_on_case(&state, &exchange, &actor, export, &submission, &command).await
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    page(&state, &exchange, &actor, export_id(&id)?, &Typed::default(), None, StatusCode::OK).await
}

pub(super) async fn amend(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    submission: Submission<BTreeMap<String, String>>,
) -> Result<Response, AppError> {
    let export = export_id(&id)?;
    let command = Amend { export, version: version(&submission)?, fields: &submission.fields };
    match send_or_ask_again(&state, &exchange, &actor, &submission, &command, format!("/exports/{export}")).await? {
        Sent::Done(done) => Ok(done),
        Sent::Again(typed, refusals) => {
            let (told, status) = (told(&refusals), StatusCode::UNPROCESSABLE_ENTITY);
            page(&state, &exchange, &actor, export, &typed, told, status).await
        }
    }
}

/// The change that has to be agreed to before it is carried out.
pub(super) fn told(refusals: &[Refusal]) -> Option<&Revision> {
    refusals.iter().find_map(|refusal| match refusal {
        Refusal::AgreeAgain(revision) => Some(&**revision),
        _ => None,
    })
}

/// What would change, for who has to know before they agree to it.
pub(super) fn as_told(revision: &Revision, lang: Lang) -> Vec<Fact> {
    let mut facts: Vec<Fact> =
        revision.changes.iter().map(|change| Fact::new(lang.t(&change.label), words::changed(change, lang))).collect();
    facts.push(Fact::new(lang.t("amend-undone"), words::steps(revision.undone.iter().map(|kind| kind.code()), lang)));
    if let Some(permit) = &revision.permit {
        facts.push(Fact::new(lang.t("amend-permit-cancelled"), permit));
    }
    facts
}

/// Why something that others rely on changes.
pub(super) fn reason(lang: Lang) -> Field {
    Field::textarea("reason", lang.t("decide-reason-label")).hint(
        lang.fill(
            "cancel-reason-hint",
            [("least", Reason::SHORTEST.to_string()), ("most", Reason::LONGEST.to_string())],
        ),
    )
}

/// The box by which somebody says to know what is undone, and that it has still to be ticked.
pub(super) fn agreement(revision: &Revision, lang: Lang) -> Field {
    let steps = words::steps(revision.undone.iter().map(|kind| kind.code()), lang);
    Field::checkbox(revision.agreement(), lang.fill("field-undoes", [("steps", steps)]))
        .error(Some(lang.t("problem-agree")))
}

async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    export: ExportId,
    typed: &Typed,
    told: Option<&Revision>,
    status: StatusCode,
) -> Result<Response, AppError> {
    let now = exchange.now();
    let catalog = state.catalog.get(&state.db, eat_date(now)).await?;
    let options = amendment_options(&state.db, actor, export, now).await?.ok_or(AppError::NotFound)?;
    let lang = exchange.lang();
    let mut groups = groups(&options, &catalog, lang);
    panel::fill(&mut groups, typed, lang);
    let mut facts = vec![Fact::new(lang.t("fact-quantity"), words::kilograms(options.export.quantity))];
    if let Some(revision) = told {
        facts = as_told(revision, lang);
        groups.push(FieldGroup::plain(vec![agreement(revision, lang)]));
    }
    let address = format!("/exports/{export}");
    let view = FormPage {
        chrome: exchange.chrome(lang.fill("amend-title", [("number", options.export.number.clone())])),
        lead: vec![lang.t("amend-lead")],
        facts,
        form: Form {
            action: format!("{address}/amendment"),
            token: exchange.form_token(Some(options.export.version)),
            summary: ErrorSummary::of(typed.whole.clone(), groups.iter().flat_map(|group| &group.fields)),
            groups,
            submit: lang.t("amend-submit"),
            cancel: Some(address),
            ..Form::default()
        },
    };
    crate::web::answer(&view, status)
}

/// The fields, filled with what stands there; each group says what a change of it would undo.
fn groups(options: &AmendmentOptions, catalog: &Catalog, lang: Lang) -> Vec<FieldGroup> {
    let export = &options.export;
    let label = |name: &str| lang.t(&format!("field-{name}"));
    let undoes = |subject: Subject| {
        let kinds = undone_by(subject).iter().filter(|kind| options.approved.contains(kind)).map(|kind| kind.code());
        let steps = words::steps(kinds, lang);
        (!steps.is_empty()).then(|| lang.fill("amend-undoes", [("steps", steps)]))
    };
    let hinted = |field: Field, subject: Subject| match undoes(subject) {
        Some(hint) => field.hint(hint),
        None => field,
    };
    let mut groups = Vec::new();
    let lots = request::lot_choices(&options.lots, catalog, lang);
    for row in 1..=options.shares.len().max(1) + 1 {
        let share = options.shares.get(row - 1);
        let lot = Field::select(format!("lot_id_{row}"), label("lot-id"), lots.clone())
            .value(share.map(|(lot, _)| lot.to_string()).unwrap_or_default());
        let quantity = Field::number(format!("quantity_{row}"), label("quantity"), "kg")
            .value(share.map(|(_, kg)| kg.normalize().to_string()).unwrap_or_default());
        let (lot, quantity) = if row == 1 {
            (hinted(lot, Subject::Lots), hinted(quantity, Subject::Quantity))
        } else {
            (lot.optional(), quantity.optional())
        };
        let group = FieldGroup::titled(lang.fill("group-lot", [("row", row.to_string())]), vec![lot, quantity]);
        groups.push(if share.is_some() || row == 1 { group } else { group.folded() });
    }
    let choose = |name: &'static str, text: &str, list: &[crate::exports::Choice], value: String| {
        let choices = list.iter().map(|choice| Choice::new(choice.value.clone(), choice.label.clone())).collect();
        Field::select(name, label(text), choices).value(value)
    };
    let (bank, carrier) = (export.bank_organization_id.to_string(), export.shipping_organization_id.to_string());
    let (loading, discharge) = (export.port_of_loading.clone(), export.port_of_discharge.clone());
    let mut way = vec![
        hinted(choose("bank_id", "bank-id", &options.banks, bank), Subject::Bank),
        hinted(choose("shipping_line_id", "shipping-line-id", &options.carriers, carrier), Subject::Carrier),
        hinted(choose("port_of_loading", "port-of-loading", &options.ports, loading), Subject::Ports),
        choose("port_of_discharge", "port-of-discharge", &options.ports, discharge),
        hinted(
            Field::number("bag_kg", label("bag-kg"), "kg").value(export.bag_kg.normalize().to_string()),
            Subject::Packing,
        ),
    ];
    if options.terms_differ {
        way.push(hinted(Field::checkbox("take_terms", label("take-terms")), Subject::Terms));
    }
    groups.push(FieldGroup::titled(lang.t("group-way"), way));
    let mut more = vec![
        Field::textarea("notify_address", label("notify-address"))
            .value(options.notify_address.clone().unwrap_or_default())
            .optional(),
        Field::text("exporter_reference", label("exporter-reference"))
            .value(options.exporter_reference.clone().unwrap_or_default())
            .optional(),
    ];
    if export.state.stage != Stage::Preparation {
        let reason = reason(lang);
        let is_optional = rules::is_with_exporter(export) && options.approved.is_empty();
        more.push(if is_optional { reason.optional() } else { reason });
    }
    groups.push(FieldGroup::titled(lang.t("group-more"), more));
    groups
}
