//! The words and tables that the script of the page needs: every verdict and reason that it can come to, the kinds of papers
//! and the facts that each tells, in both languages.

use chrono::DateTime;
use jebena_trust::claims::Claims;
use jebena_trust::facts::{Fact, Kind, Value};
use jebena_trust::moment::Moment;
use jebena_trust::verdict::Verdict;
use rust_decimal::Decimal;

use crate::calendar::eat_date;
use crate::certificates::Bilingual;
use crate::i18n::Lang;
use crate::quantities::grouped;
use crate::web::components as web;

/// The verdicts that a seal can lead to, alone or beside the record, with the style and sign of each.
const VERDICTS: &[(Verdict, &str, &str)] = &[
    (Verdict::Valid, "good", "✓"),
    (Verdict::NotYetValid, "warn", "!"),
    (Verdict::Expired, "bad", "!"),
    (Verdict::Altered, "bad", "✕"),
    (Verdict::SignerNotTrusted, "bad", "✕"),
    (Verdict::SignerSuspended, "bad", "!"),
    (Verdict::SignerRevoked, "bad", "✕"),
    (Verdict::NotIssuedHere, "bad", "?"),
    (Verdict::NotAProof, "bad", "?"),
    (Verdict::CannotTell, "neutral", "?"),
];

/// The reasons that the script gives.
const REASONS: &[&str] = &[
    "SEAL_HOLDS",
    "NOT_BEFORE",
    "OVER",
    "NOT_A_SEAL",
    "SIGNATURE",
    "OTHER_PAPER",
    "OTHER_CONTENT",
    "UNKNOWN_SIGNER",
    "OTHER_PURPOSE",
    "OTHER_ORGANIZATION",
    "OUTSIDE_CERTIFICATE",
    "CERTIFICATE_SUSPENDED",
    "CERTIFICATE_REVOKED",
    "KEY_COMPROMISED",
    "ISSUED_LATER",
    "FILE_SIGNATURE",
    "UNKNOWN_CODE",
    "NO_TRUST_LIST",
    "TRUST_LIST",
];

/// A verdict in words.
pub struct VerdictRow {
    pub code: &'static str,
    pub tone: &'static str,
    pub sign: &'static str,
    pub word: Bilingual,
}

/// Something with a code, in words.
pub struct Row {
    pub code: &'static str,
    pub text: Bilingual,
}

/// A kind of paper, and what its seals tell.
pub struct KindRow {
    pub number: u64,
    pub name: Bilingual,
    /// Numbers of facts that a seal of it may tell.
    pub may: String,
    /// And of those that it has to.
    pub must: String,
}

/// A fact.
pub struct FactRow {
    pub number: i64,
    pub caption: Bilingual,
    /// What it is: `text`, `number`, `country`.
    pub form: &'static str,
    /// How its number is written.
    pub unit: &'static str,
}

fn name_of(family: &str, code: &str) -> Bilingual {
    Bilingual::new(Lang::EN.name_of(family, code), Lang::AM.name_of(family, code))
}

/// What a seal says, caption by caption, as the script of the page without a network writes it.
pub fn particulars(claims: &Claims) -> Vec<(Bilingual, Bilingual)> {
    let plain = |text: String| Bilingual::new(text, "");
    // Days of legal force stand in both calendars.
    let day = |moment: Moment| {
        let at = DateTime::from_timestamp(i64::try_from(moment.unix()).unwrap_or_default(), 0).unwrap_or_default();
        let day = |lang: Lang| web::Moment::legal_day(lang, eat_date(at)).text;
        Bilingual::new(day(Lang::EN), day(Lang::AM))
    };
    let mut told = vec![
        (Bilingual::t("verify-kind"), name_of("paper", claims.kind.code())),
        (Bilingual::t("verify-number"), plain(claims.number.clone())),
        (Bilingual::t("verify-issued"), day(claims.issued_at)),
    ];
    if let Some(until) = claims.valid_until {
        // It ends with the moment after its last day.
        let last = Moment::try_from(until.unix().saturating_sub(1)).unwrap_or(until);
        told.push((Bilingual::t("verify-until"), day(last)));
    }
    for (fact, value) in &claims.facts {
        let text = match value {
            Value::Text(text) => text.clone(),
            Value::Number(number) => figure(*fact, *number),
        };
        told.push((name_of("seal-fact", fact.code()), plain(text)));
    }
    for who in &claims.signatories {
        told.push((Bilingual::t("seal-signatory"), plain(format!("{}, {}", who.name, who.office))));
    }
    told.push((Bilingual::t("verify-hash"), plain(hex::encode(claims.content_sha256))));
    told
}

/// A number in the unit that people read.
fn figure(fact: Fact, number: u64) -> String {
    let number = Decimal::from(number);
    match fact {
        Fact::NetGrams => format!("{} kg", grouped(number / Decimal::ONE_THOUSAND)),
        Fact::ScoreHundredths => (number / Decimal::ONE_HUNDRED).normalize().to_string(),
        _ => grouped(number),
    }
}

/// A verdict of any check in words.
pub fn verdict(verdict: Verdict) -> Bilingual {
    name_of("seal-verdict", verdict.code())
}

/// A reason for one in words.
pub fn reason(code: &str) -> Bilingual {
    name_of("seal-reason", code)
}

pub fn verdicts() -> Vec<VerdictRow> {
    let row = |(verdict, tone, sign): &(Verdict, &'static str, &'static str)| VerdictRow {
        code: verdict.code(),
        tone,
        sign,
        word: self::verdict(*verdict),
    };
    VERDICTS.iter().map(row).collect()
}

pub fn reasons() -> Vec<Row> {
    REASONS.iter().map(|code| Row { code, text: reason(code) }).collect()
}

pub fn kinds() -> Vec<KindRow> {
    let numbers = |facts: &mut dyn Iterator<Item = Fact>| {
        facts.map(|fact| fact.number().to_string()).collect::<Vec<_>>().join(" ")
    };
    let row = |kind: &Kind| KindRow {
        number: kind.number(),
        name: name_of("paper", kind.code()),
        may: numbers(&mut Fact::ALL.iter().copied().filter(|fact| kind.may_tell(*fact))),
        must: numbers(&mut kind.has_to_tell().iter().copied()),
    };
    Kind::ALL.iter().map(row).collect()
}

pub fn facts() -> Vec<FactRow> {
    let row = |fact: &Fact| FactRow {
        number: fact.number(),
        caption: name_of("seal-fact", fact.code()),
        form: match fact {
            fact if fact.is_number() => "number",
            fact if fact.is_country() => "country",
            _ => "text",
        },
        unit: match fact {
            Fact::NetGrams => "g",
            Fact::ScoreHundredths => "hundredths",
            fact if fact.is_number() => "count",
            _ => "",
        },
    };
    Fact::ALL.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificates::{PaperKind, PaperState};

    #[test]
    fn papers_have_the_same_names_here_as_in_their_seals() {
        let (ours, theirs): (Vec<_>, Vec<_>) = (
            PaperKind::ALL.iter().map(|kind| kind.code()).collect(),
            Kind::ALL.iter().map(|kind| kind.code()).collect(),
        );
        assert_eq!(ours, theirs);
    }

    #[test]
    fn what_the_record_says_of_a_paper_is_a_verdict_and_as_good() {
        for state in PaperState::ALL {
            let verdict = Verdict::coded(state.code()).unwrap();
            assert_eq!(verdict.is_good(), state.is_good(), "{state}");
        }
    }

    #[test]
    fn days_of_a_seal_stand_in_both_calendars_and_its_last_day_counts() {
        let claims = Claims {
            issuer: "ECTA".to_owned(),
            kind: Kind::ExportPermit,
            number: "EP-1".to_owned(),
            code: "ABCDEFGHIJKLMNOPQRSTUVWXYQ".parse().unwrap(),
            issued_at: Moment::parse("2026-11-29T21:30:00Z").unwrap(),
            valid_from: None,
            valid_until: Moment::parse("2027-02-18T21:00:00Z"),
            content_sha256: [7; 32],
            duplicate: 0,
            signatories: Vec::new(),
            facts: [(Fact::NetGrams, Value::Number(19_200_500))].into(),
        };
        let told: Vec<String> = particulars(&claims).into_iter().map(|(_, value)| value.en).collect();
        assert_eq!(told[2], "30 Nov 2026 (21 Hidar 2019 E.C.)");
        assert!(told[3].starts_with("18 Feb 2027 ("), "{}", told[3]);
        assert_eq!(told[4], "19,200.5 kg");
    }

    #[test]
    fn every_word_is_there_in_both_languages() {
        let all = verdicts().into_iter().map(|row| row.word).chain(reasons().into_iter().map(|row| row.text));
        for text in all.chain(kinds().into_iter().map(|row| row.name)).chain(facts().into_iter().map(|row| row.caption))
        {
            assert!(!text.en.is_empty() && text.other().is_some(), "{}", text.en);
        }
        assert!(verdicts().iter().filter(|row| row.tone == "good").all(|row| row.code == "VALID"));
    }
}
