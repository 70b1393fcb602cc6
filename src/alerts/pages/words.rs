//! Alerts and events in words.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::alerts::model::{Alert, Measure, SubjectKind};
use crate::audit::{Severity, address};
use crate::auth::{Actor, Permission, Role};
use crate::calendar::eat_date;
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::quantities::grouped;
use crate::web::components::{Tag, Tone};
use crate::web::paging::Cursor;

/// How grave an alert is.
pub(super) fn severity(severity: Severity, lang: Lang) -> Tag {
    let tone = match severity {
        Severity::Low | Severity::Medium => Tone::Neutral,
        Severity::High => Tone::Warn,
        Severity::Critical => Tone::Bad,
    };
    Tag::new(lang.name_of("severity", severity.code()), tone)
}

/// The name of somebody; of who has none any more, that.
pub(super) fn person(id: Uuid, names: &Names, lang: Lang) -> String {
    names.of(id, lang).map_or_else(|| lang.t("audit-unknown"), str::to_owned)
}

/// Whom or what an alert is about.
pub(super) fn subject(alert: &Alert, names: &Names, lang: Lang) -> String {
    match alert.subject_kind {
        SubjectKind::User => person(alert.subject, names, lang),
        SubjectKind::Keys => {
            let holder = names.of(alert.subject, lang).map_or_else(|| lang.t("pki-consortium"), str::to_owned);
            lang.fill("alerts-keys-of", [("holder", holder)])
        }
        SubjectKind::Network
        | SubjectKind::Invitation
        | SubjectKind::Certificate
        | SubjectKind::Signer
        | SubjectKind::Record => lang.name_of("alerts-subject", alert.subject_kind.code()),
    }
}

/// How much was counted, and what makes it an alert.
pub(super) fn figure(alert: &Alert, lang: Lang) -> (String, String) {
    let count = |figure: i64| grouped(figure.into());
    let counted = measured(alert.measure, alert.figure, lang);
    let why = match (alert.measure, alert.usual) {
        (Measure::Changes | Measure::Findings, _) => String::new(),
        (Measure::Failures | Measure::Rows | Measure::Files | Measure::Uses, None) => {
            lang.fill("alerts-from", [("threshold", count(alert.threshold))])
        }
        (Measure::Failures | Measure::Rows | Measure::Files | Measure::Uses, Some(usual)) => {
            lang.fill("alerts-from-usual", [("threshold", count(alert.threshold)), ("usual", count(usual))])
        }
    };
    (counted, why)
}

/// So many of what is counted.
fn measured(measure: Measure, figure: i64, lang: Lang) -> String {
    let id = format!("alerts-measure-{}", measure.code().to_ascii_lowercase());
    lang.t_args(&id, &[("count", figure.into()), ("figure", grouped(figure.into()).into())])
}

/// The facts of an event that help whoever looks at an alert, in one line.
pub(super) fn facts(details: &Value, lang: Lang) -> String {
    let text = |name: &str| details.get(name).and_then(Value::as_str);
    let mut said = Vec::new();
    if let Some(role) = text("role").and_then(Role::from_code) {
        said.push(lang.name_of("role", role.code()));
    }
    let named = ["list", "document_type", "route", "signature", "key", "alarm", "day", "partition"];
    said.extend(named.into_iter().filter_map(text).map(str::to_owned));
    if let Some(rows) = details.get("rows").and_then(Value::as_i64) {
        said.push(measured(Measure::Rows, rows, lang));
    }
    said.join(" · ")
}

/// The event in the record; for who may read it there.
pub(super) fn event_page(at: DateTime<Utc>, id: Uuid, viewer: &Actor) -> Option<String> {
    viewer.may(Permission::ViewAudit).then(|| format!("/audit/events/{}", Cursor { at, id }))
}

/// The search of the record for such events of a time; for who may search.
pub(super) fn search(pairs: &[(&str, &str)], from: DateTime<Utc>, viewer: &Actor) -> Option<String> {
    let from = eat_date(from).to_string();
    viewer.may(Permission::ViewAudit).then(|| address::search(&[pairs, &[("from", &from)]].concat()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::alerts::model::{Period, Rule};
    use crate::alerts::rules::{CHANGES, DOWNLOADS, FAILURE, INFECTED, RECORD, ROLE, SIGNER};
    use crate::audit::{EVENT_TYPES, is_known};

    #[test]
    fn everything_has_a_name_in_both_languages() {
        for &lang in Lang::ALL {
            for rule in Rule::ALL {
                assert!(!lang.name_of("alerts-rule", rule.code()).is_empty());
                assert!(!lang.name_of("alerts-why", rule.code()).is_empty());
            }
            for one in Measure::ALL {
                assert_ne!(measured(*one, 1, lang), measured(*one, 2, lang));
            }
            Period::ALL.iter().for_each(|one| drop(lang.name_of("alerts-period", one.code())));
            for kind in [
                SubjectKind::Network,
                SubjectKind::Invitation,
                SubjectKind::Certificate,
                SubjectKind::Signer,
                SubjectKind::Record,
            ] {
                assert!(!lang.name_of("alerts-subject", kind.code()).is_empty());
            }
        }
    }

    #[test]
    fn what_raises_an_alert_has_the_words_of_the_record() {
        let some = [FAILURE].into_iter().chain(DOWNLOADS).chain(CHANGES);
        for event_type in some.chain(INFECTED).chain(SIGNER).chain(RECORD) {
            assert!(is_known(event_type), "{event_type}");
        }
        assert!(EVENT_TYPES.iter().any(|event_type| event_type.starts_with(ROLE)));
    }

    #[test]
    fn an_event_says_what_helps_and_no_more() {
        let details = json!({ "list": "exports", "rows": 1_200, "address": "/exports?q=secret", "role": "ORG_ADMIN" });
        assert_eq!(facts(&details, Lang::EN), "Staff administrator · exports · 1,200 rows");
        assert_eq!(facts(&json!({ "by": "operator" }), Lang::EN), "");
    }
}
