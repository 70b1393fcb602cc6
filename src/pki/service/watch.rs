//! The job that looks at certificates each hour and tells people before one ends: each rung once, in one transaction with its record. What
//! was missed while nobody looked is not made up for: the rung that has come is told, and none before it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use jebena_signer::protocol::CertificateFacts;
use jebena_signer::x509::profile::Profile;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::findings;
use crate::app::AppState;
use crate::audit::{self, Author, Event, Severity};
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::ids::OrganizationId;
use crate::jobs::{Finished, JobError, Run};
use crate::pki::asking::{self, Silence};
use crate::pki::rules::{self, OVER};
use crate::pki::store;

/// Tells those who can do something about it which certificates end, and which have ended, and puts on record what of the signer's keys,
/// lists and record somebody should look at.
///
/// # Errors
/// [`JobError`] when the signer or the database is away.
pub async fn watch_certificates(state: &AppState, run: &Run, now: DateTime<Utc>) -> Result<Finished, JobError> {
    if state.signer.is_none() {
        return Ok(Finished::Done(Vec::new()));
    }
    let mut tx = run.begin(&state.db).await?;
    let newest = store::find_newest_alarm(&mut tx).await?;
    tx.commit().await?;
    let asked = async { Ok((asking::certificates(state).await?, findings::look(state, newest).await?)) };
    let (all, looked) = match asked.await {
        Ok(found) => found,
        Err(Silence::Nobody) => return Ok(Finished::Done(Vec::new())),
        Err(Silence::Away) => return Err(JobError::Failed("the signer does not tell of certificates".to_owned())),
    };
    let due: Vec<(&CertificateFacts, i64)> =
        all.iter().filter_map(|facts| Some((facts, rules::due(facts, &all, now)?))).collect();
    let mut tx = run.begin(&state.db).await?;
    let holders: Vec<Uuid> = due.iter().filter_map(|(facts, _)| facts.organization).collect();
    let codes: HashMap<Uuid, String> = store::list_codes(&mut tx, &holders).await?.into_iter().collect();
    let mut notices = 0;
    for (facts, rung) in due {
        let holder = match facts.organization {
            // The signer gives the consortium its next ones by itself; that one has ended all the same is an alert.
            None if rung == OVER => None,
            // Who has left has nothing to seal.
            Some(id) if facts.profile == Profile::OrganizationSeal => match codes.get(&id) {
                Some(code) => Some((OrganizationId(id), code.as_str())),
                None => continue,
            },
            None | Some(_) => continue,
        };
        notices += u64::from(notice(&mut tx, facts, holder, rung, now).await?);
    }
    let found = findings::note_all(&mut tx, &looked, now).await?;
    run.finish(tx, &vec![("notices", notices), ("findings", found)], now).await
}

/// Speaks of a certificate, unless this rung or one after it was told; whether it did.
async fn notice(
    tx: &mut Tx,
    facts: &CertificateFacts,
    holder: Option<(OrganizationId, &str)>,
    rung: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let fingerprint = Sha256::digest(&facts.certificate.0);
    if !store::insert_notice(tx, &fingerprint, rung, now).await? {
        return Ok(false);
    }
    let organization = holder.map(|(id, _)| id);
    let author = Author::product(organization);
    let (event_type, severity) =
        if rung == OVER { ("CERTIFICATE_ENDED", Severity::High) } else { ("CERTIFICATE_ENDS", Severity::Medium) };
    let day = eat_date(facts.not_after);
    let details = json!({ "rung": rung, "day": day });
    let event = Event::business(event_type, "certificate", facts.certificate_id, severity, details);
    audit::record(tx, author, &event, now).await?;
    let Some((organization, code)) = holder else { return Ok(true) };
    let payload = json!({
        "organization": organization,
        "code": code,
        "day": day,
        "is_over": rung == OVER,
        "is_for_approvers": rules::is_for_approvers(rung),
    });
    store::insert_outbox(tx, facts.certificate_id, &payload, now).await?;
    Ok(true)
}
