//! The SQL of lists of papers, and of one without what it says: those of an export, those of a firm, all.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};
use uuid::Uuid;

use crate::auth::{Actor, OrganizationKind};
use crate::certificates::bilingual::Bilingual;
use crate::certificates::code::VerifyCode;
use crate::certificates::model::{PaperFilter, PaperKind, PaperLine, PaperState, Print, Sheet};
use crate::ids::{ExportId, OrganizationId, PaperId, UserId};

/// The papers of an export and of the quality of its lots, in the order of their issue; those of an export that the
/// viewer may not see are none.
pub(in crate::certificates) async fn list_papers(
    connection: &mut PgConnection,
    export: ExportId,
    today: NaiveDate,
) -> sqlx::Result<Vec<PaperLine>> {
    let mut query = beginning();
    query.push(" p.export_id = ").push_bind(export);
    query.push(
        " or p.inspection_id in (select i.inspection_id from export_lots x
              join coffee_lots h on h.lot_id = x.lot_id
              join quality_inspections i on i.inspection_id = h.inspection_id where x.export_id = ",
    );
    query.push_bind(export).push(") order by p.issued_at, p.paper_id");
    finish(connection, query, today, " order by p.issued_at, p.paper_id").await
}

/// One paper without what it says, if the viewer may see it.
pub(in crate::certificates) async fn find_paper(
    connection: &mut PgConnection,
    id: PaperId,
    today: NaiveDate,
) -> sqlx::Result<Option<PaperLine>> {
    let mut query = beginning();
    query.push(" p.paper_id = ").push_bind(id);
    Ok(finish(connection, query, today, "").await?.pop())
}

/// A page of the papers that `viewer` may see, newest first: an exporter its own; a bank and a carrier those of the
/// exports to which they are a party, a bank also the licences of all; the others all.
pub(in crate::certificates) async fn list_newest(
    connection: &mut PgConnection,
    viewer: &Actor,
    filter: &PaperFilter,
    after: Option<(DateTime<Utc>, PaperId)>,
    limit: i64,
    today: NaiveDate,
) -> sqlx::Result<Vec<PaperLine>> {
    let mut query = beginning();
    match viewer.organization.kind {
        OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Customs
        | OrganizationKind::Auditor => {
            query.push(" true");
        }
        OrganizationKind::Exporter | OrganizationKind::Ecx | OrganizationKind::Administration => {
            query.push(" p.owner_organization_id = ").push_bind(viewer.organization.id);
        }
        OrganizationKind::CommercialBank | OrganizationKind::ShippingLine => {
            query.push(
                " (exists (select from exports e where e.export_id = p.export_id and e.stage <> 'PREPARATION' and ",
            );
            query.push_bind(viewer.organization.id).push(" in (e.bank_organization_id, e.shipping_organization_id))");
            if viewer.organization.kind == OrganizationKind::CommercialBank {
                query.push(" or p.kind in ('COMPETENCE_CERTIFICATE', 'EXPORT_LICENSE')");
            }
            query.push(")");
        }
    }
    if let Some(kind) = filter.kind {
        query.push(" and p.kind = ").push_bind(kind.code());
    }
    if let Some(number) = &filter.number {
        // A range rather than LIKE: text comparison is leakproof, so that the index may serve under a policy.
        query.push(" and p.number >= ").push_bind(number.clone());
        query.push(" and p.number < ").push_bind(format!("{number}\u{10FFFF}"));
    }
    if let Some((at, id)) = after {
        query.push(" and (p.issued_at, p.paper_id) < (").push_bind(at).push(", ").push_bind(id).push(")");
    }
    query.push(" order by p.issued_at desc, p.paper_id desc limit ").push_bind(limit);
    finish(connection, query, today, " order by p.issued_at desc, p.paper_id desc").await
}

/// Up to the condition on `issued_papers p`: each kind of list has a text and a plan of its own.
fn beginning() -> QueryBuilder<Postgres> {
    QueryBuilder::new("with p as materialized (select p.* from issued_papers p where")
}

#[derive(FromRow)]
struct Row {
    id: PaperId,
    export_id: Option<ExportId>,
    kind: PaperKind,
    owner: OrganizationId,
    owner_en: String,
    owner_am: String,
    number: String,
    duplicate: i32,
    verify_code: String,
    issued_at: DateTime<Utc>,
    content_sha256: Vec<u8>,
    issued_by: String,
    state: PaperState,
    since: Option<NaiveDate>,
    replaced_by: Option<String>,
    copies: Vec<i32>,
    printed_by: Vec<Uuid>,
    printed_by_name: Vec<String>,
    printed_at: Vec<DateTime<Utc>>,
}

/// Runs the query with what is shown of each paper that it finds; nothing of that is asked of the others.
async fn finish(
    connection: &mut PgConnection,
    mut query: QueryBuilder<Postgres>,
    today: NaiveDate,
    order: &'static str,
) -> sqlx::Result<Vec<PaperLine>> {
    query.push(
        ") select p.paper_id as id, p.export_id, p.kind, p.owner_organization_id as owner, coalesce(o.name, '') as owner_en,
               coalesce(o.name_am, '') as owner_am, p.number, p.duplicate, p.verify_code, p.issued_at, p.content_sha256,
               coalesce(gate.person_name(p.issued_by), '') as issued_by,
               -- What a stranger is told, and nothing else.
               w.state, w.since, w.replaced_by,
               array(select s.copy_number from paper_prints s where s.paper_id = p.paper_id
                     order by s.copy_number) as copies,
               array(select s.printed_by from paper_prints s where s.paper_id = p.paper_id
                     order by s.copy_number) as printed_by,
               array(select coalesce(gate.person_name(s.printed_by), '') from paper_prints s
                     where s.paper_id = p.paper_id order by s.copy_number) as printed_by_name,
               array(select s.printed_at from paper_prints s where s.paper_id = p.paper_id
                     order by s.copy_number) as printed_at
           from p
           cross join lateral gate.worth_of_paper(p.paper_id, ",
    );
    query.push_bind(today).push(") w left join organizations o on o.organization_id = p.owner_organization_id");
    query.push(order);
    let rows: Vec<Row> = query.build_query_as().fetch_all(connection).await?;
    rows.into_iter().map(line).collect()
}

fn line(row: Row) -> sqlx::Result<PaperLine> {
    let prints = row.copies.iter().zip(row.printed_by).zip(row.printed_by_name).zip(row.printed_at);
    Ok(PaperLine {
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
        content_sha256: row.content_sha256.try_into().map_err(|_| sqlx::Error::Decode("a hash of 32 bytes".into()))?,
        prints: prints
            .filter_map(|(((copy, by), by_name), at)| {
                Some(Print { sheet: Sheet::numbered(*copy)?, by: UserId(by), by_name, at })
            })
            .collect(),
    })
}
