//! Papers for permits and certificates that did not come into being by their steps: the demo's, or those that
//! another system has issued before.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;

use super::{encoded, origin, permit};
use crate::auth::Actor;
use crate::certificates::snapshot::Snapshot;
use crate::certificates::store::{self, NewPaper, PaperOf};
use crate::exports::Export;
use crate::exports::facts::Facts;
use crate::ids::{OriginCertificateId, PermitId};
use crate::quantities::IcoMark;

/// A permit or certificate as its row has it.
#[derive(Debug, Clone)]
pub enum Issued {
    /// An export permit.
    Permit {
        /// Its id.
        id: PermitId,
        /// Its number.
        number: String,
        /// Its last day.
        valid_until: NaiveDate,
    },
    /// An ICO certificate of origin.
    Origin {
        /// Its id.
        id: OriginCertificateId,
        /// Its number.
        number: String,
        /// Box 4c.
        serial: i64,
        /// Box 10.
        mark: IcoMark,
    },
}

/// Writes the paper of what `issuer` has issued at that moment, with the facts on record; `false` when what it
/// would say is not to be had any more, such as a licence that has since expired.
///
/// # Errors
/// When the database refuses.
pub async fn backfill(
    connection: &mut PgConnection,
    export: &Export,
    issued: &Issued,
    facts: &Facts,
    issuer: &Actor,
    issued_at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let (snapshot, of, number) = match (issued, facts) {
        (Issued::Permit { id, number, valid_until }, Facts::Permit { conditions, .. }) => {
            let given = (*id, number.as_str(), *valid_until);
            let said =
                permit::paper_of(&mut *connection, export, given, conditions.as_deref(), issuer, issued_at).await?;
            (said.map(Snapshot::Permit), PaperOf::Permit(*id, export.id), number)
        }
        (Issued::Origin { id, number, serial, mark }, facts @ Facts::Origin { .. }) => {
            let Some(boxes) = origin::OfficersBoxes::of(facts) else { return Ok(false) };
            let given = (number.as_str(), *serial, *mark);
            let said = origin::paper_of(&mut *connection, export, &boxes, given, issuer, issued_at).await?;
            (said.map(Snapshot::Origin), PaperOf::Certificate(*id, export.id), number)
        }
        (Issued::Permit { .. } | Issued::Origin { .. }, _) => return Ok(false),
    };
    let Some(snapshot) = snapshot else { return Ok(false) };
    let (stored, hash) = encoded(&snapshot)?;
    let paper = NewPaper { of, number, owner: export.exporter_organization_id };
    store::insert_paper(connection, paper, &stored, &hash, issuer, issued_at).await?;
    Ok(true)
}
