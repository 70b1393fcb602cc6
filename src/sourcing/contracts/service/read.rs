//! What is read of contracts: the list, a case, what a form needs.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Figures, find, verdict};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::Db;
use crate::ids::ContractId;
use crate::organizations::directory::Directory;
use crate::review::{Dialogue, Draft, FileKinds, SubjectKind, dialogue, find_draft, list_files};
use crate::sourcing::contracts::form::{self, Calendar, Options};
use crate::sourcing::contracts::model::{Contract, Terms};
use crate::sourcing::contracts::price::PriceVerdict;
use crate::sourcing::contracts::rules::Applicant;
use crate::sourcing::contracts::store::{
    self,
    list::{self, Filter, Line},
    options,
};
use crate::workflow::FieldProblems;

/// A page of the list.
pub(in crate::sourcing::contracts) struct ListFile {
    pub lines: Vec<Line>,
    /// How many wait for the authority.
    pub waiting: i64,
}

/// A page of the contracts that `viewer` may see.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::sourcing::contracts) async fn list_file(
    db: &Db,
    viewer: &Actor,
    filter: &Filter<'_>,
    limit: i64,
) -> sqlx::Result<ListFile> {
    let mut tx = db.begin_as(viewer).await?;
    let lines = list::list_visible(&mut tx, viewer, filter, limit).await?;
    let waiting = list::count_waiting(&mut tx, viewer).await?;
    tx.commit().await?;
    Ok(ListFile { lines, waiting })
}

/// A contract with what happened to it.
pub(in crate::sourcing::contracts) struct CaseFile {
    pub contract: Contract,
    pub dialogue: Dialogue,
    pub kinds: FileKinds,
    pub figures: Figures,
}

/// A contract with what happened to it; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::sourcing::contracts) async fn case_file(
    db: &Db,
    directory: &Directory,
    viewer: &Actor,
    id: ContractId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<CaseFile>> {
    let mut tx = db.begin_as(viewer).await?;
    let Some(contract) = find(&mut tx, viewer, id, now).await? else { return Ok(None) };
    let dialogue = dialogue(&mut tx, directory, SubjectKind::Contract, id.0).await?;
    let (_, kinds) = list_files(&mut tx, SubjectKind::Contract, id.0).await?;
    let figures = Figures::on(&mut tx, eat_date(now)).await?;
    tx.commit().await?;
    Ok(Some(CaseFile { contract, dialogue, kinds, figures }))
}

/// What the form of a contract needs, and what its draft says.
pub(in crate::sourcing::contracts) struct Writing {
    pub applicant: Applicant,
    pub options: Options,
    pub calendar: Calendar,
    pub figures: Figures,
    /// The contract that is written anew; none of a new one.
    pub contract: Option<Contract>,
    /// What was typed so far.
    pub draft: Option<Draft>,
    /// What the draft says, and how its price stands; or what is wrong with it. Nothing without a draft.
    pub read: Option<Result<(Terms, PriceVerdict), FieldProblems>>,
}

impl Writing {
    /// The fields of the draft, or of the contract that is written anew.
    pub fn values(&self) -> BTreeMap<String, String> {
        match (&self.draft, &self.contract) {
            (Some(draft), _) => draft.values(),
            (None, Some(contract)) => form::fields_of(&contract.terms),
            (None, None) => BTreeMap::new(),
        }
    }
}

/// What is being written: a new contract, or `id` anew. `None` when the viewer's organisation has no profile, or the
/// contract is not theirs.
///
/// # Errors
/// When the database cannot be reached.
pub(in crate::sourcing::contracts) async fn writing(
    db: &Db,
    viewer: &Actor,
    id: Option<ContractId>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Writing>> {
    let draft = find_draft(db, viewer, SubjectKind::Contract, id.map(|id| id.0)).await?;
    let today = eat_date(now);
    let mut tx = db.begin_as(viewer).await?;
    let Some(applicant) = store::find_applicant(&mut tx, viewer).await? else { return Ok(None) };
    let contract = match id {
        None => None,
        Some(id) => match find(&mut tx, viewer, id, now).await? {
            Some(contract) if contract.standing.owner == viewer.organization.id => Some(contract),
            _ => return Ok(None),
        },
    };
    let mut options = options::read(&mut tx, today).await?;
    options.licensed.clone_from(&applicant.coffee_types);
    let figures = Figures::on(&mut tx, today).await?;
    let deadline = contract.as_ref().and_then(|contract| contract.shipment_deadline);
    let calendar = Calendar { today, deadline: deadline.unwrap_or_else(|| figures.deadline(today, &applicant)) };
    let read = match &draft {
        None => None,
        Some(draft) => Some(match form::parse(&draft.values(), &options, calendar) {
            Ok(terms) => {
                let verdict = verdict(&mut tx, &terms, terms.deal_date.unwrap_or(today)).await?;
                Ok((terms, verdict))
            }
            Err(problems) => Err(problems),
        }),
    };
    tx.commit().await?;
    Ok(Some(Writing { applicant, options, calendar, figures, contract, draft, read }))
}
