//! The commercial papers of some exports of the demo: written by the area that issues them, as far as each export has
//! come.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Duration, Utc};
use sqlx::PgConnection;

use super::SeedError;
use crate::auth::{Actor, ActorOrganization, OrganizationKind, Origin, Permissions};
use crate::calendar::eat_date;
use crate::certificates::{CommercialKind, backfill_commercial};
use crate::exports::{self, Stage};
use crate::ids::{ExportId, OrganizationId, UserId};

/// What nobody can know, on every form that asks it.
const TYPED: [(&str, &str); 8] = [
    ("seal_1", "ET-004417"),
    ("weighed_at", "Modjo dry port"),
    ("weighbridge_1", "MJ-70213"),
    ("transporter", "Awash Freight Transport S.C."),
    ("truck_plate", "3-A12345 ET"),
    ("driver", "Kebede Alemu"),
    ("driver_phone", "+251 911 000 099"),
    ("driver_license", "AA-104477"),
];
const TYPED_FREIGHT: (&str, &str) = ("birr_per_quintal", "385.50");

/// An export that has its set.
#[derive(Debug, sqlx::FromRow)]
struct Planned {
    export_id: ExportId,
    exporter_organization_id: OrganizationId,
    stage: Stage,
    moment: DateTime<Utc>,
}

/// The papers that an export has by the time that it stands at `stage`.
const fn papers_at(stage: Stage) -> &'static [CommercialKind] {
    use CommercialKind as K;
    match stage {
        Stage::Preparation | Stage::Returned => &[],
        Stage::BankCheck | Stage::Fx | Stage::Quality | Stage::Permit => &[K::Proforma],
        Stage::Scheduling => &[K::Proforma, K::ShippingInstruction],
        Stage::Clearance | Stage::Loading => {
            &[K::Proforma, K::Invoice, K::PackingList, K::ShippingInstruction, K::WayBill]
        }
        Stage::OriginSignature | Stage::Origin | Stage::Settlement | Stage::Closed => {
            &[K::Invoice, K::PackingList, K::ShippingInstruction, K::WeightCertificate, K::WayBill]
        }
    }
}

/// Writes the papers of the exports in `demo.sets`.
pub(super) async fn write(connection: &mut PgConnection) -> Result<(), SeedError> {
    let sellers = list_sellers(connection).await?;
    let planned: Vec<Planned> =
        sqlx::query_as("select * from demo.sets order by moment, export_id").fetch_all(&mut *connection).await?;
    let mut typed: BTreeMap<String, String> =
        TYPED.iter().chain([&TYPED_FREIGHT]).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for set in planned {
        let Some(seller) = sellers.get(&set.exporter_organization_id) else { continue };
        let Some(export) = exports::service::find(&mut *connection, seller, set.export_id).await? else { continue };
        typed.insert("departure".to_owned(), (eat_date(set.moment) + Duration::days(14)).to_string());
        for kind in papers_at(set.stage) {
            backfill_commercial(connection, &export, *kind, &typed, seller, set.moment).await?;
        }
    }
    // Of a very large demo no trigger has done so.
    sqlx::raw_sql("select gate.note_what_is_there(export_id) from demo.sets").execute(connection).await?;
    Ok(())
}

/// The clerk of each exporter, as who prepares its papers.
async fn list_sellers(connection: &mut PgConnection) -> sqlx::Result<HashMap<OrganizationId, Actor>> {
    let rows = sqlx::query!(
        r#"select distinct on (o.organization_id) u.id as "user_id: UserId", u.username, u.full_name,
                  o.organization_id as "organization_id: OrganizationId", o.code, o.name, o.name_am
           from users u
           join organizations o using (organization_id)
           where o.kind = 'EXPORTER'
           order by o.organization_id, u.username"#
    )
    .fetch_all(connection)
    .await?;
    let actor = |row: (UserId, String, String), organization: ActorOrganization| Actor {
        user_id: row.0,
        username: row.1,
        display_name: row.2,
        organization,
        roles: Vec::new(),
        permissions: Permissions::NONE,
        delegations: Vec::new(),
        origin: Origin::default(),
    };
    Ok(rows
        .into_iter()
        .map(|row| {
            let organization = ActorOrganization {
                id: row.organization_id,
                kind: OrganizationKind::Exporter,
                code: row.code,
                name_en: row.name,
                name_am: row.name_am,
            };
            (row.organization_id, actor((row.user_id, row.username, row.full_name), organization))
        })
        .collect())
}
