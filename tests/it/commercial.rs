//! The commercial set: prepared by the seller from what is on record, checked, corrected, counted on the checklist.

use std::collections::BTreeSet;

use futures::future::join_all;
use http::StatusCode;
use sqlx::Row;
use uuid::Uuid;

use crate::decisions::submit;
use crate::letters::{letter, value};
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{approvals, facts_of, filled_in, organization, something_to_ask};

/// The documents that the exporter issues here instead of uploading them.
const ISSUED_HERE: &str = "document_type in ('INVOICE', 'PACKING_LIST', 'WEIGHT_CERTIFICATE')";

/// The last invoice of the first exporter.
const INVOICES: &str = "select coalesce(max(n.last_value), 0) from number_counters n
    join exporter_profiles p on p.ico_exporter_code = n.scope
    join organizations o on o.organization_id = p.organization_id and o.code = 'EXPORTER'
    where n.series_key = 'INVOICE'";

/// An exporter with an account and an export of 600 kg in preparation, whose invoice, packing list and weight
/// certificate nobody has uploaded.
struct Sale {
    site: TestSite,
    owner: Browser,
    export: Uuid,
    account: Uuid,
    /// How many invoices the exporter has issued before.
    invoices: i64,
}

impl Sale {
    async fn begin() -> Self {
        Self::begin_on(TestSite::seeded().await).await
    }

    async fn begin_on(site: TestSite) -> Self {
        let asked = something_to_ask(&site, "EXPORTER", 600).await;
        let mut owner = site.sign_in("exporter.owner").await;
        let export = site.request(&mut owner, &asked, "600").await;
        site.execute(&format!(
            "update export_documents set is_active = false, deactivated_at = now(), deactivated_by = uploaded_by,
                 deactivation_reason = 'It is issued here instead.'
             where export_id = '{export}' and {ISSUED_HERE};
             delete from seller_accounts; delete from seller_terms;"
        ))
        .await;
        let account = add_account(&site, &mut owner, "1000-00791").await;
        let invoices = site.count(INVOICES).await;
        Self { site, owner, export, account, invoices }
    }

    fn home(&self) -> String {
        format!("/exports/{}/commercial", self.export)
    }

    fn invoice(&self) -> Vec<(&'static str, String)> {
        [
            ("applicant", "Hanse Kaffee Kontor GmbH, Hamburg"),
            ("consignee", "To the order of Hanse Bank AG"),
            ("basis", "CENTS_PER_POUND"),
            ("shipment_type", "FCL"),
            ("final_destination", "Hamburg"),
            ("hs_code", "09011100"),
            ("tare_kg", "0.75"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into_iter()
        .chain([("account", self.account.to_string())])
        .collect()
    }

    /// Opens the form at `path`, fills it in and sends it.
    async fn send(&mut self, path: &str, fields: &[(&'static str, String)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.site.fill_in(&mut self.owner, path, path, &fields).await
    }

    /// Issues the paper `kind`, and says under which number and id.
    async fn issue(&mut self, kind: &str, fields: &[(&'static str, String)]) -> (String, Uuid) {
        let answer = self.send(&format!("{}/{kind}", self.home()), fields).await;
        assert_eq!(
            (answer.status, answer.location()),
            (StatusCode::SEE_OTHER, self.home().as_str()),
            "{}",
            answer.text
        );
        self.newest().await
    }

    async fn newest(&self) -> (String, Uuid) {
        let row = sqlx::query(
            "select number, paper_id from issued_papers where export_id = $1 order by paper_id desc limit 1",
        )
        .bind(self.export)
        .fetch_one(&mut self.site.sql().await)
        .await
        .unwrap();
        (row.get(0), row.get(1))
    }

    async fn attached(&self) -> BTreeSet<String> {
        let names: Vec<String> = sqlx::query_scalar("select attached_documents from exports where export_id = $1")
            .bind(self.export)
            .fetch_one(&mut self.site.sql().await)
            .await
            .unwrap();
        names.into_iter().collect()
    }

    async fn says(&self, paper: Uuid, path: &str) -> String {
        sqlx::query_scalar("select snapshot #>> $2::text[] from issued_papers where paper_id = $1")
            .bind(paper)
            .bind(format!("{{{path}}}"))
            .fetch_one(&mut self.site.sql().await)
            .await
            .unwrap()
    }

    /// Whoever decides it approves the step `kind`.
    async fn approve(&self, kind: &str) -> Answer {
        let all = approvals(jebena::calendar::eat_date(self.site.now()));
        let (username, kind, facts) = all.into_iter().find(|(_, step, _)| *step == kind).unwrap();
        let facts = facts_of(&self.site, self.export, kind, &facts).await;
        self.site.decide(username, self.export, kind, &pairs(&facts)).await
    }

    /// Submits the export and approves step after step until `until` has been approved.
    async fn walk(&mut self, until: &str) {
        submit(&self.site, &mut self.owner, self.export).await;
        for kind in ["bank-check", "fx", "quality", "permit", "shipment"] {
            let answer = self.approve(kind).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}: {}", answer.text);
            if kind == until {
                return;
            }
        }
    }
}

fn account_fields(bank: Uuid, number: &str) -> Vec<(&'static str, String)> {
    [
        ("account_branch", "Bole Branch, Addis Ababa"),
        ("account_holder", "Abay Coffee Export PLC"),
        ("account_number", number),
        ("account_currency", "USD"),
        ("account_swift", "NILBETAA"),
        ("account_correspondent", "Hudson Correspondent Bank"),
        ("account_correspondent_swift", "HUDCUS33"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into_iter()
    .chain([("account_bank", bank.to_string())])
    .collect()
}

fn as_sent<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

async fn add_account(site: &TestSite, owner: &mut Browser, number: &str) -> Uuid {
    let fields = account_fields(organization(site, "BANK").await, number);
    let answer = site.fill_in(owner, "/seller/accounts/new", "/seller/accounts", &as_sent(&fields)).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/seller"), "{}", answer.text);
    sqlx::query_scalar("select account_id from seller_accounts where account_number = $1")
        .bind(number)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

fn with(fields: &[(&'static str, String)], changed: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    let kept = fields.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name)).cloned();
    kept.chain(changed.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect()
}

#[tokio::test]
async fn the_proforma_is_checked_by_the_bank_and_the_invoice_keeps_its_number() {
    let mut sale = Sale::begin().await;
    assert!(!sale.attached().await.contains("PROFORMA_INVOICE"));
    let case = format!("/exports/{}", sale.export);
    let page = sale.site.get(&mut sale.owner, &case).await;
    assert!(page.text.contains("Commercial invoice"), "it is asked for: {}", page.text);

    // Before the bank's check there is the proforma alone, and it does for the invoice.
    let home = sale.home();
    let list = sale.site.get(&mut sale.owner, &home).await;
    assert!(
        list.text.contains("/commercial/proforma-invoice") && !list.text.contains("/commercial/commercial-invoice")
    );
    assert!(list.text.contains("once the bank has granted it"), "{}", list.text);
    let fields = sale.invoice();
    let (number, proforma) = sale.issue("proforma-invoice", &fields).await;
    assert!(number.starts_with("INV-") && number.ends_with(&format!("-{:04}", sale.invoices + 1)), "{number}");
    assert!(sale.attached().await.contains("PROFORMA_INVOICE"));
    assert_eq!(sale.says(proforma, "body,receivers,consignee").await, "To the order of Hanse Bank AG");
    assert_eq!(sale.says(proforma, "weights,gross_kg").await, "607.5");
    let again = sale.send(&format!("{home}/proforma-invoice"), &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    assert!(again.text.contains(&number));

    // The bank sees it in the place of the file, and approves.
    submit(&sale.site, &mut sale.owner, sale.export).await;
    let mut bank = sale.site.sign_in("bank.officer").await;
    let page = sale.site.get(&mut bank, &case).await;
    assert!(page.text.contains(&number) && page.text.contains("issued here"), "{}", page.text);
    let documents = sale.site.get(&mut bank, &format!("{case}/documents")).await;
    assert!(documents.text.contains(&format!("/papers/{proforma}")), "{}", documents.text);
    let sheet = sale.site.get(&mut bank, &format!("/papers/{proforma}")).await;
    assert!(sheet.text.contains("Proforma invoice") && sheet.text.contains("NILBETAA"), "{}", sheet.text);
    assert!(sheet.text.contains("and 00/100 USD") || sheet.text.contains("/100 USD"), "the amount in words");
    assert_eq!(sale.approve("bank-check").await.status, StatusCode::SEE_OTHER);

    // The invoice keeps the number, and takes the proforma's place.
    let (invoice_number, invoice) = sale.issue("commercial-invoice", &fields).await;
    assert_eq!(invoice_number, number);
    assert_eq!(sale.says(invoice, "references,bank_permit").await, "BP-2026-0042");
    assert!(sale.attached().await.contains("INVOICE"));
    let list = sale.site.get(&mut sale.owner, &home).await;
    assert!(list.text.contains("has taken the proforma’s place"), "{}", list.text);
    let late = sale.site.get(&mut sale.owner, &format!("/papers/{proforma}/correction")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);

    // Whoever holds a code learns whose paper it is and that it holds, and nothing of price or buyer.
    let code: String = sqlx::query_scalar("select verify_code from issued_papers where paper_id = $1")
        .bind(invoice)
        .fetch_one(&mut sale.site.sql().await)
        .await
        .unwrap();
    let answer = sale.site.get(&mut Browser::default(), &format!("/v/{code}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("VALID") && answer.text.contains("The exporter issued this paper"), "{}", answer.text);
    assert!(answer.text.contains(&number) && !answer.text.contains("Hanse"));
}

#[tokio::test]
async fn a_correction_takes_the_place_of_what_it_corrects_and_prints_of_the_first_stay_what_they_were() {
    let mut sale = Sale::begin().await;
    let fields = sale.invoice();
    let (number, first) = sale.issue("proforma-invoice", &fields).await;
    let before = sale.site.get(&mut sale.owner, &format!("/papers/{first}")).await.text;
    let path = format!("/papers/{first}/correction");

    // What was typed stands there again; a reason is asked.
    let form = sale.site.get(&mut sale.owner, &path).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.text);
    assert!(form.text.contains("To the order of Hanse Bank AG") && form.text.contains("correction_reason"));
    let changed = with(&fields, &[("consignee", "To order"), ("correction_reason", "too short")]);
    let refused = sale.send(&path, &changed).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"correction_reason-error\"") && refused.text.contains("To order"));
    let changed = with(&fields, &[("consignee", "To order"), ("correction_reason", "The consignee was another.")]);
    let answer = sale.send(&path, &changed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let (second_number, second) = sale.newest().await;
    assert_eq!(second_number, format!("{number}-R2"));
    assert_eq!(sale.says(second, "replaces").await, number);
    assert_eq!(sale.site.count("select count(*) from paper_withdrawals where replaced_by is not null").await, 1);

    // The first says REPLACED and by what, and else what it said.
    let page = sale.site.get(&mut sale.owner, &format!("/papers/{first}")).await;
    assert!(page.text.contains("REPLACED") && page.text.contains("To the order of Hanse Bank AG"));
    let body =
        |text: &str| text.split("<div class=\"boxes\">").nth(1).unwrap().split("<footer").next().unwrap().to_owned();
    assert_eq!(body(&page.text), body(&before));
    let code: String = sqlx::query_scalar("select verify_code from issued_papers where paper_id = $1")
        .bind(first)
        .fetch_one(&mut sale.site.sql().await)
        .await
        .unwrap();
    let public = sale.site.get(&mut Browser::default(), &format!("/v/{code}")).await;
    assert!(public.text.contains("REPLACED") && public.text.contains(&second_number), "{}", public.text);

    // It cannot be corrected twice, and one export has one proforma.
    let late = sale.site.get(&mut sale.owner, &path).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(
        sale.site.count("select count(*) from audit.events where event_type = 'PROFORMA_INVOICE_REPLACED'").await,
        1
    );

    // Withdrawn, it no longer counts; the next one keeps the number.
    assert!(sale.attached().await.contains("PROFORMA_INVOICE"));
    let withdrawal = format!("/papers/{second}/withdrawal");
    let short = sale.send(&withdrawal, &[("withdrawal_reason", "no".to_owned())]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let why = [("withdrawal_reason", "The buyer has asked for another offer.".to_owned())];
    assert_eq!(sale.send(&withdrawal, &why).await.status, StatusCode::SEE_OTHER);
    assert!(!sale.attached().await.contains("PROFORMA_INVOICE"));
    let page = sale.site.get(&mut sale.owner, &format!("/papers/{second}")).await;
    assert!(page.text.contains("REVOKED"));
    let (third, _) = sale.issue("proforma-invoice", &fields).await;
    assert_eq!(third, format!("{number}-R3"));
}

#[tokio::test]
async fn customs_asks_for_the_invoice_itself_and_for_the_packing_list() {
    let mut sale = Sale::begin().await;
    let fields = sale.invoice();
    sale.issue("proforma-invoice", &fields).await;
    sale.walk("shipment").await;
    let refused = sale.approve("customs").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("still missing: Commercial invoice, Packing list"), "{}", refused.text);
    sale.issue("commercial-invoice", &fields).await;
    let refused = sale.approve("customs").await;
    assert!(refused.text.contains("still missing: Packing list"), "{}", refused.text);

    // A container that contradicts itself is named; everything typed stays.
    let list: Vec<(&'static str, String)> = [
        ("consignee", "To order"),
        ("packed_on", "2026-11-18"),
        ("packed_at", "Kality"),
        ("tare_kg", "0.75"),
        ("seal_1", "SL-9087"),
        ("packages_1", "9"),
        ("net_kg_1", "600"),
        ("gross_kg_1", "607.5"),
        ("ico_mark", "010/1402/1"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    let path = format!("{}/packing-list", sale.home());
    let wrong = sale.send(&path, &list).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"packages_1-error\"") && wrong.text.contains("fills 10 bags"), "{}", wrong.text);
    assert!(wrong.text.contains("value=\"SL-9087\"") && wrong.text.contains("value=\"Kality\""));
    let (number, paper) = sale.issue("packing-list", &with(&list, &[("packages_1", "10")])).await;
    assert!(number.starts_with("PL-"), "{number}");
    assert_eq!(sale.says(paper, "body,loads,0,container").await, "MSCU1234566");
    assert_eq!(sale.says(paper, "goods,ico_mark").await, "010/1402/0001");
    // The buyer asks for the weights: bags and coffee stand on the packing list, the weighbridge says the rest.
    let refused = sale.approve("customs").await;
    assert!(refused.text.contains("still missing: Certificate of weight"), "{}", refused.text);
    let form =
        sale.site.get(&mut sale.owner, &format!("/exports/{}/commercial/weight-certificate", sale.export)).await.text;
    let gross = form.split("name=\"gross_kg_1\"").nth(1).unwrap().split('>').next().unwrap().to_owned();
    assert!(gross.contains("value=\"\""), "the weighbridge says it, and nobody before: {gross}");
    assert!(form.contains("By the packing list: 607.5 kg"), "{form}");
    let weighing = [
        ("tare_kg", "0.75"),
        ("weighed_on", "2026-11-18"),
        ("weighed_at", "Modjo"),
        ("gross_kg_1", "610"),
        ("weighbridge_1", "MJ-1"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let (number, paper) = sale.issue("weight-certificate", &weighing).await;
    assert!(number.starts_with("WC-"));
    assert_eq!(sale.says(paper, "body,loads,0,seal").await, "SL-9087");
    assert_eq!(sale.says(paper, "body,loads,0,gross_kg").await, "610");
    let cleared = sale.approve("customs").await;
    assert_eq!(cleared.status, StatusCode::SEE_OTHER, "{}", cleared.text);

    // On board, the invoice is behind the record; its correction names the bill of lading.
    assert_eq!(sale.approve("loading").await.status, StatusCode::SEE_OTHER);
    let home = sale.home();
    let page = sale.site.get(&mut sale.owner, &home).await;
    assert!(page.text.contains("The record has moved on since"), "{}", page.text);
    let invoice: Uuid =
        sqlx::query_scalar("select paper_id from issued_papers where export_id = $1 and kind = 'COMMERCIAL_INVOICE'")
            .bind(sale.export)
            .fetch_one(&mut sale.site.sql().await)
            .await
            .unwrap();
    let changed = with(&fields, &[("correction_reason", "The bill of lading is here.")]);
    let answer = sale.send(&format!("/papers/{invoice}/correction"), &changed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let (_, corrected) = sale.newest().await;
    assert_eq!(sale.says(corrected, "references,bill_of_lading").await, "MEDU118042");
    assert_eq!(sale.says(corrected, "weights,gross_kg").await, "607.5");

    // What customs has relied upon can still be read by it, and by nobody outside.
    let mut customs = sale.site.sign_in("customs.officer").await;
    assert_eq!(sale.site.get(&mut customs, &format!("/papers/{paper}")).await.status, StatusCode::OK);
    for outside in ["exporter2.owner", "bank2.officer", "shipping2.officer"] {
        let mut person = sale.site.sign_in(outside).await;
        let answer = sale.site.get(&mut person, &format!("/papers/{paper}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{outside}");
    }
}

fn truck(bags: &str, net: &str, gross: &str) -> Vec<(&'static str, String)> {
    [
        ("transporter", "Awash Freight"),
        ("truck_plate", "3-A12345 ET"),
        ("driver", "Kebede Alemu"),
        ("driver_phone", "+251 911 000 099"),
        ("driver_license", "AA-104477"),
        ("truck_destination", "Djibouti"),
        ("birr_per_quintal", "385.50"),
        ("loaded_at", "Kality"),
        ("loaded_on", "2026-11-18"),
        ("bags", bags),
        ("net_kg", net),
        ("gross_kg", gross),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into()
}

#[tokio::test]
async fn trucks_carry_the_consignment_and_no_more() {
    let mut sale = Sale::begin().await;
    let fields = sale.invoice();
    sale.issue("proforma-invoice", &fields).await;
    let early = sale.site.get(&mut sale.owner, &format!("/exports/{}/commercial/way-bill", sale.export)).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.text);
    sale.walk("permit").await;
    let (first, paper) = sale.issue("way-bill", &truck("6", "360", "364.5")).await;
    let path = format!("{}/way-bill", sale.home());
    let form = sale.site.get(&mut sale.owner, &path).await;
    assert!(form.text.contains("value=\"Awash Freight\"") && form.text.contains("value=\"240\""), "{}", form.text);
    let much = sale.send(&path, &truck("5", "300", "304")).await;
    assert_eq!(much.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(much.text.contains("id=\"net_kg-error\""), "{}", much.text);
    let (second, _) = sale.issue("way-bill", &truck("4", "240", "243")).await;
    assert_ne!(first, second);
    let third = sale.send_blindly(&path, &truck("1", "60", "61")).await;
    assert_eq!(third.status, StatusCode::CONFLICT, "{}", third.text);
    assert!(third.text.contains("Every bag of this export is on a truck already"));

    // The freight is by the quintal, gross; the driver declares in both languages.
    assert_eq!(sale.says(paper, "body,freight_birr").await, "1405.15");
    let sheet = sale.site.get(&mut sale.owner, &format!("/papers/{paper}")).await;
    assert!(sheet.text.contains("I have read and understood") && sheet.text.contains("አንብቤ ተረድቻለሁ"));

    // The shipping instruction goes to the carrier before it books.
    let instruction = [
        ("consignee", "To order"),
        ("bill_type", "ORIGINAL"),
        ("originals", "3"),
        ("freight", "PREPAID"),
        ("departure", "2026-12-01"),
        ("place_of_receipt", "Addis Ababa"),
        ("place_of_delivery", "Hamburg"),
        ("hs_code", "09011100"),
        ("tare_kg", "0.75"),
        ("container_type", "20DRY"),
        ("container_count", "1"),
        ("partial_shipment", "NOT_ALLOWED"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let incoterm: String = sqlx::query_scalar("select incoterm::text from exports where export_id = $1")
        .bind(sale.export)
        .fetch_one(&mut sale.site.sql().await)
        .await
        .unwrap();
    let is_collect = matches!(incoterm.as_str(), "EXW" | "FCA" | "FAS" | "FOB");
    let (wrong, right) = if is_collect { ("PREPAID", "COLLECT") } else { ("COLLECT", "PREPAID") };
    let path = format!("{}/shipping-instruction", sale.home());
    let refused = sale.send(&path, &with(&instruction, &[("freight", wrong)])).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"freight-error\""), "{}", refused.text);
    let (number, paper) = sale.issue("shipping-instruction", &with(&instruction, &[("freight", right)])).await;
    assert!(number.starts_with("SI-"));
    let mut carrier = sale.site.sign_in("shipping.officer").await;
    assert_eq!(sale.site.get(&mut carrier, &format!("/papers/{paper}")).await.status, StatusCode::OK);
}

impl Sale {
    /// Sends a form that is not shown any more, with the token of another one.
    async fn send_blindly(&mut self, path: &str, fields: &[(&'static str, String)]) -> Answer {
        let csrf = self.site.get(&mut self.owner, "/help").await.hidden("csrf");
        let key = Uuid::new_v4().to_string();
        let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
        sent.extend(as_sent(fields));
        self.site.post(&mut self.owner, path, &sent).await
    }
}

#[tokio::test]
async fn nobody_but_the_seller_prepares_and_a_closed_export_has_no_new_papers() {
    let mut sale = Sale::begin().await;
    let fields = sale.invoice();
    let (_, paper) = sale.issue("proforma-invoice", &fields).await;
    submit(&sale.site, &mut sale.owner, sale.export).await;
    let home = sale.home();
    for (name, status) in [
        ("exporter2.owner", StatusCode::NOT_FOUND),
        ("bank.officer", StatusCode::FORBIDDEN),
        ("ecta.officer", StatusCode::FORBIDDEN),
    ] {
        let mut person = sale.site.sign_in(name).await;
        for path in [home.clone(), format!("{home}/packing-list"), format!("/papers/{paper}/correction")] {
            let answer = sale.site.get(&mut person, &path).await;
            assert_eq!(answer.status, status, "{name} {path}: {}", answer.text);
        }
    }
    for path in [
        format!("{home}/receipt"),
        "/papers/nonsense/correction".to_owned(),
        format!("/papers/{}/correction", Uuid::now_v7()),
    ] {
        assert_eq!(sale.site.get(&mut sale.owner, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let cancelled = format!("/exports/{}/cancellation", sale.export);
    let why = [("cancel_reason", "The buyer has withdrawn from it.")];
    let case = format!("/exports/{}", sale.export);
    let answer = sale.site.fill_in(&mut sale.owner, &case, &cancelled, &why).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let answer = sale.send_blindly(&format!("{home}/proforma-invoice"), &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    let answer = sale
        .send_blindly(&format!("/papers/{paper}/withdrawal"), &[("withdrawal_reason", "It is not needed.".to_owned())])
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    assert_eq!(sale.site.count("select count(*) from paper_withdrawals").await, 0);
}

#[tokio::test]
async fn two_clerks_issue_one_paper_and_numbers_have_no_gaps() {
    let mut sale = Sale::begin_on(TestSite::seeded_for_crowds().await).await;
    let path = format!("{}/proforma-invoice", sale.home());
    let fields = sale.invoice();
    // Sixteen forms, each its own: a field that is wrong rolls the number back with everything else.
    let mut forms = Vec::new();
    for n in 0..16 {
        let page = sale.site.get(&mut sale.owner, &path).await;
        let account = if n % 2 == 0 { fields.clone() } else { with(&fields, &[("account", "nonsense")]) };
        forms.push(filled_in(&page, &path, "", &as_sent(&account)));
    }
    let answers = join_all(forms.iter().map(|form| {
        let (site, mut browser, path) = (&sale.site, sale.owner.clone(), &path);
        async move { site.post(&mut browser, path, &pairs(form)).await }
    }))
    .await;
    let issued = answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
    assert_eq!(issued, 1);
    for answer in answers {
        assert!(
            matches!(answer.status, StatusCode::SEE_OTHER | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY),
            "{}",
            answer.text
        );
    }
    let (number, _) = sale.newest().await;
    assert!(number.ends_with(&format!("-{:04}", sale.invoices + 1)), "{number}");
    assert_eq!(sale.site.count(INVOICES).await, sale.invoices + 1);

    // The same form twenty times has one effect.
    let proforma = sale.newest().await.1;
    let path = format!("/papers/{proforma}/correction");
    let page = sale.site.get(&mut sale.owner, &path).await;
    let form = with(&fields, &[("correction_reason", "The consignee was another.")]);
    let form = filled_in(&page, &path, "", &as_sent(&form));
    let answers = join_all((0..20).map(|_| {
        let (site, mut browser, path, form) = (&sale.site, sale.owner.clone(), &path, &form);
        async move { site.post(&mut browser, path, &pairs(form)).await }
    }))
    .await;
    for answer in answers {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    assert_eq!(sale.site.count("select count(*) from paper_withdrawals").await, 1);
    assert_eq!(sale.newest().await.0, format!("{number}-R2"));
}

#[tokio::test]
async fn accounts_and_terms_are_kept_once_and_are_their_sellers_own() {
    let mut sale = Sale::begin().await;
    let bank = organization(&sale.site, "BANK").await;

    // The same account twice, and a code that is none: said at the field, with what was typed.
    for (number, swift, field) in [("1000-00791", "NILBETAA", "account_number"), ("1000-2", "NILE", "account_swift")] {
        let fields = with(&account_fields(bank, number), &[("account_swift", swift)]);
        let answer =
            sale.site.fill_in(&mut sale.owner, "/seller/accounts/new", "/seller/accounts", &as_sent(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(&format!("id=\"{field}-error\"")) && answer.text.contains("Bole Branch"));
    }

    // A change; a form for the version before it is stale; another firm finds nothing.
    let path = format!("/seller/accounts/{}", sale.account);
    let stale = sale.site.get(&mut sale.owner, &path).await;
    let fields = with(&account_fields(bank, "1000-00791"), &[("account_branch", "Piassa"), ("account_open", "yes")]);
    let answer = sale.send(&path, &fields).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/seller"));
    let late = filled_in(&stale, &path, "", &as_sent(&fields));
    let answer = sale.site.post(&mut sale.owner, &path, &pairs(&late)).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.text);
    let mut other = sale.site.sign_in("exporter2.owner").await;
    assert_eq!(sale.site.get(&mut other, &path).await.status, StatusCode::NOT_FOUND);
    assert!(!sale.site.get(&mut other, "/seller").await.text.contains("1000-00791"));
    let mut officer = sale.site.sign_in("bank.officer").await;
    assert_eq!(sale.site.get(&mut officer, "/seller").await.status, StatusCode::FORBIDDEN);

    // The terms stand on the next paper.
    let stale = sale.site.get(&mut sale.owner, "/seller").await;
    let terms = [("seller_mark", "Blue Nile Selection"), ("signatory_title", "Export Manager"), ("has_liner", "yes")];
    let answer = sale.site.fill_in(&mut sale.owner, "/seller", "/seller", &terms).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let late = filled_in(&stale, "/seller", "", &terms);
    assert_eq!(sale.site.post(&mut sale.owner, "/seller", &pairs(&late)).await.status, StatusCode::CONFLICT);
    let long = "x".repeat(61);
    let answer = sale.site.fill_in(&mut sale.owner, "/seller", "/seller", &[("seller_mark", &long)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("id=\"seller_mark-error\"") && answer.text.contains(&long));
    let fields = sale.invoice();
    let (_, paper) = sale.issue("proforma-invoice", &fields).await;
    assert_eq!(sale.says(paper, "signatory,title,en").await, "Export Manager");
    assert_eq!(sale.says(paper, "goods,marks,1").await, "BLUE NILE SELECTION");
    assert_eq!(sale.says(paper, "body,account,branch").await, "Piassa");

    // A closed account is offered no more, and without one there is no invoice to prepare.
    let closed = account_fields(bank, "1000-00791");
    assert_eq!(sale.send(&path, &closed).await.status, StatusCode::SEE_OTHER);
    let late = sale.site.get(&mut sale.owner, &format!("/papers/{paper}/correction")).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("You have named no account"), "{}", late.text);
    assert_eq!(sale.says(paper, "body,account,branch").await, "Piassa", "what is issued stays");
}

#[tokio::test]
async fn an_invoice_names_the_letter_of_credit_that_pays_it() {
    let mut sale = Sale::begin().await;
    sale.site.execute(&format!("update exports set payment_method = 'LC' where export_id = '{}'", sale.export)).await;
    let fields = sale.invoice();
    let (_, proforma) = sale.issue("proforma-invoice", &fields).await;
    submit(&sale.site, &mut sale.owner, sale.export).await;
    let mut bank = sale.site.sign_in("bank.officer").await;
    let page = format!("/exports/{}/letter-of-credit", sale.export);
    let terms = letter(&sale.site, &value(&sale.site, sale.export).await, 60);
    let recorded = sale.site.fill_in(&mut bank, &page, &format!("{page}/new"), &pairs(&terms)).await;
    assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.text);
    assert_eq!(sale.approve("bank-check").await.status, StatusCode::SEE_OTHER);
    let (_, invoice) = sale.issue("commercial-invoice", &fields).await;
    let sheet = sale.site.get(&mut sale.owner, &format!("/papers/{invoice}")).await.text;
    assert!(sheet.contains("ILC26-118") && sheet.contains("Hanseatische Aussenhandelsbank"), "{sheet}");
    // What was issued before says what it said.
    assert!(!sale.site.get(&mut sale.owner, &format!("/papers/{proforma}")).await.text.contains("ILC26-118"));
}
