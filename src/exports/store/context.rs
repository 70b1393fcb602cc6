//! The SQL of what the rules need beside the export: other rows' facts, parameters in force, missing documents.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::documents::checklist::{Requirement, required};
use crate::exports::model::{ApprovalKind, Export, Stage};
use crate::exports::rules::{self, checklist};
use crate::exports::rules::{
    AskedExtension, Context, FirstApproval, InspectionFacts, LotShare, PermitFacts, PriorDecision,
};
use crate::ids::{ContractId, ExportId, ExporterId, UserId};

/// What the rules need beside the export, in one round trip.
pub(in crate::exports) async fn read_context(
    connection: &mut PgConnection,
    export: &Export,
    today: NaiveDate,
) -> sqlx::Result<Context> {
    let row = sqlx::query!(
        r#"select
            array(select a.approval_type || '|' || a.approved_by from export_approvals a
                  where a.export_id = $1 and a.status = 'APPROVED' and a.superseded_at is null) as "prior!",
            p.nbe_delinquent as "delinquent?",
            coalesce(gate.is_qualified($2), false) as "qualified!",
            coalesce(c.status, '') as "contract_status!",
            coalesce((select (c.currency, c.price_per_kg, c.grade, c.incoterms, c.payment_method, c.transport_mode,
                              c.buyer_name, c.buyer_country, c.buyer_address, c.buyer_email, c.requested_documents)
                             is distinct from
                             (x.currency, x.price_per_kg, x.grade, x.incoterm, x.payment_method, x.transport_mode,
                              x.buyer_name, x.buyer_country, x.buyer_address, x.buyer_email, x.requested_documents)
                      from exports x where x.export_id = $1), false) as "contract_terms_differ!",
            array(select concat_ws('|', i.quality_certificate_number, i.inspection_date, i.final_grade, i.passed,
                                   i.total_score, i.moisture_content)
                  from export_lots l
                  join coffee_lots h on h.lot_id = l.lot_id
                  join quality_inspections i on i.inspection_id = h.inspection_id
                  where l.export_id = $1) as "inspections!",
            array(select x.lot_id || '|' || x.quantity_kg || '|' || l.ecx_lot_number
                  from export_lots x join coffee_lots l on l.lot_id = x.lot_id
                  where x.export_id = $1 order by x.lot_id) as "lots!",
            array(select k.container_number from export_containers k
                  where k.export_id = $1 order by k.container_number) as "containers!",
            gate.person_name($3) as claimed_by_name,
            q.asked_until as "asked_until?", q.reason as "asked_because?", q.asked_at as "asked_at?",
            coalesce(gate.person_name($4), '') as "changed_by_name!",
            f.first_approved_by as "first_by?: UserId", f.first_approved_at as "first_at?",
            gate.person_name(f.first_approved_by) as first_by_name, f.approval_data as "first_facts?",
            exists (select from certificates_of_origin o
                    where o.export_id = $1 and o.kind = 'ICO' and o.status = 'ISSUED') as "has_certificate!",
            e.permit_number as "permit_number?", e.status as "permit_status?", e.valid_until as "permit_valid_until?",
            array(select distinct on (v.key) v.key || '|' || v.value from parameters v where v.valid_from <= $5
                  order by v.key, v.valid_from desc) as "parameters!",
            (select o.ico_port_code from ports o where o.port_code = $7) as ico_port_code,
            array(select r.valid_from || '|' || r.retain_pct from fx_retention_rules r
                  order by r.valid_from desc) as "retention!",
            array(select r.document_type || '|' || r.condition || '|' || r.condition_value || '|'
                         || r.needed_for_stage || '|' || t.provided_by
                  from document_requirements r
                  join document_types t on t.document_type = r.document_type
                  where r.valid_from <= $5 and (r.valid_to is null or r.valid_to >= $5)
                  order by t.sort_order, r.condition, r.condition_value) as "requirements!",
            coalesce((select d.is_eu from countries d where d.country_code = $8), false) as "is_eu!",
            (select max(s.due_to) from settlement_extensions s where s.export_id = $1) as extended_to,
            (select coalesce(sum(s.received_amount), 0) from export_settlements s
             where s.export_id = $1) as "proceeds_received!"
           from (select 1) one
           left join exporter_profiles p on p.exporter_id = $2
           left join sales_contracts c on c.contract_id = $6
           left join extension_requests q on q.export_id = $1 and q.answer is null
           left join export_approvals f
                on f.export_id = $1 and f.status = 'PENDING' and f.superseded_at is null
           left join lateral (select * from export_permits x where x.export_id = $1
                              order by x.created_at desc, x.permit_id desc limit 1) e on true"#,
        export.id as ExportId,
        export.exporter_id as ExporterId,
        export.claimed_by as Option<UserId>,
        export.changed_by as UserId,
        today,
        export.contract_id as ContractId,
        export.port_of_loading,
        export.destination_country,
    )
    .fetch_one(&mut *connection)
    .await?;
    let requirements: Vec<Requirement> = row.requirements.iter().filter_map(|text| parse_requirement(text)).collect();
    let parameters: BTreeMap<&str, Decimal> = row.parameters.iter().filter_map(|text| parse_parameter(text)).collect();
    let number =
        |key: &str, default: i64| parameters.get(key).and_then(|value| i64::try_from(*value).ok()).unwrap_or(default);
    Ok(Context {
        today,
        missing_documents: checklist::missing(export, &requirements, row.is_eu),
        required: required(&requirements, &checklist::terms_of(export, row.is_eu)).into_iter().cloned().collect(),
        prior: row.prior.iter().filter_map(|text| parse_prior(text)).collect(),
        first_approval: match (row.first_by, row.first_at, row.first_facts) {
            (Some(by), Some(at), Some(facts)) => {
                Some(FirstApproval { by, by_name: row.first_by_name.unwrap_or_default(), at, facts })
            }
            _ => None,
        },
        delinquent: row.delinquent.unwrap_or(false),
        qualified: row.qualified,
        contract_status: row.contract_status,
        contract_terms_differ: row.contract_terms_differ,
        inspections: row.inspections.iter().filter_map(|text| parse_inspection(text)).collect(),
        lots: row.lots.iter().filter_map(|text| parse_lot(text)).collect(),
        has_certificate: row.has_certificate,
        ground: if export.state.stage == Stage::Permit {
            Some(super::permits::read_ground(&mut *connection, export, today).await?)
        } else {
            None
        },
        letter: if rules::is_paid_by_letter(export) {
            super::letters::find_letter(connection, export).await?
        } else {
            None
        },
        permit: match (row.permit_number, row.permit_status, row.permit_valid_until) {
            (Some(number), Some(status), Some(valid_until)) => Some(PermitFacts { number, status, valid_until }),
            _ => None,
        },
        containers: row.containers,
        claimed_by_name: row.claimed_by_name,
        changed_by_name: row.changed_by_name,
        second_officer_above: parameters.get("second_officer_above").copied().unwrap_or(Decimal::MAX),
        asked_extension: match (row.asked_until, row.asked_because, row.asked_at) {
            (Some(until), Some(reason), Some(at)) => Some(AskedExtension { until, reason, at }),
            _ => None,
        },
        proceeds_received: row.proceeds_received,
        ledger: if export.state.stage == Stage::Settlement {
            Some(super::settlement::read_ledger(connection, export.id, today).await?)
        } else {
            None
        },
        proceeds_tolerance: parameters.get("proceeds_tolerance").copied().unwrap_or_default(),
        shortfall_second_officer_above: parameters.get("shortfall_second_officer_above").copied().unwrap_or_default(),
        settlement_days: number("settlement_days", 90),
        extended_to: row.extended_to,
        permit_validity_days: number("permit_validity_days", 90),
        claim_takeover_minutes: number("claim_takeover_minutes", 60),
        certificate_warning_days: number("quality_certificate_warning_days", 30),
        ico_port_code: row.ico_port_code,
        retention: row.retention.iter().filter_map(|text| parse_retention(text)).collect(),
    })
}

fn parse_prior(text: &str) -> Option<PriorDecision> {
    let (kind, by) = text.split_once('|')?;
    let kind = ApprovalKind::ALL.iter().copied().find(|candidate| candidate.approval_type() == kind)?;
    Some(PriorDecision { kind, by: by.parse().ok()? })
}

fn parse_inspection(text: &str) -> Option<InspectionFacts> {
    let mut parts = text.split('|');
    Some(InspectionFacts {
        certificate_number: parts.next()?.to_owned(),
        inspected_on: parts.next()?.parse().ok()?,
        final_grade: parts.next()?.to_owned(),
        passed: parts.next()? == "t",
        total_score: parts.next()?.parse().ok()?,
        moisture: parts.next()?.parse().ok()?,
    })
}

fn parse_lot(text: &str) -> Option<LotShare> {
    let mut parts = text.splitn(3, '|');
    let (lot, kg) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    Some(LotShare { lot, kg, number: parts.next()?.to_owned() })
}

fn parse_parameter(text: &str) -> Option<(&str, Decimal)> {
    let (key, value) = text.split_once('|')?;
    Some((key, value.parse().ok()?))
}

fn parse_retention(text: &str) -> Option<(NaiveDate, Decimal)> {
    let (from, percent) = text.split_once('|')?;
    Some((from.parse().ok()?, percent.parse().ok()?))
}

fn parse_requirement(text: &str) -> Option<Requirement> {
    let mut parts = text.split('|').map(str::to_owned);
    Some(Requirement {
        document_type: parts.next()?,
        condition: parts.next()?,
        condition_value: parts.next()?,
        needed_for_stage: parts.next()?,
        provided_by: parts.next()?,
    })
}

/// The rules of the checklist in force on `today`, in the order of the list.
pub(in crate::exports) async fn list_requirements(
    connection: &mut PgConnection,
    today: NaiveDate,
) -> sqlx::Result<Vec<Requirement>> {
    sqlx::query_as!(
        Requirement,
        r#"select r.document_type, r.condition, r.condition_value, r.needed_for_stage, t.provided_by
           from document_requirements r
           join document_types t on t.document_type = r.document_type
           where r.valid_from <= $1 and (r.valid_to is null or r.valid_to >= $1)
           order by t.sort_order, r.condition, r.condition_value"#,
        today
    )
    .fetch_all(connection)
    .await
}
