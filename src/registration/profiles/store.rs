//! SQL over `exporter_profiles`.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Bank, BusinessType, Noted, Papers, Place, Profile};
use crate::auth::Actor;
use crate::ids::{OrganizationId, UserId};
use crate::organizations::phone::Phone;

struct Row {
    business_name: String,
    tin: String,
    business_type: BusinessType,
    minimum_capital: Decimal,
    office_address: String,
    city: Option<String>,
    region: Option<String>,
    zone: Option<String>,
    sub_city: Option<String>,
    woreda: Option<String>,
    house_number: Option<String>,
    contact_person: String,
    email: String,
    phone: String,
    bank_organization_id: Option<OrganizationId>,
    bank_branch: Option<String>,
    bank_account_number: Option<String>,
    bank_swift_code: Option<String>,
    trade_license_number: Option<String>,
    trade_license_expires_on: Option<NaiveDate>,
    vat_number: Option<String>,
    investment_registration: Option<String>,
    tax_clearance_number: Option<String>,
    chamber_membership: Option<String>,
    capital_verified_by: Option<Uuid>,
    capital_verification_date: Option<DateTime<Utc>>,
    capital_verifier: Option<String>,
    verified_capital: Option<Decimal>,
    capital_bank: Option<String>,
    capital_certificate_number: Option<String>,
    capital_certificate_date: Option<NaiveDate>,
    approved_by: Option<Uuid>,
    ico_exporter_code: Option<String>,
}

impl TryFrom<Row> for Profile {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> sqlx::Result<Self> {
        let broken = |what: &str| sqlx::Error::Decode(format!("a profile's {what}").into());
        Ok(Self {
            tin: row.tin.parse().map_err(|_| broken("TIN"))?,
            phone: Phone::parse(&row.phone).ok_or_else(|| broken("phone"))?,
            business_name: row.business_name,
            business_type: row.business_type,
            declared_capital: row.minimum_capital,
            office_address: row.office_address,
            city: row.city,
            region: row.region.unwrap_or_default(),
            place: Place { zone: row.zone, sub_city: row.sub_city, woreda: row.woreda, house_number: row.house_number },
            contact_person: row.contact_person,
            email: row.email,
            bank: Bank {
                organization: row.bank_organization_id,
                branch: row.bank_branch,
                account_number: row.bank_account_number,
                swift_code: row.bank_swift_code,
            },
            papers: Papers {
                trade_license_number: row.trade_license_number,
                trade_license_expires_on: row.trade_license_expires_on,
                vat_number: row.vat_number,
                investment_registration: row.investment_registration,
                tax_clearance_number: row.tax_clearance_number,
                chamber_membership: row.chamber_membership,
            },
            noted: Noted {
                capital_verified_by: row.capital_verified_by,
                capital_verified_at: row.capital_verification_date,
                capital_verifier: row.capital_verifier,
                verified_capital: row.verified_capital,
                capital_bank: row.capital_bank,
                capital_certificate_number: row.capital_certificate_number,
                capital_certificate_date: row.capital_certificate_date,
                approved_by: row.approved_by,
                ico_exporter_code: row.ico_exporter_code,
            },
        })
    }
}

/// What a profile that the caller has found says.
pub(super) async fn find(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<Option<Profile>> {
    let row = sqlx::query_as!(
        Row,
        r#"select business_name, tin, business_type as "business_type: BusinessType", minimum_capital, office_address, city,
                  region, zone, sub_city, woreda, house_number, contact_person, email, phone,
                  bank_organization_id as "bank_organization_id: OrganizationId", bank_branch, bank_account_number,
                  bank_swift_code, trade_license_number, trade_license_expires_on, vat_number, investment_registration,
                  tax_clearance_number, chamber_membership, capital_verified_by, capital_verification_date,
                  gate.person_name(capital_verified_by) as capital_verifier, verified_capital, capital_bank,
                  capital_certificate_number, capital_certificate_date, approved_by, ico_exporter_code
           from exporter_profiles where exporter_id = $1"#,
        id,
    )
    .fetch_optional(connection)
    .await?;
    row.map(Profile::try_from).transpose()
}

pub(super) async fn insert(
    connection: &mut PgConnection,
    (id, number): (Uuid, &str),
    p: &Profile,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into exporter_profiles (exporter_id, organization_id, user_id, business_name, tin, registration_number,
             business_type, minimum_capital, office_address, city, region, zone, sub_city, woreda, house_number,
             contact_person, email, phone, bank_organization_id, bank_branch, bank_account_number, bank_swift_code,
             trade_license_number, trade_license_expires_on, vat_number, investment_registration, tax_clearance_number,
             chamber_membership, submitted_by, state_since, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
             $25, $26, $27, $28, $3, $29, $29, $29)",
        id,
        actor.organization.id as OrganizationId,
        actor.user_id as UserId,
        p.business_name,
        p.tin.as_str(),
        number,
        p.business_type.code(),
        p.declared_capital,
        p.office_address,
        p.city,
        p.region,
        p.place.zone,
        p.place.sub_city,
        p.place.woreda,
        p.place.house_number,
        p.contact_person,
        p.email,
        p.phone.as_str(),
        p.bank.organization as Option<OrganizationId>,
        p.bank.branch,
        p.bank.account_number,
        p.bank.swift_code,
        p.papers.trade_license_number,
        p.papers.trade_license_expires_on,
        p.papers.vat_number,
        p.papers.investment_registration,
        p.papers.tax_clearance_number,
        p.papers.chamber_membership,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes the form over what was refused or questioned, and hands it in again.
pub(super) async fn update(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    p: &Profile,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update exporter_profiles set business_name = $3, tin = $4, business_type = $5, minimum_capital = $6,
             office_address = $7, city = $8, region = $9, zone = $10, sub_city = $11, woreda = $12, house_number = $13,
             contact_person = $14, email = $15, phone = $16, bank_organization_id = $17, bank_branch = $18,
             bank_account_number = $19, bank_swift_code = $20, trade_license_number = $21, trade_license_expires_on = $22,
             vat_number = $23, investment_registration = $24, tax_clearance_number = $25, chamber_membership = $26,
             status = 'PENDING_APPROVAL', version = version + 1, state_since = $28, submitted_by = $27,
             resubmission_count = resubmission_count + 1, last_resubmitted_at = $28, updated_at = $28
         where exporter_id = $1 and version = $2",
        id,
        version,
        p.business_name,
        p.tin.as_str(),
        p.business_type.code(),
        p.declared_capital,
        p.office_address,
        p.city,
        p.region,
        p.place.zone,
        p.place.sub_city,
        p.place.woreda,
        p.place.house_number,
        p.contact_person,
        p.email,
        p.phone.as_str(),
        p.bank.organization as Option<OrganizationId>,
        p.bank.branch,
        p.bank.account_number,
        p.bank.swift_code,
        p.papers.trade_license_number,
        p.papers.trade_license_expires_on,
        p.papers.vat_number,
        p.papers.investment_registration,
        p.papers.tax_clearance_number,
        p.papers.chamber_membership,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Forgets what was verified: it was of another capital or another kind of business. Runs as the system.
pub(super) async fn forget_capital(connection: &mut PgConnection, id: Uuid) -> sqlx::Result<()> {
    sqlx::query!(
        "update exporter_profiles set capital_verified = false, capital_verification_date = null, capital_verified_by = null,
             capital_proof_document = null, verified_capital = null, capital_bank = null, capital_certificate_number = null,
             capital_certificate_date = null
         where exporter_id = $1 and capital_verified",
        id,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What the authority found in the bank's certificate.
pub(super) struct VerifiedCapital<'a> {
    pub amount: Decimal,
    pub bank: &'a str,
    pub certificate_number: &'a str,
    pub certificate_date: NaiveDate,
    /// The paper's file.
    pub proof: &'a str,
}

pub(super) async fn verify_capital(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    found: &VerifiedCapital<'_>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update exporter_profiles set capital_verified = true, capital_verification_date = $3, capital_verified_by = $4,
             capital_proof_document = $5, verified_capital = $6, capital_bank = $7, capital_certificate_number = $8,
             capital_certificate_date = $9, version = version + 1, updated_at = $3
         where exporter_id = $1 and version = $2",
        id,
        version,
        now,
        actor.user_id as UserId,
        found.proof,
        found.amount,
        found.bank,
        found.certificate_number,
        found.certificate_date,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

pub(super) async fn approve(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update exporter_profiles set status = 'ACTIVE', approved_by = $3, approved_at = $4, state_since = $4,
             version = version + 1, updated_at = $4
         where exporter_id = $1 and version = $2",
        id,
        version,
        actor.user_id as UserId,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// The firm's name and ways to reach it where others read them: as approved. Runs as the system.
pub(super) async fn publish_name(
    connection: &mut PgConnection,
    organization: OrganizationId,
    p: &Profile,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update organizations set name = $2, name_am = case when name_am = name then $2 else name_am end,
             contact_email = $3, contact_phone = $4, address = $5, updated_at = $6
         where organization_id = $1",
        organization as OrganizationId,
        p.business_name,
        p.email,
        p.phone.as_str(),
        p.office_address,
        now,
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Refuses it, with what is kept of refusals for good.
pub(super) async fn reject(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    (reason, line): (&str, &Value),
    actor: &Actor,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update exporter_profiles set status = 'REJECTED', rejected_by = $3, rejected_at = $4, rejection_reason = $5,
             rejection_history = rejection_history || $6::jsonb, state_since = $4, version = version + 1, updated_at = $4
         where exporter_id = $1 and version = $2",
        id,
        version,
        actor.user_id as UserId,
        now,
        reason,
        line,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

pub(super) async fn move_to(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    to: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update exporter_profiles set status = $3, state_since = $4, version = version + 1, updated_at = $4
         where exporter_id = $1 and version = $2",
        id,
        version,
        to,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}

pub(super) async fn give_code(
    connection: &mut PgConnection,
    (id, version): (Uuid, i32),
    code: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let updated = sqlx::query!(
        "update exporter_profiles set ico_exporter_code = $3, version = version + 1, updated_at = $4
         where exporter_id = $1 and version = $2",
        id,
        version,
        code,
        now,
    )
    .execute(connection)
    .await?;
    Ok(updated.rows_affected() == 1)
}
