//! Registering and verifying tasters.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::model::Taster;
use super::rules::{self, WORKFLOW};
use super::store;
use crate::auth::Actor;
use crate::database::Tx;
use crate::ids::{ExporterId, TasterId};
use crate::registration::applications::{Case, Granted, New, Registered, Written, against_another_open, needs_firm};
use crate::registration::gates::Facts;
use crate::review::{Applied, Failure, Refusal, SubjectKind, Workflow};
use crate::workflow::papers::PaperSubject;
use crate::workflow::{CommandError, FieldProblems};

/// Tasters, as applications and grants.
#[derive(Debug, Clone, Copy)]
pub struct Tasters;

#[async_trait]
impl Written for Tasters {
    const SUBJECT: SubjectKind = SubjectKind::Taster;
    type Offer = ();
    type Answers = Taster;

    fn workflow() -> &'static Workflow {
        &WORKFLOW
    }

    async fn offer(_: &mut Tx, _: Option<ExporterId>, _: NaiveDate) -> sqlx::Result<()> {
        Ok(())
    }

    fn read((): &(), values: &BTreeMap<String, String>, today: NaiveDate) -> Result<Taster, FieldProblems> {
        rules::read(values, today)
    }

    fn values(answers: &Taster) -> BTreeMap<String, String> {
        answers.values()
    }

    fn against_handing_in((): &(), firm: Option<&Facts>, _: NaiveDate) -> Vec<Refusal> {
        needs_firm(firm).into_iter().collect()
    }

    fn asked(_: &Taster) -> Vec<&'static str> {
        vec!["taster_qualification", "proficiency_certificate", "employment_contract"]
    }

    async fn insert(
        tx: &mut Tx,
        new: New<'_>,
        answers: &Taster,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<String, Failure> {
        let firm = new.firm.ok_or(Refusal::NotFound)?;
        let renews = new.renews.map(|renewed| renewed.standing.id);
        store::insert(tx, (new.id, firm, renews), answers, actor, now).await.map_err(against_another_open)?;
        Ok(answers.full_name.clone())
    }

    async fn update(
        tx: &mut Tx,
        seen: &Registered,
        answers: &Taster,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let seen = (seen.standing.id, seen.standing.version);
        store::update(tx, seen, answers, actor, now).await.map_err(against_another_open)
    }

    async fn find(tx: &mut Tx, id: Uuid) -> sqlx::Result<Option<Taster>> {
        store::find(tx, id).await
    }
}

#[async_trait]
impl Granted for Tasters {
    fn against_granting(case: &Case<Taster>) -> Vec<Refusal> {
        rules::against_granting(&case.answers, case.today)
    }

    async fn grant(
        tx: &mut Tx,
        case: &Case<Taster>,
        _: &BTreeMap<String, String>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        let seen = (case.standing().id, case.standing().version);
        let renewed_on = case.registered.renews.map(|_| case.today);
        let granted = store::verify(tx, seen, renewed_on, actor, now).await.map_err(|error| {
            // The same person, verified for another firm at this very moment.
            match error.as_database_error().and_then(sqlx::error::DatabaseError::constraint) {
                Some("coffee_tasters_one_employer") => Refusal::rule("taster-refusal-elsewhere", Vec::new()).into(),
                _ => CommandError::Database(error),
            }
        })?;
        let details = json!({ "expires_on": case.answers.expires_on });
        Ok(granted.then_some(Applied { details, reference: None }))
    }

    fn paper(id: Uuid) -> PaperSubject {
        PaperSubject::Taster(TasterId(id))
    }
}
