//! Certificates, what was intended of them, and what was revoked.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

/// What is about to be signed.
pub(crate) struct Intent<'a> {
    pub issuance_id: Uuid,
    pub request: Option<Uuid>,
    pub issuer: Option<Uuid>,
    pub profile: &'a str,
    pub serial: &'a str,
    pub to_be_signed: &'a [u8],
    pub findings: &'a [String],
}

/// Writes down what is about to be signed; with findings, that it is refused.
pub(crate) async fn insert_intent(
    connection: &mut PgConnection,
    intent: Intent<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificate_issuances (issuance_id, issuer_certificate_id, profile, serial_number, to_be_signed, findings,
             state, intended_at, decided_at, request_id)
         values ($1, $2, $3, $4, $5, $6, case when $6 = '{}'::text[] then 'INTENDED' else 'REFUSED' end, $7::timestamptz,
             case when $6 = '{}'::text[] then null else $7::timestamptz end, $8)",
        intent.issuance_id,
        intent.issuer,
        intent.profile,
        intent.serial,
        intent.to_be_signed,
        intent.findings,
        now,
        intent.request
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn mark_issued(
    connection: &mut PgConnection,
    issuance: Uuid,
    certificate: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update certificate_issuances set state = 'ISSUED', certificate_id = $2, decided_at = $3 where issuance_id = $1",
        issuance,
        certificate,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives up what was intended before `before` and never signed; how many there were.
pub(crate) async fn give_up_intents(
    connection: &mut PgConnection,
    before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let done = sqlx::query!(
        "update certificate_issuances set state = 'GIVEN_UP', decided_at = $2 where state = 'INTENDED' and intended_at < $1",
        before,
        now
    )
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

/// A certificate as it is stored.
pub(crate) struct NewCertificate<'a> {
    pub certificate_id: Uuid,
    pub common_name: &'a str,
    pub certificate_type: &'a str,
    pub profile: &'a str,
    pub organization_id: Option<Uuid>,
    pub owner_user_id: Option<Uuid>,
    pub issuer: Option<Uuid>,
    pub der: &'a [u8],
    pub serial: &'a str,
    pub thumbprint_sha256: &'a [u8],
    pub thumbprint_sha1: &'a [u8],
    pub subject_key_identifier: &'a [u8],
    pub authority_key_identifier: Option<&'a [u8]>,
    pub issuer_dn: &'a str,
    pub subject_dn: &'a str,
    pub key_size: i32,
    pub signature_algorithm: &'a str,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
}

pub(crate) async fn insert_certificate(
    connection: &mut PgConnection,
    certificate: &NewCertificate<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificates (certificate_id, common_name, certificate_type, profile, organization_id, owner_user_id,
             issuer_certificate_id, der_encoded_cert, serial_number, thumbprint_sha256, thumbprint_sha1,
             subject_key_identifier, authority_key_identifier, issuer_dn, subject_dn, key_algorithm, key_size,
             signature_algorithm, not_before, not_after, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'ECDSA', $16, $17, $18, $19, $20, $20)",
        certificate.certificate_id,
        certificate.common_name,
        certificate.certificate_type,
        certificate.profile,
        certificate.organization_id,
        certificate.owner_user_id,
        certificate.issuer,
        certificate.der,
        certificate.serial,
        certificate.thumbprint_sha256,
        certificate.thumbprint_sha1,
        certificate.subject_key_identifier,
        certificate.authority_key_identifier,
        certificate.issuer_dn,
        certificate.subject_dn,
        certificate.key_size,
        certificate.signature_algorithm,
        certificate.not_before,
        certificate.not_after,
        now
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A certificate as it is read.
#[derive(Debug, Clone)]
pub(crate) struct StoredCertificate {
    pub certificate_id: Uuid,
    pub profile: String,
    pub organization_id: Option<Uuid>,
    pub der_encoded_cert: Vec<u8>,
    pub serial_number: String,
    pub status: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub is_key_here: bool,
    pub revoked_at: Option<DateTime<Utc>>,
    pub revocation_reason: Option<String>,
    pub invalidity_date: Option<DateTime<Utc>>,
}

/// All certificates with what was revoked of them, the oldest first; or the consortium's own and those of some organisations.
pub(crate) async fn list_certificates(
    connection: &mut PgConnection,
    of: Option<&[Uuid]>,
) -> sqlx::Result<Vec<StoredCertificate>> {
    sqlx::query_as!(
        StoredCertificate,
        r#"select c.certificate_id, c.profile, c.organization_id, c.der_encoded_cert, c.serial_number, c.status, c.not_before,
                  c.not_after, c.updated_at,
                  exists (select from private_keys k where k.certificate_id = c.certificate_id and k.deleted_at is null) as "is_key_here!",
                  r.revocation_date as "revoked_at?", r.revocation_reason as "revocation_reason?",
                  r.invalidity_date
           from certificates c
           left join certificate_revocations r on r.certificate_id = c.certificate_id and r.lifted_at is null
           where $1::uuid[] is null or c.organization_id is null or c.organization_id = any($1)
           order by c.created_at, c.certificate_id"#,
        of
    )
    .fetch_all(connection)
    .await
}

/// A certificate, DER, and those above it.
pub(crate) async fn list_chain(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Vec<Vec<u8>>> {
    sqlx::query_scalar!(
        r#"with recursive chain as (
               select der_encoded_cert, issuer_certificate_id, 0 as height from certificates where certificate_id = $1
               union all
               select c.der_encoded_cert, c.issuer_certificate_id, chain.height + 1
               from chain join certificates c on c.certificate_id = chain.issuer_certificate_id)
           select der_encoded_cert as "der!" from chain order by height"#,
        id
    )
    .fetch_all(connection)
    .await
}

/// A certificate of the consortium's own.
pub(crate) struct OwnCertificate {
    pub der_encoded_cert: Vec<u8>,
    pub status: String,
    pub not_after: DateTime<Utc>,
}

/// The one of a kind that was issued last.
pub(crate) async fn find_last_of_consortium(
    connection: &mut PgConnection,
    profile: &str,
) -> sqlx::Result<Option<OwnCertificate>> {
    sqlx::query_as!(
        OwnCertificate,
        "select der_encoded_cert, status, not_after from certificates
         where profile = $1 and organization_id is null
         order by created_at desc, certificate_id desc limit 1",
        profile
    )
    .fetch_optional(connection)
    .await
}

pub(crate) async fn find_certificate(
    connection: &mut PgConnection,
    id: Uuid,
) -> sqlx::Result<Option<StoredCertificate>> {
    sqlx::query_as!(
        StoredCertificate,
        r#"select c.certificate_id, c.profile, c.organization_id, c.der_encoded_cert, c.serial_number, c.status, c.not_before,
                  c.not_after, c.updated_at,
                  exists (select from private_keys k where k.certificate_id = c.certificate_id and k.deleted_at is null) as "is_key_here!",
                  r.revocation_date as "revoked_at?", r.revocation_reason as "revocation_reason?",
                  r.invalidity_date
           from certificates c
           left join certificate_revocations r on r.certificate_id = c.certificate_id and r.lifted_at is null
           where c.certificate_id = $1
           for update of c"#,
        id
    )
    .fetch_optional(connection)
    .await
}

/// The certificate, DER, of who issued a certificate; none where nobody else did.
pub(crate) async fn find_issuers_certificate(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar!(
        "select i.der_encoded_cert from certificates c join certificates i on i.certificate_id = c.issuer_certificate_id
         where c.certificate_id = $1",
        id
    )
    .fetch_optional(connection)
    .await
}

/// How often what certificates are worth has changed.
pub(crate) async fn find_version_of_state(connection: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar!("select version from certificate_state").fetch_one(connection).await
}

/// What an issuer's certificate is worth.
pub(crate) struct StoredWorth {
    pub certificate_id: Uuid,
    pub revoked_at: Option<DateTime<Utc>>,
    pub revocation_reason: Option<String>,
}

/// What the certificate with this serial number is worth; none where the issuer has issued none.
pub(crate) async fn find_worth(
    connection: &mut PgConnection,
    (issuer, issuer_dn): (Uuid, &str),
    serial: &str,
) -> sqlx::Result<Option<StoredWorth>> {
    sqlx::query_as!(
        StoredWorth,
        r#"select c.certificate_id, r.revocation_date as "revoked_at?", r.revocation_reason as "revocation_reason?"
           from certificates c
           left join certificate_revocations r on r.certificate_id = c.certificate_id and r.lifted_at is null
           where c.issuer_dn = $2 and c.serial_number = $3 and c.issuer_certificate_id = $1"#,
        issuer,
        issuer_dn,
        serial
    )
    .fetch_optional(connection)
    .await
}

/// A revocation to be written.
pub(crate) struct Revocation<'a> {
    pub certificate_id: Uuid,
    pub reason: &'a str,
    pub status: &'a str,
    pub invalid_from: Option<DateTime<Utc>>,
    pub by: Option<Uuid>,
}

/// Revokes a certificate; a hold that stands is replaced.
pub(crate) async fn insert_revocation(
    connection: &mut PgConnection,
    revocation: Revocation<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update certificate_revocations set lifted_at = $2
         where certificate_id = $1 and lifted_at is null and revocation_reason = 'certificate_hold'",
        revocation.certificate_id,
        now
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into certificate_revocations (revocation_id, certificate_id, revocation_date, revocation_reason,
             invalidity_date, revoked_by_user_id)
         values ($1, $2, $3, $4, $5, $6)",
        Uuid::now_v7(),
        revocation.certificate_id,
        now,
        revocation.reason,
        revocation.invalid_from,
        revocation.by
    )
    .execute(&mut *connection)
    .await?;
    set_status(connection, revocation.certificate_id, revocation.status, now).await
}

/// A revocation or suspension as it was written.
pub(crate) struct StoredRevocation {
    pub revocation_date: DateTime<Utc>,
    pub revocation_reason: String,
    pub invalidity_date: Option<DateTime<Utc>>,
    pub lifted_at: Option<DateTime<Utc>>,
    pub revoked_by_user_id: Option<Uuid>,
}

/// Every revocation and suspension of a certificate, the first first.
pub(crate) async fn list_revocations(
    connection: &mut PgConnection,
    certificate: Uuid,
) -> sqlx::Result<Vec<StoredRevocation>> {
    sqlx::query_as!(
        StoredRevocation,
        "select revocation_date, revocation_reason, invalidity_date, lifted_at, revoked_by_user_id
         from certificate_revocations where certificate_id = $1 order by revocation_date, revocation_id",
        certificate
    )
    .fetch_all(connection)
    .await
}

/// Lifts the hold of a certificate; false where none stands.
pub(crate) async fn lift_hold(connection: &mut PgConnection, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "update certificate_revocations set lifted_at = $2
         where certificate_id = $1 and lifted_at is null and revocation_reason = 'certificate_hold'",
        id,
        now
    )
    .execute(&mut *connection)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    set_status(connection, id, "active", now).await?;
    Ok(true)
}

async fn set_status(connection: &mut PgConnection, id: Uuid, status: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    sqlx::query!("update certificates set status = $2, updated_at = $3 where certificate_id = $1", id, status, now)
        .execute(connection)
        .await?;
    Ok(())
}

/// What is revoked of an issuer's certificates; what has expired too.
pub(crate) struct Revoked {
    pub serial_number: String,
    pub revocation_date: DateTime<Utc>,
    pub revocation_reason: String,
    pub invalidity_date: Option<DateTime<Utc>>,
}

/// Every revocation of an issuer's certificates that stands.
pub(crate) async fn list_revoked(connection: &mut PgConnection, issuer: Uuid) -> sqlx::Result<Vec<Revoked>> {
    sqlx::query_as!(
        Revoked,
        "select c.serial_number, r.revocation_date, r.revocation_reason, r.invalidity_date
         from certificate_revocations r join certificates c on c.certificate_id = r.certificate_id
         where c.issuer_certificate_id = $1 and r.lifted_at is null
         order by r.revocation_date, c.serial_number",
        issuer
    )
    .fetch_all(connection)
    .await
}

/// A list that was published.
#[derive(Debug, Clone)]
pub(crate) struct StoredList {
    pub crl_number: i64,
    pub der_encoded_crl: Vec<u8>,
}

/// The newest list of an issuer, full or delta.
pub(crate) async fn find_newest_list(
    connection: &mut PgConnection,
    issuer: Uuid,
    is_delta: bool,
) -> sqlx::Result<Option<StoredList>> {
    sqlx::query_as!(
        StoredList,
        "select crl_number, der_encoded_crl from certificate_revocation_lists
         where issuer_certificate_id = $1 and (base_crl_number is not null) = $2
         order by crl_number desc limit 1",
        issuer,
        is_delta
    )
    .fetch_optional(connection)
    .await
}

/// Whether something was revoked or let go again that the newest full list of its issuer does not say: whoever did it was killed before
/// the list was made.
pub(crate) async fn are_lists_behind(connection: &mut PgConnection) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select from (
                   select distinct on (issuer_certificate_id) issuer_certificate_id, entry_count, this_update
                   from certificate_revocation_lists where base_crl_number is null
                   order by issuer_certificate_id, crl_number desc) as l
               where l.entry_count <> (select count(*) from certificate_revocations r
                                       join certificates c on c.certificate_id = r.certificate_id
                                       where c.issuer_certificate_id = l.issuer_certificate_id and r.lifted_at is null)
                  or exists (select from certificate_revocations r join certificates c on c.certificate_id = r.certificate_id
                             where c.issuer_certificate_id = l.issuer_certificate_id
                               and greatest(r.revocation_date, r.lifted_at) > l.this_update)) as "are_behind!""#
    )
    .fetch_one(connection)
    .await
}

/// When the first of the newest lists of each kind runs out.
pub(crate) async fn find_end_of_lists(connection: &mut PgConnection) -> sqlx::Result<Option<DateTime<Utc>>> {
    sqlx::query_scalar!(
        "select min(next_update) from (
             select distinct on (issuer_certificate_id, base_crl_number is not null) next_update
             from certificate_revocation_lists
             order by issuer_certificate_id, base_crl_number is not null, crl_number desc) as newest"
    )
    .fetch_one(connection)
    .await
}

/// The number of an issuer's next list, under a lock for this transaction: full and delta lists count together.
pub(crate) async fn next_list_number(connection: &mut PgConnection, issuer: Uuid) -> sqlx::Result<i64> {
    sqlx::query!("select certificate_id from certificates where certificate_id = $1 for no key update", issuer)
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query_scalar!(
        r#"select coalesce(max(crl_number), 0) + 1 as "number!" from certificate_revocation_lists
           where issuer_certificate_id = $1"#,
        issuer
    )
    .fetch_one(connection)
    .await
}

/// A list to be stored.
pub(crate) struct NewList<'a> {
    pub issuer: Uuid,
    pub number: i64,
    pub base: Option<i64>,
    pub this_update: DateTime<Utc>,
    pub next_update: DateTime<Utc>,
    pub entries: i32,
    pub der: &'a [u8],
}

pub(crate) async fn insert_list(connection: &mut PgConnection, list: NewList<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into certificate_revocation_lists (issuer_certificate_id, crl_number, base_crl_number, this_update, next_update,
             entry_count, der_encoded_crl)
         values ($1, $2, $3, $4, $5, $6, $7)",
        list.issuer,
        list.number,
        list.base,
        list.this_update,
        list.next_update,
        list.entries,
        list.der
    )
    .execute(connection)
    .await?;
    Ok(())
}
