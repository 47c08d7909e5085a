//! Sides of the frame.

use crate::question::concept::Concept;
use crate::question::grammar::{ItemKind, Work};
use crate::question::reading::Cond;

/// 왼쪽에서, "on the left-hand side"; with a place word only where the frame is named too.
pub(super) fn areas(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let Some(Concept::Area(area)) = work.concept(i) else { continue };
        let of_time = (i + 1..(i + 4).min(work.len()))
            .any(|k| work.is(k, Concept::Video) || matches!(work.text(k), "footage" | "third" | "part of the video"))
            && !(i + 1..(i + 4).min(work.len())).any(|k| work.is(k, Concept::AreaFrame));
        if of_time && work.english() {
            work.unclear(i);
            continue;
        }
        let frame_before = (0..i).rev().take(4).any(|k| work.is(k, Concept::AreaFrame));
        let frame_behind = (i + 1..(i + 6).min(work.len())).find(|k| work.is(*k, Concept::AreaFrame));
        let mut next = i + 1;
        while matches!(work.concept(next), Some(Concept::ColumnArea)) || work.text(next) == "side" {
            next += 1;
        }
        let touches = |k: usize| work.is_kind(k, ItemKind::Place);
        let behind_place = i > 0 && touches(i - 1);
        let of_place = matches!(work.text(next), "of") && (next..(next + 3).min(work.len())).any(touches);
        if !frame_before && frame_behind.is_none() && (touches(next) || behind_place || of_place) {
            work.unclear(i);
            continue;
        }
        // "center" of something that is no place word is no area: left unread by the word behind it.
        for k in (0..i).rev().take(4).chain(i + 1..(i + 6).min(work.len())) {
            if work.is(k, Concept::AreaFrame) {
                work.consume(k);
            }
        }
        let stop =
            if work.is(next, Concept::PlaceNear) && matches!(work.text(next), "쪽" | "편") { next + 1 } else { next };
        if work.is(i.wrapping_sub(1), Concept::PlaceNear) && work.english() {
            work.consume(i - 1);
        }
        work.put(i, i..stop, ItemKind::Area, Cond::Area(area));
    }
}
