//! A firm's own page: its gates, what to do next, and everything that it has handed in.

use askama::Template;
use axum::response::Response;

use crate::app::AppState;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::error::AppError;
use crate::registration::applications::{age_of, expiry_note, list_own, location, state_of};
use crate::registration::profiles::BusinessType;
use crate::registration::{KINDS, gates, workflow_of};
use crate::review::SubjectKind;
use crate::web::chrome::Chrome;
use crate::web::components::{Ageing, Check, EmptyState, Moment, Tag};
use crate::web::exchange::Exchange;
use crate::web::html;

#[derive(Template)]
#[template(path = "registration/firm.html")]
struct FirmPage {
    chrome: Chrome,
    /// What is said of the firm as a whole.
    lead: String,
    gates: Vec<Check>,
    rows: Vec<Row>,
    /// Where something new is written, by what it is.
    new: Vec<(String, String)>,
    empty: EmptyState,
}

struct Row {
    href: String,
    kind: String,
    reference: String,
    state: Tag,
    expiry: Option<Tag>,
    since: Moment,
    age: Option<Ageing>,
}

pub(super) async fn show(state: &AppState, exchange: &Exchange, actor: &Actor) -> Result<Response, AppError> {
    let (lang, now) = (exchange.lang(), exchange.now());
    let today = eat_date(now);
    let facts = gates::find(&state.db, actor, today).await?;
    let all = list_own(&state.db, actor).await?;
    let catalog = state.catalog.get(&state.db, today).await?;
    let (lead, gates) = match &facts {
        None => (lang.t("registration-lead-no-profile"), Vec::new()),
        Some(facts) => {
            let own = gates::of(facts, today);
            let open = own.iter().filter(|gate| gate.closed.is_none()).count();
            let lead = if gates::is_qualified(&own) {
                lang.t("registration-lead-qualified")
            } else {
                let figures = [("open", open.to_string()), ("all", own.len().to_string())];
                lang.fill("registration-lead-gates", figures)
            };
            (lead, gates::gate_checks(&own, actor.organization.id, actor, lang))
        }
    };
    let is_farmer = facts.as_ref().is_some_and(|facts| facts.business_type == BusinessType::Farmer);
    let rows = all
        .iter()
        .filter_map(|found| {
            let workflow = workflow_of(found.kind)?;
            Some(Row {
                href: location(found.kind, found.standing.id),
                kind: lang.name_of("review-subject", found.kind.code()),
                reference: found.standing.reference.clone(),
                state: state_of(found, workflow, today, lang),
                expiry: expiry_note(found, today, lang),
                since: Moment::at(lang, found.state_since),
                age: age_of(found, workflow, now, &catalog, lang),
            })
        })
        .collect();
    let may_apply = actor.may(Permission::ApplyToExport);
    let new = KINDS
        .into_iter()
        .filter(|kind| match kind {
            SubjectKind::Profile => facts.is_none(),
            SubjectKind::Laboratory | SubjectKind::Taster => facts.is_some() && !is_farmer,
            SubjectKind::Competence | SubjectKind::License => facts.is_some(),
            SubjectKind::Lot | SubjectKind::Inspection | SubjectKind::Contract | SubjectKind::Buyer => false,
        })
        .filter(|_| may_apply)
        .map(|kind| (format!("/registration/{}/new", kind.slug()), lang.name_of("registration-new", kind.code())))
        .collect();
    html(&FirmPage {
        chrome: exchange.chrome(lang.t("nav-registration")).wide(),
        lead,
        gates,
        rows,
        new,
        empty: EmptyState {
            title: lang.t("registration-firm-empty-title"),
            text: lang.t("registration-firm-empty-text"),
            action: None,
        },
    })
}
