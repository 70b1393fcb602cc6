//! A short shipment: the export becomes what is on board, and what stayed behind a request of its exporter, who submits
//! it or gives it up. Not a kilogram is taken of lot, contract or quota anew, and none is given back.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Failure;
use crate::auth::Actor;
use crate::database::Tx;
use crate::exports::FieldChange;
use crate::exports::facts::{LoadedContainer, ShortShipment};
use crate::exports::model::Export;
use crate::exports::rules::{self, Context, Refusal, bags_of, value_of};
use crate::exports::store::part::Remainder;
use crate::exports::store::{Changes, OnBoard, amend, balances, containers, part};
use crate::ids::ExportId;
use crate::numbering;
use crate::quantities::{grouped, grouped_fixed};

/// Parts the export by what is on board; what the row and the history then say is put into `changes`, and the number of
/// the remainder into `data`.
#[allow(clippy::too_many_arguments, reason = "one call, of what one loading is made of")]
pub(super) async fn part(
    tx: &mut Tx,
    export: &Export,
    context: &Context,
    short: &ShortShipment,
    loaded: &[LoadedContainer],
    changes: &mut Changes,
    data: &mut Value,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let parted = rules::part(&context.lots, &short.on_board).ok_or(Refusal::LotDoesNotMatch)?;
    containers::leave_behind(tx, export.id, loaded).await?;
    let (on_board_kg, behind_kg) = (parted.on_board_kg(), parted.behind_kg());
    let value = value_of(export.price_per_kg, on_board_kg);
    let bags = match loaded.iter().map(|container| container.packages).sum::<i32>() {
        // By air nobody counts them.
        0 => bags_of(on_board_kg, export.bag_kg),
        counted => counted,
    };
    tx.enter_system().await?;
    balances::lock_lots(tx, export.id).await?;
    let number = numbering::next(tx, "EXPORT", "", "", now).await?.text;
    let remainder = Remainder {
        id: ExportId::new(),
        number: &number,
        lots: &parted.behind,
        quantity: behind_kg,
        bags: bags_of(behind_kg, export.bag_kg),
        estimated_value: value_of(export.price_per_kg, behind_kg),
        reason: &short.reason,
    };
    part::open_remainder(tx, export, &remainder, actor, now).await?;
    amend::replace_lots(tx, export.id, &parted.on_board).await?;
    amend::replace_lots(tx, remainder.id, &parted.behind).await?;
    tx.leave_system().await?;

    data["remainder"] = json!({ "export_id": remainder.id, "number": number, "quantity_kg": behind_kg });
    let change = |label: &str, old: String, new: String| FieldChange { label: label.to_owned(), old, new };
    let money = |amount: Decimal| format!("{} {}", export.currency, grouped_fixed(amount, 2));
    changes.details.changes = vec![
        change("fact-quantity", format!("{} kg", grouped(export.quantity)), format!("{} kg", grouped(on_board_kg))),
        change("fact-value", money(export.estimated_value), money(value)),
        change("fact-remainder", "–".to_owned(), format!("{number}, {} kg", grouped(behind_kg))),
    ];
    let reason = short.reason.clone();
    changes.on_board =
        Some(OnBoard { kg: on_board_kg, bags, value, remainder_id: remainder.id, remainder: number, reason });
    Ok(())
}
