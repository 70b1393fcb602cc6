//! Approvals: at which desk, and the form of each.

use std::sync::Arc;

use anyhow::Result;
use chrono::{Duration, Utc};

use super::cases::{Case, Cases};
use super::client::{Ask, Session};
use super::load::{Sample, Target};

/// At which step something is approved, and by whom.
#[derive(Debug, Clone)]
pub(crate) struct Desk {
    pub(crate) organization: &'static str,
    stage: &'static str,
    kind: &'static str,
    session: Arc<Session>,
}

impl Desk {
    pub(crate) fn bank(organization: &'static str, session: &Arc<Session>) -> Self {
        Self { organization, stage: "BANK_CHECK", kind: "bank-check", session: session.clone() }
    }

    pub(crate) fn fx(session: &Arc<Session>) -> Self {
        Self { organization: "NBE", stage: "FX", kind: "fx", session: session.clone() }
    }

    pub(crate) fn quality(session: &Arc<Session>) -> Self {
        Self { organization: "ECTA", stage: "QUALITY", kind: "quality", session: session.clone() }
    }

    pub(crate) fn permit(session: &Arc<Session>) -> Self {
        Self { organization: "ECTA", stage: "PERMIT", kind: "permit", session: session.clone() }
    }

    /// What waits there.
    pub(crate) async fn waiting(&self, cases: &mut Cases) -> Result<Vec<Case>> {
        cases.waiting(self.organization, self.stage).await
    }

    /// The forms that approve `waiting`, each filled in for its own export.
    pub(crate) async fn approvals(&self, cases: &mut Cases, waiting: &[Case]) -> Result<Vec<Ask>> {
        let today = (Utc::now() + Duration::hours(3)).date_naive();
        let mut asks = Vec::with_capacity(waiting.len());
        for (export, version) in waiting {
            let mut fields = vec![("decision", "approve".to_owned())];
            match self.kind {
                "bank-check" => {
                    fields.push(("documents_agree", "yes".to_owned()));
                    fields.push(("bank_reference", "B-1".to_owned()));
                    fields.push(("bank_permit_number", "BP-1".to_owned()));
                    fields.push(("bank_permit_date", today.to_string()));
                }
                "permit" => fields.push(("valid_until", (today + Duration::days(60)).to_string())),
                "quality" => fields.push(("quality_grade", cases.grade(*export).await?)),
                _ => fields.push(("etb_per_unit", "150.25".to_owned())),
            }
            let path = format!("/exports/{export}/approvals/{}", self.kind);
            asks.push(Ask::form(path, &self.session, *version, &fields));
        }
        Ok(asks)
    }
}

/// Approves each of `asks` once, by `visitors` at a time.
pub(crate) async fn approve(target: Target, visitors: usize, asks: &[Ask]) -> Result<Sample> {
    target.closed(visitors, &|n| asks.get(n).cloned()).await
}
