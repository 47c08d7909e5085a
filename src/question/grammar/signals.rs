//! What speaks against answering, and which video and rows are named by number.

use super::{ItemKind, N, Range, Work};
use crate::question::concept::Concept;
use crate::question::function::Josa;
use crate::question::hangul::Tail;
use crate::question::reading::{Cond, Signal};

pub(super) fn read(work: &mut Work<'_>) {
    numbers(work);
    for i in 0..work.len() {
        let Some(concept) = work.concept(i) else { continue };
        let signal = match concept {
            Concept::DeclineIdentity => Signal::Identity,
            Concept::DeclineSpeech => Signal::Speech,
            Concept::DeclinePrice => Signal::Price,
            Concept::DeclinePrediction | Concept::DateTomorrow => Signal::Prediction,
            Concept::DeclineOutside => Signal::OutsideData,
            Concept::DeclineInjection => Signal::Injection,
            Concept::DeclineOtherVideo => Signal::OtherVideo,
            Concept::DeclineChange if is_request(work, i) => Signal::Change,
            _ => continue,
        };
        work.signal(signal);
        work.consume(i);
    }
}

/// A change is declined only where it is asked for: 지워 줘, "delete …"; not in 삭제된 장면 or "the person who dropped …".
fn is_request(work: &Work<'_>, i: usize) -> bool {
    // "update on the fight": news, not a change.
    if work.english() && work.text(i + 1) == "on" {
        return false;
    }
    // 被删除的, 削除された, 지웠어: done already.
    let done =
        i > 0 && work.text(i - 1) == "被" || work.text(i + 1).starts_with("さ") || work.text(i).chars().any(is_past);
    if done {
        return false;
    }
    if work.english() {
        let Some(before) = i.checked_sub(1) else { return true };
        let opens = |k: usize| {
            work.punct(k, ",.;:'\"!?-")
                || matches!(
                    work.text(k),
                    "please"
                        | "then"
                        | "and"
                        | "to"
                        | "you"
                        | "also"
                        | "just"
                        | "now"
                        | "can"
                        | "could"
                        | "go ahead and"
                        | "&"
                )
                || matches!(
                    work.concept(k),
                    Some(Concept::LogicAnd | Concept::RelLater | Concept::Filler | Concept::AskList)
                )
        };
        return opens(before) || before == 0 && work.is(0, Concept::Filler);
    }
    !matches!(work.nodes[i].tail, Tail::Adnominal)
}

/// "video 3", 3번 영상, "obj_id 7", 7번 사람, "event 42".
fn numbers(work: &mut Work<'_>) {
    for i in 0..work.len() {
        let (value, ordinal) = match work.what(i) {
            Some(N::Number { value, .. }) => (*value, false),
            Some(N::Amount { value, unit: Concept::UnitTimes, .. })
                if work.text(i).ends_with(['번', '호', '号', '番']) =>
            {
                (*value, true)
            }
            _ => continue,
        };
        if value.fract() != 0.0 || work.nodes[i].used {
            continue;
        }
        let number = value as i64;
        let next = if ordinal { past_role(work, i + 1) } else { i + 1 };
        let before = i.checked_sub(1).map(|k| if work.punct(k, "#:=-") { k.saturating_sub(1) } else { k });
        let before = before.map(|k| {
            if matches!(work.text(k), "number" | "no" | "no." | "id" | "is" | "번호" | "番号" | "#") {
                k.saturating_sub(1)
            } else {
                k
            }
        });
        let names = |k: usize| work.concept(k);
        let object = |k: usize| matches!(names(k), Some(Concept::Person | Concept::ColumnPerson));
        let later = if work.is(next, Concept::DeclineOtherVideo) { None } else { Some(next) };
        if ordinal && later.is_some_and(|k| matches!(names(k), Some(Concept::Video)) || is_camera(work.text(k))) {
            video(work, number, i..next + 1);
        } else if let Some(k) = before
            && (names(k) == Some(Concept::Video) || is_camera(work.text(k)))
            && !ordinal
            && k < i
            && !matches!(
                work.what(i + 1),
                Some(N::Concept(Concept::UnitMinute | Concept::UnitSecond | Concept::UnitHour))
            )
        {
            video(work, number, k..i + 1);
        } else if ordinal && object(next) && !matches!(work.text(next), "누가" | "누구") {
            work.put(i, i..next + 1, ItemKind::Person, Cond::Person(number));
        } else if let Some(k) = before
            && k < i
            && (names(k) == Some(Concept::ColumnPerson)
                || work.english()
                    && names(k) == Some(Concept::Person)
                    && matches!(work.text(k), "person" | "individual" | "subject" | "customer"))
        {
            let end = if ordinal || work.is(i + 1, Concept::UnitTimes) { i + 1 + usize::from(!ordinal) } else { i + 1 };
            work.put(k, k..end, ItemKind::Person, Cond::Person(number));
        } else if let Some(k) = before
            && k < i
            && !ordinal
            && (names(k) == Some(Concept::Event) && matches!(work.text(k), "event" | "이벤트" | "사건")
                || work.text(k) == "id")
        {
            work.put(k, k..i + 1, ItemKind::Person, Cond::Id(number));
        }
    }
}

fn video(work: &mut Work<'_>, number: i64, range: Range) {
    if number != work.question.video.id {
        work.signal(Signal::OtherVideo);
    }
    work.consume_all(range);
}

fn is_camera(text: &str) -> bool {
    matches!(
        text,
        "카메라" | "camera" | "cam" | "cctv" | "カメラ" | "摄像头" | "摄像机" | "攝影機" | "clip" | "채널" | "channel"
    )
}

fn past_role(work: &Work<'_>, mut i: usize) -> usize {
    while work.josa(i) == Some(Josa::Role) {
        i += 1;
    }
    i
}

/// Whether a Hangul syllable ends in ㅆ, as the past does.
fn is_past(c: char) -> bool {
    u32::from(c).checked_sub(0xac00).is_some_and(|at| at < 11_172 && at % 28 == 20)
}
