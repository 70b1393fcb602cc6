//! Words that the pages of this area share.

use chrono::{DateTime, Utc};

use crate::calendar::eat_date;
use crate::i18n::Lang;
use crate::ids::UserId;
use crate::organizations::directory::Names;
use crate::web::components::Moment;

/// A day in both calendars.
pub(super) fn legal(lang: Lang, at: DateTime<Utc>) -> String {
    Moment::legal_day(lang, eat_date(at)).text
}

/// What a person is called.
pub(super) fn name(names: &Names, person: UserId, lang: Lang) -> String {
    names.of(person.0, lang).map_or_else(|| lang.t("audit-unknown"), str::to_owned)
}
