//! The SQL of a seller's accounts and terms.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::facts::AccountFacts;
use crate::auth::Actor;
use crate::certificates::commercial::model::{SellerAccount, SellerTerms};
use crate::ids::{AccountId, OrganizationId, UserId};

/// The terms of a seller; those of nobody yet when it has kept none.
pub(in crate::certificates::commercial) async fn find_terms(
    connection: &mut PgConnection,
    owner: OrganizationId,
) -> sqlx::Result<SellerTerms> {
    let found = sqlx::query_as!(
        SellerTerms,
        "select mark, packing_place, signatory_title, has_liner, liner_kg, version
         from seller_terms
         where organization_id = $1",
        owner as OrganizationId,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.unwrap_or_default())
}

/// Keeps the terms that were shown as `terms.version`; `false` when somebody else was quicker.
pub(super) async fn keep_terms(
    connection: &mut PgConnection,
    terms: &SellerTerms,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "insert into seller_terms (organization_id, mark, packing_place, signatory_title, has_liner, liner_kg, version,
             changed_by, changed_at)
         select $1, $2, $3, $4, $5, $6, 1, $8, $9
         where $7 = 0 or exists (select from seller_terms where organization_id = $1)
         on conflict (organization_id) do update
         set mark = excluded.mark, packing_place = excluded.packing_place, signatory_title = excluded.signatory_title,
             has_liner = excluded.has_liner, liner_kg = excluded.liner_kg, version = seller_terms.version + 1,
             changed_by = excluded.changed_by, changed_at = excluded.changed_at
         where seller_terms.version = $7",
        actor.organization.id as OrganizationId,
        terms.mark,
        terms.packing_place,
        terms.signatory_title,
        terms.has_liner,
        terms.liner_kg,
        terms.version,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// The accounts of a seller, the open ones first.
pub(in crate::certificates::commercial) async fn list_accounts(
    connection: &mut PgConnection,
    owner: OrganizationId,
) -> sqlx::Result<Vec<SellerAccount>> {
    sqlx::query_as!(
        SellerAccount,
        r#"select a.account_id as "id: AccountId", a.bank_organization_id as "bank: OrganizationId", b.name as bank_name,
               a.branch, a.holder, a.account_number as number, a.currency as "currency: String", a.swift,
               a.correspondent, a.correspondent_swift, a.is_open, a.version
           from seller_accounts a
           join organizations b on b.organization_id = a.bank_organization_id
           where a.organization_id = $1
           order by a.is_open desc, b.name, a.currency, a.account_number, a.account_id"#,
        owner as OrganizationId,
    )
    .fetch_all(connection)
    .await
}

pub(super) async fn insert_account(
    connection: &mut PgConnection,
    id: AccountId,
    account: &AccountFacts,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into seller_accounts (account_id, organization_id, bank_organization_id, branch, holder, account_number,
             currency, swift, correspondent, correspondent_swift, is_open, changed_by, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
        id as AccountId,
        actor.organization.id as OrganizationId,
        account.bank as OrganizationId,
        account.branch,
        account.holder,
        account.number,
        account.currency,
        account.swift,
        account.correspondent,
        account.correspondent_swift,
        account.is_open,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Changes the account that was shown as `version`; `false` when somebody else was quicker.
pub(super) async fn update_account(
    connection: &mut PgConnection,
    (id, version): (AccountId, i32),
    account: &AccountFacts,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let rows = sqlx::query!(
        "update seller_accounts
         set bank_organization_id = $4, branch = $5, holder = $6, account_number = $7, currency = $8, swift = $9,
             correspondent = $10, correspondent_swift = $11, is_open = $12, version = version + 1, changed_by = $13,
             changed_at = $14
         where account_id = $1 and organization_id = $2 and version = $3",
        id as AccountId,
        actor.organization.id as OrganizationId,
        version,
        account.bank as OrganizationId,
        account.branch,
        account.holder,
        account.number,
        account.currency,
        account.swift,
        account.correspondent,
        account.correspondent_swift,
        account.is_open,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?
    .rows_affected();
    Ok(rows == 1)
}

/// The commercial banks of the consortium, by id and name.
pub(super) async fn list_banks(connection: &mut PgConnection) -> sqlx::Result<Vec<(OrganizationId, String)>> {
    let rows = sqlx::query!(
        r#"select organization_id as "id: OrganizationId", name
           from organizations
           where kind = 'COMMERCIAL_BANK' and is_active
           order by name, organization_id"#
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// The currencies of the code list.
pub(super) async fn list_currencies(connection: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(r#"select currency as "currency!: String" from currencies order by currency"#)
        .fetch_all(connection)
        .await
}
