//! What a run looks like in a terminal, in a pull request, to CI, and as a page; and what a comparison says.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

mod run;

use askline::eval::{
    compare::{Comparison, compare, compare_strategies},
    record::Verdict,
    report::{self, GateResult},
};
use run::{HOSTILE, Run, of_size, run};

fn gates() -> [GateResult; 2] {
    let gate = |gate: &str, failed: bool, found: &str| GateResult {
        gate: gate.to_owned(),
        strategy: "frugal".to_owned(),
        failed,
        found: found.to_owned(),
    };
    [
        gate("accuracy < 0.9", true, "accuracy is 0.857143"),
        gate("regressed(accuracy, 0.05)", false, "accuracy is 0.857143, and was 0.75"),
    ]
}

fn compared(before: &Run, after: &Run) -> Comparison {
    compare((&before.summary, &before.records), (&after.summary, &after.records)).unwrap()
}

#[test]
fn a_terminal_shows_figures_slices_and_the_comparison() {
    let (before, after) = (run(2, false), run(2, true));
    let comparison = compared(&before, &after);
    let plain = report::terminal(&after.summary, Some(&comparison), false);
    insta::assert_snapshot!("terminal", plain);
    assert!(!plain.contains('\u{1b}'));
    let coloured = report::terminal(&after.summary, Some(&comparison), true);
    assert!(coloured.contains("\u{1b}[31mBroken (1)\u{1b}[0m"), "{coloured}");
}

#[test]
fn a_pull_request_gets_markdown() {
    let (before, after) = (run(2, false), run(2, true));
    let text = report::markdown(&after.summary, Some(&compared(&before, &after)), &gates());
    insta::assert_snapshot!("markdown", text);
    assert!(report::markdown(&after.summary, None, &[]).len() < text.len());
}

#[test]
fn a_comparison_stands_alone() {
    let run = run(3, true);
    let both = (&run.summary, run.records.as_slice());
    let comparison = compare_strategies(both, both, ("offline", "frugal")).unwrap();
    insta::assert_snapshot!("comparison", report::comparison_terminal(&comparison));
}

#[test]
fn pairs_are_cases_and_repeats_are_merged() {
    let (before, after) = (run(3, false), run(3, true));
    let comparison = compared(&before, &after);
    let names: Vec<&str> = comparison.strategies.iter().map(|of| of.after.as_str()).collect();
    assert_eq!(names, ["frugal", "offline"]);
    let frugal = &comparison.strategies[0];
    // 30 cases; three are graded, and one is an error in both.
    assert_eq!((frugal.pairs, frugal.unpaired, frugal.accuracy.pairs), (30, 0, 26));
    let ids = |pairs: &[askline::eval::compare::Pair]| pairs.iter().map(|pair| pair.case.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&frugal.broken), ["en-scalar-003"]);
    assert_eq!(ids(&frugal.fixed).len(), 4);
    assert_eq!(ids(&frugal.flipped), ["ko-scalar-012"]);
    assert_eq!(frugal.flipped[0].after, [Verdict::Right, Verdict::Wrong, Verdict::Right]);
    // As scipy.stats.binomtest(1, 5).pvalue.
    assert!((frugal.accuracy.p - 0.375).abs() < 1e-12);
    assert!((frugal.accuracy.difference.unwrap() - 3.0 / 26.0).abs() < 1e-12);
    let ms = frugal.ms.as_ref().unwrap();
    let interval = ms.mean.interval.unwrap();
    assert!(ms.pairs == 29 && interval.low < ms.mean.difference && ms.mean.difference < interval.high);
    assert!(interval.high < 0.0, "a fifth faster is faster: {interval:?}");
    assert!(frugal.slices.iter().all(|slice| slice.p_holm >= slice.accuracy.p));
    assert!(frugal.detectable.is_some_and(|least| least > 3.0 / 26.0));
    let offline = &comparison.strategies[1];
    assert_eq!((offline.accuracy.fixed, offline.accuracy.broken, offline.accuracy.p), (0, 0, 1.0));
    assert_eq!(comparison, compared(&before, &after), "a bootstrap made again is the same");
}

#[test]
fn runs_of_other_data_suites_or_strategies_are_not_compared() {
    let sound = run(1, false);
    let mut other = run(1, false);
    other.summary.header.data_hash = "ffff".to_owned();
    other.summary.header.suites.insert("sample".to_owned(), "eeee".to_owned());
    other.summary.header.suites.insert("more".to_owned(), "dddd".to_owned());
    let (a, b) = ((&sound.summary, sound.records.as_slice()), (&other.summary, other.records.as_slice()));
    let mut said = compare(a, b).unwrap_err().to_string();
    said.push_str("\n\n");
    said.push_str(&compare_strategies(a, a, ("offlin", "frugal")).unwrap_err().to_string());
    said.push_str("\n\n");
    said.push_str(&compare(a, (&sound.summary, &[])).unwrap_err().to_string());
    insta::assert_snapshot!("incomparable", said);
}

#[test]
fn junit_is_xml_of_the_schemas_shape() {
    let run = run(3, false);
    let text = report::junit(&run.summary, &run.records);
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/junit.xml"), &text).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    let suites: Vec<_> = root.children().filter(roxmltree::Node::is_element).collect();
    let names: Vec<_> = suites.iter().map(|suite| suite.attribute("name").unwrap()).collect();
    assert_eq!((root.tag_name().name(), names), ("testsuites", vec!["sample.frugal", "sample.offline"]));
    for suite in suites {
        let cases: Vec<_> = suite.children().filter(roxmltree::Node::is_element).collect();
        let with = |name: &str| {
            cases.iter().filter(|case| case.children().any(|child| child.has_tag_name(name))).count().to_string()
        };
        assert_eq!(suite.attribute("tests"), Some("30"));
        for (attribute, element) in [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")] {
            assert_eq!(suite.attribute(attribute), Some(with(element).as_str()), "{attribute}");
        }
        for case in cases {
            assert_eq!((case.tag_name().name(), case.attribute("classname")), ("testcase", suite.attribute("name")));
            assert!(case.attribute("name").is_some() && case.attribute("time").unwrap().parse::<f64>().is_ok());
        }
    }
    let told = |element: &str| document.descendants().find(|node| node.has_tag_name(element)).unwrap();
    assert_eq!(told("error").attribute("type"), Some("timed_out"));
    assert_eq!(told("skipped").attribute("message"), Some("no rung of this strategy searches descriptions"));
    // What XML cannot say is replaced, all else is as it was.
    let seen = HOSTILE.replace(['\u{0}', '\u{1b}'], "\u{fffd}");
    assert!(document.descendants().any(|node| node.text().is_some_and(|text| text.contains(&seen))));
}

#[test]
fn a_page_holds_the_run_and_nothing_breaks_out() {
    let (before, after) = (run(2, false), run(2, true));
    let page = report::html(&after.summary, &after.records, Some(&compared(&before, &after)), &gates());
    // For eval/browser/report.py.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/report.html"), &page).unwrap();
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"run\">").unwrap();
    let (data, rest) = rest.split_once("</script>").unwrap();
    assert!(!data.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!(data["cases"].as_array().unwrap().len(), 120);
    assert!(data["cases"].as_array().unwrap().iter().any(|case| case["prompt"] == HOSTILE));
    assert_eq!(data["cases"][0]["prompt"], after.records[0].prompt.as_str());
    assert_eq!(rest.matches("</script>").count(), 1, "the page's own");
    assert!(!page.contains("{style}") && !page.contains("{script}"));
    for outside in ["http://", "https://", "src=", "@import", "url("] {
        let found = page.replace("http://www.w3.org/2000/svg", "").contains(outside);
        assert!(!found, "the page loads nothing: {outside}");
    }
}

#[test]
#[ignore = "writes the page of 5,000 cases that eval/browser/report.py measures"]
fn a_page_of_5000_cases() {
    let run = of_size(2500, 1, false);
    let page = report::html(&run.summary, &run.records, None, &[]);
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/report-5000.html"), page).unwrap();
}
