//! Loading: everything or nothing, the same twice changes nothing, and every bad cell is named.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use std::path::PathBuf;

use askline::{
    answer::{Answer, Kind, Value},
    store::{Counts, Input, LoadError, Loaded},
};
use support::Db;

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_loads_once_and_changes_nothing_the_second_time() {
    let db = Db::empty().await;
    let loaded = load(&db, &[path("datasets/sample/videos.csv"), path("datasets/sample/events.csv")]).await.unwrap();
    assert_eq!((loaded.videos, loaded.events), (counts(6, 0, 0), counts(2346, 0, 0)));
    let again = load(&db, &[path("datasets/sample/events.csv"), path("datasets/sample/videos.csv")]).await.unwrap();
    assert_eq!((again.videos, again.events), (counts(0, 0, 6), counts(0, 0, 2346)));
    assert!(!db.store.writer.load_sample().await.unwrap(), "it is there already");
    let videos = db.store.reader.videos().await.unwrap();
    assert_eq!(videos.len(), 6);
    assert_eq!(videos.iter().map(|video| video.events).sum::<i64>(), 2346);
    assert_eq!(videos[0].recorded_at.as_deref(), Some("2026-03-02T04:10:00Z"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_does_not_replace_other_videos() {
    let db = Db::empty().await;
    load_text(&db, &[("v.csv", "video_id,name\n3,mine\n")]).await.unwrap();
    assert!(matches!(db.store.writer.load_sample().await, Err(LoadError::SampleInTheWay)));
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_inserted_updated_and_left_alone() {
    let db = Db::empty().await;
    const VIDEO: (&str, &str) = ("v.csv", "video_id,name\n1,one\n");
    const EVENTS: &str = "id,video_id,timestamp,event_type,confidence\n";
    let steps: [(&str, String, Counts); 7] = [
        ("new", format!("{EVENTS}1,1,5,theft,0.5\n2,1,6,theft,0.5\n"), counts(2, 0, 0)),
        ("one differs", format!("{EVENTS}1,1,5,theft,0.5\n2,1,7,theft,0.5\n3,1,8,theft,1\n"), counts(1, 1, 1)),
        (
            "columns in another order",
            "confidence,event_type,timestamp,video_id,id\n0.5,theft,5,1,1\n".into(),
            counts(0, 0, 1),
        ),
        (
            "without a number",
            "video_id,timestamp,event_type,confidence\n1,9,theft,0.5\n1,9,theft,0.5\n".into(),
            counts(1, 0, 1),
        ),
        ("the same again", "video_id,timestamp,event_type,confidence\n1,9,theft,0.5\n".into(), counts(0, 0, 1)),
        (
            "one more column",
            "video_id,timestamp,event_type,confidence,area\n1,9,theft,0.5,left\n".into(),
            counts(1, 0, 0),
        ),
        (
            "NDJSON",
            "{\"id\": 1, \"video_id\": 1, \"timestamp\": 5.0, \"event_type\": \"theft\", \"confidence\": 0.5}\n\n\
             {\"video_id\": 1, \"timestamp\": 1, \"event_type\": \"theft\", \"confidence\": 1, \
             \"attributes\": {\"a\": [1, null]}, \"location\": \"계산대\", \"area\": null}\n"
                .into(),
            counts(1, 0, 1),
        ),
    ];
    for (what, events, expected) in steps {
        let loaded = load_text(&db, &[VIDEO, ("e", &events)]).await.unwrap_or_else(|e| panic!("{what}: {e}"));
        assert_eq!(loaded.events, expected, "{what}");
    }
    // Numbers that the database gave out come after those of the files: 4 and 5, then 6.
    let ids = db.read("SELECT count(*), max(id) FROM db_event", Kind::Groups).await.unwrap();
    assert_eq!(ids, Answer::Groups(vec![(Value::Int(6), Value::Int(6))]));
    let json = db.read("SELECT attributes->'a'->>0 FROM db_event WHERE location = '계산대'", Kind::Scalar).await;
    assert_eq!(json.unwrap(), Answer::Scalar(Value::Text("1".into())));
}

#[tokio::test(flavor = "multi_thread")]
async fn videos_without_numbers_are_not_doubled_and_wall_clocks_are_read_in_their_zone() {
    let db = Db::empty().await;
    let file = "\u{feff}name,recorded_at,timezone\na,2026-03-02 13:10,Europe/Berlin\nb,2026-03-02T13:10:00Z,\n";
    assert_eq!(load_text(&db, &[("v.csv", file)]).await.unwrap().videos, counts(2, 0, 0));
    assert_eq!(load_text(&db, &[("v.csv", file)]).await.unwrap().videos, counts(0, 0, 2));
    let videos = db.store.reader.videos().await.unwrap();
    let times: Vec<_> = videos.iter().map(|v| (v.recorded_at.as_deref().unwrap(), v.timezone.as_str())).collect();
    assert_eq!(times, [("2026-03-02T12:10:00Z", "Europe/Berlin"), ("2026-03-02T13:10:00Z", "Asia/Seoul")]);
}

/// Each file is bad in one way; what is said of it, and that nothing was loaded.
#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_are_named_and_nothing_is_loaded() {
    let db = Db::empty().await;
    const EVENT: &str = "video_id,timestamp,event_type,confidence,area,age,gender,obj_id,attributes,id\n";
    const GOOD: &str = "1,5,theft,0.5,,,,,,\n";
    let event = |row: &str| format!("{EVENT}{GOOD}{row}\n");
    let cases: Vec<(&str, String, &str)> = vec![
        ("e.csv", event("1,-1,theft,0.5,,,,,,"), r#"e.csv:3, timestamp: "-1" is less than 0"#),
        ("e.csv", event("1,NaN,theft,0.5,,,,,,"), r#"e.csv:3, timestamp: "NaN" is not a number"#),
        ("e.csv", event("1,,theft,0.5,,,,,,"), "e.csv:3, timestamp: is missing"),
        ("e.csv", event("1,5,stealing,0.5,,,,,,"), r#"e.csv:3, event_type: "stealing" is not one of: theft, collapse"#),
        ("e.csv", event("1,5,theft,1.5,,,,,,"), r#"e.csv:3, confidence: "1.5" is not between 0 and 1"#),
        ("e.csv", event("1,5,theft,0.5,middle,,,,,"), r#"e.csv:3, area: "middle" is not one of: left, center, right"#),
        ("e.csv", event("1,5,theft,0.5,,old,,,,"), r#"e.csv:3, age: "old" is not a number"#),
        ("e.csv", event("1,5,theft,0.5,,,m,,,"), r#"e.csv:3, gender: "m" is not one of: male, female"#),
        ("e.csv", event("1,5,theft,0.5,,,,3.5,,"), r#"e.csv:3, obj_id: "3.5" is not a whole number"#),
        ("e.csv", event("1,5,theft,0.5,,,,,[1],"), r#"e.csv:3, attributes: "[1]" is not a JSON object"#),
        ("e.csv", event("1,5,theft,0.5,,,,,{,"), r#"e.csv:3, attributes: "{" is not a JSON object: EOF"#),
        ("e.csv", event("1,5,theft,0.5,,,,,,0"), "e.csv:3, id: 0 is not a row number"),
        (
            "e.csv",
            event("9,5,theft,0.5,,,,,,\n9,6,theft,0.5,,,,,,"),
            "e.csv:3, video_id: there is no video 9 (2 events",
        ),
        ("e.csv", event("1,5,theft"), "e.csv:3: has 3 cells, and the header has 10"),
        ("e.csv", event("1,5,theft,0.5,,,,,,7\n1,5,theft,0.5,,,,,,7"), "e.csv:4, id: 7 is also on e.csv:3"),
        ("e.csv", "video_id,timestamp,colour\n".into(), r#"e.csv:1: events have no column "colour"; they have id, "#),
        ("e.csv", "timestamp,timestamp\n".into(), r#"e.csv:1: the column "timestamp" is there twice"#),
        ("x.csv", "a,b\n1,2\n".into(), "x.csv:1: has neither the columns of videos (video_id, name"),
        ("x.csv", String::new(), "x.csv: is empty"),
        ("x.json", "[{}]".into(), "x.json:1: is a JSON array; write one object a line"),
        ("v.csv", "name,timezone\na,Korea/Seoul\n".into(), r#"v.csv:2, timezone: "Korea/Seoul" is not a time zone"#),
        ("v.csv", "name,recorded_at\na,yesterday\n".into(), r#"v.csv:2, recorded_at: "yesterday" is not a date"#),
        ("v.csv", "name,duration\n,5\n".into(), "v.csv:2, name: is missing"),
        ("e.ndjson", "{\"event_type\": \"theft\"}\n{\n".into(), "e.ndjson:2: is not a JSON object: EOF"),
        ("e.ndjson", "{\"event_type\": \"theft\", \"x\": 1}\n".into(), r#"e.ndjson:1: events have no column "x""#),
        (
            "e.ndjson",
            "{\"video_id\": \"1\", \"timestamp\": 1, \"event_type\": \"theft\", \"confidence\": true}".into(),
            "e.ndjson:1, video_id: \"1\" is not a whole number\n  e.ndjson:1, confidence: true is not a number",
        ),
    ];
    for (name, text, expected) in cases {
        let error = load_text(&db, &[("good.csv", "video_id,name\n1,one\n"), (name, &text)]).await.unwrap_err();
        assert!(matches!(error, LoadError::Bad(_)), "{text}: {error}");
        assert!(error.to_string().contains(expected), "{text}\nsaid: {error}\nexpected: {expected}");
        assert_eq!(db.store.reader.videos().await.unwrap(), [], "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_problems_of_all_files_are_counted_and_fifty_are_listed() {
    let db = Db::empty().await;
    let mut events = "video_id,timestamp,event_type,confidence\n".to_owned();
    for _ in 0..60 {
        events.push_str("1,x,theft,7\n");
    }
    let error = load_text(&db, &[("v.csv", "name,duration\na,-1\n"), ("e.csv", &events)]).await.unwrap_err();
    let LoadError::Bad(problems) = error else { panic!("{error}") };
    assert_eq!((problems.total, problems.listed.len()), (121, 50));
    let said = problems.to_string();
    assert!(
        said.starts_with("nothing was loaded: 121 problems\n  v.csv:2, duration: \"-1\" is less than 0\n"),
        "{said}"
    );
    assert!(said.ends_with("… and 71 more"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_events_number_is_not_taken_from_another_video() {
    let db = Db::empty().await;
    const HEAD: &str = "id,video_id,timestamp,event_type,confidence\n";
    let first = [("v.csv", "video_id,name\n1,one\n2,two\n"), ("e.csv", &format!("{HEAD}1,1,5,theft,0.5\n"))];
    load_text(&db, &first).await.unwrap();
    let error = load_text(&db, &[("e2.csv", &format!("{HEAD}5,2,5,theft,0.5\n1,2,5,theft,0.5\n"))]).await.unwrap_err();
    assert!(error.to_string().contains("e2.csv:3, id: 1 is already an event of video 1"), "{error}");
    assert_eq!(db.store.reader.videos().await.unwrap()[1].events, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_is_seen_by_the_next_question() {
    let db = Db::sample().await;
    assert_eq!(db.store.reader.video(77).await.unwrap().map(|video| video.id), None);
    let places = db.store.reader.video(1).await.unwrap().unwrap().places.clone();
    assert!(places.names().any(|p| p == "계산대"), "{places:?}");
    let event = "video_id,timestamp,event_type,confidence,location\n1,5,theft,0.5,new place\n";
    load_text(&db, &[("v.csv", "video_id,name\n77,new\n"), ("e.csv", event)]).await.unwrap();
    assert_eq!(db.store.reader.video(77).await.unwrap().unwrap().name, "new");
    assert!(db.store.reader.video(1).await.unwrap().unwrap().places.names().any(|p| p == "new place"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_there_is_unreadable() {
    let db = Db::empty().await;
    let error = load(&db, &[path("nowhere.csv")]).await.unwrap_err();
    assert!(matches!(&error, LoadError::Unreadable { file, .. } if file.ends_with("nowhere.csv")), "{error}");
}

async fn load(db: &Db, files: &[PathBuf]) -> Result<Loaded, LoadError> {
    db.store.writer.load(files.iter().map(Input::path).collect(), |_| {}).await
}

/// As files of those names in a temporary directory, whose path is taken out of the messages.
async fn load_text(db: &Db, files: &[(&str, &str)]) -> Result<Loaded, LoadError> {
    let dir = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| dir.path().join(name)).collect();
    for (path, (_, text)) in paths.iter().zip(files) {
        std::fs::write(path, text).unwrap();
    }
    load(db, &paths).await.map_err(|error| match error {
        LoadError::Bad(mut problems) => {
            let prefix = format!("{}/", dir.path().display());
            for problem in &mut problems.listed {
                problem.file = problem.file.replace(&prefix, "");
                problem.what = problem.what.replace(&prefix, "");
            }
            LoadError::Bad(problems)
        }
        other => other,
    })
}

fn path(in_crate: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(in_crate)
}

fn counts(inserted: u64, updated: u64, unchanged: u64) -> Counts {
    Counts { inserted, updated, unchanged }
}
