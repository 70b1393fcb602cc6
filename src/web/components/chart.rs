//! Horizontal bars as SVG, drawn on the server; the figures stand in a table beside them.

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

/// Where one bar is drawn, in the units of the drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// Its upper edge.
    pub y: usize,
    /// Where its texts stand.
    pub text_y: usize,
    /// Its length.
    pub length: f64,
    /// Where its figure stands.
    pub figure_x: f64,
}

impl BarChart {
    /// The width of the drawing.
    pub const WIDTH: usize = 640;
    const LABELS: usize = 200;
    const FIGURES: usize = 60;
    const ROW: usize = 28;

    /// The height of the drawing.
    #[must_use]
    pub fn height(&self) -> usize {
        self.bars.len() * Self::ROW + 4
    }

    /// Where the bars begin.
    #[must_use]
    pub const fn left(&self) -> usize {
        Self::LABELS
    }

    /// Each bar with its place.
    #[must_use]
    pub fn placed(&self) -> Vec<(&Bar, Placed)> {
        let longest = self.bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
        #[allow(clippy::cast_precision_loss, reason = "a drawing of a few hundred units")]
        let room = (Self::WIDTH - Self::LABELS - Self::FIGURES) as f64;
        #[allow(clippy::cast_precision_loss, reason = "a drawing of a few hundred units")]
        let left = Self::LABELS as f64;
        self.bars
            .iter()
            .enumerate()
            .map(|(row, bar)| {
                let share = if longest > 0.0 { bar.value.max(0.0) / longest } else { 0.0 };
                let length = (share * room * 10.0).round() / 10.0;
                let y = row * Self::ROW + 4;
                (bar, Placed { y, text_y: y + 15, length, figure_x: left + length + 8.0 })
            })
            .collect()
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
        let lengths: Vec<_> = chart.placed().iter().map(|(_, place)| place.length).collect();
        assert_eq!(lengths, [380.0, 190.0]);
        chart.bars = vec![bar(0.0)];
        assert_eq!(chart.placed()[0].1.length, 0.0);
    }
}
