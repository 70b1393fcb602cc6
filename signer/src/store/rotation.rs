//! Rotations: which keys are still sealed under an old one, and how far each has come.

use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::keys::{EncryptionKey, KeyInUse};
use crate::envelope::SealedKey;

/// A rotation as it is read.
#[derive(Debug, Clone)]
pub(crate) struct StoredRotation {
    pub rotation_id: Uuid,
    pub old_key_id: Uuid,
    pub new_key_id: Uuid,
    pub key_type: String,
    pub organization_id: Option<Uuid>,
    pub rotation_type: String,
    pub rotation_reason: String,
    pub items_total: i32,
    pub items_re_encrypted: i32,
    pub items_failed: i32,
    pub rotation_status: String,
    pub started_at: DateTime<Utc>,
    pub completed_at: Option<DateTime<Utc>>,
}

/// The rotation of this kind that was begun and not ended.
pub(crate) async fn find_running(
    connection: &mut PgConnection,
    key_type: &str,
    organization: Option<Uuid>,
) -> sqlx::Result<Option<StoredRotation>> {
    sqlx::query_as!(
        StoredRotation,
        "select h.rotation_id, h.old_key_id, h.new_key_id, o.key_type, o.organization_id, h.rotation_type, h.rotation_reason,
                h.items_total, h.items_re_encrypted, h.items_failed, h.rotation_status, h.started_at, h.completed_at
         from key_rotation_history h join encryption_keys o on o.key_id = h.old_key_id
         where h.rotation_status = 'in_progress' and o.key_type = $1 and o.organization_id is not distinct from $2",
        key_type,
        organization
    )
    .fetch_optional(connection)
    .await
}

/// How far a rotation has come.
pub(crate) async fn find_rotation(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<StoredRotation>> {
    sqlx::query_as!(
        StoredRotation,
        "select h.rotation_id, h.old_key_id, h.new_key_id, o.key_type, o.organization_id, h.rotation_type, h.rotation_reason,
                h.items_total, h.items_re_encrypted, h.items_failed, h.rotation_status, h.started_at, h.completed_at
         from key_rotation_history h join encryption_keys o on o.key_id = h.old_key_id
         where h.rotation_id = $1",
        id
    )
    .fetch_optional(connection)
    .await
}

/// The newest rotations first.
pub(crate) async fn list_rotations(connection: &mut PgConnection, most: i64) -> sqlx::Result<Vec<StoredRotation>> {
    sqlx::query_as!(
        StoredRotation,
        "select h.rotation_id, h.old_key_id, h.new_key_id, o.key_type, o.organization_id, h.rotation_type, h.rotation_reason,
                h.items_total, h.items_re_encrypted, h.items_failed, h.rotation_status, h.started_at, h.completed_at
         from key_rotation_history h join encryption_keys o on o.key_id = h.old_key_id
         order by h.started_at desc, h.rotation_id desc limit $1",
        most
    )
    .fetch_all(connection)
    .await
}

/// A rotation to be begun.
pub(crate) struct NewRotation<'a> {
    pub rotation_id: Uuid,
    pub old: Uuid,
    pub new: Uuid,
    pub rotation_type: &'a str,
    pub reason: &'a str,
    pub total: i64,
    pub by: Option<Uuid>,
}

pub(crate) async fn insert_rotation(
    connection: &mut PgConnection,
    rotation: NewRotation<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into key_rotation_history (rotation_id, old_key_id, new_key_id, rotation_type, rotation_reason, items_total,
             started_at, rotation_status, initiated_by_user_id)
         values ($1, $2, $3, $4, $5, $6, $7, 'in_progress', $8)",
        rotation.rotation_id,
        rotation.old,
        rotation.new,
        rotation.rotation_type,
        rotation.reason,
        i32::try_from(rotation.total).unwrap_or(i32::MAX),
        now,
        rotation.by
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Counts what was done; in the transaction that did it.
pub(crate) async fn count_done(
    connection: &mut PgConnection,
    id: Uuid,
    (done, failed): (i32, i32),
) -> sqlx::Result<()> {
    sqlx::query!(
        "update key_rotation_history set items_re_encrypted = items_re_encrypted + $2, items_failed = items_failed + $3
         where rotation_id = $1",
        id,
        done,
        failed
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn end_rotation(
    connection: &mut PgConnection,
    id: Uuid,
    (status, error): (&str, Option<&str>),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update key_rotation_history set rotation_status = $2, error_message = $3, completed_at = $4
         where rotation_id = $1 and rotation_status = 'in_progress'",
        id,
        status,
        error,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The next version of the keys of this kind.
pub(crate) async fn next_version(
    connection: &mut PgConnection,
    key_type: &str,
    organization: Option<Uuid>,
) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        r#"select coalesce(max(key_version), 0) + 1 as "version!" from encryption_keys
           where key_type = $1 and organization_id is not distinct from $2"#,
        key_type,
        organization
    )
    .fetch_one(connection)
    .await
}

/// A key that seals keys enters another part of its life.
pub(crate) async fn set_key_status(
    connection: &mut PgConnection,
    id: Uuid,
    status: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update encryption_keys set key_status = $2, updated_at = $3,
             last_rotated_at = case when $2 = 'rotating' then $3 else last_rotated_at end,
             deleted_at = case when $2 in ('retired', 'revoked') then $3 end
         where key_id = $1",
        id,
        status,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A key of this kind that is neither in force nor at its end: what a rotation that failed left behind.
pub(crate) async fn find_left_behind(
    connection: &mut PgConnection,
    key_type: &str,
    organization: Option<Uuid>,
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select key_id from encryption_keys
         where key_type = $1 and organization_id is not distinct from $2 and key_status = 'rotating'
         order by key_version limit 1",
        key_type,
        organization
    )
    .fetch_optional(connection)
    .await
}

/// The fingerprint of a master key by its id.
pub(crate) async fn find_fingerprint(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Vec<u8>>> {
    let found = sqlx::query_scalar!("select fingerprint from encryption_keys where key_id = $1", id)
        .fetch_optional(connection)
        .await?;
    Ok(found.flatten())
}

/// How many data keys a master key seals.
pub(crate) async fn count_data_keys(connection: &mut PgConnection, master: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(r#"select count(*) as "count!" from encryption_keys where wrapped_by = $1"#, master)
        .fetch_one(connection)
        .await
}

/// Data keys that a master key still seals, each under a lock of this transaction.
pub(crate) async fn list_data_keys(
    connection: &mut PgConnection,
    master: Uuid,
    (except, most): (&[Uuid], i64),
) -> sqlx::Result<Vec<EncryptionKey>> {
    sqlx::query_as!(
        EncryptionKey,
        "select key_id, organization_id, key_version, encrypted_key_material from encryption_keys
         where wrapped_by = $1 and key_id <> all($2) order by key_id limit $3 for update skip locked",
        master,
        except,
        most
    )
    .fetch_all(connection)
    .await
}

/// A data key, sealed under another master key.
pub(crate) async fn reseal_data_key(
    connection: &mut PgConnection,
    id: Uuid,
    (sealed, master): (&[u8], Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update encryption_keys set encrypted_key_material = $2, wrapped_by = $3, updated_at = $4, last_rotated_at = $4,
             next_rotation_at = greatest(next_rotation_at, $5)
         where key_id = $1",
        id,
        sealed,
        master,
        now,
        now + Duration::days(1)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many private keys a data key seals.
pub(crate) async fn count_private_keys(connection: &mut PgConnection, data_key: Uuid) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from private_keys where encryption_key_id = $1 and deleted_at is null"#,
        data_key
    )
    .fetch_one(connection)
    .await
}

/// Private keys that a data key still seals, each under a lock of this transaction.
pub(crate) async fn list_private_keys(
    connection: &mut PgConnection,
    data_key: Uuid,
    (except, most): (&[Uuid], i64),
) -> sqlx::Result<Vec<KeyInUse>> {
    sqlx::query_as!(
        KeyInUse,
        r#"select private_key_id, organization_id, curve_name, public_key_sha256, access_policy, encrypted_key_material,
                  encryption_key_id, encryption_iv, encryption_auth_tag, certificate_id,
                  null::bytea as "der_encoded_cert?"
           from private_keys
           where encryption_key_id = $1 and deleted_at is null and private_key_id <> all($2)
           order by private_key_id limit $3
           for update skip locked"#,
        data_key,
        except,
        most
    )
    .fetch_all(connection)
    .await
}

/// Private keys, each sealed under another data key: all at once, because there are many.
pub(crate) async fn reseal_private_keys(
    connection: &mut PgConnection,
    sealed: &[(Uuid, SealedKey)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = sealed.iter().map(|(id, _)| *id).collect();
    let materials: Vec<Vec<u8>> = sealed.iter().map(|(_, key)| key.material.clone()).collect();
    let nonces: Vec<Vec<u8>> = sealed.iter().map(|(_, key)| key.iv.to_vec()).collect();
    let tags: Vec<Vec<u8>> = sealed.iter().map(|(_, key)| key.tag.to_vec()).collect();
    let under: Vec<Uuid> = sealed.iter().map(|(_, key)| key.encryption_key_id).collect();
    sqlx::query!(
        "update private_keys k set encrypted_key_material = s.material, encryption_key_id = s.data_key, encryption_iv = s.iv,
             encryption_auth_tag = s.tag, updated_at = $6
         from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::uuid[]) as s (id, material, iv, tag, data_key)
         where k.private_key_id = s.id",
        &ids,
        &materials,
        &nonces,
        &tags,
        &under,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A key that may be in other hands, with its certificate.
pub(crate) struct SuspectKey {
    pub private_key_id: Uuid,
    pub access_policy: serde_json::Value,
    pub profile: String,
    pub certificate_id: Option<Uuid>,
    pub status: Option<String>,
    pub owner_user_id: Option<Uuid>,
    pub der_encoded_cert: Option<Vec<u8>>,
    pub not_before: Option<DateTime<Utc>>,
    pub not_after: Option<DateTime<Utc>>,
}

/// The next key of an organisation that is not under this data key; the newest certificate first, which is the pattern of the one that
/// follows.
pub(crate) async fn find_suspect(
    connection: &mut PgConnection,
    organization: Uuid,
    data_key: Uuid,
) -> sqlx::Result<Option<SuspectKey>> {
    sqlx::query_as!(
        SuspectKey,
        r#"select k.private_key_id, k.access_policy, k.profile, c.certificate_id as "certificate_id?", c.status as "status?",
                  c.owner_user_id, c.der_encoded_cert as "der_encoded_cert?", c.not_before as "not_before?",
                  c.not_after as "not_after?"
           from private_keys k left join certificates c on c.certificate_id = k.certificate_id
           where k.organization_id = $1 and k.encryption_key_id <> $2 and k.deleted_at is null
           order by c.not_before desc nulls last, k.private_key_id
           limit 1"#,
        organization,
        data_key
    )
    .fetch_optional(connection)
    .await
}

/// Whether a certificate in force stands for the same holder, of a key under this data key.
pub(crate) async fn has_successor(
    connection: &mut PgConnection,
    data_key: Uuid,
    (profile, person): (&str, Option<Uuid>),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from private_keys k join certificates c on c.certificate_id = k.certificate_id
               where k.encryption_key_id = $1 and k.deleted_at is null and c.profile = $2
                 and c.owner_user_id is not distinct from $3 and c.status = 'active' and c.not_after > $4) as "is_there!""#,
        data_key,
        profile,
        person,
        now
    )
    .fetch_one(connection)
    .await
}

/// Takes a key's material away; a request that would have given it a certificate ends.
pub(crate) async fn wipe_private_key(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!(
        "update private_keys set encrypted_key_material = null, encryption_key_id = null, encryption_iv = null,
             encryption_auth_tag = null, deleted_at = $2, updated_at = $2
         where private_key_id = $1",
        id,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "update certificate_requests set status = 'rejected', rejection_reason = 'the key may be in other hands', updated_at = $2
         where private_key_id = $1 and status in ('pending', 'approved')",
        id,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}
