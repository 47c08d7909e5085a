//! Snapshots: one SELECT at a time, read only, as the reading role, all rows or none, as PostgreSQL's text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::time::Duration;

use askline::{
    sql::Bind,
    store::{Change, Limits, Snapshot, StoreError, TextTable},
};
use support::Db;

#[tokio::test(flavor = "multi_thread")]
async fn anything_but_one_select_is_refused_and_harms_nothing() {
    let db = Db::sample().await;
    let before = db.fingerprint().await;
    let remove = Change { text: "DELETE FROM db_event WHERE video_id = 2", binds: Vec::new() };
    for changes in [None, Some([remove])] {
        let mut snapshot = match &changes {
            None => db.store.snapshot(Limits::default()).await.unwrap(),
            Some(changes) => db.store.changed(changes, Limits::default()).await.unwrap(),
        };
        let count = if changes.is_some() { "1953" } else { "2346" };
        for text in [
            "SELECT 1; DROP TABLE db_event",
            "SELECT 1; SELECT 2",
            "COMMIT",
            "COMMIT; SELECT 1",
            "ROLLBACK",
            "BEGIN",
            "CLOSE one",
            "SELECT 1; COMMIT; DELETE FROM db_event",
            "DELETE FROM db_event",
            "DELETE FROM db_event RETURNING id",
            "INSERT INTO db_video (name) VALUES ('x') RETURNING video_id",
            "WITH x AS (INSERT INTO db_video (name) VALUES ('x') RETURNING video_id) SELECT * FROM x",
            "WITH x AS (DELETE FROM db_event RETURNING id) SELECT count(*) FROM x",
            "SELECT * INTO copied FROM db_event",
            "SELECT * INTO TEMP copied FROM db_event",
            "CREATE TABLE x (i int)",
            "CREATE TEMP TABLE x (i int)",
            "SELECT id FROM db_event FOR UPDATE",
            "SELECT nextval('db_event_id_seq')",
            "SELECT set_config('transaction_read_only', 'off', true)",
            "SET ROLE postgres",
            "EXPLAIN SELECT 1",
            "COPY db_event TO STDOUT",
            "DO $$ BEGIN DELETE FROM db_event; END $$",
            "SELECT 1 FROM _sqlx_migrations",
            "SELECT nothing FROM db_event",
            "SELECT 1/0",
            "SELEC 1",
            "",
            ";",
            "SELECT 1 LIMIT 1 /*",
        ] {
            match snapshot.table(text, &[]).await {
                Err(StoreError::Rejected { message }) if !message.is_empty() => {}
                other => panic!("{text}: {other:?}"),
            }
            assert_eq!(one(&mut snapshot, "SELECT count(*) FROM db_event").await, count, "after {text}");
        }
        snapshot.close().await;
    }
    assert_eq!(db.fingerprint().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_fixed_and_do_not_outlive_their_statement() {
    let db = Db::sample().await;
    let mut snapshot = db.store.snapshot(Limits::default()).await.unwrap();
    let settings = "SELECT concat_ws(' ', current_user, current_setting('TimeZone'), current_setting('DateStyle'), \
                    current_setting('transaction_read_only'), current_setting('transaction_isolation'), \
                    current_setting('extra_float_digits'), current_setting('statement_timeout'))";
    let expected = if support::on_server() {
        "askline_reader UTC ISO, YMD on repeatable read 1 5s".to_owned()
    } else {
        one(&mut snapshot, settings).await
    };
    assert_eq!(one(&mut snapshot, settings).await, expected);
    for (name, value, local) in
        [("TimeZone", "Asia/Seoul", true), ("extra_float_digits", "0", false), ("statement_timeout", "0", true)]
    {
        let text = format!("SELECT set_config('{name}', '{value}', {local})");
        assert_eq!(one(&mut snapshot, &text).await, value);
        assert_eq!(one(&mut snapshot, settings).await, expected, "after {text}");
    }
    snapshot.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_rows_or_none() {
    let db = Db::sample().await;
    let limits = Limits { max_rows: 3, ..Limits::default() };
    let mut snapshot = db.store.snapshot(limits).await.unwrap();
    let rows = |n: usize| format!("SELECT i FROM generate_series(1, {n}) i");
    assert_eq!(snapshot.table(&rows(3), &[]).await.unwrap().rows.len(), 3);
    let error = snapshot.table(&rows(4), &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::TooMany { limit: 3 }), "{error}");
    assert_eq!(snapshot.table(&rows(2), &[]).await.unwrap().rows.len(), 2);
    snapshot.close().await;

    let unlimited = Limits { max_rows: usize::MAX, ..Limits::default() };
    let mut snapshot = db.store.snapshot(unlimited).await.unwrap();
    assert_eq!(snapshot.table(&rows(20_000), &[]).await.unwrap().rows.len(), 20_000);
    snapshot.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_is_limited() {
    if !support::on_server() {
        return support::skip("time_is_limited", "the embedded database cannot stop a statement");
    }
    let db = Db::sample().await;
    let limits = Limits { timeout: Duration::from_millis(200), ..Limits::default() };
    let mut snapshot = db.store.snapshot(limits).await.unwrap();
    let error = snapshot.table("SELECT pg_sleep(30)", &[]).await.unwrap_err();
    assert!(matches!(error, StoreError::TimedOut { .. }), "{error}");
    assert_eq!(one(&mut snapshot, "SELECT 1").await, "1");
    snapshot.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cells_are_text_and_columns_have_names_and_types() {
    let db = Db::sample().await;
    let mut snapshot = db.store.snapshot(Limits::default()).await.unwrap();
    for (text, kind, cell) in [
        ("9007199254740993::int8", "INT8", Some("9007199254740993")),
        ("7::int2", "INT2", Some("7")),
        ("0.1::float8 + 0.2::float8", "FLOAT8", Some("0.30000000000000004")),
        ("'-0'::float8", "FLOAT8", Some("-0")),
        ("'NaN'::float8", "FLOAT8", Some("NaN")),
        ("0.1::float4", "FLOAT4", Some("0.1")),
        ("1.50::numeric", "NUMERIC", Some("1.50")),
        ("'아이'::text", "TEXT", Some("아이")),
        ("''::text", "TEXT", Some("")),
        ("'x'::varchar(3)", "VARCHAR", Some("x")),
        ("true", "BOOL", Some("t")),
        ("NULL::int8", "INT8", None),
        ("'2026-03-02 10:00+09'::timestamptz", "TIMESTAMPTZ", Some("2026-03-02 01:00:00+00")),
        ("'2026-03-02 10:00'::timestamp", "TIMESTAMP", Some("2026-03-02 10:00:00")),
        ("'2026-03-02'::date", "DATE", Some("2026-03-02")),
        ("interval '90 minutes'", "INTERVAL", Some("01:30:00")),
        ("'{\"a\": 1}'::jsonb", "JSONB", Some("{\"a\": 1}")),
        ("ARRAY[1, NULL, 2]", "INT4[]", Some("{1,NULL,2}")),
        ("ROW(1, 'a')", "RECORD", Some("(1,a)")),
        ("'unknown'", "TEXT", Some("unknown")),
    ] {
        let table = snapshot.table(&format!("SELECT {text} AS \"the value\""), &[]).await.unwrap();
        assert_eq!((table.columns[0].name.as_str(), table.columns[0].kind.as_str()), ("the value", kind), "{text}");
        assert_eq!(table.rows, [[cell.map(str::to_owned)]], "{text}");
    }
    let empty = snapshot.table("SELECT id, location, id FROM db_event WHERE false;", &[]).await.unwrap();
    let columns: Vec<&str> = empty.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((columns, empty.rows.len()), (vec!["id", "location", "id"], 0));
    let none = snapshot.table("SELECT FROM generate_series(1, 2)", &[]).await.unwrap();
    assert_eq!((none.columns.len(), none.rows.len()), (0, 2));
    assert_eq!(one(&mut snapshot, "(SELECT 1) -- it ends here").await, "1");
    assert_eq!(one(&mut snapshot, "VALUES (1)").await, "1");
    assert_eq!(one(&mut snapshot, "WITH x AS (SELECT 1 AS i) SELECT i FROM x; ; ").await, "1");
    snapshot.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn binds_are_values() {
    let db = Db::sample().await;
    let mut snapshot = db.store.snapshot(Limits::default()).await.unwrap();
    let binds = [
        Bind::Int(1),
        Bind::Float(600.0),
        Bind::Text("%'; DROP TABLE db_event%".to_owned()),
        Bind::Texts(vec!["theft".to_owned(), "picking".to_owned()]),
    ];
    let text =
        "SELECT count(*), $3::text FROM db_event WHERE video_id = $1 AND timestamp > $2 AND event_type = ANY ($4)";
    let first = snapshot.table(text, &binds).await.unwrap();
    assert_eq!(first.rows[0][1].as_deref(), Some("%'; DROP TABLE db_event%"));
    assert_ne!(first.rows[0][0].as_deref(), Some("0"));
    assert_eq!(snapshot.table(text, &binds).await.unwrap(), first);
    let few = snapshot.table(text, &binds[..1]).await;
    assert!(matches!(few, Err(StoreError::Rejected { .. })), "{few:?}");
    assert_eq!(one(&mut snapshot, "SELECT count(*) FROM db_video").await, "6");
    snapshot.close().await;
}

/// One point in time, and a copy that nobody else sees.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_write_is_not_seen_and_what_is_changed_is_not_kept() {
    let db = Db::sample().await;
    let count = "SELECT count(*) FROM db_event";
    let add = Change {
        text: "INSERT INTO db_event (id, video_id, timestamp, event_type) VALUES ($1, 1, $2, $3)",
        binds: vec![Bind::Int(9999), Bind::Float(0.5), Bind::Text("theft".to_owned())],
    };
    let mut copy = db
        .store
        .changed(&[add.clone(), Change { binds: Vec::new(), text: "DELETE FROM db_video" }], Limits::default())
        .await
        .unwrap();
    assert_eq!(one(&mut copy, count).await, "2347");
    assert_eq!(one(&mut copy, "SELECT count(*) FROM db_video").await, "0");
    if let Some(mut other) = db.other_connection().await {
        let mut snapshot = db.store.snapshot(Limits::default()).await.unwrap();
        assert_eq!(one(&mut snapshot, count).await, "2346");
        support::execute(&mut other, "DELETE FROM db_event WHERE video_id = 1").await;
        assert_eq!(one(&mut snapshot, count).await, "2346");
        snapshot.close().await;
        let mut snapshot = db.store.snapshot(Limits::default()).await.unwrap();
        assert_eq!(one(&mut snapshot, count).await, "1915");
        drop(snapshot);
    }
    drop(copy);
    let wrong = Change { text: "DELETE FROM db_nothing", binds: Vec::new() };
    assert!(matches!(db.store.changed(&[add, wrong], Limits::default()).await, Err(StoreError::Rejected { .. })));
    let mut snapshot = db.store.snapshot(Limits::default()).await.unwrap();
    assert_ne!(one(&mut snapshot, count).await, "2347");
    snapshot.close().await;
    // Connections are given back: more snapshots than there are connections.
    for _ in 0..20 {
        drop(db.store.snapshot(Limits::default()).await.unwrap());
    }
}

async fn one(snapshot: &mut Snapshot, text: &str) -> String {
    let TextTable { rows, .. } = snapshot.table(text, &[]).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(matches!(rows.as_slice(), [row] if row.len() == 1), "{text}: {rows:?}");
    rows[0][0].clone().unwrap()
}
