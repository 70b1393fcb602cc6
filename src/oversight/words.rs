//! Events as people read them: what each was about, and its facts with names, days and states in the place of ids and codes.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use super::model::{EventLine, facts, has_id, id_of, plain};
use crate::audit::words;
use crate::exports::ApprovalKind;
use crate::exports::pages::words as exports;
use crate::i18n::Lang;
use crate::organizations::directory::Names;
use crate::web::components::Moment;

/// So many characters of an event's facts stand in the list; the rest is on its own page.
const SHOWN: usize = 160;
/// Parts of a fact's name that say where it stands and not what it is.
const WRAPPERS: [&str; 2] = ["details", "new"];
/// Facts that nobody looks for in a list: what its author was, and fingerprints.
const UNLISTED: [&str; 6] = ["actor_role", "cid", "digest", "hashes_sha256", "head", "sha256"];
/// Facts that are the ids of people.
const PEOPLE: [&str; 4] = ["absent", "by", "person", "uploaded_by"];
/// What may become of a step, as an export's action has it behind the step.
const DECISIONS: [&str; 4] = ["approve", "first-approve", "reject", "return"];
/// The families of names in which the codes of a fact are looked for, in this order.
const FAMILIES: [(&str, &[&str]); 19] = [
    ("action", &["review-action"]),
    ("cause", &["retention-cause"]),
    ("changed", &["profile-field", "audit-fact"]),
    ("evidence", &["plot-evidence"]),
    ("kind", &["paper", "job-kind", "organization-kind", "pki-act", "alerts-subject"]),
    ("permission", &["permission"]),
    ("reason", &["pki-reason"]),
    ("role", &["role"]),
    ("rule", &["alerts-rule"]),
    ("severity", &["severity"]),
    ("source", &["lot-source"]),
    ("stage", &["stage"]),
    ("state", &["statement-state"]),
    ("subject", &["review-subject"]),
    ("subject_kind", &["hold-subject"]),
    ("undone", &["step"]),
    ("verdict", &["pki-verdict"]),
    ("was", &["job-status"]),
    ("why", &["alerts-denied"]),
];
/// The families of the states in which things of a kind can be.
const STATES: [(&str, &str); 9] = [
    ("buyer", "buyer-state"),
    ("coffee_lot", "lot-verification"),
    ("competence_certificate", "grant-state"),
    ("export_license", "grant-state"),
    ("exporter_profile", "profile-state"),
    ("laboratory", "grant-state"),
    ("quality_inspection", "sample-state"),
    ("sales_contract", "contract-state"),
    ("taster", "grant-state"),
];

/// One event, with whoever reads it and the names that were met in it.
pub(super) struct Reading<'a> {
    line: &'a EventLine,
    names: &'a Names,
    lang: Lang,
}

impl<'a> Reading<'a> {
    pub(super) const fn new(line: &'a EventLine, names: &'a Names, lang: Lang) -> Self {
        Self { line, names, lang }
    }

    /// Who did it, and for whom; the system where nobody did.
    pub(super) fn people(&self) -> (String, String) {
        let (line, lang) = (self.line, self.lang);
        let person = line.actor.map_or_else(
            || lang.t("audit-nobody"),
            |id| self.names.of(id, lang).map_or_else(|| lang.t("audit-unknown"), str::to_owned),
        );
        let organization = line.organization.and_then(|id| self.names.of(id, lang));
        (person, organization.unwrap_or_default().to_owned())
    }

    /// Which one of its kind the event was about: by name or number, where it has one.
    pub(super) fn which(&self) -> Option<String> {
        let id = self.line.subject_id?;
        let name = self.names.of(id, self.lang).map(str::to_owned);
        match self.line.subject_kind.as_str() {
            "user" => name.or_else(|| Some(self.lang.t("audit-unknown"))),
            "organization" => name,
            _ => self.line.details.get("number").filter(|number| !number.is_null()).map(plain).or(name),
        }
    }

    /// What a reader of the list looks for: the number first where it is not said already, and what is new without what it was
    /// before. Ids that are nobody's, and fingerprints, say nothing there.
    pub(super) fn gist(&self) -> String {
        let which = self.which();
        let is_said = |text: &String, path: &str| path == "number" && which.as_ref() == Some(text);
        let (numbers, others): (Vec<_>, Vec<_>) = facts(&self.line.details)
            .into_iter()
            .filter(|(path, _)| path != "old" && !path.starts_with("old.") && !UNLISTED.contains(&path.as_str()))
            .map(|(path, value)| (self.value(&path, value), path))
            .filter(|(text, path)| !(text.is_empty() || has_id(text) || is_said(text, path)))
            .partition(|(_, path)| path == "number");
        let said: Vec<String> =
            numbers.into_iter().chain(others).map(|(text, path)| format!("{}: {text}", self.name(&path))).collect();
        shortened(&said.join("; "))
    }

    /// What a fact is called, by its name in the record.
    pub(super) fn name(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('.').collect();
        let Some((last, outer)) = parts.split_last() else { return String::new() };
        let outer: Vec<&str> = outer.iter().copied().filter(|part| !WRAPPERS.contains(part)).collect();
        let last_name = match (outer.as_slice(), *last) {
            // A change of something that has no parts.
            ([], "") => words::fact("value", self.lang),
            // How much was removed of what.
            (["removed"], class) => {
                self.lang.find_name("retention-class", class).unwrap_or_else(|| words::fact(class, self.lang))
            }
            (_, key) => words::fact(key, self.lang),
        };
        let names = outer.into_iter().map(|part| words::fact(part, self.lang)).chain([last_name]);
        names.collect::<Vec<_>>().join(" – ")
    }

    /// What a fact says.
    pub(super) fn value(&self, path: &str, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(is_so) => self.lang.t(if *is_so { "papers-yes" } else { "papers-no" }),
            Value::Number(number) => number.to_string(),
            Value::String(text) => self.text(path.rsplit('.').next().unwrap_or(path), text),
            Value::Array(items) => {
                let said = items.iter().map(|item| self.value(path, item)).filter(|text| !text.is_empty());
                if items.iter().any(|item| item.is_object() || item.is_array()) {
                    said.collect::<Vec<_>>().join("; ")
                } else {
                    self.lang.list(said)
                }
            }
            Value::Object(_) => self.several(value),
        }
    }

    /// Facts that belong together, in one line.
    fn several(&self, value: &Value) -> String {
        let side = |name: &str| {
            let text = value.get(name).map(|value| self.value(name, value))?;
            Some(if text.is_empty() { "–".to_owned() } else { text })
        };
        // A field of a form that was changed.
        if let (Some(label), Some(old), Some(new)) = (side("label"), side("old"), side("new")) {
            return format!("{label}: {old} → {new}");
        }
        let said = facts(value).into_iter().map(|(path, inner)| (self.value(&path, inner), path));
        let said = said.filter(|(text, _)| !text.is_empty());
        self.lang.list(said.map(|(text, path)| format!("{}: {text}", self.name(&path))))
    }

    /// A text, by what it is: the id of somebody, a moment, a day, a code; anything else as it is.
    fn text(&self, key: &str, text: &str) -> String {
        let lang = self.lang;
        if let Some(id) = id_of(text) {
            let name = self.names.of(id, lang).map(str::to_owned);
            return match name {
                None if PEOPLE.contains(&key) => lang.t("audit-unknown"),
                name => name.unwrap_or_else(|| text.to_owned()),
            };
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Moment::at(lang, at.to_utc()).text;
        }
        if let Some(day) = day_of(text) {
            return Moment::legal_day(lang, day).text;
        }
        self.coded(key, text).unwrap_or_else(|| text.to_owned())
    }

    /// The name of a code, where the key says of what it is one.
    fn coded(&self, key: &str, text: &str) -> Option<String> {
        let lang = self.lang;
        match key {
            "actor_role" => {
                let role = |code: &str| lang.find_name("role", code).unwrap_or_else(|| code.to_owned());
                Some(lang.list(text.split(", ").map(role)))
            }
            "action" if text.contains(':') => {
                let (step, decision) = text.split_once(':')?;
                let is_known = ApprovalKind::from_code(step).is_some() && DECISIONS.contains(&decision);
                is_known.then(|| exports::action(text, lang))
            }
            // The ids of the labels of a form's fields.
            "fields" | "label" if text.starts_with("field-") || text.starts_with("fact-") => lang.find(text),
            // Some reasons are codes; what people write is none.
            "reason" | "why" if !is_shouted(text) => None,
            "status" => {
                let own = STATES.iter().find(|(kind, _)| *kind == self.line.subject_kind).map(|(_, family)| *family);
                own.and_then(|family| lang.find_name(family, text)).or_else(|| lang.find_name("status", text))
            }
            _ => {
                let (_, families) = FAMILIES.iter().find(|(known, _)| *known == key)?;
                families.iter().find_map(|family| lang.find_name(family, text))
            }
        }
    }
}

/// The day that a text is, in the form in which the record has days.
fn day_of(text: &str) -> Option<NaiveDate> {
    text.parse().ok().filter(|day: &NaiveDate| day.to_string() == text)
}

fn is_shouted(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(SHOWN).collect::<String>())
}

#[cfg(test)]
mod tests {
    use chrono::Utc;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::audit::Severity;
    use crate::oversight::model::unfolded;

    const PERSON: Uuid = Uuid::from_u128(1);
    const NOBODY: Uuid = Uuid::from_u128(2);

    fn line(kind: &str, id: Option<Uuid>, details: Value) -> EventLine {
        EventLine {
            id: Uuid::from_u128(9),
            at: DateTime::<Utc>::UNIX_EPOCH,
            actor: Some(PERSON),
            organization: None,
            event_type: "FX_APPROVED".to_owned(),
            subject_kind: kind.to_owned(),
            subject_id: id,
            severity: Severity::High,
            details: unfolded(details),
        }
    }

    fn names() -> Names {
        [(PERSON, "Hirut Alemu")].into_iter().collect()
    }

    /// What a fact of an event about `kind` says.
    fn says(kind: &str, path: &str, value: &Value, lang: Lang) -> String {
        Reading::new(&line(kind, None, json!({})), &names(), lang).value(path, value)
    }

    #[test]
    fn values_are_made_readable() {
        for (kind, path, value, said) in [
            ("export", "old", json!(PERSON), "Hirut Alemu"),
            ("user", "sessions", json!([PERSON, NOBODY]), "Hirut Alemu, 00000000-0000-0000-0000-000000000002"),
            ("document", "uploaded_by", json!(NOBODY), "A person who is no longer known"),
            ("signer", "since", json!("2026-11-20T11:05:59.123456Z"), "20 Nov 2026, 14:05 EAT"),
            ("export", "due", json!("2026-09-11"), "11 Sep 2026 (1 Meskerem 2019 E.C.)"),
            ("user", "known", json!(true), "Yes"),
            ("user", "known", json!(false), "No"),
            ("user", "role", json!("ORG_ADMIN"), "Staff administrator"),
            ("user", "actor_role", json!("OFFICER, ORG_ADMIN"), "Officer, Staff administrator"),
            ("export", "new.stage", json!("FX"), "Foreign exchange"),
            ("export", "new.status", json!("PENDING"), "Pending"),
            ("sales_contract", "new.status", json!("APPROVED"), "Approved"),
            ("exporter_profile", "new.status", json!("PENDING_APPROVAL"), "Waits for approval"),
            ("user", "permission", json!("audit:event:view"), "Read the record"),
            ("alert", "severity", json!("HIGH"), "high"),
            ("alert", "about.kind", json!("USER"), "A person"),
            ("export", "action", json!("fx:reject"), "Approve foreign exchange: rejected"),
            ("buyer", "action", json!("verify"), "verified"),
            ("certificate", "reason", json!("SUPERSEDED"), "Another certificate stands in its place"),
            ("user", "why", json!("PERMISSION"), "outside their role"),
            ("document", "subject", json!("LOT"), "Lot"),
            ("export", "undone", json!(["fx", "quality"]), "Approve foreign exchange, Certify quality"),
            // What is none of these stays as it is.
            ("export", "reason", json!("The buyer's name differs."), "The buyer's name differs."),
            ("export", "reason", json!("field"), "field"),
            ("export", "action", json!("fx:invented"), "fx:invented"),
            ("user", "role", json!("ROLE_OF_OLD"), "ROLE_OF_OLD"),
            ("coffee_lot", "number", json!("2026-9-1"), "2026-9-1"),
            ("export", "amount", json!("19200.50"), "19200.50"),
            ("export", "rows", json!(12), "12"),
            ("export", "none", Value::Null, ""),
        ] {
            assert_eq!(says(kind, path, &value, Lang::EN), said, "{kind} {path}");
        }
        assert_eq!(says("user", "role", &json!("OWNER"), Lang::AM), "ባለቤት");
        assert_eq!(says("user", "known", &json!(true), Lang::AM), Lang::AM.t("papers-yes"));
    }

    #[test]
    fn facts_within_lists_are_read_as_well() {
        let changes = json!([
            { "label": "field-grade", "old": "2", "new": "" },
            { "label": "field-port-of-discharge", "old": "DEHAM", "new": "2026-09-11" },
        ]);
        assert_eq!(
            says("export", "changes", &changes, Lang::EN),
            format!(
                "{}: 2 → –; {}: DEHAM → 11 Sep 2026 (1 Meskerem 2019 E.C.)",
                Lang::EN.t("field-grade"),
                Lang::EN.t("field-port-of-discharge")
            )
        );
        let shares = json!([{ "lot": "L-1", "kg": "60" }, { "lot": "L-2", "kg": "40" }]);
        let said = says("coffee_lot", "details.of", &shares, Lang::EN);
        assert_eq!(said, "Weight (kg): 60, Lot: L-1; Weight (kg): 40, Lot: L-2");
    }

    #[test]
    fn facts_have_names_in_words() {
        let (line, names) = (line("export", None, json!({})), names());
        let reading = Reading::new(&line, &names, Lang::EN);
        for (path, name) in [
            ("number", "Number"),
            ("new.stage", "Stage"),
            ("details.quantity_kg", "Quantity (kg)"),
            ("details.price.minimum", "Price – Minimum price"),
            ("", "Value"),
            ("new", "After"),
            ("removed.MAILS", "Removed – Mails that were sent"),
            ("key_of_old", "key of old"),
        ] {
            assert_eq!(reading.name(path), name, "{path}");
        }
    }

    #[test]
    fn the_list_says_which_and_what_is_new_and_no_bare_ids() {
        let names = names();
        let of = |line: &EventLine| {
            let reading = Reading::new(line, &names, Lang::EN);
            (reading.which(), reading.gist())
        };
        let said = |which: &str, gist: &str| (Some(which.to_owned()), gist.to_owned());
        let moved =
            json!({ "old": "PENDING:BANK_CHECK", "new": "PENDING:FX", "number": "EXP-1", "actor_role": "OFFICER" });
        assert_eq!(of(&line("export", Some(NOBODY), moved)), said("EXP-1", "Stage: Foreign exchange; Status: Pending"));
        let claimed = json!({ "act": "take", "old": NOBODY, "new": PERSON });
        assert_eq!(of(&line("export", Some(NOBODY), claimed)), (None, "Act: take; After: Hirut Alemu".to_owned()));
        let ended = json!({ "by": "person", "sessions": [NOBODY], "sha256": "0123456789abcdef" });
        assert_eq!(of(&line("user", Some(PERSON), ended)), said("Hirut Alemu", "By: person"));
        let gone = line("user", Some(NOBODY), json!({}));
        assert_eq!(of(&gone), said("A person who is no longer known", ""));
        // Of something without a subject the number is no name.
        assert_eq!(of(&line("export", None, json!({ "number": "N-1" }))), (None, "Number: N-1".to_owned()));
        let long = line("system", None, json!({ "reason": "ቡና ".repeat(100) }));
        assert_eq!(of(&long).1.chars().count(), SHOWN + 1);
    }
}
