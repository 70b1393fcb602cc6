//! Contracts in words: prices, terms, what a price was held against. No rule is here.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::auth::{Actor, Permission};
use crate::exports::catalog::Catalog;
use crate::exports::pages::words::{kilograms, money};
use crate::i18n::Lang;
use crate::quantities::{grouped_fixed, per_pound_cents};
use crate::review::{SubjectKind, reads_file};
use crate::sourcing::contracts::model::{Contract, PriceBasis, PriceUnit, Terms};
use crate::sourcing::contracts::price::PriceVerdict;
use crate::sourcing::contracts::revisions::Change;
use crate::sourcing::contracts::rules;
use crate::web::components::{Check, Fact, Moment, Tone};

/// The label of a field.
#[must_use]
pub(super) fn label(field: &str, lang: Lang) -> String {
    lang.name_of("contract-field", field)
}

/// A price for a kilogram and, in dollars, for a pound: `USD 9.6011/kg · 435.50 USc/lb`.
#[must_use]
pub(super) fn price(terms: &Terms) -> String {
    let per_kg = format!("{} {}/kg", terms.currency, terms.price_per_kg.round_dp(4).normalize());
    if terms.currency == "USD" { format!("{per_kg} · {} USc/lb", per_pound_cents(terms.price_per_kg)) } else { per_kg }
}

/// The coffee in a few words.
#[must_use]
pub(super) fn coffee(catalog: &Catalog, terms: &Terms, lang: Lang) -> String {
    let mut words = vec![catalog.coffee(&terms.coffee_type, lang).to_owned()];
    words.extend(terms.processing_method.as_ref().map(|method| lang.name_of("processing", method)));
    words.push(lang.fill("coffee-grade", [("grade", terms.grade.clone())]));
    lang.list(words)
}

fn month(day: NaiveDate, lang: Lang) -> String {
    let text = Moment::day(lang, day).text;
    text.split_once(' ').map_or(text.clone(), |(_, rest)| rest.to_owned())
}

/// What a contract says, in groups.
#[must_use]
pub(super) fn terms(catalog: &Catalog, terms: &Terms, lang: Lang) -> Vec<(String, Vec<Fact>)> {
    let fact = |field: &str, value: String| Fact::new(label(field, lang), value);
    let optional = |field: &str, value: &Option<String>| value.as_ref().map(|value| fact(field, value.clone()));
    let day = |field: &str, value: Option<NaiveDate>| value.map(|day| fact(field, Moment::legal_day(lang, day).text));
    let buyer = &terms.buyer;
    let mut who = vec![fact("buyer_id", buyer.name.clone()).note(catalog.country(&buyer.country, lang))];
    who.extend(optional("buyer_address", &buyer.address));
    who.extend(optional("buyer_email", &buyer.email));
    who.extend(optional("buyer_phone", &buyer.phone));
    who.extend(day("deal_date", terms.deal_date));

    let quantity = fact("quantity", kilograms(terms.quantity));
    let mut what = vec![
        fact("coffee_type", coffee(catalog, terms, lang)),
        if terms.tolerance_pct > Decimal::ZERO {
            quantity.note(format!("± {} %", terms.tolerance_pct.normalize()))
        } else {
            quantity
        },
    ];
    let region = terms.origin_region.as_deref().map(|region| catalog.region(region, lang).to_owned());
    what.extend(optional("origin_region", &region));
    what.extend(optional("crop_year", &terms.crop_year));
    what.extend(terms.packaging.as_ref().map(|code| fact("packaging", lang.name_of("contract-packaging", code))));
    what.extend(optional("quality_standard", &terms.quality_standard));

    let mut paid = vec![
        fact("price_quoted", price(terms)),
        fact("contract_value", money(&terms.currency, terms.contract_value)),
        fact("payment_method", lang.name_of("payment", &terms.payment_method)),
    ];
    if terms.price_basis == PriceBasis::Differential {
        let cents = terms.differential.unwrap_or_default();
        let sign = if cents < Decimal::ZERO { "" } else { "+" };
        let month = terms.basis_month.clone().unwrap_or_default();
        paid.push(fact("differential", format!("{month} {sign}{cents} USc/lb")));
    }
    if terms.price_unit == PriceUnit::CentsPerPound {
        paid[0].note = Some(lang.name_of("contract-unit", terms.price_unit.code()));
    }
    paid.extend(optional("payment_terms", &terms.payment_terms));
    paid.extend(terms.commission_pct.map(|pct| fact("commission_pct", format!("{} %", pct.normalize()))));

    let place = terms.named_place.clone().unwrap_or_default();
    let mut way = vec![
        fact("incoterm", format!("{} {place}", terms.incoterm).trim().to_owned()),
        fact("transport_mode", lang.name_of("contract-transport", &terms.transport_mode)),
    ];
    way.extend(terms.port_of_loading.as_ref().map(|port| fact("port_of_loading", catalog.port(port).to_owned())));
    way.extend(terms.port_of_discharge.as_ref().map(|port| fact("port_of_discharge", catalog.port(port).to_owned())));
    way.extend(terms.shipment_month.map(|day| fact("shipment_month", month(day, lang))));
    way.extend(day("delivery_date", terms.delivery_date));

    let papers: Vec<String> =
        terms.requested_documents.iter().map(|code| catalog.document(code, lang).to_owned()).collect();
    let mut more = Vec::new();
    if !papers.is_empty() {
        more.push(fact("requested_documents", papers.join(", ")));
    }
    if terms.ico_mark_requested {
        more.push(fact("ico_mark_requested", lang.t("contract-yes")));
    }
    more.extend(
        terms.governing_rules.as_ref().map(|code| fact("governing_rules", lang.name_of("contract-rules", code))),
    );
    more.extend(optional("arbitration", &terms.arbitration));
    let mut groups = vec![
        (lang.t("contract-group-parties"), who),
        (lang.t("contract-group-coffee"), what),
        (lang.t("contract-group-price"), paid),
        (lang.t("contract-group-delivery"), way),
    ];
    if !more.is_empty() {
        groups.push((lang.t("contract-group-more"), more));
    }
    groups
}

/// How a price stands to the minimum: by how much, of which week, and by which rates. It leads to the prices of that week whoever
/// may look there.
#[must_use]
pub(super) fn price_checks(verdict: &PriceVerdict, warning: Decimal, viewer: &Actor, lang: Lang) -> Vec<Check> {
    let check = |tone, text| Check { tone, text, href: None };
    let mut checks = Vec::new();
    let price = match verdict {
        PriceVerdict::NoRate => {
            checks.push(check(Tone::Bad, lang.t("contract-check-no-rate")));
            return checks;
        }
        PriceVerdict::NoMinimum(price) => {
            checks.push(check(Tone::Warn, lang.t("contract-check-no-minimum")));
            price
        }
        PriceVerdict::Held { price, minimum, check: compared } => {
            let (id, tone) = if compared.is_acceptable {
                ("contract-check-price-holds", Tone::Good)
            } else {
                ("contract-check-price-below", Tone::Bad)
            };
            let arguments = [
                ("price", price.usd_per_kg.normalize().to_string()),
                ("minimum", minimum.price.usd_per_kg.normalize().to_string()),
                ("gap", compared.gap_percent.abs().normalize().to_string()),
                ("number", minimum.price.number.clone()),
            ];
            checks.push(Check {
                tone,
                text: lang.fill(id, arguments),
                href: viewer
                    .may(Permission::ViewReference)
                    .then(|| format!("/reference/prices?week={}", minimum.price.week)),
            });
            if !minimum.is_of_week {
                let week = [("week", minimum.price.week.to_string())];
                checks.push(check(Tone::Warn, lang.fill("contract-check-last-known", week)));
            }
            price
        }
    };
    if let Some((own, dollar)) = &price.rates {
        let arguments = [
            ("currency", own.currency.clone()),
            ("rate", own.etb_per_unit.normalize().to_string()),
            ("day", Moment::day(lang, own.day).text),
            ("dollar", dollar.etb_per_unit.normalize().to_string()),
            ("dollar_day", Moment::day(lang, dollar.day).text),
        ];
        checks.push(check(Tone::Info, lang.fill("contract-check-rates", arguments)));
    }
    if rules::is_striking(Some(price.usd_per_kg), warning) {
        let arguments = [("limit", warning.normalize().to_string())];
        checks.push(check(Tone::Warn, lang.fill("contract-check-high", arguments)));
    }
    checks
}

/// What the system has checked of a contract, red first.
///
/// Who does not read the contract's papers is told nothing about them.
#[must_use]
pub(super) fn checks(contract: &Contract, warning: Decimal, viewer: &Actor, lang: Lang) -> Vec<Check> {
    let reads_papers = reads_file(SubjectKind::Contract, &contract.standing, viewer);
    let check = |tone, id: &str| Check { tone, text: lang.t(id), href: None };
    let mut checks = price_checks(&contract.verdict, warning, viewer, lang);
    if contract.minimum_overridden {
        checks.push(check(Tone::Warn, "contract-check-overridden"));
    }
    checks.push(match contract.buyer_status.as_deref() {
        Some("VERIFIED") => check(Tone::Good, "contract-check-buyer-verified"),
        Some("REJECTED" | "SUSPENDED") => check(Tone::Bad, "contract-check-buyer-barred"),
        _ if !reads_papers => check(Tone::Info, "contract-check-buyer-unverified"),
        _ if contract.has_paper(rules::BUYER_PAPER) => check(Tone::Info, "contract-check-buyer-paper"),
        _ => check(Tone::Warn, "contract-check-buyer-unknown"),
    });
    if let Some(buyer) = contract.terms.buyer.id.filter(|_| contract.sees_buyer)
        && let Some(last) = checks.last_mut()
    {
        last.href = Some(format!("/buyers/{buyer}"));
    }
    if contract.registered_late {
        checks.push(check(Tone::Warn, "contract-check-late"));
    }
    if let Some(last) = contract.shipment_deadline.filter(|_| contract.standing.state != "CANCELLED") {
        let left = (last - contract.today).num_days();
        let tone = match left {
            ..0 => Tone::Bad,
            0..=30 => Tone::Warn,
            31.. => Tone::Good,
        };
        let id = if left < 0 { "contract-check-ended" } else { "contract-check-ends" };
        let arguments = [("date", Moment::legal_day(lang, last).text.into()), ("days", left.abs().into())];
        checks.push(Check { tone, text: lang.t_args(id, &arguments), href: None });
    }
    checks.sort_by_key(|check| match check.tone {
        Tone::Bad => 0,
        Tone::Warn => 1,
        Tone::Info | Tone::Neutral => 2,
        Tone::Good => 3,
    });
    checks
}

/// What is left of a contract.
#[must_use]
pub(super) fn balance(contract: &Contract, lang: Lang) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new(lang.t("contract-balance-free"), kilograms(contract.free_kg())),
        Fact::new(lang.t("contract-balance-taken"), kilograms(contract.reserved_kg))
            .note(lang.t_args("contract-balance-running", &[("count", contract.running_exports.into())])),
        Fact::new(lang.t("contract-registered-on"), Moment::legal_day(lang, contract.registration_date).text),
    ];
    if let Some(last) = contract.shipment_deadline {
        facts.push(Fact::new(lang.t("contract-ship-by"), Moment::legal_day(lang, last).text));
    }
    if contract.amendment > 0 {
        facts.push(Fact::new(lang.t("contract-amendment"), contract.amendment.to_string()));
    }
    facts
}

/// Changes as facts: old to new.
#[must_use]
pub(super) fn changes(changes: &[Change], lang: Lang) -> Vec<Fact> {
    let shown = |value: &str| if value.is_empty() { "–".to_owned() } else { value.to_owned() };
    changes
        .iter()
        .map(|change| Fact::new(label(&change.field, lang), format!("{} → {}", shown(&change.old), shown(&change.new))))
        .collect()
}

/// An amount of a list.
#[must_use]
pub(super) fn value(currency: &str, value: Decimal) -> String {
    format!("{currency} {}", grouped_fixed(value, 2))
}
