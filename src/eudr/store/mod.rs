//! The SQL of plots. Row-level security stands behind every viewer given here.

pub(super) mod imports;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::geojson::{PlotData, geometry_text};
use super::geometry::Bounds;
use super::model::{By, CutOff, EvidenceKind, Plot, PlotState};
use crate::auth::{Actor, OrganizationKind};
use crate::ids::{OrganizationId, PlotId, UserId};

/// The codes of countries.
pub(super) async fn list_countries(connection: &mut PgConnection) -> sqlx::Result<BTreeSet<String>> {
    let codes = sqlx::query_scalar!("select country_code from countries").fetch_all(connection).await?;
    Ok(codes.into_iter().collect())
}

/// What the list of plots is narrowed by.
#[derive(Debug, Clone, Default)]
pub struct PlotFilter {
    /// The beginning of a number, or of a producer's name.
    pub text: Option<String>,
    /// ACTIVE or RETIRED.
    pub status: Option<String>,
    /// Whether the cut-off date was stated.
    pub is_stated: Option<bool>,
    /// Behind this row.
    pub after: Option<(DateTime<Utc>, PlotId)>,
}

/// A plot as the list shows it.
#[derive(Debug, Clone)]
pub struct PlotLine {
    /// Its id.
    pub plot_id: PlotId,
    /// Its number.
    pub plot_number: String,
    /// Who grows coffee there.
    pub producer_name: String,
    /// What the place is called.
    pub production_place: String,
    /// Hectares.
    pub area_ha: Decimal,
    /// `Point`, `Polygon`, ...
    pub geometry_kind: String,
    /// How many places it has.
    pub positions: i32,
    /// ACTIVE or RETIRED.
    pub status: String,
    /// Whether the cut-off date was stated.
    pub is_stated: bool,
    /// Whose it is, in English.
    pub owner: String,
    /// Whose it is, in Amharic.
    pub owner_am: String,
    /// When this revision was made.
    pub created_at: DateTime<Utc>,
}

/// A page of the plots in force that `viewer` may see, newest first: an exporter its own, others all.
pub(super) async fn list_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    filter: &PlotFilter,
    limit: i64,
) -> sqlx::Result<Vec<PlotLine>> {
    let own = own_organization(viewer);
    sqlx::query_as!(
        PlotLine,
        r#"select p.plot_id as "plot_id: PlotId", p.plot_number, p.producer_name, p.production_place, p.area_ha,
                  p.geometry_kind, p.positions, p.status, p.cutoff_stated_at is not null as "is_stated!",
                  o.name as owner, o.name_am as owner_am, p.created_at
           from plots p
           join organizations o on o.organization_id = p.organization_id
           where p.superseded_by is null
             and ($1::uuid is null or p.organization_id = $1)
             and ($2::text is null
                  or p.plot_number >= $2 and p.plot_number < $2 || chr(1114111)
                  or lower(p.producer_name) >= lower($2) and lower(p.producer_name) < lower($2) || chr(1114111))
             and ($3::text is null or p.status = $3)
             and ($4::boolean is null or (p.cutoff_stated_at is not null) = $4)
             and ($5::timestamptz is null or (p.created_at, p.plot_id) < ($5, $6))
           order by p.created_at desc, p.plot_id desc
           limit $7"#,
        own as Option<OrganizationId>,
        filter.text,
        filter.status,
        filter.is_stated,
        filter.after.map(|(at, _)| at),
        filter.after.map(|(_, id)| id.0),
        limit,
    )
    .fetch_all(connection)
    .await
}

/// Whose rows alone a viewer sees; none for those who see all.
pub(super) fn own_organization(viewer: &Actor) -> Option<OrganizationId> {
    (viewer.organization.kind == OrganizationKind::Exporter).then_some(viewer.organization.id)
}

/// The columns of a plot, as every query of whole plots names them.
#[derive(Debug)]
pub(super) struct Row {
    pub plot_id: PlotId,
    pub organization_id: OrganizationId,
    pub owner: String,
    pub owner_am: String,
    pub plot_number: String,
    pub revision: i32,
    pub producer_name: String,
    pub producer_country: String,
    pub production_place: String,
    pub area_ha: Decimal,
    pub geometry_kind: String,
    pub geometry: String,
    pub positions: i32,
    pub west: i32,
    pub south: i32,
    pub east: i32,
    pub north: i32,
    pub cutoff_evidence_kind: Option<EvidenceKind>,
    pub cutoff_evidence: Option<String>,
    pub cutoff_stated_by_name: Option<String>,
    pub cutoff_stated_at: Option<DateTime<Utc>>,
    pub file_name: Option<String>,
    pub retired_by_name: Option<String>,
    pub retired_at: Option<DateTime<Utc>>,
    pub retirement_reason: Option<String>,
    pub superseded_by: Option<PlotId>,
    pub version: i32,
    pub created_by_name: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl From<Row> for Plot {
    fn from(row: Row) -> Self {
        Self {
            cutoff: match (row.cutoff_evidence_kind, row.cutoff_evidence, row.cutoff_stated_at) {
                (Some(kind), Some(evidence), Some(at)) => {
                    Some((CutOff { kind, evidence }, By { name: row.cutoff_stated_by_name.unwrap_or_default(), at }))
                }
                _ => None,
            },
            state: match (row.retired_at, row.retirement_reason) {
                (Some(at), Some(reason)) => {
                    PlotState::Retired { by: By { name: row.retired_by_name.unwrap_or_default(), at }, reason }
                }
                _ => PlotState::Active,
            },
            created: By { name: row.created_by_name.unwrap_or_default(), at: row.created_at },
            bounds: Bounds { west: row.west, south: row.south, east: row.east, north: row.north },
            id: row.plot_id,
            organization: row.organization_id,
            owner: (row.owner, row.owner_am),
            number: row.plot_number,
            revision: row.revision,
            producer_name: row.producer_name,
            producer_country: row.producer_country,
            production_place: row.production_place,
            area: row.area_ha,
            geometry_kind: row.geometry_kind,
            geometry: row.geometry,
            positions: row.positions,
            file_name: row.file_name,
            superseded_by: row.superseded_by,
            version: row.version,
        }
    }
}

/// The one list of columns of whole plots.
macro_rules! select_plots {
    ($tail:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Row,
            r#"select p.plot_id as "plot_id: PlotId", p.organization_id as "organization_id: OrganizationId",
                   o.name as owner, o.name_am as owner_am, p.plot_number, p.revision, p.producer_name,
                   p.producer_country::text as "producer_country!", p.production_place, p.area_ha, p.geometry_kind,
                   p.geometry, p.positions, p.west, p.south, p.east, p.north,
                   p.cutoff_evidence_kind as "cutoff_evidence_kind: EvidenceKind", p.cutoff_evidence,
                   gate.person_name(p.cutoff_stated_by) as cutoff_stated_by_name, p.cutoff_stated_at, p.file_name,
                   gate.person_name(p.retired_by) as retired_by_name, p.retired_at, p.retirement_reason,
                   p.superseded_by as "superseded_by: PlotId", p.version,
                   gate.person_name(p.created_by) as created_by_name, p.created_at
               from plots p
               join organizations o on o.organization_id = p.organization_id
               where "# + $tail,
            $($argument),+
        )
    };
}

/// One revision of a plot that `viewer` may see.
pub(super) async fn find_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: PlotId,
) -> sqlx::Result<Option<Plot>> {
    let own = own_organization(viewer);
    let row = select_plots!(
        "p.plot_id = $1 and ($2::uuid is null or p.organization_id = $2)",
        id as PlotId,
        own as Option<OrganizationId>
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Plot::from))
}

/// The same, locked against other changes until the transaction ends.
pub(super) async fn lock_visible(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: PlotId,
) -> sqlx::Result<Option<Plot>> {
    let own = own_organization(viewer);
    let row = select_plots!(
        "p.plot_id = $1 and ($2::uuid is null or p.organization_id = $2) for update of p",
        id as PlotId,
        own as Option<OrganizationId>
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(Plot::from))
}

/// The revisions of a plot, newest first: id, number of the revision, when.
pub(super) async fn list_revisions(
    connection: &mut PgConnection,
    plot: &Plot,
) -> sqlx::Result<Vec<(PlotId, i32, DateTime<Utc>)>> {
    let rows = sqlx::query!(
        r#"select plot_id as "plot_id: PlotId", revision, created_at from plots
           where organization_id = $1 and plot_number = $2 order by revision desc"#,
        plot.organization as OrganizationId,
        plot.number,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.plot_id, row.revision, row.created_at)).collect())
}

/// The exporter's plots in force that stand in the way of new ones: by number, and by place the number of the one there.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub numbers: BTreeSet<String>,
    pub places: BTreeMap<[u8; 32], String>,
}

/// Which of these numbers and places are taken by the viewer's own plots. Until the transaction ends, nobody else of the
/// exporter adds any.
pub(super) async fn lock_taken(
    connection: &mut PgConnection,
    viewer: &Actor,
    numbers: &[String],
    places: &[Vec<u8>],
) -> sqlx::Result<Taken> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", format!("plots {}", viewer.organization.id))
        .execute(&mut *connection)
        .await?;
    find_taken(connection, viewer, numbers, places).await
}

/// As [`lock_taken`], for a look.
pub(super) async fn find_taken(
    connection: &mut PgConnection,
    viewer: &Actor,
    numbers: &[String],
    places: &[Vec<u8>],
) -> sqlx::Result<Taken> {
    let rows = sqlx::query!(
        r#"select plot_number, geometry_sha256, status = 'ACTIVE' as "is_active!", plot_number = any($2) as "is_number!"
           from plots
           where organization_id = $1 and superseded_by is null
             and (plot_number = any($2) or status = 'ACTIVE' and geometry_sha256 = any($3))"#,
        viewer.organization.id as OrganizationId,
        numbers,
        places,
    )
    .fetch_all(connection)
    .await?;
    let mut taken = Taken::default();
    for row in rows {
        if row.is_active
            && let Ok(place) = <[u8; 32]>::try_from(row.geometry_sha256)
        {
            taken.places.insert(place, row.plot_number.clone());
        }
        if row.is_number {
            taken.numbers.insert(row.plot_number);
        }
    }
    Ok(taken)
}

/// A plot to be added.
#[derive(Debug)]
pub(super) struct NewPlot<'a> {
    pub id: PlotId,
    pub number: String,
    pub revision: i32,
    pub data: &'a PlotData,
    pub cutoff: Option<&'a CutOff>,
    /// Its name and SHA-256.
    pub file: Option<(&'a str, [u8; 32])>,
}

/// SHA-256 of a geometry as it is stored: the same place, whoever drew it.
#[must_use]
pub(super) fn place_hash(geometry: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(geometry.as_bytes()).into()
}

/// Adds plots of the viewer's, in one statement.
pub(super) async fn insert(
    connection: &mut PgConnection,
    plots: &[NewPlot<'_>],
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let geometries: Vec<String> = plots.iter().map(|plot| geometry_text(&plot.data.geometry)).collect();
    let hashes: Vec<Vec<u8>> = geometries.iter().map(|text| place_hash(text).to_vec()).collect();
    let bounds: Vec<Bounds> = plots
        .iter()
        .map(|plot| plot.data.geometry.bounds().ok_or_else(|| sqlx::Error::Encode("a plot without a place".into())))
        .collect::<Result<_, _>>()?;
    let ids: Vec<_> = plots.iter().map(|plot| plot.id.0).collect();
    let numbers: Vec<&str> = plots.iter().map(|plot| plot.number.as_str()).collect();
    let revisions: Vec<i32> = plots.iter().map(|plot| plot.revision).collect();
    let producers: Vec<&str> = plots.iter().map(|plot| plot.data.producer_name.as_str()).collect();
    let countries: Vec<&str> = plots.iter().map(|plot| plot.data.producer_country.as_str()).collect();
    let places: Vec<&str> = plots.iter().map(|plot| plot.data.production_place.as_str()).collect();
    let areas: Vec<Decimal> = plots.iter().map(|plot| plot.data.area).collect();
    let kinds: Vec<&str> = plots.iter().map(|plot| plot.data.geometry.kind()).collect();
    let positions: Vec<i32> =
        plots.iter().map(|plot| i32::try_from(plot.data.geometry.positions().count()).unwrap_or(i32::MAX)).collect();
    let west: Vec<i32> = bounds.iter().map(|bounds| bounds.west).collect();
    let south: Vec<i32> = bounds.iter().map(|bounds| bounds.south).collect();
    let east: Vec<i32> = bounds.iter().map(|bounds| bounds.east).collect();
    let north: Vec<i32> = bounds.iter().map(|bounds| bounds.north).collect();
    let evidence_kinds: Vec<Option<&str>> =
        plots.iter().map(|plot| plot.cutoff.map(|cutoff| cutoff.kind.code())).collect();
    let evidence: Vec<Option<&str>> =
        plots.iter().map(|plot| plot.cutoff.map(|cutoff| cutoff.evidence.as_str())).collect();
    let files: Vec<Option<&str>> = plots.iter().map(|plot| plot.file.map(|(name, _)| name)).collect();
    let file_hashes: Vec<Option<Vec<u8>>> =
        plots.iter().map(|plot| plot.file.map(|(_, sha256)| sha256.to_vec())).collect();
    sqlx::query!(
        "insert into plots (plot_id, organization_id, plot_number, revision, producer_name, producer_country,
             production_place, area_ha, geometry_kind, geometry, geometry_sha256, positions, west, south, east, north,
             cutoff_evidence_kind, cutoff_evidence, cutoff_stated_by, cutoff_stated_at, file_name, file_sha256,
             created_by, created_at)
         select given.id, $1, given.number, given.revision, given.producer, given.country, given.place, given.area,
             given.kind, given.geometry, given.hash, given.positions, given.west, given.south, given.east, given.north,
             given.evidence_kind, given.evidence, case when given.evidence is not null then $2::uuid end,
             case when given.evidence is not null then $3::timestamptz end, given.file, given.file_hash, $2, $3
         from unnest($4::uuid[], $5::text[], $6::int[], $7::text[], $8::text[], $9::text[], $10::numeric[],
                     $11::text[], $12::text[], $13::bytea[], $14::int[], $15::int[], $16::int[], $17::int[],
                     $18::int[], $19::text[], $20::text[], $21::text[], $22::bytea[])
             as given (id, number, revision, producer, country, place, area, kind, geometry, hash, positions, west,
                       south, east, north, evidence_kind, evidence, file, file_hash)",
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now,
        &ids,
        &numbers as &[&str],
        &revisions,
        &producers as &[&str],
        &countries as &[&str],
        &places as &[&str],
        &areas,
        &kinds as &[&str],
        &geometries,
        &hashes,
        &positions,
        &west,
        &south,
        &east,
        &north,
        &evidence_kinds as &[Option<&str>],
        &evidence as &[Option<&str>],
        &files as &[Option<&str>],
        &file_hashes as &[Option<Vec<u8>>],
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Puts `by` in the place of a plot's revision in force, before that one is added; false when another was quicker.
pub(super) async fn set_superseded(connection: &mut PgConnection, plot: &Plot, by: PlotId) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update plots set superseded_by = $3, version = version + 1
         where plot_id = $1 and version = $2 and superseded_by is null",
        plot.id as PlotId,
        plot.version,
        by as PlotId,
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Takes a plot out of use; false when another was quicker.
pub(super) async fn set_retired(
    connection: &mut PgConnection,
    plot: &Plot,
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update plots set status = 'RETIRED', retired_by = $3, retired_at = $4, retirement_reason = $5,
             version = version + 1
         where plot_id = $1 and version = $2 and status = 'ACTIVE'",
        plot.id as PlotId,
        plot.version,
        actor.user_id as UserId,
        now,
        reason,
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// Writes the statement about the cut-off date down; false when another was quicker.
pub(super) async fn set_cutoff(
    connection: &mut PgConnection,
    plot: &Plot,
    cutoff: &CutOff,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update plots set cutoff_evidence_kind = $3, cutoff_evidence = $4, cutoff_stated_by = $5, cutoff_stated_at = $6,
             version = version + 1
         where plot_id = $1 and version = $2 and cutoff_stated_at is null",
        plot.id as PlotId,
        plot.version,
        cutoff.kind.code(),
        cutoff.evidence,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}
