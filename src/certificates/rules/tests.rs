use chrono::{DateTime, Utc};

use super::*;
use crate::auth::permission::permissions_of;
use crate::auth::{ActorOrganization, Origin, Role};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::code::VerifyCode;
use crate::certificates::model::{OtherKind, Withdrawal};
use crate::ids::{OrganizationId, OriginCertificateId, PaperId, UserId};

fn actor(kind: OrganizationKind, role: Role) -> Actor {
    Actor {
        user_id: UserId::new(),
        username: "somebody".to_owned(),
        display_name: "Almaz Tesfaye".to_owned(),
        organization: ActorOrganization {
            id: OrganizationId::new(),
            kind,
            code: kind.code().to_owned(),
            name_en: "Sample".to_owned(),
            name_am: "ናሙና".to_owned(),
        },
        roles: vec![role],
        permissions: permissions_of(kind, role),
        delegations: Vec::new(),
        origin: Origin::default(),
    }
}

fn paper(kind: PaperKind, state: PaperState) -> PaperLine {
    PaperLine {
        id: PaperId::new(),
        owner: OrganizationId::new(),
        owner_name: Bilingual::default(),
        export_id: None,
        kind,
        number: "1".to_owned(),
        duplicate: 0,
        code: VerifyCode::random(),
        state,
        since: None,
        replaced_by: None,
        issued_at: DateTime::<Utc>::UNIX_EPOCH,
        issued_by: String::new(),
        content_sha256: [0; 32],
        prints: Vec::new(),
    }
}

/// Everybody there can be.
fn everybody() -> impl Iterator<Item = Actor> {
    OrganizationKind::ALL.iter().flat_map(|kind| Role::ALL.iter().map(|role| actor(*kind, *role)))
}

#[test]
fn only_a_supervisor_of_the_authority_takes_papers_back() {
    let permit = paper(PaperKind::ExportPermit, PaperState::Valid);
    for actor in everybody() {
        let is_supervisor = (actor.organization.kind, actor.roles[0]) == (OrganizationKind::Ecta, Role::Supervisor);
        assert_eq!(against_withdrawing(&permit, &actor).is_none(), is_supervisor, "{:?}", actor.roles);
        let certificate = paper(PaperKind::IcoCertificate, PaperState::Valid);
        assert_eq!(against_replacing(&certificate, &actor, false).is_none(), is_supervisor, "{:?}", actor.roles);
    }
}

#[test]
fn what_is_used_or_gone_is_not_taken_back() {
    let supervisor = actor(OrganizationKind::Ecta, Role::Supervisor);
    for kind in PaperKind::ALL {
        for state in PaperState::ALL {
            let paper = paper(*kind, *state);
            let withdrawn_by_itself = matches!(kind, PaperKind::ExportPermit | PaperKind::IcoCertificate);
            let may = withdrawn_by_itself && *state == PaperState::Valid;
            assert_eq!(against_withdrawing(&paper, &supervisor).is_none(), may, "{kind} {state}");
            let may = *kind == PaperKind::IcoCertificate && matches!(state, PaperState::Valid | PaperState::Revoked);
            assert_eq!(against_replacing(&paper, &supervisor, false).is_none(), may, "{kind} {state}");
            let may = !kind.is_of_exporter() && matches!(state, PaperState::Valid | PaperState::Used);
            assert_eq!(against_reissuing(&paper, &supervisor).is_none(), may, "{kind} {state}");
        }
    }
}

#[test]
fn who_decided_another_step_does_not_issue_the_certificate_in_its_place() {
    let supervisor = actor(OrganizationKind::Ecta, Role::Supervisor);
    let certificate = paper(PaperKind::IcoCertificate, PaperState::Revoked);
    assert_eq!(against_replacing(&certificate, &supervisor, true), Some(PaperRefusal::DecidedAnotherStep));
}

#[test]
fn any_officer_of_the_authority_reissues_and_nobody_else() {
    let license = paper(PaperKind::ExportLicense, PaperState::Valid);
    for actor in everybody() {
        let of_authority = actor.organization.kind == OrganizationKind::Ecta && actor.may(Permission::ReissuePapers);
        assert_eq!(against_reissuing(&license, &actor).is_none(), of_authority, "{:?}", actor.organization.kind);
    }
    assert!(against_reissuing(&license, &actor(OrganizationKind::Ecta, Role::Officer)).is_none());
}

#[test]
fn who_put_a_certificate_on_record_strikes_it_out_once() {
    let exporter = actor(OrganizationKind::Exporter, Role::Clerk);
    let mut certificate = OtherCertificate {
        id: OriginCertificateId::new(),
        kind: OtherKind::Chamber,
        number: "COO-1".to_owned(),
        issuer: Some("Addis Chamber".to_owned()),
        issued_on: "2026-11-20".parse().unwrap(),
        organization_id: exporter.organization.id,
        recorded_by: String::new(),
        withdrawn: None,
    };
    assert_eq!(against_striking(&certificate, &exporter), None);
    let other = actor(OrganizationKind::Ecta, Role::Officer);
    assert_eq!(against_striking(&certificate, &other), Some(PaperRefusal::NotYours));
    certificate.withdrawn = Some(Withdrawal {
        reason: "Of another shipment.".to_owned(),
        by: String::new(),
        at: DateTime::<Utc>::UNIX_EPOCH,
    });
    assert_eq!(against_striking(&certificate, &exporter), Some(PaperRefusal::Changed));
}
