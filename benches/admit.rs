//! Checking statements and writing them anew: time of each.
//!
//! `cargo bench --bench admit`

use askline::sql::{Scope, admit::admit, catalog::Catalog};
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;

const STATEMENTS: [(&str, &str); 4] = [
    (
        "filter",
        "SELECT id FROM db_event WHERE video_id = 1 AND event_type = 'theft' AND timestamp BETWEEN 600 AND 900 ORDER BY timestamp",
    ),
    (
        "groups",
        "SELECT extract(hour FROM (v.recorded_at + e.timestamp * interval '1 second') AT TIME ZONE v.timezone)::int AS h, \
         count(*) FILTER (WHERE e.gender = 'female') FROM db_event e JOIN db_video v ON v.video_id = e.video_id GROUP BY h ORDER BY h",
    ),
    (
        "relation",
        "WITH thefts AS (SELECT id, timestamp FROM db_event WHERE event_type = 'theft'), ranked AS (SELECT e.id, e.timestamp, \
         row_number() OVER (PARTITION BY e.obj_id ORDER BY e.timestamp) AS n FROM db_event e WHERE EXISTS (SELECT 1 FROM thefts t \
         WHERE e.timestamp > t.timestamp AND e.timestamp <= t.timestamp + 30)) SELECT id FROM ranked WHERE n = 1 ORDER BY timestamp, id",
    ),
    ("refused", "SELECT id FROM db_event WHERE set_config('role', 'postgres', true) IS NOT NULL"),
];

#[expect(clippy::expect_used, reason = "a benchmark stops where there is nothing to measure")]
fn admitting(c: &mut Criterion) {
    let catalog = Catalog::builtin().expect("the catalog is sound");
    let scope = Scope::video(1);
    let mut group = c.benchmark_group("admit");
    for (name, text) in STATEMENTS {
        assert_eq!(admit(text, &catalog, &scope).is_ok(), name != "refused");
        group.bench_function(name, |b| b.iter(|| black_box(admit(black_box(text), &catalog, &scope)).is_ok()));
    }
    group.finish();
}

criterion_group!(benches, admitting);
criterion_main!(benches);
