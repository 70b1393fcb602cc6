//! The pages that all kinds of applications share: the form, the answers to check, the case, the decision.

mod case;
mod form;
mod words;

use std::collections::BTreeMap;

use crate::app::AppState;
use crate::auth::Permission;
use crate::i18n::Lang;
use crate::registration::applications::model::Case;
use crate::registration::applications::service::Written;
use crate::review::{Act, Subject, Typed};
use crate::web::components::{Fact, FieldGroup};
use crate::web::routes::{Access, Proof, RouteLimits, Routes, Weighty};
use crate::workflow::words::problem;

pub(in crate::registration) use words::{age_of, expiry_note, state_of};

/// The routes of all applications. Whose act a decision is stands in the table of acts.
#[must_use]
pub fn routes() -> Routes<AppState> {
    let apply = Access::Needs(Permission::ApplyToExport);
    let view = Access::Needs(Permission::ViewRegistrations);
    // What puts somebody on a register, or off it.
    let weighty = Weighty { decisions: &["approve", "suspend", "reinstate", "revoke"], kinds: &[], above_value: &[] };
    let granting = RouteLimits { proof: Proof::AfterFor(weighty), ..RouteLimits::default() };
    Routes::new()
        .get("/registration/{subject}/new", apply, form::show_new)
        .post("/registration/{subject}/answers", apply, form::answer_new)
        .get("/registration/{subject}/check", apply, form::check_new)
        .post("/registration/{subject}", apply, form::hand_in_new)
        .get("/registration/{subject}/{id}", view, case::show)
        .get("/registration/{subject}/{id}/form", apply, form::show)
        .post("/registration/{subject}/{id}/answers", apply, form::answer)
        .get("/registration/{subject}/{id}/check", apply, form::check)
        .post("/registration/{subject}/{id}/submission", apply, form::hand_in)
        .post_within("/registration/{subject}/{id}/decisions", view, granting, case::decide)
}

/// What an area brings for the pages of its kind of application.
pub trait Shown: Written {
    /// Itself as a subject of review.
    type Subject<'a>: Subject<Case = Case<Self::Answers>>;

    /// Itself as a subject of review, with what that needs of the whole.
    fn subject(state: &AppState) -> Self::Subject<'_>;

    /// The fields of the form, empty.
    fn fields(offer: &Self::Offer, lang: Lang) -> Vec<FieldGroup>;

    /// What the form of a decision asks beyond a reason.
    fn decision_fields(case: &Case<Self::Answers>, offer: &Self::Offer, act: &Act, lang: Lang) -> Vec<FieldGroup>;

    /// What a decision does, above its form.
    fn lead(case: &Case<Self::Answers>, lang: Lang) -> Vec<String>;

    /// What the authority has noted, group by group; nothing beyond the answers unless a kind says so.
    fn more_facts(_: &Case<Self::Answers>, _: Lang) -> Vec<(String, Vec<Fact>)> {
        Vec::new()
    }
}

/// Calls a function for the kind of application that an address names; 404 for any other.
macro_rules! for_kind {
    ($subject:expr, $function:ident($($argument:expr),*)) => {
        match crate::review::SubjectKind::from_slug($subject) {
            Some(crate::review::SubjectKind::Profile) => {
                $function::<crate::registration::profiles::Profiles>($($argument),*).await
            }
            Some(crate::review::SubjectKind::Laboratory) => {
                $function::<crate::registration::laboratories::Laboratories>($($argument),*).await
            }
            Some(crate::review::SubjectKind::Taster) => {
                $function::<crate::registration::tasters::Tasters>($($argument),*).await
            }
            Some(crate::review::SubjectKind::Competence) => {
                $function::<crate::registration::competence::Competence>($($argument),*).await
            }
            Some(crate::review::SubjectKind::License) => {
                $function::<crate::registration::licenses::Licenses>($($argument),*).await
            }
            Some(
                crate::review::SubjectKind::Lot
                | crate::review::SubjectKind::Inspection
                | crate::review::SubjectKind::Contract
                | crate::review::SubjectKind::Buyer,
            )
            | None => Err(crate::error::AppError::NotFound),
        }
    };
}
use for_kind;

/// The fields with what was typed into them, and what is wrong with it.
#[must_use]
pub fn groups_of(mut groups: Vec<FieldGroup>, typed: &Typed, lang: Lang) -> Vec<FieldGroup> {
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        if !typed.values.is_empty() {
            field.value = typed.value(&field.name);
        }
        field.error = typed.problems.of(&field.name).map(|found| problem(found, lang));
    }
    groups.into_iter().map(|group| if group.folded { group.folded() } else { group }).collect()
}

/// The values of a form without what every form carries.
type Values = BTreeMap<String, String>;
