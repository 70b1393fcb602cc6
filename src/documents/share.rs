//! How much of the store is whose. Pure.

/// What an organisation may take of the store, and a person bring in a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shares {
    /// Bytes of an organisation.
    pub bytes: u64,
    /// Files of an organisation.
    pub files: u64,
    /// Files that a person brings from midnight to midnight in Addis Ababa.
    pub files_a_day: u64,
}

impl Default for Shares {
    fn default() -> Self {
        Self { bytes: 2 << 30, files: 20_000, files_a_day: 500 }
    }
}

/// What is taken already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// Bytes of the organisation.
    pub bytes: u64,
    /// Files of the organisation.
    pub files: u64,
    /// Files that the person has brought today.
    pub today: u64,
}

impl Used {
    /// The same before a file of so many bytes was counted in.
    #[must_use]
    pub const fn without(self, bytes: u64) -> Self {
        Self {
            bytes: self.bytes.saturating_sub(bytes),
            files: self.files.saturating_sub(1),
            today: self.today.saturating_sub(1),
        }
    }
}

/// Which limit another file would go beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    /// The organisation's bytes.
    Bytes {
        /// How many are taken.
        used: u64,
        /// How many there are.
        limit: u64,
    },
    /// The organisation's files.
    Files {
        /// How many there may be: so many there are.
        limit: u64,
    },
    /// The person's files of the day.
    Today {
        /// How many there may be: so many came.
        limit: u64,
    },
}

impl Shares {
    /// What stands against another file of so many bytes.
    #[must_use]
    pub const fn against(&self, used: Used, adding: u64) -> Option<Exceeded> {
        if used.bytes.saturating_add(adding) > self.bytes {
            Some(Exceeded::Bytes { used: used.bytes, limit: self.bytes })
        } else if used.files >= self.files {
            Some(Exceeded::Files { limit: self.files })
        } else if used.today >= self.files_a_day {
            Some(Exceeded::Today { limit: self.files_a_day })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_file_that_fits_is_taken_and_no_other() {
        let shares = Shares { bytes: 100, files: 3, files_a_day: 2 };
        let used = |bytes, files, today| Used { bytes, files, today };
        assert_eq!(shares.against(used(60, 2, 1), 40), None);
        assert_eq!(shares.against(used(60, 2, 1), 41), Some(Exceeded::Bytes { used: 60, limit: 100 }));
        assert_eq!(shares.against(used(0, 3, 0), 1), Some(Exceeded::Files { limit: 3 }));
        assert_eq!(shares.against(used(0, 0, 2), 1), Some(Exceeded::Today { limit: 2 }));
        assert!(shares.against(used(u64::MAX, 0, 0), u64::MAX).is_some(), "no sum runs over");
        assert_eq!(used(60, 2, 1).without(40), used(20, 1, 0));
    }
}
