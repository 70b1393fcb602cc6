//! Reading how long decisions took.

use sqlx::PgConnection;

use super::view_of;
use crate::auth::Actor;
use crate::exports::Stage;
use crate::ids::OrganizationId;
use crate::reports::period::Period;

/// So many decisions of one organisation at one step after so many days.
#[derive(Debug)]
pub(in crate::reports) struct Column {
    pub stage: Stage,
    pub organization: OrganizationId,
    pub working_days: i32,
    pub is_late: bool,
    pub count: i64,
}

/// The decisions of `period` on the viewer's exports.
pub(in crate::reports) async fn list_columns(
    connection: &mut PgConnection,
    viewer: &Actor,
    period: Period,
) -> sqlx::Result<Vec<Column>> {
    sqlx::query_as!(
        Column,
        r#"select stage as "stage: Stage", organization_id as "organization: OrganizationId", working_days, is_late,
                  sum(decision_count)::bigint as "count!"
           from report_turnaround
           where viewer_id = $1 and month >= coalesce($2, '-infinity'::date) and month <= coalesce($3, 'infinity'::date)
           group by stage, organization_id, working_days, is_late"#,
        view_of(viewer),
        period.from.map(|month| month.first_day()),
        period.until.map(|month| month.first_day()),
    )
    .fetch_all(connection)
    .await
}
