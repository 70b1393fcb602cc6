//! The SQL of papers. Every statement runs in the caller's transaction, under the viewer's row-level security.

mod granted;
mod ico_return;
mod issue;
mod life;
mod lists;
mod source;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;

pub(super) use granted::{
    HolderSource, QualitySource, find_competence, find_holder, find_laboratory, find_license, find_quality, find_taster,
};
pub(super) use ico_return::{Month, list_return, sum_return};
pub use ico_return::{ReturnLine, ReturnSums};
pub(super) use issue::{
    NewCertificate, NewPaper, NewPermit, PaperOf, expire_permit, insert_certificate, insert_paper, insert_permit,
    insert_permit_lots,
};
pub(super) use life::{
    NewOther, decided_another_step, find_certificate, find_life, insert_duplicate, insert_other,
    list_other_certificates, replace_certificate, withdraw_certificate,
};
pub(super) use lists::{find_paper, list_newest, list_papers};
pub(super) use source::{
    OriginSource, PermitLot, PermitSource, find_origin_source, find_permit_source, list_permit_lots,
};

use super::code::VerifyCode;
use super::model::{PaperKind, PaperState};
use crate::ids::{OrganizationId, PaperId, UserId};

/// Whether the paper is of a lot that goes into an export to which `party` is the bank or the carrier.
pub(super) async fn goes_into_export_of(
    connection: &mut PgConnection,
    id: PaperId,
    party: OrganizationId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from issued_papers p
               join quality_inspections i on i.inspection_id = p.inspection_id
               join export_lots x on x.lot_id = i.lot_id
               join exports e on e.export_id = x.export_id and e.stage <> 'PREPARATION'
                   and $2 in (e.bank_organization_id, e.shipping_organization_id)
               where p.paper_id = $1) as "is_theirs!""#,
        id as PaperId,
        party as OrganizationId,
    )
    .fetch_one(connection)
    .await
}

/// What a paper says, as it is stored.
pub(super) async fn find_snapshot(connection: &mut PgConnection, id: PaperId) -> sqlx::Result<Option<Value>> {
    sqlx::query_scalar!("select snapshot from issued_papers where paper_id = $1", id as PaperId)
        .fetch_optional(connection)
        .await
}

/// Records a print and says which sheet it is.
pub(super) async fn insert_print(
    connection: &mut PgConnection,
    id: PaperId,
    by: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<i32> {
    // Rows of an append-only table cannot be locked by who may not change them, so prints of one paper queue
    // up here: two at once would otherwise both be the original.
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('paper:' || $1::text, 0))", id.to_string())
        .execute(&mut *connection)
        .await?;
    sqlx::query_scalar!(
        r#"insert into paper_prints (paper_id, copy_number, printed_by, printed_at)
           select $1, coalesce(max(copy_number), 0) + 1, $2, $3 from paper_prints where paper_id = $1
           returning copy_number"#,
        id as PaperId,
        by as UserId,
        now,
    )
    .fetch_one(connection)
    .await
}

/// A paper as a stranger with its code may know it.
#[derive(Debug)]
pub(super) struct FoundPaper {
    pub kind: PaperKind,
    pub number: String,
    pub duplicate: i32,
    pub state: PaperState,
    pub issued_on: NaiveDate,
    pub valid_until: Option<NaiveDate>,
    pub since: Option<NaiveDate>,
    pub snapshot: Value,
    pub content_sha256: Vec<u8>,
    pub replaced_by: Option<String>,
}

/// The paper with this code, for anybody.
pub(super) async fn find_public(
    connection: &mut PgConnection,
    code: &VerifyCode,
    today: NaiveDate,
) -> sqlx::Result<Option<FoundPaper>> {
    sqlx::query_as!(
        FoundPaper,
        r#"select kind as "kind!: PaperKind", number as "number!", duplicate as "duplicate!", state as "state!: PaperState",
               issued_on as "issued_on!", valid_until, since, snapshot as "snapshot!",
               content_sha256 as "content_sha256!", replaced_by
           from gate.find_paper($1, $2)"#,
        code.as_str(),
        today,
    )
    .fetch_optional(connection)
    .await
}
