//! Applying for and issuing export licences.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::model::{License, LicenseOffer};
use super::rules::{self, WORKFLOW};
use super::store::{self, Issued};
use crate::auth::Actor;
use crate::database::Tx;
use crate::ids::{ExporterId, LicenseId};
use crate::numbering;
use crate::reference;
use crate::registration::applications::{
    Case, Granted, New, Registered, Written, against_another_open, list_coffee_types, list_regions, months_after,
    renewal_line,
};
use crate::registration::gates::Facts;
use crate::review::{Applied, Failure, Refusal, SubjectKind, Workflow};
use crate::workflow::papers::PaperSubject;
use crate::workflow::{FieldProblems, FieldReader};

const SERIES: &str = "LICENSE";

/// Export licences, as applications and grants.
#[derive(Debug, Clone, Copy)]
pub struct Licenses;

/// The certificate on which a licence is to stand.
fn competence_of(answers: &License) -> Result<Uuid, Failure> {
    answers.competence.ok_or_else(|| Refusal::rule("license-refusal-competence", Vec::new()).into())
}

#[async_trait]
impl Written for Licenses {
    const SUBJECT: SubjectKind = SubjectKind::License;
    type Offer = LicenseOffer;
    type Answers = License;

    fn workflow() -> &'static Workflow {
        &WORKFLOW
    }

    async fn offer(tx: &mut Tx, firm: Option<ExporterId>, today: NaiveDate) -> sqlx::Result<LicenseOffer> {
        Ok(LicenseOffer {
            coffee_types: list_coffee_types(tx, today).await?,
            regions: list_regions(tx, today).await?,
            competence: match firm {
                Some(firm) => store::find_competence(tx, firm, today).await?,
                None => None,
            },
        })
    }

    fn read(offer: &LicenseOffer, values: &BTreeMap<String, String>, _: NaiveDate) -> Result<License, FieldProblems> {
        rules::read(offer, values)
    }

    fn values(answers: &License) -> BTreeMap<String, String> {
        answers.values()
    }

    fn against_handing_in(_: &LicenseOffer, firm: Option<&Facts>, today: NaiveDate) -> Vec<Refusal> {
        rules::against_applying(firm, today)
    }

    fn asked(_: &License) -> Vec<&'static str> {
        vec!["investment_registration"]
    }

    async fn insert(
        tx: &mut Tx,
        new: New<'_>,
        answers: &License,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<String, Failure> {
        let firm = new.firm.ok_or(Refusal::NotFound)?;
        let (renews, competence) = (new.renews.map(|renewed| renewed.standing.id), competence_of(answers)?);
        store::insert(tx, (new.id, firm, renews), (answers, competence), actor, now)
            .await
            .map_err(against_another_open)?;
        Ok(actor.organization.name_en.clone())
    }

    async fn update(
        tx: &mut Tx,
        seen: &Registered,
        answers: &License,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let seen = (seen.standing.id, seen.standing.version);
        let written = (answers, competence_of(answers)?);
        store::update(tx, seen, written, actor, now).await.map_err(against_another_open)
    }

    async fn find(tx: &mut Tx, id: Uuid) -> sqlx::Result<Option<License>> {
        store::find(tx, id).await
    }
}

#[async_trait]
impl Granted for Licenses {
    fn against_granting(case: &Case<License>) -> Vec<Refusal> {
        rules::against_granting(&case.facts, case.today)
    }

    async fn grant(
        tx: &mut Tx,
        case: &Case<License>,
        values: &BTreeMap<String, String>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        let offer = Self::offer(tx, Some(case.registered.exporter_id), case.today).await?;
        let mut reader = FieldReader::new(values);
        let scope = rules::read_scope(&mut reader, &offer);
        let scope = reader.finish(scope)?;
        let none = || Refusal::rule("license-refusal-competence", Vec::new());
        let (competence, competence_until) = offer.competence.ok_or_else(none)?;
        let months = reference::whole_parameter(tx, "license_validity_months", case.today, 12).await?;
        let until = rules::last_day(months_after(case.today, months), competence_until);
        if until <= case.today {
            // It would be over before it begins: the certificate is renewed first.
            return Err(none().into());
        }
        let renewed = match case.registered.renews {
            Some(renewed) => store::find_renewed(tx, renewed).await?,
            None => None,
        };
        let renewals = renewal_line(renewed, case.today, until, actor);
        tx.enter_system().await?;
        let number = numbering::next(tx, SERIES, "", "", now).await?.text;
        tx.leave_system().await?;
        let issued =
            Issued { number: &number, from: case.today, until, scope: &scope, competence, renewals: &renewals };
        let seen = (case.standing().id, case.standing().version);
        let granted = store::issue(tx, seen, &issued, actor, now).await.map_err(against_another_open)?;
        let details = json!({ "number": number, "expires_on": until, "coffee_types": scope.coffee_types,
                              "origins": scope.origins, "annual_quota_kg": scope.annual_quota_kg });
        Ok(granted.then_some(Applied { details, reference: Some(number) }))
    }

    fn paper(id: Uuid) -> PaperSubject {
        PaperSubject::License(LicenseId(id))
    }
}
