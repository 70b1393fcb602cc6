//! The lists of what was revoked: made anew with each change, and before they run out.

use chrono::{DateTime, Duration, Utc};

use super::{Authority, AuthorityError, Signer};
use crate::keyring::Purpose;
use crate::policy::Operation;
use crate::store::certificates::{self as store, NewList, StoredList};
use crate::x509::list::{self, Entry, Reason};
use crate::x509::profile::Profile;

/// How long a full list is good, and a delta list.
const LIST_LASTS: Duration = Duration::days(7);
const DELTA_LASTS: Duration = Duration::days(1);

impl Authority {
    /// Publishes a full list of each authority, and a delta list of the issuing one. A delta list says what the full one
    /// before does not, or says otherwise, whatever the clocks were: whoever has that one needs no other.
    ///
    /// # Errors
    /// When there is no authority, or the database is away.
    pub async fn publish_lists(&self, now: DateTime<Utc>) -> Result<(), AuthorityError> {
        let _alone = self.publishing.lock().await;
        for profile in [Profile::RootCa, Profile::IssuingCa] {
            let signer = self.signer(profile, now).await?.ok_or(AuthorityError::NoAuthority)?;
            let before = self.newest_full(&signer).await?;
            self.publish(&signer, None, now).await?;
            // The very first delta list adds to the very first full one, and says nothing.
            let base = match before {
                Some(before) => Some(before),
                None => self.newest_full(&signer).await?,
            };
            if let Some(base) = base.filter(|_| profile == Profile::IssuingCa) {
                self.publish(&signer, Some(&base), now).await?;
            }
        }
        Ok(())
    }

    async fn newest_full(&self, signer: &Signer) -> Result<Option<StoredList>, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        Ok(store::find_newest_list(&mut connection, signer.certificate_id, false).await?)
    }

    async fn publish(
        &self,
        signer: &Signer,
        base: Option<&StoredList>,
        now: DateTime<Utc>,
    ) -> Result<(), AuthorityError> {
        let mut tx = self.keyring.pool().begin().await?;
        let number = store::next_list_number(&mut tx, signer.certificate_id).await?;
        let revoked = store::list_revoked(&mut tx, signer.certificate_id).await?;
        let all = revoked.into_iter().map(entry).collect::<Option<Vec<_>>>().ok_or(AuthorityError::Missing)?;
        let entries = match base {
            Some(base) => list::changes(&base.der_encoded_crl, all)?,
            None => all,
        };
        let lasts = if base.is_some() { DELTA_LASTS } else { LIST_LASTS };
        let wanted = list::Wanted {
            number: u64::try_from(number).unwrap_or_default(),
            base: base.map(|base| u64::try_from(base.crl_number).unwrap_or_default()),
            this_update: now,
            next_update: now + lasts,
            issuer_since: signer.not_before,
            entries: &entries,
        };
        let to_be_signed = list::to_be_signed(&wanted, &signer.issuer, &self.places)?;
        let purpose = Purpose::of_product(Operation::SignRevocationList, Some(signer.certificate_id));
        let signed = self.keyring.sign_with(signer.private_key, purpose, &to_be_signed, now).await?;
        let der = list::assemble(&to_be_signed, signer.issuer.curve, &signed.signature)?;
        let new = NewList {
            issuer: signer.certificate_id,
            number,
            base: base.map(|base| base.crl_number),
            this_update: now,
            next_update: now + lasts,
            entries: i32::try_from(entries.len()).unwrap_or(i32::MAX),
            der: &der,
        };
        store::insert_list(&mut tx, new).await?;
        Ok(tx.commit().await?)
    }

    /// The newest list of an authority, DER; with `is_delta` the delta list.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn newest_list(
        &self,
        authority: Profile,
        is_delta: bool,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, AuthorityError> {
        let Some(signer) = self.signer(authority, now).await? else { return Ok(None) };
        let mut connection = self.keyring.pool().acquire().await?;
        let list = store::find_newest_list(&mut connection, signer.certificate_id, is_delta).await?;
        Ok(list.map(|list| list.der_encoded_crl))
    }

    /// Publishes lists where the newest do not say everything that was revoked: a process that was killed between a revocation and its
    /// lists left them so. Whether that was done.
    ///
    /// # Errors
    /// As [`Authority::publish_lists`].
    pub async fn catch_up(&self, now: DateTime<Utc>) -> Result<bool, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        let are_behind = store::are_lists_behind(&mut connection).await?;
        drop(connection);
        if are_behind {
            self.publish_lists(now).await?;
        }
        Ok(are_behind)
    }

    /// Until when the newest lists are good: the earliest of their ends; none while there is no authority.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn lists_until(&self) -> Result<Option<DateTime<Utc>>, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        Ok(store::find_end_of_lists(&mut connection).await?)
    }
}

fn entry(revoked: store::Revoked) -> Option<Entry> {
    let text = &revoked.serial_number;
    let serial = hex::decode(if text.len().is_multiple_of(2) { text.clone() } else { format!("0{text}") }).ok()?;
    let reason = Some(Reason::from_code(&revoked.revocation_reason)?);
    Some(Entry { serial, revoked_at: revoked.revocation_date, reason, invalid_from: revoked.invalidity_date })
}
