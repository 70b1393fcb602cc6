//! The seam to the papers: what is granted below certificates gets its paper there, in the same transaction.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use crate::auth::Actor;
use crate::database::Tx;
use crate::ids::{CompetenceId, InspectionId, LaboratoryId, LicenseId, TasterId};

/// Whose paper a decision calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperSubject {
    /// The laboratory's certification.
    Laboratory(LaboratoryId),
    /// The taster's certificate of proficiency.
    Taster(TasterId),
    /// The certificate of competence.
    Competence(CompetenceId),
    /// The export licence.
    License(LicenseId),
    /// The certificate of quality of a signed inspection.
    Inspection(InspectionId),
}

/// Issues papers for who decides without knowing how they look.
#[async_trait]
pub trait PaperDesk: Send + Sync {
    /// Issues the paper of what has just been granted, from its rows as they stand in this transaction; a renewal's
    /// paper replaces nothing, its row supersedes.
    ///
    /// # Errors
    /// When the database refuses: there is no such row, it has not been granted (it has no number or no days), or it
    /// has its paper already.
    async fn issue(&self, tx: &mut Tx, subject: PaperSubject, actor: &Actor, now: DateTime<Utc>) -> sqlx::Result<()>;
}
