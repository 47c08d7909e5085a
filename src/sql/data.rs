//! Statements of ours about the data itself, for whoever judges answers on it.

use super::{Bind, Query, Scope};
use crate::answer::Kind;

impl Query {
    /// Which of these events the video has: their numbers.
    pub fn events_there(video: i64, ids: Vec<i64>) -> Self {
        Self {
            text: "SELECT id FROM db_event WHERE video_id = $1 AND id = ANY ($2)".to_owned(),
            binds: vec![Bind::Int(video), Bind::Ints(ids)],
            kind: Kind::Groups,
            scope: Some(Scope::video(video)),
            foreign: false,
        }
    }

    /// One text that is another one as soon as a row of these videos changes, in the order of their numbers.
    pub fn fingerprint(scope: &Scope) -> Self {
        Self {
            text: "SELECT md5(coalesce((SELECT string_agg(md5((to_jsonb(v) - 'created_at')::text), '' ORDER BY v.video_id) \
                   FROM db_video v WHERE v.video_id = ANY ($1)), '') || coalesce((SELECT string_agg(md5(e::text), '' \
                   ORDER BY e.id) FROM db_event e WHERE e.video_id = ANY ($1)), ''))"
                .to_owned(),
            binds: vec![Bind::Ints(scope.ids().to_vec())],
            kind: Kind::Scalar,
            scope: Some(scope.clone()),
            foreign: false,
        }
    }
}
