//! Keys that seal keys, private keys, and how often each was used.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::envelope::{DataKeyRow, PrivateKeyRow, SealedKey};

/// A key that seals keys, as its row has it.
pub(crate) struct EncryptionKey {
    pub key_id: Uuid,
    pub organization_id: Option<Uuid>,
    pub key_version: i32,
    pub encrypted_key_material: Option<Vec<u8>>,
}

impl EncryptionKey {
    pub(crate) const fn row(&self) -> DataKeyRow {
        DataKeyRow { key_id: self.key_id, organization_id: self.organization_id, version: self.key_version }
    }
}

/// The master key that is in force: its id and fingerprint.
pub(crate) async fn find_master(connection: &mut PgConnection) -> sqlx::Result<Option<(Uuid, Vec<u8>)>> {
    let row = sqlx::query!(
        r#"select key_id, fingerprint as "fingerprint!" from encryption_keys where key_type = 'master' and key_status = 'active'"#
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| (row.key_id, row.fingerprint)))
}

pub(crate) async fn insert_master(
    connection: &mut PgConnection,
    (key_id, fingerprint): (Uuid, &[u8]),
    version: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into encryption_keys (key_id, key_type, key_version, key_status, fingerprint, next_rotation_at, created_at,
             updated_at)
         values ($1, 'master', $2, 'active', $3, $4, $5, $5)",
        key_id,
        version,
        fingerprint,
        now + Duration::days(365),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The data key that seals an organisation's new keys.
pub(crate) async fn find_active_data_key(
    connection: &mut PgConnection,
    organization: Option<Uuid>,
) -> sqlx::Result<Option<EncryptionKey>> {
    sqlx::query_as!(
        EncryptionKey,
        "select key_id, organization_id, key_version, encrypted_key_material from encryption_keys
         where key_type = 'data' and key_status = 'active' and organization_id is not distinct from $1",
        organization
    )
    .fetch_optional(connection)
    .await
}

pub(crate) async fn find_data_key(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<EncryptionKey>> {
    sqlx::query_as!(
        EncryptionKey,
        "select key_id, organization_id, key_version, encrypted_key_material from encryption_keys
         where key_type = 'data' and key_id = $1",
        id
    )
    .fetch_optional(connection)
    .await
}

/// A lock on what seals an organisation's keys, for this transaction: two first keys make one data key.
pub(crate) async fn lock_data_keys(connection: &mut PgConnection, organization: Option<Uuid>) -> sqlx::Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('data key ' || coalesce($1::uuid::text, ''), 0))",
        organization
    )
    .fetch_one(connection)
    .await?;
    Ok(())
}

pub(crate) async fn insert_data_key(
    connection: &mut PgConnection,
    row: DataKeyRow,
    (sealed, wrapped_by): (&[u8], Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into encryption_keys (key_id, key_type, organization_id, key_version, key_status, encrypted_key_material,
             key_wrap_algorithm, wrapped_by, next_rotation_at, created_at, updated_at)
         values ($1, 'data', $2, $3, 'active', $4, 'AES-256-GCM', $5, $6, $7, $7)",
        row.key_id,
        row.organization_id,
        row.version,
        sealed,
        wrapped_by,
        now + Duration::days(365),
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A new private key.
pub(crate) struct NewPrivateKey<'a> {
    pub row: PrivateKeyRow,
    pub organization_id: Option<Uuid>,
    pub profile: &'a str,
    pub curve: &'a str,
    pub policy: Value,
    pub sealed: &'a SealedKey,
}

pub(crate) async fn insert_private_key(
    connection: &mut PgConnection,
    key: NewPrivateKey<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into private_keys (private_key_id, organization_id, profile, public_key_sha256, encrypted_key_material,
             encryption_key_id, encryption_iv, encryption_auth_tag, key_algorithm, curve_name, access_policy, created_at,
             updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'ECDSA', $9, $10, $11, $11)",
        key.row.private_key_id,
        key.organization_id,
        key.profile,
        key.row.public_key_sha256.as_slice(),
        key.sealed.material,
        key.sealed.encryption_key_id,
        key.sealed.iv.as_slice(),
        key.sealed.tag.as_slice(),
        key.curve,
        key.policy,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn bind_certificate(
    connection: &mut PgConnection,
    private_key: Uuid,
    certificate: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update private_keys set certificate_id = $2, updated_at = $3 where private_key_id = $1",
        private_key,
        certificate,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A private key with what has to be known before it is used.
pub(crate) struct KeyInUse {
    pub private_key_id: Uuid,
    pub organization_id: Option<Uuid>,
    pub curve_name: String,
    pub public_key_sha256: Vec<u8>,
    pub access_policy: Value,
    pub encrypted_key_material: Option<Vec<u8>>,
    pub encryption_key_id: Option<Uuid>,
    pub encryption_iv: Option<Vec<u8>>,
    pub encryption_auth_tag: Option<Vec<u8>>,
    pub certificate_id: Option<Uuid>,
    pub der_encoded_cert: Option<Vec<u8>>,
}

/// The key of a kind that an organisation signs with at this moment: of several the one whose certificate is the newest.
pub(crate) async fn find_key_of(
    connection: &mut PgConnection,
    profile: &str,
    organization: Option<Uuid>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<KeyInUse>> {
    sqlx::query_as!(
        KeyInUse,
        r#"select k.private_key_id, k.organization_id, k.curve_name, k.public_key_sha256, k.access_policy,
                  k.encrypted_key_material, k.encryption_key_id, k.encryption_iv, k.encryption_auth_tag,
                  c.certificate_id as "certificate_id?", c.der_encoded_cert as "der_encoded_cert?"
           from private_keys k join certificates c on c.certificate_id = k.certificate_id
           where k.profile = $1 and k.organization_id is not distinct from $2 and k.deleted_at is null
             and c.status = 'active' and c.not_before <= $3 and c.not_after > $3
           order by c.not_before desc, c.certificate_id desc
           limit 1"#,
        profile,
        organization,
        now
    )
    .fetch_optional(connection)
    .await
}

/// The key of a kind by its fingerprint, where it has no certificate yet; under a lock of this transaction.
pub(crate) async fn find_key_without_certificate(
    connection: &mut PgConnection,
    profile: &str,
    public_key_sha256: &[u8],
) -> sqlx::Result<Option<Uuid>> {
    sqlx::query_scalar!(
        "select private_key_id from private_keys
         where profile = $1 and public_key_sha256 = $2 and certificate_id is null and deleted_at is null for update",
        profile,
        public_key_sha256
    )
    .fetch_optional(connection)
    .await
}

/// A key by its id, whatever its certificate is worth.
pub(crate) async fn find_key(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<KeyInUse>> {
    sqlx::query_as!(
        KeyInUse,
        r#"select k.private_key_id, k.organization_id, k.curve_name, k.public_key_sha256, k.access_policy,
                  k.encrypted_key_material, k.encryption_key_id, k.encryption_iv, k.encryption_auth_tag,
                  c.certificate_id as "certificate_id?", c.der_encoded_cert as "der_encoded_cert?"
           from private_keys k left join certificates c on c.certificate_id = k.certificate_id
           where k.private_key_id = $1 and k.deleted_at is null"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// The key of a certificate, whatever that is worth.
pub(crate) async fn find_key_of_certificate(
    connection: &mut PgConnection,
    certificate: Uuid,
) -> sqlx::Result<Option<KeyInUse>> {
    sqlx::query_as!(
        KeyInUse,
        r#"select k.private_key_id, k.organization_id, k.curve_name, k.public_key_sha256, k.access_policy,
                  k.encrypted_key_material, k.encryption_key_id, k.encryption_iv, k.encryption_auth_tag,
                  c.certificate_id as "certificate_id?", c.der_encoded_cert as "der_encoded_cert?"
           from private_keys k join certificates c on c.certificate_id = k.certificate_id
           where c.certificate_id = $1 and k.deleted_at is null"#,
        certificate
    )
    .fetch_optional(connection)
    .await
}

/// A key that seals others, and how those that it seals are used.
pub(crate) struct SealingKey {
    pub key_type: String,
    pub organization_id: Option<Uuid>,
    pub key_version: i32,
    pub created_at: DateTime<Utc>,
    pub next_rotation_at: DateTime<Utc>,
    pub private_keys: i64,
    pub uses_today: i64,
    pub most_uses_before: i64,
}

/// The master key in force and the data keys in force, with the uses of today and the most of one day in the thirty before.
pub(crate) async fn list_sealing_keys(
    connection: &mut PgConnection,
    today: NaiveDate,
) -> sqlx::Result<Vec<SealingKey>> {
    sqlx::query_as!(
        SealingKey,
        r#"with uses as (
               select k.encryption_key_id, u.used_on, sum(u.use_count)::bigint as uses
               from private_key_uses u join private_keys k using (private_key_id)
               where u.used_on between $1::date - 30 and $1
               group by 1, 2),
           by_key as (
               select encryption_key_id, max(uses) filter (where used_on = $1) as today, max(uses) filter (where used_on < $1) as before
               from uses group by 1),
           kept as (select encryption_key_id, count(*) as keys from private_keys where deleted_at is null group by 1)
           select e.key_type, e.organization_id, e.key_version, e.created_at, e.next_rotation_at,
                  coalesce(kept.keys, 0) as "private_keys!", coalesce(by_key.today, 0) as "uses_today!",
                  coalesce(by_key.before, 0) as "most_uses_before!"
           from encryption_keys e
           left join kept on kept.encryption_key_id = e.key_id
           left join by_key on by_key.encryption_key_id = e.key_id
           where e.key_status = 'active'
           order by e.key_type desc, e.organization_id nulls first"#,
        today
    )
    .fetch_all(connection)
    .await
}

/// Counts one more use; how many there are today with this one.
pub(crate) async fn count_use(
    connection: &mut PgConnection,
    private_key: Uuid,
    day: NaiveDate,
    now: DateTime<Utc>,
) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        "insert into private_key_uses (private_key_id, used_on, use_count, last_used_at) values ($1, $2, 1, $3)
         on conflict (private_key_id, used_on) do update
             set use_count = private_key_uses.use_count + 1, last_used_at = excluded.last_used_at
         returning use_count",
        private_key,
        day,
        now
    )
    .fetch_one(connection)
    .await
}
