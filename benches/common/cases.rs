//! What there is to ask for: ids out of the database of the product under measurement.
//!
//! A browser has them out of the pages that it has shown; here they are read beforehand, so that no page that only
//! prepares a form is part of what is timed. The form's version comes with them.

use anyhow::{Context, Result};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, PgConnection, Row};
use uuid::Uuid;

/// The database, as its superuser sees it.
#[derive(Debug)]
pub(crate) struct Cases(PgConnection);

/// An export and the version of its row.
pub(crate) type Case = (Uuid, i32);

impl Cases {
    pub(crate) async fn open(url: &str) -> Result<Self> {
        let options: PgConnectOptions = url.parse()?;
        Ok(Self(options.disable_statement_logging().connect().await?))
    }

    /// Of the exports at `stage` in the queue of `organization`, those that the officer of the demo may approve
    /// alone: nobody has claimed them, and their value needs no second officer.
    pub(crate) async fn waiting(&mut self, organization: &str, stage: &str) -> Result<Vec<Case>> {
        let rows = sqlx::query(
            "select e.export_id, e.version from exports e
             join organizations o on o.organization_id = e.queue_organization_id
             where o.code = $1 and e.stage = $2 and e.claimed_by is null
               and e.estimated_value <= (select value from parameters where key = 'second_officer_above'
                                         order by valid_from desc limit 1)
               and exists (select from qualified_exporters q where q.exporter_id = e.exporter_id)
             order by e.stage_entered_at, e.export_id",
        )
        .bind(organization)
        .bind(stage)
        .fetch_all(&mut self.0)
        .await?;
        rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
    }

    /// The grade that an inspection has found, by which the authority certifies the export.
    pub(crate) async fn grade(&mut self, export: Uuid) -> Result<String> {
        let found = sqlx::query_scalar(
            "select i.final_grade from export_lots l
             join quality_inspections i on i.lot_id = l.lot_id and i.superseded_by is null
             where l.export_id = $1 order by i.final_grade desc limit 1",
        );
        Ok(found.bind(export).fetch_optional(&mut self.0).await?.unwrap_or_default())
    }

    /// Some exports that a regulator sees, of every age.
    pub(crate) async fn visible(&mut self) -> Result<Vec<Uuid>> {
        self.ids("select export_id from exports where stage <> 'PREPARATION' order by md5(export_id::text) limit 500")
            .await
    }

    /// Open exports of the first exporter, to which a document can be attached.
    pub(crate) async fn own_open(&mut self) -> Result<Vec<Uuid>> {
        self.ids(
            "select export_id from exports e join organizations o on o.organization_id = e.exporter_organization_id
             where o.code = (select o.code from users u join organizations o using (organization_id)
                             where u.username = 'exporter.clerk')
               and e.stage in ('BANK_CHECK', 'PREPARATION') order by export_id limit 200",
        )
        .await
    }

    /// Papers that were issued.
    pub(crate) async fn papers(&mut self) -> Result<Vec<Uuid>> {
        self.ids("select paper_id from issued_papers order by md5(paper_id::text) limit 200").await
    }

    /// Codes of papers, as a stranger reads them off the print.
    pub(crate) async fn codes(&mut self) -> Result<Vec<String>> {
        let codes = sqlx::query_scalar("select verify_code from issued_papers order by md5(paper_id::text) limit 200");
        Ok(codes.fetch_all(&mut self.0).await?)
    }

    /// Where the last page of a queue begins: the place of the case before the last 25, as a cursor of the inbox.
    pub(crate) async fn last_page(&mut self, organization: &str) -> Result<String> {
        let row = sqlx::query(
            "select e.stage_entered_at, e.export_id from exports e
             join organizations o on o.organization_id = e.queue_organization_id
             where o.code = $1 order by e.stage_entered_at desc, e.export_id desc offset 25 limit 1",
        );
        let row = row.bind(organization).fetch_optional(&mut self.0).await?.context("a queue of one page")?;
        let at: chrono::DateTime<chrono::Utc> = row.try_get(0)?;
        let id: Uuid = row.try_get(1)?;
        Ok(jebena::web::paging::Cursor { at, id }.to_string())
    }

    /// How often each export among `cases` was approved at `kind` since it was seen.
    pub(crate) async fn approvals(&mut self, kind: &str, cases: &[Case]) -> Result<Vec<i64>> {
        let ids: Vec<Uuid> = cases.iter().map(|(id, _)| *id).collect();
        let counts = sqlx::query_scalar(
            "select count(a.approval_id) from unnest($1::uuid[]) c (id)
             left join export_approvals a on a.export_id = c.id and a.approval_type = $2 and a.status = 'APPROVED'
             group by c.id",
        );
        Ok(counts.bind(ids).bind(kind).fetch_all(&mut self.0).await?)
    }

    /// How the server introduces itself, such as `15.18`.
    pub(crate) async fn version(&mut self) -> Result<String> {
        let version: String = sqlx::query_scalar("show server_version").fetch_one(&mut self.0).await?;
        Ok(version.split_whitespace().next().unwrap_or_default().to_owned())
    }

    /// Carries out several statements without parameters.
    pub(crate) async fn run(&mut self, statements: &'static str) -> Result<()> {
        sqlx::raw_sql(statements).execute(&mut self.0).await?;
        Ok(())
    }

    async fn ids(&mut self, query: &'static str) -> Result<Vec<Uuid>> {
        Ok(sqlx::query_scalar(query).fetch_all(&mut self.0).await?)
    }
}
