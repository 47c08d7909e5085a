//! The sample data, which is part of the program.

use std::{ops::ControlFlow, time::Duration};

use sqlx::PgPool;

use super::{
    super::error::StoreError,
    Input, LoadError, Problems, Writer,
    record::{Row, VideoIn},
    source::Source,
};

const VIDEOS: Input =
    Input::Text { name: "datasets/sample/videos.csv", text: include_str!("../../../datasets/sample/videos.csv") };

const EVENTS_TEXT: &str = include_str!("../../../datasets/sample/events.csv");
const EVENTS: Input = Input::Text { name: "datasets/sample/events.csv", text: EVENTS_TEXT };

impl Writer {
    /// Loads the sample data that is part of the program, unless it is there. Returns whether it was loaded now.
    ///
    /// # Errors
    /// [`LoadError::SampleInTheWay`] rather than overwrite somebody's videos.
    pub async fn load_sample(&self) -> Result<bool, LoadError> {
        match present(&self.pool, &videos()?).await? {
            Present::Whole => Ok(false),
            Present::Other => Err(LoadError::SampleInTheWay),
            Present::Partly => {
                self.load(vec![VIDEOS, EVENTS], |_| {}).await?;
                Ok(true)
            }
        }
    }
}

enum Present {
    Whole,
    /// None of it, or some.
    Partly,
    /// Its numbers belong to other videos.
    Other,
}

/// Looks at the videos' files and at the count of their events: that is quick, and nobody else has those.
async fn present(pool: &PgPool, sample: &[VideoIn]) -> Result<Present, LoadError> {
    let ids: Vec<i64> = sample.iter().filter_map(|video| video.id).collect();
    let found: Vec<(i64, Option<String>, i64)> = sqlx::query_as(
        "SELECT video_id, filename, (SELECT count(*) FROM db_event AS e WHERE e.video_id = v.video_id)
         FROM db_video AS v WHERE video_id = ANY ($1)",
    )
    .bind(&ids)
    .fetch_all(pool)
    .await
    .map_err(|error| StoreError::from_sqlx(&error, Duration::ZERO))?;
    let ours = |id: i64| sample.iter().find(|video| video.id == Some(id)).and_then(|video| video.filename.as_deref());
    if found.iter().any(|(id, filename, _)| filename.as_deref() != ours(*id)) {
        return Ok(Present::Other);
    }
    let events: i64 = found.iter().map(|(_, _, events)| events).sum();
    // A line for each event, and one for the header; no cell of the sample has a line break in it.
    let expected = EVENTS_TEXT.lines().count().saturating_sub(1);
    let whole = found.len() == sample.len() && usize::try_from(events).is_ok_and(|events| events >= expected);
    Ok(if whole { Present::Whole } else { Present::Partly })
}

fn videos() -> Result<Vec<VideoIn>, LoadError> {
    let mut problems = Problems::default();
    let mut videos = Vec::new();
    if let Some(source) = Source::open(&VIDEOS, &mut problems)? {
        source.each_row(&mut problems, &mut |_, row, _| {
            if let Row::Video(video) = row {
                videos.push(video);
            }
            ControlFlow::Continue(())
        })?;
    }
    if problems.total > 0 { Err(LoadError::Bad(problems)) } else { Ok(videos) }
}
