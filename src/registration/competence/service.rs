//! Applying for and issuing certificates of competence.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::model::{Application, CompetenceOffer};
use super::rules::{self, WORKFLOW};
use super::store::{self, Issued};
use crate::auth::Actor;
use crate::database::Tx;
use crate::ids::{CompetenceId, ExporterId};
use crate::numbering;
use crate::reference;
use crate::registration::applications::{
    Case, Granted, New, Registered, Written, against_another_open, inspection_day, months_after, renewal_line,
};
use crate::registration::gates::Facts;
use crate::registration::profiles::BusinessType;
use crate::review::{Applied, Failure, Refusal, SubjectKind, Workflow};
use crate::workflow::papers::PaperSubject;
use crate::workflow::{FieldProblems, FieldReader};

const SERIES: &str = "COMPETENCE";

/// Certificates of competence, as applications and grants.
#[derive(Debug, Clone, Copy)]
pub struct Competence;

#[async_trait]
impl Written for Competence {
    const SUBJECT: SubjectKind = SubjectKind::Competence;
    type Offer = CompetenceOffer;
    type Answers = Application;

    fn workflow() -> &'static Workflow {
        &WORKFLOW
    }

    async fn offer(tx: &mut Tx, firm: Option<ExporterId>, _: NaiveDate) -> sqlx::Result<CompetenceOffer> {
        let Some(firm) = firm else { return Ok(CompetenceOffer::default()) };
        Ok(CompetenceOffer {
            is_farmer: store::business_type(tx, firm).await? == Some(BusinessType::Farmer),
            laboratories: store::list_laboratories(tx, firm).await?,
            tasters: store::list_tasters(tx, firm).await?,
        })
    }

    fn read(
        offer: &CompetenceOffer,
        values: &BTreeMap<String, String>,
        _: NaiveDate,
    ) -> Result<Application, FieldProblems> {
        rules::read(offer, values)
    }

    fn values(answers: &Application) -> BTreeMap<String, String> {
        answers.values()
    }

    fn against_handing_in(_: &CompetenceOffer, firm: Option<&Facts>, today: NaiveDate) -> Vec<Refusal> {
        rules::against_applying(firm, today)
    }

    fn asked(answers: &Application) -> Vec<&'static str> {
        let mut asked = vec!["storage_evidence", "inspection_report"];
        if answers.has_quality_management {
            asked.push("qms_documentation");
        }
        asked
    }

    async fn insert(
        tx: &mut Tx,
        new: New<'_>,
        answers: &Application,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<String, Failure> {
        let firm = new.firm.ok_or(Refusal::NotFound)?;
        let renews = new.renews.map(|renewed| renewed.standing.id);
        store::insert(tx, (new.id, firm, renews), answers, actor, now).await.map_err(against_another_open)?;
        Ok(actor.organization.name_en.clone())
    }

    async fn update(
        tx: &mut Tx,
        seen: &Registered,
        answers: &Application,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let seen = (seen.standing.id, seen.standing.version);
        store::update(tx, seen, answers, actor, now).await.map_err(against_another_open)
    }

    async fn find(tx: &mut Tx, id: Uuid) -> sqlx::Result<Option<Application>> {
        store::find(tx, id).await
    }
}

#[async_trait]
impl Granted for Competence {
    fn against_granting(case: &Case<Application>) -> Vec<Refusal> {
        rules::against_granting(&case.answers, &case.facts, case.today)
    }

    async fn grant(
        tx: &mut Tx,
        case: &Case<Application>,
        values: &BTreeMap<String, String>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        let inspected_on = inspection_day(values, "facility_inspection_date", case.today)?;
        let mut reader = FieldReader::new(values);
        reader.confirmed("inspection_passed");
        reader.finish(())?;
        let months = reference::whole_parameter(tx, "competence_validity_months", case.today, 12).await?;
        let until = months_after(case.today, months);
        let renewed = match case.registered.renews {
            Some(renewed) => store::find_renewed(tx, renewed).await?,
            None => None,
        };
        let renewals = renewal_line(renewed, case.today, until, actor);
        tx.enter_system().await?;
        let number = numbering::next(tx, SERIES, "", "", now).await?.text;
        tx.leave_system().await?;
        let issued = Issued { number: &number, from: case.today, until, inspected_on, renewals: &renewals };
        let seen = (case.standing().id, case.standing().version);
        let granted = store::issue(tx, seen, &issued, actor, now).await.map_err(against_another_open)?;
        Ok(granted.then(|| Applied {
            details: json!({ "number": number, "expires_on": until, "inspected_on": inspected_on }),
            reference: Some(number),
        }))
    }

    fn paper(id: Uuid) -> PaperSubject {
        PaperSubject::Competence(CompetenceId(id))
    }
}
