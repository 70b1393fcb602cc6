//! Plots of the demo's firms, each with an outline or a point where its coffee is at home, and the lots that come
//! from them. One lot in four is traced to no plot, and one plot in four is without a statement: both are work to do.

use chrono::{DateTime, Duration, Utc};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::eudr::geojson::geometry_text;
use crate::eudr::geometry::{Geometry, Position, Ring, hectares};

/// Where coffee grows, in millionths of a degree, with what the place is called.
const PLACES: [(&str, i64, i64); 6] = [
    ("Aleta Wendo, Sidama", 38_413_217, 6_602_141),
    ("Wenago, Gedeo", 38_268_431, 6_320_977),
    ("Uraga, Guji", 38_533_129, 6_083_311),
    ("Gomma, Jimma", 36_602_713, 7_837_919),
    ("Gimbo, Kaffa", 36_192_437, 7_431_023),
    ("Limu Seka, Jimma", 36_881_743, 8_354_109),
];

const PRODUCERS: [&str; 8] = [
    "Abebe Dukamo",
    "Tigist Bekele",
    "Shiferaw Hailu",
    "Almaz Gobena",
    "Desta Worku",
    "Mulu Tadesse",
    "Girma Robe",
    "Aster Lemma",
];

/// Corners of a field as steps from its first, in parts of its size.
const OUTLINES: [&[(i64, i64)]; 3] = [
    &[(0, 0), (100, 8), (108, 70), (56, 96), (-6, 80)],
    &[(0, 0), (70, -14), (112, 34), (84, 90), (20, 104), (-18, 46)],
    &[(0, 0), (90, 4), (94, 44), (60, 48), (58, 92), (2, 88)],
];

/// Writes the plots; with `links`, the lots that come from them.
///
/// # Errors
/// When the database refuses.
pub(super) async fn write(connection: &mut PgConnection, links: bool, now: DateTime<Utc>) -> sqlx::Result<()> {
    let firms: Vec<(i32, Uuid, String, Uuid)> =
        sqlx::query_as("select firm, organization_id, code, owner_id from demo.firms where flaw is null order by firm")
            .fetch_all(&mut *connection)
            .await?;
    for (firm, organization, code, owner) in firms {
        let places = PRODUCERS.iter().zip(0_i64..);
        for (producer, n) in places {
            let plot = plot_of(i64::from(firm), n);
            insert(connection, (organization, owner), producer, n, &plot, now - Duration::days(200 - 9 * n)).await?;
        }
        sqlx::query("insert into number_counters (series_key, scope, period, last_value) values ('PLOT', $1, '', $2)")
            .bind(code)
            .bind(i64::try_from(PRODUCERS.len()).unwrap_or(i64::MAX))
            .execute(&mut *connection)
            .await?;
    }
    if links {
        sqlx::raw_sql(
            "insert into lot_plots (link_id, lot_id, plot_id, organization_id, plot_number, kg, linked_by, linked_at)
             select gen_random_uuid(), l.lot_id, p.plot_id, p.organization_id, p.plot_number,
                 -- Two plots of a lot; where the shares are known they add up to it.
                 case when demo.pick(l.lot, 91, 2) = 0 then round(l.quantity / 2) + case p.position when 1 then l.quantity - 2 * round(l.quantity / 2) else 0 end end,
                 f.owner_id, l.bought_at + interval '2 days'
             from demo.lots l
             join demo.firms f on f.exporter_id = l.exporter_id
             join lateral (select p.*, row_number() over (order by p.plot_number) as position from plots p
                           where p.organization_id = f.organization_id
                             and substr(p.plot_number, 6)::int in (1 + demo.pick(l.lot, 92, 4), 5 + demo.pick(l.lot, 93, 4))) p on true
             where demo.pick(l.lot, 90, 4) <> 0",
        )
        .execute(&mut *connection)
        .await?;
        write_statements(connection).await?;
    }
    Ok(())
}

/// What buyers in the Union have told of their statements: of each consignment that is on its way there, and of which nothing
/// is lacking.
async fn write_statements(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql(
        "insert into due_diligence_statements (statement_id, export_id, organization_id, reference_number, verification_number,
             told_state, told_on, recorded_by, recorded_at)
         select gen_random_uuid(), e.export_id, e.exporter_organization_id,
             to_char(e.stage_entered_at, 'YY') || e.destination_country || upper(substr(md5(e.export_number), 1, 10)),
             upper(substr(md5(e.export_number), 11, 8)), 'AVAILABLE', app.eat_date(e.stage_entered_at), e.created_by, e.stage_entered_at
         from exports e
         join countries c on c.country_code = e.destination_country and c.is_eu
         where e.stage in ('CLEARANCE', 'LOADING', 'ORIGIN_SIGNATURE', 'ORIGIN', 'SETTLEMENT', 'CLOSED') and e.status <> 'CANCELLED'
           and not exists (select from export_lots x
                           cross join lateral app.origin_of(array[x.lot_id], e.submitted_at) o
                           left join plots p on p.plot_id = o.plot_id
                           where x.export_id = e.export_id and p.cutoff_stated_at is null)",
    )
    .execute(connection)
    .await?;
    Ok(())
}

struct DemoPlot {
    place: &'static str,
    geometry: Geometry,
    area: Decimal,
}

fn plot_of(firm: i64, n: i64) -> DemoPlot {
    let index = |of: usize, value: i64| usize::try_from(value).unwrap_or_default() % of;
    let (place, lon, lat) = PLACES[index(PLACES.len(), firm + n / 3)];
    let (lon, lat) = (lon + firm * 21_013 + n * 4_127, lat + firm * 9_007 - n * 3_331);
    let at = |(x, y): (i64, i64)| Position::new(lon + x, lat + y).ok();
    // The last two of each firm are small holdings that a point stands for.
    if n >= 6 {
        let geometry = at((0, 0)).map(Geometry::Point).unwrap_or(Geometry::MultiPoint(Vec::new()));
        return DemoPlot { place, geometry, area: Decimal::new(75 + n * 10, 2) };
    }
    let size = 14 + 5 * n + firm;
    let corners = OUTLINES[index(OUTLINES.len(), n + firm)];
    let ring = Ring::new(corners.iter().filter_map(|(x, y)| at((x * size, y * size))).collect());
    let area = hectares([&ring]);
    DemoPlot { place, geometry: Geometry::Polygon(ring.anticlockwise()), area }
}

async fn insert(
    connection: &mut PgConnection,
    (organization, owner): (Uuid, Uuid),
    producer: &str,
    n: i64,
    plot: &DemoPlot,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    let text = geometry_text(&plot.geometry);
    let Some(bounds) = plot.geometry.bounds() else { return Ok(()) };
    let stated = n % 4 != 3;
    sqlx::query(
        "insert into plots (plot_id, organization_id, plot_number, producer_name, producer_country, production_place,
             area_ha, geometry_kind, geometry, geometry_sha256, positions, west, south, east, north,
             cutoff_evidence_kind, cutoff_evidence, cutoff_stated_by, cutoff_stated_at, created_by, created_at)
         values ($1, $2, 'PLOT-' || lpad($3::text, 6, '0'), $4, 'ET', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
             case when $15 then 'SATELLITE' end,
             case when $15 then 'Sentinel-2 pictures of December 2020 and ' || to_char($17, 'FMMonth YYYY') end,
             case when $15 then $16::uuid end, case when $15 then $17::timestamptz end, $16, $17)",
    )
    .bind(Uuid::now_v7())
    .bind(organization)
    .bind(n + 1)
    .bind(producer)
    .bind(plot.place)
    .bind(plot.area)
    .bind(plot.geometry.kind())
    .bind(&text)
    .bind(Sha256::digest(text.as_bytes()).to_vec())
    .bind(i32::try_from(plot.geometry.positions().count()).unwrap_or(i32::MAX))
    .bind(bounds.west)
    .bind(bounds.south)
    .bind(bounds.east)
    .bind(bounds.north)
    .bind(stated)
    .bind(owner)
    .bind(at)
    .execute(connection)
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eudr::geojson::{MOST_BY_POINT, elsewhere, read_geometry};

    #[test]
    fn every_plot_of_the_demo_is_one_that_the_product_would_take() {
        for firm in 1..=5 {
            for n in 0..8 {
                let plot = plot_of(firm, n);
                let (geometry, notes) = read_geometry(&geometry_text(&plot.geometry)).unwrap();
                assert_eq!((geometry, notes.len(), elsewhere(&plot.geometry)), (plot.geometry.clone(), 0, None));
                assert!(plot.area > Decimal::ZERO && (plot.geometry.has_outline() || plot.area <= MOST_BY_POINT));
            }
        }
    }
}
