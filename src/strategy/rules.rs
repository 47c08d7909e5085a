//! The rules: a full reading is composed into one statement and run. A partial one is passed on, never guessed at.

use super::{Attempt, Cause, Passed, StrategyError};
use crate::{
    question::{Video, reading::Reading},
    sql::compose::compose,
    store::{Limits, Reader},
};

pub async fn attempt(
    reading: &Reading,
    video: &Video,
    reader: &Reader,
    limits: Limits,
) -> Result<Attempt, StrategyError> {
    if !reading.unread.is_empty() {
        return Ok(Attempt::Passed(Passed::Unread));
    }
    let Ok(query) = compose(reading, video) else {
        return Ok(Attempt::Passed(Passed::Uncovered));
    };
    match reader.run(&query, limits).await {
        Ok(answer) => Ok(Attempt::Answered { query, answer, explanation: None }),
        Err(error) => Err(StrategyError { query: Some(query), cause: Cause::Store(error) }),
    }
}
