//! The SQL of inspections.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::cupping::Panel;
use super::findings::{Findings, RawItem};
use super::model::{Inspection, LotFacts, PanelLine, QueueLine, Sample, SampleStatus};
use super::verdict::Verdict;
use crate::auth::{Actor, OrganizationKind};
use crate::ids::{InspectionId, LotId, OrganizationId, SampleId, UserId};

/// Locks a lot's row, as the system: the desk decides on its inspection, the balances are not the desk's.
pub(super) async fn lock_lot(connection: &mut PgConnection, id: LotId) -> sqlx::Result<()> {
    sqlx::query!("select lot_id from coffee_lots where lot_id = $1 for update", id as LotId)
        .fetch_optional(connection)
        .await?;
    Ok(())
}

/// A lot as the inspection desk sees it; nobody else has a finder here.
pub(super) async fn find_lot(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: LotId,
) -> sqlx::Result<Option<LotFacts>> {
    if viewer.organization.kind != OrganizationKind::Ecta {
        return Ok(None);
    }
    let row = sqlx::query!(
        r#"select l.lot_id as "lot_id: LotId", l.ecx_lot_number as number, l.processing_method, l.status, l.reserved_kg,
                  l.ecx_verified_at as verified_at, p.organization_id as "owner: OrganizationId",
                  i.inspection_id as "inspection_id?: InspectionId", i.passed as "passed?", i.lot_id = l.lot_id as is_own,
                  exists (select from quality_samples s where s.lot_id = l.lot_id and s.status = 'DRAWN') as "open!"
           from coffee_lots l
           join exporter_profiles p on p.exporter_id = l.purchased_by
           left join quality_inspections i on i.inspection_id = l.inspection_id
           where l.lot_id = $1"#,
        id as LotId
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| LotFacts {
        lot_id: row.lot_id,
        number: row.number,
        owner: row.owner,
        processing_method: row.processing_method,
        verified_at: row.verified_at,
        status: row.status,
        reserved_kg: row.reserved_kg,
        inspection: row.inspection_id.zip(row.passed),
        is_own_inspection: row.is_own.unwrap_or_default(),
        has_open_sample: row.open,
    }))
}

/// A sample about to be drawn.
pub(super) struct NewSample<'a> {
    pub id: SampleId,
    pub lot: &'a LotFacts,
    pub code: &'a str,
    pub center: &'a str,
    pub grams: Decimal,
    pub drawn_on: NaiveDate,
    pub raw_form: &'a str,
    pub again_because: Option<&'a str>,
}

pub(super) async fn insert_sample(
    connection: &mut PgConnection,
    new: &NewSample<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into quality_samples (sample_id, lot_id, owner_organization_id, sample_code, center, grams, drawn_on, drawn_by,
             raw_form, cup_form, again_because, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'CUP_60', $10, $11, $11)",
        new.id as SampleId,
        new.lot.lot_id as LotId,
        new.lot.owner as OrganizationId,
        new.code,
        new.center,
        new.grams,
        new.drawn_on,
        actor.user_id as UserId,
        new.raw_form,
        new.again_because,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A sample, for the desk that examines it.
pub(super) async fn find_sample(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: SampleId,
) -> sqlx::Result<Option<Sample>> {
    if viewer.organization.kind != OrganizationKind::Ecta {
        return Ok(None);
    }
    sqlx::query_as!(
        Sample,
        r#"select s.sample_id as "id: SampleId", s.lot_id as "lot_id: LotId",
                  s.owner_organization_id as "owner: OrganizationId", s.sample_code as code, s.center, s.grams, s.drawn_on,
                  s.drawn_by as "drawn_by: UserId", coalesce(gate.person_name(s.drawn_by), '') as "drawn_by_name!",
                  s.raw_form, l.processing_method, s.again_because, s.status as "status: SampleStatus", s.version, s.updated_at
           from quality_samples s
           join coffee_lots l on l.lot_id = s.lot_id
           where s.sample_id = $1"#,
        id as SampleId
    )
    .fetch_optional(connection)
    .await
}

/// Moves a sample on from the version that was read; whether nobody was quicker.
pub(super) async fn move_sample(
    connection: &mut PgConnection,
    sample: &Sample,
    to: SampleStatus,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let moved = sqlx::query!(
        "update quality_samples set status = $3, version = version + 1, updated_at = $4
         where sample_id = $1 and version = $2 and status = 'DRAWN'",
        sample.id as SampleId,
        sample.version,
        to.code(),
        now,
    )
    .execute(connection)
    .await?;
    Ok(moved.rows_affected() == 1)
}

/// The items of a raw form, in its order.
pub(super) async fn list_raw_items(connection: &mut PgConnection, form: &str) -> sqlx::Result<Vec<RawItem>> {
    let rows = sqlx::query!(
        "select item, name, name_am, max_points from inspection_form_items where form_code = $1 order by sort_order",
        form
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| RawItem { item: row.item, names: (row.name, row.name_am), max_points: row.max_points })
        .collect())
}

/// The raw form in use on `day`.
pub(super) async fn find_raw_form(connection: &mut PgConnection, day: NaiveDate) -> sqlx::Result<String> {
    sqlx::query_scalar!(
        "select form_code from inspection_forms
         where section = 'RAW' and valid_from <= $1 and (valid_to is null or valid_to > $1)
         order by valid_from desc limit 1",
        day
    )
    .fetch_one(connection)
    .await
}

/// The centres in use, with their Amharic names.
pub(super) async fn list_centers(connection: &mut PgConnection, day: NaiveDate) -> sqlx::Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        "select center, name_am from inspection_centers
         where valid_from <= $1 and (valid_to is null or valid_to > $1) order by center",
        day
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.center, row.name_am)).collect())
}

/// The figures of inspections in force on `day`, by key.
pub(super) async fn list_figures(
    connection: &mut PgConnection,
    day: NaiveDate,
) -> sqlx::Result<Vec<(String, Decimal)>> {
    let rows = sqlx::query!(
        "select distinct on (key) key, value from parameters
         where valid_from <= $1 and key in ('cup_panel_minimum', 'cup_spread_limit', 'moisture_dry_below',
             'moisture_moist_above', 'moisture_refused_above', 'sample_grams')
         order by key, valid_from desc",
        day
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.key, row.value)).collect())
}

/// An inspection about to be signed.
pub(super) struct NewInspection<'a> {
    pub id: InspectionId,
    pub sample: &'a Sample,
    pub number: &'a str,
    pub findings: &'a Findings,
    pub verdict: &'a Verdict,
    pub grade: &'a str,
    pub failed_because: Option<&'a str>,
    pub inspected_on: NaiveDate,
}

pub(super) async fn insert_inspection(
    connection: &mut PgConnection,
    new: &NewInspection<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (findings, verdict) = (new.findings, new.verdict);
    let means = findings.panel.item_means();
    let mean = |position: usize| means.get(position).copied();
    let score_of = |form| findings.specialty.as_ref().filter(|panel| panel.form == form).and_then(Panel::mean);
    let sca = score_of(super::cupping::CupForm::Sca2004);
    let cva = score_of(super::cupping::CupForm::Cva);
    let raw_items: Value = findings.raw_items.iter().map(|(item, points)| (item.clone(), json!(points))).collect();
    let odour = findings.raw_items.iter().find(|(item, _)| item == "odour").map(|(_, points)| *points);
    sqlx::query!(
        "insert into quality_inspections (inspection_id, lot_id, exporter_id, inspection_date, inspection_center, inspector,
             sample_id, sample_code, screen_15_pct, moisture_content, defect_count, primary_defects, secondary_defects,
             foreign_matter, odour_score, raw_form, raw_items, raw_score, cup_score, cupping_score, clean_cup, acidity, body,
             flavour, flavor_profile, panel_spread, spread_reason, defect_grade, ico_quality_code, sca_score, cva_score,
             final_grade, quality_certificate_number, passed, failed_because, remarks, created_at, updated_at)
         select $1, l.lot_id, l.purchased_by, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
             $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $36
         from coffee_lots l where l.lot_id = $2",
        new.id as InspectionId,
        new.sample.lot_id as LotId,
        new.inspected_on,
        new.sample.center,
        actor.user_id as UserId,
        new.sample.id as SampleId,
        new.sample.code,
        findings.screen_15_pct(),
        findings.moisture.value(),
        i32::try_from(findings.primary_defects + findings.secondary_defects).unwrap_or(i32::MAX),
        i32::try_from(findings.primary_defects).unwrap_or(i32::MAX),
        i32::try_from(findings.secondary_defects).unwrap_or(i32::MAX),
        findings.foreign_matter,
        odour,
        new.sample.raw_form,
        raw_items,
        verdict.raw,
        verdict.cup,
        sca.or(cva),
        mean(0),
        mean(1),
        mean(2),
        mean(3),
        findings.flavour_notes,
        verdict.spread,
        findings.spread_reason,
        grade_code(verdict.defect_grade),
        verdict.ico_code.code(),
        sca,
        cva,
        new.grade,
        new.number,
        verdict.passes(),
        new.failed_because,
        findings.remarks,
        now,
    )
    .execute(&mut *connection)
    .await?;
    for panel in std::iter::once(&findings.panel).chain(&findings.specialty) {
        insert_panel(connection, new.id, panel).await?;
    }
    let (screens, shares): (Vec<i32>, Vec<Decimal>) =
        findings.screens.iter().map(|(screen, share)| (i32::from(*screen), *share)).unzip();
    sqlx::query!(
        "insert into inspection_screens (inspection_id, screen, pct)
         select $1, screen, pct from unnest($2::int[], $3::numeric[]) as given (screen, pct)",
        new.id as InspectionId,
        &screens,
        &shares,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The bare number of a grade, as inspections write it.
pub(super) fn grade_code(grade: crate::quantities::Grade) -> String {
    grade.number().map_or_else(|| grade.to_string(), |number| number.to_string())
}

async fn insert_panel(connection: &mut PgConnection, id: InspectionId, panel: &Panel) -> sqlx::Result<()> {
    for (cup, position) in panel.cups.iter().zip(1_i32..) {
        let scores: Value = panel
            .form
            .items()
            .iter()
            .zip(&cup.scores)
            .map(|(item, score)| (item.name.to_owned(), json!(score)))
            .collect();
        sqlx::query!(
            "insert into inspection_panel (inspection_id, form, position, taster, scores, total)
             values ($1, $2, $3, $4, $5, $6)",
            id as InspectionId,
            panel.form.code(),
            position,
            cup.taster,
            scores,
            cup.total,
        )
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// Takes the inspection in force of a lot out of force before another is stored in its place; only one can be. The new
/// row has to follow in this transaction.
pub(super) async fn supersede(
    connection: &mut PgConnection,
    old: InspectionId,
    new: InspectionId,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update quality_inspections set superseded_by = $2, updated_at = $3 where inspection_id = $1 and superseded_by is null",
        old as InspectionId,
        new as InspectionId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Where the lot stands after its inspection, as the system: inspected, or back in the warehouse. What exports have taken
/// of it stays taken; their own checks see that it did not pass.
pub(super) async fn set_inspected(
    connection: &mut PgConnection,
    lot: LotId,
    passed: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update coffee_lots
         set status = case when $2 then 'INSPECTED' else 'IN_WAREHOUSE' end, version = version + 1, updated_at = $3
         where lot_id = $1 and status in ('IN_WAREHOUSE', 'INSPECTED')",
        lot as LotId,
        passed,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Verified lots without an inspection that passed and without a sample, those that have waited longest first.
pub(super) async fn list_waiting_lots(
    connection: &mut PgConnection,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<QueueLine>> {
    let rows = sqlx::query!(
        r#"select l.lot_id, l.ecx_lot_number, l.coffee_type, l.processing_method, p.business_name, l.quantity,
                  l.ecx_verified_at as "verified_at!"
           from coffee_lots l
           join exporter_profiles p on p.exporter_id = l.purchased_by
           where l.status = 'IN_WAREHOUSE' and l.ecx_verified_at is not null
             and not exists (select from quality_samples s where s.lot_id = l.lot_id and s.status = 'DRAWN')
             and ($1::timestamptz is null or (l.ecx_verified_at, l.lot_id) > ($1, $2))
           order by l.ecx_verified_at, l.lot_id
           limit $3"#,
        after.map(|(at, _)| at),
        after.map(|(_, id)| id),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| QueueLine {
            id: row.lot_id,
            reference: row.ecx_lot_number,
            coffee: Some((row.coffee_type, row.processing_method)),
            owner: Some(row.business_name),
            quantity: Some(row.quantity),
            center: None,
            since: row.verified_at,
        })
        .collect())
}

/// Samples that are being examined, oldest first; of one centre if named.
pub(super) async fn list_samples(
    connection: &mut PgConnection,
    center: Option<&str>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> sqlx::Result<Vec<QueueLine>> {
    let rows = sqlx::query!(
        "select s.sample_id, s.sample_code, s.center, s.created_at
         from quality_samples s
         where s.status = 'DRAWN' and ($1::text is null or s.center = $1)
           and ($2::timestamptz is null or (s.created_at, s.sample_id) > ($2, $3))
         order by s.created_at, s.sample_id
         limit $4",
        center,
        after.map(|(at, _)| at),
        after.map(|(_, id)| id),
        limit,
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| QueueLine {
            id: row.sample_id,
            reference: row.sample_code,
            coffee: None,
            owner: None,
            quantity: None,
            center: Some(row.center),
            since: row.created_at,
        })
        .collect())
}

/// A signed inspection of a lot that the viewer may see: row-level security keeps it to the lot's own wall.
pub(super) async fn find_inspection(
    connection: &mut PgConnection,
    viewer: &Actor,
    id: InspectionId,
) -> sqlx::Result<Option<Inspection>> {
    let own = (viewer.organization.kind == OrganizationKind::Exporter).then_some(viewer.organization.id);
    sqlx::query_as!(
        Inspection,
        r#"select i.inspection_id as "id: InspectionId", i.quality_certificate_number as certificate_number,
                  i.lot_id as "lot_id: LotId", l.ecx_lot_number as lot_number, p.business_name as owner_name,
                  i.inspection_date as inspected_on, i.inspection_center as center, i.sample_code,
                  coalesce(gate.person_name(i.inspector), '') as "signed_by!", i.raw_score, i.cup_score,
                  i.total_score as "total_score!", i.final_grade as grade, i.defect_grade, i.primary_defects,
                  i.secondary_defects, i.foreign_matter, i.moisture_content as moisture, i.ico_quality_code as ico_code,
                  i.sca_score, i.cva_score, i.panel_spread, i.spread_reason, i.flavor_profile as flavour_notes, i.remarks,
                  i.passed, i.failed_because, i.superseded_by as "superseded_by: InspectionId", i.created_at as signed_at
           from quality_inspections i
           join coffee_lots l on l.lot_id = i.lot_id
           join exporter_profiles p on p.exporter_id = i.exporter_id
           where i.inspection_id = $1 and ($2::uuid is null or p.organization_id = $2)"#,
        id as InspectionId,
        own as Option<OrganizationId>,
    )
    .fetch_optional(connection)
    .await
}

/// Each taster's scores of an inspection that the viewer has found.
pub(super) async fn list_panel(connection: &mut PgConnection, id: InspectionId) -> sqlx::Result<Vec<PanelLine>> {
    sqlx::query_as!(
        PanelLine,
        "select form, taster, scores, total from inspection_panel where inspection_id = $1 order by form, position",
        id as InspectionId
    )
    .fetch_all(connection)
    .await
}

/// The shares on the screens.
pub(super) async fn list_screens(connection: &mut PgConnection, id: InspectionId) -> sqlx::Result<Vec<(i32, Decimal)>> {
    let rows = sqlx::query!(
        "select screen, pct from inspection_screens where inspection_id = $1 order by screen",
        id as InspectionId
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.screen, row.pct)).collect())
}
