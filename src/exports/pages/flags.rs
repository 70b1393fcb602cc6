//! What a list says of a case before anybody opens it: a licence near its end, a low price, how often it came back.
//!
//! All of it is on the line or in the catalog: a flag costs no query.

use chrono::NaiveDate;

use crate::auth::{Actor, OrganizationKind};
use crate::calendar::eat_date;
use crate::exports::CaseLine;
use crate::exports::catalog::Catalog;
use crate::i18n::Lang;
use crate::web::components::{Tag, Tone};

/// The flags of a case, the gravest first.
pub(super) fn of(line: &CaseLine, actor: &Actor, catalog: &Catalog, today: NaiveDate, lang: Lang) -> Vec<Tag> {
    let license = catalog.ending_licenses.get(&line.exporter_id).filter(|_| sees_licenses(actor));
    let license = license.map(|last_day| match (*last_day - today).num_days() {
        i64::MIN..=-1 => Tag::new(lang.t("flag-licence-ended"), Tone::Bad),
        left @ 0.. => Tag::new(lang.t_args("flag-licence-ends", &[("days", left.into())]), Tone::Warn),
    });
    let minimum = catalog.minimum_prices.missed_by(
        (&line.currency, line.price_per_kg),
        (&line.coffee_type, &line.grade),
        eat_date(line.created_at),
    );
    let low_price = minimum.map(|_| Tag::new(lang.t("flag-low-price"), Tone::Warn));
    let resubmitted = (line.resubmission_count > 0).then(|| {
        let text = lang.t_args("flag-resubmitted", &[("times", line.resubmission_count.into())]);
        Tag::new(text, Tone::Info)
    });
    [license, low_price, resubmitted].into_iter().flatten().collect()
}

/// Row-level security keeps carriers from the licences of their customers; the catalog is read beneath it.
const fn sees_licenses(actor: &Actor) -> bool {
    match actor.organization.kind {
        OrganizationKind::ShippingLine => false,
        OrganizationKind::Exporter
        | OrganizationKind::CommercialBank
        | OrganizationKind::NationalBank
        | OrganizationKind::Ecta
        | OrganizationKind::Ecx
        | OrganizationKind::Customs
        | OrganizationKind::Auditor
        | OrganizationKind::Administration => true,
    }
}
