//! STAND-IN, replaced by the reply branch.
use crate::{
    answer::Answer,
    question::{
        Lang, Video,
        reading::{Reading, Signal, Unread},
    },
};
#[derive(Debug, Clone, Copy)]
pub enum Said<'a> {
    Answer(&'a Answer),
    Declined(Signal),
    NotUnderstood(&'a [Unread]),
    CouldNotLook,
}
pub fn say(_lang: Lang, _reading: &Reading, _video: &Video, said: Said<'_>) -> String {
    format!("{said:?}")
}
pub fn could_not_look(_lang: Lang) -> String {
    "could not look".to_owned()
}
