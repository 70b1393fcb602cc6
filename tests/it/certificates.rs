//! Papers: issued with their step, numbered without gaps, printed on record, checked by anybody.

use chrono::{DateTime, Utc};
use http::{Request, StatusCode, header};
use jebena::auth::password::PasswordHasher;
use jebena::database::migrate;
use secrecy::SecretString;
use serde_json::Value;
use sqlx::Row;
use uuid::Uuid;

use crate::site::{Answer, Browser, PASSWORD, TestSite, pairs};

/// Five firms and offices with their people, a farmer who may export, and exports at the step that is tested.
pub struct Walk {
    pub site: TestSite,
    pub people: [Uuid; 7],
    pub organizations: [Uuid; 6],
    exporter: Uuid,
    license: Uuid,
    contract: Uuid,
    lot: Uuid,
}

const PEOPLE: [(&str, usize, &str); 7] = [
    ("farm.owner", 0, "OWNER"),
    ("bank.officer", 1, "OFFICER"),
    ("nbe.officer", 2, "OFFICER"),
    ("ecta.officer", 3, "OFFICER"),
    ("ecta.supervisor", 3, "SUPERVISOR"),
    ("customs.officer", 4, "OFFICER"),
    ("ship.officer", 5, "OFFICER"),
];

impl Walk {
    pub async fn start() -> Self {
        let site = TestSite::start().await;
        let hash = PasswordHasher::new().unwrap().hash(SecretString::from(PASSWORD)).await.unwrap();
        let organizations: [Uuid; 6] = std::array::from_fn(|_| Uuid::now_v7());
        let people: [Uuid; 7] = std::array::from_fn(|_| Uuid::now_v7());
        let kinds = ["EXPORTER", "COMMERCIAL_BANK", "NATIONAL_BANK", "ECTA", "CUSTOMS", "SHIPPING_LINE"];
        let mut sql = String::new();
        for (organization, kind) in organizations.iter().zip(kinds) {
            sql += &format!(
                "insert into organizations (organization_id, code, kind, name, name_am)
                     values ('{organization}', '{}', '{kind}', 'Office {kind}', 'መሥሪያ ቤት');",
                kind.replace('_', "-")
            );
        }
        for (person, (username, organization, role)) in people.iter().zip(PEOPLE) {
            let organization = organizations[organization];
            sql += &format!(
                "insert into users (id, username, password_hash, organization_id, role, full_name, is_demo)
                     values ('{person}', '{username}', '{hash}', '{organization}', '{role}', 'Person {username}', true);
                 insert into user_roles (user_id, role_name) values ('{person}', '{role}');"
            );
        }
        let [exporter, competence, license, contract, lot, inspection] = std::array::from_fn(|_| Uuid::now_v7());
        let ([owner, .., ecta, _, _, _], firm) = (people, organizations[0]);
        sql += &format!(
            "insert into exporter_profiles (exporter_id, organization_id, user_id, business_name, tin,
                 registration_number, business_type, office_address, city, region, contact_person, email, phone,
                 ico_exporter_code, status, approved_by, approved_at)
                 values ('{exporter}', '{firm}', '{owner}', 'Kaffa Forest Farm', '0000000004', 'ECTA-FRM-2026-000001',
                 'FARMER', 'Kebele 03, Bonga', 'Bonga', 'Oromia', 'Person farm', 'farm@jebena.example', '+251911000004',
                 '1402', 'ACTIVE', '{ecta}', '2026-01-01');
             insert into competence_certificates (certificate_id, exporter_id, certificate_number, issued_date,
                 expiry_date, status, inspection_passed, approved_at)
                 values ('{competence}', '{exporter}', 'COMP-2026-000001', '2026-01-05', '2027-12-31', 'ACTIVE', true,
                 '2026-01-05');
             insert into export_licenses (license_id, exporter_id, license_number, issued_date, expiry_date, status,
                 competence_certificate_id, eic_registration_number, approved_by, approved_at)
                 values ('{license}', '{exporter}', 'LIC-2026-000001', '2026-01-06', '2027-12-31', 'ACTIVE',
                 '{competence}', 'EIC-1', '{ecta}', '2026-01-06');
             insert into coffee_lots (lot_id, ecx_lot_number, warehouse_receipt_number, warehouse_location, coffee_type,
                 origin_region, processing_method, crop_year, quantity, purchase_date, purchased_by, status, created_at)
                 values ('{lot}', 'FARM-26-0001', 'WR-1', 'Bonga', 'Kaffa', 'Oromia', 'NATURAL', '2025/26', 90000,
                 '2026-02-01', '{exporter}', 'INSPECTED', '2026-02-01');
             insert into quality_inspections (inspection_id, lot_id, exporter_id, inspection_date, inspection_center,
                 inspector, moisture_content, defect_count, primary_defects, secondary_defects, raw_score, cup_score,
                 final_grade, quality_certificate_number, passed)
                 values ('{inspection}', '{lot}', '{exporter}', '2026-09-01', 'Jimma', '{ecta}', 11.2, 8, 2, 6, 33, 36,
                 '3', 'QC-2026-000001', true);
             insert into sales_contracts (contract_id, exporter_id, contract_number, buyer_name, buyer_country,
                 coffee_type, grade, quantity, contract_value, price_per_kg, payment_method, incoterms,
                 registration_date, status, approved_at)
                 values ('{contract}', '{exporter}', 'SC-2026-000001', 'Hanse Kaffee Kontor GmbH', 'DE', 'Kaffa', '3',
                 90000, 711000, 7.9, 'CAD', 'FOB', '2026-09-01', 'APPROVED', '2026-09-02');"
        );
        site.execute(&sql).await;
        Self { site, people, organizations, exporter, license, contract, lot }
    }

    /// An export of 9,000 kg that waits for its permit.
    pub async fn awaiting_permit(&self) -> Uuid {
        let export = Uuid::now_v7();
        let [owner, bank, nbe, _, supervisor, ..] = self.people;
        let [firm, bank_office, _, ecta, _, ship] = self.organizations;
        let Self { exporter, license, contract, lot, .. } = self;
        self.site
            .execute(&format!(
                "insert into exports (export_id, export_number, exporter_id, exporter_organization_id,
                     bank_organization_id, shipping_organization_id, exporter_name, contract_id, license_id, coffee_type,
                     origin_region, processing_method, grade, quantity, bags, destination_country, port_of_loading,
                     port_of_discharge, transport_mode, incoterm, payment_method, currency, price_per_kg,
                     estimated_value, buyer_name, buyer_country, status, stage, stage_entered_at, queue_organization_id,
                     created_by, submitted_by, submitted_at, changed_by, changed_at, bank_permit_date,
                     settlement_due_date, fx_approved_by, fx_approved_at, fx_reference, quality_grade,
                     quality_approved_by, quality_approved_at, created_at, updated_at)
                 values ('{export}', 'EXP-{export}', '{exporter}', '{firm}', '{bank_office}', '{ship}',
                     'Kaffa Forest Farm', '{contract}', '{license}', 'Kaffa', 'Oromia', 'NATURAL', '3', 9000, 150, 'DE',
                     'DJJIB', 'DEHAM', 'SEA', 'FOB', 'CAD', 'USD', 7.9, 71100, 'Hanse Kaffee Kontor GmbH', 'DE',
                     'QUALITY_CERTIFIED', 'PERMIT', '2026-09-20', '{ecta}', '{owner}', '{owner}', '2026-09-10',
                     '{bank}', '2026-09-20', '2026-09-15', '2026-12-14', '{nbe}', '2026-09-16', 'FX-{export}', '3',
                     '{supervisor}', '2026-09-20', '2026-09-10', '2026-09-20');
                 insert into export_lots (export_id, lot_id, quantity_kg) values ('{export}', '{lot}', 9000);"
            ))
            .await;
        self.site.attach_everything(export).await;
        export
    }

    /// Takes an export that has its permit to where the certificate of origin is issued.
    pub async fn load_and_sign(&self, export: Uuid) {
        let [_, _, _, _, _, customs, ship] = self.people;
        let [_, _, _, ecta, customs_office, _] = self.organizations;
        self.site
            .execute(&format!(
                "update export_permits set status = 'USED', used_date = issued_date where export_id = '{export}';
                 update exports set status = 'SHIPPED', stage = 'ORIGIN', queue_organization_id = '{ecta}',
                     vessel_name = 'MV Red Sea Trader', voyage_number = '042W', departure_date = '2026-09-25',
                     arrival_date = '2026-10-20', customs_cleared_by = '{customs}', customs_cleared_at = '2026-09-23',
                     customs_clearance_number = 'CUS-{export}', customs_clearance_date = '2026-09-23',
                     shipment_confirmed_by = '{ship}', shipment_confirmed_at = '2026-09-24',
                     bill_of_lading_number = 'RSL-1', on_board_date = '2026-09-24' where export_id = '{export}';
                 insert into export_approvals (approval_id, export_id, approval_type, organization, organization_id,
                     status, approved_by, approval_date, approval_data, created_at, updated_at)
                     values ('{}', '{export}', 'ORIGIN_SIGNATURE', 'CUSTOMS', '{customs_office}', 'APPROVED',
                     '{customs}', '2026-09-26', '{{\"place\": \"Modjo\"}}', '2026-09-26', '2026-09-26');",
                Uuid::now_v7()
            ))
            .await;
    }

    async fn decide(&self, browser: &mut Browser, export: Uuid, kind: &str, facts: &[(&str, &str)]) -> Answer {
        let page = self.site.get(browser, &format!("/exports/{export}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let (csrf, key, version) = (page.hidden("csrf"), Uuid::new_v4().to_string(), page.hidden("version"));
        let mut fields =
            vec![("csrf", csrf.as_str()), ("idempotency_key", &key), ("version", &version), ("decision", "approve")];
        fields.extend(facts);
        self.site.post(browser, &format!("/exports/{export}/approvals/{kind}"), &fields).await
    }

    pub async fn issue_permit(&self, browser: &mut Browser, export: Uuid) {
        let facts = [("valid_until", "2026-12-15"), ("conditions", "Weigh at Modjo.")];
        let answer = self.decide(browser, export, "permit", &facts).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }

    pub async fn issue_origin(&self, browser: &mut Browser, export: Uuid, green: &str) -> Answer {
        let facts = [
            ("notify_address", "Hanse Kaffee Kontor GmbH, Hamburg"),
            ("ico_port_code", "01"),
            ("transshipment", "Djibouti"),
            ("shipped_in_bags", "yes"),
            ("green_processing", green),
            ("place", "Addis Ababa"),
        ];
        self.decide(browser, export, "origin", &facts).await
    }

    async fn papers(&self) -> Vec<(Uuid, String, String)> {
        sqlx::query("select paper_id, number, verify_code from issued_papers order by issued_at, paper_id")
            .fetch_all(&mut self.site.sql().await)
            .await
            .unwrap()
            .iter()
            .map(|row| (row.get(0), row.get(1), row.get(2)))
            .collect()
    }
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn papers_are_issued_printed_on_record_and_checked_by_anybody() {
    let walk = Walk::start().await;
    let site = &walk.site;
    site.clock.set(moment("2026-09-30T09:00:00Z"));
    let export = walk.awaiting_permit().await;
    let mut officer = site.sign_in("ecta.officer").await;
    walk.issue_permit(&mut officer, export).await;

    // The permit with all its rows.
    assert_eq!(
        site.count(
            "select count(*) from export_permits p
             join permit_lots l using (permit_id) join issued_papers i using (permit_id)
             join export_approvals a on a.export_id = p.export_id and a.approval_type = 'EXPORT_PERMIT'
             where p.permit_number = 'EP-2026-000001' and i.number = p.permit_number and p.status = 'ISSUED'
               and p.grade = '3' and l.quantity_kg = 9000 and a.approval_data ->> 'permit_number' = p.permit_number"
        )
        .await,
        1
    );
    let (paper, number, code) = walk.papers().await.remove(0);

    // The list and the preview.
    let list = site.get(&mut officer, &format!("/exports/{export}/papers")).await;
    assert!(list.text.contains(&number) && list.text.contains(&format!("/papers/{paper}")), "{}", list.text);
    let page = format!("/papers/{paper}");
    let preview = site.get(&mut officer, &page).await;
    assert_eq!(preview.status, StatusCode::OK);
    assert!(preview.text.contains("PREVIEW – NOT RECORDED") && !preview.text.contains("ORIGINAL"));

    // A print on record, once however often it is sent; then a copy.
    let (csrf, key) = (preview.hidden("csrf"), preview.hidden("idempotency_key"));
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    for _ in 0..2 {
        let recorded = site.post(&mut officer, &format!("{page}/prints"), &fields).await;
        assert_eq!((recorded.status, recorded.location()), (StatusCode::SEE_OTHER, format!("{page}?print=1").as_str()));
    }
    let original = site.get(&mut officer, &format!("{page}?print=1")).await;
    assert!(original.text.contains("ORIGINAL") && !original.text.contains("NOT RECORDED"));
    let mut exporter = site.sign_in("farm.owner").await;
    assert!(site.get(&mut exporter, &format!("{page}?print=1")).await.text.contains("NOT RECORDED"), "not their print");
    let page_of_exporter = site.get(&mut exporter, &page).await;
    let fields =
        [("csrf", page_of_exporter.hidden("csrf")), ("idempotency_key", page_of_exporter.hidden("idempotency_key"))];
    let fields = pairs(&fields);
    let copied = site.post(&mut exporter, &format!("{page}/prints"), &fields).await;
    assert_eq!(copied.location(), format!("{page}?print=2"));
    assert!(site.get(&mut exporter, copied.location()).await.text.contains("COPY 1"));
    assert_eq!(site.count("select count(*) from paper_prints").await, 2);
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'CERTIFICATE_PRINTED'").await, 2);

    // Later it is a preview again: the original is not printed twice without a record.
    site.clock.set(moment("2026-09-30T09:16:00Z"));
    assert!(site.get(&mut officer, &format!("{page}?print=1")).await.text.contains("NOT RECORDED"));

    // Anybody may check it, in small letters too, and nobody learns of what there is not.
    let mut stranger = Browser::default();
    for path in [format!("/v/{code}"), format!("/V/{code}"), format!("/v/{}", code.to_lowercase())] {
        let answer = site.get(&mut stranger, &path).await;
        assert_eq!((answer.status, answer.headers["cache-control"].to_str().unwrap()), (StatusCode::OK, "no-store"));
        assert!(answer.text.contains("VALID") && answer.text.contains(&number) && !answer.text.contains("Hanse"));
        assert!(answer.headers.get(header::SET_COOKIE).is_none(), "no session");
    }
    for path in ["/v/AAAAAAAAAAAAAAAAAAAAAAAAAA", "/v/x", "/v?code=nonsense"] {
        let answer = site.get(&mut stranger, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(answer.text.contains("UNKNOWN"));
    }
    let typed = code.as_bytes().chunks(5).map(|c| std::str::from_utf8(c).unwrap()).collect::<Vec<_>>().join("+");
    let answer = site.get(&mut stranger, &format!("/v?code={}", typed.to_lowercase())).await;
    assert_eq!(answer.location(), format!("/v/{code}"));
    assert_eq!(site.get(&mut stranger, "/v").await.status, StatusCode::OK);
    assert_eq!(json(site, &code).await["state"], "VALID");

    // What happens to it is seen at once.
    site.clock.set(moment("2026-12-15T20:59:00Z"));
    assert_eq!(json(site, &code).await["state"], "VALID");
    site.clock.set(moment("2026-12-15T21:00:00Z"));
    assert_eq!(json(site, &code).await["state"], "EXPIRED");
    site.execute("update export_permits set status = 'CANCELLED', cancelled_at = '2026-10-02T08:00:00Z'").await;
    let revoked = json(site, &code).await;
    assert_eq!((&revoked["state"], &revoked["since"]), (&Value::from("REVOKED"), &Value::from("2026-10-02")));
}

pub async fn json(site: &TestSite, code: &str) -> Value {
    let request = Request::get(format!("/v/{code}")).header(header::ACCEPT, "application/json");
    let answer = site.call(&mut Browser::default(), request.body(axum::body::Body::empty()).unwrap()).await;
    serde_json::from_str(&answer.text).unwrap()
}

#[tokio::test]
async fn other_firms_do_not_learn_of_a_paper() {
    let walk = Walk::start().await;
    let site = &walk.site;
    site.clock.set(moment("2026-09-30T09:00:00Z"));
    let export = walk.awaiting_permit().await;
    let mut officer = site.sign_in("ecta.officer").await;
    walk.issue_permit(&mut officer, export).await;
    let (paper, ..) = walk.papers().await.remove(0);
    site.add_user("other.owner", "EXPORTER", "OWNER", true).await;
    let mut other = site.sign_in("other.owner").await;
    for path in [format!("/papers/{paper}"), format!("/exports/{export}/papers"), "/papers/nonsense".to_owned()] {
        assert_eq!(site.get(&mut other, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let csrf = site.get(&mut other, "/exports").await.hidden("csrf");
    let key = Uuid::new_v4().to_string();
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
    assert_eq!(site.post(&mut other, &format!("/papers/{paper}/prints"), &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(site.count("select count(*) from paper_prints").await, 0);
    let mut stranger = Browser::default();
    assert_eq!(site.get(&mut stranger, &format!("/papers/{paper}")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn serials_start_again_with_the_coffee_year() {
    let walk = Walk::start().await;
    let site = &walk.site;
    site.clock.set(moment("2026-09-30T09:00:00Z"));
    let mut officer = site.sign_in("ecta.officer").await;
    let exports = [walk.awaiting_permit().await, walk.awaiting_permit().await, walk.awaiting_permit().await];
    for export in exports {
        walk.issue_permit(&mut officer, export).await;
        walk.load_and_sign(export).await;
    }
    // Who issued the permit does not issue the certificate.
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let refused = walk.issue_origin(&mut supervisor, exports[0], "WET").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a natural coffee is not wet: {}", refused.text);
    assert!(refused.text.contains("This contradicts what the record says of the coffee."));
    // The last minute of the coffee year in Addis Ababa, then the first of the next.
    site.clock.set(moment("2026-09-30T20:58:00Z"));
    let mut supervisor = site.sign_in("ecta.supervisor").await;
    let mut issue = async |export| {
        let answer = walk.issue_origin(&mut supervisor, export, "DRY").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    };
    issue(exports[0]).await;
    site.clock.set(moment("2026-09-30T20:59:59Z"));
    issue(exports[1]).await;
    site.clock.set(moment("2026-09-30T21:00:00Z"));
    issue(exports[2]).await;
    let certificates: Vec<(String, i64, String)> =
        sqlx::query_as("select coffee_year, serial, ico_mark from certificates_of_origin order by created_at")
            .fetch_all(&mut site.sql().await)
            .await
            .unwrap();
    let expected = [("2025/26", 1, "010/1402/0001"), ("2025/26", 2, "010/1402/0002"), ("2026/27", 1, "010/1402/0001")];
    assert_eq!(certificates, expected.map(|(year, serial, mark)| (year.to_owned(), serial, mark.to_owned())));
    let numbers: Vec<String> = walk.papers().await.into_iter().map(|(_, number, _)| number).collect();
    assert!(numbers.contains(&"010/01/1 (2025/26)".to_owned()) && numbers.contains(&"010/01/1 (2026/27)".to_owned()));

    // A refusal took no number, and both officers stand on the certificate.
    let last = walk.papers().await.pop().unwrap();
    let page = site.get(&mut supervisor, &format!("/papers/{}", last.0)).await;
    for said in
        ["Person customs.officer", "Modjo", "Person ecta.supervisor", "HS 0901.11", "quality code S", "left blank"]
    {
        assert!(page.text.contains(said), "{said}");
    }
    assert_eq!(json(site, &last.2).await["kind"], "ICO_CERTIFICATE");
}

/// What PostgreSQL says when a row stands against a unique index: its name.
async fn refused_by(site: &TestSite, statement: &str) -> Option<String> {
    let error = sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut site.sql().await).await.err()?;
    error.as_database_error()?.constraint().map(str::to_owned)
}

#[tokio::test]
async fn a_permit_is_used_once() {
    let walk = Walk::start().await;
    let site = &walk.site;
    let export = walk.awaiting_permit().await;
    let mut officer = site.sign_in("ecta.officer").await;
    walk.issue_permit(&mut officer, export).await;
    walk.load_and_sign(export).await;
    // The form of the step, sent once more.
    let again = walk.decide(&mut officer, export, "permit", &[("valid_until", "2026-12-15")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    assert_eq!(site.count("select count(*) from export_permits").await, 1);
    // Nor does the database know a second permit beside one that is used.
    let copied = "insert into export_permits select (jsonb_populate_record(p, jsonb_build_object(
                      'permit_id', gen_random_uuid(), 'permit_number', 'EP-2026-999999', 'status', 'ISSUED', 'used_date', null))).*
                  from export_permits p";
    assert_eq!(refused_by(site, copied).await.as_deref(), Some("export_permits_live"));
}

#[tokio::test]
async fn a_mark_is_its_exporters_once_in_a_coffee_year() {
    let walk = Walk::start().await;
    let site = &walk.site;
    let mut officer = site.sign_in("ecta.officer").await;
    let exports = [walk.awaiting_permit().await, walk.awaiting_permit().await];
    for export in exports {
        walk.issue_permit(&mut officer, export).await;
        walk.load_and_sign(export).await;
        let mut supervisor = site.sign_in("ecta.supervisor").await;
        let answer = walk.issue_origin(&mut supervisor, export, "DRY").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    let marked = |export: Uuid, year: &str, mark: &str| {
        format!(
            "alter table certificates_of_origin disable trigger user;
             update certificates_of_origin set ico_mark = '{mark}', coffee_year = '{year}' where export_id = '{export}'"
        )
    };
    let first = "010/1402/0001";
    let refused = refused_by(site, &marked(exports[1], "2026/27", first)).await;
    assert_eq!(refused.as_deref(), Some("certificates_of_origin_mark"));
    assert_eq!(
        refused_by(site, &marked(exports[1], "2027/28", first)).await,
        None,
        "another year's parcels count anew"
    );
}

/// Papers that were issued before a paper had a firm of its own: the way up finds whose they are, and no word of what
/// they say is touched.
#[tokio::test]
async fn papers_of_the_schema_before_find_their_firm() {
    const BEFORE: i64 = 20_261_121_090_000;
    let walk = Walk::start().await;
    let site = &walk.site;
    site.clock.set(moment("2026-09-30T09:00:00Z"));
    let export = walk.awaiting_permit().await;
    let mut officer = site.sign_in("ecta.officer").await;
    walk.issue_permit(&mut officer, export).await;
    let said =
        "select count(*) from issued_papers where length(content_sha256) = 32 and snapshot ->> 'number' = number";
    let before = walk.papers().await;
    migrate::down(site.admin_options(), BEFORE).await.unwrap();
    assert_eq!(site.count(said).await, 1);
    migrate::up(site.admin_options()).await.unwrap();
    assert_eq!(walk.papers().await, before);
    let owner: Uuid = sqlx::query_scalar("select owner_organization_id from issued_papers")
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert_eq!(owner, walk.organizations[0]);
    assert_eq!(json(site, &before[0].2).await["state"], "VALID");
}
