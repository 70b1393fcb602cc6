//! Reading and deciding about requests for certificates.

mod act;
mod ask;
mod decide;
mod findings;
mod finish;
mod outage;
mod watch;

pub use act::finish_act;
pub(super) use act::{NoKey, OpenAlready, act, acts, ask_act, fetch_key};
pub(super) use ask::{AskError, Wish, ask};
pub(super) use decide::{About, Decide, decide};
pub use finish::finish_request;
pub use outage::watch_signer;
use uuid::Uuid;
pub use watch::watch_certificates;

use super::model::{Asked, Decision};
use super::store;
use crate::auth::Actor;
use crate::database::Db;
use crate::organizations::directory::{Directory, Names};

/// Where the list of requests is.
pub(super) const REQUESTS: &str = "/pki/requests";
/// Below which each act is.
pub(super) const ACTS: &str = "/pki/acts";
/// Where the inventory is.
pub(super) const CERTIFICATES: &str = "/pki/certificates";

/// The decisions about `asked` that `viewer` may see, with the names of people and organisations in both, and of `others`.
pub(super) async fn decisions(
    (db, directory): (&Db, &Directory),
    viewer: &Actor,
    asked: &[Asked],
    others: &[Uuid],
) -> sqlx::Result<(Vec<Decision>, Names)> {
    let mut tx = db.begin_as(viewer).await?;
    let ids: Vec<Uuid> = asked.iter().map(|one| one.id).collect();
    let decisions = store::list_decisions(&mut tx, &ids).await?;
    let of_requests = asked.iter().flat_map(|one| [one.organization.0, one.requester.0]);
    let of_decisions = decisions.iter().flat_map(|one| [one.organization.0, one.approver.0]);
    let all: Vec<Uuid> = of_requests.chain(of_decisions).chain(others.iter().copied()).collect();
    let names = directory.names(&mut tx, all).await?;
    tx.commit().await?;
    Ok((decisions, names))
}

/// How many papers the certificate with this SHA-256 has sealed.
pub(super) async fn count_sealed(db: &Db, viewer: &Actor, certificate: &[u8; 32]) -> sqlx::Result<i64> {
    let mut tx = db.begin_as(viewer).await?;
    let count = store::count_sealed(&mut tx, certificate).await?;
    tx.commit().await?;
    Ok(count)
}
