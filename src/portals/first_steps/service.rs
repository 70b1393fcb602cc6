//! Where a person stands, and what they say of a step.

use super::model::{FirstStep, Step, of};
use super::store;
use crate::auth::{Actor, OrganizationKind};
use crate::calendar::eat_date;
use crate::database::Db;
use crate::organizations::{email_address, preferences, second_factor};
use crate::registration::gates;
use chrono::{DateTime, Utc};

/// The viewer's steps. Where no mail leaves the house, there is no address to confirm; and of an account that all visitors of a
/// demonstration share, nobody changes how one signs in.
pub(super) async fn find(db: &Db, viewer: &Actor, has_mail: bool, now: DateTime<Utc>) -> sqlx::Result<Vec<FirstStep>> {
    let is_firm = viewer.organization.kind == OrganizationKind::Exporter;
    let mut tx = db.begin_as(viewer).await?;
    let mut planned = store::list_planned(&mut tx, viewer).await?;
    let mut seen = store::list_seen(&mut tx, viewer).await?;
    if is_firm {
        seen.extend(store::list_seen_of_firm(&mut tx, viewer).await?);
    }
    tx.enter_gate().await?;
    let is_shared = second_factor::is_shared(&mut tx, viewer.user_id).await?;
    planned.retain(|planned| match planned.step {
        Step::Address => has_mail && !is_shared,
        Step::SecondFactor => !is_shared,
        _ => true,
    });
    let mut note = |step, is_done: bool| seen.extend(is_done.then_some(step));
    note(Step::SecondFactor, second_factor::is_enrolled(&mut tx, viewer.user_id).await?);
    note(Step::Preferences, preferences::when_chosen(&mut tx, viewer.user_id).await?.is_some());
    tx.commit().await?;
    let address = email_address::find_own(db, viewer).await?;
    note(Step::Address, address.is_some_and(|address| address.confirmed_at.is_some()));
    if is_firm {
        let today = eat_date(now);
        let facts = gates::find(db, viewer, today).await?;
        note(Step::Qualified, facts.is_some_and(|facts| gates::is_qualified(&gates::of(&facts, today))));
    }
    Ok(of(&planned, &seen))
}

/// Keeps that the viewer calls `step` done, or passes it over. Whether it is theirs to say, the caller has looked.
pub(super) async fn say(
    db: &Db,
    viewer: &Actor,
    (step, is_skipped): (Step, bool),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let mut tx = db.begin_as(viewer).await?;
    store::save(&mut tx, viewer, (step, is_skipped), now).await?;
    tx.commit().await
}
