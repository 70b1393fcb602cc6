//! The authority's decisions, and what else is done to a contract by its table of acts.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::find;
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::database::Tx;
use crate::ids::ContractId;
use crate::review::{Act, ActForm, Applied, Door, Failure, Refusal, Standing, Subject, Workflow};
use crate::sourcing::contracts::model::Contract;
use crate::sourcing::contracts::rules::{self, BUYER_PAPER, CONTRACT_PAPER, WORKFLOW};
use crate::sourcing::contracts::store::{self, write};

/// Contracts, for the engine of reviews.
pub(in crate::sourcing::contracts) struct ContractSubject;

#[async_trait]
impl Subject for ContractSubject {
    type Case = Contract;

    fn workflow(&self) -> &'static Workflow {
        &WORKFLOW
    }

    fn standing<'a>(&self, case: &'a Contract) -> &'a Standing {
        &case.standing
    }

    fn location(&self, case: &Contract) -> String {
        format!("/contracts/{}", case.id)
    }

    fn against(&self, case: &Contract, act: &Act, actor: &Actor) -> Vec<Refusal> {
        rules::against(case, act, actor)
    }

    async fn lock(&self, tx: &mut Tx, viewer: &Actor, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Option<Contract>> {
        store::lock(tx, viewer, ContractId(id)).await?;
        find(tx, viewer, ContractId(id), now).await
    }

    async fn apply(
        &self,
        tx: &mut Tx,
        case: &Contract,
        act: &Act,
        form: &ActForm<'_>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<Applied>, Failure> {
        let reason = form.reason.as_ref().map(crate::workflow::Reason::as_str);
        let to = act.target(&case.standing.state);
        let (is_written, details) = match act.code {
            "approve" | "approve-below" => {
                let is_override = act.code == "approve-below";
                (write::approve(tx, case, is_override, actor, now).await?, case.verdict.as_json())
            }
            "reject" | "return" => (write::turn_back(tx, case, to, reason, now).await?, Value::Null),
            "cancel" | "revoke" => {
                let details = json!({ "running_exports": case.running_exports });
                (write::end(tx, (case.id, case.standing.version), to, now).await?, details)
            }
            // The exporter's own words have forms of their own, and time needs none.
            _ => return Err(Refusal::NotYours.into()),
        };
        Ok(is_written.then_some(Applied { details, reference: None }))
    }
}

/// How papers, messages and drafts find a contract.
pub struct ContractDoor;

#[async_trait]
impl Door for ContractDoor {
    async fn find(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Option<Standing>> {
        Ok(store::find_visible(tx, viewer, ContractId(id)).await?.map(|row| row.standing))
    }

    fn location(&self, id: Uuid) -> String {
        format!("/contracts/{id}")
    }

    fn form_location(&self, id: Option<Uuid>) -> String {
        match id {
            None => "/contracts/new".to_owned(),
            Some(id) => format!("/contracts/{id}/form"),
        }
    }

    fn may_draft(&self, actor: &Actor) -> bool {
        actor.may(Permission::RegisterContracts)
    }

    fn may_write(&self, standing: &Standing, viewer: &Actor) -> bool {
        let is_own = viewer.organization.id == standing.owner;
        is_own && viewer.may(Permission::RegisterContracts) || viewer.may(Permission::DecideContracts)
    }

    fn file_kinds(&self, standing: &Standing, viewer: &Actor) -> Vec<&'static str> {
        let is_own = viewer.organization.kind == OrganizationKind::Exporter && viewer.organization.id == standing.owner;
        let is_open = matches!(standing.state.as_str(), "REGISTERED" | "RETURNED" | "REJECTED");
        if is_own && is_open && viewer.may(Permission::RegisterContracts) {
            vec![CONTRACT_PAPER, BUYER_PAPER, "other"]
        } else {
            Vec::new()
        }
    }

    async fn asked(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Vec<&'static str>> {
        let row = store::find_visible(tx, viewer, ContractId(id)).await?;
        Ok(row.map(|row| rules::asked(&row.standing.state, row.buyer_status.as_deref())).unwrap_or_default())
    }
}
