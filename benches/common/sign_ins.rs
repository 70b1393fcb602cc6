//! Sign-ins as a load beside others.

use std::sync::Arc;

use anyhow::Result;

use super::client::{Ask, Session};
use super::load::{Sample, Target};

/// The queue by itself, and while twenty people a second sign in.
pub(crate) async fn queue_beside_sign_ins(
    target: Target,
    session: &Arc<Session>,
    password: &str,
) -> Result<(Sample, Sample)> {
    const SECONDS: usize = 8;
    let queue = |n: usize| (n < 100 * SECONDS).then(|| Ask::page("/inbox", Some(session)));
    let alone = target.open(100.0, &queue).await?;
    let sign_ins = |n: usize| (n < 20 * SECONDS).then(|| Ask::sign_in("nbe.officer", password));
    // A sign-in that meets a full queue of hashes is refused, as it should be.
    let (beside, _) = tokio::try_join!(target.open(100.0, &queue), target.open(20.0, &sign_ins))?;
    Ok((alone, beside))
}
