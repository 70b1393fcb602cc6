//! SQL over steps, what people have said of them, and what shows that they are done.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::model::{Planned, Step};
use crate::auth::Actor;
use crate::ids::{OrganizationId, UserId};

/// The steps of the viewer's roles, in their order.
pub(super) async fn list_planned(connection: &mut PgConnection, viewer: &Actor) -> sqlx::Result<Vec<Planned>> {
    let roles: Vec<String> = viewer.roles.iter().map(|role| role.code().to_owned()).collect();
    sqlx::query_as!(
        Planned,
        r#"select s.step as "step: Step", bool_or(r.is_required) as "is_required!", s.is_observed,
                  t.is_skipped as "said_skipped?"
           from onboarding_steps s
           join onboarding_step_roles r on r.step = s.step and r.role_name = any ($2)
           left join onboarding_state t on t.step = s.step and t.user_id = $1
           group by s.step, s.is_observed, s.place, t.is_skipped
           order by s.place"#,
        viewer.user_id as UserId,
        &roles,
    )
    .fetch_all(connection)
    .await
}

/// What the viewer's own rows and those of their organisation's people show to be done.
pub(super) async fn list_seen(connection: &mut PgConnection, viewer: &Actor) -> sqlx::Result<Vec<Step>> {
    sqlx::query_scalar!(
        r#"select step as "step!: Step" from (values
               ('PROFILE', exists (select from user_profiles p where p.user_id = $1
                   and (p.position is not null or p.phone is not null or p.tags <> '{}' or p.metadata <> '{}'))),
               ('NEWS', exists (select from notification_times t where t.user_id = $1)),
               ('COLLEAGUES', (select count(*) > 1 from users u where u.organization_id = $2 and u.is_active)),
               ('DEPUTY', (select count(distinct u.id) > 1 from users u join user_roles r on r.user_id = u.id
                   where u.organization_id = $2 and u.is_active and r.role_name in ('OWNER', 'ORG_ADMIN', 'SYSTEM_ADMIN')
                     and app.holds(r.valid_from, r.valid_until, r.revoked_at, app.moment())))
           ) as seen (step, is_done) where is_done"#,
        viewer.user_id as UserId,
        viewer.organization.id as OrganizationId,
    )
    .fetch_all(connection)
    .await
}

/// What the rows of the viewer's firm show to be done.
pub(super) async fn list_seen_of_firm(connection: &mut PgConnection, viewer: &Actor) -> sqlx::Result<Vec<Step>> {
    sqlx::query_scalar!(
        r#"with firm as (select p.exporter_id from exporter_profiles p where p.organization_id = $1)
           select step as "step!: Step" from (values
               ('FIRM', exists (select from firm)),
               ('LOT', exists (select from firm f join coffee_lots l on l.purchased_by = f.exporter_id)),
               ('CONTRACT', exists (select from firm f join sales_contracts c on c.exporter_id = f.exporter_id)),
               ('EXPORT', exists (select from exports e where e.exporter_organization_id = $1))
           ) as seen (step, is_done) where is_done"#,
        viewer.organization.id as OrganizationId,
    )
    .fetch_all(connection)
    .await
}

/// Keeps what the viewer says of a step. Said again, it stays as it was.
pub(super) async fn save(
    connection: &mut PgConnection,
    viewer: &Actor,
    (step, is_skipped): (Step, bool),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into onboarding_state (user_id, step, is_skipped, completed_at) values ($1, $2, $3, $4)
         on conflict (user_id, step) do update set is_skipped = excluded.is_skipped, completed_at = excluded.completed_at
         where onboarding_state.is_skipped <> excluded.is_skipped",
        viewer.user_id as UserId,
        step as Step,
        is_skipped,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}
