//! Certificates of origin that others issue: recorded with their own numbers, and struck out by who recorded them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::withdraw::{WITHDRAWAL_REASON, parse_reason};
use crate::audit::{Event, Severity};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::certificates::model::OtherKind;
use crate::certificates::rules::{self, PaperFailure, PaperRefusal, PaperRefusals};
use crate::certificates::store::{self, NewOther};
use crate::database::Tx;
use crate::exports::rules::Refusal;
use crate::exports::service as exports;
use crate::ids::{ExportId, OriginCertificateId};
use crate::workflow::{Command, Effects, FieldProblems, FieldReader, Message, Problem};

/// Puts the chamber's certificate, or the exporter's own statement for the EU, on record.
pub struct RecordOther<'a> {
    /// Of which export.
    pub export: ExportId,
    /// The fields as typed: `kind`, `number`, `issuer`, `issued_on`.
    pub fields: &'a BTreeMap<String, String>,
}

/// Strikes one out that was put on record by mistake.
pub struct StrikeOther<'a> {
    /// Of which export.
    pub export: ExportId,
    /// Which one.
    pub certificate: OriginCertificateId,
    /// Why, as typed into [`WITHDRAWAL_REASON`].
    pub reason: &'a str,
}

#[async_trait]
impl Command for RecordOther<'_> {
    type Refusal = PaperRefusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, PaperFailure> {
        let (export, _) = exports::lock(tx, actor, self.export, now).await?;
        if let Some(refusal) = rules::against_recording(&export, actor) {
            return Err(refusal.into());
        }
        let other = parse(self.fields, eat_date(export.created_at), eat_date(now)).map_err(PaperRefusal::Invalid)?;
        let id = store::insert_other(tx, export.id, &other, actor, now).await.map_err(on_record)?;
        let id = id.ok_or(PaperRefusal::Export(Refusal::NoPermit))?;
        let details = json!({ "kind": other.kind, "number": other.number, "export": export.number });
        Ok(Effects {
            location: format!("/exports/{}/papers", export.id),
            flash: Message::new("papers-other-noted").with("number", other.number),
            event: Event::business("ORIGIN_CERTIFICATE_RECORDED", "certificate", id.0, Severity::Medium, details),
            outbox: None,
        })
    }
}

#[async_trait]
impl Command for StrikeOther<'_> {
    type Refusal = PaperRefusals;

    async fn run(&self, tx: &mut Tx, actor: &Actor, now: DateTime<Utc>) -> Result<Effects, PaperFailure> {
        let (export, _) = exports::lock(tx, actor, self.export, now).await?;
        let others = store::list_other_certificates(tx, export.id).await?;
        let other = others.into_iter().find(|other| other.id == self.certificate).ok_or(PaperRefusal::NotFound)?;
        if let Some(refusal) = rules::against_striking(&other, actor) {
            return Err(refusal.into());
        }
        let reason = parse_reason(WITHDRAWAL_REASON, self.reason)?;
        tx.enter_system().await?;
        let is_done = store::withdraw_certificate(tx, other.id, reason.as_str(), actor.user_id, now).await?;
        tx.leave_system().await?;
        if !is_done {
            return Err(PaperRefusal::Changed.into());
        }
        let details = json!({ "kind": other.kind, "number": other.number, "export": export.number });
        let mut event =
            Event::business("ORIGIN_CERTIFICATE_STRUCK_OUT", "certificate", other.id.0, Severity::Medium, details);
        event.private = Some(json!({ "reason": reason.as_str() }));
        Ok(Effects {
            location: format!("/exports/{}/papers", export.id),
            flash: Message::new("papers-other-struck").with("number", other.number),
            event,
            outbox: None,
        })
    }
}

/// A certificate is of this export: not issued before it was opened, nor tomorrow.
fn parse(fields: &BTreeMap<String, String>, opened: NaiveDate, today: NaiveDate) -> Result<NewOther, FieldProblems> {
    let mut f = FieldReader::new(fields);
    let codes: Vec<&str> = OtherKind::ALL.iter().map(|kind| kind.code()).collect();
    let kind = OtherKind::from_code(&f.choice("kind", &codes));
    let number = f.text("number", 3..=40);
    let issuer = match kind {
        Some(OtherKind::Chamber) => Some(f.text("issuer", 2..=120)),
        // The exporter makes the statement itself.
        Some(OtherKind::Rex) | None => None,
    };
    let issued_on = f.date("issued_on", opened, today);
    let Some(kind) = kind else { return Err(f.problems) };
    f.finish(NewOther { kind, number, issuer, issued_on })
}

/// One of each kind is in force for an export; a chamber gives each number once.
fn on_record(error: sqlx::Error) -> PaperFailure {
    let constraint = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint).unwrap_or_default();
    match constraint {
        "certificates_of_origin_live" => PaperRefusal::OnRecord.into(),
        "certificates_of_origin_number" => {
            let mut problems = FieldProblems::default();
            problems.add("number", Problem::Refused { text_id: "refusal-number-in-use", arguments: Vec::new() });
            PaperRefusal::Invalid(problems).into()
        }
        _ => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Result<NewOther, FieldProblems> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        parse(&fields, "2026-11-01".parse().unwrap(), "2026-11-20".parse().unwrap())
    }

    #[test]
    fn a_chamber_is_named_and_the_exporter_is_not() {
        let chamber = [("kind", "CHAMBER"), ("number", "COO-17"), ("issued_on", "2026-11-20")];
        assert!(typed(&chamber).unwrap_err().of("issuer").is_some());
        let rex = typed(&[("kind", "REX"), ("number", "ETREX00017"), ("issued_on", "2026-11-01")]).unwrap();
        assert_eq!((rex.kind, rex.issuer), (OtherKind::Rex, None));
    }

    #[test]
    fn it_is_of_a_day_of_this_export() {
        for (day, is_fine) in
            [("2026-10-31", false), ("2026-11-01", true), ("2026-11-20", true), ("2026-11-21", false), ("", false)]
        {
            let found = typed(&[("kind", "REX"), ("number", "ETREX00017"), ("issued_on", day)]);
            assert_eq!(found.is_ok(), is_fine, "{day}");
        }
        assert!(typed(&[("kind", "ICO")]).unwrap_err().of("kind").is_some());
    }
}
