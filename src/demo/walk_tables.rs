//! The walks as tables, for the SQL that lays them out over the exports.

use sqlx::PgConnection;

use super::walks::{self, Desk, Walk};
use crate::exports::{ApprovalKind, Stage};

const TABLES: &str = "
create table demo.open_desks (stage text primary key, turn int not null);
create table demo.walks (walk int primary key, name text, first_k bigint, last_k bigint, is_open boolean, large boolean, special text,
    age_min int, age_max int, turn int, status text, stage text, resume_stage text, documents_stage text, moves int, entered int,
    submitted int, resubmissions int, bank_check int, fx int, quality int, permit int, shipment int, customs int, loading int,
    signature int, origin int, settlement int, fx_rejected int, quality_rejected int, cancelled int);
create table demo.walk_moves (walk int, version int, action text, old_status text, old_stage text, new_status text, new_stage text,
    organization text, organization_id uuid, turn int, person int, days_min int, days_max int, event_type text, severity text,
    approval_type text, approval_status text, first_version int, superseded_by int, has_reason boolean, details jsonb,
    primary key (walk, version));
";

/// The walks, which of the exports 1..=`exports` go each, and who stands where a step is decided.
pub(super) async fn insert(connection: &mut PgConnection, exports: u64) -> sqlx::Result<()> {
    sqlx::raw_sql(TABLES).execute(&mut *connection).await?;
    // Of few exports most are open, so that every queue has some; of a million most are done.
    let open_ones = (exports * 3 / 5).min(600 + exports / 50);
    let (open, closed) = (walks::open(), walks::closed());
    let open_shares = walks::shares(&open, open_ones);
    let closed_shares = walks::shares(&closed, exports - open_ones);
    let mut next = 1_u64;
    let all = open.iter().map(|walk| (walk, true)).chain(closed.iter().map(|walk| (walk, false)));
    for (number, ((walk, is_open), share)) in (1_i32..).zip(all.zip(open_shares.into_iter().chain(closed_shares))) {
        insert_walk(connection, number, walk, is_open, (next, share)).await?;
        insert_moves(connection, number, walk).await?;
        next += share;
    }
    for (stage, turn) in walks::open_desks() {
        sqlx::query("insert into demo.open_desks values ($1, $2)")
            .bind(stage)
            .bind(turn)
            .execute(&mut *connection)
            .await?;
    }
    sqlx::raw_sql(
        "update demo.walk_moves m set organization_id = o.organization_id from organizations o
         where o.kind = m.organization and o.kind in ('NATIONAL_BANK', 'ECTA', 'CUSTOMS');
         update demo.walk_moves set details =
             jsonb_build_object('old', old_status || ':' || old_stage, 'new', new_status || ':' || new_stage)
             || case when approval_status in ('REJECTED', 'RETURNED') then jsonb_build_object('action', action) else '{}' end",
    )
    .execute(connection)
    .await?;
    Ok(())
}

async fn insert_walk(
    connection: &mut PgConnection,
    number: i32,
    walk: &Walk,
    is_open: bool,
    (first, share): (u64, u64),
) -> sqlx::Result<()> {
    use ApprovalKind as A;
    let by_action = |action: &str| walk.version_of(|m| m.action == action);
    let resubmissions = walk.moves.iter().filter(|m| m.action == "resubmit").count();
    let mut insert = sqlx::query(
        "insert into demo.walks values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
             $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)",
    )
    .bind(number)
    .bind(&walk.name)
    .bind(number_of(first))
    .bind(number_of(first + share) - 1)
    .bind(is_open)
    .bind(walk.large)
    .bind(walk.special)
    .bind(walk.age.0)
    .bind(walk.age.1)
    .bind(walk.turn)
    .bind(walk.state.status.code())
    .bind(walk.state.stage.code())
    .bind(walk.resume.map(Stage::code))
    .bind(walk.documents_stage().code())
    .bind(i32::try_from(walk.moves.len()).unwrap_or(i32::MAX))
    .bind(walk.entered())
    .bind(walk.version_of(|m| m.action == "submit" || m.action == "resubmit"))
    .bind(i32::try_from(resubmissions).unwrap_or(i32::MAX));
    for kind in [
        A::BankCheck,
        A::Fx,
        A::Quality,
        A::Permit,
        A::Shipment,
        A::Customs,
        A::Loading,
        A::OriginSignature,
        A::Origin,
        A::Settlement,
    ] {
        insert = insert.bind(walk.approved_at(kind));
    }
    insert
        .bind(by_action("fx:reject"))
        .bind(by_action("quality:reject"))
        .bind(by_action("cancel"))
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_moves(connection: &mut PgConnection, number: i32, walk: &Walk) -> sqlx::Result<()> {
    let version_of = |position: usize| i32::try_from(position).unwrap_or(i32::MAX);
    for (position, moved) in walk.moves.iter().enumerate() {
        let (turn, person) = match moved.desk {
            Desk::Turn(turn) => (Some(turn), None),
            Desk::Person(person) => (None, Some(person)),
        };
        let approval = moved.approval.as_ref();
        let has_reason = matches!(moved.action.as_str(), "cancel" | "ask-extension" | "extend")
            || approval.is_some_and(|a| a.status == "REJECTED" || a.status == "RETURNED");
        sqlx::query(
            "insert into demo.walk_moves values ($1, $2, $3, $4, $5, $6, $7, $8, null, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
        )
        .bind(number)
        .bind(version_of(position + 1))
        .bind(&moved.action)
        .bind(moved.from.map(|from| from.status.code()))
        .bind(moved.from.map(|from| from.stage.code()))
        .bind(moved.to.status.code())
        .bind(moved.to.stage.code())
        .bind(moved.organization.code())
        .bind(turn)
        .bind(person)
        .bind(moved.days.0)
        .bind(moved.days.1)
        .bind(moved.event_type)
        .bind(moved.severity)
        .bind(approval.map(|a| a.kind.approval_type()))
        .bind(approval.map(|a| a.status))
        .bind(approval.and_then(|a| a.first).map(version_of))
        .bind(approval.and_then(|a| a.superseded_by).map(version_of))
        .bind(has_reason)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn number_of(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
