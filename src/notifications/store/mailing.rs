//! The SQL of mails that tell of news. They go to active people at an address that is known to be theirs.

use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;
use sqlx::postgres::types::PgInterval;
use uuid::Uuid;

use super::settings::times;
use crate::i18n::Lang;
use crate::ids::{MailId, NotificationId, UserId};
use crate::mail::MailStatus;
use crate::notifications::model::{News, NewsEvent, Receiver, Times};

/// Something of which its person can be told by mail.
pub(in crate::notifications) struct Reachable {
    pub id: NotificationId,
    pub event: NewsEvent,
    pub created_at: DateTime<Utc>,
    pub lang: Lang,
    pub times: Times,
}

/// Those of `news` whose people can be written to.
pub(in crate::notifications) async fn list_reachable(
    connection: &mut PgConnection,
    news: &[Uuid],
) -> sqlx::Result<Vec<Reachable>> {
    let rows = sqlx::query!(
        r#"select n.notification_id as "id: NotificationId", n.event as "event: NewsEvent", n.created_at, u.language,
                  t.quiet_from as "quiet_from?", t.quiet_until as "quiet_until?", t.digest_hour as "digest_hour?"
           from notifications n
           join users u on u.id = n.user_id and u.is_active and u.email_verified_at is not null
           left join notification_times t on t.user_id = u.id
           where n.notification_id = any($1)"#,
        news,
    )
    .fetch_all(connection)
    .await?;
    let reachable = rows.into_iter().map(|row| Reachable {
        id: row.id,
        event: row.event,
        created_at: row.created_at,
        lang: Lang::from_code(&row.language).unwrap_or_default(),
        times: times(row.quiet_from, row.quiet_until, row.digest_hour),
    });
    Ok(reachable.collect())
}

/// Which mail tells of what.
pub(in crate::notifications) async fn update_mailed(
    connection: &mut PgConnection,
    pairs: &[(Uuid, MailId)],
) -> sqlx::Result<()> {
    let (news, mails): (Vec<Uuid>, Vec<Uuid>) = pairs.iter().map(|(news, MailId(mail))| (*news, *mail)).unzip();
    sqlx::query!(
        "update notifications n set mail_id = p.mail_id from unnest($1::uuid[], $2::uuid[]) as p (notification_id, mail_id)
         where n.notification_id = p.notification_id",
        &news,
        &mails,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Somebody whose mail of the day is due, and what it tells.
pub(in crate::notifications) struct Due {
    pub person: UserId,
    pub lang: Lang,
    pub news: Vec<Uuid>,
}

/// Whose hour has come since `today` began and who had no such mail since: with what was told them within `age` before their
/// hour, is unread and has no mail.
pub(in crate::notifications) async fn list_due(
    connection: &mut PgConnection,
    (today, now): (DateTime<Utc>, DateTime<Utc>),
    age: Duration,
    limit: i64,
) -> sqlx::Result<Vec<Due>> {
    let age = PgInterval { months: 0, days: 0, microseconds: age.num_microseconds().unwrap_or(i64::MAX) };
    let rows = sqlx::query!(
        r#"select u.id as "person: UserId", u.language, array_agg(n.notification_id) as "news!"
           from users u
           left join notification_times t on t.user_id = u.id
           cross join lateral (select $1::timestamptz + make_interval(hours => coalesce(t.digest_hour, $5)) as hour) h
           join notifications n on n.user_id = u.id and n.read_at is null and n.mail_id is null and n.mail <> 'OFF'
               and n.created_at < h.hour and n.created_at > h.hour - $3::interval
           left join notification_preferences p on p.user_id = u.id and p.event = n.event
           where coalesce(p.mail, n.mail) <> 'OFF' and u.is_active and u.email_verified_at is not null and h.hour <= $2
             and not exists (select from mails m where m.subject_id = u.id and m.asked_at >= h.hour
                             and m.kind = 'NOTIFICATION_DIGEST')
           group by u.id, u.language
           order by u.id
           limit $4"#,
        today,
        now,
        age,
        limit,
        i16::from(Times::default().digest_hour),
    )
    .fetch_all(connection)
    .await?;
    let due = rows.into_iter().map(|row| Due {
        person: row.person,
        lang: Lang::from_code(&row.language).unwrap_or_default(),
        news: row.news,
    });
    Ok(due.collect())
}

/// To whom something goes.
pub(in crate::notifications) async fn find_receiver(
    connection: &mut PgConnection,
    person: UserId,
) -> sqlx::Result<Option<Receiver>> {
    sqlx::query_as!(
        Receiver,
        r#"select full_name, email as "email!" from users
           where id = $1 and is_active and email is not null and email_verified_at is not null"#,
        person as UserId,
    )
    .fetch_optional(connection)
    .await
}

/// What is still unread and still wanted by mail, with its person.
pub(in crate::notifications) async fn find_unread(
    connection: &mut PgConnection,
    id: NotificationId,
) -> sqlx::Result<Option<(Receiver, News)>> {
    let row = sqlx::query!(
        r#"select u.full_name, u.email as "email!", n.event as "event: NewsEvent", n.subject_kind, n.subject_id, n.facts,
                  n.is_critical, n.created_at
           from notifications n
           join users u on u.id = n.user_id
           left join notification_preferences p on p.user_id = n.user_id and p.event = n.event
           where n.notification_id = $1 and n.read_at is null and coalesce(p.mail, n.mail) <> 'OFF'
             and u.is_active and u.email is not null and u.email_verified_at is not null"#,
        id as NotificationId,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| {
        let news = News {
            id,
            event: row.event,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            facts: row.facts,
            is_critical: row.is_critical,
            created_at: row.created_at,
            read_at: None,
            mail: None,
        };
        (Receiver { full_name: row.full_name, email: row.email }, news)
    }))
}

/// What a mail tells of and is still unread, the newest first.
pub(in crate::notifications) async fn list_of_mail(
    connection: &mut PgConnection,
    mail: MailId,
) -> sqlx::Result<Vec<News>> {
    sqlx::query_as!(
        News,
        r#"select notification_id as "id: NotificationId", event as "event: NewsEvent", subject_kind, subject_id, facts,
                  is_critical, created_at, read_at, null::text as "mail?: MailStatus"
           from notifications where mail_id = $1 and read_at is null
           order by created_at desc, notification_id desc"#,
        mail as MailId,
    )
    .fetch_all(connection)
    .await
}
