//! What was told, in the language of who reads it: a template for each event.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::model::{News, NewsEvent};
use crate::i18n::Lang;
use crate::web::components::Moment;

/// The line of the list, which is the subject of the mail too.
pub(super) fn line(news: &News, lang: Lang) -> String {
    let fact = |name: &str| news.facts.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let named = |family: &str, code: String| if code.is_empty() { code } else { lang.name_of(family, &code) };
    match news.event {
        NewsEvent::ApplicationDecided => lang.fill(
            "notification-line-application-decided",
            [
                ("subject", named("review-subject", news.subject_kind.clone())),
                ("action", named("review-action", fact("action"))),
            ],
        ),
        NewsEvent::RoleChanged => role_line(news, lang),
        NewsEvent::SecurityAlert => {
            lang.fill("notification-line-security-alert", [("rule", named("alerts-rule", fact("rule")))])
        }
        NewsEvent::CertificateAsked | NewsEvent::CertificateDecided if news.subject_kind == "CERTIFICATE_ACT" => {
            let id = match (news.event, fact("verdict").as_str()) {
                (NewsEvent::CertificateAsked, _) => "notification-line-certificate-act-asked",
                (_, "") => "notification-line-certificate-act-done",
                _ => "notification-line-certificate-act-decided",
            };
            lang.fill(
                id,
                [
                    ("organization", fact("organization")),
                    ("act", named("pki-act", fact("kind"))),
                    ("verdict", named("pki-verdict", fact("verdict"))),
                ],
            )
        }
        NewsEvent::CertificateAsked => {
            lang.fill("notification-line-certificate-asked", [("organization", fact("organization"))])
        }
        NewsEvent::CertificateDecided => {
            lang.fill("notification-line-certificate-decided", [("verdict", named("pki-verdict", fact("verdict")))])
        }
        NewsEvent::CertificateEnds | NewsEvent::CertificateEndsElsewhere => {
            let is_over = news.facts.get("is_over").and_then(Value::as_bool).unwrap_or_default();
            let id = match (news.event, is_over) {
                (NewsEvent::CertificateEnds, false) => "notification-line-certificate-ends",
                (NewsEvent::CertificateEnds, true) => "notification-line-certificate-ended",
                (_, false) => "notification-line-certificate-ends-elsewhere",
                (_, true) => "notification-line-certificate-ended-elsewhere",
            };
            let day: Option<NaiveDate> = fact("day").parse().ok();
            let day = day.map(|day| Moment::legal_day(lang, day).text).unwrap_or_default();
            lang.fill(id, [("organization", fact("organization")), ("day", day)])
        }
        NewsEvent::DocumentInfected => {
            let name = fact(if lang == Lang::AM { "name_am" } else { "name" });
            lang.fill("notification-line-document-infected", [("document", name)])
        }
        NewsEvent::CaseWaiting
        | NewsEvent::CaseApproved
        | NewsEvent::CaseReturned
        | NewsEvent::CaseRejected
        | NewsEvent::CaseShipped
        | NewsEvent::CaseCompleted
        | NewsEvent::CaseCancelled
        | NewsEvent::CaseMessage => {
            let id = format!("notification-line-{}", news.event.code().to_ascii_lowercase().replace('_', "-"));
            lang.fill(&id, [("number", fact("number")), ("stage", named("stage", fact("stage")))])
        }
    }
}

/// What became of a role, and in which days: one that begins later is not there yet.
fn role_line(news: &News, lang: Lang) -> String {
    let text = |name: &str| news.facts.get(name).and_then(Value::as_str).unwrap_or_default();
    let moment = |name: &str| text(name).parse::<DateTime<Utc>>().ok();
    let (from, until) = (moment("from"), moment("until"));
    let id = match (text("change"), from, until) {
        ("granted", None, Some(_)) => "granted-until",
        ("granted", Some(_), None) => "granted-from",
        ("granted", Some(_), Some(_)) => "granted-from-until",
        (change, ..) => change,
    };
    let facts = [
        ("role", lang.name_of("role", text("role"))),
        ("from", from.map(|at| Moment::beginning(lang, at).text).unwrap_or_default()),
        ("until", until.map(|at| Moment::end(lang, at).text).unwrap_or_default()),
    ];
    lang.fill(&format!("notification-line-role-{id}"), facts)
}

fn is_delegation(news: &News) -> bool {
    news.facts.get("change").and_then(Value::as_str).is_some_and(|change| change.starts_with("delegat"))
}

/// Where it leads.
pub(super) fn path(news: &News) -> String {
    let id = news.subject_id;
    match news.subject_kind.as_str() {
        "EXPORT" if news.event == NewsEvent::CaseMessage => format!("/exports/{id}#messages"),
        "EXPORT" if news.event == NewsEvent::DocumentInfected => format!("/exports/{id}/documents"),
        "EXPORT" => format!("/exports/{id}"),
        "ALERT" => format!("/security/alerts/{id}"),
        "LOT" => format!("/lots/{id}"),
        "CONTRACT" => format!("/contracts/{id}"),
        "BUYER" => format!("/buyers/{id}"),
        "INSPECTION" => format!("/inspections/{id}"),
        "ROLE" if is_delegation(news) => "/account/delegations".to_owned(),
        "ROLE" => "/account".to_owned(),
        "CERTIFICATE" => format!("/pki/certificates/{id}"),
        "CERTIFICATE_ACT" => format!("/pki/acts/{id}"),
        "CERTIFICATE_REQUEST" => format!("/pki/requests/{id}"),
        application => format!("/registration/{}/{id}", application.to_ascii_lowercase()),
    }
}
