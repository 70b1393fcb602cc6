//! The SQL of the commercial set. Row-level security keeps it to the seller's own rows.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::model::{CommercialKind, HsCode, SellerAccount};
use super::record::{InForce, Record, RecordedContainer, SellerProfile};
use super::seller;
use super::snapshot::{CommercialBody, CommercialSnapshot, LetterPart};
use crate::auth::Actor;
use crate::certificates::bilingual::Bilingual;
use crate::certificates::issue::one_line;
use crate::certificates::model::PaperKind;
use crate::certificates::snapshot::{Country, Port, Snapshot};
use crate::exports::Export;
use crate::ids::{ExportId, OrganizationId, PaperId, UserId};
use crate::quantities::Kilograms;

/// Everything that is on record of `export` and that its papers say. The export is the viewer's own.
pub(super) async fn find_record(
    connection: &mut PgConnection,
    export: Export,
    today: NaiveDate,
) -> sqlx::Result<Record> {
    let row = sqlx::query!(
        r#"select p.business_name, p.office_address, p.city, p.tin, p.phone, p.email,
               p.ico_exporter_code as "ico_exporter_code: String",
               c.contract_number, c.registration_date, c.price_per_kg, c.currency as "currency: String",
               coalesce(e.crop_year, c.crop_year) as crop_year, t.name_am as coffee_am, r.name_am as "origin_am?",
               b.name as buyer_country_en, b.name_am as buyer_country_am, d.name as destination_en,
               d.name_am as destination_am, m.name as payment_en, m.name_am as payment_am,
               pl.name as loading_name, cl.country_code as "loading_country: String", cl.name as loading_country_en,
               cl.name_am as loading_country_am, pd.name as discharge_name,
               cd.country_code as "discharge_country: String", cd.name as discharge_country_en,
               cd.name_am as discharge_country_am, o.name as carrier_en, o.name_am as carrier_am,
               e.bank_permit_number, e.booking_number, e.bill_of_lading_number, e.on_board_date, e.notify_address,
               q.permit_number as "permit_number?", i.ico_mark as "ico_mark?",
               (select x.reference_number from export_documents x where x.export_id = e.export_id
                   and x.document_type = 'CERTIFICATE_OF_ORIGIN' and x.is_active) as chamber_certificate,
               array(select n.quality_certificate_number from export_lots l
                     join coffee_lots h on h.lot_id = l.lot_id
                     join quality_inspections n on n.inspection_id = h.inspection_id and n.passed
                     where l.export_id = e.export_id order by l.quantity_kg desc, l.lot_id) as "quality_certificates!",
               lc.lc_number as "letter_number?", lc.issuing_bank as "letter_bank?", lc.dated_on as "letter_date?",
               (select x.series_number from commercial_papers x where x.export_id = e.export_id
                   and x.kind in ('PROFORMA_INVOICE', 'COMMERCIAL_INVOICE') limit 1) as invoice_number
           from exports e
           join exporter_profiles p on p.exporter_id = e.exporter_id
           join sales_contracts c on c.contract_id = e.contract_id
           join coffee_types t on t.coffee_type = e.coffee_type
           left join regions r on r.region = e.origin_region
           join countries b on b.country_code = e.buyer_country
           join countries d on d.country_code = e.destination_country
           join payment_methods m on m.payment_method = e.payment_method
           join ports pl on pl.port_code = e.port_of_loading
           join countries cl on cl.country_code = pl.country_code
           join ports pd on pd.port_code = e.port_of_discharge
           join countries cd on cd.country_code = pd.country_code
           join organizations o on o.organization_id = e.shipping_organization_id
           left join export_permits q on q.export_id = e.export_id and q.status in ('ISSUED', 'USED')
           left join certificates_of_origin i on i.export_id = e.export_id and i.kind = 'ICO' and i.status = 'ISSUED'
           left join lateral (select l.lc_number, l.issuing_bank, t.dated_on from letter_uses u
                              join letters_of_credit l on l.letter_id = u.letter_id
                              join letter_terms t on t.letter_id = l.letter_id and t.version = 1
                              where u.export_id = e.export_id order by u.used_at desc, u.use_id desc limit 1) lc on true
           where e.export_id = $1"#,
        export.id as ExportId,
    )
    .fetch_one(&mut *connection)
    .await?;
    let net = Kilograms::try_from(export.quantity).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let country = |code: String, en: String, am: String| Country { code, name: Bilingual::new(en, am) };
    Ok(Record {
        net,
        seller: SellerProfile {
            address: one_line(&[Some(&row.office_address), row.city.as_deref(), Some("Ethiopia")]),
            scope: row.ico_exporter_code.unwrap_or_else(|| row.tin.clone()),
            name: row.business_name,
            tin: row.tin,
            phone: row.phone,
            email: row.email,
        },
        buyer_country: country(export.buyer_country.clone(), row.buyer_country_en, row.buyer_country_am),
        destination: country(export.destination_country.clone(), row.destination_en, row.destination_am),
        contract_number: row.contract_number,
        contract_registered_on: row.registration_date,
        contract_price_per_kg: row.price_per_kg,
        contract_currency: row.currency,
        coffee: Bilingual::new(&export.coffee_type, row.coffee_am),
        origin: Bilingual::new(&export.origin_region, row.origin_am.unwrap_or_default()),
        crop_year: row.crop_year,
        payment: Bilingual::new(row.payment_en, row.payment_am),
        letter: row
            .letter_number
            .zip(row.letter_bank)
            .zip(row.letter_date)
            .map(|((number, issuing_bank), issued_on)| LetterPart { number, issuing_bank, issued_on }),
        loading: Port {
            code: export.port_of_loading.clone(),
            name: row.loading_name,
            country: country(row.loading_country, row.loading_country_en, row.loading_country_am),
        },
        discharge: Port {
            code: export.port_of_discharge.clone(),
            name: row.discharge_name,
            country: country(row.discharge_country, row.discharge_country_en, row.discharge_country_am),
        },
        bank_permit: row.bank_permit_number,
        permit: row.permit_number,
        carrier: Bilingual::new(row.carrier_en, row.carrier_am),
        booking: row.booking_number,
        bill_of_lading: row.bill_of_lading_number,
        on_board: row.on_board_date,
        chamber_certificate: row.chamber_certificate,
        ico_mark: row.ico_mark,
        quality_certificates: row.quality_certificates,
        notify: row.notify_address,
        containers: list_containers(connection, export.id).await?,
        terms: seller::store::find_terms(connection, export.exporter_organization_id).await?,
        accounts: usable_accounts(connection, &export).await?,
        hs_codes: list_hs_codes(connection, today).await?,
        in_force: list_in_force(connection, export.id).await?,
        invoice_number: row.invoice_number,
        export,
    })
}

async fn list_containers(connection: &mut PgConnection, export: ExportId) -> sqlx::Result<Vec<RecordedContainer>> {
    sqlx::query_as!(
        RecordedContainer,
        "select container_number as number, container_type, seal_number as seal, packages, net_kg, gross_kg
         from export_containers
         where export_id = $1
         order by container_number",
        export as ExportId,
    )
    .fetch_all(connection)
    .await
}

/// The seller's accounts that an invoice of the export may name.
async fn usable_accounts(connection: &mut PgConnection, export: &Export) -> sqlx::Result<Vec<SellerAccount>> {
    let mut accounts = seller::store::list_accounts(connection, export.exporter_organization_id).await?;
    accounts.retain(|account| {
        account.is_open && account.bank == export.bank_organization_id && account.currency == export.currency
    });
    Ok(accounts)
}

async fn list_hs_codes(connection: &mut PgConnection, today: NaiveDate) -> sqlx::Result<Vec<HsCode>> {
    let rows = sqlx::query!(
        r#"select hs_code as "hs_code: String", coffee_form, name, name_am
           from hs_codes
           where valid_from <= $1 and (valid_to is null or valid_to >= $1)
           order by hs_code"#,
        today,
    )
    .fetch_all(connection)
    .await?;
    let code = |code, en: String, am: String, coffee_form| HsCode { code, name: Bilingual::new(en, am), coffee_form };
    Ok(rows.into_iter().map(|row| code(row.hs_code, row.name, row.name_am, row.coffee_form)).collect())
}

/// The papers of the set that are in force, the oldest first.
async fn list_in_force(connection: &mut PgConnection, export: ExportId) -> sqlx::Result<Vec<InForce>> {
    let rows = sqlx::query!(
        r#"select c.paper_id as "id: PaperId", c.kind as "kind: PaperKind", c.series_number, c.revision,
               c.asked as "asked: Json<BTreeMap<String, String>>", p.snapshot as "snapshot: Json<Snapshot>"
           from commercial_papers c
           join issued_papers p on p.paper_id = c.paper_id
           where c.export_id = $1
             and not exists (select from paper_withdrawals w where w.paper_id = c.paper_id)
           order by p.issued_at, p.paper_id"#,
        export as ExportId,
    )
    .fetch_all(connection)
    .await?;
    let mut papers = Vec::with_capacity(rows.len());
    for row in rows {
        // The CHECK of the table has no other kinds.
        let (Some(kind), Snapshot::Commercial(said)) = (row.kind.commercial(), row.snapshot.0) else { continue };
        papers.push(InForce {
            id: row.id,
            kind,
            series_number: row.series_number,
            revision: row.revision,
            asked: row.asked.0,
            bags: said.weights.bags,
            net_kg: said.weights.net_kg,
            loads: loads_of(&said),
            charges: charges_of(&said),
            voyage: (said.route.vessel, said.route.voyage),
            bill_of_lading: said.references.bill_of_lading,
        });
    }
    Ok(papers)
}

fn charges_of(said: &CommercialSnapshot) -> Option<rust_decimal::Decimal> {
    match &said.body {
        CommercialBody::Proforma(body) | CommercialBody::Invoice(body) => Some(body.price.total_by_kilogram),
        CommercialBody::PackingList(_)
        | CommercialBody::ShippingInstruction(_)
        | CommercialBody::WeightCertificate(_)
        | CommercialBody::WayBill(_) => None,
    }
}

fn loads_of(said: &CommercialSnapshot) -> Vec<super::figures::Load> {
    match &said.body {
        CommercialBody::PackingList(body) => body.loads.clone(),
        CommercialBody::WeightCertificate(body) => body.loads.clone(),
        CommercialBody::Proforma(_)
        | CommercialBody::Invoice(_)
        | CommercialBody::ShippingInstruction(_)
        | CommercialBody::WayBill(_) => Vec::new(),
    }
}

/// The number that the paper of `kind` had before, withdrawn or not, of those that an export has one of; and the
/// last revision of `series_number`.
pub(super) async fn find_series_number(
    connection: &mut PgConnection,
    export: ExportId,
    kind: CommercialKind,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar!(
        "select series_number from commercial_papers where export_id = $1 and kind = $2 limit 1",
        export as ExportId,
        kind.paper().code(),
    )
    .fetch_optional(connection)
    .await
}

/// How often a paper of `kind` was issued under `series_number`.
pub(super) async fn count_revisions(
    connection: &mut PgConnection,
    owner: OrganizationId,
    kind: CommercialKind,
    series_number: &str,
) -> sqlx::Result<i32> {
    sqlx::query_scalar!(
        r#"select coalesce(max(revision), 0) as "revision!"
           from commercial_papers
           where organization_id = $1 and kind = $2 and series_number = $3"#,
        owner as OrganizationId,
        kind.paper().code(),
        series_number,
    )
    .fetch_one(connection)
    .await
}

/// What was typed for a paper, and its place among its corrections.
pub(super) struct NewCommercial<'a> {
    pub paper: PaperId,
    pub owner: OrganizationId,
    pub export: ExportId,
    pub kind: CommercialKind,
    pub series_number: &'a str,
    pub revision: i32,
    pub asked: &'a BTreeMap<String, String>,
}

pub(super) async fn insert_commercial(connection: &mut PgConnection, new: &NewCommercial<'_>) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into commercial_papers (paper_id, organization_id, export_id, kind, series_number, revision, asked)
         values ($1, $2, $3, $4, $5, $6, $7)",
        new.paper as PaperId,
        new.owner as OrganizationId,
        new.export as ExportId,
        new.kind.paper().code(),
        new.series_number,
        new.revision,
        Json(new.asked) as _,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Takes a paper out of force, for the one in its place or for nothing.
pub(super) async fn insert_withdrawal(
    connection: &mut PgConnection,
    paper: PaperId,
    replaced_by: Option<PaperId>,
    reason: &str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into paper_withdrawals (paper_id, replaced_by, reason, organization_id, withdrawn_by, withdrawn_at)
         values ($1, $2, $3, $4, $5, $6)",
        paper as PaperId,
        replaced_by as Option<PaperId>,
        reason,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The export of a paper of the set and which one it is, if the viewer's organisation has issued it.
pub(super) async fn find_export_of(
    connection: &mut PgConnection,
    paper: PaperId,
) -> sqlx::Result<Option<(ExportId, CommercialKind)>> {
    let row = sqlx::query!(
        r#"select export_id as "export_id: ExportId", kind as "kind: PaperKind"
           from commercial_papers
           where paper_id = $1"#,
        paper as PaperId,
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.and_then(|row| Some((row.export_id, row.kind.commercial()?))))
}
