//! `GET /exports/{id}`: facts and checks on one side, the document beside them; what happened, what was said.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::SecondsFormat;
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::act::{COLLEAGUE, MESSAGE, RELEASE};
use super::panel::{self, Typed};
use super::words;
use super::{amend, checklist, checks};
use crate::app::AppState;
use crate::audit;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::exports::catalog::Catalog;
use crate::exports::model::{ApprovalKind, Export, place_of_delivery};
use crate::exports::rules;
use crate::exports::rules::checklist::Standing;
use crate::exports::service::read::{self, Case};
use crate::exports::transitions;
use crate::exports::{CaseFile, DocumentLine, HistoryLine};
use crate::i18n::Lang;
use crate::ids::{DocumentId, ExportId, OrganizationId};
use crate::quantities::grouped;
use crate::web::components::{
    ActionButton, ChecklistFile, ChecklistRow, Choice, ErrorSummary, Fact, Field, Message, Moment, StepState,
    StepperItem, TimelineItem,
};
use crate::web::exchange::Exchange;
use crate::web::headers::FRAMING_CONTENT_SECURITY_POLICY;
use crate::web::query::Query;
use crate::web::views::{CasePage, ClaimBox, HandOver, MessageForm, Preview, PreviewKind};

/// Which document is shown beside the case.
#[derive(Debug, Default, Deserialize)]
pub(super) struct CaseQuery {
    document: Option<DocumentId>,
}

pub(super) async fn show(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path(id): Path<String>,
    Query(query): Query<CaseQuery>,
) -> Result<Response, AppError> {
    let id = export_id(&id)?;
    page(&state, &exchange, &actor, id, query.document, &Typed::default(), StatusCode::OK).await
}

/// The address of a step's form, opened by itself: the case with that form.
pub(super) async fn show_step(
    State(state): State<AppState>,
    exchange: Exchange,
    actor: Actor,
    Path((id, kind)): Path<(String, String)>,
) -> Result<Response, AppError> {
    ApprovalKind::from_code(&kind).ok_or(AppError::NotFound)?;
    let id = export_id(&id)?;
    page(&state, &exchange, &actor, id, None, &Typed::default(), StatusCode::OK).await
}

/// An id in an address; what is none is not found.
pub(super) fn export_id(text: &str) -> Result<ExportId, AppError> {
    text.parse().map_err(|_| AppError::NotFound)
}

/// The page of a case, also with a form in error.
pub(super) async fn page(
    state: &AppState,
    exchange: &Exchange,
    actor: &Actor,
    id: ExportId,
    document: Option<DocumentId>,
    typed: &Typed,
    status: StatusCode,
) -> Result<Response, AppError> {
    let now = exchange.now();
    let catalog = state.catalog.get(&state.db, eat_date(now)).await?;
    let mut case = read::case(&state.db, &state.directory, actor, id, now).await?.ok_or(AppError::NotFound)?;
    case.file.documents.sort_by_key(|line| catalog.place_of(&line.document_type));
    let view = view(&case, actor, exchange, &catalog, document, typed);
    let mut response = if !exchange.htmx().is_fragment() || status == StatusCode::OK {
        super::html(&view)?
    } else if typed.problems.of(MESSAGE).is_some() {
        super::html(&view.as_messages())?
    } else {
        super::html(&view.as_panel())?
    };
    *response.status_mut() = status;
    // The document beside the case is shown in a frame.
    let policy = HeaderValue::from_static(FRAMING_CONTENT_SECURITY_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// The documents that the viewer may open.
fn opened<'a>(file: &'a CaseFile, actor: &'a Actor) -> impl Iterator<Item = &'a DocumentLine> {
    file.documents.iter().filter(|line| line.against_opening(actor).is_none())
}

fn view(
    case: &Case,
    actor: &Actor,
    exchange: &Exchange,
    catalog: &Catalog,
    document: Option<DocumentId>,
    typed: &Typed,
) -> CasePage {
    let (export, file, lang) = (&case.export, &case.file, exchange.lang());
    let now = exchange.now();
    let (previous, next) = case.neighbours;
    let address = |id: ExportId| format!("/exports/{id}");
    let shown = document
        .and_then(|id| opened(file, actor).find(|line| line.document_id == id))
        .or_else(|| opened(file, actor).next());
    let may_attach = actor.may(Permission::AttachDocuments) && export.state.is_open();
    CasePage {
        chrome: exchange.chrome(export.number.clone()).wide(),
        status: words::status_tag(export.state.status, lang),
        stage: lang.name_of("stage", export.state.stage.code()),
        age: words::ageing(export.state, export.stage_entered_at, export.settlement_due_date, now, catalog, lang),
        position: if previous.is_some() || next.is_some() { lang.t("case-queue") } else { String::new() },
        previous: previous.map(address),
        next: next.map(address),
        steps: steps(case, lang),
        claim: claim(case, actor, exchange),
        panel: panel::panel(case, actor, exchange, catalog, typed),
        checks: checks::checks(case, actor, catalog, lang, exchange),
        facts: facts(case, actor, catalog, lang),
        links: links(case, actor, lang),
        files: Vec::new(),
        checklist: checklist_rows(case, actor, catalog, lang, shown.map(|line| line.document_id)),
        outside: None,
        documents_href: if may_attach { format!("/exports/{}/documents", export.id) } else { String::new() },
        preview: shown.map(|line| Preview {
            title: catalog.document(&line.document_type, lang).to_owned(),
            kind: if line.mime_type == "application/pdf" { PreviewKind::Pdf } else { PreviewKind::Image },
            src: format!("/documents/{}/preview", line.document_id),
            download: format!("/documents/{}", line.document_id),
        }),
        events: events(case, lang),
        messages: messages(case, actor, lang),
        message_form: actor.may(Permission::WriteMessages).then(|| message_form(case, exchange, typed)),
        extend_form: amend::extension(case, actor, exchange, typed),
        changes: changes(case, actor, lang),
        cancel_form: panel::cancellation(case, actor, exchange, typed),
        acts: amend::extension_acts(case, actor, exchange, typed),
        live: Some(format!("/live?case={}", export.id)),
        news: format!("/exports/{}/news?since={}", export.id, now.to_rfc3339_opts(SecondsFormat::Micros, true)),
        here: format!("/exports/{}", export.id),
    }
}

/// The ways in which the viewer may change the export now, its account, and its trail in the record, each with its address.
fn changes(case: &Case, actor: &Actor, lang: Lang) -> Vec<(String, String)> {
    let (export, context) = (&case.export, &case.context);
    [
        ("amendment", "case-amend", rules::against_amending(export, actor)),
        ("roll-over", "case-roll-over", rules::against_rebooking(export, actor, context)),
        ("containers", "case-containers", rules::against_changing_containers(export, actor, context)),
    ]
    .into_iter()
    .filter(|(_, _, refusals)| refusals.is_empty())
    .map(|(page, label, _)| (page, label))
    .chain(has_account(export, actor).then_some(("settlement", "case-settlement")))
    .map(|(page, label)| (format!("/exports/{}/{page}", export.id), lang.t(label)))
    .chain(
        actor.may(Permission::ViewAudit).then(|| (audit::address::trail("export", export.id.0), lang.t("case-record"))),
    )
    .collect()
}

/// Whether there is an account of the proceeds to look at, and `actor` may: from the bank's permit on they are owed.
fn has_account(export: &Export, actor: &Actor) -> bool {
    export.settlement_due_date.is_some() && rules::may_see_proceeds(export, actor)
}

fn steps(case: &Case, lang: Lang) -> Vec<StepperItem> {
    let export = &case.export;
    // A returned case stands where it will go on.
    let at = export.resume_stage.unwrap_or(export.state.stage);
    let position = transitions::STEPS.iter().position(|step| step.from.stage == at);
    let cancelled = export.state == transitions::CANCELLED;
    transitions::STEPS
        .iter()
        .enumerate()
        .map(|(index, step)| {
            let approved = case.context.prior.iter().any(|prior| prior.kind == step.kind);
            let state = if Some(index) == position && !cancelled {
                if export.resume_stage.is_some() { StepState::Failed } else { StepState::Current }
            } else if approved {
                StepState::Done
            } else {
                StepState::Open
            };
            StepperItem {
                label: lang.name_of("stage", step.from.stage.code()),
                state,
                note: Some(lang.name_of("organization-kind", step.organization.code())),
            }
        })
        .collect()
}

fn claim(case: &Case, actor: &Actor, exchange: &Exchange) -> Option<ClaimBox> {
    let (export, lang) = (&case.export, exchange.lang());
    if !rules::may_claim(export, actor) {
        return None;
    }
    let action = format!("/exports/{}/claim", export.id);
    let button = |label: &str, says: Option<(&'static str, &'static str)>| ActionButton {
        action: action.clone(),
        token: exchange.form_token(Some(export.version)),
        says,
        label: lang.t(label),
        about: String::new(),
    };
    let mine = export.claimed_by == Some(actor.user_id);
    let is_free = export.claimed_by.is_none();
    let may_take = mine || is_free || rules::may_take_over(export, actor, &case.context, exchange.now());
    let text = match (&case.context.claimed_by_name, export.claimed_at) {
        (Some(name), Some(at)) => {
            let id = match (mine, may_take) {
                (true, _) => "case-claimed",
                (false, true) => "case-claimed-take-over",
                (false, false) => "case-claimed-ask",
            };
            lang.fill(id, [("by", name.clone()), ("at", Moment::at(lang, at).text)])
        }
        _ => lang.t("case-unclaimed"),
    };
    let taking = match (mine, is_free) {
        (true, _) => button("case-release", Some((RELEASE, "yes"))),
        (false, true) => button("inbox-claim", None),
        (false, false) => button("case-take-over", None),
    };
    let colleagues: Vec<Choice> = case
        .colleagues
        .iter()
        .filter(|person| Some(person.id) != export.claimed_by && person.id != actor.user_id)
        .filter(|person| rules::may_receive(export, person.permissions))
        .map(|person| Choice::new(person.id.to_string(), person.name.clone()))
        .collect();
    Some(ClaimBox {
        text,
        button: may_take.then_some(taking),
        hand_over: (may_take && !colleagues.is_empty()).then(|| HandOver {
            action,
            token: exchange.form_token(Some(export.version)),
            field: Field::select(COLLEAGUE, lang.t("case-hand-over-to"), colleagues),
        }),
    })
}

fn facts(case: &Case, actor: &Actor, catalog: &Catalog, lang: Lang) -> Vec<(String, Vec<Fact>)> {
    let (export, file) = (&case.export, &case.file);
    let name = |id: OrganizationId| case.names.of(id, lang).unwrap_or_default();
    let label = |name: &str| lang.t(&format!("fact-{name}"));
    let trade = vec![
        Fact::new(label("exporter"), &export.exporter_name)
            .note(file.tin.as_ref().map(|tin| lang.fill("fact-tin", [("tin", tin.clone())])).unwrap_or_default()),
        Fact::new(label("buyer"), &export.buyer_name).note(catalog.country(&export.buyer_country, lang)),
        Fact::new(label("contract"), &file.contract_number),
        Fact::new(label("value"), words::money(&export.currency, export.estimated_value))
            .note(lang.fill("fact-price", [("price", words::price(&export.currency, export.price_per_kg))])),
        Fact::new(label("payment"), lang.name_of("payment", &export.payment_method)).note(format!(
            "{} {}",
            export.incoterm,
            place_of_delivery(
                &export.incoterm,
                catalog.port(&export.port_of_loading),
                catalog.port(&export.port_of_discharge)
            )
        )),
        Fact::new(label("destination"), catalog.country(&export.destination_country, lang))
            .note(catalog.port(&export.port_of_discharge)),
        Fact::new(label("bank"), name(export.bank_organization_id)),
        Fact::new(label("carrier"), name(export.shipping_organization_id)),
    ];
    let mut coffee =
        vec![
            Fact::new(
                label("coffee"),
                words::coffee(catalog, &export.coffee_type, &export.processing_method, &export.grade, lang),
            )
            .note(catalog.region(&export.origin_region, lang)),
            Fact::new(label("quantity"), words::kilograms(export.quantity)).note(lang.fill(
                "fact-bags",
                [("bags", grouped(export.bags.into())), ("kg", export.bag_kg.normalize().to_string())],
            )),
        ];
    for lot in &file.lots {
        coffee.push(
            Fact::new(label("lot"), format!("{} · {}", lot.ecx_lot_number, words::kilograms(lot.quantity_kg)))
                .note(format!("{}, {}", lot.warehouse_receipt_number, lot.warehouse_location)),
        );
        if let (Some(certificate), Some(grade)) = (&lot.quality_certificate_number, &lot.final_grade) {
            let mut note = lang.fill("coffee-grade", [("grade", grade.clone())]);
            if let (Some(score), Some(moisture)) = (lot.total_score, lot.moisture_content) {
                note = lang.fill(
                    "fact-score",
                    [
                        ("grade", grade.clone()),
                        ("score", score.normalize().to_string()),
                        ("moisture", moisture.normalize().to_string()),
                    ],
                );
            }
            coffee.push(Fact::new(label("quality-certificate"), certificate).note(note));
        }
    }
    for part in &file.parts {
        let label = label(if part.is_origin { "parted-from" } else { "remainder" });
        let quantity = words::kilograms(part.quantity);
        coffee.push(Fact::new(label, &part.export_number).note(quantity).href(format!("/exports/{}", part.export_id)));
    }
    let mut groups = vec![(lang.t("case-facts-trade"), trade), (lang.t("case-facts-coffee"), coffee)];
    if rules::may_read_letter(export, actor) {
        groups.push((lang.t("case-facts-letter"), letter_facts(case, lang)));
    }
    let recorded = recorded(case, lang);
    if !recorded.is_empty() {
        groups.push((lang.t("case-facts-record"), recorded));
    }
    groups
}

/// The letter of credit, with the way to its page.
fn letter_facts(case: &Case, lang: Lang) -> Vec<Fact> {
    let (letter, here) = (case.context.letter.as_ref(), super::letter::address(case.export.id));
    let Some(letter) = letter else {
        return vec![Fact::new(lang.t("field-lc-number"), lang.t("letter-none")).href(here)];
    };
    let mut facts = super::letter::facts(letter, lang);
    if let Some(number) = facts.first_mut() {
        number.href = Some(here);
    }
    facts
}

/// What the steps so far have put on record.
fn recorded(case: &Case, lang: Lang) -> Vec<Fact> {
    let (export, file) = (&case.export, &case.file);
    let label = |name: &str| lang.t(&format!("fact-{name}"));
    let day = |date: chrono::NaiveDate| Moment::legal_day(lang, date).text;
    let mut facts = Vec::new();
    let mut add = |name: &str, value: Option<String>, note: Option<String>| {
        if let Some(value) = value {
            let fact = Fact::new(label(name), value);
            facts.push(match note {
                Some(note) => fact.note(note),
                None => fact,
            });
        }
    };
    add("bank-permit", file.row.bank_permit_number.clone(), export.bank_permit_date.map(day));
    add("settlement-due", export.settlement_due_date.map(day), None);
    for extension in &file.extensions {
        let by = case.names.of(extension.granted_by, lang).unwrap_or_default();
        let granted = Moment::at(lang, extension.granted_at).text;
        add(
            "extended",
            Some(format!("{} → {}", day(extension.due_from), day(extension.due_to))),
            Some(format!("{} · {by}, {granted}", extension.reason)),
        );
    }
    let terms = &file.terms;
    let rate = |rate: rust_decimal::Decimal| format!("1 {} = {} ETB", export.currency, rate.normalize());
    add("fx-reference", file.row.fx_reference.clone(), terms.fx.etb_per_unit.map(rate));
    add("fx-conditions", terms.fx.conditions.clone(), None);
    add("quality-remarks", terms.quality.remarks.clone(), None);
    let permit = case.context.permit.as_ref();
    add(
        "permit",
        permit.map(|p| p.number.clone()),
        permit.map(|p| format!("{} {}", lang.name_of("permit", &p.status), day(p.valid_until))),
    );
    add("permit-conditions", terms.permit.conditions.clone(), None);
    add(
        "vessel",
        export.vessel_name.clone(),
        Some(
            [export.voyage_number.clone(), file.row.booking_number.clone()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(", "),
        ),
    );
    add("departure", export.departure_date.map(day), file.row.arrival_date.map(day));
    for container in &file.containers {
        let note = [
            Some(container.container_type.clone()),
            container.seal_number.clone(),
            container.net_kg.map(words::kilograms),
        ];
        add(
            "container",
            Some(container.container_number.clone()),
            Some(note.into_iter().flatten().collect::<Vec<_>>().join(", ")),
        );
    }
    add("declaration", file.row.customs_declaration_number.clone(), None);
    add("clearance", file.row.customs_clearance_number.clone(), export.customs_clearance_date.map(day));
    add("bill-of-lading", file.row.bill_of_lading_number.clone(), file.row.on_board_date.map(day));
    if let Some(settlement) = &file.settlement {
        let money = |amount| words::money(&export.currency, amount);
        let receipts = [("receipts", settlement.receipts.into()), ("day", day(settlement.last_on).into())];
        add("received", Some(money(settlement.received_amount)), Some(lang.t_args("fact-receipts", &receipts)));
        add("retained", Some(money(settlement.retained_amount)), None);
        add(
            "surrendered",
            Some(money(settlement.surrendered_amount)),
            Some(words::money("ETB", settlement.etb_credited)),
        );
        add("bank-charges", Some(money(settlement.bank_charges)), None);
    }
    add("cancelled-because", file.row.cancellation_reason.clone(), None);
    facts
}

fn links(case: &Case, actor: &Actor, lang: Lang) -> Vec<Fact> {
    let prepare = rules::checklist::may_prepare_papers(&case.export, actor).then(|| {
        Fact::new(lang.t("case-commercial"), lang.t("commercial-open"))
            .href(format!("/exports/{}/commercial", case.export.id))
    });
    // What the authority has granted stands on the checklist.
    let own = || case.file.papers.iter().filter(|paper| !rules::checklist::is_granted(&paper.kind));
    let papers = own().filter_map(|paper| {
        let link = Fact::new(lang.name_of("paper", &paper.kind), &paper.number);
        let link = link.href(format!("/papers/{}", paper.paper_id));
        match paper.state.as_str() {
            // What is in force or has served its purpose needs no word.
            "VALID" | "USED" => Some(link),
            // Another one stands beside it.
            "REPLACED" | "LOST" => None,
            state => Some(link.note(lang.name_of("papers-state", state))),
        }
    });
    let all = own().next().is_some().then(|| {
        Fact::new(lang.t("case-all-papers"), lang.t("case-all-papers-open"))
            .href(format!("/exports/{}/papers", case.export.id))
    });
    let eudr = case.eudr.as_ref().map(|position| {
        Fact::new(lang.t("eudr-case"), lang.name_of("eudr-state", position.state.code()))
            .href(format!("/exports/{}/eudr", case.export.id))
    });
    papers.chain(all).chain(prepare).chain(eudr).collect()
}

fn checklist_rows(
    case: &Case,
    actor: &Actor,
    catalog: &Catalog,
    lang: Lang,
    selected: Option<DocumentId>,
) -> Vec<ChecklistRow> {
    let export = &case.export;
    let source = checklist::Source {
        export,
        required: &case.context.required,
        wanted_now: &case.context.missing_documents,
        approved: &case.context.prior,
        files: &case.file.documents,
        papers: &case.file.papers,
        waivers: &case.file.waivers,
        catalog,
        lang,
    };
    let shown = |line: &DocumentLine| {
        let mut details =
            vec![format!("{} KB", line.file_size.div_euclid(1024) + 1), Moment::at(lang, line.uploaded_at).text];
        details.extend(case.names.of(line.uploaded_by, lang).map(str::to_owned));
        details.push(crate::documents::words::scan(&line.scan, lang));
        let is_open = line.against_opening(actor).is_none();
        ChecklistFile {
            name: line.document_name.clone(),
            details,
            sha256: None,
            view_href: is_open.then(|| format!("/exports/{}?document={}#document", export.id, line.document_id)),
            download_href: is_open.then(|| format!("/documents/{}", line.document_id)),
        }
    };
    source
        .lines(|one, other| one.document_id == other.document_id, shown)
        .into_iter()
        .map(|line| {
            let file = line.standing.file();
            let may_issue = matches!(line.standing, Standing::Missing)
                && line.rule.is_some_and(|rule| rules::checklist::may_issue_here(export, actor, &rule.document_type));
            let mut row = line.row;
            row.selected = file.is_some_and(|file| selected == Some(file.document_id));
            if may_issue {
                row.links.push((format!("/exports/{}/commercial", export.id), lang.t("documents-issue-here")));
            }
            row
        })
        .collect()
}

fn events(case: &Case, lang: Lang) -> Vec<TimelineItem> {
    case.file
        .history
        .iter()
        .map(|line| TimelineItem {
            what: words::action(&line.action, lang),
            who: case.names.of(line.changed_by, lang).unwrap_or_default().to_owned(),
            organization: case.names.of(line.organization_id, lang).unwrap_or(&line.organization).to_owned(),
            at: Moment::at(lang, line.created_at),
            why: why(line, lang),
            tone: words::action_tone(&line.action),
        })
        .collect()
}

/// The reason of a line, and what it changed.
fn why(line: &HistoryLine, lang: Lang) -> Option<String> {
    let changes = line.details.changes.iter();
    let changes = changes.map(|change| format!("{}: {}", lang.t(&change.label), words::changed(change, lang)));
    let undone = words::steps(line.details.undone.iter().map(String::as_str), lang);
    let undone = (!undone.is_empty()).then(|| lang.fill("history-undone", [("steps", undone)]));
    let parts: Vec<String> = line.reason.iter().cloned().chain(changes).chain(undone).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn messages(case: &Case, actor: &Actor, lang: Lang) -> Vec<Message> {
    case.file
        .messages
        .iter()
        .map(|line| Message {
            id: line.message_id.to_string(),
            author: case.names.of(line.author_id, lang).unwrap_or_default().to_owned(),
            organization: case.names.of(line.organization_id, lang).unwrap_or_default().to_owned(),
            at: Moment::at(lang, line.created_at),
            paragraphs: line.body.split('\n').map(str::to_owned).collect(),
            own: line.author_id == actor.user_id,
        })
        .collect()
}

fn message_form(case: &Case, exchange: &Exchange, typed: &Typed) -> MessageForm {
    let lang = exchange.lang();
    let field = Field::textarea(MESSAGE, lang.t("case-message-label"))
        .value(typed.values.get(MESSAGE).cloned().unwrap_or_default())
        .error(typed.problems.of(MESSAGE).map(|problem| words::problem(problem, lang)));
    MessageForm {
        action: format!("/exports/{}/messages", case.export.id),
        token: exchange.form_token(None),
        summary: ErrorSummary::of(Vec::new(), [&field]),
        field,
    }
}
