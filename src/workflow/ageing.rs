//! How long a case has waited, against the limit of its step.

use super::step::Limit;
use crate::codes::coded_enum;

coded_enum! {
    /// How a waiting case stands.
    Age {
        /// Within its time.
        Fresh = "fresh",
        /// Due: the time is nearly up.
        Due = "due",
        /// Late: the time is over.
        Late = "late",
    }
}

impl Limit {
    /// How a case stands that has waited `working_days`.
    #[must_use]
    pub const fn age(self, working_days: u32) -> Age {
        if working_days >= self.late_days {
            Age::Late
        } else if working_days >= self.warn_days {
            Age::Due
        } else {
            Age::Fresh
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_becomes_due_and_late_on_the_day_of_the_limit() {
        let limit = Limit { warn_days: 1, late_days: 2 };
        assert_eq!(limit.age(0), Age::Fresh);
        assert_eq!(limit.age(1), Age::Due);
        assert_eq!(limit.age(2), Age::Late);
    }
}
