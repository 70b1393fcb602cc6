use super::*;
use crate::certificates::commercial::samples;
use crate::dec;
use crate::workflow::Problem;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

/// A form that is right, with other values in some fields.
fn form(kind: CommercialKind, record: &Record, other: &[(&str, &str)]) -> BTreeMap<String, String> {
    let account = record.accounts.first().map(|account| account.id.to_string()).unwrap_or_default();
    let own: &[(&str, &str)] = match kind {
        CommercialKind::Proforma | CommercialKind::Invoice => &[
            ("applicant", "Hanse Kaffee Kontor GmbH\nSandtorkai 40, 20457 Hamburg"),
            ("basis", "CENTS_PER_POUND"),
            ("account", &account),
            ("shipment_type", "FCL"),
            ("final_destination", "Hamburg"),
        ],
        CommercialKind::PackingList => &[
            ("packed_on", "2026-11-18"),
            ("packed_at", "Kality, Addis Ababa"),
            ("seal_1", "ET-004417"),
            ("packages_1", "320"),
            ("net_kg_1", "19200"),
            ("gross_kg_1", "19440"),
            ("seal_2", "ET-004418"),
            ("packages_2", "320"),
            ("net_kg_2", "19,200"),
            ("gross_kg_2", "19440"),
        ],
        CommercialKind::ShippingInstruction => &[
            ("bill_type", "ORIGINAL"),
            ("originals", "3"),
            ("freight", "COLLECT"),
            ("container_type", "20DRY"),
            ("container_count", "1"),
            ("departure", "2026-12-01"),
            ("place_of_receipt", "Addis Ababa"),
            ("place_of_delivery", "Hamburg"),
            ("partial_shipment", "NOT_ALLOWED"),
        ],
        CommercialKind::WeightCertificate => &[
            ("weighed_on", "2026-11-19"),
            ("weighed_at", "Modjo"),
            ("seal_1", "ET-004417"),
            ("packages_1", "320"),
            ("net_kg_1", "19200"),
            ("gross_kg_1", "19488"),
            ("weighbridge_1", "MJ-70213"),
            ("weighbridge_2", "MJ-70214"),
        ],
        CommercialKind::WayBill => &[
            ("transporter", "Awash Freight"),
            ("truck_plate", "3-a12345 et"),
            ("trailer_plate", ""),
            ("driver", "Kebede Alemu"),
            ("driver_phone", "+251 911 000 099"),
            ("driver_license", "AA-104477"),
            ("truck_destination", "Port of Djibouti"),
            ("loaded_at", "Kality"),
            ("loaded_on", "2026-11-20"),
            ("bags", "320"),
            ("net_kg", "19200"),
            ("gross_kg", "19440"),
            ("birr_per_quintal", "385.50"),
        ],
    };
    let shared = [
        ("consignee", "To order of Hanse Bank"),
        ("hs_code", "09011100"),
        ("tare_kg", "0.75"),
        ("ico_mark", "010/1402/1"),
    ];
    let all = shared.iter().chain(own).chain(other);
    all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn parse(kind: CommercialKind, record: &Record, other: &[(&str, &str)]) -> Result<Facts, FieldProblems> {
    Facts::parse(kind, &form(kind, record, other), record, None, today())
}

/// The fields in error, with the ids of what is wrong.
fn wrong(kind: CommercialKind, record: &Record, other: &[(&str, &str)]) -> Vec<(String, &'static str)> {
    let problems = parse(kind, record, other).unwrap_err();
    problems.0.into_iter().map(|(field, problem)| (field, problem.text_id())).collect()
}

fn at(field: &str, text_id: &'static str) -> Vec<(String, &'static str)> {
    vec![(field.to_owned(), text_id)]
}

#[test]
fn a_right_form_of_each_paper_is_taken() {
    for record in [samples::record(), samples::two_containers(), samples::loaded()] {
        for kind in CommercialKind::ALL {
            let more: &[(&str, &str)] = match kind {
                CommercialKind::WeightCertificate => {
                    &[("packages_2", "320"), ("net_kg_2", "19200"), ("gross_kg_2", "19450"), ("seal_2", "ET-004418")]
                }
                _ => &[],
            };
            let facts = parse(*kind, &record, more);
            assert!(facts.is_ok(), "{kind}: {facts:?}");
        }
    }
}

#[test]
fn an_empty_form_says_everything_that_is_missing() {
    let record = samples::record();
    for kind in CommercialKind::ALL {
        let problems = Facts::parse(*kind, &BTreeMap::new(), &record, None, today()).unwrap_err();
        assert!(problems.0.iter().all(|(_, problem)| *problem == Problem::Missing), "{kind}: {problems:?}");
        assert!(problems.0.len() >= 4, "{kind}: {problems:?}");
    }
}

#[test]
fn the_weights_are_computed_and_those_of_the_record_stand() {
    let weights = |record: &Record| match parse(CommercialKind::Invoice, record, &[]).unwrap() {
        Facts::Invoice(facts) => facts.weights,
        _ => unreachable!(),
    };
    let mut record = samples::record();
    assert_eq!((weights(&record).gross_kg, weights(&record).bags), (dec!(19440), 320));
    record.in_force = vec![samples::in_force(CommercialKind::PackingList, 1)];
    assert_eq!(weights(&record).gross_kg, dec!(19488), "as the packing list says");
    assert_eq!(weights(&samples::loaded()).gross_kg, dec!(38952.5), "as the carrier has recorded");
}

#[test]
fn cents_are_those_of_a_dollar() {
    let mut record = samples::record();
    record.export.currency = "EUR".to_owned();
    match parse(CommercialKind::Invoice, &record, &[]).unwrap() {
        Facts::Invoice(facts) => assert_eq!(facts.basis, PriceBasis::PerKilogram),
        _ => unreachable!(),
    }
    assert_eq!(
        wrong(CommercialKind::Invoice, &samples::record(), &[("basis", "PER_TON")]),
        at("basis", "problem-not-a-choice")
    );
}

#[test]
fn only_an_account_at_the_exports_bank_is_named() {
    let other = uuid::Uuid::from_u128(99).to_string();
    assert_eq!(
        wrong(CommercialKind::Invoice, &samples::record(), &[("account", &other)]),
        at("account", "problem-not-a-choice")
    );
}

#[test]
fn the_container_that_differs_is_named_at_its_field() {
    let record = samples::two_containers();
    assert_eq!(
        wrong(CommercialKind::PackingList, &record, &[("packages_2", "319")]),
        at("packages_2", "problem-bags-fill")
    );
    assert_eq!(
        wrong(CommercialKind::PackingList, &record, &[("gross_kg_2", "19439.9")]),
        at("gross_kg_2", "problem-too-light")
    );
    let short = [("packages_2", "319"), ("net_kg_2", "19140"), ("gross_kg_2", "19440")];
    assert_eq!(wrong(CommercialKind::PackingList, &record, &short), at("net_kg_1", "problem-sum-differs"));
    let shared = [("packages_1", "321"), ("net_kg_1", "19230"), ("gross_kg_1", "19480"), ("net_kg_2", "19170")];
    assert_eq!(wrong(CommercialKind::PackingList, &record, &shared), at("packages_1", "problem-bags-sum"));
    // A figure that is none is all that is said.
    assert_eq!(
        wrong(CommercialKind::PackingList, &record, &[("net_kg_2", "heavy")]),
        at("net_kg_2", "problem-not-a-number")
    );
}

#[test]
fn what_was_loaded_is_not_asked_again() {
    let record = samples::loaded();
    match parse(CommercialKind::PackingList, &record, &[("net_kg_1", "1"), ("seal_1", "other")]).unwrap() {
        Facts::PackingList(facts) => assert_eq!(facts.loads, record.loaded().unwrap()),
        _ => unreachable!(),
    }
}

#[test]
fn by_air_there_is_one_load_without_a_container() {
    let mut record = samples::record();
    record.export.transport_mode = "AIR".to_owned();
    record.containers.clear();
    match parse(CommercialKind::PackingList, &record, &[("seal_1", "")]).unwrap() {
        Facts::PackingList(facts) => {
            assert_eq!(facts.loads.len(), 1);
            assert_eq!((facts.loads[0].container.as_str(), facts.loads[0].packages), ("", 320));
        }
        _ => unreachable!(),
    }
    match parse(CommercialKind::ShippingInstruction, &record, &[("bill_type", "")]).unwrap() {
        Facts::ShippingInstruction(facts) => {
            assert_eq!((facts.bill_type, facts.container_count, facts.container_type), (BillType::AirWaybill, 0, None));
        }
        _ => unreachable!(),
    }
}

#[test]
fn the_weighbridge_says_what_listed_containers_weigh() {
    let mut record = samples::record();
    record.in_force = vec![samples::in_force(CommercialKind::PackingList, 1)];
    let typed = [("packages_1", "1"), ("net_kg_1", "1"), ("gross_kg_1", "19501.5")];
    match parse(CommercialKind::WeightCertificate, &record, &typed).unwrap() {
        Facts::WeightCertificate(facts) => {
            let (load, ticket) = &facts.loads[0];
            assert_eq!((load.packages, load.net_kg, load.gross_kg), (320, dec!(19200), dec!(19501.5)));
            assert_eq!((ticket.as_str(), facts.weights.gross_kg), ("MJ-70213", dec!(19501.5)));
        }
        _ => unreachable!(),
    }
    assert_eq!(
        wrong(CommercialKind::WeightCertificate, &record, &[("gross_kg_1", "19199")]),
        at("gross_kg_1", "problem-gross-below-net")
    );
    assert_eq!(
        wrong(CommercialKind::WeightCertificate, &record, &[("weighbridge_1", "")]),
        at("weighbridge_1", "problem-missing")
    );
}

#[test]
fn freight_is_paid_as_the_incoterm_says() {
    let kind = CommercialKind::ShippingInstruction;
    let mut record = samples::record();
    assert_eq!(wrong(kind, &record, &[("freight", "PREPAID")]), at("freight", "problem-freight-incoterm"));
    record.export.incoterm = "CIF".to_owned();
    assert_eq!(wrong(kind, &record, &[]), at("freight", "problem-freight-incoterm"));
    assert!(parse(kind, &record, &[("freight", "PREPAID")]).is_ok());
}

#[test]
fn originals_are_counted_where_there_are_some() {
    let kind = CommercialKind::ShippingInstruction;
    let record = samples::record();
    assert_eq!(wrong(kind, &record, &[("originals", "0")]), at("originals", "problem-out-of-range"));
    match parse(kind, &record, &[("bill_type", "SEA_WAYBILL"), ("originals", "")]).unwrap() {
        Facts::ShippingInstruction(facts) => assert_eq!(facts.originals, 0),
        _ => unreachable!(),
    }
}

#[test]
fn containers_are_asked_for_until_they_are_booked() {
    let kind = CommercialKind::ShippingInstruction;
    let mut record = samples::record();
    record.containers.clear();
    record.export.departure_date = None;
    match parse(kind, &record, &[("container_count", "2"), ("container_type", "40HC")]).unwrap() {
        Facts::ShippingInstruction(facts) => {
            assert_eq!((facts.container_count, facts.container_type.as_deref()), (2, Some("40HC")));
        }
        _ => unreachable!(),
    }
    assert_eq!(wrong(kind, &record, &[("departure", "2026-11-19")]), at("departure", "problem-too-early"));
    match parse(kind, &samples::two_containers(), &[("container_count", "9")]).unwrap() {
        Facts::ShippingInstruction(facts) => assert_eq!((facts.container_count, facts.verified.len()), (2, 2)),
        _ => unreachable!(),
    }
}

#[test]
fn the_verified_mass_is_more_than_the_cargo() {
    let kind = CommercialKind::ShippingInstruction;
    let record = samples::loaded();
    assert_eq!(wrong(kind, &record, &[("vgm_kg_2", "19512.5")]), at("vgm_kg_2", "problem-vgm"));
    match parse(kind, &record, &[("vgm_kg_2", "21,700")]).unwrap() {
        Facts::ShippingInstruction(facts) => {
            assert_eq!(
                facts.verified,
                [("MSCU1234566".to_owned(), None), ("TGHU3456780".to_owned(), Some(dec!(21700)))]
            );
        }
        _ => unreachable!(),
    }
}

#[test]
fn a_truck_carries_what_is_left_and_what_its_bags_hold() {
    let kind = CommercialKind::WayBill;
    let mut record = samples::record();
    record.in_force = vec![samples::in_force(kind, 1)];
    assert_eq!(wrong(kind, &record, &[]), at("net_kg", "problem-truck-left"));
    let rest = [("bags", "220"), ("net_kg", "13200"), ("gross_kg", "13365")];
    assert!(parse(kind, &record, &rest).is_ok());
    let corrected = Some(record.in_force[0].id);
    assert!(Facts::parse(kind, &form(kind, &record, &[]), &record, corrected, today()).is_ok(), "it is its own load");
    assert_eq!(
        wrong(kind, &record, &[("bags", "219"), ("net_kg", "13200"), ("gross_kg", "13365")]),
        at("bags", "problem-bags-fill")
    );
    assert_eq!(
        wrong(kind, &record, &[("bags", "220"), ("net_kg", "13200"), ("gross_kg", "13199")]),
        at("gross_kg", "problem-gross-below-net")
    );
}

#[test]
fn a_truck_with_known_containers_carries_what_is_in_them() {
    let kind = CommercialKind::WayBill;
    let record = samples::loaded();
    let second = [("container_2", "yes"), ("bags", "320"), ("net_kg", "19200"), ("gross_kg", "19512.5")];
    match parse(kind, &record, &second).unwrap() {
        Facts::WayBill(facts) => {
            assert_eq!(facts.containers, [("TGHU3456780".to_owned(), "ET-004418".to_owned())]);
            assert_eq!(facts.truck_plate, "3-A12345 ET");
        }
        _ => unreachable!(),
    }
    let both = [("container_1", "yes"), ("container_2", "yes")];
    assert_eq!(wrong(kind, &record, &both), at("net_kg", "problem-truck-containers"));
}

#[test]
fn plates_and_telephones_look_like_some() {
    let kind = CommercialKind::WayBill;
    let record = samples::record();
    for plate in ["<b>", "3_A1234"] {
        assert_eq!(wrong(kind, &record, &[("truck_plate", plate)]), at("truck_plate", "problem-plate"));
    }
    assert_eq!(wrong(kind, &record, &[("trailer_plate", "ab")]), at("trailer_plate", "problem-too-short"));
    for phone in ["not a phone", "+251 911", "0911000099x"] {
        assert_eq!(wrong(kind, &record, &[("driver_phone", phone)]).len(), 1, "{phone}");
    }
    for phone in ["0911000099", "+25377810000", "+251 911 000 099"] {
        assert!(parse(kind, &record, &[("driver_phone", phone)]).is_ok(), "{phone}");
    }
}

#[test]
fn the_mark_is_the_certificates_once_there_is_one() {
    let kind = CommercialKind::Proforma;
    let mark = |record: &Record, typed: &str| match parse(kind, record, &[("ico_mark", typed)]).unwrap() {
        Facts::Invoice(facts) => facts.marks.ico_mark,
        _ => unreachable!(),
    };
    assert_eq!(mark(&samples::record(), "010/1402/1").as_deref(), Some("010/1402/0001"));
    assert_eq!(mark(&samples::record(), ""), None);
    assert_eq!(mark(&samples::loaded(), "010/1402/9").as_deref(), Some("010/1402/0001"));
    assert_eq!(wrong(kind, &samples::record(), &[("ico_mark", "1402")]), at("ico_mark", "problem-ico-mark"));
}
