//! Syncs against the stand-in: straight into a knowledge base and through a bucket, with everything that can go wrong.

use askline::index::knowledge_base::{Forecast, Report};
use serde_json::Value as Json;

use crate::{
    BASE, by_bucket, direct, run, script,
    support::{Db, execute, sim::Sim, skip},
};

/// Events of the first video of the sample.
async fn events(db: &Db) -> u64 {
    let text = "SELECT count(*) FROM db_event WHERE video_id = 1";
    let mut conn = db.other_connection().await.unwrap();
    sqlx::query_scalar::<_, i64>(text).fetch_one(&mut conn).await.unwrap().unsigned_abs()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_is_new_or_changed_is_sent_and_what_is_gone_is_taken_out() {
    for place in [None, Some("events/askline")] {
        let db = Db::sample().await;
        let Some(mut conn) = db.other_connection().await else {
            return skip("only_what_is_new_or_changed_is_sent", "it changes rows, which needs a second connection");
        };
        let count = events(&db).await;
        let more = if place.is_some() { "index_ms: 30, bucket: events" } else { "index_ms: 30" };
        let sim = Sim::with(&script(more, "")).await;
        let sync = match place {
            None => direct(&sim, &db.store).await,
            Some(place) => by_bucket(&sim, &db.store, place).await,
        };
        let forecast = sync.forecast(Some(&[1])).await.unwrap();
        assert_eq!(forecast, Forecast { new: count, ..Forecast::default() });
        assert!(sim.outcomes().is_empty(), "a forecast asks nobody");
        let first = run(&sync, &[1]).await.unwrap();
        assert_eq!(first, Report { new: count, indexed: count, ..Report::default() }, "{place:?}");
        assert_eq!(indexed(&sim).await, count);

        sim.ledger.clear();
        assert_eq!(run(&sync, &[1]).await.unwrap(), Report::default(), "nothing is sent twice");
        assert!(sim.outcomes().is_empty(), "{:?}", sim.outcomes());

        // A changed text, changed metadata, one touched row, one that moves, one that is gone, one that is new.
        execute(&mut conn, "UPDATE db_event SET description = description || ' again' WHERE id = 1").await;
        execute(&mut conn, "UPDATE db_event SET timestamp = timestamp + 0.5 WHERE id = 2").await;
        execute(&mut conn, "UPDATE db_event SET confidence = confidence WHERE id = 5").await;
        execute(
            &mut conn,
            "UPDATE db_event SET video_id = 2 WHERE id = (SELECT min(id) + 5 FROM db_event WHERE video_id = 1)",
        )
        .await;
        execute(&mut conn, "DELETE FROM db_event WHERE id = (SELECT max(id) FROM db_event WHERE video_id = 1)").await;
        execute(
            &mut conn,
            "INSERT INTO db_event (video_id, timestamp, event_type, confidence) VALUES (1, 5, 'walking', 0.5)",
        )
        .await;
        let expected = Report { new: 1, changed: 2, unchanged: 1, removed: 2, indexed: 3, ..Report::default() };
        assert_eq!(run(&sync, &[1]).await.unwrap(), expected, "{place:?}");
        assert_eq!(indexed(&sim).await, events(&db).await);
        assert_eq!(run(&sync, &[1]).await.unwrap(), Report::default());
        let moved = run(&sync, &[2]).await.unwrap();
        assert!(moved.new > 1 && moved.removed == 0 && moved.failed.is_empty(), "{moved:?}");
    }
}

async fn indexed(sim: &Sim) -> u64 {
    let told = sim.documents().await;
    let held = told["held"].as_array().unwrap();
    assert!(held.iter().all(|one| one[3] == "INDEXED" && one[0] == BASE), "{held:?}");
    held.len() as u64
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_document_says_of_itself() {
    let db = Db::sample().await;
    let sim = Sim::with(&script("", "")).await;
    run(&direct(&sim, &db.store).await, &[1]).await.unwrap();
    let requests = sim.ledger.requests();
    let sent: Vec<&Vec<Json>> = requests.iter().filter_map(|request| request.body["documents"].as_array()).collect();
    assert!(sent.len() > 10 && sent.iter().all(|documents| documents.len() <= 10));
    let id = "/content/custom/customDocumentIdentifier/id";
    let second = sent.into_iter().flatten().find(|one| one.pointer(id).unwrap() == "video-1-event-2");
    insta::assert_yaml_snapshot!(second.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_told_with_its_reason_and_sent_again_by_the_next_run() {
    for place in [None, Some("events")] {
        let db = Db::sample().await;
        let end = |id: i64| if place.is_some() { format!("event-{id}.txt") } else { format!("event-{id}") };
        let mut more = format!("index_ms: 30, failing: [{}], failing_once: [{}]", end(3), end(4));
        if place.is_some() {
            more.push_str(", bucket: events");
        } else {
            more.push_str(&format!(", partly: [{}], ignored: [{}]", end(5), end(6)));
        }
        let sim = Sim::with(&script(&more, "")).await;
        let sync = match place {
            None => direct(&sim, &db.store).await,
            Some(place) => by_bucket(&sim, &db.store, place).await,
        };
        let first = run(&sync, &[1]).await.unwrap();
        let failed: Vec<_> = first.failed.iter().map(|(reason, (count, _))| (reason.as_str(), *count)).collect();
        let why = |status: &str| format!("{status}: The script has it so.");
        let (bad, ignored, partly) = (why("FAILED"), why("IGNORED"), why("PARTIALLY_INDEXED"));
        match place {
            None => assert_eq!(failed, [(bad.as_str(), 2), (ignored.as_str(), 1), (partly.as_str(), 1)]),
            Some(_) => assert!(failed == [(bad.as_str(), 2)] && first.job.len() == 2, "{first:?}"),
        }
        let again = run(&sync, &[1]).await.unwrap();
        let sent = if place.is_some() { 2 } else { 4 };
        assert_eq!((again.new, again.again, again.indexed), (0, sent, 1), "{place:?} {again:?}");
        assert_eq!(again.failed[&bad].0, 1);
    }
}

/// Of every request that a sync makes, every fault: what passes is gone through with, and what does not is told; in the
/// end everything is there, once.
#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_every_request() {
    let of_documents =
        ["ingest_knowledge_base_documents", "get_knowledge_base_documents", "delete_knowledge_base_documents"];
    let of_jobs =
        ["start_ingestion_job", "get_ingestion_job", "list_knowledge_base_documents", "put_object", "delete_object"];
    for (operations, bucket) in [(&of_documents[..], false), (&of_jobs[..], true)] {
        for operation in operations {
            let object = operation.ends_with("object");
            for (fault, told) in [
                ("error: {code: ThrottlingException, retry_after_ms: 1}", None),
                ("error: {code: InternalServerException, retry_after_ms: 1}", None),
                ("error: {code: ServiceUnavailableException, retry_after_ms: 1}", None),
                ("reply: {}, fault: {what: cut, after: 3}", None),
                ("raw: {status: 502, content_type: text/html, body: <html>}", None),
                ("error: {code: AccessDeniedException, message: is not authorized to perform}", Some("IAM permission")),
                ("error: {code: ExpiredTokenException}", Some("sign in again")),
                ("error: {code: ValidationException, message: no}", Some("refuses")),
                ("error: {code: ServiceQuotaExceededException, status: 402}", Some("quota")),
                ("error: {code: ResourceNotFoundException, message: no such}", Some("is not found in")),
                ("error: {code: ConflictException, message: in progress}", None),
            ] {
                // An object has no body that could be cut, nor conflicts.
                if object && (fault.contains("cut") || fault.contains("Conflict")) {
                    continue;
                }
                check(operation, bucket, fault, told).await;
            }
        }
    }
}

async fn check(operation: &str, bucket: bool, fault: &str, told: Option<&str>) {
    let db = Db::empty().await;
    let Some(mut conn) = db.other_connection().await else { return skip(operation, "it changes rows") };
    execute(&mut conn, "INSERT INTO db_video (video_id, name) VALUES (1, 'v')").await;
    let insert = "INSERT INTO db_event (id, video_id, timestamp, event_type, confidence, description) \
                  SELECT n, 1, n, 'walking', 0.5, 'event ' || n FROM generate_series(1, 25) AS n";
    execute(&mut conn, insert).await;
    let rule = format!("  - {{when: {{operation: {operation}, nth: [2]}}, {fault}}}\n");
    let rule = if operation == "list_knowledge_base_documents" || operation.ends_with("_job") {
        rule.replace("nth: [2]", "nth: [1]")
    } else {
        rule
    };
    let more = if bucket { "index_ms: 30, bucket: events, failing_once: [event-20.txt]" } else { "index_ms: 30" };
    let sim = Sim::with(&script(more, &rule)).await;
    let sync = if bucket { by_bucket(&sim, &db.store, "events").await } else { direct(&sim, &db.store).await };
    let mut ended = vec![run(&sync, &[1]).await];
    execute(&mut conn, "DELETE FROM db_event WHERE id IN (SELECT generate_series(1, 12))").await;
    for _ in 0..3 {
        ended.push(run(&sync, &[1]).await);
    }
    let errors: Vec<String> = ended.iter().filter_map(|ended| ended.as_ref().err().map(ToString::to_string)).collect();
    match told {
        None => assert!(errors.is_empty(), "{operation} {fault}: {errors:?}"),
        Some(told) => {
            assert!(errors.len() == 1 && errors[0].contains(told), "{operation} {fault}: {errors:?}");
            assert!(errors[0].contains("the next run goes on there"), "{errors:?}");
        }
    }
    let documents = sim.documents().await;
    let held = documents["held"].as_array().unwrap();
    assert!(held.len() == 13 && held.iter().all(|one| one[3] == "INDEXED"), "{operation} {fault}: {held:?}");
    assert!(sim.outcomes().iter().any(|outcome| outcome != "reply"), "{operation} {fault}: the fault was met");
    let twice: Vec<_> = documents["taken"].as_array().unwrap().iter().filter(|one| one[3] != 1).collect();
    let once_more = usize::from(bucket);
    // What ends a run leaves requests of others on their way.
    let in_flight = if told.is_some() { 30 } else { 0 };
    assert!(twice.len() <= once_more + in_flight, "{operation} {fault}: {twice:?}");
}
