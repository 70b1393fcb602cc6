//! The SQL of the decision engine: what a command leaves behind, the answers to forms, the holidays.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::command::{Effects, FormKey};
use crate::audit::Prepared;
use crate::auth::Actor;
use crate::ids::{OrganizationId, UserId};

/// Record, outbox and answer, in one round trip.
pub(super) async fn insert_effects(
    connection: &mut PgConnection,
    actor: &Actor,
    form: FormKey,
    effects: &Effects,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let event = &effects.event;
    let prepared = Prepared::new(actor.into(), event);
    let outbox = effects.outbox.as_ref();
    let told = outbox.map(|told| {
        let mut payload = told.payload.clone();
        payload["by"] = json!(actor.user_id);
        payload
    });
    sqlx::query!(
        "with answer as (
             insert into idempotency_keys (idempotency_key, user_id, request_hash, location, flash, created_at)
             values ($1, $2, $3, $4, $5, $6)),
         told as (
             insert into outbox (kind, subject, subject_id, payload, created_at)
             select $7, $8, $9, $10, $6 where $7::text is not null),
         private as (
             insert into audit.event_private (event_id, occurred_at, salt, payload)
             select $11, $6, $12, $13 where $12::bytea is not null)
         insert into audit.events (event_id, occurred_at, actor_id, organization_id, event_type, entity_type,
             entity_id, severity, compliance_relevant, details, request_id, private_commitment, row_hash)
         values ($11, $6, $2, $14, $15, $16, $17, $18, $19, $20, $21, $22, '')",
        form.key,
        actor.user_id as UserId,
        form.request_hash.as_slice(),
        effects.location,
        effects.flash.encode(),
        now,
        outbox.map(|told| told.kind),
        outbox.map(|told| told.subject),
        outbox.map(|told| told.subject_id),
        told,
        prepared.event_id,
        prepared.salt,
        prepared.payload,
        actor.organization.id as OrganizationId,
        event.event_type,
        event.entity_type,
        event.entity_id,
        event.severity.code(),
        event.compliance_relevant,
        prepared.details,
        actor.origin.request_id,
        prepared.commitment,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The answer to a form, as it was stored.
pub(super) struct StoredAnswer {
    pub request_hash: Vec<u8>,
    pub location: String,
    pub flash: String,
}

/// The answer that the form with this key was given, if the viewer is who sent it.
pub(super) async fn find_answer(connection: &mut PgConnection, key: Uuid) -> sqlx::Result<Option<StoredAnswer>> {
    sqlx::query_as!(
        StoredAnswer,
        "select request_hash, location, flash from idempotency_keys where idempotency_key = $1",
        key
    )
    .fetch_optional(connection)
    .await
}

/// Inserts the holidays of years that have none yet; how many.
pub(super) async fn insert_holidays(
    connection: &mut PgConnection,
    days: &[NaiveDate],
    names: &[String],
    names_am: &[String],
) -> sqlx::Result<u64> {
    let added = sqlx::query!(
        "insert into holidays (holiday, name, name_am)
         select day, name, name_am from unnest($1::date[], $2::text[], $3::text[]) as given (day, name, name_am)
         where not exists (select from holidays h
                           where h.holiday >= date_trunc('year', day) and h.holiday < date_trunc('year', day) + interval '1 year')
         on conflict (holiday) do nothing",
        days,
        names,
        names_am,
    )
    .execute(connection)
    .await?;
    Ok(added.rows_affected())
}
