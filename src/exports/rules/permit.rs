//! The export permit: everything that it rests on when it is issued (domain 2.10), and what stands against the
//! authority's taking back one that nobody has used.

use rust_decimal::Decimal;

use super::{Context, Refusal, Revision};
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::exports::model::{ApprovalKind, Export};
use crate::exports::revisions::WITH_PERMIT;
use crate::exports::transitions;
use crate::quantities::Grade;

/// What a permit rests on, read anew under the export's lock on the day of its issue. `None` where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The export's shares of lots.
    pub lots: Vec<GroundLot>,
    /// Whether the contract is the exporter's own.
    pub contract_is_own: bool,
    /// What the contract says of coffee and destination.
    pub contract_coffee: String,
    /// ISO 3166 code.
    pub contract_destination: String,
    /// Kilograms that the contract has left beside this export.
    pub contract_left_kg: Decimal,
    /// Whether a certificate of competence of the exporter is in force.
    pub competence_in_force: bool,
    /// The licence in force.
    pub license: Option<GroundLicense>,
    /// The grade that the quality step has certified.
    pub certified_grade: Option<String>,
    /// The number of a permit of this export that is in force or used.
    pub live_permit: Option<String>,
}

/// One lot's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroundLot {
    /// Whether it is the exporter's own.
    pub is_own: bool,
    /// IN_WAREHOUSE, INSPECTED, RESERVED_FOR_EXPORT or EXPORTED.
    pub status: String,
    /// Coffee type.
    pub coffee_type: String,
    /// Where it grew.
    pub origin_region: String,
    /// Kilograms of it in this export.
    pub share_kg: Decimal,
    /// Kilograms that it has free, beside what this export has reserved.
    pub free_kg: Decimal,
    /// Kilograms that this export has reserved of it.
    pub reserved_kg: Decimal,
    /// The grade by the inspection in force, if it passed and is of this exporter's coffee.
    pub passed_grade: Option<String>,
}

/// The licence under which the permit is issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroundLicense {
    /// Kilograms that the permits issued under it have left of its year; `None` without a quota.
    pub quota_left_kg: Option<Decimal>,
    /// Coffees that it covers; none named means every one.
    pub coffee_types: Vec<String>,
    /// Regions that it covers; none named means all.
    pub origins: Vec<String>,
}

/// Everything that stands against issuing the permit of `export` on this ground; empty when nothing does.
#[must_use]
pub fn against_issuing(export: &Export, ground: &Ground) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let mut refuse_if = |is_so: bool, refusal: Refusal| {
        if is_so && !refusals.contains(&refusal) {
            refusals.push(refusal);
        }
    };
    if let Some(number) = &ground.live_permit {
        refuse_if(true, Refusal::PermitInForce { number: number.clone() });
    }
    refuse_if(!ground.competence_in_force || ground.license.is_none(), Refusal::NotQualified);
    refuse_if(!ground.contract_is_own, Refusal::ContractNotApproved);
    refuse_if(
        ground.contract_destination != export.destination_country,
        Refusal::DestinationDiffers { asked: ground.contract_destination.clone() },
    );
    refuse_if(ground.contract_coffee != export.coffee_type, Refusal::LotDoesNotMatch);
    refuse_if(export.quantity > ground.contract_left_kg, Refusal::ContractBalance);
    let whole: Decimal = ground.lots.iter().map(|lot| lot.share_kg).sum();
    refuse_if(ground.lots.is_empty() || whole != export.quantity, Refusal::LotDoesNotMatch);
    for lot in &ground.lots {
        refuse_if(!lot.is_own || lot.coffee_type != export.coffee_type, Refusal::LotDoesNotMatch);
        let is_inspected = matches!(lot.status.as_str(), "INSPECTED" | "RESERVED_FOR_EXPORT");
        refuse_if(!is_inspected || lot.passed_grade.is_none(), Refusal::NotInspected);
        refuse_if(lot.share_kg > lot.free_kg + lot.reserved_kg, Refusal::LotBalance);
    }
    if let Some(license) = &ground.license {
        let covers = |named: &[String], one: &str| named.is_empty() || named.iter().any(|name| name == one);
        let is_covered = covers(&license.coffee_types, &export.coffee_type)
            && ground.lots.iter().all(|lot| covers(&license.origins, &lot.origin_region));
        refuse_if(!is_covered, Refusal::NotLicensed);
        refuse_if(license.quota_left_kg.is_some_and(|left| export.quantity > left), Refusal::QuotaBalance);
    }
    // The permit names the grade that was certified, and the inspections in force have to say it still.
    let worst = ground.lots.iter().filter_map(|lot| lot.passed_grade.as_ref()?.parse::<Grade>().ok()).max();
    let certified = ground.certified_grade.as_ref().and_then(|grade| grade.parse::<Grade>().ok());
    if let (Some(found), Some(certified)) = (worst, certified) {
        refuse_if(
            found != certified,
            Refusal::GradeDiffers { certified: certified.to_string(), found: found.to_string() },
        );
    }
    refusals
}

/// What stands against the authority's cancelling the permit: that it is not theirs to do, or not there to be done.
#[must_use]
pub fn against_cancelling_permit(actor: &Actor, context: &Context) -> Vec<Refusal> {
    if actor.organization.kind != OrganizationKind::Ecta || !actor.may(Permission::WithdrawPapers) {
        return vec![Refusal::NotYourStep];
    }
    match &context.permit {
        Some(permit) if permit.status == "USED" => vec![Refusal::PermitUsed { number: permit.number.clone() }],
        Some(permit)
            if permit.status == "EXPIRED" || (permit.status == "ISSUED" && permit.valid_until < context.today) =>
        {
            vec![Refusal::PermitExpired { on: permit.valid_until }]
        }
        Some(permit) if permit.status == "ISSUED" => Vec::new(),
        Some(_) | None => vec![Refusal::NoPermit],
    }
}

/// What follows from cancelling the permit: its approval no longer holds, nor does what rests on it.
#[must_use]
pub fn cancelling_permit(export: &Export, context: &Context) -> Revision {
    let half = context.first_approval.as_ref().and(transitions::open_step(export.state)).map(|step| step.kind);
    let is_given = |kind: &ApprovalKind| half == Some(*kind) || context.prior.iter().any(|prior| prior.kind == *kind);
    let (to, resume) = transitions::without_permit(export.state, export.resume_stage);
    Revision {
        changes: Vec::new(),
        // The permit goes also where its approval has been superseded already.
        undone: WITH_PERMIT.iter().copied().filter(|kind| *kind == ApprovalKind::Permit || is_given(kind)).collect(),
        concerned: WITH_PERMIT.to_vec(),
        permit: context.permit.as_ref().map(|permit| permit.number.clone()),
        to,
        resume,
    }
}
