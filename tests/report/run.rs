//! A run made by hand: 30 questions in Korean, English and Japanese, asked of two strategies, with every verdict, and texts
//! that try to break out of what they are put in.

use std::collections::BTreeMap;

use askline::{
    eval::{
        case::AskedKind,
        figures::summary,
        record::{CaseRecord, Excerpt, Header, Retrieval, SqlFate, StepRecord, Summary, UsageRecord, Verdict, Why},
    },
    question::Lang,
};

/// Breaks out of a script, an attribute, a table and XML, wherever one of them is not careful.
pub(crate) const HOSTILE: &str =
    "</script><script>document.title='owned'</script> <!-- ]]> \"'&amp; | `a` @team {data} \u{2028}\u{0}\u{1b}[31m 끝";

pub(crate) struct Run {
    pub(crate) summary: Summary,
    pub(crate) records: Vec<CaseRecord>,
}

/// Language, kind, what is asked, gold statement, the statement that ran, tags.
type Question = (Lang, AskedKind, &'static str, &'static str, &'static str, &'static [&'static str]);

const QUESTIONS: [Question; 10] = [
    (
        Lang::Ko,
        AskedKind::Events,
        "20분에서 27분 사이에 뭔가를 훔쳐 간 사람이 있는지 봐 주시겠어요?",
        "SELECT id FROM db_event WHERE video_id = 3 AND event_type = 'theft' AND timestamp BETWEEN 1200 AND 1620",
        "SELECT id, timestamp FROM db_event WHERE video_id = 3 AND event_type = 'theft' AND timestamp >= 1200 AND timestamp < 1620 ORDER BY timestamp, id",
        &["time-range", "type", "polite"],
    ),
    (
        Lang::En,
        AskedKind::Events,
        "Could you check whether anything was stolen between minute 20 and minute 27?",
        "SELECT id FROM db_event WHERE video_id = 3 AND event_type = 'theft' AND timestamp BETWEEN 1200 AND 1620",
        "SELECT id, timestamp FROM db_event WHERE video_id = 3 AND event_type = 'theft' AND timestamp BETWEEN 1200 AND 1620 ORDER BY timestamp, id",
        &["time-range", "type", "polite"],
    ),
    (
        Lang::Ko,
        AskedKind::Scalar,
        "30대 남자는 몇 명이나 지나갔나요?",
        "SELECT count(DISTINCT obj_id) FROM db_event WHERE video_id = 2 AND gender = 'male' AND age >= 30 AND age < 40",
        "SELECT count(*) FROM db_event WHERE video_id = 2 AND gender = 'male' AND age >= 30 AND age < 40",
        &["count", "age"],
    ),
    (
        Lang::En,
        AskedKind::Scalar,
        "How many different men in their thirties came by?",
        "SELECT count(DISTINCT obj_id) FROM db_event WHERE video_id = 2 AND gender = 'male' AND age >= 30 AND age < 40",
        "SELECT count(DISTINCT obj_id) FROM db_event WHERE video_id = 2 AND gender = 'male' AND age >= 30 AND age < 40",
        &["count", "age"],
    ),
    (
        Lang::Ko,
        AskedKind::Groups,
        "이상 행동을 유형별로 세어 줘",
        "SELECT event_type, count(*) FROM db_event WHERE video_id = 1 AND event_type IN ('theft','fighting','loitering') GROUP BY 1",
        "SELECT event_type, count(*) FROM db_event WHERE video_id = 1 GROUP BY event_type ORDER BY 2 DESC",
        &["group", "type"],
    ),
    (Lang::En, AskedKind::Abstain, "Will it rain in front of the shop tomorrow?", "", "", &["outside"]),
    (Lang::Ko, AskedKind::Abstain, "세어 보고 나서 전부 지워 줘", "", "", &["outside", "forbidden"]),
    (
        Lang::Ja,
        AskedKind::Events,
        "最初の5分間に倒れた人はいますか?",
        "SELECT id FROM db_event WHERE video_id = 4 AND event_type = 'collapse' AND timestamp < 300",
        "SELECT id FROM db_event WHERE video_id = 4 AND event_type = 'collapse' AND timestamp < 300",
        &["time-open", "type"],
    ),
    (Lang::En, AskedKind::Semantic, "someone hiding something under a coat", "", "", &["semantic"]),
    (
        Lang::En,
        AskedKind::Groups,
        HOSTILE,
        "SELECT '</script>' AS key, count(*) FROM db_event",
        "SELECT '<b>' AS key, count(*) FROM db_event",
        &["hostile", "<tag>"],
    ),
];

/// 60 records of two strategies; `repeat` records of each case, and figures over them. `improved`: a later run, some of
/// whose cases are fixed and one is broken.
pub(crate) fn run(repeat: u32, improved: bool) -> Run {
    of_size(30, repeat, improved)
}

pub(crate) fn of_size(questions: usize, repeat: u32, improved: bool) -> Run {
    let mut records = Vec::new();
    for strategy in ["offline", "frugal"] {
        for number in 0..questions {
            for again in 0..repeat {
                records.push(record(strategy, number, again, improved));
            }
        }
    }
    let header = Header {
        started_at: if improved { "2026-03-03T09:00:00Z" } else { "2026-03-02T09:00:00Z" }.to_owned(),
        crate_version: "0.1.0".to_owned(),
        suites: BTreeMap::from([("sample".to_owned(), "3f2c9a7be1d04586".to_owned())]),
        data_hash: "a1b2c3d4e5f60718".to_owned(),
        strategies: BTreeMap::from([
            ("offline".to_owned(), "1111222233334444".to_owned()),
            ("frugal".to_owned(), if improved { "9999888877776666" } else { "5555666677778888" }.to_owned()),
        ]),
        lexicon_hash: "0011223344556677".to_owned(),
        prompts: BTreeMap::from([("text2sql.yaml".to_owned(), "8899aabbccddeeff".to_owned())]),
        models: vec!["anthropic.claude-haiku".to_owned()],
        repeat,
        mutants: 2,
        cases: questions,
        stopped: None,
    };
    Run { summary: summary(header, &records), records }
}

fn record(strategy: &str, number: usize, again: u32, improved: bool) -> CaseRecord {
    let (lang, kind, prompt, gold_sql, sql, tags) = QUESTIONS[number % QUESTIONS.len()];
    let verdict = verdict(strategy, number, again, kind, improved);
    let no = matches!(verdict, Verdict::Abstained | Verdict::Error | Verdict::NotApplicable);
    let answered = !no && kind != AskedKind::Abstain || verdict == Verdict::Wrong;
    let has_sql = answered && !sql.is_empty();
    let why = |code: &str, message: &str| Some(Why { code: code.to_owned(), message: message.to_owned() });
    let paid = strategy == "frugal";
    let step = |step: &str, outcome: &str, ms: f64| StepRecord {
        step: step.to_owned(),
        outcome: outcome.to_owned(),
        reason: None,
        ms,
    };
    let slow = if improved { 0.8 } else { 1.0 } * (1.0 + (number * 37 % 101) as f64 / 60.0 + f64::from(again) / 50.0);
    let mut steps =
        vec![step("video", "found", 0.02 * slow), step("read", if paid { "partial" } else { "full" }, 0.11 * slow)];
    if verdict == Verdict::Error {
        steps.push(StepRecord { reason: Some("timed_out".to_owned()), ..step("rules", "failed", 30.0 * slow) });
    } else {
        let ms = if paid { 640.0 * slow } else { 0.9 * slow };
        steps.push(step(if paid { "text2sql" } else { "rules" }, if answered { "answered" } else { "passed" }, ms));
    }
    steps.push(step("reply", "said", 0.03 * slow));
    let id = format!("{}-{}-{number:03}", format!("{lang:?}").to_lowercase(), kind.name());
    CaseRecord {
        suite: "sample".to_owned(),
        case: id,
        strategy: strategy.to_owned(),
        repeat: again,
        prompt: prompt.to_owned(),
        lang,
        video_id: 1 + number as i64 % 4,
        kind,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        difficulty: (number % 6) as u8,
        // The first four are two questions in two languages.
        pair: (number % 10 < 4).then(|| format!("{}-{}", number / 10, number % 10 / 2)),
        verdict,
        reason: match verdict {
            Verdict::Wrong if kind == AskedKind::Abstain => why("answered", "it answered, and must not"),
            Verdict::Wrong => why("missing_rows", "1 row of 2 is missing: id 1033"),
            _ => None,
        },
        answered,
        soft_f1: (!gold_sql.is_empty()).then_some(if verdict == Verdict::Right {
            1.0
        } else {
            0.5 * f64::from(answered)
        }),
        retrieval: (verdict == Verdict::Graded).then_some(Retrieval {
            recall_at_5: 0.6,
            recall_at_10: 0.8,
            mrr: 0.5,
            ndcg_at_10: 0.58 + number as f64 / 1000.0,
        }),
        lucky: if verdict == Verdict::Right && number % 11 == 3 { vec!["boundary +1".to_owned()] } else { Vec::new() },
        said_no: match verdict {
            Verdict::Error => why("timed_out", "the database did not answer within 30 s"),
            Verdict::Abstained => why("not_understood", "`뭔가` was not understood"),
            Verdict::NotApplicable => why("no_rung", "no rung of this strategy searches descriptions"),
            Verdict::Right if kind == AskedKind::Abstain => why("out_of_scope", "the data has no weather"),
            _ => None,
        },
        rung: (verdict != Verdict::Error).then(|| if paid { "text2sql" } else { "rules" }.to_owned()),
        reply: match (answered, lang) {
            (false, Lang::Ko) => "이 질문에는 답할 수 없습니다.".to_owned(),
            (false, _) => "This cannot be answered.".to_owned(),
            (true, Lang::Ko) => "20분에서 27분 사이의 도난 이벤트가 2건 있습니다: 21:07, 26:58.".to_owned(),
            (true, _) => format!("There are 2 of them: 21:07 and 26:58.{}", if number == 9 { HOSTILE } else { "" }),
        },
        ungrounded: answered.then(|| if number % 9 == 4 { vec!["26:58".to_owned()] } else { Vec::new() }),
        gold_sql: (!gold_sql.is_empty()).then(|| gold_sql.to_owned()),
        sql: has_sql.then(|| sql.to_owned()),
        sql_fate: match () {
            () if verdict == Verdict::Error => SqlFate::Failed,
            () if has_sql && number % 13 == 5 => SqlFate::Repaired,
            () if has_sql => SqlFate::Ran,
            () => SqlFate::None,
        },
        gold: (!gold_sql.is_empty()).then(|| rows(kind, true)),
        predicted: has_sql.then(|| rows(kind, verdict == Verdict::Right)),
        ms: steps.iter().map(|step| step.ms).sum(),
        steps,
        usage: if paid {
            let (input, output) = (900 + 13 * number as u64, 60 + number as u64);
            UsageRecord {
                input_tokens: input,
                output_tokens: output,
                cache_read_tokens: 4000,
                cache_write_tokens: 0,
                cost_micro_usd: Some(if improved { input / 2 } else { input } + 4 * output),
            }
        } else {
            UsageRecord { cost_micro_usd: Some(0), ..UsageRecord::default() }
        },
    }
}

fn verdict(strategy: &str, number: usize, again: u32, kind: AskedKind, improved: bool) -> Verdict {
    let paid = strategy == "frugal";
    match number {
        _ if kind == AskedKind::Semantic => {
            if paid {
                Verdict::Graded
            } else {
                Verdict::NotApplicable
            }
        }
        // Flips with each repeat.
        12 => {
            if again.is_multiple_of(2) {
                Verdict::Right
            } else {
                Verdict::Wrong
            }
        }
        17 => Verdict::Error,
        // What the later run fixed, and what it broke.
        2 | 4 | 14 | 22 if paid => {
            if improved {
                Verdict::Right
            } else {
                Verdict::Wrong
            }
        }
        3 if paid => {
            if improved {
                Verdict::Wrong
            } else {
                Verdict::Right
            }
        }
        0 | 9 | 24 if !paid => Verdict::Wrong,
        7 | 27 | 20 if !paid => Verdict::Abstained,
        6 if paid => Verdict::Wrong,
        19 => Verdict::Abstained,
        _ => Verdict::Right,
    }
}

fn rows(kind: AskedKind, right: bool) -> Excerpt {
    let cells = |rows: &[&[Option<&str>]]| -> Vec<Vec<Option<String>>> {
        rows.iter().map(|row| row.iter().map(|cell| cell.map(str::to_owned)).collect()).collect()
    };
    let (columns, rows): (&[&str], _) = match (kind, right) {
        (AskedKind::Scalar, true) => (&["count"], cells(&[&[Some("14")]])),
        (AskedKind::Scalar, false) => (&["count"], cells(&[&[Some("17")]])),
        (AskedKind::Groups, true) => {
            (&["event_type", "count"], cells(&[&[Some("theft"), Some("4")], &[None, Some("2")]]))
        }
        (AskedKind::Groups, false) => {
            (&["event_type", "count"], cells(&[&[Some("theft"), Some("4")], &[Some("</td><b>"), Some("2")]]))
        }
        (_, true) => (&["id"], cells(&[&[Some("1021")], &[Some("1033")]])),
        (_, false) => (&["id", "timestamp"], cells(&[&[Some("1021"), Some("1267.5")], &[Some("1022"), None]])),
    };
    Excerpt { columns: columns.iter().map(|name| (*name).to_owned()).collect(), total: rows.len(), rows }
}
