//! The store: what a query may do and take, and that databases of every kind open, close and survive.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests, which clippy does not see as tests"
)]

mod support;

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use askline::{
    answer::{Answer, Kind, SHOWN, Value},
    sql::{Bind, Query},
    store::{Limits, OpenError, Settings, Store, StoreError},
};
use support::{Bare, Db, on_server, skip};

const EVENTS: &str = "SELECT e.id, e.video_id, e.timestamp, e.duration, e.event_type, e.action_detected, e.location, \
                      e.area, e.age, e.gender, e.obj_id, e.confidence, e.description, e.attributes FROM db_event e";

/// Scalars and groups of every type that composed or generated SQL gives.
#[tokio::test(flavor = "multi_thread")]
async fn cells_of_every_type_are_read() {
    let db = Db::sample().await;
    let scalar = |value: Value| Answer::Scalar(value);
    let cases: Vec<(&str, Kind, Answer)> = vec![
        ("SELECT count(*) FROM db_event", Kind::Scalar, scalar(Value::Int(2346))),
        ("SELECT 7::int2", Kind::Scalar, scalar(Value::Int(7))),
        ("SELECT 7", Kind::Scalar, scalar(Value::Int(7))),
        ("SELECT 0.5::float8", Kind::Scalar, scalar(Value::Float(0.5))),
        ("SELECT 0.5::float4", Kind::Scalar, scalar(Value::Float(0.5))),
        ("SELECT 1234567.8901", Kind::Scalar, scalar(Value::Float(1_234_567.890_1))),
        ("SELECT -0.001::numeric", Kind::Scalar, scalar(Value::Float(-0.001))),
        ("SELECT 70000::numeric", Kind::Scalar, scalar(Value::Float(70000.0))),
        ("SELECT 'a'::varchar", Kind::Scalar, scalar(Value::Text("a".into()))),
        ("SELECT 'a'", Kind::Scalar, scalar(Value::Text("a".into()))),
        ("SELECT true", Kind::Scalar, scalar(Value::Text("true".into()))),
        (
            "SELECT recorded_at FROM db_video WHERE video_id = 1",
            Kind::Scalar,
            scalar(Value::Text("2026-03-02T04:10:00Z".into())),
        ),
        ("SELECT max(age) FROM db_event WHERE id < 0", Kind::Scalar, scalar(Value::Null)),
        ("SELECT id FROM db_event WHERE id < 0", Kind::Scalar, scalar(Value::Null)),
        (
            "SELECT area, count(*) FROM db_event WHERE video_id = 1 AND id < 8 GROUP BY area ORDER BY area",
            Kind::Groups,
            Answer::Groups(vec![
                (Value::Text("center".into()), Value::Int(2)),
                (Value::Text("left".into()), Value::Int(5)),
            ]),
        ),
    ];
    for (text, kind, expected) in cases {
        match db.read(text, kind).await {
            Ok(answer) => assert_eq!(answer, expected, "{text}"),
            Err(error) => panic!("{text}: {error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_carry_every_id_and_the_first_rows_in_full() {
    let db = Db::sample().await;
    let Answer::Events(events) = db.read(&format!("{EVENTS} ORDER BY e.id"), Kind::Events).await.unwrap() else {
        panic!("events")
    };
    assert_eq!((events.ids.len(), events.shown.len()), (2346, SHOWN));
    assert_eq!(events.ids[..3], [1, 2, 3]);
    let first = &events.shown[0];
    assert_eq!((first.timestamp, first.event_type.as_str(), first.obj_id), (10.5, "walking", Some(3)));
    assert_eq!((first.location.as_deref(), first.area.as_deref()), (Some("과자 진열대"), Some("center")));
    assert!(first.attributes.is_empty() && first.action_detected.is_none());
    assert_eq!(events.shown[3].attributes["track_frames"], 66);
    let spread = events.spread.unwrap();
    let real = db.read("SELECT min(timestamp), max(timestamp) FROM db_event", Kind::Groups).await.unwrap();
    assert_eq!(real, Answer::Groups(vec![(Value::Float(spread.0), Value::Float(spread.1))]));

    let binds = vec![
        Bind::Int(1),
        Bind::Texts(vec!["theft".into(), "walking".into()]),
        Bind::Float(60.0),
        Bind::Text("과자 진열대".into()),
    ];
    let text =
        format!("{EVENTS} WHERE e.video_id = $1 AND e.event_type = ANY ($2) AND e.timestamp < $3 AND e.location = $4");
    let Ok(Answer::Events(events)) = db.read_with(&text, binds, Kind::Events, Limits::default()).await else {
        panic!("events")
    };
    assert_eq!(events.ids, [1]);
}

/// Nothing that is read may write, or leave the transaction.
#[tokio::test(flavor = "multi_thread")]
async fn the_reader_can_only_read() {
    let db = Db::sample().await;
    let cases = [
        ("INSERT INTO db_video (name) VALUES ('x') RETURNING video_id", "read-only transaction"),
        ("DELETE FROM db_event RETURNING id", "read-only transaction"),
        ("UPDATE db_event SET age = 1 RETURNING id", "read-only transaction"),
        ("WITH d AS (DELETE FROM db_event RETURNING id) SELECT count(*) FROM d", "read-only transaction"),
        ("SELECT count(*) FROM _sqlx_migrations", "permission denied"),
        ("SELECT pg_read_file('/etc/passwd')", "permission denied"),
        ("SELECT setval('db_event_id_seq', 1)", "permission denied"),
        ("SELECT nextval('db_event_id_seq')", "permission denied"),
        ("SELECT 1; SELECT 2", "multiple commands"),
        ("SELECT no_such_column FROM db_event", "does not exist"),
        ("SELECT ARRAY[1]", "which an answer cannot carry"),
        ("SELECT id FROM db_event", "several rows"),
    ];
    for (text, expected) in cases {
        match db.read(text, Kind::Scalar).await {
            // PostgreSQL 17 looks at the rights first.
            Err(StoreError::Rejected { message }) => assert!(
                message.contains(expected)
                    || (expected == "read-only transaction" && message.contains("permission denied")),
                "{text}: {message}"
            ),
            other => panic!("{text}: {other:?}"),
        }
    }
    // The role itself may not write either, if ever a transaction of its were not read-only.
    for (right, has) in [("SELECT", true), ("INSERT", false), ("UPDATE", false), ("DELETE", false), ("TRUNCATE", false)]
    {
        let text = "SELECT has_table_privilege('askline_reader', 'db_event', $1)";
        let answer = db.read_with(text, vec![Bind::Text(right.into())], Kind::Scalar, Limits::default()).await;
        assert_eq!(answer.unwrap(), Answer::Scalar(Value::Text(has.to_string())), "{right}");
    }
    // What a query sets is gone with it, and what it was as well.
    let sets = "SELECT set_config('transaction_read_only', 'off', false) || set_config('work_mem', '77MB', false)";
    let _ = db.read(sets, Kind::Scalar).await;
    let now = db.read("SELECT current_setting('work_mem'), current_user", Kind::Groups).await.unwrap();
    let Answer::Groups(now) = now else { panic!("{now:?}") };
    assert_ne!(now[0].0, Value::Text("77MB".into()));
    assert_eq!(now[0].1, Value::Text("askline_reader".into()));
    assert_eq!(db.read("SELECT count(*) FROM db_event", Kind::Scalar).await.unwrap(), Answer::Scalar(Value::Int(2346)));
}

#[tokio::test(flavor = "multi_thread")]
async fn more_rows_than_allowed_are_refused_and_not_cut() {
    let db = Db::sample().await;
    for (max_rows, allowed) in [(2346, true), (2345, false), (1, false)] {
        let limits = Limits { max_rows, ..Limits::default() };
        match db.read_with(EVENTS, Vec::new(), Kind::Events, limits).await {
            Ok(_) => assert!(allowed, "{max_rows}"),
            Err(StoreError::TooMany { limit }) => assert!(!allowed && limit == max_rows, "{max_rows}"),
            Err(other) => panic!("{max_rows}: {other}"),
        }
    }
    assert!(db.read("SELECT 1", Kind::Scalar).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_would_cost_too_much_is_not_run() {
    let db = Db::sample().await;
    let text = "SELECT count(*) FROM db_event a, db_event b, db_event c, db_event d WHERE a.age > $1";
    let cheap = Limits { max_cost: Some(1e6), ..Limits::default() };
    let began = Instant::now();
    let refused = db.read_with(text, vec![Bind::Float(5.0)], Kind::Scalar, cheap).await;
    assert!(matches!(refused, Err(StoreError::TooCostly { cost, limit: 1e6 }) if cost > 1e6), "{refused:?}");
    if !on_server() {
        // It has no time limits, so this one is on without being asked for.
        let refused = db.read_with(text, vec![Bind::Float(5.0)], Kind::Scalar, Limits::default()).await;
        assert!(matches!(refused, Err(StoreError::TooCostly { .. })), "{refused:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(5));
    assert!(db.read_with("SELECT $1::float8", vec![Bind::Float(5.0)], Kind::Scalar, cheap).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_ends_at_its_time_limit() {
    let db = Db::empty().await;
    let limits = Limits { timeout: Duration::from_millis(200), ..Limits::default() };
    let began = Instant::now();
    let outcome = db.read_with("SELECT 1 FROM pg_sleep(2)", Vec::new(), Kind::Scalar, limits).await;
    assert!(matches!(outcome, Err(StoreError::TimedOut { after }) if after == limits.timeout), "{outcome:?}");
    assert!(began.elapsed() < Duration::from_millis(1500), "{:?}", began.elapsed());
    if on_server() {
        assert!(db.read("SELECT 1", Kind::Scalar).await.is_ok());
        return;
    }
    // The embedded database goes on with it, and is busy for that long.
    let busy = db.read_with("SELECT 1", Vec::new(), Kind::Scalar, limits).await;
    assert!(matches!(busy, Err(StoreError::Busy)), "{busy:?}");
    let patient = Limits { timeout: Duration::from_secs(10), ..Limits::default() };
    assert!(db.read_with("SELECT 1", Vec::new(), Kind::Scalar, patient).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abandoned_query_is_stopped_on_the_server() {
    let db = Db::empty().await;
    let Some(mut watch) = db.other_connection().await else {
        return skip("an_abandoned_query_is_stopped_on_the_server", "the embedded database cannot stop a query");
    };
    let running = async |watch: &mut sqlx::PgConnection| -> i64 {
        sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity
             WHERE state = 'active' AND query LIKE '%pg_sleep(30)%' AND datname = current_database()
               AND pid <> pg_backend_pid()",
        )
        .fetch_one(watch)
        .await
        .unwrap()
    };
    for round in 0..3 {
        let reader = db.store.reader.clone();
        let limits = Limits { timeout: Duration::from_secs(60), ..Limits::default() };
        let task = tokio::spawn(async move {
            let query = Query::for_tests("SELECT 1 FROM pg_sleep(30)", Vec::new(), Kind::Scalar);
            reader.run(&query, limits).await
        });
        let deadline = Instant::now() + Duration::from_secs(5);
        while running(&mut watch).await == 0 {
            assert!(Instant::now() < deadline, "it never ran");
        }
        task.abort();
        let began = Instant::now();
        while running(&mut watch).await > 0 {
            assert!(began.elapsed() < Duration::from_secs(1), "round {round}: still running");
        }
        // The next user of the pool does not wait for it, and is not hit in its place.
        assert!(db.read("SELECT 1", Kind::Scalar).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_connection_is_replaced_without_the_caller_noticing() {
    let db = Db::sample().await;
    let Some(mut other) = db.other_connection().await else {
        return skip(
            "a_lost_connection_is_replaced_without_the_caller_noticing",
            "the embedded database has no second connection to end the first one with",
        );
    };
    for _ in 0..3 {
        let reads = (0..6).map(|_| db.read("SELECT count(*) FROM db_event", Kind::Scalar));
        futures_util::future::try_join_all(reads).await.unwrap();
        support::execute(
            &mut other,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
        assert!(db.read("SELECT count(*) FROM db_event", Kind::Scalar).await.is_ok());
    }
}

/// What makes the transaction's beginning fail is said, and does not stay with the connection.
#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_was_taken_away_does_not_spoil_connections() {
    let db = Db::empty().await;
    let Some(mut other) = db.other_connection().await else {
        return skip("a_role_that_was_taken_away", "the embedded database has no second connection to take it with");
    };
    // The role is the whole server's, so this test takes its rights in this database only.
    support::execute(&mut other, "REVOKE SELECT ON db_event FROM askline_reader").await;
    let refused = db.read("SELECT count(*) FROM db_event", Kind::Scalar).await;
    assert!(matches!(&refused, Err(StoreError::Rejected { message }) if message.contains("denied")), "{refused:?}");
    support::execute(&mut other, "GRANT SELECT ON db_event TO askline_reader").await;
    for _ in 0..20 {
        assert!(db.read("SELECT count(*) FROM db_event", Kind::Scalar).await.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_zone_that_does_not_exist_is_said_clearly() {
    let db = Db::sample().await;
    let Some(mut other) = db.other_connection().await else {
        return skip("a_zone_that_does_not_exist_is_said_clearly", "the loader lets none in, and nobody else can");
    };
    support::execute(&mut other, "UPDATE db_video SET timezone = 'Mars/Olympus' WHERE video_id = 2").await;
    let said = db.store.reader.video(2).await;
    assert!(
        matches!(&said, Err(StoreError::BadTimezone { video: 2, timezone }) if timezone == "Mars/Olympus"),
        "{said:?}"
    );
    assert!(db.store.reader.video(1).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_start_at_once_migrate_once() {
    let Some(bare) = Bare::new().await else {
        return skip("replicas_that_start_at_once_migrate_once", "the embedded database is one process' own");
    };
    let opened = (0..6).map(|_| Store::open(Settings::new(bare.place())));
    let stores = futures_util::future::try_join_all(opened).await.expect("all of them open");
    for store in &stores {
        store.reader.ready().await.unwrap();
        store.close().await;
    }
    bare.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_may_not_create_roles_goes_on_without() {
    let Some(bare) = Bare::new().await else {
        return skip("a_login_that_may_not_create_roles_goes_on_without", "the embedded database has one login");
    };
    let login = format!("askline_plain_{}", &uuid::Uuid::new_v4().simple().to_string()[..8]);
    let mut admin = bare.connect().await;
    support::execute(
        &mut admin,
        &format!("CREATE ROLE {login} LOGIN PASSWORD 'x'; GRANT CREATE ON SCHEMA public TO {login}"),
    )
    .await;
    let store = Store::open(Settings::new(bare.place_as(&login, "x"))).await.expect("it opens");
    let user = Query::for_tests("SELECT current_user", Vec::new(), Kind::Scalar);
    assert_eq!(store.reader.run(&user, Limits::default()).await.unwrap(), Answer::Scalar(Value::Text(login.clone())));
    let delete = Query::for_tests("DELETE FROM db_event RETURNING id", Vec::new(), Kind::Scalar);
    let refused = store.reader.run(&delete, Limits::default()).await;
    assert!(matches!(&refused, Err(StoreError::Rejected { message }) if message.contains("read-only")), "{refused:?}");
    store.close().await;
    bare.gone().await;
    let other = Bare::new().await.unwrap();
    support::execute(&mut other.connect().await, &format!("DROP ROLE {login}")).await;
    other.gone().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_said_clearly_and_soon() {
    let settings = |url: &str| {
        let mut settings = Settings::new(askline::store::Place::Url(url.to_owned()));
        settings.connect_timeout = Duration::from_millis(300);
        settings
    };
    let gone = Store::open(settings("postgres://u:secret@127.0.0.1:1/db")).await;
    let Err(error @ OpenError::Unreachable { .. }) = gone else { panic!("it opened") };
    assert!(error.to_string().starts_with("cannot connect to the database at 127.0.0.1:1/db: "), "{error}");
    assert!(!error.to_string().contains("secret"));
    assert!(matches!(
        Store::open(settings("mysql://x")).await,
        Err(OpenError::BadUrl(_) | OpenError::Unreachable { .. })
    ));
}

/// A directory of either engine keeps its data, lets one process in at a time, and survives a kill.
#[tokio::test(flavor = "multi_thread")]
async fn a_directory_keeps_its_data_and_lets_in_one_at_a_time() {
    check_directory("embedded", support::embedded).await;
    check_directory("native", support::native).await;
}

async fn check_directory(engine: &str, place: fn(&Path) -> askline::store::Place) {
    // Where the server's user may enter, too: it is not root.
    let dir = tempfile::tempdir().unwrap();
    let traversable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(dir.path(), traversable).unwrap();
    let path = dir.path().join("data");
    let began = Instant::now();
    let store = match Store::open(Settings::new(place(&path))).await {
        Ok(store) => store,
        Err(OpenError::NoEngine(why)) => return skip(engine, &why),
        Err(error) => panic!("{engine}: {error}"),
    };
    let first = began.elapsed();
    store.writer.load_sample().await.unwrap();
    let second = Store::open(Settings::new(place(&path))).await.err().expect("one at a time");
    assert!(matches!(&second, OpenError::InUse { pid: Some(pid), .. } if *pid == std::process::id()), "{second}");
    store.close().await;

    let began = Instant::now();
    let store = Store::open(Settings::new(place(&path))).await.expect("it opens again");
    let again = began.elapsed();
    assert!(!store.writer.load_sample().await.unwrap(), "{engine}: it is still there");
    store.close().await;
    eprintln!("{engine}: first start {first:?}, later start {again:?}");

    // Another process, killed while it holds the directory and has just written.
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "holds_a_directory", "--ignored", "--nocapture"])
        .env("ASKLINE_TEST_HOLD", &path)
        .env("ASKLINE_TEST_ENGINE", engine)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let held = std::io::BufRead::lines(std::io::BufReader::new(out)).any(|line| line.unwrap().contains("HELD"));
    assert!(held, "{engine}: the other process did not get as far");
    let refused = Store::open(Settings::new(place(&path))).await.err().expect("the other process has it");
    assert!(matches!(&refused, OpenError::InUse { pid: Some(pid), .. } if *pid == child.id()), "{refused}");
    child.kill().unwrap();
    child.wait().unwrap();
    let store = Store::open(Settings::new(place(&path))).await.expect("it opens after a kill");
    let videos = store.reader.videos().await.unwrap();
    assert_eq!(videos.last().map(|video| video.name.as_str()), Some("from the other process"), "{engine}");
    store.close().await;
}

/// Not a test: the other process of the one above.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by another test"]
async fn holds_a_directory() {
    let Some(path) = std::env::var_os("ASKLINE_TEST_HOLD") else { return };
    let path = Path::new(&path);
    let native = std::env::var("ASKLINE_TEST_ENGINE").is_ok_and(|engine| engine == "native");
    let place = if native { support::native(path) } else { support::embedded(path) };
    let store = Store::open(Settings::new(place)).await.unwrap();
    let video = askline::store::Input::Text { name: "v.csv", text: "name\nfrom the other process\n" };
    store.writer.load(vec![video], |_| {}).await.unwrap();
    println!("HELD");
    tokio::time::sleep(Duration::from_secs(600)).await;
}
