//! The guard without a database: what is refused, with which code; that nothing makes it panic; that what it writes it
//! admits again.

#![expect(clippy::expect_used, reason = "helpers of tests, which clippy does not see as tests")]

use std::{
    process::{Command, Stdio},
    sync::LazyLock,
    time::{Duration, Instant},
};

use askline::{
    answer::Kind,
    sql::{
        Bind, Scope,
        admit::{Admitted, Refusal, admit, admit_unscoped},
        catalog::{Catalog, Column, Table},
    },
};
use proptest::prelude::*;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::builtin().expect("it is sound"));

fn try_admit(text: &str) -> Result<Admitted, Refusal> {
    admit(text, &CATALOG, &Scope::video(1))
}

#[test]
fn hostile_statements_are_refused_each_with_its_code() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (line, text) in include_str!("fixtures/guard/hostile.sql").lines().zip(1..) {
        if line.is_empty() || line.starts_with("--") {
            continue;
        }
        let (code, statement) = text_of(line).expect("`code | statement` is expected");
        count += 1;
        match try_admit(&statement) {
            Ok(admitted) => wrong.push(format!("line {text}: admitted: {statement}\n    {}", admitted.statement())),
            Err(refusal) if refusal.code.as_str() != code => {
                wrong.push(format!("line {text}: {code} expected: {statement}\n    {refusal}"));
            }
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count >= 200, "only {count}");
}

/// Code and statement of a line of the list.
fn text_of(line: &str) -> Option<(&str, String)> {
    let (code, statement) = line.split_once('|')?;
    let statement = statement.trim().replace("\\0b", "\0b").replace("\\0F", "\0F");
    let statement =
        statement.replace("\\u{1b}", "\u{1b}").replace("\\u{202e}", "\u{202e}").replace("\\u{feff}", "\u{feff}");
    Some((code.trim(), statement))
}

#[test]
fn benign_statements_are_admitted() {
    let mut wrong = Vec::new();
    let all = benign();
    for statement in &all {
        match try_admit(statement) {
            Err(refusal) => wrong.push(format!("{statement}\n    {refusal}")),
            Ok(admitted) => match try_admit(admitted.statement()) {
                Err(refusal) => wrong.push(format!("{}\n    again: {refusal}", admitted.statement())),
                Ok(again) if again.statement() != admitted.statement() => {
                    wrong.push(format!("{}\n    again: {}", admitted.statement(), again.statement()));
                }
                Ok(_) => {}
            },
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.len(), wrong.join("\n"));
    assert!(all.len() >= 200, "only {}", all.len());
}

fn benign() -> Vec<&'static str> {
    let lines = include_str!("fixtures/guard/benign.sql").lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with("--")).collect()
}

/// What harms a parser before it refuses: depth and length of every kind, on the stack of a test's thread (2 MiB).
#[test]
fn bombs_are_refused_soon() {
    let deep = |open: &str, inner: &str, close: &str, n: usize| format!("{}{inner}{}", open.repeat(n), close.repeat(n));
    let mut cases = Vec::new();
    for n in [2, 3, 4, 5, 6, 7, 8, 10, 30, 47, 60, 200, 1000, 3000, 8000] {
        cases.push(format!("SELECT {}", deep("(", "1", ")", n)));
        cases.push(format!("SELECT {}", deep("(SELECT ", "1", ")", n)));
        cases.push(format!("SELECT * FROM {}", deep("(", "db_event", ")", n)));
        cases.push(format!("SELECT * FROM {}", deep("(SELECT * FROM ", "db_event", ") AS x", n)));
        cases.push(format!("SELECT * FROM {}", deep("(db_event a JOIN ", "db_event", ") ON true", n)));
        cases.push(format!("SELECT {}", deep("abs(", "1", ")", n)));
        cases.push(format!("SELECT {}", deep("CASE WHEN true THEN ", "1", " END", n)));
        cases.push(format!("SELECT {}", deep("ARRAY[", "1", "]", n)));
        cases.push(format!("SELECT {}", deep("CAST(", "1", " AS int)", n)));
        cases.push(format!("SELECT {}1", "NOT ".repeat(n)));
        cases.push(format!("SELECT {}1", "- ".repeat(n)));
        cases.push(format!("SELECT 1{}", " + 1".repeat(n)));
        cases.push(format!("SELECT true{}", " AND true".repeat(n)));
        cases.push(format!("SELECT 1{}", " IS NULL".repeat(n)));
        cases.push(format!("SELECT 1{}", "::int".repeat(n)));
        cases.push(format!("SELECT 1{}", "!".repeat(n)));
        cases.push(format!("SELECT 1{}", "[1]".repeat(n)));
        cases.push(format!("SELECT 1::int{}", "[]".repeat(n)));
        cases.push(format!("SELECT 1{}", " AT TIME ZONE 'x'".repeat(n)));
        cases.push(format!("SELECT 1{}", " BETWEEN 1 AND 1".repeat(n)));
        cases.push(format!("SELECT 1{}", " UNION SELECT 1".repeat(n)));
        cases.push(deep("(", "SELECT 1", ")", n));
        cases.push(format!("{}SELECT 1", "WITH a AS (".repeat(n)));
        cases.push(format!("SELECT 1{}", ", 1".repeat(n)));
        cases.push(format!("SELECT 1 FROM db_event{}", ", db_event".repeat(n)));
        cases.push(format!("SELECT 1 FROM db_event{}", " JOIN db_event ON true".repeat(n)));
        cases.push(format!("{}{}", "/*".repeat(n), "*/".repeat(n)));
        cases.push(format!("SELECT {}", "'".repeat(n)));
        cases.push(format!("SELECT a{}", ".a".repeat(n)));
        cases.push("(".repeat(n));
        cases.push(format!("SELECT id FROM db_event WHERE id IN (1{})", ", 1".repeat(n)));
        cases.push(format!("SELECT * FROM (VALUES (1){}) AS v (n)", ", (1)".repeat(n)));
        cases.push(format!("SELECT interval {}", deep("(", "'1 day'", ")", n)));
        cases.push(format!("SELECT {}", deep("position(", "'a'", " IN 'b')", n)));
        cases.push(format!("SELECT {}", deep("(1, ", "1", ")", n)));
        cases.push(format!("SELECT {}", deep("count(DISTINCT ", "1", ")", n)));
        cases.push(format!("SELECT {}", deep("1 = ANY (", "1", ")", n)));
        cases.push(format!("SELECT {}", deep("EXISTS (SELECT ", "1", ")", n)));
    }
    cases.push(format!("SELECT '{}'", "x".repeat(1 << 20)));
    for text in cases {
        let began = Instant::now();
        let outcome = try_admit(&text);
        let took = began.elapsed();
        let start: String = text.chars().take(40).collect();
        assert!(took < Duration::from_millis(500), "{start} of {}: {took:?}", text.len());
        if let Ok(admitted) = outcome {
            assert!(try_admit(admitted.statement()).is_ok(), "{start}");
        }
    }
}

/// A refusal says what and where.
#[test]
fn refusals_say_what_and_where() {
    let cases = [
        (
            "SELECT id,\n  pg_sleep(1)\nFROM db_event",
            "function_not_allowed: the function pg_sleep is not allowed, at line 2, column 3",
        ),
        ("SELECT e.idd FROM db_event e", "unknown_column: there is no column idd in e, at line 1, column 10"),
        (
            "SELECT * FROM events",
            "unknown_table: there is no table events; the tables are db_event and db_video, at line 1, column 15",
        ),
        ("SELECT id FROM db_event WHERE", "unparsable: Expected: an expression, found: EOF"),
        ("SELECT 1; SELECT 2", "several_statements: one statement is expected, and there are several"),
    ];
    for (text, expected) in cases {
        let refusal = try_admit(text).expect_err(text);
        assert_eq!(refusal.to_string(), expected, "{text}");
    }
}

/// What runs: the scope around it, the video as a bind, and every literal in one spelling.
#[test]
fn what_runs_is_written_anew() {
    let text = "select $$it's$$ as A, E'\\\\', U&'\\0041' -- hm\n from DB_EVENT e where e.id = 1";
    let admitted = try_admit(text).expect("it is sound");
    let statement = "SELECT 'it''s' AS \"a\", E'\\\\', 'A' FROM \"db_event\" AS \"e\" WHERE \"e\".\"id\" = 1";
    assert_eq!(admitted.statement(), statement);
    let lines = try_admit("SELECT 'a'\n  'b' AS t").expect("one text");
    assert_eq!(lines.statement(), "SELECT 'ab' AS \"t\"");
    assert!(try_admit("SELECT 'a' 'b' AS t").is_err(), "on one line it is none");
    let rows = admitted.rows();
    let shadows = "WITH db_event AS NOT MATERIALIZED (SELECT * FROM db_event WHERE video_id = $1), \
                   db_video AS NOT MATERIALIZED (SELECT * FROM db_video WHERE video_id = $1)";
    assert_eq!(rows.text(), format!("{shadows} {statement}"));
    assert_eq!(rows.binds(), [Bind::Int(1)]);
    assert_eq!(rows.readable(), format!("{shadows} {statement}").replace("$1", "1"));
    let several = admit("WITH t AS (SELECT '$1' AS x) SELECT * FROM t", &CATALOG, &Scope::videos([2, 1]).expect("two"));
    let rows = several.expect("it is sound").rows();
    assert!(
        rows.text().ends_with("= ANY ($1)), \"t\" AS (SELECT '$1' AS \"x\") SELECT * FROM \"t\""),
        "{}",
        rows.text()
    );
    assert_eq!(rows.binds(), [Bind::Ints(vec![1, 2])]);
    assert!(rows.readable().contains("ANY (ARRAY[1, 2]::bigint[])") && rows.readable().contains("'$1'"));
}

/// What can be seen to find nothing, or to be of no table, is admitted, and told to who has use for it.
#[test]
fn what_can_be_seen_to_find_nothing() {
    let types = "event_type is never \"shoplifting\"; it is one of theft, collapse, ";
    let gender = "gender is never \"M\"; it is one of male, female";
    for (text, reads, told) in [
        ("SELECT id FROM db_event WHERE event_type = 'theft'", true, None),
        ("SELECT id FROM db_event WHERE Event_Type = 'shoplifting'", true, Some(types)),
        ("SELECT id FROM db_event e WHERE 'M' <> (e.\"gender\")", true, Some(gender)),
        ("SELECT id FROM db_event WHERE gender IN ('female', 'M'::text)", true, Some(gender)),
        ("SELECT id FROM db_event WHERE gender NOT IN ('female', $$M$$)", true, Some(gender)),
        ("SELECT (SELECT count(*) FROM db_event WHERE gender = 'M') FROM db_video", true, Some(gender)),
        ("SELECT id FROM db_event WHERE location = 'M' AND description LIKE '%gender = ''M''%'", true, None),
        ("SELECT v FROM (VALUES (1)) AS t (v)", false, None),
        ("WITH t AS (SELECT 1 AS n) SELECT n FROM t WHERE 'db_event' <> ''", false, None),
        ("WITH t AS (SELECT id FROM \"db_event\") SELECT count(*) FROM t", true, None),
    ] {
        let admitted = admit(text, &Catalog::builtin().expect("it is sound"), &Scope::video(1)).expect(text);
        assert_eq!(admitted.reads_tables(), reads, "{text}");
        let said = admitted.no_such_value();
        assert!(
            said.is_some() == told.is_some() && said.unwrap_or("").starts_with(told.unwrap_or("")),
            "{text}: {said:?}"
        );
    }
}

/// Tables of other databases are written with their schema; one with a scope of its own is held to it where it stands,
/// and not read at all where nobody says for whom.
#[test]
fn tables_of_other_databases() {
    let column = |name: &str| Column {
        name: name.to_owned(),
        kind: "bigint".to_owned(),
        meaning: String::new(),
        unit: None,
        nullable: false,
        examples: Vec::new(),
        values: Vec::new(),
    };
    let table = |schema: &str, name: &str, scope: Option<&str>| Table {
        schema: Some(schema.to_owned()),
        name: name.to_owned(),
        meaning: String::new(),
        scope: scope.map(str::to_owned),
        key: Some("id".to_owned()),
        columns: vec![column("id"), column("Owner"), column("shop")],
    };
    let free = Catalog::of(vec![table("public", "item", None), table("side", "sale", None)]).expect("it is sound");
    let held = Catalog::of(vec![table("public", "item", None), table("side", "Sale", Some("Owner"))]).expect("sound");
    let unscoped = |catalog: &Catalog, text: &str| match admit_unscoped(text, catalog) {
        Ok(admitted) => {
            let rows = admitted.rows();
            assert!(rows.binds().is_empty() && rows.text() == admitted.statement() && rows.scope().is_none(), "{text}");
            assert!(admitted.answer(Kind::Events).is_err(), "{text}");
            admitted.statement().to_owned()
        }
        Err(refusal) => refusal.code.to_string(),
    };
    let cases = [
        ("SELECT shop FROM item", "SELECT \"shop\" FROM \"public\".\"item\""),
        (
            "SELECT i.id FROM public.item i GROUP BY i.id",
            "SELECT \"i\".\"id\" FROM \"public\".\"item\" AS \"i\" GROUP BY \"i\".\"id\"",
        ),
        ("SELECT sale.id FROM side.sale", "SELECT \"sale\".\"id\" FROM \"side\".\"sale\""),
        (
            "WITH item AS (SELECT 1 AS n) SELECT n FROM item",
            "WITH \"item\" AS (SELECT 1 AS \"n\") SELECT \"n\" FROM \"item\"",
        ),
        (
            "WITH item AS (SELECT 1 AS n) SELECT id FROM public.item",
            "WITH \"item\" AS (SELECT 1 AS \"n\") SELECT \"id\" FROM \"public\".\"item\"",
        ),
        ("SELECT id FROM sale", "unknown_table"),
        ("SELECT id FROM side.item", "qualified_name"),
        ("SELECT id FROM pg_catalog.pg_class", "qualified_name"),
        ("SELECT relname FROM pg_class", "unknown_table"),
        ("SELECT id FROM db_event", "unknown_table"),
        ("SELECT pg_sleep(1) FROM item", "function_not_allowed"),
    ];
    for (text, expected) in cases {
        assert_eq!(unscoped(&free, text), expected, "{text}");
    }
    assert_eq!(unscoped(&held, "SELECT id FROM side.\"Sale\""), "scope_missing");
    assert_eq!(unscoped(&held, "SELECT (SELECT max(id) FROM side.\"Sale\") FROM item"), "scope_missing");
    assert_eq!(unscoped(&CATALOG, "SELECT id FROM db_event"), "scope_missing");
    let rows = |text: &str| admit(text, &held, &Scope::video(7)).expect(text).rows();
    let scoped = rows("SELECT s.id FROM side.\"Sale\" s");
    let sale = "(SELECT * FROM \"side\".\"Sale\" WHERE \"Owner\" = $1)";
    assert_eq!(scoped.text(), format!("SELECT \"s\".\"id\" FROM {sale} AS \"s\""));
    assert_eq!(scoped.binds(), [Bind::Int(7)]);
    assert!(rows("SELECT id FROM side.\"Sale\"").text().ends_with(&format!("FROM {sale} AS \"Sale\"")));
    assert!(rows("SELECT id FROM item").binds().is_empty(), "nothing refers to it");
}

/// Words and signs of SQL in any order, and pieces of real statements.
fn soup() -> impl Strategy<Value = String> {
    let words = "SELECT FROM WHERE db_event db_video e v id video_id timestamp count ( ) ( ) , * . ; = < > + - / % ^ || ~ :: -> \
                 AND OR NOT IN EXISTS BETWEEN LIKE ILIKE IS NULL TRUE CASE WHEN THEN ELSE END AS WITH RECURSIVE UNION ALL \
                 ORDER BY GROUP HAVING LIMIT OFFSET JOIN LEFT ON USING LATERAL CROSS NATURAL OVER PARTITION ROWS FILTER \
                 DISTINCT VALUES TABLE INTO FOR UPDATE INSERT DELETE SET CAST int text interval 'x' '1 day' 1 0.5 $1 \
                 generate_series unnest extract hour substring trim ARRAY [ ] { } ROLLUP CUBE GROUPING SETS WINDOW w \
                 set_config pg_sleep \\ \" ' $$ -- /* */ U& E'\\'' ? @> #>> \u{0} 가 public pg_catalog";
    let word = prop::sample::select(words.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    let piece = prop::sample::select(benign().into_iter().map(str::to_owned).collect::<Vec<_>>());
    let cut = (piece, any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(|(text, from, to)| {
        let chars: Vec<char> = text.chars().collect();
        let (a, b) = (from.index(chars.len()), to.index(chars.len()));
        chars[a.min(b)..a.max(b)].iter().collect()
    });
    prop::collection::vec(prop_oneof![4 => word, 1 => cut, 1 => "\\PC{0,6}"], 0..40).prop_map(|all| all.join(" "))
}

/// A sound statement with some of its words put elsewhere.
fn mutated() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(benign().into_iter().map(str::to_owned).collect::<Vec<_>>());
    let swaps = prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4);
    (piece, swaps).prop_map(|(text, swaps)| {
        let mut words: Vec<&str> = text.split_inclusive([' ', '(', ')', ',']).collect();
        for (a, b) in swaps {
            let (a, b) = (a.index(words.len()), b.index(words.len()));
            words.swap(a, b);
        }
        words.concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// No text makes it panic, and what it writes it admits again, to the same words.
    #[test]
    fn any_text_is_admitted_or_refused(text in prop_oneof![soup(), mutated(), any::<String>()]) {
        if let Ok(admitted) = try_admit(&text) {
            let again = try_admit(admitted.statement());
            prop_assert!(again.is_ok(), "{text}\n{}\n{:?}", admitted.statement(), again.err());
            let again = again.expect("looked at above");
            prop_assert_eq!(again.statement(), admitted.statement());
            for kind in [Kind::Events, Kind::Scalar, Kind::Groups] {
                let _ = admitted.answer(kind);
            }
        }
    }
}

/// The command, without a database.
#[test]
fn sql_check_says_what_becomes_of_each_statement() {
    let check = |input: &str, args: &[&str]| {
        let video: &[&str] = if args.contains(&"--video") { &[] } else { &["--video", "7"] };
        let mut child = Command::new(env!("CARGO_BIN_EXE_askline"))
            .args(["sql", "check"])
            .args(video)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        std::io::Write::write_all(&mut child.stdin.take().expect("piped"), input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, out, told) = check("\"SELECT 1\"\n\"DROP TABLE db_event\"\n\"\"\n\"DROP TABLE x\"\n", &[]);
    assert_eq!(told, "4 statements: 1 admitted, 3 refused: empty 1, not_a_select 2\n");
    let lines: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((code, lines.len()), (Some(0), 4));
    assert_eq!(lines[0]["admitted"], true);
    assert!(lines[0]["sql"].as_str().is_some_and(|sql| sql.ends_with("WHERE video_id = 7) SELECT 1")), "{out}");
    assert_eq!((&lines[0]["reason"], &lines[0]["rows"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    assert_eq!(lines[1]["admitted"], false);
    assert_eq!(lines[1]["reason"], "not_a_select: a SELECT is expected, and this is another statement");
    let (code, out, _) = check("SELECT id\nFROM db_event", &[]);
    assert!(code == Some(0) && out.lines().count() == 1 && out.contains("\"admitted\":true"), "{out}");
    let (code, out, complaint) = check("\"SELECT 1\"\nSELECT 2\n", &[]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(complaint.contains("standard input: line 2: a JSON string is expected"), "{complaint}");

    // The same from a file, where every line has to be a JSON string; blank lines count, and are none.
    let folder = tempfile::tempdir().expect("a directory");
    let path = folder.path().join("lines.jsonl");
    let file = path.to_str().expect("UTF-8");
    let write = |text: &str| std::fs::write(&path, text).expect("it is ours");
    write("\"SELECT name\\nFROM db_video\"\n\n  \"SELECT \\\"id\\\" FROM db_event;\"\r\n\"SELECT 1 -- 가\"");
    let (code, out, told) = check("", &["--file", file, "--video", "3,1,3"]);
    assert_eq!((code, out.lines().count(), told.as_str()), (Some(0), 3, "3 statements: 3 admitted, 0 refused\n"));
    assert!(out.lines().all(|line| line.contains("video_id = ANY (ARRAY[1, 3]::bigint[])")), "{out}");
    write("\"SELECT 1\"\n\nSELECT 2\n{\"sql\": 1}\n\"SELECT 3\n");
    let (code, out, told) = check("", &["--file", file]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    for line in [3, 4, 5] {
        assert!(told.contains(&format!("lines.jsonl: line {line}: a JSON string is expected")), "{told}");
    }
    let (code, _, told) = check("", &["--file", "no/such/file"]);
    assert!(code == Some(1) && told.contains("no/such/file"), "{told}");
    let (code, out, _) = check("", &[]);
    assert!(code == Some(0) && out.contains("empty: there is no statement"), "{out}");
}
