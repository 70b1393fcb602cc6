//! How each kind of job is done.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;

use super::AppState;
use crate::calendar::eat_date;
use crate::certificates;
use crate::documents::reconcile::{ReconcileError, reconcile};
use crate::documents::service as documents;
use crate::exports::service::expire_permits;
use crate::ids::{GrantId, InvitationId, NotificationId, UserId};
use crate::jobs::{Finished, JobError, JobKind, Run};
use crate::mail::{self, MailKind};
use crate::notifications;
use crate::organizations::{colleagues, email_address, erasure, own_data, reset, roles, second_factor};
use crate::pki;
use crate::registration;
use crate::retention::{self, Round, Scope, archives};
use crate::sourcing::contracts::expire_contracts;
use crate::workflow::holidays;

/// What a worker of this instance does with a job.
pub fn chores(state: &AppState) -> impl Fn(Run) -> BoxFuture<'static, Result<Finished, JobError>> + use<> {
    let state = state.clone();
    move |run| Box::pin(carry_out(state.clone(), run))
}

async fn carry_out(state: AppState, run: Run) -> Result<Finished, JobError> {
    let (db, now) = (&state.db, state.clock.now());
    match run.kind {
        // What has ended or run out is refused at once; its rows may lie a while.
        JobKind::SweepSessions => {
            own_data::give_up_abandoned(db, now).await?;
            let round = Round::scheduled(Scope::Often);
            Ok(Finished::Done(retention::report(&retention::apply(db, &state.storage, &round, now).await?)))
        }
        JobKind::ApplyRetention => retention::carry_out(db, &state.storage, &run, now).await,
        JobKind::ArchiveAudit => archives::archive_due(db, &state.storage, &run, now).await,
        JobKind::DropArchive => archives::drop_approved(db, &state.storage, &run, now).await,
        JobKind::ExpireGrants => Ok(Finished::Done(vec![
            ("permits", expire_permits(db, now).await?),
            ("grants", registration::expire(db, now).await?),
            ("contracts", expire_contracts(db, now).await?),
        ])),
        JobKind::ReconcileFiles => {
            let found = reconcile(db, &state.storage, now).await.map_err(|error| match error {
                ReconcileError::Database(error) => JobError::Database(error),
                ReconcileError::Storage(error) => JobError::Failed(error.to_string()),
            })?;
            Ok(Finished::Done(vec![
                ("temporary_files", found.temporary_files_deleted as u64),
                ("orphan_files", found.orphan_files_deleted as u64),
                ("rows_without_file", found.rows_without_file as u64),
                ("damaged_files", found.damaged_files as u64),
            ]))
        }
        JobKind::ScanDocument => documents::scan_document(db, &state.storage, state.scanner.as_ref(), &run, now).await,
        JobKind::CopyPersonalData => own_data::make_copy(db, &state.storage, &run).await,
        JobKind::ErasePeople => Ok(Finished::Done(vec![("people", erasure::carry_out_due(db, now).await?)])),
        JobKind::SendDigests => notifications::send_digests(db, &run, now).await,
        JobKind::SendMail => send_mail(&state, &run, now).await,
        JobKind::SealPaper => certificates::seal_paper(&state, &run, now).await,
        JobKind::SealPapers => certificates::seal_waiting(&state, now).await,
        JobKind::FinishCertificateRequest => pki::finish_request(&state, &run, now).await,
        JobKind::FinishCertificateAct => pki::finish_act(&state, &run, now).await,
        JobKind::WatchCertificates => pki::watch_certificates(&state, &run, now).await,
        JobKind::WatchSigner => pki::watch_signer(&state, &run, now).await,
        JobKind::FillHolidays => {
            let mut tx = run.begin(db).await?;
            let holidays = holidays::fill(&mut tx, eat_date(now)).await?;
            run.finish(tx, &vec![("holidays", holidays)], now).await
        }
    }
}

/// Writes a mail from what it is about, and hands it over. What it says is settled before the mail server is asked: no
/// transaction is open while that takes its time.
async fn send_mail(state: &AppState, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    let (db, site) = (&state.db, &state.site);
    let mut tx = run.begin(db).await?;
    let Some(unsent) = mail::find_unsent(&mut tx, run).await? else {
        return run.finish(tx, &Vec::new(), now).await;
    };
    let (subject, lang) = (unsent.subject, unsent.lang);
    let letter = match unsent.kind {
        MailKind::Invitation => colleagues::write_invitation(&mut tx, (InvitationId(subject), lang), site, now).await?,
        MailKind::PasswordReset => reset::write_reset(&mut tx, (subject, lang), site, now).await?,
        MailKind::PasswordChanged => reset::write_changed(&mut tx, (UserId(subject), lang), site).await?,
        MailKind::EmailConfirmation => email_address::write_confirmation(&mut tx, (subject, lang), site, now).await?,
        MailKind::EmailReplaced => email_address::write_replaced(&mut tx, (subject, lang), site).await?,
        MailKind::DataCopy => own_data::write_ready(&mut tx, (subject, lang), site, now).await?,
        MailKind::RoleDelegated => roles::write_delegated(&mut tx, (GrantId(subject), lang), site, now).await?,
        MailKind::Notification => notifications::write_news(&mut tx, (NotificationId(subject), lang), site).await?,
        MailKind::NotificationDigest => {
            notifications::write_digest(&mut tx, (unsent.id, UserId(subject), lang), site).await?
        }
        MailKind::ErasureAsked | MailKind::ErasureConfirmed | MailKind::ErasureRefused | MailKind::ErasureDone => {
            erasure::write_mail(&mut tx, unsent.kind, (subject, lang), site, now).await?
        }
        MailKind::SecondFactorSet
        | MailKind::SecondFactorRemoved
        | MailKind::RecoveryCodesMade
        | MailKind::RecoveryCodeUsed
        | MailKind::PasskeyAdded
        | MailKind::PasskeyRemoved => {
            second_factor::write_told(&mut tx, unsent.kind, (UserId(subject), lang), site).await?
        }
    };
    let Some(letter) = letter else { return mail::drop_needless(tx, run, &unsent, now).await };
    tx.commit().await?;
    let handed_over = mail::hand_over((db, &state.mailer), run, &unsent, &letter, now).await;
    // Where the last mail goes is known until it has gone, or is given up.
    if unsent.kind == MailKind::ErasureDone && !matches!(handed_over, Err(JobError::Failed(_) | JobError::Database(_)))
    {
        erasure::forget_farewell(db, subject).await?;
    }
    handed_over
}
