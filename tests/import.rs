//! Imported suites run on databases that are not ours, which are only read.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use askline::{
    eval::import::{
        Format,
        check::{CheckError, Checked, Fault, check},
        read,
    },
    store::{Limits, Place, Store, StoreError},
};
use support::Bare;

const SHOP: &str =
    "CREATE SCHEMA side; CREATE TABLE item (id int PRIMARY KEY, name varchar(20) NOT NULL, price numeric(8, 2));
    COMMENT ON TABLE item IS 'what is sold'; COMMENT ON COLUMN item.price IS 'without tax';
    CREATE TABLE side.sale (item int REFERENCES item, at timestamptz, n int, PRIMARY KEY (item, at));
    CREATE VIEW cheap AS SELECT name FROM item WHERE price < 10;
    INSERT INTO item VALUES (1, 'pen', 2.50), (2, 'book', 12), (3, 'cup', 7.00);
    INSERT INTO side.sale VALUES (1, '2026-03-02 10:00+09', 3), (2, '2026-03-02 11:00+09', 1)";

const QUESTIONS: &str = "question,query,db_name,query_category
Which are there?,\"SELECT {id, name} FROM item\",DB,group_by
Order them by price.,SELECT name FROM item ORDER BY price DESC,DB,order_by
What was sold?,SELECT nothing FROM item;SELECT sum(n) FROM side.sale,DB,ratio
Which is new?,INSERT INTO item VALUES (9) RETURNING id,DB,ratio
";

#[tokio::test(flavor = "multi_thread")]
async fn golds_run_on_a_database_that_stays_as_it_was() {
    let Some((bare, template, name)) = shop("golds_run_on_a_database_that_stays_as_it_was").await else { return };
    let questions = read(Format::Defog, "q.csv", "q", &QUESTIONS.replace("DB", &name)).unwrap();
    let (checked, catalogs) = check(&questions, &template, Limits::default()).await.unwrap();
    let of = |checked: &Checked| (checked.golds, checked.faults.iter().map(|fault| fault.0).collect::<Vec<_>>());
    assert_eq!(checked.iter().map(of).collect::<Vec<_>>(), [(3, vec![]), (1, vec![]), (2, vec![1]), (1, vec![1])]);
    let refused = |fault: &(usize, Fault)| match &fault.1 {
        Fault::Refused(refusal) => refusal.code.as_str(),
        other => panic!("{other:?}"),
    };
    let codes: Vec<&str> = checked.iter().flat_map(|one| &one.faults).map(refused).collect();
    assert_eq!(codes, ["unknown_column", "not_a_select"]);
    insta::assert_yaml_snapshot!(catalogs[&name]);

    let mut conn = bare.connect().await;
    let count = "SELECT (SELECT count(*) FROM item), (SELECT count(*) FROM pg_class WHERE relname IN ('db_event', '_sqlx_migrations'))";
    let left: (i64, i64) = sqlx::query_as(count).fetch_one(&mut conn).await.unwrap();
    assert_eq!(left, (3, 0));
    drop(conn);
    bare.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_database_is_only_read() {
    let Some((bare, ..)) = shop("a_foreign_database_is_only_read").await else { return };
    let Place::Url(url) = bare.place() else { return };
    let foreign = Store::foreign(&url, Limits { max_rows: 2, ..Limits::default() }).await.unwrap();
    let mut snapshot = foreign.snapshot().await.unwrap();
    for text in
        ["DELETE FROM item", "SELECT nextval('x')", "CREATE TABLE x (i int)", "COMMIT", "SELECT 1 FROM item FOR UPDATE"]
    {
        assert!(matches!(snapshot.table(text, &[]).await, Err(StoreError::Rejected { .. })), "{text}");
    }
    assert!(matches!(snapshot.table("SELECT id FROM item", &[]).await, Err(StoreError::TooMany { limit: 2 })));
    assert_eq!(snapshot.table("SELECT count(*) FROM item", &[]).await.unwrap().rows, [[Some("3".to_owned())]]);
    snapshot.close().await;
    foreign.close().await;
    bare.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_is_said_without_its_password() {
    let questions = read(Format::Csv, "q.csv", "q", "question,sql,db_name\nx,SELECT 1,nowhere\n").unwrap();
    let told = |template: &'static str| {
        let questions = questions.clone();
        async move { check(&questions, template, Limits::default()).await.unwrap_err() }
    };
    assert!(matches!(told("postgres://127.0.0.1/x").await, CheckError::NoName));
    let error = told("postgres://me:hunter2@127.0.0.1:1/{db}").await.to_string();
    assert!(
        error.contains("`nowhere`") && error.contains("127.0.0.1:1/nowhere") && !error.contains("hunter2"),
        "{error}"
    );
    let questions = read(Format::Csv, "q.csv", "q", "question,sql,db_name\nx,SELECT 1,a/b?c\n").unwrap();
    let error = check(&questions, "postgres://127.0.0.1/{db}", Limits::default()).await.unwrap_err();
    assert!(matches!(error, CheckError::BadName(name) if name == "a/b?c"));
}

/// The database, a template of its URL, and the name to fill in.
async fn shop(test: &str) -> Option<(Bare, String, String)> {
    let Some(bare) = Bare::new().await else {
        support::skip(test, "it needs a server");
        return None;
    };
    let mut conn = bare.connect().await;
    support::execute(&mut conn, SHOP).await;
    drop(conn);
    let Place::Url(url) = bare.place() else { return None };
    let (start, rest) = url.rsplit_once("/askline_test_").unwrap();
    let (id, settings) = rest.split_once('?').unwrap();
    Some((bare, format!("{start}/{{db}}?{settings}"), format!("askline_test_{id}")))
}

/// What the program prints, and its exit codes.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_writes_lines_or_all_problems() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let ran = std::process::Command::new(env!("CARGO_BIN_EXE_askline"))
            .args(["eval", "import", "--format", "defog"])
            .args(args)
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (ran.status.code(), text(&ran.stdout), text(&ran.stderr))
    };
    std::fs::write(folder.path().join("q.csv"), QUESTIONS).unwrap();
    std::fs::write(folder.path().join("bad.csv"), "question,query,db_name\n,SELECT 1,shop\nx,{,shop\n").unwrap();
    std::fs::create_dir(folder.path().join("db")).unwrap();
    let (code, out, _) = run(&["q.csv"]);
    assert_eq!((code, out.lines().count()), (Some(0), 4), "{out}");
    let (code, out, err) = run(&["q.csv", "bad.csv", "none.csv", "--db-dir", "db"]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    for told in [
        "bad.csv:2: record 1: `question`",
        "bad.csv:3: record 2: a brace",
        "none.csv cannot be read",
        "q.csv:2: there is no database `DB` in db",
    ] {
        assert!(err.contains(told), "{told}: {err}");
    }
    let Some((bare, template, name)) = shop("the_command_writes_lines_or_all_problems").await else { return };
    std::fs::write(folder.path().join("q.csv"), QUESTIONS.replace("DB", &name)).unwrap();
    let (code, out, _) =
        run(&["q.csv", "--check", "--database-url-template", &template, "--catalogs", "c", "--out", "q.jsonl"]);
    assert_eq!(code, Some(1), "{out}");
    assert!(
        out.contains("gold 1 of 2: refused: unknown_column: there is no column nothing")
            && out.ends_with("4 questions on 1 databases, 7 golds: 5 right, 0 wrong, 2 refused, 0 not run\n"),
        "{out}"
    );
    assert!(folder.path().join("q.jsonl").exists() && folder.path().join(format!("c/{name}.json")).exists());
    bare.gone().await;
}
