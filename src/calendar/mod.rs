//! Days as Ethiopia counts them: its time, its calendar, its coffee year, its working days. Pure: what day
//! it is comes in as a parameter.

mod choice;
mod coffee_year;
mod east_africa;
mod ethiopian;
mod expiry;
mod public_holidays;
mod working_days;

pub use choice::Calendar;
pub use coffee_year::CoffeeYear;
pub use east_africa::{eat, eat_date, first_moment, format_date, format_eat, format_time, moment_after, start_of_day};
pub use ethiopian::{EthiopianDate, NoSuchDate};
pub use expiry::Expiry;
pub use public_holidays::{Holiday, PublicHoliday, orthodox_easter, public_holidays};
pub use working_days::{Holidays, is_working_day, working_day_after, working_days_between};
