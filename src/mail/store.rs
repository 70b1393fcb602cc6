//! The SQL of mails.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Caught, Letter, Mail, MailKind, MailStatus, NewMail};
use crate::i18n::Lang;
use crate::ids::{MailId, OrganizationId};

pub(super) async fn insert_mail(
    connection: &mut PgConnection,
    id: MailId,
    mail: &NewMail,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into mails (mail_id, kind, language, subject_id, organization_id, status, asked_at)
         values ($1, $2, $3, $4, $5, 'WAITING', $6)",
        id.0,
        mail.kind.code(),
        mail.lang.code(),
        mail.subject,
        mail.organization.map(|OrganizationId(id)| id),
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn insert_mails(
    connection: &mut PgConnection,
    mails: &[(MailId, NewMail)],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let ids: Vec<Uuid> = mails.iter().map(|(MailId(id), _)| *id).collect();
    let kinds: Vec<String> = mails.iter().map(|(_, mail)| mail.kind.code().to_owned()).collect();
    let languages: Vec<String> = mails.iter().map(|(_, mail)| mail.lang.code().to_owned()).collect();
    let subjects: Vec<Uuid> = mails.iter().map(|(_, mail)| mail.subject).collect();
    let organizations: Vec<Option<Uuid>> =
        mails.iter().map(|(_, mail)| mail.organization.map(|OrganizationId(id)| id)).collect();
    sqlx::query!(
        "insert into mails (mail_id, kind, language, subject_id, organization_id, status, asked_at)
         select id, kind, language, subject, organization, 'WAITING', $6
         from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[])
             as asked (id, kind, language, subject, organization)",
        &ids,
        &kinds,
        &languages,
        &subjects,
        &organizations as &[Option<Uuid>],
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The mail, locked, when it has not left: it waits, or it was refused and somebody lets it be tried again.
pub(super) async fn lock_unsent(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Mail>> {
    let found = sqlx::query!(
        r#"select mail_id as "id: MailId", kind as "kind: MailKind", subject_id, language
           from mails where mail_id = $1 and status in ('WAITING', 'REFUSED') for update"#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.map(|row| Mail {
        id: row.id,
        kind: row.kind,
        subject: row.subject_id,
        lang: Lang::from_code(&row.language).unwrap_or_default(),
    }))
}

pub(super) async fn update_ended(
    connection: &mut PgConnection,
    id: MailId,
    status: MailStatus,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!("update mails set status = $2, ended_at = $3 where mail_id = $1", id.0, status.code(), now)
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn insert_caught(
    connection: &mut PgConnection,
    id: MailId,
    letter: &Letter,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into caught_mails (mail_id, recipient, subject, body, caught_at) values ($1, $2, $3, $4, $5)",
        id.0,
        letter.to,
        letter.subject,
        letter.text,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The last `limit` mails that did not leave the house, the newest first.
pub(super) async fn list_caught(connection: &mut PgConnection, limit: i64) -> sqlx::Result<Vec<Caught>> {
    let rows = sqlx::query!(
        r#"select mail_id as "id: MailId", recipient, subject, body, caught_at
           from caught_mails order by caught_at desc, mail_id desc limit $1"#,
        limit,
    )
    .fetch_all(connection)
    .await?;
    let caught = rows.into_iter().map(|row| Caught {
        id: row.id,
        letter: Letter { to: row.recipient, subject: row.subject, text: row.body },
        caught_at: row.caught_at,
    });
    Ok(caught.collect())
}

pub(super) async fn find_caught(connection: &mut PgConnection, id: MailId) -> sqlx::Result<Option<Caught>> {
    let row = sqlx::query!(
        r#"select mail_id as "id: MailId", recipient, subject, body, caught_at from caught_mails where mail_id = $1"#,
        id.0,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| Caught {
        id: row.id,
        letter: Letter { to: row.recipient, subject: row.subject, text: row.body },
        caught_at: row.caught_at,
    }))
}
