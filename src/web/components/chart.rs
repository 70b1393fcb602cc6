//! Horizontal bars as SVG, drawn on the server inside the table of their figures.

use super::display::Tone;

/// One bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it counts.
    pub label: String,
    /// How long it is.
    pub value: f64,
    /// The figure as it is read.
    pub shown: String,
    /// The list behind it.
    pub href: Option<String>,
    /// Its colour.
    pub tone: Tone,
}

/// A chart of horizontal bars.
#[derive(Debug, Clone, PartialEq)]
pub struct BarChart {
    /// The chart's id on the page.
    pub id: String,
    /// What it shows, as a sentence.
    pub title: String,
    /// What the labels are: `Stage`.
    pub label_heading: String,
    /// What the figures are: `Exports`.
    pub value_heading: String,
    /// The bars, from the top.
    pub bars: Vec<Bar>,
}

impl BarChart {
    /// Each bar with its length in hundredths of the longest.
    #[must_use]
    pub fn lengths(&self) -> Vec<(&Bar, f64)> {
        let longest = self.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
        let share = |value: f64| if longest > 0.0 { value.max(0.0) / longest } else { 0.0 };
        self.bars.iter().map(|bar| (bar, (share(bar.value) * 1_000.0).round() / 10.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_room_and_nothing_divides_by_zero() {
        let bar = |value| Bar { label: String::new(), value, shown: String::new(), href: None, tone: Tone::Info };
        let mut chart = BarChart {
            id: "c".into(),
            title: String::new(),
            label_heading: String::new(),
            value_heading: String::new(),
            bars: vec![bar(10.0), bar(5.0)],
        };
        let lengths: Vec<_> = chart.lengths().iter().map(|(_, length)| *length).collect();
        assert_eq!(lengths, [100.0, 50.0]);
        chart.bars = vec![bar(0.0)];
        assert_eq!(chart.lengths()[0].1, 0.0);
    }
}
