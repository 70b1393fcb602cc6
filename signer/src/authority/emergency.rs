//! Keys that may be in other hands: each holder gets another key and certificate, and the old certificates are revoked from the moment on
//! from which their signatures are not to be relied on.
//!
//! One old key after the other, in an order in which nothing is lost when the process is killed: first the successor, then the
//! revocation, then the old key's material goes. What is done already is found done.

use chrono::{DateTime, Utc};
use der::Decode;
use serde_json::json;
use uuid::Uuid;
use x509_cert::certificate::Certificate;

use super::{Authority, AuthorityError, Order};
use crate::keyring::KeyError;
use crate::rotation::{Kind, Progress, Rotation, RotationError, What, Why, progress, write_down};
use crate::store::rotation::{self as store, SuspectKey};
use crate::x509::list::Reason;
use crate::x509::name::Subject;
use crate::x509::profile::Profile;

impl Authority {
    /// Begins to replace all keys of an organisation, or goes on with that.
    ///
    /// # Errors
    /// When it has none, or the database is away.
    pub async fn begin_emergency(
        &self,
        organization: Uuid,
        (reason, by): (&str, Option<Uuid>),
        now: DateTime<Utc>,
    ) -> Result<Rotation, RotationError> {
        let why = Why { kind: Kind::Compromise, reason, by };
        self.keyring.begin_rotation(What::Data(Some(organization)), &why, now).await
    }

    /// Replaces the next of the old keys; at the end the old data key is revoked.
    ///
    /// # Errors
    /// As [`Authority::issue`] and [`Authority::revoke`].
    pub async fn replace_next(
        &self,
        rotation: &Rotation,
        invalid_from: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Progress, RotationError> {
        let organization = rotation.what.organization().ok_or(RotationError::Consortium)?;
        let mut connection = self.keyring.pool().acquire().await?;
        let suspect = store::find_suspect(&mut connection, organization, rotation.new).await?;
        drop(connection);
        let Some(suspect) = suspect else {
            // Where a process was killed between a revocation and its lists.
            self.catch_up(now).await?;
            return self.keyring.finish_rotation(rotation, ("revoked", "completed"), now).await;
        };
        if let Some(certificate) = suspect.certificate_id {
            if suspect.status.as_deref() == Some("active") && suspect.not_after.is_some_and(|until| until > now) {
                self.give_successor(&suspect, rotation, organization, now).await?;
            }
            match self.revoke(certificate, Reason::KeyCompromise, Some(invalid_from.min(now)), None, now).await {
                // It was revoked before, for whatever reason, and that is final.
                Ok(()) | Err(AuthorityError::Revoked) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut tx = self.keyring.pool().begin().await?;
        store::wipe_private_key(&mut tx, suspect.private_key_id, now).await?;
        store::count_done(&mut tx, rotation.id, (1, 0)).await?;
        let data = json!({ "rotation_id": rotation.id, "certificate_id": suspect.certificate_id,
                           "private_key_id": suspect.private_key_id });
        write_down(&mut tx, ("KEY_REPLACED", "warning"), (rotation.old, None), data, None, now).await?;
        let progress = progress(&mut tx, rotation.id).await?;
        tx.commit().await?;
        Ok(progress)
    }

    /// Issues what stands in an old certificate's stead, where that was not done before.
    async fn give_successor(
        &self,
        suspect: &SuspectKey,
        rotation: &Rotation,
        organization: Uuid,
        now: DateTime<Utc>,
    ) -> Result<(), RotationError> {
        let malformed = || KeyError::Malformed(suspect.private_key_id);
        let holder = (suspect.profile.as_str(), suspect.owner_user_id);
        let mut connection = self.keyring.pool().acquire().await?;
        if store::has_successor(&mut connection, rotation.new, holder, now).await? {
            return Ok(());
        }
        drop(connection);
        let der = suspect.der_encoded_cert.as_deref().unwrap_or_default();
        let name = Certificate::from_der(der).map_err(|_| malformed())?.tbs_certificate.subject;
        let lasted = suspect.not_after.zip(suspect.not_before).map(|(until, from)| until - from);
        let order = Order {
            profile: Profile::from_code(&suspect.profile).ok_or_else(malformed)?,
            organization: Some(organization),
            person: suspect.owner_user_id,
            subject: Subject::of_name(&name).ok_or_else(malformed)?,
            validity: lasted.ok_or_else(malformed)?,
            policy: serde_json::from_value(suspect.access_policy.clone()).map_err(|_| malformed())?,
        };
        self.issue(&order, now).await?;
        Ok(())
    }

    /// One key after the other until it is done; `told` hears how far it is after each.
    ///
    /// # Errors
    /// As [`Authority::replace_next`]. What was done stays done.
    pub async fn replace_keys(
        &self,
        organization: Uuid,
        (reason, by): (&str, Option<Uuid>),
        invalid_from: DateTime<Utc>,
        now: impl Fn() -> DateTime<Utc>,
        mut told: impl FnMut(Progress),
    ) -> Result<Progress, RotationError> {
        if invalid_from > now() {
            return Err(AuthorityError::InvalidFrom.into());
        }
        let rotation = self.begin_emergency(organization, (reason, by), now()).await?;
        loop {
            let progress = self.replace_next(&rotation, invalid_from, now()).await?;
            told(progress);
            if progress.is_finished {
                return Ok(progress);
            }
        }
    }
}
