//! The SQL of lists: the queue, the exports, the counts, the code lists.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::{PgConnection, Postgres, QueryBuilder, Row};

use super::filters::{ListFilter, QueueFilter};
use crate::auth::{Actor, OrganizationKind};
use crate::exports::catalog::{Catalog, Country, DocumentType, Named};
use crate::exports::model::{ExportStatus, Stage, State};
use crate::ids::{ExportId, ExporterId, OrganizationId, UserId};

/// A case as a list shows it.
#[derive(Debug, Clone)]
pub struct CaseLine {
    /// Its id.
    pub id: ExportId,
    /// Its number.
    pub number: String,
    /// Whose coffee it is.
    pub exporter_id: ExporterId,
    /// By name.
    pub exporter_name: String,
    /// What coffee.
    pub coffee_type: String,
    /// WASHED, NATURAL or HONEY.
    pub processing_method: String,
    /// Grade.
    pub grade: String,
    /// Kilograms.
    pub quantity: Decimal,
    /// ISO 3166 code.
    pub destination_country: String,
    /// ISO 4217.
    pub currency: String,
    /// A kilogram, in that currency.
    pub price_per_kg: Decimal,
    /// In that currency.
    pub estimated_value: Decimal,
    /// Status and stage.
    pub state: State,
    /// Where a returned export goes on.
    pub resume_stage: Option<Stage>,
    /// Since when it waits.
    pub stage_entered_at: DateTime<Utc>,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Counts its changes.
    pub version: i32,
    /// How often it came back.
    pub resubmission_count: i32,
    /// Who has it.
    pub claimed_by: Option<UserId>,
    /// By name.
    pub claimed_by_name: Option<String>,
    /// LC, CAD, ...
    pub payment_method: String,
    /// Incoterms 2020.
    pub incoterm: String,
    /// SEA or AIR.
    pub transport_mode: String,
    /// What the buyer asks for.
    pub requested_documents: Vec<String>,
    /// Document types that are there; one of which there are several papers stands there as often.
    pub documents: Vec<String>,
    /// When the proceeds have to be in.
    pub settlement_due_date: Option<NaiveDate>,
}

/// Which part of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    All,
    /// Past the limit of its step.
    Late,
    /// Due, not yet late.
    Due,
    /// Neither.
    Fresh,
    /// In the viewer's hands.
    Mine,
    /// In nobody's hands.
    Unclaimed,
}

/// Before which moment a case at a stage must have entered to be due, and late.
#[derive(Debug, Clone)]
pub struct Cutoffs {
    /// The stages, as the database writes them.
    pub stages: Vec<String>,
    /// For each, from when on it is late.
    pub late: Vec<DateTime<Utc>>,
    /// For each, from when on it is due.
    pub due: Vec<DateTime<Utc>>,
    /// A settlement goes by its due date instead: late when it lies before this day.
    pub settlement_late: NaiveDate,
    /// Due when it lies before this one.
    pub settlement_due: NaiveDate,
}

/// A place in a list: the time by which it is ordered, and the id.
pub type Place = (DateTime<Utc>, ExportId);

const LINE: &str = "select e.export_id, e.export_number, e.exporter_id, e.exporter_name, e.coffee_type, e.processing_method, e.grade, \
    e.quantity, e.destination_country, e.currency, e.price_per_kg, e.estimated_value, e.status, e.stage, e.resume_stage, \
    e.stage_entered_at, e.created_at, e.version, e.resubmission_count, e.claimed_by, \
    case when e.claimed_by is not null then gate.person_name(e.claimed_by) end as claimed_by_name, e.payment_method, \
    e.incoterm, e.transport_mode, e.requested_documents, e.settlement_due_date, \
    e.attached_documents from exports e where ";

fn line(row: &sqlx::postgres::PgRow) -> sqlx::Result<CaseLine> {
    Ok(CaseLine {
        id: row.try_get("export_id")?,
        number: row.try_get("export_number")?,
        exporter_id: row.try_get("exporter_id")?,
        exporter_name: row.try_get("exporter_name")?,
        coffee_type: row.try_get("coffee_type")?,
        processing_method: row.try_get("processing_method")?,
        grade: row.try_get("grade")?,
        quantity: row.try_get("quantity")?,
        destination_country: row.try_get("destination_country")?,
        currency: row.try_get("currency")?,
        price_per_kg: row.try_get("price_per_kg")?,
        estimated_value: row.try_get("estimated_value")?,
        state: State::new(row.try_get::<ExportStatus, _>("status")?, row.try_get::<Stage, _>("stage")?),
        resume_stage: row.try_get("resume_stage")?,
        stage_entered_at: row.try_get("stage_entered_at")?,
        created_at: row.try_get("created_at")?,
        version: row.try_get("version")?,
        resubmission_count: row.try_get("resubmission_count")?,
        claimed_by: row.try_get("claimed_by")?,
        claimed_by_name: row.try_get("claimed_by_name")?,
        payment_method: row.try_get("payment_method")?,
        incoterm: row.try_get("incoterm")?,
        transport_mode: row.try_get("transport_mode")?,
        requested_documents: row.try_get("requested_documents")?,
        documents: row.try_get("attached_documents")?,
        settlement_due_date: row.try_get("settlement_due_date")?,
    })
}

fn push_queue<'q>(
    query: &mut QueryBuilder<Postgres>,
    viewer: &Actor,
    part: Part,
    filter: &'q QueueFilter,
    cutoffs: &'q Cutoffs,
) {
    query.push("e.queue_organization_id = ").push_bind(viewer.organization.id);
    let before = |query: &mut QueryBuilder<Postgres>, (limits, day): (&'q [DateTime<Utc>], NaiveDate)| {
        query
            .push("case when e.stage = 'SETTLEMENT' then e.settlement_due_date < ")
            .push_bind(day)
            .push(" else e.stage_entered_at < (select c.limit_at from unnest(")
            .push_bind(cutoffs.stages.as_slice())
            .push("::text[], ")
            .push_bind(limits)
            .push("::timestamptz[]) as c (stage, limit_at) where c.stage = coalesce(nullif(e.stage, 'RETURNED'), 'PREPARATION')) end");
    };
    let late = (cutoffs.late.as_slice(), cutoffs.settlement_late);
    let due = (cutoffs.due.as_slice(), cutoffs.settlement_due);
    match part {
        Part::All => {}
        Part::Late => {
            query.push(" and ");
            before(query, late);
        }
        Part::Due => {
            query.push(" and ");
            before(query, due);
            query.push(" and not ");
            before(query, late);
        }
        Part::Fresh => {
            query.push(" and not ");
            before(query, due);
        }
        Part::Mine => {
            query.push(" and e.claimed_by = ").push_bind(viewer.user_id);
        }
        Part::Unclaimed => {
            query.push(" and e.claimed_by is null");
        }
    }
    filter.push(query);
}

/// A page of the queue, oldest first: `limit` lines after `after`, or, for the page before, before `before`.
pub(in crate::exports) async fn list_queue(
    connection: &mut PgConnection,
    viewer: &Actor,
    part: Part,
    filter: &QueueFilter,
    cutoffs: &Cutoffs,
    (after, before): (Option<Place>, Option<Place>),
    limit: i64,
) -> sqlx::Result<Vec<CaseLine>> {
    let mut query = QueryBuilder::new(LINE);
    push_queue(&mut query, viewer, part, filter, cutoffs);
    push_page(&mut query, "e.stage_entered_at", true, after, before, limit);
    finish_page(query.build().fetch_all(connection).await?, before.is_some())
}

/// Counts of the queue's parts, of at most `cap` cases: `(all, late, due, mine, unclaimed)`.
pub(in crate::exports) async fn count_queue(
    connection: &mut PgConnection,
    viewer: &Actor,
    cutoffs: &Cutoffs,
    cap: i64,
) -> sqlx::Result<QueueCounts> {
    sqlx::query_as!(
        QueueCounts,
        r#"select count(*) as "all!", count(*) filter (where q.is_late) as "late!",
                  count(*) filter (where q.is_due and not q.is_late) as "due!",
                  count(*) filter (where q.claimed_by is null) as "unclaimed!",
                  (select count(*) from exports m where m.queue_organization_id = $1 and m.claimed_by = $2) as "mine!",
                  min(q.stage_entered_at) as oldest
           from (select x.stage_entered_at, x.claimed_by,
                        case when x.stage = 'SETTLEMENT' then x.settlement_due_date < $7
                             else x.stage_entered_at < c.late end as is_late,
                        case when x.stage = 'SETTLEMENT' then x.settlement_due_date < $8
                             else x.stage_entered_at < c.due end as is_due
                 from (select e.stage, e.stage_entered_at, e.claimed_by, e.settlement_due_date
                       from exports e where e.queue_organization_id = $1
                       order by e.stage_entered_at, e.export_id limit $3) x
                 join unnest($4::text[], $5::timestamptz[], $6::timestamptz[]) as c (stage, late, due)
                      on c.stage = coalesce(nullif(x.stage, 'RETURNED'), 'PREPARATION')) q"#,
        viewer.organization.id as OrganizationId,
        viewer.user_id as UserId,
        cap,
        &cutoffs.stages,
        &cutoffs.late,
        &cutoffs.due,
        cutoffs.settlement_late,
        cutoffs.settlement_due,
    )
    .fetch_one(connection)
    .await
}

/// How many cases of a queue are what.
#[derive(Debug, Clone, Default)]
pub struct QueueCounts {
    /// All.
    pub all: i64,
    /// Past their limit.
    pub late: i64,
    /// Due.
    pub due: i64,
    /// In nobody's hands.
    pub unclaimed: i64,
    /// In the viewer's hands.
    pub mine: i64,
    /// Since when the oldest waits.
    pub oldest: Option<DateTime<Utc>>,
}

/// A page of the exports that `viewer` may see, newest first.
pub(in crate::exports) async fn list_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    filter: &ListFilter,
    (after, before): (Option<Place>, Option<Place>),
    limit: i64,
) -> sqlx::Result<Vec<CaseLine>> {
    let mut query = QueryBuilder::new(LINE);
    // The finder names the viewer's own column, so that its index serves; the policy stands behind it.
    match viewer.organization.kind {
        OrganizationKind::Exporter => {
            query.push("e.exporter_organization_id = ").push_bind(viewer.organization.id);
        }
        OrganizationKind::CommercialBank => {
            query.push("e.stage <> 'PREPARATION' and e.bank_organization_id = ").push_bind(viewer.organization.id);
        }
        OrganizationKind::ShippingLine => {
            query.push("e.stage <> 'PREPARATION' and e.shipping_organization_id = ").push_bind(viewer.organization.id);
        }
        OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Customs
        | OrganizationKind::Auditor => {
            query.push("e.stage <> 'PREPARATION'");
        }
        OrganizationKind::Ecx | OrganizationKind::Administration => return Ok(Vec::new()),
    }
    filter.push(&mut query);
    push_page(&mut query, "e.created_at", false, after, before, limit);
    finish_page(query.build().fetch_all(connection).await?, before.is_some())
}

/// The window and the order. `ascending` is the order of the list; a page before a place is read backwards.
fn push_page(
    query: &mut QueryBuilder<Postgres>,
    time: &'static str,
    ascending: bool,
    after: Option<Place>,
    before: Option<Place>,
    limit: i64,
) {
    let forwards = before.is_none();
    if let Some((at, id)) = before.or(after) {
        query.push(" and (").push(time).push(", e.export_id) ");
        query.push(if ascending == forwards { ">" } else { "<" }).push(" (").push_bind(at).push(", ").push_bind(id);
        query.push(")");
    }
    let direction = if ascending == forwards { "" } else { " desc" };
    query.push(" order by ").push(time).push(direction).push(", e.export_id").push(direction);
    query.push(" limit ").push_bind(limit);
}

fn finish_page(rows: Vec<sqlx::postgres::PgRow>, backwards: bool) -> sqlx::Result<Vec<CaseLine>> {
    let mut lines: Vec<CaseLine> = rows.iter().map(line).collect::<sqlx::Result<_>>()?;
    if backwards {
        lines.reverse();
    }
    Ok(lines)
}

/// The cases before and after one in the viewer's queue.
pub(in crate::exports) async fn neighbours(
    connection: &mut PgConnection,
    viewer: &Actor,
    (at, id): Place,
) -> sqlx::Result<(Option<ExportId>, Option<ExportId>)> {
    let row = sqlx::query!(
        r#"select (select export_id from exports
                   where queue_organization_id = $1 and (stage_entered_at, export_id) < ($2, $3)
                   order by stage_entered_at desc, export_id desc limit 1) as "before: ExportId",
                  (select export_id from exports
                   where queue_organization_id = $1 and (stage_entered_at, export_id) > ($2, $3)
                   order by stage_entered_at, export_id limit 1) as "after: ExportId""#,
        viewer.organization.id as OrganizationId,
        at,
        id as ExportId
    )
    .fetch_one(connection)
    .await?;
    Ok((row.before, row.after))
}

/// The code lists. What is no longer in force keeps its name, since cases of its time show it; the checklist's rules
/// are those in force on `today`.
pub(in crate::exports) async fn read_catalog(connection: &mut PgConnection, today: NaiveDate) -> sqlx::Result<Catalog> {
    let mut catalog = Catalog::default();
    for row in
        sqlx::query!("select country_code, name, name_am, is_eu from countries").fetch_all(&mut *connection).await?
    {
        let name = Named { en: row.name, am: row.name_am };
        catalog.countries.insert(row.country_code, Country { name, is_eu: row.is_eu });
    }
    for row in sqlx::query!("select port_code, name from ports").fetch_all(&mut *connection).await? {
        catalog.ports.insert(row.port_code, row.name);
    }
    for row in sqlx::query!("select coffee_type, name_am from coffee_types").fetch_all(&mut *connection).await? {
        let name = Named { en: row.coffee_type.clone(), am: row.name_am };
        catalog.coffee_types.insert(row.coffee_type, name);
    }
    for row in sqlx::query!("select region, name_am from regions").fetch_all(&mut *connection).await? {
        let name = Named { en: row.region.clone(), am: row.name_am };
        catalog.regions.insert(row.region, name);
    }
    for row in sqlx::query!("select document_type, name, name_am, provided_by from document_types order by sort_order")
        .fetch_all(&mut *connection)
        .await?
    {
        catalog.document_types.push(DocumentType {
            code: row.document_type,
            name: Named { en: row.name, am: row.name_am },
            provided_by: row.provided_by,
        });
    }
    catalog.requirements = super::list_requirements(&mut *connection, today).await?;
    let days: Vec<NaiveDate> = sqlx::query_scalar!("select holiday from holidays").fetch_all(connection).await?;
    catalog.holidays = days.into_iter().collect();
    Ok(catalog)
}
