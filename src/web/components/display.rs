//! Small things that pages show: tags, facts, checks, moments, tiles, paging.

use chrono::{DateTime, Datelike, Duration, NaiveDate, SecondsFormat, Utc};

use crate::{
    calendar::{Calendar, EthiopianDate, eat, eat_date, format_date, format_time, start_of_day},
    i18n::{FluentValue, Lang, Language},
};

/// What a colour says; the text beside it always says it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Under way.
    Info,
    /// In order, done.
    Good,
    /// Needs attention soon.
    Warn,
    /// Late, refused, wrong.
    Bad,
}

impl Tone {
    /// The suffix of its style class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// The sign that goes with the colour.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Neutral => "–",
            Self::Info => "i",
            Self::Good => "✓",
            Self::Warn => "!",
            Self::Bad => "✕",
        }
    }
}

/// A state in a few words, coloured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The words.
    pub text: String,
    /// The colour.
    pub tone: Tone,
}

impl Tag {
    /// A tag that reads `text` in the colour of `tone`.
    #[must_use]
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }
}

/// How long something has waited, against what its step allows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ageing {
    /// In a few words: `4 days`, `due today`.
    pub text: String,
    /// Whether that is fine, soon late, or late.
    pub tone: Tone,
    /// The whole sentence: since when, and until when it is due.
    pub title: String,
}

/// A moment as a machine and as a person read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// For `<time datetime>`.
    pub iso: String,
    /// For people.
    pub text: String,
}

impl Moment {
    /// `at` in East Africa Time, the day in the reader's calendar: `20 Nov 2026, 14:05 EAT`.
    #[must_use]
    pub fn at(lang: Lang, at: DateTime<Utc>) -> Self {
        let local = eat(at);
        let args = [("date", in_calendar(lang, local.date()).into()), ("time", format_time(local).into())];
        Self { iso: at.to_rfc3339_opts(SecondsFormat::Secs, true), text: lang.t_args("gregorian-moment", &args) }
    }

    /// `at` in East Africa Time, the day in both calendars, for what carries legal force.
    #[must_use]
    pub fn legal(lang: Lang, at: DateTime<Utc>) -> Self {
        let local = eat(at);
        let date = Self::legal_day(lang, local.date()).text;
        let args = [("date", date.into()), ("time", format_time(local).into())];
        Self { iso: at.to_rfc3339_opts(SecondsFormat::Secs, true), text: lang.t_args("gregorian-moment", &args) }
    }

    /// The day `date` in the reader's calendar: `20 Nov 2026`.
    #[must_use]
    pub fn day(lang: Lang, date: NaiveDate) -> Self {
        Self { iso: date.to_string(), text: in_calendar(lang, date) }
    }

    /// Where a period begins: its first day where it begins with one, else the moment.
    #[must_use]
    pub fn beginning(lang: Lang, at: DateTime<Utc>) -> Self {
        if at == start_of_day(eat_date(at)) { Self::day(lang, eat_date(at)) } else { Self::at(lang, at) }
    }

    /// Where a period ends: its last day where it ends with one, else the moment. Whoever typed "until 2 December" reads that
    /// day again, and not the midnight after it.
    #[must_use]
    pub fn end(lang: Lang, at: DateTime<Utc>) -> Self {
        if at == start_of_day(eat_date(at)) {
            Self::day(lang, eat_date(at - Duration::seconds(1)))
        } else {
            Self::at(lang, at)
        }
    }

    /// The day `date` in both calendars, the reader's first, for what carries legal force:
    /// `20 Nov 2026 (11 Hidar 2019 E.C.)`.
    #[must_use]
    pub fn legal_day(lang: Lang, date: NaiveDate) -> Self {
        let (first, second) = match lang.calendar {
            Calendar::Gregorian | Calendar::Both => (gregorian(lang, date), ethiopian(lang, date)),
            Calendar::Ethiopian => (ethiopian(lang, date), gregorian(lang, date)),
        };
        Self { iso: date.to_string(), text: format!("{first} ({second})") }
    }
}

/// `date` in the calendar of whoever reads it.
fn in_calendar(lang: Lang, date: NaiveDate) -> String {
    match lang.calendar {
        Calendar::Gregorian => gregorian(lang, date),
        Calendar::Ethiopian => ethiopian(lang, date),
        Calendar::Both => format!("{} ({})", gregorian(lang, date), ethiopian(lang, date)),
    }
}

/// `date` as people read it in `lang`.
fn gregorian(lang: Lang, date: NaiveDate) -> String {
    match lang.language {
        Language::En => format_date(date),
        Language::Am => {
            let month = lang.name_of("gregorian-month", &date.month().to_string());
            let args = [("day", plain(date.day())), ("month", month.into()), ("year", plain(date.year()))];
            lang.t_args("gregorian-date", &args)
        }
    }
}

/// `date` in the Ethiopian calendar, in words.
#[must_use]
pub fn ethiopian(lang: Lang, date: NaiveDate) -> String {
    let date = EthiopianDate::from(date);
    let args = [("day", plain(date.day())), ("month", lang.t(date.month_id()).into()), ("year", plain(date.year()))];
    lang.t_args("ethiopian-date", &args)
}

/// A number without the separators that Fluent would put into a year.
fn plain(number: impl ToString) -> FluentValue<'static> {
    number.to_string().into()
}

/// One line of a list of facts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it is here.
    pub value: String,
    /// A second line: the other calendar, the other unit.
    pub note: Option<String>,
    /// Where more about it is found.
    pub href: Option<String>,
}

impl Fact {
    /// The fact that `label` is `value`.
    #[must_use]
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), note: None, href: None }
    }

    /// With a second line.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// With a link to more.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// One line of what the system has checked before a person decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Whether it is in order.
    pub tone: Tone,
    /// What was checked and what came out, as a sentence.
    pub text: String,
    /// Where the evidence is.
    pub href: Option<String>,
}

/// A figure of the overview, with where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// What is counted.
    pub label: String,
    /// The figure.
    pub value: String,
    /// What it means.
    pub note: Option<String>,
    /// The list behind it.
    pub href: Option<String>,
    /// Whether it is good news.
    pub tone: Tone,
}

/// Where the neighbouring pages of a list are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paging {
    /// The page with newer rows.
    pub newer: Option<String>,
    /// The page with older rows.
    pub older: Option<String>,
    /// What is shown, in words: `Rows 51 to 100`.
    pub shown: String,
}

/// What stands where a list would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmptyState {
    /// What is not here.
    pub title: String,
    /// Why, and what to do.
    pub text: String,
    /// Where to go and how that reads.
    pub action: Option<(String, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_shown_in_east_africa_time_and_the_readers_language() {
        let at = DateTime::from_timestamp(1_795_210_200, 0).unwrap();
        assert_eq!(Moment::at(Lang::EN, at).text, "21 Nov 2026, 00:30 EAT");
        assert_eq!(Moment::at(Lang::AM, at).text, "21 ኖቬምበር 2026፣ 00:30 EAT");
        assert_eq!(Moment::at(Lang::EN, at).iso, "2026-11-20T21:30:00Z");
    }

    #[test]
    fn days_are_shown_in_the_readers_calendar() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 11).unwrap();
        let at = DateTime::from_timestamp(1_789_100_000, 0).unwrap();
        let reads = |lang: Lang, calendar| {
            let lang = lang.with_days_in(calendar);
            (Moment::day(lang, day).text, Moment::at(lang, at).text)
        };
        let text = |day: &str, at: &str| (day.to_owned(), at.to_owned());
        let eth = reads(Lang::EN, Calendar::Ethiopian);
        assert_eq!(eth, text("1 Meskerem 2019 E.C.", "1 Meskerem 2019 E.C., 07:13 EAT"));
        let both = "11 Sep 2026 (1 Meskerem 2019 E.C.)";
        assert_eq!(reads(Lang::EN, Calendar::Both), text(both, &format!("{both}, 07:13 EAT")));
        assert_eq!(reads(Lang::AM, Calendar::Ethiopian).0, "1 መስከረም 2019 ዓ.ም.");
        let legal = Moment::legal_day(Lang::EN.with_days_in(Calendar::Ethiopian), day).text;
        assert_eq!(legal, "1 Meskerem 2019 E.C. (11 Sep 2026)");
    }

    #[test]
    fn every_choice_of_calendar_and_density_has_its_words() {
        for lang in Lang::ALL {
            for calendar in Calendar::ALL {
                assert!(!lang.name_of("calendar", calendar.code()).is_empty());
            }
            for density in crate::web::chrome::Density::ALL {
                assert!(!lang.name_of("density", density.code()).is_empty());
                assert!(!lang.name_of("density-hint", density.code()).is_empty());
            }
        }
    }

    #[test]
    fn days_of_legal_force_show_both_calendars() {
        let day = NaiveDate::from_ymd_opt(2026, 9, 11).unwrap();
        assert_eq!(Moment::legal_day(Lang::EN, day).text, "11 Sep 2026 (1 Meskerem 2019 E.C.)");
        assert_eq!(Moment::legal_day(Lang::AM, day).text, "11 ሴፕቴምበር 2026 (1 መስከረም 2019 ዓ.ም.)");
    }
}
