//! How long the video is, its name, its file.

use super::words::{asks_amount_of_time, consume_length_words, unit};
use crate::question::concept::Concept;
use crate::question::grammar::Work;
use crate::question::reading::{Scalar, VideoFact, Wants};

/// How long the video is, its name, its file.
pub(super) fn fact(work: &mut Work<'_>) -> Option<Wants> {
    let has_video = work.find(|c| c == Concept::Video);
    let filters = (0..work.len()).any(|i| work.is_item(i)) || work.relation.is_some();
    for i in 0..work.len() {
        let fact = match work.concept(i) {
            Some(Concept::InfoLength) => VideoFact::Length(unit(work)),
            Some(Concept::InfoFilename) => VideoFact::Filename,
            Some(Concept::InfoName) => VideoFact::Name,
            Some(Concept::InfoRecordedAt) => VideoFact::RecordedAt,
            Some(Concept::InfoTimezone) => VideoFact::Timezone,
            _ => continue,
        };
        if filters {
            return None;
        }
        work.consume(i);
        consume_length_words(work);
        return Some(Wants::Scalar(Scalar::Fact(fact)));
    }
    let video = has_video?;
    let how_long =
        work.has(|c| matches!(c, Concept::AskHowLong | Concept::ColumnDuration)) || asks_amount_of_time(work);
    if how_long && !filters && !work.has(|c| matches!(c, Concept::Event | Concept::StatAverage)) {
        let unit = unit(work);
        work.consume(video);
        work.take(Concept::StatTotal);
        consume_length_words(work);
        return Some(Wants::Scalar(Scalar::Fact(VideoFact::Length(unit))));
    }
    None
}
