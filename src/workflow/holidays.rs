//! The holiday table, filled from the calendar: ageing counts working days.
//!
//! What an administrator has changed in a year stays: only years without any holiday are filled. The feasts that
//! follow the sighted moon are announced and entered by hand.

use chrono::{Datelike, NaiveDate};
use sqlx::PgConnection;

use super::store;
use crate::calendar::{PublicHoliday, public_holidays};
use crate::i18n::Lang;

/// Cases wait for months and limits run ahead for days; nothing looks farther than this.
const YEARS_AROUND: i32 = 2;

/// Fills the years around `today` that hold no holiday yet; the number of holidays added.
///
/// # Errors
/// When the database cannot be reached.
pub async fn fill(connection: &mut PgConnection, today: NaiveDate) -> sqlx::Result<u64> {
    let years = today.year() - YEARS_AROUND..=today.year() + YEARS_AROUND;
    let holidays: Vec<PublicHoliday> = years.flat_map(public_holidays).collect();
    let days: Vec<NaiveDate> = holidays.iter().map(|holiday| holiday.date).collect();
    let name = |lang: Lang| holidays.iter().map(|holiday| lang.t(holiday.holiday.id())).collect::<Vec<_>>();
    store::insert_holidays(connection, &days, &name(Lang::EN), &name(Lang::AM)).await
}
