//! What is found of the signer's keys, lists and record: asked for while no transaction is open, and put on record once each. What is on record
//! raises an alert.

use chrono::{DateTime, Duration, Utc};
use jebena_signer::protocol::{AlarmFacts, KeyFacts};
use jebena_signer::x509::profile::Profile;
use jebena_trust::revocation_list::RevocationList;

use crate::app::AppState;
use crate::audit::{self, Author, Event};
use crate::calendar::eat_date;
use crate::database::Tx;
use crate::ids::OrganizationId;
use crate::pki::asking::{self, LISTS, Silence};
use crate::pki::rules::{self, Finding, Terms};
use crate::pki::store;
use crate::reference::{parameter, whole_parameter};

/// What the signer wrote down shortly before the newest line that is noted may have been committed after it.
const LATE: Duration = Duration::hours(1);
/// Answers about alarms in one round; the next one goes on.
const ANSWERS: usize = 50;

/// What the signer tells.
pub(super) struct Looked {
    keys: Vec<KeyFacts>,
    lists: Vec<((Profile, bool), RevocationList)>,
    alarms: Vec<AlarmFacts>,
}

/// Asks for keys, lists, and the alarms after the newest that is noted.
pub(super) async fn look(state: &AppState, newest: Option<DateTime<Utc>>) -> Result<Looked, Silence> {
    let keys = asking::keys(state).await?;
    let mut lists = Vec::new();
    for (authority, is_delta) in LISTS {
        let list = asking::revocation_list(state, authority, is_delta).await?;
        lists.extend(list.map(|list| ((authority, is_delta), list)));
    }
    let (mut alarms, mut since) = (Vec::new(), newest.map_or(DateTime::UNIX_EPOCH, |newest| newest - LATE));
    for _ in 0..ANSWERS {
        let some = asking::alarms(state, since).await?;
        let Some(last) = some.last() else { break };
        since = last.at;
        alarms.extend(some);
    }
    Ok(Looked { keys, lists, alarms })
}

/// Puts on record what is found in it and was not before; how much that is.
pub(super) async fn note_all(tx: &mut Tx, looked: &Looked, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let today = eat_date(now);
    let terms = Terms {
        uses: whole_parameter(tx, "alert_key_uses", today, 200).await?.into(),
        factor: parameter(tx, "alert_key_factor", today, 5.into()).await?,
    };
    let mut found = rules::of_keys(&looked.keys, terms, now);
    found.extend(looked.lists.iter().filter_map(|(which, list)| rules::of_list(*which, list, now)));
    found.extend(looked.alarms.iter().map(rules::of_alarm));
    let mut count = 0;
    for finding in &found {
        count += u64::from(note(tx, finding, now).await?);
    }
    Ok(count)
}

async fn note(tx: &mut Tx, finding: &Finding, now: DateTime<Utc>) -> sqlx::Result<bool> {
    if !store::insert_finding(tx, finding, now).await? {
        return Ok(false);
    }
    let organization = finding.organization.map(OrganizationId);
    let author = Author::product(organization);
    let details = finding.details.clone();
    let event = Event {
        entity_type: "signer",
        entity_id: Some(finding.about),
        ..Event::security(finding.event_type, finding.severity, details)
    };
    audit::record(tx, author, &event, now).await?;
    Ok(true)
}
