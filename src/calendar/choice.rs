//! In which calendar a person reads days.

use crate::codes::coded_enum;

coded_enum! {
    /// The calendar in which pages show days. Papers do not ask: they print both, or what their form prescribes.
    #[derive(Default)]
    Calendar {
        /// As trade and banks count: `20 Nov 2026`.
        #[default]
        Gregorian = "GREGORIAN",
        /// As Ethiopia counts: `11 Hidar 2019 E.C.`
        Ethiopian = "ETHIOPIAN",
        /// The one, and the other beside it.
        Both = "BOTH",
    }
}
