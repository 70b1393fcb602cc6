//! The walk: one export from request to completion, through every organisation's pages.

use bytes::Bytes;
use futures::stream;
use http::StatusCode;
use jebena::documents::storage::StorageKey;
use uuid::Uuid;

use crate::documents::pdf;
use crate::site::{Answer, Browser, TestSite, pairs};

/// A new request's parts: what an exporter of the demo may ask for.
#[derive(Debug, Clone)]
pub struct Asked {
    pub contract: Uuid,
    pub lot: Uuid,
    pub bank: Uuid,
    pub carrier: Uuid,
}

impl Asked {
    /// The fields of a request of `kg`, as a person fills them in.
    pub fn fields(&self, kg: &str) -> Vec<(String, String)> {
        [
            ("contract_id", self.contract.to_string()),
            ("lot_id_1", self.lot.to_string()),
            ("quantity_1", kg.to_owned()),
            ("bank_id", self.bank.to_string()),
            ("shipping_line_id", self.carrier.to_string()),
            ("port_of_loading", "DJJIB".to_owned()),
            ("port_of_discharge", "DEHAM".to_owned()),
            ("bag_kg", "60".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
    }

    /// The fields of a correction of such a request, with `changed` in the place of what the form shows.
    pub fn correction(&self, kg: &str, changed: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut fields = self.fields(kg);
        fields.retain(|(name, _)| name != "contract_id");
        for (name, value) in changed {
            fields.retain(|(known, _)| known != name);
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        fields
    }
}

/// Contract and lot of `exporter` with at least `kg` left on both.
pub async fn something_to_ask(site: &TestSite, exporter: &str, kg: i64) -> Asked {
    let (contract, lot): (Uuid, Uuid) = sqlx::query_as(
        "select r.contract_id, r.lot_id from export_ready_lots r
         join exporter_profiles p on p.exporter_id = r.exporter_id
         join organizations o on o.organization_id = p.organization_id
         join export_licenses l on l.exporter_id = p.exporter_id and l.status = 'ACTIVE'
         where o.code = $1 and r.free_kg >= $2 and r.contract_free_kg >= $2
           and l.authorized_coffee_types ? r.coffee_type
         order by r.ecx_lot_number, r.contract_number limit 1",
    )
    .bind(exporter)
    .bind(kg)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    Asked { contract, lot, bank: organization(site, "BANK").await, carrier: organization(site, "SHIPPING").await }
}

pub async fn organization(site: &TestSite, code: &str) -> Uuid {
    sqlx::query_scalar("select organization_id from organizations where code = $1")
        .bind(code)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

pub async fn user(site: &TestSite, name: &str) -> Uuid {
    sqlx::query_scalar("select id from users where username = $1")
        .bind(name)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

/// The one document that the export has and nobody has taken back.
pub async fn document_of(site: &TestSite, export: Uuid) -> Uuid {
    sqlx::query_scalar("select document_id from export_documents where export_id = $1 and is_active")
        .bind(export)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap()
}

/// The papers issued for the export.
pub async fn papers_of(site: &TestSite, export: Uuid) -> Vec<Uuid> {
    sqlx::query_scalar("select paper_id from issued_papers where export_id = $1 order by kind")
        .bind(export)
        .fetch_all(&mut site.sql().await)
        .await
        .unwrap()
}

/// The hidden fields of the form on `page` that is sent to `action`.
pub fn hidden_fields(page: &Answer, action: &str) -> Vec<(String, String)> {
    hidden_fields_of(page, action, "")
}

/// As [`hidden_fields`], of the first such form in which `part` stands: a claim is released and handed over at
/// the same address.
pub fn hidden_fields_of(page: &Answer, action: &str, part: &str) -> Vec<(String, String)> {
    let form = page
        .text
        .split(&format!("method=\"post\" action=\"{action}\""))
        .skip(1)
        .map(|rest| rest.split("</form>").next().unwrap())
        .find(|form| form.contains(part))
        .unwrap_or_else(|| panic!("no form for {action} with {part}: {}", page.text));
    form.split("<input type=\"hidden\" name=\"")
        .skip(1)
        .map(|rest| {
            let (name, rest) = rest.split_once('"').unwrap();
            let value = rest.split_once("value=\"").unwrap().1.split('"').next().unwrap();
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

/// The fields of the form on `page` that is sent to `action` and in which `part` stands, with what is typed into it.
pub fn filled_in(page: &Answer, action: &str, part: &str, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let typed = typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    hidden_fields_of(page, action, part).into_iter().chain(typed).collect()
}

impl TestSite {
    /// Opens `page`, fills the form that is sent to `action` with `fields`, and sends it.
    pub async fn fill_in(&self, browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let shown = self.get(browser, page).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}: {}", shown.text);
        self.post(browser, action, &pairs(&filled_in(&shown, action, "", fields))).await
    }

    /// A new request of `kg`, as the exporter's owner, with every document that may be asked for; not submitted.
    pub async fn request(&self, browser: &mut Browser, asked: &Asked, kg: &str) -> Uuid {
        let id = self.bare_request(browser, asked, kg).await;
        self.attach_everything(id).await;
        id
    }

    /// As [`TestSite::request`], with nothing uploaded.
    pub async fn bare_request(&self, browser: &mut Browser, asked: &Asked, kg: &str) -> Uuid {
        let fields = asked.fields(kg);
        let answer = self.fill_in(browser, "/exports/new", "/exports", &pairs(&fields)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.location().split('/').nth(2).unwrap().parse().unwrap()
    }

    /// One document of each kind that is not there yet, each with its file; how they are sent is another test's.
    pub async fn attach_everything(&self, export: Uuid) {
        let mut sql = self.sql().await;
        let kinds: Vec<String> = sqlx::query_scalar(
            "select document_type from document_types t
             where not exists (select from export_documents d
                               where d.export_id = $1 and d.document_type = t.document_type and d.is_active)",
        )
        .bind(export)
        .fetch_all(&mut sql)
        .await
        .unwrap();
        for kind in kinds {
            let file = stream::iter([Ok::<_, std::io::Error>(Bytes::from(pdf()))]);
            let staged = self.state.storage.stage(file, 1 << 20).await.unwrap();
            let (digest, key) = (staged.digest().clone(), StorageKey::new());
            self.state.storage.commit(staged, &key).await.unwrap();
            sqlx::query(
                "insert into export_documents (document_id, export_id, organization_id, document_type, document_name,
                     document_path, file_size, mime_type, sha256, ipfs_hash, version, uploaded_by, uploaded_at,
                     created_at)
                 select $2, e.export_id, e.exporter_organization_id, $3, 'sample.pdf', $4, $5, 'application/pdf', $6,
                     $7, 1 + (select count(*) from export_documents d
                              where d.export_id = e.export_id and d.document_type = $3),
                     e.created_by, now(), now()
                 from exports e where e.export_id = $1",
            )
            .bind(export)
            .bind(Uuid::now_v7())
            .bind(kind)
            .bind(key.path())
            .bind(i64::try_from(digest.size_bytes).unwrap())
            .bind(digest.sha256.as_slice())
            .bind(&digest.cid)
            .execute(&mut sql)
            .await
            .unwrap();
        }
    }

    pub async fn state_of(&self, export: Uuid) -> (String, String) {
        sqlx::query_as("select status, stage from exports where export_id = $1")
            .bind(export)
            .fetch_one(&mut self.sql().await)
            .await
            .unwrap()
    }

    /// Decides a step as `username`, with the answer that was got.
    pub async fn decide(&self, username: &str, export: Uuid, kind: &str, fields: &[(&str, &str)]) -> Answer {
        let mut browser = self.sign_in(username).await;
        let action = format!("/exports/{export}/approvals/{kind}");
        self.fill_in(&mut browser, &format!("/exports/{export}"), &action, fields).await
    }
}

/// Who decides, at which step, with which facts.
pub type Approval = (&'static str, &'static str, Vec<(&'static str, String)>);

/// Who decides each step, and the facts that its form asks. `DAY` stands for today, `LATER` for days to come.
pub fn approvals(today: chrono::NaiveDate) -> Vec<Approval> {
    let day = |days: i64| (today + chrono::Duration::days(days)).to_string();
    let text = |value: &str| value.to_owned();
    vec![
        (
            "bank.officer",
            "bank-check",
            vec![
                ("bank_reference", text("AB-2026-118")),
                ("bank_permit_number", text("BP-2026-0042")),
                ("bank_permit_date", day(0)),
                ("documents_agree", text("yes")),
            ],
        ),
        ("nbe.officer", "fx", vec![("etb_per_unit", text("132.4500"))]),
        ("ecta.officer", "quality", vec![]),
        ("ecta.supervisor", "permit", vec![("valid_until", day(60))]),
        (
            "shipping.officer",
            "shipment",
            vec![
                ("vessel_name", text("MV Red Sea Trader")),
                ("voyage_number", text("042W")),
                ("booking_number", text("DJ-118-26")),
                ("departure_date", day(5)),
                ("arrival_date", day(25)),
                ("container_number_1", text("MSCU1234566")),
                ("container_type_1", text("20DRY")),
            ],
        ),
        (
            "customs.officer",
            "customs",
            vec![
                ("declaration_number", text("E100-118")),
                ("clearance_date", day(0)),
                ("inspection", text("DOCUMENTS")),
            ],
        ),
        (
            "shipping.supervisor",
            "loading",
            vec![
                ("bill_of_lading_number", text("MEDU118042")),
                ("on_board_date", day(0)),
                ("seal_number_1", text("SL-9087")),
                ("packages_1", text("10")),
                ("net_kg_1", text("600")),
                ("gross_kg_1", text("607.5")),
            ],
        ),
        ("customs.supervisor", "origin-signature", vec![("place", text("Djibouti"))]),
        (
            "ecta.officer2",
            "origin",
            vec![
                ("notify_address", text("Hanse Kaffee Kontor GmbH, Hamburg")),
                ("ico_port_code", text("01")),
                ("transshipment", text("Djibouti")),
                ("shipped_in_bags", text("yes")),
                ("place", text("Addis Ababa")),
            ],
        ),
        ("bank.supervisor", "settlement", vec![]),
    ]
}

/// The facts as a form sends them, with what depends on the export filled in.
pub async fn facts_of(
    site: &TestSite,
    export: Uuid,
    kind: &str,
    facts: &[(&'static str, String)],
) -> Vec<(String, String)> {
    let (grade, green): (String, String) = sqlx::query_as(
        "select (select max(i.final_grade) from export_lots x join coffee_lots l using (lot_id)
                 join quality_inspections i on i.inspection_id = l.inspection_id where x.export_id = e.export_id),
                case e.processing_method when 'WASHED' then 'WET' else 'DRY' end
         from exports e where export_id = $1",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    let mut sent: Vec<(String, String)> =
        facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    match kind {
        "quality" => sent.push(("quality_grade".to_owned(), grade)),
        "origin" => sent.push(("green_processing".to_owned(), green)),
        _ => {}
    }
    sent.push(("decision".to_owned(), "approve".to_owned()));
    sent
}

/// Approves step after step until `until` has been approved.
pub async fn walk(site: &TestSite, export: Uuid, until: &str) {
    for (username, kind, facts) in approvals(jebena::calendar::eat_date(site.now())) {
        if kind == "settlement" {
            crate::proceeds::pay(site, export).await;
        }
        let facts = facts_of(site, export, kind, &facts).await;
        let fields = pairs(&facts);
        let answer = site.decide(username, export, kind, &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{kind}: {}", answer.text);
        if kind == until {
            return;
        }
    }
}

#[tokio::test]
async fn an_export_walks_from_request_to_completion() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    assert_eq!(site.state_of(export).await, ("PENDING".into(), "PREPARATION".into()));
    let submission = format!("/exports/{export}/submission");
    let answer = site.fill_in(&mut owner, &format!("/exports/{export}"), &submission, &[]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    walk(&site, export, "settlement").await;

    assert_eq!(site.state_of(export).await, ("COMPLETED".into(), "CLOSED".into()));
    let facts: (i64, i64, i64, i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from export_status_history where export_id = $1),
                (select count(*) from audit.events where entity_id = $1 and compliance_relevant),
                (select count(*) from export_approvals where export_id = $1 and status = 'APPROVED'),
                (select count(distinct approved_by) from export_approvals where export_id = $1),
                (select count(*) from export_permits where export_id = $1 and status = 'USED'),
                (select count(*) from export_settlements where export_id = $1
                   and retained_amount + surrendered_amount = received_amount)",
    )
    .bind(export)
    .fetch_one(&mut site.sql().await)
    .await
    .unwrap();
    assert_eq!(facts, (13, 13, 10, 10, 1, 1));
    let exported: bool = sqlx::query_scalar("select exported_kg >= 600 from coffee_lots where lot_id = $1")
        .bind(asked.lot)
        .fetch_one(&mut site.sql().await)
        .await
        .unwrap();
    assert!(exported);
    // Who decides on them can open the documents.
    let documents: Vec<Uuid> = sqlx::query_scalar("select document_id from export_documents where export_id = $1")
        .bind(export)
        .fetch_all(&mut site.sql().await)
        .await
        .unwrap();
    assert!(documents.len() > 5);
    let mut officer = site.sign_in("bank.officer").await;
    for document in documents {
        let file = site.get(&mut officer, &format!("/documents/{document}/preview")).await;
        assert_eq!((file.status, file.text.as_bytes()), (StatusCode::OK, pdf().as_slice()));
    }
    // The auditor reads the whole of it and is offered nothing to press.
    let mut auditor = site.sign_in("auditor").await;
    let page = site.get(&mut auditor, &format!("/exports/{export}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("MV Red Sea Trader") && !page.text.contains("/approvals/"));
}
