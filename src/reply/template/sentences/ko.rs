//! Korean sentences.

use super::Tongue;
use crate::question::reading::{Aggregate, Counted, GroupValue, Key, Measure, Order, OrderBy, Signal, VideoFact};
use crate::reply::template::describe::What;
use crate::reply::template::particle::Particle::{Object, Subject, Topic};
use crate::reply::template::particle::with;
use crate::reply::template::words::{Korean, Words};

impl Korean {
    fn aggregate(aggregate: Aggregate, of: Measure) -> String {
        let aggregate = match aggregate {
            Aggregate::Average => "평균",
            Aggregate::Sum => "총",
            Aggregate::Min => "최소",
            Aggregate::Max => "최대",
        };
        let of = match of {
            Measure::Duration => "길이",
            Measure::Age => "나이",
            Measure::Confidence => "신뢰도",
        };
        format!("{aggregate} {of}")
    }

    fn fact_name(fact: VideoFact) -> &'static str {
        match fact {
            VideoFact::Length(_) => "길이",
            VideoFact::Name => "이름",
            VideoFact::Filename => "파일 이름",
            VideoFact::RecordedAt => "녹화 시작 시각",
            VideoFact::Timezone => "표준 시간대",
        }
    }
}

impl Tongue for Korean {
    fn yes(&self) -> &'static str {
        "네, "
    }

    fn no(&self) -> &'static str {
        "아니요, "
    }

    fn none(&self, what: &What) -> String {
        format!("이 영상에 {} 없습니다.", with(&what.many, Topic))
    }

    fn not_found(&self, what: &What) -> String {
        format!("이 영상에서 {} 찾지 못했습니다.", with(&what.many, Object))
    }

    fn none_ranked(&self, ranked: &str) -> String {
        format!("이 영상에 {} 없습니다.", with(ranked, Topic))
    }

    fn happened(&self, when: &str, things: &str, _many: bool) -> String {
        format!("{when} {} 감지되었습니다.", with(things, Subject))
    }

    fn detected(&self, things: &str, _many: bool) -> String {
        format!("{} 감지되었습니다.", with(things, Subject))
    }

    fn ranked_at(&self, ranked: &str, moment: &str) -> String {
        format!("{} {moment}에 감지되었습니다.", with(ranked, Topic))
    }

    fn at(&self, moments: &[String]) -> String {
        format!("{}에", self.list(moments))
    }

    fn between(&self, first: &str, last: &str) -> String {
        format!("{first}에서 {last} 사이에")
    }

    fn these(&self, top: &str) -> String {
        format!("{top}입니다.")
    }

    fn fewer_than_asked(&self, asked: u32) -> String {
        format!("물어보신 {asked}건보다 적습니다.")
    }

    fn spread(&self, first: &str, last: &str) -> String {
        format!("가장 이른 것은 {first}, 가장 늦은 것은 {last}에 있습니다.")
    }

    fn first_few(&self, count: usize, sorted: Option<&str>) -> String {
        match sorted {
            Some(sorted) => format!("앞의 {count}건({sorted}):"),
            None => format!("앞의 {count}건:"),
        }
    }

    fn sorted(&self, order: Order) -> &'static str {
        match (order.by, order.descending) {
            (OrderBy::Time, false) => "이른 순",
            (OrderBy::Time, true) => "늦은 순",
            (OrderBy::Duration, false) => "짧은 순",
            (OrderBy::Duration, true) => "긴 순",
            (OrderBy::Confidence, false) => "신뢰도 낮은 순",
            (OrderBy::Confidence, true) => "신뢰도 높은 순",
            (OrderBy::Age, false) => "나이 적은 순",
            (OrderBy::Age, true) => "나이 많은 순",
        }
    }

    fn more_events(&self, count: usize) -> String {
        format!("그 밖에 {count}건이 더 있습니다.")
    }

    fn more_groups(&self, count: usize) -> String {
        format!("그 밖에 {count}개 항목이 더 있습니다.")
    }

    fn recorded(&self, quoted: &str) -> String {
        format!("기록: {quoted}")
    }

    fn action(&self, quoted: &str) -> String {
        format!("행동: {quoted}")
    }

    fn length(&self, amount: &str) -> String {
        format!("길이 {amount}")
    }

    fn confidence(&self, percent: &str) -> String {
        format!("신뢰도 {percent}")
    }

    fn count(&self, number: &str, counted: Counted, what: &What) -> String {
        match counted {
            Counted::Events => format!("{} 모두 {number}건입니다.", with(&what.many, Topic)),
            Counted::People => format!("{}에 나온 사람은 모두 {number}명입니다.", what.many),
        }
    }

    fn nobody(&self, what: &What) -> String {
        format!("{}에서 추적된 사람은 없습니다(0명).", what.many)
    }

    fn at_least(&self, number: &str, least: u32, what: &What) -> String {
        format!("{} {least}건 이상인 사람은 {number}명입니다.", with(&what.many, Subject))
    }

    fn measure(&self, aggregate: Aggregate, of: Measure, amount: &str, what: &What) -> String {
        format!("{}의 {} {amount}입니다.", what.many, with(&Self::aggregate(aggregate, of), Topic))
    }

    fn no_measure(&self, of: Measure, what: &What) -> String {
        match of {
            Measure::Age => format!("이 영상의 {} 중 나이가 기록된 것이 없어 값이 없습니다.", what.many),
            Measure::Duration | Measure::Confidence => {
                format!("이 영상에 {} 없어 값이 없습니다.", with(&what.many, Subject))
            }
        }
    }

    fn share(&self, percent: &str, what: &What, part: &What, counted: Counted) -> String {
        match counted {
            Counted::Events => format!("{} 중 {}의 비율은 {percent}입니다.", what.many, part.many),
            Counted::People => {
                format!("{}에 나온 사람 중 {}에 나온 사람의 비율은 {percent}입니다.", what.many, part.many)
            }
        }
    }

    fn no_share(&self, what: &What) -> String {
        format!("이 영상에 {} 없어 비율을 말할 수 없습니다.", with(&what.many, Subject))
    }

    fn rate(&self, number: &str, per: f64, counted: Counted, what: &What) -> String {
        let per = match per {
            60.0 => "분".to_owned(),
            3600.0 => "시간".to_owned(),
            per => self.span(per),
        };
        match counted {
            Counted::Events => format!("{} {per}당 {number}건입니다.", with(&what.many, Topic)),
            Counted::People => format!("{}에 나온 사람은 {per}당 {number}명입니다.", what.many),
        }
    }

    fn no_rate(&self) -> &'static str {
        "이 영상의 길이를 알 수 없어 시간당 값을 말할 수 없습니다."
    }

    fn extreme(&self, key: Key, value: &str, least: bool, counted: Counted, what: &What) -> String {
        let most = if least { "적은" } else { "많은" };
        let key = with(&self.key(key), Topic);
        match counted {
            Counted::Events => format!("{} 가장 {most} {key} {value}입니다.", with(&what.many, Subject)),
            Counted::People => format!("{}에 나온 사람이 가장 {most} {key} {value}입니다.", what.many),
        }
    }

    fn no_extreme(&self, key: Key, what: &What) -> String {
        format!("이 영상의 {} 중 {} 기록된 것이 없어 값이 없습니다.", what.many, with(&self.key(key), Subject))
    }

    fn distinct(&self, key: Key, number: &str, what: &What) -> String {
        let unit = if key == Key::Person { "명" } else { "개" };
        format!("{}에 나온 서로 다른 {} {number}{unit}입니다.", what.many, with(&self.key(key), Topic))
    }

    fn fact(&self, fact: VideoFact, value: &str) -> String {
        format!("이 영상의 {} {value}입니다.", with(Self::fact_name(fact), Topic))
    }

    fn no_fact(&self, fact: VideoFact) -> String {
        format!("이 영상의 {} 기록되어 있지 않습니다.", with(Self::fact_name(fact), Topic))
    }

    fn value(&self, value: &str) -> String {
        format!("찾은 값은 {value}입니다.")
    }

    fn no_value(&self) -> &'static str {
        "맞는 것이 없어 값이 없습니다."
    }

    fn blank(&self) -> &'static str {
        "값 없음"
    }

    fn groups(&self, key: Key, value: GroupValue, top: Option<(u32, bool)>, what: &What) -> String {
        let value = match value {
            GroupValue::Count(Counted::Events) => "건수".to_owned(),
            GroupValue::Count(Counted::People) => "사람 수".to_owned(),
            GroupValue::Share(Counted::Events) => "비율".to_owned(),
            GroupValue::Share(Counted::People) => "사람 비율".to_owned(),
            GroupValue::Measure { aggregate, of, .. } => Self::aggregate(aggregate, of),
        };
        let top = match top {
            Some((count, false)) => format!("(상위 {count}개)"),
            Some((count, true)) => format!("(하위 {count}개)"),
            None => String::new(),
        };
        let by = if key == Key::Gender { self.key(key) } else { format!("{}별", self.key(key)) };
        format!("{}의 {by} {value}{top}:", what.many)
    }

    fn any_groups(&self) -> &'static str {
        "찾은 값:"
    }

    fn no_groups(&self, key: Key, what: &What) -> String {
        format!("이 영상의 {} 중 {} 기록된 것이 없습니다.", what.many, with(&self.key(key), Subject))
    }

    fn group(&self, key: &str, value: &str) -> String {
        format!("{key}: {value}")
    }

    fn declined(&self, signal: Signal) -> &'static str {
        match signal {
            Signal::OtherVideo => {
                "지금 고른 영상 하나에 대해서만 답할 수 있습니다. 다른 영상은 그 영상을 고른 다음 물어봐 주세요."
            }
            Signal::Change => {
                "기록은 조회만 할 수 있고 바꾸거나 지울 수 없습니다. 아무것도 바뀌지 않았습니다. 조회할 내용만 따로 물어봐 주세요."
            }
            Signal::Identity => {
                "이름, 연락처, 차량 번호, 얼굴처럼 누구인지는 기록에 없어 답할 수 없습니다. 성별, 나이대, 장소나 ‘7번 인물’ 같은 추적 번호로 물어봐 주세요."
            }
            Signal::Speech => "말과 소리는 기록되지 않아 답할 수 없습니다. 눈에 보이는 행동에 대해 물어봐 주세요.",
            Signal::Price => {
                "가격이나 금액은 기록에 없어 답할 수 없습니다. 도난이나 물건 집기 같은 이벤트에 대해 물어봐 주세요."
            }
            Signal::Prediction => "앞으로 일어날 일은 답할 수 없습니다. 이 영상에서 이미 일어난 일을 물어봐 주세요.",
            Signal::Injection => {
                "시스템에 대한 지시는 따르지 않습니다. 이 영상에서 일어난 일을 평소 말로 물어봐 주세요."
            }
            Signal::OutsideData => {
                "이 영상의 기록으로 답할 수 있는 질문이 아닙니다. ‘10분에서 15분 사이에 도난이 있었나요?’처럼 영상 속 이벤트를 물어봐 주세요."
            }
            Signal::ClockUnknown => {
                "이 영상은 녹화 시각을 알 수 없어 몇 시인지로 묻는 질문에는 답할 수 없습니다. ‘10분에서 15분 사이’처럼 영상 시간으로 물어봐 주세요."
            }
            Signal::LengthUnknown => {
                "이 영상의 길이를 알 수 없어 길이가 필요한 질문에는 답할 수 없습니다. ‘10분 이후’처럼 처음부터 잰 시간으로 물어봐 주세요."
            }
        }
    }

    fn not_understood(&self, quoted: &[String], more: usize, unclear: bool) -> String {
        let more = if more > 0 { format!(" 등 {}개 표현", quoted.len() + more) } else { String::new() };
        let words = format!("{}{more}", self.list(quoted));
        match quoted {
            [] => "질문을 이해하지 못했습니다. 유형, 시간, 장소, 나이, 성별 같은 말로 다시 물어봐 주세요.".to_owned(),
            _ if unclear => format!(
                "{} 한 가지 뜻으로 읽을 수 없습니다. 그 부분을 나누거나 더 자세히 적어 다시 물어봐 주세요.",
                with(&words, Object)
            ),
            _ => format!(
                "{} 이해하지 못했습니다. 그 말을 빼거나 유형, 시간, 장소, 나이, 성별 같은 말로 바꿔 다시 물어봐 주세요.",
                with(&words, Object)
            ),
        }
    }

    fn could_not_look(&self) -> &'static str {
        "지금 기록을 확인하지 못했습니다. 이벤트가 없다는 뜻이 아닙니다. 잠시 후 다시 물어봐 주세요."
    }

    fn nothing_relevant(&self) -> &'static str {
        "설명을 찾아보았지만 질문과 충분히 가까운 것이 없습니다."
    }

    fn likely(&self, count: usize) -> String {
        format!("설명이 질문과 가까운 이벤트 {count}건입니다. 가까운 것부터:")
    }

    fn no_strategy(&self) -> &'static str {
        "이런 질문에 답하는 방식이 지금 꺼져 있어 기록을 찾아보지 않았습니다. 유형, 시간, 장소, 나이, 성별로 물어보시거나 관리자에게 문의해 주세요."
    }
}
