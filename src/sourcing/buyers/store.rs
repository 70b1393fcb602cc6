//! The SQL of the register of buyers.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{BuyerForm, name_key};
use crate::auth::{Actor, OrganizationKind};
use crate::ids::{BuyerId, OrganizationId, UserId};
use crate::review::Standing;

/// A buyer's row.
pub(super) struct Row {
    pub id: BuyerId,
    pub standing: Standing,
    pub form: BuyerForm,
    pub contracts: i64,
}

/// A buyer of the list.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub id: BuyerId,
    pub name: String,
    pub country: String,
    pub status: String,
    pub named_by: Option<String>,
    pub contracts: i64,
    pub alike: i64,
    pub updated_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
}

/// Whom the viewer sees: an exporter those that it deals with; the policies say so too.
fn dealer(viewer: &Actor) -> Option<OrganizationId> {
    (viewer.organization.kind == OrganizationKind::Exporter).then_some(viewer.organization.id)
}

/// A page of the buyers that `viewer` may see, newest first.
pub(super) async fn list_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    (status, search): (Option<&str>, Option<&str>),
    after: Option<(DateTime<Utc>, BuyerId)>,
    limit: i64,
) -> sqlx::Result<Vec<Line>> {
    sqlx::query_as!(
        Line,
        r#"select b.buyer_id as "id: BuyerId", b.name, b.country_code::text as "country!", b.status,
                  (select o.name from organizations o where o.organization_id = b.named_by_organization_id) as named_by,
                  (select count(*) from sales_contracts c where c.buyer_id = b.buyer_id) as "contracts!",
                  (select count(*) from buyers x where x.name_key = b.name_key and x.country_code = b.country_code
                       and x.buyer_id <> b.buyer_id) as "alike!",
                  b.updated_at, b.created_at
           from buyers b
           where ($1::uuid is null or exists (select from buyer_exporters x
                                              where x.buyer_id = b.buyer_id and x.organization_id = $1))
             and ($2::text is null or b.status = $2)
             and ($3::text is null or position($3 in b.name_key) > 0)
             and ($4::timestamptz is null or (b.created_at, b.buyer_id) < ($4, $5))
           order by b.created_at desc, b.buyer_id desc
           limit $6"#,
        dealer(viewer) as Option<OrganizationId>,
        status,
        search.map(name_key),
        after.map(|(at, _)| at),
        after.map(|(_, id)| id.0),
        limit,
    )
    .fetch_all(connection)
    .await
}

/// A buyer that the viewer may see.
pub(super) async fn find_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: BuyerId,
) -> sqlx::Result<Option<Row>> {
    let row = sqlx::query!(
        r#"select b.name, b.country_code::text as "country!", b.address, b.email, b.phone, b.registration_number, b.status,
                  b.version, b.named_by_organization_id as "owner: OrganizationId", b.named_by as "named_by: UserId",
                  (select count(*) from sales_contracts c where c.buyer_id = b.buyer_id) as "contracts!",
                  gate.person_name(h.changed_by) as changed_by, coalesce(h.created_at, b.updated_at) as "changed_at!"
           from buyers b
           left join lateral (select r.changed_by, r.created_at from review_history r
                              where r.subject = 'BUYER' and r.subject_id = b.buyer_id
                              order by r.version desc limit 1) h on true
           where b.buyer_id = $1
             and ($2::uuid is null or exists (select from buyer_exporters x
                                              where x.buyer_id = b.buyer_id and x.organization_id = $2))"#,
        id as BuyerId,
        dealer(viewer) as Option<OrganizationId>,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Row {
        id,
        standing: Standing {
            id: id.0,
            reference: row.name.clone(),
            state: row.status,
            version: row.version,
            owner: row.owner,
            submitted_by: Some(row.named_by),
            changed_by: row.changed_by.unwrap_or_default(),
            changed_at: row.changed_at,
        },
        form: BuyerForm {
            name: row.name,
            country: row.country,
            address: row.address,
            email: row.email,
            phone: row.phone,
            registration_number: row.registration_number,
        },
        contracts: row.contracts,
    }))
}

/// Others of the register that may be the same firm: alike by name in the same country, or of the same number. As far as
/// the viewer sees them.
pub(super) async fn list_alike(
    connection: &mut PgConnection,
    id: BuyerId,
    form: &BuyerForm,
) -> sqlx::Result<Vec<(BuyerId, String, String)>> {
    let rows = sqlx::query!(
        r#"select buyer_id as "id: BuyerId", name, status from buyers
           where buyer_id <> $1
             and (name_key = $2 and country_code = $3
                  or registration_number = $4 and country_code = $3)
           order by name, buyer_id limit 20"#,
        id as BuyerId,
        name_key(&form.name),
        form.country,
        form.registration_number,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name, row.status)).collect())
}

/// Lets nobody else change the buyer until the transaction ends.
pub(super) async fn lock(connection: &mut PgConnection, viewer: &Actor, id: BuyerId) -> sqlx::Result<()> {
    if matches!(viewer.organization.kind, OrganizationKind::Exporter | OrganizationKind::Ecta) {
        sqlx::query!("select buyer_id from buyers where buyer_id = $1 for update", id as BuyerId)
            .fetch_optional(connection)
            .await?;
    }
    Ok(())
}

/// The buyer that is called so already, in the whole register. Runs as the system; two who name the same buyer at once wait
/// for one another.
pub(super) async fn find_same(connection: &mut PgConnection, form: &BuyerForm) -> sqlx::Result<Option<BuyerId>> {
    let key = name_key(&form.name);
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('buyer ' || $1 || ' ' || $2, 0)) is null as locked",
        form.country,
        key
    )
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query_scalar!(
        r#"select buyer_id as "id: BuyerId" from buyers
           where name_key = $1 and country_code = $2 and status <> 'REJECTED'
             and (registration_number is not distinct from $3 or registration_number is null or $3::text is null)
           order by status <> 'VERIFIED', created_at, buyer_id
           limit 1"#,
        key,
        form.country,
        form.registration_number,
    )
    .fetch_optional(connection)
    .await
}

/// Puts a buyer into the register. Runs as the system.
pub(super) async fn insert(
    connection: &mut PgConnection,
    id: BuyerId,
    form: &BuyerForm,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into buyers (buyer_id, name, name_key, country_code, address, email, phone, registration_number,
             named_by_organization_id, named_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)",
        id as BuyerId,
        form.name,
        name_key(&form.name),
        form.country,
        form.address,
        form.email,
        form.phone,
        form.registration_number,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Notes that an exporter deals with a buyer; whether that is new. Runs as the system.
pub(super) async fn link(
    connection: &mut PgConnection,
    id: BuyerId,
    exporter: OrganizationId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let linked = sqlx::query!(
        "insert into buyer_exporters (buyer_id, organization_id, since) values ($1, $2, $3) on conflict do nothing",
        id as BuyerId,
        exporter as OrganizationId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(linked.rows_affected() == 1)
}

/// Writes what is said of a buyer anew; whether it still stood as it was read.
pub(super) async fn rewrite(
    connection: &mut PgConnection,
    (id, version): (BuyerId, i32),
    form: &BuyerForm,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let written = sqlx::query!(
        "update buyers set name = $3, name_key = $4, country_code = $5, address = $6, email = $7, phone = $8,
             registration_number = $9, status = 'PENDING', version = version + 1, updated_at = $10
         where buyer_id = $1 and version = $2",
        id as BuyerId,
        version,
        form.name,
        name_key(&form.name),
        form.country,
        form.address,
        form.email,
        form.phone,
        form.registration_number,
        now,
    )
    .execute(connection)
    .await?;
    Ok(written.rows_affected() == 1)
}

/// Moves a buyer to another state; whether it still stood as it was read.
pub(super) async fn move_status(
    connection: &mut PgConnection,
    (id, version): (BuyerId, i32),
    status: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let moved = sqlx::query!(
        "update buyers set status = $3, version = version + 1, updated_at = $4 where buyer_id = $1 and version = $2",
        id as BuyerId,
        version,
        status,
        now,
    )
    .execute(connection)
    .await?;
    Ok(moved.rows_affected() == 1)
}
