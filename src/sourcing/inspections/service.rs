//! What the inspection desk does: draw a sample, give one up, sign what was found; and what everybody reads.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use rand::seq::IndexedRandom;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::findings::{Findings, RawItem};
use super::model::{Inspection, LotFacts, PanelLine, QueueLine, Sample, SampleStatus};
use super::rules::{self, WORKFLOW};
use super::store::{self, NewInspection, NewSample};
use super::verdict::{Failing, Limits, Verdict};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::dec;
use crate::ids::{InspectionId, LotId, SampleId};
use crate::numbering;
use crate::quantities::MoistureLimits;
use crate::review::{
    Cause, Draft, Failure, Move, Refusal, Refusals, Standing, SubjectKind, find_draft, record_move, take_draft,
};
use crate::workflow::papers::{PaperDesk, PaperSubject};
use crate::workflow::{Command, CommandError, Effects, FieldProblems, FieldReader, Message, Problem, Reason};

/// Letters and digits that are not read as others, in six places: a thousand million codes.
const CODE_ALPHABET: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const CODE_LENGTH: usize = 6;

fn fresh_code() -> String {
    let mut rng = rand::rng();
    (0..CODE_LENGTH).filter_map(|_| CODE_ALPHABET.choose(&mut rng)).map(|byte| char::from(*byte)).collect()
}

/// The figures of the day.
#[derive(Debug, Clone, Copy)]
pub struct Figures {
    /// For the verdict.
    pub limits: Limits,
    /// How much is usually drawn, in grams.
    pub sample_grams: Decimal,
}

async fn figures(tx: &mut Tx, today: NaiveDate) -> sqlx::Result<Figures> {
    let rows = store::list_figures(tx, today).await?;
    let figure =
        |key: &str, usual: Decimal| rows.iter().find(|(name, _)| name == key).map_or(usual, |(_, value)| *value);
    let usual = MoistureLimits::USUAL;
    Ok(Figures {
        limits: Limits {
            panel_minimum: figure("cup_panel_minimum", dec!(3)).to_usize().unwrap_or(3),
            spread: figure("cup_spread_limit", dec!(3)),
            moisture: MoistureLimits {
                dry_below: figure("moisture_dry_below", usual.dry_below),
                moist_above: figure("moisture_moist_above", usual.moist_above),
                refused_above: figure("moisture_refused_above", usual.refused_above),
            },
        },
        sample_grams: figure("sample_grams", dec!(300)),
    })
}

/// What the form that draws a sample is filled from.
#[derive(Debug)]
pub struct DrawOptions {
    /// The lot.
    pub lot: LotFacts,
    /// Where it may be examined, with Amharic names.
    pub centers: Vec<(String, String)>,
    /// How much is usually drawn, in grams.
    pub grams: Decimal,
}

/// A lot of which a sample may be drawn; `None` when the viewer does not work at the desk or there is no such lot.
///
/// # Errors
/// When the database cannot be reached.
pub async fn draw_options(
    db: &Db,
    viewer: &Actor,
    lot: LotId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<DrawOptions>> {
    let today = eat_date(now);
    let mut tx = db.begin_as(viewer).await?;
    let found = match store::find_lot(&mut tx, viewer, lot).await? {
        Some(lot) => Some(DrawOptions {
            lot,
            centers: store::list_centers(&mut tx, today).await?,
            grams: figures(&mut tx, today).await?.sample_grams,
        }),
        None => None,
    };
    tx.commit().await?;
    Ok(found)
}

/// Draws a sample of a lot, under a code that says nothing of it.
pub struct DrawSample<'a> {
    /// Of which lot.
    pub lot: LotId,
    /// The fields as typed.
    pub fields: &'a BTreeMap<String, String>,
}

#[async_trait]
impl Command for DrawSample<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        tx.enter_system().await?;
        store::lock_lot(tx, self.lot).await?;
        tx.leave_system().await?;
        let lot = store::find_lot(tx, actor, self.lot).await?.ok_or(Refusal::NotFound)?;
        let refusals = rules::against_drawing(&lot, actor);
        if !refusals.is_empty() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        let today = eat_date(now);
        let centers = store::list_centers(tx, today).await?;
        let names: Vec<&str> = centers.iter().map(|(center, _)| center.as_str()).collect();
        let mut f = FieldReader::new(self.fields);
        let center = f.choice("center", &names);
        let grams = f.decimal("grams", dec!(100), dec!(10_000), 1);
        // A sample is drawn today, or was a few days ago where the line was down.
        let drawn_on = f.date("drawn_on", today - chrono::Duration::days(14), today);
        let again_because = match Reason::parse(f.raw("again_because")) {
            Ok(reason) => Some(reason),
            Err(Problem::Missing) if !rules::is_again(&lot) => None,
            Err(problem) => {
                f.problems.add("again_because", problem);
                None
            }
        };
        f.finish(()).map_err(Failure::from)?;
        let raw_form = store::find_raw_form(tx, drawn_on).await?;
        let (id, code) = (SampleId::new(), fresh_code());
        let new = NewSample {
            id,
            lot: &lot,
            code: &code,
            center: &center,
            grams,
            drawn_on,
            raw_form: &raw_form,
            again_because: again_because.as_ref().map(Reason::as_str),
        };
        store::insert_sample(tx, &new, actor, now).await?;
        let act = rules::act("draw");
        let cause = Cause::Person { actor, reason: again_because.as_ref() };
        let moved = Move::first(&WORKFLOW, id.0, lot.owner, act, json!({ "center": center, "drawn_on": drawn_on }));
        record_move(tx, &moved, &cause, now).await?;
        Ok(Effects {
            location: format!("/samples/{id}"),
            flash: Message::new("inspection-flash-drawn").with("code", code.clone()),
            event: moved.event(act, &code, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

/// A sample with what was typed of it so far.
#[derive(Debug)]
pub struct SampleFile {
    /// The sample.
    pub sample: Sample,
    /// The items of its raw form.
    pub raw_form: Vec<RawItem>,
    /// What the desk has typed.
    pub draft: Option<Draft>,
    /// The figures of the day.
    pub figures: Figures,
}

/// A sample for who examines it; `None` when the viewer does not work at the desk.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_sample(
    db: &Db,
    viewer: &Actor,
    id: SampleId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<SampleFile>> {
    let mut tx = db.begin_as(viewer).await?;
    let found = match store::find_sample(&mut tx, viewer, id).await? {
        Some(sample) => Some((
            store::list_raw_items(&mut tx, &sample.raw_form).await?,
            figures(&mut tx, eat_date(now)).await?,
            sample,
        )),
        None => None,
    };
    tx.commit().await?;
    let Some((raw_form, figures, sample)) = found else { return Ok(None) };
    let draft = find_draft(db, viewer, SubjectKind::Inspection, Some(id.0)).await?;
    Ok(Some(SampleFile { sample, raw_form, draft, figures }))
}

/// A fingerprint of what was typed: a signature is for what its signer has seen.
#[must_use]
pub fn fingerprint(values: &BTreeMap<String, String>) -> String {
    hex::encode(Sha256::digest(json!(values).to_string()))
}

/// Signs what was found in a sample: the inspection comes into being, with its number, its certificate and the lot's new
/// state, and takes the place of an earlier one.
pub struct Sign<'a> {
    /// The sample.
    pub sample: SampleId,
    /// For which version the page was shown.
    pub version: i32,
    /// Of what was typed when the page was shown.
    pub seen: &'a str,
    /// What was typed, as the draft has it.
    pub values: &'a BTreeMap<String, String>,
    /// Issues the certificate.
    pub papers: &'a dyn PaperDesk,
}

#[async_trait]
impl Command for Sign<'_> {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let today = eat_date(now);
        let sample = store::find_sample(tx, actor, self.sample).await?.ok_or(Refusal::NotFound)?;
        let stale = || Refusal::Stale { by: String::new(), at: sample.updated_at };
        let refusals = rules::against_handling(&sample, actor);
        if !refusals.is_empty() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        if sample.version != self.version || fingerprint(self.values) != self.seen {
            return Err(stale().into());
        }
        let raw_form = store::list_raw_items(tx, &sample.raw_form).await?;
        let findings = Findings::parse(self.values, &raw_form)?;
        let limits = figures(tx, today).await?.limits;
        let refusals = rules::against_signing(&sample, &findings, &limits, actor);
        if !refusals.is_empty() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        let verdict = Verdict::of(&findings, &limits);
        let Some(grade) = verdict.grade.map(store::grade_code) else {
            return Err(Refusal::rule("inspection-refusal-grade", Vec::new()).into());
        };
        if !store::move_sample(tx, &sample, SampleStatus::Signed, now).await? {
            return Err(stale().into());
        }
        tx.enter_system().await?;
        store::lock_lot(tx, sample.lot_id).await?;
        tx.leave_system().await?;
        let lot = store::find_lot(tx, actor, sample.lot_id).await?.ok_or(Refusal::NotFound)?;
        let id = InspectionId::new();
        let former = lot.inspection.filter(|_| lot.is_own_inspection).map(|(former, _)| former);
        if let Some(former) = former {
            store::supersede(tx, former, id, now).await?;
        }
        tx.enter_system().await?;
        let number = numbering::next(tx, "QUALITY_CERTIFICATE", "", "", now).await?;
        tx.leave_system().await?;
        let failed_because = reason_of(&verdict);
        let new = NewInspection {
            id,
            sample: &sample,
            number: &number.text,
            findings: &findings,
            verdict: &verdict,
            grade: &grade,
            failed_because: failed_because.as_deref(),
            inspected_on: today,
        };
        store::insert_inspection(tx, &new, actor, now).await?;
        tx.enter_system().await?;
        store::set_inspected(tx, sample.lot_id, verdict.passes(), now).await?;
        tx.leave_system().await?;
        self.papers.issue(tx, PaperSubject::Inspection(id), actor, now).await?;
        take_draft(tx, actor, SubjectKind::Inspection, Some(sample.id.0)).await?;
        let act = rules::act("sign");
        let cause = Cause::Person { actor, reason: None };
        let details = json!({
            "lot": lot.number,
            "sample_code": sample.code,
            "grade": grade,
            "total": verdict.total,
            "passed": verdict.passes(),
            "supersedes": former,
        });
        let moved = Move::of(&WORKFLOW, &standing(&sample), act, details);
        record_move(tx, &moved, &cause, now).await?;
        Ok(Effects {
            location: format!("/inspections/{id}"),
            flash: Message::new(if verdict.passes() { "inspection-flash-passed" } else { "inspection-flash-failed" })
                .with("number", number.text.clone())
                .with("lot", lot.number.clone())
                .with("grade", grade),
            event: moved.event(act, &number.text, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

/// Why it does not pass, as the record keeps it.
fn reason_of(verdict: &Verdict) -> Option<String> {
    let parts: Vec<String> = verdict
        .failing
        .iter()
        .map(|failing| match failing {
            Failing::Moist { found, most } => {
                format!("Moisture {} %, above {} %", found.normalize(), most.normalize())
            }
            Failing::BelowExportGrade => "Below the fifth grade: not for export".to_owned(),
            Failing::Other(because) => because.clone(),
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join("; ").chars().take(Reason::LONGEST).collect())
}

/// Gives a sample up, with a reason: it was spoilt, or drawn of the wrong bags.
pub struct Abandon {
    /// The sample.
    pub sample: SampleId,
    /// For which version the page was shown.
    pub version: i32,
    /// Why.
    pub reason: Reason,
}

#[async_trait]
impl Command for Abandon {
    type Refusal = Refusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, Failure> {
        let sample = store::find_sample(tx, actor, self.sample).await?.ok_or(Refusal::NotFound)?;
        let refusals = rules::against_handling(&sample, actor);
        if !refusals.is_empty() {
            return Err(CommandError::Refused(Refusals(refusals)));
        }
        let stale = Refusal::Stale { by: String::new(), at: sample.updated_at };
        if sample.version != self.version || !store::move_sample(tx, &sample, SampleStatus::Abandoned, now).await? {
            return Err(stale.into());
        }
        take_draft(tx, actor, SubjectKind::Inspection, Some(sample.id.0)).await?;
        let act = rules::act("cancel");
        let cause = Cause::Person { actor, reason: Some(&self.reason) };
        let moved = Move::of(&WORKFLOW, &standing(&sample), act, json!({ "sample_code": sample.code }));
        record_move(tx, &moved, &cause, now).await?;
        Ok(Effects {
            location: "/inspections".to_owned(),
            flash: Message::new("inspection-flash-abandoned").with("code", sample.code.clone()),
            event: moved.event(act, &sample.code, &cause),
            outbox: Some(moved.outbox()),
        })
    }
}

/// Where a sample stands, for the parts of a review that all subjects share.
pub(super) fn standing(sample: &Sample) -> Standing {
    Standing {
        id: sample.id.0,
        reference: sample.code.clone(),
        state: sample.status.code().to_owned(),
        version: sample.version,
        owner: sample.owner,
        submitted_by: Some(sample.drawn_by),
        changed_by: String::new(),
        changed_at: sample.updated_at,
    }
}

/// A sample within a transaction of the caller's, for messages and papers.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn find_standing(tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Option<Standing>> {
    Ok(store::find_sample(tx, viewer, SampleId(id)).await?.map(|sample| standing(&sample)))
}

/// What a part of the desk's queue holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Verified lots of which no sample was drawn yet.
    Lots,
    /// Samples that are being examined.
    Samples,
}

/// A page of the desk's queue, oldest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn queue(
    db: &Db,
    viewer: &Actor,
    part: Part,
    center: Option<&str>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<QueueLine>> {
    let mut tx = db.begin_as(viewer).await?;
    let lines = match part {
        Part::Lots => store::list_waiting_lots(&mut tx, after, limit).await?,
        Part::Samples => store::list_samples(&mut tx, center, after, limit).await?,
    };
    tx.commit().await?;
    Ok(lines)
}

/// The centres where samples are examined, with their Amharic names.
///
/// # Errors
/// When the database cannot be reached.
pub async fn centers(db: &Db, viewer: &Actor, now: DateTime<Utc>) -> sqlx::Result<Vec<(String, String)>> {
    let mut tx = db.begin_as(viewer).await?;
    let centers = store::list_centers(&mut tx, eat_date(now)).await?;
    tx.commit().await?;
    Ok(centers)
}

/// A signed inspection with each taster's scores and the screens; `None` when its lot is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn find_inspection(
    db: &Db,
    viewer: &Actor,
    id: InspectionId,
) -> sqlx::Result<Option<(Inspection, Vec<PanelLine>, Vec<(i32, Decimal)>)>> {
    let mut tx = db.begin_as(viewer).await?;
    let found = match store::find_inspection(&mut tx, viewer, id).await? {
        Some(inspection) => {
            Some((inspection, store::list_panel(&mut tx, id).await?, store::list_screens(&mut tx, id).await?))
        }
        None => None,
    };
    tx.commit().await?;
    Ok(found)
}

/// What is wrong with what was typed, or what it means.
///
/// # Errors
/// Every problem, by field.
pub fn examine(values: &BTreeMap<String, String>, file: &SampleFile) -> Result<(Findings, Verdict), FieldProblems> {
    let findings = Findings::parse(values, &file.raw_form)?;
    let verdict = Verdict::of(&findings, &file.figures.limits);
    Ok((findings, verdict))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_nothing_and_is_read_as_nothing_else() {
        for _ in 0..200 {
            let code = fresh_code();
            assert_eq!(code.len(), CODE_LENGTH);
            assert!(!code.contains(['I', 'L', 'O', '0', '1']), "{code}");
        }
    }
}
