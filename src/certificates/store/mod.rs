//! The SQL of papers. Every statement runs in the caller's transaction, under the viewer's row-level security.

mod granted;
mod issue;
mod source;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;

pub(super) use granted::{
    HolderSource, QualitySource, find_competence, find_holder, find_laboratory, find_license, find_quality, find_taster,
};
pub(super) use issue::{
    NewCertificate, NewPaper, NewPermit, PaperOf, expire_permit, insert_certificate, insert_paper, insert_permit,
    insert_permit_lots,
};
pub(super) use source::{
    OriginSource, PermitLot, PermitSource, find_origin_source, find_permit_source, list_permit_lots,
};

use super::bilingual::Bilingual;
use super::code::VerifyCode;
use super::model::{PaperKind, PaperLine, PaperState, Print, Sheet};
use crate::ids::{ExportId, OrganizationId, PaperId, UserId};

/// The papers of an export, in the order of their issue; those of an export that the viewer may not see are
/// none.
pub(super) async fn list_papers(
    connection: &mut PgConnection,
    export: ExportId,
    today: NaiveDate,
) -> sqlx::Result<Vec<PaperLine>> {
    lines(connection, Some(export), None, today).await
}

/// One paper without what it says, if the viewer may see it.
pub(super) async fn find_paper(
    connection: &mut PgConnection,
    id: PaperId,
    today: NaiveDate,
) -> sqlx::Result<Option<PaperLine>> {
    Ok(lines(connection, None, Some(id), today).await?.pop())
}

async fn lines(
    connection: &mut PgConnection,
    export: Option<ExportId>,
    paper: Option<PaperId>,
    today: NaiveDate,
) -> sqlx::Result<Vec<PaperLine>> {
    let rows = sqlx::query!(
        r#"select p.paper_id as "id: PaperId", p.export_id as "export_id: ExportId", p.kind as "kind: PaperKind",
               p.owner_organization_id as "owner: OrganizationId", coalesce(o.name, '') as "owner_en!",
               coalesce(o.name_am, '') as "owner_am!", p.number, p.duplicate, p.verify_code, p.issued_at,
               p.content_sha256, coalesce(gate.person_name(p.issued_by), '') as "issued_by!",
               -- What a stranger is told, and nothing else.
               w.state as "state!: PaperState", w.since, w.replaced_by,
               array(select s.copy_number from paper_prints s where s.paper_id = p.paper_id
                     order by s.copy_number) as "copies!",
               array(select s.printed_by from paper_prints s where s.paper_id = p.paper_id
                     order by s.copy_number) as "printed_by!: Vec<UserId>",
               array(select coalesce(gate.person_name(s.printed_by), '') from paper_prints s
                     where s.paper_id = p.paper_id order by s.copy_number) as "printed_by_name!",
               array(select s.printed_at from paper_prints s where s.paper_id = p.paper_id
                     order by s.copy_number) as "printed_at!"
           from issued_papers p
           cross join lateral gate.worth_of_paper(p.paper_id, $3) w
           left join organizations o on o.organization_id = p.owner_organization_id
           where ($1::uuid is null or p.export_id = $1) and ($2::uuid is null or p.paper_id = $2)
           order by p.issued_at, p.paper_id"#,
        export as Option<ExportId>,
        paper as Option<PaperId>,
        today,
    )
    .fetch_all(connection)
    .await?;
    let mut papers = Vec::with_capacity(rows.len());
    for row in rows {
        let prints = row.copies.iter().zip(row.printed_by).zip(row.printed_by_name).zip(row.printed_at);
        papers.push(PaperLine {
            id: row.id,
            owner: row.owner,
            owner_name: Bilingual::new(row.owner_en, row.owner_am),
            export_id: row.export_id,
            kind: row.kind,
            number: row.number,
            duplicate: row.duplicate,
            code: row.verify_code.parse::<VerifyCode>().map_err(|error| sqlx::Error::Decode(error.into()))?,
            state: row.state,
            since: row.since,
            replaced_by: row.replaced_by,
            issued_at: row.issued_at,
            issued_by: row.issued_by,
            content_sha256: row
                .content_sha256
                .try_into()
                .map_err(|_| sqlx::Error::Decode("a hash of 32 bytes".into()))?,
            prints: prints
                .filter_map(|(((copy, by), by_name), at)| {
                    Some(Print { sheet: Sheet::numbered(*copy)?, by, by_name, at })
                })
                .collect(),
        });
    }
    Ok(papers)
}

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
