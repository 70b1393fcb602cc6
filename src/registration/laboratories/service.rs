//! Registering and certifying laboratories.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::model::Laboratory;
use super::rules::{self, WORKFLOW};
use super::store;
use crate::auth::Actor;
use crate::database::Tx;
use crate::ids::{ExporterId, LaboratoryId};
use crate::numbering;
use crate::reference;
use crate::registration::applications::{
    Case, Granted, New, Registered, Written, against_another_open, inspection_day, months_after, needs_firm,
};
use crate::registration::gates::Facts;
use crate::review::{Applied, Failure, Refusal, SubjectKind, Workflow};
use crate::workflow::FieldProblems;
use crate::workflow::papers::PaperSubject;

const SERIES: &str = "LABORATORY";

/// Laboratories, as applications and grants.
#[derive(Debug, Clone, Copy)]
pub struct Laboratories;

#[async_trait]
impl Written for Laboratories {
    const SUBJECT: SubjectKind = SubjectKind::Laboratory;
    type Offer = ();
    type Answers = Laboratory;

    fn workflow() -> &'static Workflow {
        &WORKFLOW
    }

    async fn offer(_: &mut Tx, _: Option<ExporterId>, _: NaiveDate) -> sqlx::Result<()> {
        Ok(())
    }

    fn read((): &(), values: &BTreeMap<String, String>, _: NaiveDate) -> Result<Laboratory, FieldProblems> {
        rules::read(values)
    }

    fn values(answers: &Laboratory) -> BTreeMap<String, String> {
        answers.values()
    }

    fn against_handing_in((): &(), firm: Option<&Facts>, _: NaiveDate) -> Vec<Refusal> {
        needs_firm(firm).into_iter().collect()
    }

    fn asked(_: &Laboratory) -> Vec<&'static str> {
        vec!["equipment_list", "inspection_report"]
    }

    async fn insert(
        tx: &mut Tx,
        new: New<'_>,
        answers: &Laboratory,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<String, Failure> {
        let firm = new.firm.ok_or(Refusal::NotFound)?;
        let renews = new.renews.map(|renewed| renewed.standing.id);
        store::insert(tx, (new.id, firm, renews), answers, actor, now).await.map_err(against_another_open)?;
        Ok(answers.name.clone())
    }

    async fn update(
        tx: &mut Tx,
        seen: &Registered,
        answers: &Laboratory,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let seen = (seen.standing.id, seen.standing.version);
        store::update(tx, seen, answers, actor, now).await.map_err(against_another_open)
    }

    async fn find(tx: &mut Tx, id: Uuid) -> sqlx::Result<Option<Laboratory>> {
        store::find(tx, id).await
    }
}

#[async_trait]
impl Granted for Laboratories {
    fn against_granting(case: &Case<Laboratory>) -> Vec<Refusal> {
        rules::against_granting(&case.answers)
    }

    async fn grant(
        tx: &mut Tx,
        case: &Case<Laboratory>,
        values: &BTreeMap<String, String>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        let inspected_on = inspection_day(values, "last_inspection_date", case.today)?;
        let months = reference::whole_parameter(tx, "laboratory_validity_months", case.today, 12).await?;
        let until = months_after(case.today, months);
        tx.enter_system().await?;
        let number = numbering::next(tx, SERIES, "", "", now).await?.text;
        tx.leave_system().await?;
        let seen = (case.standing().id, case.standing().version);
        let days = (number.as_str(), case.today, until);
        let granted = store::certify(tx, seen, days, inspected_on, actor, now).await.map_err(against_another_open)?;
        Ok(granted.then(|| Applied {
            details: json!({ "number": number, "expires_on": until, "inspected_on": inspected_on }),
            reference: Some(number),
        }))
    }

    fn paper(id: Uuid) -> PaperSubject {
        PaperSubject::Laboratory(LaboratoryId(id))
    }
}
