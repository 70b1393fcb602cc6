//! A profile on its pages: the fields of its form and of its decisions, and what the authority has noted.

use super::form::ProfileOffer;
use super::model::{BusinessType, Profile};
use super::service::Profiles;
use crate::app::AppState;
use crate::i18n::Lang;
use crate::quantities::grouped_fixed;
use crate::registration::applications::{Case, Named, Shown};
use crate::review::Act;
use crate::web::components::{Choice, Fact, Field, FieldGroup, Moment};

impl Shown for Profiles {
    const FIELDS: &'static [&'static str] = &[
        "business_name",
        "business_type",
        "tin",
        "declared_capital",
        "office_address",
        "region",
        "city",
        "zone",
        "sub_city",
        "woreda",
        "house_number",
        "contact_person",
        "email",
        "phone",
        "bank",
        "bank_branch",
        "account_number",
        "swift_code",
        "trade_license_number",
        "trade_license_expires_on",
        "vat_number",
        "investment_registration",
        "tax_clearance_number",
        "chamber_membership",
    ];

    const DECISION_FIELDS: &'static [&'static str] = &[
        "capital_amount",
        "capital_bank",
        "capital_certificate_number",
        "capital_certificate_date",
        "ico_exporter_code",
    ];

    type Subject<'a> = Self;

    fn subject(_: &AppState) -> Self {
        Self
    }

    fn fields(offer: &ProfileOffer, lang: Lang) -> Vec<FieldGroup> {
        fields(offer, lang)
    }

    fn decision_fields(case: &Case<Profile>, _: &ProfileOffer, act: &Act, lang: Lang) -> Vec<FieldGroup> {
        match act.code {
            "verify-capital" => vec![FieldGroup::plain(vec![
                Field::number("capital_amount", lang.t("profile-capital-amount"), "ETB"),
                Field::text("capital_bank", lang.t("profile-capital-bank")),
                Field::text("capital_certificate_number", lang.t("profile-capital-certificate")),
                Field::date("capital_certificate_date", lang.t("profile-capital-date")),
            ])],
            "give-code" => vec![FieldGroup::plain(vec![
                Field::text("ico_exporter_code", lang.t("profile-exporter-code"))
                    .hint(lang.t("profile-hint-exporter-code"))
                    .width(4)
                    .value(case.answers.noted.ico_exporter_code.clone().unwrap_or_default()),
            ])],
            _ => Vec::new(),
        }
    }

    fn more_facts(case: &Case<Profile>, lang: Lang) -> Vec<(String, Vec<Fact>)> {
        let noted = &case.answers.noted;
        let mut facts = Vec::new();
        if let Some(threshold) = case.facts.threshold {
            let amount = format!("ETB {}", grouped_fixed(threshold, 2));
            facts.push(Fact::new(lang.t("profile-threshold"), amount).note(lang.t("profile-threshold-note")));
        }
        if let Some(amount) = noted.verified_capital {
            facts.push(Fact::new(lang.t("profile-verified-capital"), format!("ETB {}", grouped_fixed(amount, 2))));
        }
        let optional = [
            ("profile-capital-bank", noted.capital_bank.clone()),
            ("profile-capital-certificate", noted.capital_certificate_number.clone()),
            ("profile-capital-date", noted.capital_certificate_date.map(|day| Moment::day(lang, day).text)),
            ("profile-verified-by", noted.capital_verifier.clone()),
            ("profile-verified-at", noted.capital_verified_at.map(|at| Moment::at(lang, at).text)),
            ("profile-exporter-code", noted.ico_exporter_code.clone()),
        ];
        facts.extend(optional.into_iter().filter_map(|(id, value)| Some(Fact::new(lang.t(id), value?))));
        vec![(lang.t("profile-group-capital"), facts)]
    }

    fn lead(_: &Case<Profile>, lang: Lang) -> Vec<String> {
        vec![lang.t("profile-lead-approve")]
    }
}

/// A choice in the language of who reads.
fn choice(named: &Named, lang: Lang) -> Choice {
    Choice::new(named.code.clone(), named.name(lang))
}

/// The fields, empty.
fn fields(offer: &ProfileOffer, lang: Lang) -> Vec<FieldGroup> {
    let label = |name: &str| lang.t(&format!("profile-field-{name}"));
    let optional = |field: Field| field.optional();
    let types = BusinessType::ALL
        .iter()
        .map(|kind| Choice::new(kind.code(), lang.name_of("business-type", kind.code())))
        .collect();
    let choose = || Choice::new("", lang.t("field-choose"));
    let regions = std::iter::once(choose()).chain(offer.regions.iter().map(|region| choice(region, lang))).collect();
    let banks = std::iter::once(choose()).chain(offer.banks.iter().map(|bank| choice(bank, lang))).collect();
    vec![
        FieldGroup::titled(
            lang.t("profile-group-business"),
            vec![
                Field::text("business_name", lang.t("field-business-name")).wide(),
                Field::radios("business_type", lang.t("field-business-type"), types),
                Field::text("tin", label("tin")).hint(lang.t("profile-hint-tin")).width(10),
                Field::number("declared_capital", label("declared-capital"), "ETB")
                    .hint(lang.t("profile-hint-capital"))
                    .value("0"),
            ],
        ),
        FieldGroup::titled(
            lang.t("profile-group-address"),
            vec![
                Field::text("office_address", label("office-address")).wide(),
                Field::select("region", label("region"), regions),
                optional(Field::text("city", label("city"))),
                optional(Field::text("zone", label("zone"))),
                optional(Field::text("sub_city", label("sub-city"))),
                optional(Field::text("woreda", label("woreda"))),
                optional(Field::text("house_number", label("house-number"))),
            ],
        ),
        FieldGroup::titled(
            lang.t("profile-group-contact"),
            vec![
                Field::text("contact_person", label("contact-person")),
                Field::text("email", lang.t("field-email")),
                Field::text("phone", label("phone")).hint(lang.t("profile-hint-phone")),
            ],
        ),
        FieldGroup::titled(
            lang.t("profile-group-bank"),
            vec![
                optional(Field::select("bank", label("bank"), banks)),
                optional(Field::text("bank_branch", label("bank-branch"))),
                optional(Field::text("account_number", label("account-number"))),
                optional(Field::text("swift_code", label("swift-code"))),
            ],
        ),
        FieldGroup::titled(
            lang.t("profile-group-papers"),
            vec![
                optional(Field::text("trade_license_number", label("trade-license-number"))),
                optional(Field::date("trade_license_expires_on", label("trade-license-expires-on"))),
                optional(Field::text("vat_number", label("vat-number"))),
                optional(Field::text("investment_registration", label("investment-registration"))),
                optional(Field::text("tax_clearance_number", label("tax-clearance-number"))),
                optional(Field::text("chamber_membership", label("chamber-membership"))),
            ],
        ),
    ]
}
