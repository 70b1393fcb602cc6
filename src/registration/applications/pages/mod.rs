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
use crate::registration::competence::Competence;
use crate::registration::laboratories::Laboratories;
use crate::registration::licenses::Licenses;
use crate::registration::profiles::Profiles;
use crate::registration::tasters::Tasters;
use crate::review::{Act, DECISION_FIELDS, Subject, SubjectKind, Typed};
use crate::web::components::{Fact, FieldGroup};
use crate::web::form_fields::{FieldNames, FormFields, NO_FIELDS};
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
    let answers = FormFields::by("subject", |subject| fields_of(SubjectKind::from_slug(subject)?));
    let decisions = FormFields::by("subject", |subject| decision_fields_of(SubjectKind::from_slug(subject)?));
    Routes::new()
        .get("/registration/{subject}/new", apply, form::show_new)
        .post_form("/registration/{subject}/answers", apply, answers.clone(), form::answer_new)
        .get("/registration/{subject}/check", apply, form::check_new)
        .post_form("/registration/{subject}", apply, NO_FIELDS, form::hand_in_new)
        .get("/registration/{subject}/{id}", view, case::show)
        .get("/registration/{subject}/{id}/form", apply, form::show)
        .post_form("/registration/{subject}/{id}/answers", apply, answers, form::answer)
        .get("/registration/{subject}/{id}/check", apply, form::check)
        .post_form("/registration/{subject}/{id}/submission", apply, NO_FIELDS, form::hand_in)
        .post_form_within("/registration/{subject}/{id}/decisions", view, granting, decisions, case::decide)
}

/// The names of what the form of an application asks; `None` where a kind is no affair of this area.
#[must_use]
pub fn fields_of(kind: SubjectKind) -> Option<FieldNames> {
    declared_by(kind).map(|(fields, _)| fields.into())
}

/// The names of what the form of a decision on such an application asks.
fn decision_fields_of(kind: SubjectKind) -> Option<FieldNames> {
    declared_by(kind).map(|(_, decision)| [DECISION_FIELDS, decision].concat().into())
}

/// The names of what the forms of a kind ask.
type Names = &'static [&'static str];

fn declared_by(kind: SubjectKind) -> Option<(Names, Names)> {
    const fn of<W: Shown>() -> (Names, Names) {
        (W::FIELDS, W::DECISION_FIELDS)
    }
    match kind {
        SubjectKind::Profile => Some(of::<Profiles>()),
        SubjectKind::Laboratory => Some(of::<Laboratories>()),
        SubjectKind::Taster => Some(of::<Tasters>()),
        SubjectKind::Competence => Some(of::<Competence>()),
        SubjectKind::License => Some(of::<Licenses>()),
        SubjectKind::Lot | SubjectKind::Inspection | SubjectKind::Contract | SubjectKind::Buyer => None,
    }
}

/// What an area brings for the pages of its kind of application.
pub trait Shown: Written {
    /// The names of what its form asks.
    const FIELDS: &'static [&'static str];

    /// The names of what the forms of decisions ask beyond a reason.
    const DECISION_FIELDS: &'static [&'static str] = &[];

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
