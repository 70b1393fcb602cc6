//! Forms that come too late: their session has ended, or another has begun since. What was typed is sent all the same.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::Duration;
use http::{Request, StatusCode, header};
use uuid::Uuid;

use crate::decisions::submitted;
use crate::second_factor::{self, OFFICER, enrol, give};
use crate::site::{Answer, Browser, PASSWORD, TestSite, encoded, form, pairs};

const TYPED: &str = "Which bank confirms? <ቡና> & \"more\"";

/// The fields of the last form of a page or a part of one, as a browser sends them.
fn fields_of(page: &Answer) -> (String, Vec<(String, String)>) {
    let main = page.text.split("</main>").next().unwrap();
    let form = main.rsplit_once("<form").unwrap_or_else(|| panic!("{}", page.text)).1;
    let action = form.split_once("action=\"").unwrap().1.split('"').next().unwrap();
    let plain = |text: &str| {
        text.replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#34;", "\"")
            .replace("&#39;", "'")
            .replace("&#38;", "&")
    };
    let hidden = form.split("type=\"hidden\" name=\"").skip(1).map(|rest| {
        let (name, rest) = rest.split_once("\" value=\"").unwrap();
        (name.to_owned(), plain(rest.split('"').next().unwrap()))
    });
    (plain(action), hidden.collect())
}

/// The message that somebody has typed on the page of a case; not sent yet.
async fn typed(site: &TestSite, browser: &mut Browser, export: Uuid) -> (String, Vec<(String, String)>) {
    let (case, action) = (format!("/exports/{export}"), format!("/exports/{export}/messages"));
    let page = site.get(browser, &case).await;
    let fields = crate::walk::filled_in(&page, &action, "", &[("text", TYPED)]);
    (action, fields)
}

async fn messages(site: &TestSite) -> i64 {
    site.count("select count(*) from export_messages where body like 'Which bank confirms?%'").await
}

/// Signs in by the form on `page`, which brings along what was typed.
async fn sign_in_by(site: &TestSite, browser: &mut Browser, page: &Answer, username: &str, password: &str) -> Answer {
    let (action, mut fields) = fields_of(page);
    assert_eq!(action, "/sign-in", "{}", page.text);
    fields.extend([("username", username), ("password", password)].map(|(n, v)| (n.to_owned(), v.to_owned())));
    site.post(browser, &action, &pairs(&fields)).await
}

#[tokio::test]
async fn what_was_typed_when_the_session_had_ended_is_sent_in_the_next_one() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let mut browser = site.sign_in("exporter.owner").await;
    let (action, fields) = typed(&site, &mut browser, export).await;
    site.clock.advance(Duration::minutes(31));
    let refused = site.post(&mut browser, &action, &pairs(&fields)).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
    assert!(refused.text.contains("What you have typed is kept"), "{}", refused.text);

    // A mistake in the password loses nothing either.
    let wrong = sign_in_by(&site, &mut browser, &refused, "exporter.owner", "another password").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    assert_eq!(messages(&site).await, 0);
    let inside = sign_in_by(&site, &mut browser, &wrong, "exporter.owner", site.password).await;
    assert_eq!(inside.status, StatusCode::OK, "{}", inside.text);
    assert_eq!(inside.headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(messages(&site).await, 0, "nothing is sent before somebody says so");

    let (action, fields) = fields_of(&inside);
    assert!(fields.contains(&("text".to_owned(), TYPED.to_owned())), "{fields:?}");
    for _ in 0..2 {
        let sent = site.post(&mut browser, &action, &pairs(&fields)).await;
        assert_eq!(sent.location(), format!("/exports/{export}#messages"), "{}", sent.text);
    }
    assert_eq!(messages(&site).await, 1, "and it counts once");
}

#[tokio::test]
async fn it_goes_through_the_second_factor_too() {
    let site = second_factor::site().await;
    let mut browser = site.sign_in(OFFICER).await;
    let kept = enrol(&site, &mut browser).await;
    let page = site.get(&mut browser, "/account/profile").await;
    let (csrf, key) = (page.hidden("csrf"), page.hidden("idempotency_key"));
    let fields = [("csrf", csrf.as_str()), ("idempotency_key", &key), ("phone", "+251911000000")];
    site.clock.advance(Duration::minutes(31));
    let refused = site.post(&mut browser, "/account/profile", &fields).await;
    let asked = sign_in_by(&site, &mut browser, &refused, OFFICER, PASSWORD).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    let (action, mut asked_fields) = fields_of(&asked);
    assert_eq!(action, "/sign-in/code");
    let answer = |fields: &[(String, String)], code: &str| [fields, &[("code".to_owned(), code.to_owned())]].concat();
    let mut wrong = site.post(&mut browser, &action, &pairs(&answer(&asked_fields, "000000"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);
    // Whoever has no more tries begins again with the password, and with what was typed.
    for _ in 0..2 {
        asked_fields = fields_of(&wrong).1;
        wrong = site.post(&mut browser, &action, &pairs(&answer(&asked_fields, "000000"))).await;
    }
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED, "{}", wrong.text);
    // Why stands on this page, and not on the one after it.
    assert!(
        wrong.text.contains("too many codes were wrong") && browser.cookie("jebena-flash").is_none(),
        "{}",
        wrong.text
    );
    let asked = sign_in_by(&site, &mut browser, &wrong, OFFICER, PASSWORD).await;
    asked_fields = fields_of(&asked).1;
    let inside = site.post(&mut browser, &action, &pairs(&answer(&asked_fields, &kept.code(&site, 0)))).await;
    assert_eq!(inside.status, StatusCode::OK, "{}", inside.text);
    let (action, fields) = fields_of(&inside);
    assert_eq!(action, "/account/profile");
    assert!(fields.contains(&("phone".to_owned(), "+251911000000".to_owned())), "{fields:?}");
    // The token is the new session's.
    let sent = site.post(&mut browser, &action, &pairs(&fields)).await;
    assert_ne!(sent.status, StatusCode::FORBIDDEN, "{}", sent.text);
    assert_ne!(sent.status, StatusCode::UNAUTHORIZED, "{}", sent.text);
    // Without a form that waits the page is reached as ever.
    let mut other = Browser::default();
    site.post(&mut other, "/sign-in", &[("username", OFFICER), ("password", PASSWORD), ("next", "/help")]).await;
    site.clock.advance(Duration::seconds(30));
    assert_eq!(give(&site, &mut other, &kept.code(&site, 0)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_of_the_session_before_is_sent_after_one_more_press() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let mut before = site.sign_in("exporter.owner").await;
    let (action, fields) = typed(&site, &mut before, export).await;
    let mut browser = site.sign_in("exporter.owner").await;
    let refused = site.post(&mut browser, &action, &pairs(&fields)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    assert_eq!(messages(&site).await, 0);
    let (action, fields) = fields_of(&refused);
    let sent = site.post(&mut browser, &action, &pairs(&fields)).await;
    assert_eq!(sent.location(), format!("/exports/{export}#messages"), "{}", sent.text);
    assert_eq!(messages(&site).await, 1);
}

#[tokio::test]
async fn a_part_of_a_page_is_asked_to_sign_in_where_it_stands() {
    let site = TestSite::seeded().await;
    let export = submitted(&site).await;
    let mut browser = site.sign_in("exporter.owner").await;
    let (action, fields) = typed(&site, &mut browser, export).await;
    site.clock.advance(Duration::minutes(31));
    let request = async |browser: &mut Browser, fields: &[(&str, &str)]| {
        let request: Request<_> = form(&action, fields)
            .header("hx-request", "true")
            .header("hx-current-url", format!("http://localhost:8080/exports/{export}"))
            .body(encoded(fields))
            .unwrap();
        site.call(browser, request).await
    };
    let refused = request(&mut browser, &pairs(&fields)).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(!refused.headers.contains_key("hx-redirect") && !refused.text.contains("<html"), "{}", refused.text);
    let inside = sign_in_by(&site, &mut browser, &refused, "exporter.owner", site.password).await;
    assert!(inside.text.contains(&format!("href=\"/exports/{export}\"")), "the way back: {}", inside.text);
    // Where nothing was typed there is nothing to keep.
    let bare = request(&mut Browser::default(), &[("csrf", "x"), ("idempotency_key", "k")]).await;
    assert_eq!(bare.headers["hx-redirect"], format!("/sign-in?next=%2Fexports%2F{export}"));
}

#[tokio::test]
async fn neither_secrets_nor_ways_to_elsewhere_are_kept() {
    let site = TestSite::seeded().await;
    let mut browser = Browser::default();
    let fields = [("current_password", "s3cret one"), ("password", "s3cret two"), ("password_again", "s3cret two")];
    let refused = site.post(&mut browser, "/account/password", &fields).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(!refused.text.contains("name=\"kept\"") && !refused.text.contains("s3cret"), "{}", refused.text);

    for action in ["https://evil.example/", "//evil.example", "/sign-out"] {
        let kept = format!(r#"{{"action":"{action}","page":"/","fields":[["text","x"]]}}"#);
        let kept = URL_SAFE_NO_PAD.encode(kept);
        let fields = [("username", "exporter.owner"), ("password", site.password), ("kept", &kept)];
        let inside = site.post(&mut Browser::default(), "/sign-in", &fields).await;
        assert_eq!((inside.status, inside.location()), (StatusCode::SEE_OTHER, "/"), "{}", inside.text);
    }
}
