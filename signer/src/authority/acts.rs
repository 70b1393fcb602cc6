//! What becomes of a certificate after it was issued: it is suspended, reinstated or revoked, or its key is taken out.
//!
//! Who decides is the product's matter, as with requests; that the decisions are enough is looked at here once more. Everything that
//! was approved is in the digest. An act is counted once and then done, as often as a broken connection makes it necessary; a key alone is
//! handed out once, because nobody knows who has the first copy.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::approval::{Approval, ApprovalFault, ApprovalRule, Ballot};
use super::{Authority, AuthorityError};
use crate::protocol::{HoldFacts, KeyExport, Life, Passphrase};
use crate::store::acts::{self as store, NewAct};
use crate::store::certificates::{self, StoredCertificate};
use crate::store::keys;
use crate::store::record::{self, Event};
use crate::store::requests::{self as requests_store, NewApproval};
use crate::x509::list::Reason;
use crate::x509::pkcs12::{FileError, pkcs12};

/// What nobody has decided after this time is over.
pub const ACT_LASTS: Duration = Duration::days(30);

/// What is to become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum What {
    /// It is out of force until it is reinstated or revoked.
    Suspend {},
    /// It is in force again.
    Reinstate {},
    /// It is out of force for good.
    Revoke {
        /// Why.
        reason: Reason,
        /// From when on its signatures are not to be relied on, where that is earlier.
        invalid_from: Option<DateTime<Utc>>,
    },
    /// Its key is handed to its holder, under a passphrase (PKCS#12).
    ExportKey {},
}

impl What {
    /// Its word in the database.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Suspend {} => "suspend",
            Self::Reinstate {} => "reinstate",
            Self::Revoke { .. } => "revoke",
            Self::ExportKey {} => "export_key",
        }
    }

    /// How many have to approve besides who asks. To suspend is quick and can be undone: one alone does it. To revoke or reinstate takes
    /// a second person of a second organisation. That a key leaves cannot be undone: as many as for a certificate.
    #[must_use]
    pub const fn approvals_needed(self, rule: &ApprovalRule) -> u16 {
        match self {
            Self::Suspend {} => 0,
            Self::Reinstate {} | Self::Revoke { .. } => 1,
            Self::ExportKey {} => rule.approvals_needed,
        }
    }

    /// What the certificate is when it is done.
    const fn comes_to(self) -> Option<&'static str> {
        match self {
            Self::Suspend {} => Some("suspended"),
            Self::Reinstate {} => Some("active"),
            Self::Revoke { .. } => Some("revoked"),
            Self::ExportKey {} => None,
        }
    }

    const fn reason(self) -> Option<Reason> {
        match self {
            Self::Revoke { reason, .. } => Some(reason),
            _ => None,
        }
    }

    const fn invalid_from(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Revoke { invalid_from, .. } => invalid_from,
            _ => None,
        }
    }
}

/// Reasons for which a certificate of an organisation is revoked on request; the others of RFC 5280 are of authorities, or of no use here.
pub const REASONS: [Reason; 5] = [
    Reason::KeyCompromise,
    Reason::AffiliationChanged,
    Reason::Superseded,
    Reason::CessationOfOperation,
    Reason::PrivilegeWithdrawn,
];

/// An act: what is to become of which certificate, and who asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// The product's.
    pub act_id: Uuid,
    /// Of which certificate.
    pub certificate_id: Uuid,
    /// What.
    pub what: What,
    /// Who asks.
    pub requester: Uuid,
    /// For which organisation.
    pub organization: Uuid,
    /// The version of the rule under which it is approved.
    pub rule: i32,
    /// When it was asked for, to the microsecond.
    pub requested_at: DateTime<Utc>,
}

impl Act {
    /// SHA-256 over all of it, each part behind its length: what is approved.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(b"jebena certificate act 1");
        let of = |moment: DateTime<Utc>| moment.timestamp_micros().to_be_bytes();
        let (requested_at, rule) = (of(self.requested_at), self.rule.to_be_bytes());
        let invalid_from = self.what.invalid_from().map(of);
        let parts: [&[u8]; 8] = [
            self.act_id.as_bytes(),
            self.certificate_id.as_bytes(),
            self.what.code().as_bytes(),
            self.what.reason().map(Reason::code).unwrap_or_default().as_bytes(),
            invalid_from.as_ref().map_or(&[], |micros| micros.as_slice()),
            self.requester.as_bytes(),
            self.organization.as_bytes(),
            &[rule.as_slice(), requested_at.as_slice()].concat(),
        ];
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// Why an act is not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// The certificate is the consortium's own, or of nobody who asks.
    #[error("only its holder, or who approves certificates, may ask for this")]
    NotTheirs,
    /// It is not as it would have to be for this.
    #[error("the certificate is {0}, or its key elsewhere: this cannot become of it")]
    State(String),
    /// The reason is none for a certificate of an organisation.
    #[error("a certificate of an organisation is not revoked for this reason")]
    Reason,
    /// Nobody decided in time.
    #[error("nobody has decided in time: it has to be asked for anew")]
    Over,
    /// The rule has another version by now.
    #[error("the rule of approval has changed: it has to be asked for anew")]
    OtherRule,
    /// Something else has this id.
    #[error("something else was asked for under this id: nothing was done")]
    Changed,
    /// The key was handed out.
    #[error("the key was handed out for this before: it has to be asked for anew")]
    Spent,
    /// There is no passphrase for it.
    #[error("a key leaves under a passphrase alone")]
    NoPassphrase,
    /// The decisions are not enough.
    #[error(transparent)]
    NotApproved(#[from] ApprovalFault),
    /// The file with the key cannot be made.
    #[error(transparent)]
    File(#[from] FileError),
    /// The authority.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
}

impl From<sqlx::Error> for ActError {
    fn from(error: sqlx::Error) -> Self {
        Self::Authority(error.into())
    }
}

impl Authority {
    /// Does what enough have approved. What was counted before is done again without approvals, where a try before this one was broken off.
    /// Of an export the file with the key is returned, once.
    ///
    /// # Errors
    /// [`ActError`]. What is refused is on record.
    pub async fn act(
        &self,
        act: &Act,
        approvals: &[Approval],
        passphrase: Option<&Passphrase>,
        now: DateTime<Utc>,
    ) -> Result<Option<Vec<u8>>, ActError> {
        if matches!(act.what, What::ExportKey {}) && passphrase.is_none() {
            return Err(ActError::NoPassphrase);
        }
        let is_done = match self.count_act(act, approvals, now).await {
            Ok(is_done) => is_done,
            Err(ActError::Authority(error)) => return Err(error.into()),
            Err(fault) => {
                self.write_refusal(act, approvals, &fault, now).await?;
                return Err(fault);
            }
        };
        if let (What::ExportKey {}, Some(passphrase)) = (act.what, passphrase) {
            return Ok(Some(self.hand_out(act, passphrase, now).await?));
        }
        if is_done {
            return Ok(None);
        }
        let (certificate, by) = (act.certificate_id, Some(act.requester));
        let done = match act.what {
            What::Suspend {} => self.revoke(certificate, Reason::CertificateHold, None, by, now).await,
            What::Revoke { reason, invalid_from } => self.revoke(certificate, reason, invalid_from, by, now).await,
            What::Reinstate {} => self.reinstate(certificate, by, now).await,
            What::ExportKey {} => return Err(ActError::NoPassphrase),
        };
        let mut connection = self.keyring.pool().acquire().await?;
        match done {
            Ok(()) => {}
            // By a try before this one it is as it shall be; else something else became of it meanwhile.
            Err(AuthorityError::Revoked | AuthorityError::Missing) => {
                let found = certificates::find_certificate(&mut connection, certificate).await?;
                let status = found.ok_or(AuthorityError::Missing)?.status;
                if act.what.comes_to() != Some(status.as_str()) {
                    let fault = ActError::State(status);
                    self.write_refusal(act, approvals, &fault, now).await?;
                    return Err(fault);
                }
            }
            Err(error) => return Err(error.into()),
        }
        store::mark_done(&mut connection, act.act_id, now).await?;
        Ok(None)
    }

    /// Counts who approved an act, where that was not done before; whether it was done before.
    async fn count_act(&self, act: &Act, approvals: &[Approval], now: DateTime<Utc>) -> Result<bool, ActError> {
        let digest = act.digest();
        let mut tx = self.keyring.pool().begin().await?;
        if let Some(stored) = store::find_act(&mut tx, act.act_id).await? {
            return if stored.digest == digest { Ok(stored.is_done) } else { Err(ActError::Changed) };
        }
        let certificate = certificates::find_certificate(&mut tx, act.certificate_id).await?;
        let certificate = certificate.ok_or(AuthorityError::Missing)?;
        let rule = requests_store::find_newest_rule(&mut tx).await?;
        allowed(act, &certificate, &rule, now)?;
        let needed = act.what.approvals_needed(&rule);
        let outside: Vec<Uuid> = certificate.organization_id.into_iter().chain([act.organization]).collect();
        Ballot { rule: &rule, needed, requester: Some(act.requester), outside: &outside }.enough(&digest, approvals)?;
        let ids: Vec<Uuid> = approvals.iter().map(|approval| approval.approval_id).collect();
        if requests_store::is_counted(&mut tx, &ids).await? {
            return Err(ApprovalFault::Replayed.into());
        }
        let new = NewAct {
            act_id: act.act_id,
            certificate_id: act.certificate_id,
            kind: act.what.code(),
            revocation_reason: act.what.reason().map(Reason::code),
            invalid_from: act.what.invalid_from(),
            requester: act.requester,
            organization: act.organization,
            rule: act.rule,
            digest: &digest,
            requested_at: act.requested_at,
        };
        store::insert_act(&mut tx, &new, now).await?;
        for approval in approvals {
            let counted = NewApproval {
                approval_id: approval.approval_id,
                about: act.act_id,
                approver: approval.approver,
                organization: approval.organization,
                digest: &approval.digest,
            };
            store::insert_approval(&mut tx, counted, now).await?;
        }
        record::insert(&mut tx, event(act, ("ACT_APPROVED", "info"), approvals, None), now).await?;
        tx.commit().await?;
        Ok(false)
    }

    async fn write_refusal(
        &self,
        act: &Act,
        approvals: &[Approval],
        fault: &ActError,
        now: DateTime<Utc>,
    ) -> Result<(), AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        let refused = event(act, ("ACT_REFUSED", "warning"), approvals, Some(fault.to_string()));
        Ok(record::insert(&mut connection, refused, now).await?)
    }

    /// Hands the key out. That it leaves is on record before it is opened, and the act is spent then, whatever becomes of the file.
    async fn hand_out(&self, act: &Act, passphrase: &Passphrase, now: DateTime<Utc>) -> Result<Vec<u8>, ActError> {
        let chain = self.chain(act.certificate_id).await?;
        let mut tx = self.keyring.pool().begin().await?;
        let key = keys::find_key_of_certificate(&mut tx, act.certificate_id).await?;
        let key = key.ok_or(AuthorityError::Key(crate::keyring::KeyError::Missing))?;
        if !store::mark_done(&mut tx, act.act_id, now).await? {
            return Err(ActError::Spent);
        }
        store::mark_exportable(&mut tx, key.private_key_id, now).await?;
        let pkcs8 = self.keyring.take_out(tx, &key, (act.act_id, act.requester), now).await;
        let pkcs8 = pkcs8.map_err(AuthorityError::from)?;
        let (passphrase, name) = (passphrase.clone(), act.certificate_id.to_string());
        // Half a second of hashing, on purpose.
        let made = tokio::task::spawn_blocking(move || {
            let chain: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
            pkcs12(&pkcs8, &chain, &name, passphrase.expose())
        });
        Ok(made.await.map_err(|_| FileError::Key)??)
    }

    /// What became of a certificate: when it was suspended or revoked, and when its key left.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn life(&self, certificate: Uuid) -> Result<Life, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        let holds = certificates::list_revocations(&mut connection, certificate).await?;
        let holds = holds.into_iter().filter_map(|one| {
            Some(HoldFacts {
                at: one.revocation_date,
                reason: Reason::from_code(&one.revocation_reason)?,
                invalid_from: one.invalidity_date,
                lifted_at: one.lifted_at,
                by: one.revoked_by_user_id,
            })
        });
        let holds = holds.collect();
        let exports = store::list_exports(&mut connection, certificate).await?;
        Ok(Life { holds, exports: exports.into_iter().map(|(at, by)| KeyExport { at, by }).collect() })
    }

    /// The rule under which something is approved that is asked for now.
    ///
    /// # Errors
    /// When the database is away.
    pub(crate) async fn approval_rule(&self) -> Result<ApprovalRule, AuthorityError> {
        let mut connection = self.keyring.pool().acquire().await?;
        Ok(requests_store::find_newest_rule(&mut connection).await?)
    }
}

/// Whether this may be asked for at all.
fn allowed(
    act: &Act,
    certificate: &StoredCertificate,
    rule: &ApprovalRule,
    now: DateTime<Utc>,
) -> Result<(), ActError> {
    let is_holders = certificate.organization_id == Some(act.organization);
    let is_theirs = match act.what {
        What::ExportKey {} => is_holders,
        _ => is_holders || certificate.organization_id.is_some() && rule.may_approve(act.organization),
    };
    if !is_theirs {
        return Err(ActError::NotTheirs);
    }
    let is_fit = match act.what {
        What::Suspend {} => certificate.status == "active",
        What::Reinstate {} => certificate.status == "suspended",
        What::Revoke { .. } => certificate.status != "revoked",
        What::ExportKey {} => certificate.status == "active" && certificate.is_key_here,
    };
    if !is_fit {
        return Err(ActError::State(certificate.status.clone()));
    }
    if let What::Revoke { reason, invalid_from } = act.what {
        if !REASONS.contains(&reason) {
            return Err(ActError::Reason);
        }
        if invalid_from.is_some_and(|from| from > now) {
            return Err(AuthorityError::InvalidFrom.into());
        }
    }
    if now - act.requested_at > ACT_LASTS {
        return Err(ActError::Over);
    }
    if act.rule == rule.version { Ok(()) } else { Err(ActError::OtherRule) }
}

fn event<'a>(
    act: &Act,
    (event_type, severity): (&'a str, &'a str),
    approvals: &[Approval],
    error: Option<String>,
) -> Event<'a> {
    let ids = |of: fn(&Approval) -> Uuid| approvals.iter().map(of).collect::<Vec<_>>();
    Event {
        event_type,
        category: if matches!(act.what, What::ExportKey {}) { "export" } else { "revocation" },
        severity,
        resource_type: "certificate",
        resource_id: Some(act.certificate_id),
        action: act.what.code(),
        user_id: Some(act.requester),
        data: json!({ "act": act, "digest": hex::encode(act.digest()), "approvals": ids(|one| one.approval_id),
                      "approvers": ids(|one| one.approver) }),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_over_every_part() {
        let moment: DateTime<Utc> = "2026-11-30T08:00:00Z".parse().unwrap();
        let id = Uuid::from_u128;
        let act = Act {
            act_id: id(1),
            certificate_id: id(2),
            what: What::Revoke { reason: Reason::KeyCompromise, invalid_from: None },
            requester: id(3),
            organization: id(4),
            rule: 1,
            requested_at: moment,
        };
        let later = Some(moment + Duration::microseconds(1));
        let others = [
            Act { act_id: id(9), ..act },
            Act { certificate_id: id(9), ..act },
            Act { what: What::Revoke { reason: Reason::Superseded, invalid_from: None }, ..act },
            Act { what: What::Revoke { reason: Reason::KeyCompromise, invalid_from: Some(moment) }, ..act },
            Act { what: What::Revoke { reason: Reason::KeyCompromise, invalid_from: later }, ..act },
            Act { what: What::Suspend {}, ..act },
            Act { what: What::Reinstate {}, ..act },
            Act { what: What::ExportKey {}, ..act },
            Act { requester: id(9), ..act },
            Act { organization: id(9), ..act },
            Act { rule: 2, ..act },
            Act { requested_at: moment + Duration::microseconds(1), ..act },
        ];
        let all: std::collections::BTreeSet<_> = others.iter().chain([&act]).map(Act::digest).collect();
        assert_eq!(all.len(), 13);
    }
}
