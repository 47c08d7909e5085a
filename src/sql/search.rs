//! Search by meaning and by letters, as one statement: the events of a video that satisfy the certain part of a question,
//! the nearest of them to a vector, and those that share most with its words.
//!
//! Letters are compared as they are (pieces of two for Korean, stems for English), so that any PostgreSQL will do. Up to
//! some thousands of events every one is compared, and none is missed; above that the approximate index is asked, which
//! goes on until it has enough that satisfy the conditions, and letters are left out.

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
    /// Pieces of words, in small letters.
    pub pieces: Vec<String>,
    /// How many each leg finds.
    pub depth: u32,
}

/// How events are compared with the vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Each of them.
    Exact,
    /// Through the approximate index.
    Approximate,
}

/// The statement; its rows are events with cosine, rank by it, share of the words' weight, rank by that, and how many
/// events were compared (NULL where nobody counted).
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
                 NULL::bigint, NULL::bigint FROM near JOIN db_event AS e ON e.id = near.event_id ORDER BY near.distance, e.id"
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
            let pieces = sql.bind(Bind::Texts(wanted.pieces.clone()));
            let depth = sql.bind(Bind::Int(i64::from(wanted.depth)));
            // A piece weighs the more the fewer events have it; one that none has counts against all.
            format!(
                "WITH scope AS MATERIALIZED (SELECT e.id, {distance} AS distance, \
                 ' ' || lower(concat_ws(' ', e.description, e.action_detected, e.location)) AS words \
                 FROM {from} {join} WHERE {filter}), \
                 size AS MATERIALIZED (SELECT count(*) AS events, avg(length(words))::float8 AS long FROM scope), \
                 hit AS MATERIALIZED (SELECT s.id, p.piece, length(s.words) AS long FROM scope AS s \
                 CROSS JOIN unnest({pieces}::text[]) AS p (piece) WHERE strpos(s.words, p.piece) > 0), \
                 weight AS MATERIALIZED (SELECT p.piece, ln(1 + (size.events - count(h.id) + 0.5)::float8 / (count(h.id) + 0.5)::float8) AS idf \
                 FROM unnest({pieces}::text[]) AS p (piece) CROSS JOIN size LEFT JOIN hit AS h USING (piece) \
                 GROUP BY p.piece, size.events), \
                 lexical AS (SELECT h.id, sum(w.idf) / (SELECT sum(idf) FROM weight) AS share, row_number() OVER (ORDER BY \
                 sum(w.idf) / (0.75 + 0.25 * min(h.long) / nullif((SELECT long FROM size), 0)) DESC, h.id) AS rank \
                 FROM hit AS h JOIN weight AS w USING (piece) GROUP BY h.id), \
                 near AS (SELECT id, distance, row_number() OVER (ORDER BY distance, id) AS rank FROM scope \
                 WHERE distance IS NOT NULL), \
                 best AS (SELECT id FROM near WHERE rank <= {depth} UNION SELECT id FROM lexical WHERE rank <= {depth}) \
                 SELECT {COLUMNS}, 1 - near.distance, near.rank, lexical.share::float8, lexical.rank, \
                 (SELECT events FROM size) FROM best JOIN db_event AS e USING (id) LEFT JOIN near USING (id) \
                 LEFT JOIN lexical USING (id) ORDER BY near.rank, lexical.rank, e.id"
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
        "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE e.video_id = $1 AND {filter} LIMIT {most}) AS enough"
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
        "SELECT {COLUMNS}, NULL::float8, NULL::bigint, NULL::float8, NULL::bigint, NULL::bigint FROM {} WHERE {conditions} \
         ORDER BY e.id",
        sql.from()
    );
    Query { text, binds: sql.binds, kind: Kind::Hits, scope: Some(Scope::video(video.id)), foreign: false }
}

fn table(index: Index) -> String {
    format!("askline_vectors_{}", index.id)
}

fn cast(bind: String, index: Index) -> String {
    let kind = if index.halved { "halfvec" } else { "vector" };
    format!("{bind}::text::{kind}({})", index.dimensions)
}
