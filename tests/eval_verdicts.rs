//! Verdicts and their reasons, one pair a line; and what must never happen, on any result.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

use askline::eval::{
    cell::Cell,
    judge::{Gold, Kind, Mode, Predicted, Verdict, judge},
    pairs::{Judged, Pair},
    table::Table,
};
use proptest::prelude::*;
use serde_json::json;

/// mode or kind, rows of the gold, rows predicted, and the code (none: right). Columns are `id`, `b`, `c` … of both.
#[test]
fn a_wrong_verdict_has_its_reason() {
    for (mode, gold, predicted, code) in [
        ("events", "[[1],[2]]", "[[2],[1],[1]]", ""),
        ("events", "[[1],[2],[3]]", "[[2]]", "missing_rows"),
        ("events", "[[1]]", "[[1],[2]]", "extra_rows"),
        ("events", "[[1],[2]]", "[[1],[3]]", "values"),
        ("events", "[[1]]", "[[\"1\"]]", "type"),
        ("events", "[]", "[]", ""),
        ("events", "[]", "[[null]]", "extra_rows"),
        ("events ordered", "[[1],[2]]", "[[2],[1]]", "order"),
        ("events ordered", "[[1],[2]]", "[[1],[2],[2]]", "multiplicity"),
        ("scalar", "[[3]]", "[[3.000001]]", ""),
        ("scalar", "[[3]]", "[[3.00001]]", "values"),
        ("scalar", "[[0]]", "[[1e-9]]", "values"),
        ("scalar", "[[0]]", "[[null]]", "values"),
        ("scalar", "[[0]]", "[[false]]", "type"),
        ("scalar", "[[0]]", "[]", "missing_rows"),
        ("scalar", "[[null]]", "[]", "missing_rows"),
        ("scalar", "[[null]]", "[[null]]", ""),
        ("scalar", "[[0.5]]", "[[0.51]]", "values"),
        ("scalar", "[[\"a\"]]", "[[\"A\"]]", "values"),
        ("scalar", "[[1]]", "[[1],[1]]", "multiplicity"),
        ("scalar", "[[1]]", "[[1,2]]", "columns"),
        ("groups", "[[\"a\",1],[null,2]]", "[[null,2.0000001],[\"a\",1]]", ""),
        ("groups", "[[\"a\",1],[\"b\",2]]", "[[\"a\",2],[\"b\",1]]", "values"),
        ("groups", "[[\"a\",1],[\"a\",1]]", "[[\"a\",1]]", "multiplicity"),
        ("groups", "[[\"a\",1]]", "[[\"a\",1],[\"b\",0]]", "extra_rows"),
        ("groups", "[[1000000,1]]", "[[1000001,1]]", "values"),
        ("groups ordered", "[[\"a\",1],[\"b\",1]]", "[[\"b\",1],[\"a\",1]]", "order"),
        ("abstain", "[]", "[]", "not_abstained"),
        ("bird", "[[1,2],[1,2]]", "[[1,2]]", ""),
        ("bird ordered", "[[1],[2]]", "[[2],[1]]", ""),
        ("bird", "[[1,2]]", "[[2,1]]", "values"),
        ("bird", "[[1]]", "[[1,2]]", "columns"),
        ("bird", "[[true]]", "[[1]]", "type"),
        ("bird", "[[0.1]]", "[[0.10000000000000001]]", ""),
        ("bird", "[[0.3]]", "[[0.30000000000000004]]", "values"),
        ("bird", "[[null]]", "[]", "missing_rows"),
        ("spider", "[[1,\"x\"],[2,\"y\"]]", "[[\"y\",2],[\"x\",1]]", ""),
        ("spider", "[[1,\"x\"],[2,\"y\"]]", "[[1,\"y\"],[2,\"x\"]]", "values"),
        ("spider", "[[1,1],[2,2]]", "[[1,2],[2,1]]", "values"),
        ("spider", "[[1],[1]]", "[[1]]", "multiplicity"),
        ("spider", "[[1],[1],[2]]", "[[1],[2],[2]]", "multiplicity"),
        ("spider", "[[null]]", "[]", "missing_rows"),
        ("spider ordered", "[[1,5],[2,6]]", "[[6,2],[5,1]]", "order"),
        ("spider ordered", "[[1,5],[2,6]]", "[[5,1],[6,2]]", ""),
        ("defog", "[[1,\"x\"]]", "[[\"x\",7,1]]", ""),
        ("defog", "[[1,\"x\"],[2,\"y\"]]", "[[1,\"y\",0],[2,\"x\",0]]", "values"),
        ("defog", "[[1,2]]", "[[1]]", "columns"),
        ("defog", "[]", "[[1]]", "extra_rows"),
        ("defog", "[]", "[]", ""),
        ("defog", "[[100.0]]", "[[100.0005]]", ""),
        ("defog", "[[100.0]]", "[[100.01]]", "values"),
        ("defog", "[[100000]]", "[[100001]]", "values"),
        ("defog", "[[null,1]]", "[[0,1]]", "values"),
        // From sql-eval's own tests: rows of equal keys may change places, others not.
        ("defog ordered", "[[1,4],[2,5],[3,5],[4,6]]", "[[1,4],[3,5],[2,5],[4,6]]", ""),
        ("defog ordered", "[[1,4],[2,5],[3,5],[4,6]]", "[[2,5],[1,4],[4,6],[3,5]]", "order"),
        ("defog ordered", "[[\"a\",3],[\"b\",3],[\"c\",1]]", "[[\"b\",3],[\"a\",3],[\"c\",1]]", "order"),
        // Ours on purpose: sql-eval compares re-paired rows as sets, once each column has the same values.
        (
            "defog",
            "[[1,1],[1,1],[1,2],[2,1],[2,2],[2,2]]",
            "[[1,1,0],[1,2,0],[1,2,0],[2,1,0],[2,1,0],[2,2,0]]",
            "multiplicity",
        ),
        // Ours on purpose: sql-eval drops all order where a column has one value only.
        ("defog ordered", "[[1,3],[1,2]]", "[[1,2],[1,3]]", "order"),
        // Ours on purpose: sql-eval takes the first column with the same values, and does not look further.
        ("defog", "[[1,1],[2,2],[1,2]]", "[[2,1,1],[1,2,2],[2,2,1]]", ""),
    ] {
        let judged = pair(mode, gold, predicted, "null");
        let told = judged
            .reason
            .as_ref()
            .map_or(String::new(), |reason| serde_json::to_value(reason).unwrap()["code"].as_str().unwrap().to_owned());
        assert_eq!(told, code, "{mode}: {gold} and {predicted}: {judged:?}");
        assert_eq!(
            (judged.right, judged.soft_f1 == 1.0),
            (code.is_empty(), code.is_empty()),
            "{mode}: {gold} and {predicted}: {judged:?}"
        );
        assert!((0.0..=1.0).contains(&judged.soft_f1), "{judged:?}");
    }
}

#[test]
fn reasons_have_figures() {
    for (mode, gold, predicted, told) in [
        ("events", "[[1],[2],[3]]", "[[2]]", "2 of 3 rows missing, first (1)"),
        (
            "events",
            "[[1],[2]]",
            "[[2],[7],[8]]",
            "2 of 3 predicted rows not in the gold, first (7); 1 of 2 rows missing, first (1)",
        ),
        (
            "groups",
            "[[\"a\",1],[\"b\",2]]",
            "[[\"b\",3],[\"a\",1]]",
            "1 of 2 rows differ, first row 2 in column `b`: 2 in the gold, 3 predicted",
        ),
        (
            "scalar",
            "[[3]]",
            "[[\"3\"]]",
            "1 of 1 row differ, first row 1 in column `id`: 3 (number) in the gold, \"3\" (text) predicted",
        ),
        ("spider", "[[1],[1],[2]]", "[[1],[2],[2]]", "(1) stands twice in the gold, once in the prediction"),
        (
            "events ordered",
            "[[1],[2],[3]]",
            "[[1],[3],[2]]",
            "all 3 rows are there; row 2 is (3), which the gold has elsewhere ((2) stands there)",
        ),
        ("scalar", "[[1]]", "[[1,2]]", "2 columns predicted (id, b), 1 in the gold (id); one value is asked for"),
    ] {
        assert_eq!(pair(mode, gold, predicted, "null").reason.unwrap().message, told);
    }
}

#[test]
fn ties_may_change_places_and_nothing_else() {
    for mode in ["events ordered", "spider ordered", "defog ordered"] {
        for (predicted, right) in [
            ("[[9],[7],[8],[5]]", true),
            ("[[9],[8],[7],[5]]", true),
            ("[[7],[9],[8],[5]]", false),
            ("[[9],[7],[5],[8]]", false),
            ("[[9],[7],[8]]", false),
        ] {
            assert_eq!(pair(mode, "[[9],[7],[8],[5]]", predicted, "[3, 1, 1, 2]").right, right, "{mode}: {predicted}");
            let strict = predicted == "[[9],[7],[8],[5]]";
            assert_eq!(pair(mode, "[[9],[7],[8],[5]]", predicted, "null").right, strict, "{mode}: {predicted}");
        }
    }
}

#[test]
fn names_count_where_the_rules_say() {
    let judged = |mode: &str, kind, gold, predicted| {
        let line = json!({"id": "n", "mode": mode, "kind": kind, "gold": gold, "predicted": predicted});
        Pair::from_json(&line.to_string()).unwrap().judge().unwrap()
    };
    let ab = json!({"columns": ["a", "id"], "rows": [[1, 2]]});
    let ba = json!({"columns": ["id", "a"], "rows": [[2, 1]]});
    let xy = json!({"columns": ["x", "y"], "rows": [[1, 2]]});
    for (mode, kind, predicted, right) in [
        ("contract", "events", &ba, true),
        ("contract", "events", &xy, false),
        ("contract", "groups", &ba, false),
        ("contract", "groups", &xy, true),
        ("bird", "groups", &ba, false),
        ("bird", "groups", &xy, true),
        ("spider", "groups", &ba, true),
        ("spider", "groups", &xy, true),
        ("defog", "groups", &ba, true),
        ("defog", "groups", &xy, true),
    ] {
        assert_eq!(judged(mode, kind, &ab, predicted).right, right, "{mode} {kind} {predicted}");
    }
}

#[test]
fn any_gold_will_do_and_the_nearest_gives_the_reason() {
    let golds = json!([{"columns": ["a"], "rows": [[1], [2]]}, {"columns": ["a"], "rows": [[7]]}]);
    let judged = |rows| {
        let line = json!({"id": "g", "mode": "spider", "gold": golds, "predicted": {"columns": ["a"], "rows": rows}});
        Pair::from_json(&line.to_string()).unwrap().judge().unwrap()
    };
    assert!(judged(json!([[2], [1]])).right && judged(json!([[7]])).right);
    assert_eq!(judged(json!([[1], [3]])).reason.unwrap().message.split(" differ").next(), Some("1 of 2 rows"));
}

/// Columns that look the same one by one do not make the search for their order long.
#[test]
fn wide_tables_of_like_columns_are_judged_at_once() {
    let width = 24usize;
    let rows = |shift: usize| -> Vec<Vec<Cell>> {
        (0..width)
            .map(|row| (0..width).map(|of| Cell::from(i64::from((row + of * shift).is_multiple_of(width)))).collect())
            .collect()
    };
    let table = |shift| Table { columns: (0..width).map(|of| format!("c{of}")).collect(), rows: rows(shift) };
    let began = std::time::Instant::now();
    assert!(run(Mode::Spider, false, &table(1), &table(5)).right);
    let mut other = table(5);
    other.rows[0][3] = Cell::from(1);
    assert!(!run(Mode::Spider, false, &table(1), &other).right);
    assert!(began.elapsed().as_secs() < 10);
}

const MODES: [Mode; 6] = [
    Mode::Contract(Kind::Events),
    Mode::Contract(Kind::Scalar),
    Mode::Contract(Kind::Groups),
    Mode::Bird,
    Mode::Spider,
    Mode::Defog,
];

proptest! {
    #[test]
    fn a_result_is_equal_to_itself(table in tables(), ordered: bool) {
        for (mode, table) in fitting(&table) {
            prop_assert_eq!(run(mode, ordered, &table, &table), run_right(), "{:?}", mode);
        }
    }

    #[test]
    fn rows_may_be_shuffled_where_order_is_not_asked((table, shuffled) in shuffled_rows()) {
        for ((mode, gold), (_, predicted)) in fitting(&table).into_iter().zip(fitting(&shuffled)) {
            if mode != Mode::Contract(Kind::Scalar) {
                prop_assert!(run(mode, false, &gold, &predicted).right, "{:?}", mode);
            }
            let asked = run(mode, true, &gold, &predicted);
            let set = mode == Mode::Bird || mode == Mode::Contract(Kind::Scalar);
            prop_assert!(set || mode == Mode::Defog || mode == Mode::Spider || asked.right == (gold.rows == predicted.rows), "{:?}", mode);
        }
    }

    #[test]
    fn columns_may_be_permuted_where_the_mode_says_so(table in tables(), order in Just(vec![0, 1, 2]).prop_shuffle()) {
        let mut other = table.clone();
        other.columns = order.iter().map(|at| table.columns[*at].clone()).collect();
        other.rows = table.rows.iter().map(|row| order.iter().map(|at| row[*at].clone()).collect()).collect();
        for ordered in [false, true] {
            prop_assert!(run(Mode::Spider, ordered, &table, &other).right);
            prop_assert!(run(Mode::Defog, ordered, &table, &other).right);
        }
        let set = |table: &Table| table.rows.iter().cloned().collect::<std::collections::HashSet<Vec<Cell>>>();
        let same = set(&table) == set(&other);
        prop_assert_eq!(run(Mode::Bird, false, &table, &other).right, same);
    }

    /// One cell is given a value that is nowhere else.
    #[test]
    fn one_changed_cell_is_never_equal(table in tables(), ordered: bool, row: prop::sample::Index, of in 0..3usize, new in foreign()) {
        prop_assume!(!table.rows.is_empty());
        for (mode, gold) in fitting(&table) {
            let mut other = gold.clone();
            let row = row.index(other.rows.len());
            let of = of % other.width();
            other.rows[row][of] = new.clone();
            for (gold, predicted) in [(&gold, &other), (&other, &gold)] {
                let verdict = run(mode, ordered, gold, predicted);
                prop_assert!(!verdict.right, "{:?}: {:?}", mode, verdict);
                check_wrong(&verdict)?;
            }
        }
    }

    #[test]
    fn one_row_more_or_less_is_never_equal(table in tables(), ordered: bool, row: prop::sample::Index, new in foreign()) {
        for (mode, gold) in fitting(&table) {
            let mut other = gold.clone();
            let at = row.index(other.rows.len() + 1);
            other.rows.insert(at, vec![new.clone(); gold.width()]);
            for (gold, predicted) in [(&gold, &other), (&other, &gold)] {
                // A gold of two rows is no scalar.
                if mode != Mode::Contract(Kind::Scalar) || gold.rows.len() < 2 {
                    let verdict = run(mode, ordered, gold, predicted);
                    prop_assert!(!verdict.right, "{:?}: {:?}", mode, verdict);
                    check_wrong(&verdict)?;
                }
            }
        }
    }

    /// Sets (bird, events without order, defog where the columns are as many) do not count by their own definition.
    #[test]
    fn one_repetition_is_never_equal_where_it_counts(table in tables(), row: prop::sample::Index) {
        prop_assume!(!table.rows.is_empty());
        for (mode, gold) in fitting(&table) {
            let mut other = gold.clone();
            let at = row.index(other.rows.len());
            let again = other.rows[at].clone();
            other.rows.insert(at, again);
            let sets = matches!(mode, Mode::Bird | Mode::Defog | Mode::Contract(Kind::Events));
            prop_assert_eq!(run(mode, false, &gold, &other).right, sets, "{:?}", mode);
            let listed = matches!(mode, Mode::Bird | Mode::Defog);
            prop_assert_eq!(run(mode, true, &gold, &other).right, listed, "{:?}", mode);
        }
    }

    /// Never by the hash seed or the order of rows; 1 for right answers alone.
    #[test]
    fn soft_f1_is_the_same_whatever_the_order(
        gold in tables(), (predicted, shuffled) in shuffled_rows()
    ) {
        let golds = fitting(&gold);
        for (((mode, gold), (_, one)), (_, other)) in golds.into_iter().zip(fitting(&predicted)).zip(fitting(&shuffled)) {
            if mode == Mode::Contract(Kind::Scalar) {
                continue;
            }
            let (one, other) = (run(mode, false, &gold, &one), run(mode, false, &gold, &other));
            prop_assert_eq!((one.right, one.soft_f1), (other.right, other.soft_f1), "{:?}", mode);
            prop_assert!(one.right || check_wrong(&one).is_ok());
        }
    }
}

/// Wrong has a reason and less than 1.
fn check_wrong(verdict: &Verdict) -> Result<(), TestCaseError> {
    prop_assert!(verdict.reason.is_some() && (0.0..1.0).contains(&verdict.soft_f1), "{:?}", verdict);
    Ok(())
}

fn run_right() -> Verdict {
    Verdict { right: true, reason: None, soft_f1: 1.0 }
}

fn run(mode: Mode, ordered: bool, gold: &Table, predicted: &Table) -> Verdict {
    let gold = Gold { table: gold.clone(), ties: None };
    judge(mode, ordered, &[gold], &Predicted::Table(predicted.clone())).unwrap()
}

/// The table cut to what each mode judges.
fn fitting(table: &Table) -> Vec<(Mode, Table)> {
    let cut = |width: usize, height: usize| Table {
        columns: table.columns[..width].to_vec(),
        rows: table.rows.iter().take(height).map(|row| row[..width].to_vec()).collect(),
    };
    MODES
        .into_iter()
        .map(|mode| match mode {
            Mode::Contract(Kind::Scalar) => (mode, cut(1, 1)),
            Mode::Contract(Kind::Events) => (mode, cut(1, usize::MAX)),
            Mode::Contract(Kind::Groups) => (mode, cut(2, usize::MAX)),
            _ => (mode, table.clone()),
        })
        .collect()
}

/// Of few values, so that rows, cells and columns repeat.
fn tables() -> impl Strategy<Value = Table> {
    prop::collection::vec(prop::collection::vec(cells(), 3), 0..7)
        .prop_map(|rows| Table { columns: ["id", "b", "c"].map(str::to_owned).to_vec(), rows })
}

fn shuffled_rows() -> impl Strategy<Value = (Table, Table)> {
    tables().prop_flat_map(|table| {
        let rows = Just(table.rows.clone()).prop_shuffle();
        rows.prop_map(move |rows| (table.clone(), Table { columns: table.columns.clone(), rows }))
    })
}

fn cells() -> impl Strategy<Value = Cell> {
    let decimals = [0.0, 0.5, -1.5, f64::NAN].map(Cell::from).to_vec();
    prop_oneof![
        3 => (0..4i64).prop_map(Cell::from),
        1 => prop::sample::select(decimals),
        2 => prop::sample::select(vec!["", "a", "도난", "1"]).prop_map(Cell::from),
        1 => Just(Cell::Null),
        1 => any::<bool>().prop_map(Cell::Bool),
    ]
}

/// Cells that are in no table.
fn foreign() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::from(5)),
        Just(Cell::from(0.25)),
        Just(Cell::from("b")),
        Just(Cell::from("NULL")),
        Just(Cell::from("0")),
    ]
}

fn pair(mode: &str, gold: &str, predicted: &str, ties: &str) -> Judged {
    let ordered = mode.ends_with(" ordered");
    let name = mode.trim_end_matches(" ordered");
    let (mode, kind) = if matches!(name, "bird" | "spider" | "defog") {
        (name, "null".to_owned())
    } else {
        ("contract", format!("{name:?}"))
    };
    let table = |rows: &str, width: usize| {
        let parsed: Vec<Vec<serde_json::Value>> = serde_json::from_str(rows).unwrap();
        let columns = &["id", "b", "c"][..parsed.first().map_or(width, Vec::len)];
        (format!("{{\"columns\": {}, \"rows\": {rows}}}", serde_json::to_string(columns).unwrap()), columns.len())
    };
    let least = if name == "groups" { 2 } else { 1 };
    let (gold, width) = table(gold, least);
    let (predicted, _) = table(predicted, width);
    let line = format!(
        "{{\"id\": \"x\", \"mode\": {mode:?}, \"kind\": {kind}, \"ordered\": {ordered}, \"ties\": {ties}, \"gold\": {gold}, \"predicted\": {predicted}}}"
    );
    Pair::from_json(&line).unwrap().judge().unwrap()
}
