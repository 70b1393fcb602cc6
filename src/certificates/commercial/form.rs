//! What the form of each paper asks, filled with what is known: from the record, from what was typed for the paper
//! that is corrected, and from what the export's other papers say already. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::figures::Weights;
use super::model::{BillType, CommercialKind, FreightTerms, ShipmentType};
use super::record::{InForce, Record};
use super::rules::left_to_carry;
use crate::exports::facts::CONTAINER_TYPES;
use crate::i18n::Lang;
use crate::quantities::Kilograms;
use crate::web::components::{Choice, Field, FieldGroup};

/// What papers of one export say in common: typed once, it stands in the next form.
const SHARED: [&str; 8] =
    ["applicant", "consignee", "notify", "second_notify", "hs_code", "ico_mark", "certification", "tare_kg"];

/// What the next truck has of the last one.
const OF_THE_LAST_TRUCK: [&str; 4] = ["transporter", "truck_destination", "loaded_at", "birr_per_quintal"];

/// What the form of a weight asks of each load, where nobody has put it on record.
const LOAD: &[&str] = &["seal_*", "packages_*", "net_kg_*", "gross_kg_*"];
/// Who receives the goods.
const RECEIVERS: &[&str] = &["consignee", "notify"];
/// What stands on the bags.
const MARKS: &[&str] = &["ico_mark", "certification"];
/// Why a paper is corrected.
pub const CORRECTION_REASON: &str = "correction_reason";

/// The names of everything that the form of the paper `kind` may ask; what the record knows already is not asked.
#[must_use]
pub fn fields_of(kind: CommercialKind) -> Vec<&'static str> {
    let price: &[&str] = &["applicant", "basis", "account", "hs_code", "tare_kg", "shipment_type", "final_destination"];
    match kind {
        CommercialKind::Proforma => [RECEIVERS, price, MARKS].concat(),
        CommercialKind::Invoice => [RECEIVERS, price, &["chamber_certificate"], MARKS].concat(),
        CommercialKind::PackingList => [RECEIVERS, &["packed_on", "packed_at", "tare_kg"], LOAD, MARKS].concat(),
        CommercialKind::ShippingInstruction => {
            let carriage: &[&str] = &[
                "second_notify",
                "bill_type",
                "originals",
                "freight",
                "service_contract",
                "booking",
                "departure",
                "place_of_receipt",
                "place_of_delivery",
                "partial_shipment",
            ];
            let goods: &[&str] = &["hs_code", "tare_kg", "container_type", "container_count", "vgm_kg_*"];
            [RECEIVERS, carriage, goods, MARKS].concat()
        }
        CommercialKind::WeightCertificate => {
            [&["weighed_on", "weighed_at", "tare_kg"], LOAD, &["weighbridge_*"], MARKS].concat()
        }
        CommercialKind::WayBill => {
            let truck: &[&str] = &[
                "transporter",
                "truck_plate",
                "trailer_plate",
                "driver",
                "driver_phone",
                "driver_license",
                "truck_destination",
                "birr_per_quintal",
            ];
            let load: &[&str] = &["loaded_at", "loaded_on", "container_*", "bags", "net_kg", "gross_kg", "conditions"];
            [truck, load, MARKS].concat()
        }
    }
}

/// The same of the correction of a paper, of which the address does not say the kind.
#[must_use]
pub fn fields_of_correction() -> Vec<&'static str> {
    CommercialKind::ALL.iter().flat_map(|kind| fields_of(*kind)).chain([CORRECTION_REASON]).collect()
}

/// What was typed before and is to stand in the form: everything of the paper that is corrected, else what its
/// siblings have in common with it.
#[must_use]
pub fn remembered(kind: CommercialKind, record: &Record, corrected: Option<&InForce>) -> BTreeMap<String, String> {
    if let Some(paper) = corrected {
        return paper.asked.clone();
    }
    let mut values = BTreeMap::new();
    for paper in &record.in_force {
        let last_truck: &[&str] =
            if kind == CommercialKind::WayBill && paper.kind == kind { &OF_THE_LAST_TRUCK } else { &[] };
        for name in SHARED.iter().chain(last_truck) {
            if let Some(value) = paper.asked.get(*name).filter(|value| !value.is_empty()) {
                values.insert((*name).to_owned(), value.clone());
            }
        }
    }
    values
}

/// The weights of the whole consignment as far as they are known before anything is typed.
#[must_use]
pub fn known_weights(record: &Record) -> Weights {
    let weights = Weights::of(record.net, record.bag());
    match record.known_loads() {
        Some(loads) => Weights { gross_kg: loads.iter().map(|load| load.gross_kg).sum(), ..weights },
        None => weights,
    }
}

/// The groups of fields of the paper `kind`.
#[must_use]
pub fn groups(
    kind: CommercialKind,
    record: &Record,
    corrected: Option<&InForce>,
    lang: Lang,
    today: NaiveDate,
) -> Vec<FieldGroup> {
    let form = Form { record, lang, today };
    let mut groups = match kind {
        CommercialKind::Proforma => form.invoice(false),
        CommercialKind::Invoice => form.invoice(true),
        CommercialKind::PackingList => form.packing_list(),
        CommercialKind::ShippingInstruction => form.instruction(),
        CommercialKind::WeightCertificate => form.weighing(),
        CommercialKind::WayBill => form.way_bill(corrected),
    };
    let values = remembered(kind, record, corrected);
    for field in groups.iter_mut().flat_map(|group| &mut group.fields) {
        // What was left out then may be on record by now.
        if let Some(value) = values.get(&field.name).filter(|value| !value.is_empty()) {
            field.value.clone_from(value);
        }
    }
    if corrected.is_some() {
        let reason = Field::textarea(CORRECTION_REASON, lang.t("field-correction-reason"));
        groups.push(FieldGroup::titled(lang.t("commercial-group-why"), vec![reason]));
    }
    groups
}

/// The names of the fields of a form, for keeping what was typed in them and nothing else.
#[must_use]
pub fn names(groups: &[FieldGroup]) -> Vec<&str> {
    groups.iter().flat_map(|group| &group.fields).map(|field| field.name.as_str()).collect()
}

struct Form<'a> {
    record: &'a Record,
    lang: Lang,
    today: NaiveDate,
}

impl Form<'_> {
    fn label(&self, name: &str) -> String {
        self.lang.name_of("field", name)
    }

    fn text(&self, name: &'static str) -> Field {
        Field::text(name, self.label(name))
    }

    fn area(&self, name: &'static str) -> Field {
        Field::textarea(name, self.label(name))
    }

    fn date(&self, name: &'static str) -> Field {
        Field::date(name, self.label(name)).value(self.today.to_string())
    }

    fn kilograms(&self, name: String, label: &str, value: Option<Decimal>) -> Field {
        Field::number(name, self.label(label), "kg")
            .value(value.map(|kg| kg.normalize().to_string()).unwrap_or_default())
    }

    fn named(&self, family: &str, codes: &[&str]) -> Vec<Choice> {
        codes.iter().map(|code| Choice::new(*code, self.lang.name_of(family, code))).collect()
    }

    fn receivers(&self) -> Vec<Field> {
        let record = self.record;
        vec![
            self.area("consignee").hint(self.lang.t("field-consignee-hint")).value(record.buyer()),
            self.area("notify").value(record.notify.clone().unwrap_or_default()).optional(),
        ]
    }

    fn hs_code(&self) -> Field {
        let choice = |code: &super::model::HsCode| {
            Choice::new(code.code.clone(), format!("{} – {}", code.code, code.name.in_lang(self.lang)))
        };
        let codes: Vec<Choice> = self.record.hs_codes.iter().map(choice).collect();
        // What is exported here is green coffee.
        let green = self.record.hs_codes.iter().find(|code| code.coffee_form == "GREEN");
        let first = green.map(|code| code.code.clone()).unwrap_or_default();
        Field::select("hs_code", self.label("hs_code"), codes).value(first).wide()
    }

    fn tare(&self) -> Field {
        self.kilograms("tare_kg".to_owned(), "tare_kg", Some(self.record.bag().tare()))
            .hint(self.lang.t("field-tare-kg-hint"))
    }

    /// What stands on the bags beside what the record knows.
    fn marks(&self) -> FieldGroup {
        let mut fields = Vec::new();
        if self.record.ico_mark.is_none() {
            fields.push(self.text("ico_mark").hint(self.lang.t("field-ico-mark-hint")).optional());
        }
        fields.push(self.text("certification").hint(self.lang.t("field-certification-hint")).optional());
        FieldGroup::titled(self.lang.t("commercial-group-marks"), fields)
    }

    fn parties(&self, fields: Vec<Field>) -> FieldGroup {
        FieldGroup::titled(self.lang.t("commercial-group-parties"), fields)
    }

    /// Of the proforma or the invoice; the chamber certifies no origin before the goods are there to be invoiced.
    fn invoice(&self, is_final: bool) -> Vec<FieldGroup> {
        let record = self.record;
        let mut parties = vec![self.area("applicant").hint(self.lang.t("field-applicant-hint")).value(record.buyer())];
        parties.extend(self.receivers());
        let accounts: Vec<Choice> = record
            .accounts
            .iter()
            .map(|account| Choice::new(account.id.to_string(), format!("{}, {}", account.number, account.bank_name)))
            .collect();
        let first = accounts.first().map(|choice| choice.value.clone()).unwrap_or_default();
        let mut price = Vec::new();
        if record.export.currency == "USD" {
            let per_kg = self.lang.fill("price-basis-per-kilogram", [("currency", record.export.currency.clone())]);
            let choices = vec![
                Choice::new("CENTS_PER_POUND", self.lang.t("price-basis-cents-per-pound")),
                Choice::new("PER_KILOGRAM", per_kg),
            ];
            price.push(Field::radios("basis", self.label("basis"), choices).value("CENTS_PER_POUND"));
        }
        price.push(Field::select("account", self.label("account"), accounts).value(first).wide());
        let mut goods = vec![self.hs_code(), self.tare()];
        if record.is_by_sea() {
            let types = [ShipmentType::FullContainer.code(), ShipmentType::PartContainer.code()];
            let choices = self.named("shipment-type", &types);
            goods.push(Field::select("shipment_type", self.label("shipment_type"), choices).value(types[0]));
        }
        goods.push(self.text("final_destination").value(record.discharge.name.clone()));
        if is_final {
            let certificate = record.chamber_certificate.clone().unwrap_or_default();
            goods.push(self.text("chamber_certificate").value(certificate).optional());
        }
        vec![
            self.parties(parties),
            FieldGroup::titled(self.lang.t("commercial-group-price"), price),
            FieldGroup::titled(self.lang.t("commercial-group-goods"), goods),
            self.marks(),
        ]
    }

    /// A group for each container; by air one for all.
    fn loads(&self, each: impl Fn(usize) -> Vec<Field>) -> Vec<FieldGroup> {
        let containers = &self.record.containers;
        if containers.is_empty() {
            return vec![FieldGroup::titled(self.lang.t("commercial-group-loose"), each(1))];
        }
        let title = |number: &str| self.lang.fill("commercial-group-container", [("number", number.to_owned())]);
        (1..).zip(containers).map(|(row, c)| FieldGroup::titled(title(&c.number), each(row))).collect()
    }

    /// Seal, bags and weights of one load, as they are typed where nobody has put them on record.
    fn load(&self, row: usize) -> Vec<Field> {
        let record = self.record;
        let is_one = record.containers.len() <= 1;
        let whole = known_weights(record);
        let mut fields = Vec::new();
        if !record.containers.is_empty() {
            fields.push(Field::text(format!("seal_{row}"), self.label("seal")));
        }
        let bags = if is_one { whole.bags.to_string() } else { String::new() };
        fields.push(Field::number(format!("packages_{row}"), self.label("bags_in_it"), "").value(bags));
        fields.push(self.kilograms(format!("net_kg_{row}"), "net_in_it", is_one.then_some(whole.net_kg)));
        fields.push(self.kilograms(format!("gross_kg_{row}"), "gross_in_it", is_one.then_some(whole.gross_kg)));
        fields
    }

    fn packing_list(&self) -> Vec<FieldGroup> {
        let place = self.record.terms.packing_place.clone().unwrap_or_default();
        let packing = vec![self.date("packed_on"), self.text("packed_at").value(place), self.tare()];
        let mut groups =
            vec![self.parties(self.receivers()), FieldGroup::titled(self.lang.t("commercial-group-packing"), packing)];
        if self.record.loaded().is_none() {
            groups.extend(self.loads(|row| self.load(row)));
        }
        groups.push(self.marks());
        groups
    }

    fn instruction(&self) -> Vec<FieldGroup> {
        let (record, export) = (self.record, &self.record.export);
        let mut parties = self.receivers();
        parties.push(self.area("second_notify").optional());
        let mut carriage = Vec::new();
        if record.is_by_sea() {
            let types = [BillType::Original.code(), BillType::Telex.code(), BillType::SeaWaybill.code()];
            let choices = self.named("bill-type", &types);
            carriage.push(Field::select("bill_type", self.label("bill_type"), choices).value(types[0]));
        }
        let freight = self.named("freight", &[FreightTerms::Collect.code(), FreightTerms::Prepaid.code()]);
        carriage.extend([
            Field::number("originals", self.label("originals"), "").value("3"),
            Field::select("freight", self.label("freight"), freight)
                .value(FreightTerms::of_incoterm(&export.incoterm).code()),
            self.text("service_contract").optional(),
        ]);
        if record.booking.is_none() {
            carriage.push(Field::text("booking", self.label("booking_number")).optional());
        }
        if export.departure_date.is_none() {
            carriage.push(Field::date("departure", self.label("departure")));
        }
        let partial = vec![
            Choice::new("NOT_ALLOWED", self.lang.t("papers-partial-not-allowed")),
            Choice::new("ALLOWED", self.lang.t("papers-partial-allowed")),
        ];
        carriage.extend([
            self.text("place_of_receipt").value(record.loading.name.clone()),
            self.text("place_of_delivery").value(record.discharge.name.clone()),
            Field::select("partial_shipment", self.label("partial_shipment"), partial).value("NOT_ALLOWED"),
        ]);
        let mut goods = vec![self.hs_code(), self.tare()];
        if record.is_by_sea() && record.containers.is_empty() {
            let types = CONTAINER_TYPES.iter().map(|code| Choice::new(*code, *code)).collect();
            goods.push(Field::select("container_type", self.label("container_type"), types).value(CONTAINER_TYPES[0]));
            goods.push(Field::number("container_count", self.label("container_count"), "").value("1"));
        }
        for (row, container) in (1..).zip(&record.containers) {
            let label = self.lang.fill("field-vgm-kg", [("number", container.number.clone())]);
            goods.push(Field::number(format!("vgm_kg_{row}"), label, "kg").optional());
        }
        vec![
            self.parties(parties),
            FieldGroup::titled(self.lang.t("commercial-group-carriage"), carriage),
            FieldGroup::titled(self.lang.t("commercial-group-goods"), goods),
            self.marks(),
        ]
    }

    fn weighing(&self) -> Vec<FieldGroup> {
        let record = self.record;
        let weighing = vec![self.date("weighed_on"), self.text("weighed_at"), self.tare()];
        let mut groups = vec![FieldGroup::titled(self.lang.t("commercial-group-weighing"), weighing)];
        let (is_loaded, known) = (record.loaded().is_some(), record.known_loads());
        groups.extend(self.loads(|row| {
            let mut fields = match &known {
                _ if is_loaded => Vec::new(),
                Some(listed) => {
                    // The weighbridge says it; what was reckoned before stands beside it.
                    let field = self.kilograms(format!("gross_kg_{row}"), "gross_in_it", None);
                    vec![match listed.get(row - 1) {
                        Some(load) => {
                            let kg = crate::quantities::kilograms(load.gross_kg);
                            field.hint(self.lang.fill("field-gross-listed", [("kg", kg)]))
                        }
                        None => field,
                    }]
                }
                None => self.load(row),
            };
            fields.push(Field::text(format!("weighbridge_{row}"), self.label("weighbridge")));
            fields
        }));
        groups.push(self.marks());
        groups
    }

    fn way_bill(&self, corrected: Option<&InForce>) -> Vec<FieldGroup> {
        let record = self.record;
        let place = record.terms.packing_place.clone().unwrap_or_default();
        let truck = vec![
            self.text("transporter"),
            self.text("truck_plate").width(20),
            self.text("trailer_plate").width(20).optional(),
            self.text("driver"),
            self.text("driver_phone").width(20),
            self.text("driver_license").width(20),
            self.text("truck_destination").value(record.loading.name.clone()),
            Field::number("birr_per_quintal", self.label("birr_per_quintal"), "ETB"),
        ];
        let (bags, net_kg) = left_to_carry(record, corrected.map(|paper| paper.id));
        let gross = Kilograms::try_from(net_kg).ok().map(|net| record.bag().gross(net));
        let mut load = vec![self.text("loaded_at").value(place), self.date("loaded_on")];
        for (row, container) in (1..).zip(&record.containers) {
            let label = self.lang.fill("field-on-truck", [("number", container.number.clone())]);
            load.push(Field::checkbox(format!("container_{row}"), label));
        }
        load.extend([
            Field::number("bags", self.label("bags_in_it"), "").value(bags.to_string()),
            self.kilograms("net_kg".to_owned(), "net_in_it", Some(net_kg)),
            self.kilograms("gross_kg".to_owned(), "gross_in_it", gross),
            Field::textarea("conditions", self.label("way_bill_conditions")).optional(),
        ]);
        vec![
            FieldGroup::titled(self.lang.t("commercial-group-truck"), truck),
            FieldGroup::titled(self.lang.t("commercial-group-load"), load),
            self.marks(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::commercial::facts::Facts;
    use crate::certificates::commercial::samples;
    use crate::web::form_fields::FieldNames;

    fn day() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
    }

    fn values(groups: &[FieldGroup]) -> BTreeMap<String, String> {
        groups.iter().flat_map(|group| &group.fields).map(|f| (f.name.clone(), f.value.clone())).collect()
    }

    #[test]
    fn a_form_sent_as_it_comes_lacks_only_what_nobody_can_know() {
        for (kind, lacking) in [
            (CommercialKind::Proforma, vec![]),
            (CommercialKind::Invoice, vec![]),
            (CommercialKind::PackingList, vec!["seal_1"]),
            (CommercialKind::ShippingInstruction, vec![]),
            (CommercialKind::WeightCertificate, vec!["seal_1", "weighbridge_1", "weighed_at"]),
            (
                CommercialKind::WayBill,
                vec!["transporter", "truck_plate", "driver", "driver_phone", "driver_license", "birr_per_quintal"],
            ),
        ] {
            let record = samples::record();
            let sent = values(&groups(kind, &record, None, Lang::EN, day()));
            let problems = Facts::parse(kind, &sent, &record, None, day()).err().unwrap_or_default();
            let mut wrong: Vec<&str> = problems.0.iter().map(|(field, _)| field.as_str()).collect();
            let mut lacking = lacking;
            wrong.sort_unstable();
            lacking.sort_unstable();
            assert_eq!(wrong, lacking, "{kind}: {problems:?}");
        }
    }

    #[test]
    fn every_field_that_a_form_asks_is_read_and_kept() {
        for record in [samples::record(), samples::two_containers(), samples::loaded()] {
            for kind in CommercialKind::ALL {
                let groups = groups(*kind, &record, None, Lang::AM, day());
                let names = names(&groups);
                let unique: std::collections::BTreeSet<&&str> = names.iter().collect();
                assert_eq!(unique.len(), names.len(), "{kind}: {names:?}");
                let declared = FieldNames::from(fields_of(*kind));
                let strangers: Vec<&&str> = names.iter().filter(|name| !declared.have(name)).collect();
                assert_eq!(strangers, Vec::<&&str>::new(), "{kind}");
            }
        }
    }

    #[test]
    fn what_was_typed_for_one_paper_stands_in_the_next() {
        let mut record = samples::record();
        let mut proforma = samples::in_force(CommercialKind::Proforma, 1);
        proforma.asked = [("consignee", "To order of Hanse Bank"), ("account", "x"), ("tare_kg", "0.9")]
            .map(|(n, v)| (n.into(), v.into()))
            .into();
        record.in_force = vec![proforma];
        let list = values(&groups(CommercialKind::PackingList, &record, None, Lang::EN, day()));
        assert_eq!((list["consignee"].as_str(), list["tare_kg"].as_str()), ("To order of Hanse Bank", "0.9"));
        assert_eq!(list["packed_at"], "Kality, Addis Ababa");
    }

    #[test]
    fn the_next_truck_has_the_carrier_and_not_the_driver_of_the_last() {
        let mut record = samples::record();
        let mut bill = samples::in_force(CommercialKind::WayBill, 1);
        bill.asked = [("transporter", "Awash Freight"), ("driver", "Kebede"), ("bags", "100")]
            .map(|(n, v)| (n.into(), v.into()))
            .into();
        record.in_force = vec![bill];
        let next = values(&groups(CommercialKind::WayBill, &record, None, Lang::EN, day()));
        assert_eq!((next["transporter"].as_str(), next["driver"].as_str()), ("Awash Freight", ""));
        assert_eq!((next["bags"].as_str(), next["net_kg"].as_str()), ("220", "13200"));
    }

    #[test]
    fn a_correction_starts_from_what_was_typed() {
        let mut record = samples::loaded();
        let mut bill = samples::in_force(CommercialKind::WayBill, 1);
        bill.asked =
            [("driver", "Kebede"), ("container_1", "yes"), ("bags", "100")].map(|(n, v)| (n.into(), v.into())).into();
        record.in_force = vec![bill.clone()];
        let again = groups(CommercialKind::WayBill, &record, Some(&bill), Lang::EN, day());
        let again = values(&again);
        assert_eq!((again["driver"].as_str(), again["bags"].as_str()), ("Kebede", "100"));
        assert_eq!((again["container_1"].as_str(), again["container_2"].as_str()), ("yes", ""));
        assert_eq!(again["correction_reason"], "");
    }
}
