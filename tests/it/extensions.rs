//! The National Bank's extensions of the time for the proceeds: what it granted holds, and is told.

use futures::future::join_all;
use http::StatusCode;
use uuid::Uuid;

use crate::decisions::submitted;
use crate::revisions::{amend, approve, requested, text};
use crate::site::{Answer, Browser, TestSite, pairs};
use crate::walk::{filled_in, walk};

pub const GRANTED: [(&str, &str); 2] =
    [("new_due_date", "2027-06-01"), ("extension_reason", "The buyer's country has closed its banks for a month.")];

const DUE: &str = "select settlement_due_date::text from exports where export_id = $1";

#[tokio::test]
async fn a_second_look_at_the_documents_keeps_what_the_national_bank_granted() {
    let site = TestSite::seeded().await;
    let (export, asked, mut owner) = requested(&site).await;
    walk(&site, export, "permit").await;
    let case = format!("/exports/{export}");
    let mut nbe = site.sign_in("nbe.officer").await;
    let answer = site.fill_in(&mut nbe, &case, &format!("{case}/extension"), &GRANTED).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, DUE, export).await, "2027-06-01");

    let fields = asked.correction("540", &[("reason", crate::revisions::REASON)]);
    let answer = amend(&site, &mut owner, export, &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(site.state_of(export).await.1, "BANK_CHECK");
    approve(&site, export, &["bank-check"]).await;
    assert_eq!(text(&site, DUE, export).await, "2027-06-01", "an extension outlives a new look at the documents");
}

const ASKED: [(&str, &str); 2] =
    [("asked_until", "2027-05-15"), ("asking_reason", "The buyer pays after the second inspection of the cargo.")];
const REFUSED: [(&str, &str); 1] = [("refusal_reason", "The first extension was granted for the same inspection.")];
const ANSWERS: &str = "select coalesce(string_agg(coalesce(answer, 'WAITING'), ' ' order by asked_at, request_id), '')
    from extension_requests where export_id = $1";

async fn on_case(site: &TestSite, browser: &mut Browser, export: Uuid, what: &str, fields: &[(&str, &str)]) -> Answer {
    let case = format!("/exports/{export}");
    site.fill_in(browser, &case, &format!("{case}/{what}"), fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_exporter_asks_and_the_national_bank_refuses_or_grants() {
    let site = TestSite::seeded_for_crowds().await;
    let export = submitted(&site).await;
    let (case, account) = (format!("/exports/{export}"), format!("/exports/{export}/settlement"));
    let mut owner = site.sign_in("exporter.owner").await;
    assert!(!site.get(&mut owner, &case).await.text.contains("/extension-request"), "nothing is due yet");
    walk(&site, export, "fx").await;
    let number = text(&site, "select export_number from exports where export_id = $1", export).await;

    for (fields, field) in [
        ([("asked_until", "2026-11-01"), ASKED[1]], "asked_until"),
        ([ASKED[0], ("asking_reason", "soon")], "asking_reason"),
    ] {
        let answer = on_case(&site, &mut owner, export, "extension-request", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{}", answer.text);
    }
    // Sent five times it is asked once.
    let action = format!("{case}/extension-request");
    let sent = filled_in(&site.get(&mut owner, &case).await, &action, "", &ASKED);
    let answers = join_all((0..5).map(|_| {
        let (site, mut browser, sent, action) = (&site, owner.clone(), &sent, &action);
        async move { site.post(&mut browser, action, &pairs(sent)).await.status }
    }))
    .await;
    assert!(answers.iter().all(|status| *status == StatusCode::SEE_OTHER), "{answers:?}");
    assert_eq!(text(&site, ANSWERS, export).await, "WAITING");
    let shown = site.get(&mut owner, &case).await.text;
    assert!(!shown.contains(&action) && shown.contains("asks for an extension until"), "{shown}");
    let mut again = sent.clone();
    for (name, value) in &mut again {
        match name.as_str() {
            "idempotency_key" => *value = Uuid::now_v7().to_string(),
            "version" => *value = text(&site, "select version::text from exports where export_id = $1", export).await,
            _ => {}
        }
    }
    assert_eq!(site.post(&mut owner, &action, &pairs(&again)).await.status, StatusCode::CONFLICT, "one at a time");

    let mut nbe = site.sign_in("nbe.officer").await;
    let waiting = site.get(&mut nbe, "/proceeds?part=waiting").await.text;
    assert!(waiting.contains(&number) && waiting.contains(ASKED[1].1), "{waiting}");
    let answer = on_case(&site, &mut nbe, export, "extension-refusal", &[("refusal_reason", "no")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    let answer = on_case(&site, &mut nbe, export, "extension-refusal", &REFUSED).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, ANSWERS, export).await, "REFUSED");
    assert!(!site.get(&mut nbe, &case).await.text.contains("extension-refusal"), "there is nothing to refuse");
    let mut bank = site.sign_in("bank.officer").await;
    let told = site.get(&mut bank, &account).await.text;
    assert!(told.contains(REFUSED[0].1) && told.contains("Refused"), "{told}");

    // Asked again and granted: the form of the National Bank has the day in it, and the extension is the answer.
    let answer = on_case(&site, &mut owner, export, "extension-request", &ASKED).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(site.get(&mut nbe, &case).await.text.contains("value=\"2027-05-15\""));
    let granted = [("new_due_date", "2027-05-15"), GRANTED[1]];
    let answer = on_case(&site, &mut nbe, export, "extension", &granted).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(text(&site, ANSWERS, export).await, "REFUSED GRANTED");
    assert_eq!(text(&site, DUE, export).await, "2027-05-15");
    for reader in ["exporter.owner", "bank.officer", "nbe.officer"] {
        let mut browser = site.sign_in(reader).await;
        let shown = site.get(&mut browser, &case).await.text;
        assert!(shown.contains("Due date put off") && shown.contains("closed its banks"), "{reader}: {shown}");
        let running = site.get(&mut browser, "/proceeds?part=running").await.text;
        assert!(running.contains(&number), "{reader}: {running}");
    }
    // Once the page after the answer has told what was done, the list says nothing of it.
    site.get(&mut nbe, &case).await;
    assert!(!site.get(&mut nbe, "/proceeds?part=waiting").await.text.contains(&number));
    let record = "select string_agg(action, ' ' order by version) from export_status_history
        where export_id = $1 and action like '%exten%'";
    assert_eq!(text(&site, record, export).await, "ask-extension refuse-extension ask-extension extend");
}

#[tokio::test]
async fn only_its_exporter_asks_only_the_national_bank_answers_and_the_carrier_sees_none_of_it() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    walk(&site, export, "fx").await;
    let case = format!("/exports/{export}");
    let mut owner = site.sign_in("exporter.owner").await;
    let answer = on_case(&site, &mut owner, export, "extension-request", &ASKED).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    for (who, what, status) in [
        ("exporter2.owner", "extension-request", StatusCode::NOT_FOUND),
        ("bank.officer", "extension-request", StatusCode::FORBIDDEN),
        ("exporter.owner", "extension-refusal", StatusCode::FORBIDDEN),
        ("ecta.officer", "extension-refusal", StatusCode::FORBIDDEN),
    ] {
        let mut browser = site.sign_in(who).await;
        let csrf = site.get(&mut browser, "/help").await.hidden("csrf");
        let key = Uuid::now_v7().to_string();
        let mut fields = vec![("csrf", csrf.as_str()), ("idempotency_key", key.as_str()), ("version", "4")];
        fields.extend(if what == "extension-request" { &ASKED[..] } else { &REFUSED });
        let answer = site.post(&mut browser, &format!("{case}/{what}"), &fields).await;
        assert_eq!(answer.status, status, "{who} at {what}: {}", answer.text);
    }
    assert_eq!(text(&site, ANSWERS, export).await, "WAITING");
    let mut carrier = site.sign_in("shipping.officer").await;
    assert_eq!(site.get(&mut carrier, "/proceeds").await.status, StatusCode::NOT_FOUND);
    assert!(!site.get(&mut carrier, &case).await.text.contains("asks for an extension until"));
    let mut other = site.sign_in("bank2.officer").await;
    let number = text(&site, "select export_number from exports where export_id = $1", export).await;
    assert!(!site.get(&mut other, "/proceeds?part=waiting").await.text.contains(&number));
}
