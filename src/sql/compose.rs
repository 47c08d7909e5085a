//! STAND-IN, replaced by the reader.
use super::Query;
use crate::{answer::Kind, question::{Video, reading::Reading}};
#[derive(Debug)]
pub struct Uncovered;
pub fn compose(_r: &Reading, v: &Video) -> Result<Query, Uncovered> {
    Ok(Query { text: "SELECT * FROM db_event WHERE video_id = $1 ORDER BY timestamp, id".into(), binds: vec![super::Bind::Int(v.id)], kind: Kind::Events })
}
