//! `askline eval judge` and `askline eval metrics`, run as programs with no settings and no database.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value as Json, json};

#[test]
fn pairs_become_verdicts_line_by_line() {
    let lines = [
        r#"{"id": 7, "mode": "contract", "kind": "scalar", "ordered": false, "gold": {"columns": ["n"], "rows": [[3]]}, "predicted": {"columns": ["count"], "rows": [[3.0]]}}"#,
        "",
        r#"{"id": "b", "mode": "bird", "gold": [{"columns": ["n"], "rows": [[3]]}, {"columns": ["n"], "rows": [[4]]}], "predicted": {"columns": ["n"], "rows": [[4], [4]]}}"#,
        r#"{"id": "c", "mode": "spider", "ordered": true, "ties": [0, 0], "gold": {"columns": ["n"], "rows": [[3], [4]]}, "predicted": {"columns": ["n"], "rows": [[4], [3]]}}"#,
        r#"{"id": "d", "mode": "contract", "kind": "abstain", "predicted": {"abstained": true}}"#,
        r#"{"id": "e", "mode": "contract", "kind": "abstain", "gold": null, "predicted": {"columns": ["id"], "rows": []}}"#,
        r#"{"id": "f", "mode": "contract", "kind": "events", "gold": {"columns": ["id"], "rows": []}, "predicted": {"abstained": true}}"#,
        r#"{"id": "g", "mode": "defog", "gold": {"columns": ["id"], "rows": [[1]]}, "predicted": {"error": "timed_out"}}"#,
        r#"{"id": "h", "mode": "defog", "gold": {"columns": ["id"], "rows": [[1]]}, "predicted": {"error": "truncated"}}"#,
        r#"{"id": "i", "mode": "defog", "gold": {"columns": ["id"], "rows": [[1]]}, "predicted": {"error": "column \"x\" does not exist"}}"#,
        r#"{"id": "j", "mode": "bird", "gold": {"columns": ["n"], "rows": [[9007199254740993]]}, "predicted": {"columns": ["n"], "rows": [[9007199254740992]]}}"#,
        r#"{"id": "k", "mode": "spider", "gold": {"columns": [{"name": "n", "type": "numeric"}], "rows": [["12.50"]]}, "predicted": {"columns": ["n"], "rows": [[12.5]]}}"#,
    ];
    let ran = judge(&lines.join("\n"));
    assert_eq!((ran.status.code(), text(&ran.stderr)), (Some(0), String::new()));
    let judged: Vec<Json> = text(&ran.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = [
        (json!(7), None),
        (json!("b"), None),
        (json!("c"), None),
        (json!("d"), None),
        (json!("e"), Some("not_abstained")),
        (json!("f"), Some("abstained")),
        (json!("g"), Some("timed_out")),
        (json!("h"), Some("truncated")),
        (json!("i"), Some("engine_error")),
        (json!("j"), Some("values")),
        (json!("k"), None),
    ];
    assert_eq!(judged.len(), expected.len());
    for (found, (id, code)) in judged.iter().zip(expected) {
        assert_eq!(
            (&found["id"], &found["right"], &found["reason"]["code"]),
            (&id, &json!(code.is_none()), &json!(code)),
            "{found}"
        );
    }
    let keys: Vec<&String> = judged[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "right", "reason", "soft_f1"]);
    assert_eq!((&judged[0]["reason"], &judged[0]["soft_f1"]), (&Json::Null, &json!(1.0)));
}

#[test]
fn a_file_does_as_well_as_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pairs.jsonl");
    let line = r#"{"id": "a", "mode": "bird", "gold": {"columns": ["n"], "rows": []}, "predicted": {"columns": ["n"], "rows": []}}"#;
    fs::write(&file, format!("\u{feff}{line}\r\n")).unwrap();
    let ran = askline(folder.path(), &["eval", "judge", file.to_str().unwrap()], "");
    assert_eq!(text(&ran.stdout), "{\"id\":\"a\",\"right\":true,\"reason\":null,\"soft_f1\":1.0}\n");
}

#[test]
fn every_bad_line_is_told_and_nothing_is_printed() {
    let lines = [
        r#"{"id": "ok", "mode": "bird", "gold": {"columns": ["n"], "rows": []}, "predicted": {"columns": ["n"], "rows": []}}"#,
        r#"{"id": "a", "mode": "bird", "gold": {"columns": [], "rows": []}, "predicted": {"columns": [], "rows": []}, "sql": ""}"#,
        "{\"id\": ",
        r#"{"id": true, "mode": "best", "ordered": 1, "gold": {"columns": ["n"], "rows": [[1, 2]]}}"#,
        r#"{"id": "a", "mode": "contract", "gold": [], "predicted": {"error": 1}}"#,
        r#"{"id": "a", "mode": "contract", "kind": "semantic", "gold": {"columns": ["id"], "rows": []}, "predicted": {}}"#,
        r#"{"id": "a", "mode": "contract", "kind": "events", "gold": {"columns": ["n"], "rows": []}, "predicted": {"abstained": true}}"#,
        r#"{"id": "a", "mode": "spider", "ties": [0, 1, 0], "gold": {"columns": ["n"], "rows": [[1], [2], [3]]}, "predicted": {"columns": ["n"], "rows": []}}"#,
        r#"{"id": "a", "mode": "spider", "ties": [0], "gold": [{"columns": ["n"], "rows": []}], "predicted": {"columns": ["n"], "rows": [], "x": 1}}"#,
        r#"{"id": "a", "id": "b", "mode": "bird", "gold": {"columns": [], "rows": []}, "predicted": {"columns": [], "rows": []}}"#,
    ];
    let ran = judge(&lines.join("\n"));
    assert_eq!((ran.status.code(), text(&ran.stdout)), (Some(2), String::new()));
    let expected = [
        "askline: nothing was judged:",
        "<stdin>:2: unknown field `sql`, expected one of `id`, `mode`, `kind`, `ordered`, `ties`, `gold`, `predicted`",
        "<stdin>:3: EOF while parsing a value at column 7",
        "<stdin>:4: `id` is to be a text or a whole number",
        "<stdin>:4: `ordered` is to be true or false",
        "<stdin>:4: `mode` is to be contract, bird, spider or defog, and is \"best\"",
        "<stdin>:4: `gold`: rows[0]: 2 cells under 1 columns",
        "<stdin>:4: `predicted` is missing",
        "<stdin>:5: `kind` is missing: in contract mode it is events, scalar, groups or abstain",
        "<stdin>:5: `gold` is an empty list; at least one result is needed",
        "<stdin>:5: `predicted`: is to be {\"columns\", \"rows\"}, {\"abstained\": true} or {\"error\": words}: \
         invalid type: integer `1`, expected a string",
        "<stdin>:6: `kind` is to be events, scalar, groups or abstain",
        "<stdin>:6: `predicted`: missing field `columns`",
        "<stdin>:7: `gold`: a gold of kind events needs a column `id`; it has n",
        "<stdin>:8: `gold`: `ties` has group 0 in two places; the rows of a group stand together",
        "<stdin>:9: `ties` is to be a list of whole numbers (or null) for each of 1 golds",
        "<stdin>:9: `predicted`: unknown field `x`, expected `columns` or `rows`",
        "<stdin>:10: duplicate field `id`",
    ];
    assert_eq!(text(&ran.stderr).lines().collect::<Vec<_>>(), expected);
    assert!(text(&judge(" \n").stderr).contains("<stdin>: no pairs to judge"));
}

#[test]
fn what_cannot_be_read_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("latin"), b"\n\xe9").unwrap();
    for (arguments, told) in [
        (&["eval", "judge", "missing.jsonl"][..], "missing.jsonl cannot be read"),
        (&["eval", "judge", "latin"], "latin:2: not UTF-8"),
        (&["eval", "metrics", "--qrels", "-", "--run", "-"], "the same file"),
        (&["eval", "metrics", "--qrels", "missing", "--run", "latin"], "missing cannot be read"),
        (&["eval", "judge"], "Usage"),
        (&["eval", "metrics"], "--qrels"),
        (&["eval"], "Usage"),
    ] {
        let ran = askline(folder.path(), arguments, "");
        assert_eq!((ran.status.code(), text(&ran.stdout)), (Some(2), String::new()), "{arguments:?}");
        assert!(text(&ran.stderr).contains(told), "{arguments:?}: {}", text(&ran.stderr));
    }
}

#[test]
fn a_run_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("qrels"), "q1 0 a 1\nq2 0 a 1\nq3 0 a 0\n").unwrap();
    fs::write(folder.path().join("run"), "q1 Q0 b 1 0.9 x\nq1 Q0 a 2 0.5 x\nq9 Q0 a 1 1 x\n").unwrap();
    let metrics = |more: &[&str]| {
        askline(folder.path(), &[&["eval", "metrics", "--qrels", "qrels", "--run", "run"][..], more].concat(), "")
    };
    let expected = r"                              recall@5  recall@10     MRR  nDCG@10
all 3 queries                   0.3333     0.3333  0.1667   0.2103
2 with a relevant document      0.5000     0.5000  0.2500   0.3155
1 judged, but not in the run: 0 each
1 without a relevant document: 0 each
1 in the run, but not judged: left out
";
    // q3 is not in the run either.
    assert_eq!(text(&metrics(&[]).stdout), expected.replace("1 judged", "2 judged"));
    let report: Json = serde_json::from_str(&text(&metrics(&["--json"]).stdout)).unwrap();
    assert_eq!((&report["queries"], &report["missing"], &report["unjudged"]), (&json!(3), &json!(2), &json!(1)));
    assert_eq!(report["per_query"]["q1"]["mrr"], json!(0.5));
    assert_eq!(report["means_with_relevant"]["recall@5"], json!(0.5));

    fs::write(folder.path().join("run"), "q1 Q0 b\n").unwrap();
    fs::write(folder.path().join("qrels"), "q1 0 a b\n").unwrap();
    let ran = metrics(&[]);
    assert_eq!((ran.status.code(), text(&ran.stdout)), (Some(2), String::new()));
    assert!(text(&ran.stderr).contains("\nqrels:1: the grade `b`") && text(&ran.stderr).contains("\nrun:1: 3 fields"));
}

#[test]
fn help_explains_the_formats() {
    for (command, told) in [
        ("judge", &["\"predicted\"", "spider", "ties", "soft_f1", "Exit codes"][..]),
        ("metrics", &["query iteration document grade", "nDCG@10", "Exit codes"]),
    ] {
        let help = text(&askline(Path::new("."), &["eval", command, "--help"], "").stdout);
        assert!(told.iter().all(|words| help.contains(words)), "{help}");
    }
}

fn judge(lines: &str) -> Output {
    askline(Path::new("."), &["eval", "judge", "-"], lines)
}

/// With settings that would be refused, so that it shows if they were read.
fn askline(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_askline"))
        .args(arguments)
        .current_dir(folder)
        .env("DATABASE_URL", "mysql://nowhere")
        .env("ASKLINE_PORT", "none")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let fed = child.stdin.take().unwrap().write_all(input.as_bytes());
    // A program that does not read its input may be gone by now.
    assert!(fed.is_ok() || !arguments.contains(&"-"));
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
