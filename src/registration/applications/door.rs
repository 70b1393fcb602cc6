//! How messages, papers and drafts find an application.

use async_trait::async_trait;
use uuid::Uuid;

use super::grant::location;
use super::service::Written;
use super::store;
use crate::auth::{Actor, OrganizationKind, Permission};
use crate::database::Tx;
use crate::registration::competence::Competence;
use crate::registration::laboratories::Laboratories;
use crate::registration::licenses::Licenses;
use crate::registration::profiles::Profiles;
use crate::registration::tasters::Tasters;
use crate::review::{Door, Standing, SubjectKind};

/// The door to applications of one kind.
#[derive(Debug, Clone, Copy)]
pub struct RegistrationDoor(pub SubjectKind);

impl RegistrationDoor {
    /// Papers that the applicant hands in with such an application, asked for or not.
    const fn applicants_kinds(self) -> &'static [&'static str] {
        match self.0 {
            SubjectKind::Profile => &[
                "business_registration",
                "capital_proof",
                "shareholder_evidence",
                "farm_evidence",
                "trade_license",
                "tin_certificate",
                "vat_certificate",
                "investment_registration",
                "tax_clearance",
                "identity_document",
                "other",
            ],
            SubjectKind::Laboratory => &["equipment_list", "laboratory_certificate", "inspection_report", "other"],
            SubjectKind::Taster => &[
                "taster_qualification",
                "proficiency_certificate",
                "employment_contract",
                "identity_document",
                "other",
            ],
            SubjectKind::Competence => &["qms_documentation", "storage_evidence", "inspection_report", "other"],
            SubjectKind::License => &["investment_registration", "trade_license", "other"],
            SubjectKind::Lot | SubjectKind::Inspection | SubjectKind::Contract | SubjectKind::Buyer => &[],
        }
    }

    /// Papers of the authority's own.
    const fn authoritys_kinds(self) -> &'static [&'static str] {
        match self.0 {
            SubjectKind::Laboratory | SubjectKind::Competence => &["inspection_report", "other"],
            SubjectKind::Profile | SubjectKind::Taster | SubjectKind::License => &["other"],
            SubjectKind::Lot | SubjectKind::Inspection | SubjectKind::Contract | SubjectKind::Buyer => &[],
        }
    }
}

/// Whether it is still to be decided on.
fn is_open(state: &str) -> bool {
    matches!(state, "PENDING" | "PENDING_APPROVAL" | "RETURNED" | "REJECTED")
}

#[async_trait]
impl Door for RegistrationDoor {
    async fn find(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Option<Standing>> {
        Ok(store::find_visible(tx, viewer, self.0, id).await?.map(|found| found.standing))
    }

    fn location(&self, id: Uuid) -> String {
        location(self.0, id)
    }

    fn form_location(&self, id: Option<Uuid>) -> String {
        match id {
            Some(id) => format!("{}/form", location(self.0, id)),
            None => format!("/registration/{}/new", self.0.slug()),
        }
    }

    fn may_draft(&self, actor: &Actor) -> bool {
        actor.may(Permission::ApplyToExport)
    }

    fn may_write(&self, standing: &Standing, viewer: &Actor) -> bool {
        let is_applicant = standing.owner == viewer.organization.id && viewer.may(Permission::ApplyToExport);
        is_applicant || viewer.organization.kind == OrganizationKind::Ecta && viewer.may(Permission::DecideProfiles)
    }

    fn file_kinds(&self, standing: &Standing, viewer: &Actor) -> Vec<&'static str> {
        if !is_open(&standing.state) || !self.may_write(standing, viewer) {
            return Vec::new();
        }
        let is_applicant = standing.owner == viewer.organization.id;
        if is_applicant { self.applicants_kinds() } else { self.authoritys_kinds() }.to_vec()
    }

    async fn asked(&self, tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Vec<&'static str>> {
        match self.0 {
            SubjectKind::Profile => asked_with::<Profiles>(tx, viewer, id).await,
            SubjectKind::Laboratory => asked_with::<Laboratories>(tx, viewer, id).await,
            SubjectKind::Taster => asked_with::<Tasters>(tx, viewer, id).await,
            SubjectKind::Competence => asked_with::<Competence>(tx, viewer, id).await,
            SubjectKind::License => asked_with::<Licenses>(tx, viewer, id).await,
            SubjectKind::Lot | SubjectKind::Inspection | SubjectKind::Contract | SubjectKind::Buyer => Ok(Vec::new()),
        }
    }
}

/// The papers that an application asks for with the answers that it has, while it is still to be decided on.
async fn asked_with<W: Written>(tx: &mut Tx, viewer: &Actor, id: Uuid) -> sqlx::Result<Vec<&'static str>> {
    let found = store::find_visible(tx, viewer, W::SUBJECT, id).await?;
    if !found.is_some_and(|found| is_open(&found.standing.state)) {
        return Ok(Vec::new());
    }
    Ok(W::find(tx, id).await?.map(|answers| W::asked(&answers)).unwrap_or_default())
}
