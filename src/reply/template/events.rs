//! What is said of events: one in full, a few each on a line, many by their number, their spread and the first ones.

use super::Saying;
use super::clean::{RECORD, WORD, capital, clean};
use super::describe::{Kinds, Leaf};
use super::number::{number, percent_of_one};
use super::words::Of;
use crate::answer::{Event, Events, Hits};
use crate::question::reading::{Area, EventType, Gender, Order, OrderBy, Pick, Wants};
use crate::reply::Statement;

/// Up to this many events are each given a line.
const FEW: usize = 5;
/// Of more than a few, this many are.
const FIRST: usize = 3;

impl Saying<'_> {
    /// Line by line.
    pub(super) fn events(&self, events: &Events) -> Vec<Statement> {
        let total = events.ids.len();
        let (order, pick) = self.wanted();
        let text = match (total, pick) {
            (0, Pick::Nth(place)) => {
                self.open(false, &self.tongue.none_ranked(&self.tongue.ranked(order, place, &self.what)))
            }
            (0, _) => self.none(),
            (1, _) if events.shown.len() == 1 => {
                events.shown.first().map_or_else(String::new, |event| self.one(event, order, pick))
            }
            _ => return self.several(events, order, pick),
        };
        vec![stated(text, &events.shown)]
    }

    /// What a search found, each on a line, as far as a reply is read.
    pub(super) fn hits(&self, hits: &Hits) -> Vec<Statement> {
        let events = &hits.events.shown;
        if events.is_empty() {
            return vec![stated(self.none(), &[])];
        }
        let mut said = vec![stated(capital(&self.tongue.likely(hits.hits.len())), events)];
        let lines = events.iter().take(FEW);
        said.extend(
            lines.map(|event| stated(format!("- {}", self.line(event, Order::TIME)), std::slice::from_ref(event))),
        );
        let more = hits.hits.len().saturating_sub(FEW);
        if more > 0 {
            said.push(stated(self.tongue.more_events(more), events));
        }
        said
    }

    /// A partial reading says nothing sure of the order.
    fn wanted(&self) -> (Order, Pick) {
        match &self.reading.wants {
            Wants::Events { order, pick } if self.whole => (*order, *pick),
            _ => (Order::TIME, Pick::All),
        }
    }

    fn one(&self, event: &Event, order: Order, pick: Pick) -> String {
        let tongue = self.tongue;
        let moment = self.moment(event.timestamp);
        let ranked = match pick {
            Pick::Top(1) => Some(tongue.ranked(order, 1, &self.what)),
            Pick::Nth(place) => Some(tongue.ranked(order, place, &self.what)),
            Pick::Top(_) | Pick::All => None,
        };
        let at = tongue.at(std::slice::from_ref(&moment));
        let first = match ranked {
            Some(ranked) if self.reading.asks_when => tongue.happened(&at, &ranked, false),
            Some(ranked) => tongue.ranked_at(&ranked, &moment),
            None => tongue.happened(&at, &self.kind_of(event), false),
        };
        let mut said = vec![self.open(true, &first)];
        if let Pick::Top(asked @ 2..) = pick {
            said.push(tongue.fewer_than_asked(asked));
        }
        let facts: Vec<String> = self.who(event).into_iter().chain(self.place(event)).collect();
        if !facts.is_empty() {
            said.push(self.sentence(&facts.join(tongue.comma())));
        }
        said.extend(self.told(event));
        said.extend(self.length(event, order).map(|length| self.sentence(&length)));
        said.push(self.sentence(&self.confidence(event)));
        said.join(tongue.gap())
    }

    fn sentence(&self, words: &str) -> String {
        format!("{}{}", capital(words), self.tongue.stop())
    }

    fn several(&self, events: &Events, order: Order, pick: Pick) -> Vec<Statement> {
        let tongue = self.tongue;
        let total = events.ids.len();
        let many = total > 1;
        let top = matches!(pick, Pick::Top(asked @ 2..) if same(asked, total));
        let things = match total {
            _ if top => tongue.top(order, total, &self.what),
            1 => tongue.one(&self.what),
            _ => tongue.several(total, &self.what),
        };
        let few = total <= FEW;
        let all_shown = events.shown.len() >= total;
        let when = if few && all_shown {
            let moments: Vec<String> = events.shown.iter().map(|event| self.moment(event.timestamp)).collect();
            Some(tongue.at(&moments))
        } else {
            events.spread.map(|(first, last)| tongue.between(&self.moment(first), &self.moment(last)))
        };
        let first = match when {
            Some(when) if self.reading.asks_when => tongue.happened(&when, &things, many),
            _ if top => tongue.these(&things),
            _ => tongue.detected(&things, many),
        };
        let mut said = self.open(true, &first);
        if let Pick::Top(asked) = pick
            && usize::try_from(asked).is_ok_and(|asked| asked > total)
        {
            said.push_str(tongue.gap());
            said.push_str(&tongue.fewer_than_asked(asked));
        }
        if let (Some((first, last)), false, false) = (events.spread, few, self.reading.asks_when) {
            said.push_str(tongue.gap());
            said.push_str(&tongue.spread(&self.moment(first), &self.moment(last)));
        }
        let listed = &events.shown[..events.shown.len().min(if few { FEW } else { FIRST })];
        let sorted = (order != Order::TIME).then(|| tongue.sorted(order));
        let cut = listed.len() < total && !listed.is_empty();
        let mut lines = vec![stated(said, &events.shown)];
        if cut {
            lines.push(stated(tongue.first_few(listed.len(), sorted), listed));
        } else if let (Some(sorted), false) = (sorted, top) {
            lines.push(stated(format!("{}{}", capital(sorted), tongue.colon()), listed));
        }
        for event in listed {
            lines.push(stated(format!("- {}", self.line(event, order)), std::slice::from_ref(event)));
        }
        if cut {
            lines.push(stated(tongue.more_events(total - listed.len()), &events.shown[listed.len()..]));
        }
        lines
    }

    fn line(&self, event: &Event, order: Order) -> String {
        let kind = EventType::parse(&event.event_type)
            .map_or_else(|| self.word(&event.event_type), |kind| self.tongue.event_type(kind).to_owned());
        let told = self.record(event).or_else(|| self.doing(event));
        let facts = [self.who(event), self.place(event), told, self.length(event, order)];
        let facts: Vec<String> = [self.moment(event.timestamp), kind]
            .into_iter()
            .chain(facts.into_iter().flatten())
            .chain([self.confidence(event)])
            .collect();
        facts.join(" · ")
    }

    /// The event by its own kind.
    fn kind_of(&self, event: &Event) -> String {
        let kinds = match EventType::parse(&event.event_type) {
            Some(kind) => Kinds::Listed(vec![kind]),
            None => Kinds::Every,
        };
        self.tongue.one(&self.tongue.phrase(&kinds, &[], false))
    }

    fn who(&self, event: &Event) -> Option<String> {
        let gender = match event.gender.as_deref() {
            Some("male") => Some(Gender::Male),
            Some("female") => Some(Gender::Female),
            _ => None,
        };
        self.tongue.who(gender, event.age.map(number).as_deref())
    }

    fn place(&self, event: &Event) -> Option<String> {
        let named = event.location.as_deref().map(|text| clean(text, WORD).text).filter(|text| !text.is_empty());
        let side = || area(event.area.as_deref()?).map(|area| self.tongue.area_of_frame(area));
        named.map(|text| self.tongue.leaf(&Leaf::Place(&self.tongue.quote(&text)))).or_else(side)
    }

    /// The record's own words as a sentence, else what the person was seen doing.
    fn told(&self, event: &Event) -> Option<String> {
        let said = self.record(event).map(|record| self.tongue.recorded(&record));
        said.or_else(|| self.doing(event).map(|doing| self.sentence(&self.tongue.action(&doing))))
    }

    fn record(&self, event: &Event) -> Option<String> {
        let text = clean(event.description.as_deref()?, RECORD);
        let quoted = (!text.text.is_empty()).then(|| self.tongue.quote(&text.text))?;
        Some(if text.cut { self.tongue.shortened(&quoted) } else { quoted })
    }

    fn doing(&self, event: &Event) -> Option<String> {
        let text = clean(event.action_detected.as_deref()?, WORD).text;
        (!text.is_empty()).then(|| self.tongue.quote(&text))
    }

    /// Said where the order is by it.
    fn length(&self, event: &Event, order: Order) -> Option<String> {
        (order.by == OrderBy::Duration)
            .then(|| self.tongue.length(&self.tongue.amount(&number(event.duration), Of::Seconds)))
    }

    fn confidence(&self, event: &Event) -> String {
        self.tongue.confidence(&percent_of_one(event.confidence))
    }

    /// A short text of a row, as it is written there.
    pub(super) fn word(&self, text: &str) -> String {
        self.tongue.quote(&clean(text, WORD).text)
    }
}

/// As the column `area` has it.
pub(super) fn area(text: &str) -> Option<Area> {
    match text {
        "left" => Some(Area::Left),
        "center" => Some(Area::Center),
        "right" => Some(Area::Right),
        _ => None,
    }
}

fn stated(text: String, events: &[Event]) -> Statement {
    Statement { text, event_ids: events.iter().map(|event| event.id).collect() }
}

fn same(asked: u32, total: usize) -> bool {
    usize::try_from(asked).is_ok_and(|asked| asked == total)
}
