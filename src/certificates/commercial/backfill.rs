//! Papers of the set that did not come into being by their forms: the demo's.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::compose::compose;
use super::facts::Facts;
use super::form;
use super::model::CommercialKind;
use super::{service, store};
use crate::auth::Actor;
use crate::calendar::eat_date;
use crate::exports::Export;
use crate::i18n::Lang;
use crate::numbering;

/// Writes the paper `kind` of `export` as `seller` has issued it at that moment: the form as it comes, with what is
/// `typed` where nobody can know; `false` when that makes no paper, such as before the containers are booked.
///
/// # Errors
/// When the database refuses.
pub async fn backfill(
    connection: &mut PgConnection,
    export: &Export,
    kind: CommercialKind,
    typed: &BTreeMap<String, String>,
    seller: &Actor,
    issued_at: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let today = eat_date(issued_at);
    let record = store::find_record(connection, export.clone(), today).await?;
    let groups = form::groups(kind, &record, None, Lang::EN, today);
    let fields = groups.iter().flat_map(|group| &group.fields).map(|field| (field.name.clone(), field.value.clone()));
    let mut asked: BTreeMap<String, String> = fields.collect();
    for (name, value) in &mut asked {
        if let Some(known) = typed.get(name).filter(|_| value.is_empty()) {
            value.clone_from(known);
        }
    }
    let Ok(facts) = Facts::parse(kind, &asked, &record, None, today) else { return Ok(false) };
    let known = match kind {
        CommercialKind::Proforma | CommercialKind::Invoice => record.invoice_number.clone(),
        CommercialKind::PackingList
        | CommercialKind::ShippingInstruction
        | CommercialKind::WeightCertificate
        | CommercialKind::WayBill => None,
    };
    let number = match known {
        Some(number) => number,
        None => numbering::next(connection, kind.series(), &record.seller.scope, "", issued_at).await?.text,
    };
    let Some(said) = compose(kind, &record, &facts, (number.clone(), None), seller, issued_at) else {
        return Ok(false);
    };
    service::write(connection, (kind, said), (number, 1), &asked, seller, export.id).await?;
    Ok(true)
}
