//! The suites of `eval/suites`, run by rules alone through the harness that users run: what must not get worse.
//!
//! `cargo run -- eval run eval/suites --demo` shows the figures, and every case that is not right.

#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::{path::Path, sync::atomic::AtomicBool};

use askline::{
    engine::Engine,
    eval::{
        case::{AskedKind, Suite},
        figures, luck,
        record::{CaseRecord, Verdict},
        run::{Plan, run},
    },
    question::Lexicon,
    router::Router,
    sql::catalog::Catalog,
    store::Limits,
};
use support::Db;

#[tokio::test(flavor = "multi_thread")]
async fn dev_suite() {
    check("dev-suite.yaml").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sample() {
    check("sample.yaml").await;
}

/// At least 90% right, at least 99% of the answers right, no question answered that must not be or declined that must
/// be answered, every figure of every reply in its rows.
async fn check(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("eval/suites").join(file);
    let suites = [Suite::load(&path).unwrap_or_else(|error| panic!("{error}"))];
    let db = Db::sample().await;
    let lexicon = Lexicon::builtin().expect("the vocabulary is sound");
    let router = Router::new("offline").expect("a built-in strategy");
    let engine = Engine::new(db.store.reader.clone(), lexicon, router, Limits::default());
    let catalog = Catalog::builtin().expect("it is sound");
    let plan = Plan {
        catalog: &catalog,
        suites: &suites,
        strategies: vec!["offline".to_owned()],
        repeat: 1,
        jobs: 4,
        limits: Limits::default(),
    };
    let never = AtomicBool::new(false);
    let ran = run(&engine, &db.store, &plan, &|_| false, &mut |_| {}, &never).await;
    let mut asked = ran.unwrap_or_else(|error| panic!("{error}")).asked;
    luck::hunt(&db.store, &plan, &mut asked, 2).await.expect("copies can be made");

    let records: Vec<CaseRecord> = asked.into_iter().map(|asked| asked.record).collect();
    let all: Vec<&CaseRecord> = records.iter().collect();
    let figures = figures::figures(&all);
    let accuracy = figures.accuracy.expect("some cases were judged").value;
    let precision = figures.precision.expect("some cases were answered").value;
    let mut faults = Vec::new();
    if accuracy < 0.9 {
        faults.push(format!("{:.1}% are right: less than 90%", 100.0 * accuracy));
    }
    if precision < 0.99 {
        faults.push(format!("{:.1}% of the answers are right: less than 99%", 100.0 * precision));
    }
    for record in &records {
        let declined =
            record.said_no.as_ref().is_some_and(|why| why.code != "not_understood" && why.code != "not_covered");
        let fault = match record.verdict {
            Verdict::Error => "could not be run",
            Verdict::Graded => "was answered, and only descriptions can",
            Verdict::Wrong => "is wrong",
            Verdict::Abstained if declined => "was declined, and must not be",
            Verdict::NotApplicable if declined => "was declined, and must be passed on",
            _ if record.kind == AskedKind::Abstain && record.answered => "was answered, and must not be",
            _ => match &record.ungrounded {
                Some(figures) if !figures.is_empty() => &format!("says what no row says: {}", figures.join(", ")),
                _ => continue,
            },
        };
        let why = record.reason.as_ref().map_or("", |why| why.message.as_str());
        faults.push(format!("{} {:?} {fault} {why}\n    {}", record.case, record.prompt, record.reply));
    }
    assert!(faults.is_empty(), "{file}: {figures:#?}\n  {}", faults.join("\n  "));
}
