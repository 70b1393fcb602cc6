//! The SQL of attempts and known devices. Runs in the gate's context.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::ipnetwork::IpNetwork;
use uuid::Uuid;

use super::{Entrance, REMEMBERED};
use crate::ids::UserId;

/// Whose attempt it is, as it is counted.
#[derive(Debug, Clone, Copy)]
pub(in crate::organizations::sign_in) struct Bucket<'a> {
    pub name: &'a [u8; 32],
    /// The device, where the account knows it.
    pub device: Option<&'a [u8; 32]>,
    pub network: IpNetwork,
}

/// Makes those who try the same name, or come from the same network as strangers, wait for each other until the
/// transaction ends: of many at once no more are judged than of many in a row.
pub(in crate::organizations::sign_in) async fn take_turns(
    connection: &mut PgConnection,
    bucket: &Bucket<'_>,
) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))", bucket.name.as_slice())
        .execute(&mut *connection)
        .await?;
    if bucket.device.is_none() {
        sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1::cidr::text, 1))", bucket.network)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// When the name has failed on this device, or on devices that it does not know: the newest first.
pub(in crate::organizations::sign_in) async fn failures_of_account(
    connection: &mut PgConnection,
    bucket: &Bucket<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select attempted_at from sign_in_attempts
         where name_hash = $1 and device_hash is not distinct from $2 and attempted_at > $3
         order by attempted_at desc",
        bucket.name.as_slice(),
        bucket.device.map(<[u8; 32]>::as_slice),
        now - REMEMBERED,
    )
    .fetch_all(connection)
    .await
}

/// When each of the names that have failed from this network, on devices that they do not know, did so last: the newest
/// first. The bucket's own name is not among them: what it fails is counted by itself.
pub(in crate::organizations::sign_in) async fn failures_of_network(
    connection: &mut PgConnection,
    bucket: &Bucket<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<DateTime<Utc>>> {
    sqlx::query_scalar!(
        r#"select max(attempted_at) as "last!" from sign_in_attempts
           where network = $1 and device_hash is null and name_hash <> $2 and attempted_at > $3
           group by name_hash order by 1 desc"#,
        bucket.network,
        bucket.name.as_slice(),
        now - REMEMBERED,
    )
    .fetch_all(connection)
    .await
}

/// Notes an attempt before it is judged, as one that has failed.
pub(in crate::organizations::sign_in) async fn insert(
    connection: &mut PgConnection,
    bucket: &Bucket<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into sign_in_attempts (attempt_id, name_hash, device_hash, network, attempted_at) values ($1, $2, $3, $4, $5)",
        id,
        bucket.name.as_slice(),
        bucket.device.map(<[u8; 32]>::as_slice),
        bucket.network,
        now,
    )
    .execute(connection)
    .await?;
    Ok(id)
}

/// Takes back an attempt that was not judged.
pub(in crate::organizations::sign_in) async fn take_back(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!("delete from sign_in_attempts where attempt_id = $1", id).execute(connection).await?;
    Ok(())
}

/// Takes back everything that was attempted with a name.
pub(in crate::organizations::sign_in) async fn delete_of_name(
    connection: &mut PgConnection,
    name: &[u8; 32],
) -> sqlx::Result<()> {
    sqlx::query!("delete from sign_in_attempts where name_hash = $1", name.as_slice()).execute(connection).await?;
    Ok(())
}

/// Notes that the account has come in: it starts from nothing where it did, and knows the device from now on. Part of the
/// transaction that begins the session.
pub(in crate::organizations) async fn let_in(
    connection: &mut PgConnection,
    user: UserId,
    entrance: &Entrance,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from sign_in_attempts where name_hash = $1 and device_hash is not distinct from $2",
        entrance.name.as_slice(),
        entrance.is_known.then_some(entrance.device.as_slice()),
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into known_devices (user_id, device_hash, first_used_at, last_used_at) values ($1, $2, $3, $3)
         on conflict (user_id, device_hash) do update set last_used_at = greatest(known_devices.last_used_at, excluded.last_used_at)",
        user as UserId,
        entrance.device.as_slice(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether the account has signed in on this device before.
pub(in crate::organizations::sign_in) async fn is_known(
    connection: &mut PgConnection,
    user: Option<UserId>,
    device: &[u8; 32],
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from known_devices where user_id = $1 and device_hash = $2) as "known!""#,
        user as Option<UserId>,
        device.as_slice(),
    )
    .fetch_one(connection)
    .await
}

/// Whether anybody has signed in on this device before.
pub(in crate::organizations::sign_in) async fn is_anybodys(
    connection: &mut PgConnection,
    device: &[u8; 32],
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from known_devices where device_hash = $1) as "known!""#,
        device.as_slice(),
    )
    .fetch_one(connection)
    .await
}
