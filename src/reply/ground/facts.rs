//! What may be said, by what it is said of: times, ages, shares, counts, numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    claims::claims,
    figure::{Figure, Half, Kind},
    value::near,
};
use crate::{
    answer::Event,
    question::{Video, detect},
};

/// Values, each with the kind it has.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// Seconds.
    pub(super) times: Vec<f64>,
    /// Seconds of the day.
    pub(super) clocks: Vec<f64>,
    /// Years, months and days.
    pub(super) dates: Vec<f64>,
    /// Years.
    pub(super) ages: Vec<f64>,
    /// 0 to 1.
    pub(super) shares: Vec<f64>,
    pub(super) counts: Vec<f64>,
    /// Ids, numbers of persons.
    pub(super) numbers: Vec<f64>,
    /// Nothing is known of their kind.
    pub(super) values: Vec<f64>,
    /// Places in an order: up to this one.
    pub(super) places: f64,
    /// What texts say: of the question, of the rows.
    pub(super) said: Vec<Figure>,
}

impl Facts {
    pub(super) fn add(&mut self, other: &Self) {
        self.times.extend(&other.times);
        self.clocks.extend(&other.clocks);
        self.dates.extend(&other.dates);
        self.ages.extend(&other.ages);
        self.shares.extend(&other.shares);
        self.counts.extend(&other.counts);
        self.numbers.extend(&other.numbers);
        self.values.extend(&other.values);
        self.places = self.places.max(other.places);
        self.said.extend(other.said.iter().cloned());
    }

    /// A moment of the video, also by the wall clock.
    pub(super) fn add_moment(&mut self, video: &Video, seconds: f64) {
        self.times.extend([seconds, seconds.floor()]);
        let Some(local) = video.local(seconds.floor()) else { return };
        let of_day = [local.hour(), local.minute(), local.second()].map(f64::from);
        self.clocks.push(of_day[0] * 3600.0 + of_day[1] * 60.0 + of_day[2]);
        self.dates.extend([f64::from(local.year()), f64::from(local.month()), f64::from(local.day())]);
    }

    pub(super) fn add_event(&mut self, video: &Video, event: &Event) {
        self.add_moment(video, event.timestamp);
        self.add_moment(video, event.timestamp + event.duration);
        self.times.push(event.duration);
        self.ages.extend(event.age);
        self.shares.push(event.confidence);
        self.numbers.push(event.id as f64);
        self.numbers.extend(event.obj_id.map(|id| id as f64));
        texts(event).for_each(|text| self.add_text(text));
    }

    /// What a text says in figures, in whatever language it is.
    pub(super) fn add_text(&mut self, text: &str) {
        self.said.extend(claims(text, detect(text)));
    }

    /// How many there are, and of how many each is said that is said of them.
    pub(super) fn add_tallies(&mut self, events: &[&Event]) {
        self.counts.push(events.len() as f64);
        let mut tallies: BTreeMap<(u8, &str), f64> = BTreeMap::new();
        for event in events {
            let columns = [
                Some(event.event_type.as_str()),
                event.gender.as_deref(),
                event.area.as_deref(),
                event.location.as_deref(),
                event.action_detected.as_deref(),
            ];
            for (column, value) in columns.into_iter().enumerate() {
                if let Some(value) = value {
                    *tallies.entry((column as u8, value)).or_default() += 1.0;
                }
            }
        }
        self.counts.extend(tallies.values());
        self.add_people(events.iter().copied());
        for gender in ["male", "female"] {
            self.add_people(events.iter().copied().filter(|event| event.gender.as_deref() == Some(gender)));
        }
    }

    fn add_people<'a>(&mut self, events: impl Iterator<Item = &'a Event>) {
        let people: BTreeSet<i64> = events.filter_map(|event| event.obj_id).collect();
        if !people.is_empty() {
            self.counts.push(people.len() as f64);
        }
    }

    /// As exactly as the figure is written.
    pub(super) fn hold(&self, figure: &Figure) -> bool {
        let any = |values: &[f64]| values.iter().any(|value| near(*value, figure));
        let times = |values: &[f64], factor: f64| values.iter().any(|value| near(*value * factor, figure));
        let held = match figure.kind {
            Kind::Plain => {
                let lists = [&self.times, &self.ages, &self.shares, &self.counts, &self.numbers, &self.values];
                lists.into_iter().any(|values| any(values)) || times(&self.shares, 100.0)
            }
            Kind::Time => any(&self.times) || [1.0, 60.0, 3600.0].into_iter().any(|unit| times(&self.values, unit)),
            Kind::Colon { parts } => {
                let of_day = if parts == 2 { figure.value * 60.0 } else { figure.value };
                any(&self.times) || any(&self.values) || self.clock(of_day, None, parts == 2, true)
            }
            Kind::Clock { half, minute } => self.clock(figure.value, half, minute, false),
            Kind::Percent => times(&self.shares, 100.0) || any(&self.values) || times(&self.values, 100.0),
            Kind::Age => any(&self.ages) || any(&self.values),
            Kind::Decade => {
                let within = |age: &f64| (figure.value..figure.value + 10.0).contains(age);
                self.ages.iter().any(within) || any(&self.values)
            }
            Kind::Count => any(&self.counts) || any(&self.values),
            Kind::Ordinal => (1.0..=self.places).contains(&figure.value),
            Kind::Number => any(&self.numbers) || any(&self.counts) || any(&self.values),
            Kind::Date => any(&self.dates),
        };
        held || self.said.iter().any(|said| alike(said, figure))
    }

    /// A time of day; without its half it is of either, unless it is `whole`: on the clock of 24 hours.
    fn clock(&self, of_day: f64, half: Option<Half>, minute: bool, whole: bool) -> bool {
        const HALF_DAY: f64 = 43_200.0;
        self.clocks.iter().any(|clock| {
            let clock = if minute { (clock / 60.0).floor() * 60.0 } else { *clock };
            match half {
                Some(Half::Morning) => clock == of_day % HALF_DAY,
                Some(Half::Afternoon) => clock == of_day % HALF_DAY + HALF_DAY,
                None if whole || of_day >= HALF_DAY + 3600.0 => clock == of_day,
                None => clock % HALF_DAY == of_day % HALF_DAY,
            }
        })
    }
}

/// The texts of a row.
pub(super) fn texts(event: &Event) -> impl Iterator<Item = &str> {
    let columns = [Some(&event.event_type), event.action_detected.as_ref(), event.location.as_ref()];
    let more = [event.area.as_ref(), event.description.as_ref()];
    let attributes = event.attributes.values().filter_map(serde_json::Value::as_str);
    columns.into_iter().chain(more).flatten().map(String::as_str).chain(attributes)
}

/// The same figure, said of the same kind of thing.
fn alike(said: &Figure, figure: &Figure) -> bool {
    let time = |kind| matches!(kind, Kind::Time | Kind::Colon { .. });
    let number = |kind| matches!(kind, Kind::Plain | Kind::Count | Kind::Number);
    let kinds = std::mem::discriminant(&said.kind) == std::mem::discriminant(&figure.kind)
        || time(said.kind) && time(figure.kind)
        || number(said.kind) && number(figure.kind);
    kinds && near(said.value, figure)
}
