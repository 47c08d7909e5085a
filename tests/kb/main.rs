//! Documents of a knowledge base: what is sent when, what becomes of it, and what is shown of what it finds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests, which clippy does not see as tests"
)]

#[path = "../support/mod.rs"]
mod support;

mod killed;
mod rung;
mod sync;

use std::{sync::Arc, time::Duration};

use askline::{
    bedrock::{Bucket, DataSource},
    index::{
        Template,
        knowledge_base::{Pace, Report, Sync, SyncError, Target},
    },
    store::Store,
};
use support::sim::Sim;

const BASE: &str = "KBASE00001";
const SOURCE: &str = "DSOURCE001";
/// As fast as a stand-in is.
const PACE: Pace = Pace {
    concurrency: 4,
    limit: Duration::from_secs(10),
    look: Duration::from_millis(10),
    patience: Duration::from_secs(5),
};

/// A script with one base; `more` stands in it.
fn script(more: &str, rules: &str) -> String {
    format!(
        "buckets: [events]\nknowledge_bases:\n  - {{id: {BASE}, data_source: {SOURCE}, {more}}}\n  \
         - {{id: KBASE00002, data_source: DSOURCE002}}\nrules:\n{rules}  - reply: {{text: never}}\n"
    )
}

async fn direct(sim: &Sim, store: &Store) -> Sync {
    let source = DataSource::new(Arc::new(sim.client().await), BASE, SOURCE);
    let documents = store.documents(BASE, SOURCE);
    Sync { documents, target: Target::Direct(source), template: Template::default(), pace: PACE }
}

async fn by_bucket(sim: &Sim, store: &Store, place: &str) -> Sync {
    let bedrock = Arc::new(sim.client().await);
    let source = DataSource::new(bedrock.clone(), BASE, SOURCE);
    let bucket = Bucket::new(bedrock, place).unwrap();
    let documents = store.documents(BASE, &format!("{SOURCE} {}", bucket.uri("")));
    let target = Target::Bucket { source, bucket };
    Sync { documents, target, template: Template::default(), pace: PACE }
}

async fn run(sync: &Sync, videos: &[i64]) -> Result<Report, SyncError> {
    sync.run(Some(videos), |_| {}).await
}
