//! `kill -9` of `askline kb sync` at random moments: the end is that of an undisturbed run, and nothing is sent twice.
//!
//! Four times here; `ASKLINE_KILLS=50` for more (`tests/kb/killed.sh`).

use std::{collections::BTreeMap, process::Stdio, time::Instant};

use askline::store::Place;
use tokio::process::{Child, Command};

use crate::{
    BASE, SOURCE, script,
    support::{Db, execute, sim::Sim, skip},
};

/// Documents that may be on their way when a run ends: as many requests at a time as it makes, of ten documents each.
const IN_FLIGHT: u64 = 40;

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_run_is_gone_on_with() {
    let kills: u64 = std::env::var("ASKLINE_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(4);
    let db = Db::sample().await;
    let (Some(mut conn), Place::Url(url)) = (db.other_connection().await, db.place()) else {
        return skip("a_killed_run_is_gone_on_with", "the embedded database lets in one process");
    };
    let sim = Sim::with(&script("index_ms: 150", "")).await;
    let undisturbed = Instant::now();
    let status = askline(&sim, &url, BASE, SOURCE).wait().await.unwrap();
    let took = undisturbed.elapsed();
    assert!(status.success());

    let mut moments = Vec::new();
    for kill in 0..kills {
        let changed = format!("UPDATE db_event SET description = description || ' {kill}' WHERE id % 3 = {}", kill % 3);
        execute(&mut conn, &changed).await;
        execute(&mut conn, &format!("DELETE FROM db_event WHERE id % 101 = {}", kill % 101)).await;
        let moment = took.mul_f64(share());
        let mut run = askline(&sim, &url, BASE, SOURCE);
        tokio::time::sleep(moment).await;
        run.kill().await.unwrap();
        moments.push(moment.as_millis());
    }
    let status = askline(&sim, &url, BASE, SOURCE).wait().await.unwrap();
    assert!(status.success(), "the run after the last kill");
    let status = askline(&sim, &url, "KBASE00002", "DSOURCE002").wait().await.unwrap();
    assert!(status.success(), "the undisturbed run");

    let told = sim.documents().await;
    let held = |base: &str| -> BTreeMap<String, String> {
        let all = told["held"].as_array().unwrap().iter().filter(|one| one[0] == base);
        all.map(|one| (one[1].to_string(), format!("{} {}", one[2], one[3]))).collect()
    };
    assert_eq!(held(BASE), held("KBASE00002"), "killed at {moments:?} ms of {} ms", took.as_millis());
    let taken: Vec<u64> = told["taken"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one[0] == BASE)
        .map(|one| one[3].as_u64().unwrap())
        .collect();
    let (sent, twice) = (taken.len(), taken.iter().map(|times| times - 1).sum::<u64>());
    eprintln!(
        "{kills} kills at {moments:?} ms of {} ms: {sent} documents taken in, {twice} of them once more",
        took.as_millis()
    );
    assert!(twice <= kills * IN_FLIGHT, "{twice} documents were taken in twice");
}

fn askline(sim: &Sim, url: &str, base: &str, source: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_askline"));
    command.args(["kb", "sync", "--look-ms", "10"]).env_clear().current_dir(std::env::temp_dir());
    for (name, value) in [
        ("DATABASE_URL", url),
        ("USE_BEDROCK", "true"),
        ("AWS_BEDROCK_REGION", "ap-northeast-2"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG"),
        ("AWS_ENDPOINT_URL", sim.url.as_str()),
        ("AWS_BEDROCK_KNOWLEDGE_BASE_ID", base),
        ("ASKLINE_BEDROCK_DATA_SOURCE_ID", source),
    ] {
        command.env(name, value);
    }
    command.stdout(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

/// 0 to 1, by chance.
fn share() -> f64 {
    (uuid::Uuid::new_v4().as_u64_pair().1 << 11 >> 11) as f64 / (1_u64 << 53) as f64
}
