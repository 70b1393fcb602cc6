//! The count of one process, and what the database knew of the others' when it was last asked.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Duration, Utc};

use super::RequestLimits;
use super::store::Hits;

/// Counts requests by bucket in windows of time. A window slides: of the one before as much counts as is still within the time.
#[derive(Debug)]
pub struct RequestCounter {
    limits: RequestLimits,
    buckets: Mutex<HashMap<String, Bucket>>,
}

/// One who sends requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Bucket {
    /// Which window the counts are of, from the beginning of time.
    window: i64,
    /// In the window before, by all instances.
    before: i64,
    /// In this window, by all instances, when the database was last asked.
    shared: i64,
    /// In this window, by this instance, and not told yet.
    own: i64,
    /// In the window before, by this instance, and not told yet.
    late: i64,
}

/// What is to be told: of each bucket how it stood. Each has its own window: a request may have begun the next one since who
/// tells has looked at the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Untold(Vec<(String, Bucket)>);

impl Untold {
    /// Whether there is nothing to tell.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Bucket {
    /// As it stands in `window`.
    const fn moved_to(self, window: i64) -> Self {
        match window - self.window {
            ..=0 => self,
            1 => Self { window, before: self.shared + self.own, shared: 0, own: 0, late: self.own },
            // What was not told for longer than a window is too old to count.
            2.. => Self { window, before: 0, shared: 0, own: 0, late: 0 },
        }
    }
}

impl RequestCounter {
    /// A counter that has seen nothing.
    #[must_use]
    pub fn new(limits: RequestLimits) -> Self {
        Self { limits, buckets: Mutex::default() }
    }

    /// How many are answered.
    #[must_use]
    pub const fn limits(&self) -> RequestLimits {
        self.limits
    }

    /// Counts one request of `bucket` at `now`.
    ///
    /// # Errors
    /// When the next one would be answered, if there are `most` already; this one is not counted then.
    pub fn take(&self, bucket: &str, most: u32, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        let (window, elapsed) = self.place_of(now);
        let mut buckets = self.lock();
        let found = buckets.entry(bucket.to_owned()).or_insert(Bucket { window, ..Bucket::default() });
        *found = found.moved_to(window);
        if let Some(wait) = wait(*found, i64::from(most), elapsed, self.length()) {
            return Err(now + Duration::milliseconds(wait));
        }
        found.own += 1;
        Ok(())
    }

    /// What was counted here and not told yet, at `now`.
    pub(super) fn untold(&self, now: DateTime<Utc>) -> Untold {
        let (window, _) = self.place_of(now);
        let mut buckets = self.lock();
        for bucket in buckets.values_mut() {
            *bucket = bucket.moved_to(window);
        }
        // Of whom nothing is left to count, nothing is kept; the database knows them still.
        buckets.retain(|_, bucket| bucket.before + bucket.shared + bucket.own + bucket.late > 0);
        let counted = buckets.iter().filter(|(_, bucket)| bucket.own + bucket.late > 0);
        Untold(counted.map(|(name, bucket)| (name.clone(), *bucket)).collect())
    }

    /// What is to be added for `untold`, window by window; and the first window of which all that is counted is to be read.
    pub(super) fn hits_of(&self, untold: &Untold) -> (Vec<Hits>, DateTime<Utc>) {
        let hits = untold.0.iter().flat_map(|(name, bucket)| {
            let of = |window, hits| Hits { bucket: name.clone(), window_start: self.start_of(window), hits };
            [of(bucket.window - 1, bucket.late), of(bucket.window, bucket.own)]
        });
        let first = untold.0.iter().map(|(_, bucket)| bucket.window - 1).min().unwrap_or_default();
        (hits.filter(|hits| hits.hits > 0).collect(), self.start_of(first))
    }

    /// Takes note that `told` was added, and of what all instances have counted by then.
    pub(super) fn learn(&self, told: &Untold, known: &[Hits]) {
        let mut buckets = self.lock();
        for (name, told) in &told.0 {
            let Some(bucket) = buckets.get_mut(name) else { continue };
            // Meanwhile the window may have moved on.
            if bucket.window == told.window {
                bucket.own -= told.own;
                bucket.late -= told.late;
            } else if bucket.window == told.window + 1 {
                bucket.late -= told.own;
            }
        }
        for found in known {
            let Some(bucket) = buckets.get_mut(&found.bucket) else { continue };
            if found.window_start == self.start_of(bucket.window) {
                bucket.shared = found.hits;
            } else if found.window_start == self.start_of(bucket.window - 1) {
                bucket.before = found.hits + bucket.late;
            }
        }
    }

    fn length(&self) -> i64 {
        self.limits.window.num_milliseconds().max(1)
    }

    /// Which window `now` is in, and how many milliseconds of it have gone.
    fn place_of(&self, now: DateTime<Utc>) -> (i64, i64) {
        let at = now.timestamp_millis();
        (at.div_euclid(self.length()), at.rem_euclid(self.length()))
    }

    fn start_of(&self, window: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(window.saturating_mul(self.length())).unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Bucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// For how many milliseconds `bucket` has to wait, when `elapsed` of the window's `length` have gone.
fn wait(bucket: Bucket, most: i64, elapsed: i64, length: i64) -> Option<i64> {
    let current = bucket.shared + bucket.own;
    let counted = |before: i64, current: i64, elapsed: i64| before * (length - elapsed) / length + current;
    if counted(bucket.before, current, elapsed) < most {
        return None;
    }
    // The moment from which so much of `of` has slid out that less than `room` of it counts.
    let slid = |of: i64, room: i64| length - (room * length - 1).max(0) / of.max(1);
    if current < most {
        return Some((slid(bucket.before, most - current) - elapsed).max(1));
    }
    Some(length - elapsed + slid(current, most).max(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MINUTE: i64 = 60_000;
    const LENGTH: i64 = 15 * MINUTE;

    fn counter() -> RequestCounter {
        RequestCounter::new(RequestLimits::default())
    }

    /// A window begins at the full hour.
    fn at(minutes: i64) -> DateTime<Utc> {
        "2026-11-29T09:00:00Z".parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minutes)
    }

    #[test]
    fn a_hundred_are_answered_and_the_next_waits_until_enough_have_slid_out() {
        let counter = counter();
        for _ in 0..100 {
            counter.take("a", 100, at(5)).unwrap();
        }
        let until = counter.take("a", 100, at(5)).unwrap_err();
        assert!(at(15) < until && until <= at(16), "{until}");
        counter.take("a", 100, until).unwrap();
        counter.take("b", 100, at(5)).unwrap();
        // Half a window later half of them count.
        let mut answered = 0;
        while counter.take("a", 100, at(15 + 7)).is_ok() {
            answered += 1;
        }
        assert!((45..=54).contains(&answered), "{answered}");
    }

    #[test]
    fn after_two_windows_nothing_counts() {
        let counter = counter();
        for _ in 0..100 {
            counter.take("a", 100, at(0)).unwrap();
        }
        for _ in 0..100 {
            counter.take("a", 100, at(30)).unwrap();
        }
    }

    /// Tells what `counter` has counted to `database`, as the service does, and lets it learn.
    fn share(counter: &RequestCounter, database: &mut HashMap<(String, DateTime<Utc>), i64>, now: DateTime<Utc>) {
        let untold = counter.untold(now);
        let (hits, since) = counter.hits_of(&untold);
        for added in hits {
            *database.entry((added.bucket, added.window_start)).or_default() += added.hits;
        }
        let is_asked = |name: &str| untold.0.iter().any(|(bucket, _)| bucket == name);
        let known = database.iter().filter(|((name, start), _)| is_asked(name) && *start >= since);
        let known: Vec<Hits> = known
            .map(|((bucket, window_start), hits)| Hits {
                bucket: bucket.clone(),
                window_start: *window_start,
                hits: *hits,
            })
            .collect();
        counter.learn(&untold, &known);
    }

    #[test]
    fn what_is_told_late_counts_in_its_own_window() {
        let (one, two, mut database) = (counter(), counter(), HashMap::new());
        for _ in 0..40 {
            one.take("a", 100, at(14)).unwrap();
            two.take("a", 100, at(14)).unwrap();
        }
        // Neither has told before the next window began.
        share(&one, &mut database, at(16));
        share(&two, &mut database, at(16));
        assert_eq!(database.values().sum::<i64>(), 80);
        assert!(database.keys().all(|(_, start)| *start == at(0)));
        // One second after the window began, nearly all of it counts, for who has just heard of it.
        let mut answered = 0;
        while two.take("a", 100, at(15) + Duration::seconds(61)).is_ok() {
            answered += 1;
        }
        assert!((20..=27).contains(&answered), "{answered}");
    }

    /// Who tells has looked at the clock just before a request has begun the next window.
    #[test]
    fn what_is_told_at_the_turn_of_a_window_counts_once_and_where_it_belongs() {
        let (counter, mut database) = (counter(), HashMap::new());
        for _ in 0..3 {
            counter.take("a", 100, at(14)).unwrap();
        }
        counter.take("a", 100, at(15)).unwrap();
        share(&counter, &mut database, at(14));
        share(&counter, &mut database, at(15));
        let in_window = |minutes: i64| database.get(&("a".to_owned(), at(minutes))).copied();
        assert_eq!((in_window(-15), in_window(0), in_window(15)), (None, Some(3), Some(1)));
        assert!(counter.untold(at(15)).is_empty());
    }

    proptest! {
        #[test]
        fn whatever_the_order_nothing_is_told_twice_or_forgotten(steps in prop::collection::vec((0..2_usize, 0..3_u8, 0..3_i64), 1..200)) {
            let (counters, mut database) = ([counter(), counter()], HashMap::new());
            let (mut now, mut taken) = (at(0), 0_i64);
            for (which, what, minutes) in steps {
                now += Duration::minutes(minutes);
                match what {
                    0 => share(&counters[which], &mut database, now),
                    _ => taken += i64::from(counters[which].take("a", 1_000, now).is_ok()),
                }
                // Told at least once in a window, as once a second is.
                if minutes > 0 {
                    share(&counters[0], &mut database, now);
                    share(&counters[1], &mut database, now);
                }
            }
            share(&counters[0], &mut database, now);
            share(&counters[1], &mut database, now);
            prop_assert_eq!(database.values().sum::<i64>(), taken);
            for counter in &counters {
                prop_assert!(counter.untold(now).is_empty());
            }
        }

        #[test]
        fn who_waits_as_told_is_answered_and_not_a_millisecond_sooner(
            before in 0_i64..500, current in 0_i64..500, most in 1_i64..200, elapsed in 0..LENGTH,
        ) {
            let bucket = Bucket { window: 7, before, shared: current, ..Bucket::default() };
            let Some(wait_for) = wait(bucket, most, elapsed, LENGTH) else {
                prop_assert!(before * (LENGTH - elapsed) / LENGTH + current < most);
                return Ok(());
            };
            prop_assert!(wait_for > 0 && wait_for <= 2 * LENGTH);
            let at = |moment: i64| wait(bucket.moved_to(7 + moment / LENGTH), most, moment % LENGTH, LENGTH);
            prop_assert_eq!(at(elapsed + wait_for), None);
            prop_assert!(at(elapsed + wait_for - 1).is_some());
        }
    }
}
