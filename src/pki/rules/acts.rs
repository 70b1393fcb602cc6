//! Who may ask that something becomes of a certificate, and when. Pure.

use jebena_signer::authority::ApprovalRule;
use jebena_signer::protocol::CertificateFacts;
use jebena_signer::x509::list::Reason;

use crate::auth::{Actor, Permission};
use crate::pki::model::ActKind;

/// Why it cannot be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pki) enum NotNow {
    /// It is for its holder, or for those who approve certificates.
    NotTheirs,
    /// The certificate is not as it would have to be.
    State,
    /// The key is not here.
    NoKey,
}

impl NotNow {
    /// Its word in the texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotTheirs => "NOT_THEIRS",
            Self::State => "STATE",
            Self::NoKey => "NO_KEY",
        }
    }
}

/// Whether `viewer` may ask for this, under the rule of approval that is in force.
pub(in crate::pki) fn may_ask(
    viewer: &Actor,
    certificate: &CertificateFacts,
    rule: &ApprovalRule,
    kind: ActKind,
) -> Result<(), NotNow> {
    let own = viewer.organization.id.0;
    let is_holder = certificate.organization == Some(own) && viewer.may(Permission::RequestCertificates);
    let is_approver =
        certificate.organization.is_some() && viewer.may(Permission::ApproveCertificates) && rule.may_approve(own);
    if !(is_holder || is_approver && kind != ActKind::ExportKey) {
        return Err(NotNow::NotTheirs);
    }
    let is_held = certificate.revocation.map(|revocation| revocation.reason == Reason::CertificateHold);
    let is_fit = match kind {
        ActKind::Suspend | ActKind::ExportKey => is_held.is_none(),
        ActKind::Reinstate => is_held == Some(true),
        ActKind::Revoke => is_held != Some(false),
    };
    match kind {
        _ if !is_fit => Err(NotNow::State),
        ActKind::ExportKey if !certificate.is_key_here => Err(NotNow::NoKey),
        _ => Ok(()),
    }
}
