//! Documents judged by the organisation whose step asks for them: in order, rejected, done without; and by nobody else.

use http::StatusCode;
use uuid::Uuid;

use crate::decisions::submitted;
use crate::documents::{UploadForm, pdf};
use crate::site::{Answer, Browser, TestSite};
use crate::walk::{approvals, facts_of, filled_in, something_to_ask, user, walk};

/// A submitted export that waits for the bank.
struct Case {
    site: TestSite,
    export: Uuid,
}

impl Case {
    async fn start() -> Self {
        let site = TestSite::seeded().await;
        let export = submitted(&site).await;
        Self { site, export }
    }

    fn page(&self) -> String {
        format!("/exports/{}/documents", self.export)
    }

    async fn document(&self, kind: &str) -> Uuid {
        sqlx::query_scalar(
            "select document_id from export_documents where export_id = $1 and document_type = $2 and is_active",
        )
        .bind(self.export)
        .bind(kind)
        .fetch_one(&mut self.site.sql().await)
        .await
        .unwrap()
    }

    /// The kinds that the queues read.
    async fn there(&self) -> Vec<String> {
        sqlx::query_scalar("select attached_documents from exports where export_id = $1")
            .bind(self.export)
            .fetch_one(&mut self.site.sql().await)
            .await
            .unwrap()
    }

    async fn is_there(&self, kind: &str) -> bool {
        self.there().await.contains(&kind.to_owned())
    }

    async fn check(&self, browser: &mut Browser, kind: &str) -> Answer {
        let action = format!("{}/{}/check", self.page(), self.document(kind).await);
        self.site.fill_in(browser, &self.page(), &action, &[]).await
    }

    async fn reject(&self, browser: &mut Browser, kind: &str, reason: &str) -> Answer {
        let action = format!("{}/{}/rejection", self.page(), self.document(kind).await);
        self.site.fill_in(browser, &action, &action, &[("reason", reason)]).await
    }

    async fn waive(&self, browser: &mut Browser, kind: &str, reason: &str) -> Answer {
        let action = format!("/exports/{}/waivers/{kind}", self.export);
        self.site.fill_in(browser, &action, &action, &[("reason", reason)]).await
    }

    /// Sends `fields` to `path` with a fresh key, as somebody who has no page with that form.
    async fn post(&self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.site.get(browser, "/help").await.hidden("csrf");
        let key = Uuid::new_v4().to_string();
        let mut sent = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str())];
        sent.extend(fields);
        self.site.post(browser, path, &sent).await
    }

    async fn approve(&self, username: &str, step: &str) -> Answer {
        let all = approvals(jebena::calendar::eat_date(self.site.now()));
        let (_, _, facts) = all.iter().find(|(_, kind, _)| *kind == step).unwrap();
        let fields = facts_of(&self.site, self.export, step, facts).await;
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.site.decide(username, self.export, step, &fields).await
    }

    async fn events(&self, event: &str) -> i64 {
        sqlx::query_scalar(
            "select count(*) from audit.events where event_type = $1 and (entity_id = $2 or details ->> 'number' =
            (select export_number from exports where export_id = $2))",
        )
        .bind(event)
        .bind(self.export)
        .fetch_one(&mut self.site.sql().await)
        .await
        .unwrap()
    }
}

/// Nobody can have read what a scanner has not looked at: it is not there for the step, and not found in order.
#[tokio::test]
async fn a_document_that_waits_for_its_scan_is_neither_there_nor_judged() {
    let case = Case::start().await;
    let mut officer = case.site.sign_in("bank.officer").await;
    assert!(case.is_there("INVOICE").await);
    case.site
        .execute(&format!(
            "update export_documents set scan_status = 'WAITING'
             where export_id = '{}' and document_type = 'INVOICE' and is_active",
            case.export
        ))
        .await;
    assert!(!case.is_there("INVOICE").await);
    let invoice = case.document("INVOICE").await;
    let page = case.site.get(&mut officer, &case.page()).await.text;
    assert!(page.contains("waits for its scan") && !page.contains(&format!("{invoice}/check")), "{page}");
    for (act, fields) in [("check", vec![]), ("rejection", vec![("reason", "It cannot be read at all.")])] {
        let path = format!("{}/{invoice}/{act}", case.page());
        let refused = case.post(&mut officer, &path, &fields).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{act}: {}", refused.text);
        assert!(refused.text.contains("has not looked at this file yet"), "{act}: {}", refused.text);
    }
    let refused = case.approve("bank.officer", "bank-check").await;
    assert_ne!(refused.status, StatusCode::SEE_OTHER, "the step asks for it");
    case.site
        .execute(
            "update export_documents set scan_status = 'CLEAN', scanned_at = now(), scan_engine = 'ClamAV'
             where scan_status = 'WAITING'",
        )
        .await;
    let approved = case.approve("bank.officer", "bank-check").await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);
}

#[tokio::test]
async fn a_rejected_document_counts_as_missing_until_another_comes() {
    let case = Case::start().await;
    let mut officer = case.site.sign_in("bank.officer").await;
    let checked = case.check(&mut officer, "INVOICE").await;
    assert_eq!((checked.status, checked.location()), (StatusCode::SEE_OTHER, case.page().as_str()), "{}", checked.text);
    let short = case.reject(&mut officer, "SALES_CONTRACT", "wrong").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text.contains("id=\"reason-error\"") && short.text.contains(">wrong<"), "{}", short.text);
    assert!(case.is_there("SALES_CONTRACT").await);
    let rejected = case.reject(&mut officer, "SALES_CONTRACT", "Signature of the buyer is missing.").await;
    assert_eq!(rejected.status, StatusCode::SEE_OTHER, "{}", rejected.text);
    assert!(!case.is_there("SALES_CONTRACT").await && case.is_there("INVOICE").await);

    // Everybody who sees the case reads how it stands, on both pages, in the same words.
    let mut owner = case.site.sign_in("exporter.owner").await;
    for page in [case.page(), format!("/exports/{}", case.export)] {
        let shown = case.site.get(&mut owner, &page).await;
        for text in
            ["rejected", "Signature of the buyer is missing.", "checked", "for Commercial bank; brought by Exporter"]
        {
            assert!(shown.text.contains(text), "{page} lacks {text}: {}", shown.text);
        }
        assert!(!shown.text.contains("/rejection\"") && !shown.text.contains("/check\""), "{page}: {}", shown.text);
    }

    let blocked = case.approve("bank.officer", "bank-check").await;
    assert_eq!(blocked.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", blocked.text);
    assert!(blocked.text.contains("These documents are still missing"), "{}", blocked.text);

    // A new one takes its place; nobody has looked at it yet, and it counts.
    let page = case.site.get(&mut owner, &case.page()).await;
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let fields = vec![
        ("csrf", csrf.as_str()),
        ("idempotency_key", &key),
        ("document_type", "SALES_CONTRACT"),
        ("reference_number", ""),
    ];
    let request = UploadForm { fields, file_name: "contract.pdf", file: &pdf() }.request(&case.page());
    assert_eq!(case.site.call(&mut owner, request).await.status, StatusCode::SEE_OTHER);
    assert!(case.is_there("SALES_CONTRACT").await);
    let shown = case.site.get(&mut owner, &case.page()).await;
    assert!(shown.text.contains("Signature of the buyer is missing."), "the reason stays to be read: {}", shown.text);
    let approved = case.approve("bank.officer", "bank-check").await;
    assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.text);

    // What was decided stands on it.
    let late = format!("{}/{}/rejection", case.page(), case.document("INVOICE").await);
    let refused = case.post(&mut officer, &late, &[("reason", "On second thoughts it is not right.")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(refused.text.contains("The step that asks for this document is passed"), "{}", refused.text);
    assert_eq!((case.events("DOCUMENT_CHECKED").await, case.events("DOCUMENT_REJECTED").await), (1, 1));
}

#[tokio::test]
async fn documents_are_judged_by_whose_step_asks_for_them_with_four_eyes() {
    let case = Case::start().await;
    let invoice = case.document("INVOICE").await;
    let path = format!("{}/{invoice}", case.page());
    for (username, expected) in [
        ("exporter.owner", StatusCode::FORBIDDEN),
        ("exporter2.owner", StatusCode::FORBIDDEN),
        ("auditor", StatusCode::FORBIDDEN),
        ("bank2.officer", StatusCode::NOT_FOUND),
        ("shipping2.officer", StatusCode::NOT_FOUND),
        ("customs.officer", StatusCode::FORBIDDEN),
        ("nbe.officer", StatusCode::FORBIDDEN),
        ("shipping.officer", StatusCode::FORBIDDEN),
    ] {
        let mut browser = case.site.sign_in(username).await;
        for (act, fields) in [("check", &[][..]), ("rejection", &[("reason", "It is of another shipment.")])] {
            let answer = case.post(&mut browser, &format!("{path}/{act}"), fields).await;
            assert_eq!(answer.status, expected, "{username} {act}: {}", answer.text);
        }
    }
    assert_eq!(case.site.count("select count(*) from document_checks").await, 0);

    // Customs looks at what its own step asks for, already before the case is with it.
    let mut customs = case.site.sign_in("customs.officer").await;
    assert_eq!(case.check(&mut customs, "PACKING_LIST").await.status, StatusCode::SEE_OTHER);

    // Who attached a document does not judge it.
    let officer_id = user(&case.site, "bank.officer").await;
    case.site
        .execute(&format!("update export_documents set uploaded_by = '{officer_id}' where document_id = '{invoice}'"))
        .await;
    let mut officer = case.site.sign_in("bank.officer").await;
    let own = case.post(&mut officer, &format!("{path}/check"), &[]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "{}", own.text);
    assert!(own.text.contains("so a colleague has to judge it"), "{}", own.text);
    let page = case.site.get(&mut officer, &case.page()).await;
    assert!(!page.text.contains(&format!("{path}/check")), "no button for what would be refused");

    // Somebody else does, once; the same form again has the same answer, the same finding again is a conflict.
    let mut supervisor = case.site.sign_in("bank.supervisor").await;
    let page = case.site.get(&mut supervisor, &case.page()).await;
    let action = format!("{path}/check");
    let fields = filled_in(&page, &action, "", &[]);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for _ in 0..2 {
        assert_eq!(case.site.post(&mut supervisor, &action, &fields).await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(case.site.count("select count(*) from document_checks where verdict = 'CHECKED'").await, 2);
    let again = case.post(&mut supervisor, &action, &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);

    // A document of a kind that the export does not call for is nobody's to judge.
    let other = format!("{}/{}/check", case.page(), case.document("OTHER").await);
    assert_eq!(case.post(&mut supervisor, &other, &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(
        case.post(&mut supervisor, &format!("{}/{}/check", case.page(), Uuid::nil()), &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_supervisor_does_without_a_document_until_the_step_is_passed() {
    let case = Case::start().await;
    let address = format!("/exports/{}/waivers/SALES_CONTRACT", case.export);
    let reason = [("reason", "The frame contract of 2025 covers it.")];
    let mut officer = case.site.sign_in("bank.officer").await;
    assert_eq!(case.post(&mut officer, &address, &reason).await.status, StatusCode::FORBIDDEN);
    let mut foreign = case.site.sign_in("customs.supervisor").await;
    assert_eq!(case.post(&mut foreign, &address, &reason).await.status, StatusCode::FORBIDDEN);
    let mut stranger = case.site.sign_in("bank2.supervisor").await;
    assert_eq!(case.post(&mut stranger, &address, &reason).await.status, StatusCode::NOT_FOUND);

    let mut supervisor = case.site.sign_in("bank.supervisor").await;
    let there = case.post(&mut supervisor, &address, &reason).await;
    assert_eq!(there.status, StatusCode::CONFLICT);
    assert!(there.text.contains("The document is there."), "{}", there.text);
    case.reject(&mut officer, "SALES_CONTRACT", "It is of another year.").await;
    let short = case.waive(&mut supervisor, "SALES_CONTRACT", "no need").await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let waived = case.waive(&mut supervisor, "SALES_CONTRACT", reason[0].1).await;
    assert_eq!(waived.status, StatusCode::SEE_OTHER, "{}", waived.text);
    assert!(case.is_there("SALES_CONTRACT").await);
    let page = case.site.get(&mut officer, &case.page()).await;
    assert!(page.text.contains("waived") && page.text.contains(reason[0].1), "{}", page.text);
    assert_eq!(case.post(&mut supervisor, &address, &reason).await.status, StatusCode::CONFLICT);

    // Taken back, it is asked for again; and waived again.
    let revocation = format!("{address}/revocation");
    let revoked = case.site.fill_in(&mut supervisor, &case.page(), &revocation, &[]).await;
    assert_eq!(revoked.status, StatusCode::SEE_OTHER, "{}", revoked.text);
    assert!(!case.is_there("SALES_CONTRACT").await);
    assert_eq!(case.post(&mut supervisor, &revocation, &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(case.waive(&mut supervisor, "SALES_CONTRACT", reason[0].1).await.status, StatusCode::SEE_OTHER);
    assert_eq!(case.approve("bank.officer", "bank-check").await.status, StatusCode::SEE_OTHER);
    let late = case.post(&mut supervisor, &revocation, &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    assert!(case.is_there("SALES_CONTRACT").await, "the waiver holds at the steps behind");
    assert_eq!((case.events("DOCUMENT_WAIVED").await, case.events("DOCUMENT_WAIVER_REVOKED").await), (2, 1));
    // No kind of document has that name.
    let nothing = format!("/exports/{}/waivers/NOTHING", case.export);
    assert_eq!(case.post(&mut supervisor, &nothing, &reason).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_request_in_preparation_is_judged_by_nobody() {
    let site = TestSite::seeded().await;
    let asked = something_to_ask(&site, "EXPORTER", 600).await;
    let mut owner = site.sign_in("exporter.owner").await;
    let export = site.request(&mut owner, &asked, "600").await;
    let case = Case { site, export };
    let mut officer = case.site.sign_in("bank.officer").await;
    let check = format!("{}/{}/check", case.page(), case.document("INVOICE").await);
    assert_eq!(case.post(&mut officer, &check, &[]).await.status, StatusCode::NOT_FOUND);
}

/// The page's rule and the function of the database by which queues count, over the demo and over an export in which
/// every state occurs: what the page shows as there is what the export has noted.
#[tokio::test]
async fn what_pages_show_as_there_is_what_queues_count() {
    let case = Case::start().await;
    let mut officer = case.site.sign_in("bank.officer").await;
    let mut supervisor = case.site.sign_in("bank.supervisor").await;
    case.check(&mut officer, "EXPORT_LICENSE").await;
    case.reject(&mut officer, "SALES_CONTRACT", "It is of another year.").await;
    case.reject(&mut officer, "INVOICE", "It cannot be read at all.").await;
    case.waive(&mut supervisor, "INVOICE", "It is in our files already.").await;
    // The file is of no use, but the authority has issued the paper here.
    case.reject(&mut officer, "COMPETENCE_CERTIFICATE", "It is a bad copy of it.").await;
    walk(&case.site, submitted(&case.site).await, "quality").await;
    let exports: Vec<(Uuid, Vec<String>)> = sqlx::query_as(
        "(select export_id, attached_documents from exports where stage not in ('PREPARATION', 'CLOSED') and exporter_organization_id =
              (select organization_id from organizations where code = 'EXPORTER') order by export_id limit 25)
         union select export_id, attached_documents from exports where export_id = $1",
    )
    .bind(case.export)
    .fetch_all(&mut case.site.sql().await)
    .await
    .unwrap();
    let mut auditor = case.site.sign_in("auditor").await;
    let mut judged = 0;
    for (export, noted) in exports {
        let page = case.site.get(&mut auditor, &format!("/exports/{export}/documents")).await;
        let progress = page.text.split(" are there").next().unwrap().rsplit("<span>").next().unwrap().to_owned();
        let there: usize = progress.split(" of ").next().unwrap().parse().unwrap();
        let table = page.text.split("id=\"checklist-caption\"").nth(1).unwrap().split("</table>").next().unwrap();
        let required: usize = progress.split(" of ").nth(1).unwrap().parse().unwrap();
        let lacking = table
            .split("<tr")
            .skip(2)
            .take(required)
            .filter(|row| [">missing<", ">not needed yet<", ">rejected<"].iter().any(|state| row.contains(state)))
            .count();
        assert_eq!(required - lacking, there, "{export}: {noted:?} {table}");
        if export == case.export {
            assert!(
                table.contains(">checked<") && table.contains(">rejected<") && table.contains(">waived<"),
                "{table}"
            );
            assert!(!noted.contains(&"SALES_CONTRACT".to_owned()) && noted.contains(&"INVOICE".to_owned()));
            assert!(table.contains("issued here"), "{table}");
            judged += 1;
        }
        // Each kind that is noted and asked for is shown as there, and no other.
        for kind in
            table.split("<tr").skip(2).take(required).filter(|row| {
                !["app-tag--bad", ">missing<", ">not needed yet<"].iter().any(|state| row.contains(state))
            })
        {
            assert!(!kind.is_empty());
        }
    }
    assert_eq!(judged, 1);
}
