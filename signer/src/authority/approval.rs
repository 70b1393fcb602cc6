//! How many organisations have to approve a request for a certificate, and which may: a rule with versions (n of m).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{Authority, AuthorityError};
use crate::store::record::{self, Event};
use crate::store::requests as store;

/// Who has to approve. It is never changed: the next version takes its place for requests that come after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    /// From 1 on.
    pub version: i32,
    /// How many people of as many organisations.
    pub approvals_needed: u16,
    /// The organisations that may, as the product knows them; none named means every one.
    pub approvers: Vec<Uuid>,
}

impl ApprovalRule {
    /// Whether a decision of this organisation counts.
    #[must_use]
    pub fn may_approve(&self, organization: Uuid) -> bool {
        self.approvers.is_empty() || self.approvers.contains(&organization)
    }
}

/// A decision of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// Its id, which counts once.
    pub approval_id: Uuid,
    /// Who decided.
    pub approver: Uuid,
    /// For which organisation.
    pub organization: Uuid,
    /// Of what.
    pub digest: [u8; 32],
}

/// Why decisions are not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalFault {
    /// Too few of them.
    #[error("{0} people, each of another organisation, have to approve")]
    TooFew(u16),
    /// Of who asks.
    #[error("who asks does not approve")]
    Requester,
    /// Twice of one person.
    #[error("one person approved twice")]
    SamePerson,
    /// Two of one organisation.
    #[error("two people of one organisation approved")]
    SameOrganization,
    /// Of the organisation that asks, or whose certificate it is about.
    #[error("nobody approves for the organisation that asks, or that it is about")]
    OwnOrganization,
    /// Of an organisation that the rule does not name.
    #[error("the organisation is none of those that approve")]
    NoApprover,
    /// Of something else.
    #[error("something else was approved than is to be issued")]
    OtherDigest,
    /// Counted before.
    #[error("the approval was used before")]
    Replayed,
}

/// What is approved, seen from those who approve.
pub(super) struct Ballot<'a> {
    /// Which organisations may.
    pub rule: &'a ApprovalRule,
    /// How many people of as many organisations.
    pub needed: u16,
    /// Whose own voice does not count.
    pub requester: Option<Uuid>,
    /// Organisations whose voice does not count.
    pub outside: &'a [Uuid],
}

impl Ballot<'_> {
    /// Whether the approvals are enough for what has this digest.
    pub fn enough(&self, digest: &[u8; 32], approvals: &[Approval]) -> Result<(), ApprovalFault> {
        let (mut ids, mut people, mut organizations) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for approval in approvals {
            if approval.digest != *digest {
                return Err(ApprovalFault::OtherDigest);
            }
            if Some(approval.approver) == self.requester {
                return Err(ApprovalFault::Requester);
            }
            if self.outside.contains(&approval.organization) {
                return Err(ApprovalFault::OwnOrganization);
            }
            if !self.rule.may_approve(approval.organization) {
                return Err(ApprovalFault::NoApprover);
            }
            if !people.insert(approval.approver) {
                return Err(ApprovalFault::SamePerson);
            }
            if !organizations.insert(approval.organization) {
                return Err(ApprovalFault::SameOrganization);
            }
            if !ids.insert(approval.approval_id) {
                return Err(ApprovalFault::Replayed);
            }
        }
        if approvals.len() < self.needed.into() { Err(ApprovalFault::TooFew(self.needed)) } else { Ok(()) }
    }
}

impl Authority {
    /// Decides the next version of the rule, with the plan in which it was reviewed. The database refuses one that cannot be met.
    /// None where the newest says the same.
    ///
    /// # Errors
    /// When the database is away, or refuses it.
    pub(crate) async fn decide_approval_rule(
        &self,
        approvals_needed: u16,
        approvers: &BTreeSet<Uuid>,
        plan_sha256: &[u8; 32],
        now: DateTime<Utc>,
    ) -> Result<Option<ApprovalRule>, AuthorityError> {
        let mut tx = self.keyring().pool().begin().await?;
        let newest = store::find_newest_rule(&mut tx).await?;
        let next = ApprovalRule {
            version: newest.version.saturating_add(1),
            approvals_needed,
            approvers: approvers.iter().copied().collect(),
        };
        if newest.approvals_needed == approvals_needed && newest.approvers == next.approvers {
            return Ok(None);
        }
        store::insert_rule(&mut tx, &next, plan_sha256, now).await?;
        let event = Event {
            event_type: "APPROVAL_RULE_DECIDED",
            category: "csr",
            severity: "warning",
            resource_type: "approval_rule",
            resource_id: None,
            action: "decide_approval_rule",
            user_id: None,
            data: json!({ "rule": next, "plan": hex::encode(plan_sha256) }),
            error: None,
        };
        record::insert(&mut tx, event, now).await?;
        tx.commit().await?;
        Ok(Some(next))
    }
}
