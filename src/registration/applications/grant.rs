//! Granting, refusing, suspending and ending what is given for a time: one subject for four kinds.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{Case, Registered};
use super::service::{Written, find_case};
use super::store::{self, GrantMove};
use crate::auth::{Actor, OrganizationKind};
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::registration::gates::Facts;
use crate::registration::profiles::ProfileStatus;
use crate::review::{
    Act, ActForm, Answer, Applied, Cause, Failure, Move, Refusal, Standing, Subject, SubjectKind, Workflow, checklist,
    record_move_alone, take_draft,
};
use crate::workflow::papers::{PaperDesk, PaperSubject};

/// What an area brings beside [`Written`] for what is granted for a time.
#[async_trait]
pub trait Granted: Written {
    /// What stands against granting it, beyond papers and the firm's profile. Pure.
    fn against_granting(case: &Case<Self::Answers>) -> Vec<Refusal>;

    /// Writes the grant: number, days, what the desk filled in, the status; `None` when somebody was quicker. What it
    /// renews has been superseded before.
    ///
    /// # Errors
    /// [`Failure`]; nothing is kept then.
    async fn grant(
        tx: &mut Tx,
        case: &Case<Self::Answers>,
        values: &BTreeMap<String, String>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure>;

    /// The paper that it calls for.
    fn paper(id: Uuid) -> PaperSubject;
}

/// One kind of grant as a subject of review.
pub struct Grants<'a, G> {
    papers: &'a dyn PaperDesk,
    kind: PhantomData<fn() -> G>,
}

impl<'a, G> Grants<'a, G> {
    /// With the desk that issues the papers.
    #[must_use]
    pub fn new(papers: &'a dyn PaperDesk) -> Self {
        Self { papers, kind: PhantomData }
    }
}

#[async_trait]
impl<G: Granted> Subject for Grants<'_, G> {
    type Case = Case<G::Answers>;

    fn workflow(&self) -> &'static Workflow {
        G::workflow()
    }

    fn standing<'a>(&self, case: &'a Self::Case) -> &'a Standing {
        case.standing()
    }

    fn location(&self, case: &Self::Case) -> String {
        location(G::SUBJECT, case.standing().id)
    }

    fn against(&self, case: &Self::Case, act: &Act, _: &Actor) -> Vec<Refusal> {
        match (act.answer, act.code) {
            (Answer::Approve, _) => {
                let mut refusals: Vec<Refusal> = against_firm(&case.facts).into_iter().collect();
                refusals.extend(missing(&G::asked(&case.answers), case));
                refusals.extend(G::against_granting(case));
                refusals
            }
            (Answer::WithReason, "reinstate") => {
                let mut refusals: Vec<Refusal> = against_firm(&case.facts).into_iter().collect();
                refusals.extend(against_ended(&case.registered, case.today));
                refusals
            }
            (
                Answer::Submit | Answer::Reject | Answer::Return | Answer::WithReason | Answer::Other | Answer::ByTime,
                _,
            ) => Vec::new(),
        }
    }

    async fn lock(
        &self,
        tx: &mut Tx,
        viewer: &Actor,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> sqlx::Result<Option<Self::Case>> {
        let Some(found) = store::find_visible(tx, viewer, G::SUBJECT, id).await? else { return Ok(None) };
        if may_lock(viewer) {
            // The firm first: what is decided about it takes its grants along.
            store::lock_profile(tx, found.exporter_id).await?;
            store::lock_grant(tx, G::SUBJECT, id).await?;
        }
        find_case::<G>(tx, viewer, id, eat_date(now)).await
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        case: &Self::Case,
        act: &Act,
        form: &ActForm<'_>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        match act.answer {
            Answer::Submit => {
                let offer = G::offer(tx, Some(case.registered.exporter_id), case.today).await?;
                let answers = G::read(&offer, form.fields, case.today)?;
                if !G::update(tx, &case.registered, &answers, actor, now).await? {
                    return Ok(None);
                }
                take_draft(tx, actor, G::SUBJECT, Some(case.standing().id)).await?;
                let details = json!({ "changed": changed(&G::values(&case.answers), &G::values(&answers)) });
                Ok(Some(Applied { details, reference: None }))
            }
            Answer::Approve => {
                if let Some(renewed) = case.registered.renews {
                    store::supersede(tx, G::SUBJECT, (renewed, case.standing().id), now).await?;
                }
                let applied = G::grant(tx, case, form.fields, actor, now).await?;
                if applied.is_some() {
                    self.papers.issue(tx, G::paper(case.standing().id), actor, now).await?;
                }
                Ok(applied)
            }
            Answer::Reject | Answer::Return | Answer::WithReason => {
                let reason = form.reason.as_ref().map(crate::workflow::Reason::as_str);
                let moved = GrantMove {
                    kind: G::SUBJECT,
                    id: case.standing().id,
                    version: case.standing().version,
                    to: act.target(&case.standing().state),
                    rejection: reason.filter(|_| act.answer == Answer::Reject),
                };
                if !store::move_grant(tx, moved, now).await? {
                    return Ok(None);
                }
                let taken = if act.code == "revoke" && G::SUBJECT == SubjectKind::Competence {
                    revoke_below(tx, &case.registered, &[SubjectKind::License], (actor, reason), now).await?
                } else {
                    Vec::new()
                };
                Ok(Some(Applied { details: taken_along(&taken), reference: None }))
            }
            Answer::Other | Answer::ByTime => Err(Refusal::NotFound.into()),
        }
    }
}

/// Whether the viewer is one of those whose acts there are; everybody else is refused, and locks nothing.
pub(in crate::registration) fn may_lock(viewer: &Actor) -> bool {
    matches!(viewer.organization.kind, OrganizationKind::Exporter | OrganizationKind::Ecta)
}

/// Where the page of an application is.
pub(in crate::registration) fn location(kind: SubjectKind, id: Uuid) -> String {
    format!("/registration/{}/{id}", kind.slug())
}

/// Papers that are asked for and not there.
pub(in crate::registration) fn missing<A>(asked: &[&'static str], case: &Case<A>) -> Option<Refusal> {
    let kinds: Vec<&'static str> =
        checklist(asked, &case.files).into_iter().filter(|line| line.file.is_none()).map(|line| line.kind).collect();
    (!kinds.is_empty()).then_some(Refusal::MissingFiles { kinds })
}

/// Nothing is granted to a firm whose profile is not approved.
fn against_firm(facts: &Facts) -> Option<Refusal> {
    match facts.profile {
        ProfileStatus::Active => None,
        ProfileStatus::PendingApproval
        | ProfileStatus::Returned
        | ProfileStatus::Rejected
        | ProfileStatus::Suspended
        | ProfileStatus::Revoked => Some(Refusal::rule("registration-refusal-profile", Vec::new())),
    }
}

/// What has run out while it was suspended is not reinstated.
fn against_ended(registered: &Registered, today: NaiveDate) -> Option<Refusal> {
    registered
        .expires_on
        .filter(|last| *last < today)
        .map(|last| Refusal::rule("registration-refusal-ended", vec![("date", last.to_string())]))
}

/// Names of fields whose answers differ.
pub(in crate::registration) fn changed(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

/// What a decision took along, for the history.
pub(in crate::registration) fn taken_along(taken: &[String]) -> Value {
    if taken.is_empty() { Value::Null } else { json!({ "taken_along": taken }) }
}

/// Revokes what stands on something that was revoked, each in its own history with its cause; what they are called.
pub(in crate::registration) async fn revoke_below(
    tx: &mut Tx,
    above: &Registered,
    kinds: &[SubjectKind],
    (actor, reason): (&Actor, Option<&str>),
    now: DateTime<Utc>,
) -> Result<Vec<String>, Failure> {
    let mut taken = Vec::new();
    for &kind in kinds {
        let Some((workflow, act)) = revocation_of(kind) else { continue };
        for found in store::list_standing(tx, actor, kind, above.exporter_id).await? {
            let standing = &found.standing;
            let moved = GrantMove { kind, id: standing.id, version: standing.version, to: "REVOKED", rejection: None };
            // Moved by somebody meanwhile: the profile's lock keeps others out, so this is a mistake of ours.
            if !store::move_grant(tx, moved, now).await? {
                return Err(Refusal::Stale { by: standing.changed_by.clone(), at: standing.changed_at }.into());
            }
            let details = json!({ "follows": above.standing.reference });
            let recorded = Move::of(workflow, standing, act, details);
            let cause = Cause::Consequence { actor, reason };
            record_move_alone(tx, &recorded, act, &standing.reference, &cause, now).await?;
            taken.push(standing.reference.clone());
        }
    }
    Ok(taken)
}

fn revocation_of(kind: SubjectKind) -> Option<(&'static Workflow, &'static Act)> {
    let workflow = crate::registration::workflow_of(kind)?;
    Some((workflow, workflow.act("revoke")?))
}
