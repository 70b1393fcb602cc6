//! What people do with papers: look at them, print them on record, check them by their code.

pub mod ico_return;
mod others;
mod withdraw;

use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::json;
use thiserror::Error;

use super::code::VerifyCode;
use super::model::{Life, OtherCertificate, PaperFilter, PaperKind, PaperLine, PaperState, Print};
use super::rules;
use super::seals;
use super::snapshot::{Snapshot, content_hash};
use super::store::{self, FoundPaper};
use crate::audit::{Event, Severity};
use crate::auth::{Actor, OrganizationKind};
use crate::calendar::eat_date;
use crate::database::{Db, Tx};
use crate::exports::Export;
use crate::exports::service::read;
use crate::ids::{ExportId, PaperId};
use crate::workflow::{Command, CommandError, Effects, Message};

pub use others::{RecordOther, StrikeOther};
pub use withdraw::{DUPLICATE_REASON, REPLACEMENT_REASON, Reissue, Replace, WITHDRAWAL_REASON, Withdraw};

/// How long a print that was put on record is shown as such, to who recorded it: time to find the printer, and
/// not so long that the original is printed a second time without a record.
const PRINTING_TIME: Duration = Duration::minutes(15);

/// An export with its papers, those of its lots' quality, and the certificates of origin of others.
#[derive(Debug)]
pub struct ExportPapers {
    /// The export.
    pub export: Export,
    /// Its papers, in the order of their issue.
    pub papers: Vec<PaperLine>,
    /// What others have issued, as it is on record.
    pub others: Vec<OtherCertificate>,
}

/// An export with its papers; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn list(db: &Db, actor: &Actor, export: ExportId, now: DateTime<Utc>) -> sqlx::Result<Option<ExportPapers>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(export) = read::find(&mut tx, actor, export).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let papers = store::list_papers(&mut tx, export.id, eat_date(now)).await?;
    let others = store::list_other_certificates(&mut tx, export.id).await?;
    tx.commit().await?;
    Ok(Some(ExportPapers { export, papers, others }))
}

/// A page of the papers that the viewer may see, newest first.
///
/// # Errors
/// When the database cannot be reached.
pub async fn newest(
    db: &Db,
    actor: &Actor,
    filter: &PaperFilter,
    after: Option<(DateTime<Utc>, PaperId)>,
    limit: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<PaperLine>> {
    let mut tx = db.begin_as(actor).await?;
    let papers = store::list_newest(&mut tx, actor, filter, after, limit, eat_date(now)).await?;
    tx.commit().await?;
    Ok(papers)
}

/// A paper with what became of it, and what the viewer may do about that.
#[derive(Debug)]
pub struct PaperRecord {
    /// The paper.
    pub paper: PaperLine,
    /// What became of it.
    pub life: Life,
    /// When it was sealed, if it was.
    pub sealed_at: Option<DateTime<Utc>>,
    /// The export that it is of, if it is of one.
    pub export: Option<Export>,
    /// Whether the viewer has decided another step of that export than the issue of its certificate.
    pub decided_another_step: bool,
}

/// A paper with what became of it; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached.
pub async fn record(db: &Db, actor: &Actor, id: PaperId, now: DateTime<Utc>) -> sqlx::Result<Option<PaperRecord>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(paper) = find_visible(&mut tx, actor, id, eat_date(now)).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let life = store::find_life(&mut tx, id).await?;
    let sealed_at = seals::find_sealed_at(&mut tx, id).await?;
    let export = match paper.export_id {
        Some(export) => read::find(&mut tx, actor, export).await?,
        None => None,
    };
    // Asked of who could act on the answer.
    let decided_another_step = match (&export, rules::against_replacing(&paper, actor, false)) {
        (Some(export), None) => store::decided_another_step(&mut tx, export.id, actor.user_id).await?,
        _ => false,
    };
    tx.commit().await?;
    Ok(Some(PaperRecord { paper, life, sealed_at, export, decided_another_step }))
}

/// A paper with what it says and, once it has one, its seal; `None` when it is not the viewer's to see.
///
/// # Errors
/// When the database cannot be reached, or what is stored cannot be read.
pub async fn show(
    db: &Db,
    actor: &Actor,
    id: PaperId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<(PaperLine, Snapshot, Option<Vec<u8>>)>> {
    let mut tx = db.begin_as(actor).await?;
    let Some(paper) = find_visible(&mut tx, actor, id, eat_date(now)).await? else {
        tx.rollback().await?;
        return Ok(None);
    };
    let stored = store::find_snapshot(&mut tx, id).await?.ok_or(sqlx::Error::RowNotFound)?;
    let seal = seals::find_seal(&mut tx, id).await?;
    tx.commit().await?;
    let snapshot = serde_json::from_value(stored).map_err(|error| sqlx::Error::Decode(error.into()))?;
    Ok(Some((paper, snapshot, seal)))
}

/// The paper if it is the viewer's to see: the finder asks, beside row-level security.
async fn find_visible(tx: &mut Tx, actor: &Actor, id: PaperId, today: NaiveDate) -> sqlx::Result<Option<PaperLine>> {
    let Some(paper) = store::find_paper(tx, id, today).await? else { return Ok(None) };
    let is_visible = match paper.export_id {
        Some(export) => read::find(tx, actor, export).await?.is_some(),
        None => {
            paper.owner == actor.organization.id
                || match actor.organization.kind {
                    OrganizationKind::Ecta
                    | OrganizationKind::NationalBank
                    | OrganizationKind::Customs
                    | OrganizationKind::Auditor => true,
                    // They look into the licences of firms whose money they handle; the quality of what they pay for and
                    // carry they see with its export.
                    OrganizationKind::CommercialBank => {
                        matches!(paper.kind, PaperKind::CompetenceCertificate | PaperKind::ExportLicense)
                            || store::goes_into_export_of(tx, id, actor.organization.id).await?
                    }
                    OrganizationKind::ShippingLine => store::goes_into_export_of(tx, id, actor.organization.id).await?,
                    OrganizationKind::Exporter | OrganizationKind::Ecx | OrganizationKind::Administration => false,
                }
        }
    };
    Ok(is_visible.then_some(paper))
}

/// The print on record under this number, while it may be shown to `actor` as such.
#[must_use]
pub fn print_to_show<'a>(paper: &'a PaperLine, number: i32, actor: &Actor, now: DateTime<Utc>) -> Option<&'a Print> {
    let print = paper.prints.iter().find(|print| print.sheet.number() == number)?;
    (print.by == actor.user_id && now - print.at <= PRINTING_TIME).then_some(print)
}

/// Puts a print on record.
#[derive(Debug, Clone, Copy)]
pub struct RecordPrint(pub PaperId);

/// The paper is not there, or not for this viewer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there is no such paper")]
pub struct NoSuchPaper;

#[async_trait]
impl Command for RecordPrint {
    type Refusal = NoSuchPaper;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, CommandError<NoSuchPaper>> {
        let paper = find_visible(tx, actor, self.0, eat_date(now)).await?;
        let paper = paper.ok_or(CommandError::Refused(NoSuchPaper))?;
        let number = store::insert_print(tx, paper.id, actor.user_id, now).await?;
        let details = json!({ "kind": paper.kind, "number": paper.number, "print": number });
        Ok(Effects {
            location: format!("/papers/{}?print={number}", paper.id),
            flash: Message::new("papers-print-recorded").with("number", paper.number).with("n", number.to_string()),
            event: Event::business("CERTIFICATE_PRINTED", "paper", paper.id.0, Severity::Low, details),
            outbox: None,
        })
    }
}

/// A paper as anybody may know it who has its code.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicPaper {
    /// Which paper.
    pub kind: PaperKind,
    /// Its number.
    pub number: String,
    /// Which duplicate of a lost sheet it is; 0 for the paper as it was first issued.
    pub duplicate: i32,
    /// What it is worth.
    pub state: PaperState,
    /// The day of its issue.
    pub issued_on: NaiveDate,
    /// Its last day, where it has one.
    pub valid_until: Option<NaiveDate>,
    /// Since when it is used, revoked, suspended or lost.
    pub since: Option<NaiveDate>,
    /// The number of the paper in its place.
    pub replaced_by: Option<String>,
    /// What it says.
    pub snapshot: Snapshot,
    /// SHA-256 of what it says.
    pub content_sha256: [u8; 32],
}

/// Why a paper cannot be shown to the public.
#[derive(Debug, Error)]
pub enum CheckError {
    /// The database failed.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// What is stored is not what was issued: its hash is another.
    #[error("the content of paper {number} does not have the hash that it was issued with")]
    Altered {
        /// Which one.
        number: String,
    },
}

/// The paper with this code; `None` when there is none.
///
/// # Errors
/// [`CheckError`]: a paper that was tampered with is an alarm, not an answer.
pub async fn check(db: &Db, code: &VerifyCode, now: DateTime<Utc>) -> Result<Option<PublicPaper>, CheckError> {
    let mut tx = db.begin_public().await?;
    let found = store::find_public(&mut tx, code, eat_date(now)).await?;
    tx.commit().await?;
    found.map(public).transpose()
}

fn public(found: FoundPaper) -> Result<PublicPaper, CheckError> {
    let hash = content_hash(&found.snapshot);
    if found.content_sha256 != hash {
        return Err(CheckError::Altered { number: found.number });
    }
    Ok(PublicPaper {
        kind: found.kind,
        number: found.number,
        duplicate: found.duplicate,
        state: found.state,
        issued_on: found.issued_on,
        valid_until: found.valid_until,
        since: found.since,
        replaced_by: found.replaced_by,
        snapshot: serde_json::from_value(found.snapshot).map_err(|error| sqlx::Error::Decode(error.into()))?,
        content_sha256: hash,
    })
}
