//! An export with everything on record, for the tests: realistic, with invented firms.

use chrono::NaiveDate;
use uuid::Uuid;

use super::figures::Load;
use super::model::{CommercialKind, HsCode, SellerAccount, SellerTerms};
use super::record::{InForce, Record, RecordedContainer, SellerProfile};
use super::snapshot::{CommercialBody, CommercialSnapshot, LetterPart};
use crate::auth::permission::permissions_of;
use crate::auth::{Actor, ActorOrganization, OrganizationKind, Origin, Role};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::snapshot::{Country, Port};
use crate::dec;
use crate::exports::Export;
use crate::exports::model::{ExportStatus, Proceeds, Stage, State};
use crate::ids::{AccountId, ContractId, ExportId, ExporterId, OrganizationId, PaperId, UserId};

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Somebody of an organisation.
pub fn actor(organization: OrganizationId, kind: OrganizationKind, role: Role) -> Actor {
    Actor {
        user_id: UserId::new(),
        username: "exporter.clerk".into(),
        display_name: "Hanna Girma".into(),
        organization: ActorOrganization {
            id: organization,
            kind,
            code: "EXPORTER".into(),
            name_en: "Abay Coffee Export PLC".into(),
            name_am: "አባይ ቡና ላኪ ኃ/የተ/የግ/ማ".into(),
        },
        roles: vec![role],
        permissions: permissions_of(kind, role),
        delegations: Vec::new(),
        origin: Origin::default(),
    }
}

/// A container of 320 bags, booked.
fn booked(number: &str) -> RecordedContainer {
    RecordedContainer {
        number: number.into(),
        container_type: "20DRY".into(),
        seal: None,
        packages: None,
        net_kg: None,
        gross_kg: None,
    }
}

/// The account at the export's bank.
pub fn account() -> SellerAccount {
    SellerAccount {
        id: AccountId(Uuid::from_u128(7)),
        bank: OrganizationId(Uuid::from_u128(2)),
        bank_name: "Nile Commercial Bank".into(),
        branch: "Bole Branch, Addis Ababa".into(),
        holder: "Abay Coffee Export PLC".into(),
        number: "1000007919442".into(),
        currency: "USD".into(),
        swift: "NILBETAA".into(),
        correspondent: Some("Hudson Correspondent Bank, New York".into()),
        correspondent_swift: Some("HUDCUS33XXX".into()),
        is_open: true,
        version: 1,
    }
}

/// 19,200 kg of Yirgacheffe under a letter of credit to Hamburg, booked in one container, before loading.
pub fn record() -> Record {
    let at = crate::certificates::snapshot::samples::issued_at();
    let country = |code: &str, en: &str, am: &str| Country { code: code.into(), name: Bilingual::new(en, am) };
    let germany = country("DE", "Germany", "ጀርመን");
    Record {
        export: Export {
            id: ExportId(Uuid::from_u128(1)),
            number: "EXP-20261116-000017".into(),
            exporter_id: ExporterId(Uuid::from_u128(3)),
            exporter_organization_id: OrganizationId(Uuid::from_u128(1)),
            bank_organization_id: OrganizationId(Uuid::from_u128(2)),
            shipping_organization_id: OrganizationId(Uuid::from_u128(3)),
            exporter_name: "Abay Coffee Export PLC".into(),
            contract_id: ContractId(Uuid::from_u128(4)),
            state: State::new(ExportStatus::ShipmentScheduled, Stage::Clearance),
            resume_stage: None,
            stage_entered_at: at,
            queue_organization_id: None,
            version: 7,
            claimed_by: None,
            claimed_at: None,
            created_by: UserId(Uuid::from_u128(5)),
            submitted_by: Some(UserId(Uuid::from_u128(5))),
            resubmission_count: 0,
            changed_by: UserId(Uuid::from_u128(5)),
            changed_at: at,
            quantity: dec!(19200.000),
            bag_kg: dec!(60.00),
            bags: 320,
            coffee_type: "Yirgacheffe".into(),
            origin_region: "South Ethiopia".into(),
            processing_method: "WASHED".into(),
            grade: "1".into(),
            destination_country: "DE".into(),
            port_of_loading: "DJJIB".into(),
            port_of_discharge: "DEHAM".into(),
            transport_mode: "SEA".into(),
            incoterm: "FOB".into(),
            payment_method: "LC".into(),
            currency: "USD".into(),
            price_per_kg: dec!(11.397899),
            estimated_value: dec!(218839.66),
            buyer_name: "Hanse Kaffee Kontor GmbH".into(),
            buyer_country: "DE".into(),
            buyer_address: Some("Sandtorkai 40, 20457 Hamburg".into()),
            requested_documents: Vec::new(),
            attached_documents: Vec::new(),
            bank_permit_date: Some(day(2026, 11, 12)),
            settlement_due_date: Some(day(2027, 2, 10)),
            proceeds: Proceeds::Outstanding,
            customs_clearance_date: None,
            departure_date: Some(day(2026, 11, 28)),
            vessel_name: Some("MV Red Sea Trader".into()),
            voyage_number: Some("042W".into()),
            created_at: at,
        },
        net: "19200".parse().unwrap(),
        seller: SellerProfile {
            name: "Abay Coffee Export PLC".into(),
            address: "Bole Road 12, Addis Ababa, Ethiopia".into(),
            tin: "0000000001".into(),
            phone: "+251911000001".into(),
            email: "trade@abay.example".into(),
            scope: "1402".into(),
        },
        buyer_country: germany.clone(),
        destination: germany.clone(),
        contract_number: "SC-2026-000009".into(),
        contract_registered_on: day(2026, 11, 10),
        contract_price_per_kg: dec!(11.397899),
        contract_currency: "USD".into(),
        coffee: Bilingual::new("Yirgacheffe", "ይርጋጨፌ"),
        origin: Bilingual::new("South Ethiopia", "ደቡብ ኢትዮጵያ"),
        crop_year: Some("2025/26".into()),
        payment: Bilingual::new("Letter of credit", "ሌተር ኦፍ ክሬዲት"),
        letter: Some(LetterPart {
            number: "LC-HKB-2026-0417".into(),
            issuing_bank: "Hafenbank Hamburg".into(),
            issued_on: "2026-10-12".parse().unwrap(),
        }),
        loading: Port {
            code: "DJJIB".into(), name: "Djibouti".into(), country: country("DJ", "Djibouti", "ጅቡቲ")
        },
        discharge: Port { code: "DEHAM".into(), name: "Hamburg".into(), country: germany },
        bank_permit: Some("NIL-EP-2026-0117".into()),
        permit: Some("EP-2026-000042".into()),
        carrier: Bilingual::new("Red Sea Lines", "ቀይ ባሕር መርከብ"),
        booking: Some("RSL-BK-88012".into()),
        bill_of_lading: None,
        on_board: None,
        chamber_certificate: None,
        ico_mark: None,
        quality_certificates: vec!["QC-2026-000118".into()],
        notify: Some("Hanse Kaffee Kontor GmbH\nSandtorkai 40, 20457 Hamburg".into()),
        containers: vec![booked("MSCU1234566")],
        terms: SellerTerms {
            mark: Some("Blue Nile Selection".into()),
            packing_place: Some("Kality, Addis Ababa".into()),
            signatory_title: Some("Export Manager".into()),
            has_liner: true,
            liner_kg: None,
            version: 1,
        },
        accounts: vec![account()],
        hs_codes: vec![HsCode {
            code: "09011100".into(),
            name: Bilingual::new("Coffee, not roasted, not decaffeinated", "ያልተቆላ፣ ካፌይን ያልወጣለት ቡና"),
            coffee_form: "GREEN".into(),
        }],
        in_force: Vec::new(),
        invoice_number: None,
    }
}

/// As [`record`], of 38,400 kg in two containers.
pub fn two_containers() -> Record {
    let mut record = record();
    record.export.quantity = dec!(38400);
    record.export.bags = 640;
    record.export.estimated_value = dec!(437679.32);
    record.net = "38400".parse().unwrap();
    record.containers.push(booked("TGHU3456780"));
    record
}

/// As [`two_containers`], on board.
pub fn loaded() -> Record {
    let mut record = two_containers();
    record.export.state = State::new(ExportStatus::Shipped, Stage::Settlement);
    record.bill_of_lading = Some("RSLADD0426117".into());
    record.on_board = Some(day(2026, 11, 19));
    record.chamber_certificate = Some("ECCSA-26-10442".into());
    record.ico_mark = Some("010/1402/0001".into());
    for (container, (seal, gross)) in
        record.containers.iter_mut().zip([("ET-004417", dec!(19440)), ("ET-004418", dec!(19512.5))])
    {
        container.seal = Some(seal.into());
        container.packages = Some(320);
        container.net_kg = Some(dec!(19200));
        container.gross_kg = Some(gross);
    }
    record
}

/// A paper in force; a way bill carries 100 bags.
pub fn in_force(kind: CommercialKind, revision: i32) -> InForce {
    let number = match kind {
        CommercialKind::Proforma | CommercialKind::Invoice => "INV-1402-2026-0007",
        CommercialKind::PackingList => "PL-1402-2026-0004",
        CommercialKind::ShippingInstruction => "SI-1402-2026-0004",
        CommercialKind::WeightCertificate => "WC-1402-2026-0002",
        CommercialKind::WayBill => "WB-1402-2026-0009",
    };
    let (bags, net_kg) = if kind == CommercialKind::WayBill { (100, dec!(6000)) } else { (320, dec!(19200)) };
    let loads = match kind {
        CommercialKind::PackingList | CommercialKind::WeightCertificate => vec![Load {
            container: "MSCU1234566".into(),
            container_type: "20DRY".into(),
            seal: "ET-004417".into(),
            packages: 320,
            net_kg: dec!(19200),
            gross_kg: dec!(19488),
        }],
        CommercialKind::Proforma
        | CommercialKind::Invoice
        | CommercialKind::ShippingInstruction
        | CommercialKind::WayBill => Vec::new(),
    };
    InForce {
        id: PaperId::new(),
        kind,
        series_number: number.into(),
        revision,
        asked: std::collections::BTreeMap::new(),
        bags,
        net_kg,
        loads,
        bill_of_lading: None,
        voyage: (Some("MV Red Sea Trader".into()), Some("042W".into())),
        charges: None,
    }
}

/// Which paper it is.
pub fn kind_of(paper: &CommercialSnapshot) -> CommercialKind {
    match paper.body {
        CommercialBody::Proforma(_) => CommercialKind::Proforma,
        CommercialBody::Invoice(_) => CommercialKind::Invoice,
        CommercialBody::PackingList(_) => CommercialKind::PackingList,
        CommercialBody::ShippingInstruction(_) => CommercialKind::ShippingInstruction,
        CommercialBody::WeightCertificate(_) => CommercialKind::WeightCertificate,
        CommercialBody::WayBill(_) => CommercialKind::WayBill,
    }
}

/// The paper of `kind` of `record`, from its form as it comes with what nobody can know.
pub fn paper(
    kind: CommercialKind,
    record: &Record,
    typed: &[(&str, &str)],
    replaces: Option<&str>,
) -> CommercialSnapshot {
    let at = crate::certificates::snapshot::samples::issued_at();
    let today = crate::calendar::eat_date(at);
    let groups = super::form::groups(kind, record, None, crate::i18n::Lang::EN, today);
    let fields = groups.iter().flat_map(|group| &group.fields);
    let mut values: std::collections::BTreeMap<String, String> =
        fields.map(|field| (field.name.clone(), field.value.clone())).collect();
    values.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let facts = super::facts::Facts::parse(kind, &values, record, None, today).unwrap();
    let number = in_force(kind, if replaces.is_some() { 2 } else { 1 }).number();
    let actor = actor(record.export.exporter_organization_id, OrganizationKind::Exporter, Role::Clerk);
    super::compose::compose(kind, record, &facts, (number, replaces.map(str::to_owned)), &actor, at).unwrap()
}

/// One of each, by the name of its sheet.
pub fn papers() -> Vec<(&'static str, CommercialSnapshot)> {
    use CommercialKind as K;
    let mut early = record();
    early.bank_permit = None;
    early.permit = None;
    early.containers.clear();
    early.export.vessel_name = None;
    early.export.voyage_number = None;
    let loaded = loaded();
    let mut listed = two_containers();
    listed.in_force = vec![in_force(K::Invoice, 1)];
    let mut air = record();
    air.export.transport_mode = "AIR".into();
    air.export.incoterm = "FCA".into();
    air.containers.clear();
    let order = [("consignee", "To the order of Hanse Bank AG, Hamburg"), ("certification", "ET-BIO-0042")];
    let with = |more: &[(&'static str, &'static str)]| [&order, more].concat();
    vec![
        ("proforma", paper(K::Proforma, &early, &order, None)),
        ("invoice", paper(K::Invoice, &loaded, &order, Some("INV-1402-2026-0007"))),
        (
            "packing-list",
            paper(
                K::PackingList,
                &listed,
                &with(&[
                    ("seal_1", "ET-004417"),
                    ("packages_1", "320"),
                    ("net_kg_1", "19200"),
                    ("gross_kg_1", "19440"),
                    ("seal_2", "ET-004418"),
                    ("packages_2", "320"),
                    ("net_kg_2", "19200"),
                    ("gross_kg_2", "19512.5"),
                    ("ico_mark", "010/1402/1"),
                ]),
                None,
            ),
        ),
        ("packing-list-air", paper(K::PackingList, &air, &order, None)),
        (
            "shipping-instruction",
            paper(
                K::ShippingInstruction,
                &loaded,
                &with(&[("vgm_kg_1", "21640"), ("second_notify", "Elbe Kontor KG, Hamburg")]),
                None,
            ),
        ),
        (
            "weight-certificate",
            paper(
                K::WeightCertificate,
                &loaded,
                &with(&[
                    ("weighed_at", "Modjo dry port"),
                    ("weighbridge_1", "MJ-70213"),
                    ("weighbridge_2", "MJ-70214"),
                ]),
                None,
            ),
        ),
        (
            "way-bill",
            paper(
                K::WayBill,
                &loaded,
                &with(&[
                    ("transporter", "Awash Freight Transport S.C."),
                    ("truck_plate", "3-A12345 ET"),
                    ("trailer_plate", "3-T00917 ET"),
                    ("driver", "Kebede Alemu"),
                    ("driver_phone", "+251 911 000 099"),
                    ("driver_license", "AA-104477"),
                    ("container_2", "yes"),
                    ("bags", "320"),
                    ("net_kg", "19200"),
                    ("gross_kg", "19512.5"),
                    ("birr_per_quintal", "385.50"),
                    ("conditions", "Weigh again at Galafi."),
                ]),
                None,
            ),
        ),
    ]
}
