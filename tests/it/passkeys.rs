//! Passkeys: adding one, proving with it at the door and before acts of weight, and what does not pass for one.

use chrono::Duration;
use http::StatusCode;
use jebena::web::routes::ENROLMENT;

use crate::device::Device;
use crate::second_factor::{Kept, OFFICER, between, enrol, give, is_in, send, site, with_password};
use crate::site::{Answer, Browser, TestSite};

const PASSKEYS: &str = "/account/second-factor/passkeys";

/// What a page asks a device, as its script reads it.
fn asked(page: &str, attribute: &str) -> String {
    let found = between(page, &format!("{attribute}=\""), "\"");
    let found = found.first().unwrap_or_else(|| panic!("no {attribute}: {page}"));
    found.replace("&quot;", "\"").replace("&#34;", "\"").replace("&amp;", "&").replace("&#38;", "&")
}

async fn add(site: &TestSite, browser: &mut Browser, name: &str, device: &mut Device) -> Answer {
    let page = site.get(browser, ENROLMENT).await;
    let made = device.make(&asked(&page.text, "data-passkey-new"));
    send(site, browser, ENROLMENT, PASSKEYS, &[("passkey_name", name), ("credential", &made)]).await
}

/// Somebody with a second factor and a passkey beside it.
async fn with_passkey(site: &TestSite) -> (Browser, Kept, Device) {
    let mut here = site.sign_in(OFFICER).await;
    let kept = enrol(site, &mut here).await;
    let mut device = Device::new(7);
    let added = add(site, &mut here, "Office computer", &mut device).await;
    assert_eq!((added.status, added.location()), (StatusCode::SEE_OTHER, ENROLMENT), "{}", added.text);
    (here, kept, device)
}

/// What the page after the password asks a device.
async fn asked_at_the_door(site: &TestSite, browser: &mut Browser) -> String {
    asked(&site.get(browser, "/sign-in/code").await.text, "data-passkey")
}

#[tokio::test]
async fn a_passkey_lets_its_person_in_in_the_place_of_a_code() {
    let site = site().await;
    let mut nothing = site.sign_in(OFFICER).await;
    assert!(!site.get(&mut nothing, ENROLMENT).await.text.contains("data-passkey"), "first the digits");
    let (mut here, kept, mut device) = with_passkey(&site).await;
    assert!(!is_in(&site, &mut nothing).await, "other sessions have ended");
    let page = site.get(&mut here, ENROLMENT).await;
    assert!(page.text.contains("<strong>Office computer</strong>"), "{}", page.text);
    let on_record = "select count(*) from audit.events where event_type = 'PASSKEY_ADDED' and severity = 'HIGH'";
    assert_eq!(site.count(on_record).await, 1);
    site.do_all().await;
    let told =
        "select count(*) from caught_mails where recipient = 'hana@bank.example' and body like '%A passkey was added%'";
    assert_eq!(site.count(told).await, 1);

    let mut browser = with_password(&site).await;
    let answer = device.prove(&asked_at_the_door(&site, &mut browser).await);
    let entered = give(&site, &mut browser, &answer).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/help"), "{}", entered.text);
    assert!(is_in(&site, &mut browser).await);
    let used = "select count(*) from passkeys where last_used_at is not null";
    assert_eq!(site.count(used).await, 1);
    // The digits go on.
    site.clock.advance(Duration::seconds(60));
    assert_eq!(give(&site, &mut with_password(&site).await, &kept.code(&site, 0)).await.location(), "/help");
}

#[tokio::test]
async fn what_is_no_answer_to_this_question_opens_nothing() {
    let site = site().await;
    let (_, _, mut device) = with_passkey(&site).await;
    let mut browser = with_password(&site).await;
    let first = asked_at_the_door(&site, &mut browser).await;
    let right = device.prove(&first);

    // From a site that looks alike: the browser says where it is.
    device.origin = "http://localhost.example";
    let elsewhere = device.prove(&asked_at_the_door(&site, &mut browser).await);
    device.origin = "http://localhost:8080";
    // By whoever has found the device open.
    device.flags = 0x01;
    let unverified = device.prove(&asked_at_the_door(&site, &mut browser).await);
    device.flags = 0x05;
    // By another device.
    let stranger = Device::new(9).prove(&asked_at_the_door(&site, &mut browser).await);
    // Of a question that was not asked.
    let made_up = right.replacen(&right[14..22], "00000000", 1);
    for answer in [elsewhere, unverified, stranger, made_up, "{".to_owned(), "{}".to_owned()] {
        site.execute("delete from sign_in_attempts; update pending_sign_ins set failures = 0").await;
        let refused = give(&site, &mut browser, &answer).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}: {}", refused.text);
    }
    site.execute("delete from sign_in_attempts; update pending_sign_ins set failures = 0").await;
    let entered = give(&site, &mut browser, &right).await;
    assert_eq!(entered.location(), "/help", "{}", entered.text);
    let again = give(&site, &mut with_password(&site).await, &right).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "each question is answered once");
    // A copy of the device has not counted along.
    let mut browser = with_password(&site).await;
    device.count = 0;
    let copy = device.prove(&asked_at_the_door(&site, &mut browser).await);
    assert_eq!(give(&site, &mut browser, &copy).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let failed = "select count(*) from audit.events where event_type = 'LOGIN_FAILED' and details ->> 'step' = 'code'";
    assert_eq!(site.count(failed).await, 8, "each is on record");
}

#[tokio::test]
async fn an_answer_that_comes_too_late_or_from_another_account_opens_nothing() {
    let site = site().await;
    let (mut here, _, mut device) = with_passkey(&site).await;
    site.clock.advance(Duration::minutes(11));
    let step_up = send(&site, &mut here, ENROLMENT, "/account/second-factor/codes", &[]).await;
    let late = device.prove(&asked(&step_up.text, "data-passkey"));
    site.clock.advance(Duration::minutes(6));
    let fields = [("factor_code", late.as_str())];
    let refused = send(&site, &mut here, ENROLMENT, "/account/second-factor/codes", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);

    // A question to one person is answered by no other.
    site.add_user("sara.officer", "COMMERCIAL_BANK", "OFFICER", false).await;
    let mut sara = site.sign_in("sara.officer").await;
    enrol(&site, &mut sara).await;
    assert_eq!(add(&site, &mut sara, "Hers", &mut Device::new(8)).await.status, StatusCode::SEE_OTHER);
    let mut browser = with_password(&site).await;
    let hers = asked_at_the_door(&site, &mut browser).await;
    let answer = Device::new(8).prove(&hers);
    assert_eq!(give(&site, &mut browser, &answer).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Nor is a key that somebody has kept by another.
    let again = add(&site, &mut sara, "His", &mut device).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
}

#[tokio::test]
async fn before_an_act_of_weight_a_passkey_answers_too() {
    let site = site().await;
    let (mut here, _, mut device) = with_passkey(&site).await;
    site.clock.advance(Duration::minutes(11));
    let step_up = send(&site, &mut here, ENROLMENT, "/account/second-factor/codes", &[]).await;
    let answer = device.prove(&asked(&step_up.text, "data-passkey"));
    let fields = [("factor_code", answer.as_str())];
    let made = send(&site, &mut here, ENROLMENT, "/account/second-factor/codes", &fields).await;
    assert_eq!((made.status, between(&made.text, "<code>", "</code>").len()), (StatusCode::OK, 10), "{}", made.text);

    // And before a page with secrets.
    site.clock.advance(Duration::minutes(11));
    let page = site.get(&mut here, "/account/proof?next=%2Faccount%2Fpassword").await;
    let answer = device.prove(&asked(&page.text, "data-passkey"));
    let (csrf, path) = (page.hidden("csrf"), "/account/proof?next=%2Faccount%2Fpassword");
    let proved = site.post(&mut here, path, &[("csrf", csrf.as_str()), ("code", &answer)]).await;
    assert_eq!(proved.location(), "/account/password", "{}", proved.text);
}

#[tokio::test]
async fn a_passkey_has_a_name_of_its_own_and_is_taken_away() {
    let site = site().await;
    let (mut here, _, mut device) = with_passkey(&site).await;
    for (name, said) in [
        ("Office computer", "You have a passkey of this name already."),
        (" ", "govuk-error-message"),
        ("Of\u{202E}fice", "govuk-error-message"),
    ] {
        let refused = add(&site, &mut here, name, &mut Device::new(8)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.text.contains(said), "{name}: {}", refused.text);
    }
    let scriptless =
        send(&site, &mut here, ENROLMENT, PASSKEYS, &[("passkey_name", "Phone"), ("credential", "")]).await;
    assert!(scriptless.text.contains("it needs JavaScript"), "{}", scriptless.text);
    assert!(scriptless.text.contains("value=\"Phone\""), "what was typed is kept: {}", scriptless.text);
    assert_eq!(add(&site, &mut here, "Phone", &mut Device::new(8)).await.status, StatusCode::SEE_OTHER);

    let page = site.get(&mut here, ENROLMENT).await;
    let removals = between(&page.text, &format!("action=\"{PASSKEYS}/"), "\"");
    let (first, second) = (format!("{PASSKEYS}/{}", removals[0]), format!("{PASSKEYS}/{}", removals[1]));
    site.add_user("sara.officer", "COMMERCIAL_BANK", "OFFICER", false).await;
    let mut sara = site.sign_in("sara.officer").await;
    let strange = send(&site, &mut sara, "/account", &first, &[]).await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND, "{}", strange.text);
    let removed = send(&site, &mut here, ENROLMENT, &first, &[]).await;
    assert_eq!(removed.location(), ENROLMENT, "{}", removed.text);
    let mut browser = with_password(&site).await;
    let answer = device.prove(&asked_at_the_door(&site, &mut browser).await);
    assert_eq!(give(&site, &mut browser, &answer).await.status, StatusCode::UNPROCESSABLE_ENTITY, "it is taken away");
    assert_eq!(site.count("select count(*) from audit.events where event_type = 'PASSKEY_REMOVED'").await, 1);

    // With the second factor its passkeys go.
    assert_eq!(site.count("select count(*) from passkeys").await, 1);
    let gone = send(&site, &mut here, ENROLMENT, "/account/second-factor/removal", &[]).await;
    assert_eq!(gone.location(), ENROLMENT, "{}", gone.text);
    assert_eq!(site.count("select count(*) from passkeys").await, 0);
    assert_eq!(send(&site, &mut here, ENROLMENT, &second, &[]).await.status, StatusCode::NOT_FOUND);
}
