//! Search by meaning and by letters, as one statement: the events of a video that satisfy the certain part of a question,
//! the nearest of them to a vector, and those that share most with its words.
//!
//! Letters are compared as they are, piece by piece, so that any PostgreSQL will do. Up to some thousands of events every
//! one is compared, and none is missed; above that the approximate index is asked, which goes on until it has enough that
//! satisfy the conditions, and letters are left out.

use serde::Serialize;

use super::{
    Bind, Query, Scope,
    compose::{COLUMNS, Sql},
};
use crate::{
    answer::Kind,
    question::{
        Video,
        reading::{Cond, Relation},
    },
};

/// The vectors that are searched: `askline_vectors_ID`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Index {
    pub id: i64,
    pub dimensions: usize,
    /// Numbers of 16 bits, not of 32.
    pub halved: bool,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted<'a> {
    pub filter: &'a Cond,
    pub relation: Option<&'a Relation>,
    /// `None`: the words alone.
    pub near: Option<(Index, Vec<f32>)>,
    pub words: Vec<Word>,
    /// How many each leg finds.
    pub depth: u32,
}

/// A word of the question as it is looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// What a reader is told that an event has.
    pub said: String,
    /// An event that has a smaller part of it does not have it, 0 to 1.
    pub least: f64,
    /// Words next to each other: an event that has them says more, and that none has them says nothing.
    pub phrase: bool,
    pub pieces: Vec<Piece>,
}

/// A stretch of letters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Piece {
    /// In small letters; one that begins with a space begins a word.
    pub text: String,
    /// A regular expression that an event with the text has to match, too.
    pub pattern: Option<String>,
    /// How much of its word it is; parts beyond 1 together are 1.
    pub part: f64,
}

/// How events are compared with the vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Each of them.
    Exact,
    /// Through the approximate index.
    Approximate,
}

/// The statement; its rows are events with cosine, rank by it, share of the words' weight, rank by that, how many
/// events were compared (NULL where nobody counted), and the words that the event has.
pub fn search(wanted: &Wanted<'_>, video: &Video, effort: Effort) -> Query {
    let mut sql = Sql { binds: vec![Bind::Int(video.id)], clock: false };
    let mut filter = "e.video_id = $1".to_owned();
    if *wanted.filter != Cond::all() {
        filter.push_str(" AND ");
        filter.push_str(&sql.cond(wanted.filter, "e"));
    }
    if let Some(relation) = wanted.relation {
        filter.push_str(" AND ");
        filter.push_str(&sql.relation(relation, wanted.filter));
    }
    let from = sql.from();
    let text = match (&wanted.near, effort) {
        (Some((index, vector)), Effort::Approximate) => {
            let vector = cast(sql.bind(Bind::Vector(vector.clone())), *index);
            let depth = sql.bind(Bind::Int(i64::from(wanted.depth)));
            let table = table(*index);
            format!(
                "WITH near AS MATERIALIZED (SELECT n.event_id, n.embedding <=> {vector} AS distance FROM {table} AS n \
                 WHERE n.video_id = $1 AND EXISTS (SELECT 1 FROM {from} WHERE e.id = n.event_id AND {filter}) \
                 ORDER BY n.embedding <=> {vector} LIMIT {depth}) \
                 SELECT {COLUMNS}, 1 - near.distance, row_number() OVER (ORDER BY near.distance, e.id), NULL::float8, \
                 NULL::bigint, NULL::bigint, NULL::text[] FROM near JOIN db_event AS e ON e.id = near.event_id ORDER BY near.distance, e.id"
            )
        }
        (near, _) => {
            let (join, distance) = match near {
                Some((index, vector)) => (
                    format!("LEFT JOIN {} AS n ON n.video_id = e.video_id AND n.event_id = e.id", table(*index)),
                    format!("n.embedding <=> {}", cast(sql.bind(Bind::Vector(vector.clone())), *index)),
                ),
                None => (String::new(), "NULL::float8".to_owned()),
            };
            let words = sql.bind(Bind::Text(as_json(&wanted.words)));
            let depth = sql.bind(Bind::Int(i64::from(wanted.depth)));
            // For the planner, which else takes a hundred for granted.
            let pieces = wanted.words.iter().map(|word| word.pieces.len()).sum::<usize>();
            // A word weighs the more the fewer events have it; one that none has counts against all.
            format!(
                "WITH scope AS MATERIALIZED (SELECT e.id, {distance} AS distance, \
                 ' ' || lower(concat_ws(' ', e.description, e.action_detected, e.location)) AS words \
                 FROM {from} {join} WHERE {filter}), \
                 size AS MATERIALIZED (SELECT count(*)::float8 AS events FROM scope), \
                 piece AS MATERIALIZED (SELECT * FROM jsonb_to_recordset({words}::jsonb) \
                 AS p (word int, said text, least float8, phrase bool, text text, pattern text, part float8) LIMIT {pieces}), \
                 hit AS MATERIALIZED (SELECT s.id, p.word, min(p.said) AS said, p.phrase, least(1, sum(p.part)) AS part \
                 FROM scope AS s CROSS JOIN piece AS p \
                 WHERE CASE WHEN strpos(s.words, p.text) > 0 THEN p.pattern IS NULL OR s.words ~ p.pattern ELSE false END \
                 GROUP BY s.id, p.word, p.phrase, p.least HAVING sum(p.part) >= p.least - 1e-9), \
                 weight AS MATERIALIZED (SELECT p.word, CASE WHEN p.phrase AND count(h.id) = 0 THEN 0 ELSE \
                 ln(1 + (size.events - coalesce(sum(h.part), 0) + 0.5) / (coalesce(sum(h.part), 0) + 0.5)) END AS idf \
                 FROM (SELECT DISTINCT word, phrase FROM piece) AS p CROSS JOIN size LEFT JOIN hit AS h USING (word) \
                 GROUP BY p.word, p.phrase, size.events), \
                 lexical AS (SELECT share.*, row_number() OVER (ORDER BY share DESC, id) AS rank FROM (SELECT h.id, \
                 sum(w.idf * h.part) / nullif((SELECT sum(idf) FROM weight), 0) AS share, \
                 array_agg(h.said ORDER BY h.word) FILTER (WHERE NOT h.phrase) AS said \
                 FROM hit AS h JOIN weight AS w USING (word) GROUP BY h.id) AS share), \
                 near AS (SELECT id, distance, row_number() OVER (ORDER BY distance, id) AS rank FROM scope \
                 WHERE distance IS NOT NULL), \
                 best AS (SELECT id FROM near WHERE rank <= {depth} UNION SELECT id FROM lexical WHERE rank <= {depth}) \
                 SELECT {COLUMNS}, 1 - near.distance, near.rank, lexical.share::float8, lexical.rank, \
                 (SELECT events::bigint FROM size), lexical.said FROM best JOIN db_event AS e USING (id) \
                 LEFT JOIN near USING (id) LEFT JOIN lexical USING (id) ORDER BY near.rank, lexical.rank, e.id"
            )
        }
    };
    Query { text, binds: sql.binds, kind: Kind::Hits, scope: Some(Scope::video(video.id)), foreign: false }
}

/// How many events satisfy the conditions, counted up to `most` and one more.
pub fn candidates(wanted: &Wanted<'_>, video: &Video, most: i64) -> Query {
    let mut sql = Sql { binds: vec![Bind::Int(video.id)], clock: false };
    let mut filter = sql.cond(wanted.filter, "e");
    if let Some(relation) = wanted.relation {
        filter = format!("{filter} AND {}", sql.relation(relation, wanted.filter));
    }
    let most = sql.bind(Bind::Int(most.saturating_add(1)));
    let from = sql.from();
    let text = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE e.video_id = $1 AND {filter} LIMIT {most}) AS counted"
    );
    Query { text, binds: sql.binds, kind: Kind::Scalar, scope: Some(Scope::video(video.id)), foreign: false }
}

/// How many events that satisfy the conditions have no document in the index, counted up to 1,000.
pub fn unindexed(wanted: &Wanted<'_>, index: Index, video: &Video) -> Query {
    let mut sql = Sql { binds: vec![Bind::Int(video.id)], clock: false };
    let mut filter = sql.cond(wanted.filter, "e");
    if let Some(relation) = wanted.relation {
        filter = format!("{filter} AND {}", sql.relation(relation, wanted.filter));
    }
    let (from, table) = (sql.from(), table(index));
    let text = format!(
        "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE e.video_id = $1 AND {filter} AND NOT EXISTS \
         (SELECT 1 FROM {table} AS n WHERE n.video_id = e.video_id AND n.event_id = e.id) LIMIT 1000) AS missing"
    );
    Query { text, binds: sql.binds, kind: Kind::Scalar, scope: Some(Scope::video(video.id)), foreign: false }
}

/// Those of the events that are of the video and satisfy the conditions: what others say of them is not taken for true.
pub fn among(ids: &[i64], filter: &Cond, relation: Option<&Relation>, video: &Video) -> Query {
    let mut sql = Sql { binds: vec![Bind::Int(video.id)], clock: false };
    let among = sql.bind(Bind::Ints(ids.to_vec()));
    let mut conditions = format!("e.video_id = $1 AND e.id = ANY ({among}::bigint[])");
    if *filter != Cond::all() {
        conditions.push_str(&format!(" AND {}", sql.cond(filter, "e")));
    }
    if let Some(relation) = relation {
        conditions.push_str(&format!(" AND {}", sql.relation(relation, filter)));
    }
    let text = format!(
        "SELECT {COLUMNS}, NULL::float8, NULL::bigint, NULL::float8, NULL::bigint, NULL::bigint, NULL::text[] FROM {} WHERE {conditions} \
         ORDER BY e.id",
        sql.from()
    );
    Query { text, binds: sql.binds, kind: Kind::Hits, scope: Some(Scope::video(video.id)), foreign: false }
}

/// One object a piece, with its word's number and properties.
fn as_json(words: &[Word]) -> String {
    #[derive(Serialize)]
    struct Row<'w> {
        word: usize,
        said: &'w str,
        least: f64,
        phrase: bool,
        #[serde(flatten)]
        piece: &'w Piece,
    }
    let rows = words.iter().enumerate().flat_map(|(word, Word { said, least, phrase, pieces })| {
        pieces.iter().map(move |piece| Row { word, said, least: *least, phrase: *phrase, piece })
    });
    serde_json::to_string(&rows.collect::<Vec<_>>()).unwrap_or_else(|_| "[]".to_owned())
}

/// (id, what is said of the event before it and of the one after it, a line each), for events of a video.
pub fn neighbours(ids: Vec<i64>, video: &Video) -> Query {
    let side = |compared: &str, order: &str| {
        format!(
            "(SELECT n.description FROM db_event AS n WHERE n.video_id = $1 AND n.description <> '' AND (n.timestamp, n.id) \
             {compared} (e.timestamp, e.id) ORDER BY n.timestamp {order}, n.id {order} LIMIT 1)"
        )
    };
    let text = format!(
        "SELECT e.id, concat_ws(chr(10), {}, {}) FROM db_event AS e WHERE e.video_id = $1 AND e.id = ANY($2)",
        side("<", "DESC"),
        side(">", "ASC")
    );
    let binds = vec![Bind::Int(video.id), Bind::Ints(ids)];
    Query { text, binds, kind: Kind::Groups, scope: Some(Scope::video(video.id)), foreign: false }
}

fn table(index: Index) -> String {
    format!("askline_vectors_{}", index.id)
}

/// In a query of its own, which is run once: a plan that is used again would read the text anew for every row, 20 µs each.
fn cast(bind: String, index: Index) -> String {
    let kind = if index.halved { "halfvec" } else { "vector" };
    format!("(SELECT {bind}::text::{kind}({}))", index.dimensions)
}
