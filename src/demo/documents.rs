//! The sample documents of the demo's exports: each a small PDF of its own in the store, each with its row.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use rust_decimal::Decimal;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::SeedError;
use super::sample_pdf::sample_pdf;
use crate::calendar::format_eat;
use crate::documents::storage::{Storage, StorageKey};
use crate::ids::DocumentId;

/// Files that are written at the same time: most of the time is the disk's.
const AT_ONCE: usize = 32;
const LIMIT_BYTES: u64 = 1 << 20;

#[derive(Debug, FromRow)]
struct Planned {
    n: i64,
    export_id: Uuid,
    export_number: String,
    exporter_name: String,
    buyer_name: String,
    kg: Decimal,
    coffee_type: String,
    value: Decimal,
    document_type: String,
    title: String,
    sort_order: i32,
    uploaded_at: DateTime<Utc>,
    uploaded_by: Uuid,
    organization_id: Uuid,
}

struct Stored {
    key: String,
    size: i64,
    sha256: Vec<u8>,
    cid: String,
}

/// Makes and stores what `sql/documents.sql` has planned.
pub(super) async fn attach(connection: &mut PgConnection, storage: &Storage) -> Result<(), SeedError> {
    let planned: Vec<Planned> = sqlx::query_as("select * from demo.files order by uploaded_at, n, sort_order")
        .fetch_all(&mut *connection)
        .await?;
    let stored: Vec<Stored> =
        stream::iter(&planned).map(|document| store(storage, document)).buffered(AT_ONCE).try_collect().await?;
    let ids: Vec<Uuid> = planned.iter().map(|_| DocumentId::new().0).collect();
    let exports: Vec<Uuid> = planned.iter().map(|p| p.export_id).collect();
    let organizations: Vec<Uuid> = planned.iter().map(|p| p.organization_id).collect();
    let types: Vec<String> = planned.iter().map(|p| p.document_type.clone()).collect();
    let names: Vec<String> = planned.iter().map(file_name).collect();
    let references: Vec<String> = planned.iter().map(reference).collect();
    let keys: Vec<String> = stored.iter().map(|s| s.key.clone()).collect();
    let sizes: Vec<i64> = stored.iter().map(|s| s.size).collect();
    let digests: Vec<Vec<u8>> = stored.iter().map(|s| s.sha256.clone()).collect();
    let cids: Vec<String> = stored.iter().map(|s| s.cid.clone()).collect();
    let people: Vec<Uuid> = planned.iter().map(|p| p.uploaded_by).collect();
    let times: Vec<DateTime<Utc>> = planned.iter().map(|p| p.uploaded_at).collect();
    sqlx::query!(
        "insert into export_documents (document_id, export_id, organization_id, document_type, document_name, reference_number,
             document_path, file_size, mime_type, sha256, ipfs_hash, uploaded_by, uploaded_at, created_at)
         select id, export_id, organization_id, type, name, reference, key, size, 'application/pdf', sha256, cid, person, at, at
         from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bytea[],
                     $10::text[], $11::uuid[], $12::timestamptz[])
              as d (id, export_id, organization_id, type, name, reference, key, size, sha256, cid, person, at)",
        &ids,
        &exports,
        &organizations,
        &types,
        &names,
        &references,
        &keys,
        &sizes,
        &digests,
        &cids,
        &people,
        &times,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes of each export that is open or has files what is there for its checklist. Of a very large demo no trigger has done so.
pub(super) async fn note_what_is_there(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "select gate.note_what_is_there(e.export_id) from exports e
         where e.stage <> 'CLOSED' or e.export_id in (select f.export_id from demo.filed f)",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts what each organisation has taken of the store: of a very large demo no trigger has done so.
pub(super) async fn count_shares(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("select gate.recount_shares()").execute(connection).await?;
    Ok(())
}

async fn store(storage: &Storage, document: &Planned) -> Result<Stored, SeedError> {
    let lines = [
        format!("No. {}", reference(document)),
        format!("Export {}", document.export_number),
        format!("Exporter: {}", document.exporter_name),
        format!("Buyer: {}", document.buyer_name),
        format!("{} kg of {} coffee, USD {}", document.kg.normalize(), document.coffee_type, document.value),
        format_eat(document.uploaded_at),
        String::new(),
        "Sample of a demonstration. Not a document of any office.".to_owned(),
    ];
    let pdf = Bytes::from(sample_pdf(&document.title, &lines));
    let staged = storage.stage(stream::iter([Ok::<_, std::io::Error>(pdf)]), LIMIT_BYTES).await?;
    let digest = staged.digest().clone();
    let key = StorageKey::new();
    storage.commit(staged, &key).await?;
    Ok(Stored {
        key: key.path(),
        size: i64::try_from(digest.size_bytes).unwrap_or(i64::MAX),
        sha256: digest.sha256.to_vec(),
        cid: digest.cid,
    })
}

fn reference(document: &Planned) -> String {
    let initials: String = document.document_type.split('_').filter_map(|word| word.chars().next()).collect();
    format!("{initials}-{:02}-{:06}", document.sort_order, document.n)
}

fn file_name(document: &Planned) -> String {
    format!("{} {}.pdf", document.title, document.export_number)
}
