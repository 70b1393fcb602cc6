//! The SQL that all kinds of applications share: where one stands, the lists, the moves of a grant.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::Registered;
use super::rules::may_see;
use crate::auth::{Actor, OrganizationKind};
use crate::i18n::Lang;
use crate::ids::{ExporterId, OrganizationId, UserId};
use crate::review::{Standing, SubjectKind};

struct Row {
    subject: String,
    case_id: Uuid,
    exporter_id: ExporterId,
    organization_id: OrganizationId,
    business_name: String,
    region: Option<String>,
    number: Option<String>,
    title: String,
    status: String,
    version: i32,
    submitted_by: Option<UserId>,
    state_since: DateTime<Utc>,
    expires_on: Option<NaiveDate>,
    resubmission_count: i32,
    is_superseded: bool,
    renews: Option<Uuid>,
    changed_by: Option<String>,
    changed_at: Option<DateTime<Utc>>,
}

impl TryFrom<Row> for Registered {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let kind = SubjectKind::from_code(&row.subject)
            .ok_or_else(|| sqlx::Error::Decode(format!("{:?} is no kind of application", row.subject).into()))?;
        Ok(Self {
            kind,
            standing: Standing {
                id: row.case_id,
                reference: row.number.clone().unwrap_or_else(|| row.title.clone()),
                state: row.status,
                version: row.version,
                owner: row.organization_id,
                submitted_by: row.submitted_by,
                changed_by: row.changed_by.unwrap_or_default(),
                changed_at: row.changed_at.unwrap_or(row.state_since),
            },
            exporter_id: row.exporter_id,
            business_name: row.business_name,
            region: row.region,
            title: row.title,
            number: row.number,
            state_since: row.state_since,
            expires_on: row.expires_on,
            resubmission_count: row.resubmission_count,
            is_superseded: row.is_superseded,
            renews: row.renews,
        })
    }
}

macro_rules! select_cases {
    ($tail:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Row,
            r#"select c.subject as "subject!", c.case_id as "case_id!", c.exporter_id as "exporter_id!: ExporterId",
                      c.organization_id as "organization_id!: OrganizationId", c.business_name as "business_name!", c.region,
                      c.number, c.title as "title!", c.status as "status!", c.version as "version!",
                      c.submitted_by as "submitted_by: UserId", c.state_since as "state_since!", c.expires_on,
                      c.resubmission_count as "resubmission_count!", c.is_superseded as "is_superseded!", c.renews,
                      gate.person_name(h.changed_by) as changed_by, h.created_at as "changed_at?"
               from registration_cases c
               left join lateral (select x.changed_by, x.created_at from review_history x
                                  where x.subject = c.subject and x.subject_id = c.case_id
                                  order by x.version desc limit 1) h on true
               where "# + $tail,
            $($argument),+
        )
    };
}

/// Whose rows the viewer sees: an exporter its own, everybody else those of all firms.
fn own_firm(viewer: &Actor) -> Option<OrganizationId> {
    (viewer.organization.kind == OrganizationKind::Exporter).then_some(viewer.organization.id)
}

/// One application, if the viewer may see it.
pub(in crate::registration) async fn find_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    kind: SubjectKind,
    id: Uuid,
) -> sqlx::Result<Option<Registered>> {
    if !may_see(kind, viewer) {
        return Ok(None);
    }
    let row = select_cases!(
        "c.subject = $1 and c.case_id = $2 and ($3::uuid is null or c.organization_id = $3)",
        kind.code(),
        id,
        own_firm(viewer) as Option<OrganizationId>
    )
    .fetch_optional(connection)
    .await?;
    row.map(Registered::try_from).transpose()
}

/// Everything of one firm that the viewer may see, newest of each kind first.
pub(in crate::registration) async fn list_of_firm(
    connection: &mut PgConnection,
    viewer: &Actor,
    firm: ExporterId,
) -> sqlx::Result<Vec<Registered>> {
    let rows = select_cases!(
        "c.exporter_id = $1 and ($2::uuid is null or c.organization_id = $2)
         order by c.is_superseded, c.state_since desc, c.case_id desc",
        firm as ExporterId,
        own_firm(viewer) as Option<OrganizationId>
    )
    .fetch_all(connection)
    .await?;
    let all: sqlx::Result<Vec<Registered>> = rows.into_iter().map(Registered::try_from).collect();
    Ok(all?.into_iter().filter(|found| may_see(found.kind, viewer)).collect())
}

/// What a list of applications of one kind is narrowed by.
#[derive(Debug, Clone, Default)]
pub(in crate::registration) struct Narrowed {
    /// The states that count.
    pub states: Vec<&'static str>,
    /// Last day from and to, for what runs out soon.
    pub expires: Option<(NaiveDate, NaiveDate)>,
    /// Only what was handed in again.
    pub is_resubmitted: bool,
    /// A number from its beginning, or a part of a name.
    pub text: Option<String>,
    /// The firm's region.
    pub region: Option<String>,
}

/// A page of the applications of one kind, longest in their state first.
pub(in crate::registration) async fn list(
    connection: &mut PgConnection,
    viewer: &Actor,
    kind: SubjectKind,
    narrowed: &Narrowed,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<Registered>> {
    if !may_see(kind, viewer) {
        return Ok(Vec::new());
    }
    let states: Vec<String> = narrowed.states.iter().map(|state| (*state).to_owned()).collect();
    let rows = select_cases!(
        "c.subject = $1 and ($2::uuid is null or c.organization_id = $2)
           and (cardinality($3::text[]) = 0 or c.status = any ($3)) and not c.is_superseded
           and ($4::date is null or c.expires_on between $4 and $5)
           and ($6::text is null or position(upper($6) in upper(coalesce(c.number, ''))) > 0
                or position(upper($6) in upper(c.title)) > 0 or position(upper($6) in upper(c.business_name)) > 0)
           and ($7::text is null or c.region = $7)
           and ($8::timestamptz is null or (c.state_since, c.case_id) > ($8, $9))
           and (not $10::bool or c.resubmission_count > 0)
         order by c.state_since, c.case_id
         limit $11",
        kind.code(),
        own_firm(viewer) as Option<OrganizationId>,
        &states,
        narrowed.expires.map(|(from, _)| from),
        narrowed.expires.map(|(_, until)| until),
        narrowed.text,
        narrowed.region,
        after.map(|(at, _)| at),
        after.map(|(_, id)| id),
        narrowed.is_resubmitted,
        limit
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Registered::try_from).collect()
}

/// How many of each kind stand in each state; superseded rows do not count. And how many of each run out until a day.
pub(in crate::registration) async fn count(
    connection: &mut PgConnection,
    (from, until): (NaiveDate, NaiveDate),
) -> sqlx::Result<Vec<(SubjectKind, String, i64, i64)>> {
    let rows = sqlx::query!(
        r#"select subject as "subject!", status as "status!", count(*) as "count!",
                  count(*) filter (where status = 'ACTIVE' and expires_on between $1 and $2) as "ending!"
           from registration_cases
           where not is_superseded
           group by subject, status
           order by subject, status"#,
        from,
        until,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((SubjectKind::from_code(&row.subject)?, row.status, row.count, row.ending)))
        .collect())
}

/// Locks the firm's profile, before which nothing else of its registration is locked.
pub(in crate::registration) async fn lock_profile(connection: &mut PgConnection, id: ExporterId) -> sqlx::Result<()> {
    sqlx::query!("select from exporter_profiles where exporter_id = $1 for update", id as ExporterId)
        .execute(connection)
        .await?;
    Ok(())
}

/// Locks the row of a grant.
pub(in crate::registration) async fn lock_grant(
    connection: &mut PgConnection,
    kind: SubjectKind,
    id: Uuid,
) -> sqlx::Result<()> {
    match kind {
        SubjectKind::Laboratory => {
            sqlx::query!("select from coffee_laboratories where laboratory_id = $1 for update", id)
                .execute(connection)
                .await?;
        }
        SubjectKind::Taster => {
            sqlx::query!("select from coffee_tasters where taster_id = $1 for update", id).execute(connection).await?;
        }
        SubjectKind::Competence => {
            sqlx::query!("select from competence_certificates where certificate_id = $1 for update", id)
                .execute(connection)
                .await?;
        }
        SubjectKind::License => {
            sqlx::query!("select from export_licenses where license_id = $1 for update", id)
                .execute(connection)
                .await?;
        }
        SubjectKind::Profile
        | SubjectKind::Lot
        | SubjectKind::Inspection
        | SubjectKind::Contract
        | SubjectKind::Buyer => {}
    }
    Ok(())
}

/// A move about to be written to a grant's row.
#[derive(Debug, Clone, Copy)]
pub(in crate::registration) struct GrantMove<'a> {
    pub kind: SubjectKind,
    pub id: Uuid,
    /// The version that the mover has seen.
    pub version: i32,
    pub to: &'a str,
    /// Why it was refused.
    pub rejection: Option<&'a str>,
}

/// Moves a grant whose version is still the one seen; whether it was. The authority's.
pub(in crate::registration) async fn move_grant(
    connection: &mut PgConnection,
    moved: GrantMove<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    macro_rules! update {
        ($table:literal, $key:literal) => {
            sqlx::query!(
                "update "
                    + $table
                    + " set status = $3, version = version + 1, state_since = $4, updated_at = $4,
                     rejection_reason = coalesce($5, rejection_reason)
                 where "
                    + $key
                    + " = $1 and version = $2",
                moved.id,
                moved.version,
                moved.to,
                now,
                moved.rejection,
            )
            .execute(connection)
            .await?
            .rows_affected()
        };
    }
    let moved = match moved.kind {
        SubjectKind::Laboratory => update!("coffee_laboratories", "laboratory_id"),
        SubjectKind::Taster => update!("coffee_tasters", "taster_id"),
        SubjectKind::Competence => update!("competence_certificates", "certificate_id"),
        SubjectKind::License => update!("export_licenses", "license_id"),
        SubjectKind::Profile
        | SubjectKind::Lot
        | SubjectKind::Inspection
        | SubjectKind::Contract
        | SubjectKind::Buyer => 0,
    };
    Ok(moved == 1)
}

/// Says that `old` has been renewed by `new`.
pub(in crate::registration) async fn supersede(
    connection: &mut PgConnection,
    kind: SubjectKind,
    (old, new): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    macro_rules! update {
        ($table:literal, $key:literal) => {
            sqlx::query!(
                "update "
                    + $table
                    + " set superseded_by = $2, updated_at = $3 where "
                    + $key
                    + " = $1 and superseded_by is null",
                old,
                new,
                now,
            )
            .execute(connection)
            .await
            .map(drop)?
        };
    }
    match kind {
        SubjectKind::Laboratory => update!("coffee_laboratories", "laboratory_id"),
        SubjectKind::Taster => update!("coffee_tasters", "taster_id"),
        SubjectKind::Competence => update!("competence_certificates", "certificate_id"),
        SubjectKind::License => update!("export_licenses", "license_id"),
        SubjectKind::Profile
        | SubjectKind::Lot
        | SubjectKind::Inspection
        | SubjectKind::Contract
        | SubjectKind::Buyer => {}
    }
    Ok(())
}

/// Grants of `firm` that are in force or suspended, of one kind: what a decision about something above takes along.
pub(in crate::registration) async fn list_standing(
    connection: &mut PgConnection,
    viewer: &Actor,
    kind: SubjectKind,
    firm: ExporterId,
) -> sqlx::Result<Vec<Registered>> {
    let all = list_of_firm(connection, viewer, firm).await?;
    let stands = |found: &Registered| matches!(found.standing.state.as_str(), "ACTIVE" | "SUSPENDED");
    Ok(all.into_iter().filter(|found| found.kind == kind && !found.is_superseded && stands(found)).collect())
}

/// Grants whose last day is past, a batch of them; whoever ends one asks its version again.
pub(super) async fn list_ended(
    connection: &mut PgConnection,
    today: NaiveDate,
    limit: i64,
) -> sqlx::Result<Vec<Registered>> {
    let rows = select_cases!(
        "c.subject <> 'PROFILE' and c.status in ('ACTIVE', 'SUSPENDED') and c.expires_on < $1
         order by c.expires_on, c.case_id limit $2",
        today,
        limit
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter().map(Registered::try_from).collect()
}

/// Ends a grant by time, if it still stands as it was seen; whether it did. Runs as the system.
pub(super) async fn end_by_time(
    connection: &mut PgConnection,
    ended: &Registered,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    macro_rules! update {
        ($table:literal, $key:literal) => {
            sqlx::query!(
                "update "
                    + $table
                    + " set status = 'EXPIRED', version = version + 1, state_since = $3, updated_at = $3
                 where "
                    + $key
                    + " = $1 and version = $2",
                ended.standing.id,
                ended.standing.version,
                now,
            )
            .execute(connection)
            .await?
            .rows_affected()
        };
    }
    let moved = match ended.kind {
        SubjectKind::Laboratory => update!("coffee_laboratories", "laboratory_id"),
        SubjectKind::Taster => update!("coffee_tasters", "taster_id"),
        SubjectKind::Competence => update!("competence_certificates", "certificate_id"),
        SubjectKind::License => update!("export_licenses", "license_id"),
        SubjectKind::Profile
        | SubjectKind::Lot
        | SubjectKind::Inspection
        | SubjectKind::Contract
        | SubjectKind::Buyer => 0,
    };
    Ok(moved == 1)
}

/// A choice of a form: what it sends, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What the form sends.
    pub code: String,
    /// Its English name.
    pub en: String,
    /// Its Amharic name.
    pub am: String,
}

impl Named {
    /// Its name in the language of who reads.
    #[must_use]
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.en, &self.am)
    }
}

/// Regions in force on a day.
pub(in crate::registration) async fn list_regions(
    connection: &mut PgConnection,
    today: NaiveDate,
) -> sqlx::Result<Vec<Named>> {
    sqlx::query_as!(
        Named,
        r#"select region as code, region as en, name_am as am from regions
           where valid_from <= $1 and (valid_to is null or valid_to >= $1) order by region"#,
        today,
    )
    .fetch_all(connection)
    .await
}

/// Coffee types in force on a day.
pub(in crate::registration) async fn list_coffee_types(
    connection: &mut PgConnection,
    today: NaiveDate,
) -> sqlx::Result<Vec<Named>> {
    sqlx::query_as!(
        Named,
        r#"select coffee_type as code, coffee_type as en, name_am as am from coffee_types
           where valid_from <= $1 and (valid_to is null or valid_to >= $1) order by coffee_type"#,
        today,
    )
    .fetch_all(connection)
    .await
}

/// Banks that take part.
pub(in crate::registration) async fn list_banks(connection: &mut PgConnection) -> sqlx::Result<Vec<Named>> {
    sqlx::query_as!(
        Named,
        r#"select organization_id::text as "code!", name as en, name_am as am from organizations
           where kind = 'COMMERCIAL_BANK' and is_active order by name"#,
    )
    .fetch_all(connection)
    .await
}
