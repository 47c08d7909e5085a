//! Reads JSON lines {id, prompt, lang, video, now} and prints {id, outcome, sql, unread} a line. For development only.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for developers: it prints, or stops"
)]

use askline::question::{Lang, Lexicon, Question, Video, decline, detect, read};
use std::io::BufRead;
fn main() {
    let lexicon = Lexicon::builtin().unwrap_or_else(|e| {
        eprintln!("{e}");
        std::process::exit(1)
    });
    for line in std::io::stdin().lock().lines() {
        let v: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let vv = &v["video"];
        let video = Video {
            id: vv["id"].as_i64().unwrap(),
            name: String::new(),
            filename: None,
            duration: vv["duration"].as_f64(),
            recorded_at: vv["recorded_at"].as_str().map(|s| s.parse().unwrap()),
            timezone: jiff::tz::TimeZone::get(vv["timezone"].as_str().unwrap()).unwrap(),
            places: askline::question::Places::new(
                vv["places"].as_array().unwrap().iter().map(|s| s.as_str().unwrap().to_owned()),
            ),
        };
        let now = v["now"]
            .as_str()
            .unwrap_or("2026-11-22T12:00:00+09:00")
            .parse::<jiff::Timestamp>()
            .unwrap()
            .to_zoned(jiff::tz::TimeZone::UTC);
        let prompt = v["prompt"].as_str().unwrap();
        let lang =
            if v["lang"].is_string() { serde_json::from_value(v["lang"].clone()).unwrap() } else { detect(prompt) };
        let lang: Lang = lang;
        let q = Question { text: prompt, lang, video: &video, now };
        let r = read(&q, &lexicon);
        let d = decline(&r, &video);
        let (outcome, sql) = if let Some(d) = d {
            (format!("declined {d:?}"), None)
        } else {
            match askline::sql::compose::compose(&r, &video) {
                Ok(q) => ("sql".to_owned(), Some(q.readable())),
                Err(e) => (format!("passed {e:?}"), None),
            }
        };
        println!(
            "{}",
            serde_json::json!({"id": v["id"], "outcome": outcome, "sql": sql, "unread": r.unread, "tokens": askline::question::tokens(&q, &lexicon).iter().map(|(a,b)| format!("{a}={b}")).collect::<Vec<_>>().join(" | "), "detected": format!("{:?}", detect(prompt)), "reading": format!("{:?} {:?} {:?}", r.wants, r.filter, r.relation)})
        );
    }
}
