//! Figures, their bars, and how they are printed.

use std::fmt::Debug;

/// What a figure is held against.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub(crate) enum Bar {
    /// It is told, and held against nothing.
    None,
    /// At most this.
    Most(f64),
    /// At least this.
    Least(f64),
    /// In between.
    Between(f64, f64),
}

/// One figure.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Figure {
    /// What was measured.
    what: String,
    measured: f64,
    unit: &'static str,
    bar: Bar,
}

impl Figure {
    pub(crate) fn of(what: impl Into<String>, measured: f64, unit: &'static str, bar: Bar) -> Self {
        Self { what: what.into(), measured, unit, bar }
    }

    /// A figure that explains another.
    pub(crate) fn told(what: impl Into<String>, measured: f64, unit: &'static str) -> Self {
        Self::of(what, measured, unit, Bar::None)
    }

    fn verdict(&self) -> &'static str {
        match self.bar {
            Bar::None => "",
            Bar::Most(most) if self.measured <= most => "holds",
            Bar::Least(least) if self.measured >= least => "holds",
            Bar::Between(least, most) if (least..=most).contains(&self.measured) => "holds",
            Bar::Most(_) | Bar::Least(_) | Bar::Between(..) => "DOES NOT HOLD",
        }
    }
}

/// Prints the figures of a part.
#[allow(clippy::print_stdout, reason = "the report is the tool's purpose")]
pub(crate) fn print(part: impl Debug, figures: &[Figure]) {
    println!("\n## {part:?}\n\n| | measured | bar | |\n|---|---|---|---|");
    for figure in figures {
        let bar = match figure.bar {
            Bar::None => String::new(),
            Bar::Most(most) => format!("≤ {most} {}", figure.unit),
            Bar::Least(least) => format!("≥ {least} {}", figure.unit),
            Bar::Between(least, most) => format!("{least} to {most}"),
        };
        let measured = if figure.measured.abs() >= 1_000.0 {
            format!("{:.0}", figure.measured)
        } else {
            format!("{:.3}", figure.measured)
        };
        println!("| {} | {measured} {} | {bar} | {} |", figure.what, figure.unit, figure.verdict());
    }
}

/// The value below which `percent` of 100 lie; the values are sorted by it.
pub(crate) fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let position = (values.len() * percent / 100).min(values.len().saturating_sub(1));
    values.get(position).copied().unwrap_or_default()
}
