//! Papers for the tests: realistic, with invented firms.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};

use super::*;
use crate::certificates::issue::terms::{
    COMPETENCE_DUTIES, FARMER_DUTIES, LABORATORY_DUTIES, LICENSE_CONDITIONS, TASTER_DUTIES,
};
use crate::dec;

pub fn issued_at() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 11, 5, 0).unwrap()
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn ethiopia() -> Country {
    Country { code: "ET".into(), name: Bilingual::new("Ethiopia", "ኢትዮጵያ") }
}

fn germany() -> Country {
    Country { code: "DE".into(), name: Bilingual::new("Germany", "ጀርመን") }
}

fn djibouti() -> Country {
    Country { code: "DJ".into(), name: Bilingual::new("Djibouti", "ጅቡቲ") }
}

fn officer(name: &str, title_id: &str, organization: Bilingual) -> Signatory {
    Signatory { name: name.into(), title: Bilingual::t(title_id), organization }
}

fn authority() -> Bilingual {
    Bilingual::new("Ethiopian Coffee and Tea Authority", "የኢትዮጵያ ቡናና ሻይ ባለሥልጣን")
}

fn lot(number: &str, net_kg: rust_decimal::Decimal, certificate: &str) -> LotPart {
    LotPart {
        number: number.into(),
        receipt: "WR-2026-004417".into(),
        warehouse: "Saris Warehouse 2, Addis Ababa".into(),
        net_kg,
        quality: QualityPart {
            certificate_number: certificate.into(),
            inspected_on: day(2026, 11, 4),
            score: dec!(86.5),
            grade: "1".into(),
        },
    }
}

pub fn permit() -> PermitSnapshot {
    PermitSnapshot {
        edition: 1,
        number: "EP-2026-000042".into(),
        export_number: "EXP-20261116-000017".into(),
        issued_on: day(2026, 11, 20),
        valid_until: day(2027, 2, 18),
        issued_at: issued_at(),
        exporter: ExporterPart {
            name: "Abay Coffee Export PLC".into(),
            address: "Bole Road 12, Addis Ababa".into(),
            tin: "0000000001".into(),
            registration_number: "ECTA-LLC-2025-000001".into(),
            license: CredentialPart { number: "LIC-2026-000001".into(), expires_on: day(2027, 9, 10) },
            competence: CredentialPart { number: "COMP-2026-000001".into(), expires_on: day(2027, 8, 30) },
        },
        buyer: BuyerPart {
            name: "Hanse Kaffee Kontor GmbH".into(),
            address: Some("Sandtorkai 40, 20457 Hamburg".into()),
            country: germany(),
        },
        contract: ContractPart { number: "SC-2026-000009".into(), registered_on: day(2026, 11, 10) },
        destination: germany(),
        coffee: Bilingual::new("Yirgacheffe", "ይርጋጨፌ"),
        origin: Bilingual::new("South Ethiopia", "ደቡብ ኢትዮጵያ"),
        processing: Bilingual::t("papers-processing-washed"),
        grade: "1".into(),
        crop_year: Some("2025/26".into()),
        lots: vec![
            lot("ECX-WYCA1-26-0071", dec!(12000), "QC-2026-000118"),
            lot("ECX-WYCA1-26-0073", dec!(7200), "QC-2026-000121"),
        ],
        net_kg: dec!(19200),
        net_in_words: "nineteen thousand two hundred kilograms".into(),
        bags: 320,
        bag_kg: dec!(60),
        price: PricePart {
            currency: "USD".into(),
            per_kg: dec!(11.397899),
            value: dec!(218839.64),
            value_in_words: "two hundred eighteen thousand eight hundred thirty-nine and 64/100 USD".into(),
            incoterm: "FOB".into(),
            payment: Bilingual::new("Letter of credit", "ሌተር ኦፍ ክሬዲት"),
        },
        port_of_loading: Port { code: "DJJIB".into(), name: "Djibouti".into(), country: djibouti() },
        port_of_discharge: Port { code: "DEHAM".into(), name: "Hamburg".into(), country: germany() },
        transport: Bilingual::t("papers-transport-sea"),
        conditions: [
            "papers-permit-condition-once",
            "papers-permit-condition-holder",
            "papers-permit-condition-license",
            "papers-permit-condition-goods",
        ]
        .map(Bilingual::t)
        .to_vec(),
        special_conditions: Some("Weight certificate to be presented at Modjo before departure.".into()),
        signatory: officer("Selamawit Bekele", "papers-title-permit-officer", authority()),
    }
}

pub fn origin() -> OriginSnapshot {
    OriginSnapshot {
        edition: 1,
        number: "010/01/7 (2026/27)".into(),
        coffee_year: "2026/27".into(),
        export_number: "EXP-20261116-000017".into(),
        permit_number: "EP-2026-000042".into(),
        bill_of_lading: "RSLADD0426117".into(),
        issued_on: day(2026, 11, 20),
        issued_at: issued_at(),
        goods: Bilingual::new("Green arabica: Yirgacheffe, Washed, Grade 1", "ጥሬ አረቢካ፦ ይርጋጨፌ፣ የታጠበ ቡና፣ ደረጃ 1"),
        buyer_country: germany(),
        buyer: "Hanse Kaffee Kontor GmbH".into(),
        bags: 320,
        boxes: IcoBoxes {
            exporter: ExporterBox {
                name: "Abay Coffee Export PLC".into(),
                address: "Bole Road 12, Addis Ababa, Ethiopia".into(),
                code: "1402".into(),
            },
            notify_address: "Hanse Kaffee Kontor GmbH\nSandtorkai 40, 20457 Hamburg, Germany".into(),
            internal_reference: None,
            reference: CertificateReference { country: "010".into(), port: "01".into(), serial: 7 },
            producing_country: IcoCountry { country: ethiopia(), ico_code: Some("010".into()) },
            destination: IcoCountry { country: germany(), ico_code: None },
            exported_on: day(2026, 11, 19),
            transshipment: "Djibouti".into(),
            carrier: "MV Red Sea Trader, 042W".into(),
            marks: IcoMarks {
                mark: "010/1402/0001".parse().unwrap(),
                other: Some("PRODUCE OF ETHIOPIA · YIRGACHEFFE · GRADE 1 · CROP 2025/26 · 320 BAGS × 60 KG".into()),
            },
            shipped_in: vec![ShippedIn::Bags, ShippedIn::Containers],
            net_weight: dec!(19200),
            unit: WeightUnit::Kilograms,
            form: CoffeeKind::GreenArabica,
            processing: Processing { green: GreenProcessing::Wet, decaffeinated: false, organic: false },
            statement: Bilingual::t("papers-ico-statement"),
            customs: Signature {
                signatory: officer(
                    "Tewodros Alemu",
                    "papers-title-customs-officer",
                    Bilingual::new("Ethiopian Customs Commission", "የኢትዮጵያ ጉምሩክ ኮሚሽን"),
                ),
                place: "Modjo".into(),
                signed_at: issued_at() - chrono::Duration::hours(4),
            },
            certifying: Signature {
                signatory: officer("Selamawit Bekele", "papers-title-certifying-officer", authority()),
                place: "Addis Ababa".into(),
                signed_at: issued_at(),
            },
            other_information: Some("HS 0901.11; Moisture 11.2 %; ICO Resolution 420 quality code S".into()),
        },
    }
}

fn grant(number: &str, statement: &str, title: &str, terms: &[&str]) -> GrantPart {
    GrantPart {
        edition: 1,
        number: number.into(),
        valid_from: day(2026, 11, 20),
        valid_until: day(2027, 11, 20),
        issued_at: issued_at(),
        signatory: officer("Selamawit Bekele", title, authority()),
        statement: Bilingual::t(statement),
        terms: terms.iter().map(|id| Bilingual::t(id)).collect(),
    }
}

fn holder() -> HolderPart {
    HolderPart {
        name: "Abay Coffee Export PLC".into(),
        business_type: Bilingual::t("papers-business-llc"),
        tin: "0000000001".into(),
        registration_number: "ECTA-LLC-2025-000001".into(),
        address: "Bole Road 12, Addis Ababa".into(),
        contact_person: "Hanna Girma".into(),
        phone: "+251911000001".into(),
        email: "export@abay.example".into(),
    }
}

fn diploma() -> Bilingual {
    Bilingual::t("papers-qualification-diploma")
}

pub fn competence() -> CompetenceSnapshot {
    CompetenceSnapshot {
        grant: grant(
            "COMP-2026-000001",
            "papers-competence-statement",
            "papers-title-competence-officer",
            &COMPETENCE_DUTIES,
        ),
        holder: holder(),
        laboratory: Some(LaboratoryPart {
            name: "Abay cupping laboratory".into(),
            number: "LAB-2026-000001".into(),
            address: "Kality, Addis Ababa".into(),
        }),
        taster: Some(TasterPart {
            name: "Abebech Tumsa".into(),
            number: "CTP-2026-0001".into(),
            qualification: diploma(),
        }),
        inspected_on: Some(day(2026, 11, 14)),
        has_quality_management: true,
        storage_kg: Some(dec!(600000)),
        storage_conditions: Some("Dry, ventilated, on pallets".into()),
    }
}

/// A farmer's: without laboratory and taster.
pub fn farmers_competence() -> CompetenceSnapshot {
    let mut certificate = competence();
    certificate.holder.name = "Kaffa Forest Farm".into();
    certificate.holder.business_type = Bilingual::t("papers-business-farmer");
    certificate.grant.statement = Bilingual::t("papers-competence-statement-farmer");
    certificate.grant.terms = FARMER_DUTIES.iter().map(|id| Bilingual::t(id)).collect();
    CompetenceSnapshot { laboratory: None, taster: None, has_quality_management: false, ..certificate }
}

pub fn license() -> LicenseSnapshot {
    LicenseSnapshot {
        grant: grant(
            "LIC-2026-000001",
            "papers-license-statement",
            "papers-title-license-officer",
            &LICENSE_CONDITIONS,
        ),
        holder: holder(),
        eic_number: "EIC/00613".into(),
        competence_number: "COMP-2026-000001".into(),
        coffee_types: vec![Bilingual::new("Yirgacheffe", "ይርጋጨፌ"), Bilingual::new("Sidama", "ሲዳማ")],
        origins: Vec::new(),
        annual_quota_kg: Some(dec!(1500000)),
    }
}

pub fn laboratory() -> LaboratorySnapshot {
    LaboratorySnapshot {
        grant: grant(
            "LAB-2026-000001",
            "papers-laboratory-statement",
            "papers-title-laboratory-officer",
            &LABORATORY_DUTIES,
        ),
        holder: holder(),
        name: "Abay cupping laboratory".into(),
        address: "Kality, Addis Ababa".into(),
        has_roasting: true,
        has_cupping_room: true,
        has_sample_storage: true,
        equipment: vec!["sample roaster".into(), "moisture meter".into(), "screens 12-20".into()],
        inspected_on: Some(day(2026, 11, 14)),
        inspector: Some("Dawit Mengistu".into()),
    }
}

pub fn taster() -> TasterSnapshot {
    TasterSnapshot {
        grant: grant("TST-2026-000001", "papers-taster-statement", "papers-title-taster-officer", &TASTER_DUTIES),
        holder: holder(),
        name: "Abebech Tumsa".into(),
        born_on: Some(day(1988, 3, 14)),
        national_id: Some("ET-000104729".into()),
        qualification: diploma(),
        proficiency_number: "CTP-2026-0001".into(),
        employed_since: day(2024, 6, 3),
        is_exclusive: true,
    }
}

pub fn quality() -> QualitySnapshot {
    let points = |id: &str, points| (Bilingual::t(id), points);
    QualitySnapshot {
        edition: 1,
        number: "QC-2026-000118".into(),
        issued_at: issued_at(),
        inspected_on: day(2026, 11, 18),
        fresh_until: day(2026, 12, 18),
        centre: "Addis Ababa".into(),
        sample_code: Some("S04711".into()),
        exporter: "Abay Coffee Export PLC".into(),
        tin: "0000000001".into(),
        lot: InspectedLot {
            number: "ECX-WYCA1-26-0071".into(),
            receipt: "WR-2026-004417".into(),
            coffee: Bilingual::new("Yirgacheffe", "ይርጋጨፌ"),
            origin: Bilingual::new("South Ethiopia", "ደቡብ ኢትዮጵያ"),
            processing: Bilingual::t("papers-processing-washed"),
            crop_year: Some("2025/26".into()),
            bags: Some(320),
            net_kg: dec!(19200),
        },
        raw: RawPart {
            score: dec!(36.5),
            moisture: dec!(11.2),
            primary_defects: 0,
            secondary_defects: 3,
            defects: Some(3),
            foreign_matter: Some(dec!(0.1)),
            odour: Some(dec!(9)),
            bean_size: Some("Screen 14 and above".into()),
            screen_15: Some(dec!(92)),
            screens: vec![(14, dec!(8)), (15, dec!(52)), (16, dec!(40))],
        },
        cup: CupPart {
            score: dec!(51),
            attributes: vec![
                points("papers-cup-clean", dec!(13)),
                points("papers-cup-acidity", dec!(13)),
                points("papers-cup-body", dec!(12)),
                points("papers-cup-flavour", dec!(13)),
            ],
            flavour: Some("floral, citrus".into()),
            panel: vec!["A.T.".into(), "K.L.".into(), "S.M.".into()],
            spread: Some(dec!(1.5)),
            specialty: vec![("SCA 2004".into(), dec!(86.75))],
        },
        total_score: dec!(87.5),
        grade: "1".into(),
        ico_quality: Some("S".into()),
        passed: true,
        remarks: None,
        signatory: officer("Selamawit Bekele", "papers-title-laboratory-head", authority()),
    }
}

/// Each paper under the name of its sample.
pub fn all() -> Vec<(&'static str, Snapshot)> {
    let mut all = vec![
        ("permit", Snapshot::Permit(permit())),
        ("ico", Snapshot::Origin(origin())),
        ("competence", Snapshot::Competence(competence())),
        ("competence-farmer", Snapshot::Competence(farmers_competence())),
        ("license", Snapshot::License(license())),
        ("laboratory", Snapshot::Laboratory(laboratory())),
        ("taster", Snapshot::Taster(taster())),
        ("quality", Snapshot::Quality(quality())),
    ];
    let commercial = crate::certificates::commercial::samples::papers();
    all.extend(commercial.into_iter().map(|(name, paper)| (name, Snapshot::Commercial(Box::new(paper)))));
    all
}

/// As much as the forms take: every optional part, long names, the most lots, the longest notes.
pub fn full_permit() -> PermitSnapshot {
    let mut permit = permit();
    permit.exporter.name = LONG_NAME.into();
    permit.exporter.address = "Kirkos Sub-city, Woreda 07, House 1124/B, Meskel Flower Road, Addis Ababa".into();
    permit.buyer.name = LONG_NAME.into();
    permit.buyer.address = Some(LONG_ADDRESS.into());
    permit.price.value = dec!(9999777.77);
    permit.price.value_in_words =
        "nine million nine hundred ninety-nine thousand seven hundred seventy-seven and 77/100 USD".into();
    permit.net_in_words =
        "seven hundred seventy-seven thousand seven hundred seventy-seven and 777/1000 kilograms".into();
    let long = |number: &str| LotPart {
        warehouse: "Cooperative Union Central Processing Warehouse No. 14, Kality, Addis Ababa".into(),
        ..lot(number, dec!(194444.444), "QC-2026-000118")
    };
    permit.lots =
        ["ECX-WYCA1-26-0071", "ECX-WYCA1-26-0072", "UNION-2026-000123-A", "VERTICAL-26-0009"].map(long).to_vec();
    permit.special_conditions = Some("Samples are kept for ninety days at the centre. ".repeat(10).trim().into());
    permit
}

/// As [`full_permit`], for the certificate.
pub fn full_origin() -> OriginSnapshot {
    let mut certificate = origin();
    let boxes = &mut certificate.boxes;
    boxes.exporter.name = LONG_NAME.into();
    boxes.exporter.address =
        "Kirkos Sub-city, Woreda 07, House 1124/B, Meskel Flower Road, Addis Ababa, Ethiopia".into();
    boxes.notify_address = format!("{LONG_NAME}\n{LONG_ADDRESS}\n{LONG_ADDRESS}").chars().take(300).collect();
    boxes.internal_reference = Some("ABAY-2026/27-000017X".into());
    boxes.reference.serial = 1_234_567;
    boxes.destination.ico_code = Some("158".into());
    boxes.marks.mark = "010/1402/99999".parse().unwrap();
    boxes.carrier = "MV Red Sea Trader of the Horn of Africa, 042W-2026".into();
    boxes.shipped_in = ShippedIn::ALL.to_vec();
    boxes.processing = Processing { green: GreenProcessing::Dry, decaffeinated: true, organic: true };
    boxes.other_information = Some(format!(
        "{}; HS 0901.12; Honey processed; Moisture 11.25 %; ICO Resolution 420 quality code S",
        "Shade grown under native trees; ".repeat(16).trim()
    ));
    certificate
}

const LONG_NAME: &str = "Yirgacheffe and Gedeo Highland Coffee Farmers' Cooperative Union Export Trading Share Company";
const LONG_ADDRESS: &str =
    "Speicherstadt, Block Q, Am Sandtorkai 40-44, Third Floor, 20457 Freie und Hansestadt Hamburg";
