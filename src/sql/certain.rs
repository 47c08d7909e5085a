//! What a question certainly asks of every event of its answer, as SQL: told to whoever writes a statement for it, and
//! held against what that statement returns.

use super::{
    Bind, Query, Scope,
    compose::{COLUMNS, Sql},
};
use crate::{
    answer::Kind,
    question::{
        Video,
        reading::{Cond, Reading, Why},
    },
};

/// Conditions, each on one event. None where the reading leaves open how its parts belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Certain {
    /// `e.event_type = …`, its values readable.
    readable: Vec<String>,
    /// The same with binds.
    texts: Vec<String>,
    binds: Vec<Bind>,
    clock: bool,
}

/// How many breaking events are enough to say so.
const TOLD: usize = 3;

/// A word that is not known may be anything that a description tells, and leaves the rest as it is. One that is known,
/// and could not be used, may turn the meaning of the rest: then nothing is certain.
pub fn certain(reading: &Reading, video: &Video) -> Certain {
    if reading.unread.iter().any(|piece| piece.why == Why::Unclear) {
        return Certain::default();
    }
    let parts = match &reading.filter {
        Cond::All(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut sql = Sql { binds: vec![Bind::Int(video.id)], clock: false };
    let mut texts: Vec<String> = parts.iter().map(|part| sql.cond(part, "e")).collect();
    if let Some(relation) = &reading.relation {
        texts.push(sql.relation(relation, &reading.filter));
    }
    let readable = |text: &String| {
        Query { text: text.clone(), binds: sql.binds.clone(), kind: Kind::Events, scope: None, foreign: false }
            .readable()
    };
    Certain { readable: texts.iter().map(readable).collect(), texts, binds: sql.binds, clock: sql.clock }
}

impl Certain {
    /// The conditions for people and models; the event is `e`, its video, where one speaks of the clock, `v`.
    pub fn readable(&self) -> &[String] {
        &self.readable
    }

    /// How many events satisfy them all: no count can be larger.
    pub fn count(&self, video: &Video) -> Option<Query> {
        if self.texts.is_empty() {
            return None;
        }
        let all: Vec<String> = self.texts.iter().map(|text| format!("({text})")).collect();
        let from = Sql { binds: Vec::new(), clock: self.clock };
        let text = format!("SELECT count(*) FROM {} WHERE e.video_id = $1 AND {}", from.from(), all.join(" AND "));
        let scope = Some(Scope::video(video.id));
        Some(Query { text, binds: self.binds.clone(), kind: Kind::Scalar, scope, foreign: false })
    }

    /// The first few of these events that break a condition; none to ask for where there is no condition.
    pub fn breaking(&self, ids: &[i64], video: &Video) -> Option<Query> {
        if self.texts.is_empty() || ids.is_empty() {
            return None;
        }
        let mut binds = self.binds.clone();
        binds.push(Bind::Ints(ids.to_vec()));
        let all: Vec<String> = self.texts.iter().map(|text| format!("({text})")).collect();
        let from = Sql { binds: Vec::new(), clock: self.clock };
        let text = format!(
            "SELECT {COLUMNS} FROM {} WHERE e.video_id = $1 AND e.id = ANY (${}) AND ({}) IS NOT TRUE \
             ORDER BY e.timestamp, e.id LIMIT {TOLD}",
            from.from(),
            binds.len(),
            all.join(" AND ")
        );
        Some(Query { text, binds, kind: Kind::Events, scope: Some(Scope::video(video.id)), foreign: false })
    }
}
