//! SQL of second factors and recovery codes. Runs as the gate; what is for a mail, as the worker.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::ids::{OrganizationId, UserId};

/// A factor that its person has confirmed.
pub(super) struct Confirmed {
    pub factor_id: Uuid,
    pub sealed_secret: Vec<u8>,
}

/// The confirmed factor of a person, locked: of two codes at once the second waits for what becomes of the first.
pub(super) async fn lock_confirmed(connection: &mut PgConnection, person: UserId) -> sqlx::Result<Option<Confirmed>> {
    sqlx::query_as!(
        Confirmed,
        "select factor_id, sealed_secret from second_factors where user_id = $1 and confirmed_at is not null for update",
        person.0,
    )
    .fetch_optional(connection)
    .await
}

/// Since when a person has a factor.
pub(super) async fn find_confirmed_at(
    connection: &mut PgConnection,
    person: UserId,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        r#"select confirmed_at as "confirmed_at!" from second_factors where user_id = $1 and confirmed_at is not null"#,
        person.0,
    )
    .fetch_optional(connection)
    .await
}

/// Whether an account is one of those that all visitors of a demonstration share.
pub(super) async fn is_shared(connection: &mut PgConnection, person: UserId) -> sqlx::Result<bool> {
    sqlx::query_scalar!("select is_demo from users where id = $1", person.0).fetch_one(connection).await
}

/// Somebody of the demonstration who has no factor.
pub(super) async fn find_unenrolled_of_demo(
    connection: &mut PgConnection,
    username: &str,
) -> sqlx::Result<Option<UserId>> {
    sqlx::query_scalar!(
        r#"select u.id as "id: UserId" from users u
           where u.username = $1 and u.is_demo
             and not exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null)"#,
        username,
    )
    .fetch_optional(connection)
    .await
}

/// Who of an organisation has a factor.
pub(super) async fn list_enrolled(
    connection: &mut PgConnection,
    organization: OrganizationId,
) -> sqlx::Result<Vec<UserId>> {
    sqlx::query_scalar!(
        r#"select f.user_id as "id: UserId" from second_factors f join users u on u.id = f.user_id
           where u.organization_id = $1 and f.confirmed_at is not null"#,
        organization.0,
    )
    .fetch_all(connection)
    .await
}

/// Takes the code of `step`; false when one of it, or of a later one, was taken before.
pub(super) async fn update_step(connection: &mut PgConnection, factor: Uuid, step: i64) -> sqlx::Result<bool> {
    let taken = sqlx::query!(
        "update second_factors set last_used_step = $2 where factor_id = $1 and last_used_step < $2",
        factor,
        step,
    )
    .execute(connection)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// Uses a recovery code up; false when it is none of the factor's, or was used before.
pub(super) async fn update_recovery_code(
    connection: &mut PgConnection,
    (factor, hash): (Uuid, &[u8; 32]),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let used = sqlx::query!(
        "update recovery_codes set used_at = $3 where factor_id = $1 and code_hash = $2 and used_at is null",
        factor,
        hash.as_slice(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(used.rows_affected() == 1)
}

/// How many recovery codes a person has left.
pub(super) async fn count_recovery_codes(connection: &mut PgConnection, person: UserId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "left!" from recovery_codes c join second_factors f using (factor_id)
           where f.user_id = $1 and f.confirmed_at is not null and c.used_at is null"#,
        person.0,
    )
    .fetch_one(connection)
    .await
}

/// Puts these recovery codes, as their hashes, in the place of all others of the factor.
pub(super) async fn replace_recovery_codes(
    connection: &mut PgConnection,
    factor: Uuid,
    hashes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("delete from recovery_codes where factor_id = $1", factor).execute(&mut *connection).await?;
    sqlx::query!(
        "insert into recovery_codes (factor_id, code_hash, made_at) select $1, hash, $3 from unnest($2::bytea[]) as hash",
        factor,
        hashes,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A factor that is being set up.
pub(super) struct Begun<'a> {
    pub factor_id: Uuid,
    pub person: UserId,
    pub sealed_secret: &'a [u8],
    pub session: Uuid,
}

/// Begins a factor, in the place of one that was begun before and not confirmed.
pub(super) async fn insert_begun(
    connection: &mut PgConnection,
    begun: &Begun<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("delete from second_factors where user_id = $1 and confirmed_at is null", begun.person.0)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "insert into second_factors (factor_id, user_id, sealed_secret, begun_in, begun_at) values ($1, $2, $3, $4, $5)",
        begun.factor_id,
        begun.person.0,
        begun.sealed_secret,
        begun.session,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The factor that a session has begun since `since`, locked until the transaction ends.
pub(super) async fn lock_begun(
    connection: &mut PgConnection,
    (person, session): (UserId, Uuid),
    since: DateTime<Utc>,
) -> sqlx::Result<Option<Confirmed>> {
    sqlx::query_as!(
        Confirmed,
        "select factor_id, sealed_secret from second_factors
         where user_id = $1 and confirmed_at is null and begun_in = $2 and begun_at > $3 for update",
        person.0,
        session,
        since,
    )
    .fetch_optional(connection)
    .await
}

/// Confirms a factor, in the place of the one before; the code that confirms it is used.
pub(super) async fn update_confirmed(
    connection: &mut PgConnection,
    (person, factor): (UserId, Uuid),
    step: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("delete from second_factors where user_id = $1 and factor_id <> $2", person.0, factor)
        .execute(&mut *connection)
        .await?;
    sqlx::query!(
        "update second_factors set confirmed_at = $2, last_used_step = $3 where factor_id = $1",
        factor,
        now,
        step,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes every factor of a person away, with its recovery codes and the passkeys beside it; whether a confirmed one was among
/// them.
pub(super) async fn delete_factors(connection: &mut PgConnection, person: UserId) -> sqlx::Result<bool> {
    sqlx::query!("delete from passkeys where user_id = $1", person.0).execute(&mut *connection).await?;
    let deleted = sqlx::query_scalar!(
        r#"delete from second_factors where user_id = $1 returning confirmed_at is not null as "is_confirmed!""#,
        person.0,
    )
    .fetch_all(connection)
    .await?;
    Ok(deleted.contains(&true))
}

/// A sealed secret, and whose it is.
pub(super) struct Sealed {
    pub factor_id: Uuid,
    pub user_id: UserId,
    pub sealed_secret: Vec<u8>,
}

/// Every secret there is, locked.
pub(super) async fn lock_all(connection: &mut PgConnection) -> sqlx::Result<Vec<Sealed>> {
    sqlx::query_as!(
        Sealed,
        r#"select factor_id, user_id as "user_id: UserId", sealed_secret from second_factors order by factor_id for update"#,
    )
    .fetch_all(connection)
    .await
}

/// Puts a secret that is sealed under another key in the place of the same one.
pub(super) async fn update_sealed(
    connection: &mut PgConnection,
    (factor, sealed_secret): (Uuid, &[u8]),
) -> sqlx::Result<()> {
    sqlx::query!("update second_factors set sealed_secret = $2 where factor_id = $1", factor, sealed_secret)
        .execute(connection)
        .await?;
    Ok(())
}

/// In which language a person reads.
pub(super) async fn find_language(connection: &mut PgConnection, person: UserId) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!("select language from users where id = $1", person.0).fetch_optional(connection).await
}

/// Whom to tell.
pub(super) struct Receiver {
    pub full_name: String,
    pub username: String,
    pub email: String,
}

/// Who can be told of a change. As the worker.
pub(super) async fn find_receiver(connection: &mut PgConnection, id: UserId) -> sqlx::Result<Option<Receiver>> {
    sqlx::query_as!(
        Receiver,
        r#"select full_name, username, email as "email!" from users
           where id = $1 and email is not null and email_verified_at is not null"#,
        id.0,
    )
    .fetch_optional(connection)
    .await
}
