//! Figures that an answer accounts for, whatever they are said of: its values, counts, ids, and what follows from them
//! in other units.

use super::figure::{Figure, figures};
use crate::answer::{Answer, Event, Hits, Value};

/// The most rows that a reply lists one by one.
const LISTED: usize = 12;

/// All values that a reply may name.
#[derive(Debug, Clone, Default)]
pub struct Values(Vec<f64>);

impl Values {
    /// As it is, as a percentage, and in minutes and hours, the way lengths and shares are said.
    pub fn add(&mut self, value: f64) {
        if value.is_finite() {
            self.0.extend([value, value * 100.0, value / 60.0, value / 3600.0, value.floor(), value.round()]);
        }
    }

    /// Just as it is.
    pub fn add_exactly(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn add_answer(&mut self, answer: &Answer) {
        match answer {
            Answer::Events(events) | Answer::Hits(Hits { events, .. }) => {
                self.add_counts(events.ids.len());
                self.0.extend(events.ids.iter().map(|id| *id as f64));
                events.shown.iter().for_each(|event| self.add_event(event));
                if let Some((from, to)) = events.spread {
                    self.add(from);
                    self.add(to);
                }
            }
            Answer::Scalar(value) => self.add_value(value),
            Answer::Groups(groups) => {
                self.add_counts(groups.len());
                let mut total = 0.0;
                for (key, value) in groups {
                    self.add_value(key);
                    self.add_value(value);
                    // A decade and an hour are said with their ends.
                    if let (Value::Int(_) | Value::Float(_), Some(key)) = (key, number(key)) {
                        self.0.extend([key + 1.0, key + 9.0, key + 10.0]);
                    }
                    total += number(value).unwrap_or_default();
                }
                self.add(total);
            }
        }
    }

    /// Every figure of a text.
    pub fn add_text(&mut self, text: &str) {
        for figure in figures(text) {
            self.add(figure.value);
        }
    }

    /// As exactly as the figure is written.
    pub fn holds(&self, figure: &Figure) -> bool {
        self.0.iter().any(|value| near(*value, figure))
    }

    /// All of them, those that a reply lists one by one (its first few), and the rest.
    fn add_counts(&mut self, all: usize) {
        self.0.extend((1..=LISTED).filter(|few| *few <= all).flat_map(|few| [few as f64, (all - few) as f64]));
        self.0.extend([0.0, all as f64]);
    }

    fn add_event(&mut self, event: &Event) {
        self.0.push(event.id as f64);
        let figures = [Some(event.timestamp), Some(event.duration), event.age, Some(event.confidence)];
        figures.into_iter().flatten().for_each(|value| self.add(value));
        self.add(event.timestamp + event.duration);
        self.0.extend(event.obj_id.map(|id| id as f64));
    }

    fn add_value(&mut self, value: &Value) {
        match value {
            Value::Text(text) => self.add_text(text),
            other => number(other).into_iter().for_each(|value| self.add(value)),
        }
    }
}

/// A number of a cell that holds one.
pub fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        Value::Null | Value::Text(_) => None,
    }
}

/// As exactly as the figure is written.
pub(super) fn near(value: f64, figure: &Figure) -> bool {
    (value - figure.value).abs() <= figure.step * 1.000_001
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_from_nowhere_is_not_grounded() {
        let mut values = Values::default();
        values.add(750.4);
        values.add(0.953);
        for (text, held) in
            [("12:30", true), ("12:31", false), ("95.3%", true), ("95.4%", false), ("12분 30초", true), ("13", true)]
        {
            assert_eq!(values.holds(&figures(text)[0]), held, "{text}");
        }
    }
}
