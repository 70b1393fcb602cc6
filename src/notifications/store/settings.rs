//! The SQL of what people have chosen.

use sqlx::PgConnection;

use crate::auth::Actor;
use crate::ids::UserId;
use crate::notifications::model::{Choice, MailChoice, NewsEvent, Times};
use crate::notifications::rules::Quiet;

/// Times as their columns have them.
pub(super) fn times(from: Option<i16>, until: Option<i16>, digest: Option<i16>) -> Times {
    let hour = |hour: i16| u8::try_from(hour).unwrap_or_default();
    Times {
        quiet: from.zip(until).map(|(from, until)| Quiet { from: hour(from), until: hour(until) }),
        digest_hour: digest.map_or_else(|| Times::default().digest_hour, hour),
    }
}

/// Where the viewer has chosen otherwise than usual.
pub(in crate::notifications) async fn list_choices(
    connection: &mut PgConnection,
    viewer: &Actor,
) -> sqlx::Result<Vec<(NewsEvent, Choice)>> {
    let rows = sqlx::query!(
        r#"select event as "event: NewsEvent", in_app, mail as "mail: MailChoice"
           from notification_preferences where user_id = $1"#,
        viewer.user_id as UserId,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.event, Choice { in_app: row.in_app, mail: row.mail })).collect())
}

/// When the viewer is left alone, where they have chosen it.
pub(in crate::notifications) async fn find_times(
    connection: &mut PgConnection,
    viewer: &Actor,
) -> sqlx::Result<Option<Times>> {
    let row = sqlx::query!(
        "select quiet_from, quiet_until, digest_hour from notification_times where user_id = $1",
        viewer.user_id as UserId,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| times(row.quiet_from, row.quiet_until, Some(row.digest_hour))))
}

/// Puts `choices` in the place of what the viewer had chosen.
pub(in crate::notifications) async fn replace_choices(
    connection: &mut PgConnection,
    viewer: &Actor,
    choices: &[(NewsEvent, Choice)],
) -> sqlx::Result<()> {
    let events: Vec<String> = choices.iter().map(|(event, _)| event.code().to_owned()).collect();
    let in_app: Vec<bool> = choices.iter().map(|(_, choice)| choice.in_app).collect();
    let mail: Vec<String> = choices.iter().map(|(_, choice)| choice.mail.code().to_owned()).collect();
    sqlx::query!(
        "delete from notification_preferences where user_id = $1 and event <> all ($2)",
        viewer.user_id as UserId,
        &events,
    )
    .execute(&mut *connection)
    .await?;
    sqlx::query!(
        "insert into notification_preferences (user_id, event, in_app, mail)
         select $1, event, in_app, mail from unnest($2::text[], $3::bool[], $4::text[]) as chosen (event, in_app, mail)
         on conflict (user_id, event) do update set in_app = excluded.in_app, mail = excluded.mail",
        viewer.user_id as UserId,
        &events,
        &in_app,
        &mail,
    )
    .execute(connection)
    .await?;
    Ok(())
}

pub(in crate::notifications) async fn save_times(
    connection: &mut PgConnection,
    viewer: &Actor,
    times: Times,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notification_times (user_id, quiet_from, quiet_until, digest_hour) values ($1, $2, $3, $4)
         on conflict (user_id) do update set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
             digest_hour = excluded.digest_hour",
        viewer.user_id as UserId,
        times.quiet.map(|quiet| i16::from(quiet.from)),
        times.quiet.map(|quiet| i16::from(quiet.until)),
        i16::from(times.digest_hour),
    )
    .execute(connection)
    .await?;
    Ok(())
}
