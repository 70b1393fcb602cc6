//! Handing in, verifying, approving, refusing, suspending and revoking a profile.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::form::{self, ProfileOffer};
use super::model::Profile;
use super::rules::{self, WORKFLOW};
use super::store::{self, VerifiedCapital};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::dec;
use crate::ids::ExporterId;
use crate::numbering;
use crate::registration::applications::{
    Case, New, Registered, Written, changed, find_case, find_visible, list_banks, list_regions, location, lock_profile,
    may_lock, revoke_below, taken_along,
};
use crate::registration::gates::Facts;
use crate::review::{Act, ActForm, Applied, Failure, Refusal, Standing, Subject, SubjectKind, Workflow, take_draft};
use crate::workflow::{CommandError, FieldProblems, FieldReader, Problem, Reason};

/// The series of registration numbers, with the kind of business as its scope.
const SERIES: &str = "EXPORTER_REGISTRATION";

/// Profiles, as applications and as subjects of review.
#[derive(Debug, Clone, Copy)]
pub struct Profiles;

#[async_trait]
impl Written for Profiles {
    const SUBJECT: SubjectKind = SubjectKind::Profile;
    type Offer = ProfileOffer;
    type Answers = Profile;

    fn workflow() -> &'static Workflow {
        &WORKFLOW
    }

    async fn offer(tx: &mut Tx, _: Option<ExporterId>, today: NaiveDate) -> sqlx::Result<ProfileOffer> {
        Ok(ProfileOffer { regions: list_regions(tx, today).await?, banks: list_banks(tx).await? })
    }

    fn read(
        offer: &ProfileOffer,
        values: &BTreeMap<String, String>,
        today: NaiveDate,
    ) -> Result<Profile, FieldProblems> {
        form::read(offer, values, today)
    }

    fn values(answers: &Profile) -> BTreeMap<String, String> {
        answers.values()
    }

    fn against_handing_in(_: &ProfileOffer, firm: Option<&Facts>, _: NaiveDate) -> Vec<Refusal> {
        firm.map(|_| Refusal::rule("profile-refusal-there-is-one", Vec::new())).into_iter().collect()
    }

    fn asked(answers: &Profile) -> Vec<&'static str> {
        answers.business_type.asked().to_vec()
    }

    async fn insert(
        tx: &mut Tx,
        new: New<'_>,
        answers: &Profile,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<String, Failure> {
        tx.enter_system().await?;
        let number = numbering::next(tx, SERIES, answers.business_type.prefix(), "", now).await?.text;
        tx.leave_system().await?;
        store::insert(tx, (new.id, &number), answers, actor, now).await.map_err(refused)?;
        Ok(number)
    }

    async fn update(
        tx: &mut Tx,
        seen: &Registered,
        answers: &Profile,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<bool, Failure> {
        let id = seen.standing.id;
        let before = store::find(tx, id).await?;
        let is_same_capital = before.is_some_and(|before| {
            before.declared_capital == answers.declared_capital && before.business_type == answers.business_type
        });
        let updated = store::update(tx, (id, seen.standing.version), answers, actor, now).await.map_err(refused)?;
        if updated && !is_same_capital {
            tx.enter_system().await?;
            store::forget_capital(tx, id).await?;
            tx.leave_system().await?;
        }
        Ok(updated)
    }

    async fn find(tx: &mut Tx, id: Uuid) -> sqlx::Result<Option<Profile>> {
        store::find(tx, id).await
    }
}

/// What the database refuses, at the field that it is about.
fn refused(error: sqlx::Error) -> Failure {
    let constraint = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
    match constraint {
        Some("exporter_profiles_tin_key") => at_field("tin", "problem-tin-taken"),
        // Somebody of the same firm, or the same form a moment before.
        Some("exporter_profiles_organization_id_key" | "exporter_profiles_user_id_key" | "exporter_profiles_pkey") => {
            Refusal::rule("profile-refusal-there-is-one", Vec::new()).into()
        }
        Some("exporter_profiles_ico_exporter_code_key") => at_field("ico_exporter_code", "problem-exporter-code-taken"),
        _ => CommandError::Database(error),
    }
}

fn at_field(field: &str, text_id: &'static str) -> Failure {
    let mut problems = FieldProblems::default();
    problems.add(field, Problem::Refused { text_id, arguments: Vec::new() });
    problems.into()
}

#[async_trait]
impl Subject for Profiles {
    type Case = Case<Profile>;

    fn workflow(&self) -> &'static Workflow {
        &WORKFLOW
    }

    fn standing<'a>(&self, case: &'a Case<Profile>) -> &'a Standing {
        case.standing()
    }

    fn location(&self, case: &Case<Profile>) -> String {
        location(SubjectKind::Profile, case.standing().id)
    }

    fn against(&self, case: &Case<Profile>, act: &Act, actor: &Actor) -> Vec<Refusal> {
        rules::against(case, act, actor)
    }

    async fn lock(
        &self,
        tx: &mut Tx,
        viewer: &Actor,
        id: Uuid,
        now: DateTime<Utc>,
    ) -> sqlx::Result<Option<Case<Profile>>> {
        let Some(found) = find_visible(tx, viewer, SubjectKind::Profile, id).await? else { return Ok(None) };
        if may_lock(viewer) {
            lock_profile(tx, found.exporter_id).await?;
        }
        find_case::<Self>(tx, viewer, id, eat_date(now)).await
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        case: &Case<Profile>,
        act: &Act,
        form: &ActForm<'_>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        let seen = (case.standing().id, case.standing().version);
        let reason = form.reason.as_ref().map_or("", Reason::as_str);
        let details = match act.code {
            "resubmit" => {
                let offer = Self::offer(tx, None, case.today).await?;
                let answers = Self::read(&offer, form.fields, case.today)?;
                if !Self::update(tx, &case.registered, &answers, actor, now).await? {
                    return Ok(None);
                }
                take_draft(tx, actor, SubjectKind::Profile, Some(seen.0)).await?;
                json!({ "changed": changed(&case.answers.values(), &answers.values()) })
            }
            "verify-capital" => {
                let found = CapitalForm::read(form.fields, case.today)?;
                let proof = case.files.iter().find(|file| file.counts() && file.document_type == "capital_proof");
                let proof = proof.ok_or(Refusal::MissingFiles { kinds: vec!["capital_proof"] })?;
                let verified = VerifiedCapital {
                    amount: found.amount,
                    bank: &found.bank,
                    certificate_number: &found.certificate_number,
                    certificate_date: found.certificate_date,
                    proof: &proof.name,
                };
                if !store::verify_capital(tx, seen, &verified, actor, now).await? {
                    return Ok(None);
                }
                json!({ "amount_etb": found.amount, "bank": found.bank, "certificate": found.certificate_number,
                        "certificate_date": found.certificate_date })
            }
            "approve" => {
                if !store::approve(tx, seen, actor, now).await? {
                    return Ok(None);
                }
                tx.enter_system().await?;
                store::publish_name(tx, case.standing().owner, &case.answers, now).await?;
                tx.leave_system().await?;
                Value::Null
            }
            "reject" => {
                let line = json!([{ "rejected_at": now, "rejected_by": actor.user_id, "reason": reason }]);
                if !store::reject(tx, seen, (reason, &line), actor, now).await? {
                    return Ok(None);
                }
                Value::Null
            }
            "give-code" => {
                let code = form.fields.get("ico_exporter_code").map_or("", |typed| typed.trim());
                if code.len() != 4 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(at_field("ico_exporter_code", "problem-exporter-code"));
                }
                if !store::give_code(tx, seen, code, now).await.map_err(refused)? {
                    return Ok(None);
                }
                json!({ "old": case.answers.noted.ico_exporter_code, "new": code })
            }
            _ => {
                if !store::move_to(tx, seen, act.target(&case.standing().state), now).await? {
                    return Ok(None);
                }
                // A revoked profile takes certificate and licence along (domain 2.1); the licence first, since it
                // stands on the certificate.
                if act.code == "revoke" {
                    let kinds = [SubjectKind::License, SubjectKind::Competence];
                    let taken = revoke_below(tx, &case.registered, &kinds, (actor, Some(reason)), now).await?;
                    taken_along(&taken)
                } else {
                    Value::Null
                }
            }
        };
        Ok(Some(Applied { details, reference: None }))
    }
}

/// What the desk read in the bank's certificate.
struct CapitalForm {
    amount: Decimal,
    bank: String,
    certificate_number: String,
    certificate_date: NaiveDate,
}

impl CapitalForm {
    fn read(values: &BTreeMap<String, String>, today: NaiveDate) -> Result<Self, FieldProblems> {
        let mut f = FieldReader::new(values);
        let amount = f.decimal("capital_amount", dec!(0.01), dec!(9_999_999_999_999.99), 2);
        let bank = f.text("capital_bank", 3..=200);
        let certificate_number = f.text("capital_certificate_number", 1..=60);
        // A certificate of years ago says nothing of today's capital.
        let earliest = today.checked_sub_months(chrono::Months::new(12)).unwrap_or(today);
        let certificate_date = f.date("capital_certificate_date", earliest, today);
        f.finish(Self { amount, bank, certificate_number, certificate_date })
    }
}
