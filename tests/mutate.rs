//! Changed copies of the data: pairs of statements that agree on the data and not in general are told apart, pairs that
//! mean the same are not, and nothing is left behind.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests, which clippy does not see as tests")]

mod support;

use askline::{
    eval::mutate::{self, Mutant},
    sql::Bind,
    store::{Limits, Snapshot},
};
use support::Db;

/// All kinds there are, and some random ones.
const ALL: usize = 40;

/// What differs only on a copy: gold, prediction, and mutants that have to tell them apart.
const LUCKY: &[(&str, &str, &[&str])] = &[
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp >= 601",
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp > 601",
        &["boundary"],
    ),
    (
        "SELECT count(*) FROM db_event WHERE video_id = 1 AND event_type = 'theft' AND timestamp BETWEEN 601 AND 902",
        "SELECT count(*) FROM db_event WHERE video_id = 1 AND event_type = 'theft' AND timestamp BETWEEN 601 AND 901.5",
        &["boundary"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp >= 750 AND timestamp < 751 AND event_type = 'theft'",
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp = 750 AND event_type = 'theft'",
        &["boundary+0.5"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND event_type = 'theft' AND timestamp < 1801 AND timestamp > 1799",
        "SELECT id FROM db_event WHERE video_id = 1 AND event_type = 'theft' AND timestamp >= 1800 AND timestamp <= 1800",
        &["boundary+0.5"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp >= (SELECT duration FROM db_video WHERE video_id = 1) - 301",
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp > (SELECT duration FROM db_video WHERE video_id = 1) - 301",
        &["boundary"],
    ),
    (
        "SELECT e.id FROM db_event e JOIN db_video v USING (video_id) WHERE e.video_id = 1 AND ((v.recorded_at + \
         e.timestamp * interval '1 second') AT TIME ZONE v.timezone)::time >= '14:07'",
        "SELECT e.id FROM db_event e JOIN db_video v USING (video_id) WHERE e.video_id = 1 AND ((v.recorded_at + \
         e.timestamp * interval '1 second') AT TIME ZONE v.timezone)::time > '14:07'",
        &["boundary"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND age >= 20 AND event_type = 'theft'",
        "SELECT id FROM db_event WHERE video_id = 1 AND coalesce(age, 30) >= 20 AND event_type = 'theft' AND \
         age IS NOT DISTINCT FROM age AND id NOT IN (SELECT id FROM db_event WHERE age IS NULL AND id < 2347)",
        &["null ages"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND age >= 20.5",
        "SELECT id FROM db_event WHERE video_id = 1 AND age > 20.5",
        &["age boundary"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND age < 30",
        "SELECT id FROM db_event WHERE video_id = 1 AND age <= 29",
        &["age boundary-0.5", "age boundary+0.5"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND confidence >= 0.91111",
        "SELECT id FROM db_event WHERE video_id = 1 AND confidence > 0.91111",
        &["confidence boundary"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND duration >= 61.11",
        "SELECT id FROM db_event WHERE video_id = 1 AND duration > 61.11",
        &["duration boundary"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 ORDER BY timestamp, id LIMIT 1",
        "SELECT id FROM db_event WHERE video_id = 1 ORDER BY timestamp, id DESC LIMIT 1",
        &["ties"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 ORDER BY timestamp, id LIMIT 1",
        "SELECT id FROM db_event WHERE video_id = 1 ORDER BY timestamp LIMIT 1",
        &["ties, stored backwards"],
    ),
    (
        "SELECT count(*) FROM db_event WHERE video_id = 1",
        "SELECT count(DISTINCT (timestamp, obj_id, event_type, action_detected, description)) FROM db_event WHERE video_id = 1",
        &["duplicated events"],
    ),
    (
        "SELECT count(*) FROM db_event WHERE video_id = 1 AND location ILIKE '%낚시%'",
        "SELECT count(*) FROM db_event WHERE video_id <> 6 AND location ILIKE '%낚시%' AND video_id = 1",
        &[],
    ),
    (
        "SELECT count(*) FROM db_event WHERE video_id = 1 AND description LIKE '%낚시 조끼를%'",
        "SELECT count(*) FROM db_event WHERE description LIKE '%낚시 조끼를%'",
        &["another video"],
    ),
    ("SELECT count(*) FROM db_event WHERE video_id = 1", "SELECT 431", &["deleted events", "empty video"]),
    (
        "SELECT avg(age) FROM db_event WHERE video_id = 1",
        "SELECT coalesce(avg(age), 0) FROM db_event WHERE video_id = 1",
        &["empty video"],
    ),
    (
        "SELECT e.id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'person_exit' AND EXISTS (SELECT FROM db_event a \
         WHERE a.video_id = 1 AND a.event_type = 'theft' AND e.timestamp > a.timestamp AND e.timestamp <= a.timestamp + 31)",
        "SELECT e.id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'person_exit' AND EXISTS (SELECT FROM db_event a \
         WHERE a.video_id = 1 AND a.event_type = 'theft' AND e.timestamp > a.timestamp AND e.timestamp < a.timestamp + 31)",
        &["gaps"],
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND location = '음료 코너' AND event_type IN ('picking', 'collapse')",
        "SELECT id FROM db_event WHERE video_id = 1 AND location = '음료 코너' AND event_type IN ('picking', 'sitting')",
        &["every type"],
    ),
    (
        "SELECT count(*) FROM db_event WHERE video_id = 1 AND location = '입구' AND gender <> 'female' AND area <> 'left'",
        "SELECT count(*) FROM db_event WHERE video_id = 1 AND location = '입구' AND gender = 'male' AND area <> 'left' AND area <> 'right'",
        &["every gender and side"],
    ),
];

/// What means the same, whatever the data.
const SAME: &[(&str, &str)] = &[
    ("SELECT count(*) FROM db_event WHERE video_id = 1", "SELECT count(DISTINCT id) FROM db_event WHERE video_id = 1"),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp BETWEEN 600 AND 900",
        "SELECT id FROM db_event WHERE video_id = 1 AND NOT (timestamp < 600 OR timestamp > 900)",
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp >= (SELECT duration FROM db_video WHERE video_id = 1) - 300",
        "SELECT id FROM db_event WHERE video_id = 1 AND timestamp BETWEEN 5100 AND 5400",
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND gender <> 'female'",
        "SELECT id FROM db_event WHERE video_id = 1 AND gender = 'male'",
    ),
    (
        "SELECT event_type FROM db_event WHERE video_id = 1 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
        "SELECT k FROM (SELECT event_type k, count(*) n FROM db_event WHERE video_id = 1 GROUP BY 1) g ORDER BY n DESC, k LIMIT 1",
    ),
    (
        "SELECT id FROM db_event WHERE video_id = 1 AND confidence >= 0",
        "SELECT id FROM db_event WHERE video_id = 1 AND confidence <= 1 AND age IS DISTINCT FROM -1 AND duration >= 0",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_right_by_luck_is_found_and_what_is_the_same_is_not() {
    let db = Db::sample().await;
    let before = db.fingerprint().await;
    let mut wrong = Vec::new();
    for (gold, predicted, kinds) in LUCKY {
        let mut snapshot = db.store.snapshot(Limits::default()).await.unwrap();
        if differ(&mut snapshot, gold, predicted).await {
            wrong.push(format!("they differ on the data already: {gold}\n    {predicted}"));
        }
        snapshot.close().await;
        let found = told_apart(&db, &mutate::mutants(1, gold, (predicted, &[]), ALL), gold, predicted).await;
        for kind in kinds.iter().filter(|kind| !found.iter().any(|name| name == *kind)) {
            wrong.push(format!("{kind} does not tell apart, but {found:?}: {gold}\n    {predicted}"));
        }
    }
    for (gold, predicted) in SAME {
        let found = told_apart(&db, &mutate::mutants(1, gold, (predicted, &[]), ALL), gold, predicted).await;
        if !found.is_empty() {
            wrong.push(format!("they are the same, and yet {found:?}: {gold}\n    {predicted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(db.fingerprint().await, before);
}

/// One list of copies for all statements is as sharp, on these.
#[tokio::test(flavor = "multi_thread")]
async fn one_copy_serves_all_cases_of_a_video() {
    let db = Db::sample().await;
    let all = LUCKY.iter().flat_map(|(gold, predicted, _)| [*gold, *predicted]);
    let statements: Vec<(&str, &[Bind])> = all.map(|text| (text, &[][..])).collect();
    let mutants = mutate::shared(1, &statements, ALL);
    let mut found = vec![0; LUCKY.len()];
    for mutant in &mutants {
        let mut copy = mutant.open(&db.store, Limits::default()).await.unwrap();
        for (at, (gold, predicted, _)) in LUCKY.iter().enumerate() {
            found[at] += usize::from(differ(&mut copy, gold, predicted).await);
        }
        copy.close().await;
    }
    for ((gold, _, kinds), found) in LUCKY.iter().zip(found) {
        assert_eq!(found > 0, !kinds.is_empty(), "{gold}");
    }
}

/// What the tables hold to is true of every copy.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_data_that_the_tables_could_hold() {
    let db = Db::sample().await;
    for video in [1, 3] {
        let gold = "SELECT id FROM db_event WHERE timestamp >= 0 AND age < 1 AND confidence > 0.999 AND timestamp < 5399.9 \
                    AND duration > 3 AND x >= '00:10' AND y < '2026-03-02 13:30:00'";
        for mutant in mutate::mutants(video, gold, ("SELECT 1", &[]), ALL) {
            let mut copy = mutant.open(&db.store, Limits::default()).await.unwrap();
            let broken = "SELECT count(*) - count(DISTINCT e.id), count(*) FILTER (WHERE e.id IS NULL OR v.video_id IS NULL OR \
                e.timestamp < 0 OR e.timestamp > v.duration OR e.duration < 0 OR e.age < 0 OR e.confidence NOT BETWEEN 0 AND 1 \
                OR e.event_type IS NULL OR e.attributes IS NULL OR e.timestamp IS NULL OR e.confidence IS NULL), \
                count(*) FILTER (WHERE v.video_id < 7 AND v.video_id <> $1) FROM db_event e LEFT JOIN db_video v USING (video_id)";
            let table = copy.table(broken, &[Bind::Int(video)]).await.unwrap();
            let others = if video == 1 { "1915" } else { "2005" };
            assert_eq!(table.rows[0], [Some("0".into()), Some("0".into()), Some(others.into())], "{}", mutant.name);
            copy.close().await;
        }
    }
}

async fn told_apart(db: &Db, mutants: &[Mutant], gold: &str, predicted: &str) -> Vec<String> {
    let mut found = Vec::new();
    for mutant in mutants {
        let mut copy =
            mutant.open(&db.store, Limits::default()).await.unwrap_or_else(|error| panic!("{}: {error}", mutant.name));
        if differ(&mut copy, gold, predicted).await {
            found.push(mutant.name.clone());
        }
        copy.close().await;
    }
    found
}

/// As sets of rows.
async fn differ(snapshot: &mut Snapshot, gold: &str, predicted: &str) -> bool {
    let mut both = Vec::new();
    for text in [gold, predicted] {
        let mut rows = snapshot.table(text, &[]).await.unwrap().rows;
        rows.sort();
        both.push(rows);
    }
    both[0] != both[1]
}
