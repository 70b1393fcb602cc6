//! When somebody is told that the signer does not answer. Pure.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

/// It may be away for so long, as while it is started again, without anybody being told.
const PATIENCE: Duration = Duration::minutes(15);

/// A time in which the signer does not answer, and which is not over as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pki) struct Outage {
    pub id: Uuid,
    /// When it was first found away.
    pub began_at: DateTime<Utc>,
    /// When somebody was told.
    pub raised_at: Option<DateTime<Utc>>,
}

/// What a look at the signer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::pki) enum Turn {
    /// It is away since now.
    Begins,
    /// It has been away for so long that somebody is told.
    Raise,
    /// It is back.
    Ends,
    /// Nothing has changed.
    Nothing,
}

/// What it comes to that the signer answers at `now`, or does not.
pub(in crate::pki) fn turn_of(open: Option<&Outage>, is_there: bool, now: DateTime<Utc>) -> Turn {
    match (open, is_there) {
        (None, true) => Turn::Nothing,
        (None, false) => Turn::Begins,
        (Some(_), true) => Turn::Ends,
        (Some(outage), false) if outage.raised_at.is_none() && now - outage.began_at > PATIENCE => Turn::Raise,
        (Some(_), false) => Turn::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_told_once_after_a_quarter_of_an_hour() {
        let began_at: DateTime<Utc> = "2026-11-29T09:00:00Z".parse().unwrap();
        let after = |minutes| began_at + Duration::minutes(minutes);
        let open = Outage { id: Uuid::from_u128(1), began_at, raised_at: None };
        let told = Outage { raised_at: Some(after(16)), ..open };
        assert_eq!([turn_of(None, true, began_at), turn_of(None, false, began_at)], [Turn::Nothing, Turn::Begins]);
        let away = |minutes| turn_of(Some(&open), false, after(minutes));
        assert_eq!([away(5), away(15), away(16), away(900)], [Turn::Nothing, Turn::Nothing, Turn::Raise, Turn::Raise]);
        assert_eq!(turn_of(Some(&told), false, after(900)), Turn::Nothing);
        assert_eq!([turn_of(Some(&open), true, after(5)), turn_of(Some(&told), true, after(20))], [Turn::Ends; 2]);
    }
}
