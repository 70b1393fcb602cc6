//! The rules over every state, organisation, role and decision, computed from the table of steps; what a change of a
//! running export undoes, and what a permit whose time is over leads to.

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;

use super::*;
use crate::auth::permission::permissions_of;
use crate::auth::{ActorOrganization, Role};
use crate::dec;
use crate::exports::FieldChange;
use crate::exports::model::{ExportStatus, Proceeds};
use crate::exports::revisions::{Subject, UNDOES};
use crate::exports::transitions::STEPS;
use crate::ids::{ContractId, ExportId, ExporterId, OrganizationId, UserId};

fn today() -> NaiveDate {
    "2026-11-20".parse().unwrap()
}

/// An export of somebody else than the actors of these tests.
pub(super) fn export(state: State, resume_stage: Option<Stage>) -> Export {
    let at = "2026-11-18T09:00:00Z".parse().unwrap();
    Export {
        id: ExportId::new(),
        number: "EXP-20261118-000001".to_owned(),
        exporter_id: ExporterId::new(),
        exporter_organization_id: OrganizationId::new(),
        bank_organization_id: OrganizationId::new(),
        shipping_organization_id: OrganizationId::new(),
        exporter_name: "Sample exporter".to_owned(),
        contract_id: ContractId::new(),
        state,
        resume_stage,
        stage_entered_at: at,
        queue_organization_id: None,
        version: 3,
        claimed_by: None,
        claimed_at: None,
        created_by: UserId::new(),
        submitted_by: Some(UserId::new()),
        resubmission_count: 0,
        changed_by: UserId::new(),
        changed_at: at,
        quantity: dec!(600),
        bag_kg: dec!(60),
        bags: 10,
        coffee_type: "Sidama".to_owned(),
        origin_region: "Sidama".to_owned(),
        processing_method: "WASHED".to_owned(),
        grade: "2".to_owned(),
        destination_country: "DE".to_owned(),
        port_of_loading: "DJJIB".to_owned(),
        port_of_discharge: "DEHAM".to_owned(),
        transport_mode: "SEA".to_owned(),
        incoterm: "FOB".to_owned(),
        payment_method: "CAD".to_owned(),
        currency: "USD".to_owned(),
        price_per_kg: dec!(7.5),
        estimated_value: dec!(4500),
        buyer_name: "Sample buyer".to_owned(),
        buyer_country: "DE".to_owned(),
        buyer_address: None,
        requested_documents: Vec::new(),
        attached_documents: Vec::new(),
        bank_permit_date: None,
        settlement_due_date: None,
        proceeds: Proceeds::Outstanding,
        customs_clearance_date: None,
        departure_date: None,
        vessel_name: None,
        voyage_number: None,
        created_at: at,
    }
}

/// Everything that an approval needs is there.
fn context() -> Context {
    Context {
        today: today(),
        required: Vec::new(),
        missing_documents: Vec::new(),
        prior: Vec::new(),
        first_approval: None,
        delinquent: false,
        qualified: true,
        contract_status: "APPROVED".to_owned(),
        contract_terms_differ: false,
        inspections: vec![InspectionFacts {
            certificate_number: "QC-2026-000001".to_owned(),
            inspected_on: today() - Days::new(5),
            final_grade: "2".to_owned(),
            passed: true,
            total_score: dec!(82),
            moisture: dec!(10.5),
        }],
        lots: vec![LotShare { lot: crate::ids::LotId::new(), number: "LOT-1".to_owned(), kg: dec!(600) }],
        permit: Some(permit("ISSUED", today())),
        ground: None,
        has_certificate: true,
        letter: None,
        containers: Vec::new(),
        claimed_by_name: None,
        changed_by_name: "Almaz Tesfaye".to_owned(),
        second_officer_above: Decimal::MAX,
        asked_extension: None,
        proceeds_received: Decimal::ZERO,
        ledger: None,
        proceeds_tolerance: Decimal::ONE,
        shortfall_second_officer_above: Decimal::ONE,
        settlement_days: 90,
        extended_to: None,
        permit_validity_days: 90,
        claim_takeover_minutes: 60,
        certificate_warning_days: 30,
        ico_port_code: None,
        retention: Vec::new(),
    }
}

fn permit(status: &str, valid_until: NaiveDate) -> PermitFacts {
    PermitFacts { number: "EP-2026-000001".to_owned(), status: status.to_owned(), valid_until }
}

pub(super) fn actor(kind: OrganizationKind, role: Role, organization: OrganizationId) -> Actor {
    Actor {
        user_id: UserId::new(),
        username: "somebody".to_owned(),
        display_name: "Somebody".to_owned(),
        organization: ActorOrganization {
            id: organization,
            kind,
            code: kind.code().to_owned(),
            name_en: String::new(),
            name_am: String::new(),
        },
        roles: vec![role],
        permissions: permissions_of(kind, role),
        delegations: Vec::new(),
        origin: crate::auth::Origin::default(),
    }
}

/// Every (status, stage), reachable or not: what cannot be stored must not be decided either.
fn every_state() -> impl Iterator<Item = State> {
    ExportStatus::ALL.iter().flat_map(|status| Stage::ALL.iter().map(|stage| State::new(*status, *stage)))
}

#[test]
fn each_state_is_decided_by_its_own_organisation_in_the_right_role_and_by_nobody_else() {
    let mut allowed = 0;
    for state in every_state() {
        let export = export(state, (state.stage == Stage::Returned).then_some(Stage::Fx));
        for organization in OrganizationKind::ALL {
            let parties = [(true, export.party_of(*organization)), (false, None)];
            for (own, party) in parties {
                for role in Role::ALL {
                    let actor = actor(*organization, *role, party.unwrap_or_else(OrganizationId::new));
                    for step in STEPS {
                        // Banks and carriers decide their own cases; of each authority there is one.
                        let stands = *organization == step.organization
                            && permissions_of(*organization, *role).contains(step.needs)
                            && (own || export.party_of(*organization).is_none());
                        let expected = if !stands {
                            vec![Refusal::NotYourStep]
                        } else if state != step.from {
                            let (by, at) = ("Almaz Tesfaye".to_owned(), export.changed_at);
                            vec![Refusal::WrongStage { stage: state.stage, by, at }]
                        } else {
                            Vec::new()
                        };
                        for decision in Decision::ALL {
                            let found = against_deciding(&export, step.kind, *decision, &actor, &context());
                            let case = format!("{} {decision} in {}", step.kind, state.code());
                            assert_eq!(found, expected, "{case} by {organization} {role}, own {own}");
                            allowed += usize::from(found.is_empty());
                        }
                    }
                }
            }
        }
    }
    assert!(allowed > 0);
}

#[test]
fn who_administers_people_or_the_system_decides_nothing() {
    for step in STEPS {
        let export = export(step.from, None);
        let party = export.party_of(step.organization).unwrap_or_else(OrganizationId::new);
        for role in [Role::OrgAdmin, Role::SystemAdmin] {
            let actor = actor(step.organization, role, party);
            let found = against_deciding(&export, step.kind, Decision::Approve, &actor, &context());
            assert_eq!(found, [Refusal::NotYourStep], "{} by {role}", step.kind);
        }
        let officer = actor(step.organization, Role::Officer, party);
        assert!(against_deciding(&export, step.kind, Decision::Approve, &officer, &context()).is_empty());
    }
}

#[test]
fn what_only_an_approval_needs_does_not_stand_against_sending_back() {
    let lacking = Context {
        missing_documents: vec!["INVOICE".to_owned()],
        delinquent: true,
        qualified: false,
        inspections: Vec::new(),
        permit: None,
        ..context()
    };
    for step in STEPS {
        let export = export(step.from, None);
        let party = export.party_of(step.organization).unwrap_or_else(OrganizationId::new);
        let officer = actor(step.organization, Role::Officer, party);
        assert!(!against_deciding(&export, step.kind, Decision::Approve, &officer, &lacking).is_empty());
        for decision in [Decision::Reject, Decision::Return] {
            assert_eq!(against_deciding(&export, step.kind, decision, &officer, &lacking), [], "{}", step.kind);
        }
    }
}

#[test]
fn nobody_decides_their_own_request_or_two_steps_or_both_approvals() {
    for step in STEPS {
        let party = OrganizationId::new();
        let officer = actor(step.organization, Role::Officer, party);
        let mut export = export(step.from, None);
        export.bank_organization_id = party;
        export.shipping_organization_id = party;
        let found = |export: &Export, context: &Context| {
            against_deciding(export, step.kind, Decision::Approve, &officer, context)
        };
        let own = Export { submitted_by: Some(officer.user_id), ..export.clone() };
        assert_eq!(found(&own, &context()), [Refusal::OwnSubmission], "{}", step.kind);
        for kind in ApprovalKind::ALL {
            let prior = vec![PriorDecision { kind: *kind, by: officer.user_id }];
            let expected: &[Refusal] =
                if *kind == step.kind { &[] } else { &[Refusal::DecidedAnotherStep { kind: *kind }] };
            assert_eq!(found(&export, &Context { prior, ..context() }), expected, "{} after {kind}", step.kind);
        }
        let first = FirstApproval {
            by: officer.user_id,
            by_name: String::new(),
            at: export.changed_at,
            facts: serde_json::Value::Null,
        };
        let twice = Context { first_approval: Some(first), ..context() };
        assert_eq!(found(&export, &twice), [Refusal::SameOfficer], "{}", step.kind);
    }
}

#[test]
fn a_returned_export_asks_for_a_new_permit_when_its_time_is_over() {
    let yesterday = today() - Days::new(1);
    for step in STEPS {
        let export = export(step.returned, Some(step.from.stage));
        let goes_on = Some((step.from, "resubmit"));
        assert_eq!(submission_target(&export, &context()), goes_on, "{} with a permit in force", step.kind);
        for past in [permit("ISSUED", yesterday), permit("EXPIRED", yesterday)] {
            let context = Context { permit: Some(past), ..context() };
            let expected = match step.kind {
                ApprovalKind::Shipment | ApprovalKind::Customs | ApprovalKind::Loading => {
                    Some((transitions::PERMIT_AGAIN, "resubmit"))
                }
                ApprovalKind::BankCheck
                | ApprovalKind::Fx
                | ApprovalKind::Quality
                | ApprovalKind::Permit
                | ApprovalKind::OriginSignature
                | ApprovalKind::Origin
                | ApprovalKind::Settlement => goes_on,
            };
            assert_eq!(submission_target(&export, &context), expected, "{}", step.kind);
        }
    }
}

#[test]
fn every_way_of_submitting_is_a_legal_move() {
    let legal = transitions::legal_moves();
    for step in STEPS {
        for state in [step.returned, step.rejected] {
            let export = export(state, Some(step.from.stage));
            for context in [context(), Context { permit: None, ..context() }] {
                let (to, action) = submission_target(&export, &context).unwrap();
                assert!(
                    legal.contains(&(state.code(), action.to_owned(), to.code())),
                    "{} to {}",
                    state.code(),
                    to.code()
                );
            }
        }
    }
}

#[test]
fn an_export_is_amended_by_its_exporter_until_it_is_shipped() {
    for state in every_state() {
        let export = export(state, (state.stage == Stage::Returned).then_some(Stage::Fx));
        let owner = actor(OrganizationKind::Exporter, Role::Owner, export.exporter_organization_id);
        let ended = [ExportStatus::Shipped, ExportStatus::Completed, ExportStatus::Cancelled].contains(&state.status)
            || state.stage == Stage::Closed;
        let expected: &[Refusal] = if ended { &[Refusal::TooLateToChange] } else { &[] };
        assert_eq!(against_amending(&export, &owner), expected, "{}", state.code());
        for kind in OrganizationKind::ALL {
            let other = actor(*kind, Role::Owner, export.party_of(*kind).unwrap_or_else(OrganizationId::new));
            if *kind != OrganizationKind::Exporter {
                assert_eq!(against_amending(&export, &other), [Refusal::NotYourStep], "{kind}");
            }
        }
        let another = actor(OrganizationKind::Exporter, Role::Owner, OrganizationId::new());
        assert_eq!(against_amending(&export, &another), [Refusal::NotYourStep]);
    }
}

fn difference(subject: Subject) -> Difference {
    let change = FieldChange { label: "fact-lot".to_owned(), old: "A".to_owned(), new: "B".to_owned() };
    Difference { subject, change }
}

/// As far as the export has come, everything that was agreed to and that the table names is undone, and nothing else.
#[test]
fn a_change_undoes_what_was_agreed_to_and_rests_on_it() {
    for step in STEPS.iter().filter(|step| transitions::may_change(step.from)) {
        let passed = STEPS.iter().take_while(|other| other.kind != step.kind);
        let prior = passed.map(|other| PriorDecision { kind: other.kind, by: UserId::new() }).collect();
        let context = Context { prior, ..context() };
        for (subject, kinds) in UNDOES {
            for (state, resume) in [(step.from, None), (step.returned, Some(step.from.stage))] {
                let revision = revise(&export(state, resume), &context, vec![difference(*subject)]);
                let expected: Vec<ApprovalKind> = kinds
                    .iter()
                    .copied()
                    .filter(|kind| context.prior.iter().any(|prior| prior.kind == *kind))
                    .collect();
                let case = format!("{subject} at {}", state.code());
                assert_eq!(revision.undone, expected, "{case}");
                assert_eq!(revision.concerned, *kinds, "{case}");
                assert_eq!((revision.to, revision.resume), transitions::back_to(state, resume, &expected), "{case}");
                assert_eq!(revision.permit.is_some(), expected.contains(&ApprovalKind::Permit), "{case}");
                assert_eq!(revision.action(), if expected.is_empty() { "correct" } else { "amend" }, "{case}");
                let with_exporter = state.stage == Stage::Returned;
                let why = needs_reason(&export(state, resume), &revision);
                assert_eq!(why, !expected.is_empty() || !with_exporter, "{case}");
            }
        }
    }
}

#[test]
fn half_an_approval_is_undone_where_it_waits_for_the_other_half() {
    let export = export(State::new(ExportStatus::Pending, Stage::Fx), None);
    let (by, at) = (UserId::new(), export.changed_at);
    let first = FirstApproval { by, by_name: String::new(), at, facts: serde_json::Value::Null };
    let context = Context { first_approval: Some(first), ..context() };
    let revision = revise(&export, &context, vec![difference(Subject::Quantity)]);
    assert_eq!((revision.undone.as_slice(), revision.to), (&[ApprovalKind::Fx][..], export.state));
    assert_eq!(revision.agreement(), "undoes_fx");
    let revision = revise(&export, &context, vec![difference(Subject::Lots), difference(Subject::NotifyAddress)]);
    assert_eq!(revision.undone, [], "the amount is the same");
}

/// Who decided what is out of force decides it again; who decided what holds decides nothing else.
#[test]
fn four_eyes_go_by_the_approvals_in_force() {
    let step = transitions::step_of(ApprovalKind::Permit);
    let export = export(step.from, None);
    let officer = actor(OrganizationKind::Ecta, Role::Officer, OrganizationId::new());
    let held = Context { prior: vec![PriorDecision { kind: ApprovalKind::Quality, by: officer.user_id }], ..context() };
    let found = against_deciding(&export, ApprovalKind::Permit, Decision::Approve, &officer, &held);
    assert_eq!(found, [Refusal::DecidedAnotherStep { kind: ApprovalKind::Quality }]);
    let undone = Context { prior: Vec::new(), ..context() };
    assert_eq!(against_deciding(&export, ApprovalKind::Permit, Decision::Approve, &officer, &undone), []);
}

#[test]
fn a_booking_is_its_carriers_to_change_until_it_is_loaded() {
    for state in every_state() {
        let export = export(state, (state.stage == Stage::Returned).then_some(Stage::Clearance));
        for kind in OrganizationKind::ALL {
            for (own, party) in [(true, export.party_of(*kind)), (false, None)] {
                let officer = actor(*kind, Role::Officer, party.unwrap_or_else(OrganizationId::new));
                let found = against_rebooking(&export, &officer, &context());
                let expected = if *kind != OrganizationKind::ShippingLine || !own {
                    vec![Refusal::NotYourStep]
                } else if state.status == ExportStatus::ShipmentScheduled {
                    Vec::new()
                } else if transitions::may_change(state) {
                    let (by, at) = ("Almaz Tesfaye".to_owned(), export.changed_at);
                    vec![Refusal::WrongStage { stage: state.stage, by, at }]
                } else {
                    vec![Refusal::TooLateToChange]
                };
                assert_eq!(found, expected, "{} by {kind}, own {own}", state.code());
                assert_eq!(against_changing_containers(&export, &officer, &context()), expected);
            }
        }
    }
    let mut booked = export(State::new(ExportStatus::ShipmentScheduled, Stage::Loading), None);
    let officer = actor(OrganizationKind::ShippingLine, Role::Officer, booked.shipping_organization_id);
    booked.queue_organization_id = Some(officer.organization.id);
    (booked.claimed_by, booked.claimed_at) = (Some(UserId::new()), Some(booked.changed_at));
    let found = against_rebooking(&booked, &officer, &context());
    assert_eq!(found, [Refusal::Claimed { by: String::new(), at: booked.changed_at }], "a colleague has it");
    booked.queue_organization_id = Some(OrganizationId::new());
    assert_eq!(against_rebooking(&booked, &officer, &context()), [], "customs has it in hand");
    booked.transport_mode = "AIR".to_owned();
    assert_eq!(against_changing_containers(&booked, &officer, &context()), [Refusal::NotFound]);
}

#[test]
fn only_the_national_bank_puts_a_due_date_off_and_only_while_it_runs() {
    let legal = transitions::legal_moves();
    for step in STEPS {
        for organization in OrganizationKind::ALL {
            for role in [Role::Owner, Role::Clerk, Role::Officer, Role::Supervisor, Role::OrgAdmin, Role::SystemAdmin] {
                let mut export = export(step.from, None);
                let party = export.party_of(*organization).unwrap_or_else(OrganizationId::new);
                let actor = actor(*organization, role, party);
                let may = *organization == OrganizationKind::NationalBank
                    && !matches!(role, Role::OrgAdmin | Role::SystemAdmin);
                let undated = against_extending(&export, &actor, &context());
                assert!(!undated.is_empty(), "there is no date to put off");
                export.settlement_due_date = Some(today());
                assert_eq!(against_extending(&export, &actor, &context()).is_empty(), may, "{organization} {role}");
                export.state = transitions::CANCELLED;
                assert!(!against_extending(&export, &actor, &context()).is_empty(), "it is closed");
            }
        }
        let recorded = (step.from.code(), "extend".to_owned(), step.from.code());
        assert_eq!(legal.contains(&recorded), step.kind != ApprovalKind::BankCheck, "{}", step.kind);
    }
    let (earliest, latest) = extension_range(today() - Days::new(3), today());
    assert_eq!((earliest, latest), (today() + Days::new(1), today() + Days::new(365)));
}

#[test]
fn the_proforma_does_for_the_invoice_until_the_goods_are_cleared() {
    let rule = crate::documents::checklist::Requirement {
        document_type: "INVOICE".to_owned(),
        condition: "ALWAYS".to_owned(),
        condition_value: String::new(),
        needed_for_stage: "BANK_CHECK".to_owned(),
        provided_by: "EXPORTER".to_owned(),
    };
    let missing = |state: State, attached: &[&str]| {
        let attached = attached.iter().map(|name| (*name).to_owned()).collect();
        let export = Export { attached_documents: attached, ..export(state, None) };
        checklist::missing(&export, std::slice::from_ref(&rule), false)
    };
    for step in STEPS {
        let is_cleared = crate::exports::transitions::reaches(step.from.stage, Stage::Clearance);
        assert_eq!(missing(step.from, &[]), ["INVOICE"], "{:?}", step.from);
        assert_eq!(missing(step.from, &["INVOICE"]), [""; 0], "{:?}", step.from);
        assert_eq!(missing(step.from, &["PROFORMA_INVOICE"]).is_empty(), !is_cleared, "{:?}", step.from);
    }
    assert_eq!(missing(State::new(ExportStatus::Pending, Stage::Preparation), &["PROFORMA_INVOICE"]), [""; 0]);
}

#[test]
fn what_the_national_bank_granted_outlives_a_second_look_at_the_documents() {
    let (permitted, lawful) = (today(), today() + Days::new(90));
    assert_eq!(due_date(permitted, 90, None), lawful);
    for (days, due) in [(89, lawful), (90, lawful), (91, today() + Days::new(91))] {
        assert_eq!(due_date(permitted, 90, Some(today() + Days::new(days))), due, "{days}");
    }
}

#[test]
fn receipts_are_recorded_by_the_exports_bank_at_the_settlement_alone() {
    for state in every_state() {
        for organization in OrganizationKind::ALL {
            for (role, own) in [(Role::Officer, true), (Role::Supervisor, true), (Role::Officer, false)] {
                let export = export(state, None);
                let party = export.party_of(*organization).filter(|_| own).unwrap_or_else(OrganizationId::new);
                let actor = actor(*organization, role, party);
                let here = state == transitions::step_of(ApprovalKind::Settlement).from;
                let may = here && *organization == OrganizationKind::CommercialBank && own;
                let refusals = against_recording(&export, &actor, &context());
                assert_eq!(refusals.is_empty(), may, "{state:?} {organization} {role} {own}: {refusals:?}");
            }
        }
    }
    let step = transitions::step_of(ApprovalKind::Settlement);
    let mut claimed = export(step.from, None);
    (claimed.claimed_by, claimed.claimed_at) = (Some(UserId::new()), Some(claimed.changed_at));
    let officer = actor(step.organization, Role::Officer, claimed.bank_organization_id);
    assert!(matches!(against_recording(&claimed, &officer, &context())[..], [Refusal::Claimed { .. }]));
    claimed.claimed_by = Some(officer.user_id);
    assert_eq!(against_recording(&claimed, &officer, &context()), []);
}

#[test]
fn an_export_is_completed_when_it_is_paid_and_closed_short_when_it_is_not() {
    let export = export(transitions::step_of(ApprovalKind::Settlement).from, None);
    // Of 4,500 one is rounding, and one percent takes a second officer.
    for (received, paid, second) in [
        (dec!(0), false, true),
        (dec!(4454.99), false, true),
        (dec!(4455), false, false),
        (dec!(4498.99), false, false),
        (dec!(4499), true, false),
        (dec!(4600), true, false),
    ] {
        let context = Context { proceeds_received: received, ..context() };
        let whole = against_settling(&export, ApprovalKind::Settlement, &context, false);
        assert_eq!(whole.is_none(), paid, "{received}: {whole:?}");
        let short = against_settling(&export, ApprovalKind::Settlement, &context, true);
        assert_eq!(short, paid.then_some(Refusal::NothingOutstanding), "{received}");
        let why = second_officer(&export, ApprovalKind::Settlement, &context);
        assert_eq!(why, second.then_some(SecondOfficer::Shortfall), "{received}");
        assert!(
            second_officer(&export, ApprovalKind::Fx, &context).is_none(),
            "what is missing is no business of this step"
        );
        // A large value takes two whatever has come.
        let strict = Context { second_officer_above: dec!(4000), ..context };
        assert_eq!(second_officer(&export, ApprovalKind::Settlement, &strict), Some(SecondOfficer::Value));
    }
}

#[test]
fn money_is_shown_to_exporter_bank_and_regulators_and_to_nobody_else() {
    let export = export(transitions::step_of(ApprovalKind::Settlement).from, None);
    for organization in OrganizationKind::ALL {
        let party = export.party_of(*organization).unwrap_or_else(OrganizationId::new);
        let sees = may_see_proceeds(&export, &actor(*organization, Role::Officer, party));
        let outside = may_see_proceeds(&export, &actor(*organization, Role::Officer, OrganizationId::new()));
        let (party, regulator) = match organization {
            OrganizationKind::Exporter | OrganizationKind::CommercialBank => (true, false),
            OrganizationKind::NationalBank
            | OrganizationKind::Ecta
            | OrganizationKind::Customs
            | OrganizationKind::Auditor => (true, true),
            OrganizationKind::Ecx | OrganizationKind::ShippingLine | OrganizationKind::Administration => (false, false),
        };
        assert_eq!((sees, outside), (party, regulator), "{organization}");
    }
}

#[test]
fn an_exporter_asks_for_an_extension_once_at_a_time_while_something_is_due() {
    let asked = |context: &Context| Context {
        asked_extension: Some(AskedExtension {
            until: today(),
            reason: "The buyer pays late.".into(),
            at: export(transitions::SUBMITTED, None).changed_at,
        }),
        ..context.clone()
    };
    for state in every_state() {
        let mut export = export(state, None);
        let owner = actor(OrganizationKind::Exporter, Role::Owner, export.exporter_organization_id);
        let central = actor(OrganizationKind::NationalBank, Role::Officer, OrganizationId::new());
        let stranger = actor(OrganizationKind::Exporter, Role::Owner, OrganizationId::new());
        assert!(!against_asking_extension(&export, &owner, &context()).is_empty(), "nothing is due yet");
        export.settlement_due_date = Some(today());
        let is_open = state.is_open();
        assert_eq!(against_asking_extension(&export, &owner, &context()).is_empty(), is_open, "{state:?}");
        assert_eq!(against_asking_extension(&export, &stranger, &context()), [Refusal::NotYourStep]);
        assert_eq!(against_asking_extension(&export, &central, &context()), [Refusal::NotYourStep]);
        assert!(!against_asking_extension(&export, &owner, &asked(&context())).is_empty(), "one at a time");
        assert!(!against_refusing_extension(&export, &central, &context()).is_empty(), "nothing is asked");
        assert_eq!(against_refusing_extension(&export, &central, &asked(&context())).is_empty(), is_open, "{state:?}");
        assert_eq!(against_refusing_extension(&export, &owner, &asked(&context())), [Refusal::NotYourStep]);
        export.proceeds = Proceeds::Received;
        assert!(!against_asking_extension(&export, &owner, &context()).is_empty(), "all has come");
    }
}
