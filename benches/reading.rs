//! Reading and composing one prompt: time (criterion) and allocations.
//!
//! `cargo bench --bench reading`

use askline::question::{Lang, Lexicon, Places, Question, Video, read};
use askline::sql::compose::compose;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

/// Prompts of every kind, in the four languages.
const PROMPTS: [(&str, Lang, &str); 9] = [
    ("ko_range", Lang::Ko, "7분에서 11분 사이에 침입 사건이 있었나요?"),
    ("ko_filters", Lang::Ko, "후반부에 왼쪽에서 40대 남자가 싸운 장면 중 신뢰도 80% 이상인 것만 보여주세요"),
    ("ko_relation", Lang::Ko, "파손 직후 20초 안에 나간 사람은 몇 명인가요"),
    ("ko_groups", Lang::Ko, "유형별로 몇 건씩 있었는지 정리해 주세요"),
    ("en_range", Lang::En, "Was there any fighting between 7 and 11 minutes?"),
    ("en_filters", Lang::En, "women over 60 who fell near the checkout in the last ten minutes"),
    ("en_share", Lang::En, "what percentage of the fights happened in the first half"),
    ("ja", Lang::Ja, "5分から9分の間に倒れた人は何人いますか"),
    ("zh", Lang::Zh, "前半段有几次打架?"),
];

fn video() -> Video {
    let names =
        ["입구", "음료 코너", "계산대", "왼쪽 통로", "checkout", "center aisle", "창가 테이블", "셀프 계산대", "lobby"];
    Video {
        id: 1,
        name: "bench".to_owned(),
        filename: None,
        duration: Some(5400.0),
        recorded_at: "2026-03-02T04:10:00Z".parse().ok(),
        timezone: jiff::tz::TimeZone::get("Asia/Seoul").unwrap_or(jiff::tz::TimeZone::UTC),
        places: Places::new(names.map(str::to_owned)),
    }
}

fn one(prompt: &str, lang: Lang, video: &Video, lexicon: &Lexicon) -> bool {
    let now = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    let question = Question { text: prompt, lang, video, now };
    let reading = read(&question, lexicon);
    compose(&reading, video).is_ok()
}

#[expect(clippy::expect_used, reason = "a benchmark stops where there is nothing to measure")]
fn reading(c: &mut Criterion) {
    let lexicon = Lexicon::builtin().expect("the vocabulary is sound");
    let video = video();
    let mut group = c.benchmark_group("read_and_compose");
    for (name, lang, prompt) in PROMPTS {
        assert!(one(prompt, lang, &video, &lexicon), "{prompt} is not read in full");
        let counted = allocation_counter::measure(|| {
            black_box(one(prompt, lang, &video, &lexicon));
        });
        report(&format!("{name}: {} allocations, {} bytes", counted.count_total, counted.bytes_total));
        group.bench_function(name, |b| b.iter(|| black_box(one(black_box(prompt), lang, &video, &lexicon))));
    }
    group.finish();
}

#[expect(clippy::print_stderr, reason = "a benchmark reports on the terminal")]
fn report(line: &str) {
    eprintln!("{line}");
}

criterion_group!(benches, reading);
criterion_main!(benches);
