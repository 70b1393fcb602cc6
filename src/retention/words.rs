//! Words that the pages of this area share.

use chrono::{DateTime, Utc};

use super::model::Period;
use crate::calendar::eat_date;
use crate::i18n::Lang;
use crate::ids::UserId;
use crate::organizations::directory::Names;
use crate::quantities::grouped;
use crate::web::components::Moment;

/// A day in both calendars.
pub(super) fn legal(lang: Lang, at: DateTime<Utc>) -> String {
    Moment::legal_day(lang, eat_date(at)).text
}

/// What a person is called.
pub(super) fn name(names: &Names, person: UserId, lang: Lang) -> String {
    names.of(person.0, lang).map_or_else(|| lang.t("audit-unknown"), str::to_owned)
}

/// For how long something is kept.
pub(super) fn said(period: Period, lang: Lang) -> String {
    let counted = |unit: &str, number: i64| lang.t_args(unit, &[("number", number.into())]);
    match period {
        Period::WithWhatItBelongsTo => lang.t("retention-kept-with"),
        Period::AtOnce => lang.t("retention-kept-at-once"),
        Period::Minutes(number) => counted("retention-kept-minutes", number),
        Period::Hours(number) => counted("retention-kept-hours", number),
        Period::Days(number) => counted("retention-kept-days", number),
        Period::Years { years, days } => {
            let arguments = [("number", years.into()), ("days", grouped(days.into()).into())];
            lang.t_args("retention-kept-years", &arguments)
        }
    }
}
