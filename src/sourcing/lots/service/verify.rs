//! Verifying a lot: the desk of its source holds it against the receipt. Correcting one that came back is an act of the
//! same table.

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::number_refusal;
use super::read::may_meet;
use super::register::INTERNAL;
use crate::auth::{Actor, Permission};
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::ids::LotId;
use crate::numbering;
use crate::review::{
    Act, ActForm, Answer, Applied, Door, Failure, Refusal, Standing, Subject, SubjectKind, Workflow, take_draft,
};
use crate::sourcing::lots::form::LotForm;
use crate::sourcing::lots::model::{Lot, Source, Verification};
use crate::sourcing::lots::receipt::{Difference, Receipt};
use crate::sourcing::lots::rules;
use crate::sourcing::lots::store;
use crate::sourcing::lots::transitions::workflow_of;
use crate::workflow::{FieldProblems, Problem};

/// Lots of one source, as the review engine handles them: the source says whose desk it is.
#[derive(Debug, Clone, Copy)]
pub struct Lots(pub Source);

/// A lot on the day on which it is looked at.
#[derive(Debug)]
pub struct Case {
    /// The lot.
    pub lot: Lot,
    /// Where it stands.
    pub standing: Standing,
    /// The day.
    pub today: NaiveDate,
}

impl Case {
    /// `lot` as of `today`.
    #[must_use]
    pub fn of(lot: Lot, today: NaiveDate) -> Self {
        Self { standing: lot.standing(), lot, today }
    }
}

#[async_trait]
impl Subject for Lots {
    type Case = Case;

    fn workflow(&self) -> &'static Workflow {
        workflow_of(self.0)
    }

    fn standing<'a>(&self, case: &'a Case) -> &'a Standing {
        &case.standing
    }

    fn location(&self, case: &Case) -> String {
        format!("/lots/{}", case.lot.id)
    }

    fn against(&self, case: &Case, act: &Act, _: &Actor) -> Vec<Refusal> {
        rules::against(&case.lot, act, case.today)
    }

    async fn lock(&self, tx: &mut Tx, viewer: &Actor, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Option<Case>> {
        if !may_meet(viewer) {
            return Ok(None);
        }
        // As the system: a policy for changing also decides what may be locked, and who is refused is to be told why.
        tx.enter_system().await?;
        store::lock(tx, &[LotId(id)]).await?;
        tx.leave_system().await?;
        let lot = store::find_visible(tx, viewer, LotId(id)).await?;
        Ok(lot.map(|lot| Case::of(lot, eat_date(now))))
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        case: &Case,
        act: &Act,
        form: &ActForm<'_>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        if act.answer == Answer::Submit {
            return correct(tx, case, form, actor, now).await;
        }
        let receipt = Receipt::parse(form.fields, now)?;
        let differences = receipt.differences(&case.lot);
        if act.answer == Answer::Approve {
            refuse_differing(&receipt, &differences, case)?;
        }
        let to = Verification::from_code(act.target(&case.standing.state)).unwrap_or(case.lot.verification);
        let reason = form.reason.as_ref().map(crate::workflow::Reason::as_str);
        let written = store::decide(tx, &case.lot, to, reason, actor, now).await?;
        let details = receipt.details(&differences);
        Ok(written.then_some(Applied { details, reference: None }))
    }
}

/// What is verified was found on the receipt, all of it, and as the lot says.
fn refuse_differing(receipt: &Receipt, differences: &[Difference], case: &Case) -> Result<(), Failure> {
    let mut problems = FieldProblems::default();
    for field in receipt.missing(&case.lot) {
        problems.add(field, Problem::Missing);
    }
    for found in differences {
        let problem = if found.registered.is_empty() {
            Problem::Refused { text_id: "lots-problem-not-registered", arguments: Vec::new() }
        } else {
            let arguments = vec![("value", found.registered.clone())];
            Problem::Refused { text_id: "lots-problem-differs", arguments }
        };
        problems.add(found.field, problem);
    }
    if receipt.expires_on.is_some_and(|last| last < case.today) && problems.of("seen_expires_on").is_none() {
        problems.add("seen_expires_on", Problem::TooEarly { earliest: case.today });
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// Writes the corrected lot. One that changes its source changes its desk; what was bought elsewhere is given a number.
async fn correct(
    tx: &mut Tx,
    case: &Case,
    form: &ActForm<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Option<Applied>, Failure> {
    let today = eat_date(now);
    let lists = store::read_lists(tx, today).await?;
    let corrected = LotForm::parse(form.fields, &lists, today)?;
    let number = match &corrected.number {
        Some(number) => number.clone(),
        None if case.lot.source != Source::Ecx => case.lot.number.clone(),
        None => {
            tx.enter_system().await?;
            let number = numbering::next(tx, INTERNAL, "", "", now).await?.text;
            tx.leave_system().await?;
            number
        }
    };
    let written = store::correct(tx, &case.lot, &number, &corrected, actor, now).await.map_err(number_refusal)?;
    take_draft(tx, actor, SubjectKind::Lot, Some(case.lot.id.0)).await?;
    let details = json!({ "source": corrected.source, "quantity_kg": corrected.quantity, "number": number });
    Ok(written.then_some(Applied { details, reference: Some(number) }))
}

/// How messages and papers find a lot.
pub struct LotDoor;

#[async_trait]
impl Door for LotDoor {
    async fn find(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Option<Standing>> {
        if !may_meet(viewer) {
            return Ok(None);
        }
        Ok(store::find_visible(tx, viewer, LotId(id)).await?.map(|lot| lot.standing()))
    }

    fn location(&self, id: Uuid) -> String {
        format!("/lots/{id}")
    }

    fn form_location(&self, id: Option<Uuid>) -> String {
        id.map_or_else(|| "/lots/new".to_owned(), |id| format!("/lots/{id}/correction"))
    }

    fn may_draft(&self, actor: &Actor) -> bool {
        actor.may(Permission::RegisterLots)
    }

    fn may_write(&self, standing: &Standing, viewer: &Actor) -> bool {
        viewer.organization.id == standing.owner && viewer.may(Permission::RegisterLots)
            || viewer.may(Permission::VerifyLots)
    }

    fn file_kinds(&self, standing: &Standing, viewer: &Actor) -> Vec<&'static str> {
        let is_owner = viewer.organization.id == standing.owner && viewer.may(Permission::RegisterLots);
        // What the desk has decided on stays as it was then.
        if is_owner && standing.state != Verification::Verified.code() { PAPERS.to_vec() } else { Vec::new() }
    }

    async fn asked(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Vec<&'static str>> {
        let lot = store::find_visible(tx, viewer, LotId(id)).await?.filter(|_| may_meet(viewer));
        Ok(lot.map(|lot| asked(&lot)).unwrap_or_default())
    }
}

/// The papers that the desk asks for: the receipt, until it has verified the lot.
#[must_use]
pub fn asked(lot: &Lot) -> Vec<&'static str> {
    if lot.verification == Verification::Verified { Vec::new() } else { PAPERS[..1].to_vec() }
}

/// The papers of a lot.
const PAPERS: [&str; 2] = ["warehouse_receipt", "other"];
